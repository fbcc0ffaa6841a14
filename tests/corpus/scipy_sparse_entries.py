"""Sparse matrices of SciPy whose entries depend on the arguments: assembled, multiplied, and solved with."""

import numpy as np
import scipy.sparse as sp
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import bicgstab, cg, factorized, gmres, splu, spsolve

from case import Case, listed, mat, num, vec

CASES: list[Case] = []
case = listed(CASES)

ROWS = np.array([0, 1, 2, 0, 2, 1])
COLUMNS = np.array([0, 1, 2, 1, 0, 1])  # two entries share a place
LAPLACE = sp.csr_matrix(np.array([[4.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 4.0]]))
BY_COLUMNS = LAPLACE.tocsc()
UNIT = sp.identity(3, format="csr")
DIFFERENCES = sp.csr_matrix(np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0], [0.0, 0.0, 1.0]]))
INDICES, ENDS = np.array([0, 1, 1, 2, 0, 2]), np.array([0, 2, 4, 6])


def heavy(draw):
    return np.array([3.0, 4.0, 5.0, 0.3, 0.4, 1.0]) + 0.1 * draw.normal(6)


@case(vec(6), vec(3), wrt=(0, 1))
def product_by_places(data, x):
    A = csr_matrix((data, (ROWS, COLUMNS)), shape=(3, 3))
    return np.sum((A @ x) ** 2) + np.sum(A @ x)


@case(heavy, vec(3), wrt=(0, 1))
def solution_by_places(data, b):
    A = sp.coo_matrix((data, (ROWS, COLUMNS)), shape=(3, 3)).tocsc()
    return np.sum(spsolve(A, b) ** 2)


@case(heavy, mat(3, 2), wrt=(0, 1))
def several_columns(data, x):
    A = csr_matrix((data, (ROWS, COLUMNS)), shape=(3, 3))
    return np.sum((A @ x) ** 2) + np.sum((x.T @ A) ** 3) + np.sum(spsolve(A.tocsc(), x) ** 2)


@case(vec(6), vec(3), wrt=(0, 1))
def compressed_rows_and_columns(data, x):
    A = sp.csr_matrix((data, INDICES, ENDS), shape=(3, 3))
    B = sp.csc_matrix((data, INDICES, ENDS), shape=(3, 3))
    return np.sum((A @ x) ** 2) + np.sum(B.dot(x) ** 2) + np.sum((x @ A) ** 2) + np.sum((A.T @ x) * x) + np.sum(A * x)


@case(vec(6), vec(6), wrt=(0, 1))
def sums_and_products_of_matrices(d, e):
    A, B = csr_matrix((d, (ROWS, COLUMNS)), shape=(3, 3)), csr_matrix((e, (COLUMNS, ROWS)), shape=(3, 3))
    C = A @ B - 2.0 * A + LAPLACE - B / 3.0
    return np.sum(C.toarray() ** 2) + np.sum((LAPLACE - A).toarray() ** 3)


@case(vec(4, 1.0, 2.0), vec(4), wrt=(0, 1))
def stiffness_of_bars(k, f):
    rows, columns, values = [], [], []
    for e in range(4):
        for a in range(2):
            for b in range(2):
                rows.append(e + a)
                columns.append(e + b)
                values.append(k[e] * (1.0 if a == b else -1.0))
    K = sp.csr_matrix((values, (rows, columns)), shape=(5, 5))
    return f @ spsolve(K[1:, 1:], f)


@case(vec(5, 1.0, 2.0), vec(6), wrt=(0, 1))
def free_and_held_nodes(k, f):
    n = len(k)
    i = np.arange(n)
    rows, columns = np.concatenate([i, i, i + 1, i + 1]), np.concatenate([i, i + 1, i, i + 1])
    K = sp.coo_matrix((np.concatenate([k, -k, -k, k]), (rows, columns)), shape=(n + 1, n + 1)).tocsr()
    free = np.arange(1, n)
    u = np.zeros(n + 1)
    u[free] = spsolve(K[free][:, free], f[free])
    v = spsolve(K[np.ix_(free, free)], u[free])
    return f @ u + np.sum(v**2) + np.sum((K @ f) ** 2)


@case(vec(3, 1.0, 2.0), vec(3), wrt=(0, 1))
def congruence(k, b):
    A = DIFFERENCES.T @ sp.diags(k) @ DIFFERENCES
    return np.sum(spsolve(A.tocsc(), b) ** 2)


@case(vec(5, 1.0, 2.0), vec(4), wrt=(0, 1))
def three_diagonals(a, b):
    A = sp.diags([-a[1:-1], a[1:] + a[:-1], -a[1:-1]], [-1, 0, 1], format="csc")
    return np.sum(spsolve(A, b) ** 2)


@case(num(), vec(2, 1.0, 2.0), vec(3), wrt=(0, 1, 2))
def parameters_times_constant_matrices(c, t, b):
    A = t[0] * LAPLACE + UNIT * t[1] + LAPLACE / t[1]
    return np.sum(spsolve(A.tocsc(), b) ** 3) + np.sum(sp.diags([c, 2.0], [0, 1], shape=(3, 3)) @ b)


@case(num(), vec(3), wrt=(0, 1))
def implicit_heat(k, u):
    lu = splu((UNIT + 0.1 * k**2 * LAPLACE).tocsc())
    solve = factorized((UNIT + 0.2 * k**2 * LAPLACE).tocsc())
    for _ in range(4):
        u = solve(lu.solve(u)) + lu.solve(u, "T")
    return u @ u


@case(heavy, vec(3), wrt=(0, 1))
def made_anew_in_each_step(data, u):
    for _ in range(4):
        A = sp.csc_matrix((data * (1.0 + u[ROWS] ** 2), (ROWS, COLUMNS)), shape=(3, 3))
        u = spsolve(A, u)
    return np.sum(u)


@case(heavy, vec(3), wrt=(0, 1))
def by_iteration(data, b):
    A = csr_matrix((data, (ROWS, COLUMNS)), shape=(3, 3))
    x, info = cg(A + A.T + 10.0 * UNIT, b, rtol=1e-13, atol=0.0)
    y = gmres(A, b, rtol=1e-13)[0]
    z, _ = bicgstab(LAPLACE, data[0] * b, x0=0.1 * data[:3], rtol=1e-13)
    return x @ x + info + np.sum(y**2) + np.sum(z**3)


@case(vec(6), vec(3), wrt=(0, 1))
def blocks(data, x):
    A = csr_matrix((data, (ROWS, COLUMNS)), shape=(3, 3))
    B = A[:1]
    K = sp.bmat([[A.T @ A + 5.0 * UNIT, B.T], [B, -UNIT[:1, :1]]], format="csc")
    u = spsolve(K, np.concatenate([x, data[:1]]))
    H, V, D = sp.hstack([A, LAPLACE, A.T]), sp.vstack([A, A[1:]]), sp.block_diag((A, LAPLACE, A.T @ LAPLACE))
    w = np.tile(x, 3)
    return np.sum(u**2) + np.sum((H @ w) ** 2) + np.sum((V @ x) ** 2) + np.sum((D @ w) ** 3)


@case(vec(6), vec(3), wrt=(0, 1))
def assembled_in_one_buffer(d, x):
    data = np.zeros(6)
    total = 0.0
    for k in range(3):
        for e in range(6):
            data[e] = d[e] * (k + 1.0)
        A = csr_matrix((data, (ROWS, COLUMNS)), shape=(3, 3))
        total += np.sum((A @ x) ** 2)
    return total


FEW = [LAPLACE, UNIT, DIFFERENCES]


@case(vec(3, 1.0, 2.0), vec(3), wrt=(0, 1))
def constant_matrices_in_a_list(t, x):
    A = sp.csr_matrix((3, 3))
    for q in range(3):
        A = A + t[q] * FEW[q]
    B = sum(c * S for c, S in zip(t, FEW))
    return np.sum((A @ x) ** 2) + np.sum(spsolve(B.tocsc(), x) ** 2)


def applied(A, x):
    return A @ x


@case(vec(6), vec(3), wrt=(0, 1))
def in_a_list_and_chosen(d, x):
    matrices = [csr_matrix((d * k, (ROWS, COLUMNS)), shape=(3, 3)) for k in range(1, 4)]
    if x[0] > 0:
        B = matrices[0]
    else:
        B = csr_matrix((d**2, (ROWS, COLUMNS)), shape=(3, 3))
    return sum(np.sum(applied(A, x) ** 2) for A in matrices) + np.sum(B @ x)


@case(mat(3, 3), vec(3), wrt=(0, 1))
def of_an_array_with_zeros(W, x):
    A = sp.csr_matrix(np.where(W > 0, W, 0.0 * W))
    return np.sum((A @ x) ** 2)


@case(vec(6), vec(3), expect="refused", wrt=(0, 1))
def squares_of_entries(d, x):
    A = csr_matrix((d, (ROWS, COLUMNS)), shape=(3, 3))
    return A.multiply(A).sum() + np.sum(A @ x)


@case(vec(6), vec(3), expect="refused", wrt=(0, 1))
def entries_assigned(d, x):
    A = csr_matrix((d, (ROWS, COLUMNS)), shape=(3, 3))
    A.data = A.data**2
    return np.sum((A @ x) ** 2)


@case(vec(6), vec(3), expect="refused", wrt=(0, 1))
def multiplied_in_place(d, x):
    A = csr_matrix((d, (ROWS, COLUMNS)), shape=(3, 3))
    B = A
    B *= 2.0  # A as well
    return np.sum((A @ x) ** 2)


@case(heavy, mat(3, 1), vec(3), wrt=(0, 1, 2))
def a_single_column(d, b, k):
    """SciPy hands back a vector."""
    A = csr_matrix((d, (ROWS, COLUMNS)), shape=(3, 3)).tocsc()
    x, info = cg(LAPLACE, b * k[1], rtol=1e-14)
    return np.sum(spsolve(A, b) * k) + np.sum(spsolve(BY_COLUMNS, b * k[0]) ** 2) + np.sum(x**3)
