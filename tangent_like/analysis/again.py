"""What is said again on the way back instead of being kept in a list: see docs/decisions/0011.

    for i in range(1, n):                    for i in range(n - 1, 0, -1):
        w = a[i - 1] / b[i - 1]                  w = a[i - 1] / b[i - 1]
        b[i] -= w * c[i - 1]                     ...

A name that one assignment of a block binds, or one choice between two, and no other, to few operations on numbers,
or to a view; if what these read is the same at the end of the block. What is written there behind the block is put back
by then, if it is kept: that no more is kept for this is all that has to be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.places import paths_of
from tangent_like.analysis.regions import Loop, Regions, Site
from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Each,
    Expr,
    For,
    If,
    Index,
    Library,
    Name,
    Ref,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
    While,
)
from tangent_like.ir.walk import blocks, children, names, statements, subexpressions
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar
from tangent_like.kinds.operands import literal

# What it costs to compute a value anew, in steps of the interpreter; what may be said again costs at most LIMIT.
# A list costs three statements, and an append and a pop each turn. Of arrays only views are said again.
COST = {"name": 0, "number": 0, "index": 1, "arithmetic": 1, "division": 3, "function of math": 3}
LIMIT = 5
# Compiled, an operation takes less than to put a number away and to fetch it, and a loop that keeps nothing may be
# run by vectors: more is computed anew, and from what is computed anew itself.
COMPILED = 10
NEVER = 100
FEW = 4  # turns of a loop that do not count as many


@dataclass(frozen=True, eq=False)
class Again:
    """``stmt`` binds the name; ``reads`` are the places that its value is computed from."""

    stmt: Assign
    value: Expr
    reads: tuple[tuple[str, Index | None], ...]


def said_again(
    name: str,
    stmt: Stmt,
    k: int,
    aliases: Aliases,
    typing: Typing,
    regions: Regions,
    compiled: bool = False,
    kept: Callable[[Store, str], bool] = lambda _store, _name: False,
) -> Again | None:
    """How to compute the value that ``name`` has at the end of block ``k`` of a statement; None: keep it.

    ``kept``: is what a store overwrites of a name kept, whatever is said again?
    """
    if not isinstance(stmt, For | Each | While | If) or (not isinstance(stmt, If) and regions.is_left_by_break(stmt)):
        return None
    bound = regions.binders(stmt, k)
    found = _binding(name, bound)
    if found is None or aliases.is_written(name) or aliases.is_shared(name):
        return None
    own, value = found
    kind_of = typing.at(own)
    item = _is_item(value, kind_of)
    most = COMPILED if compiled else LIMIT
    if not (item or cost(value, kind_of, compiled) <= most or _is_view(value, kind_of)):
        return None
    if not item and not all(isinstance(kind_of(Name(n)), Scalar | Array) for n in names(value)):
        return None
    if item and any(aliases.is_written(n) or n in bound for n in names(value) if isinstance(kind_of(Name(n)), ListOf)):
        return None
    target = stmt.target if isinstance(stmt, For) else ""
    reads = tuple((n, path) for n, path, _ in paths_of(value))
    before = {n for n in names(value) if n in bound and n != target}
    if before and not (compiled and all(_stands_before(n, own, stmt, k, bound, regions) for n in before)):
        return None
    if isinstance(stmt, Each) and stmt.target in names(value):
        return None
    for other, path in reads:
        if not aliases.is_written(other) or (aliases.is_value(other) and not _is_written_by(other, regions)):
            continue
        if aliases.is_shared(other) or aliases.is_linked(other) or not regions.settled(other):
            return None
        site = Site(own, path)
        hits = [s for s in regions.stores_into.get(other, ()) if regions.may_hit(s, site)]
        if hits and (not set(statements((stmt,))).isdisjoint(hits) or not all(kept(s, other) for s in hits)):
            return None
    return Again(own, value, reads)


def runs_less(store: Stmt, stmt: Stmt, regions: Regions) -> bool:
    """Does a store stand in fewer loops than the body of a statement? Those of few turns do not count."""
    around = [*regions.loops_around(stmt), *([stmt] if isinstance(stmt, Loop) else ())]
    return sum(map(_has_many, regions.loops_around(store))) < sum(map(_has_many, around))


def _has_many(loop: Stmt) -> bool:
    counts = [literal(a) for a in loop.args] if isinstance(loop, For) else []
    numbers = [c for c in counts if isinstance(c, int)]
    return not numbers or len(numbers) < len(counts) or len(range(*numbers)) > FEW


def _is_written_by(name: str, regions: Regions) -> bool:
    """Does a statement write into memory by this name?"""
    return name in regions.changed or name in regions.stores_into


def _stands_before(
    name: str, own: Stmt, stmt: Stmt, k: int, bound: Mapping[str, list[Stmt]], regions: Regions
) -> bool:
    """Is a name bound once in all, by an assignment at the top of block ``k`` above the one that reads it?"""
    if regions.bindings.get(name, 0) > 2 or len(bound.get(name, ())) != 1:
        return False
    first = bound[name][0]
    if not isinstance(first, Assign) or first.targets != (name,):
        return False
    body = blocks(stmt)[k]
    return own in body and body.index(first) < body.index(own)


def is_steady(name: str, stmt: Stmt, aliases: Aliases, typing: Typing, regions: Regions) -> bool:
    """Is a name that a loop binds the same in all of its turns, so that it holds the value after the last?"""
    if not isinstance(stmt, For | Each | While) or regions.is_left_by_break(stmt) or aliases.is_written(name):
        return False
    bound = regions.binders(stmt, 0)
    found = _binding(name, bound)
    if found is None or regions.bindings.get(name, 0) != 2:
        return False
    read = names(found[1])
    kind_of = typing.at(found[0])
    if not all(isinstance(kind_of(Name(n)), Scalar | Array) for n in read):
        return False
    if any(n in bound or n == getattr(stmt, "target", "") or aliases.is_written(n) for n in read):
        return False
    return _is_pure(found[1])


def _binding(name: str, bound: Mapping[str, list[Stmt]]) -> tuple[Assign, Expr] | None:
    """The one statement that binds the name, at the top of a block, and to what; ``bound``: see ``Regions.binders``.

    An assignment, or that of the first arm of a branch which does no more than choose between two.
    """
    own = bound.get(name, [])
    if len(own) != 1:
        return None
    match own[0]:
        case Assign((target,), (value,), saved="", writes=()) as stmt if target == name:
            return stmt, value
        case If((arm,), (_,) as orelse, path="", early=False) if len(arm.body) == 1:
            one, other = (_binding(name, {name: list(body)}) for body in (arm.body, orelse))
            test = arm.test
            if isinstance(test, Name) and (kept := _binding(test.id, bound)) is not None and kept[0].origin is None:
                test = kept[1]  # the name that control was made ready by, right above
            return None if one is None or other is None else (one[0], Choose(test, one[1], other[1]))
        case _:
            return None


def is_offset(index: Expr) -> bool:
    """``i - 1``: part of an address, where it is compiled."""
    match index:
        case Binary("+" | "-", left, right):
            return is_offset(left) and is_offset(right)
        case _:
            return isinstance(index, Name | Const)


def cost(value: Expr, kind_of: Callable[[Expr], Kind], compiled: bool = False) -> int:
    """The cost of computing a number; ``NEVER`` for what is not computed again."""
    if not isinstance(kind_of(value), Scalar):
        return NEVER
    match value:
        case Name():
            return COST["name"]
        case Const():
            return COST["number"]
        case Index(base, index) if _is_view(base, kind_of) or isinstance(base, Name):
            items = index.items if isinstance(index, Tuple) else (index,)
            return COST["index"] + sum(cost(i, kind_of, compiled) for i in items if not (compiled and is_offset(i)))
        case Attribute(Index() | Name() as inner, "size") | Index(Attribute(Name() as inner, "shape"), Const()):
            return COST["index"] if isinstance(inner, Name) else NEVER
        case Unary("-", operand):
            return COST["arithmetic"] + cost(operand, kind_of, compiled)
        case Binary("+" | "-" | "*" | "/" | "//" | "%", left, right):
            own = COST["division"] if compiled and value.op not in ("+", "-", "*") else COST["arithmetic"]
            return own + cost(left, kind_of, compiled) + cost(right, kind_of, compiled)
        case Binary("**", left, Const(2)):
            return COST["arithmetic"] + cost(left, kind_of, compiled)
        case Compare():
            return COST["arithmetic"] + sum(cost(c, kind_of, compiled) for c in children(value))
        case Choose(test, body, orelse):
            return cost(test, kind_of, compiled) + max(cost(e, kind_of, compiled) for e in (body, orelse))
        case Call(Ref(target=Library("math", name)), args, ()):
            if compiled and name != "sqrt":
                return NEVER
            return COST["function of math"] + sum(cost(a, kind_of, compiled) for a in args)
        case Call(Ref(target=Library("builtins", "len")), (Name(),), ()):
            return COST["index"]
        case _:
            return NEVER


def _is_view(value: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """Rows, slices and transposes of what has a name."""
    match value:
        case Index(base, index):
            items = index.items if isinstance(index, Tuple) else (index,)
            parts = [p for i in items for p in ((i.lower, i.upper, i.step) if isinstance(i, Slice) else (i,))]
            numbers = all(
                p is None or isinstance(p, Const) or (isinstance(kind_of(p), Scalar) and cost(p, kind_of) <= 2)
                for p in parts
            )
            return numbers and isinstance(kind_of(base), Array) and (isinstance(base, Name) or _is_view(base, kind_of))
        case Attribute(Name() as base, "T"):
            return isinstance(kind_of(base), Array)
        case _:
            return False


def _is_item(value: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """An item of a list that has a name: the object that the list holds."""
    match value:
        case Index(Name() as base, index):
            place = isinstance(kind_of(index), Scalar) and cost(index, kind_of) <= LIMIT
            return place and isinstance(kind_of(base), ListOf)
        case _:
            return False


def _is_pure(value: Expr) -> bool:
    """Nothing but names, numbers, arithmetic, and functions of NumPy that make the same array each time?"""
    return all(_plain(e) for e in subexpressions(value))


def _plain(expr: Expr) -> bool:
    match expr:
        case Name() | Const() | Binary() | Unary() | Index() | Slice() | Tuple() | Attribute(_, "T" | "shape" | "size"):
            return True
        case Ref(target=Library(module)):
            return module in ("math", "numpy", "builtins")
        case Call(Ref(target=Library("numpy", name))):
            return "." not in name
        case Call(Ref(target=Library("math"))) | Call(Ref(target=Library("builtins", "len" | "float" | "abs"))):
            return True
        case _:
            return False
