"""Classes that are dicts or lists: parameters by name, layers, trajectories, polynomials, tables with defaults."""

import copy
import math
from collections import OrderedDict, defaultdict

import numpy as np

from case import Case, takes, vec


class AttrDict(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


def attr1(x):
    p = AttrDict(w=x * 2.0, b=x[0])
    p.c = p.w[1] * p.b
    return np.sum(p.w) * p.c + p["b"]


class Bunch(dict):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__ = self


def bunch(x):
    b = Bunch(u=x[0], v=x[1] * x[2])
    b.w = b.u * b.v
    return b.w * b["u"] + b.v


class Dot(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)
    def __setattr__(self, name, value):
        self[name] = value


def dot(x):
    p = Dot(rate=x[0], scale=x[1])
    p.rate = p.rate * 2.0
    return p.rate * math.exp(-p.scale) + (p.get("none", 1.0))


class Params(dict):
    pass


def params(x):
    p = Params(W=np.outer(x, x), b=x)
    h = np.tanh(p["W"] @ x + p["b"])
    for k in p:
        p[k] = p[k] * 0.5
    return np.sum(h) + sum(np.sum(v) for v in p.values())


class Params2(dict):
    def norm(self):
        return sum(np.sum(v ** 2) for v in self.values())
    def step(self, g, lr):
        return Params2({k: v - lr * g[k] for k, v in self.items()})


def params2(x):
    p = Params2({"a": x, "b": x[0] * x[1]})
    q = p.step({"a": 2 * x, "b": x[2]}, 0.1)
    return q.norm() + p.norm() * len(q)


class Layers(list):
    def __call__(self, h):
        for layer in self:
            h = layer(h)
        return h


class Dense:
    def __init__(self, w):
        self.w = w
    def __call__(self, h):
        return np.tanh(self.w * h)


def layers(x):
    net = Layers([Dense(x[0]), Dense(x[1])])
    net.append(Dense(x[2]))
    return np.sum(net(x)) * len(net)


class Traj(list):
    def __init__(self, dt):
        super().__init__()
        self.dt = dt
    def push(self, v):
        self.append(v)
    @property
    def last(self):
        return self[-1]
    def integral(self):
        return self.dt * sum(self)


def traj(x):
    t = Traj(0.1)
    t.push(x[0])
    for k in range(5):
        t.push(t.last * (1 - x[1] * t.dt))
    return t.integral() + t.last * x[2]


class Vec(list):
    def __add__(self, other):
        return Vec([a + b for a, b in zip(self, other)])
    def __mul__(self, c):
        return Vec([a * c for a in self])
    def dot(self, o):
        return sum(a * b for a, b in zip(self, o))


def vectors(x):
    a = Vec([x[0], x[1]])
    b = Vec([x[2], 1.0])
    c = (a + b) * x[0]
    return c.dot(a) + len(c)


class Default(dict):
    def __missing__(self, key):
        v = self[key] = float(len(self)) + 1.0
        return v


def missing(x):
    d = Default(a=x[0])
    return d["a"] * d["b"] * x[1] + d["b"] * len(d) + d["c"]


class Registry(dict):
    def register(self, f):
        self[f.__name__] = f
        return f


ACT = Registry()


@ACT.register
def relu(u): return np.maximum(u, 0.0)


@ACT.register
def soft(u): return np.log1p(np.exp(u))


def registry(x):
    return np.sum(ACT["relu"](x) * ACT["soft"](x))


CFG = AttrDict(lr=0.1, n=3, inner=AttrDict(k=2.0))


def cfg(x):
    for i in range(CFG.n):
        x = x - CFG.lr * 2 * x * CFG.inner.k
    return np.sum(x) * CFG["lr"]


class Grads(defaultdict):
    def __init__(self):
        super().__init__(float)
    def add(self, k, v):
        self[k] += v


def grads(x):
    g = Grads()
    g.add("a", x[0]); g.add("b", x[1]); g.add("a", x[1] * x[2])
    return g["a"] * g["b"] + sum(g.values())


class OD(OrderedDict):
    def total(self):
        return sum(self.values())


def od(x):
    d = OD()
    d["a"] = x[0]; d["b"] = x[1] * x[2]
    return d.total() * d["a"]


class LoggedDict(dict):
    def __setitem__(self, k, v):
        super().__setitem__(k, v * 2.0)
    def __getitem__(self, k):
        return dict.__getitem__(self, k) + 1.0


def logged(x):
    d = LoggedDict()
    d["a"] = x[0]
    d["b"] = d["a"] * x[1]
    return d["a"] * d["b"]


class Stack(list):
    def peek(self): return self[-1]
    def push(self, v): self.append(v); return self


def rpn(x):
    s = Stack()
    s.push(x[0]).push(x[1])
    b, a = s.pop(), s.pop()
    s.push(a * b).push(x[2])
    return s.pop() * s.peek() + len(s)


class Nested(AttrDict):
    def __init__(self, d):
        super().__init__()
        for k, v in d.items():
            self[k] = Nested(v) if isinstance(v, dict) else v


def nested(x):
    p = Nested({"a": x[0], "in": {"w": x, "b": x[1]}})
    q = p["in"]
    return np.sum(q.w) * q.b * p.a


class Params3(dict):
    def __add__(self, other):
        return Params3({k: self[k] + other[k] for k in self})
    def __mul__(self, c):
        return Params3({k: v * c for k, v in self.items()})
    __rmul__ = __mul__
    def copy(self):
        return Params3(self)


def rk(x):
    def rhs(s): return Params3(u=-s["v"] * x[0], v=s["u"] * x[1])
    s = Params3(u=x[2], v=1.0)
    for _ in range(3):
        k1 = rhs(s); k2 = rhs(s + 0.05 * k1)
        s = s + k2 * 0.1
    return s["u"] * s["v"] + isinstance(s, dict)


class Named(dict):
    def norm(self):
        return sum(np.sum(v ** 2) for v in self.values())
    def map(self, f):
        return type(self)((k, f(v)) for k, v in self.items())


P = Named(W=np.array([0.3, 0.7, 1.1]), b=0.5)


SETTINGS = AttrDict(lr=0.1, n=3, act="tanh", inner=AttrDict(k=2.0))


def modparams(x):
    return np.sum(P["W"] * x) + P.norm() + P["b"] * len(P) + sum(np.sum(v) for v in P.values())


def cfgtext(x):
    if SETTINGS.act == "tanh":
        h = np.tanh(x * SETTINGS.inner.k)
    else:
        h = x
    s = 0.0
    for i in range(SETTINGS.n):
        s = s * SETTINGS.lr + h[i]
    return s


class Net(list):
    def __init__(self, *layers):
        super().__init__(layers)
    def forward(self, x):
        for l in self:
            x = l(x)
        return x


class Lin:
    def __init__(self, a, b): self.a, self.b = a, b
    def __call__(self, x): return self.a * x + self.b


NET = Net(Lin(0.5, 0.1), np.tanh, Lin(2.0, -0.3))


def modnet(x):
    return np.sum(NET.forward(x)) * len(NET)


def mapped(x):
    p = Named(a=x[0], b=x[1]).map(lambda v: v * v)
    q = {**p, "c": x[2]}
    r = Named(q)
    r.update(a=q["a"] * 2)
    r.setdefault("d", x[0])
    assert "d" in r and "z" not in r
    return r.pop("d") * r.norm() + r.get("zz", 1.0)


def kw(a, b=1.0, **rest):
    return a * b + rest["c"]


def spread(x):
    p = Named(a=x[0], b=x[1], c=x[2])
    return kw(**p) * 2


def loopdict(x):
    hist = Named()
    for i in range(3):
        hist[f"k{i}"] = x[i] * (hist[f"k{i-1}"] if i else 1.0)
    return hist["k2"] + hist["k1"]


class Hist(list):
    def mean(self): return sum(self) / len(self)
    def last(self, n): return self[-n:]


def runlist(x):
    h = Hist()
    u = x[0]
    while u < 3.0:
        h.append(u)
        u = u * (1.0 + x[1] * 0.2)
    return h.mean() + sum(h.last(2)) + u * x[2]


def branchlist(x):
    h = Hist([x[0]])
    if x[1] > 0.85:
        h.append(x[1] * x[2])
    else:
        h.append(x[2])
    h += [x[0] * x[2]]
    h.sort()
    return h[0] * h[1] + h.mean() + max(h) - min(h)


def arr(x):
    h = Hist([x[0], x[1] * x[0], x[2]])
    return np.sum(np.array(h) ** 2) + np.dot(h, x)


class Grid(dict):
    def __init__(self, n):
        super().__init__()
        self.n = n
        for i in range(n):
            self[i] = 0.0
    def __getitem__(self, i):
        return super().__getitem__(i % self.n)


def grid(x):
    g = Grid(3)
    for i in range(3):
        g[i] = x[i]
    return sum(g[i] * g[i + 1] for i in range(3)) + g.n


class Ledger(defaultdict):
    def __init__(self): super().__init__(float)
    def post(self, acct, amt):
        self[acct] += amt
        return self


def ledger(x):
    l = Ledger()
    l.post("cash", x[0]).post("debt", -x[1]).post("cash", x[2] * x[1])
    return l["cash"] * l["debt"] + l["none"]


def copies(x):
    p = Named(a=x[0], b=x[1])
    q = copy.copy(p)
    q["a"] = q["a"] * x[2]
    r = copy.deepcopy(q)
    r["b"] = 3.0
    t = p.copy()
    t["b"] = t["b"] * 2
    return p.norm() + q.norm() + r.norm() + t["b"] * p["b"]


def boolean(x):
    p = Named()
    if not p:
        p["a"] = x[0]
    if p:
        return p["a"] * x[1]
    return x[2]


class Ring(list):
    def __getitem__(self, k):
        return list.__getitem__(self, k % len(self))


def ring(x):
    r = Ring(x)
    return sum(r[k] * r[k + 1] for k in range(3))


def items_written(x):
    p = Named(a=x, b=2 * x)
    for k, v in p.items():
        p[k] = v * x[0]
    p["a"] += x
    p["b"] *= 0.5
    del p["a"]
    return np.sum(p["b"]) + len(p)


class Poly(list):
    def __call__(self, t):
        s = 0.0
        for c in reversed(self):
            s = s * t + c
        return s
    def deriv(self):
        return Poly(k * c for k, c in enumerate(self) if k)
    def __mul__(self, o):
        out = Poly([0.0] * (len(self) + len(o) - 1))
        for i, a in enumerate(self):
            for j, b in enumerate(o):
                out[i + j] += a * b
        return out


def poly(x):
    p = Poly([x[0], x[1], x[2]])
    return p(0.7) * p.deriv()(0.3) + (p * p)(0.2)


def by_arguments(p, layers, x):
    p["b"] = p["b"] * x[0]
    for w in layers:
        x = np.tanh(w * x)
    return np.sum(x * p["W"]) + p.norm() * len(layers)


def named_parameters(draw):
    return Named(W=draw.rng.uniform(0.3, 1.2, 3), b=float(draw.rng.uniform(0.5, 1.5)))


def two_layers(draw):
    return Net(*draw.rng.uniform(0.3, 1.2, 2))


class Keeps(dict):
    def __repr__(self):
        return dict.__repr__(self)


def shown(x):
    return len(repr(Keeps(a=x[0]))) * x[0]


class Dotted(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


class Totals(dict):
    def total(self):
        return sum(self.values())


class Pile(list):
    def push(self, v):
        super().append(v)
        return self

    def add(self, v):
        list.insert(self, 0, v)


def kept_as_they_are(x):
    config = Dotted(rate=x[0])
    config.more = Dotted(k=x[1])
    y = x
    for _ in range(3):
        y = y * config["more"].k
    stack = Pile()
    stack.push(Totals(a=x[0], b=x[1])).push(Totals(a=x[2]))
    stack.add(Totals(a=config.more.k**2))
    stack[1]["b"] *= config.rate
    return np.sum(y) + sum(held.total() * (k + 1) for k, held in enumerate(stack))


CASES = [
    Case(kept_as_they_are, takes(vec(3))),
    Case(by_arguments, takes(named_parameters, two_layers, vec(3)), wrt=(0, 1, 2)),
    Case(shown, takes(vec(3))),
    Case(attr1, takes(vec(3, low=0.3, high=1.4))),
    Case(bunch, takes(vec(3, low=0.3, high=1.4))),
    Case(dot, takes(vec(3, low=0.3, high=1.4))),
    Case(params, takes(vec(3, low=0.3, high=1.4))),
    Case(params2, takes(vec(3, low=0.3, high=1.4))),
    Case(layers, takes(vec(3, low=0.3, high=1.4))),
    Case(traj, takes(vec(3, low=0.3, high=1.4))),
    Case(vectors, takes(vec(3, low=0.3, high=1.4))),
    Case(missing, takes(vec(3, low=0.3, high=1.4))),
    Case(registry, takes(vec(3, low=0.3, high=1.4))),
    Case(cfg, takes(vec(3, low=0.3, high=1.4))),
    Case(grads, takes(vec(3, low=0.3, high=1.4))),
    Case(od, takes(vec(3, low=0.3, high=1.4))),
    Case(logged, takes(vec(3, low=0.3, high=1.4))),
    Case(rpn, takes(vec(3, low=0.3, high=1.4))),
    Case(nested, takes(vec(3, low=0.3, high=1.4))),
    Case(rk, takes(vec(3, low=0.3, high=1.4))),
    Case(modparams, takes(vec(3, low=0.3, high=1.4))),
    Case(cfgtext, takes(vec(3, low=0.3, high=1.4)), tags=("dead lines",)),
    Case(modnet, takes(vec(3, low=0.3, high=1.4))),
    Case(mapped, takes(vec(3, low=0.3, high=1.4))),
    Case(spread, takes(vec(3, low=0.3, high=1.4))),
    Case(loopdict, takes(vec(3, low=0.3, high=1.4))),
    Case(runlist, takes(vec(3, low=0.3, high=1.4))),
    Case(branchlist, takes(vec(3, low=0.3, high=1.4)), seeds=8),
    Case(arr, takes(vec(3, low=0.3, high=1.4))),
    Case(grid, takes(vec(3, low=0.3, high=1.4))),
    Case(ledger, takes(vec(3, low=0.3, high=1.4))),
    Case(copies, takes(vec(3, low=0.3, high=1.4))),
    Case(boolean, takes(vec(3, low=0.3, high=1.4)), tags=("dead lines",)),
    Case(ring, takes(vec(3, low=0.3, high=1.4))),
    Case(items_written, takes(vec(3, low=0.3, high=1.4))),
    Case(poly, takes(vec(3, low=0.3, high=1.4))),
]
