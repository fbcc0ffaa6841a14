"""``tl.vmap``: functions for each entry along an axis, alone and with derivatives inside."""

import math

import numpy as np

import tangent_like as tl
from case import Case, array, listed, mat, num, takes, vec

CASES: list[Case] = []
case = listed(CASES)


def wave(x):
    return x * math.sin(3.0 * x)


@case(vec())
def mapped(x):
    return np.sum(tl.vmap(wave)(x) ** 2)


@case(vec(), num(), wrt=(0, 1))
def mapped_shared(x, k):
    def entry(a, c):
        y = a
        for _ in range(3):
            y = y * math.exp(-c * c * y * y)
        return y

    return np.sum(tl.vmap(entry, in_axes=(0, None))(x, k) * x)


@case(mat("n", "m"), vec("m"), wrt=(0, 1))
def mapped_rows(X, w):
    def row(x, w):
        h = np.tanh(x * w)
        return h, np.sum(h * x)

    h, s = tl.vmap(row, (0, None), (1, 0))(X, w)
    return np.sum(h @ s)


@case(mat("n", "m"))
def mapped_columns(X):
    y = tl.vmap(lambda c: np.cumsum(c) * c[0], in_axes=1, out_axes=-1)(X)
    return np.sum(y * y * X)


@case(vec(), num(), wrt=(0, 1))
def mapped_slopes(x, k):
    slope = tl.grad(lambda a: k * a**3 + math.sin(a))
    return np.sum(tl.vmap(slope)(x) ** 2)


@case(mat("n", "n"))
def mapped_twice(X):
    return np.sum(tl.vmap(tl.vmap(wave))(X) * X)


def neuron(p, x):
    return math.tanh(p["w"] @ x + p["b"])


@case(lambda d: {"w": d.normal(3), "b": d.normal()}, array(4, 3))
def mapped_dict(p, X):
    return np.mean(tl.vmap(neuron, (None, 0))(p, X))


of_neuron = tl.grad(neuron)


@case(lambda d: {"w": d.normal(3), "b": d.normal()}, array(4, 3))
def mapped_gradients(p, X):
    each = tl.vmap(of_neuron, (None, 0))(p, X)
    return np.sum(each["w"] ** 2) + np.sum(each["b"])


@case(lambda d: {"w": d.normal(3), "b": d.normal()}, array(3))
def gradient_of_a_dict(p, x):
    value, g = tl.value_and_grad(neuron, argnums=(0, 1))(p, x)
    return value * np.sum(g[0]["w"] * g[1]) + of_neuron(p, x)["b"]


@case(mat(4, 3))
def mapped_sizes(X):
    return np.sum(tl.vmap(lambda x: x[x > -9.0] * 2.0)(X) ** 2)
