"""Functions that yield, to loops and to ``with``; generators, ``any``, ``next`` and messages where more is done than an item given, in order."""

# ruff: noqa: B007, B905, C416, RUF007 - as people write them
from __future__ import annotations

import contextlib
import itertools
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from case import Case
from harness import verify

import tangent_like as tl


def time_steps(t0, t1, n):
    dt = (t1 - t0) / n
    for k in range(n):
        yield t0 + k * dt, dt


def euler_gen(k, y0):
    y = y0
    for t, dt in time_steps(0.0, 1.0, 8):
        y = y + dt * (-k * y + math.sin(t))
    return y


def logistic_map(r, x):
    while True:
        x = r * x * (1 - x)
        yield x


def orbit(r, x):
    return sum(itertools.islice(logistic_map(r, x), 5))


def orbit_break(r, x):
    s = 0.0
    for k, v in enumerate(logistic_map(r, x)):
        if k >= 6 or v < 1e-3:
            break
        s += v * k
    return s


def orbit_zip(r, x, w):
    return sum(a * b for a, b in zip(w, logistic_map(r, x)))


def orbit_zip2(r, x, w):
    s = 0.0
    for a, b in zip(logistic_map(r, x), w):
        s += a * b
    return s


def orbit_ret(r, x):
    for v in logistic_map(r, x):
        if v < 0.3:
            return v * r
        x = x + v
        if x > 4:
            return x


def sliding(xs, n):
    for i in range(len(xs) - n + 1):
        yield xs[i : i + n]


def mov_avg(x):
    m = [np.mean(w) for w in sliding(x, 3)]
    return sum(v * v for v in m) + max(m)


def frames(a):
    T = np.eye(2)
    for th in a:
        T = T @ np.array([[np.cos(th), -np.sin(th)], [np.sin(th), np.cos(th)]])
        yield T


def last_frame(a):
    *_, last = frames(a)
    return last[0, 1] + sum(T[0, 0] ** 2 for T in frames(a))


def inplace_state(x):
    v = x.copy()
    for _ in range(3):
        v *= 1.5
        v[0] += v[-1] ** 2
        yield v


def use_inplace(x):
    s = 0.0
    for v in inplace_state(x):
        s += np.sum(v**2)
    return s


def use_inplace_list(x):
    vs = list(inplace_state(x))
    return np.sum(vs[0] * vs[2])


def consumer_writes(x):
    x = x.copy()

    def rows():
        for i in range(len(x)):
            yield x[i] * 2

    s = 0.0
    for i, r in enumerate(rows()):
        if i + 1 < len(x):
            x[i + 1] += r
        s += r**2
    return s


class Walker:
    def __init__(self, a, kids=()):
        self.a, self.kids = a, kids

    def __iter__(self):
        yield self.a
        for k in self.kids:
            yield from k


def tree_sum(a, b):
    t = Walker(a, [Walker(b), Walker(a * b, [Walker(b * b)])])
    return sum(v**2 for v in t) + max(t)


class Sim:
    def __init__(self, k):
        self.k, self.x, self.v = k, 1.0, 0.0

    def run(self, n):
        for i in range(n):
            self.v -= 0.1 * self.k * self.x
            self.x += 0.1 * self.v
            yield i, self.x


def sim(k):
    s = Sim(k)
    tot = 0.0
    for i, x in s.run(6):
        tot += x * x
        if i == 2:
            s.k *= 2
        if i == 4:
            break
    return tot + s.x + s.v


def nested_break(a):
    def grid():
        for i in range(4):
            for j in range(4):
                yield i, j, a**i * j

    s = 0.0
    for i, j, v in grid():
        if v > 3:
            break
        if (i + j) % 3 == 0:
            continue
        s += v
    else:
        s -= 100.0
    return s


def cond_yield(x):
    def pos():
        for v in x:
            if v > 0:
                yield v
            elif v < -1:
                yield -v
                yield v * v
        yield 1.0

    return sum(v * v for v in pos()) * len([v for v in pos()]) + max(pos())


def early_return(x):
    def upto():
        for v in x:
            if v > 1:
                return
            yield v
        yield 2.0

    return math.prod(v + 2 for v in upto())


def fib_like(a, b):
    while True:
        yield a
        a, b = b, a + b * 0.5


def take_while(a):
    return sum(itertools.takewhile(lambda v: v < 6, fib_like(a, a * a)))


def bound_later(a):
    g = time_steps(a, 2 * a, 4)
    a = a * 3
    return sum(t * d for t, d in g) * a


def counts(a):
    return list(zip(range(4), fib_like(a, 1.0)))[-1][1] + dict(enumerate(itertools.islice(fib_like(a, 2.0), 2, 4)))[1]


def sorted_gen(x):
    def sq():
        for v in x:
            yield v * v, v

    s = sorted(sq(), key=lambda p: p[0])
    return s[0][1] * 3 + s[-1][0]


def chained(x):
    return sum(itertools.chain(sliding2(x), [1.0]))


def sliding2(x):
    for a, b in zip(x, x[1:]):
        yield a * b


def genexp_break(x):
    s = 0.0
    for v in (a * b for a in x for b in x):
        if v > 1.0:
            break
        s += v
    return s


def arr_gen(x):
    return np.sum(np.array(list(sliding2(x))) ** 2) + np.fromiter(sliding2(x), float).sum()


def any_gen(x):
    return x.sum() if any(v > 0 for v in sliding2(x)) else x.prod()


def numbered_over_what_turns_write(x):
    x = x.copy()
    s = 0.0
    for i, v in enumerate(x[k] * 2 for k in range(len(x))):
        if i + 1 < len(x):
            x[i + 1] += v
        s += v * v
    return s


def numbered_by_what_turns_bind(x, c):
    s = 0.0
    for i, v in enumerate(c * u for u in x):
        c = c + v
        s += v * v
    return s


def beside_what_turns_bind(x, c):
    s = 0.0
    for a, v in zip(x, (c * u for u in x)):
        c = c + v * a
        s += v * v
    return s


class Held:
    c = 0.0


def of_an_attribute_that_turns_set(x, c):
    h = Held()
    h.c = c
    s = 0.0
    for a, v in zip(x, (h.c * u for u in x)):
        h.c = h.c + v * a
        s += v * v
    return s


def of_a_list_by_what_turns_bind(x, c):
    s = 0.0
    for i, v in enumerate(c * u for u in [x[0], x[1] * 2, x[2]]):
        c = c + v
        s += v * v * i
    return s


def two_loops_left(x, c):
    s = 0.0
    for v in (a * b for a in x for b in x):
        if v > 0.5:
            break
        s += v
    return s


def two_loops_filtered_and_left(x, c):
    s = 0.0
    for v in filter(lambda q: q > -1, (a * b for a in x for b in x)):
        if v > 0.5:
            break
        s += v
    return s


def two_loops_left_by_return(x, c):
    for v in (a * b for a in [x[0], x[1]] for b in x):
        if v > 0.5:
            return v * c
        c = c + v
    return c


def some_of_them(x, c):
    s = 0.0
    for i, v in enumerate(itertools.islice((c * u for u in x), 2)):
        c = c + v
        s += v * v
    return s


def as_long_as_it_is_small(x, c):
    s = 0.0
    for v in itertools.takewhile(lambda u: u * c < 1, (u * c for u in x)):
        c = c + v * 0.1
        s += v
    return s


class Log:
    def __init__(self):
        self.t = 1.0
        self.xs = []

    def __call__(self, v):
        self.t = self.t * 0.5 + v
        self.xs.append(v)
        return self.t


def any_of_what_is_noted(xs):
    seen = []

    def chk(v):
        seen.append(v * v)
        return v > 0

    r = any(chk(v) for v in xs)
    return sum(seen) * (2.0 if r else 1.0)


def all_of_what_is_summed(xs):
    n = 0.0

    def chk(v):
        nonlocal n
        n += v * v
        return v > 0

    r = all(chk(v) for v in xs)
    return n * (2.0 if r else 1.0)


def put(y, k, v):
    y[k] = v * v
    return v > 0.2


def any_of_what_is_put(xs):
    y = np.zeros(len(xs))
    r = any(put(y, k, v) for k, v in enumerate(xs))
    return np.sum(y) * (2.0 if r else 1.0)


def next_by_what_changes(xs):
    c = xs[0]
    g = (c * x for x in xs)
    a = next(g)
    c = 2 * c
    return a * next(g)


def next_of_what_changes(xs):
    xs = list(xs)
    g = zip(xs, [2.0, 3.0, 4.0, 5.0])
    a = next(g)
    xs[1] = 9 * xs[0]
    b = next(g)
    return a[0] * b[0] + sum(p * q for p, q in g)


def next_of_calls(xs):
    f = Log()
    g = (f(x) for x in xs)
    return next(g) * f.t + sum(g) * f.t


def next_of_mapped_calls(xs):
    f = Log()
    it = map(f, xs)
    a = next(it)
    f.t = 9.0
    return a + next(it) * f.t


def a_message_that_does_more(xs):
    f = Log()
    assert f(xs[0]) < 100, f(xs[1])
    print(f"{f(xs[2]):.3f}", f(xs[3]))
    return f.t


@contextlib.contextmanager
def scaled(store, key, factor):
    old = store[key]
    store[key] = old * factor
    try:
        yield store
    finally:
        store[key] = old


def scaled_for_a_while(a, b):
    params = {"a": a, "b": b}
    r = 0.0
    with scaled(params, "a", 2.0) as p:
        r += p["a"] * p["b"]
        with scaled(params, "b", b) as q:
            r += q["a"] - q["b"] ** 2
    return r + params["a"] * params["b"]


@contextlib.contextmanager
def doubling(x):
    yield 2 * x


def two_that_give_values(a, b):
    with doubling(a) as y, doubling(b) as z:
        y = y * z
    return y * a


@contextlib.contextmanager
def timer(label):
    t = time.perf_counter()
    yield
    print(label, "took", time.perf_counter() - t > -1)


def timed(a, b):
    with timer("x"):
        y = a * b
    return y * y


class Spring:
    def __init__(self, k):
        self.k = k


@contextlib.contextmanager
def temporarily(o, v):
    o.k, old = v, o.k
    yield o.k * old
    o.k = old


def left_within_a_loop(a, b):
    s = Spring(a)
    t = 0.0
    for i in range(3):
        with temporarily(s, b * i) as w:
            t += w * s.k
            if t > 5:
                break
    return t + s.k


def returned_within(a, b):
    s = Spring(a)
    with temporarily(s, b) as w:
        if w > 0.5:
            return s.k * w
        s.k = w
    return s.k * a


@contextlib.contextmanager
def seeded(x, n):
    v = x.copy()
    for k in range(n):
        v *= 1.1
    yield v
    v[:] = 0.0


def emptied_behind(x, b):
    with seeded(x, 2) as v:
        s = np.sum(v * b)
    return s + np.sum(v)


def vector(rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.normal(size=5),)


def number(rng: np.random.Generator) -> tuple[Any, ...]:
    return (float(rng.uniform(1.0, 1.2)),)


def two_numbers(rng: np.random.Generator) -> tuple[Any, ...]:
    return float(rng.uniform(2.0, 3.0)), float(rng.uniform(0.1, 0.9))


def with_weights(rng: np.random.Generator) -> tuple[Any, ...]:
    return *two_numbers(rng), rng.normal(size=3)


def numbers(rng: np.random.Generator) -> tuple[Any, ...]:
    return (rng.normal(size=4).tolist(),)


def both(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=4), float(rng.uniform(0.5, 1.5))


def vector_and_number(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=3), float(rng.uniform(0.5, 1.5))


PROGRAMS: list[tuple[Callable[[np.random.Generator], tuple[Any, ...]], list[Callable[..., Any]]]] = [
    (vector_and_number, [emptied_behind]),
    (vector, [mov_avg, last_frame, use_inplace, consumer_writes, cond_yield, early_return, sorted_gen, chained,
              genexp_break, arr_gen, any_gen, numbered_over_what_turns_write]),
    (number, [sim, nested_break, take_while, bound_later, counts]),
    (two_numbers, [euler_gen, orbit, orbit_break, orbit_ret, tree_sum]),
    (numbers, [any_of_what_is_noted, all_of_what_is_summed, any_of_what_is_put, next_by_what_changes,
               next_of_what_changes, next_of_calls, next_of_mapped_calls, a_message_that_does_more]),
    (two_numbers, [scaled_for_a_while, two_that_give_values, timed, left_within_a_loop, returned_within]),
    (with_weights, [orbit_zip, orbit_zip2]),
    (both, [numbered_by_what_turns_bind, beside_what_turns_bind, of_an_attribute_that_turns_set, of_a_list_by_what_turns_bind, two_loops_left, two_loops_filtered_and_left, two_loops_left_by_return, some_of_them, as_long_as_it_is_small]),
]
CASES = [Case(f, make, tuple(range(len(make(np.random.default_rng(0)))))) for make, found in PROGRAMS for f in found]


@pytest.mark.parametrize("case", CASES, ids=[c.title for c in CASES])
def test_right(case: Case) -> None:
    verdict = verify(case, tl, range(2), limit=60)
    assert verdict.kind == "right", verdict.message


def test_a_list_of_one_array_that_is_written_is_refused() -> None:
    with pytest.raises(tl.DifferentiationError, match="may hold the same memory"):
        tl.grad(use_inplace_list)(np.ones(3))


def test_next_is_refused() -> None:
    with pytest.raises(tl.DifferentiationError, match="next of a function that yields"):
        tl.grad(lambda a: next(fib_like(a, a)))(1.0)


def flag_and_counter(a: float) -> float:
    going, k, x, b, total = True, 0, a, 1.0, 0.0
    while True:
        place = k
        k = k + 1
        total = total + place * x
        if k >= 4:
            going = False
        if not going:
            break
        x, b = b, x + b * 0.5
    return total


def test_a_flag_that_the_turn_itself_asks_is_kept() -> None:
    verdict = verify(Case(flag_and_counter, number), tl, range(2), limit=60)
    assert verdict.kind == "right", verdict.message


def chained_by_what_turns_bind(x: Any, c: float) -> float:
    for v in itertools.chain((c * u for u in x), [1.0]):
        c = c + v
    return c


def filtered_by_what_turns_bind(x: Any, c: float) -> float:
    for k, v in enumerate(filter(lambda u: u * c > 0, x)):
        c = c - 2 * v * k
    return c


def summed_by_what_turns_bind(x: Any, c: float) -> float:
    for v in itertools.accumulate(c * u for u in x):
        c = c + v
    return c


def added_up_by_what_turns_bind(x: Any, c: float) -> float:
    for v in itertools.accumulate(x, lambda p, q: p + q * c):
        c = c + v
    return c


@pytest.mark.parametrize(
    "f",
    [
        chained_by_what_turns_bind,
        filtered_by_what_turns_bind,
        summed_by_what_turns_bind,
        added_up_by_what_turns_bind,
    ],
)
def test_what_would_be_read_too_early_is_refused(f: Callable[..., Any]) -> None:
    with pytest.raises(tl.DifferentiationError, match="before its turns change what that reads"):
        tl.grad(f, (0, 1))(np.array([0.5, -0.3, 1.2]), 0.7)


def added_up(x: Any, c: float) -> Any:
    return sum(v * c for v in itertools.accumulate(x, lambda p, q: p + q * c))


def test_what_turns_leave_alone_is_taken() -> None:
    verdict = verify(Case(added_up, both, (0, 1)), tl, range(2), limit=60)
    assert verdict.kind == "right", verdict.message
