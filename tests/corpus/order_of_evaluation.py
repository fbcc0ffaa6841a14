"""What stands before a call that writes is worked out before it: properties and methods that write, ``out=``."""

import math
from dataclasses import dataclass

import numpy as np

from case import Case, num, takes, vec


@dataclass
class Worn:
    a: float
    w: np.ndarray

    @property
    def shrunk(self):
        np.multiply(self.w, 0.93, self.w)
        return math.tanh(self.w[0])

    @property
    def shrunk_often(self):
        for _ in range(3):
            self.w *= 0.93
        return math.tanh(self.w[0])

    def moved(self, x):
        self.w[1] = self.w[0] * x[0]
        return np.sum(self.w * x)


def scaled(w, a):
    return np.multiply(w, a, out=w)


def turned(w, a):
    w[:] = w[::-1] * a
    return w[0]


def product_before_a_method(x, a):
    h = Worn(a, x * 1.0)
    return h.w @ x + h.moved(x)


def entry_times_a_property(x, a):
    h = Worn(a, x * 1.0)
    h.w[1] *= 1.1 + 0.1 * h.shrunk
    h.w[0] -= a * h.shrunk_often
    return np.sum(h.w * x)


def array_times_a_property(x, a):
    h = Worn(a, x * 1.0)
    y = h.w * h.shrunk + h.w  # the product is of what was written, the array is named before
    return np.sum(y * y) + h.w[0] ** 2 * h.shrunk_often * h.w[1]


def sums_around_a_function(x, a):
    w = x * 1.0
    y = w[0] * 2 + np.sum(scaled(w, a)) + w[0]
    z = [w[0] * 2, scaled(w, a), w[0]]
    return y + z[0] + np.sum(z[1]) + 3 * z[2]


def asked_before_it_turns(x, a):
    w = x * 1.0
    b = w[0] * 2 + turned(w, a) * w[0] + w[1]
    return b if w[0] * 2 < turned(w, a) or b > 0 else w[1] * b


def bound_within(x, a):
    w = x * 1.0
    return w[0] * 2 + np.sum(w := w * a) + w[0] + (a * 2) * (a := a * w[1]) + a


CASES = [
    Case(product_before_a_method, takes(vec(3), num()), wrt=(0, 1)),
    Case(entry_times_a_property, takes(vec(3), num()), wrt=(0, 1)),
    Case(array_times_a_property, takes(vec(3), num()), wrt=(0, 1)),
    Case(sums_around_a_function, takes(vec(3), num()), wrt=(0, 1)),
    Case(asked_before_it_turns, takes(vec(3), num()), wrt=(0, 1), seeds=6),
    Case(bound_within, takes(vec(3), num()), wrt=(0, 1)),
]
