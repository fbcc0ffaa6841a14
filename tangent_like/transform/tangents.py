"""What forward mode knows about one function: the facts, and which names have tangents.

Every binding of a name that anywhere carries a derivative binds the tangent beside it, zero where
the value is constant: so wherever a tangent is read, on every path, it is there and belongs to the
value. What nobody reads of that is dropped in the end (``analysis.live``).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.live import Memory
from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import converted, memory_of
from tangent_like.errors import Place
from tangent_like.frontend.lower import place_of
from tangent_like.ir.build import np_call, zeros_by_key
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Const,
    Expr,
    Fresh,
    Index,
    Library,
    Name,
    Pop,
    Push,
    Ref,
    Stmt,
    Store,
    Unary,
    UserFunction,
)
from tangent_like.ir.walk import base_name, binds, names, statements
from tangent_like.kinds.kind import UNKNOWN, Array, DictOf, Kind, ListOf, Plain, Scalar, Sequence, is_float, is_list
from tangent_like.transform.accumulate import is_fresh
from tangent_like.transform.lent import Groups, WrittenArguments
from tangent_like.transform.once import say_once
from tangent_like.transform.one_factor import factored
from tangent_like.transform.push import Part, Pusher
from tangent_like.transform.ready import (
    beneath,
    can_be_said_again,
    is_reshape,
    mirrored,
    reshaped_of,
    view_of,
    with_viewed,
)
from tangent_like.transform.refusals import undecided
from tangent_like.transform.zeros import zero_of


@dataclass(frozen=True, eq=False)
class Pushed:
    """``g_jvp`` for one pattern of active arguments and kinds."""

    ref: Ref
    params: tuple[str, ...]
    active: tuple[str, ...]  # parameters that bring a tangent, in order
    dots: tuple[str, ...]  # what their tangents are called there
    flowing: tuple[bool, ...]  # which results carry derivatives
    tupled: bool  # is the result a tuple display?
    by_keyword: bool
    lent: frozenset[str] = frozenset()  # parameters that are written: their tangents are, in place


PushCall = Callable[[UserFunction, Call, Callable[[Expr], Kind], frozenset[str], Groups, Place], Pushed]


@dataclass(eq=False)
class Tangents:
    """Facts about one function; the only thing that changes is the table of names."""

    typing: Typing
    activity: Activity
    aliases: Aliases
    namer: Namer
    returns_argument: Callable[[UserFunction], bool]
    push_call: PushCall
    written_arguments: WrittenArguments
    block: Callable[[Block, Tangents], Block]
    ever: frozenset[str] = frozenset()
    overwritten: frozenset[str] = frozenset()  # arrays of which entries are stored anew
    happens_once: Callable[[UserFunction], bool] = lambda _: False  # see ``once_only``
    dots: dict[str, str] = field(default_factory=dict)

    def dot(self, name: str) -> str:
        if name not in self.dots:
            self.dots[name] = self.namer.fresh(f"{name}_dot")
        return self.dots[name]

    def has_dot(self, name: str) -> bool:
        """Is there any binding of the name, or of its memory, that carries a derivative?"""
        return name in self.ever

    def flows(self, stmt: Stmt, name: str) -> bool:
        """Does the statement give the name a value whose derivative is wanted?"""
        return self.aliases.rep(name) in self.activity.acts.get(stmt, frozenset())

    def pusher(self, stmt: Stmt, probe: bool = False) -> Pusher:
        varied = self.activity.varied_reads.get(stmt, frozenset())
        origin = getattr(stmt, "origin", None)
        poles = isinstance(stmt, Assign) and not self.overwritten.isdisjoint(stmt.targets)
        return Pusher(stmt, origin, self.typing, varied, self.namer, probe, dot_of=self.dot, poles=poles)

    def zero(self, stmt: Stmt, name: str) -> Expr:
        """The tangent of a constant: it has the shape that the name has after the statement."""
        kind = self.typing.after.get(stmt, {}).get(name, UNKNOWN)
        if isinstance(kind, DictOf):
            return zeros_by_key()  # of whole numbers, too: others may be put into it
        if is_list(kind) and is_float(self.typing.overall.get(name, kind)):
            return zero_of(Fresh(name), kind)  # of whole numbers at first, too
        if isinstance(kind, Plain) or not is_float(kind):
            plain = isinstance(self.typing.overall.get(name, kind), Plain)  # on every path
            return Const(None) if plain else Const(0.0)
        match stmt:
            case Assign((target,), (Call(Ref(target=Library("numpy", "zeros_like")), (Name(like),), ()),)):
                if like != target == name and isinstance(kind, Array):
                    return zero_of(Name(like), kind)  # zeros need not be there for the shape of others
        return zero_of(Fresh(name), kind)

    # -- memory --

    def mirror(self, stmt: Stmt, value: Expr, target: Expr | None) -> Expr | None:
        """The view of the tangent that ``value``, bound to ``target``, is of the primal; None for fresh memory."""
        memory = memory_of(value, self.typing.at(stmt), self.returns_argument)
        if not memory:
            return None
        match value:
            case Name(id):
                return Name(self.dot(id))
            case Index(inner, index):
                below = self.mirror(stmt, inner, None)
                if below is not None:  # of a list without a name nothing is known here
                    return Index(below, index)
            case Attribute(inner, "T"):
                below = self.mirror(stmt, inner, beneath(value, target))
                return None if below is None else Attribute(below, "T")
            case Choose(test, body, orelse):
                first, second = self.mirror(stmt, body, target), self.mirror(stmt, orelse, target)
                if first is not None and second is not None:
                    return Choose(test, first, second)
        made = converted(value, self.typing.at(stmt))
        if made is not None and made.same:
            return self.mirror(stmt, made.value, target)
        viewed = view_of(value)
        if viewed is not None:
            below = self.mirror(stmt, viewed, beneath(value, target))
            if below is not None:
                return with_viewed(value, below)
        repeated = target is None and is_reshape(value) and names(value).isdisjoint(binds(stmt))
        if repeated:  # of what it is a view of: ``w.reshape(2, 3)`` in ``v = w.reshape(2, 3)[0]``
            target = value
        if (is_reshape(value) or made is not None) and len(memory) == 1 and target is not None:
            source_of = made.value if made is not None else reshaped_of(value)
            bound = Const(None) if repeated else target  # what is said again binds nothing
            if source_of is not None and can_be_said_again(source_of, bound, self.typing.at(stmt)):
                mirror = self.mirror(stmt, source_of, None)
                found = None if mirror is None else mirrored(value, mirror, source_of, target)
                if found is not None:
                    return found
        raise undecided(memory, value, place_of(getattr(stmt, "origin", None)))

    def owned(self, stmt: Stmt, value: Expr, tangent: Expr, target: str) -> Expr:
        """The tangent in memory of its own, where the value is: no write may reach one and not the other."""
        kind = self.typing.after.get(stmt, {}).get(target, UNKNOWN)
        if isinstance(kind, Array) and kind.rank == 0 and self.aliases.is_written(target):
            # of arrays without axes, and of what makes one of a number, it may be a number
            of_others = is_fresh(tangent) or memory_of(value, self.typing.at(stmt), self.returns_argument)
            if isinstance(tangent, Binary | Unary) or not of_others:
                return np_call("array", tangent)
        if isinstance(kind, Scalar | ListOf | Sequence | DictOf) or is_fresh(tangent):
            return tangent  # a list is a new one where the value is
        if memory_of(value, self.typing.at(stmt), self.returns_argument) and not self.aliases.is_written(target):
            return tangent
        owners = {d: n for n, d in self.dots.items()}
        read = {owners.get(n, n) for n in names(tangent)}
        if self.aliases.is_written(target) or any(self.aliases.is_written(n) for n in read):
            return copied(tangent, kind)
        return tangent

    def with_aliases(self, stmt: Stmt, read: AbstractSet[str]) -> AbstractSet[str]:
        """The names read, and the target where the statement writes memory that they may share."""
        if not isinstance(stmt, Augment) or not isinstance(self.typing.before[stmt].get(stmt.target), Array):
            return read
        own = self.aliases.link(stmt.target)
        return read | {stmt.target} if any(self.aliases.link(n) == own for n in read) else read

    def memory(self) -> Memory:
        """Tangents of one class share memory as their names do."""
        class_of = dict(self.aliases.linked_of)
        members = dict(self.aliases.linked)
        shared = self.aliases.shared_links()
        for name, dot in self.dots.items():
            own = class_of.get(name, name)
            class_of[dot] = f"tangent of {own}"
            members[f"tangent of {own}"] = (*members.get(f"tangent of {own}", ()), dot)
            if own in shared:
                shared.add(f"tangent of {own}")
        return Memory(class_of, members, frozenset(shared))

    def once(self, pusher: Pusher, parts: list[Part]) -> tuple[list[tuple[str, Expr]], list[Part]]:
        """Temporaries in order, then the tangents: what is costly is said once."""
        pusher.parts = parts  # type: ignore[assignment]
        pusher.keep_whole_numbers()
        tangents, parts = frozenset(self.dots.values()), pusher.parts  # type: ignore[assignment]
        parts = [replace(p, value=factored(p.value, tangents, pusher.kind_of)) for p in parts]
        pusher.parts = parts  # type: ignore[assignment]
        temps, found = say_once(pusher)
        return temps, found


def copied(tangent: Expr, kind: Kind) -> Expr:
    """A copy; of what nothing is known of, a number, an array or a list, what that is."""
    if isinstance(kind, Array):
        return copy_in_order(tangent)
    return Call(Ref("copy.copy", Library("copy", "copy", copy.copy), None, Library("copy", "", copy)), (tangent,))


def ever_active(
    body: Block, activity: Activity, aliases: Aliases, typing: Typing, wrt: tuple[str, ...]
) -> frozenset[str]:
    """The names that a derivative reaches anywhere, with all names of shared memory that it reaches."""
    reps = {aliases.rep(n) for n in wrt}
    found = set(wrt)
    for stmt in statements(body):
        acting = activity.acts.get(stmt)
        if not acting:
            continue
        reps |= acting
        match stmt:
            case Assign(targets):
                found.update(t for t in targets if aliases.rep(t) in acting)
                # what such a call writes it is given with the tangents, though they may be read no more
                found.update(n for n in stmt.writes if is_float(typing.before[stmt].get(n, UNKNOWN)))
            case Augment(target):
                found.add(target)
            case Push(list_):
                found.add(list_)
            case Pop(popped, list_):
                found.add(list_)
                if isinstance(popped, Name) and is_float(typing.after[stmt][popped.id]):
                    found.add(popped.id)
            case Store(target):
                name = base_name(target)
                if name is not None:
                    found.add(name)
            case _:
                pass
    for rep in reps:
        if rep in aliases.shared:
            found.update(m for m in aliases.members.get(rep, ()) if is_float(typing.overall.get(m, UNKNOWN)))
    return frozenset(found)


def copy_in_order(expr: Expr) -> Expr:
    """A copy; of a transposed array one that lies in memory as it does: sums over it are rounded alike."""
    if isinstance(expr, Attribute) and expr.name == "T":
        return np_call("copy", expr)
    return Call(Attribute(expr, "copy"), ())
