"""Functions of functions whose slope is simpler than the chain rule says; vectors read entry by entry."""

import math

import numpy as np

from case import Case, mat, num, takes, vec


def squared_norm(x, w):
    r = np.linalg.norm(x @ w) ** 2 + np.square(np.linalg.norm(w))
    return r * np.linalg.norm(w) ** 2.0


def squared_norm_chosen(x, k):
    return np.where(x > 0, np.linalg.norm(x) ** 2, k * x)


def norm_at_zero(x):
    return np.linalg.norm(x * 0.0) + np.linalg.norm(x)


def norms_along(x):
    return np.linalg.norm(x, axis=1) * np.linalg.norm(x, axis=0, keepdims=True).T[:3, 0]


def hypotenuse(x, y):
    return math.hypot(x, y) * math.hypot(x - y, 2.0)


def log_det(a, k):
    s = a @ a.T + np.eye(3)
    return k * np.log(np.linalg.det(s)) + np.log(np.abs(np.linalg.det(a))) * np.log(np.linalg.det(s) + 1.0)


def unpacked(x, k):
    a, b, c, _ = x
    u, v = a * b, k * c
    return u * v + a


def unpacked_again(x):
    a, b = x
    s = a * b
    for _ in range(2):
        a, b = x
        s = s + a * s - b
    return s * np.sum(x)


def unpacked_matrix(x):
    a, b = x
    return np.sum(a * b * b)


def entries(x, k):
    y = np.array([k * x[0], x[1] * x[0]])
    z = np.array([y[1] - y[0], y[0] * y[1]])
    return z[0] * z[1] + y[0]


def written_entries(x):
    y = 2.0 * x
    y[0] = y[1] * y[0]
    a, b = y
    return a * b


def display(x, y, A):
    R = np.array([[x * y, -y, 1.0], [y, x, x * x]])
    return np.sum((A @ R) ** 2)


def display_in_a_tuple(x, y):
    rows = (np.array([x * y, y]), np.array([y, x * x, 0.5]), x)
    return np.sum(rows[0]) * rows[1][0] * rows[1][1] + rows[2]


def display_in_a_list(x, y):
    rows = [np.array([x * y, y]), np.array([y, x * x])]
    rows.append(np.array([x, 1.0]))
    s = 0.0
    for row in rows:
        s = s + row[0] * row[1] * row[1]
    return s


def normalized(A, w):
    y = A * w
    z = y / np.sqrt(np.sum(y * y) + 1.0)
    return np.sum(z) + np.std(z)


def normalized_twice(A, B):
    r = np.sqrt(np.sum(A * A) + 1.0)
    z = A / r
    return np.sum(z * B / r) + np.max(z)


CASES = [
    Case(display_in_a_tuple, takes(num(), num()), wrt=(0, 1), seeds=1),
    Case(display_in_a_list, takes(num(), num()), wrt=(0, 1), seeds=1),
    Case(squared_norm, takes(mat(3, 2), vec(2)), wrt=(0, 1), seeds=1),
    Case(squared_norm_chosen, takes(vec(3), num()), wrt=(0, 1), seeds=1),
    Case(norm_at_zero, takes(vec(3)), exact=lambda x: (x / np.linalg.norm(x),), seeds=1),
    Case(norms_along, takes(mat(3, 4)), seeds=1),
    Case(hypotenuse, takes(num(), num()), wrt=(0, 1), seeds=1),
    Case(log_det, takes(mat(3, 3), num()), wrt=(0, 1), seeds=1),
    Case(unpacked, takes(vec(4), num()), wrt=(0, 1), seeds=1),
    Case(unpacked_again, takes(vec(2)), seeds=1),
    Case(unpacked_matrix, takes(mat(2, 3)), seeds=1),
    Case(entries, takes(vec(2), num()), wrt=(0, 1), seeds=1),
    Case(written_entries, takes(vec(2)), seeds=1),
    Case(display, takes(num(), num(), mat(4, 2)), wrt=(0, 1, 2), seeds=1),
    Case(normalized, takes(mat(2, 3), num()), wrt=(0, 1), seeds=1),
    Case(normalized_twice, takes(mat(2, 3), mat(2, 3)), wrt=(0, 1), seeds=1),
]


def less_two_means(A):
    # the adjoint of the factor is divided along one axis and as a whole
    return np.sum(A * (np.mean(A, axis=0) - np.mean(A)))


def its_share_and_itself(z):
    # the adjoint of a softmax is read beside the way through it
    p = np.exp(z - np.max(z))
    p = p / np.sum(p)
    return -np.log(p[1]) + np.sum(p * z)


CASES += [
    Case(less_two_means, takes(mat(3, 4)), seeds=1),
    Case(its_share_and_itself, takes(vec(4)), seeds=1),
]


def chosen_from_what_it_is_made_of(w, x, b):
    # both arms of the choice have one adjoint, and it goes on through the first
    v = 1 * np.cos(0.25 * (w * w) * 0.3)
    y = x - np.mean(np.where(v > 0.1, v, w) ** 2)
    return np.sum(x * (y * b + x))


def chosen_the_other_way(w, x, b):
    v = 1 * np.cos(0.25 * (w * w) * 0.3)
    y = x - np.mean(np.where(v > 0.1, w, v) ** 2)
    return np.sum(x * (y * b + x))


CASES += [
    Case(chosen_from_what_it_is_made_of, takes(vec(4, -3.0, 3.0), vec(4), num()), wrt=(0, 1, 2), seeds=4),
    Case(chosen_the_other_way, takes(vec(4, -3.0, 3.0), vec(4), num()), wrt=(0, 1, 2), seeds=4),
]


def sizes_logged(x, k):
    return np.sum(np.log(np.abs(x * k)) * x)


CASES += [Case(sizes_logged, takes(vec(4, -3.0, 3.0), num()), wrt=(0, 1))]
