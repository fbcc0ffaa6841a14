"""Writes what the pages show: run it after a change to the compiler, and read the diff.

    python docs/regenerate.py            # rewrite the blocks that are shown
    python docs/regenerate.py --check    # exit with 1 if a page is out of date

A block is what follows a line ``<!-- shown: NAME -->``: a fenced block, or lines up to ``<!-- end -->``.
In docs/language.md the last two cells of each row that says "refused" are written too: the words of
the refusal. tests/test_docs.py holds the pages against what this file makes.
"""

# ruff: noqa: INP001, T201

from __future__ import annotations

import ast
import contextlib
import functools
import importlib.util
import io
import re
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import tangent_like as tl  # noqa: E402
from tangent_like.backend.emit import expression  # noqa: E402
from tangent_like.ir import nodes  # noqa: E402
from tangent_like.ir.walk import rebuild, statements  # noqa: E402
from tangent_like.kinds.kind import Array, Kind, Plain, Scalar, Sequence  # noqa: E402

ARCHITECTURE = ROOT / "docs" / "architecture.md"
LANGUAGE = ROOT / "docs" / "language.md"
README = ROOT / "README.md"
PAGES = (ARCHITECTURE, LANGUAGE, README)


# -- pages ---------------------------------------------------------------------


def block_after(text: str, marker: str) -> str:
    """The contents of the fenced block after a line."""
    found = re.search(re.escape(marker) + r"\n+```\w*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"no block after {marker}")
    return found[1]


def regenerated(page: Path) -> str:
    """The page with its blocks, and the words of its refusals, made anew."""
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"^<!-- shown: (\S+) -->$", text, re.MULTILINE):
        marker = f"<!-- shown: {name} -->"
        new = block(name).rstrip("\n") + "\n"
        fenced = re.compile(
            f"({re.escape(marker)}\n```\\w*\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE
        )
        plain = re.compile(f"({re.escape(marker)}\n)(.*?)(^<!-- end -->$)", re.DOTALL | re.MULTILINE)
        pattern = fenced if fenced.search(text) else plain
        text, count = pattern.subn(lambda m, new=new: m[1] + new + m[3], text)
        if count != 1:
            raise ValueError(f"{page}: {marker} stands {count} times")
    return with_refusals(text) if page == LANGUAGE else text


@functools.cache
def block(name: str) -> str:
    return BLOCKS[name]()


def load(text: str, name: str) -> ModuleType:
    """A module of this text, in a file of its own, so that its functions have source."""
    folder = Path(tempfile.mkdtemp(prefix="tangent_like-docs-"))
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# -- docs/language.md ----------------------------------------------------------

HELPERS = "<!-- helpers -->"
ARGUMENTS = "<!-- arguments -->"


@dataclass(frozen=True)
class Row:
    """A line of a table: ``verdict`` is "supported", "refused" or "refused call"."""

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
        if cells[0] in ("supported", "refused", "refused call"):
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
        bodies = [
            self.function(k, row)
            for k, row in enumerate(self.rows)
            if row.verdict != "refused call"
        ]
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
        return f"def sample_{number}({', '.join(self.parameters(row.code))}):\n{body}"

    def of(self, row: Row) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """The function of a row, and fresh arguments for it."""
        values: dict[str, Any] = {"np": np}
        exec(self.arguments_text, values)  # noqa: S102
        function = getattr(self.module, f"sample_{self.rows.index(row)}")
        return function, tuple(values[name] for name in self.parameters(row.code))

    def refusal(self, row: Row) -> tl.DifferentiationError | None:
        """How the row is refused; None if it is not."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                if row.verdict == "refused call":
                    eval(row.code, vars(self.module))  # noqa: S307
                else:
                    function, args = self.of(row)
                    tl.vjp(function, *args)
        except tl.DifferentiationError as error:
            return error
        return None


def with_refusals(text: str) -> str:
    samples = Samples(text)
    lines = text.split("\n")
    for row in samples.rows:
        if row.verdict == "supported":
            continue
        error = samples.refusal(row)
        if error is None:
            raise ValueError(f"{LANGUAGE}:{row.line}: not refused: {row.code!r}")
        words = [f'"{error.reason}"', error.hint]
        cells = [row.cells[0], row.cells[1], *(w.replace("|", "\\|") for w in words)]
        lines[row.line - 1] = "| " + " | ".join(cells).rstrip() + " |"
    return "\n".join(lines)


# -- docs/language.md: what has a rule, and the kinks ---------------------------


def families() -> str:
    from tangent_like.rules.table import FAMILIES, rules_of

    lines = ["| family | differentiated |", "|---|---|"]
    for family in FAMILIES:
        names: dict[str, None] = {}
        for rule in rules_of([family]):
            if rule.form != "constant":
                names.update(dict.fromkeys(filter(None, map(called, rule.targets))))
        if names:
            title = family.__name__.rpartition(".")[2].replace("_", " ")
            lines.append(f"| {title} | {', '.join(f'`{n}`' for n in names)} |")
    return "\n".join(lines)


def methods() -> str:
    from tangent_like.rules.table import METHODS

    active = [f"`.{name}`" for name, rule in METHODS.items() if rule.form != "constant"]
    return f"Methods and attributes of arrays: {', '.join(active)}."


def constants() -> str:
    from tangent_like.rules.table import FAMILIES, rules_of

    by_reason: dict[str, dict[str, None]] = {}
    for rule in rules_of(FAMILIES):
        if rule.form == "constant":
            found = by_reason.setdefault(rule.reason, {})
            found.update(dict.fromkeys(filter(None, map(called, rule.targets))))
    lines = ["| why | |", "|---|---|"]
    for reason, names in by_reason.items():
        lines.append(f"| {reason} | {', '.join(f'`{n}`' for n in names)} |")
    return "\n".join(lines)


OPERATORS = {
    "neg": "-x", "pos": "+x", "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%",
    "pow": "**", "matmul": "@", "and_": "&", "or_": "|", "xor": "^", "invert": "~", "lshift": "<<",
    "rshift": ">>", "lt": "<", "le": "<=", "eq": "==", "ne": "!=", "ge": ">=", "gt": ">", "not_": "not",
    "is_": "is", "is_not": "is not", "contains": "in",
}  # fmt: skip


def called(target: object) -> str:
    """What a user writes for it; empty for what this Python or this NumPy has not got."""
    if target is None:
        return ""
    name = getattr(target, "__name__", str(target))
    module = getattr(target, "__module__", None) or ""
    if module in ("_operator", "operator"):
        return OPERATORS.get(name, f"operator.{name}").replace("|", "\\|")
    if module == "builtins":
        return name
    return f"{'math' if module == 'math' else 'np'}.{name}"


def kinks() -> str:
    from tangent_like.rules.kinks import KINKS

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


# -- docs/architecture.md: one program through every stage -----------------------


@functools.cache
def journey() -> dict[str, Any]:
    """What went in and out of each stage when the page's program was differentiated."""
    from tangent_like.analysis import activity, aliases, live, recorded, typing
    from tangent_like.backend import emit
    from tangent_like.frontend import lower, normalize, source
    from tangent_like.pipeline import differentiate
    from tangent_like.kinds.kind import kind_of_value, sizes_of_value
    from tangent_like.request import Request
    from tangent_like.transform import plans, ready, tidy

    text = block_after(ARCHITECTURE.read_text(encoding="utf-8"), "<!-- program -->")
    settle = load("import numpy as np\n\n\n" + text, "model").settle
    args = {"x": np.array([0.4, 0.9, 0.7, 1.3]), "w": np.ones(4), "k": 0.5}
    kinds = {name: kind_of_value(value, name) for name, value in args.items()}
    sizes: dict[str, int] = {}
    for name, value in args.items():
        sizes.update(sizes_of_value(value, name))
    watched = [
        lower.lower, normalize.one_return, typing.infer, aliases.find_aliases, activity.find_activity,
        ready.make_ready, recorded.find_records, live.keep_live, tidy.tidied, emit.emit_function,
    ]  # fmt: skip
    with watching(watched) as calls, watching_method(plans.PlanMaker, "make", calls):
        derived = differentiate(
            source.from_function(settle), Request(("x", "k"), guards=True), kinds, sizes
        )
    return {"text": text, "derived": derived, "f": settle, "args": args, **calls}


Calls = dict[str, list[tuple[tuple[Any, ...], Any]]]


@contextlib.contextmanager
def watching(functions: list[Callable[..., Any]]) -> Iterator[Calls]:
    """Note arguments and result of each call that comes from another module than the function's own."""
    calls: Calls = {f.__name__: [] for f in functions}
    undo: list[tuple[Any, str, Any]] = []
    for function in functions:

        def spy(*args: Any, _f: Callable[..., Any] = function, **kwargs: Any) -> Any:
            result = _f(*args, **kwargs)
            calls[_f.__name__].append((args, result))
            return result

        for module in [m for n, m in sys.modules.items() if n.startswith("tangent_like.")]:
            if module.__name__ == function.__module__:
                continue
            for name, value in list(vars(module).items()):
                if value is function:
                    undo.append((module, name, value))
                    setattr(module, name, spy)
    try:
        yield calls
    finally:
        for module, name, value in undo:
            setattr(module, name, value)


@contextlib.contextmanager
def watching_method(owner: type, name: str, calls: Calls) -> Iterator[None]:
    method = getattr(owner, name)
    calls[name] = []

    def spy(self: Any, *args: Any) -> Any:
        result = method(self, *args)
        calls[name].append(((self, *args), result))
        return result

    setattr(owner, name, spy)
    try:
        yield
    finally:
        setattr(owner, name, method)


def show(expr: nodes.Expr) -> str:
    """An expression as text; what a name holds after its statement has a ``'``."""

    def plain(e: nodes.Expr) -> nodes.Expr:
        return nodes.Name(f"{e.name}'") if isinstance(e, nodes.Fresh) else rebuild(e, plain)

    return expression(plain(expr), lambda ref: ref.spelling)


def line_of(stmt: nodes.Stmt) -> str:
    """A statement on one line, without its blocks."""
    match stmt:
        case nodes.Assign(targets, values):
            return f"{', '.join(targets)} = {', '.join(map(show, values))}"
        case nodes.Store(target, op, value):
            return f"{show(target)} {op}= {show(value)}"
        case nodes.Augment(target, op, value):
            return f"{target} {op}= {show(value)}"
        case nodes.If():
            return show(stmt.arms[0].test)
        case nodes.For():
            return f"{stmt.target} in range({', '.join(map(show, stmt.args))})"
        case nodes.Return(value):
            return "" if value is None else show(value)
        case nodes.Push(list_, value):
            return f"{list_}.append({show(value)})"
        case nodes.Pop(target, list_):
            return f"{show(target)} = {list_}.pop()"
        case nodes.Comment(text):
            return text
        case _:
            return ""


def outline(body: nodes.Block, depth: int = 0) -> list[str]:
    """The statements of the small language, each after its name."""
    lines = []
    for stmt in body:
        lines.append("  " * depth + f"{type(stmt).__name__:8} {line_of(stmt)}".rstrip())
        if isinstance(stmt, nodes.If):
            for arm in stmt.arms:
                lines += outline(arm.body, depth + 1)
            lines += outline(stmt.orelse, depth + 1)
        elif isinstance(stmt, nodes.For | nodes.Each | nodes.While):
            lines += outline(stmt.body, depth + 1)
    return lines


def tree(value: Any) -> str:
    """A node with what is in it, without where it stood."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = [
            tree(getattr(value, f.name))
            for f in fields(value)
            if f.name not in ("at", "origin") and getattr(value, f.name) != f.default
        ]
        return f"{type(value).__name__}({', '.join(parts)})"
    return repr(value)


def in_words(kind: Kind | None) -> str:
    match kind:
        case Scalar(type, dtype, value):
            word = type if dtype is None else f"NumPy {dtype}"
            return word if value is None else f"{word}, {value}"
        case Array(dims, dtype):
            inner = "of any rank" if dims is None else f"({', '.join(map(str, dims))})"
            return f"array {inner} of {dtype}"
        case Sequence(items):
            return f"({', '.join(map(in_words, items))})"
        case Plain(what):
            return what
        case _:
            return "unknown"


def last(name: str) -> tuple[tuple[Any, ...], Any]:
    found: tuple[tuple[Any, ...], Any] = journey()[name][-1]
    return found


def first(name: str) -> tuple[tuple[Any, ...], Any]:
    found: tuple[tuple[Any, ...], Any] = journey()[name][0]
    return found


def lowered() -> str:
    function = first("lower")[1][0]
    head = f"Function {function.name}({', '.join(p.name for p in function.params)})"
    return "\n".join([head, *("  " + line for line in outline(function.body))])


def node() -> str:
    function = first("lower")[1][0]
    stores = [s for s in statements(function.body) if isinstance(s, nodes.Store)]
    text = tree(stores[0])
    return "\n".join(textwrap.wrap(text, 96, subsequent_indent="    ", break_long_words=False))


def normalized() -> str:
    """The example of the module's own docstring: the page's program has one return."""
    from tangent_like.frontend import normalize

    assert normalize.__doc__ is not None
    return textwrap.dedent(normalize.__doc__.partition("\n\n")[2])


def numbered(body: nodes.Block) -> list[tuple[nodes.Stmt, str]]:
    """Each statement, with its text, indented."""
    found: list[tuple[nodes.Stmt, str]] = []

    def go(block: nodes.Block, depth: int) -> None:
        for stmt in block:
            word = {"If": "if ", "For": "for ", "Return": "return "}.get(type(stmt).__name__, "")
            colon = ":" if word in ("if ", "for ") else ""
            found.append((stmt, "    " * depth + word + line_of(stmt) + colon))
            if isinstance(stmt, nodes.If):
                for arm in stmt.arms:
                    go(arm.body, depth + 1)
                go(stmt.orelse, depth + 1)
            elif isinstance(stmt, nodes.For | nodes.Each | nodes.While):
                go(stmt.body, depth + 1)

    go(body, 0)
    return found


def beside(body: nodes.Block, fact: Callable[[nodes.Stmt], str]) -> str:
    """The statements with a fact beside each."""
    pairs = [(text, fact(stmt)) for stmt, text in numbered(body)]
    width = max(len(text) for text, note in pairs if note) + 2
    return "\n".join(f"{text:{width}} # {note}" if note else text for text, note in pairs)


def inferred() -> str:
    (function, kinds, *_), typing = first("infer")

    def note(stmt: nodes.Stmt) -> str:
        found = typing.after.get(stmt, {})
        return "; ".join(f"{name}: {in_words(kind)}" for name, kind in found.items())

    head = "\n".join(f"{name}: {in_words(kind)}" for name, kind in kinds.items())
    return f"{head}\n\n{beside(function.body, note)}"


def ledger() -> str:
    derived = journey()["derived"]
    return "\n".join(str(a) for a in derived.sizes.used) or "(nothing)"


def aliased() -> str:
    found = first("find_aliases")[1]
    return facts(found, "class_of", "written", "shared", "copied")


def facts(value: Any, *names: str) -> str:
    width = max(map(len, names))
    return "\n".join(f"{name:{width}}  {plainly(getattr(value, name))}" for name in names)


def plainly(value: Any) -> str:
    """A set or table in an order that does not depend on the run."""
    if isinstance(value, frozenset | set):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(str, value)) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {v}" for k, v in value.items()) + "}"
    return str(value)


def active() -> str:
    (function, *_), found = first("find_activity")

    def note(stmt: nodes.Stmt) -> str:
        parts = []
        varied = sorted(found.varied_reads.get(stmt, ()))
        if varied:
            parts.append(f"reads varied {', '.join(varied)}")
        if stmt in found.acts:
            parts.append(f"acts: adjoint of {', '.join(sorted(found.acts[stmt]))} flows in")
        if stmt in found.end:
            parts = [f"carried around: {', '.join(sorted(found.end[stmt]))}"]
        return "; ".join(parts)

    return beside(function.body, note)


def exposed() -> str:
    function = last("make_ready")[0][0]
    return "\n".join(text for _, text in numbered(function.body))


def readied() -> str:
    return "\n".join(text for _, text in numbered(last("make_ready")[1].body))


def planned() -> str:
    (maker, body), plans = last("make")
    lines = []
    for stmt, text in numbered(body):
        reads = plans.reads.get(stmt)
        plan = plans.of.get(stmt)
        if plan is None and reads is None:
            continue
        lines.append(text.strip())
        if plan is not None:
            for name, value in plan.temps:
                lines.append(f"    {name} = {show(value)}")
            for part in plan.parts:
                lines.append(f"    to the adjoint of {show(part.path)}: {show(part.value)}")
        if reads is not None and (reads.before or reads.after):
            before, after = sorted(reads.before), sorted(reads.after)
            lines.append(
                "    reads "
                + "; ".join(
                    f"{', '.join(names)} as {when} it" for names, when in ((before, "before"), (after, "after")) if names
                )
            )
    del maker
    return "\n".join(lines)


def records() -> str:
    (body, *_), found = last("find_records")

    def note(stmt: nodes.Stmt) -> str:
        parts = []
        if stmt in found.names:
            parts.append(f"keep {', '.join(found.names[stmt])} before it")
        if stmt in found.items:
            parts.append("keep the element that it overwrites")
        for (owner, _), names in found.at_end.items():
            if owner is stmt:
                parts.append(f"keep {', '.join(names)} at the end of a turn")
        if stmt in found.renames:
            parts.append(f"a fresh name for {', '.join(found.renames[stmt])}")
        return "; ".join(parts)

    return beside(body, note)


def written(body: nodes.Block) -> list[str]:
    """Statements as the text would have them."""
    from tangent_like.backend.emit import emit_function, Text

    text = Text()
    origin = nodes.Origin("", 1, 1, "")
    emit_function(nodes.Function("f", (), body, origin), lambda ref: ref.spelling, True, text)
    return textwrap.dedent("\n".join(text.lines[1:])).split("\n")


def sweeps() -> tuple[list[str], list[str]]:
    """The function before and after what nobody needs is dropped."""
    pairs = journey()["keep_live"][-2:]  # backward first, then forward
    (back, front) = pairs
    before = written((*front[0][0], *back[0][0]))
    after = written((*front[1], *back[1]))
    return before, after


def swept() -> str:
    return "\n".join(sweeps()[0])


def dropped() -> str:
    before, after = sweeps()
    return difference(before, after) or "(nothing)"


def difference(before: list[str], after: list[str]) -> str:
    import difflib

    lines = [line for line in difflib.ndiff(before, after) if line[:2] in ("- ", "+ ")]
    return "\n".join(line.rstrip() for line in lines)


def tidied() -> str:
    (function, *_), result = last("tidied")
    return difference(written(function.body), written(result.body)) or "(nothing)"


def emitted() -> str:
    return str(journey()["derived"].text())


def shadows() -> str:
    text = block_after(ARCHITECTURE.read_text(encoding="utf-8"), "<!-- program of shadows -->")
    f = load("import numpy as np\n\n\n" + text, "model").held
    return tl.grad(f).source_for(np.array([0.4, 0.9]), True)


def guarded() -> str:
    text = block_after(ARCHITECTURE.read_text(encoding="utf-8"), "<!-- program of guards -->")
    f = load("import numpy as np\n\n\n" + text, "model").half
    return tl.grad(f).source_for(np.array([0.4, 0.9]))


def stages() -> str:
    from tangent_like import pipeline

    assert pipeline.__doc__ is not None
    return pipeline.__doc__.partition("\n\n")[2]


# -- README.md -----------------------------------------------------------------


def example() -> str:
    """What the first program of the README prints."""
    text = README.read_text(encoding="utf-8")
    found = re.search(r"^## An example\n+```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert found is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        load(found[1], "example")
    return printed.getvalue()


BLOCKS: dict[str, Callable[[], str]] = {
    "stages": stages,
    "lowered": lowered,
    "node": node,
    "normalized": normalized,
    "inferred": inferred,
    "ledger": ledger,
    "aliased": aliased,
    "active": active,
    "exposed": exposed,
    "readied": readied,
    "planned": planned,
    "records": records,
    "swept": swept,
    "dropped": dropped,
    "tidied": tidied,
    "emitted": emitted,
    "shadows": shadows,
    "guarded": guarded,
    "families": families,
    "methods": methods,
    "constants": constants,
    "kinks": kinks,
    "example": example,
}


def main() -> int:
    stale = 0
    for page in PAGES:
        new = regenerated(page)
        if new != page.read_text(encoding="utf-8"):
            stale += 1
            print(f"{page.relative_to(ROOT)}: {'out of date' if '--check' in sys.argv else 'rewritten'}")
            if "--check" not in sys.argv:
                page.write_text(new, encoding="utf-8")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
