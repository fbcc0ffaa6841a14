"""The loss of a character-wise recurrent network with diagonal gates."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np


class Instance(NamedTuple):
    main: np.ndarray  # (2 L, 4 B): weights and biases, layer by layer
    extra: np.ndarray  # (3, B): into the first layer, out of the last, bias
    state: np.ndarray  # (2 L, B): hidden and cell state, layer by layer
    sequence: np.ndarray  # (C, B)


def read(path: Path) -> Instance:
    tokens = path.read_text().split()
    layers, characters, bits = map(int, tokens[:3])
    numbers = np.array(tokens[3:], dtype=float)
    sizes = [2 * layers * 4 * bits, 3 * bits, 2 * layers * bits]
    main, extra, state, sequence = np.split(numbers, np.cumsum(sizes))
    return Instance(
        main.reshape(2 * layers, 4 * bits),
        extra.reshape(3, bits),
        state.reshape(2 * layers, bits),
        sequence.reshape(characters, bits),
    )


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def cell_step(
    weight: np.ndarray, bias: np.ndarray, hidden: np.ndarray, cell: np.ndarray, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    n = len(hidden)
    forget = sigmoid(x * weight[:n] + bias[:n])
    ingate = sigmoid(hidden * weight[n : 2 * n] + bias[n : 2 * n])
    outgate = sigmoid(x * weight[2 * n : 3 * n] + bias[2 * n : 3 * n])
    change = np.tanh(hidden * weight[3 * n :] + bias[3 * n :])
    cell = cell * forget + ingate * change
    return outgate * np.tanh(cell), cell


def objective(main: np.ndarray, extra: np.ndarray, state: np.ndarray, sequence: np.ndarray) -> float:
    state = state.copy()
    layers = len(main) // 2
    total = 0.0
    for t in range(len(sequence) - 1):
        x = sequence[t] * extra[0]
        for k in range(layers):
            hidden, cell = cell_step(main[2 * k], main[2 * k + 1], state[2 * k], state[2 * k + 1], x)
            state[2 * k] = hidden
            state[2 * k + 1] = cell
            x = hidden
        prediction = x * extra[1] + extra[2]
        normal = prediction - np.log(np.sum(np.exp(prediction)) + 2)
        total += np.sum(sequence[t + 1] * normal)
    return -total / ((len(sequence) - 1) * sequence.shape[1])


WRT = ("main", "extra")
