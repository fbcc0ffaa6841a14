"""Fit a mixture of Gaussians to 1,000 points in the plane.

The objective has the form that the benchmark ADBench gave it: weights by a softmax of `alphas`,
and of each inverse covariance its triangular factor Q, of which `icf` holds the logarithms of the
diagonal first and then the entries below it, column by column. Any values of the parameters are
allowed, so they can be fitted without constraints. A Wishart prior keeps the covariances sane.

    python examples/gmm.py [PICTURE.png [DATA]]
"""

import math
import sys
from pathlib import Path

import numpy as np


def logsumexp(a: np.ndarray) -> np.ndarray:
    """log(sum(exp(a))) along the last axis, without overflow."""
    top = np.max(a, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(a - top), axis=-1)) + top[..., 0]


def unpack(icf: np.ndarray, d: int) -> np.ndarray:
    """The lower triangular factor Q (d, d) of one component."""
    Q = np.zeros((d, d))
    below = d
    for j in range(d):
        rows = d - j - 1
        Q[j, j] = np.exp(icf[j])
        Q[j + 1 :, j] = icf[below : below + rows]
        below += rows
    return Q


def log_wishart(Q: np.ndarray, log_det: float, gamma: float, m: int) -> float:
    """Log-density of the prior at Q^T Q: Wishart with scale 1 / gamma^2 and p + m + 1 degrees."""
    p = len(Q)
    degrees = p + m + 1
    log_gamma = 0.25 * p * (p - 1) * math.log(math.pi)
    for j in range(p):
        log_gamma += math.lgamma(0.5 * (degrees - j))
    scale = degrees * p * math.log(gamma / math.sqrt(2))
    return m * log_det - 0.5 * gamma**2 * np.sum(Q**2) + scale - log_gamma


def log_likelihood(
    alphas: np.ndarray,
    means: np.ndarray,
    icf: np.ndarray,
    x: np.ndarray,
    gamma: float = 1.0,
    m: int = 0,
) -> float:
    """Of the points x (n, d), the prior included; alphas (K,), means (K, d), icf (K, d(d+1)/2).

    ADBench subtracts the prior; a density multiplies, so its logarithm is added here. With the
    other sign the value has no upper bound, and there would be nothing to fit.
    """
    n, d = x.shape
    K = len(alphas)
    inner = np.zeros((n, K))
    prior = 0.0
    for k in range(K):
        Q = unpack(icf[k], d)
        log_det = np.sum(icf[k, :d])
        z = (x - means[k]) @ Q.T
        inner[:, k] = alphas[k] + log_det - 0.5 * np.sum(z**2, axis=1)
        prior += log_wishart(Q, log_det, gamma, m)
    constant = -n * d * 0.5 * math.log(2 * math.pi)
    return constant + np.sum(logsumexp(inner)) - n * logsumexp(alphas) + prior


def read(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float, int]:
    """alphas, means, icf, x, gamma, m from a file in ADBench's layout."""
    words = iter(path.read_text().split())

    def take(*shape: int) -> np.ndarray:
        return np.array([float(next(words)) for _ in range(math.prod(shape))]).reshape(shape)

    d, K, n = (int(next(words)) for _ in range(3))
    alphas, means, icf, x = take(K), take(K, d), take(K, d * (d + 1) // 2), take(n, d)
    return alphas, means, icf, x, float(next(words)), int(next(words))


def main() -> None:
    from scipy.optimize import minimize

    import tangent_like as tl

    path = Path(__file__).parent / "data" / "gmm_d2_K5.txt"
    alphas, means, icf, x, gamma, m = read(Path(sys.argv[2]) if sys.argv[2:] else path)
    value_and_grad = tl.value_and_grad(log_likelihood, argnums=("alphas", "means", "icf"))
    ends = np.cumsum([alphas.size, means.size])

    def split(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        a, b, c = np.split(theta, ends)
        return a, b.reshape(means.shape), c.reshape(icf.shape)

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        value, bars = value_and_grad(*split(theta), x, gamma, m)
        return -value, -np.concatenate([bar.ravel() for bar in bars])

    start = np.concatenate([alphas.ravel(), means.ravel(), icf.ravel()])
    before = -objective(start)[0]
    fit = minimize(
        objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000, "maxfun": 2000}
    )

    alphas, means, icf = split(fit.x)
    print(f"log-likelihood {before:.2f} -> {-fit.fun:.2f} in {fit.nit} iterations")
    weights = np.exp(alphas - logsumexp(alphas))
    for k in np.argsort(-weights):
        print(f"weight {weights[k]:.3f}  mean {np.array2string(means[k], precision=3, sign=' ')}")
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(4, 4), layout="constrained")
        axes = figure.add_subplot()
        axes.plot(*x[:, :2].T, ".", color="gray", markersize=2)
        circle = np.stack([np.cos(np.linspace(0, 7, 90)), np.sin(np.linspace(0, 7, 90))])
        for k in np.flatnonzero(weights > 0.01):  # Q turns what is around a mean into a circle
            Q = unpack(icf[k], x.shape[1])
            edge = means[k][:, None] + 2 * np.linalg.solve(Q, np.eye(len(Q))[:, :2] @ circle)
            axes.plot(*edge[:2], label=f"{weights[k]:.2f}")
        axes.legend(title="weight")
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
