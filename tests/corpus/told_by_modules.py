"""What the modules at hand decide: names that one version of NumPy has, and another has not; and values that agree."""

import math

import numpy as np

from case import Case, listed, mat, num, takes, vec

CASES: list[Case] = []
case = listed(CASES)

integral = np.trapezoid if hasattr(np, "trapezoid") else np.trapz

if hasattr(np, "no_such_function"):

    def halved(x):
        return np.no_such_function(x, 2)

else:

    def halved(x):
        return x / 2


@case(vec())
def integral_by_either_name(x):
    return integral(x * x, dx=0.5)


@case(vec())
def integral_asked_for_in_the_body(x):
    if hasattr(np, "no_such_function"):
        return np.no_such_function(x)
    elif not hasattr(np, "sum"):
        return np.no_such_function(x)
    y = x * x
    if not hasattr(np, "no_such_function"):
        return np.sum(y)
    return np.no_such_function(y)


@case(vec(), num(), wrt=(0, 1))
def function_with_a_default(x, a):
    rule = getattr(np, "no_such_function", np.tanh)
    first = np.no_such_function(x) if hasattr(np, "no_such_function") else rule(a * x)
    return np.sum(first) + getattr(np.linalg, "norm", None)(x)


@case(vec(), num(), wrt=(0, 1))
def one_arm_of_several(x, a):
    if a > 100:
        y = x
    elif hasattr(np, "no_such_function"):
        y = np.no_such_function(x)
    else:
        y = halved(x) * a
    return np.sum(y**2)


def largest_direction(x):
    K = np.eye(len(x)) + np.outer(x, x)
    values, vectors = np.linalg.eigh(K)
    q = vectors[:, np.argmax(values)]
    if q[0] < 0:
        q = -q
    return q @ np.arange(1.0, len(x) + 1) + values[-1]


def along_an_axis(rng):
    return (np.array([rng.uniform(0.5, 2.0), 0.0, 0.0, 0.0]),)


SHAPES = {"W": (2, 3), "b": (3,), "scale": ()}
LAYERS = [(2, 2), (2, 1)]


def by_shapes(theta):
    """Parameters in one vector, taken apart by a table of shapes."""
    parameters, start = {}, 0
    for name, shape in SHAPES.items():
        count = int(np.prod(shape)) if shape else 1
        chunk = theta[start : start + count]
        parameters[name] = chunk.reshape(shape) if shape else chunk[0]
        start += count
    assert start <= len(theta)
    h = np.tanh(np.array([0.5, -1.0]) @ parameters["W"] + parameters["b"]) * parameters["scale"]
    flat = np.concatenate([np.ravel(v) for v in parameters.values()])
    return np.sum(h * h) + 0.1 * flat @ flat


def by_listed_shapes(theta):
    h, start = theta[:2], 2
    for shape in LAYERS:
        count = math.prod(shape)
        h = np.tanh(h @ theta[start : start + count].reshape(*shape))
        start += count
    return h[0] * start


CASES += [
    Case(by_shapes, takes(vec(10))),
    Case(by_listed_shapes, takes(vec(8))),
    Case(largest_direction, along_an_axis, name="vector_beside_values_that_agree"),
    Case(largest_direction, takes(vec(4))),
]


@case(mat(3, 3))
def rotation_nearest(A):
    U, _, Vh = np.linalg.svd(np.eye(3) * 3 + A)
    return np.sum((U @ Vh) * np.arange(9.0).reshape(3, 3))
