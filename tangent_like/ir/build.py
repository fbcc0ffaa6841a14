"""Expressions built by the compiler, simplified as they are built: no ``1.0 * x`` is ever made to be folded.

The folding here never changes a number by more than the rounding of a product's order.
"""

from __future__ import annotations

import collections
import math
import operator
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    Index,
    Library,
    Name,
    Param,
    Ref,
    Return,
    Slice,
    Tuple,
    Unary,
)

ZERO = Const(0.0)
ONE = Const(1.0)


def number(value: float) -> Const:
    return Const(value)


def numpy_ref(qualname: str) -> Ref:
    obj: object = operator.attrgetter(qualname)(np)
    return Ref(f"np.{qualname}", Library("numpy", qualname, obj), None, Library("numpy", "", np))


def math_ref(name: str) -> Ref:
    return Ref(f"math.{name}", Library("math", name, getattr(math, name)), None, Library("math", "", math))


def builtin_ref(name: str) -> Ref:
    import builtins

    target = Library("builtins", name, getattr(builtins, name))
    return Ref(name, target, None, target)


def zeros_by_key(of: str = "float") -> Call:
    """``defaultdict(float)``: a zero under every key, as long as nothing else is put there."""
    target = Library("collections", "defaultdict", defaultdict)
    module = Library("collections", "", collections)
    return Call(Ref("collections.defaultdict", target, None, module), (builtin_ref(of),))


def np_call(qualname: str, *args: Expr, **keywords: Expr) -> Call:
    return Call(numpy_ref(qualname), args, tuple(keywords.items()))


def method(value: Expr, name: str, *args: Expr) -> Call:
    return Call(Attribute(value, name), args)


def is_number(expr: Expr, value: float | None = None) -> bool:
    """Is it a literal number (equal to ``value``)? Bools are not numbers here."""
    if not isinstance(expr, Const) or isinstance(expr.value, bool):
        return False
    if not isinstance(expr.value, int | float):
        return False
    return value is None or expr.value == value


SIGNLESS = frozenset({Name, Index, Compare, Tuple, Slice})


def negative(expr: Expr) -> tuple[Expr, bool]:
    """``expr`` without its sign, and whether it had one: ``-a * b`` gives ``a * b`` and True."""
    kind = type(expr)  # a match asks for one class after another: first what most are
    if kind in SIGNLESS or (isinstance(expr, Binary) and expr.op in ("+", "-")):
        return expr, False
    if isinstance(expr, Call) and not (isinstance(expr.func, Ref) and isinstance(expr.func.target, Library)):
        return expr, False
    match expr:
        case Unary("-", inner):
            body, sign = negative(inner)
            return body, not sign
        case Const(value) if isinstance(value, int | float) and not isinstance(value, bool):
            if value < 0 or (value == 0 and math.copysign(1, value) < 0):
                return Const(-value), True
            return expr, False
        case Binary("*" | "/" as op, left, right):
            left_body, left_sign = negative(left)
            right_body, right_sign = negative(right)
            if left_sign or right_sign:
                return Binary(op, left_body, right_body, expr.at), left_sign != right_sign
            return expr, False
        case Binary("@", left, right):
            left_body, left_sign = _negated(left)
            right_body, right_sign = _negated(right)
            if left_sign or right_sign:
                return Binary("@", left_body, right_body, expr.at), left_sign != right_sign
            return expr, False
        case Attribute(value, "T"):
            body, sign = _negated(value)
            return (Attribute(body, "T", expr.at), sign) if sign else (expr, False)
        case Call(Ref(target=Library("numpy", "outer" | "cross")), (first, second, *others), keywords):
            (left_body, left_sign), (right_body, right_sign) = _negated(first), _negated(second)
            if left_sign or right_sign:
                return Call(expr.func, (left_body, right_body, *others), keywords, expr.at), left_sign != right_sign
            return expr, False
        case Call(Ref(target=Library("numpy", "sum" | "roll" | "flip")), (first, *others), keywords):
            body, sign = _negated(first)  # what else there is are axes
            return (Call(expr.func, (body, *others), keywords, expr.at), True) if sign else (expr, False)
        case _:
            return expr, False


def _negated(expr: Expr) -> tuple[Expr, bool]:
    """As ``negative``, where what is left must stay an array."""
    return (expr, False) if isinstance(expr, Const) else negative(expr)


def signed(expr: Expr, sign: bool) -> Expr:
    return neg(expr) if sign else expr


def neg(expr: Expr) -> Expr:
    body, sign = negative(expr)
    if sign:
        return body
    if is_number(expr):
        assert isinstance(expr, Const) and isinstance(expr.value, int | float)
        return Const(-expr.value)
    if isinstance(expr, Binary) and expr.op == "-":
        return Binary("-", expr.right, expr.left)
    if isinstance(expr, Binary) and expr.op in "*/":
        if isinstance(expr.left, Compare) or (isinstance(expr.left, Unary) and expr.left.op in ("~", "not")):
            return Binary(expr.op, expr.left, neg(expr.right))  # NumPy has no negative of truths
        # the sign in front of the first factor, so that a sum around it can become a difference
        return Binary(expr.op, neg(expr.left), expr.right)
    return Unary("-", expr)


def mul(left: Expr, right: Expr) -> Expr:
    """``left * right`` with factors of one and signs out of the way."""
    a, a_sign = negative(left)
    b, b_sign = negative(right)
    sign = a_sign != b_sign
    if _begins_at_zero(a) or _begins_at_zero(b):
        return ZERO  # not 0.0 * 3.0, from which nobody sees that there was an array
    if is_number(a, 1):
        return signed(_floated(b, a), sign)
    if is_number(b, 1):
        return signed(_floated(a, b), sign)
    if is_number(b) and not is_number(a):
        a, b = b, a
    if is_number(a) and is_number(b):
        return signed(Const(a.value * b.value), sign)  # type: ignore[union-attr,operator]
    if isinstance(b, Binary) and b.op == "*" and not is_number(a):
        # a * (k * c): the number leads the product, with one that leads a
        if is_number(b.left):
            return signed(Binary("*", mul(b.left, a), b.right), sign)
        return signed(Binary("*", Binary("*", a, b.left), b.right), sign)
    if is_number(a) and isinstance(b, Binary) and b.op == "*" and is_number(b.left):
        return signed(mul(Const(a.value * b.left.value), b.right), sign)  # type: ignore[union-attr,operator]
    if isinstance(b, Binary) and b.op == "/" and is_number(b.left, 1):
        return signed(Binary("/", a, b.right), sign)
    if isinstance(b, Binary) and b.op == "/" and is_number(b.left) and isinstance(a, Binary) and is_number(a.left):
        if a.op == "*":  # 2 * c * (0.5 / d)
            return signed(Binary("/", mul(mul(a.left, b.left), a.right), b.right), sign)
    if is_number(a) and isinstance(b, Binary) and b.op == "*" and isinstance(b.right, Binary) and b.right.op == "/":
        if is_number(b.right.left):  # 2 * (c * (0.5 / d))
            return signed(Binary("/", mul(mul(a, b.right.left), b.left), b.right.right), sign)
    return signed(Binary("*", a, b), sign)


def _begins_at_zero(expr: Expr) -> bool:
    """Is it 0, or ``0 * e`` or ``0 / e``?"""
    if isinstance(expr, Binary) and expr.op in ("*", "/"):
        return _begins_at_zero(expr.left)
    return is_number(expr, 0)


def _floated(expr: Expr, one: Expr) -> Expr:
    """``1.0 * 2`` is 2.0."""
    if isinstance(expr, Const) and isinstance(expr.value, int) and isinstance(one, Const):
        return Const(expr.value * one.value)  # type: ignore[operator]
    return expr


def div(left: Expr, right: Expr) -> Expr:
    a, a_sign = negative(left)
    b, b_sign = negative(right)
    if is_number(b, 1):
        return signed(a, a_sign != b_sign)
    return signed(Binary("/", a, b), a_sign != b_sign)


def add(left: Expr, right: Expr) -> Expr:
    if is_number(left, 0):
        return right
    if is_number(right, 0):
        return left
    body, sign = negative(right)
    if sign:
        return Binary("-", left, body)
    left_body, left_sign = negative(left)
    if left_sign:
        return Binary("-", right, left_body)
    return Binary("+", left, right)


def sub(left: Expr, right: Expr) -> Expr:
    return add(left, neg(right))


def index(value: Expr, *items: Expr) -> Index:
    from tangent_like.ir.nodes import Tuple

    return Index(value, items[0] if len(items) == 1 else Tuple(items))


def simplify(expr: Expr, shaped: bool = False) -> Expr:
    """Fold a rule's text after its holes are filled: signs, ones, ``x ** 1``, constant exponents.

    ``shaped``: what it is given to may ask for its shape, so that ``x * 0`` is not 0.
    """
    from tangent_like.ir.casts import inside
    from tangent_like.ir.walk import rebuild

    if inside(expr) is not None:  # of whole numbers, which wrap: as they stand
        return expr
    within = shaped or isinstance(expr, Call)
    expr = rebuild(expr, lambda part: simplify(part, within))
    match expr:
        case Binary("*", left, right) if shaped and (is_number(left, 0) or is_number(right, 0)):
            return expr
        case Binary("**", _, right) if shaped and is_number(right, 0):
            return expr
        case Binary("*", left, right):
            return mul(left, right)
        case Binary("/", left, right):
            return div(left, right)
        case Binary("+", left, right) if is_number(left) and is_number(right):
            return Const(left.value + right.value)  # type: ignore[union-attr,operator]
        case Binary("-", left, right) if is_number(left) and is_number(right):
            return Const(left.value - right.value)  # type: ignore[union-attr,operator]
        case Binary("+", left, right):
            return add(left, right)
        case Binary("-", left, right) if is_number(right, 0):
            return left
        case Binary("-", left, right) if is_number(left, 0):
            return neg(right)
        case Binary("-", left, right):
            body, sign = negative(right)
            return Binary("+", left, body) if sign else expr
        case Binary("**", left, right) if is_number(right, 1):
            return left
        case Binary("**", left, right) if is_number(left, 1) and is_number(right):
            return left
        case Binary("**", left, right) if is_number(right, 0):
            return ONE
        case Unary("-", operand):
            return neg(operand)
        case Unary("+", operand):
            return operand
        case _:
            return expr


def atomic(expr: Expr) -> bool:
    """May it stand in a text many times at no cost?"""
    return isinstance(expr, Name | Const | Ref) or (isinstance(expr, Unary) and atomic(expr.operand))


def beside(params: Iterable[Param], more: Iterable[Param]) -> tuple[Param, ...]:
    """The parameters and more of them: before a ``**``, after which none may stand; by name behind a default."""
    own = tuple(params)
    if any(p.default is not None or p.keyword_only for p in own):
        more = (replace(p, keyword_only=True) for p in more)
    if own and own[-1].star == "**":
        return (*own[:-1], *more, own[-1])
    return (*own, *more)


def followed(stmt: Return) -> Expr:
    """What is returned, without the results whose adjoints nobody has."""
    match stmt.value:
        case Tuple(items, at, of) if stmt.idle:
            return Tuple(tuple(e for k, e in enumerate(items) if k not in stmt.idle), at, of)
        case value:
            return Const(None) if value is None else value
