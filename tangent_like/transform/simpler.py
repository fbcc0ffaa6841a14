"""Products of which a part is said twice, sums of which a diagonal is left, and numbers that need not fill an array.

Before                                                   After

    h = np.maximum(z, 0.0)                                   h = np.maximum(z, 0.0)
    z_bar = 2 * h * np.where(z == 0.0, 0.5, z > 0.0)         z_bar = 2 * h
    a = np.eye(n)                                            q_bar = np.trace(P_bar)
    q_bar = np.sum(P_bar * a)
    b_bar = 2 * y_bar * (0.5 / r)                            b_bar = y_bar / r
    d_bar = 2 * (y_bar * (0.5 / r))[..., None] * d           d_bar = (y_bar / r)[..., None] * d
    s_bar = np.full_like(s, len(z)) - np.sum(z, axis=0)      s_bar = len(z) - np.sum(z, axis=0)
    S_bar = np.diag(np.full_like(np.diag(S), -k))            S_bar = -k * np.eye(len(S))
    p_bar = y / p - u / q                                    z_bar = y * q - u * p
    z_bar = p_bar * p * q
    p_bar = u / (1.0 - p) - y / p                            z_bar = p - y
    z_bar = p_bar * p * (1 - p)
    e_bar = y_bar / e * e                                    e_bar = y_bar
    t_bar = 0.5 * k                                          t_bar = 0.5 * k
    W_bar = 2 * t_bar * W                                    W_bar = k * W

A part of ``shortened``: in double precision, where sizes are known.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

from tangent_like.ir.build import add, builtin_ref, is_number, mul, neg, negative, np_call, signed, sub
from tangent_like.ir.nodes import Assign, Binary, Call, Compare, Const, Expr, Function, Index, Name, Pop, Store
from tangent_like.ir.walk import base_name, binds, rebuild, same, statements
from tangent_like.kinds.indexing import index_items
from tangent_like.transform.each_entry import called
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.forms import Dims
from tangent_like.transform.plain_order import is_none
from tangent_like.transform.tidy.facts import Facts

Definition = Callable[[str], "Expr | None"]
OPPOSITE = {">": "<", "<": ">"}


def numbers_together(parts: list[Factor]) -> Expr | None:
    """``2 * b_bar * (0.5 / r)`` as ``b_bar / r``: one number of several in a product, where that is none, or short."""
    given = [part for op, e in parts for part in _number_outside(op, e)]
    parts = _without_pairs(given)
    numbers = [(op, _value(e)) for op, e in parts]
    own = [number for op, number in numbers if number is not None and (op == "*" or number)]
    rest = [(op, e) for op, e in parts if not _value(e)]
    if len(own) < 2 or not rest or not any(op == "*" and number for op, number in numbers):
        return chained(parts) if len(parts) < len(given) and parts and parts[0][0] == "*" else None
    total = math.prod(n for op, n in numbers if op == "*" and n) / math.prod(n for op, n in numbers if op == "/" and n)
    total = int(total) if total == int(total) and all(isinstance(n, int) for n in own) else total
    if len(repr(abs(total))) > max(len(repr(abs(number))) for number in own) + 1:
        return None
    if total == 1:
        return chained(rest) if rest[0][0] == "*" else None
    return chained([("*", Const(total)), *rest])


def _without_pairs(parts: list[Factor]) -> list[Factor]:
    """Without names that something is both divided by and multiplied with."""
    left = list(parts)
    for op, e in parts:
        pair = next((p for p in left if op == "/" and p[0] == "*" and isinstance(e, Name) and same(p[1], e)), None)
        if pair is not None and len(left) > 2:
            left.remove(pair)
            left.remove((op, e))
    return left


def _number_outside(op: str, expr: Expr) -> list[Factor]:
    """``0.5`` and ``(b_bar / r)[:, None]`` of ``(b_bar * (0.5 / r))[:, None]``, by which something is multiplied."""
    match expr:
        case Index(Binary("*" | "/") as inner, index) if op == "*":
            parts = factors(inner, True)
            numbers = [(o, e) for o, e in parts if o == "*" and _value(e) is not None]
            rest = [part for part in parts if part not in numbers]
            if numbers and rest and rest[0][0] == "*" and any(is_none(i) for i in index_items(index)):
                return [*numbers, ("*", Index(chained(rest), index))]
        case _:
            pass
    return [(op, expr)]


def _value(expr: Expr) -> float | None:
    body, sign = negative(expr)
    if not is_number(body):
        return None
    assert isinstance(body, Const) and isinstance(body.value, int | float)
    return -body.value if sign else body.value


def number_apart(expr: Expr, definition: Definition, dims_of: Callable[[Expr], Dims | None]) -> Expr:
    """A number times another that a name stands for, whoever else reads it; or what is given."""
    value = definition(expr.id) if isinstance(expr, Name) and dims_of(expr) == () else None
    parts = [] if value is None else factors(negative(value)[0], True)
    literal = [e for op, e in parts if op == "*" and is_number(e)]
    names_left = [e for op, e in parts if op == "*" and isinstance(e, Name) and dims_of(e) == ()]
    return value if value is not None and len(parts) == 2 and literal and names_left else expr


def is_sum_of_quotients(expr: Expr) -> bool:
    return isinstance(expr, Binary) and all(isinstance(e, Binary) and e.op == "/" for e in (expr.left, expr.right))


def one_quotient(first: Expr, op: str, second: Expr, dims_of: Callable[[Expr], Dims | None]) -> Expr | None:
    """``-y / p`` and then ``u / q`` as ``u / q - y / p``, of which products may leave less (``cancelled``)."""
    body, sign = negative(first)
    shape = dims_of(body)
    if not is_sum_of_quotients(Binary("+", body, second)) or not shape or dims_of(second) != shape:
        return None
    if sign and op == "+":
        return Binary("-", second, body)
    return signed(Binary("+" if sign else op, body, second), sign)


def cancelled(parts: list[Factor], definition: Definition) -> Expr | None:
    """``(y / p - u / q) * p * q`` as ``y * q - u * p``: where one of them is 0, that is the limit.

    That is ``y - p`` where ``u`` and ``q`` are what is left to 1 of ``y`` and ``p``, and ``q - u`` the other way.
    """

    def is_rest(expr: Expr, of: Expr) -> bool:
        value = definition(expr.id) if isinstance(expr, Name) else expr
        return isinstance(value, Binary) and value.op == "-" and is_number(value.left, 1) and same(value.right, of)

    def alike(one: Expr, other: Expr) -> bool:
        """``1.0 - p`` is ``1 - p``."""
        return same(one, other) or (
            isinstance(one, Binary) and is_number(one.left, 1) and one.op == "-" and is_rest(other, one.right)
        )

    for k, (op, factor) in enumerate(parts):
        match factor:
            case Binary("+" | "-" as sign, Binary("/", y, p), Binary("/", u, q)) if op == "*" and not alike(p, q):
                pass
            case _:
                continue
        rest: list[Factor] = [*parts[:k], *parts[k + 1 :]]
        for under in (p, q):
            at = next((j for j, (o, e) in enumerate(rest) if o == "*" and alike(e, under)), None)
            if at is None:
                break
            del rest[at]
        else:
            if sign == "-" and is_rest(u, y) and is_rest(q, p):
                whole = Binary("-", y, p)
            elif sign == "-" and is_rest(y, u) and is_rest(p, q):
                whole = Binary("-", q, u)
            else:
                whole = Binary(sign, mul(y, q), mul(u, p))
            return chained([*rest, ("*", whole)] if rest and rest[0][0] == "*" else [("*", whole), *rest])
    return None


def without_numbers(parts: list[Factor]) -> Expr | None:
    """The product, if its numbers come to 1."""
    new = numbers_together(parts)
    return None if new is None or any(_value(e) is not None for _, e in factors(negative(new)[0], True)) else new


def _with_number(expr: Expr, number: Expr) -> Expr:
    """``z - 1.0`` and ``1.0`` as ``z``."""
    match expr, negative(number):
        case Binary("+" | "-" as op, rest, Const(float() | int() as more)), (Const(float() as one), sign):
            total = (more if op == "+" else -more) + (-one if sign else one)
            return rest if total == 0 else add(rest, Const(total))
        case _:
            return add(expr, number)


def filled(
    first: Expr, op: str, second: Expr, dims_of: Callable[[Expr], Dims | None], definition: Definition
) -> Expr | None:
    """``np.full_like(s, n) - z`` as ``n - z``, where ``z`` has the shape of ``s``; ``z + p / p`` as ``z + 1.0``.

    The last is the slope of an entropy, which is no number where ``p`` is 0, and not finite then.
    """
    for like, other in ((first, second), (second, first)):
        body, sign = negative(like)
        match body:
            case Binary("/", top, Name() | Index() as under):
                stands_for = definition(top.id) if isinstance(top, Name) and not same(top, under) else None
                whole, (above, down) = dims_of(other), negative(top if stands_for is None else stands_for)
                if same(above, under) and whole is not None and dims_of(under) == whole:
                    one = signed(Const(1.0), sign != down)
                    plus = op == "+"
                    if like is first and not plus:
                        return sub(one, other)
                    return _with_number(other, one if plus else neg(one))
            case _:
                pass
        match like:
            case Call(args=(shape, value), keywords=()) if called(like) == "full_like":
                whole = dims_of(other)
                if whole and dims_of(shape) == whole and dims_of(value) == ():
                    return Binary(op, value, other) if like is first else Binary(op, other, value)
            case _:
                pass
    return None


def along_diagonal(expr: Expr, definition: Definition, dims_of: Callable[[Expr], Dims | None]) -> Expr:
    """The expression with ``k * np.eye(len(S))`` for ``np.diag(np.full_like(np.diag(S), k))``, of a square ``S``."""

    def made(part: Expr, name: str) -> tuple[Expr, ...]:
        """What the function of that name was called with."""
        value = definition(part.id) if isinstance(part, Name) else part
        return value.args if isinstance(value, Call) and called(value) == name and not value.keywords else ()

    match made(expr, "diag") if isinstance(expr, Call) else ():
        case (bar,) if len(filling := made(bar, "full_like")) == 2 and len(whole := made(filling[0], "diag")) == 1:
            shape = dims_of(whole[0]) if isinstance(whole[0], Name) else None
            if shape is not None and len(shape) == 2 and shape[0] == shape[1] and dims_of(filling[1]) == ():
                body, sign = negative(filling[1])
                return signed(mul(body, np_call("eye", Call(builtin_ref("len"), whole))), sign)
        case _:
            pass
    return rebuild(expr, lambda e: along_diagonal(e, definition, dims_of))


def masked_once(expr: Expr, definition: Definition) -> Expr | None:
    """``h * np.where(z == 0.0, 0.5, z > 0.0)`` as ``h``, which is 0 where ``z`` is not above it."""
    parts = factors(expr, True)
    for k, (op, factor) in enumerate(parts):
        mask = _side(factor) if op == "*" else None
        if mask is None:
            continue
        others = [*parts[:k], *parts[k + 1 :]]
        if any(o == "*" and _kept(e, *mask, definition) for o, e in others):
            return chained(others) if others[0][0] == "*" else None
    return None


def _side(expr: Expr) -> tuple[Expr, str] | None:
    """``z`` and ``>`` of ``np.where(z == 0.0, 0.5, z > 0.0)``."""
    match expr:
        case Call(args=(Compare(left, ("==",), (right,)), Const(0.5), Compare(a, (op,), (b,))), keywords=()):
            if called(expr) != "where" or op not in OPPOSITE or not (same(left, a) and same(right, b)):
                return None
            if is_number(right, 0):
                return left, op
            return (right, OPPOSITE[op]) if is_number(left, 0) else None
        case _:
            return None


def _kept(expr: Expr, z: Expr, op: str, definition: Definition) -> bool:
    """Is it the larger of ``z`` and 0, or the smaller, or a product with that?"""
    value = definition(expr.id) if isinstance(expr, Name) else expr
    if isinstance(value, Binary) and value.op in ("*", "/"):
        return any(o == "*" and _kept(e, z, op, definition) for o, e in factors(negative(value)[0], True))
    if not isinstance(value, Call) or len(value.args) != 2 or value.keywords:
        return False
    if called(value) != ("maximum" if op == ">" else "minimum"):
        return False
    one, two = value.args
    return (same(one, z) and is_number(two, 0)) or (same(two, z) and is_number(one, 0))


def eyes(function: Function, facts: Facts) -> dict[str, Expr]:
    """The names that are identity matrices wherever they are read: bound once, and never written."""
    body = tuple(statements(function.body))
    bound = Counter(n for s in body for n in binds(s))
    written = {base_name(s.target) for s in body if isinstance(s, Store | Pop) and s.target is not None}
    found: dict[str, Expr] = {}
    for stmt in body:
        match stmt:
            case Assign((name,), (Call(args=(_,), keywords=()) as value,), saved="") if called(value) == "eye":
                if bound[name] == 1 and name not in written and facts.is_alone(name):
                    found[name] = value
            case _:
                pass
    return found


def traced(whole: Expr, definition: Definition, dims_of: Callable[[Expr], Dims | None]) -> Expr | None:
    """``np.sum(A * np.eye(n))`` as ``np.trace(A)``."""
    body, sign = negative(whole)
    parts = factors(body, True)
    for k, (op, factor) in enumerate(parts):
        value = definition(factor.id) if isinstance(factor, Name) else factor
        is_eye = isinstance(value, Call) and called(value) == "eye" and len(value.args) == 1 and not value.keywords
        others: list[Factor] = [*parts[:k], *parts[k + 1 :]]
        if op != "*" or not is_eye or not others or others[0][0] != "*":
            continue
        rest = chained(others)
        shape = dims_of(rest)
        if shape is not None and len(shape) == 2 and shape == dims_of(factor):
            return signed(np_call("trace", rest), sign)
    return None
