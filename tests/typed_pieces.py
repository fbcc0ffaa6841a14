"""The pieces of which ``typed_programs.py`` makes programs."""

from __future__ import annotations

# A small letter is an expression of its type, a capital a variable: s a number, v a vector of three, i a whole
# number, b a truth, l a list of three numbers, r one of three vectors, d a dict of "p" and "q", t a pair. "{e}", "{c}"
# and "{k}" are new names, and "{s:e}" a number that may be made of the first of them.
GRAMMAR = {
    "s": """
        {S} | {S} | {S} | {s} * {s} | {s} + {s} | {s} - 0.5 * {s} | {s} / (1.5 + {s} ** 2) | -{s} | {s} ** 2 | 0.4
        math.sin({s}) | np.tanh({s}) | abs({s}) | max({s}, {s}) | min({s}, {s}, 0.7) | pow(1.3 + abs({s}), {s})
        math.hypot({s}, {s}) | np.add({s}, {s}) | operator.mul({s}, {s}) | math.sqrt(1.0 + {s} ** 2) | {i} * {s}
        ({s} if {b} else {s}) | ({s} or {s}) | ({b} and {s} or {s}) | float({b}) * {s} | round({s}, 3) * 0.0 + {s}
        {V}[{i}] | float({V}[0]) | {V}[-1].item() | np.sum({v}) | {v} @ {v} | np.dot({v}, {v}) | np.max({v})
        np.linalg.norm({v} + 2.0) | np.interp({s}, [-1.0, 0.2, 1.0], {l}) | np.array({l}) @ np.array({l}[::-1])
        max({l}) | min({l}) | sum({l}) | sum({l}, {s}) | math.prod({l}) | math.fsum({l}) | {l}[{i}] | {L}[-1]
        sorted({l})[0] | sorted({l}, reverse=True)[{i}] | sorted({V})[1] | max({l}, key=abs) | next(iter({l}))
        min({l}, key=lambda u: (u - 0.3) ** 2) | sum([*{l}, {s}]) | max(*{l}, {s}) | len({l}) * {s}
        sum({s:e} for {e} in {l}) | sum({s:e} for {e} in {V}) | max({s:e} for {e} in {l}) | sum([{s}] * 2)
        sum({s:e} * {s:c} for {e}, {c} in zip({l}, {V})) | sum(({k} + 1) * {s:e} for {k}, {e} in enumerate({l}))
        sum({e} * {c} for {e} in {l} for {c} in {V} if {c} < {e}) | sum(sum({s:c} for {c} in {e}) for {e} in {r})
        next(({e} for {e} in {l} if {e} > 0.0), {s}) | next(({s:e} for {e} in {V} if {e} > {s}), {s})
        {D}['p'] | {D}.get('q', {s}) | {D}.get('z', {s}) | sum({D}.values()) | {t}[0] | {T}[1] | {r}[{i}][{i}]
        sum({s:e} for {e} in {D}.values() if {e} > 0) | functools.reduce(lambda p, q: p * 0.5 + q, {l}, {s})
        functools.reduce(operator.add, {l}) | sum(map(damped, {l})) | sum(map(chosen, {l}, {V}))
        sum(map(lambda u: u * {s}, {V})) | chosen({s}, {s}) | chosen({s}, q={s}) | chosen(*{t}) | half({s}) | half(q={s})
        chosen(**{{'p': {s}, 'q': {s}}}) | scaled({s}) | scaled({s}, by={s}) | weighted({s}, {s}, {s}) | weighted(*{l})
        weighted(*[{s:e} for {e} in {V}]) | by_names(a={s}, b={s}) | by_names(**{d}) | (lambda u, k=2.0: u * k)({s})
        product(3, {s}) | even(4, {s}) | Box({s}, {s}).area() | Box({s}, {s}).wider({s}).w | (Box({s}, {s}) + Box({s}, {s})).h
        Box({s}, {s})({s}) | Box.unit({s}).area() | Box.twice({s}) | Box({s}, {s}).ratio | Pair({s}, {s}).g
        Pair({s}, h={s})[1] | Pair({s}, {s})._replace(g={s}).g | Point({s}, {s}).norm() | Point({s}).y
        dataclasses.replace(Point({s}, {s}), y={s}).norm()
    """,
    "v": """
        {V} | {V} | {V} | {v} * {v} | {v} + {s} | {s} * {v} | {v} - {v} | np.sin({v}) | np.exp(0.3 * {v}) | {v}[::-1]
        np.where({v} > 0.1, {v}, {s}) | np.maximum({v}, {s}) | np.clip({v}, -0.5, {s} + 1.0) | np.cumsum({v}) | {V}.copy()
        np.array({l}) | np.array([{s}, {s}, {s}]) | np.array([{s:e} for {e} in {V}]) | np.array([*{T}, {s}]) | {r}[{i}]
        np.asarray([{s} + {V}[0], *{V}[1:]]) | np.stack([{s}, {s}, {s}]) | np.concatenate([{V}[:1], {V}[1:]])
        np.full(3, {s}) | np.zeros(3) + {s} | np.fromiter(({s:e} for {e} in {l}), float) | ({v} if {b} else {v})
        np.array(sorted({V})) | np.array(list(map(damped, {V}))) | np.outer({v}, {v})[{i}] | moved({v}, {s})
        np.array([{e} * {c} for {e}, {c} in zip({l}, {V})]) | np.array([{s:e} if {e} > 0 else {s} for {e} in {V}])
        np.array([*{d}.values(), {s}]) | sum({r}) | sum([{v}, {v}] * 2) | functools.reduce(np.add, {r}) | np.mean({r}, axis=0)
        np.array([{e} for {e} in {r}]).sum(axis=0) | np.array([{V}[({k} + 1) % 3] * {s} for {k} in range(3)])
    """,
    "i": """
        0 | 1 | 2 | -1 | int(np.argmax({V})) | len({l}) - 3 | 1 if {b} else 2 | int({b}) | 3 % 2
        sum(1 for {e} in {V} if {e} > 0.2) % 3
    """,
    "b": """
        {s} > 0.1 | {s} > {s} | {V}[0] < 0.2 | -1.0 < {s} < 1.5 | not {b} | ({b} and {b}) | ({b} or {b}) | {i} in (1, 2)
        any({e} > 0.5 for {e} in {V}) | all({e} > -0.7 for {e} in {l}) | isinstance({s}, float) | np.all({V} > -1.0)
        'p' in {D} | 'z' in {D} | math.isfinite({s}) | len({l}) > 2
    """,
    "l": """
        {L} | {L} | {L} | [{s}, {s}, {s}] | [{s:e} for {e} in {l}] | [{s:e} for {e} in {V}] | list({V}) | {V}.tolist()
        [*{T}, {s}] | [*{l}[:1], {s}, {s}] | [*sorted({l})] | {l}[::-1] | list(reversed({l})) | sorted({l})
        list(map(damped, {l})) | ([{s}] * 3) | ({l}[:2] + [{s}]) | [{e} + {c} for {e}, {c} in zip({l}, {l})]
        [chosen({e}, {s}) for {e} in {l}] | [{e} if {e} > 0 else {s} for {e} in {l}] | [{e} for {e} in {V} if True]
        list(itertools.accumulate({l})) | [{e} * {k} for {k}, {e} in enumerate({l}, start=1)]
        list(itertools.chain({l}[:1], {l}[1:])) | [{e} * {c} for {e}, {c} in itertools.product({l}[:1], {V})]
        [max({e}, {s}) for {e} in {V}] | [float(np.sum({e})) for {e} in {r}] | [*{d}.values(), {s}]
    """,
    "r": """
        {R} | {R} | [{v}, {v}, {v}] | [{s} * {e} for {e} in {r}] | [{e} * {c} for {e}, {c} in zip({r}, {V})]
        [{s:e} * {V} for {e} in {l}] | list(np.array([{v}, {v}, {v}])) | [{V} * {k} for {k} in range(3)]
        ({r}[1:] + [{v}]) | list(np.outer({V}, {V}))
    """,
    "d": """
        {D} | {{'p': {s}, 'q': {s}}} | dict(p={s}, q={s}) | {{{k}: {s:e} for {k}, {e} in {D}.items()}}
        {{**{D}, 'q': {s}}} | dict(zip(('p', 'q'), {t})) | dict({D}) | {D}.copy()
    """,
    "t": """
        {T} | ({s}, {s}) | ({s}, {s}) | both({s}, {s}) | tuple({e} for {e} in {l}[:2]) | {T}[::-1] | turned(*{t})
        tuple({l})[:2] | Pair({s}, {s})
    """,
}
# "{=s}" binds a new name, or one that is there; "{O}" is memory of the program's own, "..." any statement. A line
# begins behind ">>", further in, behind "<<", further out, and behind ";;".
STATEMENTS = """
    {=s} | {=s} | {=s} | {=v} | {=v} | {=l} | {=r} | {=d} | {=t} | {S} += {s} | {S} *= {s} | {S} -= {s}
    {S}, {S} = {s}, {s} | {S}, {S} = {t} | ({S}, {S}), {S} = {t}, {s} | {S}, *_ = {l} | *_, {S} = {l}
    {O}[{i}] = {s} | {O}[{i}] += {s} | {O}[:] = {v} | {O} *= {s} | {O}[1:] -= {V}[:-1] | {O}[{V} > 0.1] = {s} | {O} += {v}
    np.add.at({O}, [0, 1, 0], {v}) | {O}[[0, 2]] = {O}[[2, 0]] | {O}.sort() | {O}.fill({s}) | {O}[::2] *= {s}
    np.multiply({O}, {v}, out={O}) | {O}[{i}], {O}[{i}] = {O}[{i}], {O}[{i}] | filled({O}, {s}) | filled({O}[1:], s={s})
    mixed({O}, {O}[::-1]) | {O} = moved({O}, {s})
    {L}[{i}] = {s} | {L}[{i}] += {s} | {L=}.append({s}); {L=}.pop(0) | {L=}.insert(0, {s}); {L=}.pop() | {L}.sort()
    {L}.reverse() | {L}[1:] = [{s}, {s}] | {L=}.extend([{s}]); del {L=}[0] | {S} = pushed({L=}, {s}); {L=}.pop()
    {R}[{i}] = {v} | {R}[{i}] = {R}[{i}] * {s} | {R=}.append({v}); {R=}.pop(0)
    {D}['p'] = {s} | {D}['q'] += {s} | {D}.update(p={s}) | {D}['p'] *= {D}['q'] | {S} = {D=}.pop('q'); {D=}['q'] = {s}
    {D}.setdefault('p', {s}) | raised({D}, 'p', {s})
    if {b}:>>... | if {b}:>>...<<else:>>... | if {b}:>>...<<elif {b}:>>...<<else:>>... | if {b}:>>return {s}
    for {k} in range(3):>>... | for {k} in range({i}):>>... | for {e} in {V}:>>...;;{S} += {e} * {s}
    for {e} in {l}:>>{S} = {s:e};;... | for {k}, {e} in enumerate({l}):>>{O}[{k}] = {s:e} | for {e} in {r}:>>{S} += {e} @ {V};;...
    for {e}, {c} in zip({l}, {V}):>>{S} += {s:e} * {s:c} | for {k}, {e} in {d}.items():>>{S} += {s:e}
    for {e} in reversed({l}):>>if {e} > 0.9:>>break<<{S} = {s:e}<<else:>>... | for {k} in range(3):>>if {V}[{k}] > 0.4:>>continue<<...
    for {k} in range(3):>>if {b}:>>return {s}<<... | while {S=} > 1.0:>>{S=} *= 0.5;;...
    for {k} in range(2):>>for {e} in {l}:>>...;;if {e} < -1.0: break
    try:>>...<<finally:>>... | with np.errstate(all='ignore'):>>... | assert True or {b} | other = {s}; {S} = other; del other
    match {i}:>>case 0:>>...<<case 1 ~ 2:>>...<<case _:>>... | match {l}:>>case [first, *rest]:>>{S} = first * sum(rest)
    match {t}:>>case (one, two) if one > 0:>>{S} = one * two<<case (one, _):>>{S} = one
    def inner(u, m={s}):>>return u * m + {S}<<{S} = inner({s}) + inner({s}, {s}) | def inner(u):>>return u * {s}<<{L} = [inner(z) for z in {l}]
    def inner():>>{O=}[0] *= 1.1;;return {O=}[0]<<{S} = inner() * {s} + inner()
    def inner(z, *rest, m=1.0):>>return z * m + sum(rest)<<{S} = inner({s}, {s}, m={s}) + inner(*{l})
    box = Box({s}, {s}); box.w += {s}; {S} = box.area() + box.h | box = Box({s}, {s}); box.grow({s}); {S} = box.area()
    box = Crate({s}, {s}); box.grow({s}); {S} = box.area() + box.w | box = Box({s}, {s}); same = box; same.w = {s}; {S} = box.w * box.h
    sums = Sums(); sums.add({s}); sums.add({s}); {S} = sums.total * sums.mean() | sums = Sums(); [sums.add(z) for z in {l}]; {S} = sums.mean()
"""
HELPERS = '''
import dataclasses, functools, itertools, math, operator
from collections import namedtuple
import numpy as np
Pair = namedtuple("Pair", "g h")

@dataclasses.dataclass(frozen=True)
class Point:
    x: float
    y: float = 0.7
    def norm(self):
        return math.sqrt(self.x ** 2 + self.y ** 2 + 0.1)

class Box:
    def __init__(self, w, h):
        self.w = w
        self.h = h
    def area(self):
        return self.w * self.h
    def wider(self, s):
        return Box(self.w * s, self.h)
    def grow(self, s):
        self.w = self.w + s
        self.h *= 1.1
    def __add__(self, o):
        return Box(self.w + o.w, self.h * o.h)
    def __call__(self, z):
        return self.w * z + self.h
    @classmethod
    def unit(cls, w):
        return cls(w, 1.0)
    @staticmethod
    def twice(w):
        return 2.0 * w
    @property
    def ratio(self):
        return self.w / (1.0 + self.h ** 2)

class Crate(Box):
    def __init__(self, w, h):
        super().__init__(w * 2.0, h)
    def grow(self, s):
        super().grow(s * s)
        self.w -= 0.1

class Sums:
    def __init__(self):
        self.total = 0.0
        self.items = []
    def add(self, z):
        self.total += z
        self.items.append(z)
    def mean(self):
        return self.total / len(self.items)

def chosen(p, q):
    if p > 0.2:
        return p * q
    return math.sin(p) + q

def damped(p):
    return p * abs(p) + 0.1

def scaled(p, *, by=1.5):
    return p * by

def weighted(first, *rest):
    out = first
    for r in rest:
        out = out * 0.7 + r
    return out

def by_names(**named):
    return sum(v * (k + 1) for k, v in enumerate(named.values()))

def moved(v, s):
    v = v * s
    v[0] += 1.0
    return v

def both(p, q):
    return p + q, p * q

def turned(p, q):
    return q, p

def filled(v, s):
    v[:] = v * 0.5 + s

def pushed(l, s):
    l.append(s)
    return len(l) * s

def raised(d, k, s):
    d[k] = d[k] + s

def mixed(p, q):
    p[:] = p + q
    q *= 0.9

def product(n, s):
    if n <= 0:
        return s
    return s * product(n - 1, s * 0.9)

def even(n, s):
    return s if n == 0 else odd(n - 1, s * 1.1)

def odd(n, s):
    return even(n - 1, s + 0.1) * 0.5

half = functools.partial(chosen, 0.4)

'''
