"""Kinds of what SciPy and NumPy make of vectors and matrices: filtered, set out along diagonals, multiplied."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Const
from tangent_like.kinds.arranged import Dims, array_of_rank
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.kind import UNKNOWN, Array, Kind, Scalar, Sequence, dims_of
from tangent_like.kinds.operands import Exprs, Kinds, first, literal, promoted

# Of these the functions of SciPy keep the dtype; narrower numbers some of them compute with as wide ones.
KEPT = ("float64", "complex128")


def _array(dims: Dims | None, of: list[Kind]) -> Array:
    dtype = promoted(of)
    return Array(dims, dtype if dtype in KEPT else None)


def _listed(kinds: Kinds, name: str) -> list[Kind]:
    """Those of any number of operands, written out one by one or together."""
    whole = kinds.get(name)
    if isinstance(whole, Sequence):
        return list(whole.items)
    return [k for n, k in kinds.items() if n.startswith(f"{name}[")]


def filtered(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``scipy.signal.convolve(x, y, mode)``: as many axes as both have, of the mode "same" those of the first."""
    x, y = list(kinds.values())[:2]
    left, right = dims_of(x), dims_of(y)
    if not left or not right or len(left) != len(right):
        return UNKNOWN
    same = literal(exprs.get("mode", Const("full"))) == "same"
    return _array(left if same else (None,) * len(left), [x, y])


def convolution(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """All that a convolution of ``x`` and ``y`` comes to, or a part of it."""
    dims = dims_of(kinds["x"])
    return _array((None,) * len(dims), list(kinds.values())[:3]) if dims else UNKNOWN


def matrix(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """A matrix of whatever it is made of; of stacks of matrices SciPy makes a stack."""
    blocks = _listed(kinds, "arrays")
    if any((dims := dims_of(block)) is None or len(dims) > 2 for block in blocks):
        return UNKNOWN
    return _array((None, None), blocks or [first(kinds, exprs, sizes)])


def along_diagonals(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``toeplitz(c, r)``, ``circulant(c)``: a row for each entry of ``c``, a column for each of ``r``."""
    made = [k for n, k in kinds.items() if n in ("c", "r")]
    found = list(map(dims_of, made))
    if any(dims is None or len(dims) != 1 for dims in found):
        return UNKNOWN  # of matrices SciPy makes a stack, or did not
    ends = [dims[0] for dims in found if dims]
    return _array((ends[0], ends[-1]), made)


def vector(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return _array((None,), [first(kinds, exprs, sizes)])


def one_of_arrays(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of the shape of the one of ``arrays`` that ``k`` says."""
    items, k = _listed(kinds, "arrays"), literal(exprs.get("k"))
    dims = dims_of(items[k]) if isinstance(k, int) and k < len(items) else None
    return _array(dims, [first(kinds, exprs, sizes), *items]) if dims else UNKNOWN


def chain(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.linalg.multi_dot``: vectors at the ends have no axis in the product."""
    items = _listed(kinds, "arrays")
    found = [array_of_rank(k) for k in items]
    if len(found) < 2 or found[0] is None or found[-1] is None:
        return UNKNOWN
    dims = (*found[0][0][:-1], *found[-1][0][1:])
    return _array(dims, items) if dims else UNKNOWN


def wide(kind: Callable[[Kinds, Exprs, Sizes], Kind]) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    """Of a dtype that is kept, or of one that is not known."""

    def found(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        made = kind(kinds, exprs, sizes)
        if isinstance(made, Scalar) and made.dtype not in KEPT:
            return Scalar(made.type, None, None, True)
        return Array(made.dims, None) if isinstance(made, Array) and made.dtype not in KEPT else made

    return found


def like_operand_named(name: str) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    """Of matrices; of stacks they have the axes of all."""

    def kind(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        ranks = [len(dims) if dims is not None else 0 for dims in map(dims_of, kinds.values())]
        return _array(dims_of(kinds[name]), list(kinds.values())) if set(ranks) == {2} else UNKNOWN

    return kind


def blocks_of_products(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.kron``: of the shorter shape, axes of one entry are put in front."""
    x, y = list(kinds.values())[:2]
    left, right = dims_of(x), dims_of(y)
    if left is None or right is None or not (left or right):
        return UNKNOWN
    rank = max(len(left), len(right))
    behind: list[Dim | None] = []
    for k in range(1, rank + 1):
        both = [dims[-k] for dims in (left, right) if k <= len(dims)]
        behind.append(sizes.product(both))
    return _array(tuple(reversed(behind)), [x, y])


MADE = {
    "filtered": filtered, "convolution": convolution, "matrix": matrix, "along_diagonals": along_diagonals,
    "vector": vector, "one_of_arrays": one_of_arrays, "chain": chain, "like_q": like_operand_named("q"),
    "blocks_of_products": blocks_of_products,
}  # fmt: skip
