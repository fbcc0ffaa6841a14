"""From where to where each of several parts lies that stand one behind the other along an axis."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import add
from tangent_like.ir.nodes import Const, Expr, Slice
from tangent_like.kinds.dims import Dim, Sizes


def cut_at(
    items: tuple[Expr, ...],
    k: int,
    length: Callable[[Expr], Dim | None],
    size: Callable[[Expr], Expr | None],
    sizes: Sizes,
) -> Slice | None:
    """From where to where the ``k``-th of ``items``, one behind the other, lies; None if that is not told."""
    lengths = [length(item) for item in items]
    known = [d for d in lengths if d is not None]

    def bound(count: int) -> Expr | None:
        """Where the part after ``count`` parts begins."""
        if len(known) == len(lengths):
            said = sizes.cut(known[:count], known)
            if said is not None:
                return Const(said)
        total: Expr = Const(0)
        for item in items[:count]:
            own = size(item)
            if own is None:
                return None
            total = add(total, own)
        return total

    lower = bound(k) if k else None
    upper = bound(k + 1) if k + 1 < len(items) else None
    if (k and lower is None) or (k + 1 < len(items) and upper is None):
        return None
    return Slice(lower, upper, None)
