"""What a statement binds beside what is differentiated is read by its name on the way back.

    c, s = np.cos(t), np.sin(t)        t_bar += s_bar * c - c_bar * s

The slope of each is the other: neither is computed again, and of ``t`` there is no need.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from tangent_like.ir.nodes import Assign, Call, Expr, Fresh, Library, Ref
from tangent_like.ir.walk import key, rebuild
from tangent_like.transform.contribution import Contribution


class Planned(Protocol):
    temps: list[tuple[str, Expr]]
    parts: list[Contribution]


def by_their_names(planner: Planned, stmt: Assign) -> None:
    """The plan of ``a, b = f(x), g(x)`` with the names for calls of libraries that the statement makes itself."""
    values = zip(stmt.targets, stmt.values, strict=True)
    table = {
        key(v): Fresh(t) for t, v in values if isinstance(v, Call) and isinstance(v.func, Ref) and not v.keywords
        if isinstance(v.func.target, Library)
    }  # fmt: skip

    def change(expr: Expr) -> Expr:
        found = table.get(key(expr)) if isinstance(expr, Call) else None
        return rebuild(expr, change) if found is None else found

    if table:
        planner.temps = [(n, change(e)) for n, e in planner.temps]
        planner.parts = [replace(p, value=change(p.value)) for p in planner.parts]
