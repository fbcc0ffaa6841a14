"""What one condition chooses several times, chosen once.

Before                                                   After

    y_bar = np.where(c, g, 0.0)                              y_bar = np.where(c, g, 0.0)
    x_bar = np.where(c, y_bar * k - y_bar, x)                x_bar = np.where(c, g * k - g, x)
    a_bar = np.where(c, 0.0, u) - np.where(c, 0.0, v)        a_bar = np.where(c, 0.0, u - v)
    b_bar = np.where(c, u, 0.0) - np.where(c, 0.0, v)        b_bar = np.where(c, u, -v)

A part of ``shortened``: in double precision, where sizes are known. What is said in an arm of what another name stands
for is short, or nobody else reads it.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.build import add, is_number, negative, signed, sub
from tangent_like.ir.nodes import Binary, Call, Compare, Const, Expr, Name, Stmt, Unary
from tangent_like.ir.walk import same
from tangent_like.kinds.kind import Array
from tangent_like.transform import outside
from tangent_like.transform.each_entry import called
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.forms import Dims, chosen, spread_together
from tangent_like.transform.standing import Standing
from tangent_like.transform.tidy.algebra import FLOATS


def in_arms(at: Standing, c: Expr, arms: tuple[Expr, Expr], stmt: Stmt) -> tuple[Expr, Expr] | None:
    """The arms of a choice by ``c`` without what ``c`` chooses in them, too; None where that is nothing."""
    asked = _asked(at, c)
    if asked is None:
        return None
    found = False

    def taken(factor: Expr, k: int) -> Expr:
        nonlocal found
        value = at.definition(factor.id) if isinstance(factor, Name) else None
        match value:
            case Call(args=(other, *both), keywords=()) if called(value) == "where" and same(c, other):
                assert isinstance(factor, Name)
                own = at.dims(both[k])
                fits = asked and asked == at.dims(factor) and own in (asked, ()) and not is_number(both[k], 0)
                short = isinstance(negative(both[k])[0], Name | Const)
                if fits and (short or (at.last(factor.id, stmt) and at.count(factor.id, stmt) == 1)):
                    found = True
                    return both[k]
            case _:
                pass
        return factor

    def without(arm: Expr, k: int) -> Expr:
        match arm:
            case Binary("+" | "-", left, right):
                one, two = without(left, k), without(right, k)
                if one is left and two is right:
                    return arm
                body, sign = negative(two)
                return (add if (arm.op == "+") != sign else sub)(one, body)
            case _:
                pass
        body, sign = negative(arm)
        parts: list[Factor] = []
        before = found
        for op, factor in factors(body, True):
            value, minus = negative(taken(factor, k))
            parts += factors(value, True) if op == "*" else [(op, value)]
            sign = sign != minus
        if before == found and not isinstance(arm, Unary):
            return arm
        others = [(op, e) for op, e in parts if op == "/" or not is_number(e, 1)]
        return signed(chained(others if any(op == "*" and at.dims(e) for op, e in others) else parts), sign)

    new = without(arms[0], 0), without(arms[1], 1)
    return new if found else None


def _asked(at: Standing, c: Expr) -> Dims | None:
    """The sizes of a condition: of an array of truths, or of a comparison of arrays of any type."""
    match c:
        case Compare(left, (_,), (right,)):
            one, two = _asked(at, left), _asked(at, right)
            return None if one is None or two is None else spread_together(one, two)
        case Name(id) if isinstance(at.around.kinds.get(id), Array):
            return at.around.shape(id)
        case _:
            return at.dims(c)


def one_choice(at: Standing, one: Expr, op: str, two: Expr) -> tuple[Expr, Expr, Expr] | None:
    """The condition and the arms of one choice for the sum or difference of two, each 0 in an arm."""
    found = _one_choice(at, one, op, two)
    return found if found and all(at.around.facts.look(e).type in FLOATS for e in found[1:]) else None


def _as_choice(at: Standing, expr: Expr) -> Expr:
    """``np.where(c, v, 0.0)``, where ``v`` is 0 anyway where ``c`` is not."""
    value = at.definition(expr.id) if isinstance(expr, Name) else None
    match value:
        case Call(args=(c, a, b), keywords=()) if called(value) == "where":
            if is_number(a, 0) or is_number(b, 0):
                return replace(value, args=(c, a, expr) if is_number(a, 0) else (c, expr, b))
        case _:
            pass
    return expr


def _one_choice(at: Standing, one: Expr, op: str, two: Expr) -> tuple[Expr, Expr, Expr] | None:
    first, minus = negative(one)
    second, flipped = negative(two)
    if isinstance(first, Call):
        second = _as_choice(at, second)
    elif isinstance(second, Call):
        first = _as_choice(at, first)
    flipped = flipped != (op == "-")
    match first, second:
        case Call(args=(c, a, b), keywords=()), Call(args=(other, u, v), keywords=()) if same(c, other):
            assert isinstance(second, Call)
            if called(first) != "where" or called(second) != "where":
                return None
            if (both := chosen(first, second)) is not None:
                upper, lower = (minus, flipped) if is_number(b, 0) else (flipped, minus)
                return c, signed(both[1], upper), signed(both[2], lower)
            if is_number(a, 0) and is_number(u, 0):
                return c, a, _sum(b, minus, v, flipped)
            if is_number(b, 0) and is_number(v, 0):
                return c, _sum(a, minus, u, flipped), b
        case _:
            pass
    return None


def _sum(one: Expr, minus: bool, two: Expr, flipped: bool) -> Expr:
    first, sign = negative(one)
    second, other = negative(two)
    sign, other = sign != minus, other != flipped
    if sign and not other:
        return sub(second, first)
    return (sub if other else add)(signed(first, sign), second)


def into_choice(at: Standing, first: Expr, second: Expr, stmt: Stmt) -> tuple[Expr | None, list[Stmt]]:
    """``np.where(c, a, 0.0)`` and ``v * s``, where ``v`` is ``np.where(c, 0.0, b)``: ``np.where(c, a, b * s)``."""
    body, sign = negative(second)
    if not isinstance(body, Binary) or not isinstance(first, Call):
        return None, []
    parts = factors(body, True)
    for k, (op, factor) in enumerate(parts):
        made = at.definition(factor.id) if op == "*" and isinstance(factor, Name) else None
        both = None if made is None else chosen(first, made)
        if both is None or not isinstance(made, Call) or not isinstance(factor, Name):
            continue
        if not at.last(factor.id, stmt) or at.count_with_gone(factor.id, stmt) > 1:
            continue
        c, a, b = both
        below = is_number(made.args[1], 0)  # where the first is 0, the second is not: in the lower arm
        own = b if below else a
        one = chained([*parts[:k], ("*", own), *parts[k + 1 :]])
        new = (a, signed(one, sign)) if below else (signed(one, sign), b)
        if all(at.around.facts.look(e).type in FLOATS for e in new):
            whole = outside.choice(c, *new, at.dims, at.first_name)
            return whole, [at.before[at.found(factor.id)[0]]]
    return None, []
