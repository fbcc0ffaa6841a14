"""Hand tracking: a skinned model of a hand, posed by 26 numbers, against measured points."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

FINGERS = 5


class Model(NamedTuple):
    parents: np.ndarray  # (B,), -1 for none
    base_relatives: np.ndarray  # (B, 4, 4)
    inverse_base_absolutes: np.ndarray  # (B, 4, 4)
    base_positions: np.ndarray  # (V, 4), homogeneous
    weights: np.ndarray  # (B, V)
    triangles: np.ndarray  # (T, 3)


class Instance(NamedTuple):
    theta: np.ndarray  # (26,)
    us: np.ndarray  # (P, 2), barycentric coordinates; of the simple problem none
    model: Model
    correspondences: np.ndarray  # (P,): vertices, or triangles
    points: np.ndarray  # (P, 3)


def read_model(folder: Path) -> Model:
    parents, relatives, inverses = [], [], []
    for line in (folder / "bones.txt").read_text().split("\n"):
        if line.strip():
            _, parent, *numbers = line.split(":")
            parents.append(int(parent))
            relatives.append(np.array(numbers[:16], dtype=float).reshape(4, 4))
            inverses.append(np.array(numbers[16:32], dtype=float).reshape(4, 4))
    rows = [line.split(":") for line in (folder / "vertices.txt").read_text().split("\n") if line.strip()]
    positions = np.ones((len(rows), 4))
    weights = np.zeros((len(parents), len(rows)))
    for k, row in enumerate(rows):
        positions[k, :3] = row[:3]
        for j in range(int(row[8])):
            weights[int(row[9 + 2 * j]), k] = row[10 + 2 * j]
    triangles = [line.split(":") for line in (folder / "triangles.txt").read_text().split("\n") if line.strip()]
    return Model(
        np.array(parents),
        np.array(relatives),
        np.array(inverses),
        positions,
        weights,
        np.array(triangles, dtype=int),
    )


def read(path: Path) -> Instance:
    lines = [line.split() for line in path.read_text().split("\n") if line.strip()]
    count = int(lines[0][0])
    measured = lines[1 : count + 1]
    rest = lines[count + 1 :]
    us = np.zeros((0, 2))
    if len(rest[0]) == 2:
        us = np.array(rest[:count], dtype=float)
        rest = rest[count:]
    return Instance(
        np.array([row[0] for row in rest], dtype=float),
        us,
        read_model(path.parent / "model"),
        np.array([row[0] for row in measured], dtype=int),
        np.array([row[1:] for row in measured], dtype=float),
    )


def pose_of(theta: np.ndarray, bones: int) -> np.ndarray:
    """Rotation, scale and shift of the whole, then the angles of each bone."""
    pose = np.zeros((bones + 3, 3))
    pose[0] = theta[:3]
    pose[1] = 1.0
    pose[2] = theta[3:6]
    k, row = 6, 5
    for _ in range(FINGERS):
        for joint in range(2, 5):
            pose[row, 0] = theta[k]
            k += 1
            if joint == 2:
                pose[row, 1] = theta[k]
                k += 1
            row += 1
        row += 1
    return pose


def from_euler_angles(angles: np.ndarray) -> np.ndarray:
    x, y, z = angles[0], angles[2], angles[1]
    cx, sx, cy, sy, cz, sz = np.cos(x), np.sin(x), np.cos(y), np.sin(y), np.cos(z), np.sin(z)
    Rx = np.array([[1.0, 0.0, 0.0], [0.0, cx, -sx], [0.0, sx, cx]])
    Ry = np.array([[cy, 0.0, sy], [0.0, 1.0, 0.0], [-sy, 0.0, cy]])
    Rz = np.array([[cz, -sz, 0.0], [sz, cz, 0.0], [0.0, 0.0, 1.0]])
    return Rz @ Ry @ Rx


def from_angle_axis(axis: np.ndarray) -> np.ndarray:
    norm = np.sqrt(np.sum(axis**2))
    if norm < 0.0001:
        return np.eye(3)
    x, y, z = axis / norm
    s, c = np.sin(norm), np.cos(norm)
    return np.array(
        [
            [x * x + (1 - x * x) * c, x * y * (1 - c) - z * s, x * z * (1 - c) + y * s],
            [x * y * (1 - c) + z * s, y * y + (1 - y * y) * c, y * z * (1 - c) - x * s],
            [x * z * (1 - c) - y * s, z * y * (1 - c) + x * s, z * z + (1 - z * z) * c],
        ]
    )


def vertices(
    theta: np.ndarray,
    parents: np.ndarray,
    base_relatives: np.ndarray,
    inverse_base_absolutes: np.ndarray,
    base_positions: np.ndarray,
    weights: np.ndarray,
) -> np.ndarray:
    """The positions of the vertices in this pose, of shape (V, 3)."""
    bones = len(parents)
    pose = pose_of(theta, bones)
    absolutes = np.zeros((bones, 4, 4))
    positions = np.zeros((len(base_positions), 3))
    for i in range(bones):
        turn = np.eye(4)
        turn[:3, :3] = from_euler_angles(pose[i + 3])
        relative = base_relatives[i] @ turn
        if parents[i] == -1:
            absolutes[i] = relative
        else:
            absolutes[i] = absolutes[parents[i]] @ relative
        transform = absolutes[i] @ inverse_base_absolutes[i]
        positions += weights[i][:, None] * (base_positions @ transform[:3].T)
    R = from_angle_axis(pose[0]) * pose[1]
    return positions @ R.T + pose[2]


def simple(
    theta: np.ndarray,
    parents: np.ndarray,
    base_relatives: np.ndarray,
    inverse_base_absolutes: np.ndarray,
    base_positions: np.ndarray,
    weights: np.ndarray,
    correspondences: np.ndarray,
    points: np.ndarray,
) -> np.ndarray:
    """Points less the vertices that they correspond to, of shape (P, 3)."""
    found = vertices(theta, parents, base_relatives, inverse_base_absolutes, base_positions, weights)
    return points - found[correspondences]


def complicated(
    us: np.ndarray,
    theta: np.ndarray,
    parents: np.ndarray,
    base_relatives: np.ndarray,
    inverse_base_absolutes: np.ndarray,
    base_positions: np.ndarray,
    weights: np.ndarray,
    triangles: np.ndarray,
    correspondences: np.ndarray,
    points: np.ndarray,
) -> np.ndarray:
    """Points less places within the triangles that they correspond to, of shape (P, 3)."""
    found = vertices(theta, parents, base_relatives, inverse_base_absolutes, base_positions, weights)
    corners = triangles[correspondences]
    u, v = us[:, :1], us[:, 1:]
    place = u * found[corners[:, 0]] + v * found[corners[:, 1]] + (1 - u - v) * found[corners[:, 2]]
    return points - place
