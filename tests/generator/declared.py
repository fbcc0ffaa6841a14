"""What a program declares: its kinds of containers, classes with methods, functions of any number of arguments."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from generator.program import TAME, ClassText, Function, Held, Line, N, Type
from generator.structures import FLOATS, ROWS, Structures

PAIR = Held("tuple", ((0, "float"), (1, "float")))
FIELDS = ("a", "w", "b", "c")


def held_kinds(maker: Structures) -> list[Held]:
    """The containers that a program uses."""
    leaf: list[Type] = ["float", "float", (N,), (N,), (3, N)]

    def fields(kinds: list[Type]) -> tuple[tuple[Any, Type], ...]:
        return tuple(zip(FIELDS, kinds, strict=False))

    def some(count: int) -> list[Type]:
        return [maker.pick(leaf) for _ in range(count)]

    found: list[Held] = []
    for _ in range(int(maker.rng.integers(2, 5))):
        count = int(maker.rng.integers(1, 4))
        kinds: list[Type] = ["float"] * count if maker.chance(0.3) else some(count)
        if found and maker.chance(0.25):
            kinds.append(maker.pick(found))
        form = maker.pick(["tuple", "list", "dict", "dict", "many"])
        if form == "many":
            found.append(FLOATS if maker.chance(0.7) else ROWS)
        else:
            found.append(Held(form, fields(kinds) if form == "dict" else tuple(enumerate(kinds))))
    for name, form in zip("CDE", itertools.cycle(["named", "data", "object", "frozen"]), strict=False):
        if maker.chance(0.45):
            form = maker.pick(["named", "data", "object", "frozen", form])
            found.append(Held(form, fields(["float", *some(int(maker.rng.integers(1, 3)))]), f"{name}{form.title()}"))
    return found


def class_text(held: Held, maker: Any) -> ClassText:
    """A class with the fields of a container, and methods of its own."""
    notes = [f"    {key}: {'float' if kind == 'float' else 'np.ndarray'}" for key, kind in held.items]
    names = [str(key) for key, _ in held.items]
    head = {
        "named": [f"class {held.cls}(NamedTuple):", *notes],
        "data": ["@dataclasses.dataclass", f"class {held.cls}:", *notes],
        "frozen": ["@dataclasses.dataclass(frozen=True)", f"class {held.cls}:", *notes],
        "object": [f"class {held.cls}:", f"    def __init__(self, {', '.join(names)}):", *(f"        self.{n} = {n}" for n in names)],
    }[held.form]  # fmt: skip
    methods: list[Function] = []

    def method(name: str, result: Callable[[Any], str], kind: Type = "float", given: tuple[str, ...] = ("u",), marks: tuple[str, ...] = ()) -> None:
        inner = maker.sub("m")
        inner.env = dict.fromkeys(given, "float")
        inner.pool, inner.classes = [PAIR, FLOATS], []
        for text, item, writable in held.parts("self"):
            inner.env[text] = item
            if not writable or kind != "none":
                inner.fixed.add(text)
                inner.sealed.add(text)
            if kind != "none" and maker.profile in TAME:
                inner.frozen.add(text)
        body = inner.block(int(maker.rng.integers(0, 3)))
        if kind == "none" and held.writable:
            body.append(Line(f"self.a = math.sin({inner.scalar(1)})"))
        methods.append(Function(name, [("self", held), *((g, "float") for g in given)], body, result(inner), kind == "none", kind, marks))

    method("value", lambda m: f"math.sin({m.scalar(2)}) + self.a * u")
    if maker.chance(0.4):
        method("norm", lambda m: m.scalar(2), given=(), marks=("property",))
    if maker.chance(0.4):
        method("__call__", lambda m: f"math.tanh({m.scalar(2)}) * u")
    if maker.chance(0.4) and held.form != "named":
        rest = "".join(f", self.{n} * 1.0" for n in names[1:])
        method("__mul__", lambda m: f"{held.cls}(self.a * u{rest})", held)
    if held.writable:
        method("shift", lambda m: "", "none")
    return ClassText(held, head, methods)


def starred(name: str, maker: Structures) -> Function:
    """A function of any number of arguments, and of any names."""
    body = [
        Line(f"t = {maker.number()}"),
        Line("", [("for p in ps:", [Line(maker.pick(["t = math.sin(t + p)", "t += p * p", "t = t * p"]))])]),
        Line("", [("for name, k in ks.items():", [Line(maker.pick(["t = t * 1.1 + k", "t = t + math.sin(k) * len(name)"]))])]),
    ]
    if maker.chance(0.3):
        body[2] = Line("t = t + ks.get('key', 0.5) * len(ks)")
    if maker.chance(0.3):
        body[1] = Line("t = t + sum(ps) * 0.3")
    return Function(name, [("*ps", "star"), ("**ks", "star")], body, "t", False, "float")

