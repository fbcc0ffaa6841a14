"""What a probe finds out in order to expose is most of a plan: taken for it, where nothing has changed since.

A probe does not know yet what things will be called. It calls the adjoint that flows in what it is called where no
name is taken, and what it planned is the plan only if that is how it came, and if nothing else had to be named.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tangent_like.analysis.typing import Typing
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Augment, Binary, Call, List, Push, Return, Stmt, Store, Tuple
from tangent_like.ir.walk import children, expressions, subexpressions
from tangent_like.kinds.kind import Array, Kind, is_list
from tangent_like.transform.contribution import Plan
from tangent_like.transform.plan import Planner


@dataclass(frozen=True, eq=False)
class Drafts:
    """``probes`` of statements that stayed as they were, each with the name of the adjoint that flows in."""

    probes: dict[Stmt, tuple[str, Planner]] = field(default_factory=dict)

    def seed(self, stmt: Assign | Store | Augment | Return | Push, planner: Planner) -> str | None:
        """What to call the one adjoint that flows in; None where a plan is not made as a probe is."""
        match stmt:
            case Assign((target,), (_,), guard=None) if not stmt.saved and not stmt.writes:
                seed = f"{target}_bar"
            case Augment(target) if not isinstance(planner.env.get(target), Array):
                seed = f"{target}_bar"
            case Return(value) if not isinstance(value, Tuple):
                seed = "@0"
            case _:
                return None
        return None if seed in planner.env else seed

    def note(self, stmt: Stmt, seed: str, planner: Planner) -> None:
        if not planner.hoist and not planner.temps and not takes_lists(stmt, planner):
            self.probes[stmt] = seed, planner

    def plan(
        self, stmt: Stmt, seed: str, kind: Kind, typing: Typing, varied: frozenset[str], namer: Namer
    ) -> Plan | None:
        """The plan for the adjoint ``seed``, of the kind ``kind``, if there is one and it would be planned again."""
        found, planner = self.probes.pop(stmt, ("", None))
        if planner is None or found != seed or planner.env[seed] != kind or planner.varied != varied:
            return None
        old = planner.typing
        same = old.before[stmt] is typing.before[stmt] and old.after.get(stmt) == typing.after.get(stmt)
        if not same or old.idle != typing.idle or any(old.held.get(n) != typing.held.get(n) for n in old.before[stmt]):
            return None
        planner.probe, planner.namer = False, namer
        return planner.plan((seed,))


def takes_lists(stmt: Stmt, planner: Planner) -> bool:
    """Does a function or an operator take a list? A probe refuses none that has to be an array: it may be made one."""
    parts = (e for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Binary | Call))
    return any(isinstance(e, List | Tuple) or is_list(planner.kind_of(e)) for part in parts for e in children(part))
