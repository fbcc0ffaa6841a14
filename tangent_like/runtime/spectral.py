"""Short transforms of SciPy, of which spectral densities are products; and resampling by Fourier's method."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.fourier import cut_or_padded, mirrored_twice


def short_transform(
    x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, boundary=None, padded=False, doubled=True
):
    """Return SciPy's ``stft`` of a real signal, by "density" or "spectrum"; segments stand along the last axis.

    ``doubled``: its square is that of both sides, where one is there.
    """
    from scipy import signal

    scaling = "psd" if scaling == "density" else scaling
    z = signal.stft(x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, boundary, padded, axis, scaling)[2]
    if doubled and one_sided:
        length = window_of(x, window, nperseg, axis).size if nfft is None else nfft
        rows = np.moveaxis(z, axis - (axis < 0), 0)  # all but the ends stand for two frequencies
        rows[1 : None if length % 2 else -1] *= z.dtype.type(2**0.5)
    return z


def unshort(
    z_bar, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis,
    boundary=None, padded=False, doubled=True,
):  # fmt: skip
    """Return the adjoint of ``x`` in ``short_transform(x, ...)``: segment by segment, each back at its place."""
    from scipy import signal

    weights = window_of(x, window, nperseg, axis)
    length, n = weights.size, np.shape(x)[axis]
    nfft = length if nfft is None else nfft
    step = length - (length // 2 if noverlap is None else noverlap)
    before = 0 if boundary is None else length // 2
    size = n + 2 * before
    size += (-(size - length) % step) % length if padded else 0
    scale = 1 / np.sum(weights) if scaling == "spectrum" else (fs * np.sum(weights**2)) ** -0.5
    rows = np.array(np.moveaxis(z_bar, axis - (axis < 0), -1))
    if doubled and one_sided:
        rows[..., 1 : None if nfft % 2 else -1] *= 2**0.5
    back = scale * weights * np.real(np.fft.fft(rows, nfft))[..., :length]
    if detrend:
        back = signal.detrend(back, type=detrend)
    whole = np.zeros((*back.shape[:-2], size), np.result_type(np.real(z_bar[..., :0]), np.asarray(x).dtype))
    for k in range(back.shape[-2]):
        whole[..., k * step : k * step + length] += back[..., k, :]
    return np.moveaxis(whole[..., before : before + n], -1, axis)


def cross_spectrum(x, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged=True):
    """Return the cross spectral density of two real signals of one shape: that of ``csd``, or segment by segment."""
    if np.shape(x) != np.shape(y):
        raise ValueError("spectral densities are differentiated for signals of one shape")
    one, other = (
        short_transform(s, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis) for s in (x, y)
    )
    product = np.conj(one) * other
    return np.mean(product, -1) if averaged else product


def uncross_spectrum(p_bar, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged=True):
    """Return the adjoint of ``y`` in ``cross_spectrum(x, y, ...)``; with that of ``x`` all is conjugated."""
    z = np.conj(short_transform(x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis))
    z = p_bar[..., None] * z / z.shape[-1] if averaged else p_bar * z
    return unshort(z, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis)


def window_of(x, window, nperseg, axis):
    """Return the window of the segments of a signal, by its name or as it is."""
    from scipy import signal

    if not np.size(x):
        raise ValueError("the spectrum of a signal that has no entries is not differentiated")
    if not isinstance(window, (str, tuple)):
        return np.asarray(window)
    return signal.get_window(window, min(256 if nperseg is None else int(nperseg), np.shape(x)[axis]))


def an_eighth(x, window, nperseg, axis):
    """Return an eighth of the size of a segment: by so much those of a spectrogram overlap."""
    return window_of(x, window, nperseg, axis).size // 8


def from_short(z, fs, window, nperseg, noverlap, nfft, boundary, time_axis, freq_axis, scaling):
    """Return the signal that SciPy's ``istft`` makes of the half of a spectrum."""
    from scipy import signal

    return signal.istft(
        z, fs, window, nperseg, noverlap, nfft, True, boundary, time_axis, freq_axis, scaling
    )[1]


def unfrom_short(
    x_bar, z, fs, window, nperseg, noverlap, nfft, boundary, time_axis, freq_axis, scaling
):
    """Return the adjoint of ``z`` in ``from_short(z, ...)``: each segment taken from its place."""
    from scipy import signal

    rank = np.ndim(z)
    count, segments = np.shape(z)[freq_axis], np.shape(z)[time_axis]
    default = 2 * (count - 1)
    length = int(nperseg) if nperseg is not None else default if isinstance(window, (str, tuple)) else len(window)
    nfft = (length if length == default + 1 else default) if nfft is None else int(nfft)
    step = length - (length // 2 if noverlap is None else noverlap)
    weights = signal.get_window(window, length) if isinstance(window, (str, tuple)) else np.asarray(window)
    scale = np.sum(weights) if scaling == "spectrum" else (fs * np.sum(weights**2)) ** 0.5
    last = time_axis % rank - (freq_axis % rank < time_axis % rank)
    whole = np.moveaxis(x_bar, last, -1)
    if boundary:
        edges = [(0, 0)] * (whole.ndim - 1) + [(length // 2, length // 2)]
        whole = np.pad(whole, edges)
    norm = np.zeros(whole.shape[-1])
    for k in range(segments):
        norm[k * step : k * step + length] += weights**2
    whole = scale * whole / np.where(norm > 1e-10, norm, 1.0)
    parts = np.stack([weights * whole[..., k * step : k * step + length] for k in range(segments)], -2)
    rows = mirrored_twice(np.fft.ihfft(parts, nfft), nfft)
    rows = cut_or_padded(rows, np.zeros((*rows.shape[:-1], count)))
    z_bar = np.moveaxis(rows, (-1, -2), (freq_axis % rank, time_axis % rank))
    return z_bar.astype(np.result_type(x_bar, np.complex64))


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
