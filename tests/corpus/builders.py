"""Arrays made, shaped, joined and measured: zeros, array([..]), reshape, concatenate, stack, shape, size, len."""

import numpy as np

from case import Case, array, flag, mat, num, takes, vec, whole


def array_of_scalars(x, y):
    v = np.array([x, y, x * y])
    return np.sum(v * v)


def array_of_scalars_and_constants(x):
    v = np.array([x, 1.0, 2, x * x])
    return np.dot(v, v)


def array_of_constants(x):
    v = np.array([1.0, 2.0, 3.0])
    return np.sum(v) * x


def array_of_wholes_and_scalar(x):
    v = np.array([1, x, 3])
    return np.sum(v**2)


def array_nested(x, y):
    M = np.array([[x, y], [-y, x * x]])
    return np.sum(M @ M)


def array_of_tuple(x, y):
    v = np.array((x, y))
    return v[0] * v[1] * v[0]


def array_of_rows(x, y):
    M = np.array([x, y, x * y])
    return np.sum(M[1] * M[2]) + np.sum(M)


def array_of_array(x):
    y = np.array(x)
    y[0] = y[1] * y[2]
    return np.sum(y * x)


def array_of_elements(x):
    v = np.array([x[1], x[0], x[1] * x[2]])
    return np.sum(v * v)


def array_result(x, y):
    return np.array([x * y, x, 3.0])


def rotation(theta, v):
    R = np.array([[np.cos(theta), -np.sin(theta)], [np.sin(theta), np.cos(theta)]])
    w = R @ v
    return w[0] * w[0] * w[1]


def array_then_stored(x):
    v = np.array([x, x * x, 1.0])
    v[2] = v[0] * v[1]
    return np.sum(v * v)


def array_in_loop(x, n):
    v = np.array([x, 1.0])
    for i in range(n):
        v = np.array([v[1], v[0] * x + v[1]])
    return v[0] * v[1]


def zeros_sized(x):
    y = np.zeros(len(x)) + x
    return np.sum(y * x)


def zeros_of_shape(X):
    Y = np.zeros(X.shape)
    Y[0] = X[0] * X[1]
    return np.sum(Y * X)


def zeros_of_tuple(X):
    m, n = X.shape
    Y = np.zeros((n, m))
    Y += X.T
    return np.sum(Y * Y)


def zeros_of_own_shape(x):
    return np.sum(np.zeros((2, 3)) + x) * np.sum(np.zeros(x.shape))


def zeros_like_untouched(x):
    return np.sum(np.zeros_like(x) * x) + np.sum(x * x)


def ones_weighted(x):
    w = np.ones(len(x))
    return np.dot(w, x * x) + np.sum(np.ones_like(x) * x)


def ones_times_scalar(s):
    y = np.ones((2, 3)) * s
    return np.sum(y * y)


def zeros_whole(x):
    k = np.zeros(3, dtype=int)
    return np.sum(x[k] * x[:3])


def reshape_method(x):
    X = x.reshape(2, 3)
    return np.sum(X[0] * X[1])


def reshape_method_tuple(x):
    X = x.reshape((3, 2))
    return np.sum(X[:, 0] * X[:, 1])


def reshape_function(x):
    X = np.reshape(x, (2, 3))
    return np.sum(X @ X.T)


def reshape_unknown_size(x):
    X = x.reshape(2, -1)
    return np.sum(X[0] * X[1]) + np.sum(x.reshape(-1, 2)[0])


def reshape_flat(X):
    v = X.reshape(-1)
    return np.sum(v * v * np.arange(v.size))


def reshape_of_other_shape(x, Y):
    return np.sum(x.reshape(Y.shape) * Y)


def reshape_of_transposed(X):
    v = X.T.reshape(-1)
    return np.sum(v * v * np.arange(v.size))


def reshape_of_strided(x):
    X = x[::2].reshape(3, 1)
    return np.sum(X * x[:3] * X)


def reshape_to_one(x):
    return np.sum(x.reshape(1, -1) * x.reshape(-1, 1) * x)


def reshape_scalar_array(x):
    y = np.sum(x * x, keepdims=True).reshape(())
    return y * x[0]


def reshape_result(x):
    return x.reshape(2, 3)


def reshape_empty(x):
    return np.sum(x.reshape(0, 3)) + 1.0


def ravel_read(X):
    v = X.ravel()
    return np.sum(v[1:] * v[:-1])


def flatten_read(X):
    v = X.flatten()
    return np.sum(v[1:] * v[:-1])


def concatenate_two(x, y):
    z = np.concatenate((x, y))
    return np.sum(z * z * np.arange(len(z)))


def concatenate_list(x, y):
    z = np.concatenate([x, y * x[0], x])
    return np.sum(z[1:] * z[:-1])


def concatenate_axis0(X, Y):
    Z = np.concatenate((X, Y), axis=0)
    return np.sum(Z * Z * np.arange(Z.shape[0])[:, None])


def concatenate_axis1(X, Y):
    Z = np.concatenate((X, Y), axis=1)
    return np.sum(Z * Z * np.arange(Z.shape[1]))


def concatenate_axis_negative(X, Y):
    Z = np.concatenate([X, Y], axis=-1)
    return np.sum(Z * Z * np.arange(Z.shape[1]))


def concatenate_positional_axis(X, Y):
    Z = np.concatenate((X, Y), 1)
    return np.sum(Z[:, 1:] * Z[:, :-1])


def concatenate_with_constant(x):
    z = np.concatenate((np.zeros(2), x, np.ones(1)))
    return np.sum(z[1:] * z[:-1])


def concatenate_slices(x):
    z = np.concatenate((x[1:], x[:1]))
    return np.sum(z * x * x)


def concatenate_same(x):
    z = np.concatenate((x, x, x))
    return np.sum(z * np.arange(len(z)))


def concatenate_expressions(x, y):
    z = np.concatenate((x * y[0], [1.0, 2.0], np.sin(y)))
    return np.sum(z * z)


def concatenate_empty(x):
    z = np.concatenate((x[:0], x))
    return np.sum(z * z)


def concatenate_result(x, y):
    return np.concatenate((x, y))


def concatenate_in_loop(x, n):
    y = x[:1]
    for i in range(n):
        y = np.concatenate((y, y[-1:] * x[1:2]))
    return np.sum(y * y)


def stack_two(x, y):
    Z = np.stack((x, y))
    return np.sum(Z[0] * Z[1] * Z[0])


def stack_axis1(x, y):
    Z = np.stack([x, y, x * y], axis=1)
    return np.sum(Z[:, 0] * Z[:, 2])


def stack_axis_negative(X, Y):
    Z = np.stack((X, Y), axis=-1)
    return np.sum(Z[..., 0] * Z[..., 1] ** 2)


def stack_axis_argument(X, Y):
    Z = np.stack((X, Y), axis=1)
    return np.sum(Z[:, 0] * Z[:, 1] ** 2)


def stack_with_constant(x):
    Z = np.stack((x, np.ones(len(x))))
    return np.sum(Z @ Z.T)


def stack_result(x, y):
    return np.stack((x, y), axis=1)


def vstack_hstack(x, y):
    return np.sum(np.vstack((x, y)) ** 2) + np.sum(np.hstack((x, y)) ** 3)


def copy_method(x):
    y = x.copy()
    return np.sum(y * x)


def copy_function(x):
    y = np.copy(x)
    y[0] = 2 * y[1]
    return np.sum(y * x)


def copy_result(x):
    return x.copy()


def shape_unpacked(X):
    m, n = X.shape
    return np.sum(X * X) * m + X[m - 1, n - 1]


def shape_indexed(X):
    return np.sum(X) * X.shape[0] / X.shape[1] + X[X.shape[0] - 1, X.shape[-1] - 1]


def sizes(X, x):
    return np.sum(X) / X.size + np.sum(x) / len(x) + np.sum(x) * x.ndim


def size_of_computed(x):
    y = x[1:] * 2
    return np.sum(y * y) / y.size


def shape_function(X):
    m, n = np.shape(X)
    return np.sum(X**2) * n + np.size(X) * X[0, 0]


def arange_weights(x):
    k = np.arange(len(x))
    return np.sum(x**2 * k) + np.sum(np.arange(0.0, 1.0, 0.25) * x[0])


def linspace_weights(x):
    t = np.linspace(0.0, 1.0, len(x))
    return np.sum(x**2 * t)


def eye_added(X):
    Y = X + np.eye(X.shape[0])
    return np.sum(Y @ Y)


def asarray_read(x):
    y = np.asarray(x)
    return np.sum(y * y)


def full_of_scalar(s, x):
    return np.sum(np.full(len(x), s) * x)


def squeeze_expand(X):
    return np.sum(np.expand_dims(X[0], 0) * X) + np.sum(np.squeeze(X[:1]) ** 2)


def dtype_read(x):
    y = np.zeros(3, dtype=x.dtype)
    y[0] = x[0] * x[1]
    return np.sum(y)


def where_builds(x, n):
    y = np.zeros(n)
    y[:2] = x[:2]
    z = np.where(y > 0, y * y, -y)
    return np.sum(z * np.arange(n))


six = takes(vec(6))

CASES = [
    Case(array_of_scalars, takes(num(), num()), wrt=(0, 1)),
    Case(array_of_scalars_and_constants, takes(num())),
    Case(array_of_constants, takes(num())),
    Case(array_of_wholes_and_scalar, takes(num())),
    Case(array_nested, takes(num(), num()), wrt=(0, 1)),
    Case(array_of_tuple, takes(num(), num()), wrt=(0, 1)),
    Case(array_of_rows, takes(vec(), vec()), wrt=(0, 1)),
    Case(array_of_array, takes(vec()), expect="either"),
    Case(array_of_elements, takes(vec())),
    Case(array_result, takes(num(), num()), wrt=(0, 1)),
    Case(rotation, takes(num(), vec(2)), wrt=(0, 1)),
    Case(array_then_stored, takes(num())),
    Case(array_in_loop, takes(num(), whole(0, 4))),
    *[Case(f, takes(vec())) for f in (zeros_sized, zeros_like_untouched, ones_weighted, zeros_whole, reshape_to_one, reshape_scalar_array, concatenate_with_constant, concatenate_slices, concatenate_same, concatenate_empty, copy_method, copy_result, size_of_computed, stack_with_constant)],
    *[Case(f, takes(mat())) for f in (zeros_of_shape, zeros_of_tuple, reshape_flat, reshape_of_transposed, shape_unpacked, shape_indexed)],
    *[Case(f, six) for f in (reshape_method, reshape_method_tuple, reshape_function, reshape_unknown_size, reshape_of_strided, reshape_result)],
    *[Case(f, takes(vec()), expect="either") for f in (arange_weights, linspace_weights, asarray_read, copy_function, dtype_read)],
    *[Case(f, takes(mat()), expect="either") for f in (ravel_read, flatten_read, shape_function, squeeze_expand)],
    Case(zeros_of_own_shape, takes(vec(3))),
    Case(ones_times_scalar, takes(num())),
    Case(reshape_of_other_shape, takes(vec(6), mat(2, 3)), wrt=(0, 1)),
    Case(reshape_empty, takes(array(0))),
    Case(reshape_method, takes(lambda d: d.rng.normal(size=12)[::2]), name="reshape_of_strided_argument"),
    Case(concatenate_two, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(concatenate_two, takes(array(3, dtype=np.float32), array(2, dtype=np.float32)), wrt=(0, 1), name="concatenate_float32"),
    Case(concatenate_list, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(concatenate_axis0, takes(mat("m", "n"), mat("k", "n")), wrt=(0, 1)),
    Case(concatenate_axis1, takes(mat("m", "n"), mat("m", "k")), wrt=(0, 1)),
    Case(concatenate_axis_negative, takes(mat("m", "n"), mat("m", "k")), wrt=(0, 1)),
    Case(concatenate_positional_axis, takes(mat("m", "n"), mat("m", "k")), wrt=(0, 1)),
    Case(concatenate_expressions, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(concatenate_result, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(concatenate_in_loop, takes(vec(), whole(0, 4))),
    Case(stack_two, takes(vec(), vec()), wrt=(0, 1)),
    Case(stack_axis1, takes(vec(), vec()), wrt=(0, 1)),
    Case(stack_axis_negative, takes(mat(), mat()), wrt=(0, 1)),
    Case(stack_axis_argument, takes(mat(), mat()), wrt=(0, 1)),
    Case(stack_result, takes(vec(), vec()), wrt=(0, 1)),
    Case(stack_two, takes(num(), num()), wrt=(0, 1), name="stack_of_scalars"),
    Case(vstack_hstack, takes(vec(), vec()), wrt=(0, 1), expect="either"),
    Case(sizes, takes(mat(), vec()), wrt=(0, 1), expect="either"),
    Case(eye_added, takes(mat("n", "n")), expect="either"),
    Case(full_of_scalar, takes(num(), vec()), wrt=(0, 1), expect="either"),
    Case(where_builds, takes(vec(), 5)),
]
