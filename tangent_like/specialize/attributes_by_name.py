"""The attributes of an object by their names: ``self.__dict__``, ``vars(self)``, ``self.__getattribute__(name)``.

Before                                   After

    for name in ("price", "delta"):          self_price = None
        self.__dict__[name] = None           self_delta = None
    self.__dict__.update(rate=r)             self_rate = r

The table itself is no value: it stands for the object, whose attributes are read and written.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.nodes import Const, Expr
from tangent_like.specialize import containers
from tangent_like.specialize.attributes import TABLE
from tangent_like.specialize.held_twice import refuse_shared
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.turns import readable
from tangent_like.specialize.values import Handle, Keywords, Lazy, Leaf, Partial, Value, none, object_of


def name_in(s: Spec, key: Value, expr: Expr | None) -> str:
    if not isinstance(key, Leaf) or not isinstance(key.known, str):
        what = "an attribute by a name that only the run tells"
        raise s.refuse(what, "write the attribute", getattr(expr, "at", None))
    return key.known


def read(s: Spec, held: Handle, key: Value, expr: Expr | None) -> Value:
    """``self.__dict__[name]``: what the object itself has, and not its class."""
    name = name_in(s, key, expr)
    at = getattr(expr, "at", None)
    if not is_there(s, held, name, expr):
        raise s.refuse(f"the attribute {name!r} of this, which is not there,", "", at)
    item = s.content(held).get(name)
    assert item is not None
    return readable(s, item, at)


def is_there(s: Spec, held: Handle, name: str, expr: Expr | None) -> bool:
    at = getattr(expr, "at", None)
    content = s.content(held)
    if content.part is not None:
        raise s.refuse("whether the object has an attribute, which only its use tells,", "annotate the arguments", at)
    item = content.get(name)
    if name in content.sometimes:
        raise s.refuse(f"whether the object has {name!r}, which only some paths set,", "set it on every path", at)
    return item is not None and readable(s, item, at) is not None


def write(s: Spec, held: Handle, name: str, new: Value) -> None:
    """Past properties, descriptors and ``__setattr__``, which are none of the table's affair."""
    containers.put(s, held, name, new)


def stored(s: Spec, holder: Value, index: Value, op: str, new: Value, expr: Expr | None) -> bool:
    """``self.__dict__[name] op= new``."""
    held = object_of(holder)
    if held is None:
        return False
    if op:
        new = s.tools.binary(s, op, read(s, held, index, expr), new, expr or Const(None))
    write(s, held, name_in(s, index, expr), new)
    return True


def has(s: Spec, left: Value, right: Value, expr: Expr | None) -> Leaf | None:
    """``name in self.__dict__``."""
    held = object_of(right)
    if held is None:
        return None
    found = is_there(s, held, name_in(s, left, expr), expr)
    return Leaf(Const(found), found)


def method(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``self.__dict__.update(options)`` and ``self.__dict__.get(name, default)``."""
    del hint
    held, called, *given = args
    assert isinstance(held, Handle) and isinstance(called, Leaf)
    if called.known == "update" and len(given) < 2:
        news = {name_in(s, Leaf(Const(k), k), expr): v for d in given for k, v in containers.dict_items(s, d).items()}
        for name, new in (*news.items(), *keywords):
            write(s, held, name, new)
        return none()
    if called.known == "pop" and given and len(given) < 3 and not keywords:
        if not is_there(s, held, name := name_in(s, given[0], expr), expr) and len(given) > 1:
            return given[1]
        found = read(s, held, given[0], expr)
        s.deleted.add(name)
        refuse_shared(s, held, name)
        s.state.drop(held, name)
        return found
    if called.known == "get" and given and len(given) < 3 and not keywords:
        if is_there(s, held, name_in(s, given[0], expr), expr):
            return read(s, held, given[0], expr)
        return given[1] if len(given) > 1 else none()
    if called.known in ("items", "keys", "values") and not given and not keywords:
        return Lazy(str(called.known), (held,))
    raise s.refuse(f".{called.known}() of the attributes of an object", "name them", getattr(expr, "at", None))


def table(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``vars(self)``."""
    del keywords, hint
    if len(args) != 1 or not isinstance(args[0], Handle) or s.content(args[0]).form != "object":
        raise s.refuse("vars of this", "name the attributes", getattr(expr, "at", None))
    return Partial(Leaf(TABLE), (args[0],), ())


HANDLERS: Mapping[str, Handler] = {"builtins.vars": table, "tangent_like.attribute_method": method}
