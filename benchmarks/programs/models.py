"""Programs of models: dense and recurrent networks, losses, normalization, masks, parameters in structures."""

from dataclasses import dataclass

import numpy as np


# -- two dense layers and a quadratic loss ------------------------------------------------------------------
def dense(W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray, X: np.ndarray, Y: np.ndarray):
    h = np.tanh(X @ W1 + b1)
    p = h @ W2 + b2
    return np.mean((p - Y) ** 2)


def grad_dense(W1, b1, W2, b2, X, Y):
    h = np.tanh(X @ W1 + b1)
    p = h @ W2 + b2
    p_bar = 2.0 * (p - Y) / Y.size
    W2_bar = h.T @ p_bar
    b2_bar = np.sum(p_bar, axis=0)
    z_bar = p_bar @ W2.T * (1.0 - h**2)
    W1_bar = X.T @ z_bar
    b1_bar = np.sum(z_bar, axis=0)
    return W1_bar, b1_bar, W2_bar, b2_bar


# -- a recurrent network --------------------------------------------------------------------------------------
def recurrent(W: np.ndarray, U: np.ndarray, b: np.ndarray, xs: np.ndarray):
    h = np.zeros(len(b))
    total = 0.0
    for t in range(len(xs)):
        h = np.tanh(W @ h + U @ xs[t] + b)
        total += np.sum(h * h)
    return total


def grad_recurrent(W, U, b, xs):
    h_saved = []
    h = np.zeros(len(b))
    for t in range(len(xs)):
        h_saved.append(h)
        h = np.tanh(W @ h + U @ xs[t] + b)
    W_bar = np.zeros_like(W)
    U_bar = np.zeros_like(U)
    b_bar = np.zeros_like(b)
    h_bar = np.zeros_like(h)
    for t in range(len(xs) - 1, -1, -1):
        h_bar += 2.0 * h
        z_bar = h_bar * (1.0 - h**2)
        h = h_saved.pop()
        W_bar += np.outer(z_bar, h)
        U_bar += np.outer(z_bar, xs[t])
        b_bar += z_bar
        h_bar = W.T @ z_bar
    return W_bar, U_bar, b_bar


# -- softmax and cross-entropy --------------------------------------------------------------------------------
def cross_entropy(W: np.ndarray, X: np.ndarray, labels: np.ndarray):
    z = X @ W
    e = np.exp(z)
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


def grad_cross_entropy(W, X, labels):
    z = X @ W
    e = np.exp(z)
    p = e / np.sum(e, axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1.0
    return X.T @ p / len(labels)


# -- the logarithm of a sum of exponentials, kept from overflowing ---------------------------------------------
def log_sum_exp(x: np.ndarray):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def grad_log_sum_exp(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


# -- normalization over a batch --------------------------------------------------------------------------------
def batch_norm(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, T: np.ndarray):
    mu = np.mean(X, axis=0)
    d = X - mu
    s = np.sqrt(np.mean(d**2, axis=0) + 1e-5)
    Y = gamma * d / s + beta
    return np.sum(Y * T)


def grad_batch_norm(X, gamma, beta, T):
    mu = np.mean(X, axis=0)
    d = X - mu
    s = np.sqrt(np.mean(d**2, axis=0) + 1e-5)
    gamma_bar = np.sum(T * d, axis=0) / s
    beta_bar = np.sum(T, axis=0)
    n_bar = T * (gamma / s)
    s_bar = -gamma * gamma_bar / s
    d_bar = n_bar + d * (s_bar / (s * len(X)))
    X_bar = d_bar - np.mean(d_bar, axis=0)
    return X_bar, gamma_bar, beta_bar


# -- a loss over the entries that were observed -----------------------------------------------------------------
def masked(U: np.ndarray, V: np.ndarray, R: np.ndarray, seen: np.ndarray, lam: float):
    E = np.where(seen, R - U @ V.T, 0.0)
    return np.sum(E**2) + lam * (np.sum(U**2) + np.sum(V**2))


def grad_masked(U, V, R, seen, lam):
    E_bar = np.where(seen, -2.0 * (R - U @ V.T), 0.0)
    U_bar = 2.0 * lam * U + E_bar @ V
    V_bar = 2.0 * lam * V + E_bar.T @ U
    return U_bar, V_bar


# -- parameters in a dict ------------------------------------------------------------------------------------
def logistic_loss(params: dict, X: np.ndarray, y: np.ndarray):
    z = X @ params["w"] + params["b"]
    return np.mean(np.log(1.0 + np.exp(-y * z)))


def grad_logistic_loss(params, X, y):
    z = X @ params["w"] + params["b"]
    e = np.exp(-y * z)
    z_bar = -y * e / ((1.0 + e) * y.size)
    return {"w": X.T @ z_bar, "b": np.sum(z_bar)}


# -- a model that is an object ---------------------------------------------------------------------------------
@dataclass
class Line:
    slope: np.ndarray
    offset: float

    def predict(self, X):
        return X @ self.slope + self.offset


def fit(model: Line, X: np.ndarray, y: np.ndarray):
    r = model.predict(X) - y
    return 0.5 * np.sum(r * r)


def grad_fit(model, X, y):
    r = model.predict(X) - y
    return Line(X.T @ r, np.sum(r))


# -- a helper with arrays ------------------------------------------------------------------------------------
def gate(x, W, b):
    return x / (1.0 + np.exp(-(W @ x + b)))


def stacked(W: np.ndarray, b: np.ndarray, x: np.ndarray, depth: int):
    for _ in range(depth):
        x = gate(x, W, b)
    return np.sum(x)


def gate_forward(x, W, b):
    e = np.exp(-(W @ x + b))
    return x / (1.0 + e), (x, e)


def gate_reverse(W, saved, y_bar):
    x, e = saved
    t_bar = y_bar / (1.0 + e)
    z_bar = t_bar * x / (1.0 + e) * e
    return t_bar + W.T @ z_bar, np.outer(z_bar, x), z_bar


def grad_stacked(W, b, x, depth):
    gate_saved = []
    for _ in range(depth):
        x, saved = gate_forward(x, W, b)
        gate_saved.append(saved)
    W_bar = np.zeros_like(W)
    b_bar = np.zeros_like(b)
    x_bar = np.ones_like(x)
    for _ in range(depth):
        x_bar, gate_W_bar, gate_b_bar = gate_reverse(W, gate_saved.pop(), x_bar)
        W_bar += gate_W_bar
        b_bar += gate_b_bar
    return W_bar, b_bar


# -- attention of one head --------------------------------------------------------------------------------------
def attention(Q: np.ndarray, K: np.ndarray, V: np.ndarray):
    S = Q @ K.T / np.sqrt(Q.shape[1])
    E = np.exp(S)
    P = E / np.sum(E, axis=1, keepdims=True)
    return np.sum((P @ V) ** 2)


def grad_attention(Q, K, V):
    S = Q @ K.T / np.sqrt(Q.shape[1])
    E = np.exp(S)
    P = E / np.sum(E, axis=1, keepdims=True)
    O_bar = 2.0 * (P @ V)
    V_bar = P.T @ O_bar
    P_bar = O_bar @ V.T
    S_bar = P * (P_bar - np.sum(P_bar * P, axis=1, keepdims=True)) / np.sqrt(Q.shape[1])
    Q_bar = S_bar @ K
    K_bar = S_bar.T @ Q
    return Q_bar, K_bar, V_bar


def layers(r, n, k, m, j):
    return tuple(r.normal(size=s) for s in ((n, k), (k,), (k, m), (m,), (j, n), (j, m)))


def factors(r, n, m, k):
    return r.normal(size=(n, k)), r.normal(size=(m, k)), r.normal(size=(n, m)), r.uniform(size=(n, m)) < 0.3, 0.1


PAIRS = [
    dict(of=dense, wrt=(0, 1, 2, 3), small=lambda r: layers(r, 3, 4, 2, 5), large=lambda r: layers(r, 50, 60, 10, 500)),
    dict(of=recurrent, wrt=(0, 1, 2), small=lambda r: (r.normal(size=(4, 4)) / 4, r.normal(size=(4, 3)), r.normal(size=4), r.normal(size=(6, 3))), large=lambda r: (r.normal(size=(64, 64)) / 64, r.normal(size=(64, 32)), r.normal(size=64), r.normal(size=(60, 32)))),
    dict(of=cross_entropy, wrt=0, small=lambda r: (r.normal(size=(4, 3)), r.normal(size=(6, 4)), r.integers(0, 3, size=6)), large=lambda r: (r.normal(size=(50, 10)) / 9, r.normal(size=(2_000, 50)), r.integers(0, 10, size=2_000))),
    dict(of=log_sum_exp, wrt=0, small=lambda r: (r.normal(size=6),), large=lambda r: (r.normal(size=50_000),)),
    dict(of=batch_norm, wrt=(0, 1, 2), small=lambda r: (r.normal(size=(6, 3)), r.normal(size=3), r.normal(size=3), r.normal(size=(6, 3))), large=lambda r: (r.normal(size=(500, 100)), r.normal(size=100), r.normal(size=100), r.normal(size=(500, 100)))),
    dict(of=masked, wrt=(0, 1), small=lambda r: factors(r, 5, 4, 2), large=lambda r: factors(r, 300, 200, 10)),
    dict(of=logistic_loss, wrt=0, small=lambda r: ({"w": r.normal(size=3), "b": 0.2}, r.normal(size=(6, 3)), r.choice([-1.0, 1.0], size=6)), large=lambda r: ({"w": r.normal(size=30), "b": 0.2}, r.normal(size=(3_000, 30)), r.choice([-1.0, 1.0], size=3_000))),
    dict(of=fit, wrt=0, small=lambda r: (Line(r.normal(size=3), 0.2), r.normal(size=(6, 3)), r.normal(size=6)), large=lambda r: (Line(r.normal(size=30), 0.2), r.normal(size=(3_000, 30)), r.normal(size=3_000))),
    dict(of=stacked, wrt=(0, 1), small=lambda r: (r.normal(size=(4, 4)), r.normal(size=4), r.normal(size=4), 5), large=lambda r: (r.normal(size=(200, 200)) / 200, r.normal(size=200), r.normal(size=200), 20)),
    dict(of=attention, wrt=(0, 1, 2), small=lambda r: tuple(r.normal(size=(4, 3)) for _ in range(3)), large=lambda r: tuple(r.normal(size=(150, 32)) / 6 for _ in range(3))),
]  # fmt: skip
