"""A network, and a recurrent one through time: the next step of a signal from its past.

The network sees the last samples at once. The recurrent one sees one sample after the other, and its loss sums over all
of them: the gradient runs back through time (Rumelhart, Hinton & Williams 1986; Werbos 1990).

    python examples/networks.py [PICTURE.png]
"""

import sys
from collections.abc import Callable

import numpy as np

import tangent_like as tl

WINDOW, WIDTH = 8, 16


def network(V: np.ndarray, b: np.ndarray, w: np.ndarray, past: np.ndarray) -> np.ndarray:
    """The next samples by the last ones, a row of ``past`` each."""
    return np.tanh(past @ V + b) @ w


def misfit(V: np.ndarray, b: np.ndarray, w: np.ndarray, past: np.ndarray, following: np.ndarray) -> float:
    return np.mean((network(V, b, w, past) - following) ** 2)


def through_time(W: np.ndarray, u: np.ndarray, b: np.ndarray, v: np.ndarray, signal: np.ndarray) -> float:
    """The mean square error of predicting each sample from those before it."""
    h = np.zeros_like(b)
    total = 0.0
    for t in range(len(signal) - 1):
        h = np.tanh(W @ h + u * signal[t] + b)
        total += (v @ h - signal[t + 1]) ** 2
    return total / (len(signal) - 1)


def train(
    derivative: Callable[..., tuple[float, tuple[np.ndarray, ...]]],
    params: list[np.ndarray],
    data: tuple[np.ndarray, ...],
    steps: int,
    rate: float,
) -> list[float]:
    """Adam (Kingma & Ba 2015): changes ``params``, and returns the losses."""
    losses, means, squares = [], [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    for step in range(1, steps + 1):
        value, bars = derivative(*params, *data)
        losses.append(value)
        for p, m, s, bar in zip(params, means, squares, bars, strict=True):
            m += 0.1 * (bar - m)
            s += 0.001 * (bar**2 - s)
            p -= rate * (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.999**step)) + 1e-8)
    return losses


def main() -> None:
    rng = np.random.default_rng(0)
    t = np.arange(200.0)
    signal = 0.5 * np.sin(0.2 * t) + 0.4 * np.sin(0.53 * t) + 0.02 * rng.normal(size=len(t))
    past = np.lib.stride_tricks.sliding_window_view(signal, WINDOW)[:-1].copy()
    layers = [0.3 * rng.normal(size=(WINDOW, WIDTH)), np.zeros(WIDTH), 0.3 * rng.normal(size=WIDTH)]
    at_once = train(tl.value_and_grad(misfit, ("V", "b", "w")), layers, (past, signal[WINDOW:]), 400, 0.01)
    cells = [0.9 * np.linalg.qr(rng.normal(size=(WIDTH, WIDTH)))[0], 0.5 * rng.normal(size=WIDTH), np.zeros(WIDTH)]
    cells.append(0.1 * rng.normal(size=WIDTH))
    in_time = train(tl.value_and_grad(through_time, ("W", "u", "b", "v")), cells, (signal,), 400, 0.01)
    print(f"mean square error of the network:   {at_once[0]:.4f} -> {at_once[-1]:.5f}")
    print(f"mean square error of the recurrent: {in_time[0]:.4f} -> {in_time[-1]:.5f}")
    if sys.argv[1:]:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 3), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.semilogy(at_once, label="network")
        left.semilogy(in_time, label="recurrent")
        left.set(xlabel="step", ylabel="mean square error")
        left.legend()
        right.plot(t[WINDOW:], signal[WINDOW:], ".", label="signal")
        right.plot(t[WINDOW:], network(*layers, past), label="network, one sample ahead")
        right.legend()
        figure.savefig(sys.argv[1])


if __name__ == "__main__":
    main()
