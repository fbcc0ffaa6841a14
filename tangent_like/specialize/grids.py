"""SciPy's interpolation in boxes, ``splev``, and densities from samples: said as calls of what has rules.

Before                                            After

    f = RegularGridInterpolator((u, v), values)       y = in_boxes((u, v), values, places)
    y = f(places)
    tck = splrep(x, y)                                z = fitted_spline(x, y, t)
    z = splev(t, tck)
    kde = gaussian_kde(sample)                        p = density(sample, np.array(sample), None, places)
    p = kde(places)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tangent_like.ir.nodes import Call, Const, Expr, Ref
from tangent_like.kinds.kind import Array, Scalar, Unknown, is_complex, is_float
from tangent_like.rules import interpolations as rules
from tangent_like.runtime import density, density_of_width, fitted_spline, in_boxes, in_boxes_or
from tangent_like.specialize import containers
from tangent_like.specialize.library_objects import making, own_copy, runtime_ref
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Keywords, Leaf, Partial, Seq, Value, of_rules

Making = Callable[..., Value]


def as_seen(s: Spec, value: Value, hint: str) -> Value:
    """What an object looks at, each time that it is asked: arrays of floats as they are by then."""
    kind = s.kind(value.expr) if isinstance(value, Leaf) else None
    whole = isinstance(kind, Array) and not (kind.dtype is None or is_float(kind))
    looks = isinstance(kind, Array | Unknown) and not whole
    return s.settled(value, hint) if looks else own_copy(s, value, hint)


def known(value: Value | None) -> object:
    return getattr(value, "known", ...)


def boxes(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``RegularGridInterpolator(points, values)``, to be called."""
    del hint
    at = getattr(expr, "at", None)
    named = dict(zip(("points", "values", "method", "bounds_error", "fill_value"), args, strict=False)) | dict(keywords)
    points = containers.static_items(s, named["points"]) if "points" in named else None
    how = known(named["method"]) if "method" in named else "linear"
    bounded = known(named["bounds_error"]) if "bounds_error" in named else True
    allowed = {"points", "values", "method", "bounds_error", "fill_value"}
    if points is None or "values" not in named or not named.keys() <= allowed or how != "linear":
        raise s.refuse("this interpolation in boxes", "write its points out as a tuple, and leave method linear", at)
    fill = named.get("fill_value", Leaf(Const(float("nan"))))
    if bounded not in (True, False) or known(fill) is None:
        raise s.refuse("this interpolation in boxes beyond its points", "keep to its points, or give a fill_value", at)
    along = Seq(tuple(as_seen(s, p, "points") for p in points))
    values = as_seen(s, named["values"], "values")
    of = runtime_ref(in_boxes if bounded else in_boxes_or)
    read = Partial(Leaf(of), (along, values) if bounded else (along, values, fill), ())
    return Partial(of_rules(rules.at_coordinates), (read,), ())


def at_once(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``interpn(points, values, xi)``."""
    named = dict(zip(("points", "values", "xi", "method"), args, strict=False)) | dict(keywords)
    if "xi" not in named or len(args) > 4:
        raise s.refuse("this interpn", "pass points, values and xi", getattr(expr, "at", None))
    places = named.pop("xi")
    return s.call(boxes(s, [], list(named.items()), expr, hint), [places])


def spline_of(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``splrep(x, y, k=3)``: the spline through all points."""
    del hint
    named = dict(keywords)
    said = {n: known(v) for n, v in named.items()}
    order = said.get("k", 3)
    if len(args) != 2 or not said.keys() <= {"k", "s"} or said.get("s", 0) != 0 or order not in (1, 3, 5):
        raise s.refuse("this splrep", "pass x and y, and k and s written out, s=0", getattr(expr, "at", None))
    x, y = (own_copy(s, a, own) for a, own in zip(args, "xy", strict=True))
    ref = expr.func if isinstance(expr, Call) and isinstance(expr.func, Ref) else None
    made = making(s, ref, [x, y], tuple(named.items()), expr) if ref is not None else None
    return Partial(Leaf(runtime_ref(fitted_spline)), (x, y), (("k", Leaf(Const(order), order)),), made)


def through_all(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``InterpolatedUnivariateSpline(x, y, k=3)``, and ``UnivariateSpline`` with ``s=0``, to be called."""
    ref = expr.func if isinstance(expr, Call) and isinstance(expr.func, Ref) else None
    named = dict(keywords)
    name = "UnivariateSpline" if ref is None else getattr(ref.target, "qualname", "").rpartition(".")[2]
    smooth = name == "UnivariateSpline" and known(named.get("s")) != 0
    if smooth or len(args) != 2 or not named.keys() <= {"k", "s"} or (name != "UnivariateSpline" and "s" in named):
        what = f"{name}, which smoothes," if smooth else f"this {name}"
        raise s.refuse(what, "pass x, y and s=0, and k written out", getattr(expr, "at", None))
    made = spline_of(s, args, keywords, expr, hint)
    assert isinstance(made, Partial)
    return Partial(made.function, made.args, made.keywords)


def at_places(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``splev(t, tck, der=0)`` of what ``splrep`` made here."""
    del hint
    named = dict(zip(("x", "tck", "der"), args, strict=False)) | dict(keywords)
    tck, order = named.get("tck"), known(named["der"]) if "der" in named else 0
    is_made = isinstance(tck, Partial) and isinstance(tck.function, Leaf) and isinstance(tck.function.expr, Ref)
    if not is_made and isinstance(expr, Call):  # knots and coefficients that were there before
        options = tuple((n, s.materialize(v)) for n, v in keywords)
        return Leaf(replace(expr, args=tuple(map(s.materialize, args)), keywords=options))
    if not is_made or not named.keys() <= {"x", "tck", "der"} or type(order) is not int or "x" not in named:
        raise s.refuse("this splev", "give it what splrep returned in this function", getattr(expr, "at", None))
    assert isinstance(tck, Partial)
    given = [s.materialize(v) for v in (*tck.args, named["x"], Leaf(Const(order)))]
    options = tuple((n, s.materialize(v)) for n, v in tck.keywords)
    return Leaf(Call(runtime_ref(fitted_spline), tuple(given), options, getattr(expr, "at", None)))


def from_sample(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``gaussian_kde(sample, bw_method)``, to be called."""
    del hint
    named = dict(zip(("dataset", "bw_method"), args, strict=False)) | dict(keywords)
    how = known(named["bw_method"]) if "bw_method" in named else None
    known_names = "dataset" in named and named.keys() <= {"dataset", "bw_method"}
    width = named.get("bw_method")
    by_width = isinstance(width, Leaf) and isinstance(s.kind(width.expr), Scalar) and not is_complex(s.kind(width.expr))
    if not known_names or not (by_width or how in (None, "scott", "silverman")):
        hint = "pass a sample, and 'scott', 'silverman' or a number"
        raise s.refuse("this gaussian_kde", hint, getattr(expr, "at", None))
    sample = as_seen(s, named["dataset"], "sample")
    kind = s.kind(sample.expr) if isinstance(sample, Leaf) else None
    if isinstance(kind, Array) and kind.rank not in (None, 1):
        raise s.refuse("a gaussian_kde of points of several numbers", "write its sum out", getattr(expr, "at", None))
    ref = expr.func if isinstance(expr, Call) and isinstance(expr.func, Ref) else None
    made = making(s, ref, [sample], tuple((n, v) for n, v in named.items() if n != "dataset"), expr) if ref else None
    rule = s.settled(width, "width") if by_width and width is not None else Leaf(Const(how), how)
    of = runtime_ref(density_of_width if by_width else density)
    return Partial(Leaf(of), (sample, own_copy(s, sample, "sample"), rule), (), made)


GRIDS: Mapping[str, Making] = {
    "scipy.interpolate.RegularGridInterpolator": boxes,
    "scipy.interpolate.interpn": at_once,
    "scipy.interpolate.splrep": spline_of,
    "scipy.interpolate.UnivariateSpline": through_all,
    "scipy.interpolate.InterpolatedUnivariateSpline": through_all,
    "scipy.interpolate.splev": at_places,
    "scipy.stats.gaussian_kde": from_sample,
}
