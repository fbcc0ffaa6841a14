"""What a function says of its lists: which names are bound to some, and of which kind those are that it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Call,
    Comprehension,
    Do,
    Function,
    List,
    Name,
    UserFunction,
)
from tangent_like.ir.walk import statements, subexpressions
from tangent_like.kinds.kind import Kind, ListOf
from tangent_like.transform.lowered import own_calls


def lists_made(function: Function) -> set[str]:
    """The names that its text binds to displays of lists, comprehensions, and products and copies of them."""
    return {
        name
        for stmt in statements(function.body)
        if isinstance(stmt, Assign)
        for name, value in zip(stmt.targets, stmt.values, strict=False)
        if any(isinstance(e, List | Comprehension) for e in subexpressions(value))
    }


def grown_in(function: Function) -> set[str]:
    """The names that it changes by ``xs += ys`` and ``xs.sort()``, which lists and arrays do otherwise."""
    found = {stmt.target for stmt in statements(function.body) if isinstance(stmt, Augment) and stmt.op == "+"}
    for stmt in statements(function.body):
        match stmt:
            case Do(Call(Attribute(Name(id), "sort"))):
                found.add(id)
    return found


def given_as(
    function: Function, read: Callable[[UserFunction], Function], wanted: Callable[[UserFunction], frozenset[str]]
) -> set[str]:
    """The names that a function gives, in its calls of others, for parameters that are ``wanted``."""
    found: set[str] = set()
    for other, call in own_calls(function):
        if names := wanted(other):
            given = dict(zip((p.name for p in read(other).params), call.args, strict=False)) | dict(call.keywords)
            found |= {a.id for n, a in given.items() if n in names and isinstance(a, Name)}
    return found


def like_lists(kinds: Iterable[Kind]) -> list[Kind]:
    """The lists that a function may return that is given some: like one of them, a list of such, or what is in one."""
    lists = [k for k in kinds if isinstance(k, ListOf)]
    return [*lists, *map(ListOf, lists), *(k.item for k in lists if isinstance(k.item, ListOf))]
