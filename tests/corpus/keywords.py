"""Keywords of NumPy's functions, in programs; windows, grids and entries."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from case import Case, mat, num, takes, vec, whole


def moving_average(x, k):
    return np.sum(sliding_window_view(x, k).mean(axis=-1) ** 2)


def local_maxima(x):
    y = np.sin(x)
    windows = np.lib.stride_tricks.sliding_window_view(y, 3)
    return windows.max(axis=1) @ windows.min(axis=1)


def patches(A):
    return np.sum(sliding_window_view(A, (2, 2)) ** 3)


def written_after_windows(x):
    y = x * 1.0
    w = sliding_window_view(y, 3)
    y[0] = y[1] * 3.0
    return np.sum(w**2)


def framed(x, a, b):
    return np.sum(np.pad(x, (1, 2), constant_values=(a, b)) ** 2) + np.sum(np.pad(np.outer(x, x), 1, constant_values=a))


def moving_grid(a, b):
    t = np.arange(a, a + 3.0)
    return np.sum(np.sin(t)) + np.sum(np.arange(a, 5.0, b) ** 2)


def grid_up_to(a, b):
    return np.sum(np.sin(np.arange(a)) * b)


def from_a_place(x, k):
    return np.sum(x[np.arange(k, len(x))] ** 2)


def phases(x, y):
    return np.sum(np.interp(x, np.array([0.1, 1.2, 1.9]), y, period=2.5))


def hazen(x):
    return np.quantile(x, 0.4, method="hazen") * np.percentile(x, 60, method="weibull")


def entries(A):
    return A.item(2) * A.item(1, 1)


def from_zero(x):
    y = np.cumulative_sum(x, include_initial=True)
    return np.sum(y[1:] * y[:-1])


def weighed_line(x, y, w):
    slope, height = np.polyfit(x, y, 1, w=w)
    return slope * height


def covariances(A, x):
    return np.sum(np.cov(A) ** 3) + np.cov(x, x * x)[0, 1] + np.sum(np.cov(A, rowvar=False)) + np.cov(x)


def correlations(A, x):
    return np.sum(np.corrcoef(A) ** 3) + np.corrcoef(x, x * x)[0, 1]


def tables(x, y):
    return np.sum(np.sin(np.add.outer(x, y))) + np.sum(np.multiply.outer(x, y) ** 2)


def where_positive(A):
    return np.sum(np.sum(A, axis=0, where=A > 0.2) ** 2) + np.prod(A, where=A > 1) + np.max(A, initial=0.1, where=A < 1)


def windows_of_windows(x, n):
    for _ in range(n):
        x = np.pad(sliding_window_view(x, 3).sum(axis=1), 1, constant_values=x[0])
    return np.sum(x**2)


def new_axes_of_a_number(A):
    t = np.sum(A[0])
    return np.sum(t[..., None] * A[1]) + np.sum(np.exp(t[None, None]))


CASES = [
    Case(new_axes_of_a_number, takes(mat(3, 4))),
    Case(moving_average, takes(vec(6), whole(1, 4)), seeds=3),
    Case(local_maxima, takes(vec(6))),
    Case(patches, takes(mat(3, 4))),
    Case(written_after_windows, takes(vec(5)), expect="refused"),
    Case(framed, takes(vec(3), num(), num()), wrt=(0, 1, 2)),
    Case(moving_grid, takes(num(0.1, 0.3), num(0.4, 0.45)), wrt=(0, 1)),
    Case(grid_up_to, takes(num(2.1, 2.9), num()), wrt=(0, 1)),
    Case(from_a_place, takes(vec(5), whole(0, 4)), seeds=3),
    Case(phases, takes(vec(5), vec(3)), wrt=(0, 1)),
    Case(hazen, takes(vec(6))),
    Case(entries, takes(mat(2, 3))),
    Case(weighed_line, takes(vec(5), vec(5), vec(5, 0.5, 2)), wrt=(0, 1, 2)),
    Case(covariances, takes(mat(3, 5), vec(4)), wrt=(0, 1)),
    Case(correlations, takes(mat(3, 5), vec(4)), wrt=(0, 1)),
    Case(tables, takes(vec(3), vec(2)), wrt=(0, 1)),
    Case(where_positive, takes(mat(3, 4))),
    Case(windows_of_windows, takes(vec(5), whole(0, 3)), seeds=3),
]
if hasattr(np, "cumulative_sum"):
    CASES.append(Case(from_zero, takes(vec(5))))


def summed_along_the_last_by_position(A, B):
    s = np.sum(A * A, -1)
    return np.sum(B[:, 0] * 3.0 * np.sum(np.sin(A), -1) * s - 2.0 * np.sum(A, -1) * np.sum(A, -2))


def positions_with_signs(A, v):
    w = np.cos(v[0]) * -2.0
    turned = np.roll(A, -1, -1) * A * np.mean(A, -1) - np.roll(-A, -1)
    made = np.stack([v, -v], -1) @ np.diff(A[:, :3], 1, -1).T[:2]
    return np.sum(w * turned * np.max(A, -1)) + np.sum(np.outer(-v, -v) * np.cumsum(A, -1)) + np.sum(made)


CASES += [
    Case(summed_along_the_last_by_position, takes(mat(4, 4), mat(4, 3)), wrt=(0, 1)),
    Case(positions_with_signs, takes(mat(4, 4), vec(4)), wrt=(0, 1)),
]

def like_another_but_for_its_shape(A, v):
    return np.sum(np.zeros_like(A, shape=(5,)) + v * v) + np.sum(np.ones_like(A, None, "K", True, v.shape) * v)


def padded_by_means_and_slopes(A, v):
    B = np.pad(A, ((1, 0), (2, 1)), mode="mean", stat_length=2) * v[0]
    C = np.pad(A * A, 1, "linear_ramp", end_values=2.0)
    return np.sum(B ** 3) + np.sum(np.sin(C)) + np.sum(np.pad(v, 5, mode="reflect", reflect_type="odd") ** 2)


CASES.append(Case(padded_by_means_and_slopes, takes(mat(3, 4), vec(3)), wrt=(0, 1)))
CASES.append(Case(like_another_but_for_its_shape, takes(mat(3, 4), vec(5)), wrt=(0, 1)))


def averages_and_what_they_weigh(A, v):
    mean, total = np.average(A, axis=1, weights=v * v, returned=True)
    return np.sum(mean ** 2 * total) + np.sum(np.average(A, returned=True)[0] * v)


def by_lists_of_axes(A, v):
    return np.sum(np.einsum(A, [0, 1], v, [1], [0]) ** 2) + np.einsum(np.outer(v, v) ** 2, [0, 0])


def divided_with_rest(p, q):
    quotient, rest = np.polydiv(p, q)
    return np.sum(quotient ** 2) + np.sum(np.cos(rest))


def same_memory_or_not(A, v):
    w = v.astype(float, copy=False)
    B = np.array(w, ndmin=2) * A
    return np.sum(B ** 2) + np.sum(np.full_like(A, v[0], shape=(2,))) + np.sum(np.power.outer(v * v + 1, [2.0, 0.5]))


CASES += [
    Case(averages_and_what_they_weigh, takes(mat(3, 4), vec(4, 0.5, 2)), wrt=(0, 1)),
    Case(by_lists_of_axes, takes(mat(3, 4), vec(4)), wrt=(0, 1)),
    Case(divided_with_rest, takes(vec(5), vec(3, 0.5, 2)), wrt=(0, 1)),
    Case(same_memory_or_not, takes(mat(3, 4), vec(4)), wrt=(0, 1)),
]


def slopes_by_their_distance(u, length):
    dx = length / (len(u) - 1)
    return np.sum(np.gradient(np.gradient(u, dx), dx) ** 2) + np.sum(np.gradient(u, np.cumsum(u * u + 0.1)))


CASES.append(Case(slopes_by_their_distance, takes(vec(6), num(1.0, 2.0)), wrt=(0, 1)))


AT_THE_ENDS = 2


def slopes_of_a_named_order(u, dx):
    return np.sum(np.gradient(u, dx, edge_order=AT_THE_ENDS) ** 2)


CASES.append(Case(slopes_of_a_named_order, takes(vec(6), num(0.5, 2.0)), wrt=(1,), expect="refused"))
