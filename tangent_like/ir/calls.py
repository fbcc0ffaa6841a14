"""What a block says, what functions are called; emitted functions under other names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tangent_like.ir.nodes import Block, Call, Emitted, Expr, Function, Index, Ref, UserFunction
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import base_name, expressions, rebuild, statements, subexpressions, with_body


def said_in(block: Block) -> Iterator[Expr]:
    """Every expression of a block, inner blocks too, and all below it."""
    for stmt in statements(block):
        for top in expressions(stmt):
            yield from subexpressions(top)


def called_name(func: Expr) -> str:
    """What a function is called; one that is emitted, by what it was called before."""
    match func:
        case Ref(target=UserFunction(qualname=name), root=Emitted()) | Ref(name):
            return name.rpartition(".")[2]
        case _:
            return "call"


def calling(function: Function, table: Mapping[str, str]) -> Function:
    """The function with other names for the emitted functions that it calls."""
    if not table:
        return function

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Ref) and isinstance(expr.target, Emitted) and expr.target.name in table:
            name = table[expr.target.name]
            return Ref(name, Emitted(name, expr.target.params), expr.at)
        if isinstance(expr, Ref) and isinstance(expr.root, Emitted) and expr.root.name in table:
            name = table[expr.root.name]  # it is known to the program as another function, too
            return Ref(name, expr.target, expr.at, Emitted(name, expr.root.params))
        return rebuild(expr, change)

    return with_body(function, tuple(rewrite(stmt, change, lambda name: name) for stmt in function.body))


def places_given(values: Iterable[Expr], name: str) -> list[Expr]:
    """The places of ``name``, but not all of it, that calls are given: ``d[0]`` in ``scale(d[0], k)``."""
    calls = [v for v in values if isinstance(v, Call)]
    given = [e for call in calls for e in (*call.args, *(v for _, v in call.keywords))]
    return [e for e in given if isinstance(e, Index) and base_name(e) == name]
