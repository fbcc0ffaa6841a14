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


def _sections(p):
    return np.array([[p[0], p[1], 0.2, 1.0, -p[2], 0.1], [1.0, p[3], 0.5, 1.0, 0.2, p[4] * 0.3]])


def equalized(p, x):
    """Filters in sections, by what the sections say."""
    return np.sum(signal.sosfilt(_sections(p), x) ** 2) + signal.sosfiltfilt(_sections(p), x)[4]


def equalized_columns(p, x):
    y = signal.sosfilt(_sections(p), x, axis=0)
    return np.sum(y[3] * y[5]) + np.sum(signal.sosfiltfilt(_sections(p), x, axis=0, padtype="even", padlen=3)[2])


def there_and_back(b, a, x):
    """A filter without a phase, by its coefficients."""
    y = signal.filtfilt(b, np.append(1.5, 0.3 * a), x)
    z = signal.filtfilt([b[0], 0.5], [1.0, -0.2 * a[0]], x, padtype="constant", padlen=2)
    return np.sum(y**2) + z[3] * z[0] + signal.filtfilt(b, 2.0, x, padtype=None)[1]


CASES = [
    Case(equalized, takes(vec(5, low=0.2), vec(24)), wrt=(0, 1)),
    Case(equalized_columns, takes(vec(5, low=0.2), mat(9, 2)), wrt=(0, 1)),
    Case(there_and_back, takes(vec(3), vec(2, low=0.2), vec(20)), wrt=(0, 1, 2)),
    Case(regulator, takes(mat(3, 3), mat(3, 2), mat(3, 3), vec(2, low=0.5)), wrt=(0, 1, 2, 3)),
    Case(regulator_in_steps, takes(mat(3, 3), mat(3, 2), mat(3, 3), vec(2, low=0.5)), wrt=(0, 1, 2, 3)),
    Case(resampled, takes(vec(8))),
    Case(pendulum, takes(num(0.3, 1.0), num(0.5, 2.0)), wrt=(0, 1)),
    Case(pendulum, takes(num(0.0, 0.0), num(0.5, 2.0)), wrt=(0, 1), name="pendulum_at_rest"),
]
