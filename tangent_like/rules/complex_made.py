"""Complex numbers made of real ones: the adjoint of each part is real, which the compiler sees to."""

# mypy: allow-untyped-defs, allow-untyped-calls

import builtins

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import elementwise


@elementwise(builtins.complex, kind="complex_number", cases=(case(draw(), draw()), case(draw()), case(1.5, draw())))
def complex(z, real=0.0, imag=0.0):
    return 1.0, 1j


@elementwise(np.complex128, np.complex64, kind="unknown_complex", cases=(case(draw()), case(draw(3))))
def to_complex(z, x):
    return 1.0
