"""The name that a value came with, in the places of a second one.

Before                                   After

    t_bar = y_bar                            t_bar = y_bar
    h_bar = t_bar @ W.T                      h_bar = y_bar @ W.T
    u_bar = h_bar                            u_bar = h_bar
    u_bar[0] = 0                             h_bar[0] = 0
    h_new = h_bar                            h_new = h_bar
    h_bar = h_new @ W                        h_bar = h_bar @ W
    h_bar += h_new                           h_bar += h_new

Two names of one array are one array, whatever is written into it: only when one of the two names is
bound anew, or may be by ``+=``, does the second stand for itself again. What waits in ``x_bar_saved``
goes by its proper name once it is taken out.
"""

from __future__ import annotations

import re

from tangent_like.ir.nodes import Assign, Expr, Function, Name
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.forward import propagated

WAITING = re.compile(r"_(saved|kept|held)(_\d+)?$")


def copies(function: Function, facts: Facts) -> Function:
    def known(stmt: Assign) -> Expr | None:
        value = stmt.values[0]
        if not isinstance(value, Name) or not facts.mine(stmt):
            return None
        waiting = value.id not in facts.users and WAITING.search(value.id)
        return None if waiting else value

    return propagated(function, facts, known)
