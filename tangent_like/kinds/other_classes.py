"""Arrays of other classes than ``numpy.ndarray``, of which the operators are their own.

    scipy.sparse.diags(d)       a sparse matrix: ``S * v`` is a product of matrices
    np.matrix(rows)             ``M * v`` too
    np.ma.masked_array(x, m)    a mask goes along

A value is ``Plain``, a constant; what the program makes of some may carry a derivative, and is ``Unknown`` but for
its class. Attributes, slices and products with numbers are of the class too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tangent_like.ir.nodes import Attribute, Binary, Call, Expr, Library, Ref, Slice, Tuple, Unary
from tangent_like.kinds.kind import UNKNOWN, Array, Kind, Scalar, Unknown, class_of, is_sparse

# Functions of SciPy's that make sparse matrices, sparse arrays, and what depends on what they are given.
_MAKERS: Mapping[str, str] = {
    **dict.fromkeys(("diags", "eye", "identity", "spdiags", "rand", "random"), "csr_matrix"),
    **dict.fromkeys(("diags_array", "eye_array", "random_array", "block_array"), "csr_array"),
    **dict.fromkeys(
        ("kron", "kronsum", "hstack", "vstack", "bmat", "block_diag", "tril", "triu", "load_npz"), "sparse"
    ),
}

# Methods of sparse matrices that give sparse matrices.
_SPARSE = frozenset(
    {
        "transpose", "tocsr", "tocsc", "tocoo", "todia", "tolil", "todok", "tobsr", "asformat", "copy", "conj",
        "conjugate", "astype", "power", "multiply", "getrow", "getcol", "sorted_indices",
    }
)  # fmt: skip


def of_other_class(expr: Expr, kind_of: Callable[[Expr], Kind]) -> Kind | None:
    """The kind of what makes an array of another class, or reads a part of one; None of all else."""
    match expr:
        case Call(Ref(target=Library(obj=obj))):
            found = _made_by(obj)
        case Attribute(value, "T" | "H" | "real" | "imag") | Unary(_, value):
            found = class_of(kind_of(value))
        case Call(Attribute(value, name)) if name in _SPARSE or name == "todense":
            kind = kind_of(value)
            found = class_of(kind) if is_sparse(kind) else ""
            if found and name == "todense":
                found = "matrix" if multiplies_matrices(kind) else ""
        case Binary(op, left, right):
            found = _of_operator(op, kind_of(left), kind_of(right))
        case _:
            return None
    return Unknown(overloads=found) if found else None


def part_of_other(kind: Kind, index: Expr) -> Kind:
    """The kind of ``value[index]`` for such a value: an entry is a number."""
    places = index.items if isinstance(index, Tuple) else (index,)
    whole = any(isinstance(p, Slice) for p in places) or len(places) == 1
    return Unknown(overloads=class_of(kind)) if whole else UNKNOWN


def are_multiplied(left: Kind, right: Kind) -> bool:
    """Is ``left * right`` the product of a sparse matrix and an array?"""
    pairs = ((left, right), (right, left))
    return any(is_sparse(a) and multiplies_matrices(a) and isinstance(b, Array) and b.rank for a, b in pairs)


def multiplies_matrices(kind: Kind) -> bool:
    """Is its ``*`` a product of matrices? Not of SciPy's sparse arrays."""
    return class_of(kind).endswith("matrix")


def _made_by(obj: object) -> str:
    module, name = getattr(obj, "__module__", None) or "", getattr(obj, "__name__", "")
    if isinstance(obj, type):
        other = issubclass(obj, np.ndarray) and obj is not np.ndarray
        return name if other or (module.startswith("scipy.sparse") and is_sparse(Unknown(overloads=name))) else ""
    if module.split(".")[:2] == ["numpy", "ma"]:
        return "MaskedArray"
    if name in ("asmatrix", "bmat") and module.startswith("numpy"):
        return "matrix"
    if module.startswith("scipy.sparse") and not module.startswith(("scipy.sparse.linalg", "scipy.sparse.csgraph")):
        return _MAKERS.get(name, "")
    return ""


def _of_operator(op: str, left: Kind, right: Kind) -> str:
    others = [k for k in (left, right) if class_of(k)]
    if not others:
        return ""
    if len(others) == 2 or not is_sparse(others[0]):
        return class_of(others[0])
    beside = right if others[0] is left else left
    if isinstance(beside, Scalar):
        return class_of(others[0])
    return "matrix" if op in ("+", "-") else ""
