"""Memory for what loops make, of the size that they run over."""

from __future__ import annotations

from tangent_like.ir.build import builtin_ref, numpy_ref
from tangent_like.ir.nodes import Arm, Call, Compare, Const, Expr, If, Logic, Raise, Stmt, Tuple
from tangent_like.native.nests import Extent, length


def empty(how: str, extents: tuple[Extent, ...], dtype: str | None, first: Expr | None = None) -> Call:
    """``np.empty((n, m))``."""
    texts = tuple(length(e.text) for e in extents)
    shape: Expr = texts[0] if len(texts) == 1 else Tuple(texts)
    args = (shape,) if first is None else (shape, first)
    if dtype == "float64":
        return Call(numpy_ref(how), args)
    return Call(numpy_ref(how), (*args, numpy_ref("bool_" if dtype == "bool" else str(dtype))))


def refuse_empty(name: str, extents: tuple[Extent, ...]) -> Stmt:
    """Of no numbers there is no largest one: NumPy's error."""
    what = "maximum" if name == "max" else "minimum"
    said = Const(f"zero-size array to reduction operation {what} which has no identity")
    error = Call(builtin_ref("ValueError"), (said,))
    tests = tuple(Compare(e.text, ("<=",), (Const(0),)) for e in extents)
    return If((Arm(tests[0] if len(tests) == 1 else Logic("or", tests), (Raise(error),)),), ())


def plainly_cut(extents: tuple[Extent, ...]) -> bool:
    """Are they the same as long as the names in them are, and no list or array says where something begins?"""
    return all(e.dim is not None or (isinstance(e.cut, tuple) and e.cut[-1] == "plain") for e in extents)
