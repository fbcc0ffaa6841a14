"""Programs that are as long as the number of their paths: refused while they grow.

A recursion over objects that the run links (``self.left.insert(key)``) is written out for all trees that there may be,
and each turn of a loop around it multiplies them.
"""

from __future__ import annotations

from collections.abc import Sequence

from tangent_like.ir.nodes import If, Stmt
from tangent_like.ir.walk import blocks
from tangent_like.specialize.spec import Spec

DEEP = 4  # branches inside one another
MOST_IN_BRANCHES = 5_000  # statements that so many are around


def more_paths(s: Spec, known: int, turn: Sequence[Stmt]) -> int:
    """So many statements are deep in branches, with those of another turn."""
    found = known + in_branches(turn, 0)
    if found > MOST_IN_BRANCHES:
        what = "a loop this long, its branches written out for each way that objects may be linked,"
        raise s.refuse(what, "keep what it goes through in arrays, with whole numbers as links")
    return found


def in_branches(body: Sequence[Stmt], depth: int) -> int:
    count = len(body) if depth >= DEEP else 0
    return count + sum(in_branches(b, depth + isinstance(stmt, If)) for stmt in body for b in blocks(stmt))
