"""Sums that begin at a number and are arrays from the first turn on; next to near misses."""

import numpy as np

from case import Case, num, takes, vec

WEIGHTS = np.array([1.0, 2.0, 3.0])


def decays(x, y):
    total = 0.0
    for k in range(len(x)):
        total = total + x[k] * np.exp(-y)
    return np.sum((total - y) ** 2)


def in_place(x, y):
    total = 0
    for a in x:
        total += a * np.sin(y)
    return np.sum(total**2 * y)


def taken_away(x, y):
    total, count = 0.0, 1.0
    for k in range(3):
        total -= x[k] * y
        count = count * x[k]
    return np.sum(np.exp(total)) * count


def on_the_right(x, y):
    total = 0.0
    for k in range(1, len(x)):
        total = x[k] * y[:k].sum() * y + total
    return np.sum(total**2) + total[0]


def in_a_turn(x, y):
    out = 0.0
    for i in range(3):
        total = 0.0
        for k in range(len(x)):
            total = total + x[k] * np.cos(y * x[i])
        out = out + np.sum(total**2)
    return out


def both_levels(x, y):
    out = 0.0
    for i in range(3):
        total = 0.0
        for k in range(len(x)):
            total = total + x[k] * y**i
        out = out + total * x[i]
    return np.sum(out**2)


def through_both_levels(x, y):
    total = 0.0
    for i in range(2):
        for k in range(len(x)):
            total = total + x[k] * y**i
    return np.sum(total**2)


def growing(x, y):
    total = 0.0
    for k in range(len(x)):
        total = total + (x[k] * y[:1] if k < 2 else x[k] * y)
    return np.sum(total**2)


def of_columns(x, y):
    total = 0.0
    for k in range(len(x)):
        total = total + x[k] * np.outer(y, y)
    return np.sum(total @ y) + total.shape[0] * x[0]


def no_turn(x, y):
    total = 0.0
    for k in range(len(x) - 4):
        total = total + x[k] * y
    return np.sum(total) + np.sum(y**2)


def perhaps_no_turn(x, y):
    total = 0.0
    for k in range(int(abs(x[0])) * 0):
        total = total + x[k] * y
    return np.sum(total + y**2)


def read_in_turns(x, y):
    total = 0.0
    out = 0.0
    for k in range(len(x)):
        total = total + x[k] * y
        out = out + np.sum(total**2)
    return out


def number_of_theirs(x, y):
    total = x[1]
    for k in range(len(x)):
        total = total + x[k] * y
    return np.sum(total**2)


def left_early(x, y):
    total = 0.0
    for k in range(len(x)):
        if x[k] > 0.8:
            break
        total = total + x[k] * y
    return np.sum(total**2)


def in_some_turns(x, y):
    total = 0.0
    for k in range(len(x)):
        if x[k] > 0.0:
            total = total + x[k] * y
    return np.sum(total**2)


def begun_in_a_branch(x, y):
    if x[0] > 0.0:
        total = 0.0
    else:
        total = y * x[0]
    for k in range(len(x)):
        total = total + x[k] * y
    return np.sum(total**2)


def spread_by_a_constant(x, y):
    total = 0.0
    for k in range(len(x)):
        total = total + (x[k] + WEIGHTS)
    return np.sum(total) + np.linalg.norm(total) * y[0]


def spread_by_the_other(x, y):
    total = 0.0
    for k in range(len(x)):
        total = total - np.where(y > x[k], x[k], y)
    return np.mean(total) + np.max(total)


def also_read_before(x, y):
    total = x[1] * y[0]
    first = total * x[2]
    for k in range(len(x)):
        total = total + x[k] * y
    return np.sum(total**2) * first


def two_numbers_in_a_line(x, y):
    p, q = x[0], y[1]
    for k in range(3):
        p = p + x[k] * y
        q -= np.sin(x)
    return np.sum(p * q)


def other_numbers_each_turn(x, y):
    h = x
    for i in range(3):
        total = h[i] * y[0]
        for k in range(len(x)):
            total += y[k] * np.tanh(h * x[k])
        h = h + 0.1 * total * np.sin(total)
    return np.sum(h)


def of_terms_without_derivatives(x, y):
    total = x[1] - y[0]
    for k in range(2):
        total = total + WEIGHTS * k
    return np.sum(total) + np.sum(total**2)


def handed_to_a_list(x, y):
    sums = []
    for i in range(2):
        total = x[i]
        for k in range(len(x)):
            total += x[k] * y
        sums.append(total)
    return np.sum(sums[0] * sums[1])


def one_after_the_other(x, y):
    total = x[0]
    for k in range(2):
        total = total + x[k] * y
    for a in y:
        total = total - a * x
    return np.mean(total**2)


def part(x, y):
    total = 0.0
    for k in range(len(x)):
        total = total + x[k] * np.sin(y)
    return total


def of_a_call(x, y):
    return np.sum(part(x, y) ** 2) + np.sum(part(y, x * y))


def gone_on_with(x, y):
    total = 0.0
    for k in range(len(x)):
        total = total + x[k] * y
    for k in range(2):
        total = total * y[k] + x
    total = np.sum(total)
    for k in range(2):
        total = total + x[k] * total
    return total


def handed_on(x, y):
    total = 0.0
    for k in range(len(x)):
        total = total + x[k] * y
    last = total
    last[0] = x[1]
    return np.sum(total**2)


def begun_with_nothing(x, b):
    """The tangent of the difference is as large as x, though that of the product is 0."""
    t = b - x * (0.0 * 3.0)
    u = b + x * (0.0 / 2.0)
    return np.sum(t) * np.sum(u)


CASES = [
    Case(f, takes(vec(4), vec(4)), wrt=(0, 1))
    for f in (
        decays, in_place, taken_away, on_the_right, in_a_turn, both_levels, through_both_levels, growing, of_columns,
        read_in_turns, number_of_theirs, left_early, in_some_turns, begun_in_a_branch,
        spread_by_a_constant, spread_by_the_other, of_a_call, gone_on_with, also_read_before,
        two_numbers_in_a_line, other_numbers_each_turn, of_terms_without_derivatives, handed_to_a_list,
        one_after_the_other,
    )
] + [
    Case(begun_with_nothing, takes(vec(4), num()), wrt=(0, 1)),
    Case(no_turn, takes(vec(4), vec(4)), wrt=(0, 1), tags=("dead lines",)),
    Case(perhaps_no_turn, takes(vec(4), vec(4)), wrt=(0, 1), tags=("dead lines",)),
    Case(handed_on, takes(vec(4), vec(4)), wrt=(0, 1), expect="refused"),
]  # fmt: skip
