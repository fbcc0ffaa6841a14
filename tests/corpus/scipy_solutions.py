"""Fixed points, roots and minima: the solution is differentiated, not the way to it."""

import numpy as np

import tangent_like as tl
from case import Case, mat, num, takes, vec


def contract(x, W, b):
    return np.tanh(W @ x + b)


def equilibrium(W, b):
    x = tl.fixed_point(contract, b, 0.2 * W, b)
    return np.sum(x * x)


def closure(a, b):
    x = tl.fixed_point(lambda x: 0.4 * np.cos(a * x) + b, b)
    return x @ a


def in_a_loop(a, b):
    total = 0.0
    for k in range(3):
        x = tl.fixed_point(lambda x: 0.4 * np.sin(x) + a * k + total, a)
        total += 0.1 * np.sum(x) * b
    return total


def in_a_branch(a, b):
    if b > 0.5:
        x = tl.root(lambda x: x**3 + x - a, a)
    else:
        x = a
    return np.sum(x * a)


def nested(a, b):
    def outer(y):
        inner = tl.fixed_point(lambda x: 0.3 * np.sin(x + y) + b, y)
        return 0.3 * np.cos(inner) + a

    return np.sum(tl.fixed_point(outer, a) ** 2)


def nested_twice(a, b):
    def inner(y):
        return tl.fixed_point(lambda z: 0.5 * np.cos(z * y), 0.3)

    def middle(y):
        return tl.fixed_point(lambda z: 0.3 * inner(z + y) + 0.1 * b, 0.3)

    return tl.root(lambda y: y - a * middle(y) - 0.1 * b, 0.5)


def cube(x, a, b):
    return x**3 + a * x - b


def cube_root(a, b):
    return np.sum(tl.root(cube, np.ones(len(a)), a * a, b) * a)


def by_method(a, b):
    return np.sum(tl.root(cube, b, 1.0 + a * a, b, method="lm", tol=1e-6))


def settle(x, a):
    for _ in range(2):
        x = 0.3 * np.sin(x) + a
    return x


def loop_inside(a, b):
    return np.sum(tl.fixed_point(settle, b, a) * b)


def write_inside(a, b):
    def step(x):
        y = np.zeros(len(a))
        y[0] = 0.3 * np.sin(x[1]) * a[0]
        y[1:] = 0.2 * np.cos(x[:-1]) + a[1:]
        return y

    return np.sum(tl.fixed_point(step, b) ** 2)


def by_parameters(a, b):
    p = {"scale": a, "shift": (b, 2.0)}

    def step(x, p):
        scale, (shift, k) = p["scale"], p["shift"]
        return np.sin(scale) * np.sin(x) / k + shift

    return np.sum(tl.fixed_point(step, a, p))


def system(A, b):
    x = tl.linear_solve(lambda v: v + 0.1 * (A @ v), b)
    return x @ b


def diverging(a):
    return tl.fixed_point(lambda x: 2.0 * x + a, 1.0)


def without_root(a):
    return tl.root(lambda x: x * x + a, 1.0)


def singular(a, b):
    return tl.fixed_point(lambda x: x + a * b, 1.0) ** 2


ab = takes(vec("n"), vec("n"))

CASES = [
    Case(equilibrium, takes(mat("n", "n"), vec("n")), wrt=(0, 1), seeds=2),
    Case(closure, ab, wrt=(0, 1), seeds=2),
    Case(in_a_loop, takes(vec("n"), num()), wrt=(0, 1), seeds=2),
    Case(in_a_branch, takes(vec("n"), num())),
    Case(nested, ab, wrt=(0, 1), seeds=2),
    Case(nested_twice, takes(num(0.5, 1.0), num(0.5, 1.0)), wrt=(0, 1), seeds=1),
    Case(cube_root, ab, wrt=(0, 1), seeds=2),
    Case(by_method, ab, wrt=(0, 1), seeds=2),
    Case(loop_inside, ab, wrt=(0, 1), seeds=2),
    Case(write_inside, ab),
    Case(by_parameters, ab, wrt=(0, 1), seeds=2),
    Case(system, takes(mat("n", "n"), vec("n")), wrt=(0, 1), seeds=2),
    Case(diverging, takes(num()), raises=ArithmeticError, seeds=1),
    Case(without_root, takes(num(0.5, 1.0)), raises=ArithmeticError, seeds=1),
    Case(singular, takes(0.0, num()), diverges=np.linalg.LinAlgError, seeds=1),
]
