"""``scipy.linalg`` and ``scipy.signal``: Riccati equations of regulators; signals resampled; elliptic integrals."""

import numpy as np
from scipy import linalg, signal, special

from case import Case, mat, num, takes, vec


def _cost(G):
    return G @ G.T + np.eye(len(G))


def regulator(A, B, G, r):
    X = linalg.solve_continuous_are(A, B, _cost(G), np.diag(r))
    return np.trace(X) + np.sum((B.T @ X) ** 2 / r[:, None])


def regulator_in_steps(A, B, G, r):
    X = linalg.solve_discrete_are(A, B, _cost(G), np.diag(r))
    K = np.linalg.solve(np.diag(r) + B.T @ X @ B, B.T @ X @ A)
    return np.sum(K**2) + X[0, 1]


def resampled(x):
    y = signal.resample_poly(x, 3, 2)
    return np.sum(y[1:] * y[:-1]) + np.sum(signal.resample_poly(np.outer(x, x), 1, 2, axis=1)[0])


def pendulum(angle, length):
    m = np.sin(0.5 * angle) ** 2
    return 4 * np.sqrt(length / 9.81) * special.ellipkinc(np.pi / 2, m) + special.ellipeinc(length * angle, -m)


CASES = [
    Case(regulator, takes(mat(3, 3), mat(3, 2), mat(3, 3), vec(2, low=0.5)), wrt=(0, 1, 2, 3)),
    Case(regulator_in_steps, takes(mat(3, 3), mat(3, 2), mat(3, 3), vec(2, low=0.5)), wrt=(0, 1, 2, 3)),
    Case(resampled, takes(vec(8))),
    Case(pendulum, takes(num(0.3, 1.0), num(0.5, 2.0)), wrt=(0, 1)),
    Case(pendulum, takes(num(0.0, 0.0), num(0.5, 2.0)), wrt=(0, 1), name="pendulum_at_rest"),
]
