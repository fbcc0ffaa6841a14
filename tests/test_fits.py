"""Fits of polynomials: of points of whatever sizes, as NumPy fits them; and of points that do not tell the coefficients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.polynomial import chebyshev, legendre, polynomial

import tangent_like as tl

PLACES = np.linspace(0.0, 1.0, 12)
VALUES = np.sin(PLACES)
WEIGHTS = 1.0 + 0.1 * np.arange(12)
ALONG = np.random.default_rng(0).normal(size=12)
AT = 0.3


def by_powers(x: Any, degree: int, at: float) -> Any:
    return polynomial.polyval(at, polynomial.polyfit(x, VALUES, degree))


def by_powers_from_the_highest(x: Any, degree: int, at: float) -> Any:
    return np.polyval(np.polyfit(x, VALUES, degree), at)


def weighed(x: Any, degree: int, at: float) -> Any:
    return np.polyval(np.polyfit(x, VALUES, degree, w=WEIGHTS), at)


def by_chebyshev(x: Any, degree: int, at: float) -> Any:
    return chebyshev.chebval(at, chebyshev.chebfit(x, VALUES, degree))


def by_legendre(x: Any, degree: int, at: float) -> Any:
    return legendre.legval(at, legendre.legfit(x, VALUES, degree))


FITS = [by_powers, by_powers_from_the_highest, weighed, by_chebyshev, by_legendre]


# near 0 the polynomials of even degree of Chebyshev and Legendre are all constant: NumPy leaves some out there
@pytest.mark.parametrize(("fit", "scale"), [*((f, 1e8) for f in FITS), *((f, 1e-7) for f in FITS[:3])])
def test_points_of_any_size(fit: Callable[..., Any], scale: float) -> None:
    """What is fitted does not depend on the unit of ``x``."""
    expected = tl.grad(fit)(PLACES, 2, AT) @ ALONG
    x, at, along = scale * PLACES, scale * AT, scale * ALONG
    assert tl.grad(fit)(x, 2, at) @ along == pytest.approx(expected, rel=1e-6)
    assert tl.jvp(fit, (x, 2, at), (along, None, 0.0))[1] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("fit", FITS[:3])
def test_years(fit: Callable[..., Any]) -> None:
    """Nor on where ``x`` begins, but for rounding."""
    x = 11.0 * PLACES
    expected = tl.grad(fit)(x, 2, AT) @ ALONG
    assert tl.grad(fit)(x + 2000.0, 2, AT + 2000.0) @ ALONG == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("degree", [5, 9, 11])
@pytest.mark.parametrize("fit", FITS)
def test_high_degrees(fit: Callable[..., Any], degree: int) -> None:
    step = 1e-6 * ALONG
    slope = (fit(PLACES + step, degree, AT) - fit(PLACES - step, degree, AT)) / 2e-6
    assert tl.grad(fit)(PLACES, degree, AT) @ ALONG == pytest.approx(slope, rel=2e-5)


@pytest.mark.filterwarnings("ignore:.*poorly conditioned")
@pytest.mark.parametrize("fit", FITS)
def test_points_that_do_not_tell(fit: Callable[..., Any]) -> None:
    x = np.repeat([0.0, 0.4], 6)
    with pytest.raises(np.linalg.LinAlgError, match="do not tell the coefficients"):
        tl.grad(fit)(x, 2, AT)
