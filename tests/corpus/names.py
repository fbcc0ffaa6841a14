"""Names that collide with ours, with the modules we use, with builtins; and names that look alike."""

import math
import math as mathematics

import numpy
import numpy as np
import numpy as xp
from math import exp, sin as sine
from numpy import tanh

from case import Case, array, mat, num, takes, vec, whole

turns = 2.0
x_saved = 3.0
pi = 3.0


def bars(x, y):
    x_bar = x * y
    y_bar = x_bar * x
    z_bar = y_bar * x_bar
    return z_bar + x_bar


def bar_arguments(x_bar, y_bar):
    x = x_bar * y_bar
    y = x * x_bar
    return x * y


def x_and_its_bar(x, x_bar):
    y = x * x_bar
    x = y * x_bar
    return x * y


def saved(x, n):
    x_saved = x * 2
    y_saved = 1.0
    for i in range(n):
        x = x * x_saved
        y_saved = y_saved * x
        x_saved = x_saved * 0.5
    return x * y_saved


def results(x):
    result = x * x
    value = result * x
    saved = value + result
    gradient = saved * value
    grad = gradient * 0.5
    return grad


def path_and_turns(x, n):
    path = x
    turns = 0.5
    path_saved = 1.0
    for i in range(n):
        if path > 0.5:
            path = path * turns
        else:
            path = path + x
            path_saved = path_saved * path
        turns = turns * 0.9 + path
    while turns > 1:
        turns = turns * 0.5
    return path * turns * path_saved


def numbered(x, y):
    y_2 = x * y
    y = y_2 * x
    y_1 = y * y_2
    y = y_1 + y
    x_2 = y * x
    x = x_2 * y
    return x * y_1


def dots(x_dot, y):
    y_dot = x_dot * y
    e = y_dot * y_dot
    e_bar = e * y
    return e_bar * e


def news(x, n):
    x_new = 1.0
    for i in range(n):
        x_new = math.tanh(x_new * x)
        x = x_new * 0.9
    h_new = x * x_new
    return h_new * h_new


def underscores(_x, __y):
    _ = _x * __y
    __ = _ * _x
    return _ * __


def underscore_loop(x, n):
    for _ in range(n):
        x = x * 0.9
    _ = x * x
    for _ in range(2):
        x = x + 1
    return x * _


def parameter_np(np):
    return np * np + np


def parameter_math(math, y):
    return math * y * math


def parameter_np_with_numpy(np, y):
    return numpy.sum(np * y) + numpy.sum(np * np)


def local_np(x):
    np = x * x
    return np * x


def local_math(x, y):
    math = y * x
    return math * math


def parameter_numpy_array(numpy):
    return np.sum(numpy * numpy)


def other_aliases(x):
    return xp.sum(xp.sin(x) * numpy.cos(x)) + mathematics.exp(0.5)


def from_imports(x):
    return exp(x) * sine(x) + np.sum(tanh(np.array([x, 1.0])))


def shadowed_function(x, exp):
    return x * exp + exp


def builtin_names(x, n):
    len = x * 2
    range_ = n
    sum = 0.0
    for i in range(range_):
        sum = sum + len
    abs = sum * x
    return abs


def parameter_named_len(len, list):
    return len * list + len


def parameter_range(range, float):
    return range * float * range


def keywords_nearly(lambda_, in_, self):
    class_ = lambda_ * in_
    return class_ * self


def unicode_names(α, β):
    γ = α * β
    ε = γ * α
    return ε * γ


def capital_names(X, x):
    Y = X * x
    y = Y * x
    return Y * y


def tangent_names(x, tl):
    tangent_like = x * tl
    grad = tangent_like * x
    vjp = grad + tl
    return vjp * grad


def runtime_names(x, unbroadcast):
    zeros_like = x * unbroadcast
    accumulate = np.sum(zeros_like)
    unbroadcast_to = accumulate * accumulate
    spread = unbroadcast_to + accumulate
    return spread


def global_of_the_same_name_as_ours(x, n):
    y = x
    while y > turns:
        y = y * 0.5
        x = x + 1
    for i in range(n):
        x = x * 0.9
    return x * y * turns * x_saved


def global_pi_is_not_math_pi(x):
    return x * pi + math.pi * x * x


def function_named_as_variable(x):
    helper = helper_named(x)
    return helper * helper


def helper_named(helper):
    return helper * 3


def forward(x, reverse):
    return forward_helper(x) * reverse


def forward_helper(x):
    forward = x * x
    reverse = forward * x
    return reverse


def forward_helper_forward(x):
    return x * 5


def forward_helper_reverse(x):
    return x * 7


def halves_taken(x):
    return forward_helper(x) * forward_helper_forward(x) * forward_helper_reverse(x)


def grad_names(x):
    return grad_square(x) + square(x)


def square(x):
    return x * x


def grad_square(x):
    return 2 * x


def value_of_argument_named_value(value, value_bar):
    return value * value_bar * value


def loop_names(i, n):
    s = i
    for i_2 in range(n):
        for j in range(i_2):
            i = i * 0.9
            s = s + i * j
    return s * i


def index_names(x, idx, out, axis):
    y = np.sum(x[idx] * out) * axis
    return y


def condition_names(cond, condition, c):
    if cond > condition:
        path = cond * c
    else:
        path = condition * c
    return path * path


def same_letters(x, xx, xxx):
    return x * xx + xx * xxx * x


def dunder_names(x):
    __name = x * x
    name__ = __name * x
    return name__


def shape_names(x):
    shape = x.shape
    size = x.size
    T = x * x
    sum = np.sum(T)
    return sum * shape[0] * size


def unread_names(A):
    n, _, = A.shape
    _, m = A.shape
    o, _, k, _ = A.reshape(n, 1, m, 1).shape
    return np.sum(A * A) * n * o * k * _


def the_last_of_a_name(x):
    def powers(t):
        return t, t * t, t * t * t

    s, s, _ = powers(x[0])
    _, t, _ = powers(x[1])
    a, _, b, _ = x[0] * 2, x[1], x[2] * x[0], x[2] * s
    for i, _, _ in [(x[0], 1, 2), (x[1], 2, 3)]:
        s += i * i * _
    return s * t * a * b * _


CASES = [
    Case(unread_names, takes(mat())),
    Case(the_last_of_a_name, takes(vec(3))),
    *[
        Case(f, takes(num(), num()), wrt=(0, 1), seeds=4)
        for f in (
            bars, bar_arguments, x_and_its_bar, numbered, dots, parameter_math, local_math, shadowed_function,
            parameter_named_len, parameter_range, unicode_names, capital_names, tangent_names, forward,
            value_of_argument_named_value, underscores,
        )
    ],
    *[Case(f, takes(num())) for f in (results, parameter_np, local_np, from_imports, global_pi_is_not_math_pi, function_named_as_variable, halves_taken, grad_names, dunder_names)],
    *[Case(f, takes(num(), whole(1, 5)), seeds=4) for f in (saved, path_and_turns, news, underscore_loop, builtin_names)],
    Case(keywords_nearly, takes(num(), num(), num()), wrt=(0, 1, 2)),
    Case(parameter_np_with_numpy, takes(vec(), vec()), wrt=(0, 1)),
    Case(parameter_numpy_array, takes(vec())),
    Case(other_aliases, takes(vec())),
    Case(runtime_names, takes(vec(), vec()), wrt=(0, 1)),
    Case(global_of_the_same_name_as_ours, takes(num(1, 9), whole(1, 4)), seeds=5),
    Case(loop_names, takes(num(), whole(0, 4)), seeds=4),
    Case(index_names, takes(vec(), lambda d: d.rng.integers(0, d.size("n"), size=4), vec(4), num()), wrt=(0, 2, 3)),
    Case(condition_names, takes(num(), num(), num()), wrt=(0, 1, 2), seeds=5),
    Case(same_letters, takes(num(), num(), num()), wrt=(0, 1, 2)),
    Case(shape_names, takes(vec())),
]
