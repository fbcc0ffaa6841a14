"""``if``/``elif``/``else``: the way back asks the same conditions again, or the path that was kept."""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.nodes import Arm, Assign, Block, Compare, Const, Expr, If, Name, Origin, Pass, Stmt, Unary
from tangent_like.transform.accumulate import State, zero
from tangent_like.transform.statements.blocks import kept_at_end, restored_at_end
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.tangents import Tangents


def forward(stmt: If, sweep: Sweep) -> list[Stmt]:
    arms = tuple(Arm(a.test, kept_at_end(stmt, k, a.body, sweep), a.origin) for k, a in enumerate(stmt.arms))
    orelse = kept_at_end(stmt, len(arms), stmt.orelse, sweep)
    return [If(arms, orelse, stmt.origin, stmt.path, stmt.early)]


def reverse(stmt: If, state: State, sweep: Sweep) -> list[Stmt]:
    every = (*(a.body for a in stmt.arms), stmt.orelse)
    going = [k for k in range(len(every)) if (stmt, k) not in sweep.activity.gone]  # the others were not taken
    bodies = [tuple(b) for b in alternatives(stmt, {k: every[k] for k in going}, state, sweep)]
    if len(bodies) < 2:
        return [s for body in bodies for s in body]
    tests: list[Expr] = [a.test for a in stmt.arms]
    if stmt.path:
        tests = [Compare(Name(stmt.path), ("==",), (Const(k),)) for k in range(len(tests))]
    arms = tuple(stmt.arms[k] for k in going[:-1])
    return choose(arms, stmt.origin, [tests[k] for k in going[:-1]], bodies)


def alternatives(stmt: Stmt, blocks: Mapping[int, Block], state: State, sweep: Sweep) -> list[list[Stmt]]:
    """The way back of each of several blocks, of which one was run: from one state to one state."""
    states: list[State] = []
    bodies: list[list[Stmt]] = []
    for k, body in blocks.items():
        inner = state.copy()
        bodies.append(restored_at_end(stmt, k, sweep) + sweep.backward(body, inner, sweep))
        states.append(inner)
    before = sweep.activity.before[stmt]
    present = [name for name in dict.fromkeys(n for s in states for n in s.owned) if sweep.aliases.rep(name) in before]
    for k, inner, statements in zip(blocks, states, bodies, strict=True):
        unasked = sweep.activity.unasked.get((stmt, k), ())
        for name in present:
            if name not in inner.owned:
                if sweep.aliases.rep(name) not in unasked:
                    statements.append(Assign((sweep.bar(name),), (zero(name, sweep.kind(name)),)))
                inner.owned[name] = True
    owned = {name: all(s.owned[name] for s in states) for name in present}
    state.owned.clear()
    state.owned.update(owned)
    state.sums = set.intersection(*(s.sums for s in states)) if states else state.sums
    return bodies


def choose(taken: tuple[Arm, ...], origin: Origin | None, tests: list[Expr], bodies: list[Block]) -> list[Stmt]:
    """The branch of the way back: arms with nothing to do leave no trace where that is possible."""
    if not any(bodies):
        return []
    *arms, orelse = bodies
    if len(arms) == 1 and not arms[0]:
        return [If((Arm(negated(tests[0]), orelse, origin),), (), origin)]
    while arms and not arms[-1] and not orelse:
        arms.pop()
    kept = tuple(
        Arm(test, body or (Pass(),), arm.origin) for test, body, arm in zip(tests, arms, taken, strict=False)
    )
    return [If(kept, orelse, origin)]


def tangent(stmt: If, sweep: Tangents) -> list[Stmt]:
    """Forward mode: the same branch, each arm with its tangents."""
    arms = tuple(Arm(a.test, sweep.block(a.body, sweep), a.origin) for a in stmt.arms)
    return [If(arms, sweep.block(stmt.orelse, sweep), stmt.origin, stmt.path, stmt.early)]


OPPOSITE = {"==": "!=", "!=": "==", "is": "is not", "is not": "is", "in": "not in", "not in": "in"}


def negated(test: Expr) -> Expr:
    """``not`` of a condition; ``a < b`` keeps it, for there is neither where one is not a number."""
    if isinstance(test, Compare) and len(test.ops) == 1 and test.ops[0] in OPPOSITE:
        return Compare(test.left, (OPPOSITE[test.ops[0]],), test.rights, test.at)
    return Unary("not", test)
