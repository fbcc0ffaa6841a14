"""What the passes ask about an emitted function: whose names are whose, what is a number, what may share memory.

All of it holds for a name throughout the function, and keeps holding while passes put expressions in the
places of names, so it is found out once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Choose,
    Comment,
    Compare,
    Comprehension,
    Const,
    Each,
    Expr,
    Function,
    Index,
    List,
    Logic,
    Name,
    Opaque,
    Pop,
    Push,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.quick import Node, quick
from tangent_like.ir.walk import LEAVES, SIMPLE, base_name, binds, blocks, children, expressions, statements
from tangent_like.kinds.kind import Kind
from tangent_like.transform.tidy.calls import (
    Pure,
    acts,
    computes,
    is_pure,
    makes_new,
    takes,
    written_argument,
)
from tangent_like.transform.tidy.looks import ANY, Look, Looker, find_looks
from tangent_like.transform.tidy.memory import OUTSIDE, find_memory, gathers

NOTHING: frozenset[str] = frozenset()
NONE: Pure = frozenset()


@quick
@dataclass(frozen=True, eq=False, slots=True)
class Own:
    """Of the statement itself, without its inner blocks: what its expressions read, and how often."""

    reads: Mapping[str, int]  # where an expression may be put in the place of the name
    fixed: frozenset[str]  # where only a name may stand
    acts: bool  # does an expression of it do more than compute?
    wild: bool  # more than compute, and take from lists?
    does: Does | None = None  # of a plain assignment, of which the text tells it


@quick
@dataclass(frozen=True, eq=False, slots=True)
class Does:
    """What running a statement, inner blocks included, may change; and what it reads."""

    binds: frozenset[str]
    writes: frozenset[str]  # classes of memory
    anything: bool  # any memory at all
    reads: frozenset[str]


SAID: Any = vars(Node)["said"]  # asks and tells nodes what they remember

WORD = re.compile(r"\w+")
NUMBERED = re.compile(r"(.+)_\d+")


@dataclass(eq=False)
class Facts:
    """Each is found out when it is first asked for: many a pass finds nothing to do before it asks."""

    function: Function
    users: frozenset[str]
    known: Mapping[str, Kind]
    pure: Pure = frozenset()  # emitted functions that only compute
    owns: dict[Stmt, Own] = field(default_factory=dict)
    _does: dict[Stmt, Does] = field(default_factory=dict)
    exposed: dict[Stmt, frozenset[str]] = field(default_factory=dict)  # what ``Alive`` found

    @cached_property
    def looks(self) -> dict[str, Look]:
        return find_looks(self.function, self.known)

    @cached_property
    def memory(self) -> dict[str, str]:
        """By name: its class of memory."""
        return find_memory(self.function, self.looks, self.known)

    @cached_property
    def shared(self) -> frozenset[str]:
        """The lists that grow or shrink, and may have other names, or be in others."""
        return shared_lists(self.function)

    @cached_property
    def _members(self) -> Counter[str]:
        """How many names each class of memory has."""
        return Counter(self.memory.values())

    def look(self, expr: Expr) -> Look:
        return Looker(dict_of(self.looks))(expr) or ANY

    def is_number(self, name: str) -> bool:
        return self.look_of(name).rank == 0

    def look_of(self, name: str) -> Look:
        return self.looks.get(name, ANY)

    def class_of(self, name: str) -> str | None:
        """The class of memory behind a name; None for a number."""
        if self.is_number(name):
            return None
        return self.memory.get(name, name)

    def is_alone(self, name: str) -> bool:
        """Is the memory behind a name nobody else's: no other name's, not the caller's?"""
        own = self.class_of(name)
        if own is None:
            return True
        outside = self.memory.get(OUTSIDE, OUTSIDE)
        return own != outside and self._members[own] == (self.memory.get(name) == own)

    def classes(
        self, names: Iterator[str] | frozenset[str] | set[str] | Mapping[str, int]
    ) -> set[str]:
        return {c for c in map(self.class_of, names) if c is not None}

    def steady(self, read: Set[str], since: Iterable[Stmt]) -> bool:
        """Is what these names hold the same behind some statements?"""
        held = self.classes(frozenset(read))
        for stmt in since:
            does = None if isinstance(stmt, Comment) else self.does(stmt)
            if does is not None and (does.anything or does.binds & read or does.writes & held):
                return False
        return True

    def mine(self, stmt: Assign) -> bool:
        """Does it bind one name, of our own, in a statement that is not one of the user's under a new name?"""
        if len(stmt.targets) != 1 or stmt.saved:
            return False
        name = stmt.targets[0]
        if stmt.origin is None:
            return name not in self.users
        version = NUMBERED.fullmatch(name)
        theirs = {name, version[1]} & self.users if version else {name} & self.users
        return not any(is_bound_in(n, stmt.origin.text) for n in theirs)

    def is_fresh(self, expr: Expr) -> bool:
        """Is its value a number or memory that nothing else refers to?"""
        match expr:
            case Const() | Unary() | Compare():
                return True
            case Binary(_, left, right):
                return not isinstance(left, Tuple | List) and not isinstance(right, Tuple | List)
            case Call():
                return makes_new(expr)
            case Index(_, Name(id)) if gathers(self.look_of(id)):
                return True
            case _:
                return self.look(expr).rank == 0

    def agrees(self, later: Facts) -> bool:
        """Is all the same known of the names of a later text, in which some are gone?"""
        names = {OUTSIDE, *later.looks, *later.memory}
        if any(self.look_of(n) != later.look_of(n) or self.is_alone(n) != later.is_alone(n) for n in names):
            return False
        pairs = {(self.class_of(n), later.class_of(n)) for n in names}
        return len(pairs) == len({own for own, _ in pairs}) == len({own for _, own in pairs})

    # -- statements --

    def own(self, stmt: Stmt) -> Own:
        said = _said(stmt)
        if not said.wild or not self.pure:
            return said
        found = self.owns.get(stmt)
        if found is None:
            found = self.owns[stmt] = _own(stmt, self.pure)
        return found

    def does(self, stmt: Stmt) -> Does:
        found = self._does.get(stmt)
        if found is None:
            found = self._does[stmt] = self.own(stmt).does or self._find(stmt)
        return found

    def _find(self, stmt: Stmt) -> Does:
        own = self.own(stmt)
        bound = set(binds(stmt))
        if isinstance(stmt, Push | Pop):
            bound.add(stmt.list)  # it stands for other items from here on
        written: set[str] = set()
        if isinstance(stmt, Push | Pop) and stmt.list in self.shared:
            written |= self.classes({stmt.list})
        anything = False
        reads = set(own.reads) | own.fixed
        target = (
            base_name(stmt.target)
            if isinstance(stmt, Store | Pop) and isinstance(stmt.target, Index)
            else None
        )
        if isinstance(stmt, Store | Pop) and isinstance(stmt.target, Index):
            anything = target is None
        elif isinstance(stmt, Augment):
            target = stmt.target
        if target is not None:
            written |= self.classes({target})
        if own.wild:
            adds = _adding(stmt)
            anything = anything or adds is None
            written |= self.classes({adds}) if adds is not None else set()
        for block in () if type(stmt) in SIMPLE else blocks(stmt):
            for inner in block:
                deep = self.does(inner)
                bound |= deep.binds
                written |= deep.writes
                anything = anything or deep.anything
                reads |= deep.reads
        return Does(frozenset(bound), frozenset(written), anything, frozenset(reads))


def is_bound_in(name: str, text: str) -> bool:
    """Does the user's statement bind the name, as its text has it?"""
    head, equals, _ = text.partition("=")
    return bool(equals) and name in head and "(" not in head and name in WORD.findall(head)


def dict_of(looks: Mapping[str, Look]) -> dict[str, Look | None]:
    return looks  # type: ignore[return-value]  # nothing is missing in the end


def _adding(stmt: Stmt) -> str | None:
    """The name that a statement which is a bare ``np.add.at`` writes through."""
    value = getattr(stmt, "value", None)
    if not isinstance(value, Call) or len(expressions(stmt)) != 1:
        return None
    written = written_argument(value)
    if written is None or any(acts(a) for a in (*value.args, *(v for _, v in value.keywords))):
        return None
    return base_name(written)


def _said(stmt: Stmt) -> Own:
    """What is told of a statement where nothing is known of the functions that it calls."""
    node: Any = stmt
    try:
        own: Own = node.said
    except AttributeError:
        SAID.__set__(stmt, own := _own(stmt, NONE))
    return own


def _own(stmt: Stmt, pure: Pure) -> Own:
    reads: dict[str, int] = {}
    fixed: set[str] = set()
    acting = wild = False
    pending: list[Expr] = []
    for expr in expressions(stmt):
        if isinstance(stmt, Store | Pop) and expr is stmt.target:
            place: Expr = expr
            while isinstance(place, Index | Attribute):
                if isinstance(place, Index):
                    pending.append(place.index)
                place = place.value
            if isinstance(place, Name):
                fixed.add(place.id)
            else:
                pending.append(place)
        else:
            pending.append(expr)
    while pending:
        node = pending.pop()
        kind = type(node)  # of each of the nodes: no class is asked for that its type tells
        if kind is Name:
            reads[node.id] = reads.get(node.id, 0) + 1  # type: ignore[union-attr]
        elif kind is Opaque:
            fixed.update(node.reads)  # type: ignore[union-attr]
            acting = wild = True
        elif kind not in LEAVES:
            if isinstance(node, Call) and not computes(node):
                acting = True
                wild = wild or not (takes(node) or is_pure(node, pure))
            pending.extend(children(node))
    if isinstance(stmt, Augment):
        fixed.add(stmt.target)
    elif isinstance(stmt, Push | Pop):
        fixed.add(stmt.list)
    held = frozenset(fixed)
    plain = isinstance(stmt, Assign) and not wild  # as most statements are
    does = Does(frozenset(binds(stmt)), NOTHING, False, held.union(reads)) if plain else None
    return Own(reads, held, acting, wild, does)


def find_facts(
    function: Function,
    users: frozenset[str],
    known: Mapping[str, Kind],
    pure: Pure = frozenset(),
    earlier: Facts | None = None,
) -> Facts:
    """``earlier`` are those of a text with the same ``pure``, of which this is what passes have made."""
    own = {} if earlier is None else earlier.owns  # what a statement itself reads stays
    return Facts(function, users, known, pure, own)


def shared_lists(function: Function) -> frozenset[str]:
    """The lists that grow or shrink by a name that is not the only way to them."""
    grown: set[str] = set()
    held: set[str] = set()
    for stmt in statements(function.body):
        match stmt:
            case Push(list_, value):
                grown.add(list_)
                held |= _given(value)
            case Pop(target, list_):
                grown.add(list_)
                held |= {target.id} if isinstance(target, Name) else set()
            case Assign(targets, values):
                own = all(isinstance(v, List | Call | Comprehension) for v in values)
                held |= set().union(*map(_given, values)) | (set() if own else set(targets))
            case Store(_, _, value):
                held |= _given(value)
            case Each(target):
                held.add(target)
    return frozenset(grown & held)


def _given(value: Expr) -> set[str]:
    """The names whose lists it may be, or hold."""
    match value:
        case Name(id):
            return {id}
        case List(items) | Tuple(items) | Logic(values=items):
            return set().union(*map(_given, items))
        case Choose(_, body, orelse):
            return _given(body) | _given(orelse)
        case _:
            return set()


__all__ = ["ANY", "Does", "Facts", "Look", "Own", "find_facts"]
