"""Filters over arrays with a border: what stands there, and where it goes back to."""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools

import numpy as np

from tangent_like.runtime.arrange import positions, scatter


def bordered(x, weights, mode="reflect", turned=False):
    """Return ``x`` with the border that ``scipy.ndimage.correlate(x, weights, mode=mode)`` gives it, or ``convolve``.

    ``turned``: it is for ``convolve``. It leaves as many windows of the shape of ``weights`` as ``x`` has entries.
    """
    widths = [((n - 1) // 2, n // 2) if turned else (n // 2, (n - 1) // 2) for n in np.shape(weights)]
    borders = {"reflect": "symmetric", "mirror": "reflect", "nearest": "edge"}
    return np.pad(x, widths, borders.get(mode, mode))


def unbordered(y_bar, x, weights, mode="reflect", turned=False):
    """Return the adjoint of ``x`` in ``bordered(x, weights, mode, turned)``: what the border repeats adds up."""
    places = bordered(positions(x) + 1, weights, mode, turned) - 1
    return scatter(y_bar, x, places)


def laplace_weights(rank):
    """Return the weights of ``scipy.ndimage.laplace`` over ``rank`` axes: the sum of the second differences."""
    weights = np.zeros((3,) * rank)
    for axis in range(rank):
        np.moveaxis(weights, axis, 0)[(slice(None), *(1,) * (rank - 1))] += [1.0, -2.0, 1.0]
    return weights


def sobel_weights(rank, axis=-1):
    """Return the weights of ``scipy.ndimage.sobel``: a difference along ``axis``, sums along the others."""
    along = [[-1.0, 0.0, 1.0] if k == axis % rank else [1.0, 2.0, 1.0] for k in range(rank)]
    return functools.reduce(np.multiply.outer, along, np.ones(()))
