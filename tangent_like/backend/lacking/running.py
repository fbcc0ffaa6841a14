"""Running sums and products, differences and turned axes, with their adjoints."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from tangent_like import runtime
from tangent_like.backend.lacking.kinds import (
    flat,
    is_array,
    is_none,
    is_whole,
    literal,
    made,
    own_dtype,
    rows_along,
    stand_in,
    with_length,
)

cumsum, cumprod, diff, flip = map(stand_in, (np.cumsum, np.cumprod, np.diff, np.flip))

OF_RUNNING = (cumsum, cumprod, diff, flip)
HELPERS = (runtime.others_product, runtime.uncumprod, runtime.undiff, runtime.log_of_sums)


def running(a: Any, axis: Any, step: str, first: str) -> Any:
    """An implementation of ``np.cumsum`` and what is like it."""
    if not is_array(a):
        return None
    whole = isinstance(a.dtype, types.Integer | types.Boolean)
    rows = "flat(a).reshape((1, a.size, 1))" if is_none(axis) else "rows_along(a, axis)"
    lines = [
        f"rows = {rows}",
        "out = np.empty(rows.shape, dtype)",
        "for i in range(rows.shape[0]):",
        "    for j in range(rows.shape[2]):",
        f"        y = dtype({first})",
        "        for n in range(rows.shape[1]):",
        f"            y = y {step} rows[i, n, j]",
        "            out[i, n, j] = y",
        f"return out.reshape({'a.size' if is_none(axis) else 'a.shape'})",
    ]
    dtype = np.int64 if whole else own_dtype(a)
    return made("a, axis=None", lines, np=np, flat=flat, rows_along=rows_along, dtype=dtype)


@overload(cumsum)
def _cumsum(a, axis=None):
    return running(a, axis, "+", "0") if is_none(axis) or is_whole(axis) else None


@overload(cumprod)
def _cumprod(a, axis=None):
    return running(a, axis, "*", "1") if is_none(axis) or is_whole(axis) else None


@register_jitable
def back_through_products(y_bar, x, axis):
    """The adjoint of ``x`` in ``np.cumprod(x, axis)``: nothing is divided."""
    rows, given = rows_along(x, axis), rows_along(y_bar, axis)
    x_bar = np.zeros(rows.shape, given.dtype)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[2]):
            behind = 0.0
            for n in range(rows.shape[1] - 1, -1, -1):
                behind += given[i, n, j]
                x_bar[i, n, j] = behind
                behind *= rows[i, n, j]
            before = 1.0
            for n in range(rows.shape[1]):
                x_bar[i, n, j] *= before
                before *= rows[i, n, j]
    return x_bar.reshape(x.shape)


@overload(runtime.uncumprod)
def _uncumprod(y_bar, x, axis=None):
    if not is_array(y_bar) or not is_array(x):
        return None
    if is_none(axis):
        return lambda y_bar, x, axis=None: back_through_products(flat(y_bar), flat(x), 0).reshape(x.shape)
    return lambda y_bar, x, axis=None: back_through_products(y_bar, x, axis)


@register_jitable
def products_of_others(x, axis):
    rows = rows_along(x, axis)
    out = np.empty(rows.shape, x.dtype)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[2]):
            y = 1.0
            for n in range(rows.shape[1]):
                out[i, n, j] = y
                y *= rows[i, n, j]
            y = 1.0
            for n in range(rows.shape[1] - 1, -1, -1):
                out[i, n, j] *= y
                y *= rows[i, n, j]
    return out.reshape(x.shape)


@overload(runtime.others_product)
def _others_product(x, axis=None):
    if not is_array(x) or not isinstance(x.dtype, types.Float):
        return None
    if is_none(axis):
        return lambda x, axis=None: products_of_others(flat(x), 0).reshape(x.shape)
    return (lambda x, axis=None: products_of_others(x, axis)) if is_whole(axis) else None


@register_jitable
def differences(x, n, axis):
    """``np.diff(x, n, axis)``."""
    rows = rows_along(x, axis).copy()
    left = rows.shape[1]
    for _ in range(n):
        left = max(left - 1, 0)
        for i in range(rows.shape[0]):
            for k in range(left):
                for j in range(rows.shape[2]):
                    rows[i, k, j] = rows[i, k + 1, j] - rows[i, k, j]
    return rows[:, :left].copy().reshape(with_length(x.shape, axis, left))


@overload(diff)
def _diff(a, n=1, axis=-1):
    if not is_array(a) or isinstance(a.dtype, types.Boolean) or not is_whole(n) or not is_whole(axis):
        return None
    return lambda a, n=1, axis=-1: differences(a, n, axis)


@overload(runtime.undiff)
def _undiff(y_bar, x, n=1, axis=-1):
    if not is_array(y_bar) or not is_array(x) or not is_whole(n) or not is_whole(axis):
        return None

    def impl(y_bar, x, n=1, axis=-1):
        length = x.shape[axis % x.ndim]
        if length <= n:
            return np.zeros(x.shape, y_bar.dtype)
        given = rows_along(y_bar, axis)
        rows = np.zeros((given.shape[0], length, given.shape[2]), y_bar.dtype)
        rows[:, : length - n] = given
        for turn in range(n):
            last = length - n + turn
            for i in range(rows.shape[0]):
                for j in range(rows.shape[2]):
                    for k in range(last, 0, -1):
                        rows[i, k, j] = rows[i, k - 1, j] - rows[i, k, j]
                    rows[i, 0, j] = -rows[i, 0, j]
        return rows.reshape(x.shape)

    return impl


@overload(flip, prefer_literal=True)
def _flip(m, axis=None):
    axes = literal(axis)
    if not is_array(m):
        return None
    if is_none(axis):
        axes = tuple(range(m.ndim))
    axes = (axes,) if isinstance(axes, int) else axes
    if not isinstance(axes, tuple) or not all(isinstance(k, int) and -m.ndim <= k < m.ndim for k in axes):
        return None
    turned = {k % m.ndim for k in axes}
    at = ", ".join("::-1" if k in turned else ":" for k in range(m.ndim))
    return made("m, axis=None", [f"return m[{at}]"])


@overload(runtime.log_of_sums, prefer_literal=True)
def _log_of_sums(x, axis=0, keepdims=False):
    """Less the greatest of them, as ``np.logaddexp`` has it for two."""
    along, keeps = literal(axis), literal(keepdims)
    if not is_array(x) or not isinstance(x.dtype, types.Float) or keeps not in (True, False):
        return None
    if not (along is None or isinstance(along, int)):
        return None
    rank = x.ndim
    if along is None:
        rows, shape = "flat(x).reshape((1, x.size, 1))", ("(" + "1, " * rank + ")" if keeps else "")
    else:
        at = along % rank
        left = ["1" if k == at else f"x.shape[{k}]" for k in range(rank) if keeps or k != at]
        rows, shape = f"rows_along(x, {at})", f"({', '.join(left)},)" if left else ""
    lines = [
        f"rows = {rows}",
        "out = np.empty((rows.shape[0], rows.shape[2]), dtype)",
        "for i in range(rows.shape[0]):",
        "    for j in range(rows.shape[2]):",
        "        best = -np.inf",
        "        for n in range(rows.shape[1]):",
        "            best = np.maximum(best, rows[i, n, j])",
        "        total = 0.0",
        "        if np.isfinite(best):",
        "            for n in range(rows.shape[1]):",
        "                total += np.exp(rows[i, n, j] - best)",
        "            best += np.log(total)",
        "        out[i, j] = best",
        f"return out.reshape({shape})" if shape else "return out[0, 0]",
    ]
    head = "x, axis=0, keepdims=False"
    return made(head, lines, np=np, flat=flat, rows_along=rows_along, dtype=own_dtype(x))
