"""Calls of the user's own functions: positional, keyword, default; nested, repeated, recursive, shared names."""

import math

import numpy as np

from case import Case, mat, num, takes, vec, whole

from corpus import helpers_one, helpers_two
from corpus.helpers_one import scaled as scaled_one
from corpus.helpers_two import scaled as scaled_two

RATE = 0.7
TABLE = np.array([1.0, 2.0, 3.0])


def square(x):
    return x * x


def times(x, y):
    return x * y


def scale(x, factor=3.0, shift=0.5):
    return x * factor + shift


def norm2(v):
    return np.sum(v * v)


def both(x, y):
    return x * y, x + y * y


def ignores_second(x, y):
    return x * x


def nothing_active(n):
    return n * 2 + 1


def constant_result(x):
    return 4.0


def same(x):
    return x


def with_branch(x):
    if x > 0:
        y = x * x
    else:
        y = math.sin(x)
    return y


def with_loop(x, n):
    s = x
    for i in range(n):
        s = s * x + i
    return s


def with_global(x):
    return x * RATE


def reassigns_parameter(x, y):
    x = x * y
    y = x * x
    return x + y


def power(x, n):
    if n == 0:
        return_value = 1.0
    else:
        return_value = x * power(x, n - 1)
    return return_value


def power_early(x, n):
    if n == 0:
        return 1.0
    return x * power_early(x, n - 1)


def power_fast(x, n):
    if n == 0:
        result = 1.0
    elif n % 2 == 0:
        half = power_fast(x, n // 2)
        result = half * half
    else:
        result = x * power_fast(x, n - 1)
    return result


def even_steps(x, n):
    if n == 0:
        y = x
    else:
        y = odd_steps(x * 1.1, n - 1) * x
    return y


def odd_steps(x, n):
    if n == 0:
        y = x * x
    else:
        y = even_steps(math.sin(x), n - 1) + x
    return y


def sum_tree(v):
    if len(v) == 1:
        s = v[0] * v[0]
    else:
        k = len(v) // 2
        s = sum_tree(v[:k]) * 0.5 + sum_tree(v[k:])
    return s


def positional(x, y):
    return times(x, y) + x


def keyword(x, y):
    return times(y=x, x=y * y)


def mixed(x, y):
    return times(x, y=y) * scale(x, shift=y)


def defaults(x):
    return scale(x) * scale(x, 2.0) + scale(x, shift=1.0) + scale(x, factor=x)


def nested_calls(x):
    return square(square(x))


def nested_three(x):
    return square(times(square(x), square(x + 1)))


def called_twice(x, y):
    return square(x) * square(y) + square(x * y)


def called_with_different_active(x):
    return times(x, 2.0) + times(3.0, x) + times(x, x) + times(2.0, 3.0)


def same_argument_twice(x):
    a, b = both(x, x)
    return times(x, x) * a + b


def one_of_several_results_indexed(x):
    return times(x, x) * both(x, x)[0]


def several_results(x, y):
    a, b = both(x, y)
    return a * b


def several_results_one_used(x, y):
    a, _ = both(x, y)
    return a * a


def several_results_indexed(x, y):
    pair = both(x, y)
    return pair[1] * pair[0] + pair[1]


def several_results_overwriting(x, y):
    x, y = both(x, y)
    x, y = both(y, x)
    return x * y


def argument_ignored(x, y):
    return ignores_second(x, y) + y


def argument_ignored_only(x):
    return ignores_second(2.0, x) * x


def helper_without_derivative(x, n):
    return x ** nothing_active(n)


def helper_constant(x):
    return constant_result(x) * x


def helper_identity(x):
    y = same(x)
    return y * x


def helper_identity_array(x):
    y = same(x)
    return np.sum(y * x)


def helper_branch(x, y):
    return with_branch(x) * with_branch(y)


def helper_loop(x, n):
    return with_loop(x, n) * with_loop(x * 0.5, 2)


def helper_global(x):
    return with_global(x) * RATE + with_global(x * x)


def helper_global_array(x):
    return np.sum(x * TABLE) * TABLE[1]


def helper_reassigns(x, y):
    z = reassigns_parameter(x, y)
    return z * x * y


def in_loop(x, n):
    y = x
    for i in range(n):
        y = times(math.sin(y), x) + i
    return y


def in_loop_branching(x, n):
    y = x
    for i in range(n):
        y = with_branch(y - 0.5) + x
    return y


def in_loop_with_array(W, x, depth):
    h = x
    for i in range(depth):
        h = residual_block(h, W)
    return np.sum(h**2)


def residual_block(h, W):
    return h + np.tanh(h @ W)


def in_branch(x):
    if x > 0:
        y = square(x)
    else:
        y = times(x, x * 2)
    return square(y)


def in_condition(x):
    if square(x) > 0.5:
        x = square(x) * x
    return x


def in_condition_of_loop(x):
    n = 0
    while square(x) > 0.1:
        x = times(x, 0.6)
        n += 1
    return x * x


def in_conditional_expression(x, y):
    return (square(x) if x > y else times(x, y)) * y


def in_index(x):
    return x[nothing_active(0)] * x[nothing_active(0) - 1]


def in_store(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = times(x[i], x[0])
    y[0] += square(x[1])
    return norm2(y)


def in_augmented(x, n):
    s = 0.0
    for i in range(n):
        s += square(x + i)
        s *= scale(x)
    return s


def in_expression(x, y):
    return 2 * square(x) - math.sin(times(x, y)) / (1 + square(y)) ** 2


def in_math(x):
    return math.exp(-square(x)) + np.tanh(square(x))


def in_return_tuple(x, y):
    return square(x), times(x, y)


def recursion(x, n):
    return power(x, n) * x


def recursion_early_return(x, n):
    return power_early(x, n) * x


def recursion_fast(x, n):
    return power_fast(x, n) + x


def recursion_of_itself(x, n):
    if n > 0:
        x = recursion_of_itself(x * x * 0.5, n - 1) + x
    return x


def recursion_mutual(x, n):
    return even_steps(x, n) * 2


def shade(p, lights, depth=0):
    lit = p
    for at, strength in lights:
        lit = lit + at * strength
    if lit > 0 and depth < 2:
        lit += 0.5 * shade(0.3 * p, lights, depth + 1)
    return lit


def recursion_with_a_list_of_pairs(p, c):
    return shade(p, [(c, 0.5), (c * c, 0.3)])


def recursion_on_slices(x):
    return sum_tree(x) * x[0]


def same_name_of_two_modules(x):
    return scaled_one(x) * scaled_two(x)


def same_name_through_modules(x):
    return helpers_one.scaled(x) + helpers_two.scaled(x) * x


def same_global_of_two_modules(x):
    return helpers_one.with_constant(x) * helpers_two.with_constant(x) * RATE


def global_of_a_module(x):
    return x * helpers_one.CONSTANT + helpers_two.CONSTANT * x * x


def helper_of_a_helper_module(x):
    return helpers_two.through_one(x) * helpers_one.scaled(x)


def array_helper(x, y):
    return norm2(x - y) * norm2(x)


def array_helper_broadcast(X, b):
    return norm2(affine(X, b)) + norm2(affine(b, 1.0))


def affine(X, b):
    return X * 2 + b


def helper_of_different_ranks(X, v):
    return norm2(X) * norm2(v) + norm2(v[0])


def helper_of_scalar_and_array(s, v):
    return np.sum(square(v)) * square(s)


def helper_names_like_ours(x):
    return x_bar(x) * backward(x)


def x_bar(y):
    return y * y


def backward(x):
    return x * 3


def helper_returns_view(x):
    y = x * 2
    v = middle(y)
    return np.sum(v * v) * y[0]


def middle(x):
    return x[1:-1]


def helper_writes_local(x):
    return np.sum(running(x) * x)


def running(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] += y[i - 1]
    return y


def helper_writes_argument(x):
    y = x * 1.0
    double_first(y)
    return np.sum(y * y)


def double_first(y):
    y[0] *= 2.0


def helper_writes_and_returns(x):
    y = x * 1.0
    z = scaled_in_place(y, x[0])
    return np.sum(y * z)


def scaled_in_place(y, s):
    y[1:] = y[1:] * s
    return y


def helper_keeps_then_written(x):
    h = x * 1.0
    s = norm2(h)
    h[:] = 2 * h
    s += norm2(h)
    return s * h[0]


def helper_keeps_in_loop(x, n):
    h = x * 1.0
    s = 0.0
    for i in range(n):
        s += norm2(h)
        h[:] = h * np.sin(h)
    return s


def helper_of_both_names(x):
    y = x * 1.0
    add_into(y, y)
    return np.sum(y * x)


def add_into(a, b):
    a[0] = a[0] + b[1] * b[0]


def helper_prints(x):
    return loud(x) * x


def loud(x):
    print("loud", x)
    return x * x


def helper_asserts(x):
    return checked(x) * 2


def checked(x):
    assert x > -100, "too low"
    return x * x


def lots_of_calls(x):
    return square(x) + square(x + 1) * square(x + 2) - square(square(x + 3) * 0.1) / square(x + 9)


def deep_chain(x):
    return chain_a(x) + chain_b(x)


def chain_a(x):
    return chain_b(x * 2) * x


def chain_b(x):
    return chain_c(x, x * x)


def chain_c(x, y):
    return math.sin(x) * y


def no_arguments(x):
    return x * pi_squared()


def pi_squared():
    return math.pi**2


def default_from_global(x):
    return with_default_of_global(x) * x


def with_default_of_global(x, rate=RATE):
    return x * rate


def keyword_only_helper(x):
    return with_keyword_only(x, power=3) + with_keyword_only(x)


def with_keyword_only(x, *, power=2):
    return x**power


def star_helper(x, y):
    return product_of(x, y, x) + product_of(y)


def product_of(*values):
    p = 1.0
    for v in values:
        p = p * v
    return p


def star_call(x, y):
    pair = (x, y)
    return times(*pair) + times(**{"x": x, "y": 2.0})


def nested_def(x):
    def inner(t):
        return t * x

    return inner(x) + inner(2.0)


def lambda_local(x):
    f = lambda t: t * t + x
    return f(x) * f(2.0)


def function_as_argument(x):
    return apply_twice(square, x)


def apply_twice(f, x):
    return f(f(x))


CASES = [
    *[
        Case(f, takes(num(), num()), wrt=(0, 1), seeds=4)
        for f in (
            positional, keyword, mixed, called_twice, several_results, several_results_one_used,
            several_results_overwriting, argument_ignored, helper_branch, helper_reassigns,
            in_conditional_expression, in_expression, in_return_tuple,
        )
    ],
    *[
        Case(f, takes(num()), seeds=6)
        for f in (
            defaults, nested_calls, nested_three, called_with_different_active, same_argument_twice,
            argument_ignored_only, helper_constant, helper_identity, helper_global, in_branch, in_math,
            same_name_of_two_modules, same_name_through_modules, same_global_of_two_modules, global_of_a_module,
            helper_of_a_helper_module, helper_names_like_ours, helper_prints, helper_asserts, lots_of_calls, deep_chain,
            no_arguments, default_from_global,
        )
    ],
    Case(in_condition, takes(num()), seeds=10),
    Case(in_condition_of_loop, takes(num(1, 2))),
    Case(helper_without_derivative, takes(num(), whole(0, 2))),
    Case(helper_identity_array, takes(vec())),
    Case(helper_loop, takes(num(), whole(0, 4))),
    Case(helper_global_array, takes(vec(3))),
    Case(in_loop, takes(num(), whole(0, 4))),
    Case(in_loop_branching, takes(num(), whole(0, 4))),
    Case(in_loop_with_array, takes(mat("n", "n"), mat("m", "n"), whole(0, 3)), wrt=(0, 1)),
    Case(in_index, takes(vec())),
    Case(in_store, takes(vec())),
    Case(in_augmented, takes(num(), whole(0, 4))),
    Case(recursion, takes(num(), whole(0, 4))),
    Case(recursion_early_return, takes(num(), whole(1, 4))),
    Case(recursion_fast, takes(num(), whole(0, 9)), seeds=4),
    Case(recursion_with_a_list_of_pairs, takes(num(), num())),
    Case(recursion_of_itself, takes(num(), whole(0, 4))),
    Case(recursion_mutual, takes(num(), whole(0, 5)), seeds=4),
    Case(recursion_on_slices, takes(vec(7))),
    Case(array_helper, takes(vec(), vec()), wrt=(0, 1)),
    Case(array_helper_broadcast, takes(mat(), vec()), wrt=(0, 1)),
    Case(helper_of_different_ranks, takes(mat(), vec()), wrt=(0, 1)),
    Case(helper_of_scalar_and_array, takes(num(), vec()), wrt=(0, 1)),
    Case(helper_returns_view, takes(vec())),
    Case(helper_writes_local, takes(vec())),
    Case(several_results_indexed, takes(num(), num()), wrt=(0, 1), expect="either"),
    Case(one_of_several_results_indexed, takes(num()), expect="either"),
    Case(helper_writes_argument, takes(vec())),
    Case(helper_writes_and_returns, takes(vec())),
    Case(helper_keeps_then_written, takes(vec())),
    Case(helper_keeps_in_loop, takes(vec(), whole(0, 4))),
    Case(helper_of_both_names, takes(vec())),
    Case(keyword_only_helper, takes(num())),
    Case(star_helper, takes(num(), num()), wrt=(0, 1), expect="either"),
    Case(star_call, takes(num(), num()), wrt=(0, 1), expect="either"),
    Case(nested_def, takes(num()), expect="either"),
    Case(lambda_local, takes(num()), expect="either"),
    Case(function_as_argument, takes(num()), expect="either"),
]
