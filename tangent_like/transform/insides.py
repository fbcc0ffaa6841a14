"""Derivatives and solvers inside the functions of a program: made once for one text, and emitted beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tangent_like.ir.keys import function_key
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Function, UserFunction
from tangent_like.kinds.kind import Kind
from tangent_like.specialize.asked import Gradient, Inner, Solved
from tangent_like.transform.solving import Solving


@dataclass(frozen=True, eq=False)
class MadeInner:
    """A derivative inside a function: its text, to stand with that of the program, and how it is called."""

    functions: tuple[Function, ...]
    inner: Inner


@dataclass(eq=False)
class Insides:
    """``namer`` and ``functions`` are the program's."""

    namer: Namer
    functions: list[Function]
    inners: dict[object, Inner] = field(default_factory=dict)
    solvings: dict[object, Solving] = field(default_factory=dict)

    def derivative(
        self,
        function: Function,
        kinds: Mapping[str, Kind],
        asked: Gradient,
        make: Callable[[Mapping[str, Kind]], MadeInner],
    ) -> Inner:
        """A derivative; the same for the same text, however often it is specialized again."""
        kinds = {p.name: kinds[p.name] for p in function.params}
        key = (function_key(function), tuple(kinds.items()), asked)
        if key not in self.inners:
            made = make(kinds)
            self.namer.take(f.name for f in made.functions)
            own = {f.name for f in self.functions}
            self.functions.extend(f for f in made.functions if f.name not in own)
            self.inners[key] = made.inner
        return self.inners[key]

    def solving(self, solved: Solved) -> Solving:
        """A call of a solver, its function emitted under a name of its own."""
        key = (solved.rule, function_key(solved.function), tuple(n for n, _ in solved.options))
        found = self.solvings.get(key)
        if found is None:
            name = self.namer.fresh(solved.function.name)
            found = self.solvings[key] = Solving(solved, name, len(self.solvings))
            self.functions.append(replace(solved.function, name=name))
        return found

    def of(self, target: UserFunction) -> Solving | None:
        return next((s for s in self.solvings.values() if s.target == target), None)
