"""Loops over one index space, and when two of them may be one.

A nest stands for nested loops ``for i in range(n): for j in range(m): ...`` over all places of an array. Its body
names the turns ``@0``, ``@1``, ...; they get names of their own when it is written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    For,
    If,
    Index,
    Library,
    Name,
    Origin,
    Ref,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, blocks, expressions, key, names, statements, subexpressions
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.operands import literal


@dataclass(frozen=True, eq=False)
class Extent:
    """How many turns: as text, as a size where that is known, and what it was cut by where it is not.

    ``cut`` holds the bounds of a slice, which two extents may have in common though neither is known.
    """

    text: Expr
    dim: Dim | None
    cut: object = None
    base: Dim | None = None

    def same(self, other: Extent, sizes: Sizes) -> bool:
        if self is other or (self.dim is not None and self.dim == other.dim):
            return True
        if self.cut is not None and self.cut == other.cut and sizes.same(self.base, other.base):
            return True
        if self.dim is None or other.dim is None:
            return False
        return sizes.same(self.dim, other.dim) is True

    def one(self, sizes: Sizes) -> bool:
        return self.dim is not None and sizes.is_one(self.dim) is True


@dataclass(eq=False)
class Nest:
    """``front`` runs before the loops: what they need, and memory for what they make (``made``).

    ``safe``: the extents are those of slices, so that the places next to them are there even if the slice is empty.
    """

    extents: tuple[Extent, ...]
    front: list[Stmt] = field(default_factory=list)
    body: list[Stmt] = field(default_factory=list)
    made: dict[str, Stmt] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    origin: Origin | None = None
    safe: bool = True

    @property
    def rank(self) -> int:
        return len(self.extents)


def turn(k: int) -> Name:
    return Name(f"@{k}")


def place(name: Expr, idx: tuple[Expr, ...]) -> Index:
    return Index(name, idx[0] if len(idx) == 1 else Tuple(idx))


def offset(expr: Expr) -> tuple[int, int] | None:
    """``(k, c)`` of ``@k + c``."""
    match expr:
        case Name(id) if id.startswith("@"):
            return int(id[1:]), 0
        case Binary("+", Name(id), Const(int(value))) if id.startswith("@"):
            return int(id[1:]), value
        case Binary("-", Name(id), Const(int(value))) if id.startswith("@"):
            return int(id[1:]), -value
        case _:
            return None


def plus(expr: Expr, number: int) -> Expr:
    """``expr + number``, with the number at the end of the text."""
    if number == 0:
        return expr
    if isinstance(expr, Const) and isinstance(expr.value, int):
        return Const(expr.value + number)
    if isinstance(expr, Binary) and expr.op in "+-" and isinstance(expr.right, Const):
        old = expr.right.value
        if isinstance(old, int):
            return plus(expr.left, (old if expr.op == "+" else -old) + number)
    return Binary("+" if number > 0 else "-", expr, Const(abs(number)))


# -- what a body touches -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Touch:
    name: str
    items: tuple[Expr, ...] | None  # None: the whole array, or we do not know
    writes: bool
    sums: bool = False  # ``a[i] += v``: in any order


def touches(body: Block | list[Stmt], is_array: Callable[[str], bool]) -> Iterator[Touch]:
    for stmt in statements(tuple(body)):
        if isinstance(stmt, Store):
            base = stmt.target.value
            items = _items(stmt.target)
            if isinstance(base, Name):
                yield Touch(base.id, items, True, stmt.op in ("+", "-") and stmt.op != "")
            else:  # an item of an item of a list: somewhere in what it is reached by
                yield from (Touch(name, None, True) for name in names(base))
            for item in items:
                yield from _read(item, is_array)
            yield from _read(stmt.value, is_array)
        else:
            for expr in expressions(stmt):
                yield from _read(expr, is_array)


def _read(expr: Expr, is_array: Callable[[str], bool]) -> Iterator[Touch]:
    if isinstance(expr, Index) and isinstance(expr.value, Name):
        if is_array(expr.value.id):
            yield Touch(expr.value.id, _items(expr), False)
        for item in _items(expr):
            yield from _read(item, is_array)
        return
    if isinstance(expr, Name):
        if is_array(expr.id):
            yield Touch(expr.id, None, False)
        return
    from tangent_like.ir.walk import children

    if isinstance(expr, Attribute) and expr.name in ("shape", "size", "ndim", "dtype"):
        return
    for child in children(expr):
        yield from _read(child, is_array)


def _items(expr: Index) -> tuple[Expr, ...]:
    return expr.index.items if isinstance(expr.index, Tuple) else (expr.index,)


def in_order(first: Touch, second: Touch, rank: int) -> bool:
    """Of two touches of one array, the first in an earlier loop: may turn by turn be the order as well?

    Turn p of the first and turn q of the second meet in one place only if q is not before p.
    """
    if not (first.writes or second.writes) or (first.sums and second.sums):
        return True
    if first.name != second.name or first.items is None or second.items is None:
        return False
    if len(first.items) != len(second.items):
        return False
    distance: list[int | None] = [None] * rank
    for a, b in zip(first.items, second.items, strict=True):
        left, right = offset(a), offset(b)
        if left is None or right is None:
            one, two = literal(a), literal(b)
            if isinstance(one, int) and isinstance(two, int) and one != two and (one >= 0) == (two >= 0):
                return True  # never one place
            if left is None and right is None and key(a) == key(b) and not moves(a):
                continue
            return False
        if left[0] != right[0]:
            return False
        apart = left[1] - right[1]
        known = distance[left[0]]
        if known is not None and known != apart:
            return True  # never one place
        distance[left[0]] = apart
    for step in distance:
        if step is None:
            return False
        if step:
            return step > 0
    return True


def moves(expr: Expr) -> bool:
    return any(isinstance(n, Name) and n.id.startswith("@") for n in subexpressions(expr))


# -- one nest of two -----------------------------------------------------------------------------------


def fused(one: Nest, two: Nest, sizes: Sizes, alias: Callable[[str], str], is_array: Callable[[str], bool]) -> bool:
    """Put ``two``, which comes right after ``one``, into it; False where that is not known to be the same."""
    if one.rank != two.rank or not all(a.same(b, sizes) for a, b in zip(one.extents, two.extents, strict=True)):
        return False
    bound = {n for s in statements(tuple(one.body)) for n in binds(s)} | one.made.keys()
    written = {alias(t.name) for t in touches(one.body, is_array) if t.writes} - {alias(n) for n in one.made}
    said = {n for s in statements(tuple(one.body)) for e in expressions(s) for n in names(e)}
    for stmt in two.front:
        if any(n in bound for e in expressions(stmt) for n in names(e)) and not _asks_size(stmt, one):
            return False
        if any(alias(t.name) in written for t in touches([stmt], is_array)):
            return False
        if any(n in bound or n in said for n in binds(stmt)):
            return False  # the loops of ``one`` mean what the name was before
    # numbers that one sums up, or of which it finds the largest, are there for the other only at the end
    totals = {s.target for s in statements(tuple(one.body)) if isinstance(s, Augment)}
    totals |= {n for s in statements(tuple(one.body)) if isinstance(s, Assign) for n in _carried(s)}
    if any(n in totals for s in two.body for e in expressions(s) for n in names(e)):
        return False
    if _numbers(one.body) & _open(two.body) or _numbers(two.body) & _open(one.body):
        return False
    firsts, seconds = list(touches(one.body, is_array)), list(touches(two.body, is_array))
    for a in firsts:
        for b in seconds:
            if alias(a.name) == alias(b.name) and not in_order(a, b, one.rank):
                return False
    one.front.extend(two.front)
    one.body.extend(two.body)
    one.made.update(two.made)
    one.comments.extend(two.comments)
    return True


def _numbers(body: list[Stmt]) -> set[str]:
    return {n for s in statements(tuple(body)) for n in binds(s)}


def _open(body: list[Stmt]) -> set[str]:
    """The names that a turn reads before it binds them."""
    found: set[str] = set()
    seen: set[str] = set()
    for stmt in body:
        inner = list(statements((stmt,)))
        found |= {n for s in inner for e in expressions(s) for n in names(e)} - seen
        if inner == [stmt] and not isinstance(stmt, Augment):
            seen.update(binds(stmt))
    return found


def _carried(stmt: Assign) -> set[str]:
    return set(stmt.targets) & set().union(*map(names, stmt.values))


def _asks_size(stmt: Stmt, one: Nest) -> bool:
    """Does a statement read of what the nest makes no more than its size?"""
    made = frozenset(one.made)
    return all(t.name not in made for t in touches([stmt], lambda n: n in made)) and not any(
        n in {b for s in statements(tuple(one.body)) for b in binds(s)} for e in expressions(stmt) for n in names(e)
    )


# -- written out ---------------------------------------------------------------------------------------


def written(nest: Nest, turns: list[str]) -> list[Stmt]:
    """The loops as statements, the last axis innermost."""
    table = {f"@{k}": Name(t) for k, t in enumerate(turns)}

    def change(expr: Expr) -> Expr:
        from tangent_like.ir.walk import substitute

        return substitute(expr, table)

    body: Block = tuple(rewrite(s, change, lambda n: n) for s in nest.body)
    for k in range(nest.rank - 1, -1, -1):
        body = (For(turns[k], (nest.extents[k].text,), body, nest.origin),)
    return [*nest.comments, *nest.front, *body]


def at_most(a: Expr, b: Expr) -> Expr:
    return Call(builtin_ref("min"), (a, b))


def at_least_zero(a: Expr) -> Expr:
    number = literal(a)
    if isinstance(number, int):
        return Const(max(number, 0))
    match a:
        case Call(Ref(target=Library(module="builtins", qualname="max")), (_, Const(0)), ()):
            return a
        case _:
            return Call(builtin_ref("max"), (a, Const(0)))


def length(text: Expr) -> Expr:
    """A length that may come out below 0, as that of a slice may, is none."""
    if isinstance(text, Const) or (isinstance(text, Index) and isinstance(text.value, Attribute)):
        return text
    return at_least_zero(text)


__all__ = [
    "Assign", "Extent", "If", "Nest", "Unary", "at_least_zero", "at_most", "blocks", "fused", "in_order",
    "length", "offset", "place", "plus", "touches", "turn", "written",
]  # fmt: skip
