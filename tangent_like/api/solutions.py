"""Solvers as they are called outside of a derivative: those of the runtime, with the slopes that they want."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tangent_like import runtime
from tangent_like.api.gradients import grad
from tangent_like.api.products import jvp


def minimize(
    loss: Callable[..., Any],
    x0: Any,
    *params: Any,
    tol: float | None = None,
    method: str | None = None,
    solver: Callable[..., Any] | None = None,
) -> Any:
    """Where ``loss(x, *params)`` is least near ``x0``: a float, or an array of the shape of ``x0``.

    SciPy's ``optimize.minimize`` with the gradient of ``loss`` and, to end with, a few steps of Newton's method;
    ``solver(loss, x0)`` instead, if it is given. Differentiated by the implicit function theorem. An
    ``ArithmeticError`` with the residual where the gradient is not zero to ``tol``.
    """
    slope = grad(loss)

    def curve(x: Any, *rest: Any) -> Any:
        *given, v = rest
        return jvp(slope, (x, *given), (v, *(None for _ in given)))

    return runtime.minimize(
        loss, x0 * 1.0, *params, slope=slope, curve=curve, tol=tol, method=method, solver=solver
    )
