"""Functions that bind a parameter anew: what they return is no longer the caller's memory, or still is."""

import numpy as np
from case import Case, flag, mat, takes, vec, whole


def cell_step(w, hidden, cell, x):
    gate = 1 / (1 + np.exp(-(x * w[0] + w[1])))
    cell = cell * gate + np.tanh(hidden * w[2])
    return gate * np.tanh(cell), cell


def rows_of_state(W, state, xs):
    state = state.copy()
    total = 0.0
    for t in range(len(xs)):
        hidden, cell = cell_step(W, state[0], state[1], xs[t])
        state[0] = hidden
        state[1] = cell
        total += np.sum(hidden * xs[t])
    return total


def perhaps_new(u, c):
    if c:
        u = u * 2.0
    return u


def view_or_not(x, c):
    y = x * 1.0
    y[0] = 2 * y[1]
    z = perhaps_new(y[1:], c)
    return np.sum(z * z * y[1:])


def view_or_not_then_written(x, c):
    y = x * 1.0
    z = perhaps_new(y, c)
    y[0] = 5.0 * y[1]
    return np.sum(z * z * y)


def renamed(u, n):
    for _ in range(n):
        u = u[1:]
    return u


def views_in_turns(x, n):
    y = x * 1.0
    z = renamed(y, n)
    y[-1] = y[0] * y[1]
    return np.sum(z * z) + y[0]


def late(u):
    v = u
    u = u + 1.0
    return u * v


def neither(x):
    y = x * 1.0
    z = late(y)
    y[0] = 3.0 * z[1]
    return np.sum(y * z)


CASES = [
    Case(rows_of_state, takes(mat(3, 4), mat(2, 4), mat("t", 4)), wrt=(0, 1, 2), seeds=2),
    Case(view_or_not, takes(vec(), flag()), seeds=4),
    Case(view_or_not_then_written, takes(vec(), flag()), seeds=4, expect="either"),
    Case(views_in_turns, takes(vec(5), whole(0, 3)), seeds=3, expect="either"),
    Case(neither, takes(vec()), seeds=2),
]
