"""Solvers of SciPy inside programs: roots, fixed points, minima and integrals by what they solve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.cli.main import main

optimize = pytest.importorskip("scipy.optimize")
integrate = pytest.importorskip("scipy.integrate")


def cubic(x, p, q):
    return x**3 + p * x - q


def by_brentq(p, q):
    return optimize.brentq(cubic, 0.0, 3.0, args=(p, q)) * p


def by_bisect(p, q):
    return optimize.bisect(lambda x: x**3 + p * x - q, 0.0, 3.0, xtol=1e-14)


def by_toms(p, q):
    return optimize.toms748(cubic, 0.0, p + 2.0, args=(p, q))


def by_secant(p, q):
    return optimize.newton(lambda x: x**3 + p * x - q, 1.0, tol=1e-12)


def by_newton(p, q):
    return optimize.newton(cubic, 1.0, fprime=lambda x, p, q: 3 * x * x + p, args=(p, q))


def system(x, a):
    return np.array([x[0] ** 2 + a[0] * x[1] - 1.5, x[1] ** 3 + x[0] - a[1]])


def by_root(a):
    found = optimize.root(system, [1.0, 1.0], args=(a,))
    if not found.success:
        raise ValueError("no root")
    return np.sum(found.x**2)


def by_fsolve(a):
    return np.sum(optimize.fsolve(system, np.ones(2), args=a) * a)


def by_fixed_point(p):
    return optimize.fixed_point(lambda x: np.cos(p * x), 0.5)


def by_minimize_scalar(p):
    return optimize.minimize_scalar(lambda x: (x - p) ** 2 + 0.3 * x**4 * p).x


T = np.linspace(0, 1, 7)
Y = np.exp(-T) + 0.001 * T


def misfit(c, w):
    return (1 + T) * (c[0] * np.exp(-c[1] * T) - w * Y)


def by_least_squares(w):
    return optimize.least_squares(misfit, np.array([1.0, 0.5]), ftol=1e-15, xtol=1e-15, gtol=1e-15, args=(w,)).x[1]


def between(a, b, k):
    return integrate.quad(lambda x: np.sin(k * x) * x, a, b)[0] ** 2


def up_to(b, k):
    area, _ = integrate.quad(lambda x, k: np.exp(k * x), 0, b, args=(k,))
    return area


def upward(a, k):
    return integrate.quad(lambda x, k: np.exp(-k * x), a, np.inf, args=(k,))[0]


def downward(b, k):
    return integrate.quad(lambda x: np.exp(k * x), -np.inf, b)[0]


def everywhere(k):
    return integrate.quad(lambda x: np.exp(-k * x * x), -np.inf, np.inf)[0]


def backward(k):
    return integrate.quad(lambda x: np.exp(-k * x), np.inf, 0.5)[0] + integrate.quad(lambda x: x * k, 2.0, 1.0)[0]


def of_an_array(w):
    return integrate.quad(lambda x: np.sum(w * np.sin(w * x)), 0.0, 1.0)[0]


def swing(y, t, k, w):
    x, v = y
    return [v, -k * np.sin(x) - w[0] * v + w[1] * t]


TIMES = np.linspace(0, 1.5, 3)


def by_odeint(y0, k, w):
    return np.sum(integrate.odeint(swing, y0, TIMES, args=(k, w), rtol=1e-11, atol=1e-12) ** 2)


def by_solve_ivp(y0, k):
    def f(t, y):
        return np.array([y[1] * t, -k * y[0]])

    found = integrate.solve_ivp(f, (0.0, 1.5), y0, t_eval=TIMES, rtol=1e-10, atol=1e-12)
    return np.sum(found.y[:, -1] ** 2)


def until(t1):
    return np.sum(integrate.solve_ivp(lambda t, y: -0.7 * y * t, (0.0, t1), [1.0, 2.0], t_eval=[t1], rtol=1e-10).y)


A = np.array([0.7, 1.9])
W = np.array([1.0, 2.0, 0.5, 1.0, 1.0, 1.5, 0.8])
PROGRAMS: list[tuple[Any, tuple[Any, ...]]] = [
    (by_brentq, (1.3, 2.0)), (by_bisect, (1.3, 2.0)), (by_toms, (1.3, 2.0)), (by_secant, (1.3, 2.0)),
    (by_newton, (1.3, 2.0)), (by_root, (A,)), (by_fsolve, (A,)), (by_fixed_point, (0.8,)),
    (by_minimize_scalar, (1.2,)), (by_least_squares, (1 + W / 50,)), (between, (0.2, 1.5, 0.9)), (up_to, (1.5, 0.9)),
    (upward, (0.3, 0.7)), (downward, (0.4, 0.7)), (everywhere, (0.7,)), (backward, (0.7,)), (of_an_array, (A,)),
    (by_odeint, (A, 0.9, np.array([0.1, 0.4]))), (by_solve_ivp, (A, 0.9)), (until, (0.9,)),
]  # fmt: skip


@pytest.mark.parametrize(("f", "args"), PROGRAMS, ids=[f.__name__ for f, _ in PROGRAMS])
def test_by_differences(f: Any, args: tuple[Any, ...]) -> None:
    every = tuple(range(len(args)))
    tl.check_grads(f, args, every)
    value, _ = tl.value_and_grad(f, every)(*args)
    assert value == f(*args)


@pytest.mark.parametrize("f", [by_brentq, by_root, between, of_an_array, by_solve_ivp])
def test_second_order(f: Any) -> None:
    args = dict(PROGRAMS)[f]
    tl.check_grads(f, args, tuple(range(len(args))), order=2)


def loss(x, a):
    return np.sum((x - a) ** 4) + np.sum(x * x * a) + x[0] * x[1]


def test_minimize_is_right_to_the_digits_of_scipy() -> None:
    def least(a):
        found = optimize.minimize(loss, np.zeros(2), args=(a,), method="BFGS")
        return found.x[0] * found.fun

    def precisely(a):
        return tl.minimize(loss, np.zeros(2), a)[0] * loss(tl.minimize(loss, np.zeros(2), a), a)

    steps = [(precisely(A + e) - precisely(A - e)) / 2e-5 for e in np.eye(2) * 1e-5]
    value, bar = tl.value_and_grad(least)(A)
    assert value == least(A)
    np.testing.assert_allclose(bar, steps, rtol=1e-5, atol=1e-5)


def test_the_text_solves_and_does_not_iterate() -> None:
    text = tl.grad(by_brentq, (0, 1)).source_for(1.3, 2.0)
    assert "bracketed_root(" in text
    assert "for " not in text


def test_what_is_refused() -> None:
    def without_p0(a):
        return optimize.curve_fit(lambda t, a: a * t, A, A * a, bounds=(0, 9))[0][0]

    def programmed(a):
        return optimize.linprog(a, A_ub=[[1.0, 2.0]], b_ub=[3.0]).fun

    def message(a):
        return optimize.root(system, np.ones(2), args=(a,)).nfev * np.sum(a)

    def uncertain(k):
        area, error = integrate.quad(lambda x: x * k, 0.0, 1.0)
        return area + error

    def counted(k):
        return integrate.solve_ivp(lambda t, y: -k * y, (0.0, 1.0), [1.0]).nfev * k

    def ends_later(k):
        def hit(t, y):
            return y[0] - 0.5

        hit.terminal = 2
        return integrate.solve_ivp(lambda t, y: -k * y, (0.0, 1.0), [1.0], events=hit).t[-1]

    def sometimes(k):
        def hit(t, y):
            return y[0] - 0.5

        if k > 0:
            hit.terminal = True
        return integrate.solve_ivp(lambda t, y: -k * y, (0.0, 1.0), [1.0], events=hit).t[-1]

    for f, at in (*((f, A) for f in (without_p0, programmed, message)), *((f, 0.5) for f in (uncertain, counted, ends_later, sometimes))):
        with pytest.raises(tl.DifferentiationError):
            tl.grad(f)(at)


def test_a_solver_without_a_derivative_is_called() -> None:
    """Not written out as what stands for it while programs are looked at: its start."""

    def held(a):
        x = tl.stop_gradient(optimize.minimize(loss, np.zeros(2), args=(a,), options={"gtol": 1e-9}).x)
        return np.sum(x**2 * a**3)

    x = optimize.minimize(loss, np.zeros(2), args=(A,), options={"gtol": 1e-9}).x
    np.testing.assert_allclose(tl.hvp(held)(A, np.ones(2)), 6 * x**2 * A)


def test_without_a_root_it_raises() -> None:
    def none(a):
        return np.sum(optimize.fsolve(lambda x: x * x + a, np.array([1.0])))

    with pytest.raises(ArithmeticError):
        tl.grad(none)(1.0)


def test_what_scipy_gives_is_the_value() -> None:
    """At its own tolerances, where it is far from the solution; and what it says of its success."""

    def hunted(p):
        return integrate.odeint(lambda y, t: [p * y[0] - y[0] * y[1], y[0] * y[1] - y[1]], [1.0, 0.5], TIMES)[-1, 0]

    def loosely(p):
        return np.sum(integrate.solve_ivp(lambda t, y: -p * y * t, (0.0, 2.0), [1.0, 2.0], t_eval=TIMES).y)

    def fitted_to(p):
        return optimize.least_squares(misfit, np.array([1.0, 0.5]), args=(1 + p * W,)).x[0]

    def without_slopes(p):
        return np.sum(optimize.minimize(loss, np.zeros(2), args=(p * A,), method="Nelder-Mead").x)

    def asked(p):
        found = optimize.minimize(lambda x: np.sum((x - p * A) ** 2) * 1e6 + 1e7, [0.0, 0.0])
        return np.sum(found.x) * (2.0 if found.success else 1.0)

    for f, p, rtol in (
        (hunted, 1.1, 1e-4), (loosely, 0.9, 1e-2), (fitted_to, 0.02, 1e-4), (without_slopes, 1.0, 0.1), (asked, 1.0, 0)
    ):  # fmt: skip
        value, slope = tl.value_and_grad(f)(p)
        assert value == f(p)
        assert tl.jvp(f, (p,), (1.0,)) == pytest.approx((value, slope), rel=1e-6)
        if rtol:
            assert slope == pytest.approx((f(p + 1e-3) - f(p - 1e-3)) / 2e-3, rel=rtol)


def straight(t: Any, p: Any, q: Any) -> Any:
    return p + q * t


def fitted(y: Any) -> Any:
    found, _ = optimize.curve_fit(straight, np.arange(4.0), y, sigma=np.array([1.0, 2.0, 1.0, 0.5]))
    return found[0] * found[1] ** 2


def fitted_from(y: Any) -> Any:
    return optimize.curve_fit(lambda t, p, q: p * np.exp(-q * t), np.arange(4.0), y, p0=[1.0, 0.1])[0][1]


def test_curves_through_points() -> None:
    y = np.array([2.0, 1.3, 0.9, 0.5])
    weighted = np.stack([np.ones(4), np.arange(4.0)], axis=1) / np.array([[1.0], [2.0], [1.0], [0.5]])
    inverse = np.linalg.pinv(weighted) / np.array([1.0, 2.0, 1.0, 0.5])
    p, q = inverse @ y
    np.testing.assert_allclose(tl.grad(fitted)(y), q**2 * inverse[0] + 2 * p * q * inverse[1], rtol=1e-4)
    for f in (fitted, fitted_from):
        slope = tl.numeric.grad(f)(y) if f is fitted else np.array([centred(f, y, e) for e in np.eye(4)])
        np.testing.assert_allclose(tl.grad(f)(y), slope, rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(tl.jvp(f, (y,), (y,))[1], slope @ y, rtol=1e-3, atol=1e-4)
    with pytest.raises(tl.DifferentiationError, match="the covariance of curve_fit") as error:
        tl.grad(lambda y: optimize.curve_fit(straight, np.arange(4.0), y)[1][0, 0])(y)
    assert "tl.jacobian" in str(error.value)


def decaying(t: Any, p: Any, q: Any) -> Any:
    return p * np.exp(-q * t)


def spread_of_a_fit(y: Any) -> Any:
    """As the hint says it: the square roots of the covariance's diagonal."""
    t = np.arange(5.0)
    p, _ = optimize.curve_fit(decaying, t, y, p0=[1.0, 0.5])
    J = tl.jacobian(lambda p: decaying(t, p[0], p[1]))(p)
    r = decaying(t, p[0], p[1]) - y
    covariance = np.linalg.inv(J.T @ J) * np.sum(r**2) / (len(r) - len(p))
    return np.sqrt(np.diag(covariance)) @ p


def test_the_covariance_of_a_curve_written_out() -> None:
    def scipy_says(y: Any) -> Any:
        found, covariance = optimize.curve_fit(decaying, np.arange(5.0), y, p0=[1.0, 0.5], ftol=1e-13, xtol=1e-13)
        return np.sqrt(np.diag(covariance)) @ found

    y = np.array([2.0, 1.25, 0.9, 0.5, 0.45])
    assert abs(spread_of_a_fit(y) - scipy_says(y)) < 1e-5
    slope = np.array([centred(scipy_says, y, e) for e in np.eye(5)])
    np.testing.assert_allclose(tl.grad(spread_of_a_fit)(y), slope, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(tl.jvp(spread_of_a_fit, (y,), (y,))[1], slope @ y, rtol=1e-3, atol=1e-4)


def centred(f: Any, y: Any, direction: Any, step: float = 1e-4) -> float:
    return float((f(y + step * direction) - f(y - step * direction)) / (2 * step))


def no_root(p: float) -> Any:
    return np.sum(optimize.root(lambda x: np.array([x[0] ** 2 + p, x[0] - x[1]]), np.ones(2), method="lm").x)


def test_least_squares_that_end_at_no_root_are_no_solution() -> None:
    with pytest.raises(ArithmeticError):
        tl.grad(no_root)(0.7)


FLIGHT = '''
import numpy as np
from scipy.integrate import solve_ivp


def flight(y0: np.ndarray, k: float) -> float:
    def ground(t, y):
        return y[0]

    ground.terminal = True
    ground.direction = -1
    s = solve_ivp(lambda t, y: [y[1], -9.81 - k * y[1]], (0, 9), y0, events=ground, dense_output=True, rtol=1e-9)
    return s.t[-1] * s.t_events[0][0] + s.sol(0.1)[1]
'''


def test_a_module_of_a_file_that_is_read(tmp_path: Path) -> None:
    """Nothing is known of how many states there are: the text finds out."""
    (tmp_path / "flown.py").write_text(FLIGHT)
    assert main(["grad", f"{tmp_path / 'flown.py'}:flight", "--wrt", "y0,k", "-o", str(tmp_path / "d_flown.py")]) == 0
    namespace: dict[str, Any] = {}
    exec((tmp_path / "d_flown.py").read_text(), namespace)
    exec(FLIGHT, namespace)
    y0, k = np.array([0.5, 4.0]), 0.3
    y0_bar, k_bar = namespace["grad_flight"](y0, k)
    flight = namespace["flight"]
    steps = [(flight(y0 + h, k) - flight(y0 - h, k)) / 2e-4 for h in 1e-4 * np.eye(2)]
    np.testing.assert_allclose(y0_bar, steps, rtol=1e-5)
    np.testing.assert_allclose(k_bar, (flight(y0, k + 1e-4) - flight(y0, k - 1e-4)) / 2e-4, rtol=1e-5)
