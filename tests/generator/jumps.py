"""What leaves a block early, what iterates over more than a range, and functions of NumPy that write."""

from __future__ import annotations

from generator.program import Line, N
from generator.statements import Statements


class Jumps(Statements):
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
