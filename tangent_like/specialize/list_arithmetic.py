"""Operators between lists or tuples and what NumPy makes arrays of them for: ``[a, b] - np.mean(x)``."""

from __future__ import annotations

from tangent_like.ir.nodes import Binary, Expr
from tangent_like.kinds.steps import makes_array
from tangent_like.specialize import containers, iterate, object_lists, object_places, sets
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Leaf, Value


def binary(s: Spec, op: str, left: Value, right: Value, expr: Expr | None) -> Value | None:
    """What an operator of containers means; None where it is one of a class of the user's."""
    if op == "+" and any(object_places.is_one(v, s) for v in (left, right)):
        return object_lists.joined(s, [left, right], "items", iterate.over)
    found = sets.binary(s, op, left, right) or containers.binary(s, op, left, right, expr)
    return found or of_array(s, op, left, right)


def of_array(s: Spec, op: str, left: Value, right: Value) -> Leaf | None:
    if isinstance(left, Leaf) == isinstance(right, Leaf):
        return None
    items = containers.sequence(s, left if isinstance(right, Leaf) else right)
    if items is None or not all(isinstance(v, Leaf) or containers.sequence(s, v) is not None for v in items):
        return None
    both = s.materialize(left), s.materialize(right)
    return Leaf(Binary(op, *both)) if makes_array(op, *map(s.kind, both)) else None
