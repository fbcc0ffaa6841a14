"""Objects as their classes say: several classes in one list, what is equal, methods that are contexts."""

import contextlib
from dataclasses import dataclass

import numpy as np

from case import Case


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, x):
        return self.W @ x + self.b


class Tanh:
    def __call__(self, x):
        return np.tanh(x)


class Model:
    def __init__(self, *layers):
        self.layers = list(layers)

    def add(self, layer):
        self.layers.append(layer)
        return self

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Spring:
    def __init__(self, k):
        self.k = k

    def energy(self, x):
        return 0.5 * self.k * x**2


class Quartic(Spring):
    def energy(self, x):
        return self.k * x**4


KINDS = {"spring": Spring, "quartic": Quartic}


def written_out(W, b, V, x):
    layers = [Dense(W, b), Tanh(), Dense(V, b[:2])]
    for layer in layers:
        x = layer(x)
    return np.sum(x**2)


def held_by_a_model(W, b, V, x):
    model = Model(Dense(W, b), Tanh())
    model.add(Dense(V, b[:2])).add(Tanh())
    return np.sum(model(x) ** 2)


def of_lists(Ws, bs, x):
    layers = []
    for i, (W, b) in enumerate(zip(Ws, bs)):
        layers.append(Dense(W, b))
        if i < len(Ws) - 1:
            layers.append(Tanh())
    return np.sum(Model(*layers)(x) ** 2)


def of_sizes(sizes, theta, x):
    layers, k = [], 0
    for m, n in zip(sizes[:-1], sizes[1:]):
        W = theta[k : k + m * n].reshape(n, m)
        k += m * n
        b = theta[k : k + n]
        k += n
        layers.append(Dense(W, b))
        layers.append(Tanh())
    for layer in layers[:-1]:
        x = layer(x)
    return np.sum(x**2)


def of_numbers_in_a_list(places, theta, x):
    terms = []
    for k in places:
        terms.append(Spring(theta[k]))
        terms.append(Quartic(theta[k + 1]))
    return sum(t.energy(u) for t in terms for u in x)


def by_names(names, theta, x):
    terms = [KINDS[name](theta[k]) for k, name in enumerate(names)]
    return sum((k + 1) * t.energy(x[0]) for k, t in enumerate(terms))


def by_what_they_hold(theta, x):
    terms = []
    for k in theta:
        if k > 0.8:
            terms.append(Spring(k))
        else:
            terms.append(Quartic(k))
    return sum(t.energy(u) for t in terms for u in x)


@dataclass
class Place:
    x: float
    y: float


class Level:
    def __init__(self, u):
        self.u = u

    def __eq__(self, other):
        return self.u == other.u


def equal_to_one(theta, x):
    places = [Place(theta[0], x[0]), Place(theta[1], x[1])]
    levels = [Level(theta[2]), Level(x[0])]
    total = 0.0
    for p in places:
        if p not in places[1:]:
            total += p.x * p.y
    if Place(theta[0], x[0]) in places and Place(theta[0], x[1]) not in places:
        total *= x[0]
    if Level(x[0]) in levels and Level(x[1]) not in levels:
        total *= x[1]
    return total if (1, theta[0]) in [(0, theta[0]), (1, theta[0])] else 0.0


class Setup:
    def __init__(self, k):
        self.k = k
        self.before = []

    @contextlib.contextmanager
    def scaled(self, factor=1.0):
        self.before.append(self.k)
        self.k = self.k * factor
        try:
            yield self
        finally:
            self.k = self.before.pop()

    def measure(self, w):
        with self.scaled(w) as other:
            found = other.k**2
        return found * self.k


def methods_that_are_contexts(theta, x):
    setup, total = Setup(theta[0]), 0.0
    for k in range(3):
        with setup.scaled(factor=x[0] + k):
            total += setup.k * (k + 1)
    return total * setup.k + setup.measure(x[1])


def given_by_no_context(theta, x):
    a = theta[:3] * x[0]
    with contextlib.nullcontext(a) as b, np.errstate(all="ignore"):
        b *= x[1]
    with contextlib.nullcontext(x[0]) as z:
        return np.sum(a**2) * z


class Part:
    def __init__(self, what, *of):
        self.what, self.of = what, of

    def value(self, names):
        if isinstance(self.what, str):
            return names[self.what]
        return self.what(*[p.value(names) for p in self.of])


def functions_or_names(theta, x):
    a, b = Part("a"), Part("b")
    whole = Part(lambda u, v: u * v, Part(np.sin, a), Part(lambda u, v: u + v * v, a, b))
    return whole.value({"a": theta[0], "b": x[0]})


def matrices(rng):
    return rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal(size=(2, 3)), rng.normal(size=2)


def lists(rng):
    return [rng.normal(size=(3, 2)), rng.normal(size=(2, 3))], [rng.normal(size=3), rng.normal(size=2)], rng.normal(size=2)


def numbers(rng):
    return rng.uniform(0.5, 1.3, size=17), rng.normal(size=2)


ALL = (0, 1, 2, 3)
CASES = [
    Case(written_out, matrices, wrt=ALL),
    Case(held_by_a_model, matrices, wrt=ALL),
    Case(of_lists, lists, wrt=(0, 1, 2)),
    Case(of_sizes, lambda rng: ([2, 3, 2], *numbers(rng)), wrt=(1, 2)),
    Case(of_sizes, lambda rng: ((2, 3, 2), *numbers(rng)), wrt=(1, 2), name="of_sizes_in_a_tuple"),
    Case(of_numbers_in_a_list, lambda rng: ([0, 3, 5], *numbers(rng)), wrt=(1, 2)),
    Case(by_names, lambda rng: (["spring", "quartic", "spring"], *numbers(rng)), wrt=(1, 2)),
    Case(equal_to_one, numbers, wrt=(0, 1)),
    Case(functions_or_names, numbers, wrt=(0, 1)),
    Case(methods_that_are_contexts, numbers, wrt=(0, 1)),
    Case(given_by_no_context, numbers, wrt=(0, 1)),
    Case(by_what_they_hold, lambda rng: (rng.uniform(0.5, 1.3, size=4), rng.normal(size=2)), wrt=(0, 1)),
]
