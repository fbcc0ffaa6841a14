"""Lists of matrices of any sizes: networks whose layers are looped over, the last apart; and items of several turns."""

import numpy as np

from case import Case


def last_apart(Ws, x, t):
    h = x
    for W in Ws[:-1]:
        h = np.maximum(h @ W, 0.0)
    y = h @ Ws[-1]
    return 0.5 * np.sum((y - t) ** 2)


def by_number(Ws, bs, x, t):
    h = x
    for i in range(len(Ws) - 1):
        h = np.tanh(h @ Ws[i] + bs[i])
    y = h @ Ws[-1] + bs[-1]
    return 0.5 * np.sum((y - t) ** 2)


def first_apart(Ws, x):
    h = np.tanh(x @ Ws[0])
    for W in Ws[1:]:
        h = np.tanh(h @ W)
    return np.sum(h * h)


def beside_the_one_before(Ws, x, t):
    h = x
    before = Ws[0]
    s = 0.0
    for W in Ws[1:]:
        h = np.tanh(h @ before)
        s = s + np.sum(before[:1, :1] * W[0, 0]) + np.sum(W) * np.sum(before)
        before = W
    return s + np.sum((h @ before - t) ** 2)


def each_beside_each(Ws, x):
    held = []
    for W in Ws:
        held.append(W)
    s = 0.0
    for k in range(len(held)):
        s = s + np.sum(held[k] * Ws[-1 - k][0, 0])
    for W in Ws:
        for V in Ws:
            s = s + np.sum(W[:, :1]) * np.sum(V) + np.sum(W[0, 0] * V)
    return s * np.sum(x)


def another_before_the_end(Ws, x):
    Vs = Ws
    h = x @ Vs[-1].T
    Vs = Ws[:-1]
    return np.sum((h @ Ws[-1]) ** 2) + np.sum(Vs[-1])


def shorter_by_itself(Ws, x):
    h = x
    while Ws:
        h = h @ Ws[0]
        Ws = Ws[1:]
    return np.sum(h * h)


def drawn(*also):
    """Layers of sizes by chance; which ``also``: biases, targets for rows of ``x`` or one for all."""

    def make(rng):
        sizes = rng.integers(1, 4, size=4)
        layers = [rng.normal(size=(m, n)) for m, n in zip(sizes, sizes[1:], strict=False)]
        biases = [rng.normal(size=n if rng.random() < 0.7 else 1) for n in sizes[1:]]
        target = rng.normal(size=(3 if rng.random() < 0.7 else 1, sizes[-1] if rng.random() < 0.7 else 1))
        found = {"bs": biases, "t": target}
        x = rng.normal(size=(3, sizes[0]))
        return (layers, *(found[n] for n in also if n == "bs"), x, *(found[n] for n in also if n == "t"))

    return make


CASES = [
    Case(last_apart, drawn("t"), wrt=(0, 1), seeds=6),
    Case(by_number, drawn("bs", "t"), wrt=(0, 1, 2), seeds=6),
    Case(first_apart, drawn(), wrt=(0, 1), seeds=3),
    Case(beside_the_one_before, drawn("t"), wrt=(0, 1), seeds=6),
    Case(each_beside_each, lambda rng: ([rng.normal(size=(2, 3)) for _ in range(3)], rng.normal(size=2)), wrt=(0, 1), seeds=1),
    Case(another_before_the_end, drawn(), wrt=(0, 1), seeds=3),
    Case(shorter_by_itself, drawn(), wrt=(0, 1), seeds=1),
]
