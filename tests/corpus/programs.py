"""Programs as people have them: solvers, simulations, networks, statistics."""

import math

import numpy as np

from case import Case, array, bools, mat, num, takes, vec, whole, wholes


def thomas(a, b, c, d):
    # tridiagonal solve: a below, b on, c above the diagonal
    n = len(d)
    cp = np.zeros(n)
    dp = np.zeros(n)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x = np.zeros(n)
    x[n - 1] = dp[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return np.sum(x * x)


def thomas_in_place(a, b, c, d):
    n = len(d)
    b = b.copy()
    d = d.copy()
    for i in range(1, n):
        w = a[i] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    d[-1] /= b[-1]
    for i in range(n - 2, -1, -1):
        d[i] = (d[i] - c[i] * d[i + 1]) / b[i]
    return d


def cholesky_loops(A):
    n = A.shape[0]
    L = np.zeros((n, n))
    for j in range(n):
        s = A[j, j]
        for k in range(j):
            s -= L[j, k] * L[j, k]
        L[j, j] = math.sqrt(s)
        for i in range(j + 1, n):
            t = A[i, j]
            for k in range(j):
                t -= L[i, k] * L[j, k]
            L[i, j] = t / L[j, j]
    return L


def cholesky_in_place(A):
    A = A.copy()
    n = len(A)
    for i in range(n):
        for j in range(i):
            A[i, j] -= np.dot(A[i, :j], A[j, :j])
            A[i, j] /= A[j, j]
        A[i, i] -= np.dot(A[i, :i], A[i, :i])
        A[i, i] = np.sqrt(A[i, i])
    s = 0.0
    for i in range(n):
        s += np.log(A[i, i])
    return 2 * s


def lu_in_place(A):
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            for j in range(k + 1, n):
                A[i, j] -= A[i, k] * A[k, j]
    det = 1.0
    for k in range(n):
        det *= A[k, k]
    return det


def lu_slices(A):
    A = A.copy()
    n = A.shape[0]
    for k in range(n - 1):
        A[k + 1 :, k] = A[k + 1 :, k] / A[k, k]
        A[k + 1 :, k + 1 :] -= A[k + 1 :, k][:, None] * A[k, k + 1 :][None, :]
    return np.sum(A * A)


def solve_by_elimination(A, b):
    n = len(b)
    M = np.zeros((n, n + 1))
    M[:, :n] = A
    M[:, n] = b
    for k in range(n):
        M[k] = M[k] / M[k, k]
        for i in range(n):
            if i != k:
                M[i] = M[i] - M[i, k] * M[k]
    return np.sum(M[:, n] ** 2)


def forward_substitution(L, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return x


def gram_schmidt(A):
    Q = A.copy()
    n = A.shape[1]
    for j in range(n):
        for k in range(j):
            Q[:, j] -= np.dot(Q[:, k], Q[:, j]) * Q[:, k]
        Q[:, j] /= np.sqrt(np.dot(Q[:, j], Q[:, j]))
    return np.sum(Q * np.arange(Q.size).reshape(Q.shape))


def newton_sqrt(a):
    x = a
    for i in range(8):
        x = 0.5 * (x + a / x)
    return x


def newton_root_until(c):
    x = 1.0
    f = x**3 + c * x - 2
    while abs(f) > 1e-12:
        x = x - f / (3 * x**2 + c)
        f = x**3 + c * x - 2
    return x


def bisection(c):
    low = 0.0
    high = 4.0
    for i in range(6):
        middle = (low + high) / 2
        if middle * middle < c:
            low = middle
        else:
            high = middle
    return low * c + high


def secant_steps(x0, x1, k):
    for i in range(4):
        f0 = x0 * x0 - k
        f1 = x1 * x1 - k
        x2 = x1 - f1 * (x1 - x0) / (f1 - f0)
        x0 = x1
        x1 = x2
    return x1


def logistic_map(x, r, n):
    for i in range(n):
        x = r * x * (1 - x)
    return x


def derivative_of_pendulum(theta, omega, length):
    return omega, -9.81 / length * math.sin(theta)


def pendulum_rk4(theta, omega, length, dt, n):
    for i in range(n):
        k1t, k1w = derivative_of_pendulum(theta, omega, length)
        k2t, k2w = derivative_of_pendulum(theta + dt / 2 * k1t, omega + dt / 2 * k1w, length)
        k3t, k3w = derivative_of_pendulum(theta + dt / 2 * k2t, omega + dt / 2 * k2w, length)
        k4t, k4w = derivative_of_pendulum(theta + dt * k3t, omega + dt * k3w, length)
        theta = theta + dt / 6 * (k1t + 2 * k2t + 2 * k3t + k4t)
        omega = omega + dt / 6 * (k1w + 2 * k2w + 2 * k3w + k4w)
    return theta**2 + 0.1 * omega**2


def lorenz(state, p):
    return np.array(
        [p[0] * (state[1] - state[0]), state[0] * (p[1] - state[2]) - state[1], state[0] * state[1] - p[2] * state[2]]
    )


def lorenz_rk4(state, p, dt, n):
    for i in range(n):
        k1 = lorenz(state, p)
        k2 = lorenz(state + 0.5 * dt * k1, p)
        k3 = lorenz(state + 0.5 * dt * k2, p)
        k4 = lorenz(state + dt * k3, p)
        state = state + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return np.sum(state**2)


def euler_decay(y, rate, dt, n):
    trajectory = np.zeros(n + 1)
    trajectory[0] = y
    for i in range(n):
        y = y + dt * (-rate * y)
        trajectory[i + 1] = y
    return np.sum(trajectory**2) * dt


def verlet(x, v, k, n):
    a = -k * x
    for i in range(n):
        x = x + 0.1 * v + 0.005 * a
        a_next = -k * x
        v = v + 0.05 * (a + a_next)
        a = a_next
    return 0.5 * v * v + 0.5 * k * x * x


def n_body_step(pos, vel, mass, dt):
    n = len(mass)
    acc = np.zeros_like(pos)
    for i in range(n):
        for j in range(n):
            if i != j:
                d = pos[j] - pos[i]
                r2 = np.dot(d, d) + 0.01
                acc[i] += mass[j] * d / r2**1.5
    vel = vel + dt * acc
    pos = pos + dt * vel
    return np.sum(pos * pos) + np.sum(vel * vel)


def n_body_energy(pos, mass):
    e = 0.0
    for i in range(len(mass)):
        for j in range(i + 1, len(mass)):
            d = pos[i] - pos[j]
            e -= mass[i] * mass[j] / np.sqrt(np.sum(d * d) + 0.01)
    return e


def n_body_scalar(x, v, m, steps):
    x = x.copy()
    v = v.copy()
    for s in range(steps):
        for i in range(3):
            for j in range(i + 1, 3):
                dx = x[i] - x[j]
                f = dx / (dx * dx + 0.1)
                v[i] -= f * m[j] * 0.05
                v[j] += f * m[i] * 0.05
        for i in range(3):
            x[i] += v[i] * 0.05
    return np.sum(x * x)


def lennard_jones(pos, sigma, epsilon):
    e = 0.0
    n = pos.shape[0]
    for i in range(n):
        for j in range(i):
            d = pos[i] - pos[j]
            r2 = d[0] ** 2 + d[1] ** 2
            s6 = (sigma**2 / r2) ** 3
            e += 4 * epsilon * (s6 * s6 - s6)
    return e


def heat_1d(u, alpha, n):
    u = u.copy()
    for t in range(n):
        u[1:-1] += alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u * u)


def heat_1d_loops(u, alpha, n):
    old = u.copy()
    for t in range(n):
        new = old.copy()
        for i in range(1, len(u) - 1):
            new[i] = old[i] + alpha * (old[i + 1] - 2 * old[i] + old[i - 1])
        old = new
    return np.sum(old**2)


def heat_2d(u, alpha, n):
    u = u.copy()
    for t in range(n):
        lap = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1]
        u[1:-1, 1:-1] += alpha * lap
    return np.sum(u**2)


def heat_2d_buffers(u, alpha, n):
    new = u.copy()
    old = u.copy()
    for t in range(n):
        new[1:-1, 1:-1] = old[1:-1, 1:-1] + alpha[1:-1, 1:-1] * (
            old[2:, 1:-1] + old[:-2, 1:-1] + old[1:-1, 2:] + old[1:-1, :-2] - 4 * old[1:-1, 1:-1]
        )
        new, old = old, new
    return np.sum(old**2)


def heat_boundary(u, left, right, n):
    u = u.copy()
    for t in range(n):
        u[0] = left * (1 + 0.1 * t)
        u[-1] = right
        u[1:-1] = u[1:-1] + 0.2 * np.diff(u, 2)
    return np.sum(u * u)


def conductivity_misfit(k, u, measured, n):
    for t in range(n):
        flux = k * (u[1:] - u[:-1])
        u[1:-1] += 0.1 * (flux[1:] - flux[:-1])
    return np.mean((u - measured) ** 2)


def upwind_advection(u, c, n):
    u = u.copy()
    for t in range(n):
        if c > 0:
            u[1:] = u[1:] - c * (u[1:] - u[:-1])
        else:
            u[:-1] = u[:-1] - c * (u[1:] - u[:-1])
    return np.sum(u * u)


def burgers(u, nu, n):
    for t in range(n):
        un = u.copy()
        u[1:-1] = un[1:-1] - 0.1 * un[1:-1] * (un[1:-1] - un[:-2]) + nu * (un[2:] - 2 * un[1:-1] + un[:-2])
    return np.sum(u**2)


def shallow_water(h, hu, dt, n):
    h = h.copy()
    hu = hu.copy()
    for t in range(n):
        u = hu / h
        flux_h = hu
        flux_hu = hu * u + 0.5 * 9.81 * h * h
        h_mid = 0.5 * (h[1:] + h[:-1]) - 0.5 * dt * (flux_h[1:] - flux_h[:-1])
        hu_mid = 0.5 * (hu[1:] + hu[:-1]) - 0.5 * dt * (flux_hu[1:] - flux_hu[:-1])
        fh = hu_mid
        fhu = hu_mid * hu_mid / h_mid + 0.5 * 9.81 * h_mid * h_mid
        h[1:-1] -= dt * (fh[1:] - fh[:-1])
        hu[1:-1] -= dt * (fhu[1:] - fhu[:-1])
        h[0] = h[1]
        h[-1] = h[-2]
        hu[0] = -hu[1]
        hu[-1] = -hu[-2]
    return np.sum(h * h) + np.sum(hu * hu)


def wave_equation(u, c, n):
    before = u.copy()
    now = u.copy()
    after = np.zeros_like(u)
    for t in range(n):
        after[1:-1] = 2 * now[1:-1] - before[1:-1] + c * c * (now[2:] - 2 * now[1:-1] + now[:-2])
        before, now, after = now, after, before
    return np.sum(now**2)


def gauss_seidel(u, f, n):
    u = u.copy()
    for sweep in range(n):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] + f[i])
    return np.sum(u * u)


def seidel_2d(A, n):
    for t in range(n):
        for i in range(1, A.shape[0] - 1):
            for j in range(1, A.shape[1] - 1):
                A[i, j] = (A[i - 1, j] + A[i, j - 1] + A[i, j] * A[i, j] + A[i + 1, j] + A[i, j + 1]) / 5.0
    return np.sum(A * A)


def dense_network(W1, b1, W2, b2, X, labels):
    H = np.tanh(X @ W1 + b1)
    Z = H @ W2 + b2
    Z = Z - np.max(Z, axis=1, keepdims=True)
    logp = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(labels)), labels])


def dense_network_loop(W, b, x, n):
    for i in range(n):
        x = np.maximum(W[i] @ x + b[i], 0.0)
    return np.sum(x * x)


def logistic_regression(w, b, X, y):
    z = X @ w + b
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def rnn(Wx, Wh, b, xs):
    h = np.zeros(Wh.shape[0])
    loss = 0.0
    for t in range(xs.shape[0]):
        h = np.tanh(Wx @ xs[t] + Wh @ h + b)
        loss = loss + np.sum(h * h)
    return loss


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_cell(W, b, h, c, x):
    n = len(h)
    z = W @ np.concatenate((h, x)) + b
    i = sigmoid(z[:n])
    f = sigmoid(z[n : 2 * n])
    o = sigmoid(z[2 * n : 3 * n])
    g = np.tanh(z[3 * n :])
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c


def lstm(W, b, xs):
    n = len(b) // 4
    h = np.zeros(n)
    c = np.zeros(n)
    loss = 0.0
    for x in xs:
        h, c = lstm_cell(W, b, h, c, x)
        loss = loss + np.sum(h * h) + np.sum(c)
    return loss


def attention(Q, K, V):
    S = Q @ K.T / np.sqrt(Q.shape[1])
    S = np.exp(S - np.max(S, axis=-1, keepdims=True))
    P = S / np.sum(S, axis=-1, keepdims=True)
    return np.sum((P @ V) ** 2)


def layer_norm(X, gain, bias):
    m = np.mean(X, axis=-1, keepdims=True)
    v = np.mean((X - m) ** 2, axis=-1, keepdims=True)
    return np.sum(((X - m) / np.sqrt(v + 1e-5) * gain + bias) ** 3)


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def logsumexp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def gmm(alphas, means, icf, x):
    # log-likelihood of points under a mixture with diagonal precision factors
    n, d = x.shape
    k = len(alphas)
    total = 0.0
    for i in range(n):
        terms = np.zeros(k)
        for j in range(k):
            r = np.exp(icf[j]) * (x[i] - means[j])
            terms[j] = alphas[j] + np.sum(icf[j]) - 0.5 * np.sum(r * r)
        total = total + logsumexp(terms)
    return total - n * logsumexp(alphas)


def gmm_vectorized(alphas, means, icf, x):
    r = np.exp(icf)[None, :, :] * (x[:, None, :] - means[None, :, :])
    terms = alphas + np.sum(icf, axis=1) - 0.5 * np.sum(r * r, axis=2)
    m = np.max(terms, axis=1, keepdims=True)
    lse = m[:, 0] + np.log(np.sum(np.exp(terms - m), axis=1))
    return np.sum(lse) - x.shape[0] * logsumexp(alphas)


def kalman_scalar(zs, q, r, x, p):
    loglik = 0.0
    for i in range(len(zs)):
        p = p + q
        s = p + r
        k = p / s
        innovation = zs[i] - x
        loglik = loglik - 0.5 * (math.log(2 * math.pi * s) + innovation * innovation / s)
        x = x + k * innovation
        p = (1 - k) * p
    return loglik


def garch(returns, omega, alpha, beta):
    v = omega / (1 - alpha - beta)
    nll = 0.0
    for r in returns:
        nll += 0.5 * (np.log(v) + r * r / v)
        v = omega + alpha * r * r + beta * v
    return nll


def norm_cdf(x):
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def black_scholes(S, K, T, r, sigma):
    d1 = (math.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * math.sqrt(T))
    d2 = d1 - sigma * math.sqrt(T)
    return S * norm_cdf(d1) - K * math.exp(-r * T) * norm_cdf(d2)


def binomial_option(S, K, u, p, n):
    v = np.zeros(n + 1)
    for i in range(n + 1):
        v[i] = np.maximum(S * u ** (2 * i - n) - K, 0.0)
    for t in range(n, 0, -1):
        for i in range(t):
            v[i] = p * v[i + 1] + (1 - p) * v[i]
    return v[0]


def horner(c, x):
    y = 0.0
    for i in range(len(c) - 1, -1, -1):
        y = y * x + c[i]
    return y


def horner_reversed_slice(c, x):
    y = 0.0
    for a in c[::-1]:
        y = y * x + a
    return y


def chebyshev(c, x):
    b1 = 0.0
    b2 = 0.0
    for i in range(len(c) - 1, 0, -1):
        b1, b2 = 2 * x * b1 - b2 + c[i], b1
    return x * b1 - b2 + c[0]


def integrand(x, a):
    return math.exp(-a * x) * math.sin(x)


def simpson(a, b, k, n):
    h = (b - a) / (2 * n)
    s = integrand(a, k) + integrand(b, k)
    for i in range(1, 2 * n):
        if i % 2 == 1:
            s += 4 * integrand(a + i * h, k)
        else:
            s += 2 * integrand(a + i * h, k)
    return s * h / 3


def trapezoid(y, dx):
    return dx * (np.sum(y) - 0.5 * (y[0] + y[-1]))


def cubic_spline(knots, values, slopes, x):
    i = 0
    while i < len(knots) - 2 and knots[i + 1] < x:
        i += 1
    h = knots[i + 1] - knots[i]
    t = (x - knots[i]) / h
    h00 = (1 + 2 * t) * (1 - t) ** 2
    h10 = t * (1 - t) ** 2
    h01 = t * t * (3 - 2 * t)
    h11 = t * t * (t - 1)
    return h00 * values[i] + h10 * h * slopes[i] + h01 * values[i + 1] + h11 * h * slopes[i + 1]


def linear_interpolation(xs, ys, x):
    result = ys[0]
    for i in range(len(xs) - 1):
        if xs[i] <= x < xs[i + 1]:
            w = (x - xs[i]) / (xs[i + 1] - xs[i])
            result = (1 - w) * ys[i] + w * ys[i + 1]
    return result * result


def de_boor(points, t):
    P = points.copy()
    n = len(P)
    for r in range(1, n):
        for i in range(n - r):
            P[i] = (1 - t) * P[i] + t * P[i + 1]
    return np.sum(P[0] ** 2)


def convolution(x, w):
    n = len(x) - len(w) + 1
    y = np.zeros(n)
    for i in range(n):
        for k in range(len(w)):
            y[i] += x[i + k] * w[k]
    return np.sum(y * y)


def convolution_2d(X, W):
    m = X.shape[0] - W.shape[0] + 1
    n = X.shape[1] - W.shape[1] + 1
    Y = np.zeros((m, n))
    for i in range(m):
        for j in range(n):
            Y[i, j] = np.sum(X[i : i + W.shape[0], j : j + W.shape[1]] * W)
    return np.sum(np.maximum(Y, 0.0) ** 2)


def convolution_shifts(x, w):
    n = len(x) - 2
    y = x[0:n] * w[0] + x[1 : n + 1] * w[1] + x[2 : n + 2] * w[2]
    return np.sum(np.tanh(y))


def power_iteration(A, n):
    v = np.ones(A.shape[0])
    for i in range(n):
        v = A @ v
        v = v / np.sqrt(v @ v)
    return v @ A @ v


def page_rank(A, d, n):
    M = A / np.sum(A, axis=0)
    r = np.ones(len(A)) / len(A)
    for i in range(n):
        r = d * M @ r + (1 - d) / len(A)
    return np.sum(r * r)


def conjugate_gradient(A, b, n):
    x = np.zeros(len(b))
    r = b - A @ x
    p = r
    rs = r @ r
    for i in range(n):
        Ap = A @ p
        alpha = rs / (p @ Ap)
        x = x + alpha * p
        r = r - alpha * Ap
        rs_new = r @ r
        p = r + rs_new / rs * p
        rs = rs_new
    return np.sum(x)


def dynamic_time_warping(a, b):
    D = np.zeros((len(a) + 1, len(b) + 1))
    D[0, 1:] = 1e6
    D[1:, 0] = 1e6
    for i in range(len(a)):
        for j in range(len(b)):
            cost = (a[i] - b[j]) ** 2
            D[i + 1, j + 1] = cost + min(D[i, j + 1], D[i + 1, j], D[i, j])
    return D[-1, -1]


def dynamic_time_warping_numpy(a, b):
    D = np.zeros((len(a) + 1, len(b) + 1))
    D[0, 1:] = 1e6
    D[1:, 0] = 1e6
    for i in range(len(a)):
        for j in range(len(b)):
            cost = (a[i] - b[j]) ** 2
            D[i + 1, j + 1] = cost + np.minimum(np.minimum(D[i, j + 1], D[i + 1, j]), D[i, j])
    return D[len(a), len(b)]


def edit_costs(costs):
    best = costs[0].copy()
    for t in range(1, len(costs)):
        new = np.zeros(len(best))
        for j in range(len(best)):
            low = best[j]
            if j > 0 and best[j - 1] < low:
                low = best[j - 1]
            if j < len(best) - 1 and best[j + 1] < low:
                low = best[j + 1]
            new[j] = low + costs[t, j]
        best = new
    return np.min(best)


def hmm_forward(pi, T, E, obs):
    alpha = pi * E[:, obs[0]]
    loglik = 0.0
    for t in range(1, len(obs)):
        c = np.sum(alpha)
        loglik += np.log(c)
        alpha = (alpha / c) @ T * E[:, obs[t]]
    return loglik + np.log(np.sum(alpha))


def hmm_forward_loops(pi, T, E, obs):
    n = len(pi)
    alpha = np.zeros((len(obs), n))
    for i in range(n):
        alpha[0, i] = pi[i] * E[i, obs[0]]
    for t in range(1, len(obs)):
        for j in range(n):
            s = 0.0
            for i in range(n):
                s += alpha[t - 1, i] * T[i, j]
            alpha[t, j] = s * E[j, obs[t]]
    return np.log(np.sum(alpha[-1]))


def rodrigues(rot, X):
    theta2 = np.dot(rot, rot)
    if theta2 > 1e-12:
        theta = np.sqrt(theta2)
        w = rot / theta
        c = np.cos(theta)
        s = np.sin(theta)
        w_cross = np.array([w[1] * X[2] - w[2] * X[1], w[2] * X[0] - w[0] * X[2], w[0] * X[1] - w[1] * X[0]])
        r = X * c + w_cross * s + w * np.dot(w, X) * (1 - c)
    else:
        r = X + np.array([rot[1] * X[2] - rot[2] * X[1], rot[2] * X[0] - rot[0] * X[2], rot[0] * X[1] - rot[1] * X[0]])
    return r


def radial_distort(rad, proj):
    r2 = proj[0] * proj[0] + proj[1] * proj[1]
    return proj * (1 + rad[0] * r2 + rad[1] * r2 * r2)


def project(cam, X):
    Xcam = rodrigues(cam[0:3], X - cam[3:6])
    distorted = radial_distort(cam[9:11], Xcam[0:2] / Xcam[2])
    return distorted * cam[6] + cam[7:9]


def reprojection_error(cam, X, w, feat):
    err = w * (project(cam, X) - feat)
    return err


def gradient_descent(w, X, y, rate, n):
    for i in range(n):
        r = X @ w - y
        g = X.T @ r / len(y)
        w = w - rate * g
    return np.mean((X @ w - y) ** 2)


def momentum_descent(x, rate, mu, n):
    v = 0.0
    for i in range(n):
        g = 4 * x**3 - 2 * x
        v = mu * v - rate * g
        x = x + v
    return x * x


def running_statistics(x):
    n = 0
    mean = 0.0
    m2 = 0.0
    for v in x:
        n += 1
        delta = v - mean
        mean += delta / n
        m2 += delta * (v - mean)
    return m2 / (n - 1) + mean


def moving_average(x, w):
    y = np.zeros(len(x) - w + 1)
    for i in range(len(y)):
        y[i] = np.mean(x[i : i + w])
    return np.sum(y * y)


def exponential_smoothing(x, a):
    s = x[0]
    total = 0.0
    for i in range(1, len(x)):
        total += (x[i] - s) ** 2
        s = a * x[i] + (1 - a) * s
    return total


def rosenbrock(x):
    s = 0.0
    for i in range(len(x) - 1):
        s += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    return s


def rosenbrock_slices(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def ackley(x):
    n = len(x)
    return -20 * np.exp(-0.2 * np.sqrt(np.sum(x * x) / n)) - np.exp(np.sum(np.cos(2 * np.pi * x)) / n) + 20 + np.e


def robot_arm(angles, lengths):
    x = 0.0
    y = 0.0
    total = 0.0
    for i in range(len(angles)):
        total = total + angles[i]
        x = x + lengths[i] * math.cos(total)
        y = y + lengths[i] * math.sin(total)
    return x * x + 2 * y


def rigid_transform(R_angles, t, P):
    a, b, c = R_angles[0], R_angles[1], R_angles[2]
    Rz = np.array([[np.cos(a), -np.sin(a), 0.0], [np.sin(a), np.cos(a), 0.0], [0.0, 0.0, 1.0]])
    Ry = np.array([[np.cos(b), 0.0, np.sin(b)], [0.0, 1.0, 0.0], [-np.sin(b), 0.0, np.cos(b)]])
    Rx = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(c), -np.sin(c)], [0.0, np.sin(c), np.cos(c)]])
    Q = P @ (Rz @ Ry @ Rx).T + t
    return np.sum(Q**2 * np.arange(Q.size).reshape(Q.shape))


def ray_through_lens(y, slope, focal, n):
    for i in range(n):
        y = y + 0.3 * slope
        if abs(y) < 2.0:
            slope = slope - y / focal
    return y * y + slope


def projectile_with_drag(v0, angle, drag):
    x = 0.0
    y = 0.0
    vx = v0 * math.cos(angle)
    vy = v0 * math.sin(angle)
    for i in range(12):
        speed = math.sqrt(vx * vx + vy * vy)
        vx = vx - 0.05 * drag * speed * vx
        vy = vy - 0.05 * (9.81 + drag * speed * vy)
        x = x + 0.05 * vx
        y = y + 0.05 * vy
    return x * y


def lotka_volterra(params, u, dt, n):
    prey = u[0]
    predators = u[1]
    for i in range(n):
        born = params[0] * prey
        eaten = params[1] * prey * predators
        prey = prey + dt * (born - eaten)
        predators = predators + dt * (params[2] * eaten - params[3] * predators)
    return prey * predators


def sir_model(beta, gamma, s, i, n):
    r = 0.0
    for t in range(n):
        infected = beta * s * i
        recovered = gamma * i
        s -= infected
        i += infected - recovered
        r += recovered
    return r * i


def monte_carlo_path(mu, sigma, noise):
    price = 1.0
    payoff = 0.0
    for k in range(len(noise)):
        price *= np.exp((mu - 0.5 * sigma**2) * 0.1 + sigma * np.sqrt(0.1) * noise[k])
        payoff = np.maximum(payoff, price)
    return payoff * price


def bond_price(rate, coupon, n):
    price = 0.0
    discount = 1.0
    for t in range(n):
        discount = discount / (1 + rate)
        price += coupon * discount
    return price + discount * 100


def fft_by_sums(x):
    n = len(x)
    power = 0.0
    for k in range(n):
        re = 0.0
        im = 0.0
        for t in range(n):
            angle = 2 * math.pi * k * t / n
            re += x[t] * math.cos(angle)
            im -= x[t] * math.sin(angle)
        power += (re * re + im * im) ** 2 * k
    return power


def normal_equations(X, y):
    A = X.T @ X
    b = X.T @ y
    det = A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]
    w0 = (A[1, 1] * b[0] - A[0, 1] * b[1]) / det
    w1 = (A[0, 0] * b[1] - A[1, 0] * b[0]) / det
    return w0 * w1


def kernel_regression(x, y, at, width):
    k = np.exp(-((x[:, None] - at[None, :]) ** 2) / (2 * width**2))
    fit = (k.T @ y) / np.sum(k, axis=0)
    return np.sum(fit**2)


def contrastive(X, Y, temperature):
    Xn = X / np.sqrt(np.sum(X * X, axis=1, keepdims=True))
    Yn = Y / np.sqrt(np.sum(Y * Y, axis=1, keepdims=True))
    S = Xn @ Yn.T / temperature
    L = S - np.max(S, axis=1, keepdims=True)
    L = L - np.log(np.sum(np.exp(L), axis=1, keepdims=True))
    k = np.arange(len(X))
    return -np.mean(L[k, k])


def batch_norm(X, gamma, beta):
    m = X.mean(axis=0)
    v = ((X - m) ** 2).mean(axis=0)
    return (((X - m) / np.sqrt(v + 1e-5) * gamma + beta) ** 3).sum()


def ising_energy(field, J):
    e = 0.0
    n = field.shape[0]
    for i in range(n):
        for j in range(n):
            e -= J * field[i, j] * (field[(i + 1) % n, j] + field[i, (j + 1) % n])
    return e


def hand_unrolled_matrix_chain(A, x):
    y0 = A[0, 0] * x[0] + A[0, 1] * x[1]
    y1 = A[1, 0] * x[0] + A[1, 1] * x[1]
    z0 = math.tanh(y0)
    z1 = math.tanh(y1)
    return z0 * z1 + y0


def spd(d):
    n = 4
    M = d.rng.normal(size=(n, n))
    return M @ M.T + n * np.eye(n)


def dominant(d):
    return d.rng.normal(size=(4, 4)) + 6 * np.eye(4)


def lower(d):
    return np.tril(d.rng.normal(size=(4, 4))) + 3 * np.eye(4)


def camera(d):
    return np.concatenate((d.rng.normal(size=6) * 0.3, [500.0, 10.0, 20.0, 0.01, 0.02]))


CASES = [
    Case(thomas, takes(vec("n"), vec("n", 3, 4), vec("n"), vec("n")), wrt=(0, 1, 2, 3)),
    Case(thomas_in_place, takes(vec("n"), vec("n", 3, 4), vec("n"), vec("n")), wrt=(0, 1, 2, 3)),
    Case(cholesky_loops, takes(spd)),
    Case(cholesky_in_place, takes(spd)),
    Case(lu_in_place, takes(dominant)),
    Case(lu_slices, takes(dominant)),
    Case(solve_by_elimination, takes(dominant, vec(4)), wrt=(0, 1)),
    Case(forward_substitution, takes(lower, vec(4)), wrt=(0, 1)),
    Case(gram_schmidt, takes(mat(5, 3))),
    Case(newton_sqrt, takes(num(1, 4))),
    Case(newton_root_until, takes(num(1, 3))),
    Case(bisection, takes(num(1, 9))),
    Case(secant_steps, takes(num(1, 1.5), num(2, 2.5), num(3, 4)), wrt=(0, 1, 2)),
    Case(logistic_map, takes(num(0.2, 0.8), num(2.5, 3.5), whole(0, 9)), wrt=(0, 1)),
    Case(pendulum_rk4, takes(num(), num(), num(1, 2), 0.05, whole(0, 5)), wrt=(0, 1, 2, 3)),
    Case(lorenz_rk4, takes(vec(3), vec(3), 0.02, whole(0, 4)), wrt=(0, 1, 2)),
    Case(euler_decay, takes(num(), num(), 0.1, whole(0, 6)), wrt=(0, 1, 2)),
    Case(verlet, takes(num(), num(), num(0.5, 2), whole(0, 6)), wrt=(0, 1, 2)),
    Case(n_body_step, takes(mat(3, 2), mat(3, 2), vec(3, 1, 2), 0.1), wrt=(0, 1, 2, 3)),
    Case(n_body_energy, takes(mat("n", 3), vec("n", 1, 2)), wrt=(0, 1)),
    Case(n_body_scalar, takes(vec(3), vec(3), vec(3, 1, 2), whole(1, 3)), wrt=(0, 1, 2)),
    Case(lennard_jones, takes(lambda d: d.rng.normal(size=(4, 2)) + 3 * np.arange(8).reshape(4, 2), num(1, 2), num(1, 2)), wrt=(0, 1, 2)),
    Case(heat_1d, takes(vec(), num(0.1, 0.4), whole(0, 5)), wrt=(0, 1)),
    Case(heat_1d_loops, takes(vec(), num(0.1, 0.4), whole(1, 4)), wrt=(0, 1)),
    Case(heat_2d, takes(mat(5, 6), num(0.1, 0.2), whole(0, 4)), wrt=(0, 1)),
    Case(heat_2d_buffers, takes(mat(5, 6), mat(5, 6, 0.1, 0.2), whole(0, 4)), wrt=(0, 1)),
    Case(heat_boundary, takes(vec(), num(), num(), whole(1, 4)), wrt=(0, 1, 2), expect="either"),
    Case(conductivity_misfit, takes(vec("n-1", 0.5, 1), vec("n"), vec("n"), whole(1, 5)), wrt=(0, 1, 2)),
    Case(upwind_advection, takes(vec(), num(-0.5, 0.5), whole(1, 4)), wrt=(0, 1), seeds=6),
    Case(burgers, takes(vec(), num(0.05, 0.1), whole(1, 4)), wrt=(0, 1)),
    Case(shallow_water, takes(vec("n", 1, 1.5), vec("n", 0, 0.2), 0.02, whole(1, 3)), wrt=(0, 1, 2)),
    Case(wave_equation, takes(vec(), num(0.3, 0.7), whole(0, 5)), wrt=(0, 1)),
    Case(gauss_seidel, takes(vec("n"), vec("n"), whole(1, 3)), wrt=(0, 1)),
    Case(seidel_2d, takes(mat(4, 5), whole(1, 2))),
    Case(dense_network, takes(mat("d", "h"), vec("h"), mat("h", "c"), vec("c"), mat("b", "d"), wholes("b", 0, "c")), wrt=(0, 1, 2, 3, 4), expect="either"),
    Case(dense_network_loop, takes(array(3, 4, 4), array(3, 4), vec(4), 3), wrt=(0, 1, 2)),
    Case(logistic_regression, takes(vec("n"), num(), mat("m", "n"), lambda d: (d.rng.random(d.size("m")) < 0.5) * 1.0), wrt=(0, 1)),
    Case(rnn, takes(mat("h", "d"), mat("h", "h"), vec("h"), mat("t", "d")), wrt=(0, 1, 2, 3)),
    Case(lstm, takes(mat(8, 5), vec(8), mat("t", 3)), wrt=(0, 1, 2)),
    Case(lstm_cell, takes(mat(8, 5), vec(8), vec(2), vec(2), vec(3)), wrt=(0, 1, 2, 3, 4)),
    Case(attention, takes(mat("m", "d"), mat("n", "d"), mat("n", "k")), wrt=(0, 1, 2)),
    Case(layer_norm, takes(mat(), vec(), vec()), wrt=(0, 1, 2)),
    Case(softmax, takes(vec())),
    Case(logsumexp, takes(vec())),
    Case(gmm, takes(vec("k"), mat("k", "d"), mat("k", "d"), mat("n", "d")), wrt=(0, 1, 2)),
    Case(gmm_vectorized, takes(vec("k"), mat("k", "d"), mat("k", "d"), mat("n", "d")), wrt=(0, 1, 2)),
    Case(kalman_scalar, takes(vec(), num(0.1, 1), num(0.1, 1), num(), num(0.5, 1)), wrt=(0, 1, 2, 3, 4)),
    Case(garch, takes(vec(), num(0.1, 0.3), num(0.1, 0.3), num(0.2, 0.5)), wrt=(0, 1, 2, 3)),
    Case(black_scholes, takes(num(90, 110), num(90, 110), num(0.5, 1), num(0.01, 0.1), num(0.1, 0.5)), wrt=(0, 1, 2, 3, 4)),
    Case(binomial_option, takes(num(9, 11), num(9, 11), num(1.05, 1.2), num(0.4, 0.6), whole(2, 5)), wrt=(0, 1, 2, 3)),
    Case(horner, takes(vec(), num()), wrt=(0, 1)),
    Case(horner_reversed_slice, takes(vec(), num()), wrt=(0, 1)),
    Case(chebyshev, takes(vec(), num()), wrt=(0, 1)),
    Case(simpson, takes(num(0, 1), num(2, 3), num(0.5, 1), whole(1, 3)), wrt=(0, 1, 2)),
    Case(trapezoid, takes(vec(), num()), wrt=(0, 1)),
    Case(cubic_spline, takes(np.array([0.0, 1.0, 2.5, 4.0]), vec(4), vec(4), num(0, 4)), wrt=(0, 1, 2, 3), seeds=5),
    Case(linear_interpolation, takes(np.array([0.0, 1.0, 2.5, 4.0]), vec(4), num(0, 4)), wrt=(0, 1, 2)),
    Case(de_boor, takes(mat("n", 2), num(0, 1)), wrt=(0, 1)),
    Case(convolution, takes(vec(7), vec(3)), wrt=(0, 1)),
    Case(convolution_2d, takes(mat(5, 6), mat(2, 3)), wrt=(0, 1)),
    Case(convolution_shifts, takes(vec(), vec(3)), wrt=(0, 1)),
    Case(power_iteration, takes(spd, whole(1, 4))),
    Case(page_rank, takes(mat("n", "n", 0.1, 1), num(0.5, 0.9), whole(1, 4)), wrt=(0, 1)),
    Case(conjugate_gradient, takes(spd, vec(4), whole(0, 3)), wrt=(0, 1)),
    Case(dynamic_time_warping, takes(vec("m"), vec("n")), wrt=(0, 1), expect="either"),
    Case(dynamic_time_warping_numpy, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(edit_costs, takes(mat())),
    Case(hmm_forward, takes(vec("n", 0.1, 1), mat("n", "n", 0.1, 1), mat("n", "m", 0.1, 1), wholes("t", 0, "m")), wrt=(0, 1, 2)),
    Case(hmm_forward_loops, takes(vec("n", 0.1, 1), mat("n", "n", 0.1, 1), mat("n", "m", 0.1, 1), wholes("t", 0, "m")), wrt=(0, 1, 2)),
    Case(reprojection_error, takes(camera, lambda d: d.rng.normal(size=3) + np.array([0, 0, 6.0]), num(0.5, 1), vec(2)), wrt=(0, 1, 2, 3)),
    Case(
        rodrigues, takes(np.zeros(3), vec(3)), wrt=(1,), name="rodrigues_at_zero",
    ),
    Case(gradient_descent, takes(vec("n"), mat("m", "n"), vec("m"), num(0.05, 0.1), whole(0, 4)), wrt=(0, 1, 2, 3)),
    Case(momentum_descent, takes(num(), num(0.01, 0.05), num(0.5, 0.9), whole(0, 6)), wrt=(0, 1, 2)),
    Case(running_statistics, takes(vec())),
    Case(moving_average, takes(vec(7), whole(1, 3))),
    Case(exponential_smoothing, takes(vec(), num(0.1, 0.9)), wrt=(0, 1)),
    Case(rosenbrock, takes(vec())),
    Case(rosenbrock_slices, takes(vec())),
    Case(ackley, takes(vec())),
    Case(robot_arm, takes(vec("n"), vec("n", 0.5, 1)), wrt=(0, 1)),
    Case(rigid_transform, takes(vec(3), vec(3), mat("n", 3)), wrt=(0, 1, 2)),
    Case(ray_through_lens, takes(num(), num(), num(1, 2), whole(1, 6)), wrt=(0, 1, 2)),
    Case(projectile_with_drag, takes(num(5, 9), num(0.3, 1), num(0.01, 0.1)), wrt=(0, 1, 2)),
    Case(lotka_volterra, takes(vec(4, 0.5, 1), vec(2, 0.5, 2), 0.05, whole(1, 6)), wrt=(0, 1, 2)),
    Case(sir_model, takes(num(0.3, 0.6), num(0.1, 0.2), num(0.8, 0.9), num(0.05, 0.1), whole(1, 6)), wrt=(0, 1, 2, 3)),
    Case(monte_carlo_path, takes(num(0, 0.1), num(0.1, 0.3), vec()), wrt=(0, 1, 2)),
    Case(bond_price, takes(num(0.01, 0.1), num(1, 5), whole(1, 6)), wrt=(0, 1)),
    Case(fft_by_sums, takes(vec())),
    Case(normal_equations, takes(mat("m", 2), vec("m")), wrt=(0, 1)),
    Case(kernel_regression, takes(vec("m"), vec("m"), vec("k"), num(0.5, 1)), wrt=(0, 1, 2, 3)),
    Case(contrastive, takes(mat("n", "d"), mat("n", "d"), num(0.5, 1)), wrt=(0, 1, 2), expect="either"),
    Case(batch_norm, takes(mat(), vec(), vec()), wrt=(0, 1, 2)),
    Case(ising_energy, takes(mat("n", "n"), num()), wrt=(0, 1)),
    Case(hand_unrolled_matrix_chain, takes(mat(2, 2), vec(2)), wrt=(0, 1)),
]
