"""Systems of a matrix of which the way back takes the inverse, too, or that each turn of a loop solves."""

import numpy as np

from case import Case, array, listed, num

CASES: list[Case] = []
case = listed(CASES)


def kernel(X, s, t):
    Z = X / np.exp(0.1 * s)
    sq = np.sum(Z**2, axis=1)
    D = sq[:, None] + sq[None, :] - 2.0 * Z @ Z.T
    return np.exp(-0.5 * D) + (t**2 + 1.0) * np.eye(len(X))


@case(array(5, 2), array(5), array(2), num())
def likelihood(X, y, s, t):
    K = kernel(X, s, t)
    alpha = np.linalg.solve(K, y)
    sign, logdet = np.linalg.slogdet(K)
    return 0.5 * y @ alpha + 0.5 * logdet


@case(array(4, 4), array(4), array(4))
def of_any_matrix(A, y, z):
    K = A + 6.0 * np.eye(4)
    alpha = np.linalg.solve(K, y)
    beta = np.linalg.solve(K.T, 2.0 * z)
    return alpha @ beta + np.linalg.slogdet(K)[1] * alpha[0]


@case(array(4, 4), array(4))
def changed_in_between(A, y):
    K = A + 6.0 * np.eye(4)
    alpha = np.linalg.solve(K, y)
    K[0] = K[0] + alpha
    beta = np.linalg.solve(K, y)
    return alpha @ beta + np.log(np.linalg.det(K))


@case(array(4, 3), array(4), num())
def of_two_sides(X, y, t):
    K = X @ X.T + (1.0 + t * t) * np.eye(len(X))
    a = np.linalg.solve(K, y)
    b = np.linalg.solve(K, y * y)
    y = y + a
    c = np.linalg.solve(K, 3.0 * y)
    return a @ b + np.sum(c) + np.linalg.slogdet(K)[1]


@case(array(3, 3), array(3))
def of_what_is_another_by_then(Z, y):
    # the product is of two matrices of one name
    a = 2.0 * Z
    Z = Z + 0.3 * np.outer(y, y)
    K = a @ Z.T + 9.0 * np.eye(3)
    return y @ np.linalg.solve(K, y) + np.linalg.slogdet(K)[1]


@case(array(4))
def written_between(x):
    A = np.eye(4) * 2.0 + 0.1 * np.outer(x, x)
    y = np.linalg.solve(A, x)
    y[0] = 5.0
    z = np.linalg.solve(A, x)
    return np.sum(y**2) + np.sum(z**3) + np.linalg.slogdet(A)[1]


@case(array(4))
def of_what_was_written(x):
    A = np.eye(4) * 2.0 + 0.1 * np.outer(x, x)
    b = x * 1.0
    y = np.linalg.solve(A, b)
    b *= 2.0
    y += 1.0
    z = np.linalg.solve(A, b)
    return np.sum(y**2) + np.sum(z**3) + np.linalg.slogdet(A)[1]


@case(array(4), num())
def implicit_steps(u, k):
    L = -2.0 * np.eye(4) + np.eye(4, k=1) + np.eye(4, k=-1)
    A = np.eye(4) - 0.1 * k * L
    for _ in range(5):
        u = np.linalg.solve(A, u + 0.05 * k * (L @ u))
    return np.sum(u**2)


@case(array(4), array(3, 4))
def of_rows_by_one_matrix(x, Y):
    A = 3.0 * np.eye(4) + np.outer(x, np.sin(x))
    total = 0.0
    for y in Y:
        z = np.linalg.solve(A.T, y * x)
        total += z @ np.linalg.solve(A, z)
    return total


@case(array(4))
def of_a_matrix_that_grows(x):
    A = 3.0 * np.eye(4)
    y = x
    for i in range(4):
        A[i, i] += x[i] ** 2
        y = np.linalg.solve(A, y)
    for _ in range(3):
        y = y + np.linalg.solve(A, y)
    return np.sum(y**3)


@case(array(4), tags=("dead lines",))
def of_a_matrix_that_is_singular_where_nobody_asks(x):
    A = np.zeros((4, 4))
    y = x * 2.0
    for i in range(4):
        if i > 7:
            y = np.linalg.solve(A * 1.0, y)
            y = np.linalg.solve(A, y)
        y = y * x
    return np.sum(y)


@case(array(4))
def of_two_matrices_in_two_loops(x):
    A = 3.0 * np.eye(4) + np.outer(x, np.cos(x))
    y = x
    for _ in range(3):
        y = np.linalg.solve(A, y)
    A = A @ A
    for _ in range(4):
        y = y + np.linalg.solve(A, y * x)
    return np.sum(y**2)


@case(array(4), tags=("dead lines",))
def of_a_matrix_that_no_turn_binds(x, n=0):
    A = 3.0 * np.eye(4) + np.outer(x, np.cos(x))
    y = x
    for _ in range(n):
        y = np.linalg.solve(A * 0, y)
    return np.sum(y**2)
