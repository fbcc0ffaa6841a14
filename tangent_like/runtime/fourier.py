"""Fourier transforms: adjoints of what they cut, pad, and leave out by symmetry."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def cut_or_padded(g, x):
    """Return ``g`` in the shape of ``x``: what is too long is cut off, what is too short padded with zeros.

    The adjoint of ``x`` where a transform of a given length ``n`` cuts ``x`` off, or pads it.
    """
    for axis, (own, size) in enumerate(zip(np.shape(g), np.shape(x), strict=True)):
        if size < own:
            g = np.take(g, np.arange(size), axis)
        elif size > own:
            around = [(0, 0)] * np.ndim(g)
            around[axis] = (0, size - own)
            g = np.pad(g, around)
    return g


def mirrored_twice(g, n, axis=-1):
    """Return ``g``, the half of the spectrum of ``n`` real numbers, with what stands for two coefficients doubled.

    The first one stands for itself, and for an even ``n`` the last one as well.
    """
    k = np.arange(n // 2 + 1)
    weights = np.where((k == 0) | (2 * k == n), 1, 2)
    along = [1] * np.ndim(g)
    along[axis] = -1
    return g * weights.reshape(along)


def unrfftn(y_bar, x, s=None, axes=None, norm=None):
    """Return the adjoint of ``x`` in ``np.fft.rfftn(x, s, axes, norm)``; its real part is what a real ``x`` has."""
    axes = tuple(range(-np.ndim(x) if s is None else -len(s), 0)) if axes is None else tuple(axes)
    sizes = [np.shape(x)[a] for a in axes]
    if s is not None:
        sizes = [own if n == -1 else n for own, n in zip(sizes, s, strict=True)]
    return cut_or_padded(np.fft.fftn(y_bar, sizes, axes, norm), x)


def unirfftn(y_bar, z, s=None, axes=None, norm=None):
    """Return the adjoint of ``z`` in ``np.fft.irfftn(z, s, axes, norm)``, where ``y_bar`` has the sizes ``s``."""
    axes = tuple(range(-np.ndim(z) if s is None else -len(s), 0)) if axes is None else tuple(axes)
    half = mirrored_twice(np.fft.ihfft(y_bar, None, axes[-1], norm), np.shape(y_bar)[axes[-1]], axes[-1])
    if len(axes) > 1:
        half = np.fft.ifftn(half, None, axes[:-1], norm)
    return cut_or_padded(half, z)
