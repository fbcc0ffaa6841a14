"""A derivative run line by line: what its lines made, and out of what.

The emitted text knows for each of its lines the statement of the user's that it comes from (``Loaded.origins``), so
Python's own tracing of lines is enough: nothing is put into the text.
"""

from __future__ import annotations

import ast
import re
import sys
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tangent_like.backend.load import Loaded
from tangent_like.ir.nodes import Origin
from tangent_like.show.diagnosis import Broken, Norms, Spot


@dataclass(frozen=True)
class Step:
    """A statement of the text on its line: the names it binds or writes, and those it reads."""

    code: str
    writes: tuple[str, ...]
    reads: tuple[str, ...]
    value: str = ""  # what it assigns


def steps_of(source: str) -> dict[int, Step]:
    """The simple statements of a text by their first lines."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Return):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
            functions = {n.func for n in ast.walk(node) if isinstance(n, ast.Call)}
            reads = [n.id for n in names if isinstance(n.ctx, ast.Load) and n not in functions]
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                reads.append(node.target.id)
            writes = [w for t in targets if t is not None for w in _written(t)]
            value = "" if node.value is None else ast.unparse(node.value)
            read = tuple(dict.fromkeys(reads))
            found[node.lineno] = Step(ast.unparse(node), tuple(dict.fromkeys(writes)), read, value)
    return found


def _written(target: ast.expr) -> Iterable[str]:
    if isinstance(target, ast.Tuple | ast.List):
        for item in target.elts:
            yield from _written(item)
        return
    while isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        target = target.value
    if isinstance(target, ast.Name):
        yield target.id


@dataclass(eq=False)
class Watched:
    """Follows the lines of a loaded text; ``bars`` are the names of adjoints, with what they are adjoints of,
    ``primals`` those of the values of the function; others are steps on the way between adjoints."""

    loaded: Loaded
    bars: Mapping[str, str]
    primals: frozenset[str]
    norms: dict[tuple[int, str], list[float]] = field(default_factory=dict)
    spots: dict[int, Spot] = field(default_factory=dict)
    adjoint: tuple[Broken, int, int] | None = None  # with the line of the text, and how often it had run before
    primal: Broken | None = None
    raised: str = ""

    def __post_init__(self) -> None:
        self.steps = steps_of(self.loaded.source)
        self.pending: dict[types.FrameType, tuple[int, Step, dict[str, Any]]] = {}

    def run(self, work: Callable[[], Any]) -> Any:
        """Call ``work``; what the derivative raises is noted, and None returned."""
        before = sys.gettrace()
        sys.settrace(self.call)
        try:
            with np.errstate(all="ignore"):
                return work()
        except ArithmeticError as error:
            self.raised = f"{type(error).__name__}: {error}"
            if self.adjoint is None:
                raise
            return None
        finally:
            sys.settrace(before)

    def call(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        del event, arg
        return self.line if frame.f_code.co_filename == self.loaded.file else None

    def line(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        if event == "exception":
            self.failed(frame, arg)
            return self.line
        if event not in ("line", "return"):
            return self.line
        number = frame.f_lineno
        pending = self.pending.get(frame)
        if event == "line" and pending is not None and number != pending[0] and number not in self.steps:
            if self.origin(number) is self.origin(pending[0]) and self.is_within(number, pending[0]):
                return self.line  # a statement over several lines
        if pending is not None:
            del self.pending[frame]
            self.done(frame, *pending)
        step = self.steps.get(number)
        if event == "line" and step is not None:
            values = frame.f_locals
            self.pending[frame] = (number, step, {n: kept(values[n]) for n in step.reads if n in values})
        return self.line

    def is_within(self, number: int, first: int) -> bool:
        return number > first and not any(first < k <= number for k in self.steps)

    def origin(self, number: int) -> Origin | None:
        return self.loaded.origins[number - 1] if 0 < number <= len(self.loaded.origins) else None

    def spot(self, number: int) -> Spot:
        origin = next((o for o in (self.origin(k) for k in range(number, 0, -1)) if o is not None), None)
        if origin is not None and origin.text.startswith("def "):  # what is returned stands under no comment
            later = [o for o in self.loaded.origins if o is not None and o.file == origin.file and o.line > origin.line]
            returns = [o for o in later if o.text.startswith("return")]
            origin = min(returns, key=lambda o: o.line, default=origin)
        return Spot("", 0, "") if origin is None else Spot(origin.file, origin.line, origin.text)

    def done(self, frame: types.FrameType, number: int, step: Step, before: dict[str, Any]) -> None:
        values = frame.f_locals
        for name in step.writes:
            value = as_floats(values.get(name))
            if value is None:
                continue
            if name in self.bars:
                found = self.norms.setdefault((number, name), [])
                self.spots.setdefault(number, self.spot(number))
                if self.adjoint is None and not np.all(np.isfinite(value)):
                    told = broken(f"the adjoint of {self.bars[name]}", self.spot(number), step, value, before)
                    self.adjoint = (told, number, len(found))
                with np.errstate(all="ignore"):
                    found.append(float(np.linalg.norm(value.ravel())))
            elif np.all(np.isfinite(value)) or self.adjoint is not None:
                continue
            elif name not in self.primals and any(n in self.bars or n.endswith("_bar") for n in step.reads):
                self.adjoint = (broken(name, self.spot(number), step, value, before), number, 0)
            elif self.primal is None and name in self.primals:
                self.primal = broken(name, self.spot(number), step, value, before)

    def failed(self, frame: types.FrameType, arg: Any) -> None:
        """An exception in a line that makes an adjoint: a Python number whose slope is infinite."""
        pending = self.pending.pop(frame, None)
        if pending is None or self.adjoint is not None or not issubclass(arg[0], ArithmeticError):
            return
        number, step, before = pending
        if self.primals.issuperset(step.writes) and step.writes:
            return
        values = tuple((n, shown(v)) for n, v in before.items())
        name = next((f"the adjoint of {self.bars[n]}" for n in step.writes if n in self.bars), "an adjoint")
        told = Broken(name, self.spot(number), step.code, f"infinite ({arg[0].__name__})", "", values)
        self.adjoint = (told, number, 0)

    def table(self) -> tuple[Norms, ...]:
        """What each line gave, the turns in their order forward.

        Of a statement whose reverse half adds several times to an adjoint, what it adds up to; of a loop that is
        written out, whose statements stand there once a turn, one row.
        """
        lines = self.loaded.source.splitlines()
        made: dict[tuple[Spot, str], dict[int, list[float]]] = {}
        for (number, name), found in sorted(self.norms.items()):
            block = next((k for k in range(number, 0, -1) if lines[k - 1].lstrip().startswith(("#", "def "))), 0)
            if any(found):
                made.setdefault((self.spots[number], name), {})[block] = found
        order = {(self.spots[number], name): None for number, name in self.norms}
        rows = []
        for spot, name in order:
            blocks = made.get((spot, name), {0: [0.0]})
            norms = [norm for found in blocks.values() for norm in found]
            rows.append(Norms(spot, self.called(name, spot), tuple(reversed(norms))))
        return tuple(rows)

    def called(self, bar: str, spot: Spot) -> str:
        """What an adjoint is the adjoint of; of what the user gave no name, the expression."""
        name = self.bars[bar]
        if re.search(rf"\b{re.escape(name)}\b", spot.text):
            return name
        return next((s.value for s in self.steps.values() if s.writes == (name,) and s.value), name)

    def first(self) -> Broken | None:
        """The first adjoint that is not finite, with the turn in which it became so."""
        if self.adjoint is None:
            return None
        told, number, before = self.adjoint
        runs = max((len(f) for (n, _), f in self.norms.items() if n == number), default=0)
        turn = runs - 1 - before if runs > 1 and not self.raised else None
        return Broken(told.name, told.spot, told.code, told.number, told.where, told.values, turn)


def kept(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def as_floats(value: Any) -> np.ndarray | None:
    if isinstance(value, float | np.floating | np.ndarray):
        found = np.asarray(value)
        return found if found.dtype.kind in "fc" else None
    return None


def broken(name: str, spot: Spot, step: Step, value: np.ndarray, before: dict[str, Any]) -> Broken:
    """What is told of the first entry that is not finite: where it is, and what the operands have there."""
    at = tuple(int(k) for k in np.argwhere(~np.isfinite(value))[0])
    values = []
    for operand, found in before.items():
        if isinstance(found, np.ndarray) and at and found.shape == value.shape:
            values.append((f"{operand}[{', '.join(map(str, at))}]", shown(found[at])))
        elif isinstance(found, float | int | np.generic | np.ndarray):
            values.append((operand, shown(found)))
    where = f"[{', '.join(map(str, at))}]" if at else ""
    return Broken(name, spot, step.code, shown(value[at]), where, tuple(values))


def shown(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 6:
        if value.dtype.kind in "fc":
            sizes = np.abs(value[np.isfinite(value)])
            bad = value.size - sizes.size
            size = f", sizes {sizes.min():.4g} to {sizes.max():.4g}" if sizes.size else ""
            return f"array {value.shape}{size}" + (f", {bad} not finite" if bad else "")
        return f"array {value.shape}"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=6, separator=", ").replace("\n", "")
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)
