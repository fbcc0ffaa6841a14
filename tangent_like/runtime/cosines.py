"""Transforms by cosines and sines: ``dct``, ``idct``, ``dst`` and ``idst`` of SciPy, and their transposes."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def by_cosines(x, name, sort=2, axis=-1, norm=None, orthogonalize=None):
    """Return ``scipy.fft.dct(x, sort, axis=axis, norm=norm)``, or another such transform by its ``name``."""
    from scipy import fft

    return getattr(fft, name)(x, sort, None, axis, norm, orthogonalize=orthogonalize)


def back_by_cosines(y_bar, name, sort=2, axis=-1, norm=None, orthogonalize=None):
    """Return the adjoint of ``x`` in ``by_cosines(x, name, sort, axis, norm)``.

    Types 2 and 3 are each other's transpose and types 1 and 4 their own, but for weights of the coefficients at an end:
    the first of cosines, the last of sines, both of cosines of type 1. What is made orthogonal has no such weights.
    """
    even = norm == "ortho" if orthogonalize is None else orthogonalize
    partner = {2: 3, 3: 2}.get(sort, sort)
    weights = np.ones(np.shape(y_bar)[axis], np.result_type(y_bar, 0.0))
    if not even and sort == 1 and name in ("dct", "idct"):
        weights[[0, -1]] = 2
    elif not even and sort in (2, 3):
        weights[0 if name in ("dct", "idct") else -1] = 2 if (sort == 2) == (name in ("dct", "dst")) else 0.5
    weights = weights.reshape([-1 if k == axis % np.ndim(y_bar) else 1 for k in range(np.ndim(y_bar))])
    if sort == 1:
        return by_cosines(y_bar * weights, name, 1, axis, norm, orthogonalize) / weights
    if np.max(weights) > 1:
        return by_cosines(y_bar * weights, name, partner, axis, norm, orthogonalize)
    return by_cosines(y_bar, name, partner, axis, norm, orthogonalize) * weights
