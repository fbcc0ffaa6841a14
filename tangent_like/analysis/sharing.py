"""Which lists and arrays may be held twice where they are written: a value in a list is a value, or refused.

Forward over the function, a table says which objects each name may be, and another what each list may
hold. An object is where it was made, apart by whether it is the last one made there (``new``) or one
made there before:

    for i in range(n):
        row = []               # row: new here; rows may hold those made before
        row.append(x[i])       # written while only row holds it: right
        rows.append(row)       # from here on, rows holds it, too

A list that is written while something else holds it, and an array that is written while a list and
another hold it, are refused: an adjoint in a list has a place of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import FunctionType

import numpy as np

from tangent_like.analysis.exchanged import exchange, popped_once, read_and_bound
from tangent_like.analysis.heap import NOTHING, OUTSIDE, Heap, Things
from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import name_outside
from tangent_like.errors import AliasError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.calls import places_given
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    List,
    Logic,
    Name,
    Opaque,
    Pop,
    Push,
    Slice,
    Stmt,
    Store,
    Try,
    Tuple,
    UserFunction,
    While,
    With,
)
from tangent_like.ir.walk import base_name, binds, blocks, called_by, expressions, reads, statements, subexpressions
from tangent_like.kinds.indexing import sort_of_index
from tangent_like.kinds.kind import Array, DictOf, Kind, ListOf, Plain, Scalar, Sequence, is_list
from tangent_like.kinds.lists import copied_list


@dataclass(eq=False)
class Sharing:
    """``copied``: the list parameters that are written, and so copied on entry."""

    typing: Typing
    shares: Callable[[Expr, Stmt], bool]  # may the value be memory that a name in it holds?
    params: tuple[str, ...]
    returns_one: Callable[[UserFunction], bool]  # may a list that a function returns hold one thing twice?
    returns_itself: Callable[[UserFunction], bool]  # may it be an argument, or hold more of it than its items?
    later: Mapping[Stmt, frozenset[str]] = field(default_factory=dict)  # the names that are read behind a statement
    parameters: frozenset[str] = frozenset()
    copied: dict[str, None] = field(default_factory=dict)
    sites: dict[int, str] = field(default_factory=dict)
    quiet: bool = False
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())  # how often names are read, and bound
    once: frozenset[str] = frozenset()  # what is popped, and then given another name and read by no other statement

    def block(self, block: Block, heap: Heap) -> None:
        behind = 0
        for k, stmt in enumerate(block):
            if k < behind:
                continue
            exchanged = exchange(block, k, *self.counts)
            behind = k + len(exchanged)
            if not exchanged:
                self.statement(stmt, heap)
            for one in exchanged:
                self.exchanged(one, heap)

    def exchanged(self, stmt: Stmt, heap: Heap) -> None:
        """One of the statements that make items of a list change places: the list is written, and holds the same."""
        if isinstance(stmt, Store):
            name = base_name(stmt.target)
            assert name is not None
            self.writes(stmt, name, self.value(stmt.target.value, stmt, heap), heap, True)
        for name in binds(stmt):
            heap.names[name] = NOTHING

    def site(self, at: object) -> str:
        return self.sites.setdefault(id(at), f"#{len(self.sites)}")

    # -- values --

    def value(self, expr: Expr, stmt: Stmt, heap: Heap) -> Things:
        """The objects that the value of ``expr`` may be."""
        kind_of = self.typing.at(stmt)
        kind = kind_of(expr)
        if isinstance(kind, Scalar) or (isinstance(kind, Plain) and kind.what in _VALUES):
            return NOTHING
        copied = copied_list(expr)
        match expr:
            case Name(id):
                return heap.names.get(id, NOTHING)
            case _ if name := name_outside(expr):
                return heap.outside(name)
            case _ if copied is not None:
                inner = self.value(copied, stmt, heap)
                # list(x) of an array: rows that are views of it; x.copy() holds what a list holds alone
                method = isinstance(expr, Call) and isinstance(expr.func, Attribute)
                rows = heap.held(inner) if method else self.items(kind_of(copied), inner, heap)
                return heap.make(self.site(expr), rows)
            case Index(value, index):
                inner = self.value(value, stmt, heap)
                if isinstance(kind_of(value), Array):
                    return heap.make(self.site(expr)) if sort_of_index(index, kind_of) in ("mask", "fancy") else inner
                listed = isinstance(kind_of(value), ListOf | Sequence)
                own = NOTHING if listed else inner  # what may be an array: a view of it
                if isinstance(index, Slice):
                    return own | heap.make(self.site(expr), heap.held(inner))
                return own | heap.held(inner)
            case List(items) | Tuple(items):
                held: Things = NOTHING
                for item in items:
                    found = self.value(item, stmt, heap)
                    if held & found:
                        heap.twice |= held & found
                    held |= found
                return heap.make(self.site(expr), held)
            case Choose(_, body, orelse):
                return self.value(body, stmt, heap) | self.value(orelse, stmt, heap)
            case Logic(values=values):
                return frozenset(t for v in values for t in self.value(v, stmt, heap))
            case Binary(op, left, right) if isinstance(kind, ListOf | Sequence):
                sides = [self.value(e, stmt, heap) for e in (left, right) if is_list(kind_of(e))]
                held = NOTHING
                for side in sides:
                    found = heap.held(side)
                    heap.twice |= (held & found) if op == "+" else found
                    held |= found
                return heap.make(self.site(expr), held)
            case Attribute(value):
                return self.value(value, stmt, heap)
            case Call(func, args, keywords):
                return self.called(expr, func, (*args, *(v for _, v in keywords)), kind, stmt, heap)
            case Opaque(reads=names):
                return heap.reach(frozenset(t for n in names for t in heap.names.get(n, NOTHING)))
            case _:
                return heap.make(self.site(expr))

    def called(self, expr: Call, func: Expr, args: tuple[Expr, ...], kind: Kind, stmt: Stmt, heap: Heap) -> Things:
        inner = [self.value(a, stmt, heap) for a in args]
        if isinstance(func, Attribute):
            inner.append(self.value(func.value, stmt, heap))
        new = heap.make(self.site(expr))
        target = called_by(expr)
        if isinstance(kind, ListOf | Sequence) and target is not None and self.returns_one(target):
            item = heap.make(f"{self.site(expr)}[]")
            heap.put(new, item)
            heap.twice |= item
        if target is not None and self.returns_itself(target) and leaves_default(expr):
            outside = heap.outside(f"the default of {target.qualname}")
            return new | outside | heap.reach(frozenset(t for things in inner for t in things))
        if not self.shares(expr, stmt):
            return new
        listed = isinstance(kind, ListOf | Sequence)
        if only := target is not None and not self.returns_itself(target):
            kinds = map(self.typing.at(stmt), args)
            inner = [self.items(one, things, heap) for one, things in zip(kinds, inner, strict=True)]
        everything = heap.reach(frozenset(t for things in inner for t in things))
        if listed:
            heap.put(new, everything)
        return new if listed and only else everything | new

    # -- statements --

    def statement(self, stmt: Stmt, heap: Heap) -> None:
        match stmt:
            case Assign(targets, values):
                for name in stmt.writes:
                    things = heap.names.get(name, NOTHING)
                    self.writes(stmt, name, things, heap, False)
                    if is_list(self.typing.before[stmt].get(name)):  # what is written is an array that it holds
                        self.callers(stmt, heap.reach(things))
                        for place in places_given(values, name):
                            self.writes(stmt, name, heap.reach(self.value(place, stmt, heap)), heap, False)
                if len(targets) == len(values):
                    found = [self.value(v, stmt, heap) for v in values]
                else:
                    things = self.value(values[0], stmt, heap)
                    if is_list(self.typing.at(stmt)(values[0])):
                        things = heap.held(things)
                    kinds = self.typing.after.get(stmt, {})
                    held = heap.reach(things)
                    found = [NOTHING if isinstance(kinds.get(t), Scalar) else held for t in targets]
                for value in values:
                    if isinstance(value, Name) and value.id in self.once:
                        heap.names[value.id] = NOTHING  # nobody asks for it by this name again
                for target, things in zip(targets, found, strict=True):
                    heap.names[target] = things
                if stmt.saved:
                    heap.names[stmt.saved] = NOTHING
            case Push(list_, value):
                things = self.value(value, stmt, heap)
                lists = heap.names.get(list_, NOTHING)
                self.writes(stmt, list_, lists, heap, True)
                heap.put(lists, things)
            case Pop(target, list_):
                lists = heap.names.get(list_, NOTHING)
                self.writes(stmt, list_, lists, heap, True)
                if isinstance(target, Name):
                    heap.names[target.id] = self.taken(stmt, target.id, lists, heap)
            case Store(target, op, value):
                things = self.value(value, stmt, heap)
                self.store(stmt, target, op, things, heap)
            case Augment(target):
                kind = self.typing.before[stmt].get(target)
                if is_list(kind):
                    things = self.value(stmt.value, stmt, heap)
                    lists = heap.names.get(target, NOTHING)
                    self.writes(stmt, target, lists, heap, True)
                    heap.put(lists, heap.held(things))
                elif not isinstance(kind, Scalar):
                    self.writes(stmt, target, heap.names.get(target, NOTHING), heap, False)
            case If():
                outs = []
                for inner in blocks(stmt):
                    out = heap.copy()
                    self.block(inner, out)
                    outs.append(out)
                first, *others = outs
                for out in others:
                    first.merge(out)
                heap.names, heap.holds, heap.twice = first.names, first.holds, first.twice
            case For() | Each() | While():
                self.loop(stmt, heap)
            case With(items, body):
                for item in items:
                    if item.name:
                        heap.names[item.name] = self.value(item.context, stmt, heap)
                self.block(body, heap)
            case Try(body, handlers, final):
                start = heap.copy()
                for one in body:  # an exception may come after each
                    self.statement(one, heap)
                    start.merge(heap)
                for handler in handlers:
                    out = start.copy()
                    self.block(handler.body, out)
                    heap.merge(out)
                self.block(final, heap)
            case _:
                pass

    def taken(self, stmt: Pop, name: str, lists: Things, heap: Heap) -> Things:
        """What is popped: nobody else's from now on, if it was one list's alone, and in that once."""
        held = heap.held(lists)
        one = len(lists) == 1 and all(is_last for _, is_last in lists)
        holders = [things for things in heap.holds.values() if things & held]
        named = any(own & held for n, own in heap.names.items() if n != name)
        if not one or len(holders) != 1 or named or held & heap.twice or not held:
            return held
        return heap.make(f"{self.site(stmt)} popped", heap.held(held))

    def loop(self, stmt: For | Each | While, heap: Heap) -> None:
        iterable: Things = NOTHING
        if isinstance(stmt, Each):
            iterable = self.value(stmt.iterable, stmt, heap)
            if is_list(self.typing.at(stmt)(stmt.iterable)):
                self.refuse_grown(stmt, base_name(stmt.iterable), iterable, heap)
        elif isinstance(stmt, For):
            for name in stmt.walked:
                self.refuse_grown(stmt, name, heap.names.get(name, NOTHING), heap)
        quiet = self.quiet
        self.quiet = True
        while True:
            inner = heap.copy()
            self.turn(stmt, iterable, inner)
            inner.merge(heap)
            if inner.same(heap):
                break
            heap.names, heap.holds, heap.twice = inner.names, inner.holds, inner.twice
        self.quiet = quiet
        if not quiet:
            self.turn(stmt, iterable, heap.copy())

    def turn(self, stmt: For | Each | While, iterable: Things, heap: Heap) -> None:
        if isinstance(stmt, Each):
            heap.names[stmt.target] = self.items(self.typing.at(stmt)(stmt.iterable), iterable, heap)
        elif isinstance(stmt, For):
            heap.names[stmt.target] = NOTHING
        self.block(stmt.body, heap)

    def items(self, kind: Kind, things: Things, heap: Heap) -> Things:
        """What running over something gives: the items of a list, views of an array; of what may be either, both."""
        if isinstance(kind, Array):
            return things if len(kind.dims or (None, None)) > 1 else NOTHING
        held = heap.held(things)
        return held if isinstance(kind, ListOf | Sequence | DictOf) else held | things

    def refuse_grown(self, loop: For | Each, own: str | None, iterable: Things, heap: Heap) -> None:
        """A list that is resized while it is iterated; where its items are not asked for by index, written at all."""
        for stmt in statements(loop.body):
            name = stmt.list if isinstance(stmt, Push | Pop) else None
            if isinstance(stmt, Store) and (isinstance(loop, Each) or self.resizes(stmt)):
                root = base_name(stmt.target)
                name = root if root is not None and is_list(self.typing.overall.get(root)) else None
            if name is not None and (name == own or heap.names.get(name, NOTHING) & iterable):
                raise AliasError(
                    f"the list {name!r} is written while a loop runs over it",
                    place_of(stmt.origin),
                    "loop over a copy: list(...)",
                )

    def resizes(self, stmt: Store) -> bool:
        """May it change how long a list is? ``items[:k] = others`` and ``del items[k]``."""
        whole = stmt.op == "del" or isinstance(stmt.target.index, Slice)
        return whole and is_list(self.typing.at(stmt)(stmt.target.value))

    def store(self, stmt: Store, target: Index, op: str, things: Things, heap: Heap) -> None:
        name = base_name(target)
        if name is None:
            return
        kind_of = self.typing.at(stmt)
        holder = self.value(target.value, stmt, heap)
        if is_list(kind_of(target.value)):
            if op and not isinstance(kind_of(target), Scalar):
                self.writes(stmt, name, heap.held(holder), heap, False)  # the item itself, in place
                return
            self.writes(stmt, name, holder, heap, True)
            whole = isinstance(target.index, Slice)
            heap.put(holder, heap.held(things) if whole else things)
            return
        self.writes(stmt, name, holder, heap, False)

    def callers(self, stmt: Stmt, things: Things) -> None:
        """Lists of the caller's that are written are copied; what they hold is not, and must not be written."""
        for thing in sorted(things):
            if thing[0].startswith(OUTSIDE) and not self.quiet:
                raise AliasError(
                    f"memory that belongs to {thing[0].removeprefix(OUTSIDE)}, outside the function, is written",
                    place_of(stmt.origin),
                    "make a copy (.copy()) before writing",
                )
            param = thing[0].removeprefix("param ")
            if param in self.params:
                self.copied[param] = None
            elif param != thing[0] and "[]" in param and not self.quiet:
                raise AliasError(
                    f"memory that belongs to the argument {param.partition('[')[0]!r} is written",
                    place_of(stmt.origin),
                    "make a copy (.copy()) before writing",
                )

    def writes(self, stmt: Stmt, name: str, things: Things, heap: Heap, slots: bool) -> None:
        """``things``, lists (``slots``) or arrays, are written through ``name``: nobody else may hold them."""
        self.callers(stmt, things)
        holders = {t for t, held in heap.holds.items() if held & things}
        if holders and not self.quiet:  # what no name reaches is gone
            holders &= heap.reach(frozenset(chain.from_iterable(heap.names.values())))
        if self.quiet or not (slots or holders):
            return  # arrays, among themselves: see ``aliases``
        through = heap.names.get(name, NOTHING)
        alive = frozenset(heap.names)
        if slots:  # an array that is not read any more here may be read on the way back
            alive = self.later.get(stmt, alive).union(self.parameters)
        others = [n for n, own in heap.names.items() if n != name and n in alive and heap.reach(own) & things]
        twice = bool(holders) if through & things else len(holders) > 1 or bool(things & heap.twice)
        if others or twice:
            shown = ", ".join(repr(n) for n in sorted(others)) or "a list, twice,"
            raise AliasError(
                f"{name!r} is written where {shown} may hold the same memory",
                place_of(stmt.origin),
                "put copies into lists (.copy()), or write before the list holds it",
            )


_VALUES = ("str", "None", "shape", "slice", "dtype", "comparison", "builtin_function_or_method")


def read_later(body: Block) -> dict[Stmt, frozenset[str]]:
    """The names that may be read once a statement has run: one that is not read any more holds nothing."""
    table: dict[Stmt, frozenset[str]] = {}

    def every_read(stmt: Stmt) -> frozenset[str]:
        return frozenset(n for s in statements((stmt,)) for n in reads(s))

    def walk(block: Block, behind: frozenset[str]) -> None:
        for stmt in reversed(block):
            table[stmt] = behind
            inside = behind | every_read(stmt) if isinstance(stmt, For | Each | While | Try | With) else behind
            for inner in blocks(stmt):
                walk(inner, inside)
            behind = behind | every_read(stmt)

    walk(body, frozenset())
    return table


def find_shared_lists(
    function: Function,
    typing: Typing,
    shares: Callable[[Expr, Stmt], bool],
    returns_one: Callable[[UserFunction], bool],
    returns_itself: Callable[[UserFunction], bool],
) -> tuple[str, ...]:
    """The list parameters to be copied on entry; an ``AliasError`` for what is written while it is shared."""
    bound = (kind for kinds in typing.after.values() for kind in kinds.values())  # a name may hold other things, too
    listed = any(map(is_list, chain(typing.overall.values(), bound)))
    tops = (e for stmt in statements(function.body) for e in expressions(stmt))
    if not listed and not any(name_outside(e) or leaves_default(e) for top in tops for e in subexpressions(top)):
        return ()
    params = tuple(p.name for p in function.params)
    lists = tuple(n for n in params if isinstance(typing.overall.get(n), ListOf))
    later = read_later(function.body)
    counts = read_and_bound(function)
    asked = (shares, lists, returns_one, returns_itself)
    worker = Sharing(typing, *asked, later, frozenset(params), counts=counts, once=popped_once(function))
    heap = Heap()
    for name in params:
        kind = typing.overall.get(name)
        level, thing = kind, (f"param {name}", False)
        heap.names[name] = frozenset({thing})
        suffix = ""
        while isinstance(level, ListOf | Sequence):
            suffix += "[]"
            inner = (f"param {name}{suffix}", False)
            heap.holds[thing] = frozenset({inner})
            heap.twice.add(inner)
            thing = inner
            level = level.item if isinstance(level, ListOf) else None
    worker.block(function.body, heap)
    return tuple(n for n in params if n in worker.copied)


def leaves_default(call: Expr) -> bool:
    """Is an array that is one for all calls, or a list, what an argument is that is left away?"""
    target = called_by(call)
    source = None if target is None else target.source
    if not isinstance(call, Call) or not isinstance(source, FunctionType):
        return False
    defaults, plain = source.__defaults__ or (), source.__code__.co_varnames[: source.__code__.co_argcount]
    held = dict(zip(plain[len(plain) - len(defaults) :], defaults, strict=True)) | (source.__kwdefaults__ or {})
    given = {*plain[: len(call.args)], *(name for name, _ in call.keywords)}
    return any(isinstance(value, np.ndarray | list) for name, value in held.items() if name not in given)
