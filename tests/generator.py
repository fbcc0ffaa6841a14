"""Random programs whose only verdicts are right and refused: `python tests/generator.py --seconds 60 --seed 1`.

Program k of seed s is always the same: `--only s:k` prints it and judges it alone. What is found wrong is made
smaller before it is shown, by leaving out statements for as long as the verdict stays.

Six profiles. "plain": every construct of it is supported, so nearly all must come out right. "alias": the same,
with memory shared by path, by callees that write, by arguments that are one array: right or refused. "wild": jumps,
unpacking iteration, in-place functions as well: right or refused. "writes": callees that write what they are
given, views too, that return nothing or hand it back, and NumPy's functions that write: right or refused.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402
from case import Case  # noqa: E402
from harness import TooLong, Verdict, quietly, time_limit, verify  # noqa: E402

# A type: "float", "int", "flag", "index" (integer array), "mask", or the shape of an array of floats.
Type = str | tuple[int, ...]

N = 4
SHAPES: list[tuple[int, ...]] = [(N,), (N - 1,), (3, N), (N, 3)]
PROFILES = ("plain", "alias", "wild", "writes", "jumps", "leaps")
TAME = ("plain", "jumps")


# -- programs ----------------------------------------------------------------------------------------------


@dataclass
class Line:
    """A statement: one line, or a header with its blocks (`if x:`, body, `else:`, body)."""

    text: str
    blocks: list[tuple[str, list[Line]]] = field(default_factory=list)

    def render(self, indent: int) -> Iterator[str]:
        pad = "    " * indent
        if not self.blocks:
            yield pad + self.text
        for header, body in self.blocks:
            yield pad + header
            for line in body or [Line("pass")]:
                yield from line.render(indent + 1)


@dataclass
class Function:
    name: str
    parameters: list[tuple[str, Type]]
    body: list[Line]
    result: str
    writes: bool = False
    kind: Type = "float"

    def render(self) -> str:
        head = f"def {self.name}({', '.join(name for name, _ in self.parameters)}):"
        lines = [
            head,
            *(text for line in self.body for text in line.render(1)),
            *([f"    return {self.result}"] if self.result else [] if self.body else ["    pass"]),
        ]
        return "\n".join(lines) + "\n"


@dataclass
class Program:
    seed: int
    number: int
    profile: str
    helpers: list[Function]
    main: Function
    one_array: bool = False

    @property
    def name(self) -> str:
        return f"{self.profile} {self.seed}:{self.number}"

    def render(self) -> str:
        return "import math\n\nimport numpy as np\n\n\n" + "\n\n".join(
            f.render() for f in [*self.helpers, self.main]
        )

    def case(self, f: Callable[..., Any]) -> Case:
        wrt = tuple(
            k
            for k, (_, kind) in enumerate(self.main.parameters)
            if kind == "float" or isinstance(kind, tuple)
        )
        return Case(
            f,
            self.arguments,
            wrt=wrt,
            expect="right" if self.profile == "plain" else "either",
            name=self.name,
        )

    def arguments(self, rng: np.random.Generator) -> tuple[Any, ...]:
        values = [
            argument(kind, rng, strided=self.profile not in TAME and k % 3 == 2)
            for k, (_, kind) in enumerate(self.main.parameters)
        ]
        if self.one_array:
            first = next(k for k, (_, kind) in enumerate(self.main.parameters) if kind == (N,))
            for k, (_, kind) in enumerate(self.main.parameters):
                if kind == (N,):
                    values[k] = values[first]
        return tuple(values)


def argument(kind: Type, rng: np.random.Generator, strided: bool) -> Any:
    if kind == "float":
        return float(rng.normal())
    if kind == "int":
        return int(rng.integers(0, 4))
    if kind == "flag":
        return bool(rng.random() < 0.5)
    if kind == "index":
        return rng.integers(0, 3, size=N)
    if kind == "mask":
        return rng.random(N) < 0.5
    assert isinstance(kind, tuple)
    if strided:
        return rng.normal(size=tuple(2 * size for size in kind))[
            tuple(slice(None, None, 2) for _ in kind)
        ]
    return rng.normal(size=kind)


# -- making them -------------------------------------------------------------------------------------------


class Maker:
    """Writes one function at random. `env` maps the names that are surely bound to their types."""

    def __init__(
        self, rng: np.random.Generator, profile: str, helpers: list[Function], prefix: str = ""
    ) -> None:
        self.rng = rng
        self.profile = profile
        self.helpers = helpers
        self.prefix = prefix
        self.count = 0
        self.env: dict[str, Type] = {}
        self.fixed: set[str] = set()  # names that the block at hand must leave alone
        self.frozen: set[str] = (
            set()
        )  # arrays that the block at hand must not write: a loop is going over them
        self.shared: set[str] = set()  # names whose memory has, or had, another name
        self.pathy: set[str] = (
            set()
        )  # names bound in a block: what memory they mean may depend on the path
        self.depth = 0
        self.in_loop = 0
        self.skip = "continue"  # or "break", where `continue` would pass by what ends the loop
        self.writes = False
        self.kind: Type = "any"  # of the result

    # - choices

    def pick(self, items: list[Any]) -> Any:
        return items[int(self.rng.integers(len(items)))]

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def number(self) -> str:
        return str(round(float(self.rng.uniform(0.2, 1.9)), 2))

    def names(self, kind: Type) -> list[str]:
        return [name for name, its in self.env.items() if its == kind]

    def arrays(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(name, kind) for name, kind in self.env.items() if isinstance(kind, tuple)]

    def fresh(self, kind: Type) -> str:
        self.count += 1
        letter = (
            {"float": "s", "int": "k"}.get(kind, "m")
            if isinstance(kind, str)
            else "vA"[len(kind) - 1]
        )
        return f"{self.prefix}{letter}{self.count}"

    def target(self, kind: Type) -> str:
        """A name to assign: often one that is there already, and then of the same type."""
        if self.depth == 0 and self.chance(0.06) and self.profile not in ("jumps", "leaps"):
            others = [
                name
                for name, its in self.env.items()
                if its != kind and its not in ("int", "index", "mask", "flag")
            ]
            if others:
                return str(self.pick(others))  # a name that changes its type
        old = [name for name in self.names(kind) if name not in self.fixed]
        if self.profile in TAME and self.depth:
            old = [name for name in old if name not in self.shared]
        if old and self.chance(0.55):
            name = str(self.pick(old))
            if self.depth:
                self.pathy.add(name)
            return name
        return self.fresh(kind)

    # - expressions

    def scalar(self, depth: int = 2) -> str:
        leaves: list[Callable[[], str]] = [self.number]
        if self.names("float"):
            leaves += [lambda: str(self.pick(self.names("float")))] * 4
        if self.arrays():
            leaves += [self.element] * 3
        if self.names("int") and self.chance(0.3):
            leaves.append(lambda: f"0.3 * {self.pick(self.names('int'))}")
        if depth <= 0 or self.chance(0.15):
            return self.pick(leaves)()
        sub = self.scalar
        options: list[Callable[[], str]] = [
            *leaves,
            lambda: f"({sub(depth - 1)} {self.pick(['+', '-', '+'])} {sub(depth - 1)})",
            lambda: f"{self.atom(depth)} * {self.atom(depth)}",
            lambda: f"{self.atom(depth)} / (1.5 + {self.atom(depth)} ** 2)",
            lambda: f"math.{self.pick(['sin', 'cos', 'tanh', 'atan'])}({sub(depth - 1)})",
            lambda: f"np.{self.pick(['sin', 'tanh', 'cos'])}({sub(depth - 1)})",
            lambda: f"-{self.atom(depth)}",
            lambda: f"{self.atom(depth)} ** {self.pick(['2', '3'])}",
            lambda: f"({sub(depth - 1)} if {self.condition()} else {sub(depth - 1)})",
            lambda: f"0.5 * {self.atom(depth)}",
        ]
        if self.arrays():
            options += [lambda: self.reduction(depth)] * 3
        callees = self.callees("float")
        if callees:
            options += [lambda: self.call(self.pick(callees))] * 2
        return str(self.pick(options)())

    def atom(self, depth: int) -> str:
        text = self.scalar(depth - 1)
        return (
            text
            if text.replace("_", "").replace(".", "").isalnum()
            or (text[-1] in ")]" and text[0] != "-" and " " not in text)
            else f"({text})"
        )

    def reduction(self, depth: int) -> str:
        shape = self.pick(self.arrays())[1]
        array = self.array(shape, depth - 1)
        options = [
            lambda: f"np.sum({array})",
            lambda: f"np.mean({array})",
            lambda: f"np.{self.pick(['max', 'min'])}({array})",
            lambda: f"({array}).sum()",
        ]
        if len(shape) == 1:
            options += [
                lambda: f"np.dot({array}, {self.array(shape, depth - 1)})",
                lambda: f"({array}) @ ({self.array(shape, 0)})",
            ]
        return str(self.pick(options)())

    def element(self) -> str:
        name, shape = self.pick(self.arrays())
        return f"{name}[{', '.join(self.position(size) for size in shape)}]"

    def position(self, size: int) -> str:
        ints = [name for name in self.names("int") if name.startswith(("i", "j"))]
        if ints and self.chance(0.6):
            return str(self.pick(ints))  # loop variables run below 3, the smallest size
        return str(int(self.rng.integers(-size, size)))

    def condition(self) -> str:
        options = [
            lambda: f"{self.scalar(1)} {self.pick(['>', '<', '>=', '<='])} {self.scalar(0)}",
            lambda: f"{self.scalar(0)} > {self.number()}",
            lambda: f"-0.5 < {self.scalar(0)} < 1.5",
        ]
        if self.names("flag"):
            options += [lambda: f"{self.pick(['', 'not '])}{self.pick(self.names('flag'))}"] * 2
        if self.names("int"):
            options.append(
                lambda: f"{self.pick(self.names('int'))} % 2 == {int(self.rng.integers(2))}"
            )
        text = self.pick(options)()
        if self.chance(0.12):
            text = f"{text} {self.pick(['and', 'or'])} {self.pick(options)()}"
        return str(text)

    def array(self, shape: tuple[int, ...], depth: int = 2) -> str:
        names = self.names(shape)
        leaves: list[Callable[[], str]] = []
        if names:
            leaves += [lambda: str(self.pick(names))] * 4
        views = self.views_of(shape)
        if views:
            leaves += [lambda: str(self.pick(views))] * 2
        if not leaves or self.chance(0.06):
            leaves.append(
                lambda: self.pick(["np.zeros({})", "np.ones({})"]).format(
                    shape if len(shape) > 1 else shape[0]
                )
            )
        if depth <= 0:
            return str(self.pick(leaves)())
        sub = lambda: self.array(shape, depth - 1)
        options: list[Callable[[], str]] = [
            *leaves,
            lambda: f"({sub()} {self.pick(['+', '-', '*'])} {sub()})",
            lambda: f"({sub()} {self.pick(['+', '-', '*'])} {self.scalar(depth - 1)})",
            lambda: f"({sub()} / (1.5 + {sub()} ** 2))",
            lambda: f"np.{self.pick(['sin', 'tanh', 'cos', 'arctan'])}({sub()})",
            lambda: (
                f"np.{self.pick(['maximum', 'minimum'])}({sub()}, {self.pick([sub, self.number])()})"
            ),
            lambda: (
                f"np.where({sub()} > {self.number()}, {sub()}, {self.pick([sub, self.number])()})"
            ),
            lambda: f"(0.5 * {sub()})",
            lambda: f"({sub()}) ** 2",
            lambda: f"({sub()}).copy()",
            lambda: f"np.clip({sub()}, -1.1, 0.9)",
        ]
        if len(shape) == 1:
            size = shape[0]
            options += [
                lambda: f"np.array([{', '.join(self.scalar(1) for _ in range(size))}])",
                lambda: (
                    f"np.concatenate(({self.array((size,), 0)}[1:], {self.array((size,), 0)}[:1]))"
                ),
                lambda: f"{self.array((3, size), 0)}.sum(axis=0)" if size == N else sub(),
                lambda: f"np.sum({self.array((size, 3), 0)}, axis=1)" if size == N else sub(),
            ]
            if size == N:
                options += [lambda: f"({self.array((3,), 0)} @ {self.array((3, N), 0)})"]
                if self.names("index"):
                    options.append(
                        lambda: f"{self.array((N,), 0)}[{self.pick(self.names('index'))}]"
                    )
        else:
            m, n = shape
            options += [
                lambda: f"({sub()} {self.pick(['+', '*', '-'])} {self.array((n,), 0)})",
                lambda: f"({sub()} {self.pick(['+', '*'])} {self.array((m,), 0)}[:, None])",
                lambda: f"np.outer({self.array((m,), 0)}, {self.array((n,), 0)})",
                lambda: f"np.stack(({', '.join(self.array((n,), 0) for _ in range(m))}))",
                lambda: f"({sub()} - np.mean({sub()}, axis=1, keepdims=True))",
            ]
        callees = self.callees(shape)
        if callees:
            options += [lambda: self.call(self.pick(callees))] * 2
        return str(self.pick(options)())

    def views_of(self, shape: tuple[int, ...]) -> list[str]:
        """Views of what is there that have this shape."""
        views = []
        for name, its in self.arrays():
            if len(shape) == 1 and len(its) == 1:
                if its == shape:
                    views += [f"{name}[::-1]", f"{name}[:]"]
                if its[0] - 1 == shape[0]:
                    views += [f"{name}[1:]", f"{name}[:-1]"]
            elif len(shape) == 1 and len(its) == 2:
                views += [f"{name}[{self.position(its[0])}]"] if its[1] == shape[0] else []
                views += [f"{name}[:, {self.position(its[1])}]"] if its[0] == shape[0] else []
            elif len(shape) == 2 and its == (shape[1], shape[0]):
                views.append(f"{name}.T")
        return views

    def callees(self, kind: Type) -> list[Function]:
        return [
            f
            for f in self.helpers
            if f.kind == kind
            and not f.writes
            and all(p == "float" or self.names(p) for _, p in f.parameters)
        ]

    def call(self, f: Function) -> str:
        arguments = []
        for name, kind in f.parameters:
            if f.writes and isinstance(kind, tuple):
                views = self.views_of(kind) if self.profile == "writes" and self.chance(0.4) else []
                text = str(self.pick(views or self.names(kind)))
            else:
                text = (
                    self.scalar(1)
                    if kind == "float"
                    else self.array(kind, 1)
                    if isinstance(kind, tuple)
                    else str(self.pick(self.names(kind)))
                )
            arguments.append(
                f"{name}={text}"
                if self.chance(0.15)
                or (arguments and "=" in arguments[-1].split("[")[0].split("(")[0])
                else text
            )
        return f"{f.name}({', '.join(arguments)})"

    # - statements

    def block(self, length: int) -> list[Line]:
        lines: list[Line] = []
        for _ in range(length):
            lines += self.statement()
        return lines

    def inner(
        self, length: int, bound: dict[str, Type] | None = None, fixed: set[str] | None = None
    ) -> list[Line]:
        """A block of its own: what it binds first is not surely bound after it."""
        before, kept = dict(self.env), set(self.fixed)
        self.env.update(bound or {})
        self.fixed |= (fixed or set()) | set(bound or {})
        self.depth += 1
        lines = self.block(length)
        self.depth -= 1
        self.env, self.fixed = before, kept
        return lines

    def statement(self) -> list[Line]:
        options: list[tuple[int, Callable[[], list[Line]]]] = [
            (6, self.assign_scalar), (5, self.assign_array), (3, self.augment_scalar), (2, self.swap), (4, self.augment_array),
            (7, self.store), (2, self.masked_store), (2, self.name_view), (1, self.rename), (2, self.pair),
        ]  # fmt: skip
        if self.depth < 2:
            options += [(3, self.branch), (4, self.loop)]
        if self.profile not in TAME:
            options += [
                (2, self.alias_by_path),
                (3, self.call_that_writes),
                (3, self.rename),
                (3, self.name_view),
                (1, self.repeated_store),
            ]
        if self.profile == "writes":
            options += [(5, self.call_that_writes), (4, self.numpy_write)]
        if self.profile == "wild":
            options += [(2, self.wild_loop), (2, self.wild_statement), (1, self.jump)]
        if self.profile in ("jumps", "leaps"):
            options += [(8 if self.in_loop else 1, self.leap), (1 if self.depth < 3 else 0, self.guarded)]
        weights = np.array([weight for weight, _ in options], dtype=float)
        chosen = options[int(self.rng.choice(len(options), p=weights / weights.sum()))][1]
        return chosen()

    def assign_scalar(self) -> list[Line]:
        text = self.scalar(3)
        if self.in_loop:
            text = f"math.tanh({text})"  # what a loop repeats must not run away
        name = self.target("float")
        self.env[name] = "float"
        return [Line(f"{name} = {text}")]

    def assign_array(self) -> list[Line]:
        shape = self.pick(SHAPES)
        text = self.array(shape, 2)
        if self.in_loop:
            text = f"np.sin({text})"
        elif self.profile in TAME and text in self.env:
            text = f"{text} * 1.0"
        name = self.target(shape)
        self.env[name] = shape
        return [Line(f"{name} = {text}")]

    def augment_scalar(self) -> list[Line]:
        names = [name for name in self.names("float") if name not in self.fixed]
        if not names:
            return self.assign_scalar()
        name = self.pick(names)
        operator = self.pick(["+=", "-=", "+=", "*=", "/="])
        value = (
            f"math.sin({self.scalar(2)})"
            if operator in ("+=", "-=")
            else f"(1.2 + 0.3 * math.sin({self.scalar(1)}))"
        )
        return [Line(f"{name} {operator} {value}")]

    def pair(self) -> list[Line]:
        one, two = self.scalar(2), self.scalar(2)
        first = self.target("float")
        second = self.target("float")
        if first == second:
            return (
                [Line(f"{first} = math.sin({one})")] if self.env.setdefault(first, "float") else []
            )
        self.env[first] = self.env[second] = "float"
        if self.in_loop:
            one, two = f"math.sin({one})", f"math.cos({two})"
        return [Line(f"{first}, {second} = {one}, {two}")]

    def swap(self) -> list[Line]:
        kinds: list[Type] = [
            "float",
            *(SHAPES if self.profile not in TAME or self.depth == 0 else []),
        ]
        kind = self.pick(kinds)
        names = [name for name in self.names(kind) if name not in self.fixed]
        if len(names) < 2:
            return self.augment_scalar()
        one, two = self.rng.choice(names, size=2, replace=False)
        if self.profile in TAME and kind != "float" and {one, two} & self.pathy:
            return self.augment_scalar()
        return [Line(f"{one}, {two} = {two}, {one}")]

    def destination(self) -> tuple[str, tuple[int, ...]] | None:
        arrays = [(name, shape) for name, shape in self.arrays() if name not in self.frozen]
        if not arrays:
            return None
        self.writes = True
        return self.pick(arrays)  # type: ignore[no-any-return]

    def value_for(self, shape: tuple[int, ...]) -> str:
        """Something that can be stored into this shape, and does not run away."""
        if self.chance(0.25) or not shape:
            return self.pick([lambda: f"math.sin({self.scalar(2)})", lambda: self.number()])()
        if len(shape) == 2 and self.chance(0.3):
            shape = shape[1:]
        return (
            f"np.{self.pick(['sin', 'tanh'])}({self.array(shape, 2)})"
            if shape in SHAPES
            else self.number()
        )

    def augment_array(self) -> list[Line]:
        place = self.destination()
        if place is None:
            return self.assign_array()
        name, shape = place
        operator = self.pick(["+=", "-=", "+=", "*="])
        value = self.value_for(shape)
        return [
            Line(
                f"{name} {operator} {value}"
                if operator != "*="
                else f"{name} *= 1.1 + 0.2 * {value}"
            )
        ]

    def store(self) -> list[Line]:
        place = self.destination()
        if place is None:
            return self.assign_array()
        name, shape = place
        where, part = self.part(shape)
        operator = self.pick(["=", "=", "=", "+=", "-=", "*="])
        value = (
            self.value_for(part)
            if part
            else f"math.sin({self.scalar(2)})"
            if self.in_loop or self.chance(0.5)
            else self.scalar(2)
        )
        if operator == "=" and part in SHAPES and self.chance(0.3):
            value = self.array(part, 0)  # a plain copy from a view, perhaps of the same memory
        if operator == "*=":
            value = f"1.1 + 0.2 * {value}"
        return [Line(f"{name}[{where}] {operator} {value}")]

    def part(self, shape: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        wheres, sizes = [], []
        for size in shape:
            option = self.pick(
                ["element", "element", "all", "tail", "head", "inside", "back", "odd"]
            )
            if option == "element":
                wheres.append(self.position(size))
                continue
            where, new = {
                "all": (":", size), "tail": ("1:", size - 1), "head": (":-1", size - 1), "inside": ("1:-1", size - 2),
                "back": ("::-1", size), "odd": ("::2", (size + 1) // 2),
            }[option]  # fmt: skip
            wheres.append(where)
            sizes.append(new)
        return ", ".join(wheres), tuple(sizes)

    def masked_store(self) -> list[Line]:
        names = [name for name in self.names((N,)) if name not in self.frozen]
        if not names:
            return self.store()
        self.writes = True
        name = self.pick(names)
        mask = self.pick([*self.names("mask"), f"{name} > {self.number()}"])
        value = self.pick([self.number, lambda: f"math.sin({self.scalar(1)})"])()
        return [Line(f"{name}[{mask}] {self.pick(['=', '+=', '*='])} {value}")]

    def repeated_store(self) -> list[Line]:
        names = self.names((N,))
        if not names or not self.names("index"):
            return self.store()
        self.writes = True
        return [
            Line(
                f"{self.pick(names)}[{self.pick(self.names('index'))}] {self.pick(['=', '+='])} {self.value_for((N,))}"
            )
        ]

    def name_view(self) -> list[Line]:
        shape = self.pick(SHAPES)
        views = self.views_of(shape)
        if not views or (self.profile in TAME and (self.depth or self.in_loop)):
            return self.store()
        view = self.pick(views)
        base = view.partition("[")[0].partition(".")[0]
        if self.profile in TAME and base in self.pathy:
            return self.store()
        name = self.fresh(shape) if self.profile in TAME else self.target(shape)
        self.env[name] = shape
        self.shared |= {name, base}
        return [Line(f"{name} = {view}")]

    def rename(self) -> list[Line]:
        if not self.arrays() or (self.profile in TAME and (self.depth or self.in_loop)):
            return self.store()
        old, shape = self.pick(self.arrays())
        if self.profile in TAME and old in self.pathy:
            return self.store()
        name = self.fresh(shape) if self.profile in TAME else self.target(shape)
        self.env[name] = shape
        self.shared |= {name, old}
        return [Line(f"{name} = {old}")]

    def alias_by_path(self) -> list[Line]:
        if not self.arrays():
            return self.assign_array()
        old, shape = self.pick(self.arrays())
        other = self.pick([f"{old}.copy()", self.pick(self.names(shape)), f"{old} * 1.1"])
        condition = self.condition()
        name = self.target(shape)
        self.env[name] = shape
        return [Line(f"{name} = {old} if {condition} else {other}")]

    def call_that_writes(self) -> list[Line]:
        callees = [
            f
            for f in self.helpers
            if f.writes and all(p == "float" or self.names(p) for _, p in f.parameters)
        ]
        if not callees:
            return self.store()
        f = self.pick(callees)
        call = self.call(f)
        self.writes = True
        if f.kind == "none" or self.chance(0.4):
            return [Line(call)]
        name = self.target(f.kind)
        self.env[name] = f.kind
        return [Line(f"{name} = {call}")]

    def branch(self) -> list[Line]:
        condition = self.condition()
        blocks = [(f"if {condition}:", self.inner(int(self.rng.integers(1, 4))))]
        if self.chance(0.3):
            blocks.append((f"elif {self.condition()}:", self.inner(int(self.rng.integers(1, 3)))))
        if self.chance(0.6):
            blocks.append(("else:", self.inner(int(self.rng.integers(1, 4)))))
        return [Line("", blocks)]

    def loop(self) -> list[Line]:
        self.in_loop += 1
        options = [self.range_loop, self.range_loop, self.range_loop, self.while_loop]
        if self.names((N,)):
            options.append(self.element_loop)
        if self.names((3, N)) and self.profile not in TAME:
            options.append(self.row_loop)
        outer, self.skip = self.skip, "continue"
        lines = self.pick(options)()
        self.skip = outer
        self.in_loop -= 1
        if self.profile in ("jumps", "leaps") and self.chance(0.15) and lines[-1].blocks:
            lines[-1].blocks.append(("else:", self.inner(1)))
        return list(lines)

    def length(self) -> int:
        return int(self.rng.integers(1, 4))

    def range_loop(self) -> list[Line]:
        ranges = [
            "range(3)",
            "range(1, 3)",
            "range(2, -1, -1)",
            "range(0, 3, 2)",
            "range(2)",
            "range(2, 2)",
        ]
        self.count += 1
        name = f"{self.prefix}{'ij'[self.depth % 2]}{self.count}"
        text = self.pick(ranges)
        if self.names("int") and self.chance(0.3):
            text, name = f"range({self.pick(self.names('int'))})", f"{self.prefix}t{self.count}"
        return [Line("", [(f"for {name} in {text}:", self.inner(self.length(), {name: "int"}))])]

    def element_loop(self) -> list[Line]:
        array = self.pick(self.names((N,)))
        self.count += 1
        name = f"{self.prefix}e{self.count}"
        text, frozen = array, self.frozen
        if self.profile in TAME:
            if self.chance(0.3):
                text = f"{array} * 1.5"
            else:
                self.frozen = frozen | {array} | (self.shared if array in self.shared else set())
        body = self.inner(self.length(), {name: "float"}, {array})
        self.frozen = frozen
        return [Line("", [(f"for {name} in {text}:", body)])]

    def row_loop(self) -> list[Line]:
        array = self.pick(self.names((3, N)))
        self.count += 1
        name = f"{self.prefix}r{self.count}"
        return [
            Line(
                "", [(f"for {name} in {array}:", self.inner(self.length(), {name: (N,)}, {array}))]
            )
        ]

    def while_loop(self) -> list[Line]:
        outer, self.skip = self.skip, "break"
        lines = self.while_loop_itself()
        self.skip = outer
        return lines

    def while_loop_itself(self) -> list[Line]:
        self.count += 1
        counter = f"{self.prefix}c{self.count}"
        if self.chance(0.4) and self.names("float"):
            # One that asks its data: the name shrinks, and nothing else touches it.
            name = f"{self.prefix}w{self.count}"
            body = self.inner(self.length(), {name: "float"})
            start = Line(f"{name} = {self.number()} + {self.atom(1)} ** 2")
            body.insert(int(self.rng.integers(len(body) + 1)), Line(f"{name} = {name} * 0.4"))
            self.env[name] = "float"
            return [start, Line("", [(f"while {name} > 0.3:", body)])]
        body = self.inner(self.length(), {counter: "int"})
        body.insert(int(self.rng.integers(len(body) + 1)), Line(f"{counter} += 1"))
        return [
            Line(f"{counter} = 0"),
            Line("", [(f"while {counter} < {int(self.rng.integers(0, 4))}:", body)]),
        ]

    # - what issue 2 does not promise

    def wild_loop(self) -> list[Line]:
        names = self.names((N,))
        if not names:
            return self.loop()
        self.in_loop += 1
        self.count += 1
        index, value, other = (f"{self.prefix}{letter}{self.count}" for letter in ("t", "e", "f"))
        array = self.pick(names)
        header, bound = self.pick(
            [
                (f"for {index}, {value} in enumerate({array}):", {index: "int", value: "float"}),
                (
                    f"for {value}, {other} in zip({array}, {self.pick(names)}):",
                    {value: "float", other: "float"},
                ),
                (f"for {value} in reversed({array}):", {value: "float"}),
                (f"for {value} in [{self.scalar(1)}, {self.scalar(1)}]:", {value: "float"}),
            ]
        )
        outer, self.skip = self.skip, "continue"
        body = self.inner(self.length(), bound)
        self.skip = outer
        if self.chance(0.4):
            body.insert(
                0, Line("", [(f"if {self.condition()}:", [Line(self.pick(["break", "continue"]))])])
            )
        self.in_loop -= 1
        return [Line("", [(header, body)])]

    def jump(self) -> list[Line]:
        condition = self.condition()
        if self.in_loop:
            return [Line("", [(f"if {condition}:", [Line(self.pick(["break", self.skip]))])])]
        result = f"np.sum({self.array((N,), 1)})"
        return (
            [Line("", [(f"if {condition}:", [Line(f"return {result}")])])]
            if not self.prefix
            else self.store()
        )

    def leap(self) -> list[Line]:
        """A jump under a condition, perhaps with something before it, or in one of several arms."""

        def jumping() -> list[Line]:
            before = self.inner(1) if self.chance(0.4) else []
            kinds = ["break", "break", self.skip] if self.in_loop else []
            result = {"float": lambda: self.everything()}.get(
                str(self.kind), lambda: self.array(self.kind, 1) if isinstance(self.kind, tuple) else ""
            )()
            if result:
                kinds.append(f"return {result}")
            return [*before, Line(self.pick(kinds) if kinds else "pass")]

        arms = [(f"if {self.condition()}:", jumping())]
        if self.chance(0.3):
            arms.append((f"elif {self.condition()}:", self.pick([jumping, lambda: self.inner(2)])()))
        if self.chance(0.3):
            arms.append(("else:", self.inner(2)))
        return [Line("", arms)]

    def guarded(self) -> list[Line]:
        """A context, or a try: some of its exceptions are raised."""
        if self.chance(0.4):
            return [Line("", [("with np.errstate(all='ignore'):", self.inner(2))])]
        if self.chance(0.3):
            return [Line("", [("try:", self.inner(2)), ("finally:", self.inner(1))])]
        name = self.target("float")
        root = f"{name} = math.sqrt({self.scalar(1)} - 0.0137) * {self.scalar(1)}"
        arms = [("try:", [Line(root)]), ("except ValueError:", [*self.inner(1), Line(f"{name} = {self.scalar(1)}")])]
        if self.chance(0.3):
            arms[0][1].append(Line(f"{name} = {name} * {self.scalar(1)}"))
        self.env[name] = "float"
        return [Line("", arms)]

    def wild_statement(self) -> list[Line]:
        names = self.names((N,))
        if not names:
            return self.store()
        name, other = self.pick(names), self.pick(names)
        index = self.pick([*self.names("index"), "[0, 1, 1, 2]"])
        self.writes = True
        return self.pick(  # type: ignore[no-any-return]
            [
                [Line(f"np.sin({other}, out={name})")],
                [Line(f"np.add.at({name}, {index}, {self.value_for((N,))})")],
                [Line(f"{name}.fill({self.number()})")],
                [Line(f"np.copyto({name}, {self.array((N,), 1)})")],
                [Line(f"np.add({name}, {other}, {name})")],
                [Line("", [("with np.errstate(all='ignore'):", self.inner(2))])],
                [Line("", [("try:", self.inner(2)), ("finally:", self.inner(1))])],
                [Line(f"{name}[0], {name}[1] = {name}[1], {name}[0]")],
                [Line(f"{name}[1:], {name}[:-1] = {name}[:-1], {name}[1:]")],
            ]
        )

    def numpy_write(self) -> list[Line]:
        """A call of NumPy that writes: the whole of an array, a view of one, or places in it."""
        place = self.destination()
        if place is None:
            return self.assign_array()
        name, shape = place
        views = [v for v in self.views_of(shape) if self.chance(0.4)]
        where = str(self.pick(views or [name]))
        value, other = self.array(shape, 1), self.array(shape, 0)
        mask = f"{other} > {self.number()}"
        options = [
            [Line(f"np.sin({value}, out={where})")],
            [Line(f"np.multiply({other}, {self.number()}, {where})")],
            [Line(f"np.add({other}, {self.value_for(shape)}, out={where}, where={mask})")],
            [Line(f"np.copyto({where}, {other})")],
            [Line(f"np.copyto({where}, {self.value_for(shape)}, where={mask})")],
            [Line(f"{where}.fill(math.sin({self.scalar(1)}))")],
            [Line(f"np.putmask({where}, {mask}, {self.number()})")],
        ]
        if len(shape) == 1:
            index = self.pick([*self.names("index"), "[0, 1, 1, 2]"] if shape[0] >= 3 else ["[0, 1, 1, 0]"])
            added = self.pick([f"math.sin({self.scalar(1)})", self.number()])
            options += [[Line(f"np.{self.pick(['add', 'subtract'])}.at({where}, {index}, {added})")]] * 2
            a, b = (int(k) for k in self.rng.integers(0, shape[0], size=2))
            options.append([Line(f"{name}[{a}], {name}[{b}] = {name}[{b}], {name}[{a}]")])
            options.append([Line(f"{name}[1:], {name}[:-1] = {name}[:-1], {name}[1:]")])
        else:
            options.append([Line(f"{name}[0], {name}[1] = {name}[1], {name}[0]")])
            options.append([Line(f"{name}[0], {name}[1] = {name}[1].copy(), {name}[0].copy()")])
        if self.chance(0.15):
            result = self.target(shape)
            self.env[result] = shape
            return [Line(f"{result} = np.tanh({value}, out={where})")]
        return self.pick(options)  # type: ignore[no-any-return]

    # - whole functions

    def function(
        self, name: str, parameters: list[tuple[str, Type]], length: int, kind: Type
    ) -> Function:
        self.env = dict(parameters)
        self.kind = kind
        body = self.block(length)
        if kind == "float":
            result = self.everything()
        elif kind == "any":
            result = str(
                self.pick(
                    [
                        lambda: self.array(self.pick(SHAPES), 1),
                        lambda: f"{self.everything()}, {self.array((N,), 1)}",
                    ]
                )()
            )
        else:
            result = self.array(kind, 1)  # type: ignore[arg-type]
        return Function(name, parameters, body, result, self.writes, kind)

    def everything(self) -> str:
        """A result that most of what was written can be seen in."""
        terms = []
        for name, kind in self.env.items():
            if self.chance(0.2):
                continue
            if kind == "float":
                terms.append(self.pick([f"{name} * {self.number()}", f"math.sin({name})", name]))
            elif isinstance(kind, tuple):
                terms.append(
                    self.pick(
                        [
                            f"np.sum({name} * {name})",
                            f"np.sum(np.sin({name}))",
                            f"{self.number()} * np.sum({name} ** 2)",
                            f"np.sum({name})",
                        ]
                    )
                )
        self.rng.shuffle(terms)
        return " + ".join(terms[:7]) or self.number()


def make(seed: int, number: int, profile: str = "plain") -> Program:
    rng = np.random.default_rng([seed, number, PROFILES.index(profile)])
    helpers: list[Function] = []
    for k in range(int(rng.integers(0, 3))):
        maker = Maker(rng, profile, list(helpers), prefix="")
        wanted: list[Type] = ["float", (N,), (N - 1,), (3, N)]
        kinds = [wanted[int(rng.integers(len(wanted)))] for _ in range(int(rng.integers(1, 4)))]
        result = wanted[int(rng.integers(2))]
        parameters = [("pqrs"[j], kind) for j, kind in enumerate(kinds)]
        maker.prefix = "h"
        helper = maker.function(f"helper{k}", parameters, int(rng.integers(1, 4)), result)
        if profile == "writes" and helper.writes:
            back = [name for name, kind in parameters if isinstance(kind, tuple)]
            if rng.random() < 0.35:
                helper.result, helper.kind = "", "none"
            elif back and rng.random() < 0.4:
                helper.result = back[int(rng.integers(len(back)))]
                helper.kind = dict(parameters)[helper.result]
        if helper.writes and profile in TAME:
            # A helper that writes works on copies here; the callers' memory is the other profiles' affair.
            copies = [
                Line(f"{name} = {name} * 1.0")
                for name, kind in parameters
                if isinstance(kind, tuple)
            ]
            helper.body[:0] = copies
            helper.writes = False
        helpers.append(helper)
    available: list[tuple[str, Type]] = [
        ("x", (N,)), ("y", (N,)), ("A", (3, N)), ("a", "float"), ("b", "float"), ("n", "int"), ("flag", "flag"), ("idx", "index"), ("mask", "mask"),
    ]  # fmt: skip
    parameters = [pair for pair in available if pair[0] == "x" or rng.random() < 0.55]
    maker = Maker(rng, profile, helpers)
    main = maker.function(
        "f", parameters, int(rng.integers(2, 9)), "any" if rng.random() < 0.12 else "float"
    )
    one_array = (
        profile not in TAME
        and len([1 for _, kind in parameters if kind == (N,)]) == 2
        and rng.random() < 0.15
    )
    return Program(seed, number, profile, helpers, main, bool(one_array))


# -- judging them ------------------------------------------------------------------------------------------


class Judge:
    """Programs are written into files of a folder of their own: derivatives are made from what a file says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def load(self, program: Program) -> Callable[..., Any]:
        self.count += 1
        name = f"generated_{self.count}"
        path = self.folder / f"{name}.py"
        path.write_text(program.render())
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        finally:
            del sys.modules[name]
        return module.f  # type: ignore[no-any-return]

    def runs(self, program: Program, seeds: int = 2) -> bool:
        """Do its primal and everything near it stay finite? Else it says nothing."""
        try:
            case = program.case(self.load(program))
            with time_limit(5):
                for seed in range(seeds):
                    value, _ = quietly(lambda: case.f(*case.make(seed)))
                    parts = value if isinstance(value, tuple) else (value,)
                    if not all(
                        np.all(np.isfinite(part)) and np.all(np.abs(part) < 1e4) for part in parts
                    ):
                        return False
        except TooLong:
            return False
        except (
            ArithmeticError,
            ValueError,
            IndexError,
            TypeError,
            NameError,
            np.exceptions.AxisError,
        ):
            return False
        return True

    def verdict(self, program: Program, tl: Any = None, seeds: int = 2) -> Verdict:
        return verify(program.case(self.load(program)), tl, seeds=range(seeds), limit=20)


@contextmanager
def judge() -> Iterator[Judge]:
    with tempfile.TemporaryDirectory(prefix="generated_") as folder:
        yield Judge(Path(folder))


def programs(seed: int, profile: str, judging: Judge) -> Iterator[Program]:
    """Those of the seed that run, in order, without end."""
    number = 0
    while True:
        program = make(seed, number, profile)
        if judging.runs(program):
            yield program
        number += 1


def smaller(
    program: Program, judging: Judge, verdict: Verdict, seconds: float = 30, tl: Any = None
) -> Program:
    """The program with as few statements as still get the same kind of verdict."""
    until = time.perf_counter() + seconds

    def same() -> bool:
        if time.perf_counter() > until or not judging.runs(program):
            return False
        other = judging.verdict(program, tl)
        return other.kind == verdict.kind and other.message[:20] == verdict.message[:20]

    def attempts(body: list[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
        for k in range(len(body) - 1, -1, -1):
            if k >= len(body):
                continue
            yield body, body[:k] + body[k + 1 :]
            if k < len(body) and body[k].blocks:
                for _, inner in list(body[k].blocks):
                    yield body, body[:k] + inner + body[k + 1 :]
        for line in list(body):
            for position in range(len(line.blocks) - 1, -1, -1):
                yield from attempts(line.blocks[position][1])

    def results() -> Iterator[tuple[Function, str]]:
        terms = program.main.result.split(" + ")
        for k in range(len(terms)):
            if len(terms) > 1:
                yield program.main, " + ".join(terms[:k] + terms[k + 1 :])

    again = True
    while again and time.perf_counter() < until:
        again = False
        for f in [program.main, *program.helpers]:
            for body, shorter in attempts(f.body):
                old = body[:]
                body[:] = shorter
                if same():
                    again = True
                    break
                body[:] = old
        for f, result in results():
            old_result, f.result = f.result, result
            if same():
                again = True
                break
            f.result = old_result
        for k in range(len(program.helpers) - 1, -1, -1):
            helper = program.helpers.pop(k)
            if same():
                again = True
            else:
                program.helpers.insert(k, helper)
    return program


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", choices=[*PROFILES, "all"], default="all")
    parser.add_argument(
        "--only", help="SEED:NUMBER: print this program (of --profile), and judge it"
    )
    parser.add_argument("--whole", action="store_true", help="do not make what is found smaller")
    parser.add_argument("--refused", action="store_true", help="list what is refused, and why")
    parser.add_argument("--most", type=int, default=5, help="stop after so many that are wrong")
    options = parser.parse_args()
    profiles = PROFILES if options.profile == "all" else (options.profile,)
    with judge() as judging:
        if options.only:
            seed, number = map(int, options.only.split(":"))
            program = make(seed, number, profiles[0])
            print(program.render())
            if not judging.runs(program):
                print("-- does not run, or runs away")
                return 0
            verdict = judging.verdict(program)
            print(f"-- {verdict.kind}: {verdict.message}\n{verdict.source}")
            return verdict.kind not in ("right", "refused", "fault")
        return search(judging, profiles, options)


def search(judging: Judge, profiles: tuple[str, ...], options: Any) -> int:
    streams = {profile: programs(options.seed, profile, judging) for profile in profiles}
    counts: dict[str, Counter[str]] = {profile: Counter() for profile in profiles}
    reasons: Counter[str] = Counter()
    examples: dict[str, str] = {}
    found = 0
    until = time.perf_counter() + options.seconds
    while time.perf_counter() < until and found < options.most:
        for profile, stream in streams.items():
            program = next(stream)
            verdict = judging.verdict(program)
            counts[profile][verdict.kind] += 1
            if verdict.kind == "refused":
                reason = verdict.message.split(": ", 1)[-1][:110]
                reasons[reason] += 1
                examples.setdefault(reason, program.name)
            if verdict.kind not in ("wrong", "crashed"):
                continue
            found += 1
            print("=" * 100)
            print(f"{program.name}: {verdict.kind}: {verdict.message}")
            if not options.whole:
                program = smaller(program, judging, verdict)
                verdict = judging.verdict(program)
            print(program.render())
            print(f"-- {verdict.kind}: {verdict.message}\n{verdict.source}", flush=True)
    print("=" * 100)
    for profile, count in counts.items():
        print(f"{profile:6}", ", ".join(f"{number} {kind}" for kind, number in count.most_common()))
    if options.refused:
        for reason, number in reasons.most_common():
            print(f"{number:5} {examples[reason]:14} {reason}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
