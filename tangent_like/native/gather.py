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

from collections import Counter
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
    For,
    Index,
    Name,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import binds, blocks, key, names
from tangent_like.native.nests import Extent, Nest, at_least_zero, offset, place, plus, touches, turn
from tangent_like.native.raising import Uses

MOST = 2  # different values that are scattered
PLACES = 4  # beside the one that most sums go to, at most


# New names, the class of memory of a name, which names are arrays, and which are complex.
Told = tuple[Callable[[str], str], Callable[[str], str], Callable[[str], bool], Callable[[str], bool]]


@dataclass(frozen=True, eq=False)
class Scattered:
    stmt: Store
    offsets: tuple[int, ...]
    factor: Expr
    value: Expr  # what is the same for several


def gathered(
    nest: Nest,
    fresh: Callable[[str], str],
    alias: Callable[[str], str],
    is_array: Callable[[str], bool],
    is_complex: Callable[[str], bool],
) -> list[Nest] | None:
    """The nests to run in place of ``nest``; None where nothing is scattered along the last axis."""
    if any(blocks(s) for s in nest.body):
        return None
    for name in dict.fromkeys(n for s in nest.body if (n := _sums_into(s)) and not is_complex(n)):
        found = _scattered(nest, name, alias, is_array)
        if found is not None:
            first, second = _split(nest, name, found, fresh)
            rest = gathered(first, fresh, alias, is_array, is_complex)
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


def parted(
    nest: Nest,
    loop: For,
    uses: Uses,
    fresh: Callable[[str], str],
    alias: Callable[[str], str],
    is_array: Callable[[str], bool],
    is_complex: Callable[[str], bool],
) -> list[Nest] | None:
    """As ``gathered``, of a loop along vectors whose sums are of many values: each waits in memory of its own.

    Before                                           After

        for i in range(n - 2):                           for i in range(n - 2):
            a_bar[i + 1] += b_bar[i] * c[i]                  a_bar[i + 1] += b_bar[i] * c[i]
            a_bar[i] -= b_bar[i] * c[i + 1]                  a_bar_padded[i] = -b_bar[i] * c[i + 1]
                                                         for i in range(n - 2):
                                                             a_bar[i] += a_bar_padded[i]

    Not of rows of arrays: there are too many places for the processor to tell apart (a diffusion of 100 by 100 places
    with a coefficient for each took 1.1 times as long).
    """
    if nest.rank != 1 or any(blocks(s) for s in nest.body):
        return None
    sizes = {n for a in loop.args for n in names(a)}
    if not sizes or sizes & uses.turning:
        return None  # few turns, or memory that each turn of a loop around would make anew
    behind: list[Nest] = []
    for name in dict.fromkeys(n for s in nest.body if (n := _sums_into(s)) and not is_complex(n)):
        moved = _several(nest, name, alias, is_array)
        if moved is not None:
            nest, second = _parted(nest, name, moved, fresh)
            behind.append(second)
    return [nest, *behind] if behind else None


def _several(
    nest: Nest, name: str, alias: Callable[[str], str], is_array: Callable[[str], bool]
) -> dict[Stmt, int] | None:
    """The sums that go to other places than most do, and which: those that go to one place are as they are."""
    own = alias(name)
    found: dict[Stmt, int] = {}
    for stmt in nest.body:
        met = [t for t in touches([stmt], is_array) if alias(t.name) == own]
        if not isinstance(stmt, Store) or _sums_into(stmt) != name:
            if met:
                return None
            continue
        at = _offsets(stmt.target, 1)
        if at is None or len(met) > 1:
            return None
        found[stmt] = at[0]
    most = Counter(found.values()).most_common(1)
    moved = {stmt: at for stmt, at in found.items() if at != most[0][0]}
    return moved if moved and len(set(moved.values())) <= PLACES else None


def _parted(nest: Nest, name: str, moved: dict[Stmt, int], fresh: Callable[[str], str]) -> tuple[Nest, Nest]:
    least = min(moved.values())
    span = max(moved.values()) - least
    (extent,) = nest.extents
    first = Nest(nest.extents, list(nest.front), [], dict(nest.made), list(nest.comments), nest.origin, nest.safe)
    waiting: dict[int, str] = {}
    for stmt in nest.body:
        at = moved.get(stmt)
        if at is None:
            first.body.append(stmt)
            continue
        assert isinstance(stmt, Store)
        op, value = stmt.op, stmt.value
        if at not in waiting:
            waiting[at] = fresh(f"{name}_padded")
            alloc = Assign((waiting[at],), (np_call("zeros", at_least_zero(plus(extent.text, 2 * span))),), nest.origin)
            first.front.append(alloc)
            first.made[waiting[at]] = alloc
            op, value = "", mul(Const(-1.0), value) if op == "-" else value
        first.body.append(Store(place(Name(waiting[at]), (plus(turn(0), span),)), op, value, stmt.origin))
    total: Expr | None = None
    for at, padded in waiting.items():
        term = place(Name(padded), (plus(turn(0), span - (at - least)),))
        total = term if total is None else add(total, term)
    assert total is not None
    target = place(Name(name), (plus(turn(0), least),))
    longer = Extent(_longer(extent.text, span, nest.safe), None)
    return first, Nest((longer,), [], [Store(target, "+", total, nest.origin)], origin=nest.origin)


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
