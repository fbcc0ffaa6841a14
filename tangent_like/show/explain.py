"""The user's lines with a margin that says what becomes of each: ``tl.explain``, ``tangent-like explain``.

Nothing is analysed here: the words are made of what the compiler's stages found (see transform/stages.py).
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from dataclasses import dataclass, field

from tangent_like.analysis.activity import Activity, carriers
from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Call,
    Compare,
    Each,
    Expr,
    For,
    Function,
    GradOf,
    If,
    Origin,
    Pop,
    Push,
    Return,
    Stmt,
    Store,
    Try,
    While,
    With,
)
from tangent_like.ir.walk import base_name, blocks, children, expressions, names, statements
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, DictOf, Kind, ListOf, Plain, Scalar, is_float
from tangent_like.show.kept import Kept, counted, kept
from tangent_like.show.program import shown
from tangent_like.show.stages import Journey
from tangent_like.transform.stages import Swept

WIDEST = 92  # of the source in front of the margin; longer lines stick out


@dataclass(frozen=True)
class Line:
    """A line of the user's, and what becomes of it; ``note`` is empty for what is no statement."""

    number: int
    text: str
    note: str = ""


@dataclass(frozen=True)
class Explanation:
    """Printed, the functions with their margins; ``functions`` has them as lists of lines, by name."""

    functions: tuple[tuple[str, tuple[Line, ...]], ...]
    total: str

    def __str__(self) -> str:
        out: list[str] = []
        for _, lines in self.functions:
            indent = min((len(x.text) - len(x.text.lstrip()) for x in lines if x.text.strip()), default=0)
            widths = [len(x.text) - indent for x in lines if x.note]
            width = max((n for n in widths if n <= WIDEST), default=0)
            for line in lines:
                text = line.text[indent:]
                out.append(f"{text:{width}}  | {line.note}" if line.note else text)
            out.append("")
        return "\n".join([*out, self.total]) if self.total else "\n".join(out[:-1])

    __repr__ = __str__


def explanation(journey: Journey, wrt: tuple[str, ...], sizes: Sizes) -> Explanation:
    """What the stages found, by the lines of the functions that statements stand in."""
    notes, called = Notes(wrt, sizes), False
    for function in journey.functions():
        stages = journey.of(function)
        if "activity" in stages:
            typing, activity = stages["infer"].fact, stages["activity"].fact
            assert isinstance(typing, Typing)
            assert isinstance(activity, Activity)
            swept = stages["live"].fact if "live" in stages else None
            assert swept is None or isinstance(swept, Swept)
            notes.function(stages["activity"].function, typing, activity, swept, called)
            called = True
    first = journey.named("lower")[0].function
    return Explanation(tuple(margins(notes, first)), notes.total())


@dataclass(eq=False)
class Notes:
    """What is said of each line of a file, and what is kept in all."""

    wrt: tuple[str, ...]
    sizes: Sizes
    of: dict[tuple[str, int], dict[str, None]] = field(default_factory=dict)
    texts: dict[tuple[str, int], str] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)

    def add(self, origin: Origin | None, note: str) -> None:
        if origin is not None and origin.line and note:
            self.of.setdefault((origin.file, origin.line), {})[note] = None
            self.texts[origin.file, origin.line] = origin.text

    def function(
        self, function: Function, typing: Typing, activity: Activity, swept: Swept | None, called: bool
    ) -> None:
        """``called``: it is one of the functions that the one asked for calls."""
        look = Look(typing, activity, self.wrt)
        run = set() if swept is None else {getattr(s, "origin", None) for s in statements(swept.front)}
        for stmt in statements(function.body):
            note = look.note(stmt)
            if isinstance(stmt, If):
                for arm in stmt.arms:
                    self.add(arm.origin, note)
            elif note == DIFFERENTIATED and swept is not None and not isinstance(stmt, Return):
                note = note if getattr(stmt, "origin", None) in run else f"{DIFFERENTIATED}; its value is not computed"
            self.add(origin_there(stmt), note)
        if swept is not None:
            for found in kept(swept, frozenset(p.name for p in function.params)):
                self.kept += [] if called else [found]
                size = "" if found.callee else found.size.text(self.sizes)
                what = "what the call keeps" if found.callee else found.what
                turn = (" a turn" if size else " each turn") if found.turn else ""
                call = " a call" if called and size and not turn else ""
                self.add(found.origin, f"keeps {what}{f': {size}' if size else ''}{turn}{call}")

    def total(self) -> str:
        """How many bytes are kept in all, as far as that is known."""
        parts = []
        for turn, words in ((False, ""), (True, " a turn")):
            found = [k.size for k in self.kept if k.turn is turn and not k.callee]
            numbers = [None if s.times is None else self.sizes.evaluate(s.times) for s in found]
            if found and all(n is not None for n in numbers):
                total = sum(n * s.each for n, s in zip(numbers, found, strict=True) if n is not None)
                parts.append(f"{counted(total)}{words}")
        if not self.kept:
            return "Nothing is kept for the way back."
        return f"Kept for the way back: {' and '.join(parts)}." if parts else ""


DIFFERENTIATED = "differentiated"


@dataclass(frozen=True, eq=False)
class Look:
    """What the facts say of one statement, in words."""

    typing: Typing
    activity: Activity
    wrt: tuple[str, ...]

    def note(self, stmt: Stmt) -> str:
        match stmt:
            case Assign() | Augment() | Store() | Push() | Pop() | Return():
                return self.simple(stmt)
            case If():
                return self.of_block(stmt, "branch")
            case For() | Each() | While():
                return self.of_block(stmt, "loop")
            case With() | Try():
                return self.of_block(stmt, "block")
            case GradOf():
                acts = stmt in self.activity.acts
                return "on the way back" if acts else f"left out: no adjoint of {stmt.name} is there"
            case _:
                return "kept as it is: it may have an effect"

    def of_block(self, stmt: Stmt, what: str) -> str:
        inner = [s for block in blocks(stmt) for s in statements(block)]
        if any(s in self.activity.acts for s in inner):
            back = {"loop": "run back, last turn first", "branch": "gone back through the arm that was taken"}
            return back.get(what, "gone back through")
        return f"inactive: nothing in the {what} is differentiated"

    def simple(self, stmt: Assign | Augment | Store | Push | Pop | Return) -> str:
        zeros = list(dict.fromkeys(z for e in expressions(stmt) for z in self.zeros(e, stmt)))
        if isinstance(stmt, Return):
            acts = stmt.value is not None and self.activity.is_varied(stmt, stmt.value, self.typing)
        else:
            acts = stmt in self.activity.acts
        if acts:
            return "; ".join([DIFFERENTIATED, *zeros])
        return f"inactive: {'; '.join(zeros) or self.why(stmt)}"

    def why(self, stmt: Assign | Augment | Store | Push | Pop | Return) -> str:
        """Why a statement that has nothing with a zero derivative in it does not act."""
        after = self.typing.after.get(stmt, {})
        if isinstance(stmt, Store):
            name = base_name(stmt.target) or ""
            kind = self.typing.before[stmt].get(name)
            if kind is not None and not is_float(kind):
                return f"{name} holds no floats, and a store into it has derivative zero"
        elif after and not any(map(is_float, after.values())):
            return " and ".join(dict.fromkeys(f"{name} is {words(kind)}" for name, kind in after.items()))
        values = stmt.values if isinstance(stmt, Assign) else expressions(stmt)
        if any(self.activity.is_varied(stmt, e, self.typing) for e in values):
            return "the result does not depend on it"
        reads = self.activity.varied_reads.get(stmt, frozenset())
        if reads and not isinstance(stmt, Return):
            return f"only what carries no derivative is read of {', '.join(sorted(reads))}"
        return f"does not depend on {' or '.join(self.wrt)}"

    def zeros(self, expr: Expr, stmt: Stmt) -> Iterator[str]:
        """The parts that a rule, or the language, says have derivative zero although their operands vary."""
        kind_of = self.typing.at(stmt)
        varied = self.activity.varied_reads.get(stmt, frozenset())

        def varies(e: Expr) -> bool:
            return bool(carriers(e, kind_of, self.typing) & varied)

        if not names(expr) & varied:
            return
        if isinstance(expr, Compare) and any(varies(c) for c in children(expr)):
            yield f"{shown(expr)} is zero by rule (a comparison is piecewise constant)"
            return
        found = kind_of.application(expr)
        if found is not None:
            moved = [n for n, e in found.operands.items() if varies(e)]
            if found.rule.form == "constant" and moved:
                yield f"{spelled(expr)} is zero by rule ({found.rule.reason})"
                return
            for name in moved:
                if name in found.rule.inactive:
                    yield f"{spelled(expr)} is zero by rule in {name}"
        for child in children(expr):
            yield from self.zeros(child, stmt)


def spelled(expr: Expr) -> str:
    text = shown(expr)
    return text if len(text) <= 32 else f"{shown(expr.func) if isinstance(expr, Call) else text[:29]}(...)"


def words(kind: Kind) -> str:
    match kind:
        case Scalar(type, dtype):
            return f"a {dtype or type}" if type != "int" or dtype else "an int"
        case Array(_, dtype):
            return f"an array of {dtype}"
        case ListOf():
            return "a list without floats"
        case DictOf():
            return "a dict without floats"
        case Plain(what):
            return f"a {what}"
        case _:
            return "no float"


# -- the user's functions ----------------------------------------------------------------------------


def margins(notes: Notes, first: Function) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """The functions that lines with notes stand in, the one that was asked for first."""
    by_file: dict[str, dict[int, str]] = {}
    for (file, number), found in notes.of.items():
        if is_there(file, number, notes.texts[file, number]):
            by_file.setdefault(file, {})[number] = joined(list(found))
    order: list[tuple[bool, str, tuple[Line, ...]]] = []
    for file, lines in by_file.items():
        text = linecache.getlines(file)
        defined = definitions("".join(text))
        outside = [n for n in lines if not any(d.lineno <= n <= (d.end_lineno or 0) for d in defined)]
        if outside:
            order.append((True, "<lambda>", tuple(Line(n, text[n - 1].rstrip(), lines[n]) for n in sorted(outside))))
        for node in defined:
            inside = {n: note for n, note in lines.items() if node.lineno <= n <= (node.end_lineno or 0)}
            own = {n: note for n, note in inside.items() if innermost(node, n) is node}
            if own:
                rows = range(node.lineno, (node.end_lineno or 0) + 1)
                shown_lines = tuple(Line(n, text[n - 1].rstrip(), own.get(n, "")) for n in rows)
                asked = file == first.origin.file and node.lineno <= first.origin.line <= (node.end_lineno or 0)
                order.append((not asked, node.name, shown_lines))
    yield from ((name, rows) for _, name, rows in sorted(order, key=lambda item: item[0]))


def origin_there(stmt: Stmt) -> Origin | None:
    """Where a statement stands; of one that we wrote, to call a method, where what it returns is said."""
    origin: Origin | None = getattr(stmt, "origin", None)
    if isinstance(stmt, Return) and origin is not None and not is_there(origin.file, origin.line, origin.text):
        at = getattr(stmt.value, "at", None)
        if at is not None:
            return Origin(origin.file, at[0], at[1], linecache.getline(origin.file, at[0]).strip())
    return origin


def is_there(file: str, number: int, text: str) -> bool:
    """Does the statement stand in the file? What we wrote ourselves, to call a method, does not."""
    line = "".join(linecache.getline(file, number).split())
    return bool(line) and ("".join(text.split())[:12] in line or line[:12] in "".join(text.split()))


def definitions(text: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]


def innermost(node: ast.FunctionDef, number: int) -> ast.FunctionDef:
    inner = [n for n in ast.walk(node) if isinstance(n, ast.FunctionDef) and n.lineno <= number <= (n.end_lineno or 0)]
    return max(inner, key=lambda n: n.lineno)


def joined(found: list[str]) -> str:
    """The notes of one line: that it is differentiated counts, wherever it is not."""
    acting = [n for n in found if n.startswith(DIFFERENTIATED)]
    if acting:
        found = [n for n in found if not n.startswith("inactive")]
        plain = DIFFERENTIATED in acting  # one of several, of a loop that is written out, is enough
        found = [n for n in found if not (plain and n.endswith("its value is not computed"))]
    keeps = [n.removeprefix("keeps ") for n in found if n.startswith("keeps ")]
    others = [n for n in found if not n.startswith("keeps ")]
    return "; ".join([*dict.fromkeys(others), *([f"keeps {', '.join(dict.fromkeys(keeps))}"] if keeps else [])])
