"""Names of rows are said as the places that they stand for: loops over places are then loops over one array.

Before                                           After

    for i in range(n):                               for i in range(n):
        row = X[i]                                       for j in range(X.shape[1]):
        for j in range(len(row)):                            t += X[i, j] * w[j]
            t += row[j] * w[j]

Only where a name is a row by whole numbers throughout, and all that is asked of it is entries, parts and sizes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Stmt,
    Tuple,
    Unary,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    binds,
    blocks,
    bound_in,
    children,
    expressions,
    names,
    rebuild,
    statements,
    subexpressions,
    with_body,
)
from tangent_like.kinds.indexing import index_items, sort_of_index
from tangent_like.kinds.kind import Array, Scalar


def with_rows_said(function: Function, typing: Typing) -> Function:
    """The function without names of rows; itself where there are none, or more is asked of them."""
    every = list(statements(function.body))
    rows = {s.targets[0]: s for s in every if isinstance(s, Assign) and is_row(s, typing)}
    found = {n for s in every for n in binds(s) if n in rows and not is_row(s, typing)}
    gone = rows.keys() - found - {p.name for p in function.params}
    if not gone:
        return function
    uses = Counter(n for s in every for n in used(s, gone))
    reached: Counter[str] = Counter()
    reach(function.body, gone, reached)
    asked = {n for s in every if s in typing.before for e in expressions(s) for n in asked_whole(e, typing, s)}
    gone = {n for n in gone if uses[n] == reached[n] and n not in asked}
    return with_body(function, said(function.body, gone, {})) if gone else function


def is_row(stmt: Stmt, typing: Typing) -> bool:
    """``row = X[i]`` by whole numbers, of an array of which not all axes are gone then."""
    match stmt:
        case Assign((name,), (Index(Name(whole), index),)) if name != whole and stmt in typing.before:
            env = typing.before[stmt]
            own, kind = typing.kind(Name(whole), env), typing.kind(stmt.values[0], env)
            items = index_items(index)
            if not isinstance(own, Array) or not isinstance(kind, Array) or not kind.dims or not own.dims:
                return False
            if not all(isinstance(k := typing.kind(i, env), Scalar) and k.type == "int" for i in items):
                return False
            plain = all(isinstance(e, Name | Const | Binary | Unary) for i in items for e in subexpressions(i))
            return plain and len(own.dims) == len(kind.dims) + len(items)
        case _:
            return False


def used(stmt: Stmt, among: Iterable[str]) -> list[str]:
    """The names among these that a statement itself reads, as often as it does."""
    counts = Counter(n for e in expressions(stmt) for n in every_name(e))
    return [n for n in among for _ in range(counts[n])]


def every_name(expr: Expr) -> list[str]:
    return [expr.id] if isinstance(expr, Name) else [n for c in children(expr) for n in every_name(c)]


def reach(body: Block, among: Iterable[str], reached: Counter[str]) -> None:
    """Count the uses of a name between where it is bound and the end of the block, or where it is bound again."""
    for k, stmt in enumerate(body):
        match stmt:
            case Assign((name,), (Index() as view,)) if name in among:
                end = next((m for m in range(k + 1, len(body)) if name in binds(body[m])), len(body))
                rest = body[k + 1 : end]
                if not (names(view) | {name}) & bound_in(rest):
                    reached[name] += sum(len(used(s, [name])) for s in statements(rest))
            case _:
                pass
        for inner in blocks(stmt):
            reach(inner, among, reached)


def asked_whole(expr: Expr, typing: Typing, stmt: Stmt) -> set[str]:
    """The names of which more is asked than places and sizes."""
    match expr:
        case Name(id):
            return {id}
        case Index(Name(), index) if sort_of_index(index, lambda e: typing.kind(e, typing.before[stmt])) == "basic":
            return asked_whole(index, typing, stmt)
        case Index(Attribute(Name(), "shape"), Const()):
            return set()
        case Call(Ref(target=Library("builtins", "len")), (Name(),), ()):
            return set()
        case _:
            return {n for child in children(expr) for n in asked_whole(child, typing, stmt)}


def said(body: Block, gone: set[str], table: Mapping[str, Index]) -> Block:
    out: list[Stmt] = []
    for stmt in body:
        match stmt:
            case Assign((name,), (Index() as view,)) if name in gone:
                whole = change(view, table)
                assert isinstance(whole, Index)
                table = {**table, name: whole}
            case _:
                inner = with_blocks(stmt, partial(said, gone=gone, table=table))
                touched = any(names(e) & table.keys() for e in expressions(inner))
                out.append(rewrite(inner, partial(change, table=table), lambda n: n) if touched else inner)
    return tuple(out)


def change(expr: Expr, table: Mapping[str, Index]) -> Expr:
    match expr:
        case Index(Name(id), index, at) if id in table:
            view = table[id]
            items = (*index_items(view.index), *index_items(change(index, table)))
            return Index(view.value, Tuple(items), at)
        case Index(Attribute(Name(id), "shape"), Const(int(axis)), at) if id in table:
            view = table[id]
            behind = len(index_items(view.index)) if axis >= 0 else 0
            return Index(Attribute(view.value, "shape"), Const(axis + behind), at)
        case Call(Ref(target=Library("builtins", "len")), (Name(id),), ()) if id in table:
            view = table[id]
            return Index(Attribute(view.value, "shape"), Const(len(index_items(view.index))))
        case _:
            return rebuild(expr, lambda e: change(e, table))
