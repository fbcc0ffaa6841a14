"""Products, updates and a line solver in scalar loops, each with the adjoint that one would write by hand."""

import numpy as np


def syrk(A, C):
    C = C.copy()
    n, m = A.shape
    for i in range(n):
        for j in range(i + 1):
            C[i, j] *= 0.7
        for k in range(m):
            for j in range(i + 1):
                C[i, j] += 1.3 * A[i, k] * A[j, k]
    return np.sum(C * C)


def syrk_adjoint(A, C):
    C = C.copy()
    n, m = A.shape
    for i in range(n):
        for j in range(i + 1):
            C[i, j] *= 0.7
        for k in range(m):
            for j in range(i + 1):
                C[i, j] += 1.3 * A[i, k] * A[j, k]
    A_bar = np.zeros((n, m))
    for i in range(n):
        for k in range(m):
            s = 0.0
            a = A[i, k]
            for j in range(i + 1):
                g = 2.6 * C[i, j]
                s += g * A[j, k]
                A_bar[j, k] += g * a
            A_bar[i, k] += s
    return A_bar


def doitgen(A, C4):
    A = A.copy()
    nr, nq, np_ = A.shape
    s = np.zeros(np_)
    for r in range(nr):
        for q in range(nq):
            for p in range(np_):
                s[p] = 0.0
                for t in range(np_):
                    s[p] += A[r, q, t] * C4[t, p]
            for p in range(np_):
                A[r, q, p] = s[p]
    return np.sum(A * A)


def doitgen_adjoint(A, C4):
    A0 = A
    A = A.copy()
    nr, nq, np_ = A.shape
    s = np.zeros(np_)
    for r in range(nr):
        for q in range(nq):
            for p in range(np_):
                s[p] = 0.0
                for t in range(np_):
                    s[p] += A[r, q, t] * C4[t, p]
            for p in range(np_):
                A[r, q, p] = s[p]
    C_bar = np.zeros((np_, np_))
    for r in range(nr):
        for q in range(nq):
            for t in range(np_):
                a = A0[r, q, t]
                for p in range(np_):
                    C_bar[t, p] += a * 2.0 * A[r, q, p]
    return C_bar


def atax(A, x):
    m, n = A.shape
    y = np.zeros(n)
    for i in range(m):
        t = 0.0
        for j in range(n):
            t += A[i, j] * x[j]
        for j in range(n):
            y[j] += A[i, j] * t
    return np.sum(y * y)


def atax_adjoint(A, x):
    m, n = A.shape
    y = np.zeros(n)
    ts = np.zeros(m)
    for i in range(m):
        t = 0.0
        for j in range(n):
            t += A[i, j] * x[j]
        ts[i] = t
        for j in range(n):
            y[j] += A[i, j] * t
    A_bar = np.zeros((m, n))
    for i in range(m):
        t = ts[i]
        tb = 0.0
        for j in range(n):
            A_bar[i, j] = 2.0 * y[j] * t
            tb += 2.0 * y[j] * A[i, j]
        for j in range(n):
            A_bar[i, j] += tb * x[j]
    return A_bar


def bicg(A, p, r):
    n, m = A.shape
    s = np.zeros(m)
    q = np.zeros(n)
    for i in range(n):
        for j in range(m):
            s[j] += r[i] * A[i, j]
            q[i] += A[i, j] * p[j]
    return np.sum(s * s) + np.sum(q * q * q)


def bicg_adjoint(A, p, r):
    n, m = A.shape
    s = np.zeros(m)
    q = np.zeros(n)
    for i in range(n):
        for j in range(m):
            s[j] += r[i] * A[i, j]
            q[i] += A[i, j] * p[j]
    A_bar = np.zeros((n, m))
    for i in range(n):
        a = r[i]
        b = 3 * q[i] * q[i]
        for j in range(m):
            A_bar[i, j] = 2 * s[j] * a + b * p[j]
    return A_bar


def mvt(A, y1, y2):
    n = len(A)
    x1 = np.zeros(n)
    x2 = np.zeros(n)
    for i in range(n):
        for j in range(n):
            x1[i] = x1[i] + A[i, j] * y1[j]
    for i in range(n):
        for j in range(n):
            x2[i] = x2[i] + A[j, i] * y2[j]
    return np.sum(x1 * x1) + np.sum(x2**3)


def mvt_adjoint(A, y1, y2):
    n = len(A)
    x1 = np.zeros(n)
    x2 = np.zeros(n)
    for i in range(n):
        for j in range(n):
            x1[i] = x1[i] + A[i, j] * y1[j]
    for i in range(n):
        for j in range(n):
            x2[i] = x2[i] + A[j, i] * y2[j]
    A_bar = np.zeros((n, n))
    for i in range(n):
        a = 2 * x1[i]
        b = y2[i]
        for j in range(n):
            A_bar[i, j] = a * y1[j] + 3 * x2[j] * x2[j] * b
    return A_bar


def gesummv(A, B, x):
    n = len(A)
    y = np.zeros(n)
    tmp = np.zeros(n)
    for i in range(n):
        for j in range(n):
            tmp[i] += A[i, j] * x[j]
            y[i] += B[i, j] * x[j]
        y[i] = 1.5 * tmp[i] + 1.2 * y[i]
    return np.sum(y * y)


def gesummv_adjoint(A, B, x):
    n = len(A)
    y = np.zeros(n)
    tmp = np.zeros(n)
    for i in range(n):
        for j in range(n):
            tmp[i] += A[i, j] * x[j]
            y[i] += B[i, j] * x[j]
        y[i] = 1.5 * tmp[i] + 1.2 * y[i]
    A_bar = np.zeros((n, n))
    for i in range(n):
        g = 3.0 * y[i]
        for j in range(n):
            A_bar[i, j] = g * x[j]
    return A_bar


def symm(A, B, C):
    C = C.copy()
    m, n = C.shape
    for i in range(m):
        for j in range(n):
            t = 0.0
            for k in range(i):
                C[k, j] += 1.5 * B[i, j] * A[i, k]
                t += B[k, j] * A[i, k]
            C[i, j] = 1.2 * C[i, j] + 1.5 * B[i, j] * A[i, i] + 1.5 * t
    return np.sum(C * C)


def symm_adjoint(A, B, C):
    C = C.copy()
    m, n = C.shape
    for i in range(m):
        for j in range(n):
            t = 0.0
            for k in range(i):
                C[k, j] += 1.5 * B[i, j] * A[i, k]
                t += B[k, j] * A[i, k]
            C[i, j] = 1.2 * C[i, j] + 1.5 * B[i, j] * A[i, i] + 1.5 * t
    A_bar = np.zeros((m, m))
    C_bar = 2 * C
    for i in range(m - 1, -1, -1):
        for j in range(n - 1, -1, -1):
            g = 1.5 * C_bar[i, j]
            b = 1.5 * B[i, j]
            A_bar[i, i] += g * B[i, j]
            C_bar[i, j] *= 1.2
            for k in range(i):
                A_bar[i, k] += C_bar[k, j] * b + g * B[k, j]
    return A_bar


def trmm(A, B):
    B = B.copy()
    m, n = B.shape
    for i in range(m):
        for j in range(n):
            for k in range(i + 1, m):
                B[i, j] += A[k, i] * B[k, j]
            B[i, j] = 1.5 * B[i, j]
    return np.sum(B * B)


def trmm_adjoint(A, B):
    B0 = B
    B = B.copy()
    m, n = B.shape
    for i in range(m):
        for j in range(n):
            for k in range(i + 1, m):
                B[i, j] += A[k, i] * B[k, j]
            B[i, j] = 1.5 * B[i, j]
    A_bar = np.zeros((m, m))
    for i in range(m):
        for k in range(i + 1, m):
            s = 0.0
            for j in range(n):
                s += 3.0 * B[i, j] * B0[k, j]
            A_bar[k, i] = s
    return A_bar


def covariance(data):
    n, m = data.shape
    data = data.copy()
    mean = np.zeros(m)
    cov = np.zeros((m, m))
    for j in range(m):
        for i in range(n):
            mean[j] += data[i, j]
        mean[j] /= n
    for i in range(n):
        for j in range(m):
            data[i, j] -= mean[j]
    for i in range(m):
        for j in range(i, m):
            for k in range(n):
                cov[i, j] += data[k, i] * data[k, j]
            cov[i, j] /= n - 1.0
            cov[j, i] = cov[i, j]
    return np.sum(cov * cov)


def covariance_adjoint(data):
    n, m = data.shape
    data = data.copy()
    mean = np.zeros(m)
    cov = np.zeros((m, m))
    for j in range(m):
        for i in range(n):
            mean[j] += data[i, j]
        mean[j] /= n
    for i in range(n):
        for j in range(m):
            data[i, j] -= mean[j]
    for i in range(m):
        for j in range(i, m):
            for k in range(n):
                cov[i, j] += data[k, i] * data[k, j]
            cov[i, j] /= n - 1.0
            cov[j, i] = cov[i, j]
    d_bar = np.zeros((n, m))
    mean_bar = np.zeros(m)
    for i in range(m):
        for j in range(i, m):
            g = 2 * cov[i, j] / (n - 1.0) if i == j else 4 * cov[i, j] / (n - 1.0)
            for k in range(n):
                d_bar[k, i] += g * data[k, j]
                d_bar[k, j] += g * data[k, i]
    for i in range(n):
        for j in range(m):
            mean_bar[j] -= d_bar[i, j]
    for i in range(n):
        for j in range(m):
            d_bar[i, j] += mean_bar[j] / n
    return d_bar


def adi(u0, T):
    n = len(u0)
    u = u0.copy()
    v = np.zeros((n, n))
    p = np.zeros((n, n))
    q = np.zeros((n, n))
    a, b, d = -0.5, 2.0, -0.4
    for _ in range(T):
        for i in range(1, n - 1):
            v[0, i] = 1.0
            p[i, 0] = 0.0
            q[i, 0] = v[0, i]
            for j in range(1, n - 1):
                p[i, j] = -a / (a * p[i, j - 1] + b)
                q[i, j] = (-d * u[j, i - 1] + (1 + 2 * d) * u[j, i] - d * u[j, i + 1] - a * q[i, j - 1]) / (
                    a * p[i, j - 1] + b
                )
            v[n - 1, i] = 1.0
            for j in range(n - 2, 0, -1):
                v[j, i] = p[i, j] * v[j + 1, i] + q[i, j]
        for i in range(1, n - 1):
            u[i, 0] = 1.0
            p[i, 0] = 0.0
            q[i, 0] = u[i, 0]
            for j in range(1, n - 1):
                p[i, j] = -a / (a * p[i, j - 1] + b)
                q[i, j] = (-d * v[i - 1, j] + (1 + 2 * d) * v[i, j] - d * v[i + 1, j] - a * q[i, j - 1]) / (
                    a * p[i, j - 1] + b
                )
            u[i, n - 1] = 1.0
            for j in range(n - 2, 0, -1):
                u[i, j] = p[i, j] * u[i, j + 1] + q[i, j]
    return np.sum(u * u)


def adi_adjoint(u0, T):
    n = len(u0)
    u = u0.copy()
    v = np.zeros((n, n))
    p = np.zeros((n, n))
    q = np.zeros((n, n))
    a, b, d = -0.5, 2.0, -0.4
    for _ in range(T):
        for i in range(1, n - 1):
            v[0, i] = 1.0
            p[i, 0] = 0.0
            q[i, 0] = v[0, i]
            for j in range(1, n - 1):
                p[i, j] = -a / (a * p[i, j - 1] + b)
                q[i, j] = (-d * u[j, i - 1] + (1 + 2 * d) * u[j, i] - d * u[j, i + 1] - a * q[i, j - 1]) / (
                    a * p[i, j - 1] + b
                )
            v[n - 1, i] = 1.0
            for j in range(n - 2, 0, -1):
                v[j, i] = p[i, j] * v[j + 1, i] + q[i, j]
        for i in range(1, n - 1):
            u[i, 0] = 1.0
            p[i, 0] = 0.0
            q[i, 0] = u[i, 0]
            for j in range(1, n - 1):
                p[i, j] = -a / (a * p[i, j - 1] + b)
                q[i, j] = (-d * v[i - 1, j] + (1 + 2 * d) * v[i, j] - d * v[i + 1, j] - a * q[i, j - 1]) / (
                    a * p[i, j - 1] + b
                )
            u[i, n - 1] = 1.0
            for j in range(n - 2, 0, -1):
                u[i, j] = p[i, j] * u[i, j + 1] + q[i, j]
    u_bar = 2 * u
    v_bar = np.zeros((n, n))
    qb = np.zeros(n)
    for _ in range(T):
        for i in range(n - 2, 0, -1):
            u_bar[i, n - 1] = 0.0
            for j in range(1, n - 1):
                g = u_bar[i, j]
                u_bar[i, j] = 0.0
                u_bar[i, j + 1] += p[i, j] * g
                qb[j] = g
            u_bar[i, n - 1] = 0.0
            carry = 0.0
            for j in range(n - 2, 0, -1):
                g = (qb[j] + carry) / (a * p[i, j - 1] + b)
                v_bar[i - 1, j] -= d * g
                v_bar[i, j] += (1 + 2 * d) * g
                v_bar[i + 1, j] -= d * g
                carry = -a * g
            u_bar[i, 0] = 0.0
        for i in range(n - 2, 0, -1):
            v_bar[n - 1, i] = 0.0
            for j in range(1, n - 1):
                g = v_bar[j, i]
                v_bar[j, i] = 0.0
                v_bar[j + 1, i] += p[i, j] * g
                qb[j] = g
            v_bar[n - 1, i] = 0.0
            carry = 0.0
            for j in range(n - 2, 0, -1):
                g = (qb[j] + carry) / (a * p[i, j - 1] + b)
                u_bar[j, i - 1] -= d * g
                u_bar[j, i] += (1 + 2 * d) * g
                u_bar[j, i + 1] -= d * g
                carry = -a * g
            v_bar[0, i] = 0.0
    return u_bar


RNG = np.random.default_rng(7)


def some(*shape):
    return RNG.normal(size=shape)


# The primal, the adjoint by the argument of that number, the arguments.
PROGRAMS = (
    (syrk, syrk_adjoint, 0, (some(100, 80), some(100, 100))),
    (doitgen, doitgen_adjoint, 1, (some(20, 20, 30), some(30, 30) / 5)),
    (atax, atax_adjoint, 0, (some(300, 300), some(300))),
    (bicg, bicg_adjoint, 0, (some(300, 300), some(300), some(300))),
    (mvt, mvt_adjoint, 0, (some(300, 300), some(300), some(300))),
    (gesummv, gesummv_adjoint, 0, (some(300, 300), some(300, 300), some(300))),
    (symm, symm_adjoint, 0, (some(80, 80), some(80, 90), some(80, 90))),
    (trmm, trmm_adjoint, 0, (some(80, 80), some(80, 90))),
    (covariance, covariance_adjoint, 0, (some(90, 80),)),
    (adi, adi_adjoint, 0, (some(80, 80), 5)),
)
