"""A stencil with coefficients, a scheme with a branch, largest values of squares: in loops, with adjoints by hand."""

import numpy as np


def weighted(c, u, T):
    u = u.copy()
    n, m = u.shape
    for _ in range(T):
        v = u.copy()
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                v[i, j] = u[i, j] + c[i, j] * (u[i + 1, j] + u[i - 1, j] + u[i, j + 1] + u[i, j - 1] - 4 * u[i, j])
        u = v
    return np.sum(u * u)


def weighted_adjoint(c, u, T):
    n, m = u.shape
    U = np.empty((T + 1, n, m))
    U[0] = u
    for t in range(T):
        U[t + 1] = U[t]
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                s = U[t, i + 1, j] + U[t, i - 1, j] + U[t, i, j + 1] + U[t, i, j - 1] - 4 * U[t, i, j]
                U[t + 1, i, j] += c[i, j] * s
    c_bar = np.zeros((n, m))
    v_bar = 2 * U[T]
    for t in range(T - 1, -1, -1):
        u_bar = v_bar.copy()
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                g = v_bar[i, j]
                s = U[t, i + 1, j] + U[t, i - 1, j] + U[t, i, j + 1] + U[t, i, j - 1] - 4 * U[t, i, j]
                c_bar[i, j] += g * s
                g *= c[i, j]
                u_bar[i + 1, j] += g
                u_bar[i - 1, j] += g
                u_bar[i, j + 1] += g
                u_bar[i, j - 1] += g
                u_bar[i, j] -= 4 * g
        v_bar = u_bar
    return c_bar


def burgers(u, T):
    u = u.copy()
    n = len(u)
    w = np.empty(n)
    for _ in range(T):
        for i in range(n):
            w[i] = u[i]
        for i in range(1, n - 1):
            if w[i] > 0.0:
                d = w[i] - w[i - 1]
            else:
                d = w[i + 1] - w[i]
            u[i] = w[i] - 0.1 * w[i] * d
    return np.sum(u * u)


def burgers_adjoint(u, T):
    n = len(u)
    u = u.copy()
    W = np.empty((T, n))
    for t in range(T):
        for i in range(n):
            W[t, i] = u[i]
        for i in range(1, n - 1):
            if W[t, i] > 0.0:
                d = W[t, i] - W[t, i - 1]
            else:
                d = W[t, i + 1] - W[t, i]
            u[i] = W[t, i] - 0.1 * W[t, i] * d
    u_bar = 2 * u
    w_bar = np.zeros(n)
    for t in range(T - 1, -1, -1):
        for i in range(n):
            w_bar[i] = 0.0
        for i in range(1, n - 1):
            g = u_bar[i]
            w = W[t, i]
            if w > 0.0:
                w_bar[i] += g - 0.1 * g * (2 * w - W[t, i - 1])
                w_bar[i - 1] += 0.1 * g * w
            else:
                w_bar[i] += g - 0.1 * g * (W[t, i + 1] - 2 * w)
                w_bar[i + 1] -= 0.1 * g * w
            u_bar[i] = 0.0
        for i in range(n):
            u_bar[i] += w_bar[i]
    return u_bar


def pooled(x):
    n, m = x.shape
    total = 0.0
    for i in range(0, n - 1, 2):
        for j in range(0, m - 1, 2):
            b = x[i, j]
            for p in range(2):
                for q in range(2):
                    if x[i + p, j + q] > b:  # noqa: PLR1730 - a branch is what this is about
                        b = x[i + p, j + q]
            total += b * b
    return total


def pooled_adjoint(x):
    n, m = x.shape
    x_bar = np.zeros((n, m))
    for i in range(0, n - 1, 2):
        for j in range(0, m - 1, 2):
            b = x[i, j]
            k = 0
            for p in range(2):
                for q in range(2):
                    if x[i + p, j + q] > b:
                        b = x[i + p, j + q]
                        k = 2 * p + q
            x_bar[i + k // 2, j + k % 2] += 2 * b
    return x_bar


RNG = np.random.default_rng(5)

# The primal, the adjoint by the argument of that number, the arguments.
PROGRAMS = (
    (weighted, weighted_adjoint, 0, (RNG.uniform(0, 0.2, (100, 100)), RNG.uniform(-1, 1, (100, 100)), 10)),
    (burgers, burgers_adjoint, 0, (RNG.uniform(-1, 1, 2000), 50)),
    (pooled, pooled_adjoint, 0, (RNG.uniform(-1, 1, (200, 200)),)),
)
