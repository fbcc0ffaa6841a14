"""A loop over ``tl.checkpointed`` made a call of a function of its own, whose halves keep few states.

Before                                          After

    for t in range(n):                              x = march(n, slots, x, k)
        x = x * math.exp(-k * x)
                                                where ``march`` is the loop, and ``march_step`` one turn of it

What a turn may change and the next one read is the *state*: names that are bound before the loop and in it, and
arrays that are written in place. These are copied, and put back through their names: ``y[...] = y_new``.

A ``break`` becomes a result of the turn, ``going``: whether another one follows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile

from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.live import Memory, keep_live
from tangent_like.analysis.typing import Typing
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import definitely_bound, leaves_by_break, with_blocks
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Break,
    Call,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Name,
    Param,
    Ref,
    Return,
    Stmt,
    Store,
    Tuple,
    While,
)
from tangent_like.ir.walk import binds, bound_in, reads, statements, stored_in
from tangent_like.kinds.kind import Array, ListOf, Scalar, Unknown
from tangent_like.transform.accumulate import is_fresh


@dataclass(frozen=True, eq=False)
class March:
    """A loop by its parts: ``args`` are those of ``range``, ``state`` and ``params`` the names that turns read."""

    target: str
    args: tuple[str, ...]
    slots: str
    state: tuple[str, ...]
    given: tuple[str, ...]  # what brings the state: where it is written in place, it is copied first
    params: tuple[str, ...]
    loop: Function  # ``(*args, slots, *given, *params)``, returns the state
    step: Function  # ``(target, *given, *params)``, returns the state, and ``going`` where there is one
    going: str = ""  # says after a turn whether another one follows, where a ``break`` may end the loop


Marching = Callable[[March], Ref]


def has_checkpoints(function: Function) -> bool:
    return any(isinstance(s, For | Each) and s.slots for s in statements(function.body))


def while_again(function: Function) -> Function:
    """The function with loops that were ``while tl.checkpointed(test, slots)`` as ``while test``, where states stay."""

    def change(stmt: Stmt) -> Stmt:
        match stmt:
            case For(args=(Const(sys.maxsize),), body=(If((Arm(test, body),), (Break(),)),)) if stmt.slots:
                return While(test, tuple(map(change, body)), stmt.origin)
            case _:
                return with_blocks(stmt, lambda b: tuple(map(change, b)))

    return replace(function, body=tuple(map(change, function.body)))


def outlined(function: Function, typing: Typing, aliases: Aliases, namer: Namer, marching: Marching) -> Function:
    """The function with its checkpointed loops as calls of what ``marching`` makes of them."""
    worker = _Outliner(function, typing, aliases, namer, marching)
    return replace(function, body=worker.block(function.body, {p.name for p in function.params}))


@dataclass(frozen=True, eq=False)
class _Outliner:
    function: Function
    typing: Typing
    aliases: Aliases
    namer: Namer
    marching: Marching

    def block(self, body: Block, bound: set[str]) -> Block:
        """``bound``: the names that are bound before it, on every path."""
        out: list[Stmt] = []
        for stmt in body:
            if isinstance(stmt, For | Each) and stmt.slots:
                out.extend(self.loop(stmt, bound))
            else:
                inner = bound | set(binds(stmt))
                out.append(with_blocks(stmt, lambda b, inner=inner: self.block(b, inner)))  # type: ignore[misc]
            bound = definitely_bound((stmt,), bound)
        return tuple(out)

    def loop(self, stmt: For | Each, before: set[str]) -> list[Stmt]:
        original = stmt
        body = self.block(stmt.body, before | {stmt.target})
        before_loop: list[Stmt] = []
        if isinstance(stmt, Each):  # over the index
            rows, index = stmt.iterable, self.namer.fresh("k")
            if not isinstance(rows, Name):
                rows = Name(self.namer.fresh("rows"))
                before_loop.append(Assign((rows.id,), (stmt.iterable,), stmt.origin))
            item = Assign((stmt.target,), (Index(rows, Name(index)),), stmt.origin)
            count = Call(builtin_ref("len"), (rows,))
            stmt = For(index, (count,), (item, *body), stmt.origin, "", stmt.slots)
            body = stmt.body
        body = self.new_values(body)
        stmt = replace(stmt, body=body)
        stored = self.stored(stmt, body, before)
        bound = bound_in(body) - {stmt.target}
        inner = {n for s in statements(body) for n in reads(s)}
        known = before | {s.targets[0] for s in before_loop if isinstance(s, Assign)}
        order = [n for n in dict.fromkeys((*self.typing.overall, *sorted(known))) if n in known]
        state = tuple(n for n in order if n in bound or n in stored)
        params = tuple(n for n in order if n in inner and n not in state and n != stmt.target)
        self.check_first(stmt, body, known, set(state), original)
        if not state:
            return [*before_loop, replace(stmt, slots="", body=body)]
        return [*before_loop, *self.called(stmt, body, state, stored, params)]

    def new_values(self, body: Block) -> Block:
        """``x += e`` becomes ``x = x + e`` of a number, which says that nothing is written in place.

        So where the kind is unknown, and no other name may share the memory. ``x[i] += e`` becomes ``x[i] = x[i] + e``
        there, which writes into nothing but ``x``, be it a list.
        """

        def change(stmt: Stmt) -> Stmt:
            match stmt:
                case Store(Index(Name(id)) as place, op, value) if op and self.is_unknown_and_alone(id):
                    return replace(stmt, op="", value=Binary(op, place, value))
            kind = self.typing.overall.get(stmt.target) if isinstance(stmt, Augment) else None
            if isinstance(stmt, Augment) and isinstance(kind, Unknown | Scalar):
                if isinstance(kind, Scalar) or self.is_unknown_and_alone(stmt.target):
                    value = Binary(stmt.op, Name(stmt.target), stmt.value)
                    return Assign((stmt.target,), (value,), stmt.origin)
            return with_blocks(stmt, lambda b: tuple(map(change, b)))

        return tuple(map(change, body))

    def is_alone(self, name: str) -> bool:
        """Is there no other name for its memory, or for an item of it, the caller's among them?"""
        group = self.aliases.link(name)
        alone = sum(self.aliases.link(n) == group for n in self.typing.overall) == 1
        return alone and (all(name != p.name for p in self.function.params) or name in self.bound_anew())

    def bound_anew(self) -> set[str]:
        """What is bound to something new before the first of the loops: it is not the caller's."""
        def is_early(stmt: Stmt) -> bool:
            return not any(isinstance(s, For | Each) and s.slots for s in statements((stmt,)))

        early = takewhile(is_early, self.function.body)
        return {s.targets[0] for s in early if isinstance(s, Assign) and len(s.targets) == 1 and is_fresh(s.values[0])}

    def sharing(self, name: str) -> set[str]:
        return {n for n in self.typing.overall if self.aliases.link(n) == self.aliases.link(name)}

    def change_places(self, name: str, body: Block) -> bool:
        """``u, v = v, u`` in a turn: arrays of one name each, made before the loop, under each other's names in it."""
        group = self.sharing(name)
        if len(group) < 2 or not all(isinstance(self.typing.overall[n], Array) for n in group):
            return False
        bound = [s for s in statements(self.function.body) if group & set(binds(s))]
        swaps = [s for s in bound if isinstance(s, Assign) and is_exchange(s) and set(s.targets) <= group]
        inside = {id(s) for s in statements(body)}
        once = len(bound) - len(swaps) == len(group) and group <= self.bound_anew()
        return once and all(id(s) in inside for s in swaps)

    def is_unknown_and_alone(self, name: str) -> bool:
        return isinstance(self.typing.overall.get(name), Unknown) and self.is_alone(name)

    def called(
        self, stmt: For, body: Block, state: tuple[str, ...], stored: frozenset[str], params: tuple[str, ...]
    ) -> list[Stmt]:
        assert stmt.origin is not None
        wanted = {1: ("stop",), 2: ("start", "stop"), 3: ("start", "stop", "stride")}[len(stmt.args)]
        args = tuple(map(self.namer.fresh, wanted))
        slots = self.namer.fresh("slots")
        given = tuple(self.namer.fresh(f"{n}_before") if n in stored else n for n in state)
        copies = tuple(
            Assign((n,), (Call(Attribute(Name(g), "copy"), ()),)) for n, g in zip(state, given, strict=True) if n != g
        )
        going = self.namer.fresh("going") if leaves_by_break(body) else ""
        flags = (going,) if going else ()
        ending, turn_ending = (Return(_tupled(names_), stmt.origin) for names_ in (state, (*state, *flags)))
        turn = (*(Assign((f,), (Const(True),)) for f in flags), *_flagged(body, going))
        loop = For(stmt.target, tuple(map(Name, args)), body, stmt.origin)
        march = March(
            stmt.target,
            args,
            slots,
            state,
            given,
            params,
            Function(
                "march", tuple(map(Param, (*args, slots, *given, *params))), (*copies, loop, ending), stmt.origin
            ),
            Function(
                "step", tuple(map(Param, (stmt.target, *given, *params))), (*copies, *turn, turn_ending), stmt.origin
            ),
            going,
        )
        # what is written here goes in and comes out by copies: what is kept of the loop is nobody else's memory
        apart = [n for n in state if n in stored or self.is_written(n)]
        old, new = ({n: self.namer.fresh(f"{n}_{what}") for n in apart} for what in ("old", "new"))
        copied = [Assign((o,), (Call(Attribute(Name(n), "copy"), ()),), stmt.origin) for n, o in old.items()]
        passed = (*stmt.args, Name(stmt.slots), *(Name(old.get(n, n)) for n in state), *map(Name, params))
        targets = tuple(new.get(n, n) for n in state)
        call = Assign(targets, (Call(self.marching(march), passed),), stmt.origin)
        back: list[Stmt] = [
            Store(Index(Name(n), Const(...)), "", Name(new[n]), stmt.origin)
            if n in stored and not isinstance(self.typing.overall.get(n), ListOf | Unknown) and not is_bound_in(body, n)
            else Assign((n,), (Call(Attribute(Name(new[n]), "copy"), ()),), stmt.origin)
            for n in apart
        ]
        return [*copied, call, *back]

    def is_written(self, name: str) -> bool:
        return self.aliases.is_written(name) and isinstance(self.typing.overall.get(name), Array)

    def stored(self, stmt: For, body: Block, known: set[str]) -> frozenset[str]:
        """The arrays from before the loop that turns write; nobody else may know their memory in the loop."""
        before = {n: k for n, k in self.typing.overall.items() if n in known}
        local = bound_in(body)
        written: set[str] = set()
        for name in stored_in(body):
            kind = before.get(name)
            if isinstance(kind, Array | ListOf | Unknown):
                written.add(name)
        used = {n for s in statements(body) for n in reads(s)} | local
        deep = stored_in(tuple(s for s in statements(body) if isinstance(s, Store) and not is_plain(s)))
        for name in sorted(written):
            if self.change_places(name, body):
                written |= self.sharing(name)
                continue
            group = self.aliases.class_of.get(name, name)
            sharing = [n for n in sorted(used - {name}) if self.aliases.class_of.get(n, n) == group and n in before]
            what = f"{name!r}, which a checkpointed loop writes in place,"
            if isinstance(before.get(name), Unknown) and (name in deep or not self.is_alone(name)):
                raise self.refused(stmt, f"{what} of a kind that is not known,", "annotate it, or fill an array")
            if sharing:
                raise self.refused(stmt, f"{what} under the name {sharing[0]!r} as well", "use one name in the loop")
            if is_bound_in(body, name) and not self.is_alone(name):
                raise self.refused(stmt, f"{what} and binds anew", "write into one array, or make a new one each turn")
        return frozenset(written)

    def check_first(
        self, stmt: For, body: Block, known: set[str], state: set[str], original: For | Each
    ) -> None:
        """A name from inside the loop that another turn reads, or what comes after it, is bound before it."""
        inside = bound_in(body) | {stmt.target}
        live = set(state)
        keep_live(body, live, Memory({}, {}), lambda _: True)
        early = sorted(n for n in live & inside if n not in known and n != stmt.target)
        own = {id(s) for s in statements((original,))}
        outside = (s for s in statements(self.function.body) if id(s) not in own)
        later = {n for s in outside for n in reads(s)} & (inside - state)
        name = next(iter([*early, *sorted(n for n in later if n not in known or n == stmt.target)]), None)
        if name is not None and not self.only_inside(original, name):
            raise self.refused(stmt, f"{name!r}, which only a checkpointed loop binds,", "bind it before the loop")

    def only_inside(self, stmt: For | Each, name: str) -> bool:
        """Is every other read of the name behind another binding of it, in another loop say?"""
        outside = [s for s in self.function.body if stmt not in tuple(statements((s,)))]
        live: set[str] = set()
        keep_live(tuple(outside), live, Memory({}, {}), lambda _: True)
        return name not in live and stmt in self.function.body

    def refused(self, stmt: Stmt, what: str, hint: str) -> UnsupportedError:
        return UnsupportedError(f"{what} is not differentiated", place_of(getattr(stmt, "origin", None)), hint)


def is_exchange(stmt: Assign) -> bool:
    given = [v.id for v in stmt.values if isinstance(v, Name)]
    return len(stmt.targets) > 1 and sorted(given) == sorted(stmt.targets)


def is_plain(stmt: Store) -> bool:
    return isinstance(stmt.target.value, Name)


def is_bound_in(body: Block, name: str) -> bool:
    return any(isinstance(s, Assign) and name in s.targets for s in statements(body))


def _tupled(names_: tuple[str, ...]) -> Expr:
    return Name(names_[0]) if len(names_) == 1 else Tuple(tuple(map(Name, names_)))


def _flagged(body: Block, going: str) -> Block:
    """The turn, which says by ``going`` that it is the last one where it left by a ``break``, the end of its path."""

    def change(stmt: Stmt) -> Stmt:
        match stmt:
            case Break():
                return Assign((going,), (Const(False),))
            case For() | Each() | While():
                return stmt
            case _:
                return with_blocks(stmt, lambda b: tuple(map(change, b)))

    return tuple(map(change, body)) if going else body
