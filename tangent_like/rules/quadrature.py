"""What SciPy does with functions that it is given, as programs: read where the user's program has imported SciPy."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import special


def gauss_legendre(f, a, b, n, *args):
    """``scipy.integrate.fixed_quad(f, a, b, args, n)``: the function is given all points at once."""
    points, weights = special.roots_legendre(n)
    return (b - a) / 2.0 * np.sum(weights * f((b - a) * (points + 1) / 2.0 + a, *args), axis=-1)
