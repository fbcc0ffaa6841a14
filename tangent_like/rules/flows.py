"""Flows of differential equations: where ``z`` is after one unit of time, if ``z' = f(z, p)``.

Backward the adjoint equation is solved, together with the flow itself: nothing is kept of the way. Pontryagin et al.
(1962); Chen et al., "Neural ordinary differential equations" (2018), appendix B. Forward the tangent is carried along.
What SciPy's solvers are in these terms stands at the end.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime import came_back, flow, like, stiff_flow, stiff_flow_back
from tangent_like.runtime.trajectories import finest, moved_back, tangents_along


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


def trajectory_reverse(
    f, start, params, x, x_bar, vjp, few=None, rtol=1e-8, atol=1e-8, hmax=0.0, max_step=np.inf
):
    return moved_back(f, start, params, x, x_bar, vjp, few, rtol, atol, hmax, max_step)


def trajectory_forward(
    f, start, params, x, start_dot, params_dot, jvp, rtol=1e-8, atol=1e-8, hmax=0.0, max_step=np.inf
):
    return tangents_along(
        f, start, params, x, start_dot, params_dot, jvp, finest(rtol), finest(atol), hmax, max_step
    )


def stepped_reverse(
    f, start, params, x, x_bar, vjp, few=None, rtol=1e-8, atol=1e-8, hmax=0.0, max_step=np.inf
):
    """The times between the ends stay where they are; so does the last, where it is an event's."""
    rows = np.concatenate([start[:1], x[1:]])
    bars = moved_back(f, rows, params, x, x_bar, vjp, few, rtol, atol, hmax, max_step)
    start_bar = np.zeros((len(start), len(start[0])))
    start_bar[0] = bars[0][0]
    start_bar[-1, -1] += np.where(x[-1, -1] == start[-1, -1], bars[0][-1, -1], 0.0)
    return start_bar, *bars[1:]


def stepped_forward(
    f, start, params, x, start_dot, params_dot, jvp, rtol=1e-8, atol=1e-8, hmax=0.0, max_step=np.inf
):
    rows = np.concatenate([start[:1], x[1:]])
    rows_dot = np.zeros((len(x), len(x[0])))
    rows_dot[0] = start_dot[0]
    rows_dot[-1, -1] += np.where(x[-1, -1] == start[-1, -1], start_dot[-1, -1], 0.0)
    return tangents_along(
        f, rows, params, x, rows_dot, params_dot, jvp, finest(rtol), finest(atol), hmax, max_step
    )


def cut_reverse(
    f, start, params, x, x_bar, vjp, few=None, rtol=1e-8, atol=1e-8, hmax=0.0, max_step=np.inf
):
    """Of the times of ``start`` those that are there."""
    bars = moved_back(f, start[: len(x)], params, x, x_bar, vjp, few, rtol, atol, hmax, max_step)
    start_bar = np.zeros((len(start), len(start[0])))
    start_bar[: len(x)] = bars[0]
    return start_bar, *bars[1:]


def cut_forward(
    f, start, params, x, start_dot, params_dot, jvp, rtol=1e-8, atol=1e-8, hmax=0.0, max_step=np.inf
):
    m = len(x)
    return tangents_along(
        f, start[:m], params, x, start_dot[:m], params_dot, jvp, finest(rtol), finest(atol), hmax, max_step
    )


# -- what a call of SciPy's stands for ---------------------------------------------------------------


def rows_from(y0, t):
    """A row for each time: the state to begin with, and the time."""
    return np.concatenate([np.ones((len(t), 1)) * y0, np.reshape(t, (len(t), 1))], axis=1)


def of_row(f, z, *args):
    """The right-hand side of ``solve_ivp``, of a state with the time behind it."""
    return np.array(f(z[-1], z[:-1], *args))


def time_last(f, t, y, *args):
    """The right-hand side of ``odeint`` as that of ``solve_ivp``."""
    return f(y, t, *args)


def of_event(g, z, *args):
    """An event of ``solve_ivp``, of a state with the time behind it."""
    return g(z[-1], z[:-1], *args)


def nearer(g, h, z, *args):
    """Of two events that which happens there: the other is not 0."""
    a = g(z, *args)
    b = h(z, *args)
    return a if np.abs(a) <= np.abs(b) else b
