"""The derivatives of solutions, by the implicit function theorem: of the equation, and not of the way to it.

Each rule is a program of the language like the user's: ``f`` is the user's function, ``params`` what it depends
on and carries a derivative; ``vjp``, ``jvp`` and ``grad``, where a rule names them, are handed in, so that it can be
called with ``tl.vjp``, and is read by the compiler with its own. Griewank & Walther, "Evaluating Derivatives", ch. 15;
Christianson, "Reverse accumulation and attractive fixed points" (1994).
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from collections.abc import Callable
from dataclasses import dataclass

from tangent_like.runtime import fixed_point, linear_solve, minimize, root

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


@dataclass(frozen=True)
class SolutionRule:
    """How a solver is differentiated; ``carries``: so does what it starts from (the right-hand side)."""

    solver: Callable[..., object]
    reverse: Callable[..., object]
    forward: Callable[..., object]
    carries: bool = False


SOLUTIONS = {
    rule.solver.__name__: rule
    for rule in (
        SolutionRule(fixed_point, fixed_point_reverse, fixed_point_forward),
        SolutionRule(root, root_reverse, root_forward),
        SolutionRule(minimize, minimize_reverse, minimize_forward),
        SolutionRule(linear_solve, linear_solve_reverse, linear_solve_forward, carries=True),
    )
}
