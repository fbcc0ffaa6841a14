"""Two lists that a loop fills in one turn, and another empties in one, as one list.

Before                                   After

    v_saved = []                             saved = []
    w_saved = []                             for _ in range(n):
    for _ in range(n):                           w = A @ v
        w = A @ v                                r = np.sqrt(w @ w)
        v_saved.append(v)                        saved.append((v, r))
        r = np.sqrt(w @ w)                       v = w / r
        v = w / r                            for _ in range(n):
        r_saved.append(r)                        v_2, r = saved.pop()
    for _ in range(n):                           t_bar = v_bar @ v / r
        r = r_saved.pop()                        v = v_2
        t_bar = v_bar @ v / r                    ...
        v = v_saved.pop()
        ...

``tidy.together`` has those that may be kept in one place and taken in one. Here the later value of a name is read
before the earlier one is taken, or it has been bound anew where the other is kept: that stands under a second name,
which is one statement, where a list of its own is three. Not where both would be needed. What is kept are names.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Break,
    Call,
    Continue,
    Each,
    Expr,
    For,
    Function,
    List,
    Name,
    Pop,
    Push,
    Raise,
    Ref,
    Return,
    Stmt,
    Try,
    Tuple,
    While,
    With,
)
from tangent_like.ir.walk import (
    binds,
    blocks,
    bound_in,
    expressions,
    reads,
    rebuild,
    statements,
    subexpressions,
    with_body,
)
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.calls import takes
from tangent_like.transform.tidy.fused import used
from tangent_like.transform.tidy.width import COLUMNS, line_width

ENDS = Break | Continue | Return | Raise | Try | With
LISTS = 6  # of a function, that are looked at


class Kept(NamedTuple):
    """Of a list: what is put there, and what it is bound to when it is taken."""

    list: str
    items: tuple[str, ...]
    push: Stmt
    pop: Stmt
    targets: tuple[str, ...]


def one_list(function: Function) -> Function:
    for _ in range(LISTS):
        found = _joined(function)
        if found is None:
            return function
        function = found
    return function


def _joined(function: Function) -> Function | None:
    inside = list(statements(function.body))
    kept = {k.list: k for k in _lists(function, inside)}
    if len(kept) < 2:
        return None
    for stmt in inside:
        for body in blocks(stmt) if isinstance(stmt, For | Each | While) else ():
            pushed = [kept[s.list] for s in body if isinstance(s, Push) and s.list in kept]
            for one, two in pairwise(pushed):
                found = _one(function, one, two, body, inside)
                if found is not None:
                    return found
    return None


def _lists(function: Function, inside: list[Stmt]) -> Iterator[Kept]:
    """Those that begin empty, are filled in one place with names, and emptied in another."""
    pushes = {s.list: s for s in inside if isinstance(s, Push)}
    if len(pushes) < 2:
        return
    begun = {s.targets[0] for s in function.body if _begins(s)}
    uses = used(function.body)
    counted = {n for s in inside if isinstance(s, For) for n in reads(s) if n in pushes}
    for stmt in inside:
        list_, targets = _taken(stmt)
        push = pushes.get(list_)
        if push is None or list_ not in begun or uses[list_] != (4 if list_ in counted else 3):
            continue
        items = push.value.items if isinstance(push.value, Tuple) else (push.value,)
        found = tuple(e.id for e in items if isinstance(e, Name))
        if len(found) == len(items) == len(targets) == len({*targets}) and isinstance(push.value, Name | Tuple):
            yield Kept(list_, found, push, stmt, targets)


def _begins(stmt: Stmt) -> bool:
    match stmt:
        case Assign((_,), (List(()),), None):
            return True
        case _:
            return False


def _taken(stmt: Stmt) -> tuple[str, tuple[str, ...]]:
    match stmt:
        case Pop(Name(id), list_):
            return list_, (id,)
        case Assign(targets, (Call() as call,), _, "", None, ()) if takes(call) and len(reads(stmt)) == 1:
            return next(iter(reads(stmt))), targets
        case _:
            return "", ()


def _one(function: Function, one: Kept, two: Kept, body: Block, inside: list[Stmt]) -> Function | None:
    """The function with both lists as one; ``body`` is where both are filled, ``one`` first."""
    back = next((b for s in inside for b in blocks(s) if _at(one.pop, b) >= 0), ())
    if _at(two.pop, back) < 0 or {*one.targets} & {*two.targets}:
        return None
    start, end = _at(one.push, body), _at(two.push, body)
    ahead = end
    while ahead > start + 1 and not bound_in((body[ahead - 1],)) & {*two.items}:
        ahead -= 1
    first, last = sorted((one, two), key=lambda k: _at(k.pop, back))
    since = back[_at(first.pop, back) + 1 : _at(last.pop, back)]
    if any(isinstance(s, ENDS) for s in statements((*body[start:end], *since))):
        return None
    namer = Namer(_names(function, inside))
    early = {n: namer.fresh(n) for n in one.items if n in bound_in(body[start:ahead])}
    late = {
        n: namer.fresh(n) for n in last.targets if any(n in {*reads(s), *binds(s)} for s in statements(since))
    }
    if (early and late) or len(early) + len(late) > 3:
        return None
    name = next((k.list for k in (one, two) if k.list.startswith("saved")), "") or namer.fresh("saved")
    items = Tuple(tuple(Name(early.get(n, n)) for n in one.items) + tuple(map(Name, two.items)))
    bound = {k.list: tuple(late.get(n, n) if k is last else n for n in k.targets) for k in (one, two)}
    push = Push(name, items, one.push.origin)
    call = Call(Attribute(Name(name), "pop"), ())
    pop = Assign((*bound[one.list], *bound[two.list]), (call,), first.pop.origin)
    if line_width(push, 2) > COLUMNS or line_width(pop, 2) > COLUMNS:
        return None

    def under(pairs: dict[str, str], given: bool) -> list[Stmt]:
        """``c_2 = c``, or back."""
        both = [(new, old) if given else (old, new) for old, new in pairs.items()]
        return [Assign(tuple(a for a, _ in both), tuple(Name(b) for _, b in both), None)] if both else []

    place = body[ahead] if ahead < end else two.push

    def block(old: Block) -> Block:
        out: list[Stmt] = []
        for stmt in old:
            if stmt is place:
                out.append(push)
            if stmt is one.push:
                out += under(early, True)
            elif stmt is first.pop:
                out.append(pop)
            elif stmt is last.pop:
                out += under(late, False)
            elif _begins(stmt) and isinstance(stmt, Assign) and stmt.targets[0] in (one.list, two.list):
                if stmt.targets[0] == max(one.list, two.list, key=lambda n: n.startswith("saved")):
                    out.append(Assign((name,), stmt.values, stmt.origin))
            elif stmt is not two.push:
                out.append(change_blocks(with_expressions(stmt, renamed) if isinstance(stmt, For) else stmt, block))
        return tuple(out)

    def renamed(expr: Expr) -> Expr:
        """Of ``range(len(r_saved))``."""
        if isinstance(expr, Name) and expr.id in (one.list, two.list):
            return Name(name)
        return rebuild(expr, renamed)

    return with_body(function, block(function.body))


def _at(stmt: Stmt, body: Block) -> int:
    return next((k for k, s in enumerate(body) if s is stmt), -1)


def _names(function: Function, inside: list[Stmt]) -> Iterator[str]:
    """Of whatever has one, from outside, too."""
    yield from (p.name for p in function.params)
    for stmt in inside:
        yield from binds(stmt)
        yield from reads(stmt)
        for expr in (e for top in expressions(stmt) for e in subexpressions(top)):
            if isinstance(expr, Ref):
                yield expr.spelling.partition(".")[0]
