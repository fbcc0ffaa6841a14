"""Kinds of results, of complex operands, of which some are real: norms, eigenvalues of Hermitian matrices."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import FLOAT, UNKNOWN, Kind, Sequence, as_complex, as_real
from tangent_like.kinds.linear import matrix_number, singular, singular_values, square, values
from tangent_like.kinds.operands import Exprs, Kinds, broadcast_kinds

Result = Callable[[Kinds, Exprs, Sizes], Kind]


def real(result: Result) -> Result:
    """The kind of real numbers where ``result`` says of complex ones."""

    def kind(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        return as_real(as_complex(result(kinds, exprs, sizes)))

    return kind


def hermitian_parts(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``w, v = np.linalg.eigh(a)``: real eigenvalues, complex vectors."""
    return Sequence((real(values)(kinds, exprs, sizes), as_complex(square(kinds, exprs, sizes))))


def turn_and_log(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.linalg.slogdet``: a complex number of size 1, and a real logarithm."""
    number = matrix_number(kinds, exprs, sizes)
    return Sequence((as_complex(number), real(lambda *_: number)(kinds, exprs, sizes)))


def complex_singular(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``u, s, vh = np.linalg.svd(a)``: complex vectors, real values."""
    found = singular(kinds, exprs, sizes)
    values = real(singular_values)(kinds, exprs, sizes)
    assert isinstance(found, Sequence)
    return Sequence((as_complex(found.items[0]), values, as_complex(found.items[2])))


def real_number(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """A Python float, whatever it is of."""
    return FLOAT


def complex_values(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Eigenvalues of any matrix: complex, or real if all are."""
    return as_complex(values(kinds, exprs, sizes))


def complex_parts(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``w, v = np.linalg.eig(a)``: complex, or real if all eigenvalues are."""
    return Sequence((complex_values(kinds, exprs, sizes), as_complex(square(kinds, exprs, sizes))))


def complex_entries(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Complex numbers entry by entry, of real ones too."""
    return as_complex(broadcast_kinds([next(iter(kinds.values()))], sizes, floating=True))


def found_roots(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.roots``: fewer where leading coefficients are 0."""
    return as_complex(UNKNOWN)


HERMITIAN = {
    "hermitian_parts": hermitian_parts, "hermitian_values": real(values), "turn_and_log": turn_and_log,
    "real_singular_values": real(singular_values), "real_matrix_number": real(matrix_number),
    "complex_singular": complex_singular, "real_number": real_number, "complex_values": complex_values,
    "complex_parts": complex_parts, "complex_entries": complex_entries, "found_roots": found_roots,
}  # fmt: skip
