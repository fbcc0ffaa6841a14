"""What Numba takes in other words only.

Before                                           After

    y_bar[...] += t                                  y_bar[:] += t
    x[[0, 2]]                                        x[np.array([0, 2])]
    np.array(x)                                      x.copy()
    np.concatenate([x, y])                           np.concatenate((x, y))
    pieces(z_bar, [x, y])                            pieces(z_bar, (x, y))
    np.add.at(x_bar, idx, t)                         add_at(x_bar, idx, t)
    with np.errstate(divide="ignore"):               t = np.log(x)
        t = np.log(x)

Compiled code warns of nothing, and so has nothing to be silent about.
"""

from __future__ import annotations

import numpy as np

from tangent_like.analysis.seen import Env
from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import (
    Attribute,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Index,
    Item,
    Library,
    List,
    Name,
    Ref,
    Slice,
    Stmt,
    Tuple,
    With,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import expressions, rebuild, subexpressions, with_body
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar, Sequence
from tangent_like.kinds.operands import literal
from tangent_like.runtime import add_at, pieces, stored
from tangent_like.transform.runtime_refs import helper

JOINING = frozenset({np.concatenate, np.stack, np.vstack, np.hstack, np.column_stack})


def spelled(function: Function, typing: Typing) -> Function:
    """The function in Numba's words; facts are known of the new statements too."""

    def block(body: Block) -> Block:
        return tuple(new for stmt in body for new in statement(stmt))

    def statement(stmt: Stmt) -> tuple[Stmt, ...]:
        inner = with_blocks(stmt, block)
        if isinstance(inner, With) and all(map(_silences, inner.items)):
            return inner.body
        env = typing.before.get(stmt)
        if env is not None and any(map(_odd, expressions(inner))):
            made = rewrite(inner, lambda e: _said(e, typing, env), lambda n: n)
        else:
            made = inner
        if made is not stmt:
            for table in (typing.before, typing.after):
                if stmt in table:
                    table[made] = table[stmt]  # type: ignore[assignment]
        return (made,)

    return with_body(function, block(function.body))


def _silences(item: Item) -> bool:
    match item.context:
        case Call(Ref(target=Library(obj=obj))):
            return obj is np.errstate and not item.name
        case _:
            return False


def _odd(expr: Expr) -> bool:
    return any(_is_odd(e) for e in subexpressions(expr))


def _is_odd(expr: Expr) -> bool:
    match expr:
        case Index(_, Const(value)):
            return value is ...
        case Index(_, List() | Name()) | Call(args=(_, Name() | List(), *_)) | Call(args=(List(), *_)):
            return True
        case Call(Ref(target=Library(obj=obj)), (_,), ()):
            return obj is np.array
        case Call(Ref(target=Library(obj=obj))):
            return _adds(obj)
        case _:
            return False


def _said(expr: Expr, typing: Typing, env: Env) -> Expr:
    new = rebuild(expr, lambda e: _said(e, typing, env))
    match new:
        case Index(value, Const(index)) if index is ...:
            assert isinstance(expr, Index)
            return Index(value, Slice(None, None, None), new.at) if _has_axes(expr.value, typing, env) else new
        case Index(value, index):
            return Index(value, _as_array(index, typing, env), new.at)
        case Call(Ref(target=Library(obj=obj)) as func, (List(items), *rest), keywords) if items and _joins(obj):
            return Call(func, (Tuple(items), *rest), keywords, new.at)
        case Call(Ref(target=Library(obj=obj)) as func, (whole, List(items), *rest), keywords) if obj is pieces:
            return Call(func, (whole, Tuple(items), *rest), keywords, new.at)
        case Call(Ref(target=Library(obj=obj)) as func, (whole, index, *rest), ()):
            if obj is stored or _adds(obj):
                func = func if obj is stored else helper("add_at")
                return Call(func, (whole, _as_array(index, typing, env), *rest), (), new.at)
        case Call(Ref(target=Library(obj=obj)), (value,), ()) if obj is np.array:
            assert isinstance(expr, Call)
            return Call(Attribute(value, "copy"), (), (), new.at) if _has_axes(expr.args[0], typing, env) else new
        case _:
            pass
    return new


def _as_array(index: Expr, typing: Typing, env: Env) -> Expr:
    """A list of whole numbers as an array of them."""
    listed = isinstance(index, List) and index.items and all(map(_is_whole, index.items))
    return np_call("array", index) if listed or (isinstance(index, Name) and _is_list(index, typing, env)) else index


def _adds(obj: object) -> bool:
    return obj is add_at or obj == np.add.at


def _is_list(name: Name, typing: Typing, env: Env) -> bool:
    """Is it a list of whole numbers?"""
    kind = typing.kind(name, env)
    items: tuple[Kind | None, ...] = kind.items if isinstance(kind, Sequence) and kind.is_list else ()
    if isinstance(kind, ListOf):
        items = (kind.item,)
    return bool(items) and all(isinstance(i, Scalar) and i.type == "int" for i in items)


def _joins(obj: object) -> bool:
    return any(obj is one for one in JOINING)


def _is_whole(item: Expr) -> bool:
    value = literal(item)
    return isinstance(value, int) and not isinstance(value, bool)


def _has_axes(expr: Expr, typing: Typing, env: Env) -> bool:
    kind = typing.kind(expr, env)
    return isinstance(kind, Array) and bool(kind.dims)
