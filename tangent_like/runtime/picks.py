"""Filters that take one entry out of each window, and arrays that are made larger or smaller."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.arrange import positions, scatter
from tangent_like.runtime.filters import bordered


def window_shares(x, y, size, footprint=None, mode="reflect", axis=None, turned=False):
    """Return which entries of ``x`` a window sees at each of its places, and how much of each went to ``y``.

    ``y`` is one of the entries that the window sees, or what stands beyond the border; entries that tie share it.
    ``size`` is along ``axis``, or along each. A window is off its middle by one for ``turned``, if its size is even.
    """
    if footprint is None:
        along = np.full(np.ndim(x), 1) if axis is not None else np.broadcast_to(size, np.ndim(x)).copy()
        if axis is not None:
            along[axis] = size
        footprint = np.ones(along, bool)
    seen = np.asarray(footprint) != 0
    if not np.size(x):
        return np.zeros((*np.shape(y), 0), int), np.zeros((*np.shape(y), 0), np.result_type(x))
    places = bordered(positions(x) + 1, seen, mode, turned) - 1
    places = np.lib.stride_tricks.sliding_window_view(places, seen.shape)[..., seen]
    chosen = (places >= 0) & (np.ravel(x)[places] == np.expand_dims(y, -1))
    count = np.maximum(np.sum(chosen, axis=-1, keepdims=True), 1)
    return places, chosen / count.astype(np.result_type(x))


def picked(v, x, y, size, footprint=None, mode="reflect", axis=None, turned=False):
    """Return the entries of ``v`` at the places that a filter took ``y`` from, out of ``x``."""
    places, shares = window_shares(x, y, size, footprint, mode, axis, turned)
    return np.sum(np.ravel(v)[places] * shares, axis=-1)


def unpicked(y_bar, x, y, size, footprint=None, mode="reflect", axis=None, turned=False):
    """Return the adjoint of ``v`` in ``picked(v, x, y, size, footprint, mode, axis, turned)``."""
    places, shares = window_shares(x, y, size, footprint, mode, axis, turned)
    return scatter(np.expand_dims(y_bar, -1) * shares, x, places)


def zoomed(x, zoom, order=3, mode="constant", prefilter=True, grid_mode=False):
    """Return ``scipy.ndimage.zoom(x, zoom, order=order, mode=mode, ...)``."""
    from scipy import ndimage

    return ndimage.zoom(x, zoom, order=order, mode=mode, prefilter=prefilter, grid_mode=grid_mode)


def unzoomed(y_bar, x, zoom, order=3, mode="constant", prefilter=True, grid_mode=False):
    """Return the adjoint of ``x`` in ``zoomed(x, zoom, order, mode, ...)``: axis by axis, each by its matrix."""
    if not np.size(x):
        return np.zeros_like(x)
    x_bar = np.asarray(y_bar)
    for axis, factor in enumerate(np.broadcast_to(zoom, np.ndim(x))):
        units = np.eye(np.shape(x)[axis], dtype=x_bar.dtype)
        matrix = np.stack([zoomed(unit, factor, order, mode, prefilter, grid_mode) for unit in units])
        x_bar = np.moveaxis(np.tensordot(matrix, x_bar, (1, axis)), 0, axis)
    return x_bar
