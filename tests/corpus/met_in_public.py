"""Reductions of what real programs do: ``out=None`` that is made and filled, rows of lists of lists, seldom branches."""

import numpy as np
from case import Case, listed, mat, num, vec

CASES: list[Case] = []
case = listed(CASES)

NUMBERS = [1.3, 0.2, 2.1]


@case(vec("n"), None)
def filled_where_none(v, out=None):
    if out is None:
        out = np.zeros(len(v))
    for i in range(len(v)):
        out[i] += v[i] * v[i]
    return out[0] * out[1] + np.sum(out)


@case(NUMBERS, None)
def filled_list(zs, totals=None):
    n = len(zs)
    if totals is None:
        totals = [0.0] * n
    for i in range(n):
        totals[i] += zs[i] * zs[n - 1 - i]
    return totals[0] + 2.0 * totals[1]


@case(vec(4), None)
def appended_where_none(v, found=None):
    found = [] if found is None else found
    for i in range(4):
        found.append(v[i] ** 2)
    return sum(found) * found[1]


@case(vec(4), None)
def given_to_out(v, out=None):
    if out is None:
        out = np.empty_like(v)
    np.multiply(v, v, out=out)
    out[0] = 1.0
    return out.sum() + (out * v).sum()


def squares(v, out=None):
    if out is None:
        out = np.zeros(len(v))
    for i in range(len(v)):
        out[i] = v[i] ** 2
    return out


@case(vec(4))
def default_filled(v):
    return np.sum(squares(v) * v)


@case(vec(4))
def default_filled_or_given(v):
    out = np.ones(4)
    squares(v, out)
    squares(v * 2, out=out)
    return np.sum(out * v)


def weighted(v, out=None, w=None):
    if w is None:
        w = np.ones_like(v)
    if out is None:
        out = np.empty_like(v)
    out[:] = w * v
    return out


def weighted_and_one(v, out=None):
    return weighted(v, out) + 1


@case(vec(4))
def none_passed_on(v):
    return np.sum(weighted_and_one(v) ** 2)


def collected(v, found=None):
    found = [] if found is None else found
    for i in range(len(v)):
        found.append(v[i] * v[i])
    return found


@case(vec(4))
def lists_where_none(v):
    a = collected(v)
    b = collected(2 * v, a)
    return sum(b) + b[0] * b[5]


class Layer:
    def __init__(self, w, b=None):
        self.w = w
        if b is None:
            b = np.zeros(4)
            b[0] = 1.0
        self.b = b

    def __call__(self, v, out=None):
        if out is None:
            out = np.zeros_like(v)
        out += self.w * v + self.b
        return out


@case(vec(4), vec(4), wrt=(0, 1))
def layer_that_makes_its_own(v, w):
    return np.sum(Layer(w)(v) ** 2)


def settled_by_tolerance(a, tol=None):
    if tol == -1:
        return a
    elif tol == 0:
        from mpmath import mp

        mp.dps = 50
        return float(mp.mpf(a))
    return a * np.sin(a)


case(num(), None)(settled_by_tolerance)


@case(num())
def arms_that_no_call_reaches(a):
    s = 0.0
    for i in range(3):
        s += settled_by_tolerance(a + i, None) * settled_by_tolerance(a)
    return s


@case(num(), 0.5, expect="refused")
def arm_that_may_be_reached(a, tol):
    if tol == 0:
        from mpmath import mp

        mp.dps = 50
        return float(mp.mpf(a))
    return a * np.sin(a)
