"""Programs of arrays: linear systems, factors written in place, stencils, time stepping, filters."""

import numpy as np


# -- the Thomas algorithm for a tridiagonal system -------------------------------------------------------
def thomas(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray):
    n = len(d)
    b = b.copy()
    d = d.copy()
    for i in range(1, n):
        w = a[i - 1] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    x = np.zeros(n)
    x[n - 1] = d[n - 1] / b[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
    return np.sum(x * x)


def grad_thomas(a, b, c, d):
    n = len(d)
    b = b.copy()
    d = d.copy()
    for i in range(1, n):
        w = a[i - 1] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    x = np.zeros(n)
    x[n - 1] = d[n - 1] / b[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
    x_bar = 2.0 * x
    a_bar = np.zeros_like(a)
    b_bar = np.zeros_like(b)
    c_bar = np.zeros_like(c)
    d_bar = np.zeros_like(d)
    for i in range(n - 1):
        # x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
        t_bar = x_bar[i] / b[i]
        d_bar[i] = t_bar
        c_bar[i] = -t_bar * x[i + 1]
        x_bar[i + 1] -= t_bar * c[i]
        b_bar[i] = -t_bar * x[i]
    # x[n - 1] = d[n - 1] / b[n - 1]
    t_bar = x_bar[n - 1] / b[n - 1]
    d_bar[n - 1] = t_bar
    b_bar[n - 1] = -t_bar * x[n - 1]
    for i in range(n - 1, 0, -1):
        w = a[i - 1] / b[i - 1]
        # d[i] -= w * d[i - 1]
        w_bar = -d_bar[i] * d[i - 1] - b_bar[i] * c[i - 1]
        d_bar[i - 1] -= d_bar[i] * w
        # b[i] -= w * c[i - 1]
        c_bar[i - 1] -= b_bar[i] * w
        # w = a[i - 1] / b[i - 1]
        a_bar[i - 1] = w_bar / b[i - 1]
        b_bar[i - 1] -= w_bar * w / b[i - 1]
    return a_bar, b_bar, c_bar, d_bar


# -- heat in a rod whose conductivity depends on the temperature ------------------------------------------
def rod(u: np.ndarray, k: float, dt: float, steps: int):
    u = u.copy()
    for _ in range(steps):
        flux = (1.0 + k * u[1:]) * (u[1:] - u[:-1])
        u[1:-1] += dt * (flux[1:] - flux[:-1])
    return np.sum(u**2)


def grad_rod(u, k, dt, steps):
    u_saved = []
    u = u.copy()
    for _ in range(steps):
        u_saved.append(u.copy())
        flux = (1.0 + k * u[1:]) * (u[1:] - u[:-1])
        u[1:-1] += dt * (flux[1:] - flux[:-1])
    u_bar = 2.0 * u
    k_bar = 0.0
    flux_bar = np.zeros(len(u) - 1)
    for _ in range(steps):
        u = u_saved.pop()
        # u[1:-1] += dt * (flux[1:] - flux[:-1])
        t_bar = dt * u_bar[1:-1]
        flux_bar[0] = 0.0
        flux_bar[1:] = t_bar
        flux_bar[:-1] -= t_bar
        # flux = (1.0 + k * u[1:]) * (u[1:] - u[:-1])
        c_bar = flux_bar * (u[1:] - u[:-1])
        k_bar += np.sum(c_bar * u[1:])
        s_bar = flux_bar * (1.0 + k * u[1:])
        u_bar[1:] += k * c_bar + s_bar
        u_bar[:-1] -= s_bar
    return u_bar, k_bar


# -- a linear stencil in two dimensions, into a second buffer ----------------------------------------------
def plate(u: np.ndarray, alpha: float, steps: int):
    for _ in range(steps):
        v = u.copy()
        v[1:-1, 1:-1] += alpha * (
            u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
        )
        u = v
    return np.sum(u * u)


def grad_plate(u, alpha, steps):
    for _ in range(steps):
        v = u.copy()
        v[1:-1, 1:-1] += alpha * (
            u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
        )
        u = v
    u_bar = 2.0 * u
    for _ in range(steps):
        t_bar = alpha * u_bar[1:-1, 1:-1]
        u_bar[2:, 1:-1] += t_bar
        u_bar[:-2, 1:-1] += t_bar
        u_bar[1:-1, 2:] += t_bar
        u_bar[1:-1, :-2] += t_bar
        u_bar[1:-1, 1:-1] -= 4.0 * t_bar
    return u_bar


# -- the wave equation by leapfrog --------------------------------------------------------------------------
def wave(u: np.ndarray, speed: np.ndarray, steps: int):
    old = u
    now = u
    for _ in range(steps):
        new = 2.0 * now - old
        new[1:-1] += speed[1:-1] * (now[2:] - 2.0 * now[1:-1] + now[:-2])
        old = now
        now = new
    return np.sum(now**2)


def grad_wave(u, speed, steps):
    now_saved = []
    old = u
    now = u
    for _ in range(steps):
        now_saved.append(now)
        new = 2.0 * now - old
        new[1:-1] += speed[1:-1] * (now[2:] - 2.0 * now[1:-1] + now[:-2])
        old = now
        now = new
    now_bar = 2.0 * now
    old_bar = np.zeros_like(u)
    speed_bar = np.zeros_like(speed)
    for _ in range(steps):
        now = now_saved.pop()
        new_bar = now_bar
        now_bar = old_bar + 2.0 * new_bar
        speed_bar[1:-1] += new_bar[1:-1] * (now[2:] - 2.0 * now[1:-1] + now[:-2])
        t_bar = new_bar[1:-1] * speed[1:-1]
        now_bar[2:] += t_bar
        now_bar[1:-1] -= 2.0 * t_bar
        now_bar[:-2] += t_bar
        old_bar = -new_bar
    return now_bar + old_bar, speed_bar


# -- the logarithm of a determinant by elimination in place ---------------------------------------------------
def log_det(A: np.ndarray):
    A = A.copy()
    n = len(A)
    total = 0.0
    for k in range(n):
        total += np.log(A[k, k])
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
    return total


def grad_log_det(A):
    A = A.copy()
    n = len(A)
    for k in range(n):
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
    A_bar = np.zeros_like(A)
    for k in range(n - 1, -1, -1):
        # A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
        A_bar[k + 1 :, k] -= A_bar[k + 1 :, k + 1 :] @ A[k, k + 1 :]
        A_bar[k, k + 1 :] -= A[k + 1 :, k] @ A_bar[k + 1 :, k + 1 :]
        # A[k + 1 :, k] /= A[k, k]
        A_bar[k + 1 :, k] /= A[k, k]
        A_bar[k, k] -= np.sum(A_bar[k + 1 :, k] * A[k + 1 :, k])
        # total += np.log(A[k, k])
        A_bar[k, k] += 1.0 / A[k, k]
    return A_bar


# -- a Cholesky factor, column by column ----------------------------------------------------------------------
def cholesky(A: np.ndarray, b: np.ndarray):
    n = len(A)
    L = np.zeros_like(A)
    for j in range(n):
        L[j, j] = np.sqrt(A[j, j] - np.sum(L[j, :j] ** 2))
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    return np.sum((L @ b) ** 2)


def grad_cholesky(A, b):
    n = len(A)
    L = np.zeros_like(A)
    for j in range(n):
        L[j, j] = np.sqrt(A[j, j] - np.sum(L[j, :j] ** 2))
        L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
    r = L @ b
    L_bar = 2.0 * np.outer(r, b)
    b_bar = 2.0 * L.T @ r
    A_bar = np.zeros_like(A)
    for j in range(n - 1, -1, -1):
        # L[j + 1 :, j] = (A[j + 1 :, j] - L[j + 1 :, :j] @ L[j, :j]) / L[j, j]
        t_bar = L_bar[j + 1 :, j] / L[j, j]
        A_bar[j + 1 :, j] = t_bar
        L_bar[j + 1 :, :j] -= np.outer(t_bar, L[j, :j])
        L_bar[j, :j] -= t_bar @ L[j + 1 :, :j]
        L_bar[j, j] -= np.sum(t_bar * L[j + 1 :, j])
        # L[j, j] = np.sqrt(A[j, j] - np.sum(L[j, :j] ** 2))
        s_bar = 0.5 * L_bar[j, j] / L[j, j]
        A_bar[j, j] = s_bar
        L_bar[j, :j] -= 2.0 * s_bar * L[j, :j]
    return A_bar, b_bar


# -- weighted least squares ---------------------------------------------------------------------------------
def weighted(w: np.ndarray, X: np.ndarray, y: np.ndarray, true: np.ndarray):
    G = X.T @ (w[:, None] * X)
    beta = np.linalg.solve(G, X.T @ (w * y))
    return np.sum((beta - true) ** 2)


def grad_weighted(w, X, y, true):
    G = X.T @ (w[:, None] * X)
    beta = np.linalg.solve(G, X.T @ (w * y))
    s = X @ np.linalg.solve(G.T, 2.0 * (beta - true))
    return s * (y - X @ beta)


# -- a Kalman filter of a moving point ----------------------------------------------------------------------
def kalman(q: float, r: float, F: np.ndarray, h: np.ndarray, z: np.ndarray):
    x = np.zeros(2)
    P = np.eye(2)
    nll = 0.0
    for t in range(len(z)):
        x = F @ x
        P = F @ P @ F.T + q * np.eye(2)
        v = P @ h
        s = h @ v + r
        e = z[t] - h @ x
        x = x + v * (e / s)
        P = P - np.outer(v, v) / s
        nll += 0.5 * (np.log(s) + e * e / s)
    return nll


def grad_kalman(q, r, F, h, z):
    saved = []
    x = np.zeros(2)
    P = np.eye(2)
    for t in range(len(z)):
        x = F @ x
        P = F @ P @ F.T + q * np.eye(2)
        v = P @ h
        s = h @ v + r
        e = z[t] - h @ x
        saved.append((v, s, e))
        x = x + v * (e / s)
        P = P - np.outer(v, v) / s
    q_bar = 0.0
    r_bar = 0.0
    x_bar = np.zeros(2)
    P_bar = np.zeros((2, 2))
    for t in range(len(z)):
        v, s, e = saved.pop()
        d_bar = x_bar @ v
        e_bar = e / s + d_bar / s
        s_bar = 0.5 / s - 0.5 * e * e / s**2 - d_bar * e / s**2 + v @ P_bar @ v / s**2
        v_bar = x_bar * (e / s) - (P_bar + P_bar.T) @ v / s + s_bar * h
        x_bar = x_bar - e_bar * h
        r_bar += s_bar
        P_bar = P_bar + np.outer(v_bar, h)
        q_bar += np.trace(P_bar)
        P_bar = F.T @ P_bar @ F
        x_bar = F.T @ x_bar
    return q_bar, r_bar


# -- k steps of gradient descent with momentum ---------------------------------------------------------------
def momentum(w: np.ndarray, rate: float, beta: float, A: np.ndarray, b: np.ndarray, steps: int):
    v = np.zeros_like(w)
    for _ in range(steps):
        v = beta * v - rate * (A @ w - b)
        w = w + v
    return 0.5 * w @ (A @ w) - b @ w


def grad_momentum(w, rate, beta, A, b, steps):
    v_saved = []
    w_saved = []
    v = np.zeros_like(w)
    for _ in range(steps):
        v_saved.append(v)
        w_saved.append(w)
        v = beta * v - rate * (A @ w - b)
        w = w + v
    w_bar = 0.5 * (A @ w + A.T @ w) - b
    v_bar = np.zeros_like(v)
    rate_bar = 0.0
    beta_bar = 0.0
    for _ in range(steps):
        v_bar += w_bar
        beta_bar += v_bar @ v_saved.pop()
        rate_bar -= v_bar @ (A @ w_saved.pop() - b)
        w_bar = w_bar - rate * (A.T @ v_bar)
        v_bar *= beta
    return w_bar, rate_bar, beta_bar


def dominant(r, n):
    return r.uniform(0, 1, n - 1), r.uniform(3, 4, n), r.uniform(0, 1, n - 1), r.normal(size=n)


def positive(r, n):
    A = r.normal(size=(n, n))
    return A @ A.T + n * np.eye(n)


PAIRS = [
    dict(of=thomas, wrt=(0, 1, 2, 3), small=lambda r: dominant(r, 10), large=lambda r: dominant(r, 500)),
    dict(of=rod, wrt=(0, 1), small=lambda r: (r.uniform(size=10), 0.3, 0.1, 5), large=lambda r: (r.uniform(size=10_000), 0.3, 0.1, 20)),
    dict(of=plate, wrt=0, small=lambda r: (r.normal(size=(6, 7)), 0.1, 5), large=lambda r: (r.normal(size=(200, 300)), 0.1, 10)),
    dict(of=wave, wrt=(0, 1), small=lambda r: (r.normal(size=10), r.uniform(0, 0.5, 10), 5), large=lambda r: (r.normal(size=10_000), r.uniform(0, 0.5, 10_000), 20)),
    dict(of=log_det, wrt=0, small=lambda r: (positive(r, 5),), large=lambda r: (positive(r, 80),)),
    dict(of=cholesky, wrt=(0, 1), small=lambda r: (positive(r, 5), r.normal(size=5)), large=lambda r: (positive(r, 80), r.normal(size=80))),
    dict(of=weighted, wrt=0, small=lambda r: (r.uniform(1, 2, 9), r.normal(size=(9, 3)), r.normal(size=9), r.normal(size=3)), large=lambda r: (r.uniform(1, 2, 2_000), r.normal(size=(2_000, 30)), r.normal(size=2_000), r.normal(size=30))),
    dict(of=kalman, wrt=(0, 1), small=lambda r: (0.1, 0.5, np.array([[1.0, 0.1], [0.0, 1.0]]), np.array([1.0, 0.0]), r.normal(size=10)), large=lambda r: (0.1, 0.5, np.array([[1.0, 0.1], [0.0, 1.0]]), np.array([1.0, 0.0]), r.normal(size=100))),
    dict(of=momentum, wrt=(0, 1, 2), small=lambda r: (r.normal(size=4), 0.01, 0.9, positive(r, 4), r.normal(size=4), 10), large=lambda r: (r.normal(size=200), 1e-4, 0.9, positive(r, 200), r.normal(size=200), 20)),
]  # fmt: skip
