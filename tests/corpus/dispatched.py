"""Functions that ask the type of their argument (``singledispatch``), cached methods, contexts that ask for the exception."""

import functools

import numpy as np

from case import Case, takes, vec


class Disc:
    def __init__(self, r):
        self.r = r


class Ring(Disc):
    pass


@functools.singledispatch
def area(shape):
    raise NotImplementedError


@area.register
def _(shape: Disc):
    return np.pi * shape.r**2


@area.register(tuple)
def _(shape):
    return shape[0] * shape[1]


@area.register(list)
def _(shapes):
    return sum(area(v) for v in shapes)


@area.register(np.ndarray)
def _(x):
    return np.sum(x**3)


@area.register(float)
def _(side):
    return side * side


def of_objects(x):
    return area(Disc(x[0])) * area((x[1], x[2])) + area(Ring(x[1]))


def of_lists(x):
    return area([Disc(x[0]), Ring(x[1])]) * area(x)


def of_numbers(x):
    return area(float(x[0])) * x[1]


class Model:
    def __init__(self, k):
        self.k = k

    @functools.lru_cache(maxsize=None)  # noqa: B019
    def weights(self, n):
        return np.linspace(0, 1, n)

    @functools.lru_cache  # noqa: B019
    def factor(self, n):
        return n * 2.0

    def loss(self, x):
        return np.sum(self.weights(3) * x) * self.factor(2) * self.k


def cached_methods(x):
    return Model(x[0]).loss(x)


class Unless:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        return kind is ValueError


def asked_for_the_exception(x):
    y = x[0]
    with Unless():
        y = y * np.log(x[1])
    return y * x[2]


CASES = [
    *(Case(f, takes(vec(3, low=0.3, high=1.4)), tags=("dead lines",)) for f in (of_objects, of_lists, of_numbers)),
    Case(cached_methods, takes(vec(3, low=0.3, high=1.4))),
    Case(asked_for_the_exception, takes(vec(3, low=0.3, high=1.4))),
]
