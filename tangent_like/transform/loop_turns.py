"""What is known of a call before its text is walked through: the shapes of its arguments, and the turns of its loops.

A loop may have no turns, and then nothing raises in it. Where all loops have equally many, that is a case of its own:
what is returned is then zeros of the right shapes, whatever is wrong with the sizes of arguments, or the function
without its loops is walked through, in which some arguments are not read at all.

    for x in xs:                               # as many turns as xs has rows, and h_saved entries
        h_saved.append(h)
        h = np.tanh(W @ h + x)
    for _ in range(len(h_saved)):              # as many
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Break,
    Call,
    Const,
    Continue,
    Each,
    Expr,
    For,
    Function,
    Index,
    Library,
    List,
    Loop,
    Name,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Try,
    Tuple,
    Unary,
    UserFunction,
    While,
    With,
)
from tangent_like.ir.walk import binds, blocks, bound_in, children, expressions, key, names, reads, statements
from tangent_like.kinds.dims import Dim
from tangent_like.kinds.operands import literal

Shape = tuple[Dim, ...]
NONE, SOME = "none", "some"
LOOPS = For | Each | While | Loop
Count = tuple[object, int]
ENDS = Break | Continue | Return | Try | With | While  # where a loop may end before its last turn, or a turn early


@dataclass(frozen=True)
class Given:
    """The shapes of arguments, which are whole numbers, and of which the user alone asks how long they are."""

    shapes: Mapping[str, Shape]
    whole: frozenset[str]
    asked: frozenset[str] = frozenset()
    turns: str = ""  # are the loops of this call without turns (``NONE``), or each with some (``SOME``)?
    idle: frozenset[str] = frozenset()  # the arguments that are not read where loops have none
    lists: frozenset[str] = frozenset()  # what keeps something for the way back
    halves: Mapping[str, Function] = field(default_factory=dict)  # the emitted functions that are called
    opens: Callable[[UserFunction], Function | None] | None = None  # those of the user's that are one expression


@dataclass(frozen=True)
class Kept:
    """The shapes of each entry of a list, one by one where that is a tuple."""

    shapes: tuple[Shape | None, ...]
    tupled: bool


@dataclass(frozen=True)
class Turned:
    """Of the user's function: how many turns each of its loops has, and the arguments that it reads in those alone."""

    count: Count | None
    inside: frozenset[str]
    opens: Callable[[UserFunction], Function | None]  # what it calls that is one expression


def with_turns(function: Function, params: Given, wrt: tuple[str, ...], primal: Turned | None) -> tuple[Given, ...]:
    """The cases there are: no loop has a turn, or each has, where all have equally many; or nothing is known."""
    params = replace(params, lists=_lists(function))
    count = turns_of(function, params.lists)
    if count is None:
        return (params,)
    some = replace(params, turns=SOME)
    if _zeros(function, wrt):
        return (some,)
    if primal is None or primal.count is None or primal.count != count:
        return (params,)
    idle = frozenset(n for n in primal.inside if n in params.shapes and _is_idle(function, n, wrt))
    return replace(params, turns=NONE, idle=idle), some


def turned(primal: Function, opens: Callable[[UserFunction], Function | None]) -> Turned:
    outside = {n for s in primal.body if not isinstance(s, For | Each) for n in reads(s)}
    inside = frozenset(p.name for p in primal.params) - outside - bound_in(primal.body)
    return Turned(turns_of(primal), inside, opens)


def turns_of(function: Function, lists: Collection[str] = ()) -> Count | None:
    """How many turns each loop has, if all have equally many."""
    if any(isinstance(s, Return) for stmt in function.body if blocks(stmt) for s in statements((stmt,))):
        return None
    loops = [s for s in function.body if any(isinstance(inner, LOOPS) for inner in statements((s,)))]
    if not loops:
        return None
    steady, grown = _bound_once(function), dict[str, Count]()
    counts: list[Count | None] = []
    for loop in loops:
        counts.append(_count(loop, steady, grown))
        if counts[-1] is None or counts[-1] != counts[0]:
            return None
        puts = Counter(s.list for s in statements((loop,)) if isinstance(s, Push | Pop))
        for stmt in loop.body if isinstance(loop, For | Each) and counts[0] is not None else ():
            if isinstance(stmt, Push) and stmt.list in lists and puts[stmt.list] == 1:
                grown[stmt.list] = counts[0]
    return counts[0]


def _is_idle(function: Function, name: str, wrt: tuple[str, ...]) -> bool:
    """Is it read in loops alone, but for zeros like it, which are returned?"""
    rest = [s for s in function.body if not isinstance(s, For | Each) and name in reads(s)]
    bars = _returned(function, wrt)
    if not rest:
        return True
    return name in bars and _is_zero(bars[name], name, function) and len(rest) == 1


def _returned(function: Function, wrt: tuple[str, ...]) -> dict[str, Expr]:
    """What is returned for each argument."""
    last = function.body[-1]
    if not isinstance(last, Return) or last.value is None:
        return {}
    bars = last.value.items if isinstance(last.value, Tuple) else (last.value,)
    return dict(zip(wrt, bars, strict=True)) if len(bars) == len(wrt) else {}


def _lists(function: Function) -> frozenset[str]:
    """The lists that begin empty, once, and that nothing is done with but to put something on and take it off."""
    every = Counter(n for s in statements(function.body) for n in binds(s))
    found = {
        s.targets[0]
        for s in function.body
        if isinstance(s, Assign) and len(s.values) == 1 and isinstance(s.values[0], List) and not s.values[0].items
    }
    found = {n for n in found if every[n] == 1}
    if not found:
        return frozenset()

    def other(expr: Expr) -> set[str]:
        match expr:
            case Call(Attribute(Name(), "pop"), (), ()) | Call(Ref(target=Library("builtins", "len")), (Name(),), ()):
                return set()
            case Name(id):
                return {id}
            case _:
                return {n for child in children(expr) for n in other(child)}

    return frozenset(found - {n for s in statements(function.body) for e in expressions(s) for n in other(e) & found})


def _count(loop: Stmt, steady: frozenset[str], grown: Mapping[str, Count]) -> Count | None:
    """How many turns a loop has, by its text and a number that is added; None where it may end before its last turn.

    ``grown``: how many entries lists have, each of which a turn has put one on.
    """
    if not isinstance(loop, For | Each) or loop.turns or any(isinstance(s, ENDS) for s in statements(loop.body)):
        return None
    if isinstance(loop, Each):
        if not isinstance(loop.iterable, Name) or loop.iterable.id not in steady:
            return None
        return key(Call(builtin_ref("len"), (loop.iterable,))), 0
    if not all(_is_steady(e, steady | grown.keys()) for e in loop.args):
        return None
    first, last = (Const(0), loop.args[0]) if len(loop.args) == 1 else loop.args[:2]
    step = literal(loop.args[2]) if len(loop.args) == 3 else 1
    if step not in (1, -1):
        return None
    (low, start), (high, stop) = (_linear(e, grown) for e in ((first, last) if step == 1 else (last, first)))
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


def _linear(expr: Expr, grown: Mapping[str, Count]) -> Count:
    """``n - 1`` as its text and number; of a number no text."""
    value = literal(expr)
    if isinstance(value, int) and not isinstance(value, bool):
        return None, value
    match expr:
        case Call(Ref(target=Library("builtins", "len")), (Name(id),), ()) if id in grown:
            return grown[id]
        case Binary("+" | "-" as op, left, right) if isinstance(number := literal(right), int):
            text, rest = _linear(left, grown)
            return text, rest + (number if op == "+" else -number)
        case _:
            return key(expr), 0


def _zeros(function: Function, wrt: tuple[str, ...]) -> bool:
    """Does it return zeros like the arguments ``wrt``, or numbers, but for what its loops add?"""
    bars = _returned(function, wrt)
    return bool(bars) and all(_is_zero(bar, name, function) for name, bar in bars.items())


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
    return zero and all(isinstance(s, For | Each) for s in changes[1:])


def _writes(stmt: Stmt, name: str) -> bool:
    """May the statement write into an array, or hand it on?"""
    if blocks(stmt):
        return any(name in reads(s) or name in binds(s) for s in statements((stmt,)))
    return not isinstance(stmt, Return) and name in reads(stmt)
