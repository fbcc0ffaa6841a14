"""Rotations of three dimensions as matrices, by what SciPy makes them of."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np


def rotation(given, form):
    """Return the matrix of SciPy's ``Rotation`` of a quaternion ("quat"), a vector ("rotvec"), or of angles about axes.

    ``form`` is then what ``Rotation.from_euler`` is given: "xyz", "ZYX".
    """
    from scipy.spatial.transform import Rotation

    if np.ndim(given) > 1:
        raise ValueError("Rotation is differentiated for one rotation: go over them in a loop")
    if form in ("quat", "rotvec"):
        return getattr(Rotation, f"from_{form}")(given).as_matrix()
    return Rotation.from_euler(form, given).as_matrix()


def rotation_slopes(given, form):
    """Return the slopes of ``rotation(given, form)``, a matrix for each entry of ``given``."""
    cross = np.zeros((3, 3, 3))  # of each axis: the matrix of the cross product with it
    for k in range(3):
        cross[k, (k + 2) % 3, (k + 1) % 3] = 1.0
        cross[k, (k + 1) % 3, (k + 2) % 3] = -1.0
    given = np.ravel(given)
    if form == "quat":
        norm = np.sqrt(np.sum(given**2))
        *vector, w = given / norm
        turn = np.tensordot(vector, cross, 1)
        each = [2 * w * cross[k] + 2 * (cross[k] @ turn + turn @ cross[k]) for k in range(3)]
        slopes = np.stack([*each, 2 * turn]) / norm
        along = np.append(vector, w)
        return slopes - np.multiply.outer(along, np.tensordot(along, slopes, 1))
    if form == "rotvec":
        turn, s = np.tensordot(given, cross, 1), float(np.sum(given**2))
        if s < 1e-2:  # by series in the square of the angle
            f, f_slope = 1 - s / 6 + s**2 / 120 - s**3 / 5040, -1 / 6 + s / 60 - s**2 / 1680 + s**3 / 90720
            g, g_slope = 1 / 2 - s / 24 + s**2 / 720 - s**3 / 40320, -1 / 24 + s / 360 - s**2 / 13440 + s**3 / 907200
        else:
            a = math.sqrt(s)
            f, f_slope = math.sin(a) / a, (a * math.cos(a) - math.sin(a)) / (2 * a**3)
            g, g_slope = (1 - math.cos(a)) / s, (a * math.sin(a) - 2 * (1 - math.cos(a))) / (2 * s**2)
        bent = 2 * (f_slope * turn + g_slope * (turn @ turn))
        return np.stack([f * cross[k] + g * (cross[k] @ turn + turn @ cross[k]) + given[k] * bent for k in range(3)])
    axes = ["xyz".index(letter) for letter in form.lower()]
    turns = [
        np.eye(3) + math.sin(t) * cross[k] + (1 - math.cos(t)) * (cross[k] @ cross[k])
        for k, t in zip(axes, given, strict=True)
    ]
    found = []
    for place, k in enumerate(axes):
        whole = np.eye(3)
        for other, turn in enumerate(turns):
            moved = turn @ cross[k] if other == place else turn
            whole = moved @ whole if form.islower() else whole @ moved
        found.append(whole)
    return np.stack(found)
