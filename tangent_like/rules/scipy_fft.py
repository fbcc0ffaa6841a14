"""``scipy.fft``: NumPy's transforms under other names, and those by cosines and sines.

A cosine or sine transform of type 2 is, but for the weight of one coefficient, the transpose of that of type 3 (Strang,
The discrete cosine transform, SIAM Review 1999); those of types 1 and 4 are symmetric, but for the ends of type 1.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import fft as transforms

from tangent_like.rules import fourier
from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, linear
from tangent_like.runtime import back_by_cosines, cut_or_padded

fft = linear(transforms.fft, kind="fft", cases=fourier.fft.cases)(fourier.fft.fn)
ifft = linear(transforms.ifft, kind="fft", cases=fourier.ifft.cases)(fourier.ifft.fn)
rfft = linear(transforms.rfft, kind="rfft", cases=fourier.rfft.cases)(fourier.rfft.fn)
irfft = linear(transforms.irfft, kind="irfft", cases=fourier.irfft.cases)(fourier.irfft.fn)
hfft = linear(transforms.hfft, kind="irfft", cases=fourier.hfft.cases)(fourier.hfft.fn)
ihfft = linear(transforms.ihfft, kind="rfft", cases=fourier.ihfft.cases)(fourier.ihfft.fn)
fftn = linear(transforms.fftn, kind="fftn", cases=fourier.fftn.cases)(fourier.fftn.fn)
ifftn = linear(transforms.ifftn, kind="fftn", cases=fourier.ifftn.cases)(fourier.ifftn.fn)
fft2 = linear(transforms.fft2, kind="fftn", cases=fourier.fft2.cases)(fourier.fft2.fn)
ifft2 = linear(transforms.ifft2, kind="fftn", cases=fourier.ifft2.cases)(fourier.ifft2.fn)
rfftn = linear(transforms.rfftn, kind="rfftn", cases=fourier.rfftn.cases)(fourier.rfftn.fn)
rfft2 = linear(transforms.rfft2, kind="rfftn", cases=fourier.rfft2.cases)(fourier.rfft2.fn)
irfftn = linear(transforms.irfftn, kind="irfftn", cases=fourier.irfftn.cases)(fourier.irfftn.fn)
irfft2 = linear(transforms.irfft2, kind="irfftn", cases=fourier.irfft2.cases)(fourier.irfft2.fn)

_TYPES = tuple(case(draw(5), type, norm=norm) for type in (1, 2, 3, 4) for norm in (None, "ortho", "forward"))
_MADE_ORTHOGONAL = tuple(
    case(draw(5), type, norm=norm, orthogonalize=norm is None) for type in (1, 2, 3) for norm in (None, "ortho")
)
_SIZES = (
    *_TYPES, *_MADE_ORTHOGONAL, case(draw(2, 5), axis=0), case(draw(6), 2, 4), case(draw(4), 3, n=6),
    case(draw(2, 3), axis=1),
)  # fmt: skip


@linear(transforms.dct, kind="cosines", accepts={"type": (1, 2, 3, 4)}, cases=_SIZES)
def dct(y_bar, y, x, type=2, n=None, axis=-1, norm=None, *, orthogonalize=None):
    return (
        back_by_cosines(y_bar, "dct", type, axis, norm, orthogonalize)
        if n is None
        else cut_or_padded(back_by_cosines(y_bar, "dct", type, axis, norm, orthogonalize), x)
    )


@linear(transforms.idct, kind="cosines", accepts={"type": (1, 2, 3, 4)}, cases=_SIZES)
def idct(y_bar, y, x, type=2, n=None, axis=-1, norm=None, *, orthogonalize=None):
    return (
        back_by_cosines(y_bar, "idct", type, axis, norm, orthogonalize)
        if n is None
        else cut_or_padded(back_by_cosines(y_bar, "idct", type, axis, norm, orthogonalize), x)
    )


@linear(transforms.dst, kind="cosines", accepts={"type": (1, 2, 3, 4)}, cases=_SIZES)
def dst(y_bar, y, x, type=2, n=None, axis=-1, norm=None, *, orthogonalize=None):
    return (
        back_by_cosines(y_bar, "dst", type, axis, norm, orthogonalize)
        if n is None
        else cut_or_padded(back_by_cosines(y_bar, "dst", type, axis, norm, orthogonalize), x)
    )


@linear(transforms.idst, kind="cosines", accepts={"type": (1, 2, 3, 4)}, cases=_SIZES)
def idst(y_bar, y, x, type=2, n=None, axis=-1, norm=None, *, orthogonalize=None):
    return (
        back_by_cosines(y_bar, "idst", type, axis, norm, orthogonalize)
        if n is None
        else cut_or_padded(back_by_cosines(y_bar, "idst", type, axis, norm, orthogonalize), x)
    )


_SHIFTED = (case(draw(5)), case(draw(3, 4)), case(draw(3, 4), 1), case(draw(3, 4), axes=(0,)))


@definition(transforms.fftshift, cases=_SHIFTED)
def fftshift(x, axes=None):
    return np.fft.fftshift(x, axes)


@definition(transforms.ifftshift, cases=_SHIFTED)
def ifftshift(x, axes=None):
    return np.fft.ifftshift(x, axes)


# Orthogonal: the way back is the inverse. Nothing else is known of them.
_ORTHOGONAL = {"norm": ("ortho",), "s": (None,)}
_SEVERAL = (
    case(draw(3, 4), norm="ortho"), case(draw(3, 4), 2, axes=(0,), norm="ortho"), case(draw(3, 2), 3, norm="ortho"),
    case(draw(3, 2), 4, norm="ortho"),
)  # fmt: skip


@linear(transforms.dctn, kind="floated_first", accepts=_ORTHOGONAL, cases=_SEVERAL)
def dctn(y_bar, y, x, type=2, s=None, axes=None, *, norm):
    return transforms.idctn(y_bar, type, axes=axes, norm="ortho")


@linear(transforms.idctn, kind="floated_first", accepts=_ORTHOGONAL, cases=_SEVERAL)
def idctn(y_bar, y, x, type=2, s=None, axes=None, *, norm):
    return transforms.dctn(y_bar, type, axes=axes, norm="ortho")


@linear(transforms.dstn, kind="floated_first", accepts=_ORTHOGONAL, cases=_SEVERAL)
def dstn(y_bar, y, x, type=2, s=None, axes=None, *, norm):
    return transforms.idstn(y_bar, type, axes=axes, norm="ortho")


@linear(transforms.idstn, kind="floated_first", accepts=_ORTHOGONAL, cases=_SEVERAL)
def idstn(y_bar, y, x, type=2, s=None, axes=None, *, norm):
    return transforms.dstn(y_bar, type, axes=axes, norm="ortho")
