"""Functions of ``functools.singledispatch``: the one that is for the type of the first argument.

    @singledispatch                              area(Disc(r))      is      area_of_disc(Disc(r))
    def area(shape): ...

    @area.register
    def area_of_disc(shape: Disc): ...
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numpy as np

from tangent_like.ir.nodes import Ref, UserFunction
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.specialize import attributes
from tangent_like.specialize.classes import user_function
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Handle, Leaf, Seq, Value


def chosen(s: Spec, target: UserFunction, args: list[Value], at: tuple[int, int] | None) -> Value | None:
    """The function that such a one calls; None for another one."""
    source: Any = target.source
    if not isinstance(source, FunctionType) or not hasattr(source, "dispatch") or not hasattr(source, "registry"):
        return None
    cls = None if not args else type_of(s, args[0])
    found: Any = None if cls is None else source.dispatch(cls)
    function = user_function(found) if isinstance(found, FunctionType) else None
    if function is None or found is source:
        what = f"{source.__name__}, which asks the type of its argument,"
        raise s.refuse(what, "call the function that is for it", at)
    s.reads.append((lambda: source.dispatch(cls), found))
    return Leaf(Ref(found.__name__ if found.__name__.isidentifier() else "f", function, at, function))


def type_of(s: Spec, value: Value) -> type | None:
    """The type of a value, where it is known; a number of Python's may be one of NumPy's."""
    if (info := attributes.class_of(s, value)) is not None:
        return info.type
    match value:
        case Seq():
            return tuple
        case Handle():
            return {"list": list, "dict": dict, "set": set}.get(s.content(value).form)
        case Leaf(known=str()):
            return str
        case Leaf(expr):
            kind = s.kind(expr)
            if isinstance(kind, Array) and kind.rank:
                return np.ndarray
            plain = isinstance(kind, Scalar) and kind.dtype is None and not kind.mixed
            return {"float": float, "int": int}.get(kind.type) if plain and isinstance(kind, Scalar) else None
        case _:
            return None
