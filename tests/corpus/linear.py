"""np.dot, @ and np.outer for every pair of ranks; transposes; matrices in loops."""

import numpy as np

from case import Case, array, mat, num, takes, vec, whole


def dot(x, y):
    return np.sum(np.dot(x, y) ** 2)


def matmul(x, y):
    return np.sum((x @ y) ** 2)


def matmul_function(x, y):
    return np.sum(np.matmul(x, y) ** 2)


def dot_method(x, y):
    return np.sum(x.dot(y) ** 2)


def outer(x, y):
    return np.sum(np.outer(x, y) ** 2 * 0.5)


def dot_result(x, y):
    return np.dot(x, y)


def matmul_result(x, y):
    return x @ y


def outer_result(x, y):
    return np.outer(x, y)


def dot_self(x):
    return np.dot(x, x)


def matmul_self(X):
    return np.sum(X @ X.T) + np.sum((X.T @ X) ** 2)


def quadratic_form(x, A):
    return x @ A @ x


def quadratic_form_dot(x, A):
    return np.dot(x, np.dot(A, x))


def bilinear(x, A, y):
    return x @ A @ y


def chain(A, B, C):
    return np.sum(A @ B @ C)


def transpose(X):
    return np.sum(X.T @ X) + np.sum(X.T * 2)


def transpose_used_twice(X):
    Y = X.T
    return np.sum(Y * Y) + np.sum(Y @ X)


def transpose_of_vector(x):
    return np.sum(x.T * x)


def transpose_of_cube(T):
    return np.sum(T.T[0] ** 2)


def transpose_function(X):
    return np.sum(np.transpose(X)[0] ** 2)


def transpose_method(T):
    return np.sum(T.transpose(1, 0, 2)[0] ** 2)


def transpose_result(X):
    return X.T


def residual(w, b, X, y):
    r = X @ w + b - y
    return np.mean(r**2)


def ridge(w, b, X, y, lam):
    r = X @ w + b - y
    return np.mean(r**2) + lam * np.sum(w**2)


def layers(x, W1, b1, W2, b2):
    h = np.tanh(W1 @ x + b1)
    return np.sum((W2 @ h + b2) ** 2)


def batched_layers(X, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    return np.mean((H @ W2 + b2) ** 2)


def in_loop(W, x, n):
    for i in range(n):
        x = np.tanh(W @ x)
    return np.sum(x)


def matrix_power_by_loop(A, n):
    P = A
    for i in range(n):
        P = P @ A
    return np.sum(P * P)


def rows_dotted(X):
    s = 0.0
    for i in range(len(X)):
        for j in range(i):
            s = s + np.dot(X[i], X[j]) ** 2
    return s


def gram(X):
    G = np.dot(X, X.T)
    return np.sum(G * G)


def householder(x, v):
    return np.sum((x - 2 * v * np.dot(v, x) / np.dot(v, v)) ** 2 * np.arange(len(x)))


def rayleigh(x, A):
    return (x @ A @ x) / (x @ x)


def outer_update(A, x, y, s):
    A = A + s * np.outer(x, y)
    return np.sum(A * A)


def column_times_row(x, y):
    return np.sum((x[:, None] @ y[None, :]) ** 2)


def matmul_augmented_vector(W, x):
    y = x
    y = W @ y + y
    y = W.T @ y
    return y @ y


def matrix_of_one(A, B):
    return (A @ B)[0, 0] ** 2


def trace_by_sum(A, B):
    return np.sum(A * B.T)


def determinant_2x2(A):
    return A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]


def cross_product(a, b):
    c = np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])
    return np.dot(c, c)


def normalized(x):
    n = np.sqrt(np.dot(x, x))
    u = x / n
    return np.dot(u, np.arange(len(x)))


def pairwise_distances(X, Y):
    D = np.sum(X**2, axis=1)[:, None] + np.sum(Y**2, axis=1)[None, :] - 2 * X @ Y.T
    return np.sum(np.exp(-D))


def einsum_like(A, B):
    return np.sum(A[:, :, None] * B[None, :, :], axis=1)[0, 0]


def square_then_sum(X, w):
    return np.sum((X @ w) ** 2) / X.shape[0]


RANKS = {0: num(), 1: vec("n"), 2: mat("n", "n")}

CASES = [
    *[Case(dot, takes(a, b), wrt=(0, 1), name=f"dot_{i}_{j}") for i, a in RANKS.items() for j, b in RANKS.items()],
    *[Case(matmul, takes(a, b), wrt=(0, 1), name=f"matmul_{i}_{j}") for i, a in RANKS.items() for j, b in RANKS.items() if i and j],
    *[Case(dot_result, takes(a, b), wrt=(0, 1), name=f"dot_result_{i}_{j}") for i, a in RANKS.items() for j, b in RANKS.items()],
    Case(dot, takes(mat("m", "k"), mat("k", "n")), wrt=(0, 1), name="dot_rectangular"),
    Case(dot, takes(mat("m", "n"), vec("n")), wrt=(0, 1), name="dot_matrix_vector"),
    Case(dot, takes(vec("m"), mat("m", "n")), wrt=(0, 1), name="dot_vector_matrix"),
    Case(dot, takes(array(), array("n")), wrt=(0, 1), name="dot_rank_0_array"),
    Case(dot, takes(array(2, 3, 4), array(4)), wrt=(0, 1), expect="either", name="dot_3_1"),
    Case(dot, takes(array(2, 3, 4), array(4, 2)), wrt=(0, 1), expect="either", name="dot_3_2"),
    Case(matmul, takes(mat("m", "k"), mat("k", "n")), wrt=(0, 1), name="matmul_rectangular"),
    Case(matmul, takes(mat("m", "n"), vec("n")), wrt=(0, 1), name="matmul_matrix_vector"),
    Case(matmul, takes(vec("m"), mat("m", "n")), wrt=(0, 1), name="matmul_vector_matrix"),
    Case(matmul, takes(array(2, 3, 4), array(2, 4, 2)), wrt=(0, 1), name="matmul_batches"),
    Case(matmul, takes(array(2, 3, 4), array(4, 2)), wrt=(0, 1), name="matmul_batch_matrix"),
    Case(matmul, takes(array(3, 4), array(2, 4, 2)), wrt=(0, 1), name="matmul_matrix_batch"),
    Case(matmul, takes(array(2, 3, 4), array(4)), wrt=(0, 1), name="matmul_batch_vector"),
    Case(matmul, takes(array(4), array(2, 4, 3)), wrt=(0, 1), name="matmul_vector_batch"),
    Case(matmul, takes(array(2, 1, 3, 4), array(5, 4, 2)), wrt=(0, 1), name="matmul_batches_broadcast"),
    Case(matmul, takes(array(1, 3, 4), array(5, 4, 2)), wrt=(0, 1), name="matmul_batch_of_one"),
    Case(matmul, takes(mat("m", "k"), mat("k", "n")), wrt=(0,), name="matmul_left_only"),
    Case(matmul, takes(mat("m", "k"), mat("k", "n")), wrt=(1,), name="matmul_right_only"),
    Case(matmul, takes(array(3, 0), array(0, 2)), wrt=(0, 1), name="matmul_empty"),
    Case(matmul, takes(array(3, 4, dtype=np.float32), array(4, 2, dtype=np.float32)), wrt=(0, 1), name="matmul_float32"),
    Case(matmul_function, takes(mat("m", "k"), mat("k", "n")), wrt=(0, 1), expect="either"),
    Case(dot_method, takes(mat("m", "k"), mat("k", "n")), wrt=(0, 1), expect="either"),
    Case(matmul_result, takes(mat("m", "k"), mat("k", "n")), wrt=(0, 1)),
    Case(matmul_result, takes(array(2, 3, 4), array(4, 2)), wrt=(0, 1), name="matmul_result_batch"),
    Case(outer, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(outer, takes(mat(2, 3), vec("n")), wrt=(0, 1), name="outer_of_matrix"),
    Case(outer, takes(num(), vec("n")), wrt=(0, 1), name="outer_of_scalar"),
    Case(outer_result, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(dot_self, takes(vec())),
    Case(matmul_self, takes(mat())),
    Case(quadratic_form, takes(vec(), mat("n", "n")), wrt=(0, 1)),
    Case(quadratic_form_dot, takes(vec(), mat("n", "n")), wrt=(0, 1)),
    Case(bilinear, takes(vec("m"), mat(), vec("n")), wrt=(0, 1, 2)),
    Case(chain, takes(mat("a", "b"), mat("b", "c"), mat("c", "d")), wrt=(0, 1, 2)),
    Case(transpose, takes(mat())),
    Case(transpose_used_twice, takes(mat())),
    Case(transpose_of_vector, takes(vec())),
    Case(transpose_of_cube, takes(array(2, 3, 4))),
    Case(transpose_function, takes(mat()), expect="either"),
    Case(transpose_method, takes(array(2, 3, 4)), expect="either"),
    Case(transpose_result, takes(mat())),
    Case(residual, takes(vec("n"), num(), mat(), vec("m")), wrt=(0, 1, 2, 3)),
    Case(ridge, takes(vec("n"), num(), mat(), vec("m"), 0.1), wrt=(0, 1)),
    Case(layers, takes(vec("n"), mat("k", "n"), vec("k"), mat("m", "k"), vec("m")), wrt=(0, 1, 2, 3, 4)),
    Case(batched_layers, takes(mat("b", "n"), mat("n", "k"), vec("k"), mat("k", "m"), vec("m")), wrt=(0, 1, 2, 3, 4)),
    Case(in_loop, takes(mat("n", "n"), vec("n"), whole(0, 4)), wrt=(0, 1)),
    Case(matrix_power_by_loop, takes(mat("n", "n"), whole(0, 3)), seeds=5),
    Case(rows_dotted, takes(mat())),
    Case(gram, takes(mat())),
    Case(householder, takes(vec(), vec()), wrt=(0, 1)),
    Case(rayleigh, takes(vec(), mat("n", "n")), wrt=(0, 1)),
    Case(outer_update, takes(mat(), vec("m"), vec("n"), num()), wrt=(0, 1, 2, 3)),
    Case(column_times_row, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(matmul_augmented_vector, takes(mat("n", "n"), vec("n")), wrt=(0, 1)),
    Case(matrix_of_one, takes(mat(1, "n"), mat("n", 1)), wrt=(0, 1)),
    Case(trace_by_sum, takes(mat("m", "n"), mat("n", "m")), wrt=(0, 1)),
    Case(determinant_2x2, takes(mat(2, 2))),
    Case(cross_product, takes(vec(3), vec(3)), wrt=(0, 1)),
    Case(normalized, takes(vec())),
    Case(pairwise_distances, takes(mat("m", "d"), mat("n", "d")), wrt=(0, 1)),
    Case(einsum_like, takes(mat("m", "k"), mat("k", "n")), wrt=(0, 1)),
    Case(square_then_sum, takes(mat(), vec()), wrt=(0, 1)),
    Case(dot, takes(lambda d: d.rng.normal(size=(3, 4)).T, vec(3)), wrt=(0, 1), name="dot_of_transposed"),
    Case(matmul_self, takes(lambda d: np.asfortranarray(d.rng.normal(size=(3, 4)))), name="matmul_self_of_fortran"),
]
