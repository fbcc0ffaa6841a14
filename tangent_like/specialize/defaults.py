"""What a parameter is that a call leaves away.

A list or a dict that is a default is one for all calls: it is followed where a function only reads it.

    def solve(f, x, kwargs={}):
        return f(x, **kwargs)
"""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.ir.nodes import (
    Attribute,
    Call,
    Compare,
    Comprehension,
    Define,
    Each,
    Expr,
    Function,
    Index,
    Lambda,
    Loop,
    Name,
    Param,
    Ref,
    Starred,
    Unary,
)
from tangent_like.ir.walk import expressions, names, statements, stored_in, subexpressions
from tangent_like.specialize import cached_results, construct
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Fn, Frame, Handle, Leaf, Value

READING = frozenset({"get", "items", "keys", "values", "copy", "index", "count"})
ASKING = frozenset({"len", "sum", "bool", "sorted", "list", "tuple", "dict", "enumerate", "range", "any", "all"})


def default(s: Spec, fn: Fn, param: Param, defaults: dict[str, Value]) -> Value:
    if param.name in defaults:
        return defaults[param.name]
    if param.default is None:
        raise s.refuse(f"a call of {fn.function.name} without its argument {param.name!r}")
    found = s.evaluate(param.default, Frame(0, fn.function, None, fn.file, frozenset()))
    if isinstance(found, Handle) and not construct.is_frozen(s, found) and not only_read(fn.function, param.name):
        raise s.refuse(f"the default of {param.name!r}, which calls share,", "make it None, and the list in the body")
    if isinstance(found, Leaf) and not isinstance(found.expr, Ref):  # an array: one for all calls
        return cached_results.in_own_names(s, found, param.name, f"the default of {param.name!r}")
    return found


def only_read(function: Function, name: str) -> bool:
    """Does a function only look into what a parameter is, and hand it to nobody?"""
    if name in stored_in(function.body):
        return False
    read = used = 0
    for stmt in statements(function.body):
        if isinstance(stmt, Define) or (isinstance(stmt, Each | Loop) and is_name(stmt.iterable, name)):
            read += not isinstance(stmt, Define)
            used += isinstance(stmt, Define)  # what it does with it is not looked into
        for top in expressions(stmt):
            for expr in subexpressions(top):
                if isinstance(expr, Lambda | Comprehension) and name in names(expr):
                    return False
                used += is_name(expr, name)
                read += sum(is_name(part, name) for part in looked_into(expr))
    return used == read


def is_name(expr: Expr | None, name: str) -> bool:
    return isinstance(expr, Name) and expr.id == name


def looked_into(expr: Expr) -> Iterator[Expr]:
    """What is read in an expression, and not handed on."""
    match expr:
        case Index(value):
            yield value
        case Starred(value) | Unary("not", value):
            yield value
        case Compare(_, ("in" | "not in",), (value,)):
            yield value
        case Call(func, args, keywords):
            if isinstance(func, Attribute) and func.name in READING:
                yield func.value
            yield from (v for n, v in keywords if n == "**")
            if isinstance(func, Ref) and func.spelling in ASKING:
                yield from args
