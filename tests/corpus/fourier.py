"""Fourier transforms of NumPy: of real and complex arrays, alone and in programs."""

from dataclasses import replace

import numpy as np

from case import Case, array, mat, num, pairs, takes, vec, whole


def power_spectrum(x, w):
    return np.sum(np.abs(np.fft.rfft(x * w)) ** 2)


def log_spectrum(x):
    return np.sum(np.log(np.abs(np.fft.rfft(x)) + 1.0))


def filtered(x, h):
    return np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(h), n=len(x))


def filtered_long(x, h):
    n = len(x) + len(h) - 1
    return np.fft.irfft(np.fft.rfft(x, n) * np.fft.rfft(h, n), n)


def shifted(x):
    z = np.fft.fftshift(np.fft.fft(x))
    return np.sum(np.abs(z[1:] - z[:-1])) + np.sum(np.angle(z + 10))


def derivative_by_spectrum(x):
    k = np.fft.fftfreq(len(x), d=0.1) * 2 * np.pi
    return np.sum(np.real(np.fft.ifft(1j * k * np.fft.fft(x))) ** 3)


def split_step(psi, v, steps):
    k = 2 * np.pi * np.fft.fftfreq(len(psi), 0.5)
    drift = np.exp(-0.05j * k**2)
    kick = np.exp(-0.1j * v)
    for _ in range(steps):
        psi = psi * kick
        psi = np.fft.ifft(drift * np.fft.fft(psi))
    return np.sum(np.abs(psi) ** 2 * np.arange(len(psi)))


def heat_by_rows(U, a):
    k = np.fft.rfftfreq(U.shape[1])
    for _ in range(2):
        U = np.fft.irfft(np.fft.rfft(U, axis=1) * np.exp(-a * k**2), n=U.shape[1], axis=1)
    return np.sum(U**3)


def poisson(f):
    kx = np.fft.fftfreq(f.shape[0])[:, None]
    ky = np.fft.rfftfreq(f.shape[1])[None, :]
    k2 = kx**2 + ky**2
    k2[0, 0] = 1.0
    u = np.fft.irfft2(np.fft.rfft2(f) / k2, s=f.shape, axes=(0, 1))
    return np.sum(u * f)


def image(A):
    F = np.fft.fft2(A, norm="ortho")
    G = np.fft.ifft2(F * np.conj(F))
    return np.sum(G.real**2) + np.sum(np.abs(np.fft.fftshift(F, axes=1)))


def volumes(A, B):
    F = np.fft.fftn(A) * np.fft.ifftn(B, norm="forward")
    H = np.fft.rfftn(A, axes=(0, 1)) * np.fft.ifftshift(np.fft.rfftn(B, axes=(0, 1), norm="ortho"), axes=0)
    return np.sum(np.abs(F)) + np.sum(np.fft.irfftn(H, s=(3, 5), axes=(0, 1)) ** 2)


def hermitian(x, z):
    return np.sum(np.fft.hfft(z, 7) * np.fft.hfft(z, 7, norm="ortho")) + np.sum(np.abs(np.fft.ihfft(x)) ** 2)


def all_lengths(x, n):
    a = np.fft.fft(x, n)
    b = np.fft.ifft(x, n, norm="ortho")
    c = np.fft.irfft(np.fft.rfft(x, n), n + 1)
    return np.sum(np.abs(a * b)) + np.sum(c**2)


def spectrum_of_rows(X):
    return np.fft.fft(X, axis=0), np.fft.rfft(X, 5, axis=-1, norm="forward")


def back_from_half(z):
    return np.fft.irfft(z) * np.fft.irfft(z, norm="ortho")


def transformed(z):
    return np.fft.fft(z) * np.fft.ifft(np.conj(z))


def _recursive(x):
    n = len(x)
    if n == 1:
        return x
    even, odd = _recursive(x[::2]), _recursive(x[1::2])
    twiddle = np.exp(-2j * np.pi * np.arange(n // 2) / n)
    return np.concatenate([even + twiddle * odd, even - twiddle * odd])


def by_hand(x):
    return np.sum(np.abs(_recursive(x)) ** 3)


def by_sums(x):
    n = len(x)
    total = 0.0
    for k in range(n):
        c = 0j
        for j in range(n):
            c += x[j] * np.exp(-2j * np.pi * k * j / n)
        total += abs(c) ** 2 * k
    return total


def back_from_real_numbers(A):
    return np.sum(np.sin(np.fft.irfft2(A))) + np.sum(np.fft.rfft2(A, (2, 3)).real ** 2)


_CASES = [
    Case(power_spectrum, takes(vec(), vec()), (0, 1)),
    Case(power_spectrum, takes(array(8, dtype=np.float32), array(8, dtype=np.float32)), (0, 1), name="power_spectrum_single"),
    Case(log_spectrum, takes(vec())),
    Case(filtered, takes(vec(), vec()), (0, 1)),
    Case(filtered_long, takes(vec(), vec("m")), (0, 1)),
    Case(shifted, takes(vec(), ), (0,)),
    Case(derivative_by_spectrum, takes(vec())),
    Case(split_step, takes(pairs("n"), vec(), whole(0, 3)), (0, 1), seeds=5),
    Case(heat_by_rows, takes(mat(), num(0.5, 1.0)), (0, 1)),
    Case(poisson, takes(mat())),
    Case(image, takes(mat())),
    Case(volumes, takes(mat(3, 4), mat(3, 4)), (0, 1)),
    Case(hermitian, takes(vec(), pairs("n")), (0, 1)),
    Case(all_lengths, takes(vec(), whole(2, 8)), seeds=4),
    Case(spectrum_of_rows, takes(mat())),
    Case(back_from_half, takes(pairs("n"))),
    Case(transformed, takes(pairs("n"))),
    Case(transformed, takes(pairs("n", dtype=np.complex64)), name="transformed_single"),
    Case(by_hand, takes(vec(4))),
    Case(by_sums, takes(vec())),
    Case(back_from_real_numbers, takes(mat(3, 4))),
]

CASES = [replace(case, seeds=1) if case.seeds == 3 else case for case in _CASES]
