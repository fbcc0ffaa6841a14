"""``d[k] = v`` in a dict whose keys only the run tells: what was under the key is kept, and whether anything was.

    d_saved.append(d.get(k))        ->      old = d_saved.pop()
    d[k] = v                                if old is None:
                                                d.pop(k)
                                            else:
                                                d[k] = old

``del d[k]`` is a store, too: of nothing.
"""

from __future__ import annotations

from tangent_like.ir.build import ZERO
from tangent_like.ir.nodes import (
    Arm,
    Attribute,
    Call,
    Choose,
    Compare,
    Const,
    Do,
    Expr,
    If,
    Logic,
    Name,
    Pop,
    Stmt,
    Store,
)
from tangent_like.ir.walk import same, subexpressions
from tangent_like.kinds.kind import DictOf
from tangent_like.transform.sweep import Slot, Sweep


def is_place(stmt: Store, sweep: Sweep) -> bool:
    return isinstance(sweep.typing.kind(stmt.target.value, sweep.typing.before[stmt]), DictOf)


def is_there(stmt: Store, sweep: Sweep) -> bool:
    """Has the dict the key for sure? Else the statement would not come to its end."""
    if stmt.op == "del":
        return True
    kind = sweep.typing.kind(stmt.target.value, sweep.typing.before[stmt])
    if isinstance(kind, DictOf) and kind.missing:
        return False
    asked = [*subexpressions(stmt.value)]
    sure = not any(isinstance(e, Choose | Logic) for e in asked)
    return bool(stmt.op) or (sure and any(same(e, stmt.target) for e in asked))


def before(stmt: Store, slot: Slot, sweep: Sweep) -> list[tuple[Slot, Expr]]:
    """What is kept, and where: what is under the key before the statement, None where there is nothing.

    In text that is differentiated again a number, and whether there is one.
    """
    if is_there(stmt, sweep):
        return [(slot, stmt.target)]
    get, key = Attribute(stmt.target.value, "get"), stmt.target.index
    if not sweep.flat:
        return [(slot, Call(get, (key,)))]
    known = sweep.slot(stmt, f"{root(stmt)}_known")
    return [(slot, Call(get, (key, ZERO))), (known, Compare(key, ("in",), (stmt.target.value,)))]


def root(stmt: Store) -> str:
    assert isinstance(stmt.target.value, Name)
    return stmt.target.value.id


def put_back(stmt: Store, slot: Slot, sweep: Sweep) -> list[Stmt]:
    if is_there(stmt, sweep):
        return [Pop(stmt.target, slot.name) if slot.is_list else Store(stmt.target, "", Name(slot.name))]
    out = Do(Call(Attribute(stmt.target.value, "pop"), (stmt.target.index,)))
    before_, old = popped(slot, "old", sweep)
    if not sweep.flat:
        nothing: Expr = Compare(Name(old), ("is",), (Const(None),))
        return [*before_, If((Arm(nothing, (out,)),), (Store(stmt.target, "", Name(old)),))]
    before_known, known = popped(sweep.slot(stmt, f"{root(stmt)}_known"), "known", sweep)
    back = Store(stmt.target, "", Name(old))
    return [*before_, *before_known, If((Arm(Name(known), (back,)),), (out,))]


def popped(slot: Slot, wanted: str, sweep: Sweep) -> tuple[list[Stmt], str]:
    """What was kept, in a name."""
    if not slot.is_list:
        return [], slot.name
    name = sweep.namer.fresh(wanted)
    return [Pop(Name(name), slot.name)], name
