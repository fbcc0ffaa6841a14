"""``zip(*rows)`` of as many rows as only the run tells: their columns."""

import math

import numpy as np

from case import Case, mat, takes


def products_of_columns(A):
    rows = [r * r for r in A]
    s = 0.0
    for column in zip(*rows):
        s += math.prod(column)
    return s


def a_list_of_columns(A):
    rows = [list(r) for r in A]
    t = list(zip(*rows))
    return sum(sum(c) ** 2 for c in t) + t[0][1] * t[2][2]


def of_nested_lists(A):
    t = [list(c) for c in zip(*A.tolist())]
    return t[0][1] * t[1][2] + t[3][0]


def an_array_of_columns(A):
    rows = [list(r) for r in A]
    t = np.array(list(map(list, zip(*rows))))
    return np.sum(t * A.T * A.T)


def of_some_rows(A):
    rows = []
    for r in A:
        if r[0] < 2.0:
            rows.append([v * 2.0 for v in r])
    out = np.zeros(4)
    for k, c in enumerate(zip(*rows)):
        out[k] = max(c) - min(c) + k * c[0]
    return np.sum(out)


def variances(A):
    rows = [list(r) for r in A]
    means = [sum(c) / len(c) for c in zip(*rows)]
    return sum(sum((v - m) ** 2 for v in c) for c, m in zip(zip(*rows), means)) * means[0]


def unpacked(A):
    rows = [list(r) for r in A]
    a, b, c, d = zip(*rows)
    return sum(a) * sum(d) + b[0] * c[1]


def of_no_rows(A):
    rows = [list(r) for r in A[:0]]
    s = A[0, 0]
    for c in zip(*rows):
        s += sum(c)
    return s * s


def of_rows_of_several_lengths(A):
    rows = [list(r)[: k + 1] for k, r in enumerate(A)]
    return sum(c[-1] * c[0] for c in zip(*rows))


def rows_written_meanwhile(A):
    rows = [list(r) for r in A]
    s = 0.0
    for k, c in enumerate(zip(*rows)):
        s += c[0] * c[2]
        if k < 3:
            rows[0][k + 1] = s
    return s


def rows_that_are_views_written_meanwhile(A):
    B = A * 1.0
    rows = [r for r in B]
    s = 0.0
    for k, c in enumerate(zip(*rows)):
        s += c[0] * c[2]
        if k < 3:
            B[0, k + 1] *= s
    return s


def rows_written_before_they_are_asked_for(A):
    rows = [list(r) for r in A]
    columns = zip(*rows)
    rows[0][1] = 5.0
    return sum(c[0] * c[1] for c in columns)


WRITTEN = (
    rows_written_meanwhile,
    rows_that_are_views_written_meanwhile,
    rows_written_before_they_are_asked_for,
)
CASES = [
    *(Case(f, takes(mat(3, 4)), expect="refused") for f in WRITTEN),
    *(
        Case(f, takes(mat(3, 4, 0.5)))
        for f in (
            products_of_columns,
            a_list_of_columns,
            of_nested_lists,
            an_array_of_columns,
            of_some_rows,
            variances,
            unpacked,
            of_rows_of_several_lengths,
        )
    ),
    Case(of_no_rows, takes(mat(3, 4)), tags=("dead lines",)),
]
