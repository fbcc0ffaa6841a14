"""What only one arm of an ``np.where`` reads: masked entry by entry where the entries correspond, and nowhere else."""

from typing import NamedTuple

import numpy as np

from case import Case, num, takes, vec, wholes


class Beside(NamedTuple):
    a: float
    w: np.ndarray


def sum_in_an_arm(x, w):
    r = np.sum(w)
    return np.sum(np.where(x > 0, r * 2, 0.0))


def root_of_a_sum_in_an_arm(x, w):
    r = np.sqrt(np.sum(w * w))
    return np.sum(np.where(x > 0, r * 2, 0.0))


def display_in_an_arm(x, w):
    r = np.sum(w[::-1])
    return np.sum(np.where(x > 0, np.array([r, 1.0, r * 2, r]), 0.0))


def list_in_an_arm(x, w):
    return np.sum(np.where(x > 0, [w[0] * w[1], 2.0, 3.0, 4.0], 0.0))


def reversed_in_an_arm(x, w):
    r = w * w
    return np.sum(np.where(x > 0, r[::-1], 0.0))


def summed_in_an_arm(x, w):
    r = w * w
    return np.sum(np.where(x > 0, np.sum(r), 0.0))


def accumulated_in_an_arm(x, w):
    r = w * w
    return np.sum(np.where(x > 0, np.cumsum(r), 0.0))


def product_in_an_arm(x, w):
    A = np.outer(w, w)
    return np.sum(np.where(x > 0, A @ np.exp(w), 0.0))


def sorted_in_an_arm(x, w):
    return np.sum(np.where(x > 0, np.sort(np.exp(w)) ** 2, 0.0))


def outer_in_an_arm(x, w):
    r = np.exp(w)
    q = r[:, None] * w
    return np.sum(np.where(x > 0, q * q, 0.0))


def number_of_an_arm(x, w):
    return np.sum(np.where(x > 0, np.exp(np.sin(w[0] * w[1])) * w, 0.0))


def callee(r):
    return r[::-1] * np.sum(r)


def call_in_an_arm(x, w):
    r = np.exp(w)
    return np.sum(np.where(x > 0, callee(r), 0.0))


def root_entry_by_entry(x):
    r = np.sqrt(x)
    return np.sum(np.where(x > 0, np.tanh(r) * r, 0.0))


def picked_beside_what_is_masked(x, a, b, idx, h):
    c = [x * 0.67, h[-1][::-1] + 1.78]
    _ = Beside(b, w=(0.5 * h[0]) * 1.0)
    for i in range(1, 3):
        c[-1] -= np.tanh(
            np.where(np.array([h[-1][2], c[-1][i], b, a]) > 0.98, np.maximum(c[-1][::-1], 0.99), h[0][:][idx])
        )
    return np.sum(c[-1])


def two_vectors(draw):
    return [draw.rng.normal(size=4), draw.rng.normal(size=4)]


CASES = [
    *(
        Case(f, takes(vec(4), vec(4)), wrt=(0, 1))
        for f in (
            sum_in_an_arm, root_of_a_sum_in_an_arm, display_in_an_arm, list_in_an_arm, reversed_in_an_arm, summed_in_an_arm,
            accumulated_in_an_arm, product_in_an_arm, sorted_in_an_arm, outer_in_an_arm, number_of_an_arm, call_in_an_arm,
        )
    ),
    Case(picked_beside_what_is_masked, takes(vec(4), num(), 1.4, wholes(4, 0, 4), two_vectors), wrt=(0, 1, 4)),
    Case(root_entry_by_entry, takes(np.array([0.0, 4.0])), exact=lambda x: (np.array([0.0, 0.25 * (np.tanh(2.0) + 2 * (1 - np.tanh(2.0) ** 2))]),)),
]  # fmt: skip
