"""Lists of objects whose number only the run tells: filtered, grown on a path, written, put in order."""

from __future__ import annotations

import copy
import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from case import Case, num, takes, vec


class P:
    def __init__(self, u, v=1.0, tag="a", on=True):
        self.u, self.v, self.tag, self.on = u, v, tag, on

    def push(self, k):
        self.v += k * self.u
        return self

    @property
    def e(self):
        return self.u * self.v**2


@dataclass
class Photon:
    energy: float
    weight: float = 1.0
    alive: bool = True

    def scatter(self, loss):
        self.energy *= 1 - loss
        if self.energy < 0.3:
            self.alive = False


class Body:
    def __init__(self, pos, vel, mass=1.0):
        self.pos = np.array(pos, dtype=float)
        self.vel = np.array(vel, dtype=float)
        self.mass = mass
        self.force = np.zeros(2)


def bodies(x, k):
    found = [Body([math.cos(i), math.sin(i)], [0.1 * i, -0.2], m) for i, m in enumerate(x) if m > 0.2]
    for _ in range(3):
        for b in found:
            b.force[:] = 0.0
        for i, b in enumerate(found):
            for c in found[i + 1 :]:
                d = c.pos - b.pos
                f = k * b.mass * c.mass * d / (d @ d + 0.1)
                b.force += f
                c.force -= f
        for b in found:
            b.vel += 0.1 * b.force / b.mass
            b.pos += 0.1 * b.vel
    return sum(0.5 * b.mass * (b.vel @ b.vel) for b in found)


def transported(x, k):
    photons = [Photon(e) for e in x]
    deposited = 0.0
    for _ in range(4):
        for one in photons:
            before = one.energy
            one.scatter(0.2 * k)
            deposited += one.weight * (before - one.energy)
        photons = [one for one in photons if one.alive]
        if not photons:
            break
    return deposited + sum(one.energy**2 for one in photons)


def written_through_every_name(x, k):
    ps = [P(a) for a in x if a > 0.2]
    q = ps[0]
    for p in ps:
        p.v *= k
    q.u = q.u * 2.0
    return sum(p.e for p in ps) + q.v


def the_greatest_is_written(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    best = ps[0]
    for p in ps:
        if p.v > best.v:
            best = p
    best.v = best.v * k
    return sum(p.e for p in ps) + best.u


def max_and_identity(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    best = max(ps, key=lambda p: p.v)
    for p in ps:
        if p is not best:
            p.v = p.v + best.v * k
    return sum(p.e for p in ps)


def queue(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    s, n = 0.0, 0
    while ps and n < 10:
        p = ps.pop(0)
        n += 1
        s += p.e
        if p.v > 0.6:
            ps.append(P(p.u * 0.5, p.v * 0.5))
    return s


def stack(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    n = len(ps)
    while len(ps) > 1:
        a = ps.pop()
        b = ps.pop()
        ps.append(P(a.u + b.u, a.v * b.v))
    return ps[0].e * n


def flags_and_words(x, k):
    ps = [P(a, a * k, "a") for a in x if a > 0.2]
    for p in ps:
        if p.u > 0.9:
            p.on = False
            p.tag = "b"
    return sum(p.e for p in ps if p.on) + sum(p.u * k for p in ps if p.tag == "b")


def copies_of_them(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    qs = [copy.copy(p) for p in ps]
    for q in qs:
        q.v = q.v * k
    return sum(p.e for p in ps) + sum(q.e for q in qs)


def sorted_in_place(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    ps.sort(key=lambda p: p.v)
    ps[0].v = 3.0 * k
    return sum(p.e * i for i, p in enumerate(ps))


def sorted_anew(x, k):
    ps = sorted([P(a, a * k) for a in x if a > 0.2], key=lambda p: -p.v)
    return sum(p.e * i for i, p in enumerate(ps))


def generations(x, k):
    old = [P(a) for a in x if a > 0.2]
    for _ in range(3):
        new = []
        for p in old:
            new.append(P(p.u * k, p.v + p.u))
            if p.u > 0.9:
                new.append(P(p.u * 0.5 * k))
        old = new
    return sum(p.e for p in old)


def another_at_a_place(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    for i in range(len(ps)):
        ps[i] = P(ps[i].u * k, ps[i].v)
    n = P(k, k)
    ps[0] = n
    n.v = 4.0 * k
    return sum(p.e for p in ps)


def of_an_object(x, k):
    class System:
        def __init__(self):
            self.ps, self.t = [], 0.0

        def step(self, dt):
            for p in self.ps:
                p.push(dt)
            self.ps = [p for p in self.ps if p.v < 2.5]
            self.t += dt

    s = System()
    for a in x:
        if a > 0.2:
            s.ps.append(P(a))
    for _ in range(3):
        s.step(k)
    return sum(p.e for p in s.ps) + s.t


def pairs_of_neighbours(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    s = sum(p.e * q.u for p, q in zip(ps, ps[1:])) + ps[-1].e
    for p in ps:
        for q in ps:
            if p is q:
                continue
            s += p.u * q.v
    return s


def read_with_its_change(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]

    def moved(p):
        p.v = p.v + 1.0
        return p.v

    return sum(p.v + moved(p) + p.v for p in ps)


def deque_of_them(x, k):
    waiting = deque()
    for a in x:
        if a > 0.2:
            waiting.append(P(a, k))
    s = 0.0
    while waiting:
        p = waiting.popleft()
        s = s * k + p.e
    print(f"{len(waiting)} wait")
    return s


def joined_and_copied(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    qs = list(ps) + [P(k)]
    rest = tuple(p for p in qs if p.u > 0.5)
    return sum(p.e * i for i, p in enumerate(qs, 1)) + len(rest) * sum(p.v for p in filter(lambda p: p.u < 2, ps))


# -- what is in two lists, or has no place any more


def written_in_the_part(x, k):
    ps = [P(a) for a in x if a > 0.2]
    for p in [p for p in ps if p.u > 0.9]:
        p.v = k * p.u
    big = [p for p in ps if p.u > 0.9]
    for p in big:
        p.v = k * p.u
    return sum(p.e for p in ps)


def written_in_the_whole(x, k):
    ps = [P(a) for a in x if a > 0.2]
    big = [p for p in ps if p.u > 0.9]
    for p in ps:
        p.v = k * p.u
    return sum(p.e for p in big)


def kept_over_turns(x, k):
    ps = [P(a) for a in x if a > 0.2]
    before = ps
    for _ in range(2):
        before = ps
        ps = [p for p in ps if p.u > 0.4]
        for p in ps:
            p.v = p.v * k
    return sum(p.e for p in before)


def the_last_of_what_was(x, k):
    ps = [P(a) for a in x if a > 0.2]
    for p in ps:
        p.v = k
    ps = [q for q in ps if q.u > 0.9]
    for r in ps:
        r.v = 3.0 * k
    return sum(r.e for r in ps) + p.v


def twice_in_one(x, k):
    ps = []
    for a in x:
        if a > 0.2:
            p = P(a)
            ps.append(p)
            ps.append(p)
    for p in ps:
        p.v = p.v * k
    return sum(p.e for p in ps)


def moved_to_the_front(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    q = ps[1]
    ps.pop(0)
    q.v = 5.0 * k
    return sum(p.e for p in ps) + q.v


def replaced_and_written(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    q = ps[1]
    ps[1] = P(q.u * k, q.v)
    q.v = 4.0
    return sum(p.e for p in ps) + q.v


def written_behind_a_path(x, k):
    ps = []
    for a in x:
        p = P(a)
        if a > 0.5:
            ps.append(p)
        p.v = k * a
    return sum(p.e for p in ps)


def one_array_in_all(x, k):
    v = np.array([1.0, 2.0])
    ps = [P(a, v) for a in x if a > 0.2]
    ps[0].v[0] = k
    return sum(np.sum(p.v) * p.u for p in ps)


# -- None, or one of them


def the_greatest_of_all(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    best = None
    for p in ps:
        if best is None or p.v > best.v:
            best = p
    return best.e + sum(p.e for p in ps)


def the_nearest_is_written(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    near, d = None, math.inf
    for p in ps:
        if abs(p.v - 0.5) < d:
            d, near = abs(p.v - 0.5), p
    if near is not None:
        near.v = near.v * k * 2
    return sum(p.e for p in ps) + d


def one_above_each(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    s = 0.0
    for a in x:
        above = None
        for p in ps:
            if p.u > a + 0.01 and (above is None or p.u < above.u):
                above = p
        if above is None:
            s += a
        else:
            above.v += 0.1 * k
            s += above.u * a
    return s + sum(p.e for p in ps)


def the_one_before(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    before, s = None, 0.0
    for _ in range(2):
        for p in ps:
            if before is not None:
                s += p.u * before.v
                before.v = before.v * k
            before = p
    return s + sum(p.e for p in ps)


def kept_by_an_object(x, k):
    class Swarm:
        def __init__(self, ps):
            self.ps, self.best = ps, None

        def run(self):
            for p in self.ps:
                p.push(k)
                if self.best is None or p.e > self.best.e:
                    self.best = p

    swarm = Swarm([P(a, a * k) for a in x if a > 0.2])
    swarm.run()
    swarm.run()
    return sum(p.e for p in swarm.ps) + swarm.best.u


def the_greatest_has_moved(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    best = None
    for p in ps:
        if best is None or p.v > best.v:
            best = p
    ps.pop(0)
    return best.e + sum(p.e for p in ps)


def of_the_list_before(x, k):
    best = None
    for _ in range(2):
        ps = [P(a, a * k) for a in x if a > 0.2]
        for p in ps:
            if best is None or p.v > best.v:
                best = p
        ps[0].v = 5.0
    return best.e


# -- parts of a list that nothing reads any more when its objects are written


def pulled_to_neighbours(x, k):
    ps = [P(a, a * k) for a in x if a > 0.2]
    for p in ps:
        near = [q for q in ps if abs(q.u - p.u) < 0.4]
        m = sum(q.v for q in near) / len(near)
        p.v = p.v + k * (m - p.v)
    return sum(p.e for p in ps)


def read_behind_the_write(x, k):
    ps, s = [P(a, a * k) for a in x if a > 0.2], 0.0
    for p in ps:
        near = [q for q in ps if q.u > 0.5]
        p.v = p.v * k
        s += sum(q.v for q in near)
    return s


def read_in_the_next_turn(x, k):
    ps, s = [P(a, a * k) for a in x if a > 0.2], 0.0
    near = ps
    for p in ps:
        s += sum(q.v for q in near)
        near = [q for q in ps if q.u > 0.5]
        p.v = p.v * k
    return s


def read_by_a_function_inside(x, k):
    ps, s = [P(a, a * k) for a in x if a > 0.2], 0.0
    for p in ps:
        near = [q for q in ps if q.u > 0.5]
        total = lambda near=near: sum(q.v for q in near)
        p.v = p.v * k
        s += total()
    return s


ARGS = takes(vec(5, 0.3, 1.5), num(0.6, 0.9))
RIGHT = (
    bodies, transported, written_through_every_name, the_greatest_is_written, max_and_identity, queue, stack,
    flags_and_words, copies_of_them, sorted_in_place, sorted_anew, generations, another_at_a_place, of_an_object,
    pairs_of_neighbours, read_with_its_change, deque_of_them, joined_and_copied,
    the_greatest_of_all, the_nearest_is_written, one_above_each, the_one_before, kept_by_an_object,
    pulled_to_neighbours,
)  # fmt: skip
IN_SEVERAL = (
    written_in_the_part, written_in_the_whole, kept_over_turns, the_last_of_what_was, twice_in_one,
    moved_to_the_front, replaced_and_written, written_behind_a_path,
    the_greatest_has_moved, of_the_list_before, read_behind_the_write, read_by_a_function_inside,
)  # fmt: skip
REFUSED = (one_array_in_all, read_in_the_next_turn)
CASES = [
    *[Case(f, ARGS, wrt=(0, 1)) for f in RIGHT if f is not transported],
    Case(transported, ARGS, wrt=(0, 1), tags=("dead lines",)),
    Case(transported, takes(vec(5, 0.31, 0.5), num(0.8, 0.95)), wrt=(0, 1), name="transported_to_the_end"),
    *[Case(f, ARGS, wrt=(0, 1), tags=("dead lines",)) for f in IN_SEVERAL],
    *[Case(f, ARGS, wrt=(0, 1), expect="refused", tags=("dead lines",)) for f in REFUSED],
]
