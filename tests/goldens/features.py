"""One program a feature, and below it the gradient that we accept for it, which is executed too.

What stands below `# accepted` is written by `accept.py`: change a primal, or the compiler, run it, and
review the difference. The texts are for the kinds of the arguments at the end of this file.
"""

import math

import numpy as np


# -- a branch in a loop -------------------------------------------------------------------------------
def leaky(w: float, xs: np.ndarray):
    h = 0.0
    for i in range(len(xs)):
        # what leaks out depends on the sign
        z = w * h + xs[i]
        if z > 0:
            h = math.tanh(z)
        elif z > -1:
            h = 0.1 * z
        else:
            h = -0.1
    return h * h


# accepted
def grad_leaky(w: float, xs: np.ndarray) -> tuple[float, np.ndarray]:
    """Gradient of leaky with respect to w, xs."""
    z_saved = []
    h_saved = []
    h = 0.0
    for i in range(len(xs)):
        # what leaks out depends on the sign
        z = w * h + xs[i]
        h_saved.append(h)
        if z > 0:
            h = math.tanh(z)
        elif z > -1:
            h = 0.1 * z
        else:
            h = -0.1
        z_saved.append(z)
    # return h * h
    h_bar = 2 * h
    w_bar = 0.0
    xs_bar = np.zeros_like(xs)
    for i in range(len(xs) - 1, -1, -1):
        z = z_saved.pop()
        if z > 0:
            # h = math.tanh(z)
            z_bar = h_bar * (1 - h ** 2)
            h = h_saved.pop()
        elif z > -1:
            # h = 0.1 * z
            h = h_saved.pop()
            z_bar = 0.1 * h_bar
        else:
            # h = -0.1
            h = h_saved.pop()
            z_bar = 0.0
        # z = w * h + xs[i]
        w_bar += z_bar * h
        h_bar = z_bar * w
        xs_bar[i] = z_bar
    return w_bar, xs_bar


# -- while --------------------------------------------------------------------------------------------
def newton_root(a: float):
    x = a
    while abs(x * x - a) > 1e-9 * a:
        x = 0.5 * (x + a / x)
    return x


# accepted
def grad_newton_root(a: float) -> float:
    """Gradient of newton_root with respect to a."""
    x_saved = []
    x = a
    while abs(x * x - a) > 1e-9 * a:
        x_saved.append(x)
        x = 0.5 * (x + a / x)
    x_bar = 1.0
    a_bar = 0.0
    for x in reversed(x_saved):
        # x = 0.5 * (x + a / x)
        t_bar = 0.5 * x_bar
        a_bar += t_bar / x
        x_bar = t_bar - t_bar * (a / x / x)
    # x = a
    return a_bar + x_bar


# -- a store in a loop, read by later turns -----------------------------------------------------------
def recurrence(c: np.ndarray, n: int):
    y = np.zeros(n)
    y[0] = c[0]
    for i in range(1, n):
        y[i] = math.sin(c[1] * y[i - 1]) + c[2]
        y[i] *= c[0]
    return np.sum(y)


# accepted
def grad_recurrence(c: np.ndarray, n: int) -> np.ndarray:
    """Gradient of recurrence with respect to c."""
    y_saved = []
    y = np.zeros(n)
    y[0] = c[0]
    for i in range(1, n):
        y[i] = math.sin(c[1] * y[i - 1]) + c[2]
        y_saved.append(y[i])
        y[i] *= c[0]
    # return np.sum(y)
    y_bar = np.ones_like(y)
    c_bar = np.zeros_like(c)
    for i in range(n - 1, 0, -1):
        # y[i] *= c[0]
        y[i] = y_saved.pop()
        c_bar[0] += y_bar[i] * y[i]
        y_bar[i] *= c[0]
        # y[i] = math.sin(c[1] * y[i - 1]) + c[2]
        t_bar = y_bar[i] * math.cos(c[1] * y[i - 1])
        c_bar[1] += t_bar * y[i - 1]
        y_bar[i - 1] += t_bar * c[1]
        c_bar[2] += y_bar[i]
    # y[0] = c[0]
    c_bar[0] += y_bar[0]
    return c_bar


# -- buffers that are swapped -------------------------------------------------------------------------
def ping_pong(x: np.ndarray, rate: float, steps: int):
    old = x.copy()
    new = np.zeros_like(x)
    for _ in range(steps):
        new[1:-1] = old[1:-1] + rate * old[2:] * old[:-2]
        old, new = new, old
    return np.sum(old**2)


# accepted
def grad_ping_pong(x: np.ndarray, rate: float, steps: int) -> tuple[np.ndarray, float]:
    """Gradient of ping_pong with respect to x, rate."""
    a_saved = []
    new_saved_2 = []
    old = x.copy()
    old_bar = np.zeros_like(old)
    new = np.zeros_like(x)
    new_bar = np.zeros_like(new)
    for _ in range(steps):
        a = rate * old[2:]
        new_saved_2.append(new[1:-1].copy())
        new[1:-1] = old[1:-1] + a * old[:-2]
        old, new = new, old
        old_bar, new_bar = new_bar, old_bar
        a_saved.append(a)
    # return np.sum(old**2)
    old_bar[...] += 2.0 * old
    rate_bar = 0.0
    for _ in range(steps):
        new_bar, old_bar = old_bar, new_bar
        # old, new = new, old
        old, new = new, old
        # new[1:-1] = old[1:-1] + rate * old[2:] * old[:-2]
        new[1:-1] = new_saved_2.pop()
        v_bar = new_bar[1:-1].copy()
        a_bar = v_bar * old[:-2]
        new_bar[1:-1] = 0
        old_bar[1:-1] += v_bar
        old_bar[:-2] += v_bar * a_saved.pop()
        rate_bar += a_bar @ old[2:]
        old_bar[2:] += a_bar * rate
    # old = x.copy()
    return old_bar.copy(), rate_bar


# -- a call in a loop ---------------------------------------------------------------------------------
def relax(v, target, rate=0.5):
    return v + rate * np.tanh(target - v)


def relaxed(v: np.ndarray, target: np.ndarray, steps: int):
    for _ in range(steps):
        v = relax(v, target)
    return np.sum(v * target)


# accepted
def grad_relaxed(v: np.ndarray, target: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of relaxed with respect to v, target."""
    if target.shape != v.shape:
        raise ValueError("this derivative is for target.shape == v.shape")
    a_saved = []
    for _ in range(steps):
        a = np.tanh(target - v)
        v = v + 0.5 * a
        a_saved.append(a)
    # return np.sum(v * target)
    v_bar = target
    target_bar = v
    for _ in range(steps):
        # v = relax(v, target)
        t_bar = 0.5 * v_bar * (1 - a_saved.pop() ** 2)
        target_bar = target_bar + t_bar
        v_bar = v_bar - t_bar
    return v_bar.copy(), target_bar.copy()


# -- recursion ----------------------------------------------------------------------------------------
def continued(x, n):
    if n == 0:
        return x
    return x / (1.0 + continued(x, n - 1))


def fraction(x: float, n: int):
    return continued(x, n) * x


# accepted
def continued_forward(x, n):
    a = None
    continued_saved = None
    if n == 0:
        result = x
    else:
        continued_value, continued_saved = continued_forward(x, n - 1)
        a = 1.0 + continued_value
        result = x / a
    return result, (n, result, a, continued_saved)


def continued_reverse(saved, result_bar):
    n, result, a, continued_saved = saved
    if n == 0:
        # return x
        x_bar = result_bar
    else:
        # return x / (1.0 + continued(x, n - 1))
        x_bar = result_bar / a + continued_reverse(continued_saved, -result_bar * (result / a))
    return x_bar


def grad_fraction(x: float, n: int) -> float:
    """Gradient of fraction with respect to x."""
    continued_value, continued_saved = continued_forward(x, n)
    # return continued(x, n) * x
    return continued_value + continued_reverse(continued_saved, x)


# -- where --------------------------------------------------------------------------------------------
def huber(r: np.ndarray, delta: float):
    small = np.abs(r) <= delta
    return np.sum(np.where(small, r**2 / 2, delta * (np.abs(r) - delta / 2)))


# accepted
def grad_huber(r: np.ndarray, delta: float) -> tuple[np.ndarray, float]:
    """Gradient of huber with respect to r, delta."""
    small = np.abs(r) <= delta
    a = np.abs(r) - delta / 2
    # return np.sum(np.where(small, r**2 / 2, delta * (np.abs(r) - delta / 2)))
    a_bar = np.where(small, 0.0, delta)
    return (
        np.where(small, 2 / 2 * r, delta * np.sign(r)),
        np.sum(np.where(small, 0.0, a)) + np.sum(np.where(small, 0.0, -a_bar)) / 2,
    )


# -- broadcasting -------------------------------------------------------------------------------------
def standardized(X: np.ndarray, shift: np.ndarray, scale: float):
    Z = (X - shift) / scale
    return np.sum(Z**3 * shift)


# accepted
def grad_standardized(X: np.ndarray, shift: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Gradient of standardized with respect to X, shift, scale."""
    if X.shape[1] != shift.shape[0]:
        raise ValueError("this derivative is for X.shape[1] == shift.shape[0]")
    Z = (X - shift) / scale
    # return np.sum(Z**3 * shift)
    Z_bar = 3 * shift * Z ** 2
    # Z = (X - shift) / scale
    X_bar = Z_bar / scale
    return X_bar, np.sum(Z ** 3, axis=0) - np.sum(X_bar, axis=0), -np.sum(Z_bar * Z) / scale


# -- an index array, repeated indices included --------------------------------------------------------
def embedded(table: np.ndarray, ids: np.ndarray):
    rows = table[ids]
    return np.sum(rows * rows[::-1])


# accepted
def grad_embedded(table: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Gradient of embedded with respect to table."""
    rows = table[ids]
    # return np.sum(rows * rows[::-1])
    rows_bar = rows[::-1].copy()
    rows_bar[::-1] += rows
    # rows = table[ids]
    table_bar = np.zeros_like(table)
    np.add.at(table_bar, ids, rows_bar)
    return table_bar


# -- sizes of which nothing is known before the call ----------------------------------------------------
def repelled(x: np.ndarray, k: float):
    i, j = np.triu_indices(len(x), 1)
    d = x[i] - x[j]
    near = d[np.abs(d) < 1.0]
    return k * np.sum(near ** 2 - near)


# accepted
def grad_repelled(x: np.ndarray, k: float) -> tuple[np.ndarray, float]:
    """Gradient of repelled with respect to x, k."""
    i, j = np.triu_indices(len(x), 1)
    d = x[i] - x[j]
    chosen = np.abs(d) < 1.0
    near = d[chosen]
    # near = d[np.abs(d) < 1.0]
    d_bar = np.zeros_like(d)
    d_bar[chosen] = 2 * k * near - k
    # d = x[i] - x[j]
    x_bar = np.zeros_like(x)
    np.add.at(x_bar, i, d_bar)
    np.add.at(x_bar, j, -d_bar)
    return x_bar, np.sum(near ** 2 - near)


# -- for over an array --------------------------------------------------------------------------------
def rows_weighted(X: np.ndarray, w: np.ndarray):
    s = 0.0
    for row in X:
        d = np.dot(row, w)
        s += d * math.sin(d)
    return s


# accepted
def grad_rows_weighted(X: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of rows_weighted with respect to X, w."""
    X_bar = np.zeros_like(X)
    w_bar = np.zeros_like(w)
    for k in range(len(X) - 1, -1, -1):
        row = X[k]
        d = np.dot(row, w)
        # s += d * math.sin(d)
        d_bar = math.sin(d) + d * math.cos(d)
        # d = np.dot(row, w)
        w_bar += d_bar * row
        X_bar[k] = d_bar * w
    return X_bar, w_bar


# -- early return -------------------------------------------------------------------------------------
def early(x: float, k: float):
    y = x * k
    if y < 0:
        return y * y
    z = math.sqrt(y)
    if z > 2:
        return z * x
    return z * k


# accepted
def grad_early(x: float, k: float) -> tuple[float, float]:
    """Gradient of early with respect to x, k."""
    y = x * k
    if y < 0:
        # return y * y
        y_bar = 2 * y
        x_bar = k_bar = 0.0
    else:
        z = math.sqrt(y)
        if z > 2:
            # return z * x
            z_bar = x
            x_bar = z
            k_bar = 0.0
        else:
            # return z * k
            z_bar = k
            k_bar = z
            x_bar = 0.0
        # z = math.sqrt(y)
        y_bar = z_bar * (0.5 / z)
    # y = x * k
    return x_bar + y_bar * k, k_bar + y_bar * x


# -- several results ----------------------------------------------------------------------------------
def rotated(x, y, angle):
    c, s = math.cos(angle), math.sin(angle)
    return c * x - s * y, s * x + c * y


def twisted(x: float, y: float, turns: int):
    for i in range(turns):
        x, y = rotated(x, y, 0.1 * x)
    return x * y


# accepted
def grad_twisted(x: float, y: float, turns: int) -> tuple[float, float]:
    """Gradient of twisted with respect to x, y."""
    saved = []
    for i in range(turns):
        angle = 0.1 * x
        c, s = math.cos(angle), math.sin(angle)
        saved.append((x, y, c, s))
        x, y = c * x - s * y, s * x + c * y
    # return x * y
    x_bar = y
    y_bar = x
    for x, y, c, s in reversed(saved):
        # x, y = rotated(x, y, 0.1 * x)
        c_bar = x_bar * x + y_bar * y
        s_bar = y_bar * x - x_bar * y
        x_bar, y_bar = x_bar * c + y_bar * s, y_bar * c - x_bar * s
        # x, y = rotated(x, y, 0.1 * x)
        x_bar += 0.1 * (s_bar * c - c_bar * s)
    return x_bar, y_bar


# -- the value too ------------------------------------------------------------------------------------
def softmax_loss(z: np.ndarray, k: int):
    e = np.exp(z - np.max(z))
    return -np.log(e[k] / np.sum(e))


# accepted
def value_and_grad_softmax_loss(z: np.ndarray, k: int):
    """Value and gradient of softmax_loss with respect to z."""
    e = np.exp(z - np.max(z))
    total = np.sum(e)
    # return -np.log(e[k] / np.sum(e))
    e_bar = np.zeros_like(e)
    e_bar[k] = -1.0 / e[k]
    # e = np.exp(z - np.max(z))
    return -np.log(e[k] / total), (e_bar + 1.0 / total) * e


# -- nothing is known of the arguments ----------------------------------------------------------------
def unknown(a, b):
    c = a * b
    c = np.exp(-c) + a
    return np.sum(c * c)


# accepted
from tangent_like.runtime import like, unbroadcast


def grad_unknown(a, b):
    """Gradient of unknown with respect to a, b."""
    e = np.exp(-(a * b))
    # return np.sum(c * c)
    c_2_bar = 2.0 * (e + a)
    # c = np.exp(-c) + a
    c_bar = -unbroadcast(c_2_bar, e) * e
    # c = a * b
    a_bar = unbroadcast(c_2_bar, a) + unbroadcast(c_bar * b, a)
    b_bar = unbroadcast(c_bar * a, b)
    return like(a_bar, a), like(b_bar, b)


# -- the arguments, for their kinds and for the comparison with differences ---------------------------
PAIRS = [
    dict(of=leaky, wrt=("w", "xs"), at=lambda r: (r.normal(), r.normal(size=9))),
    dict(of=newton_root, wrt="a", at=lambda r: (r.uniform(0.5, 9),)),
    dict(of=recurrence, wrt="c", at=lambda r: (r.normal(size=3), 6)),
    dict(of=ping_pong, wrt=("x", "rate"), at=lambda r: (r.normal(size=7), 0.3, 4)),
    dict(of=relaxed, wrt=("v", "target"), at=lambda r: (r.normal(size=4), r.normal(size=4), 3)),
    dict(of=fraction, wrt="x", at=lambda r: (r.uniform(0.5, 2), 4)),
    dict(of=huber, wrt=("r", "delta"), at=lambda r: (2 * r.normal(size=9), 1.0)),
    dict(
        of=standardized,
        wrt=("X", "shift", "scale"),
        at=lambda r: (r.normal(size=(4, 3)), r.normal(size=3), 1.5),
    ),
    dict(of=embedded, wrt="table", at=lambda r: (r.normal(size=(4, 3)), np.array([0, 2, 2, 0, 1]))),
    dict(of=repelled, wrt=("x", "k"), at=lambda r: (np.array([0.1, 0.4, 1.7, 0.9]), 0.3)),
    dict(of=rows_weighted, wrt=("X", "w"), at=lambda r: (r.normal(size=(4, 3)), r.normal(size=3))),
    dict(of=early, wrt=("x", "k"), at=lambda r: (3 * r.normal(), 3 * r.normal())),
    dict(of=twisted, wrt=("x", "y"), at=lambda r: (r.normal(), r.normal(), 3)),
    dict(of=softmax_loss, wrt="z", at=lambda r: (r.normal(size=5), 2), mode="value_and_grad"),
    dict(of=unknown, wrt=("a", "b"), at=lambda r: (r.normal(size=(4, 3)), r.normal(size=3)), known=False),
]
