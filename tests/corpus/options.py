"""Arguments that say how and not what: the axis of a sum, in a local, a parameter or a default."""

import numpy as np

from case import Case, listed, mat, num, one_of, takes, vec

CASES: list[Case] = []
case = listed(CASES)


def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def logsumexp(a, axis=None, keepdims=False):
    m = np.max(a, axis=axis, keepdims=True)
    r = np.log(np.sum(np.exp(a - m), axis=axis, keepdims=True)) + m
    if keepdims:
        return r
    return r.squeeze() if axis is None else np.squeeze(r, axis=axis)


def squeezed_first(a, axis):
    m = np.max(a, axis=axis, keepdims=True)
    return np.squeeze(m, axis=axis) + np.log(np.sum(np.exp(a - m), axis=axis))


def stretched(a, axis):
    m = np.max(a, axis=axis)
    return m + np.log(np.sum(np.exp(a - np.expand_dims(m, axis)), axis=axis))


def size_along(x, axis, keep):
    return np.sqrt(np.sum(x**2, axis, keepdims=keep) + 1.0)


def passed_on(x, axis=0):
    return x / size_along(x, axis, True)


def rebound(x, axis):
    total = np.sum(x)
    if axis < 0:
        axis = axis + 2
    return total * np.max(x, axis=axis)


def counted(x, axis, n):
    out = x
    for k in range(n):
        out = np.cumsum(out, axis=axis) + k
    return out


def read_otherwise(x, axis):
    return np.sum(x, axis=axis) * (axis + 1.5)


@case(mat(3, 4), mat(3, 4))
def by_default(x, w):
    return np.sum(softmax(x) * w)


@case(mat(3, 4), mat(3, 4))
def by_keyword(x, w):
    return np.sum(softmax(x, axis=0) * w) + np.sum(softmax(x, 1) ** 2)


@case(mat(3, 4), mat(3, 4))
def by_a_local(x, w):
    axis = 1
    keep = True
    e = np.exp(x - np.max(x, axis=axis, keepdims=keep))
    return e / np.sum(e, axis, keepdims=keep) * w


@case(mat(3, 4), vec(3))
def in_a_loop(x, w):
    axis = 0
    total = 0.0
    for k in range(3):
        total = total + np.sum(np.max(x * w[k], axis=axis) ** 2)
    return total


@case(mat(3, 4))
def bound_twice(x):
    axis = 0
    a = np.sum(x, axis=axis) ** 2
    axis = 1
    return np.sum(a) + np.sum(np.prod(x, axis=axis))


@case(mat(3, 4), num())
def bound_in_a_branch(x, t):
    axis = 0
    if t > 0:
        axis = 1
    return np.sum(np.sum(x, axis=axis) ** 2)


@case(mat(3, 4), vec(3), vec(4))
def of_rows_and_columns(x, u, v):
    return logsumexp(x, 1) @ u + logsumexp(x, axis=0) @ v + logsumexp(v)


@case(mat(3, 4), vec(3))
def kept(x, u):
    return np.sum((x - logsumexp(x, 1, True)) ** 2) + logsumexp(x[:, :1], 1, keepdims=False) @ u


@case(mat(3, 4), vec(3))
def squeezed(x, u):
    return squeezed_first(x, 1) @ u + squeezed_first(u, 0)


@case(mat(3, 4), vec(3), vec(4))
def expanded(x, u, v):
    return stretched(x, 1) @ u + stretched(x, 0) @ v + stretched(x, -1) @ u


@case(mat(3, 4), mat(3, 4))
def through_two(x, w):
    return np.sum(passed_on(x) * w) + np.sum(passed_on(x, axis=-1) ** 3)


@case(mat(3, 4))
def rebound_inside(x):
    return np.sum(rebound(x, -1) ** 2) + np.sum(rebound(x, 0))


@case(mat(3, 4))
def counted_inside(x):
    return np.sum(counted(x, 1, 3) ** 2)


@case(mat(3, 4))
def read_in_arithmetic(x):
    return np.sum(read_otherwise(x, 0) ** 2) + np.sum(read_otherwise(x, axis=1))


@case(mat(3, 4), one_of(0, 1, -1))
def of_an_argument(x, axis):
    return np.sum(np.max(x, axis=axis) ** 2) + np.sum(passed_on(x, axis) ** 2)


@case(mat(1, 4), vec(4))
def all_of_one(x, w):
    y = np.squeeze(x)
    return np.sum(y * w) + np.sum(np.squeeze(x[:, :1]) ** 2) + np.sum(x.squeeze(0) ** 3)


@case(mat(3, 1), mat(3, 3))
def column(x, A):
    v = x.squeeze(axis=1)
    v = A @ v
    return np.squeeze(v[:, None], axis=-1) @ v + np.squeeze(v[None, :, None]) @ v


@case(mat(3, 4))
def not_a_shift(x):
    m = np.max(x, axis=1, keepdims=True)
    return np.sum(np.squeeze(m, axis=1) + 2.0 * np.log(np.sum(np.exp(x - m), axis=1)))
