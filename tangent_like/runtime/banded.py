"""Banded matrices as SciPy keeps them, a diagonal a row; and sums over lags, for filters."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def banded_transposed(ab, low, high):
    """Return the transposed of a matrix with ``low`` diagonals below and ``high`` above, ``ab[high + i - j, j]``."""
    n = ab.shape[1]
    turned = np.zeros_like(ab)
    for k in range(-low, high + 1):
        turned[low + k, max(0, -k) : n - max(0, k)] = ab[high - k, max(0, k) : n - max(0, -k)]
    return turned


def both_bands(ab, lower=False):
    """Return the diagonals on both sides of a symmetric matrix of which ``ab`` has those of one, the main one too."""
    high, n = len(ab) - 1, ab.shape[1]
    whole = np.zeros((2 * high + 1, n), ab.dtype)
    for k in range(high + 1):
        own = ab[k, : n - k] if lower else ab[high - k, k:]
        whole[high - k, k:] = own
        whole[high + k, : n - k] = own
    return whole


def one_band(whole_bar, ab, lower=False):
    """Return the adjoint of ``ab`` in ``both_bands(ab, lower)``."""
    high, n = len(ab) - 1, ab.shape[1]
    ab_bar = np.zeros(np.shape(ab), whole_bar.dtype)
    for k in range(high + 1):
        own = whole_bar[high - k, k:] + whole_bar[high + k, : n - k] if k else whole_bar[high]
        if lower:
            ab_bar[k, : n - k] = own
        else:
            ab_bar[high - k, k:] = own
    return ab_bar


def banded_product(ab, x, low, high):
    """Return the product of a banded matrix with a vector, or with columns."""
    n = ab.shape[1]
    y = np.zeros_like(x)
    for k in range(-low, high + 1):
        row = ab[high - k, max(0, k) : n - max(0, -k)]
        part = x[max(0, k) : n - max(0, -k)]
        y[max(0, -k) : n - max(0, k)] += row * part if x.ndim == 1 else row[:, None] * part
    return y


def banded_outer(u, x, low, high):
    """Return the diagonals of the outer product of ``u`` and ``x``, or of the sum over their columns."""
    n = x.shape[0]
    found = np.zeros((low + high + 1, n), x.dtype)
    for k in range(-low, high + 1):
        part = u[max(0, -k) : n - max(0, k)] * x[max(0, k) : n - max(0, -k)]
        found[high - k, max(0, k) : n - max(0, -k)] = part if x.ndim == 1 else np.sum(part, axis=1)
    return found


def lagged(u, x, count, axis=-1):
    """Return the sums of ``u`` times ``x``, which comes 0, 1, ..., ``count - 1`` places later, along ``axis``."""
    u, x = np.moveaxis(u, axis, -1), np.moveaxis(x, axis, -1)
    n = x.shape[-1]
    found = np.zeros(count, x.dtype)
    for k in range(min(count, n)):
        found[k] = np.sum(u[..., k:] * x[..., : n - k])
    return found


def root_slopes(roots):
    """Return the slopes of the coefficients of ``np.poly(roots)``, a row for each root."""
    if np.ndim(roots) != 1:
        raise ValueError("np.poly is differentiated for roots, not for a matrix")
    n = roots.shape[0]
    slopes = np.zeros((n, n + 1), roots.dtype)
    for k in range(n):
        slopes[k, 1:] = -np.poly(np.delete(roots, k))
    return slopes


def into_bins(weights, a, edges):
    """Return the sums of the weights of the entries of ``a`` between each two ``edges``; the last edge is inside."""
    places = np.searchsorted(edges, np.ravel(a), "right") - (np.ravel(a) == edges[-1])
    return np.bincount(places, np.ravel(weights), len(edges) + 1)[1:-1].astype(np.asarray(weights).dtype)


def out_of_bins(bar, a, edges):
    """Return for each entry of ``a`` that of ``bar`` whose bin it is in: the adjoint of weights; 0 outside."""
    places = np.searchsorted(edges, a, "right") - np.equal(a, edges[-1])
    return np.pad(bar, 1)[places]
