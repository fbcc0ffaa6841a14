"""Newton's method with exact Hessians: forward mode over the gradient's source.

Logistic regression of 20 weights; each step solves with the Hessian that ``tl.hessian`` computes, no differences and no
approximation. The gradient falls quadratically: its digits double from step to step.

    python examples/newton.py [PICTURE.png]
"""

import sys

import numpy as np


def loss(w: np.ndarray, X: np.ndarray, y: np.ndarray, ridge: float = 0.1) -> float:
    """The negative log likelihood, with a ridge."""
    z = X @ w
    return np.sum(np.logaddexp(0.0, z) - y * z) + 0.5 * ridge * np.sum(w**2)


def main() -> None:
    import tangent_like as tl

    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 20))
    y = (X @ rng.normal(size=20) + rng.normal(size=300) > 0).astype(float)
    gradient, hessian = tl.grad(loss), tl.hessian(loss)
    w = np.zeros(20)
    norms = []
    for k in range(9):
        slope = gradient(w, X, y)
        norms.append(float(np.linalg.norm(slope)))
        print(f"step {k}: gradient {norms[-1]:.1e}")
        w = w - np.linalg.solve(hessian(w, X, y), slope)
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(4, 3), layout="constrained")
        axes = figure.add_subplot()
        axes.semilogy(norms, "o-")
        axes.set(xlabel="step", ylabel="norm of the gradient")
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
