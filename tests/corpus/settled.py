"""Views that are taken when the last write is over, and those that look as if it were."""

import numpy as np
from case import Case, mat, num, takes, vec, whole


def diagonal_of_factor(A):
    n = len(A)
    B = A @ A.T + np.eye(n)
    L = np.zeros((n, n))
    for j in range(n):
        L[j, j] = np.sqrt(B[j, j] - L[j, :j] @ L[j, :j])
        for i in range(j + 1, n):
            L[i, j] = (B[i, j] - L[i, :j] @ L[j, :j]) / L[j, j]
    return 2 * np.sum(np.log(np.diag(L)))


def diagonal_method(x):
    B = np.outer(x, x)
    B[0] = x * x
    return np.prod(B.diagonal())


def raveled_at_the_end(x):
    y = np.empty((2, len(x)))
    y[0] = x * x
    y[1] = np.sin(x)
    flat = y.ravel()
    return np.sum(flat * flat * flat)


def flattened_transpose(x):
    y = np.empty((2, len(x)))
    y[0] = x * x
    y[1] = np.sin(x)
    z = y.T.reshape(-1)
    return np.dot(z, np.cos(z))


def chain_of_views(x):
    y = x * 1.0
    y[1:] *= x[:-1]
    tail = y[1:]
    last = tail[-2:]
    return np.sum(last * last) + np.sum(tail * np.exp(tail))


def view_in_a_loop_that_writes(x, n):
    y = x * 1.0
    s = 0.0
    for _ in range(n):
        d = y[1:]
        s += np.sum(d * d)
        y[0] = s
        y[1] = y[1] * y[0]
    return s


def view_in_a_loop_behind(x, n):
    y = x * 1.0
    y[0] = y[1] * y[2]
    s = 1.0
    for i in range(n):
        d = y[i:]
        s += np.sum(d * d) * s
    return s


def written_in_the_other_arm(x, k):
    y = x * 1.0
    y[0] *= 2
    d = y[1:]
    if k > 0:
        y[1] = d[0] * d[1]
    else:
        d = y[:2] * 3.0
    return np.sum(d * d) + np.sum(y * y)


def written_through_the_view(x):
    y = x * 1.0
    y[0] *= 2
    d = y[1:]
    d *= x[1:]
    return np.sum(y * y * y)


def returned_view(x):
    y = np.zeros(4)
    y[:2] = x[:2] * x[1:3]
    y[2:] = np.sin(y[:2])
    return y[1:]


def returned_view_of_view(x):
    y = x * 1.0
    y[0] = x[1] * x[2]
    t = y.reshape(-1, 1)
    return t.T


def scale(u, k):
    u *= k
    return u


def returned_by_what_writes(x, k):
    y = x * x
    z = scale(y + 0.0, k)
    return np.sum(y * z * z)


def kept_by_what_reads(x, k):
    y = x * x
    y[0] = k
    t = y[1:]
    z = scale(t * 1.0, k)
    return np.sum(t * z * z)


def both_arms(x, k):
    y = x * 1.0
    y[0] = k * y[1]
    d = y[1:] if k > 0 else y[:-1].copy()
    return np.sum(d * d * d)


def base_bound_anew(a, A, B):
    C = B.T
    C[0] = a
    B = A
    return a * a + np.sum(C)


def base_bound_anew_and_read(a, A, B):
    C = B.T
    C[0] = a * a
    s = np.sum(B * B)
    B = A
    return s * np.sum(B * B) + np.sum(C)


CASES = [
    Case(base_bound_anew, takes(num(), mat(2, 3), mat(2, 3)), wrt=(0, 1, 2), seeds=2),
    Case(base_bound_anew_and_read, takes(num(), mat(2, 3), mat(2, 3)), wrt=(0, 1, 2), seeds=2),
    Case(diagonal_of_factor, takes(mat(3, 3)), seeds=2),
    Case(view_in_a_loop_that_writes, takes(vec(), whole(0, 3)), seeds=3),
    Case(view_in_a_loop_behind, takes(vec(5), whole(0, 3)), seeds=4),
    Case(written_in_the_other_arm, takes(vec(), num()), wrt=(0,), seeds=4),
    Case(both_arms, takes(vec(), num()), wrt=(0, 1), seeds=4),
    *[Case(f, takes(vec(), num()), wrt=(0, 1), seeds=2) for f in (returned_by_what_writes, kept_by_what_reads)],
    *[
        Case(f, takes(vec(4)), seeds=2)
        for f in (
            diagonal_method, raveled_at_the_end, flattened_transpose, chain_of_views, written_through_the_view,
            returned_view, returned_view_of_view,
        )
    ],
]
