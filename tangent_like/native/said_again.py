"""Arrays that only hold what is cheap to say are not filled: where they are read, it is said again.

Before                                           After

    w = np.empty(n)
    for i in range(n):                               for i in range(n):
        w[i] = 1.0 if x[i] == highest else 0.0           total += 1.0 if x[i] == highest else 0.0
        total += w[i]
    for i in range(n):                               for i in range(n):
        x_bar[i] += w[i] / total                         x_bar[i] += (1.0 if x[i] == highest else 0.0) / total

Nothing between may change what is said. Memory for a few numbers, as of a window, takes longer than all that is done
with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    For,
    Function,
    If,
    Index,
    Library,
    Name,
    Ref,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    binds,
    bound_in,
    children,
    expressions,
    names,
    rebuild,
    statements,
    subexpressions,
    substitute,
    with_body,
)
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.native.nests import Nest, length, touches
from tangent_like.native.upward import plain

LOADS = 2  # of places of arrays, where the array itself is one
READS = 3  # places in the text


def said_again(
    function: Function, nests: dict[Stmt, Nest], typing: Typing, classes: Mapping[str, str]
) -> Function:
    """The function without such arrays; ``nests`` is told of the new loops."""

    def block(body: Block) -> Block:
        out = [_followed(s, with_blocks(s, block), nests) for s in body]
        k = 0
        while k < len(out):
            nest = nests.get(out[k])
            for name in tuple(nest.made) if nest is not None else ():
                made = _without(out, k, name, nests, mentions, typing, classes, turns)
                if made is not None:
                    out = made
                    break
            else:
                k += 1
        return tuple(out)

    mentions = _mentioned(function.body)
    for param in function.params:
        mentions[param.name] += 1
    turns = frozenset(n for loop, nest in nests.items() for n in _turns(loop, nest.rank))
    return with_body(function, block(function.body))


def _followed(old: Stmt, new: Stmt, nests: dict[Stmt, Nest]) -> Stmt:
    """The new statement, known as the loop of the nest that the old one was, or as what makes its memory."""
    if new is not old:
        if old in nests:
            nests[new] = nests.pop(old)
        for nest in nests.values():
            nest.made.update({name: new for name, alloc in nest.made.items() if alloc is old})
    return new


def _mentioned(body: Block | list[Stmt]) -> Counter[str]:
    found: Counter[str] = Counter()
    for stmt in statements(tuple(body)):
        for expr in expressions(stmt):
            found.update(e.id for e in subexpressions(expr) if isinstance(e, Name))
        found.update(binds(stmt))
    return found


def _without(
    body: list[Stmt],
    k: int,
    name: str,
    nests: dict[Stmt, Nest],
    mentions: Counter[str],
    typing: Typing,
    classes: Mapping[str, str],
    given: frozenset[str],
) -> list[Stmt] | None:
    """The statements without the array that the loop at ``k`` fills, if it is read in what follows, and cheaply."""

    def is_array(name: str) -> bool:
        return not isinstance(typing.overall.get(name), Scalar)

    loop = body[k]
    nest = nests[loop]
    alloc = nest.made[name]
    start = next((n for n in range(k, -1, -1) if body[n] is alloc), None)
    last = next((n for n in range(len(body) - 1, k, -1) if _mentioned([body[n]])[name]), None)
    if start is None or last is None or not _is_plain_memory(alloc):
        return None
    if _mentioned(body[start : last + 1])[name] != mentions[name]:
        return None
    told = _said_at(loop, name, nest.rank)
    if told is None:
        return None
    turns, value = told
    between = body[k + 1 : last + 1]
    if not plain(list(statements(tuple(between)))) or not _cheap(value) or not is_float(value, typing):
        return None
    sizes = tuple(e.text for e in nest.extents)
    read = names(value) - set(turns)
    bound = bound_in(tuple(between))
    if name in bound | bound_in(tuple(body[start + 1 : k])):
        return None
    if (read | set().union(*map(names, sizes))) & bound or read & bound_in((loop,)):
        return None
    arrays = {classes.get(n, n) for n in read if is_array(n)}
    if any(t.writes and classes.get(t.name, t.name) in arrays for t in touches([loop, *between], is_array)):
        return None
    own = classes.get(name, name)
    if any(t.writes and classes.get(t.name, t.name) == own for t in touches(between, is_array)):
        return None

    def say(expr: Expr) -> Expr:
        match expr:
            case Index(Name(id), index) if id == name:
                return substitute(value, dict(zip(turns, index_items(index), strict=True)))
            case Index(Attribute(Name(id), "shape"), Const(int(axis))) if id == name:
                return length(sizes[axis])
            case _:
                return rebuild(expr, say)

    first = body[start + 1 : k]  # memory of the same size may be made here
    places = [_places(s, name, nest.rank, given) for s in (*first, *between, _without_store(loop, name))]
    if None in places or sum(n for n in places if n is not None) > READS:
        return None
    del nest.made[name], nests[loop]
    new = [_rewritten(s, say, name, nests) for s in between]
    inner = _rewritten(_without_store(loop, name), say, name, nests)
    for other in nests.values():
        if any(name in names(e.text) for e in other.extents):
            other.extents = tuple(replace(e, text=_bare_length(say(e.text))) for e in other.extents)
    front = [*body[:start], *(_rewritten(s, say, name, nests) for s in first)]
    kept = [inner] if _does_anything(inner) else []
    if kept:
        nests[inner] = nest
    del mentions[name]
    mentions.update(_mentioned([*front[start:], *kept, *new]))
    mentions.subtract(_mentioned([alloc, *first, loop, *between]))
    return [*front, *kept, *new, *body[last + 1 :]]


def _turns(loop: Stmt, rank: int) -> list[str]:
    found: list[str] = []
    while len(found) < rank and isinstance(loop, For) and loop.body:
        found.append(loop.target)
        loop = loop.body[0]
    return found


def _is_plain_memory(alloc: Stmt) -> bool:
    """Is it memory for floats of 64 bits, which keeps what it is given?"""
    return isinstance(alloc, Assign) and isinstance(alloc.values[0], Call) and len(alloc.values[0].args) == 1


def is_float(expr: Expr, typing: Typing) -> bool:
    match expr:
        case Const(value):
            return isinstance(value, float)
        case Name(id):
            kind = typing.overall.get(id)
            return isinstance(kind, Scalar) and kind.type == "float" and kind.dtype in (None, "float64")
        case Index(Name(id), _):
            kind = typing.overall.get(id)
            return isinstance(kind, Array) and kind.dtype == "float64"
        case Choose(_, one, other):
            return is_float(one, typing) and is_float(other, typing)
        case Unary("-" | "+", operand):
            return is_float(operand, typing)
        case Binary(_, left, right):
            return is_float(left, typing) and is_float(right, typing)
        case _:
            return False


def _said_at(loop: Stmt, name: str, rank: int) -> tuple[list[str], Expr] | None:
    """The turns of a nest, and what it stores at their place; None where that is not all it does with the array."""
    turns = _turns(loop, rank)
    body: Block = (loop,)
    for _ in turns:
        assert isinstance(body[0], For)
        body = body[0].body
    if len(turns) != rank:
        return None
    stores = [s for s in statements((loop,)) if isinstance(s, Store) and name in names(s.target.value)]
    if len(stores) != 1 or stores[0] not in body or stores[0].op or stores[0].each:
        return None
    items = index_items(stores[0].target.index)
    if [i.id if isinstance(i, Name) else "" for i in items] != turns:
        return None
    before = body[: body.index(stores[0])]
    if _mentioned(before)[name] or not plain(list(statements((loop,)))):
        return None
    return turns, stores[0].value


def _cheap(expr: Expr) -> bool:
    parts = list(subexpressions(expr))
    fine = Const | Name | Index | Tuple | Compare | Choose | Unary | Ref
    good = all(isinstance(p, fine) or (isinstance(p, Binary) and p.op in ("+", "-", "*")) for p in parts)
    return good and sum(isinstance(p, Index) for p in parts) <= LOADS


def _places(stmt: Stmt, name: str, rank: int, given: frozenset[str]) -> int | None:
    """How often the array is read; None where it is not place by place, at turns of ours, or asked for its sizes."""

    def count(expr: Expr) -> int | None:
        match expr:
            case Index(Name(id), index) if id == name:
                items = index_items(index)
                return 1 if len(items) == rank and all(_counted(i, given) for i in items) else None
            case Index(Attribute(Name(id), "shape"), Const(int())) if id == name:
                return 0
            case Name(id):
                return None if id == name else 0
            case _:
                return total(map(count, children(expr)))

    return total(count(e) for s in statements((stmt,)) for e in expressions(s))


def total(counts: Iterable[int | None]) -> int | None:
    every = list(counts)
    return None if None in every else sum(n for n in every if n is not None)


def _counted(item: Expr, given: frozenset[str]) -> bool:
    """Is it a turn of ours, or one and a number: never counted from the end?"""
    match item:
        case Name(id):
            return id in given
        case Binary("+", left, Const(int(number))):
            return number >= 0 and _counted(left, given)
        case _:
            return False


def _without_store(loop: Stmt, name: str) -> Stmt:
    def block(body: Block) -> Block:
        kept = (s for s in body if not (isinstance(s, Store) and name in names(s.target.value)))
        return tuple(with_blocks(s, block) for s in kept)

    return with_blocks(loop, block)


def _rewritten(stmt: Stmt, say: Callable[[Expr], Expr], name: str, nests: dict[Stmt, Nest]) -> Stmt:
    """The statement, with loops that are still known as nests."""
    if not _mentioned([stmt])[name]:
        return stmt
    inner = with_blocks(stmt, lambda body: tuple(_rewritten(s, say, name, nests) for s in body))
    match inner:
        case For(args=args):
            inner = replace(inner, args=tuple(_bare_length(say(a)) for a in args))
        case If(arms):
            inner = replace(inner, arms=tuple(replace(a, test=say(a.test)) for a in arms))
        case _:
            inner = rewrite(inner, say, lambda n: n)
    return _followed(stmt, inner, nests)


def _bare_length(expr: Expr) -> Expr:
    """As the end of a range, a length below 0 is as good as none."""
    match expr:
        case Call(Ref(target=Library(module="builtins", qualname="max")), (length, Const(0)), ()):
            return length
        case _:
            return expr


def _does_anything(loop: Stmt) -> bool:
    return any(not isinstance(s, For) for s in statements((loop,)))
