"""Derivatives and solvers inside the functions of a program: made once for one text, and emitted beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tangent_like.analysis.typing import Typing
from tangent_like.errors import Place, UnsupportedError
from tangent_like.ir.keys import function_key
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Emitted, Expr, Function, Ref, UserFunction
from tangent_like.ir.walk import key
from tangent_like.kinds.kind import Kind
from tangent_like.specialize.asked import Gradient, Inner, Solved, Undoing
from tangent_like.transform.inverse import inverse_of, inverse_with, refuse_other_states
from tangent_like.transform.marching import Marching, Rerun
from tangent_like.transform.outlined import March
from tangent_like.transform.reversing import Reversible, held_against
from tangent_like.transform.solving import Solving, is_constant
from tangent_like.transform.undo import Undo


@dataclass(frozen=True, eq=False)
class MadeInner:
    """A derivative inside a function: its text, to stand with that of the program, and how it is called."""

    functions: tuple[Function, ...]
    inner: Inner
    file: str  # that it was loaded from, to be differentiated again


def no_inner(
    function: Function, kinds: Mapping[str, Kind], asked: Gradient, place: Place, outer: object
) -> MadeInner:
    """Where a program is only looked at: by the tests of the analyses."""
    del kinds, asked, outer
    raise UnsupportedError(f"a derivative of {function.name} inside a function", place)


@dataclass(eq=False)
class Insides:
    """``namer`` and ``functions`` are the program's."""

    namer: Namer
    functions: list[Function]
    inners: dict[object, Inner] = field(default_factory=dict)
    solvings: dict[object, Solving] = field(default_factory=dict)
    reruns: dict[object, Rerun | Marching | Reversible] = field(default_factory=dict)
    backs: dict[str, tuple[Ref, tuple[int | str, ...]] | None] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)  # that derivatives inside were loaded from
    checks: bool = False  # see ``Request``

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
            self.files.add(made.file)
            own = {f.name for f in self.functions}
            self.functions.extend(f for f in made.functions if f.name not in own)
            self.inners[key] = made.inner
        return self.inners[key]

    def solving(self, solved: Solved) -> Solving:
        """A call of a solver, its function emitted under a name of its own."""
        given = tuple((n, key_of(e)) for n, e in (*solved.options, *solved.helpers))
        key = (solved.rule, function_key(solved.function), given)
        found = self.solvings.get(key)
        if found is None:
            name = self.namer.fresh(solved.function.name)
            found = self.solvings[key] = Solving(solved, name, len(self.solvings))
            self.functions.append(replace(solved.function, name=name))
        return found

    def again(self, function: Function) -> Rerun:
        """A function that runs again on the way back."""
        key = function_key(function)
        found = self.reruns.get(key)
        if not isinstance(found, Rerun):
            target = UserFunction(f"again {len(self.reruns)}", function.name, None)
            found = self.reruns[key] = Rerun(function, self.emit(function), target)
        return found

    def taken_back(self, function: Function, undoing: Undoing, typing: Typing) -> Reversible:
        """A step, and what takes it back: given, or from its text."""
        key = (function_key(function), undoing.inverse and function_key(undoing.inverse))
        found = self.reruns.get(key)
        if not isinstance(found, Reversible):
            refuse_other_states(function, undoing.state, typing)
            target = UserFunction(f"again {len(self.reruns)}", function.name, None)
            inverse = undoing.inverse or inverse_of(function, undoing.state, typing, f"{function.name}_inverse")
            passed = undoing.passed if undoing.inverse else tuple(range(len(function.params)))
            undo = Undo(function.name, self.emit(inverse), undoing.state, passed)
            emitted = self.emit(function)
            if self.checks:
                emitted = self.emit(held_against(function, emitted, undo))
            found = self.reruns[key] = Reversible(function, emitted, target, undo, undoing.inverse is None)
        return found

    def back(
        self, infer: Callable[[Function], Typing], spelling: str, state: int, name: str
    ) -> tuple[Ref, tuple[int | str, ...]] | None:
        """The inverse of a forward half; None where its text does not tell one."""
        function = next(f for f in self.functions if f.name == spelling)
        if spelling not in self.backs:
            try:
                inverse, kept = inverse_with(function, state, infer(function), name)
                self.backs[spelling] = self.emit(inverse), kept
            except UnsupportedError:
                self.backs[spelling] = None
        return self.backs[spelling]

    def marching(self, march: March) -> Marching:
        """A loop of which few states are kept."""
        key = function_key(march.loop)
        found = self.reruns.get(key)
        if not isinstance(found, Marching):
            target = UserFunction(f"again {len(self.reruns)}", march.loop.name, None)
            step = self.emit(march.step)
            found = self.reruns[key] = Marching(march, self.emit(march.loop), step, target)
        return found

    def again_of(self, target: UserFunction) -> Rerun | Marching | Reversible | None:
        return next((r for r in self.reruns.values() if r.target == target), None)

    def emit(self, function: Function) -> Ref:
        """A function of the text, under a name of its own."""
        name = self.namer.fresh(function.name)
        self.functions.append(replace(function, name=name))
        return Ref(name, Emitted(name))

    def of(self, target: UserFunction) -> Solving | None:
        return next((s for s in self.solvings.values() if s.target == target), None)


def key_of(option: Expr) -> object:
    """What of an option stands in the halves of a solver."""
    if isinstance(option, Ref):
        return option.spelling
    return key(option) if is_constant(option) else ""
