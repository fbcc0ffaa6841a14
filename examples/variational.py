"""Fit a posterior by variational inference: a logistic regression whose weights are normal, one mean and width each.

The evidence lower bound is an expectation over the weights. They are drawn as mean + width * noise by
``rng.normal(mean, width)``, and the gradient is that of the numbers that were drawn (Kingma & Welling, 2014).

    python examples/variational.py [PICTURE.png]
"""

import sys

import numpy as np

DRAWS = 8
PRIOR = 3.0  # the width of the prior


def bound(mean: np.ndarray, log_width: np.ndarray, X: np.ndarray, y: np.ndarray, seed: int) -> float:
    """The negative evidence lower bound, estimated by a few draws of the weights."""
    rng = np.random.default_rng(seed)
    width = np.exp(log_width)
    w = rng.normal(mean, width, size=(DRAWS, len(mean)))
    z = w @ X.T
    likelihood = np.sum(y * z - np.logaddexp(0.0, z)) / DRAWS
    # of two normal distributions the divergence is known in closed form
    divergence = np.sum(np.log(PRIOR / width) + (width**2 + mean**2) / (2 * PRIOR**2) - 0.5)
    return divergence - likelihood


def main() -> None:
    import tangent_like as tl

    rng = np.random.default_rng(1)
    truth = np.array([1.5, -2.0, 0.0, 0.7])
    X = rng.normal(size=(150, 4))
    y = (rng.uniform(size=150) < 1 / (1 + np.exp(-(X @ truth)))).astype(float)
    mean, log_width = np.zeros(4), np.full(4, -1.0)
    derivative = tl.value_and_grad(bound, ("mean", "log_width"))
    bounds = []
    for k in range(1500):
        value, (mean_bar, width_bar) = derivative(mean, log_width, X, y, k)
        rate = 0.02 / (1 + k / 150)
        mean -= rate * mean_bar
        log_width -= rate * width_bar
        bounds.append(value)
    print(f"negative bound: {bounds[0]:.1f} -> {np.mean(bounds[-50:]):.1f}")
    for name, row in (("truth", truth), ("mean", mean), ("width", np.exp(log_width))):
        print(f"{name:>6}", " ".join(f"{v:+.2f}" for v in row))
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 3), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(bounds)
        left.set(xlabel="step", ylabel="negative bound")
        right.errorbar(range(4), mean, 2 * np.exp(log_width), fmt="o", label="posterior, two widths")
        right.plot(range(4), truth, "x", label="truth")
        right.legend()
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
