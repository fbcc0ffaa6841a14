"""Which expressions may raise where the primal statement would have raised something else."""

from __future__ import annotations

from tangent_like.ir.nodes import Binary, Call, Expr, Library, Ref
from tangent_like.ir.walk import subexpressions


def may_raise(expr: Expr) -> bool:
    """May evaluating it raise?"""
    return any(
        (isinstance(e, Binary) and e.op in ("/", "**", "//", "%"))
        or (isinstance(e, Call) and isinstance(e.func, Ref) and not _is_numpy(e.func))
        for e in subexpressions(expr)
    )


def _is_numpy(ref: Ref) -> bool:
    return isinstance(ref.target, Library) and ref.target.module == "numpy"
