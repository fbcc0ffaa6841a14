"""Values of the module that are there at compile time: their methods, and calls of them."""

from __future__ import annotations

import functools
import types

import numpy as np

from tangent_like.frontend.live import is_library, is_library_method, live_target
from tangent_like.ir.build import numpy_ref
from tangent_like.ir.nodes import Attribute, Call, Const, Expr, Global, Library, Ref, UserFunction
from tangent_like.specialize import (
    attributes,
    by_functions,
    constant_tables,
    containers,
    interpolators,
    methods,
    outside_tables,
)
from tangent_like.specialize.classes import ClassInfo, user_function
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Bound, Content, Fn, Kept, Keywords, Lazy, Leaf, Outer, Partial, Seq, Value
from tangent_like.specialize.watched import keys_in, watch


def method(
    s: Spec, receiver: Outer | Kept, name: str, args: list[Value], expr: Expr | None, keywords: Keywords | None = None
) -> Value:
    """``CONFIG.get("lr", 0.1)``, ``TABLE.items()``."""
    if isinstance(receiver, Kept):
        return outside_tables.method(s, receiver, name, args, keywords or [], getattr(expr, "at", None))
    if isinstance(receiver.value, dict):
        table = {k: containers.outer_child(s, receiver, ("index", k), v) for k, v in receiver.value.items()}
        if name == "get" and len(args) == 2 and containers.constant_key(s, args[0]) is containers.MISSING:
            if constant_tables.is_data(receiver.value) and not all(isinstance(k, str) for k in receiver.value):
                return constant_tables.got(s, receiver, args, expr)
        copied = s.allocate(Content("dict", tuple(table.items())))
        if name in ("items", "keys", "values"):
            watch(s, receiver, keys_in)
            return Lazy(name, (copied,))
        if name in ("get", "copy"):
            watch(s, receiver, keys_in)
            return methods.method(s, copied, name, args, [], expr)
    fields = getattr(receiver.value, "_fields", ()) if isinstance(receiver.value, tuple) else ()
    if fields and name in ("_replace", "_asdict") and {n for n, _ in keywords or ()} <= set(fields):
        named = dict(zip(fields, containers.static_items(s, receiver) or (), strict=True))
        if name == "_asdict":
            return s.allocate(Content("dict", tuple(named.items())))
        return Seq(tuple({**named, **dict(keywords or ())}.values()), ClassInfo(type(receiver.value)))
    kept = outside_tables.table_of(receiver)
    if kept is not None:
        return outside_tables.method(s, kept, name, args, keywords or [], getattr(expr, "at", None))
    hint = "write into what is the function's own"
    raise s.refuse(f"the method .{name}() of a global", hint, getattr(expr, "at", None))


def called(
    s: Spec, function: Outer, args: list[Value], keywords: list[tuple[str, Value]], expr: Expr | None, hint: str
) -> Value:
    """A call of an object of the module: a partial, a cached function, a bound method, a callable object."""
    value = function.value
    if isinstance(function.expr, Attribute) and isinstance(value, types.MethodType):
        found = interpolators.method(s, function.expr.value, value.__self__, function.expr.name, args, keywords, expr)
        if found is not None:
            return found
    match function.expr:
        case Attribute(Ref(spelling, Global() as holder), name) if is_library_method(value):
            exprs = tuple(s.materialize(a, expr) for a in args)
            named = tuple((n, s.materialize(v, expr)) for n, v in keywords)
            bound = Ref(f"{spelling}.{name}", Global(holder.owner, f"{holder.name}.{name}", value), None, holder)
            return Leaf(Call(bound, exprs, named, getattr(expr, "at", None)))
        case Attribute(holder, name) if not keywords or name in ("update", "_replace"):
            table = getattr(value, "__self__", None)
            if isinstance(table, dict | list | tuple):
                owner = Outer(holder, table, lambda: getattr(function.read(), "__self__", None))
                return method(s, owner, name, args, expr, keywords)
    s.reads.append((function.read, value))
    return s.call(callable_value(s, function, value, expr), args, keywords, expr, hint)


def callable_value(s: Spec, function: Outer, value: object, expr: Expr | None) -> Value:
    at = getattr(expr, "at", None)
    if isinstance(value, types.FunctionType):
        target = user_function(value)
        if target is not None:
            return Leaf(function_ref(value, target))
    if isinstance(value, functools.partial):
        called = outer_callable(s, function, "func", value.func)
        parts = containers.outer_child(s, function, ("attribute", "args"), value.args)
        items = containers.static_items(s, parts) or []
        named = containers.outer_child(s, function, ("attribute", "keywords"), value.keywords)
        return Partial(called, tuple(items), tuple((str(k), v) for k, v in containers.dict_items(s, named).items()))
    if isinstance(value, np.vectorize):
        pyfunc = outer_callable(s, function, "pyfunc", value.pyfunc)
        options: list[tuple[str, Value]] = [(n, Leaf(Const(n))) for n in ("excluded", "signature") if getattr(value, n)]
        if value.otypes is not None:
            options.append(("otypes", Leaf(Const("d" if all(np.dtype(t) == float for t in value.otypes) else "?"))))
        return by_functions.vectorize(s, [pyfunc], options, expr, "")
    if isinstance(value, types.MethodType) and isinstance(value.__func__, types.FunctionType):
        target = user_function(value.__func__)
        if target is not None:
            inner_fn = s.library.read(target, s.place(at))
            receiver = containers.outer_child(s, function, ("attribute", "__self__"), value.__self__)
            return Bound(Fn(inner_fn, None, (), inner_fn.origin.file, None, target), receiver)
    wrapped = getattr(value, "__wrapped__", None) or getattr(value, "py_func", None)
    cached = type(value).__name__ == "_lru_cache_wrapper" or hasattr(value, "py_func")
    if cached and isinstance(wrapped, types.FunctionType):
        target = user_function(wrapped)
        if target is not None:
            return Leaf(function_ref(wrapped, target))
    library = getattr(value, "__module__", None) or type(value).__module__
    if callable(value) and isinstance(library, str) and is_library(library):
        target_ = live_target("", "", value)
        if isinstance(target_, Library):
            if target_.module == "numpy":
                return Leaf(numpy_ref(target_.qualname), value)
            return Leaf(Ref(target_.qualname, target_, None, target_), value)
    if (asked := interpolators.interpolator(s, function, expr)) is not None:
        return asked
    if type(value).__call__ is not None and callable(value):
        member = attributes.class_of(s, function)
        found = None if member is None else member.member("__call__")
        if found is not None and found.target is not None:
            return Bound(attributes.Method(s, found), function)
    raise s.refuse(f"a call of {type(value).__name__!r}", "call a function by its name", at)


def function_ref(fn: types.FunctionType, target: UserFunction) -> Ref:
    name = fn.__name__ if fn.__name__.isidentifier() else "f"
    return Ref(name, target, None, target)


def outer_callable(s: Spec, holder: Outer, name: str, value: object) -> Value:
    target = user_function(value) if isinstance(value, types.FunctionType) else None
    if target is not None and isinstance(value, types.FunctionType):
        return Leaf(function_ref(value, target))
    return containers.outer_child(s, holder, ("attribute", name), value)
