"""Programs of the sciences and of learning, written to see what was left to do; their gradients as short as we could."""

import numpy as np


# -- Hares and lynxes by the midpoint rule ---------------------------------------------------------------
def lotka(a: float, b: float, c: float, d: float, x: float, y: float, dt: float, n: int):
    def f(x, y):
        return a * x - b * x * y, d * x * y - c * y

    for _ in range(n):
        k1x, k1y = f(x, y)
        k2x, k2y = f(x + 0.5 * dt * k1x, y + 0.5 * dt * k1y)
        x = x + dt * k2x
        y = y + dt * k2y
    return x * x + y * y


def grad_lotka(a, b, c, d, x, y, dt, n):
    saved = []
    for _ in range(n):
        saved.append((x, y))
        xm = x + 0.5 * dt * (a * x - b * x * y)
        ym = y + 0.5 * dt * (d * x * y - c * y)
        x = x + dt * (a * xm - b * xm * ym)
        y = y + dt * (d * xm * ym - c * ym)
    x_bar = 2 * x
    y_bar = 2 * y
    a_bar = 0.0
    b_bar = 0.0
    for _ in range(n):
        x, y = saved.pop()
        xm = x + 0.5 * dt * (a * x - b * x * y)
        ym = y + 0.5 * dt * (d * x * y - c * y)
        u = dt * x_bar
        v = dt * y_bar
        xm_bar = u * (a - b * ym) + v * d * ym
        ym_bar = v * (d * xm - c) - u * b * xm
        a_bar += u * xm
        b_bar -= u * xm * ym
        u = 0.5 * dt * xm_bar
        v = 0.5 * dt * ym_bar
        a_bar += u * x
        b_bar -= u * x * y
        x_bar += xm_bar + u * (a - b * y) + v * d * y
        y_bar += ym_bar + v * (d * x - c) - u * b * x
    return a_bar, b_bar


# -- The energy of bodies that pull at each other, pair by pair ------------------------------------------
def nbody(pos: np.ndarray, mass: np.ndarray, eps: float):
    n = len(mass)
    energy = 0.0
    for i in range(n):
        for j in range(i):
            r = pos[i] - pos[j]
            energy -= mass[i] * mass[j] / np.sqrt(r @ r + eps * eps)
    return energy


def grad_nbody(pos, mass, eps):
    n = len(mass)
    pos_bar = np.zeros_like(pos)
    mass_bar = np.zeros_like(mass)
    for i in range(n):
        for j in range(i):
            r = pos[i] - pos[j]
            d = np.sqrt(r @ r + eps * eps)
            mass_bar[i] -= mass[j] / d
            mass_bar[j] -= mass[i] / d
            r_bar = mass[i] * mass[j] / d**3 * r
            pos_bar[i] += r_bar
            pos_bar[j] -= r_bar
    return pos_bar, mass_bar


# -- A body that turns freely ----------------------------------------------------------------------------
def rigid(w: np.ndarray, I: np.ndarray, dt: float, steps: int):
    for _ in range(steps):
        L = I * w
        w = w + dt * np.cross(L, w) / I
    return 0.5 * np.sum(I * w * w)


def grad_rigid(w, I, dt, steps):
    w_saved = []
    for _ in range(steps):
        w_saved.append(w)
        w = w + dt * np.cross(I * w, w) / I
    w_bar = I * w
    I_bar = 0.5 * w * w
    for _ in range(steps):
        w = w_saved.pop()
        L = I * w
        t_bar = dt * w_bar / I
        I_bar -= t_bar * np.cross(L, w) / I
        L_bar = np.cross(w, t_bar)
        I_bar += L_bar * w
        w_bar = w_bar + np.cross(t_bar, L) + L_bar * I
    return w_bar, I_bar


# -- A gated recurrent unit ------------------------------------------------------------------------------
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gru(Wz: np.ndarray, Wr: np.ndarray, Wh: np.ndarray, xs: np.ndarray):
    h = np.zeros(Wz.shape[0])
    for x in xs:
        v = np.concatenate([h, x])
        z = sigmoid(Wz @ v)
        r = sigmoid(Wr @ v)
        g = np.tanh(Wh @ np.concatenate([r * h, x]))
        h = (1 - z) * h + z * g
    return np.sum(h**2)


def grad_gru(Wz, Wr, Wh, xs):
    saved = []
    n = Wz.shape[0]
    h = np.zeros(n)
    for x in xs:
        v = np.concatenate([h, x])
        z = sigmoid(Wz @ v)
        r = sigmoid(Wr @ v)
        u = np.concatenate([r * h, x])
        g = np.tanh(Wh @ u)
        saved.append((h, v, z, r, u, g))
        h = (1 - z) * h + z * g
    h_bar = 2 * h
    Wz_bar = np.zeros_like(Wz)
    Wr_bar = np.zeros_like(Wr)
    Wh_bar = np.zeros_like(Wh)
    for _ in range(len(xs)):
        h, v, z, r, u, g = saved.pop()
        a_bar = h_bar * z * (1 - g**2)
        z_bar = h_bar * (g - h) * z * (1 - z)
        Wh_bar += np.outer(a_bar, u)
        t_bar = (Wh.T @ a_bar)[:n]
        r_bar = t_bar * h * r * (1 - r)
        Wz_bar += np.outer(z_bar, v)
        Wr_bar += np.outer(r_bar, v)
        h_bar = h_bar * (1 - z) + t_bar * r + (Wz.T @ z_bar + Wr.T @ r_bar)[:n]
    return Wz_bar, Wr_bar, Wh_bar


# -- Softmax regression with decaying weights ------------------------------------------------------------
def softmax_loss(W: np.ndarray, b: np.ndarray, X: np.ndarray, labels: np.ndarray, decay: float):
    scores = X @ W + b
    scores = scores - np.max(scores, axis=1, keepdims=True)
    p = np.exp(scores)
    p = p / np.sum(p, axis=1, keepdims=True)
    n = X.shape[0]
    loss = -np.sum(np.log(p[np.arange(n), labels])) / n
    return loss + 0.5 * decay * np.sum(W * W)


def grad_softmax_loss(W, b, X, labels, decay):
    scores = X @ W + b
    p = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    p /= np.sum(p, axis=1, keepdims=True)
    n = X.shape[0]
    p[np.arange(n), labels] -= 1
    p /= n
    return X.T @ p + decay * W, np.sum(p, axis=0)


# -- Rows of zero mean and unit variance, and a linear answer --------------------------------------------
def standard(X: np.ndarray, w: np.ndarray, y: np.ndarray):
    mu = np.mean(X, axis=1, keepdims=True)
    Z = X - mu
    sd = np.sqrt(np.mean(Z**2, axis=1, keepdims=True) + 1e-6)
    p = (Z / sd) @ w
    return np.sum((p - y) ** 2)


def grad_standard(X, w, y):
    mu = np.mean(X, axis=1, keepdims=True)
    Z = X - mu
    sd = np.sqrt(np.mean(Z**2, axis=1, keepdims=True) + 1e-6)
    N = Z / sd
    p_bar = 2 * (N @ w - y)
    w_bar = N.T @ p_bar
    N_bar = np.outer(p_bar, w)
    X_bar = (N_bar - np.mean(N_bar, axis=1, keepdims=True) - N * np.mean(N_bar * N, axis=1, keepdims=True)) / sd
    return X_bar, w_bar


# -- A convolution as a sum of shifted pictures ----------------------------------------------------------
def shifted(image: np.ndarray, kernel: np.ndarray, target: np.ndarray):
    h, w = target.shape
    out = np.zeros((h, w))
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            out += kernel[a, b] * image[a : a + h, b : b + w]
    return 0.5 * np.sum((out - target) ** 2)


def grad_shifted(image, kernel, target):
    h, w = target.shape
    out = np.zeros((h, w))
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            out += kernel[a, b] * image[a : a + h, b : b + w]
    out_bar = out - target
    image_bar = np.zeros_like(image)
    kernel_bar = np.zeros_like(kernel)
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            kernel_bar[a, b] = np.sum(out_bar * image[a : a + h, b : b + w])
            image_bar[a : a + h, b : b + w] += out_bar * kernel[a, b]
    return image_bar, kernel_bar


def normal(r, *sizes):
    return r.normal(size=sizes)


def gates(r, n, m, turns):
    return *(normal(r, n, n + m) / n**0.5 for _ in range(3)), normal(r, turns, m)


def classes(r, rows, d, k):
    return normal(r, d, k), normal(r, k), normal(r, rows, d), r.integers(0, k, rows), 0.1


PAIRS = [
    dict(of=lotka, wrt=(0, 1), small=lambda r: (1.1, 0.4, 0.4, 0.1, 2.0, 1.0, 0.05, 5), large=lambda r: (1.1, 0.4, 0.4, 0.1, 2.0, 1.0, 0.01, 1000)),
    dict(of=nbody, wrt=(0, 1), small=lambda r: (normal(r, 4, 3), r.random(4) + 1, 0.1), large=lambda r: (normal(r, 40, 3), r.random(40) + 1, 0.1)),
    dict(of=rigid, wrt=(0, 1), small=lambda r: (normal(r, 3), r.random(3) + 1, 0.05, 4), large=lambda r: (normal(r, 3), r.random(3) + 1, 0.01, 300)),
    dict(of=gru, wrt=(0, 1, 2), small=lambda r: gates(r, 3, 2, 4), large=lambda r: gates(r, 64, 32, 50)),
    dict(of=softmax_loss, wrt=(0, 1), small=lambda r: classes(r, 6, 4, 3), large=lambda r: classes(r, 2000, 50, 10)),
    dict(of=standard, wrt=(0, 1), small=lambda r: (normal(r, 5, 4), normal(r, 4), normal(r, 5)), large=lambda r: (normal(r, 2000, 50), normal(r, 50), normal(r, 2000))),
    dict(of=shifted, wrt=(0, 1), small=lambda r: (normal(r, 6, 7), normal(r, 3, 2), normal(r, 4, 6)), large=lambda r: (normal(r, 130, 130), normal(r, 5, 5), normal(r, 126, 126))),
]  # fmt: skip
