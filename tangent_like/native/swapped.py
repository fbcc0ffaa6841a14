"""Arrays that change places, ``u, v = v, u``: two names, and never the same memory.

Before                                           After

    u_bar = np.zeros_like(u)                         u_bar = np.zeros_like(u)
    u_bar_saved = u_bar                              u_bar_saved = u_bar
    u_bar = np.zeros_like(u)                         u_bar_2 = np.zeros_like(u)
    for _ in range(turns):                           for _ in range(turns):
        v_bar, u_bar = u_bar, v_bar                      v_bar, u_bar_2 = u_bar_2, v_bar
        ...                                              ...

A name that is bound anew, in the function and not in a part of it, is another from there on: so each of those that
change places is bound to memory of its own first, and only changes places then. That they are never one is what
``distinct`` tells, and loops over both can then come in any order.
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Binary, Block, Each, Expr, Function, Index, Name, Pop, Push, Stmt, Store
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, names, reads, rebuild, statements, with_body
from tangent_like.kinds.kind import Array, Kind, Scalar


def changing_places(stmt: Stmt) -> frozenset[str]:
    """The names in ``u, v = v, u``; none for another statement."""
    match stmt:
        case Assign(targets, values) if len(targets) > 1 and all(isinstance(v, Name) for v in values):
            given = [v.id for v in values if isinstance(v, Name)]
            return frozenset(targets) if sorted(given) == sorted(targets) else frozenset()
        case _:
            return frozenset()


def told_apart(function: Function) -> Function:
    """The function with a name of its own for each array that a name among those that change places is bound to."""
    swapped = frozenset().union(*map(changing_places, statements(function.body)))
    if not swapped:
        return function
    taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))}
    namer = Namer(taken | {p.name for p in function.params})
    bound: set[str] = {p.name for p in function.params}
    now: dict[str, str] = {}

    def current(name: str) -> str:
        return now.get(name, name)

    def said(expr: Expr) -> Expr:
        return Name(current(expr.id), expr.at) if isinstance(expr, Name) else rebuild(expr, said)

    out: list[Stmt] = []
    for stmt in function.body:
        match stmt:
            case Assign(targets, values) if swapped & bound & {*targets} and not (stmt.saved or changing_places(stmt)):
                values = tuple(map(said, values))
                now.update({t: namer.fresh(t) for t in targets if t in swapped & bound})
                out.append(Assign(tuple(map(current, targets)), values, stmt.origin, "", stmt.guard, stmt.writes))
            case _:
                out.append(rewrite(stmt, said, current) if now else stmt)
        bound.update(n for s in statements((stmt,)) for n in binds(s))
    return with_body(function, tuple(out))


def distinct(
    function: Function, sources: Callable[[Expr], frozenset[str]], kind_of: Callable[[str], Kind | None]
) -> frozenset[str]:
    """The names that only change places with each other and are bound to fresh memory otherwise.

    What holds one of them besides must be bound in the function itself, behind the last change of places.
    """
    places = [k for k, s in enumerate(function.body) if any(map(changing_places, statements((s,))))]
    if not places:
        return frozenset()
    groups = [changing_places(s) for s in statements(function.body)]
    found = frozenset().union(*groups) - {p.name for p in function.params}
    while True:
        lost = set().union(*(g for g in groups if g - found)) & found
        lost |= {n for k, s in enumerate(function.body) for n in _mixed((s,), found, sources, kind_of, k > places[-1])}
        if not lost & found:
            return found
        found -= lost


def _mixed(
    body: Block,
    members: frozenset[str],
    sources: Callable[[Expr], frozenset[str]],
    kind_of: Callable[[str], Kind | None],
    behind: bool,
) -> frozenset[str]:
    """The names among ``members`` that share memory with others by a statement."""
    out: set[str] = set()
    for stmt in statements(body):
        if changing_places(stmt):
            continue
        held: set[str] = set()
        match stmt:
            case Assign(targets) if all(isinstance(kind_of(t), Scalar) for t in targets) and not stmt.saved:
                pass
            case Assign((target,), (Binary(),)) if isinstance(kind_of(target), Array) and not stmt.saved:
                pass  # arithmetic of arrays makes a new one
            case Assign(targets, values):
                held = set().union(*map(sources, values))
                if held:
                    out.update(set(targets) & members)
                if behind and stmt in body and not stmt.saved:
                    held = set()
            case Push(_, value):
                held = set(sources(value))
            case Pop(Name(id)):
                held = {id}
            case Each(target, iterable):
                held = {target, *names(iterable)}
            case Store(Index(Name(id)), "", value) if not isinstance(kind_of(id), Array):
                held = set(sources(value))
            case _:
                out.update(set(binds(stmt)) & members)
        out.update(held & members)
    return frozenset(out)
