"""What an arm of an ``if`` holds that is refused is refused where the arm may run: for some arguments it does not.

Before                                   After, for ``tol=None``

    def friction(re, tol=None):              def friction(re, tol=None):
        if tol == 0:                             return 64.0 / re
            from mpmath import mp
            mp.dps = 50
            return float(64 / mp.mpf(re))
        return 64.0 / re
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from tangent_like.errors import UnsupportedError
from tangent_like.ir.nodes import Block, Function, Origin, Raise, Ref, Stmt, Unresolved
from tangent_like.ir.walk import statements


class Lowering(Protocol):
    """What lowers statements."""

    def statement(self, node: Any) -> list[Stmt]: ...

    def origin(self, node: Any) -> Origin: ...

    def running(self, nodes: list[Any]) -> Iterable[Any]:
        """The statements that run, whatever the arguments."""
        ...


def arm(nodes: list[Any], lowering: Lowering) -> Block:
    """The statements of an arm, up to the first that is refused, which stands as one that raises."""
    out: list[Stmt] = []
    for node in lowering.running(nodes):
        found, error = tried(node, lowering)
        out.extend(found)
        if error is not None:
            return (*out, Raise(Ref("refused", Unresolved("refused", str(error), error)), lowering.origin(node)))
    return tuple(out)


def tried(node: Any, lowering: Lowering) -> tuple[list[Stmt], UnsupportedError | None]:
    try:
        return lowering.statement(node), None
    except UnsupportedError as error:
        return [], error


def refusal(stmt: Stmt) -> UnsupportedError | None:
    """Why the statement is refused, if it is one that is."""
    match stmt:
        case Raise(Ref(target=Unresolved(error=UnsupportedError() as error))):
            return error
        case _:
            return None


def first_refusal(function: Function) -> UnsupportedError | None:
    """Why the first such statement of a function is refused."""
    return next((error for s in statements(function.body) if (error := refusal(s)) is not None), None)
