"""The sizes of what functions of NumPy return, from those of their arguments."""

from __future__ import annotations

from typing import Protocol

from tangent_like.ir.nodes import Expr
from tangent_like.kinds.dims import ONE, Dim, fixed, is_count
from tangent_like.transform.loop_turns import Shape

# As their argument: of ``np.array`` where that has sizes, as no list has.
ALIKE = frozenset({
    "zeros_like", "ones_like", "empty_like", "copy", "array", "asarray", "ascontiguousarray", "flip", "sort", "argsort",
    "tril", "triu", "real", "imag", "nan_to_num",
})  # fmt: skip
AS_FIRST = frozenset({"roll", "full_like", "interp"})  # as the first of several
VECTORS = frozenset({"cumsum", "cumprod", "flipud"})  # as their argument, if that is a vector


class Asked(Protocol):
    """What is asked of the walk through a text."""

    def shape(self, expr: Expr) -> Shape | None: ...
    def count(self, expr: Expr) -> Dim | None: ...
    def product(self, a: Shape | None, b: Shape | None) -> Shape | None: ...
    def equal(self, one: Dim, two: Dim) -> bool: ...


def size_of_call(walker: Asked, module: str, name: str, args: tuple[Expr, ...]) -> Shape | None:
    """Of ``module.name(*args)``; None where nothing is said of it. Each argument is looked at."""
    shapes = [walker.shape(a) for a in args]
    first = shapes[0] if shapes else None
    match module, name, shapes:
        case "builtins", "float" | "int", [_]:
            return ()
        case "numpy", "arange", [()]:
            size = walker.count(args[0])
            return (size,) if size is not None and is_count(size) else None
        case _ if first is None:
            return None
        case "numpy", _, [_] if name in ALIKE or (name in VECTORS and len(first) == 1):
            return first
        case "numpy", _, [_, *_] if name in AS_FIRST:
            return first
        case "numpy", "dot", [_, second]:
            return walker.product(first, second) if first and second else None
        case "numpy", "transpose", [_]:
            return first[::-1]
        case "numpy", "trace", [_] if len(first) == 2:
            return ()
        case "numpy", "diag", [_] if len(first) == 1:
            return (first[0], first[0])
        case "numpy", "diag", [_] if len(first) == 2 and walker.equal(*first):
            return (first[0],)
        case "numpy", "diff", [_] if len(first) == 1 and first[0] != ONE:
            return (first[0] + fixed(-1),)
        case ("numpy", "linalg.norm", [_]) | ("numpy.linalg", "norm", [_]):
            return ()
        case _:
            return None
