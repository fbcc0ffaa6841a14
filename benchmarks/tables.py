"""Tables of dynamic programs, particles, flows and small systems in loops, each with the adjoint by hand."""

import numpy as np


def floyd(D):
    D = D.copy()
    n = len(D)
    for k in range(n):
        for i in range(n):
            for j in range(n):
                D[i, j] = min(D[i, j], D[i, k] + D[k, j])
    return np.sum(D * D)


def floyd_adjoint(D):
    D = D.copy()
    n = len(D)
    shorter = np.zeros((n, n, n), np.bool_)
    for k in range(n):
        for i in range(n):
            for j in range(n):
                t = D[i, k] + D[k, j]
                shorter[k, i, j] = t < D[i, j]
                D[i, j] = min(D[i, j], t)
    B = 2 * D
    for k in range(n - 1, -1, -1):
        for i in range(n - 1, -1, -1):
            for j in range(n - 1, -1, -1):
                if shorter[k, i, j]:
                    g = B[i, j]
                    B[i, j] = 0.0
                    B[i, k] += g
                    B[k, j] += g
    return B


def nussinov(S):
    n = len(S)
    N = np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            N[i, j] = max(N[i, j], N[i, j - 1])
            N[i, j] = max(N[i, j], N[i + 1, j])
            if i < j - 1:
                N[i, j] = max(N[i, j], N[i + 1, j - 1] + S[i, j])
            for k in range(i + 1, j):
                N[i, j] = max(N[i, j], N[i, k] + N[k + 1, j])
    return N[0, n - 1]


def nussinov_adjoint(S):
    n = len(S)
    N = np.zeros((n, n))
    W = np.zeros((n, n), np.int64)
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            b = N[i, j]
            w = -1
            if N[i, j - 1] > b:
                b = N[i, j - 1]
                w = -2
            if N[i + 1, j] > b:
                b = N[i + 1, j]
                w = -3
            if i < j - 1 and N[i + 1, j - 1] + S[i, j] > b:
                b = N[i + 1, j - 1] + S[i, j]
                w = -4
            for k in range(i + 1, j):
                t = N[i, k] + N[k + 1, j]
                if t > b:
                    b = t
                    w = k
            N[i, j] = b
            W[i, j] = w
    B = np.zeros((n, n))
    S_bar = np.zeros((n, n))
    B[0, n - 1] = 1.0
    for i in range(n):
        for j in range(n - 1, i, -1):
            g = B[i, j]
            w = W[i, j]
            if w == -2:
                B[i, j - 1] += g
            elif w == -3:
                B[i + 1, j] += g
            elif w == -4:
                B[i + 1, j - 1] += g
                S_bar[i, j] += g
            elif w >= 0:
                B[i, w] += g
                B[w + 1, j] += g
    return S_bar


def shallow(h, u, T):
    h, u = h.copy(), u.copy()
    n = len(h)
    dt, g = 0.001, 9.81
    for _ in range(T):
        hn = h.copy()
        un = u.copy()
        for i in range(1, n - 1):
            hn[i] = h[i] - dt * (h[i + 1] * u[i + 1] - h[i - 1] * u[i - 1])
            un[i] = u[i] - dt * (u[i] * (u[i + 1] - u[i - 1]) + g * (h[i + 1] - h[i - 1]))
        h = hn
        u = un
    return np.sum(h * h) + np.sum(u * u)


def shallow_adjoint(h, u, T):
    n = len(h)
    dt, g = 0.001, 9.81
    H = np.empty((T + 1, n))
    U = np.empty((T + 1, n))
    for i in range(n):
        H[0, i] = h[i]
        U[0, i] = u[i]
    for t in range(T):
        H[t + 1, 0] = H[t, 0]
        H[t + 1, n - 1] = H[t, n - 1]
        U[t + 1, 0] = U[t, 0]
        U[t + 1, n - 1] = U[t, n - 1]
        for i in range(1, n - 1):
            H[t + 1, i] = H[t, i] - dt * (H[t, i + 1] * U[t, i + 1] - H[t, i - 1] * U[t, i - 1])
            slope = U[t, i] * (U[t, i + 1] - U[t, i - 1]) + g * (H[t, i + 1] - H[t, i - 1])
            U[t + 1, i] = U[t, i] - dt * slope
    hb = 2 * H[T]
    ub = 2 * U[T]
    for t in range(T - 1, -1, -1):
        hp = hb.copy()
        up = ub.copy()
        for i in range(1, n - 1):
            a = dt * hb[i]
            b = dt * ub[i]
            hp[i + 1] -= a * U[t, i + 1] + b * g
            up[i + 1] -= a * H[t, i + 1] + b * U[t, i]
            hp[i - 1] += a * U[t, i - 1] + b * g
            up[i - 1] += a * H[t, i - 1] + b * U[t, i]
            up[i] -= b * (U[t, i + 1] - U[t, i - 1])
        hb = hp
        ub = up
    return hb


def upwind(q, c, T):
    q = q.copy()
    n = len(q)
    for _ in range(T):
        p = np.empty(n)
        for i in range(n):
            p[i] = q[i]
        for i in range(1, n - 1):
            if c[i] > 0:
                q[i] = p[i] - 0.1 * c[i] * (p[i] - p[i - 1])
            else:
                q[i] = p[i] - 0.1 * c[i] * (p[i + 1] - p[i])
    return np.sum(q * q)


def upwind_adjoint(q, c, T):
    n = len(q)
    Q = np.empty((T, n))
    q = q.copy()
    for t in range(T):
        p = Q[t]
        for i in range(n):
            p[i] = q[i]
        for i in range(1, n - 1):
            if c[i] > 0:
                q[i] = p[i] - 0.1 * c[i] * (p[i] - p[i - 1])
            else:
                q[i] = p[i] - 0.1 * c[i] * (p[i + 1] - p[i])
    qb = 2 * q
    cb = np.zeros(n)
    pb = np.zeros(n)
    for t in range(T - 1, -1, -1):
        p = Q[t]
        for i in range(n):
            pb[i] = 0.0
        for i in range(1, n - 1):
            g = 0.1 * qb[i]
            if c[i] > 0:
                cb[i] -= g * (p[i] - p[i - 1])
                pb[i] += qb[i] - g * c[i]
                pb[i - 1] += g * c[i]
            else:
                cb[i] -= g * (p[i + 1] - p[i])
                pb[i] += qb[i] + g * c[i]
                pb[i + 1] -= g * c[i]
            qb[i] = 0.0
        for i in range(n):
            qb[i] += pb[i]
    return cb


def lennard_jones(x, rc):
    n = len(x)
    e = 0.0
    for i in range(n):
        for j in range(i):
            r2 = 0.0
            for k in range(3):
                d = x[i, k] - x[j, k]
                r2 += d * d
            if r2 < rc * rc:
                s = 1.0 / (r2 * r2 * r2)
                e += 4.0 * (s * s - s)
    return e


def lennard_jones_adjoint(x, rc):
    n = len(x)
    b = np.zeros((n, 3))
    for i in range(n):
        for j in range(i):
            r2 = 0.0
            for k in range(3):
                d = x[i, k] - x[j, k]
                r2 += d * d
            if r2 < rc * rc:
                s = 1.0 / (r2 * r2 * r2)
                g = 4.0 * (2 * s - 1.0) * -3.0 * s / r2 * 2.0
                for k in range(3):
                    d = g * (x[i, k] - x[j, k])
                    b[i, k] += d
                    b[j, k] -= d
    return b


def batched(A, b):
    B, n = b.shape
    A, b = A.copy(), b.copy()
    for s in range(B):
        for k in range(n):
            for i in range(k + 1, n):
                f = A[s, i, k] / A[s, k, k]
                for j in range(k + 1, n):
                    A[s, i, j] -= f * A[s, k, j]
                b[s, i] -= f * b[s, k]
        for i in range(n - 1, -1, -1):
            for j in range(i + 1, n):
                b[s, i] -= A[s, i, j] * b[s, j]
            b[s, i] /= A[s, i, i]
    return np.sum(b * b)


def batched_adjoint(A, b):
    B, n = b.shape
    A, x = A.copy(), b.copy()
    Ab = np.zeros((B, n, n))
    lam = np.zeros(n)
    for s in range(B):
        for k in range(n):
            for i in range(k + 1, n):
                f = A[s, i, k] / A[s, k, k]
                A[s, i, k] = f
                for j in range(k + 1, n):
                    A[s, i, j] -= f * A[s, k, j]
                x[s, i] -= f * x[s, k]
        for i in range(n - 1, -1, -1):
            for j in range(i + 1, n):
                x[s, i] -= A[s, i, j] * x[s, j]
            x[s, i] /= A[s, i, i]
        for i in range(n):
            lam[i] = 2 * x[s, i]
        for i in range(n):
            for j in range(i):
                lam[i] -= A[s, j, i] * lam[j]
            lam[i] /= A[s, i, i]
        for i in range(n - 1, -1, -1):
            for j in range(i + 1, n):
                lam[i] -= A[s, j, i] * lam[j]
        for i in range(n):
            for j in range(n):
                Ab[s, i, j] = -lam[i] * x[s, j]
    return Ab


RNG = np.random.default_rng(3)


def some(low, high, *shape):
    return RNG.uniform(low, high, shape)


# The primal, the adjoint by the argument of that number, the arguments.
PROGRAMS = (
    (floyd, floyd_adjoint, 0, (some(1, 10, 70, 70),)),
    (nussinov, nussinov_adjoint, 0, (some(0, 1, 90, 90),)),
    (shallow, shallow_adjoint, 0, (some(1, 2, 2000), some(0, 1, 2000), 50)),
    (upwind, upwind_adjoint, 1, (some(1, 2, 2000), some(-1, 1, 2000), 50)),
    (lennard_jones, lennard_jones_adjoint, 0, (some(0, 6, 250, 3), 2.5)),
    (batched, batched_adjoint, 0, (some(-1, 1, 200, 6, 6) + 6 * np.eye(6), some(-1, 1, 200, 6))),
)
