"""Places that are written several times in a row, and adjoints that nobody reads any more."""

import numpy as np

from case import Case, mat, takes, vec


def triangular_product(A, B):
    B = B.copy()
    m, n = B.shape
    for i in range(m):
        for j in range(n):
            for k in range(i + 1, m):
                B[i, j] += A[k, i] * B[k, j]
            B[i, j] = 1.5 * B[i, j]
    return np.sum(B * B)


def squared_behind(A, B):
    B = B.copy()
    m, n = B.shape
    for i in range(m):
        for j in range(n):
            for k in range(i + 1, m):
                B[i, j] += A[k, i] * B[k, j]
            B[i, j] = B[i, j] * B[i, j] * 0.3
    return np.sum(B * B)


def read_between(A, B):
    B = B.copy()
    m, n = B.shape
    total = 0.0
    for i in range(m):
        for j in range(n):
            for k in range(i + 1, m):
                B[i, j] += A[k, i] * B[k, j]
            total += B[i, j] ** 2
            B[i, j] = 1.5 * B[i, j]
    return np.sum(B * B) + total


def reads_itself(A, x):
    x = x.copy()
    for i in range(len(x)):
        for k in range(len(x)):
            x[i] += A[k, i] * x[k]
        x[i] = 1.5 * x[i]
    return np.sum(x * x)


def scaled_before(A, x):
    x = x.copy()
    n = len(x)
    for i in range(n - 1, -1, -1):
        x[i] *= 2.0
        for k in range(i + 1, n):
            x[i] -= A[i, k] * x[k]
        x[i] /= 3.0 + A[i, i] ** 2
    return np.sum(x * x * x)


def three_in_a_row(A, x):
    x = x.copy()
    for _ in range(3):
        for i in range(1, len(x)):
            x[i] = x[i] + A[i, i - 1] * x[i - 1]
            x[i] = x[i] * 0.5
            x[i] = x[i] - 0.1 * x[i - 1]
    return np.sum(x * x * x)


def index_that_moves(x):
    x = x.copy()
    i = 0
    for _ in range(len(x) - 1):
        x[i] = x[i] * x[i + 1]
        i = i + 1
        x[i] = x[i] * 0.9
        x[i] = x[i] + 1.0
    return np.sum(x * x * x)


def in_two_arms(A, x):
    x = x.copy()
    for i in range(len(x)):
        for k in range(i):
            if A[i, k] > 0:
                x[i] -= A[i, k] * x[k]
            else:
                x[i] += A[i, k] * x[k] * 0.5
        x[i] = x[i] * 0.7
    return np.sum(x * x * x)


def left_early(A, x):
    x = x.copy()
    for i in range(len(x)):
        for k in range(i):
            x[i] += x[k] * A[i, k]
            if x[i] > 1.0:
                break
        x[i] = x[i] * 0.8
    return np.sum(x * x * x)


def counted_from_the_end(A, x):
    x = x.copy()
    for i in range(len(x)):
        for k in range(i):
            x[-1] -= A[i, k] * x[k]
        x[-1] = x[-1] * 0.7
        x[0] = x[0] + x[-1] * x[1]
    return np.sum(x * x * x)


def no_turns_and_no_place(A, x):
    # the first store would be outside: its loop has no turns
    x = x.copy()
    for i in range(len(x)):
        for k in range(len(x), len(A)):
            x[i + 9] += A[i, k] * x[k]
        for k in range(i):
            x[i] += A[i, k] * x[k]
        x[i] = x[i] * x[i] * 0.5
    return np.sum(x * x * x)


def by_another_name(A, x):
    y = x.copy()
    z = y
    for i in range(len(x)):
        for k in range(i):
            y[i] += A[i, k] * z[k]
        z[i] = y[i] * 1.5
    return np.sum(y * z)


def contracted_in_place(A, C):
    A = A.copy()
    r, n = A.shape
    s = np.zeros(n)
    for q in range(r):
        for p in range(n):
            s[p] = 0.0
            for t in range(n):
                s[p] += A[q, t] * C[t, p]
        for p in range(n):
            A[q, p] = s[p]
    return np.sum(A * A)


def adjoints_of_later_rows(A, w):
    A = A.copy()
    m, n = A.shape
    for i in range(m - 1):
        for j in range(n):
            A[i + 1, j] = A[i + 1, j] * w[j] + A[i, j] ** 2
            A[i, j] = w[j]
    return np.sum(A * A)


CASES = [
    Case(triangular_product, takes(mat(4, 4), mat(4, 3)), wrt=(0,)),
    Case(squared_behind, takes(mat(4, 4), mat(4, 3)), wrt=(0, 1)),
    Case(read_between, takes(mat(4, 4), mat(4, 3)), wrt=(0, 1)),
    Case(reads_itself, takes(mat(4, 4), vec(4)), wrt=(0, 1)),
    Case(scaled_before, takes(mat(4, 4), vec(4)), wrt=(0, 1)),
    Case(three_in_a_row, takes(mat(4, 4), vec(4)), wrt=(0, 1)),
    Case(index_that_moves, takes(vec(5))),
    Case(in_two_arms, takes(mat(4, 4), vec(4)), wrt=(0, 1)),
    Case(left_early, takes(mat(4, 4, 0.5, 1.5), vec(4)), wrt=(0, 1)),
    Case(counted_from_the_end, takes(mat(4, 4), vec(4)), wrt=(0, 1)),
    Case(no_turns_and_no_place, takes(mat(4, 4), vec(4)), wrt=(0, 1)),
    Case(by_another_name, takes(mat(4, 4), vec(4)), wrt=(0, 1), expect="either"),
    Case(contracted_in_place, takes(mat(3, 4), mat(4, 4)), wrt=(1,)),
    Case(adjoints_of_later_rows, takes(mat(4, 3), vec(3)), wrt=(1,)),
]
