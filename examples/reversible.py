"""A residual network that can be taken back: its memory does not depend on its depth.

Each block changes one half of the state by a function of the other half, so that what went in can be computed from what
comes out (Gomez et al., "The reversible residual network", 2017). The gradient recomputes the states and keeps none.

    python examples/reversible.py [PICTURE.png]
"""

import sys
import tracemalloc

import numpy as np

import tangent_like as tl

WIDTH, DEPTH = 4, 24


@tl.reversible
def block(a: np.ndarray, b: np.ndarray, F: np.ndarray, G: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a = a + np.tanh(F @ b)
    b = b + np.tanh(G @ a)
    return a, b


def score(F: np.ndarray, G: np.ndarray, E: np.ndarray, v: np.ndarray, points: np.ndarray) -> np.ndarray:
    """More than 0 for one class of points (a column each), less for the other."""
    a = E @ points
    b = np.ones_like(a)
    for k in range(len(F)):
        a, b = block(a, b, F[k], G[k])
    return v @ a


def loss(
    F: np.ndarray, G: np.ndarray, E: np.ndarray, v: np.ndarray, points: np.ndarray, signs: np.ndarray
) -> float:
    """The mean logistic loss; ``signs`` are 1 and -1."""
    return np.mean(np.logaddexp(0.0, -signs * score(F, G, E, v, points)))


def spirals(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    angle = np.linspace(0.4, 2.2 * np.pi, n)
    arm = np.stack([angle * np.cos(angle), angle * np.sin(angle)]) / 4
    points = np.hstack([arm, -arm]) + 0.04 * rng.normal(size=(2, 2 * n))
    return points, np.repeat([1.0, -1.0], n)


def peak(depth: int, points: np.ndarray, signs: np.ndarray) -> float:
    """The megabytes that a gradient takes at its peak, through so many blocks whose weights stay."""
    F, G = 0.1 * np.ones((2, depth, WIDTH, WIDTH))
    E, v = np.ones((WIDTH, 2)), np.ones(WIDTH)
    derivative = tl.grad(loss, ("E", "v"))
    derivative(F, G, E, v, points, signs)
    tracemalloc.start()
    derivative(F, G, E, v, points, signs)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def main() -> None:
    rng = np.random.default_rng(1)
    points, signs = spirals(rng, 100)
    params = [0.3 * rng.normal(size=(DEPTH, WIDTH, WIDTH)) for _ in range(2)]
    params += [rng.normal(size=(WIDTH, 2)), 0.3 * rng.normal(size=WIDTH)]
    tl.check_reversible(loss, *params, points, signs)
    derivative = tl.value_and_grad(loss, ("F", "G", "E", "v"))
    losses, means, squares = [], [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    for step in range(1, 401):  # Adam (Kingma & Ba 2015)
        value, bars = derivative(*params, points, signs)
        losses.append(value)
        for p, m, s, bar in zip(params, means, squares, bars, strict=True):
            m += 0.1 * (bar - m)
            s += 0.001 * (bar**2 - s)
            p -= 0.02 * (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.999**step)) + 1e-8)
    right_ones = np.mean(np.sign(score(*params, points)) == signs)
    depths = (8, 32, 128, 512)
    memory = [peak(d, points, signs) for d in depths]
    print(f"logistic loss: {losses[0]:.3f} -> {losses[-1]:.3f}, {right_ones:.0%} of the points on their side")
    print(f"peak memory of a gradient: {memory[0]:.2f} MB for {depths[0]} blocks, {memory[-1]:.2f} MB for {depths[-1]}")
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        x, y = np.meshgrid(np.linspace(-2, 2, 80), np.linspace(-2, 2, 80))
        z = score(*params, np.stack([x.ravel(), y.ravel()]))
        figure = Figure(figsize=(8, 3.5), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.contourf(x, y, np.tanh(z.reshape(x.shape)), 20, cmap="RdBu")
        left.scatter(*points, c=signs, cmap="RdBu", edgecolors="k", s=12)
        right.semilogx(depths, memory, "o-")
        right.set(xlabel="blocks", ylabel="peak memory, MB", ylim=(0, 2 * max(memory)))
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
