"""Adjoints of what is read backward, from its end: turned round no more often than they need to be.

Before                                                     After

    a_bar = np.zeros_like(a)                                   a_bar = y_bar / risk
    a_bar[::-1] = y_bar / risk                                 x_bar = np.cumsum(a_bar)
    x_bar = np.zeros_like(x)
    x_bar[::-1] = np.cumsum(a_bar[::-1])[::-1]

As in sums from each entry on, ``np.cumsum(x[::-1])[::-1]``. Where zeros are filled in one statement, with what has
their shape, and either that is turned round itself or everybody reads them so. The same numbers stand in another order
in memory: this is none of the passes that ``tidy`` switches. In double precision, where sizes are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tangent_like.ir.nodes import Assign, Block, Comment, Expr, Function, Index, Name, Stmt, Store
from tangent_like.ir.walk import binds, expressions, names, reads, rebuild, statements, subexpressions
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import begins_as_zeros, turn
from tangent_like.transform.sliced_once import stays
from tangent_like.transform.standing import Standing, Surroundings
from tangent_like.transform.tidy.algebra import is_new
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.facts import find_facts


def turned(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with fewer of them; ``kinds`` are those of its names."""
    for _ in range(len(function.body)):
        if not any(isinstance(s, Store) and _filled(s) for s in statements(function.body)):
            return function
        uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
        around = Surroundings(find_facts(function, frozenset(), kinds), kinds, uses, Classes.of(sizes.used))
        new = with_body(function, _block(function.body, around))
        if new is function:
            break
        function = new
    return function


def _filled(stmt: Stmt) -> str:
    """The name of what is filled backward."""
    match stmt:
        case Store(Index(Name(name), index), "", value, None) if not stmt.each and name not in names(value):
            return name if turn(index) else ""
        case _:
            return ""


def _block(body: Block, around: Surroundings) -> Block:
    body = tuple(change_blocks(s, lambda inner: _block(inner, around)) for s in body)
    for k, stmt in enumerate(body):
        name = begins_as_zeros(stmt)
        there = [j for j, s in enumerate(body) if j > k and name and name in {*reads(s), *binds(s)}]
        if not name or len(there) < 2 or len(there) + 1 != around.uses[name] or _filled(body[there[0]]) != name:
            continue
        new = _without(body, there, around)
        if new is not None:
            return tuple(s for j, s in enumerate(new) if j != k)
    return body


def _without(body: Block, there: list[int], around: Surroundings) -> list[Stmt] | None:
    """The block in which zeros that are filled and read ``there``, and nowhere else, are needed no more."""
    store = body[there[0]]
    name = _filled(store)
    assert isinstance(store, Store) and isinstance(store.target, Index)
    index = store.target.index
    at = Standing(around, list(body[: there[0]]), body[there[0] + 1 :])
    whole = around.dims(name)
    new = list(body)
    match store.value:
        case Index(value, other) if turn(other) == turn(index) and is_new(value):
            if not whole or at.dims(value) != whole:
                return None
            new[there[0]] = Assign((name,), (value,), None)
            return new
        case _:
            pass
    since = [s for s in body[there[0] + 1 : there[-1]] if not isinstance(s, Comment)]
    if not whole or at.dims(store.value) != whole:
        return None
    if not is_new(store.value) and not stays(store.value, tuple(since), around.facts):
        return None
    new[there[0]] = Assign((name,), (store.value,), None)
    for j in there[1:]:
        stmt = body[j]
        turns = sum(_reads_turned(e, name, index) for top in expressions(stmt) for e in subexpressions(top))
        count = sum(isinstance(e, Name) and e.id == name for top in expressions(stmt) for e in subexpressions(top))
        if name in binds(stmt) or count != turns or (isinstance(stmt, Store) and name in names(stmt.target)):
            return None
        new[j] = with_expressions(stmt, lambda e: _as_it_is(e, name, index))
    return new


def _reads_turned(expr: Expr, name: str, index: Expr) -> bool:
    match expr:
        case Index(Name(id), other):
            return id == name and turn(other) == turn(index)
        case _:
            return False


def _as_it_is(expr: Expr, name: str, index: Expr) -> Expr:
    if _reads_turned(expr, name, index):
        assert isinstance(expr, Index)
        return expr.value
    return rebuild(expr, lambda e: _as_it_is(e, name, index))
