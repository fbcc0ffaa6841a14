"""The logistic function as users spell it: its slope is told by its value."""

import math

import numpy as np

from case import Case, mat, num, takes, vec


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def falling(x, w):
    p = 1 / (np.exp(x @ w) + 1)
    return p * p


def rising(x):
    return np.exp(2 * x) / (1 + np.exp(2 * x))


def of_numbers(x, k):
    s = 0.0
    for i in range(3):
        x = 1.0 / (1.0 + math.exp(-k * x - i))
        s = s + k * x
    return s


def overflowing(x):
    # the exponential is infinite where the value is 0, and so is its slope
    with np.errstate(over="ignore"):
        return np.sum(sigmoid(1000.0 * x) * x)


def not_that_function(x):
    return 1 / (1 + np.exp(x)) + np.exp(x) / (1 + np.exp(-x)) + 2 / (1 + np.exp(x)) + 1 / (2 + np.exp(x))


CASES = [
    Case(falling, takes(mat(3, 2), vec(2)), wrt=(0, 1), seeds=1),
    Case(rising, takes(vec(3)), seeds=1),
    Case(of_numbers, takes(num(), num()), wrt=(0, 1), seeds=2),
    Case(overflowing, takes(vec(3, -2.0, -1.5)), exact=lambda x: (0 * x,), seeds=1),
    Case(not_that_function, takes(vec(3)), seeds=1),
]
