"""``interp1d`` of SciPy: said as programs (``rules/interpolations.py``).

Before                                              After

    f = interp1d(x, y, fill_value="extrapolate")        y = beyond(x, y, places)
    y = f(places)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from tangent_like.ir.nodes import Const, Expr
from tangent_like.kinds.kind import Array
from tangent_like.rules import interpolations as rules
from tangent_like.specialize import containers
from tangent_like.specialize.library_objects import own_copy
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Keywords, Leaf, Partial, Value, is_none, of_rules

KINDS: dict[object, Callable[..., object]] = {
    "nearest": rules.nearest, "nearest-up": rules.nearest_up, "previous": rules.previous, "next": rules.following,
    "quadratic": rules.quadratic, "cubic": rules.cubic, 2: rules.quadratic, 3: rules.cubic,
}  # fmt: skip
NAMES = ("x", "y", "kind", "axis", "copy", "bounds_error", "fill_value", "assume_sorted")


def interp1d(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``interp1d(x, y, kind)``, to be called: beyond the points an error, what is given for that, or as it goes on."""
    del hint
    at = getattr(expr, "at", None)
    given = dict(zip(NAMES, args, strict=False)) | dict(keywords)
    if not {"x", "y"} <= given.keys() <= set(NAMES):
        raise s.refuse("this interp1d", "pass x and y, and options by name", at)
    said = {n: getattr(v, "known", ...) for n, v in given.items() if n not in ("x", "y", "fill_value")}
    kind, axis, error = said.get("kind", "linear"), said.get("axis", -1), said.get("bounds_error")
    if kind != "linear" and kind not in KINDS:
        names = ", ".join(k for k in KINDS if isinstance(k, str))
        raise s.refuse("this kind of interp1d", f"write out one of linear, {names}", at)
    x, y = (own_copy(s, given[n], n) for n in "xy")
    rank = getattr(s.kind(y.expr), "rank", None) if isinstance(y, Leaf) else None
    several = isinstance(y, Leaf) and isinstance(s.kind(y.expr), Array) and rank not in (1, None)
    if several and (rank != 2 or axis not in (0, 1, -1) or (kind != "linear" and kind in ("quadratic", "cubic", 2, 3))):
        raise s.refuse("interp1d of several axes", "interpolate row by row", at)
    fill = given.get("fill_value")
    goes_on = fill is not None and getattr(fill, "known", None) == "extrapolate"
    if error not in (None, True, False) or (goes_on and error is True):
        raise s.refuse("these bounds of interp1d", "write bounds_error out", at)
    plain = kind == "linear" and not several
    between = of_rules(KINDS[kind]) if kind != "linear" else of_rules(rows_of() if several else rules.within)
    if goes_on:
        read = of_rules(rules.beyond_by_weights if weighs() else rules.beyond) if plain else between
    elif error is not False and (fill is None or is_none(fill)):
        read = between if plain else Partial(of_rules(rules.bounded), (between,), ())
    else:
        ends = ends_of(s, fill)
        if ends is None or error is True:
            raise s.refuse("this fill_value of interp1d", "write out a number, or a tuple of two", at)
        read = Partial(of_rules(rules.filled_rows if several else rules.filled), (between, *ends), ())
    if several and axis != 0:
        read = Partial(of_rules(rules.turned), (read,), ())
    elif rank is None:
        read = Partial(of_rules(rules.of_one_axis), (read,), ())
    return Partial(read, (x, y), ())


def ends_of(s: Spec, fill: Value | None) -> tuple[Value, Value] | None:
    """What is below and above: NaN where nothing is said."""
    if fill is None or is_none(fill):
        nan = Leaf(Const(float("nan")))
        return nan, nan
    items = containers.static_items(s, fill) if not isinstance(fill, Leaf) else None
    if items is None:
        one = s.settled(fill, "fill")
        return (one, one) if isinstance(fill, Leaf) else None
    if len(items) != 2:
        return None
    low, high = (s.settled(v, "fill") for v in items)
    return low, high


def rows_of() -> Callable[..., object]:
    return rules.rows_beyond_by_weights if weighs() else rules.rows_beyond


@cache
def weighs() -> bool:
    """Does the SciPy that is here interpolate by weights? The value is to be its own, to the bit."""
    from importlib.metadata import PackageNotFoundError, version  # not for nothing: it takes its time

    try:
        release = version("scipy").split(".")[:2]
    except PackageNotFoundError:
        return True
    return tuple(int(number) for number in release) >= (1, 18)
