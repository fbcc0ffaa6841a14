"""Calls of NumPy that are given functions: said as programs that call them (``rules/by_functions.py``).

Before                                                  After

    np.piecewise(x, [x < 0, x >= 0], [f, g])                y = np.zeros_like(x)
                                                            y[x < 0] = f(x[x < 0])
                                                            y[x >= 0] = g(x[x >= 0])
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Call, Const, Expr, Index, Library, List, Ref, Slice, Tuple
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.rules import by_functions as rules
from tangent_like.rules import interpolations
from tangent_like.runtime import basis_spline, cubic_spline, hermite_spline, interpolating_spline
from tangent_like.specialize import containers
from tangent_like.specialize.first_results import may_be_whole, says_whole
from tangent_like.specialize.grids import GRIDS
from tangent_like.specialize.interpolations import interp1d
from tangent_like.specialize.library_objects import making, own_copy
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Keywords, Lazy, Leaf, Partial, Value, of_rules


def piecewise(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    del hint
    at = getattr(expr, "at", None)
    if len(args) < 3 or keywords:
        raise s.refuse("this np.piecewise", "pass the array, the conditions and the functions", at)
    x = s.in_names(args[0], "x")
    kind = s.kind(x.expr) if isinstance(x, Leaf) else None
    if isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.rank == 0):
        raise s.refuse("np.piecewise of a number", "use an if", at)
    if any(containers.static_items(s, a) is None for a in args[1:3]):
        raise s.refuse("np.piecewise of lists that are not written out", "write them in the call", at)
    if not isinstance(kind, Array):
        x = s.in_names(Leaf(np_call("asarray", s.materialize(x, expr))), "x")
    return s.call(of_rules(rules.piecewise), [x, *args[1:]])


def vectorize(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``np.vectorize(f, otypes=[float])``; without a function it decorates one."""
    del hint
    at = getattr(expr, "at", None)
    given = dict(zip(("pyfunc", "otypes"), args, strict=False)) | dict(keywords)
    if "pyfunc" not in given:
        target = Library("numpy", "vectorize", np.vectorize)
        return Partial(Leaf(Ref("vectorize", target, None, target)), (), tuple(keywords))
    if not set(given) <= {"pyfunc", "otypes", "doc", "cache"} or len(args) > 2:
        raise s.refuse("this np.vectorize", "pass the function and otypes alone, or write a loop", at)
    target = VECTORIZED
    if "otypes" in given:
        said = s.materialize(given["otypes"], expr)
        if not all(_is_double(item) for item in (said.items if isinstance(said, List | Tuple) else (said,))):
            raise s.refuse("np.vectorize to other numbers than float", "pass otypes=[float]", at)
        target = TO_FLOATS
    return Partial(Leaf(Ref("vectorize", target, None, target)), (given["pyfunc"],), ())


VECTORIZED = Library("tangent_like.runtime", "vectorized", None)
TO_FLOATS = Library("tangent_like.runtime", "vectorized_to_floats", None)


def _is_double(expr: Expr) -> bool:
    """Does it name the type of a float of Python's?"""
    match expr:
        case Const(str() as text):
            return text == "d"
        case Ref(target=Library(obj=obj)):
            return obj in (float, np.float64)
        case _:
            return False


def vectorized(
    s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str, sure: bool = False
) -> Value:
    """``sure``: that floats are made is said; else all results are of the type of the first."""
    del hint
    at = getattr(expr, "at", None)
    if keywords or len(args) < 2:
        raise s.refuse("a call of this vectorized function", "pass its arrays by position", at)
    if not sure and may_be_whole(s, args[0], len(args) - 1):
        what = "np.vectorize of a function that may return a whole number, of which type all results then are,"
        raise s.refuse(what, "pass otypes=[float], or return floats on all paths", at)
    return s.call(of_rules(rules.vectorized if len(args) == 2 else rules.vectorized_of_several), args)


def fromfunction(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """The function, once, of the indices of an array."""
    del hint
    at = getattr(expr, "at", None)
    items = containers.static_items(s, args[1]) if len(args) == 2 else None
    if keywords or items is None:
        raise s.refuse("this np.fromfunction", "write its shape out as a tuple", at)
    shape = s.materialize(args[1])
    indices = s.in_names(Leaf(np_call("indices", shape, FLOAT_OF)), "indices")
    assert isinstance(indices, Leaf)
    return s.call(args[0], [Leaf(Index(indices.expr, Const(k))) for k in range(len(items))])


FLOAT = Library("builtins", "float", float)
FLOAT_OF = Ref("float", FLOAT, None, FLOAT)


def along_axis(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``np.apply_along_axis(f, axis, A, *args)`` of a vector or a matrix."""
    del hint
    at = getattr(expr, "at", None)
    names = ("func1d", "axis", "arr")
    given = dict(zip(names, args, strict=False)) | {n: v for n, v in keywords if n in names}
    more = [(n, v) for n, v in keywords if n not in names]
    if len(given) != len(names):
        raise s.refuse("this np.apply_along_axis", "pass the function, the axis and the array", at)
    f, axis, array = given["func1d"], containers.known_int(given["axis"]), s.in_names(given["arr"], "A")
    kind = s.kind(array.expr) if isinstance(array, Leaf) else None
    rank = kind.rank if isinstance(kind, Array) else None
    if axis is None or rank not in (1, 2) or not -rank <= axis < rank:
        raise s.refuse("np.apply_along_axis of what is not known to be a vector or a matrix", "write a loop", at)
    if more:
        raise s.refuse("np.apply_along_axis with arguments by name", "pass them by position", at)
    rest = args[len(names) :]
    if rank == 1:  # of a number it makes an array without axes
        return Leaf(np_call("array", s.materialize(s.call(f, [array, *rest]))))
    if says_whole(s, f):
        what = "np.apply_along_axis of a function that may return whole numbers, of which type all results then are,"
        raise s.refuse(what, "return floats on all paths", at)
    return s.call(of_rules(rules.along_rows if axis % 2 else rules.along_columns), [f, array, *rest])


def from_iterable(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``np.fromiter(xs, dtype)``: the list of what is iterated over, as an array."""
    at = getattr(expr, "at", None)
    named = dict(zip(("iter", "dtype", "count"), args, strict=False)) | dict(keywords)
    if not {"iter", "dtype"} <= set(named) <= {"iter", "dtype", "count"}:
        raise s.refuse("this np.fromiter", "pass an iterable, a dtype and a count alone", at)
    items = s.tools.as_list(s, named["iter"], hint or "items") if isinstance(named["iter"], Lazy) else named["iter"]
    made = np_call("array", s.materialize(items), s.materialize(named["dtype"]))
    count = named.get("count")
    if count is None or (isinstance(count, Leaf) and count.known == -1):
        return Leaf(made)
    return Leaf(Index(made, Slice(None, s.materialize(count), None)))


def spline(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``CubicSpline(x, y)``, to be called: with respect to ``y`` and to where it is called."""
    del hint
    as_usual = {"axis": (0, 1, -1), "extrapolate": (None, True)}
    said = {n: getattr(v, "known", ...) for n, v in keywords if n != "bc_type"}
    if len(args) != 2 or any(v not in as_usual.get(n, ()) for n, v in said.items()):
        raise s.refuse("this CubicSpline", "pass x, y and bc_type alone", getattr(expr, "at", None))
    keywords = [(n, v) for n, v in keywords if n == "bc_type"]
    x, y = (own_copy(s, a, own) for a, own in zip(args, "xy", strict=True))
    if said.get("axis", 0) != 0:
        rank = getattr(s.kind(y.expr), "rank", None) if isinstance(y, Leaf) else None
        if rank not in (1, 2):
            raise s.refuse("this axis of CubicSpline", "turn the values: axis=0", getattr(expr, "at", None))
        if rank == 2:
            target = Library("tangent_like.runtime", "cubic_spline", cubic_spline)
            along = Partial(Leaf(Ref("cubic_spline", target, None, target)), (), tuple(keywords))
            return Partial(of_rules(interpolations.spline_of_rows), (along, x, y), ())
    target = Library("tangent_like.runtime", "cubic_spline", cubic_spline)
    named = tuple((n, s.materialize(v)) for n, v in keywords)
    made = Call(expr.func, (s.materialize(x), s.materialize(y)), named, expr.at) if isinstance(expr, Call) else None
    return Partial(Leaf(Ref("cubic_spline", target, None, target)), (x, y), tuple(keywords), made)


def by_slopes(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``PchipInterpolator(x, y)`` and ``Akima1DInterpolator(x, y)``, to be called: cubics by values and slopes."""
    del hint
    ref = expr.func if isinstance(expr, Call) else None
    spelling = ref.spelling if isinstance(ref, Ref) else "spline"
    akima = isinstance(ref, Ref) and getattr(ref.target, "qualname", "").startswith("Akima")
    positional = ("x", "y", "axis") if akima else ("x", "y", "axis", "extrapolate")
    given = dict(zip(positional, args, strict=False)) | dict(keywords)
    said = {n: getattr(v, "known", ...) for n, v in given.items() if n not in ("x", "y")}
    allowed: dict[str, tuple[object, ...]] = {"axis": (0,), "extrapolate": (None, True, False)}
    if akima:
        allowed["method"] = ("akima", "makima")
    known = all(v in allowed.get(n, ()) for n, v in said.items()) and len(args) <= len(positional)
    if not known or not {"x", "y"} <= given.keys():
        hint = "pass x and y, of one axis, and options that are written out"
        raise s.refuse(f"this {spelling}", hint, getattr(expr, "at", None))
    x, y = (own_copy(s, given[n], n) for n in "xy")
    extrapolate = said.get("extrapolate")
    beyond = not akima if extrapolate is None else bool(extrapolate)
    options = [(n, v) for n, v in given.items() if n in said]
    made = making(s, ref, [x, y], options, expr) if isinstance(ref, Ref) else None
    share = 0.5 if said.get("method") == "makima" else 0.0
    slopes = of_rules(rules.akima_slopes if akima else rules.monotone_slopes)
    found = s.call(slopes, [x, y, Leaf(Const(share), share)] if akima else [x, y])
    target = Library("tangent_like.runtime", "hermite_spline", hermite_spline)
    through = (x, y, s.settled(found, "slopes"))
    named = (("beyond", Leaf(Const(beyond), beyond)),)
    return Partial(Leaf(Ref("hermite_spline", target, None, target)), through, named, made)


def through_points(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``make_interp_spline(x, y, k)``, to be called."""
    del hint
    given = dict(zip(("x", "y", "k"), args, strict=False)) | dict(keywords)
    said = {n: getattr(v, "known", ...) for n, v in given.items() if n not in ("x", "y")}
    ends = said.get("bc_type") in (None, "natural", "clamped", "not-a-knot")
    known = {*said} <= {"k", "bc_type"} and ends and said.get("k") is not ... and len(args) <= 3
    if not known or not {"x", "y"} <= given.keys():
        raise s.refuse("this make_interp_spline", "pass x, y, and k written out", getattr(expr, "at", None))
    x, y = (own_copy(s, given[n], n) for n in "xy")
    named = tuple((n, v) for n, v in given.items() if n in said)
    made = making(s, expr.func, [x, y], named, expr) if isinstance(expr, Call) and isinstance(expr.func, Ref) else None
    target = Library("tangent_like.runtime", "interpolating_spline", interpolating_spline)
    return Partial(Leaf(Ref("interpolating_spline", target, None, target)), (x, y), named, made)


def by_coefficients(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``BSpline(t, c, k)``, to be called: with respect to ``c`` and to where it is called."""
    del hint
    given = dict(zip(("t", "c", "k"), args, strict=False)) | dict(keywords)
    extrapolate = given.pop("extrapolate", None)
    beyond = extrapolate is None or getattr(extrapolate, "known", ...) is True
    if given.keys() != {"t", "c", "k"} or len(args) > 3 or not beyond:
        raise s.refuse("this BSpline", "pass t, c and k alone", getattr(expr, "at", None))
    t, c = (own_copy(s, given[n], n) for n in "tc")
    ref = expr.func if isinstance(expr, Call) else None
    made = making(s, ref, [t, c, given["k"]], (), expr) if isinstance(ref, Ref) else None
    target = Library("tangent_like.runtime", "basis_spline", basis_spline)
    return Partial(Leaf(Ref("basis_spline", target, None, target)), (t, c, given["k"]), (), made)


BY_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "numpy.piecewise": piecewise,
    "numpy.vectorize": vectorize,
    "tangent_like.runtime.vectorized": vectorized,
    "tangent_like.runtime.vectorized_to_floats": partial(vectorized, sure=True),
    "numpy.fromfunction": fromfunction,
    "numpy.apply_along_axis": along_axis,
    "numpy.fromiter": from_iterable,
    "scipy.interpolate.CubicSpline": spline,
    "scipy.interpolate.interp1d": interp1d,
    "scipy.interpolate.PchipInterpolator": by_slopes,
    "scipy.interpolate.Akima1DInterpolator": by_slopes,
    "scipy.interpolate.make_interp_spline": through_points,
    "scipy.interpolate.BSpline": by_coefficients,
    **GRIDS,
}
