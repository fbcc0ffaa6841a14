"""``scipy.signal``: short transforms of real signals, which are linear and complex, and their products."""

# mypy: allow-untyped-defs, allow-untyped-calls

import inspect

import numpy as np
from scipy import signal

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import constant, linear, rule
from tangent_like.runtime import (
    an_eighth,
    cross_spectrum,
    from_short,
    short_transform,
    uncross_spectrum,
    unfrom_short,
    unshort,
)

_HANN = inspect.signature(signal.welch).parameters["window"].default  # SciPy has renamed it
_DETREND = {"detrend": ("constant", "linear", False)}


@rule(
    signal.csd,
    kind="complex_beside_a_grid",
    results=("f", "p"),
    of=("x", "y"),
    inactive=("nperseg", "noverlap", "nfft", "return_onesided", "axis"),
    accepts={**_DETREND, "scaling": ("density", "spectrum"), "average": ("mean",)},
    cases=(
        case(draw(20), draw(20), nperseg=8),
        case(draw(20, 2), draw(20, 2), 0.5, np.hamming(6), axis=0, detrend=False, return_onesided=False),
    ),
)
def csd(
    f,
    p,
    x,
    y,
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
    def jvp(x_dot, y_dot):
        return 0 * f, cross_spectrum(
            x_dot, y, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis
        ) + cross_spectrum(x, y_dot, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis)

    def vjp(f_bar, p_bar):
        return (
            uncross_spectrum(
                np.conj(p_bar), y, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis
            ),
            uncross_spectrum(
                p_bar, x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis
            ),
        )

    return jvp, vjp


@rule(
    signal.stft,
    kind="complex_beside_two_grids",
    results=("f", "t", "z"),
    of=("x",),
    inactive=("nperseg", "noverlap", "nfft", "return_onesided", "padded", "axis"),
    accepts={**_DETREND, "boundary": ("zeros", None), "scaling": ("spectrum", "psd")},
    cases=(
        case(draw(20), nperseg=8),
        case(draw(2, 21), 2.0, np.hamming(7), 7, noverlap=2, boundary=None, detrend="linear", scaling="psd"),
        case(draw(20, 2), 0.5, "boxcar", 6, axis=0, return_onesided=False, padded=False),
    ),
)
def stft(
    f,
    t,
    z,
    x,
    fs=1.0,
    window=_HANN,
    nperseg=256,
    noverlap=None,
    nfft=None,
    detrend=False,
    return_onesided=True,
    boundary="zeros",
    padded=True,
    axis=-1,
    scaling="spectrum",
):
    def jvp(x_dot):
        return 0 * f, 0 * t, short_transform(
            x_dot, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis, boundary, padded, False
        )

    def vjp(f_bar, t_bar, z_bar):
        return unshort(
            z_bar,
            x,
            fs,
            window,
            nperseg,
            noverlap,
            nfft,
            detrend,
            return_onesided,
            scaling,
            axis,
            boundary,
            padded,
            False,
        )

    return jvp, vjp


@rule(
    signal.istft,
    kind="beside_a_grid",
    results=("t", "x"),
    of=("Zxx",),
    inactive=("nperseg", "noverlap", "nfft", "time_axis", "freq_axis"),
    accepts={
        "input_onesided": (True,),
        "boundary": (True, False),
        "scaling": ("spectrum", "psd"),
    },
    cases=(
        case(draw(5, 6)),
        case(draw(2, 5, 6), 2.0, "boxcar", nfft=9, nperseg=8, scaling="psd"),
        case(draw(6, 2, 5), time_axis=0, freq_axis=2, boundary=False),
    ),
)
def istft(
    t,
    x,
    Zxx,
    fs=1.0,
    window=_HANN,
    nperseg=None,
    noverlap=None,
    nfft=None,
    input_onesided=True,
    boundary=True,
    time_axis=-1,
    freq_axis=-2,
    scaling="spectrum",
):
    def jvp(Zxx_dot):
        return 0 * t, from_short(
            Zxx_dot, fs, window, nperseg, noverlap, nfft, boundary, time_axis, freq_axis, scaling
        )

    def vjp(t_bar, x_bar):
        return unfrom_short(
            x_bar, Zxx, fs, window, nperseg, noverlap, nfft, boundary, time_axis, freq_axis, scaling
        )

    return jvp, vjp


# -- helpers -------------------------------------------------------------------------------------------

_OF_SEGMENTS = ("nperseg", "noverlap", "nfft", "detrend", "one_sided", "scaling", "axis")
_MORE = ("boundary", "padded", "doubled")
_GIVEN = (1.0, "hann", 6, 2, 9, "linear", True, "density", -1)
_OTHER = (0.5, "boxcar", 5, None, None, False, False, "spectrum", 0, "zeros", True)

eighth = constant(an_eighth, reason="it is a number of entries")


@linear(
    short_transform,
    kind="unknown_complex",
    inactive=(*_OF_SEGMENTS, *_MORE),
    cases=(case(draw(14), *_GIVEN), case(draw(14, 2), *_OTHER)),
)
def transform(
    y_bar, y, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis,
    boundary=None, padded=False, doubled=True,
):  # fmt: skip
    return unshort(
        y_bar, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, boundary, padded, doubled
    )


@linear(
    unshort,
    kind="like_x",
    inactive=("x", *_OF_SEGMENTS, *_MORE),
    cases=(case(draw(5, 3), np.zeros(14), *_GIVEN), case(draw(5, 2, 6), np.zeros((14, 2)), *_OTHER)),
)
def back(
    y_bar, y, z_bar, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis,
    boundary=None, padded=False, doubled=True,
):  # fmt: skip
    return short_transform(
        y_bar, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, boundary, padded, doubled
    )


_OF_TRANSFORM = (
    "nperseg", "noverlap", "nfft", "boundary", "time_axis", "freq_axis", "scaling",
)  # fmt: skip
_BACK = (1.0, "hann", None, None, None, True, -1, -2, "spectrum")


@linear(from_short, kind="unknown", inactive=_OF_TRANSFORM, cases=(case(draw(5, 6), *_BACK),))
def inverse(y_bar, y, z, fs, window, nperseg, noverlap, nfft, boundary, time_axis, freq_axis, scaling):
    return unfrom_short(
        y_bar, z, fs, window, nperseg, noverlap, nfft, boundary, time_axis, freq_axis, scaling
    )


@linear(
    unfrom_short,
    kind="unknown_complex",
    inactive=("z", *_OF_TRANSFORM),
    cases=(case(draw(20), np.zeros((5, 6)), *_BACK),),
)
def uninverse(
    y_bar, y, x_bar, z, fs, window, nperseg, noverlap, nfft, boundary, time_axis, freq_axis, scaling
):
    return from_short(
        y_bar, fs, window, nperseg, noverlap, nfft, boundary, time_axis, freq_axis, scaling
    )


_PRODUCT = ("nperseg", "noverlap", "nfft", "detrend", "one_sided", "scaling", "axis", "averaged")


@rule(
    cross_spectrum,
    kind="unknown_complex",
    of=("x", "y"),
    inactive=_PRODUCT,
    cases=(case(draw(14), draw(14), *_GIVEN), case(draw(2, 14), draw(2, 14), *_GIVEN, False)),
)
def product(
    p, x, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged=True
):
    def jvp(x_dot, y_dot):
        return cross_spectrum(
            x_dot, y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged
        ) + cross_spectrum(x, y_dot, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged)

    def vjp(p_bar):
        return (
            uncross_spectrum(
                np.conj(p_bar), y, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged
            ),
            uncross_spectrum(
                p_bar, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged
            ),
        )

    return jvp, vjp


@rule(
    uncross_spectrum,
    kind="like_x",
    of=("p_bar", "x"),
    inactive=_PRODUCT,
    cases=(case(draw(5), draw(14), *_GIVEN), case(draw(2, 5, 3), draw(2, 14), *_GIVEN, False)),
)
def unproduct(
    y_bar, p_bar, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged=True
):
    def jvp(p_dot, x_dot):
        return uncross_spectrum(
            p_dot, x, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged
        ) + uncross_spectrum(
            p_bar, x_dot, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged
        )

    def vjp(z_bar):
        return (
            cross_spectrum(
                x, z_bar, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged
            ),
            uncross_spectrum(
                np.conj(p_bar), z_bar, fs, window, nperseg, noverlap, nfft, detrend, one_sided, scaling, axis, averaged
            ),
        )

    return jvp, vjp
