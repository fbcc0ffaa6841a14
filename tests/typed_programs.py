"""Programs of typed pieces, put into each other at will: `python tests/typed_programs.py [COUNT] [--seed N]`.

    for e, c in zip([*items, a], x):
        box = Box(h(*pair), sum(v * e for v in y))
        table["p"] += box.area() if c > 0.1 else next((v for v in items if v > b), b)
    return functools.reduce(operator.add, sorted(items)) + rows[1] @ x

Numbers, vectors, matrices, lists and dicts of them, pairs, whole numbers and truths: wherever one of a type may stand,
whatever gives one may; and memory is written, by several names. Each program that runs is judged as the corpus is.
"""

from __future__ import annotations

import linecache
import re
import sys
import types
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
from case import Case, mat, num, takes, vec
from harness import TooLong, time_limit, verify
from straight_programs import tried
from typed_pieces import GRAMMAR, HELPERS, STATEMENTS
from typed_writes import WRITE_HELPERS, WRITES, WRITTEN

import tangent_like as tl

DEEPEST = 3
SIMPLE = {
    "s": "{S}", "v": "{V}", "i": "1", "b": "{S} > 0.1", "l": "[a, b, 0.5]", "r": "[x, w, x]", "d": "{{'p': a, 'q': b}}",
    "t": "(a, b)", "m": "{M}", "h": "{{'p': 1.0 * x, 'q': 1.0 * w}}",
}  # fmt: skip
NAMED = {"s": "s", "v": "y", "l": "items", "r": "rows", "d": "table", "t": "pair", "m": "Y", "h": "held"}
MARKS = re.compile(">>|<<|;;")
SEEDS = 3
SECONDS = 0.5  # that a program may run


def pieces(text: str) -> list[str]:
    return [piece.strip() for line in text.strip().split("\n") for piece in line.split(" | ")]


EXPRESSIONS = {
    kind: [piece for table in (GRAMMAR, WRITTEN) if kind in table for piece in pieces(table[kind])]
    for kind in GRAMMAR | WRITTEN
}
ALL_STATEMENTS = [*pieces(STATEMENTS), *pieces(WRITES)]


class Maker:
    """Makes one program, line by line."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.variables: dict[str, list[str]] = {k: [] for k in "LRDTHOP"} | {"S": ["a", "b"], "V": ["x", "w"], "M": ["A"]}
        if random.random() < 0.3:  # arguments that are written
            self.variables |= {"O": ["x"], "P": ["A"]}
        self.count = 0
        self.new: list[tuple[str, str]] = []  # what the statement binds that is written later

    def fresh(self, wanted: str) -> str:
        self.count += 1
        return f"{wanted}{self.count}"

    def expression(self, kind: str, depth: int, near: tuple[str, ...] = ()) -> str:
        if kind.isupper():
            if kind == "S" and near and self.random.random() < 0.5:
                return self.random.choice(near)
            names = self.variables[kind]
            return self.random.choice(names) if names else self.expression(kind.lower(), depth + 1, near)
        template = SIMPLE[kind] if depth > DEEPEST else self.random.choice(EXPRESSIONS[kind])
        return self.filled(template, depth, near)

    def filled(self, template: str, depth: int, near: tuple[str, ...] = ()) -> str:
        new: dict[str, str] = {}
        fixed: dict[str, str] = {}

        def name(wanted: str) -> str:
            return new.setdefault(wanted, self.fresh(wanted))

        def one(found: re.Match[str]) -> str:
            what = found[1]
            if what in "eck":
                return name(what)
            if what.startswith("+"):
                fixed[what] = fixed.get(what) or self.named(what[1], depth)
                return fixed[what]
            if what.endswith("="):
                fixed[what] = fixed.get(what) or self.expression(what[0], depth + 1)
                return fixed[what]
            kind, _, inside = what.partition(":")
            text = self.expression(kind, depth + 1, (*near, name(inside)) if inside else near)
            plain = re.fullmatch(r"[\w.]+(\[[^\[\]]*\])?|[\w.]+\([^()]*\)", text)
            return f"({text})" if kind in "svib" and not plain else text

        template = template.replace("{{", "\1")
        template = re.sub(r"\}\}(?!\})", "\2", template)
        return re.sub(r"\{(\+?\w=?(?::\w)?)\}", one, template).replace("\1", "{").replace("\2", "}")

    def named(self, kind: str, depth: int) -> str:
        """What a view or an array of its own is bound to."""
        if depth > 1 and self.variables[kind]:
            return self.random.choice(self.variables[kind])
        name = self.fresh({"O": "y", "P": "Y"}[kind])
        self.new.append((kind, name))
        return name

    def fits(self, template: str, depth: int) -> bool:
        if depth and (template.startswith("def ") or (depth > 1 and "..." in template)):
            return False
        for kind in re.findall(r"\{\+(\w)\}", template) if depth else ():  # a name that the path binds
            if not self.variables[kind] or self.random.random() < 0.7:
                return False
        written = {found[1] for found in re.finditer(r"\{([LRD])=?\}(?:[.\[]| [*+]?= )|(?:at|ed)\(\{([LRD])", template)}
        return all(self.variables[k] for k in written | set(re.findall(r"\{([OPH])", template)) if k)

    def statement(self, depth: int = 0) -> list[str]:
        template = self.random.choice([t for t in ALL_STATEMENTS if self.fits(t, depth)])
        if template.startswith("{=") and template.endswith("}"):
            return [self.binding(template[2], depth)]
        self.new = []
        lines: list[str] = []
        indent = 0
        for mark, text in zip(["", *MARKS.findall(template)], MARKS.split(template), strict=True):
            indent += {">>": 1, "<<": -1}.get(mark, 0)
            lines.append("    " * indent + text)
        out: list[str] = []
        whole = self.filled("\n".join(lines), 1 + (depth > 0)).replace("~", "|")
        for kind, name in self.new:
            self.variables[kind] += [name]
            self.variables[{"O": "V", "P": "M"}[kind]] += [name]
        for line in whole.split("\n"):
            if line.strip() == "...":
                space = line[: len(line) - 3]
                out += [space + inner for inner in self.statement(depth + 1)]
            else:
                out.append(line)
        return out

    def binding(self, kind: str, depth: int) -> str:
        value, names = self.expression(kind, 1), self.variables[kind.upper()]
        if depth:  # a name that one branch alone binds is another matter
            name = self.random.choice(names) if names else "_"
            return f"{name} = " + (self.owned(kind, value) if name in self.variables["O"] + self.variables["P"] else value)
        name = self.fresh(NAMED[kind])
        if kind in "vrm" and self.random.random() < 0.5:
            value = self.owned(kind, value)
            if kind in "vm":
                self.variables["O" if kind == "v" else "P"].append(name)
        names.append(name)
        return f"{name} = {value}"

    def owned(self, kind: str, value: str) -> str:
        return f"1.0 * ({value})" if kind in "vm" else f"[1.0 * z for z in {value}]"

    def program(self) -> str:
        lines = [line for _ in range(self.random.randint(3, 9)) for line in self.statement()]
        ends = [self.expression("s", 1), self.expression("s", 1)]
        sums = {"O": "np.sum({} * x)", "L": "sum(z * z for z in {})", "R": "sum(np.sum(z * w) for z in {})"}
        sums |= {"P": "np.sum({} * A)", "H": "{0}['p'] @ {0}['q']"}
        ends += [text.format(name) for k, text in sums.items() for name in dict.fromkeys(self.variables[k][-2:])]
        return "\n".join([*lines, "return " + " + ".join(f"({e})" for e in ends)])


def programs(count: int, seed: int) -> Iterator[str]:
    for k in range(count):
        yield Maker(Random(seed * 1_000_000 + k)).program()


def loaded(body: str, name: str) -> Any:
    text = HELPERS + WRITE_HELPERS + "\ndef f(x, w, a, b, A):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    module = types.ModuleType("typed_program")
    sys.modules[module.__name__] = module  # dataclasses look there
    exec(compile(text, name, "exec"), module.__dict__)
    return module.f


def problem(body: str, name: str, light: bool = False) -> str | None:
    """What is wrong with the derivatives of a program; None where all is right, or the program itself fails."""
    try:
        f = loaded(body, name)
    except SyntaxError:  # a walk through what binds, or an index of a number
        return None
    case = Case(f, takes(vec(3), vec(3), num(), num(), mat(3, 3)), wrt=(0, 1, 2, 3, 4), name=name, expect="either")
    with np.errstate(all="ignore"):
        for seed in range(SEEDS):
            try:
                with time_limit(SECONDS):
                    if not abs(f(*case.make(seed))) < 1e6:  # beyond, differences say little
                        return None
            except (Exception, TooLong):  # whatever it is, it is the program's
                return None
        verdict = verify(case, tl, range(SEEDS), light=light)
    if verdict.kind == "refused":
        assert verdict.error is not None
        raise verdict.error
    overflows = "nan claimed" in verdict.message or verdict.kind == "fault"
    return None if verdict.kind == "right" or overflows else f"{verdict.kind}: {verdict.message}"


if __name__ == "__main__":
    sys.exit(tried(__doc__ or "", programs, lambda body, seed, k: problem(body, f"<typed {seed}:{k}>", k % 4 != 0)))
