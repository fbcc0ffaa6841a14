"""``np.roll`` along an axis, which Numba lacks, and ``np.outer`` as places that loops can take.

Before                                           After

    y = u + np.roll(u, 1, axis=0)                    rolled = np.empty(u.shape[0], np.int64)
                                                     for k in range(u.shape[0]):
                                                         rolled[k] = (k - 1) % u.shape[0]
                                                     y = u + u[rolled]
    W_bar += np.outer(y_bar, x)                      W_bar += y_bar[:, None] * x
"""

from __future__ import annotations

import numpy as np

from tangent_like.analysis.seen import Env
from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import neg, np_call, numpy_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Comprehension,
    Const,
    Do,
    Expr,
    For,
    Function,
    Index,
    Lambda,
    Library,
    Logic,
    Name,
    Push,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import expressions, rebuild, subexpressions, with_body
from tangent_like.kinds.kind import INT, Array, Kind, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.native.nests import plus

SAFE = ("float64", "float32")


def with_rolled(function: Function, typing: Typing, namer: Namer) -> Function:
    """The function with indices for what is moved round; facts are known of the new statements too."""

    def block(body: Block) -> Block:
        return tuple(new for stmt in body for new in statement(stmt))

    def statement(stmt: Stmt) -> tuple[Stmt, ...]:
        env = typing.before.get(stmt)
        if not isinstance(stmt, Assign | Augment | Store | Push | Return | Do):
            inner = with_blocks(stmt, block)
            if inner is not stmt and env is not None:
                typing.before[inner] = env
            return (inner,)
        found = (e for whole in expressions(stmt) for e in subexpressions(whole))
        if env is None or not any(_called(e) in ("roll", "outer") for e in found):
            return (stmt,)
        work = _Work(typing, namer, env)
        made = rewrite(stmt, work.said, lambda n: n)
        typing.before[made] = Env({**env, **work.kinds})
        if stmt in typing.after:
            typing.after[made] = typing.after[stmt]
        return (*work.front, made)

    return with_body(function, block(function.body))


def _called(expr: Expr) -> str:
    match expr:
        case Call(Ref(target=Library(obj=obj))):
            return "roll" if obj is np.roll else "outer" if obj is np.outer else ""
        case _:
            return ""


def _shifts(given: Expr) -> tuple[Expr, ...]:
    match given:
        case Tuple(items):
            return items
        case Call(Ref(target=Library(obj=obj)), (Tuple(items),), ()) if obj is np.negative:
            return tuple(map(neg, items))
        case _:
            return (given,)


class _Work:
    """One statement: ``front`` comes before it."""

    def __init__(self, typing: Typing, namer: Namer, env: Env) -> None:
        self.typing, self.namer, self.env = typing, namer, env
        self.front: list[Stmt] = []
        self.kinds: dict[str, Kind] = {}

    def kind(self, expr: Expr) -> Kind:
        return self.typing.kind(expr, self.env)

    def said(self, expr: Expr) -> Expr:
        return self.moved(expr)[0]

    def moved(self, expr: Expr) -> tuple[Expr, Expr]:
        """The expression in other words, and one of the same shape, whose sizes can be asked for."""
        if isinstance(expr, Choose | Logic | Lambda | Comprehension):
            return expr, expr  # not always computed
        match _called(expr), expr:
            case "outer", Call(func, (x, y), ()):
                if self.is_row(x) and self.is_row(y):
                    column = Index(self.said(x), Tuple((Slice(None, None, None), Const(None))))
                    return Binary("*", column, self.said(y)), expr
                return Call(func, (self.said(x), self.said(y)), (), expr.at), expr
            case "roll", Call(_, (x, *_)):
                whole = self.kind(x)
                turns = self.turns(expr)
                if turns and isinstance(whole, Array) and whole.dims:
                    value, like = self.moved(x)
                    if not isinstance(like, Name):
                        value = like = self.bound(value, whole)
                    for axis, shift in turns:
                        value = self.rolled(value, like, axis, shift, whole)
                    return value, like
            case _:
                pass
        return rebuild(expr, self.said), expr

    def is_row(self, expr: Expr) -> bool:
        kind = self.kind(expr)
        return isinstance(kind, Array) and kind.rank == 1 and kind.dtype in SAFE

    def turns(self, call: Call) -> list[tuple[int, Expr]]:
        """By which axis, and how far; nothing where that is not told, or where Numba knows it itself."""
        named = dict(call.keywords)
        given = [*call.args[1:], *(named.pop(n) for n in ("shift", "axis") if n in named)]
        kind = self.kind(call.args[0])
        rank = kind.rank if isinstance(kind, Array) else None
        if named or not given or not rank or (len(given) == 1 and rank > 1):
            return []
        along = literal(given[1]) if len(given) == 2 else 0
        shifts = _shifts(given[0])
        axes = along if isinstance(along, tuple) else (along,)
        if len(axes) != len(shifts) or not all(isinstance(a, int) and -rank <= a < rank for a in axes):
            return []
        if not all(isinstance(k := self.kind(s), Scalar) and k.type == "int" for s in shifts):
            return []
        return [(a % rank, s) for a, s in zip(axes, shifts, strict=True)]

    def bound(self, value: Expr, kind: Array) -> Name:
        name = self.namer.fresh("t")
        made = Assign((name,), (value,))
        self.typing.before[made] = Env({**self.env, **self.kinds})
        self.front.append(made)
        self.add(name, kind)
        return Name(name)

    def rolled(self, value: Expr, like: Name, axis: int, shift: Expr, kind: Array) -> Expr:
        assert kind.dims is not None
        size = Index(Attribute(like, "shape"), Const(axis))
        places, turn = self.namer.fresh("rolled"), self.namer.fresh("k")
        steps = literal(shift)
        back = plus(Name(turn), -steps) if isinstance(steps, int) else Binary("-", Name(turn), shift)
        at = Binary("%", back, size)
        self.front.append(Assign((places,), (np_call("empty", size, numpy_ref("int64")),)))
        self.front.append(For(turn, (size,), (Store(Index(Name(places), Name(turn)), "", at),)))
        self.add(places, Array((kind.dims[axis],), "int64"))
        self.typing.overall[turn] = INT
        before = (Slice(None, None, None),) * axis
        return Index(value, Tuple((*before, Name(places))) if before else Name(places))

    def add(self, name: str, kind: Kind) -> None:
        self.kinds[name] = kind
        self.env = Env({**self.env, name: kind})
        self.typing.overall[name] = kind
