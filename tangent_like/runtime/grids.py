"""What SciPy's interpolators and densities give, which are objects there: between points, and from samples."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def in_boxes(points, values, places):
    """Return ``RegularGridInterpolator(points, values)(places)``, of SciPy."""
    from scipy.interpolate import RegularGridInterpolator

    return RegularGridInterpolator(points, values)(places)


def in_boxes_or(points, values, fill, places):
    """Return the same with ``bounds_error=False, fill_value=fill``."""
    from scipy.interpolate import RegularGridInterpolator

    return RegularGridInterpolator(points, values, bounds_error=False, fill_value=fill)(places)


def box_places(points, places):
    """Return for each axis how many points each of the places is on, of which each has a coordinate an axis."""
    places = np.atleast_2d(places)
    if places.shape[-1] != len(points):
        raise ValueError("this derivative is for places with a coordinate an axis")
    return np.stack([np.interp(places[..., k], along, np.arange(len(along))) for k, along in enumerate(points)])


def box_steps(points, places):
    """Return by how much each axis of ``box_places(points, places)`` moves with its coordinate, along the last axis."""
    places = np.asarray(places)
    steps = np.zeros(places.shape)
    for k, along in enumerate(points):
        low = np.clip(np.searchsorted(along, places[..., k], side="right") - 1, 0, len(along) - 2)
        steps[..., k] = 1 / np.diff(along)[low]
    return steps


def in_box(points, places):
    """Return which of the places are within the points."""
    places = np.atleast_2d(places)
    inside = [(along[0] <= places[..., k]) & (places[..., k] <= along[-1]) for k, along in enumerate(points)]
    return np.logical_and.reduce(inside)


def density(sample, first, rule, places):
    """Return ``gaussian_kde(sample, rule)(places)``, of SciPy, of a sample that was ``first`` when it was made."""
    from scipy.stats import gaussian_kde

    made = gaussian_kde(first, rule)
    made.dataset = np.atleast_2d(np.asarray(sample))
    return made(places)


def log_density(sample, first, rule, places):
    """Return ``gaussian_kde(sample, rule).logpdf(places)``, of SciPy, of a sample that was ``first`` at first."""
    from scipy.stats import gaussian_kde

    made = gaussian_kde(first, rule)
    made.dataset = np.atleast_2d(np.asarray(sample))
    return made.logpdf(places)


def density_of_width(sample, first, width, places):
    """Return ``density``, where the width of a bell is told by a number times the deviation."""
    return density(sample, first, width, places)


def log_density_of_width(sample, first, width, places):
    """Return ``log_density``, where the width of a bell is told by a number times the deviation."""
    return log_density(sample, first, width, places)


def bell_width(n, rule):
    """Return what ``gaussian_kde`` multiplies the deviation of ``n`` numbers by."""
    return (n * 0.75 if rule == "silverman" else n) ** -0.2


def fitted_spline(x, y, t, nu=0, k=3):
    """Return ``splev(t, splrep(x, y, k=k, s=0), nu)``, of SciPy."""
    from scipy.interpolate import splev, splrep

    return splev(t, splrep(x, y, k=k, s=0), nu)[()]
