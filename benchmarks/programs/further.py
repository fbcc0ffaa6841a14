"""Programs of the same range, written when the others were done: what holds for those must hold for these."""

import math

import numpy as np


# -- Kepler's equation by a fixed number of Newton's steps ------------------------------------------------
def kepler(mean: float, eccentricity: float, steps: int):
    E = mean
    for _ in range(steps):
        E = E - (E - eccentricity * math.sin(E) - mean) / (1.0 - eccentricity * math.cos(E))
    return E


def grad_kepler(mean, eccentricity, steps):
    E_saved = []
    E = mean
    for _ in range(steps):
        E_saved.append(E)
        E = E - (E - eccentricity * math.sin(E) - mean) / (1.0 - eccentricity * math.cos(E))
    E_bar = 1.0
    mean_bar = 0.0
    eccentricity_bar = 0.0
    for _ in range(steps):
        E = E_saved.pop()
        s = math.sin(E)
        c = math.cos(E)
        slope = 1.0 - eccentricity * c
        f_bar = -E_bar / slope
        slope_bar = -f_bar * (E - eccentricity * s - mean) / slope
        mean_bar -= f_bar
        eccentricity_bar -= f_bar * s + slope_bar * c
        E_bar += f_bar * slope + slope_bar * eccentricity * s
    return mean_bar + E_bar, eccentricity_bar


# -- implicit steps of diffusion: a tridiagonal system a step, its sweep in new arrays -----------------------
def diffusion(u: np.ndarray, r: float, steps: int):
    n = len(u)
    c = np.zeros(n)
    d = np.zeros(n)
    for _ in range(steps):
        c[0] = -r / (1.0 + 2.0 * r)
        d[0] = u[0] / (1.0 + 2.0 * r)
        for i in range(1, n):
            m = 1.0 + 2.0 * r + r * c[i - 1]
            c[i] = -r / m
            d[i] = (u[i] + r * d[i - 1]) / m
        u = np.zeros(n)
        u[n - 1] = d[n - 1]
        for i in range(n - 2, -1, -1):
            u[i] = d[i] - c[i] * u[i + 1]
    return u @ u


def grad_diffusion(u, r, steps):
    u_saved = []
    d_saved = []
    n = len(u)
    c = np.zeros(n)
    d = np.zeros(n)
    for _ in range(steps):
        c[0] = -r / (1.0 + 2.0 * r)
        d[0] = u[0] / (1.0 + 2.0 * r)
        for i in range(1, n):
            m = 1.0 + 2.0 * r + r * c[i - 1]
            c[i] = -r / m
            d[i] = (u[i] + r * d[i - 1]) / m
        d_saved.append(d.copy())
        u = np.zeros(n)
        u[n - 1] = d[n - 1]
        for i in range(n - 2, -1, -1):
            u[i] = d[i] - c[i] * u[i + 1]
        u_saved.append(u)
    u_bar = 2.0 * u
    r_bar = 0.0
    for _ in range(steps):
        u = u_saved.pop()
        d = d_saved.pop()
        c_bar = np.zeros(n)
        d_bar = np.zeros(n)
        for i in range(n - 1):
            # u[i] = d[i] - c[i] * u[i + 1]
            d_bar[i] = u_bar[i]
            c_bar[i] = -u_bar[i] * u[i + 1]
            u_bar[i + 1] -= u_bar[i] * c[i]
        # u[n - 1] = d[n - 1]
        d_bar[n - 1] = u_bar[n - 1]
        u_bar = np.zeros(n)
        for i in range(n - 1, 0, -1):
            m = 1.0 + 2.0 * r + r * c[i - 1]
            # d[i] = (u[i] + r * d[i - 1]) / m
            t_bar = d_bar[i] / m
            u_bar[i] = t_bar
            d_bar[i - 1] += t_bar * r
            # c[i] = -r / m
            m_bar = -t_bar * d[i] - c_bar[i] * c[i] / m
            r_bar += t_bar * d[i - 1] - c_bar[i] / m + m_bar * (2.0 + c[i - 1])
            # m = 1.0 + 2.0 * r + r * c[i - 1]
            c_bar[i - 1] += m_bar * r
        # d[0] = u[0] / (1.0 + 2.0 * r)
        m = 1.0 + 2.0 * r
        u_bar[0] = d_bar[0] / m
        # c[0] = -r / (1.0 + 2.0 * r)
        r_bar -= 2.0 * d_bar[0] * d[0] / m + c_bar[0] / (m * m)
    return u_bar, r_bar


# -- Burgers' equation by upwind differences, two buffers that change places ---------------------------------
def burgers(u: np.ndarray, nu: float, dt: float, steps: int):
    u = u.copy()
    v = u.copy()
    for _ in range(steps):
        v[1:-1] = (
            u[1:-1]
            - dt * u[1:-1] * (u[1:-1] - u[:-2])
            + nu * dt * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        )
        u, v = v, u
    return np.sum(u**2)


def grad_burgers(u, nu, dt, steps):
    u_saved = []
    u = u.copy()
    v = u.copy()
    for _ in range(steps):
        u_saved.append(u)
        v = u.copy()
        v[1:-1] = (
            u[1:-1]
            - dt * u[1:-1] * (u[1:-1] - u[:-2])
            + nu * dt * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        )
        u = v
    u_bar = 2.0 * u
    nu_bar = 0.0
    for _ in range(steps):
        u = u_saved.pop()
        v_bar = u_bar[1:-1]
        nu_bar += dt * (v_bar @ (u[2:] - 2.0 * u[1:-1] + u[:-2]))
        t_bar = nu * dt * v_bar
        s_bar = dt * v_bar * u[1:-1]
        w_bar = v_bar * (1.0 - dt * (u[1:-1] - u[:-2])) - s_bar - 2.0 * t_bar
        u_bar[1:-1] = w_bar
        u_bar[:-2] += s_bar + t_bar
        u_bar[2:] += t_bar
    return u_bar, nu_bar


# -- a classifier of two layers, its loss by the stable logarithm of a softmax --------------------------------
def classifier(W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray, X: np.ndarray, T: np.ndarray):
    h = np.maximum(X @ W1 + b1, 0.0)
    z = h @ W2 + b2
    z = z - np.max(z, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.sum(T * log_p) / len(X)


def grad_classifier(W1, b1, W2, b2, X, T):
    h = np.maximum(X @ W1 + b1, 0.0)
    z = h @ W2 + b2
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    z_bar = (p * np.sum(T, axis=1, keepdims=True) - T) / len(X)
    W2_bar = h.T @ z_bar
    b2_bar = np.sum(z_bar, axis=0)
    h_bar = (z_bar @ W2.T) * (h > 0.0)
    W1_bar = X.T @ h_bar
    b1_bar = np.sum(h_bar, axis=0)
    return W1_bar, b1_bar, W2_bar, b2_bar


# -- a recurrent network with gates -------------------------------------------------------------------------
def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def gated(Wz: np.ndarray, Wh: np.ndarray, U: np.ndarray, xs: np.ndarray, target: np.ndarray):
    h = np.zeros(len(target))
    for t in range(len(xs)):
        a = U @ xs[t]
        z = sigmoid(Wz @ h + a)
        c = np.tanh(Wh @ h + a)
        h = z * h + (1.0 - z) * c
    return np.sum((h - target) ** 2)


def grad_gated(Wz, Wh, U, xs, target):
    saved = []
    h = np.zeros(len(target))
    for t in range(len(xs)):
        a = U @ xs[t]
        z = sigmoid(Wz @ h + a)
        c = np.tanh(Wh @ h + a)
        saved.append((h, z, c))
        h = z * h + (1.0 - z) * c
    h_bar = 2.0 * (h - target)
    Wz_bar = np.zeros_like(Wz)
    Wh_bar = np.zeros_like(Wh)
    U_bar = np.zeros_like(U)
    for t in range(len(xs) - 1, -1, -1):
        h, z, c = saved.pop()
        z_bar = h_bar * (h - c) * z * (1.0 - z)
        c_bar = h_bar * (1.0 - z) * (1.0 - c**2)
        h_bar = h_bar * z + Wz.T @ z_bar + Wh.T @ c_bar
        Wz_bar += np.outer(z_bar, h)
        Wh_bar += np.outer(c_bar, h)
        U_bar += np.outer(z_bar + c_bar, xs[t])
    return Wz_bar, Wh_bar, U_bar


# -- a factorization of a table of ratings, one rating at a time ----------------------------------------------
def ratings(U: np.ndarray, V: np.ndarray, rows: np.ndarray, cols: np.ndarray, values: np.ndarray, lam: float):
    loss = 0.0
    for k in range(len(values)):
        i = rows[k]
        j = cols[k]
        e = values[k] - U[i] @ V[j]
        loss += e * e + lam * (U[i] @ U[i] + V[j] @ V[j])
    return loss


def grad_ratings(U, V, rows, cols, values, lam):
    U_bar = np.zeros_like(U)
    V_bar = np.zeros_like(V)
    for k in range(len(values)):
        i = rows[k]
        j = cols[k]
        e = values[k] - U[i] @ V[j]
        U_bar[i] += 2.0 * (lam * U[i] - e * V[j])
        V_bar[j] += 2.0 * (lam * V[j] - e * U[i])
    return U_bar, V_bar


# -- the largest eigenvalue by iterations that end when it settles -------------------------------------------
def power(A: np.ndarray, v: np.ndarray, tolerance: float):
    value = 0.0
    for _ in range(1000):
        w = A @ v
        new = np.sqrt(w @ w)
        v = w / new
        if abs(new - value) < tolerance:
            value = new
            break
        value = new
    return value


def grad_power(A, v, tolerance):
    saved = []
    value = 0.0
    for _ in range(1000):
        w = A @ v
        new = np.sqrt(w @ w)
        saved.append((v, new))
        v = w / new
        if abs(new - value) < tolerance:
            break
        value = new
    A_bar = np.zeros_like(A)
    v_bar = np.zeros_like(v)
    new_bar = 1.0
    while saved:
        w = v
        v, new = saved.pop()
        w_bar = (v_bar - (v_bar @ w) * w) / new + new_bar * w
        A_bar += np.outer(w_bar, v)
        v_bar = A.T @ w_bar
        new_bar = 0.0
    return A_bar, v_bar


# -- the Lorenz system by the classical Runge-Kutta method, of arrays -----------------------------------------
def lorenz(y, s, r, b):
    return np.array([s * (y[1] - y[0]), y[0] * (r - y[2]) - y[1], y[0] * y[1] - b * y[2]])


def butterfly(y: np.ndarray, s: float, r: float, b: float, dt: float, steps: int):
    for _ in range(steps):
        k1 = lorenz(y, s, r, b)
        k2 = lorenz(y + 0.5 * dt * k1, s, r, b)
        k3 = lorenz(y + 0.5 * dt * k2, s, r, b)
        k4 = lorenz(y + dt * k3, s, r, b)
        y = y + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return y @ y


def lorenz_reverse(y, s, r, b, k_bar):
    y_bar = np.array(
        [
            -s * k_bar[0] + k_bar[1] * (r - y[2]) + k_bar[2] * y[1],
            s * k_bar[0] - k_bar[1] + k_bar[2] * y[0],
            -k_bar[1] * y[0] - b * k_bar[2],
        ]
    )
    return y_bar, k_bar[0] * (y[1] - y[0]), k_bar[1] * y[0], -k_bar[2] * y[2]


def grad_butterfly(y, s, r, b, dt, steps):
    saved = []
    for _ in range(steps):
        k1 = lorenz(y, s, r, b)
        y2 = y + 0.5 * dt * k1
        k2 = lorenz(y2, s, r, b)
        y3 = y + 0.5 * dt * k2
        k3 = lorenz(y3, s, r, b)
        y4 = y + dt * k3
        k4 = lorenz(y4, s, r, b)
        saved.append((y, y2, y3, y4))
        y = y + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    y_bar = 2.0 * y
    s_bar = 0.0
    r_bar = 0.0
    b_bar = 0.0
    for _ in range(steps):
        y, y2, y3, y4 = saved.pop()
        k_bar = dt / 6.0 * y_bar
        y4_bar, s4_bar, r4_bar, b4_bar = lorenz_reverse(y4, s, r, b, k_bar)
        y3_bar, s3_bar, r3_bar, b3_bar = lorenz_reverse(y3, s, r, b, 2.0 * k_bar + dt * y4_bar)
        y2_bar, s2_bar, r2_bar, b2_bar = lorenz_reverse(y2, s, r, b, 2.0 * k_bar + 0.5 * dt * y3_bar)
        y1_bar, s1_bar, r1_bar, b1_bar = lorenz_reverse(y, s, r, b, k_bar + 0.5 * dt * y2_bar)
        y_bar = y_bar + y4_bar + y3_bar + y2_bar + y1_bar
        s_bar += s4_bar + s3_bar + s2_bar + s1_bar
        r_bar += r4_bar + r3_bar + r2_bar + r1_bar
        b_bar += b4_bar + b3_bar + b2_bar + b1_bar
    return y_bar, s_bar, r_bar, b_bar


def network(r, n, k, m, j):
    T = np.eye(m)[r.integers(0, m, size=j)]
    return r.normal(size=(n, k)) / n, r.normal(size=k), r.normal(size=(k, m)) / k, r.normal(size=m), r.normal(size=(j, n)), T


def table(r, n, m, k, entries):
    return r.normal(size=(n, k)), r.normal(size=(m, k)), r.integers(0, n, entries), r.integers(0, m, entries), r.normal(size=entries), 0.1


def symmetric(r, n):
    A = r.normal(size=(n, n)) / n
    return A @ A.T + np.diag(np.arange(n) / n)


PAIRS = [
    dict(of=kepler, wrt=(0, 1), small=lambda r: (1.2, 0.4, 6), large=lambda r: (1.2, 0.9, 500)),
    dict(of=diffusion, wrt=(0, 1), small=lambda r: (r.uniform(size=6), 0.4, 3), large=lambda r: (r.uniform(size=200), 0.4, 5)),
    dict(of=burgers, wrt=(0, 1), small=lambda r: (r.uniform(size=10), 0.1, 0.1, 5), large=lambda r: (r.uniform(size=10_000), 0.1, 0.1, 20)),
    dict(of=classifier, wrt=(0, 1, 2, 3), small=lambda r: network(r, 3, 4, 3, 5), large=lambda r: network(r, 50, 60, 10, 500)),
    dict(of=gated, wrt=(0, 1, 2), small=lambda r: (r.normal(size=(4, 4)) / 4, r.normal(size=(4, 4)) / 4, r.normal(size=(4, 3)), r.normal(size=(6, 3)), r.normal(size=4)), large=lambda r: (r.normal(size=(64, 64)) / 64, r.normal(size=(64, 64)) / 64, r.normal(size=(64, 32)), r.normal(size=(60, 32)), r.normal(size=64))),
    dict(of=ratings, wrt=(0, 1), small=lambda r: table(r, 4, 5, 3, 8), large=lambda r: table(r, 100, 80, 20, 500)),
    dict(of=power, wrt=(0, 1), small=lambda r: (symmetric(r, 5), r.normal(size=5), 1e-3), large=lambda r: (symmetric(r, 100), r.normal(size=100), 1e-6)),
    dict(of=butterfly, wrt=(0, 1, 2, 3), small=lambda r: (r.normal(size=3), 10.0, 28.0, 2.7, 0.01, 5), large=lambda r: (r.normal(size=3), 10.0, 28.0, 2.7, 0.01, 100)),
]  # fmt: skip
