"""What is put into a slice of zeros, and those added to slices of another adjoint: added to slices of the slices.

Before                                   After

    a_bar = np.zeros_like(a)                 a_bar = 2 * t_bar * g
    a_bar[:, :-1] = 2 * t_bar * g            u_bar[1:, :-1] += a_bar
    u_bar[1:] += a_bar                       u_bar[:-1, :-1] -= a_bar
    u_bar[:-1] -= a_bar

Where nobody else reads the zeros, and no axis is sliced twice. That 0 is added nowhere makes -0.0 of 0.0 at most: this
is none of the passes that ``tidy`` switches. In double precision, where sizes are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tangent_like.ir.nodes import Assign, Block, Comment, Expr, Function, Index, Name, Slice, Stmt, Store, Tuple
from tangent_like.ir.walk import binds, names, reads, statements
from tangent_like.kinds.dims import Sizes, fixed
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array, Kind
from tangent_like.kinds.operands import literal
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import Dims, begins_as_zeros
from tangent_like.transform.tidy.algebra import is_new
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts, find_facts

WHOLE = Slice(None, None, None)


def sliced_once(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> tuple[Function, Mapping[str, Kind]]:
    """The function without such zeros, and the kinds of its names: but of those that are less now."""
    if not any(begins_as_zeros(s) for s in statements(function.body)):
        return function, kinds
    uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
    equal = Classes.of(sizes.used)
    less: set[str] = set()

    def block(body: Block) -> Block:
        body = tuple(change_blocks(s, block) for s in body)
        for k, stmt in enumerate(body):
            name = begins_as_zeros(stmt)
            if not name:
                continue
            there = [s for s in body[k + 1 :] if name in {*reads(s), *binds(s)}]
            if len(there) + 1 != uses[name] or len(there) < 2:
                continue
            first = _put(there[0], name)
            added = [_added(s, name, kinds, sizes, equal) for s in there[1:]]
            if first is None or not all(added):
                continue
            index, value = first
            since = body[body.index(there[0]) + 1 : body.index(there[-1])]
            if not is_new(value) and not stays(value, since, find_facts(function, frozenset(), kinds)):
                continue
            new: dict[Stmt, Stmt | None] = {stmt: None, there[0]: Assign((name,), (value,), None)}
            for one, two in zip(there[1:], added, strict=True):
                both = None if two is None else _together(two, index)
                if both is None or not isinstance(one, Store) or not isinstance(one.target, Index):
                    break
                new[one] = Store(Index(one.target.value, both), one.op, one.value, None)
            else:
                less.add(name)
                return block(tuple(s for s in (new.get(s, s) for s in body) if s is not None))
        return body

    function = with_body(function, block(function.body))
    return function, {n: k for n, k in kinds.items() if n not in less} if less else kinds


def stays(value: Expr, since: Block, facts: Facts) -> bool:
    """Does the memory of what has no memory of its own stay as it is?"""
    held = facts.classes(names(value))
    does = [facts.does(s) for s in since if not isinstance(s, Comment)]
    return not any(d.anything or d.writes & held for d in does)


def _put(stmt: Stmt, name: str) -> tuple[list[Slice], Expr] | None:
    """Into which slices of the zeros what is put."""
    match stmt:
        case Store(Index(Name(id), index), "", value, None) if id == name and name not in names(value):
            slices = None if stmt.each else _slices(index)
            return None if slices is None else (slices, value)
        case _:
            return None


def _slices(index: Expr) -> list[Slice] | None:
    """The slices of an index that is made of nothing else: each from a number on, to a number before the end."""
    items = index_items(index)
    return [i for i in items if isinstance(i, Slice)] if all(_cut(i) is not None for i in items) else None


def _cut(item: Expr) -> int | None:
    """How many entries a slice leaves out."""
    if not isinstance(item, Slice) or item.step is not None:
        return None
    first = 0 if item.lower is None else literal(item.lower)
    last = 0 if item.upper is None else literal(item.upper)
    if type(first) is not int or type(last) is not int or first < 0 or last > 0:
        return None
    return None if item.upper is not None and not last else first - last


def _added(
    stmt: Stmt, name: str, kinds: Mapping[str, Kind], sizes: Sizes, equal: Classes
) -> list[Slice] | None:
    """The slices of another array to which all of the zeros, of the same size, are added."""
    match stmt:
        case Store(Index(Name(other), index), "+" | "-", Name(id), None) if id == name != other and not stmt.each:
            slices, own, whole = _slices(index), _dims(name, kinds), _dims(other, kinds)
        case _:
            return None
    if slices is None or own is None or whole is None or len(own) != len(whole) or len(slices) > len(whole):
        return None
    cuts = [_cut(s) or 0 for s in slices] + [0] * (len(whole) - len(slices))
    left = [sizes.clip(d - fixed(c)) if c else d for d, c in zip(whole, cuts, strict=True)]
    return slices if all(equal.find(d) == equal.find(e) for d, e in zip(own, left, strict=True)) else None


def _dims(name: str, kinds: Mapping[str, Kind]) -> Dims | None:
    kind = kinds.get(name)
    if not isinstance(kind, Array) or kind.dtype != "float64" or kind.dims is None or None in kind.dims:
        return None
    return tuple(d for d in kind.dims if d is not None)


def _together(outer: list[Slice], inner: list[Slice]) -> Expr | None:
    """``u[outer][inner]`` as one index, where no axis is cut by both."""
    found: list[Slice] = []
    for k in range(max(len(outer), len(inner))):
        pair = [s for s in (*outer[k : k + 1], *inner[k : k + 1]) if s.lower is not None or s.upper is not None]
        if len(pair) > 1:
            return None
        found.append(pair[0] if pair else WHOLE)
    return found[0] if len(found) == 1 else Tuple(tuple(found))
