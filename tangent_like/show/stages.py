"""The program after each stage, with what the stage found out: ``--passes``, ``stages``, docs/architecture.md."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.recorded import Records
from tangent_like.analysis.typing import Typing
from tangent_like.ir.never import assert_never
from tangent_like.ir.nodes import Block, Function, Stmt
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, DictOf, Kind, ListOf, Plain, Scalar, Sequence
from tangent_like.show.program import as_emitted, beside, lines_of, numbered, outline, shown
from tangent_like.transform.call_plan import CallPlan
from tangent_like.transform.contribution import Plan
from tangent_like.transform.plans import Plans
from tangent_like.transform.stages import Stage, Swept, Tidied


@dataclass(eq=False)
class Journey:
    """Where stages are noted as they pass; of what is done over again the last."""

    found: dict[tuple[Function, str], Stage] = field(default_factory=dict)

    def __call__(self, stage: Stage) -> None:
        key = (stage.of, stage.name)
        self.found.pop(key, None)
        self.found[key] = stage

    def of(self, function: Function) -> dict[str, Stage]:
        """The stages of one function."""
        return {name: stage for (of, name), stage in self.found.items() if of is function}

    def functions(self) -> list[Function]:
        """The functions that the stages start from: a caller's plans are made before its callees are derived."""
        return list(dict.fromkeys(of for of, _ in self.found))

    def named(self, name: str) -> list[Stage]:
        return [stage for (_, known), stage in self.found.items() if known == name]


WHAT = {
    "lower": "as read, in the small language",
    "normalize": "jumps at the ends of turns, one way out",
    "specialize": "structure, closures and objects are variables",
    "infer": "what is known about each value",
    "aliases": "which names share written memory",
    "activity": "what depends on the arguments, and the result on it",
    "expose": "names for what the way back will read",
    "ready": "control that cannot be asked again is kept",
    "plans": "what each statement's reverse half does and reads",
    "record": "what is kept, and where",
    "live": "the sweeps, and what nobody needs of them",
    "tidy": "constants, copies, single uses",
    "emit": "the text",
}


def stages_text(journey: Journey, text: str) -> str:
    """All stages in order, each function of the user's after the other; then the text that is emitted."""
    out: list[str] = []
    for name in WHAT:
        for stage in journey.named(name):
            if stage.name == "normalize" and unchanged(stage, journey):
                continue
            out.append(f"{title(name, stage.function.name)}\n\n{stage_text(stage)}\n")
    return "\n".join([*out, f"{title('emit')}\n\n{text}"])


def title(name: str, of: str = "") -> str:
    line = f"-- {name}{f' of {of}' if of else ''}: {WHAT[name]} "
    return line + "-" * max(100 - len(line), 2)


def unchanged(stage: Stage, journey: Journey) -> bool:
    before = journey.of(stage.of).get("lower")
    return before is not None and lines_of(before.function.body) == lines_of(stage.function.body)


def stage_text(stage: Stage) -> str:
    body = stage.function.body
    match stage.fact:
        case None:
            return outline(stage.function) if stage.name == "lower" else lines_of(body)
        case Typing():
            return inferred(stage.function, stage.fact)
        case Aliases():
            return aliased(stage.fact)
        case Activity():
            return active(body, stage.fact)
        case Plans():
            return planned(body, stage.fact) or "(no statement acts)"
        case Records():
            return recorded(body, stage.fact)
        case Swept():
            before = as_emitted((*stage.fact.before[0], *stage.fact.before[1]))
            after = as_emitted((*stage.fact.front, *stage.fact.back))
            return "\n".join(merged(before, after))
        case Tidied():
            return difference(as_emitted(stage.fact.before.body), as_emitted(body)) or "(nothing)"
        case _:
            assert_never(stage.fact)


def in_words(kind: Kind | None) -> str:
    match kind:
        case Scalar(type, dtype, value):
            word = type if dtype is None else f"NumPy {dtype}"
            return word if value is None else f"{word}, {value}"
        case Array(dims, dtype):
            inner = "of any rank" if dims is None else f"({', '.join('?' if d is None else str(d) for d in dims)})"
            return f"array {inner}" + (f" of {dtype}" if dtype else "")
        case Sequence(items):
            return f"({', '.join(map(in_words, items))})"
        case ListOf(item):
            return "empty list" if item is None else f"list, each {in_words(item)}"
        case DictOf(item, key):
            return "empty dict" if item is None else f"dict from {in_words(key)}, each {in_words(item)}"
        case Plain(what):
            return what
        case _:
            return "unknown"


def inferred(function: Function, typing: Typing) -> str:
    """The kinds of the parameters, and of what each statement binds."""

    def note(stmt: Stmt) -> str:
        return "; ".join(f"{name}: {in_words(kind)}" for name, kind in typing.after.get(stmt, {}).items())

    head = [f"{p.name}: {in_words(typing.params.get(p.name))}" for p in function.params]
    return "\n".join([*head, "", beside(function.body, note)])


def ledger(sizes: Sizes) -> str:
    return "\n".join(map(str, sizes.used)) or "(nothing)"


def aliased(found: Aliases) -> str:
    rows = {name: getattr(found, name) for name in ("class_of", "written", "shared", "copied")}
    width = max(map(len, rows))
    return "\n".join(f"{name:{width}}  {plainly(value)}" for name, value in rows.items())


def plainly(value: object) -> str:
    """A set or table in an order that does not depend on the run."""
    if isinstance(value, frozenset | set):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(str, value)) + ")"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {v}" for k, v in value.items()) + "}"
    return str(value)


def active(body: Block, found: Activity) -> str:
    def note(stmt: Stmt) -> str:
        parts = []
        varied = sorted(found.varied_reads.get(stmt, ()))
        if varied:
            parts.append(f"reads varied {', '.join(varied)}")
        if stmt in found.acts:
            parts.append(f"acts: adjoint of {', '.join(sorted(found.acts[stmt]))} flows in")
        if stmt in found.end:
            parts = [f"carried around: {', '.join(sorted(found.end[stmt]))}"]
        return "; ".join(parts)

    return beside(body, note)


def planned(body: Block, plans: Plans) -> str:
    lines: list[str] = []
    for stmt, text in numbered(body):
        if stmt is None:
            continue
        plan, reads = plans.of.get(stmt), plans.reads.get(stmt)
        if plan is None and reads is None:
            continue
        lines.append(text.strip())
        lines += [f"    {line}" for line in plan_lines(plan)]
        if reads is not None and (reads.before or reads.after):
            read = {"before": sorted(reads.before), "after": sorted(reads.after)}
            words = [f"{', '.join(names)} as {when} it" for when, names in read.items() if names]
            lines.append(f"    reads {'; '.join(words)}")
    return "\n".join(lines)


def plan_lines(plan: Plan | CallPlan | None) -> Iterator[str]:
    match plan:
        case Plan():
            yield from (f"{name} = {shown(value)}" for name, value in plan.temps)
            yield from (f"to the adjoint of {shown(p.path)}: {shown(p.value)}" for p in plan.parts)
        case CallPlan():
            yield f"{plan.half.reverse.spelling} with what {plan.half.forward.spelling} kept"
            yield from (f"to the adjoint of {shown(path)}" for path, _ in plan.places)
        case None:
            pass
        case _:
            assert_never(plan)


def recorded(body: Block, found: Records) -> str:
    def note(stmt: Stmt) -> str:
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


def difference(before: Iterable[str], after: Iterable[str]) -> str:
    """The lines that went and those that came."""
    lines = difflib.ndiff(list(before), list(after))
    return "\n".join(line.rstrip() for line in lines if line[:2] in ("- ", "+ "))


def merged(before: list[str], after: list[str]) -> Iterator[str]:
    """All lines; those that went have a mark."""
    return (line.rstrip() for line in difflib.ndiff(before, after) if line[:2] != "? ")
