"""What the derivatives of SciPy's densities and convolutions share."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.linear import from_triangle, onto_triangle


def hazard(logpdf, log_chance):
    """Return the density over the chance, of their logarithms; 0 where nothing is found, though both are none there."""
    none = logpdf == -np.inf
    return np.where(none, 0.0, np.exp(np.where(none, 0.0, logpdf) - np.where(none, 0.0, log_chance)))[()]


def full_rank(cov):
    """Return ``cov``; raise a ``ValueError`` where SciPy takes it for singular: there the density has no slope."""
    values = np.linalg.eigvalsh(cov)
    if np.min(values) <= 1e6 * np.finfo(values.dtype).eps * np.max(np.abs(values)):
        raise ValueError("the density of a normal distribution with a singular covariance is not differentiated")
    return cov


def normal_weights(x, mean, cov):
    """Return ``inv(cov) @ (x - mean)`` for each point along the last axis of ``x``; a mean of None is zero.

    SciPy takes a mean of one number for that of points of one number each, however many ``x`` has along its last
    axis; of a covariance a number, or a vector, says a diagonal.
    """
    if np.ndim(x) == 0 or (mean is not None and np.shape(mean) != np.shape(x)[-1:]):
        raise ValueError("multivariate_normal is differentiated for a mean as long as the last axis of the points")
    away = x if mean is None else x - mean
    if np.ndim(cov) < 2:
        return away / cov
    return np.linalg.solve(from_triangle(np.asarray(cov)), away[..., None])[..., 0]


def normal_covariance(weights, cov):
    """Return the slope of a normal log density by ``cov``, for each point; ``weights`` are ``normal_weights``."""
    if np.ndim(cov) == 1:
        return 0.5 * (weights**2 - 1 / np.asarray(cov))[..., None, :]
    if np.ndim(cov) == 0:
        return 0.5 * np.sum(weights**2 - 1 / cov, axis=-1)[..., None, None]
    inverse = np.linalg.inv(from_triangle(np.asarray(cov)))
    return onto_triangle(0.5 * (weights[..., :, None] * weights[..., None, :] - inverse))


def convolved_full(z_bar, x, y, mode="full"):
    """Return ``z_bar``, of the shape of ``scipy.signal.convolve(x, y, mode)``, with zeros for what is left out."""
    sizes = [m + n - 1 for m, n in zip(np.shape(x), np.shape(y), strict=True)]
    full = np.zeros(sizes, np.result_type(z_bar, x, y, 0.0))
    full[convolved_slices(x, y, mode)] = z_bar
    return full


def convolved_part(full, x, y, mode="full"):
    """Return of a ``full`` convolution what ``scipy.signal.convolve(x, y, mode)`` keeps."""
    return np.array(full[convolved_slices(x, y, mode)])


def convolved_slices(x, y, mode):
    """Return where in a full convolution that of a mode stands."""
    kept = []
    for m, n in zip(np.shape(x), np.shape(y), strict=True):
        size = {"full": m + n - 1, "same": m, "valid": max(m, n) - min(m, n) + 1}[mode]
        start = {"full": 0, "same": (n - 1) // 2, "valid": min(m, n) - 1}[mode]
        kept.append(slice(start, start + size))
    return tuple(kept)
