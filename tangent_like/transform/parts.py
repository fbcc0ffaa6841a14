"""Real and imaginary parts of what is written into a derivative."""

from __future__ import annotations

from tangent_like.ir.build import mul, neg, negative, np_call, signed
from tangent_like.ir.nodes import Binary, Const, Expr, Unary


def real_part(expr: Expr) -> Expr:
    """The real part of ``expr``; of ``g * 1j`` it is said as ``-np.imag(g)``."""
    match expr:
        case Unary("-", operand):
            return neg(real_part(operand))
        case Binary("*", Unary("-", left), right):
            return neg(real_part(mul(left, right)))
        case Binary("*", other, Const(complex() as value)) | Binary("*", Const(complex() as value), other):
            if value.real == 0:
                body, sign = negative(other)
                return signed(mul(np_call("imag", body), _number(value.imag)), not sign)
        case _:
            pass
    return np_call("real", expr)


def _number(value: float) -> Expr:
    return Const(int(value)) if value == int(value) else Const(value)
