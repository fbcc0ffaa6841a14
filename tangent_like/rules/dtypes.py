"""What ``dtype=`` names."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Attribute, Call, Const, Expr, Library, Ref
from tangent_like.kinds.kind import Kind
from tangent_like.kinds.operands import dtype_of, promoted

KindOf = Callable[[Expr], Kind]


def dtype_named(dtype: Expr | None, kind_of: KindOf) -> str | None:
    """The dtype that an argument names: a literal, ``np.float32``, ``x.dtype`` of a known ``x``."""
    match dtype:
        case Attribute(value, "dtype"):
            found = getattr(kind_of(value), "dtype", None)
            return found if isinstance(found, str) else None
        case Ref(target=Library(_, "float" | "int" | "bool" | "complex")) | Const() | Ref():
            return dtype_of(dtype)
        case Call(args=args) if is_common(dtype):
            return promoted([kind_of(e) for e in args])
        case _:
            return None


def is_common(dtype: Expr | None) -> bool:
    """``np.result_type(a, x)``: that of floats where one of them is, known or not."""
    match dtype:
        case Call(Ref(target=Library("numpy", "result_type"))):
            return True
        case _:
            return False
