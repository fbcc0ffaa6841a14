"""Learn the learning rates: the gradient of a validation loss through 100 steps of training with momentum.

The schedule has one rate a step. Its gradient runs back through all steps, the gradients in them included (Maclaurin,
Duvenaud & Adams, "Gradient-based hyperparameter optimization through reversible learning", 2015).

    python examples/learning_rates.py [PICTURE.png]
"""

import sys

import numpy as np

STEPS = 100
MOMENTUM = 0.9


def after_training(log_rates: np.ndarray, X: np.ndarray, y: np.ndarray, X_new: np.ndarray, y_new: np.ndarray) -> float:
    """The loss on new data of a logistic regression that was trained by the given rates, one a step."""
    w = np.zeros(X.shape[1])
    velocity = np.zeros(X.shape[1])
    for k in range(len(log_rates)):
        p = 1 / (1 + np.exp(-(X @ w)))
        slope = X.T @ (p - y) / len(y)
        velocity = MOMENTUM * velocity - slope
        w = w + np.exp(log_rates[k]) * velocity
    z = X_new @ w
    return np.mean(np.logaddexp(0.0, z) - y_new * z)


def data(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    X = rng.normal(size=(count, 8)) * np.logspace(0, -1.5, 8)
    return X, (X @ np.logspace(0, 2, 8) + rng.normal(size=count) > 0).astype(float)


def main() -> None:
    import tangent_like as tl

    rng = np.random.default_rng(0)
    X, y = data(rng, 200)
    X_new, y_new = data(rng, 200)
    rates = np.full(STEPS, -3.0)
    derivative = tl.value_and_grad(after_training)
    losses = []
    for _ in range(60):
        loss, slope = derivative(rates, X, y, X_new, y_new)
        losses.append(loss)
        rates -= 0.2 * slope / (np.linalg.norm(slope) + 1e-12) * np.sqrt(STEPS) / 3
    print(f"loss on new data, by the constant rate {np.exp(-3.0):.3f}: {losses[0]:.4f}")
    print(f"by the schedule that was learnt: {losses[-1]:.4f}")
    print("rates:", " ".join(f"{r:.3f}" for r in np.exp(rates[:: STEPS // 10])))
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 3), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(losses)
        left.set(xlabel="meta step", ylabel="loss on new data")
        right.semilogy(np.exp(rates))
        right.set(xlabel="step", ylabel="learning rate")
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
