"""Second derivatives of the functions of NumPy and SciPy whose first derivatives call helpers; higher ones of some."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

try:
    from scipy import special
except ImportError:
    special = None  # type: ignore[assignment]

RNG = np.random.default_rng(7)
A = RNG.normal(size=(3, 3))
S = A @ A.T + 2 * np.eye(3)
b = RNG.normal(size=3)
T = RNG.normal(size=(4, 2))

# Programs of one square matrix, each summed with weights that tell its entries apart.
OF_A_MATRIX = {
    "np.linalg.solve(a, b)": A, "np.linalg.inv(a)": A, "np.linalg.det(a)": A, "np.linalg.slogdet(a)[1]": A,
    "np.linalg.cholesky(a)": S, "np.linalg.eigvalsh(a)": S, "np.linalg.eigh(a)[1]": S, "np.linalg.qr(a)[0]": T,
    "np.linalg.qr(a)[1]": T, "np.linalg.svd(a, full_matrices=False)[0]": T, "np.linalg.pinv(a)": T,
    "np.linalg.lstsq(a, a[:, 0] ** 2)[0]": T, "np.linalg.norm(a)": A, "np.linalg.norm(a, 3, 1)": A,
    "np.linalg.norm(a, 'nuc')": T, "np.linalg.norm(a, -2)": A, "np.linalg.vector_norm(a, ord=3)": T,
    "np.real(np.linalg.eigvals(a))": A, "np.abs(np.linalg.eig(a)[1])": A, "np.linalg.svdvals(a)": T,
    "np.linalg.vector_norm(a, axis=0)": A, "np.linalg.cond(a)": A, "np.linalg.matrix_power(a, 3)": A,
    "np.linalg.multi_dot([b, a, a, b])": A, "np.einsum('ij,jk,k->i', a, a, b)": A, "np.einsum('ii->i', a)": A,
    "np.einsum('...j,ij->...', a, a)": A, "np.tensordot(a, a, 2)": A, "np.kron(a, a)": A, "np.cross(a[0], a[1])": A,
    "np.convolve(a[0], a[1], 'same')": A, "np.correlate(a[0], a[1], 'full')": A, "np.vecdot(a, a[0])": A,
    "np.hstack([a * b, a])": A, "np.column_stack([a[0], a])": A, "np.block([[a, a * b], [a * a, a]])": A,
    "np.choose([0, 1, 0], [a[0] * a[1], a[2]])": A, "np.cumprod(a, axis=1)": A, "np.trapezoid(a[0], a[1] ** 3)": A,
    "np.gradient(a ** 2)[1]": A, "np.gradient(a[0], a[1, 1] ** 2 + 1.0)": A, "np.polyval(a[0], a[1])": A,
    "np.interp(a[0], np.sort(a[1]), a[2])": A, "np.quantile(a ** 2, 0.3)": A, "np.meshgrid(a[0], a[1])[0] * a[0, 0]": A,
    "np.multiply(*np.meshgrid(a[0], a[1] ** 2, sparse=True))": A, "np.add.reduceat(a ** 2, [0, 2], axis=1)": A,
    "np.pad(a ** 2, ((1, 2), (0, 1)), 'maximum', stat_length=2)": A, "np.pad(a[0], 2, 'median')": A,
    "np.linspace(a[0, 0], a[1, 1] ** 2, 4, retstep=True)[0]": A,
    "math.prod(a[0])": A, "math.dist(a[0], a[1])": A, "np.broadcast_arrays(a, a[0])[1] * a": A,
}  # fmt: skip
OF_SCIPY = {
    "linalg.expm(a)": A, "linalg.cho_factor(a)[0]": S, "linalg.solve_toeplitz((a[0] ** 2 + 3, a[1]), b)": A,
    "linalg.cho_solve(linalg.cho_factor(a), b)": S, "linalg.lu_solve(linalg.lu_factor(a), b)": A,
    "linalg.solve_triangular(a, b, lower=True)": S, "linalg.toeplitz(a[0], a[1])": A, "linalg.block_diag(a, a * a)": A,
    "linalg.cho_solve_banded((linalg.cholesky_banded(np.vstack([np.sin(a[0]), a[1] ** 2 + 4])), False), b)": S,
    "linalg.eigh_tridiagonal(np.diag(a) + 3 * np.arange(3), a[0, :2])[1] ** 2": A, "linalg.lstsq(a, b)[0]": A,
    "linalg.eigvalsh_tridiagonal(np.diag(a) + 3 * np.arange(3), a[0, :2])": A, "signal.resample(a[0] ** 2, 4)": A,
    "signal.welch(a.ravel(), nperseg=4)[1]": A, "signal.periodogram(a[0], 2.0, 'hann')[1]": A,
    "signal.convolve(a[0], a[1])": A, "stats.multivariate_normal.logpdf(a[0], b, a)": S,
}  # fmt: skip


def program(text: str, **world: Any) -> Any:
    """A function of ``a`` with source, whose result is the weighted sum of the squares."""
    made: dict[str, Any] = {"np": np, "math": math, "b": b, **world}
    lines = f"def f(a):\n    y = {text}\n    return np.sum(y * y * np.cos(np.arange(np.size(y)).reshape(np.shape(y))))\n"
    import linecache

    file = f"<second {text}>"
    linecache.cache[file] = (len(lines), None, lines.splitlines(keepends=True), file)
    exec(compile(lines, file, "exec"), made)
    return made["f"]


@pytest.mark.parametrize("text", OF_A_MATRIX)
def test_second_order(text: str) -> None:
    tl.check_grads(program(text), (OF_A_MATRIX[text],), order=2)


@pytest.mark.parametrize("text", OF_SCIPY)
def test_second_order_of_scipy(text: str) -> None:
    pytest.importorskip("scipy")
    from scipy import linalg, signal, stats

    world = {"linalg": linalg, "signal": signal, "stats": stats}
    tl.check_grads(program(text, **world), (OF_SCIPY[text],), order=2)


def attended(x, w):
    return np.sum(np.einsum("htk,hsk->hts", np.einsum("tm,hmk->htk", x, w), w) ** 3)


def sampled(x, q):
    return np.sum(np.quantile(x**2, np.sin(q), axis=1) ** 2) + np.quantile(x, q[0]) * np.percentile(x, 90 * q[1])


def test_orders_of_quantiles_by_their_place() -> None:
    for order in (2, 3):
        tl.check_grads(sampled, (A, np.array([0.31, 0.62])), (0, 1), order=order)


def windowed(w, k):
    return np.sum(np.sin(np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(w, (2, 2)), k)))


def multiplied(a, v):
    return np.sum(np.linalg.multi_dot([a, a, np.exp(a), v]) ** 2)


OF_UNKNOWN_SIZES = {attended: ((3, 4), (2, 4, 4)), windowed: ((4, 3), (2, 2)), multiplied: ((3, 3), (3,))}


@pytest.mark.parametrize("f", OF_UNKNOWN_SIZES)
def test_sums_over_named_axes_of_unknown_sizes(f: Any) -> None:
    """What is linear in each operand stays so: forward over reverse, and reverse over reverse, of text without kinds."""
    args = tuple(RNG.normal(size=shape) * 0.3 for shape in OF_UNKNOWN_SIZES[f])
    dots = tuple(RNG.normal(size=np.shape(x)) for x in args)
    slope = tl.grad(f, argnums=(0, 1))

    def along(*at: np.ndarray) -> float:
        return float(sum(np.sum(g * d) for g, d in zip(slope(*at), dots, strict=True)))

    step = 1e-5
    beyond, before = (along(*(x + h * d for x, d in zip(args, dots, strict=True))) for h in (step, -step))
    expected = (beyond - before) / (2 * step)
    found = tl.jvp(slope, args, dots)[1]
    assert math.isclose(sum(np.sum(g * d) for g, d in zip(found, dots, strict=True)), expected, rel_tol=1e-6)
    back = tl.grad(lambda x, w: np.sum(slope(x, w)[0] * dots[0]) + np.sum(slope(x, w)[1] * dots[1]), argnums=(0, 1))
    assert math.isclose(sum(np.sum(g * d) for g, d in zip(back(*args), dots, strict=True)), expected, rel_tol=1e-6)


def solved(t):
    return np.sum(np.linalg.solve(S + t * A, b))


def determined(t):
    return np.linalg.det(S + t * A)


def summed(t):
    return np.sum(np.einsum("ij,j->i", np.exp(t * A), b) ** 2)


def multiplied(t):
    return np.sum(np.prod(A * t, axis=1)) + np.prod(b * t) * t


def polynomial(t):
    return np.sum(np.polyval(b * t, np.sin(t * b))) + np.polyval(b, t)


@pytest.mark.parametrize("f", [solved, determined, summed, multiplied, polynomial])
def test_to_the_fourth_order(f: Any) -> None:
    below = f
    for order in range(1, 5):
        above = tl.grad(below)
        outer, inner = ((below(0.3 + h) - below(0.3 - h)) / (2 * h) for h in (2e-3, 1e-3))
        assert above(0.3) == pytest.approx((4 * inner - outer) / 3, rel=1e-6, abs=1e-7), order
        below = above


def running(x):
    return np.sum(np.cumprod(x) ** 2)


def running_by_rows(x):
    B = np.reshape(x, (2, 2))
    return np.sum(np.cumprod(np.sin(B), axis=1)[:, -1] ** 2)


@pytest.mark.parametrize("f", [running, running_by_rows])
def test_third_order_of_running_products(f: Any) -> None:
    first, second, third = np.random.default_rng(3).normal(size=(3, 4))

    def slope(x):
        return np.sum(tl.grad(f)(x) * first)

    def curve(x):
        return np.sum(tl.grad(slope)(x) * second)

    x, h = np.array([0.5, 0.8, 1.1, 0.7]), 1e-5
    expected = (curve(x + h * third) - curve(x - h * third)) / (2 * h)
    assert np.sum(tl.grad(curve)(x) * third) == pytest.approx(expected, rel=1e-6)
    assert tl.jvp(curve, (x,), (third,))[1] == pytest.approx(expected, rel=1e-6)


def turned(v: Any) -> Any:
    """The quaternion that a matrix has as its first vector; the other eigenvalues agree."""
    K = np.outer(v, v) - np.eye(4) * 0.25
    vals, vecs = np.linalg.eigh(K)
    q = vecs[:, np.argmax(vals)]
    q = q * np.sign(q[0])
    return q @ np.array([1.0, 2.0, 3.0, 4.0]) + vals[3] ** 2


def test_eigenvalues_that_agree_of_vectors_that_nobody_asks_for() -> None:
    v = np.array([0.6, 0.3, -0.5, 0.8])
    step = 1e-6
    grad = tl.grad(turned)
    columns = [(grad(v + step * e) - grad(v - step * e)) / (2 * step) for e in np.eye(4)]
    np.testing.assert_allclose(tl.hessian(turned)(v), np.stack(columns), rtol=1e-6, atol=1e-7)
    tl.check_grads(turned, (v,))


# What the formulas of slopes divide by is 0 at these places, or what they are made of has a kink there.
AT_GAPS = {
    "boxcox": (lambda t: special.boxcox(2.0, t), 0.0),
    "boxcox1p": (lambda t: special.boxcox1p(2.0, t), 0.0),
    "inv_boxcox": (lambda t: special.inv_boxcox(0.5, t), 0.0),
    "inv_boxcox1p": (lambda t: special.inv_boxcox1p(0.5, t), 0.0),
    "exprel": (lambda t: special.exprel(t), 0.0),
    "exprel near": (lambda t: special.exprel(t), 1e-3),
    "spence": (lambda t: special.spence(t), 1.0),
    "spence near": (lambda t: special.spence(t), 1.001),
    "softplus": (lambda t: max(t, 0.0) + math.log1p(math.exp(-abs(t))), 0.0),
    "softplus of an array": (lambda t: np.sum(np.maximum(t * A, 0) + np.log1p(np.exp(-np.abs(t * A)))), 0.0),
    "logistic loss": (lambda t: np.mean(np.maximum(t * b, 0) - b * t + np.log(1 + np.exp(-np.abs(t * b)))), 0.0),
    "sinc": (lambda t: np.sinc(t), 0.0),
    "logaddexp": (lambda t: np.logaddexp(t, -t), 0.0),
}  # fmt: skip


@pytest.mark.parametrize("name", AT_GAPS)
def test_second_derivatives_in_the_gaps_of_formulas(name: str) -> None:
    f, t = AT_GAPS[name]
    if special is None and "special" in f.__code__.co_names:
        pytest.skip("without SciPy")
    first = tl.grad(f)

    def slope(t: float) -> Any:
        return tl.grad(f)(t)

    h = 1e-4
    near, far = (first(t + k * h) - first(t - k * h) for k in (1, 2))
    expected = (8 * near - far) / (12 * h)
    assert tl.grad(slope)(t) == pytest.approx(expected, rel=1e-7, abs=1e-9)
    assert tl.jvp(slope, (t,), (1.0,))[1] == pytest.approx(expected, rel=1e-7, abs=1e-9)
    assert tl.hessian(f)(t) == pytest.approx(expected, rel=1e-7, abs=1e-9)
