"""Lists that begin as whole numbers and are filled with others: ``[0] * n``."""

import numpy as np

from case import Case, takes, vec, whole


def zeros_filled(x):
    c = [0] * 3
    c[0] = x[0]
    a = np.array(c)
    return np.sum(a ** 2)


def display_filled(x):
    c = [0, 0, 0]
    c[0] = x[0]
    a = np.array(c)
    a[1] = x[1]
    return np.sum(a ** 2)


def first_left(x):
    c = [0] * 3
    c[1] = x[0]
    a = np.array(c)
    a[1] = x[1]
    return np.sum(a ** 2)


def filled_in_loop(x, n):
    c = [0] * n
    for i in range(n):
        c[i] = x[i]
    a = np.array(c)
    a[1] = x[1] * a[0]
    return np.sum(a ** 2)


def recurrence(x, n):
    c = [0] * n
    for i in range(n):
        c[i] = x[i] * (c[i - 1] + 1)
    return c[-1] * c[0]


def row_of_zeros(x, n):
    c = [[0] * n for _ in range(2)]
    c[0][1] = x[0]
    a = np.array(c)
    a[1, 1] = x[1]
    return np.sum(a ** 2)


def by_other_name(x):
    c = [0] * 3
    d = c
    d[0] = x[0]
    a = np.array(c)
    a[1] = x[1]
    return np.sum(a ** 2)


def fill(c, v):
    c[0] = v


def filled_by_function(x):
    c = [0] * 3
    fill(c, x[0])
    a = np.array(c)
    a[1] = x[1]
    return np.sum(a ** 2)


def by_row(x):
    c = [[0, 0], [0, 0]]
    r = c[0]
    r[1] = x[0]
    a = np.array(c)
    a[1, 0] = x[1]
    return np.sum(a ** 2)


def appended_then_filled(x, n):
    c = []
    for i in range(n):
        c.append(0)
    for i in range(n):
        c[i] += x[i] * 2
    a = np.array(c)
    a[0] *= x[1]
    return np.sum(a ** 2)


def filled_where(x, n):
    c = [0] * n
    for i in range(n):
        if x[i] > 1:
            c[i] = x[i]
    return sum(c) + max(c)


def table_of_numbers(x, n):
    best = 0
    d = {"a": 0, "b": 0}
    for i in range(n):
        d["a"] += x[i]
        best = max(best, x[i])
    z = np.array([d["a"], d["b"]])
    z[1] = x[1] * best
    return np.sum(z ** 2)


def square_table(x, n):
    m = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            m[i][j] = x[i] * x[j]
    a = np.array(m)
    a[0, 0] = 3 * x[0]
    return np.sum(a) + sum(m[0])


def longest(x, n):
    dp = [[0] * (n + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            dp[i][j] = max(dp[i - 1][j], dp[i][j - 1]) + x[i - 1] * x[j - 1]
    return dp[n][n]


def best_sums(x, n):
    dp = [0] * (n + 1)
    dp[1] = x[0]
    for i in range(2, n + 1):
        dp[i] = max(dp[i - 1], dp[i - 2] + x[i - 1])
    return dp[-1]


def written_once_it_was_appended(x, n):
    pair = [x[0] * 1.0, x[1] * x[2]]
    rows = []
    for _ in range(n):
        rows.append(pair)
    pair[0] = 5.0 * x[2]
    return rows[0][0] * x[1] + sum(rows[1])


def written_before_it_is_appended(x, n):
    rows = []
    for i in range(n):
        pair = [x[i] * 2.0, x[1]]
        pair[0] *= x[0]
        rows.append(pair)
    return rows[0][0] * rows[1][1]


def written_through_one_that_holds_it(x, k):
    row = [x * 2.0, x * 3.0]
    rows = []
    for _ in range(k):
        rows.append(row)
    rows[0][0] = x**2
    return np.sum(row[0] * row[1])


CASES = [
    Case(zeros_filled, takes(vec(5))),
    Case(display_filled, takes(vec(5))),
    Case(first_left, takes(vec(5))),
    Case(filled_in_loop, takes(vec(5), whole(2, 5)), seeds=3),
    Case(recurrence, takes(vec(5), whole(2, 5)), seeds=3),
    Case(row_of_zeros, takes(vec(5), whole(2, 5)), seeds=3),
    Case(by_other_name, takes(vec(5))),
    Case(filled_by_function, takes(vec(5))),
    Case(by_row, takes(vec(5))),
    Case(appended_then_filled, takes(vec(5), whole(2, 5)), seeds=3),
    Case(filled_where, takes(vec(5, 0.8, 1.9), whole(3, 5)), seeds=3),
    Case(table_of_numbers, takes(vec(5), whole(2, 5)), seeds=3),
    Case(square_table, takes(vec(5), whole(2, 5)), seeds=3),
    Case(longest, takes(vec(5), whole(2, 5)), seeds=3),
    Case(best_sums, takes(vec(5), whole(2, 5)), seeds=3),
    Case(written_once_it_was_appended, takes(vec(5), whole(2, 4)), expect="refused"),
    Case(written_before_it_is_appended, takes(vec(5), whole(2, 4))),
    Case(written_through_one_that_holds_it, takes(vec(), whole(1, 3)), expect="refused"),
]
