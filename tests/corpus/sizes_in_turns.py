"""Arrays that loops bind to another size in each turn: trees, halvings, arrays that grow."""

import numpy as np

from case import Case, array, listed, num

CASES: list[Case] = []
case = listed(CASES)


@case(array(5), num(), num())
def tree(x, p, q):
    v = x
    for _ in range(4):
        v = q * (p * v[1:] + (1 - p) * v[:-1] ** 2)
    return v[0]


@case(array(13), num())
def halved(x, w):
    s = 0.0
    while len(x) > 2:
        s += np.sum(x)
        x = np.tanh(x[::2] + w * x[1::2]) if len(x) % 2 == 0 else x[1:]
    return s + np.sum(x * x)


@case(array(3))
def lengthened(x):
    y = x
    for k in range(3):
        z = np.zeros(len(y) + 1)
        z[:-1] = y
        z[1:] += y * (k + 1.5)
        y = z
    return np.sum(y * y)


@case(array(4))
def met_again(x):
    # of two arrays that meet, either may have one entry only, and one is of an earlier turn
    a, b = x, x[:1]
    s = 0.0
    for k in range(3):
        s = s + np.sum(a * b)
        b = a[:1] if k < 1 else a
        a = a * b
    return s


@case(array(6))
def of_the_turn_before(x):
    y, w = x, x[:2]
    for k in range(3):
        v = y[1:] * y[:-1]
        w = v
        y = np.concatenate((v, x[:3])) if k % 2 else v
    return np.sum(y) + np.sum(w * w)


@case(array(6), array(3), num())
def windows(x, w, b):
    k = len(w)
    y = np.zeros(len(x) - k + 1)
    for i in range(len(x) - k + 1):
        y[i] = np.tanh(np.sum(x[i : i + k] * w) + b)
    return np.sum(y * y)


@case(array(4, 5), array(2, 2))
def windows_of_a_picture(x, w):
    n, m = x.shape
    k = w.shape[0]
    s = 0.0
    for i in range(n - k, -1, -1):
        for j in range(0, m - k + 1, 2):
            part = x[i : i + k, j : j + k] * w
            s += np.sum(part * part)
    return s


@case(array(5), array(3))
def windows_past_the_end(x, w):
    # cut off where they reach past it
    k = len(w)
    s = 0.0
    for i in range(len(x)):
        part = x[i : i + k]
        s += np.sum(part * w[: len(part)]) ** 2
    return s


@case(array(5), array(2))
def windows_from_before(x, w):
    # a bound below zero counts from the end
    k = len(w)
    s = 0.0
    for i in range(-2, len(x) - k + 1):
        part = x[i : i + k]
        s += np.sum(part * part) + (np.sum(part * w) if i >= 0 else 0.0)
    return s


@case(array(5), array(3))
def two_loops_of_one_name(x, w):
    s = 0.0
    for i in range(len(x) - len(w) + 1):
        s += np.sum(x[i : i + len(w)] * w)
    for i in range(len(x) - 1):
        s += np.sum(x[i:] * x[i]) * np.sum(w[i : i + 2])
    return s


@case(array(3, 3), array(3))
def triangle(A, x):
    s = 0.0
    for i in range(len(x)):
        row = A[i, i:] * x[i:]
        for j in range(i, len(x)):
            s += np.sum(row[: j - i + 1] * x[i : j + 1])
    return s


@case(array(6), array(3), array(4))
def windows_in_a_list(x, w, y):
    k = len(w)
    rows = np.array([x[i : i + k] for i in range(len(x) - k + 1)])
    return np.sum((np.tanh(rows @ w) - y) ** 2)


@case(array(4), array(4))
def made_item_by_item(x, w):
    xs = []
    for i in range(len(x)):
        e = x[i] * w[i]
        xs.append(e * e)
    y = np.array(xs)
    return np.sum(y * w - x)


@case(array(3))
def of_some_turns(x):
    xs = []
    for i in range(len(x)):
        if i != 1:
            xs.append(x[i] * x[0])
    y = np.array(xs)
    return np.sum(y * x[:2])


@case(array(3))
def asked_on_the_way(x):
    xs = []
    s = 0.0
    for i in range(len(x)):
        xs.append(x[i] * 2.0)
        y = np.array(xs)
        s += np.sum(y * y) * len(y)
    return s


@case(array(4))
def of_the_turn_before_in_a_list(x):
    xs = [x[0]]
    s = 0.0
    for k in range(1, 4):
        y = np.array(xs)
        s += np.sum(y * x[: len(xs)])
        xs = []
        for i in range(k):
            xs.append(x[i] * x[k])
        z = np.array(xs)
        s += np.sum(z * x[:k] * z)
    return s


@case(array(4))
def shortened_again(x):
    xs = []
    for i in range(len(x)):
        xs.append(x[i] * x[0])
    xs.pop()
    y = np.array(xs)
    return np.sum(y * x[1:])


@case(array(4))
def by_two_names(x):
    xs = []
    ys = xs
    for i in range(len(x)):
        xs.append(x[i] * x[0])
    ys.append(x[0])
    y = np.array(xs)
    return np.sum(y) + np.sum(y[1:] * x)


@case(array(4))
def left_early(x):
    xs = []
    for i in range(len(x)):
        if i > 2:
            break
        xs.append(x[i] * x[0])
    y = np.array(xs)
    return np.sum(y * x[1:])


@case(array(4), lambda d: (d.normal(3), d.normal(3)), wrt=(0,))
def one_of_a_pair(x, h):
    for _ in range(2):
        h = (np.sin(h[0]), np.array([sum(e * u for e, u in zip(h[0], h[1])), x[0] * x[1]]))
    return np.sum(h[1])


@case(array(4), lambda d: (d.normal(5), d.normal(5)), wrt=(0,))
def one_of_a_pair_by_its_size(x, h):
    for _ in range(2):
        a = x[0] if len(h[1]) == 5 else x[1]
        h = (h[0], np.array([a * np.sum(h[0]), np.sum(h[1]), x[2]]))
    return np.sum(h[1])


@case(num(), num(), num(), 5)
def exercised_early(s0, k, p, n):
    # as the tree of an American option: of every turn the arrays are one shorter
    v = np.maximum(k - s0 * np.exp(0.1 * (2.0 * np.arange(n + 1) - n)), 0.0)
    for i in range(n - 1, -1, -1):
        s = s0 * np.exp(0.1 * np.arange(-i, i + 1, 2.0))
        v = np.maximum(k - s, 0.9 * (p * v[1:] + (1.0 - p) * v[:-1]))
    return v[0]


@case(array(5), array(5), num())
def interpolated(x, y, t):
    p = y
    x = np.cumsum(x**2 + 0.5)
    for k in range(1, len(x)):
        p = ((t - x[k:]) * p[:-1] + (x[:-k] - t) * p[1:]) / (x[:-k] - x[k:])
    return p[0]


@case(array(6), num())
def beside_the_first(S, k):
    n = len(S) - 1
    v = S**2
    for i in range(n):
        v = 0.9 * v[1:] * v[:-1] + S[: n - i] * k
        if v[0] > 0.5:
            break
    return np.sum(v * v)


@case(array(6), array(3))
def shorter_in_some_turns(x, y):
    # the first turn says too much: others do not do as it does
    v = x
    for k in range(3):
        v = v[1:] * 0.7 if k % 2 == 0 else v + 0.1 * v
        v = v * y[k] + v[:1]
    return np.sum(v * v)


@case(array(7), array(4))
def down_to_one(x, w):
    # in the third turn the slice has one entry, and is spread
    v = x
    for k in range(3):
        v = np.tanh(v[2:] * w[k])
        w = w * np.sum(v)
    return np.sum(v * w)


@case(array(4), num())
def longer_by_two(x, w):
    y = x
    for k in range(3):
        y = np.concatenate((y[:1], w * y, y[-1:] * y[0]))
        y = y * np.cos(np.arange(4 + 2 * (k + 1)))
    return np.sum(y * y)


@case(array(9), array(9))
def past_the_end(x, y):
    # more turns than entries: nothing is left, and slices count from the end
    v = x
    total = 0.0
    for k in range(1, 12):
        v = v[1:] * y[k : k + len(v) - 1].sum()
        total = total + np.sum(v) + np.sum(x[:-k] * 0.1)
    return total


@case(array(5), array(5))
def two_of_them(a, b):
    for k in range(4):
        a, b = b[1:] * a[:-1], a[1:] + b[:-1]
    return a[0] * b[0]


@case(array(3), array(7, 3), array(7), 3)
def in_batches(w, X, y, size):
    # the last has one row
    for i in range(0, len(X), size):
        xb = X[i : i + size]
        r = xb @ w - y[i : i + size]
        w = w - 0.1 * xb.T @ r / len(r)
    return np.sum((X @ w - y) ** 2)


@case(array(3), array(6, 3), array(6), 2)
def in_batches_by_number(w, X, y, size):
    loss = 0.0
    for b in range(len(X) // size):
        xb = X[b * size : (b + 1) * size]
        loss += np.mean(np.tanh(xb @ w - y[b * size : (b + 1) * size]) ** 2)
    return loss


@case(array(7), array(5))
def windows_of_two_lengths(x, y):
    # of the second nothing is left when the first has one entry yet
    total = 0.0
    for i in range(0, 7, 3):
        total += np.sum(x[i : i + 1] * y[i : i + 3]) + np.sum(x[i : i + 3]) * 0.5
    return total


@case(array(6), array(6))
def window_of_the_turn_before(x, y):
    total = 0.0
    v = x[:2] * 1.0
    for i in range(1, 5):
        total += np.sum(v * y[:1]) + np.sum(v) * 0.1
        v = x[i : i + 3] * y[i : i + 3]
    return total
