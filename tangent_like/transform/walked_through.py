"""What every call of a function computes, with the sizes that it has; the first turns of its loops, too.

    for t in range(len(ids)):
        h = np.tanh(E[ids[t]] + W @ h)         # W is square, or this raises
    for t in range(len(ids) - 1, -1, -1):
        b_bar += t_bar                         # b is as long as t_bar, or this raises

A loop may have no turns, and then nothing raises. That is as good where all loops have equally many and what is
returned is then zeros of the right shapes: whatever is wrong with the sizes of arguments, nothing is made of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Break,
    Call,
    Const,
    Continue,
    Expr,
    For,
    Function,
    Index,
    Library,
    Name,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
    While,
    With,
)
from tangent_like.ir.walk import binds, blocks, bound_in, expressions, key, names, reads, statements
from tangent_like.kinds.dims import Dim
from tangent_like.kinds.operands import literal
from tangent_like.transform.followed_sizes import Given, Shape, Walker, base_of

ENDS = Break | Continue | Return | Try | With | While  # where a loop may end before its last turn, or a turn early


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
    walker = Walker(shapes, same, reached, dict(narrow or {}), wide, whole)
    for stmt in function.body:
        if params.turns and isinstance(stmt, For):
            _turns(walker, stmt, params, own)
        else:
            _step(walker, stmt, params, own)
    return walker


def _step(walker: Walker, stmt: Stmt, params: Given, own: set[str]) -> None:
    """One statement after another."""
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
    found = [walker.shape(e) for e in expressions(stmt)]
    counts = [walker.count(e) for e in expressions(stmt)]
    whole = isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values) == 1
    indices = set(binds(stmt)) if whole and walker.is_whole(expressions(stmt)[0]) else set()
    walker.indices = (walker.indices - set(binds(stmt))) | indices
    for name in binds(stmt):
        walker.shapes.pop(name, None)
        walker.counts.pop(name, None)
    if isinstance(stmt, Assign) and len(stmt.values) == 1 < len(stmt.targets) and len(found[0] or ()) == 1:
        walker.shapes |= dict.fromkeys(stmt.targets, ())  # entries of a vector
    elif isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
        for target, value, shape, count in zip(stmt.targets, stmt.values, found, counts, strict=False):
            if count is not None:
                walker.counts[target] = count
            if shape is not None:
                walker.shapes[target] = shape
                walker.named(target, value)
            elif target in params.shapes and base_of(stmt.values[0]) in own:
                walker.shapes[target] = params.shapes[target]


def _forget(walker: Walker, stmt: Stmt) -> None:
    """What a block may bind anew; what is added to an array in place leaves its shape."""
    anew = {n for s in statements((stmt,)) if not isinstance(s, Augment) for n in binds(s)}
    walker.indices -= bound_in((stmt,))
    for name in bound_in((stmt,)):
        walker.counts.pop(name, None)
        if name in anew or not walker.shapes.get(name):
            walker.shapes.pop(name, None)


def _turns(walker: Walker, loop: For, params: Given, own: set[str]) -> None:
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
        pairs=[],
        fits=[],
        met=[],
    )
    _one_turn(second, loop, params, own)
    if counted or not second.raises():
        walker.spread = spread
        _forget(walker, loop)


def _alike(a: Shape, b: Shape | None, walker: Walker) -> bool:
    return b is not None and len(a) == len(b) and all(map(walker.equal, a, b))


def _one_turn(walker: Walker, loop: For, params: Given, own: set[str]) -> None:
    walker.shapes.pop(loop.target, None)
    walker.counts.pop(loop.target, None)
    counts = loop.target not in bound_in(loop.body)
    walker.turns |= {loop.target} if counts else set()
    for stmt in loop.body:
        _step(walker, stmt, params, own)
    walker.turns.discard(loop.target)


def with_turns(function: Function, params: Given, wrt: tuple[str, ...]) -> Given:
    """With the first turns of the loops, where either every call has them or the function returns zeros."""
    loops = [s for s in function.body if blocks(s)]
    steady = _bound_once(function) if loops else frozenset()
    counts = [_count(s, steady) for s in loops]
    alike = bool(counts) and counts[0] is not None and all(c == counts[0] for c in counts)
    return replace(params, turns=True) if alike and _zeros(function, wrt) else params


def _count(loop: Stmt, steady: frozenset[str]) -> tuple[object, int] | None:
    """How many turns a loop has, by its text and a number that is added; None where it may end before its last turn."""
    if not isinstance(loop, For) or loop.turns or any(isinstance(s, ENDS) for s in statements(loop.body)):
        return None
    if not all(_is_steady(e, steady) for e in loop.args):
        return None
    first, last = (Const(0), loop.args[0]) if len(loop.args) == 1 else loop.args[:2]
    step = literal(loop.args[2]) if len(loop.args) == 3 else 1
    if step not in (1, -1):
        return None
    (low, start), (high, stop) = (_linear(e) for e in ((first, last) if step == 1 else (last, first)))
    return None if low is not None else (high, stop - start)


def _is_steady(expr: Expr, steady: frozenset[str]) -> bool:
    """Is it made of numbers and lengths, which are the same wherever the function asks?"""
    match expr:
        case Const(value):
            return isinstance(value, int)
        case Binary("+" | "-" | "*" | "//", left, right):
            return _is_steady(left, steady) and _is_steady(right, steady)
        case Unary("-", operand):
            return _is_steady(operand, steady)
        case Name() | Call(Ref(target=Library("builtins", "len")), (Name(),), ()):
            pass
        case Index(Attribute(Name(), "shape"), Const()):
            pass
        case _:
            return False
    return names(expr) - {"len"} <= steady


def _bound_once(function: Function) -> frozenset[str]:
    """The names that are bound once, before any block, and are no lists that grow."""
    given = {p.name for p in function.params}
    every = Counter(n for s in statements(function.body) for n in set(binds(s)))
    top = Counter(n for s in function.body if isinstance(s, Assign) for n in set(binds(s)))
    lists = {s.list for s in statements(function.body) if isinstance(s, Push | Pop)}
    found = {n for n in {*given, *top} if every[n] == top[n] and top[n] + (n in given) == 1}
    return frozenset(found - lists)


def _linear(expr: Expr) -> tuple[object, int]:
    """``n - 1`` as its text and number; of a number no text."""
    value = literal(expr)
    if isinstance(value, int) and not isinstance(value, bool):
        return None, value
    match expr:
        case Binary("+" | "-" as op, left, right) if isinstance(number := literal(right), int):
            text, rest = _linear(left)
            return text, rest + (number if op == "+" else -number)
        case _:
            return key(expr), 0


def _zeros(function: Function, wrt: tuple[str, ...]) -> bool:
    """Does it return zeros like the arguments ``wrt``, or numbers, but for what its loops add?"""
    last = function.body[-1]
    if not isinstance(last, Return) or last.value is None:
        return False
    bars = last.value.items if isinstance(last.value, Tuple) else (last.value,)
    if len(bars) != len(wrt):
        return False
    return all(_is_zero(bar, name, function) for bar, name in zip(bars, wrt, strict=True))


def _is_zero(bar: Expr, of: str, function: Function) -> bool:
    if not isinstance(bar, Name) or any(of in binds(s) for s in statements(function.body)):
        return False
    changes = [s for s in function.body if bar.id in binds(s) or _writes(s, bar.id)]
    match changes[:1]:
        case [Assign((_,), (value,), saved="")]:
            pass
        case _:
            return False
    match value:
        case Const(number):
            zero = number == 0
        case Call(Ref(target=Library("numpy", "zeros_like")), (Name(id),), ()):
            zero = id == of
        case _:
            return False
    return zero and all(isinstance(s, For) for s in changes[1:])


def _writes(stmt: Stmt, name: str) -> bool:
    """May the statement write into an array, or hand it on?"""
    if blocks(stmt):
        return any(name in reads(s) or name in binds(s) for s in statements((stmt,)))
    return not isinstance(stmt, Return) and name in reads(stmt)
