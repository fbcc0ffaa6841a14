"""Complex numbers and Fourier transforms against JAX: on random shapes, axes, lengths, norms, real and complex operands.

As ``test_against_jax``, whose lines these are like: each argument is drawn complex or real. `python
tests/test_complex_against_jax.py -n 20` draws more of each.
"""

from __future__ import annotations

import argparse
import sys
import warnings
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]

import tangent_like as tl  # noqa: E402

jax = pytest.importorskip("jax")
import test_against_jax as real  # noqa: E402

NORMS = '[None|"ortho"|"forward"|"backward"]'
EITHER = f"""
np.[sin|cos|tan|sinh|cosh|tanh|exp|exp2|expm1|square|negative|reciprocal](x)
np.[abs|absolute|real|imag|conj|conjugate|angle](x)
np.[log|log2|log10|log1p|sqrt](x + 3)
np.[arcsin|arccos|arctan|arcsinh|arctanh](0.3 * x)
np.abs(x) ** [2|3] + np.real(x) * np.imag(x)
x:2,3.conj() * x + x.[real|imag|conj()]
(x + 4) ** [2|0.5|-1|3]
(x:2,3 + 4) ** y:3
x / (y + 4) - y * x
np.where(np.abs(x) > 1, x * y, x - 1j)
np.[sum|mean|prod](x:2,3,4, axis=[None|0|-1|(0, 2)], keepdims=[True|False])
np.[cumsum|cumprod](x:2,3, axis=[None|0|1])
np.[var|std](x:2,5, axis=[None|1])
x:2,3 @ y:3,2
x:3 @ y:3
np.dot(x:2,3, y:3)
np.vdot(x:4, y:4)
np.inner(x:3, y:3)
np.outer(x:3, y:2)
np.kron(x:2,2, y:2,3)
np.einsum("ij,jk->ki", x:2,3, np.conj(y:3,2))
np.tensordot(x:2,3, y:3,4, axes=1)
np.trace(x:3,3 @ y:3,3)
np.concatenate([x:3, y:2])
np.stack([x:3, 1j * y:3], axis=[0|1])
np.convolve(x:5, y:3, mode=["full"|"same"|"valid"])
x:2,3.conj().T @ x
np.linalg.[inv|det](x:3,3)
np.linalg.solve(x:3,3, y:3)
np.linalg.norm(x:5, [None|1|3|np.inf])
np.linalg.norm(x:3,4, axis=[None|0|1])
np.linalg.slogdet(x:3,3)[1]
np.linalg.cholesky(x:3,3 @ x.conj().T)
np.linalg.eigvalsh(x:3,3 + x.conj().T)
np.abs(np.linalg.eigh(x:3,3 + x.conj().T)[1]) ** 2
np.linalg.pinv(x:3,2)
np.sum(np.linalg.eigvals(x:3,3) ** 2)
np.polyval(x:4, y:3)
np.fft.[fft|ifft](x:5, [None|3|8], axis=-1, norm={NORMS})
np.fft.[fft|ifft](x:4,3, axis=[0|1|-2], norm={NORMS})
np.fft.[irfft|hfft](x:5, n=[None|4|7|9|12], norm={NORMS})
np.fft.irfft(x:3,4, axis=[0|1], norm={NORMS})
np.fft.[fft2|ifft2|fftn|ifftn](x:3,4, norm={NORMS})
np.fft.[fftn|ifftn](x:2,3,4, axes=[(0, 2)|(1,)|(2, 0)], norm={NORMS})
np.fft.[irfft2|irfftn](x:3,4, s=[None|(3, 7)|(2, 4)], axes=(0, 1), norm={NORMS})
np.fft.[fftshift|ifftshift](x:2,5, axes=[None|0|1])
np.abs(np.fft.fft(x:6) * y:6) ** 2
""".strip().splitlines()
REAL = f"""
np.fft.[rfft|ihfft](x:5, n=[None|4|7|8], norm={NORMS})
np.fft.[rfft|ihfft](x:4,3, axis=[0|1], norm={NORMS})
np.fft.[rfft2|rfftn](x:3,4, norm={NORMS})
np.fft.rfftn(x:2,3,4, axes=[(0, 2)|(2, 1)], norm={NORMS})
np.fft.irfft(np.fft.rfft(x:6) * np.fft.rfft(y:6), n=6)
np.abs(np.fft.rfft(x:7 * y:7)) ** 2
np.exp(1j * x) * y
np.linalg.eigvals(x:3,3).real.sum() + np.abs(np.roots(y:4)).sum()
""".strip().splitlines()
CASES = [*((text, True) for text in EITHER), *((text, False) for text in REAL)]


def drawn(text: str, either: bool, narrow: bool, rng: np.random.Generator) -> real.Draw:
    text, names, args = real.drawn(text, -2.0, 2.0, np.float32 if narrow else np.float64, rng)
    if either:
        args = [imaginary_added(a, rng) if rng.random() < 0.75 else a for a in args]
    return text, names, args


def imaginary_added(value: Any, rng: np.random.Generator) -> Any:
    if isinstance(value, float):
        return complex(value, rng.normal())
    return (value + 1j * rng.normal(size=value.shape)).astype(np.result_type(value, np.complex64))


def random_like(value: Any, rng: np.random.Generator) -> Any:
    found = rng.normal(size=np.shape(value))
    if np.iscomplexobj(value):
        found = found + 1j * rng.normal(size=np.shape(value))
    return np.asarray(found).astype(np.asarray(value).dtype)


def plain(value: np.ndarray) -> Any:
    return value if value.shape else value.item()


def verdict(text: str, names: tuple[str, ...], args: list[Any], rng: np.random.Generator) -> str:
    ours, theirs = real.functions(text, names)
    value = np.asarray(ours(*args))
    dots, y_bar = [random_like(a, rng) for a in args], random_like(value, rng)
    try:
        arrays = [jax.numpy.asarray(a) for a in args]
        there, pull = jax.vjp(theirs, *arrays)
        if there.shape != value.shape or there.dtype.kind != value.dtype.kind:
            raise real.NoJaxError
        expected = pull(jax.numpy.asarray(y_bar, there.dtype))
        expected_dot = jax.jvp(theirs, tuple(arrays), tuple(map(jax.numpy.asarray, dots)))[1]
    except (TypeError, NotImplementedError, AttributeError, ValueError, jax.errors.JAXTypeError):
        raise real.NoJaxError from None
    narrow = any(np.asarray(a).dtype in (np.float32, np.complex64) for a in args)
    close = {"rtol": 2e-2, "atol": 2e-2} if narrow else {"rtol": 1e-7, "atol": 1e-9}
    np.testing.assert_allclose(value, there, **close, err_msg=text)
    try:
        found = tl.vjp(ours, *args)[1](plain(y_bar))
        dot = tl.jvp(ours, tuple(args), tuple(map(plain, dots)))[1]
    except tl.DifferentiationError:
        return "refused"
    for a, own, other in zip(args, found, expected, strict=True):
        assert np.asarray(own).dtype == np.asarray(a).dtype, f"{text}: {np.asarray(own).dtype}"
        np.testing.assert_allclose(own, other, **close, err_msg=text)
    np.testing.assert_allclose(dot, expected_dot, **close, err_msg=text)
    return "right"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("text", "either"), CASES, ids=[t for t, _ in CASES])
def test_as_jax_says(text: str, either: bool) -> None:
    rng = np.random.default_rng(zlib.crc32(text.encode()))
    try:
        found = verdict(*drawn(text, either, rng.random() < 0.3, rng), rng)
    except real.NoJaxError:
        pytest.skip("JAX does not know it so")
    assert found == "right", text


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=8, help="how many programs of each line")
    options.add_argument("-k", default="", help="only lines that hold this")
    given = options.parse_args()
    warnings.simplefilter("ignore")
    seen: Counter[str] = Counter()
    for text, either in CASES:
        if given.k not in text:
            continue
        rng = np.random.default_rng(zlib.crc32(text.encode()))
        for k in range(given.n):
            program = drawn(text, either, k % 4 == 3, rng)
            try:
                found = verdict(*program, rng)
            except real.NoJaxError:
                found = "not in JAX"
            except Exception as error:
                found = "wrong"
                dtypes = [np.asarray(a).dtype for a in program[2]]
                print(f"wrong: {program[0]} {dtypes}\n    {type(error).__name__} {str(error).strip()[:300]}")
            if found == "refused":
                print(f"refused: {program[0]}")
            seen[found] += 1
    print("programs:", ", ".join(f"{n} {v}" for v, n in sorted(seen.items())))


if __name__ == "__main__":
    main()
