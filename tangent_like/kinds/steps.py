"""The kinds of literals, comparisons, elements, and what arithmetic makes of sizes and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Sequence as Row

from tangent_like.ir.nodes import Binary, Const, Expr, Index, Name
from tangent_like.kinds.dims import Dim, Sizes, fixed, is_count, symbol
from tangent_like.kinds.indexing import indexed
from tangent_like.kinds.kind import (
    BOOL,
    INT,
    TEXT,
    UNKNOWN,
    Array,
    DictOf,
    Kind,
    ListOf,
    Plain,
    Scalar,
    Sequence,
    Unknown,
    as_list,
    is_complex,
    is_list,
    is_scalar,
    item_of,
    join,
    kind_of_value,
)
from tangent_like.kinds.operands import broadcast_kinds, literal


def without(kind: Kind, turn: str | None) -> Kind:
    """The kind with sizes forgotten that the variable of a loop is part of: the next turn has another."""
    if turn is None:
        return kind
    if isinstance(kind, Array) and kind.dims is not None:
        return Array(tuple(None if d is not None and turn in str(d) else d for d in kind.dims), kind.dtype)
    if isinstance(kind, Scalar) and kind.value is not None and turn in str(kind.value):
        return Scalar(kind.type, kind.dtype, None, kind.mixed)
    if isinstance(kind, Sequence):
        return Sequence(tuple(without(i, turn) for i in kind.items), kind.is_list, kind.of)
    if isinstance(kind, ListOf) and kind.item is not None:
        return ListOf(without(kind.item, turn))
    if isinstance(kind, DictOf):
        item, by = (None if k is None else without(k, turn) for k in (kind.item, kind.key))
        return DictOf(item, by, kind.missing)
    return kind


def turns_of(args: Row[tuple[Expr, Kind]]) -> tuple[Dim | None, Dim | None]:
    """From where to where the variable of ``range(*args)`` goes; None where that is not known."""
    found: list[Dim | None] = []
    for expr, kind in args:
        value = literal(expr)
        whole = isinstance(value, int) and not isinstance(value, bool)
        found.append(fixed(value) if whole else kind.value if isinstance(kind, Scalar) else None)  # type: ignore[arg-type]
    start, stop = (fixed(0), found[0]) if len(found) == 1 else found[:2]
    step = found[2].known if len(found) == 3 and found[2] is not None else 1 if len(found) < 3 else None
    if not step:
        return None, None
    if step > 0:
        return start, None if stop is None else stop + fixed(-1)
    return None if stop is None else stop + fixed(1), start


def sized_anew(kind: Kind, before: Kind | None, name: str) -> Kind:
    """An array that a loop binds to other sizes has, within a turn, the size with which the turn began.

        for k in range(n):
            v = p * v[1:] + v[:-1]       # of both operands the size is v@turn0.shape[0] - 1, if there are so many
    """
    match kind, before:
        case Array(dims, dtype), Array(known) if dims is not None and known is not None and len(dims) == len(known):
            own = (symbol(f"{name}shape[{k}]") for k in range(len(dims)))
            return Array(tuple(s if d is None else d for d, s in zip(dims, own, strict=True)), dtype)
        case _:
            return kind


CUT = "[:]"  # behind the name of a list: of its first items


def part_of_its_sizes(
    expr: Index, whole: Kind, kind_of: Callable[[Expr], Kind], sizes: Sizes, steady: Mapping[str, str]
) -> Kind:
    """The kind of a part; of an item of a list that stays as it is, with its sizes there: ``Ws[-1].shape[0]``."""
    kind = indexed(whole, expr.index, kind_of, sizes)
    if not isinstance(whole, ListOf) or not isinstance(kind, Array) or kind.dims is None or None not in kind.dims:
        return kind
    written = literal(expr.index)
    match expr.value, of_literal(written) if isinstance(written, int) else kind_of(expr.index):
        case Name(id), Scalar("int", value=Dim() as value) if id in steady:
            if steady[id].endswith(CUT) and not sizes.surely_counts(value):
                return kind  # from the end it is another
            own = (symbol(f"{steady[id].removesuffix(CUT)}[{value}].shape[{k}]") for k in range(len(kind.dims)))
            return Array(tuple(s if d is None else d for d, s in zip(kind.dims, own, strict=True)), kind.dtype)
        case _:
            return kind


def of_literal(value: object) -> Kind:
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return Scalar("int", None, fixed(value))
    return kind_of_value(value)


def compared(ops: tuple[str, ...], kinds: list[Kind], sizes: Sizes) -> Kind:
    if any(op in ("is", "is not", "in", "not in") for op in ops) or len(ops) > 1:
        return BOOL
    if all(is_scalar(k) or isinstance(k, Plain | Sequence | ListOf) for k in kinds):
        return BOOL
    kind = broadcast_kinds(kinds, sizes)
    if isinstance(kind, Array):
        return Array(kind.dims, "bool")
    return BOOL if isinstance(kind, Scalar) else Plain("comparison")


def element_kind(kind: Kind, sizes: Sizes) -> Kind:
    if isinstance(kind, Array) and kind.dims:
        return indexed(kind, Const(0), lambda _: INT, sizes)
    if isinstance(kind, Sequence | ListOf):
        return item_of(kind) or UNKNOWN
    return Unknown(complex=is_complex(kind))


def unpacked(targets: tuple[str, ...], kind: Kind, sizes: Sizes) -> dict[str, Kind]:
    """The kinds of names that the items of one value are bound to."""
    if isinstance(kind, ListOf):
        return dict.fromkeys(targets, kind.item or UNKNOWN)
    if isinstance(kind, Sequence) and len(kind.items) == len(targets):
        return dict(zip(targets, kind.items, strict=True))
    return dict.fromkeys(targets, INT if kind == Plain("shape") else element_kind(kind, sizes))


def size_arithmetic(op: str, a: Dim | None, b: Dim | None, sizes: Sizes) -> Dim | None:
    if a is None or b is None:
        return None
    match op:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            if a.known is not None:
                return b.times(a.known)
            return a.times(b.known) if b.known is not None else sizes.product([a, b])
        case "//":
            return sizes.quotient(a, b)
        case _:
            return None


def counted(kind: Kind) -> Dim | None:
    """The size that a whole number of Python's stands for."""
    return kind.value if isinstance(kind, Scalar) and kind.type == "int" and kind.dtype is None else None


def stays_whole(expr: Expr, base: Kind, exponent: Kind) -> bool:
    """Is a power of two whole numbers whole? Of NumPy's, and where the exponent is not negative."""
    if isinstance(base, Scalar) and isinstance(exponent, Scalar):
        if base.dtype is not None or exponent.dtype is not None or exponent.type == "bool":
            return not base.mixed and not exponent.mixed
        if exponent.value is not None and is_count(exponent.value):
            return True
    value = literal(expr.right) if isinstance(expr, Binary) else None
    return isinstance(value, int) and value >= 0


def makes_array(op: str, left: Kind, right: Kind) -> bool:
    """Does NumPy make an array of the list or tuple that one of the operands is?

    A number beside it is one of NumPy's: Python has no difference of a list and a number.
    """
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Sequence | ListOf) and not isinstance(other, Sequence | ListOf | Plain):
            return isinstance(other, Array) or op in ("-", "/", "//", "**", "@")
    return False


def concatenated(op: str, left: Kind, right: Kind) -> Kind:
    if op == "+" and isinstance(left, Sequence) and isinstance(right, Sequence):
        return Sequence(left.items + right.items, left.is_list)
    if op == "+" and is_list(left) and is_list(right):
        return join(as_list(left), as_list(right))
    if op == "*":
        for one, other in ((left, right), (right, left)):
            if is_list(one) and isinstance(other, Scalar) and other.type == "int":
                return as_list(one)
            if isinstance(one, Sequence) and len(one.items) == 1 and one.is_list and other == UNKNOWN:
                return as_list(one)  # what is not known counts: what carries a derivative is refused there
    if TEXT in (left, right):
        return TEXT
    return UNKNOWN
