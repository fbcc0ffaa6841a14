"""``operator.itemgetter(1)``, ``attrgetter("a")`` and ``methodcaller("sum")``: as lambdas that are written out."""

from __future__ import annotations

from tangent_like.ir.nodes import At, Attribute, Call, Const, Expr, Function, Index, Name, Origin, Param, Return, Tuple
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import UNSET, Fn, Keywords, Leaf, Value


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
    return returning(s, items[0] if len(items) == 1 else Tuple(tuple(items), at), at)


def returning(s: Spec, value: Expr, at: At) -> Fn:
    """The function of an ``item`` that returns the value."""
    line, column = at or (0, 0)
    origin = Origin(s.file, line, column, "")
    last = Return(value, origin)
    return Fn(Function("getter", (Param("item"),), (last,), origin, own=frozenset({"item"})), None, (), s.file)


def caller(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``operator.methodcaller(name, ...)`` of a name that is known, and of constants."""
    del hint
    name, *given = [a.known if isinstance(a, Leaf) else UNSET for a in args]
    options = [(n, v.known if isinstance(v, Leaf) else UNSET) for n, v in keywords]
    if not isinstance(name, str) or not all(map(is_plain, (*given, *(v for _, v in options)))):
        return None
    at = getattr(expr, "at", None)
    method = Attribute(Name("item", at), name, at)
    called = Call(method, tuple(map(Const, given)), tuple((n, Const(v)) for n, v in options), at)
    return returning(s, called, at)


def is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def _taken(key: object, by_name: bool, item: Expr) -> Expr:
    if not by_name:
        return Index(item, Const(key), getattr(item, "at", None))
    for part in str(key).split("."):
        item = Attribute(item, part, getattr(item, "at", None))
    return item


HANDLERS = {
    "operator.itemgetter": getter(False),
    "operator.attrgetter": getter(True),
    "operator.methodcaller": caller,
}
