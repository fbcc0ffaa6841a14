"""The plan of a call of the user's own function: what its two halves take and give."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tangent_like.analysis.reads import Reads
from tangent_like.errors import Place
from tangent_like.ir.nodes import Call, Expr, Ref, UserFunction
from tangent_like.kinds.kind import Kind
from tangent_like.transform.lent import Groups
from tangent_like.transform.undo import Undo


@dataclass(frozen=True, eq=False)
class Half:
    """The two halves of a function of the user's for one pattern of active arguments and kinds."""

    forward: Ref
    reverse: Ref
    active: tuple[str, ...]  # parameters whose adjoints the reverse half returns, in order
    owned: tuple[bool, ...]  # which of them are memory of their own
    results: int  # how many results; 1 for a bare one
    flowing: tuple[bool, ...]  # which results carry derivatives
    mirrors: tuple[tuple[str, str, bool], ...] = ()  # see ``Mirror``: parameter, what is passed, early
    keeps: bool = True  # may what it keeps be the memory that it returns?
    undo: Undo | None = None  # of a step that is taken back: nothing of it is kept


def paired(halves: Iterable[Half]) -> dict[str, str]:
    """The reverse half of each forward half that keeps something for it."""
    return {half.forward.spelling: half.reverse.spelling for half in halves if half.undo is None}


DeriveCall = Callable[
    [UserFunction, Call, Callable[[Expr], Kind], frozenset[str], Groups, Place, frozenset[int]], Half
]


class EarlyMirrorError(Exception):
    """A function that writes its arguments needs their adjoints in its forward half, and they are not there yet."""

    def __init__(self, target: UserFunction) -> None:
        super().__init__(target.qualname)
        self.target = target


@dataclass(frozen=True, eq=False)
class Mirror:
    """The adjoint of an argument that is written: ``path`` is the argument, a name or a view of one.

    ``param`` names the parameter that takes it. ``early``: the forward half takes it, else the reverse half.
    """

    path: Expr
    name: str
    param: str
    early: bool


@dataclass(frozen=True, eq=False)
class CallPlan:
    """A call of the user's own function: which adjoints go in, which places take what comes out."""

    half: Half
    saved: str
    seeds: tuple[str | None, ...]  # the targets whose adjoints go in; None for results without
    places: tuple[tuple[Expr, Kind], ...]  # the arguments, in the order of ``half.active``
    reads: Reads
    mirrors: tuple[Mirror, ...] = ()
