"""The adjoint of a short vector, of which one statement reads each entry: made at once.

Before                                   After

    # a, b, c = x                            # a, b, c = x
    x_bar = np.zeros_like(x)                 x_bar = np.array([a_bar, b_bar, c_bar])
    x_bar[0] = a_bar
    x_bar[1] += b_bar
    x_bar[2] += c_bar

Where nothing has flowed to it before, and its entries are of double precision, as what flows to them is.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.build import ZERO, np_call
from tangent_like.ir.nodes import Assign, Augment, Const, Expr, Index, List, Name
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.accumulate import State, floating
from tangent_like.transform.contribution import Contribution, Plan
from tangent_like.transform.sweep import Sweep


def entries_at_once(stmt: Assign | Augment, plan: Plan, state: State, sweep: Sweep) -> Plan:
    """The plan with contributions to all entries of a vector as one to the vector."""
    parts = plan.parts
    for name in dict.fromkeys(p.name for p in parts if isinstance(p.path, Index)):
        if name in state.owned or sweep.is_shadow(name) or sweep.aliases.is_written(name):
            continue
        kind = sweep.kind(name)
        if not isinstance(kind, Array) or kind.rank != 1 or kind.dtype != "float64":
            continue
        own = [p for p in parts if p.name == name]
        found = {_place(p): p for p in own}
        count = _count(stmt, name, kind)
        if count is None or None in found or len(own) != len(found) or not found.keys() <= set(range(count)):
            continue
        if len(found) < count and (count > len(found) + 1 or len(found) < 2):
            continue  # as zeros of which a few are written
        zero = Contribution(Name(name), ZERO, Scalar("float"), Scalar("float"))
        values = tuple(_entry(found.get(k, zero)) for k in range(count))
        if any(v is None for v in values):
            continue
        made = np_call("array", List(tuple(v for v in values if v is not None)))
        whole = replace(own[0], path=Name(name), value=made, kind=kind, value_kind=kind)
        parts = tuple(whole if p is own[0] else p for p in parts if p is own[0] or p not in own)
    return plan if parts is plan.parts else replace(plan, parts=parts)


def _place(part: Contribution) -> int | None:
    match part.path:
        case Index(Name(), Const(int(k))) if part.fancy is None and not isinstance(k, bool):
            return k
        case _:
            return None


def _count(stmt: Assign | Augment, name: str, kind: Array) -> int | None:
    """How many entries the vector has: as many as names it is unpacked into, or as its size says."""
    if isinstance(stmt, Assign) and len(stmt.values) == 1 < len(stmt.targets):
        value = stmt.values[0]
        if isinstance(value, Name) and value.id == name:
            return len(stmt.targets)
    size = kind.dims[0] if kind.dims else None
    return None if size is None else size.known


def _entry(part: Contribution) -> Expr | None:
    kind: Kind = part.value_kind
    if not isinstance(kind, Scalar) or kind.dtype not in (None, "float64") or kind.type not in ("float", "int"):
        return None
    return floating(part.value, kind, Scalar("float"))
