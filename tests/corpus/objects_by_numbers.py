"""Objects that any number of lists and other objects hold, each written by whatever name: chains, trees, graphs, groups."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
from case import Case, takes, vec


class M:
    def __init__(self, m, x):
        self.m, self.x = m, x


class P:
    def __init__(self, x, v):
        self.x, self.v = x, v
        self.partner = None


@dataclass
class D:
    x: float
    v: float = 1.0
    def step(self, h):
        self.x += h * self.v
        return self


def in_another_order(v, w):
    ps = [M(a, b) for a, b in zip(v, w) if a > 0.5]
    order = np.argsort([p.m for p in ps])
    qs = [ps[i] for i in order]
    for k, q in enumerate(qs):
        q.x = q.x * (k + 1)
    return sum(q.x * q.m for q in qs)


def in_another_order_of_their_own(v, w):
    ps = [M(a, b) for a, b in zip(v, w) if a > 0.5]
    order = sorted(range(len(ps)), key=lambda i: ps[i].m)
    ps = [ps[i] for i in order]
    for k, q in enumerate(ps):
        q.x = q.x * (k + 1)
    return sum(q.x * q.m for q in ps)


def joined_in_place(v, w):
    ps = [M(a, b) for a, b in zip(v, w) if a > 0.5]
    new = [M(b, a) for a, b in zip(v, w) if b > 0.4]
    ps += new
    for p in ps:
        p.x *= p.m
    return sum(p.x ** 2 for p in ps)


def each_that_splits(v, w):
    ps = [M(a, b) for a, b in zip(v, w) if a > 0.5]
    for t in range(3):
        new = [M(p.m * 0.5, p.x * 0.5) for p in ps if p.m > 0.7]
        for p in ps:
            p.m *= 0.9
            p.x += 0.1 * p.m
        ps += new
    return sum(p.x ** 2 for p in ps)


def removed(v, w):
    ps = [M(a, b) for a, b in zip(v, w) if a > 0.5]
    p = min(ps, key=lambda p: p.m)
    ps.remove(p)
    for q in ps:
        q.x *= q.m
    return sum(q.x ** 2 for q in ps) + p.x


def the_greatest_first(v, w):
    ps = [M(a, b) for a, b in zip(v, w) if a > 0.5]
    total = 0.0
    while ps:
        best = max(ps, key=lambda p: p.m)
        ps.remove(best)
        total += best.m * best.x
        for q in ps:
            q.x *= 0.9 + 0.1 * best.x
    return total


def the_first_that(v, w):
    ps = [M(a, b) for a, b in zip(v, w) if a > 0.5]
    p = next(p for p in ps if p.m > 0.7)
    return p.x * p.m


def the_first_that_or_none(v, w):
    ps = [M(a, b) for a, b in zip(v, w) if a > 0.5]
    p = next((p for p in ps if p.m > 50), None)
    if p is None:
        return sum(p.x * p.m for p in ps)
    return p.x


class Node:
    def __init__(self, val):
        self.val = val
        self.next = None


def a_chain(v, w):
    head = None
    for a in v:
        if a > 0.5:
            n = Node(a)
            n.next = head
            head = n
    s, k = 0.0, 1
    node = head
    while node is not None:
        s += node.val * k
        k += 1
        node = node.next
    return s * w[0]


def a_chain_with_a_tail(v, w):
    """In the first turn it is known that there is a node, and in the next it is asked."""
    head = Node(v[0])
    tail = head
    for a in v[1:]:
        n = Node(a)
        tail.next = n
        tail = n
    s = 0.0
    node = head
    while node:
        s += node.val**2
        node = node.next
    return s * w[0]


class LinkedList:
    def __init__(self):
        self.head = None
        self.size = 0
    def push(self, v):
        n = Node(v)
        n.next = self.head
        self.head = n
        self.size += 1
    def reverse(self):
        prev, cur = None, self.head
        while cur is not None:
            nxt = cur.next
            cur.next = prev
            prev = cur
            cur = nxt
        self.head = prev
    def poly(self, x):
        s = 0.0
        node = self.head
        while node:
            s = s * x + node.val
            node = node.next
        return s


def a_chain_reversed(v, w):
    l = LinkedList()
    for a in v:
        if a > 0.5:
            l.push(a)
    a = l.poly(w[0])
    l.reverse()
    return a * l.poly(w[1]) * l.size


class Tree:
    def __init__(self, key, val):
        self.key, self.val, self.left, self.right = key, val, None, None


class BST:
    def __init__(self):
        self.root = None
    def insert(self, key, val):
        if self.root is None:
            self.root = Tree(key, val)
            return
        node = self.root
        while True:
            if key < node.key:
                if node.left is None:
                    node.left = Tree(key, val)
                    return
                node = node.left
            else:
                if node.right is None:
                    node.right = Tree(key, val)
                    return
                node = node.right
    def get(self, key):
        node = self.root
        while node is not None:
            if key == node.key:
                return node.val
            node = node.left if key < node.key else node.right
        return 0.0
    def total(self):
        stack = [self.root]
        s = 0.0
        while stack:
            n = stack.pop()
            s += n.val * n.key
            if n.left is not None:
                stack.append(n.left)
            if n.right is not None:
                stack.append(n.right)
        return s


def looked_up_in_a_tree(v, w):
    b = BST()
    for i in range(len(v)):
        b.insert(v[i], w[i])
    return b.get(v[2]) ** 2


def over_a_tree(v, w):
    b = BST()
    for i in range(len(v)):
        b.insert(v[i], w[i])
    return b.total()


def partners(v, w):
    ps = [P(a, b) for a, b in zip(v, w) if a > 0.3]
    for i in range(len(ps) - 1):
        ps[i].partner = ps[i + 1]
    for t in range(3):
        for p in ps:
            if p.partner is not None:
                f = p.partner.x - p.x
                p.v += 0.1 * f
                p.partner.v -= 0.1 * f
        for p in ps:
            p.x += 0.1 * p.v
    return sum(p.x ** 2 for p in ps)


class Spring:
    def __init__(self, a, b, k):
        self.a, self.b, self.k = a, b, k
    def apply(self):
        f = self.k * (self.b.x - self.a.x)
        self.a.v += f
        self.b.v -= f


def springs(v, w):
    ps = [P(a, 0.0) for a in v if a > 0.3]
    ss = [Spring(ps[i], ps[i + 1], w[i]) for i in range(len(ps) - 1)]
    for t in range(4):
        for s in ss:
            s.apply()
        for p in ps:
            p.x += 0.1 * p.v
    return sum(p.x ** 2 for p in ps)


def hot_and_cold(v, w):
    ps = [P(a, b) for a, b in zip(v, w) if a > 0.3]
    hot = [p for p in ps if p.x > 0.6]
    cold = [p for p in ps if p.x <= 0.6]
    for h in hot:
        for c in cold:
            d = 0.1 * (h.x - c.x)
            h.x -= d
            c.x += d
    return sum(p.x * p.v for p in ps)


def moved_about(v, w):
    ps = [P(a, b) for a, b in zip(v, w) if a > 0.3]
    best = ps[0]
    for p in ps:
        if p.x < best.x:
            best = p
    best.v *= 3.0
    last = ps.pop()
    last.x *= 2
    ps.insert(0, last)
    ps.reverse()
    return sum(p.x * p.v * (k + 1) for k, p in enumerate(ps)) + best.v


def swapped(v, w):
    ps = [P(a, b) for a, b in zip(v, w) if a > 0.3]
    for i in range(len(ps)):
        for j in range(i + 1, len(ps)):
            if ps[j].x < ps[i].x:
                ps[i], ps[j] = ps[j], ps[i]
    for p in ps[1:]:
        p.v *= ps[0].x
    return sum(p.x * p.v * (k + 1) for k, p in enumerate(ps))


def copies_of_some(v, w):
    ps = [D(a, b) for a, b in zip(v, w) if a > 0.3]
    qs = [p for p in ps if p.x > 0.6]
    rs = [copy.copy(q) for q in qs]
    for r in rs: r.x *= 3.0
    for q in qs: q.v *= 2.0
    return sum(p.x * p.v for p in ps) + sum(r.x * r.v for r in rs)


def members(v, w):
    ps = [P(a, b) for a, b in zip(v, w) if a > 0.3]
    hot = [p for p in ps if p.x > 0.6]
    s = 0.0
    for p in ps:
        if p in hot:
            p.x *= 2
            s += p.x * p.v
        else:
            s += p.v
    return s


def the_one_before(v, w):
    ps = [P(a, b) for a, b in zip(v, w) if a > 0.3]
    qs = [p for p in ps if p.x > 0.6]
    prev = None
    for q in qs:
        if prev is not None:
            q.x += prev.v
            prev.v *= q.x
        prev = q
    return sum(p.x * p.v for p in ps) + prev.x


def groups_by_name(v, w):
    ps = [P(a, b) for a, b in zip(v, w) if a > 0.3]
    groups = {"hot": [p for p in ps if p.x > 0.6], "cold": [p for p in ps if p.x <= 0.6]}
    for k, g in groups.items():
        for p in g:
            p.x *= 2.0 if k == "hot" else 0.5
    return sum(p.x * p.v for p in ps)


def halves(v, w):
    ps = [P(a, b) for a, b in zip(v, w) if a > 0.3]
    n = len(ps) // 2
    left, right = ps[:n], ps[n:]
    for a, b in zip(left, right):
        a.x, b.x = b.x * a.v, a.x
    left[0], left[-1] = left[-1], left[0]
    left[0].v = 3.0 * left[0].x
    return sum(p.x * p.v for p in ps)


def by_several_names(v, w):
    ps = [P(a, b) for a, b in zip(v, w) if a > 0.3]
    i = 0
    q = ps[i]
    hot = [p for p in ps if p.x > 0.6]
    i += 1
    q.x, ps[i].x = ps[i].x * 2, q.x * 3
    q.v += hot[0].v * q.v
    t = q.x
    hot[0].x = 5.0 * t
    return sum(p.x * p.v for p in ps) + t


class Q:
    def __init__(self, pos, vel):
        self.pos, self.vel = pos, vel


def arrays_in_objects(v, w):
    qs = [Q(v * a, w * a) for a in v if a > 0.5]
    for q in qs:
        q.pos += 0.1 * q.vel
        q.vel[0] *= 2.0
    return sum(np.sum(q.pos * q.vel) for q in qs)


def arrays_in_some(v, w):
    qs = [Q(v * a, w * a) for a in v if a > 0.5]
    near = [q for q in qs if q.pos[0] > 0.4]
    for q in near:
        q.pos += 0.1 * q.vel
        q.vel[0] *= 2.0
    return sum(np.sum(q.pos * q.vel) for q in qs)


class R:
    def __init__(self, pos, vel):
        self.pos = pos.copy()
        self.vel = np.zeros_like(pos) + vel
    def move(self, dt):
        self.pos += dt * self.vel
        self.vel *= 0.9


def arrays_made_inside(v, w):
    qs = [R(v * a, w * a) for a in v if a > 0.5]
    hot = [q for q in qs if q.pos[1] > 0.4]
    for q in qs: q.move(0.1)
    for q in hot: q.move(0.2)
    return sum(np.sum(q.pos * q.vel) for q in qs)


def an_array_with_a_name(v, w):
    qs = []
    for a in v:
        if a > 0.5:
            pos = v * a
            qs.append(Q(pos, w * a))
            pos[0] = 3.0 * a
    for q in qs:
        q.pos += 0.1 * q.vel
        q.vel[0] *= 2.0
    return sum(np.sum(q.pos * q.vel) for q in qs)


def an_array_read_later(v, w):
    qs = []
    for a in v:
        if a > 0.5:
            pos = v * a
            q = Q(pos, w * a)
            qs.append(q)
    for q in qs:
        q.pos += 0.1 * q.vel
        q.vel[0] *= 2.0
    return sum(np.sum(q.pos * q.vel) for q in qs) + pos[0]


def one_array_twice(v, w):
    qs = []
    for a in v:
        if a > 0.5:
            pos = v * a
            q = Q(pos, pos)
            qs.append(q)
    for q in qs:
        q.pos += 0.1 * q.vel
        q.vel[0] *= 2.0
    return sum(np.sum(q.pos * q.vel) for q in qs)


def an_array_in_a_closure(v, w):
    qs = []
    for a in v:
        if a > 0.5:
            pos = v * a
            f = lambda: pos
            q = Q(pos, w * a)
            qs.append(q)
            q.pos[0] = 7.0
            qs[-1].vel[1] += f()[0]
    return sum(np.sum(q.pos * q.vel) for q in qs)


ARGS = takes(vec(5, 0.21, 1.1), vec(5, 0.21, 1.1))
RIGHT = (
    in_another_order, in_another_order_of_their_own, joined_in_place, each_that_splits, removed, the_greatest_first,
    the_first_that, the_first_that_or_none, a_chain, a_chain_with_a_tail, a_chain_reversed,
    looked_up_in_a_tree, over_a_tree, partners,
    springs, hot_and_cold, moved_about, swapped, copies_of_some, members, the_one_before, groups_by_name, halves,
    by_several_names, arrays_in_objects, arrays_in_some, arrays_made_inside,
)  # fmt: skip
REFUSED = (an_array_with_a_name, an_array_read_later, one_array_twice, an_array_in_a_closure)
CASES = [
    *[Case(f, ARGS, wrt=(0, 1), tags=("dead lines",)) for f in RIGHT],
    *[Case(f, ARGS, wrt=(0, 1), expect="refused", tags=("dead lines",)) for f in REFUSED],
]
