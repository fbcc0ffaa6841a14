"""The kind of what a function returns that calls itself: guessed, looked into, and guessed again.

    def power(x, n):                   with nothing known of the call inside, what is returned is a number or, as
        if n == 0:                     ``x``, an array; so it is looked into again with that for the call, until
            return 1.0                 that is agreed on
        return x * power(x, n - 1)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tangent_like.ir.nodes import UserFunction
from tangent_like.kinds.kind import UNKNOWN, Kind, ListOf, Unknown

Key = tuple[UserFunction, tuple[Kind, ...]]

# The rounds in which functions that call each other are to agree with what they are taken for.
MOST_ROUNDS = 6


@dataclass(eq=False)
class Guessing:
    """``table`` is asked for the kinds of the calls inside; ``calls``: does one function call another, by others too?

    Of functions that call each other the one that is asked for first goes through the rounds, and the others are looked
    into once in each: what they return was found by its guess, and goes with it.
    """

    table: dict[Key, Kind | None]
    calls: Callable[[UserFunction, UserFunction], bool]
    last: dict[Key, Kind] = field(default_factory=dict)  # what the round before has found of the others
    going: list[UserFunction] = field(default_factory=list)

    def found(self, key: Key, guesses: Iterable[Kind | None], look: Callable[[], Kind]) -> Kind:
        """The least vague of what ``look`` finds by the guesses; where an exception passes, no guess stays."""
        if any(self.calls(key[0], other) for other in self.going):
            self.table[key] = self.last.get(key)
            self.table[key] = self.last[key] = result = look()
            return result
        found: list[Kind] = []
        before, last = set(self.table), self.last
        self.going.append(key[0])
        try:
            for guess in guesses:
                self.last = {}
                kind = self.agreed(key, guess, look, before)
                found.append(kind or UNKNOWN)
                if vague(kind) == 0:
                    break
        except BaseException:
            self.forget(key[0], before)
            raise
        finally:
            self.going.pop()
            self.last = last
        return min(found, key=vague)

    def agreed(self, key: Key, kind: Kind | None, look: Callable[[], Kind], before: set[Key]) -> Kind | None:
        for _ in range(MOST_ROUNDS):
            self.forget(key[0], before)
            self.table[key] = kind
            others = dict(self.last)
            result = look()
            if kind == result and others == self.last:
                break
            kind = result
        return kind

    def forget(self, target: UserFunction, before: set[Key]) -> None:
        for other in [k for k in self.table if k not in before and self.calls(k[0], target)]:
            del self.table[other]


def vague(kind: Kind | None) -> int:
    """Is it known of what kind a value is, or whether it is a list?"""
    if isinstance(kind, ListOf):
        return vague(kind.item)
    return 2 if isinstance(kind, Unknown) and kind.clash else int(kind in (None, UNKNOWN))
