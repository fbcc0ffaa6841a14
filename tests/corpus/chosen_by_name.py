"""Functions and modules that a program chooses by a name, hands out, or holds."""

from __future__ import annotations

import math
import operator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
import scipy.special as special
from case import Case, num, takes, vec


def square(v):
    return v * v


TABLE = {"square": square, "exp": np.exp}


def by_test(name):
    return np.tanh if name == "tanh" else np.sin


def by_branches(name):
    if name == "relu":
        return lambda v: np.maximum(v, 0.0)
    elif name == "square":
        return square
    return getattr(np, name)


def by_table(name="square"):
    return TABLE.get(name, np.cos)


def pair():
    return np.sin, square


def handed_out(x):
    first, second = pair()
    kept = by_test("tanh")
    y = kept(x) + by_test("other")(x) + first(x) * second(x)
    for name in ("relu", "square", "cos"):
        y = by_branches(name)(y)
    return np.sum(y * by_table()(x)) + by_table("exp")(x)[0] + by_table("none of them")(x)[1]


class Layer:
    def __init__(self, name, scale):
        self.act, self.scale = by_branches(name), scale

    def __call__(self, v):
        return self.act(v * self.scale)


def held_by_objects(x, a):
    y = x
    for layer in (Layer("square", a), Layer("tanh", 0.5), Layer("relu", 2.0)):
        y = layer(y)
    return np.sum(y * x)


def chosen_at_run_time(x, a):
    act = by_test("tanh" if a > 0 else "sin")
    return np.sum(act(x) * a)


def asked_by_name(x):
    y = x
    for name in ("sin", "exp", "tanh"):
        y = getattr(np, name)(y)
    for name in ("add", "mul"):
        y = getattr(operator, name)(y, x)
    total = getattr(np.linalg, "norm")(y) + getattr(np, "no such thing", np.sum)(x)
    for name in ("sum", "max", "mean"):
        total += getattr(x, name)() * getattr(np, name)(y)
    return total * sum(getattr(math, name) for name in ("pi", "e"))


def with_module(v, xp=np):
    e = xp.exp(v - xp.max(v))
    return e / xp.sum(e)


LIBRARIES = {"np": np, "math": math}


@dataclass
class Net:
    lib: object = np
    act: str = "tanh"

    def __call__(self, v):
        return getattr(self.lib, self.act)(v) + self.lib.cos(v)


class Ops:
    def __init__(self, xp):
        self.xp = xp

    def normed(self, v):
        xp = self.xp
        out = xp.empty_like(v)
        xp.multiply(v, v, out=out)
        return v / xp.sqrt(xp.sum(out)) * xp.pi


def namespace_of(v):
    return np if isinstance(v, np.ndarray) else math


def modules_as_values(x):
    xp = np
    y = xp.zeros_like(x)
    xp.add(x, x[::-1], out=y)
    linear = namespace_of(y).linalg
    total = linear.norm(y) + np.sum(with_module(x) * with_module(y, xp=np))
    for lib in (np, math):
        total += lib.sqrt(1.0 + y[0] * y[0]) * lib.pi
    lib = special
    return total + np.sum(Net()(x) + Ops(np).normed(y)) + LIBRARIES["math"].sin(x[0]) + lib.gammaln(1.0 + y[1]**2)


def default_module(x, xp=np):
    return xp.sum(xp.tanh(x) * x)


def default_function(x, act=square, bias=None):
    y = act(x)
    if bias is not None:
        y = y + bias
    return np.sum(y * x)


class Act(Enum):
    RELU = auto()
    SWISH = "swish"


def layered(spec, v):
    match spec:
        case {"by": k} | {"times": {"n": k}}:
            return v * k
        case {"kind": Act() as kind}:
            return np.maximum(v, 0.0) if kind is Act.RELU else v / (1 + np.exp(-v))
        case ("shift", c) | ["shift", _, c]:
            return v + c
        case ("neg" | "minus" as how, (c, _) | [_, _, c]):
            return c - v if how == "neg" else -c - v
        case str(name):
            return getattr(np, name)(v)
        case [first, *rest]:
            v = layered(first, v)
            for inner in rest:
                v = layered(inner, v)
            return v
        case float(c) | int(c):
            return v * c


NET = [
    {"by": 0.5}, {"kind": Act.SWISH}, "sin", [["shift", 0, 2.0], {"kind": Act.RELU}, ["exp", 0.5]],
    {"times": {"n": 2.0}}, ("neg", (2.0, 1.0)), ("minus", [1, 2, 0.5]), 3,
]  # fmt: skip


def described(x):
    y = x
    for spec in NET:
        y = layered(spec, y)
    return np.sum(layered(("shift", x[0]), y) * x)


def first_that_matches(x, n):
    total = 0.0
    for k in range(6):
        match (k % 3, k):
            case (0, j) | (j, 5):
                total += j * x[0]
            case (1, j) | (2, j) if j > 1:
                total += j * x[1]
            case _:
                total += x[2]
    return total * n


def mapped_over(fn, tree):
    if isinstance(tree, dict):
        return {k: mapped_over(fn, v) for k, v in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)(mapped_over(fn, v) for v in tree)
    return fn(tree)


def leaves_of(tree):
    if isinstance(tree, dict):
        for key in sorted(tree):
            yield from leaves_of(tree[key])
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from leaves_of(item)
    else:
        yield tree


def trees_of_any_form(x, a):
    parameters = {"w": x[:2], "layers": [(a, x[2]), [x[0], 1.5]], "more": {"b": a * x}}
    squares = mapped_over(lambda v: v**2, parameters)
    total = sum(np.sum(leaf) for leaf in leaves_of(squares))
    for part in (x[0], [x[1]], (a, x[2]), {"a": a}):
        if type(part) is list:
            total *= part[0]
        elif type(part) == dict:  # noqa: E721 - as people write it
            total += part["a"]
        elif type(part) is tuple:
            total += part[1]
    return total * squares["layers"][0][1]


def held_back(x, a):
    y = a
    with np.errstate(all="ignore"), suppress(ZeroDivisionError, ValueError):
        y = a * math.sqrt(a)
    return y * x[0]


CASES = [
    *[Case(f, takes(vec(3))) for f in (handed_out, asked_by_name, modules_as_values, described)],
    Case(default_module, takes(vec(3))),
    Case(default_function, takes(vec(3)), tags=("dead lines",)),
    *[Case(f, takes(vec(3), num())) for f in (held_by_objects, first_that_matches, trees_of_any_form)],
    Case(held_back, takes(vec(3), num()), seeds=6),
    Case(chosen_at_run_time, takes(vec(3), num()), seeds=4),
]
