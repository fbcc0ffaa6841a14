"""Objects in sets and as keys of dicts: found by identity, frozen dataclasses by their fields."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from case import Case, takes, vec


class Value:
    """A number that knows what it was made of, and how its adjoint goes back to that."""

    def __init__(self, data, made_of=()):
        self.data, self.grad = data, 0.0
        self.made_of = made_of
        self.backward_step = lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out.backward_step = step
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def step():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.backward_step = step
        return out

    def backward(self):
        order, visited = [], set()

        def build(value):
            if value not in visited:
                visited.add(value)
                for part in value.made_of:
                    build(part)
                order.append(value)

        build(self)
        self.grad = 1.0
        for value in reversed(order):
            value.backward_step()


def small_engine(x):
    a, b, c = Value(x[0]), Value(x[1]), Value(x[2])
    y = a * b + c * a * a
    y.backward()
    return a.grad * 2 + b.grad * c.grad + y.data


class Node:
    def __init__(self, v):
        self.v, self.nearby = v, []


def longest(node, found):
    if node in found:
        return found[node]
    rest = max((longest(n, found) for n in node.nearby), default=0.0)
    found[node] = node.v**2 + rest
    return found[node]


def longest_path(x):
    a, b, c = (Node(v) for v in x)
    a.nearby.extend([b, c])
    b.nearby.append(c)
    found = {}
    return longest(a, found) + len(found) * found[c]


def joined_sets(x):
    nodes = [Node(v) for v in x]
    parent = {n: n for n in nodes}

    def find(node):
        while parent[node] is not node:
            node = parent[node]
        return node

    parent[find(nodes[0])] = find(nodes[1])
    parent[find(nodes[1])] = find(nodes[2])
    return sum(find(n).v * n.v * (k + 1) for k, n in enumerate(nodes))


def by_layers(x):
    a, b, c = (Node(v) for v in x)
    for u, v in ((a, b), (b, c), (a, c)):
        u.nearby.append(v)
        v.nearby.append(u)
    distance, queue = {a: 0.0}, deque([a])
    while queue:
        node = queue.popleft()
        for other in node.nearby:
            if other not in distance:
                distance[other] = distance[node] + node.v * other.v
                queue.append(other)
    return sum(d * (k + 1) for k, d in enumerate(distance.values())) + distance[c]


def of_sets(x):
    nodes = [Node(v) for v in x]
    alive = set(nodes)
    alive.discard(nodes[1])
    seen = {nodes[0], nodes[1]}
    total = sum(n.v**2 for n in nodes if n in alive & seen) + len(alive)
    for n in nodes:
        if n not in alive:
            total += 3 * n.v
    alive.add(Node(x[0]))
    return total * len(alive | seen) + (1.0 if Node(x[0]) in alive else x[2])


def under_two_names(x):
    a = Node(x[0])
    b = a
    table = {a: x[1]}
    table[b] = x[2]
    table[Node(x[0])] = x[0] * x[1]
    a.v = 5.0
    return sum(table.values()) * len(table) + table[a] * b.v


def made_in_turns(x):
    seen, last = set(), None
    for v in x:
        node = Node(v)
        if last is not None and last in seen:
            node.v += last.v
        seen.add(node)
        last = node
    return last.v**2 + len(seen)


@dataclass(frozen=True)
class Key:
    k: int
    name: str = "a"


def by_fields(x):
    table = {Key(k): v for k, v in enumerate(x)}
    table[Key(1)] = table[Key(1)] * 2
    table[Key(0, "b")] = x[2] * x[0]
    total = sum(v * (key.k + 1) for key, v in table.items()) + table.get(Key(9), 0.5)
    return total * len(table) + (Key(2) in table)


def added_on_a_path(x):
    a, b = Node(x[0]), Node(x[1])
    seen = set()
    if x[2] > 0.9:
        seen.add(a)
    else:
        seen.add(b)
    return 2 * a.v if a in seen else b.v


def kept_in_tuples(x):
    a, b = Node(x[0]), Node(x[1])
    costs = {(a, b): x[2], (b, a): x[0]}
    return sum(w * p.v**2 * q.v for (p, q), w in costs.items()) + sum(pair[0].v for pair in costs)


def gone_through_by_fields(x):
    total = 0.0
    for key in {Key(2), Key(0), Key(1)}:  # in the order of their hashes
        total = 0.5 * total + x[key.k]
    return total


def of_a_class_inside(x):
    @dataclass(frozen=True)
    class Inside:
        k: int

    @dataclass(order=True)
    class Compared:
        k: int
        weight: float = field(default=1.0, compare=False)

    table = {Inside(1): x[0]}
    total = table.get(Inside(1), x[1] ** 2) * table.get(Inside(2), x[2])
    total *= x[1] if Compared(1, 2.0) == Compared(1) else x[0] ** 2
    return total * (2.0 if Compared(1) < Compared(2) else x[0])


@dataclass(frozen=True)
class Moved:
    k: int

    def move(self):
        object.__setattr__(self, "k", self.k + 1)


def moved_before_it_is_a_key(x):
    one = Moved(1)
    one.move()
    table = {one: x[0], Moved(3): x[1]}
    return table[Moved(2)] * table[Moved(3)]


def moved_as_a_key(x):
    one = Moved(1)
    table = {one: x[0]}
    one.move()
    return x[1] if Moved(1) in table else x[2]


@dataclass(frozen=True)
class Bond:
    order: int
    ends: str


STIFFNESS = {Bond(1, "CC"): 2.0, Bond(2, "CC"): 3.0}
ANGLES = {(Bond(1, "CC"), 1): 0.5, (Bond(2, "CC"), 2): 1.5}


def tables_of_the_module(x):
    s = STIFFNESS[Bond(1, "CC")] * x[0] ** 2
    for t in ("CC", "CO"):
        if Bond(2, t) in STIFFNESS:
            s += STIFFNESS[Bond(2, t)] * x[1]
        else:
            s += x[2] * s
    return s * ANGLES[Bond(2, "CC"), 2] if (Bond(1, "CC"), 1) in ANGLES else x[0]


def keys_of_the_module_in_turn(x):
    return sum(STIFFNESS[bond] * x[bond.order] for bond in STIFFNESS)


CASES = [
    *[
        Case(f, takes(vec(3)))
        for f in (small_engine, longest_path, joined_sets, by_layers, of_sets, under_two_names, made_in_turns, by_fields)
    ],
    *[Case(f, takes(vec(3))) for f in (kept_in_tuples, of_a_class_inside, moved_before_it_is_a_key)],
    Case(moved_as_a_key, takes(vec(3)), expect="refused", tags=("dead lines",)),
    Case(gone_through_by_fields, takes(vec(3)), expect="refused"),
    Case(tables_of_the_module, takes(vec(3)), tags=("dead lines",)),
    Case(keys_of_the_module_in_turn, takes(vec(3)), expect="either"),
    Case(added_on_a_path, takes(vec(3)), expect="refused", tags=("dead lines",)),
]
