"""NumPy's functions called as few call them: lists of coefficients, arrays of nothing, parts of constants."""

import numpy as np

from case import Case, array, listed, mat, num, vec

CASES: list[Case] = []
case = listed(CASES)
WAVES = np.array([1.0, 0.5, -0.3, 0.2])


@case(num(0.3, 1.5))
def coefficients_in_a_list(a):
    p = [1.0, a, -a]
    return np.sum(np.polyder(p)) + np.polyval(np.polyint([a, 2.0]), a) + np.sum(np.polymul(p, [a, 1])) * np.polyval([1, a], 2)


@case(num(0.3, 1.5))
def roots_of_a_list(a):
    return np.sum(np.real(np.roots([1.0, a, -1.0])) ** 2)


@case(vec(4))
def polynomial_of_numbers(x):
    return np.sum(np.polyval([1.0, 2.0, 3.0], x) ** 2)


@case(vec(4))
def real_part_of_waves(x):
    return np.sum(WAVES * np.fft.fft(x).real) + np.sum(np.abs(np.fft.fft(WAVES)) * x)


@case(array(3, 4, dtype=np.float32))
def angles_of_real_numbers(x):
    return np.sum(WAVES * np.angle(x)) + np.sum(WAVES * x)


@case(array(0, 3))
def medians_of_no_rows(x):
    return np.sum(np.median(x, axis=1)) + np.sum(x)


@case(mat(3, 4))
def medians(x):
    return np.sum(np.median(x, axis=(0, 1), keepdims=True)) + np.sum(np.median(x, axis=0) ** 2)


def first_two(row):
    return np.array([0, 1]) if row[0] < 5.0 else row[:2]


@case(mat(3, 4), expect="refused")
def rows_of_the_type_of_the_first(x):
    return np.sum(np.apply_along_axis(first_two, 1, x) * x[:, :2])


@case(mat(3, 4))
def columns_in_the_memory_of_the_library(x):
    return np.sum(np.cos(np.apply_along_axis(np.cumsum, axis=0, arr=x)) * 1.5)
