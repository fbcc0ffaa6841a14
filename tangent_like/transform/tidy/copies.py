"""The name that a value came with, in the places of a second one.

Before                                   After

    t_bar = y_bar                            t_bar = y_bar
    h_bar = t_bar @ W.T                      h_bar = y_bar @ W.T
    u_bar = h_bar                            u_bar = h_bar
    u_bar[0] = 0                             h_bar[0] = 0
    h_new = h_bar                            h_new = h_bar
    h_bar = h_new @ W                        h_bar = h_bar @ W
    h_bar += h_new                           h_bar += h_new
    k_bar = -z_bar                           k_bar = -z_bar
    w_bar += k_bar * w                       w_bar -= z_bar * w

Two names of one array are one array, whatever is written into it: only when one of the two names is
bound anew, or may be by ``+=``, does the second stand for itself again. What waits in ``x_bar_saved``
goes by its proper name once it is taken out. Of ``r_bar = 1.0 * r`` there is no need where neither is ever
written into: it is ``r`` wherever that is only read. And of a number a sign goes with every product; of an array where
signs meet (``y_bar = -e`` and ``-y_bar / s + y_bar``).
"""

from __future__ import annotations

import re

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import Assign, Binary, Const, Expr, Function, Name, Unary
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.forward import propagated

REAL = ("float64", "float")
WAITING = re.compile(r"_(saved|kept|held)(_\d+)?$")


def copies(function: Function, facts: Facts) -> Function:
    done = [facts.does(stmt) for stmt in function.body]
    written = {c for does in done for c in does.writes}
    anything = any(does.anything for does in done)

    def is_once(stmt: Assign) -> bool:
        """Is it the floating-point array that it is one times, which stays as it is?"""
        match stmt.values[0]:
            case Binary("*", Const() as one, Name(id)) if is_number(one, 1) and facts.mine(stmt):
                classes = facts.classes({id, stmt.targets[0]})
                return not anything and not classes & written and facts.look_of(id).type == "float64"
            case _:
                return False

    def is_negative(stmt: Assign) -> bool:
        match stmt.values[0]:
            case Unary("-", Name(id)):
                real = facts.is_number(id) and facts.look_of(id).type in REAL
                return real and stmt.origin is None and facts.mine(stmt)
            case _:
                return False

    def spares_signs(stmt: Assign) -> bool:
        """Is it the negative of an array that stays as it is, and do all its places have room for a sign?"""
        match stmt.values[0]:
            case Unary("-", Name(id)) if facts.mine(stmt) and stmt.origin is None:
                classes = facts.classes({id, stmt.targets[0]})
                if anything or classes & written or facts.look_of(id).type != "float64":
                    return False
                trial = propagated(function, facts, lambda s: s.values[0] if s is stmt else None)
                return _negatives(trial, id) == _negatives(function, id)  # its own, which goes
            case _:
                return False

    def known(stmt: Assign) -> Expr | None:
        value = stmt.values[0]
        if is_once(stmt) or is_negative(stmt) or spares_signs(stmt):
            return value
        if not isinstance(value, Name) or not facts.mine(stmt):
            return None
        waiting = value.id not in facts.users and WAITING.search(value.id)
        return None if waiting else value

    return propagated(function, facts, known)


def _negatives(function: Function, name: str) -> int:
    """How often is the negative of the name said?"""
    parts = (e for s in statements(function.body) for top in expressions(s) for e in subexpressions(top))
    negatives = (e.operand for e in parts if isinstance(e, Unary) and e.op == "-")
    return sum(isinstance(e, Name) and e.id == name for e in negatives)
