"""What Numba lacks of ``math``: counts, whole roots, products and distances of several numbers."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from tangent_like.backend.lacking.kinds import is_array, is_none, is_number, is_vector, made, stand_in

comb = stand_in(math.comb)
perm = stand_in(math.perm)
factorial = stand_in(math.factorial)
isqrt = stand_in(math.isqrt)
lcm = stand_in(math.lcm)
isclose = stand_in(math.isclose)
modf = stand_in(math.modf)
hypot = stand_in(math.hypot)
dist = stand_in(math.dist)
prod = stand_in(math.prod)
where = stand_in(np.where)
cbrt = stand_in(getattr(math, "cbrt", np.cbrt))  # new in Python 3.11

OF_MATH = (
    where, comb, perm, factorial, isqrt, lcm, isclose, modf, hypot, dist, prod,
    *([cbrt] if hasattr(math, "cbrt") else ()),
)  # fmt: skip


def are_whole(*given: Any) -> bool:
    return all(isinstance(g, types.Integer) for g in given)


@register_jitable
def refuse_below_zero(n):
    if n < 0:
        raise ValueError("it must not be negative")


@register_jitable
def times(total, factor):
    """Their product, if 64 bits hold it: Python's whole numbers have no end."""
    if factor != 0 and total > 9223372036854775807 // factor:
        raise OverflowError("a whole number is too large for compiled code")
    return total * factor


@register_jitable
def greatest_factor(a, b):
    while b:
        a, b = b, a % b
    return a


@overload(where)
def _where(condition, x=None, y=None):
    """Of numbers a number: Numba makes arrays without axes."""
    if is_none(x):
        return lambda condition, x=None, y=None: np.where(condition)
    if is_number(condition) and is_number(x) and is_number(y):
        return lambda condition, x=None, y=None: x if condition else y
    return lambda condition, x=None, y=None: np.where(condition, x, y)


@overload(comb)
def _comb(n, k):
    if not are_whole(n, k):
        return None

    def impl(n, k):
        refuse_below_zero(n)
        refuse_below_zero(k)
        if k > n:
            return 0
        least = min(k, n - k)
        found = 1
        for i in range(least):
            shared = greatest_factor(n - i, i + 1)  # found // rest is whole, and so stays as small as it can
            rest = (i + 1) // shared
            found = times(found // rest, (n - i) // shared)
        return found

    return impl


@overload(perm)
def _perm(n, k=None):
    if not are_whole(n, k):
        return None

    def impl(n, k=None):
        refuse_below_zero(n)
        refuse_below_zero(k)
        if k > n:
            return 0
        found = 1
        for i in range(k):
            found = times(found, n - i)
        return found

    return impl


@overload(factorial)
def _factorial(x):
    if not are_whole(x):
        return None

    def impl(x):
        refuse_below_zero(x)
        found = 1
        for i in range(2, x + 1):
            found = times(found, i)
        return found

    return impl


@overload(isqrt)
def _isqrt(n):
    if not are_whole(n):
        return None

    def impl(n):
        refuse_below_zero(n)
        root = np.int64(math.sqrt(n))
        while root * root > n:
            root -= 1
        while (root + 1) * (root + 1) <= n:
            root += 1
        return root

    return impl


@overload(lcm)
def _lcm(a, b):
    if not are_whole(a, b):
        return None

    def impl(a, b):
        if a == 0 or b == 0:
            return 0
        return times(abs(a) // greatest_factor(abs(a), abs(b)), abs(b))

    return impl


@overload(isclose)
def _isclose(a, b, rel_tol=1e-09, abs_tol=0.0):
    if not is_number(a) or not is_number(b):
        return None

    def impl(a, b, rel_tol=1e-09, abs_tol=0.0):
        if a == b:
            return True
        if math.isinf(a) or math.isinf(b):
            return False
        return abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol)

    return impl


@overload(modf)
def _modf(x):
    if not is_number(x):
        return None

    def impl(x):
        if math.isinf(x):
            return math.copysign(0.0, x), float(x)
        whole = float(math.trunc(x)) if abs(x) < 9e15 else float(x)
        return math.copysign(x - whole, x), math.copysign(whole, x)

    return impl


@overload(cbrt)
def _cbrt(x):
    return (lambda x: np.cbrt(x)) if is_number(x) else None  # noqa: PLW0108 - Numba wants the same parameters


@overload(hypot)
def _hypot(*coordinates):
    nested = len(coordinates) == 1 and isinstance(coordinates[0], types.BaseTuple)
    given: Any = coordinates[0] if nested else coordinates
    if not all(map(is_number, given)):
        return None
    if len(given) == 2:
        return lambda *coordinates: math.hypot(coordinates[0], coordinates[1])
    terms = ", ".join(f"abs(coordinates[{k}])" for k in range(len(given)))
    lines = [f"most = max({terms}, 0.0)", "if most == 0.0 or math.isinf(most):", "    return most", "total = 0.0"]
    lines += [f"total += (coordinates[{k}] / most) ** 2" for k in range(len(given))]
    return made("*coordinates", [*lines, "return most * math.sqrt(total)"], math=math)


@overload(dist)
def _dist(p, q):
    if not is_vector(p) or not is_vector(q):
        return None

    def impl(p, q):
        if p.size != q.size:
            raise ValueError("both points must have the same number of dimensions")
        most, unknown = 0.0, False
        for k in range(p.size):
            gap = abs(p[k] - q[k])
            unknown = unknown or gap != gap
            most = max(most, gap)
        if math.isinf(most) or unknown:
            return most if math.isinf(most) else np.nan
        if most == 0.0:
            return 0.0
        total = 0.0
        for k in range(p.size):
            total += ((p[k] - q[k]) / most) ** 2
        return most * math.sqrt(total)

    return impl


@overload(prod)
def _prod(iterable, start=1):
    listed = isinstance(iterable, types.List | types.ListType | types.UniTuple) and is_number(iterable.dtype)
    if not listed and not (is_array(iterable) and iterable.ndim == 1):
        return None

    def impl(iterable, start=1):
        total = start * iterable[0] if len(iterable) else start * 1.0
        for k in range(1, len(iterable)):
            total *= iterable[k]
        return total

    return impl
