"""gast in, the small language out: loops with what stands in their ``else``, ``with`` and ``try``."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial
from typing import Any

import gast

from tangent_like.frontend.live import is_library
from tangent_like.frontend.managers import as_value, managed
from tangent_like.frontend.patterns import Lowerer
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Block,
    Call,
    Const,
    Delete,
    Do,
    Global,
    Handler,
    If,
    Item,
    Library,
    List,
    Logic,
    Loop,
    Name,
    Pass,
    Ref,
    Stmt,
    Store,
    Try,
    Unary,
    UserFunction,
    With,
)
from tangent_like.ir.yields import yielded

# Contexts that let exceptions through; and that may not.
PASS = frozenset({"errstate", "catch_warnings", "open", "nullcontext", "Lock", "RLock", "closing", "localcontext"})
SWALLOW = frozenset({"suppress", "ExitStack"})


def looped(node: Any, lowerer: Lowerer) -> list[Stmt]:
    """A loop; what stands in its ``else`` runs behind it unless a ``break`` said otherwise."""
    broke = lowerer.namer.fresh("broke") if node.orelse and _breaks(node.body) else None
    lowerer.broke.append(broke)
    stmt = lowerer.loop(node) if isinstance(node, gast.For) else lowerer.while_loop(node)
    lowerer.broke.pop()
    orelse = lowerer.block(node.orelse)
    if broke is None:
        return [stmt, *orelse]
    behind = If((Arm(Unary("not", Name(broke)), orelse),), ())
    return [Assign((broke,), (Const(False),)), stmt, behind]


def context(node: Any, lowerer: Lowerer) -> With | Try:
    if (swallowed := suppressed(node, lowerer) or closed(node, lowerer)) is not None:
        return swallowed
    if len(node.items) > 1 and any(map(partial(is_suppress, lowerer), node.items)):  # with a, b: is with a: with b:
        inner = gast.copy_location(gast.With(node.items[1:], node.body, None), node)
        return context(gast.copy_location(gast.With(node.items[:1], [inner], None), node), lowerer)
    origin = lowerer.origin(node)
    items: list[Item] = []
    again = sure = True
    for item in node.items:
        known = known_context(item.context_expr, lowerer)
        if known is not None and known.qualname in SWALLOW:
            raise lowerer.refuse(item.context_expr, known.qualname, "write try and except")
        again = again and known is not None and known.module == "numpy" and _constant(item.context_expr)
        sure = sure and known is not None
        name = item.optional_vars
        if name is not None and not isinstance(name, gast.Name):
            raise lowerer.refuse(node, "a with that binds more than a name", "bind a name")
        gives = known is not None and known.qualname == "nullcontext" and item.context_expr.args
        plain = again or gives or makes_object(item.context_expr, lowerer)
        made = lowerer.expr(item.context_expr) if plain else lowerer.expr.verbatim(item.context_expr)
        if isinstance(made, Call) and isinstance(made.func, Ref) and managed(made.func.target) is not None:
            made = replace(made, func=replace(made.func, target=as_value(made.func.target)))
        items.append(Item(made, "" if name is None else name.id))
    return With(tuple(items), lowerer.block(node.body), origin, again, sure)


def is_suppress(lowerer: Lowerer, item: Any) -> bool:
    known = known_context(item.context_expr, lowerer)
    return known is not None and known.qualname == "suppress"


def suppressed(node: Any, lowerer: Lowerer) -> Try | None:
    """``with suppress(ValueError):`` as the ``try`` whose handlers do nothing."""
    made = node.items[0].context_expr
    known = known_context(made, lowerer) if len(node.items) == 1 else None
    if known is None or known.qualname != "suppress" or not isinstance(made, gast.Call) or not made.args:
        return None
    if made.keywords or any(isinstance(a, gast.Starred) for a in made.args) or node.items[0].optional_vars is not None:
        return None
    handlers = tuple(Handler(lowerer.expr.verbatim(a), "", (Pass(),)) for a in made.args)
    return Try(lowerer.block(node.body), handlers, (), lowerer.origin(node))


def closed(node: Any, lowerer: Lowerer) -> With | None:
    """``with closing(Tank(k)) as t:`` of an object of the user's, which is closed behind the body whatever happens.

    Before                               After

        with closing(Tank(k)) as t:          with nullcontext(Tank(k)) as held:
            s = t.level                          t = held
                                                 try:
                                                     s = t.level
                                                 finally:
                                                     held.close()
    """
    made, name = node.items[0].context_expr, node.items[0].optional_vars
    known = known_context(made, lowerer) if len(node.items) == 1 else None
    if known is None or (known.module, known.qualname) != ("contextlib", "closing") or not isinstance(made, gast.Call):
        return None
    if len(made.args) != 1 or made.keywords or not isinstance(name, gast.Name | None):
        return None
    if not makes_object(made.args[0], lowerer, "close"):
        return None
    origin = lowerer.origin(node)
    held = lowerer.namer.fresh("held")
    bound = () if name is None else (Assign((name.id,), (Name(held),), origin),)
    end = Do(Call(Attribute(Name(held), "close"), ()), origin)
    gives = Ref("nullcontext", Library("contextlib", "nullcontext", contextlib.nullcontext))
    item = Item(Call(gives, (lowerer.expr(made.args[0]),)), held)
    return With((item,), (*bound, Try(lowerer.block(node.body), (), (end,), origin)), origin, False, True)


def makes_object(node: Any, lowerer: Lowerer, method: str = "__enter__") -> bool:
    """Is it a call of a class of the user's that says itself what it is as a context, or of what may make one?"""
    if not isinstance(node, gast.Call):
        return False
    if not lowerer.expr.is_outside(node.func):
        return isinstance(node.func, gast.Attribute)  # a method, maybe of an object of the user's
    made = lowerer.expr(node.func)
    if isinstance(made, Ref) and (managed(made.target) is not None or isinstance(made.target, UserFunction)):
        return True
    cls = made.target.value if isinstance(made, Ref) and isinstance(made.target, Global) else None
    return isinstance(cls, type) and not is_library(cls.__module__ or "") and hasattr(cls, method)


def known_context(node: Any, lowerer: Lowerer) -> Library | None:
    """What a context is made by, where it is known to let exceptions through (or not to)."""
    func = node.func if isinstance(node, gast.Call) else node
    if not lowerer.expr.is_outside(func):
        return None
    made = lowerer.expr(func)
    target = made.target if isinstance(made, Ref) else None
    if not isinstance(target, Library):
        return None
    return target if target.qualname in PASS | SWALLOW else None


def attempt(node: Any, lowerer: Lowerer) -> Try:
    origin = lowerer.origin(node)
    body = lowerer.block(node.body)
    handlers: list[Handler] = []
    for handler in node.handlers:
        at = lowerer.origin(handler)
        kind = None if handler.type is None else lowerer.expr.verbatim(handler.type)
        name = "" if handler.name is None else handler.name.id
        handlers.append(Handler(kind, name, lowerer.block(handler.body), at))
    orelse, final = lowerer.block(node.orelse), lowerer.block(node.finalbody)
    if handlers and final:
        return Try((Try(body, tuple(handlers), (), origin, "", orelse),), (), final, origin)
    return Try(body, tuple(handlers), final, origin, "", orelse)


def given(node: Any, lowerer: Lowerer) -> Stmt:
    """``yield x``; ``yield from xs`` yields each."""
    origin, value = lowerer.origin(node), node.value
    at = (origin.line, origin.column)
    if isinstance(value, gast.Yield):
        return yielded(Const(None) if value.value is None else lowerer.expr(value.value), at, origin)
    item = lowerer.namer.fresh("item")
    lowerer.own.add(item)
    return Loop(Name(item), lowerer.expr(value.value), (yielded(Name(item), at, origin),), origin)


def yields_as_values(nodes: list[Any]) -> list[Any]:
    """The places where something is made of what is sent to a generator, or of what it returns."""
    plain = {id(n.value) for n in nodes if isinstance(n, gast.Expr)}
    return [n for n in nodes if isinstance(n, gast.Yield | gast.YieldFrom) and id(n) not in plain]


def _breaks(body: list[Any]) -> bool:
    """Is there a ``break`` of the loop whose body this is?"""
    for node in body:
        if isinstance(node, gast.Break):
            return True
        if isinstance(node, gast.For | gast.While | gast.FunctionDef):
            if _breaks(getattr(node, "orelse", [])):
                return True
        elif _breaks(list(gast.iter_child_nodes(node))):
            return True
    return False


def in_other_words(node: Any, lowerer: Lowerer) -> list[Stmt] | None:
    """An expression that is a statement, as the statement that it stands for; None of any other."""
    if isinstance(node.value, gast.IfExp | gast.BoolOp):
        return by_branches(node, lowerer)
    return stored_by_name(node, lowerer)


def by_branches(node: Any, lowerer: Lowerer) -> list[Stmt]:
    """``f() if c else g()`` and ``c and f()``, of which nobody takes the value, as the ``if`` that they are."""
    origin, value = lowerer.origin(node), node.value
    at = (origin.line, origin.column)

    def block(part: Any) -> Block:
        stmt = gast.copy_location(gast.Expr(value=part), part)
        return tuple(lowerer.statement(stmt)) or (Pass(),)

    if isinstance(value, gast.IfExp):
        test, body, orelse = lowerer.expr(value.test), block(value.body), block(value.orelse)
    else:
        known = tuple(map(lowerer.expr, value.values[:-1]))
        test = known[0] if len(known) == 1 else Logic("and" if isinstance(value.op, gast.And) else "or", known, at)
        test = test if isinstance(value.op, gast.And) else Unary("not", test, at)
        body, orelse = block(value.values[-1]), ()
    return [If((Arm(test, body, origin),), () if all(isinstance(s, Pass) for s in orelse) else orelse, origin)]


def stored_by_name(node: Any, lowerer: Lowerer) -> list[Stmt] | None:
    """``y.__setitem__(k, v)`` is ``y[k] = v``, and ``y.__delitem__(k)`` is ``del y[k]``; None of any other call."""
    match node.value:
        case gast.Call(func=gast.Attribute(value=gast.Name() as of, attr=name), args=[key, *values], keywords=[]):
            if lowerer.expr.is_outside(of) or any(map(lowerer.expr.acts, (key, *values))):
                return None
        case _:
            return None
    if (name, len(values)) == ("__setitem__", 1):
        place = gast.Subscript(value=of, slice=key, ctx=gast.Store())
        stmt: Any = gast.Assign(targets=[gast.copy_location(place, node)], value=values[0], type_comment=None)
    elif (name, len(values)) == ("__delitem__", 0):
        place = gast.Subscript(value=of, slice=key, ctx=gast.Del())
        stmt = gast.Delete(targets=[gast.copy_location(place, node)])
    else:
        return None
    return lowerer.statement(gast.copy_location(stmt, node))


def _constant(node: Any) -> bool:
    """A call of nothing but literals."""
    given = [*node.args, *(k.value for k in node.keywords)] if isinstance(node, gast.Call) else [node]
    return all(isinstance(a, gast.Constant) for a in given)


def deleted(target: Any, lowerer: Lowerer) -> Stmt:
    """``del name``, ``del xs[k]``, ``del xs[j:k]``."""
    origin = lowerer.origin(target)
    if isinstance(target, gast.Subscript) and not isinstance(target.slice, gast.Slice):
        place = lowerer.expr.place(target)
        return Do(Call(Attribute(place.value, "pop", place.at), (place.index,), (), place.at), origin)
    if isinstance(target, gast.Subscript) and target.slice.step is None:  # as xs[j:k] = []
        if lowerer.expr.is_outside(target.value):
            raise lowerer.refuse(target, "a write to a global", "write into a list of the function's own")
        return Store(lowerer.expr.place(target), "", List(()), origin)
    if isinstance(target, gast.Attribute):
        at = (lowerer.source.first + target.lineno - 1, target.col_offset + 1)
        return Do(Call(builtin_ref("delattr"), (lowerer.expr.lower(target.value), Const(target.attr)), (), at), origin)
    if not isinstance(target, gast.Name):
        raise lowerer.refuse(target, "del of a part of something", "make a new value without it")
    return Delete(target.id, origin)
