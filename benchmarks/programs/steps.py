"""What goes step by step: filters, springs, recurrences and iterations, cells of networks. Primals, and their gradients by hand."""

import math

import numpy as np


def conv1d(x: np.ndarray, k: np.ndarray, t: np.ndarray):
    n = len(x) - len(k) + 1
    y = np.zeros(n)
    for j in range(len(k)):
        y += k[j] * x[j : j + n]
    return 0.5 * np.sum((y - t) ** 2)


def grad_conv1d(x, k, t):
    n = len(x) - len(k) + 1
    y = np.zeros(n)
    for j in range(len(k)):
        y += k[j] * x[j : j + n]
    y_bar = y - t
    x_bar = np.zeros_like(x)
    k_bar = np.zeros_like(k)
    for j in range(len(k)):
        k_bar[j] = y_bar @ x[j : j + n]
        x_bar[j : j + n] += k[j] * y_bar
    return x_bar, k_bar


def rnn(W: np.ndarray, U: np.ndarray, b: np.ndarray, X: np.ndarray, y: np.ndarray):
    h = np.zeros(W.shape[0])
    for t in range(len(X)):
        h = np.tanh(W @ h + U @ X[t] + b)
    return np.sum((h - y) ** 2)


def grad_rnn(W, U, b, X, y):
    hs = []
    h = np.zeros(W.shape[0])
    for t in range(len(X)):
        hs.append(h)
        h = np.tanh(W @ h + U @ X[t] + b)
    W_bar = np.zeros_like(W)
    U_bar = np.zeros_like(U)
    b_bar = np.zeros_like(b)
    h_bar = 2.0 * (h - y)
    for t in range(len(X) - 1, -1, -1):
        a_bar = h_bar * (1.0 - h**2)
        h = hs.pop()
        W_bar += np.outer(a_bar, h)
        U_bar += np.outer(a_bar, X[t])
        b_bar += a_bar
        h_bar = W.T @ a_bar
    return W_bar, U_bar, b_bar


def springs(x: np.ndarray, v: np.ndarray, k: float, dt: float, steps: int):
    for _ in range(steps):
        d = x[1:] - x[:-1]
        f = np.zeros_like(x)
        f[:-1] += k * (d - 1.0)
        f[1:] -= k * (d - 1.0)
        v = v + dt * f
        x = x + dt * v
    return 0.5 * np.sum(v**2) + 0.5 * k * np.sum((x[1:] - x[:-1] - 1.0) ** 2)


def grad_springs(x, v, k, dt, steps):
    ds = []
    for _ in range(steps):
        d = x[1:] - x[:-1] - 1.0
        ds.append(d)
        f = np.zeros_like(x)
        f[:-1] += k * d
        f[1:] -= k * d
        v = v + dt * f
        x = x + dt * v
    e = x[1:] - x[:-1] - 1.0
    v_bar = v
    k_bar = 0.5 * (e @ e)
    x_bar = np.zeros_like(x)
    x_bar[1:] = k * e
    x_bar[:-1] -= k * e
    for _ in range(steps):
        d = ds.pop()
        v_bar = v_bar + dt * x_bar
        g = dt * (v_bar[:-1] - v_bar[1:])
        k_bar += g @ d
        x_bar[1:] += k * g
        x_bar[:-1] -= k * g
    return x_bar, v_bar, k_bar


def horner(c: np.ndarray, x: np.ndarray, y: np.ndarray):
    p = np.zeros_like(x)
    for k in range(len(c) - 1, -1, -1):
        p = p * x + c[k]
    return np.sum((p - y) ** 2)


def grad_horner(c, x, y):
    p = np.zeros_like(x)
    for k in range(len(c) - 1, -1, -1):
        p = p * x + c[k]
    p_bar = 2.0 * (p - y)
    c_bar = np.zeros_like(c)
    for k in range(len(c)):
        c_bar[k] = np.sum(p_bar)
        p_bar = p_bar * x
    return c_bar


def newton_sqrt(a: float, n: int):
    x = a
    for _ in range(n):
        x = 0.5 * (x + a / x)
    return x


def grad_newton_sqrt(a, n):
    xs = []
    x = a
    for _ in range(n):
        xs.append(x)
        x = 0.5 * (x + a / x)
    x_bar = 1.0
    a_bar = 0.0
    for _ in range(n):
        x = xs.pop()
        t_bar = 0.5 * x_bar
        a_bar += t_bar / x
        x_bar = t_bar - t_bar * a / x**2
    return a_bar + x_bar


def power_iteration(A: np.ndarray, v: np.ndarray, n: int):
    for _ in range(n):
        v = A @ v
        v = v / np.sqrt(v @ v)
    return v @ (A @ v)


def grad_power_iteration(A, v, n):
    saved = []
    for _ in range(n):
        saved.append(v)
        u = A @ v
        s = np.sqrt(u @ u)
        v = u / s
        saved.append(s)
    A_bar = np.outer(v, v)
    v_bar = A @ v + A.T @ v
    for _ in range(n):
        s = saved.pop()
        u_bar = (v_bar - (v_bar @ v) * v) / s
        v = saved.pop()
        A_bar += np.outer(u_bar, v)
        v_bar = A.T @ u_bar
    return A_bar, v_bar


def box_blur(img: np.ndarray, w: np.ndarray, target: np.ndarray):
    out = np.zeros((img.shape[0] - 2, img.shape[1] - 2))
    for i in range(3):
        for j in range(3):
            out = out + w[i, j] * img[i : i + out.shape[0], j : j + out.shape[1]]
    return np.mean((out - target) ** 2)


def grad_box_blur(img, w, target):
    m, n = img.shape[0] - 2, img.shape[1] - 2
    out = np.zeros((m, n))
    for i in range(3):
        for j in range(3):
            out += w[i, j] * img[i : i + m, j : j + n]
    out_bar = 2.0 * (out - target) / out.size
    img_bar = np.zeros_like(img)
    w_bar = np.zeros_like(w)
    for i in range(3):
        for j in range(3):
            w_bar[i, j] = np.sum(out_bar * img[i : i + m, j : j + n])
            img_bar[i : i + m, j : j + n] += w[i, j] * out_bar
    return img_bar, w_bar


def until(x: float, r: float, tol: float):
    n = 0
    while abs(x - math.cos(r * x)) > tol:
        x = 0.5 * (x + math.cos(r * x))
        n += 1
        if n > 50:
            break
    return x


def grad_until(x, r, tol):
    xs = []
    while abs(x - math.cos(r * x)) > tol:
        xs.append(x)
        x = 0.5 * (x + math.cos(r * x))
        if len(xs) > 50:
            break
    x_bar = 1.0
    r_bar = 0.0
    while xs:
        x = xs.pop()
        t_bar = -0.5 * x_bar * math.sin(r * x)
        r_bar += t_bar * x
        x_bar = 0.5 * x_bar + t_bar * r
    return x_bar, r_bar


def kalman1(z: np.ndarray, q: float, r: float):
    x = 0.0
    P = 1.0
    nll = 0.0
    for k in range(len(z)):
        P = P + q
        S = P + r
        e = z[k] - x
        K = P / S
        nll += 0.5 * (e * e / S + math.log(S))
        x = x + K * e
        P = (1.0 - K) * P
    return nll


def grad_kalman1(z, q, r):
    saved = []
    x = 0.0
    P = 1.0
    for k in range(len(z)):
        P = P + q
        S = P + r
        e = z[k] - x
        K = P / S
        saved.append((P, S, e, K))
        x = x + K * e
        P = (1.0 - K) * P
    z_bar = np.zeros_like(z)
    q_bar = r_bar = x_bar = P_bar = 0.0
    for k in range(len(z) - 1, -1, -1):
        P, S, e, K = saved.pop()
        K_bar = x_bar * e - P_bar * P
        e_bar = x_bar * K + e / S
        S_bar = 0.5 * (1.0 - e * e / S) / S - K_bar * K / S
        P_bar = P_bar * (1.0 - K) + K_bar / S + S_bar
        z_bar[k] = e_bar
        x_bar -= e_bar
        r_bar += S_bar
        q_bar += P_bar
    return z_bar, q_bar, r_bar


def adam_like(w: np.ndarray, g: np.ndarray, lr: float, n: int):
    m = np.zeros_like(w)
    for _ in range(n):
        m = 0.9 * m + 0.1 * (w - g)
        w = w - lr * m
    return np.sum(w**2)


def grad_adam_like(w, g, lr, n):
    ms = []
    m = np.zeros_like(w)
    for _ in range(n):
        m = 0.9 * m + 0.1 * (w - g)
        ms.append(m)
        w = w - lr * m
    w_bar = 2.0 * w
    m_bar = np.zeros_like(m)
    g_bar = np.zeros_like(g)
    lr_bar = 0.0
    for _ in range(n):
        lr_bar -= w_bar @ ms.pop()
        m_bar -= lr * w_bar
        t_bar = 0.1 * m_bar
        w_bar += t_bar
        g_bar -= t_bar
        m_bar *= 0.9
    return w_bar, g_bar, lr_bar


def tv_denoise(u: np.ndarray, f: np.ndarray, lam: float):
    dx = u[:, 1:] - u[:, :-1]
    dy = u[1:, :] - u[:-1, :]
    return 0.5 * np.sum((u - f) ** 2) + lam * (np.sum(np.sqrt(dx**2 + 1e-3)) + np.sum(np.sqrt(dy**2 + 1e-3)))


def grad_tv_denoise(u, f, lam):
    dx = u[:, 1:] - u[:, :-1]
    dy = u[1:, :] - u[:-1, :]
    gx = lam * dx / np.sqrt(dx**2 + 1e-3)
    gy = lam * dy / np.sqrt(dy**2 + 1e-3)
    u_bar = u - f
    u_bar[:, 1:] += gx
    u_bar[:, :-1] -= gx
    u_bar[1:] += gy
    u_bar[:-1] -= gy
    return u_bar


def edit_soft(c: np.ndarray):
    n = len(c)
    best = np.zeros(n + 1)
    for i in range(1, n + 1):
        best[i] = min(best[i - 1] + c[i - 1], 0.5 * c[i - 1] ** 2 + best[max(i - 2, 0)])
    return best[n]


def grad_edit_soft(c):
    n = len(c)
    best = np.zeros(n + 1)
    for i in range(1, n + 1):
        best[i] = min(best[i - 1] + c[i - 1], 0.5 * c[i - 1] ** 2 + best[max(i - 2, 0)])
    c_bar = np.zeros_like(c)
    best_bar = np.zeros(n + 1)
    best_bar[n] = 1.0
    for i in range(n, 0, -1):
        if best[i - 1] + c[i - 1] <= 0.5 * c[i - 1] ** 2 + best[max(i - 2, 0)]:
            best_bar[i - 1] += best_bar[i]
            c_bar[i - 1] += best_bar[i]
        else:
            best_bar[max(i - 2, 0)] += best_bar[i]
            c_bar[i - 1] += best_bar[i] * c[i - 1]
    return c_bar


def gru_cell(Wz: np.ndarray, Wh: np.ndarray, x: np.ndarray, h: np.ndarray, n: int):
    for _ in range(n):
        v = np.concatenate([x, h])
        z = 1.0 / (1.0 + np.exp(-(Wz @ v)))
        c = np.tanh(Wh @ v)
        h = (1.0 - z) * h + z * c
    return np.sum(h**2)


def grad_gru_cell(Wz, Wh, x, h, n):
    saved = []
    for _ in range(n):
        v = np.concatenate([x, h])
        z = 1.0 / (1.0 + np.exp(-(Wz @ v)))
        c = np.tanh(Wh @ v)
        saved.append((h, v, z, c))
        h = (1.0 - z) * h + z * c
    Wz_bar = np.zeros_like(Wz)
    Wh_bar = np.zeros_like(Wh)
    x_bar = np.zeros_like(x)
    h_bar = 2.0 * h
    for _ in range(n):
        h, v, z, c = saved.pop()
        a_bar = h_bar * (c - h) * z * (1.0 - z)
        b_bar = h_bar * z * (1.0 - c**2)
        Wz_bar += np.outer(a_bar, v)
        Wh_bar += np.outer(b_bar, v)
        v_bar = Wz.T @ a_bar + Wh.T @ b_bar
        x_bar += v_bar[: len(x)]
        h_bar = h_bar * (1.0 - z) + v_bar[len(x) :]
    return Wz_bar, Wh_bar, x_bar, h_bar


def wave2d(u: np.ndarray, c: float, dt: float, steps: int):
    prev = u.copy()
    for _ in range(steps):
        lap = np.zeros_like(u)
        lap[1:-1, 1:-1] = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
        new = 2.0 * u - prev + (c * dt) ** 2 * lap
        prev, u = u, new
    return np.sum(u**2)


def grad_wave2d(u, c, dt, steps):
    laps = []
    a = (c * dt) ** 2
    prev = u
    for _ in range(steps):
        lap = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
        laps.append(lap)
        new = 2.0 * u - prev
        new[1:-1, 1:-1] += a * lap
        prev, u = u, new
    u_bar = 2.0 * u
    prev_bar = np.zeros_like(u)
    a_bar = 0.0
    for _ in range(steps):
        inner = u_bar[1:-1, 1:-1]
        a_bar += np.sum(inner * laps.pop())
        g = a * inner
        new_bar = 2.0 * u_bar + prev_bar
        new_bar[2:, 1:-1] += g
        new_bar[:-2, 1:-1] += g
        new_bar[1:-1, 2:] += g
        new_bar[1:-1, :-2] += g
        new_bar[1:-1, 1:-1] -= 4.0 * g
        prev_bar = -u_bar
        u_bar = new_bar
    return u_bar + prev_bar, 2.0 * c * dt**2 * a_bar


PAIRS = [
    dict(of=conv1d, wrt=(0, 1), small=lambda r: (r.normal(size=12), r.normal(size=3), r.normal(size=10)), large=lambda r: (r.normal(size=20000), r.normal(size=9), r.normal(size=19992))),
    dict(of=rnn, wrt=(0, 1, 2), small=lambda r: (r.normal(size=(4, 4)), r.normal(size=(4, 3)), r.normal(size=4), r.normal(size=(6, 3)), r.normal(size=4)), large=lambda r: (r.normal(size=(64, 64)) / 8, r.normal(size=(64, 32)), r.normal(size=64), r.normal(size=(50, 32)), r.normal(size=64))),
    dict(of=springs, wrt=(0, 1, 2), small=lambda r: (np.arange(6.0) + 0.1 * r.normal(size=6), r.normal(size=6), 2.0, 0.05, 4), large=lambda r: (np.arange(5000.0) + 0.1 * r.normal(size=5000), r.normal(size=5000), 2.0, 0.05, 50)),
    dict(of=horner, wrt=0, small=lambda r: (r.normal(size=5), r.normal(size=9), r.normal(size=9)), large=lambda r: (r.normal(size=12), r.uniform(-1, 1, size=20000), r.normal(size=20000))),
    dict(of=newton_sqrt, wrt=0, small=lambda r: (2.0, 6), large=lambda r: (2.0, 500)),
    dict(of=power_iteration, wrt=(0, 1), small=lambda r: (r.normal(size=(4, 4)), r.normal(size=4), 5), large=lambda r: (r.normal(size=(150, 150)), r.normal(size=150), 30)),
    dict(of=box_blur, wrt=(0, 1), small=lambda r: (r.normal(size=(6, 7)), r.normal(size=(3, 3)), r.normal(size=(4, 5))), large=lambda r: (r.normal(size=(202, 202)), r.normal(size=(3, 3)), r.normal(size=(200, 200)))),
    dict(of=until, wrt=(0, 1), small=lambda r: (0.1, 0.9, 1e-9)),
    dict(of=kalman1, wrt=(0, 1, 2), small=lambda r: (r.normal(size=8), 0.1, 0.5), large=lambda r: (r.normal(size=1500), 0.1, 0.5)),
    dict(of=adam_like, wrt=(0, 1, 2), small=lambda r: (r.normal(size=5), r.normal(size=5), 0.1, 6), large=lambda r: (r.normal(size=20000), r.normal(size=20000), 0.1, 50)),
    dict(of=tv_denoise, wrt=0, small=lambda r: (r.normal(size=(5, 6)), r.normal(size=(5, 6)), 0.3), large=lambda r: (r.normal(size=(300, 300)), r.normal(size=(300, 300)), 0.3)),
    dict(of=edit_soft, wrt=0, small=lambda r: (r.normal(size=7),), large=lambda r: (r.normal(size=1500),)),
    dict(of=gru_cell, wrt=(0, 1, 2, 3), small=lambda r: (r.normal(size=(4, 7)), r.normal(size=(4, 7)), r.normal(size=3), r.normal(size=4), 5), large=lambda r: (r.normal(size=(64, 96)) / 9, r.normal(size=(64, 96)) / 9, r.normal(size=32), r.normal(size=64), 40)),
    dict(of=wave2d, wrt=(0, 1), small=lambda r: (r.normal(size=(6, 6)), 0.5, 0.1, 4), large=lambda r: (r.normal(size=(200, 200)), 0.5, 0.1, 20)),
]  # fmt: skip
