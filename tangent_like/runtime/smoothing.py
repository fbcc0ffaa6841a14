"""The way back through filters along one axis after another: ``scipy.ndimage.gaussian_filter``, ``savgol_filter``."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np


def unfiltered(y_bar, weights, axis, mode):
    """Return the adjoint of ``x`` in ``scipy.ndimage.correlate1d(x, weights, axis, mode=mode)``, of odd length."""
    from scipy import ndimage

    half, size = len(weights) // 2, np.shape(y_bar)[axis]
    lines = np.moveaxis(y_bar, axis, 0)
    around = np.pad(lines, [(half, half), *[(0, 0)] * (lines.ndim - 1)])
    around = ndimage.correlate1d(around, weights[::-1], 0, mode="constant")  # with what falls on the border
    if mode == "constant":
        return np.moveaxis(around[half : half + size], 0, axis)
    borders = {"reflect": "symmetric", "mirror": "reflect", "nearest": "edge"}
    x_bar = np.zeros_like(lines)
    np.add.at(x_bar, np.pad(np.arange(size), half, borders.get(mode, mode)), around)
    return np.moveaxis(x_bar, 0, axis)


def ungaussian(y_bar, sigma, order, mode, truncate, radius, axes):
    """Return the adjoint of ``x`` in ``scipy.ndimage.gaussian_filter``, and by one axis in ``gaussian_filter1d``."""
    from scipy import ndimage

    rank = np.ndim(y_bar)
    along = [a % rank for a in (range(rank) if axes is None else np.atleast_1d(axes))]
    each = zip(along, *(np.broadcast_to(given, len(along)) for given in (sigma, order, radius)), strict=True)
    for axis, width, slope, far in each:
        if far is None and width <= 1e-15:
            continue
        half = int(truncate * float(width) + 0.5) if far is None else int(far)
        impulse = np.zeros(2 * half + 1, np.result_type(y_bar))
        impulse[half] = 1.0
        answer = ndimage.gaussian_filter1d(
            impulse, width, order=slope, mode="constant", truncate=truncate, radius=half
        )
        y_bar = unfiltered(y_bar, answer[::-1], axis, mode)
    return y_bar


def unsavgol(y_bar, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode="interp"):
    """Return the adjoint of ``x`` in ``scipy.signal.savgol_filter``."""
    from scipy import signal

    if window_length % 2 == 0:
        raise ValueError("savgol_filter is differentiated for windows of odd length")
    unit = np.eye(window_length, dtype=np.result_type(y_bar))
    rows = signal.savgol_filter(unit, window_length, polyorder, deriv, delta, axis=0, mode="interp")
    half = window_length // 2
    if mode != "interp":
        return unfiltered(y_bar, rows[half], axis, mode)
    lines = np.moveaxis(y_bar, axis, 0)
    inner = lines.copy()
    inner[:half] = inner[len(inner) - half :] = 0.0
    x_bar = unfiltered(inner, rows[half], 0, "constant")
    x_bar[:window_length] += np.tensordot(rows[:half].T, lines[:half], 1)
    last = len(lines) - half
    x_bar[len(lines) - window_length :] += np.tensordot(rows[window_length - half :].T, lines[last:], 1)
    return np.moveaxis(x_bar, 0, axis)


def unupfirdn(y_bar, h, x, up=1, down=1, axis=-1):
    """Return the adjoint of ``x`` in ``scipy.signal.upfirdn(h, x, up, down, axis)``; only its shape matters."""
    from scipy import signal

    rows = signal.upfirdn(np.flip(h), np.moveaxis(y_bar, axis, -1), down)
    n, start = np.shape(x)[axis], np.size(h) - 1
    found = rows[..., start : start + n * up : up]
    missing = [(0, 0)] * (found.ndim - 1) + [(0, n - found.shape[-1])]
    return np.moveaxis(np.pad(found, missing), -1, axis)


def unresampled(y_bar, x, up, down, axis=0, window=("kaiser", 5.0)):
    """Return the adjoint of ``x`` in ``scipy.signal.resample_poly(x, up, down, axis, window)``; its shape matters.

    By what that says of itself: a filter over ``up`` times as many entries, centred, of which each ``down``-th is kept.
    """
    from scipy import signal

    common = math.gcd(up, down)
    up, down = up // common, down // common
    if up == down == 1:
        return y_bar
    if isinstance(window, np.ndarray | list):
        h, half = np.asarray(window, float) * up, (len(window) - 1) // 2
    else:
        half = 10 * max(up, down)
        h = signal.firwin(2 * half + 1, 1 / max(up, down), window=window) * up
    before = down - half % down
    first = (half + before) // down
    h = np.concatenate([np.zeros(before), h])
    n, kept = np.shape(x)[axis], np.shape(y_bar)[axis]
    made = (len(h) + (n - 1) * up - 1) // down + 1
    if made < first + kept:
        h = np.concatenate([h, np.zeros((first + kept - made) * down)])
        made = (len(h) + (n - 1) * up - 1) // down + 1
    bar = np.moveaxis(np.asarray(y_bar), axis, 0)
    full = np.zeros((made, *bar.shape[1:]), bar.dtype)
    full[first : first + kept] = bar
    return unupfirdn(np.moveaxis(full, 0, axis), h, x, up, down, axis).astype(np.result_type(y_bar, x), copy=False)
