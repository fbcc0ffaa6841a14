"""Copies of the arguments that are written: the caller's arrays stay as they are.

Before                                   After

    def f(v, out):                           def f(v, out):
        out[0] = v[1]                            out = out.copy()
                                                 out[0] = v[1]
"""

from __future__ import annotations

from collections.abc import Iterable

from tangent_like.analysis.typing import Typing
from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    Function,
    Library,
    Name,
    Ref,
    Stmt,
)
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.kinds.kind import Array, Kind, Unknown


def copy_of_argument(name: str, kind: Kind | None) -> Expr:
    """A copy that lies in memory as the caller's array does, maybe in another order than that of its axes.

    ``x.copy()`` would put it in order, and sums over it would be rounded otherwise.
    """
    if isinstance(kind, Array) and kind.rank != 1:
        return np_call("copy", Name(name))
    return Call(Attribute(Name(name), "copy"), ())


def copies_of_arguments(function: Function, copied: Iterable[str], typing: Typing) -> list[Stmt]:
    """The statements that copy arguments before they are written; None, which a default may be, stays None."""
    missing = {p.name for p in function.params if isinstance(p.default, Const) and p.default.value is None}
    found: list[Stmt] = []
    asked = _asked(function)
    for name in copied:
        copy = copy_of_argument(name, typing.overall.get(name))
        if name in missing and isinstance(typing.params.get(name), Unknown | None):
            copy = Choose(Compare(Name(name), ("is",), (Const(None),)), Const(None), copy)
        elif name in asked and isinstance(typing.params.get(name), Unknown | None):
            copy = Choose(np_call("isscalar", Name(name)), Name(name), copy)
        found.append(Assign((name,), (copy,)))
    return found


def _asked(function: Function) -> set[str]:
    """The names of which it asks whether they are numbers."""
    found: set[str] = set()
    for stmt in statements(function.body):
        for expr in (e for top in expressions(stmt) for e in subexpressions(top)):
            match expr:
                case Call(Ref(target=Library("numpy", "isscalar")), (Name(id),)):
                    found.add(id)
                case _:
                    pass
    return found
