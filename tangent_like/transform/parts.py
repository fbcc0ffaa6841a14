"""Real and imaginary parts of what is written into a derivative."""

from __future__ import annotations

from tangent_like.ir.build import mul, neg, np_call
from tangent_like.ir.nodes import Binary, Const, Expr, Unary


def real_part(expr: Expr) -> Expr:
    """The real part of ``expr``; of ``g * 1j`` it is said as ``-np.imag(g)``."""
    match expr:
        case Unary("-", operand):
            return neg(real_part(operand))
        case Binary("*", other, Const(complex() as value)) | Binary("*", Const(complex() as value), other):
            if value.real == 0:
                return neg(mul(np_call("imag", other), _number(value.imag)))
        case _:
            pass
    return np_call("real", expr)


def _number(value: float) -> Expr:
    return Const(int(value)) if value == int(value) else Const(value)
