"""Numbers that a branch chooses from arrays, and conditions on them: computed again where the arrays are put back."""

import numpy as np

from case import Case, num, takes, vec


def upwind_steps(u, c, steps):
    u = u.copy()
    n = len(u)
    w = np.empty(n)
    for _ in range(steps):
        for i in range(n):
            w[i] = u[i]
        for i in range(1, n - 1):
            if w[i] > 0.0:
                d = w[i] - w[i - 1]
            else:
                d = w[i + 1] - w[i]
            u[i] = w[i] - c * w[i] * d
    return np.sum(u * u)


def written_in_the_same_turn(u, c, steps):
    # what the condition reads is written later in the turn
    u = u.copy()
    n = len(u)
    s = 0.0
    for _ in range(steps):
        for i in range(1, n - 1):
            if u[i] > 0.1:
                d = u[i] * u[i - 1]
            else:
                d = u[i + 1] - u[i]
            u[i] = c * d * d + 0.3 * u[i]
            s += d * u[i]
    return s + np.sum(u)


def written_in_the_turn_before(u, c, steps):
    # each turn changes what the turns before have asked
    u = u.copy()
    w = u * c
    n = len(u)
    for _ in range(steps):
        for i in range(1, n - 1):
            if w[i - 1] > w[i]:
                d = w[i] * u[i]
            else:
                d = u[i - 1]
            w[i + 1] = d * d - 0.2 * w[i]
        for i in range(n):
            u[i] = 0.5 * u[i] + w[i] * c
    return np.sum(u * w)


def chosen_of_what_is_read_alone(u, c, steps):
    # nothing else on the way back reads what the condition does
    u = u.copy()
    marks = u * 2.0 - 1.0
    n = len(u)
    s = 0.0
    for t in range(steps):
        for i in range(n):
            if marks[i] > 0.0:
                k = 2.0
            else:
                k = -1.0
            s += k * u[i] * c
        for i in range(n):
            marks[i] = marks[i] * 0.5 - 0.1 * t
    return s


def chosen_in_an_arm(u, c, steps):
    u = u.copy()
    n = len(u)
    w = u[::-1].copy()
    for t in range(steps):
        for i in range(1, n):
            if t > 0:
                if w[i] > w[i - 1]:
                    g = w[i]
                else:
                    g = w[i - 1]
                u[i] += g * g * c
        for i in range(n):
            w[i] = np.sin(u[i])
    return np.sum(u)


def faded_twice(u, c, steps):
    # what fades the adjoint reads it: the same words, another number each time
    u = u.copy()
    s = 0.0
    for i in range(len(u)):
        s = s * 0.7 + u[i] - 0.2 * c
        u[i] *= 0.4 * steps
        s = s * 0.7 + u[i]
    return s


TAKES = takes(vec(5), num(0.2, 0.6), 3)

CASES = [
    Case(upwind_steps, TAKES, wrt=(0, 1), seeds=3),
    Case(written_in_the_same_turn, TAKES, wrt=(0, 1), seeds=3),
    Case(written_in_the_turn_before, TAKES, wrt=(0, 1), seeds=3),
    Case(chosen_of_what_is_read_alone, TAKES, wrt=(0, 1), seeds=3),
    Case(chosen_in_an_arm, TAKES, wrt=(0, 1), seeds=3),
    Case(faded_twice, TAKES, wrt=(0, 1), seeds=2),
    Case(upwind_steps, takes(vec(4), num(0.2, 0.6), 0), wrt=(0, 1), seeds=1, tags=("dead lines",), name="no_steps"),
]
