"""Numbers that are given axes: what one writes so that a function takes rows and whole tables alike."""

import numpy as np
from case import Case, mat, num, takes, vec


def log_sum_exp(x):
    top = np.max(x, axis=-1)
    return top + np.log(np.sum(np.exp(x - top[..., None]), axis=-1))


def of_a_row(x):
    return log_sum_exp(x) * log_sum_exp(x * x)


def of_a_table(X):
    return np.sum(log_sum_exp(X) ** 2)


def leading_axis(x):
    s = np.sum(x * x)
    return np.sum(x * s[None] + s[None, ..., None])


def whole(x):
    s = np.dot(x, x)
    return s[...] * 2.0


def spread_over_rows(x, X):
    m = x.mean()
    return np.sum(X * m[None, None] + m[..., None] ** 2)


def without_axes(x):
    t = np.zeros(())
    t[...] = x[0]
    t *= x[1]
    t[()] **= 2
    t += x[0] * t
    t[...] -= x[2]
    return t.item()


def a_number_by_a_mask(a):
    y = np.float64(a)[a > 0.0]
    z = np.float64(a)
    return np.sum(y * y) * z[()]


def two_names_without_axes(x):
    y = np.array(x[0])
    y += x[1]
    z = y
    z *= x[2]
    return y * y


PAID = {"end": 0, "begin": 1}


def as_number(when):
    if isinstance(when, np.ndarray):
        return when
    try:
        return PAID[when]
    except (KeyError, TypeError):
        return [PAID[w] for w in when]


def payment(rate, n, value, when="end"):
    when = as_number(when)
    (rate, n, value, when) = map(np.array, [rate, n, value, when])
    grown = (1 + rate) ** n
    return -value * grown * rate / ((1 + rate * when) * (grown - 1))


def share(rate, per, n, value, when="end"):
    when = as_number(when)
    rate, per, n, value, when = np.broadcast_arrays(rate, per, n, value, when)
    total = payment(rate, n, value, when)
    return np.where(per > 1, total * rate, total)


def whole_numbers_handed_on(a):
    return share(0.01, 3, 12, a) + np.sum(share(0.02, np.arange(1, 4), 12, a))


def greater_of_a_number_and_one_entry(x, v):
    return np.sum(max(x, v[:1]) * np.ones(1)) + np.sum(min(v[1:2], x) ** 2)


CASES = [
    Case(greater_of_a_number_and_one_entry, takes(num(0.5, 1.5), vec(2)), wrt=(0, 1), seeds=4),
    Case(two_names_without_axes, takes(vec(3))),
    Case(whole_numbers_handed_on, takes(num(0.5, 1.5)), tags=("dead lines",)),
    Case(without_axes, takes(vec(3))),
    Case(a_number_by_a_mask, takes(num(0.5, 1.5))),
    Case(of_a_row, takes(vec())),
    Case(of_a_table, takes(mat("n", "m"))),
    Case(leading_axis, takes(vec())),
    Case(whole, takes(vec())),
    Case(spread_over_rows, takes(vec(), mat("n", "m")), wrt=(0, 1)),
]
