"""Integrals and differential equations of SciPy, said by solvers of the runtime.

Before                                                  After

    area, _ = integrate.quad(f, a, b)                       area = span_integral(f, np.array([a, b]))[1]
    y = integrate.odeint(motion, y0, t)                     y = trajectory(motion, rows)[:, :-1]

What SciPy returns besides, and nobody can differentiate, is refused where it is read.
"""

from __future__ import annotations

import math

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Call, Const, Expr, Index, Library, List, Ref, Slice, Tuple, Unary
from tangent_like.rules import flows
from tangent_like.rules import solutions as rules
from tangent_like.rules.solutions import SOLUTIONS
from tangent_like.specialize.scipy_calls import (
    Given,
    functions,
    in_place,
    is_number,
    needed,
    options,
    params,
    vector,
)
from tangent_like.specialize.solutions import solved
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Keywords, Leaf, Mixed, Partial, Seq, Value, of_rules


def fixed_quad(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """Gauss and Legendre's rule, of which the points are constants."""
    if not {"a", "b"} <= given.keys():
        raise s.refuse(f"{name} without its limits", "", getattr(expr, "at", None))
    from tangent_like.rules.quadrature import gauss_legendre  # SciPy is there: the program calls it

    count = given.get("n", Leaf(Const(5), 5))
    value = s.call(of_rules(gauss_legendre), [given["func"], given["a"], given["b"], count, *params(given)])
    return Seq((value, Leaf(Const(None))))


def quad(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """Finite limits are where it starts from; an infinite one stays, and the other is brought into the integrand."""
    if not {"a", "b"} <= given.keys():
        raise s.refuse(f"{name} without its limits", "", getattr(expr, "at", None))
    a, b = given["a"], given["b"]
    low, high = infinite(a), infinite(b)
    more = options(s, given, "epsabs", "epsrel", "limit")
    function, zero = given["func"], Leaf(Const(0.0))
    sign = 1.0
    if low > 0 or high < 0 or (low and not high):
        sign, a, b, low, high = -1.0, b, a, high, low
    a, b = (limit if infinite(limit) else s.in_names(limit, own) for limit, own in ((a, "a"), (b, "b")))
    if low and high:
        rule = SOLUTIONS["line_integral"]
    elif low:
        rule, function = SOLUTIONS["half_integral"], Partial(of_rules(rules.downward), (function, b), ())
        sign = -sign
    elif high < 0:
        rule, function = SOLUTIONS["half_integral"], Partial(of_rules(rules.downward), (function, a), ())
        sign = -sign
    elif high:
        rule = SOLUTIONS["half_integral"]
        function = function if is_number(a, 0) else Partial(of_rules(rules.upward), (function, a), ())
    elif not is_number(a, 0) or not is_number(b, 1):
        ends = s.in_names(Leaf(np_call("array", List((s.materialize(a), s.materialize(b))))), "limits")
        found = solved(s, SOLUTIONS["span_integral"], [function, ends, *params(given)], more, expr)
        assert isinstance(found, Leaf)
        return Seq((Leaf(Index(found.expr, Const(1))), Mixed("the error estimate of quad")))
    else:
        rule = SOLUTIONS["unit_integral"]
    value = solved(s, rule, [function, zero, *params(given)], more, expr)
    if sign < 0:
        value = Leaf(Unary("-", s.materialize(value)))
    return Seq((value, Mixed("the error estimate of quad")))


ODEINT = ("ml", "mu", "rtol", "atol", "tcrit", "h0", "hmax", "hmin", "mxstep", "mxordn", "mxords", "col_deriv")


def odeint(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """A row for each time, as SciPy finds it."""
    y0, t = vector(s, needed(s, name, given, "y0", expr)), times(s, needed(s, name, given, "t", expr))
    first = given.get("tfirst")
    is_first = isinstance(first, Leaf) and first.known is True

    def time_first(f: Value) -> Value:
        return f if is_first else Partial(of_rules(flows.time_last), (f,), ())

    slopes = [("jac", time_first(f)) for _, f in functions(s, name, given, expr, "Dfun")]
    more = [("solver", Leaf(Const(name), name)), *options(s, given, *ODEINT)]
    rows = moving(s, time_first(given["func"]), y0, t, more, slopes, given, expr)
    return Leaf(np_call("copy", Index(rows, Tuple((Slice(None, None, None), Slice(None, Const(-1), None))))))


def times(s: Spec, t: Value) -> Expr:
    found = s.in_names(Leaf(np_call("array", s.materialize(t))) if not isinstance(t, Leaf) else t, "t")
    assert isinstance(found, Leaf)
    return found.expr


def moving(
    s: Spec, function: Value, y0: Value, t: Expr, more: Keywords, slopes: Keywords, given: Given, expr: Expr | None
) -> Expr:
    """The rows of ``trajectory``."""
    motion = Partial(of_rules(flows.of_row), (function,), ())
    slopes = [(n, Partial(of_rules(flows.of_row), (f,), ())) for n, f in slopes]
    start = s.in_names(s.call(in_place(s, flows.rows_from), [y0, Leaf(t)]), "start")
    rows = s.in_names(solved(s, SOLUTIONS["trajectory"], [motion, start, *params(given)], more, expr, slopes), "rows")
    assert isinstance(rows, Leaf)
    return rows.expr


def infinite(value: Value) -> int:
    """1 or -1 where a limit is written as infinite, else 0."""
    expr = value.expr if isinstance(value, Leaf) else None
    match expr:
        case Unary("-", inner):
            return -infinite(Leaf(inner))
        case Const(found) | Ref(target=Library(obj=found)) if isinstance(found, float) and math.isinf(found):
            return 1 if found > 0 else -1
        case Call(Ref(target=Library("builtins", "float")), (Const(str(word)),)):
            return infinite(Leaf(Const(float(word)))) if word.strip("+-") in ("inf", "infinity") else 0
        case _:
            return 0
