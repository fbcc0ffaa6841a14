"""The scope of a function that we write ourselves."""

from __future__ import annotations

from dataclasses import dataclass

from tangent_like.frontend.resolve import attribute_of
from tangent_like.ir.nodes import Target, Unresolved


@dataclass(frozen=True)
class OneName:
    """A scope of a function that we write ourselves: it knows one name, or none."""

    name: str = ""
    target: Target | None = None

    def lookup(self, name: str) -> Target:
        return self.target if name == self.name and self.target is not None else Unresolved(name)

    def attribute(self, target: Target, name: str) -> Target:
        return attribute_of(target, name)
