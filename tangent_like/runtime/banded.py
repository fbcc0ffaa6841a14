"""Banded matrices as SciPy keeps them, a diagonal a row; and sums over lags, for filters."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.reduce import ties


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
    if x.ndim > 2:
        raise ValueError("solve_banded is differentiated for a vector or for columns, not for a stack of them")
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


def lower_band(ab, lower=False):
    """Return the diagonals from the main one down of a symmetric matrix; beyond their ends are zeros."""
    high, n = len(ab) - 1, ab.shape[1]
    low = np.zeros(ab.shape, ab.dtype)
    for k in range(min(high + 1, n)):
        low[k, : n - k] = ab[k, : n - k] if lower else ab[high - k, k:]
    return low


def from_lower_band(low, lower=False):
    """Return the diagonals as they were before ``lower_band``; zeros for what it does not read."""
    high, n = len(low) - 1, low.shape[1]
    ab = np.zeros(low.shape, low.dtype)
    for k in range(min(high + 1, n)):
        if lower:
            ab[k, : n - k] = low[k, : n - k]
        else:
            ab[high - k, k:] = low[k, : n - k]
    return ab


def banded_cholesky_tangent(ab_dot, c, lower=False):
    """Return the tangent of ``c = scipy.linalg.cholesky_banded(ab)``, a column after the other."""
    low, width, n = lower_band(c, lower), len(c) - 1, c.shape[1]
    rows, columns = np.tril_indices(width)
    left = np.concatenate([lower_band(ab_dot, lower), np.zeros((width + 1, width), c.dtype)], axis=1)
    low_dot = np.zeros(c.shape, c.dtype)
    for j in range(n):
        diagonal, below = low[0, j], low[1:, j]
        diagonal_dot = left[0, j] / (2 * diagonal)
        below_dot = (left[1:, j] - below * diagonal_dot) / diagonal
        low_dot[0, j] = diagonal_dot
        low_dot[1:, j] = below_dot
        both = np.outer(below_dot, below)
        left[rows - columns, j + 1 + columns] -= (both + both.T)[rows, columns]
    return ab_dot + from_lower_band(low_dot - lower_band(ab_dot, lower), lower)  # what is not read stays as it is


def banded_cholesky_adjoint(c_bar, c, lower=False):
    """Return the adjoint of ``ab`` in ``c = scipy.linalg.cholesky_banded(ab)``, from the last column on."""
    low, width, n = lower_band(c, lower), len(c) - 1, c.shape[1]
    low_bar = lower_band(c_bar, lower)
    rows, columns = np.tril_indices(width)
    left_bar = np.zeros((width + 1, n + width), c.dtype)
    for j in range(n - 1, -1, -1):
        diagonal, below = low[0, j], low[1:, j]
        window = np.zeros((width, width), c.dtype)
        window[rows, columns] = left_bar[rows - columns, j + 1 + columns]
        below_bar = low_bar[1:, j] - (window + window.T) @ below
        left_bar[1:, j] = below_bar / diagonal
        left_bar[0, j] = (low_bar[0, j] - np.sum(below * below_bar) / diagonal) / (2 * diagonal)
    return c_bar + from_lower_band(left_bar[:, :n] - low_bar, lower)  # what is not read stays as it is


def banded_square_product(cb_dot, cb, x, lower=False):
    """Return the tangent of the matrix of which ``cb`` is the banded Cholesky factor, times ``x``."""
    high, low, low_dot = len(cb) - 1, lower_band(cb, lower), lower_band(cb_dot, lower)
    moved = banded_product(low_dot, banded_product(banded_transposed(low, high, 0), x, 0, high), high, 0)
    return moved + banded_product(low, banded_product(banded_transposed(low_dot, high, 0), x, 0, high), high, 0)


def banded_square_adjoint(lam, x, cb, lower=False):
    """Return the adjoint of the banded factor ``cb`` in ``x``, where ``lam`` is that of the right-hand side."""
    high, low = len(cb) - 1, lower_band(cb, lower)
    up = banded_transposed(low, high, 0)
    low_bar = banded_outer(lam, banded_product(up, x, 0, high), high, 0)
    low_bar = low_bar + banded_outer(x, banded_product(up, lam, 0, high), high, 0)
    return from_lower_band(-low_bar, lower)


def lagged(u, x, b, axis=-1):
    """Return the sums of ``u`` times ``x``, which comes 0, 1, ... places later along ``axis``, for each of ``b``."""
    count = np.size(b)
    u, x = np.moveaxis(u, axis, -1), np.moveaxis(x, axis, -1)
    n = x.shape[-1]
    found = np.zeros(count, np.result_type(u, x))
    for k in range(min(count, n)):
        found[k] = np.sum(u[..., k:] * x[..., : n - k])
    return np.reshape(found, np.shape(b))


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


def moved_edges(a_dot, a, edges):
    """Return the tangent of even ``edges`` from the least entry of ``a`` to the greatest."""
    return np.linspace(np.sum(ties(a, np.min(a)) * a_dot), np.sum(ties(a, np.max(a)) * a_dot), len(edges))


def unmoved_edges(edges_bar, a):
    """Return the adjoint of ``a`` by those of even edges from its least entry to its greatest."""
    low = ties(a, np.min(a)) * (np.linspace(1.0, 0.0, len(edges_bar)) @ edges_bar)
    return low + ties(a, np.max(a)) * (np.linspace(0.0, 1.0, len(edges_bar)) @ edges_bar)
