"""Tuples, lists, dicts and named tuples: as arguments, as variables, rebound in loops and branches."""

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


@case(lambda d: {"a": d.normal(), "b": d.normal(3)})
def dictarg(p):
    return p["a"] * np.sum(p["b"] ** 2)


@case(lambda d: (d.normal(), d.normal(3)))
def tuparg(p):
    a, b = p
    return a * np.sum(b**2)


@case(lambda d: [d.normal(3, 2), d.normal(2, 2)], array(3))
def listarg(Ws, x):
    for W in Ws:
        x = np.tanh(x @ W)
    return np.sum(x)


@case(lambda d: [(d.normal(3, 2), d.normal(2)), (d.normal(2, 4), d.normal(4))], array(3))
def mlp(layers, x):
    for W, b in layers:
        x = np.tanh(x @ W + b)
    return np.sum(x)


@case(lambda d: [(d.normal(3, 2), d.normal(2)), (d.normal(2, 4), d.normal(4))], array(3))
def mlp2(layers, x):
    *hidden, (W, b) = layers
    for V, c in hidden:
        x = np.tanh(x @ V + c)
    return np.sum(x @ W + b)


NT = namedtuple("NT", "a b")


@case(lambda d: NT(d.normal(), d.normal(3)))
def ntarg(p):
    return p.a * np.sum(p.b) + p[0]


@case(num(0.5, 2.0))
def tupvar(x):
    p = (x, x * x)
    q = p
    p = (p[1], p[0] * 2)
    return p[0] * q[0] + p[1] * q[1]


@case(num(0.5, 2.0))
def tuploop(x):
    p = (x, 1.0)
    for i in range(4):
        p = (p[1] + x, p[0] * 0.5)
    return p[0] * p[1]


def both(x, y):
    return (x * y, x + y)


@case(num(0.5, 2.0), num(0.5, 2.0))
def pairvar(x, y):
    r = both(x, y)
    return r[0] * r[1]


@case(num(0.5, 2.0))
def dictlocal(x):
    d = {"a": x, "b": 2.0}
    d["c"] = d["a"] * d["b"]
    d["a"] += 1.0
    s = 0.0
    for k, v in d.items():
        s = s + v * v
    return s + d.get("zz", x)


ACT = {"tanh": np.tanh, "sq": lambda t: t * t}

CFG = {"lr": 0.5, "act": "sq"}


@case(array(3))
def tables(x):
    f = ACT[CFG["act"]]
    return np.sum(f(x)) * CFG["lr"]


@case(num(0.5, 2.0))
def starred(x):
    a, *b = (x, x * x, 3.0)
    return a + b[0] * b[1] + len(b)


@case(array(3), None, tags=("dead lines",))
def optional(x, b):
    y = x * 2
    if b is not None:
        y = y + b
    return np.sum(y * y)


@case(array(4))
def unpackrow(x):
    (a, b), c = ((x[0], x[1]), x[2])
    return a * b * c


@case(
    lambda d: {
        "layers": [{"W": d.normal(2, 2), "b": d.normal(2)}, {"W": d.normal(2, 2), "b": d.normal(2)}],
        "out": d.normal(2),
    },
    array(2),
)
def deep(p, x):
    for l in p["layers"]:
        x = np.tanh(l["W"] @ x + l["b"])
    return p["out"] @ x


@case(array(3))
def swapstruct(x):
    s = {"u": x[0], "v": x[1]}
    for i in range(3):
        s["u"], s["v"] = (s["v"] * x[2], s["u"] + 1.0)
    return s["u"] * s["v"]


@case(array(5))
def tryit(x):
    d = {"a": x[0]}
    try:
        y = math.sqrt(d["a"])
    except ValueError:
        y = d["a"] * 2
    with np.errstate(all="ignore"):
        d["b"] = y * y
    return d["b"] + y
