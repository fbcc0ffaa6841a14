"""Flows of differential equations: where ``z`` is after one unit of time, if ``z' = f(z, p)``.

Backward the adjoint equation is solved, together with the flow itself: nothing is kept of the way. Pontryagin et al.
(1962); Chen et al., "Neural ordinary differential equations" (2018), appendix B. Forward the tangent is carried along.
What SciPy's solvers are in these terms stands at the end.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime import came_back, flow, like, stiff_flow, stiff_flow_back


def flow_reverse(f, start, params, x, x_bar, vjp):
    n = len(x)

    def back(w, *params):
        value, pull = vjp(f, w[:n], *params)
        bars = pull(w[n : 2 * n])
        return np.concatenate([-value, bars[0], *[np.ravel(bar) for bar in bars[1:]]])

    end = flow(back, np.concatenate([x, x_bar, *[np.zeros(np.size(p)) for p in params]]), *params)
    end = came_back(end, start)
    found = [end[n : 2 * n]]
    at = 2 * n
    for p in params:
        found.append(like(np.reshape(end[at : at + np.size(p)], np.shape(p)), p))
        at = at + np.size(p)
    return tuple(found)


def stiff_flow_reverse(f, start, params, x, x_bar, vjp):
    """As ``flow_reverse``, along the way forward, which is solved again."""
    n = len(start)

    def back(w, *params):
        value, pull = vjp(f, w[:n], *params)
        bars = pull(w[n : 2 * n])
        return np.concatenate([-value, bars[0], *[np.ravel(bar) for bar in bars[1:]]])

    begin = np.concatenate([start, x_bar, *[np.zeros(np.size(p)) for p in params]])
    end = stiff_flow_back(back, begin, *params, known=n)
    found = [end[n : 2 * n]]
    at = 2 * n
    for p in params:
        found.append(like(np.reshape(end[at : at + np.size(p)], np.shape(p)), p))
        at = at + np.size(p)
    return tuple(found)


def stiff_flow_forward(f, start, params, x, start_dot, params_dot, jvp):
    n = len(x)

    def along(w):
        value, moved = jvp(f, (w[:n], *params), (w[n:], *params_dot))
        return np.concatenate([value, moved])

    return stiff_flow(along, np.concatenate([start, start_dot]))[n:]


def flow_forward(f, start, params, x, start_dot, params_dot, jvp):
    n = len(x)

    def along(w):
        value, moved = jvp(f, (w[:n], *params), (w[n:], *params_dot))
        return np.concatenate([value, moved])

    return flow(along, np.concatenate([start, start_dot]))[n:]


def states(f, y0, t0, t, *args):
    """The states at the times ``t``, a row each, of what is ``y0`` at ``t0``: time and step are part of the state."""
    n = len(y0)

    def motion(z, *args):
        return np.concatenate([z[n + 1] * np.array(f(z[n], z[:n], *args)), np.array([z[n + 1], 0.0])])

    y = np.zeros((len(t), n))
    z = np.concatenate([y0, np.array([t0, t[0] - t0])])
    for k in range(len(t)):
        z = flow(motion, z, *args)
        y[k] = z[:n]
        if k + 1 < len(t):
            z = np.concatenate([z[: n + 1], np.array([t[k + 1] - t[k]])])
    return y


def time_last(f, t, y, *args):
    """The right-hand side of ``odeint`` as that of ``solve_ivp``."""
    return f(y, t, *args)
