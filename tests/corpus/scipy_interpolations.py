"""Interpolation of SciPy by every kind, along axes, and beyond the points; quantiles that are unpacked."""

import numpy as np
from scipy.interpolate import BSpline, CubicSpline, InterpolatedUnivariateSpline, UnivariateSpline, interp1d

from case import Case, takes, vec

xs = np.linspace(0, 3, 7)
SEEN = np.array([0.2, 1.1, -0.4, 0.9, 1.7])


def filled_rows(p):
    y = np.stack([np.sin(p[0] * xs), p[1] * xs**2])
    f = interp1d(xs, y, bounds_error=False, fill_value=(0.5, 2.0))
    return np.sum(f(np.array([-0.3, 1.7, 5.0])) * p[2]) + np.sum(f(p[1]))


def lines_between_rows(p):
    y = np.stack([np.sin(p[0] * xs), p[1] * xs**2], axis=1)
    f = interp1d(xs, y, axis=0, fill_value="extrapolate")
    return np.sum(f(np.array([-0.3, 1.7, 5.0])) * p[2]) + np.sum(f(p[1]))


def cubics_beyond(p):
    f = interp1d(xs[::-1], p[0] * xs**2, "cubic", bounds_error=False, fill_value=p[1])
    return np.sum(f(p)) + np.sum(f([-1.0, 0.3]))


def next_one(p):
    f = interp1d(xs, p[0] * xs**2, kind="next", fill_value="extrapolate")
    return np.sum(f(p) * p)


def one_by_one(p):
    f = interp1d(xs, p[0] * xs**2, assume_sorted=True, copy=False, bounds_error=False, fill_value=0.0)
    tot = 0.0
    for k in range(3):
        tot = tot + f(p[k])
    return tot


def nearest_one(p):
    f = interp1d(xs, p[0] * xs**2, kind="nearest", bounds_error=False)
    return np.nansum(f(np.array([0.1, 9.0, 0.9])))


def previous_of_rows(p):
    t = np.array([0.0, 1.0, 2.0, 3.0])
    y = np.stack([p[0] * t, p[1] * t**2])
    f = interp1d(t, y, kind="previous")
    return np.sum(f(p) ** 2)


def cubic_rows(p):
    y = np.stack([np.sin(p[0] * xs), p[1] * xs**2])
    f = CubicSpline(xs, y, axis=1, bc_type="natural")
    return np.sum(f([0.3, 0.8]) * p[2]) + np.sum(f(p[1], 1)) + np.sum(f(p[1], nu=2))


def through_all_points(p):
    f = UnivariateSpline(xs, np.sin(p[0] * xs) * p[1], s=0)
    return f(p[2]) + np.sum(f(p))


def quintic(p):
    f = InterpolatedUnivariateSpline(xs, np.sin(p[0] * xs) * p[1], k=5)
    return f(p[2]) + np.sum(f(p))


def through_middles(p):
    return interp1d(xs, p[0] * xs**2, kind="quadratic", fill_value="extrapolate")(p[1:] * 2).sum()


def quartiles(p):
    low, high = np.percentile(SEEN * p[0] + p[1], [25, 75])
    a, b = np.nanpercentile(np.append(p, np.nan), (10, 90), method="linear")
    c, d, e = np.quantile(np.outer(SEEN, p), np.array([0.2, 0.5, 0.9]), axis=0)
    return high - low * p[2] + a * b + c @ d * np.sum(e)


def smoothed(p):
    return UnivariateSpline(xs, p[0] * xs)(p[1])


KNOTS = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0])


def of_coefficients(p):
    s = BSpline(KNOTS, np.concatenate([p, p**2]), 3)
    return np.sum(s(p) * p) + s(0.4, 1) * s(p[0], nu=2) + BSpline(t=np.array([0, 0, 1, 2, 2.0]), c=p, k=1)(0.7)


def by_moving_knots(p):
    return BSpline(np.concatenate([np.zeros(2), p[:1], np.full(2, 3.0)]), p, 1)(0.4)


three = takes(vec(3, 0.7, 2.0))

CASES = [
    *(
        Case(f, three, seeds=1)
        for f in (
            filled_rows,
            lines_between_rows,
            cubics_beyond,
            next_one,
            one_by_one,
            nearest_one,
            previous_of_rows,
            cubic_rows,
            through_all_points,
            quintic,
            through_middles,
            quartiles,
            of_coefficients,
        )
    ),
    Case(smoothed, three, seeds=1, expect="refused"),
    Case(by_moving_knots, three, seeds=1, expect="refused"),
]
