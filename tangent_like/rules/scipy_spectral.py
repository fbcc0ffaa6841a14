"""``scipy.signal``: spectral densities of real signals, which are products of short transforms; resampling."""

# mypy: allow-untyped-defs, allow-untyped-calls

import inspect

import numpy as np
from scipy import signal

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear, rule
from tangent_like.runtime import an_eighth, cross_spectrum, uncross_spectrum, unresample

_HANN = inspect.signature(signal.welch).parameters["window"].default  # SciPy has renamed it
_TUKEY = inspect.signature(signal.spectrogram).parameters["window"].default
_DETREND = {"detrend": ("constant", "linear", False)}
_KNOWN = {**_DETREND, "scaling": ("density", "spectrum")}
_OPTIONS = ("nperseg", "noverlap", "nfft", "return_onesided", "axis")


@rule(
    signal.welch,
    kind="beside_a_grid",
    results=("f", "p"),
    of=("x",),
    inactive=_OPTIONS,
    accepts={**_KNOWN, "average": ("mean",)},
    cases=(
        case(draw(20), nperseg=8),
        case(draw(21), 2.0, "boxcar", 7, 2),
        case(draw(2, 20), nperseg=8, nfft=11, detrend="linear", scaling="spectrum"),
        case(draw(20, 2), 0.5, np.hamming(6), axis=0, detrend=False, return_onesided=False),
    ),
)
def welch(
    f,
    p,
    x,
    fs=1.0,
    window=_HANN,
    nperseg=None,
    noverlap=None,
    nfft=None,
    detrend="constant",
    return_onesided=True,
    scaling="density",
    axis=-1,
    average="mean",
):
    def jvp(x_dot):
        return 0 * f, 2 * np.real(
            cross_spectrum(x, x_dot, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis)
        )

    def vjp(f_bar, p_bar):
        return 2 * uncross_spectrum(
            p_bar, x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis
        )

    return jvp, vjp


@rule(
    signal.periodogram,
    kind="beside_a_grid",
    results=("f", "p"),
    of=("x",),
    inactive=("return_onesided", "axis"),
    accepts={**_KNOWN, "nfft": (None,)},
    cases=(
        case(draw(8)),
        case(draw(7), 2.0, "hann", scaling="spectrum"),
        case(draw(6, 2), axis=0, detrend=False),
        case(draw(2, 6), window=np.hamming(6), detrend="linear", return_onesided=False),
    ),
)
def periodogram(
    f,
    p,
    x,
    fs=1.0,
    window="boxcar",
    nfft=None,
    detrend="constant",
    return_onesided=True,
    scaling="density",
    axis=-1,
):
    """Welch's, of one segment."""

    def jvp(x_dot):
        return 0 * f, 2 * np.real(
            cross_spectrum(
                x, x_dot, fs, window, np.shape(x)[axis], 0, None, detrend, return_onesided, scaling, axis
            )
        )

    def vjp(f_bar, p_bar):
        return 2 * uncross_spectrum(
            p_bar, x, fs, window, np.shape(x)[axis], 0, None, detrend, return_onesided, scaling, axis
        )

    return jvp, vjp


@rule(
    signal.spectrogram,
    kind="beside_two_grids",
    results=("f", "t", "s"),
    of=("x",),
    inactive=_OPTIONS,
    accepts={**_KNOWN, "mode": ("psd",)},
    cases=(
        case(draw(20), nperseg=8, noverlap=3),
        case(draw(20), nperseg=9),
        case(draw(2, 21), 2.0, "hann", 7, 2, scaling="spectrum", detrend=False),
        case(draw(20, 2), 0.5, np.hamming(6), noverlap=1, axis=0, return_onesided=False),
    ),
)
def spectrogram(
    f,
    t,
    s,
    x,
    fs=1.0,
    window=_TUKEY,
    nperseg=None,
    noverlap=None,
    nfft=None,
    detrend="constant",
    return_onesided=True,
    scaling="density",
    axis=-1,
    mode="psd",
):
    def jvp(x_dot):
        shared = an_eighth(x, window, nperseg, axis) if noverlap is None else noverlap
        return 0 * f, 0 * t, 2 * np.real(
            cross_spectrum(
                x, x_dot, fs, window, nperseg, shared, nfft, detrend, return_onesided, scaling, axis, False
            )
        )

    def vjp(f_bar, t_bar, s_bar):
        shared = an_eighth(x, window, nperseg, axis) if noverlap is None else noverlap
        return 2 * uncross_spectrum(
            s_bar, x, fs, window, nperseg, shared, nfft, detrend, return_onesided, scaling, axis, False
        )

    return jvp, vjp


@rule(
    signal.coherence,
    kind="beside_a_grid",
    results=("f", "c"),
    of=("x", "y"),
    inactive=("nperseg", "noverlap", "nfft", "axis"),
    accepts=_DETREND,
    cases=(
        case(draw(20), draw(20), nperseg=8),
        case(draw(20, 2), draw(20, 2), 0.5, np.hamming(6), noverlap=2, axis=0, detrend="linear"),
    ),
)
def coherence(
    f,
    c,
    x,
    y,
    fs=1.0,
    window=_HANN,
    nperseg=None,
    noverlap=None,
    nfft=None,
    detrend="constant",
    axis=-1,
):
    """The square of the cross spectrum over the product of the two spectra."""

    def jvp(x_dot, y_dot):
        p = cross_spectrum(x, y, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis)
        a = np.real(cross_spectrum(x, x, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis))
        b = np.real(cross_spectrum(y, y, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis))
        return 0 * f, 2 * (
            np.real(
                np.conj(p)
                * cross_spectrum(x_dot, y, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis)
            )
            / (a * b)
            - np.real(cross_spectrum(x, x_dot, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis))
            * c
            / a
        ) + 2 * (
            np.real(
                np.conj(p)
                * cross_spectrum(x, y_dot, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis)
            )
            / (a * b)
            - np.real(cross_spectrum(y, y_dot, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis))
            * c
            / b
        )

    def vjp(f_bar, c_bar):
        p = cross_spectrum(x, y, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis)
        a = np.real(cross_spectrum(x, x, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis))
        b = np.real(cross_spectrum(y, y, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis))
        return (
            2
            * uncross_spectrum(
                c_bar * p / (a * b), y, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis
            )
            - 2
            * uncross_spectrum(
                c_bar * c / a, x, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis
            ),
            2
            * uncross_spectrum(
                c_bar * np.conj(p) / (a * b), x, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis
            )
            - 2
            * uncross_spectrum(
                c_bar * c / b, y, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis
            ),
        )

    return jvp, vjp


_SIZES = tuple(case(draw(n), m) for n in (4, 5, 6) for m in (3, 4, 5, 6, 8))


@linear(
    signal.resample,
    kind="unknown",
    inactive=("num", "axis"),
    accepts={"t": (None,), "window": (None,), "domain": ("time",)},
    cases=(*_SIZES, case(draw(2, 6), 4, axis=1), case(draw(6, 2), 8)),
)
def resample(y_bar, y, x, num, t=None, axis=0, window=None, domain="time"):
    return unresample(y_bar, x, num, axis)


@linear(
    unresample,
    kind="like_x",
    inactive=("x", "num", "axis"),
    cases=(case(draw(4), np.zeros(6), 4), case(draw(2, 8), np.zeros((2, 6)), 8, 1)),
)
def unresample_rule(z_bar, z, y_bar, x, num, axis=0):
    return signal.resample(z_bar, num, axis=axis)
