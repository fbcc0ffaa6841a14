"""Differences of neighbours, once and more often, of names, views and what is computed; quotients of entries."""

import numpy as np

from case import Case, constant, listed, mat, num, takes, vec

CASES: list[Case] = []
case = listed(CASES)


@case(vec(6), vec(6), num(0.1, 1.0))
def total_variation(u, f, eps):
    return 0.5 * np.sum((u - f) ** 2) + np.sum(np.sqrt(np.diff(u) ** 2 + eps))


@case(vec(6))
def second(u):
    return np.sum(np.diff(u, 2) ** 2) + np.sum(np.diff(u, n=3) ** 3)


@case(mat(4, 5))
def both_axes(u):
    return np.sum(np.diff(u, axis=0) ** 2) + np.sum(np.diff(u) ** 3) + np.sum(np.diff(u, 2, 0) * 1.5)


@case(vec(5))
def of_what_is_computed(u):
    return np.sum(np.diff(u * u) * np.diff(np.sin(u))) + np.sum(np.ediff1d(u) ** 2)


@case(mat(4, 5))
def of_a_view(u):
    return np.sum(np.diff(u[1]) ** 2) + np.sum(np.diff(u[:, 2:], axis=0) ** 2) + np.sum(np.diff(u.T, axis=0) ** 3)


@case(vec(5), num())
def in_a_loop(u, w):
    for _ in range(3):
        d = np.diff(u)
        u[1:-1] += 0.1 * w * (d[1:] - d[:-1])
    return np.sum(u**2)


@case(vec(1))
def of_one(u):
    return np.sum(np.diff(u)) + u[0] ** 2


@case(vec(5), constant(-1))
def axis_of_an_argument(u, axis):
    return np.sum(np.diff(u, axis=axis) ** 2)


@case(vec(5), vec(5, 1.0, 2.0))
def sums_of_differences(u, w):
    return np.sum(np.diff(u) / np.diff(np.cumsum(w))) + np.diff(u) @ np.diff(w)


@case(vec(5), vec(5, 1.0, 2.0))
def quotients_of_entries(a, b):
    c = np.zeros(5)
    for i in range(5):
        c[i] = a[i] / b[i]
        if i > 0:
            c[i] = c[i] / (1.5 + c[i - 1] ** 2)
    return np.sum(c**2) + c[1] / b[1] + b[0] / a[4]
