"""What ``tl.diagnose`` found, as a table and as a plot."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TURNS = 7  # of a loop, in the table: more are thinned out


@dataclass(frozen=True)
class Spot:
    """A line of the user's."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{os.path.basename(self.file)}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Broken:
    """The first number that is infinite or none: ``name``, made at ``spot`` by ``code`` out of ``values``.

    ``where`` is the index of the entry, ``turn`` the turn of the loop, counted from the first.
    """

    name: str
    spot: Spot
    code: str
    number: str
    where: str
    values: tuple[tuple[str, str], ...]
    turn: int | None = None

    def __str__(self) -> str:
        turn = "" if self.turn is None else f", turn {self.turn}"
        out = [f"{self.name}{self.where} is {self.number}{turn}, at {self.spot}", f"    {self.code}"]
        width = max((len(name) for name, _ in self.values), default=0)
        out += [f"    {name:{width}} = {value}" for name, value in self.values]
        return "\n".join(out)


@dataclass(frozen=True)
class Note:
    """A line that was evaluated where the derivative is a matter of choice, or where digits are lost."""

    spot: Spot
    what: str
    times: int
    first: int  # the time at which it was so first, counted from 0

    def __str__(self) -> str:
        times = "" if self.times == 1 and not self.first else f" ({self.times} times, first in call {self.first})"
        return f"{self.spot}\n    {self.what}{times}"


@dataclass(frozen=True)
class Norms:
    """The Euclidean norms of the adjoint that a line gives to ``name``; one for each turn, the first turn first."""

    spot: Spot
    name: str
    norms: tuple[float, ...]

    @property
    def factor(self) -> float | None:
        """By how much the norm changes in a turn on the way back, on average; None where there are no turns."""
        first, last = self.norms[-1], self.norms[0]
        if len(self.norms) < 2 or not 0 < first < float("inf") or not last < float("inf"):
            return None
        return float((last / first) ** (1 / (len(self.norms) - 1)))


@dataclass(frozen=True)
class Diagnosis:
    """What happened on the way back; printed, it is the table, and ``plot()`` draws the norms.

    ``value`` is the value of the function, ``raised`` what the derivative raised instead of a result; ``adjoint`` the
    first adjoint that is infinite or not a number, ``primal`` the first such value of the function itself; ``kinks``
    and ``losses`` the lines that were evaluated at a kink, and those that lose digits; ``norms`` the adjoints in the
    order of the way back.
    """

    value: Any
    raised: str
    adjoint: Broken | None
    primal: Broken | None
    kinks: tuple[Note, ...]
    losses: tuple[Note, ...]
    norms: tuple[Norms, ...]

    @property
    def is_healthy(self) -> bool:
        """Nothing infinite, no kink, no loss of digits."""
        return not (self.raised or self.adjoint or self.primal or self.kinks or self.losses)

    def __str__(self) -> str:
        out: list[str] = []
        if self.raised:
            out.append(f"The derivative raises {self.raised}.")
        if self.primal is not None:
            out += ["The first value that is infinite or not a number:", f"  {_inner(str(self.primal))}"]
        if self.adjoint is not None:
            out += ["The first adjoint that is infinite or not a number:", f"  {_inner(str(self.adjoint))}"]
        else:
            out.append("All adjoints are finite.")
        for title, notes in (("Evaluated at a kink:", self.kinks), ("Digits are lost:", self.losses)):
            out += [title, *(f"  {_inner(str(n))}" for n in notes)] if notes else []
        if self.norms:
            out += ["Norms of the adjoints, in the order of the way back:", *(f"  {row}" for row in table(self.norms))]
        return "\n".join(out)

    __repr__ = __str__

    def plot(self, file: str | None = None) -> Any:
        """The norms in each turn, as curves on a logarithmic scale (matplotlib); written to ``file``, if one is given.

        Where no line ran in several turns, one curve of all lines in the order of the way back.
        """
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7, 4), layout="constrained")
        axes = figure.add_subplot()
        turning = [row for row in self.norms if len(row.norms) > 1]
        for row in turning:
            axes.plot(range(len(row.norms)), row.norms, ".-", label=f"{row.name}, line {row.spot.line}")
        if turning:
            axes.set_xlabel("turn")
            axes.legend()
        else:
            axes.plot([row.norms[0] for row in self.norms], ".-")
            axes.set_xticks(range(len(self.norms)), [f"{r.name}, line {r.spot.line}" for r in self.norms], rotation=60)
        axes.set_ylabel("norm of the adjoint")
        if any(0 < n < float("inf") for row in self.norms for n in row.norms):
            axes.set_yscale("log")
        if file is not None:
            figure.savefig(file)
        return figure


def _inner(text: str) -> str:
    return text.replace("\n", "\n  ")


def table(norms: tuple[Norms, ...]) -> Iterator[str]:
    """Line, name of the value, norms in some of the turns, and the factor of a turn."""
    rows = []
    for row in norms:
        shown = thinned(row.norms)
        factor = row.factor
        growth = "" if factor is None else f"  x {factor:.3g} a turn"
        many = "" if len(row.norms) == 1 else f"  ({len(row.norms)} turns, the first turn first)"
        rows.append((str(row.spot.line), row.spot.text[:60], row.name[:40], f"{shown}{growth}{many}"))
    widths = [max(len(r[k]) for r in rows) for k in range(3)]
    for r in rows:
        yield f"{r[0]:>{widths[0]}}  {r[1]:{widths[1]}}  {r[2]:{widths[2]}}  {r[3]}"


def thinned(norms: tuple[float, ...]) -> str:
    if len(norms) <= TURNS:
        return " ".join(f"{n:.3g}" for n in norms)
    kept = [round(k * (len(norms) - 1) / (TURNS - 1)) for k in range(TURNS)]
    return " .. ".join(f"{norms[k]:.3g}" for k in kept)
