"""What each stage leaves behind and finds out, for whoever wants to look at the compiler at work.

Each stage says it as it goes, to a ``Watch``: ``--passes``, ``stages``, ``explain`` and docs/architecture.md all
show these, and nothing is worked out a second time. The names of the stages are those at the top of
pipeline.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.recorded import Records
from tangent_like.analysis.typing import Typing
from tangent_like.errors import AliasError, DifferentiationError
from tangent_like.ir.nodes import Block, Function
from tangent_like.transform.plans import Plans

Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Swept:
    """The two sweeps, with and without what nobody needs; in forward mode all is in ``front``.

    ``kept`` are the names of the lists and variables that values wait in for the way back, by the names of the
    values; ``saved`` are the names of what calls keep.
    """

    before: tuple[Block, Block]
    front: Block
    back: Block
    typing: Typing
    kept: dict[str, str]
    saved: frozenset[str] = frozenset()
    bars: dict[str, str] = field(default_factory=dict)  # by the names of values: the names of their adjoints


@dataclass(frozen=True, eq=False)
class Tidied:
    """The function as it was, untidy."""

    before: Function


Fact: TypeAlias = "Typing | Aliases | Activity | Plans | Records | Swept | Tidied | None"


@dataclass(frozen=True, eq=False)
class Stage:
    """``function`` is the program after the stage, ``of`` the function that it started from."""

    name: str
    function: Function
    of: Function
    fact: Fact = None


Watch: TypeAlias = Callable[[Stage], None]


def watch_read(written: Function, function: Function, watch: Watch) -> None:
    """A function that has been read, as it was written and with its jumps at the ends of turns."""
    watch(Stage("lower", written, function))
    watch(Stage("normalize", function, function))


def unwatched(stage: Stage) -> None:
    """Nobody looks."""
    del stage


def or_others(
    first: Callable[[Watch], Made],
    others: Callable[[DifferentiationError], Iterable[Callable[[Watch], Made]]],
    watch: Watch,
) -> Made:
    """What ``first`` makes, or the first of ``others`` that is not refused; the error of ``first`` if all are.

    ``watch`` is told the stages of what is made, or of what was refused first.
    """
    seen: list[Stage] = []
    see = watch if watch is unwatched else seen.append
    try:
        return first(see)
    except DifferentiationError as refused:
        stages = seen.copy()
        for other in others(refused):
            seen.clear()
            try:
                return other(see)
            except DifferentiationError:
                seen[:] = stages
        raise refused from None
    finally:
        for stage in seen:
            watch(stage)


def or_written_out(make: Callable[[frozenset[object], Watch], Made], watch: Watch) -> Made:
    """What is made with the calls of a program; where that hangs on what a callee shares, with that written out.

    ``make`` is told which functions to write out where they are called. What a function returns on one path may be
    its argument, and on another not: in its caller's own branches that is decided.
    """

    def with_these(opened: frozenset[object]) -> Callable[[Watch], Made]:
        def others(refused: DifferentiationError) -> Iterable[Callable[[Watch], Made]]:
            callee = refused.callee if isinstance(refused, AliasError) else None
            if callee is not None and callee not in opened:
                yield with_these(opened | {callee})

        return lambda see: or_others(lambda inner: make(opened, inner), others, see)

    return with_these(frozenset())(watch)
