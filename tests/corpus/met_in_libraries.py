"""Shapes met in libraries of formulas: what type checkers are told, texts of the module, comments between lines."""

import typing
from collections.abc import KeysView, ValuesView
from typing import cast

import numpy as np

from case import Case, flag, listed, mat, num, vec, whole

CASES: list[Case] = []
case = listed(CASES)


@case(num(0.5, 2))
def told_to_checkers(x):
    return cast("float", x * 2.0) * typing.cast(float, x)


def as_array(a, dtype=None):
    if isinstance(a, (KeysView, ValuesView)):
        a = list(a)
    return np.asarray(a, dtype)


@case(vec(3), tags=("dead lines",))
def no_view_of_a_dict(x):
    return np.sum(as_array(x) ** 2)


@case(num(), tags=("dead lines",))
def no_view_of_a_number(x):
    return float(as_array(x)) ** 2


DIVISION = "Ignore"


def validated(mode, modes):
    mode = str(mode)
    lower = mode.lower()
    if lower not in [m.lower() for m in modes]:
        raise ValueError(mode)
    return lower


def divided(a, b):
    mode = validated(DIVISION, ("Numpy", "Ignore", "Warning"))
    if mode == "numpy":
        return a / b
    with np.errstate(divide="ignore"):
        return 2.0 * a / b


def divide_as(mode):
    global DIVISION
    DIVISION = validated(mode, ("Numpy", "Ignore", "Warning"))


class division:
    def __init__(self, mode):
        self._mode = mode
        self._previous = DIVISION

    def __enter__(self):
        divide_as(self._mode)
        return self

    def __exit__(self, *args):
        divide_as(self._previous)


@case(vec(3), tags=("dead lines",))
def by_a_text_of_the_module(x):
    return np.sum(divided(x, x**2 + 1.0))


@case(vec(3), seeds=2, tags=("dead lines",))
def within_another_mode(x):
    with division("numpy"):
        inside = np.sum(divided(x, x**2 + 1.0))
    return inside * np.sum(divided(x, x**2 + 2.0))


# fmt: off
@case(num(0.5, 2), tags=("dead lines",))
def comments_between_lines(x):
    if x > 5.0:
        raise ValueError("Given outlet pressure is not possible " # chosen: don't
f"at {x:f}") # and so on
#            raise ValueError("or so")
    if (x > 0.0  # don't: stop
        and x < 9.0):  # it's
        z = x * 3.0
    else:
        z = x
    y = (z # first
# a comment
  * 2.0)
    return y * x
# fmt: on


@case(vec(2, 1.5, 3))
def a_number_where_it_is_positive(v):
    """Of numbers of NumPy's, too: ``r[r > 0]`` is all of it, or nothing."""
    r = v[0] ** 2 - v[1]
    h = np.zeros(r.shape)
    h[r > 0] = np.sqrt(r[r > 0])
    return float(h * 2.0)


@case(vec(3))
def a_number_as_often_as_it_holds(v):
    r = v.sum()
    return np.sum(r[r < 0] * 2) + np.sum(r[np.array(True)] * 2) + np.sum(r[None][r > 0]) + np.sum(r[r > 0, None] ** 2)


@case(vec(3))
def an_entry_of_a_number(v):
    r = v.sum()
    return r[None][0] ** 2 + r[None, None][0, 0] * 3 + np.sum(v[None][0] ** 2) + v[None, ..., None][0, 1, 0]


@case(vec(3, 0.4, 2.0))
def a_number_in_one_step(v):
    a, b, c = (v[..., i] for i in range(3))
    r = a * a + b * b - c
    h = np.zeros(r.shape)
    h[r > 0] = np.sqrt(r[r > 0])
    return np.sum((h / c) ** 2)


AXES = {"sxyz": (0, 0, 0, 0), "syxz": (1, 0, 0, 1)}
NAMES_OF_AXES = {v: k for k, v in AXES.items()}


def angles(M, axes="syxz"):
    try:
        first, odd, again, turned = AXES[axes.lower()]
    except (AttributeError, KeyError):
        NAMES_OF_AXES[axes]
        first, odd, again, turned = axes
    a, b = np.arctan2(M[first, 0], M[2, 2]), M[1, first + odd - again]
    return (b, a) if turned else (a, b)


@case(mat(3, 3))
def by_a_name_that_is_there(M):
    found = angles(M)
    a, b = angles(M, "SXYZ")
    return found[0] + 2 * found[1] + 3 * a * b


@case(mat(3, 3))
def eigenvalues_cut_off(A):
    w, V = np.linalg.eigh(A + A.T)
    w[w < 0.2] = 0.2
    for k in range(3):
        if V[0, k] < 0:
            V[:, k] *= -1
        w[k] = w[k] ** 2
    return np.sum((V * w) @ V.T * np.arange(9.0).reshape(3, 3)) + V[1, 0] ** 2


@case(mat(3, 3))
def singular_values_cut_off(A):
    U, s, Vt = np.linalg.svd(A)
    s[s < 0.5] = 0.0
    s[0] *= 2
    return np.sum(U @ np.diag(s) @ Vt * np.arange(9.0).reshape(3, 3))


@case(mat(3, 3))
def entries_unpacked(M):
    a, b, c, d, e, f, g, h, i = M.flat
    return a * e - i * c + b * d * f + g * h


ROWS = [(np.array([1.0, 2.0]), 3.0), (np.array([2.0, 5.0]), 4.0)]


@case(num(), whole(0, 3))
def rows_of_a_table(x, n):
    total = 0.0
    for k in range(n):
        a, b = ROWS[k]
        total += np.sum(a * x) * b
    return total


def scaled(a):
    a = as_array(a, np.float64).copy()
    if DIVISION == "never":
        a *= as_array(100.0, np.float64)
    return a


@case(num())
def an_array_of_one_number(x):
    return float(scaled(np.float64(x) * 2.0))


@case(vec(3))
def one_or_several(x):
    """``np.isscalar`` tells one point from a list of them."""
    points = [x] if np.isscalar(x[0]) else x
    found = [p[0] ** 2 + 100.0 * sum(p[1:] ** 2) for p in points]
    return found if len(found) > 1 else found[0]


@case(num(0.2, 1))
def named_as_a_series(angle):
    projection = np.cos(angle) * 2.0
    try:
        projection.name = "projection"
    except AttributeError:
        pass
    return projection * angle


class Box:
    def __init__(self, v):
        self.v = v


@case(num(0.2, 1), tags=("dead lines",))
def named_as_an_object(t):
    box = Box(t * 2)
    try:
        box.v = t
    except AttributeError:
        box = None
    return box.v * t


@case(num(0.2, 0.6), flag(), tags=("dead lines",))
def bound_where_it_is_read(x, full):
    """What only one arm binds is not handed on to a function that reads it there."""
    if full:
        scale = 2.0

    def again(y, k):
        for _ in range(5):
            y = y * x
            if y > 1.0:
                break
        if full:
            return y * scale
        if k < 3:
            return again(y + 1.0, k + 1)
        return np.sin(y)

    return again(x, 0) + again(x * 2.0, 1)
