"""The adjoints of products of stacks of matrices, where ranks and sizes are known.

    z = x @ W, x a stack           x_bar = z_bar @ W.T
                                   W_bar = np.tensordot(x, z_bar, ((0, 1), (0, 1)))
    z = x @ y, both stacks         x_bar = z_bar @ np.swapaxes(y, -1, -2)
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import mul, np_call
from tangent_like.ir.nodes import Attribute, Binary, Const, Expr, Index, Tuple, Unary
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.kind import Kind, dims_of, is_sparse
from tangent_like.transform.plain_order import WHOLE

KindOf = Callable[[Expr], Kind]
Dims = tuple[Dim | None, ...]
NEW = Const(None)
REST = Const(...)


def of_stacks(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes, side: int) -> Expr | None:
    """The adjoint of ``x`` (side 0) or ``y`` (side 1) in ``z = x @ y``, one of three axes or more."""
    z_bar, x, y = args
    if is_sparse(kind_of(x)) or is_sparse(kind_of(y)):
        return None
    whole, left, right = (dims_of(kind_of(e)) for e in args)
    if whole is None or not left or not right or max(len(left), len(right)) < 3:
        return None
    product = _product(left, right, sizes)
    if product is None or len(whole) != len(product) or not all(map(_is_full, whole, product)):
        return None
    batch = len(product) - (len(left) > 1) - (len(right) > 1)
    last = len(product) - 1
    if len(left) > 2 and len(right) > 2:
        return Binary("@", z_bar, _turned(y)) if side == 0 else Binary("@", _turned(x), z_bar)
    if len(right) == 2:
        return Binary("@", z_bar, Attribute(y, "T")) if side == 0 else _summed(x, z_bar, range(last), range(last))
    if len(right) == 1:
        outer = mul(Index(z_bar, Tuple((REST, NEW))), y)
        return outer if side == 0 else _summed(z_bar, x, range(batch + 1), range(batch + 1))
    if len(left) == 2:
        over = (*range(batch), last)
        return _summed(z_bar, y, over, over) if side == 0 else Binary("@", Attribute(x, "T"), z_bar)
    if side == 0:
        return _summed(y, z_bar, (*range(batch), batch + 1), range(batch + 1))
    return mul(Index(x, Tuple((WHOLE, NEW))), Index(z_bar, Tuple((REST, NEW, WHOLE))))


def _product(left: Dims, right: Dims, sizes: Sizes) -> Dims | None:
    """The sizes of ``x @ y``, where of two stacks each axis is the other's for sure."""
    if len(left) > 2 and len(right) > 2:
        stacks = left[:-2], right[:-2]
        if len(left) != len(right) or not all(sizes.same(a, b) is True for a, b in zip(*stacks, strict=True)):
            return None
        return (*left[:-1], right[-1])
    stack = left[:-2] or right[:-2]
    rows = left[-2:-1]
    return (*stack, *rows, *(right[-1:] if len(right) > 1 else ()))


def _is_full(one: Dim | None, wanted: Dim | None) -> bool:
    """Has the adjoint all the entries along an axis? One that is spread lazily has 1."""
    return one is not None and (one.known != 1 or (wanted is not None and wanted.known == 1))


def _turned(x: Expr) -> Expr:
    return np_call("swapaxes", x, Unary("-", Const(1)), Unary("-", Const(2)))


def _summed(x: Expr, y: Expr, mine: range | tuple[int, ...], theirs: range | tuple[int, ...]) -> Expr:
    axes = Tuple((Tuple(tuple(map(Const, mine))), Tuple(tuple(map(Const, theirs)))))
    return np_call("tensordot", x, y, axes)
