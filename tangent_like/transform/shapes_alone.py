"""Arrays of which only the shape is read: that of another is read, which is computed anyway.

Before                                           After

    logits = x @ w                                   logits = x @ w
    logp = logits - np.log(total)                    logp_bar = np.zeros_like(logits)
    logp_bar = np.zeros_like(logp)
    a = logits - y                                   a = logits - y
    a_bar = 2 / len(a) * a                           a_bar = 2 / len(logits) * a
    b = E[words]                                     b = E[words]
    h = np.sum(b, axis=0) / b.shape[0]               h = np.sum(b, axis=0) / len(words)
    z = None                                         z = None
    for x in xs:                                     for x in xs:
        z = W @ x + b                                    z = W @ x + b
    for k in range(len(xs) - 1, -1, -1):             for k in range(len(xs) - 1, -1, -1):
        z_bar = np.zeros_like(z)                         z_bar = np.zeros_like(b)
    p = None                                         for k in range(1, len(P)):
    for k in range(1, len(P)):                           p = P[k]
        p = P[k]                                     p_bar = np.zeros(P.shape[1])
    p_bar = np.zeros_like(p)

Of arrays in double precision whose sizes are known, both bound at the top of the function. And of what is ours and
read once but for its shape: what ``tidy`` then says where it is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from tangent_like.ir.build import builtin_ref, np_call
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    Function,
    Index,
    Name,
    Stmt,
    Unary,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, children, expressions, names, reads, rebuild, statements, subexpressions
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.by_rows import matrices
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import is_zeros
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import acts, library, origin_of

SHAPES = (("numpy", "zeros_like"), ("numpy", "full_like"), ("numpy", "shape"), ("builtins", "len"))


def shapes_alone(function: Function, kinds: Mapping[str, Kind], sizes: Sizes, users: frozenset[str]) -> Function:
    """The function with the shapes of arrays that it computes for more than that; ``users`` are the user's names."""
    equal = Classes.of(sizes.used)
    function = _not_at_first(function, kinds, equal)
    for _ in range(len(function.body)):  # what goes may have read the next for more than its shape
        before, function = function, _with_others(function, kinds, equal, users)
        if function is before:
            break
    return function


def _with_others(
    function: Function, kinds: Mapping[str, Kind], equal: Classes, users: frozenset[str]
) -> Function:
    bound = Counter(n for s in statements(function.body) for n in binds(s))
    at: dict[str, int] = {p.name: -1 for p in function.params}  # where a name is first bound to something, alone
    for k, stmt in enumerate(function.body):
        if isinstance(stmt, Assign) and len(stmt.targets) == 1 and not _is_nothing(stmt):
            at.setdefault(stmt.targets[0], k)
    asked = {n for s in statements(function.body) for e in expressions(s) for n in _asked(e)}
    asked = {n for n in asked if at.get(n, -1) >= 0 and bound[n] == 1}
    if not asked:
        return function
    whole = {n for s in statements(function.body) for e in expressions(s) for n in _read_whole(e)}
    whole |= {n for s in statements(function.body) for n in reads(s) - {x for e in expressions(s) for x in names(e)}}

    def other(name: str) -> str | None:
        """The last array of that shape before it, of which more than the shape is read; of the very sizes, if any."""
        own, kind = _shape(name, kinds, equal), kinds.get(name)
        if own is None:
            return None
        found = [n for n, k in at.items() if k < at[name] and n in whole and _shape(n, kinds, equal) == own]
        return max(found, key=lambda n: (kinds.get(n) == kind, at[n])) if found else None

    alone = {n for n in asked - whole if _only_computes(function.body[at[n]])}
    table = {n: found for n in sorted(alone) if (found := other(n)) is not None}
    tops = [e for s in statements(function.body) for e in expressions(s)]
    sizes_of = {n: _lengths(n, kinds, at, bound, equal) for n in sorted(alone - table.keys())}
    lengths_alone = {n: found for n, found in sizes_of.items() if found and _asks_lengths(n, tops, kinds, found)}
    gone = {at[name] for name in (*table, *lengths_alone)}
    often = Counter(n for s in statements(function.body) for e in expressions(s) for n in _read_whole(e))
    ours = {n for n in asked & whole - users if often[n] == 1}
    rows = matrices(function, kinds, equal)
    for name in sorted(ours):
        found = other(name)
        if found is not None and (at[found] >= 0 or (kinds[found] == kinds[name] and found not in rows)):
            table[name] = found  # not an argument that is as long only as is assumed
    said = {n: lengths for n in sorted(ours - table.keys()) if (lengths := _lengths(n, kinds, at, bound, equal))}
    said |= lengths_alone
    if not table and not said:
        return function

    def change(expr: Expr) -> Expr:
        name = _shape_of(expr)
        if name in table:
            return asked_of(Name(table[name]), expr, change)
        axis = _axis_of(expr, kinds)
        if axis is not None and (found := said.get(axis[0], {}).get(axis[1])) is not None:
            return found
        return rebuild(expr, change)

    left = [s for k, s in enumerate(function.body) if k not in gone]
    return with_body(function, tuple(rewrite(s, change, lambda n: n) for s in left))


def _not_at_first(function: Function, kinds: Mapping[str, Kind], equal: Classes) -> Function:
    """With the shapes of arguments for those of what a loop alone binds: ``z = None`` is written for them.

    Or of another array that the top of the function binds before any such shape is asked for; or zeros of the sizes of
    arguments.
    """
    first = {s.targets[0] for s in function.body if isinstance(s, Assign) and s.origin is None and _is_nothing(s)}
    if not first:
        return function
    bound = {n for s in statements(function.body) for n in binds(s)}
    given = [p.name for p in function.params]
    at = dict.fromkeys(sorted(given, key=lambda n: n in bound), -1)
    asked: dict[str, int] = {}
    for k, stmt in enumerate(function.body):
        asked |= dict.fromkeys(
            (n for s in statements((stmt,)) for e in expressions(s) for n in _asked(e) if n not in asked), k
        )
        if isinstance(stmt, Assign) and len(stmt.targets) == 1 and not _is_nothing(stmt):
            at.setdefault(stmt.targets[0], k)
    table: dict[str, str] = {}
    for name in sorted(first & asked.keys()):
        own = _shape(name, kinds, equal)
        there = (n for n, k in at.items() if n not in first and k < asked[name])
        found = [n for n in there if own is not None and _shape(n, kinds, equal) == own]
        if found:
            table[name] = next((n for n in found if kinds[n] == kinds[name]), found[0])
    steady = {p: kind for p in given if p not in bound and isinstance(kind := kinds.get(p), Array)}
    zeros = {n: size for n in sorted(first & asked.keys() - table.keys()) if (size := _zeros(n, kinds, equal, steady))}

    def change(expr: Expr) -> Expr:
        name = _shape_of(expr)
        if name in zeros and isinstance(expr, Call) and len(expr.args) == 1 and is_zeros(expr):
            return zeros[name]
        held = table.get(name)
        return rebuild(expr, change) if held is None else asked_of(Name(held), expr, change)

    def block(body: Block) -> Block:
        return tuple(
            change_blocks(s if s.origin is not None or isinstance(s, Comment) else with_expressions(s, change), block)
            for s in body
        )

    return with_body(function, block(function.body)) if table or zeros else function


def _zeros(name: str, kinds: Mapping[str, Kind], equal: Classes, steady: Mapping[str, Array]) -> Expr | None:
    """``np.zeros(P.shape[1])`` for zeros like a vector that is as long as an axis of an argument."""
    own = _shape(name, kinds, equal)
    if own is None or len(own) != 1 or not own[0].terms:
        return None
    for given, kind in sorted(steady.items(), key=lambda item: item[0]):
        for axis, size in enumerate(kind.dims or ()):
            if size is not None and equal.find(size) == own[0]:
                said = Index(Attribute(Name(given), "shape"), Const(axis))
                return np_call("zeros", Call(builtin_ref("len"), (Name(given),)) if axis == 0 else said)
    return None


def _is_nothing(stmt: Assign) -> bool:
    return len(stmt.targets) == 1 and isinstance(stmt.values[0], Const) and stmt.values[0].value is None


def _shape(name: str, kinds: Mapping[str, Kind], equal: Classes) -> tuple[Dim, ...] | None:
    """The sizes of an array in double precision, if all of them are known, and the same in every turn."""
    kind = kinds.get(name)
    if not isinstance(kind, Array) or kind.dtype != "float64" or not kind.dims:
        return None
    if not all(d is not None and d.steady for d in kind.dims):
        return None
    return tuple(equal.find(d) for d in kind.dims if d is not None)


def asked_of(other: Expr, expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """What asks for a shape, asking it of another array: ``b.size`` for ``a.size``, ``np.zeros_like(b)``.

    That the user did not ask.
    """
    if isinstance(expr, Attribute):
        return replace(expr, value=other, at=None)
    assert isinstance(expr, Call)
    others = tuple(change(a) for a in expr.args[1:])
    return replace(expr, at=None, args=(other, *others), keywords=tuple((n, change(e)) for n, e in expr.keywords))


def _lengths(
    name: str, kinds: Mapping[str, Kind], at: Mapping[str, int], bound: Mapping[str, int], equal: Classes
) -> dict[int, Expr]:
    """By axis: how the argument of the user's says it that is as long along its first axis."""
    own = kinds.get(name)
    if not isinstance(own, Array) or not own.dims:
        return {}
    found: dict[int, Expr] = {}
    vectors = {n for n in at if isinstance(kind := kinds.get(n), Array) and kind.rank == 1}
    for k, dim in enumerate(own.dims):
        for param, place in sorted(at.items(), key=lambda item: item[0] in vectors):  # a matrix first
            kind = kinds.get(param)
            if place >= 0 or bound[param] or not isinstance(kind, Array) or not kind.dims or kind.dims[0] is None:
                continue
            if dim is not None and dim.terms and equal.same(kind.dims[0], dim):
                found.setdefault(k, Call(builtin_ref("len"), (Name(param),)))
    return found


def _asks_lengths(name: str, tops: Iterable[Expr], kinds: Mapping[str, Kind], lengths: Mapping[int, Expr]) -> bool:
    """Is nothing asked of an array but how long it is along these axes?"""
    asked = [axis[1] for top in tops for e in subexpressions(top) if (axis := _axis_of(e, kinds)) and axis[0] == name]
    here = sum(isinstance(e, Name) and e.id == name for top in tops for e in subexpressions(top))
    return len(asked) == here and all(axis in lengths for axis in asked)


def _axis_of(expr: Expr, kinds: Mapping[str, Kind]) -> tuple[str, int] | None:
    """The name and the axis of which the expression is the size."""
    match expr:
        case Attribute(Name(id), "size") if isinstance(kind := kinds.get(id), Array) and kind.rank == 1:
            return id, 0
        case Index(Attribute(Name(id), "shape"), Const(int() as k)) if k >= 0:
            return id, k
        case Call(args=(Name(id),), keywords=()) if (target := library(expr)) is not None:
            return (id, 0) if origin_of(target) == ("builtins", "len") else None
        case _:
            return None


def _only_computes(stmt: Stmt) -> bool:
    """Need it not be done where nobody reads what it binds? No name for what is there anyway."""
    if not isinstance(stmt, Assign) or stmt.saved or stmt.writes or stmt.guard is not None:
        return False
    return isinstance(stmt.values[0], Binary | Unary | Call) and not acts(stmt.values[0])


def _shape_of(expr: Expr) -> str:
    """The name of which the expression reads the shape."""
    match expr:
        case Attribute(Name(id), "shape" | "size" | "ndim"):
            return id
        case Call(args=(Name(id), *_)) if (target := library(expr)) is not None:
            return id if origin_of(target) in SHAPES else ""
        case _:
            return ""


def _asked(expr: Expr) -> Iterator[str]:
    name = _shape_of(expr)
    if name:
        yield name
    for child in children(expr):
        yield from _asked(child)


def _read_whole(expr: Expr) -> Iterator[str]:
    """The names of which more than the shape is read."""
    if isinstance(expr, Name):
        yield expr.id
    elif _shape_of(expr):
        if isinstance(expr, Call):
            yield from (n for a in (*expr.args[1:], *(v for _, v in expr.keywords)) for n in _read_whole(a))
    else:
        for child in children(expr):
            yield from _read_whole(child)
