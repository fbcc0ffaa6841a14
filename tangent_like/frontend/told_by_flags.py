"""Names that are bound wherever a flag says so: nobody need ask for those where the flag is asked.

    if x[i] > k:                   on = k > 0.5
        best = x[i] * x            if on:
        found = True                   v = x * 2.0
    ...                            ...
    if found:                      if on:
        s = best[0]  # bound           s = v[0]  # bound
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Const,
    Expr,
    Function,
    If,
    Logic,
    Name,
    Push,
    Stmt,
    Store,
    Try,
    Unary,
)
from tangent_like.ir.walk import binds, blocks, bound_in, statements

Flag: TypeAlias = "tuple[str, bool]"  # a name, and whether it holds
Told: TypeAlias = "Mapping[Flag, frozenset[str]]"

PLAIN = (Assign, Augment, Store, Push)


def said(test: Expr, holds: bool) -> set[Flag]:
    """The flags that are known where a test holds, or does not."""
    match test:
        case Name(name):
            return {(name, holds)}
        case Unary("not", operand):
            return said(operand, not holds)
        case Logic(op, values) if (op == "and") == holds:
            return {flag for v in values for flag in said(v, holds)}
        case _:
            return set()


def said_by_arms(stmt: If) -> list[set[Flag]]:
    """The flags that are known in each arm of a branch, and in what is left."""
    out: list[set[Flag]] = []
    before: set[Flag] = set()
    for arm in stmt.arms:
        out.append(before | said(arm.test, True))
        before = before | said(arm.test, False)
    return [*out, before]


def told_by(flags: Iterable[Flag], *all_told: Told) -> set[str]:
    found: set[str] = set()
    for flag in flags:
        for told in all_told:
            found |= told.get(flag, frozenset())
    return found


def told_everywhere(function: Function, others: Collection[str]) -> dict[Flag, frozenset[str]]:
    """What is bound beside each ``flag = True`` that there is, or each ``flag = False``; ``others`` are no flags."""
    found: dict[Flag, frozenset[str]] = {}
    refused = {p.name for p in function.params} | set(others)
    tries = any(isinstance(s, Try) for s in statements(function.body))
    for block in (function.body, *(b for s in statements(function.body) for b in blocks(s))):
        for at, stmt in enumerate(block):
            pairs = _pairs(stmt)
            for name in () if isinstance(stmt, If) else binds(stmt):
                value = pairs.get(name)
                if not isinstance(value, Const) or not isinstance(value.value, bool):
                    refused.add(name)
                    continue
                flag, beside = (name, value.value), _bound_beside(block, at, tries)
                found[flag] = found.get(flag, beside) & beside
    return {flag: names for flag, names in found.items() if names and flag[0] not in refused}


def _pairs(stmt: Stmt) -> dict[str, Expr]:
    if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
        return dict(zip(stmt.targets, stmt.values, strict=True))
    return {}


def _bound_beside(block: Block, at: int, tries: bool) -> frozenset[str]:
    """What the statements before have bound, and those that follow at once, where no exception is caught."""
    after = at
    while not tries and after + 1 < len(block) and isinstance(block[after + 1], PLAIN):
        after += 1
    return frozenset(n for s in block[: after + 1] if isinstance(s, Assign) for n in s.targets)


def going_on(told: Told, stmt: Stmt) -> dict[Flag, frozenset[str]]:
    """What is still told where, and once, a statement has run that may bind flags."""
    bound = {*binds(stmt), *bound_in((stmt,))}
    return {flag: names for flag, names in told.items() if flag[0] not in bound}
