"""What tidying must know of a call: whether it does anything but compute, and whether its result is new memory."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from tangent_like.ir.nodes import Attribute, Call, Emitted, Expr, Library, Opaque, Ref, UserFunction
from tangent_like.ir.walk import subexpressions

# Functions that do nothing but compute: emitted ones by name, and those of the user's that are called as they are.
Pure: TypeAlias = "frozenset[str | UserFunction]"

# NumPy's functions compute, but for these and for the random ones.
WRITERS = frozenset({
    "copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "nditer", "save",
    "savez", "savetxt", "load", "fromfile", "seterr", "errstate", "setbufsize",
    "set_printoptions", "printoptions", "vectorize", "apply_along_axis", "apply_over_axes",
    "fromfunction", "frompyfunc", "fromiter", "piecewise",
})  # fmt: skip
BUILTINS = frozenset({
    "len", "float", "int", "bool", "abs", "range", "isinstance", "min", "max", "sum", "round",
    "pow", "divmod", "tuple", "list", "zip", "enumerate", "reversed",
})  # fmt: skip
METHODS = frozenset({
    "copy", "astype", "sum", "mean", "dot", "reshape", "ravel", "transpose", "max", "min",
    "prod", "std", "var", "squeeze", "swapaxes", "diagonal", "trace", "cumsum", "cumprod",
    "clip", "round", "flatten", "argmax", "argmin", "argsort", "any", "all", "item", "tolist",
    "repeat", "conj", "nonzero", "count",
})  # fmt: skip

# Their results are memory of their own.
NEW_BUILTINS = frozenset({"len", "float", "int", "bool", "range", "isinstance", "round"})
NEW_METHODS = frozenset({
    "copy", "sum", "mean", "dot", "prod", "std", "var", "trace", "cumsum", "cumprod", "clip",
    "round", "flatten", "argmax", "argmin", "argsort", "any", "all", "item", "tolist",
    "repeat", "nonzero", "count",
})  # fmt: skip
NEW = frozenset({
    "sum", "prod", "mean", "std", "var", "where", "outer", "dot", "inner", "matmul",
    "tensordot", "zeros", "ones", "empty", "full", "arange", "linspace", "eye", "identity",
    "zeros_like", "ones_like", "full_like", "empty_like", "cumsum", "cumprod", "diff",
    "concatenate", "stack", "vstack", "hstack", "tile", "repeat", "searchsorted", "argsort",
    "argmax", "argmin", "sort", "any", "all", "linalg.inv", "linalg.solve", "linalg.det",
    "linalg.norm", "linalg.cholesky", "linalg.pinv", "size", "shape", "ndim", "kron",
    "convolve", "correlate", "cross", "array", "copy", "roll", "interp", "tril", "triu",
})  # fmt: skip
NEW_SOLVERS = frozenset({
    "linalg.solve", "linalg.solve_triangular", "linalg.cho_solve", "linalg.lu_solve", "linalg.inv",
})  # fmt: skip
NEW_RUNTIME = frozenset({
    "zeros_like", "stored", "share", "sign", "ties", "quotient", "lowered", "safe_log",
    "sinc_slope", "digamma", "others_product", "undiff", "on_diagonal", "isolate",
    "mean_count", "cofactors", "onto_triangle", "cholesky_adjoint", "cholesky_tangent",
    "from_triangle", "gaps", "over_gaps", "norm_slope", "vector_norm_slope", "condition_slope", "pinv_adjoint",
    "pinv_tangent", "qr_from_q", "qr_from_r", "svd_from_u", "svd_from_vh", "lstsq_left",
    "added", "filled",
})  # fmt: skip
COMPUTING_RUNTIME = NEW_RUNTIME | frozenset({
    "unbroadcast", "unrepeat", "untile", "untranspose", "widen", "dot_left", "dot_right",
    "inner_left", "inner_right", "matmul_adjoint", "matmul_left", "matmul_right",
    "outer_left", "outer_right", "spread", "pieces", "unstack", "each_matrix", "as_rows",
    "solve_transposed", "solve_left", "solve_tangent", "qr_tangents", "svd_inner", "svd_left", "svd_right", "replaced",
    "lstsq_rest", "lstsq_rest_left", "lstsq_tangents", "matrix_power_adjoint", "multi_dot_adjoint",
    "einsum_adjoint", "einsum_tangent", "tensordot_left", "tensordot_right", "kron_left", "kron_right",
    "cross_adjoint", "convolve_left", "correlate_left", "correlate_right", "triangle", "block_of",
    "only_block", "squared_adjoint", "squared_tangent", "lu_adjoint", "lu_tangent", "corner", "in_blocks",
    "lu_product_adjoint", "lu_product_tangent", "toeplitz_sums", "without_first",
})  # fmt: skip

# Results of floating point for every number; and results of the type of what goes in.
FLOATING = frozenset({
    "sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1", "exp2", "log", "log1p",
    "log2", "log10", "sqrt", "cbrt", "arcsin", "arccos", "arctan", "arcsinh", "arccosh",
    "arctanh", "arctan2", "hypot", "mean", "std", "var", "linalg.norm", "linalg.inv",
    "linalg.solve", "linalg.det", "linalg.cholesky",
})  # fmt: skip
FLOATING_RUNTIME = frozenset({
    "share", "ties", "quotient", "safe_log", "sinc_slope", "digamma", "norm_slope", "cofactors",
})  # fmt: skip
LIKE = frozenset({
    "sum", "prod", "dot", "outer", "inner", "matmul", "maximum", "minimum", "fmax", "fmin",
    "add", "subtract", "multiply", "negative", "cumsum", "copy", "transpose", "reshape",
    "ravel", "array", "asarray", "asanyarray", "max", "min", "amax", "amin", "concatenate", "stack", "tile",
    "repeat", "sort", "flip", "roll", "diff", "sign", "abs", "absolute", "square", "cross", "trace", "einsum",
})  # fmt: skip


def library(call: Call) -> Library | None:
    if isinstance(call.func, Ref) and isinstance(call.func.target, Library):
        return call.func.target
    return None


def origin_of(target: Library) -> tuple[str, str]:
    """The package and the name in it, however deep it was imported from: numpy and ``linalg.norm``."""
    if target.module.startswith("tangent_like.runtime"):
        return "runtime", target.qualname
    head, _, tail = target.module.partition(".")
    return head, f"{tail}.{target.qualname}" if tail else target.qualname


def computes(call: Call) -> bool:
    """Does the call do nothing but compute a value from its arguments?"""
    if any(name == "out" for name, _ in call.keywords):
        return False
    if isinstance(call.func, Attribute):
        return call.func.name in METHODS
    target = library(call)
    if target is None:
        return False
    match origin_of(target):
        case "numpy", name:
            head, _, tail = name.partition(".")
            return head not in ("random", "testing") and name not in WRITERS and tail != "at"
        case "math", _:
            return True
        case "scipy", name:
            return name.partition(".")[0] in ("special", "linalg")
        case "builtins", name:
            return name in BUILTINS
        case "runtime", name:
            return name in COMPUTING_RUNTIME
        case _:
            return False


def written_argument(call: Call) -> Expr | None:
    """The argument that ``np.add.at`` adds into: with ``np.subtract.at`` the only calls we make for what they write."""
    target = library(call)
    if target is None or not call.args:
        return None
    if origin_of(target) in (("numpy", "add.at"), ("numpy", "subtract.at"), ("runtime", "add_at")):
        return call.args[0]
    return None


def acts(expr: Expr, pure: Pure = frozenset()) -> bool:
    """May evaluating it do more than compute: write, print, take from a list?"""
    for e in subexpressions(expr):
        kind = type(e)
        if kind is Opaque or (kind is Call and not computes(e) and not is_pure(e, pure)):  # type: ignore[arg-type]
            return True
    return False


def takes(call: Call) -> bool:
    """Does it take a value from one of our lists, ``x_saved.pop()``?"""
    return isinstance(call.func, Attribute) and call.func.name == "pop" and not call.args


def is_pure(call: Call, pure: Pure) -> bool:
    """Is a function called, an emitted one or the user's, that does nothing but compute?"""
    target = call.func.target if isinstance(call.func, Ref) else None
    return target.name in pure if isinstance(target, Emitted) else target in pure


def makes_new(call: Call) -> bool:
    """Is an array that the call returns certain to be memory of its own?"""
    if any(name in ("out", "copy", "where") for name, _ in call.keywords):
        return False
    if isinstance(call.func, Attribute):
        return call.func.name in NEW_METHODS or (call.func.name == "astype" and len(call.args) == 1)
    target = library(call)
    if target is None:
        return False
    match origin_of(target):
        case "numpy", name:
            if name == "einsum":  # of one array it may be a view
                return len(call.args) > 2
            return isinstance(target.obj, np.ufunc) or name in NEW
        case "math", _:
            return True
        case "builtins", name:
            return name in NEW_BUILTINS
        case "runtime", name:
            return name in NEW_RUNTIME
        case "scipy", name:
            overwritten = any(keyword.startswith("overwrite") for keyword, _ in call.keywords)
            return name in NEW_SOLVERS and not overwritten
        case _:
            return False
