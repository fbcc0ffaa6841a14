"""What tools before us got wrong without a word, and the traps of our own kind of design: each line by name."""

import contextlib
import functools
import math

import numpy as np

from case import Case, array, flag, mat, num, takes, vec, whole

from corpus import helpers_one, helpers_two
from corpus.helpers_one import scaled
from corpus.helpers_two import scaled as scaled_two
from tangent_like.runtime import add_at, zeros_like

# -- silent wrong answers of predecessors ------------------------------------------------------------------


def augmented_store_lost(x, v):
    y = x * 1.0
    for i in range(len(y)):
        y[i] += v
        y[i] += v * y[i]
    return np.sum(y * y)


def augmented_alias_taken_for_rebinding(x):
    y = x
    y += 1
    return np.sum(x * y)


def augmented_alias_of_local_taken_for_rebinding(x):
    z = x * 1.0
    y = z
    y += 1
    y *= x
    return np.sum(z * y)


def write_through_view(x):
    y = x * 1.0
    v = y[0:2]
    v[0] = 10
    return np.sum(y * y)


def write_through_view_of_argument(y):
    v = y[0:2]
    v[0] = 10
    return np.sum(y * y)


def repeated_indices_not_accumulated(x, idx):
    return np.sum(x[idx] * np.arange(1.0, len(idx) + 1))


def nested_store(X, v):
    X = X * 1.0
    X[0][1] = v
    X[1][0:2] = v * v
    return np.sum(X * X)


def nested_store_in_list(x, v):
    rows = [x * 1.0, x * 2.0]
    rows[0][1] = v
    return np.sum(rows[0] * rows[1])


def body_of_with_ignored(x):
    with np.errstate(all="ignore"):
        y = x * x
        z = np.sin(y)
    return np.sum(z * y)


def body_of_with_as_ignored(x):
    with contextlib.nullcontext(2.0) as factor:
        y = x * x * factor
    return y * x


def divide_broadcast_shape(X, v):
    return np.sum((X / v) ** 2)


def divide_broadcast_shape_other(X, v):
    return np.sum((v / X) ** 2)


def divide_by_scalar_shape(X, s):
    return np.sum(X / s) + np.sum(s / X)


def power_broadcast_shape(X, v):
    return np.sum(X**v)


def power_broadcast_shape_other(X, v):
    return np.sum(v**X)


def power_of_scalar_shape(X, s):
    return np.sum(X**s) + np.sum(s**X)


def callees_of_one_name_confused(x):
    return scaled(x) * scaled_two(x) + helpers_one.inner(x) * helpers_two.inner(x)


def globals_of_one_name_confused(x):
    return helpers_one.with_constant(x) * helpers_two.with_constant(x)


def constant_to_the_active(a):
    return 2.0**a * a + 3**a


def constant_to_the_active_array(a):
    return np.sum(2.0**a * a)


def transpose_taken_for_constant(x, A):
    return np.sum(x.T @ A) + np.sum(A.T * 2.0)


def store_into_product_gave_zeros(x):
    A = x * 1.0
    A[0] = 5.0
    return np.sum(A * A)


def solve_with_constant_right_side(A):
    b = np.array([1.0, 2.0, 3.0])
    return np.sum(np.linalg.solve(A, b))


def product_with_a_zero(x):
    return np.prod(x)


def product_with_a_zero_axis(X):
    return np.sum(np.prod(X, axis=1) * np.array([1.0, 2.0]))


def nested_rows_gave_zeros(X):
    s = 0.0
    for row in X:
        for v in row:
            s += v * v
    return s


def twice_of(f):
    @functools.wraps(f)
    def inner(x):
        return 2 * f(x)

    return inner


@twice_of
def decorated(x):
    return x * x


def decorator_of_helper_lost(x):
    return decorated(x) * x


@functools.lru_cache(maxsize=None)
def cached(n):
    return n * 2.0


def cached_helper(x):
    return cached(3) * x * x


def and_as_value(x):
    return x and x * x


def or_as_value(x):
    y = x or 3.0
    return y * y


def and_of_comparison_as_value(x):
    return (x > 0 and x * x) + x


def sum_where_ignored(x):
    return np.sum(x * x, where=x > 0)


def sum_where_of_argument_ignored(x, keep):
    return np.sum(x, where=keep) * x[0]


def out_ignored(x):
    y = np.zeros(3)
    np.multiply(x, x, out=y)
    return np.sum(y * x)


def out_of_own_operand_ignored(x):
    y = x * 1.0
    np.exp(y, out=y)
    np.multiply(y, x, y)
    return np.sum(y)


def add_at_ignored(x, idx):
    y = np.zeros(3)
    np.add.at(y, idx, x)
    return np.sum(y * y)


def doubles_first(a):
    a[0] = a[0] * 2
    a[1] += a[0]


def mutation_by_callee_ignored(x):
    y = x * 1.0
    doubles_first(y)
    return np.sum(y * y)


def mutation_of_argument_by_callee_ignored(x):
    doubles_first(x)
    return np.sum(x * x)


def fills(a, b):
    for i in range(len(a)):
        a[i] = b[i] * b[i]


def mutation_by_callee_of_one_array_ignored(x):
    y = x * 1.0
    fills(y, y)
    return np.sum(y * y)


def result_by_callee_into_buffer(x):
    y = np.zeros(len(x))
    fills(y, x)
    fills(y, y)
    return np.sum(y)


def relies_on_imports(x):
    return math.tanh(x) * math.cosh(x) / math.sqrt(x * x + 1)


def many_straight_lines(x):
    y = x
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    y = y * 1.001 + 0.001 * x; y = math.sin(y) + 0.5 * x; y = y - 0.1 * y * y  # fmt: skip
    return y


# -- traps of our own kind of design -----------------------------------------------------------------------


def alias_by_condition(x, c):
    y = x if c else x.copy()
    y[0] = 3
    return np.sum(x * x) + np.sum(y * x)


def alias_by_condition_of_local(x, c):
    z = x * x
    y = z if c else z.copy()
    y[0] = 3 * x[1]
    return np.sum(z * z) + np.sum(y)


def swapped_buffers_in_loop(x, n):
    a = x * 1.0
    b = x * 0.0
    for t in range(n):
        b[1:] = a[1:] * a[:-1] + b[1:]
        b[0] = a[0] * 1.5
        a, b = b, a
    return np.sum(a * a) + np.sum(b)


def ravel_written(x):
    y = x.ravel()
    y[0] = 5
    return np.sum(x * x)


def same_array_twice_written(a, b):
    a[0] = 2 * b[1]
    return np.sum(a * b)


def scalar_into_slice(x, s):
    a = x * 1.0
    a[1:4] = s
    a[2:3] = s * a[0]
    return np.sum(a * a)


def repeated_store(x, v):
    a = x * 1.0
    a[[0, 0]] = v
    return np.sum(a * a)


def repeated_store_of_scalar(x, s):
    a = x * 1.0
    a[[0, 0]] = s
    return np.sum(a * a)


def store_into_whole_numbers(x):
    a = np.zeros(3, dtype=int)
    a[0] = x[0]
    a[1] = 2
    return np.sum(a * x)


def store_into_whole_argument(a, x):
    a[0] = 3 * x
    return np.sum(a) * x


def bound_shrinks(x, n):
    s = x
    for i in range(n):
        n -= 1
        s = s * x + i
    return s * (n + 1)


def loop_variable_rebound(x, n):
    s = x
    for i in range(n):
        i = i + 2
        s = s * x + i
    return s


def loop_variable_read_after(x, n):
    s = x
    for i in range(n):
        s = s * x
    return s * i


def step_three_backward(x):
    s = 1.0
    for i in range(0, 10, 3):
        s = s * x[i] + i
    return s


def step_minus_three_backward(x):
    s = 1.0
    for i in range(9, -1, -3):
        s = s * x[i] + i
    return s


def enumerated_and_stored(a):
    for i, v in enumerate(a):
        a[i] = v * v
    return np.sum(a * a)


def norm(h):
    return np.sum(h * h)


def helper_keeps_what_is_then_written(x):
    h = x * 1.0
    s = 0.0
    for i in range(3):
        s += norm(h)
        h[:] = 2 * h
    return s


def slice_may_be_of_size_one(x, y):
    return np.sum(x[1:] * y)


def log_or_negative(x):
    try:
        t = math.log(x)
        y = x * x
    except ValueError:
        y = -x
    return y


def functions_made_in_loop(x):
    fs = []
    for i in range(3):
        fs.append(lambda t: t * i)
    return fs[0](x) * fs[2](x)


def caller_writes_into_gradient(x, y):
    return np.sum(x * y)


def guarded_root(x):
    return np.sum(np.where(x > 0, np.sqrt(x), 0))


def guarded_root_chain(x):
    return np.sum(np.where(x > 0, np.exp(np.sqrt(x)), 0) * 2)


def pullback_called_twice(x, n):
    h = x * 1.0
    for i in range(n):
        h = np.sin(h) * h
        h[0] = h[1] * h[0]
    return h


def argument_changed_between(x, y):
    z = x * y
    return z * x


CASES = [
    Case(augmented_store_lost, takes(vec(), num()), wrt=(0, 1)),
    Case(augmented_alias_taken_for_rebinding, takes(vec())),
    Case(augmented_alias_taken_for_rebinding, takes(num()), name="augmented_alias_of_number_is_rebinding"),
    Case(augmented_alias_of_local_taken_for_rebinding, takes(vec())),
    Case(write_through_view, takes(vec())),
    Case(write_through_view_of_argument, takes(vec())),
    Case(repeated_indices_not_accumulated, takes(vec(), lambda d: np.array([0, 0, 2, 0, 1, 2]))),
    Case(nested_store, takes(mat(), num()), wrt=(0, 1)),
    Case(nested_store_in_list, takes(vec(), num()), wrt=(0, 1)),
    Case(body_of_with_ignored, takes(vec())),
    Case(body_of_with_as_ignored, takes(num())),
    Case(divide_broadcast_shape, takes(mat("m", "n", 1, 2), vec("n", 1, 2)), wrt=(0, 1)),
    Case(divide_broadcast_shape_other, takes(mat("m", "n", 1, 2), vec("n", 1, 2)), wrt=(0, 1)),
    Case(divide_broadcast_shape, takes(mat("m", "n", 1, 2), mat("m", 1, 1, 2)), wrt=(0, 1), name="divide_broadcast_column"),
    Case(divide_by_scalar_shape, takes(mat("m", "n", 1, 2), num(1, 2)), wrt=(0, 1)),
    Case(power_broadcast_shape, takes(mat("m", "n", 1, 2), vec("n", 1, 2)), wrt=(0, 1)),
    Case(power_broadcast_shape_other, takes(mat("m", "n", 1, 2), vec("n", 1, 2)), wrt=(0, 1)),
    Case(power_of_scalar_shape, takes(mat("m", "n", 1, 2), num(1, 2)), wrt=(0, 1)),
    Case(callees_of_one_name_confused, takes(num())),
    Case(globals_of_one_name_confused, takes(num())),
    Case(constant_to_the_active, takes(num())),
    Case(constant_to_the_active_array, takes(vec())),
    Case(transpose_taken_for_constant, takes(mat("n", "m"), mat("n", "k")), wrt=(0, 1)),
    Case(store_into_product_gave_zeros, takes(vec())),
    Case(solve_with_constant_right_side, takes(lambda d: d.rng.normal(size=(3, 3)) + 4 * np.eye(3))),
    Case(product_with_a_zero, takes(np.array([2.0, 0.0, 3.0])), exact=lambda x: (np.array([0.0, 6.0, 0.0]),)),
    Case(
        product_with_a_zero_axis, takes(np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 1.0]])),
        exact=lambda X: (np.array([[0.0, 6.0, 0.0], [0.0, 0.0, 0.0]]),),
    ),
    Case(nested_rows_gave_zeros, takes(mat())),
    Case(decorator_of_helper_lost, takes(num())),
    Case(cached_helper, takes(num())),
    Case(and_as_value, takes(num())),
    Case(or_as_value, takes(num())),
    Case(and_of_comparison_as_value, takes(num()), seeds=4),
    Case(sum_where_ignored, takes(vec())),
    Case(sum_where_of_argument_ignored, takes(vec(), lambda d: d.rng.random(d.size("n")) < 0.5)),
    Case(out_ignored, takes(vec(3))),
    Case(out_of_own_operand_ignored, takes(vec(3))),
    Case(add_at_ignored, takes(vec(5), lambda d: np.array([0, 2, 2, 1, 0]))),
    Case(mutation_by_callee_ignored, takes(vec())),
    Case(mutation_of_argument_by_callee_ignored, takes(vec())),
    Case(mutation_by_callee_of_one_array_ignored, takes(vec())),
    Case(result_by_callee_into_buffer, takes(vec())),
    Case(relies_on_imports, takes(num())),
    Case(many_straight_lines, takes(num())),
    Case(alias_by_condition, takes(vec(), flag()), seeds=6),
    Case(alias_by_condition_of_local, takes(vec(), flag()), seeds=6),
    Case(swapped_buffers_in_loop, takes(vec(), whole(0, 4)), seeds=5),
    Case(ravel_written, takes(vec())),
    Case(ravel_written, takes(lambda d: d.rng.normal(size=9)[::2]), expect="refused", name="ravel_of_strided_written"),
    Case(same_array_twice_written, lambda rng: (lambda x: (x, x))(rng.normal(size=4)), wrt=(0, 1), expect="refused"),
    Case(same_array_twice_written, takes(vec(), vec()), wrt=(0, 1), name="two_arrays_written"),
    Case(scalar_into_slice, takes(vec(5), num()), wrt=(0, 1)),
    Case(repeated_store, takes(vec(), vec(2)), wrt=(0, 1)),
    Case(repeated_store_of_scalar, takes(vec(), num()), wrt=(0, 1)),
    Case(store_into_whole_numbers, takes(vec(3, 1, 5))),
    Case(store_into_whole_argument, takes(lambda d: np.arange(3), num(1, 2)), wrt=(1,)),
    Case(bound_shrinks, takes(num(), whole(0, 5)), seeds=4),
    Case(loop_variable_rebound, takes(num(), whole(0, 5)), seeds=4),
    Case(loop_variable_read_after, takes(num(), whole(1, 5)), seeds=4),
    Case(step_three_backward, takes(vec(10))),
    Case(step_minus_three_backward, takes(vec(10))),
    Case(enumerated_and_stored, takes(vec())),
    Case(helper_keeps_what_is_then_written, takes(vec())),
    Case(pullback_called_twice, takes(vec(), whole(1, 3))),
    Case(argument_changed_between, takes(vec(), vec()), wrt=(0, 1)),
    Case(slice_may_be_of_size_one, takes(vec(2), vec("n")), wrt=(0, 1)),
    Case(slice_may_be_of_size_one, lambda rng: (rng.normal(size=2 + 3 * int(rng.integers(0, 2))), rng.normal(size=4)), wrt=(0, 1), seeds=6, name="slice_of_size_one_after_another"),
    Case(log_or_negative, takes(num(0.5, 2)), name="try_that_does_not_raise", tags=("dead lines",)),
    Case(log_or_negative, takes(num(-2, -0.5)), name="try_that_raises", tags=("dead lines",)),
    Case(functions_made_in_loop, takes(num())),
    Case(caller_writes_into_gradient, takes(vec(), vec()), wrt=(0, 1)),
    Case(guarded_root, takes(np.array([0.0, 4.0, -1.0])), exact=lambda x: (np.array([0.0, 0.25, 0.0]),)),
    Case(guarded_root_chain, takes(np.array([0.0, 4.0])), exact=lambda x: (np.array([0.0, 2 * math.exp(2) * 0.25]),)),
]


def helper_of_ours_that_adds_in_place(x, idx):
    a = x[idx]
    x_bar = zeros_like(x)
    add_at(x_bar[:], idx, 2.0 * np.sin(a) * np.cos(a))
    return np.sum(x_bar**3)


CASES.append(Case(helper_of_ours_that_adds_in_place, takes(vec(4), lambda _: np.array([0, 1, 1, 2]))))
