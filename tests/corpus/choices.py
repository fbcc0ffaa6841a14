"""One of several objects, functions or containers, chosen when the program runs."""

import numpy as np

from case import Case, constant, listed, num, takes, vec, whole

CASES: list[Case] = []
case = listed(CASES)


class Node:
    def __init__(self, v, w):
        self.v = v
        self.w = w

    def step(self, x):
        self.v = self.v * x
        return self.v + self.w

    def val(self):
        return self.v * self.w

    @property
    def both(self):
        return self.v + self.w

    def __getitem__(self, k):
        return self.w[k]

    def __call__(self, x):
        return self.v * x


class Other(Node):
    def step(self, x):
        self.w = self.w + x
        return self.w * self.v


@case(num(), num())
def write_one(a, b):
    p = Node(a, 2.0)
    q = Node(b, 3.0)
    o = p if a > b else q
    o.v = o.v * 2
    o.w += 1.0
    return p.val() * q.val()


@case(num(), num(), num())
def write_method(a, b, x):
    p = Node(a, b)
    q = Other(b, a)
    o = p if a > b else q
    s = o.step(x)
    s += o.step(x)
    r = q if a > b else p
    s *= r.both + o.both
    return s * p.val() * q.val()


@case(vec(5), num(), num())
def in_loop(x, a, b):
    p = Node(a, b)
    q = Other(b, a)
    s = 0.0
    for u in x:
        o = p if u > 0 else q
        s += o.step(u)
    return s * p.val() * q.val()


@case(vec(5), num(), num())
def in_loop_carried(x, a, b):
    p = Node(a, b)
    q = Node(b, a)
    o = p
    s = 0.0
    for u in x:
        if u > 0:
            o = q
        s += o.step(u)
    return s * p.val() * q.val() * o.v


@case(vec(4), num())
def best_of_list(x, a):
    ns = [Node(x[0], a), Node(x[1], a * 2), Node(x[2], 1.0)]
    best = ns[0]
    for n in ns[1:]:
        if n.val() > best.val():
            best = n
    best.v = best.v * x[3]
    return best.val() + ns[0].val() + ns[1].val() * ns[2].val()


@case(num(), num())
def fn_choice(a, b):
    f = np.sin if a > b else np.cos
    g = (lambda u: u * a) if b > 0 else np.exp
    return f(a) * g(b)


@case(num(), num())
def none_or(a, b):
    o = Node(a, b) if a > 0 else None
    if o is None:
        return a * b
    return o.val() ** 2


@case(num(), num())
def none_or2(a, b):
    o = None
    if a > 0:
        o = Node(a, b)
    r = b
    if o is not None and b > 0:
        r = o.val() ** 2
    return r * a


@case(num(), num())
def is_same(a, b):
    p = Node(a, b)
    q = Node(b, a)
    o = p if a > b else q
    if o is p:
        return o.v * 2
    return o.v**2


@case(num(), num())
def call_it(a, b):
    p = Node(a, b)
    q = Other(b, a)
    o = p if a > b else q
    return o(a) * o.both


@case(num(), num(), vec(3), vec(3))
def arr_attr(a, b, x, y):
    p = Node(a, x * 1.0)
    q = Node(b, y * 1.0)
    o = p if a > b else q
    o.w[1] = a * 3
    o.w *= 2.0
    return np.sum(p.w**2) * np.sum(q.w) + o.w[0] + o[2]


@case(num(), num())
def dicts(a, b):
    p = {"k": a, "m": b}
    q = {"k": b}
    d = p if a > b else q
    d["k"] = d["k"] * a if False else 2.0
    return d["k"] * p["k"]


@case(num(), num())
def dicts_read(a, b):
    p = {"k": a, "m": b}
    q = {"k": b}
    d = p if a > b else q
    return d["k"] * a + len(d) + d.get("m", 3.0)


@case(num(), num())
def loop_over(a, b):
    p = [a, b]
    q = (b * 2, a)
    s = 1.0
    for u in p if a > b else q:
        s *= u
    return s


@case(num(), num())
def passed(a, b):
    def use(o, k):
        o.v *= k
        return o.val()

    p = Node(a, b)
    q = Other(b, a)
    return use(p if a > b else q, 3.0) * p.v * q.v


@case(num(), num(), num())
def nested_choice(a, b, c):
    p = Node(a, b)
    q = Other(b, a)
    r = Node(c, c)
    o = p if a > b else (q if b > c else r)
    o.v = o.v * 2
    t = o if c > 0 else p
    return t.step(a) + p.val() + q.val() * r.val()


@case(num(), num())
def kept_alias(a, b):
    p = Node(a, b)
    q = Node(b, a)
    o = p if a > b else q
    k = o
    o = q if a > b else p
    k.v = k.v**2
    return o.v * k.v + p.v


@case(num(), num())
def inst(a, b):
    p = Node(a, b)
    q = Other(b, a)
    o = p if a > b else q
    return o.v * 2 if isinstance(o, Other) else o.w**2


@case(num(), num(), whole(0, 2))
def table(a, b, k):
    ops = [np.sin, np.cos, lambda u: u * b]
    f = ops[k]
    return f(a)


@case(num(), num())
def returned(a, b):
    def pick(u):
        if u > 0:
            return Node(u, b)
        return Other(u * 2, b)

    o = pick(a)
    return o.val() * o.v


def two_rows(draw):
    return [draw.rng.normal(size=4) for _ in range(2)]


@case(vec(4), whole(0, 1), two_rows, wrt=(0, 2))
def list_kept_or_made(x, kept, rows):
    rows[-1][rows[-1] > 0.5] = 0.5
    rows = rows if kept else [np.tanh(x) * (i + 1.5) for i in range(3)]
    return np.sum(rows[-1] * rows[-1] * x)


@case(vec(4), whole(0, 1), two_rows, wrt=(0, 2))
def list_made_and_replaced(x, kept, rows):
    if rows[0][2] > 0.3:
        rows[-1][1:-1] += 1.5
        rows = [x * (i + 1.5) for i in range(3)]
    rows = rows if kept else [rows[0] * 2.0, rows[0] + 1.0]
    return np.sum(rows[-1] * rows[-1] * x)


@case(vec(4), whole(0, 1), two_rows, wrt=(0, 2))
def list_kept_or_made_and_grown(x, kept, rows):
    rows = rows if kept else [np.tanh(x) * (i + 1.5) for i in range(3)]
    rows.append(x * 2.0)
    total = 0.0
    for row in rows:
        total += np.sum(row * row)
    return total
