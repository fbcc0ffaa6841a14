"""Values that have names already, the user's among them, where the way back reads the same; next to near misses."""

import numpy as np
from scipy.special import logsumexp

from case import Case, takes, vec


def log_softmax(x, y):
    z = x * y
    logp = z - logsumexp(z)
    return np.sum(np.exp(logp) * logp) + logp[0]


def log_softmax_of_rows(x, y):
    z = np.outer(x, y)
    logp = z - logsumexp(z, axis=1, keepdims=True)
    return np.sum(np.exp(logp) * np.sin(logp))


def bound_anew(x, y):
    z = x * y
    logp = z - logsumexp(z)
    out = np.sum(np.exp(logp) * logp)
    logp = 0.5 * logp
    return out + logp[0] * logp[1]


def written_into(x, y):
    z = x * y
    logp = z - logsumexp(z)
    out = np.sum(np.exp(logp) * logp)
    logp[0] = x[1]
    return out + logp[0] * logp[1]


def both_in_one_line(x, y):
    a = np.sum(x)
    c, s = np.cos(a), np.sin(a)
    return np.sum((c * x + s * y) ** 2) + (1.0 - c) * y[0]


def swapped_in_one_line(x, y):
    c, s = np.cos(x), np.sin(x)
    t = np.sum(c * s)
    c, s = np.cos(s), np.sin(c)
    return t * np.sum(c * s * y)


def newton(x, y):
    E = x
    for _ in range(4):
        E = E - (E - y[0] * np.sin(E) - x) / (3.0 - y[0] * np.cos(E))
    return np.sum(E * y)


def newton_of_numbers(x, y):
    E = x[0]
    for _ in range(4):
        E = E - (E - y[0] * np.sin(E) - x[1]) / (3.0 - y[0] * np.cos(E))
    return E


def written_in_turns(x, y):
    E = x.copy()
    total = 0.0
    for k in range(3):
        c = np.cos(E)
        total += np.sum(c * np.sin(E)) / (3.0 - y[0] * c[k])
        E[k] = E[k] * y[k] * c[0]
    return total + np.sum(E)


def bound_anew_in_turns(x, y):
    E, total = x, 0.0
    for _ in range(3):
        s = np.sin(E)
        c = np.cos(E)
        E = E - y * s / (3.0 - y * c)
        s = np.sin(E) * s
        total = total + np.sum(s * c * np.cos(E))
    return total


def in_nested_turns(x, y):
    E = x
    for _ in range(2):
        for _ in range(2):
            E = E - y * np.sin(E) / (3.0 - y * np.cos(E))
        E = E * np.exp(-E * E)
    return np.sum(E * np.exp(-E * E))


def decayed(x, y):
    u, v = x[0], x[1]
    for k in range(3):
        e = np.exp(-u * y[k])
        v = v * e + np.exp(-u * y[k]) * u
        u = u + 0.1 * v * e
    return u * v


def factored(x, y):
    A, B = np.outer(x, y), np.outer(y, x)
    E = np.sign(A) * (1.0 - np.einsum("ir,jr->ij", A, B))
    return 0.5 * np.sum(E**2) + 0.5 * y[0] * (np.sum(A**2) + np.sum(B**2))


def turned_in_turns(x, y):
    u, v, phi = x[0], x[1], y[0]
    for k in range(3):
        phi = phi + y[k]
        c, s = np.cos(phi), np.sin(phi)
        u, v = c * u - s * v, s * u + c * v
        c = c * 0.5
        u = u * c
    return u * v


def turned_where_written(x, y):
    c, s = np.cos(x), np.sin(x)
    z = c * y
    c[1:] *= y[0]
    s += x
    return np.sum(z * c * s)


def bound_to_its_own(x, y):
    for k in range(2):
        x, y = np.sin(y), np.cos(y) * x
    return np.sum(x * y)


def of_entries_that_are_written(x, y):
    x = x * 1.0
    for k in range(3):
        a, b = np.exp(x[k]), np.cosh(x[k]) * np.exp(x[k])
        x[k] = a * y[k] + b
        x[k + 1] = x[k] * a
    return np.sum(x)


CASES = [
    *(
        Case(f, takes(vec(4), vec(4)), wrt=(0, 1))
        for f in (
            log_softmax, log_softmax_of_rows, bound_anew, written_into, both_in_one_line, swapped_in_one_line, newton,
            newton_of_numbers, written_in_turns, bound_anew_in_turns, in_nested_turns, decayed, factored,
            turned_in_turns, turned_where_written, bound_to_its_own, of_entries_that_are_written,
        )
    ),
]  # fmt: skip
