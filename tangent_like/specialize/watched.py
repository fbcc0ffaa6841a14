"""What of a table of the module a text was made for: asked again at each call, and once for all of the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Outer

Ask: TypeAlias = "Callable[[object], tuple[object, ...]]"


@dataclass(frozen=True, slots=True)
class Look:
    """Two that ask the same of one table are one."""

    table: int  # its identity
    ask: Ask
    read: Callable[[], object] = field(compare=False)

    def __call__(self) -> tuple[object, ...]:
        return self.ask(self.read())


def watch(s: Spec, value: Outer, ask: Ask) -> Any:
    """The answer: the text is right for as long as it is what it is now."""
    look = Look(id(value.value), ask, value.read)
    known = [then for now, then in s.reads if now == look]
    if known:
        return known[0]
    answer = ask(value.value)
    s.reads.append((look, answer))
    return answer


def keys_in(table: object) -> tuple[object, ...]:
    """The keys of a dict, in order; of a list how many items it has: for texts that say them one by one."""
    return tuple(table) if isinstance(table, dict) else (len(table),)  # type: ignore[arg-type]
