"""How a step that can be taken back is taken back, and what that reads."""

from __future__ import annotations

from dataclasses import dataclass

from tangent_like.analysis.reads import Reads
from tangent_like.ir.nodes import Assign, Call, Ref
from tangent_like.ir.walk import names


@dataclass(frozen=True, eq=False)
class Undo:
    """``inverse`` is called with the arguments of the step in the places ``passed``.

    The first ``state`` arguments are those that the step returns anew. ``kept``, where the inverse returns also what
    the reverse half reads: the places of arguments, and names.
    """

    step: str  # what the user calls it
    inverse: Ref
    state: int
    passed: tuple[int, ...]
    kept: tuple[int | str, ...] | None = None

    def reads(self, stmt: Assign, others: frozenset[str] | set[str]) -> Reads:
        """What the reverse half of a call reads: its results, and ``others`` beside what is no state."""
        call = stmt.values[0]
        assert isinstance(call, Call)
        state = {n for a in call.args[: self.state] for n in names(a)}
        given = {n for a in call.args[self.state :] for n in names(a)}
        return Reads(frozenset((given | others) - state), frozenset(stmt.targets), restored=frozenset(state))
