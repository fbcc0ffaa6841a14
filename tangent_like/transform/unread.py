"""Results that nobody reads: not returned, where no call reads them; else by the name for that.

Before                                           After

    def loss_forward(x):                             def loss_forward(x):
        a = x * x                                        a = x * x
        return np.sin(a) * a, (x, a)                     return x, a
    ...
    loss_value, loss_saved = loss_forward(x)         loss_saved = loss_forward(x)
    return loss_reverse(loss_saved, 1.0)             return loss_reverse(loss_saved, 1.0)

Only in the text that is the last word: for a text that is differentiated or compiled again, a name has one kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import Assign, Block, Call, Emitted, Function, Ref, Return, Stmt, Tuple
from tangent_like.ir.walk import reads, statements, with_body
from tangent_like.transform.called import refs_in
from tangent_like.transform.signatures import items_of, together


def unread(function: Function) -> Function:
    read = {name for stmt in statements(function.body) for name in reads(stmt)}
    if "_" in read:
        return function

    def change(stmt: Stmt) -> Stmt:
        if not isinstance(stmt, Assign) or len(stmt.values) != 1 or len(stmt.targets) + bool(stmt.saved) < 2:
            return with_blocks(stmt, block)
        return replace(stmt, targets=tuple(t if t in read else "_" for t in stmt.targets))

    def block(body: Block) -> Block:
        return tuple(map(change, body))

    return with_body(function, block(function.body))


def without_unread_params(function: Function, count: int) -> tuple[Function, tuple[str, ...]]:
    """The function without those of its first parameters that it does not read, and the names of the others."""
    read = {name for stmt in statements(function.body) for name in reads(stmt)}
    given = tuple(p for p in function.params[:count] if p.name in read)
    return replace(function, params=(*given, *function.params[count:])), tuple(p.name for p in given)


def without_unread(
    functions: tuple[Function, ...], last: int, tidy: Callable[[Function], Function]
) -> tuple[Function, ...]:
    """The functions, callees first, without the results of the first ones that no call reads."""
    found = list(map(unread, functions))
    calls = _calls(found)
    for k in range(len(found) - last - 1, -1, -1):
        dropped = _unread_results(found[k], calls)
        if dropped:
            name = found[k].name
            found[k] = unread(tidy(_returning_less(found[k], dropped)))
            found = [_taking_less(f, name, dropped) for f in found]
            calls = _calls(found)  # what is gone from the one may have called the next
    return tuple(found)


def _called(stmt: Stmt) -> str | None:
    """The name of the function in ``a, b = name(...)``; None for anything else."""
    if not isinstance(stmt, Assign) or len(stmt.values) != 1 or len(stmt.targets) < 2 or stmt.saved:
        return None
    call = stmt.values[0]
    target = call.func.target if isinstance(call, Call) and isinstance(call.func, Ref) else None
    return target.name if isinstance(target, Emitted) else None


@dataclass(frozen=True, eq=False)
class _Calls:
    """By the name of an emitted function: where it is called for several results, and how often it is named.

    ``sites``: of each call which results nobody reads.
    """

    sites: Mapping[str, list[tuple[bool, ...]]]
    mentions: Counter[str]


def _calls(functions: list[Function]) -> _Calls:
    sites: dict[str, list[tuple[bool, ...]]] = {}
    for function in functions:
        inside = list(statements(function.body))
        own = any("_" in reads(s) for s in inside)  # then it is a name like any other
        for stmt in inside:
            name = _called(stmt)
            if name is not None and isinstance(stmt, Assign):
                sites.setdefault(name, []).append(tuple(t == "_" and not own for t in stmt.targets))
    refs = (ref.target for f in functions for ref in refs_in(f))
    return _Calls(sites, Counter(target.name for target in refs if isinstance(target, Emitted)))


def _unread_results(own: Function, calls: _Calls) -> set[int]:
    """Which results of a function all calls leave unread; none where it is not only called for several."""
    sites = calls.sites.get(own.name, [])
    mentions = calls.mentions[own.name]
    counts = {len(s) for s in sites}
    ends = [s.value for s in statements(own.body) if isinstance(s, Return)]
    counts |= {len(e.items) if isinstance(e, Tuple) else 0 for e in ends}
    if not sites or mentions != len(sites) or len(counts) != 1:
        return set()
    (count,) = counts
    idle = {i for i in range(count) if all(s[i] for s in sites)}
    return idle if len(idle) < count else set()


def _returning_less(function: Function, dropped: set[int]) -> Function:
    def change(stmt: Stmt) -> Stmt:
        if not isinstance(stmt, Return):
            return with_blocks(stmt, block)
        assert isinstance(stmt.value, Tuple)
        kept = tuple(e for i, e in enumerate(stmt.value.items) if i not in dropped)
        return replace(stmt, value=Tuple(kept) if len(kept) > 1 else kept[0])

    def block(body: Block) -> Block:
        return tuple(map(change, body))

    ends = [s.value for s in statements(function.body) if isinstance(s, Return)]
    notes = function.note
    if notes is not None and isinstance(ends[0], Tuple):
        left = [n for i, n in enumerate(items_of(notes, len(ends[0].items))) if i not in dropped]
        notes = together(left) if len(left) > 1 else left[0]
    return replace(with_body(function, block(function.body)), note=notes)


def _taking_less(function: Function, name: str, dropped: set[int]) -> Function:
    def change(stmt: Stmt) -> Stmt:
        if _called(stmt) != name or not isinstance(stmt, Assign):
            return with_blocks(stmt, block)
        return replace(stmt, targets=tuple(t for i, t in enumerate(stmt.targets) if i not in dropped))

    def block(body: Block) -> Block:
        return tuple(map(change, body))

    return with_body(function, block(function.body))
