"""The derivatives of solutions, by the implicit function theorem: of the equation, and not of the way to it.

Each rule is a program of the language like the user's: ``f`` is the user's function, ``params`` what it depends
on and carries a derivative; ``vjp``, ``jvp`` and ``grad``, where a rule names them, are handed in, so that it can be
called with ``tl.vjp``, and is read by the compiler with its own. Griewank & Walther, "Evaluating Derivatives", ch. 15;
Christianson, "Reverse accumulation and attractive fixed points" (1994).
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tangent_like.rules.flows import (
    cut_forward,
    cut_reverse,
    flow_forward,
    flow_reverse,
    stepped_forward,
    stepped_reverse,
    stiff_flow_forward,
    stiff_flow_reverse,
    trajectory_forward,
    trajectory_reverse,
)
from tangent_like.runtime import (
    accelerated_fixed_point,
    bracketed_root,
    fixed_point,
    flow,
    half_integral,
    known_least,
    known_root,
    line_integral,
    linear_solve,
    minimize,
    newton_root,
    root,
    scipy_fsolve,
    scipy_least_squares,
    scipy_leastsq,
    scipy_minimize,
    scipy_minimize_scalar,
    scipy_root,
    scipy_root_scalar,
    span_integral,
    stepped,
    stiff_flow,
    stiff_flow_back,
    trajectory,
    unit_integral,
)

# -- x = f(x, p): x_dot = f_x x_dot + f_p p_dot ------------------------------------------------------


def fixed_point_reverse(f, start, params, x, x_bar, vjp):
    """``w = x_bar + f_x^T w``, and ``f_p^T w`` is the adjoint."""
    _, pull = vjp(lambda x: f(x, *params), x)
    w = linear_solve(lambda w: w - pull(w)[0], x_bar)
    _, pull_params = vjp(lambda *params: f(x, *params), *params)
    return pull_params(w)


def fixed_point_forward(f, start, params, x, start_dot, params_dot, jvp):
    _, moved = jvp(lambda *params: f(x, *params), params, params_dot)
    return linear_solve(lambda v: v - jvp(lambda x: f(x, *params), (x,), (v,))[1], moved)


# -- g(x, p) = 0: g_x x_dot + g_p p_dot = 0 ----------------------------------------------------------


def root_reverse(g, start, params, x, x_bar, vjp):
    """``g_x^T w = -x_bar``, and ``g_p^T w`` is the adjoint."""
    _, pull = vjp(lambda x: g(x, *params), x)
    w = linear_solve(lambda w: pull(w)[0], -x_bar)
    _, pull_params = vjp(lambda *params: g(x, *params), *params)
    return pull_params(w)


def root_forward(g, start, params, x, start_dot, params_dot, jvp):
    _, moved = jvp(lambda *params: g(x, *params), params, params_dot)
    return linear_solve(lambda v: jvp(lambda x: g(x, *params), (x,), (v,))[1], -moved)


# -- the least: its gradient is zero there ------------------------------------------------------------


def minimize_reverse(loss, start, params, x, x_bar, vjp, jvp, grad):
    """The Hessian is symmetric, so ``w`` needs no transpose: ``loss_xx w = -x_bar``."""
    slope = grad(loss)
    w = linear_solve(lambda w: jvp(lambda x: slope(x, *params), (x,), (w,))[1], -x_bar, symmetric=True)
    _, pull_params = vjp(lambda *params: slope(x, *params), *params)
    return pull_params(w)


def minimize_forward(loss, start, params, x, start_dot, params_dot, jvp, grad):
    slope = grad(loss)
    _, moved = jvp(lambda *params: slope(x, *params), params, params_dot)
    return linear_solve(lambda v: jvp(lambda x: slope(x, *params), (x,), (v,))[1], -moved, symmetric=True)


def squares_reverse(f, start, params, x, x_bar, vjp, jvp, grad):
    """Half of the sum of the squares is what is least."""

    def half(x, *params):
        r = f(x, *params)
        return 0.5 * np.sum(r * r)

    slope = grad(half)
    w = linear_solve(lambda w: jvp(lambda x: slope(x, *params), (x,), (w,))[1], -x_bar, symmetric=True)
    _, pull_params = vjp(lambda *params: slope(x, *params), *params)
    return pull_params(w)


def squares_forward(f, start, params, x, start_dot, params_dot, jvp, grad):
    def half(x, *params):
        r = f(x, *params)
        return 0.5 * np.sum(r * r)

    slope = grad(half)
    _, moved = jvp(lambda *params: slope(x, *params), params, params_dot)
    return linear_solve(lambda v: jvp(lambda x: slope(x, *params), (x,), (v,))[1], -moved, symmetric=True)


# -- a linear equation: apply(x, p) = b --------------------------------------------------------------


def linear_solve_reverse(apply, b, params, x, x_bar, vjp):
    """``apply^T w = x_bar`` is the adjoint of ``b``."""
    _, pull = vjp(lambda x: apply(x, *params), x)
    w = linear_solve(lambda w: pull(w)[0], x_bar)
    if not params:
        return (w,)
    _, pull_params = vjp(lambda *params: apply(x, *params), *params)
    return w, *pull_params(-w)


def linear_solve_forward(apply, b, params, x, b_dot, params_dot, jvp):
    right = b_dot
    if params:
        right = right - jvp(lambda *params: apply(x, *params), params, params_dot)[1]
    return linear_solve(lambda v: apply(v, *params), right)


# -- integrals over a range that does not change: limits are brought into the integrand ----------------


def unit_integral_reverse(f, start, params, x, x_bar, vjp):
    """The integral, from 0 to 1, of what flows back from each point."""
    bars = []
    for k, like in enumerate(params):
        bars.append(unit_integral(lambda t, k=k: vjp(lambda *params: f(t, *params), *params)[1](x_bar)[k], like))
    return tuple(bars)


def unit_integral_forward(f, start, params, x, start_dot, params_dot, jvp):
    return unit_integral(lambda t: jvp(lambda *params: f(t, *params), params, params_dot)[1], x)


def half_integral_reverse(f, start, params, x, x_bar, vjp):
    """The integral, from 0 on, of what flows back from each point."""
    bars = []
    for k, like in enumerate(params):
        bars.append(half_integral(lambda t, k=k: vjp(lambda *params: f(t, *params), *params)[1](x_bar)[k], like))
    return tuple(bars)


def half_integral_forward(f, start, params, x, start_dot, params_dot, jvp):
    return half_integral(lambda t: jvp(lambda *params: f(t, *params), params, params_dot)[1], x)


def line_integral_reverse(f, start, params, x, x_bar, vjp):
    """The integral, for every t, of what flows back from each point."""
    bars = []
    for k, like in enumerate(params):
        bars.append(line_integral(lambda t, k=k: vjp(lambda *params: f(t, *params), *params)[1](x_bar)[k], like))
    return tuple(bars)


def line_integral_forward(f, start, params, x, start_dot, params_dot, jvp):
    return line_integral(lambda t: jvp(lambda *params: f(t, *params), params, params_dot)[1], x)


def span_integral_reverse(f, limits, params, x, x_bar, vjp):
    """The integral of what flows back from each point, and what the integrand is at the limits."""
    a, b = limits[0], limits[1]
    bars = [np.array([x_bar[0] - x_bar[1] * f(a, *params), x_bar[1] * f(b, *params)])]
    for k, like in enumerate(params):
        bars.append(
            (b - a)
            * unit_integral(
                lambda t, k=k: vjp(lambda *params: f(a + t * (b - a), *params), *params)[1](x_bar[1])[k], like
            )
        )
    return tuple(bars)


def span_integral_forward(f, limits, params, x, limits_dot, params_dot, jvp):
    a, b = limits[0], limits[1]
    moved = limits_dot[1] * f(b, *params) - limits_dot[0] * f(a, *params)
    if params:
        moved = moved + (b - a) * unit_integral(
            lambda t: jvp(lambda *params: f(a + t * (b - a), *params), params, params_dot)[1], x[1]
        )
    return np.array([limits_dot[0], moved])


# -- what a call of SciPy's stands for ---------------------------------------------------------------


def upward(f, a, t, *args):
    return f(a + t, *args)


def downward(f, b, t, *args):
    return f(b - t, *args)


def value_of(f, x, *args):
    """The first of what ``f`` returns, which is its value and its derivative."""
    return f(x, *args)[0]


def slope_of(f, x, *args):
    return f(x, *args)[1]


@dataclass(frozen=True)
class SolutionRule:
    """How a solver is differentiated; ``carries``: so does what it starts from (the right-hand side).

    One that no derivative is known of has no rules, and ``hint`` says what to do instead.
    """

    solver: Callable[..., object]
    reverse: Callable[..., object] | None
    forward: Callable[..., object] | None
    carries: bool = False
    hint: str = ""


SOLUTIONS = {
    rule.solver.__name__: rule
    for rule in (
        SolutionRule(fixed_point, fixed_point_reverse, fixed_point_forward),
        SolutionRule(root, root_reverse, root_forward),
        SolutionRule(minimize, minimize_reverse, minimize_forward),
        SolutionRule(linear_solve, linear_solve_reverse, linear_solve_forward, carries=True),
        SolutionRule(bracketed_root, root_reverse, root_forward),
        SolutionRule(newton_root, root_reverse, root_forward),
        SolutionRule(accelerated_fixed_point, fixed_point_reverse, fixed_point_forward),
        SolutionRule(scipy_root, root_reverse, root_forward),
        SolutionRule(scipy_fsolve, root_reverse, root_forward),
        SolutionRule(scipy_root_scalar, root_reverse, root_forward),
        SolutionRule(scipy_minimize, minimize_reverse, minimize_forward),
        SolutionRule(scipy_minimize_scalar, minimize_reverse, minimize_forward),
        SolutionRule(scipy_least_squares, squares_reverse, squares_forward),
        SolutionRule(scipy_leastsq, squares_reverse, squares_forward),
        SolutionRule(span_integral, span_integral_reverse, span_integral_forward, carries=True),
        SolutionRule(unit_integral, unit_integral_reverse, unit_integral_forward),
        SolutionRule(half_integral, half_integral_reverse, half_integral_forward),
        SolutionRule(line_integral, line_integral_reverse, line_integral_forward),
        SolutionRule(flow, flow_reverse, flow_forward, carries=True),
        SolutionRule(trajectory, trajectory_reverse, trajectory_forward, carries=True),
        SolutionRule(stepped, stepped_reverse, stepped_forward, carries=True),
        SolutionRule(known_least, minimize_reverse, minimize_forward),
        SolutionRule(known_root, root_reverse, root_forward),
        SolutionRule(stiff_flow, stiff_flow_reverse, stiff_flow_forward, carries=True),
        SolutionRule(stiff_flow_back, None, None, carries=True, hint="use adjoint='discrete', or method='lsoda'"),
    )
}
CUT = SolutionRule(stepped, cut_reverse, cut_forward, carries=True)  # at the times that it is given
# Of numbers whatever the result is: the function is not given what is solved for.
INTEGRALS = frozenset({"span_integral", "unit_integral", "half_integral", "line_integral"})

# The functions of SciPy that are called as one of these (``specialize/scipy_solvers.py``).
BRACKETING = ("brentq", "brenth", "ridder", "bisect", "toms748")
SCIPY_SOLVERS = (
    *(f"scipy.optimize.{name}" for name in BRACKETING),
    *(f"scipy.optimize.{name}" for name in ("root", "fsolve", "newton", "fixed_point")),
    *(f"scipy.optimize.{name}" for name in ("minimize", "minimize_scalar", "least_squares", "leastsq", "curve_fit")),
    *(f"scipy.optimize.{name}" for name in ("Bounds", "linprog")),
    *(f"scipy.{name}" for name in ("optimize.root_scalar", "integrate.fixed_quad")),
    *(f"scipy.integrate.{name}" for name in ("quad", "odeint", "solve_ivp")),
)
