"""Arguments that a call may write, or that may be the same memory as one that it writes."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.views import memory_of
from tangent_like.errors import AliasError, Place
from tangent_like.ir.nodes import Call, Expr, Name, Ref, UserFunction
from tangent_like.ir.walk import base_name
from tangent_like.kinds.kind import Kind, Plain, Sequence
from tangent_like.transform.plan import Planner

# Arguments by what names them in the call: a position or a keyword. Groups of those that may share memory.
Groups = tuple[tuple[str, ...], ...]
WrittenArguments = Callable[[UserFunction, Call, tuple[Kind, ...], Place], frozenset[str]]


def named_arguments(call: Call) -> list[tuple[str, Expr]]:
    """The arguments by what names them in the call: a position or a keyword."""
    return [(str(k), a) for k, a in enumerate(call.args)] + list(call.keywords)


def refuse_undecided(arg: Expr, planner: Planner) -> None:
    name = base_name(arg)
    if name is None or not planner.is_view_path(arg) or isinstance(planner.kind_of(Name(name)), Plain | Sequence):
        raise AliasError(
            "whether this argument shares memory with one that is written cannot be decided",
            planner.place(arg),
            "make a copy (.copy()) before the call",
        )


def lent_groups(call: Call, planner: Planner, aliases: Aliases, written_arguments: WrittenArguments) -> Groups:
    """The arguments that are written, and those that may be the same memory, in groups."""
    assert isinstance(call.func, Ref) and isinstance(call.func.target, UserFunction)
    arguments = named_arguments(call)
    kinds = tuple(planner.kind_of(a) for _, a in arguments)
    written = written_arguments(call.func.target, call, kinds, planner.place(call))
    classes = {k: {aliases.class_of.get(n, n) for n in memory_of(a, planner.kind_of, _may)} for k, a in arguments}
    reached = {c for k in written for c in classes[k]}
    lent = [k for k, _ in arguments if k in written or classes[k] & reached]
    groups: list[tuple[set[str], list[str]]] = []
    for k in lent:
        own = [g for g in groups if g[0] & classes[k]]
        groups = [g for g in groups if not g[0] & classes[k]]
        groups.append((classes[k].union(*(g[0] for g in own)), [*(n for g in own for n in g[1]), k]))
    return tuple(tuple(sorted(g)) for _, g in groups)


def _may(_: UserFunction) -> bool:
    """May a call return memory of its arguments? Calls stand in statements of their own: none is left here."""
    return True
