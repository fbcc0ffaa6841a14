"""Sums scattered to neighbours, gathered instead: the adjoint of a stencil as a stencil.

Before                                           After

    for i in range(n - 2):                           t_padded = np.zeros(n + 2)
        t = 0.5 * b_bar[i + 1]                       for i in range(n - 2):
        a_bar[i] += t                                    t = 0.5 * b_bar[i + 1]
        a_bar[i + 2] += t                                t_padded[i + 2] = t
                                                     for i in range(n):
                                                         a_bar[i] += t_padded[i + 2] + t_padded[i]

Scattered, each turn waits for the sum that the turn before it stored. Gathered, the turns are independent, and the
processor takes several at once. Around what is gathered from lies a margin of zeros, which nobody writes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tangent_like.ir.build import add, is_number, mul, np_call, sub
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Choose,
    Compare,
    Const,
    Expr,
    Index,
    Name,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import binds, blocks, key, names
from tangent_like.native.nests import Extent, Nest, at_least_zero, offset, place, plus, touches, turn

MOST = 2  # different values that are scattered


@dataclass(frozen=True, eq=False)
class Scattered:
    stmt: Store
    offsets: tuple[int, ...]
    factor: Expr
    value: Expr  # what is the same for several


def gathered(
    nest: Nest, fresh: Callable[[str], str], alias: Callable[[str], str], is_array: Callable[[str], bool]
) -> list[Nest] | None:
    """The nests to run in place of ``nest``; None where nothing is scattered along the last axis."""
    if any(blocks(s) for s in nest.body):
        return None
    for name in dict.fromkeys(n for s in nest.body if (n := _sums_into(s))):
        found = _scattered(nest, name, alias, is_array)
        if found is not None:
            first, second = _split(nest, name, found, fresh)
            rest = gathered(first, fresh, alias, is_array)
            return [*(rest or [first]), second]
    return None


def _sums_into(stmt: Stmt) -> str:
    """The array that a statement adds to."""
    if isinstance(stmt, Store) and stmt.op in ("+", "-") and isinstance(stmt.target.value, Name):
        return stmt.target.value.id
    return ""


def _scattered(
    nest: Nest, name: str, alias: Callable[[str], str], is_array: Callable[[str], bool]
) -> list[Scattered] | None:
    own = alias(name)
    found: list[Scattered] = []
    for stmt in nest.body:
        met = [t for t in touches([stmt], is_array) if alias(t.name) == own]
        if not isinstance(stmt, Store) or _sums_into(stmt) != name:
            if met:
                return None
            continue
        at = _offsets(stmt.target, nest.rank)
        if at is None or len(met) > 1:
            return None
        factor, value = _factor(stmt.value, nest)
        found.append(Scattered(stmt, at, factor, value))
    if len({s.offsets[-1] for s in found}) < 2 or len({key(s.value) for s in found}) > MOST:
        return None
    return found if _steady(nest, found, alias, is_array) else None


def _offsets(target: Index, rank: int) -> tuple[int, ...] | None:
    """``c0, c1`` of ``a[@0 + c0, @1 + c1]``."""
    items = target.index.items if isinstance(target.index, Tuple) else (target.index,)
    found = [offset(i) for i in items]
    if len(found) != rank or any(f is None or f[0] != k for k, f in enumerate(found)):
        return None
    return tuple(f[1] for f in found if f is not None)


def _factor(value: Expr, nest: Nest) -> tuple[Expr, Expr]:
    """``c`` and ``v`` of ``c * v``, where ``c`` is one number in all turns."""
    match value:
        case Unary("-", operand):
            factor, rest = _factor(operand, nest)
            return mul(Const(-1.0), factor), rest
        case Binary("*", left, right) if is_number(left) or (isinstance(left, Name) and _same_in_all(left, nest)):
            factor, rest = _factor(right, nest)
            return mul(left, factor), rest
        case _:
            return Const(1.0), value


def _same_in_all(name: Name, nest: Nest) -> bool:
    return not name.id.startswith("@") and all(name.id not in _bound(s) for s in nest.body)


def _bound(stmt: Stmt) -> set[str]:
    return {*binds(stmt), *((stmt.target,) if isinstance(stmt, Augment) else ())}


def _steady(
    nest: Nest, found: list[Scattered], alias: Callable[[str], str], is_array: Callable[[str], bool]
) -> bool:
    """Does each value stay what it is from its first sum to its last?"""
    for one in found:
        uses = [k for k, s in enumerate(nest.body) for f in found if f.stmt is s and key(f.value) == key(one.value)]
        read = {alias(t.name) for t in touches([Assign(("value",), (one.value,))], is_array)}
        for stmt in nest.body[uses[0] : uses[-1]]:
            if _bound(stmt) & names(one.value):
                return False
            if any(t.writes and alias(t.name) in read for t in touches([stmt], is_array)):
                return False
    return True


def _split(nest: Nest, name: str, found: list[Scattered], fresh: Callable[[str], str]) -> tuple[Nest, Nest]:
    least = tuple(min(s.offsets[k] for s in found) for k in range(nest.rank))
    span = tuple(max(s.offsets[k] for s in found) - least[k] for k in range(nest.rank))
    padded: dict[object, str] = {}
    first = Nest(nest.extents, list(nest.front), [], dict(nest.made), list(nest.comments), nest.origin, nest.safe)
    sums: dict[Stmt, Scattered] = {s.stmt: s for s in found}
    total: Expr | None = None
    for stmt in nest.body:
        one = sums.get(stmt)
        if one is None:
            first.body.append(stmt)
            continue
        at = key(one.value)
        if at not in padded:
            base = one.value.value if isinstance(one.value, Index) else one.value
            padded[at] = fresh(f"{base.id}_padded" if isinstance(base, Name) else "padded")
            sizes = tuple(at_least_zero(plus(e.text, 2 * s)) for e, s in zip(nest.extents, span, strict=True))
            shape: Expr = sizes[0] if len(sizes) == 1 else Tuple(sizes)
            alloc = Assign((padded[at],), (np_call("zeros", shape),), nest.origin)
            first.front.append(alloc)
            first.made[padded[at]] = alloc
            middle = tuple(plus(turn(k), span[k]) for k in range(nest.rank))
            first.body.append(Store(place(Name(padded[at]), middle), "", one.value, stmt.origin))
        back = tuple(plus(turn(k), span[k] - (one.offsets[k] - least[k])) for k in range(nest.rank))
        term = mul(one.factor, place(Name(padded[at]), back))
        if total is None:
            total = term if one.stmt.op == "+" else mul(Const(-1.0), term)
        else:
            total = add(total, term) if one.stmt.op == "+" else sub(total, term)
    assert total is not None
    extents = tuple(Extent(_longer(e.text, s, nest.safe), None) for e, s in zip(nest.extents, span, strict=True))
    target = place(Name(name), tuple(plus(turn(k), least[k]) for k in range(nest.rank)))
    return first, Nest(extents, [], [Store(target, "+", total, nest.origin)], origin=nest.origin)


def _longer(text: Expr, span: int, safe: bool) -> Expr:
    """More turns than before, but none where there were none: then there may be no such places."""
    more = plus(text, span)
    return more if safe or span == 0 else Choose(Compare(text, (">",), (Const(0),)), more, Const(0))
