"""A hashable value that two functions share exactly where their texts mean the same."""

from __future__ import annotations

import dataclasses

from tangent_like.ir import nodes
from tangent_like.ir.nodes import Function, Origin
from tangent_like.ir.walk import key

EXPRESSIONS = (
    nodes.Name, nodes.Const, nodes.Ref, nodes.Unary, nodes.Binary, nodes.Compare, nodes.Logic, nodes.Choose,
    nodes.Call, nodes.Attribute, nodes.Index, nodes.Slice, nodes.Tuple, nodes.List, nodes.Opaque, nodes.Hole,
    nodes.Fresh, nodes.Lambda, nodes.Dict, nodes.SetOf, nodes.Starred, nodes.Walrus, nodes.Comprehension,
)  # fmt: skip


def function_key(function: Function) -> object:
    params = tuple((p.name, key(p.default), p.keyword_only, p.star) for p in function.params)
    return (function.name, params, tuple(map(_part, function.body)))


def _part(part: object) -> object:
    """Of a statement, of what stands in one, or of an expression."""
    match part:
        case None | str() | bool() | frozenset():
            return part
        case tuple():
            return tuple(map(_part, part))
        case Origin():
            return None
        case Function():
            return function_key(part)
        case _ if isinstance(part, EXPRESSIONS):
            return key(part)
        case _:
            return _fields(part)


def _fields(part: object) -> object:
    assert dataclasses.is_dataclass(part)
    return (type(part).__name__, *(_part(getattr(part, f.name)) for f in dataclasses.fields(part)))
