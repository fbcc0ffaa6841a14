"""np.linalg: solutions, determinants, factors, eigenvalues and norms; one matrix and stacks of them."""

import numpy as np

from case import Case, array, mat, num, takes, vec


def spd(size, *stack):
    """A positive definite matrix, or a stack of them."""

    def make(draw):
        n = draw.size(size)
        root = draw.rng.normal(size=(*stack, n, n))
        return root @ np.matrix_transpose(root) + np.diag(np.arange(1.0, n + 1))

    return make


def square(size="n", *stack):
    def make(draw):
        n = draw.size(size)
        return draw.rng.normal(size=(*stack, n, n)) + 3 * np.eye(n)

    return make


def gaussian_process(theta, x, y):
    d = x[:, None] - x[None, :]
    K = theta[0] ** 2 * np.exp(-0.5 * d**2 / theta[1] ** 2) + theta[2] ** 2 * np.eye(len(x))
    L = np.linalg.cholesky(K)
    z = np.linalg.solve(L, y)
    return -0.5 * z @ z - np.sum(np.log(np.diag(L))) - 0.5 * len(x) * np.log(2 * np.pi)


def gaussian_process_solve(theta, x, y):
    d = x[:, None] - x[None, :]
    K = theta[0] ** 2 * np.exp(-0.5 * d**2 / theta[1] ** 2) + theta[2] ** 2 * np.eye(len(x))
    sign, logdet = np.linalg.slogdet(K)
    return -0.5 * y @ np.linalg.solve(K, y) - 0.5 * logdet


def kalman(A, H, Q, R, ys):
    x = np.zeros(A.shape[0])
    P = np.eye(A.shape[0])
    loss = 0.0
    for t in range(ys.shape[0]):
        x = A @ x
        P = A @ P @ A.T + Q
        S = H @ P @ H.T + R
        r = ys[t] - H @ x
        K = np.linalg.solve(S, H @ P).T
        x = x + K @ r
        P = P - K @ H @ P
        loss += 0.5 * r @ np.linalg.solve(S, r) + 0.5 * np.linalg.slogdet(S)[1]
    return loss


def mahalanobis(x, mu, S):
    d = x - mu
    return np.sum(d * (d @ np.linalg.inv(S)))


def ridge(X, y, lam):
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
    return np.sum((X @ w - y) ** 2) + lam * w @ w


def solve_vector(A, b):
    return np.sum(np.linalg.solve(A, b) ** 2)


def solve_matrix(A, B):
    return np.sum(np.linalg.solve(A, B) ** 3)


def solve_constant_right(A):
    return np.sum(np.linalg.solve(A, np.ones(A.shape[0])))


def solve_constant_left(b):
    return np.sum(np.linalg.solve(np.array([[2.0, 1.0], [1.0, 3.0]]), b) ** 2)


def solve_display_left(b):
    return np.sum(np.linalg.solve([[2.0, 1.0], [1.0, 3.0]], b) ** 2)


def solve_stack(A, b):
    return np.sum(np.linalg.solve(A, b) ** 2)


def solve_in_loop(A, b, n):
    for _ in range(n):
        b = np.linalg.solve(A, b) + b
    return np.sum(b * b)


def solve_result(A, b):
    return np.linalg.solve(A, b)


def solve_self(A):
    return np.sum(np.linalg.solve(A, A @ A))


def inverse_square(A):
    return np.sum(np.linalg.inv(A) ** 2)


def inverse_rebound(A):
    A = np.linalg.inv(A)
    A = np.linalg.inv(A @ A)
    return np.sum(A)


def inverse_written(A):
    B = np.linalg.inv(A)
    B[0] = 2 * B[1]
    return np.sum(B * B)


def determinant(A):
    return np.linalg.det(A)


def determinant_stack(A):
    return np.sum(np.linalg.det(A) ** 2)


def determinant_times(A, x):
    return np.linalg.det(A) * x + np.log(np.linalg.det(A) ** 2)


def log_determinant_both(A):
    s, l = np.linalg.slogdet(A)
    return s * np.exp(0.1 * l)


def log_determinant_field(A):
    return np.linalg.slogdet(A @ A.T).logabsdet


def log_determinant_stack(A):
    return np.sum(np.linalg.slogdet(A)[1] ** 2)


def log_determinant_negative_index(A):
    return np.linalg.slogdet(A)[-1]


def slogdet_returned(A):
    return np.linalg.slogdet(A)


def slogdet_in_branch(A, x):
    if x > 0:
        s, l = np.linalg.slogdet(A)
    else:
        s, l = 1.0, x
    return l * x + s


def slogdet_conditional(A, x):
    return x if x < 0 else x * np.linalg.slogdet(A)[1]


def eigenvalues(S):
    w, v = np.linalg.eigh(S)
    return np.sum(np.exp(-w))


def eigenvectors(S, c):
    w, v = np.linalg.eigh(S)
    return c @ v[:, -1] * w[-1]


def matrix_function(S):
    w, V = np.linalg.eigh(S)
    return np.sum(((V * np.sqrt(w)) @ V.T) ** 3)


def eigenvalues_rebound(S):
    w, S = np.linalg.eigh(S)
    return np.sum(w * w) + np.sum(S[:, 0] ** 3) * 0.0


def eigenvalues_only(S):
    return np.sum(np.log(np.linalg.eigvalsh(S)))


def eigenvalues_upper(S):
    return np.sum(np.linalg.eigvalsh(S, UPLO="U") ** 2)


def eigenvalues_in_loop(S, n):
    total = 0.0
    for k in range(n):
        w, v = np.linalg.eigh(S + k * np.eye(S.shape[0]))
        total += w[0] * w[-1]
        S = S + 0.1 * w[0] * np.outer(v[:, 0], v[:, 0])
    return total


def eigenvalues_stack(S):
    w, v = np.linalg.eigh(S)
    return np.sum(w**2 * np.arange(1.0, 1 + S.shape[-1]))


def largest_eigenvalue(S):
    return np.linalg.eigh(S)[0][-1]


def cholesky_sum(S):
    return np.sum(np.linalg.cholesky(S) ** 3)


def cholesky_upper(S):
    return np.sum(np.linalg.cholesky(S, upper=True) ** 3)


def cholesky_stack(S):
    return np.sum(np.log(np.linalg.cholesky(S)[:, 0, 0]))


def qr_orthogonal(A, c):
    q, r = np.linalg.qr(A)
    return np.sum(q * c) + np.sum(r**2 * np.arange(r.shape[1]))


def qr_triangle(A):
    return np.sum(np.linalg.qr(A).R ** 3)


def singular_values(A):
    return np.sum(np.sqrt(np.linalg.svd(A, compute_uv=False)))


def singular_values_of_each(A, c):
    a = c * 2.0  # as the rule calls its own
    return np.sum(np.linalg.svdvals(A) * a)


def singular_vectors(A, c):
    u, s, vh = np.linalg.svd(A, full_matrices=False)
    return np.sum((u * np.tanh(s)) @ vh * c)


def singular_vectors_square(A, c):
    u, s, vh = np.linalg.svd(A)
    return np.sum((u * s**2) @ vh * c)


def low_rank(A, k):
    u, s, vh = np.linalg.svd(A, full_matrices=False)
    return np.sum(np.abs(A - (u[:, :k] * s[:k]) @ vh[:k]) ** 2)


def nuclear(A):
    return np.linalg.norm(A, "nuc") + np.linalg.norm(A, 2)


def norms_of_vector(x):
    return np.linalg.norm(x) + np.linalg.norm(x, 1) * np.linalg.norm(x, 3) + np.linalg.norm(x, np.inf)


def norms_of_rows(X):
    return np.sum(np.linalg.norm(X, axis=1) ** 3) + np.sum(np.linalg.norm(X, axis=0, keepdims=True))


def normalized_rows(X, c):
    return np.sum(X / np.linalg.norm(X, axis=-1, keepdims=True) * c)


def norm_of_difference(x, y):
    return 1 / (1 + np.linalg.norm(x - y))


def norm_at_zero(x):
    return np.linalg.norm(x - x) + np.sum(x)


def frobenius(A):
    return np.linalg.norm(A) * np.linalg.norm(A, "fro") + np.linalg.norm(A, ord=1)


def norm_result(x):
    return np.linalg.norm(x)


def condition(A):
    return np.linalg.cond(A)


def pseudo_inverse(A):
    return np.sum(np.linalg.pinv(A) ** 2)


def least_squares(A, b):
    x, res, rank, s = np.linalg.lstsq(A, b, rcond=None)
    return np.sum(x**2) + np.sum(res) + rank


def least_squares_first(A, b):
    return np.sum(np.linalg.lstsq(A, b, rcond=None)[0] ** 2)


def least_squares_singular(A, b):
    return np.sum(np.linalg.lstsq(A, b)[3] ** 2)


def power(A):
    return np.sum(np.linalg.matrix_power(A, 3)) + np.sum(np.linalg.matrix_power(A, -1))


def chained(A, B, x):
    return np.sum(np.linalg.multi_dot([A, B, x]) ** 2)


def random_features(X, w):
    rng = np.random.default_rng(3)
    Z = rng.normal(size=(X.shape[1], 4))
    return np.sum(np.cos(X @ Z) @ w)


def random_parameters(mu):
    return np.random.default_rng(3).normal(mu)


def random_function_parameters(mu):
    return np.random.poisson(mu * mu + 1.0)


def qr_complete(A):
    q, r = np.linalg.qr(A, mode="complete")
    return np.sum(r**3)


def svd_in_name(A):
    out = np.linalg.svd(A, full_matrices=False)
    return np.sum(out[1] ** 2)


def one_of_two_adjoints(x):
    a, b = 2 * x, 3 * x
    return np.sum(a * a) + np.sum(b) * 0.0


def wrong_count(A):
    w, v, u = np.linalg.eigh(A)
    return np.sum(w)


n33 = mat(3, 3)

CASES = [
    Case(gaussian_process, takes(vec(3, 0.7, 1.5), vec(5, -2, 2), vec(5))),
    Case(gaussian_process_solve, takes(vec(3, 0.7, 1.5), vec(5, -2, 2), vec(5)), wrt=(0, 2)),
    Case(kalman, takes(mat(2, 2, -0.4, 0.4), mat(1, 2), spd(2), spd(1), mat(4, 1)), wrt=(0, 1, 2, 3, 4)),
    Case(mahalanobis, takes(mat("m", 3), vec(3), spd(3)), wrt=(0, 1, 2)),
    Case(ridge, takes(mat(6, 3), vec(6), num(0.5)), wrt=(0, 1, 2)),
    Case(solve_vector, takes(square(), vec("n")), wrt=(0, 1)),
    Case(solve_matrix, takes(square(), mat("n", "m")), wrt=(0, 1)),
    Case(solve_constant_right, takes(square())),
    Case(solve_constant_left, takes(vec(2))),
    Case(solve_display_left, takes(vec(2))),
    Case(solve_stack, takes(square(3, 4), vec(3)), wrt=(0, 1), name="solve_stack_vector"),
    Case(solve_stack, takes(square(3, 4), array(4, 3, 2)), wrt=(0, 1), name="solve_stack_matrix"),
    Case(solve_stack, takes(square(3), array(4, 3, 2)), wrt=(0, 1), name="solve_stack_one_matrix"),
    Case(solve_in_loop, takes(square(3), vec(3), lambda draw: 3), wrt=(0, 1)),
    Case(solve_result, takes(square(), vec("n")), wrt=(0, 1)),
    Case(solve_self, takes(square())),
    Case(inverse_square, takes(square())),
    Case(inverse_square, takes(square(3, 2)), name="inverse_square_stack"),
    Case(inverse_rebound, takes(square())),
    Case(inverse_written, takes(square())),
    Case(determinant, takes(square())),
    Case(determinant_stack, takes(square(3, 4))),
    Case(determinant_times, takes(square(), num()), wrt=(0, 1)),
    Case(log_determinant_both, takes(square())),
    Case(log_determinant_field, takes(square())),
    Case(log_determinant_stack, takes(square(3, 4))),
    Case(log_determinant_negative_index, takes(square())),
    Case(slogdet_returned, takes(square())),
    Case(slogdet_in_branch, takes(square(), num()), wrt=(0, 1)),
    Case(slogdet_conditional, takes(square(), num()), wrt=(0, 1)),
    Case(eigenvalues, takes(spd("n"))),
    Case(eigenvectors, takes(spd("n"), vec("n")), wrt=(0, 1)),
    Case(matrix_function, takes(spd("n"))),
    Case(eigenvalues_rebound, takes(spd("n"))),
    Case(eigenvalues_only, takes(spd("n"))),
    Case(eigenvalues_upper, takes(spd("n"))),
    Case(eigenvalues_in_loop, takes(spd("n"), lambda draw: 3)),
    Case(eigenvalues_stack, takes(spd(3, 4))),
    Case(largest_eigenvalue, takes(spd("n"))),
    Case(cholesky_sum, takes(spd("n"))),
    Case(cholesky_upper, takes(spd("n"))),
    Case(cholesky_stack, takes(spd(3, 4))),
    Case(qr_orthogonal, takes(mat(4, 3), mat(4, 3)), wrt=(0, 1)),
    Case(qr_orthogonal, takes(mat(3, 5), mat(3, 3)), wrt=(0, 1), name="qr_orthogonal_wide"),
    Case(qr_triangle, takes(mat(4, 3))),
    Case(singular_values, takes(mat(4, 3))),
    Case(singular_values_of_each, takes(array(3, 3, 3), mat(3, 3)), wrt=(0, 1)),
    Case(singular_vectors, takes(mat(4, 3), mat(4, 3)), wrt=(0, 1)),
    Case(singular_vectors_square, takes(mat(3, 3), mat(3, 3)), wrt=(0, 1)),
    Case(low_rank, takes(mat(4, 3), lambda draw: 2)),
    Case(nuclear, takes(mat(4, 3))),
    Case(norms_of_vector, takes(vec())),
    Case(norms_of_rows, takes(mat())),
    Case(normalized_rows, takes(mat("m", "n"), mat("m", "n")), wrt=(0, 1)),
    Case(norm_of_difference, takes(vec("n"), vec("n")), wrt=(0, 1)),
    Case(norm_at_zero, takes(vec(3)), exact=lambda x: (np.ones(3),)),
    Case(frobenius, takes(mat())),
    Case(norm_result, takes(mat())),
    Case(condition, takes(square())),
    Case(pseudo_inverse, takes(mat(4, 3))),
    Case(pseudo_inverse, takes(mat(2, 3)), name="pseudo_inverse_wide"),
    Case(least_squares, takes(mat(5, 3), vec(5)), wrt=(0, 1)),
    Case(least_squares_first, takes(mat(5, 3), vec(5)), wrt=(0, 1)),
    Case(least_squares_singular, takes(mat(5, 3), vec(5)), wrt=(0,)),
    Case(power, takes(square())),
    Case(chained, takes(mat(2, 3), mat(3, 4), vec(4)), wrt=(0, 1, 2)),
    Case(random_features, takes(mat(3, 2), vec(4)), wrt=(0, 1)),
    Case(random_parameters, takes(num())),
    Case(random_function_parameters, takes(num()), expect="refused"),
    Case(qr_complete, takes(mat(3, 2))),
    Case(svd_in_name, takes(mat(3, 2)), expect="either"),
    Case(one_of_two_adjoints, takes(vec())),
    Case(wrong_count, takes(mat(3, 3)), raises=ValueError, expect="either"),
]
