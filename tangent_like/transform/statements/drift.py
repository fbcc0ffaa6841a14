"""Does the way back of a loop whose steps are taken back arrive where the loop began?

Before                                  After

    for t in range(n):                      q_first = q
        q = step(q, k)                      for t in range(n):
                                                q = step(q, k)
                                            ...
                                            for t in range(n - 1, -1, -1):
                                                q = step_inverse(q, k)
                                                ...
                                            refuse_drift(q, q_first, "step")
"""

from __future__ import annotations

from tangent_like.ir.nodes import Assign, Call, Const, Do, Each, For, Name, Stmt, While
from tangent_like.ir.walk import binds, statements
from tangent_like.kinds.kind import is_float
from tangent_like.transform.call_plan import CallPlan
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.sweep import Sweep

Loop = For | Each | While


def states(stmt: Loop, sweep: Sweep) -> dict[str, str]:
    """The names that only steps bind in a loop, and from before it, each with such a step; of the outermost loop."""
    found: dict[str, str] = {}
    others: set[str] = set()
    for inner in statements(stmt.body):
        plan = sweep.plans.of.get(inner)
        if isinstance(inner, Assign) and isinstance(plan, CallPlan) and plan.half.undo is not None:
            restored = sweep.plans.reads[inner].restored
            found.update(dict.fromkeys((n for n in inner.targets if n in restored), plan.half.undo.step))
            others.update(n for n in inner.targets if n not in restored)
        elif inner not in sweep.records.moves:
            others.update(binds(inner))
    before = sweep.records.entered.get(stmt, frozenset())
    others |= {n for n in found if sweep.aliases.is_written(n)}  # what is there first may be something else then
    return {n: step for n, step in found.items() if n not in others and n in before and is_float(sweep.kind(n))}


def begin(stmt: Loop, sweep: Sweep) -> list[Stmt]:
    return [Assign((first(stmt, n, sweep),), (Name(n),)) for n in states(stmt, sweep)]


def end(stmt: Loop, sweep: Sweep) -> list[Stmt]:
    return [
        Do(Call(helper("refuse_drift"), (Name(n), Name(first(stmt, n, sweep)), Const(step))), stmt.origin)
        for n, step in states(stmt, sweep).items()
    ]


def first(stmt: Loop, name: str, sweep: Sweep) -> str:
    return sweep.single((stmt, name, -3), f"{name}_first").name
