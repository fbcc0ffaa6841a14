"""Bundle adjustment: cameras and points from pictures, with a sparse Jacobian in SciPy's ``least_squares``.

Every picture of a point depends on one camera and one point, so the Jacobian is almost empty: a few products with it,
as many as its columns need colours, give all of it (Curtis, Powell & Reid 1974; Triggs et al. 2000 on the problem).

    python examples/bundle.py [PICTURE.png]
"""

import sys

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.sparse import csr_matrix

import tangent_like as tl


def rotated(r: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Rows of ``X`` turned about those of ``r``, by their length (Rodrigues)."""
    angle = np.sqrt(np.sum(r**2, axis=1, keepdims=True) + 1e-20)
    axis = r / angle
    along = np.sum(axis * X, axis=1, keepdims=True)
    return np.cos(angle) * X + np.sin(angle) * np.cross(axis, X) + (1 - np.cos(angle)) * along * axis


def residuals(
    p: np.ndarray, n: int, camera: NDArray[np.int64], point: NDArray[np.int64], pixels: np.ndarray
) -> np.ndarray:
    """Where the pictures would be, less where they are. ``p``: rotation and place of ``n`` cameras, then the points."""
    poses = p[: 6 * n].reshape(n, 6)
    X = p[6 * n :].reshape(-1, 3)
    local = rotated(poses[camera, :3], X[point]) + poses[camera, 3:]
    return (local[:, :2] / local[:, 2:] - pixels).ravel()


def error(p: np.ndarray, n: int, camera: NDArray[np.int64], point: NDArray[np.int64], pixels: np.ndarray) -> float:
    """Half the sum of the squares."""
    return 0.5 * np.sum(residuals(p, n, camera, point, pixels) ** 2)


def pattern(n: int, camera: NDArray[np.int64], point: NDArray[np.int64], size: int) -> csr_matrix:
    """Which residual depends on which number: on the six of its camera, and the three of its point."""
    columns = np.hstack([6 * camera[:, None] + np.arange(6), 6 * n + 3 * point[:, None] + np.arange(3)])
    columns = np.repeat(columns, 2, axis=0)
    rows = np.repeat(np.arange(len(columns)), 9)
    return csr_matrix((np.ones(rows.size), (rows, columns.ravel())), shape=(len(columns), size))


def main() -> None:
    rng = np.random.default_rng(0)
    n, m = 8, 150
    poses = np.hstack([0.3 * rng.normal(size=(n, 3)), 0.3 * rng.normal(size=(n, 3)) + np.array([0.0, 0.0, 6.0])])
    X = rng.uniform(-1.5, 1.5, size=(m, 3))
    camera, point = (a.ravel() for a in np.meshgrid(np.arange(n), np.arange(m), indexing="ij"))
    there = rng.random(camera.size) < 0.6  # not every camera sees every point
    camera, point = camera[there], point[there]
    truth = np.concatenate([poses.ravel(), X.ravel()])
    pixels = residuals(truth, n, camera, point, np.zeros((len(camera), 2))).reshape(-1, 2)
    pixels += 0.001 * rng.normal(size=pixels.shape)
    start = truth + 0.05 * rng.normal(size=truth.shape)
    jacobian = tl.jacobian(residuals, sparsity=pattern(n, camera, point, truth.size))
    args = (n, camera, point, pixels)
    found = least_squares(residuals, start, jac=jacobian, args=args, x_scale="jac", method="trf", max_nfev=40)
    J = jacobian(found.x, *args)
    before, after = (np.sqrt(np.mean(residuals(p, *args) ** 2)) for p in (start, found.x))
    full = J.nnz / np.prod(J.shape)
    print(f"{n} cameras, {m} points, {len(pixels)} pictures: {J.shape[0]} x {J.shape[1]}, {full:.1%} full")
    print(f"root mean square error: {before:.4f} -> {after:.5f} (noise: 0.001), {found.njev} Jacobians")
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 3.5), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.spy(J, markersize=0.3, aspect="auto")
        left.set_title("the Jacobian")
        for p, name in ((start, "begin"), (found.x, "end")):
            shown = (residuals(p, *args).reshape(-1, 2) + pixels)[camera == 0]
            right.plot(*shown.T, "." if name == "end" else "x", label=name)
        right.plot(*pixels[camera == 0].T, "o", mfc="none", label="picture")
        right.legend()
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
