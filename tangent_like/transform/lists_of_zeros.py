"""The zeros that the adjoint of a list begins as, said in plain NumPy; and what one loop adds to all of them, without.

Before                                   After

    Ws_bar = zeros_like(Ws)                  Ws_bar = [np.zeros_like(W) for W in Ws]
    ys_bar = [0.0] * len(ys)                 ys_bar = [2 * y for y in ys]
    for k in range(len(ys) - 1, -1, -1):
        ys_bar[k] += 2 * ys[k]

    path_bar[-3:] = added(path_bar[-3:], a_bar)
                                             path_bar[-3:] = a_bar

Where the items are known to be numbers or arrays of double precision. Not one of the passes that ``tidy`` switches:
those, and every analysis, know only loops.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from tangent_like.ir.build import builtin_ref, np_call
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Clause,
    Comment,
    Comprehension,
    Const,
    Each,
    Expr,
    For,
    Function,
    Index,
    Library,
    List,
    Name,
    Pop,
    Push,
    Ref,
    Slice,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import binds, names, reads, rebuild, same, statements, substitute, with_body
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.transform.accumulate import is_double
from tangent_like.transform.statements.loop import reversed_range
from tangent_like.transform.tidy.calls import FLOATING, acts, library, origin_of


def lists_of_zeros(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with such zeros item by item; ``kinds`` are those of its names."""
    body = function.body
    for stmt in body:
        bar, of = _zeros(stmt, kinds)
        found = _filled(body, stmt, bar, of, function, kinds) if of else None
        body = body if found is None else found
    return with_body(function, tuple(_plain(stmt, function, kinds) for stmt in body))


def _zeros(stmt: Stmt, kinds: Mapping[str, Kind]) -> tuple[str, str]:
    """The list of zeros that a statement makes, and the list that it is as long as; of neither where it makes none."""
    match stmt:
        case Assign((bar,), (Call(args=(Name(of),), keywords=()) as call,), None, "", None, ()):
            target, kind = library(call), kinds.get(of)
            if target is not None and origin_of(target) == ("runtime", "zeros_like") and isinstance(kind, ListOf):
                return (bar, of) if _is_double(kind.item) else ("", "")
        case Assign((bar,), (Binary("*", List((Const(0.0),)), Call(args=(Name(of),)) as length),), None):
            kind = kinds.get(of)
            if same(length, Call(builtin_ref("len"), (Name(of),))) and isinstance(kind, ListOf):
                return (bar, of) if isinstance(kind.item, Scalar) and is_double(kind.item) else ("", "")
        case _:
            pass
    return "", ""


def _is_double(item: Kind | None) -> bool:
    return isinstance(item, Array) and bool(item.rank) and item.dtype == "float64"


def _filled(
    body: Block, zeros: Stmt, bar: str, of: str, function: Function, kinds: Mapping[str, Kind]
) -> Block | None:
    """The block with the list made item by item, if the first loop that touches the zeros adds to each of them once."""
    touching = [s for s in body[body.index(zeros) + 1 :] if bar in names_in(s)]
    loop = touching[0] if touching else None
    for stmt in touching:
        put = _put(stmt, bar, body) if isinstance(stmt, Store) else None
        if put is not None and (stmt is loop or _is_all_but_last(put.target.index)):
            return tuple(put if s is stmt else s for s in body)
        if not isinstance(stmt, Store) or not _is_last(stmt, bar):
            break
    whole = reversed_range((Call(builtin_ref("len"), (Name(of),)),))
    if not isinstance(loop, For) or not all(same(a, b) for a, b in zip(loop.args, whole, strict=False)):
        return None
    since = statements(body[body.index(zeros) + 1 : body.index(loop) + 1])
    if any(of in binds(s) or (isinstance(s, Push | Pop) and s.list == of) for s in since):
        return None  # it is of another length by then
    lines = [s for s in loop.body if not isinstance(s, Comment)]
    item = _item(of, function)
    known: dict[str, Expr] = {}
    match lines:
        case [Assign((name,), (Index(Name(list_), Name(turn)) as there,)), line] if list_ == of and turn == loop.target:
            if name != bar and sum(name in names_in(s) for s in body) == 1:  # the item has a name in the turn alone
                lines, item, known = [line], name, {name: there}
        case _:
            pass
    match lines:
        case [Store(Index(Name(into), Name(turn)), "+", value, None)] if into == bar and turn == loop.target:
            place = Index(Name(of), Name(turn))
        case _:
            return None
    kind = kinds.get(of)
    assert isinstance(kind, ListOf)
    value = substitute(value, known)
    each = replaced(value, lambda e: Name(item) if same(e, place) else e)
    if {turn, bar, of} & names(each) or item in names(value) or acts(value):
        return None
    if not isinstance(kind.item, Scalar) and (isinstance(each, Name) or not is_like(each, item, kinds)):
        return None
    clauses = (Clause(Name(item), Name(of)),)
    made = Assign((bar,), (Comprehension("list", each, None, clauses, frozenset({item})),), None)
    quoted = tuple(s for s in loop.body if isinstance(s, Comment))
    new: Block = ()
    for stmt in body:
        said = new and isinstance(new[-1], Comment) and new[-1].text in [c.text for c in quoted]
        instead: Block = (*(() if said else quoted), made)
        new = (*new, *(instead if stmt is loop else () if stmt is zeros else (stmt,)))
    return new


def _put(stmt: Store, bar: str, body: Block) -> Store | None:
    """What is added to a slice of the zeros, put there, if nobody else has those items."""
    match stmt:
        case Store(Index(Name(into), Slice()) as place, "", Call(args=(old, value), keywords=()) as call, None):
            target = library(call)
            if into != bar or target is None or origin_of(target) != ("runtime", "added") or not same(place, old):
                return None
        case _:
            return None
    match value:
        case Name(other):  # made as a list of its own, and not read any more
            begins = [s for s in body if isinstance(s, Assign) and other in s.targets]
            made = len(begins) == 1 and isinstance(begins[0].values[0], Call | Comprehension | Binary)
            held = any(isinstance(s, Assign | Push) and other in reads(s) for s in statements(body))
            alone = made and not held and not any(other in names_in(s) for s in body[body.index(stmt) + 1 :])
        case Call(Ref(target=Library("builtins", "list")), (inner,), ()):
            alone = isinstance(inner, Binary) and bar not in names(inner)
        case _:
            alone = False
    return replace(stmt, value=value) if alone else None


def _is_all_but_last(index: Expr) -> bool:
    match index:
        case Slice(None, upper, None):
            return literal(upper) == -1
        case _:
            return False


def _is_last(stmt: Store, bar: str) -> bool:
    """Does it put something in the last place alone?"""
    match stmt.target:
        case Index(Name(into), place):
            return into == bar and literal(place) == -1 and bar not in names(stmt.value)
        case _:
            return False


def names_in(stmt: Stmt) -> set[str]:
    return {n for s in statements((stmt,)) for n in (*reads(s), *binds(s))}


def replaced(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with its parts changed, the whole first."""
    new = change(expr)
    return new if new is not expr else rebuild(expr, lambda e: replaced(e, change))


def is_like(expr: Expr, item: str, kinds: Mapping[str, Kind]) -> bool:
    """Is it an array of floating point as large as the item, computed entry by entry from that and from numbers?"""

    def is_one(expr: Expr) -> bool:
        match expr:
            case Attribute(Name(), "size"):
                return True
            case Binary(_, left, right):
                return is_one(left) and is_one(right)
            case _:
                return all(isinstance(kinds.get(n), Scalar) for n in names(expr))

    match expr:
        case Name(id):
            return id == item
        case Binary("+" | "-" | "*" | "/" | "**", left, right):
            sides = [is_like(e, item, kinds) for e in (left, right)]
            return any(sides) and all(found or is_one(e) for found, e in zip(sides, (left, right), strict=True))
        case Unary("-", operand):
            return is_like(operand, item, kinds)
        case Call(Ref(target=Library() as target), (operand,), ()):
            head, called = origin_of(target)
            entrywise = isinstance(target.obj, np.ufunc) and called in FLOATING
            return head == "numpy" and entrywise and is_like(operand, item, kinds)
        case _:
            return False


def _plain(stmt: Stmt, function: Function, kinds: Mapping[str, Kind]) -> Stmt:
    match stmt:
        case Assign((bar,), (Call(args=(Name(id),), keywords=()) as call,), None, "", None, ()):
            target, kind = library(call), kinds.get(id)
        case _:
            return stmt
    if target is None or origin_of(target) != ("runtime", "zeros_like") or not isinstance(kind, ListOf):
        return stmt
    if not _is_double(kind.item):
        return stmt
    item = Name(_item(id, function))
    clauses = (Clause(item, Name(id)),)
    whole = Comprehension("list", np_call("zeros_like", item), None, clauses, frozenset({item.id}))
    return Assign((bar,), (whole,), None)


def _item(name: str, function: Function) -> str:
    """What an item is called: as in a loop over the list, or as one of them."""
    for stmt in statements(function.body):
        match stmt:
            case Each(target, Name(id)) if id == name:
                return target
            case Comment(text) if found := re.search(rf"\bfor (\w+) in {name}\b", text):
                return found[1]
            case _:
                pass
    return name[:-1] if name.endswith("s") and len(name) > 1 else "item"
