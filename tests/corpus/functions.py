"""Functions of NumPy and `math` in programs as people write them: sorted, split, taken, padded, left out."""

import math

import numpy as np

from case import Case, array, bools, mat, num, takes, vec, whole, wholes


def trimmed_mean(x):
    s = np.sort(x)
    return np.mean(s[1:-1]) * x[0]


def sorted_in_loop(x, n):
    for _ in range(n):
        x = np.sort(x) * np.cos(x)
    return np.sum(x * np.arange(len(x)))


def ranked(x):
    order = np.argsort(-x)
    best = x[order][:2]
    return best[0] * best[1]


def sort_rows(X):
    return np.sum(np.sort(X, axis=0) * np.arange(X.shape[1]))


def sort_flat(X):
    s = np.sort(X, axis=None)
    return s[0] * s[-1] + np.sum(s * s)


def sort_leaves_its_argument(x):
    y = x * 1.0
    s = np.sort(y)
    s[0] = 5.0
    return np.sum(s * s) + np.sum(y * y * y)


def smallest_two(x):
    return np.sum(np.partition(x, 1)[:2] ** 2)


def robust_scale(x):
    center = np.median(x)
    return np.median(np.abs(x - center)) + center


def interquartile(x):
    return np.quantile(x, 0.75) - np.percentile(x, 25)


def quantiles_of_rows(X):
    q = np.quantile(X, [0.2, 0.63], axis=1)
    return np.sum(q * q)


def quantile_that_moves(x, q):
    return np.quantile(x, q) ** 2


def split_state(y, k):
    position, speed = np.split(y, 2)
    return np.sum(np.concatenate([speed, -k * position]) ** 2)


def split_in_loop(y, n):
    for _ in range(n):
        a, b = np.split(y, 2)
        y = np.concatenate([b * a, a])
    return np.sum(y)


def split_one_part_unused(y):
    a, _ = np.split(y, 2)
    return np.sum(a * a)


def split_then_written(y):
    z = y * 2.0
    a, b = np.split(z, 2)
    a[0] = 3.0
    return np.sum(z * z) + np.sum(b)


def split_in_branch(y, flag):
    if flag:
        a, b = np.split(y, [1])
    else:
        a, b = np.array_split(y, [2])
    return np.sum(a) * np.sum(b * b)


def grid_energy(x, y):
    X, Y = np.meshgrid(x, y)
    return np.sum(np.exp(-X * X) * Y)


def grid_ij(x, y):
    X, Y = np.meshgrid(x, y, indexing="ij")
    return np.sum(X * np.sin(Y), axis=0)


def broadcast_pair(x, X):
    a, b = np.broadcast_arrays(x, X)
    return np.sum(a * b * b)


def wrapped(x):
    turns, rest = np.divmod(x, 0.7)
    return np.sum(rest**2 + turns * rest)


def wrapped_numbers(a, b):
    q, r = divmod(a, b)
    return q * r + r * r


def whole_and_part(a):
    part, _ = math.modf(a)
    return part * a


def mantissa(a):
    m, e = math.frexp(a)
    return m * m + e


def gathered(x, idx):
    return np.sum(np.take(x, idx) ** 2)


def gathered_columns(X, idx):
    return np.sum(X.take(idx, axis=1) ** 2) * X[0, 0]


def gathered_in_loop(X, idx):
    total = 0.0
    for k in range(len(idx)):
        row = np.take(X, idx[k], axis=0)
        total += np.sum(row * row) * total + row[0]
    return total


def cross_entropy(Z, labels):
    top = np.max(Z, axis=1, keepdims=True)
    lse = np.log(np.sum(np.exp(Z - top), axis=1)) + top[:, 0]
    picked = np.take_along_axis(Z, labels[:, None], axis=1)[:, 0]
    return np.mean(lse - picked)


def best_of_rows(X):
    k = np.argmax(X, axis=1)
    return np.sum(np.take_along_axis(X, np.expand_dims(k, 1), 1) ** 2)


def compressed(x, mask):
    return np.sum(np.compress(mask, x) ** 2) + np.sum(x.compress(mask)) + np.sum(np.extract(mask, x) ** 3)


def chosen(x, y, idx):
    return np.sum(np.choose(idx, [x, y, x * y]))


def smooth_pieces(x):
    return np.sum(np.select([x < -0.5, x < 0.5], [-x - 0.25, x * x], x - 0.25))


def select_no_default(x):
    return np.sum(np.select([x > 0.3, x > -0.3], [np.exp(x), x**3]) * x)


def select_pole(x):
    return np.sum(np.select([x > 0, x <= 0], [np.log(np.where(x > 0, x, 1.0)), x], 0.0))


def convolved_edges(x):
    p = np.pad(x, 1, mode="edge")
    return np.sum((p[2:] - 2 * p[1:-1] + p[:-2]) ** 2)


def laplacian(X):
    P = np.pad(X, 1)
    L = P[2:, 1:-1] + P[:-2, 1:-1] + P[1:-1, 2:] + P[1:-1, :-2] - 4 * X
    return np.sum(L * L)


def padded_modes(x):
    return np.sum(np.pad(x, 2, mode="wrap") ** 2) + np.sum(np.pad(x, (1, 2), "reflect") ** 3)


def padded_then_written(x):
    y = x * x
    p = np.pad(y, 1)
    p[0] = x[0]
    return np.sum(p * p) + np.sum(y)


def inserted(x, a):
    return np.sum(np.insert(x, 1, a) ** 2 * np.append(np.delete(x, 0), [a, 2 * a]))


def stacked(x, y):
    return np.sum(np.vstack([x, y]) @ np.column_stack([x, y]) * np.array([[1.0, 2.0], [3.0, 4.0]]))


def stacked_numbers(a, b):
    return np.sum(np.hstack([a, b, a * b]) ** 2) + np.sum(np.dstack([a, b]))


def blocks(A, B):
    M = np.block([[A, B], [B.T, A.T]])
    return np.sum(M @ M)


def running(x):
    return np.sum(np.cumsum(x) * np.cumprod(x)) + np.sum(np.maximum.accumulate(x) ** 2)


def cumprod_in_loop(x, n):
    for _ in range(n):
        x = np.cumprod(np.cos(x))
    return np.sum(x)


def drawdown(x):
    wealth = np.cumprod(1 + 0.1 * x)
    return np.max(1 - wealth / np.maximum.accumulate(wealth))


def differences(x, a):
    return np.sum(np.diff(x, n=2) ** 2) + np.sum(np.diff(x, prepend=a) ** 3) + np.sum(np.ediff1d(x, to_end=a) ** 2)


def area(x, y):
    return np.trapezoid(y * y, x) * np.trapezoid(y, dx=0.5)


def area_of_rows(Y, x):
    return np.sum(np.trapezoid(Y, x, axis=0) ** 2)


def areas_over_rows(y, X):
    return np.sum(np.trapezoid(y, X) ** 2 * np.arange(1.0, 3.0)) + np.sum(np.trapezoid(y[:, None] * y, X[:1].T, axis=0))


def slopes(y):
    return np.sum(np.gradient(y) ** 2) + np.sum(np.gradient(y, 0.3, edge_order=2) ** 2)


def slopes_both(Y):
    dy, dx = np.gradient(Y)
    return np.sum(dy * dx)


def looked_up(a, xs, ys):
    return np.interp(a, np.sort(xs), ys) ** 2


def looked_up_in_loop(a, ys, n):
    xs = np.linspace(-3.0, 3.0, len(ys))
    for _ in range(n):
        a = a + 0.1 * np.interp(a, xs, ys)
    return a


def weighed(x, w):
    return np.average(x, weights=w) ** 2 + np.sum(np.average(np.outer(x, x), axis=0, weights=w))


def without_missing(X, mask):
    Y = np.where(mask, np.nan, X)
    return np.nansum(Y) * np.nanmax(Y) + np.sum(np.nanmean(Y, axis=0, keepdims=True) ** 2)


def spread_without_missing(X, mask):
    Y = np.where(mask, np.nan, X)
    return np.nanstd(Y) + np.nanvar(Y)


def masked_sums(X, mask):
    s = np.sum(X * X, axis=1, where=mask)
    return np.sum(s) * np.mean(X, where=mask) + X.sum(where=mask, initial=1.0)


def largest_at_least(x, a):
    return np.max(x, initial=a) * np.min(x, initial=-a)


def covariances(X):
    C = np.cov(X)
    return np.sum(C * C) + C[0, 1] + np.sum(np.corrcoef(X) ** 2)


def polynomial(p, x):
    return np.sum(np.polyval(p, x) ** 2) + np.polyval(np.polyder(p), 0.5)


def vandermonde(x):
    return np.sum(np.vander(x, 3) ** 2) + np.sum(np.vander(x, increasing=True))


def spaced(a, b):
    return np.sum(np.linspace(a, b, 5) ** 2) + np.sum(np.geomspace(a, b, 4)) + np.sum(np.logspace(a, b, 3, base=2.0))


def filled(a, x):
    return np.sum(np.full((2, 3), a) ** 2) + np.sum(np.full_like(x, a) * x)


def items_of_lists(a, b, c):
    return sum([a, b * c], a) * max(a, b, c) + min([a, b]) + math.prod([a, b, c]) + math.fsum((a, b)) ** 2


def distances(a, b):
    return math.dist([a, b], [1.0, a]) + math.hypot(a, b, 2.0)


def sum_of_rows(X):
    return np.sum(sum(X) ** 2)


def fortran_order(X):
    return np.sum(X.reshape(-1, order="F")[:3] ** 2) + np.sum(np.ravel(X, order="F") * np.arange(X.size))


def as_float32(x):
    return np.sum(x.astype(np.float64) ** 2) + np.sum(x, dtype=np.float64)


def cut_to_whole(x):
    return np.sum(x.astype(int) * x)


def unknown_dtype(x, dtype):
    return np.sum(x * x, dtype=dtype)


def real_parts(x):
    return np.sum(np.real(x) ** 2 + np.imag(x) + x.real * x.conj())


def bins(x, idx):
    return np.sum(np.bincount(idx, weights=x * x, minlength=7) ** 2)


def chosen_by_condition(x):
    where = np.nonzero(x > 0)
    return np.sum(x[where] ** 2)


def written_where(x):
    y = x * 2.0
    y[np.where(y > 0.5)] = 0.5
    return np.sum(y * y)


def at_largest(X):
    at = np.unravel_index(np.argmax(X), X.shape)
    return X[at] ** 2


def turned(X):
    return np.sum(np.rot90(X) @ np.flipud(X).T) + np.sum(np.fliplr(X) * X)


def rot_then_written(X):
    Y = X * 1.0
    Z = np.rot90(Y)
    Z[0, 0] = 2.0
    return np.sum(Y * Y)


def bounded(x, low):
    return np.sum(x.clip(low, 0.9) ** 2) + np.sum(np.clip(x, min=-0.5, max=0.5))


def unwrapped(x):
    return np.sum(np.unwrap(x * 3.0) ** 2)


def names_of_numpy(x):
    return np.sum(np.power(np.abs(x), 1.5), axis=None, out=None)


def first_by_name(x):
    return np.sum(a=x * x) + np.max(a=x)


CASES = [
    Case(trimmed_mean, takes(vec("n+1"))),
    Case(sorted_in_loop, takes(vec(), whole(0, 3))),
    Case(ranked, takes(vec())),
    Case(sort_rows, takes(mat())),
    Case(sort_flat, takes(mat())),
    Case(sort_leaves_its_argument, takes(vec())),
    Case(smallest_two, takes(vec())),
    Case(robust_scale, takes(vec(5))),
    Case(interquartile, takes(vec(6))),
    Case(quantiles_of_rows, takes(mat(3, 5))),
    Case(quantile_that_moves, takes(vec(5), num(0.3, 0.4)), wrt=(0, 1)),
    Case(split_state, takes(vec(6), num()), wrt=(0, 1)),
    Case(split_in_loop, takes(vec(6), whole(0, 3))),
    Case(split_one_part_unused, takes(vec(4))),
    Case(split_then_written, takes(vec(4)), expect="either"),
    Case(split_in_branch, takes(vec(5), lambda d: bool(d.rng.random() < 0.5))),
    Case(grid_energy, takes(vec("n"), vec("m")), wrt=(0, 1)),
    Case(grid_ij, takes(vec("n"), vec("m")), wrt=(0, 1)),
    Case(broadcast_pair, takes(vec("n"), mat("m", "n")), wrt=(0, 1)),
    Case(wrapped, takes(vec())),
    Case(wrapped_numbers, takes(num(1.1, 1.3), num(0.3, 0.4)), wrt=(0, 1)),
    Case(whole_and_part, takes(num(1.2, 1.9))),
    Case(mantissa, takes(num(1.2, 1.9))),
    Case(gathered, takes(vec(4), wholes(6, 0, 4))),
    Case(gathered_columns, takes(mat(3, 4), wholes(6, 0, 4))),
    Case(gathered_in_loop, takes(mat(3, 4), wholes(4, 0, 3))),
    Case(cross_entropy, takes(mat(4, 3), wholes(4, 0, 3))),
    Case(best_of_rows, takes(mat())),
    Case(compressed, takes(vec("n"), bools("n"))),
    Case(chosen, takes(vec(5), vec(5), wholes(5, 0, 3)), wrt=(0, 1)),
    Case(smooth_pieces, takes(vec())),
    Case(select_no_default, takes(vec())),
    Case(select_pole, takes(vec())),
    Case(convolved_edges, takes(vec())),
    Case(laplacian, takes(mat())),
    Case(padded_modes, takes(vec(5))),
    Case(padded_then_written, takes(vec())),
    Case(inserted, takes(vec(4), num()), wrt=(0, 1), expect="either"),
    Case(stacked, takes(vec("n"), vec("n")), wrt=(0, 1)),
    Case(stacked_numbers, takes(num(), num()), wrt=(0, 1)),
    Case(blocks, takes(mat(2, 2), mat(2, 2)), wrt=(0, 1)),
    Case(running, takes(vec())),
    Case(cumprod_in_loop, takes(vec(), whole(0, 3))),
    Case(drawdown, takes(vec(6))),
    Case(differences, takes(vec(5), num()), wrt=(0, 1)),
    Case(area, takes(vec("n"), vec("n")), wrt=(0, 1)),
    Case(area_of_rows, takes(mat("m", "n"), vec("m")), wrt=(0, 1)),
    Case(areas_over_rows, takes(vec(4), mat(2, 4)), wrt=(0, 1)),
    Case(slopes, takes(vec(8))),
    Case(slopes, takes(vec(3)), name="slopes_of_few"),
    Case(slopes_both, takes(mat(4, 5))),
    Case(looked_up, takes(num(-0.3, 0.3), vec(5), vec(5)), wrt=(0, 1, 2)),
    Case(looked_up_in_loop, takes(num(), vec(7), whole(0, 4)), wrt=(0, 1)),
    Case(weighed, takes(vec("n"), vec("n", 0.5, 1)), wrt=(0, 1)),
    Case(without_missing, takes(mat(3, 4), lambda d: np.eye(3, 4, dtype=bool))),
    Case(spread_without_missing, takes(mat(3, 4), lambda d: np.eye(3, 4, dtype=bool))),
    Case(masked_sums, takes(mat(3, 4), lambda d: ~np.eye(3, 4, dtype=bool))),
    Case(largest_at_least, takes(vec(), num(0.1, 0.2)), wrt=(0, 1)),
    Case(covariances, takes(mat(3, 5))),
    Case(polynomial, takes(vec(4), vec("n")), wrt=(0, 1)),
    Case(vandermonde, takes(vec("n", 0.5, 1))),
    Case(spaced, takes(num(0.5, 1), num(1.5, 2)), wrt=(0, 1)),
    Case(filled, takes(num(), vec()), wrt=(0, 1)),
    Case(items_of_lists, takes(num(), num(), num()), wrt=(0, 1, 2)),
    Case(distances, takes(num(), num()), wrt=(0, 1)),
    Case(sum_of_rows, takes(mat())),
    Case(fortran_order, takes(mat(3, 4))),
    Case(as_float32, takes(vec())),
    Case(as_float32, takes(array(4, dtype=np.float32)), name="as_float64_of_float32", expect="either"),
    Case(cut_to_whole, takes(vec("n", 1.2, 1.8))),
    Case(unknown_dtype, takes(vec(), lambda d: np.dtype(int)), expect="refused"),
    Case(real_parts, takes(vec())),
    Case(bins, takes(vec(5), wholes(5, 0, 4))),
    Case(chosen_by_condition, takes(vec())),
    Case(written_where, takes(vec())),
    Case(at_largest, takes(mat())),
    Case(turned, takes(mat(3, 3))),
    Case(rot_then_written, takes(mat(3, 3)), expect="either"),
    Case(bounded, takes(vec(), num(-0.3, -0.2)), wrt=(0, 1)),
    Case(unwrapped, takes(vec())),
    Case(names_of_numpy, takes(vec())),
    Case(first_by_name, takes(vec())),
]
