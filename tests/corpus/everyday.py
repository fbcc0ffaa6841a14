"""Programs as anyone writes them, each of which went wrong, or was refused, before it was asked for."""

import numpy as np

from case import Case, mat, num, takes, vec


def attention_in_place(A):
    q, k, v = A, A.T, A * 2
    s = q @ k.T / np.sqrt(k.shape[-1])
    s -= s.max(axis=-1, keepdims=True)
    p = np.exp(s)
    p /= p.sum(axis=-1, keepdims=True)
    out = (p * np.tril(np.ones((3, 3)))) @ v
    return np.mean(out**2)


def roots_in_place(A, x):
    p = np.exp(A.T @ A / 3)
    np.sqrt(p, out=p)
    p *= p @ x
    p **= 3.0
    return np.sum(p) * 1e-3


# the shortest way to write it down
ACTIVATIONS = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "id": lambda z: z, "of": lambda c: lambda z: z * c}  # fmt: skip


def by_a_table_of_lambdas(x, a):
    for name in ("tanh", "id", "relu"):
        x = ACTIVATIONS[name](a * x)
    return ACTIVATIONS["of"](a)(x)


CASES = [
    Case(attention_in_place, takes(mat(3, 3))),
    Case(roots_in_place, takes(mat(3, 3), vec(3))),
    Case(by_a_table_of_lambdas, takes(vec(4), num())),
]
