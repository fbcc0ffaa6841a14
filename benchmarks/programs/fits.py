"""What is fitted: losses, likelihoods, layers and prices. Primals, and their gradients by hand."""

import numpy as np


def log_softmax_loss(W: np.ndarray, b: np.ndarray, X: np.ndarray, y: np.ndarray):
    z = X @ W + b
    z = z - np.max(z, axis=1, keepdims=True)
    logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(y)), y])


def grad_log_softmax_loss(W, b, X, y):
    z = X @ W + b
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1.0
    p /= len(y)
    return X.T @ p, np.sum(p, axis=0)


def huber(w: np.ndarray, X: np.ndarray, y: np.ndarray, delta: float):
    r = X @ w - y
    a = np.abs(r)
    return np.mean(np.where(a <= delta, 0.5 * r**2, delta * (a - 0.5 * delta)))


def grad_huber(w, X, y, delta):
    r = X @ w - y
    r_bar = np.where(np.abs(r) <= delta, r, delta * np.sign(r)) / len(r)
    return X.T @ r_bar


def attend(Q: np.ndarray, K: np.ndarray, V: np.ndarray, T: np.ndarray):
    S = Q @ K.T / np.sqrt(Q.shape[1])
    E = np.exp(S - np.max(S, axis=1, keepdims=True))
    P = E / np.sum(E, axis=1, keepdims=True)
    return np.mean((P @ V - T) ** 2)


def grad_attend(Q, K, V, T):
    c = np.sqrt(Q.shape[1])
    S = Q @ K.T / c
    E = np.exp(S - np.max(S, axis=1, keepdims=True))
    P = E / np.sum(E, axis=1, keepdims=True)
    O_bar = 2.0 * (P @ V - T) / T.size
    V_bar = P.T @ O_bar
    P_bar = O_bar @ V.T
    S_bar = P * (P_bar - np.sum(P_bar * P, axis=1, keepdims=True)) / c
    return S_bar @ K, S_bar.T @ Q, V_bar


def fourier_features(w: np.ndarray, X: np.ndarray, Omega: np.ndarray, phase: np.ndarray, y: np.ndarray):
    phi = np.sqrt(2.0 / len(w)) * np.cos(X @ Omega + phase)
    r = phi @ w - y
    return r @ r / len(y)


def grad_fourier_features(w, X, Omega, phase, y):
    c = np.sqrt(2.0 / len(w))
    z = X @ Omega + phase
    phi = c * np.cos(z)
    r = phi @ w - y
    r_bar = 2.0 * r / len(y)
    w_bar = phi.T @ r_bar
    z_bar = np.outer(r_bar, -c * w) * np.sin(z)
    return w_bar, X.T @ z_bar, np.sum(z_bar, axis=0)


def portfolio(w: np.ndarray, mu: np.ndarray, S: np.ndarray, g: float):
    p = np.exp(w) / np.sum(np.exp(w))
    return g * p @ S @ p - mu @ p


def grad_portfolio(w, mu, S, g):
    e = np.exp(w)
    p = e / np.sum(e)
    p_bar = g * (S @ p + S.T @ p) - mu
    return p * (p_bar - p @ p_bar)


def bs_call(S: np.ndarray, K: float, T: float, r: float, sigma: float):
    d1 = (np.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * np.sqrt(T))
    d2 = d1 - sigma * np.sqrt(T)
    N1 = 1.0 / (1.0 + np.exp(-1.702 * d1))
    N2 = 1.0 / (1.0 + np.exp(-1.702 * d2))
    return np.sum(S * N1 - K * np.exp(-r * T) * N2)


def grad_bs_call(S, K, T, r, sigma):
    q = sigma * np.sqrt(T)
    d1 = (np.log(S / K) + (r + 0.5 * sigma**2) * T) / q
    N1 = 1.0 / (1.0 + np.exp(-1.702 * d1))
    N2 = 1.0 / (1.0 + np.exp(-1.702 * (d1 - q)))
    disc = K * np.exp(-r * T)
    d2_bar = -1.702 * disc * N2 * (1.0 - N2)
    d1_bar = 1.702 * S * N1 * (1.0 - N1) + d2_bar
    S_bar = N1 + d1_bar / (q * S)
    sigma_bar = np.sum(d1_bar * (sigma * T - d1 * np.sqrt(T))) / q - np.sum(d2_bar) * np.sqrt(T)
    return S_bar, sigma_bar


def gelu_net(W: np.ndarray, X: np.ndarray, v: np.ndarray, y: np.ndarray):
    a = X @ W
    h = 0.5 * a * (1.0 + np.tanh(0.79788456 * (a + 0.044715 * a**3)))
    r = h @ v - y
    return np.mean(r**2)


def grad_gelu_net(W, X, v, y):
    a = X @ W
    t = np.tanh(0.79788456 * (a + 0.044715 * a**3))
    h = 0.5 * a * (1.0 + t)
    r_bar = 2.0 * (h @ v - y) / len(y)
    h_bar = np.outer(r_bar, v)
    dt = 0.79788456 * (1.0 - t**2) * (1.0 + 0.134145 * a**2)
    a_bar = 0.5 * h_bar * (1.0 + t + a * dt)
    return X.T @ a_bar, h.T @ r_bar


def layer_norm(x: np.ndarray, g: np.ndarray, b: np.ndarray, w: np.ndarray):
    mu = np.mean(x, axis=1, keepdims=True)
    var = np.mean((x - mu) ** 2, axis=1, keepdims=True)
    xhat = (x - mu) / np.sqrt(var + 1e-5)
    return np.sum((g * xhat + b) * w)


def grad_layer_norm(x, g, b, w):
    mu = np.mean(x, axis=1, keepdims=True)
    d = x - mu
    s = np.sqrt(np.mean(d**2, axis=1, keepdims=True) + 1e-5)
    xhat = d / s
    g_bar = np.sum(w * xhat, axis=0)
    b_bar = np.sum(w, axis=0)
    h_bar = g * w
    x_bar = (h_bar - np.mean(h_bar, axis=1, keepdims=True) - xhat * np.mean(h_bar * xhat, axis=1, keepdims=True)) / s
    return x_bar, g_bar, b_bar


def gauss_nll(mu: np.ndarray, log_s: np.ndarray, x: np.ndarray):
    z = (x - mu) / np.exp(log_s)
    return np.sum(0.5 * z**2 + log_s + 0.5 * np.log(2 * np.pi))


def grad_gauss_nll(mu, log_s, x):
    s = np.exp(log_s)
    z = (x - mu) / s
    return -np.sum(z, axis=0) / s, len(x) - np.sum(z**2, axis=0)


def poisson(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray, lam: float):
    eta = X @ w + b
    return np.mean(np.exp(eta) - y * eta) + lam * np.sum(np.abs(w))


def grad_poisson(w, b, X, y, lam):
    eta_bar = (np.exp(X @ w + b) - y) / len(y)
    return X.T @ eta_bar + lam * np.sign(w), np.sum(eta_bar)


def kmeans_soft(C: np.ndarray, X: np.ndarray, beta: float):
    D = np.sum((X[:, None, :] - C[None, :, :]) ** 2, axis=2)
    E = np.exp(-beta * D)
    P = E / np.sum(E, axis=1, keepdims=True)
    return np.sum(P * D) / len(X)


def grad_kmeans_soft(C, X, beta):
    diff = X[:, None, :] - C[None, :, :]
    D = np.sum(diff**2, axis=2)
    E = np.exp(-beta * D)
    P = E / np.sum(E, axis=1, keepdims=True)
    D_bar = P * (1.0 - beta * (D - np.sum(P * D, axis=1, keepdims=True))) / len(X)
    return np.sum(-2.0 * D_bar[:, :, None] * diff, axis=0)


def two_layer(W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray, X: np.ndarray, Y: np.ndarray):
    h = np.maximum(X @ W1 + b1, 0.0)
    out = h @ W2 + b2
    return np.mean(np.sum((out - Y) ** 2, axis=1))


def grad_two_layer(W1, b1, W2, b2, X, Y):
    h = np.maximum(X @ W1 + b1, 0.0)
    out_bar = 2.0 * (h @ W2 + b2 - Y) / len(Y)
    h_bar = (out_bar @ W2.T) * (h > 0.0)
    return X.T @ h_bar, np.sum(h_bar, axis=0), h.T @ out_bar, np.sum(out_bar, axis=0)


PAIRS = [
    dict(of=log_softmax_loss, wrt=(0, 1), small=lambda r: (r.normal(size=(6, 3)), r.normal(size=3), r.normal(size=(8, 6)), r.integers(0, 3, size=8)), large=lambda r: (r.normal(size=(64, 100)), r.normal(size=100), r.normal(size=(2000, 64)), r.integers(0, 100, size=2000))),
    dict(of=huber, wrt=0, small=lambda r: (r.normal(size=4), r.normal(size=(9, 4)), r.normal(size=9), 0.7), large=lambda r: (r.normal(size=10), r.normal(size=(20000, 10)), r.normal(size=20000), 0.7)),
    dict(of=attend, wrt=(0, 1, 2), small=lambda r: tuple(r.normal(size=(5, 4)) for _ in range(4)), large=lambda r: tuple(r.normal(size=(200, 32)) for _ in range(4))),
    dict(of=fourier_features, wrt=(0, 2, 3), small=lambda r: (r.normal(size=6), r.normal(size=(8, 3)), r.normal(size=(3, 6)), r.normal(size=6), r.normal(size=8)), large=lambda r: (r.normal(size=200), r.normal(size=(1000, 20)), r.normal(size=(20, 200)), r.normal(size=200), r.normal(size=1000))),
    dict(of=portfolio, wrt=0, small=lambda r: (r.normal(size=5), r.normal(size=5), r.normal(size=(5, 5)), 2.0), large=lambda r: (r.normal(size=300), r.normal(size=300), r.normal(size=(300, 300)), 2.0)),
    dict(of=bs_call, wrt=(0, 4), small=lambda r: (r.uniform(80, 120, size=5), 100.0, 0.5, 0.02, 0.3), large=lambda r: (r.uniform(80, 120, size=20000), 100.0, 0.5, 0.02, 0.3)),
    dict(of=gelu_net, wrt=(0, 2), small=lambda r: (r.normal(size=(4, 5)), r.normal(size=(7, 4)), r.normal(size=5), r.normal(size=7)), large=lambda r: (r.normal(size=(32, 128)), r.normal(size=(1000, 32)), r.normal(size=128), r.normal(size=1000))),
    dict(of=layer_norm, wrt=(0, 1, 2), small=lambda r: (r.normal(size=(4, 6)), r.normal(size=6), r.normal(size=6), r.normal(size=(4, 6))), large=lambda r: (r.normal(size=(256, 256)), r.normal(size=256), r.normal(size=256), r.normal(size=(256, 256)))),
    dict(of=gauss_nll, wrt=(0, 1), small=lambda r: (r.normal(size=3), r.normal(size=3), r.normal(size=(7, 3))), large=lambda r: (r.normal(size=30), r.normal(size=30), r.normal(size=(5000, 30)))),
    dict(of=poisson, wrt=(0, 1), small=lambda r: (r.normal(size=3), 0.1, r.normal(size=(8, 3)), r.poisson(2, size=8).astype(float), 0.1), large=lambda r: (r.normal(size=20) / 9, 0.1, r.normal(size=(8000, 20)), r.poisson(2, size=8000).astype(float), 0.1)),
    dict(of=kmeans_soft, wrt=0, small=lambda r: (r.normal(size=(3, 2)), r.normal(size=(7, 2)), 0.8), large=lambda r: (r.normal(size=(8, 3)), r.normal(size=(2000, 3)), 0.8)),
    dict(of=two_layer, wrt=(0, 1, 2, 3), small=lambda r: (r.normal(size=(4, 6)), r.normal(size=6), r.normal(size=(6, 2)), r.normal(size=2), r.normal(size=(7, 4)), r.normal(size=(7, 2))), large=lambda r: (r.normal(size=(32, 128)), r.normal(size=128), r.normal(size=(128, 8)), r.normal(size=8), r.normal(size=(1000, 32)), r.normal(size=(1000, 8)))),
]  # fmt: skip
