"""One program through every stage of the compiler: the blocks that docs/architecture.md shows.

The program is differentiated once, with the functions of the stages watched: what is shown is what went
in and out of them.
"""

# ruff: noqa: INP001

from __future__ import annotations

import contextlib
import difflib
import functools
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pages import block_after, load

import tangent_like as tl
from tangent_like import pipeline
from tangent_like.analysis import activity, aliases, live, recorded, typing
from tangent_like.backend import emit
from tangent_like.frontend import lower, normalize, source
from tangent_like.ir import nodes
from tangent_like.ir.walk import rebuild, statements
from tangent_like.kinds.kind import Array, Kind, Plain, Scalar, Sequence, kind_of_value, sizes_of_value
from tangent_like.request import Request
from tangent_like.transform import plans, ready, tidy

PAGE = Path(__file__).resolve().parent / "architecture.md"


@functools.cache
def journey() -> dict[str, Any]:
    """What went in and out of each stage when the page's program was differentiated."""
    text = block_after(PAGE.read_text(encoding="utf-8"), "<!-- program -->")
    settle = load("import numpy as np\n\n\n" + text, "model").settle
    args = {"x": np.array([0.4, 0.9, 0.7, 1.3]), "w": np.ones(4), "k": 0.5}
    kinds = {name: kind_of_value(value, name) for name, value in args.items()}
    sizes: dict[str, int] = {}
    for name, value in args.items():
        sizes.update(sizes_of_value(value, name))
    watched = [
        lower.lower, normalize.normalized, typing.infer, aliases.find_aliases, activity.find_activity,
        ready.make_ready, recorded.find_records, live.keep_live, tidy.tidied, emit.emit_function,
    ]  # fmt: skip
    with watching(watched) as calls, watching_method(plans.PlanMaker, "make", calls):
        derived = pipeline.differentiate(source.from_function(settle), Request(("x", "k"), guards=True), kinds, sizes)
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

    return emit.expression(plain(expr), lambda ref: ref.spelling)


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
    (_, body), plans_made = last("make")
    lines: list[str] = []
    for stmt, text in numbered(body):
        plan, reads = plans_made.of.get(stmt), plans_made.reads.get(stmt)
        if plan is None and reads is None:
            continue
        lines.append(text.strip())
        if plan is not None:
            lines += [f"    {name} = {show(value)}" for name, value in plan.temps]
            lines += [f"    to the adjoint of {show(p.path)}: {show(p.value)}" for p in plan.parts]
        if reads is not None and (reads.before or reads.after):
            read = {"before": sorted(reads.before), "after": sorted(reads.after)}
            words = [f"{', '.join(names)} as {when} it" for when, names in read.items() if names]
            lines.append(f"    reads {'; '.join(words)}")
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
    text = emit.Text()
    origin = nodes.Origin("", 1, 1, "")
    emit.emit_function(nodes.Function("f", (), body, origin), lambda ref: ref.spelling, True, text)
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
    lines = [line for line in difflib.ndiff(before, after) if line[:2] in ("- ", "+ ")]
    return "\n".join(line.rstrip() for line in lines)


def tidied() -> str:
    (function, *_), result = last("tidied")
    return difference(written(function.body), written(result.body)) or "(nothing)"


def emitted() -> str:
    return str(journey()["derived"].text())


def forward() -> str:
    found = journey()
    return tl.jacfwd(found["f"], ("x", "k")).source_for(**found["args"])


def shadows() -> str:
    text = block_after(PAGE.read_text(encoding="utf-8"), "<!-- program of shadows -->")
    f = load("import numpy as np\n\n\n" + text, "model").held
    return tl.grad(f).source_for(np.array([0.4, 0.9]), True)


def guarded() -> str:
    text = block_after(PAGE.read_text(encoding="utf-8"), "<!-- program of guards -->")
    f = load("import numpy as np\n\n\n" + text, "model").half
    return tl.grad(f).source_for(np.array([0.4, 0.9]))


def stages() -> str:
    assert pipeline.__doc__ is not None
    return pipeline.__doc__.partition("\n\n")[2]


BLOCKS: dict[str, Callable[[], str]] = {
    f.__name__: f
    for f in (
        stages, lowered, node, normalized, inferred, ledger, aliased, active, exposed, readied, planned, records,
        swept, dropped, tidied, emitted, forward, shadows, guarded,
    )
}  # fmt: skip
