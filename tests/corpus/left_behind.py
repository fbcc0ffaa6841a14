"""What loops leave behind, read after them: its size is the last turn's, and the other turns had others."""

import numpy as np

from case import Case


def whole(vs, c):
    total = 0.0
    for v in vs:
        a = np.tanh(v * c)
        total += np.sum(a * a)
    return total + np.sum(a * 3.0)


def one_entry(vs, c):
    total = 0.0
    for v in vs:
        a = np.tanh(v * c)
        total += np.sum(a * a)
    return total + a[-1] * 3.0


def a_slice(vs, c):
    total = 0.0
    for v in vs:
        a = np.tanh(v * c)
        total += np.sum(a * a)
    return total + np.sum(a[:2] * 3.0)


def stored_in_parts(vs, c):
    total = 0.0
    for v in vs:
        a = np.tanh(v * c)
        a[0] = a[0] * 2.0
        total += np.sum(a * a)
    return total + np.sum(a[:2] * 3.0)


def read_in_parts(vs, c):
    total = 0.0
    for v in vs:
        a = np.tanh(v * c)
        total += np.sum(a[:2])
    return total + np.sum(a[:2] * 3.0)


def in_an_arm(vs, c):
    total = 0.0
    for v in vs:
        if v[0] > -0.2:
            a = np.tanh(v * c)
        total += np.sum(a * a)
    return total + np.sum(a * 3.0)


def two_deep(vs, c):
    total = 0.0
    for _ in range(2):
        for v in vs:
            a = np.tanh(v * c)
            total += np.sum(a[:2]) * c
        total += np.sum(a[:1] * 3.0)
    return total + np.sum(a)


def seen_by_a_matrix(vs, c):
    total = 0.0
    W = np.ones((2, 3)) * c
    for v in vs:
        a = W[:, : len(v)] @ (v * c)
        b = v * c
        total += np.sum(a * a)
    return total + np.sum(a * 3.0) + np.sum((W[:, : len(v)] @ b) ** 2)


def in_a_try(vs, c):
    total = 0.0
    for v in vs:
        try:
            if v[0] > 0.4:
                raise ValueError
            a = v * c
        except ValueError:
            a = v[:1] * c
        total += a @ a
    return total + np.sum(a[:2])


def bound_by_what_failed(vs, c):
    total = 0.0
    a = vs[0] * c
    for v in vs:
        try:
            b = v * c
            if b[0] > 0.4:
                raise ValueError
            a = b * 2.0
            a = a[:2] * b[0]
        except ValueError:
            total += 1.0
        total += np.sum(a**3)
    return total


def nothing_else(Ws, x):
    for W in Ws:
        a = W @ x[: W.shape[1]]
    return np.sum(a**2)


def shrinking(x, c):
    total = 0.0
    for i in range(3):
        a = x[i:] * c
        total += np.sum(a[:1] ** 2)
    return total + np.sum(a[:2] * 3.0)


def the_item(vs, c):
    total = 0.0
    for v in vs:
        total += np.sum(v**2) * c
    return total + np.sum(v**2)


def the_item_backwards(vs, c):
    total = 0.0
    for v in reversed(vs):
        total += np.sum(v**2) * c
    return total + np.sum(v**2)


def the_item_bound_before(vs, c):
    v = np.ones(2) * c
    total = np.sum(v**3)
    for v in vs:
        total += np.sum(v**2) * c
    return total + np.sum(v**2)


def the_item_of_groups(groups, c):
    total = 0.0
    for vs in groups:
        for v in vs:
            a = v * c
        total += np.sum(a**3) + a[0] + total * np.sum(v)
    return total + np.sum(v**2) + a[-1]


def the_item_of_two_loops(vs, ws):
    total = 0.0
    for v in vs:
        total += np.sum(v**2)
    for v in ws:
        total += np.sum(v**3)
    return total + np.sum(v**2)


def of_sizes(*sizes):
    def draw(rng):
        return [np.abs(rng.normal(size=n)) - 0.1 for n in sizes], 0.7

    return draw


SIZES = {"": (1, 3, 3), "_one_last": (3, 1), "_two_last": (3, 2)}


def all_sizes(f):
    return [Case(f, of_sizes(*sizes), wrt=(0, 1), name=f.__name__ + end) for end, sizes in SIZES.items()]


CASES = [
    *all_sizes(whole),
    *all_sizes(one_entry),
    *all_sizes(a_slice),
    *all_sizes(stored_in_parts),
    *all_sizes(read_in_parts),
    *all_sizes(in_an_arm),
    *all_sizes(in_a_try),
    *all_sizes(bound_by_what_failed),
    *all_sizes(two_deep),
    *all_sizes(seen_by_a_matrix),
    *all_sizes(the_item),
    *all_sizes(the_item_backwards),
    *all_sizes(the_item_bound_before),
    Case(nothing_else, lambda rng: ([rng.normal(size=(3, 1)), rng.normal(size=(2, 4))], rng.normal(size=4)), wrt=(0, 1)),
    Case(shrinking, lambda rng: (rng.normal(size=4), 0.7), wrt=(0, 1)),
    Case(the_item_bound_before, lambda rng: ([], 0.7), wrt=(1,), name="no_item"),
    Case(
        the_item_of_groups,
        lambda rng: ([[rng.normal(size=3), rng.normal(size=2)], [rng.normal(size=1), rng.normal(size=4)]], 0.7),
        wrt=(0, 1),
    ),
    Case(
        the_item_of_two_loops,
        lambda rng: ([rng.normal(size=3), rng.normal(size=2)], [rng.normal(size=1), rng.normal(size=4)]),
        wrt=(0, 1),
    ),
]
