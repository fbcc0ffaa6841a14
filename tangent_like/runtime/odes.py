"""Ordinary differential equations by Runge-Kutta steps, of a fixed size or adapted to the error.

These are programs of the language, and are differentiated as they stand: the derivative is that of the numbers that
they give (the discrete adjoint), exact but for rounding. Hairer, Nørsett & Wanner, "Solving Ordinary Differential
Equations I", II.1, II.4 and II.5; Dormand & Prince (1980).
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.checkpoints import checkpointed
from tangent_like.runtime.scalars import stop_gradient
from tangent_like.runtime.scipy_solvers import flow, stiff_flow


def odeint(
    f, y0, t, *params, method="rk4", steps=1, slots=None, adjoint="discrete", rtol=1e-8, atol=1e-10, max_steps=10_000
):
    """Return ``y`` at the times ``t``, stacked, where ``dy/dt = f(y, t, *params)`` and ``y = y0`` at ``t[0]``.

    ``y0`` is a number or an array. ``method``: "euler", "midpoint" or "rk4" take ``steps`` steps from each time to the
    next (errors of order 1, 2 and 4 in their size); ``slots`` is then how many states the derivative keeps between two
    times (see ``checkpointed``), by default all. "dopri5" adapts its steps to ``rtol`` and ``atol`` (Dormand & Prince,
    order 5 with an error of order 4). Derivatives are those of the numbers that the steps give; the sizes of adapted
    steps, as fractions of the way between two times, are constants in them.

    ``adjoint="continuous"``: the equation is solved by SciPy, by "lsoda" or, where it is stiff, by "radau" or "bdf",
    and derivatives are the solution of the adjoint equation, with an error of their own. With "lsoda" nothing is
    kept of the way: the state is solved back beside its adjoint, and an ``ArithmeticError`` says where it does
    not come back to where it began. The stiff methods solve forward again, and keep that.

    A ``ValueError`` for another method; an ``ArithmeticError`` where ``max_steps`` from one time to the next do not do.
    """
    if adjoint == "continuous":
        return continuous_odeint(f, y0, t, *params, method=method)
    if adjoint != "discrete":
        raise ValueError(f"odeint: the adjoint is {adjoint!r}, and must be discrete or continuous")
    if method == "dopri5":
        return adaptive_odeint(f, y0, t, *params, rtol=rtol, atol=atol, max_steps=max_steps)
    if method not in ("euler", "midpoint", "rk4"):
        raise ValueError(f"odeint: the method is {method!r}, and must be euler, midpoint, rk4 or dopri5")
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


def adaptive_odeint(f, y0, t, *params, rtol, atol, max_steps):
    """As ``odeint``, by the method of Dormand and Prince; the last slope of a step is the first of the next."""
    y = y0 * 1.0
    ys = [y]
    a = f(y, t[0], *params)
    size = stop_gradient(first_step(y, a, rtol, atol))
    for k in range(len(t) - 1):
        span = t[k + 1] - t[k]
        length = abs(stop_gradient(span))
        done = 0.0 if length > 0 else 1.0
        turns = 0
        while done < 1.0:
            turns += 1
            if turns > max_steps:
                raise ArithmeticError(f"odeint: {max_steps} steps are not enough between times {k} and {k + 1}")
            part = min(size / length, 1.0 - done)
            last = part >= 1.0 - done
            new, b, error = dopri_step(f, y, a, t[k] + done * span, part * span, *params)
            off = stop_gradient(error_norm(error, y, new, rtol, atol))
            if off <= 1.0:
                y = new
                a = b
                done = 1.0 if last else done + part
            size = part * length * min(5.0, max(0.2, 0.9 * max(off, 1e-10) ** -0.2))
        ys.append(y)
    return np.stack(ys)


def dopri_step(f, y, a, t, h, *params):
    """Return the state one step after ``y``, whose slope is ``a``, its slope, and the error."""
    b = f(y + h * (a / 5), t + h / 5, *params)
    c = f(y + h * (3 / 40 * a + 9 / 40 * b), t + 3 / 10 * h, *params)
    d = f(y + h * (44 / 45 * a - 56 / 15 * b + 32 / 9 * c), t + 4 / 5 * h, *params)
    e = f(
        y + h * (19372 / 6561 * a - 25360 / 2187 * b + 64448 / 6561 * c - 212 / 729 * d), t + 8 / 9 * h, *params
    )
    g = f(
        y + h * (9017 / 3168 * a - 355 / 33 * b + 46732 / 5247 * c + 49 / 176 * d - 5103 / 18656 * e), t + h, *params
    )
    new = y + h * (35 / 384 * a + 500 / 1113 * c + 125 / 192 * d - 2187 / 6784 * e + 11 / 84 * g)
    last = f(new, t + h, *params)
    error = 71 / 57600 * a - 71 / 16695 * c + 71 / 1920 * d - 17253 / 339200 * e + 22 / 525 * g - last / 40
    return new, last, h * error


def error_norm(error, y, new, rtol, atol):
    """Return the error, in units of what it may be."""
    return np.sqrt(np.mean((error / (atol + rtol * np.maximum(np.abs(y), np.abs(new)))) ** 2))


def first_step(y, slope, rtol, atol):
    """Return a size for the first step, by which the state moves a hundredth of itself."""
    scale = atol + rtol * np.abs(y)
    high, low = np.sqrt(np.mean((y / scale) ** 2)), np.sqrt(np.mean((slope / scale) ** 2))
    return 1e-6 if high < 1e-5 or low < 1e-5 else 0.01 * high / low


def continuous_odeint(f, y0, t, *params, method):
    """As ``odeint``, by SciPy: time and its step are part of the state, and the adjoint is that of the flow."""
    if method not in ("lsoda", "radau", "bdf", "rk4"):
        raise ValueError(f"odeint: the method is {method!r}, and with a continuous adjoint lsoda, radau or bdf")
    shape = np.shape(y0)
    n = np.size(y0)

    def motion(z, *params):
        slope = f(np.reshape(z[:n], shape), z[n], *params)
        return np.concatenate([z[n + 1] * np.reshape(slope, n), np.array([z[n + 1], 0.0])])

    y = np.reshape(y0, n) * 1.0
    ys = [np.reshape(y, shape)]
    for k in range(len(t) - 1):
        z = np.concatenate([y, np.array([t[k], t[k + 1] - t[k]])])
        if method in ("radau", "bdf"):
            y = stiff_flow(motion, z, *params, method=method)[:n]
        else:
            y = flow(motion, z, *params)[:n]
        ys.append(np.reshape(y, shape))
    return np.stack(ys)
