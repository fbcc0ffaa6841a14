"""Outer products of which entries alone are read: the products that those are.

Before                                                   After

    R_bar = np.outer(y_bar, p)                               c_bar = y_bar[0] * p[0] + y_bar[1] * p[1]
    c_bar = R_bar[0, 0] + R_bar[1, 1]

As the way back of ``R @ p`` has it, for a matrix ``R`` that was put together of numbers. Where what is multiplied is
bound anew before that is read, and one entry is all that is read, the name is that entry's. In double precision, of
arrays of one axis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Index,
    Name,
    Return,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import binds, expressions, names, reads, rebuild, statements, subexpressions
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind
from tangent_like.kinds.operands import literal
from tangent_like.transform.each_entry import called
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import is_adjoint
from tangent_like.transform.standing import Standing, Surroundings
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.facts import find_facts

Entry = tuple[int, int]


def outer_entries(
    function: Function, kinds: Mapping[str, Kind], sizes: Sizes
) -> tuple[Function, Mapping[str, Kind]]:
    """The function without such outer products, and the kinds of its names: but of those that are numbers now."""
    numbers: set[str] = set()
    for _ in range(len(function.body)):
        if not any(map(_outer, statements(function.body))):
            break
        uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
        around = Surroundings(find_facts(function, frozenset(), kinds), kinds, uses, Classes.of(sizes.used))
        new = with_body(function, _block(function.body, around, numbers))
        if new is function:
            break
        function = new
    return function, {n: k for n, k in kinds.items() if n not in numbers} if numbers else kinds


def _outer(stmt: Stmt) -> tuple[str, Name, Name] | None:
    """The adjoint that is an outer product, and of what."""
    match stmt:
        case Assign((name,), (Call(args=(Name() as a, Name() as b), keywords=()) as call,), None, ""):
            return (name, a, b) if is_adjoint(stmt) and called(call) == "outer" else None
        case _:
            return None


def _block(body: Block, around: Surroundings, numbers: set[str]) -> Block:
    body = tuple(change_blocks(s, lambda inner: _block(inner, around, numbers)) for s in body)
    for k, stmt in enumerate(body):
        found = _outer(stmt)
        if found is None or any(len(around.dims(e.id) or ()) != 1 for e in found[1:]):
            continue
        name, a, b = found
        there = [j for j, s in enumerate(body) if j > k and name in {*reads(s), *binds(s)}]
        entries = [e for j in there for e in _entries(body[j], name) or ()]
        if not there or len(there) + 1 != around.uses[name] or any(_entries(body[j], name) is None for j in there):
            continue
        products = {(i, j): Binary("*", Index(a, Const(i)), Index(b, Const(j))) for i, j in entries}
        lasts = all(Standing(around, list(body[:j]), body[j + 1 :]).definition(name) is not None for j in there)
        if lasts:
            new: dict[int, Stmt | None] = {j: _said(body[j], name, products) for j in there}
            new[k] = None
        elif len(products) == 1:
            numbers.add(name)
            (product,) = products.values()
            new = {j: _said(body[j], name, dict.fromkeys(products, Name(name))) for j in there}
            new[k] = Assign((name,), (product,), None)
        else:
            continue
        return tuple(s for j, old in enumerate(body) if (s := new.get(j, old)) is not None)
    return body


def _entries(stmt: Stmt, name: str) -> list[Entry] | None:
    """The entries of the matrix that are read, if that is all the statement does with it."""
    if not isinstance(stmt, Assign | Augment | Store | Return):
        return None
    if isinstance(stmt, Store) and name in names(stmt.target):
        return None
    parts = [e for top in expressions(stmt) for e in subexpressions(top)]
    found = [entry for e in parts if (entry := _entry(e, name)) is not None]
    mentions = sum(isinstance(e, Name) and e.id == name for e in parts)
    return found if found and mentions == len(found) and name not in binds(stmt) else None


def _entry(expr: Expr, name: str) -> Entry | None:
    match expr:
        case Index(Name(id), Tuple((first, second))) if id == name:
            i, j = literal(first), literal(second)
            return (i, j) if type(i) is int and type(j) is int else None
        case _:
            return None


def _said(stmt: Stmt, name: str, products: Mapping[Entry, Expr]) -> Stmt:
    def change(expr: Expr) -> Expr:
        entry = _entry(expr, name)
        return rebuild(expr, change) if entry is None else products[entry]

    return with_expressions(stmt, change)
