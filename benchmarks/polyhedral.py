"""Stencils and factorizations in scalar loops, each with the adjoint that one would write by hand for a compiler."""

import math

import numpy as np


def jacobi2d(A, T):
    A, B = A.copy(), A.copy()
    n, m = A.shape
    for _ in range(T):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                B[i, j] = 0.2 * (A[i, j] + A[i, j - 1] + A[i, j + 1] + A[i + 1, j] + A[i - 1, j])
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                A[i, j] = 0.2 * (B[i, j] + B[i, j - 1] + B[i, j + 1] + B[i + 1, j] + B[i - 1, j])
    return np.sum(A * A)


def jacobi2d_adjoint(A, T):
    A, B = A.copy(), A.copy()
    n, m = A.shape
    for _ in range(T):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                B[i, j] = 0.2 * (A[i, j] + A[i, j - 1] + A[i, j + 1] + A[i + 1, j] + A[i - 1, j])
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                A[i, j] = 0.2 * (B[i, j] + B[i, j - 1] + B[i, j + 1] + B[i + 1, j] + B[i - 1, j])
    A_bar, B_bar = 2 * A, np.zeros((n, m))
    for _ in range(T):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                g = 0.2 * A_bar[i, j]
                A_bar[i, j] = 0.0
                B_bar[i, j] += g
                B_bar[i, j - 1] += g
                B_bar[i, j + 1] += g
                B_bar[i + 1, j] += g
                B_bar[i - 1, j] += g
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                g = 0.2 * B_bar[i, j]
                B_bar[i, j] = 0.0
                A_bar[i, j] += g
                A_bar[i, j - 1] += g
                A_bar[i, j + 1] += g
                A_bar[i + 1, j] += g
                A_bar[i - 1, j] += g
    return A_bar + B_bar


def heat3d(A, T):
    A, B = A.copy(), A.copy()
    n = A.shape[0]
    for _ in range(T):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    B[i, j, k] = (
                        0.125 * (A[i + 1, j, k] + A[i - 1, j, k])
                        + 0.125 * (A[i, j + 1, k] + A[i, j - 1, k])
                        + 0.125 * (A[i, j, k + 1] + A[i, j, k - 1])
                        + 0.25 * A[i, j, k]
                    )
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    A[i, j, k] = B[i, j, k]
    return np.sum(A * A)


def heat3d_adjoint(A, T):
    A, B = A.copy(), A.copy()
    n = A.shape[0]
    for _ in range(T):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    B[i, j, k] = (
                        0.125 * (A[i + 1, j, k] + A[i - 1, j, k])
                        + 0.125 * (A[i, j + 1, k] + A[i, j - 1, k])
                        + 0.125 * (A[i, j, k + 1] + A[i, j, k - 1])
                        + 0.25 * A[i, j, k]
                    )
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    A[i, j, k] = B[i, j, k]
    A_bar = 2 * A
    for _ in range(T):
        B_bar = np.zeros((n, n, n))
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    B_bar[i, j, k] = A_bar[i, j, k]
                    A_bar[i, j, k] = 0.0
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    g = 0.125 * B_bar[i, j, k]
                    A_bar[i + 1, j, k] += g
                    A_bar[i - 1, j, k] += g
                    A_bar[i, j + 1, k] += g
                    A_bar[i, j - 1, k] += g
                    A_bar[i, j, k + 1] += g
                    A_bar[i, j, k - 1] += g
                    A_bar[i, j, k] += 2.0 * g
    return A_bar


def fdtd2d(ex, ey, hz, T):
    ex, ey, hz = ex.copy(), ey.copy(), hz.copy()
    n, m = hz.shape
    for t in range(T):
        for j in range(m):
            ey[0, j] = t
        for i in range(1, n):
            for j in range(m):
                ey[i, j] = ey[i, j] - 0.5 * (hz[i, j] - hz[i - 1, j])
        for i in range(n):
            for j in range(1, m):
                ex[i, j] = ex[i, j] - 0.5 * (hz[i, j] - hz[i, j - 1])
        for i in range(n - 1):
            for j in range(m - 1):
                hz[i, j] = hz[i, j] - 0.7 * (ex[i, j + 1] - ex[i, j] + ey[i + 1, j] - ey[i, j])
    return np.sum(hz * hz)


def fdtd2d_adjoint(ex, ey, hz, T):
    ex, ey, hz = ex.copy(), ey.copy(), hz.copy()
    n, m = hz.shape
    for t in range(T):
        for j in range(m):
            ey[0, j] = t
        for i in range(1, n):
            for j in range(m):
                ey[i, j] = ey[i, j] - 0.5 * (hz[i, j] - hz[i - 1, j])
        for i in range(n):
            for j in range(1, m):
                ex[i, j] = ex[i, j] - 0.5 * (hz[i, j] - hz[i, j - 1])
        for i in range(n - 1):
            for j in range(m - 1):
                hz[i, j] = hz[i, j] - 0.7 * (ex[i, j + 1] - ex[i, j] + ey[i + 1, j] - ey[i, j])
    ex_bar, ey_bar, hz_bar = np.zeros((n, m)), np.zeros((n, m)), 2 * hz
    for _ in range(T):
        for i in range(n - 1):
            for j in range(m - 1):
                g = 0.7 * hz_bar[i, j]
                ex_bar[i, j + 1] -= g
                ex_bar[i, j] += g
                ey_bar[i + 1, j] -= g
                ey_bar[i, j] += g
        for i in range(n):
            for j in range(1, m):
                g = 0.5 * ex_bar[i, j]
                hz_bar[i, j] -= g
                hz_bar[i, j - 1] += g
        for i in range(1, n):
            for j in range(m):
                g = 0.5 * ey_bar[i, j]
                hz_bar[i, j] -= g
                hz_bar[i - 1, j] += g
        for j in range(m):
            ey_bar[0, j] = 0.0
    return hz_bar


def factored(A):
    A = A.copy()
    n = len(A)
    for i in range(n):
        for j in range(i):
            for k in range(j):
                A[i, j] -= A[i, k] * A[j, k]
            A[i, j] /= A[j, j]
        for k in range(i):
            A[i, i] -= A[i, k] * A[i, k]
        A[i, i] = math.sqrt(A[i, i])
    return np.sum(A * A)


def factored_adjoint(A):
    A = A.copy()
    n = len(A)
    for i in range(n):
        for j in range(i):
            for k in range(j):
                A[i, j] -= A[i, k] * A[j, k]
            A[i, j] /= A[j, j]
        for k in range(i):
            A[i, i] -= A[i, k] * A[i, k]
        A[i, i] = math.sqrt(A[i, i])
    A_bar = 2 * A
    for i in range(n - 1, -1, -1):
        g = A_bar[i, i] / (2 * A[i, i])
        A_bar[i, i] = g
        for k in range(i):
            A_bar[i, k] -= 2 * g * A[i, k]
        for j in range(i - 1, -1, -1):
            g = A_bar[i, j] / A[j, j]
            A_bar[i, j] = g
            A_bar[j, j] -= g * A[i, j]
            for k in range(j):
                A_bar[i, k] -= g * A[j, k]
                A_bar[j, k] -= g * A[i, k]
    return A_bar


def gramschmidt(A):
    A = A.copy()
    m, n = A.shape
    Q, R = np.zeros((m, n)), np.zeros((n, n))
    for k in range(n):
        s = 0.0
        for i in range(m):
            s += A[i, k] * A[i, k]
        R[k, k] = math.sqrt(s)
        for i in range(m):
            Q[i, k] = A[i, k] / R[k, k]
        for j in range(k + 1, n):
            for i in range(m):
                R[k, j] += Q[i, k] * A[i, j]
            for i in range(m):
                A[i, j] -= Q[i, k] * R[k, j]
    return np.sum(R * R * R)


def gramschmidt_adjoint(A):
    A = A.copy()
    m, n = A.shape
    Q, R = np.zeros((m, n)), np.zeros((n, n))
    for k in range(n):
        s = 0.0
        for i in range(m):
            s += A[i, k] * A[i, k]
        R[k, k] = math.sqrt(s)
        for i in range(m):
            Q[i, k] = A[i, k] / R[k, k]
        for j in range(k + 1, n):
            for i in range(m):
                R[k, j] += Q[i, k] * A[i, j]
            for i in range(m):
                A[i, j] -= Q[i, k] * R[k, j]
    A_bar, q_bar = np.zeros((m, n)), np.zeros(m)
    for k in range(n - 1, -1, -1):
        for i in range(m):
            q_bar[i] = 0.0
        for j in range(n - 1, k, -1):
            r = R[k, j]
            r_bar = 3 * r * r
            for i in range(m):
                A[i, j] += Q[i, k] * r  # what was taken off is put back: nothing is kept
                r_bar -= Q[i, k] * A_bar[i, j]
                q_bar[i] -= r * A_bar[i, j]
            for i in range(m):
                q_bar[i] += r_bar * A[i, j]
                A_bar[i, j] += r_bar * Q[i, k]
        norm = R[k, k]
        norm_bar = 3 * norm * norm
        for i in range(m):
            norm_bar -= q_bar[i] * Q[i, k] / norm
        for i in range(m):
            A_bar[i, k] += q_bar[i] / norm + norm_bar * Q[i, k]
    return A_bar


RNG = np.random.default_rng(0)


def definite(n):
    half = RNG.normal(size=(n, n))
    return half @ half.T + n * np.eye(n)


# The primal, the adjoint by the argument of that number, the arguments.
PROGRAMS = (
    (jacobi2d, jacobi2d_adjoint, 0, (RNG.normal(size=(150, 150)), 10)),
    (heat3d, heat3d_adjoint, 0, (RNG.normal(size=(30, 30, 30)), 10)),
    (fdtd2d, fdtd2d_adjoint, 2, (*(RNG.normal(size=(120, 120)) for _ in range(3)), 10)),
    (factored, factored_adjoint, 0, (definite(120),)),
    (gramschmidt, gramschmidt_adjoint, 0, (RNG.normal(size=(80, 80)),)),
)
