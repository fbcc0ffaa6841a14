"""print, assert and f-strings go through: what the primal says, the derivative says, once and in that order."""

import math

import numpy as np

from case import Case, mat, num, takes, vec, whole


def prints(x):
    print("x is", x)
    y = x * x
    print(y, end="!\n")
    return y


def prints_in_loop(x, n):
    for i in range(n):
        x = x * 1.1
        print(i, x)
    return x * x


def prints_in_branch(x):
    def doubled(y):
        return 2 * y

    if x > 0:
        print("positive", doubled.__name__)
        x = x * x
    else:
        print("negative", x, sep=": ")
    return doubled(x)


def prints_overwritten(x):
    x = x * x
    print(x)
    x = math.sin(x)
    print(x)
    return x


def prints_only(x, y):
    print(y)
    return x * 3


def prints_dead_value(x):
    z = x * 17
    print(f"z = {z:.3f}")
    return x * x


def prints_array(x):
    y = x * x
    print(y.shape, len(y))
    y[0] = 0.0
    print(y)
    return np.sum(y)


def f_string(x, n):
    name = f"{n}-th"
    label = f"{name} value of {x:8.3f} {x!r} {{}}"
    print(label)
    return x * n


def f_string_nested_format(x, width):
    print(f"{x:{width}.2f}|{'quoted'}|{x * 2:.1e}")
    return x * x


def formatted_by_percent(x):
    print("%.3f and %s" % (x, "text"))
    print("{} {:.2f}".format(1, x))
    return x * x


def asserts(x):
    assert x > -100
    y = x * x
    assert y >= 0, f"negative: {y}"
    return y


def asserts_about_shape(X, v):
    assert X.shape[1] == len(v), (X.shape, len(v))
    return np.sum(X @ v)


def asserts_in_loop(x, n):
    for i in range(n):
        assert i < 100
        x = x * 0.9
    return x * x


def assert_fails(x):
    y = x * x
    assert y < 0, f"the square of {x} is {y}"
    return y


def assert_fails_plain(x):
    assert x > 1e9
    return x * x


def raises_value_error(x):
    if x > -1e9:
        raise ValueError(f"no {x}")
    return x * x


def raises_in_middle(x):
    print("before")
    y = math.log(x - x - 1)
    print("after")
    return y


def raises_from_index(x):
    return x[len(x)] * 2


def raises_from_shape(x, y):
    return np.sum(x * y)


def square_root_of_negative(x):
    return math.sqrt(x) * x


def comment_and_docstring(x):
    """Twice the square."""
    # first the square
    y = x * x

    return 2 * y  # then twice


CASES = [
    Case(prints, takes(num())),
    Case(prints_in_loop, takes(num(), whole(0, 3))),
    Case(prints_in_branch, takes(num()), seeds=5),
    Case(prints_overwritten, takes(num())),
    Case(prints_only, takes(num(), num()), wrt=(0, 1)),
    Case(prints_dead_value, takes(num())),
    Case(prints_array, takes(vec())),
    Case(f_string, takes(num(), whole(1, 3))),
    Case(f_string_nested_format, takes(num(), 8)),
    Case(formatted_by_percent, takes(num())),
    Case(asserts, takes(num())),
    Case(asserts_about_shape, takes(mat(), vec()), wrt=(0, 1)),
    Case(asserts_in_loop, takes(num(), whole(0, 3))),
    Case(assert_fails, takes(num()), raises=AssertionError),
    Case(assert_fails_plain, takes(num()), raises=AssertionError),
    Case(raises_value_error, takes(num()), raises=ValueError, expect="either"),
    Case(raises_in_middle, takes(num()), raises=ValueError, tags=("may vanish",)),
    Case(raises_from_index, takes(vec()), raises=IndexError),
    Case(raises_from_shape, takes(vec(3), vec(4)), wrt=(0, 1), raises=ValueError, tags=("may vanish",), expect="either"),
    Case(square_root_of_negative, takes(-1.0), raises=ValueError),
    Case(comment_and_docstring, takes(num())),
]
