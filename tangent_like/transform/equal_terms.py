"""Equal terms of a sum of adjoints, together.

Before                                           After

    w_bar = l1 * np.sign(w) + 0.5 * k * w            w_bar = l1 * np.sign(w) + k * w
    w_bar += 0.5 * k * w                             A_bar = 2 * np.outer(a, b)
    A_bar = np.outer(a, b) + np.outer(a, b)          v_bar = w_bar - 2 * t_bar * v * k
    v_bar = w_bar - t_bar * v * k - t_bar * k * v

In double precision, once ``tidy`` has found what names stand for: ``w @ w`` adds to the adjoint of ``w`` by either of
its operands. The numbers change by rounding.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import Binary, Const, Expr, Function, Stmt
from tangent_like.ir.walk import expressions, key, rebuild, statements, subexpressions
from tangent_like.kinds.kind import Kind
from tangent_like.transform.adjoints import says_adjoints
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.shared_factors import Term, summed_up, terms_of
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import acts
from tangent_like.transform.tidy.facts import Facts, find_facts


def equal_terms(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with such terms together; ``kinds`` are those of its names."""
    if not any(_has_sum(s) for s in statements(function.body)):
        return function
    facts = find_facts(function, frozenset(), kinds)

    def one(stmt: Stmt) -> Stmt:
        new = change_blocks(stmt, lambda inner: tuple(map(one, inner)))
        ours = says_adjoints(new) and getattr(new, "origin", None) is None
        return with_expressions(new, lambda e: _together(e, facts)) if ours and _has_sum(new) else new

    new = tuple(map(one, function.body))
    return function if all(a is b for a, b in zip(new, function.body, strict=True)) else with_body(function, new)


def _has_sum(stmt: Stmt) -> bool:
    exprs = expressions(stmt) if says_adjoints(stmt) else ()
    return any(isinstance(n, Binary) and n.op in ("+", "-") for e in exprs for n in subexpressions(e))


def _together(expr: Expr, facts: Facts) -> Expr:
    terms = terms_of(expr)
    if len(terms) < 2:
        return rebuild(expr, lambda e: _together(e, facts))
    inner = [(minus, _together(e, facts)) for minus, e in terms]
    groups: dict[object, list[int]] = {}
    for k, (_, term) in enumerate(inner):
        rest = _apart(term)[1]
        if rest and facts.look(term).type in ("float64", "float") and not acts(term):
            groups.setdefault(frozenset(Counter((op, key(e)) for op, e in rest).items()), []).append(k)
    found: dict[int, Term | None] = {}
    for places in groups.values():
        total = sum(-_number(inner[k]) if inner[k][0] else _number(inner[k]) for k in places)
        if len(places) > 1 and total and math.isfinite(total):
            alone = len(places) == len(inner) and total > 0  # a negative is new memory
            found |= dict.fromkeys(places)
            found[places[0]] = (total < 0, _times(abs(total), _apart(inner[places[0]][1])[1], alone))
    if not found and all(new is old for (_, new), (_, old) in zip(inner, terms, strict=True)):
        return expr
    left = [found.get(k, term) for k, term in enumerate(inner)]
    return summed_up([term for term in left if term is not None])


def _apart(term: Expr) -> tuple[list[Factor], list[Factor]]:
    """The numbers of a product, and the rest."""
    parts = factors(term, True)
    numbers = [part for part in parts if is_number(part[1])]
    return numbers, [part for part in parts if part not in numbers]


def _number(term: Term) -> float:
    """By which number a term is multiplied."""
    total: float = 1
    for op, number in _apart(term[1])[0]:
        value = number.value if isinstance(number, Const) else math.nan
        if not isinstance(value, int | float):
            return math.nan
        total = total * value if op == "*" else total / value if value else math.nan
    return total


def _times(number: float, rest: list[Factor], alone: bool) -> Expr:
    """``alone``: it is all of a sum, and so new memory."""
    if number == 1 and rest[0][0] == "*" and not (alone and len(rest) == 1):
        return chained(rest)
    return chained([("*", Const(number)), *rest])
