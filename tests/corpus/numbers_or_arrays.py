"""Formulas that take numbers and arrays alike: a write into a number's item is caught, and no name is missing.

Also what arrays are asked beside their numbers: not to be written, and their entries in order.
"""

import math
from functools import lru_cache

import numpy as np

from case import Case, listed, mat, num, vec

CASES: list[Case] = []
case = listed(CASES)


def without_specks(e, n):
    try:
        e[abs(e) < 0.3] = 0.0
        n[abs(n) < 0.3] = 0.0
    except TypeError:
        if abs(e) < 0.3:
            e = 0.0
        if abs(n) < 0.3:
            n = 0.0
    return np.sum(e * n + e**2)


@case(num(), num(), wrt=(0, 1), seeds=5, tags=("dead lines",))
def specks_of_numbers(e, n):
    return without_specks(e, n) + e


@case(vec(5), vec(5), wrt=(0, 1), tags=("dead lines",))
def specks_of_arrays(e, n):
    return without_specks(e.copy(), n.copy()) + np.sum(e)


@case(vec(5), vec(5), wrt=(0, 1), tags=("dead lines",))
def specks_of_the_caller(e, n):
    return without_specks(e, n)


def behind_a_shadow(x, w):
    r = 1.0 - x**2
    try:
        r[r < 0] = 0.25
    except TypeError:
        if r < 0:
            r = 0.25
    d = w * np.sqrt(r)
    try:
        d[d > 0.7] = 1.0
    except (AttributeError, TypeError):
        if d > 0.7:
            d = 1.0
    try:
        return d.squeeze()[()]
    except AttributeError:
        return d


@case(num(0.2, 1.8), num(0.2, 1), wrt=(0, 1), seeds=5, tags=("dead lines",))
def shadow_of_a_number(x, w):
    return behind_a_shadow(x, w) * w


@case(vec(6, 0.2, 1.8), vec(6, 0.2, 1), wrt=(0, 1), tags=("dead lines",))
def shadow_of_an_array(x, w):
    return np.sum(behind_a_shadow(x, w) * w)


def away_from_poles(x, y):
    try:
        i = abs(x) > 1.0
        x[i] = np.sign(x[i]) * 1.5
        i = abs(y) > 1.0
        y[i] = np.sign(y[i]) * 1.5
    except TypeError:
        if abs(x) > 1.0:
            x = np.sign(x) * 1.5
        if abs(y) > 1.0:
            y = np.sign(y) * 1.5
    return np.sum(x * y)


@case(num(), num(), wrt=(0, 1), seeds=5, tags=("dead lines",))
def poles_of_numbers(x, y):
    return away_from_poles(x, y)


@case(vec(5), vec(5), wrt=(0, 1), tags=("dead lines",))
def poles_of_arrays(x, y):
    return away_from_poles(x * 1.5, y * 1.5)


@case(vec(5), vec(5, 0.5, 2), wrt=(0, 1), tags=("dead lines",))
def no_name_is_missing(x, y):
    try:
        x = np.asarray(x)
        y = np.asanyarray(y)
    except NameError:
        pass
    r = np.sqrt(x**2 + y**2)
    try:
        b = np.empty_like(r)
        bad = r > 1.5
        b[~bad] = np.arctan(y[~bad] / x[~bad])
        b[~bad] += x[~bad]
        b[bad] = 0
    except NameError:
        b = 0.0 if r > 1.5 else math.atan(y / x) + x
    return np.sum(b * y)


def turned_inside(alt, x):
    inside = x < 0.3
    try:
        if inside.any():
            alt[inside] = -alt[inside] * x[inside]
    except (TypeError, AttributeError):
        if inside:
            alt = -alt * x
    return alt


@case(num(), num(), wrt=(0, 1), seeds=5, tags=("dead lines",))
def numbers_inside(alt, x):
    return turned_inside(alt * x, x)


@case(vec(5), vec(5), wrt=(0, 1), tags=("dead lines",))
def arrays_inside(alt, x):
    return np.sum(turned_inside(alt * x, x))


@case(num(0.5, 2), tags=("dead lines",))
def a_list_takes_no_name(a):
    ys = [0.0, 0.0]
    try:
        ys[1] = a * a
        ys[0] = a * 2
    except TypeError:
        ys = [a]
    return sum(ys)


Turns = float
at_most = min
at_least = max


def turned(x: Turns) -> Turns:
    y = 3.0 * x + 0.25
    return y - int(y)


@case(num(0.5, 2), num(0.5, 2), wrt=(0, 1))
def by_other_names_of_builtins(x, y):
    return turned(x) * at_least(x, at_most(y, 1.2))


@case(num(0.5, 2))
def parts_of_a_whole_number(x):
    def shifted(m, x):
        m2 = m * m
        m2 = m2 - 1 if m2.imag == 0 else m2
        return m2 * x**2 + m2.real

    return shifted(2, x)


@lru_cache(maxsize=16)
def scales(n):
    k = np.arange(1, n + 1, dtype=np.float64)
    found = (2 * k + 1) / k
    found.setflags(write=False)
    return found


@case(vec(4))
def protected_tables(x):
    y = x * scales(len(x))
    y.flags.writeable = False
    return np.sum(y * x)


@case(vec(4), expect="refused")
def tries_a_protected_array(x):
    y = x * 2.0
    y.flags.writeable = False
    try:
        y[0] = 5.0
    except ValueError:
        pass
    return np.sum(y * y)


@case(vec(3), expect="refused")
def tries_a_place_that_is_not_there(x):
    e = x * 1.0
    try:
        e[7] = 3.0
    except (TypeError, IndexError):
        e = e * e
    return np.sum(e * x)


@case(vec(4), expect="refused")
def asks_whether_it_is_protected(x):
    y = x * 2.0
    y.setflags(write=False)
    return np.sum(y) * (1.0 if y.flags.writeable else x[0])


def reciprocals(x):
    x = np.asarray(x)
    out = np.zeros_like(x, dtype=np.float64)
    lacking = np.isnan(x.flat)
    there = ~lacking
    there[there] = there[there] & (x.flat[there] != 0)
    out.flat[there] = 1.0 / x.flat[there]
    out.flat[lacking] = np.nan
    return out


@case(vec(4, 0.5, 2))
def reciprocals_of_an_array(x):
    return np.sum(reciprocals(x) * x**2)


@case(num(0.5, 2), tags=("dead lines",))
def reciprocals_of_a_number(x):
    return np.sum(reciprocals(x) * x**2)


@case(num(0.2, 0.8), num(0.2, 0.8), wrt=(0, 1))
def roots_in_a_list(x, y):
    found = [z * y for z in np.roots([1.0, x, 2.0, y]).tolist()]
    return sum(abs(z) ** 2 for z in found) * x + abs(np.roots([1.0, x, 2.0]).tolist()[0])


@case(vec(3), vec(3), wrt=(0, 1))
def spanned_by_singular_values(x, y):
    a = np.outer(x, y) + np.outer(y, np.arange(3.0))  # of rank 2: one value is none but by rounding
    u, s, v = np.linalg.svd(a)
    p = (u * np.array([1.0, 2.0, 4.0])) @ u.T
    return np.sum(p * np.arange(9.0).reshape(3, 3)) + np.sum(s[:2])


@case(vec(4), vec(3), wrt=(0, 1))
def angles_beside(v, t):
    v = np.asanyarray(v, dtype=float)
    shape = [-1] + [1] * np.ndim(v)
    return np.sum(np.sin(t.reshape(*shape)) * v) + np.sum(np.cos(t.reshape(-1, *v.ndim * [1])) * v)


def widened(x, axes):
    x = np.require(x, dtype=float, requirements=["W"])
    if x.ndim < axes:
        x = np.reshape(x, x.shape + (1,) * (axes - x.ndim))
    return x


@case(vec(3), mat(3, 2), wrt=(0, 1))
def up_to_axes(v, a):
    return np.sum(widened(v, 2) @ widened(v * 2.0, 2).T) + np.sum(widened(a, 2) ** 2)
