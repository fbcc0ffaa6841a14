"""Steps that can be taken back: their results say what they were called with."""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools

import numpy as np


def reversible(step=None, inverse=None):
    """Return a function that calls ``step``: on the way back its arguments are computed again from its results.

    What ``step(*state, *params)`` returns takes the place of its first arguments: as many numbers and arrays, of the
    same shapes and dtypes, one or a tuple; or dicts, lists and objects of these, of the same structure.
    ``inverse(*new_state, *params)`` gives the old ones. Without it the inverse is derived, for steps that are sums,
    differences, products and quotients of the unknown with what is known by then:
    additive and affine coupling (Dinh et al. 2015, 2017; Gomez et al. 2017), leapfrog and other symplectic steps.

    In a derivative nothing of a loop over such steps is kept: its memory does not depend on the number of steps. The
    states of the way back differ from those of the way there by rounding. Where a loop does not arrive where it began
    (``refuse_drift``), the derivative raises an ``ArithmeticError``; ``tl.check_reversible`` measures a step.

    Also as a decorator, of functions and methods: ``@tl.reversible`` or ``@tl.reversible(inverse=back)``.
    """
    if step is None:
        return functools.partial(reversible, inverse=inverse)

    if inverse is None:

        @functools.wraps(step)
        def taken(*args, **kwargs):
            return run_reversible(step, *args, **kwargs)

    else:

        @functools.wraps(step)
        def taken(*args, **kwargs):
            return run_with_inverse(step, inverse, *args, **kwargs)

    return taken


def run_reversible(step, *args, **kwargs):
    """Return ``step(*args, **kwargs)``: to the compiler it is a call that is taken back by a derived inverse."""
    return step(*args, **kwargs)


def run_with_inverse(step, inverse, *args, **kwargs):
    """Return ``step(*args, **kwargs)``: to the compiler it is a call that ``inverse`` takes back."""
    del inverse
    return step(*args, **kwargs)


def refuse_drift(last, first, step):
    """Raise an ``ArithmeticError`` where the way back of a loop over ``step`` does not arrive where the loop began.

    The largest difference may be 1.4e-6 (in single precision 2.5e-3) times one plus the largest entry: eps ** 0.375.
    """
    start = np.atleast_1d(np.asarray(first))
    off = np.abs(np.asarray(last) - start)
    if start.size and not np.max(off) <= np.finfo(start.dtype).eps ** 0.375 * (1.0 + np.max(np.abs(start))):
        raise ArithmeticError(
            "the way back of a loop does not arrive where it began: the inverse of " + step + " is wrong, or makes"
            " rounding errors grow; tl.check_reversible tells which, and without tl.reversible the states are kept"
        )


def refuse_inverse(back, given, name, step, place):
    """Raise an ``AssertionError`` where an inverse does not give back what its step was given: to half the digits."""
    start = np.asarray(given)
    if np.shape(back) != start.shape:
        raise AssertionError(
            f"{place}: {step} is not taken back by its inverse: {name} has the shape {start.shape}, and comes back"
            f" with {np.shape(back)}"
        )
    off = float(np.max(np.abs(back - start), initial=0.0))
    eps = np.finfo(start.dtype).eps if np.issubdtype(start.dtype, np.inexact) else 0.0
    if not off <= eps**0.5 * (1.0 + np.max(np.abs(start), initial=0.0)):
        raise AssertionError(f"{place}: {step} is not taken back by its inverse: {name} comes back off by {off:.2g}")
