"""What classes can do to an attribute, an operator, a call; dataclasses and named tuples of every kind."""

import dataclasses
import enum
import functools
import math
import typing
from collections import namedtuple

import numpy as np

from case import Case, array, constant, flag, listed, num, takes, vec, whole

CASES: list[Case] = []
case = listed(CASES)


class Base:
    scale = 2.0
    count = 0

    def __init__(self, w):
        self.w = w

    def f(self, x):
        return self.w * x

    def g(self, x):
        return self.f(x) + 1.0

    @property
    def norm(self):
        return self.w * self.w * self.scale

    @staticmethod
    def square(x):
        return x * x

    @classmethod
    def make(cls, w):
        made = cls(w * cls.scale)
        return made


class Middle(Base):
    scale = 3.0

    def __init__(self, w, b):
        super().__init__(w)
        self.b = b

    def f(self, x):
        return super().f(x) + self.b

    @classmethod
    def make(cls, w):
        return cls(w, cls.scale)


class Left(Middle):
    def f(self, x):
        return 2.0 * super().f(x)


class Right(Middle):
    def f(self, x):
        return super().f(x) * super().f(x)


class Both(Left, Right):
    def g(self, x):
        return super().g(x) * self.norm


@case(lambda d: Both(d.normal(), d.normal()), num())
def diamond(m, x):
    return m.g(x) + m.square(x) + Both.square(m.b)


@case(num())
def class_methods(x):
    m = Middle.make(x)
    b = Base.make(x)
    return m.f(x) + b.norm + m.make(2.0).norm * x


@case(num())
def class_attribute_shadowed(x):
    b = Base(x)
    b.scale = x * x
    return b.norm + Base.scale * x + Base(x).norm


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a
        self.b = 2.0 * a


@case(lambda d: Slots(d.normal()))
def slots(s):
    s.b = s.b * s.a
    return s.a * s.b


class Setter:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2.0)


@case(num(), expect="either")
def set_attribute_of_a_class(x):
    s = Setter()
    s.a = x
    return s.a


@dataclasses.dataclass
class DataSetter:
    a: float

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2.0)


@case(num(), expect="either")
def set_attribute_of_a_dataclass(x):
    s = DataSetter(x)
    return s.a * x


class Getter:
    def __init__(self, a):
        self.a = a

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.a * len(name)


@case(lambda d: Getter(d.normal()), expect="either")
def get_attribute_of_a_class(g):
    return g.abc * g.a


class Everything:
    def __init__(self, a):
        self.a = a

    def __getattribute__(self, name):
        return object.__getattribute__(self, name) * 2.0 if name == "a" else object.__getattribute__(self, name)


@case(num(), expect="either")
def getattribute_of_a_class(x):
    return Everything(x).a * x


class Doubled:
    def __get__(self, instance, owner):
        return 2.0 * instance.a


class WithDescriptor:
    twice = Doubled()

    def __init__(self, a):
        self.a = a

    @functools.cached_property
    def cached(self):
        return self.a * self.a

    @property
    def p(self):
        return self.a

    @p.setter
    def p(self, value):
        self.a = value * 3.0


@case(num(), expect="either")
def descriptor(x):
    return WithDescriptor(x).twice * x


@case(num(), expect="either")
def cached_property(x):
    w = WithDescriptor(x)
    a = w.cached
    w.a = 5.0 * x
    return w.cached * a


@case(num(), expect="either")
def property_set(x):
    w = WithDescriptor(x)
    w.p = x * x
    return w.p


class Meta(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.a = made.a * 2.0
        return made


class WithMeta(metaclass=Meta):
    def __init__(self, a):
        self.a = a


@case(num(), expect="either")
def metaclass(x):
    return WithMeta(x).a * x


class Truthless:
    def __init__(self, a):
        self.a = a

    def __float__(self):
        return 0.0


class Truthful(Truthless):
    def __bool__(self):
        return self.a > 0


class Sized(Truthless):
    def __len__(self):
        return 0


@case(num(), expect="either", tags=("dead lines",))
def truth_of_objects(x):
    s = 1.0
    if Truthless(x):
        s = s * 2.0
    if Truthful(x):
        s = s * 3.0
    if Sized(x):
        s = s * 5.0
    return s * x


class Vec:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, o):
        if not isinstance(o, Vec):
            return NotImplemented
        return Vec(self.x + o.x, self.y + o.y)

    def __radd__(self, o):
        return Vec(self.x + o, self.y - o)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    def __rmul__(self, k):
        return Vec(self.x * k, self.y * k * 2.0)

    def __sub__(self, o):
        return Vec(self.x - o.x, self.y - o.y)

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __pow__(self, n):
        return Vec(self.x**n, self.y**n)

    def __matmul__(self, o):
        return self.x * o.x + self.y * o.y

    def __getitem__(self, k):
        return (self.x, self.y)[k]

    def __len__(self):
        return 2

    def __eq__(self, o):
        return self.x == o.x

    def __lt__(self, o):
        return self.x < o.x

    def __abs__(self):
        return math.hypot(self.x, self.y)

    def __iter__(self):
        return iter((self.x, self.y))

    def __iadd__(self, o):
        self.x = self.x + 10.0 * o.x
        return self

    def __contains__(self, v):
        return self.x == v

    def __call__(self, t):
        return self.x * t + self.y


class SubVec(Vec):
    def __radd__(self, o):
        return Vec(self.x * o.x, self.y)


@case(num(), num())
def operators(x, y):
    a, b = Vec(x, y), Vec(y, 2.0)
    c = -(a + b) * 2.0 - 3.0 * b
    return (c @ a) * c[1] + len(c) * a(x) + (a**2).x


@case(num(), expect="either")
def sum_of_objects(x):
    return sum([Vec(x, 2.0), Vec(x * x, 1.0)]).x


@case(num(), expect="either")
def not_implemented(x):
    a = 1.0 + Vec(x, 2.0)
    return a.x * a.y


@case(num(), expect="either")
def right_operand_of_a_subclass_first(x):
    a = Vec(x, 2.0) + SubVec(3.0 * x, x)
    return a.x * a.y


@case(num(), expect="either")
def augmented_object(x):
    a = Vec(x, 2.0)
    b = a
    a += Vec(x, 1.0)
    return b.x * a.x


@case(num(), expect="either")
def compared_objects(x):
    a, b = Vec(x, 2.0), Vec(x, 3.0)
    s = 2.0 if a == b else 3.0
    t = 2.0 if a < b else 5.0
    u = 2.0 if a != b else 7.0
    return x * s * t * u


@case(num(), expect="either")
def iterated_object(x):
    a, b = Vec(x, 2.0)
    return a * b + sum(Vec(x, 3.0)) + (2.0 if x in Vec(x, 1.0) else 3.0) * x


@case(num(), expect="either")
def abs_of_an_object(x):
    return abs(Vec(x, 2.0))


class Ray:
    def __init__(self, k):
        self.k = k

    def __rmul__(self, a):
        return np.sum(a) * self.k if isinstance(a, np.ndarray) else a * self.k


@case(vec(3), expect="either")
def array_times_object(x):
    return np.sum(x * Ray(2.0)) if False else np.sum(np.asarray(x[0] * Ray(2.0)))


def _ray(x):
    y = np.asarray(x) * Ray(2.0)
    return np.asarray(y, dtype=float)[0] * 1.0


@case(vec(3), expect="either")
def array_times_object_element_by_element(x):
    return float(_ray(x) * x[1])


@dataclasses.dataclass
class Config:
    a: float
    b: float = 2.0
    xs: list = dataclasses.field(default_factory=list)
    table: dict = dataclasses.field(default_factory=dict)
    made: float = dataclasses.field(init=False)
    made_by: tuple = dataclasses.field(default_factory=lambda: (1.0, 2.0))

    def __post_init__(self):
        self.made = self.a * self.b
        self.xs.append(self.a)


@case(num())
def dataclass_of_every_kind(x):
    c, d = Config(x), Config(x * x, b=x)
    c.xs.append(3.0 * x)
    c.table["k"] = d.made
    return c.made * sum(c.xs) + sum(d.xs) * c.table["k"] + c.made_by[1] * x + len(d.table)


@dataclasses.dataclass
class KeywordOnly:
    x: float = dataclasses.field(kw_only=True)
    y: float = 3.0
    z: dataclasses.InitVar[float] = 5.0

    def __post_init__(self, z):
        self.x = self.x * z


@case(num(), expect="either")
def dataclass_keyword_only(x):
    c = KeywordOnly(2.0, x=x)
    return c.x * c.y


class Point(namedtuple("Point", "x y")):
    __slots__ = ()

    @property
    def norm(self):
        return self.x * self.x + self.y

    def moved(self, by):
        return self._replace(x=self.x + by)


class Swapped(namedtuple("Swapped", "x y")):
    def __new__(cls, x, y):
        return super().__new__(cls, y, x)


class Typed(typing.NamedTuple):
    a: float
    b: float = 2.0

    def area(self):
        return self.a * self.b


@case(lambda d: Point(d.normal(), d.normal()))
def named_tuple_with_methods(p):
    q = p.moved(p.y)
    a, b = q
    return q.norm * a + b * Typed(p.x).area() + Typed(b=p.y, a=2.0).area()


@case(num(), expect="either")
def named_tuple_with_new(x):
    p = Swapped(x, 3.0)
    return p.x * 2.0 + p.y * 5.0 * x


class Mode(enum.Enum):
    FAST = 1
    SLOW = 2


@case(num(), constant(Mode.SLOW), expect="either", tags=("dead lines",))
def enumeration(x, mode):
    if mode is Mode.SLOW:
        return x * 2.0
    if mode == Mode.FAST:
        return x * 3.0
    return x * 5.0


class Shape:
    def __init__(self, s):
        self.s = s


class Circle(Shape):
    def area(self):
        return math.pi * self.s * self.s


class Square(Shape):
    def area(self):
        return self.s * self.s


@case(lambda d: [Circle(d.normal()), Square(d.normal()), Circle(d.normal())])
def dispatch_on_the_class(shapes):
    total = 0.0
    for k, shape in enumerate(shapes, start=1):
        if isinstance(shape, Circle):
            total += shape.area() * k
        elif type(shape) is Square and isinstance(shape, (int, Shape)):
            total += shape.area() * shape.s
    return total


@case(num(), flag(), expect="either")
def class_chosen_by_the_run(x, c):
    shape = Circle(x) if c else Square(x)
    return shape.area()


@case(num(), whole(2, 5))
def particles_in_a_list(x, n):
    ps = [Base(x), Base(2.0 * x), Base(3.0)]
    for k in range(n):
        for i, p in enumerate(ps):
            p.w = p.w * 0.9 + ps[i - 1].w * 0.1 * k
    return ps[0].w * ps[1].w + ps[2].g(x)


@case(num(), expect="either")
def linked_list(x):
    head = None
    for v in (x, 2.0, x * x):
        node = Base(v)
        node.next = head
        head = node
    s = 0.0
    while head is not None:
        s = s * 0.5 + head.w
        head = head.next
    return s


def total(node):
    return 0.0 if node is None else node["v"] + 2.0 * total(node["l"]) + 3.0 * total(node["r"])


@case(lambda d: {"v": d.normal(), "l": {"v": d.normal(), "l": None, "r": None}, "r": None})
def tree(node):
    return total(node) * node["v"]


def defaults(a, b=2.0, *args, c, d=3.0, **rest):
    s = a * b + c * d
    for k, v in enumerate(args):
        s = s * 2.0 + v * k
    for name, v in rest.items():
        s = s * 3.0 + v * len(name)
    return s


@case(num())
def every_kind_of_parameter(x):
    args = [x, 2.0, 3.0 * x]
    rest = {"zz": x, "c": x * x, "yyy": 2.0}
    return defaults(*args, 5.0, **rest) + defaults(x, c=x) * defaults(c=1.0, a=x, d=x)


def positional(a, b, /, *, c=2.0):
    return a * b * c


@case(num())
def positional_and_keyword_only(x):
    return positional(x, 2.0) + positional(x, x, c=x)


def collects(log=[]):  # noqa: B006
    log.append(1.0)
    return len(log)


@case(num(), expect="either")
def mutable_default(x):
    def g(v, log=[]):  # noqa: B006
        log.append(v)
        return len(log)

    return x * g(1.0) + x * g(2.0)


K = 2.0


def early(x, k=K):
    return x * k


K = 3.0


@case(num())
def default_evaluated_once(x):
    return early(x) + K * x


def changes_arguments(f):
    def inner(x, *args, **kwargs):
        return f(2.0 * x, *args[::-1], **kwargs) + 1.0

    return inner


@changes_arguments
@changes_arguments
def decorated_twice(x, a, b=3.0):
    return x * a - b


@case(num())
def decorated_helper(x):
    return decorated_twice(x, x, 2.0) * decorated_twice(x, 2.0)


@case(num())
def partial_of_partial(x):
    f = functools.partial(defaults, x, c=2.0)
    g = functools.partial(f, 3.0, c=x)
    h = functools.partial(max, x)
    return f() * g(d=x) + h(0.1 * x)


@case(num())
def reduce_of_tuples(x):
    a, b = functools.reduce(lambda t, v: (t[1] * x, t[0] + v), [1.0, 2.0, x], (x, 1.0))
    return a * b


@case(num(), num())
def extremes_by_key(x, y):
    return max(x, y, key=lambda v: v * v) + 10.0 * min([x, y, 0.3], key=abs)


@case(num(), expect="either")
def strict_zip_of_equals(x):
    return sum(a * b for a, b in zip((x, 2.0), (3.0, x), strict=True))


@case(num(), vec(3), expect="either", raises=ValueError)
def strict_zip_of_unequals(x, v):
    s = 0.0
    for a, b in zip((x, 2.0), v, strict=True):
        s += a * b
    return s


@case(vec(3), vec(4), expect="either", raises=ValueError)
def strict_zip_of_arrays(u, v):
    s = 0.0
    for a, b in zip(u, v, strict=True):
        s += a * b
    return s


@case(vec(3), vec(5), expect="either")
def zip_of_unequals(u, v):
    s = 0.0
    for k, (a, b, c) in enumerate(zip(u, v, range(1, 9)), start=2):
        s += a * b * k * c
    for a, b in zip(reversed(u), reversed(v)):
        s += a * b
    return s


@case(num(), expect="either")
def set_order(x):
    s = 0.0
    for k in {10, 9, 1}:
        s = s * 0.5 + k * x
    return s


@case(num(), expect="either")
def sorted_values(x):
    a = sorted([x, 1.0, -x])
    return a[0] * 2.0 + a[2]


@case(num(), expect="either")
def walks_a_dict_of_functions(x):
    table = {"sin": math.sin, "double": lambda t: 2.0 * t, "self": Base(3.0).f}
    s = x
    for name in table:
        s = table[name](s) + len(name)
    return s if "sin" in table and "cos" not in table else -s


@case(num(0.5, 2), expect="either")
def deleted_items(x):
    d = {"a": x, "b": 2.0 * x}
    del d["a"]
    xs = [x, 3.0, x * x]
    del xs[1]
    return sum(d.values()) * xs[1]


@case(num(0.5, 2), expect="either")
def starred_everywhere(x):
    a, *b = [x, 2.0, 3.0 * x]
    *c, d = (*b, x * x)
    (e, [f, *g]), h = (x, (2.0, x, 5.0)), d
    return a * b[1] + c[0] * d + e * f + sum(g) * h


class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, obj, owner=None):
        return getattr(obj, self.name)

    def __set__(self, obj, value):
        setattr(obj, self.name, abs(value) + 1)


class Checked:
    a = Positive()

    def __init__(self, a):
        self.a = a


def a_descriptor(x):
    held = Checked(x[0])
    held.a = held.a * x[1]
    return held.a * 2


class Slotted:
    __slots__ = ("a",)

    def __init__(self, a):
        self.a = a


def no_such_slot(x):
    held = Slotted(x[0])
    try:
        held.b = 3.0
    except AttributeError:
        held.a *= x[1]
    return held.a


class Gauge:
    def __init__(self, v):
        self.v = v

    def __iter__(self):
        yield self.v
        yield 2.0

    def __divmod__(self, other):
        return self.v, other

    def __float__(self):
        return float(self.v * 5)

    def __floor__(self):
        return 3

    def __pow__(self, k):
        return self.v * k

    def __rpow__(self, k):
        return self.v + k


def asked_by_builtins(x):
    a, b = divmod(Gauge(x[0]), x[1])
    return a * b + math.floor(Gauge(x[0])) * x[2] + pow(Gauge(x[1]), 2) + float(Gauge(x[2])) + pow(2.0, Gauge(x[0]))


class Windowed:
    def __init__(self, v):
        self.v = v

    def __getitem__(self, k):
        if isinstance(k, slice):
            return self.v * (k.stop - k.start) if k.step is None else self.v
        return self.v * (k[1] if isinstance(k, tuple) else k)


def parts_of_slices(x):
    k = slice(1, 3)
    whole = Windowed(x[0])[2:5] + Windowed(x[1])[1, 4] + Windowed(x[2])[3] + Windowed(x[3])[1:2:3]
    return whole * x[k].sum() * k.stop + x[k.start] * (k.step or 1)


CASES += [
    Case(a_descriptor, takes(vec(2))),
    Case(no_such_slot, takes(vec(2)), expect="refused"),
    Case(asked_by_builtins, takes(vec(3))),
    Case(parts_of_slices, takes(vec(4))),
]


class Samples:
    """Asks an index where it begins and ends, as ``range`` would."""

    def __init__(self, a):
        self.a = a

    def __getitem__(self, k):
        if isinstance(k, slice):
            start, stop, step = k.indices(len(self.a))
            return sum(self.a[i] * (i + 1) for i in range(start, stop, step))
        return self.a[k]


def indices_of_slices(x):
    s = Samples(x)
    forwards = s[2:] * s[1] + s[::2] + s[-3:-1] + s[:100] * s[-100:2] + s[5:2]
    return forwards + s[::-1] * s[6:1:-2] + s[-2:-100:-3] + s[100:-3:-1] + s[0:0:-1]


def indices_that_only_the_run_tells(x, a, b):
    s = Samples(x)
    return s[a - 4 : b - 4] + s[a - 4 : b - 4 : -1] ** 2 + s[4 - b :] + s[: 4 - a : -2]


def indices_by_any_step(x, n):
    return Samples(x)[::n]


CASES += [
    Case(indices_of_slices, takes(vec(8))),
    Case(indices_that_only_the_run_tells, takes(vec(8), whole(0, 12), whole(0, 12)), seeds=5),
    Case(indices_by_any_step, takes(vec(8), whole(1, 3)), expect="either"),
]
