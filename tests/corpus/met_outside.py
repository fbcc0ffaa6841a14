"""What programs of strangers asked for: rows under a star, derivatives as decorators, masks beside lists, writes in a
``try`` that goes on, tuples in lists under keys that only the run tells, tuples that grow,
lists of whole numbers beside arrays.
"""

import contextlib
import heapq
import math
from collections import defaultdict

import numpy as np

import tangent_like as tl
from case import Case, mat, num, takes, vec


def rows_under_a_star(A):
    first, *rest, last = A
    return first @ last + sum(r @ first for r in rest) * len(rest)


def rows_that_come_and_go(A):
    first, *rest = A.copy()
    rest.append(first * 2)
    rest.pop(0)
    t = 0.0
    while rest:
        t = t * 0.5 + rest.pop() @ first
    return t


def picked_by_masks_in_turns(x, r):
    y = x.copy()
    for _ in range(3):
        y += r * np.sin(y)
        low = y < 0.3
        y[~low] -= y[low].sum() * 0.1
    return np.sum(y**3)


def joined_with_parts(x, q):
    u, v = x[:2] * q, x[1:3]
    w = np.r_[u, v]
    return np.sum(w[2:] * w[:2]) + np.r_[q, x.sum(), v[0]] @ x[:3]


@tl.grad(argnums=1)
def slope(x, y):
    return x * y**3


@tl.value_and_grad(argnums=("y", "x"))
def both(x, y):
    return x * y**3


class Curve:
    def __init__(self, k):
        self.k = k

    @tl.grad(argnums="x")
    def slope(self, x):
        return self.k * x**3


def decorated(x, y):
    value, (y_bar, x_bar) = both(x, y)
    return slope(x, y) * value + x_bar * y_bar + Curve(y).slope(x)


class Recorder:
    def __init__(self, n):
        self.out = np.zeros(n)
        self.log = []
        self.count = 0
        self.total = 1.0

    def run(self, i, v):
        try:
            self.out[i] += math.sqrt(v)
            self.count += 1
        except ValueError:
            self.out[i] = -v
            self.log.append(v)
        else:
            self.total *= self.out[i]


def written_by_an_object(x):
    r = Recorder(len(x))
    for i, v in enumerate(x):
        r.run(i, v)
    return r.out @ r.out * r.total + r.count + sum(r.log)


def packed_where_it_is_fine(x):
    out, n = np.zeros(len(x)), 0
    view = out[1:]
    for v in x:
        try:
            out[n] = math.log(v)
            n = n + 1
        except ValueError:
            view[0] += v
    return out @ out * n


def appended_where_it_is_fine(x):
    values = [1.0]
    for v in x:
        try:
            values.append(math.sqrt(v) * values[-1])
        except ValueError:
            if len(values) > 1:
                values.pop()
        finally:
            values.append(0.5 * v)
    return sum(p * q for p, q in zip(values, values[1:]))


def left_from_a_try(x):
    out = np.zeros(len(x))
    for i, v in enumerate(x):
        for k in range(3):
            try:
                out[i] = math.log(v + k)
                break
            except ValueError:
                out[i] -= v
    return out @ out


def places_that_may_not_be_there(x):
    out = [0.0] * len(x)
    for i in range(len(x)):
        try:
            out[i + 2] = x[i] * 2
        except IndexError:
            break
    return sum(o * o for o in out)


def kept_from_rising(x):
    out = np.zeros(len(x))
    for i, v in enumerate(x):
        with contextlib.suppress(ValueError, ZeroDivisionError):
            out[i] = math.log(v)
        out[i] *= 2
    return out @ out


def pairs_under_numbers(w):
    graph = defaultdict(list)
    for (u, v), c in zip([(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)], w):
        graph[u].append((v, c))
        graph[v].append((u, c * 2))
    least = {0: 0.0}
    queue = [(0.0, 0)]
    while queue:
        d, u = heapq.heappop(queue)
        for v, c in graph[u]:
            if v not in least or d + c < least[v]:
                least[v] = d + c
                heapq.heappush(queue, (d + c, v))
    return least[4] ** 2 + len(graph[3])


def triples_in_cells(x):
    cells = {}
    for i, v in enumerate(x):
        cells.setdefault(int(2 * v), []).append((v, i, v * v))
        a, _, b = cells[int(2 * v)][0]
        if len(cells[int(2 * v)]) > 1:
            cells[int(2 * v)].append((a * b, i, v))
    return sum(v * q * (i + 1) for c in cells.values() for v, i, q in c)


def numbers_and_pairs_in_cells(x):
    cells = defaultdict(list)
    for v in x:
        cells[int(2 * v)].append((v, 2.0 * v))
        cells[0].append(v)
    return 1.0 * len(cells) + sum(x)


def a_tuple_that_grows(pts):
    path = ()
    for p in pts:
        if not path or np.linalg.norm(p - path[-1]) > 0.5:
            path = path + (p,)
    return sum(np.linalg.norm(b - a) for a, b in zip(path, path[1:])) * len(path)


def a_tuple_of_pairs(x):
    total = 0.0
    for u in x:
        p = (u, u * u)
        while len(p) < 6 and p[-1] < 3:
            p = (*p, p[-1] * 0.5 + 1)
        total += sum(v * v for v in p) * len(p)
    return total


def a_tuple_gone_over_as_it_was(x):
    p = (x[0], x[1])
    for q in p:
        p = p + (q * x[2],)
    return sum(p) * len(p)


TABLE = [1, 2, 3]


def times_whole_numbers_in_lists(A):
    B = A.copy()
    B *= [3, 2, 1]
    B[0] += (1, 0, 2)
    return np.sum(A * [1, 2, 3] + TABLE / (A * A + 1) + A ** (2, 1, 3) + A * [[1], [2]] - B * TABLE)


def only_times_whole_numbers(A):
    return (A * [1, 2, 3]).sum()


def filters_in_lists(x):
    y = np.convolve(x, [1, 2, 1]) * np.tile([1, 2], 4)[1:]
    return np.sum(y * y) + np.correlate(x, (1, 2))[1] + np.polyval([2, 0, 1], x[0])


def only_spread_whole_numbers(A):
    return np.sum(np.broadcast_to([1, 2, 3], (2, 3)) * A)


def beside_ranges(A):
    s = np.sum(A * range(1, 4)) + np.sum(np.maximum(A, range(3)))
    return s + np.sum(np.full(3, [1, 0, 2]) * (range(1, 4) / A[0]))


def parts_of_lists_from_arrays(v, a):
    w = [0.0] * 4
    w[1:3] = v[:2]
    w[3:] = v[1:2] * a
    u = list(v)
    u[:2] = v[1:] + a
    return sum(p * (i + 1) for i, p in enumerate(w)) * u[1] + u[0] * len(w)


def parts_of_what_numpy_makes_of_lists(v, a):
    w, u = np.roll([1.0, 2.0, 3.0], 1), np.copy((0.0, 0.0, 0.0))
    w[1:] = v[1:]
    u[:2] = v[:2] * a
    return w[1] * a + u[0] * w[2] + np.sum(u * 2)


def cut_off_where_whole_numbers_are_kept(v, a):
    w = np.stack([0, 1, 2])
    w[1:] = v[1:]
    w[0] += a
    return w[1] * a + w[0] * v[0]


def divided_truths(v):
    s = np.sum((v > 0.5) / v) - np.sum(~(v > 0.5) / v)
    for x in v:
        s += (x > 0.5) / x
    return s


SPRINGS = {(0, 1): 1.0, (1, 2): 0.7, (0, 2): 1.3}


def forces_by_pairs(pos, k):
    s = 0.0
    for _ in range(2):
        force = {i: np.zeros(2) for i in range(len(pos))}
        for (a, b), length in SPRINGS.items():
            d = pos[b] - pos[a]
            force[a] = force[a] + k * d * length
            force[b] = force[b] - k * d
        for i, f in force.items():
            if i != 0:
                s = s + np.sum(f**2)
    return s


def pairs_as_keys(pos, k):
    table = {(0, 1): k, (1, 2): 1.0}
    s = 0.0
    for pair in table:
        a, b = pair
        s = s + np.sum((pos[b] - table[pair] * pos[a]) ** 2) * SPRINGS[a, b]
    return s


CASES = [
    Case(rows_under_a_star, takes(mat(4, 3))),
    Case(rows_that_come_and_go, takes(mat(4, 3))),
    Case(picked_by_masks_in_turns, takes(vec(4), num()), (0, 1)),
    Case(joined_with_parts, takes(vec(4), num()), (0, 1)),
    Case(decorated, takes(num(), num()), (0, 1)),
    Case(written_by_an_object, takes(vec(5))),
    Case(packed_where_it_is_fine, takes(vec(5))),
    Case(appended_where_it_is_fine, takes(vec(5))),
    Case(left_from_a_try, takes(vec(5))),
    Case(places_that_may_not_be_there, takes(vec(5)), expect="refused"),
    Case(kept_from_rising, takes(vec(5))),
    Case(pairs_under_numbers, takes(vec(5, 0.2, 1.5))),
    Case(triples_in_cells, takes(vec(6))),
    Case(numbers_and_pairs_in_cells, takes(vec(6)), expect="refused"),
    Case(a_tuple_that_grows, takes(mat(5, 2))),
    Case(a_tuple_of_pairs, takes(vec(4))),
    Case(a_tuple_gone_over_as_it_was, takes(vec(4))),
    Case(times_whole_numbers_in_lists, takes(mat(2, 3))),
    Case(only_times_whole_numbers, takes(mat(2, 3))),
    Case(filters_in_lists, takes(vec(5))),
    Case(only_spread_whole_numbers, takes(mat(2, 3))),
    Case(beside_ranges, takes(mat(2, 3, 0.2, 1.9))),
    Case(parts_of_lists_from_arrays, takes(vec(3), num()), (0, 1)),
    Case(parts_of_what_numpy_makes_of_lists, takes(vec(3), num()), (0, 1)),
    Case(cut_off_where_whole_numbers_are_kept, takes(vec(3), num()), (0, 1)),
    Case(divided_truths, takes(vec(4, 0.2, 1.9))),
    Case(forces_by_pairs, takes(mat(3, 2), num()), (0, 1)),
    Case(pairs_as_keys, takes(mat(3, 2), num()), (0, 1)),
]
