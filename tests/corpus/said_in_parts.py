"""Parts of joined arrays, neighbours, margins and diagonals: what goes back through slices, and not through a helper."""

import numpy as np

from case import Case, mat, num, takes, vec, whole


def turned_rows_and_columns(A):
    B = np.concatenate((A[1:], A[:1])) - A
    C = np.concatenate((B[:, -1:], B[:, :-1]), axis=1)
    return np.sum(C * A) + np.sum(B * C**2)


def ghost_cells(x):
    y = np.concatenate((x[-1:], x, x[:1]))
    return np.sum((y[2:] - y[:-2]) ** 2 * x)


def numbers_at_both_ends(x, a):
    y = np.concatenate(([a], x, [a * a, 1.0]))
    return np.sum(y[1:] * y[:-1] ** 2)


def less_than_its_parts(x):
    y = np.concatenate((x[3:], x[:3]))
    z = np.concatenate((x[-3:], x[:-3]))
    return np.sum(y * z * x)


def beside_each_other(A, v):
    y = np.hstack((A, v[:, None]))
    z = np.column_stack((v, A, v * v))
    return np.sum(y**2 * y[0]) + np.sum(z[:, 1:4] * z[:, :3])


def one_above_the_other(A, v):
    y = np.vstack((v, A, A[1:]))
    return np.sum(y[:2] * y[-2:]) + np.sum(np.stack([v, v * v], axis=1)[:, 1] ** 2)


def numbers_beside_a_vector(x, a):
    y = np.hstack((a, x, a * a))
    return np.sum(y**2 * np.arange(len(y)))


def grown_by_one(x, n):
    y = np.array([])
    for i in range(n):
        y = np.append(y, x[i] * (i + 1))
    return np.sum(y**2)


def grown_from_itself(x, n):
    y = np.array([[1.0, 2.0]])
    for i in range(n):
        y = np.concatenate((y, y[-1:] * x[i]), axis=0)
    return np.sum(y**2)


def grown_by_rows(A, n):
    B = np.empty((0, 2))
    for i in range(n):
        B = np.vstack((B, A[i] * (i + 1)))
    return np.sum(B**3)


def put_at_the_end(A, v):
    y = np.append(A, v)
    z = np.append(A, v[None, :], axis=0)
    w = np.append(v[1:], [v[0], v[0] ** 2])
    return np.sum(y**2) + np.sum(z**2 * z[0]) + np.sum(w**3)


def differences_along_axes(A):
    return np.sum(np.diff(A, axis=0) ** 2) + np.sum(np.diff(A) ** 3) + np.sum(np.diff(np.exp(A[0])) ** 2)


def differences_of_few(x, k):
    return np.sum(np.diff(x[:k]) ** 2 * 3.0) + np.sum(np.diff(x[:0]))


def differences_in_turns(x, n):
    s = 0.0
    for _ in range(n):
        d = np.diff(x)
        x = x[:-1] + d * 0.3
        s += np.sum(np.abs(d))
    return s


def trapezoids(x, a):
    t = np.cumsum(x**2)
    return np.trapezoid(np.sin(t) * a, t) + np.trapezoid(x, dx=a) ** 2 + np.trapezoid(x * x)


def trapezoids_of_squares(x):
    return np.trapezoid(x**2, dx=0.5)


def margins(x, A):
    y = np.pad(x, (1, 2))
    B = np.pad(A, ((1, 0), (2, 1)))
    return np.sum((y[2:] - y[:-2]) ** 2) + np.sum((B[1:, 1:] * B[:-1, :-1]) ** 2)


def copies(x, A, n):
    return np.sum(np.repeat(x, n) * np.tile(x, n)) + np.sum(np.repeat(A, 2, axis=1)[:, ::2] * A**2)


def sums_of_products(A, v):
    return np.sum(A @ A.T) + np.sum(A @ v) * np.sum(v @ A.T) + np.sum(np.tril(A @ A.T) * 2.0)


def diagonals(A):
    M = A @ A.T
    return np.trace(M @ M) + np.sum(np.diag(M) ** 2) + np.linalg.norm(A[0], 1) * np.trace(M)


def extremes_of_axes(A):
    return np.sum(np.max(A, axis=1)) - np.sum(A.min(axis=0)) + np.sum(np.exp(A - np.max(A, axis=0)))


def picked(x, A, n):
    idx = np.arange(n) % 3
    return np.sum(np.take(x, [0, 2, 2]) ** 2) + np.sum(np.take(A, idx, axis=0) ** 2) + np.take(x, 1) * np.take(A, 2)


def meshes(x, y):
    X, Y = np.meshgrid(x, y)
    U, V = np.meshgrid(x, y, indexing="ij")
    return np.sum(np.sin(X) * Y**2) + np.sum(U * V * V)


def convolutions(x, y, a):
    z = np.convolve(x, y)
    return np.sum(z**2) + np.sum(np.convolve(np.linspace(a, 2.0, 4), z)) + np.einsum("i,j,k->", x, y, z)


def parts_by_names(x, A):
    a, b, c = np.split(x, [1, 3])
    L, R = np.hsplit(A, 2)
    gx, gy = np.gradient(A)
    return np.sum(a) * np.sum(b**2) * np.prod(c) + np.sum(L * R) + np.sum(gx * gy)


def spreads(x, A):
    return np.var(x) * np.std(x) + np.sum(np.var(A, axis=0) / np.std(A, axis=0)) + np.sum((A + x[0]) ** 3 * A[0])


CASES = [
    Case(turned_rows_and_columns, takes(mat(3, 3))),
    Case(turned_rows_and_columns, takes(mat(1, 2)), name="of one row"),
    Case(ghost_cells, takes(vec(4))),
    Case(ghost_cells, takes(vec(1)), name="around one cell"),
    Case(ghost_cells, takes(vec(0)), name="around none"),
    Case(numbers_at_both_ends, takes(vec(3), num()), wrt=(0, 1)),
    Case(numbers_at_both_ends, takes(vec(0), num()), wrt=(0, 1), name="with nothing between"),
    Case(less_than_its_parts, takes(vec(5))),
    Case(less_than_its_parts, takes(vec(2)), name="shorter than they are long"),
    Case(beside_each_other, takes(mat(3, 2), vec(3)), wrt=(0, 1)),
    Case(one_above_the_other, takes(mat(3, 2), vec(2)), wrt=(0, 1)),
    Case(numbers_beside_a_vector, takes(vec(3), num()), wrt=(0, 1)),
    Case(grown_by_one, takes(vec(4), whole(0, 4))),
    Case(grown_from_itself, takes(vec(4), whole(0, 4))),
    Case(grown_by_rows, takes(mat(4, 2), whole(0, 4))),
    Case(put_at_the_end, takes(mat(3, 2), vec(2)), wrt=(0, 1)),
    Case(differences_along_axes, takes(mat(3, 4))),
    Case(differences_of_few, takes(vec(4), whole(0, 5))),
    Case(differences_in_turns, takes(vec(5), whole(0, 5))),
    Case(trapezoids, takes(vec(4), num()), wrt=(0, 1)),
    Case(trapezoids_of_squares, takes(vec(4))),
    Case(trapezoids_of_squares, takes(lambda draw: draw.rng.normal(size=4).astype(np.float32)), name="in single precision"),
    Case(margins, takes(vec(3), mat(2, 3)), wrt=(0, 1)),
    Case(copies, takes(vec(3), mat(2, 2), whole(0, 3)), wrt=(0, 1)),
    Case(sums_of_products, takes(mat(3, 2), vec(2)), wrt=(0, 1)),
    Case(diagonals, takes(mat(3, 2))),
    Case(extremes_of_axes, takes(mat(3, 2))),
    Case(picked, takes(vec(3), mat(3, 2), whole(0, 5)), wrt=(0, 1)),
    Case(meshes, takes(vec(3), vec(2)), wrt=(0, 1)),
    Case(convolutions, takes(vec(3), vec(2), num()), wrt=(0, 1, 2)),
    Case(parts_by_names, takes(vec(5), mat(3, 4)), wrt=(0, 1)),
    Case(spreads, takes(vec(3), mat(3, 2)), wrt=(0, 1)),
]
