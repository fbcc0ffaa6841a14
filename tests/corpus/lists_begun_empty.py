"""Lists that are empty before the first turn, and read in later ones: what is in them is what turns put there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from case import Case, num, takes, vec

DEFAULTS = {"solver": "euler", "dt": 0.1, "params": {"k": 1.0, "c": 0.1}}


@dataclass
class Order:
    qty: float
    due: int


def orders_under_way(x, k):
    stock, orders, cost = 1.0, [], 0.0
    for day, d in enumerate(x):
        arrived = [o for o in orders if o.due <= day]
        orders = [o for o in orders if o.due > day]
        stock += sum(o.qty for o in arrived)
        sold = min(stock, d)
        stock -= sold
        cost += 0.1 * stock + 2.0 * (d - sold)
        if stock < 0.8 and not orders:
            orders.append(Order(k, day + 2))
    return cost


def every_turn_anew(x, k):
    before, total = [], 0.0
    for a in x:
        now = []
        for p in before:
            now.append(p * k)
        now.append(a)
        total += sum(now) * k
        before = now
    return total


def the_greatest_so_far(x, k):
    before, best = [], 0.0
    for a in x:
        for p in before:
            if p > best:
                best = p
        before.append(a * k)
    return best + sum(before)


def whole_numbers_first(x, k):
    before, s = [], 1
    for a in x:
        for p in before:
            s = s + p * a
        before = [k * a]
    return s


def taken_in_pairs(x, k):
    queue, m = [], 0
    for a in x:
        if len(queue) > 1:
            m += queue[0] * queue[1]
            queue.pop()
        queue.append(a * k)
    return m


def never_filled(x, k):
    never, s = [], 0.0
    for a in x:
        for p in never:
            s += p * a
        if len(never) > 0:
            never.append(never[-1] * a)
        s += a * k
    return s + sum(never)


def change_places(x, k):
    old, new = [], []
    for a in x:
        new = [o * k for o in old]
        new.append(a)
        old, new = new, old
    return sum(old)


def put(xs, v):
    xs.append(v)


def filled_by_a_function(x, k):
    a, b, t = [], [], 0
    for v in x:
        for u in a:
            t = t + u * k
        put(a, v)
        b.extend(a)
    return t + sum(b)


def merged(base, override):
    out = dict(base)
    for key, value in override.items():
        if isinstance(value, dict) and isinstance(out.get(key), dict):
            out[key] = merged(out[key], value)
        else:
            out[key] = value
    return out


def configured(x, k):
    config = merged(DEFAULTS, {"solver": "rk", "params": {"k": k}})
    params = config["params"]
    return config["dt"] * sum(params["k"] * v - params["c"] * v * v for v in x)


def total_of_arrays(x, k):
    xs = []
    for u in x:
        if u > k:
            xs.append(x * u)
    return np.sum(sum(xs) * x) + x[0] * k


def total_of_a_comprehension(x, k):
    s = sum([x * u for u in x if u > k])
    return np.sum(s**2) + x[0] * k


def total_of_sizes(x, k):
    xs = []
    for i in range(4, 6):
        if x[i] > k:
            xs.append(x[i:] ** 2)
    return np.sum(sum(xs)) + x[0] * k


RIGHT = (
    orders_under_way, every_turn_anew, the_greatest_so_far, whole_numbers_first, taken_in_pairs, never_filled,
    change_places, filled_by_a_function, configured,
)  # fmt: skip
TOTALS = (total_of_arrays, total_of_a_comprehension, total_of_sizes)
ARGS = takes(vec(6, 0.2, 1.6), num(0.6, 1.4))
CASES = [
    *[Case(f, ARGS, wrt=(0, 1)) for f in RIGHT if f is not never_filled],
    Case(never_filled, ARGS, wrt=(0, 1), tags=("dead lines",)),
    *[Case(f, takes(vec(6, 0.2, 1.6), num(0.1, 0.2)), wrt=(0, 1)) for f in TOTALS],
    *[Case(f, takes(vec(6, 0.2, 1.6), num(2.0, 3.0)), wrt=(0, 1), name=f"{f.__name__}_of_none") for f in TOTALS],
]
