"""None at first, and a tuple from some turn, branch or call on: the best so far, a bracket, what has been hit."""

import math
from typing import NamedTuple

import numpy as np
from case import Case, array, listed, mat, num, vec

CASES: list[Case] = []
case = listed(CASES)

NUMBERS = [1.3, 0.2, 2.1, 0.9, 1.7, 0.5]


@case(NUMBERS, num(), wrt=(0, 1))
def best_so_far(xs, a):
    best = None
    for v in xs:
        d = (v - a) ** 2
        if best is None or d < best[0]:
            best = (d, v)
    d, v = best
    return d * v


@case(vec(5), num(), wrt=(0, 1))
def best_place(x, a):
    best = None
    for i in range(len(x)):
        d = abs(x[i] - a)
        if best is None or d < best[0]:
            best = (d, i)
    return best[0] * x[best[1]] + best[1] * a


@case(mat(4, 4), vec(4), wrt=(0, 1))
def best_pair_of_rows(A, v):
    best = None
    for i in range(4):
        for j in range(i):
            d = (A[i] - A[j]) @ v
            if best is None or d > best[0]:
                best = (d, (A[i], j))
    d, (row, j) = best
    return d + row @ v * j


class Hit(NamedTuple):
    distance: float
    at: float


@case(NUMBERS, num(), wrt=(0, 1))
def named_tuple_at_last(xs, a):
    hit = None
    for v in xs:
        d = abs(v - a)
        if hit is None or d < hit.distance:
            hit = Hit(d, v)
    return hit.distance * hit.at


def first_above(xs, a):
    for i, v in enumerate(xs):
        if v > a:
            return i, v
    return None


@case(NUMBERS, num(0.5, 3.0), wrt=(0, 1), seeds=8)
def found_by_a_function(xs, a):
    found = first_above(xs, a)
    if found is None:
        return a * a
    i, v = found
    return v * (i + 1) + a


@case(NUMBERS, num(9.5, 9.6), wrt=(0, 1))
def not_found_by_a_function(xs, a):
    found = first_above(xs, a)
    if found is None:
        return a * a
    i, v = found
    return v * (i + 1) + a


def met(along, center, r):
    b = -2 * sum(p * q for p, q in zip(along, center))
    c = sum(q * q for q in center) - r * r
    disc = b * b - 4 * c
    if disc < 0:
        return None
    return (-b - math.sqrt(disc)) / 2, r


@case([[0.1, 0.2, 3.0], [0.3, 0.1, 2.5], [5.0, 1.0, 2.0]], num(0.6, 0.8), wrt=(0, 1))
def nearest_sphere(centers, r):
    best = None
    for center in centers:
        hit = met((0.0, 0.0, 1.0), center, r)
        if hit is not None and (best is None or hit[0] < best[0]):
            best = hit
    return best[0] ** 2 + best[1] if best is not None else 0.0


@case([1.3, 1.2, 0.2, 2.1, 0.9, 1.7, 1.5])
def runs_that_end(xs):
    run = None
    total = 0.0
    for v in xs:
        if v > 1.0:
            run = (v, 1) if run is None else (run[0] + v, run[1] + 1)
        else:
            if run is not None:
                total += run[0] / run[1]
            run = None
    if run is not None:
        total += run[0] ** 2
    return total


@case(NUMBERS)
def first_and_second(xs):
    first = second = None
    for i, v in enumerate(xs):
        if first is None or v > first[0]:
            second = first
            first = (v, i)
        elif second is None or v > second[0]:
            second = (v, i)
    return first[0] * second[0] + first[1] * second[0]


@case(NUMBERS)
def bracket(xs):
    found = None
    for p, q in zip(xs, xs[1:]):
        if p < 1.0 <= q:
            found = (p, q)
            break
    if found is None:
        return 0.0
    lo, hi = found
    return (1.0 - lo) / (hi - lo)


@case(NUMBERS, num(), wrt=(0, 1))
def with_the_one_before(xs, a):
    before = None
    best = None
    total = 0.0
    for v in xs:
        d = abs(v - a)
        if best is None or d < best[1]:
            best = (before, d)
            total += d
        before = v
    return best[1] * a + total


@case(NUMBERS, num(), wrt=(0, 1))
def of_nothing_yet(xs, a):
    before = None
    best = None
    total = 0.0
    for v in xs:
        if best is None:
            total += v * v
        best = (before, before)
        before = v
    return total + best[0] * a


@case(NUMBERS, num(), wrt=(0, 1))
def asked_for_its_class(xs, a):
    best = None
    for v in xs:
        if v > 100.0:
            best = (v, a)
    return sum(xs) * best[0] if isinstance(best, tuple) else a * a * xs[0]


@case(NUMBERS, num(), wrt=(0, 1), expect="refused")
def least_of_two_tuples(xs, a):
    best = None
    for i, v in enumerate(xs):
        one = ((v - a) ** 2, i)
        best = one if best is None else min(best, one)
    return best[0] * xs[best[1]]


class Tracker:
    def __init__(self, a):
        self.a = a
        self.best = None

    def see(self, v):
        d = (v - self.a) ** 2
        if self.best is None or d < self.best[0]:
            self.best = (d, v)


@case(NUMBERS, num(), wrt=(0, 1))
def in_an_attribute(xs, a):
    tracker = Tracker(a)
    for v in xs:
        tracker.see(v)
    return tracker.best[0] * tracker.best[1]


@case(num(0.5), num(0.6), wrt=(0, 1), seeds=8)
def in_one_branch(a, b):
    pair = None
    if a < b:
        pair = (a, a * b)
    if pair:
        return pair[0] * pair[1]
    return b


@case(vec(4), num(0.5), num(0.1, 0.6), wrt=(0, 1, 2), seeds=6)
def returned_within_a_with(x, a, b):
    tracker = Tracker(x * a)
    t = 0.21 + b * b
    while t > 0.3:
        with np.errstate(all="ignore"):
            tracker = Tracker(np.sin(tracker.a))
            return np.sum(np.sin(tracker.a)) + b
    return np.sum(x)


class Arrow:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __sub__(self, o):
        return Arrow(self.x - o.x, self.y - o.y)

    def __mul__(self, s):
        return Arrow(self.x * s, self.y * s)

    __rmul__ = __mul__

    def __matmul__(self, o):
        return self.x * o.x + self.y * o.y

    def reaches(self, o):
        along = self @ o
        return along if along > 0.4 else None


@case(num(0.5), num(0.6), wrt=(0, 1), seeds=6, tags=("dead lines",))
def a_number_or_none(a, b):
    nearest, best = 9.0, None
    ahead = Arrow(a, b)
    for arrow in (Arrow(b, 1.0), Arrow(0.3, a), Arrow(-1.0, 0.2)):
        t = ahead.reaches(arrow)
        if t is not None and t < nearest:
            nearest, best = t, arrow
    if best is None:
        return a * b
    turned = ahead - 2.0 * (ahead @ best) * best
    return turned.x * turned.y + nearest * (nearest * turned).x


@case(vec("n"), num(0.5), wrt=(0, 1))
def the_one_before(xs, a):
    before = None
    s = 0.0
    for x in xs:
        if before is not None:
            s += a * (x - before) ** 2 + np.exp(before)
        before = x * a
    return s * before


@case(array("n", 2))
def unpacked_into_functions(points):
    length = 0.0
    last = None
    for p in points:
        if last is not None:
            length += np.hypot(*(p - last)) + math.atan2(*[2.0 * q + 9.0 for q in p])
        last = p * p
    return length
