"""Sizes of axes: sums of symbols and a number, and the ledger of what a compilation assumed about them.

A symbol is its own text in terms of the arguments: ``x.shape[0]``, ``n``, ``max(n - 1, 0)``. So an
assumption prints as Python, and the cache checks it by running that text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tangent_like.ir.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Dim:
    """``sum(coefficient * symbol) + const``, the terms sorted by symbol."""

    terms: tuple[tuple[str, int], ...]
    const: int = 0

    def __add__(self, other: Dim) -> Dim:
        if not other.terms:
            return Dim(self.terms, self.const + other.const)
        table = dict(self.terms)
        for symbol, times in other.terms:
            table[symbol] = table.get(symbol, 0) + times
        terms = tuple(sorted((s, c) for s, c in table.items() if c))
        return Dim(terms, self.const + other.const)

    def __neg__(self) -> Dim:
        return Dim(tuple((s, -c) for s, c in self.terms), -self.const)

    def __sub__(self, other: Dim) -> Dim:
        return self + -other

    def times(self, factor: int) -> Dim:
        if factor == 0:
            return Dim((), 0)
        return Dim(tuple((s, c * factor) for s, c in self.terms), self.const * factor)

    @property
    def steady(self) -> bool:
        """Is it the same size in every turn of every loop?"""
        return not any("@" in symbol for symbol, _ in self.terms)

    @property
    def known(self) -> int | None:
        """The number, where there are no symbols in it."""
        return None if self.terms else self.const

    def __str__(self) -> str:
        if not self.const and len(self.terms) == 1 == self.terms[0][1]:
            return self.terms[0][0]  # as most are
        parts = []
        for symbol, times in sorted(least_of(self.terms), key=lambda term: term[1] < 0):  # "n - k", not "-k + n"
            sign = "-" if times < 0 else "+"
            size = symbol if abs(times) == 1 else f"{abs(times)} * {symbol}"
            parts.append(f"{sign} {size}")
        if self.const or not parts:
            parts.append(f"{'-' if self.const < 0 else '+'} {abs(self.const)}")
        text = " ".join(parts)
        return text[2:] if text.startswith("+ ") else "-" + text[2:]


HEAD = re.compile(r"max\((.+) - (\d+), 0\)")


def least_of(terms: tuple[tuple[str, int], ...]) -> list[tuple[str, int]]:
    """``n - max(n - 3, 0)`` as it is read: ``min(n, 3)``."""
    table = dict(terms)
    for text, times in terms:
        head = HEAD.fullmatch(text)
        if head and times < 0 < table.get(head[1], 0) and text in table:
            both = min(-times, table[head[1]])
            table[text] += both
            table[head[1]] -= both
            table[f"min({head[1]}, {head[2]})"] = both
    return [(text, times) for text, times in table.items() if times]


def fixed(value: int) -> Dim:
    return Dim((), value)


def symbol(text: str) -> Dim:
    return Dim(((text, 1),), 0)


ONE = fixed(1)

LONGEST = 1000  # characters of the text of a size
FURTHEST = 60  # the longest axis for which sizes are compared one by one
COUNT = re.compile(r"[^ ]*\.shape\[\d+\]|\([^ ()]*\.shape\[\d+\]\)( \* \([^ ()]*\.shape\[\d+\]\))*")


ITEM = re.compile(r"(\w+)\[(.+)\]\.shape\[(\d+)\]")


def is_count(dim: Dim) -> bool:
    """Is it a sum of sizes of axes, which are never negative?"""
    return dim.const >= 0 and all(times > 0 and COUNT.fullmatch(name) for name, times in dim.terms)


@quick
@dataclass(frozen=True, slots=True)
class Assumption:
    """``left op right`` about sizes, true for the call that was compiled for; prints as Python."""

    left: Dim
    op: str  # "==", "!=" or ">="
    right: Dim

    def __str__(self) -> str:
        return f"{self.left} {self.op} {self.right}"


def apart(a: Dim, b: Dim) -> tuple[Dim, Dim]:
    """Both sums without what they share: of ``n + 1`` and ``k + 1`` they are ``n`` and ``k``."""

    def least(one: int, two: int) -> int:
        return min(one, two, key=abs) if one * two > 0 else 0

    if a.const * b.const <= 0 and (not b.terms or {s for s, _ in a.terms}.isdisjoint([s for s, _ in b.terms])):
        return a, b  # as most do
    table = dict(b.terms)
    shared = Dim(tuple((s, c) for s, n in a.terms if (c := least(n, table.get(s, 0)))), least(a.const, b.const))
    return (a - shared, b - shared) if shared.terms or shared.const else (a, b)


def assumption(a: Dim, same: bool, b: Dim) -> Assumption:
    if (b.terms and not a.terms) or (a.terms and b.terms and str(b) < str(a)):
        a, b = b, a
    return Assumption(a, "==" if same else "!=", b)


@dataclass(eq=False)
class Sizes:
    """Answers questions about sizes and writes down each answer that holds only for this call.

    ``stated`` is what annotations say: an answer that follows from it is an assumption like any other.
    ``values`` gives the symbols their sizes in the call at hand; empty where only annotations are
    known, and then a question that the symbols alone do not answer is answered None: not known.
    """

    values: Mapping[str, int]
    stated: Mapping[str, Dim] = field(default_factory=dict)  # what annotations say that symbols are
    used: dict[Assumption, None] = field(default_factory=dict)
    derived: dict[str, int | None] = field(default_factory=dict)
    turns: dict[str, tuple[Dim | None, Dim | None]] = field(default_factory=dict)  # from where to where a loop counts
    within: dict[str, tuple[Dim, tuple[Assumption, ...]]] = field(default_factory=dict)  # see ``lies_within``
    windows: dict[str, tuple[Dim, Dim, Dim]] = field(default_factory=dict)  # of which axis, from where to where
    looks: dict[Callable[[], object], object] = field(default_factory=dict)  # at what the module holds, and what it is
    sometimes: set[str] = field(default_factory=set)  # lists that only some paths put anything on
    infinite: bool = False  # does the program name infinity?
    plain: bool = False  # is the text compiled, or differentiated again?
    own_counts: bool = False  # may a number that the user asked for stand in our text as how long something else is?

    def evaluate(self, dim: Dim) -> int | None:
        total = dim.const
        for name, times in dim.terms:
            value = self.values.get(name, self.derived.get(name))
            if value is None:
                return None
            total += times * value
        return total

    def same(self, a: Dim | None, b: Dim | None) -> bool | None:
        if a is None or b is None:
            return None
        if a == b:
            return True
        if a.terms == b.terms:
            return False
        if self.agree(a, b) or self.in_turns(a, b) or self.are_windows(a, b):
            return True
        left, right = self.evaluate(a), self.evaluate(b)
        if left is None or right is None:
            if not (a.steady and b.steady):
                return self.of_items(a, b) or self.apart(a, b)
            c, d = self.as_stated(a), self.as_stated(b)
            if c.terms != d.terms:
                return None
            left, right = c.const, d.const
        (a, first), (b, second) = self.said(a), self.said(b)
        self.used.update(dict.fromkeys((*first, assumption(a, left == right, b), *second)))
        return left == right

    def apart(self, a: Dim, b: Dim) -> bool | None:
        """Are sizes, of which one moves from turn to turn as the other does, the same?

        No assumption about a call tells of turns themselves.
        """
        (one, first), (two, second) = self.said(a), self.said(b)
        difference = one - two
        if not difference.terms or not difference.steady:
            return None
        more = Dim(tuple((s, c) for s, c in difference.terms if c > 0), max(difference.const, 0))
        alike = self.same(more, more - difference)
        self.used.update(dict.fromkeys((*first, *second)) if alike is not None else {})
        return alike

    def of_items(self, a: Dim, b: Dim) -> bool | None:
        """Are they sizes of what two lists have in the same place, and alike for all that these lists have?"""
        found = [ITEM.fullmatch(d.terms[0][0]) for d in (a, b) if len(d.terms) == 1]
        if len(found) != 2 or a.const != b.const or a.terms[0][1] != b.terms[0][1]:
            return None
        one, two = found
        if one is None or two is None or one[2] != two[2] or not (sizes := self.all_items(one[1], one[3])):
            return None
        if sizes != self.all_items(two[1], two[3]):
            return None
        left, right = (symbol(f"[item.shape[{m[3]}] for item in {m[1]}]") for m in (one, two))
        self.used[assumption(left, True, right)] = None
        return True

    def all_items(self, name: str, axis: str) -> list[int | None]:
        return [self.values.get(f"{name}[{k}].shape[{axis}]") for k in range(self.values.get(f"{name}[:]", 0))]

    def joins(self, a: Dim | None, b: Dim | None) -> bool:
        """Are they one size? Where they differ, nothing is known of either: right if they do not, too."""
        left, right = (None if d is None else self.evaluate(d) for d in (a, b))
        if left is not None and right is not None and left != right:
            return False
        return self.same(a, b) is True

    def counts(self, turn: str, low: Dim | None, high: Dim | None) -> None:
        """The symbol stands for a whole number from ``low`` to ``high``; for nothing known, once two loops have it."""
        if self.turns.setdefault(turn, (low, high)) != (low, high):
            self.turns[turn] = None, None

    def least(self, dim: Dim) -> Dim | None:
        """A size that the same holds of in all turns, and that ``dim`` is never below."""
        for _ in range(8):
            turn = next(((s, c) for s, c in dim.terms if "@" in s), None)
            if turn is None:
                return dim
            low, high = self.turns.get(turn[0], (None, None))
            bound = low if turn[1] > 0 else high
            if bound is None:
                return None
            dim = dim + (bound - symbol(turn[0])).times(turn[1])
        return None

    def never_negative(self, dim: Dim) -> bool:
        """Is it at least 0, in every turn of every loop?"""
        least = self.least(dim)
        if least is None:
            return False
        if is_count(least):
            return True
        asked = self.at_least(least)
        if asked is not None:
            self.used[asked] = None
        return asked is not None

    def at_least(self, least: Dim) -> Assumption | None:
        """What says that it is at least 0, as it is in this call."""
        value = self.evaluate(least)
        if value is None or value < 0:
            return None
        more = Dim(tuple((s, c) for s, c in least.terms if c > 0), max(least.const, 0))
        return Assumption(more, ">=", more - least)

    def lies_within(self, text: str, length: Dim, parts: list[Dim]) -> None:
        """The size said by ``text``, of a slice, is ``length`` where none of the parts that it makes is negative.

        Whoever compares it with another size assumes so; nobody else does.
        """
        found = [self.at_least(d) for d in (self.least(p) for p in parts) if d is not None and not is_count(d)]
        if all(self.least(p) is not None for p in parts) and None not in found:
            self.within[text] = length, tuple(a for a in found if a is not None)

    def in_turns(self, a: Dim, b: Dim) -> bool:
        """Are they one size in every turn of a loop, as the bounds of slices of both lie within their axes?"""
        (one, first), (two, second) = self.said(a), self.said(b)
        if one != two:
            return False
        self.used.update(dict.fromkeys((*first, *second)))
        return True

    def are_windows(self, a: Dim, b: Dim) -> bool:
        """Is one what is taken of an axis, and the other what is taken of another one as long, in the same turn?"""
        if a.const or b.const or a.steady or b.steady or len(a.terms) != 1 or len(b.terms) != 1:
            return False
        (one, first), (two, second) = a.terms[0], b.terms[0]
        axis, *bounds = self.windows.get(one, (None,))
        other, *others = self.windows.get(two, (None,))
        return first == second and axis is not None and bounds == others and self.same(axis, other) is True

    def said(self, dim: Dim) -> tuple[Dim, tuple[Assumption, ...]]:
        """The size by the bounds of slices where those lie within their axes, and what says that they do."""
        if not any(name in self.within for name, _ in dim.terms):
            return dim, ()
        total = fixed(dim.const)
        asked: list[Assumption] = []
        for name, times in dim.terms:
            inner, assumed = self.within.get(name, (symbol(name), ()))
            asked.extend(assumed)
            total = total + inner.times(times)
        return total, tuple(asked)

    def surely_counts(self, dim: Dim) -> bool:
        """Is it at least 0, in every turn of every loop of every call?"""
        least = self.least(dim)
        return least is not None and is_count(least)

    def as_stated(self, dim: Dim) -> Dim:
        """The size in terms of the symbols that annotations leave open."""
        total = fixed(dim.const)
        for name, times in dim.terms:
            # where "d-1" is stated there are that many; what is assumed is checked as it stands, with its max()
            inner = self.as_stated(self._clipped[name]) if name in self._clipped else symbol(name)
            total = total + self.stated.get(name, inner).times(times)
        return total

    def spans(self, a: Dim | None, b: Dim | None) -> bool | None:
        """As ``same``, where equal sizes may be taken for unequal ones: of 1 beside another nothing is asked."""
        if a is not None and b is not None and (a == ONE) != (b == ONE):
            return False
        return self.same(a, b)

    def is_one(self, dim: Dim | None) -> bool | None:
        return self.same(dim, ONE)

    def derive(self, text: str, value: int | None) -> Dim | None:
        """A symbol for a size computed from others; ``text`` is that computation in Python.

        None where the text is longer than anyone would read: halves of halves of an axis, each named by the whole.
        """
        if len(text) > LONGEST:
            return None
        self.derived[text] = value
        return symbol(text)

    def broadcast(self, a: Dim | None, b: Dim | None) -> Dim | None:
        """The size that axes of sizes ``a`` and ``b`` broadcast to."""
        if a is None or b is None:
            other = b if a is None else a
            return other if other is not None and (other.known or 0) > 1 else None
        if a == b or b.known == 1 or self.in_turns(a, b):
            return a
        if a.known == 1:
            return b
        known = self.evaluate(a) is not None and self.evaluate(b) is not None
        if known or self.as_stated(a).terms == self.as_stated(b).terms:
            if self.same(a, b) or self.is_one(b):
                return a
            return b if self.is_one(a) else None
        if not (a.steady and b.steady) and self.same(a, b):
            return a
        first, second = sorted((a, b), key=str)
        return self.derive(f"(({first}) * ({second}) if 1 in ({first}, {second}) else {first})", None)

    def clip(self, dim: Dim) -> Dim:
        """``max(dim, 0)``: the length of a slice that may be empty."""
        if dim.known is not None:
            return fixed(max(dim.known, 0))
        if dim.const >= 0 and all(c > 0 for _, c in dim.terms):
            return dim
        if not dim.steady and self.surely_counts(dim):
            return dim
        if len(dim.terms) > 1 and any(name in self._clipped for name, _ in dim.terms):
            found = self.by_one_symbol(dim)
            if found is not None and all(size >= 0 for (size,) in found):
                return dim
        if len(dim.terms) == 1 and dim.terms[0][1] == 1 and dim.const <= 0:
            inner = dim.terms[0][0]
            if inner.startswith("max(") and inner in self._clipped:
                return self.clip(self._clipped[inner] + fixed(dim.const))
        value = self.evaluate(dim)
        text = f"max({dim}, 0)"
        if not dim.steady:
            self.lies_within(text, dim, [dim])
        self._clipped[text] = dim
        self.derived[text] = None if value is None else max(value, 0)
        return symbol(text)

    def unclipped(self, dim: Dim) -> Dim:
        """The size where every slice that it is said by lies within its axis."""
        total = fixed(dim.const)
        for name, times in dim.terms:
            inner = self._clipped.get(name) or self.within.get(name, (None,))[0]
            total = total + (symbol(name) if inner is None else self.unclipped(inner)).times(times)
        return total

    _clipped: dict[str, Dim] = field(default_factory=dict)

    def sliced(self, dim: Dim | None, lower: int | None, upper: int | None, step: int | None) -> Dim | None:
        """The length of ``axis[lower:upper:step]`` for constant bounds."""
        if dim is None:
            return None
        size = self.evaluate(dim)
        if dim.known is not None:
            return fixed(len(range(*slice(lower, upper, step).indices(dim.known))))
        if step in (None, 1) and (lower is None or lower >= 0) and (upper is None or upper < 0):
            return self.clip(dim + fixed(-(lower or 0) + (upper or 0)))
        if step in (None, 1) and (upper is None or (lower or 0) * upper >= 0):
            # said by what is past its ends: x[:2] and x[2:] have the size of x in all
            first, last = (-(upper or 0), -(lower or 0)) if upper is None or upper < 0 else (max(lower or 0, 0), upper)
            return self.clip(dim + fixed(-first)) - self.clip(dim + fixed(-last)) if first < last else fixed(0)
        if lower is None and upper is None and step == -1:
            return dim
        value = None if size is None else len(range(*slice(lower, upper, step).indices(size)))
        bounds = ["" if b is None else str(b) for b in (lower, upper)]
        taken = ":".join(bounds if step is None else [*bounds, str(step)])
        return self.derive(f"len(range({dim})[{taken}])", value)

    def cut(self, before: list[Dim], parts: list[Dim]) -> int | None:
        """The constant that says, as a bound of a slice, where ``before`` of the parts of an axis end.

        ``x[1:]`` beside ``x[:1]`` are ``[:-1]`` and ``[-1:]``, however short ``x`` is.
        """
        end, whole = (sum(dims, fixed(0)) for dims in (before, parts))
        if end.known is not None:
            return end.known
        if (whole - end).known is not None:
            return -(whole - end).const or None
        found = self.by_one_symbol(end, whole)
        (*_, (before_last, _), (last, all_of_it)) = found or [(0, 0), (1, 1)]
        for bound in (last if before_last == last else None, (last - all_of_it) or None):
            if bound is not None and found and all(end == len(range(n)[:bound]) for end, n in found):
                return bound
        return None

    def by_one_symbol(self, *dims: Dim) -> list[tuple[int, ...]] | None:
        """The sizes for every length of the one axis that they are said by, up to where they are straight lines."""
        atoms: set[str] = set()
        reach = 2

        def look(dim: Dim, times: int) -> None:
            nonlocal reach
            reach += abs(dim.const * times)
            for name, coefficient in dim.terms:
                if name in self._clipped:
                    look(self._clipped[name], times * coefficient)
                else:
                    atoms.add(name)

        for dim in dims:
            look(dim, 1)
        if len(atoms) != 1 or reach > FURTHEST or not is_count(symbol(*atoms)):
            return None

        def at(dim: Dim, length: int) -> int:
            total = dim.const
            for name, times in dim.terms:
                total += times * (max(at(self._clipped[name], length), 0) if name in self._clipped else length)
            return total

        return [tuple(at(dim, length) for dim in dims) for length in range(reach + 1)]

    def agree(self, a: Dim, b: Dim) -> bool:
        """Are they one size, however long the one axis is that both are said by?"""
        if not any(name in self._clipped for dim in (a, b) for name, _ in dim.terms):
            return False
        found = self.by_one_symbol(a, b)
        return found is not None and all(left == right for left, right in found)

    def product(self, dims: list[Dim | None]) -> Dim | None:
        total = fixed(1)
        for dim in dims:
            if dim is None:
                return None
            if total.known is not None:
                total = dim.times(total.known)
            elif dim.known is not None:
                total = total.times(dim.known)
            else:
                left, right = self.evaluate(total), self.evaluate(dim)
                value = None if left is None or right is None else left * right
                larger = self.derive(f"({total}) * ({dim})", value)
                if larger is None:
                    return None
                total = larger
        return total

    def quotient(self, a: Dim | None, b: Dim | None) -> Dim | None:
        if a is None or b is None or b.known == 0:
            return None
        if b.known == 1:
            return a
        if a.known is not None and b.known is not None:
            return fixed(a.known // b.known)
        left, right = self.evaluate(a), self.evaluate(b)
        value = None if left is None or not right else left // right
        return self.derive(f"({a}) // ({b})", value)


def join_dim(a: Dim | None, b: Dim | None) -> Dim | None:
    return a if a == b else None
