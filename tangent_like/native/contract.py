"""Arrays that only pass a value on within one loop become numbers; those that a loop fills anew are made once.

Before                                           After

    t = np.empty(n)                                  for i in range(n):
    for i in range(n):                                   t = 0.5 * y_bar[i]
        t[i] = 0.5 * y_bar[i]                            x_bar[i] += t * w[i]
        x_bar[i] += t[i] * w[i]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Const,
    Each,
    Expr,
    For,
    Function,
    Index,
    Name,
    Stmt,
    Store,
    Tuple,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, children, expressions, key, names, rebuild, statements, with_body
from tangent_like.native.nests import Nest


def contracted(function: Function, nests: dict[Stmt, Nest]) -> tuple[Function, set[str]]:
    """The function without arrays that live within one turn, and with memory made outside of loops.

    And the names of what became numbers.
    """
    function, numbers = _numbers(function, nests)
    made = {id(alloc) for nest in nests.values() for alloc in nest.made.values()}
    allocs = [s for s in statements(function.body) if id(s) in made]
    return _outside(function, allocs) if allocs else function, numbers


def mentions(expr: Expr) -> Iterator[str]:
    """The names that are read other than for their sizes."""
    if isinstance(expr, Name):
        yield expr.id
    elif isinstance(expr, Attribute) and expr.name == "shape" and isinstance(expr.value, Name):
        return
    else:
        for child in children(expr):
            yield from mentions(child)


def _count(body: Block) -> Counter[str]:
    found: Counter[str] = Counter()
    for stmt in statements(body):
        for expr in expressions(stmt):
            found.update(mentions(expr))
        found.update(binds(stmt))
        if isinstance(stmt, Augment):
            found[stmt.target] += 1
    return found


def _numbers(function: Function, nests: dict[Stmt, Nest]) -> tuple[Function, set[str]]:
    total = _count(function.body)
    params = {p.name for p in function.params}
    numbers: dict[Stmt, set[str]] = {}
    sizes: dict[object, Expr] = {}
    gone: set[int] = set()
    for loop, nest in nests.items():
        inside = _count((loop,))
        for name, alloc in nest.made.items():
            if name in params or total[name] != inside[name] + 1 or not _at_its_place(loop, name, nest.rank):
                continue
            numbers.setdefault(loop, set()).add(name)
            gone.add(id(alloc))
            for k, extent in enumerate(nest.extents):
                sizes[key(Index(Attribute(Name(name), "shape"), Const(k)))] = extent.text
    if not numbers:
        return function, set()

    def resized(expr: Expr) -> Expr:
        if isinstance(expr, Index) and isinstance(expr.value, Attribute):
            found = sizes.get(key(expr))
            if found is not None:
                return resized(found)
        return rebuild(expr, resized)

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            if id(stmt) in gone:
                continue
            inner = with_blocks(stmt, block)
            if stmt in numbers:
                inner = _as_numbers(inner, numbers[stmt])
            out.append(inner)
        return tuple(out)

    new = block(function.body)
    kept = {id(a) for n in nests.values() for a in n.made.values()}
    moved = tuple(_resized(s, resized, kept, nests) for s in new)
    return with_body(function, moved), set().union(*numbers.values())


def _resized(stmt: Stmt, change: object, kept: set[int], nests: dict[Stmt, Nest]) -> Stmt:
    """The statement with sizes of what is gone said otherwise; memory that nests make is still known as theirs."""
    inner = with_blocks(stmt, lambda body: tuple(_resized(s, change, kept, nests) for s in body))
    if inner is stmt and not any(_asks(e) for e in expressions(stmt)):
        return stmt
    if inner is not stmt and not any(_asks(e) for e in expressions(inner)):
        return inner
    made = rewrite(inner, change, lambda n: n) if not _has_blocks(inner) else _head(inner, change)  # type: ignore[arg-type]
    if id(stmt) in kept:
        for nest in nests.values():
            for name, alloc in nest.made.items():
                if alloc is stmt:
                    nest.made[name] = made
    return made


def _has_blocks(stmt: Stmt) -> bool:
    return isinstance(stmt, For | Each | While) or with_blocks(stmt, lambda b: (*b, stmt)) is not stmt


def _head(stmt: Stmt, change: object) -> Stmt:
    """The statement with its own expressions changed: those of its blocks have been."""
    return rewrite(stmt, change, lambda n: n)  # type: ignore[arg-type]


def _asks(expr: Expr) -> bool:
    if isinstance(expr, Attribute) and expr.name == "shape":
        return True
    return any(_asks(child) for child in children(expr))


def _at_its_place(loop: Stmt, name: str, rank: int) -> bool:
    """Is every element read and written only in its own turn?"""
    turns: list[str] = []
    stmt: Stmt = loop
    while len(turns) < rank:
        assert isinstance(stmt, For)
        turns.append(stmt.target)
        stmt = stmt.body[0]
    wanted = tuple(turns)

    def right(expr: Expr) -> bool:
        if isinstance(expr, Index) and isinstance(expr.value, Name) and expr.value.id == name:
            items = expr.index.items if isinstance(expr.index, Tuple) else (expr.index,)
            return tuple(i.id if isinstance(i, Name) else "" for i in items) == wanted
        if isinstance(expr, Name):
            return expr.id != name
        return all(right(child) for child in children(expr))

    return all(right(e) for s in statements((loop,)) for e in expressions(s))


def _as_numbers(loop: Stmt, numbers: set[str]) -> Stmt:
    def change(expr: Expr) -> Expr:
        if isinstance(expr, Index) and isinstance(expr.value, Name) and expr.value.id in numbers:
            return expr.value
        return rebuild(expr, change)

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            inner = with_blocks(stmt, block)
            if isinstance(inner, Store) and isinstance(inner.target.value, Name) and inner.target.value.id in numbers:
                name = inner.target.value.id
                value = change(inner.value)
                origin = inner.origin
                out.append(Augment(name, inner.op, value, origin) if inner.op else Assign((name,), (value,), origin))
            else:  # what a branch asks is changed here, too
                out.append(rewrite(inner, change, lambda n: n))
        return tuple(out)

    return with_blocks(loop, block)


# -- memory made once ----------------------------------------------------------------------------------


def _outside(function: Function, allocs: list[Stmt]) -> Function:
    """Memory that a loop fills anew in each turn, and nothing else holds, is made before the loop."""
    bound = Counter(n for s in statements(function.body) for n in binds(s))
    total = _count(function.body)
    bare: Counter[str] = Counter()
    for stmt in statements(function.body):
        for expr in expressions(stmt):
            bare.update(_bare(expr))
    wanted = {id(a): a.targets[0] for a in allocs if isinstance(a, Assign)}
    good = {i for i, n in wanted.items() if bound[n] == 1 and not bare[n]}

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            if isinstance(stmt, For | Each | While):
                inner = with_blocks(stmt, block)
                lifted, inner = lift(inner)
                out.extend(lifted)
                out.append(inner)
            else:
                out.append(with_blocks(stmt, block))
        return tuple(out)

    def lift(loop: Stmt) -> tuple[list[Stmt], Stmt]:
        """What can be made before ``loop``, of what stands anywhere at the top of its body."""
        changing = {n for s in statements((loop,)) for n in binds(s)}
        inside = _count((loop,))
        lifted: list[Stmt] = []
        for stmt in blocks_of(loop):
            if id(stmt) not in good:
                continue
            name = wanted[id(stmt)]
            if inside[name] != total[name] or any(names(e) & changing for e in expressions(stmt)):
                continue
            lifted.append(stmt)
        if not lifted:
            return [], loop
        gone = {id(s) for s in lifted}
        return lifted, with_blocks(loop, lambda body: tuple(s for s in body if id(s) not in gone))

    return with_body(function, block(function.body))


def blocks_of(loop: Stmt) -> Block:
    assert isinstance(loop, For | Each | While)
    return loop.body


def _bare(expr: Expr) -> Iterator[str]:
    """The names that are read as a whole: whoever reads so may keep the memory."""
    if isinstance(expr, Name):
        yield expr.id
    elif isinstance(expr, Index) and isinstance(expr.value, Name):
        yield from _bare(expr.index)
    elif isinstance(expr, Attribute) and expr.name == "shape":
        return
    else:
        for child in children(expr):
            yield from _bare(child)
