"""Whole functions, and programs of several."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generator.declared import class_text, held_kinds, starred
from generator.program import PROFILES, SHAPES, STRUCTURED, TAME, ClassText, Function, Held, Line, N, Program, Type
from generator.structures import Structures


class Maker(Structures):
    """Writes one function at random. `env` maps the names that are surely bound to their types."""

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
        if self.profile in STRUCTURED:
            options.append((24, self.structured))
        if self.profile == "mixed":
            options += [
                (2, self.call_that_writes), (2, self.numpy_write), (2, self.wild_loop), (1, self.wild_statement),
                (6 if self.in_loop else 1, self.leap), (1 if self.depth < 3 else 0, self.guarded),
            ]  # fmt: skip
        if self.profile in ("jumps", "leaps"):
            options += [(8 if self.in_loop else 1, self.leap), (1 if self.depth < 3 else 0, self.guarded)]
        weights = np.array([weight for weight, _ in options], dtype=float)
        chosen = options[int(self.rng.choice(len(options), p=weights / weights.sum()))][1]
        return chosen()

    def function(
        self, name: str, parameters: list[tuple[str, Type]], length: int, kind: Type
    ) -> Function:
        self.env = {}
        for parameter, its in parameters:
            self.bind(parameter, its)
        self.kind = kind
        body = self.block(length)
        if kind == "float":
            result = self.everything()
        elif kind == "any" and self.profile in STRUCTURED:
            result = self.structured_result()
        elif isinstance(kind, Held):
            result = self.display(kind)
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

    def structured_result(self) -> str:
        whole = [n for n, k in self.wholes() if k.item != "fn"] or [self.display(self.pool[0])]
        one = self.pick(whole)
        return str(
            self.pick(
                [
                    lambda: one,
                    lambda: f"{self.everything()}, {one}",
                    lambda: f"{{'s': {self.everything()}, 't': {one}}}",
                    lambda: f"[{self.everything()}, {self.array((N,), 0)}]",
                ]
            )()
        )

    def sub(self, prefix: str) -> Maker:
        """A maker for a function inside, which knows nothing yet."""
        inner = Maker(self.rng, self.profile, self.helpers, self.prefix + prefix)
        inner.classes, inner.pool, inner.depth, inner.in_loop = self.classes, self.pool, self.depth + 1, self.in_loop
        return inner

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
    classes: list[ClassText] = []
    pool: list[Held] = []
    if profile in STRUCTURED:
        first = Maker(rng, profile, [])
        pool = first.pool = held_kinds(first)
        classes = [class_text(held, first) for held in pool if held.cls]
        if first.chance(0.4):
            helpers.append(starred("many", first))

    def maker(prefix: str = "") -> Maker:
        made = Maker(rng, profile, list(helpers), prefix)
        made.pool, made.classes = pool, classes
        return made

    for k in range(int(rng.integers(0, 3))):
        helpers.append(helper(maker("h"), f"helper{k}"))
    available: list[tuple[str, Type]] = [
        ("x", (N,)), ("y", (N,)), ("A", (3, N)), ("a", "float"), ("b", "float"), ("n", "int"), ("flag", "flag"), ("idx", "index"), ("mask", "mask"),
    ]  # fmt: skip
    available += [(f"held{k}", held) for k, held in enumerate(pool)]
    parameters = [pair for pair in available if pair[0] == "x" or rng.random() < 0.55]
    main = maker().function("f", parameters, int(rng.integers(2, 9)), "any" if rng.random() < 0.12 else "float")
    one_array = (
        profile not in TAME
        and len([1 for _, kind in parameters if kind == (N,)]) == 2
        and rng.random() < 0.15
    )
    return Program(seed, number, profile, helpers, main, bool(one_array), classes=classes)


def helper(maker: Maker, name: str) -> Function:
    rng, profile = maker.rng, maker.profile
    wanted: list[Type] = ["float", (N,), (N - 1,), (3, N)]
    kinds = [wanted[int(rng.integers(len(wanted)))] for _ in range(int(rng.integers(1, 4)))]
    result = wanted[int(rng.integers(2))]
    if maker.pool and maker.chance(0.6):
        kinds[0] = maker.pick(maker.pool)
        result = maker.pick([result, result, kinds[0]])
    elif maker.pool and maker.chance(0.3):
        kinds = ["float"]
    parameters = [("pqrs"[j], kind) for j, kind in enumerate(kinds)]
    made = maker.function(name, parameters, int(rng.integers(1, 4)), result)
    if profile in ("writes", "mixed") and made.writes:
        back = [name for name, kind in parameters if isinstance(kind, tuple)]
        if rng.random() < 0.35:
            made.result, made.kind = "", "none"
        elif back and rng.random() < 0.4:
            made.result = back[int(rng.integers(len(back)))]
            made.kind = dict(parameters)[made.result]
    if made.writes and profile in TAME:
        # A helper that writes works on copies here; the callers' memory is the other profiles' affair.
        copies = [Line(f"{name} = {name} * 1.0") for name, kind in parameters if isinstance(kind, tuple)]
        made.body[:0] = copies
        made.writes = any(isinstance(kind, Held) for _, kind in parameters)
    return made
