"""The primals of targets.py, and below each the gradient that we accept for it, which is executed too.

`targets.py` shows how an engineer writes them. What stands below `# accepted` is written by `accept.py`.
"""

import math

import numpy as np


# -- straight line ------------------------------------------------------------------------------------
def chirp(x: float):
    y = math.sin(x)
    y = y * x
    return y


# accepted
def grad_chirp(x: float) -> float:
    """Gradient of chirp with respect to x."""
    # y = math.sin(x)
    return math.sin(x) + x * math.cos(x)


# -- a loop that needs nothing from the forward pass --------------------------------------------------
def wave_sum(x: np.ndarray):
    s = 0.0
    for i in range(len(x)):
        s += x[i] ** 2 * np.sin(x[i])
    return s


# accepted
def grad_wave_sum(x: np.ndarray) -> np.ndarray:
    """Gradient of wave_sum with respect to x."""
    x_bar = np.zeros_like(x)
    for i in range(len(x) - 1, -1, -1):
        # s += x[i] ** 2 * np.sin(x[i])
        x_bar[i] = 2 * np.sin(x[i]) * x[i] + x[i] ** 2 * np.cos(x[i])
    return x_bar


# -- a loop that carries a value ----------------------------------------------------------------------
def decay(x: float, k: float, n: int):
    # one factor per turn
    for i in range(n):
        x = x * math.exp(-k * x)
    return x


# accepted
def grad_decay(x: float, k: float, n: int) -> tuple[float, float]:
    """Gradient of decay with respect to x, k."""
    x_saved = []
    # one factor per turn
    for i in range(n):
        x_saved.append(x)
        x = x * math.exp(-k * x)
    x_bar = 1.0
    k_bar = 0.0
    for x in reversed(x_saved):
        # x = x * math.exp(-k * x)
        e = math.exp(-k * x)
        t_bar = x_bar * x * e
        k_bar -= t_bar * x
        x_bar = x_bar * e - t_bar * k
    return x_bar, k_bar


# -- a branch inside a loop ---------------------------------------------------------------------------
def soft_path(w: float, xs: np.ndarray):
    h = 0.1
    for i in range(len(xs)):
        if h > 0.2:
            h = math.tanh(w * h + xs[i])
        else:
            h = h * xs[i]
    return h


# accepted
def grad_soft_path(w: float, xs: np.ndarray) -> tuple[float, np.ndarray]:
    """Gradient of soft_path with respect to w, xs."""
    path_saved = []
    h_saved = []
    h = 0.1
    for i in range(len(xs)):
        path = h > 0.2
        h_saved.append(h)
        if path:
            h = math.tanh(w * h + xs[i])
        else:
            h = h * xs[i]
        path_saved.append(path)
    h_bar = 1.0
    w_bar = 0.0
    xs_bar = np.zeros_like(xs)
    for i in range(len(xs) - 1, -1, -1):
        if path_saved.pop():
            # h = math.tanh(w * h + xs[i])
            t_bar = h_bar * (1 - h ** 2)
            h = h_saved.pop()
            w_bar += t_bar * h
            xs_bar[i] += t_bar
            h_bar = t_bar * w
        else:
            # h = h * xs[i]
            h = h_saved.pop()
            xs_bar[i] += h_bar * h
            h_bar = h_bar * xs[i]
    return w_bar, xs_bar


# -- in-place writes to slices ------------------------------------------------------------------------
def jacobi(A: np.ndarray, T: int):
    A = A.copy()
    B = np.zeros_like(A)
    for t in range(T):
        B[1:-1] = (A[:-2] + A[1:-1] + A[2:]) / 3
        A[1:-1] = (B[:-2] + B[1:-1] + B[2:]) / 3
    return np.sum(A * A)


# accepted
def grad_jacobi(A: np.ndarray, T: int) -> np.ndarray:
    """Gradient of jacobi with respect to A."""
    A = A.copy()
    B = np.zeros_like(A)
    for t in range(T):
        B[1:-1] = (A[:-2] + A[1:-1] + A[2:]) / 3
        A[1:-1] = (B[:-2] + B[1:-1] + B[2:]) / 3
    # return np.sum(A * A)
    A_bar = 2 * A
    B_bar = np.zeros_like(B)
    for t in range(T - 1, -1, -1):
        # A[1:-1] = (B[:-2] + B[1:-1] + B[2:]) / 3
        t_bar = A_bar[1:-1] / 3
        B_bar[:-2] += t_bar
        B_bar[1:-1] += t_bar
        B_bar[2:] += t_bar
        A_bar[1:-1] = 0
        # B[1:-1] = (A[:-2] + A[1:-1] + A[2:]) / 3
        t_bar = B_bar[1:-1] / 3
        A_bar[:-2] += t_bar
        A_bar[1:-1] += t_bar
        A_bar[2:] += t_bar
        B_bar[1:-1] = 0
    return A_bar


# -- arrays of known rank -----------------------------------------------------------------------------
def ridge(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray, lam: float):
    r = X @ w + b - y
    return np.mean(r ** 2) + lam * np.sum(w ** 2)


# accepted
def grad_ridge(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray, lam: float) -> tuple[np.ndarray, float]:
    """Gradient of ridge with respect to w, b."""
    r = X @ w + b - y
    # return np.mean(r ** 2) + lam * np.sum(w ** 2)
    r_bar = 2 / r.size * r
    # r = X @ w + b - y
    return 2 * lam * w + X.T @ r_bar, np.sum(r_bar)


# -- a while loop -------------------------------------------------------------------------------------
def halvings(x: float):
    n = 0.0
    while x > 1.0:
        x = x * 0.5
        n = n + x
    return x * n


# accepted
def grad_halvings(x: float) -> float:
    """Gradient of halvings with respect to x."""
    n = 0.0
    turns = 0
    while x > 1.0:
        x = x * 0.5
        n = n + x
        turns += 1
    # return x * n
    x_bar = n
    for _ in range(turns):
        # x = x * 0.5
        x_bar = 0.5 * (x_bar + x)
    return x_bar


# -- a helper of the user's ---------------------------------------------------------------------------
def block(h: np.ndarray, W: np.ndarray):
    return h + np.tanh(h @ W)


def residual(W: np.ndarray, x: np.ndarray, depth: int):
    h = x
    for i in range(depth):
        h = block(h, W)
    return np.sum(h ** 2)


# accepted
def grad_residual(W: np.ndarray, x: np.ndarray, depth: int) -> np.ndarray:
    """Gradient of residual with respect to W."""
    if W.shape[1] != x.shape[1]:
        raise ValueError("this derivative is for W.shape[1] == x.shape[1]")
    saved = []
    h = x
    for i in range(depth):
        a = np.tanh(h @ W)
        saved.append((h, a))
        h = h + a
    # return np.sum(h ** 2)
    h_bar = 2.0 * h
    W_bar = np.zeros_like(W)
    for h, a in reversed(saved):
        # h = block(h, W)
        t_bar = h_bar * (1 - a ** 2)
        h_bar = h_bar + t_bar @ W.T
        W_bar += h.T @ t_bar
    return W_bar


# -- the arguments, for their kinds and for the comparison with differences ---------------------------
PAIRS = [
    dict(of=chirp, wrt="x", at=lambda r: (r.normal(),)),
    dict(of=wave_sum, wrt="x", at=lambda r: (r.normal(size=6),)),
    dict(of=decay, wrt=("x", "k"), at=lambda r: (r.uniform(0.5, 2), r.random(), 5)),
    dict(of=soft_path, wrt=("w", "xs"), at=lambda r: (r.normal(), r.normal(1, 0.5, size=9))),
    dict(of=jacobi, wrt="A", at=lambda r: (r.normal(size=9), 4)),
    dict(
        of=ridge,
        wrt=("w", "b"),
        at=lambda r: (r.normal(size=3), 0.2, r.normal(size=(7, 3)), r.normal(size=7), 0.1),
    ),
    dict(of=halvings, wrt="x", at=lambda r: (r.uniform(1, 100),)),
    dict(of=residual, wrt="W", at=lambda r: (r.normal(size=(3, 3)) / 3, r.normal(size=(4, 3)), 5)),
]
