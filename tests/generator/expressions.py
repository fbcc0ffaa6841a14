"""Expressions at random, of a type that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from generator.program import STRUCTURED, TAME, ClassText, Function, Held, N, Type


class Expressions:
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
        self.sealed: set[str] = set()  # what is in tuples and their like
        self.local: list[Function] = []  # functions inside this one
        self.pool: list[Held] = []
        self.classes: list[ClassText] = []
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

    def structured_scalars(self, depth: int) -> list[Callable[[], str]]:
        raise NotImplementedError

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
            else "c"
            if isinstance(kind, Held)
            else "vA"[len(kind) - 1]
        )
        return f"{self.prefix}{letter}{self.count}"

    def target(self, kind: Type) -> str:
        """A name to assign: often one that is there already, and then of the same type."""
        if self.depth == 0 and self.chance(0.06) and self.profile not in ("jumps", "leaps"):
            others = [
                name
                for name, its in self.env.items()
                if its != kind and its not in ("int", "index", "mask", "flag", "fn") and name.isidentifier()
                if not isinstance(its, Held)
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
        if self.profile in STRUCTURED and depth > 0 and self.chance(0.6):
            found = self.structured_scalars(depth)
            options += found * (1 + len(options) // (2 * len(found) + 1)) if found else []
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
