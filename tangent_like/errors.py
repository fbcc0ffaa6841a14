"""Every error that tangent_like raises: each knows the user's file, line, column and text.

Layer: bottom. Imports nothing of ours.
"""

from __future__ import annotations

import linecache
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the user's source: ``line`` counts from 1, ``column`` from 1, ``text`` is the source line."""

    file: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def place_at(file: str, at: tuple[int, int] | None) -> Place:
    """A place by line and column, with the text of the line if the file can be read."""
    line, column = at or (0, 0)
    return Place(file, line, column, linecache.getline(file, line).rstrip() if line else "")


NOWHERE = Place("<unknown>", 0, 0, "")


class DifferentiationError(Exception):
    """A program that is not differentiated, with the place, the reason and a way out.

    Attributes: ``file``, ``line``, ``column``, ``text`` (the source line, stripped), ``reason`` and
    ``hint`` (what to do instead; may be empty).
    """

    def __init__(self, reason: str, place: Place = NOWHERE, hint: str = "") -> None:
        self.reason = reason
        self.hint = hint
        self.place = place
        super().__init__(self._message())

    @property
    def file(self) -> str:
        return self.place.file

    @property
    def line(self) -> int:
        return self.place.line

    @property
    def column(self) -> int:
        return self.place.column

    @property
    def text(self) -> str:
        return self.place.text.strip()

    source_line = text

    def _message(self) -> str:
        head = f"{self.place}: " if self.place is not NOWHERE else ""
        quoted = f"\n    {self.text}" if self.text else ""
        way_out = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{head}{self.reason}{quoted}{way_out}"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.reason, self.place, self.hint)


class UnsupportedError(DifferentiationError):
    """The language has it, we do not differentiate it (yet): refused by name."""


class AliasError(DifferentiationError):
    """Which names share memory cannot be decided where memory is written.

    ``callee``: the function whose call that hangs on, where it does: written out, its branches may tell.
    """

    callee: object = None


class NoRuleError(DifferentiationError):
    """A function that carries derivatives and has neither source nor a rule."""


class RuleError(DifferentiationError):
    """A rule of the user's that does not fit its function, at the rule's own line."""


class SourceError(DifferentiationError):
    """The source of a function cannot be had or does not parse."""


class RequestError(DifferentiationError, TypeError):
    """The question itself is wrong: an argument that is not there, an integer asked for, ..."""


class ResultError(DifferentiationError, TypeError):
    """The result is not what the driver can differentiate: not one number, not floating point."""
