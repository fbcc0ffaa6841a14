"""Arrays that loops write place by place, of which a few places are read; and arrays that go round under two names."""

import numpy as np

from case import Case, num, takes, vec


def sensors(u, data, k):
    u, n, loss = u.copy(), len(u), 0.0
    for t in range(3):
        for i in range(1, n - 1):
            u[i] += k * (u[i + 1] - 2.0 * u[i] + u[i - 1])
        loss += (u[2] - data[t]) ** 2 + np.sin(u[-1]) * u[n // 2]
    return loss


def sensors_where_there_is_one(u, data, k):
    u, loss = u.copy(), 0.0
    for t in range(3):
        u[1:-1] += k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        if t > 0:
            loss += np.exp(u[2]) * u[1] if u[t] > 0.1 else u[t] ** 3
        loss += np.exp(u[t]) * u[1]
    return loss


def whole_and_written_by_turns(u, data, k):
    u, loss = u * 1.0, 0.0
    for _ in range(3):
        for i in range(1, len(u)):
            u[i] = k * u[i] + 0.5 * u[i - 1]
        loss += np.sum(u**2)
    return loss


def leapfrog(u, data, k):
    now, before, new = u.copy(), u * 0.9, np.zeros(len(u))
    loss = 0.0
    for _ in range(4):
        for i in range(1, len(u) - 1):
            new[i] = 2.0 * now[i] - before[i] + k * (now[i + 1] - 2.0 * now[i] + now[i - 1])
        before, now, new = now, new, before
        loss += now[2] ** 2 * now[1]
    return loss


def by_a_view(u, data, k):
    u, loss = u * 1.5, 0.0
    part = u[1:]
    for t in range(3):
        part *= k
        loss += u[2] * u[1] + (part[0] - data[t]) ** 2
    return loss


def read_through_a_call(u, data, k):
    u, loss = u * 1.5, 0.0
    for _ in range(3):
        for i in range(len(u)):
            u[i] *= k
        loss += doubled(u) * u[1] ** 2
    return loss


def doubled(u):
    u[1] *= 2.0
    return u[1]


def two_that_change_places(u, data, k):
    v = u.copy()
    part, total = u[1:4], 0.0
    for _ in range(3):
        u, v = v, u
        q = np.exp(part[2]) if part[1] > 0 else v[-1] ** 3
        total += q * q
    return total + np.sum(u * v)


def three_that_change_places(u, data, k):
    a, b, c, total = u * k, u * 2.0, u * u, 0.0
    for t in range(4):
        a, b, c = b, c, a
        if u[t] > 0:
            total += c[-1] ** 3 + a[t] * c[0]
    return total + np.sum(a * b) + np.sum(b * c)


CASES = [
    Case(program, takes(vec(5), vec(5), num(0.1, 0.4)), wrt=(0, 2), seeds=4)
    for program in (
        sensors,
        sensors_where_there_is_one,
        whole_and_written_by_turns,
        leapfrog,
        by_a_view,
        read_through_a_call,
        two_that_change_places,
        three_that_change_places,
    )
]
