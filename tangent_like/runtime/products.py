"""Products: the adjoint of either side, ``z_bar`` first broadcast to the product's shape."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.broadcast import unbroadcast, widen


def matmul_left(z_bar, x, y):
    """Return the adjoint of ``x`` in ``z = x @ y``; only the shape of ``x`` matters.

    Vectors are taken as the row or the column that ``@`` takes them for; batches are summed.
    """
    if hasattr(y, "tocsr"):  # a sparse matrix of SciPy's
        return widen(z_bar, (*np.shape(x)[:-1], y.shape[1]), x) @ y.T
    if hasattr(x, "tocsr"):
        raise TypeError("this derivative takes a sparse matrix for an array: give it a name in the function")
    rows = np.shape(x) if np.ndim(x) > 1 else (1, *np.shape(x))
    columns = y if np.ndim(y) > 1 else np.reshape(y, (-1, 1))
    z_bar = matmul_adjoint(z_bar, x, y)
    if np.ndim(y) > 2 >= np.ndim(x):  # not one matrix for each of the stack, to be summed
        over = (*range(np.ndim(y) - 2), np.ndim(y) - 1)
        return np.tensordot(z_bar, y, (over, over)).reshape(np.shape(x))
    x_bar = z_bar @ np.swapaxes(columns, -1, -2)
    return unbroadcast(x_bar, np.broadcast_to(0.0, rows)).reshape(np.shape(x))


def matmul_right(z_bar, x, y):
    """Return the adjoint of ``y`` in ``z = x @ y``; only the shape of ``y`` matters."""
    if hasattr(x, "tocsr"):  # a sparse matrix of SciPy's
        return x.T @ widen(z_bar, (x.shape[0], *np.shape(y)[1:]), y)
    if hasattr(y, "tocsr"):
        raise TypeError("this derivative takes a sparse matrix for an array: give it a name in the function")
    rows = x if np.ndim(x) > 1 else np.reshape(x, (1, -1))
    columns = np.shape(y) if np.ndim(y) > 1 else (*np.shape(y), 1)
    z_bar = matmul_adjoint(z_bar, x, y)
    if np.ndim(x) > 2 >= np.ndim(y):
        over = tuple(range(np.ndim(x) - 1))
        return np.tensordot(x, z_bar, (over, over)).reshape(np.shape(y))
    y_bar = np.swapaxes(rows, -1, -2) @ z_bar
    return unbroadcast(y_bar, np.broadcast_to(0.0, columns)).reshape(np.shape(y))


def matmul_adjoint(z_bar, x, y):
    """Return ``z_bar`` in the shape of ``x @ y`` where a vector ``x`` is a row, ``y`` a column."""
    row = () if np.ndim(x) == 1 else (np.shape(x)[-2],)
    column = () if np.ndim(y) == 1 else (np.shape(y)[-1],)
    batch = np.broadcast_shapes(np.shape(x)[:-2], np.shape(y)[:-2])
    z_bar = widen(z_bar, batch + row + column, x, y)
    return z_bar.reshape(batch + (row or (1,)) + (column or (1,)))


def dot_left(z_bar, x, y):
    """Return the adjoint of ``x`` in ``z = np.dot(x, y)``; only the shape of ``x`` matters.

    ``np.dot`` sums the last axis of ``x`` with the last but one of ``y`` (its only one, of a
    vector): ``z`` has the other axes of ``x``, then the other axes of ``y``.
    """
    x_axes, y_axes = np.ndim(x), np.ndim(y)
    if x_axes == 0 or y_axes == 0:
        return unbroadcast(z_bar * y, x)
    others = [k for k in range(y_axes) if k != max(y_axes - 2, 0)]
    z_bar = widen(z_bar, np.shape(x)[:-1] + tuple(np.shape(y)[k] for k in others), x, y)
    return np.tensordot(z_bar, y, (range(x_axes - 1, z_bar.ndim), others))


def dot_right(z_bar, x, y):
    """Return the adjoint of ``y`` in ``z = np.dot(x, y)``; only the shape of ``y`` matters."""
    x_axes, y_axes = np.ndim(x), np.ndim(y)
    if x_axes == 0 or y_axes == 0:
        return unbroadcast(z_bar * x, y)
    summed = max(y_axes - 2, 0)
    z_bar = widen(z_bar, np.shape(x)[:-1] + np.shape(y)[:summed] + np.shape(y)[summed + 1 :], x, y)
    y_bar = np.tensordot(x, z_bar, (range(x_axes - 1), range(x_axes - 1)))
    return np.moveaxis(y_bar, 0, summed)


def inner_left(z_bar, x, y):
    """Return the adjoint of ``x`` in ``z = np.inner(x, y)``, which sums the last axes.

    That of ``y`` is ``inner_left`` with the two exchanged and ``z_bar`` likewise: inner_right.
    """
    x_axes, y_axes = np.ndim(x), np.ndim(y)
    if x_axes == 0 or y_axes == 0:
        return unbroadcast(z_bar * y, x)
    z_bar = widen(z_bar, np.shape(x)[:-1] + np.shape(y)[:-1], x, y)
    return np.tensordot(z_bar, y, y_axes - 1)


def inner_right(z_bar, x, y):
    """Return the adjoint of ``y`` in ``z = np.inner(x, y)``; only the shape of ``y`` matters."""
    x_axes, y_axes = np.ndim(x), np.ndim(y)
    if x_axes == 0 or y_axes == 0:
        return unbroadcast(z_bar * x, y)
    z_bar = widen(z_bar, np.shape(x)[:-1] + np.shape(y)[:-1], x, y)
    return np.tensordot(z_bar, x, (range(x_axes - 1), range(x_axes - 1)))


def outer_left(z_bar, x, y):
    """Return the adjoint of ``x`` in ``z = np.outer(x, y)``; only the shape of ``x`` matters."""
    z_bar = widen(z_bar, (np.size(x), np.size(y)), x, y)
    return (z_bar @ np.ravel(y)).reshape(np.shape(x))[()]


def outer_right(z_bar, x, y):
    """Return the adjoint of ``y`` in ``z = np.outer(x, y)``; only the shape of ``y`` matters."""
    z_bar = widen(z_bar, (np.size(x), np.size(y)), x, y)
    return (np.ravel(x) @ z_bar).reshape(np.shape(y))[()]
