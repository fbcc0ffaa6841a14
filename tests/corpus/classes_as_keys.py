"""What is chosen by the class that an object has, and objects that are added up, compared and kept in queues."""

import math
from collections import defaultdict, deque

import numpy as np

from case import Case, takes, vec


class Circle:
    def __init__(self, r):
        self.r = r

    def area(self):
        return math.pi * self.r**2

    @property
    def ratio(self):
        return self.r / 2.0


class Square(Circle):
    def area(self):
        return self.r**2

    @property
    def ratio(self):
        return self.r / 4.0


WEIGHTS = {Circle: lambda s: 3.0 * s.r**2, Square: lambda s: s.r * s.area()}


def in_order(x):
    return sorted([Circle(x[0]), Square(x[1]), Circle(x[2])], key=lambda s: s.area())


def by_the_name_of_a_class(x):
    shares = {"Circle": x[2], "Square": x[1]}
    found = defaultdict(float)
    total = 0.0
    for s in in_order(x):
        total = 0.5 * total + shares[type(s).__name__] * s.area()
        found[type(s).__name__] += s.ratio
    return total + found["Circle"] * found["Square"]


def by_the_class_itself(x):
    total = 0.0
    for s in in_order(x):
        if type(s) is Circle:
            total += s.ratio * x[1]
        elif type(s) == Square:
            total = total * 2.0 + s.area()
    return total


def classes_as_keys(x):
    sums = {}
    for s in [Circle(x[0]), Square(x[1]), Circle(x[2])]:
        sums[type(s)] = sums.get(type(s), 0.0) + s.r
    total = sum(WEIGHTS[type(s)](s) for s in (Circle(x[0]), Square(x[1])))
    for cls, v in sums.items():
        total += v**2 * len(cls.__name__) + cls(v).area()
    return total * (2.0 if Circle in sums else 1.0)


class Pair:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Pair(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Pair(self.x * k, self.y * k)

    def __lt__(self, other):
        return self.x * self.y < other.x * other.y

    def __iter__(self):
        yield self.x
        yield self.y


def objects_added_up(x):
    pairs = [Pair(k * x[0], x[1]) for k in range(3)]
    s = sum(pairs, Pair(0.0, 0.0))
    t = sum((p * k for k, p in enumerate(pairs)), start=Pair(x[2], x[2]))
    u = sum(pairs[1:], pairs[0])
    return s.x * s.y + t.x * u.y + t.y


def the_lesser_of_what_can_be_gone_through(x):
    p = min(Pair(x[0], x[1]), Pair(x[1], x[2]))
    a, b = Pair(p.x, x[2])
    return p.x * a + b


def as_long_as_it_may_be(x, n=3):
    window, last = deque(maxlen=n), deque(maxlen=2)
    total = 0.0
    for v in x:
        window.append(v)
        last.append(v * v)
        if len(window) < window.maxlen:
            continue
        total += sum(window) / window.maxlen * v + last[0] * last.maxlen
    return total * (1.0 if deque().maxlen is None else np.inf)


SIZES = {Circle: 2.0, Square: 3.0}
CENTRES = {Circle: np.array([1.0, 2.0]), Square: np.array([3.0, 4.0])}


def numbers_of_the_module_by_class(x):
    s = 0.0
    for shape in (Circle(x[0]), Square(x[1]), Circle(x[2])):
        s += SIZES[shape.__class__] * shape.area() + sum(w for c, w in SIZES.items() if isinstance(shape, c)) * shape.r
    return s


def arrays_of_the_module_by_class(x):
    shape = Square(x[0])
    return np.sum(CENTRES[type(shape)] * x[:2]) * shape.r


CASES = [
    Case(by_the_name_of_a_class, takes(vec(3, 0.2)), seeds=5),
    Case(by_the_class_itself, takes(vec(3, 0.2)), seeds=5),
    Case(classes_as_keys, takes(vec(3))),
    Case(numbers_of_the_module_by_class, takes(vec(3))),
    Case(arrays_of_the_module_by_class, takes(vec(3)), expect="either"),
    Case(objects_added_up, takes(vec(3))),
    Case(the_lesser_of_what_can_be_gone_through, takes(vec(3, 0.2)), seeds=5),
    Case(as_long_as_it_may_be, takes(vec(5)), tags=("dead lines",)),
]
