"""Which names may share memory, and which of that memory is written.

Flow-insensitive classes: names that are ever bound to each other's memory are one class. A class
that is written and has more than one name (or a name bound to a view of itself) is *shared*: its
names get shadows, bound beside each binding, so that aliasing in the primal is aliasing in the adjoint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tangent_like.analysis.sharing import find_shared_lists
from tangent_like.analysis.typing import Typing
from tangent_like.errors import AliasError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Choose,
    Const,
    Each,
    Expr,
    Function,
    If,
    Index,
    Library,
    List,
    Logic,
    Name,
    Pop,
    Push,
    Ref,
    Ruled,
    Stmt,
    Store,
    Try,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import base_name, blocks, reads, statements
from tangent_like.kinds.indexing import sort_of_index
from tangent_like.kinds.kind import UNKNOWN, Array, Kind, ListOf, Plain, Scalar, Sequence, Unknown
from tangent_like.kinds.lists import list_parts
from tangent_like.rules.apply import application
from tangent_like.runtime import (
    pieces,
    same_view,
    stop_gradient,
    to_shape,
    unbroadcast,
    unstack,
    untranspose,
)

# The result is a view of the first argument, whatever its layout: the same call makes the view of its adjoint.
ALWAYS_VIEWS = frozenset(
    {
        np.transpose, np.permute_dims, np.matrix_transpose, np.squeeze, np.swapaxes, np.moveaxis, np.rollaxis,
        np.expand_dims, np.flip, np.fliplr, np.flipud, np.rot90, np.atleast_1d, np.atleast_2d, np.atleast_3d,
        np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit,
    }
)  # fmt: skip
# It may be memory of an argument, or not.
MAYBE_VIEWS = frozenset(
    {
        np.reshape, np.ravel, np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray,
        np.asarray_chkfinite, np.require, np.diag, np.real, np.imag, np.real_if_close, np.nan_to_num,
        np.broadcast_arrays, np.einsum, np.linalg.matrix_power, np.linalg.matrix_transpose, np.linalg.diagonal,
        np.diagonal, np.broadcast_to,
        getattr(np, "unstack", None), pieces, same_view, stop_gradient, to_shape, unbroadcast, unstack, untranspose,
        np.trim_zeros, np.meshgrid, np.lib.stride_tricks.sliding_window_view, np.lib.stride_tricks.as_strided,
    }
)  # fmt: skip
VIEW_FUNCTIONS = ALWAYS_VIEWS | MAYBE_VIEWS
ALWAYS_VIEW_METHODS = frozenset(["transpose", "squeeze", "swapaxes", "T", "mT"])
VIEW_METHODS = ALWAYS_VIEW_METHODS | {"diagonal", "reshape", "ravel", "view", "real", "imag", "flat", "base", "data"}
VIEW_METHODS |= {"conj", "conjugate"}  # of real numbers these are the array itself


def is_always_view(target: object) -> bool:
    return _hashable(target) and target in ALWAYS_VIEWS


def may_share(target: object, args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...]) -> bool:
    """May the result of a function, or a method by its name, be memory of what it is given?"""
    if any(name == "copy" and not (isinstance(v, Const) and v.value is True) for name, v in keywords):
        return True
    if target is np.diff:  # of no order, what it is given
        order = [v for name, v in keywords if name == "n"] + list(args[1:2])
        return any(not (isinstance(n, Const) and isinstance(n.value, int) and n.value > 0) for n in order)
    if target is np.einsum and len(args) > 2:
        return not (isinstance(args[0], Const) and isinstance(args[0].value, str))  # of one operand it may be a view
    if isinstance(target, str):
        return target in VIEW_METHODS
    return _hashable(target) and target in VIEW_FUNCTIONS


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

    def rep(self, name: str) -> str:
        """The variable that stands for ``name`` in facts about memory: its class where it is shared."""
        found = self.class_of.get(name, name)
        return found if found in self.shared else name

    def is_shared(self, name: str) -> bool:
        return self.class_of.get(name, name) in self.shared

    def is_written(self, name: str) -> bool:
        return self.class_of.get(name, name) in self.written

    def link(self, name: str) -> str:
        """The class of names that may share memory with ``name``, through lists too."""
        return self.linked_of.get(name, name)

    def is_linked(self, name: str) -> bool:
        return len(self.linked.get(self.link(name), ())) > 1

    def is_resized(self, name: str) -> bool:
        return self.link(name) in self.resized


def holds_memory(kind: Kind) -> bool:
    """May a value of this kind be memory that someone else writes? Scalars are values."""
    if isinstance(kind, Plain):
        return kind.what not in ("str", "None", "shape", "slice", "dtype", "comparison", "builtin_function_or_method")
    return not isinstance(kind, Scalar)


def memory_of(
    expr: Expr,
    kind_of: Callable[[Expr], Kind],
    returns_argument: Callable[[UserFunction], bool],
    lists: bool = False,
) -> set[str]:
    """The names whose memory the value of ``expr`` may share; empty for fresh memory and scalars.

    ``lists``: through lists, too. Without, what a list holds is nobody else's: ``sharing`` sees to that.
    """
    kind = kind_of(expr)
    if isinstance(kind, ListOf):
        if not lists:
            return set()
        parts = list_parts(expr)
        if parts is not None:  # a new list, of the same items
            if isinstance(kind.item, Scalar | None):
                return set()
            return {n for p in parts for n in memory_of(p, kind_of, returns_argument, True)}
    match expr:
        case Name(id):
            return {id} if holds_memory(kind) else set()
        case Index(value, index):
            if not holds_memory(kind) or sort_of_index(index, kind_of) in (
                "mask",
                "fancy",
            ):
                return set()
            return memory_of(value, kind_of, returns_argument, lists)
        case Attribute(value, name):
            held = name in VIEW_METHODS or isinstance(kind_of(value), Plain)  # an object's
            return memory_of(value, kind_of, returns_argument, lists) if held else set()
        case Choose(_, body, orelse):
            return {n for arm in (body, orelse) for n in memory_of(arm, kind_of, returns_argument, lists)}
        case Logic(values=items) | Tuple(items) | List(items):
            return {n for item in items for n in memory_of(item, kind_of, returns_argument, lists)}
        case Call(Ref(target=Ruled(origin=UserFunction() as target) | (UserFunction() as target))):
            arguments = (*expr.args, *(v for _, v in expr.keywords))
            if not holds_memory(kind_of(expr)) or not returns_argument(target):
                return set()
            return {n for a in arguments for n in memory_of(a, kind_of, returns_argument, lists)}
        case Call(Attribute(value, name), args, keywords):
            return memory_of(value, kind_of, returns_argument, lists) if may_share(name, args, keywords) else set()
        case Call(Ref(target=Library() as target), args, keywords):
            views = may_share(target.obj, args, keywords)
            known = application_or_none(expr, kind_of)
            if not views and (known or target.module in ("math", "builtins")):
                return set()
            if not views and target.obj in (
                np.array,
                np.zeros,
                np.ones,
                np.empty,
                np.full,
                np.arange,
            ):
                return set()
            arguments = (*args, *(v for _, v in keywords))
            return {n for a in arguments for n in memory_of(a, kind_of, returns_argument, lists)}
        case _:
            return set()


def application_or_none(expr: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    from tangent_like.errors import NOWHERE, DifferentiationError

    try:
        return application(expr, kind_of, lambda _: NOWHERE) is not None
    except DifferentiationError:
        return False


def _hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


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
    lent: Lent = NOTHING_LENT,
    is_early: Callable[[UserFunction], bool] = lambda _: False,
) -> Aliases:
    """The alias classes of a function, with the parameters that have to be copied before they are written.

    ``is_early``: does a function that writes its arguments need their adjoints in its forward half?
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def shares(expr: Expr, stmt: Stmt) -> bool:
        return bool(memory_of(expr, typing.at(stmt), returns_argument, lists=True))

    resized_params = find_shared_lists(function, typing, shares)
    looped: set[str] = set()  # names bound to memory of their own class
    read = {n for stmt in statements(function.body) for n in reads(stmt)}
    written: dict[str, Stmt] = {}
    for stmt in statements(function.body):
        for target, value in bindings(stmt):
            if isinstance(typing.overall.get(target), ListOf):
                continue
            if target not in read or not holds_memory(typing.after[stmt].get(target, UNKNOWN)):
                continue
            shared = memory_of(value, typing.at(stmt), returns_argument)
            for other in shared:
                if other == target:
                    looped.add(target)
                first, second = sorted((root(target), root(other)))
                parent[second] = first
        for name in written_names(stmt, typing):
            written.setdefault(name, stmt)
        if isinstance(stmt, Try) and stmt.failed:
            refuse_half_written(stmt, typing)
    for param in function.params:
        root(param.name)
    for group in lent.groups:
        for other in group[1:]:
            first, second = sorted((root(group[0]), root(other)))
            parent[second] = first
    members: dict[str, list[str]] = {}
    for name in parent:
        members.setdefault(root(name), []).append(name)
    classes = {name: root(name) for name in parent}
    for name in written:
        classes.setdefault(name, name)
        members.setdefault(classes[name], [name])
    written_classes = {classes[name] for name in (*written, *sorted(lent.names))}
    shared_classes = {c for c in written_classes if len(members[c]) > 1 or any(m in looped for m in members[c])}
    shared_classes |= {classes[name] for name in lent.names}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and stmt.writes and is_early(called(stmt)):
            shared_classes |= {classes[name] for name in stmt.writes}
    for stmt in statements(function.body):
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
    linked_of, linked = _links(function, typing, classes, returns_argument)
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
    )


def _links(
    function: Function,
    typing: Typing,
    classes: Mapping[str, str],
    returns_argument: Callable[[UserFunction], bool],
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Classes of names that may share memory, lists and what they hold in one."""
    if not any(isinstance(k, ListOf) for k in typing.overall.values()):
        members: dict[str, tuple[str, ...]] = {}
        for name, own in classes.items():
            members[own] = (*members.get(own, ()), name)
        return dict(classes), members
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
    members = {}
    for name in parent:
        members[root(name)] = (*members.get(root(name), ()), name)
    return {name: root(name) for name in parent}, members


def refuse_half_written(stmt: Try, typing: Typing) -> None:
    """What a ``try`` wrote before an exception that it handles would have to be taken back."""
    for inner in statements(stmt.body):
        found = written_names(inner, typing)
        if isinstance(inner, Augment) and isinstance(typing.before[inner].get(inner.target), Unknown):
            found = (inner.target,)
        if found:
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
    call = stmt.values[0]
    assert isinstance(call, Call) and isinstance(call.func, Ref) and isinstance(call.func.target, UserFunction)
    return call.func.target


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
                        for key, owned in out.items():
                            owners[key] = owners.get(key, frozenset()) | owned
                case _:
                    new: dict[str, frozenset[str]] = {}
                    for target, value in bindings(stmt):
                        memory = memory_of(value, typing.at(stmt), returns_argument)
                        new[target] = frozenset(p for m in memory for p in owners.get(m, frozenset()))
                    owners.update(new)
                    for inner in blocks(stmt):
                        for _ in range(2):
                            before = dict(owners)
                            run(inner, owners)
                            for key, owned in before.items():
                                owners[key] = owners.get(key, frozenset()) | owned

    if written:
        start = {p: frozenset({p}) for p in params if classes.get(p) in written}
        run(function.body, start)
    return tuple(p for p in params if p in found)
