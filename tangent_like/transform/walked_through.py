"""What every call of a function computes, with the sizes that it has; the first turns of its loops, too.

    for t in range(len(ids)):
        h = np.tanh(E[ids[t]] + W @ h)         # W is square, or this raises
    for t in range(len(ids) - 1, -1, -1):
        b_bar += t_bar                         # b is as long as t_bar, or this raises

What is kept for the way back is as large as it was: ``h_saved.append(h)``, ``h = h_saved.pop()``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Bind,
    Call,
    Comment,
    Each,
    Emitted,
    Expr,
    For,
    Function,
    Library,
    Name,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import binds, blocks, bound_in, expressions, statements
from tangent_like.kinds.dims import Dim, fixed
from tangent_like.transform.followed_sizes import Walker, base_of
from tangent_like.transform.loop_turns import SOME, Given, Kept, Shape

DEEP = 3  # how far calls in calls are walked into


def walked(
    function: Function,
    params: Given,
    same: Callable[[Dim, Dim], bool],
    narrow: Mapping[str, Mapping[int, Dim]] | None = None,
    wide: Sequence[Dim] = (),
) -> Walker:
    """What every call computes, walked through."""
    own = {p.name for p in function.params}
    reached = {str(s[0]).removesuffix(".shape[0]"): s for s in params.shapes.values() if s}
    reached |= {n: s for n, s in params.shapes.items() if "." in n or "[" in n}
    bound = bound_in(function.body)
    whole = {n: s for n, s in params.shapes.items() if n in own and n in params.whole - bound}
    shapes = {n: s for n, s in params.shapes.items() if n in own}
    walker = Walker(shapes, same, reached, dict(narrow or {}), wide, whole, opens=params.opens)
    for stmt in function.body:
        if params.turns == SOME and isinstance(stmt, For | Each):
            _turns(walker, stmt, params, own)
            continue
        _step(walker, stmt, params, own)
        if blocks(stmt) and any(isinstance(s, Return) and not _are_zeros(s.value) for s in statements((stmt,))):
            break  # what follows not every call computes
    return walker


def _are_zeros(value: Expr | None) -> bool:
    """Is it 0, and zeros like arguments, for whatever sizes those have?"""
    match value:
        case Tuple(items):
            return all(map(_are_zeros, items))
        case Call(Ref(target=Library("numpy", "zeros_like")), (Name(),), ()):
            return True
        case _:
            return value is not None and is_number(value, 0)


def _step(walker: Walker, stmt: Stmt, params: Given, own: set[str]) -> None:
    """One statement after another."""
    if isinstance(stmt, Push):
        _put(walker, stmt)
        return
    if blocks(stmt):
        _forget(walker, stmt)
        return
    if isinstance(stmt, Augment):
        walker.counts.pop(stmt.target, None)
        walker.added(stmt)
        return
    if isinstance(stmt, Store):
        walker.stored(stmt)
        return
    if isinstance(stmt, Comment):
        return
    exprs, bound = expressions(stmt), binds(stmt)
    found = [walker.shape(e) for e in exprs]
    if not bound:
        return
    whole = isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values) == 1
    entry = _taken(walker, stmt, params)
    walker.indices -= set(bound)
    if whole and walker.is_whole(exprs[0]):
        walker.indices |= set(bound)
    counts = [walker.count(e) for e in exprs]
    for name in bound:
        walker.shapes.pop(name, None)
        walker.counts.pop(name, None)
        walker.wider.pop(name, None)
        if entry is None:
            walker.tuples.pop(name, None)
    unpacks = len(bound) > 1 and isinstance(stmt, Assign | Bind) and base_of(exprs[0]) in own
    if unpacks and params.shapes.keys() >= set(bound):
        walker.shapes |= {n: params.shapes[n] for n in bound}  # ``W, b = params``
    elif entry is not None:
        walker.shapes |= {n: s for n, s in zip(bound, entry, strict=True) if s is not None}
    elif isinstance(stmt, Assign) and whole and stmt.targets[0] in params.lists:
        walker.lists[stmt.targets[0]] = None
    elif isinstance(stmt, Assign) and (sizes := _sizes(walker, stmt)):
        walker.shapes |= dict.fromkeys(sizes, ())
        walker.counts |= sizes
    elif isinstance(stmt, Assign) and len(stmt.values) == 1 < len(stmt.targets) and len(found[0] or ()) == 1:
        walker.shapes |= dict.fromkeys(stmt.targets, ())  # entries of a vector
        walker.pairs += [(size, fixed(len(stmt.targets))) for size in found[0] or ()]
    elif isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
        for target, value, shape, count in zip(stmt.targets, stmt.values, found, counts, strict=False):
            if count is not None:
                walker.counts[target] = count
            if shape is not None:
                walker.shapes[target] = shape
                walker.named(target, value)
            elif (least := walker.least.get(id(value))) is not None:
                walker.wider[target] = least
            elif target in params.shapes and base_of(stmt.values[0]) in own:
                walker.shapes[target] = params.shapes[target]


def _sizes(walker: Walker, stmt: Assign) -> dict[str, Dim]:
    """``rows, cols = image.shape``"""
    match stmt.values:
        case (Attribute(value, "shape"),) if len(stmt.targets) > 1:
            shape = walker.shape(value)
            return dict(zip(stmt.targets, shape, strict=True)) if shape and len(shape) == len(stmt.targets) else {}
        case _:
            return {}


def _put(walker: Walker, stmt: Push) -> None:
    """What is kept of a turn: every turn's is as large, or nothing is known of it."""
    found = _told(walker, stmt.value)
    if stmt.list in walker.lists:
        before = walker.lists[stmt.list]
        if before is None or (before.tupled == found.tupled and _all_alike(before.shapes, found.shapes, walker)):
            walker.lists[stmt.list] = found
        else:
            del walker.lists[stmt.list]


def _told(walker: Walker, value: Expr) -> Kept:
    """The shape of a value, or of each in a tuple."""
    match value:
        case Tuple(items):
            return Kept(tuple(map(walker.shape, items)), True)
        case Name(id) if id in walker.tuples:
            return Kept(walker.tuples[id], True)
        case Call(Attribute(Name(id), "pop"), (), ()) if (kept := walker.lists.get(id)) is not None:
            return kept
        case _:
            return Kept((walker.shape(value),), False)


def _taken(walker: Walker, stmt: Stmt, params: Given) -> list[Shape | None] | None:
    """``h, z = saved.pop()``, ``h, saved = block_forward(h, W)``: what is bound, name by name."""
    names_bound = binds(stmt)
    match stmt:
        case Pop(Name(), name):
            kept = walker.lists.get(name)
            found = None if kept is None else [kept]
        case Assign(values=(Call(Ref(target=Emitted())) as call,)):
            found = _entered(walker, call, params)
        case Assign(values=(Call(Attribute(Name(name), "pop"), (), ()),)):
            kept = walker.lists.get(name)
            found = None if kept is None else [kept]
        case Assign(targets, (Name(id),)) if len(targets) > 1 and id in walker.tuples:
            found = [Kept(walker.tuples[id], True)]
        case _:
            return None
    if found is not None and len(found) == 1 < len(names_bound) and found[0].tupled:
        found = [Kept((s,), False) for s in found[0].shapes]
    if found is None or len(found) != len(names_bound):
        return None
    for name, part in zip(names_bound, found, strict=True):
        walker.tuples.pop(name, None)
        if part.tupled:
            walker.tuples[name] = part.shapes
    return [None if part.tupled else part.shapes[0] for part in found]


def _entered(walker: Walker, call: Call, params: Given) -> list[Kept] | None:
    """What one half of a function of the user's returns, walked through for these arguments."""
    assert isinstance(call.func, Ref) and isinstance(call.func.target, Emitted)
    half = params.halves.get(call.func.target.name)
    if half is None or call.keywords or len(call.args) > len(half.params) or walker.depth > DEEP:
        return None
    given = dict(zip((p.name for p in half.params), [_told(walker, a) for a in call.args], strict=False))
    inner = replace(
        walker,
        shapes={n: k.shapes[0] for n, k in given.items() if not k.tupled and k.shapes[0] is not None},
        tuples={n: k.shapes for n, k in given.items() if k.tupled},
        reached={},
        narrow={},
        whole={},
        counts={},
        turns=set(),
        indices=set(),
        lists={},
        wider={},
        depth=walker.depth + 1,
    )
    own = replace(params, shapes={}, lists=frozenset())
    for stmt in half.body:
        _step(inner, stmt, own, set())
        if blocks(stmt) and any(isinstance(s, Return) for s in statements((stmt,))):
            return None
    last = half.body[-1]
    if not isinstance(last, Return) or last.value is None:
        return None
    return [_told(inner, e) for e in (last.value.items if isinstance(last.value, Tuple) else (last.value,))]


def _all_alike(a: Sequence[Shape | None], b: Sequence[Shape | None], walker: Walker) -> bool:
    return len(a) == len(b) and all(
        x is y or (x is not None and _alike(x, y, walker)) for x, y in zip(a, b, strict=True)
    )


def _forget(walker: Walker, stmt: Stmt) -> None:
    """What a block may bind anew, or keep; what is added to an array in place leaves its shape."""
    for inner in statements((stmt,)):
        if isinstance(inner, Push):
            walker.lists.pop(inner.list, None)
    anew = {n for s in statements((stmt,)) if not isinstance(s, Augment) for n in binds(s)}
    walker.indices -= bound_in((stmt,))
    for name in bound_in((stmt,)):
        walker.counts.pop(name, None)
        walker.tuples.pop(name, None)
        walker.wider.pop(name, None)
        if name in anew or not walker.shapes.get(name):
            walker.shapes.pop(name, None)


def _turns(walker: Walker, loop: For | Each, params: Given, own: set[str]) -> None:
    """A loop with at least one turn: what its first turn computes, and what is known behind it.

    Behind it the shapes are those after the first turn, if the next turns leave them, or the second raises.
    """
    bound = bound_in((loop,))
    before, spread, counted = dict(walker.shapes), walker.spread, bool(bound & walker.counts.keys())
    _one_turn(walker, loop, params, own)
    for name in bound:
        walker.counts.pop(name, None)
    if not counted and all(_alike(before[n], walker.shapes.get(n), walker) for n in bound & before.keys()):
        return
    second = replace(
        walker,
        shapes=dict(walker.shapes),
        narrow=dict(walker.narrow),
        counts=dict(walker.counts),
        turns=set(walker.turns),
        indices=set(walker.indices),
        lists=dict(walker.lists),
        tuples=dict(walker.tuples),
        wider=dict(walker.wider),
        pairs=[],
        fits=[],
        long=list(walker.long),
        met=[],
    )
    _one_turn(second, loop, params, own)
    if second.raises() and not counted:
        return
    walker.spread = spread
    other = {n for n in bound if not _all_alike([walker.shapes.get(n)], [second.shapes.get(n)], walker)}
    if counted or other & before.keys():
        _forget(walker, loop)
        return
    walker.lists, walker.tuples = second.lists, second.tuples  # as every turn from the second leaves it
    for name in other:
        walker.shapes.pop(name, None)


def _alike(a: Shape, b: Shape | None, walker: Walker) -> bool:
    return b is not None and len(a) == len(b) and all(map(walker.equal, a, b))


def _one_turn(walker: Walker, loop: For | Each, params: Given, own: set[str]) -> None:
    over = walker.shape(loop.iterable) if isinstance(loop, Each) else None
    walker.shapes.pop(loop.target, None)
    walker.counts.pop(loop.target, None)
    if over and isinstance(loop, Each):
        walker.shapes[loop.target] = over[1:]
        walker.rows(loop.target, loop.iterable, over)
    counts = isinstance(loop, For) and loop.target not in bound_in(loop.body)
    walker.turns |= {loop.target} if counts else set()
    if counts:
        walker.shapes[loop.target] = ()
    for stmt in loop.body:
        _step(walker, stmt, params, own)
    walker.turns.discard(loop.target)
