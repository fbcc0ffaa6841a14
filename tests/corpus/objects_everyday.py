"""Objects as people write them: what builds them, what they inherit, how they are copied, walked and asked."""

import copy
import enum
import math
import typing
from collections import defaultdict, namedtuple
from dataclasses import dataclass, field, fields
from types import SimpleNamespace

import numpy as np

from case import Case, listed, num, vec

CASES: list[Case] = []
case = listed(CASES)


class Act(enum.Enum):
    RELU = "relu"
    TANH = "tanh"

    def apply(self, z):
        return np.maximum(z, 0.0) if self is Act.RELU else np.tanh(z)


@dataclass(frozen=True)
class Point:
    x: float
    y: float = 2.0


@dataclass
class Shape:
    name: str = "shape"


@dataclass
class Rect(Shape):
    w: float = 1.0
    h: float = 1.0
    act: Act = Act.TANH
    corner: Point = Point(0.5)
    weights: list = field(default_factory=lambda: [1.0, 0.5])

    def area(self):
        return self.w * self.h * self.weights[1] + self.corner.x * self.corner.y


class Square(Rect):
    """Its ``__init__`` calls the one that ``dataclass`` wrote."""

    def __init__(self, s):
        super().__init__("square", s, h=s)


class Named(Rect):
    pass


@case(num(), num())
def inits_of_dataclasses(a, b):
    return Square(a).area() * Rect(w=a, h=b).area() + Named("n", b, a).area()


@case(vec(3))
def members_by_value(x):
    rect = Rect()
    return np.sum(rect.act.apply(x)) + np.sum(Act("relu").apply(x * x)) + np.sum(Act["TANH"].apply(2.0 * x))


class Model:
    defaults = {"sigma": 0.5, "mean": 0.1}
    names = ["mean", "sigma"]
    alpha = 0.3

    def __init__(self, phi, alpha=None, **options):
        self.phi = phi
        self.options = {**self.defaults, **options}
        if alpha is not None:
            self.alpha = alpha

    def loss(self, y):
        return self.alpha * self.phi * (y - self.options[self.names[0]]) ** 2 / self.options["sigma"]


@case(num(), num())
def what_a_class_has(a, b):
    model = Model(a, sigma=2.0)
    if a > 0.0:
        model.alpha = b
    return model.loss(b) + Model(b, alpha=2.0 * a).loss(a)


class Vec:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __mul__(self, s):
        return Vec(self.x * s, self.y * s)

    __rmul__ = __mul__

    def __abs__(self):
        return math.hypot(self.x, self.y)

    def __round__(self, n=0):
        return self.x + n * self.y


@case(num(0.5, 2.0), num(0.5, 2.0))
def asked_by_builtins(a, b):
    v = b * Vec(a, 2.0)
    return abs(v) * round(v, 2)


class Net:
    def __init__(self, w, b):
        self.w = w
        self.layers = [w, b]

    def loss(self, x):
        return np.sum((self.w * x) ** 2) + np.sum(self.layers[1]) * np.sum(self.layers[0])


@case(vec(4), num(), expect="either")
def copied_deeply(x, a):
    net = Net(x * 2.0, x + a)
    best = copy.deepcopy(net)
    shallow = copy.copy(net)
    net.w[0] = 5.0 * a
    net.layers[1][1] = a
    return net.loss(x) + 2.0 * best.loss(x) + shallow.loss(x)


@case(vec(3), num())
def namespaces(x, a):
    cfg = SimpleNamespace(a=a, opt=SimpleNamespace(lr=0.1 * a))
    for _ in range(3):
        x = x - cfg.opt.lr * (x - cfg.a)
        cfg.opt.lr *= 0.9
    return x


@case(num(), num())
def by_their_fields(a, b):
    p = Point(a, b)
    return sum(getattr(p, f.name) ** 2 for f in fields(p))


class Link:
    def __init__(self, value, after=None):
        self.value, self.after = value, after


@case(num(), num())
def links(a, b):
    head = None
    for v in (a, b, a * b):
        head = Link(v, head)
    before, now = None, head
    while now:
        now.after, before, now = before, now, now.after
    total, weight = 0.0, 1.0
    while before is not None:
        total += weight * before.value
        before, weight = before.after, weight * 0.5
    return total


@case(num(), num())
def breadth_first(a, b):
    queue, total = [("root", 1.0)], 0.0
    below = {"root": ["l", "r"], "l": ["ll"], "r": [], "ll": []}
    weight = {"root": a, "l": b, "r": a * b, "ll": 2.0}
    while queue:
        name, scale = queue.pop(0)
        total += scale * weight[name]
        queue.extend((child, scale * weight[name]) for child in below[name])
    return total


@case(vec(5))
def grouped(x):
    groups = defaultdict(list)
    for label, value in zip(["p", "q", "p", "r", "q"], x):
        groups[label].append(value)
    return sum(np.mean(values) ** 2 for values in groups.values())


@case(num(), num())
def rows_of_numbers(a, b):
    rows = [[a, b], [1.0, a * b]]
    turned = [[rows[i][j] for i in range(2)] for j in range(2)]
    turned[0][1] = a
    return turned[0][1] * turned[1][0]


class Vertex:
    def __init__(self, h):
        self.h = h
        self.beside = []

    def connect(self, other, weight):
        self.beside.append((other, weight))
        other.beside.append((self, weight))


@case(vec(5), num())
def who_know_each_other(x, a):
    vs = [Vertex(x[k]) for k in range(4)]
    for i in range(4):
        for j in range(i):
            vs[i].connect(vs[j], a * (i + j))
    new = [math.tanh(0.01 * (v.h + sum(w * u.h for u, w in v.beside))) for v in vs]
    for v, h in zip(vs, new):
        v.h = h
    return sum(v.h * v.beside[0][0].h for v in vs)


def iterated(f, x, n, callback=None):
    for _ in range(n):
        x = f(x)
        if callback is not None:
            callback(x)
    return x


@case(num())
def methods_of_lists_passed_on(a):
    trace, table = [], {"a": a}
    y = iterated(lambda t: math.cos(a * t), 1.0, 3, callback=trace.append)
    look = table.get
    return y + trace[0] * trace[1] * look("a") + look("b", 2.0)


class Triple:
    def __init__(self, p, q, r):
        self.s = p * q + r


def area(p, q, r):
    return p * q * r


@case(vec(3))
def as_many_as_are_taken(v):
    return Triple(*v).s * area(*v)


def made_inside(a, n=2):
    offset = a * 2.0

    class Model(Vertex):
        order = n

        def __init__(self, h, b=a):
            super().__init__(h)
            self._b = b

        def f(self, t):
            return self.square(self.h * t) + offset * self._b + self.order

        @property
        def b(self):
            return self._b

        @b.setter
        def b(self, value):
            self._b = value * offset

        @classmethod
        def unit(cls):
            return cls(1.0)

        @staticmethod
        def square(t):
            return t * t

    return Model(a * a)


@case(num(), num())
def classes_inside(a, b):
    one, other = made_inside(a), made_inside(b, 3)
    one.b = b
    return one.f(b) * other.f(a) + type(one).unit().f(0.5)


@case(vec(3), num())
def dataclasses_inside(x, a):
    @dataclass
    class Layer:
        w: np.ndarray
        act: object = np.tanh
        seen: list = field(default_factory=list)
        scale: float = field(default=2.0)

        def __post_init__(self):
            self.scaled = self.w * self.scale

        def __call__(self, h):
            out = self.act(self.scaled * h)
            self.seen.append(out.sum())
            return out

    class Pair(typing.NamedTuple):
        x: float
        y: float = 2.0

        def product(self):
            return self.x * self.y * a

    Point3 = namedtuple("Point3", "x y z")  # noqa: PYI024
    net = [Layer(x), Layer(x * 2.0, act=np.sin, scale=a)]
    h = x
    for _ in range(2):
        for layer in net:
            h = layer(h)
    return h.sum() + net[0].seen[1] * Pair(a).product() + Point3(*x).z


@case(vec(3))
def a_class_in_a_loop(x):
    total = 0.0
    for v in x:

        class Held:
            def __init__(self, t):
                self.t = t

            def out(self):
                return self.t * v  # noqa: B023

        total += Held(v).out()
    return total


class Body:
    count = 0

    def __init__(self, mass, v=0.0):
        self.mass, self.v = mass, v

    def __eq__(self, other):
        return abs(self.mass - other.mass) < 0.5

    def __hash__(self):
        return 1

    def push(self, v):
        self.v += getattr(v, "v", v)
        self.count += 1
        return self


@case(vec(3))
def objects_in_order(x):
    bodies = [Body(x[0]), Body(x[1], 2.0), Body(x[2] * x[2])]
    bodies.sort(key=lambda b: b.mass)
    heaviest = max(bodies, key=lambda b: b.mass**2)
    heaviest.v = heaviest.v + heaviest.mass
    return sum((k + 1) * b.mass for k, b in enumerate(bodies)) + bodies[0].v


@case(num(), num())
def objects_compared(a, b):
    p, q = Body(a), Body(b)
    r = a * 2.0 if p != q else b
    u, w = Point(a, b), Point(b)
    if u == w or u != Point(a, b):
        r = r * 3.0
    links_ = [Link(a), Link(b)]
    chosen = links_[1]
    return r * (1 + links_.index(chosen)) * (2.0 if Link(a) in links_ else 1.0)


@case(num(), num())
def what_a_class_begins_with(a, b):
    p = Body(a).push(b).push(Body(a, 3.0))
    return p.v * p.count


class Tree:
    def __init__(self, v, kids=()):
        self.v, self.kids = v, list(kids)

    def total(self):
        return self.v**2 + sum(k.total() * 0.5 for k in self.kids)


class Twice(Tree):
    def total(self):
        return 2.0 * super().total() * self.v


@case(lambda d: Tree(d.normal(), [Tree(d.normal()), Tree(d.normal(), [Tree(d.normal())])]))
def trees_of_arguments(tree):
    return tree.total()


@case(num(), num())
def made_from_rows(a, b):
    Pair = namedtuple("Pair", "x y")  # noqa: PYI024
    p = Pair._make([a, b])
    return sum(getattr(p, name) for name in Pair._fields) * p.y


class Cell:
    def __init__(self, soc):
        self.soc, self.phase = soc, Act.RELU
        self.log = {"phase": None}

    def step(self):
        if self.phase is Act.RELU:
            self.soc = self.soc * 2.0
            if self.soc > 2.0:
                self.phase = Act.TANH
        else:
            self.soc -= 0.1 * self.soc
        if self.log.get("phase") is None:
            self.log["phase"] = self.soc


@case(num(0.3, 2.5))
def what_a_loop_makes_another(a):
    """An attribute that is another member of an enumeration from some turn on."""
    cell = Cell(a)
    for _ in range(3):
        cell.step()
    return cell.soc * cell.log["phase"]


class Turn(enum.Enum):
    A = 1
    B = 2
    C = 3


@case(vec(4, 0.5, 2.5))
def members_from_turn_to_turn(x):
    cell, after, r = Cell(1.0), {Turn.A: Turn.B, Turn.B: Turn.C, Turn.C: Turn.A}, 1.0
    cell.phase, other = Turn.A, Turn.C
    for t in x:
        if cell.phase is Turn.A:
            r *= t
        elif cell.phase == Turn.B:
            r += t * cell.phase.value
        if r > 1.5:
            cell.phase = after[cell.phase]
        other, cell.phase = cell.phase, other
    return r + (r if other is Turn.A else 0.0)


class Filter:
    last = None
    gain = 2.0

    def feed(self, t):
        d = 0.0 if self.last is None else t - self.last
        self.last = t
        return d * self.gain


@case(vec(4))
def begins_in_a_loop(x):
    f, r = Filter(), 0.0
    for t in x:
        r = r + f.feed(t) ** 2
        if t > 0.0:
            f.gain = f.gain * 0.5 + t
    return r * f.gain


class Count:
    def __init__(self):
        self.n = 0

    def __call__(self, t):
        self.n += 1
        return t * self.n


@case(num(), num(), num(), num())
def walked_once(a, b, c, d):
    """What a generator or ``map`` does in ``sum`` and ``max`` is done once."""
    below, weight = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, {"a": a, "b": b, "c": c, "d": d}
    seen, count = set(), Count()

    def total(k):
        if k in seen:
            return 0.0
        seen.add(k)
        return weight[k] ** 2 + sum(total(m) for m in below[k])

    whole = total("a") * len(seen)
    return whole + sum(map(count, [a, b])) + max(map(count, (c, d))) + sum(count(t) for t in (a, b)) * count.n


@case(vec(5))
def sets_of_keys(x):
    done, r = {"z"}, 0.0
    for i, k in enumerate(["a", "b", "a", "c", "b"]):
        if k in done:
            continue
        done.add(k)
        r += x[i] ** 2
    done.discard("z")
    others = {k for k in "abx"} | {"y"}
    return r * len(done & others) + sum(x[i] for i, k in enumerate(sorted(done - {"b"})))


@case(num(), num())
def stops_before_its_end(a, b):
    count = Count()
    return a * count.n if any(count(t) > 0.5 for t in (a, b)) else b * count.n


@case(num(), num(), expect="refused")
def called_turn_by_turn(a, b):
    count, r = Count(), 0.0
    for i, v in enumerate(map(count, (a, b))):
        r += i * v + count.n
    return r


@case(num(), num())
def keys_asked_once(a, b):
    count = Count()
    m, s = max((a, b), key=lambda t: count(t)), sorted([b, a], key=count)
    return m * s[0] * count.n
