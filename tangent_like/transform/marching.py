"""The halves of what runs again on the way back: a call of ``tl.checkpoint(g)``, a loop over ``tl.checkpointed``.

Before                              After

    x = march(n, slots, x, k)           def march_forward(n, slots, x, k):
                                            x_kept = []
                                            stops = first_run(n, slots)
                                            for part in range(len(stops) - 1):
                                                x_kept.append(x)
                                                for t in range(stops[part], stops[part + 1]):
                                                    x = step(t, x, k)
                                            return x, (n, slots, x_kept, k)
                                        def march_reverse(saved, x_bar):
                                            n, slots, x_kept, k = saved
                                            ...
                                            for first, last, what in revolve(n, slots): ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tangent_like.errors import Place
from tangent_like.ir.build import builtin_ref, np_call
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Binary,
    Block,
    Break,
    Call,
    Compare,
    Const,
    Expr,
    For,
    Function,
    If,
    Index,
    List,
    Name,
    Param,
    Pop,
    Push,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
    UserFunction,
)
from tangent_like.ir.walk import binds, reads, statements
from tangent_like.kinds.kind import Array, DictOf, Kind, ListOf, Scalar, is_float
from tangent_like.specialize.asked import Gradient, Inner
from tangent_like.transform.accumulate import is_double, zero
from tangent_like.transform.dicts import added_dict
from tangent_like.transform.outlined import March
from tangent_like.transform.rerun import Again, again_of, silent
from tangent_like.transform.runtime_refs import helper

Derive = Callable[[Function, Mapping[str, Kind], Gradient, Place], Inner]


@dataclass(frozen=True, eq=False)
class Making:
    """What the program around does for what runs again."""

    derive: Derive
    emit: Callable[[Function], Ref]  # a function of the text
    useful: Callable[[Function, Mapping[str, Kind]], Function]  # without what its results do not need


def names_in(function: Function) -> set[str]:
    taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))}
    return taken | {p.name for p in function.params}


@dataclass(frozen=True, eq=False)
class Rerun:
    """A call of which nothing is kept but its arguments."""

    function: Function
    emitted: Ref
    target: UserFunction

    def halves(
        self,
        bound: Mapping[str, Kind],
        kinds: Mapping[str, Kind],
        wrt: tuple[str, ...],
        names: tuple[str, str],
        flowing: tuple[bool, ...],
        make: Making,
        place: Place,
    ) -> tuple[Function, Function]:
        del kinds
        function = self.function
        params = tuple(p.name for p in function.params)
        namer = Namer(names_in(function))
        made = make.derive(silent(function), bound, Gradient(wrt, False, "rerun"), place)
        results = tuple(namer.fresh("result") for _ in flowing)
        seeds = tuple(namer.fresh("result_bar") for flows in flowing if flows)
        saved = namer.fresh("saved")
        call = Call(self.emitted, tuple(map(Name, params)))
        pack = Tuple(tuple(map(Name, made.kept)))
        first = (Assign(results, (call,), function.origin), Return(Tuple((*map(Name, results), pack))))
        again = Call(made.refs[0], tuple(map(Name, (*made.kept, *seeds))))
        bars = tuple(namer.fresh(f"{n}_bar") for n in wrt)
        ending = Return(Name(bars[0]) if len(bars) == 1 else Tuple(tuple(map(Name, bars))))
        second = (*unpacked(made.kept, saved), Assign(bars, (again,), function.origin), ending)
        forward = Function(names[0], function.params, first, function.origin)
        return forward, Function(names[1], (Param(saved), *map(Param, seeds)), second, function.origin)


def unpacked(names: tuple[str, ...], saved: str) -> Block:
    if not names:
        return ()
    whole = Name(saved)
    return (Assign(names, (whole,) if len(names) > 1 else (Index(whole, Const(0)),)),)


def as_int(expr: Expr) -> Expr:
    """A number that says which item of a list: that it is one shows in the text, for the next derivative."""
    return Call(builtin_ref("int"), (expr,))


@dataclass(frozen=True, eq=False)
class Marching:
    """A loop of which few states are kept; ``step`` is one turn of it as it is emitted."""

    march: March
    emitted: Ref
    step: Ref
    target: UserFunction

    @property
    def function(self) -> Function:
        return self.march.loop

    def halves(
        self,
        bound: Mapping[str, Kind],
        kinds: Mapping[str, Kind],
        wrt: tuple[str, ...],
        names: tuple[str, str],
        flowing: tuple[bool, ...],
        make: Making,
        place: Place,
    ) -> tuple[Function, Function]:
        """``bound``: the kinds of the arguments; ``kinds``: those of the names in the loop, in every turn."""
        del flowing
        march = self.march
        moving = tuple(n for n in march.state if is_float(kinds[n]))
        active = tuple(n for n in march.params if n in wrt)
        given = dict(zip(march.state, march.given, strict=True))
        own = {n: kinds[n] for n in (march.target, *march.params)} | {g: kinds[n] for n, g in given.items()}
        asked = Gradient((*(given[n] for n in moving), *active), False, "rerun")
        silently = silent(march.step)
        inner = make.derive(silently, own, asked, place)
        again = again_of(march, silently, inner.kept, lambda f: make.useful(f, own))
        step = self.step if again.function is march.step else make.emit(again.function)
        namer = Namer(names_in(march.loop) | names_in(march.step) | set(inner.kept))
        writer = _Writer(self, namer, bound, moving, active, inner, again, step)
        behind = {g: n for n, g in given.items()}
        return writer.forward(names[0]), writer.reverse(names[1], tuple(behind.get(n, n) for n in wrt))


@dataclass(eq=False)
class _Writer:
    marching: Marching
    namer: Namer
    bound: Mapping[str, Kind]
    moving: tuple[str, ...]
    active: tuple[str, ...]
    inner: Inner
    again: Again
    step_again: Ref

    def __post_init__(self) -> None:
        march = self.march = self.marching.march
        fresh = self.namer.fresh
        self.kept = {n: fresh(f"{n}_kept") for n in self.again.state}
        self.bars = {n: fresh(f"{n}_bar") for n in (*self.moving, *self.active)}
        self.stops, self.part, self.first, self.last = map(fresh, ("stops", "part", "first", "last"))
        self.turns = fresh("turns") if len(march.args) > 1 or march.going else march.args[0]
        self.rows = fresh("kept") if march.going else ""
        self.results = (*march.state, march.going) if march.going else march.state

    def count(self) -> Block:
        """How many turns there are."""
        args = self.march.args
        if len(args) == 1:  # none, where it is negative
            return (Assign((self.turns,), (Call(builtin_ref("max"), (Name(args[0]), Const(0))),)),)
        whole = Call(builtin_ref("range"), tuple(map(Name, args)))
        return (Assign((self.turns,), (Call(builtin_ref("len"), (whole,)),)),)

    def at(self, turn: Expr) -> Expr:
        """What the target is in a turn."""
        args = self.march.args
        if len(args) == 1:
            return turn
        ahead = turn if len(args) == 2 else Binary("*", turn, Name(args[2]))
        return Binary("+", Name(args[0]), ahead)

    def run(self, first: Expr, stop: Expr, step: Ref, results: tuple[str, ...], given: tuple[str, ...]) -> Stmt:
        """Turns, one after the other."""
        march = self.march
        stride = (Name(march.args[2]),) if len(march.args) == 3 else ()
        body = (Assign(results, (Call(step, tuple(map(Name, given))),), march.loop.origin),)
        bounds = (self.at(first), self.at(stop), *stride)
        return For(march.target, bounds, body, march.loop.origin)

    def keep(self) -> list[Stmt]:
        return [Push(k, Name(n)) for n, k in self.kept.items()]

    @property
    def given(self) -> tuple[str, ...]:
        """What a turn is called with."""
        return (self.march.target, *self.march.state, *self.march.params)

    def forward(self, name: str) -> Function:
        march = self.march
        if march.going:
            return self.forward_online(name)
        lists = [Assign((k,), (List(()),)) for k in self.kept.values()]
        stops = Assign((self.stops,), (Call(helper("first_run"), (Name(self.turns), Name(march.slots))),))
        begin, end = (
            Index(Name(self.stops), e) for e in (Name(self.part), Binary("+", Name(self.part), Const(1)))
        )
        parts = Binary("-", Call(builtin_ref("len"), (Name(self.stops),)), Const(1))
        run = self.run(begin, end, self.marching.step, self.results, self.given)
        loop = For(self.part, (parts,), (*self.keep(), run))
        pack = Tuple(tuple(map(Name, self.saved)))
        body = (*lists, *self.count(), stops, loop, Return(Tuple((*map(Name, march.state), pack))))
        params = (*march.args, march.slots, *march.state, *march.params)
        return Function(name, tuple(map(Param, params)), body, march.loop.origin)

    def forward_online(self, name: str) -> Function:
        """Where it is not known how many turns there will be: of the states that are kept some give way to others."""
        march, turns = self.march, Name(self.turns)
        row = [Index(Name(self.rows), Tuple((Unary("-", Const(1)), Const(k)))) for k in range(2)]
        held = {n: self.namer.fresh(f"{n}_held") for n in self.kept}  # in no order
        again = [Push(held[n], Name(n)) for n in held]
        instead = [Store(Index(Name(held[n]), as_int(row[0])), "", Name(n)) for n in held]
        count = Call(builtin_ref("len"), (Name(held[self.again.state[0]]),))
        put = If((Arm(Compare(row[0], ("==",), (count,)), tuple(again)),), tuple(instead))
        given = (Name(self.rows), turns, Name(march.slots))
        called = Call(self.marching.step, tuple(map(Name, self.given)))
        turn: Block = (
            Assign((self.rows,), (Call(helper("keep_online"), given),)),
            If((Arm(Compare(row[1], ("==",), (turns,)), (put,)),), ()),
            Assign(self.results, (called,), march.loop.origin),
            Augment(self.turns, "+", Const(1)),
            If((Arm(Unary("not", Name(march.going)), (Break(),)),), ()),
        )
        whole = self.at(Const(0)), Name(march.args[-1] if len(march.args) < 3 else march.args[1])
        bounds = (whole[1],) if len(march.args) == 1 else (*whole, *map(Name, march.args[2:]))
        nothing = np_call("zeros", Tuple((Const(0), Const(3))), dtype=builtin_ref("int"))
        lists, ordered = ([Assign((k,), (List(()),)) for k in names_.values()] for names_ in (held, self.kept))
        place = self.namer.fresh("place")
        at = as_int(Index(Name(self.rows), Tuple((Name(place), Const(0)))))
        order = For(
            place,
            (Call(builtin_ref("len"), (Name(self.rows),)),),
            tuple(Push(k, Index(Name(held[n]), at)) for n, k in self.kept.items()),
        )
        body: Block = (
            *lists,
            Assign((self.rows,), (nothing,)),
            Assign((self.turns,), (Const(0),)),
            For(march.target, bounds, turn, march.loop.origin),
            *ordered,
            order,
            Return(Tuple((*map(Name, march.state), Tuple(tuple(map(Name, self.saved)))))),
        )
        params = (*march.args, march.slots, *march.state, *march.params)
        return Function(name, tuple(map(Param, params)), body, march.loop.origin)

    @property
    def saved(self) -> tuple[str, ...]:
        march = self.march
        if march.going:
            return (*march.args, self.turns, march.slots, self.rows, *self.kept.values(), *march.params)
        counted = (*march.args, self.turns) if len(march.args) > 1 else march.args
        return (*counted, march.slots, *self.kept.values(), *march.params)

    def reverse(self, name: str, wrt: tuple[str, ...]) -> Function:
        march = self.march
        saved, moves, move, what = map(self.namer.fresh, ("saved", "moves", "move", "what"))
        # turns are numbers of Python's, as the loop has them: those of the rows would overflow
        row = tuple(as_int(Index(Name(moves), Tuple((Name(move), Const(k))))) for k in range(3))
        again: list[Stmt] = [Assign((n,), (Index(Name(k), Unary("-", Const(1))),)) for n, k in self.kept.items()]
        again += [Assign((n,), (e,)) for n, e in zip((self.first, self.last, what), row, strict=True)]
        again.append(
            self.run(Name(self.first), Name(self.last), self.step_again, self.again.state, self.again.given)
        )
        dropped = tuple(Pop(None, k) for k in self.kept.values())
        turn = (*self.turn(), If((Arm(Compare(Name(what), ("==",), (Const(2),)), dropped),), ()))
        again.append(If((Arm(Compare(Name(what), ("==",), (Const(0),)), tuple(self.keep())),), turn))
        planned = Call(helper("revolve"), (Name(self.turns), Name(march.slots)))
        if march.going:
            column = Index(Name(self.rows), Tuple((Slice(None, None, None), Const(1))))
            planned = Call(helper("between"), (column, Name(self.turns), Binary("+", Name(march.slots), Const(1))))
        schedule = Assign((moves,), (planned,))
        length = Call(builtin_ref("len"), (Name(moves),))
        zeros = [Assign((self.bars[n],), (zero(n, self.bound[n]),)) for n in self.active]
        results = tuple(Name(self.bars[n]) for n in wrt)
        ending = Return(results[0] if len(results) == 1 else Tuple(results))
        counted = self.count() if len(march.args) == 1 and not march.going else ()
        body = (
            *unpacked(self.saved, saved), *counted, *zeros, schedule,
            For(move, (length,), tuple(again)), ending,
        )  # fmt: skip
        seeds = tuple(self.bars[n] for n in self.moving)
        return Function(name, (Param(saved), *map(Param, seeds)), body, march.loop.origin)

    def turn(self) -> list[Stmt]:
        """Turn ``last``, and its reverse."""
        march, inner = self.march, self.inner
        state = {g: Name(n) for g, n in zip(march.given, march.state, strict=True)}
        given = tuple(self.at(Name(self.last)) if n == march.target else state.get(n, Name(n)) for n in inner.kept)
        seeds = tuple(Name(self.bars[n]) for n in self.moving)
        parts = {n: self.namer.fresh(f"{self.bars[n]}_turn") for n in self.active}
        targets = (*(self.bars[n] for n in self.moving), *parts.values())
        out: list[Stmt] = [Assign(targets, (Call(inner.refs[0], (*given, *seeds)),), march.loop.origin)]
        for name, part in parts.items():
            bar = self.bars[name]
            kind = self.bound[name]
            if isinstance(kind, Array | Scalar):
                out.append(Augment(bar, "+", Name(part)))
            elif isinstance(kind, ListOf) and is_double(kind.item):
                item = self.namer.fresh("item")
                places = Index(Name(bar), Name(item)), Index(Name(part), Name(item))
                count = Call(builtin_ref("len"), (Name(bar),))
                out.append(For(item, (count,), (Store(places[0], "+", places[1]),)))
            elif isinstance(kind, DictOf):
                out.extend(added_dict(bar, Name(part), self.namer.fresh))
            else:
                out.append(Assign((bar,), (Call(helper("added"), (Name(bar), Name(part))),)))  # it may be a list
        return out
