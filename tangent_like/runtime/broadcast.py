"""Shapes: from the shape of a result back to the shape of an operand."""

# No annotations in these files: their text is pasted into standalone modules, as a user writes it.
# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def zeros_like(x):
    """Return the adjoint of ``x`` before anything is added to it; never an integer."""
    if isinstance(x, (float, int)):
        return 0.0
    if isinstance(x, np.floating):
        return x.dtype.type(0)
    if isinstance(x, (list, tuple)):
        return [zeros_like(item) for item in x]
    if isinstance(x, dict):
        return {key: zeros_like(item) for key, item in x.items()}
    if x is None or isinstance(x, str):
        return None
    x = np.asarray(x)
    return np.zeros_like(x, dtype=np.result_type(x, 0.0))


def widen(y_bar, shape, *like):
    """Return ``y_bar`` broadcast to ``shape``, as a read-only view.

    A bare float takes the dtype of ``like``, so that float32 stays float32.
    """
    arrays = [np.asarray(a) if isinstance(a, (list, tuple)) else a for a in like]
    return np.broadcast_to(np.asarray(y_bar, np.result_type(y_bar, *arrays, 0.0)), shape)


def unbroadcast(g, x):
    """Sum ``g`` over the axes along which ``x`` was broadcast: the result has the shape of ``x``.

    ``g`` itself comes back where it has that shape already, unless that has no axes: of a place, its number.
    Where ``g`` is the smaller one, it is repeated, into memory of its own. Only the shape and the dtype of
    ``x`` matter.
    """
    if isinstance(g, float) and isinstance(x, (float, int)):
        return g
    shape = np.shape(x)
    if np.shape(g) == shape:
        return g if shape or not isinstance(g, np.ndarray) else np.array(g)
    total = np.asarray(g, np.result_type(g, x, 0.0)) if np.ndim(g) == 0 else g
    if total.ndim > len(shape):
        total = total.sum(axis=tuple(range(total.ndim - len(shape))))
    ones = tuple(k for k in range(-np.ndim(total), 0) if shape[k] == 1)
    if ones:
        total = total.sum(axis=ones, keepdims=True)
    if np.shape(total) != shape:
        total = np.array(np.broadcast_to(total, shape))
    if isinstance(x, (float, int)):
        return complex(total) if np.iscomplexobj(total) else float(total)
    return total


def untile(y_bar, x, reps):
    """Return the adjoint of ``x`` in ``np.tile(x, reps)``: the sum over the copies."""
    reps = tuple(np.atleast_1d(reps))
    ndim = max(len(reps), np.ndim(x))
    sizes = (1,) * (ndim - np.ndim(x)) + np.shape(x)
    reps = (1,) * (ndim - len(reps)) + reps
    blocks = [n for pair in zip(reps, sizes, strict=True) for n in pair]
    return np.reshape(y_bar, blocks).sum(axis=tuple(range(0, 2 * ndim, 2))).reshape(np.shape(x))


def unrepeat(y_bar, x, repeats, axis=None):
    """Return the adjoint of ``x`` in ``np.repeat(x, repeats, axis)``: the sum over the copies."""
    shape = np.shape(x)
    x_bar = np.zeros(shape if axis is not None and shape else np.size(x), np.asarray(y_bar).dtype)
    k = 0 if axis is None else axis
    source = np.repeat(np.arange(x_bar.shape[k]), repeats)
    np.add.at(np.moveaxis(x_bar, k, 0), source, np.moveaxis(y_bar, k, 0))
    return x_bar.reshape(shape)


def untranspose(y_bar, axes=None):
    """Return the adjoint of ``x`` in ``np.transpose(x, axes)``: the axes put back, as a view."""
    if axes is None:
        return np.transpose(y_bar)
    ndim = np.ndim(y_bar)
    axes = (axes,) if isinstance(axes, int) else axes
    return np.transpose(y_bar, np.argsort([k % ndim for k in axes]))


def like(x_bar, x):
    """Return the gradient ``x_bar`` in the shape and dtype of ``x``, in memory of its own."""
    if isinstance(x, (list, tuple)):
        return type(x)([like(bar, item) for bar, item in zip(x_bar, x, strict=True)])
    if isinstance(x, (float, int)):
        return float(x_bar)
    if np.iscomplexobj(x):
        raise ValueError("this derivative is for real numbers: annotate complex ones (complex), or what holds them")
    if isinstance(x, np.ndarray):
        if x.dtype.kind in "iub":
            raise TypeError(f"this derivative is for floating-point numbers, not for {x.dtype}: pass x.astype(float)")
        if not isinstance(x, (np.ma.MaskedArray, np.matrix)):
            return np.array(np.broadcast_to(x_bar, x.shape), dtype=x.dtype)
    if not isinstance(x, np.generic):
        raise TypeError(f"this derivative is for numbers and plain arrays, not for {type(x)}: pass np.asarray of it")
    return x.dtype.type(x_bar) if x.dtype.kind == "f" else float(x_bar)


def matching(x_bar, x):
    """Return the gradient ``x_bar`` in the shape and dtype of ``x``, in memory of its own: real for a real ``x``."""
    if isinstance(x, (list, tuple)):
        return type(x)([matching(bar, item) for bar, item in zip(x_bar, x, strict=True)])
    if not np.iscomplexobj(x):
        x_bar = np.real(x_bar)
    if isinstance(x, (complex, float, int)) and not isinstance(x, np.generic):
        return complex(x_bar) if isinstance(x, complex) else float(x_bar)
    whole = np.array(np.broadcast_to(x_bar, np.shape(x)), dtype=np.result_type(x, np.float16))
    return whole if isinstance(x, np.ndarray) else whole[()]


def to_shape(x_dot, x):
    """Return the tangent ``x_dot`` repeated to the shape of ``x``; itself where it has that shape."""
    if np.shape(x_dot) == np.shape(x):
        return x_dot
    return np.full_like(x, x_dot, dtype=np.result_type(x_dot, x))


def fitting(condition, x, otherwise):
    """Return the condition if it has an answer for each entry of ``x`` and no more; if not, ``otherwise``."""
    shape = np.shape(x)
    try:
        fits = np.broadcast_shapes(np.shape(condition), shape) == shape
    except ValueError:
        fits = False
    return condition if fits else otherwise
