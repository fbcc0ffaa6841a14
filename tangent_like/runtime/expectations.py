"""Expectations over random draws, and smoothed functions: programs of the language, differentiated as they stand."""

# mypy: allow-untyped-defs, allow-untyped-calls

import inspect

import numpy as np

from tangent_like.runtime.scalars import stop_gradient


def expectation(f, sampler, estimator="reparameterize", baseline=None, samples=1):
    """Return ``estimate(params, rng)``: the mean of ``f`` over draws, with an unbiased derivative by ``params``.

    The mean is that over ``samples`` draws. ``estimator="reparameterize"``: ``sampler(params, rng)`` draws ``x``, and
    derivatives flow through ``x``.
    ``estimator="score"``: ``sampler`` is a pair, ``draw(params, rng)`` and ``log_density(x, params)`` (of discrete
    draws the log of their probability); ``f`` need not be differentiable in ``x``. ``params`` is a number, an array, or
    a structure of them. ``f`` is called ``f(x)``, or ``f(x, params)`` if it takes two arguments; its result is a number
    or an array.

    ``baseline`` makes the score estimator vary less, and changes no expectation: a number, a function of ``params``, or
    "mean", which for each draw is the mean over all others (two samples or more). Derivatives of any order are
    unbiased (Foerster et al., "DiCE", 2018). A ``ValueError`` for another estimator, and for what does not fit it.
    """
    if estimator not in ("reparameterize", "score"):
        raise ValueError(f"expectation: the estimator is {estimator!r}, and must be reparameterize or score")
    by_others = isinstance(baseline, str) and baseline == "mean"
    if samples < (2 if by_others else 1):
        raise ValueError(f"expectation: {samples} samples are too few for the baseline {baseline!r}")
    value = f if takes_two(f) else ignoring_params(f)
    if estimator == "reparameterize":
        if baseline is not None:
            raise ValueError("expectation: a baseline is for estimator='score'")
        return reparameterized(value, sampler, samples)
    if not isinstance(sampler, tuple):
        raise ValueError("expectation: estimator='score' takes a pair for a sampler: draw and log_density")
    draw, log_density = sampler
    if by_others:
        return scored_by_others(value, draw, log_density, samples)
    level = baseline if callable(baseline) else constantly(0.0 if baseline is None else baseline)
    return scored(value, draw, log_density, level, samples)


def takes_two(f):
    """Does ``f`` take more than one argument without a default?"""
    sorts = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    given = [p for p in inspect.signature(f).parameters.values() if p.kind in sorts and p.default is p.empty]
    return len(given) > 1


def ignoring_params(f):
    def value(x, params):
        del params
        return f(x)

    return value


def constantly(number):
    def level(params):
        del params
        return number

    return level


def reparameterized(value, draw, samples):
    def estimate(params, rng):
        total = 0.0
        for _ in range(samples):
            x = draw(params, rng)
            total = total + value(x, params)
        return total / samples

    return estimate


def scored(value, draw, log_density, level, samples):
    def estimate(params, rng):
        base = stop_gradient(level(params))
        held = stop_gradient(params)
        total = 0.0
        for _ in range(samples):
            x = draw(held, rng)
            score = log_density(x, params)
            weight = np.exp(score - stop_gradient(score))  # 1, with the derivatives of the density
            total = total + weight * (value(x, params) - base) + base
        return total / samples

    return estimate


def scored_by_others(value, draw, log_density, samples):
    def estimate(params, rng):
        held = stop_gradient(params)
        xs = []
        values = 0.0
        for _ in range(samples):
            x = draw(held, rng)
            xs.append(x)
            values = values + stop_gradient(value(x, held))
        total = 0.0
        for x in xs:
            score = log_density(x, params)
            weight = np.exp(score - stop_gradient(score))
            y = value(x, params)
            base = (values - stop_gradient(y)) / (samples - 1)
            total = total + weight * (y - base) + base
        return total / samples

    return estimate


def smoothed(f, sigma, samples, seed=0):
    """Return ``smooth(x, *params)``: ``f`` averaged over normal noise of deviation ``sigma`` around ``x``.

    Its derivative by ``x`` needs none of ``f``, which may have kinks and jumps: it is that of the average, estimated
    from the same ``samples`` pairs of points ``x + sigma z``, ``x - sigma z`` (antithetic), and unbiased in any order
    (Nesterov & Spokoiny, "Random gradient-free minimization", 2017, section 2). By ``params`` it is that of ``f``.
    ``x`` is a number or an array; ``z`` is the same in each call with the same ``seed``. A ``ValueError`` unless
    ``sigma`` is positive and ``samples`` at least 1.
    """
    if not sigma > 0 or samples < 1:
        raise ValueError(f"smoothed: sigma={sigma} and samples={samples} must be positive")

    def smooth(x, *params):
        rng = np.random.default_rng(seed)
        center = stop_gradient(x)
        away = (x - center) / sigma  # 0, with the derivatives of x
        total = 0.0
        for _ in range(samples):
            z = rng.normal(size=np.shape(center))
            along, across = np.sum(z * away), 0.5 * np.sum(away * away)
            ahead = np.exp(along - across) * f(center + sigma * z, *params)
            behind = np.exp(-along - across) * f(center - sigma * z, *params)
            total = total + 0.5 * (ahead + behind)
        return total / samples

    return smooth
