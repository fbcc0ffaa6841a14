"""Adjoints that are one number, or one a row, of what is summed: spread where that makes a difference."""

import numpy as np

from case import Case, mat, num, takes, vec, whole


def huber(w, x, y, delta):
    r = x @ w - y
    small = np.abs(r) <= delta
    loss = np.where(small, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta))
    return loss.mean()


def mixture(logits, mu, log_sigma, x):
    w = np.exp(logits - np.max(logits))
    w = w / np.sum(w)
    z = (x[:, None] - mu) / np.exp(log_sigma)
    density = w * np.exp(-0.5 * z**2 - log_sigma)
    return -np.mean(np.log(np.sum(density, axis=1)))


def goes_on_by_itself(x, y):
    # the adjoint of p is that of x, too, and has to be an array
    p = x + y * y
    return np.mean(p)


def summed_by_itself(x, b):
    p = x * x + b
    return np.sum(p)


def by_rows(x, b):
    p = x * b
    s = np.sum(p, axis=1)
    return np.sum(s * s)


def by_rows_twice(x, b):
    p = x * b
    q = p * x
    s = np.sum(q, axis=1) * b[0]
    return np.sum(np.sin(s))


def narrow(x, b):
    # of b there is one entry
    p = x * b
    return np.mean(p)


def added_in_place(x, k):
    y = k * x
    s = y * x
    y[1:] += s[:-1]
    q = y * y
    return np.mean(q) + np.sum(s)


def in_turns(x, w):
    total = 0.0
    for row in x:
        e = row * w
        total += np.mean(e) * np.sum(e * e)
        w = w + 0.1 * e
    return total


def of_many(x, w):
    p = np.tanh(x * w)
    q = np.where(p > 0.1, p * w, w)
    return np.sum(q) / q.size + np.mean(p) * np.size(p)


def of_an_item_of_a_list(x, w):
    h = []
    for _ in range(3):
        h.append(x + w)
    c = h[1]
    return np.sum(c)


def of_an_item_that_is_made_of_entries(x, w):
    h = [np.array([w, np.mean(x)]) * (i + 1.58) for i in range(3)]
    c = h[0]
    return np.mean(c) * w


def standard(p, q):
    return (p - np.mean(p)) / (np.std(p) + q)


def of_a_short_function(x, w):
    y = standard(x, w * w + 0.5)
    return np.sum(y) + np.mean(standard(2.0 * x, 0.3)) * w


def on_one_path_spread(x, p, w, k):
    if k > 0:
        w = w * 2
    else:
        p += np.tanh(0.5 * x)
        w /= 1.2 + 0.3 * np.sin(x[-1])
    return np.mean((p + w) * x)


CASES = [
    Case(on_one_path_spread, takes(vec("n"), mat(3, "n"), num(), whole(0, 2)), wrt=(0, 1, 2), seeds=4),
    Case(huber, takes(vec(2), mat(4, 2), vec(4), num(0.4, 0.8)), wrt=(0, 2, 3), seeds=1),
    Case(mixture, takes(vec(3), vec(3), vec(3), vec(4)), wrt=(0, 1, 2, 3), seeds=1),
    Case(goes_on_by_itself, takes(vec(3), vec(3)), wrt=(0, 1), seeds=1),
    Case(summed_by_itself, takes(vec(3), num()), wrt=(0, 1), seeds=1),
    Case(by_rows, takes(mat(2, 3), vec(3)), wrt=(0, 1), seeds=1),
    Case(by_rows_twice, takes(mat(2, 3), vec(3)), wrt=(0, 1), seeds=1),
    Case(narrow, takes(vec(3), vec(1)), wrt=(0, 1), seeds=1),
    Case(added_in_place, takes(vec(4), num()), wrt=(0, 1), seeds=1),
    Case(in_turns, takes(mat(2, 3), vec(3)), wrt=(0, 1), seeds=1),
    Case(of_many, takes(vec(4), vec(4)), wrt=(0, 1), seeds=1),
    Case(of_an_item_of_a_list, takes(vec(3), num()), wrt=(0, 1), seeds=1),
    Case(of_an_item_that_is_made_of_entries, takes(vec(3), num()), wrt=(0, 1), seeds=1),
    Case(of_a_short_function, takes(vec(3), num()), wrt=(0, 1), seeds=1),
]


def picked_logits(W, xs, labels):
    loss = 0.0
    for t in range(len(xs)):
        z = W @ xs[t]
        loss -= z[labels[t]] - np.log(np.sum(np.exp(z)))
    return loss


def picked_twice(W, x, k):
    z = W @ x
    for j in range(2):
        e = np.exp(z)
        y = k * e[0] - z[j] * z[j + 1] + np.log(np.sum(e)) * k
        z = z * y
    return np.sum(z)


def picked_by_what_changes(x, k):
    loss = 0.0
    j = 0
    for t in range(3):
        z = x * k
        e = np.exp(z)
        loss += z[j] * z[j + 1] - np.log(np.sum(e))
        j = j + 1
    return loss


def a_part_and_a_narrower_whole(x, y):
    loss = 0.0
    for t in range(2):
        z = x * y
        s = np.sum(z)
        loss += z[t] * s - np.sin(s)
    return loss


CASES += [
    Case(picked_logits, takes(mat(3, 2), mat(4, 2), np.array([0, 2, 1, 2])), seeds=1),
    Case(picked_twice, takes(mat(3, 2, -0.5, 0.5), vec(2), num()), wrt=(0, 1, 2), seeds=1),
    Case(picked_by_what_changes, takes(vec(4), num()), wrt=(0, 1), seeds=1),
    Case(a_part_and_a_narrower_whole, takes(vec(3), vec(3)), wrt=(0, 1), seeds=1),
]
