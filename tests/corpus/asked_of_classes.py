"""What classes are asked before, or instead of, what an object holds: descriptors, hooks, iterators, tables."""

from __future__ import annotations

import functools
import math
import operator
from dataclasses import InitVar, dataclass, field, replace
from typing import Any

import numpy as np
from case import Case, num, takes, vec


class Kept:
    """A data descriptor, which holds its values under another name."""

    def __set_name__(self, owner, name):
        self.key = "_" + name

    def __get__(self, obj, owner=None):
        return obj.__dict__[self.key] * 2

    def __set__(self, obj, value):
        obj.__dict__[self.key] = value * value


class Twice:
    def __get__(self, obj, owner=None):
        return obj.w * owner.scale


class Described:
    w = Kept()
    t = Twice()
    scale = 3.0

    def __init__(self, w):
        self.w = w


def descriptors(x):
    d = Described(x[0])
    s = d.t
    for v in x[1:]:
        d.w += v
        d.w *= 0.2
    d.t = x[1]
    return s * d.w + d.t


GIVEN = Described(3.0)
GIVEN.__dict__["w"] = 100.0


def descriptor_of_what_is_there(x):
    return x * GIVEN.w


class Past:
    def __init__(self, a):
        self.__dict__["a"] = a

    @property
    def a(self):
        return self.__dict__["a"] * 2

    @a.setter
    def a(self, value):
        self.__dict__["a"] = value + 1


def past_a_property(x):
    p = Past(x[0])
    y = p.a
    p.a = x[1]
    p.a += x[2]
    return y * p.a


@dataclass(frozen=True)
class Filled:
    q: Any
    energy: float = field(init=False, default=0.0)

    def __post_init__(self):
        object.__setattr__(self, "energy", np.sum(self.q * self.q))


def frozen_that_fills_itself(x):
    s = Filled(x)
    for _ in range(3):
        s = replace(s, q=s.q * s.energy * 0.1)
    return s.energy


@dataclass
class Passed:
    a: float
    scale: InitVar[float] = 2.0
    b: float = 1.0
    log: dict = field(default_factory=dict)

    def __post_init__(self, scale):
        self.a = self.a * scale

    def put(self, key, value):
        self.log[key] = self.log.get(key, 0.0) + value


def handed_on(x):
    p, q = Passed(x[0], x[1]), Passed(x[2], b=x[0])
    for i, v in enumerate(x):
        p.put(i % 2, v * v)
    return p.a * q.a + q.b * p.log[0]


class Chosen:
    def __new__(cls, kind, v):
        made = object.__new__({"c": Circle, "s": Square}[kind])
        made.tag = 2.0
        return made

    def __init__(self, kind, v):
        self.v = v


class Circle(Chosen):
    def area(self):
        return math.pi * self.v**2


class Square(Chosen):
    def area(self):
        return self.v * self.v * self.tag


def made_by_new(x):
    return Chosen("c", x[0]).area() + Chosen("s", x[1]).area() * x[2]


class Proxy:
    def __init__(self, inner):
        self.inner = inner
        self.calls = 0

    def __getattr__(self, name):
        self.calls += 1
        return getattr(self.inner, name)


class Scaled:
    def __init__(self, k):
        self.k = k

    def go(self, v):
        return v * self.k

    def by(self, n, add):
        self.k = self.k * n + add

    doubled = functools.partialmethod(by, 2, add=0.5)


def delegated(x):
    p = Proxy(Scaled(x[0]))
    y = x[1]
    for _ in range(3):
        y = p.go(y)
    p.doubled()
    return y * p.calls + p.k


class Walk:
    def __init__(self, x, n):
        self.x, self.n = x, n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        if self.n % 2:
            self.x = self.x * 0.5
            return self.x
        return self.x**2


def iterators_of_classes(x):
    w = Walk(x[0], 7)
    s = next(w)
    for v in w:
        s += v * x[1]
        if w.n == 3:
            break
    for k, v in enumerate(w):
        s += k * v
    return s + sum(w) + w.n


class Cursor:
    def __init__(self, bag):
        self.bag, self.k = bag, 0

    def __next__(self):
        if self.k < len(self.bag.items):
            self.k += 1
            return self.bag.items[self.k - 1]
        raise StopIteration()


class Bag:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return Cursor(self)


def iterators_inside_each_other(x):
    b = Bag([v * v for v in x])
    return sum(u * w for u in b for w in b) + max(b)


class Table:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def like(self, **given):
        d = dict(vars(self))
        d.update(given)
        return Table(**{**d})


def tables_of_attributes(x):
    t = Table(x[0], x[1])
    s = 0.0
    for name, v in vars(t).items():
        s += v * len(name)
        t.b = t.b * 3
    u = t.like(b=x[2])
    return s + u.a * u.b + sum(t.__dict__.values()) + len(vars(t)) + t.__dict__.pop("b")


def attributes_deleted(x):
    t = Table(x[0], x[1])
    s = 0.0
    for v in x:
        t.c = v * v
        s += t.c
        del t.c
    del t.a
    return s * (x[1] if hasattr(t, "a") else x[2])


class Logged:
    def __init__(self, v, w):
        self.__dict__["log"] = []
        self.v, self.w = v, w
        self.done = True

    def __setattr__(self, name, value):
        self.log.append(value * 1.0)
        super().__setattr__(name, value * 2 if name == "w" else value)


def set_by_a_hook(x):
    y = x * 1.0
    o = Logged(x[0], y)
    for v in x:
        o.v += v
    o.w += x
    o.w[0] = 7.0
    return o.v * sum(o.log[3:5]) + np.sum(o.w * y) + len(o.log)


class Place:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        return 2


def places_and_classes(x):
    p = Place(x[0])
    return x[p] * p.v * (x[1] if issubclass(type(p), Place) and not issubclass(Place, (int, Table)) else 1.0)


def attributes_deleted_on_a_path(x):
    t = Table(x[0], x[1])
    if x[0] > 50.0:
        del t.a
    return t.a * x[2]


class Factor:
    def __init__(self, k):
        self.k = k

    def __rmul__(self, other):
        return other.x * self.k if isinstance(other, Measured) else other * self.k


class Measured:
    """What it does not know it leaves to the other operand."""

    def __init__(self, x):
        self.x = x

    def __mul__(self, other):
        if isinstance(other, Measured):
            return Measured(self.x * other.x)
        if isinstance(other, int | float):
            return Measured(self.x * other)
        return NotImplemented

    __rmul__ = __mul__

    def __iadd__(self, other):
        if isinstance(other, Measured):
            return NotImplemented
        self.x = self.x + other
        return self

    def __add__(self, other):
        return Measured(self.x + other.x)

    def __eq__(self, other):
        if not isinstance(other, Measured):
            return NotImplemented
        return self.x == other.x

    def __lt__(self, other):
        if not isinstance(other, Measured):
            return NotImplemented
        return self.x < other.x

    __hash__ = None


def left_to_the_other(x):
    m = Measured(x[0]) * Measured(x[1])
    m += m
    m += 0.5
    total = (2.0 * (m * 3)).x + m * Factor(x[2])
    total *= 3.0 if m == 3 else 2.0
    total *= 0.5 if m != "m" else 0.7
    return total + (x[0] if Measured(x[0]) < Measured(x[1]) else x[1])


@functools.total_ordering
class Price:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return isinstance(other, Price) and self.v == other.v

    def __lt__(self, other):
        if not isinstance(other, Price):
            return NotImplemented
        return self.v < other.v

    def __hash__(self):
        return 1


@functools.total_ordering
class Backwards:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return self.v == other.v

    def __ge__(self, other):
        return self.v <= other.v

    def __hash__(self):
        return 1


def ordered_in_full(x):
    total = 0.0
    for cls in (Price, Backwards):
        a, b = cls(x[0]), cls(x[1])
        total += (x[2] if a >= b else x[0]) * 1.5 + (x[2] if a > b else x[1]) * 0.3
        total += (x[1] if a <= b else x[0]) + (x[1] if a < b else x[0]) ** 2
    prices = [Price(v) for v in x]
    return total + max(prices).v * sorted(prices)[0].v


Number = int | float


def doubled(v):
    if isinstance(v, Measured | Number):
        return 2 * (v.x if isinstance(v, Measured) else v)
    if isinstance(v, np.ndarray | list):
        return v[0] * 3
    return 0.0 if isinstance(v, str | None) else v


def of_unions(x):
    total = doubled(2.5) * x[0] + doubled(x) + doubled([x[1], 2]) + doubled(Measured(x[2])) + doubled("a")
    return total + (x[1] if issubclass(Measured, Measured | float) else 0.0)


def by_called_methods(x):
    ask = operator.methodcaller("sum")
    row = operator.methodcaller("reshape", 1, -1)
    return ask(x) * ask(row(x) ** 2)


class Noted:
    """What keeps an exception to itself, and notes that it was entered."""

    def __init__(self, notes):
        self.notes = notes

    def __enter__(self):
        self.notes.append(1.0)
        return self

    def __exit__(self, kind, value, trace):
        return kind is ValueError


def noted_on_entry(x):
    notes = []
    with Noted(notes):
        y = x[0]
    return y**2 * sum(notes)


class Maybe:
    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        if self.v > 0.9:
            return NotImplemented
        return Maybe(self.v + other.v)

    def __radd__(self, other):
        return Maybe(other.v * self.v)


def left_at_run_time(x):
    return (Maybe(x[0]) + Maybe(x[1])).v


CASES = [
    *[Case(f, takes(vec(3)), expect="refused", tags=("dead lines",)) for f in (noted_on_entry, left_at_run_time)],
    *[Case(f, takes(vec(3))) for f in (left_to_the_other, by_called_methods, of_unions)],
    Case(ordered_in_full, takes(vec(3)), seeds=6),
    Case(descriptors, takes(vec(4))),
    Case(descriptor_of_what_is_there, takes(num())),
    Case(past_a_property, takes(vec(3))),
    Case(frozen_that_fills_itself, takes(vec("n"))),
    Case(handed_on, takes(vec(4))),
    Case(made_by_new, takes(vec(3))),
    Case(delegated, takes(vec(2))),
    Case(iterators_of_classes, takes(vec(2))),
    Case(iterators_inside_each_other, takes(vec(3))),
    Case(tables_of_attributes, takes(vec(3))),
    Case(attributes_deleted, takes(vec(3)), tags=("dead lines",)),
    Case(set_by_a_hook, takes(vec(3))),
    Case(places_and_classes, takes(vec(3))),
    Case(attributes_deleted_on_a_path, takes(vec(3)), expect="refused", tags=("dead lines",)),
]
