"""Places in what a module holds that runs: in a dict or list of its, or in one that an object or a class there has."""

from __future__ import annotations

import numpy as np

from tangent_like.frontend.method_calls import WRITING
from tangent_like.frontend.parsed import Made
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.nodes import Attribute, Bind, Call, Do, Expr, Global, Index, Ref, Stmt, Store


def of_module(place: Expr) -> bool:
    while isinstance(place, Index | Attribute):
        place = place.value
    target = place.target if isinstance(place, Ref) else None
    if not isinstance(target, Global) or isinstance(target.definition, FileScope):
        return False
    return target.value is not None and not isinstance(target.value, np.ndarray | np.generic | Made)


def may_write_module(stmt: Stmt) -> bool:
    """Does a statement, as it is written, write into such a place, or an attribute there?"""
    match stmt:
        case Store(target) | Bind(target=target):
            return isinstance(target, Index | Attribute) and of_module(target)
        case Do(Call(Attribute(place, name))):
            return name in WRITING and of_module(place)
        case _:
            return False
