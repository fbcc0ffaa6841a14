"""More tables of ``mixed_programs.py``: classes with operators and state, functions that keep state, keys, iterators."""

from __future__ import annotations

PRELUDE = '''
import functools
import heapq
import itertools
from collections import defaultdict, deque

WEIGHTS = np.array([0.3, 0.7, 1.1])


class Base:
    factor = 0.5

    def __init__(self, g):
        self.g = g
        self.log = []

    def value(self):
        return self.factor * self.g

    def add(self, u):
        self.log.append(u)
        self.g += 0.1 * u
        return self


class Sub(Base):
    factor = 0.8

    def __init__(self, g, h):
        super().__init__(g)
        self.h = h

    def value(self):
        return super().value() + self.h[0]

    @staticmethod
    def half(u):
        return 0.5 * u

    @classmethod
    def of(cls, u):
        return cls(u, WEIGHTS * u)

    def __len__(self):
        return len(self.h)

    def __getitem__(self, k):
        return self.h[k] * self.g

    def __setitem__(self, k, u):
        self.h[k] = u * 0.5

    def __iter__(self):
        return iter(self.h)

    def __add__(self, other):
        return Sub(self.g + other.g, self.h + other.h)

    @property
    def scaled(self):
        return self.h * self.g

    @scaled.setter
    def scaled(self, u):
        self.h = u / 2.0


@dataclass
class Inner:
    k: float
    items: list = field(default_factory=list)


@dataclass
class Outer:
    inner: Inner
    w: np.ndarray

    def push(self, u):
        self.inner.items.append(u * self.inner.k)
        self.w[0] += u
        return self.inner


def either(u, w):
    if u > 0.5:
        return u, w
    if u > 0:
        return w, u * 0.5
    return u * 0.1, u


def search(u, limit):
    for i in range(3):
        for x in u:
            if x * (i + 1) > limit:
                return x * (i + 1)
    return u[0]


def counted():
    total = [0.0]

    def add(u):
        total[0] += u
        return total[0]

    return add


def fold(f, items, start=0.1):
    s = start
    for u in items:
        s = f(s, u)
    return s


def twice(f):
    return lambda u: f(f(u))


def shifted(u, by):
    u = u + by
    u[0] = by
    return u


def swapped(u, w):
    u, w = w, u
    u[0] = 0.3
    return w


def kept(u, seen=None):
    seen = {} if seen is None else seen
    seen["last"] = u
    seen.setdefault("first", u * 0.5)
    return seen


def gap(u):
    return u[1:] - u[:-1]


def rec(u, n):
    if n <= 0:
        return u
    u[n % len(u)] *= 0.5
    return rec(u, n - 1)
'''

NUMBERS = (
    "q = Sub($s, $v.copy())\nq.add($s1)\n$S = q.value()", "q = Sub($s, $v)\nq[0] = $s1\n$S = q[1] * 0.3 + len(q) * 0.1",
    "q = Sub($s, $v) + Sub($s1, $v1)\n$S = q.value()", "q = Sub.of($s)\n$S = sum(q) * Sub.half($s1)", "q = Base($s)\nq.add($s1).add($s)\n$S = q.log[-1] * q.g",
    "q = Sub($s, $v.copy())\nq.scaled = $v1 * $s\n$S = q.scaled[0]", "q = Outer(Inner($s), $v.copy())\nq.push($s1)\nq.push($s)\n$S = sum(q.inner.items) + q.w[0]",
    "q = Outer(Inner($s), $v)\nr = q.push($s1)\nr.k *= 0.5\n$S = q.inner.k + q.w[0]", "$S, $S1 = either($s, $s1)", "$S = search($v, $s)", "f = counted()\nf($s)\nf($s1)\n$S = f(0.1)",
    "$S = fold(lambda s, u: s * 0.5 + u, $l)", "$S = functools.reduce(lambda s, u: s + u * u, $l, $s)", "$S = twice(lambda u: u * $s)($s1)", "fs = [lambda u, k=k: u * k for k in (0.5, 1.5)]\n$S = sum(f($s) for f in fs)",
    "$S = functools.partial(scaled, by=$s)($s1)", "q = kept($s)\nkept($s1, q)\n$S = q['last'] + q['first']", "$S = ($S1 := $s * 0.5) + $s1", "first, *rest = $l\n$S = first * rest[-1]",
    "q = deque(maxlen=2)\nfor u in $l:\n    q.append(u * $s)\n$S = q[0] + q[-1]", "q = [(u, i) for i, u in enumerate($l)]\nq.sort()\n$S = q[0][0] * q[-1][1]", "q = list(zip($l, $v))\n$S = max(q)[1] * 0.4",
    "q = {f'k{i}': u for i, u in enumerate($v[:3])}\n$S = q['k0'] * q['k2']", "q = defaultdict(float)\nfor i, u in enumerate($v):\n    q[i % 2] += u\n$S = q[0] * 0.3 + q[1]", "$S = min($l, default=0.1) + max(u * u for u in $l)",
    "$S = sum(itertools.accumulate($l)) * 0.1", "$S = sum(u * w for u, w in itertools.combinations($v, 2)) * 0.1", "it = iter($l)\n$S = next(it) - next(it)", "q = $l.copy()\nheapq.heapify(q)\n$S = heapq.heappop(q)",
    "$S = 0.0\nfor i, u in enumerate($l, start=1):\n    $S += u / i", "$S = 0.1\nfor i in range(3):\n    $S = $S * $s + $v[i]\n    if $S > 3:\n        $S = 1.0\n        break", "$S = $s\nwhile $S < 1.5:\n    $S = $S * 1.2 + 0.4",
    "a1, b1 = zip(*[(u, u * $s) for u in $l])\n$S = b1[0] + a1[-1]", "u, w = ($v, $v1) if $s > 0.2 else ($v1, $v)\n$S = u[0] - 0.5 * w[1]", "x = $v\nx[0] = $s\n$S = $v[0] * $v[1]", "$S = np.sum(gap($v)) * $s", "$S = sum(u[1] for u in $r) * 0.3",
    "try:\n    $S = math.sqrt($s)\nexcept ValueError:\n    $S = $s1 * 0.5", "$S = $v[np.argmin($v)] * 0.5", "$S = float(np.max(np.abs($m)))", "$S = np.sum(WEIGHTS * $v[:3])", "$S = sum([np.sum(x) for x in $r], $s) * 0.2", "$S = 0.2 if $s is None else $s * 0.3",
    "q = set()\n$S = 0.0\nfor j in $j:\n    if j not in q:\n        q.add(j)\n        $S += $v[j]", "$S = np.dot(*$r[:2]) * 0.2", "$S = [$s, $s1][$i % 2] * 0.5", "$S = {0: $s, 1: $s1}[$i % 2] * 0.5", "$S = ($s > 0) * $s1 + ($s <= 0) * $s", "$S = $s // 0.4 + $s % 0.4",
)  # fmt: skip
OTHERS = (
    "$V = shifted($v, $s)", "$V = swapped($v, $v1.copy())", "$V = rec($v.copy(), 3)", "$V = np.array([f(u) for f, u in zip([np.sin, np.cos, np.tanh, np.exp], $v)] + [0.1] * (len($v) - 4))", "$V = np.array(list(map(lambda u: u * $s, $v)))",
    "$V = np.array(sorted($v, key=lambda u: -abs(u)))", "$V = np.fromiter((u * $s for u in $v), float)", "$V = np.array([sum(row) for row in $m])", "$V = np.array([$m[i][i] for i in range(len($m))])", "$V = $v[np.ix_(np.arange(len($v))[::-1])]",
    "$V = sum($r)", "$V = np.add.reduce($r)", "$V = np.vstack($r)[1]", "$V = functools.reduce(np.maximum, $r)", "$V = np.array([u for u, k in zip($v, $k) if k] + [0.1] * int(np.sum(~$k)))", "$V, $V1 = $v1, $v", "$V = $v[:, None][:, 0]", "$V = np.split($v, [1])[1].sum() * $v",
    "$V = np.linspace($s, $s1, len($v))", "$V = np.where($v > $s)[0] * 0.1 + 0 * $v if np.all($v > $s) else $v * 0.2", "$V = np.repeat($s, len($v))", "$V = np.outer($v, [1.0, $s])[:, 1]", "$V = np.pad($v[1:], (1, 0))", "$V = ($m * $k).sum(axis=1)", "$V = $m[$k].sum(axis=0)", "$V = $m[$j].sum(axis=0)",
    "$M = np.array($r[:1] * len($v))", "$M = np.array([[u + w for u in $v] for w in $l[:1] * len($v)])", "$M = np.vstack([$v] * len($v)) * $s", "$M = $m[np.ix_(np.argsort($v), np.arange(len($v)))]", "$M = np.where($k[:, None], $m, $s)", "$M = np.triu($m) + np.tril($m, -1).T", "$M = $m * $v / (1 + np.abs($s))", "$M = np.array([row / (1 + row @ row) for row in $m])",
    "$L = [x for x in itertools.chain($l, $v)]", "$L = [u * $s for u in $l if u > 0] + $l", "$L = sum([[u, u * $s] for u in $l], [])", "$L = [u for row in $m for u in row]", "$L = [max(u, w) for u, w in zip($l, $l[1:])] + [$s, $s1]", "$L = [$f(u) for u in $l]", "$L = sorted($l, reverse=True)", "$L = list($d['h'])", "$L = [$o.g, $c.g, $n.g]", "$L = [*$l[1:], $l[0]]",
    "$R = [$v] * 3", "$R = [x for x in $m if x[0] > 0] + [$v, $v1, $v]", "$R = [$v, $o.h, $d['h']]", "$R = [np.array([u, $s, 0.1] + [0.2] * (len($v) - 3)) for u in $l[:3]]", "$R = [a + b for a, b in zip($r, $r[::-1])]", "$R = $r + [$v]", "$R = $r[:3]", "$R = sorted($r, key=lambda u: u[0])", "$R = [row for row in $m[:3]]",
    "$D = {k: $v if k == 'h' else $s for k in ('g', 'h')}", "$D = dict(zip(['g', 'h'], [$s, $v]))", "$D = {'g': $d['g'] + $s, **{'h': $d['h']}}", "$D = {'h': $v}\n$D['g'] = $s", "$D = $d", "$D = vars(Node($s, $v))", "$T = ($s, $v) if $s > 0 else $t", "$T = tuple([$s, $v])", "$C = Cell($d['g'], $d['h'], scale=$s)", "$O = Node(*$t)", "$O = Node($s, $m[0])", "$O = Node(**$d)",
    "$N = max(Pair($s, $v), Pair($s1, $v1), key=lambda p: p.g)", "$F = twice($f)", "$F = functools.partial(scaled, by=$s)", "c = [$s]\ndef $F(u):\n    c[0] = c[0] * 0.9 + u * 0.1\n    return c[0]", "$F = [math.sin, math.cos][$i % 2]", "def $F(u, w=$v):\n    return u * w[0]",
)  # fmt: skip
WRITES = (
    "for i, u in enumerate($v):\n    $v[i] = u * $s", "for i in range(1, len($v)):\n    $v[i] -= 0.5 * $v[i - 1]", "for i in reversed(range(len($v) - 1)):\n    $v[i] = $v[i] + $v[i + 1] * 0.3", "for row, u in zip($m, $v):\n    row += u", "for i in range(len($m)):\n    $m[i, i] += $s\n    $m[i] /= 1 + abs($m[i, i])",
    "x = $v[1:]\nx *= $s", "x = $m[0]\ny = x[::2]\ny += $s", "x = $m.T\nx[0] += $v", "x, y = $v[:2], $v[2:]\nx[0] = y[0]\ny[-1] = $s", "rec($v, 2)", "swapped($v, $v1)", "$r[0] *= $s", "$r[$i][0] += $s", "x = $r[0]\nx[1] = $s", "for u in $r[1:]:\n    u += $r[0] * 0.1", "$r[1], $r[2] = $r[2], $r[1]\n$r[1][0] = $s",
    "x = $o\nx.g = x.g * $s", "x = $o.h\nx[0] = $s", "def put_in(u):\n    $v[0] = u\nput_in($s)", "def grow(u):\n    $l.append(u)\n    return len($l)\ngrow($s)\ngrow($s1)", "def bump():\n    $o.g += 0.3\nbump()\nbump()", "$d['k'] = $s\ndel $d['k']", "$d['g'] = max($d['g'], $s)", "for k, u in list($d.items()):\n    $d[k] = u * 0.9",
    "$d['h'] = $d['h'] * 0.5\n$d['h'][0] = $s", "if $s > 0.3:\n    $v[0] = $s1\nelse:\n    $v = $v * 0.9", "$v = $v1 if $s > 0 else $v\n$v[1] = $s", "x = $v if $s > 0.2 else $v1\nx[0] = $s1", "$l[0] = $l[1] = $s", "$v[0] = $v[1] = $s", "$l[:] = [u * 0.5 for u in $l]", "$v[:] = [u * 0.5 for u in $v]", "$l.pop(0)\n$l.append($s)\n$l.append($s)", "del $l[0]\n$l.append($s)",
    "$m[np.triu_indices(3)] *= $s", "$m[:, $j[:1]] += $s", "$m[$k] *= $s", "$m[$k, 0] = $s", "$m[...] = $m.T.copy()", "$m -= $m.mean(axis=0)", "$m[1], $m[0] = $m[0].copy(), $m[1].copy()", "np.exp(-$v * $v, out=$v1)", "$v[$v > $s] = $s", "$v[$v < 0] *= 0.1", "np.add.at($m, ($j, $j), $s)", "$v.sort()", "$v[np.argmax($v)] = $s", "np.clip($v, -1.0, 1.0, out=$v)", "$v[$i], $v[-1] = $v[-1], $v[$i]",
    "$c.h = $c.h * $s\n$c.h[0] = 0.5", "$c.scale += $s * 0.1", "$o.h, $S = $v, $o.h[0]", "$o.h = $o.h + $v\n$o.h[0] = $s", "$o, $O = $O, $o" if False else "$o.g, $c.g = $c.g, $o.g", "with np.errstate(all='ignore'):\n    $v /= 1 + np.abs($v1)", "try:\n    x = math.log($s)\nexcept ValueError:\n    x = $s1\n$v[0] = x",
)  # fmt: skip
