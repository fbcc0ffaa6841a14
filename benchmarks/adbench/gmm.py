"""The log likelihood of a Gaussian mixture with a Wishart prior on the precisions."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Instance(NamedTuple):
    alphas: np.ndarray  # (K,) logarithms of the weights, unnormalized
    means: np.ndarray  # (K, D)
    icf: np.ndarray  # (K, D (D + 1) / 2): logarithms of diagonals, then what is below them, column by column
    x: np.ndarray  # (N, D)
    gamma: float
    m: int


def read(path: Path) -> Instance:
    tokens = path.read_text().split()
    d, k, n = map(int, tokens[:3])
    numbers = np.array(tokens[3:], dtype=float)
    packed = d * (d + 1) // 2
    alphas, means, icf, x, prior = np.split(numbers, np.cumsum([k, k * d, k * packed, n * d]))
    return Instance(
        alphas, means.reshape(k, d), icf.reshape(k, packed), x.reshape(n, d), float(prior[0]), int(prior[1])
    )


def log_sum_exp(x: np.ndarray) -> np.ndarray:
    """Along the last axis."""
    top = np.max(x, axis=-1)
    return top + np.log(np.sum(np.exp(x - top[..., None]), axis=-1))


def factors(icf: np.ndarray, d: int) -> np.ndarray:
    """The lower triangular factors of the precisions, of shape (K, D, D)."""
    L = np.zeros((icf.shape[0], d, d))
    start = d
    for i in range(d):
        L[:, i, i] = np.exp(icf[:, i])
        L[:, i + 1 :, i] = icf[:, start : start + d - i - 1]
        start += d - i - 1
    return L


def log_gamma_distribution(a: float, p: int) -> float:
    out = 0.25 * p * (p - 1) * math.log(math.pi)
    for j in range(1, p + 1):
        out += math.lgamma(a + 0.5 * (1 - j))
    return out


def log_wishart_prior(icf: np.ndarray, d: int, gamma: float, m: int) -> float:
    n = d + m + 1
    constant = n * d * (math.log(gamma) - 0.5 * math.log(2)) - log_gamma_distribution(0.5 * n, d)
    squares = np.sum(np.exp(icf[:, :d]) ** 2) + np.sum(icf[:, d:] ** 2)
    return 0.5 * gamma**2 * squares - m * np.sum(icf[:, :d]) - icf.shape[0] * constant


def objective(
    alphas: np.ndarray, means: np.ndarray, icf: np.ndarray, x: np.ndarray, gamma: float, m: int
) -> float:
    n, d = x.shape
    L = factors(icf, d)
    centered = x[:, None, :] - means
    z = np.einsum("kij,nkj->nki", L, centered)
    terms = alphas + np.sum(icf[:, :d], axis=1) - 0.5 * np.sum(z**2, axis=2)
    likelihood = np.sum(log_sum_exp(terms)) - n * log_sum_exp(alphas) - 0.5 * n * d * math.log(2 * math.pi)
    return likelihood + log_wishart_prior(icf, d, gamma, m)


WRT = ("alphas", "means", "icf")
