"""Programs as anyone writes them, each of which went wrong, or was refused, before it was asked for."""

import dataclasses
import math
from functools import lru_cache

import numpy as np

from case import Case, mat, num, takes, vec, whole, wholes


def refused_values(x, n):
    s = 0.0
    for t in x:
        if n == 1:
            y = t * 2
        elif t < 5:
            y = np.sin(t)
        else:
            raise ValueError("no")
        s += y * t
    return s


def attention_in_place(A):
    q, k, v = A, A.T, A * 2
    s = q @ k.T / np.sqrt(k.shape[-1])
    s -= s.max(axis=-1, keepdims=True)
    p = np.exp(s)
    p /= p.sum(axis=-1, keepdims=True)
    out = (p * np.tril(np.ones((3, 3)))) @ v
    return np.mean(out**2)


def roots_in_place(A, x):
    p = np.exp(A.T @ A / 3)
    np.sqrt(p, out=p)
    p *= p @ x
    p **= 3.0
    return np.sum(p) * 1e-3


# the shortest way to write it down
ACTIVATIONS = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "id": lambda z: z, "of": lambda c: lambda z: z * c}  # fmt: skip


def by_a_table_of_lambdas(x, a):
    for name in ("tanh", "id", "relu"):
        x = ACTIVATIONS[name](a * x)
    return ACTIVATIONS["of"](a)(x)


def memoized_recursion_inside(a, n):
    memo = {}

    def fib(k):
        if k < 2:
            return a**k
        if k not in memo:
            memo[k] = fib(k - 1) + a * fib(k - 2)
        return memo[k]

    return fib(n + 3)


def legendre_by_recursion_inside(a, n):
    def P(k, t):
        if k == 0:
            return 1.0
        if k == 1:
            return t
        return ((2 * k - 1) * t * P(k - 1, t) - (k - 1) * P(k - 2, t)) / k

    return P(n, a) + P(n + 1, a)


def adaptive_simpson(a, b):
    def g(t):
        return math.exp(-a * t) * math.sin(t)

    def adapt(lo, hi, tol):
        mid = 0.5 * (lo + hi)
        whole = (hi - lo) / 6 * (g(lo) + 4 * g(mid) + g(hi))
        left = (mid - lo) / 6 * (g(lo) + 4 * g(0.5 * (lo + mid)) + g(mid))
        right = (hi - mid) / 6 * (g(mid) + 4 * g(0.5 * (mid + hi)) + g(hi))
        if abs(left + right - whole) < tol:
            return left + right
        return adapt(lo, mid, tol / 2) + adapt(mid, hi, tol / 2)

    return adapt(0.0, b, 1e-6)


# helper writing unannotated


def mutual_recursion_inside(a, n):
    def even(k, acc):
        return acc if k == 0 else odd(k - 1, acc * a)

    def odd(k, acc):
        return acc if k == 0 else even(k - 1, acc + a)

    return even(n, 1.0)


def recursion_of_a_lambda(a, n):
    fact = lambda k: 1.0 if k == 0 else a * k * fact(k - 1)
    return fact(n)


def recursion_inside_with_defaults(a, n):
    def rec(k, acc=1.0, scale=2.0):
        if k <= 0:
            return acc
        return rec(k - 1, acc=acc * a / scale)

    return rec(n) + rec(n, 3.0)


def halves_of_halves(x):
    def total(lo, hi):
        if hi - lo == 1:
            return x[lo] ** 2
        mid = (lo + hi) // 2
        return total(lo, mid) * 0.5 + total(mid, hi)

    return total(0, len(x))


def recursion_inside_that_writes(x):
    y = x.copy()

    def sift(i):
        if i + 1 < len(y):
            y[i + 1] = y[i + 1] + 0.5 * y[i]
            sift(i + 1)

    sift(0)
    return np.sum(y**2)


def recursion_inside_of_what_is_bound_anew(a, n):
    s = a

    def rec(k):
        if k == 0:
            return s
        return rec(k - 1) * s

    r = rec(2)
    s = a * a
    return r + rec(n)


def cached_recursion_inside(a, n):
    @lru_cache(maxsize=None)
    def fib(k):
        if k < 2:
            return a + k
        return fib(k - 1) + fib(k - 2) * a

    return fib(n + 2)


def distances_by_memo(x, w):
    memo = {}

    def d(i, j):
        if i == 0:
            return float(j)
        if j == 0:
            return float(i)
        if (i, j) in memo:
            return memo[i, j]
        v = min(d(i - 1, j) + 1.0, d(i, j - 1) + 1.0, d(i - 1, j - 1) + (x[i - 1] - w[j - 1]) ** 2)
        memo[i, j] = v
        return v

    return d(3, 3)


def steps_of_a_dict(x, a):
    params = {"w": x, "b": x * 2}
    grads = {"w": x**2, "b": np.sin(x)}
    for k in params:
        params[k] = params[k] - a * grads[k]
    return np.sum(params["w"] * params["b"])


def steps_of_items(x, a):
    params = {"w": x, "b": x * 2}
    grads = {"w": x**2, "b": np.sin(x)}
    for k, p in params.items():
        params[k] = p - a * grads[k]
    return np.sum(params["w"] * params["b"])


def keys_by_turn(x, a):
    s = {"p": 0.0, "q": 1.0}
    for i, t in enumerate(x):
        s["p" if i % 2 else "q"] += t * a
    return s["p"] * s["q"]


def keys_by_value(x, a):
    s = {"p": 0.0, "q": 1.0}
    for t in x:
        key = "p" if t > 1 else "q"
        s[key] += t * a
    return s["p"] * s["q"]


def keys_of_different_shapes(x, a):
    s = {"p": 0.0, "q": x * 0}
    for t in x:
        key = "p"
        if t > 1:
            key = "q"
        s[key] = s[key] * a + t
    return s["p"] * np.sum(s["q"])


def got_by_value(x, a):
    s = {"p": 1.0, "q": 2.0}
    tot = 0.0
    for t in x:
        key = "p" if t > 1 else "z"
        tot += s.get(key, a) * t
        s["p"] = tot
    return tot


RATES = {"lo": lambda t: t * 0.1, "hi": lambda t: t**2}


def functions_by_value(x, a):
    tot = 0.0
    for t in x:
        key = "lo" if t > 1 else "hi"
        tot += RATES[key](t * a)
    return tot


def a_list_changed_in_its_loop(x):
    xs = [x[0], x[1], x[2]]
    s = 0.0
    for v in xs:
        xs[0] = v * 2
        xs[2] = xs[1] * v
        s += v**2
    return s + xs[0]


def two_lists_changed_in_their_loop(x):
    xs = [x[0], x[1], x[2]]
    ys = [x[1], x[3], x[0] * 2]
    s = 0.0
    for u, v in zip(xs, ys):
        ys[1], xs[2] = u * 3, v + u
        s += u * v
    return s


def a_dict_changed_in_its_loop(x, a):
    d = {"p": x[0], "q": x[1], "r": x[2]}
    s = 0.0
    for k, v in d.items():
        if v > a:
            d["r"] = v * a
            if s > 3:
                break
        d["q"] = d["q"] * v
        s += v
    return s + d["r"] * d["q"]


def arrays_changed_in_their_loop(x):
    rows = [x, x * 2, x * 3]
    for r in rows:
        rows[1] = r + rows[1]
        rows[2] = rows[0]
        r *= 2.0
    return sum(np.sum(r) for r in rows)


def one_value_for_all_keys(x, a):
    acc = dict.fromkeys(["p", "q"], 0.0)
    for i, t in enumerate(x):
        acc["p" if i % 2 else "q"] += t * a
    return acc["p"] * acc["q"]


def one_array_for_all_keys(x, a):
    acc = dict.fromkeys("ab", np.zeros(5))
    acc["a"] += x
    acc["b"] *= a
    return np.sum(acc["a"] ** 2)


def the_least_so_far(v, a):
    best = math.inf
    for c, r in [(v * 2, 2.0), (v, a)]:
        d = c @ v - r
        if d < 0:
            continue
        if d < best:
            best = d
    return best


def the_least_and_its_name(v, a):
    best, arg = 1e9, None
    for name, c in {"p": v[0], "q": v[1] * a}.items():
        if c < best:
            best, arg = c, name
    if arg == "p":
        return best * 2
    return best * a


def unpacked_again_and_again(v, a):
    y = v
    for _ in range(3):
        p, q, r = y
        y = y + 0.1 * np.array([a * p, q * r, r])
    return y @ y


def running_sums(x):
    out = []
    run = 0.0
    for t in x:
        run += t
        out.append(run)
    out = np.array(out)
    return np.sum(out[1:] * out[:-1])


def mean_of_a_list(A, v):
    losses = []
    w = v
    for ep in range(4):
        r = A @ w - v
        losses.append(0.5 * r @ r)
        w = w - 0.1 * r
    return losses[-1] + 0.1 * np.mean(losses)


def de_casteljau(x, a):
    pts = list(x)
    while len(pts) > 1:
        pts = [(1 - a) * p + a * q for p, q in zip(pts, pts[1:])]
    return pts[0]


def rows_from_a_tuple(x, a, n):
    traj = np.zeros((n, 2))
    p, v = a, 0.0
    for i in range(n):
        v -= 0.1 * p
        p += 0.1 * v
        traj[i] = p, v
    return np.sum(traj**2)


def a_trajectory(x, a, n):
    traj = []
    s = np.array([a, 0.0])
    for i in range(n):
        s = s + 0.1 * np.array([s[1], -s[0]])
        traj.append(s)
    traj = np.array(traj)
    return np.sum(traj[:, 0] ** 2) + traj[-1, 1]


def halved_beside_what_it_was(x, a, n):
    t = a
    s = 0.0
    for k in range(n):
        q = t
        t *= 0.5
        s += q * t
    return s


def momentum(x, a, n):
    w = x
    m = 0.0
    for k in range(n):
        g = 2 * w
        m = 0.9 * m + g
        w -= 0.1 * m
    return np.sum(w * a)


cube = lambda z: z**3
STEPS = [lambda t: t * 2, math.sin, lambda t: t**2 + cube(t)]


def lambdas_in_a_list(x, a, n):
    for f in STEPS:
        a = f(a)
    return a * STEPS[0](n) * cube(n)


def a_list_then_an_array(x):
    X = x * 2
    path = [X]
    for k in range(3):
        X = X + X * 0.1
        path.append(X)
    path = np.stack(path, axis=1)
    return path[:, -1].mean()


def a_list_then_an_array_in_turns(x, a, n):
    s = 0.0
    for k in range(n):
        h = [x]
        for j in range(2):
            h.append(h[-1] * a)
        h = np.stack(h)
        s += h.sum()
    return s


def a_name_for_many_things(x, a):
    w = [x, x * a]
    w = np.array(w)
    w = w.sum(axis=0)
    w = list(w)
    w.append(a)
    w = np.sum(w)
    return w * a


def knapsack(x, w):
    best = [0.0] * 8
    for val, wt in zip(x, [1, 2, 3, 2, 1]):
        for c in range(7, wt - 1, -1):
            best[c] = max(best[c], best[c - wt] + val)
    return best[-1] + best[3]


def repeated_items(x, n):
    c = [1.0, 2.0] + [x[0]] * 3
    for i in range(n):
        c[i + 1] = c[i] * x[i]
    return c[n] * c[1]


def asked_by_what_is_not_known(A, i, idx):
    return np.sum(A[i, idx] * A[idx][:, i])


def pairs_of_rows(A, pairs):
    s = 0.0
    for i, j in pairs:
        d = A[i] - A[j]
        s += d @ d
    return s


@dataclasses.dataclass
class Params:
    W: np.ndarray
    b: float
    name: str = "p"


@dataclasses.dataclass
class Two:
    p: Params
    q: list


def fields_taken_apart(A, a):
    t = Two(Params(A, a), [a, A * 2])
    d = dataclasses.asdict(t)
    d["q"][0] = 3.0
    W, b, _ = dataclasses.astuple(t)[0]
    return np.sum(d["p"]["W"] * d["q"][1]) * t.q[0] + np.sum(W) * b * d["q"][0]


def parts_of_parts_of_a_list(x, a):
    l = []
    for t in x:
        l.append(t * a)
    m = l[:-1][1:]
    return sum(m) ** 2


def items_of_parts_of_a_list(x, a):
    l = []
    for t in x:
        l.append(t * a)
    return l[1:][0] * l[:-1][1:][-1] + sum(l[::2][1:])


def pascals_triangle(a, n):
    row = [1.0]
    for _ in range(n):
        row = [1.0] + [row[i] + a * row[i + 1] for i in range(len(row) - 1)] + [1.0]
    return sum(row)


def a_list_of_what_its_name_was(x, b):
    c2 = [math.sin(b)] * 3
    c2 = [math.sin(e + c2[0]) for e in x[::-1]]
    return c2[0] * 1.24


class D:
    def __init__(self, a):
        self.a = a


def a_list_of_a_field_in_a_while(x, b):
    o = D(sum(math.sin(e) for e in x if e > 1.0))
    c1 = [o.a]
    w2 = 1.9
    while w2 > 0.3:
        w2 = w2 * 0.4
        c1[-1] = math.tanh(c1[-1])
    return math.sin(o.a) + c1[0]


def a_list_of_a_field_in_turns(x, b):
    o = D(b)
    c1 = [o.a] * 2
    for k in range(3):
        c1[1] = c1[1] * 0.5
    return math.sin(o.a) + c1[0] * c1[1]


def a_list_of_fields(x, b):
    o = D(b)
    c1 = [o.a] * 2
    if b > 0.5:
        c1[1] = c1[1] * 0.5
    for t in x:
        if t > 1:
            c1[0] = c1[0] * t
    return math.sin(o.a) + c1[0] * c1[1]


def names_of_a_field(x, b):
    o = D(b)
    y = o.a
    t = (o.a, x[0])
    q = D(o.a)
    for k in range(3):
        o.a = o.a * 0.5
        y = y * 1.5
        t = (t[0] * 0.3, t[1])
        q.a = q.a + 1.0
    return o.a * y + t[0] * t[1] + q.a * 0.1


CASES = [
    Case(refused_values, takes(vec(4), whole(1, 2)), seeds=4),
    Case(attention_in_place, takes(mat(3, 3))),
    Case(roots_in_place, takes(mat(3, 3), vec(3))),
    Case(by_a_table_of_lambdas, takes(vec(4), num())),
    Case(memoized_recursion_inside, takes(num(), whole(0, 5)), seeds=4),
    Case(legendre_by_recursion_inside, takes(num(-0.9, 0.9), whole(0, 4)), seeds=4),
    Case(adaptive_simpson, takes(num(0.2, 1.0), num(1.0, 2.0))),
    Case(mutual_recursion_inside, takes(num(), whole(0, 5)), seeds=4),
    Case(recursion_of_a_lambda, takes(num(), whole(0, 4)), seeds=4),
    Case(recursion_inside_with_defaults, takes(num(), whole(0, 4)), seeds=4),
    Case(halves_of_halves, takes(vec(5))),
    Case(recursion_inside_that_writes, takes(vec(4))),
    Case(recursion_inside_of_what_is_bound_anew, takes(num(), whole(0, 3)), seeds=4),
    Case(cached_recursion_inside, takes(num(), whole(0, 3)), seeds=4),
    Case(distances_by_memo, takes(vec(3), vec(3))),
    Case(steps_of_a_dict, takes(vec(3), num())),
    Case(steps_of_items, takes(vec(3), num())),
    Case(keys_by_turn, takes(vec(5), num())),
    Case(keys_by_value, takes(vec(5, 0.4, 1.6), num())),
    Case(keys_of_different_shapes, takes(vec(4, 0.4, 1.6), num())),
    Case(got_by_value, takes(vec(4, 0.4, 1.6), num())),
    Case(functions_by_value, takes(vec(4, 0.4, 1.6), num())),
    Case(a_list_changed_in_its_loop, takes(vec(4))),
    Case(two_lists_changed_in_their_loop, takes(vec(4))),
    Case(a_dict_changed_in_its_loop, takes(vec(4, 0.4, 1.6), num())),
    Case(arrays_changed_in_their_loop, takes(vec(4))),
    Case(one_value_for_all_keys, takes(vec(4), num())),
    Case(one_array_for_all_keys, takes(vec(5), num())),
    Case(the_least_so_far, takes(vec(3), num())),
    Case(the_least_and_its_name, takes(vec(3), num())),
    Case(unpacked_again_and_again, takes(vec(3), num())),
    Case(running_sums, takes(vec(4))),
    Case(mean_of_a_list, takes(mat(3, 3), vec(3))),
    Case(de_casteljau, takes(vec(4), num())),
    Case(rows_from_a_tuple, takes(vec(2), num(), whole(0, 4))),
    Case(a_trajectory, takes(vec(2), num(), whole(1, 4))),
    Case(halved_beside_what_it_was, takes(vec(2), num(), whole(0, 3))),
    Case(momentum, takes(vec(3), num(), whole(0, 3))),
    Case(lambdas_in_a_list, takes(vec(2), num(), whole(1, 3))),
    Case(a_list_then_an_array, takes(vec(3))),
    Case(a_list_then_an_array_in_turns, takes(vec(3), num(), whole(0, 2)), seeds=3),
    Case(a_name_for_many_things, takes(vec(3), num())),
    Case(knapsack, takes(vec(5), vec(2))),
    Case(repeated_items, takes(vec(4), whole(0, 3))),
    Case(asked_by_what_is_not_known, takes(mat(3, 3), whole(0, 2), wholes(4, 0, 3))),
    Case(pairs_of_rows, takes(mat(3, 3), lambda draw: draw.rng.integers(0, 3, size=(4, 2)))),
    Case(fields_taken_apart, takes(mat(2, 2), num())),
    Case(parts_of_parts_of_a_list, takes(vec(5), num())),
    Case(items_of_parts_of_a_list, takes(vec(5), num())),
    Case(pascals_triangle, takes(num(), whole(0, 4))),
    Case(a_list_of_what_its_name_was, takes(vec(5), num())),
    Case(a_list_of_a_field_in_a_while, takes(vec(5, 0.3, 1.8), num())),
    Case(a_list_of_a_field_in_turns, takes(vec(2), num())),
    Case(a_list_of_fields, takes(vec(4, 0.5, 1.6), num(0.2, 0.9))),
    Case(names_of_a_field, takes(vec(2), num())),
]
