"""Ordinary differential equations by Runge-Kutta steps of a fixed size.

These are programs of the language, and are differentiated as they stand: the derivative is that of the numbers that
they give (the discrete adjoint), exact but for rounding. Hairer, Nørsett & Wanner, "Solving Ordinary Differential
Equations I", II.1.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.checkpoints import checkpointed


def odeint(f, y0, t, *params, method="rk4", steps=1, slots=None):
    """Return ``y`` at the times ``t``, stacked, where ``dy/dt = f(y, t, *params)`` and ``y = y0`` at ``t[0]``.

    ``y0`` is a number or an array. From each time to the next ``steps`` steps are taken, by ``method``: "euler",
    "midpoint" or "rk4" (errors of order 1, 2 and 4 in their size). ``slots``: how many states the derivative keeps
    between two times (see ``checkpointed``); by default all of them. A ``ValueError`` for another method.
    """
    if method not in ("euler", "midpoint", "rk4"):
        raise ValueError(f"odeint: the method is {method!r}, and must be euler, midpoint or rk4")
    y = y0 * 1.0
    ys = [y]
    for k in range(len(t) - 1):
        h = (t[k + 1] - t[k]) / steps
        if slots is None:
            for j in range(steps):
                y = runge_kutta_step(f, y, t[k] + j * h, h, method, *params)
        else:
            for j in checkpointed(range(steps), slots):
                y = runge_kutta_step(f, y, t[k] + j * h, h, method, *params)
        ys.append(y)
    return np.stack(ys)


def runge_kutta_step(f, y, t, h, method, *params):
    """Return the state one step of size ``h`` after ``y`` at ``t``."""
    a = f(y, t, *params)
    if method == "euler":
        return y + h * a
    b = f(y + 0.5 * h * a, t + 0.5 * h, *params)
    if method == "midpoint":
        return y + h * b
    c = f(y + 0.5 * h * b, t + 0.5 * h, *params)
    d = f(y + h * c, t + h, *params)
    return y + h / 6.0 * (a + 2.0 * b + 2.0 * c + d)
