"""Loops over more than ranges: enumerate, zip, reversed, comprehensions, map, reduce."""

import collections
import dataclasses
import functools
import itertools
import math
import operator
from collections import namedtuple
from functools import partial, reduce
from itertools import groupby

import numpy as np

from case import Case, array, constant, flag, listed, mat, num, one_of, takes, vec, whole

CASES: list[Case] = []
case = listed(CASES)


@case(array(4))
def enum(x):
    s = 0.0
    for i, v in enumerate(x):
        s += i * v * v
    return s


@case(array(4), array(4))
def zipped(x, y):
    s = 0.0
    for a, b in zip(x, y):
        s += a * b * b
    return s


@case(array(4), array(4))
def enumzip(x, y):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, y), 1):
        s += i * np.sin(a) * b
    return s


@case(array(4))
def rev(x):
    s = 0.0
    for v in reversed(x):
        s = s * 0.5 + v * v
    return s


@case(array(3))
def listcomp_static(x):
    a, b, c = x
    return sum([v * v for v in (a, b, c)])


@case(array(5), expect="either")
def listcomp(x):
    return sum([v * v for v in x])


@case(array(5), expect="either")
def genexp(x):
    return sum((v * v for v in x if v > 0))


@case(array(3, 4), expect="either")
def nestedcomp(X):
    return sum((v * v * r[0] for r in X for v in r))


@case(array(5), expect="either")
def arrcomp(x):
    y = np.array([math.sin(v) * v for v in x])
    return np.sum(y * y)


@case(array(4))
def red(x):
    return reduce(lambda a, b: a * b + b, x, 1.0)


@case(array(3))
def red2(x):
    return reduce(operator.mul, [x[0], x[1], x[2]])


@case(array(4), expect="either")
def mapp(x):
    return sum(map(lambda t: t * t, x))


@case(array(6), expect="either")
def appends(x):
    ys = []
    for v in x:
        ys.append(v * v)
    return sum(ys) + ys[0]


@case(array(6))
def anyall(x):
    if any((v > 0 for v in x)):
        return np.sum(x * x)
    return np.sum(x)


@case(num(0.5, 2.0))
def maxgen(x):
    return max((v * x for v in (1.0, 2.0, 3.0))) + min([x, x * x, 4.0])


@case(array(3), expect="either")
def condcomp(x):
    ys = [v * v if v > 0 else v for v in x]
    return sum(ys)


@case(array(3), expect="either")
def stack(x):
    rows = [x * k for k in range(1, 4)]
    return np.sum(np.stack(rows) ** 2)


@case(array(5), expect="either")
def history(x):
    h = [x[0]]
    for i in range(1, 5):
        h.append(h[-1] * 0.5 + x[i])
    return h[-1] * h[2]


@case(array(6), tags=("dead lines",))
def brk(x):
    s = 0.0
    for i, v in enumerate(x):
        if i == 4:
            break
        if v < 0:
            continue
        s = s * 0.5 + v * v
    else:
        s = 100.0
    return s


@case(array(6))
def brkstruct(x):
    p = (x[0], 1.0)
    for v in x:
        p = (p[0] * 0.5 + v, p[1] * p[0])
        if p[1] > 0.5:
            break
    return p[0] * p[1]


@case(lambda d: (d.normal(), -d.normal(), d.normal()), tags=("dead lines",))
def unrollbrk(t):
    s = 0.0
    for v in t:
        if v < 0:
            break
        s += v * v
    return s


@case(lambda d: (d.normal(), -d.normal(), d.normal()))
def retloop(t):
    return retl(t)[0]


def retl(t):
    for i, v in enumerate(t):
        if v < 0:
            return (v * v * i,)
    return (0.0,)


@case(array(5), tags=("dead lines",))
def retloop2(x):
    for i, v in enumerate(x):
        if v < 0:
            return v * v * i
    return x[0]


def findp(xs, lim):
    for i, x in enumerate(xs):
        if x * x > lim:
            return (i, x)
    return (-1, xs[0])


@case(array(5))
def tupret(x):
    i, v = findp(x, 0.1)
    return v * v * (i + 1)


@case(vec(5), 2)
def windows(xs, n):
    held = list(xs)
    s = 0.0
    for i in range(len(xs) - 1):
        s += i * sum(itertools.islice(xs, i, i + 2)) ** 2 + sum(itertools.islice(held, i, i + n))
    ahead = itertools.islice(xs, n, n + 2)
    n = 0
    for v in ahead:
        s += v * v
    for k, v in zip(itertools.islice(itertools.count(), n, n + 3), itertools.islice(held, n, None, 2)):
        s += k * v * v * v
    return s + sum(v * v for v in itertools.islice((u * u for u in xs), n + 1, n + 3))


@case(vec(4))
def as_many_as_the_turn(xs):
    s = 0.0
    for i in range(1, 4):
        for row in itertools.permutations(xs, i):
            s += row[0] * row[-1] * i
        for row in itertools.product(xs[:3], repeat=i):
            s += row[0] * row[-1]
        for row in itertools.combinations(xs, i):
            s += row[0] * row[-1] ** 2
    return s


@case(vec(4), 2, expect="refused")
def as_many_as_the_run_tells(xs, n):
    return sum(xs[row[0]] * xs[row[-1]] for row in itertools.product(range(3), repeat=n))


@case(vec(5))
def reduced_from_the_second_on(xs):
    held = [x * x for x in xs]
    return functools.reduce(operator.mul, held[1:]) + functools.reduce(operator.add, xs[2:])


@case(vec(5), 2)
def as_many_as_a_range_has(x, k):
    s = 0.0
    for i in range(len(range(0, len(x), k))):
        s += x[i] ** 3 * i
    return s


@case(vec(3), [1.2, 0.4], wrt=(0, 1), expect="refused")
def zip_over_a_list_that_is_inserted_into(x, items):
    total = 0.0
    for e, v in zip(items, x):
        items.insert(0, v * v)
        total += e * v
    return total


@case(vec(3), [1.2, 0.4], wrt=(0, 1), expect="refused")
def zip_over_a_list_that_is_cut(x, items):
    total = 0.0
    for e, v in zip(items, x):
        del items[0]
        total += e * v
    return total


@case(vec(3), [1.2, 0.4], wrt=(0, 1), expect="refused")
def map_over_a_list_that_a_slice_grows(x, items):
    total = 0.0
    for e in map(np.sin, items):
        if len(items) < 5:
            items[1:2] = [x[0], x[1]]
        total += e
    return total


@case(vec(3), [1.2, 0.4], wrt=(0, 1))
def rows_cut_into_while_zip_runs_over_them(x, items):
    rows = [2.0 * x, x ** 2]
    total = 0.0
    for k, (row, e) in enumerate(zip(rows, items)):
        rows[k][1:] = e
        total += np.sum(row)
    return total


@case(vec(4))
def pairs_of_an_array_that_calls_write(x):
    y = x * x
    total = 0.0
    for k, v in enumerate(x):
        for a, b in itertools.pairwise(y):
            if a > b:
                y.sort()
            else:
                np.multiply(y, v, out=y)
            y.reshape(2, 2)[0, 1] += k
            total += a * b
    return total


@case(vec(4), expect="refused")
def flat_of_an_array_that_turns_write(x):
    y = x * x
    total = 0.0
    for v in y.flat:
        y *= x[0]
        total += v
    return total


@case(vec(4), expect="refused")
def again_and_again_what_turns_write(x):
    y = x * x
    total = 0.0
    for v in itertools.islice(itertools.cycle(y), 6):
        y[1] += v
        total += v
    return total


@case([1.2, 0.4, 0.9], vec(3), wrt=(0, 1), expect="refused")
def map_over_a_list_that_turns_reverse(items, x):
    held = list(items)
    total = 0.0
    for k, v in enumerate(map(lambda a, b: a * b, held, x)):
        held.reverse()
        total += v * k
    return total


@case(vec(5), 0.6, wrt=(0, 1))
def parts_of_arrays_by_their_places(x, k):
    total = k
    for i, a in enumerate(x[1:-1]):
        total = total * k + a * i
    for i, (a, b) in enumerate(zip(x[1:], x[::-1])):
        total += a * b ** i
        if i > 1 and total > 0.1:
            break
    for row in np.outer(x, x)[-2::-1, 1:]:
        total = total * k + row[0] * row[-1]
    for a in reversed(x):
        for b in x[3:]:
            total += b
        x = x * k
        total += a * x[0] * (i + 1)
    return total


@case(vec(4), 0.6, wrt=(0, 1))
def lists_made_anew_from_the_last(x, k):
    values = [v * k for v in x]
    first = values
    for t in range(3):
        new = []
        for v in values:
            new.append(v * k)
            new[0] = new[0] + v
        values, first = new, values
    return sum([v * v for v in values]) + first[0] * len(first)


def group_means(x, labels):
    out = {"b": 0.0}
    for key, grp in itertools.groupby(zip(labels, x), key=lambda p: p[0]):
        vals = [v for _, v in grp]
        out[key] = sum(vals) / len(vals)
    return sum(v**2 for v in out.values()) + out["b"]


def runs_of_places(x):
    s = 1.0
    for half, ks in groupby(range(6), lambda k: k // 4):
        s = s * sum(x[k] for k in ks) + half
    for _, ks in groupby([1, 1, 2]):
        s += len(list(ks)) * x[0]
    return s


def groups_in_a_dict(x):
    rows = {k: [v for _, v in g] for k, g in groupby(sorted(zip("abcabc", x), key=lambda p: p[0]), key=lambda p: p[0])}
    return sum(np.prod(r) * len(r) for r in rows.values())


def groups_kept(x):
    held = list(groupby(zip("aabb", x), key=lambda p: p[0]))
    return sum(v for _, g in held for _, v in g)


def groups_of_a_run(x):
    return sum(sum(g) ** 2 for _, g in groupby(x, key=lambda v: v > 0))


def group_after_the_loop(x):
    s = x[0]
    for _, g in groupby(zip("aabb", x), key=lambda p: p[0]):
        s = s * 2
    return s + sum(v for _, v in g)


CASES += [
    Case(group_means, takes(vec(6), one_of(("a", "a", "b", "c", "c", "c"), ("b", "a", "b", "b", "c", "c"))), expect="either"),
    Case(runs_of_places, takes(vec(6))),
    Case(groups_in_a_dict, takes(vec(6)), expect="refused"),
    Case(groups_kept, takes(vec(4)), expect="refused"),
    Case(groups_of_a_run, takes(vec(4)), expect="refused"),
    Case(group_after_the_loop, takes(vec(4)), expect="refused"),
]


def asks_until_none(x):
    s, it = 0.0, iter(x)
    while (v := next(it, None)) is not None:
        if v > 1.5:
            break
        s += v**2
    return s


def asks_until_none_and_reads_it(x):
    s, it = 0.0, iter(x)
    v = None
    while (v := next(it, None)) is not None:
        if v > 1.2:
            break
        s += v**2
    return s if v is None else -s


def none_among_the_items(x):
    it, s = iter([x[0], None, x[1]]), x[2]
    while (v := next(it, None)) is not None:
        s += v * v
    return s


def asks_until_stopped(x):
    s, it = 0.0, enumerate(x)
    while True:
        try:
            i, v = next(it)
        except StopIteration:
            break
        if v < 0.5:
            continue
        s += i * v * v
    return s


def slices_for_each_axis(X, axis):
    everything = (slice(None),) * X.ndim
    ahead = tuple(slice(None) if k != axis else slice(1, None) for k in range(X.ndim))
    return np.sum(X[everything] * 2.0) + np.sum(X[ahead] ** 2)


CASES += [
    Case(asks_until_none, takes(vec(5, 0.1, 2.0)), seeds=5),
    Case(asks_until_none_and_reads_it, takes(vec(3, 0.1, 1.5)), seeds=8),
    Case(none_among_the_items, takes(vec(3))),
    Case(asks_until_stopped, takes(vec(5, 0.1, 2.0))),
    Case(slices_for_each_axis, takes(mat(3, 4), whole(0, 1)), seeds=4),
]


def takes_until_empty(x):
    todo, s = [(x[0], 1), (x[1], 2)], 0.0
    while True:
        try:
            v, k = todo.pop(0)
        except IndexError:
            break
        if k < 3:
            todo.append((v * x[2], k + 1))
        s += v * k
    return s


def takes_from_the_left(x):
    queue, s = collections.deque(x), 0.0
    while True:
        try:
            v = queue.popleft()
        except IndexError:
            break
        if v > 1.2:
            continue
        if len(queue) < 2 and v < 0.9:
            queue.append(v * 2.0)
        s += v * v * len(queue)
    return s


CASES += [
    Case(takes_until_empty, takes(vec(3))),
    Case(takes_from_the_left, takes(vec(5, 0.1, 1.6)), seeds=5),
]
