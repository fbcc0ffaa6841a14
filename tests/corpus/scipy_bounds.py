"""Minimizers of SciPy that are given bounds, or another loss than squares; and what comes back with full_output."""

import numpy as np
from scipy.optimize import Bounds, brentq, curve_fit, fsolve, least_squares, minimize, minimize_scalar, newton, root

from case import Case, takes, vec

TIMES = np.linspace(0, 2, 9)
SEEN = 1.5 * np.exp(-0.8 * TIMES) + 0.05 * np.sin(9 * TIMES)


def valley(x, p):
    return (x[0] - p[0]) ** 2 + (x[1] - p[1] * x[0]) ** 2 + p[2] * x[1] ** 2


def slope(x, p):
    a, b = x[0] - p[0], x[1] - p[1] * x[0]
    return np.array([2 * a - 2 * p[1] * b, 2 * b + 2 * p[2] * x[1]])


def between_bounds(p):
    r = minimize(valley, np.array([0.5, 0.5]), args=(p,), bounds=[(0, 0.3), (None, None)], tol=1e-12)
    return r.x[0] + 2 * r.x[1] + r.fun


def at_no_bound(p):
    ends = Bounds([-9.0, -9.0], [9.0, 9.0])
    r = minimize(valley, [0.5, 0.5], (p,), method="L-BFGS-B", jac=slope, bounds=ends, tol=1e-14)
    return r.x[0] + 2 * r.x[1]


def at_a_bound_that_moves(p):
    bounds = [(0, p[2] * 0.1), (None, 5.0)]
    r = minimize(valley, [0.5, 0.5], (p,), method="SLSQP", jac=slope, bounds=bounds, tol=1e-15)
    return r.x[0] + 2 * r.x[1]


def residual(x, p):
    return x[0] * np.exp(-x[1] * TIMES * p[0]) - SEEN * p[1]


def of_a_large_loss(p):
    def loss(x):
        return 1e6 * valley(x, p)

    r = minimize(loss, [0.5, 0.5], bounds=[(0, 3.0), (-1, 3.0)], jac=lambda x: 1e6 * slope(x, p), tol=1e-16)
    return r.x[0] + 2 * r.x[1]


def squares_between(p):
    r = least_squares(residual, [1.0, 0.5], bounds=([0, 0], [1.0, 10.0]), args=(p,), xtol=1e-14, ftol=1e-14, gtol=1e-14)
    return r.x[0] * r.x[1] * p[2]


def squares_by_boxes(p):
    r = least_squares(residual, [1.0, 0.1], args=(p,), bounds=(0, [9.0, 0.2]), method="dogbox", xtol=1e-14, ftol=1e-14)
    return r.x[0] * r.x[1] * p[2] + r.cost


def robust(p, loss):
    r = least_squares(
        lambda x: residual(x, p), [1.0, 0.5], loss="soft_l1", f_scale=0.1, xtol=1e-14, ftol=1e-14, gtol=1e-14
    )
    return r.x[0] * r.x[1] * p[2] + r.cost * loss


def by_cauchy(p):
    r = least_squares(lambda x: residual(x, p), [1.0, 0.5], loss="cauchy", xtol=1e-14, ftol=1e-14, gtol=1e-14)
    return r.x[0] * r.x[1] + r.fun[1]


def decay(t, a, b):
    return a * np.exp(-b * t)


def fitted_between(p):
    sharp = {"xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14}
    found, _ = curve_fit(decay, TIMES, SEEN * p[0] + p[1] * TIMES, p0=[1.0, 0.5], bounds=(0, [10, 10]), **sharp)
    return found[0] * found[1] * p[2]


def listed(p):
    x, y = fsolve(lambda v: [v[0] ** 2 - p[0] * v[1], v[1] ** 3 + v[0] - p[1]], (1.0, 1.0), xtol=1e-13)
    found = root(lambda v: (v[0] ** 2 - p[0] * v[1], v[1] ** 3 + v[0] - p[2]), [1.0, 1.0], tol=1e-13)
    return x * y + found.x[0]


def with_all_that_comes(p):
    x, _, flag, message = fsolve(lambda v: v**3 + v - p, np.ones(3), full_output=True, xtol=1e-13)
    if flag != 1:
        raise ValueError(message)
    y, found = brentq(lambda x: x**3 - p[0] - p[1] * x, 0.0, 5.0, full_output=True, xtol=1e-13)
    z, _ = newton(lambda x: x**3 - p[0] - p[1] * x, 3.0, full_output=True, tol=1e-13)
    return np.sum(x) + (y if found.converged else 0.0) + z * found.root


def a_number_at_its_bound(p):
    """The minimum without bounds is at ``p[0] + 1``."""
    r = minimize_scalar(lambda x, a: (x - a - 1) ** 2 * p[2], bounds=(-1.0, 0.4 * p[1]), args=(p[0],), options=NEAR)
    return r.x * r.fun


def a_number_held_low(p):
    return minimize_scalar(lambda x: np.exp(x) * p[0] + x, bounds=(p[1], 9.0), method="bounded", options=NEAR).x * p[2]


def small_rates(p):
    """Next to the bound 0, and not at it."""

    def apart(k):
        return k[0] * np.exp(-k[1] * 1e6 * TIMES) - p[0] * np.exp(-p[1] * TIMES) - 0.01 * np.sin(9 * TIMES)

    def slopes(k):
        e = np.exp(-k[1] * 1e6 * TIMES)
        return np.stack([e, -1e6 * TIMES * k[0] * e], axis=1)

    sharp = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
    r = least_squares(apart, [1.0, 5e-7], jac=slopes, bounds=(0, np.inf), x_scale=[1.0, 1e-6], **sharp)
    return r.x[0] + r.x[1] * 1e6


def zipped(p):
    low, high = [0.0, 0.2], p[:2] * 0.5
    return np.sum(minimize(valley, [0.1, 0.3], args=(p,), jac=slope, bounds=list(zip(low, high)), tol=1e-12).x ** 2)


def zipped_in_the_call(p):
    low, high = np.zeros(2), p[:2] * 0.5
    return np.sum(minimize(valley, [0.1, 0.3], args=(p,), jac=slope, bounds=zip(low, high), tol=1e-12).x ** 2)


def for_each_alike(p):
    bounds = [(0.2, None) for _ in range(len(p) - 1)]
    return np.sum(minimize(valley, [0.3, 0.3], args=(p,), jac=slope, bounds=bounds, tol=1e-12).x ** 2)


NEAR = {"xatol": 1e-11}
three = takes(vec(3, 0.7, 2.0))

CASES = [
    *(Case(f, three, seeds=1) for f in (between_bounds, at_no_bound, at_a_bound_that_moves, of_a_large_loss)),
    *(Case(f, three, seeds=1) for f in (squares_between, squares_by_boxes, by_cauchy, fitted_between)),
    Case(robust, takes(vec(3, 0.7, 2.0), 1.0), seeds=1),
    *(Case(f, three, seeds=1) for f in (a_number_at_its_bound, a_number_held_low, small_rates)),
    *(Case(f, three, seeds=1) for f in (listed, zipped, zipped_in_the_call, for_each_alike)),
    Case(with_all_that_comes, three, seeds=1, tags=("dead lines",)),
]
