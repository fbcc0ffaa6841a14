"""What is known of the names of emitted functions: as of the user's, with the calls between them looked into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.analysis.inferred import join_overall
from tangent_like.analysis.seen import Kinds
from tangent_like.analysis.typing import CalleeKind, Typing
from tangent_like.ir.nodes import Call, Emitted, Expr, Function, Ref
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import UNKNOWN, Kind, Sequence, is_float, join, without_sizes
from tangent_like.kinds.lists import grown_lists


@dataclass(eq=False)
class Calls:
    """The functions by name, the kinds that each is called with, and what it then returns."""

    functions: Mapping[str, Function]
    sizes: Sizes
    callee: CalleeKind
    given: dict[str, tuple[Kind, ...]] = field(default_factory=dict)
    results: dict[tuple[str, tuple[Kind, ...]], Kind] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)

    def result(self, name: str, args: tuple[Kind, ...]) -> Kind:
        function = self.functions.get(name)
        if function is None:
            return UNKNOWN
        args = (*args, *(UNKNOWN for _ in function.params[len(args) :]))
        known = self.given.get(name)
        if known is None:
            self.given[name] = args
        elif known != args:
            pairs = zip(known, args, strict=True)
            self.given[name] = tuple(a if a == b else join(without_sizes(a), without_sizes(b)) for a, b in pairs)
        key = (name, args)
        if key not in self.results:
            if name in self.running:
                return UNKNOWN  # what a recursive call returns is not known
            self.running.add(name)
            typing = self.typed(function, args)
            self.running.discard(name)
            self.results[key] = typing.result[-1] if typing.result else UNKNOWN
        return self.results[key]

    def typed(self, function: Function, args: tuple[Kind, ...]) -> Typing:
        grown, passed = grown_lists(function)
        typing = EmittedTyping(function.origin.file, self.sizes, self.callee, grown=grown, passed=passed, calls=self)
        env = {p.name: typing.of_list(p.name, k) for p, k in zip(function.params, args, strict=True)}
        typing.block(function.body, dict(env))
        join_overall(typing, env)
        return typing


@dataclass(frozen=True, eq=False)
class EmittedTyping(Typing):
    calls: Calls | None = None

    def kind_anew(self, expr: Expr, env: Kinds) -> Kind:
        if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Emitted):
            assert self.calls is not None
            name = expr.func.target.name
            function = self.calls.functions.get(name)
            args = [self.kind(a, env) for a in expr.args]
            if function is not None:
                named = {n: self.kind(v, env) for n, v in expr.keywords}
                args += [named.get(p.name, UNKNOWN) for p in function.params[len(args) :]]
            return self.calls.result(name, tuple(args))
        return super().kind_anew(expr, env)


def typings(
    functions: tuple[Function, ...], entries: int, kinds: Mapping[str, Kind], sizes: Sizes, callee: CalleeKind
) -> dict[str, Typing]:
    """The typing of each function that is called; the first of the last ``entries`` with arguments of ``kinds``.

    The reverse half behind it is called with what it returns, and with adjoints like its results.
    """
    calls = Calls({f.name: f for f in functions}, sizes, callee)
    first, *others = functions[-entries:]
    result = calls.result(first.name, tuple(kinds.get(p.name, UNKNOWN) for p in first.params))
    for other in others:
        items = result.items if isinstance(result, Sequence) else (result,)
        seeds = [k for k in items[:-1] if is_float(k)]
        calls.result(other.name, (items[-1], *seeds))  # of the shape of what they are adjoints of
    found: dict[str, Typing] = {}
    for function in reversed(functions):
        given = calls.given.get(function.name)
        if given is not None:
            found[function.name] = calls.typed(function, given)
    return found
