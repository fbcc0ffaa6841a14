"""What was written, adjoints first, when the other pairs were known: a sample of what nobody had compared."""

import numpy as np


# non-negative matrix factorization: weighted KL
def nmf_kl(W: np.ndarray, H: np.ndarray, V: np.ndarray):
    R = W @ H
    return np.sum(V * np.log(V / R) - V + R)


def grad_nmf_kl(W, H, V):
    R_bar = 1 - V / (W @ H)
    return R_bar @ H.T, W.T @ R_bar


# conditional random field: forward algorithm
def crf(T: np.ndarray, emit: np.ndarray):
    a = emit[0]
    for t in range(1, len(emit)):
        s = a[:, None] + T
        m = s.max(axis=0)
        a = emit[t] + m + np.log(np.sum(np.exp(s - m), axis=0))
    return np.log(np.sum(np.exp(a)))


def grad_crf(T, emit):
    a = emit[0]
    saved = []
    for t in range(1, len(emit)):
        s = a[:, None] + T
        m = s.max(axis=0)
        e = np.exp(s - m)
        total = np.sum(e, axis=0)
        saved.append(e / total)
        a = emit[t] + m + np.log(total)
    ea = np.exp(a)
    a_bar = ea / np.sum(ea)
    T_bar = np.zeros_like(T)
    emit_bar = np.zeros_like(emit)
    for t in range(len(emit) - 1, 0, -1):
        emit_bar[t] = a_bar
        s_bar = saved.pop() * a_bar
        T_bar += s_bar
        a_bar = np.sum(s_bar, axis=1)
    emit_bar[0] = a_bar
    return T_bar, emit_bar


# heteroscedastic regression
def hetero(w: np.ndarray, u: np.ndarray, b: float, X: np.ndarray, y: np.ndarray):
    mu = X @ w + b
    log_s = X @ u
    return np.mean(log_s + 0.5 * ((y - mu) / np.exp(log_s)) ** 2)


def grad_hetero(w, u, b, X, y):
    log_s = X @ u
    s = np.exp(log_s)
    z = (y - X @ w - b) / s
    mu_bar = -z / s / len(y)
    return X.T @ mu_bar, X.T @ ((1 - z**2) / len(y)), np.sum(mu_bar)


# Monte Carlo of a basket call under correlated lognormals
def basket(S0: np.ndarray, sigma: np.ndarray, L: np.ndarray, w: np.ndarray, Z: np.ndarray, K: float, r: float, T: float):
    X = Z @ L.T
    S = S0 * np.exp((r - 0.5 * sigma**2) * T + sigma * np.sqrt(T) * X)
    return np.exp(-r * T) * np.mean(np.maximum(S @ w - K, 0.0))


def grad_basket(S0, sigma, L, w, Z, K, r, T):
    X = Z @ L.T
    root = np.sqrt(T)
    G = np.exp((r - 0.5 * sigma**2) * T + sigma * root * X)
    S = S0 * G
    p_bar = np.exp(-r * T) / len(Z) * (S @ w > K)
    S_bar = np.outer(p_bar, w)
    return (S_bar * G).sum(axis=0), np.sum(S_bar * S * (root * X - sigma * T), axis=0)


# Verlet with springs
def chain(x: np.ndarray, v: np.ndarray, k: float, dt: float, steps: int):
    for _ in range(steps):
        f = k * (np.roll(x, 1) - 2 * x + np.roll(x, -1)) - x**3
        v = v + dt * f
        x = x + dt * v
    return 0.5 * np.sum(v**2)


def grad_chain(x, v, k, dt, steps):
    saved = []
    for _ in range(steps):
        saved.append(x)
        lap = np.roll(x, 1) - 2 * x + np.roll(x, -1)
        v = v + dt * (k * lap - x**3)
        x = x + dt * v
    v_bar = v
    x_bar = np.zeros_like(x)
    k_bar = 0.0
    for _ in range(steps):
        x = saved.pop()
        v_bar = v_bar + dt * x_bar
        f_bar = dt * v_bar
        k_bar += f_bar @ (np.roll(x, 1) - 2 * x + np.roll(x, -1))
        x_bar = x_bar + k * (np.roll(f_bar, 1) - 2 * f_bar + np.roll(f_bar, -1)) - 3 * f_bar * x**2
    return x_bar, v_bar, k_bar


def crank(u: np.ndarray, k: float, dt: float, steps: int):
    n = len(u)
    r = 0.5 * k * dt
    L = -2 * np.eye(n) + np.eye(n, k=1) + np.eye(n, k=-1)
    A = np.eye(n) - r * L
    B = np.eye(n) + r * L
    for _ in range(steps):
        u = np.linalg.solve(A, B @ u)
    return np.sum(u**2)


def grad_crank(u, k, dt, steps):
    n = len(u)
    r = 0.5 * k * dt
    L = -2 * np.eye(n) + np.eye(n, k=1) + np.eye(n, k=-1)
    A_inv = np.linalg.inv(np.eye(n) - r * L)
    B = np.eye(n) + r * L
    saved = []
    for _ in range(steps):
        saved.append(u)
        u = A_inv @ (B @ u)
    u_bar = 2 * u
    r_bar = 0.0
    for _ in range(steps):
        new = u
        u = saved.pop()
        v_bar = A_inv.T @ u_bar
        r_bar += v_bar @ (L @ (u + new))
        u_bar = B.T @ v_bar
    return u_bar, 0.5 * dt * r_bar


# an early exit: the fee that is paid when a level is passed
def barrier(s: float, growth: np.ndarray, level: float, rate: float):
    paid = 0.0
    for g in growth:
        s = s * (1 + g)
        paid += rate * s
        if s > level:
            return paid + (s - level)
    return paid


def grad_barrier(s, growth, level, rate):
    saved = []
    crossed = False
    for g in growth:
        saved.append(s)
        s = s * (1 + g)
        if s > level:
            crossed = True
            break
    s_bar = 1.0 if crossed else 0.0
    growth_bar = np.zeros_like(growth)
    for i in range(len(saved) - 1, -1, -1):
        s_bar += rate
        growth_bar[i] = s_bar * saved[i]
        s_bar = s_bar * (1 + growth[i])
    return s_bar, growth_bar


PAIRS = [
    dict(of=nmf_kl, wrt=(0, 1), small=lambda r: (1 + r.random((6, 2)), 1 + r.random((2, 5)), 1 + r.random((6, 5))), large=lambda r: (1 + r.random((300, 20)), 1 + r.random((20, 200)), 1 + r.random((300, 200)))),
    dict(of=crf, wrt=(0, 1), small=lambda r: (r.normal(size=(3, 3)), r.normal(size=(8, 3))), large=lambda r: (r.normal(size=(20, 20)), r.normal(size=(100, 20)))),
    dict(of=hetero, wrt=(0, 1, 2), small=lambda r: (r.normal(size=3), r.normal(size=3) / 4, 0.2, r.normal(size=(9, 3)), r.normal(size=9)), large=lambda r: (r.normal(size=30), r.normal(size=30) / 9, 0.2, r.normal(size=(3000, 30)), r.normal(size=3000))),
    dict(of=basket, wrt=(0, 1), small=lambda r: (100 + r.normal(size=3), 0.2 + 0.05 * r.random(3), np.eye(3) + 0.2, np.ones(3) / 3, r.normal(size=(50, 3)), 100.0, 0.03, 1.0), large=lambda r: (100 + r.normal(size=5), 0.2 + 0.05 * r.random(5), np.eye(5) + 0.2, np.ones(5) / 5, r.normal(size=(20000, 5)), 100.0, 0.03, 1.0)),
    dict(of=chain, wrt=(0, 1, 2), small=lambda r: (r.normal(size=10), r.normal(size=10), 2.0, 0.01, 30), large=lambda r: (r.normal(size=20000), r.normal(size=20000), 2.0, 0.01, 20)),
    dict(of=crank, wrt=(0, 1), small=lambda r: (r.normal(size=5), 1.3, 0.1, 4), large=lambda r: (r.normal(size=60), 1.3, 0.1, 50)),
    dict(of=barrier, wrt=(0, 1), small=lambda r: (1.0, np.full(12, 0.1), 2.0, 0.02), large=lambda r: (1.0, 0.01 * r.normal(size=2000), 50.0, 0.02)),
]  # fmt: skip
