"""What is divided by a number before it is multiplied by another vector: divided afterwards, once.

Before                                   After

    t_bar = p_bar / np.sum(e)                e_bar = (p_bar - p_bar @ p) / np.sum(e)
    e_bar = t_bar - t_bar @ p

So a softmax that one vector goes through is recognized where it is multiplied by ``e`` then.
"""

from __future__ import annotations

from tangent_like.ir.build import sub
from tangent_like.ir.nodes import Binary, Expr, Name, Stmt
from tangent_like.transform.kept_quotients import is_divisor
from tangent_like.transform.standing import Standing


def undivided(at: Standing, expr: Expr, stmt: Stmt) -> Expr | None:
    """``(y - y @ p) / b`` for ``t - t @ p``, where ``t`` is ``y / b`` and read there alone."""
    at.gone.clear()
    match expr:
        case Binary("-", Name(t), Binary("@", Name(other), Name() as p)) if t == other != p.id and at.last(t, stmt):
            k, value = at.found(t)
        case _:
            return None
    match value:
        case Binary("/", Name() as y, divisor) if is_divisor(divisor) and at.dims(divisor) == ():
            long = at.dims(y)
            if long is None or len(long) != 1 or long != at.dims(p) or at.count_with_gone(t, stmt) != 2:
                return None
            at.gone.append(at.before[k])
            return Binary("/", sub(y, Binary("@", y, p)), divisor)
        case _:
            return None
