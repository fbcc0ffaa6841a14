"""What moves along a trajectory of SciPy's: programs of the language, given the user's function and ``vjp`` or ``jvp``.

Slopes and tangents are solved for beside the state, forward and without beginning anew at each row, by LSODA: by an
implicit method where the equation is stiff. Hindmarsh & Serban, "User documentation for CVODES", 2.6.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.broadcast import like
from tangent_like.runtime.scalars import stop_gradient
from tangent_like.runtime.scipy_solvers import flow, known_root, trajectory


def along_rows(f, start, x, *params):
    """The rows ``x``, each as what the one before it becomes: time and step are part of the state."""
    n = len(start[0]) - 1

    def motion(z, *params):
        return np.concatenate([z[n + 1] * f(z[: n + 1], *params), np.array([z[n + 1], 0.0])])

    times = start[:, n]
    rows = np.zeros((len(start), n + 1))
    rows[0] = start[0]
    y = start[0, :n]
    for k in range(1, len(start)):
        z = flow(motion, np.concatenate([y, np.array([times[k - 1], times[k] - times[k - 1]])]), *params)
        y = z[:n] + stop_gradient(x[k, :n] - z[:n])
        rows[k, :n] = y
        rows[k, n] = times[k]
    return rows


def moved_back(f, start, params, x, x_bar, vjp, few, rtol, atol, hmax, max_step):
    """The adjoints of ``start``, which has a row for each of ``x``, and of ``params``.

    Of few states their slopes are carried along; of many the adjoint is solved from each row back to the one before.
    ``few`` says which, where it is known.
    """
    if few is None:
        few = len(start[0]) - 1 <= 8  # MOST_CARRIED, which a file that is only read has no name for
    if few:
        bars = slopes_along(f, start, params, x, x_bar, vjp, finest(rtol), finest(atol), hmax, max_step)
    else:
        _, pull = vjp(lambda start, *params: along_rows(f, start, x, *params), start, *params)
        bars = tuple(1.0 * bar for bar in pull(x_bar))  # in memory of their own
    return bars


def at_event(f, g, last, *args):
    """The row ``last``, at whose time ``g`` of it is 0: it moves as that time does."""
    n = len(last) - 1

    def motion(z, *args):
        return np.concatenate([z[n + 1] * f(z[: n + 1], *args), np.array([z[n + 1], 0.0])])

    def moved(t):
        return flow(motion, np.concatenate([last, np.array([t - last[n]])]), *args)[: n + 1]

    t = known_root(lambda t: g(moved(t), *args), stop_gradient(last[n]))
    row = moved(t)
    return stop_gradient(last) + (row - stop_gradient(row))


def ended_at_event(f, g, rows, end, *args):
    """The rows, of which the last is where ``g`` is 0 if it is not at the time ``end``."""
    if rows[-1, -1] != end:
        last = at_event(f, g, rows[-1], *args)
        rows = np.concatenate([rows[:-1], np.reshape(last, (1, len(last)))])
    return rows


def each_at_event(f, g, rows, *args):
    """The rows behind the first, each where ``g`` of it is 0."""
    found = np.zeros((len(rows) - 1, len(rows[0])))
    for k in range(len(rows) - 1):
        found[k] = at_event(f, g, rows[k + 1], *args)
    return found


MOST_CARRIED = 8  # states, of which the slopes are carried along


def finest(allowed):
    """What the user allows, which is one number or one for each state, and not more than a millionth."""
    return np.minimum(np.min(allowed), 1e-6)


def slopes_along(f, start, params, x, x_bar, vjp, rtol, atol, hmax, max_step):
    """The slopes of all rows by what the state begins with and by ``params``, times ``x_bar``."""
    n = len(start[0]) - 1
    count = n
    for p in params:
        count = count + np.size(p)

    unit = np.eye(n)

    def along(w, *params):
        value, pull = vjp(f, np.concatenate([w[:n], w[-1:]]), *params)
        slopes = np.zeros((n, count))
        for i in range(n):
            bars = pull(unit[i])
            slopes[i] = np.concatenate([bars[0][:n], *[np.ravel(bar) for bar in bars[1:]]])
        moved = slopes[:, :n] @ np.reshape(w[n:-1], (n, count))
        moved[:, n:] += slopes[:, n:]
        return np.concatenate([value, np.ravel(moved)])

    of_params = [atol / np.maximum(1.0, np.abs(np.ravel(p))) for p in params]
    scales = [atol / np.maximum(1.0, np.abs(start[0, :n])), *of_params]
    each = np.outer(np.ones(n), np.concatenate(scales))
    rows = np.zeros((len(start), n + n * count + 1))
    rows[0, :n] = start[0, :n]
    rows[0, n:-1] = np.ravel(np.eye(n, count))
    rows[:, -1] = start[:, n]
    allowed = stop_gradient(np.concatenate([np.full(n, atol), np.ravel(each)]))
    found = trajectory(along, rows, *params, rtol=rtol, atol=allowed, hmax=hmax, max_step=max_step, mxstep=10**5)
    bar = np.zeros(count)
    times_bar = np.zeros(len(start))
    for k in range(len(start)):
        bar = bar + x_bar[k, :n] @ np.reshape(found[k, n:-1], (n, count))
        times_bar[k] = x_bar[k, n] + x_bar[k, :n] @ f(x[k], *params)
    start_bar = np.zeros((len(start), n + 1))
    start_bar[0, :n] = bar[:n]
    start_bar[:, n] = times_bar
    start_bar[0, n] -= bar[:n] @ f(start[0], *params)
    bars = [start_bar]
    at = n
    for p in params:
        bars.append(like(np.reshape(bar[at : at + np.size(p)], np.shape(p)), p))
        at = at + np.size(p)
    return tuple(bars)


def tangents_along(f, start, params, x, start_dot, params_dot, jvp, rtol, atol, hmax, max_step):
    """The tangent is carried along with the state, and its times move each row along the slope there."""
    n = len(start[0]) - 1

    def along(w, *params):
        z, z_dot = np.concatenate([w[:n], w[-1:]]), np.concatenate([w[n:-1], [0.0]])
        value, moved = jvp(f, (z, *params), (z_dot, *params_dot))
        return np.concatenate([value, moved])

    begin_dot = start_dot[0, :n] - f(start[0], *params) * start_dot[0, n]
    size = np.max(np.abs(begin_dot) / np.maximum(1.0, np.abs(start[0, :n])), initial=0.0)
    for p, p_dot in zip(params, params_dot, strict=True):
        size = np.maximum(size, np.max(np.abs(p_dot) / np.maximum(1.0, np.abs(p)), initial=0.0))
    scale = np.where(size > 0, size, 1.0)
    allowed = stop_gradient(atol * np.concatenate([np.ones(n), np.full(n, scale)]))
    rows = np.zeros((len(start), 2 * n + 1))
    rows[0, :n] = start[0, :n]
    rows[0, n:-1] = begin_dot
    rows[:, -1] = start[:, n]
    found = trajectory(along, rows, *params, rtol=rtol, atol=allowed, hmax=hmax, max_step=max_step, mxstep=10**5)
    moved = np.zeros((len(start), n + 1))
    for k in range(len(start)):
        moved[k, :n] = found[k, n:-1] + f(x[k], *params) * start_dot[k, n]
        moved[k, n] = start_dot[k, n]
    return moved
