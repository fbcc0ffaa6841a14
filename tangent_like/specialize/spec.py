"""What the parts of ``specialize`` share: the statements made so far, the state, names, refusals."""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FunctionType
from typing import TypeAlias

from tangent_like.analysis.typing import Typing
from tangent_like.errors import Place, UnsupportedError, place_at
from tangent_like.frontend.lower import place_of
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Binary,
    Block,
    Compare,
    Const,
    Define,
    Expr,
    Function,
    If,
    Index,
    List,
    Logic,
    Name,
    Origin,
    Pop,
    Push,
    Ref,
    Stmt,
    Store,
    Target,
    UserFunction,
)
from tangent_like.ir.rewrite import bound_once
from tangent_like.ir.walk import base_name, binds, bound_in, statements
from tangent_like.kinds.dims import Assumption
from tangent_like.kinds.kind import UNKNOWN, Kind, ListOf, as_list, is_list, without_sizes
from tangent_like.kinds.lists import with_item, with_stored
from tangent_like.runtime import checkpoints, reversing
from tangent_like.specialize.asked import Gradient, Inner, Solution, Solved, Undoing
from tangent_like.specialize.facts import Facts
from tangent_like.specialize.flats import HELD, Flats
from tangent_like.specialize.state import Several, State
from tangent_like.specialize.values import (
    Born,
    Content,
    Either,
    Fn,
    Form,
    Frame,
    Given,
    Handle,
    Keywords,
    Lazy,
    Leaf,
    Seq,
    Value,
    is_atomic,
    is_used_up,
)

MOST_INLINED = 60  # functions inside one another
MOST_COUNTED = 2000  # calls of a recursion that is written out for the numbers of the call at hand
MOST_WRITTEN_OUT = 8  # numbers of a range, where a loop would do as well
MOST_UNROLLED = 400  # turns of a loop written out
MOST_STATEMENTS = 20_000

# What is called through these functions of ours is told by the line of the user's that calls.
_MATRICES = Path(__file__).parents[1] / "rules" / "sparse_matrices.py"
WRAPPERS = frozenset(map(str, (checkpoints.__file__, reversing.__file__, _MATRICES)))


@dataclass(frozen=True, eq=False)
class Functions:
    """What specializing asks about functions of the user's."""

    read: Callable[[UserFunction, Place], Function]
    core: Callable[[UserFunction, Form, tuple[Kind, ...], tuple[object, ...], Place], UserFunction | None]
    normalize: Callable[[Function, Namer], Function]
    derivative: Callable[[Function, Mapping[str, Kind], Gradient, Place], Inner]
    shows_structure: Callable[[UserFunction], bool]
    may_write: Callable[[UserFunction], bool]
    ruled: Callable[[Target], Target]  # with the rule of the user's, where there is one
    solution: Callable[[Solved], Solution]
    again: Callable[[Function, Undoing | None], Ref]  # what runs again on the way back, or is taken back there
    lifted: Callable[[object, tuple[str, ...], Callable[[tuple[Ref, ...]], tuple[Function, ...]]], tuple[Ref, ...]]
    spelled: Callable[[UserFunction], Ref | None]  # how what was lifted is called in the text


@dataclass(frozen=True, eq=False)
class Tools:
    """What the parts below need of those above them."""

    evaluate: Callable[[Spec, Expr, Frame, str], Value]
    part: Callable[[Spec, Expr, Frame, str], Value]
    materialize: Callable[[Spec, Value, Expr | None], Expr]
    bind: Callable[[Spec, str, Value, Frame], None]
    bind_target: Callable[[Spec, Expr, Value, Frame], None]
    run: Callable[[Spec, Block, Frame], None]
    call: Callable[[Spec, Value, list[Value], list[tuple[str, Value]], Expr | None, str], Value]
    binary: Callable[[Spec, str, Value, Value, Expr], Value]
    truth: Callable[[Spec, Value], bool | None]
    inline: Callable[[Spec, Fn, list[Value], Keywords, str, Given | None], Value]
    generate: Callable[[Spec, Lazy, Callable[[Value], None], int, str], None]
    generated: Callable[[Spec, Lazy, int], list[Value] | None]
    as_list: Callable[[Spec, Value, str], Value]
    every_item: Callable[[Spec, Value], list[Value] | None]
    missing: Callable[[Spec, Handle, object], Value | None]
    kept: Callable[[Spec, Expr, object], Value | None]
    more_forms: frozenset[str]  # iterables of ``itertools``
    more_items: Callable[[Spec, Lazy], list[Value] | None]


@dataclass(eq=False)
class LoopExit:
    """The ways out of a loop: the state at each ``break``."""

    breaks: list[State] = field(default_factory=list)
    hand_on: Callable[[State], list[tuple[str, Expr]]] | None = None  # what to assign before leaving
    start: tuple[list[Stmt], int] | None = None  # of a loop that is written out: where it begins
    going: str = ""  # and the flag that tells whether it goes on, once it may not


@dataclass(frozen=True, eq=False)
class Mark:
    state: State
    taken: frozenset[str]
    local_names: dict[tuple[int, str], str]
    field_names: dict[tuple[int, object], str]
    unstable: set[str]
    counts: tuple[int, ...]
    free: frozenset[str]
    fixed: dict[str, bool]


@dataclass(eq=False)
class Spec:
    """One attempt to specialize one function."""

    library: Functions
    tools: Tools
    typing: Typing
    namer: Namer
    facts: Facts
    file: str
    state: State = field(default_factory=State)
    pools: dict[object, Handle] = field(default_factory=dict)  # of classes: see ``object_pools``
    out: list[Stmt] = field(default_factory=list)
    origin: Origin | None = None
    flats: Flats = field(default_factory=Flats)
    inlined: int = 0
    catching: int = 0  # the ``try`` around that would catch that a name is not bound
    made: int = 0
    frames: int = 0
    handles: int = 0
    reads: list[tuple[Callable[[], object], object]] = field(default_factory=list)
    methods: dict[FunctionType, None] = field(default_factory=dict)  # of the user's classes: what was read
    pins: list[Assumption] = field(default_factory=list)  # the sizes that turns written out are right for
    collecting: list[list[Value]] = field(default_factory=list)  # what loops that are being followed have given so far
    conditions: list[tuple[str, str]] = field(default_factory=list)
    exits: list[LoopExit] = field(default_factory=list)
    tests: set[Expr] = field(default_factory=set)  # what ``and`` and ``or`` make of which only the truth is asked
    probing: bool = False  # is it found out what generators read? What is made for that is thrown away
    constructing: set[int] = field(default_factory=set)
    repeated: int = 0  # the frames up to this one are bound anew in each turn of a loop that is written out
    settling: set[int] = field(default_factory=set)  # what the walk through the heap at hand has come by
    unstable: set[str] = field(default_factory=set)  # names that are bound more than once
    fixed: dict[str, bool] = field(default_factory=dict)  # names: is each a whole number that the text says?
    field_names: dict[tuple[int, object], str] = field(default_factory=dict)
    local_names: dict[tuple[int, str], str] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)  # names that only scopes inside the function bind
    binding: Frame | None = None  # the frame of the assignment at hand
    whole: Expr | None = None  # the value of the statement at hand
    ran: dict[tuple[int, object], Stmt] = field(default_factory=dict)  # calls that write, and where they ran
    several: Several = field(default_factory=Several)  # what may be in several places: see ``held_twice``
    walked: set[int] = field(default_factory=set)  # dicts of lists, over one of which a loop goes
    present: set[tuple[object, str]] = field(default_factory=set)  # keys that dicts have here: see ``tables``
    slots: dict[str, tuple[int, object]] = field(default_factory=dict)  # variables that stand for a place in the heap
    normalized: dict[tuple[int, bool], Function] = field(default_factory=dict)  # asking for names that are not bound?
    deleted: set[str] = field(default_factory=set)  # attributes that ``del`` took away somewhere
    cached: dict[str, str] = field(default_factory=dict)  # variables that cached functions gave: see ``cached_results``
    by_turns: dict[Function, Function] = field(default_factory=dict)  # of ``__next__``: see ``next_methods``

    def evaluate(self, expr: Expr, frame: Frame, hint: str = "") -> Value:
        return self.tools.evaluate(self, expr, frame, hint)

    def part(self, expr: Expr, frame: Frame, hint: str = "") -> Value:
        return self.tools.part(self, expr, frame, hint)

    def materialize(self, value: Value, expr: Expr | None = None) -> Expr:
        return self.tools.materialize(self, value, expr)

    def call(
        self, function: Value, args: list[Value], keywords: list[tuple[str, Value]] | None = None,
        expr: Expr | None = None, hint: str = "",
    ) -> Value:  # fmt: skip
        return self.tools.call(self, function, args, keywords or [], expr, hint)

    # -- refusing --

    def place(self, at: tuple[int, int] | None = None) -> Place:
        if at is not None and self.origin is not None:
            return place_at(self.origin.file, at)
        return place_of(self.origin)

    def refuse(self, what: str, hint: str = "", at: tuple[int, int] | None = None) -> UnsupportedError:
        return UnsupportedError(f"{what} is not differentiated", self.place(at), hint)

    # -- emitting --

    def emit(self, stmt: Stmt) -> None:
        self.made += 1
        if self.made > MOST_STATEMENTS:
            raise self.refuse("a program this long, its loops over tuples and calls written out,", "use arrays")
        stmt = bound_once(stmt, self.fresh) if isinstance(stmt, Assign) else stmt
        if isinstance(stmt, Assign) and self.flats.holds(stmt):
            raise self.refuse(*HELD)
        self.out.append(stmt)
        kinds = self.state.kinds
        match stmt:
            case Assign():
                for name, kind in self.typing.assigned(stmt, kinds).items():
                    # The lists of the core may grow, and be written under other names: an item may be another.
                    kinds[name] = without_sizes(as_list(kind), False) if is_list(kind) else kind
            case Augment(target, op, value):
                kinds[target] = self.typing.kind(Binary(op, Name(target), value), kinds)
            case Push(list_, value):
                kind = with_item(kinds.get(list_, UNKNOWN), self.typing.kind(value, kinds))
                kinds[list_] = without_sizes(kind, False)
            case Pop(target=Name(id), list=list_):
                kind = as_list(kinds.get(list_, UNKNOWN))
                kinds[id] = (kind.item if isinstance(kind, ListOf) else None) or UNKNOWN
            case Store(Index() as target, op, value) if is_list(kinds.get(name := base_name(target) or "")):
                item = self.kind(Binary(op, target, value) if op else value)
                kinds[name] = without_sizes(with_stored(kinds[name], target, item, self.typing.join), False)
            case _:
                pass

    def assign(self, name: str, expr: Expr) -> None:
        self.emit(Assign((name,), (expr,), self.origin))

    def kind(self, expr: Expr) -> Kind:
        return self.typing.kind(expr, self.state.kinds)

    def fresh(self, wanted: str) -> str:
        return self.namer.fresh(wanted)

    @contextmanager
    def block(self) -> Iterator[list[Stmt]]:
        """Statements emitted inside go to a list of their own."""
        outer, self.out = self.out, []
        try:
            yield self.out
        finally:
            self.out = outer

    @contextmanager
    def at(self, origin: Origin | None) -> Iterator[None]:
        outer = self.origin
        if origin is not None and origin.file not in WRAPPERS:
            self.origin = origin
        try:
            yield
        finally:
            self.origin = outer

    def mark(self) -> Mark:
        """All that an attempt at a loop may change, to try again from here."""
        return Mark(
            self.state.copy(),
            self.namer.taken,
            dict(self.local_names),
            dict(self.field_names),
            set(self.unstable),
            (self.frames, self.handles, self.made, len(self.reads), len(self.pins), *map(len, self.collecting)),
            frozenset(self.free),
            dict(self.fixed),
        )

    def go_back(self, mark: Mark) -> None:
        self.state = mark.state.copy()
        self.namer.reset(mark.taken)
        self.local_names, self.field_names = dict(mark.local_names), dict(mark.field_names)
        self.unstable = set(mark.unstable)
        self.free = set(mark.free)
        self.fixed = dict(mark.fixed)
        self.frames, self.handles, self.made, reads, pins, *given = mark.counts
        for found, count in zip(self.collecting, given, strict=False):
            del found[count:]  # a turn that is tried again gives its item again
        del self.reads[reads:]
        del self.pins[pins:]

    # -- frames and heap --

    def frame(self, function: Function, parent: Frame | None, file: str, top: bool = False) -> Frame:
        self.frames += 1
        own = function.own | {p.name for p in function.params} | (bound_in(function.body) - function.outer)
        if top:
            self.local_names.update({(self.frames, n): n for n in own})
        bound = (n for stmt in statements(function.body) for n in binds(stmt))
        counts = Counter([*(p.name for p in function.params), *bound])
        multiple = frozenset(n for n, count in counts.items() if count > 1) | rebound_inside(function)
        return Frame(self.frames, function, parent, file, frozenset(own), multiple)

    def name_of(self, frame: Frame, name: str) -> str:
        """How a local of a frame is called in the core program."""
        found = self.local_names.get((frame.id, name))
        if found is None:
            if name in self.free and name not in self.local_names.values():
                self.free.discard(name)
                found = name  # of a scope inside, and nobody else's
            else:
                found = self.fresh(name)
            self.local_names[frame.id, name] = found
        if name in frame.multiple or frame.id <= self.repeated:
            self.unstable.add(found)
        return found

    def allocate(self, content: Content) -> Handle:
        for value in content.values if content.form != "object" else ():
            self.no_iterator(value)
        self.handles += 1
        self.state.heap[self.handles] = content
        return Handle(self.handles)

    def no_iterator(self, value: Value) -> None:
        """What is used up by being read has a name of its own, or none."""
        if is_used_up(value):
            raise self.refuse("an iterator kept in a container", "make it a list or a tuple")

    def content(self, handle: Handle) -> Content:
        return self.state.heap[handle.id]

    def field_name(self, handle: Handle, key: object, hint: str) -> str:
        found = self.field_names.get((handle.id, key))
        if found is None:
            found = self.field_names[handle.id, key] = self.fresh(item_name(hint, key))
            self.slots[found] = handle.id, key
            if key in self.facts.written:
                self.unstable.add(found)
        return found

    # -- leaves --

    def is_stable(self, expr: Expr) -> bool:
        """Will the expression have the same value as long as it can be read?"""
        if isinstance(expr, Name):
            return expr.id not in self.unstable
        return is_atomic(expr)

    def held(self, leaf: Leaf, wanted: str) -> Leaf:
        """The leaf in a variable of its own, if it is not in one that stays as it is."""
        if self.is_stable(leaf.expr):
            return leaf
        name = self.fresh(wanted)
        self.assign(name, leaf.expr)
        return Leaf(Name(name), leaf.known, leaf.part)

    def settled(self, value: Value, hint: str) -> Value:
        """The value with its leaves in variables, so that it can be read more than once and later."""
        match value:
            case Leaf():
                return self.held(value, hint)
            case Seq(items, cls):
                keys: tuple[object, ...] = cls.fields if cls is not None else tuple(range(len(items)))
                new = tuple(self.settled(v, item_name(hint, k)) for k, v in zip(keys, items, strict=True))
                return Seq(new, cls)
            case Handle(id) if self.state.heap[id].row is None:
                with self.once(id) as first:
                    if first:
                        self.settle_heap(id, hint)
                return value
            case Lazy(form, parts):
                return replace(value, parts=tuple(self.settled(p, hint or form) for p in parts))
            case Either(which, options):
                settled = tuple(self.option(value, k, hint) for k in range(len(options)))
                found = value.again(self.held(which, "which"), settled)
                return value if all(map(operator.is_, value.parts, found.parts)) else found
            case _:
                return value

    def option(self, value: Either, k: int, hint: str) -> Value:
        """One of several, settled; a list that only its own path may have made, where it is that one."""
        found = value.options[k]
        kind = self.kind(found.expr) if isinstance(found, Leaf) and not self.is_stable(found.expr) else None
        if not isinstance(found, Leaf) or not isinstance(kind, ListOf) or type(value) is not Either:
            return self.settled(found, hint)
        name = self.fresh(hint)
        self.state.kinds[name] = kind
        taken = Arm(Compare(value.which.expr, ("==",), (Const(k),)), (Assign((name,), (found.expr,), self.origin),))
        self.emit(If((taken,), (Assign((name,), (List(()),), self.origin),), self.origin))
        return Leaf(Name(name), found.known, found.part)

    @contextmanager
    def once(self, id_: int) -> Iterator[bool]:
        """Is it the first time that a walk through the heap comes by this content?"""
        outermost, first = not self.settling, id_ not in self.settling
        self.settling.add(id_)
        try:
            yield first
        finally:
            if outermost:
                self.settling.clear()

    def is_slot(self, leaf: Leaf, id_: int) -> bool:
        """Is the leaf the variable of a place in this very content?"""
        return isinstance(leaf.expr, Name) and self.slots.get(leaf.expr.id, (-1,))[0] == id_

    def set_items(self, handle: Handle, values: list[Value]) -> None:
        """The items of a list anew: one that has moved leaves the variable of the place where it was."""
        hint, moved = self.content(handle).hint or "item", [self.has_moved(handle, k, v) for k, v in enumerate(values)]
        found = [self.settled(v, item_name(hint, k)) if moved[k] else v for k, v in enumerate(values)]
        self.state.set_items(handle, found)

    def has_moved(self, handle: Handle, key: object, value: Value) -> bool:
        """Does an item stand for another place of its list, that will be written?"""
        if not isinstance(value, Leaf) or not isinstance(value.expr, Name):
            return False
        place = self.slots.get(value.expr.id)
        return place is not None and place[0] == handle.id and place != (handle.id, key)

    def in_names(self, value: Value, hint: str) -> Value:
        """The value with no leaf that would be computed twice: what is a name stays one."""
        match value:
            case Leaf(expr):
                return value if is_atomic(expr) else self.held(value, hint)
            case Seq(items, cls):
                keys: tuple[object, ...] = cls.fields if cls is not None else tuple(range(len(items)))
                new = tuple(self.in_names(v, item_name(hint, k)) for k, v in zip(keys, items, strict=True))
                return Seq(new, cls)
            case Handle(id) if self.state.heap[id].row is None:
                with self.once(id) as first:
                    if not first:
                        return value
                    content = self.state.heap[id]
                    found = tuple((k, self.in_names(v, item_name(content.hint or hint, k))) for k, v in content.items)
                if any(a is not b for (_, a), (_, b) in zip(found, content.items, strict=True)):
                    self.state.heap[id] = replace(self.state.heap[id], items=found)
                return value
            case _:
                return value

    def settle_heap(self, id_: int, hint: str) -> None:
        content = self.state.heap[id_]
        items: list[tuple[object, Value]] = []
        with self.block() as out:
            for key, value in content.items:
                if isinstance(value, Leaf) and (self.is_stable(value.expr) or self.is_slot(value, id_)):
                    items.append((key, value))
                    continue
                items.append((key, self.settled(value, item_name(content.hint or hint, key))))
        told = content.born[-1] if content.born and out else None
        if told is not None and told.which:
            self.emit(If((Arm(is_made(told), tuple(out), self.origin),), (), self.origin))
        else:
            if told is not None:
                self.facts.learn_chosen(told.place)  # one path alone has made what is read here
            self.out.extend(out)
        now = self.state.heap[id_]
        self.state.heap[id_] = replace(now, items=tuple(items), hint=now.hint or hint)


# What a call of a function of Python's or a library's becomes; None where it stays a call.
Handler: TypeAlias = Callable[[Spec, list[Value], Keywords, "Expr | None", str], "Value | None"]


def is_made(born: Born) -> Expr:
    """Whether the run has made the content."""
    tests: list[Expr] = [Compare(Name(born.which), ("==",), (Const(k),)) for k in born.numbers]
    made = tests[0] if len(tests) == 1 else Logic("or", tuple(tests))
    return made if born.under is None else Logic("and", (is_made(born.under), made))


def rebound_inside(function: Function) -> frozenset[str]:
    """The names that functions inside a function say are ``nonlocal``."""
    inside = [stmt.function for stmt in statements(function.body) if isinstance(stmt, Define)]
    return frozenset(name for f in inside for name in (*f.outer, *rebound_inside(f)))


def item_name(hint: str, key: object) -> str:
    """What the variable for an item is called: ``params["W"]`` is ``params_W``, or ``W`` of ``self``.

    ``lens.__f``, which Python calls ``_Lens__f`` inside its class, is ``lens_f``.
    """
    text = re.sub(r"^_[A-Z]\w*?__(?=\w*[A-Za-z0-9]$)", "", str(key))
    clean = "".join(c if c.isalnum() or c == "_" else "_" for c in text)
    if hint == "self" and clean and not clean[0].isdigit():
        return clean if clean.isidentifier() else f"self_{clean}"
    clean = clean.lstrip("_") or clean
    return f"{hint or 'item'}_{clean}" if clean else f"{hint}_item" if text else hint or "item"
