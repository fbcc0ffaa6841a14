"""What programs combined of everything that makes numbers, vectors, lists, dicts and pairs have found."""

import operator
from collections import namedtuple
from functools import partial, reduce

import numpy as np

from case import Case, num, takes, vec

Pair = namedtuple("Pair", "g h")


def power(p, q):
    return q * p if p > 0.2 else q


HALF = partial(power, 0.5)


def sums_by_item(x, a):
    sums = [sum(v * e for v in x) for e in [a, 2 * a]]
    return sums[0] * sums[1] + len(sums) * a


def pairs_by_item(x, a):
    found = [pair.g for pair in [Pair(sum(v for v in x), a)._replace(h=e) for e in [a, a * a]]]
    return sum(found) * a


def displayed_dict(x, a):
    b = x[0]
    for key, e in {"p": a, "q": b}.items():
        b += e * len(key)
    for e in {"p": a, "q": b}.values():
        b = b * e
    return a * b


def bound_twice(x, a):
    total = 0.0
    for b, b in np.outer(x, x)[:, :2]:
        total += b * a
    (b, b), a = (v for v in x.tolist()[:2]), a * 2
    return total * b * a


def joined_in_sum(x, w):
    rows = [v * x for v in w]
    total = sum([x] + rows) + sum(rows + [w]) + sum([x, w] * 2) + sum(rows + rows, w)
    return np.sum(total * w)


def repeated_in_sum(x, a):
    items = [a, x[1]]
    some = sum([a] * 3) * sum([a, a * a] * 2) + sum([a] + [x[0]] * 2)
    return some + sum(items * 2) * sum(items * (len(items) - 3) + [x[2]]) + sum([x[0]] * len(x), a)


def first_found(x, a):
    place = next((k for k, v in enumerate(x) if v > a), -1)
    found = next((v * v for v in x if v > a), 0.5 * a)
    both = next((v * w for v in x for w in x if v * w > a), a)
    first = next((v for v in x if v < a), None)
    return found * both * (x[place] if place >= 0 else a) * (1.0 if first is None else first)


def names_of_patterns(x, a):
    match (a, x[0]):
        case (p, q) if p > 0.3:
            s = p * q
        case (p, _):
            s = p * p
    match (x[1], s):
        case (p, q) if p > 0.1 and q > 0:
            s = s + p
        case (q, p):
            s = s * q + p
    return s * a


def rounded_and_grown(x, a):
    y = round(a, 3)
    z = y
    z += x[0]
    t = HALF(a)
    u = t
    u *= x[1]
    v = np.all(x > -9.0) * a
    w = v
    w += x[2]
    return y * z + t * u + v * w + np.vdot(x, x) * reduce(operator.mul, [a, x[0]])


def left_from_copies(x, w, a):
    y, b = x * 2, w[1]
    for e in [x, w, x]:
        b += e @ y
        for _ in range(3):
            if a > b:
                return np.max(w)
            y[1] = a
    return b


def sorted_in_turns(x, a):
    b = 0.4
    for v in x:
        b += v * sorted([a, b * a, v], reverse=True)[1]
    return b


def weighted(first, *rest):
    total = first
    for r in rest:
        total = total * 0.7 + r
    return total


def spread_out(x, a):
    items = []
    for v in x:
        if v > -0.3:
            items.append(v * a)
    more = [*items, a, *[v * v for v in items]]
    given = weighted(a, *items) * weighted(*more) + weighted(*items[:1], a, *more[1:])
    return given + max(*items, a, x[0]) * sum([*more])


def lists_in_joins(x, a):
    items = []
    for v in x:
        items.append(v * a)
    pair = tuple(v * a for v in x if v < 9.0)
    rows = np.concatenate((items, [a])), np.hstack([items, x, items]), np.array([*items, a, *pair])
    return sum(np.sum(row**2) for row in rows) + sum([*pair, a])


def chosen(p, q):
    if p > 0.2:
        return p * q
    return np.sin(p) + q


def rebound_in_its_loop(x, w, b):
    for v in x:
        x = np.full(3, 0.4)
        b += v
    a = x @ w
    return sum(map(chosen, [a, b, 0.5], x))


def rebound_for_nothing(x, a, b):
    for v in x:
        x = np.stack([a, a, chosen(0.4, a)])
        b += v
    return chosen(a, b)


def made_of_what_it_was(x):
    items = [v * 2 for v in x if v > -9.0]

    def weigh(u):
        return u * sum(items) + len(items)

    items = [weigh(v) for v in x]
    return sum(items)


class Box:
    def __init__(self, w, h):
        self.w = w
        self.h = h

    def area(self):
        return self.w * self.h


def made_behind_returns(x, a, b):
    if a > 0.5:
        if b > 0:
            return a
    if any(v > a for v in x):
        return a * x[0]
    box = Box(a, b)
    b = box.area()
    return b * a


CASES = [
    Case(made_behind_returns, takes(vec(3), num(0.0, 1.0), num(-0.5, 0.5)), wrt=(0, 1, 2), seeds=10),
    Case(names_of_patterns, takes(vec(3), num()), wrt=(0, 1), seeds=4),
    Case(made_of_what_it_was, takes(vec(3))),
    Case(rebound_for_nothing, takes(vec(3), num(), num()), wrt=(0, 1, 2)),
    Case(rebound_in_its_loop, takes(vec(3), vec(3), num()), wrt=(0, 1, 2)),
    Case(left_from_copies, takes(vec(3), vec(3), num()), wrt=(0, 1, 2), seeds=6),
    Case(sorted_in_turns, takes(vec(3), num()), wrt=(0, 1)),
    *(
        Case(f, takes(vec(3), num()), wrt=(0, 1))
        for f in (
            sums_by_item,
            pairs_by_item,
            displayed_dict,
            bound_twice,
            repeated_in_sum,
            first_found,
            rounded_and_grown,
            spread_out,
            lists_in_joins,
        )
    ),
    Case(joined_in_sum, takes(vec("n"), vec("n")), wrt=(0, 1)),
]
