"""An adjoint that is added to all of another, or the other to it, begins in its memory.

Before                                   After

    v_bar = new_bar[1:-1]                    v_bar = new_bar[1:-1]
    u_bar = np.zeros_like(u)                 u_bar = new_bar
    u_bar[1:-1] = v_bar                      t_bar = alpha * v_bar
    t_bar = alpha * v_bar                    u_bar[2:] += t_bar
    new_bar[1:-1] = 0                        u_bar[:-2] += t_bar
    u_bar[2:] += t_bar
    u_bar[:-2] += t_bar
    u_bar += new_bar

Where nobody reads the other any more, as after ``new = u.copy()``. What is put from one into the other, and is 0 in
the first from then on, is where it was. The same numbers are added in another order, so that this is none of the passes
that ``tidy`` switches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Each,
    Expr,
    For,
    Function,
    If,
    Name,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.walk import base_name, blocks, names, same, statements
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.forms import is_zeros
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.blocks import change_blocks, may_stop, with_body
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.memory import OUTSIDE


def adopted(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with less memory; ``kinds`` are those of its names."""
    if not any(_added(s, kinds) for s in statements(function.body)):
        return function
    facts = find_facts(function, frozenset(), kinds)
    members: dict[str, set[str]] = {}
    for name in facts.memory:
        members.setdefault(facts.class_of(name) or "", set()).add(name)
    return with_body(function, _Adopter(facts, Alive(facts), kinds, members).block(function.body))


def _added(stmt: Stmt, kinds: Mapping[str, Kind]) -> bool:
    """Does it add all of one array of double precision to another of the same shape?"""
    if not isinstance(stmt, Augment) or stmt.op != "+" or not isinstance(stmt.value, Name):
        return False
    one, two = kinds.get(stmt.target), kinds.get(stmt.value.id)
    known = isinstance(one, Array) and one.dtype == "float64" and one.dims is not None and None not in one.dims
    return known and one == two


@dataclass(frozen=True)
class Adoption:
    """``zeros`` are made in the statement ``start``; ``gone`` are left out: numbers of statements of a block."""

    start: int
    gone: frozenset[int]
    zeros: str
    other: str
    moved: str = ""  # the name of what is put from one into the other


@dataclass(eq=False)
class _Adopter:
    facts: Facts
    alive: Alive
    kinds: Mapping[str, Kind]
    members: Mapping[str, set[str]]  # the names of each class of memory

    def block(self, body: Block) -> Block:
        out: list[Stmt | None] = list(body)
        done: set[str] = set()  # whose memory is another by now than the facts say
        for k in range(len(body) - 1, -1, -1):
            stmt = body[k]
            found = self.adoption(stmt, body[:k])
            if found is not None and not done & {found.zeros, found.other, found.moved}:
                done |= {found.zeros, found.other, found.moved} - {""}
                out[k] = None
                for q in range(found.start, k):
                    one = out[q]  # another may have changed it
                    out[q] = None if q in found.gone or one is None else _onto(one, found)
            new = out[k]
            changed = self.before(stmt, stmt)
            out[k] = changed if new is stmt else new
        return tuple([s for s in out if s is not None])

    def before(self, new: Stmt, stmt: Stmt) -> Stmt:
        """From after a statement to before it; its blocks are done on the way."""
        alive = self.alive
        match stmt:
            case If():
                paths: list[dict[str, bool]] = []

                def path(body: Block) -> Block:
                    mark = alive.mark()
                    inner = self.block(body)
                    paths.append(alive.back(mark))
                    return inner

                new = change_blocks(new, path)
                alive.meet(paths)
            case For() | Each() | While():
                mark = alive.mark()
                alive.around(stmt)
                new = change_blocks(new, self.block)
                alive.back(mark)
                alive.add(alive.exposed(stmt))
                return new
            case _ if may_stop(stmt) or blocks(stmt):
                alive.add(self.facts.does(stmt).reads)
                return new
            case _:
                pass
        own = self.facts.own(stmt)
        if not isinstance(stmt, If):
            alive.remove(self.facts.does(stmt).binds)
        alive.add(own.reads)
        alive.add(own.fixed)
        return new

    def adoption(self, stmt: Stmt, before: Block) -> Adoption | None:
        """What ``stmt``, which adds all of one adjoint to another, allows to leave out."""
        if not isinstance(stmt, Augment) or not isinstance(stmt.value, Name) or not _added(stmt, self.kinds):
            return None
        for zeros, other in ((stmt.target, stmt.value.id), (stmt.value.id, stmt.target)):
            class_ = self.facts.class_of(other)
            members = {*self.members.get(class_ or "", ()), other}
            gone = members | self.members.get(self.facts.class_of(zeros) or "", set()) | {zeros}
            if class_ is None or OUTSIDE in members or (gone - {stmt.target}) & self.alive.names:
                continue
            found = self.from_zeros(zeros, other, members | {zeros}, class_, before)
            if found is not None:
                return found
        return None

    def from_zeros(self, zeros: str, other: str, members: set[str], class_: str, before: Block) -> Adoption | None:
        """The adoption of the memory of ``other`` by ``zeros``, if all that stands between allows it."""
        stores: list[int] = []  # into ``zeros``, the last first
        cleared: int | None = None
        moved = ""  # the name of what is taken out of ``other``
        readers: list[int] = []  # of that
        for k in range(len(before) - 1, -1, -1):
            one = before[k]
            if isinstance(one, Comment):
                continue
            if isinstance(one, Assign) and one.targets == (zeros,):
                made = is_zeros(one.values[0]) and bool(stores) and not names(one.values[0]) & members
                plain = Adoption(k, frozenset(), zeros, other)
                return self.checked(plain, stores, cleared, moved, readers, before) if made else None
            does = self.facts.does(one)
            if isinstance(one, Store) and base_name(one.target) in (zeros, other):
                inside = {n for e in (one.value, one.target.index) for n in names(e)}
                if base_name(one.target) == other:
                    if cleared is not None or one.op or not is_number(one.value, 0) or inside & members:
                        return None
                    cleared = k
                elif not one.op and (head := first_of(one.value)) in members - {zeros, other}:
                    if (moved and moved != head) or inside & (members - {head}):
                        return None
                    moved = head
                    stores.append(k)
                elif inside & (members - {moved}) or one.op not in ("", "+", "-"):
                    return None
                else:
                    if inside & {moved}:
                        readers.append(k)
                    stores.append(k)
                continue
            read = does.reads & members
            if does.binds & members or does.anything or class_ in does.writes or (read and len(read) > 1):
                return None
            if read:
                (name,) = read
                if name in (zeros, other) or (moved and name != moved):
                    return None
                moved = name
                readers.append(k)
        return None

    def checked(
        self, plain: Adoption, stores: list[int], cleared: int | None, moved: str, readers: list[int], before: Block
    ) -> Adoption | None:
        """The adoption, if only the first store puts, and what it puts is what is cleared."""
        first = before[stores[-1]]
        puts = [k for k in stores[:-1] if not getattr(before[k], "op", "")]
        if puts or not isinstance(first, Store):
            return None
        if cleared is None and not moved:
            return plain
        zeroed = None if cleared is None else before[cleared]
        at = next((k for k in range(plain.start - 1, -1, -1) if moved in self.facts.does(before[k]).binds), None)
        taken = None if at is None else before[at]
        if cleared is None or at is None or not isinstance(zeroed, Store) or not isinstance(taken, Assign):
            return None
        place, copied = _taken_from(taken.values[0])
        alike = same(place, zeroed.target) and same(first.target.index, zeroed.target.index)
        if not alike or first.op or first_of(first.value) != moved:
            return None
        if not isinstance(first.target.value, Name) or not isinstance(zeroed.target.value, Name):
            return None
        class_, indices = self.facts.class_of(plain.other), names(zeroed.target.index)
        until = [self.facts.does(s) for s in before[at + 1 : plain.start]]
        if any(class_ in d.writes or d.anything or plain.other in d.binds for d in until):
            return None
        if any(self.facts.does(s).binds & indices for s in before[at + 1 :]):
            return None
        if not isinstance(first.value, Name):
            stores = [*stores, stores[-1]]  # it changes what is there
        second = stores[-2] if len(stores) > 1 else len(before)
        if not copied and any(k > second or k > cleared for k in readers):
            return None  # a view of what the stores change
        gone = {stores[-1], cleared} if isinstance(first.value, Name) else {cleared}
        return replace(plain, gone=frozenset(gone), moved=moved)


def first_of(expr: Expr) -> str:
    """The name that a sum begins with."""
    while isinstance(expr, Binary) and expr.op in ("+", "-"):
        expr = expr.left
    return expr.id if isinstance(expr, Name) else ""


def rest_of(expr: Expr) -> tuple[str, Expr]:
    """The sum without the name that it begins with, and the sign of that: of ``v - a + b`` it is ``-(a - b)``."""
    assert isinstance(expr, Binary)
    if isinstance(expr.left, Name):
        return expr.op, expr.right
    op, rest = rest_of(expr.left)
    return op, Binary("+" if op == expr.op else "-", rest, expr.right)


def _taken_from(expr: Expr) -> tuple[Expr, bool]:
    """The place of which it is a view, or a copy."""
    match expr:
        case Call(Attribute(place, "copy"), ()):
            return place, True
        case _:
            return expr, False


def _onto(stmt: Stmt, found: Adoption) -> Stmt:
    """A statement between, with the memory of the other in the place of zeros."""
    match stmt:
        case Assign((name,), _) if name == found.zeros:
            return Assign((name,), (Name(found.other),), stmt.origin)
        case Store(op="") if base_name(stmt.target) == found.zeros:
            if found.moved and first_of(stmt.value) == found.moved:
                op, value = rest_of(stmt.value)
                return replace(stmt, op=op, value=value)
            return replace(stmt, op="+")
        case _:
            return stmt
