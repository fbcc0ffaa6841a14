"""Grids of coordinates, and arrays of a list put together."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from tangent_like import runtime
from tangent_like.backend.lacking.kinds import (
    dtype_of,
    is_array,
    is_matrix,
    is_none,
    is_number,
    is_tuple,
    is_vector,
    literal,
    made,
    own_dtype,
    stand_in,
    with_length,
)

concatenate, hstack, stack = map(stand_in, (np.concatenate, np.hstack, np.stack))
column_stack, vstack = map(stand_in, (np.column_stack, np.vstack))

OF_GRIDS = (concatenate, hstack, stack, column_stack, vstack)
HELPERS = (runtime.mesh, runtime.unmesh)


def axes_of(arrays: Any, indexing: Any) -> list[int] | None:
    """Along which axis of the grid each array goes; None where that is not known."""
    order = literal(indexing)
    if not is_tuple(arrays) or not all(map(is_vector, arrays)) or order not in ("xy", "ij"):
        return None
    axes = list(range(len(arrays)))
    return [1, 0, *axes[2:]] if order == "xy" and len(axes) > 1 else axes


@overload(runtime.mesh, prefer_literal=True)
def _mesh(arrays, indexing="xy"):
    axes = axes_of(arrays, indexing)
    if axes is None:
        return None
    sizes = ", ".join(f"arrays[{axes.index(k)}].size" for k in range(len(axes)))
    idx = [f"i{k}" for k in range(len(axes))]
    lines = [f"shape = ({sizes},)"]
    lines += [f"x{k} = np.empty(shape, t{k})" for k in range(len(axes))]
    lines += [f"{'    ' * k}for {i} in range(shape[{k}]):" for k, i in enumerate(idx)]
    place = "[" + ", ".join(idx) + "]"
    lines += [f"{'    ' * len(idx)}x{k}{place} = arrays[{k}][{idx[own]}]" for k, own in enumerate(axes)]
    kinds = {f"t{k}": own_dtype(a) for k, a in enumerate(arrays)}
    found = ", ".join(f"x{k}" for k in range(len(axes)))
    return made('arrays, indexing="xy"', [*lines, f"return ({found},)"], np=np, **kinds)


@overload(runtime.unmesh, prefer_literal=True)
def _unmesh(bars, arrays, indexing="xy"):
    axes = axes_of(arrays, indexing)
    given = [bars.dtype] if isinstance(bars, types.List) else list(bars) if is_tuple(bars) else [bars]
    if axes is None or not all(is_array(b) and b.ndim == len(axes) for b in given):
        return None
    idx = [f"i{k}" for k in range(len(axes))]
    place = "[" + ", ".join(idx) + "]"
    lines: list[str] = []
    for n, own in enumerate(axes):
        lines.append(f"x{n} = np.zeros(arrays[{n}].shape, dtype)")
        lines += [f"{'    ' * k}for {i} in range(bars[{n}].shape[{k}]):" for k, i in enumerate(idx)]
        lines.append(f"{'    ' * len(idx)}x{n}[{idx[own]}] += bars[{n}]{place}")
    found = f"return ({', '.join(f'x{n}' for n in range(len(axes)))},)"
    return made('bars, arrays, indexing="xy"', [*lines, found], np=np, dtype=dtype_of(*given))


@overload(concatenate, prefer_literal=True)
def _concatenate(arrays, axis=0):
    if is_tuple(arrays):
        return (lambda arrays, axis=0: np.concatenate(arrays, axis)) if not is_none(axis) else None
    return of_list("arrays, axis=0", arrays, literal(axis))


@overload(hstack)
def _hstack(arrays):
    if is_tuple(arrays):
        return lambda arrays: np.hstack(arrays)  # noqa: PLW0108 - Numba wants the same parameters
    rows = isinstance(arrays, types.List) and is_array(arrays.dtype) and arrays.dtype.ndim == 1
    return of_list("arrays", arrays, 0 if rows else 1)


@overload(stack, prefer_literal=True)
def _stack(arrays, axis=0):
    if is_tuple(arrays):
        return (lambda arrays, axis=0: np.stack(arrays, axis)) if not is_none(axis) else None
    along = literal(axis)
    if not isinstance(arrays, types.List) or not isinstance(along, int):
        return None
    if is_number(arrays.dtype):
        return (lambda arrays, axis=0: np.array(arrays)) if along in (0, -1) else None
    if not is_array(arrays.dtype) or not -arrays.dtype.ndim - 1 <= along <= arrays.dtype.ndim:
        return None
    along %= arrays.dtype.ndim + 1
    shape = [f"arrays[0].shape[{k}]" for k in range(arrays.dtype.ndim)]
    shape.insert(along, "len(arrays)")
    lines = [
        f"out = np.empty(({', '.join(shape)},), dtype)",
        "for k in range(len(arrays)):",
        f"    out[{':, ' * along}k] = arrays[k]",
        "return out",
    ]
    return made("arrays, axis=0", lines, np=np, dtype=own_dtype(arrays.dtype))


def of_list(head: str, arrays: Any, axis: Any) -> Any:
    """The arrays of a list one behind the other along an axis."""
    if not isinstance(arrays, types.List) or not is_array(arrays.dtype) or not isinstance(axis, int):
        return None
    along = axis % arrays.dtype.ndim
    before = ":, " * along
    lines = [
        "total = 0",
        "for a in arrays:",
        f"    total += a.shape[{along}]",
        f"out = np.empty(with_length(arrays[0].shape, {along}, total), dtype)",
        "n = 0",
        "for a in arrays:",
        f"    out[{before}n:n + a.shape[{along}]] = a",
        f"    n += a.shape[{along}]",
        "return out",
    ]
    return made(head, lines, np=np, with_length=with_length, dtype=own_dtype(arrays.dtype))


@overload(column_stack)
def _column_stack(tup):
    if is_tuple(tup):
        return lambda tup: np.column_stack(tup)  # noqa: PLW0108 - Numba wants the same parameters
    if not isinstance(tup, types.List | types.ListType) or not (is_vector(tup.dtype) or is_matrix(tup.dtype)):
        return None
    width = 1 if is_vector(tup.dtype) else "a.shape[1]"
    place = "first" if is_vector(tup.dtype) else "first : first + a.shape[1]"
    lines = [
        "width = 0",
        "for a in tup:",
        "    if a.shape[0] != tup[0].shape[0]:",
        "        raise ValueError('all the input array dimensions except for the concatenation axis must match')",
        f"    width += {width}",
        "out = np.empty((tup[0].shape[0], width), dtype)",
        "first = 0",
        "for a in tup:",
        f"    out[:, {place}] = a",
        f"    first += {width}",
        "return out",
    ]
    return made("tup", lines, np=np, dtype=own_dtype(tup.dtype))


@overload(vstack)
def _vstack(tup):
    if is_tuple(tup):
        return lambda tup: np.vstack(tup)  # noqa: PLW0108
    if not isinstance(tup, types.List | types.ListType):
        return None
    if is_vector(tup.dtype):
        return lambda tup: stack(tup)  # noqa: PLW0108
    return (lambda tup: concatenate(tup)) if is_array(tup.dtype) and tup.dtype.ndim > 1 else None  # noqa: PLW0108
