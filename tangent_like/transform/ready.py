"""The primal made ready for the way back: control that cannot be asked again is kept.

Before                                   After

    while x > 1.0:                           turns = 0
        x = x * 0.5                          while x > 1.0:
                                                 x = x * 0.5
                                                 turns += 1

A branch whose condition will not hold any more on the way back keeps it in ``path``; bounds of
``range`` that the body changes are kept; parameters that are written are copied first; names that
share written memory get their shadows bound beside them. All of these are ordinary variables, which
the analysis of what is to be recorded treats like the user's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tangent_like.analysis.aliases import Aliases, Lent
from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import ALWAYS_VIEW_METHODS, converted, is_always_view, is_view_path, memory_of
from tangent_like.errors import AliasError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import leaves_by_break, with_blocks
from tangent_like.ir.build import builtin_ref, np_call
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Choose,
    Const,
    Do,
    Each,
    Expr,
    For,
    Fresh,
    Function,
    If,
    Index,
    Library,
    Logic,
    Name,
    Opaque,
    Pop,
    Ref,
    Stmt,
    Store,
    Try,
    UserFunction,
    While,
    With,
)
from tangent_like.ir.walk import binds, blocks, bound_in, names, statements, stored_in, subexpressions
from tangent_like.kinds.kind import BOOL, FLOAT, Array, DictOf, Kind, ListOf, Plain, Scalar, Sequence, Unknown, is_float
from tangent_like.kinds.operands import literal
from tangent_like.kinds.turns import places_of
from tangent_like.transform.cheap import weight
from tangent_like.transform.entry_copies import copies_of_arguments
from tangent_like.transform.exits import opened
from tangent_like.transform.expose import impure, is_pure, post_order
from tangent_like.transform.part_names import wanted_name
from tangent_like.transform.refusals import undecided
from tangent_like.transform.results import gives_fresh
from tangent_like.transform.runtime_refs import helper


@dataclass(frozen=True, eq=False)
class Ready:
    """The ready primal; ``shadows`` gives the adjoint that is bound beside a name in the forward sweep."""

    body: Block
    shadows: Mapping[str, str]
    entry: Block = ()  # copies of parameters that are written: the adjoint is that of the copy


def make_ready(
    function: Function,
    typing: Typing,
    aliases: Aliases,
    namer: Namer,
    returns_argument: Callable[[UserFunction], bool],
    lent: Lent,
    is_varied: Callable[[Stmt, Expr], bool],
) -> Ready:
    """``is_varied``: does the value of an expression, which a statement reads, depend on the arguments asked for?"""
    worker = _Preparer(typing, aliases, namer, returns_argument, function, is_varied)
    body = worker.block(function.body, loops=())
    start: list[Stmt] = []
    arrays = [p.name for p in function.params if not isinstance(typing.overall.get(p.name), Scalar | Plain)]
    for name in aliases.copied:
        apart = Array if isinstance(typing.overall.get(name), ListOf) else ListOf
        others = [a for a in arrays if a != name and not isinstance(typing.overall.get(a), apart)]
        if others:  # copied one by one, they would no longer be one memory
            start.append(Do(Call(helper("refuse_overlap"), (Name(name), *map(Name, others)))))
    layout = [n for n in aliases.copied if aliases.class_of.get(n, n) in reshaped(function, aliases)]
    start += [Do(Call(helper("refuse_strided"), (Name(n),))) for n in layout]
    start += copies_of_arguments(function, aliases.copied, typing)
    for param in function.params:
        if aliases.is_shared(param.name) and is_float(typing.overall.get(param.name, FLOAT)):
            shadow = worker.shadow(param.name)
            if param.name in lent.names:
                continue  # the caller's
            start.append(Assign((shadow,), (np_call("zeros_like", Name(param.name)),), None))
    return Ready(body, worker.shadows, tuple(start))


def reshaped_of(expr: Expr) -> Expr | None:
    """What such a call is given."""
    if not isinstance(expr, Call):
        return None
    return expr.func.value if isinstance(expr.func, Attribute) else expr.args[0]


def order_of(expr: Expr) -> object:
    """In what order the call that a reshape is takes the entries; None if it does not say that itself."""
    assert isinstance(expr, Call)
    method = isinstance(expr.func, Attribute)
    name = expr.func.name if isinstance(expr.func, Attribute) else getattr(expr.func, "spelling", "")
    behind = 2 if name.endswith("reshape") else 1  # the array, and its shape
    given = [value for key, value in expr.keywords if key == "order"]
    if not (method and behind == 2):  # whose arguments are the shape, all of them
        given = [*given, *((None, *expr.args) if method else expr.args)[behind:]]  # type: ignore[list-item]
    order = literal(given[0]) if given else "C"
    return order if order in ("C", "F") else None


def mirrored(value: Expr, mirror: Expr, source: Expr, target: Expr) -> Expr | None:
    """What a reshape, or another call that may copy, makes of the mirror, where it makes ``target`` of the source."""
    order = order_of(value) if is_reshape(value) else "C"
    if order == "F":  # in that order, of the transpose the transpose
        turned = [Attribute(e, "T") for e in (mirror, source, target)]
        return Attribute(Call(helper("same_view"), tuple(turned)), "T")
    return None if order is None else Call(helper("same_view"), (mirror, source, target))


def beneath(view: Expr, target: Expr | None) -> Expr | None:
    """Of ``target``, which the view is bound to, what has the shape of what is viewed; None if that is not known."""
    match view:
        case Attribute(_, "T") | Call(Attribute(_, "transpose"), (), ()):
            return None if target is None else Attribute(target, "T")
        case Call(Ref(target=Library(obj=np.transpose)), (_,), ()):
            return None if target is None else Attribute(target, "T")
        case Call(Attribute(_, "squeeze" | "view"), (), ()) | Call(Ref(target=Library(obj=np.squeeze)), (_,), ()):
            return target  # of what has that shape the same view is all of it
        case Call(Ref(target=Library(obj=np.atleast_1d | np.atleast_2d | np.atleast_3d))):
            return target
        case _:
            return None


def can_be_said_again(expr: Expr, target: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """Is it a name, or a view that is the same once the target is bound: ``p[:4]`` of ``w = p[:4].reshape(2, 2)``?"""
    if isinstance(expr, Name):
        return True
    bound = names(target) | {e.name for e in subexpressions(target) if isinstance(e, Fresh)}
    again = not any(isinstance(e, Call) for e in subexpressions(expr)) and names(expr).isdisjoint(bound)
    return again and is_view_path(expr, kind_of)


def reshaped(function: Function, aliases: Aliases) -> set[str]:
    """The classes of names that a reshape binds: the layout decides whether it is a view."""
    return {
        aliases.class_of.get(t, t)
        for s in statements(function.body)
        if isinstance(s, Assign)
        for t, v in zip(s.targets, s.values, strict=False)
        if is_reshape(v)
    }


def view_of(expr: Expr) -> Expr | None:
    """What the expression is a view of, if it is one whatever the layout, by a call that can be said again."""
    match expr:
        case Call(Attribute(value, name), args) if name in ALWAYS_VIEW_METHODS or (name == "view" and not args):
            return value if not expr.keywords else None
        case Attribute(value, "mT"):
            return value
        case Call(Ref(target=Library(obj=obj)), (value, *_), keywords) if not any(n == "copy" for n, _ in keywords):
            if obj in (np.atleast_1d, np.atleast_2d, np.atleast_3d) and len(expr.args) > 1:
                return None
            return value if is_always_view(obj) else None
        case _:
            return None


def with_viewed(expr: Expr, viewed: Expr) -> Expr:
    """The same view of something else."""
    match expr:
        case Call(Attribute(_, name), args, keywords):
            return Call(Attribute(viewed, name), args, keywords)
        case Call(func, args, keywords):
            return Call(func, (viewed, *args[1:]), keywords)
        case Attribute(_, name):
            return Attribute(viewed, name)
        case _:
            raise AssertionError("no view")


def is_reshape(expr: Expr) -> bool:
    """A view or a copy, as the layout decides: ``reshape`` and ``ravel``."""
    match expr:
        case Call(Attribute(_, name)):
            return name in ("reshape", "ravel")
        case Call(Ref(target=Library(obj=np.reshape | np.ravel))):
            return True
        case _:
            return False


@dataclass(eq=False)
class _Preparer:
    typing: Typing
    aliases: Aliases
    namer: Namer
    returns_argument: Callable[[UserFunction], bool]
    function: Function
    is_varied: Callable[[Stmt, Expr], bool]
    shadows: dict[str, str] = field(default_factory=dict)
    bindings: dict[str, int] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for stmt in statements(self.function.body):
            for name in binds(stmt):
                self.bindings[name] = self.bindings.get(name, 0) + 1
        for param in self.function.params:
            if param.name in self.bindings:
                self.bindings[param.name] += 1
        self.stored = stored_in(self.function.body)

    def writes_shared(self, stmt: Augment) -> bool:
        kind = self.typing.before[stmt].get(stmt.target)
        return isinstance(kind, Array) and self.aliases.is_shared(stmt.target)

    def shadow(self, name: str) -> str:
        if name not in self.shadows:
            self.shadows[name] = self.namer.fresh(f"{name}_bar")
        return self.shadows[name]

    def block(self, block: Block, loops: tuple[Stmt, ...]) -> Block:
        out: list[Stmt] = []
        for stmt in block:
            match stmt:
                case If():
                    out.extend(self.branch(stmt, loops))
                case For():
                    out.extend(self.loop(stmt, loops))
                case Each():
                    out.extend(self.each(stmt, loops))
                case While():
                    turns, body, counting = self.counted(stmt, self.block(stmt.body, (*loops, stmt)), bool(loops), True)
                    out.extend(counting)
                    out.append(While(stmt.test, body, stmt.origin, turns))
                case With() | Try():
                    out.append(with_blocks(stmt, lambda body: self.block(body, loops)))
                case Augment(target, op, value) if self.writes_shared(stmt):
                    # in place, on memory that goes by several names: a store into all of it
                    out.append(Store(Index(Name(target), Const(...)), op, value, stmt.origin))
                case Pop(Name(id)) if self.aliases.is_shared(id):
                    raise AliasError(
                        f"{id!r}, taken from a list, shares memory that is written in place",
                        place_of(stmt.origin),
                        "make a copy (.copy()) before writing",
                    )
                case _:
                    out.append(stmt)
                    out.extend(self.bind_shadows(stmt))
        return tuple(out)

    def counted(
        self, loop: For | Each | While, body: Block, inside: bool, always: bool = False
    ) -> tuple[str, Block, list[Stmt]]:
        """The body of a loop with its turns counted, and what goes before the loop.

        Where the last turn may end before the rest, it is counted first.
        """
        breaks = leaves_by_break(body)
        if not breaks and not always:
            return "", body, []
        whole = opened(loop, body, self.function, inside) if breaks else None
        if whole is not None:
            breaks, body = False, whole
        turns = self.namer.fresh("turns")
        count = Augment(turns, "+", Const(1), None)
        return turns, (count, *body) if breaks else (*body, count), [Assign((turns,), (Const(0),), None)]

    def bind_shadows(self, stmt: Stmt) -> list[Stmt]:
        if not self.aliases.shared or not isinstance(stmt, Assign):
            return []
        pairs: list[tuple[str, Expr]] = []
        for k, target in enumerate(stmt.targets):
            if not self.aliases.is_shared(target) or not is_float(self.typing.overall[target]):
                continue
            if len(stmt.values) != len(stmt.targets):
                if not gives_fresh(stmt, self.typing.at(stmt), self.returns_argument):
                    return [self.bind_items(stmt)]
                pairs.append((target, np_call("zeros_like", Name(target))))
                continue
            mirror = self.mirror(stmt, stmt.values[k], Name(target) if len(stmt.targets) == 1 else None)
            pairs.append((target, mirror if mirror is not None else np_call("zeros_like", Name(target))))
        if not pairs:
            return []
        targets = tuple(self.shadow(t) for t, _ in pairs)
        return [Assign(targets, tuple(e for _, e in pairs), None)]

    def bind_items(self, stmt: Assign) -> Stmt:
        """``a, b = rows``: the adjoints are the same items of the adjoint."""
        mirror = self.mirror(stmt, stmt.values[0])
        if mirror is None or not all(self.aliases.is_shared(t) for t in stmt.targets):
            raise AliasError("unpacking into names that share written memory", place_of(stmt.origin))
        return Assign(tuple(self.shadow(t) for t in stmt.targets), (mirror,), None)

    def mirror(self, stmt: Stmt, value: Expr, target: Expr | None = None) -> Expr | None:
        """The view of the adjoint that ``value``, bound to ``target``, is of the primal; None for fresh memory."""
        kind_of = self.typing.at(stmt)
        memory = memory_of(value, kind_of, self.returns_argument)
        if not memory:
            return None
        match value:
            case Name(id):
                return Name(self.shadow(id))
            case Index(inner, index):
                below = self.mirror(stmt, inner)
                return None if below is None else Index(below, index)
            case Attribute(inner, "T"):
                below = self.mirror(stmt, inner, beneath(value, target))
                return None if below is None else Attribute(below, "T")
            case Choose(test, body, orelse):
                first, second = self.mirror(stmt, body, target), self.mirror(stmt, orelse, target)
                if first is not None and second is not None:
                    return Choose(test, first, second)
        made = converted(value, kind_of)
        if made is not None and made.same:
            return self.mirror(stmt, made.value, target)
        viewed = view_of(value)
        if viewed is not None:
            below = self.mirror(stmt, viewed, beneath(value, target))
            if below is not None:
                return with_viewed(value, below)
        if (is_reshape(value) or made is not None) and len(memory) == 1 and target is not None:
            source_of = made.value if made is not None else reshaped_of(value)
            if source_of is not None and can_be_said_again(source_of, target, kind_of):
                mirror = self.mirror(stmt, source_of)
                found = None if mirror is None else mirrored(value, mirror, source_of, target)
                if found is not None:
                    return found
        raise undecided(memory, value, place_of(stmt.origin))

    def branch(self, stmt: If, loops: tuple[Stmt, ...]) -> list[Stmt]:
        arms = tuple(Arm(a.test, self.block(a.body, loops), a.origin) for a in stmt.arms)
        orelse = self.block(stmt.orelse, loops)
        if all(self.holds(a.test, stmt, loops) for a in stmt.arms):
            return [If(arms, orelse, stmt.origin, "", stmt.early)]
        if len(arms) == 1:
            path = self.namer.fresh("path")
            test = arms[0].test
            if isinstance(self.typing.at(stmt)(test), ListOf | Sequence | Array):  # is there anything in it?
                test = Call(builtin_ref("bool"), (test,))
            keep = Assign((path,), (test,), None)
            arm = Arm(Name(path), arms[0].body, arms[0].origin)
            return [keep, If((arm,), orelse, stmt.origin, "", stmt.early)]
        # which arm was taken, as a number: the conditions are evaluated once, in order, as written
        path = self.namer.fresh("path")
        numbered = tuple(
            Arm(a.test, (Assign((path,), (Const(k),), None), *a.body), a.origin) for k, a in enumerate(arms)
        )
        last = (Assign((path,), (Const(len(arms)),), None), *orelse)
        return [If(numbered, last, stmt.origin, path, stmt.early)]

    def holds(self, test: Expr, stmt: If, loops: tuple[Stmt, ...]) -> bool:
        """Will the condition give the same answer when the way back comes to it?"""
        if isinstance(test, Name) and self.typing.at(stmt)(test) == BOOL:
            # kept under its own name, if it does not; what an arm binds is another value behind the branch
            return test.id not in {n for block in blocks(stmt) for n in bound_in(block)}
        if any(isinstance(e, Call | Opaque | Logic | Choose) and not is_pure(e) for e in post_order(test)):
            return False
        read = names(test)
        if weight(test) > 6:
            return False
        kind_of = self.typing.at(stmt)
        for expr in post_order(test):
            if isinstance(kind_of(expr), Array) and not isinstance(expr, Name):
                return False
        written = {n for n in read if self.aliases.is_written(n) or self.aliases.is_resized(n)} | (read & self.stored)
        if written:
            return False
        once = self.taken_again(loops)
        changing = {n for n in read if self.bindings.get(n, 0) > (1 if n in once or not loops else 0)}
        if len(changing) > 1:
            return False  # rather one answer kept than several numbers
        inside = {n for block in blocks(stmt) for n in bound_in(block)}
        return not changing & inside and all(isinstance(kind_of(Name(n)), Scalar) for n in changing)

    def taken_again(self, loops: tuple[Stmt, ...]) -> set[str]:
        """The names of loops that the way back binds as they were: numbers, and entries of what stays as it is."""
        found: set[str] = set()
        for stmt in loops:
            match stmt:
                case For(target):
                    found.add(target)
                case Each(target, iterable) if (places := places_of(iterable)) is not None:
                    whole = places[0].id
                    once = self.bindings.get(whole, 0) <= (1 if whole in found else 0)
                    once = once and not self.aliases.is_written(whole) and whole not in self.stored
                    if once and isinstance(self.typing.at(stmt)(places[0]), Array):
                        found.add(target)
                case _:
                    pass
        return found

    def loop(self, stmt: For, loops: tuple[Stmt, ...]) -> list[Stmt]:
        before: list[Stmt] = []
        target, body = stmt.target, stmt.body
        rebound = bound_in(body)
        if target in rebound:
            fresh = self.namer.fresh(target)
            inner: Block = (
                Assign((target,), (Name(fresh),), None),
                *self.block(body, (*loops, stmt)),
            )
            target = fresh
        else:
            inner = self.block(body, (*loops, stmt))
        turns, inner, counting = self.counted(stmt, inner, bool(loops))
        changed = rebound | stored_in(body) | {stmt.target}
        args = []
        for k, arg in enumerate(stmt.args):
            if turns and k == min(1, len(stmt.args) - 1):
                args.append(arg)  # where the loop ends its turns say
                continue
            wanted = ("stop",) if len(stmt.args) == 1 else ("start", "stop", "step")
            steady = not (names(arg) & changed) and weight(arg) <= 3 and not impure(arg)
            steady = steady and not any(self.aliases.is_resized(n) for n in names(arg))
            if isinstance(arg, Const) or steady:
                args.append(arg)
                continue
            name = self.namer.fresh(wanted[k])
            before.append(Assign((name,), (arg,), None))
            args.append(Name(name))
        return [*before, *counting, For(target, tuple(args), inner, stmt.origin, turns)]

    def has_places(self, stmt: Each, rebound: set[str]) -> bool:
        """Is each item at a place of an array that keeps its name and, where it is but a part, its entries?"""
        found = places_of(stmt.iterable)
        if found is None or found[0].id in rebound:
            return False
        if isinstance(stmt.iterable, Name):
            return True
        name = found[0].id
        if self.aliases.is_written(name) or self.aliases.is_resized(name) or name in self.stored:
            return False
        return isinstance(self.typing.at(stmt)(found[0]), Array | ListOf)

    def may_be_without_places(self, stmt: Each) -> bool:
        """May it be a dict, whose keys a loop gives, or a set, for all that is known?"""
        read = names(stmt.iterable)
        if not isinstance(self.typing.at(stmt)(stmt.iterable), Unknown | DictOf | Plain):
            return False
        return not self.is_varied(stmt, stmt.iterable) and not any(map(self.aliases.is_written, read))

    def each(self, stmt: Each, loops: tuple[Stmt, ...]) -> list[Stmt]:
        before: list[Stmt] = []
        iterable = stmt.iterable
        rebound = bound_in(stmt.body)
        if self.may_be_without_places(stmt):
            iterable = Call(builtin_ref("list"), (iterable,))
        if iterable is not stmt.iterable or not self.has_places(stmt, rebound | {stmt.target}):
            name = self.namer.fresh(wanted_name(iterable))
            before.append(Assign((name,), (iterable,), stmt.origin))
            iterable = Name(name)
        target = stmt.target
        if self.aliases.is_shared(target):
            raise AliasError(
                f"the row {target!r} shares memory that is written in place",
                place_of(stmt.origin),
                "loop over range(len(...)) and write through the array itself",
            )
        if target in rebound:
            target = self.namer.fresh(f"{stmt.target}_item")
            body: Block = (
                Assign((stmt.target,), (Name(target),), None),
                *self.block(stmt.body, (*loops, stmt)),
            )
        else:
            body = self.block(stmt.body, (*loops, stmt))
        turns, body, counting = self.counted(stmt, body, bool(loops))
        return [*before, *counting, Each(target, iterable, body, stmt.origin, turns)]
