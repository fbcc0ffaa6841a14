"""What flags, names and defaults of parameters choose: arrays or None, functions in tables, lambdas."""

import functools

import numpy as np

from case import Case, flag, num, one_of, takes, vec, whole


def _residual(kind="square", **options):
    table = {
        "square": lambda r, **_: r**2,
        "huber": lambda r, delta=1.0, **_: delta**2 * (np.sqrt(1 + (r / delta) ** 2) - 1),
    }
    try:
        fn = table[kind]
    except KeyError:
        raise ValueError(f"unknown kind {kind!r}; choose from {', '.join(sorted(table))}") from None
    return functools.partial(fn, **options)


def total_residual(r, delta, kind):
    return _residual(kind, delta=delta)(r).sum() * delta


def _checked(x, weights=None):
    x = np.atleast_1d(np.asarray(x, dtype=float))
    if weights is None:
        weights = np.ones_like(x)
    elif weights.shape != x.shape:
        raise ValueError(f"shapes differ: {weights.shape} != {x.shape}")
    return x, weights / weights.sum()


def weights_by_a_flag(x, w, use):
    x, w = _checked(x, w if use else None)
    mu = np.average(x, weights=w)
    return mu / np.sqrt(np.average((x - mu) ** 2, weights=w) + 1e-9)


def none_by_a_flag(x, w, use):
    v = None
    if use:
        v = w
    return np.average(x * x, weights=v)


def _loss(r, rho=lambda v, d=2.0: np.where(np.abs(v) < d, v * v, np.abs(v)), scale=2.0):
    return np.sum(rho(r)) * scale


def a_lambda_for_a_default(x):
    return _loss(x) * _loss(x * 2, lambda v: v**3)


def its_own_default(x, rho=lambda v: v * np.tanh(v)):
    return np.sum(rho(x))


def a_place_that_may_be_missing(a, b, n):
    d = {0: a, 2: b}
    if n in d:
        return d[n] * a
    return a * b


CASES = [
    Case(total_residual, takes(vec(4), num(0.5, 1.5), one_of("square", "huber")), wrt=(0, 1)),
    Case(weights_by_a_flag, takes(vec(4), vec(4, 0.5, 1.5), flag()), wrt=(0, 1)),
    Case(none_by_a_flag, takes(vec(4), vec(4, 0.5, 1.5), flag())),
    Case(a_lambda_for_a_default, takes(vec(4))),
    Case(its_own_default, takes(vec(4))),
    Case(a_place_that_may_be_missing, takes(num(), num(), whole(0, 3))),
]
