"""New names: said once, never colliding, the same in every run."""

from __future__ import annotations

import keyword
from collections.abc import Iterable


class Namer:
    """Gives out names that nothing else uses; ``taken`` are those of the user's program.

    Nor are they names that one of ``beside`` gave out: those of functions, for names in one of them, and the other way.

    >>> namer = Namer({"x", "x_bar"})
    >>> namer.fresh("y_bar"), namer.fresh("x_bar"), namer.fresh("x_bar")
    ('y_bar', 'x_bar_2', 'x_bar_3')
    """

    def __init__(self, taken: Iterable[str] = (), beside: Iterable[Namer] = ()) -> None:
        self._taken = set(taken)
        self.given: set[str] = set()
        self.beside = list(beside)
        self._last: dict[str, int] = {}  # by what was wanted: up to which number all are taken

    def fresh(self, wanted: str) -> str:
        number = self._last.get(wanted, 1)
        name = wanted if number == 1 else f"{wanted}_{number}"
        while name in self._taken or any(name in b.given for b in self.beside) or keyword.iskeyword(name):
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        self.given.add(name)
        self._last[wanted] = number
        return name

    @property
    def taken(self) -> frozenset[str]:
        return frozenset(self._taken)

    def reset(self, taken: Iterable[str]) -> None:
        """Forget the names that were given out since ``taken``."""
        self._taken = set(taken)
        self._last.clear()

    def take(self, names: Iterable[str]) -> None:
        self._taken.update(names)
