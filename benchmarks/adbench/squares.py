"""Bundle adjustment and hand tracking as one number: the sum of squares that their residuals are minimized by.

ADBench asks for their Jacobians, which ``adbench_report.py`` measures; this is the gradient, which all rivals have.
"""

import numpy as np

from .ba import residuals
from .hand import simple


def bundle(cameras, points, weights, observations, features):
    return np.sum(residuals(cameras, points, weights, observations, features) ** 2)


def tracked(theta, parents, base_relatives, inverse_base_absolutes, base_positions, weights, correspondences, points):
    found = simple(
        theta, parents, base_relatives, inverse_base_absolutes, base_positions, weights, correspondences, points
    )
    return np.sum(found**2)
