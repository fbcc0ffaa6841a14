"""Objects with several names each: that collide, are kept in queues, have parents, join sets, are emitted and die."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from case import Case, takes, vec


class Ball:
    def __init__(self, x, u, m=1.0):
        self.x, self.u, self.m = x, u, m
        self.hits = 0
    def advance(self, dt):
        self.x += self.u * dt
    @property
    def ke(self):
        return 0.5 * self.m * self.u ** 2


def mk(v, w): return [Ball(a, b) for a, b in zip(v, w) if a > 0.4]


def collisions(v, w):
    bs = mk(v, w)
    for _ in range(4):
        for b in bs:
            b.advance(0.1)
        for a, b in itertools.combinations(bs, 2):
            if (a.x - b.x) * (a.u - b.u) < 0 and abs(a.x - b.x) < 0.4:
                a.u, b.u = b.u, a.u
                a.hits += 1
                b.hits += 1
    return sum(b.x * (1 + b.hits) for b in bs) + sum(b.ke for b in bs)


def with_their_parents(v, w):
    @dataclass
    class Ind:
        g: float
        parent: "Ind" = None
        def depth(self):
            d, n = 0, self
            while n.parent is not None:
                d += 1
                n = n.parent
            return d
    pop = [Ind(a) for a in v if a > 0.4]
    for t in range(2):
        pop.sort(key=lambda i: -i.g)
        best = pop[: 2]
        pop = best + [Ind(0.5 * (p.g + w[t]), p) for p in best]
    return sum(i.g * (1 + i.depth()) + (i.parent.g if i.parent else 0.0) for i in pop)


def tournament(v, w):
    bs = mk(v, w)
    while len(bs) > 1:
        nxt = []
        for i in range(0, len(bs) - 1, 2):
            a, b = bs[i], bs[i + 1]
            win, lose = (a, b) if a.x > b.x else (b, a)
            win.u += 0.5 * lose.u
            nxt.append(win)
        if len(bs) % 2:
            nxt.append(bs[-1])
        bs = nxt
    return bs[0].u * bs[0].x


def from_queue_to_queue(v, w):
    a, b = deque(), deque()
    for x, y in zip(v, w):
        (a if x > 0.6 else b).append(Ball(x, y))
    while a:
        p = a.popleft()
        p.u *= 0.5
        b.append(p)
        if len(b) > 3:
            q = b.popleft()
            q.x += 0.3 * p.x
            if q.x > 1.5:
                b.append(q)
    return sum(p.x * p.u * (k + 1) for k, p in enumerate(b))


def sets_that_join(v, w):
    class Set:
        def __init__(self, x):
            self.parent, self.x, self.rank = self, x, 0
        def find(self):
            n = self
            while n.parent is not n:
                n = n.parent
            return n
    ss = [Set(a) for a in v if a > 0.4]
    for i in range(len(ss) - 1):
        if abs(ss[i].x - ss[i + 1].x) < 0.4:
            p, q = ss[i].find(), ss[i + 1].find()
            if p is not q:
                p.parent = q
                q.x += 0.5 * p.x
    return sum(s.find().x * w[0] for s in ss)


def kept_as_long_as_used(v, w):
    class Item:
        def __init__(self, val, age):
            self.val, self.age = val, age
    cache = []
    total = 0.0
    for k, a in enumerate(np.concatenate([v, w])):
        hit = next((c for c in cache if abs(c.val - a) < 0.1), None)
        if hit is not None:
            hit.val = 0.5 * (hit.val + a)
            hit.age = k
            total += hit.val
        else:
            if len(cache) >= 3:
                old = min(cache, key=lambda c: c.age)
                cache.remove(old)
                total -= old.val ** 2
            cache.append(Item(a, k))
    return total + sum(c.val * c.age for c in cache)


def chain_both_ways(v, w):
    class Bead:
        def __init__(self, x, prev):
            self.x, self.prev, self.next = x, prev, None
    head = tail = None
    for a in v:
        if a > 0.4:
            b = Bead(a, tail)
            if tail is not None:
                tail.next = b
            else: head = b
            tail = b
    e, n = 0.0, head
    while n is not None and n.next is not None:
        e += (n.next.x - n.x) ** 2 * w[0]
        n.next.x += 0.1 * n.x
        n = n.next
    while n is not None:
        e += 0.1 * n.x
        n = n.prev
    return e


def teams_by_name(v, w):
    bs = mk(v, w)
    by = {"fast": [], "slow": []}
    for b in bs:
        by["fast" if b.u > 0.6 else "slow"].append(b)
    for name in ("fast", "slow"):
        m = sum(b.u for b in by[name]) / max(len(by[name]), 1)
        for b in by[name]:
            b.u = 0.7 * b.u + 0.3 * m
    return sum(b.x * b.u for b in bs)


def emitted_and_dead(v, w):
    class Part:
        def __init__(self, x, u, life):
            self.x, self.u, self.life = x, u, life
        @property
        def alive(self):
            return self.life > 0
    class Emitter:
        def __init__(self):
            self.parts, self.dead = [], []
        def emit(self, x, u):
            self.parts.append(Part(x, u, 2 if u > 0.6 else 3))
        def step(self):
            for p in self.parts:
                p.x += 0.1 * p.u
                p.life -= 1
            self.dead += [p for p in self.parts if not p.alive]
            self.parts = [p for p in self.parts if p.alive]
    em = Emitter()
    for a, b in zip(v, w):
        em.emit(a, b)
        em.step()
    return sum(p.x for p in em.parts) + sum(p.x * p.u for p in em.dead)


class Parser:
    def __init__(self, text, env):
        self.toks = text.split()
        self.pos = 0
        self.env = env
    def peek(self):
        return self.toks[self.pos] if self.pos < len(self.toks) else None
    def take(self):
        t = self.toks[self.pos]
        self.pos += 1
        return t
    def expr(self):
        x = self.term()
        while self.peek() in ("+", "-"):
            if self.take() == "+": x = x + self.term()
            else: x = x - self.term()
        return x
    def term(self):
        x = self.factor()
        while self.peek() in ("*", "/"):
            op = self.take()
            y = self.factor()
            x = x * y if op == "*" else x / y
        return x
    def factor(self):
        t = self.take()
        if t == "(":
            x = self.expr()
            self.take()
            return x
        return self.env[t] if t in self.env else float(t)


def parsed_by_tokens(v, w):
    return Parser("( a + b * 2 ) / ( c - 3 ) + a * a", {"a": v[0], "b": w[1], "c": v[2]}).expr()


class Mate:
    def __init__(self, x, u):
        self.x, self.u, self.mate = x, u, None


def mates(v, w):
    return [Mate(a, b) for a, b in zip(v, w) if a > 0.2]


def larger(ps):
    return [p for p in ps if p.x > 0.21]


def the_best_with_its_score(v, w):
    ps = mates(v, w)
    hot = larger(ps)
    best = None
    for p in hot:
        if best is None or p.u > best[0]:
            best = (p.u, p)
    best[1].x *= 3.0
    return sum(p.x * p.u for p in ps) + best[0] * best[1].x


def the_nearest_two(v, w):
    ps = mates(v, w)
    hot = larger(ps)
    best = None
    for p in ps:
        for q in hot:
            if p is not q:
                d = abs(p.x - q.x)
                if best is None or d < best[0]:
                    best = (d, p, q)
    d, a, b = best
    a.u, b.u = b.u * 2, a.u
    ps[0].u += d
    return sum(p.x * p.u for p in ps) + a.x


def the_best_of_none(v, w):
    ps = mates(v, w)
    hot = larger(ps)
    best = None
    for p in hot:
        if p.x > 70.0:
            best = (p.u, p)
    if best is None:
        return ps[0].x
    return best[1].x * best[0]


def a_score_and_none_at_first(v, w):
    ps = mates(v, w)
    hot = larger(ps)
    best = (0.0, None)
    for p in hot:
        if p.u > best[0]:
            best = (p.u, p)
        if best[1] is not None:
            best[1].x *= 1.1
    return sum(p.x * p.u for p in ps) + best[0] * best[1].x


def partners_changed(v, w):
    ps = mates(v, w)
    hot = larger(ps)
    for a, b in zip(ps, reversed(ps)):
        a.mate = b
    ps[0].mate.x = 5.0 * ps[0].u
    a = ps[0].mate
    ps[0].mate = ps[1]
    a.u *= 3
    ps[0].mate.u += a.x
    ps[1].mate.mate = None
    s = sum(p.x * p.u for p in ps)
    for p in ps:
        if p.mate is None:
            s += 7 * p.x
        elif p.mate.mate is p:
            s += p.mate.x
    return s + len(hot)


def read_before_the_write(v, w):
    ps = mates(v, w)
    hot = larger(ps)
    t = (hot[0].x, ps[0].u)
    a, b = hot[0].x, ps[1].x
    hot[0].x = 9.0 * b
    ps[0].u = 2.0
    return t[0] * t[1] + a + ps[0].x


def one_or_another(v, w):
    ps = mates(v, w)
    hot = larger(ps)
    for i in range(len(ps)):
        q = ps[i] if ps[i].x > 0.5 else hot[0]
        q.u += ps[i].x
        ps[i], hot[0] = hot[0], q
    return sum(p.x * p.u * (k + 1) for k, p in enumerate(ps))


def some_replaced(v, w):
    ps = mates(v, w)
    hot = larger(ps)
    ps[1:2] = [hot[0], hot[-1]]
    for p in hot:
        p.u *= 2
    return sum(p.x * p.u * (k + 1) for k, p in enumerate(ps))


def removed_while_a_copy_is_gone_over(v, w):
    ps = mates(v, w)
    hot = larger(ps)
    for p in list(ps):
        if p.x < 0.5:
            ps.remove(p)
        p.u *= 2
    for p in hot:
        p.u *= 2
    return sum(p.x * p.u for p in ps) + sum(p.u for p in hot)


@dataclass
class Body:
    m: float
    pos: np.ndarray
    vel: np.ndarray
    acc: np.ndarray = field(default_factory=lambda: np.zeros(2))


def bodies_that_pull(places, masses):
    bodies = [Body(m, p.copy(), np.zeros(2)) for m, p in zip(masses, places)]
    for _ in range(3):
        for b in bodies:
            b.acc[:] = 0
        for a, b in itertools.combinations(bodies, 2):
            d = b.pos - a.pos
            f = d / (d @ d + 0.1) ** 1.5
            a.acc += b.m * f
            b.acc -= a.m * f
        for b in bodies:
            b.vel += 0.05 * b.acc
            b.pos += 0.05 * b.vel
    return sum(b.m * (b.vel @ b.vel) for b in bodies) + sum(np.sum(b.pos**2) for b in bodies)


ARGS = takes(vec(5, 0.21, 1.1), vec(5, 0.21, 1.1))
CASES = [
    Case(f, ARGS, wrt=(0, 1), tags=("dead lines",))
    for f in (
        collisions, with_their_parents, tournament, from_queue_to_queue, sets_that_join, kept_as_long_as_used,
        chain_both_ways, teams_by_name, emitted_and_dead, parsed_by_tokens,
        the_best_with_its_score, the_nearest_two, the_best_of_none, a_score_and_none_at_first,
        partners_changed, read_before_the_write, one_or_another, some_replaced, removed_while_a_copy_is_gone_over,
    )
]
CASES.append(Case(bodies_that_pull, lambda rng: (rng.normal(size=(3, 2)), rng.uniform(0.5, 2.0, size=3)), wrt=(0, 1)))
