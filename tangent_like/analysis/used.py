"""What use says of parameters of which nothing else is known: numbers, and arrays.

    for k in range(n): ...               ``n`` is a whole number
    def decay(a, t):                     ``a`` and ``t`` are numbers: ``math.exp`` takes nothing else
        return math.exp(-a * t)

    def total(A, b):                     ``A`` is an array of two axes: a list has no ``shape``
        m, n = A.shape
        ...

A list may be what ``x[i]`` and ``len(x)`` are asked of, and is neither: nothing is said of such an ``x``.
Neither is of what the program itself asks the type of, and of numbers that may be whole ones, which count and index.
The text checks on entry what is said here: a number is no array either of no axes, which ``a -= e`` writes into.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from tangent_like.analysis.ranks import OF_ITERABLES, Bounds
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Break,
    Call,
    Compare,
    Const,
    Continue,
    Dict,
    Each,
    Expr,
    For,
    Function,
    Index,
    Library,
    List,
    Name,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import binds, expressions, names, statements, subexpressions
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import INT, UNKNOWN, Array, DictOf, Kind, Scalar

NUMBER = Scalar("float", None, None, True)  # Python's or NumPy's
TYPE_TESTS = frozenset({"isinstance", "hasattr", "type", "callable", "isscalar", "ndim", "shape", "issubclass"})


def told_by_use(
    function: Function,
    kinds: Mapping[str, Kind],
    bounds: Bounds,
    wrt: tuple[str, ...],
    written: frozenset[str],
    as_lists: bool = False,
) -> dict[str, Kind]:
    """The parameters of which only use tells something, with their kinds; ``written`` are by functions, as arrays.

    Where numbers are kept in a dict under keys that only the run tells, what has one axis is an array, no list: what
    is in it has to be known. ``as_lists``: what is asked for, too, where it may be a list of numbers as well.
    """
    unknown = [p.name for p in function.params if kinds[p.name] == UNKNOWN]
    if not unknown:
        return {}
    other = set(asked_for_type(function))
    arrays = {*shown_as_arrays(function), *shown_as_copies(function), *written}
    whole = maybe_whole(function) - set(wrt)
    reckoned = (set(reckoned_with(function)) | set(kept_by_key(function, bounds))) - set(taken_apart(function))
    keyed = any(isinstance(kind, DictOf) for kind in bounds.typing.overall.values())
    counters = set(counted(function)) - set(wrt)
    found: dict[str, Kind] = {}
    for name in (n for n in unknown if n not in other):
        low, high = bounds.of(name)
        again = name in bounds.rebound  # to what need not be of the kind that was given
        if name in counters and not again:
            found[name] = INT
            continue
        one_axis = low == high == 1 and (keyed or ((as_lists or name not in wrt) and is_read(name, function)))
        if (name in arrays or one_axis) and not again:
            found[name] = Array(None, None)
        elif low == high == 0 and name in reckoned and name not in whole:
            found[name] = NUMBER
    return found


def counted(function: Function) -> Iterator[str]:
    """The names of what a loop that runs in any case counts by: ``range`` takes whole numbers alone."""
    for stmt in function.body:
        if isinstance(stmt, For):
            for arg in stmt.args:
                parts = list(subexpressions(arg))
                if all(isinstance(e, Name | Const) or (isinstance(e, Binary) and e.op in "+-*") for e in parts):
                    yield from names(arg)
        if any(isinstance(s, Return | Break | Continue) for s in statements((stmt,))):
            return  # what follows need not run


def all_expressions(function: Function) -> Iterator[Expr]:
    for stmt in statements(function.body):
        for whole in expressions(stmt):
            yield from subexpressions(whole)


def asked_for_type(function: Function) -> Iterator[str]:
    """The names of which the program asks what they are: it is written for several kinds."""
    for expr in all_expressions(function):
        match expr:
            case Call(Ref(target=Library(_, name)), args) if name in TYPE_TESTS:
                for arg in args:
                    yield from names(arg)
            case Compare(left, ops, rights) if "is" in ops or "is not" in ops:
                for side in (left, *rights):
                    yield from names(side)
            case Attribute(Name(id), "ndim"):
                yield id


def shown_as_arrays(function: Function) -> Iterator[str]:
    """The names of what is used as nothing but an array can be."""
    for stmt in statements(function.body):
        yield from shown_in(stmt)


def shown_in(stmt: Stmt) -> Iterator[str]:
    match stmt:
        case Assign(targets, (Attribute(Name(id), "shape"),)) if len(targets) > 1:
            yield id
    for expr in (e for whole in expressions(stmt) for e in subexpressions(whole)):
        match expr:
            case Index(Attribute(Name(id), "shape"), Const()):
                yield id
            case Index(Name(id), index):
                if len(index_items(index)) > 1:  # nor can it be taken by two indices
                    yield id


def shown_as_copies(function: Function) -> Iterator[str]:
    """``u = u.copy()``, and then ``u.shape[0]``: the names of what was copied."""
    copies: dict[str, str] = {}
    for stmt in function.body:
        yield from (copies[name] for name in shown_in(stmt) if name in copies)
        bound = {n for s in statements((stmt,)) for n in binds(s)}
        match stmt:
            case Assign((target,), (Call(Attribute(Name(id), "copy"), ()),)):
                copies[target] = copies.get(id, id)
                bound.discard(target)
        for name in bound:
            copies.pop(name, None)


def reckoned_with(function: Function) -> Iterator[str]:
    """The names of what stands in arithmetic, or is given to ``math``, or to a name."""
    for expr in all_expressions(function):
        match expr:
            case Binary(_, left, right):
                yield from (e.id for e in (left, right) if isinstance(e, Name))
            case Unary("-", Name(id)):
                yield id
            case Call(Ref(target=Library("math", name)), args) if name not in OF_ITERABLES:
                yield from (e.id for e in args if isinstance(e, Name))
    for stmt in statements(function.body):
        match stmt:
            case Assign((_,), (Name(id),)):
                yield id


def kept_by_key(function: Function, bounds: Bounds) -> Iterator[str]:
    """The names of what is put into a dict whose keys only the run tells: numbers."""
    for stmt in statements(function.body):
        match stmt:
            case Store(Index(holder), _, Name(id)) if isinstance(bounds.typing.at(stmt)(holder), DictOf):
                yield id
    for expr in all_expressions(function):
        if isinstance(expr, Dict):
            yield from (e.id for e in expr.values if isinstance(e, Name))


def taken_apart(function: Function) -> Iterator[str]:
    """The names of what is indexed, or asked for an attribute: no number of Python's."""
    for expr in all_expressions(function):
        match expr:
            case Index(Name(id)) | Attribute(Name(id)):
                yield id


def is_read(name: str, function: Function) -> bool:
    """Is it only read entry by entry, and its length? Then it is the same whether it is an array or a list."""
    body = statements(function.body)
    uses = sum(isinstance(expr, Name) and expr.id == name for expr in all_expressions(function))
    for expr in all_expressions(function):
        match expr:
            case Index(Name(id), index) if id == name and not isinstance(index, Slice):
                uses -= 1
            case Call(Ref(target=Library("builtins", "len")), (Name(id),)) if id == name:
                uses -= 1
    uses -= sum(isinstance(s, Each) and isinstance(s.iterable, Name) and s.iterable.id == name for s in body)
    uses -= sum(name in unpacked_by(s) for s in body)
    return uses == 0


def unpacked_by(stmt: Stmt) -> tuple[str, ...]:
    """The name of what a statement unpacks: ``x, y = p``."""
    match stmt:
        case Assign((_, _, *_), (Name(id),)):
            return (id,)
        case _:
            return ()


def reckons(func: Expr) -> bool:
    """Does it take any numbers, and none that counts or indexes?"""
    match func:
        case Ref(target=Library(module, _, obj)):
            return isinstance(obj, np.ufunc) or module in ("math", "cmath") or obj in (float, abs, min, max)
        case _:
            return False


def maybe_whole(function: Function) -> set[str]:
    """The names of what may have to be a whole number: it counts, it indexes, it is handed on."""
    found: set[str] = set()
    for expr in all_expressions(function):
        match expr:
            case Index(_, index):
                found |= names(index)
            case Binary("//" | "%" | "&" | "|" | "^" | "<<" | ">>", left, right):
                found |= names(left) | names(right)
            case Binary("*", List(), right) | Binary("*", right, List()):
                found |= names(right)
            case Call(func, args, keywords) if not reckons(func):
                found |= {n for e in (*args, *(v for _, v in keywords)) for n in names(e)}
    for stmt in statements(function.body):
        if isinstance(stmt, For | Each):
            found |= {n for e in expressions(stmt) for n in names(e)}
    while True:
        more = set(found)
        for stmt in statements(function.body):
            match stmt:
                case Assign(targets, values) if found & set(targets):
                    more |= {n for v in values for n in names(v)}
                case Augment(target, _, value) if target in found:
                    more |= names(value)
        if more == found:
            return found
        found = more
