"""Arrays with infinite slopes at entries that are stored anew, or that nothing reads."""

import math

import numpy as np

from case import Case, array, mat, num, takes, vec, whole


def energy_of_bodies(pos, mass):
    dx = pos[:, None, :] - pos[None, :, :]
    d2 = np.sum(dx**2, axis=2)
    r = np.sqrt(d2)
    apart = r > 0
    r[apart] = 1.0 / r[apart]
    return -np.sum(np.triu(mass[:, None] * mass[None, :] * r, 1))


def energy_by_coordinates(pos, vel, mass, g):
    kinetic = 0.5 * np.sum(mass * vel**2)
    x = pos[:, 0:1]
    y = pos[:, 1:2]
    dx = x.T - x
    dy = y.T - y
    inv_r = np.sqrt(dx**2 + dy**2)
    inv_r[inv_r > 0] = 1.0 / inv_r[inv_r > 0]
    return kinetic + g * np.sum(np.triu(-(mass * mass.T) * inv_r, 1))


def ones_for_no_distance(pos):
    d2 = np.sum((pos[:, None] - pos[None]) ** 2, axis=2)
    r = np.sqrt(d2)
    r[r == 0] = 1.0
    return np.sum(np.exp(-r) / r)


def filled_diagonal(pos):
    r = np.sqrt(((pos[:, None] - pos[None]) ** 2).sum(-1))
    np.fill_diagonal(r, 2.0)
    return np.sum(1.0 / r**6 - 1.0 / r**3)


def nearest_by_a_power(pos):
    d = pos[:, None] - pos
    r = (d**2) ** 0.5
    s = r * 3.0
    s[np.arange(len(s)), np.arange(len(s))] = 9.0
    return np.min(s, axis=1) @ pos


def no_inverse_of_zero(a, x):
    degree = a.sum(axis=1)
    degree[1] = 0.0
    with np.errstate(divide="ignore"):
        inverse = 1.0 / degree
    inverse[np.isinf(inverse)] = 0.0
    return (inverse[:, None] * a) @ x


def entropy_of_what_is_there(p, w):
    with np.errstate(divide="ignore"):
        logs = np.log(p)
    logs[p == 0] = 0.0
    return -np.sum(w * p * logs)


def accelerations(pos, mass):
    acc = np.zeros_like(pos)
    for step in range(2):
        dx = pos[None, :, :] - pos[:, None, :]
        d = np.sqrt(np.sum(dx**2, axis=-1))
        d[d == 0] = 1.0
        acc = acc + np.sum(mass[None, :, None] * dx / (d**3)[..., None], axis=1)
        pos = pos + 0.01 * acc
    return pos


def root_of_zero_overwritten(x, k):
    r = np.sqrt(x)
    r[k] = 5.0
    return np.sum(r * x)


CASES = [
    Case(energy_of_bodies, takes(mat(4, 3), vec(4, 0.5, 1.5)), wrt=(0, 1)),
    Case(energy_by_coordinates, takes(mat(4, 2), mat(4, 2), mat(4, 1, 0.5, 1.5), num(0.5, 1.5)), wrt=(0, 1, 2, 3)),
    Case(ones_for_no_distance, takes(mat(4, 2))),
    Case(filled_diagonal, takes(mat(3, 2))),
    Case(nearest_by_a_power, takes(vec(4))),
    Case(no_inverse_of_zero, takes(mat(3, 3, 0.5, 1.5), vec(3)), wrt=(0, 1)),
    Case(
        entropy_of_what_is_there,
        takes(np.array([0.0, 0.5, 0.25]), np.array([1.0, 2.0, 3.0])),
        exact=lambda p, w: (np.array([0.0, -2 * (np.log(0.5) + 1), -3 * (np.log(0.25) + 1)]),),
    ),
    Case(accelerations, takes(mat(3, 2), vec(3, 0.5, 1.5)), wrt=(0, 1)),
    Case(
        root_of_zero_overwritten,
        takes(np.array([0.0, 4.0, 0.0]), [0, 2]),
        exact=lambda x, k: (np.array([5.0, 3.0, 5.0]),),
    ),
]


def kept_in_the_list_alone(x, y):
    # what a turn keeps is computed where it is put into its list: the array is another behind the loop
    b = 0.5
    for _ in range(2):
        b = b * 0.0 + math.cos(np.mean(np.concatenate((x[1:], y[::-1][:1]))))
    x[x > 0.3] *= math.sin(y[-3])
    return b


CASES.append(Case(kept_in_the_list_alone, takes(vec(4), vec(4)), wrt=(0, 1), seeds=2))


def copied_two(x, y, v, w):
    # each of two adjoints begins in the memory of another
    a = x * 2.0
    b = y * 3.0
    c = a.copy()
    d = b.copy()
    s = np.sum(b[1:] * v[1:]) + np.sum(a[:-1] * w[:-1])
    return s + np.sum(c**2) + np.sum(d**3)


CASES.append(Case(copied_two, takes(vec(5), vec(5), vec(5), vec(5)), wrt=(0, 1, 2, 3), seeds=2))


def saturated(p):
    return p / (1.5 + p**2)


def overwritten_where_another_name_comes(v, n):
    x = saturated(v)
    c = np.array([np.mean(x), np.sum(v), 2.0, 3.0]) * 1.0
    if n % 2 == 1:
        x[:-1] = np.sin(0.5 * x[1:])
        x = c
    return np.sum(x)


def one_condition_in_turns_written_out(x, W):
    for _ in {"a": 0, "b": 1, "c": 2}.values():
        u = np.sin(np.where(0.5 * W[:, -3] > 0.35, np.where(x[1:] > 1.5, x[:-1], W[:, -4]), x[1:] / (1.5 + x[:-1] ** 2)))
        for k in range(3):
            A = np.sin(W.T + u + u)
            x = A[:, k]
    return np.sum(x[:-1] ** 2)


CASES += [
    Case(overwritten_where_another_name_comes, takes(vec(4), whole(1, 4)), seeds=6),
    Case(one_condition_in_turns_written_out, takes(vec(4), mat(3, 4)), wrt=(0, 1)),
]


def a_part_of_what_is_said_again(y, h, w):
    h[::-1] *= 1.1 + 0.2 * np.tanh(y)
    s = np.sin(0.99 / (1.5 + w[-1] ** 2))
    h[:-1] = np.sin(h[0])
    return s + 1.63 * np.sum(h**2)


CASES.append(Case(a_part_of_what_is_said_again, takes(vec(4), vec(4), vec(4)), wrt=(0, 1, 2)))


def name_of_what_a_loop_runs_over(x, A, w):
    for e in w:
        A = np.tanh(A * e, out=A)
        w = np.sin(x[:2])
    w[-1] = np.sin(x[0] ** 3)
    return np.sum(A * A) + w[0]


def items_of_what_it_was(x, w):
    s = 0.0
    for e in w:
        s += e * w[0] * x[0]
        w = w[:2] * e
        w[1] = s
    return s


CASES += [
    Case(name_of_what_a_loop_runs_over, takes(vec(4), mat(3, 4), vec(3)), wrt=(0, 1, 2)),
    Case(items_of_what_it_was, takes(vec(4), vec(3)), wrt=(0, 1)),
]


def less_its_own_sine(w, A, x):
    # the reverse half of the first statement adds to an adjoint a part of itself
    w -= np.sin(0.5 * w)
    for r in A:
        x[1:] += math.sin(r[3])
    return np.sum(w * w) + np.sum(x * x)


def half_of_itself_again(w, A):
    # ... of an adjoint that had another value before
    y = w * 3.0
    y -= np.sin(0.5 * y)
    s = np.sum(np.cos(y) * A[0])
    y = w * w
    y -= np.sin(0.5 * y)
    return np.sum(y * y) + s


CASES += [
    Case(less_its_own_sine, takes(vec(4), mat(4, 4), vec(4)), wrt=(0, 1, 2), seeds=1),
    Case(half_of_itself_again, takes(vec(4), mat(2, 4)), wrt=(0, 1), seeds=1),
]


def scaled_beside_its_like(x, w):
    # the adjoints of v and w are one array to begin with, and one of them is scaled in place
    v = x
    w *= x
    return np.sum(np.where(x > 0.1, x / (1.5 + (v + w) ** 2), 0.0))


def places_of_what_a_turn_makes(x, w):
    # the exponential is its own slope, and is written before x, which has two names, is
    for k in range(3):
        w = np.exp(x)
        w[k] += 1.5
    v = x
    x[0] = 1.0
    return np.sum(v * v) + np.sum(w)


CASES += [
    Case(scaled_beside_its_like, takes(vec(4), vec(4)), wrt=(0, 1), seeds=3),
    Case(places_of_what_a_turn_makes, takes(vec(4), vec(4)), wrt=(0, 1), seeds=1),
]


def pooled_into_places(x):
    # what the store left is read along new axes, and put by before the old elements are put back
    c, h, w = x.shape
    out = np.zeros((c, w // 2))
    for i in range(w // 2):
        out[:, i] = np.max(x[:, :, 2 * i:2 * i + 2], axis=(1, 2))
    return np.sum(out**2)


CASES += [Case(pooled_into_places, takes(array(3, 2, 4)), seeds=2)]
