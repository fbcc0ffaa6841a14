"""The zeros that the adjoint of a list of arrays begins as, said in plain NumPy.

Before                                   After

    Ws_bar = zeros_like(Ws)                  Ws_bar = [np.zeros_like(W) for W in Ws]

Where the items are known to be arrays of double precision. Not one of the passes that ``tidy`` switches: those, and
every analysis, know only loops.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Assign, Call, Clause, Comprehension, Each, Function, Name, Stmt
from tangent_like.ir.walk import statements, with_body
from tangent_like.kinds.kind import Array, Kind, ListOf
from tangent_like.transform.tidy.calls import library, origin_of


def lists_of_zeros(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with such zeros item by item; ``kinds`` are those of its names."""
    body = tuple(_plain(stmt, function, kinds) for stmt in function.body)
    return with_body(function, body)


def _plain(stmt: Stmt, function: Function, kinds: Mapping[str, Kind]) -> Stmt:
    match stmt:
        case Assign((bar,), (Call(args=(Name(id),), keywords=()) as call,), None, "", None, ()):
            target, kind = library(call), kinds.get(id)
        case _:
            return stmt
    if target is None or origin_of(target) != ("runtime", "zeros_like") or not isinstance(kind, ListOf):
        return stmt
    if not isinstance(kind.item, Array) or not kind.item.rank or kind.item.dtype != "float64":
        return stmt
    item = Name(_item(id, function))
    clauses = (Clause(item, Name(id)),)
    whole = Comprehension("list", np_call("zeros_like", item), None, clauses, frozenset({item.id}))
    return Assign((bar,), (whole,), None)


def _item(name: str, function: Function) -> str:
    """What an item is called: as in a loop over the list, or as one of them."""
    for stmt in statements(function.body):
        match stmt:
            case Each(target, Name(id)) if id == name:
                return target
            case _:
                pass
    return name[:-1] if name.endswith("s") and len(name) > 1 else "item"
