"""Programs as they come up day by day, written to see what was left to do: in statistics, finance, signals."""

import math

import numpy as np


# -- An epidemic by Euler steps, and the day on which most are ill ----------------------------------------
def sir(beta: float, gamma: float, s: float, i: float, dt: float, days: int):
    r = 0.0
    peak = 0.0
    for _ in range(days):
        new = beta * s * i * dt
        out = gamma * i * dt
        s = s - new
        i = i + new - out
        r = r + out
        peak = max(peak, i)
    return peak + r


def grad_sir(beta, gamma, s, i, dt, days):
    saved = []
    peak = 0.0
    for _ in range(days):
        saved.append((s, i))
        new = beta * s * i * dt
        s = s - new
        i = i + new - gamma * i * dt
        saved.append(i > peak)
        peak = max(peak, i)
    peak_bar = 1.0
    s_bar = 0.0
    i_bar = 0.0
    beta_bar = 0.0
    gamma_bar = 0.0
    for _ in range(days):
        if saved.pop():
            i_bar += peak_bar
            peak_bar = 0.0
        s, i = saved.pop()
        out_bar = (1.0 - i_bar) * dt
        new_bar = (i_bar - s_bar) * dt
        gamma_bar += out_bar * i
        beta_bar += new_bar * s * i
        s_bar += new_bar * beta * i
        i_bar += out_bar * gamma + new_bar * beta * s
    return beta_bar, gamma_bar


# -- The price of an option by the formula of Black and Scholes -------------------------------------------
def normal_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def black_scholes(S: float, K: float, r: float, sigma: float, T: float):
    d1 = (math.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * math.sqrt(T))
    d2 = d1 - sigma * math.sqrt(T)
    return S * normal_cdf(d1) - K * math.exp(-r * T) * normal_cdf(d2)


def grad_black_scholes(S, K, r, sigma, T):
    root = math.sqrt(T)
    d1 = (math.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * root)
    d2 = d1 - sigma * root
    discount = K * math.exp(-r * T)
    N2 = normal_cdf(d2)
    d1_bar = S * math.exp(-(d1**2) / 2) / math.sqrt(2 * math.pi)
    d2_bar = -discount * math.exp(-(d2**2) / 2) / math.sqrt(2 * math.pi)
    d1_bar += d2_bar
    z_bar = d1_bar / (sigma * root)
    S_bar = normal_cdf(d1) + z_bar / S
    r_bar = discount * T * N2 + z_bar * T
    sigma_bar = -d2_bar * root + z_bar * sigma * T - d1_bar * d1 / sigma
    return S_bar, r_bar, sigma_bar


# -- The forward algorithm of a hidden Markov model, in logarithms ----------------------------------------
def hmm(log_pi: np.ndarray, log_A: np.ndarray, log_B: np.ndarray, obs: np.ndarray):
    alpha = log_pi + log_B[:, obs[0]]
    for t in range(1, len(obs)):
        scores = alpha[:, None] + log_A
        m = scores.max(axis=0)
        alpha = m + np.log(np.sum(np.exp(scores - m), axis=0)) + log_B[:, obs[t]]
    m = alpha.max()
    return m + np.log(np.sum(np.exp(alpha - m)))


def grad_hmm(log_pi, log_A, log_B, obs):
    saved = []
    alpha = log_pi + log_B[:, obs[0]]
    for t in range(1, len(obs)):
        scores = alpha[:, None] + log_A
        m = scores.max(axis=0)
        e = np.exp(scores - m)
        total = np.sum(e, axis=0)
        saved.append(e / total)
        alpha = m + np.log(total) + log_B[:, obs[t]]
    e = np.exp(alpha - alpha.max())
    alpha_bar = e / np.sum(e)
    log_A_bar = np.zeros_like(log_A)
    log_B_bar = np.zeros_like(log_B)
    for t in range(len(obs) - 1, 0, -1):
        log_B_bar[:, obs[t]] += alpha_bar
        scores_bar = alpha_bar * saved.pop()
        log_A_bar += scores_bar
        alpha_bar = np.sum(scores_bar, axis=1)
    log_B_bar[:, obs[0]] += alpha_bar
    return alpha_bar, log_A_bar, log_B_bar


# -- A mixture of normal distributions --------------------------------------------------------------------
def mixture(logits: np.ndarray, mu: np.ndarray, log_sigma: np.ndarray, x: np.ndarray):
    w = np.exp(logits - np.max(logits))
    w = w / np.sum(w)
    z = (x[:, None] - mu) / np.exp(log_sigma)
    density = w * np.exp(-0.5 * z**2 - log_sigma) / np.sqrt(2 * np.pi)
    return -np.mean(np.log(np.sum(density, axis=1)))


def grad_mixture(logits, mu, log_sigma, x):
    w = np.exp(logits - np.max(logits))
    w = w / np.sum(w)
    sigma = np.exp(log_sigma)
    z = (x[:, None] - mu) / sigma
    density = w * np.exp(-0.5 * z**2 - log_sigma)
    share = density / np.sum(density, axis=1, keepdims=True) / -len(x)
    total = np.sum(share, axis=0)
    logits_bar = total - w * np.sum(total)
    mu_bar = np.sum(share * z, axis=0) / sigma
    log_sigma_bar = np.sum(share * (z**2 - 1.0), axis=0)
    return logits_bar, mu_bar, log_sigma_bar


# -- Two series aligned by dynamic programming ------------------------------------------------------------
def warp(a: np.ndarray, b: np.ndarray):
    n, m = len(a), len(b)
    D = np.full((n + 1, m + 1), np.inf)
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            D[i, j] = cost + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
    return D[n, m]


def grad_warp(a, b):
    n, m = len(a), len(b)
    D = np.full((n + 1, m + 1), np.inf)
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            D[i, j] = cost + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
    a_bar = np.zeros_like(a)
    b_bar = np.zeros_like(b)
    D_bar = np.zeros_like(D)
    D_bar[n, m] = 1.0
    for i in range(n, 0, -1):
        for j in range(m, 0, -1):
            least = min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
            if D[i - 1, j] == least:
                D_bar[i - 1, j] += D_bar[i, j]
            elif D[i, j - 1] == least:
                D_bar[i, j - 1] += D_bar[i, j]
            else:
                D_bar[i - 1, j - 1] += D_bar[i, j]
            t_bar = 2 * D_bar[i, j] * (a[i - 1] - b[j - 1])
            a_bar[i - 1] += t_bar
            b_bar[j - 1] -= t_bar
    return a_bar, b_bar


# -- A convolution of a picture, window by window ---------------------------------------------------------
def conv(image: np.ndarray, kernel: np.ndarray, bias: float):
    n, m = image.shape
    k = kernel.shape[0]
    out = np.zeros((n - k + 1, m - k + 1))
    for i in range(n - k + 1):
        for j in range(m - k + 1):
            out[i, j] = np.sum(image[i : i + k, j : j + k] * kernel) + bias
    return np.sum(np.maximum(out, 0.0) ** 2)


def grad_conv(image, kernel, bias):
    n, m = image.shape
    k = kernel.shape[0]
    out = np.zeros((n - k + 1, m - k + 1))
    for i in range(n - k + 1):
        for j in range(m - k + 1):
            out[i, j] = np.sum(image[i : i + k, j : j + k] * kernel) + bias
    out_bar = 2.0 * np.maximum(out, 0.0)
    image_bar = np.zeros_like(image)
    kernel_bar = np.zeros_like(kernel)
    for i in range(n - k + 1):
        for j in range(m - k + 1):
            image_bar[i : i + k, j : j + k] += out_bar[i, j] * kernel
            kernel_bar += out_bar[i, j] * image[i : i + k, j : j + k]
    return image_bar, kernel_bar, np.sum(out_bar)


# -- A recurrent network with memory cells ----------------------------------------------------------------
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(W: np.ndarray, b: np.ndarray, xs: np.ndarray, target: np.ndarray):
    n = len(target)
    h = np.zeros(n)
    c = np.zeros(n)
    for x in xs:
        z = W @ np.concatenate([h, x]) + b
        i = sigmoid(z[:n])
        f = sigmoid(z[n : 2 * n])
        o = sigmoid(z[2 * n : 3 * n])
        g = np.tanh(z[3 * n :])
        c = f * c + i * g
        h = o * np.tanh(c)
    return np.sum((h - target) ** 2)


def grad_lstm(W, b, xs, target):
    saved = []
    n = len(target)
    h = np.zeros(n)
    c = np.zeros(n)
    for x in xs:
        hx = np.concatenate([h, x])
        z = W @ hx + b
        i = sigmoid(z[:n])
        f = sigmoid(z[n : 2 * n])
        o = sigmoid(z[2 * n : 3 * n])
        g = np.tanh(z[3 * n :])
        before = c
        c = f * c + i * g
        t = np.tanh(c)
        saved.append((hx, i, f, o, g, before, t))
        h = o * t
    W_bar = np.zeros_like(W)
    b_bar = np.zeros_like(b)
    h_bar = 2 * (h - target)
    c_bar = np.zeros(n)
    for _ in range(len(xs)):
        hx, i, f, o, g, before, t = saved.pop()
        c_bar = c_bar + h_bar * o * (1 - t**2)
        z_bar = np.concatenate(
            [
                c_bar * g * i * (1 - i),
                c_bar * before * f * (1 - f),
                h_bar * t * o * (1 - o),
                c_bar * i * (1 - g**2),
            ]
        )
        c_bar = c_bar * f
        W_bar += np.outer(z_bar, hx)
        b_bar += z_bar
        h_bar = (z_bar @ W)[:n]
    return W_bar, b_bar


# -- The likelihood of a Kalman filter, of matrices -------------------------------------------------------
def track(Q: np.ndarray, R: np.ndarray, F: np.ndarray, H: np.ndarray, zs: np.ndarray):
    x = np.zeros(len(F))
    P = np.eye(len(F))
    nll = 0.0
    for z in zs:
        x = F @ x
        P = F @ P @ F.T + Q
        S = H @ P @ H.T + R
        Si = np.linalg.inv(S)
        v = z - H @ x
        K = P @ H.T @ Si
        nll += 0.5 * (v @ Si @ v + np.log(np.linalg.det(S)))
        x = x + K @ v
        P = P - K @ H @ P
    return nll


def grad_track(Q, R, F, H, zs):
    saved = []
    x = np.zeros(len(F))
    P = np.eye(len(F))
    for z in zs:
        x = F @ x
        P = F @ P @ F.T + Q
        Si = np.linalg.inv(H @ P @ H.T + R)
        v = z - H @ x
        K = P @ H.T @ Si
        saved.append((P, Si, v, K))
        x = x + K @ v
        P = P - K @ H @ P
    Q_bar = np.zeros_like(Q)
    R_bar = np.zeros_like(R)
    x_bar = np.zeros_like(x)
    P_bar = np.zeros_like(P)
    for _ in range(len(zs)):
        P, Si, v, K = saved.pop()
        # P = P - K @ H @ P
        K_bar = np.outer(x_bar, v) - P_bar @ P.T @ H.T
        P_bar = P_bar - H.T @ (K.T @ P_bar)
        v_bar = K.T @ x_bar + 0.5 * (Si + Si.T) @ v
        Si_bar = 0.5 * np.outer(v, v) + H @ P.T @ K_bar
        P_bar += K_bar @ Si.T @ H
        x_bar = x_bar - H.T @ v_bar
        S_bar = 0.5 * Si.T - Si.T @ Si_bar @ Si.T
        R_bar += S_bar
        P_bar += H.T @ S_bar @ H
        Q_bar += P_bar
        P_bar = F.T @ P_bar @ F
        x_bar = F.T @ x_bar
    return Q_bar, R_bar


def chain(r, k, m, n):
    return np.log(r.dirichlet(np.ones(k))), np.log(r.dirichlet(np.ones(k), k)), np.log(r.dirichlet(np.ones(m), k)), r.integers(0, m, n)


def cells(r, n, m, t):
    return r.normal(size=(4 * n, n + m)) / n, r.normal(size=4 * n), r.normal(size=(t, m)), r.normal(size=n)


def spread(r, n):
    A = r.normal(size=(n, n))
    return A @ A.T + n * np.eye(n)


PAIRS = [
    dict(of=sir, wrt=(0, 1), small=lambda r: (0.5, 0.1, 0.99, 0.01, 1.0, 8), large=lambda r: (0.5, 0.1, 0.99, 0.01, 0.1, 2000)),
    dict(of=black_scholes, wrt=(0, 2, 3), small=lambda r: (100.0, 95.0, 0.03, 0.2, 0.7)),
    dict(of=hmm, wrt=(0, 1, 2), small=lambda r: chain(r, 3, 4, 8), large=lambda r: chain(r, 20, 30, 200)),
    dict(of=mixture, wrt=(0, 1, 2), small=lambda r: (r.normal(size=3), r.normal(size=3), r.normal(size=3) / 3, r.normal(size=9)), large=lambda r: (r.normal(size=8), r.normal(size=8), r.normal(size=8) / 3, r.normal(size=5000))),
    dict(of=warp, wrt=(0, 1), small=lambda r: (r.normal(size=5), r.normal(size=6)), large=lambda r: (r.normal(size=40), r.normal(size=50))),
    dict(of=conv, wrt=(0, 1, 2), small=lambda r: (r.normal(size=(6, 6)), r.normal(size=(3, 3)), 0.1), large=lambda r: (r.normal(size=(30, 30)), r.normal(size=(5, 5)), 0.1)),
    dict(of=lstm, wrt=(0, 1), small=lambda r: cells(r, 3, 2, 5), large=lambda r: cells(r, 32, 16, 50)),
    dict(of=track, wrt=(0, 1), small=lambda r: (spread(r, 3), spread(r, 2), r.normal(size=(3, 3)) / 3, r.normal(size=(2, 3)), r.normal(size=(6, 2))), large=lambda r: (spread(r, 8), spread(r, 4), r.normal(size=(8, 8)) / 8, r.normal(size=(4, 8)), r.normal(size=(100, 4)))),
]  # fmt: skip
