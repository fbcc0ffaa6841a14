"""What objects of the user's say when a builtin asks them, and methods that were taken for themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Call, Const, Expr, Library, Ref, Tuple
from tangent_like.kinds.kind import is_list
from tangent_like.specialize import construct, containers, methods, operators, outside_tables, protocols, taken_methods
from tangent_like.specialize.either import by_options
from tangent_like.specialize.every_item import every_item
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Class, Either, Handle, Kept, Keywords, Leaf, Value, none


def by_method(name: str) -> Handler:
    """``abs(v)`` and ``round(v, 2)`` of an object of the user's: what its class says."""

    def make(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        if not args:
            return None  # ``int()``
        if isinstance(args[0], Either):
            given = [s.in_names(a, "held") for a in args[1:]]
            core = builtin_ref(name.strip("_"))

            def one(v: Value) -> Value:
                return make(s, [v, *given], keywords, expr, hint) or Leaf(Call(core, (s.materialize(v),)))

            return by_options(s, args[0], one)
        if name == "__pow__" and len(args) == 2 and any(is_object(s, a) for a in args):
            return s.tools.binary(s, "**", args[0], args[1], expr or Const(None))
        if name == "__divmod__" and is_object(s, args[1]):
            raise s.refuse("divmod by an object", "call its method", getattr(expr, "at", None))
        if protocols.has(s, args[0], name):
            return operators.operator(s, name, args[0], tuple(args[1:]), expr or Const(None))
        size = size_in(args[0]) if name == "__int__" and len(args) == 1 and not keywords else None
        return None if size is None else Leaf(Const(size), size)

    return make


def size_in(value: Value) -> int | None:
    """How many entries an array has: ``np.prod`` of a shape that is written out; None of anything else."""
    match value:
        case Leaf(Call(Ref(target=Library(obj=np.prod)), (shape,), ())):
            return size_of_shape(shape)
        case _:
            return None


def size_of_shape(shape: Expr) -> int | None:
    match shape:
        case Call(Ref(target=Library(obj=np.array)), (inner,), ()):
            return size_of_shape(inner)
        case Tuple(items):
            sizes = [e.value for e in items if isinstance(e, Const) and type(e.value) is int]
            return math.prod(sizes) if len(sizes) == len(items) else None
        case _:
            return None


def product(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``math.prod`` of a shape that is known."""
    del expr, hint
    items = containers.sequence(s, args[0]) if len(args) == 1 and not keywords else None
    sizes = [v.known for v in items or () if isinstance(v, Leaf) and type(v.known) is int]
    size = math.prod(sizes)
    return Leaf(Const(size), size) if items is not None and len(sizes) == len(items) else None


def is_object(s: Spec, value: Value) -> bool:
    return isinstance(value, Handle) and s.content(value).form == "object"


def method_taken(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """A call of ``xs.append`` where that was passed on."""
    del hint
    holder, name, *given = args
    if isinstance(holder, Kept) and isinstance(name, Leaf):
        return outside_tables.method(s, holder, str(name.known), given, keywords, getattr(expr, "at", None))
    assert isinstance(holder, Handle | Leaf) and isinstance(name, Leaf)
    if isinstance(holder, Leaf) and not is_list(s.kind(holder.expr)):
        return taken_methods.of_array(s, holder, str(name.known), given, keywords, expr)
    if isinstance(holder, Leaf):
        return methods.of_core_list(s, holder, str(name.known), given, keywords, expr or Const(None))
    return methods.method(s, holder, str(name.known), given, keywords, expr)


def made_of(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``Point._make(row)``."""
    cls, row = args
    assert isinstance(cls, Class)
    items = containers.static_items(s, row) or every_item(s, row)
    if items is None:
        raise s.refuse("a named tuple made of what only the run tells the length of", "write its items out")
    return s.call(cls, items, keywords, expr, hint)


def nothing(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    del s, args, keywords, expr, hint
    return none()


ASKED = ("abs", "round", "int", "float", "complex", "divmod", "pow")
HANDLERS: Mapping[str, Handler] = {
    **{f"builtins.{name}": by_method(f"__{name}__") for name in ASKED},
    **{f"math.{name}": by_method(f"__{name}__") for name in ("floor", "ceil", "trunc")},
    "math.prod": product,
    "tangent_like.nothing": nothing,
    "tangent_like.method": method_taken,
    "tangent_like.made": made_of,
    "tangent_like.fill": construct.filled,
}
