"""Programs of scalars: recurrences, iterations, time stepping, early exits, helpers called in loops."""

import math

import numpy as np


# -- the logistic map ---------------------------------------------------------------------------------
def logistic(x: float, r: float, n: int):
    for _ in range(n):
        x = r * x * (1.0 - x)
    return x


def grad_logistic(x, r, n):
    x_saved = []
    for _ in range(n):
        x_saved.append(x)
        x = r * x * (1.0 - x)
    x_bar = 1.0
    r_bar = 0.0
    for _ in range(n):
        x = x_saved.pop()
        r_bar += x_bar * x * (1.0 - x)
        x_bar = x_bar * r * (1.0 - 2.0 * x)
    return x_bar, r_bar


# -- Newton's iteration for a cube root ---------------------------------------------------------------
def cube_root(a: float, x: float, tolerance: float):
    f = x * x * x - a
    while abs(f) > tolerance:
        x = x - f / (3.0 * x * x)
        f = x * x * x - a
    return x


def grad_cube_root(a, x, tolerance):
    saved = []
    f = x * x * x - a
    while abs(f) > tolerance:
        saved.append((x, f))
        x = x - f / (3.0 * x * x)
        f = x * x * x - a
    a_bar = 0.0
    x_bar = 1.0
    f_bar = 0.0
    for x, f in reversed(saved):
        x_new = x - f / (3.0 * x * x)
        x_bar += 3.0 * f_bar * x_new * x_new
        a_bar -= f_bar
        f_bar = -x_bar / (3.0 * x * x)
        x_bar += x_bar * 2.0 * f / (3.0 * x * x * x)
    a_bar -= f_bar
    return a_bar


# -- a pendulum by leapfrog ---------------------------------------------------------------------------
def swing(theta: float, omega: float, g: float, dt: float, steps: int):
    for _ in range(steps):
        omega -= 0.5 * dt * g * math.sin(theta)
        theta += dt * omega
        omega -= 0.5 * dt * g * math.sin(theta)
    return theta * theta + omega * omega


def grad_swing(theta, omega, g, dt, steps):
    theta_saved = []
    for _ in range(steps):
        omega -= 0.5 * dt * g * math.sin(theta)
        theta_saved.append(theta)
        theta += dt * omega
        omega -= 0.5 * dt * g * math.sin(theta)
    theta_bar = 2.0 * theta
    omega_bar = 2.0 * omega
    g_bar = 0.0
    for _ in range(steps):
        # omega -= 0.5 * dt * g * math.sin(theta)
        g_bar -= omega_bar * 0.5 * dt * math.sin(theta)
        theta_bar -= omega_bar * 0.5 * dt * g * math.cos(theta)
        # theta += dt * omega
        theta = theta_saved.pop()
        omega_bar += theta_bar * dt
        # omega -= 0.5 * dt * g * math.sin(theta)
        g_bar -= omega_bar * 0.5 * dt * math.sin(theta)
        theta_bar -= omega_bar * 0.5 * dt * g * math.cos(theta)
    return theta_bar, omega_bar, g_bar


# -- predators and prey by the classical Runge-Kutta method, with a helper ------------------------------
def rates(x, y, a, b):
    return a * x - b * x * y, b * x * y - y


def foxes(x: float, y: float, a: float, b: float, dt: float, steps: int):
    for _ in range(steps):
        k1, l1 = rates(x, y, a, b)
        k2, l2 = rates(x + 0.5 * dt * k1, y + 0.5 * dt * l1, a, b)
        x = x + dt * k2
        y = y + dt * l2
    return x + y


def rates_reverse(x, y, a, b, k_bar, l_bar):
    d_bar = (l_bar - k_bar) * b
    return k_bar * a + d_bar * y, d_bar * x - l_bar, k_bar * x, (l_bar - k_bar) * x * y


def grad_foxes(x, y, a, b, dt, steps):
    saved = []
    for _ in range(steps):
        k1, l1 = rates(x, y, a, b)
        x_mid, y_mid = x + 0.5 * dt * k1, y + 0.5 * dt * l1
        saved.append((x, y, x_mid, y_mid))
        k2, l2 = rates(x_mid, y_mid, a, b)
        x = x + dt * k2
        y = y + dt * l2
    x_bar = 1.0
    y_bar = 1.0
    a_bar = 0.0
    b_bar = 0.0
    for _ in range(steps):
        x, y, x_mid, y_mid = saved.pop()
        p_bar, q_bar, c_bar, d_bar = rates_reverse(x_mid, y_mid, a, b, dt * x_bar, dt * y_bar)
        a_bar += c_bar
        b_bar += d_bar
        x_bar += p_bar
        y_bar += q_bar
        p_bar, q_bar, c_bar, d_bar = rates_reverse(x, y, a, b, 0.5 * dt * p_bar, 0.5 * dt * q_bar)
        a_bar += c_bar
        b_bar += d_bar
        x_bar += p_bar
        y_bar += q_bar
    return x_bar, y_bar, a_bar, b_bar


# -- Rosenbrock's valley, term by term ------------------------------------------------------------------
def rosenbrock(x: np.ndarray):
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def grad_rosenbrock(x):
    x_bar = np.zeros_like(x)
    for i in range(len(x) - 1):
        t = 200.0 * (x[i + 1] - x[i] ** 2)
        x_bar[i + 1] += t
        x_bar[i] -= 2.0 * t * x[i] + 2.0 * (1.0 - x[i])
    return x_bar


# -- a cumulative product -------------------------------------------------------------------------------
def growth(rate: np.ndarray):
    level = 1.0
    total = 0.0
    for i in range(len(rate)):
        level = level * (1.0 + rate[i])
        total += level
    return total


def grad_growth(rate):
    level_saved = []
    level = 1.0
    for i in range(len(rate)):
        level_saved.append(level)
        level = level * (1.0 + rate[i])
    rate_bar = np.zeros_like(rate)
    level_bar = 0.0
    for i in range(len(rate) - 1, -1, -1):
        level_bar += 1.0
        rate_bar[i] = level_bar * level_saved.pop()
        level_bar = level_bar * (1.0 + rate[i])
    return rate_bar


# -- a return from inside a loop ------------------------------------------------------------------------
def first_over(x: np.ndarray, k: float, limit: float):
    level = 0.0
    for i in range(len(x)):
        level = k * level + x[i] * x[i]
        if level > limit:
            return level
    return k * level


def grad_first_over(x, k, limit):
    level_saved = []
    level = 0.0
    found = False
    for i in range(len(x)):
        level_saved.append(level)
        level = k * level + x[i] * x[i]
        if level > limit:
            found = True
            break
    x_bar = np.zeros_like(x)
    k_bar = 0.0 if found else level
    level_bar = 1.0 if found else k
    for i in range(len(level_saved) - 1, -1, -1):
        k_bar += level_bar * level_saved.pop()
        x_bar[i] = 2.0 * level_bar * x[i]
        level_bar = level_bar * k
    return x_bar, k_bar


# -- a helper of one number, called in a loop -----------------------------------------------------------
def softplus(z):
    return math.log(1.0 + math.exp(z))


def hinge(w: float, b: float, x: np.ndarray):
    total = 0.0
    for i in range(len(x)):
        total += softplus(w * x[i] + b)
    return total / len(x)


def softplus_reverse(z, y_bar):
    e = math.exp(z)
    return y_bar * e / (1.0 + e)


def grad_hinge(w, b, x):
    total_bar = 1.0 / len(x)
    w_bar = 0.0
    b_bar = 0.0
    for i in range(len(x) - 1, -1, -1):
        z_bar = softplus_reverse(w * x[i] + b, total_bar)
        w_bar += z_bar * x[i]
        b_bar += z_bar
    return w_bar, b_bar


# -- a continued fraction, evaluated from its end -------------------------------------------------------
def fraction(c: np.ndarray, z: float):
    value = 0.0
    for i in range(len(c) - 1, -1, -1):
        value = c[i] * z / (1.0 + value)
    return value


def grad_fraction(c, z):
    value_saved = []
    value = 0.0
    for i in range(len(c) - 1, -1, -1):
        value_saved.append(value)
        value = c[i] * z / (1.0 + value)
    c_bar = np.zeros_like(c)
    z_bar = 0.0
    value_bar = 1.0
    for i in range(len(c)):
        value = value_saved.pop()
        t_bar = value_bar / (1.0 + value)
        c_bar[i] = t_bar * z
        z_bar += t_bar * c[i]
        value_bar = -t_bar * c[i] * z / (1.0 + value)
    return c_bar, z_bar


def number(r, low, high):
    return float(r.uniform(low, high))


PAIRS = [
    dict(of=logistic, wrt=(0, 1), small=lambda r: (0.3, 3.2, 20), large=lambda r: (0.3, 3.2, 2_000)),
    dict(of=cube_root, wrt=0, small=lambda r: (5.0, 1.0, 1e-10), large=lambda r: (5e100, 1.0, 1e90)),
    dict(of=swing, wrt=(0, 1, 2), small=lambda r: (0.4, 0.1, 9.8, 0.02, 20), large=lambda r: (0.4, 0.1, 9.8, 0.002, 2_000)),
    dict(of=foxes, wrt=(0, 1, 2, 3), small=lambda r: (1.1, 0.6, 0.9, 1.2, 0.05, 20), large=lambda r: (1.1, 0.6, 0.9, 1.2, 0.002, 1_000)),
    dict(of=rosenbrock, wrt=0, small=lambda r: (r.normal(size=10),), large=lambda r: (r.normal(size=1_000),)),
    dict(of=growth, wrt=0, small=lambda r: (r.normal(0, 0.1, size=10),), large=lambda r: (r.normal(0, 0.01, size=1_000),)),
    dict(of=first_over, wrt=(0, 1), small=lambda r: (r.normal(size=10), 0.9, 1e9), large=lambda r: (r.normal(size=1_000), 0.9, 1e9)),
    dict(of=hinge, wrt=(0, 1), small=lambda r: (0.3, 0.1, r.normal(size=10)), large=lambda r: (0.3, 0.1, r.normal(size=1_000))),
    dict(of=fraction, wrt=(0, 1), small=lambda r: (r.uniform(0, 1, size=10), 0.4), large=lambda r: (r.uniform(0, 1, size=500), 0.4)),
]  # fmt: skip
