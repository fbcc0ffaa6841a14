"""Functions of functions whose slope is simpler than the product of slopes that the chain rule gives.

Before (what the chain rule gives)                 After

    p_bar * (p / (1 + e)) * e                          p_bar * p * (1 - p)
    2 * y_bar * r / r * x                              2 * y_bar * x
    y_bar / det(A) * cofactors(A)                      y_bar * np.linalg.inv(A).T
    y_bar / np.abs(x) * np.sign(x)                     y_bar / x
    y_bar / (a / b) / b                                y_bar / a
    y_bar * share(1, max(x, 0)) * share(x, 0)          y_bar * (1.0 if 0 < x < 1 else ...)
    y_bar * np.exp(x - np.where(y == -np.inf, 0, y))   y_bar * np.exp(x - y)

for ``p = 1 / (1 + np.exp(-x))`` and ``p = np.exp(x) / (1 + np.exp(x))``, for ``np.linalg.norm(x) ** 2``, and for
``np.log(np.linalg.det(A))`` and ``np.log(np.abs(x))``, and for ``y = np.logaddexp(0.0, x)``. Of the first nothing but
``p`` is kept, and where the exponential overflows, so that ``p`` is 0, the slope is 0 and not the product of 0 and
infinity.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tangent_like.analysis.seen import At
from tangent_like.ir.build import is_number, mul, neg, np_call
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Library, Ref
from tangent_like.ir.walk import same
from tangent_like.kinds.kind import Array, is_complex, is_float, is_scalar
from tangent_like.transform.between import between, in_order, is_double
from tangent_like.transform.softplus import slope as slope_of_softplus
from tangent_like.transform.softplus import softplus
from tangent_like.transform.squares import squared_norm

_SIZES = (np.absolute, abs)
_LESS, _GREATER = (min, np.minimum), (max, np.maximum)


@dataclass(frozen=True, eq=False)
class Composed:
    """``slope`` in the entries of ``inner``, made of what is read: the value itself, or ``inner``.

    ``total``: the value is one number for all the entries, else entry by entry.
    """

    inner: Expr
    read: Expr
    total: bool
    form: str  # "softplus", "falling" or "rising" for the logistic function, "square", "log det", ...
    bounds: tuple[Expr, Expr, bool] | None = None  # between which numbers; of a number?
    twin: Expr | None = None  # ``inner`` once more: both have one name, or it is not this any more

    def slope(self, value_of: Callable[[Expr], Expr], kind_of: At) -> Expr:
        """``value_of`` says where a value is read."""
        read = value_of(self.read if self.form != "softplus" else self.inner)
        if self.twin is not None:
            value_of(self.twin)
        match self.form:
            case "softplus":
                return slope_of_softplus(read, self.read, kind_of)
            case "falling" | "rising":
                slope = mul(read, Binary("-", Const(1), read))
                return slope if self.form == "rising" else neg(slope)
            case "square":
                return mul(Const(2), read)
            case "log size":
                return Binary("/", Const(1), read)
            case "log sum":
                return np_call("exp", Binary("-", value_of(self.inner), read))
            case "between" if self.bounds is not None:
                return between(read, *self.bounds)
            case _:
                return Attribute(np_call("linalg.inv", read), "T")


def composed(expr: Expr, kind_of: At) -> Composed | None:
    """What an expression is, if it is one of these functions."""
    match expr:
        case Binary("/", top, Binary("+", one, Call() as power)) if is_number(one, 1):
            return _logistic(expr, top, power, kind_of)
        case Binary("/", top, Binary("+", Call() as power, one)) if is_number(one, 1):
            return _logistic(expr, top, power, kind_of)
        case Call(Ref(target=Library() as target), (Call() as inner,), ()) if target.obj in (np.log, math.log):
            return _log_det(expr, inner, kind_of)
        case Call(Ref(target=Library() as target), (a, b), ()) if target.obj in (*_LESS, *_GREATER):
            return _clipped(expr, target.obj in _LESS, a, b, kind_of)
        case Call(Ref(target=Library(obj=np.logaddexp)), (a, b), ()) if is_number(a, 0) != is_number(b, 0):
            x = b if is_number(a, 0) else a
            double = is_double(kind_of(x)) and not _is_own(expr, kind_of)
            return Composed(x, expr, False, "log sum") if double else None
        case Binary("+") if (found := softplus(expr, kind_of)) is not None:
            return Composed(found[0], found[1], False, "softplus", None, found[2])
        case Binary("**") | Call():
            norm = squared_norm(expr, kind_of)
            return None if norm is None else Composed(norm, norm, True, "square")
        case _:
            return None


def in_terms(expr: Expr, kind_of: At) -> Expr | None:
    """``log(a / b)`` as ``log(a) - log(b)``, whose slopes ask for neither."""
    match expr:
        case Call(Ref(target=Library() as target) as log, (Binary("*" | "/" as op, a, b) as inner,), ()):
            found = kind_of.application(inner)
            if target.obj not in (np.log, math.log) or found is None or found.rule.own is not None:
                return None
            if _is_own(expr, kind_of) or not (is_double(kind_of(a)) and is_double(kind_of(b))):
                return None
            if op == "*" and not (is_number(a) or is_number(b)) and is_scalar(kind_of(a)) != is_scalar(kind_of(b)):
                return None  # k * (t + u) where two terms have the factor
            return Binary("-" if op == "/" else "+", Call(log, (a,)), Call(log, (b,)))
        case _:
            return None


def _logistic(expr: Expr, top: Expr, power: Call, kind_of: At) -> Composed | None:
    """``1 / (1 + exp(u))``, or ``exp(u) / (1 + exp(u))``."""
    match power:
        case Call(Ref(target=Library() as target), (u,), ()) if target.obj in (np.exp, math.exp):
            if is_complex(kind_of(u)) or _is_own(power, kind_of):
                return None
            rises = not is_number(top, 1)
            return Composed(u, expr, False, "rising" if rises else "falling") if not rises or same(top, power) else None
        case _:
            return None


def _log_det(expr: Call, inner: Call, kind_of: At) -> Composed | None:
    """``log(det(A))``, ``log(abs(det(A)))``, or ``log(abs(x))``."""
    match inner:
        case Call(Ref(target=Library() as target), (x,), ()) if target.obj in _SIZES:
            if not _is_det(x):
                real = is_float(kind_of(x)) and not is_complex(kind_of(x))
                own = _is_own(expr, kind_of) or _is_own(inner, kind_of)
                return Composed(x, x, False, "log size") if real and not own else None
            assert isinstance(x, Call)
            inner = x
        case _:
            pass
    match inner:
        case Call(Ref(target=Library() as target), (a,), ()) if target.obj is np.linalg.det:
            kind = kind_of(a)
            one_matrix = isinstance(kind, Array) and kind.rank == 2 and not is_complex(kind)
            own = _is_own(expr, kind_of) or _is_own(inner, kind_of)
            return Composed(a, a, True, "log det") if one_matrix and not own else None
        case _:
            return None


def _clipped(expr: Call, less: bool, a: Expr, b: Expr, kind_of: At) -> Composed | None:
    """``min(max(x, low), high)``, or ``max(low, min(x, high))``, of numbers that are written out."""
    if _is_own(expr, kind_of):
        return None
    for inner, outer in ((a, b), (b, a)):
        match inner:
            case Call(Ref(target=Library() as target), (c, d), ()) if target.obj in (_GREATER if less else _LESS):
                for x, bound in ((c, d), (d, c)):
                    low, high = (bound, outer) if less else (outer, bound)
                    kind = kind_of(x)
                    if in_order(low, high) and is_double(kind) and not _is_own(inner, kind_of):
                        return Composed(x, x, False, "between", (low, high, is_scalar(kind)))
    return None


def _is_det(expr: Expr) -> bool:
    match expr:
        case Call(Ref(target=Library() as target)):
            return target.obj is np.linalg.det
        case _:
            return False


def _is_own(call: Call, kind_of: At) -> bool:
    """Has the user a rule of their own for it?"""
    found = kind_of.application(call)
    return found is None or found.rule.own is not None
