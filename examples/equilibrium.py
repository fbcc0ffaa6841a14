"""A network of one layer that is applied until nothing changes: a deep equilibrium.

The state solves ``z = tanh(W z + U x + b)``. Its derivative is that of this equation, by one linear solve, not of the
steps that found it (Bai, Kolter & Koltun, "Deep equilibrium models", 2019).

    python examples/equilibrium.py [PICTURE.png]
"""

import sys

import numpy as np

import tangent_like as tl

WIDTH = 12


def misfit(W: np.ndarray, U: np.ndarray, v: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """The mean square error of ``v @ z``, where ``z`` is the equilibrium for each point of ``x``."""
    drive = np.outer(U[0], x) + U[1][:, None]
    z = tl.fixed_point(lambda z: np.tanh(W @ z + drive), np.zeros((len(U[0]), len(x))))
    return np.mean((v @ z - y) ** 2)


def main() -> None:
    rng = np.random.default_rng(0)
    x = np.linspace(-2, 2, 40)
    y = np.sin(2 * x) * np.exp(-0.3 * x**2)
    W = 0.3 * rng.normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH)
    U, v = rng.normal(size=(2, WIDTH)), 0.3 * rng.normal(size=WIDTH)
    derivative = tl.value_and_grad(misfit, ("W", "U", "v"))
    losses, momenta = [], [np.zeros_like(p) for p in (W, U, v)]
    for _ in range(150):
        loss, bars = derivative(W, U, v, x, y)
        losses.append(loss)
        for p, m, bar in zip((W, U, v), momenta, bars, strict=True):
            m *= 0.9
            m -= 0.03 * bar
            p += m
        W *= min(1.0, 0.95 / np.linalg.norm(W, 2))  # a contraction: there is one equilibrium, and it is found
    print(f"mean square error: {losses[0]:.4f} -> {losses[-1]:.4f} (of the target itself: {np.mean(y**2):.4f})")
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        drive = np.outer(U[0], x) + U[1][:, None]
        z = tl.fixed_point(lambda z: np.tanh(W @ z + drive), np.zeros((WIDTH, len(x))))
        figure = Figure(figsize=(8, 3), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.semilogy(losses)
        left.set(xlabel="step", ylabel="mean square error")
        right.plot(x, y, "o", label="target")
        right.plot(x, v @ z, label="equilibrium network")
        right.legend()
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
