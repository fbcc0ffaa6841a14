"""Programs of typed pieces, put into each other at will: `python tests/typed_programs.py [COUNT] [--seed N]`.

    for e, c in zip([*items, a], x):
        box = Box(h(*pair), sum(v * e for v in y))
        table["p"] += box.area() if c > 0.1 else next((v for v in items if v > b), b)
    return functools.reduce(operator.add, sorted(items)) + rows[1] @ x

Numbers, vectors, lists of both, dicts, pairs, whole numbers and truths: wherever one of a type may stand, whatever
gives one may. Each program that runs is judged as the corpus is.
"""

from __future__ import annotations

import linecache
import re
import sys
import types
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
from case import Case, num, takes, vec
from harness import TooLong, time_limit, verify
from straight_programs import tried

import tangent_like as tl

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
DEEPEST = 3
SIMPLE = {
    "s": "{S}", "v": "{V}", "i": "1", "b": "{S} > 0.1", "l": "[a, b, 0.5]", "r": "[x, w, x]", "d": "{{'p': a, 'q': b}}",
    "t": "(a, b)",
}  # fmt: skip
NAMED = {"s": "s", "v": "y", "l": "items", "r": "rows", "d": "table", "t": "pair"}
MARKS = re.compile(">>|<<|;;")
SEEDS = 3
SECONDS = 0.5  # that a program may run


def pieces(text: str) -> list[str]:
    return [piece.strip() for line in text.strip().split("\n") for piece in line.split(" | ")]


EXPRESSIONS = {kind: pieces(text) for kind, text in GRAMMAR.items()}
ALL_STATEMENTS = pieces(STATEMENTS)


class Maker:
    """Makes one program, line by line."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.variables: dict[str, list[str]] = {k: [] for k in "SVLRDTO"} | {"S": ["a", "b"], "V": ["x", "w"]}
        self.count = 0

    def fresh(self, wanted: str) -> str:
        self.count += 1
        return f"{wanted}{self.count}"

    def expression(self, kind: str, depth: int, near: tuple[str, ...] = ()) -> str:
        if kind.isupper():
            if kind == "S" and near and self.random.random() < 0.5:
                return self.random.choice(near)
            names = self.variables[kind]
            return self.random.choice(names) if names else self.expression(kind.lower(), depth + 1, near)
        template = SIMPLE[kind] if depth > DEEPEST else self.random.choice(EXPRESSIONS[kind])
        return self.filled(template, depth, near)

    def filled(self, template: str, depth: int, near: tuple[str, ...] = ()) -> str:
        new: dict[str, str] = {}
        fixed: dict[str, str] = {}

        def name(wanted: str) -> str:
            return new.setdefault(wanted, self.fresh(wanted))

        def one(found: re.Match[str]) -> str:
            what = found[1]
            if what in "eck":
                return name(what)
            if what.endswith("="):
                return fixed.setdefault(what, self.expression(what[0], depth + 1))
            kind, _, inside = what.partition(":")
            text = self.expression(kind, depth + 1, (*near, name(inside)) if inside else near)
            plain = re.fullmatch(r"[\w.]+(\[[^\[\]]*\])?|[\w.]+\([^()]*\)", text)
            return f"({text})" if kind in "svib" and not plain else text

        template = template.replace("{{", "\1")
        template = re.sub(r"\}\}(?!\})", "\2", template)
        return re.sub(r"\{(\w=?(?::\w)?)\}", one, template).replace("\1", "{").replace("\2", "}")

    def fits(self, template: str, depth: int) -> bool:
        if depth and (template.startswith("def ") or (depth > 1 and "..." in template)):
            return False
        written = {found[1] for found in re.finditer(r"\{([LRDO])=?\}(?:[.\[]| [*+]?= )|(?:at|ed)\(\{([LRDO])", template)}
        return all(self.variables[k or "O"] for k in written | ({"O"} if "{O" in template else set()))

    def statement(self, depth: int = 0) -> list[str]:
        template = self.random.choice([t for t in ALL_STATEMENTS if self.fits(t, depth)])
        if template.startswith("{=") and template.endswith("}"):
            return [self.binding(template[2], depth)]
        lines: list[str] = []
        indent = 0
        for mark, text in zip(["", *MARKS.findall(template)], MARKS.split(template), strict=True):
            indent += {">>": 1, "<<": -1}.get(mark, 0)
            lines.append("    " * indent + text)
        out: list[str] = []
        whole = self.filled("\n".join(lines), 1).replace("~", "|")
        for line in whole.split("\n"):
            if line.strip() == "...":
                space = line[: len(line) - 3]
                out += [space + inner for inner in self.statement(depth + 1)]
            else:
                out.append(line)
        return out

    def binding(self, kind: str, depth: int) -> str:
        value, names = self.expression(kind, 1), self.variables[kind.upper()]
        if depth:  # a name that one branch alone binds is another matter
            name = self.random.choice(names) if names else "_"
            return f"{name} = {self.owned(kind, value) if name in self.variables['O'] else value}"
        name = self.fresh(NAMED[kind])
        if kind in "vr" and self.random.random() < 0.5:
            value = self.owned(kind, value)
            self.variables["O"] += [name] if kind == "v" else []
        names.append(name)
        return f"{name} = {value}"

    def owned(self, kind: str, value: str) -> str:
        return f"1.0 * ({value})" if kind == "v" else f"[1.0 * z for z in {value}]"

    def program(self) -> str:
        lines = [line for _ in range(self.random.randint(3, 9)) for line in self.statement()]
        ends = [self.expression("s", 1), self.expression("s", 1)]
        sums = {"O": "np.sum({} * x)", "L": "sum(z * z for z in {})", "R": "sum(np.sum(z * w) for z in {})"}
        ends += [text.format(self.variables[k][-1]) for k, text in sums.items() if self.variables[k]]
        return "\n".join([*lines, "return " + " + ".join(f"({e})" for e in ends)])


def programs(count: int, seed: int) -> Iterator[str]:
    for k in range(count):
        yield Maker(Random(seed * 1_000_000 + k)).program()


def loaded(body: str, name: str) -> Any:
    text = HELPERS + "def f(x, w, a, b):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    module = types.ModuleType("typed_program")
    sys.modules[module.__name__] = module  # dataclasses look there
    exec(compile(text, name, "exec"), module.__dict__)
    return module.f


def problem(body: str, name: str, light: bool = False) -> str | None:
    """What is wrong with the derivatives of a program; None where all is right, or the program itself fails."""
    try:
        f = loaded(body, name)
    except SyntaxError:  # a walk through what binds, or an index of a number
        return None
    case = Case(f, takes(vec(3), vec(3), num(), num()), wrt=(0, 1, 2, 3), name=name, expect="either")
    with np.errstate(all="ignore"):
        for seed in range(SEEDS):
            try:
                with time_limit(SECONDS):
                    if not abs(f(*case.make(seed))) < 1e6:  # beyond, differences say little
                        return None
            except (Exception, TooLong):  # whatever it is, it is the program's
                return None
        verdict = verify(case, tl, range(SEEDS), light=light)
    if verdict.kind == "refused":
        assert verdict.error is not None
        raise verdict.error
    overflows = "nan claimed" in verdict.message or verdict.kind == "fault"
    return None if verdict.kind == "right" or overflows else f"{verdict.kind}: {verdict.message}"


if __name__ == "__main__":
    sys.exit(tried(__doc__ or "", programs, lambda body, seed, k: problem(body, f"<typed {seed}:{k}>", k % 4 != 0)))
