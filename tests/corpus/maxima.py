"""Maxima that only keep numbers small, and such as the result does depend on."""

import math

import numpy as np

from case import Case, mat, num, takes, vec


def forward_algorithm(start, steps, seen):
    # one name for the maximum of each turn, and for that of the end
    alpha = start + seen[0]
    for t in range(1, len(seen)):
        scores = alpha[:, None] + steps
        m = scores.max(axis=0)
        alpha = m + np.log(np.sum(np.exp(scores - m), axis=0)) + seen[t]
    m = alpha.max()
    return m + np.log(np.sum(np.exp(alpha - m)))


def in_place(x, w):
    z = x @ w
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    e /= e.sum(axis=1, keepdims=True)
    return np.log(e[:, 0])


def in_place_by_two_names(x):
    z = 2.0 * x
    y = z
    z -= z.max()
    return np.sum(y * y) + np.log(np.sum(np.exp(z)))


def of_a_stack(x):
    z = x.reshape(2, 3, 2)
    m = np.max(z, axis=(0, 2), keepdims=True)
    e = np.exp(z - m)
    return e / np.sum(e, axis=(0, 2), keepdims=True)


def summed_the_other_way(x):
    m = np.max(x, axis=0)
    e = np.exp(x - m)
    return e / np.sum(e, axis=1, keepdims=True)


def read_behind_the_loop(x):
    s = 0.0
    for row in x:
        m = np.max(row)
        s = s + np.log(np.sum(np.exp(row - m)))
    return s + m


def read_in_the_next_turn(x):
    s = 0.0
    m = 0.0
    for row in x:
        s = s + m * np.sum(row)
        m = np.max(row)
        s = s + m + np.log(np.sum(np.exp(row - m)))
    return s


def asked_by_the_loop(x, y):
    m = 1.0
    s = 0.0
    while s + m < 9.0:
        m = max(x, y)
        s = s + m + math.log(math.exp(x - m) + math.exp(y - m))
        s = s + 0.5
    return s * m


def of_two(x, y):
    m = np.maximum(x, y)
    return m + np.log(np.exp(x - m) + np.exp(y - m))


def of_two_numbers(x, y):
    m = max(x, y)
    return m + math.log(math.exp(x - m) + math.exp(y - m))


def of_two_that_matters(x, y):
    m = np.maximum(x, y)
    return m * np.exp(x - m)


def of_a_temperature(x, b):
    e = np.exp(-b * (x - x.min(axis=1, keepdims=True)) / 0.7)
    r = e / e.sum(axis=1, keepdims=True)
    return np.sum(r * x)


def of_two_temperatures(x, b, c):
    z = x - x.max()
    return np.exp(b * z) / np.sum(np.exp(c * z))


def of_a_temperature_that_changes(x, b):
    z = x - x.max()
    for _ in range(2):
        e = np.exp(b * z)
        b = 1.5 * b
        z = z + np.log(e / np.sum(np.exp(b * z)))
    return z


def through_products(x, A):
    m = x.max(axis=1, keepdims=True)
    e = np.exp(x - m)
    k = x.max()
    return np.log(e @ np.exp(A)) + m, np.log(np.dot(np.exp(x - k), A ** 2 + 1.0)) + k


def through_a_product_along_it(x, A):
    m = x.max(axis=0)
    return np.log(np.exp(x - m) @ np.exp(A)) + m[:2], np.log((A.T ** 2 + 1.0) @ np.exp(x.T - x.T.max(axis=1, keepdims=True)))


CASES = [
    Case(forward_algorithm, takes(vec(3), mat(3, 3), mat(4, 3)), wrt=(0, 1, 2), seeds=1),
    Case(in_place, takes(mat(4, 3), mat(3, 3)), wrt=(0, 1), seeds=1),
    Case(in_place_by_two_names, takes(vec(4)), seeds=1),
    Case(of_a_stack, takes(vec(12)), seeds=1),
    Case(summed_the_other_way, takes(mat(3, 3)), seeds=1),
    Case(read_behind_the_loop, takes(mat(3, 4)), seeds=1),
    Case(read_in_the_next_turn, takes(mat(3, 4)), seeds=1),
    Case(asked_by_the_loop, takes(num(0.2, 0.9), num(0.2, 0.9)), wrt=(0, 1), seeds=1),
    Case(of_two, takes(vec(4), vec(4)), wrt=(0, 1), seeds=1),
    Case(of_two_numbers, takes(num(), num()), wrt=(0, 1), seeds=1),
    Case(of_two_that_matters, takes(vec(4), vec(4)), wrt=(0, 1), seeds=1),
    Case(of_a_temperature, takes(mat(4, 3), num(0.5, 2)), wrt=(0, 1), seeds=1),
    Case(of_two_temperatures, takes(vec(4), num(0.5, 1), num(1, 2)), wrt=(0, 1, 2), seeds=1),
    Case(of_a_temperature_that_changes, takes(vec(4), num(0.5, 1)), wrt=(0, 1), seeds=1),
    Case(through_products, takes(mat(4, 3), mat(3, 2)), wrt=(0, 1), seeds=1),
    Case(through_a_product_along_it, takes(mat(4, 3), mat(3, 2)), wrt=(0, 1), seeds=1),
]


def smallest_of_three(D, k):
    total = 0.0
    for i in range(1, len(D)):
        a, b, c = -D[i, 0] / k, -D[i - 1, 1] / k, -D[i, 1] / k
        top = max(a, b, c)
        total -= k * (top + math.log(math.exp(a - top) + math.exp(b - top) + math.exp(c - top)))
    return total


def smallest_of_three_that_matters(D, k):
    total = 0.0
    for i in range(1, len(D)):
        a, b, c = -D[i, 0] / k, -D[i - 1, 1] / k, -D[i, 1] / k
        top = max(a, b, c)
        total -= k * (top + math.log(math.exp(a - top) + math.exp(b - top) + math.exp(c)))
    return total


CASES += [
    Case(smallest_of_three, takes(mat(3, 2), num(0.4, 0.8)), wrt=(0, 1), seeds=2),
    Case(smallest_of_three_that_matters, takes(mat(3, 2), num(0.4, 0.8)), wrt=(0, 1), seeds=2),
]
