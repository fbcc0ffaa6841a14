"""Subclasses of dict and list that say some things themselves: what asks them, and what goes past them, as in Python."""

from collections import defaultdict

import numpy as np

from case import Case, takes, vec


class It(dict):

    def __iter__(self):
        return iter(['b'])


class Ln(list):

    def __len__(self):
        return 2


class LI(list):

    def __iter__(self):
        for k in range(len(self) - 1):
            yield (self[k] * 2)


class GI(dict):

    def __getitem__(self, k):
        return super().__getitem__(k) * 3


class SI(dict):

    def __setitem__(self, k, v):
        super().__setitem__(k, v * 2)


class Ct(dict):

    def __contains__(self, k):
        return True


class IM(dict):

    def items(self):
        return [('z', 5.0)]

    def keys(self):
        return ['a']


class NoSuper(dict):

    def __init__(self, **k):
        self.extra = k['e']


class Gt(dict):

    def get(self, k, d=None):
        return 9.0


class P(dict):
    pass


class V(list):
    pass


class Ap(list):

    def append(self, v):
        super().append(v * 2)


class Kw(dict):

    def __init__(self, scale, **kw):
        super().__init__(**{k: v * scale for k, v in kw.items()})
        self.scale = scale


def it1(x):
    d = It(a=x[0], b=x[1])
    return sum((d[k] for k in d)) + len(d)


def it2(x):
    d = It(a=x[0], b=x[1])
    return len(list(d)) * x[0] + sum(d.values())


def it3(x):
    d = It(a=x[0], b=x[1])
    e = dict(d)
    return sum(e.values()) * x[2]


def ln1(x):
    v = Ln([x[0], x[1], x[2]])
    return len(v) * v[2] + sum(v)


def ln2(x):
    v = Ln([x[0], x[1], x[2]])
    return np.sum(np.array(v)) + (1 if v else 2)


def li1(x):
    v = LI([x[0], x[1], x[2]])
    return sum(v) + sum(list(v))


def li2(x):
    v = LI([x[0], x[1], x[2]])
    return np.sum(np.array(v) ** 2)


def gi1(x):
    d = GI(a=x[0])
    return d['a'] + d.get('a') + sum(d.values()) + dict(d)['a'] + {**d}['a']


def si1(x):
    d = SI(a=x[0])
    d['b'] = x[1]
    d.update(c=x[2])
    d.setdefault('e', x[0])
    return d['a'] + 2 * d['b'] + 3 * d['c'] + d['e']


def si2(x):
    d = SI()
    d['a'] = x[0]
    d['a'] += x[1]
    return d['a'] * x[2]


def ct1(x):
    d = Ct(a=x[0])
    return x[1] if 'q' in d else x[2]


def im1(x):
    d = IM(a=x[0], b=x[1])
    return sum((v for _, v in d.items())) * x[0] + sum(dict(d).values())


def im2(x):
    d = IM(a=x[0], b=x[1])
    return sum({**d}.values())


def ns(x):
    d = NoSuper(e=x[0])
    d['k'] = x[1]
    return d.extra * d['k'] + len(d)


def gt(x):
    d = Gt(a=x[0])
    return d.get('a') * x[1] + d['a']


def alias(x):
    p = P(a=x[0], b=x[1])
    q = p
    r = dict(p)
    t = p.copy()
    q['a'] = x[2]
    r['b'] = 2.0
    t['b'] = 3.0
    return p['a'] * p['b'] + r['a'] * r['b'] + t['a'] * t['b']


def union(x):
    p = P(a=x[0])
    q = p | {'b': x[1]}
    p |= {'c': x[2]}
    return q['b'] * p['c'] + len(q) + len(p) + (1.0 if type(p) is P else 2.0)


def isd(x):
    p = P(a=x[0])
    return p['a'] * (2.0 if isinstance(p, dict) else 1.0) * (3.0 if type(p) is dict else 1.0)


def vl(x):
    v = V(x)
    w = v[1:]
    u = v + [x[0]]
    z = v * 2
    v[0] = x[1] * 2
    del v[1]
    v += [x[2]]
    v.insert(0, 1.0)
    return sum(v) * len(w) + sum(u) * z[3] + v[1] + sum(reversed(v)) + v.index(1.0)


def vs(x):
    v = V([3.0, 1.0, 2.0])
    v.sort()
    s = sorted(v, reverse=True)
    a, *b = v
    return x[0] * v[0] + x[1] * s[0] + x[2] * b[0] + a


def ap(x):
    v = Ap()
    v.append(x[0])
    v.extend([x[1]])
    v += [x[2]]
    return v[0] + 3 * v[1] + 5 * v[2]


def kw(x):
    d = Kw(2.0, a=x[0], b=x[1])
    return d['a'] * d.scale + d['b'] * x[2]


def loopbr(x):
    d = P(n=0.0, s=x[0])
    for k in range(3):
        if x[k] > 0.5:
            d['s'] = d['s'] * x[k]
        else:
            d['n'] += 1.0
    return d['s'] * (d['n'] + 1)


def either(x):
    p = P(a=x[0])
    q = P(a=x[1])
    r = p if x[0] > x[1] else q
    r['a'] = r['a'] * x[2]
    return p['a'] + 2 * q['a']


def grow(x):
    v = V([x[0]])
    for k in range(3):
        v.append(v[-1] * x[k])
        if len(v) > 3:
            v.pop(0)
    return sum(v) * v[0]


def keyrun(x):
    d = P()
    for v in x:
        k = int(v * 2) % 2
        d[k] = d.get(k, 0.0) + v * v
    return sum(d.values()) * (d[0] if 0 in d else 1.0)


def nest(x):
    p = P(l=V([x[0], P(z=x[1])]))
    p['l'][1]['z'] *= x[2]
    p['l'].append(x[0])
    return p['l'][0] * p['l'][1]['z'] + p['l'][2]


def ret(x):

    def make(u):
        return P(a=u, b=2 * u)

    def use(p):
        p['a'] = p['a'] * p['b']
        return p
    return use(make(x[0]))['a'] * use(make(x[1]))['b']


def dd(x):

    class G(defaultdict):
        pass
    g = G(list)
    g['a'].append(x[0])
    g['a'].append(x[1])
    g['b'].append(x[2])
    return sum(g['a']) * g['b'][0] + len(g['c'])


RIGHT = (
    it1, it2, ln1, li1, gi1, si1, si2, ct1, ns, gt, alias, union, vs, ap, kw, loopbr, either, grow, keyrun, nest, ret, dd,
)  # fmt: skip
EITHER = (it3, ln2, li2, im1, im2, isd, vl)
CASES = [
    *(Case(f, takes(vec(3, low=0.3, high=1.4)), seeds=4, tags=("dead lines",)) for f in RIGHT),
    *(Case(f, takes(vec(3, low=0.3, high=1.4)), expect="either", seeds=1, tags=("dead lines",)) for f in EITHER),
]
