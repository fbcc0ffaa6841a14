"""sum, mean, max, min, prod: every axis, keepdims, functions and methods."""

import numpy as np

from case import Case, array, mat, num, takes, vec


def sum_all(x):
    return np.sum(x * x)


def running_log_sums(x, X):
    """As in a partial likelihood of Cox's, with numbers whose exponentials would overflow."""
    risk = np.logaddexp.accumulate(900.0 * x[::-1])[::-1]
    rows = np.logaddexp.accumulate(X, axis=1)
    return np.sum(900.0 * x - risk) / 100.0 + np.sum(rows * X) + np.sum(np.logaddexp.accumulate(X[0]) ** 2)


def reductions_of_ufuncs(X):
    """Of fmax and fmin a NaN is not one of them; hypot is a norm."""
    holed = np.where(X > 1.2, np.nan, X)
    lengths = np.hypot.reduce(X, axis=1) * np.hypot.reduce(X[0], keepdims=True)
    return np.sum(lengths) * np.hypot.reduce(X, axis=None) + np.sum(np.fmax.reduce(X) * np.fmin.reduce(holed, axis=0))


def keepdims_by_position(X):
    return np.sum(np.sum(X, 1, None, None, True) * X) + np.max(X, 0, None, True)[0, 1] * np.sum(np.mean(X, 0, None, None))


def zeros_trimmed(X):
    x = np.where(X[0] > 0.0, X[0], 0.0)
    both = np.trim_zeros(np.concatenate([np.zeros(2), x * X[1], np.zeros(1)]))
    return np.sum(both**2) + np.sum(np.trim_zeros(x, "f") ** 3) * np.sum(np.trim_zeros(x, trim="b"))


def nans_written_over(X):
    y = np.where(X > 0.5, np.nan, X * 2.0)
    np.nan_to_num(y, copy=False, nan=2.0)
    z = np.nan_to_num(X[0] * y[1], copy=False)
    row = np.nan_to_num(y[2], copy=False)
    row[0] = z[1]
    return np.sum(y**2) + np.sum(z)


def sum_axis0(X):
    return np.sum(np.sum(X * X, axis=0) ** 2)


def sum_axis1(X):
    return np.sum(np.sum(X * X, axis=1) ** 2)


def sum_axis_negative(X):
    return np.sum(np.sum(X * X, axis=-1) ** 2)


def sum_axis_positional(X):
    return np.sum(np.sum(X * X, 0) ** 2)


def sum_axis_none(X):
    return np.sum(X * X, axis=None) * X[0, 0]


def sum_axis_tuple(T):
    return np.sum(np.sum(T * T, axis=(0, 2)) ** 2)


def sum_axis_tuple_all(X):
    return np.sum(X * X, axis=(0, 1)) ** 2


def sum_axis_tuple_negative(T):
    return np.sum(np.sum(T * T, axis=(-1, 0)) ** 2)


def sum_keepdims(X):
    return np.sum(X * np.sum(X * X, axis=1, keepdims=True))


def sum_keepdims_axis0(X):
    return np.sum(X * np.sum(X * X, axis=0, keepdims=True))


def sum_keepdims_all(X):
    return np.sum(X * np.sum(X * X, keepdims=True))


def sum_keepdims_false(X):
    return np.sum(np.sum(X * X, axis=1, keepdims=False) ** 2)


def sum_axis_argument(X, axis):
    return np.sum(np.sum(X * X, axis=axis) ** 2)


def sum_keepdims_argument(X, keep):
    return np.sum(np.sum(X * X, axis=0, keepdims=keep) ** 2)


def sum_method(x):
    return (x * x).sum() * x[0]


def sum_method_axis(X):
    return (X.sum(axis=0) ** 2).sum() + (X.sum(1) ** 3).sum() + X.sum()


def sum_method_keepdims(X):
    return (X / (1 + (X * X).sum(axis=1, keepdims=True))).sum()


def sum_of_sum(X):
    s = np.sum(X, axis=0)
    t = np.sum(s * s)
    return t * t


def sum_result(X):
    return np.sum(X * X, axis=0)


def sum_of_scalar(x):
    return np.sum(x) * x


def sum_weights(x, w):
    return np.sum(w * x) / np.sum(w)


def sum_dtype_plain(x):
    return np.sum(x, dtype=float) * x[0]


def mean_all(x):
    return np.mean(x * x)


def mean_axis0(X):
    return np.sum(np.mean(X * X, axis=0) ** 2)


def mean_axis_negative(X):
    return np.sum(np.mean(X * X, axis=-1) ** 2)


def mean_axis_tuple(T):
    return np.sum(np.mean(T * T, axis=(0, 1)) ** 2)


def mean_keepdims(X):
    d = X - np.mean(X, axis=1, keepdims=True)
    return np.mean(d**3)


def mean_method(X):
    return (X.mean(axis=0) ** 2).sum() + X.mean() ** 2 + (X.mean(-1, keepdims=True) * X).sum()


def mean_result(X):
    return np.mean(X, axis=1)


def variance_by_hand(x):
    m = np.mean(x)
    return np.mean((x - m) ** 2)


def standardized(X):
    m = np.mean(X, axis=0)
    s = np.sqrt(np.mean((X - m) ** 2, axis=0) + 1e-3)
    Z = (X - m) / s
    return np.sum(Z**3)


def max_all(x):
    return np.max(x * x)


def max_axis0(X):
    return np.sum(np.max(X * X, axis=0) ** 2)


def max_axis_negative(X):
    return np.sum(np.max(X, axis=-1) ** 2)


def max_axis_tuple(T):
    return np.sum(np.max(T, axis=(0, 2)) ** 2)


def max_keepdims(X):
    return np.sum(np.exp(X - np.max(X, axis=1, keepdims=True)))


def max_method(X):
    return X.max() ** 2 + (X.max(axis=1) ** 2).sum()


def max_and_min(x):
    return (np.max(x) - np.min(x)) ** 2


def min_all(x):
    return np.min(x * x) ** 2


def min_axis0(X):
    return np.sum(np.min(X * X, axis=0) ** 2)


def min_keepdims(X):
    return np.sum((X - np.min(X, axis=0, keepdims=True)) ** 2)


def min_method(X):
    return X.min() ** 2 + (X.min(axis=0) ** 2).sum()


def max_result(X):
    return np.max(X, axis=0)


def amax_amin(X):
    return np.amax(X) * np.amin(X)


def prod_all(x):
    return np.prod(x * x)


def prod_axis0(X):
    return np.sum(np.prod(X, axis=0) ** 2)


def prod_axis_negative(X):
    return np.sum(np.prod(X, axis=-1) ** 2)


def prod_keepdims(X):
    return np.sum(X * np.prod(X, axis=1, keepdims=True))


def prod_axis_tuple(T):
    return np.sum(np.prod(T, axis=(0, 2)))


def prod_method(X):
    return X.prod() + (X.prod(axis=1) ** 2).sum()


def prod_result(X):
    return np.prod(X, axis=0)


def sum_in_loop(X):
    s = 0.0
    for i in range(len(X)):
        s = s + np.sum(X[i] * s) + np.max(X[i]) * np.mean(X)
    return s


def sum_of_slices(X):
    return np.sum(X[1:, :], axis=0) @ np.sum(X[:, :], axis=0)


def sum_of_booleans(x):
    n = np.sum(x > 0)
    return n * np.sum(x * x)


def builtin_sum(x):
    return sum(x * x) * x[0]


def builtin_max(x):
    return max(x) * min(x)


def count_by_size(X):
    return np.sum(X * X) / X.size + np.sum(X) / X.shape[0] + np.sum(X) / len(X[0])


def tuple_of_reductions(x):
    return np.sum(x), np.mean(x * x), np.max(x)


def sum_where(x):
    return np.sum(x * x, where=x > 0)


def sum_out(x):
    y = np.zeros(3)
    np.sum(x * x, axis=0, out=y)
    return np.sum(y * y)


def sum_initial(x):
    return np.sum(x * x, initial=2.0) ** 2


cube = takes(array(2, 3, 2))

CASES = [
    *[Case(f, takes(vec())) for f in (sum_all, sum_method, mean_all, variance_by_hand, max_all, max_and_min, min_all, prod_all, sum_of_booleans)],
    *[Case(f, takes(mat()), name=f.__name__ + "_of_matrix") for f in (sum_all, mean_all, max_all, min_all, prod_all, max_and_min)],
    *[
        Case(f, takes(mat()))
        for f in (
            sum_axis0, sum_axis1, sum_axis_negative, sum_axis_positional, sum_axis_none, sum_axis_tuple_all, sum_keepdims,
            sum_keepdims_axis0, sum_keepdims_all, sum_keepdims_false, sum_method_axis, sum_method_keepdims, sum_of_sum,
            sum_result, mean_axis0, mean_axis_negative, mean_keepdims, mean_method, mean_result, standardized, max_axis0,
            max_axis_negative, max_keepdims, max_method, min_axis0, min_keepdims, min_method, max_result,
            prod_axis0, prod_axis_negative, prod_keepdims, prod_method, prod_result, sum_in_loop,
            count_by_size, sum_of_slices,
        )
    ],
    *[Case(f, cube) for f in (sum_axis_tuple, sum_axis_tuple_negative, mean_axis_tuple, max_axis_tuple, prod_axis_tuple)],
    *[Case(f, takes(array(2, 3, 4)), name=f.__name__ + "_of_cube") for f in (sum_axis0, sum_axis1, sum_axis_negative, mean_axis0, max_axis0, max_keepdims, min_axis0, prod_axis0, sum_keepdims)],
    Case(sum_axis_argument, takes(mat(), 0)),
    Case(sum_axis_argument, takes(mat(), -1), name="sum_axis_argument_negative"),
    Case(sum_axis_argument, takes(mat(), None), name="sum_axis_argument_none"),
    Case(sum_axis_argument, takes(array(2, 3, 2), (0, 2)), name="sum_axis_argument_tuple"),
    Case(sum_keepdims_argument, takes(mat(), True)),
    Case(sum_keepdims_argument, takes(mat(), False), name="sum_keepdims_argument_false"),
    Case(sum_of_scalar, takes(num())),
    Case(sum_weights, takes(vec(), vec("n", 0.5, 1)), wrt=(0, 1)),
    Case(amax_amin, takes(mat()), expect="either"),
    Case(builtin_sum, takes(vec()), expect="either"),
    Case(builtin_max, takes(vec()), expect="either"),
    Case(reductions_of_ufuncs, takes(mat(3, 4))),
    Case(keepdims_by_position, takes(mat(3, 4))),
    Case(zeros_trimmed, takes(mat(3, 5))),
    Case(nans_written_over, takes(mat(3, 4))),
    Case(sum_dtype_plain, takes(vec()), expect="either"),
    Case(tuple_of_reductions, takes(vec())),
    Case(sum_where, takes(vec()), expect="either"),
    Case(sum_out, takes(mat(4, 3)), expect="either"),
    Case(sum_initial, takes(vec()), expect="either"),
    Case(sum_all, takes(array(0)), name="sum_of_empty"),
    Case(prod_all, takes(array(0)), name="prod_of_empty"),
    Case(sum_axis0, takes(array(0, 3)), name="sum_axis_of_empty"),
    Case(sum_axis1, takes(array(3, 0)), name="sum_empty_axis"),
    Case(sum_all, takes(array()), name="sum_of_rank_0"),
    Case(max_all, takes(array(1)), name="max_of_one"),
    Case(prod_all, takes(array(1)), name="prod_of_one"),
    Case(running_log_sums, takes(vec(5), mat(3, 4)), wrt=(0, 1)),
    Case(mean_keepdims, takes(array(3, 4, dtype=np.float32)), name="mean_keepdims_float32"),
    Case(max_axis0, takes(array(3, 4, dtype=np.float32)), name="max_axis0_float32"),
    Case(prod_axis0, takes(array(3, 4, dtype=np.float32)), name="prod_axis0_float32"),
]
