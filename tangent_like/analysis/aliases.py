"""Which names may share memory, and which of that memory is written.

Flow-insensitive classes: names that are ever bound to each other's memory are one class. A class
that is written and has more than one name (or a name bound to a view of itself) is *shared*: its
names get shadows, bound beside each binding, so that aliasing in the primal is aliasing in the adjoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tangent_like.analysis.half_written import made_anew
from tangent_like.analysis.settled import find_settled
from tangent_like.analysis.sharing import find_shared_lists
from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import holds_memory, memory_of
from tangent_like.analysis.young import is_array, young_writes
from tangent_like.errors import AliasError, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Const,
    Each,
    Expr,
    Function,
    If,
    Index,
    Name,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Try,
    UserFunction,
)
from tangent_like.ir.paths import unlike
from tangent_like.ir.walk import (
    base_name,
    binds,
    blocks,
    called_by,
    expressions,
    reads,
    statements,
    subexpressions,
)
from tangent_like.kinds.kind import UNKNOWN, Array, DictOf, ListOf, Plain, Scalar, Sequence, Unknown, is_float


@dataclass(frozen=True, eq=False)
class Aliases:
    """``class_of[name]`` names the class; ``written`` the classes written; ``shared`` see the module."""

    class_of: Mapping[str, str]
    written: frozenset[str]
    shared: frozenset[str]
    copied: tuple[str, ...] = ()  # parameters to be copied on entry
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # The same with lists and what they hold: who may read what a statement writes.
    linked_of: Mapping[str, str] = field(default_factory=dict)
    linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resized: frozenset[str] = frozenset()  # lists that are written, by linked class
    touched: frozenset[str] = frozenset()  # linked classes that are written: settled names among their members
    young: frozenset[Stmt] = frozenset()  # writes into memory that went by one name only, so far
    filled: frozenset[Stmt] = frozenset()  # what is put on lists that did
    late: frozenset[str] = frozenset()  # linked classes with other writes than the young

    def rep(self, name: str) -> str:
        """The variable that stands for ``name`` in facts about memory: its class where it is shared."""
        found = self.class_of.get(name, name)
        return found if found in self.shared else name

    def is_shared(self, name: str) -> bool:
        return self.class_of.get(name, name) in self.shared

    def is_written(self, name: str) -> bool:
        return self.link(name) in self.touched

    def shared_links(self) -> set[str]:
        """Linked classes of several names, or views of themselves, that are written."""
        found = {c for c in self.touched if len(self.linked.get(c, ())) > 1}
        return found | {self.link(c) for c in self.shared}

    def link(self, name: str) -> str:
        """The class of names that may share memory with ``name``, through lists too."""
        return self.linked_of.get(name, name)

    def is_linked(self, name: str) -> bool:
        return len(self.linked.get(self.link(name), ())) > 1

    def is_value(self, name: str) -> bool:
        """Is its memory written by young writes alone: never once it goes by two names?"""
        return self.link(name) not in self.late

    def is_resized(self, name: str) -> bool:
        return self.link(name) in self.resized


@dataclass(frozen=True)
class Lent:
    """Parameters whose memory is the caller's, and is written: in groups of those that may share it."""

    groups: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(n for group in self.groups for n in group)


NOTHING_LENT = Lent()


def find_aliases(
    function: Function,
    typing: Typing,
    returns_argument: Callable[[UserFunction], bool],
    returns_one: Callable[[UserFunction], bool] = lambda _: False,
    returns_itself: Callable[[UserFunction], bool] = lambda _: True,
    lent: Lent = NOTHING_LENT,
    is_early: Callable[[UserFunction], bool] = lambda _: False,
    shadowed: frozenset[str] = frozenset(),
) -> Aliases:
    """The alias classes of a function, with the parameters that have to be copied before they are written.

    ``returns_one``: may two results of a function be one memory?
    ``returns_itself``: may a result be an argument, or hold more of it than its items?
    ``is_early``: does a function that writes its arguments need their adjoints in its forward half?
    ``shadowed``: names that have shadows already: they stay shared, whatever there is to be known now.
    """
    def shares(expr: Expr, stmt: Stmt) -> bool:
        return bool(memory_of(expr, typing.at(stmt), returns_argument, lists=True, outside=True))

    resized_params = find_shared_lists(function, typing, shares, returns_one, returns_itself)
    everything = tuple(statements(function.body))
    asked = {n for stmt in everything for n in reads(stmt)} | lent.names | shadowed  # what has a shadow binds that, too
    found_bound: dict[Stmt, list[tuple[str, set[str]]]] = {}

    def bound(stmt: Stmt) -> list[tuple[str, set[str]]]:
        """The names that a statement binds to memory, each with those whose memory it takes."""
        if stmt not in found_bound:
            found_bound[stmt] = [
                (target, memory_of(value, typing.at(stmt), returns_argument))
                for target, value in bindings(stmt)
                if not isinstance(typing.overall.get(target), ListOf)
                and target in asked
                and holds_memory(typing.after[stmt].get(target, UNKNOWN))
            ]
        return found_bound[stmt]

    written: dict[str, Stmt] = {}
    for stmt in everything:
        for name in written_names(stmt, typing):
            written.setdefault(name, stmt)
        if isinstance(stmt, Try) and stmt.failed:
            refuse_half_written(stmt, typing, made_anew(stmt, typing, returns_argument))
    coarse, _ = _classes(function, lent, bound, frozenset())
    kept = set(lent.names)
    for stmt in function.body[-1:]:
        if isinstance(stmt, Return) and stmt.value is not None:
            kept |= memory_of(stmt.value, typing.at(stmt), returns_argument, lists=True)

    def may_write(stmt: Stmt) -> tuple[str, ...]:
        """With the ``+=`` of which it is not known whether it writes."""
        unsure = isinstance(stmt, Augment) and isinstance(typing.before[stmt].get(stmt.target), Unknown)
        return (stmt.target,) if unsure and isinstance(stmt, Augment) else written_names(stmt, typing)

    settled = find_settled(function.body, coarse, may_write, bound, kept) - shadowed
    parent, looped = _classes(function, lent, bound, settled)
    members: dict[str, list[str]] = {}
    for name, own in parent.items():
        members.setdefault(own, []).append(name)
    classes = dict(parent)
    for name in written:
        classes.setdefault(name, name)
        members.setdefault(classes[name], [name])
    written_classes = {classes[name] for name in (*written, *sorted(lent.names))}
    shared_classes = {c for c in written_classes if len(members[c]) > 1 or any(m in looped for m in members[c])}
    young: frozenset[Stmt] = frozenset()
    filled: frozenset[Stmt] = frozenset()
    if written:
        young, filled = young_writes(
            function,
            lambda stmt, expr: memory_of(expr, typing.at(stmt), returns_argument, lists=True),
            lambda stmt, name: is_array(typing.before[stmt].get(name)),
            (p.name for p in function.params if p.name not in lent.names),
        )
    late = {classes[n] for s in everything if s not in young for n in written_names(s, typing)}
    shared_classes &= late
    shared_classes |= {classes[name] for name in lent.names}
    shared_classes |= {classes[name] for name in sorted(shadowed) if name in classes}
    for stmt in everything:
        if isinstance(stmt, Assign) and stmt.writes and is_early(called(stmt)):
            shared_classes |= {classes[name] for name in stmt.writes}
    for stmt in everything:
        target = called_by(stmt.values[0]) if isinstance(stmt, Assign) and len(stmt.values) == 1 else None
        if target is not None and isinstance(stmt, Assign) and len(stmt.targets) > 1:
            taken = [t for t in stmt.targets if t in classes and holds_memory(typing.after[stmt].get(t, UNKNOWN))]
            if len(taken) > 1 and any(classes[t] in written_classes for t in taken) and returns_one(target):
                raise AliasError(
                    f"what {target.qualname} returns may be one memory, and is written: "
                    "which of the names see that cannot be decided",
                    place_of(stmt.origin),
                    "return a copy (.copy()) of one of them",
                )
    for stmt in everything:
        # += on a value that may be an array: in place if it is one, and then whoever shares it sees that
        if isinstance(stmt, Augment) and isinstance(typing.before[stmt].get(stmt.target), Unknown):
            sharing = members.get(classes.get(stmt.target, ""), [])
            if len(sharing) > 1 or stmt.target in looped:
                raise AliasError(
                    f"{stmt.target!r} may share memory with {_others(sharing, stmt.target)}, and whether "
                    f"{stmt.op}= writes it is not known",
                    place_of(stmt.origin),
                    "annotate the arguments (np.ndarray or float), or call the derivative with real arguments",
                )
    for name, stmt in written.items():
        unknown = [m for m in members[classes[name]] if isinstance(typing.overall.get(m), Unknown)]
        if classes[name] in shared_classes and unknown:
            raise AliasError(
                f"{name!r} is written in place and may share memory with {_others(members[classes[name]], name)}, "
                "and what they are is not known",
                place_of(stmt.origin),
                "annotate the arguments (np.ndarray or float), or call the derivative so that their kinds are known",
            )
    refuse_dicts(function, typing, members, classes)
    frozen_members = {c: tuple(m) for c, m in members.items()}
    copied = _copied(function, typing, classes, written_classes, returns_argument)
    copied = tuple(name for name in copied if name not in lent.names)
    for name in copied:
        if isinstance(typing.overall.get(name), Plain | Sequence):
            raise AliasError(
                f"memory that belongs to the argument {name!r} is written",
                place_of(function.origin),
                "pass the array that is written as an argument of its own",
            )
    copied = tuple(p.name for p in function.params if p.name in (*copied, *resized_params))
    late_names = [n for s in everything if s not in young for n in may_write(s)]
    linked_of, linked = _links(function, typing, {**classes, **coarse}, returns_argument)
    resized = {
        linked_of.get(name, name) for name in written if isinstance(typing.overall.get(name), ListOf | Sequence)
    }
    return Aliases(
        classes,
        frozenset(written_classes),
        frozenset(shared_classes),
        copied,
        frozen_members,
        linked_of,
        linked,
        frozenset(resized),
        frozenset(linked_of.get(name, name) for name in (*written, *lent.names)),
        young,
        filled,
        frozenset(linked_of.get(n, n) for n in (*lent.names, *late_names)),
    )


def used_places(function: Function) -> Iterator[str]:
    """The names of what is asked for an item or a method, or written: no dict that is only printed."""
    for stmt in statements(function.body):
        if isinstance(stmt, Store):
            yield base_name(stmt.target) or ""
        for expr in (e for top in expressions(stmt) for e in subexpressions(top)):
            match expr:
                case Index(Name(id)) | Call(Attribute(Name(id))):
                    yield id
                case Call(func, args, keywords) if isinstance(func, Ref) and called_by(expr) is not None:
                    yield from (e.id for e in (*args, *(v for _, v in keywords)) if isinstance(e, Name))


def refuse_dicts(
    function: Function, typing: Typing, members: Mapping[str, list[str]], classes: Mapping[str, str]
) -> None:
    """A dict whose keys only the run tells holds numbers, and has one name, where it carries a derivative."""
    used = frozenset(used_places(function))
    for name, kind in typing.overall.items():
        if not isinstance(kind, DictOf) or not is_float(kind) or name not in used:
            continue
        others = members.get(classes.get(name, name), [])
        made = (s.origin for s in statements(function.body) if name in binds(s) and s.origin is not None)
        place = place_of(next(made, function.origin))
        if len(others) > 1:
            what = f"the dict {name!r}, which is {_others(others, name)}, too,"
            raise UnsupportedError(f"{what} is not differentiated", place, "make a copy of it: dict(...)")
        if not isinstance(kind.item, Scalar | None):
            what = f"the dict {name!r} of what is not known to be numbers"
            raise UnsupportedError(f"{what} is not differentiated", place, "make them numbers: float(...)")
        for stmt in statements(function.body):
            for call in (e for top in expressions(stmt) for e in subexpressions(top) if called_by(e) is not None):
                given = (*call.args, *(v for _, v in call.keywords)) if isinstance(call, Call) else ()
                if any(isinstance(e, Name) and e.id == name for e in given):
                    what = f"a call that is given the dict {name!r} and stays a call"
                    raise UnsupportedError(f"{what} is not differentiated", place_of(stmt.origin), "give it numbers")


def _classes(
    function: Function,
    lent: Lent,
    bound: Callable[[Stmt], list[tuple[str, set[str]]]],
    settled: frozenset[str],
) -> tuple[dict[str, str], set[str]]:
    """Names in classes that may share memory, but for the settled; the names bound to memory of their own class."""
    parent: dict[str, str] = {}
    looped: set[str] = set()

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def unite(one: str, other: str) -> None:
        first, second = sorted((root(one), root(other)))
        parent[second] = first

    for stmt in statements(function.body):
        for target, memory in bound(stmt):
            root(target)
            if target in settled:
                continue
            for other in memory:
                if other == target:
                    looped.add(target)
                unite(target, other)
    for param in function.params:
        root(param.name)
    for group in lent.groups:
        for other in group[1:]:
            unite(group[0], other)
    return {name: root(name) for name in parent}, looped


def _links(
    function: Function,
    typing: Typing,
    classes: Mapping[str, str],
    returns_argument: Callable[[UserFunction], bool],
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Classes of names that may share memory, lists and what they hold in one."""
    if not any(isinstance(k, ListOf) for k in typing.overall.values()):
        groups: dict[str, list[str]] = {}
        for name, own in classes.items():
            groups.setdefault(own, []).append(name)
        return dict(classes), {own: tuple(names) for own, names in groups.items()}
    parent = dict(classes)

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            name = parent[name]
        return name

    for stmt in statements(function.body):
        pairs = bindings(stmt)
        match stmt:
            case Push(list_, value):
                pairs = [(list_, value)]
            case Pop(Name(id), list_) if holds_memory(typing.after[stmt][id]):
                pairs = [(id, Name(list_))]
            case Store(Index(Name(id)), _, value) if isinstance(typing.overall.get(id), ListOf):
                pairs = [(id, value)]
            case _:
                pass
        for name, value in pairs:
            for other in memory_of(value, typing.at(stmt), returns_argument, lists=True):
                first, second = sorted((root(name), root(other)))
                parent[second] = first
    members: dict[str, list[str]] = {}
    for name in list(parent):
        members.setdefault(root(name), []).append(name)
    return {name: root(name) for name in parent}, {own: tuple(names) for own, names in members.items()}


def refuse_half_written(stmt: Try, typing: Typing, own: set[str]) -> None:
    """What a ``try`` wrote before an exception that it handles would have to be taken back; not into what it made."""
    for inner in statements(stmt.body):
        found = written_names(inner, typing)
        if isinstance(inner, Augment) and isinstance(typing.before[inner].get(inner.target), Unknown):
            found = (inner.target,)
        if not own.issuperset(found):
            raise AliasError(
                f"a write into {found[0]!r} in a try that goes on after an exception",
                place_of(inner.origin),
                "make a new array in the try, and write behind it",
            )


def _others(names: list[str], name: str) -> str:
    return ", ".join(repr(n) for n in sorted(names) if n != name) or "itself"


def bindings(stmt: Stmt) -> list[tuple[str, Expr]]:
    """The names that a statement binds, each with the expression whose memory it may take."""
    match stmt:
        case Assign(targets, values) if len(targets) == len(values):
            return list(zip(targets, values, strict=True))
        case Assign(targets, values):
            return [(t, values[0]) for t in targets]
        case Each(target, iterable):
            return [(target, Index(iterable, Const(0)))]
        case _:
            return []


def written_names(stmt: Stmt, typing: Typing) -> tuple[str, ...]:
    """The names through which a statement writes memory."""
    match stmt:
        case Store(target):
            name = base_name(target)
            return () if name is None else (name,)
        case Augment(target):
            kind = typing.before[stmt].get(target)
            return (target,) if isinstance(kind, Array | ListOf) else ()
        case Push(list_) | Pop(_, list_):
            return (list_,)
        case Assign(writes=writes):
            return writes
        case _:
            return ()


def called(stmt: Assign) -> UserFunction:
    """The function of the user's that the statement calls."""
    found = called_by(stmt.values[0])
    assert found is not None
    return found


def _copied(
    function: Function,
    typing: Typing,
    classes: Mapping[str, str],
    written: set[str],
    returns_argument: Callable[[UserFunction], bool],
) -> tuple[str, ...]:
    """The parameters whose own memory a statement may write: forward, what still is the caller's."""
    params = [p.name for p in function.params]
    found: set[str] = set()
    # what a loop leaves of what it is given: each of the two turns around it asks again
    done: dict[tuple[Stmt, frozenset[tuple[str, frozenset[str]]]] | None, dict[str, frozenset[str]]] = {}

    def run(block: Block, owners: dict[str, frozenset[str]]) -> None:
        for stmt in block:
            for name in written_names(stmt, typing):
                found.update(owners.get(name, frozenset()))
            match stmt:
                case If():
                    outs = []
                    for inner in blocks(stmt):
                        copy = dict(owners)
                        run(inner, copy)
                        outs.append(copy)
                    for out in outs:
                        for key in unlike(owners, out):
                            owners[key] = owners.get(key, frozenset()) | out.get(key, frozenset())
                case _:
                    new: dict[str, frozenset[str]] = {}
                    for target, value in bindings(stmt):
                        memory = memory_of(value, typing.at(stmt), returns_argument)
                        new[target] = frozenset(p for m in memory for p in owners.get(m, frozenset()))
                    owners.update(new)
                    inside = blocks(stmt)
                    asked = (stmt, frozenset(owners.items())) if inside else None
                    if asked in done:
                        owners.update(done[asked])
                        continue
                    for inner in inside:
                        for _ in range(2):
                            before = dict(owners)
                            run(inner, owners)
                            for key, owned in before.items():
                                owners[key] = owners.get(key, frozenset()) | owned
                    if asked is not None:
                        done[asked] = dict(owners)

    if written:
        start = {p: frozenset({p}) for p in params if classes.get(p) in written}
        run(function.body, start)
    return tuple(p for p in params if p in found)
