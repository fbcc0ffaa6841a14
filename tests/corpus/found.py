"""What random programs found wrong once, made small: each would come back quietly."""

import math

import numpy as np

from case import Case, mat, num, takes, vec, whole


def written_then_swapped_arguments(x, y):
    x[:] -= 1.6
    y, x = x, y
    return np.sum(x * x) + np.sum(y)


def swapped_arguments_then_written(x, y, a):
    x, y = y, x
    x[-1] = a
    return np.sum(x * x) + np.sum(y)


def written_then_swapped_with_local(x):
    v = x * 0.5
    x[::-1] += np.sin(v)
    v, x = x, v
    return np.sum(x * x) + np.sum(v * v * v)


def condition_of_mask_is_overwritten(x, s):
    x[x > 0.0] = math.sin(s) - 2.0
    return np.sum(x * x)


def condition_of_mask_is_overwritten_through_name(x):
    v = x
    x[x > 0.0] = -0.3
    return np.sum(np.sin(v))


def condition_of_mask_is_scaled(y):
    y[y > 0.3] *= 0.1
    return np.sum(y * y)


def condition_of_mask_is_shifted(y, s):
    y[y < 0.3] += 1.0 + s * s
    y[y < 0.3] -= 2.0 * s
    return np.sum(y * y)


def named_mask_of_overwritten(y):
    keep = y > 0.3
    y[keep] = -1.0
    y[~keep] *= 2.0
    return np.sum(y * y)


def argument_rebound_to_its_own_view(y):
    y = y[:]
    y[1] = y[2]
    return np.sum(y**2)


def argument_rebound_to_itself(x):
    x = x
    x[x > 0.5] += 0.7
    x = x
    return np.sum(x * x)


def written_then_reversed(x):
    x[:-1] = np.tanh(x[:-1] - x[1:])
    x = x[::-1]
    return np.sum(np.sin(x) * np.arange(len(x)))


def adjoint_of_slice_is_read_before_it_is_cleared(x):
    s = x[2]
    t = math.atan(s) - s
    x[1:4] = np.tanh(np.array([x[2], s, t]))
    return np.sum(np.sin(x))


def adjoint_of_element_is_read_before_it_is_cleared(x, a):
    x[1] = a
    x[2] = x[1] * a
    x[1] = x[2]
    return np.sum(x * x)


def name_becomes_an_array(x, A, a):
    s, a = -np.dot(x, x), A[-1]
    t = np.sum(a) * s
    a = t * 2.0
    return a * s


def loop_over_array_written_before(x):
    y = x.copy()
    y[0] = y[1] * y[1]
    s = 0.0
    for v in y:
        s += v * v
    return s


def loop_over_array_written_after(x):
    y = x.copy()
    s = 0.0
    for v in y:
        s += v * v
    y[0] = s
    return np.sum(y * y)


def loop_over_rows_written_before(X):
    Y = X.copy()
    Y[0] = Y[1] * Y[1]
    s = 0.0
    for row in Y:
        s += np.sum(row * row)
    return s


def view_kept_while_base_is_rebound(x):
    y = x * 1.0
    v = y[1:]
    y = np.sin(y)
    v[0] = y[0] * 2.0
    return np.sum(v * v) + np.sum(y)


def same_value_for_two_results(x, y):
    z = x + y
    w = z
    return np.sum(z) + np.sum(w * 2.0)


def rebound_in_zero_turns(x, n):
    y = x
    for i in range(n):
        y = np.sin(y) * 2.0
    y[0] = 3.0
    return np.sum(y * y)


CASES = [
    Case(written_then_swapped_arguments, takes(vec(), vec()), wrt=(0, 1)),
    Case(swapped_arguments_then_written, takes(vec(), vec(), num()), wrt=(0, 1, 2)),
    Case(written_then_swapped_with_local, takes(vec())),
    Case(condition_of_mask_is_overwritten, takes(vec(), num()), wrt=(0, 1)),
    Case(condition_of_mask_is_overwritten_through_name, takes(vec())),
    Case(condition_of_mask_is_scaled, takes(vec())),
    Case(condition_of_mask_is_shifted, takes(vec(), num()), wrt=(0, 1)),
    Case(named_mask_of_overwritten, takes(vec())),
    Case(argument_rebound_to_its_own_view, takes(vec())),
    Case(argument_rebound_to_itself, takes(vec())),
    Case(written_then_reversed, takes(vec())),
    Case(adjoint_of_slice_is_read_before_it_is_cleared, takes(vec(5))),
    Case(adjoint_of_element_is_read_before_it_is_cleared, takes(vec(), num()), wrt=(0, 1)),
    Case(name_becomes_an_array, takes(vec(), mat(), num()), wrt=(0, 1, 2)),
    Case(loop_over_array_written_before, takes(vec())),
    Case(loop_over_array_written_after, takes(vec())),
    Case(loop_over_rows_written_before, takes(mat())),
    Case(view_kept_while_base_is_rebound, takes(vec())),
    Case(same_value_for_two_results, takes(vec(), vec()), wrt=(0, 1)),
    Case(rebound_in_zero_turns, takes(vec(), whole(0, 2)), seeds=5, expect="either"),
]
