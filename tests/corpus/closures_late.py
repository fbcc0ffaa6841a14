"""What functions inside functions see: the names around them as they are when they are called."""

import math

import numpy as np

from case import Case, array, constant, flag, listed, num, takes, vec, whole

CASES: list[Case] = []
case = listed(CASES)


@case(num(0.5, 2))
def bound_once_in_a_written_out_loop(x):
    ys = []
    for v in (1.0, 2.0, 3.0):
        y = v * x
        ys.append(y)
    return ys[0] + 10.0 * ys[1] + 100.0 * ys[2]


@case(num(0.5, 2))
def walrus_in_a_comprehension(x):
    ys = [(y := v * x) for v in (1.0, 2.0, 3.0)]
    return ys[0] + 10.0 * ys[1] + 100.0 * y


@case(num(0.5, 2))
def tuple_built_in_a_written_out_loop(x):
    p = ()
    for v in (1.0, 2.0, 3.0):
        y = v * x
        z = (y, y * y)
        p = p + z
    return p[0] + 10.0 * p[2] + 100.0 * p[5]


@case(num(0.5, 2))
def dicts_built_in_a_written_out_loop(x):
    ds = []
    for name, v in (("a", 1.0), ("b", 2.0)):
        y = v * x
        d = {name: y, "k": v}
        ds.append(d)
    return ds[0]["a"] * ds[1]["b"] + ds[0]["k"] * x


@case(num(0.5, 2))
def captured_and_rebound(x):
    k = x

    def f(t):
        return t * k

    a = f(2.0)
    k = x * x
    return a + 10.0 * f(2.0)


@case(num(0.5, 2))
def captured_before_it_is_bound(x):
    def f(t):
        return t * later

    later = x * 3.0
    return f(x)


@case(num(0.5, 2))
def late_binding_in_a_loop(x):
    fs = []
    for i in (1.0, 2.0, 3.0):
        fs.append(lambda t: t * i)
    return fs[0](x) + 10.0 * fs[1](x) + 100.0 * fs[2](x)


@case(num(0.5, 2))
def late_binding_of_a_local_of_the_loop(x):
    fs = []
    for i in (1.0, 2.0, 3.0):
        k = i * x
        fs.append(lambda t: t * k)
    k = k + 1.0
    return fs[0](x) + 10.0 * fs[1](x)


@case(num(0.5, 2))
def default_binds_early(x):
    fs = []
    for i in (1.0, 2.0, 3.0):
        k = i * x
        fs.append(lambda t, k=k, i=i: t * k * i)
    return fs[0](x) + 10.0 * fs[1](x) + 100.0 * fs[2](x)


class Kept:
    def __init__(self, k):
        self.k = k

    def times(self, t):
        return self.k * t


@case(num(0.5, 2))
def made_again_where_a_path_may_have_made_it(x):
    f = g = lambda t: t  # noqa: E731
    k, kept = x, [Kept(x), Kept(x * x)]
    for i in (1, 2):
        k = k + i * x
        if x < i:
            f = lambda t, k=k: t * k  # noqa: E731
            g = kept[i - 1].times
    return f(x) + g(3.0 * x)


@case(num(0.5, 2))
def late_binding_in_a_comprehension(x):
    fs = [lambda t: t * i for i in (1.0, 2.0, 3.0)]
    gs = [lambda t, i=i: t * i for i in (1.0, 2.0, 3.0)]
    return fs[0](x) + 10.0 * fs[1](x) + gs[0](x) * gs[1](x)


@case(num(0.5, 2), expect="either")
def function_made_in_a_loop_of_the_run(x):
    f = lambda t: t  # noqa: E731
    s = 0.0
    for i in range(4):
        s += f(x)
        k = i * x
        f = lambda t: t * k  # noqa: E731
    return s + f(x)


@case(num(0.5, 2), expect="either")
def functions_composed_in_a_loop(x):
    f = lambda t: t * x  # noqa: E731
    for _ in (1, 2):
        g = f
        f = lambda t: g(t) + 1.0  # noqa: E731
    return x * 2.0


def maker(k):
    total = [k]

    def add(t):
        total[0] = total[0] + t * k
        return total[0]

    def get():
        return total[0]

    return add, get


@case(num(0.5, 2))
def closures_that_share_a_cell(x):
    add, get = maker(x)
    other, _ = maker(2.0 * x)
    a = add(3.0)
    b = other(1.0)
    add(a)
    return get() * a + b


def counter():
    n = 0

    def bump(by=1):
        nonlocal n
        n += by
        return n

    return bump


@case(num(0.5, 2))
def counters_are_apart(x):
    a, b = counter(), counter()
    return a() * x + a(by=3) * x * x + b() * 10.0 * x


@case(num(0.5, 2), whole(1, 5), expect="either")
def nonlocal_in_a_loop_of_the_run(x, n):
    s = x
    count = 0

    def step(v):
        nonlocal s, count
        s = s * 0.5 + v * x
        count += 1
        return s

    t = 0.0
    for k in range(n):
        t += step(k) * s
    return t + count * s


@case(num(0.5, 2))
def argument_evaluated_before_the_change(x):
    t = x

    def bump():
        nonlocal t
        t = t * 3.0
        return t

    a = t + bump() * t
    b = [t, bump(), t]
    c = max(t, bump()) + t
    return a + 10.0 * b[0] + 100.0 * b[1] + c


def power(f, n):
    def g(t):
        for _ in range(n):
            t = f(t)
        return t

    return g


@case(num(0.5, 1.2))
def function_that_gives_a_function(x):
    twice = power(lambda t: t * t * x, 2)
    thrice = power(math.sin, 3)
    return twice(x) + thrice(x) + power(twice, 2)(0.5)


def compose(*fs):
    def run(t):
        for f in fs:
            t = f(t)
        return t

    return run


@case(num(0.5, 1.2))
def composed(x):
    f = compose(math.sin, lambda t: t * x, compose(np.cos, math.exp))
    return f(x) + compose()(x)


@case(num(0.5, 1.2))
def recursion_of_a_nested_function(x):
    def fact(n):
        return 1.0 if n == 0 else x * n * fact(n - 1)

    def even(n, t):
        return t if n == 0 else odd(n - 1, t * x)

    def odd(n, t):
        return -t if n == 0 else even(n - 1, t + x)

    return fact(4) + even(5, x)


@case(num(0.5, 1.2))
def shadowed_names(x):
    def f(x):
        def g(y, x=x * 2.0):
            return x * y

        x = x + 1.0
        return g(x)

    y = f(x)
    f2 = [x * 2.0 for x in (x, y)]
    return y * x + f2[0] * f2[1]


@case(num(0.5, 1.2))
def names_like_ours(x):
    params = {"W": x, "b": 2.0 * x}
    params_W = x * x  # noqa: N806
    self_x = 3.0
    item = params["b"]
    held = item * self_x
    result = held
    going = [result, item]
    value = (going, held)
    item_0, x_bar, value_0 = 2.0, 3.0, x
    t, count, d = value[0][0], x_bar, {"x_bar": item_0}
    params["W"] = params["W"] * params_W
    return params["W"] * params_W + result * item_0 + t * count + d["x_bar"] * value_0


@case(num(-2, 2), expect="either")
def function_chosen_by_the_run(x):
    f = math.sin if x > 0 else math.cos
    g = (lambda t: t * x) if x > 0 else (lambda t: t + x)
    return f(x) * g(x)


@case(num(-2, 2), constant("sin"))
def function_chosen_by_a_text(x, name):
    table = {"sin": math.sin, "sq": lambda t: t * t}
    f = table.get(name, math.cos)
    return f(x) * table["sq"](x)


@case(num(-2, 2), constant(None), expect="either")
def rebound_none(x, best):
    for v in (1.0, 3.0, 2.0):
        if best is None or v * x > best:
            best = v * x
    return best * x


@case(vec(5), expect="either")
def rebound_none_in_a_loop(x):
    best = None
    where = -1
    for k, v in enumerate(x):
        if best is None or v > best:
            best, where = v, k
    return best * where


@case(vec(5))
def early_exits_of_closures(x):
    def find(limit):
        for k, v in enumerate(x):
            if v > limit:
                return v * k, k
        return x[0], -1

    a, i = find(0.0)
    b, j = find(100.0)
    return a * b + i + 2 * j


@case(vec(4), expect="either")
def closure_writes_an_array(x):
    y = np.zeros(4)

    def put(k, v):
        y[k] = v * v

    for k in range(4):
        put(k, x[k])
    put(0, x[3])
    return np.sum(y * x)


@case(vec(4), expect="either")
def array_changed_between_capture_and_call(x):
    y = x * 1.0
    f = lambda: np.sum(y * y)  # noqa: E731
    a = f()
    y[0] = 3.0 * x[1]
    return a + 10.0 * f()


@case(num(0.5, 2))
def lazy_pieces_are_read_late(x):
    k = 1.0
    g = (v * k for v in (x, 2.0))
    k = 3.0
    return sum(g)


@case(vec(4), expect="either")
def lazy_argument_is_read_early(x):
    y = x * 1.0
    pairs = enumerate(y)
    n = 2
    r = range(n)
    y = y * 5.0
    n = n + 1
    s = 0.0
    for k, v in pairs:
        s += v * k
    for k in r:
        s += y[k]
    return s


@case(num(0.5, 2))
def map_is_run_turn_by_turn(x):
    k = x

    def f(v):
        return v * k

    s = 0.0
    for v in map(f, (1.0, 2.0, 3.0)):
        k = k + v
        s += v
    return s


@case(num(0.5, 2), expect="either")
def try_around_a_closure(x):
    log = []

    def risky(t):
        log.append(t)
        if t > 1.5:
            raise ValueError("too much")
        return math.sqrt(t)

    try:
        y = risky(x)
    except ValueError:
        y = x * len(log)
    return y


@case(num(2, 3), raises=ValueError)
def raises_in_a_closure(x):
    def risky(t):
        if t > 1.5:
            raise ValueError("too much")
        return math.sqrt(t)

    return risky(x) * 2.0


@case(vec(4))
def number_added_to_what_the_value_rebinds(x):
    a = x[0]

    def h():
        nonlocal a
        a = a * 2.0
        return math.sin(a)

    a += h()
    a = a * h() + a
    return a * x[1]


@case(vec(4))
def item_added_to_what_the_value_changes(x):
    d = {"a": x[0]}

    def h():
        d["a"] = d["a"] * 2.0
        return math.sin(d["a"])

    d["a"] += h()
    d["a"] *= h() + d["a"]
    return d["a"] * x[1]


class Doubled:
    def __init__(self, a):
        self.a = a

    def h(self):
        self.a = self.a * 2.0
        return math.sin(self.a)


@case(vec(4))
def attribute_added_to_what_the_value_changes(x):
    c = Doubled(x[0])
    c.a += c.h()
    c.a *= c.h() + c.a
    return c.a * x[1]


@case(vec(4))
def entries_added_to_what_the_value_writes(x):
    def h():
        x[0] = 5.0 * x[1]
        x[2] += 1.0
        return math.sin(x[1])

    x[0] *= h()
    x[x > 0.5] += h()
    x[1:] -= h()
    x[[0, 2]] *= h()
    return np.sum(x * x)


@case(vec(4))
def item_of_a_list_added_to_what_is_popped(x):
    xs = [x[0], x[1], x[2]]

    def h():
        xs[0] = xs[0] * 2
        return xs.pop()

    xs[0] += h()
    return xs[0] * len(xs) * xs[1]


@case(vec(4), expect="refused")
def array_added_to_while_the_value_rebinds_it(x):
    def h():
        nonlocal x
        x = x * 2.0
        return math.sin(x[1])

    x += h()
    return np.sum(x * x)


def times(k):
    return lambda v: v * k


@case(vec(4))
def what_a_maker_was_given_is_bound_again(x):
    k = x[1] * 0.8
    d = times(k)
    each = (lambda a: (a * w for w in x))(k)
    if x[0] > -5.0:
        k = x[2] * 3.0
    return d(x[0]) + sum(each) * k
