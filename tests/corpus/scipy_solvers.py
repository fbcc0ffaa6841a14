"""Solvers of SciPy with the arguments that a program gives them: the value is SciPy's own, to the bit."""

import numpy as np
from scipy import integrate, optimize
from scipy.integrate import odeint, solve_ivp

from case import Case, num, takes, vec

TIMES = [0.0, 0.5, 1.5]


def swing(y, t, k):
    return [y[1], -k * np.sin(y[0]) - 0.1 * y[1] + 0.2 * t]


def slope_of_swing(y, t, k):
    return np.array([[0.0, 1.0], [-k * np.cos(y[0]), -0.1]])


def with_its_slope(y0, k):
    return np.sum(odeint(swing, y0, TIMES, args=(k,), Dfun=slope_of_swing, rtol=1e-11, atol=1e-12)[:, 0] ** 2)


def summed_rows(y0, k):
    def moved(t, y):
        return np.array([y[1], -k * y[0] * t])

    return np.sum(odeint(moved, y0, np.linspace(0, 2, 41), tfirst=True, rtol=1e-11, atol=1e-12))


def back_in_time(y0, k):
    return odeint(swing, y0, [1.0, 0.5, 0.0], args=(k,), rtol=1e-11, atol=1e-12, mxstep=5000)[-1] @ y0


def by_times(t, k):
    return np.sum(odeint(lambda y, t: -k * y * t, 1.5, np.cumsum(np.abs(t)), rtol=1e-11, atol=1e-12))


def hunters_and_prey(p):
    def rates(y, t):
        u, v = y
        return p[0] * u - p[1] * u * v, p[2] * u * v - v

    u, v = odeint(rates, (1.0, 0.5), np.arange(0, 1, 0.2), rtol=1e-11, atol=1e-12).T
    return u[-1] * v[2]


def by_columns(y0, k):
    s = solve_ivp(
        lambda t, y, k: [y[1], -k * y[0] * t], (0, 1.5), y0, "DOP853", np.linspace(0.3, 1.5, 9), rtol=1e-11, atol=1e-12,
        args=(k,),
    )  # fmt: skip
    return np.sum(s.y) * s.t[2] if s.success else 0.0


def by_lsoda(y0, k):
    s = solve_ivp(lambda t, y: [y[1], -k * y[0]], [0, 1.5], y0, method="LSODA", t_eval=TIMES, rtol=1e-11, atol=1e-12)
    return np.sum(s.y)


def by_radau(y0, k):
    s = solve_ivp(
        lambda t, y: [y[1], -k * y[0] * t], [0, 1.5], y0, method="Radau", t_eval=TIMES, rtol=1e-10, atol=1e-12,
        jac=lambda t, y: [[0.0, 1.0], [-k * t, 0.0]],
    )  # fmt: skip
    return np.sum(s.y[0])


def loss(x, a):
    return np.sum((x - a) ** 4) + np.sum(x * x * (1 + a * a)) + x[0] * x[1]


def slope_of_loss(x, a):
    return 4 * (x - a) ** 3 + 2 * x * (1 + a * a) + x[::-1]


def curve_of_loss(x, a):
    return np.diag(12 * (x - a) ** 2 + 2 * (1 + a * a)) + np.array([[0.0, 1.0], [1.0, 0.0]])


def loss_and_slope(x, a):
    return loss(x, a), slope_of_loss(x, a)


def least_by_slopes(a):
    most = {"maxiter": 90}
    found = optimize.minimize(loss, [0.0, 0.0], args=(a,), jac=slope_of_loss, tol=1e-12, method="BFGS", options=most)
    return found.x[0] * found.fun


def least_by_both(a):
    return optimize.minimize(loss_and_slope, np.zeros(2), args=(a,), jac=True, tol=1e-12).x @ a


def least_by_closures(a):
    return np.sum(optimize.minimize(lambda x: loss(x, a), [0.0, 0.0], jac=lambda x: slope_of_loss(x, a), tol=1e-12).x)


def least_by_curves(a):
    found = optimize.minimize(loss, np.zeros(2), (a,), "Newton-CG", slope_of_loss, curve_of_loss, tol=1e-12)
    return np.sum(found.x) if found.success else found.fun


def least_number(p):
    found = optimize.minimize_scalar(lambda x: np.cosh(x - p) + x**4 * p, bounds=(0, 2), options={"xatol": 1e-9})
    return found.fun * p


def system(x, a):
    return np.array([x[0] + 0.3 * np.sin(x[1]) - a[0], x[1] ** 3 + x[1] + 0.1 * x[0] - a[1]])


def slope_of_system(x, a):
    return np.array([[1.0, 0.3 * np.cos(x[1])], [0.1, 3 * x[1] ** 2 + 1]])


def root_by_slopes(a):
    found = optimize.root(system, [1.0, 1.0], args=(a,), jac=slope_of_system, tol=1e-13)
    if not found.success:
        raise ValueError(found.message)
    return np.sum(found.x**2)


def root_by_krylov(a):
    return np.sum(optimize.root(system, a, args=(a,), method="krylov", options={"fatol": 1e-13}).x)


def with_its_slopes(x):
    return np.array([x[0] + np.sin(x[0]), x[1] ** 3 + x[1]]), np.array([[1 + np.cos(x[0]), 0.0], [0.0, 3 * x[1] ** 2 + 1]])


def root_of_system_and_slopes(a):
    def moved(x):
        r, J = with_its_slopes(x)
        return r - a, J

    return optimize.root(moved, [1.0, 1.0], jac=True, tol=1e-12).x @ a


def squares_by_three_points(a):
    def left(x):
        return np.array([x[0] - a[0], x[1] ** 3 + x[1] - a[1], 0.1 * x[0] * x[1]])

    return np.sum(optimize.least_squares(left, [1.0, 1.0], jac="3-point", xtol=1e-15, ftol=1e-15, gtol=1e-15).x)


def by_fsolve(a):
    return np.sum(optimize.fsolve(system, [1.0, 1.0], args=(a,), fprime=slope_of_system, xtol=1e-13) ** 2)


def by_two_slopes(a):
    exact = optimize.fsolve(cubic, [1.0], args=(a,), fprime=lambda x, a: np.diag(3 * x * x + 1))
    nearly = optimize.fsolve(cubic, [1.0], args=(a,), fprime=lambda x, a: np.diag(3 * x * x + 1.3))
    return exact[0] + 3 * nearly[0]


def cubic(x, a):
    return x**3 + x - a


def printed(y0, k):
    def moved(y, t):
        print(f"at {t:.3f}")
        return -k * y

    return odeint(moved, y0, TIMES, rtol=1e-11, atol=1e-12)[-1, 0]


def root_of_both(p):
    return optimize.root_scalar(lambda x: (x**3 + x - p, 3 * x * x + 1), x0=1.0, fprime=True).root


def root_by_curves(p):
    return optimize.newton(lambda x: x**3 + x - p, 1.0, fprime=lambda x: 3 * x * x + 1, fprime2=lambda x: 6 * x)


def root_by_secants(p):
    return optimize.root_scalar(lambda x: x**3 + x - p, x0=1.0, x1=1.1, method="secant").root


T = np.linspace(0, 1, 7)


def misfit(c, w):
    return c[0] * np.exp(-c[1] * T) - np.exp(-0.7 * T) * (1 + 0.05 * w)


def slope_of_misfit(c, w):
    return np.stack([np.exp(-c[1] * T), -T * c[0] * np.exp(-c[1] * T)], axis=1)


def by_least_squares(w):
    found = optimize.least_squares(
        misfit, [1.0, 0.5], slope_of_misfit, method="lm", ftol=1e-15, xtol=1e-15, gtol=1e-15, args=(w,)
    )
    return found.x[1] + np.sum(found.fun**2)


def by_leastsq(w):
    return optimize.leastsq(misfit, [1.0, 0.5], (w,), slope_of_misfit, ftol=1e-15, xtol=1e-15)[0][1]


def between(a, b, w):
    return integrate.quad(lambda x, w: np.sum(np.sin(w * x) * x), a, b, args=(w,))[0] ** 2


def downward(a, k):
    return integrate.quad(lambda x: np.exp(-k * x), a, 0.3, epsabs=1e-12)[0]


def turned_fixed_point(p):
    return optimize.fixed_point(lambda x: np.cos(p * x), 0.5, method="iteration", xtol=1e-13, maxiter=2000)


def from_a_start(x0, a):
    root = optimize.root(lambda x: x**3 + x - a, x0, tol=1e-13).x
    return np.sum(root * a) + np.sum(optimize.fsolve(lambda x: x**3 + x - 2 * a, x0, xtol=1e-13))


def least_from_a_start(x0, a):
    return np.sum(optimize.minimize(lambda x: np.sum((x - a) ** 2), x0).x)


pair = takes(vec(2), num(0.5, 1.5))
single = np.ones(2, np.float32)
two = takes(vec(2))

CASES = [
    *(Case(f, pair, wrt=(0, 1), seeds=1) for f in (with_its_slope, summed_rows, back_in_time, by_columns)),
    *(Case(f, pair, wrt=(0, 1), seeds=1) for f in (by_lsoda, by_radau)),
    Case(by_times, takes(vec(3), num(0.5, 1.5)), wrt=(0, 1), seeds=1),
    Case(hunters_and_prey, takes(vec(3)), seeds=1),
    *(Case(f, two, seeds=1) for f in (least_by_slopes, least_by_both, least_by_closures, least_by_curves)),
    Case(root_by_slopes, two, seeds=1, tags=("dead lines",)),
    *(Case(f, two, seeds=1) for f in (root_by_krylov, by_fsolve, root_of_system_and_slopes)),
    *(Case(f, takes(num(0.5, 1.5)), seeds=1) for f in (least_number, root_of_both, root_by_curves, root_by_secants)),
    *(Case(f, takes(vec(7)), seeds=1) for f in (by_least_squares, by_leastsq)),
    Case(between, takes(num(), num(), vec(2)), wrt=(0, 1, 2), seeds=1),
    Case(downward, takes(num(), num(0.5, 1.5)), wrt=(0, 1), seeds=1),
    Case(squares_by_three_points, two, seeds=1),
    Case(by_two_slopes, takes(num(0.5, 1.5)), seeds=1),
    Case(printed, takes(num(0.5, 1.5), num(0.5, 1.5)), wrt=(0, 1), seeds=1),
    Case(turned_fixed_point, takes(num(0.3, 0.8)), seeds=1),
    *(
        Case(from_a_start, takes(x0, vec(2)), wrt=(1,), seeds=1, name=f"from_a_start_of_{name}")
        for name, x0 in (("a_list", [1.0, 0.5]), ("single", single), ("whole", np.ones(2, int)))
    ),
    Case(least_from_a_start, takes([1.0, 0.5], vec(2)), wrt=(1,), seeds=1),
    Case(least_from_a_start, takes(single, vec(2)), wrt=(1,), seeds=1, name="least_from_single", expect="refused"),
]
