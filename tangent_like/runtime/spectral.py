"""Spectral densities of SciPy: products of two signals, linear in each; and resampling by Fourier's method."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def cross_power(x, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis):
    """Return the real part of the cross spectral density of two real signals, by SciPy."""
    from scipy import signal

    return np.real(signal.csd(x, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis)[1])


def uncross_power(p_bar, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis):
    """Return the adjoint of ``x`` in ``cross_power(x, y, ...)``: segment by segment, each back at its place."""
    from scipy import signal

    y, p_bar = np.moveaxis(y, axis, -1), np.moveaxis(p_bar, axis, -1)
    n = y.shape[-1]
    named = isinstance(window, (str, tuple))
    length = min(256 if nperseg is None else nperseg, n) if named else len(window)
    weights = signal.get_window(window, length) if named else np.asarray(window)
    nfft = length if nfft is None else nfft
    starts = range(0, n - length + 1, length - (length // 2 if noverlap is None else noverlap))
    total = np.sum(weights) ** 2 if scaling == "spectrum" else fs * np.sum(weights**2)
    shares = np.full(p_bar.shape[-1], 1 / total)
    if one_sided:  # all but the ends stand for two frequencies
        shares[1 : None if nfft % 2 else -1] *= 2
    x_bar = np.zeros(y.shape, np.result_type(y, p_bar))
    for start in starts:
        part = y[..., start : start + length]
        part = weights * (signal.detrend(part, type=detrend) if detrend else part)
        spectrum = (np.fft.rfft(part, nfft) if one_sided else np.fft.fft(part, nfft)) * (shares * p_bar / len(starts))
        back = weights * np.real(nfft * np.fft.ifft(spectrum, nfft))[..., :length]
        x_bar[..., start : start + length] += signal.detrend(back, type=detrend) if detrend else back
    return np.moveaxis(x_bar, -1, axis)


def unresample(y_bar, x, num, axis=0):
    """Return the adjoint of ``x`` in ``scipy.signal.resample(x, num, axis=axis)``.

    The way back, but for the highest frequency that both have, which one of the two counts twice.
    """
    from scipy import signal

    n = np.shape(x)[axis]
    x_bar = num / n * signal.resample(y_bar, n, axis=axis)
    least = min(n, num)
    if n != num and least % 2 == 0:
        wave, other = (np.cos(np.pi * least / size * np.arange(size)) for size in (n, num))
        height = np.tensordot(other, y_bar, ((0,), (axis,))) / n
        missing = np.moveaxis(np.multiply.outer(wave, height), 0, axis)
        x_bar = x_bar + missing if num < n else x_bar - missing
    return x_bar.astype(y_bar.dtype)
