"""Arrays of which a store takes some entries out again: no adjoint flows to those, past a pole neither.

Before                                   After

    r = np.sqrt(d2)                          d2_bar = np.where(r_bar != 0, r_bar * (0.5 / r), 0.0)
    r[r == 0] = 1.0

The adjoint of ``r`` is 0 where it was overwritten, and 0 times the infinite slope of the root at 0 is
not a number. It is masked only where an adjoint of 0 says that nothing reads the entry: ``np.sqrt(x) ** 2``
has one as well, by a slope that vanishes where the other is infinite, and so stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tangent_like.analysis.typing import Typing
from tangent_like.errors import DifferentiationError
from tangent_like.ir.build import simplify
from tangent_like.ir.holes import fill
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Compare,
    Const,
    Each,
    Expr,
    For,
    Index,
    Library,
    Name,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Unary,
    While,
)
from tangent_like.ir.walk import base_name, blocks, names, statements, subexpressions
from tangent_like.kinds.indexing import sort_of_index
from tangent_like.kinds.kind import UNKNOWN, Kind, Scalar
from tangent_like.rules.apply import application
from tangent_like.rules.transposed import transposed
from tangent_like.transform.fitting import Knows, elementwise_operands
from tangent_like.transform.guards import entry_by_entry
from tangent_like.transform.plain import plainly
from tangent_like.transform.reading import is_literal

# An entry of their results is made of many, or of one that is chosen: an adjoint of 0 is no matter of one entry.
MIXING = frozenset({np.sum, np.mean, np.min, np.max, np.trace, np.dot, np.matmul, np.einsum, np.inner, np.tensordot})
MIXING_METHODS = frozenset({"sum", "mean", "min", "max", "dot", "trace"})
# Their results have the same entries, or leave some out.
MOVING = frozenset({np.triu, np.tril, np.where, np.negative, np.transpose, np.reshape, np.ravel, np.copy, np.asarray})
MOVING_METHODS = frozenset({"copy", "reshape", "ravel", "transpose", "T"})
SHAPES = frozenset({"shape", "size", "ndim", "dtype"})

# What an entry is where the slope of the name is infinite: "small" (0, as of a root) or "great" (infinite).
States = frozenset[str]
NOTHING: States = frozenset()


class _VanishingError(Exception):
    """There is a slope on the way that may be 0 where the other is infinite."""


def overwritten(body: Block, typing: Typing) -> frozenset[str]:
    """The names of arrays of which entries are taken out, and nothing else makes their adjoints 0."""
    found: set[str] = set()
    for stmt in statements(body):
        if isinstance(stmt, Store) and not stmt.op and isinstance(stmt.target.value, Name):
            if sort_of_index(stmt.target.index, typing.at(stmt)) != "basic":
                found.add(stmt.target.value.id)
    while True:
        more: set[str] = set()
        for stmt in statements(body):
            if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
                for target, value in zip(stmt.targets, stmt.values, strict=True):
                    if target in found:
                        more |= entry_by_entry(value)
        if more <= found:
            return frozenset(n for n in found if _is_steady(body, n))
        found |= more


def _is_steady(body: Block, name: str) -> bool:
    """Does an adjoint of 0 of an entry of ``name`` say that nothing reads it?"""
    states: dict[str, States] = {}
    try:
        _follow(body, name, states, False)
    except _VanishingError:
        return False
    return True


def _follow(body: Block, name: str, states: dict[str, States], inside: bool) -> None:
    """Find for each name what the entries are that are made of those of ``name``, statement by statement."""
    for stmt in body:
        for target, value in _flows(stmt):
            found = _states(value, states)
            if target == name and isinstance(stmt, Assign):
                found |= {"small" if _is_root(value) else "great"}
            if target is not None:
                keeps = inside or not isinstance(stmt, Assign)
                states[target] = found | (states.get(target, NOTHING) if keeps else NOTHING)
        turns = 2 if isinstance(stmt, For | Each | While) else 1
        for _ in range(turns):
            for inner in blocks(stmt):
                _follow(inner, name, states, inside or turns == 1)


def _flows(stmt: Stmt) -> list[tuple[str | None, Expr]]:
    """The values of a statement, each with the name that it goes into."""
    match stmt:
        case Assign(targets, values) if len(targets) == len(values):
            return list(zip(targets, values, strict=True))
        case Assign(targets, (value,)):
            return [(t, value) for t in targets]
        case Augment(target, op, value):
            return [(target, Binary(op, Name(target), value))]
        case Store(target, op, value):
            return [(base_name(target), Binary(op, target, value) if op else value)]
        case Push(list_, value):
            return [(list_, value)]
        case Each(target, iterable):
            return [(target, iterable)]
        case Return(value) if value is not None:
            return [(None, value)]
        case _:
            return []


def _is_root(value: Expr) -> bool:
    match value:
        case Binary("**", _, Const(power)) if isinstance(power, int | float):
            return power > 0
        case Call(Ref(target=Library(obj=obj))):
            return obj is np.sqrt
        case _:
            return False


def _states(expr: Expr, states: Mapping[str, States]) -> States:
    """What the entries of ``expr`` are. Raises where a slope vanishes on the way, unless it leaves entries out."""

    def go(e: Expr) -> States:
        match e:
            case Name(id):
                return states.get(id, NOTHING)
            case Compare() | Const():
                return NOTHING
            case Unary(_, operand):
                return go(operand)
            case Binary("+" | "-", left, right):
                return go(left) | go(right)
            case Binary("*", left, right):
                one, two = go(left), go(right)
                if one and two and (one | two) != {"great"}:
                    raise _VanishingError
                return one | two
            case Binary("/", left, right):
                one, two = go(left), go(right)
                if "great" in two or (two and "great" in one):
                    raise _VanishingError
                return frozenset({"small", "great"} if one and two else {"great"} if two else one)
            case Binary("@", left, right):
                if go(left) and go(right):
                    raise _VanishingError
                return NOTHING
            case Binary("**", left, power):
                return _power(go(left), power)
            case Index(value):
                return go(value)
            case Attribute(value, name) if name in SHAPES:
                return NOTHING
            case Attribute(value, name) if name in MOVING_METHODS:
                return go(value)
            case Call(Attribute(value, name)) if name in MOVING_METHODS:
                return go(value)
            case Call(Attribute(value, name), args) if name in MIXING_METHODS:
                return alone((value, *args))
            case Call(Ref(target=Library(obj=obj)), args) if obj in MIXING:
                return alone(args)
            case Call(Ref(target=Library(obj=obj)), args) if obj in MOVING:
                return frozenset().union(*map(go, args))
            case Call(Ref(target=Library(obj=np.exp)), (value,)):
                if "great" in go(value):
                    raise _VanishingError
                return go(value)
            case Call(Ref(target=Library(obj=np.sqrt)), (value,)):
                return _power(go(value), Const(0.5))
            case _:
                if any(states.get(n) for n in names(e)) and not is_constant(e):
                    raise _VanishingError
                return NOTHING

    def alone(args: tuple[Expr, ...]) -> States:
        if sum(bool(go(a)) for a in args) > 1:
            raise _VanishingError
        return NOTHING

    def is_constant(e: Expr) -> bool:
        found = application(e, lambda _: UNKNOWN) if isinstance(e, Call | Binary | Unary) else None
        return found is not None and found.rule.form == "constant"

    return go(expr)


def _power(base: States, power: Expr) -> States:
    if not base:
        return base
    sign, number = (-1, power.operand) if isinstance(power, Unary) and power.op == "-" else (1, power)
    if not isinstance(number, Const) or not isinstance(number.value, int | float):
        raise _VanishingError
    k = sign * number.value
    if ("small" in base and 1 < k <= 2) or ("great" in base and k < 1) or k == 0:
        raise _VanishingError
    return base if k > 0 else frozenset({"great"})


def pole_guard(knows: Knows, expr: Expr, bar: str, is_varied: Callable[[Expr], bool]) -> tuple[Expr, bool] | None:
    """The guard that adjoints of 0 stay 0, where a slope on the way down may be infinite."""
    return (Compare(Name(bar), ("!=",), (Const(0),)), True) if has_pole(knows, expr, is_varied) else None


def has_pole(knows: Knows, expr: Expr, is_varied: Callable[[Expr], bool]) -> bool:
    """Is there a partial on the way down the elementwise expression that may be infinite?"""
    operands = elementwise_operands(knows, expr)
    if operands is None or not is_varied(expr):
        return False
    try:
        found = knows.kind_of.application(expr)
    except DifferentiationError:
        return False
    assert found is not None
    text = transposed(found.rule)
    holes = {**found.operands, text.result: expr}
    literals = {n: o for n, o in found.operands.items() if is_literal(o)}

    def kind_of(e: Expr) -> Kind:
        return knows.kind_of(fill(e, holes))

    for name in found.rule.differentiable:
        if name in found.operands and is_varied(found.operands[name]):
            partial = plainly(fill(text.parts[name], literals), kind_of, knows.typing.sizes)
            if may_be_infinite(simplify(partial), kind_of):
                return True
    return any(has_pole(knows, o, is_varied) for o in operands)


def may_be_infinite(partial: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """Is there a division by an array in it, or a power of one that may be negative?"""

    def divides(expr: Expr) -> bool:
        match expr:
            case Binary("/", _, divisor):
                return not isinstance(kind_of(divisor), Scalar)
            case Binary("**", base, Const(power)) if isinstance(power, int | float):
                return power < 0 and not isinstance(kind_of(base), Scalar)
            case Binary("**", base, _):
                return not isinstance(kind_of(base), Scalar)
            case _:
                return False

    return any(map(divides, subexpressions(partial)))
