"""New names: said once, never colliding, the same in every run."""

from __future__ import annotations

import keyword
from collections.abc import Iterable


class Namer:
    """Gives out names that nothing else uses; ``taken`` are those of the user's program.

    >>> namer = Namer({"x", "x_bar"})
    >>> namer.fresh("y_bar"), namer.fresh("x_bar"), namer.fresh("x_bar")
    ('y_bar', 'x_bar_2', 'x_bar_3')
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def fresh(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self._taken or keyword.iskeyword(name):
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name

    @property
    def taken(self) -> frozenset[str]:
        return frozenset(self._taken)

    def reset(self, taken: Iterable[str]) -> None:
        """Forget the names that were given out since ``taken``."""
        self._taken = set(taken)

    def take(self, names: Iterable[str]) -> None:
        self._taken.update(names)
