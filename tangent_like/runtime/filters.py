"""Filters over arrays with a border: what stands there, and where it goes back to."""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools
import itertools

import numpy as np

from tangent_like.runtime.arrange import positions, scatter


def filtered_and_state(b, a, x, zi):
    """Return what ``scipy.signal.lfilter(b, a, x, zi=zi)`` returns, the state behind the rest; of one axis."""
    from scipy import signal

    if np.ndim(x) != 1:
        raise ValueError("lfilter with zi= is differentiated for signals of one axis")
    return np.concatenate(signal.lfilter(b, a, x, zi=zi))


def turned_places(rows, columns, angle, reshape=True, quarters=0):
    """Return where ``scipy.ndimage.rotate`` of a matrix looks for each entry; by quarters further for slopes."""
    from scipy import special

    c, s = special.cosdg(angle), special.sindg(angle)  # of a quarter exactly, where entries lie on the border
    high, wide = rows, columns
    if reshape:
        high = int(rows * abs(c) + columns * abs(s) + 0.5)
        wide = int(rows * abs(s) + columns * abs(c) + 0.5)
    down, right = np.indices((high, wide)) - np.reshape([(high - 1) / 2, (wide - 1) / 2], (2, 1, 1))
    for _ in range(quarters):
        c, s = -s, c
    around = np.stack([c * down + s * right, c * right - s * down])
    return around if quarters else around + np.reshape([(rows - 1) / 2, (columns - 1) / 2], (2, 1, 1))


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


def cells(coordinates, shape, mode="constant"):
    """Return for each axis the lower corner of the cell of each place, how far on that is, and whether it is inside.

    Beyond the border, ``scipy.ndimage.map_coordinates`` reads a constant, or ("nearest") what stands at the border.
    """
    places = np.asarray(coordinates, float)
    last = np.reshape(np.asarray(shape) - 1.0, (-1,) + (1,) * (places.ndim - 1))
    inside = (places >= 0) & (places <= last)
    if mode == "constant":
        inside = np.broadcast_to(np.all(inside, axis=0), places.shape)
    elif mode != "nearest":
        raise ValueError(f"map_coordinates is differentiated for the modes constant and nearest, not for {mode}")
    places = np.clip(places, 0, last)
    low = np.clip(np.floor(places), 0, np.maximum(last - 1, 0))
    return low.astype(int), places - low, inside


def mapped(x, coordinates, mode="constant"):
    """Return ``scipy.ndimage.map_coordinates(x, coordinates, order=1, mode=mode)``."""
    from scipy import ndimage

    return ndimage.map_coordinates(x, coordinates, order=1, mode=mode)


def unmapped(y_bar, x, coordinates, mode="constant"):
    """Return the adjoint of ``x`` in ``scipy.ndimage.map_coordinates(x, coordinates, order=1, mode=mode)``."""
    low, part, inside = cells(coordinates, np.shape(x), mode)
    x_bar = np.zeros(np.shape(x), np.result_type(y_bar, 0.0))
    kept = np.where(inside[0], y_bar, 0.0) if mode == "constant" else y_bar
    for corner in np.ndindex((2,) * len(low)):
        weights = [p if high else 1 - p for p, high in zip(part, corner, strict=True)]
        at = tuple(np.minimum(k + high, n - 1) for k, high, n in zip(low, corner, np.shape(x), strict=True))
        np.add.at(x_bar, at, functools.reduce(np.multiply, weights, kept))
    return x_bar


def mapped_slopes(x, coordinates, mode="constant"):
    """Return the slope of ``scipy.ndimage.map_coordinates(x, coordinates, order=1, mode=mode)`` along each axis."""
    low, part, inside = cells(coordinates, np.shape(x), mode)
    slopes = np.zeros(part.shape, np.result_type(x, 0.0))
    for corner in np.ndindex((2,) * len(low)):
        at = tuple(np.minimum(k + high, n - 1) for k, high, n in zip(low, corner, np.shape(x), strict=True))
        weights = [p if high else 1 - p for p, high in zip(part, corner, strict=True)]
        for axis in range(len(low)):
            others = [w for k, w in enumerate(weights) if k != axis]
            slopes[axis] += functools.reduce(np.multiply, others, np.asarray(x)[at] * (2 * corner[axis] - 1))
    return slopes * inside


def unmapped_slopes(s_bar, x, coordinates, mode="constant"):
    """Return the adjoint of ``x`` in ``mapped_slopes(x, coordinates, mode)``."""
    low, part, inside = cells(coordinates, np.shape(x), mode)
    x_bar = np.zeros(np.shape(x), np.result_type(s_bar, 0.0))
    kept = np.where(inside, s_bar, 0.0)
    for corner in np.ndindex((2,) * len(low)):
        at = tuple(np.minimum(k + high, n - 1) for k, high, n in zip(low, corner, np.shape(x), strict=True))
        weights = [p if high else 1 - p for p, high in zip(part, corner, strict=True)]
        for axis in range(len(low)):
            others = [w for k, w in enumerate(weights) if k != axis]
            np.add.at(x_bar, at, functools.reduce(np.multiply, others, kept[axis] * (2 * corner[axis] - 1)))
    return x_bar


def mapped_bends(x, coordinates, mode="constant"):
    """Return the slopes of ``mapped_slopes(x, coordinates, mode)`` along each two axes; along one and itself none."""
    low, part, inside = cells(coordinates, np.shape(x), mode)
    rank = len(low)
    bends = np.zeros((rank, *part.shape), np.result_type(x, 0.0))
    for corner in np.ndindex((2,) * rank):
        at = tuple(np.minimum(k + high, n - 1) for k, high, n in zip(low, corner, np.shape(x), strict=True))
        weights = [p if high else 1 - p for p, high in zip(part, corner, strict=True)]
        for k, m in itertools.permutations(range(rank), 2):
            others = [w for axis, w in enumerate(weights) if axis not in (k, m)]
            sign = (2 * corner[k] - 1) * (2 * corner[m] - 1)
            bends[k, m] += functools.reduce(np.multiply, others, np.asarray(x)[at] * sign)
    return bends * inside * inside[:, None]


def analytic_weights(shape, axis=-1):
    """Return what ``scipy.signal.hilbert`` multiplies the Fourier transform along ``axis`` by: 0, 1 and 2."""
    n = shape[axis]
    weights = np.zeros(n)
    weights[0] = 1
    weights[1 : (n + 1) // 2] = 2
    if n % 2 == 0:
        weights[n // 2] = 1
    return np.reshape(weights, [n if k == axis % len(shape) else 1 for k in range(len(shape))])


def filtered_twice(b, a, x, axis=-1, padtype="odd", padlen=None):
    """Return ``scipy.signal.filtfilt(b, a, x, axis, padtype, padlen)``."""
    from scipy import signal

    return signal.filtfilt(b, a, x, axis, padtype, padlen)


def unfiltfilt(y_bar, b, a, x, axis=-1, padtype="odd", padlen=None):
    """Return the adjoint of ``x`` in ``scipy.signal.filtfilt(b, a, x, axis, padtype, padlen)``; its shape matters."""
    from scipy import signal

    start = signal.lfilter_zi(b, a)
    order = max(np.size(a), np.size(b))
    edge = 0 if padtype is None else 3 * order if padlen is None else padlen
    bar = np.moveaxis(np.asarray(y_bar, float), axis, 0)
    n = len(bar)
    response, _ = signal.lfilter(b, a, np.zeros(n + 2 * edge), zi=start)  # to what stands first

    def back(g):
        """Of one sweep forward: a causal filter, and what begins at the first entry as if it had stood there always."""
        found = np.flip(signal.lfilter(b, a, np.flip(g, 0), 0), 0)
        found[0] += np.tensordot(response, g, 1)
        return found

    full = np.zeros((n + 2 * edge, *bar.shape[1:]))
    full[edge : edge + n] = bar
    full = back(np.flip(back(np.flip(full, 0)), 0))
    x_bar = full[edge : edge + n].copy()
    if edge:
        left, right = np.flip(full[:edge], 0), np.flip(full[edge + n :], 0)
        sign = {"odd": -1, "even": 1, "constant": 0}[padtype]
        x_bar[1 : edge + 1] += sign * left
        x_bar[n - 1 - edge : n - 1] += sign * right
        for place, part in ((0, left), (n - 1, right)):
            x_bar[place] += {"odd": 2, "even": 0, "constant": 1}[padtype] * np.sum(part, axis=0)
    return np.moveaxis(x_bar, 0, axis).astype(np.result_type(y_bar, x), copy=False)
