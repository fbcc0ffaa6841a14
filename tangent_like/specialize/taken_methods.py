"""Methods of arrays and of lists of the core that are taken for themselves: ``dot = x.dot``, ``add = xs.append``."""

from __future__ import annotations

import numpy as np

from tangent_like.frontend.method_calls import WRITING
from tangent_like.ir.nodes import Attribute, Call, Const, Expr, Library, Name, Ref
from tangent_like.kinds.kind import Array, is_list
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Keywords, Leaf, Partial, Value

METHOD = Ref("method", Library("tangent_like", "method", None))  # what ``xs.append`` is, taken for itself


def method_of(s: Spec, holder: Leaf, name: str) -> Partial | None:
    """The method of what ``holder`` is now, whatever its name is bound to when it is called."""
    kind = s.kind(holder.expr)
    of_list = name in WRITING and isinstance(holder.expr, Name) and is_list(kind)
    if not of_list and not (isinstance(kind, Array) and callable(getattr(np.ndarray, name, None))):
        return None
    return Partial(Leaf(METHOD), (s.settled(holder, "held"), Leaf(Const(name), name)), ())


def of_array(s: Spec, holder: Leaf, name: str, args: list[Value], keywords: Keywords, expr: Expr | None) -> Value:
    """A call of it, as if it were written where it is called."""
    at = getattr(expr, "at", None)
    given = tuple(s.materialize(a) for a in args)
    named = tuple((n, s.materialize(v)) for n, v in keywords)
    return Leaf(Call(Attribute(holder.expr, name, at), given, named, at))
