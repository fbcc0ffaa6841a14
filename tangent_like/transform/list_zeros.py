"""Where a zero adjoint of a list may have to be made, which is as long as the list is there."""

from __future__ import annotations

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import If, Name, Pop
from tangent_like.ir.walk import blocks, bound_in
from tangent_like.kinds.kind import Scalar


def lost_lists(stmt: If, activity: Activity) -> set[str]:
    """Names whose adjoints one arm may bring, and another not."""
    bound = {n for body in blocks(stmt) for n in bound_in(body)}
    before, after = activity.before[stmt], activity.after[stmt]
    return {n for n in before if n not in after or n in bound}


def lost_by_pop(stmt: Pop, typing: Typing, activity: Activity) -> set[str]:
    """Of the list and what is taken from it, those that nobody reads later."""
    names = {stmt.list, stmt.target.id} if isinstance(stmt.target, Name) else {stmt.list}
    lost = names - activity.after[stmt]
    return {n for n in lost if not isinstance(typing.overall.get(n), Scalar)}
