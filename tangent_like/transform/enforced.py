"""Which assumptions about sizes the text itself holds its arguments to: ``X @ w`` raises where sizes differ.

    z = X @ w + b            # X.shape[1] == w.shape[0] need not be checked on entry; that of b may be 1

Shapes are those of the arguments, and what follows from them where the other checks hold.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Call,
    Const,
    Each,
    Expr,
    For,
    Function,
    Index,
    Library,
    Loop,
    Name,
    Opaque,
    Ref,
    While,
)
from tangent_like.ir.walk import binds, expressions, names, statements, subexpressions
from tangent_like.kinds.dims import COUNT, HEAD, ONE, Assumption, Dim, apart, fixed, is_count, symbol
from tangent_like.kinds.kind import Array, Kind, dims_of
from tangent_like.transform.loop_turns import NONE, Given, Shape, Turned, with_turns
from tangent_like.transform.walked_through import walked

AGAIN = 2  # how often what is walked through tells more of what is walked through
TOGETHER = 2  # of how many assumptions, that are not checked either, each case is looked at


def needed(
    assumptions: tuple[Assumption, ...],
    functions: Sequence[Function],
    kinds: Mapping[str, Kind],
    wrt: tuple[str, ...],
    asked: bool = False,
    turns: bool = False,
    primal: Turned | None = None,
) -> tuple[Assumption, ...]:
    """The assumptions that must be checked on entry: without those that follow from the others, or from the text.

    Of the last of the functions that are emitted, which calls the others.

    ``asked``: how long a vector beside a matrix is stands in the text only where the user asks that (``by_rows``).
    ``turns``: loops are walked through, too; ``primal`` is what is known of those of the user's function.
    """
    if not assumptions:
        return ()
    *called, function = functions
    assumptions = tuple(dict.fromkeys(replace(a, left=n, right=k) for a in assumptions for n, k in [_plainer(a)]))
    shapes: dict[str, Shape] = {}  # and what is taken out of those with structure
    for name, kind in kinds.items():
        dims = dims_of(kind)
        if dims is not None and all(d is not None for d in dims):
            shapes[name] = tuple(d for d in dims if d is not None)
    whole = {n for n, k in kinds.items() if isinstance(k, Array) and k.dtype and np.dtype(k.dtype).kind in "iu"}
    opens = primal.opens if primal else None
    own = _asked(assumptions, function, shapes) if asked else frozenset()
    params = Given(shapes, frozenset(whole), own, halves={f.name: f for f in called}, opens=opens)
    cases = with_turns(function, params, wrt, primal) if turns else (params,)
    whole_classes = Classes.of(assumptions)
    bare = replace(function, body=tuple(s for s in function.body if not isinstance(s, For | Each)))
    kept = list(assumptions)
    spread: list[Assumption] = []  # those without which the text raises, or does the same
    free: list[Assumption] = []  # those without which a ``zip`` does the same
    followed: dict[tuple[object, ...], Followed] = {}  # what each time's others say, and the products beside them

    def holds(one: Assumption, others: list[Assumption], case: Given, before: list[Assumption] | None) -> bool:
        """Does it follow in this case, or raise, or do the same?"""
        made = bare if case.turns == NONE else function
        if _with_products((), made, case, followed).classes.same(one.left, one.right):
            return True
        classes, met = _with_products(tuple(others), made, case, followed)
        if classes.same(one.left, one.right) or _is_idle(one, case, classes, whole_classes):
            return True
        return before is not None and _is_spread(one, before, made, case, classes, met, wrt)

    def only_walked(one: Assumption, others: list[Assumption]) -> bool:
        return _only_walked(one, function, params, _with_products(tuple(others), function, params, followed).classes)

    def once_more(one: Assumption, others: list[Assumption], case: Given) -> bool:
        """Does it follow from what others say that the text alone tells?"""
        made = bare if case.turns == NONE else function
        classes = _with_products(tuple(others), made, case, followed, AGAIN).classes
        return classes.same(one.left, one.right) or holds(one, others, case, None)

    for last, again in ((False, False), (True, False), (True, True)):
        for one in assumptions if not again or kept else ():
            if one.op != "==" or one not in kept:
                continue
            others = [a for a in kept if a is not one]
            told = Classes.of(others).same(one.left, one.right) or _said(one, others)
            if told or all(holds(one, others, case, None) for case in cases):
                kept = others
            elif again:
                kept = others if all(once_more(one, others, case) for case in cases) else kept
            elif last and only_walked(one, others):
                kept = others
                free.append(one)
            elif last and any(
                all(holds(one, others, case, before) for case in cases)
                for before in ([], *([_beside(one, spread)] if spread else []))
            ):
                kept = others
                spread.append(one)
    told_sizes = [a for a in assumptions if a.op == "==" and a not in spread and a not in free]
    sure = _sure(told_sizes)
    return tuple(
        a for a in kept if a.op == "==" or not (_is_sure(a, sure) or any(_at_least(a, e) for e in told_sizes))
    )


def _sure(equal: list[Assumption]) -> dict[str, int]:
    """The sizes of which checks on entry leave one number."""
    found: dict[str, int] = {}
    for _ in equal:
        for one in equal:
            for a, b in ((one.left, one.right), (one.right, one.left)):
                value = _number(b, found)
                if value is not None and len(a.terms) == 1 and a.terms[0][1] == 1 and COUNT.fullmatch(a.terms[0][0]):
                    found[a.terms[0][0]] = value - a.const
    return found


def _is_sure(one: Assumption, sure: Mapping[str, int]) -> bool:
    left, right = _number(one.left, sure), _number(one.right, sure)
    return left is not None and right is not None and (left >= right if one.op == ">=" else left != right)


def _number(dim: Dim, sure: Mapping[str, int]) -> int | None:
    total = dim.const
    for name, times in dim.terms:
        cut = HEAD.fullmatch(name)
        value = sure.get(cut[1] if cut else name)
        if value is None:
            return None
        total += times * (max(value - int(cut[2]), 0) if cut else value)
    return total


def _at_least(one: Assumption, equal: Assumption) -> bool:
    """Does ``a >= b`` follow from ``a == b + c``?"""
    left, right = one.left - one.right, equal.left - equal.right
    return is_count(left - right) or is_count(left + right)


def _is_idle(one: Assumption, case: Given, classes: Classes, every: Classes) -> bool:
    """Is nothing read that one of the two is a size of, and are those sizes equal without it that were by all?"""
    if not case.idle:
        return False
    sizes = {d for n, s in case.shapes.items() if n not in case.idle for d in s}
    idle = {d for n in case.idle for d in case.shapes[n]} - sizes
    if one.left not in idle and one.right not in idle:
        return False
    read = [d for d in sizes if every.same(d, one.left)]
    return all(classes.same(d, read[0]) for d in read)


def _plainer(one: Assumption) -> tuple[Dim, Dim]:
    left, right = apart(one.left, one.right) if one.op == "==" else (one.left, one.right)
    cut = HEAD.fullmatch(left.terms[0][0]) if one.op != ">=" and len(left.terms) == 1 and not left.const else None
    if cut and left.terms[0][1] == 1 and (right.known or 0) > 0 and COUNT.fullmatch(cut[1]):
        return symbol(cut[1]), right + fixed(int(cut[2]))  # "n == 3" for "max(n - 2, 0) == 1"
    return left, right


def _only_walked(one: Assumption, function: Function, params: Given, classes: Classes) -> bool:
    """Is what has either size read only by a ``zip``, which the user wrote: it ends with the shortest?"""
    whole = classes.joined([one])
    held = {n: s for n, s in params.shapes.items() if any(whole.same(d, one.left) for d in s)}
    if any(whole.same(d, one.left) for s in held.values() for d in s[1:]):
        return False
    loops = [s for s in statements(function.body) if isinstance(s, Loop) and held.keys() <= names(s.iterable)]
    return bool(loops and held) and all(_mentions(function, n, 0, held) == len(loops) for n in held)


def _asked(
    assumptions: Iterable[Assumption], function: Function, shapes: Mapping[str, Shape]
) -> frozenset[str]:
    """The vectors of which we say how long they are by a matrix that is assumed to have as many rows.

    Not where loops go by that: what such a loop does in all its turns is told by the assumption, too.
    """
    classes, bound = Classes.of(assumptions), {n for s in statements(function.body) for n in binds(s)}
    free = {n: s for n, s in shapes.items() if n in {p.name for p in function.params} - bound}
    rows = [s[0] for s in free.values() if len(s) == 2]
    found = {n for n, s in free.items() if len(s) == 1 and any(classes.same(s[0], r) for r in rows)}
    return frozenset(n for n in found if not _counts_turns(function, n))


def _counts_turns(function: Function, name: str) -> bool:
    """May a loop have as many turns as ``name`` has entries?"""
    known: set[str] = set()

    def tells(expr: Expr) -> bool:
        return any(is_length(e, name) or (isinstance(e, Name) and e.id in known) for e in subexpressions(expr))

    count = -1
    while count < len(known):
        count = len(known)
        for stmt in statements(function.body):
            if isinstance(stmt, Assign | Augment) and any(map(tells, expressions(stmt))):
                known.update(binds(stmt))
    return any(tells(e) for s in statements(function.body) if isinstance(s, For | While) for e in expressions(s))


def _said(one: Assumption, others: list[Assumption]) -> bool:
    """Does it follow from what is said of what they are made of? ``max(n - 1, 0) == max(m - 1, 0)`` from ``n == m``."""
    left, right = str(one.left), str(one.right)
    if "(" not in left or "(" not in right:
        return False
    for other in others:
        if other.op == "==" and not other.left.const and not other.right.const:
            whole = re.compile(rf"(?<![\w.\]]){re.escape(str(other.left))}(?![\w.\[])")
            other_text = str(other.right).replace("\\", r"\\")
            left, right = whole.sub(other_text, left), whole.sub(other_text, right)
    return left == right


def _beside(one: Assumption, spread: list[Assumption]) -> list[Assumption]:
    """Those of them that say most of the same sizes: of these first, and then of the last."""
    own = {one.left, one.right}
    return sorted(spread, key=lambda a: bool({a.left, a.right} & own))[-TOGETHER:]


def _is_spread(
    one: Assumption,
    before: list[Assumption],
    function: Function,
    params: Given,
    classes: Classes,
    met: Sequence[tuple[Dim, Dim]],
    wrt: tuple[str, ...],
) -> bool:
    """Where the two sizes differ, does the text raise, or do the same, as one that is 1 is spread to the other?

    They meet in a sum or a product, so that one of them is 1. That is the same where it is the size of arguments that
    are not differentiated, which are read nowhere but beside what has the other size; or a product of matrices raises.
    Of those ``before``, which are not checked either, each may hold as well, or the one or the other of its sizes be 1;
    of any others nothing is known. ``met`` is what meets where no more than ``classes`` is known.
    """
    if not _meet(one, classes, met):
        whole = classes.joined(before)
        if not _meet(one, whole, walked(function, params, whole.same).met):
            return False
    for sides in itertools.product((1, 2), *[(0, 1, 2)] * len(before)):
        pairs = list(zip(sides, (one, *before), strict=True))
        known = classes.joined(a for side, a in pairs if not side)
        differ = [(a.left, a.right) if side == 1 else (a.right, a.left) for side, a in pairs if side]
        if not _raises_or_spreads(differ, function, params, known, wrt):
            return False
    return True


def _meet(one: Assumption, classes: Classes, met: Sequence[tuple[Dim, Dim]]) -> bool:
    both = {classes.find(one.left), classes.find(one.right)}
    return any({classes.find(a), classes.find(b)} == both for a, b in met)


def _raises_or_spreads(
    differ: list[tuple[Dim, Dim]], function: Function, params: Given, classes: Classes, wrt: tuple[str, ...]
) -> bool:
    """The same where of each two sizes the first is 1, while the second is not."""
    if any(not small.terms and small != ONE for small, _ in differ):
        return True  # that is not 1
    for small, other in differ:
        if small.terms == () or len(small.terms) > 1 or small.const or other == ONE:
            return False
        if not any(classes.same(d, small) for shape in params.shapes.values() for d in shape):
            return False  # what it is the size of is not seen
    if any(classes.same(small, other) for small, _ in differ for _, other in differ):
        return True  # nothing is both
    wide = [other for _, other in differ]
    table = {classes.find(small): other for small, other in differ}
    spread = {n: tuple(ONE if classes.find(d) in table else d for d in s) for n, s in params.shapes.items()}
    narrow = {
        n: {k - len(s): table[classes.find(d)] for k, d in enumerate(s) if classes.find(d) in table}
        for n, s in params.shapes.items()
        if spread[n] != s
    }
    given = replace(params, shapes=spread)
    walker = walked(function, given, classes.same, narrow, wide)
    if walker.raises():
        return True
    agreed = classes.joined(())
    for left, right in walker.pairs:
        agreed.join(left, right)  # or the product raises
    if len(agreed.parent) > len(classes.parent):
        walker = walked(function, given, agreed.same, narrow, wide)
        if walker.raises():
            return True
    if narrow.keys() & set(wrt):
        return False
    plain = narrow.keys() <= {p.name for p in function.params}
    counts = [
        _mentions(function, name, name not in narrow, params.asked, _has_rows(given, name, axes), name in narrow)
        for name, axes in walker.narrow.items()
    ]
    return plain and None not in counts and walker.spread == sum(c or 0 for c in counts)


def _has_rows(params: Given, name: str, axes: Mapping[int, Dim]) -> bool:
    """Has what is narrow as many rows as it would have?"""
    return name in params.shapes and -len(params.shapes[name]) not in axes


def _mentions(
    function: Function,
    name: str,
    times: int,
    asked: Collection[str] = (),
    has_rows: bool = False,
    is_given: bool = False,
) -> int | None:
    """How often is a name read that is bound so many times? None where that is not told.

    Not where the user asks how long one of ``asked`` is, or for the sum over all of an argument (``is_given``): the
    answer is what the function says, whatever that is.
    """
    found = 0
    for stmt in statements(function.body):
        times -= name in binds(stmt)
        for expr in expressions(stmt):
            for part in subexpressions(expr):
                if isinstance(part, Opaque) and name in part.reads:
                    return None
                found += isinstance(part, Name) and part.id == name
                found -= is_given and _is_total(part, name)
                found -= (name in asked and is_length(part, name)) or (has_rows and is_length(part, name, True))
    return None if times else found


def _is_total(expr: Expr, name: str) -> bool:
    """Does the user ask for the sum over all of it, or the mean?"""
    match expr:
        case Call(Ref(target=Library("numpy", "sum" | "mean" | "max" | "min")), (Name(id),), ()):
            return id == name and expr.at is not None
        case _:
            return False


def is_length(expr: Expr, name: str, anyone: bool = False) -> bool:
    """Does the user ask how many entries ``name`` has, or rows? What is ours has no place in a file.

    ``anyone``: or do we, how many rows?
    """
    match expr:
        case Attribute(Name(id), "size"):
            return id == name and expr.at is not None and not anyone
        case Call(Ref(target=Library("builtins", "len")), (Name(id),), ()):
            return id == name and (expr.at is not None or anyone)
        case Index(Attribute(Name(id), "shape"), Const(0)):
            return id == name and (expr.at is not None or anyone)
        case _:
            return False


class Followed(NamedTuple):
    """Which sizes agree, and which meet in sums and products."""

    classes: Classes
    met: Sequence[tuple[Dim, Dim]]


@dataclass(eq=False)
class Classes:
    """Sizes that are known to be equal."""

    parent: dict[Dim, Dim] = field(default_factory=dict)

    @classmethod
    def of(cls, assumptions: Iterable[Assumption]) -> Classes:
        """Those that are assumed to be."""
        found = cls()
        for one in assumptions:
            if one.op == "==":
                found.join(one.left, one.right)
        return found

    def joined(self, assumptions: Iterable[Assumption]) -> Classes:
        """Those that are equal where these hold, too."""
        found = Classes(dict(self.parent))
        for one in assumptions:
            found.join(one.left, one.right)
        return found

    def find(self, dim: Dim) -> Dim:
        parent = self.parent.get
        while (upper := parent(dim)) is not None:
            dim = upper
        return dim

    def join(self, a: Dim, b: Dim) -> None:
        if (less := apart(a, b)) != (a, b):
            self.join(*less)
        first, second = self.find(a), self.find(b)
        if first != second:
            self.parent[second] = first

    def same(self, a: Dim, b: Dim) -> bool:
        return self.find(a) == self.find(b) or ((less := apart(a, b)) != (a, b) and self.same(*less))


def _with_products(
    others: tuple[Assumption, ...],
    function: Function,
    params: Given,
    followed: dict[tuple[object, ...], Followed],
    again: int = 0,
) -> Followed:
    """The sizes that agree where these hold, and no product of matrices raises that every call computes.

    ``again``: which sizes agree tells what agrees with them, walked through once more.
    """
    known = (*others, params.turns, again)
    if known in followed:
        return followed[known]
    before = _with_products(others, function, params, followed, again - 1) if again else None
    classes = Classes(dict(before.classes.parent)) if before else Classes.of(others)
    told = len(classes.parent)
    walker = walked(function, params, classes.same)
    for left, right in walker.pairs:
        classes.join(left, right)
    followed[known] = before if before and len(classes.parent) == told else Followed(classes, walker.met)
    return followed[known]
