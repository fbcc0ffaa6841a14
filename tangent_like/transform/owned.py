"""Whether what an emitted function returns is memory of its own: then what it is added to need not be copied.

    def contract_reverse(x, a, a_bar):          both are: a product, and a name for one
        t_bar = a_bar * (1 - a ** 2)
        return np.outer(t_bar, x), t_bar
"""

from __future__ import annotations

from collections.abc import Iterable

from tangent_like.ir.nodes import Assign, Call, Emitted, Expr, Function, Name, Ref, Tuple
from tangent_like.ir.walk import binds, last_return, statements
from tangent_like.transform.accumulate import is_fresh


def returns_its_own(function: Function, others: Iterable[Function], within: frozenset[str] = frozenset()) -> bool:
    """Is each result memory that nobody else has, the other results included?"""
    named = {f.name: f for f in others}
    params = {p.name for p in function.params}
    value = last_return(function.body).value
    items = value.items if isinstance(value, Tuple) else (value,)

    def own(expr: Expr | None) -> bool:
        if not isinstance(expr, Name):
            return expr is not None and is_fresh(expr)
        bound = [s for s in statements(function.body) if expr.id in binds(s)]
        return expr.id not in params and bool(bound) and all(isinstance(s, Assign) and made(s, expr.id) for s in bound)

    def made(stmt: Assign, name: str) -> bool:
        if len(stmt.targets) == len(stmt.values):
            return is_fresh(stmt.values[stmt.targets.index(name)])
        match stmt.values:
            case (Call(Ref(target=target, root=root)),) if isinstance(called := root or target, Emitted):
                known = called.name in named and called.name not in within
                return known and returns_its_own(named[called.name], named.values(), within | {called.name})
            case _:
                return False

    given = [i.id for i in items if isinstance(i, Name)]
    return len(given) == len(set(given)) and all(map(own, items))
