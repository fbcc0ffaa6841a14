"""Parts of tuples that are passed, under the names that the program gives them: bound anew, written, read by the tuple."""

import math
from typing import NamedTuple

import numpy as np

from case import Case


class Point(NamedTuple):
    x: float
    y: float


def bound_anew_in_a_loop(params, y0, n):
    damping, omega = params
    angle, speed = y0
    for _ in range(n):
        speed = speed - 0.1 * (damping * speed + omega**2 * math.sin(angle))
        angle = angle + 0.1 * speed
    return angle * speed


def bound_anew_and_read_by_the_tuple(p):
    x, y = p
    x = x * y
    return x + p[0] * p[1] + y


def bound_before(p, s):
    x = s * 2.0
    z = x + 1.0
    x, y = p
    x = x * y
    return x + z


def under_a_name_of_another_argument(p, x):
    x, y = p
    return x * y * y


def twice_by_one_name(p, q):
    x, y = p
    x, z = q
    return x * y + z


def by_a_name_twice_in_one_line(p):
    _, _ = p
    x, x = p
    return x * x


def written_by_its_name(p):
    W, b = p
    W *= 2.0
    W[0] += b
    return np.sum(W * W) + b


def written_by_its_name_and_read_by_the_tuple(p):
    W, b = p
    W *= 2.0
    return np.sum(p[0] * W) * b


def one_array_twice(p):
    v, w = p
    v[0] = v[1] * 3.0
    return np.sum(v * w)


def shared_twice(rng):
    a = rng.normal(size=4)
    return ((a, a),)


def nested(p, x):
    (W, b), (c, d) = p
    h = np.tanh(W * x + b)
    b = b * d
    return np.sum(h * b) * c + d


def by_index(p):
    x = p[0]
    y = p[1]
    for _ in range(3):
        x = x * y
    return x + y


def named_tuple(p):
    x, y = p
    x = math.sin(x) * y
    return x + p.y


def changed_by_an_inner_function(p):
    x, y = p

    def step():
        nonlocal x
        x = x * y

    step()
    step()
    return x + y


def read_by_an_inner_function(p):
    x, y = p

    def first():
        return p[0] * y

    x = x + 1.0
    return first() * x


def handed_on_whole(p):
    x, y = p
    y = y * x
    return y + spread_out(p)


def spread_out(p):
    a, b = p
    b = a - b
    return a * b


def returned_early(p, s):
    if s > 0.0:
        return s * p[0]
    x, y = p
    x = x * y * s
    return x


def starred(p):
    first, *rest = p
    first = first * rest[0]
    return first + sum(rest)


def with_none(p):
    x, scale = p
    if scale is None:
        scale = x
    x = x * scale
    return x


def bound_anew_in_an_expression(p, s):
    x, y = p
    z = (x := x * s) + 1.0
    return z + p[0] * y * x


def bound_before_in_an_expression(p, s):
    z = (x := s * 2.0) + 1.0
    x, y = p
    return z + x * y + p[0]


def bound_anew_in_a_comprehension(p, s):
    x, y = p
    t = [x := x * s for _ in range(2)]
    return t[1] + p[0] * y


def pair(*makers):
    """One tuple of what the makers make."""
    return lambda rng: (tuple(make(rng) for make in makers),)


def number(rng):
    return float(rng.normal())


def positive(rng):
    return float(rng.uniform(0.5, 1.5))


def vector(rng):
    return rng.normal(size=4)


CASES = [
    Case(bound_anew_in_a_loop, lambda r: ((positive(r), positive(r)), (number(r), number(r)), int(r.integers(0, 4))), wrt=(0, 1), seeds=4),
    Case(bound_anew_and_read_by_the_tuple, pair(number, number)),
    Case(bound_anew_in_an_expression, lambda r: (*pair(number, number)(r), number(r)), wrt=(0, 1)),
    Case(bound_before_in_an_expression, lambda r: (*pair(number, number)(r), number(r)), wrt=(0, 1)),
    Case(bound_anew_in_a_comprehension, lambda r: (*pair(number, number)(r), number(r)), wrt=(0, 1)),
    Case(bound_before, lambda r: (*pair(number, number)(r), number(r)), wrt=(0, 1)),
    Case(under_a_name_of_another_argument, lambda r: (*pair(number, number)(r), number(r)), wrt=(0, 1)),
    Case(twice_by_one_name, lambda r: (*pair(number, number)(r), *pair(number, number)(r)), wrt=(0, 1)),
    Case(by_a_name_twice_in_one_line, pair(number, number)),
    Case(written_by_its_name, pair(vector, number)),
    Case(written_by_its_name_and_read_by_the_tuple, pair(vector, number)),
    Case(one_array_twice, shared_twice, expect="either"),
    Case(nested, lambda r: ((pair(vector, vector)(r)[0], pair(number, number)(r)[0]), vector(r)), wrt=(0, 1)),
    Case(by_index, pair(number, number)),
    Case(named_tuple, lambda r: (Point(number(r), number(r)),)),
    Case(changed_by_an_inner_function, pair(number, number)),
    Case(read_by_an_inner_function, pair(number, number)),
    Case(handed_on_whole, pair(number, number)),
    Case(returned_early, lambda r: (*pair(number, number)(r), number(r)), wrt=(0, 1), seeds=4),
    Case(starred, pair(number, number, number)),
    Case(with_none, lambda r: ((number(r), None),)),
]
