"""Operands that a rule lists as ``inactive`` carry no derivative: none of them may move the result.

What flows into such an operand is dropped without a word, so each that is given as a number is moved a little.
"""

from __future__ import annotations

import inspect
import zlib
from typing import Any

import numpy as np
import pytest
import test_rules as table

import tangent_like as tl
from tangent_like.rules.rule import Rule

scipy_interpolate = pytest.importorskip("scipy.interpolate")

# Whole numbers, which the function takes as floats as well.
WHOLE = {("turned_places", "rows"), ("turned_places", "columns")}


def moved(value: Any, step: float) -> Any:
    """The value with each of its numbers a little further on; None where there are no numbers."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, int | float | np.integer | np.floating):
        return float(value) + step
    if isinstance(value, np.ndarray):
        return value + step if value.dtype.kind in "fi" else None
    if isinstance(value, tuple | list) and value:
        items = [moved(item, step) for item in value]
        return None if any(item is None for item in items) else type(value)(items)
    return None


def slope(f: Any, rule: Rule, args: tuple[Any, ...], kwargs: dict[str, Any], operand: str) -> float:
    """How fast the result moves with an operand; 0 where a fraction is not taken, or makes steps."""
    bound = table.Bound(f, rule, args, kwargs)
    value, at = bound.operands.get(operand), rule.operands.index(operand)
    results = []
    for step in (0.0, 1e-4, 5e-5):
        there = moved(value, step)
        if there is None:
            return 0.0
        own = [*args[:at], there, *args[at + 1 :]] if operand not in kwargs and at < len(args) else list(args)
        named = kwargs if len(own) > at else {**kwargs, operand: there}
        try:
            results.append(table.flat(f(*own, **named)))
        except Exception:  # whole numbers and names are asked for
            return 0.0
    if len({r.shape for r in results}) > 1:
        return 0.0
    far, near = (np.max(np.abs(r - results[0]), initial=0.0) for r in results[1:])
    return far / 1e-4 if far > 1e-8 and 1.5 < far / max(near, 1e-300) < 2.6 else 0.0


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("f", "rule"), [pytest.param(f, r, id=n) for n, f, r in table.CALLABLES if r.inactive])
def test_what_is_inactive_does_not_move_the_result(f: Any, rule: Rule) -> None:
    rng = np.random.default_rng(zlib.crc32(rule.fn.__name__.encode()))
    fixed = {p.name for p in inspect.signature(rule.fn).parameters.values() if p.kind is p.VAR_POSITIONAL}
    for args, kwargs in list(table.calls(f, rule, rng))[:8]:
        for operand in rule.inactive:
            if operand in fixed or (getattr(f, "__name__", ""), operand) in WHOLE:
                continue
            assert slope(f, rule, args, kwargs, operand) == 0.0, operand


POINTS, VALUES = (np.linspace(0, 1, 4), np.linspace(0, 1, 3)), np.arange(12.0).reshape(4, 3) ** 2
PLACES = np.array([[0.3, 0.4], [1.5, 0.2]])


def filled(p):
    read = scipy_interpolate.RegularGridInterpolator(POINTS, VALUES, bounds_error=False, fill_value=p)
    return np.sum(read(PLACES) * p) + np.sum(scipy_interpolate.interpn(POINTS, VALUES, PLACES, bounds_error=False, fill_value=p))


def by_points(p):
    return np.sum(scipy_interpolate.interpn((POINTS[0] * p, POINTS[1]), VALUES, 0.5 * PLACES))


def going_on(y, x):
    return np.sum(scipy_interpolate.make_interp_spline(POINTS[0], y)(x, 0, True))


def test_a_spline_is_not_told_by_position_whether_it_goes_on() -> None:
    with pytest.raises(tl.DifferentiationError, match="whether it goes on"):
        tl.grad(going_on)(np.arange(4.0) ** 3, np.array([0.3, 1.5]))


def test_what_stands_outside_a_grid_and_where_its_points_are() -> None:
    h = 1e-6
    difference = (filled(0.7 + h) - filled(0.7 - h)) / (2 * h)
    np.testing.assert_allclose([tl.grad(filled)(0.7), tl.jvp(filled, (0.7,), (1.0,))[1]], difference, rtol=1e-7)
    with pytest.raises(tl.DifferentiationError, match="'points'"):
        tl.grad(by_points)(0.9)
