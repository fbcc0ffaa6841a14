"""What is certain of a statement, whichever way was taken to it."""

from __future__ import annotations

from tangent_like.analysis.regions import Site
from tangent_like.ir.nodes import Assign, Augment, Choose, Logic, Push, Return, Stmt, Store
from tangent_like.ir.walk import expressions, names, same, subexpressions


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
