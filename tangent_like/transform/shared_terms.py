"""What two terms of an adjoint are both multiplied by, once.

Before                                           After

    z_bar = h_bar * c - h_bar * h                    z_bar = h_bar * (c - h)
    U_bar = U @ G_bar.T + U @ G_bar                  U_bar = U @ (G_bar.T + G_bar)
    s_bar = t_bar * d + t_bar * d * s / r            s_bar = t_bar * d * (1.0 + s / r)

Of arrays of one shape, and the last of numbers too, once ``tidy`` has put what names stand for in their places: a
product less. The numbers change by rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tangent_like.ir.nodes import Binary, Const, Expr, Function, Stmt
from tangent_like.ir.walk import expressions, rebuild, same, statements, subexpressions
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind
from tangent_like.transform.adjoints import says_adjoints, with_adjoints
from tangent_like.transform.enforced import Classes
from tangent_like.transform.factors import chained, factors
from tangent_like.transform.forms import Dims
from tangent_like.transform.outside import DimsOf, shared
from tangent_like.transform.shared_factors import Term, summed_up, terms_of
from tangent_like.transform.standing import Standing, Surroundings
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.calls import acts
from tangent_like.transform.tidy.facts import find_facts
from tangent_like.transform.tidy.looks import REAL

MANY = 24  # terms, of which every pair is looked at


def shared_terms(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with such products once; ``kinds`` are those of its names."""
    if not kinds or not any(_has_products(s) for s in statements(function.body)):
        return function
    facts = find_facts(function, frozenset(), kinds)
    standing = Standing(Surroundings(facts, kinds, Counter(), Classes.of(sizes.used)), [], ())

    def dims(expr: Expr) -> Dims | None:
        found = standing.dims(expr)
        return () if found is None and facts.look(expr) == REAL else found

    def changed(expr: Expr, before: list[Stmt], inside: bool = False) -> Expr:
        """``inside``: what is left in a sum is one sum with it, and looked at with it."""
        if not isinstance(expr, Binary) or expr.op not in ("+", "-"):
            return rebuild(expr, lambda e: changed(e, before))
        new = rebuild(expr, lambda e: changed(e, before, e is expr.left))
        return _together(new, dims) if not inside and new.at is None else new

    return with_body(function, with_adjoints(function.body, changed))


def _has_products(stmt: Stmt) -> bool:
    exprs = expressions(stmt) if says_adjoints(stmt) else ()
    sums = (n for e in exprs for n in subexpressions(e) if isinstance(n, Binary) and n.op in ("+", "-"))
    return any(sum(isinstance(t, Binary) for _, t in terms_of(n)) > 1 for n in sums)


def _together(expr: Expr, dims: DimsOf) -> Expr:
    """The sum with the first pair of terms that share something as one term, and so on."""
    terms = terms_of(expr)
    if len(terms) > MANY:
        return expr
    for k, (minus, first) in enumerate(terms):
        for j in range(k + 1, len(terms)):
            sign, second = terms[j]
            op = "+" if sign == minus else "-"
            if acts(first) or acts(second):
                continue
            found = shared(first, op, second, dims, lambda e: e) or _product(first, op, second, dims)
            found = found or _times_more(first, op, second, dims)
            if found is not None:
                rest: list[Term] = [*terms[:k], (minus, found), *terms[k + 1 : j], *terms[j + 1 :]]
                return _together(summed_up(rest), dims)
    return expr


def _product(first: Expr, op: str, second: Expr, dims: DimsOf) -> Expr | None:
    """``A @ (B + C)`` for ``A @ B + A @ C``, and ``(B + C) @ A``, of matrices ``A``."""
    match first, second:
        case Binary("@", a, b), Binary("@", c, d) if same(a, c) and _fit(a, b, d, dims):
            return Binary("@", a, Binary(op, b, d))
        case Binary("@", a, b), Binary("@", c, d) if same(b, d) and _fit(b, a, c, dims):
            return Binary("@", Binary(op, a, c), b)
        case _:
            return None


def _times_more(first: Expr, op: str, second: Expr, dims: DimsOf) -> Expr | None:
    """``a * b * (1.0 + c)`` for ``a * b + a * b * c``."""
    parts, left = factors(first, True), factors(second, True)
    if len(parts) < 2 or dims(first) is None or dims(first) != dims(second):
        return None
    for op_of, factor in parts:
        place = next((k for k, (o, e) in enumerate(left) if o == op_of and same(e, factor)), None)
        if place is None:
            return None
        del left[place]
    if not left or left[0][0] == "/":
        return None
    return chained([*parts, ("*", Binary(op, Const(1.0), chained(left)))])


def _fit(whole: Expr, one: Expr, other: Expr, dims: DimsOf) -> bool:
    shape = dims(one)
    return len(dims(whole) or ()) == 2 and bool(shape) and shape == dims(other)
