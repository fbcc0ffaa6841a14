"""for over range, for over arrays, while; counters, bounds and loop variables that do not stay put."""

import math

import numpy as np

from case import Case, mat, num, takes, vec, whole


def decay(x, k, n):
    # one factor per turn
    for i in range(n):
        x = x * math.exp(-k * x)
    return x


def wave_sum(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] ** 2 * np.sin(x[i])
    return s


def product(x):
    p = 1.0
    for i in range(len(x)):
        p *= x[i]
    return p


def range_two(x, a, b):
    s = 1.0
    for i in range(a, b):
        s = s * x + i
    return s


def range_step_three(x):
    s = 0.1
    for i in range(0, 10, 3):
        s = s * x[i] + x[i] * i
    return s


def range_step(x, a, b, c):
    s = 0.5
    for i in range(a, b, c):
        s = s * x + x * i
    return s


def range_down(x):
    s = 0.0
    for i in range(len(x) - 1, -1, -1):
        s = s * x[i] + x[i]
    return s


def range_down_by_two(x):
    s = 1.0
    for i in range(len(x) - 1, 0, -2):
        s = s * x[i] + x[i - 1]
    return s


def range_negative_values(x):
    s = 1.0
    for i in range(-2, 3):
        s = s * x + i * x
    return s


def range_empty(x):
    s = x * 2
    for i in range(5, 2):
        s = s * x
    for i in range(0):
        s = s * x
    for i in range(2, 5, -1):
        s = s * x
    return s * x


def bound_changed_in_body(x, n):
    s = x
    for i in range(n):
        n -= 1
        s = s * x + n
    return s * n


def bounds_all_changed(x, a, b, c):
    s = x
    for i in range(a, b, c):
        a = a + 1
        b = b - 1
        c = 7
        s = s * x + i
    return s * (a + b + c)


def bound_is_size_of_rebound(x):
    s = 0.0
    for i in range(len(x)):
        s = s * x[0] + x[-1]
        x = x[:3] * 1.1
    return s * x[0]


def variable_rebound(x, n):
    s = x
    for i in range(n):
        i = i * 2
        s = s * x + i
    return s


def variable_rebound_to_active(x, n):
    s = 0.5
    for i in range(n):
        i = i * x
        s = s + i * i
    return s


def variable_read_after(x, n):
    s = x
    i = 10
    for i in range(n):
        s = s * x
    return s * i + x * i


def variable_read_before_and_after(x, n):
    i = 3
    s = x * i
    for i in range(i, n):
        s = s * x + i
    return s * i


def variable_reused(x, n):
    s = x
    for i in range(n):
        s = s * x + i
    for i in range(n, 0, -1):
        s = s * i - x
    for i in range(2):
        s = s * s * 0.1
    return s + i


def variable_of_outer_reused_inside(x, n):
    s = x
    for i in range(n):
        for i in range(2):
            s = s * x + i
        s = s + i * x
    return s


def variable_unused(x, n):
    for _ in range(n):
        x = math.sin(x) * 2
    return x


def nested(x, n, m):
    s = x
    for i in range(n):
        for j in range(m):
            s = s * 0.9 + x * i - j
        s = s * x
    return s


def triangular(x):
    s = 0.0
    for i in range(len(x)):
        for j in range(i):
            s = s + x[i] * x[j] * (i - j)
    return s


def triangular_carried(x):
    s = 1.0
    for i in range(len(x)):
        t = x[i]
        for j in range(i, len(x)):
            t = t * x[j] + s
        s = s * 0.5 + t
    return s


def three_deep(A):
    s = 0.0
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            for k in range(2):
                s = s * 0.5 + A[i, j] ** (k + 1)
    return s


def two_after_another(x, n):
    y = x
    for i in range(n):
        y = y * x
    z = y
    for i in range(n):
        z = z + math.sin(z * y)
    return z * y


def temporary(x, n):
    s = 0.0
    for i in range(n):
        t = x * i
        u = t * t
        s = s + u * t
    return s


def temporary_read_after(x, n):
    t = 1.0
    s = 0.0
    for i in range(n):
        t = x * i
        s = s + t * t
    return s * t


def carried_pair(x, y, n):
    for i in range(n):
        x, y = y * 0.5, x + y * y * 0.1
    return x * y


def carried_swap(x, y, n):
    for i in range(n):
        x, y = y, x
        x = x * y
    return x + 2 * y


def fibonacci(x, n):
    a, b = 1.0, x
    for i in range(n):
        a, b = b, a + b * x
    return a


def lagged(x, n):
    before = x
    now = x * x
    for i in range(n):
        following = now * before - x
        before = now
        now = following
    return now + before


def invariant(x, y, n):
    s = 0.0
    for i in range(n):
        c = math.exp(y)
        s = s + c * x
    return s


def overwritten_each_turn(x, n):
    y = x
    for i in range(n):
        y = x * i
    return y * y


def set_in_the_loop_only(x, n):
    for i in range(n):
        y = x * i + 1
    return y * y


def dead_loop(x, n):
    t = x
    for i in range(n):
        t = t * x
    return x * x


def constant_loop(x, n):
    c = 1
    for i in range(n):
        c = c * 2 + i
    return c * x * x


def counter(x, n):
    k = 0
    s = x
    for i in range(n):
        k += 2
        s = s * x + k
    return s * k


def counter_as_index(x):
    k = 0
    s = 1.0
    while k < len(x):
        s = s * x[k]
        k = k + 1
    return s


def index_from_index(x):
    s = 0.0
    j = 0
    for i in range(len(x)):
        j = (j * 3 + 1) % len(x)
        s = s * x[j] + x[i]
    return s


def power_from_zero(x, n):
    s = 0.0
    for k in range(n):
        s = s + x**k / (k + 1)
    return s


def powers_by_hand(x, n):
    s = 0.0
    p = 1.0
    for k in range(n):
        s = s + p / (k + 1)
        p = p * x
    return s


def for_in_array(x):
    s = 0.0
    for v in x:
        s = s * 0.5 + v * v
    return s


def for_in_array_product(x):
    p = 1.0
    for v in x:
        p = p * v
    return p


def for_in_rows(X, w):
    s = 0.0
    for row in X:
        s = s + np.dot(row, w) ** 2
    return s


def for_in_rows_and_elements(X):
    s = 1.0
    for row in X:
        for v in row:
            s = s * 0.5 + v * v
    return s


def for_in_array_read_after(x):
    v = 0.0
    s = 0.0
    for v in x:
        s = s + v * v
    return s * v


def for_in_array_variable_rebound(x):
    s = 0.0
    for v in x:
        v = v * v
        s = s + v * v
    return s


def for_in_expression(x):
    s = 1.0
    for v in x * x:
        s = s * v + v
    return s


def for_in_slice(x):
    s = 1.0
    for v in x[1:]:
        s = s * v + v
    for v in x[::-1]:
        s = s * v + v
    return s


def for_in_array_rebound_in_body(x):
    s = 0.0
    for v in x:
        x = x * 2
        s = s + v * x[0]
    return s


def for_in_constant_array(x, weights):
    s = 0.0
    for w in weights:
        s = s + w * x * s + x
    return s


def for_in_tuple(x, y):
    s = 1.0
    for v in (x, y, x * y):
        s = s * v + v
    return s


def for_in_list_of_constants(x):
    s = 0.0
    for c in [1.0, 2.5, -1.0]:
        s = s * x + c
    return s


def for_in_empty(x):
    s = 1.0
    for v in x[:0]:
        s = s * v
    return s * x[0]


def while_counter(x, n):
    i = 0
    while i < n:
        x = x * 1.1 + i
        i += 1
    return x * x


def halvings(x):
    n = 0.0
    while x > 1.0:
        x = x * 0.5
        n = n + x
    return x * n


def while_no_turn(x):
    y = x
    while y > 100.0:
        y = y * 0.5
    return y * y


def while_newton(a):
    x = 1.0
    while abs(x * x - a) > 1e-13 * a:
        x = 0.5 * (x + a / x)
    return x


def while_two_conditions(x, y):
    n = 0
    while x < 10 and n < 20:
        x = x * x * 0.1 + y + 0.7
        n = n + 1
    return x * y + n


def while_nested(x):
    s = 0.0
    i = 0
    while i < 3:
        j = 0
        while j < i:
            s = s * x + j
            j += 1
        s = s + x * i
        i += 1
    return s


def while_in_for(x, n):
    s = x
    for i in range(n):
        t = s + i + 2.0
        while t > 1.0:
            t = t * 0.4
        s = s * t
    return s


def for_in_while(x):
    s = 1.0
    while s < 30.0:
        for i in range(3):
            s = s + abs(x) + i
    return s * x


def while_array(x):
    y = x
    while np.sum(y * y) > 1.0:
        y = y * 0.7
    return np.sum(y * x)


def while_flag(x):
    going = True
    n = 0
    while going:
        x = x * 0.5
        n += 1
        going = n < 4
    return x * x


def while_negative_index(x):
    i = -1
    s = 1.0
    while i >= -len(x):
        s = s * x[i] + x[i]
        i -= 1
    return s


def array_carried(x, n):
    y = x
    for i in range(n):
        y = np.sin(y) + x
    return np.sum(y * y)


def array_sum_of_terms(x, n):
    total = np.zeros(3)
    for i in range(n):
        total = total + x ** (i + 1)
    return np.sum(total * total)


def array_augmented(x, n):
    total = np.zeros_like(x)
    for i in range(n):
        total += x * i
        total *= 0.5
    return np.sum(total * total)


def matrix_powers(A, n):
    P = np.eye(3)
    for i in range(n):
        P = P @ A
    return np.sum(P)


def zero_then_array(x, n):
    total = 0.0
    for i in range(n):
        total = total + x * i
    return np.sum(total * x)


def whole_then_float(x, n):
    total = 0
    for i in range(n):
        total += x * i
    return total * x


def shrinking(x):
    s = 0.0
    while len(x) > 1:
        x = x[1:] * x[:-1]
        s = s + x[0]
    return s


def growing(x, n):
    y = x
    for i in range(n):
        y = np.concatenate((y, y * 2))
    return np.sum(y * y)


def loop_with_everything(x, n):
    s = 0.0
    t = x
    for i in range(n):
        if t > 1:
            t = t / 2
        j = 0
        while j < i:
            s += t * j
            j += 1
        t = t + 0.5 * x
    return s * t


def enumerated(x):
    s = 0.0
    for i, v in enumerate(x):
        s = s + i * v * v
    return s


def zipped(x, y):
    s = 1.0
    for a, b in zip(x, y):
        s = s * a + b
    return s


def broken_off(x):
    s = 0.0
    for i in range(len(x)):
        s = s + x[i] ** 2
        if s > 1:
            break
    return s


def skipped(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] < 0:
            continue
        s = s + x[i] ** 2
    return s


def returned_early(x):
    for i in range(len(x)):
        if x[i] > 0.5:
            return x[i] ** 2
    return x[0] * x[1]


def constant_after_first_turn(x):
    y = x * x
    s = 0.0
    for i in range(3):
        s = s + y * (i + 1)
        y = 0.5
    return s


def zeros_after_first_turn(x):
    y = x * x
    s = np.zeros_like(x)
    for i in range(3):
        s += y * x
        y = np.zeros_like(x)
    return np.sum(s)


def constant_after_first_turn_of_while(x, n):
    y = x * x
    s = 0.0
    while n > 0:
        s = s + y * x
        if n > 2:
            y = 1.0
        else:
            y = 2.0
        n = n - 1
    return s + y


def constant_on_one_path(x, n):
    y = x * x
    s = x
    for i in range(n):
        s = s + y
        if i % 2 == 0:
            y = 0.0
        else:
            y = y + s * x
    return s * y + s


def seed_of_inner_loop(x, n):
    s = 0.0
    for i in range(n):
        y = x * s + x
        for j in range(2):
            s = s + y
            y = 1.0
    return s


def cleared_rows(X, y):
    s = 0.0
    for row in X:
        s = s + np.sum(row * y)
        y = np.ones_like(y)
    return s


CASES = [
    Case(constant_after_first_turn, takes(num())),
    Case(zeros_after_first_turn, takes(vec())),
    Case(constant_after_first_turn_of_while, takes(num(), whole(0, 4)), seeds=5),
    Case(constant_on_one_path, takes(num(), whole(0, 4)), seeds=5),
    Case(seed_of_inner_loop, takes(num(), whole(0, 3)), seeds=4),
    Case(cleared_rows, takes(mat(), vec()), wrt=(0, 1)),
    Case(decay, takes(num(), num(), whole(0, 5)), wrt=(0, 1), seeds=4),
    Case(decay, takes(num(), num(), 0), wrt=(0, 1), name="decay_no_turn"),
    Case(wave_sum, takes(vec())),
    Case(wave_sum, takes(vec(0)), name="wave_sum_empty"),
    Case(product, takes(vec())),
    Case(product, takes(vec(0)), name="product_empty"),
    Case(range_two, takes(num(), whole(-2, 2), whole(0, 6)), seeds=5),
    Case(range_step_three, takes(vec(10))),
    Case(range_step, takes(num(), 1, 10, 4), name="range_step_up"),
    Case(range_step, takes(num(), 9, -2, -3), name="range_step_down"),
    Case(range_step, takes(num(), whole(-5, 5), whole(-5, 5), whole(1, 4)), seeds=6, name="range_step_any"),
    Case(range_down, takes(vec())),
    Case(range_down_by_two, takes(vec(), )),
    Case(range_negative_values, takes(num())),
    Case(range_empty, takes(num()), tags=("dead lines",)),
    Case(bound_changed_in_body, takes(num(), whole(0, 5)), seeds=4),
    Case(bounds_all_changed, takes(num(), 0, 9, 2)),
    Case(bound_is_size_of_rebound, takes(vec())),
    Case(variable_rebound, takes(num(), whole(0, 5)), seeds=4),
    Case(variable_rebound_to_active, takes(num(), whole(0, 5)), seeds=4),
    Case(variable_read_after, takes(num(), whole(0, 5)), seeds=5),
    Case(variable_read_before_and_after, takes(num(), whole(2, 8)), seeds=5),
    Case(variable_reused, takes(num(), whole(0, 4)), seeds=4),
    Case(variable_of_outer_reused_inside, takes(num(), whole(1, 4))),
    Case(variable_unused, takes(num(), whole(0, 4))),
    Case(nested, takes(num(), whole(0, 3), whole(0, 3)), seeds=5),
    Case(triangular, takes(vec())),
    Case(triangular_carried, takes(vec())),
    Case(three_deep, takes(mat())),
    Case(two_after_another, takes(num(), whole(0, 4))),
    Case(temporary, takes(num(), whole(1, 4))),
    Case(temporary_read_after, takes(num(), whole(1, 4))),
    Case(temporary_read_after, takes(num(), 0), name="temporary_read_after_no_turn"),
    Case(carried_pair, takes(num(), num(), whole(0, 5)), wrt=(0, 1)),
    Case(carried_swap, takes(num(), num(), whole(0, 5)), wrt=(0, 1)),
    Case(fibonacci, takes(num(), whole(0, 6))),
    Case(lagged, takes(num(), whole(0, 5))),
    Case(invariant, takes(num(), num(), whole(1, 4)), wrt=(0, 1)),
    Case(overwritten_each_turn, takes(num(), whole(0, 4)), seeds=4),
    Case(set_in_the_loop_only, takes(num(), whole(1, 4))),
    Case(set_in_the_loop_only, takes(num(), 0), raises=UnboundLocalError, expect="either", name="set_in_no_turn"),
    Case(dead_loop, takes(num(), whole(0, 4))),
    Case(constant_loop, takes(num(), whole(0, 4))),
    Case(counter, takes(num(), whole(0, 4))),
    Case(counter_as_index, takes(vec())),
    Case(index_from_index, takes(vec())),
    Case(power_from_zero, takes(num(), whole(1, 5))),
    Case(
        power_from_zero, takes(0.0, 5), name="power_from_zero_at_zero", exact=lambda x, n: (0.5,)
    ),
    Case(powers_by_hand, takes(num(), whole(0, 5))),
    Case(for_in_array, takes(vec())),
    Case(for_in_array, takes(vec(0)), name="for_in_array_empty"),
    Case(for_in_array_product, takes(vec())),
    Case(for_in_rows, takes(mat(), vec()), wrt=(0, 1)),
    Case(for_in_rows_and_elements, takes(mat())),
    Case(for_in_array_read_after, takes(vec())),
    Case(for_in_array_variable_rebound, takes(vec())),
    Case(for_in_expression, takes(vec())),
    Case(for_in_slice, takes(vec())),
    Case(for_in_array_rebound_in_body, takes(vec())),
    Case(for_in_constant_array, takes(num(), vec())),
    Case(for_in_constant_array, takes(num(), vec()), wrt=(0, 1), name="for_in_active_array"),
    Case(for_in_tuple, takes(num(), num()), wrt=(0, 1), expect="either"),
    Case(for_in_list_of_constants, takes(num()), expect="either"),
    Case(for_in_empty, takes(vec()), tags=("dead lines",)),
    Case(while_counter, takes(num(), whole(0, 5))),
    Case(halvings, takes(num(1, 30))),
    Case(while_no_turn, takes(num()), tags=("dead lines",)),
    Case(while_newton, takes(num(1, 5))),
    Case(while_two_conditions, takes(num(0, 5), num(0, 1)), wrt=(0, 1)),
    Case(while_nested, takes(num())),
    Case(while_in_for, takes(num(1, 2), whole(1, 3))),
    Case(for_in_while, takes(num())),
    Case(while_array, takes(vec())),
    Case(while_flag, takes(num())),
    Case(while_negative_index, takes(vec())),
    Case(array_carried, takes(vec(), whole(0, 4))),
    Case(array_sum_of_terms, takes(vec(3), whole(0, 4))),
    Case(array_augmented, takes(vec(), whole(0, 4))),
    Case(matrix_powers, takes(mat(3, 3), whole(0, 4)), expect="either"),
    Case(zero_then_array, takes(vec(), whole(1, 4))),
    Case(whole_then_float, takes(num(), whole(1, 4))),
    Case(shrinking, takes(vec())),
    Case(growing, takes(vec(), whole(0, 3))),
    Case(loop_with_everything, takes(num(1, 3), whole(2, 5))),
    Case(enumerated, takes(vec()), expect="either"),
    Case(zipped, takes(vec(), vec()), wrt=(0, 1), expect="either"),
    Case(broken_off, takes(vec(7)), expect="either"),
    Case(skipped, takes(vec()), expect="either"),
    Case(returned_early, takes(vec()), expect="either", seeds=12),
]
