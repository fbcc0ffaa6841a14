"""Softmaxes that loops make, and what is taken of them: one entry, all of them, on some paths."""

import math

import numpy as np

from case import Case, array, listed, num, wholes

CASES: list[Case] = []
case = listed(CASES)


@case(array(4), 2)
def of_one_label(z, k):
    p = np.exp(z) / np.sum(np.exp(z))
    return -np.log(p[k])


@case(array(4), -1)
def of_the_last_label(z, k):
    e = np.exp(z - np.max(z))
    p = e / e.sum()
    return 0.3 - 2.0 * np.log(p[k])


@case(array(4, 3), array(5, 3), wholes(5, 0, 4), array(4))
def label_by_label(W, X, ys, b):
    loss = 0.0
    for t in range(len(X)):
        z = W @ X[t] + b
        e = np.exp(z - np.max(z))
        p = e / e.sum()
        loss = loss - np.log(p[ys[t]])
    return loss / len(X)


@case(array(3, 3), array(2, 3), array(3), wholes(5, 0, 2))
def letter_by_letter(W, V, b, ys):
    h = np.zeros(3)
    loss = 0.0
    for t in range(len(ys)):
        h = np.tanh(W @ h + b)
        o = V @ h
        p = np.exp(o) / np.sum(np.exp(o))
        loss -= np.log(p[ys[t]])
    return loss


@case(array(3, 3), array(2, 3), array(3), wholes(5, 0, 2))
def read_twice(W, V, b, ys):
    h = b
    loss = 0.0
    for t in range(len(ys)):
        h = np.tanh(W @ h + b)
        e = np.exp(V @ h)
        p = e / np.sum(e)
        loss -= np.log(p[ys[t]]) * p[0]
        loss += np.sum(e) * 0.1 + p[ys[t]] ** 2
    return loss


@case(array(4, 3), array(3))
def written_afterwards(W, b):
    # what is kept is no quotient any more when it is kept
    total = 0.0
    for t in range(len(W)):
        e = np.exp(W[t] + b)
        p = e / np.sum(e)
        p[0] = 0.5 * p[1]
        q = p * e
        total += np.log(p[2]) + np.sum(q * q)
    return total


@case(array(4, 3), array(3))
def divided_by_another(W, b):
    total = 0.0
    e = np.exp(b)
    for t in range(len(W)):
        p = e / np.sum(e)
        e = np.exp(W[t] + p)
        total += np.log(p[1]) + np.sum(p * e)
    return total


@case(array(5, 3), array(3), num())
def left_on_the_way(W, b, most):
    total = 0.0
    for t in range(len(W)):
        e = np.exp(W[t] * b)
        c = np.sum(e)
        p = e / c
        if t == 3 and p[0] > p[1]:
            total += p[1] * most
            break
        total += np.sum(p * W[t])
        b = b + 0.1 * p
    return total


@case(array(4, 4), array(4, 4), array(5, 4), 2)
def two_heads(A, B, X, n):
    d = 4 // n
    Q, K = X @ A, X @ B
    out = np.zeros_like(Q)
    for h in range(n):
        s = slice(h * d, (h + 1) * d)
        S = Q[:, s] @ K[:, s].T / math.sqrt(d)
        E = np.exp(S - np.max(S, axis=1, keepdims=True))
        P = E / np.sum(E, axis=1, keepdims=True)
        out[:, s] = P @ X[:, s]
    return np.sum(out**2)


@case(array(4, 6), array(6, 6), array(6, 6), 2)
def heads_at_once(X, A, B, n):
    T, D = X.shape
    q = (X @ A).reshape(T, n, D // n).transpose(1, 0, 2)
    k = np.transpose((X @ B).reshape(T, n, D // n), (1, 2, 0))
    S = q @ k / math.sqrt(D // n)
    P = np.exp(S - S.max(-1, keepdims=True))
    P /= P.sum(-1, keepdims=True)
    o = (P @ q).transpose(1, 0, -1).reshape(T, D)
    return np.sum(o**2)
