"""``scipy.signal``: spectral densities of real signals, resampling."""

# mypy: allow-untyped-defs, allow-untyped-calls

import inspect

import numpy as np
from scipy import signal

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear, rule
from tangent_like.runtime import cross_power, uncross_power, unresample

_HANN = inspect.signature(signal.welch).parameters["window"].default  # SciPy has renamed it
_KNOWN = {"detrend": ("constant", "linear", False), "scaling": ("density", "spectrum")}
_OPTIONS = ("fs", "window", "nperseg", "noverlap", "nfft", "return_onesided", "axis")


@rule(
    signal.welch,
    kind="unknown",
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
        return 0 * f, 2 * cross_power(
            x, x_dot, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis
        )

    def vjp(f_bar, p_bar):
        return 2 * uncross_power(
            p_bar, x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis
        )

    return jvp, vjp


@rule(
    signal.periodogram,
    kind="unknown",
    results=("f", "p"),
    of=("x",),
    inactive=("fs", "window", "return_onesided", "axis"),
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
    """One segment of Welch's."""

    def jvp(x_dot):
        return 0 * f, 2 * cross_power(
            x, x_dot, fs, window, np.shape(x)[axis], 0, None, detrend, return_onesided, scaling, axis
        )

    def vjp(f_bar, p_bar):
        return 2 * uncross_power(
            p_bar, x, fs, window, np.shape(x)[axis], 0, None, detrend, return_onesided, scaling, axis
        )

    return jvp, vjp


_OF_SEGMENTS = ("fs", "window", "nperseg", "noverlap", "nfft", "detrend", "one_sided", "scaling", "axis")
_GIVEN = (1.0, "hann", 6, 2, 9, "linear", True, "density", -1)


@rule(
    cross_power,
    kind="unknown",
    of=("x", "y"),
    inactive=_OF_SEGMENTS,
    cases=(case(draw(14), draw(14), *_GIVEN), case(draw(2, 14), draw(2, 14), *_GIVEN)),
)
def cross_power_rule(p, x, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis):
    def jvp(x_dot, y_dot):
        return cross_power(
            x_dot, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis
        ) + cross_power(x, y_dot, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis)

    def vjp(p_bar):
        return (
            uncross_power(p_bar, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis),
            uncross_power(p_bar, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis),
        )

    return jvp, vjp


@rule(
    uncross_power,
    kind="unknown",
    of=("p_bar", "y"),
    inactive=_OF_SEGMENTS,
    cases=(case(draw(5), draw(14), *_GIVEN), case(draw(2, 5), draw(2, 14), *_GIVEN)),
)
def uncross_power_rule(x_bar, p_bar, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis):
    """One number of three, linear in each: what is taken of which is symmetric."""

    def jvp(p_dot, y_dot):
        return uncross_power(
            p_dot, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis
        ) + uncross_power(p_bar, y_dot, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis)

    def vjp(z_bar):
        return (
            cross_power(z_bar, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis),
            uncross_power(p_bar, z_bar, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis),
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
