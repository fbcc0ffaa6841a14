"""Tables of the module read under keys of the run, tuples made of arrays, queues, sets and lists taken from."""

import heapq
from collections import deque

import numpy as np

from case import Case, listed, mat, vec

CASES: list[Case] = []
case = listed(CASES)

GRAPH = {0: [1, 2], 1: [3], 2: [3], 3: [4], 4: []}
EDGES = {0: {1: 0, 2: 1}, 1: {3: 2}, 2: {3: 3}, 3: {4: 4}, 4: {}}
PAIRS = {0: [(1, 0.5), (2, 2.0)], 1: [(3, 1.0)], 2: [(3, 0.1)], 3: []}
COST = {(0, 1): 1.0, (0, 2): 2.0, (1, 3): 1.5, (2, 3): 0.2, (3, 4): 1.0}
TRIANGLES = [(0, 1, 2), (1, 2, 3), (2, 3, 4)]


@case(vec(5, 0.4, 2.2), seeds=2)
def breadth_first(x):
    order = [0]
    s = 0.0
    seen = set([0])
    while order:
        u = order.pop(0)
        s += x[u] * (u + 1)
        for v in GRAPH[u]:
            if v not in seen:
                seen.add(v)
                order.append(v)
                s += x[u] * x[v]
    return s


@case(vec(5, 0.4, 2.2), seeds=9)
def shortest_path(x):
    dist = {u: float("inf") for u in EDGES}
    dist[0] = 0.0
    queue = [(0.0, 0)]
    while queue:
        d, u = heapq.heappop(queue)
        if d > dist[u]:
            continue
        for v, e in EDGES[u].items():
            further = d + x[e]
            if further < dist[v]:
                dist[v] = further
                heapq.heappush(queue, (further, v))
    return dist[4]


@case(vec(5, 0.4, 2.2), seeds=2)
def pairs_under_a_key(x):
    queue = deque([0])
    s = 0.0
    while queue:
        u = queue.popleft()
        for v, w in PAIRS[u]:
            s += w * x[v] * x[u]
            queue.append(v)
    return s


@case(vec(5, 0.4, 2.2), seeds=1)
def got_with_a_default(x):
    s = 0.0
    u = 0
    while u < 6:
        for v in GRAPH.get(u, []):
            s += x[v] * x[u]
        u += 1
    return s


@case(vec(5, 0.4, 2.2), seeds=2)
def keyed_by_pairs(x):
    u = 0
    s = 0.0
    while u < 4:
        v = min(GRAPH[u], key=lambda k: x[k])
        s += COST[u, v] * x[v] ** 2
        u = v
    return s


@case(vec(5, 0.4, 2.2), seeds=1)
def keys_and_values_of_a_table(x):
    s = 0.0
    u = 0
    while u < 4:
        for v in EDGES[u]:
            s += x[v] * EDGES[u][v]
        for e in EDGES[u].values():
            s += x[e] ** 2
        u += len(EDGES[u]) if 2 in EDGES[u] else 1
    return s


@case(vec(5, 0.4, 2.2), seeds=1)
def triples_by_number(x):
    s = 0.0
    t = 0
    while t < 3:
        i, j, k = TRIANGLES[t]
        s += x[i] * x[j] * x[k]
        t += 1
    return s


@case(vec(5, 0.4, 2.2), seeds=2)
def longest_path(x):
    degree = {u: 0 for u in GRAPH}
    for u in GRAPH:
        for v in GRAPH[u]:
            degree[v] += 1
    ready = [u for u in degree if degree[u] == 0]
    best = {u: x[u] for u in GRAPH}
    while ready:
        u = ready.pop()
        for v in GRAPH[u]:
            best[v] = max(best[v], best[u] + x[v])
            degree[v] -= 1
            if degree[v] == 0:
                ready.append(v)
    return best[4]


@case(vec(5, 0.4, 2.2), seeds=1)
def one_value_under_all_keys(x):
    d = dict.fromkeys(GRAPH, 0.0)
    u = 0
    while u < 4:
        for v in GRAPH[u]:
            d[v] += x[u] ** 2
        u += 1
    return sum(d[k] * x[k] for k in d)


@case(vec(5, 0.4, 2.2), 4, seeds=1)
def one_value_under_keys_of_the_run(x, n):
    d = dict.fromkeys(range(n), 1.0)
    for i in range(n):
        d[i * i % n] += x[i] ** 2
    return sum(v**2 for v in d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=1)
def a_set_by_comprehension(x, n):
    left = {i for i in range(n) if i != 2}
    s = 0.0
    for i in range(n):
        if i in left:
            s += x[i] ** 2
            left.discard(i)
    return s * (len(left) + 1)


@case(vec(5, 0.4, 2.2), 4, seeds=1)
def the_least_of_a_set(x, n):
    todo = set(range(n))
    s = 0.0
    while len(todo) > 1:
        m = min(todo)
        todo.remove(m)
        s += x[m] ** 2 * len(todo)
    return s


@case(vec(5, 0.4, 2.2), 4, seeds=1)
def least_and_greatest_key(x, n):
    d = {}
    for i in range(n):
        d[i * i % 5] = x[i] ** 2
    weights = {0.5: x[0], 2.0: x[1]}
    held = [max(weights), x[2]]
    return d[min(d)] * d[max(d.keys())] + max(d.values()) * held[0] * held[1] + sum(weights) * min(weights) * x[3]


@case(vec(5, 0.4, 2.2), 4, seeds=1, expect="refused")
def over_a_set(x, n):
    s = 0.0
    for i in set(range(n)):
        s += x[i] ** 2
    return s


@case(vec(5, 0.4, 2.2), 4, seeds=1, expect="refused")
def greatest_key_that_is_varied(x, n):
    d = {}
    for i in range(n):
        d[x[i] * 2] = x[i] ** 2
    return max(d) * 2


# -- tuples -----------------------------------------------------------------------------------------


@case(vec(5, 0.4, 2.2), seeds=1)
def a_tuple_of_an_array(x):
    t = tuple(x)
    return t[0] * t[1] + sum(t)


@case(vec(5, 0.4, 2.2), seeds=1)
def a_tuple_keeps_what_a_list_was(x):
    p = [v * v for v in x]
    t = tuple(p)
    p[0] = 0.0
    return t[0] * t[1] + sum(t) + p[1]


@case(mat(3, 4), seeds=1)
def rows_as_tuples(A):
    rows = list(map(tuple, A))
    return sum(r[0] * r[1] for r in rows)


@case(vec(5, 0.4, 2.2), seeds=2)
def tuples_that_get_better(x):
    best = tuple(x)
    for _ in range(3):
        trial = tuple(v * 0.9 for v in best)
        if sum(trial) < sum(best):
            best = trial
    return sum(v * v for v in best)


@case(vec(5, 0.4, 2.2), seeds=1)
def a_shape_as_a_tuple(x):
    s = list(x.shape)
    y = np.zeros(tuple(s))
    y[:] = x
    return np.sum(y**2)


# -- lists taken from -------------------------------------------------------------------------------


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def nearest_of_those_left(x, n):
    left = list(range(n))
    cur = 0
    left.remove(0)
    s = 0.0
    while left:
        best = left[0]
        for j in left:
            if abs(x[j] - x[cur]) < abs(x[best] - x[cur]):
                best = j
        s += (x[best] - x[cur]) ** 2
        left.remove(best)
        cur = best
    return s


@case(vec(5, 0.4, 2.2), seeds=2)
def the_greatest_removed(x):
    p = [v * v for v in x]
    s = 0.0
    while len(p) > 1:
        m = max(p)
        s += m * len(p)
        p.remove(m)
    return s * p[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def a_place_of_the_run_popped(x, n):
    p = [v * v for v in x]
    s = 0.0
    for i in range(n):
        j = p.index(min(p))
        s += p.pop(j) * (i + 1)
    return s


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def a_place_of_the_run_deleted(x, n):
    p = [v * v for v in x]
    s = 0.0
    for i in range(n):
        j = p.index(min(p)) - len(p)
        s += p[j] * i
        del p[j]
    return s


@case(vec(5, 0.4, 2.2), 4, seeds=1)
def a_queue_that_turns(x, n):
    d = deque(x)
    s = 0.0
    for i in range(n):
        d.rotate(i)
        s += d[0] * d[1] * i
        d[0] = d[0] * 0.5
    return s


@case(vec(5, 0.4, 2.2), 2, seeds=1)
def counted_out(x, k):
    d = deque(range(len(x)))
    s = 0.0
    w = 1.0
    while len(d) > 0:
        d.rotate(-k)
        s += w * x[d.popleft()]
        w *= 0.7
    return s


@case(vec(5, 0.4, 2.2), 3, seeds=1)
def a_queue_begins_with_too_many(x, n):
    d = deque(x, maxlen=2)
    for i in range(n):
        d.append(d[0] * x[i])
    return d[0] * d[1] + len(d)


@case(vec(5, 0.4, 2.2), seeds=1)
def a_queue_extended(x):
    d = deque(maxlen=3)
    d.extend(x)
    return sum(d) * len(d)


@case(vec(5, 0.4, 2.2), 3, seeds=1)
def a_queue_extended_in_turns(x, n):
    d = deque(maxlen=2)
    for i in range(n):
        d.extend([x[i], x[i] ** 2])
        d.extendleft([x[0] * 2])
    return d[0] * d[1] + len(d)


@case(vec(5, 0.4, 2.2), 3, seeds=1)
def a_queue_as_long_as_the_run_tells(x, n):
    d = deque(maxlen=n)
    s = 0.0
    for v in x:
        d.append(v * v)
        s += sum(d) / len(d)
    return s


@case(vec(5, 0.4, 2.2), vec(3, 0.4, 1.2), wrt=(0, 1), seeds=1)
def a_filter_by_a_queue(x, w):
    d = deque([0.0] * len(w), maxlen=len(w))
    s = 0.0
    for v in x:
        d.appendleft(v)
        s += sum(c * u for c, u in zip(w, d)) ** 2
    return s


def put_into(d, v):
    d.append(v)


@case(vec(5, 0.4, 2.2), 4, seeds=1)
def a_queue_given_to_a_function(x, n):
    d = deque(maxlen=2)
    for i in range(n):
        put_into(d, x[i] ** 2)
    e = d.copy()
    e.append(x[0] * 3)
    return sum(d) * len(d) + e[0] * e[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2, expect="refused")
def one_of_two_queues(x, n):
    d = deque(maxlen=2)
    if x[0] > 1.0:
        d = deque(maxlen=3)
    for i in range(n):
        d.append(x[i] ** 2)
    return sum(d) * len(d)


@case(vec(5, 0.4, 2.2), seeds=2)
def one_of_two_full_queues(x):
    d = deque([x[0], x[1]], maxlen=2)
    if x[0] > 1.0:
        d = deque([x[1], x[0] * 2], maxlen=2)
    d.append(x[2])
    return d[0] * d[1] + len(d)


# -- lists that are asked whether there is something in them ----------------------------------------


@case(vec(5, 0.4, 2.2), seeds=2)
def a_stack_in_order(x):
    p = []
    s = 0.0
    for v in x:
        while p and p[-1] > v:
            s += p.pop() * v
        p.append(v)
    return s + sum(p)


@case(vec(5, 0.4, 2.2), seeds=2)
def the_greatest_rectangle(x):
    p = []
    area = 0.0
    h = [v for v in x]
    for i in range(len(h)):
        while p and h[p[-1]] >= h[i]:
            j = p.pop()
            w = i if not p else i - p[-1] - 1
            area = max(area, h[j] * w)
        p.append(i)
    return area + h[p[-1]]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def none_there_or_greater(x, n):
    p = []
    s = 0.0
    for i in range(n):
        if not p or x[i] > p[-1]:
            p.append(x[i] ** 2)
        else:
            s += p[-1]
    return s + sum(p) * len(p)


@case(vec(5, 0.4, 2.2), seeds=2)
def intervals_joined(x):
    spans = sorted((v, v + 0.3) for v in x)
    out = []
    for lo, hi in spans:
        if out and lo <= out[-1][1]:
            out[-1] = (out[-1][0], max(hi, out[-1][1]))
        else:
            out.append((lo, hi))
    return sum((h - l) ** 2 for l, h in out)


# -- rows that change places ------------------------------------------------------------------------


@case(mat(4, 4, 0.4, 2.2), vec(4, 0.4, 2.2), 4, wrt=(0, 1), seeds=2)
def eliminated_with_pivots(A, v, n):
    M = [[A[i][j] for j in range(n)] + [v[i]] for i in range(n)]
    for i in range(n):
        p = max(range(i, n), key=lambda r: abs(M[r][i]))
        M[i], M[p] = M[p], M[i]
        for r in range(i + 1, n):
            f = M[r][i] / M[i][i]
            for c in range(i, n + 1):
                M[r][c] -= f * M[i][c]
    s = [0.0] * n
    for i in range(n - 1, -1, -1):
        t = M[i][n]
        for j in range(i + 1, n):
            t -= M[i][j] * s[j]
        s[i] = t / M[i][i]
    return sum(e * e for e in s)


@case(mat(4, 3, 0.4, 2.2), 4, seeds=2)
def rows_in_order(A, n):
    M = [list(r) for r in A]
    for i in range(n):
        for j in range(n - 1 - i):
            if M[j][0] > M[j + 1][0]:
                M[j], M[j + 1] = M[j + 1], M[j]
    M[0][0] = M[0][0] * 3.0
    return sum((k + 1) * M[k][0] * M[k][1] for k in range(n))


@case(mat(4, 3, 0.4, 2.2), 4, seeds=1)
def arrays_change_places(A, n):
    M = [r * 1.0 for r in A]
    for i in range(n):
        j = (i * 2) % n
        t = M[i]
        M[i] = M[j]
        M[j] = t
        M[i][0] = M[i][0] * M[j][1]
        M[j] -= 0.1 * M[i]
    return M[0][0] * M[1][1] + M[2][0] * 2 + np.sum(M[3])


@case(mat(4, 3, 0.4, 2.2), 4, seeds=1, expect="either")
def a_row_that_changed_places_is_read(A, n):
    M = [list(r) for r in A]
    for i in range(n):
        j = (i * 2) % n
        t = M[i]
        M[i] = M[j]
        M[j] = t
        M[i][0] = M[i][0] * M[j][1]
        t[1] = t[1] * 2.0
    return M[0][0] * M[1][1] + M[2][0] * 2


@case(mat(4, 3, 0.4, 2.2), 4, seeds=1, expect="either")
def a_row_in_two_places(A, n):
    M = [list(r) for r in A]
    for i in range(1, n):
        t = M[i]
        M[0] = t
        M[i][0] = M[i][0] * M[0][1]
    return M[0][0] * M[1][1] + M[2][0] * 2


@case(mat(4, 3, 0.4, 2.2), 4, seeds=1, expect="either")
def rows_in_another_list_change_places(A, n):
    M = [list(r) for r in A]
    N = list(M)
    for i in range(n):
        j = (i * 2) % n
        M[i], M[j] = M[j], M[i]
        M[i][0] = M[i][0] * M[j][1]
    return M[0][0] * M[1][1] + N[2][0] * 2


@case(vec(5, 0.4, 2.2), seeds=1)
def where_and_how_often(x):
    p = [v * v for v in x]
    return p.count(p[1]) * p[0] ** 2 + p.index(p[2]) * p[1]


@case(vec(5, 0.4, 2.2), 4, seeds=1)
def where_the_greatest_is(x, n):
    p = []
    s = 0.0
    for i in range(n):
        p.append(x[i])
        s += p.index(max(p)) * p[-1] ** 2
    return s
