"""Which elements of what an expression reads by value."""

from __future__ import annotations

from tangent_like import runtime
from tangent_like.ir.nodes import Attribute, Call, Expr, Fresh, Index, Library, Name, Opaque, Ref
from tangent_like.ir.walk import children

Place = tuple[str, "Index | None", bool]


def shape_arguments(expr: Call) -> tuple[int, ...]:
    """The positions of the arguments of which a call reads only the shape."""
    func = expr.func
    if not isinstance(func, Ref) or not isinstance(func.target, Library):
        return ()
    target = func.target
    if target.module == "numpy" and target.qualname in (
        "shape",
        "size",
        "zeros_like",
        "ones_like",
        "full_like",
    ):
        return (0,)
    if target.module == "builtins" and target.qualname == "len":
        return (0,)
    if target.module.startswith("tangent_like"):
        code = target.obj.__code__  # type: ignore[attr-defined]
        wanted = runtime.SHAPE_ONLY.get(target.qualname, ())
        return tuple(k for k, n in enumerate(code.co_varnames[: code.co_argcount]) if n in wanted)
    return ()


def paths_of(expr: Expr) -> list[Place]:
    """The names read by value, each with the chain of indices around it (None for all of it), new values marked."""
    found: list[Place] = []
    pending: list[Expr] = [expr]
    while pending:
        node = pending.pop()
        inner = node
        while isinstance(inner, Index):
            pending.append(inner.index)
            inner = inner.value
        path = node if isinstance(node, Index) else None
        match inner:
            case Name(id):
                found.append((id, path, False))
            case Fresh(name):
                found.append((name, path, True))
            case Opaque(reads=names):
                found.extend((n, None, False) for n in names)
            case Attribute(_, "shape" | "size" | "ndim" | "dtype"):
                pass
            case Call() as call:
                only = shape_arguments(call)
                pending.append(call.func)
                pending.extend(a for k, a in enumerate(call.args) if k not in only)
                pending.extend(v for _, v in call.keywords)
            case _:
                pending.extend(children(inner))
    return found
