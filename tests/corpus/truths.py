"""Products with truths: their adjoints are truths, which neither ``+`` adds nor ``-`` takes off."""

import numpy as np

from case import Case, mat, num, takes, vec, whole


def two_sums(x: np.ndarray):
    y = np.sum((x > 1) * x)
    z = np.sum(True * x)
    return y + z


def two_masks(x):
    y = np.sum((x > 1) * x)
    z = np.sum((x > 0) * x)
    return y + z


def masked_numbers(a, b):
    return (a > 0) * a + (a < 5) * a + (b > 0) * b


def masked_in_loop(a, n):
    s = 0.0
    for i in range(n):
        s += (a > 0) * a
    return s + True * a


def masked_entries(x, n):
    s = 0.0
    for i in range(n):
        s += (x[i] > 0) * x[i] + (x[i] < 9) * x[i]
    return s


def three_masks(x):
    return np.sum((x > 1) * x + (x > 0.5) * x + (x < 2) * x)


def where_and_mask(x):
    y = np.where(x > 1, x, 0) + (x > 0) * x
    return y.sum() + (x < 5) @ x


def masks_times(x: np.ndarray):
    return (x > 1) @ x + (x > 0) @ x


def masks_apart(x):
    return np.dot(x > 1, x) - np.dot(x > 0, x)


def masked_matrix(A, v):
    return np.sum((A > 0) @ v) + np.sum((A < 1) @ v)


def behind(x):
    return np.sum(x * (x > 1)) - np.sum(x * (x > 0))


def named_mask(x):
    m = x > 1
    return np.sum(m * x - (x > 0) * x)


def minus_mask(x):
    return -np.sum((x > 1) * x)


def minus_masked_number(a):
    return -((a > 0) * a) - (a < 4) * a


def guarded_mask(x, n):
    s = 0.0
    for i in range(n):
        if x[i] > 0:
            s -= (x[i] > 0) * x[i]
    return s


CASES = [
    Case(two_sums, takes(vec(5))),
    Case(two_masks, takes(vec(5))),
    Case(masked_numbers, takes(num(), num()), wrt=(0, 1)),
    Case(masked_in_loop, takes(num(), whole(1, 4)), seeds=3),
    Case(masked_entries, takes(vec(5), whole(1, 4)), seeds=3),
    Case(three_masks, takes(vec(5))),
    Case(where_and_mask, takes(vec(5))),
    Case(masks_times, takes(vec(5))),
    Case(masks_apart, takes(vec(5))),
    Case(masked_matrix, takes(mat(3, 4), vec(4)), wrt=(0, 1)),
    Case(behind, takes(vec(5))),
    Case(named_mask, takes(vec(5))),
    Case(minus_mask, takes(vec(5))),
    Case(minus_masked_number, takes(num())),
    Case(guarded_mask, takes(vec(5), whole(1, 4)), seeds=3),
]
