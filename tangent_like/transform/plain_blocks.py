"""Where the blocks of ``np.block`` lie in it.

Before, for ``B = np.block([[A, c[:, None]], [c, 0.0]])``      After

    t_bar = unblock(B_bar, [[A, c[:, None]], [c, 0.0]])
    A_bar = t_bar[0][0]                                        A_bar = B_bar[:-1, :-1]
    c_bar = t_bar[0][1][:, 0] + t_bar[1][0]                    c_bar = B_bar[:-1, -1] + B_bar[-1, :-1]
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Call, Const, Expr, Index, Library, List, Ref, Slice, Tuple
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.kind import dims_of
from tangent_like.transform.cuts import cut_at
from tangent_like.transform.plain import KindOf, size_of
from tangent_like.transform.plain_order import WHOLE


def block_of(expr: Expr, k: int, kind_of: KindOf, sizes: Sizes, named: Callable[[Expr, str], Expr]) -> Expr | None:
    """The ``k``-th row of ``unblock(y_bar, [[A, B], [C, D]])``, the ``k``-th block of such a row; None if not told."""
    match expr:
        case Call(Ref(target=Library("tangent_like.runtime", "unblock")) as func, (whole, List(items)), ()):
            pass
        case _:
            return None
    dims = dims_of(kind_of(whole))
    if dims is None or len(dims) > 2:
        return None
    if isinstance(items[k], List):
        found = _row(items, k, kind_of, sizes) if len(dims) == 2 else None
        return None if found is None else Call(func, (Index(named(whole, "t_bar"), found), items[k]))
    ranks = [len(own) for own in (dims_of(kind_of(item)) for item in items) if own is not None]
    if len(ranks) != len(items):
        return None

    def length(item: Expr) -> Dim | None:
        own = dims_of(kind_of(item))
        return own[-1] if own else fixed(1)

    def size(item: Expr) -> Expr | None:
        own = dims_of(kind_of(item))
        return size_of(item, (len(own) - 1,), kind_of, sizes) if own else Const(1)

    along = cut_at(items, k, length, size, sizes)
    if along is None:
        return None
    last = along if ranks[k] else along.lower or Const(0)
    if len(dims) == 1:
        return Index(named(whole, "t_bar"), last)
    match whole:
        case Index(value, Slice() as rows):
            pass
        case _:
            value, rows = named(whole, "t_bar"), WHOLE
    return Index(value, Tuple((rows if ranks[k] == 2 else rows.lower or Const(0), last)))


def _row(rows: tuple[Expr, ...], k: int, kind_of: KindOf, sizes: Sizes) -> Slice | None:
    """From where to where the ``k``-th row of blocks lies: what is no matrix stands in one line."""

    def matrix(row: Expr) -> Expr | None:
        items = row.items if isinstance(row, List) else ()
        return next((e for e in items if len(dims_of(kind_of(e)) or ()) == 2), None)

    def length(row: Expr) -> Dim | None:
        own = matrix(row)
        return fixed(1) if own is None else (dims_of(kind_of(own)) or (None,))[0]

    def size(row: Expr) -> Expr | None:
        own = matrix(row)
        return Const(1) if own is None else size_of(own, (0,), kind_of, sizes)

    if not all(isinstance(row, List) and all(dims_of(kind_of(e)) is not None for e in row.items) for row in rows):
        return None
    return cut_at(rows, k, length, size, sizes)
