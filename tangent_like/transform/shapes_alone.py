"""Arrays of which only the shape is read: that of another is read, which is computed anyway.

Before                                           After

    logits = x @ w                                   logits = x @ w
    logp = logits - np.log(total)                    logp_bar = np.zeros_like(logits)
    logp_bar = np.zeros_like(logp)

Of arrays in double precision whose sizes are known, both bound at the top of the function.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tangent_like.ir.nodes import Assign, Attribute, Binary, Call, Expr, Function, Name, Stmt, Unary
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, children, expressions, names, reads, rebuild, statements
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.enforced import Classes
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.calls import acts, library, origin_of

SHAPES = (("numpy", "zeros_like"), ("numpy", "full_like"), ("numpy", "shape"), ("builtins", "len"))


def shapes_alone(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with the shapes of arrays that it computes for more than that."""
    bound = Counter(n for s in statements(function.body) for n in binds(s))
    at: dict[str, int] = {p.name: -1 for p in function.params}  # where a name is bound first, alone
    for k, stmt in enumerate(function.body):
        if isinstance(stmt, Assign) and len(stmt.targets) == 1:
            at.setdefault(stmt.targets[0], k)
    asked = {n for s in statements(function.body) for e in expressions(s) for n in _asked(e)}
    asked = {n for n in asked if at.get(n, -1) >= 0 and bound[n] == 1 and _only_computes(function.body[at[n]])}
    if not asked:
        return function
    whole = {n for s in statements(function.body) for e in expressions(s) for n in _read_whole(e)}
    whole |= {n for s in statements(function.body) for n in reads(s) - {x for e in expressions(s) for x in names(e)}}
    equal = Classes.of(sizes.used)

    def shape(name: str) -> object:
        kind = kinds.get(name)
        if not isinstance(kind, Array) or kind.dtype != "float64" or not kind.dims:
            return None
        return None if None in kind.dims else tuple(equal.find(d) for d in kind.dims if d is not None)

    table: dict[str, str] = {}
    for name in sorted(asked - whole):
        own = shape(name)
        others = [n for n, k in at.items() if k < at[name] and n in whole and own is not None and shape(n) == own]
        if others:
            table[name] = max(others, key=at.__getitem__)
    if not table:
        return function

    def change(expr: Expr) -> Expr:
        match expr:
            case Name(id) if id in table:
                return Name(table[id])
            case _:
                return rebuild(expr, change)

    gone = {at[name] for name in table}
    left = [s for k, s in enumerate(function.body) if k not in gone]
    return with_body(function, tuple(rewrite(s, change, lambda n: n) for s in left))


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
