"""Parameters that are arrays because a function writes them, whatever else is known.

It stores into places of them; or it changes them as a whole, and says elsewhere that they are no numbers:

    def unit(q):                             def unit(q):
        return q / np.linalg.norm(q)             refuse_no_array(q)
                                                 q /= np.linalg.norm(q)
                                                 return q

Of a number, or a list, ``q /= n`` would make another value, and nobody would see it: such text refuses them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from tangent_like.errors import DifferentiationError
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Call,
    Do,
    Each,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Store,
    UserFunction,
)
from tangent_like.ir.walk import binds, bound_in, expressions, statements, subexpressions, with_body
from tangent_like.kinds.kind import Array, Kind, Unknown
from tangent_like.transform.lowered import passed_names, passed_on
from tangent_like.transform.runtime_refs import helper

OF_ARRAYS = frozenset({"shape", "ndim", "size", "T", "dtype", "copy", "sum", "mean", "dot", "max", "min"})
TAKING_ARRAYS = (np.linalg.norm, np.sum, np.dot)


@dataclass(frozen=True, eq=False)
class Places:
    """``read``: the function behind a name. A list is no unknown: of those, annotations and use tell."""

    read: Callable[[UserFunction], Function]
    found: dict[UserFunction, frozenset[str]] = field(default_factory=dict)

    def arrays(self, target: UserFunction, kinds: dict[str, Kind]) -> dict[str, Kind]:
        """The kinds of the parameters, those that are stored into arrays."""
        stored = self.stored(target)
        return {n: Array(None, None) if n in stored and isinstance(k, Unknown) else k for n, k in kinds.items()}

    def given(self, function: Function) -> frozenset[str]:
        """What a function gives to functions that write it, and take it for an array."""
        with suppress(DifferentiationError):  # refused where it matters, with its place
            return frozenset(passed_names(function, self.found, self.read, lambda _: set()))
        return frozenset()

    def stored(self, target: UserFunction) -> frozenset[str]:
        return passed_on(target, self.found, self.read, _places)


def _places(function: Function) -> set[str]:
    """The names that the function stores into and never binds anew."""
    stored = {_whole(s.target.value) for s in statements(function.body) if isinstance(s, Store)}
    return (stored - bound_in(function.body)) | changed_as_arrays(function)


def changed_as_arrays(function: Function) -> set[str]:
    """The parameters that ``+=`` alone binds anew, and that the function uses or annotates as arrays.

    What has items may be a list, too, and of a list ``+=`` and ``*=`` are something else.
    """
    inside = list(statements(function.body))
    steps = [s for s in inside if isinstance(s, Augment)]
    changed = {s.target for s in steps} & {p.name for p in function.params}
    changed -= {n for s in inside if not isinstance(s, Augment) for n in binds(s)}
    if not changed:
        return changed
    arrays = {p.name for p in function.params if p.annotation.rpartition(".")[2] == "ndarray"}
    shown: set[str] = set()
    for stmt in inside:
        match stmt:
            case Assign(targets, (Name(id),)) if len(targets) > 1:
                shown.add(id)
            case Each(_, Name(id)):
                shown.add(id)
        for expr in (e for whole in expressions(stmt) for e in subexpressions(whole)):
            match expr:
                case Index(Name(id)):
                    shown.add(id)
                case Attribute(Name(id), name) if name in OF_ARRAYS:
                    arrays.add(id)
                case Call(Ref(target=Library(obj=obj)), args) if any(obj is f for f in TAKING_ARRAYS):
                    arrays.update(a.id for a in args if isinstance(a, Name))
    return changed & (arrays | (shown - {s.target for s in steps if s.op in "+*"}))


def checked(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function, refusing what is no array where it changes as a whole what is one by its use alone."""
    names = sorted(n for n in changed_as_arrays(function) if kinds.get(n) == Array(None, None))
    if not names:
        return function
    checks = tuple(Do(Call(helper("refuse_no_array"), (Name(n),)), function.origin) for n in names)
    return with_body(function, (*checks, *function.body))


def _whole(place: object) -> str:
    """The name whose places, or those of whose transpose, are stored into."""
    match place:
        case Name(id):
            return id
        case Attribute(value, "T") | Index(value):
            return _whole(value)
        case _:
            return ""
