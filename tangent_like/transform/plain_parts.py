"""Where the parts of joined arrays lie, as an index of the whole.

Before, for ``y = np.hstack((x[:1], w, x[1:]))``      After

    t_bar = unhstack(y_bar, (x[:1], w, x[1:]))
    x_bar[:1] = t_bar[0]                              x_bar[:1] = y_bar[:1]
    w_bar = t_bar[1]                                  w_bar = y_bar[x[:1].size:x[:1].size + w.size]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeGuard

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Call, Const, Expr, Index, Library, List, Ref, Tuple
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.kind import Kind, Sequence, dims_of
from tangent_like.kinds.operands import array_of, literal
from tangent_like.transform.cuts import cut_at
from tangent_like.transform.plain import KindOf, size_of
from tangent_like.transform.plain_blocks import block_of
from tangent_like.transform.plain_order import WHOLE


def part_of(
    expr: Expr, k: int, kind_of: KindOf, sizes: Sizes, named: Callable[[Expr, str], Expr]
) -> Expr | None:
    """The ``k``-th part of what a rule says in a helper of joins, without the helper, if that can be told."""
    place = part_index(expr, k, kind_of, sizes)
    if place is not None and isinstance(expr, Call):
        return Index(named(expr.args[0], "t_bar"), place)
    found = block_of(expr, k, kind_of, sizes, named)
    return part_of_mesh(expr, k, kind_of) if found is None else found


def part_index(expr: Expr, k: int, kind_of_: KindOf, sizes: Sizes) -> Expr | None:
    """Where the ``k``-th of ``pieces(y_bar, [a, b])`` lies in ``y_bar``, if the sizes before it can be read."""

    def kind_of(expr: Expr) -> Kind:  # of a display: that of the array it stands for
        kind = kind_of_(expr)
        return array_of(kind) if isinstance(kind, Sequence) else kind

    def rank_of(expr: Expr) -> int | None:
        dims = dims_of(kind_of(expr))
        return None if dims is None else len(dims)

    match expr:
        case Call(Ref(target=Library(module="tangent_like.runtime", qualname=helper)), (whole, *rest), ()):
            rank = rank_of(whole)
        case _:
            return None
    if not rank:
        return None
    if helper == "unstack":
        axis = literal(rest[0]) if rest else 0
        return at(axis % rank, Const(k)) if is_axis(axis, rank) else None
    if not rest or not isinstance(rest[0], List | Tuple):
        return None
    items = rest[0].items
    ranks = [rank_of(item) for item in items]
    match helper:
        case "pieces" if all(r == rank for r in ranks):
            axis = literal(rest[1]) if len(rest) > 1 else 0
        case "unhstack" if all(r == rank for r in ranks) or rank == 1:
            axis = 0 if rank == 1 else 1
        case "joined_parts" if literal(rest[2]) == rank:
            axis = literal(rest[1])
        case _:
            return None
    if not is_axis(axis, rank) or not all(r is not None and rank - 1 <= r <= rank for r in ranks):
        return None
    axis %= rank

    def length(item: Expr) -> Dim | None:
        dims = dims_of(kind_of(item)) or ()
        return dims[axis] if len(dims) == rank else fixed(1)

    def size(item: Expr) -> Expr | None:
        return size_of(item, (axis,), kind_of, sizes) if rank_of(item) == rank else Const(1)

    found = cut_at(items, k, length, size, sizes)
    if found is None:
        return None
    # a number in a vector, a row or a column in a matrix
    return at(axis, found if ranks[k] == rank else found.lower or Const(0))


def part_of_mesh(expr: Expr, k: int, kind_of: KindOf) -> Expr | None:
    """The ``k``-th of ``unmesh([X_bar, Y_bar], [x, y])``: a sum over the axes of the others."""
    match expr:
        case Call(Ref(target=Library(module="tangent_like.runtime", qualname="unmesh")), (bars, arrays, *rest), ()):
            order = literal(rest[0]) if rest else "xy"
        case _:
            return None
    if not isinstance(bars, List | Tuple) or not isinstance(arrays, List | Tuple) or order not in ("xy", "ij"):
        return None
    count = len(arrays.items)
    kinds = [dims_of(kind_of(e)) for e in (bars.items[k], *arrays.items)]
    if [None if dims is None else len(dims) for dims in kinds] != [count, *(1,) * count]:
        return None
    own = 1 - k if order == "xy" and k < 2 and count > 1 else k
    others = [axis for axis in range(count) if axis != own]
    along: Expr = Const(others[0]) if len(others) == 1 else Tuple(tuple(Const(axis) for axis in others))
    return np_call("sum", bars.items[k], axis=along) if others else bars.items[k]


def is_axis(axis: object, rank: int) -> TypeGuard[int]:
    return isinstance(axis, int) and not isinstance(axis, bool) and -rank <= axis < rank


def at(axis: int, part: Expr) -> Expr:
    return Tuple((*(WHOLE,) * axis, part)) if axis else part
