"""Derivatives compiled by Numba beside hand-written adjoints and the primal, both as loops under Numba.

    python benchmarks/native.py             # all of it: a minute, most of which Numba compiles
    python benchmarks/native.py lu durbin   # only these

The three take turns in one process; reported are medians, in time of the process, as ratios.
"""

import statistics
import sys
from collections.abc import Callable
from time import thread_time
from typing import Any, NamedTuple

import numba
import numpy as np

import tangent_like as tl

ROUNDS = 15
RNG = np.random.default_rng(0)


def jacobi(A, T):
    A, B = A.copy(), A.copy()
    for _ in range(T):
        for i in range(1, len(A) - 1):
            B[i] = 0.33333 * (A[i - 1] + A[i] + A[i + 1])
        for i in range(1, len(A) - 1):
            A[i] = 0.33333 * (B[i - 1] + B[i] + B[i + 1])
    return np.sum(A * A)


def jacobi_adjoint(A, T):
    A, B = A.copy(), A.copy()
    n = len(A)
    for _ in range(T):
        for i in range(1, n - 1):
            B[i] = 0.33333 * (A[i - 1] + A[i] + A[i + 1])
        for i in range(1, n - 1):
            A[i] = 0.33333 * (B[i - 1] + B[i] + B[i + 1])
    A_bar, B_bar = 2 * A, np.zeros(n)
    for _ in range(T):
        for i in range(1, n - 1):
            g = 0.33333 * A_bar[i]
            A_bar[i] = 0.0
            B_bar[i - 1] += g
            B_bar[i] += g
            B_bar[i + 1] += g
        for i in range(1, n - 1):
            g = 0.33333 * B_bar[i]
            B_bar[i] = 0.0
            A_bar[i - 1] += g
            A_bar[i] += g
            A_bar[i + 1] += g
    return A_bar + B_bar


def seidel(A, T):
    A = A.copy()
    n = len(A)
    for _ in range(T):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                A[i, j] = 0.2 * (A[i - 1, j] + A[i, j - 1] + A[i, j] + A[i, j + 1] + A[i + 1, j])
    return np.sum(A * A)


def seidel_adjoint(A, T):
    A = A.copy()
    n = len(A)
    for _ in range(T):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                A[i, j] = 0.2 * (A[i - 1, j] + A[i, j - 1] + A[i, j] + A[i, j + 1] + A[i + 1, j])
    A_bar = 2 * A
    for _ in range(T):
        for i in range(n - 2, 0, -1):
            for j in range(n - 2, 0, -1):
                g = 0.2 * A_bar[i, j]
                A_bar[i, j] = g
                A_bar[i - 1, j] += g
                A_bar[i, j - 1] += g
                A_bar[i, j + 1] += g
                A_bar[i + 1, j] += g
    return A_bar


def lu(A):
    A = A.copy()
    n = len(A)
    for i in range(n):
        for j in range(i):
            for k in range(j):
                A[i, j] -= A[i, k] * A[k, j]
            A[i, j] /= A[j, j]
        for j in range(i, n):
            for k in range(i):
                A[i, j] -= A[i, k] * A[k, j]
    return np.sum(A * A)


def lu_adjoint(A):
    A = A.copy()
    n = len(A)
    for i in range(n):
        for j in range(i):
            for k in range(j):
                A[i, j] -= A[i, k] * A[k, j]
            A[i, j] /= A[j, j]
        for j in range(i, n):
            for k in range(i):
                A[i, j] -= A[i, k] * A[k, j]
    A_bar = 2 * A
    for i in range(n - 1, -1, -1):
        for j in range(n - 1, i - 1, -1):
            g = A_bar[i, j]
            for k in range(i - 1, -1, -1):
                A_bar[i, k] -= g * A[k, j]
                A_bar[k, j] -= g * A[i, k]
        for j in range(i - 1, -1, -1):
            g = A_bar[i, j] / A[j, j]
            A_bar[i, j] = g
            A_bar[j, j] -= g * A[i, j]
            for k in range(j - 1, -1, -1):
                A_bar[i, k] -= g * A[k, j]
                A_bar[k, j] -= g * A[i, k]
    return A_bar


def trisolv(L, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        x[i] = b[i]
        for j in range(i):
            x[i] -= L[i, j] * x[j]
        x[i] = x[i] / L[i, i]
    return np.sum(x * x)


def trisolv_adjoint(L, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        x[i] = b[i]
        for j in range(i):
            x[i] -= L[i, j] * x[j]
        x[i] = x[i] / L[i, i]
    x_bar, L_bar = 2 * x, np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        g = x_bar[i] / L[i, i]
        L_bar[i, i] -= g * x[i]
        for j in range(i):
            L_bar[i, j] -= g * x[j]
            x_bar[j] -= g * L[i, j]
    return L_bar


def durbin(r):
    n = len(r)
    y, z = np.zeros(n), np.zeros(n)
    y[0] = -r[0]
    beta, alpha = 1.0, -r[0]
    for k in range(1, n):
        beta = (1 - alpha * alpha) * beta
        s = 0.0
        for i in range(k):
            s += r[k - i - 1] * y[i]
        alpha = -(r[k] + s) / beta
        for i in range(k):
            z[i] = y[i] + alpha * y[k - i - 1]
        for i in range(k):
            y[i] = z[i]
        y[k] = alpha
    return np.sum(y * y)


def durbin_adjoint(r):
    n = len(r)
    Y, alphas, betas = np.zeros((n, n)), np.zeros(n), np.zeros(n)
    Y[0, 0] = -r[0]
    alphas[0], betas[0] = -r[0], 1.0
    for k in range(1, n):
        betas[k] = (1 - alphas[k - 1] ** 2) * betas[k - 1]
        s = 0.0
        for i in range(k):
            s += r[k - i - 1] * Y[k - 1, i]
        alphas[k] = -(r[k] + s) / betas[k]
        for i in range(k):
            Y[k, i] = Y[k - 1, i] + alphas[k] * Y[k - 1, k - i - 1]
        Y[k, k] = alphas[k]
    y_bar, old_bar, r_bar = 2 * Y[n - 1], np.zeros(n), np.zeros(n)
    alpha_bar = beta_bar = 0.0
    for k in range(n - 1, 0, -1):
        alpha_bar += y_bar[k]
        for i in range(k):
            old_bar[i] = 0.0
        for i in range(k):
            old_bar[i] += y_bar[i]
            alpha_bar += y_bar[i] * Y[k - 1, k - i - 1]
            old_bar[k - i - 1] += y_bar[i] * alphas[k]
        s_bar = -alpha_bar / betas[k]
        r_bar[k] += s_bar
        beta_bar -= alpha_bar * alphas[k] / betas[k]
        for i in range(k):
            r_bar[k - i - 1] += s_bar * Y[k - 1, i]
            old_bar[i] += s_bar * r[k - i - 1]
        alpha_bar = -2 * beta_bar * betas[k - 1] * alphas[k - 1]
        beta_bar = beta_bar * (1 - alphas[k - 1] ** 2)
        for i in range(k):
            y_bar[i] = old_bar[i]
    r_bar[0] -= alpha_bar + y_bar[0]
    return r_bar


def logistic(x, r, n):
    for _ in range(n):
        x = r * x * (1 - x)
    return x


def logistic_adjoint(x, r, n):
    xs = np.empty(n)
    for i in range(n):
        xs[i] = x
        x = r * x * (1 - x)
    x_bar = 1.0
    for i in range(n - 1, -1, -1):
        x_bar = x_bar * r * (1 - 2 * xs[i])
    return x_bar


class Program(NamedTuple):
    primal: Callable[..., Any]
    adjoint: Callable[..., Any]
    args: tuple[Any, ...]


def definite(n: int) -> np.ndarray:
    m = RNG.normal(size=(n, n))
    return m @ m.T + n * np.eye(n)


PROGRAMS = (
    Program(jacobi, jacobi_adjoint, (RNG.normal(size=4000), 100)),
    Program(seidel, seidel_adjoint, (RNG.normal(size=(120, 120)), 10)),
    Program(lu, lu_adjoint, (definite(120),)),
    Program(trisolv, trisolv_adjoint, (definite(400), RNG.normal(size=400))),
    Program(durbin, durbin_adjoint, (RNG.normal(size=400) / 400,)),
    Program(logistic, logistic_adjoint, (0.3, 3.5, 10_000)),
)


def main() -> None:
    """The table, one program a line."""
    over_hand, over_primal = [], []
    print(f"{'program':10} {'over hand-written':>18} {'over primal':>12}")
    for program in PROGRAMS:
        name = program.primal.__name__
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        fns = (numba.njit(program.primal), numba.njit(program.adjoint), tl.grad(program.primal, jit=True))
        _, by_hand, ours = (f(*program.args) for f in fns)
        assert np.allclose(ours, by_hand, rtol=1e-9, atol=1e-12 * np.max(np.abs(by_hand))), name
        times: list[list[float]] = [[], [], []]
        for _ in range(ROUNDS):
            for f, found in zip(fns, times, strict=True):
                start = thread_time()
                f(*program.args)
                found.append(thread_time() - start)
        primal, hand, own = (statistics.median(t) for t in times)
        over_hand.append(own / hand)
        over_primal.append(own / primal)
        print(f"{name:10} {own / hand:18.2f} {own / primal:12.2f}", flush=True)
    means = (statistics.geometric_mean(r) for r in (over_hand, over_primal))
    print("{:10} {:18.2f} {:12.2f}".format("mean", *means))


if __name__ == "__main__":
    main()
