"""The tables of docs/language.md: samples that are run, words of refusals, what has rules.

A sample is the body of a function of those of the page's arguments that it names; a last line that is an
expression is what it returns.
"""

# ruff: noqa: INP001

from __future__ import annotations

import ast
import contextlib
import copy
import io
import re
import sys
import textwrap
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pages import block_after, load

import tangent_like as tl
from tangent_like.rules.describe import called
from tangent_like.rules.kinks import KINKS
from tangent_like.rules.table import FAMILIES, METHODS, OF_HELPERS, rules_of

PAGE = Path(__file__).resolve().parent / "language.md"


VERDICTS = ("supported", "refused", "refused call", "known gap")
HELPERS = "<!-- helpers -->"
ARGUMENTS = "<!-- arguments -->"


@dataclass(frozen=True)
class Row:
    """A line of a table: ``verdict`` is one of ``VERDICTS``, the first cell of the table's head."""

    verdict: str
    cells: tuple[str, ...]
    line: int

    @property
    def code(self) -> str:
        """The sample: code in backquotes, a line of it each, ``<br>`` between the lines."""
        parts = [part.strip() for part in self.cells[1].split("<br>")]
        for part in parts:
            if part[:1] != "`" or part[-1:] != "`" or len(part) < 2:
                raise ValueError(f"line {self.line}: not code: {part!r}")
        return "\n".join(part[1:-1] for part in parts).replace("\\|", "|")

    @property
    def id(self) -> str:
        return f"{self.verdict} {self.line}: {self.cells[0]}"


def rows(text: str) -> list[Row]:
    """The rows of the tables of samples."""
    found: list[Row] = []
    verdict = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith("|"):
            verdict = ""
            continue
        cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])
        if cells[0] in VERDICTS:
            verdict = cells[0]
        elif verdict and set(cells[0]) != {"-"}:
            found.append(Row(verdict, cells, number))
    return found


class Samples:
    """The samples of a page as functions of the page's arguments."""

    def __init__(self, text: str) -> None:
        self.rows = rows(text)
        parts = re.split(re.escape(HELPERS), text)[1:]
        helpers = [block_after(HELPERS + part, HELPERS) for part in parts]
        self.arguments_text = block_after(text, ARGUMENTS)
        head = "import math\nimport numpy as np\nimport tangent_like as tl\n\n"
        self.names = [
            n.id
            for stmt in ast.parse(self.arguments_text).body
            for n in ast.walk(stmt)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        ]
        bodies = [self.function(k, row) for k, row in enumerate(self.rows) if row.verdict != "refused call"]
        self.module = load("\n\n\n".join([head, *helpers, *bodies]) + "\n", "samples")

    def parameters(self, code: str) -> list[str]:
        tree = ast.parse("def f():\n" + textwrap.indent(code, "    "))
        used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        return [name for name in self.names if name in used]

    def function(self, number: int, row: Row) -> str:
        lines = row.code.split("\n")
        last = ast.parse("def f():\n" + textwrap.indent(row.code, "    ")).body[0].body[-1]  # type: ignore[attr-defined]
        if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Yield):
            lines[last.lineno - 2] = "return " + lines[last.lineno - 2]
        body = textwrap.indent("\n".join(lines), "    ")
        return f"def f({', '.join(self.parameters(row.code))}):\n{body}\n\n\nsample_{number} = f"

    def of(self, row: Row) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """The function of a row, and fresh arguments for it."""
        values: dict[str, Any] = {"np": np}
        exec(self.arguments_text, values)  # noqa: S102
        function = getattr(self.module, f"sample_{self.rows.index(row)}")
        return function, tuple(values[name] for name in self.parameters(row.code))

    def refusal(self, row: Row) -> tl.DifferentiationError | None:
        """How the row is refused; None if it is not."""
        try:
            if row.verdict == "refused call":
                quietly(lambda: eval(row.code, vars(self.module)))  # noqa: S307
            else:
                function, args = self.of(row)
                quietly(lambda: tl.vjp(function, *args))
        except tl.DifferentiationError as error:
            return error
        return None

    def examine(self, row: Row) -> None:
        """Raise an ``AssertionError`` if the sample's value or derivative is wrong, or an argument is changed."""
        rng = np.random.default_rng(0)
        f, args = self.of(row)
        expected = quietly(lambda: f(*copy.deepcopy(args)))
        value, pullback = quietly(lambda: tl.vjp(f, *args))
        assert repr(args) == repr(self.of(row)[1]), "an argument was changed"
        np.testing.assert_array_equal(value, expected, "the value is not the primal's")
        bar = rng.normal(size=np.shape(value))
        bars = pullback(bar)
        for k, arg in enumerate(args):
            if np.asarray(arg).dtype.kind != "f":
                assert bars[k] is None, f"argument {k} has a derivative"
                continue
            direction = rng.normal(size=np.shape(arg))
            sides = []
            for step in (1e-5, -1e-5):
                moved = list(copy.deepcopy(args))
                moved[k] = arg + step * direction
                sides.append(np.asarray(quietly(lambda moved=moved: f(*moved))))
            slope = np.sum(bar * (sides[0] - sides[1])) / 2e-5
            found = np.sum(bars[k] * direction)
            assert np.isclose(found, slope, rtol=1e-6, atol=1e-7), (
                f"argument {k}: the derivative is {found}, central differences give {slope}"
            )


def quietly(call: Callable[[], Any]) -> Any:
    with contextlib.redirect_stdout(io.StringIO()):
        return call()


GAPS = re.compile(r"^<!-- gaps -->\n.*?^<!-- end of gaps -->\n+", re.DOTALL | re.MULTILINE)


def without_closed_gaps(text: str) -> str:
    """The page without the known gaps that are right or refused by now."""
    samples = Samples(text)
    lines: list[str | None] = list(text.split("\n"))
    left = 0
    for row in samples.rows:
        if row.verdict == "known gap":
            if is_open(samples, row):
                left += 1
            else:
                lines[row.line - 1] = None
    text = "\n".join(line for line in lines if line is not None)
    return text if left else GAPS.sub("", text)


def is_open(samples: Samples, row: Row) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            samples.examine(row)
    except tl.DifferentiationError:
        return False
    except Exception:  # noqa: BLE001
        return True
    return False


def with_refusals(text: str) -> str:
    samples = Samples(text)
    lines = text.split("\n")
    for row in samples.rows:
        if not row.verdict.startswith("refused"):
            continue
        error = samples.refusal(row)
        if error is None:
            sys.stderr.write(f"docs/language.md:{row.line}: not refused: {row.code!r}\n")
            continue
        words = [f'"{error.reason}"', error.hint]
        cells = [row.cells[0], row.cells[1], *(w.replace("|", "\\|") for w in words)]
        lines[row.line - 1] = "| " + " | ".join(cells).rstrip() + " |"
    return "\n".join(lines)


# -- what has rules, and the kinks ---------------------------------------------

# Those of the runtime's helpers are for derivatives of derivatives: no user calls them.
USERS = tuple(family for family in FAMILIES if family not in OF_HELPERS)


def families() -> str:
    lines = ["| family | differentiated |", "|---|---|"]
    for family in USERS:
        names: dict[str, None] = {}
        for rule in rules_of([family]):
            if rule.form != "constant":
                names.update(dict.fromkeys(filter(None, map(in_a_table, rule.targets))))
        if names:
            title = family.__name__.rpartition(".")[2].replace("_", " ")
            lines.append(f"| {title} | {', '.join(f'`{n}`' for n in names)} |")
    return "\n".join(lines)


def methods() -> str:
    active = [f"`.{name}`" for name, rule in METHODS.items() if rule.form != "constant"]
    return f"Methods and attributes of arrays: {', '.join(active)}."


def constants() -> str:
    by_reason: dict[str, dict[str, None]] = {}
    for rule in rules_of(USERS):
        if rule.form == "constant":
            found = by_reason.setdefault(rule.reason, {})
            found.update(dict.fromkeys(filter(None, map(in_a_table, rule.targets))))
    lines = ["| why | |", "|---|---|"]
    for reason, names in by_reason.items():
        lines.append(f"| {reason} | {', '.join(f'`{n}`' for n in names)} |")
    return "\n".join(lines)


def in_a_table(target: object) -> str:
    return called(target).replace("|", "\\|")


def kinks() -> str:
    lines = ["| at | derivative | because |", "|---|---|---|"]
    for kink in KINKS:
        args = ", ".join(map(literal, kink.args))
        name = called(kink.function)
        shown = f"{args.replace(', ', f' {name} ')}" if "." not in name and name != "abs" else f"{name}({args})"
        raised = isinstance(kink.gradient, type)
        answer = kink.gradient.__name__ if raised else ", ".join(map(literal, kink.gradient))
        lines.append(f"| `{shown}` | `{answer}` | {kink.why} |")
    return "\n".join(lines)


def literal(value: Any) -> str:
    return str(value.tolist()) if isinstance(value, np.ndarray) else repr(value)


BLOCKS: dict[str, Callable[[], str]] = {f.__name__: f for f in (families, methods, constants, kinks)}
