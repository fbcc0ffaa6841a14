"""``scipy.signal``, ``scipy.ndimage``, ``scipy.integrate``, ``scipy.spatial``: what is linear or nearly so."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import signal, special

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, linear, rule
from tangent_like.runtime import (
    convolved_full,
    filtered_and_state,
    filtfilt_by_a,
    filtfilt_by_b,
    filtfilt_to_a,
    filtfilt_to_b,
    lagged,
    sections_adjoint,
    sections_tangent,
    sosfiltfilt_by_sos,
    sosfiltfilt_to_sos,
    sosfiltfilt_to_x,
    unfiltfilt,
    unresampled,
    unsavgol,
    unupfirdn,
)

_SIZES = (
    case(draw(5), draw(3)),
    *(case(draw(m), draw(n), mode) for mode in ("full", "same", "valid") for m, n in ((5, 3), (3, 5), (4, 4), (6, 2))),
    *(case(draw(4, 5), draw(2, 3), mode) for mode in ("full", "same", "valid")),
)


@rule(signal.convolve, kind="filtered", of=("x", "y"), inactive=("method",), cases=_SIZES)
def convolve(z, x, y, mode="full", method="auto"):
    def jvp(x_dot, y_dot):
        return signal.convolve(x_dot, y, mode, method) + signal.convolve(x, y_dot, mode, method)

    def vjp(z_bar):
        full = convolved_full(z_bar, x, y, mode)
        return signal.correlate(full, y, "valid", method), signal.correlate(full, x, "valid", method)

    return jvp, vjp


@rule(signal.fftconvolve, kind="filtered", of=("x", "y"), accepts={"axes": (None,)}, cases=_SIZES)
def fftconvolve(z, x, y, mode="full", axes=None):
    def jvp(x_dot, y_dot):
        return signal.fftconvolve(x_dot, y, mode) + signal.fftconvolve(x, y_dot, mode)

    def vjp(z_bar):
        full = convolved_full(z_bar, x, y, mode)
        return signal.fftconvolve(full, np.flip(y), "valid"), signal.fftconvolve(full, np.flip(x), "valid")

    return jvp, vjp


_PLANES = tuple(
    case(draw(4, 5), draw(2, 3), mode, boundary="fill") for mode in ("full", "same", "valid")
)
_ZEROS_AROUND = {"boundary": ("fill",), "fillvalue": (0,)}


@definition(signal.convolve2d, of=("x", "y"), accepts=_ZEROS_AROUND, cases=(*_PLANES, case(draw(4, 4), draw(4, 4))))
def convolve2d(x, y, mode="full", boundary="fill", fillvalue=0):
    return signal.convolve(x, y, mode, "direct")


_AROUND = tuple(
    case(draw(4, 5), draw(*sizes), mode, boundary=boundary)
    for sizes in ((2, 3), (3, 4))
    for mode in ("full", "same")
    for boundary in ("symm", "wrap")
)


@definition(
    signal.convolve2d,
    more=True,
    of=("x", "y"),
    accepts={"boundary": ("symm", "wrap"), "mode": ("full", "same"), "fillvalue": (0,)},
    cases=_AROUND,
)
def convolve2d_around(x, y, mode="full", boundary="fill", fillvalue=0):
    """What lies around is there, and then nothing is beyond: "same" is the middle of what is "full"."""
    return signal.convolve(
        np.pad(
            x,
            (
                (
                    np.shape(y)[0] - 1 if mode == "full" else np.shape(y)[0] // 2,
                    np.shape(y)[0] - 1 if mode == "full" else (np.shape(y)[0] - 1) // 2,
                ),
                (
                    np.shape(y)[1] - 1 if mode == "full" else np.shape(y)[1] // 2,
                    np.shape(y)[1] - 1 if mode == "full" else (np.shape(y)[1] - 1) // 2,
                ),
            ),
            mode="symmetric" if boundary == "symm" else "wrap",
        ),
        y,
        "valid",
        "direct",
    )


@definition(
    signal.correlate2d,
    of=("x", "y"),
    accepts={**_ZEROS_AROUND, "mode": ("full", "valid")},
    cases=(*_PLANES[::2], case(draw(4, 4), draw(4, 4))),
)
def correlate2d(x, y, mode="full", boundary="fill", fillvalue=0):
    return signal.convolve(x, np.flip(y), mode, "direct")


@definition(
    signal.correlate2d,
    more=True,
    of=("x", "y"),
    accepts={"boundary": ("fill", "symm", "wrap"), "mode": ("full", "same"), "fillvalue": (0,)},
    cases=(*_AROUND, case(draw(4, 5), draw(2, 4), "same")),
)
def correlate2d_around(x, y, mode="full", boundary="fill", fillvalue=0):
    """Of an even kernel the middle is on the other side."""
    return signal.convolve(
        np.pad(
            x,
            (
                (
                    np.shape(y)[0] - 1 if mode == "full" else (np.shape(y)[0] - 1) // 2,
                    np.shape(y)[0] - 1 if mode == "full" else np.shape(y)[0] // 2,
                ),
                (
                    np.shape(y)[1] - 1 if mode == "full" else (np.shape(y)[1] - 1) // 2,
                    np.shape(y)[1] - 1 if mode == "full" else np.shape(y)[1] // 2,
                ),
            ),
            mode="symmetric" if boundary == "symm" else "wrap" if boundary == "wrap" else "constant",
        ),
        np.flip(y),
        "valid",
        "direct",
    )


@definition(signal.oaconvolve, of=("x", "y"), accepts={"axes": (None,)}, cases=_SIZES)
def oaconvolve(x, y, mode="full", axes=None):
    return signal.fftconvolve(x, y, mode)


@rule(signal.correlate, kind="filtered", of=("x", "y"), inactive=("method",), cases=_SIZES)
def correlate(z, x, y, mode="full", method="auto"):
    def jvp(x_dot, y_dot):
        return signal.correlate(x_dot, y, mode, method) + signal.correlate(x, y_dot, mode, method)

    def vjp(z_bar):
        full = convolved_full(z_bar, x, y, mode)
        return signal.convolve(full, y, "valid", method), np.flip(signal.correlate(full, x, "valid", method))

    return jvp, vjp


@rule(
    signal.lfilter,
    kind="like_x",
    of=("b", "a", "x"),
    accepts={"zi": (None,)},
    cases=(
        case(draw(3), np.array([1.0, -0.3]), draw(6)),
        case(draw(2), np.array([2.0, 0.3, -0.2]), draw(2, 5)),
        case(draw(2), np.array([1.0, 0.3]), draw(5, 2), axis=0),
        case(draw(), draw(), draw(5)),
    ),
)
def lfilter(y, b, a, x, axis=-1, zi=None):
    """Of ``A y = B x``, where ``A`` and ``B`` are Toeplitz matrices of the coefficients."""

    def jvp(b_dot, a_dot, x_dot):
        return (
            signal.lfilter(b_dot, a, x, axis) - signal.lfilter(a_dot, a, y, axis) + signal.lfilter(b, a, x_dot, axis)
        )

    def vjp(y_bar):
        u = np.flip(signal.lfilter(np.ones(1, np.result_type(y_bar)), a, np.flip(y_bar, axis), axis), axis)
        return (
            lagged(u, x, b, axis),
            -lagged(u, y, a, axis),
            np.flip(signal.lfilter(b, np.ones(1, np.result_type(y_bar)), np.flip(u, axis), axis), axis),
        )

    return jvp, vjp


@linear(
    signal.detrend,
    kind="floated_first",
    accepts={"bp": (0,), "overwrite_data": (False,)},
    cases=(case(draw(5)), case(draw(3, 5)), case(draw(5, 2), axis=0), case(draw(5), type="constant")),
)
def detrend(y_bar, y, x, axis=-1, type="linear", bp=0, overwrite_data=False):
    """A projection: its own transpose."""
    return signal.detrend(y_bar, axis, type)


_SECTIONS = np.array([[0.2, 0.4, 0.2, 1.0, -0.3, 0.1], [1.0, 0.5, 0.0, 1.0, 0.2, 0.0]])


@rule(
    signal.sosfilt,
    kind="like_x",
    of=("sos", "x"),
    accepts={"zi": (None,)},
    cases=(case(_SECTIONS, draw(6)), case(_SECTIONS, draw(2, 5)), case(_SECTIONS, draw(5, 2), axis=0)),
)
def sosfilt(y, sos, x, axis=-1, zi=None):
    """A causal filter: the way back is the same filter, over the adjoint turned round."""

    def jvp(sos_dot, x_dot):
        return sections_tangent(sos_dot, sos, x, axis) + signal.sosfilt(sos, x_dot, axis)

    def vjp(y_bar):
        return sections_adjoint(y_bar, sos, x, axis), np.flip(signal.sosfilt(sos, np.flip(y_bar, axis), axis), axis)

    return jvp, vjp


@rule(
    signal.filtfilt,
    kind="like_x",
    of=("b", "a", "x"),
    accepts={"method": ("pad",), "irlen": (None,)},
    cases=(
        case(draw(2), np.array([1.0]), draw(12)),
        case(np.array([0.2, 0.3]), np.array([1.0, -0.2]), draw(2, 14)),
        case(np.array([0.2, 0.3]), np.array([1.5, -0.2, 0.1]), draw(9, 2), axis=0, padtype="even", padlen=3),
        case(np.array([0.2, 0.3, 0.1]), np.array([1.0, -0.2]), draw(9), padtype="constant", padlen=2),
        case(np.array([0.2, 0.3]), np.array([1.0, -0.2]), draw(9), padtype=None),
    ),
)
def filtfilt(y, b, a, x, axis=-1, padtype="odd", padlen=None, method="pad", irlen=None):
    def jvp(b_dot, a_dot, x_dot):
        return (
            filtfilt_by_b(b_dot, b, a, x, axis, padtype, padlen)
            + filtfilt_by_a(a_dot, b, a, x, axis, padtype, padlen)
            + signal.filtfilt(b, a, x_dot, axis, padtype, padlen)
        )

    def vjp(y_bar):
        return (
            filtfilt_to_b(y_bar, b, a, x, axis, padtype, padlen),
            filtfilt_to_a(y_bar, b, a, x, axis, padtype, padlen),
            unfiltfilt(y_bar, b, a, x, axis, padtype, padlen),
        )

    return jvp, vjp


@rule(
    signal.sosfiltfilt,
    kind="like_x",
    of=("sos", "x"),
    cases=(case(_SECTIONS, draw(20)), case(_SECTIONS, draw(2, 20), padtype="even")),
)
def sosfiltfilt(y, sos, x, axis=-1, padtype="odd", padlen=None):
    def jvp(sos_dot, x_dot):
        return sosfiltfilt_by_sos(sos_dot, sos, x, axis, padtype, padlen) + signal.sosfiltfilt(
            sos, x_dot, axis, padtype, padlen
        )

    def vjp(y_bar):
        return (
            sosfiltfilt_to_sos(y_bar, sos, x, axis, padtype, padlen),
            sosfiltfilt_to_x(y_bar, sos, axis, padtype, padlen),
        )

    return jvp, vjp


_SMOOTHED = (
    case(draw(9), 5, 2),
    case(draw(2, 8), 5, 2, 1, 0.5),
    case(draw(7, 2), 3, 1, axis=0),
    case(draw(9), 5, 2, mode="nearest"),
    case(draw(9), 5, 3, mode="mirror"),
    case(draw(9), 5, 3, mode="constant"),
)


@linear(
    signal.savgol_filter,
    kind="floated_first",
    accepts={"mode": ("interp", "mirror", "nearest", "wrap", "constant"), "cval": (0, 0.0)},
    cases=_SMOOTHED,
)
def savgol_filter(
    y_bar, y, x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode="interp", cval=0.0
):
    """At the ends the polynomials of the first and the last window."""
    return unsavgol(y_bar, window_length, polyorder, deriv, delta, axis, mode)


@linear(unsavgol, kind="first", of=("y_bar",), cases=_SMOOTHED)
def unsavgol_rule(z_bar, z, y_bar, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode="interp"):
    return signal.savgol_filter(z_bar, window_length, polyorder, deriv, delta, axis, mode)


@definition(
    signal.chirp,
    of=("t", "f0", "t1", "f1", "phi"),
    accepts={"method": ("linear", "lin", "li")},
    cases=(
        case(draw(5, low=0.0), draw(low=1.0), draw(low=1.0), draw(low=2.0, high=3.0)),
        case(draw(5, low=0.0), 1.0, 2.0, 3.0, "linear", draw(low=5.0, high=40.0)),
    ),
)
def chirp(t, f0, t1, f1, method="linear", phi=0):
    return np.cos(2 * np.pi * (f0 * t + 0.5 * (f1 - f0) / t1 * t * t) + phi * np.pi / 180)


@definition(
    filtered_and_state,
    of=("b", "a", "x", "zi"),
    cases=(
        case(draw(2), np.array([1.0, -0.3]), draw(6), draw(1)),
        case(draw(3), np.array([2.0, 0.3, -0.2]), draw(5), draw(2)),
        case(draw(2), np.array([2.0, 0.3, -0.2, 0.1]), draw(2), draw(3)),
    ),
)
def filtered_and_state_rule(b, a, x, zi):
    """The filter goes on over zeros: of what is left there, before it went round, the state was made."""
    return np.append(
        signal.lfilter(b, a, x) + signal.lfilter(a[:1], a, np.take(np.append(zi, np.zeros(len(x))), np.arange(len(x)))),
        signal.lfilter(
            a,
            a[:1],
            np.take(
                signal.lfilter(b, a, np.append(x, np.zeros(len(zi))))
                + signal.lfilter(a[:1], a, np.append(zi, np.zeros(len(x)))),
                np.arange(len(x), len(x) + len(zi)),
            ),
        ),
    )


@linear(
    signal.upfirdn,
    kind="unknown",
    of=("x",),
    inactive=("up", "down"),
    accepts={"mode": ("constant",), "cval": (0,)},
    cases=(
        case(draw(3), draw(8)),
        case(draw(3), draw(8), 2, 3),
        case(draw(7), draw(4), 3),
        case(draw(2), draw(9, 2), 1, 4, axis=0),
        case(draw(4), draw(2, 6), 3, 2),
    ),
)
def upfirdn(y_bar, y, h, x, up=1, down=1, axis=-1, mode="constant", cval=0):
    return unupfirdn(y_bar, h, x, up, down, axis)


@linear(
    unupfirdn,
    kind="unknown",
    of=("y_bar",),
    inactive=("x", "up", "down"),
    cases=(case(draw(3), draw(3), draw(5), 1, 3), case(draw(5, 2), draw(4), draw(3, 2), 2, 2, 0)),
)
def unupfirdn_rule(z_bar, z, y_bar, h, x, up=1, down=1, axis=-1):
    return signal.upfirdn(h, z_bar, up, down, axis)


_RESAMPLED = (
    case(draw(9), 3, 2),
    case(draw(8), 2, 4),
    case(draw(5), 1, 1),
    case(draw(6, 2), 2, 3, window=[0.2, 0.5, 0.3]),
    case(draw(2, 7), 5, 3, axis=1, window=("kaiser", 4.0)),
)


@linear(
    signal.resample_poly,
    kind="unknown",
    of=("x",),
    inactive=("up", "down"),
    accepts={"padtype": ("constant",), "cval": (None, 0, 0.0)},
    cases=_RESAMPLED,
)
def resample_poly(y_bar, y, x, up, down, axis=0, window=("kaiser", 5.0), padtype="constant", cval=None):
    return unresampled(y_bar, x, up, down, axis, window)


@linear(
    unresampled,
    kind="like_x",
    of=("y_bar",),
    inactive=("x", "up", "down"),
    cases=(case(draw(14), np.zeros(9), 3, 2), case(draw(2, 12), np.zeros((2, 7)), 5, 3, 1)),
)
def unresampled_rule(z_bar, z, y_bar, x, up, down, axis=0, window=("kaiser", 5.0)):
    return signal.resample_poly(z_bar, up, down, axis, window)


_BELL = (case(7, draw(low=1.0, high=3.0)), case(1, draw(low=1.0)), case(6, draw(low=1.0), True))


@definition(
    signal.windows.gaussian, of=("std",), inactive=("M",), accepts={"sym": (True,)}, cases=_BELL
)
def gaussian_window(M, std, sym=True):
    return np.exp(-0.5 * ((np.arange(M) - (M - 1) / 2) / std) ** 2)


@definition(signal.windows.kaiser, of=("beta",), inactive=("M",), accepts={"sym": (True,)}, cases=_BELL)
def kaiser_window(M, beta, sym=True):
    return special.i0(
        beta * np.sqrt(np.maximum(1 - ((np.arange(M) - (M - 1) / 2) / (max(M - 1, 1) / 2)) ** 2, 0.0))
    ) / special.i0(beta)
