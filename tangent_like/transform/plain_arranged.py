"""Helpers of what is laid out anew, said in plain NumPy where the numbers of copies and margins are told.

Before, for ``np.pad(x, 1)`` and ``np.repeat(w, n)``      After

    x_bar = unpad(y_bar, x, 1)                            x_bar = y_bar[1:-1]
    w_bar = unrepeat(z_bar, w, n)                         w_bar = np.sum(np.reshape(z_bar, (w.size, n)), axis=1)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Attribute, Const, Expr, Hole, Index, Name, Slice, Tuple
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind, Scalar, rank_of
from tangent_like.kinds.operands import literal

KindOf = Callable[[Expr], Kind]


def unpad(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    y_bar, x, pad_width = args
    kind, width = kind_of(x), literal(pad_width)
    if not isinstance(kind, Array) or not kind.rank or not is_width(width):
        return None
    pairs = np.broadcast_to(np.array(width), (kind.rank, 2)).tolist()
    bounds = [(Const(before) if before else None, Const(-after) if after else None) for before, after in pairs]
    parts = tuple(Slice(lower, upper, None) for lower, upper in bounds)
    return Index(y_bar, parts[0] if len(parts) == 1 else Tuple(parts))


def is_width(width: object) -> bool:
    if isinstance(width, tuple | list):
        return bool(width) and all(is_width(part) for part in width)
    return isinstance(width, int) and not isinstance(width, bool)


def unrepeat(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    y_bar, x, repeats = args[:3]
    along = literal(args[3]) if len(args) > 3 else None
    shape = lengths(x, kind_of)
    if shape is None or not is_whole(repeats, kind_of) or rank_of(kind_of(y_bar)) != len(shape):
        return None
    if along is None and len(shape) == 1:
        along = 0
    if not isinstance(along, int) or isinstance(along, bool) or not -len(shape) <= along < len(shape):
        return None
    after = along % len(shape) + 1
    apart = np_call("reshape", y_bar, Tuple((*shape[:after], repeats, *shape[after:])))
    return np_call("sum", apart, axis=Const(after))


def untile(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    y_bar, x, reps = args
    shape = lengths(x, kind_of)
    if shape is None or len(shape) != 1 or not is_whole(reps, kind_of) or rank_of(kind_of(y_bar)) != 1:
        return None
    return np_call("sum", np_call("reshape", y_bar, Tuple((reps, *shape))), axis=Const(0))


def lengths(x: Expr, kind_of: KindOf) -> tuple[Expr, ...] | None:
    rank = rank_of(kind_of(x))
    if not rank or not isinstance(x, Name | Hole):
        return None
    if rank == 1:
        return (Attribute(x, "size"),)
    return tuple(Index(Attribute(x, "shape"), Const(k)) for k in range(rank))


def is_whole(count: Expr, kind_of: KindOf) -> bool:
    kind = kind_of(count)
    return isinstance(kind, Scalar) and kind.type == "int"


FORMS = {"unpad": unpad, "unrepeat": unrepeat, "untile": untile}
