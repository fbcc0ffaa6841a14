"""Literal numbers in the places of the names that hold them.

Before                                   After

    s_bar = 1.0                              s_bar = 1.0
    y_bar = s_bar * np.sin(x)                y_bar = np.sin(x)
    for i in range(n):                       for i in range(n):
        y_bar += 2 * (s_bar * y_bar)             y_bar += 2 * y_bar
        y_bar -= s_bar * i                       y_bar -= i
    while n > 0:                             while n > 0:
        y_bar = s_bar * y_bar                    y_bar = s_bar * y_bar
        s_bar = 3.0                              s_bar = 3.0

Only the names that are ours: what the user called ``rate`` stays ``rate``. The assignment that is then
read by no one is for ``dead`` to remove.
"""

from __future__ import annotations

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import Assign, Expr, Function, Unary
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.forward import propagated


def constants(function: Function, facts: Facts) -> Function:
    def known(stmt: Assign) -> Expr | None:
        value = stmt.values[0]
        literal = is_number(value) or (
            isinstance(value, Unary) and value.op == "-" and is_number(value.operand)
        )
        return value if literal and facts.mine(stmt) else None

    return propagated(function, facts, known)
