"""What tidying must know of a call: whether it does anything but compute, and whether its result is new memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tangent_like.ir.nodes import Attribute, Call, Expr, Library, Opaque, Ref
from tangent_like.ir.walk import children

# NumPy's functions compute, but for these and for the random ones.
WRITERS = frozenset(
    ["copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "nditer", "save", "savez", "savetxt", "load", "fromfile", "seterr", "errstate", "setbufsize", "set_printoptions", "printoptions"]
)
BUILTINS = frozenset(
    ["len", "float", "int", "bool", "abs", "range", "isinstance", "min", "max", "sum", "round", "pow", "divmod", "tuple", "list", "zip", "enumerate", "reversed"]
)
METHODS = frozenset(
    ["copy", "astype", "sum", "mean", "dot", "reshape", "ravel", "transpose", "max", "min", "prod", "std", "var", "squeeze", "swapaxes", "diagonal", "trace", "cumsum", "cumprod", "clip", "round", "flatten", "argmax", "argmin", "argsort", "any", "all", "item", "tolist", "repeat", "conj", "nonzero"]
)

NEW_BUILTINS = frozenset(["len", "float", "int", "bool", "range", "isinstance", "round"])
NEW_METHODS = frozenset(
    ["copy", "sum", "mean", "dot", "prod", "std", "var", "trace", "cumsum", "cumprod", "clip", "round", "flatten", "argmax", "argmin", "argsort", "any", "all", "item", "tolist", "repeat", "nonzero"]
)
NEW = frozenset(
    ["sum", "prod", "mean", "std", "var", "where", "outer", "dot", "inner", "matmul", "tensordot", "zeros", "ones", "empty", "full", "arange", "linspace", "eye", "identity", "zeros_like", "ones_like", "full_like", "empty_like", "cumsum", "cumprod", "diff", "concatenate", "stack", "vstack", "hstack", "tile", "repeat", "searchsorted", "argsort", "argmax", "argmin", "sort", "any", "all", "linalg.inv", "linalg.solve", "linalg.det", "linalg.norm", "linalg.cholesky", "size", "shape", "ndim"]
)
NEW_RUNTIME = frozenset(["zeros_like", "stored", "share", "ties", "others_product", "undiff", "on_diagonal", "isolate", "mean_count"])

# Results of floating point for every number; and results of the type of what goes in.
FLOATING = frozenset(
    ["sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sqrt", "cbrt", "arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh", "arctan2", "hypot", "mean", "std", "var", "linalg.norm", "linalg.inv", "linalg.solve", "linalg.det", "linalg.cholesky"]
)
LIKE = frozenset(
    ["sum", "prod", "dot", "outer", "inner", "matmul", "maximum", "minimum", "fmax", "fmin", "add", "subtract", "multiply", "negative", "cumsum", "copy", "transpose", "reshape", "ravel", "array", "asarray", "max", "min", "amax", "amin", "concatenate", "stack", "tile", "repeat", "sort", "flip", "roll", "diff"]
)


def nodes(expr: Expr) -> Iterator[Expr]:
    """The node and all below it, without recursion."""
    pending = [expr]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(children(node))


def library(call: Call) -> Library | None:
    if isinstance(call.func, Ref) and isinstance(call.func.target, Library):
        return call.func.target
    return None


def computes(call: Call) -> bool:
    """Does the call do nothing but compute a value from its arguments?"""
    if any(name == "out" for name, _ in call.keywords):
        return False
    if isinstance(call.func, Attribute):
        return call.func.name in METHODS
    target = library(call)
    if target is None:
        return False
    match target.module:
        case "numpy":
            head, _, tail = target.qualname.partition(".")
            return head not in ("random", "testing") and target.qualname not in WRITERS and tail != "at"
        case "math":
            return True
        case "builtins":
            return target.qualname in BUILTINS
        case "tangent_like.runtime":
            return target.qualname not in ("add_at", "one_number")
        case _:
            return False


def written_argument(call: Call) -> Expr | None:
    """The argument that ``np.add.at`` adds into: the only call we make for what it writes."""
    target = library(call)
    if target is None or not call.args:
        return None
    if (target.module, target.qualname) in (("numpy", "add.at"), ("tangent_like.runtime", "add_at")):
        return call.args[0]
    return None


def acts(expr: Expr) -> bool:
    """May evaluating it do more than compute: write, print, take from a list?"""
    return any(isinstance(e, Opaque) or (isinstance(e, Call) and not computes(e)) for e in nodes(expr))


def takes(call: Call) -> bool:
    """Does it take a value from one of our lists, ``x_saved.pop()``?"""
    return isinstance(call.func, Attribute) and call.func.name == "pop" and not call.args


def makes_new(call: Call) -> bool:
    """Is an array that the call returns certain to be memory of its own?"""
    if any(name in ("out", "copy", "where") for name, _ in call.keywords):
        return False
    if isinstance(call.func, Attribute):
        return call.func.name in NEW_METHODS or (call.func.name == "astype" and len(call.args) == 1)
    target = library(call)
    if target is None:
        return False
    match target.module:
        case "numpy":
            return isinstance(target.obj, np.ufunc) or target.qualname in NEW
        case "math":
            return True
        case "builtins":
            return target.qualname in NEW_BUILTINS
        case "tangent_like.runtime":
            return target.qualname in NEW_RUNTIME
        case _:
            return False
