"""Interpolators of SciPy's that were there before the program: what they are made of is constant, what they are asked
may move.

Before                                      After

    SLOPES = CubicSpline(t, y)                  y_bar = ... * SLOPES(x, 1)
    y = SLOPES(x)
    ROWS = interp1d(t, Y)                       y = rows_between(ROWS.x, ROWS.y, x)
    y = ROWS(x)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tangent_like.ir.nodes import Attribute, Call, Const, Expr, Library, Ref
from tangent_like.specialize.containers import outer_child
from tangent_like.specialize.grids import boxes
from tangent_like.specialize.interpolations import interp1d
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Keywords, Leaf, Outer, Partial, Seq, Value

# Those that give their own slopes, by the class whose ``__call__`` has a rule.
OF_SLOPES = ("PPoly", "BSpline", "UnivariateSpline", "BivariateSpline")


def classes_of(value: object) -> Mapping[str, type]:
    """The classes of SciPy's interpolators that an object is of, by name."""
    return _classes(type(value))


def _classes(cls: type) -> Mapping[str, type]:
    return {c.__name__: c for c in cls.__mro__ if c.__module__.startswith("scipy.interpolate")}


def standing(cls: type | None, expr: Expr) -> Value | None:
    """What calls an object of such a class, of which a file says no more than that; None for others."""
    classes = {} if cls is None else _classes(cls)
    found = [n for n in (*OF_SLOPES, "interp1d") if n in classes]
    return calling(found[0], classes[found[0]], expr) if found else None


def calling(name: str, cls: type, holder: Expr, *options: tuple[str, object]) -> Value:
    """What calls an object, one of those that give their own slopes."""
    target = Library("scipy.interpolate", f"{name}.__call__", cls.__call__)
    named = tuple((n, Leaf(Const(v), v)) for n, v in options)
    return Partial(Leaf(Ref("__call__", target, None, target)), (Leaf(holder),), named)


def interpolator(s: Spec, given: Outer, expr: Expr | None) -> Value | None:
    """What calls such an object; None where it is none."""
    value: Any = given.value
    classes = classes_of(value)

    def has(name: str) -> Value:
        return outer_child(s, given, ("attribute", name), getattr(value, name))

    for name in (n for n in OF_SLOPES if n in classes):
        if getattr(value, "ext", None) in (3, "const"):
            hint = "make it with ext=0, 1 or 2"
            raise s.refuse("a spline that stays as it is at its ends", hint, getattr(expr, "at", None))
        refuse_vectors(s, value, expr)
        return calling(name, classes[name], given.expr)
    if "interp1d" in classes and np.ndim(value.y) == 1:
        return calling("interp1d", classes["interp1d"], given.expr)
    if "interp1d" in classes:
        return of_lines(s, given, expr)
    if "RegularGridInterpolator" in classes:
        names = ("grid", "values") if hasattr(value, "grid") else ("_grid", "_values")
        said = [(n, Leaf(Const(v), v)) for n in ("method", "bounds_error") for v in [getattr(value, n)]]
        fill = () if value.bounds_error else (("fill_value", has("fill_value")),)
        return boxes(s, [has(n) for n in names], [*said, *fill], expr, "")
    return None


def refuse_vectors(s: Spec, value: Any, expr: Expr | None) -> None:
    """What a spline of several values at each place gives has more axes than the places that it is asked."""
    axes = {"PPoly": 2, "BSpline": 1}
    if any(np.ndim(value.c) > axes[n] for n in axes.keys() & classes_of(value).keys()):
        hint = "make one of each, or write interp1d(x, Y, axis=0)"
        raise s.refuse("a spline of vectors", hint, getattr(expr, "at", None))


def of_lines(s: Spec, given: Outer, expr: Expr | None) -> Value:
    """``interp1d(x, y, kind)``: as where it is made in the program, of the ``x`` and ``y`` that it keeps."""
    value: Any = given.value
    own = vars(value)  # it has no other word for its kind
    kind = own["_kind"] if own["_kind"] != "spline" else getattr(own["_spline"], "k", None)
    said: dict[str, object] = {"kind": kind, "axis": value.axis}
    fill = value.fill_value
    if isinstance(fill, str):
        said["fill_value"] = fill
    elif not value.bounds_error:
        said["bounds_error"] = False
        if np.size(fill) > 2 or (not isinstance(fill, tuple) and np.ndim(fill)):
            at = getattr(expr, "at", None)
            raise s.refuse("this fill_value of interp1d", "give it a number, or a tuple of two", at)
        said["fill_value"] = tuple(map(float, fill)) if isinstance(fill, tuple) else float(fill)
    ends: Keywords = [(n, as_value(v)) for n, v in said.items()]
    return interp1d(s, [outer_child(s, given, ("attribute", n), getattr(value, n)) for n in "xy"], ends, expr, "")


def as_value(said: object) -> Value:
    return Seq(tuple(map(as_value, said))) if isinstance(said, tuple) else Leaf(Const(said), said)


def method(
    s: Spec, holder: Expr, value: object, name: str, args: list[Value], keywords: Keywords, expr: Expr | None
) -> Value | None:
    """What a method of such an object gives: another one, or what it is at points; None for any other."""
    classes = classes_of(value)
    if name in ("derivative", "antiderivative") and not classes.keys().isdisjoint(OF_SLOPES[:3]):
        refuse_vectors(s, value, expr)
        given = tuple(map(s.materialize, args)), tuple((n, s.materialize(v)) for n, v in keywords)
        made = Call(Attribute(holder, name), *given, getattr(expr, "at", None))
        return next(calling(n, classes[n], made) for n in OF_SLOPES if n in classes)
    if name == "ev" and "BivariateSpline" in classes:
        at = calling("BivariateSpline", classes["BivariateSpline"], holder, ("grid", False))
        return s.call(at, args, keywords, expr)
    return None
