"""What is added to an entry for the next statement alone, added there.

Before                                            After

    k_bar = 2 * k                                     k_bar = 2 * k
    for i in range(len(k) - 1, -1, -1):               for i in range(len(k) - 1, -1, -1):
        k_bar[i] += y_bar                                 # k[i] = (1.0 - p[i] * y) / p[i]
        # k[i] = (1.0 - p[i] * y) / p[i]                  x_bar = (k_bar[i] + y_bar) / p[i]
        x_bar = k_bar[i] / p[i]                           y_bar -= x_bar * p[i]
        y_bar -= x_bar * p[i]                         return y_bar
    return y_bar

Where no later statement, in no later turn, reads that entry again: ``spent`` tells.
"""

from __future__ import annotations

from itertools import pairwise

from tangent_like.ir.blocks import all_blocks
from tangent_like.ir.nodes import Assign, Binary, Block, Comment, Expr, Function, Stmt, Store
from tangent_like.ir.walk import base_name, expressions, rebuild, same, statements, subexpressions
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.spent import spent
from tangent_like.transform.tidy.width import COLUMNS, line_width


def at_once(function: Function, facts: Facts) -> Function:
    pairs = [p for b in all_blocks(function.body)[1:] for p in _pairs(b, facts)]
    for store, reader in pairs:
        new = _moved(store, reader)
        if line_width(new, 3) > COLUMNS:
            continue
        trial = with_body(function, _with(function.body, {store: (), reader: (new, store)}))
        after = spent(trial, facts)
        if not any(s is store for s in statements(after.body)):
            function = with_body(function, _with(function.body, {store: (), reader: (new,)}))
    return function


def _pairs(block: Block, facts: Facts) -> list[tuple[Store, Assign]]:
    """What adds to an entry, and the statement of ours behind it that reads this entry once, and no other."""
    found: list[tuple[Store, Assign]] = []
    steps = [s for s in block if not isinstance(s, Comment)]
    for store, reader in pairwise(steps):
        if not isinstance(store, Store) or store.op not in ("+", "-") or store.origin is not None or store.each:
            continue
        name = base_name(store.target)
        if name is None or not isinstance(reader, Assign) or not facts.mine(reader) or reader.origin is not None:
            continue
        if facts.look_of(name).type != "float64" or facts.look(store.target).rank != 0 or facts.own(store).acts:
            continue
        parts = [e for top in expressions(reader) for e in subexpressions(top)]
        read = [e for e in parts if same(e, store.target)]
        own = [e for e in parts if base_name(e) == name]
        if len(read) == 1 and len(own) == 2 and reader.guard is None:  # the entry, and the name in it
            found.append((store, reader))
    return found


def _moved(store: Store, reader: Assign) -> Stmt:
    whole = Binary(store.op, store.target, store.value)

    def change(expr: Expr) -> Expr:
        return whole if same(expr, store.target) else rebuild(expr, change)

    return with_expressions(reader, change)


def _with(body: Block, instead: dict[Stmt, Block]) -> Block:
    out: list[Stmt] = []
    for stmt in body:
        out.extend(instead.get(stmt) or () if stmt in instead else (change_blocks(stmt, lambda b: _with(b, instead)),))
    return tuple(out)
