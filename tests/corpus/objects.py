"""Objects: attributes, methods, properties, inheritance, operators, dataclasses."""

import copy
import dataclasses
import functools
import math
import operator
from collections import namedtuple
from functools import partial, reduce

import numpy as np

from case import Case, array, constant, listed, num, takes, vec, mat, whole, flag

CASES: list[Case] = []
case = listed(CASES)


@dataclasses.dataclass
class Lin:
    W: np.ndarray
    b: np.ndarray
    scale: float = 2.0

    def __call__(self, x):
        return self.scale * np.tanh(x @ self.W + self.b)

    @property
    def reg(self):
        return np.sum(self.W**2)


@case(lambda d: Lin(d.normal(3, 2), d.normal(2)), array(3))
def dc(m, x):
    return np.sum(m(x)) + 0.1 * m.reg


class Model:
    def __init__(self, rng, n):
        self.W = rng.normal(size=(n, n))
        self.act = np.tanh
        self.name = "relu"
        self.use = True
        self.k = 3

    def layer(self, x):
        return self.act(self.W @ x)

    def loss(self, x):
        for _ in range(self.k):
            x = self.layer(x)
        if self.use:
            x = x * 2
        return np.sum(x)


class Sub(Model):
    def loss(self, x):
        return super().loss(x) * 3.0


@case(lambda d: Sub(d.rng, 3), array(3))
def objarg(m, x):
    return m.loss(x)


@case(num(0.5, 2.0))
def localobj(x):
    m = Lin(np.array([[x, 1.0]]), np.array([x, 2.0]))
    return np.sum(m(np.array([2.0])))


class Particle:
    def __init__(self, x, v):
        self.x = x
        self.v = v

    def step(self, dt):
        self.v -= dt * self.x
        self.x += dt * self.v


@case(num(0.5, 2.0), num(0.5, 2.0))
def particle(x, v):
    p = Particle(x, v)
    for i in range(5):
        p.step(0.1)
    return p.x**2 + p.v


class V2:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, o):
        return V2(self.x + o.x, self.y + o.y)

    def __mul__(self, k):
        return V2(self.x * k, self.y * k)

    __rmul__ = __mul__

    def dot(self, o):
        return self.x * o.x + self.y * o.y


@case(num(0.5, 2.0), num(0.5, 2.0))
def vecs(x, v):
    p = V2(x, v)
    q = V2(1.0, 2.0)
    for i in range(4):
        q = q + 0.1 * p
        p = p * 0.9
    return q.dot(p)


GM = Model(np.random.default_rng(0), 3)


@case(array(3))
def globalobj(x):
    return GM.loss(x)


@case(array(5))
def whileobj(x):
    p = Particle(x[0], x[1])
    n = 0
    while True:
        p.step(0.3)
        n += 1
        if n > 3 and p.x < 10:
            break
    return p.x * p.v


@case(array(5))
def copied_with_two_names_for_one_array(x):
    y = x * 2.0
    rows = copy.deepcopy([y, y])
    rows[0][1] = x[0]
    return np.sum(rows[1] * y)
