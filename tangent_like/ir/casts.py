"""Casts of ours, of whole numbers to floating-point ones, where NumPy makes the one of the other.

Unlike what the user wrote they stand at no place of the source.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Attribute, Call, Const, Expr, Library, Ref

OPERATORS = frozenset({"+", "-", "*", "/", "@", "**", "%"})
# Functions of NumPy's and SciPy's that compute with all of their arrays, as numbers of one type.
TOGETHER = frozenset(
    {"add", "convolve", "correlate", "cross", "divide", "dot", "einsum", "hypot", "inner", "interp", "kron", "matmul"}
    | {"maximum", "minimum", "multiply", "outer", "subtract", "tensordot", "vdot", "where"}
    | {"arctan2", "copysign", "float_power", "fmax", "fmin", "fmod", "logaddexp", "mod", "power"}
    | {"logaddexp2", "remainder", "xlogy", "xlog1py", "rel_entr", "kl_div", "huber", "pseudo_huber", "boxcox"}
)


def together(module: str, name: str) -> bool:
    return module in ("numpy", "scipy.special") and name in TOGETHER


def parts(expr: Expr) -> tuple[Expr, str] | None:
    """What a cast of ours makes floating-point numbers of, and of which dtype."""
    match expr:
        case Call(Attribute(inner, "astype"), (Const(str() as dtype),), (), None) if dtype.startswith("float"):
            return inner, dtype
        case Call(Ref(target=Library("numpy", str() as name)), (inner,), (), None) if name.startswith("float"):
            return inner, name
        case _:
            return None


def inside(expr: Expr) -> Expr | None:
    """What a cast of ours makes floating-point numbers of."""
    found = parts(expr)
    return None if found is None else found[0]
