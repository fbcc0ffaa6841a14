"""Lists that a loop only empties, gone through from their end.

Before                                   After

    x_saved = []                             x_saved = []
    saved = []                               saved = []
    for i in range(n):                       for i in range(n):
        x_saved.append(x)                        x_saved.append(x)
        x = x * x                                x = x * x
    while y > 1:                             while y > 1:
        saved.append((x, y))                     saved.append((x, y))
        y = y / (1 + x)                          y = y / (1 + x)
        x = 0.5 * x                              x = 0.5 * x
    for _ in range(len(saved)):              for x, y in reversed(saved):
        x_bar = 0.5 * x_bar                      x_bar = 0.5 * x_bar
        x, y = saved.pop()                       x_bar -= y_bar * y / (1 + x) ** 2
        x_bar -= y_bar * y / (1 + x) ** 2        y_bar = y_bar / (1 + x)
        y_bar = y_bar / (1 + x)              for x in reversed(x_saved):
    for i in range(n - 1, -1, -1):               x_bar = 2 * x_bar * x
        x = x_saved.pop()
        x_bar = 2 * x_bar * x

Where each turn takes what one turn has put there, and nobody else looks at the list or at the counter.
"""

from __future__ import annotations

from collections import Counter

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assign,
    Block,
    Break,
    Call,
    Comment,
    Continue,
    Each,
    Expr,
    For,
    Function,
    If,
    Library,
    List,
    Loop,
    Name,
    Pass,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Try,
    Tuple,
    While,
    With,
)
from tangent_like.ir.walk import binds, blocks, expressions, names, reads, statements, subexpressions, with_body
from tangent_like.kinds.turns import places_of
from tangent_like.transform.collected import read_outside
from tangent_like.transform.statements.loop import reversed_range
from tangent_like.transform.tidy.blocks import change_blocks
from tangent_like.transform.tidy.calls import library, origin_of, takes
from tangent_like.transform.tidy.fused import alike, used

REVERSED = "reversed"


def from_the_end(function: Function) -> Function:
    if not any(isinstance(s, Push) for s in statements(function.body)) or _means_another(function):
        return function
    uses, outside = used(function.body), read_outside(function.body)

    def block(body: Block) -> Block:
        new = tuple(
            _through(s, k, body, uses) if isinstance(s, For) and s.target not in outside else s
            for k, s in enumerate(body)
        )
        return tuple(change_blocks(s, block) for s in new)

    return with_body(function, block(function.body))


def _means_another(function: Function) -> bool:
    """Does the text mean something of its own by the name ``reversed``?"""
    own = {p.name for p in function.params}.union(*(binds(s) for s in statements(function.body)))
    refs = (e for s in statements(function.body) for x in expressions(s) for e in subexpressions(x))
    return REVERSED in own or any(isinstance(r, Ref) and _is_own(r) for r in refs)


def _is_own(ref: Ref) -> bool:
    root = ref.target if ref.root is None else ref.root
    builtin = isinstance(root, Library) and root.module == "builtins"
    return ref.spelling.partition(".")[0] == REVERSED and not builtin


def _through(back: For, k: int, body: Block, uses: Counter[str]) -> Stmt:
    """The loop ``body[k]``, over the list that it empties, if there is one."""
    found = _taking(back.body)
    if found is None or any(back.target in reads(s) for s in statements(back.body)):
        return back
    place, list_, targets = found
    starts = [j for j, s in enumerate(body[:k]) if isinstance(s, Assign) and s.targets == (list_,)]
    if len(starts) != 1 or not _is_empty(body[starts[0]]):
        return back
    counted = _list_counted(back.args)
    if uses[list_] != (4 if counted == list_ else 3):
        return back
    between = body[starts[0] + 1 : k]
    if not any(_fills(s, list_, back, counted) for s in between):
        return back
    if counted != list_ and any(isinstance(s, Push) and s.list == counted for s in statements(body)):
        counts = [s for s in body[:k] if isinstance(s, Assign) and s.targets == (counted,)]
        if used(body[:k])[counted] != 2 or len(counts) != 1 or not _is_empty(counts[0]):
            return back
    rest = (*back.body[:place], *back.body[place + 1 :])
    if all(isinstance(s, Comment) for s in rest):
        rest = (*rest, Pass())
    iterable = Call(builtin_ref(REVERSED), (Name(list_),))
    if len(targets) == 1:
        return Each(targets[0], iterable, rest, back.origin)
    return Loop(Tuple(tuple(map(Name, targets))), iterable, rest, back.origin)


def _taking(body: Block) -> tuple[int, str, tuple[str, ...]] | None:
    """Where a turn takes from a list, from which, and what it binds: before anything else sees these names."""
    seen: set[str] = set()
    for k, stmt in enumerate(body):
        found = _taken(stmt)
        if found is not None:
            list_, targets = found
            return None if seen & {list_, *targets} else (k, list_, targets)
        if isinstance(stmt, Break | Continue | Return | If | For | Each | While | Loop | Try | With):
            return None
        seen |= {*reads(stmt), *binds(stmt)}
    return None


def _taken(stmt: Stmt) -> tuple[str, tuple[str, ...]] | None:
    match stmt:
        case Pop(Name(id), list_):
            return list_, (id,)
        case Assign(targets, (Call() as call,), _, "", None, ()) if takes(call):
            held = names(call)
            return (next(iter(held)), targets) if len(held) == 1 and len({*targets}) == len(targets) else None
        case _:
            return None


def _is_empty(stmt: Stmt) -> bool:
    return isinstance(stmt, Assign) and isinstance(stmt.values[0], List) and not stmt.values[0].items


def _list_counted(args: tuple[Expr, ...]) -> str:
    """The list that has as many items as a loop over this range has turns."""
    for call in (e for a in args for e in subexpressions(a) if isinstance(e, Call)):
        match call:
            case Call(args=(Name(id),), keywords=()) if alike((call,), args) or alike(reversed_range((call,)), args):
                target = library(call)
                return id if target is not None and origin_of(target) == ("builtins", "len") else ""
    return ""


def _fills(loop: Stmt, list_: str, back: For, counted: str) -> bool:
    """Does a loop put one item there in each of the turns that ``back`` has, or wherever it puts one in ``counted``?"""
    inside = [s for s in statements((loop,)) if isinstance(s, Push) and s.list == list_]
    if len(inside) != 1 or list_ in names(inside[0].value):
        return False
    if counted == list_:
        return True
    if any(isinstance(s, Push) and s.list == counted for s in statements((loop,))):
        return any(_beside(inside[0], counted, b) for s in statements((loop,)) for b in blocks(s))
    if not isinstance(loop, For | Each) or inside[0] not in loop.body or _leaves(loop.body):
        return False
    if isinstance(loop, Each):
        found = places_of(loop.iterable)
        args = None if found is None else found[1]
    else:
        args = loop.args
    return args is not None and (alike(args, back.args) or alike(reversed_range(args), back.args))


def _beside(push: Push, other: str, body: Block) -> bool:
    """Does the block put an item into ``other``, too, wherever it comes to ``push``, as often?"""
    pushes = [k for k, s in enumerate(body) if s is push or (isinstance(s, Push) and s.list == other)]
    return len(pushes) == 2 and push in body and not _leaves(body[pushes[0] : pushes[1]])


def _leaves(body: Block) -> bool:
    return any(isinstance(s, Break | Continue | Return) for s in statements(body))
