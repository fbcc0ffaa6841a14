"""Which names of a function in loops are arrays, and which of these may share memory."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import Block, For
from tangent_like.ir.walk import statements
from tangent_like.kinds.kind import Scalar


@dataclass(frozen=True, eq=False)
class Memory:
    """``numbers``: names that are numbers though their kinds do not say so."""

    typing: Typing
    classes: dict[str, str]
    numbers: Set[str]

    def alias(self, name: str) -> str:
        return self.classes.get(name, name)

    def is_array(self, name: str) -> bool:
        return name not in self.numbers and not isinstance(self.typing.overall.get(name), Scalar)


def turn_names(body: Block) -> set[str]:
    """The variables of loops over ranges."""
    return {s.target for s in statements(body) if isinstance(s, For)}
