"""Functions of the module that a call has made: ``functools.partial`` and ``np.vectorize``, as decorators too."""

import functools
import math

import numpy as np

from case import Case, array, listed, mat, num, vec

CASES: list[Case] = []
case = listed(CASES)


def leaky(v, c):
    if v > 0:
        return v * v * c
    return 0.1 * v


def of_three(p, q, r):
    return p * r if p > q else q * r * r


each = np.vectorize(leaky)
each_of_three = np.vectorize(of_three, otypes=[float])
halved = functools.partial(leaky, c=0.5)
relu = functools.partial(np.maximum, 0.0)
doubled = functools.partial(lambda c, z: c * z * z, 2.0)
norm = functools.partial(np.linalg.norm, ord=2)


@np.vectorize
def soft(v, lam):
    """Soft thresholding of one entry."""
    return math.copysign(max(abs(v) - lam, 0.0), v)


@np.vectorize(otypes=[float])
def squared_or_nothing(v):
    return v * v if v > 0 else 0


@case(vec(), num(0.5, 2))
def of_the_module(x, c):
    return np.sum(each(x, c) ** 2)


@case(mat("n", "n"), num(0.5, 2))
def of_three_arrays(A, a):
    return np.sum(each_of_three(A, A.T, a))


@case(array(4), num(0.5, 2))
def decorated(x, a):
    return np.sum(soft(x, 0.1 * a) ** 2) + np.sum(squared_or_nothing(x))


@case(num())
def partial_of_the_module(a):
    return halved(a) * halved(2.0 * a)


@case(array(4))
def partial_of_numpy(x):
    return np.sum(relu(x)) + norm(x) + np.sum(doubled(x))


@case(array(3), num(1, 2))
def in_a_list(x, k):
    return sum(float(f(v)) for f, v in zip([halved, doubled, np.vectorize(lambda t: t * k)], x))


@case(num())
def of_a_number(a):
    return np.vectorize(lambda t: t * t)(a) * 2.0


@case(array(3), expect="refused")
def maybe_whole(x):
    """What the first entry gives tells the type of all: 0 would make them whole numbers."""
    return np.sum(np.vectorize(lambda t: t * t if t > 0 else 0)(x) * x)


@case(mat(3, 3), expect="refused")
def by_signature(A):
    return np.sum(np.vectorize(lambda r: np.sum(r * r), signature="(n)->()")(A))
