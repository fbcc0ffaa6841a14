"""``np.array([n, *e])``, where only the run tells how long ``e`` is: runs of items, and arrays between them.

Before                                   After

    q = np.array([n, *e])                    q = np.concatenate(([n], e))
"""

from __future__ import annotations

from tangent_like.ir.build import numpy_ref
from tangent_like.ir.nodes import Call, Expr, Library, List, Ref, Starred, Tuple
from tangent_like.specialize.columns import one_by_one
from tangent_like.specialize.operands import operands
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Frame, Leaf, Seq, Value


def joined(s: Spec, call: Call, frame: Frame) -> Value | None:
    """What such a call gives; None for another call."""
    match call:
        case Call(Ref(target=Library("numpy", "array" | "asarray")), (List(items) | Tuple(items),), ()):
            pass
        case _:
            return None
    if not any(isinstance(item, Starred) for item in items):
        return None

    def one(k: int) -> Value:
        item = items[k]
        value = s.part(item.value if isinstance(item, Starred) else item, frame)
        if not isinstance(item, Starred):
            return value
        found = one_by_one(s, value)
        if found is None and not isinstance(value, Leaf):
            raise s.refuse("a starred value whose length only the run tells", "write the items out", item.at)
        return value if found is None else Seq(tuple(found))

    parts: list[Expr] = []
    run: list[Expr] = []
    for item, value in zip(items, operands(s, len(items), one), strict=True):
        if not isinstance(item, Starred):
            run.append(s.materialize(value, item))
        elif isinstance(value, Seq):
            run.extend(s.materialize(v, item) for v in value.items)
        else:
            parts += [List(tuple(run)), s.materialize(value, item)] if run else [s.materialize(value, item)]
            run = []
    if not parts:
        return Leaf(Call(call.func, (List(tuple(run)),), (), call.at))
    parts += [List(tuple(run))] if run else []
    return Leaf(Call(numpy_ref("concatenate"), (Tuple(tuple(parts)),), (), call.at))
