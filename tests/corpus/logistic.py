"""The logistic function as users spell it: its slope is told by its value."""

import math

import numpy as np

from case import Case, mat, num, takes, vec


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def falling(x, w):
    p = 1 / (np.exp(x @ w) + 1)
    return p * p


def rising(x):
    return np.exp(2 * x) / (1 + np.exp(2 * x))


def of_numbers(x, k):
    s = 0.0
    for i in range(3):
        x = 1.0 / (1.0 + math.exp(-k * x - i))
        s = s + k * x
    return s


def overflowing(x):
    # the exponential is infinite where the value is 0, and so is its slope
    with np.errstate(over="ignore"):
        return np.sum(sigmoid(1000.0 * x) * x)


def not_that_function(x):
    return 1 / (1 + np.exp(x)) + np.exp(x) / (1 + np.exp(-x)) + 2 / (1 + np.exp(x)) + 1 / (2 + np.exp(x))


CASES = [
    Case(falling, takes(mat(3, 2), vec(2)), wrt=(0, 1), seeds=1),
    Case(rising, takes(vec(3)), seeds=1),
    Case(of_numbers, takes(num(), num()), wrt=(0, 1), seeds=2),
    Case(overflowing, takes(vec(3, -2.0, -1.5)), exact=lambda x: (0 * x,), seeds=1),
    Case(not_that_function, takes(vec(3)), seeds=1),
]


def softly_over(w, X, y):
    z = X @ w
    return np.mean(np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0.0) - y * z)


def softly_with_others_between(w, X, y):
    z = X @ w
    return np.mean(np.maximum(z, 0) - y * z + np.log(1 + np.exp(-np.abs(z))))


def softly_of_an_expression(w, X, k):
    return np.sum(np.maximum(0.0, k * (X @ w)) + np.log(np.exp(-np.abs(k * (X @ w))) + 1.0)) - k


def softly_of_numbers(w, xs, ys):
    total = 0.0
    for i in range(len(xs)):
        z = w * xs[i]
        total += max(z, 0.0) + math.log1p(math.exp(-abs(z))) - ys[i] * z
        w = w * 0.9
    return total


def softly_chosen(x, k):
    return np.sum(np.where(x > 0.3, np.maximum(k * x, 0.0) + np.log1p(np.exp(-np.abs(k * x))), x * k))


def nearly_softly(x, y, k):
    one = np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(y)))
    two = np.maximum(x, 1.0) + np.log1p(np.exp(-np.abs(x)))
    three = np.maximum(x, 0.0) - np.log1p(np.exp(-np.abs(x)))
    four = k - np.maximum(x, 0.0) + np.log(2 + np.exp(-np.abs(x))) + np.log1p(np.exp(-np.abs(k)))
    return np.sum(one * two + three * four)


def softly_of_rows(x, k):
    z = x[:, None] * k
    return np.sum((np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) * z) + np.sum(
        np.maximum(x, 0) + k * 2.0 + np.log1p(np.exp(-np.abs(x)))
    )


CASES += [
    Case(softly_over, takes(vec(3), mat(4, 3), vec(4)), wrt=(0, 1, 2), seeds=1),
    Case(softly_with_others_between, takes(vec(3), mat(4, 3), vec(4)), wrt=(0, 1, 2), seeds=1),
    Case(softly_of_an_expression, takes(vec(3), mat(4, 3), num()), wrt=(0, 1, 2), seeds=1),
    Case(softly_of_numbers, takes(num(), vec(4), vec(4)), wrt=(0, 1, 2), seeds=1),
    Case(softly_chosen, takes(vec(5), num()), wrt=(0, 1), seeds=1),
    Case(nearly_softly, takes(vec(4), vec(4), num()), wrt=(0, 1, 2), seeds=1),
    Case(softly_of_rows, takes(vec(3), vec(3)), wrt=(0, 1), seeds=1),
]


def log_of_ratios(x, y, k):
    rows = np.log(x[:, None] / y) * k
    return np.sum(rows**2) + np.sum(x * np.log(x / np.sum(x))) + math.log(k / 3) * math.log(2 * k * k)


def log_of_ratios_where(x, y):
    return np.sum(np.where(x > 0.5, np.log(x / y), 0.0)) + np.sum(np.log((x + 1) * y)) - np.sum(x * np.log(x)) + x[0]


CASES += [
    Case(log_of_ratios, takes(vec(3, 0.2, 2.0), vec(2, 0.2, 2.0), num(0.5, 2.0)), wrt=(0, 1, 2), seeds=1),
    Case(log_of_ratios_where, takes(vec(3, 0.2, 2.0), vec(3, 0.2, 2.0)), wrt=(0, 1), seeds=1),
]


def softly_by_one_function(z, w, k):
    p = np.exp(z - np.logaddexp(0.0, z))  # the user's own stays as it is
    total = np.sum(w * np.logaddexp(0.0, -k * z)) + np.sum(p * p)
    return total - np.sum(w * w / np.logaddexp(z, 0)) + np.logaddexp(0, k * total)


def softly_where(z, w, n=3):
    t = w[0]
    for i in range(n):
        t = np.logaddexp(0.0, t - w[i])
    return t + np.mean(np.where(w > 0, np.logaddexp(z, 0.0), z * w)) + np.sum(np.logaddexp(0.0, z[:, None] + w))


CASES += [
    Case(softly_by_one_function, takes(vec(3), vec(3), num()), wrt=(0, 1, 2), seeds=1),
    Case(softly_where, takes(vec(3), vec(3)), wrt=(0, 1), seeds=1),
]


def softest(x, y, g):
    """Divided by a number, and multiplied with it."""
    e = np.exp(-(x - np.min(x)) / g)
    smallest = np.min(x) - g * np.log(np.sum(e))
    return smallest + g * np.log(np.sum(np.exp(y / g))) + np.sum(g * y * np.sqrt(x * x + 1) / g) + g * np.sum(y) / g


CASES += [Case(softest, takes(vec(3), vec(3), num(0.5, 2.0)), wrt=(0, 1, 2), seeds=1)]
CASES += [Case(softest, takes(vec(3), vec(3), num(0.5, 2.0)), wrt=(0, 1), seeds=1, name="softest_of_some")]
