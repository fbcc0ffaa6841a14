"""Functions of NumPy compiled by Numba: `python tests/native_functions.py [SUBSTRING ...]`.

A script for the hand, as Numba takes a second for each. Each expression of an array ``a``, and of further arguments ``b`` and
``c``, stands in a small program; its compiled gradient is held against that in Python. A line for each that is refused or
wrong, then the counts.
"""

from __future__ import annotations

import linecache
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

import tangent_like as tl  # noqa: E402

RNG = np.random.default_rng(0)
S = RNG.normal(size=(4, 4))
GIVEN = {
    "x": RNG.normal(size=6), "A": RNG.normal(size=(4, 5)), "S": S, "P": S @ S.T + 4 * np.eye(4),
    "T": RNG.normal(size=(2, 3, 4)), "v": RNG.normal(size=4), "w": np.sort(RNG.normal(size=6)),
    "i": np.array([0, 2, 1, 3]), "j": np.array([1, 1, 4, 0]), "np": np,
}  # fmt: skip

# fmt: off
TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("P", (
        "np.linalg.svd(a, compute_uv=False)", "np.linalg.svd(a[:, :3], full_matrices=False)[1]",
        "np.linalg.inv(np.stack([a, a @ a]))", "np.linalg.cholesky(np.stack([a, a @ a]))",
        "np.linalg.det(np.stack([a, a @ a]) / 9)", "np.linalg.eigvalsh(np.stack([a, a @ a]), 'U')",
        "np.linalg.eigh(np.stack([a, a + np.diag(np.arange(4.0))]))[1] ** 2",
        "np.linalg.solve(np.stack([a, a @ a]), np.stack([a[:, :2], a[:, 1:3]]))",
    )),
    ("A", (
        "np.logaddexp.reduce(a)", "np.logaddexp.reduce(a, axis=1)", "np.logaddexp.reduce(a, axis=None)",
        "np.logaddexp.reduce(a, axis=1, keepdims=True)",
        "np.prod(a, axis=0)", "np.prod(a, axis=1)", "np.prod(a, axis=1, keepdims=True)", "np.cumsum(a, axis=0)",
        "np.cumsum(a, axis=1)", "np.cumsum(a)", "np.cumprod(a, axis=1)", "np.diff(a, axis=0)", "np.diff(a)",
        "np.linalg.norm(a, axis=1)", "np.linalg.norm(a, axis=0, keepdims=True)", "np.linalg.norm(a)",
        "np.std(a, axis=0)", "np.var(a)", "np.var(a, axis=1, ddof=1)", "a.var(axis=0)", "a.mean(axis=1)",
        "np.std(a, axis=1, keepdims=True)", "np.tile(a, (2, 3))", "np.repeat(a, 2, axis=0)",
        "np.repeat(a, 3, axis=1)", "np.repeat(a, 3)", "np.pad(a, ((1, 2), (0, 1)))", "np.pad(a, 1, mode='edge')",
        "np.pad(a, ((0, 0), (1, 1)), mode='constant')", "np.sort(a, axis=0)", "np.sort(a)",
        "np.einsum('ij,j->i', a, np.arange(5.0))", "np.einsum('ij,kj->ik', a, a)", "np.einsum('ij->', a)",
        "np.linalg.pinv(a)", "a.clip(-0.5, 0.5)", "np.clip(a, 0, None)", "np.trapezoid(a, axis=0)",
        "np.max(a, axis=0)", "np.min(a, axis=1, keepdims=True)", "np.max(a)", "np.dot(a, a.T)",
        "np.tensordot(a, a, axes=([0], [0]))", "np.matmul(a, a.T)", "np.flip(a, axis=0)", "np.flip(a, 1)",
        "np.fliplr(a)", "np.flipud(a)", "np.rot90(a)", "np.roll(a, 1, axis=0)", "np.roll(a, (1, 2), axis=(0, 1))",
        "np.transpose(a)", "a.T", "np.swapaxes(a, 0, 1)", "np.reshape(a, (5, 4))", "a.reshape(-1)", "a.ravel()",
        "np.ravel(a)", "a.flatten()", "np.concatenate([a, a], axis=1)", "np.where(a > 0, a, 0.1 * a)",
        "np.maximum(a, 0.0)", "np.abs(a)", "np.nan_to_num(a)", "np.take_along_axis(a, np.argsort(a, axis=1), axis=1)",
        "np.gradient(a, axis=0)", "np.nansum(a)", "np.nanmean(a, axis=0)", "np.corrcoef(a)", "np.cov(a)",
        "np.apply_along_axis(np.sum, 0, a)", "a.swapaxes(0, 1)", "a.min(axis=0)", "a.transpose(1, 0)",
        "np.ascontiguousarray(a.T)",
    )),
    ("x", (
        "np.prod(a)", "np.cumsum(a)", "np.cumprod(a)", "np.diff(a)", "np.diff(a, n=2)", "np.linalg.norm(a)",
        "np.linalg.norm(a, 1)", "np.linalg.norm(a, ord=np.inf)", "np.std(a)", "a.std()", "np.tile(a, 3)",
        "np.tile(a, (2, 1))", "np.repeat(a, 2)", "np.pad(a, 1)", "np.pad(a, 2, mode='wrap')",
        "np.pad(a, 1, mode='reflect')", "np.pad(a, (1, 2), constant_values=3.0)", "np.sort(a)", "a[np.argsort(a)]",
        "np.einsum('i,j->ij', a, a)", "np.diag(a)", "np.clip(a, -0.5, 0.5)", "np.clip(a, None, 0.5)",
        "np.clip(a[0], -0.5, a_max=0.5) * a",
        "np.trapezoid(a)", "np.trapezoid(a, dx=0.1)", "np.ptp(a)", "np.median(a)", "np.percentile(a, 30)",
        "np.quantile(a, 0.3)", "np.outer(a, a)", "np.inner(a, a)", "np.vdot(a, a)", "np.flip(a)", "a[::-1]",
        "np.roll(a, 1)", "a.reshape(2, 3)", "np.squeeze(a[:, None])", "np.expand_dims(a, 0)", "np.atleast_2d(a)",
        "a[None, :] - a[:, None]", "np.broadcast_to(a, (3, 6))", "np.atleast_1d(a)", "np.stack([a, 2 * a])",
        "np.stack([a, 2 * a], axis=1)", "np.stack([a * a[k] for k in range(len(a))], axis=1)", "np.vstack([a, a])", "np.hstack([a, a])", "np.column_stack([a, a])",
        "np.concatenate((a, a))", "np.append(a, a)", "np.array_split(a, 2)[0]", "np.split(a, 3)[1]",
        "np.hsplit(a, 2)[1]", "np.select([a > 1, a > 0], [a, a ** 2], 0.0)",
        "np.piecewise(a, [a < 0, a >= 0], [lambda t: -t, lambda t: t])", "a[a > 0]", "np.compress(a > 0, a)",
        "np.extract(a > 0, a)", "np.delete(a, 2)", "np.insert(a, 1, a[0])", "np.gradient(a)", "np.gradient(a, 0.1)",
        "np.ediff1d(a)", "np.meshgrid(a, a)[0]", "np.linspace(a[0], a[1], 5)", "np.polyval(a, 0.5)",
        "np.vander(a, 3)", "np.logaddexp(a, 0.0)", "np.sinc(a)", "np.deg2rad(a)", "np.cbrt(a)", "np.reciprocal(a)",
        "np.float_power(np.abs(a), 1.5)", "np.mod(a, 1.0)", "np.remainder(a, 0.7)", "np.fmod(a, 1.0)",
        "np.heaviside(a, 0.5) * a", "np.fmax(a, 0.0)", "np.hypot(a, 1.0)", "np.arctan2(a, 1.0)", "np.exp2(a)",
        "np.logaddexp2(a, 1.0)", "np.ldexp(a, 2)", "np.copysign(a, -1.0)", "np.trunc(a) + a", "np.rint(a) + a",
        "np.round(a) + a", "np.positive(a)", "np.full(3, a[0])", "np.full_like(a, a[0])", "np.ones_like(a) * a",
        "np.arange(6) * a", "np.unwrap(a)", "np.diagflat(a)", "np.vectorize(np.sin)(a)", "sum(a)", "max(a)",
        "np.add.reduce(a)", "np.maximum.reduce(a)", "np.add.accumulate(a)", "np.multiply.outer(a, a)",
        "np.add.outer(a, a)", "np.isclose(a, 0.0) * a", "a.max()", "a.prod()", "a.cumsum()", "a.dot(a)",
        "a.repeat(2)", "a.squeeze()", "a.astype(np.float64)", "a.copy()", "a.round(2) + a",
        "np.count_nonzero(a > 0) * a", "np.argmax(a) * a", "np.any(a > 0) * a", "np.all(a > 0) * a",
        "np.nonzero(a > 0)[0] * 2.0 * a[np.nonzero(a > 0)[0]]", "np.cumsum(a[::-1])[::-1]", "np.i0(np.abs(a))",
        "np.asarray(a)", "np.array([a[0], a[1] * 2])", "np.array([[a[0], a[1]], [a[2], 0.0]])",
        "np.dot(np.array([[np.cos(a[0]), -np.sin(a[0])], [np.sin(a[0]), np.cos(a[0])]]), a[:2])",
        "np.partition(a, 2)[:2]", "np.lexsort((a, a)) * a", "np.fft.fft(a).real",
    )),
    ("S", (
        "np.einsum('ii->i', a)", "np.einsum('ii', a)", "np.einsum('ij,jk,kl->il', a, a, a)", "np.trace(a)",
        "np.diag(a)", "np.diagonal(a)", "np.trace(a @ a)", "np.diag(a, 1)", "np.linalg.matrix_power(a, 3)",
        "np.kron(a, a)", "np.block([[a, a], [a, a]])", "np.block([[a, a[:, :1]], [a[:1], a[:1, :1]]])", "np.tril(a)", "np.triu(a, 1)", "np.eye(4) * a",
        "np.identity(4) * a", "np.linalg.multi_dot([a, a, a])", "a.trace()", "a.dot(a)", "a.diagonal()",
        "np.triu_indices(4)[0].sum() * a", "a[np.triu_indices(4)]", "a[np.tril_indices(4, -1)]",
    )),
    ("T", (
        "np.einsum('ijk,k->ij', a, np.arange(4.0))", "np.transpose(a, (1, 0, 2))", "np.moveaxis(a, 0, 2)",
        "a.sum(axis=(0, 1))", "np.sum(a, axis=(0, 2))", "np.mean(a, axis=-1)",
    )),
    ("P", (
        "np.linalg.det(a)", "np.linalg.cholesky(a)", "np.linalg.eigh(a)[0]", "np.linalg.slogdet(a)[1]",
        "np.linalg.inv(a)", "np.linalg.solve(a, np.arange(4.0))", "np.linalg.solve(a, a.T)", "np.linalg.eigvalsh(a)",
        "np.linalg.svd(a)[1]", "np.linalg.qr(a)[1]",
    )),
    ("A[:, :3]", (
        "np.linalg.lstsq(a, np.arange(4.0), rcond=None)[0]",
    )),
    ("A, i, j", (
        "a[b, c]", "a[np.ix_(b, c)]", "a[np.ix_([0, 2], [1, 0])]", "a[:, c]",
    )),
    ("A, i", (
        "a[b]", "a[b, 1]", "a[b, :]", "a[np.arange(4), b]", "np.take(a, b, axis=1)",
    )),
    ("x, v", (
        "np.convolve(a, b)", "np.convolve(a, b, mode='same')", "np.convolve(a, b, 'valid')", "np.correlate(a, b)",
    )),
    ("x, w[:3]", (
        "np.interp(b, np.arange(6.0), a)",
    )),
    ("w[:3], w", (
        "np.interp(a, np.arange(6.0), b)",
    )),
    ("x, w", (
        "np.trapezoid(a, b)", "np.histogram(b, bins=3)[0] * a[:3]",
    )),
    ("x, np.abs(w)", (
        "np.average(a, weights=b)",
    )),
    ("x[:3], w[:3]", (
        "np.cross(a, b)",
    )),
    ("T, v", (
        "np.tensordot(a, b, axes=1)",
    )),
    ("T, S[:, :2]", (
        "a @ b",
    )),
    ("x, i", (
        "np.take(a, b)", "a.take(b)",
    )),
    ("x[:4], np.array([0, 1, 0, 1])", (
        "np.choose(b, [a, a * 2])",
    )),
    ("x, np.sort(w)", (
        "np.searchsorted(b, 0.3) * a",
    )),
    ("v, i", (
        "np.bincount(b, weights=a)",
    )),
)
# fmt: on


def program(expression: str, count: int) -> Callable[..., Any]:
    """``y = expression``, and a number made of it."""
    text = f"def f({', '.join('abc'[:count])}):\n    y = {expression}\n    return np.sum(y * np.cos(y))\n"
    file = f"<{expression}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space: dict[str, Any] = {"np": np}
    exec(compile(text, file, "exec"), space)
    return space["f"]  # type: ignore[no-any-return]


def verdicts(wanted: list[str]) -> Iterator[tuple[str, str, str]]:
    for names, expressions in TABLE:
        for expression in expressions:
            if not wanted or any(w in expression for w in wanted):
                yield expression, *verdict(expression, names)


def verdict(expression: str, names: str) -> tuple[str, str]:
    """"compiled", "refused", "wrong", "crashed" or "not ours", and why."""
    args = eval(f"({names},)", GIVEN)
    f = program(expression, len(args))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            plain = tl.grad(f)(*args)
    except tl.DifferentiationError as error:
        return "not ours", str(error)
    try:
        found = tl.grad(f, jit=True)(*args)
    except tl.DifferentiationError as error:
        return "refused" if error.line else "crashed", error.reason
    except Exception as error:
        return "crashed", f"{type(error).__name__}: {error}"
    same = np.shape(found) == np.shape(plain) and np.allclose(found, plain, rtol=1e-9, atol=1e-12)
    return "compiled" if same else "wrong", ""


def main() -> int:
    counts: Counter[str] = Counter()
    for expression, found, why in verdicts(sys.argv[1:]):
        counts[found] += 1
        if found != "compiled":
            print(f"{found:9} {expression:50} {' '.join(why.split())[:200]}", flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in counts.most_common()))
    return 1 if counts["wrong"] or counts["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main())
