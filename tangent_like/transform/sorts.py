"""A name that is a list here and an array there: two names where the text shows it, and else refused."""

from __future__ import annotations

from itertools import pairwise

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.typing import Typing
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import leaves_by_break, with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Block, Expr, Function, If, Name, Return, Stmt, Try, While
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, names, reads, statements, substitute, with_body
from tangent_like.kinds.kind import Kind, ListOf, Sequence, Unknown
from tangent_like.transform.fresh import rename_from


def is_clash(kind: Kind | None) -> bool:
    return isinstance(kind, Unknown) and kind.clash


def apart(function: Function, typing: Typing, namer: Namer) -> Function:
    """In a loop or a branch: names of their own for what the block itself binds anew.

    Before                                   After

        for i in range(n):                       for i in range(n):
            p = [x, i * x]                           p_2 = [x, i * x]
            p = np.array(p)                          p = np.array(p_2)
            s += np.sum(2 * p)                       s += np.sum(2 * p)

    What only ends in a ``try`` may be read by its handlers.
    """
    clashing = {name for name, kind in typing.overall.items() if is_clash(kind)}
    if not clashing:
        return function

    def inside(block: Block) -> Block:
        out = block
        for name in sorted(clashing):
            places = [k for k, s in enumerate(out) if isinstance(s, Assign) and name in s.targets and not s.writes]
            for first, last in pairwise(places):
                if not leaves_by_break(out[first:last]):
                    out = renamed(out, first, last, name, namer.fresh(name))
        return tuple(deeper(s) for s in out)

    def deeper(stmt: Stmt) -> Stmt:
        return stmt if isinstance(stmt, Try) else with_blocks(stmt, inside)

    return of_one_sort(with_body(function, tuple(deeper(s) for s in function.body)), clashing, typing, namer)


def of_one_sort(function: Function, clashing: set[str], typing: Typing, namer: Namer) -> Function:
    """At the top level what comes behind gets another name, up to the end."""
    wanted: dict[int, tuple[str, ...]] = {}
    last: dict[str, bool] = {}
    for k, stmt in enumerate(function.body):
        for name in sorted(clashing & set(stmt.targets)) if isinstance(stmt, Assign) and not stmt.writes else ():
            listed = isinstance(typing.after.get(stmt, {}).get(name), ListOf | Sequence)
            if last.setdefault(name, listed) != listed:
                wanted[k] = (*wanted.get(k, ()), name)
            last[name] = listed
    return rename_from(function, wanted, namer) if wanted else function


def renamed(block: Block, first: int, last: int, old: str, new: str) -> Block:
    """What ``block[first]`` binds is called ``new``, until ``block[last]`` has read it."""

    def change(expr: Expr) -> Expr:
        return substitute(expr, {old: Name(new)})

    def called(name: str) -> str:
        return new if name == old else name

    start = rewrite(block[first], lambda e: e, called)
    between = (rewrite(s, change, called) for s in block[first + 1 : last])
    end = rewrite(block[last], change, lambda name: name)
    return (*block[:first], start, *between, end, *block[last + 1 :])


def refuse_clashes(function: Function, typing: Typing, activity: Activity) -> None:
    """What is a list or a tuple on one path and a number on another: ``2 * p`` means this or that."""
    for stmt, varied in activity.varied_reads.items():
        for name in sorted(varied & reads(stmt) - only_asked(stmt)):
            if is_clash(typing.before[stmt].get(name)):
                raise refusal(name, stmt, function, typing, "on some paths and not on others")


def refuse_two_sorts(function: Function, typing: Typing, activity: Activity) -> None:
    """A name has one adjoint: it is a list, or it is not."""
    for stmt in statements(function.body):
        for name in (*binds(stmt), *sorted(reads(stmt))):
            varied = name in activity.varied_reads.get(stmt, frozenset()) and name not in only_asked(stmt)
            if varied and is_clash(typing.overall.get(name)):
                raise refusal(name, stmt, function, typing, "here and not there")


def only_asked(stmt: Stmt) -> set[str]:
    """Names of which a statement asks whether they are true, and no more: ``if xs and len(xs) > 1``."""
    tests = [a.test for a in stmt.arms] if isinstance(stmt, If) else [stmt.test] if isinstance(stmt, While) else []
    asked = {t.id for t in tests if isinstance(t, Name)}
    return asked - {n for t in tests if not isinstance(t, Name) for n in names(t)}


def refusal(name: str, stmt: Stmt, function: Function, typing: Typing, where: str) -> UnsupportedError:
    made = (s for s, after in typing.after.items() if s.origin and isinstance(after.get(name), Sequence | ListOf))
    origin = stmt.origin or next((s.origin for s in made), None) or function.origin
    what = "what is returned" if isinstance(stmt, Return) and stmt.origin is None else repr(name)
    return UnsupportedError(
        f"{what} is a list or a tuple {where}, which is not differentiated", place_of(origin), "use two names"
    )
