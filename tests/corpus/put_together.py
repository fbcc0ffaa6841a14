"""What programs put together from tables of idioms found: parts of items in comprehensions, whole numbers that begin
an adjoint, sums beside what is of unknown kind, names bound again and again as a loop is written out.
"""

import heapq

import numpy as np

from case import Case, mat, num, takes, vec

FACTORS = {"low": 0.5, "high": 1.5}
BARS = [(0, 1), (1, 2), (0, 2), (2, 3), (1, 3)]


def least_of_a_part(v, w):
    q = [v]
    for i in range(3):
        q.append(v * w[i])
    return min(u[2] for u in q[1:]) + np.sum(q[0])


def greatest_of_first_entries(A):
    t = [row[0] * 2 for row in A]
    return max(t)


def positions_begin_an_adjoint(q):
    u = q[1] * 0.5
    s = u[::2].sum() * 0.3
    return s + np.sum(u * np.arange(len(u)))


def a_total_beside_a_factor_by_key(a, h):
    s = FACTORS["low" if a > 0 else "high"] * a
    return a + s + np.sum(h)


def joined_to_a_list_repeated(p, w):
    q = p + [0.1] * len(w)
    return sum(q) * q[0] * w[0]


def stiffness(A, start, end):
    d = end - start
    L = np.hypot(d[0], d[1])
    c, s = d / L
    T = np.array([c * c, c * s, s * s])
    block = np.array([[T[0], T[1]], [T[1], T[2]]])
    return A / L * np.block([[block, -block], [-block, block]]), L


def bars_written_out(nodes, areas):
    K = np.zeros((8, 8))
    weight = 0.0
    for (i, j), A in zip(BARS, areas):
        part, L = stiffness(A, nodes[i], nodes[j])
        dofs = [2 * i, 2 * i + 1, 2 * j, 2 * j + 1]
        K[np.ix_(dofs, dofs)] += part
        weight += A * L
    for i, j in BARS:
        d = nodes[j] - nodes[i]
        weight += d @ d
    return np.sum(K * K) + weight


def positions_of_what_a_list_makes(v):
    w = np.array([np.sin(u) for u in v] + [0.1] * (len(v) - 4))
    h = w * 2.0
    w[0] = h[1]
    return np.sum(w * np.arange(len(w))) + np.sum(w)


def a_heap_beside_a_function(x, a):
    s = [a]

    def more():
        s[0] += 0.3

    more()
    q = [u * a for u in x]
    heapq.heapify(q)
    return heapq.heappop(q) + s[0]


def bound_to_whole_numbers(w, s):
    w = np.arange(3)
    return np.sum(w) * s


def bound_to_another_precision(w, s):
    w = np.linspace(s, s, len(w))
    return np.sum(w)


def single(size):
    return lambda draw: draw.normal(size).astype(np.float32)


def lists_of(*sizes):
    return lambda draw: [draw.normal(size) for size in sizes]


def numbers(size):
    return lambda draw: [draw.normal() for _ in range(size)]


CASES = [
    Case(least_of_a_part, takes(vec(4), vec(4)), (0, 1)),
    Case(greatest_of_first_entries, takes(mat(3, 4))),
    Case(positions_begin_an_adjoint, takes(lists_of(4, 4, 4))),
    Case(a_total_beside_a_factor_by_key, takes(num(), vec(4)), (0, 1)),
    Case(positions_of_what_a_list_makes, takes(vec(5))),
    Case(a_heap_beside_a_function, takes(vec(4), num()), (0, 1)),
    Case(bound_to_whole_numbers, takes(vec(3), num()), (0, 1)),
    Case(bound_to_another_precision, takes(single(4), num()), (0, 1)),
    Case(joined_to_a_list_repeated, takes(numbers(3), vec(4)), (0, 1)),
    Case(bars_written_out, takes(mat(4, 2), vec(5)), (0, 1)),
]
