"""Loops that are written out turn by turn, and what is iterated over, ordered and collected on the way."""

import functools
import itertools
import math
from collections import OrderedDict, defaultdict, deque
from enum import Enum, IntEnum, auto

import numpy as np

from case import Case, listed, mat, num, vec, whole

CASES: list[Case] = []
case = listed(CASES)


# -- structure that grows from turn to turn ---------------------------------------------------------------


def weights(d):
    return {f"W{k}": d.normal(3, 3) for k in range(2)} | {f"b{k}": d.normal(3) for k in range(2)}


@case(weights, vec(3), seeds=1)
def keys_put_together(params, x):
    h = x
    for k in range(2):
        h = np.tanh(h @ params[f"W{k}"] + params["b" + str(k)])
    return np.sum(h)


@case(mat(3, 4), mat(4, 2), seeds=1, wrt=(0, 1))
def dict_filled_by_a_loop(A, B):
    params = {}
    for k, W in enumerate([A, B]):
        params["W%d" % (k + 1)] = W * 0.5
    h = np.ones(3)
    for k in range(1, len(params) + 1):
        h = np.tanh(h @ params["W{}".format(k)])
    return h.sum()


class Body:
    def __init__(self, x, v):
        self.x, self.v = x, v

    def drift(self, dt):
        self.x = self.x + dt * self.v
        return self


@case(vec(3), seeds=1)
def objects_of_a_comprehension(x):
    bodies = [Body(x * i, i + 1.0) for i in range(2)]
    for b in bodies:
        b.drift(0.5)
    return sum(b.x for b in bodies)


@case(vec(3), seeds=1)
def objects_in_a_list_that_grows(x):
    bodies = []
    for v in x:
        bodies.append(Body(v, v * v))
    for b in bodies:
        b.drift(0.1).drift(0.2)
    return sum(b.x * b.v for b in bodies)


@case(vec(3), whole(3, 3), seeds=1)
def functions_in_a_list_that_grows(x, n):
    fs = []
    for i in range(n):
        fs.append(lambda t, i=i: t * x[i])
    return sum(f(2.0) for f in fs)


class Adam:
    def __init__(self, rate=0.1):
        self.rate = rate
        self.state = {}
        self.history = []

    def step(self, name, p, g):
        m = self.state.get(name)
        if m is None:
            m = np.zeros_like(p)
        m = 0.9 * m + g
        self.state[name] = m
        self.history.append(np.sum(m))
        return p - self.rate * m


@case(vec(3), num(), seeds=1, wrt=(0, 1))
def optimizer_with_a_state(x, b):
    adam = Adam(rate=0.05)
    params = {"x": x, "b": b}
    for _ in range(2):
        grads = {"x": 2 * params["x"], "b": params["b"] ** 2}
        params = {k: adam.step(k, p, grads[k]) for k, p in params.items()}
    return np.sum(params["x"]) + params["b"] + sum(adam.history)


@case(vec(3), seeds=1)
def nested_lists_by_loops(x):
    m = [[x[0], x[1]], [x[2], 1.0]]
    out = [[0.0, 0.0], [0.0, 0.0]]
    for i in range(2):
        for j in range(2):
            for k in range(2):
                out[i][j] += m[i][k] * m[k][j]
    return out[0][0] + out[0][1] * out[1][1]


# -- what is iterated over --------------------------------------------------------------------------------


@case(mat(2, 3), seeds=1)
def products(A):
    s = 0.0
    for i, j in itertools.product(range(2), range(3)):
        s += A[i, j] * (i + j)
    for i, j in np.ndindex(A.shape):
        s += A[i, j] ** 2
    for (i, j), v in np.ndenumerate(A):
        s += v * v * (i - j)
    for u, w in itertools.product(A[0], repeat=2):
        s += u * w
    return s


@case(mat(4, 2), seeds=1)
def pairs_of_rows(P):
    energy = 0.0
    for a, b in itertools.combinations(P, 2):
        d = a - b
        energy += 1.0 / np.sqrt(d @ d)
    return energy


@case(mat(3, 3, low=0.1, high=1.0), seeds=2)
def left_on_the_way(A):
    s = 0.0
    for i, j in itertools.product(range(3), range(3)):
        if i + j == 3:
            break
        s += A[i, j]
    for v in itertools.chain(A[0], A[1]):
        if v > 0.8:
            break
        s += v * v
    for k in itertools.count(1):
        if k > 2:
            break
        s += A[k, 0] * k
    return s


@case(vec(4), seeds=1)
def of_itertools(x):
    s = 0.0
    for i, (a, b) in enumerate(itertools.pairwise(x)):
        s += i * (b - a) ** 2
    for a, b, c in itertools.combinations(x, 3):
        s += a * b * c
    for v, c in zip(x, itertools.count(5)):
        s += v * c
    s += sum(v * k for k, v in zip(itertools.cycle([1, -1]), x))
    s += sum(itertools.starmap(lambda u, v: u * v, [(x[0], x[1]), (x[2], 2.0)]))
    for u in itertools.accumulate(x, lambda t, v: 0.5 * t + v, initial=1.0):
        s += u * u
    return s + sum(itertools.islice(x, 1, 3)) + list(itertools.accumulate(x))[-1]


class Chain:
    def __init__(self, *links):
        super().__init__()
        self.links = list(links)

    def __iter__(self):
        return iter(self.links)

    def __len__(self):
        return len(self.links)

    def __contains__(self, value):
        return value > self.links[0]


@case(num(), num(), seeds=1, wrt=(0, 1))
def object_iterated_over(a, b):
    chain = Chain(a, b, a * b)
    s = sum(chain) * len(chain)
    for k, link in enumerate(chain):
        s += k * link
    if b in chain:
        s *= 2.0
    return s if chain else a


# -- what comes first, and what is collected --------------------------------------------------------------


@case(vec(5), seeds=2)
def by_a_key(x):
    order = sorted(range(len(x)), key=lambda i: x[i])
    best = min(x, key=lambda v: (v - 0.3) ** 2)
    falling = sorted([v * v for v in x], reverse=True)
    at = max(range(len(x)), key=lambda i: x[i] ** 2)
    return x[order[0]] * 2 + x[order[-1]] * x[order[1]] + best + falling[0] - falling[-1] * 2 + x[at] ** 3


@case(num(), num(), num(), wrt=(0, 1, 2), seeds=2)
def display_in_order(a, b, c):
    values = [a, b, c]
    s = sorted(values)
    return s[0] + 2 * s[1] + 3 * s[2] + max(values, key=abs) + min(a, b, key=lambda t: t * t)


@case(vec(6), seeds=1)
def window_that_forgets(x):
    window = deque(maxlen=3)
    means = []
    for v in x:
        window.append(v)
        if len(window) == 3:
            means.append(sum(window) / 3)
    queue = deque([x[0], x[1]])
    queue.append(x[2])
    queue.appendleft(x[3])
    t = queue.popleft() * queue[0]
    while len(queue) > 1:
        a = queue.popleft()
        b = queue.pop() if queue else 0.0
        t += a * b
    return sum(means) + t


@case(vec(5), seeds=1)
def dicts_with_defaults(x):
    groups = defaultdict(list)
    for i, v in enumerate(x):
        groups[i % 2].append(v)
    total = defaultdict(float)
    for label, v in zip("abacb", x):
        total[label] += v * v
    order = OrderedDict([("p", x[2]), ("q", x[3])])
    return sum(sum(g) ** 2 for g in groups.values()) + total["a"] * total["b"] + order["q"] * len(order)


@case(vec(4), seeds=1)
def items_deleted(x):
    xs = [x[0], x[1], x[2], x[3]]
    del xs[1]
    xs.remove(xs[0])
    table = {"a": x[0], "b": x[1] * x[2]}
    del table["a"]
    ys = []
    for v in x:
        ys.append(v * 2)
    del ys[0]
    return sum(xs) + sum(table.values()) + ys[0] * len(ys)


# -- unpacked from anywhere -------------------------------------------------------------------------------


def two(x):
    return x * 2, x[0]


@case(mat(3, 2), vec(3), seeds=1, wrt=(0, 1))
def unpacked_from_expressions(P, x):
    u, v = P.T
    (x0, y0), (x1, y1), (x2, y2) = P
    first, *rest = x
    p, q, r = np.sin(x) * 2
    trail = [(x[0], x[1])]
    for _ in range(2):
        a, b = trail[-1]
        trail.append((a + 0.1 * b, b - 0.1 * a))
    return np.sum(u * v) + x0 * y2 + y1 * x2 + first * rest[1] + p * q * r + trail[-1][0] + x1 + y0


@case(vec(3), seeds=1)
def results_into_places(x):
    out, t = np.empty((3, 3)), np.zeros(3)
    for i in range(3):
        out[i], t[i] = two(x)
        x = x * 0.9
    return out.sum() + t @ t + two(x)[1] + two(x)[0].sum()


# -- classes ----------------------------------------------------------------------------------------------


class Phase(Enum):
    SOLID = 1
    LIQUID = auto()

    @property
    def gain(self):
        return 2.0 if self is Phase.SOLID else 3.0


class Priority(IntEnum):
    LOW = 1
    HIGH = 3


@case(num(), num(), seeds=1, wrt=(0, 1))
def members_of_enumerations(a, b):
    total = 0.0
    table = {Phase.SOLID: math.sin, Phase.LIQUID: math.cos}
    for phase, w in ((Phase.SOLID, a), (Phase.LIQUID, b)):
        total += table[phase](w) * phase.gain
        if phase in (Phase.SOLID,):
            total *= Priority.HIGH
        elif phase == Phase.LIQUID and Priority.LOW < Priority.HIGH:
            total += w * w
    return total + len(Phase)


class Field:
    def __init__(self, n, scale):
        self._n, self._scale = n, scale
        self._u = np.zeros(n)

    @property
    def u(self):
        return self._u

    @u.setter
    def u(self, new):
        if len(new) != self._n:
            raise ValueError("another length")
        self._u = new * self._scale

    @functools.cached_property
    def at(self):
        return np.linspace(0.0, 1.0, self._n) * self._scale


@case(vec(4), num(), seeds=1, wrt=(0, 1))
def property_that_is_set(v, scale):
    field = Field(4, scale)
    field.u = v
    field.u = field.u * 2
    before = field.at[2]
    field._scale = 7.0
    return np.sum(field.at * field.u) + before


class Scaled:
    def __init__(self, k):
        self.k = k

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.k = self.k * 2


@case(num(), num(), seeds=1, wrt=(0, 1))
def context_of_the_users(x, k):
    outer = Scaled(k)
    with outer as held, Scaled(x) as other:
        y = held.k * x + other.k
        if x > 100:
            return y
    return y * outer.k


@functools.lru_cache(maxsize=None)
def binomial(n, k):
    if k == 0 or k == n:
        return 1
    return binomial(n - 1, k - 1) + binomial(n - 1, k)


@case(num(0.2, 0.8), seeds=1)
def cached_recursion(t):
    return sum(binomial(4, k) * t**k * (1 - t) ** (4 - k) * (k + 1) for k in range(5))


# -- indices ----------------------------------------------------------------------------------------------


@case(mat(4, 4), vec(4), seeds=1, wrt=(0, 1))
def indices_in_variables(A, x):
    A = A.copy()
    upper = np.triu_indices(4, 1)
    w = A[upper]
    A[upper] = w[::-1]
    cut, inner = slice(1, 3), np.s_[1:-1]
    y = x.copy()
    y[cut] = 2 * x[inner]
    order = np.argsort(x)
    return np.sum(A**2) + y @ x + x[order[1]] * x[order][2] + np.sum(np.add.outer(x, x) ** 2)


# -- found on the way -------------------------------------------------------------------------------------


@case(mat(3, 3), mat(3, 3), mat(3, 3), seeds=1, wrt=(0, 1, 2))
def place_that_two_flow_into(A, x, y):
    a = np.sin(x)
    b = np.cos(y)
    A[0] = A[1] * 2
    A[:] = a + b
    return np.sum(A * A * A) + np.sum(a)


@case(num(), num(0.2, 1), mat(2, 2), seeds=4, wrt=(0, 1, 2))
def return_from_an_arm_of_what_paths_bind(x, k, A):
    held = {"a": x, "w": A}
    w = 2.0
    while w > 0.3:
        w = w * 0.5
        if held["a"] > 0.5 and k > 0.5:
            held = {"a": math.sin(held["a"] * k), "w": held["w"] * k}
        elif w < 1.5:
            if A[0, 1] < 0.2 and w < 0.6:
                return w * held["a"] + np.sum(held["w"] ** 2)
            else:
                held = {"a": k * held["a"], "w": A}
    return held["a"] * np.sum(held["w"])


@case(mat(4, 2), vec(4), wrt=(0, 1), seeds=1)
def pairs_that_count_on(P, m):
    # a turn inside reads what the one before has left
    e, w = 0.0, 1.0
    for i in range(len(m)):
        for j in range(i):
            w = w * 0.5 + m[j]
            d = P[i] - P[j]
            e += w * w * np.sqrt(d @ d + 0.1)
    return e


@case(mat(4, 2), vec(4), wrt=(0, 1), seeds=1)
def pairs_and_the_last(P, m):
    # a turn outside reads what the turns inside have left, and all is read again in the end
    e, d = 0.0, P[0]
    for i in range(1, len(m)):
        for j in range(i):
            d = np.sin(P[i] - P[j])
            e += m[i] * m[j] * (d @ d)
        e *= d[0] * d[0] + 1.0
    return e * d[1]


@case(mat(4, 2), vec(4), wrt=(0, 1), seeds=1)
def triples(P, m):
    e = 0.0
    for i in range(len(m)):
        for j in range(i):
            a = m[i] * m[j]
            for k in range(j):
                s = math.sin(a * m[k])
                e += s * s * P[i, 0] * P[k, 1]
    return e


@case(mat(4, 2), vec(4), wrt=(0, 1), seeds=1)
def pairs_of_what_is_written(P, m):
    y = m.copy()
    e = 0.0
    for i in range(len(m)):
        for j in range(i):
            s = math.exp(y[i] * y[j])
            e += s * s
    y[0] = P[0, 0] * 2.0
    return e * y[0] + np.sum(y)


@case(mat(4, 3))
def pairs_with_their_numbers(A):
    e = 0
    for (i, p), (j, q) in itertools.combinations(enumerate(A), 2):
        r = np.sqrt(np.sum((p - q) ** 2))
        e += (-1) ** (i + j) / r
    return e


@case(num())
def pairs_of_many(a):
    e = 0
    for (k, p), (r, q) in itertools.combinations([(k, a * k) for k in range(30)], 2):
        e += p * q - k * r * a
    return e


@case(num(), vec(4))
def all_of_many_beside_all(a, x):
    e = 0
    many = [v * k for v in x for k in range(8)]
    for (k, p), q in itertools.product(enumerate(many), many):
        e += a * p * q * k
    return e
