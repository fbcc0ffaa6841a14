"""Reductions of what real programs do: ``out=None`` that is made and filled, rows of lists of lists, seldom branches."""

import numpy as np
from case import Case, listed, mat, num, vec

CASES: list[Case] = []
case = listed(CASES)

NUMBERS = [1.3, 0.2, 2.1]


@case(vec("n"), None)
def filled_where_none(v, out=None):
    if out is None:
        out = np.zeros(len(v))
    for i in range(len(v)):
        out[i] += v[i] * v[i]
    return out[0] * out[1] + np.sum(out)


@case(NUMBERS, None)
def filled_list(zs, totals=None):
    n = len(zs)
    if totals is None:
        totals = [0.0] * n
    for i in range(n):
        totals[i] += zs[i] * zs[n - 1 - i]
    return totals[0] + 2.0 * totals[1]


@case(vec(4), None)
def appended_where_none(v, found=None):
    found = [] if found is None else found
    for i in range(4):
        found.append(v[i] ** 2)
    return sum(found) * found[1]


@case(vec(4), None)
def given_to_out(v, out=None):
    if out is None:
        out = np.empty_like(v)
    np.multiply(v, v, out=out)
    out[0] = 1.0
    return out.sum() + (out * v).sum()


def squares(v, out=None):
    if out is None:
        out = np.zeros(len(v))
    for i in range(len(v)):
        out[i] = v[i] ** 2
    return out


@case(vec(4))
def default_filled(v):
    return np.sum(squares(v) * v)


@case(vec(4))
def default_filled_or_given(v):
    out = np.ones(4)
    squares(v, out)
    squares(v * 2, out=out)
    return np.sum(out * v)


def weighted(v, out=None, w=None):
    if w is None:
        w = np.ones_like(v)
    if out is None:
        out = np.empty_like(v)
    out[:] = w * v
    return out


def weighted_and_one(v, out=None):
    return weighted(v, out) + 1


@case(vec(4))
def none_passed_on(v):
    return np.sum(weighted_and_one(v) ** 2)


def collected(v, found=None):
    found = [] if found is None else found
    for i in range(len(v)):
        found.append(v[i] * v[i])
    return found


@case(vec(4))
def lists_where_none(v):
    a = collected(v)
    b = collected(2 * v, a)
    return sum(b) + b[0] * b[5]


class Layer:
    def __init__(self, w, b=None):
        self.w = w
        if b is None:
            b = np.zeros(4)
            b[0] = 1.0
        self.b = b

    def __call__(self, v, out=None):
        if out is None:
            out = np.zeros_like(v)
        out += self.w * v + self.b
        return out


@case(vec(4), vec(4), wrt=(0, 1))
def layer_that_makes_its_own(v, w):
    return np.sum(Layer(w)(v) ** 2)


def settled_by_tolerance(a, tol=None):
    if tol == -1:
        return a
    elif tol == 0:
        from mpmath import mp

        mp.dps = 50
        return float(mp.mpf(a))
    return a * np.sin(a)


case(num(), None)(settled_by_tolerance)


@case(num())
def arms_that_no_call_reaches(a):
    s = 0.0
    for i in range(3):
        s += settled_by_tolerance(a + i, None) * settled_by_tolerance(a)
    return s


@case(num(), 0.5, expect="refused")
def arm_that_may_be_reached(a, tol):
    if tol == 0:
        from mpmath import mp

        mp.dps = 50
        return float(mp.mpf(a))
    return a * np.sin(a)


@case(mat(2, 2))
def blocks_of_nothing(B):
    whole = np.block([[np.eye(2), np.eye(2) * 0], [np.eye(2) * 0, B]])
    return np.sum(np.linalg.inv(whole) ** 2) + np.sum(np.hstack([np.eye(2) * 0, B]) ** 3)


@case(mat(2, 2), vec(2), wrt=(0, 1))
def products_with_nothing(A, v):
    return np.sum(np.dot(A * 0, v)) + np.sum(np.hstack([v**0, v]) ** 2) + np.sum(np.kron(A, v * 0))


def payoff(s, k):
    return max(s - k, 0)


def payoff_in_floats(s, k):
    return max(s - k, 0.0)


@case(vec(5), expect="refused")
def whole_where_the_first_is(v):
    return np.sum(np.vectorize(payoff)(v, 0.1))


@case(vec(5))
def floats_throughout(v):
    return np.sum(np.vectorize(payoff_in_floats)(v, 0.1) ** 2)


# a network as courses teach it: parameters under keys put together, caches of tuples in tuples


def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    cache = Z
    return A, cache


def relu(Z):
    A = np.maximum(0, Z)
    assert A.shape == Z.shape
    cache = Z
    return A, cache


def linear_step(A, W, b):
    Z = W.dot(A) + b
    assert Z.shape == (W.shape[0], A.shape[1])
    cache = (A, W, b)
    return Z, cache


def step_with_activation(A_before, W, b, activation):
    if activation == "sigmoid":
        Z, linear_cache = linear_step(A_before, W, b)
        A, activation_cache = sigmoid(Z)
    elif activation == "relu":
        Z, linear_cache = linear_step(A_before, W, b)
        A, activation_cache = relu(Z)
    cache = (linear_cache, activation_cache)
    return A, cache


def all_steps(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for layer in range(1, L):
        A_before = A
        W, b = parameters["W" + str(layer)], parameters["b" + str(layer)]
        A, cache = step_with_activation(A_before, W, b, activation="relu")
        caches.append(cache)
    AL, cache = step_with_activation(A, parameters["W" + str(L)], parameters["b" + str(L)], activation="sigmoid")
    caches.append(cache)
    return AL, caches


def parameters_of(rng):
    sizes = {"W1": (5, 3), "b1": (5, 1), "W2": (4, 5), "b2": (4, 1), "W3": (1, 4), "b3": (1, 1)}
    return (rng.normal(size=(3, 4)), {k: rng.normal(size=n) for k, n in sizes.items()})


def network_of_a_course(X, parameters):
    Y = np.array([[1, 0, 1, 0]])
    AL, caches = all_steps(X, parameters)
    m = Y.shape[1]
    cost = -1 / m * np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))
    squares = sum(np.sum(np.square(parameters[k])) for k in parameters if k.startswith("W"))
    return np.squeeze(cost) + 0.1 / 8 * squares


CASES.append(Case(network_of_a_course, parameters_of, wrt=(0, 1)))


@case(mat(3, 4), mat(5, 3), mat(5, 1), wrt=(0, 1, 2))
def cache_beside_a_result(X, W, b):
    A, cache = step_with_activation(X, W, b, "relu")
    Z, (A_again, W_again, _) = linear_step(X, W, b)
    return np.sum(A**2) + np.sum(Z * W_again.dot(A_again))


def solve_for(func, x0, args=(), turns=6, kwargs={}):  # noqa: B006
    x = x0
    for _ in range(turns):
        f = func(x, *args, **kwargs)
        slope = (func(x + 1e-3, *args, **kwargs) - f) / 1e-3
        x = x - f / slope
    return x


def parabola(x, a, b=2.0):
    return x**2 * b - a


@case(num(1.0))
def dicts_as_defaults(a):
    return solve_for(parabola, 1.0, args=(a,)) + solve_for(parabola, 1.0, args=(a,), kwargs={"b": 3.0})


def weighted_sum(x, order=[2, 0, 1], weights={"a": 2.0, "b": 3.0}):  # noqa: B006
    s = 0.0
    for i in order:
        s += x[i] * (i + 1)
    for name in ("a", "b"):
        s += weights[name] * x[0] ** 2 if name in weights else 0.0
    return s


@case(vec(3))
def defaults_that_are_only_read(v):
    return weighted_sum(v) * weighted_sum(v, [0, 1, 2], {"b": 1.5})


def counting(x, seen={}):  # noqa: B006
    seen["last"] = x
    return seen["last"] * x


@case(num(), expect="refused")
def default_that_is_written(a):
    return counting(a) + counting(2 * a)


# -- paths without a result, and objects that are only themselves --------------------------------------------------


def activated(z, name):
    if name == "relu":
        return np.maximum(z, 0)
    elif name == "tanh":
        return np.tanh(z)


@case(vec(4), mat(4, 4), wrt=(0, 1))
def chosen_by_name(v, A):
    return np.sum(activated(A @ activated(v, "relu"), "tanh"))


def hit(d, r):
    if d < r:
        return d * r


@case(num(), num(), wrt=(0, 1))
def none_where_it_ends(a, b):
    t, u = hit(a, b), hit(b, a)
    return (a if t is None else t * 2) * (b if u is None else u)


def both_or_none(d, r):
    if d < 0:
        return
    return d * r, d + r


@case(num(-0.6, 0.7), num(), wrt=(0, 1), seeds=8)
def tuple_or_none(a, b):
    found = both_or_none(a, b)
    if found is None:
        return a * b**2
    x, y = found
    return x * y


@case(num(-0.6, 0.7), num(), seeds=8)
def always_one_of_them(a, b):
    if a > 0.2:
        return a**2 * b
    elif a > -9.0:
        return a * b


class Mass:
    def __init__(self, x, m):
        self.x = x
        self.m = m

    def pull_of(self, others):
        total = 0
        for other in others:
            if self == other:
                continue
            total += other.m / (other.x - self.x) ** 2
        return total


@case(num(1.0), num(3.0), wrt=(0, 1))
def masses(a, b):
    bodies = [Mass(0.0, 2.0), Mass(a, 0.5), Mass(b, a)]
    for body in bodies:
        body.m += 0.1 * body.pull_of(bodies)
    return sum(p.m * q.m for p in bodies for q in bodies if p != q)


def loss_of_characters(inputs, targets, h, W, Y):
    xs, hs, ps = {}, {}, {}
    hs[-1] = np.copy(h)
    loss = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((4, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(W @ xs[t] + W @ hs[t - 1])
        ps[t] = np.exp(Y @ hs[t]) / np.sum(np.exp(Y @ hs[t]))
        loss += -np.log(ps[t][targets[t], 0])
    return loss, hs[len(inputs) - 1]


@case(mat(4, 1), mat(4, 4), mat(4, 4), wrt=(0, 1, 2))
def characters_of_lists(h, W, Y):
    inputs, targets = [0, 2, 1], [2, 1, 3]
    loss, last = loss_of_characters(inputs, targets, h, W, Y)
    return loss + np.sum(last**2)


@case(mat(4, 1), mat(4, 4), mat(4, 4), wrt=(0, 1, 2))
def characters_of_arrays(h, W, Y):
    loss, last = loss_of_characters(np.array([0, 2, 1]), np.array([2, 1, 3]), h, W, Y)
    return loss + np.sum(last**2)


def parameters_in_turns(rng):
    return rng.normal(size=3), {k: rng.normal(size=3) for k in ("W1", "b1", "W2", "b2")}


def keys_by_the_turn(x, parameters):
    L = len(parameters) // 2
    for layer in range(L):
        number = layer + 1
        key = f"W{number}"
        x = x * parameters[key] + parameters["b%d" % number]
        x = x if number == L else np.tanh(x)
    return np.sum(x)


def keys_of_some_turns(x, parameters):
    number = 2
    for layer in range(2):
        if x[0] > 0.0:
            number = layer + 1
        x = x * parameters["W" + str(number)]
    return np.sum(x)


CASES += [Case(f, parameters_in_turns, wrt=(0, 1)) for f in (keys_by_the_turn, keys_of_some_turns)]


# -- arrays and lists that functions return, taken apart -----------------------------------------------------------


def rotated(p, t):
    return np.array([p[0] * np.cos(t) - p[1] * np.sin(t), p[0] * np.sin(t) + p[1] * np.cos(t)])


@case(vec(2), num(), wrt=(0, 1))
def coordinates_by_name(p, t):
    x, y = rotated(p, t)
    for _ in range(2):
        y, x = rotated(np.array([x + y, x * y]), t)
    return x * y**2


def channels(a):
    a = np.asarray(a, dtype=float)
    return np.array([a[..., k] for k in range(a.shape[-1])])


@case(mat(4, 3))
def channels_by_name(image):
    r, g, b = channels(image)
    return np.sum(r * g + b**2)


def squared_items(v):
    out = []
    for i in range(2):
        out.append(v[i] ** 2)
    return out


def in_halves(v):
    return np.split(v, 2)


@case(vec(4))
def items_by_name(v):
    a, b = squared_items(v)
    c, d = in_halves(v)
    return a * b + np.sum(c * d)


def in_parts(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return a / b


@case(vec(4, low=0.5))
def largest_with_an_axis(x):
    m = np.max(x, axis=-1)
    return np.sum(in_parts(x, m[..., None]) ** 2)


@case(mat(3, 4, low=0.5))
def largest_of_rows_with_an_axis(x):
    m = np.max(x, axis=-1)
    return np.sum(in_parts(x, m[..., None]) ** 2 * x)


# -- rows of lists of lists, by names ------------------------------------------------------------------------------

LEVELS = [[0.3, 0.4, 0.5], [0.4, 0.6, 0.7], [0.5, 0.7, 0.9]]


@case(NUMBERS)
def rows_filled_by_name(zs):
    n = len(zs)
    table = [[0.0] * n for _ in range(n)]
    for i in range(n):
        row = table[i]
        for j in range(n):
            row[j] = zs[i] * zs[j]
        row[i] = 0.0
    total = 0.0
    for i in range(n):
        row = table[i]
        for j in range(n):
            total += row[j] * (i + 1)
    return total


@case(NUMBERS, LEVELS, wrt=(0, 1))
def both_halves_of_a_table(zs, levels):
    n = len(zs)
    roots = [[0.0] * n for _ in range(n)]
    for i in range(n):
        row = roots[i]
        given = levels[i]
        for j in range(i):
            if given[j] > 0.0:
                row[j] = roots[j][i] = given[j] ** (1.0 / 3)
        row[i] = given[i] ** (1.0 / 3)
    total = 0.0
    for i in range(n):
        row = roots[i]
        for j in range(n):
            other = roots[j]
            for k in range(j):
                total += zs[i] * zs[j] * zs[k] * row[j] * row[k] * other[k]
    return total


@case(NUMBERS, expect="refused")
def row_that_is_replaced(zs):
    n = len(zs)
    table = [[0.0] * n for _ in range(n)]
    row = table[0]
    table[0] = [1.0] * n
    row[1] = zs[0]
    return table[0][1] * zs[1] + row[1] ** 2


@case(NUMBERS, expect="either")
def rows_of_a_list_with_two_names(zs):
    n = len(zs)
    table = [[0.0] * n for _ in range(n)]
    same = table
    for i in range(n):
        row = table[i]
        same[i] = [1.0] * n
        row[0] = zs[i]
    return sum(table[i][0] * zs[i] for i in range(n))


HANDLERS = [("scale", {"factor": 2.0}), ("clip", {"hi": 1.5}), ("scale", {})]


@case(vec("n"), tags=("dead lines",))
def handled_by_names(x):
    handlers = {
        "scale": lambda v, factor=3.0: v * factor,
        "clip": lambda v, lo=-1.0, hi=1.0: np.clip(v, lo, hi),
    }
    for name, options in HANDLERS:
        try:
            x = handlers[name](x, **options)
        except KeyError as error:
            raise ValueError(f"unknown: {name}") from error
    return np.sum(x * x)


@case(num(1.1), num(2.0, 8.0), wrt=(0, 1), expect="either", seeds=6)
def read_by_a_function_inside_behind_what_raised_again(a, b):
    held = lambda: a
    try:
        try:
            a = a * b
            y = np.sqrt(a) if a < 6.0 else [][0]
        except IndexError:
            raise ValueError("too far")
    except ValueError:
        y = held() * b
    return y
