"""Learn a differential equation from a trajectory: the right-hand side is a small network.

The steps are those of Runge and Kutta; the gradient is that of the numbers that they give (Chen et al., "Neural
ordinary differential equations", 2018, with the discrete adjoint).

    python examples/neural_ode.py [PICTURE.png]
"""

import sys

import numpy as np

import tangent_like as tl

HIDDEN = 16


def rate(y: np.ndarray, _: float, A: np.ndarray, b: np.ndarray, B: np.ndarray) -> np.ndarray:
    return B @ np.tanh(A @ y**3 + b)


def misfit(A: np.ndarray, b: np.ndarray, B: np.ndarray, start: np.ndarray, t: np.ndarray, seen: np.ndarray) -> float:
    """The mean square distance between what was seen and the solution from ``start``."""
    ys = tl.odeint(rate, start, t, A, b, B, method="rk4", steps=2)
    return np.mean((ys - seen) ** 2)


def spiral(t: np.ndarray) -> np.ndarray:
    return tl.odeint(lambda y, _: np.array([[-0.1, 2.0], [-2.0, -0.1]]) @ y**3, np.array([2.0, 0.0]), t, steps=20)


def main() -> None:
    from scipy.optimize import minimize

    rng = np.random.default_rng(0)
    t = np.linspace(0.0, 1.5, 16)
    seen = spiral(t)
    shapes = ((HIDDEN, 2), (HIDDEN,), (2, HIDDEN))
    sizes = np.cumsum([int(np.prod(s)) for s in shapes])[:-1]
    derivative = tl.value_and_grad(misfit, ("A", "b", "B"))

    def apart(flat: np.ndarray) -> list[np.ndarray]:
        return [p.reshape(s) for p, s in zip(np.split(flat, sizes), shapes, strict=True)]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        value, bars = derivative(*apart(flat), seen[0], t, seen)
        return value, np.concatenate([bar.ravel() for bar in bars])

    begin = np.concatenate([0.2 * rng.normal(size=s).ravel() for s in shapes])
    fit = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    print(f"mean square distance: {loss(begin)[0]:.4f} -> {fit.fun:.6f} in {fit.nit} iterations")
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        found = tl.odeint(rate, seen[0], t, *apart(fit.x), steps=2)
        figure = Figure(figsize=(4, 4), layout="constrained")
        axes = figure.add_subplot()
        axes.plot(*seen.T, "o", label="seen")
        axes.plot(*found.T, label="learnt")
        axes.legend()
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
