"""What a ``try`` writes whose handlers go on: nobody sees half of it where the body has made what it writes into."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import memory_of
from tangent_like.ir.nodes import Assign, List, Name, Stmt, Try, UserFunction
from tangent_like.ir.walk import binds, bound_in, reads, statements


def made_anew(stmt: Try, typing: Typing, returns_argument: Callable[[UserFunction], bool]) -> set[str]:
    """The names of new memory of the body's own: ``items = []``, before anything else is done with the name.

    An exception leaves them to nobody.
    """
    found: set[str] = set()
    inside = list(statements(stmt.body))
    for name in bound_in(stmt.body):
        met = [s for s in inside if name in binds(s) or name in reads(s)]
        bound = [s for s in met if name in binds(s)]
        if any(met[0] is s for s in stmt.body) and met[0] is bound[0] and name not in reads(met[0]):
            if all(_is_new(s, name, typing, returns_argument) for s in bound):
                found.add(name)
    return found


def _is_new(stmt: Stmt, name: str, typing: Typing, returns_argument: Callable[[UserFunction], bool]) -> bool:
    if not isinstance(stmt, Assign) or name not in stmt.targets or len(stmt.targets) != len(stmt.values) or stmt.writes:
        return False
    value = stmt.values[stmt.targets.index(name)]
    if isinstance(value, Name):
        return False
    return isinstance(value, List) or not memory_of(value, typing.at(stmt), returns_argument, lists=True)
