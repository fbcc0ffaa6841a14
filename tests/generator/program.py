"""A random program as it is written down, and what it is called with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from case import Case


@dataclass(frozen=True)
class Held:
    """A container or an object, and what is in it by key.

    ``form``: "tuple", "list", "dict", "named", "frozen", "data", "object"; or "many", a list of unknown length,
    never empty, of one type of items.
    """

    form: str
    items: tuple[tuple[Any, Type], ...]
    cls: str = ""

    @property
    def writable(self) -> bool:
        return self.form not in ("tuple", "named", "frozen")

    @property
    def item(self) -> Type | None:
        """The type of all items, where they have one."""
        kinds = {kind for _, kind in self.items}
        return kinds.pop() if len(kinds) == 1 else None

    def parts(self, name: str) -> Iterator[tuple[str, Type, bool]]:
        """All that is in it: how it is reached, its type, and whether it can be put there anew."""
        for key, kind in self.items:
            text = f"{name}.{key}" if self.cls else f"{name}[{key!r}]"
            yield text, kind, self.writable
            if isinstance(kind, Held):
                yield from kind.parts(text)


# A type: "float", "int", "flag", "index" (integer array), "mask", "fn" (a function of a number), the shape of an
# array of floats, or a container.
Type = str | tuple[int, ...] | Held

N, OTHER = 4, 6
SHAPES: list[tuple[int, ...]] = [(N,), (N - 1,), (3, N), (N, 3)]
PROFILES = ("plain", "alias", "wild", "writes", "jumps", "leaps", "structure", "shared", "mixed")
TAME = ("plain", "jumps", "structure")
STRUCTURED = ("structure", "shared", "mixed")


def carries(kind: Type) -> bool:
    if isinstance(kind, Held):
        return any(carries(item) for _, item in kind.items)
    return kind == "float" or isinstance(kind, tuple)


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
    marks: tuple[str, ...] = ()  # decorators

    def render(self, indent: int = 0) -> str:
        head = f"def {self.name}({', '.join(name for name, _ in self.parameters)}):"
        lines = [
            *(f"@{mark}" for mark in self.marks),
            head,
            *(text for line in self.body for text in line.render(1)),
            *([f"    return {self.result}"] if self.result else [] if self.body else ["    pass"]),
        ]
        return "\n".join("    " * indent + line for line in lines) + "\n"


@dataclass
class ClassText:
    """A class of the program: how it begins, what it holds, what it can do."""

    held: Held
    head: list[str]
    methods: list[Function]

    @property
    def name(self) -> str:
        return self.held.cls

    def render(self) -> str:
        return "\n".join([*self.head, "", *(m.render(1) for m in self.methods)])


IMPORTS = "import copy\nimport dataclasses\nimport functools\nimport math\nfrom typing import NamedTuple\n\n"


@dataclass
class Program:
    seed: int
    number: int
    profile: str
    helpers: list[Function]
    main: Function
    one_array: bool = False
    varies: bool = False  # it runs with arrays of other sizes too: then one compilation is asked for both
    classes: list[ClassText] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.profile} {self.seed}:{self.number}"

    def functions(self) -> list[Function]:
        return [self.main, *self.helpers, *(m for c in self.classes for m in c.methods)]

    def render(self) -> str:
        imports = IMPORTS if self.profile in STRUCTURED else "import math\n\n"
        parts = [part.render() for part in [*self.classes, *self.helpers, self.main]]
        return imports + "import numpy as np\n\n\n" + "\n\n".join(parts)

    def case(self, f: Callable[..., Any]) -> Case:
        wrt = tuple(k for k, (_, kind) in enumerate(self.main.parameters) if carries(kind))
        return Case(
            f,
            lambda rng: self.arguments(rng, f.__globals__),
            wrt=wrt,
            expect="right" if self.profile == "plain" else "either",
            name=self.name,
        )

    def arguments(self, rng: np.random.Generator, scope: Mapping[str, Any]) -> tuple[Any, ...]:
        n = OTHER if self.varies and rng.random() < 0.5 else N
        values = [
            argument(kind, rng, scope, self.profile not in TAME and k % 3 == 2, n)
            for k, (_, kind) in enumerate(self.main.parameters)
        ]
        if self.one_array:
            first = next(k for k, (_, kind) in enumerate(self.main.parameters) if kind == (N,))
            for k, (_, kind) in enumerate(self.main.parameters):
                if kind == (N,):
                    values[k] = values[first]
        return tuple(values)


def sized(shape: tuple[int, ...], n: int) -> tuple[int, ...]:
    """A shape of the list of them, where the size that they share is another."""
    return {(N,): (n,), (N - 1,): (n - 1,), (3, N): (3, n), (N, 3): (n, 3)}[shape]


def argument(kind: Type, rng: np.random.Generator, scope: Mapping[str, Any], strided: bool, n: int = N) -> Any:
    if kind == "float":
        return float(rng.normal())
    if kind == "int":
        return int(rng.integers(0, 4))
    if kind == "flag":
        return bool(rng.random() < 0.5)
    if kind == "index":
        return rng.integers(0, 3, size=n)
    if kind == "mask":
        return rng.random(n) < 0.5
    if isinstance(kind, Held):
        if kind.form == "many":
            return [argument(kind.items[0][1], rng, scope, strided, n) for _ in range(int(rng.integers(1, 4)))]
        items = {key: argument(item, rng, scope, strided, n) for key, item in kind.items}
        if kind.cls:
            return scope[kind.cls](**items)
        return items if kind.form == "dict" else {"tuple": tuple, "list": list}[kind.form](items.values())
    assert isinstance(kind, tuple)
    shape = sized(kind, n)
    if strided:
        return rng.normal(size=tuple(2 * size for size in shape))[tuple(slice(None, None, 2) for _ in shape)]
    return rng.normal(size=shape)
