"""Numbers that a product is multiplied with and divided by: neither.

Before                                           After

    return g / np.sum(e) * e / g                     return e / np.sum(e)

for ``g * np.log(np.sum(np.exp(x / g)))``. In adjoints of double precision, of a number that the user's text divides by:
where it is 0 there is no value, either. The numbers change by rounding.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.build import negative, signed
from tangent_like.ir.nodes import Binary, Expr, Function, Name, Stmt
from tangent_like.ir.walk import expressions, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.kind import Kind
from tangent_like.transform.adjoints import says_adjoints, with_adjoints
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.forms import is_of_numbers
from tangent_like.transform.tidy.facts import Facts, find_facts

DOUBLE = ("float64", "float")


def undone_factors(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function without such factors; ``kinds`` are those of its names."""
    divided = {n for n in _divisors(function) if is_of_numbers(Name(n), kinds)}
    if not divided:
        return function
    facts = find_facts(function, frozenset(), kinds)

    def changed(expr: Expr, before: list[Stmt]) -> Expr:
        new = _without(expr, divided, facts) if isinstance(expr, Binary) and expr.op in ("*", "/") else expr
        return rebuild(new, lambda e: changed(e, before))

    return with_body(function, with_adjoints(function.body, changed))


def _divisors(function: Function) -> set[str]:
    """The names that the user's text divides by, where an adjoint divides by them, too."""
    theirs: set[str] = set()
    ours: set[str] = set()
    for stmt in statements(function.body):
        found = ours if says_adjoints(stmt) else theirs
        for expr in (e for top in expressions(stmt) for e in subexpressions(top)):
            if isinstance(expr, Binary) and expr.op == "/" and isinstance(expr.right, Name):
                found.add(expr.right.id)
    return theirs & ours


def _without(expr: Expr, divided: set[str], facts: Facts) -> Expr:
    parts = factors(expr)
    body, minus = negative(parts[0][1])
    left: list[Factor] = [*factors(body), *parts[1:]]
    by = dict.fromkeys(e.id for op, e in left if op == "/" and isinstance(e, Name) and e.id in divided)
    if not by or len(left) <= 3:
        return expr
    for name in by:
        up, down = (_at(left, op, name) for op in "*/")
        if up is not None and down is not None and len(left) > 3:
            left = [part for k, part in enumerate(left) if k not in (up, down)]
            first = next((k for k, (op, _) in enumerate(left) if op == "*"), None)
            if first is None:
                return expr
            left.insert(0, left.pop(first))
    new = signed(chained(left), minus)
    same_type = facts.look(new).type == facts.look(expr).type and facts.look(expr).type in DOUBLE
    return new if len(left) < len(parts) and same_type else expr


def _at(parts: list[Factor], op: str, name: str) -> int | None:
    return next((k for k, (o, e) in enumerate(parts) if o == op and isinstance(e, Name) and e.id == name), None)
