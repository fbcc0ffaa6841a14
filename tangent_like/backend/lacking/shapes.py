"""Axes put elsewhere, taken away and made, parts that were joined, entries at several places at once."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from tangent_like import runtime
from tangent_like.backend.lacking.kinds import (
    is_array,
    is_number,
    is_tuple,
    is_vector,
    is_whole,
    literal,
    made,
    own_dtype,
    stand_in,
)

transpose, moveaxis, swapaxes, squeeze = map(stand_in, (np.transpose, np.moveaxis, np.swapaxes, np.squeeze))
atleast_1d, atleast_2d, expand_dims = map(stand_in, (np.atleast_1d, np.atleast_2d, np.expand_dims))
reshape, ravel, rot90, ix, broadcast_to = map(stand_in, (np.reshape, np.ravel, np.rot90, np.ix_, np.broadcast_to))
linspace = stand_in(np.linspace)
compress, extract = map(stand_in, (np.compress, np.extract))

OF_SHAPES = (
    transpose, moveaxis, swapaxes, squeeze, atleast_1d, atleast_2d, expand_dims, reshape, ravel, rot90, ix, compress,
    extract, broadcast_to, linspace,
)  # fmt: skip
HELPERS = (
    runtime.untranspose, runtime.joined_parts, runtime.unhstack, runtime.refuse_rank, runtime.isolate,
    runtime.one_number,
)  # fmt: skip


def ordered(head: str, a: Any, axes: Any) -> Any:
    """``a`` with its axes in another order."""
    if not is_array(a) or axes is None or sorted(axes) != list(range(a.ndim)):
        return None
    return made(head, [f"return {head.split(',', maxsplit=1)[0]}.transpose({tuple(axes)})"])


@overload(transpose, prefer_literal=True)
def _transpose(a, axes=None):
    order = literal(axes)
    if order is None:
        return (lambda a, axes=None: a.T) if is_array(a) else None
    whole = isinstance(order, tuple) and is_array(a) and all(isinstance(k, int) for k in order)
    return ordered("a, axes=None", a, [k % a.ndim for k in order]) if whole else None


@overload(runtime.untranspose, prefer_literal=True)
def _untranspose(y_bar, axes=None):
    order = literal(axes)
    if order is None:
        return (lambda y_bar, axes=None: y_bar.T) if is_array(y_bar) else None
    if not isinstance(order, tuple) or not is_array(y_bar) or not all(isinstance(k, int) for k in order):
        return None
    back = [k % y_bar.ndim for k in order]
    return ordered("y_bar, axes=None", y_bar, [back.index(k) for k in range(len(back))])


def moved(rank: int, source: Any, destination: Any) -> list[int] | None:
    """The order of axes that ``np.moveaxis`` makes."""
    source, destination = ((s,) if isinstance(s, int) else s for s in (source, destination))
    if not (isinstance(source, tuple) and isinstance(destination, tuple) and len(source) == len(destination)):
        return None
    if not all(isinstance(k, int) for k in (*source, *destination)):
        return None
    source, destination = [k % rank for k in source], [k % rank for k in destination]
    order = [k for k in range(rank) if k not in source]
    for to, at in sorted(zip(destination, source, strict=True)):
        order.insert(to, at)
    return order


@overload(moveaxis, prefer_literal=True)
def _moveaxis(a, source, destination):
    order = moved(a.ndim, literal(source), literal(destination)) if is_array(a) else None
    return ordered("a, source, destination", a, order)


@overload(swapaxes, prefer_literal=True)
def _swapaxes(a, axis1, axis2):
    first, second = literal(axis1), literal(axis2)
    if not is_array(a) or not isinstance(first, int) or not isinstance(second, int):
        return None
    order = list(range(a.ndim))
    order[first], order[second] = order[second], order[first]
    return ordered("a, axis1, axis2", a, order)


@overload(squeeze, prefer_literal=True)
def _squeeze(a, axis=None):
    """Without axes that are named: what else is of one entry is not known beforehand."""
    axes = literal(axis)
    axes = (axes,) if isinstance(axes, int) else axes
    if is_number(a) and isinstance(axes, tuple):
        dtype = own_dtype(a)
        return made("a, axis", [f"return np.full({(1,) * len(axes)}, a, dtype)"], np=np, dtype=dtype)
    if not is_array(a) or not isinstance(axes, tuple) or not all(isinstance(k, int) for k in axes):
        return None
    gone = {k % a.ndim for k in axes}
    lines = []
    for k in sorted(gone):
        lines += [f"if a.shape[{k}] != 1:", '    raise ValueError("an axis of more than one entry stays")']
    at = ", ".join("0" if k in gone else ":" for k in range(a.ndim))
    return made("a, axis=None", [*lines, f"return a[{at}]"])


@overload(atleast_1d)
def _atleast_1d(a):
    return (lambda a: a) if is_array(a) else (lambda a: np.array([a])) if is_number(a) else None


@overload(atleast_2d)
def _atleast_2d(a):
    if is_vector(a):
        return lambda a: np.ascontiguousarray(a).reshape((1, a.size))
    return (lambda a: a) if is_array(a) else (lambda a: np.array([[a]])) if is_number(a) else None


@overload(expand_dims, prefer_literal=True)
def _expand_dims(a, axis):
    axes = literal(axis)
    axes = (axes,) if isinstance(axes, int) else axes
    if is_number(a) and isinstance(axes, tuple):
        dtype = own_dtype(a)
        return made("a, axis", [f"return np.full({(1,) * len(axes)}, a, dtype)"], np=np, dtype=dtype)
    if not is_array(a) or not isinstance(axes, tuple) or not all(isinstance(k, int) for k in axes):
        return None
    rank = a.ndim + len(axes)
    new = {k % rank for k in axes}
    at = ", ".join("None" if k in new else ":" for k in range(rank))
    return made("a, axis", [f"return a[{at}]"])


@overload(reshape)
def _reshape(a, shape):
    """Of any layout: Numba's own takes what lies in one piece."""
    return (lambda a, shape: np.ascontiguousarray(a).reshape(shape)) if is_array(a) else None


@overload(ravel)
def _ravel(a):
    if is_number(a):
        return lambda a: np.array([a])
    return (lambda a: np.ascontiguousarray(a).reshape(a.size)) if is_array(a) else None


@overload(broadcast_to)
def _broadcast_to(array, shape):
    if is_number(array) and is_tuple(shape) and not len(shape):
        return lambda array, shape: array
    if isinstance(array, types.Array) and is_tuple(shape) and len(shape) == array.ndim:
        return lambda array, shape: array if array.shape == shape else np.broadcast_to(array, shape).copy()
    return np_broadcast_to


def np_broadcast_to(array, shape):
    return np.broadcast_to(array, shape)


@overload(linspace)
def _linspace(start, stop, num=50, endpoint=True):
    if not is_number(start) or not is_number(stop) or not is_whole(num):
        return None

    def impl(start, stop, num=50, endpoint=True):
        out = np.empty(num)
        step = (stop - start) / max(num - 1 if endpoint else num, 1)
        for k in range(num):
            out[k] = start + k * step
        if endpoint and num > 1:
            out[num - 1] = stop
        return out

    return impl


@overload(rot90, prefer_literal=True)
def _rot90(m, k=1, axes=(0, 1)):
    if literal(axes) != (0, 1):
        return None
    turns = literal(k)
    if not is_array(m) or m.ndim != 2 or not isinstance(turns, int):
        return None
    text = ("m", "m.T[::-1]", "m[::-1, ::-1]", "m[::-1].T")[turns % 4]
    return made("m, k=1, axes=(0, 1)", [f"return {text}"])


@overload(compress)
def _compress(condition, a):
    return (lambda condition, a: a[condition]) if is_vector(condition) and is_vector(a) else None


@overload(extract)
def _extract(condition, arr):
    if not is_array(condition) or not is_array(arr):
        return None
    return lambda condition, arr: arr.flatten()[condition.flatten()]


# -- joined -------------------------------------------------------------------------------------------------


@overload(runtime.joined_parts, prefer_literal=True)
def _joined_parts(y_bar, arrays, axis, ndim):
    if isinstance(arrays, types.List | types.ListType) and is_array(y_bar):
        return parts_of_list("y_bar, arrays, axis, ndim", y_bar, arrays.dtype, literal(axis), literal(ndim))
    return parts("y_bar, arrays, axis, ndim", y_bar, arrays, literal(axis), literal(ndim))


def parts_of_list(head: str, y_bar: Any, item: Any, axis: Any, ndim: Any) -> Any:
    """As ``parts``, of the arrays of a list: as a list, each in memory of its own."""
    if not is_array(item) or not isinstance(axis, int) or not isinstance(ndim, int) or y_bar.ndim < ndim:
        return None
    length = f"a.shape[{axis}]" if item.ndim >= ndim else "1"
    lines = [
        "out = []",
        "first = 0",
        "for a in arrays:",
        f"    last = first + {length}",
        f"    part = y_bar[{':, ' * (axis % y_bar.ndim)}first:last].copy()",
        "    out.append(part.reshape(a.shape))",
        "    first = last",
        "return out",
    ]
    return made(head, lines, np=np)


@overload(runtime.unhstack)
def _unhstack(y_bar, arrays):
    one = is_array(y_bar) and y_bar.ndim == 1
    if isinstance(arrays, types.List | types.ListType) and is_array(y_bar):
        return parts_of_list("y_bar, arrays", y_bar, arrays.dtype, 0 if one else 1, 1 if one else 2)
    return parts("y_bar, arrays", y_bar, arrays, 0 if one else 1, 1 if one else 2)


def parts(head: str, y_bar: Any, arrays: Any, axis: Any, ndim: Any) -> Any:
    """The part of ``y_bar`` that each of the arrays became, in its own shape."""
    given = tuple(arrays) if is_tuple(arrays) else ()
    if not is_array(y_bar) or not given or not isinstance(axis, int) or not isinstance(ndim, int):
        return None
    if not all(is_array(a) or is_number(a) for a in given):
        return None
    lines, items, before = ["n0 = 0"], [], ":, " * (axis % y_bar.ndim)
    for k, a in enumerate(given):
        rank = getattr(a, "ndim", 0)
        length = f"arrays[{k}].shape[{axis}]" if rank >= ndim else "1"
        lines.append(f"n{k + 1} = n{k} + {length}")
        part = f"np.ascontiguousarray(y_bar[{before}n{k}:n{k + 1}])"
        items.append(f"{part}.reshape(arrays[{k}].shape)" if rank else f"{part}.flat[0]")
    return made(head, [*lines, f"return ({', '.join(items)},)"], np=np)


@overload(runtime.refuse_rank)
def _refuse_rank(x, rank):
    if not is_array(x):
        return None
    own = x.ndim

    def impl(x, rank):
        if rank != own:
            raise ValueError("this derivative is for another number of axes")

    return impl


# -- several places at once ---------------------------------------------------------------------------------


@overload(ix, prefer_literal=True)
def _ix(*args):
    if not args or not all(is_vector(a) and isinstance(a.dtype, types.Integer) for a in args):
        return None
    items = []
    for k in range(len(args)):
        shape = ", ".join(f"args[{k}].size" if n == k else "1" for n in range(len(args)))
        items.append(f"np.ascontiguousarray(args[{k}]).reshape(({shape},))")
    return made("*args", [f"return ({', '.join(items)},)"], np=np)


def places(array: Any, index: Any) -> tuple[list[str], str, str, int] | None:
    """For an index of several arrays of whole numbers: lines that find its sizes, the shape, the place, the axes.

    Arrays are broadcast; with slices between them, as NumPy has it, their axes come first.
    """
    if not is_array(array) or not is_tuple(index) or len(index) > array.ndim:
        return None
    kinds = ["array" if is_array(i) and isinstance(i.dtype, types.Integer) else "number" if is_whole(i)
             else "slice" if isinstance(i, types.SliceType) and not i.has_step else None for i in index]
    if None in kinds or "array" not in kinds:
        return None
    kinds += ["rest"] * (array.ndim - len(kinds))
    fancy = [k for k, kind in enumerate(kinds) if kind in ("array", "number")]
    rank = max(index[k].ndim for k in fancy if kinds[k] == "array")
    lines = []
    for axis in range(-rank, 0):
        own = [k for k in fancy if kinds[k] == "array" and index[k].ndim >= -axis]
        lines.append(f"m{axis + rank} = 1")
        for k in own:
            size, found = f"index[{k}].shape[{index[k].ndim + axis}]", f"m{axis + rank}"
            lines += [f"if {size} != 1:", f"    if {found} != 1 and {found} != {size}:",
                      '        raise IndexError("the index arrays do not go together")', f"    {found} = {size}"]
    together = fancy == list(range(fancy[0], fancy[-1] + 1))
    first = fancy[0] if together else 0
    sliced = [k for k, kind in enumerate(kinds) if kind in ("slice", "rest")]
    before = [k for k in sliced if k < first]
    axes: list[tuple[str, int]] = [*(("own", k) for k in before), *(("fancy", n) for n in range(rank)),
                                   *(("own", k) for k in sliced if k not in before)]
    sizes, at = [], [""] * array.ndim
    for n, (which, k) in enumerate(axes):
        if which == "fancy":
            sizes.append(f"m{k}")
        elif kinds[k] == "slice":
            lines.append(f"b{k}, e{k}, _ = index[{k}].indices(array.shape[{k}])")
            sizes.append(f"max(e{k} - b{k}, 0)")
            at[k] = f"b{k} + p[{n}]"
        else:
            sizes.append(f"array.shape[{k}]")
            at[k] = f"p[{n}]"
    start = axes.index(("fancy", 0))
    for k in fancy:
        if kinds[k] == "number":
            at[k] = f"index[{k}]"
            continue
        shape = index[k].ndim
        spots = ", ".join(f"p[{start + rank - shape + n}] % index[{k}].shape[{n}]" for n in range(shape))
        at[k] = f"index[{k}][{spots}]"
    return lines, f"({', '.join(sizes)},)", f"array[{', '.join(at)}]", len(axes)


def added_at(array: Any, index: Any, g: Any) -> Any:
    """``np.add.at(array, index, g)`` for a tuple of indices."""
    found = places(array, index)
    if found is None:
        return None
    lines, shape, place, rank = found
    if is_number(g):
        value, check = "g", []
    elif is_array(g) and g.ndim == rank:
        value = "g[p]"
        check = [f"if g.shape != {shape}:", '    raise ValueError("as many are added as there are places")']
    else:
        return None
    body = [*lines, *check, f"for p in np.ndindex({shape}):", f"    {place} += {value}"]
    return made("x_bar, index, g", ["array = x_bar", *body], np=np)


def stored_at(array: Any, index: Any) -> Any:
    """The adjoint of what was stored at the places of an index: of what was stored last, where that is one place."""
    found = places(array, index)
    if found is None:
        return None
    lines, shape, place, _ = found
    own = place.replace("array[", "last[", 1)
    loops = [
        "last = np.full(array.shape, -1)",
        "n = 0",
        f"for p in np.ndindex({shape}):",
        f"    {own} = n",
        "    n += 1",
        f"v_bar = np.zeros({shape}, array.dtype)",
        "n = 0",
        f"for p in np.ndindex({shape}):",
        f"    if {own} == n:",
        f"        v_bar[p] = {place}",
        "    n += 1",
        "return v_bar",
    ]
    return made("a_bar, index", ["array = a_bar", *lines, *loops], np=np)


# -- results ------------------------------------------------------------------------------------------------


@overload(runtime.isolate)
def _isolate(values):
    if is_number(values):
        return lambda values: values
    return (lambda values: values.copy()) if is_array(values) else None


@overload(runtime.one_number)
def _one_number(value):
    if isinstance(value, types.Float):
        return lambda value: None
    if not is_array(value) or not isinstance(value.dtype, types.Float):
        return None

    def impl(value):
        if value.size != 1:
            raise TypeError("a gradient is of one floating-point number: use vjp, or return a sum")

    return impl
