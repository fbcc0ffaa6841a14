"""Kinds of results of linear algebra: of matrices, and of stacks of them along the axes in front."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_letters

import numpy as np

from tangent_like.ir.nodes import Const
from tangent_like.kinds.dims import ONE, Dim, Sizes
from tangent_like.kinds.kind import BOOL, UNKNOWN, Array, Kind, Scalar, Sequence, dims_of, is_float
from tangent_like.kinds.operands import Exprs, Kinds, broadcast_kinds, first, literal, promoted


def _floated(dtype: str | None) -> str | None:
    return "float64" if dtype is not None and np.dtype(dtype).kind in "iub" else dtype


def _stacked(dims: tuple[Dim | None, ...], dtype: str | None) -> Kind:
    """One number for each matrix: an array, or a scalar of NumPy's."""
    return Array(dims, dtype) if dims else Scalar("float", dtype, None, dtype is None)


def square(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of the shape of the first operand, in floating point."""
    kind = first(kinds, exprs, sizes)
    return Array(kind.dims, _floated(kind.dtype)) if isinstance(kind, Array) else Array(None, None)


def floated_first(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """As the first operand, in floating point."""
    kind = first(kinds, exprs, sizes)
    return square(kinds, exprs, sizes) if isinstance(kind, Array) else kind if is_float(kind) else UNKNOWN


def power(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of the shape of the first operand: whole numbers stay whole, unless the power is negative."""
    kind = square(kinds, exprs, sizes)
    own = first(kinds, exprs, sizes)
    return Array(kind.dims, None) if isinstance(kind, Array) and getattr(own, "dtype", None) != kind.dtype else kind


def transposed(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of the shape of the first operand with its last two axes exchanged."""
    kind = square(kinds, exprs, sizes)
    if isinstance(kind, Array) and kind.dims is not None and len(kind.dims) > 1:
        return Array((*kind.dims[:-2], kind.dims[-1], kind.dims[-2]), kind.dtype)
    return kind


def matrix_number(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """One number a matrix: a determinant."""
    kind = square(kinds, exprs, sizes)
    if not isinstance(kind, Array) or kind.dims is None or len(kind.dims) < 2:
        return UNKNOWN
    return _stacked(kind.dims[:-2], kind.dtype)


def sign_and_log(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    number = matrix_number(kinds, exprs, sizes)
    return Sequence((number, number))


def values(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """One number a row: eigenvalues."""
    kind = square(kinds, exprs, sizes)
    if not isinstance(kind, Array) or not kind.dims:
        return kind
    return Array(kind.dims[:-1], kind.dtype)


def values_and_vectors(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return Sequence((values(kinds, exprs, sizes), square(kinds, exprs, sizes)))


def solution(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.linalg.solve(a, b)``: of the shape of ``b``, stacked as ``a`` is."""
    a, b = list(kinds.values())[:2]
    if not isinstance(a, Array) or not isinstance(b, Array):
        return Array(None, None)
    dtype = _floated(promoted([a, b]))
    if a.dims is None or b.dims is None or len(a.dims) < 2 or not b.dims:
        return Array(None, dtype)
    tail = b.dims[-1:] if len(b.dims) == 1 else b.dims[-2:]
    stack, own = a.dims[:-2], b.dims[:-2]
    if stack and own:
        both = broadcast_kinds([Array(stack, "bool"), Array(own, "bool")], sizes)
        stack = (both.dims or ()) if isinstance(both, Array) else ()
    return Array((*(stack or own), *tail), dtype)


def _lesser(a: Dim | None, b: Dim | None, sizes: Sizes) -> Dim | None:
    return a if a is not None and b is not None and sizes.same(a, b) else None


def q_and_r(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = square(kinds, exprs, sizes)
    if not isinstance(kind, Array) or kind.dims is None or len(kind.dims) < 2:
        return Sequence((kind, kind))
    *stack, m, n = kind.dims
    k = _lesser(m, n, sizes)
    return Sequence((Array((*stack, m, k), kind.dtype), Array((*stack, k, n), kind.dtype)))


def singular(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``u, s, vh = np.linalg.svd(a)``."""
    kind = square(kinds, exprs, sizes)
    if not isinstance(kind, Array) or kind.dims is None or len(kind.dims) < 2:
        return Sequence((kind, kind, kind))
    *stack, m, n = kind.dims
    k = _lesser(m, n, sizes)
    full = literal(exprs.get("full_matrices")) is not False
    u = Array((*stack, m, m if full else k), kind.dtype)
    vh = Array((*stack, n if full else k, n), kind.dtype)
    return Sequence((u, Array((*stack, k), kind.dtype), vh))


def singular_values(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = singular(kinds, exprs, sizes)
    return kind.items[1] if isinstance(kind, Sequence) else kind


def einsum_letters(subscripts: object, count: int, ranks: Iterable[int | None] = ()) -> tuple[list[str], str] | None:
    """The letters of each operand and of the result; None where there is no text, or an ellipsis and no ranks."""
    if not isinstance(subscripts, str):
        return None
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    letters, ranks = inputs.split(","), tuple(ranks)
    if len(letters) != count:
        return None
    if "." not in subscripts:
        if not arrow:
            output = "".join(sorted(k for k in set(inputs) - {","} if inputs.count(k) == 1))
        return letters, output
    free = [c for c in ascii_letters if c not in subscripts]
    widths = [None if r is None else r - len(t) + 3 for t, r in zip(letters, ranks, strict=False) if "..." in t]
    if len(ranks) != count or None in widths or not all(0 <= w <= len(free) for w in widths if w is not None):
        return None
    most = max((w for w in widths if w is not None), default=0)
    under = "".join(free[:most])
    if not arrow:
        named = inputs.replace(",", "").replace(".", "")
        output = "..." + "".join(sorted(k for k in set(named) if named.count(k) == 1))
    full = [
        t.replace("...", under[most - (rank - len(t) + 3) :]) if rank is not None and "..." in t else t
        for t, rank in zip(letters, ranks, strict=True)
    ]
    return full, output.replace("...", under)


def rank_of(kind: Kind) -> int | None:
    dims = dims_of(kind)
    return None if dims is None else len(dims)


def einsum(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    operands = [k for name, k in kinds.items() if name.startswith("operands[")]
    dtype = promoted(operands)
    found = einsum_letters(literal(exprs.get("subscripts")), len(operands), [rank_of(k) for k in operands])
    if found is None:
        whole = literal(exprs.get("subscripts"))
        may_be_number = isinstance(whole, str) and whole.partition("->")[2].strip() == "..."
        return UNKNOWN if may_be_number else Array(None, dtype)
    dims: dict[str, Dim | None] = {}
    for letters, kind in zip(found[0], operands, strict=True):
        own = dims_of(kind)
        if own is None or len(own) != len(letters):
            own = (None,) * len(letters)
        for letter, size in zip(letters, own, strict=True):
            dims[letter] = sizes.broadcast(dims[letter], size) if letter in dims else size
    if not found[1]:
        return Scalar("float", dtype, None, dtype is None)
    return Array(tuple(dims.get(letter) for letter in found[1]), dtype)


def like_operand(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of the shape of one of any number of operands, the one that ``k`` says."""
    k = literal(exprs.get("k"))
    own = next((kind for name, kind in kinds.items() if name.endswith(f"[{k}]")), UNKNOWN)
    dims, floats = dims_of(own), [kind for name, kind in kinds.items() if name.endswith("]")]
    return UNKNOWN if dims is None else Array(dims, promoted(floats))


def tensordot(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    x, y = list(kinds.values())[:2]
    left, right, axes = dims_of(x), dims_of(y), literal(exprs.get("axes", Const(2)))
    dtype = promoted([x, y])
    if left is None or right is None:
        return Array(None, dtype)
    match axes:
        case int():
            return Array((*left[: len(left) - axes], *right[axes:]), dtype)
        case (int() | tuple() as first_axes, int() | tuple() as second_axes):
            return Array((*_without(left, first_axes), *_without(right, second_axes)), dtype)
        case _:
            return Array(None, dtype)


def _without(dims: tuple[Dim | None, ...], axes: int | tuple[int, ...]) -> tuple[Dim | None, ...]:
    gone = {axis % len(dims) for axis in ((axes,) if isinstance(axes, int) else axes)} if dims else set()
    return tuple(dim for k, dim in enumerate(dims) if k not in gone)


def convolved(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """All of what two vectors, neither of them empty, come to; what is valid by which is longer; else one axis."""
    x, y = list(kinds.values())[:2]
    left, right, mode = dims_of(x), dims_of(y), literal(exprs.get("mode", Const("full")))
    if left is None or right is None or len(left) != 1 or len(right) != 1:
        return UNKNOWN
    whole: Dim | None = None
    if (m := left[0]) is not None and (n := right[0]) is not None:
        if mode == "full":
            whole = m + n - ONE
        elif mode == "valid":
            first = longer(m, n, sizes)
            whole = None if first is None else m - n + ONE if first else n - m + ONE
    return Array((whole,), promoted([x, y]))


def longer(m: Dim, n: Dim, sizes: Sizes) -> bool | None:
    """Is the first of two sizes the larger one? None where they are one size in this call, or nothing is known."""
    one, two = sizes.evaluate(m), sizes.evaluate(n)
    if one is None or two is None or one == two:
        return None
    return one > two if sizes.never_negative(m - n if one > two else n - m) else None


def factor(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``c, lower = scipy.linalg.cho_factor(a)``."""
    return Sequence((square(kinds, exprs, sizes), BOOL))


def factor_and_places(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``lu, piv = scipy.linalg.lu_factor(a)``."""
    kind = square(kinds, exprs, sizes)
    return Sequence((kind, Array(kind.dims[:1] if isinstance(kind, Array) and kind.dims else (None,), "int32")))


def like_b(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of the shape of the right-hand side."""
    b = kinds["b"]
    return Array(b.dims, promoted([next(iter(kinds.values())), b])) if isinstance(b, Array) else UNKNOWN


def sparse_solution(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of the shape of the right-hand side; SciPy makes a vector of one that is a single column."""
    whole = like_b(kinds, exprs, sizes)
    if not isinstance(whole, Array) or whole.dims is None or len(whole.dims) < 2:
        return whole
    columns = whole.dims[-1]
    several = columns is not None and not columns.terms and columns != ONE
    return whole if several else Array(None, whole.dtype)


def least_squares(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``x, residuals, rank, s = np.linalg.lstsq(a, b)``."""
    a, b = list(kinds.values())[:2]
    dtype = _floated(promoted([a, b]))
    x: Kind = Array(None, dtype)
    if isinstance(a, Array) and isinstance(b, Array) and a.dims and b.dims:
        x = Array((a.dims[-1], *b.dims[1:]), dtype)
    return Sequence((x, Array((None,), dtype), Scalar("int"), Array((None,), dtype)))


def density_of_point(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``stats.multivariate_normal.logpdf(x, mean, cov)``: a number of one point; SciPy drops axes of one of many."""
    x, mean = list(kinds.values())[:2]
    if not isinstance(x, Array) or not isinstance(mean, Array) or x.rank != 1 or mean.rank != 1:
        return UNKNOWN
    (long,), (wide,) = x.dims or (), mean.dims or ()
    return Scalar("float") if sizes.same(long, wide) else UNKNOWN


LINEAR = {
    "square": square, "floated_first": floated_first, "matrix_power": power,
    "transposed": transposed, "matrix_number": matrix_number, "sign_and_log": sign_and_log,
    "values": values, "values_and_vectors": values_and_vectors, "solution": solution, "q_and_r": q_and_r,
    "singular": singular, "singular_values": singular_values, "least_squares": least_squares, "factor": factor,
    "factor_and_places": factor_and_places, "like_b": like_b, "sparse_solution": sparse_solution,
    "density_of_point": density_of_point, "einsum": einsum, "like_operand": like_operand, "tensordot": tensordot,
    "convolved": convolved,
}  # fmt: skip
