"""Parameters that are arrays because a function stores into places of them, whatever else is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tangent_like.ir.nodes import Attribute, Function, Index, Name, Store, UserFunction
from tangent_like.ir.walk import bound_in, statements
from tangent_like.kinds.kind import Array, Kind, Unknown
from tangent_like.transform.lowered import passed_on


@dataclass(frozen=True, eq=False)
class Places:
    """``read``: the function behind a name. A list is no unknown: of those, annotations and use tell."""

    read: Callable[[UserFunction], Function]
    found: dict[UserFunction, frozenset[str]] = field(default_factory=dict)

    def arrays(self, target: UserFunction, kinds: dict[str, Kind]) -> dict[str, Kind]:
        """The kinds of the parameters, those that are stored into arrays."""
        stored = self.stored(target)
        return {n: Array(None, None) if n in stored and isinstance(k, Unknown) else k for n, k in kinds.items()}

    def stored(self, target: UserFunction) -> frozenset[str]:
        return passed_on(target, self.found, self.read, _places)


def _places(function: Function) -> set[str]:
    """The names that the function stores into and never binds anew."""
    stored = {_whole(s.target.value) for s in statements(function.body) if isinstance(s, Store)}
    return stored - bound_in(function.body)


def _whole(place: object) -> str:
    """The name whose places, or those of whose transpose, are stored into."""
    match place:
        case Name(id):
            return id
        case Attribute(value, "T") | Index(value):
            return _whole(value)
        case _:
            return ""
