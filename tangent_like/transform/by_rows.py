"""How long a vector among the arguments is: as many rows as a matrix beside it has.

Before                                   After

    z = X @ w                                z = X @ w
    z_bar = (z - y) / y.size                 z_bar = (z - y) / len(X)
    w_bar = X.T @ z_bar                      w_bar = X.T @ z_bar

Where both are only assumed to be as long, in what we say: it is right for a ``y`` of one number as well, that is spread
along the rows, and need not be refused then. The other way round, the product of matrices raises.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Index,
    Name,
    Stmt,
    Store,
)
from tangent_like.ir.walk import binds, rebuild, statements
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.enforced import Classes
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import library, origin_of


def by_rows(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with sizes of matrices for those of vectors; ``kinds`` are those of its names."""
    table = matrices(function, kinds, Classes.of(sizes.used))
    if not table:
        return function

    def change(expr: Expr) -> Expr:
        found = table.get(_long(expr))
        return rebuild(expr, change) if found is None else Call(builtin_ref("len"), (Name(found),))

    def said(stmt: Stmt) -> Stmt:
        ours = isinstance(stmt, Assign | Augment | Store) and stmt.origin is None
        return with_expressions(stmt, change) if ours else change_blocks(stmt, block)

    def block(body: Block) -> Block:
        return tuple(map(said, body))

    return with_body(function, block(function.body))


def matrices(function: Function, kinds: Mapping[str, Kind], equal: Classes) -> dict[str, str]:
    """By vector among the arguments, a matrix among them of which it is assumed to have as many rows."""
    params = [p.name for p in function.params]
    found: dict[str, str] = {}
    for name in params:
        kind = kinds.get(name)
        if not isinstance(kind, Array) or kind.rank != 1 or not kind.dims or kind.dims[0] is None:
            continue
        for other in params:
            rows = kinds.get(other)
            if isinstance(rows, Array) and rows.rank == 2 and rows.dims and rows.dims[0] is not None:
                if rows.dims[0] != kind.dims[0] and equal.same(rows.dims[0], kind.dims[0]):
                    found.setdefault(name, other)
    if found:
        bound = {n for s in statements(function.body) for n in binds(s)}
        found = {a: b for a, b in found.items() if a not in bound and b not in bound}
    return found


def _long(expr: Expr) -> str:
    """The name of which the expression is the length, where that is not what the user asks for."""
    if getattr(expr, "at", None) is not None:
        return ""
    match expr:
        case Attribute(Name(name), "size") | Index(Attribute(Name(name), "shape"), Const(0)):
            return name
        case Call(args=(Name(name),), keywords=()) if (target := library(expr)) is not None:
            return name if origin_of(target) == ("builtins", "len") else ""
        case _:
            return ""
