"""Numbers of axes that a rule is for, asked when the derivative runs where they are not known before.

A rule of ``np.polyval(p, x)`` is for a vector ``p``: of a matrix, NumPy makes something else. Where ``p`` is known,
a matrix is refused; where nothing is known of it, what flows back passes a check::

    y_bar                        up_to_axes(y_bar, p, 1)

Of ``scipy.linalg.sqrtm(a)``, which takes a number for a matrix, it is ``from_axes(y_bar, a, 2)``.
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Call, Const, Expr, Tuple
from tangent_like.kinds.kind import Array, Kind, ListOf, Sequence, Unknown, dims_of
from tangent_like.kinds.operands import array_of
from tangent_like.rules.apply import Application
from tangent_like.transform.runtime_refs import helper


def of_axes(
    found: Application, value: Expr, kind_of: Callable[[Expr], Kind], want: Callable[[Expr], None]
) -> Expr:
    """An adjoint or a tangent, or several, that pass only where the operands have as many axes as the rule is for."""
    if isinstance(value, Tuple):
        return Tuple((of_axes(found, value.items[0], kind_of, want), *value.items[1:]))
    bounds = [(name, "up_to_axes", most) for name, most in found.rule.ranks.items()]
    bounds += [(name, "from_axes", least) for name, least in found.rule.fewest.items()]
    for name, check, bound in bounds:
        operand = found.operands.get(name)
        if operand is None or isinstance(operand, Const):
            continue
        kind = kind_of(operand)
        whole = array_of(kind) if isinstance(kind, Sequence | ListOf) else kind
        if isinstance(whole, Unknown | Array) and dims_of(whole) is None:
            want(operand)
            value = Call(helper(check), (value, operand, Const(bound)))
    return value
