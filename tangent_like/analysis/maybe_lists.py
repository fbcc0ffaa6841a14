"""The parameters of which nothing is known that may be lists of numbers: how far use tells.

    def median(xs):                      ``xs`` may be an array or a list: ``sorted`` takes both
        s = sorted(xs)
        return s[len(s) // 2]

Asked only where a program is refused for parameters of which nothing is known: lists are one thing to try then.
A parameter is one where the program iterates over it, indexes it or asks how long it is, and does no arithmetic
with it; it is a list of lists where its items are used so. What functions do with it that it is passed to counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from tangent_like.analysis.used import TYPE_TESTS
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Compare,
    Comprehension,
    Each,
    Expr,
    Function,
    Index,
    Library,
    List,
    Loop,
    Name,
    Ref,
    Slice,
    Starred,
    Stmt,
    Tuple,
    Unary,
    UserFunction,
)
from tangent_like.ir.walk import binds, children, expressions, statements, subexpressions

Read = Callable[[UserFunction], "Function | None"]

LIST_METHODS = frozenset(dir(list))
ITERATED = frozenset({
    "len", "list", "tuple", "sorted", "enumerate", "zip", "reversed", "sum", "max", "min", "iter", "map", "filter",
    "any", "all",
})  # fmt: skip
NO_LIST, ITEM, LIST, ROWS = -1, 0, 1, 2  # what a use says: no list, nothing, a list, a list of lists


def maybe_lists(function: Function, read: Read) -> dict[str, int]:
    """How deep the lists are that parameters may be, by name."""
    found = depths(function, read, {})
    return {name: depth for name, depth in found.items() if depth > ITEM}


def depths(function: Function, read: Read, seen: dict[int, dict[str, int]]) -> dict[str, int]:
    """What the uses of each parameter come to."""
    known = seen.get(id(function))
    if known is not None:
        return known  # of a recursive call nothing more, while it is found out
    told: dict[str, int] = seen.setdefault(id(function), {p.name: ITEM for p in function.params})
    copied = copies(function)
    for used, depth in uses(function, read, seen):
        name = copied.get(used, used) if depth == NO_LIST else used
        if name in told:
            told[name] = NO_LIST if NO_LIST in (told[name], depth) else max(told[name], depth)
    return told


def copies(function: Function) -> dict[str, str]:
    """The names that are bound once, to another name or to its ``.copy()``: what one is, the other is."""
    bound = Counter(name for stmt in statements(function.body) for name in binds(stmt))
    found: dict[str, str] = {}
    for stmt in statements(function.body):
        match stmt:
            case Assign(targets, values) if len(targets) == len(values):
                for target, value in zip(targets, values, strict=True):
                    match value:
                        case Name(id) | Call(Attribute(Name(id), "copy"), ()) if bound[target] == 1:
                            found[target] = found.get(id, id)
    return found


def uses(function: Function, read: Read, seen: dict[int, dict[str, int]]) -> Iterator[tuple[str, int]]:
    for stmt in statements(function.body):
        yield from iterated(stmt)
        for top in expressions(stmt):
            pending = [top]
            while pending:
                expr = pending.pop()
                yield from of_operands(expr, read, seen)
                pending.extend(children(expr))


def iterated(stmt: Stmt) -> Iterator[tuple[str, int]]:
    match stmt:
        case Each(_, Name(id)) | Loop(_, Name(id)):
            yield id, LIST


def of_operands(expr: Expr, read: Read, seen: dict[int, dict[str, int]]) -> Iterator[tuple[str, int]]:
    """The names in an expression, with what it says of them."""
    match expr:
        case Index(value, index):
            wide = isinstance(index, Tuple)
            match value:
                case Name(id):
                    yield id, NO_LIST if wide else LIST
                case Index(Name(id), inner) if not isinstance(inner, Slice):
                    yield id, NO_LIST if wide else ROWS
        case Attribute(Name(id), name):
            yield id, LIST if name in LIST_METHODS else NO_LIST
        case Starred(Name(id)):
            yield id, LIST
        case Binary("+", Name(id), other) | Binary("+", other, Name(id)) if is_display(other):
            yield id, LIST
        case Unary(_, Name(id)):
            yield id, ITEM if expr.op == "not" else NO_LIST
        case Binary(_, left, right):
            yield from ((e.id, NO_LIST) for e in (left, right) if isinstance(e, Name))
        case Compare(_, ("in" | "not in",), (Name(id),)):
            yield id, LIST
        case Compare(left, _, rights):
            yield from ((e.id, NO_LIST) for e in (left, *rights) if isinstance(e, Name))
        case Comprehension(clauses=clauses):
            yield from ((c.iterable.id, LIST) for c in clauses if isinstance(c.iterable, Name))
        case Call(Ref(target=Library(module, name)), args):
            depth = LIST if module == "itertools" or (module == "builtins" and name in ITERATED) else NO_LIST
            if name in TYPE_TESTS or module in ("bisect", "heapq", "functools", "copy", "collections"):
                depth = ITEM
            for arg in args:
                if isinstance(arg, Name):
                    yield arg.id, depth
                elif depth == LIST and isinstance(arg, Index) and isinstance(arg.value, Name):
                    yield arg.value.id, ITEM if isinstance(arg.index, Slice) else ROWS
        case Call(Ref(target=UserFunction() as target), args):
            called = read(target)
            if called is not None:
                inside = depths(called, read, seen)
                for param, arg in zip(called.params, args, strict=False):
                    yield from handed(arg, inside.get(param.name, ITEM))


def shown_as_lists(function: Function) -> set[str]:
    """The names of what is used as a list and no array can be: ``xs.index(v)``, ``xs + [v]``."""
    found: set[str] = set()
    for expr in (e for s in statements(function.body) for top in expressions(s) for e in subexpressions(top)):
        match expr:
            case Attribute(Name(id), name) if name in LIST_METHODS and not hasattr(np.ndarray, name):
                found.add(id)
            case Binary("+", Name(id), other) | Binary("+", other, Name(id)) if is_display(other):
                found.add(id)
    return found


def is_display(expr: Expr) -> bool:
    """A list that is written out, or one repeated."""
    match expr:
        case List() | Comprehension():
            return True
        case Binary("*", left, right):
            return is_display(left) or is_display(right)
        case _:
            return False


def handed(arg: Expr, depth: int) -> Iterator[tuple[str, int]]:
    """What it says of a name that it, a part, or an item of it is used so."""
    match arg:
        case Name(id):
            yield id, depth
        case Index(Name(id), Slice()):
            yield id, max(depth, LIST)
        case Index(Name(id)):
            yield id, ROWS if depth == LIST else LIST


def checks(depths_of: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """When arguments are no such lists, with what is then said."""
    found = []
    for name, depth in depths_of.items():
        if depth == ROWS:
            rows = f"any(not isinstance(row, list) for row in {name})"
            items = f"any(hasattr(item, '__len__') for row in {name} for item in row)"
            wrong, what = f"{rows} or {items}", "lists of numbers"
        else:
            wrong, what = f"any(hasattr(item, '__len__') for item in {name})", "numbers"
        found.append((f"not isinstance({name}, list) or {wrong}", f"this derivative is for a list of {what} as {name}"))
    return tuple(found)
