"""Which overwritten elements the way back reads: loops whose indices, bounds and order decide."""

import numpy as np
from case import Case, array, listed, mat, vec, whole

CASES: list[Case] = []
case = listed(CASES)


@case(mat("n", "n", low=2.0))
def factorized(A):
    A = A + 4.0 * np.eye(len(A))
    n = len(A)
    for i in range(n):
        for j in range(i):
            for k in range(j):
                A[i, j] -= A[i, k] * A[k, j]
            A[i, j] /= A[j, j]
        for j in range(i, n):
            for k in range(i):
                A[i, j] -= A[i, k] * A[k, j]
    return np.sum(A * A)


@case(mat("n", "n"), vec("n"), wrt=(0, 1))
def substituted(L, b):
    x = np.zeros(len(b))
    for i in range(len(b)):
        x[i] = b[i]
        for j in range(i):
            x[i] -= L[i, j] * x[j]
        x[i] = x[i] / (4.0 + L[i, i] ** 2)
    return np.sum(x * x)


@case(mat("n", "n"), vec("n"), wrt=(0, 1))
def substituted_backwards(U, b):
    n = len(b)
    x = b.copy()
    for i in range(n - 1, -1, -1):
        for j in range(n - 1, i, -1):
            x[i] -= U[i, j] * x[j]
        x[i] /= 3.0 + U[i, i] ** 2
    return np.sum(x**3)


@case(mat("n", "n"), vec("n"), wrt=(0, 1))
def substituted_by_slices(L, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / (3.0 + L[i, i] ** 2)
    return np.sum(x * x)


@case(vec("n"))
def next_is_read_then_written(x):
    y = x.copy()
    for i in range(len(y) - 1):
        y[i] = y[i] * y[i + 1]
    return np.sum(y)


@case(vec("n"))
def last_is_read_then_written(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] = y[i - 1] * y[i - 1] + x[i]
    return np.sum(y * y)


@case(vec("n"))
def first_reads_the_end(x):
    y = x.copy()
    for i in range(len(y)):
        y[i] = y[i - 1] * y[i - 1] + x[i]
    return np.sum(y * y)


@case(vec("n"))
def two_below_counts_from_the_end(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] = y[i - 2] ** 2 * 0.5
    return np.sum(y)


@case(vec("n"), whole(1, 3))
def sweeps(x, t):
    y = x.copy()
    for _ in range(t):
        for i in range(1, len(y) - 1):
            y[i] = y[i - 1] * y[i + 1] + 0.5 * y[i]
    return np.sum(y * y)


@case(vec("n"), whole(1, 3))
def sweeps_of_a_linear_kind(x, t):
    y = x.copy()
    for _ in range(t):
        for i in range(1, len(y) - 1):
            y[i] = (y[i - 1] + y[i] + y[i + 1]) / 3
    return np.sum(y * y)


@case(vec("n"))
def downwards(x):
    y = x.copy()
    for i in range(len(y) - 2, -1, -1):
        y[i] = y[i + 1] * y[i + 1] + x[i]
    return np.sum(y)


@case(vec("n"))
def downwards_reading_what_comes(x):
    y = x.copy()
    for i in range(len(y) - 1, 0, -1):
        y[i] = y[i - 1] * y[i - 1] + y[i]
    return np.sum(y * y)


@case(vec(7))
def in_steps(x):
    y = x.copy()
    for i in range(2, len(y), 2):
        y[i] = y[i - 2] * y[i - 1]
    for i in range(1, len(y), 3):
        y[i] = y[i - 1] ** 2
    return np.sum(y * y)


@case(vec("n"))
def under_a_condition(x):
    y = x.copy()
    for i in range(1, len(y)):
        if y[i] > 0:
            y[i] = y[i - 1] * x[i]
        else:
            y[i] = y[i] * y[i] - y[i - 1]
    return np.sum(y * y)


@case(vec("n"))
def the_same_twice_in_a_turn(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] = y[i] * y[i - 1]
        y[i] = y[i] * y[i]
    return np.sum(y)


@case(vec("n"))
def two_loops_of_one_name(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = x[i] ** 2
    for i in range(1, len(x)):
        y[i] = y[i] * y[i - 1]
    for i in range(len(x) - 1):
        y[i] = y[i] * y[i + 1]
    return np.sum(y)


@case(vec("n"))
def a_variable_moved_by_hand(x):
    y = x.copy()
    i = 1
    while i < len(y):
        y[i] = y[i - 1] ** 2 + y[i]
        i += 1
    return np.sum(y * y)


@case(vec("n"))
def a_loop_variable_rebound(x):
    y = x.copy()
    for i in range(len(y)):
        i = len(y) - 1 - i
        y[i] = y[i] * y[0]
    return np.sum(y * y)


@case(vec("n"))
def a_bound_that_moves(x):
    y = x.copy()
    m = 1
    for i in range(len(y)):
        for j in range(m):
            y[j] = y[j] * y[i]
        m = min(m + 1, len(y))
    return np.sum(y)


@case(mat("n", "n"))
def columns_and_rows(A):
    A = A.copy()
    n = len(A)
    for k in range(n):
        A[k, k:] = A[k, k:] * A[k, k]
        for i in range(k + 1, n):
            A[i, k + 1 :] -= A[i, k] * A[k, k + 1 :]
    return np.sum(A * A)


@case(mat("n", "n"))
def orthogonalized(A):
    A = A.copy()
    m, n = A.shape
    R = np.zeros((n, n))
    Q = np.zeros((m, n))
    for k in range(n):
        norm = 0.0
        for i in range(m):
            norm += A[i, k] * A[i, k]
        R[k, k] = np.sqrt(norm + 1.0)
        for i in range(m):
            Q[i, k] = A[i, k] / R[k, k]
        for j in range(k + 1, n):
            for i in range(m):
                R[k, j] += Q[i, k] * A[i, j]
            for i in range(m):
                A[i, j] -= Q[i, k] * R[k, j]
    return np.sum(R * R) + np.sum(Q * Q * Q)


@case(vec("n"))
def by_a_table_of_indices(x):
    order = np.arange(len(x))[::-1]
    y = x.copy()
    for i in range(len(y)):
        y[order[i]] = y[i] * y[order[i]]
    return np.sum(y * y)


@case(array(3, 4))
def one_axis_told(A):
    B = A.copy()
    for i in range(1, 3):
        B[i] = B[i - 1] * B[i]
        B[i, 0] = B[i, 1] * B[i - 1, 2]
    return np.sum(B * B)


@case(vec("n"), whole(2, 3))
def read_in_one_loop_written_in_another(x, t):
    y = x.copy()
    s = 0.0
    for _ in range(t):
        for i in range(len(y)):
            s += y[i] * y[i]
        for i in range(len(y)):
            y[i] = y[i] * 0.5
    return s


@case(vec("n"))
def rebound_in_the_loop(x):
    s = 0.0
    for k in range(3):
        y = x * (k + 1.0)
        for i in range(1, len(y)):
            y[i] = y[i - 1] * y[i]
        s += np.sum(y)
    return s


@case(vec(3), whole(2, 6))
def constant_store_by_an_index_of_its_own(x, n):
    w = np.ones(3)
    s = 0.0
    for k in range(n):
        s += np.sin(x[0] * w[k % 3])
        m = (k * k + 1) % 3
        m = m * 2 % 3
        w[m] = k + 2.0 + w[m]
    return s


@case(vec(3), whole(2, 6))
def constant_store_behind_a_mask(x, n):
    w = np.arange(3.0)
    s = 0.0
    for k in range(n):
        s += np.sum(np.sin(x * w))
        w[w > k % 3] -= 0.5 * k
        w[w * k < 1.5] += 0.7
    return s


def put(u, v):
    u[...] = v


@case(vec(3), whole(2, 6))
def constant_call_by_an_index_of_its_own(x, n):
    W = np.ones((3, 3))
    s = 0.0
    for k in range(n):
        s += np.sum(np.sin(x * W[k % 3]))
        m = (k * k + 1) % 3
        m = m * 2 % 3
        put(W[m], k + 2.0)
    return s


@case(vec("n"), vec("n"), whole(2, 4), wrt=(0, 1))
def made_anew_in_each_turn(d, c, k):
    n = len(d)
    for _ in range(k):
        u = np.zeros(n)
        u[n - 1] = d[n - 1]
        for i in range(n - 2, -1, -1):
            u[i] = np.sin(d[i]) - c[i] * u[i + 1] * u[i + 1]
        d = u
    return u @ u


@case(vec(4), vec(4), whole(2, 4), wrt=(0, 1))
def made_anew_inside_a_turn_and_read_on_both_sides(d, c, k):
    u = d * c
    s = 0.0
    for _ in range(k):
        for m in range(2):
            s = s + 0.1 * u[0] * u[1] * u[m]
            u = np.zeros(len(d))
            for i in range(len(d)):
                u[i] = np.cos(d[i] * s) + u[i - 1] * u[i - 1]
            u[2] = u[2] * c[2] * s
            if m > 0:
                u = u * d
            u[1] = u[1] * u[1] * c[0]
    return s + np.sum(u)


@case(vec("n"), vec("n"), whole(2, 4), wrt=(0, 1))
def made_anew_and_kept_by_a_list(d, c, k):
    keep = []
    for _ in range(k):
        u = np.zeros(len(d))
        for i in range(1, len(d)):
            u[i] = d[i] * u[i - 1] + c[i]
            u[i - 1] = u[i - 1] * d[i]
        keep.append(u)
        d = d * 0.9 + 0.1 * u
    return sum(u @ u for u in keep)
