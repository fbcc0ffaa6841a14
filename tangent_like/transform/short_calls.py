"""Calls of the user's functions that are one expression, whose adjoint is told by what is at hand.

Before (two halves)                                After

    i, sigmoid_saved = sigmoid_forward(z)              i = sigmoid(z)
    ...                                                ...
    z_bar = sigmoid_reverse(sigmoid_saved, i_bar)      z_bar = i_bar * i * (1 - i)

The way back reads the value, the arguments, and what costs no more to say again than to keep; and what it does is no
more than the halves would take, for as often as the function is called.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.seen import Env
from tangent_like.analysis.typing import Typing
from tangent_like.errors import DifferentiationError
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Block,
    Call,
    Choose,
    Const,
    Expr,
    Fresh,
    Function,
    Logic,
    Name,
    Opaque,
    Ref,
    Return,
    Stmt,
    UserFunction,
)
from tangent_like.ir.walk import called_by, expressions, names, statements, subexpressions, substitute
from tangent_like.kinds.dims import Assumption
from tangent_like.kinds.kind import is_float
from tangent_like.transform.cheap import cheap
from tangent_like.transform.plan import Planner

Found: TypeAlias = "dict[Stmt, tuple[Env, frozenset[str], Expr | None]]"

# What the halves of a short function take beside what the way back does: statements of two functions, and tuples.
HALVES = 16


@dataclass(frozen=True, eq=False)
class ShortCalls:
    """Of the block ``body``; ``body_of`` says the one expression that a function of the user's is."""

    body: Block
    typing: Typing
    activity: Activity
    body_of: Callable[[UserFunction], Function | None]
    found: Found  # by statement, for what it reads: what was found before

    def opened(self, stmt: Stmt) -> Expr | None:
        """What a call says in the caller's words, where its adjoint is told by those."""
        match stmt:
            case Assign((target,), (Call(Ref(target=UserFunction() as callee)) as call,), guard=None):
                if stmt.saved or stmt.writes or stmt not in self.activity.acts:
                    return None
            case _:
                return None
        env, varied = self.typing.before[stmt], self.activity.varied_reads.get(stmt, frozenset())
        known = self.found.get(stmt)
        if known is None or known[0] is not env or known[1] != varied:
            known = self.found[stmt] = env, varied, self.look(stmt, target, callee, call, varied)
        return known[2]

    def look(
        self, stmt: Assign, target: str, callee: UserFunction, call: Call, varied: frozenset[str]
    ) -> Expr | None:
        function = self.body_of(callee)
        made, used = None, dict(self.typing.sizes.used)
        if function is not None:
            with suppress(DifferentiationError):  # told by the halves, where it stands
                made = _probed(function, call, stmt, target, self.typing, varied)
        if made is None or _wants_more(made[1], call):
            _forget(self.typing, used)
            return None
        body, probe = made
        steps = len(probe.temps) + len(probe.parts)
        return body if steps == 1 or self.often(callee) * (steps - 1) <= HALVES else None

    def often(self, callee: UserFunction) -> int:
        """How many calls of a function there are."""
        tops = (top for stmt in statements(self.body) for top in expressions(stmt))
        return sum(called_by(expr) == callee for top in tops for expr in subexpressions(top))


def keeps_parts(function: Function, call: Call, stmt: Stmt, typing: Typing) -> bool:
    """Does the way back through one expression read what is computed in it, so that the call would have halves?"""
    env = typing.before[stmt]
    varied, used = frozenset(n for n in names(call) if n in env and is_float(env[n])), dict(typing.sizes.used)
    try:
        made = _probed(function, call, stmt, "result", typing, varied)
        return made is not None and _wants_more(made[1], call)
    except DifferentiationError:
        return False  # refused where it is derived, with its place
    finally:
        _forget(typing, used)


def _forget(typing: Typing, used: dict[Assumption, None]) -> None:
    """What a plan has asked of sizes that is not carried out."""
    typing.sizes.used.clear()
    typing.sizes.used.update(used)


def _probed(
    function: Function, call: Call, stmt: Stmt, target: str, typing: Typing, varied: frozenset[str]
) -> tuple[Expr, Planner] | None:
    """What a call says in the caller's words, and its plan; None where its arguments are not told by parameter."""
    table = _bound(function, call)
    if table is None:
        return None
    (last,) = function.body
    assert isinstance(last, Return) and last.value is not None
    body = substitute(last.value, table)
    probe = Planner(stmt, getattr(stmt, "origin", None), typing, varied, Namer(), probe=True)
    seed = f"{target}_seed"
    probe.env[seed] = probe.kind_of(body)
    probe.back(body, Name(seed), Fresh(target))
    return body, probe


def _wants_more(probe: Planner, call: Call) -> bool:
    """Does a plan read what is neither an argument nor cheap?"""
    ours = set(subexpressions(call))
    return bool(probe.hoist) or any(e not in ours and not cheap(e, probe.kind_of, True) for e in probe.wanted)


def is_one_expression(function: Function) -> bool:
    """Is it one expression of its parameters, which asks nothing and has no text of its own?"""
    match function.body:
        case (Return(value),) if value is not None:
            pass
        case _:
            return False
    params = {p.name for p in function.params}
    parts = list(subexpressions(value))
    plain = not any(isinstance(e, Opaque | Choose | Logic) or called_by(e) is not None for e in parts)
    return plain and names(value) <= params


def _bound(function: Function, call: Call) -> dict[str, Expr] | None:
    """The arguments by parameter; literals where they are left out."""
    params = function.params
    if len(call.args) > sum(not p.keyword_only for p in params):
        return None
    table: dict[str, Expr] = {p.name: a for p, a in zip(params, call.args, strict=False)}
    for name, value in call.keywords:
        if name in table or name not in {p.name for p in params}:
            return None
        table[name] = value
    for param in params:
        if param.name not in table:
            if not isinstance(param.default, Const):
                return None
            table[param.name] = param.default
    return table
