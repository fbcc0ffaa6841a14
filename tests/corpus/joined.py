"""``np.r_`` and ``np.c_``, columns of rows whose number only the run tells, adjoints that are filled out."""

import math

import numpy as np

from case import Case, mat, num, takes, vec, whole


def logistic_steps(x, y):
    w = np.zeros(2)
    X = np.c_[np.ones(len(x)), x]
    for _ in range(2):
        p = 1 / (1 + np.exp(-X @ w))
        w += np.linalg.solve(X.T @ X + 0.1 * np.eye(2), X.T @ (y - p))
    return w[0] * w[1]


def columns_in_brackets(A, v):
    return (np.c_[A, v, v * v] ** 2).sum()


def rows_in_brackets(x, a):
    y = np.r_[0.0, np.cumsum(x), 2 * a, 1:3]
    return (y * np.arange(len(y))).sum()


def ranges_in_brackets(x, a):
    t = np.r_[a : 2 * a : 3j]
    places = np.r_[0:2, 3]
    return (x[places] * t).sum() + np.r_[a, x[0]].prod() + np.mgrid[0:a:3j].sum()


def joined_at_length(A, n):
    for _ in range(n):
        A = np.r_[A[:1] * 2, A[1:]]
    return (np.r_[A, A * A] ** 2).sum()


def a_path_in_columns(a, b, n):
    path = [(a, 0.0)]
    for _ in range(n):
        q, p = path[-1]
        p -= 0.1 * math.sin(q) * b
        path.append((q + 0.1 * p, p))
    qs, ps = zip(*path)
    return sum(qs) * max(ps) + ps[-1] ** 2


def arrays_in_columns(x, n):
    points = []
    for i in range(n):
        points.append(np.array([x[i], x[i + 1] * 2]))
    xs, ys = map(np.array, zip(*points))
    return xs @ ys


def ridge(x, a):
    X = np.vander(x, 3)
    G = X.T @ X
    G[np.diag_indices_from(G)] += a
    return np.linalg.norm(np.linalg.solve(G, X.T @ x)) + G[np.triu_indices_from(G)].sum()


def sums_that_start(x, a):
    return sum((t * t for t in x), start=a) + sum([t for t in x if t > 1], a * a) + sum(x, a)


def sum_of_lists(x):
    rows = [[t, t * t] for t in x]
    return sum(k * t for k, t in enumerate(sum(rows, [])))


def read_by_what_is_added_to_it(x):
    v = x[:-1]
    x += np.sin(x)
    return 0.68 * np.sum(v**2) + np.sum(x)


def an_entry_less_the_sum(x):
    x[1] -= (x[:]).sum()
    v = x[:]
    return np.sum(v * v) + np.sum(np.sin(x))


def of_another_shape_under_its_name(x, a):
    B = np.zeros((4, 3))
    B = B.T + a
    a -= math.sin((B[1] * x).sum())
    return math.sin(a), np.sum(B.T, axis=1)


def of_another_shape_and_its_first_row(x, a):
    B = np.zeros((4, 3))
    B = B.T + a
    a -= math.sin((B[0] * x).sum())
    return math.sin(a), np.sum(B.T, axis=1)


def entries_in_order(A, v):
    total = 0.0
    for t in A.flat:
        total = total * 0.5 + t**3
    n = len(v)
    K = np.exp(-((v[:, None] - v[None, :]) ** 2))
    K.flat[:: n + 1] += total
    return np.linalg.slogdet(K)[1] + K.flat[3] + K.T.flat[1] * A.flat[2]


def stores_in_order(A):
    B = A.copy().T
    B.flat[1:3] = A[0, 0]
    whole = A.view()
    whole[0] *= 2.0
    return (B[0] * B[1]).sum() + getattr(A, "sum")()


CASES = [
    Case(logistic_steps, takes(vec(4), vec(4))),
    Case(columns_in_brackets, takes(mat(3, 2), vec(3))),
    Case(rows_in_brackets, takes(vec(3), num())),
    Case(ranges_in_brackets, takes(vec(4), num())),
    Case(joined_at_length, takes(mat(3, 2), whole(0, 3))),
    Case(a_path_in_columns, takes(num(), num(), whole(0, 4))),
    Case(arrays_in_columns, takes(vec(4), whole(1, 3))),
    Case(ridge, takes(vec(5), num())),
    Case(entries_in_order, takes(mat(2, 2), vec(3))),
    Case(stores_in_order, takes(mat(3, 2))),
    Case(sums_that_start, takes(vec(3), num())),
    Case(sum_of_lists, takes(vec(3)), expect="refused"),
    Case(read_by_what_is_added_to_it, takes(vec(4))),
    Case(an_entry_less_the_sum, takes(vec(4))),
    Case(of_another_shape_under_its_name, takes(vec(4), num())),
    Case(of_another_shape_and_its_first_row, takes(vec(4), num())),
]


def heads(x, count):
    return np.split(np.tanh(x), count, axis=-1)


def attend(q, k, v):
    return (q * k) @ np.exp(-v * v).T


def heads_side_by_side(A, n):
    parts = np.split(A, 3, axis=-1)
    split = list(map(lambda part: heads(part, n), parts))
    return np.sum(np.hstack([attend(q, k, v) for q, k, v in zip(*split)]))


def rows_unpacked_by_a_loop(A, n):
    rows = [A[i] * A[0] for i in range(n)]
    total = 0.0
    for first, second in zip(*rows):
        total += first * first * second
    return total


def split_and_mapped(A):
    return sum(np.sum(p * q**2) for p, q in zip(*[np.split(part, 2) for part in np.split(A * A, 2, axis=1)]))


def each_of_a_split(x):
    total = 0.0
    for part in np.split(x, 3):
        total += np.sum(part) ** 2
    low, *others = [np.sum(p * p) for p in np.array_split(x, 3)]
    return total + low * others[-1]


CASES += [
    Case(heads_side_by_side, takes(mat(2, 12), whole(2, 2))),
    Case(rows_unpacked_by_a_loop, takes(mat(2, 4), whole(2, 2))),
    Case(split_and_mapped, takes(mat(4, 4))),
    Case(each_of_a_split, takes(vec(6))),
]


def drawn_as_large(A):
    rng = np.random.RandomState(0)
    np.random.seed(3)
    return np.sum(A * rng.randn(*A.shape)) + np.sum(A * np.random.rand(*np.shape(A)))


def stacked_in_front(A):
    out = np.zeros((2, *A.shape))
    out[0] = A
    out[1] = A * A
    return np.sum(out.reshape(2, *out.shape[1:]) ** 2)


def heads_by_shape(A):
    *_, width = A.shape
    heads = A.reshape(*A.shape[:-1], 2, width // 2)
    return np.sum(np.tanh(heads)[..., 0] ** 2)


CASES += [
    Case(drawn_as_large, takes(mat(2, 3))),
    Case(stacked_in_front, takes(mat(2, 3))),
    Case(heads_by_shape, takes(mat(3, 4))),
]


def kkt_system(H, A, g):
    K = np.block([[H @ H.T + np.eye(3), A.T], [A, np.zeros((2, 2))]])
    return np.sum(np.linalg.solve(K, np.concatenate([g, np.ones(2)])) ** 2)


def bordered(A, v, s):
    B = np.block([[A, v[:, None]], [v, s]])
    return np.sum(B @ B)


def blocks_in_a_line(x, s, y):
    return np.sum(np.block([x, s, y]) ** 3)


def rows_of_matrices(A, B):
    return np.sum(np.sin(np.block([A, B.T])) * np.arange(4.0)[:, None]) + np.sum(np.block([[A], [B.T]]) ** 2)


CASES += [
    Case(kkt_system, takes(mat(3, 3), mat(2, 3), vec(3)), wrt=(0, 1, 2)),
    Case(bordered, takes(mat(3, 3), vec(3), num()), wrt=(0, 1, 2)),
    Case(blocks_in_a_line, takes(vec(2), num(), vec(3)), wrt=(0, 1, 2)),
    Case(rows_of_matrices, takes(mat(4, 3), mat(3, 4)), wrt=(0, 1)),
]


def shares_of_each_row(x):
    """As statsmodels has them of the chances to change a regime."""
    y = np.reshape(x, (x.shape[0], 1, x.shape[1]))
    tmp = np.c_[np.zeros((y.shape[-1], y.shape[1], 1)), y.T].T
    return np.sum(np.exp(y - np.log(np.sum(np.exp(tmp), axis=0))) ** 2 * np.arange(1.0, 4.0)[:, None, None])


def product_with_a_list(x):
    return np.sum(np.polymul(x, [1.0, 2.0, 0.5]) ** 2) + np.sum(np.convolve([3.0, 1.0], x))


CASES += [Case(shares_of_each_row, takes(mat(3, 2))), Case(product_with_a_list, takes(vec(3)))]
