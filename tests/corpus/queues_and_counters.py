"""Heaps that are attributes or hold objects, and iterators that objects hold: event queues, counters, what comes in turn."""

from __future__ import annotations

import copy
import heapq
import itertools
from dataclasses import dataclass, field

from case import Case, takes, vec


@dataclass(order=True)
class Ev:
    time: float
    size: float = field(compare=False)


class Job:
    def __init__(self, t, k):
        self.t, self.k = t, k
    def __lt__(self, other):
        return self.t < other.t


class PQ:
    def __init__(self):
        self.heap = []
        self.c = itertools.count()
    def push(self, p, x):
        heapq.heappush(self.heap, (p, next(self.c), x))
    def pop(self):
        return heapq.heappop(self.heap)[2]
    def __len__(self):
        return len(self.heap)


class Simulation:
    def __init__(self):
        self.queue, self.t, self.n = [], 0.0, itertools.count()

    def at(self, t, x):
        heapq.heappush(self.queue, (t, next(self.n), x))
    def run(self):
        s = 0.0
        while self.queue:
            t, _, x = heapq.heappop(self.queue)
            s += x * (t - self.t)
            self.t = t
            if x > 0.6:
                self.at(t + 0.17, x * 0.5)
        return s


def events_of_a_class(v, w):
    s = Simulation()
    for a, b in zip(v, w):
        s.at(a, b)
    return s.run()


def given_to_a_function(v, w):
    def put(q, a):
        heapq.heappush(q, a)
    q = []
    for a in v:
        put(q, a)
    s = 0.0
    while len(q) > 1:
        s = 0.5 * s + heapq.heappop(q) * q[1 % len(q)]
    return s


def dataclasses_in_order(v, w):
    q = []
    for a, b in zip(v, w):
        heapq.heappush(q, Ev(a, b))
    t, s = 0.0, 0.0
    while q:
        e = heapq.heappop(q)
        s += e.size * (e.time - t)
        t = e.time
        if e.time < 0.52:
            heapq.heappush(q, Ev(e.time + 0.27, e.size * 0.5))
    return s


def objects_that_say_which_is_less(v, w):
    q = [Job(a, b) for a, b in zip(v, w)]
    heapq.heapify(q)
    s = 0.0
    while q:
        e = heapq.heappop(q)
        s = 0.5 * s + e.k * e.t
        if e.t < 0.52:
            heapq.heappush(q, Job(e.t + 0.27, e.k * 0.5))
    return s


def read_in_its_own_order(v, w):
    q = [a * b + 0.01 * a for a, b in zip(v, w)]
    heapq.heapify(q)
    heapq.heappushpop(q, v[0] * 0.33 + 0.011)
    heapq.heapreplace(q, w[1])
    return sum(x * (k + 1) for k, x in enumerate(q))


def a_queue_that_is_a_class(v, w):
    q = PQ()
    for a, b in zip(v, w):
        q.push(a, b)
    s = 0.0
    while q:
        s = 0.5 * s + q.pop()
    return s


def objects_sorted(v, w):
    ps = [Job(a, b) for a, b in zip(v, w) if a > 0.2]
    qs = sorted(ps)
    for k, q in enumerate(qs):
        q.k *= k + 1
    ps.sort()
    return sum(p.k * p.t * (j + 1) for j, p in enumerate(ps))


def shortest_path(v, w):
    graph = {0: [(1, v[0]), (2, v[1])], 1: [(3, v[2])], 2: [(1, v[3]), (3, v[4])], 3: []}
    dist = {0: 0.0}
    q = [(0.0, 0)]
    done = set()
    while q:
        d, n = heapq.heappop(q)
        if n in done:
            continue
        done.add(n)
        for m, c in graph[n]:
            if m not in dist or d + c < dist[m]:
                dist[m] = d + c
                heapq.heappush(q, (dist[m], m))
    return dist[3] ** 2


class Sim:
    def __init__(self, x):
        self.x = x
        self.ids = itertools.count()
        self.log = []
    def push(self, v):
        k = next(self.ids)
        self.log.append((k, v))
        self.x += v * k


class Cyc:
    def __init__(self, gains):
        self.g = itertools.cycle(gains)
    def step(self, x):
        return x * next(self.g)


class It:
    def __init__(self, xs):
        self.it = iter(xs)
    def step(self):
        return next(self.it, 0.0)
    def rest(self):
        return sum(self.it)


@dataclass
class Q:
    x: float
    ids: itertools.count = field(default_factory=itertools.count)


class Dice:
    def __init__(self, xs):
        self.xs = iter(xs)
    def roll(self):
        return next(self.xs)


def numbered(v, w):
    s = Sim(v[0])
    for u in w:
        s.push(u)
    return s.x * s.log[2][1]


def numbered_in_some_turns(v, w):
    s = Sim(v[0])
    for t in range(4):
        if v[t] > 0.35:
            s.push(w[t])
    return s.x * next(s.ids)


def gains_in_turn(v, w):
    c = Cyc([1.5, 0.5, w[0]])
    s = 0.0
    for u in v:
        s += c.step(u)
    return s


def the_rest_of_it(v, w):
    c = It([v[0], v[1], w[0]])
    a = c.step()
    return a * c.rest() + w[1]


def a_counter_each(v, w):
    q = Q(v[0])
    r = Q(v[1])
    next(q.ids)
    return next(q.ids) * q.x + (1 + next(r.ids)) * r.x


def draws_from_a_list(v, w):
    d = Dice(v)
    s = 0.0
    for k in range(3):
        s = 0.5 * s + d.roll() * w[k]
    return s


def gone_on_with(v, w):
    c = It([v[0], v[1], w[0]])
    a = c.step()
    b = c.rest()
    return a * b + c.rest()


def one_counter_for_two(v, w):
    n = itertools.count(1)
    class A:
        def __init__(self, n):
            self.n = n
    a, b = A(n), A(n)
    return next(a.n) * v[0] + next(b.n) * v[1]


def one_counter_copied(v, w):
    q = Q(v[0])
    r = copy.copy(q)
    next(q.ids)
    return (1 + next(q.ids)) * q.x + (1 + next(r.ids)) * r.x


def by_another_name(v, w):
    q = Q(v[0])
    c = q.ids
    next(c)
    return (1 + next(q.ids)) * q.x


def counted_and_zipped(v, w):
    q = Q(v[0])
    s = 0.0
    for k, u in zip(q.ids, v):
        s += k * u
    return s + next(q.ids) * w[0]


DEFAULTS = {"a": 1.0, "b": 2.0, "c": 0.5}


def twice_through(v, w):
    a, b = itertools.tee(v)
    next(b)
    return sum((y - x) ** 2 for x, y in zip(a, b)) * w[0]


def dicts_joined(v, w):
    over = {"a": v[0], "b": w[0]}
    p = DEFAULTS | over
    p |= {"c": w[1]}
    return p["a"] * p["b"] * p["c"]


def called_turn_by_turn_into_a_list(v, w):
    acc = [w[0]]

    def bump(t):
        acc[0] += t
        return t * acc[0]

    r = 0.0
    for i, x in enumerate(map(bump, (v[0], v[1]))):
        r += (i + 1) * x + acc[0] ** 2
    return r


def called_turn_by_turn_into_an_array(v, w):
    acc = w * 1.0

    def bump(t):
        acc[0] += t
        return t * acc[0]

    r = 0.0
    for i, x in enumerate(map(bump, (v[0], v[1]))):
        r += (i + 1) * x + acc[0] ** 2
    return r


ARGS = takes(vec(5, 0.21, 1.1), vec(5, 0.21, 1.1))
RIGHT = (
    events_of_a_class,
    given_to_a_function,
    dataclasses_in_order,
    objects_that_say_which_is_less,
    read_in_its_own_order,
    a_queue_that_is_a_class,
    objects_sorted,
    shortest_path,
    numbered,
    numbered_in_some_turns,
    gains_in_turn,
    the_rest_of_it,
    a_counter_each,
    draws_from_a_list,
    twice_through,
    dicts_joined,
)
REFUSED = (
    called_turn_by_turn_into_a_list,
    called_turn_by_turn_into_an_array,
    gone_on_with,
    one_counter_for_two,
    one_counter_copied,
    by_another_name,
    counted_and_zipped,
)
CASES = [
    *[Case(f, ARGS, wrt=(0, 1), tags=("dead lines",)) for f in RIGHT],
    *[Case(f, ARGS, wrt=(0, 1), expect="refused", tags=("dead lines",)) for f in REFUSED],
]
