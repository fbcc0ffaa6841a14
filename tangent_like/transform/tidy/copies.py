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
bound anew, or may be by ``+=``, does the second stand for itself again.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Assign, Expr, Function, Name
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.forward import propagated


def copies(function: Function, facts: Facts) -> Function:
    def known(stmt: Assign) -> Expr | None:
        return stmt.values[0] if isinstance(stmt.values[0], Name) and facts.mine(stmt) else None

    return propagated(function, facts, known)
