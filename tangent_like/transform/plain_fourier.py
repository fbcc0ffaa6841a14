"""Helpers of Fourier transforms said in plain NumPy where sizes tell that nothing is cut, padded or turned."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Attribute, Const, Expr, Name
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind, dims_of
from tangent_like.kinds.operands import literal

KindOf = Callable[[Expr], Kind]


def _cut_or_padded(args: tuple[Expr, ...], kind_of: KindOf, sizes: Sizes) -> Expr | None:
    g, x = args
    own, wanted = dims_of(kind_of(g)), dims_of(kind_of(x))
    if own is None or wanted is None or len(own) != len(wanted):
        return None
    return g if all(sizes.same(a, b) for a, b in zip(own, wanted, strict=True)) else None


def _unrfftn(args: tuple[Expr, ...], kind_of: KindOf, _: Sizes) -> Expr | None:
    """Over both axes of a matrix, in its own sizes: ``np.fft.fft2(y_bar, x.shape)``."""
    y_bar, x, s, axes, norm = (*args, *(Const(None),) * 3)[:5]
    dims = dims_of(kind_of(x))
    if not isinstance(x, Name) or literal(s) is not None or literal(norm) is not None or dims is None:
        return None
    if len(dims) != 2 or literal(axes) not in (None, (0, 1), (-2, -1)):
        return None
    return np_call("fft.fft2", y_bar, Attribute(x, "shape"))


FORMS: Mapping[str, Callable[[tuple[Expr, ...], KindOf, Sizes], Expr | None]] = {
    "cut_or_padded": _cut_or_padded, "unrfftn": _unrfftn,
}  # fmt: skip
