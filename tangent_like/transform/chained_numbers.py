"""Names that begin at one number are bound in one statement, as the text is printed.

Before                                   After

    a_bar = 0.0                              a_bar = b_bar = 0.0
    W_bar = np.zeros_like(W)                 W_bar = np.zeros_like(W)
    b_bar = 0.0

Only what is ours: what the user wrote stays as it was written. The second name is bound earlier than it was: what
stands between binds other names, and reads none of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tangent_like.ir.nodes import Assign, Block, Const, Function, Stmt
from tangent_like.ir.walk import binds, reads, statements, with_body
from tangent_like.transform.tidy.blocks import change_blocks
from tangent_like.transform.tidy.width import COLUMNS


def chained_numbers(function: Function) -> Function:
    """The function with such names side by side in one statement: ``backend.emit`` prints the number once."""
    if sum(number_of(s) is not None for s in statements(function.body)) < 2:
        return function

    def block(body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, lambda inner: block(inner, depth + 1))
            place = _place(new, out, depth)
            if place is None:
                out.append(new)
            else:
                first = out[place]
                assert isinstance(first, Assign) and isinstance(new, Assign)
                out[place] = _both(first, new)
        return tuple(out)

    return with_body(function, block(function.body, 1))


def _place(stmt: Stmt, before: list[Stmt], depth: int) -> int | None:
    """Where in a block the same number is bound to another name, and this one may be bound, too."""
    number = number_of(stmt)
    if number is None or not isinstance(stmt, Assign):
        return None
    for place in range(len(before) - 1, -1, -1):
        earlier = before[place]
        if not isinstance(earlier, Assign) or earlier.origin is not None or earlier.saved or earlier.writes:
            return None
        if _meets(stmt.targets, earlier):
            return None
        if number_of(earlier) == number:
            return place if _columns(_both(earlier, stmt), depth) <= COLUMNS else None
    return None


def _both(first: Assign, then: Assign) -> Assign:
    return replace(first, targets=(*first.targets, *then.targets), values=(*first.values, *then.values))


def _meets(targets: Iterable[str], earlier: Stmt) -> bool:
    return not {*reads(earlier), *binds(earlier)}.isdisjoint(targets)


def number_of(stmt: Stmt) -> str | None:
    """The number that a statement of ours binds to each of its names, as it is spelled."""
    match stmt:
        case Assign(targets, values, None, "", None, ()) if len(targets) == len(values):
            numbers = {repr(v.value) if isinstance(v, Const) and type(v.value) is float else "" for v in values}
            return next(iter(numbers)) if len(numbers) == 1 and "" not in numbers else None
        case _:
            return None


def _columns(stmt: Assign, depth: int) -> int:
    return 4 * depth + sum(len(t) + 3 for t in stmt.targets) + len(number_of(stmt) or "")
