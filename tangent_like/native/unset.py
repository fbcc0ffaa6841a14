"""Names of arrays that only some paths bind hold None on the others, which Numba takes for no array.

Before                                   After

    y = None                                 y = np.empty((0, 0))
    for t in range(n):                       for t in range(n):
        y = h * u                                y = h * u
    ...                                      ...
    y_bar = np.zeros_like(y)                 y_bar = np.zeros_like(y)

Where the sizes that it will have are those of arguments, the array has them: ``np.empty((x.shape[0], x.shape[1]))``.

Only where the None is ours, which nothing asks for but the size of an adjoint, and not the user's, whose program may
ask whether it is None, or fail over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import add, np_call, numpy_ref
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Index,
    Name,
    Pop,
    Push,
    Stmt,
    Tuple,
)
from tangent_like.ir.walk import binds, bound_in, same, statements, with_body
from tangent_like.kinds.dims import Dim, is_count
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.native.elements import DTYPES


def set_at_first(function: Function, typing: Typing) -> Function:
    """The function with an empty array, or zero, for None; itself where there is no such name."""
    unset = {t for s in statements(function.body) for t in _unset(s)}
    unset -= {p.name for p in function.params}
    found: dict[str, Expr] = {}
    given = _untouched(function)
    for name in unset:
        value = _empty(list(_kinds(function, typing, name)), given)
        if value is not None:
            found[name] = value
    if not found:
        return function

    def statement(stmt: Stmt) -> Stmt:
        targets = _unset(stmt)
        if len(targets) == 1 and targets[0] in found:
            return Assign((targets[0],), (found[targets[0]],))
        return with_blocks(stmt, block)

    def block(body: Block) -> Block:
        return tuple(map(statement, body))

    return with_body(function, block(function.body))


def _unset(stmt: Stmt) -> tuple[str, ...]:
    match stmt:
        case Assign((target,), (Const(None),), None):
            return (target,)
        case _:
            return ()


def _kinds(function: Function, typing: Typing, name: str) -> Iterator[Kind | None]:
    for stmt in statements(function.body):
        if isinstance(stmt, Pop) and stmt.target is not None and binds(stmt) == (name,):
            yield from _pushed(function, typing, stmt.list, name)
        elif name in binds(stmt) and not _unset(stmt):
            yield typing.after.get(stmt, {}).get(name)


def _pushed(function: Function, typing: Typing, list_: str, name: str) -> Iterator[Kind | None]:
    """What is put on a list, beside what the name itself holds."""
    for stmt in statements(function.body):
        if isinstance(stmt, Push) and stmt.list == list_ and not same(stmt.value, Name(name)):
            env = typing.before.get(stmt)
            yield None if env is None else typing.kind(stmt.value, env)


def _untouched(function: Function) -> frozenset[str]:
    """The arguments that mean what they meant on entry, where the last None is bound."""
    last = max((k for k, s in enumerate(function.body) if _unset(s)), default=0)
    return frozenset(p.name for p in function.params) - bound_in(function.body[:last])


def _empty(kinds: list[Kind | None], given: frozenset[str]) -> Expr | None:
    """What stands for no array: one of the rank and dtype of those that the name is bound to elsewhere."""
    match kinds:
        case [Array(dims, dtype), *others] if dims and dtype in DTYPES:
            if not all(isinstance(k, Array) and k.rank == len(dims) and k.dtype == dtype for k in others):
                return None
            lengths = _lengths(dims, others, given) or (Const(0),) * len(dims)
            shape: Expr = Tuple(lengths) if len(dims) > 1 else lengths[0]
            if dtype == "float64":
                return np_call("empty", shape)
            return Call(numpy_ref("empty"), (shape, numpy_ref("bool_" if dtype == "bool" else dtype)))
        case [Scalar(type, dtype), *others] if type in ("float", "int") and dtype in (None, "float64", "int64"):
            if not all(isinstance(k, Scalar) and k.type == type for k in others):
                return None
            return Const(0.0 if type == "float" else 0)
        case _:
            return None


def _lengths(
    dims: tuple[Dim | None, ...], others: list[Kind | None], given: frozenset[str]
) -> tuple[Expr, ...] | None:
    """The sizes of all that the name is bound to, in terms of what is given."""
    if any(not isinstance(k, Array) or k.dims != dims for k in others):
        return None
    found = [_length(d, given) for d in dims]
    return None if None in found else tuple(e for e in found if e is not None)


def _length(dim: Dim | None, given: frozenset[str]) -> Expr | None:
    if dim is None or not is_count(dim):
        return None
    parts: list[Expr] = [Const(dim.const)] if dim.const or not dim.terms else []
    for text, times in dim.terms:
        told = re.fullmatch(r"(\w+)\.shape\[(\d+)\]", text)
        if told is None or told[1] not in given:
            return None
        parts += [Index(Attribute(Name(told[1]), "shape"), Const(int(told[2])))] * times
    return reduce(add, parts)
