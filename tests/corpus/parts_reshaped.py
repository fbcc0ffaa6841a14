"""Parts of a vector under names, in shapes of their own, written in place: weights and biases of one array of numbers."""

import numpy as np

from case import Case, mat, num, takes, vec


def weights_and_biases(x):
    p = x * 1.0
    w = p[:4].reshape(2, 2)
    b = p[4:]
    w *= 2.0
    b += w[0]
    return np.sum(p * x)


def part_of_a_part(x):
    p = np.empty(6)
    p[:] = x
    w = p[1:5].reshape((2, -1))
    w[0, 0] = x[0] * x[1]
    w[:, 1] += x[2]
    v = w[1].reshape(2, 1)
    v *= x[3]
    return np.sum(p * x)


def in_a_dict(x):
    p = x * 1.0
    views = {"w": p[:3].reshape(3, 1), "b": p[3:]}
    views["w"] *= 2.0
    views["b"] += views["w"][0]
    for k in views:
        views[k][...] = np.tanh(views[k])
    return p.sum() * views["b"][0]


def in_turns(x, k):
    p = x * 1.0
    for i in range(2):
        w = p[2 * i : 2 * i + 4].reshape(2, 2)
        w[i] *= k * w[1 - i]
    return np.sum(p * x)


def by_columns(A):
    B = A * 2.0
    w = B[:, 1].reshape(3, 1)
    w *= 3.0
    return np.sum(B * A)


def where_a_copy_is_made(A):
    B = A * 2.0
    w = B[:, :2].reshape(6)
    w *= 3.0
    return np.sum(B * A) + np.sum(w)


def bound_anew_from_itself(x):
    p = x * 1.0
    p = p[:4].reshape(2, 2)
    p *= x[0]
    return np.sum(p * p)


def in_the_order_of_columns(x):
    p = x * 1.0
    w = p.reshape(2, 3, order="F")
    w[0] *= x[0]
    v = np.reshape(p[2:], (2, 2), "F")
    v[1] += w[0, :2]
    return np.sum(p * x)


def turned(x):
    p = x * 1.0
    w = p.reshape(1, 6).T
    w *= x[0]
    w[1] = x[2] ** 2
    v = p[:4].reshape(2, 2, order="F").transpose()
    v[0] *= w[5]
    return np.sum(p * x) + np.sum(w * w)


def turned_by_axes(x):
    p = x * 1.0
    w = p.reshape(2, 3).swapaxes(0, 1)
    w[0] *= x[0]
    return np.sum(p * x)


def row_of_a_reshaped(p):
    w = p * 1.0
    v = w.reshape(2, 3)[0]
    v *= p[2]
    u = w.reshape(-1, 3).T[1]
    u += p[:2]
    return np.sum(w * w)


def rows_of_a_reshaped_part(p):
    w = p * 1.0
    for k in range(2):
        v = w[1:5].reshape(2, 2)[k]
        v *= p[k]
    a, b = np.reshape(w[::2], (1, 3))[0], w.reshape(2, 3, order="F")[1]
    a *= p[1]
    b += a
    return np.sum(w * w)


def row_of_itself(p):
    p = p.reshape(2, 3)[1]
    p[0] = p[1] * 3.0
    return np.sum(p * p)


def rows_of_itself_in_turns(p):
    s = 0.0
    for k in range(2):
        w = p * (k + 1.0)
        v = w
        w = w.reshape(2, 3)[k][1:]
        w *= p[k]
        s += np.sum(v * v) * w[0]
    w = np.ravel(v)[2:]
    w[0] = s
    v = v.reshape(3, 2).T[1]
    v *= p[0]
    return np.sum(w * w) + np.sum(v)


CASES = [
    Case(row_of_itself, takes(vec(6))),
    Case(rows_of_itself_in_turns, takes(vec(6))),
    Case(in_the_order_of_columns, takes(vec(6))),
    Case(turned, takes(vec(6))),
    Case(row_of_a_reshaped, takes(vec(6))),
    Case(rows_of_a_reshaped_part, takes(vec(6))),
    Case(turned_by_axes, takes(vec(6)), expect="refused"),
    Case(weights_and_biases, takes(vec(6))),
    Case(part_of_a_part, takes(vec(6))),
    Case(in_a_dict, takes(vec(6))),
    Case(in_turns, takes(vec(6), num()), wrt=(0, 1)),
    Case(by_columns, takes(mat(3, 4))),
    Case(where_a_copy_is_made, takes(mat(3, 4)), expect="either"),
    Case(bound_anew_from_itself, takes(vec(6)), expect="either"),
]
