"""Reductions: which entry gets how much of the adjoint of a sum, a maximum, a product."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.broadcast import widen


def spread(y_bar, x, axis=None, keepdims=False):
    """Return the adjoint of ``x`` in ``np.sum(x, axis, keepdims=keepdims)``.

    ``y_bar``, repeated along the axes that were summed: the shape of ``x``, in memory of its own.
    Only the shape and the dtype of ``x`` matter.
    """
    shape = np.shape(x)
    if shape == ():
        return y_bar[()] if isinstance(y_bar, np.ndarray) else y_bar  # of an array without axes, its number
    if axis is not None:
        axes = [k % len(shape) for k in (axis if isinstance(axis, tuple) else (axis,))]
        kept = tuple(1 if k in axes else n for k, n in enumerate(shape))
        left = tuple(n for k, n in enumerate(shape) if k not in axes)
        y_bar = widen(y_bar, kept if keepdims else left, x).reshape(kept)
    return np.array(widen(y_bar, shape, x))


def mean_count(x, axis=None):
    """Return the number of entries of ``x`` that ``np.mean(x, axis)`` averages into one."""
    if axis is None:
        return np.size(x)
    axes = axis if isinstance(axis, tuple) else (axis,)
    count = 1
    for k in axes:
        count *= np.shape(x)[k]
    return count


def ties(x, y, axis=None, keepdims=False):
    """Return which entries of ``x`` are the extremum ``y`` of their row, as equal shares.

    ``y`` is ``np.max(x, axis, keepdims=keepdims)``, or ``np.min``. The shares, of the shape of
    ``x``, sum to 1 along ``axis``. Where ``y`` is NaN, the entries that are NaN share.
    """
    if axis is not None and not keepdims:
        y = np.expand_dims(y, axis)
    chosen = (x == y) | (np.isnan(x) & np.isnan(y))
    count = np.sum(chosen, axis=axis, keepdims=True)
    return (chosen / count).astype(np.result_type(x, 0.0)).reshape(np.shape(x))[()]


def others_product(x, axis=None):
    """Return for each entry of ``x`` the product of all the others along ``axis``.

    What stands before it times what stands after it: nothing is divided, so zeros are harmless.
    """
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None or x.ndim == 0 else axis if isinstance(axis, tuple) else (axis,)
    rest = x.ndim - len(axes)
    rows = np.moveaxis(x, axes, range(rest, x.ndim))
    flat = rows.reshape(*rows.shape[:rest], int(np.prod(rows.shape[rest:])))
    before = np.ones_like(flat)
    after = np.ones_like(flat)
    before[..., 1:] = np.cumprod(flat[..., :-1], axis=-1)
    after[..., :-1] = np.cumprod(flat[..., :0:-1], axis=-1)[..., ::-1]
    return np.moveaxis((before * after).reshape(rows.shape), range(rest, x.ndim), axes)[()]


def undiff(y_bar, x, n=1, axis=-1):
    """Return the adjoint of ``x`` in ``np.diff(x, n, axis)``; only the shape of ``x`` matters."""
    if np.shape(x)[axis] <= n:  # np.diff left nothing
        return np.zeros(np.shape(x), np.asarray(y_bar).dtype)
    around = [(0, 0)] * np.ndim(x)
    around[axis] = (n, n)
    return (-1) ** n * np.diff(np.pad(y_bar, around), n, axis)


def on_diagonal(d_bar, x, offset=0, axis1=0, axis2=1):
    """Return zeros of the shape of ``x`` with ``d_bar`` on a diagonal.

    The adjoint of ``x`` in ``np.diagonal(x, offset, axis1, axis2)``, and in ``np.trace``: then
    ``d_bar`` lacks the last axis, the one along the diagonal, and is repeated along it. Only the
    shape and the dtype of ``x`` matter.
    """
    x_bar = np.zeros(np.shape(x), np.result_type(d_bar, x, 0.0))
    diagonal = np.diagonal(x_bar, offset, axis1, axis2)
    diagonal.flags.writeable = True  # a view of x_bar, which is ours
    diagonal.T[...] = np.transpose(d_bar)  # transposed, the axis along the diagonal is the first
    return x_bar
