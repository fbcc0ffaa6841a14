"""What an expression reads by value, and what only for its shape: only values have to be kept."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.analysis.places import shape_arguments
from tangent_like.analysis.seen import Holes
from tangent_like.ir.build import np_call, numpy_ref
from tangent_like.ir.nodes import (
    Attribute,
    Call,
    Const,
    Expr,
    Fresh,
    Hole,
    Index,
    List,
    Name,
    Opaque,
    Slice,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import children, rebuild, subexpressions
from tangent_like.kinds.kind import Kind, ListOf, Sequence, dims_of


def index_value(index: Expr) -> Expr:
    """An index as a value that can be passed: slices in it need ``np.s_``."""
    items = index.items if isinstance(index, Tuple) else (index,)
    return Index(numpy_ref("s_"), index) if any(isinstance(i, Slice) for i in items) else index


def as_expanded(expr: Index, kind: Kind) -> Call | None:
    """``s[..., None]`` of a value that may be a number as ``np.expand_dims(s, -1)``: no place in an array."""
    items = expr.index.items if isinstance(expr.index, Tuple) else (expr.index,)
    if not may_be_number(kind) or not items:
        return None
    if not all(isinstance(i, Const) and (i.value is None or i.value is ...) for i in items):
        return None
    before = next((k for k, i in enumerate(items) if isinstance(i, Const) and i.value is ...), len(items))
    axes = [*range(before), *(k - len(items) for k in range(before + 1, len(items)))]
    return np_call("expand_dims", expr.value, Tuple(tuple(Const(a) if a >= 0 else Unary("-", Const(-a)) for a in axes)))


def through_expanded(path: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """``s[None][0]``: where ``s`` is a number, ``s_bar[None]`` is a copy, and what is written into it is lost."""
    while isinstance(path, Index | Attribute):
        if isinstance(path, Index) and as_expanded(path, kind_of(path.value)) is not None:
            return True
        path = path.value
    return False


def may_be_number(kind: Kind) -> bool:
    """Of no known rank: in a number of NumPy's, which has ``s.T`` and ``s[..., None]`` too, no place is written."""
    return not isinstance(kind, ListOf | Sequence) and dims_of(kind) in (None, ())


def split_reads(expr: Expr) -> tuple[list[Expr], list[Expr]]:
    """The leaves (names, holes, fresh values) read by value, and those read only for their shape."""
    values: list[Expr] = []
    shapes: list[Expr] = []

    pending = [(expr, False)]  # the next to read comes last
    while pending:
        e, shape = pending.pop()
        match e:
            case Name() | Hole() | Fresh():
                (shapes if shape else values).append(e)
            case Const():
                pass
            case Opaque(reads=names):
                values.extend(Name(n) for n in names)
            case Attribute(value, "shape" | "size" | "ndim" | "dtype"):
                pending.append((value, True))
            case Index(value, index):
                pending += [(index, False), (value, shape)]
            case Call(func, args, keywords):
                only = shape_arguments(e)
                pending += [(arg, False) for _, arg in reversed(keywords)]
                pending += [(args[k], shape or k in only) for k in range(len(args) - 1, -1, -1)]
                pending.append((func, False))
            case _:
                pending += [(child, shape) for child in reversed(children(e))]
    return values, shapes


def is_literal(expr: Expr) -> bool:
    match expr:
        case Const():
            return True
        case Unary("-", Const()):
            return True
        case Tuple(items) | List(items):
            return bool(items) and all(is_literal(i) for i in items)
        case _:
            return False


def has_hole(expr: Expr, name: str) -> bool:
    return any(isinstance(e, Hole) and e.name == name for e in subexpressions(expr))


def count_hole(expr: Expr, name: str) -> int:
    return sum(isinstance(e, Hole) and e.name == name for e in subexpressions(expr))


def holes_in(text: Expr) -> Holes:
    values, shapes = split_reads(text)
    read = {e.name: None for e in values if isinstance(e, Hole)}
    return Holes(tuple(read), tuple(read | {e.name: None for e in shapes if isinstance(e, Hole)}))


def open_shapes(text: Expr, operand: Callable[[str], Expr]) -> Expr:
    """Shape-only arguments filled in, so that a size can be read off a name inside them."""
    match text:
        case Call(func, args, keywords):
            only = shape_arguments(text)
            new = tuple(
                operand(a.name) if k in only and isinstance(a, Hole) and a.name else open_shapes(a, operand)
                for k, a in enumerate(args)
            )
            pairs = tuple((n, open_shapes(v, operand)) for n, v in keywords)
            return Call(func, new, pairs, text.at)
        case _:
            return rebuild(text, lambda child: open_shapes(child, operand))


def small(expr: Expr) -> bool:
    """Has it few enough parts to be compared at every turn of a long sum?"""
    pending, count = [expr], 0
    while pending and count <= SMALL:
        count += 1
        pending.extend(children(pending.pop()))
    return not pending


SMALL = 40
