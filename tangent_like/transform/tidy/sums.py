"""A first contribution and the next ones in one statement.

Before                                   After

    x_bar = y * k                            x_bar = y * k + 2.0 * z - w
    x_bar += 2.0 * z                         y_bar = x * k
    x_bar -= w                               # y = np.sin(z)
    y_bar = 0.0                              y_bar += z
    y_bar += x * k                           k_bar = np.zeros_like(k)
    # y = np.sin(z)                          k_bar += z
    y_bar += z
    k_bar = np.zeros_like(k)
    k_bar += z

Where nothing stands between them, not even a comment. Numbers are added as they would be. Of arrays
the first must be new memory, and all of double precision: ``+=`` keeps the type of the first.
"""

from __future__ import annotations

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import Assign, Augment, Binary, Block, Call, Expr, Function, Stmt
from tangent_like.ir.walk import names
from tangent_like.transform.tidy.algebra import total
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.width import COLUMNS, line_width


def sums(function: Function, facts: Facts) -> Function:
    def block(body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, lambda inner: block(inner, depth + 1))
            joined = _joined(out[-1], new, facts, depth) if out else None
            if joined is not None:
                out[-1] = joined
            else:
                out.append(new)
        return tuple(out)

    return with_body(function, block(function.body, 1))


def _joined(first: Stmt, then: Stmt, facts: Facts, depth: int) -> Stmt | None:
    match first, then:
        case Assign((name,), (value,)), Augment(target, "+" | "-" as op, more):
            if target != name or first.saved or first.origin is not None or then.origin is not None:
                return None
            if name in names(more) or not _alike(name, value, more, facts):
                return None
            whole = total(Binary(op, value, more), facts)
            if is_number(value, 0) and isinstance(whole, Binary) and whole.left is value:
                return None
            new = Assign((name,), (whole,), None)
            return new if line_width(new, depth) <= COLUMNS else None
        case _:
            return None


def _alike(name: str, value: Expr, more: Expr, facts: Facts) -> bool:
    if facts.is_number(name):
        return True
    if isinstance(value, Call):
        target = library(value)
        if target is not None and origin_of(target)[1] in ("zeros_like", "zeros"):
            return False
    if facts.look(value).type != "float64" or facts.look(more).type not in ("float64", "int"):
        return False
    return facts.is_fresh(value)
