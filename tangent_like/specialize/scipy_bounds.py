"""Minimizers of SciPy that are given bounds, or another loss than squares.

Before                                                  After

    x = minimize(loss, x0, bounds=[(0, 1), (0, b)]).x       found = scipy_minimize(loss, x0, bounds=...)
                                                            x = least_within(loss, found, low, high)

What SciPy finds is held; the derivative is that of the minimum there, in which entries at bounds stay with them.
"""

from __future__ import annotations

from tangent_like.ir.build import np_call, numpy_ref
from tangent_like.ir.nodes import At, Call, Const, Expr, Index, Library, List, Ref, Slice, Tuple, Unary
from tangent_like.kinds.kind import NONE, Array, ListOf, Scalar, Sequence
from tangent_like.runtime import bounded
from tangent_like.specialize import comprehensions, containers
from tangent_like.specialize.scipy_calls import Given, in_place, is_default
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Keywords, Lazy, Leaf, Partial, Value, is_none

LOSSES = {"soft_l1": bounded.soft_l1, "huber": bounded.huber, "cauchy": bounded.cauchy, "arctan": bounded.arctan}
GRADIENT = Library("tangent_like", "grad", None)
WRITE = "write bounds=[(low, high), ...], or Bounds(low, high), in the call"
INFINITE = numpy_ref("inf")
BOUNDS = Library("tangent_like", "bounds", None)


def pairs_of(s: Spec, name: str, given: Given, x0: Value, at: At) -> tuple[Value, Value] | None:
    """The lower and the upper bounds of ``minimize``, one for each entry; None where there are none."""
    found = given.get("bounds")
    if found is None or is_default(found):
        return None
    if (both := by_object(found)) is not None:
        return whole(s, both[0], x0), whole(s, both[1], x0)
    items = containers.static_items(s, found) if not isinstance(found, Leaf) else None
    if items is not None:
        ends = [containers.static_items(s, item) for item in items]
        if all(pair is not None and len(pair) == 2 for pair in ends):
            low, high = (
                List(tuple(sign if is_none(pair[k]) else s.materialize(pair[k]) for pair in ends if pair is not None))
                for k, sign in ((0, Unary("-", INFINITE)), (1, INFINITE))
            )
            return whole(s, Leaf(low), x0), whole(s, Leaf(high), x0)
    found = as_pairs(s, found)
    kind = s.kind(found.expr) if isinstance(found, Leaf) else None
    if isinstance(kind, ListOf) and isinstance(kind.item, Sequence) and len(kind.item.items) == 2:
        pairs = s.in_names(found, "bounds")
        infinite: tuple[Expr, Expr] = (Unary("-", INFINITE), INFINITE)
        each = zip(kind.item.items, (bounded.lower_of, bounded.upper_of), infinite, strict=True)
        below, above = (
            whole(s, Leaf(sign) if end == NONE else s.in_names(s.call(in_place(s, of), [pairs]), "ends"), x0)
            for end, of, sign in each
        )
        return below, above
    if isinstance(found, Leaf) and isinstance(kind, Array) and kind.rank == 2:
        columns = (Leaf(Index(found.expr, Tuple((Slice(None, None, None), Const(k))))) for k in (0, 1))
        below, above = (whole(s, column, x0) for column in columns)
        return below, above
    raise s.refuse(f"these bounds of {name}", WRITE, at)


def as_pairs(s: Spec, found: Value) -> Value:
    """``zip(low, high)`` as a list."""
    return comprehensions.as_list(s, found, "bounds") if isinstance(found, Lazy) else found


def ends_of(s: Spec, name: str, given: Given, x0: Value, at: At) -> tuple[Value, Value] | None:
    """The same of ``least_squares`` and ``curve_fit``: two numbers or arrays."""
    found = given.get("bounds")
    if found is None:
        return None
    both = by_object(found)
    if both is None and not isinstance(found, Leaf):
        items = containers.static_items(s, found)
        both = None if items is None or len(items) != 2 else (items[0], items[1])
    if both is None:
        raise s.refuse(f"these bounds of {name}", "write bounds=(low, high) in the call", at)
    return whole(s, both[0], x0), whole(s, both[1], x0)


def span_of(s: Spec, name: str, given: Given, at: At) -> tuple[Value, Value] | None:
    """The same of ``minimize_scalar``: two numbers."""
    found = given.get("bounds")
    if found is None or is_default(found) or is_none(found):
        return None
    items = containers.static_items(s, found) if not isinstance(found, Leaf) else None
    if items is None or len(items) != 2:
        raise s.refuse(f"these bounds of {name}", "write bounds=(low, high) in the call", at)
    return s.in_names(items[0], "low"), s.in_names(items[1], "high")


def by_object(value: Value) -> tuple[Value, Value] | None:
    """Those of ``optimize.Bounds(low, high)``."""
    match value:
        case Partial(Leaf(Ref(target=target)), (low, high)) if target is BOUNDS:
            return low, high
        case _:
            return None


def bounds(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    """``Bounds(lb, ub)``."""
    if "keep_feasible" in given or not isinstance(expr, Call):
        raise s.refuse(f"this {name}", WRITE, getattr(expr, "at", None))
    low = given.get("lb", Leaf(Unary("-", INFINITE)))
    high = given.get("ub", Leaf(INFINITE))
    both = (s.settled(low, "low"), s.settled(high, "high"))
    made = Call(expr.func, tuple(map(s.materialize, both)), (), expr.at)
    return Partial(Leaf(Ref("Bounds", BOUNDS, None, BOUNDS)), both, (), made)


def programmed(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    del given
    what = f"{name}, whose minimum jumps from corner to corner,"
    raise s.refuse(what, "its minimum is c @ x, with x held: tl.stop_gradient", getattr(expr, "at", None))


def whole(s: Spec, bound: Value, x0: Value) -> Value:
    """A bound for each entry of the start."""
    ones = np_call("ones", np_call("shape", s.materialize(x0)))
    kind = s.kind(bound.expr) if isinstance(bound, Leaf) else None
    expr = s.materialize(bound)
    if not isinstance(kind, Scalar):
        expr = np_call("array", expr)
    return s.in_names(Leaf(np_call("multiply", expr, ones)), "bound")


def as_given(s: Spec, given: Given) -> Keywords:
    """The bounds as SciPy is given them."""
    found = given.get("bounds")
    return [] if found is None or is_default(found) else [("bounds", Leaf(s.materialize(as_pairs(s, found))))]


def within(
    s: Spec, loss: Value, found: Value, ends: tuple[Value, Value], behind: list[Value], of_number: bool = False
) -> Value:
    """``found``, differentiated."""
    grad = Leaf(Ref("grad", GRADIENT, None, GRADIENT))
    found = s.in_names(found, "found")
    how, of = (bounded.reach_between, list(ends)) if of_number else (bounded.reach_of, [found])
    reach = s.in_names(s.call(in_place(s, how), of), "reach")
    return s.in_names(s.call(in_place(s, bounded.least_within), [loss, found, *ends, reach, grad, *behind]), "x")


def cost_of(s: Spec, name: str, given: Given, at: At) -> Value:
    """What ``least_squares`` makes least."""
    loss = given.get("loss")
    how = "linear" if loss is None else getattr(loss, "known", None)
    if how == "linear":
        return Partial(in_place(s, bounded.half_of_squares), (given["fun"],), ())
    if how not in LOSSES:
        raise s.refuse(f"this loss of {name}", f"write out one of {', '.join(LOSSES)}", at)
    scale = s.in_names(given.get("f_scale", Leaf(Const(1.0))), "f_scale")
    return Partial(in_place(s, bounded.robust_half), (given["fun"], in_place(s, LOSSES[str(how)]), scale), ())
