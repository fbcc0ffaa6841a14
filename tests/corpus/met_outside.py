"""What programs of strangers asked for: rows under a star, derivatives as decorators, masks beside lists."""

import numpy as np

import tangent_like as tl
from case import Case, mat, num, takes, vec


def rows_under_a_star(A):
    first, *rest, last = A
    return first @ last + sum(r @ first for r in rest) * len(rest)


def rows_that_come_and_go(A):
    first, *rest = A.copy()
    rest.append(first * 2)
    rest.pop(0)
    t = 0.0
    while rest:
        t = t * 0.5 + rest.pop() @ first
    return t


def picked_by_masks_in_turns(x, r):
    y = x.copy()
    for _ in range(3):
        y += r * np.sin(y)
        low = y < 0.3
        y[~low] -= y[low].sum() * 0.1
    return np.sum(y**3)


def joined_with_parts(x, q):
    u, v = x[:2] * q, x[1:3]
    w = np.r_[u, v]
    return np.sum(w[2:] * w[:2]) + np.r_[q, x.sum(), v[0]] @ x[:3]


@tl.grad(argnums=1)
def slope(x, y):
    return x * y**3


@tl.value_and_grad(argnums=("y", "x"))
def both(x, y):
    return x * y**3


class Curve:
    def __init__(self, k):
        self.k = k

    @tl.grad(argnums="x")
    def slope(self, x):
        return self.k * x**3


def decorated(x, y):
    value, (y_bar, x_bar) = both(x, y)
    return slope(x, y) * value + x_bar * y_bar + Curve(y).slope(x)


CASES = [
    Case(rows_under_a_star, takes(mat(4, 3))),
    Case(rows_that_come_and_go, takes(mat(4, 3))),
    Case(picked_by_masks_in_turns, takes(vec(4), num()), (0, 1)),
    Case(joined_with_parts, takes(vec(4), num()), (0, 1)),
    Case(decorated, takes(num(), num()), (0, 1)),
]
