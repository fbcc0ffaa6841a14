"""Do statements that were made change what was there before them: what the heap has, variables, memory?"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.frontend.in_place import written_in
from tangent_like.ir.nodes import Assign, Binary, Block, Call, Expr, Unary
from tangent_like.ir.walk import base_name, binds, blocks, called_by, expressions, names, statements, subexpressions
from tangent_like.ir.walk import key as text_key
from tangent_like.kinds.kind import Kind, Scalar
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Content, Handle, Leaf, Seq, Value, is_atomic


def changed(s: Spec, before: Mapping[int, Content], position: int) -> bool:
    """Is anything in the heap not what it was before the statements from ``position`` on?"""
    written = {n for stmt in statements(tuple(s.out[position:])) for n in binds(stmt)}
    for id_, content in before.items():
        now = s.state.heap.get(id_, content)
        if [k for k, _ in now.items] != [k for k, _ in content.items]:
            return True
        if any(other(a, b, written) for a, b in zip(content.values, now.values, strict=True)):
            return True
    return False


def other(old: Value, new: Value, written: set[str]) -> bool:
    """Is a value another one, and has not only got a name?"""
    match old, new:
        case Leaf(a), Leaf(b):
            return bool(names(a) & written) or (is_atomic(a) and text_key(a) != text_key(b))
        case Seq(ones), Seq(others) if len(ones) == len(others):
            return any(other(a, b, written) for a, b in zip(ones, others, strict=True))
        case Handle(one), Handle(another):
            return one != another
        case _:
            return old is not new


def through_views(plain: Block, stored: set[str]) -> set[str]:
    """What is written in these statements, through names that they give to views of it, too."""
    for stmt in reversed(plain):
        if isinstance(stmt, Assign) and stored.intersection(stmt.targets):
            stored.update(*(names(v) for v in stmt.values if not isinstance(v, Binary | Unary)))
    return stored


def does_more(s: Spec, position: int, kinds: Mapping[str, Kind], heap: Mapping[int, Content]) -> bool:
    """Do the statements from ``position`` on change anything that was there before them, ``kinds`` and ``heap``?"""
    made = tuple(s.out[position:])
    if any(n in kinds for stmt in statements(made) for n in binds(stmt)) or changed(s, heap, position):
        return True
    plain = tuple(stmt for stmt in statements(made) if not blocks(stmt))
    if any(n in kinds and not isinstance(kinds[n], Scalar) for n in through_views(plain, written_in(made))):
        return True
    calls = (e for stmt in statements(made) for top in expressions(stmt) for e in subexpressions(top))
    given = [a for e in calls if called_by(e) is not None and isinstance(e, Call) for a in arguments(e)]
    return any(base_name(a) in kinds and not isinstance(s.kind(a), Scalar) for a in given)


def arguments(call: Call) -> tuple[Expr, ...]:
    return (*call.args, *(v for _, v in call.keywords))
