"""What is a floating-point number for sure, where arguments are numbers of which the type is not known.

Before, for ``x * n``                    After

    return n                                 return n + 0.0
"""

from __future__ import annotations

from collections.abc import Container

from tangent_like.ir.build import ZERO
from tangent_like.ir.nodes import Assign, Augment, Binary, Call, Const, Expr, Library, Name, Ref, Stmt, Unary
from tangent_like.ir.walk import binds, statements

FLOATING = frozenset({"mean", "exp", "log", "sin", "cos", "tan", "tanh", "sqrt", "arctan", "cosh", "sinh"})
WHOLE = frozenset({"floor", "ceil", "trunc", "prod", "comb", "perm", "factorial", "gcd", "lcm", "isqrt"})


def add_zero(expr: Expr) -> Expr:
    return Binary("+", expr, ZERO)


def sure_floats(body: list[Stmt]) -> set[str]:
    """The names that hold nothing but floating-point numbers, whatever numbers the arguments are."""
    values: dict[str, list[Expr]] = {}
    unsure: set[str] = set()
    for stmt in statements(tuple(body)):
        match stmt:
            case Assign((target,), (value,)):
                values.setdefault(target, []).append(value)
            case Augment():  # a sum with what is one is one
                pass
            case _:
                unsure |= set(binds(stmt))
    sure = set(values) - unsure
    while True:
        fewer = {n for n in sure if all(is_sure_float(v, sure) for v in values[n])}
        if fewer == sure:
            return sure
        sure = fewer


def is_sure_float(expr: Expr, sure: Container[str]) -> bool:
    match expr:
        case Const(value):
            return isinstance(value, float)
        case Name(id):
            return id in sure
        case Unary("-" | "+", operand):
            return is_sure_float(operand, sure)
        case Binary("/", _, _):
            return True
        case Binary("+" | "-" | "*", left, right):
            return is_sure_float(left, sure) or is_sure_float(right, sure)
        case Binary("**", left, _):
            return is_sure_float(left, sure)
        case Call(Ref(target=Library("math", name))):
            return name not in WHOLE
        case Call(Ref(target=Library("numpy", name))):
            return name in FLOATING
        case Call(Ref(target=Library("builtins", "float"))):
            return True
        case _:
            return False
