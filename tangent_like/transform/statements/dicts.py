"""``d[k] = v`` in a dict whose keys only the run tells: what was under the key is kept, and whether anything was.

    d_saved.append(d.get(k))        ->      old = d_saved.pop()
    d[k] = v                                if old is None:
                                                d.pop(k)
                                            else:
                                                d[k] = old

``del d[k]`` is a store, too: of nothing.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Arm, Attribute, Call, Compare, Const, Do, Expr, If, Name, Pop, Stmt, Store
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
    return bool(stmt.op) or any(same(e, stmt.target) for e in subexpressions(stmt.value))


def before(stmt: Store, sweep: Sweep) -> Expr:
    """What is under the key before the statement; None where there is nothing."""
    if is_there(stmt, sweep):
        return stmt.target
    return Call(Attribute(stmt.target.value, "get"), (stmt.target.index,))


def put_back(stmt: Store, slot: Slot, sweep: Sweep) -> list[Stmt]:
    if is_there(stmt, sweep):
        return [Pop(stmt.target, slot.name) if slot.is_list else Store(stmt.target, "", Name(slot.name))]
    old = sweep.namer.fresh("old") if slot.is_list else slot.name
    nothing = Compare(Name(old), ("is",), (Const(None),))
    out = Do(Call(Attribute(stmt.target.value, "pop"), (stmt.target.index,)))
    putting = If((Arm(nothing, (out,)),), (Store(stmt.target, "", Name(old)),))
    return [Pop(Name(old), slot.name), putting] if slot.is_list else [putting]
