"""The scope of a function that we write ourselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.frontend.resolve import attribute_of
from tangent_like.ir.nodes import Target, Unresolved


@dataclass(frozen=True)
class OneName:
    """A scope of a function that we write ourselves: it knows one name, or none, and maybe ``more``."""

    name: str = ""
    target: Target | None = None
    more: Mapping[str, Target] = field(default_factory=dict)

    def lookup(self, name: str) -> Target:
        if name == self.name and self.target is not None:
            return self.target
        return self.more.get(name) or Unresolved(name)

    def attribute(self, target: Target, name: str) -> Target:
        return attribute_of(target, name)

    def imported(self, module: str, attribute: str | None, name: str) -> Target:
        return Unresolved(name, f"{module}.{attribute} is not imported by what we write ourselves")
