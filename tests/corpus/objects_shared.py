"""One container or object under several names, written, swapped, copied, compared."""

import copy
import dataclasses
import math
from collections import namedtuple

import numpy as np

from case import Case, array, constant, flag, listed, num, takes, vec, whole

CASES: list[Case] = []
case = listed(CASES)


class Box:
    def __init__(self, value, other=None):
        self.value = value
        self.other = other

    def double(self):
        self.value = self.value * 2.0
        return self.value

    def reset(self):
        self.value = 2.0
        return 1.0

    def get(self):
        return self.value


class Cell:
    pass


Pair = namedtuple("Pair", "a b")


@case(num(0.5, 2))
def second_name_sees_the_store(x):
    a = {"k": x}
    b = a
    b["k"] = x * x
    return a["k"] * b["k"]


@case(num(0.5, 2))
def copy_does_not_see_the_store(x):
    a = {"k": x, "l": 2.0}
    b = a.copy()
    a["k"] = x * x * 3.0
    return a["k"] * b["k"] + b["l"]


@case(num(0.5, 2))
def dict_of_dict_does_not_see_the_store(x):
    a = {"k": x}
    b = dict(a)
    c = {**a}
    e = copy.copy(a)
    a["k"] = x * x * 3.0
    a["k"] += b["k"]
    return a["k"] * b["k"] + c["k"] - 5.0 * e["k"]


@case(num(0.5, 2))
def list_copies(x):
    a = [x, 2.0 * x]
    b = list(a)
    c = a[:]
    e = a.copy()
    t = tuple(a)
    a[0] = x**3
    a[1] += a[0]
    return a[0] * b[0] + a[1] * c[1] + e[0] * t[1]


@case(num(0.5, 2))
def copied_object(x):
    a = Box(x)
    b = copy.copy(a)
    a.value = x**3
    b.value += 1.0
    return a.value * b.value


@case(num(0.5, 2))
def shallow_copy_shares_the_inner(x):
    a = {"in": {"k": x}}
    b = a.copy()
    b["in"]["k"] = x * x
    return a["in"]["k"]


@case(num(0.5, 2))
def argument_and_holder(x):
    def g(v, d):
        d["k"] = 2.0 * d["k"]
        return v * d["k"]

    d = {"k": x}
    d["k"] = d["k"] + 1.0
    return g(d["k"], d)


def changes(v, d):
    d["k"] = 2.0 * d["k"] * v
    return v * d["k"]


@case(num(0.5, 2))
def argument_and_holder_at_top(x):
    d = {"k": x}
    d["k"] = d["k"] + 1.0
    return changes(d["k"], d) + d["k"]


@case(num(0.5, 2))
def argument_and_object(x):
    def g(v, b):
        b.double()
        return v

    b = Box(x)
    return g(b.value, b) * b.value


def calls_then_gives(f, v):
    f()
    return v


@case(num(0.5, 2))
def argument_and_nonlocal(x):
    t = x

    def bump():
        nonlocal t
        t = t * t + 1.0

    a = calls_then_gives(bump, t)
    b = calls_then_gives(bump, (t, 1.0))
    return a + b[0] * t


@case(num(0.5, 2))
def tuple_beside_a_rebinding(x):
    t = x

    def bump():
        nonlocal t
        t = t * 3.0
        return t

    p = ((t, 1.0), bump())
    q = [[t], bump(), {"k": t}, bump()]
    return p[0][0] * p[1] + q[0][0] * q[1] + q[2]["k"] * q[3]


@case(num(0.5, 2))
def method_changes_what_was_read(x):
    b = Box(x)
    return b.value + b.double() * b.value


@case(num(0.5, 2))
def pair_of_read_and_changed(x):
    b = Box(x)
    p = (b.value, b.double(), b.value)
    return p[0] + 10.0 * p[1] + 100.0 * p[2]


@case(num(0.5, 2), flag(), expect="either")
def chosen_is_the_same_object(x, c):
    a = {"k": x}
    b = {"k": 2.0 * x}
    d = a if c else b
    d["k"] = x * x * x
    return a["k"] + 10.0 * b["k"]


@case(num(0.5, 2), flag(), expect="either", seeds=12)
def chosen_in_a_branch(x, c):
    a = {"k": x}
    b = {"k": 2.0 * x}
    if c:
        d = a
    else:
        d = b
    d["k"] = x * x * x
    return a["k"] + 10.0 * b["k"]


@case(num(0.5, 2), flag(), expect="either")
def chosen_by_a_function(x, c):
    def pick(a, b):
        if c:
            return a
        return b

    a, b = Box(x), Box(2.0 * x)
    pick(a, b).double()
    return a.value + 10.0 * b.value


@case(num(0.5, 2), num(0.5, 2), expect="either")
def chosen_by_or(x, y):
    a, b = Box(x), Box(y)
    d = (a if x > y else None) or b
    d.value = 7.0 * x
    return a.value + 10.0 * b.value


@case(num(0.5, 2), num(0.5, 2), expect="either")
def swapped_in_a_loop(x, y):
    a, b = Box(x), Box(y)
    for k in range(5):
        a, b = b, a
        a.value = a.value * 1.5 + 0.1 * k
    return a.value + 10.0 * b.value


@case(num(0.5, 2), num(0.5, 2), expect="either")
def swapped_in_a_loop_with_another_name(x, y):
    a, b = Box(x), Box(y)
    first = a
    for k in range(3):
        a, b = b, a
        a.value = a.value * 1.5 + 0.1 * k
    return a.value + 10.0 * b.value + 100.0 * first.value


@case(num(0.5, 2), num(0.5, 2))
def swapped_in_a_tuple_loop(x, y):
    a, b = Box(x), Box(y)
    first = a
    for k in (1.0, 2.0, 3.0):
        a, b = b, a
        a.value = a.value * 1.5 + 0.1 * k
    return a.value + 10.0 * b.value + 100.0 * first.value


@case(num(0.5, 2))
def in_a_list_and_by_name(x):
    a = Box(x)
    boxes = [a, Box(3.0), a]
    for b in boxes:
        b.double()
    boxes[1].value = a.value
    return a.value + boxes[2].value * boxes[1].value


@case(vec(4), expect="either")
def in_a_list_and_by_name_in_a_loop(x):
    a = Box(x[0])
    boxes = [a, a]
    for v in x:
        boxes[0].value = boxes[1].value * v + 1.0
        a.value += v
    return a.value


@case(num(0.5, 2))
def stored_in_itself(x):
    a = Box(x)
    a.other = a
    a.other.other.value = x * x
    return a.value * a.other.value


@case(num(0.5, 2))
def two_that_hold_each_other(x):
    a, b = Box(x), Box(2.0 * x)
    a.other, b.other = b, a
    a.other.value = 3.0 * b.other.value
    return a.value * b.value * a.other.other.value


@case(num(0.5, 2))
def list_in_a_dict_appended(x):
    d = {"xs": [x]}
    xs = d["xs"]
    xs.append(x * x)
    d["xs"].append(3.0)
    xs[0] = 5.0 * x
    return sum(xs) + d["xs"][0] * len(d["xs"])


@case(num(0.5, 2), expect="either")
def list_extends_itself(x):
    xs = [x, 2.0]
    ys = xs
    xs += [x * x]
    ys.extend(xs)
    zs = ys
    zs = zs + [1.0]
    return sum(ys) + len(xs) * x + len(zs)


@case(num(0.5, 2), expect="either")
def unchanged_after_plus(x):
    xs = [x]
    ys = xs
    xs = xs + [2.0 * x]
    xs[0] = 10.0 * x
    return ys[0] + xs[0] * xs[1]


@case(num(0.5, 2))
def repeated_list_of_one_object(x):
    xs = [Box(x)] * 3
    xs[0].value = x * x
    return xs[2].value + xs[1].value


@case(num(0.5, 2), expect="either")
def repeated_inner_lists(x):
    rows = [[x, 1.0]] * 2
    rows[0][0] = 3.0 * x
    return rows[1][0] * rows[0][1] * x


@case(num(0.5, 2), flag(), expect="either")
def call_that_only_one_arm_makes(x, c):
    b = Box(x)
    y = b.reset() if c else 3.0
    return y * b.value * x


@case(num(-2, 2), expect="either")
def call_that_and_may_skip(x):
    b = Box(x)
    ok = x > 0 and b.reset() > 0
    return b.value * x + (1.0 if ok else 0.0)


@case(num(-2, 2), expect="either")
def call_that_a_chain_may_skip(x):
    b = Box(x)
    ok = 0 < x < b.reset() * 100
    return b.value * x + (1.0 if ok else 0.0)


@case(num(-2, 2), expect="either")
def key_that_only_one_path_sets(x):
    d = {"a": x}
    if x > 0:
        d["b"] = x * x
    if "b" in d:
        return d["a"] * 2.0
    return d["a"] * 3.0


@case(num(-2, 2), expect="either")
def length_that_depends_on_the_path(x):
    d = {"a": x}
    if x > 0:
        d["b"] = x * x
    return x * len(d)


@case(num(-2, 2), expect="either")
def truth_that_depends_on_the_path(x):
    d = {}
    if x > 0:
        d["b"] = x * x
    if d:
        return x * 2.0
    return x * 5.0


@case(num(-2, 2), expect="either")
def attribute_that_only_one_path_sets(x):
    c = Cell()
    if x > 0:
        c.value = x * x
    return x * (2.0 if hasattr(c, "value") else 3.0)


@case(num(-2, 2), expect="either")
def default_for_a_key_of_one_path(x):
    d = {"a": x}
    if x > 0:
        d["b"] = x * x
    return d.get("b", 7.0 * x) * d["a"]


@case(num(-2, 2), expect="either")
def popped_on_one_path(x):
    d = {"a": x, "b": 2.0 * x}
    if x > 0:
        d.pop("b")
    s = 0.0
    for v in d.values():
        s = s * 2.0 + v
    return s


@case(num(-2, 2), expect="either", seeds=12)
def order_that_depends_on_the_path(x):
    d = {}
    if x > 0:
        d["a"] = x
        d["b"] = 3.0 * x
    else:
        d["b"] = 3.0 * x
        d["a"] = x
    s = 0.0
    for v in d.values():
        s = s * 2.0 + v
    return s


@case(num(0.5, 2), expect="either")
def order_after_pop(x):
    d = {"a": x, "b": 3.0 * x}
    d["a"] = d.pop("a") * 2.0
    s = 0.0
    for v in d.values():
        s = s * 2.0 + v
    return s


@case(num(0.5, 2), expect="either")
def list_written_while_iterated(x):
    xs = [x, 2.0 * x, 3.0 * x]
    s = 0.0
    for k, v in enumerate(xs):
        if k < 2:
            xs[k + 1] = xs[k + 1] + v * v
        s += v
    return s


@case(num(0.5, 2), expect="either")
def list_appended_while_iterated(x):
    xs = [x]
    s = 0.0
    for v in xs:
        if len(xs) < 4:
            xs.append(v * 1.5)
        s = s * 0.5 + v
    return s


@case(num(0.5, 2), expect="either")
def dict_written_while_iterated(x):
    d = {"a": x, "b": 2.0}
    s = 0.0
    for k, v in d.items():
        d["b"] = x * x
        s = s * 3.0 + v
    return s


@case(num(0.5, 2), expect="either")
def view_sees_what_comes_later(x):
    d = {"a": x}
    values = d.values()
    d["b"] = x * x
    return sum(values)


@case(num(0.5, 2), expect="either")
def iterator_twice(x):
    g = (v * x for v in (1.0, 2.0, 3.0))
    return sum(g) + 10.0 * sum(g)


@case(num(0.5, 2), expect="either")
def iterator_in_a_loop(x):
    g = map(lambda v: v * x, (1.0, 2.0, 3.0))
    s = 0.0
    for k in range(3):
        for v in g:
            s += v * (k + 1)
    return s


@case(num(0.5, 2), expect="either")
def iterator_zipped_with_itself(x):
    it = iter([x, 2.0, 3.0 * x, 4.0])
    s = 0.0
    for a, b in zip(it, it):
        s += a * b * b
    return s


@case(num(0.5, 2), expect="either")
def iterator_used_up_in_part(x):
    it = iter([x, 2.0, 3.0 * x, 4.0])
    for a in it:
        break
    return a + sum(it)


@case(num(0.5, 2), expect="either")
def reversed_twice(x):
    r = reversed([x, 2.0])
    a = list(r)
    b = list(r)
    return a[0] * a[1] + 10.0 * len(b) * x


@case(num(-2, 2), expect="either")
def try_that_rebinds_structure(x):
    d = {"a": x}
    e = {"a": 2.0 * x}
    try:
        d = e
        y = math.sqrt(x)
    except ValueError:
        y = d["a"]
    return y + d["a"]


@case(num(-2, 2), expect="either")
def try_that_writes_a_constant(x):
    d = {"a": 1.0}
    try:
        d["a"] = 5.0
        y = math.sqrt(x)
    except ValueError:
        y = x
    return y * d["a"]


@case(num(-2, 2), expect="either")
def try_that_swaps(x):
    a, b = (x, 1.0), (2.0 * x, 3.0)
    try:
        a, b = b, a
        y = math.sqrt(x)
    except ValueError:
        y = a[0]
    return y * a[1] + b[0]


@case(num(-2, 2), expect="either")
def try_that_appends(x):
    xs = [x]
    try:
        xs.append(x)
        y = math.sqrt(x)
    except ValueError:
        y = x * len(xs)
    return y


@case(num(0.5, 2), whole(0, 4), expect="either")
def constant_written_before_break(x, n):
    for k in range(3):
        p = {"a": x * k}
        if k == n:
            p["a"] = 5.0
            break
        p["a"] = 7.0
    return p["a"] * x


@case(num(0.5, 2), whole(0, 4), expect="either")
def constant_attribute_before_break(x, n):
    b = Box(x)
    for k in range(3):
        if k == n:
            b.value = 5.0
            break
        b.value = 7.0
    return b.value * x


@case(num(0.5, 2), whole(1, 4))
def structure_of_the_last_turn(x, n):
    for k in range(n):
        p = (x * k, {"a": x + k})
    return p[0] * p[1]["a"]


@case(num(0.5, 2), expect="either")
def structure_of_the_turn_before(x):
    s = 0.0
    for k in range(4):
        if k > 0:
            s += a * b  # noqa: F821
        y = x * k
        (a, b) = (y, y * 2.0)
    return s


@case(num(0.5, 2))
def tuple_of_the_turn_before(x):
    p = (0.0, 0.0)
    s = 0.0
    for k in range(4):
        s += p[0] * p[1] + x
        y = x * k
        p = (y, y * 2.0)
    return s


@case(num(0.5, 2), expect="either")
def tuple_identity(x):
    p = (x, 2.0)
    q = p
    return x * 2.0 if q is p else x * 3.0


@case(num(0.5, 2), expect="either")
def list_equality(x):
    xs = [x, 2.0]
    ys = [x, 2.0]
    a = 2.0 if xs == ys else 3.0
    b = 2.0 if xs is ys else 3.0
    return x * a * b


@case(num(0.5, 2), expect="either")
def key_that_equals_another(x):
    d = {1: x, 2: 5.0}
    d[True] = x * x
    d[2.0] = x * 7.0
    return d[1] * d[2] * len(d)


@case(lambda d: {"a": d.normal(), "b": d.normal(3)})
def writes_into_the_argument(p):
    p["a"] = p["a"] * 3.0
    p["b"] = p["b"] * p["a"]
    p["c"] = p["a"]
    return np.sum(p["b"]) * p["c"]


@case(lambda d: {"a": d.normal(), "b": d.normal(3)})
def writes_into_arrays_of_the_argument(p):
    p["b"][0] = p["a"] * p["b"][1]
    b = p["b"]
    b *= 2.0
    return np.sum(p["b"] * p["b"]) * p["a"]


@case(lambda d: Box(d.normal(3)))
def writes_into_the_argument_object(b):
    b.value[1] = b.value[0] * 2.0
    b.value = b.value * b.value
    b.other = b.value[2]
    return np.sum(b.value) * b.other


@case(lambda d: [d.normal(), d.normal()])
def appends_to_the_argument(xs):
    xs.append(xs[0] * xs[1])
    xs[0] = xs[2] * 2.0
    return sum(xs)


def _twice_the_same(d):
    b = d.normal(3)
    return {"a": b, "b": b}


@case(_twice_the_same, expect="either")
def one_array_under_two_keys_written(p):
    p["a"][0] = 5.0 * p["b"][1]
    return np.sum(p["b"] * p["b"])


def _shared_object(d):
    b = Box(d.normal())
    return [b, b]


@case(_shared_object, expect="either")
def one_object_twice_in_the_argument_written(boxes):
    boxes[0].value = boxes[0].value * 3.0
    return boxes[1].value * boxes[1].value


@case(_shared_object, expect="either", tags=("dead lines",))
def one_object_twice_in_the_argument_asked(boxes):
    if boxes[0] is boxes[1]:
        return boxes[1].value * boxes[1].value
    return boxes[1].value


def _cycle(d):
    b = Box(d.normal(), Box(d.normal()))
    b.other.other = b
    return b




@case(num(0.5, 2), expect="either")
def cycle_made_inside(x):
    b = Box(x, Box(2.0 * x))
    b.other.other = b
    s = 0.0
    for _ in range(3):
        s += b.value
        b = b.other
        b.value = b.value * 1.1
    return s


@case(lambda d: Pair(d.normal(), d.normal(3)))
def named_tuple_replaced(p):
    q = p._replace(a=p.a * 2.0)
    r = q._asdict()
    return q.a * np.sum(r["b"]) * p.a + q[0]


@dataclasses.dataclass(frozen=True)
class Frozen:
    a: float
    b: float = 2.0

    def moved(self, by):
        return dataclasses.replace(self, a=self.a + by)


@case(lambda d: Frozen(d.normal(), d.normal()))
def frozen_replaced(p):
    q = p.moved(p.b)
    return q.a * q.b * p.a


@case(num(0.5, 2), expect="either", raises=dataclasses.FrozenInstanceError)
def frozen_written(x):
    p = Frozen(x)
    p.a = 3.0 * x
    return p.a


@dataclasses.dataclass
class Written:
    a: float
    w: float


@case(num(), lambda d: Written(d.normal(), d.normal()), 3, wrt=(0, 1))
def written_by_a_later_operand(x, h, n):
    """``h`` is asked for before a function writes into it, in a loop that the turns share a variable in."""

    def g(u):
        for _ in range(n):
            h.a = 0.5 * h.a + math.sin(x) * u
        return u * x

    setattr(h, "w", g(h.w))
    return h.a * g(2.0) + h.a * h.w
