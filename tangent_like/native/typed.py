"""What is known of the names of emitted functions: as of the user's, with the calls between them looked into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tangent_like.analysis.inferred import join_overall
from tangent_like.analysis.seen import Kinds
from tangent_like.analysis.typing import CalleeKind, Typing
from tangent_like.ir.nodes import Call, Emitted, Expr, Function, Ref, Return, Tuple
from tangent_like.ir.walk import statements
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import FLOAT, UNKNOWN, Kind, Sequence, is_float, join, without_sizes
from tangent_like.kinds.lists import grown_lists

MOST_ROUNDS = 5  # in which a function that calls itself is to agree with what it is taken for


@dataclass(eq=False)
class Calls:
    """The functions by name, the kinds that each is called with, and what it then returns."""

    functions: Mapping[str, Function]
    sizes: Sizes
    callee: CalleeKind
    given: dict[str, tuple[Kind, ...]] = field(default_factory=dict)
    results: dict[tuple[str, tuple[Kind, ...]], Kind] = field(default_factory=dict)
    running: dict[str, tuple[Kind, ...]] = field(default_factory=dict)
    expected: dict[str, Kind] = field(default_factory=dict)  # of those that run: what they are taken to return
    asked: set[str] = field(default_factory=set)  # of those that run: those that call themselves

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
                self.asked.add(name)
                alike = sizeless(args) == sizeless(self.running[name])
                return self.expected[name] if alike else UNKNOWN
            self.results[key] = self.found_out(name, function, args)
        return self.results[key]

    def found_out(self, name: str, function: Function, args: tuple[Kind, ...]) -> Kind:
        """What a function returns; where it calls itself, what it returns if it is taken for that in there."""
        self.running[name] = args
        self.expected[name] = at_first(function)
        result: Kind = UNKNOWN
        for turn in range(MOST_ROUNDS):
            before = dict(self.results), dict(self.given)
            self.asked.discard(name)
            if turn == MOST_ROUNDS - 1:
                self.expected[name] = UNKNOWN
            made = self.typed(function, args).result
            result = made[-1] if made else UNKNOWN
            seen = without_own(result)
            if name not in self.asked or seen == self.expected[name]:
                break
            if turn < MOST_ROUNDS - 1:
                self.expected[name] = seen
                self.results, self.given = before
        del self.running[name]
        return result

    def typed(self, function: Function, args: tuple[Kind, ...]) -> Typing:
        grown, passed = grown_lists(function)
        typing = EmittedTyping(function.origin.file, self.sizes, self.callee, grown=grown, passed=passed, calls=self)
        env = {p.name: typing.of_list(p.name, k) for p, k in zip(function.params, args, strict=True)}
        typing.block(function.body, dict(env))
        join_overall(typing, env)
        return typing


def at_first(function: Function) -> Kind:
    """What a function that calls itself is taken to return before anything is known of it: numbers."""
    returns = [s.value for s in statements(function.body) if isinstance(s, Return)]
    if len(returns) == 1 and isinstance(returns[0], Tuple):
        kinds = (UNKNOWN if isinstance(i, Tuple) else FLOAT for i in returns[0].items)
        return Sequence(tuple(kinds))
    return FLOAT


def without_own(kind: Kind) -> Kind:
    """The kind without sizes, which are those of one call, and without what is in tuples within it.

    What is kept of a call holds what is kept of calls in it: its kind would have no end.
    """
    if isinstance(kind, Sequence) and not kind.is_list:
        items = (UNKNOWN if isinstance(i, Sequence) else without_sizes(i) for i in kind.items)
        return replace(kind, items=tuple(items))
    return without_sizes(kind)


def sizeless(kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    return tuple(map(without_sizes, kinds))


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
