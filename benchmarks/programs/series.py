"""Series, kernels and small networks: filters, volatilities, smoothing, kernels. Primals, and their gradients by hand."""

import math

import numpy as np


def biquad(x: np.ndarray, b0: float, b1: float, a1: float, a2: float):
    y = np.zeros_like(x)
    y[0] = b0 * x[0]
    y[1] = b0 * x[1] + b1 * x[0] - a1 * y[0]
    for n in range(2, len(x)):
        y[n] = b0 * x[n] + b1 * x[n - 1] - a1 * y[n - 1] - a2 * y[n - 2]
    return np.sum(y**2)


def grad_biquad(x, b0, b1, a1, a2):
    y = np.zeros_like(x)
    y[0] = b0 * x[0]
    y[1] = b0 * x[1] + b1 * x[0] - a1 * y[0]
    for n in range(2, len(x)):
        y[n] = b0 * x[n] + b1 * x[n - 1] - a1 * y[n - 1] - a2 * y[n - 2]
    y_bar = 2.0 * y
    x_bar = np.zeros_like(x)
    b0_bar = 0.0
    b1_bar = 0.0
    a1_bar = 0.0
    a2_bar = 0.0
    for n in range(len(x) - 1, 1, -1):
        g = y_bar[n]
        b0_bar += g * x[n]
        b1_bar += g * x[n - 1]
        a1_bar -= g * y[n - 1]
        a2_bar -= g * y[n - 2]
        x_bar[n] += g * b0
        x_bar[n - 1] = g * b1
        y_bar[n - 1] -= g * a1
        y_bar[n - 2] -= g * a2
    b0_bar += y_bar[1] * x[1]
    b1_bar += y_bar[1] * x[0]
    a1_bar -= y_bar[1] * y[0]
    x_bar[1] += y_bar[1] * b0
    y_bar[0] -= y_bar[1] * a1
    b0_bar += y_bar[0] * x[0]
    x_bar[0] = y_bar[1] * b1 + y_bar[0] * b0
    return x_bar, b0_bar, b1_bar, a1_bar, a2_bar


def garch(returns: np.ndarray, omega: float, alpha: float, beta: float):
    v = np.mean(returns**2)
    nll = 0.0
    for t in range(len(returns)):
        nll += 0.5 * (math.log(v) + returns[t] ** 2 / v)
        v = omega + alpha * returns[t] ** 2 + beta * v
    return nll


def grad_garch(returns, omega, alpha, beta):
    vs = []
    v = np.mean(returns**2)
    for t in range(len(returns)):
        vs.append(v)
        v = omega + alpha * returns[t] ** 2 + beta * v
    omega_bar = 0.0
    alpha_bar = 0.0
    beta_bar = 0.0
    v_bar = 0.0
    for t in range(len(returns) - 1, -1, -1):
        v = vs.pop()
        r2 = returns[t] ** 2
        omega_bar += v_bar
        alpha_bar += v_bar * r2
        beta_bar += v_bar * v
        v_bar = v_bar * beta + 0.5 / v - 0.5 * r2 / v**2
    return omega_bar, alpha_bar, beta_bar


def holt(y: np.ndarray, a: float, b: float):
    level = y[0]
    trend = y[1] - y[0]
    sse = 0.0
    for t in range(1, len(y)):
        e = y[t] - level - trend
        sse += e * e
        new = level + trend + a * e
        trend = (1.0 - b) * trend + b * (new - level)
        level = new
    return sse


def grad_holt(y, a, b):
    saved = []
    level = y[0]
    trend = y[1] - y[0]
    for t in range(1, len(y)):
        e = y[t] - level - trend
        new = level + trend + a * e
        saved.append((e, trend, new - level))
        trend = (1.0 - b) * trend + b * (new - level)
        level = new
    a_bar = 0.0
    b_bar = 0.0
    level_bar = 0.0
    trend_bar = 0.0
    for t in range(len(y) - 1, 0, -1):
        e, trend, rise = saved.pop()
        b_bar += trend_bar * (rise - trend)
        new_bar = level_bar + trend_bar * b
        a_bar += new_bar * e
        e_bar = 2.0 * e + new_bar * a
        level_bar = new_bar - trend_bar * b - e_bar
        trend_bar = trend_bar * (1.0 - b) + new_bar - e_bar
    return a_bar, b_bar


def rbf(centers: np.ndarray, X: np.ndarray, y: np.ndarray, gamma: float):
    d2 = np.sum((X[:, None, :] - centers[None, :, :]) ** 2, axis=2)
    K = np.exp(-gamma * d2)
    A = K.T @ K + 0.1 * np.eye(len(centers))
    w = np.linalg.solve(A, K.T @ y)
    return np.sum((K @ w - y) ** 2)


def grad_rbf(centers, X, y, gamma):
    diff = X[:, None, :] - centers[None, :, :]
    d2 = np.sum(diff**2, axis=2)
    K = np.exp(-gamma * d2)
    A = K.T @ K + 0.1 * np.eye(len(centers))
    w = np.linalg.solve(A, K.T @ y)
    r_bar = 2.0 * (K @ w - y)
    s = np.linalg.solve(A.T, K.T @ r_bar)
    K_bar = np.outer(r_bar, w) + np.outer(y, s) - np.outer(K @ s, w) - np.outer(K @ w, s)
    d2_bar = K_bar * K
    centers_bar = 2.0 * gamma * np.sum(d2_bar[:, :, None] * diff, axis=0)
    return centers_bar, -np.sum(d2_bar * d2)


def relu_net(W1: np.ndarray, b1: np.ndarray, w2: np.ndarray, X: np.ndarray, y: np.ndarray):
    z = X @ W1 + b1
    h = np.maximum(z, 0.0)
    r = h @ w2 - y
    return 0.5 * np.sum(r**2)


def grad_relu_net(W1, b1, w2, X, y):
    z = X @ W1 + b1
    h = np.maximum(z, 0.0)
    r = h @ w2 - y
    z_bar = np.outer(r, w2) * np.where(z == 0.0, 0.5, z > 0.0)
    return X.T @ z_bar, np.sum(z_bar, axis=0), h.T @ r


def smoother(x: np.ndarray, y: np.ndarray, at: np.ndarray, width: float):
    d = (at[:, None] - x) / width
    k = np.exp(-0.5 * d**2)
    p = k @ y / np.sum(k, axis=1)
    return np.sum(p**2)


def grad_smoother(x, y, at, width):
    d = (at[:, None] - x) / width
    k = np.exp(-0.5 * d**2)
    total = np.sum(k, axis=1)
    p = k @ y / total
    q_bar = 2.0 * p / total
    k_bar = np.outer(q_bar, y) - (q_bar * p)[:, None]
    d_bar = -k_bar * k * d
    return k.T @ q_bar, -np.sum(d_bar * d) / width


def pooled(E: np.ndarray, W: np.ndarray, words: np.ndarray, label: int):
    h = np.mean(E[words], axis=0)
    z = W @ h
    return np.log(np.sum(np.exp(z))) - z[label]


def grad_pooled(E, W, words, label):
    h = np.mean(E[words], axis=0)
    e = np.exp(W @ h)
    z_bar = e / np.sum(e)
    z_bar[label] -= 1.0
    E_bar = np.zeros_like(E)
    np.add.at(E_bar, words, W.T @ z_bar / len(words))
    return E_bar, np.outer(z_bar, h)


def evidence(mu: np.ndarray, logvar: np.ndarray, noise: np.ndarray, W: np.ndarray, x: np.ndarray):
    z = mu + np.exp(0.5 * logvar) * noise
    r = z @ W.T - x
    kl = 0.5 * np.sum(np.exp(logvar) + mu**2 - 1.0 - logvar)
    return np.sum(r**2) + kl


def grad_evidence(mu, logvar, noise, W, x):
    s = np.exp(0.5 * logvar)
    z = mu + s * noise
    r_bar = 2.0 * (z @ W.T - x)
    z_bar = r_bar @ W
    return z_bar + mu, 0.5 * (z_bar * s * noise + s**2 - 1.0), r_bar.T @ z


def rk4(theta: float, omega: float, damping: float, dt: float, steps: int):
    for _ in range(steps):
        k1 = -math.sin(theta) - damping * omega
        k2 = -math.sin(theta + 0.5 * dt * omega) - damping * (omega + 0.5 * dt * k1)
        theta = theta + dt * omega + 0.5 * dt * dt * k1
        omega = omega + 0.5 * dt * (k1 + k2)
    return theta


def grad_rk4(theta, omega, damping, dt, steps):
    saved = []
    for _ in range(steps):
        k1 = -math.sin(theta) - damping * omega
        k2 = -math.sin(theta + 0.5 * dt * omega) - damping * (omega + 0.5 * dt * k1)
        saved.append((theta, omega, k1))
        theta = theta + dt * omega + 0.5 * dt * dt * k1
        omega = omega + 0.5 * dt * (k1 + k2)
    theta_bar = 1.0
    omega_bar = 0.0
    damping_bar = 0.0
    for _ in range(steps):
        theta, omega, k1 = saved.pop()
        k2_bar = 0.5 * dt * omega_bar
        mid_bar = -k2_bar * math.cos(theta + 0.5 * dt * omega)
        k1_bar = k2_bar + 0.5 * dt * dt * theta_bar - 0.5 * dt * damping * k2_bar
        damping_bar -= k2_bar * (omega + 0.5 * dt * k1) + k1_bar * omega
        omega_bar += dt * theta_bar + 0.5 * dt * mid_bar - damping * (k2_bar + k1_bar)
        theta_bar += mid_bar - k1_bar * math.cos(theta)
    return theta_bar, omega_bar, damping_bar


def causal(Q: np.ndarray, K: np.ndarray, V: np.ndarray, mask: np.ndarray):
    S = np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -1e9)
    E = np.exp(S - np.max(S, axis=1, keepdims=True))
    P = E / np.sum(E, axis=1, keepdims=True)
    return np.sum((P @ V) ** 2)


def grad_causal(Q, K, V, mask):
    c = np.sqrt(Q.shape[1])
    S = np.where(mask, Q @ K.T / c, -1e9)
    E = np.exp(S - np.max(S, axis=1, keepdims=True))
    P = E / np.sum(E, axis=1, keepdims=True)
    O_bar = 2.0 * (P @ V)
    P_bar = O_bar @ V.T
    S_bar = np.where(mask, P * (P_bar - np.sum(P_bar * P, axis=1, keepdims=True)), 0.0) / c
    return S_bar @ K, S_bar.T @ Q, P.T @ O_bar


PAIRS = [
    dict(of=biquad, wrt=(0, 1, 2, 3, 4), small=lambda r: (r.normal(size=7), 0.5, 0.3, -0.4, 0.2), large=lambda r: (r.normal(size=1500), 0.5, 0.3, -0.4, 0.2)),
    dict(of=garch, wrt=(1, 2, 3), small=lambda r: (r.normal(size=7), 0.1, 0.2, 0.7), large=lambda r: (r.normal(size=1500), 0.1, 0.2, 0.7)),
    dict(of=holt, wrt=(1, 2), small=lambda r: (r.normal(size=7), 0.4, 0.2), large=lambda r: (r.normal(size=1500), 0.4, 0.2)),
    dict(of=rbf, wrt=(0, 3), small=lambda r: (r.normal(size=(4, 2)), r.normal(size=(9, 2)), r.normal(size=9), 0.5), large=lambda r: (r.normal(size=(40, 3)), r.normal(size=(400, 3)), r.normal(size=400), 0.5)),
    dict(of=relu_net, wrt=(0, 1, 2), small=lambda r: (r.normal(size=(4, 6)), r.normal(size=6), r.normal(size=6), r.normal(size=(7, 4)), r.normal(size=7)), large=lambda r: (r.normal(size=(32, 128)), r.normal(size=128), r.normal(size=128), r.normal(size=(1000, 32)), r.normal(size=1000))),
    dict(of=smoother, wrt=(1, 3), small=lambda r: (r.normal(size=8), r.normal(size=8), r.normal(size=5), 0.7), large=lambda r: (r.normal(size=500), r.normal(size=500), r.normal(size=200), 0.7)),
    dict(of=pooled, wrt=(0, 1), small=lambda r: (r.normal(size=(9, 4)), r.normal(size=(3, 4)), r.integers(0, 9, size=6), 1), large=lambda r: (r.normal(size=(2000, 64)), r.normal(size=(20, 64)), r.integers(0, 2000, size=300), 7)),
    dict(of=evidence, wrt=(0, 1, 3), small=lambda r: (r.normal(size=(5, 2)), r.normal(size=(5, 2)), r.normal(size=(5, 2)), r.normal(size=(4, 2)), r.normal(size=(5, 4))), large=lambda r: (r.normal(size=(1000, 16)), r.normal(size=(1000, 16)), r.normal(size=(1000, 16)), r.normal(size=(64, 16)), r.normal(size=(1000, 64)))),
    dict(of=rk4, wrt=(0, 1, 2), small=lambda r: (0.7, 0.2, 0.1, 0.05, 5), large=lambda r: (0.7, 0.2, 0.1, 0.01, 1000)),
    dict(of=causal, wrt=(0, 1, 2), small=lambda r: (r.normal(size=(5, 3)), r.normal(size=(5, 3)), r.normal(size=(5, 3)), np.tri(5) > 0), large=lambda r: (r.normal(size=(200, 32)), r.normal(size=(200, 32)), r.normal(size=(200, 32)), np.tri(200) > 0)),
]  # fmt: skip
