"""Arrays that are stored into as a whole, by one name or another, and arrays that are bound anew in each turn."""

import numpy as np

from case import Case, takes, vec, whole


def halved_square_by_another_name(x):
    u = x.copy()
    v = u
    u[:] = v * v * 0.5
    return np.sum(u * v)


def halved_squares_of_a_part(x, n):
    u = x.copy()
    v = u[1:]
    for _ in range(n):
        v[:] = 0.5 * u[:-1] ** 2 + v / 2.0
    return np.sum(u**2)


def cleared_before_turns_add(x, w, n):
    y = x.copy()
    total = np.zeros(len(x))
    for _ in range(n):
        total[:] = 0.0
        for i in range(len(x)):
            for j in range(len(x)):
                total[i] += y[j] * y[i] * w[j]
        for i in range(len(x)):
            y[i] += 0.1 * total[i] * y[i] * total[0]
    return np.sum(y * total)


def cleared_on_a_path_and_read_between(x, n):
    y = x.copy()
    s = 0.0
    for k in range(n):
        s += y[0] * y[1]
        if s > 0.4:
            y[...] = y * 1.5
            s += y[1] ** 2
        y[1] = y[1] * y[0] * 0.5
        y[:] = x[k] * s
        y[0] *= y[2]
    return s + np.sum(y**2)


def neighbours_of_what_is_bound_anew(x, n):
    u = x.copy()
    for _ in range(n):
        new = np.empty(len(u))
        for i in range(len(u)):
            left = u[i - 1]
            right = u[(i + 1) % len(u)]
            new[i] = u[i] + 0.2 * left * right * u[i]
        u = new
    return np.sum(u * u)


def neighbours_of_what_is_written_as_another(x, n):
    u = x.copy()
    new = np.zeros(len(u))
    for _ in range(n):
        for i in range(len(u)):
            left = u[i - 1]
            new[i] = u[i] + 0.2 * left * left * u[i]
        u, new = new, u
    return np.sum(u * u)


CASES = [
    Case(halved_square_by_another_name, takes(vec(4))),
    Case(halved_squares_of_a_part, takes(vec(4), whole(0, 3)), seeds=4),
    Case(cleared_before_turns_add, takes(vec(3), vec(3), whole(0, 3)), wrt=(0, 1), seeds=4),
    Case(cleared_on_a_path_and_read_between, takes(vec(4), whole(0, 4)), seeds=6),
    Case(neighbours_of_what_is_bound_anew, takes(vec(4), whole(0, 3)), seeds=4),
    Case(neighbours_of_what_is_written_as_another, takes(vec(4), whole(0, 3)), seeds=4),
]
