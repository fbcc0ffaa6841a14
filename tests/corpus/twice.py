"""What is computed twice: with the same operands, or with others under the same names."""

import math

import numpy as np

from case import Case, listed, mat, num, vec, wholes

CASES: list[Case] = []
case = listed(CASES)


@case(mat(4, 3), vec(3), vec(3))
def layer_norm(x, gamma, beta):
    mu = x.mean(axis=-1, keepdims=True)
    var = ((x - mu) ** 2).mean(axis=-1, keepdims=True)
    return np.sum((gamma * (x - mu) / np.sqrt(var + 1e-5) + beta) ** 3)


@case(vec(5), vec(5))
def rebound_between(x, y):
    a = np.sum((x - y) ** 2)
    x = x * y
    b = np.sum((x - y) ** 2)
    y = y + 1.0
    return a + b + np.sum((x - y) ** 3)


@case(vec(5), vec(5))
def written_between(x, y):
    x = x.copy()
    a = np.sum((x - y) ** 2 * y)
    x[1:3] = y[1:3] * 2.0
    b = np.sum((x - y) ** 2 * y)
    v = x[2:]
    v *= 3.0
    return a + b + np.sum((x - y) ** 2)


@case(vec(5), vec(5))
def written_afterwards(x, y):
    d = x - y
    a = np.sum(np.exp(x - y) * y) + np.sum((x - y) ** 2)
    d += 1.0
    return a + np.sum(d**3)


@case(vec(5), num(0.2, 0.9))
def in_turns(x, w):
    for _ in range(3):
        r = np.sum((x - w) ** 2)
        x = np.tanh((x - w) * r) + (x - w)
        w = w * r / (1.0 + r)
    return np.sum((x - w) ** 2)


@case(vec(5), num(0.2, 0.9))
def in_branches(x, w):
    total = np.sum((x - w) ** 2)
    if w > 0.5:
        total = total + np.sum((x - w) ** 3)
    else:
        total = total - np.sum((x - w) ** 3) * np.sum(np.sin(x - w))
    return total + np.sum(np.sin(x - w) ** 2)


@case(num(0.2, 0.9), num(0.2, 0.9))
def of_numbers(a, b):
    c, s = np.cos(a), np.sin(a)
    m = np.array([[c, -s], [s, c]])
    return np.sum(m * m[0] * b) * math.exp(a * b) + math.exp(a * b) * np.cos(a)


@case(vec(6), vec(6))
def places_twice(x, y):
    i = np.argsort(np.abs(x))
    t = x[i] * (1 - y) + x[i[::-1]] * y
    return np.sum(t * (1 - y) * x[i]) + np.sum((1 - y) ** 2)


@case(vec(5), vec(5))
def both_returned(x, y):
    return np.sum(x * y) + np.sum(np.sin(x * y)), np.sum((x * y) ** 2) * x[0]


@case(vec(5), vec(5))
def of_a_call(x, y):
    return inner(x, y) + inner(x, y) ** 2 + np.sum((x - y) ** 2 / (1.0 + (x - y) ** 2))


def inner(x, y):
    z = np.sum((x - y) ** 2)
    return z * np.sum(np.cos(x - y))


@case(mat(4, 3), mat(3, 3), wholes(4, 0, 3))
def cross_entropy(x, w, y):
    logits = x @ w
    logits = logits - np.max(logits, axis=1, keepdims=True)
    logp = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(y)), y])


@case(mat(4, 3), num())
def picked_of_what_changes(x, w):
    z = x * w
    for k in range(3):
        z = np.tanh(z) + 0.1 * k
        q = z[:, ::2] * w
        x = x + z
    return q[1, 1] + z[2, 0] ** 2 + x[0, 0]


@case(mat(4, 3), vec(4))
def batch_norm(x, g):
    mean = x.mean(axis=0)
    z = (x - mean) / np.sqrt(np.var(x, axis=0) + 0.1)
    s = np.std(x, 0) + np.var(x) * np.std(x, axis=1)[0]
    return np.sum(g @ z) + np.sum(z**2 * s)


@case(vec(5), vec(5), num(), num())
def greater_of_two(x, y, a, b):
    m = np.maximum(x * y, a - y) + np.minimum(x, y * b)
    n = np.maximum(x, a) * np.minimum(b, y)
    return np.sum(m**2) + np.sum(n) + max(a * b, a + b) * min(a, b)


@case(vec(6), vec(3))
def pooled(x, w):
    total = 0.0
    for i in range(0, 6, 2):
        total += max(x[i] * w[i // 2], x[i + 1])
        x[i] = min(x[i], w[0])
    return total + np.sum(x**2)


@case(vec(3), vec(5), vec(5, 0.2, 1.0))
def a_call_in_the_midst(p, t, y):
    loss = 0.0
    for i in range(len(t)):
        m = p[0] * math.exp(-p[1] * t[i]) + p[2] ** 2 + 2.0
        loss += m - y[i] * math.log(m * m)
    return loss


@case(num(0.5, 1.5), num(0.5, 1.5), 4)
def long_arithmetic(y, k, n):
    for _ in range(n):
        z = y
        for _ in range(3):
            g = z - y + 0.1 * k * z * z * z
            z = z - g / (1.0 + 0.3 * k * z * z)
        y = z if z > 0.6 else z + 0.1 / (1.0 + 0.3 * k * z * z)
    return y


@case(vec(3), mat(3, 3))
def written_by_what_is_called(w, A):
    total = 0.0
    for r in A:
        divided(A, r * w)
        total = total + np.sum(r)
    return total


def divided(B, q):
    B /= 2.0 + np.sum((B * q[:, None]) ** 2, axis=1, keepdims=True)


@case(mat(4, 3), vec(3), vec(3))
def standardized_by_columns(x, g, b):
    z = (x - np.mean(x, axis=0)) / (np.std(x, axis=0) + 0.5)
    return np.sum((g * z + b) ** 3)


@case(mat(4, 3), vec(3), vec(3))
def standardized_by_rows(x, g, b):
    z = (x - x.mean(axis=-1, keepdims=True)) / (x.std(axis=-1, keepdims=True) + 0.5)
    return np.sum((g * z + b) ** 3)
