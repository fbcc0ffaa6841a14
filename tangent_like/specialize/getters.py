"""``operator.itemgetter(1)`` and ``operator.attrgetter("a")``: as lambdas that are written out."""

from __future__ import annotations

from tangent_like.ir.nodes import At, Attribute, Const, Expr, Function, Index, Name, Origin, Param, Return, Tuple
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Fn, Keywords, Leaf, Value


def getter(by_name: bool) -> Handler:
    def make(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        del keywords, hint
        keys: list[object] = [a.known for a in args if isinstance(a, Leaf)]
        if not keys or len(keys) != len(args) or not all(isinstance(k, str if by_name else int | str) for k in keys):
            return None
        return taking(s, keys, by_name, getattr(expr, "at", None))

    return make


def taking(s: Spec, keys: list[object], by_name: bool, at: At) -> Fn:
    """The function that takes what the keys name of its argument."""
    items = [_taken(key, by_name, Name("item", at)) for key in keys]
    line, column = at or (0, 0)
    origin = Origin(s.file, line, column, "")
    last = Return(items[0] if len(items) == 1 else Tuple(tuple(items), at), origin)
    return Fn(Function("getter", (Param("item"),), (last,), origin, own=frozenset({"item"})), None, (), s.file)


def _taken(key: object, by_name: bool, item: Expr) -> Expr:
    if not by_name:
        return Index(item, Const(key), getattr(item, "at", None))
    for part in str(key).split("."):
        item = Attribute(item, part, getattr(item, "at", None))
    return item


HANDLERS = {"operator.itemgetter": getter(False), "operator.attrgetter": getter(True)}
