"""The kind of ``x[...]``, and what sort of indexing it is: that decides views, copies and repeated places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tangent_like.ir.nodes import Const, Expr, Slice, Tuple
from tangent_like.kinds.dims import ONE, Dim, Sizes, fixed, is_count
from tangent_like.kinds.kind import (
    INT,
    UNKNOWN,
    Array,
    DictOf,
    Kind,
    ListOf,
    Plain,
    Scalar,
    Sequence,
    as_list,
    class_of,
    is_scalar,
)
from tangent_like.kinds.operands import broadcast_kinds, literal
from tangent_like.kinds.other_classes import part_of_other

KindOf = Callable[[Expr], Kind]


def index_items(index: Expr) -> tuple[Expr, ...]:
    return index.items if isinstance(index, Tuple) else (index,)


def sort_of_index(index: Expr, kind_of: KindOf) -> str:
    """ "basic" (a view or an element), "mask" (boolean arrays), "fancy" (integer arrays), "unknown"."""
    sort = "basic"
    for item in index_items(index):
        if isinstance(item, Slice) or (isinstance(item, Const) and item.value in (None, ...)):
            continue
        kind = kind_of(item)
        match kind:
            case Scalar(type="bool"):
                return "mask"
            case Scalar(type="int") | Scalar(dtype=None, type="float"):
                continue
            case Array(dtype=dtype):
                if dtype is None:
                    return "unknown"
                if np.dtype(dtype).kind == "b":
                    sort = "mask" if sort in ("basic", "mask") else "fancy"
                elif kind.rank == 0:
                    continue
                else:
                    sort = "fancy"
            case Sequence(items=parts, is_list=False) if item is index:
                # a tuple by name, what np.nonzero and np.unravel_index give
                if not all(isinstance(p, Scalar | Array) and is_whole(p) for p in parts):
                    return "unknown"
                if any(isinstance(p, Array) and p.rank != 0 for p in parts):
                    sort = "fancy"
            case Sequence(items=parts, is_list=True):
                if all(isinstance(p, Scalar) and p.type == "bool" for p in parts):
                    sort = "mask" if sort in ("basic", "mask") else "fancy"
                else:
                    sort = "fancy"
            case ListOf(item=Scalar(type="bool")):
                sort = "mask" if sort in ("basic", "mask") else "fancy"
            case ListOf(item=Scalar(type="int") | None):
                sort = "fancy"
            case _:
                return "unknown"
    return sort


def indexed(kind: Kind, index: Expr, kind_of: KindOf, sizes: Sizes) -> Kind:
    """The kind of ``value[index]`` for a value of this kind."""
    if class_of(kind):
        return part_of_other(kind, index)
    if isinstance(kind, Sequence):
        at = literal(index)
        if isinstance(index, Slice):
            bounds: list[int | None] = []
            for bound in (index.lower, index.upper, index.step):
                value = None if bound is None else literal(bound)
                if value is not None and not isinstance(value, int):
                    return as_list(kind)
                bounds.append(value)
            return Sequence(kind.items[slice(*bounds)], kind.is_list)
        if isinstance(at, int) and -len(kind.items) <= at < len(kind.items):
            return kind.items[at]
        if kind.items and all(k == kind.items[0] for k in kind.items):
            return kind.items[0]
        return UNKNOWN
    if isinstance(kind, ListOf):
        return kind if isinstance(index, Slice) else (kind.item or UNKNOWN)
    if isinstance(kind, DictOf):
        return kind.item or INT  # nothing is there so far: what a turn before has put there is joined with the least
    if isinstance(kind, Plain) and kind.what == "shape":
        return kind if isinstance(index, Slice) else Scalar("int")
    items = index_items(index)
    widens = bool(items) and all(_is(i, None) or _is(i, ...) for i in items)
    if isinstance(kind, Scalar) and kind.dtype is not None and widens:
        return Array((ONE,) * sum(_is(i, None) for i in items), kind.dtype)
    if isinstance(kind, Scalar) and kind.dtype is not None and sort_of_index(index, kind_of) == "mask":
        return Array((None,) + (ONE,) * sum(_is(i, None) for i in items), kind.dtype)
    if not isinstance(kind, Array):
        return UNKNOWN  # a dict's, say
    sort = sort_of_index(index, kind_of)
    places = kind_of(index) if not isinstance(index, Slice | Tuple) else None
    if isinstance(places, Sequence) and not places.is_list:
        return _at_places(kind, places, sizes) if sort != "unknown" else UNKNOWN
    if kind.dims is None or sort == "unknown":
        return _rankless(kind, items, sort)
    return _indexed(kind, kind.dims, items, sort, kind_of, sizes)


def is_whole(kind: Kind) -> bool:
    if isinstance(kind, Scalar):
        return kind.type == "int"
    return isinstance(kind, Array) and kind.dtype is not None and np.dtype(kind.dtype).kind in "iu"


def _at_places(kind: Array, places: Sequence, sizes: Sizes) -> Kind:
    """``x[i]`` for a tuple ``i`` of whole numbers or arrays of them, each for an axis."""
    if kind.dims is None or len(places.items) > len(kind.dims):
        return UNKNOWN
    whole = broadcast_kinds(list(places.items), sizes)
    rest = kind.dims[len(places.items) :]
    if isinstance(whole, Scalar):
        if rest:
            return Array(rest, kind.dtype)
        return _element(kind.dtype) if kind.dtype is not None and np.dtype(kind.dtype).kind in "fc" else UNKNOWN
    if isinstance(whole, Array) and whole.dims is not None:
        return Array((*whole.dims, *rest), kind.dtype)
    return UNKNOWN


def _rankless(kind: Array, items: tuple[Expr, ...], sort: str) -> Kind:
    """Without a rank: a slice gives an array again, an index may give a number or a row."""
    if sort != "unknown" and any(isinstance(i, Slice) or _is(i, None) or _is(i, ...) for i in items):
        return Array(None, kind.dtype)
    return Array(None, kind.dtype) if sort in ("mask", "fancy") else UNKNOWN


def _is(item: Expr, value: object) -> bool:
    return isinstance(item, Const) and item.value is value


def _indexed(
    kind: Array,
    dims: tuple[Dim | None, ...],
    items: tuple[Expr, ...],
    sort: str,
    kind_of: KindOf,
    sizes: Sizes,
) -> Kind:
    consumed = sum(_axes_taken(i, kind_of) for i in items if not _is(i, ...))
    if consumed > len(dims):
        return UNKNOWN  # the program raises an IndexError of its own
    written = any(_is(i, ...) for i in items)  # with an ellipsis even nothing left is an array
    if not written:
        items = (*items, Const(...))
    out: list[Dim | None] = []
    arrays: list[Kind] = []
    array_at: int | None = None
    apart = False
    axis = 0
    for item in items:
        if _is(item, ...):
            rest = len(dims) - consumed
            out.extend(dims[axis : axis + rest])
            axis += rest
        elif _is(item, None):
            out.append(fixed(1))
        elif isinstance(item, Slice):
            out.append(slice_length(dims[axis], item, kind_of, sizes))
            axis += 1
        else:
            item_kind = kind_of(item)
            taken = _axes_taken(item, kind_of)
            axis += taken
            if sort != "basic":
                if array_at is None:
                    array_at = len(out)
                elif len(out) != array_at:
                    apart = True
                arrays.append(_as_index_array(item_kind, taken))
    if sort != "basic":
        shape = broadcast_kinds(arrays, sizes)
        inner = shape.dims if isinstance(shape, Array) else ()
        if inner is None:
            return Array(None, kind.dtype)
        at = 0 if apart or array_at is None else array_at
        out[at:at] = inner
    if not out:
        if sort != "basic":
            return Scalar("float", kind.dtype) if _floating(kind.dtype) else _element(kind.dtype)
        return Array((), kind.dtype) if written else _element(kind.dtype)
    return Array(tuple(out), kind.dtype)


def _floating(dtype: str | None) -> bool:
    return dtype is None or np.dtype(dtype).kind == "f"


def _element(dtype: str | None) -> Scalar:
    if dtype is None:
        return Scalar("float", None, None, True)
    letter = np.dtype(dtype).kind
    return Scalar(
        {"f": "float", "i": "int", "u": "int", "b": "bool", "c": "complex"}.get(letter, "float"),
        dtype,
    )


def _axes_taken(item: Expr, kind_of: KindOf) -> int:
    if _is(item, None) or _is(item, ...):
        return 0
    if isinstance(item, Slice):
        return 1
    kind = kind_of(item)
    if isinstance(kind, Array) and kind.dtype == "bool" and kind.dims is not None:
        return len(kind.dims)
    return 1


def _as_index_array(kind: Kind, taken: int) -> Kind:
    match kind:
        case Array(dtype="bool"):
            return Array((None,), "int64")
        case Array():
            return kind
        case ListOf():
            return Array((None,), "int64")
        case Sequence(items=items):
            if all(is_scalar(i) for i in items):
                is_mask = all(isinstance(i, Scalar) and i.type == "bool" for i in items)
                return Array((None,) if is_mask else (fixed(len(items)),), "int64")
            return Array(None, "int64")
        case _:
            return Scalar("int")


def slice_length(dim: Dim | None, item: Slice, kind_of: KindOf, sizes: Sizes) -> Dim | None:
    """The length of what a slice takes of an axis."""
    parts: list[int | None] = []
    for part in (item.lower, item.upper, item.step):
        value = None if part is None else literal(part)
        if value is not None and not isinstance(value, int):
            return _symbolic(dim, item, kind_of, sizes)
        parts.append(value)
    return sizes.sliced(dim, parts[0], parts[1], parts[2])


def _from_the_front(bound: Dim | None, dim: Dim, sizes: Sizes) -> Dim | None:
    """The bound of a slice, where it counts from the end: ``x[:-k]``, of a ``k`` that is at least 1 in all turns."""
    if bound is None or not sizes.surely_counts(-bound - ONE):
        return bound
    return dim + bound


def _symbolic(dim: Dim | None, item: Slice, kind_of: KindOf, sizes: Sizes) -> Dim | None:
    """``x[:n]`` and ``x[k:]`` for integers that are sizes themselves."""
    if dim is None or (item.step is not None and literal(item.step) not in (None, 1)):
        return None
    bounds: list[Dim | None] = []
    for part, default in ((item.lower, fixed(0)), (item.upper, dim)):
        if part is None or literal(part) is None:
            bounds.append(default)
            continue
        kind = kind_of(part)
        value = literal(part)
        if isinstance(value, int):
            bounds.append(fixed(value) if value >= 0 else dim + fixed(value))
        else:
            bounds.append(_from_the_front(kind.value, dim, sizes) if isinstance(kind, Scalar) else None)
    lower, upper = bounds
    if lower is None or upper is None:
        return None
    if all(is_count(d) for d in (lower, upper - lower, dim - upper)):
        return upper - lower  # the bounds lie within the axis
    moves = not (lower.steady and upper.steady)
    parts = [lower, dim - upper, upper - lower]
    if moves and all(map(sizes.surely_counts if not parts[-1].steady else sizes.never_negative, parts)):
        return upper - lower  # in every turn of a loop
    low, high, size = sizes.evaluate(lower), sizes.evaluate(upper), sizes.evaluate(dim)
    text = f"len(range({dim})[{lower}:{upper}])"
    sizes.windows[text] = dim, lower, upper
    if low is None or high is None or size is None:
        if moves:
            sizes.lies_within(text, upper - lower, parts)
        return sizes.derive(text, None)
    sizes.lies_within(text, upper - lower, parts)
    return sizes.derive(text, len(range(size)[low:high]))
