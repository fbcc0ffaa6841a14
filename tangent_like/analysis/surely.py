"""What is certain of a statement, whichever way was taken to it."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.analysis.regions import Site
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Choose,
    Const,
    Expr,
    Index,
    Logic,
    Name,
    Push,
    Return,
    Slice,
    Stmt,
    Store,
)
from tangent_like.ir.walk import expressions, names, same, subexpressions
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array, Kind


def surely_read(stmt: Stmt) -> set[str]:
    """Names that are bound where a statement is behind us, for it has read them: not those of what may be left out."""
    if not isinstance(stmt, Assign | Augment | Store | Push | Return):
        return set()
    read = [e for e in expressions(stmt) if not any(isinstance(x, Choose | Logic) for x in subexpressions(e))]
    found = {n for e in read for n in names(e)}
    return found | {stmt.target} if isinstance(stmt, Augment) else found


def puts_back_itself(site: Site) -> bool:
    """Is it the place that the statement overwrites, and keeps: ``a[i] *= k``? It reads what it has put back there."""
    stmt = site.stmt
    return isinstance(stmt, Store) and not site.after and site.path is not None and same(site.path, stmt.target)


def writes_all(target: Index, kind_of: Callable[[Expr], Kind]) -> bool:
    """``a[:] = v``, of an array with a name: nothing of what it held is there any more."""
    if not isinstance(target.value, Name) or not isinstance(kind_of(target.value), Array):
        return False
    return all(_is_everything(i) for i in index_items(target.index))


def _is_everything(item: Expr) -> bool:
    match item:
        case Slice(None, None, None):
            return True
        case Const(value):
            return value is ...
        case _:
            return False
