"""``scipy.integrate``: sums over samples."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import integrate

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition


@definition(
    integrate.trapezoid,
    of=("y", "x", "dx"),
    cases=(case(draw(5)), case(draw(5), draw(5)), case(draw(3, 5), dx=0.5, axis=0), case(draw(5), x=draw(5))),
)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    return np.trapezoid(y, x, dx, axis)
