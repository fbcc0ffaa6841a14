"""What may not happen twice: draws at random, and what is written outside of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tangent_like.frontend.of_module import may_write_module
from tangent_like.ir.nodes import Function, Stmt, UserFunction
from tangent_like.ir.outside_calls import calls_outside, writes_outside
from tangent_like.ir.walk import called_by, expressions, statements, subexpressions
from tangent_like.rules.draws import drawn_by, drawn_in
from tangent_like.transform.lowered import Lowered


def writes(stmt: Stmt) -> bool:
    return writes_outside(stmt) or may_write_module(stmt)


def happens_once(
    target: UserFunction,
    read: Callable[[UserFunction], Lowered | None],
    calls: Callable[[Function], Iterable[UserFunction]],
) -> bool:
    """May a call of a function of the user's draw, or write outside? Not where its text is not known."""
    pending, seen = [target], {target}
    while pending:
        lowered = read(pending.pop())
        if lowered is None:
            continue
        function = lowered.function
        if drawn_in(function) or any(map(writes, statements(function.body))):
            return True
        new = [c for c in calls(function) if c not in seen]
        pending += new
        seen.update(new)
    return False


def is_once_only(stmt: Stmt, happens: Callable[[UserFunction], bool]) -> bool:
    """Does a statement, without those inside it, draw, write outside, or call what does?"""
    if writes_outside(stmt):
        return True
    for part in (e for top in expressions(stmt) for e in subexpressions(top)):
        target = called_by(part)
        if drawn_by(part) or calls_outside(part) or (target is not None and happens(target)):
            return True
    return False
