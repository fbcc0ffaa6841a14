"""if, elif, else and the conditional expression; arms that assign different names; what follows them."""

import math

import numpy as np

from case import Case, bools, flag, mat, num, one_of, takes, vec, whole


def one_arm(x):
    y = x * x
    if x > 0:
        y = y * x
    return y


def two_arms(x, y):
    if x > y:
        z = x * x * y
    else:
        z = y * math.sin(x)
    return z * x


def elif_chain(x):
    if x < -1:
        y = x * x
    elif x < 0:
        y = math.exp(x)
    elif x < 1:
        y = 3.0 * x
    else:
        y = math.log(x)
    return y * y


def elif_without_else(x):
    y = 1.0
    if x < -0.5:
        y = x * 2
    elif x > 0.5:
        y = x * x
    return y * x


def nested(x, y):
    if x > 0:
        if y > 0:
            z = x * y
        else:
            z = x - y * y
        z = z * z
    else:
        z = y
        if y > x:
            z = z * x
        z = z + x
    return z * y


def different_names(x, y):
    a = 1.0
    b = 2.0
    if x > y:
        a = x * y
        b = a * x
    else:
        b = y * y
    return a * b + a


def name_only_in_one_arm(x):
    total = 0.0
    if x > 0:
        extra = x * x
        total = extra + x
    else:
        total = -x
    return total * x


def constant_in_one_arm(x):
    if x > 0:
        y = x * x
    else:
        y = 2.0
    return y * 3


def constants_in_all_arms(x):
    if x > 0:
        y = 1.0
    else:
        y = 2.0
    return y


def constant_factor(x):
    if x > 0:
        c = 1.0
    else:
        c = -2.0
    return c * x * x


def whole_in_one_arm(x):
    y = 0
    if x > 0:
        y = x * x
    return y * x + x


def overwritten_in_arm(x, y):
    z = x * y
    if z > 0:
        z = z * z
        x = z + y
    w = z * x
    return w * w


def condition_overwritten(x):
    if x > 0:
        x = -x * x
    else:
        x = x * 3
    return x * x


def condition_on_result_of_arm(x):
    y = x
    if y > 0:
        y = y * y - 2
    if y > 0:
        y = y * y
    if y < 0:
        y = math.sin(y) - y
    return y


def condition_twice(x, y):
    p = x > y
    if p:
        x = x * y
    p = x < 0
    if not p:
        y = x * y
    if p:
        y = y * y
    return x * y


def conditional_expression(x):
    y = x * x if x > 0 else math.exp(x)
    return y * x


def conditional_expression_nested(x, y):
    return x if x > 1 else (x * y if y > 0 else y) * x


def conditional_expression_within(x, y):
    return 2 * (x if x > y else y * y) + math.sin(x if y > 0 else -x) * y


def conditional_expression_constant(x):
    return (x if x > 0 else 0.0) * x + (1.0 if x > 0 else 2.0) * x


def conditional_expression_whole(x):
    return (x if x > 0 else 0) * 2 + x


def and_or(x, y):
    if x > 0 and y > 0:
        z = x * y
    elif x > 0 or y > 0:
        z = x * x - y
    else:
        z = y * y * x
    return z


def not_in_condition(x, y):
    if not x > 0:
        return_value = x * y
    else:
        return_value = y
    if not (x > 0 and not y > 0):
        return_value = return_value * y
    return return_value


def chained_comparison(x):
    if -0.5 < x < 0.5:
        y = x * x
    elif -1 < x <= 1 != 3:
        y = x
    else:
        y = math.sin(x)
    return y


def equality(n, x):
    if n == 1:
        y = x
    elif n == 2:
        y = x * x
    elif n != 3:
        y = math.exp(x)
    else:
        y = 1 / (1 + x * x)
    return y


def truth_of_a_number(n, x):
    if n:
        x = x * x
    if not n:
        x = x * x * x
    return x


def flags(use_square, use_sine, x):
    if use_square:
        x = x * x
    if use_sine and not use_square:
        x = math.sin(x)
    elif use_sine:
        x = math.cos(x)
    return x * x


def strings(kind, x):
    if kind == "tanh":
        y = math.tanh(x)
    elif kind == "square":
        y = x * x
    elif kind in ("sin", "sine"):
        y = math.sin(x)
    else:
        y = x
    return y


def none_default(x, y=None):
    if y is None:
        y = 2.0
    return x * x * y


def array_arm(x):
    if np.sum(x) > 0:
        y = x * x
    else:
        y = np.exp(x)
    return np.sum(y * x)


def array_or_its_double(x):
    y = x if x[0] > 0 else 2 * x
    return np.sum(y * y)


def array_whole_or_scalar(x, s):
    if x[0] > 0:
        y = x * s
    else:
        y = x - s
    return np.sum(y * y * s)


def element_condition(x):
    s = 0.0
    if x[0] > x[1]:
        s = x[0] * x[1]
    elif x[1] > 0:
        s = x[1] * x[2]
    return s * s + x[2]


def store_in_one_arm(x):
    y = np.zeros_like(x)
    if x[0] > 0:
        y[0] = x[0] * x[1]
        y[1:] = x[1:] * 2
    else:
        y[-1] = x[1]
    return np.sum(y * x)


def store_after_branch(x, c):
    y = x.copy()
    if c:
        y[0] = y[1] * y[1]
    y[1] = y[0] * y[2]
    return np.sum(y * y)


def in_a_loop(x, n):
    y = x
    for i in range(n):
        if y > 1:
            y = y * 0.5
        elif y < -1:
            y = y * y * 0.1
        else:
            y = y * 1.5 + x
    return y


def different_names_in_a_loop(x, n):
    a = x
    b = 1.0
    for i in range(n):
        if a * b > 0.5:
            a = a - 0.4 * b
        else:
            b = b * 1.1 + a * a
    return a * b


def conditional_expression_in_a_loop(x, n):
    s = 0.0
    for i in range(n):
        s = s + (x if s < 1 else s * 0.5) * x
    return s


def loop_in_an_arm(x, n):
    if x > 0:
        for i in range(n):
            x = x * 1.1
    else:
        for i in range(2):
            x = math.sin(x)
    return x * x


def nested_in_a_loop(xs, w):
    h = 0.1
    for i in range(len(xs)):
        if xs[i] > 0:
            if h > w:
                h = h * xs[i]
            else:
                h = math.sin(h + w)
            h = h + w
        elif xs[i] > -1:
            h = h * w
    return h


def soft_path(w, xs):
    h = 0.1
    for i in range(len(xs)):
        if h > 0.2:
            h = math.tanh(w * h + xs[i])
        else:
            h = h * xs[i]
    return h


def first_turn_differs(x, n):
    for i in range(n):
        if i == 0:
            y = x * x
        else:
            y = y * x + 1
    return y


def alternate(x, n):
    y = 1.0
    for i in range(n):
        if i % 2 == 0:
            y = y * x
        else:
            y = y + x * x
    return y


def only_constants_in_loop_arm(xs):
    count = 0
    total = 0.0
    for i in range(len(xs)):
        if xs[i] > 0:
            count += 1
            total += xs[i]
    return total / (count + 1)


def maximum_by_hand(xs):
    best = xs[0]
    for i in range(1, len(xs)):
        if xs[i] > best:
            best = xs[i]
    return best * best


def arg_maximum_by_hand(xs):
    where = 0
    for i in range(1, len(xs)):
        if xs[i] > xs[where]:
            where = i
    return xs[where] * xs[0]


def clipped_by_hand(x):
    if x > 1:
        x = 1.0
    elif x < -1:
        x = -1.0
    return x * x * x


def mask_argument(x, keep):
    s = 0.0
    for i in range(len(x)):
        if keep[i]:
            s += x[i] * x[i]
    return s


def long_elif(n, x):
    if n == 0:
        y = x
    elif n == 1:
        y = x * x
    elif n == 2:
        y = x * 3
    elif n == 3:
        y = math.sin(x)
    elif n == 4:
        y = math.cos(x)
    elif n == 5:
        y = math.exp(x)
    elif n == 6:
        y = math.tanh(x)
    else:
        y = math.atan(x)
    return y * y


def comparison_as_a_number(x, y):
    return x * (x > y) + y * (x <= y)


def comparison_kept_as_a_number(x):
    positive = x > 0
    return positive * x * x + (1 - positive) * x


def array_comparison_as_a_number(x):
    return np.sum((x > 0) * x * x)


def empty_arms(x):
    if x > 0:
        pass
    else:
        x = x * x
    if x > 2:
        pass
    return x * x


def condition_with_call(x):
    if math.sin(x) > 0.3 and abs(x) < 10:
        x = x * x
    return x


def any_all(x):
    if np.any(x > 0.5) and not np.all(x > -0.5):
        return_value = np.sum(x * x)
    else:
        return_value = np.sum(x)
    return return_value * x[0]


CASES = [
    Case(one_arm, takes(num()), seeds=5),
    Case(two_arms, takes(num(), num()), wrt=(0, 1), seeds=5),
    Case(elif_chain, takes(num(-2, 2)), seeds=12),
    Case(elif_without_else, takes(num(-1, 1)), seeds=8),
    Case(nested, takes(num(), num()), wrt=(0, 1), seeds=20),
    Case(different_names, takes(num(), num()), wrt=(0, 1), seeds=5),
    Case(name_only_in_one_arm, takes(num()), seeds=5),
    Case(constant_in_one_arm, takes(num()), seeds=5),
    Case(constants_in_all_arms, takes(num()), seeds=5),
    Case(constant_factor, takes(num()), seeds=5),
    Case(whole_in_one_arm, takes(num()), seeds=5),
    Case(overwritten_in_arm, takes(num(), num()), wrt=(0, 1), seeds=5),
    Case(condition_overwritten, takes(num()), seeds=5),
    Case(condition_on_result_of_arm, takes(num(-3, 3)), seeds=10),
    Case(condition_twice, takes(num(), num()), wrt=(0, 1), seeds=8),
    Case(conditional_expression, takes(num()), seeds=5),
    Case(conditional_expression_nested, takes(num(-2, 3), num()), wrt=(0, 1), seeds=8),
    Case(conditional_expression_within, takes(num(), num()), wrt=(0, 1), seeds=6),
    Case(conditional_expression_constant, takes(num()), seeds=5),
    Case(conditional_expression_whole, takes(num()), seeds=5),
    Case(and_or, takes(num(), num()), wrt=(0, 1), seeds=10),
    Case(not_in_condition, takes(num(), num()), wrt=(0, 1), seeds=8),
    Case(chained_comparison, takes(num(-2, 2)), seeds=10),
    Case(equality, takes(whole(1, 4), num()), wrt=(1,), seeds=12),
    Case(truth_of_a_number, takes(whole(0, 1), num()), wrt=(1,), seeds=6),
    Case(flags, takes(flag(), flag(), num()), wrt=(2,), seeds=10),
    Case(strings, takes(one_of("tanh", "square", "sin", "other"), num()), wrt=(1,), seeds=12),
    Case(none_default, takes(num()), name="none_default_left_out"),
    Case(none_default, takes(num(), num()), wrt=(0, 1), name="none_default_given"),
    Case(none_default, takes(num(), None), wrt=(0,), name="none_default_passed"),
    Case(array_arm, takes(vec()), seeds=5),
    Case(array_or_its_double, takes(vec()), seeds=5),
    Case(array_whole_or_scalar, takes(vec(), num()), wrt=(0, 1), seeds=5),
    Case(element_condition, takes(vec()), seeds=8),
    Case(store_in_one_arm, takes(vec()), seeds=5),
    Case(store_after_branch, takes(vec(), flag()), seeds=5),
    Case(in_a_loop, takes(num(-3, 3), whole(0, 6)), seeds=8),
    Case(different_names_in_a_loop, takes(num(), whole(0, 6)), seeds=6),
    Case(conditional_expression_in_a_loop, takes(num(0.3, 1.5), whole(0, 6)), seeds=5),
    Case(loop_in_an_arm, takes(num(), whole(1, 5)), seeds=8),
    Case(nested_in_a_loop, takes(vec(9), num()), wrt=(0, 1), seeds=5),
    Case(soft_path, takes(num(), vec(9, 0.5, 1.5)), wrt=(0, 1)),
    Case(first_turn_differs, takes(num(), whole(1, 5)), seeds=4),
    Case(alternate, takes(num(), whole(0, 6)), seeds=4),
    Case(only_constants_in_loop_arm, takes(vec())),
    Case(maximum_by_hand, takes(vec(7))),
    Case(arg_maximum_by_hand, takes(vec(7))),
    Case(clipped_by_hand, takes(num(-2, 2)), seeds=10),
    Case(mask_argument, takes(vec(), bools("n"))),
    Case(long_elif, takes(whole(0, 7), num()), wrt=(1,), seeds=30),
    Case(comparison_as_a_number, takes(num(), num()), wrt=(0, 1), seeds=4),
    Case(comparison_kept_as_a_number, takes(num()), seeds=4),
    Case(array_comparison_as_a_number, takes(vec())),
    Case(empty_arms, takes(num(-4, 4)), seeds=10),
    Case(condition_with_call, takes(num()), seeds=6),
    Case(any_all, takes(vec()), seeds=6),
    Case(in_a_loop, takes(num(-3, 3), 0), name="in_a_loop_without_turns"),
    Case(two_arms, takes(num(-2, -1), num(1, 2)), wrt=(0,), name="two_arms_one_argument"),
    Case(array_arm, takes(mat()), name="array_arm_matrix"),
]
