"""``scipy.special``: complex results of real or complex operands; holomorphic, on a branch."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np
from scipy import special

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import POSITIVE, REAL, elementwise


@elementwise(
    special.lambertw,
    kind="complex_entries",
    inactive=("k", "tol"),
    domain=POSITIVE,
    cases=(case(draw(3, low=0.1)), case(draw(2, low=0.1), 1)),
)
def lambertw(w, z, k=0, tol=1e-8):
    """Of ``w * exp(w) = z``."""
    return np.exp(-w) / (1 + w)


@elementwise(special.wofz, kind="complex_entries", domain=REAL)
def wofz(w, z):
    """Faddeeva's function (DLMF 7.10.2)."""
    return 2j / math.sqrt(math.pi) - 2 * z * w
