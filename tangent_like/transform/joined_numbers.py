"""Contributions of names to the adjoint of a number, in the place of the last.

Before                                           After

    k_bar += g_bar                                   ...
    ...                                              k_bar += g_bar + h_bar
    k_bar += h_bar

The numbers change by rounding: this is a part of ``shortened``.
"""

from __future__ import annotations

from tangent_like.ir.build import add
from tangent_like.ir.nodes import Augment, Comment, Stmt
from tangent_like.ir.walk import names
from tangent_like.transform.forms import is_sum_of_names
from tangent_like.transform.tidy.facts import Facts

FAR = 60  # how many statements back an earlier contribution is looked for
MOST = 4  # names in one sum: each is alive until then, and so may keep another from its name


def joined(stmt: Augment, before: list[Stmt], facts: Facts) -> Stmt:
    """The contribution with the earlier one, which is taken out of the statements before it."""
    if stmt.op not in ("+", "-") or not facts.is_number(stmt.target) or not is_sum_of_names(stmt.value):
        return stmt
    bound: set[str] = set()
    for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
        one = before[k]
        if isinstance(one, Comment):
            continue
        if isinstance(one, Augment) and one.target == stmt.target:
            plain = one.op == stmt.op == "+" and one.origin is None and is_sum_of_names(one.value)
            if not plain or names(one.value) & bound or len(names(one.value) | names(stmt.value)) > MOST:
                return stmt
            del before[k]
            return Augment(stmt.target, "+", add(one.value, stmt.value), None)
        does = facts.does(one)
        if stmt.target in does.binds or stmt.target in does.reads:
            return stmt
        bound |= does.binds
    return stmt
