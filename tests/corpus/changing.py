"""Loops over what their turns change, as ``itertools`` reads it; iterators from which ``next`` takes."""

import itertools

import numpy as np

from case import Case, mat, num, takes, vec


def pairs_of_what_changes(x):
    y = x * 1.0
    s = x[0]
    for a, b in itertools.pairwise(y):
        s = s * 0.5 + a * b
        y[1], y[2] = y[2], y[1]
    return s * y[1]


def pairs_of_a_list_that_changes(x):
    xs = []
    for v in x:
        xs.append(v * 1.5)
    s = x[0]
    for a, b in itertools.pairwise(xs):
        s = s * 0.5 + a * s * b
        xs[2] += a
    return s + xs[0] * xs[-1]


def pairs_of_a_list_that_grows(x):
    xs = []
    for v in x:
        xs.append(v * 1.5)
    s = x[0]
    for a, b in itertools.pairwise(xs):
        s = s * 0.5 + a * s * b
        if len(xs) < 7:
            xs.append(s)
    return s + xs[-1]


def pairs_beside_a_result(x):
    out = np.zeros(len(x))
    k = 0
    for a, b in itertools.pairwise(x):
        out[k] = a * b
        k += 1
    return out @ x


def sums_of_what_changes(x):
    y = x * 1.0
    s = x[0]
    for a in itertools.accumulate(y):
        s = s * 0.5 + a * s
        y[2] += a
    return s + y[2]


def combinations_of_what_was(x):
    y = x * 1.0
    s = x[0]
    for a, b in itertools.combinations(y, 2):
        s = s * 0.5 + a * s * b
        y[0] = y[0] * 0.9
    return s + y[0]


def combinations_of_items_that_were(x):
    xs = [x[0], x[1], x[2]]
    s = x[0]
    for a, b in itertools.combinations(xs, 2):
        s = s * 0.5 + a * s * b
        xs[2] += a
    return s + xs[2]


def product_of_what_was(x):
    y = x * 1.0
    s = x[0]
    for a, b in itertools.product(y, y):
        s = s * 0.5 + a * s * b
        y[2] += a * 0.1
    return s + y[2]


def chain_of_what_is_bound_anew(x):
    xs = []
    for v in x:
        xs.append(v * 1.5)
    s = x[0]
    for a in itertools.chain(xs[:2], xs):
        s = s * 0.5 + a * s
        xs = [s, s, s]
    return s + xs[0]


def part_of_a_list_that_changes(x):
    xs = []
    for v in x:
        xs.append(v * 1.5)
    s = x[0]
    for v in itertools.islice(xs, 1, None):
        s = s + v * x[0]
        xs[3] = s
    return s


def part_of_items_that_change(x):
    xs = [x[0], x[1], x[2], x[3]]
    s = x[0]
    for v in itertools.islice(xs, 1, None):
        s = s + v * x[0]
        xs[3] = s
    return s


def round_and_round_what_changes(x):
    xs = [x[0], x[1]]
    s = x[0]
    for a, b in zip(itertools.cycle(xs), x):
        s = s * 0.5 + a * s * b
        xs[1] = s
    return s


def sums_put_into_a_list(x):
    out = []
    s = 0.0
    for a in itertools.accumulate(x, lambda t, v: 0.5 * t + v, initial=1.0):
        out.append(a * a)
        s = s + out[-1]
    return s * list(itertools.accumulate(x))[-1]


def running_totals_of_rows(X):
    totals = list(itertools.accumulate(X))
    s = np.sum(totals[-1] * totals[0]) + totals[1][1] ** 2
    for k, row in enumerate(itertools.accumulate(np.sin(X).T, np.maximum)):
        s += k * (row @ row)
    return s + np.sum([t[0] * t[1] for t in itertools.accumulate(X, lambda a, b: 0.5 * a + b)])


def sums_of_a_list_that_grows(x):
    xs = []
    for v in x:
        xs.append(v * 1.5)
    ys = xs
    s = 0.0
    for a in itertools.accumulate(xs):
        s = s + a
        if len(ys) < 6:
            ys.append(s)
    return s


def first_and_the_others(x):
    it = iter(x)
    first = next(it)
    s = first
    for v in it:
        s = s * 0.5 + v * first
    return s


def one_before_the_other(x):
    it = iter(x)
    before = next(it)
    s = 0.0
    for now in it:
        s = s + before * now
        before = now
    return s


def taken_from_a_list_that_changes(x):
    xs = [x[0], x[1], x[2], x[3]]
    it = iter(xs)
    a = next(it)
    xs[1] = 5.0 * a
    xs[3] = a * a
    return sum(it) + a


def first_that_is_great(x):
    great = next(v for v in x if v > -10.0)
    return great * great * next(iter([x[1]])) * next(iter([]), 2.0)


def taken_in_turns(x):
    it = iter(x * 2.0)
    s = 0.0
    for k in range(4):
        s = s + next(it) * (k + 1) * x[k]
    return s


def rows_multiplied(x):
    rows = iter(x.reshape(2, 2))
    product = next(rows) * 1.0
    for r in rows:
        product = product * r
    return np.sum(product)


def doubled(row):
    row *= 2.0
    return np.sum(row**2)


def sums_of_calls_that_write(A, v):
    B = A * 1.0
    return list(itertools.accumulate(map(doubled, B)))[-1] + np.sum(B) * v


def one_more_call_than_items(A, v):
    B = A * 1.0
    return sum(a * b for a, b in zip(map(doubled, B), [v, v])) + np.sum(B)


def goes_on_with_another(x):
    it, s, k = iter([x[0], x[1] * x[0]]), 0.0, 0
    while True:
        try:
            v = next(it)
        except StopIteration:
            break
        s = s * x[0] + v * v
        if k == 0:
            it = iter([x[2] ** 2, x[1]])
        k += 1
    return s


def asks_another_from_there_on(x):
    it, s, k = iter([x[0], x[1] * x[0]]), 0.0, 0
    while (v := next(it, None)) is not None:
        s = s * x[0] + v * v
        if k == 0:
            it = iter([x[2] ** 2, x[1]])
        k += 1
    return s


def takes_into_places(x):
    todo, out, k = [x[0], x[1], x[2]], np.zeros(2), 0
    while True:
        try:
            out[k] = todo.pop()
        except IndexError:
            break
        k += 1
    return np.sum(out**2) * len(todo)


CASES = [
    Case(pairs_of_what_changes, takes(vec(4))),
    Case(pairs_of_a_list_that_changes, takes(vec(4))),
    Case(pairs_of_a_list_that_grows, takes(vec(4)), expect="refused"),
    Case(pairs_beside_a_result, takes(vec(4))),
    Case(sums_of_what_changes, takes(vec(4))),
    Case(combinations_of_what_was, takes(vec(4))),
    Case(combinations_of_items_that_were, takes(vec(4))),
    Case(product_of_what_was, takes(vec(3))),
    Case(chain_of_what_is_bound_anew, takes(vec(4))),
    Case(part_of_a_list_that_changes, takes(vec(4))),
    Case(part_of_items_that_change, takes(vec(4)), expect="refused"),
    Case(round_and_round_what_changes, takes(vec(3)), expect="refused"),
    Case(sums_put_into_a_list, takes(vec(4))),
    Case(running_totals_of_rows, takes(mat(3, 2))),
    Case(sums_of_a_list_that_grows, takes(vec(4)), expect="refused"),
    Case(first_and_the_others, takes(vec(4))),
    Case(one_before_the_other, takes(vec(4))),
    Case(taken_from_a_list_that_changes, takes(vec(4))),
    Case(first_that_is_great, takes(vec(4))),
    Case(taken_in_turns, takes(vec(4))),
    Case(rows_multiplied, takes(vec(4))),
    Case(sums_of_calls_that_write, takes(mat(3, 2), num()), wrt=(0, 1), expect="refused"),
    Case(one_more_call_than_items, takes(mat(3, 2), num()), wrt=(0, 1), expect="refused"),
    Case(goes_on_with_another, takes(vec(3)), expect="refused"),
    Case(asks_another_from_there_on, takes(vec(3)), expect="refused"),
    Case(takes_into_places, takes(vec(3)), expect="refused"),
]
