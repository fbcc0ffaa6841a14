"""Where a zero adjoint may have to be made, which is as large as the list or the array is there."""

from __future__ import annotations

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import Each, For, If, Name, Pop, Try, While
from tangent_like.ir.walk import blocks, bound_in
from tangent_like.kinds.kind import Scalar


def lost_lists(stmt: If, activity: Activity) -> set[str]:
    """Names whose adjoints one arm may bring, and another not."""
    bound = {n for body in blocks(stmt) for n in bound_in(body)}
    before, after = activity.before[stmt], activity.after[stmt]
    return {n for n in before if n not in after or n in bound}


def lost_arrays(stmt: If | For | Each | While | Try, activity: Activity) -> set[str]:
    """Names that a block binds without use of what they held, where another path uses it.

    Going back through that block, the adjoint begins anew as a zero of the size of what they held before.
    """
    alive = activity.before[stmt]
    out: set[str] = set()
    bodies = (stmt.body,) if isinstance(stmt, Try) else blocks(stmt)
    for body, start in zip(bodies, activity.starts[stmt], strict=True):
        out |= {n for n in bound_in(body) if activity.aliases.rep(n) in alive and activity.aliases.rep(n) not in start}
    return out


def lost_by_pop(stmt: Pop, typing: Typing, activity: Activity) -> set[str]:
    """Of the list and what is taken from it, those that nobody reads later."""
    names = {stmt.list, stmt.target.id} if isinstance(stmt.target, Name) else {stmt.list}
    lost = names - activity.after[stmt]
    return {n for n in lost if not isinstance(typing.overall.get(n), Scalar)}
