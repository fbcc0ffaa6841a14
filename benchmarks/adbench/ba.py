"""Bundle adjustment: reprojection errors of points in cameras with radial distortion, and weights."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Instance(NamedTuple):
    cameras: np.ndarray  # (N, 11): rotation (3), center (3), focal length, principal point (2), distortion (2)
    points: np.ndarray  # (M, 3)
    weights: np.ndarray  # (P,)
    observations: np.ndarray  # (P, 2): camera and point
    features: np.ndarray  # (P, 2)


def read(path: Path) -> Instance:
    """The file has one camera, point, weight and feature: all are the same, and observed in turn."""
    tokens = path.read_text().split()
    n, m, p = map(int, tokens[:3])
    numbers = np.array(tokens[3:], dtype=float)
    camera, point, weight, feature = np.split(numbers, [11, 14, 15])
    turn = np.arange(p)
    return Instance(
        np.tile(camera, (n, 1)),
        np.tile(point, (m, 1)),
        np.full(p, weight[0]),
        np.stack([turn % n, turn % m], axis=1),
        np.tile(feature, (p, 1)),
    )


def rotated(rotation: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Rodrigues' formula: ``x`` turned about ``rotation`` by its length."""
    square = np.sum(rotation * rotation)
    if square == 0.0:
        return x + np.cross(rotation, x)
    theta = math.sqrt(square)
    c, s = math.cos(theta), math.sin(theta)
    w = rotation / theta
    return c * x + s * np.cross(w, x) + (1 - c) * np.dot(w, x) * w


def projected(camera: np.ndarray, point: np.ndarray) -> np.ndarray:
    seen = rotated(camera[:3], point - camera[3:6])
    p = seen[:2] / seen[2]
    r = np.sum(p * p)
    return camera[6] * (1 + camera[9] * r + camera[10] * r * r) * p + camera[7:9]


def residual(camera: np.ndarray, point: np.ndarray, weight: float, feature: np.ndarray) -> np.ndarray:
    """Of one observation: the weighted error of reprojection (2), and how far the weight is from 1."""
    error = weight * (projected(camera, point) - feature)
    return np.array([error[0], error[1], 1 - weight * weight])


def residuals(
    cameras: np.ndarray, points: np.ndarray, weights: np.ndarray, observations: np.ndarray, features: np.ndarray
) -> np.ndarray:
    """Of all observations at once, of shape (P, 3): what SciPy's least_squares takes."""
    camera = cameras[observations[:, 0]]
    x = points[observations[:, 1]] - camera[:, 3:6]
    rotation = camera[:, :3]
    theta = np.sqrt(np.sum(rotation * rotation, axis=1))[:, None]
    w = rotation / theta
    along = np.sum(w * x, axis=1)[:, None]
    seen = np.cos(theta) * x + np.sin(theta) * np.cross(w, x) + (1 - np.cos(theta)) * along * w
    p = seen[:, :2] / seen[:, 2:]
    r = np.sum(p * p, axis=1)[:, None]
    q = camera[:, 6:7] * (1 + camera[:, 9:10] * r + camera[:, 10:11] * r * r) * p + camera[:, 7:9]
    error = weights[:, None] * (q - features)
    return np.concatenate([error, (1 - weights * weights)[:, None]], axis=1)
