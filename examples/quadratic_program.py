"""A quadratic program as a layer: what somebody wants is learnt from what they buy.

A buyer chooses the quantities ``x`` that maximize ``w @ x - x @ x / 2`` within a budget, and none of them negative. The
solution fulfils the equations of Karush, Kuhn and Tucker, and is differentiated by them (Amos & Kolter, "OptNet:
differentiable optimization as a layer in neural networks", 2017), not by the steps that found it.

    python examples/quadratic_program.py [PICTURE.png]
"""

import sys

import numpy as np

import tangent_like as tl

BUDGET = 1.0


def conditions(z: np.ndarray, w: np.ndarray, G: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Zero where ``z`` is the solution and the multipliers of ``min x @ x / 2 - w @ x`` where ``G @ x <= h``.

    Of a multiplier and the slack of its condition neither is negative, and one is zero: so ``a + b`` is the length of
    ``(a, b)`` (Fischer 1992).
    """
    n = len(w)
    x, multipliers = z[:n], z[n:]
    slack = h - G @ x
    return np.concatenate([x - w + G.T @ multipliers, multipliers + slack - np.hypot(multipliers, slack)])


def bought(w: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """The quantities: not negative, and within the budget."""
    n = len(w)
    G = np.concatenate([prices[None, :], -np.eye(n)])
    h = np.concatenate([np.array([BUDGET]), np.zeros(n)])
    inside = np.concatenate([0.5 * BUDGET / np.sum(prices) * np.ones(n), np.ones(n + 1)])
    z = tl.root(conditions, inside, w, G, h)
    return z[:n]


def misfit(w: np.ndarray, prices: np.ndarray, seen: np.ndarray) -> float:
    """How far what would be bought at these prices, a row each, is from what was."""
    total = 0.0
    for k in range(len(prices)):
        total += np.sum((bought(w, prices[k]) - seen[k]) ** 2)
    return total


def main() -> None:
    rng = np.random.default_rng(0)
    wanted = np.array([1.2, 0.8, 0.6, 0.3])
    prices = rng.uniform(0.3, 1.5, size=(15, 4))
    seen = np.array([bought(wanted, p) for p in prices])
    w, losses = np.full(4, 0.7), []
    derivative = tl.value_and_grad(misfit)
    for _ in range(60):
        loss, w_bar = derivative(w, prices, seen)
        losses.append(loss)
        w -= 0.04 * w_bar
    print(f"misfit: {losses[0]:.3f} -> {losses[-1]:.1e}; nothing was bought in {np.mean(seen < 1e-6):.0%} of the cases")
    print("wanted:", wanted, "  found:", np.round(w, 3))
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 3), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.semilogy(losses)
        left.set(xlabel="step", ylabel="misfit")
        price = np.linspace(0.2, 2.0, 60)
        others = np.mean(prices, axis=0)
        for k in range(4):
            at = np.array([bought(w, np.where(np.arange(4) == k, p, others))[k] for p in price])
            right.plot(price, at, label=f"good {k + 1}")
        right.set(xlabel="its price", ylabel="quantity")
        right.legend()
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
