"""Weights in lists, walked together: items in one place are of one size, or one of them is spread, or the lists are uneven."""

import numpy as np

from case import Case


def dense(Ws, bs, x):
    for W, b in zip(Ws, bs):
        x = np.tanh(W @ x + b)
    return np.sum(x**2)


def rectified(Ws, bs, X):
    for W, b in zip(Ws, bs):
        X = np.maximum(X @ W.T + b, 0.1)
    return np.sum(X**2)


class Net:
    def __init__(self, Ws, bs):
        self.Ws, self.bs = Ws, bs

    def __call__(self, x):
        for W, b in zip(self.Ws, self.bs):
            x = np.tanh(W @ x + b)
        return x


def in_an_object(Ws, bs, x):
    return np.sum(Net(Ws, bs)(x) ** 2)


def by_other_names(Ws, bs, x):
    weights, shifts = Ws, bs
    for k in range(len(weights)):
        x = np.sin(weights[k] @ x) + shifts[k]
    return np.sum(x)


def carried_over(Ws, bs, x):
    before = bs[0]
    total = np.sum(x) * 0.0
    for W, b in zip(Ws, bs):
        total += np.sum(np.tanh(W)) * np.sum(before * before) + np.sum(b * b)
        before = b
    return total


def one_further(Ws, bs, x):
    total = np.sum(x)
    for k in range(len(bs) - 1):
        total += np.sum(np.sin(bs[k])) * np.sum(bs[k + 1] ** 2)
    return total + sum(np.sum(W) for W in Ws)


def changed_on_the_way(Ws, bs, x):
    for k in range(len(Ws)):
        x = np.tanh(Ws[k] @ x + bs[k])
        bs[k] = np.sum(x) * np.ones(1)
    return np.sum(x) + sum(np.sum(x * b[0]) for b in bs)


def residual(Ws, bs, x):
    for W, b in zip(Ws, bs):
        x = x + np.tanh(W @ x + b)
    return x @ x


def last_is_linear(Ws, bs, x):
    for W, b in zip(Ws[:-1], bs[:-1]):
        x = np.tanh(W @ x + b)
    return np.sum((Ws[-1] @ x + bs[-1]) ** 2)


def last_is_linear_of_rows(Ws, bs, X):
    for W, b in zip(Ws[:-1], bs[:-1]):
        X = np.maximum(X @ W.T + b, 0.1)
    return np.sum((X @ Ws[-1].T + bs[-1]) ** 2)


def without_the_first(Ws, bs, x):
    x = np.tanh(Ws[0] @ x + bs[0])
    for W, b in zip(Ws[1:], bs[1:]):
        x = np.tanh(W @ x + b)
    return np.sum(x**2)


def from_the_end(Ws, bs, x):
    total, heads, others = 0.0, bs[:2], bs[:]
    for k in range(len(heads)):
        total += np.sum(np.sin(heads[k - 1]) * x[0]) * np.sum(others[k - 1] * others[k - 1]) + np.sum(Ws[k] ** 2)
    return total


def of_other_lists(Ws, bs, x):
    total, heads = 0.0, bs[:2]
    for k in range(len(heads)):
        heads[k] = heads[k][:1] * x
        total += np.sum(heads[k] * bs[k])
    return total + sum(np.sum(W) for W in Ws)


def sizes(*widths, shifts=None):
    def draw(rng):
        Ws = [rng.normal(size=(n, m)) for m, n in zip(widths, widths[1:])]
        bs = [rng.normal(size=n) for n in (widths[1:] if shifts is None else shifts)]
        return Ws, bs, rng.normal(size=widths[0])

    return draw


def spread_by_the_shift(rng):
    return [rng.normal(size=(1, 3)), rng.normal(size=(3, 4))], [rng.normal(size=4), rng.normal(size=3)], rng.normal(size=3)


def layers(*n):
    def draw(rng):
        return [rng.normal(size=(b, a)) for a, b in zip(n, n[1:])], rng.normal(size=n[0])

    return draw


def several(draw):
    def rows(rng):
        Ws, bs, x = draw(rng)
        return Ws, bs, rng.normal(size=(5, len(x)))

    return rows


def last_is_small(Ws, x):
    for W in Ws:
        x = np.tanh(W @ x)
    return np.sum(x**2) + 0.1 * np.sum(W**2)


def last_is_asked_for(vs, c):
    total = 0.0
    for v in vs:
        a = np.tanh(v * c)
        total += np.sum(a * a)
    return total + np.sum(a * 3.0)


def put_back_and_asked_for(Ws, x):
    Ws = list(Ws)
    for k in range(len(Ws)):
        W = Ws[k]
        x = np.tanh(W @ x) + np.sum(W)
        Ws[k] = W * 2.0
    return np.sum(x**2) + np.sum(W**2) + sum(np.sum(V**2) for V in Ws)


def in_parts(vs, c):
    for v in vs:
        a = np.zeros_like(v)
        a[-1] = v[0] * c[0]
    return np.sum(a * a) + np.sum(vs[0])


CASES = [
    Case(dense, sizes(3, 4, 2), wrt=(0, 1, 2)),
    Case(dense, sizes(3, 4, 2, shifts=(4, 1)), wrt=(0, 1, 2), name="dense_spread"),
    Case(dense, spread_by_the_shift, wrt=(0, 1), name="dense_spread_by_the_shift"),
    Case(dense, sizes(3, 4, 2, shifts=(4,)), wrt=(0, 1, 2), name="dense_of_uneven_lists"),
    Case(dense, sizes(*[2] * 70), wrt=(0, 1, 2), seeds=1, name="dense_of_many"),
    Case(dense, sizes(3), wrt=(0, 1, 2), expect="either", name="dense_of_none"),
    Case(rectified, several(sizes(3, 4, 2)), wrt=(0, 1, 2)),
    Case(rectified, several(sizes(3, 1, 2, shifts=(1, 2))), wrt=(0, 1, 2), name="rectified_of_one"),
    Case(in_an_object, sizes(3, 4, 2), wrt=(0, 1, 2)),
    Case(by_other_names, sizes(3, 4, 2), wrt=(0, 1, 2)),
    Case(carried_over, sizes(3, 4, 2), wrt=(0, 1)),
    Case(one_further, sizes(3, 4, 2), wrt=(0, 1)),
    Case(changed_on_the_way, sizes(3, 4, 2), wrt=(0, 1, 2), expect="either"),
    Case(residual, sizes(3, 3, 3), wrt=(0, 1, 2)),
    Case(last_is_linear, sizes(3, 4, 2), wrt=(0, 1, 2)),
    Case(last_is_linear, sizes(3, 4, 4, 2), wrt=(0, 1, 2), name="last_of_three_is_linear"),
    Case(last_is_linear_of_rows, several(sizes(3, 4, 4, 2)), wrt=(0, 1, 2)),
    Case(last_is_linear_of_rows, several(sizes(3, 4, 4, 2, shifts=(4, 1, 2))), wrt=(0, 1), name="last_of_rows_spread"),
    Case(without_the_first, sizes(3, 4, 4, 2), wrt=(0, 1, 2)),
    Case(from_the_end, sizes(3, 4, 4, 2), wrt=(0, 1, 2)),
    Case(of_other_lists, sizes(3, 3, 3, 3), wrt=(0, 1, 2)),
    Case(of_other_lists, sizes(3, 1, 3, 3), wrt=(0, 1, 2), name="of_other_lists_spread"),
    Case(last_is_small, layers(3, 4, 2), wrt=(0, 1)),
    Case(put_back_and_asked_for, layers(3, 4, 2), wrt=(0, 1)),
    Case(last_is_asked_for, lambda rng: ([rng.normal(size=1), rng.normal(size=3)], rng.normal(size=1)), wrt=(0, 1)),
    Case(in_parts, lambda rng: ([rng.normal(size=3), rng.normal(size=3)], rng.normal(size=3)), wrt=(0, 1)),
]
