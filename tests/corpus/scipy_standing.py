"""Interpolators of SciPy's, and knots and coefficients of splines, that were there before the program."""

import numpy as np
from scipy.interpolate import (
    BSpline,
    CubicSpline,
    PchipInterpolator,
    RectBivariateSpline,
    RegularGridInterpolator,
    UnivariateSpline,
    bisplev,
    bisplrep,
    interp1d,
    splev,
    splrep,
)

from case import Case, listed, num, vec

CASES: list[Case] = []
case = listed(CASES)

T = np.arange(8.0)
KNOTS = splrep(T, np.sin(T))
CUBIC = CubicSpline(T, np.sin(T))
SHAPED = PchipInterpolator(T, np.sin(T))
BASIS = BSpline(*KNOTS)
SMOOTH = UnivariateSpline(T, np.sin(T), s=0.1)
FLAT = UnivariateSpline(T, np.sin(T), s=0.1, ext="const")
LINES = interp1d(T, np.sin(T))
OUTWARD = interp1d(T[::-1], np.cos(T), bounds_error=False, fill_value=(1.0, 2.0))
ROUND = interp1d(T, np.cos(T), kind="quadratic", fill_value="extrapolate")
U, V = np.meshgrid(np.arange(5.0), np.arange(6.0), indexing="ij")
SHEET = RectBivariateSpline(np.arange(5.0), np.arange(6.0), np.sin(U + 0.3 * V))
FACETS = RectBivariateSpline(np.arange(5.0), np.arange(6.0), np.cos(U + 0.3 * V), kx=1, ky=1)
SURFACE = bisplrep(U, V, np.cos(U - 0.3 * V), s=0)
BOXES = RegularGridInterpolator((np.arange(5.0), np.arange(6.0)), np.sin(U + 0.3 * V))
OPEN_BOXES = RegularGridInterpolator(
    (np.arange(5.0), np.arange(6.0)), np.sin(U + 0.3 * V), bounds_error=False, fill_value=1.5
)
TABLES = {"first": CUBIC, "second": SHAPED}


def evaluated(*args, **options):
    return splev(*args, **options)


@case(num(0.5, 6))
def by_knots(x):
    return float(evaluated(x, KNOTS)) * x + splev(x, KNOTS, der=1)


@case(num(0.5, 3), num(0.5, 4), wrt=(0, 1))
def on_a_surface(x, y):
    return float(bisplev(x, y, SURFACE)) * float(SHEET.ev(x, y)) + SHEET(x, y)[0, 0] * SHEET(x, y, grid=False)


@case(num(0.5, 6))
def each_of_them(x):
    return float(CUBIC(x)) + BASIS(x) * SHAPED(x) - SMOOTH(x) + LINES(x) * OUTWARD(x) - ROUND(x)


@case(vec(3, 0.4, 2.0))
def of_arrays(x):
    return np.sum(CUBIC(x) ** 2) + np.sum(LINES(x) * OUTWARD(9 * x)) + np.sum(SMOOTH(x))


@case(num(0.5, 6))
def slopes_of_slopes(x):
    return CUBIC(x, 1) * CUBIC.derivative()(x) + SMOOTH.derivative()(x)


@case(num(0.5, 3))
def in_turns(x):
    total = 0.0
    for i in range(4):
        total = total + TABLES["first"](x + i) ** 2 * TABLES["second"](x)
        x = x * 0.9
    return total


class Bench:
    def __init__(self, t, y):
        self.curve = CubicSpline(t, y)
        self.table = interp1d(t, y, kind="cubic", fill_value=0.0, bounds_error=False)
        self.stiffness = 2.0

    def force(self, x):
        return self.stiffness * self.curve(x) - self.table(x)


BENCH = Bench(T, np.sin(T))


@case(num(0.5, 6))
def of_an_object(x):
    return float(BENCH.force(x)) * x


@case(vec(2, 0.3, 3.5))
def in_standing_boxes(p):
    return np.sum(BOXES(p) * OPEN_BOXES(p))


@case(num(0.5, 3), num(0.5, 4), wrt=(0, 1))
def at_two_coordinates(x, y):
    return BOXES((x, y)) * x + np.sum(OPEN_BOXES((np.array([x, y]), np.array([y, x]))))


@case(num(4.5, 6), num(0.5, 4), wrt=(0, 1))
def beyond_a_surface(x, y):
    """There it is what it is at its edge."""
    return float(bisplev(x, y, SURFACE)) * y + SHEET(x, y, grid=False) + FACETS.ev(0.3 * x, y)


LAYERS = [splrep(T, np.sin(T * k)) for k in (1, 2, 3)]


@case(num(0.5, 2))
def one_of_several(x):
    total = 0.0
    for k in range(3):
        total += float(splev(x * k, LAYERS[k]))
    return total


@case(num(0.5, 6), expect="refused")
def stays_at_its_ends(x):
    return FLAT(x)


CURVE = CubicSpline(T, np.stack([np.sin(T), np.cos(T)], axis=1))
SEVERAL_OF_BASIS = BSpline(KNOTS[0], np.stack([KNOTS[1], KNOTS[1] ** 2], axis=1), 3)


@case(vec(2, 0.5, 6), expect="refused")
def on_a_curve(x):
    return np.sum(CURVE(x) * np.array([1.0, 3.0]))


@case(vec(2, 0.5, 6), expect="refused")
def slopes_of_a_curve(x):
    return np.sum(CURVE.derivative()(x) ** 2)


@case(vec(2, 0.5, 6), expect="refused")
def several_of_a_basis(x):
    return np.sum(SEVERAL_OF_BASIS(x) * np.array([1.0, 3.0]))
