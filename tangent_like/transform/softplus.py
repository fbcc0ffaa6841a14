"""The logarithm of ``1 + exp(z)`` as it is written where ``z`` may be large: its slope is the logistic function.

Before (what the chain rule gives)                            After

    l_bar * np.where(z == 0, 0.5, z > 0)                          l_bar * (np.where(z > 0, 1.0, e) / (1 + e))
        - l_bar / (1 + e) * e * np.sign(z)

for ``l = np.maximum(z, 0) + np.log1p(e)`` and ``l = np.maximum(z, 0) - y * z + np.log(1 + e)``, where ``e`` is
``np.exp(-np.abs(z))``; and of numbers, by ``math``. Nothing overflows, and nothing cancels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from tangent_like.analysis.seen import At
from tangent_like.ir.build import add, is_number, math_ref, np_call, sub
from tangent_like.ir.nodes import Binary, Call, Choose, Compare, Const, Expr, Library, Ref, Unary
from tangent_like.ir.walk import same
from tangent_like.kinds.kind import is_complex, is_float, is_scalar
from tangent_like.transform.fitting import Mask

_EXP, _LOG, _LOG1P = (np.exp, math.exp), (np.log, math.log), (np.log1p, math.log1p)
_SIZE, _MAX = (np.abs, abs, np.fabs, math.fabs), (np.maximum, max)


class Planner(Protocol):
    """What plans the way back."""

    kind_of: At

    def back(self, expr: Expr, g: Expr, result: Expr | None, mask: Mask, loose: bool) -> None: ...


def softplus(expr: Expr, kind_of: At) -> tuple[Expr, Expr, Expr] | None:
    """``z`` and ``exp(-abs(z))`` of the two terms of one such logarithm, and ``z`` as it stands in the other."""
    match expr:
        case Binary("+", left, right):
            for over, under in ((left, right), (right, left)):
                found = _small(under, kind_of)
                twin = None if found is None else _over(over, found[0], kind_of)
                if found is not None and twin is not None:
                    return *found, twin
        case _:
            pass
    return None


def slope(z: Expr, e: Expr, kind_of: At) -> Expr:
    """The logistic function of ``z``, without a kink at 0 where it is differentiated itself."""
    if kind_of.typing.earlier.again:
        power = Binary("-", z, np_call("logaddexp", Const(0.0), z))
        return Call(math_ref("exp"), (power,)) if is_scalar(kind_of(z)) else np_call("exp", power)
    above = Compare(z, (">",), (Const(0),))
    whole: Expr = Choose(above, Const(1.0), e) if is_scalar(kind_of(z)) else np_call("where", above, Const(1.0), e)
    return Binary("/", whole, Binary("+", Const(1), e))


def back_regrouped(plan: Planner, expr: Expr, g: Expr, mask: Mask, loose: bool) -> bool:
    """The way back through a sum in which other terms stand between the two, with these side by side."""
    terms: list[tuple[bool, Expr]] = []
    left = expr
    while isinstance(left, Binary) and left.op in ("+", "-"):
        terms.append((left.op == "-", left.right))
        left = left.left
    terms.append((False, left))
    if len(terms) < 3 or not any(_small(e, plan.kind_of) for minus, e in terms if not minus):
        return False
    terms.reverse()
    for j, (minus, one) in enumerate(terms):
        for k in range(j + 1, len(terms)):
            pair = Binary("+", one, terms[k][1])
            if minus or terms[k][0] or k == 1 or softplus(pair, plan.kind_of) is None:
                continue
            whole: Expr = pair
            for down, term in (t for i, t in enumerate(terms) if i not in (j, k)):
                whole = (sub if down else add)(whole, term)
            plan.back(whole, g, None, mask, loose)
            return True
    return False


def _small(expr: Expr, kind_of: At) -> tuple[Expr, Expr] | None:
    """``z`` and ``exp(-abs(z))`` of ``log1p`` of that, or of ``log(1 + ...)``."""
    inner = _called(expr, _LOG1P, kind_of)
    whole = None if inner is not None else _called(expr, _LOG, kind_of)
    match whole:
        case Binary("+", one, power) if is_number(one, 1):
            inner = power
        case Binary("+", power, one) if is_number(one, 1):
            inner = power
        case _:
            pass
    power_of = None if inner is None else _called(inner, _EXP, kind_of)
    match power_of:
        case Unary("-", Call() as size) if inner is not None:
            z = _called(size, _SIZE, kind_of)
            real = z is not None and is_float(kind_of(z)) and not is_complex(kind_of(z))
            return (z, inner) if z is not None and real else None
        case _:
            return None


def _over(expr: Expr, z: Expr, kind_of: At) -> Expr | None:
    """``z`` in what is the larger of it and 0."""
    match expr:
        case Call(Ref(target=Library(obj=obj)), (a, b), ()) if obj in _MAX and _is_ours(expr, kind_of):
            return next((x for x, zero in ((a, b), (b, a)) if same(x, z) and is_number(zero, 0)), None)
        case _:
            return None


def _called(expr: Expr, functions: tuple[Callable[..., object], ...], kind_of: At) -> Expr | None:
    match expr:
        case Call(Ref(target=Library(obj=obj)), (inner,), ()) if obj in functions and _is_ours(expr, kind_of):
            return inner
        case _:
            return None


def _is_ours(call: Call, kind_of: At) -> bool:
    """Has the user no rule of their own for it?"""
    found = kind_of.application(call)
    return found is not None and found.rule.own is None
