"""Jacobians and Hessians inside a function that is differentiated: programs written out where they are called.

``push`` is ``tl.jvp``; ``before`` and ``behind`` are the arguments around ``x``, ``still`` and ``rest`` a None for
each of them.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def slope_of(push, f, before, x, behind, still, along, rest):
    """Return how ``f`` moves as ``x`` moves along ``along``."""
    return push(f, (*before, x, *behind), (*still, along, *rest))[1]


def columns_of(push, f, before, x, behind, still, rest):
    """Return the Jacobian of ``f`` by a vector ``x``, column by column."""
    columns = []
    for k in range(len(x)):
        along = np.zeros_like(x)
        along[k] = 1.0
        columns.append(push(f, (*before, x, *behind), (*still, along, *rest))[1])
    return np.stack(columns, axis=-1)


def columns_of_any(push, f, before, x, behind, still, rest):
    """Return the Jacobian of ``f`` by what may be no vector."""
    if np.ndim(x) != 1:
        raise ValueError("a Jacobian inside a function is by a number or by a vector")
    return columns_of(push, f, before, x, behind, still, rest)
