"""Tangents as one would write them: numbers before sums, one product for ``x @ x``, one factorization for a solution.

Before                                           After

    np.sum(2 * r_dot * r)                            2 * (r_dot @ r)
    x_dot @ x + x @ x_dot                            2 * (x_dot @ x)
    2 * (x_dot @ x) * (0.5 / r)                      x_dot @ x / r
    np.linalg.solve(A, b_dot)                        np.linalg.solve(A, b_dot - A_dot @ x)
        - solve_tangent(A, A_dot, x, b)
"""

from __future__ import annotations

import numpy as np

from tangent_like.ir.build import is_number, mul, negative, np_call, signed
from tangent_like.ir.nodes import Binary, Call, Const, Expr, Library, Ref
from tangent_like.ir.walk import same
from tangent_like.kinds.kind import Array, dims_of, is_complex
from tangent_like.rules.apply import Application
from tangent_like.transform.fitting import Knows, summed

PRODUCTS = frozenset({"matmul", "dot", "inner"})


def number_first(knows: Knows, tangent: Expr) -> Expr:
    """A sum or a mean of an array, the number among the factors taken out of it."""
    match tangent:
        case Call(Ref(target=Library("numpy", "sum" | "mean" as name)) as func, (whole,), keywords):
            pass
        case _:
            return tangent
    kind = knows.kind_of(whole)
    if not isinstance(kind, Array) or kind.dtype is None:
        return tangent
    body, sign = negative(whole)
    number, rest = _number_of(body)
    plain = name == "sum" and not keywords
    inner = summed(knows, rest) if plain else Call(func, (rest,), keywords)
    return signed(inner if number is None else mul(number, inner), sign)


def _number_of(expr: Expr) -> tuple[Const | None, Expr]:
    """The literal that a product begins with, and the rest of it."""
    match expr:
        case Binary("*", Const(int() | float()) as number, rest) if is_number(number):
            return number, rest
        case Binary("*", left, right):
            found, inner = _number_of(left)
            return (None, expr) if found is None else (found, Binary("*", inner, right, expr.at))
        case _:
            return None, expr


def one_solve(knows: Knows, tangent: Expr) -> Expr:
    """Of a solution with a matrix: the right-hand sides together, for one factorization and not two."""
    body, sign = negative(tangent)
    right: Expr | None = None
    match body:
        case Binary("-", Call(Ref(target=Library(obj=obj)), (_, given), ()), Call() as call) if obj is np.linalg.solve:
            right = given
        case Call() as call:
            pass
        case _:
            return tangent
    match call:
        case Call(Ref(target=Library(module, "solve_tangent")), (a, a_dot, x, b)) if module.startswith("tangent_like"):
            ranks = len(dims_of(knows.kind_of(a)) or ()), len(dims_of(knows.kind_of(b)) or ())
        case _:
            return tangent
    if ranks not in ((2, 1), (2, 2)):
        return tangent
    moved = Binary("@", a_dot, x)
    solved = np_call("linalg.solve", a, moved if right is None else Binary("-", right, moved))
    return signed(solved, sign)


def squared_vector(knows: Knows, found: Application) -> Expr | None:
    """``x`` of ``x @ x``, a vector of real numbers."""
    if found.rule.kind not in PRODUCTS or found.rule.own is not None or found.problem is not None:
        return None
    operands = [e for n, e in found.operands.items() if n in found.given]
    if len(operands) != 2 or not same(*operands):
        return None
    kind = knows.kind_of(operands[0])
    known = isinstance(kind, Array) and kind.dtype is not None and not is_complex(kind)
    return operands[0] if known and len(dims_of(kind) or ()) == 1 else None


def times(tangent: Expr, partial: Expr) -> Expr:
    """A tangent times a partial: of two numbers in front there is one, and ``2 * t * (0.5 / r)`` is ``t / r``."""
    (body, sign), (slope, other) = negative(tangent), negative(partial)
    number, rest = _number_of(body)
    match slope:
        case Binary("/", Const(int() | float()) as above, below) if number is not None and is_number(above):
            product = number.value * above.value  # type: ignore[operator]
            return signed(Binary("/", mul(Const(product), rest), below), sign != other)
        case _:
            return mul(tangent, partial)
