"""What the user keeps of each turn in a list or an array, and what becomes of it before the way back reads it."""

import numpy as np

from case import Case, array, mat, num, takes, vec


def trajectory(x, v, n):
    xs, vs = [x], [v]
    for _ in range(n):
        v = v - 0.1 * np.sin(x)
        x = x + 0.1 * v**3
        xs.append(x)
        vs.append(v)
    return np.sum(np.array(xs) ** 2) + sum(vs)


def states(x, W, n):
    h = np.zeros(3)
    hs = []
    for _ in range(n):
        h = np.tanh(W @ h + x)
        hs.append(h)
    return np.sum(np.array(hs) ** 2)


def states_in_rows(x, W, n):
    h = x
    H = np.zeros((n, 3))
    for t in range(n):
        h = np.tanh(W @ h + x)
        H[t] = h
    return np.sum(H**3)


def numbers_from_one(a, n):
    v = a
    y = np.zeros(n)
    y[0] = v
    for t in range(1, n):
        v = np.sin(v) * v
        y[t] = v
    return np.sum(y**2)


def newest_only(x, n):
    xs = [x]
    for t in range(n):
        xs.append(np.sin(xs[-1]) * xs[t])
    return np.sum(np.array(xs) ** 2)


def pairs(x, v, n):
    path = [(x, v)]
    for _ in range(n):
        x, v = x + 0.1 * v, v - 0.1 * x * v
        path.append((x, v))
    return sum(np.sum(p * q) for p, q in path)


def changed_later(x, n):
    xs = [x]
    for _ in range(n):
        x = np.sin(x) * x
        xs.append(x)
    xs[1] = xs[0] * 2
    xs.reverse()
    return sum(np.sum(k * v * v) for k, v in enumerate(xs))


def emptied_later(x, n):
    xs = [x]
    for _ in range(n):
        x = np.sin(x) * x
        xs.append(x)
    total = 0.0
    while xs:
        total += np.sum(xs.pop() ** 2)
    return total


def written_later(a, n):
    y = np.zeros(n + 1)
    y[0] = a
    for t in range(n):
        a = np.sin(a) * a
        y[t + 1] = a
    y *= y
    return np.sum(y)


def row_written_later(x, n):
    H = np.zeros((n + 1, len(x)))
    H[0] = x
    for t in range(n):
        x = np.sin(x) * x
        H[t + 1] = x
        H[t, 0] = 0.5
    return np.sum(H**2)


def by_another_name(a, n):
    y = np.zeros(n + 1)
    z = y[1:]
    y[0] = a
    for t in range(n):
        a = np.sin(a) * a
        y[t + 1] = a
        z[0] = 3 * a
    return np.sum(y**2)


def in_place(x, n):
    x = x.copy()
    xs = [x]
    for _ in range(n):
        x *= np.cos(x)
        xs.append(x)
    return np.sum(np.array(xs) ** 2)


def changed_after_it_is_kept(x, n):
    xs = [x]
    for _ in range(n):
        x = np.sin(x) * x
        xs.append(x)
        x = x * x
    return np.sum(np.array(xs) ** 2)


def changed_before_the_loop(a, n):
    xs = [a]
    a = a * a
    for _ in range(n):
        a = np.sin(a) * a
        xs.append(a)
    return np.sum(np.array(xs) ** 2)


def sometimes(x, n):
    xs = [x]
    for t in range(n):
        x = np.sin(x) * x
        if t % 2:
            xs.append(x)
    return sum(np.sum(v * v) for v in xs)


def ends_early(a, n):
    xs = [a]
    for _ in range(n):
        a = np.sin(a) * a
        if a < 0.01:
            break
        xs.append(a)
    return sum(v * v for v in xs)


def counted_down(x, n):
    xs = [x]
    for t in range(n - 1, -1, -1):
        x = np.sin(x) * x + t
        xs.append(x)
    return np.sum(np.array(xs) ** 2)


def over_the_end(a, n):
    y = np.zeros(n)
    for t in range(n):
        a = np.sin(a) * a
        y[t - 1] = a
    return np.sum(y**2 * np.arange(n))


def twice_in_a_turn(x, n):
    xs = [x]
    for _ in range(n):
        x = np.sin(x) * x
        xs.append(x)
        xs.append(2 * x)
    return sum(np.sum(v * v) for v in xs)


def put_in_by_a_helper(x, n):
    xs = [x]
    for _ in range(n):
        x = np.sin(x) * x
        xs.append(x)
        _first_doubled(xs)
    return sum(np.sum(v * v) for v in xs)


def _first_doubled(xs):
    xs[0] = 1.5 * xs[0]


def begun_with_another(x, y, n):
    xs = [x, y]
    for _ in range(n):
        x = np.sin(x) * y
        xs.append(x)
    return sum(np.sum(v * v) for v in xs)


def narrow_rows(x, n):
    x = x.astype(np.float32)
    H = np.zeros((n + 1, len(x)))
    H[0] = x
    for t in range(n):
        x = np.sin(x) * x
        H[t + 1] = x
    return np.sum(H**2)


def kept_before(x, n):
    xs = []
    for _ in range(n):
        xs.append(x)
        x = np.sin(x) * x
    return sum(np.sum(v * v) for v in xs) + np.sum(x)


def rows_walked(X, a):
    s = a
    out = []
    for row in X:
        s = s * np.sum(row) + np.sin(s)
        out.append(s)
    return np.sum(np.array(out) ** 2)


def spread_into_rows(a, n):
    H = np.zeros((n + 1, 3))
    x = np.array([a])
    H[0] = x
    for t in range(n):
        x = np.sin(x) * x
        H[t + 1] = x
    return np.sum(H**2)


def name_of_the_counter(x, k, n):
    xs = [x]
    for _ in range(n):
        x = np.sin(x) * k
        xs.append(x)
    k = k * k
    return sum(np.sum(v * v) for v in xs) * k


CASES = [
    Case(trajectory, takes(num(), num(), 5), wrt=(0, 1)),
    Case(trajectory, takes(vec(), vec(), 0), wrt=(0, 1), name="trajectory_of_no_turns"),
    Case(states, takes(vec(3), mat(3, 3), 4), wrt=(0, 1)),
    Case(states_in_rows, takes(vec(3), mat(3, 3), 4), wrt=(0, 1)),
    Case(states_in_rows, takes(vec(3), mat(3, 3), 0), wrt=(0, 1), name="states_in_no_rows"),
    Case(numbers_from_one, takes(num(), 5)),
    Case(newest_only, takes(vec(), 4)),
    Case(pairs, takes(vec(), vec(), 3), wrt=(0, 1)),
    Case(changed_later, takes(vec(), 4)),
    Case(emptied_later, takes(vec(), 4)),
    Case(written_later, takes(num(), 4)),
    Case(row_written_later, takes(vec(), 4)),
    Case(by_another_name, takes(num(), 4)),
    Case(in_place, takes(vec(), 3), expect="either"),
    Case(changed_after_it_is_kept, takes(vec(), 3)),
    Case(changed_before_the_loop, takes(num(), 3)),
    Case(sometimes, takes(vec(), 5)),
    Case(ends_early, takes(num(), 5)),
    Case(counted_down, takes(vec(), 4)),
    Case(over_the_end, takes(num(), 4)),
    Case(twice_in_a_turn, takes(vec(), 3)),
    Case(put_in_by_a_helper, takes(vec(), 3)),
    Case(begun_with_another, takes(vec(), vec(), 3), wrt=(0, 1)),
    Case(narrow_rows, takes(array(4, dtype=np.float32), 3)),
    Case(kept_before, takes(vec(), 4)),
    Case(rows_walked, takes(mat(), num()), wrt=(0, 1)),
    Case(spread_into_rows, takes(num(), 3)),
    Case(name_of_the_counter, takes(vec(), num(), 3), wrt=(0, 1)),
]
