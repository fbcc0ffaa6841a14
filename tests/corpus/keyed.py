"""Dicts whose keys only the run tells: histograms, tables, memos, counts; walked, changed, emptied."""

import copy
import math
from collections import Counter, defaultdict

import numpy as np

from case import Case, listed, mat, num, vec, whole

CASES: list[Case] = []
case = listed(CASES)


@case(vec(5, 0.4, 2.2), seeds=2)
def histogram(x):
    bins = {}
    for v in x:
        k = int(v * 2)
        bins[k] = bins.get(k, 0.0) + v * v
    t = 0.0
    for k in sorted(bins):
        t += bins[k] ** 2
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def best_of_parts(x, n):
    m = {}
    for i in range(n):
        m[i, i] = x[i]
    for s in range(1, n):
        for i in range(n - s):
            j = i + s
            m[i, j] = min(m[i + 1, j], m[i, j - 1]) * 1.1 + x[i] * x[j]
    return m[0, n - 1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def grouped(x, n):
    d = {}
    for i in range(n):
        if i % 2 not in d:
            d[i % 2] = []
        d[i % 2].append(x[i])
    return sum(sum(v) ** 2 for v in d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def overwritten_under_keys(x, n):
    d = {}
    for i in range(n):
        d[i % 2] = x[i] * 2
    for i in range(n):
        d[i % 2] = d[i % 2] * x[i]
    return d[0] * d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def overwritten_by_what_was_read(x, n):
    d = {0: 1.0, 1: 2.0}
    for i in range(n):
        d[i % 2] = math.sin(d[i % 2]) * x[i]
    return d[0] * d[1] + d[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def keys_that_change_later(x, n):
    d = {}
    k = 0
    for i in range(n):
        d[k] = x[i] ** 2
        k = (k * 3 + 1) % 4
        d[k] = d.get(k, 1.0) * x[i]
    t = 0.0
    for k in d:
        t += d[k] ** 2
    return t


@case(vec(5, 0.4, 2.2), whole(2, 4), seeds=6)
def no_turn_puts_a_key(x, k):
    d = {}
    for i in range(k - 2):
        d[i] = x[i]
    t = x[0]
    for q in d:
        t += d[q]
    return t * x[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def left_early_with_keys(x, n):
    d = {}
    for i in range(n):
        d[i % 3] = d.get(i % 3, 0.5) * x[i] + x[i]
        if d[i % 3] > 2.0:
            break
    t = 0.0
    for v in d.values():
        t = t + v * v
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def keys_put_in_branches(x, n):
    d = {}
    for i in range(n):
        if x[i] > 1.0:
            d[i % 2] = x[i]
        else:
            d[i % 2 + 2] = x[i] ** 2
    t = 0.0
    for k, v in d.items():
        t += (k + 1) * v
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def asked_for_a_key(x, n):
    d = {}
    t = 0.0
    for i in range(n):
        k = i % 3
        if k in d:
            t += d[k] * x[i]
            d[k] = d[k] + x[i] ** 2
        else:
            d[k] = x[i]
    return t + len(d) * x[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def squared_with_a_default(x, n):
    d = {}
    for i in range(n):
        d[i % 2] = d.get(i % 2, 1.0) ** 2 + x[i]
    return d[0] + d[1] * d[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def set_by_default(x, n):
    d = {}
    for i in range(n):
        s = d.setdefault(i % 2, x[0])
        d[i % 2] = s * x[i]
    return d[0] + d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def default_that_varies(x, n):
    d = {}
    t = 0.0
    for i in range(n):
        t += d.get(i % 2, x[0]) * x[i]
        d[i % 2] = t
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def counts_by_key(x, n):
    c = {}
    for i in range(n):
        c[i % 3] = c.get(i % 3, 0) + 1
    t = 0.0
    for k in c:
        t += c[k] * x[k]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def positions_by_key(x, n):
    pos = {}
    for i in range(n):
        pos[(i * 7) % 5] = i
    t = 0.0
    for k in sorted(pos):
        t += x[pos[k]] * (k + 1)
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def sum_and_max_of_values(x, n):
    d = {}
    for i in range(n):
        d[i % 3] = x[i] ** 2
    return sum(d.values()) * max(d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def multiplied_in_place(x, n):
    d = {0: 1.0, 1: 1.0}
    for i in range(n):
        d[i % 2] *= x[i]
        d[i % 2] -= 0.5 * x[i]
    return d[0] * d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def two_names_for_a_dict(x, n):
    d = {}
    e = d
    for i in range(n):
        d[i % 2] = x[i]
        e[i % 2] = d[i % 2] * e[i % 2]
    return e[0] + d[1]


def put_more(d, k, v):
    d[k] = d.get(k, 0.0) + v


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def filled_by_a_helper(x, n):
    d = {}
    for i in range(n):
        put_more(d, i % 2, x[i] ** 2)
    return d[0] * d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def a_new_dict_each_turn(x, n):
    t = 0.0
    for j in range(n):
        d = {}
        for i in range(n):
            d[i % 2] = d.get(i % 2, 0.0) + x[i] * x[j]
        t += d[0] * d[1]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def two_dicts(x, n):
    d = {}
    e = {}
    for i in range(n):
        d[i % 2] = x[i]
        e[i % 3] = d[i % 2] ** 2
    return d[0] * e[0] + e[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def texts_as_keys(x, n):
    names = ["a", "b", "a", "c", "b"]
    d = {}
    for i in range(n):
        w = names[i]
        d[w] = d.get(w, 0.0) + x[i] ** 2
    return d["a"] * d["b"]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def tuples_as_keys(x, n):
    d = {}
    for i in range(n):
        key = (i % 2, i % 3)
        d[key] = x[i] ** 2
    t = 0.0
    for key in d:
        t += d[key] * (key[0] + 1)
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def tuples_taken_apart(x, n):
    d = {}
    for i in range(n):
        d[i, i + 1] = x[i] ** 2
    t = 0.0
    for (i, j), v in d.items():
        t += v * (i + j)
    return t


@case(vec(5, 0.4, 2.2), seeds=2)
def a_while_over_keys(x):
    d = {0: x[0]}
    k = 0
    while d[k] < 3.0:
        d[k + 1] = d[k] * 1.5 + x[1]
        k += 1
    return d[k] * d[0]


@case(num(0.3, 0.9), 4, seeds=2)
def a_table_of_numbers(a, n):
    memo = {0: a, 1: 1.0}
    for i in range(2, n + 3):
        memo[i] = memo[i - 1] * memo[i - 2] + a
    return memo[n + 2]


@case(vec(5, 0.4, 2.2), whole(0, 4), seeds=6)
def truth_of_a_dict(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    if d:
        return d[0] ** 2
    return x[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def items_in_order(x, n):
    d = {}
    for i in range(n):
        d[(i * 3) % 4] = x[i]
    t = 0.0
    for k, v in sorted(d.items()):
        t = t * 0.9 + v * k
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def comprehensions_over_a_dict(x, n):
    d = {}
    for i in range(n):
        d[i % 3] = x[i]
    y = [d[k] * 2 for k in d]
    return sum(y) + sum(v * v for v in d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def changed_while_walked(x, n):
    d = {}
    for i in range(n):
        d[i % 3] = x[i]
    for k in d:
        d[k] = d[k] ** 2
    for k in d:
        d[k] = d[k] * x[0]
    return sum(d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def key_of_the_greatest(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i] ** 2
    best = max(d, key=lambda k: d[k])
    return d[best] * x[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def defaultdict_of_floats(x, n):
    d = defaultdict(float)
    for i in range(n):
        d[i % 3] += x[i] ** 2
    return sum(v * v for v in d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def asked_for_keys_that_were_not_there(x, n):
    d = defaultdict(float)
    t = 0.0
    for i in range(n):
        t += d[i % 5] * x[i]
        d[i % 3] += x[i] ** 2
    for k, v in d.items():
        t += (v - x[0]) ** 2
    return t + d[77]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def asked_for_keys_not_looked_over(x, n):
    d = defaultdict(float)
    t = 0.0
    for i in range(n):
        t += d[i % 5] * x[i]
        d[i % 3] += x[i] ** 2
    return t * d[0] + d[99]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def defaultdict_of_counts(x, n):
    c = defaultdict(int)
    for i in range(n):
        c[i % 3] += 1
    t = 0.0
    for k in c:
        t += c[k] * x[k]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def defaultdict_of_ones(x, n):
    d = defaultdict(lambda: 1.0)
    for i in range(n):
        d[i % 2] *= x[i]
    return d[0] + d[1] * d[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def counter_of_the_run(x, n):
    c = Counter()
    for i in range(n):
        c[i % 3] += 1
    t = 0.0
    for k, v in c.items():
        t += v * x[k] ** 2
    return t + c[17]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def counter_of_bins(x, n):
    c = Counter(int(v * 2) for v in x)
    t = 0.0
    for v in x:
        t += v ** 2 * c[int(v * 2)]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def taken_out(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i] ** 2
    t = 0.0
    for i in range(n - 1):
        t += d.pop(i) * x[i]
    d[0] = t
    return sum(d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def deleted(x, n):
    d = {}
    t = 0.0
    for i in range(n):
        d[i % 2] = x[i] ** 2
        t += d[i % 2] * d.get(0, 0.0)
        if i == 2:
            del d[0]
    for k in d:
        t += d[k] * k
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def taken_out_by_default(x, n):
    d = {}
    t = 0.0
    for i in range(n):
        t += d.pop(i % 2, 0.5) * x[i]
        d[(i * 3) % 4] = x[i] ** 2 * t
    return t + sum(d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def deleted_and_put_elsewhere(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    y = 0.0
    for k in list(d):
        v = d[k]
        del d[k]
        d[k + 10] = v * v
        y = y * 0.5 + v * len(d)
    for j, k in enumerate(d):
        y += d[k] * (j + 1) * y
    return y


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def copied_by_dict(x, n):
    d = dict()
    for i in range(n):
        d[i % 2] = x[i]
    e = dict(d)
    for k in d:
        e[k] = e[k] * d[k]
    return sum(e.values()) * sum(d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def copied_dict(x, n):
    d = {}
    for i in range(n):
        d[i % 2] = x[i]
    e = d.copy()
    d[0] = d[0] * e[1]
    return sum(e.values()) * sum(d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def dict_comprehension_of_the_run(x, n):
    d = {i % 3: x[i] ** 2 for i in range(n)}
    s = sum(d.values())
    e = {k: v / s for k, v in d.items()}
    return sum(k * v * v for k, v in e.items())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def updated_by_another(x, n):
    d = {}
    e = {}
    for i in range(n):
        d[i] = x[i]
        e[2 * i] = x[i] ** 2
    d.update(e)
    t = 0.0
    for k, v in d.items():
        t += k * v
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def dict_of_zip(x, n):
    d = dict(zip(range(n), x))
    t = 0.0
    for i in range(n):
        t += d[i] ** 2 * i
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def lengths_of_a_dict(x, n):
    d = {}
    n0 = len(d)
    for i in range(n):
        d[i % 3] = x[i]
    n1 = len(d)
    d[55] = x[0] ** 2
    n2 = len(d)
    return n0 * x[0] + n1 * x[1] + n2 * x[2] ** 2 + d[55]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def seen_before(x, n):
    seen = {}
    t = 0.0
    for i in range(n):
        k = (i * i) % 4
        if k not in seen:
            seen[k] = x[i]
            t += x[i] ** 2
        elif seen[k] > 1.0 and k in seen:
            t += seen[k] * x[i]
    return t


class Squares:
    def __init__(self):
        self.memo = {}
    def get(self, k, x):
        if k not in self.memo:
            self.memo[k] = x[k] ** 2
        return self.memo[k]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def cache_of_an_object(x, n):
    c = Squares()
    t = 0.0
    for i in range(n):
        t += c.get(i % 3, x) * c.get(i % 2, x)
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2, expect="either")
def handed_on(x, n):
    d = {0: 1.0}
    for i in range(n):
        new = {}
        for k in d:
            new[k] = new.get(k, 0.0) + d[k] * 0.5
            new[k + 1] = new.get(k + 1, 0.0) + d[k] * x[i]
        d = new
    return sum(v * k for k, v in d.items())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def chosen_by_what_is_there(x, n):
    d = {}
    e = {}
    for i in range(n):
        if i % 2:
            d[i] = x[i]
        else:
            e[i] = x[i]
    t = 0.0
    for i in range(n):
        t += d[i] * 2 if i in d else e[i] ** 2
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def halves_as_keys(x, n):
    d = {}
    for i in range(n):
        d[i * 0.5] = x[i] ** 2
    return d[0.5] * d[1.0]


@case(vec(5, 0.4, 2.2), 4, seeds=2, expect="refused")
def walked_over_numbers_as_keys(x, n):
    d = {}
    for i in range(n):
        d[x[i]] = x[i] ** 2
    t = 0.0
    for k in d:
        t += d[k] * k
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def one_changed_while_walked(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    for k, v in d.items():
        d[0] = d[0] + v * v
    return d[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def chosen_in_an_expression(x, n):
    d = {}
    for i in range(n):
        d[i % 2] = d[i % 2] + x[i] if i % 2 in d else x[i] ** 2
    return d[0] * d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def numbered_items(x, n):
    d = {}
    for i in range(n):
        d[(i * 3) % 4] = x[i]
    t = 0.0
    for j, (k, v) in enumerate(d.items()):
        t += j * v ** 2 + k * v
    for j, k in enumerate(sorted(d)):
        t += j * d[k]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def greatest_by_get(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i] ** 2
    best = max(d, key=d.get)
    return d[best] * x[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def arrays_under_keys(x, n):
    d = {}
    for i in range(n):
        d[i % 2] = x * i
    return np.sum(d[0] * d[1])


@case(mat(4, 4), 4, seeds=2)
def rows_under_keys(A, n):
    d = {}
    for i in range(n):
        d[i % 2] = A[i]
    d[0][1] = 5.0
    return np.sum(d[0] * d[1])


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def lists_under_keys(x, n):
    d = defaultdict(list)
    for i in range(n):
        d[i % 2].append(x[i])
    return sum(sum(v) ** 2 for v in d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def texts_and_numbers_as_keys(x, n):
    d = {"s": 0.0}
    for i in range(n):
        d["s"] += x[i]
        d[i % 2] = x[i] * d["s"]
    return d["s"] * d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def begun_with_whole_numbers(x, n):
    d = {0: 0, 1: 0}
    for i in range(n):
        d[i % 2] += x[i] ** 2
    return d[0] * d[1]


@case(vec(5, 0.4, 2.2), 2, seeds=2)
def begun_with_whole_numbers_at_once(x, k):
    d = {0: 0, 1: 1}
    d[k - 2] = x[0]
    return d[0] * x[1] + d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def floats_as_keys(x, n):
    d = {}
    for i in range(n):
        d[float(i)] = x[i]
    return d[0] * d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def memo_of_a_closure(x, n):
    memo = {}
    def go(k):
        if k in memo:
            return memo[k]
        r = x[0] if k < 2 else go(k - 1) * go(k - 2) + x[1]
        memo[k] = r
        return r
    return go(n + 2)


def chain(n, a, memo):
    if n < 2:
        return a
    if n in memo:
        return memo[n]
    memo[n] = chain(n - 1, a, memo) * 1.1 + chain(n - 2, a, memo) ** 2
    return memo[n]


@case(num(0.3, 0.9), 4, seeds=2)
def memo_passed_on(a, n):
    return chain(n, a, {})


def chain_full(n, a, memo):
    if n not in memo:
        memo[n] = chain_full(n - 1, a, memo) * 1.1 + chain_full(n - 2, a, memo) ** 2
    return memo[n]


@case(num(0.3, 0.9), 4, seeds=2)
def memo_passed_on_full(a, n):
    memo = {0: a, 1: 1.0}
    return chain_full(n, a, memo)


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def truths_as_keys(x, n):
    d = {}
    for i in range(n):
        d[x[i] > 1.2] = d.get(x[i] > 1.2, 0.0) + x[i] ** 2
    return d.get(True, 0.0) * 2 + d.get(False, 1.0) ** 2


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def shortest_way(x, n):
    adj = {0: [1, 2], 1: [2], 2: [3], 3: []}
    dist = {0: x[0]}
    for u in range(n):
        for v in adj[u]:
            dist[v] = min(dist.get(v, 1e9), dist[u] + x[v])
    return dist[3] ** 2


@case(vec(5, 0.4, 2.2), seeds=2)
def counted_letters(x):
    s = "abracadabra"
    d = {}
    for c in s:
        d[c] = d.get(c, 0) + 1
    t = 0.0
    for j, c in enumerate(sorted(d)):
        t += d[c] * x[j]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def counted_words(x, n):
    words = "a b a c".split()
    d = {}
    for i in range(n):
        w = words[i]
        if w not in d:
            d[w] = 0.0
        d[w] += x[i] ** 2
    return d["a"] * d["b"]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def ranked_by_value(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i] ** 2
    t = 0.0
    for j, (k, v) in enumerate(sorted(d.items(), key=lambda kv: kv[1])):
        t += j * v * x[k]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def keys_and_values_as_lists(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    ks = list(d.keys())
    vs = list(d.values())
    t = 0.0
    for k, v in zip(ks, vs):
        t += v * v * k
    return t + ks[1] * vs[2]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def arrays_of_values(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    y = np.array(list(d.values()))
    z = np.array([d[i] for i in range(n)])
    return np.sum(y * z ** 2)


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def result_chosen_by_keys(x, n):
    d = {}
    for i in range(n):
        d[i % 2] = d.get(i % 2, 0.0) + x[i]
    if d[0] > d[1]:
        return d[0] ** 2
    return d[1] ** 3


@case(vec(5, 0.4, 1.6), 4, seeds=6)
def returned_early(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i] ** 2
        if i in d and d[i] > 2.0:
            return d[i] * x[0]
    return d[0]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def turns_left_out(x, n):
    d = {}
    for i in range(n):
        if i == 1:
            continue
        d[i % 3] = x[i] * d.get((i + 1) % 3, 1.0)
    return sum(d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def taken_out_if_there(x, n):
    d = {}
    for i in range(n):
        d[i % 3] = x[i] ** 2
        d.pop((i + 1) % 3, None)
    return sum(d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def a_table_that_is_read(x, n):
    coef = {0: 1.5, 1: -0.5, 2: 2.0}
    t = 0.0
    for i in range(n):
        t += coef[i % 3] * x[i] ** 2
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def lists_begun_where_missing(x, n):
    d = {}
    for i in range(n):
        if i % 2 not in d:
            d[i % 2] = []
        d[i % 2].append(x[i])
    t = 0.0
    for k, vs in d.items():
        s = 0.0
        for v in vs:
            s += v
        t += s * s * (k + 1)
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def defaultdict_of_lists(x, n):
    d = defaultdict(list)
    for i in range(n):
        d[i % 2].append(x[i] ** 2)
    return sum(sum(v) * len(v) for v in d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def lists_set_by_default(x, n):
    d = {}
    for i in range(n):
        d.setdefault(i % 2, []).append(x[i])
    t = 0.0
    for k in d:
        t += np.mean(np.array(d[k])) ** 2
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def places_under_keys(x, n):
    adj = {}
    for i in range(n):
        adj.setdefault(i % 2, []).append(i)
    t = 0.0
    for u in adj:
        for j in adj[u]:
            t += x[j] ** 2 * (u + 1)
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def breadth_first(x, n):
    dist = {0: 0.0}
    queue = [0]
    while queue:
        u = queue.pop()
        for v in (u + 1, u + 2):
            if v < n and v not in dist:
                dist[v] = dist[u] + x[v] ** 2
                queue.append(v)
    return sum(dist.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def knapsack(x, n):
    best = {0: 0.0}
    for i in range(n):
        for w in sorted(best, reverse=True):
            c = best[w] + x[i]
            if c > best.get(w + i + 1, -1e9):
                best[w + i + 1] = c
    return max(best.values()) ** 2


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def least_and_greatest(x, n):
    d = {}
    for i in range(n):
        d[i] = (x[i] - 1) ** 2
    k = min(d, key=lambda j: d[j])
    m = min(d.values())
    kk, vv = max(d.items(), key=lambda kv: kv[1])
    return d[k] * x[k] + m + kk * vv


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def pairs_of_items_in_order(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    pairs = [(v, k) for k, v in d.items()]
    pairs.sort()
    return sum(v * j for j, (v, k) in enumerate(pairs))


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def sums_over_keys(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    return sum(d[k] ** 2 for k in d if k > 0) * sum(math.exp(v) for v in d.values()) + sum(d[i] for i in range(n))


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def any_of_the_values(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    return x[0] if any(v > 100 for v in d.values()) else x[1] * len(d.keys()) + (3 in d.keys())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def products_by_sum_of_places(x, n):
    d = {}
    for i in range(n):
        for j in range(n):
            d[i + j] = d.get(i + j, 0.0) + x[i] * x[j]
    return sum(v * v for v in d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def entropy_by_key(x, n):
    d = {}
    for i in range(n):
        d[i % 3] = d.get(i % 3, 0.0) + math.exp(x[i])
    z = sum(d.values())
    for k in d:
        d[k] /= z
    return -sum(p * math.log(p) for p in d.values())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def got_or_computed(x, n):
    d = {}
    t = 0.0
    for i in range(n):
        v = d.get(i % 2)
        if v is None:
            v = x[i] ** 2
            d[i % 2] = v
        t += v * x[i]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def got_if_there(x, n):
    d = {}
    t = 0.0
    for i in range(n):
        v = d.get(i % 2)
        if v is not None:
            t += v * x[i]
        d[i % 2] = x[i]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def asked_whether_none(x, n):
    d = {}
    t = 0.0
    for i in range(n):
        if d.get(i % 2) is None:
            d[i % 2] = x[i]
        else:
            d[i % 2] = d[i % 2] * x[i]
    return d[0] + d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def key_of_the_greatest_by_get(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i] ** 2
    best = max(d, key=d.get)
    return d[best] * x[0]


@case(mat(4, 4), 4, seeds=2)
def way_through_a_grid(A, n):
    memo = {}
    for i in range(n):
        for j in range(n):
            up = memo[i - 1, j] if i > 0 else 0.0
            left = memo[i, j - 1] if j > 0 else 0.0
            memo[i, j] = A[i, j] + max(up, left)
    return memo[n - 1, n - 1] ** 2


@case(vec(5, 0.4, 2.2), vec(4), seeds=2)
def aligned_rows(x, w):
    m = {}
    for i in range(len(x) + 1):
        m[i, 0] = 0.0
    for j in range(len(w) + 1):
        m[0, j] = 0.0
    for i in range(1, len(x) + 1):
        for j in range(1, len(w) + 1):
            c = (x[i - 1] - w[j - 1]) ** 2
            m[i, j] = c + min(m[i - 1, j], m[i, j - 1], m[i - 1, j - 1])
    return m[len(x), len(w)]


@case(vec(5), vec(4), 4, seeds=2)
def sparse_product(v, w, n):
    M = {}
    for i in range(n):
        M[i, i] = v[i]
        if i + 1 < n:
            M[i, i + 1] = w[i]
    y = [0.0] * n
    for (i, j), m in M.items():
        y[i] += m * v[j]
    return sum(q * q for q in y)


@case(vec(5, 0.4, 2.2), vec(4), seeds=2)
def polynomial(x, w):
    p = {0: 1.0}
    for k in range(len(x)):
        q = {}
        for e, c in p.items():
            q[e] = q.get(e, 0.0) + c * x[k]
            q[e + 1] = q.get(e + 1, 0.0) + c * w[0]
        p = q
    return sum(c * c * (e + 1) for e, c in p.items())


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def a_set_of_the_run(x, n):
    seen = set()
    t = 0.0
    for i in range(n):
        k = (i * i) % 4
        if k not in seen:
            seen.add(k)
            t += x[i] ** 2
    return t * len(seen)


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def discarded_from_a_set(x, n):
    seen = {0, 1}
    t = 0.0
    for i in range(n):
        if i in seen:
            seen.discard(i)
            t += x[i] ** 2 * len(seen)
        else:
            seen.add(i + 5)
            t = t * x[i]
    for k in sorted(seen):
        t = t * 0.9 + k * x[0]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def visited_places(x, n):
    stack = [(0, 1.0)]
    seen = set()
    t = 0.0
    while stack:
        u, w = stack.pop()
        if u in seen or u >= n:
            continue
        seen.add(u)
        t += w * x[u]
        stack.append((u + 1, w * 0.5))
        stack.append((u + 2, w * 2.0))
    return t * t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def pairs_in_a_set(x, n):
    seen = set()
    t = 0.0
    for i in range(n):
        for j in range(n):
            if (j, i) not in seen:
                seen.add((i, j))
                t += x[i] * x[j]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def set_of_a_generator(x, n):
    s = set(i % 3 for i in range(n))
    t = 0.0
    for k in sorted(s):
        t += x[k] ** 2
    return t * len(s)


@case(vec(5, 0.4, 2.2), 4, seeds=2, expect="refused")
def loop_over_a_set(x, n):
    seen = set()
    for i in range(n):
        seen.add(i % 2)
    t = 0.0
    for k in seen:
        t += x[k]
    return t


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def removed_from_a_set(x, n):
    left = set(range(n))
    t = 0.0
    for i in range(n):
        k = (i * 3 + 1) % n
        if k in left:
            left.remove(k)
            t += x[k] * len(left)
    return t if left else t * x[0]


@case(vec(5, 0.4, 2.2), 4, seeds=6)
def one_of_two_dicts(x, n):
    d = {}
    for i in range(n):
        d[i % 2] = x[i]
    t = d[0] * 2
    if x[0] > 1.0:
        e = d
    else:
        e = {0: x[1], 1: 1.0}
    for k in e:
        t += e[k] ** 2
    return t * d[1]


@case(vec(5, 0.4, 2.2), 4, seeds=2)
def this_turn_and_the_last(x, n):
    prev = {0: 1.0}
    for i in range(n):
        cur = {}
        cur[i] = prev[0] * x[i]
        cur[0] = x[i] ** 2 + cur[i]
        prev = cur
    return prev[0]


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def another_name_for_a_row(x, n):
    d = {}
    for i in range(n):
        if i % 2 not in d:
            d[i % 2] = []
        d[i % 2].append(x[i])
    row = d[0]
    row.append(x[1] ** 2)
    t = 0.0
    for vs in d.values():
        for v in vs:
            t = t * 0.5 + v * v * len(vs)
    return t + d[0][-1] * d[1][0]


@case(vec(4, 0.4, 2.2), 4, seeds=2, expect="either")
def a_row_that_is_replaced(x, n):
    d = {0: []}
    prev = d[0]
    for i in range(n):
        prev.append(x[i])
        d[i % 2] = []
        prev = d[i % 2]
    return sum(sum(v) for v in d.values())


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def keys_taken_from_what_is_there(x, n):
    p = {0: 1, 1: 2, 2: 0}
    d = {0: 1.2, 1: 2.1, 2: 0.5}
    k = 0
    for i in range(n):
        d[p[k]] = d[p[k]] ** 2 * x[i]
        p[k] = (p[k] + 1) % 3
        k = p[k]
    return d[0] + d[1] * d[2]


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def emptied_and_filled_in_loops(x, n):
    d = {}
    for i in range(n):
        d[i % 2] = x[i]
        for k in d:
            d[k] = math.exp(-d[k]) * x[i]
        if len(d) == 2 and i < 3:
            del d[0]
    return sum(v**2 for v in d.values())


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def the_greatest_key_first(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    t = 0.0
    while d:
        k = max(d)
        t = t * 0.5 + d.pop(k) ** 2 * len(d)
    return t


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def complex_numbers_under_keys(x, n):
    d = {}
    for i in range(n):
        d[i % 2] = d.get(i % 2, 1.0) * (x[i] + 1j * x[0])
    return abs(d[0]) ** 2 + (d[1] * d[0]).real


@case(vec(4, 0.4, 2.2), 4, seeds=2, expect="refused")
def a_row_that_grows_while_walked(x, n):
    d = {}
    for i in range(n):
        if i % 2 not in d:
            d[i % 2] = []
        row = d[i % 2]
        for v in row:
            if len(row) < 3:
                row.append(v * 2)
        row.append(x[i])
    return sum(sum(v) for v in d.values())


# -- handed on from turn to turn ----------------------------------------------------------------------------


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def left_early_with_a_new_dict(x, n):
    d = {0: 1.0}
    for i in range(n):
        new = {}
        for k in d:
            new[k + 1] = d[k] * x[i] + k
        d = new
        if i == 2:
            break
    return sum(d.values()) + len(d)


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def two_dicts_that_change_places(x, n):
    a = {0: 1.0}
    b = {0: 2.0}
    for i in range(n):
        a[i % 2] = a.get(i % 2, 1.0) * x[i]
        a, b = b, a
    return sum(a.values()) * a.get(1, 0.5) + sum(b.values()) ** 2


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def written_behind_its_other_name(x, n):
    d = {0: 1.0}
    seen = []
    for i in range(n):
        new = {}
        for k in d:
            new[k] = d[k] * x[i]
        new[i] = x[i]
        seen.append(new[i] * new[0])
        d = new
        d[i + 1] = d[i] * 2
    return sum(seen) * sum(d.values())


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def written_behind_the_loop_by_its_other_name(x, n):
    d = {0: 1.0}
    for i in range(n):
        new = {}
        for k in d:
            new[k + 1] = d[k] * x[i]
        new[0] = x[i] ** 2
        d = new
    new[0] = 5.0
    return sum(v * (k + 1) for k, v in d.items())


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def smoothed_again_and_again(x, n):
    now = {}
    for i in range(n):
        now[i] = x[i]
    for _ in range(3):
        then = {}
        for k in now:
            then[k] = 0.5 * now[k] + 0.25 * now.get(k - 1, 0.0) + 0.25 * now.get(k + 1, 0.0) ** 2
        now = then
    return sum(v**2 for v in now.values())


@case(vec(4, 0.4, 2.2), seeds=2)
def doubled_while_it_is_small(x):
    d = {0: x[0]}
    while len(d) < 5:
        e = {}
        for k, v in d.items():
            e[2 * k] = e.get(2 * k, 0.0) + v * x[1]
            e[2 * k + 1] = e.get(2 * k + 1, 0.0) + v * x[2]
        d = e
    return sum(v * math.sin(k) for k, v in d.items())


class Poly:
    def __init__(self, c):
        self.c = c

    def times(self, other):
        r = {}
        for i, a in self.c.items():
            for j, b in other.c.items():
                r[i + j] = r.get(i + j, 0.0) + a * b
        return Poly(r)


@case(vec(4, 0.4, 2.2), 3, seeds=2)
def polynomials_that_hold_dicts(x, n):
    p = Poly({0: 1.0})
    for i in range(n):
        p = p.times(Poly({0: x[i], 1: 1.0}))
    return sum(v * v * (k + 1) for k, v in p.c.items())


@case(vec(4, 0.4, 2.2), 4, seeds=2, expect="either")
def handed_on_in_some_turns(x, n):
    d = {0: 1.0}
    for i in range(n):
        new = {}
        for k in d:
            new[k + i % 2] = d[k] * x[i]
        if x[i] > 1:
            d = new
    return sum(v * v * (k + 1) for k, v in d.items())


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def beside_the_last_turn(x, n):
    last = None
    t = 0.0
    for i in range(n):
        d = {i % 2: x[i], 5: x[0]}
        if last is not None:
            t += last[5] * d[5]
        last = d
    return t


@case(vec(4, 0.4, 2.2), seeds=1)
def a_dict_of_arrays_that_is_shown(x):
    d = {"w": x, "b": 2 * x}
    print(d, len(d))
    text = f"{d}"
    assert text
    return np.sum(d["w"] * d["b"])


@case(vec(4, 0.4, 2.2), 4, seeds=1, raises=RuntimeError)
def grown_while_walked(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    for k in d:
        d[k + n - 1] = d[k] ** 2
    return sum(d.values())


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def others_changed_while_walked(x, n):
    d = {}
    for i in range(n):
        d[i] = x[i]
    for k in d:
        d[(k + 1) % n] = d[k] ** 2
    return sum(d.values())


@case(vec(4, 0.4, 2.2), num(0.6, 0.9), seeds=2)
def a_key_that_one_path_sets(x, a):
    d = {"u": 1.0}
    if a > 0.5:
        d["w"] = x[0]
    t = d["u"] * x[1]
    if "w" in d:
        t += d["w"] ** 2
    return t + sum(d.values())


@case(vec(4, 0.4, 2.2), seeds=2)
def another_key_on_another_path(x):
    d = {}
    if x[0] > 0.9:
        d["w"] = x[0]
    else:
        d["v"] = x[1]
    return d.get("w", 2.0) * d.get("v", 3.0)


@case(vec(4, 0.4, 2.2), 4, seeds=2)
def the_last_one_seen(x, n):
    d = {}
    for i in range(n):
        d["last"] = x[i] ** 2
    return d["last"] * x[0]


@case(num())
def keys_put_together_beside_others(a):
    d = {"a": a}
    for k in range(3):
        d["a"] = d["a"] * a + math.sin(d["a"])
        d[f"b{k}"] = d["a"] ** 2
    return sum(d.values())


@case(vec(4), ["u", "v", "u"])
def keys_of_a_list_put_again(x, words):
    d = {"u": x, "v": x * x}
    for w in words:
        d[w] = d["u"] * x + 1.0
    return np.sum(d["u"] + d["v"])


@case(vec(3))
def copied_by_copy_while_the_first_changes(x):
    c = {"p": x[0] * 2.0, "q": x[1] * x[2]}
    d = copy.copy(c)
    s = 0.0
    for _ in range(2):
        del c["p"]
        c["p"] = c["q"]
        s += d["p"] * 0.2
        d = copy.copy(c)
    return s + c["p"] * d["p"]


@case(vec(3), seeds=1)
def counters_that_add(x):
    c = Counter({"p": x[0], "q": x[1]})
    c.update({"p": x[1] * x[2]}, r=x[2])
    other = Counter(c)
    other.subtract({"q": x[0]})
    plain = dict(other)
    plain.update({"p": x[2]})
    (first, often), *_ = Counter("abca").most_common(2)
    return c["p"] * other["q"] + plain["p"] * c["r"] * often + c["missing"] + len(first)


@case(vec(3), expect="refused")
def counters_that_keep_the_more(x):
    c = Counter({"p": x[0]})
    c |= Counter({"p": x[1]})
    return c["p"] * x[2]


@case(vec(3), expect="either", seeds=1)
def counters_that_add_in_the_run(x):
    c = Counter()
    for k, v in enumerate(x):
        c[k % 2] += v
    c.update({0: 2.0 * x[0]})
    return c[0] * c[1]
