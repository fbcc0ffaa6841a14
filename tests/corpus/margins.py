"""Arrays padded with their own entries: edges, wrapped, mirrored; short ones, and read elsewhere as well."""

import numpy as np

from case import Case, array, listed, num

CASES: list[Case] = []
case = listed(CASES)


@case(array(5, 4), num())
def sharpened(x, w):
    p = np.pad(x, 1, mode="edge")
    blur = (p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:]) / 4.0
    return np.sum((x + w * (x - blur)) ** 2)


@case(array(4, 5))
def of_several_widths(x):
    a = np.pad(x, ((1, 2), (2, 0)), "edge")
    b = np.pad(x, ((2, 1), (0, 3)), mode="wrap")
    c = np.pad(x, ((0, 3), (1, 2)), "reflect")
    d = np.pad(x, 2, "symmetric")
    return np.sum(a**2) + np.sum(b**3) + np.sum(c**2 * np.arange(8.0)) + np.sum(np.sin(d) * np.arange(9.0))


@case(array(6), array(3))
def turn_by_turn(x, w):
    for _ in range(3):
        p = np.pad(x, 1, mode="wrap")
        x = np.tanh(w[0] * p[:-2] + w[1] * p[1:-1] + w[2] * p[2:])
    return np.sum(x * x)


@case(array(3), array(9))
def longer_than_it_shows(x, c):
    return np.sum(np.pad(x, 3, "reflect") * c) + np.sum(np.pad(x * x, 3, mode="edge") * c**2)


@case(array(1), array(4))
def of_one_entry(x, c):
    return np.sum(np.pad(x * x, (1, 2), mode="edge") * c)


@case(array(4), array(6))
def read_elsewhere(x, c):
    p = np.pad(x, 1, "symmetric")
    q = p * c
    return np.sum(p * q) + p[0] * x[1]
