"""Lists of whole numbers into which others are put are lists of floats from the start.

Before                                           After

    c = [0] * n                                      c = [0.0] * n
    for i in range(n):                               for i in range(n):
        c[i] += 2 * x[i]                                 c[i] += 2 * x[i]

Numba takes a list for one of what it is made of, and cuts what is put into it to that. Where a list is made otherwise,
of whole numbers of which it is not said how they are made, it is refused.
"""

from __future__ import annotations

from tangent_like.analysis.seen import Kinds
from tangent_like.analysis.typing import Typing
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Assign, Binary, Call, Const, Expr, Function, List, Push, Stmt, Store
from tangent_like.ir.walk import base_name, statements, with_body
from tangent_like.kinds.kind import Kind, ListOf, Scalar, Sequence, is_list, item_of

WHAT = "Numba does not compile this: floats are put into a list of whole numbers"
HINT = 'make it of floats ([0.0] * n); jit="auto" runs in Python what Numba does not take'


def with_float_items(function: Function, typing: Typing) -> Function:
    stored = {base_name(s.target) for s in statements(function.body) if isinstance(s, Store)}
    wanted = {name: kind for name, kind in typing.overall.items() if name in stored and is_list(kind)}
    if not wanted:
        return function
    first: Kinds = typing.before.get(function.body[0], {}) if function.body else {}
    for param in function.params:
        if param.name in wanted and _is_cut(first.get(param.name), wanted[param.name]):
            raise UnsupportedError(WHAT, place_of(function.origin), HINT)

    def made(value: Expr, kind: Kind, into: Kind, stmt: Stmt) -> Expr:
        if not _is_cut(kind, into):
            return value
        env = typing.before[stmt]
        item = item_of(into) if isinstance(into, ListOf | Sequence) else None
        match value:
            case Const(int(number)) if item is None:
                return Const(float(number))
            case List(items) if item is not None:
                return List(tuple(made(i, typing.kind(i, env), item, stmt) for i in items), value.at)
            case Binary("*", List() as left, right):
                return Binary("*", made(left, typing.kind(left, env), into, stmt), right, value.at)
            case Binary("*", left, List() as right):
                return Binary("*", left, made(right, typing.kind(right, env), into, stmt), value.at)
            case _ if item is None:
                return Call(builtin_ref("float"), (value,))
            case _:
                raise UnsupportedError(WHAT, place_of(getattr(stmt, "origin", None) or function.origin), HINT)

    def statement(stmt: Stmt) -> Stmt:
        match stmt:
            case Assign((name,), (value,)) if name in wanted and stmt in typing.before and not stmt.saved:
                new = made(value, typing.kind(value, typing.before[stmt]), wanted[name], stmt)
                return stmt if new is value else Assign((name,), (new,), stmt.origin, "", stmt.guard, stmt.writes)
            case Push(name, value) if name in wanted and stmt in typing.before:
                item = item_of(wanted[name])  # type: ignore[arg-type]
                new = value if item is None else made(value, typing.kind(value, typing.before[stmt]), item, stmt)
                return stmt if new is value else Push(name, new, stmt.origin)
            case _:
                return with_blocks(stmt, lambda body: tuple(map(statement, body)))

    return with_body(function, tuple(map(statement, function.body)))


def _is_cut(kind: Kind | None, into: Kind) -> bool:
    """Would Numba take a list for one of whole numbers, or of bools, that comes to hold floats?"""
    if isinstance(kind, ListOf | Sequence) and isinstance(into, ListOf | Sequence):
        one, two = item_of(kind), item_of(into)
        return one is not None and two is not None and _is_cut(one, two)
    if isinstance(kind, Scalar) and isinstance(into, Scalar):
        order = ("bool", "int", "float", "complex")
        return order.index(kind.type) < order.index(into.type)
    return False
