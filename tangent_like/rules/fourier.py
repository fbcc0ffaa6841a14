"""Fourier transforms of NumPy. All linear: a transform that is symmetric is its own transpose.

Van Loan, Computational Frameworks for the Fast Fourier Transform, section 1.1. By the convention for complex
adjoints nothing is conjugated; of real operands the compiler takes the real part.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear
from tangent_like.runtime import cut_or_padded, mirrored_twice, unirfftn, unrfftn

_ALONG = (
    case(draw(5)),
    case(draw(6)),
    case(draw(1)),
    case(draw(2, 5), axis=0),
    case(draw(2, 5), axis=-1, norm="ortho"),
    case(draw(4), norm="forward"),
    case(draw(4), norm="backward"),
    case(draw(4), 7),
    case(draw(5), 2),
    case(draw(3, 5), n=4, axis=0),
    case(draw(3, 5), 4, 1, "ortho"),
)
_BACK = (*_ALONG[:2], *_ALONG[3:], case(draw(4), 1), case(draw(4), n=5, norm="forward"))
_OVER = (
    case(draw(3, 4)),
    case(draw(2, 3, 5)),
    case(draw(3, 4), axes=(1, 0)),
    case(draw(3, 4), norm="ortho"),
    case(draw(3, 4), norm="forward"),
    case(draw(2, 3, 4), axes=(0, 2)),
    case(draw(3, 4), (2, 6), (0, 1)),
    case(draw(2, 3, 4), s=(4, 3), axes=(2, 1), norm="ortho"),
    case(draw(2, 3, 4), (4, 3)),
)
_SHIFTED = (case(draw(5)), case(draw(2, 3)), case(draw(2, 3), axes=1), case(draw(4), 0))


@linear(np.fft.fft, kind="fft", cases=_ALONG)
def fft(y_bar, y, x, n=None, axis=-1, norm=None):
    return (
        np.fft.fft(y_bar, axis=axis, norm=norm)
        if n is None
        else cut_or_padded(np.fft.fft(y_bar, axis=axis, norm=norm), x)
    )


@linear(np.fft.ifft, kind="fft", cases=_ALONG)
def ifft(y_bar, y, x, n=None, axis=-1, norm=None):
    return (
        np.fft.ifft(y_bar, axis=axis, norm=norm)
        if n is None
        else cut_or_padded(np.fft.ifft(y_bar, axis=axis, norm=norm), x)
    )


@linear(np.fft.rfft, kind="rfft", cases=_ALONG)
def rfft(y_bar, y, x, n=None, axis=-1, norm=None):
    """The coefficients that are left out by symmetry have no adjoint: zeros stand for them."""
    return (
        np.fft.fft(y_bar, np.shape(x)[axis], axis=axis, norm=norm)
        if n is None
        else cut_or_padded(np.fft.fft(y_bar, n, axis=axis, norm=norm), x)
    )


@linear(np.fft.irfft, kind="irfft", cases=_BACK)
def irfft(y_bar, y, x, n=None, axis=-1, norm=None):
    return (
        mirrored_twice(np.fft.ihfft(y_bar, axis=axis, norm=norm), np.shape(y_bar)[axis], axis)
        if n is None
        else cut_or_padded(mirrored_twice(np.fft.ihfft(y_bar, axis=axis, norm=norm), n, axis), x)
    )


@linear(np.fft.hfft, kind="irfft", cases=_BACK)
def hfft(y_bar, y, x, n=None, axis=-1, norm=None):
    return (
        mirrored_twice(np.fft.rfft(y_bar, axis=axis, norm=norm), np.shape(y_bar)[axis], axis)
        if n is None
        else cut_or_padded(mirrored_twice(np.fft.rfft(y_bar, axis=axis, norm=norm), n, axis), x)
    )


@linear(np.fft.ihfft, kind="rfft", cases=_ALONG)
def ihfft(y_bar, y, x, n=None, axis=-1, norm=None):
    return (
        np.fft.ifft(y_bar, np.shape(x)[axis], axis=axis, norm=norm)
        if n is None
        else cut_or_padded(np.fft.ifft(y_bar, n, axis=axis, norm=norm), x)
    )


@linear(np.fft.fftn, kind="fftn", cases=_OVER)
def fftn(y_bar, y, x, s=None, axes=None, norm=None):
    return (
        np.fft.fftn(y_bar, axes=axes, norm=norm)
        if s is None
        else cut_or_padded(np.fft.fftn(y_bar, s, axes, norm), x)
    )


@linear(np.fft.ifftn, kind="fftn", cases=_OVER)
def ifftn(y_bar, y, x, s=None, axes=None, norm=None):
    return (
        np.fft.ifftn(y_bar, axes=axes, norm=norm)
        if s is None
        else cut_or_padded(np.fft.ifftn(y_bar, s, axes, norm), x)
    )


@linear(np.fft.fft2, kind="fftn", cases=_OVER)
def fft2(y_bar, y, x, s=None, axes=(-2, -1), norm=None):
    return (
        np.fft.fft2(y_bar, axes=axes, norm=norm)
        if s is None
        else cut_or_padded(np.fft.fft2(y_bar, axes=axes, norm=norm), x)
    )


@linear(np.fft.ifft2, kind="fftn", cases=_OVER)
def ifft2(y_bar, y, x, s=None, axes=(-2, -1), norm=None):
    return (
        np.fft.ifft2(y_bar, axes=axes, norm=norm)
        if s is None
        else cut_or_padded(np.fft.ifft2(y_bar, axes=axes, norm=norm), x)
    )


@linear(np.fft.rfftn, kind="rfftn", cases=_OVER)
def rfftn(y_bar, y, x, s=None, axes=None, norm=None):
    return unrfftn(y_bar, x, s, axes, norm)


@linear(np.fft.rfft2, kind="rfftn", cases=_OVER)
def rfft2(y_bar, y, x, s=None, axes=(-2, -1), norm=None):
    return unrfftn(y_bar, x, s, axes, norm)


@linear(np.fft.irfftn, kind="irfftn", cases=_OVER)
def irfftn(y_bar, y, x, s=None, axes=None, norm=None):
    return unirfftn(y_bar, x, s, axes, norm)


@linear(np.fft.irfft2, kind="irfftn", cases=_OVER)
def irfft2(y_bar, y, x, s=None, axes=(-2, -1), norm=None):
    return unirfftn(y_bar, x, s, axes, norm)


@linear(np.fft.fftshift, kind="first", cases=_SHIFTED)
def fftshift(y_bar, y, x, axes=None):
    return np.fft.ifftshift(y_bar, axes=axes)


@linear(np.fft.ifftshift, kind="first", cases=_SHIFTED)
def ifftshift(y_bar, y, x, axes=None):
    return np.fft.fftshift(y_bar, axes=axes)


# -- helpers -------------------------------------------------------------------------------------------


@linear(cut_or_padded, kind="like_second", inactive=("x",), cases=(case(draw(2, 5), draw(3, 4)),))
def cut_or_padded_rule(z_bar, z, g, x):
    return cut_or_padded(z_bar, g)


@linear(mirrored_twice, kind="first", cases=(case(draw(4), 6), case(draw(3, 2), 5, 0)))
def mirrored_twice_rule(z_bar, z, g, n, axis=-1):
    return mirrored_twice(z_bar, n, axis)
