"""Which of their arguments the user's functions write, in themselves or through what they call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tangent_like.analysis.aliases import find_aliases
from tangent_like.analysis.inferred import infer
from tangent_like.analysis.typing import CalleeKind
from tangent_like.errors import NOWHERE, DifferentiationError, Place, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Augment, Call, Function, Opaque, UserFunction
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind, Unknown, dims_of, is_float, is_list
from tangent_like.transform.lowered import Lowered
from tangent_like.transform.nested import is_nested
from tangent_like.transform.placed import checked
from tangent_like.transform.rebinding import rebound
from tangent_like.transform.refusals import given_to_writers, refuse_unknown
from tangent_like.transform.stated import Writing, handed_back, stated, with_handed


@dataclass(eq=False)
class Writings:
    """What a program asks; ``found`` says it by the function and the kinds of its parameters."""

    sizes: Sizes
    read: Callable[[UserFunction, Place], Lowered]
    bind: Callable[[UserFunction, Call, tuple[Kind, ...], Place], Mapping[str, Kind]]
    callee_kind: CalleeKind
    returns_argument: Callable[[UserFunction], bool]
    returns_one: Callable[[UserFunction], bool]
    returns_itself: Callable[[UserFunction], bool]
    calls: Callable[[Function], list[UserFunction]]
    may_write: Callable[[UserFunction], bool]  # whatever it is given
    namer: Callable[[Lowered], Namer]
    found: dict[tuple[UserFunction, tuple[Kind, ...]], frozenset[str]] = field(default_factory=dict)

    def stated(
        self, lowered: Lowered, kinds: Mapping[str, Kind], namer: Namer, outermost: bool = False
    ) -> Function:
        """The function with the calls that write their arguments as statements of their own.

        And with ``+=`` as an assignment where it is not known, nor seen, whether it writes.
        """
        function = lowered.function
        self.refuse_in_texts(function)
        if self.calls(function):
            typing = infer(function, kinds, self.sizes, self.callee_kind)
            function = stated(function, typing, namer, self.writing)
        unknown = any(isinstance(kind, Unknown | Array) and dims_of(kind) is None for kind in kinds.values())
        if unknown and any(isinstance(s, Augment) for s in statements(function.body)):
            typing = infer(function, kinds, self.sizes, self.callee_kind)
            function = rebound(function, typing, self.returns_argument, outermost)
        return function if outermost else checked(function, kinds)

    def refuse_in_texts(self, function: Function) -> None:
        """What a text shows is not looked into: ``print(f"{shifted(x)}")``, where the function writes ``x``."""
        for stmt in statements(function.body):
            parts = (e for top in expressions(stmt) for e in subexpressions(top))
            for ref in (r for e in parts if isinstance(e, Opaque) for r in e.refs):
                called = ref.target if isinstance(ref.target, UserFunction) else None
                if called is not None and not is_nested(called) and self.may_write(called):
                    raise UnsupportedError(
                        f"{ref.spelling}, which writes its argument, in a text",
                        place_of(stmt.origin),
                        "call it before, and show its result",
                    )

    def writing(self, target: UserFunction, call: Call, kinds: tuple[Kind, ...], place: Place) -> Writing | None:
        keys = self.arguments(target, call, kinds, place)
        if not keys:
            return None
        bound = self.bind(target, call, kinds, place)
        return Writing(keys, tuple(bound), handed_back(target, self.read(target, NOWHERE).function, bound))

    def arguments(self, target: UserFunction, call: Call, kinds: tuple[Kind, ...], place: Place) -> frozenset[str]:
        """The arguments, by position or keyword, that a call writes."""
        bound = self.bind(target, call, kinds, place)
        written = self.parameters(target, bound, place)
        if not written:
            return frozenset()
        plain = [p.name for p in self.read(target, place).function.params if not p.keyword_only]
        given = {name: str(k) for k, name in enumerate(plain[: len(call.args)])} | {n: n for n, _ in call.keywords}
        for name in sorted(written - set(given)):
            raise UnsupportedError(
                f"{target.qualname} writes the default of its argument {name!r}", place, "pass the argument"
            )
        return frozenset(given[name] for name in written)

    def parameters(self, target: UserFunction, bound: Mapping[str, Kind], place: Place) -> frozenset[str]:
        """The parameters that a function writes for arguments of these kinds.

        Of one that calls itself, the least that agrees with itself: at first its calls of itself write nothing,
        then what was found, until that does not change.
        """
        if is_nested(target):
            return frozenset()
        key = (target, tuple(bound.values()))
        if key not in self.found:
            before = set(self.found)
            self.found[key] = frozenset()
            try:
                self.settle(target, bound, place)
            except DifferentiationError:  # it is asked again: what was found until here holds of nothing
                self.found = {k: v for k, v in self.found.items() if k in before}
                raise
        return self.found[key]

    def settle(self, target: UserFunction, bound: Mapping[str, Kind], place: Place) -> None:
        key = (target, tuple(bound.values()))
        while True:
            known = set(self.found)
            written = self.once(target, bound, place)
            if written == self.found[key]:
                return
            self.found = {k: v for k, v in self.found.items() if k in known}  # the others took it to write less
            self.found[key] = written

    def once(self, target: UserFunction, bound: Mapping[str, Kind], place: Place) -> frozenset[str]:
        lowered = self.read(target, place)
        plain = replace(lowered, function=with_handed(target, lowered.function, bound))
        function = self.stated(plain, bound, self.namer(lowered))
        typing = infer(function, bound, self.sizes, self.callee_kind)
        aliases = find_aliases(function, typing, self.returns_argument, self.returns_one, self.returns_itself)
        refuse_unknown(function, typing, aliases, bound, self.returns_argument)
        for name in aliases.copied:
            if is_list(typing.overall.get(name)):
                raise UnsupportedError(
                    f"{target.qualname} writes the list {name!r}, its argument,", place, "return a new list"
                )
        for name in sorted(given_to_writers(function) & bound.keys()):
            if is_float(bound[name]):
                what = f"{target.qualname} gives {name!r}, its argument, to a function that may write it, which"
                raise UnsupportedError(f"{what} is not differentiated", place, "write its body in NumPy")
        return frozenset(aliases.copied)
