"""What the branches around a statement say of numbers.

    if n - k >= 0:
        y[n] -= a[k] * y[n - k]      # here n - k is at least 0
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tangent_like.ir.nodes import Compare, Expr, If, Logic, Stmt, Unary

OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}

Held = tuple[Expr, Expr, int]  # the first is at least so much more than the second, of whole numbers


def holding(way: Sequence[tuple[Stmt | None, int, int]]) -> Iterator[Held]:
    """What holds of whole numbers behind the tests of each branch on the way, of which the arm's number is given."""
    for stmt, arm, _ in way:
        if isinstance(stmt, If):
            for k, one in enumerate(stmt.arms[: arm + 1]):
                yield from _said(one.test, k == arm)


def _said(test: Expr, true: bool) -> Iterator[Held]:
    match test:
        case Unary("not", inner):
            yield from _said(inner, not true)
        case Logic("and" | "or" as joint, values) if (joint == "and") == true:
            for value in values:
                yield from _said(value, true)
        case Compare(left, asked, rights) if true or len(asked) == 1:
            for one, op, other in zip((left, *rights), asked, rights, strict=False):
                yield from _compared(one, str(op) if true else OPPOSITE.get(op, ""), other)


def _compared(left: Expr, op: str, right: Expr) -> Iterator[Held]:
    if op in (">", ">=", "=="):
        yield left, right, int(op == ">")
    if op in ("<", "<=", "=="):
        yield right, left, int(op == "<")
