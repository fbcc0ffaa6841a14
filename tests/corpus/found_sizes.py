"""Arrays of which only the run tells the size: by masks, by where something holds, by pairs; two may differ in size."""

import numpy as np

from case import Case, takes, vec, wholes

# What broadcasts because one of two unknown sizes is 1, where the other is not.
MANY, ONE = np.array([1.1, -2.3, 3.2, 0.6]), np.array([-1.2, 2.1, -3.3, -0.45])


def positive(z):
    return z[z > 0]


def squares_less(z):
    d = z[z > 0]
    return np.sum(d * d - d)


def by_a_mask(x, y):
    d = x[x > 0]
    s = y[0] * d
    return np.sum(s**2 - s)


def by_flat_places(x, y):
    i = np.flatnonzero(x)
    s = y[1] / x[i]
    return np.sum(s**2 - s)


def by_places(x, y):
    i, j = np.nonzero(x[:, None] > x)
    d = x[i] - x[j]
    s = y[0] / d
    return np.sum(s**2 - s)


def by_pairs(x, y):
    i, j = np.triu_indices(len(x), 1)
    k, l = np.tril_indices(len(y), -1)
    return np.sum((x[i] - x[j]) * (y[k] * y[l])) + np.sum(y[k] ** 2)


def by_results(x, y):
    a, b = positive(x), positive(y)
    return np.sum(a * a - a) * np.sum(b**3 - b)


def spread_to_a_result(x, y):
    a, b = positive(x), positive(y)
    return np.sum(a * b)


def spread_to_each_other(x, y):
    a = x[x > 0]
    b = y[y > 0]
    c = a * b
    return np.sum(c * c + b)


def inside_a_call(x, y):
    return squares_less(x) * squares_less(y) + squares_less(x * y)


def beside(d, y):
    e = y[y > 0]
    f = d * e
    return np.sum(f * f + d) + np.sum(e)


def passed_beside_its_own(x, y):
    d = x[x > 0]
    return beside(d, y)


def from_turn_to_turn(x, y):
    before = x[-1:]
    total = 0.0
    for k in range(2):
        d = x[x > k - 10]
        total = total + np.sum(before * d) + y[k]
        before = d
    return total


def one_before_each_turn(x, y):
    before = x[x > 2.5]
    total = 0.0
    for k in range(3, 1, -1):
        d = x[x > k - 0.5]
        total = total + np.sum(before * d) * y[0]
        before = x[x > 2.5]
    return total


def of_one_arm(x, y):
    if y[0] > 0:
        d = x[x > 0]
    else:
        d = x[x > 2.5]
    e = x[x > 2.5]
    return np.sum(d * e)


def in_a_list(x, y):
    parts = []
    for k in range(4):
        parts.append(x[x > k])
    total = y[0]
    for p in parts:
        total = total + np.sum(p * p - p)
    return total + np.sum(parts[0] * parts[3])


def of_unlike(x, y, i):
    u, _ = np.unique(i, return_inverse=True)
    a = x[u]
    return np.sum(a**2) + np.sum(x[u] * a) + y[0]


# -- copies, signs and stores ------------------------------------------------------------------------------


def gathered_and_added(x, y, i):
    total = np.zeros(x.shape)
    np.add.at(total, i, x[i] * y[i])
    return np.sum(np.tanh(x + total))


def moved_to_an_array(x, y):
    r = x - np.array([y[0], 0.0, y[1], 1.0])
    return np.sum(r**3)


def signs_that_meet(x, y):
    e = np.exp(x * y)
    return -np.sum(y**2 * (x - np.log(np.cumsum(e))))


def columns_of_weights(x, y):
    d = y[:, None] - y
    f = (x * 3.0)[:, None] * d
    return np.sum(np.exp(f))


def kept_with_axes(x, y):
    for _ in range(3):
        d = y[:, None] - y
        w = x * np.cos(y)
        f = w[:, None] * d
        y = y + 0.1 * np.sum(f, axis=1) * w
    return np.sum(y**2)


def gates(x, y):
    for _ in range(3):
        z = np.tanh(y * 0.5)
        y = (1 - z) * y + z * x
    return np.sum(y**2)


def turned(x, y):
    for k in range(3):
        x = x + 0.1 * np.array([x[1], -x[0], x[3], x[2]])
        d = x - y
        x = x + d / np.sqrt(d @ d + k)
    return np.sum(x**2)


def fed(x, y):
    for _ in range(3):
        both = x * y * y
        new = x - both + 0.3 * (1.0 - x)
        y = y + both - 0.3 * y
        x = new
    return np.sum(y * y)


def leaning(x, y):
    h = 1.0
    total = 0.0
    for k in range(len(x)):
        total += np.log(1.0 + x[k] ** 2 / ((y[0] ** 2 + 2.0) * h)) * (y[1] + 1.0)
        h = 0.3 + 0.2 * x[k] ** 2 + 0.4 * h
    return total


def bootstrapped(x, y):
    df = np.zeros(len(x))
    total = 0.0
    for k in range(len(x)):
        df[k] = (1.0 - x[k] * total) / (3.0 + x[k] ** 2)
        total += df[k]
    return np.sum((df**2 - y) ** 2)


def bootstrapped_and_read(x, y):
    df = np.zeros(len(x) + 1)
    total = 0.0
    for k in range(len(x)):
        df[k + 1] = (1.0 - x[k] * total) / (3.0 + x[k] ** 2) + df[k]
        total += df[k + 1] * df[k]
    return np.sum((df[1:] ** 2 - y) ** 2) * total


CASES = [
    *(
        Case(f, takes(*of), wrt=(0, 1), name=f.__name__ if of[0] is MANY else f"{f.__name__}_other_way_round")
        for f in (
            by_a_mask, by_flat_places, by_places, by_pairs, by_results, spread_to_a_result, spread_to_each_other,
            inside_a_call, passed_beside_its_own, from_turn_to_turn, one_before_each_turn, in_a_list,
        )
        for of in ((MANY, ONE), (ONE, MANY))
        if of[0] is MANY or f is not in_a_list
    ),
    Case(by_pairs, takes(MANY, ONE[:2]), wrt=(0, 1), name="by_a_single_pair"),
    Case(of_one_arm, takes(MANY, vec(2)), wrt=(0, 1)),
    Case(of_unlike, takes(vec(4), vec(2), np.array([1, 1, 3])), wrt=(0, 1)),
    Case(gathered_and_added, takes(vec(5), vec(5), wholes(4, 0, 5)), wrt=(0, 1)),
    *(
        Case(f, takes(vec(4), vec(4)), wrt=(0, 1))
        for f in (
            moved_to_an_array, signs_that_meet, columns_of_weights, kept_with_axes, gates, turned, fed, leaning,
            bootstrapped, bootstrapped_and_read,
        )
    ),
]  # fmt: skip
