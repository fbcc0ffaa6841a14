"""Statements at random: assignments, stores, views and names for them, branches, loops, calls that write."""

from __future__ import annotations

from generator.expressions import Expressions
from generator.program import SHAPES, TAME, Line, N, Type


class Statements(Expressions):
    def block(self, length: int) -> list[Line]:
        lines: list[Line] = []
        for _ in range(length):
            lines += self.statement()
        return lines

    def inner(
        self, length: int, bound: dict[str, Type] | None = None, fixed: set[str] | None = None
    ) -> list[Line]:
        """A block of its own: what it binds first is not surely bound after it."""
        before, kept, local, sealed = dict(self.env), set(self.fixed), list(self.local), set(self.sealed)
        self.env.update(bound or {})
        self.fixed |= (fixed or set()) | set(bound or {})
        self.depth += 1
        lines = self.block(length)
        self.depth -= 1
        self.env, self.fixed, self.local, self.sealed = before, kept, local, sealed
        return lines

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
        if name in self.sealed:
            return self.assign_array()
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
