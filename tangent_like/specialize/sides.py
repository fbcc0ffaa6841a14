"""Operators of one of several values, of which one is None: what Python raises of None it raises in that branch."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Call, Const, Expr, Raise
from tangent_like.specialize import attributes, meet, operators
from tangent_like.specialize.either import arms, by_options
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Either, Leaf, Value, is_none, none


def by_sides(s: Spec, op: str, value: Either, other: Value, use: Callable[[Value], Value]) -> Value:
    """``value @ other`` or ``other @ value``, by what ``value`` may be; ``use`` is for one of these."""
    if not isinstance(other, Leaf) or op == "%" or not any(map(is_none, value.options)):
        return by_options(s, value, use)
    return meet.branch(s, arms(s, value, lambda v: _raising(s, op) if is_none(v) else use(v)), "value")


def _raising(s: Spec, op: str) -> Value:
    message = Const(f"unsupported operand type for {op}: 'NoneType'")
    s.emit(Raise(Call(builtin_ref("TypeError"), (message,)), s.origin))
    return none()


def by_the_left(s: Spec, op: str, left: Value, right: Either, expr: Expr) -> Value | None:
    """``left @ right`` by the method of the left one, asked once; None where ``right`` may be asked first."""
    cls, name = attributes.class_of(s, left), operators.OPERATORS.get(op, ("", ""))[0]
    member = None if cls is None else cls.member(name)
    if cls is None or member is None or member.target is None or not any(map(is_none, right.options)):
        return None
    others = [other.type for v in right.options if (other := attributes.class_of(s, v)) is not None]
    if any(other is not cls.type and issubclass(other, cls.type) for other in others):
        return None
    return operators.operator(s, name, left, (right,), expr)
