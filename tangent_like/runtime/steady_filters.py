"""Filters by their coefficients: in sections, and there and back over signals that have always stood as they begin.

For the latter SciPy has a state, which is linear in the first entry. What a filter makes of a constant is the constant
times ``sum(b) / sum(a)``: so the rest alone is filtered, from nothing, and no state is needed.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.banded import lagged


def unfiltered_forward(y_bar, a, axis=-1):
    """Return the adjoint of what ``scipy.signal.lfilter`` divides by ``a``."""
    from scipy import signal

    return np.flip(signal.lfilter(np.ones(1, np.result_type(y_bar)), a, np.flip(y_bar, axis), axis), axis)


# -- in sections -----------------------------------------------------------------------------------------


def sections_tangent(sos_dot, sos, x, axis=-1):
    """Return the tangent of ``scipy.signal.sosfilt(sos, x, axis)`` by ``sos``."""
    from scipy import signal

    dot = np.zeros_like(x)
    for k in range(len(sos)):
        b, a = sos[k, :3], sos[k, 3:]
        y = signal.lfilter(b, a, x, axis)
        moved = signal.lfilter(sos_dot[k, :3], a, x, axis) - signal.lfilter(sos_dot[k, 3:], a, y, axis)
        dot = signal.lfilter(b, a, dot, axis) + moved
        x = y
    return dot


def sections_adjoint(y_bar, sos, x, axis=-1):
    """Return the adjoint of ``sos`` in ``scipy.signal.sosfilt(sos, x, axis)``."""
    from scipy import signal

    between = [x]
    for k in range(len(sos)):
        between.append(signal.lfilter(sos[k, :3], sos[k, 3:], between[k], axis))
    rows = []
    for k in range(len(sos) - 1, -1, -1):
        u = unfiltered_forward(y_bar, sos[k, 3:], axis)
        rows.append(np.append(lagged(u, between[k], sos[k, :3], axis), -lagged(u, between[k + 1], sos[k, 3:], axis)))
        y_bar = np.flip(signal.lfilter(sos[k, :3], np.ones(1, np.result_type(y_bar)), np.flip(u, axis), axis), axis)
    return np.stack(rows[::-1])


# -- there and back, along the first axis ----------------------------------------------------------------


def extended(x, padtype, edge):
    """Return ``x`` with what ``scipy.signal.filtfilt`` puts before and behind it."""
    if padtype is None or edge == 0:
        return x
    left, right = np.flip(x[1 : edge + 1], 0), np.flip(x[-edge - 1 : -1], 0)
    if padtype == "odd":
        left, right = 2 * x[:1] - left, 2 * x[-1:] - right
    elif padtype == "constant":
        left, right = x[:1] + 0 * left, x[-1:] + 0 * right
    return np.concatenate([left, x, right])


def by_edge(a, b, padtype, padlen):
    """Return how many entries ``scipy.signal.filtfilt`` puts before and behind a signal."""
    if padtype is None:
        return 0
    return 3 * max(np.size(a), np.size(b)) if padlen is None else padlen


def steady(b, a, x):
    """Return ``x`` filtered from the state that its first entry would have led to."""
    from scipy import signal

    return signal.lfilter(b, a, x - x[:1], 0) + np.sum(b) / np.sum(a) * x[:1]


def steady_by_a(a_dot, b, a, x):
    """Return the tangent of ``steady(b, a, x)`` by ``a``."""
    from scipy import signal

    y = signal.lfilter(b, a, x - x[:1], 0)
    return -signal.lfilter(a_dot, a, y, 0) - np.sum(b) * np.sum(a_dot) / np.sum(a) ** 2 * x[:1]


def steady_to_b(y_bar, b, a, x):
    """Return the adjoint of ``b`` in ``steady(b, a, x)``."""
    return lagged(unfiltered_forward(y_bar, a, 0), x - x[:1], b, 0) + np.sum(y_bar * x[:1]) / np.sum(a)


def steady_to_a(y_bar, b, a, x):
    """Return the adjoint of ``a`` in ``steady(b, a, x)``."""
    from scipy import signal

    y = signal.lfilter(b, a, x - x[:1], 0)
    held = np.sum(b) / np.sum(a) ** 2 * np.sum(y_bar * x[:1])
    return -lagged(unfiltered_forward(y_bar, a, 0), y, a, 0) - held


def steady_to_x(y_bar, b, a):
    """Return the adjoint of ``x`` in ``steady(b, a, x)``."""
    from scipy import signal

    rest = np.flip(signal.lfilter(b, a, np.flip(y_bar, 0), 0), 0)
    first = rest[:1] - np.sum(rest, axis=0) + np.sum(b) / np.sum(a) * np.sum(y_bar, axis=0)
    return np.concatenate([first, rest[1:]])


def filtfilt_by_b(b_dot, b, a, x, axis=-1, padtype="odd", padlen=None):
    """Return the tangent of ``scipy.signal.filtfilt(b, a, x, axis, padtype, padlen)`` by ``b``."""
    edge = by_edge(a, b, padtype, padlen)
    there = extended(np.moveaxis(x, axis, 0), padtype, edge)
    back = np.flip(steady(b, a, there), 0)
    dot = np.flip(steady(b_dot, a, back) + steady(b, a, np.flip(steady(b_dot, a, there), 0)), 0)
    return np.moveaxis(dot[edge : len(dot) - edge], 0, axis)


def filtfilt_by_a(a_dot, b, a, x, axis=-1, padtype="odd", padlen=None):
    """Return the tangent of ``scipy.signal.filtfilt(b, a, x, axis, padtype, padlen)`` by ``a``."""
    edge = by_edge(a, b, padtype, padlen)
    there = extended(np.moveaxis(x, axis, 0), padtype, edge)
    back = np.flip(steady(b, a, there), 0)
    dot = np.flip(steady_by_a(a_dot, b, a, back) + steady(b, a, np.flip(steady_by_a(a_dot, b, a, there), 0)), 0)
    return np.moveaxis(dot[edge : len(dot) - edge], 0, axis)


def filtfilt_to_b(y_bar, b, a, x, axis=-1, padtype="odd", padlen=None):
    """Return the adjoint of ``b`` in ``scipy.signal.filtfilt(b, a, x, axis, padtype, padlen)``."""
    edge = by_edge(a, b, padtype, padlen)
    there = extended(np.moveaxis(x, axis, 0), padtype, edge)
    back = np.flip(steady(b, a, there), 0)
    bar = np.flip(beyond(np.moveaxis(y_bar, axis, 0), edge), 0)
    return steady_to_b(bar, b, a, back) + steady_to_b(np.flip(steady_to_x(bar, b, a), 0), b, a, there)


def filtfilt_to_a(y_bar, b, a, x, axis=-1, padtype="odd", padlen=None):
    """Return the adjoint of ``a`` in ``scipy.signal.filtfilt(b, a, x, axis, padtype, padlen)``."""
    edge = by_edge(a, b, padtype, padlen)
    there = extended(np.moveaxis(x, axis, 0), padtype, edge)
    back = np.flip(steady(b, a, there), 0)
    bar = np.flip(beyond(np.moveaxis(y_bar, axis, 0), edge), 0)
    return steady_to_a(bar, b, a, back) + steady_to_a(np.flip(steady_to_x(bar, b, a), 0), b, a, there)


def beyond(y_bar, edge):
    """Return ``y_bar`` between so many zeros on each side."""
    zeros = np.repeat(np.zeros_like(y_bar[:1]), edge, axis=0)
    return np.concatenate([zeros, y_bar, zeros])


# -- there and back, in sections -------------------------------------------------------------------------


def sections_edge(sos, padtype, padlen):
    """Return how many entries ``scipy.signal.sosfiltfilt`` puts before and behind a signal."""
    if padtype is None:
        return 0
    taps = 2 * len(sos) + 1 - min(np.sum(sos[:, 2] == 0), np.sum(sos[:, 5] == 0))
    return 3 * taps if padlen is None else padlen


def steady_sections(sos, x):
    """Return ``x`` filtered by each section, as ``steady`` does."""
    for k in range(len(sos)):
        x = steady(sos[k, :3], sos[k, 3:], x)
    return x


def steady_sections_to_x(y_bar, sos):
    """Return the adjoint of ``x`` in ``steady_sections(sos, x)``."""
    for k in range(len(sos) - 1, -1, -1):
        y_bar = steady_to_x(y_bar, sos[k, :3], sos[k, 3:])
    return y_bar


def steady_sections_to_sos(y_bar, sos, x):
    """Return the adjoint of ``sos`` in ``steady_sections(sos, x)``."""
    between = [x]
    for k in range(len(sos)):
        between.append(steady(sos[k, :3], sos[k, 3:], between[k]))
    rows = []
    for k in range(len(sos) - 1, -1, -1):
        b, a = sos[k, :3], sos[k, 3:]
        rows.append(np.append(steady_to_b(y_bar, b, a, between[k]), steady_to_a(y_bar, b, a, between[k])))
        y_bar = steady_to_x(y_bar, b, a)
    return np.stack(rows[::-1])


def sosfiltfilt_by_sos(sos_dot, sos, x, axis=-1, padtype="odd", padlen=None):
    """Return the tangent of ``scipy.signal.sosfiltfilt(sos, x, axis, padtype, padlen)`` by ``sos``."""
    edge = sections_edge(sos, padtype, padlen)
    y = extended(np.moveaxis(x, axis, 0), padtype, edge)
    dot = np.zeros_like(y)
    for _ in range(2):
        for k in range(len(sos)):
            b, a = sos[k, :3], sos[k, 3:]
            moved = steady(sos_dot[k, :3], a, y) + steady_by_a(sos_dot[k, 3:], b, a, y)
            dot, y = steady(b, a, dot) + moved, steady(b, a, y)
        dot, y = np.flip(dot, 0), np.flip(y, 0)
    return np.moveaxis(dot[edge : len(dot) - edge], 0, axis)


def sosfiltfilt_to_sos(y_bar, sos, x, axis=-1, padtype="odd", padlen=None):
    """Return the adjoint of ``sos`` in ``scipy.signal.sosfiltfilt(sos, x, axis, padtype, padlen)``."""
    edge = sections_edge(sos, padtype, padlen)
    there = extended(np.moveaxis(x, axis, 0), padtype, edge)
    back = np.flip(steady_sections(sos, there), 0)
    bar = np.flip(beyond(np.moveaxis(y_bar, axis, 0), edge), 0)
    first = np.flip(steady_sections_to_x(bar, sos), 0)
    return steady_sections_to_sos(bar, sos, back) + steady_sections_to_sos(first, sos, there)


def sosfiltfilt_to_x(y_bar, sos, axis=-1, padtype="odd", padlen=None):
    """Return the adjoint of ``x`` in ``scipy.signal.sosfiltfilt(sos, x, axis, padtype, padlen)``."""
    edge = sections_edge(sos, padtype, padlen)
    bar = np.flip(beyond(np.moveaxis(y_bar, axis, 0), edge), 0)
    bar = steady_sections_to_x(np.flip(steady_sections_to_x(bar, sos), 0), sos)
    return np.moveaxis(unextended(bar, padtype, edge), 0, axis)


def unextended(y_bar, padtype, edge):
    """Return the adjoint of ``x`` in ``extended(x, padtype, edge)``."""
    n = len(y_bar) - 2 * edge
    left, right = np.flip(y_bar[:edge], 0), np.flip(y_bar[edge + n :], 0)
    x_bar = y_bar[edge : edge + n].copy()
    if padtype == "odd":
        x_bar[1 : edge + 1] -= left
        x_bar[n - 1 - edge : n - 1] -= right
        x_bar[0] += 2 * np.sum(left, axis=0)
        x_bar[-1] += 2 * np.sum(right, axis=0)
    elif padtype == "even":
        x_bar[1 : edge + 1] += left
        x_bar[n - 1 - edge : n - 1] += right
    elif padtype == "constant":
        x_bar[0] += np.sum(left, axis=0)
        x_bar[-1] += np.sum(right, axis=0)
    return x_bar
