"""Terms of numbers that have a factor in common: multiplied once.

Before                                           After

    t_bar = l_bar * y                                t_bar_2 = (l_bar - k_bar) * y
    t_bar_2 = -k_bar * y                             x_bar += t_bar_2 * b + k_bar * a
    x_bar += t_bar * b + k_bar * a + t_bar_2 * b     b_bar += t_bar_2 * x
    b_bar += t_bar * x + t_bar_2 * x

In adjoints, of numbers in double precision (``outside.shared`` has it of arrays, of which shapes must be known). The
numbers change by rounding. Products and sums of the user's are not taken apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tangent_like.ir.build import negative, signed
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Comment,
    Const,
    Expr,
    Function,
    Name,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import binds, expressions, names, reads, rebuild, same, statements, subexpressions
from tangent_like.kinds.kind import Kind
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.forms import is_adjoint
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import acts
from tangent_like.transform.tidy.facts import Facts, find_facts

FAR = 40  # how many statements back what is added to is looked for

GONE = Comment("")  # in the place of a statement that is gone, so that the others keep theirs
Term = tuple[bool, Expr]  # whether it is taken away, and without that sign


def shared_factors(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with fewer products; ``kinds`` are those of its names."""
    if not kinds or not any(_several(e) for s in statements(function.body) for e in _ours(s)):
        return function
    worker = _Worker(find_facts(function, frozenset(), kinds))
    new = with_body(function, worker.block(function.body))
    if new is function:
        return function
    worker.bound = Counter(n for s in statements(new.body) for n in binds(s))
    worker.read = Counter(n for s in statements(new.body) for n in _read(s))
    return with_body(new, worker.pairs(new.body))


def _ours(stmt: Stmt) -> Sequence[Expr]:
    """What adjoints are made of in it."""
    if stmt.origin is not None:
        return ()
    match stmt:
        case Assign() | Augment() if is_adjoint(stmt) and not (isinstance(stmt, Assign) and (stmt.saved or stmt.guard)):
            return expressions(stmt)
        case Store() if is_adjoint(stmt):
            return (stmt.value,)
        case _:
            return ()


def _read(stmt: Stmt) -> Iterator[str]:
    """What it reads, as often as it does."""
    inside = [e.id for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Name)]
    yield from inside
    yield from reads(stmt) - set(inside)


def _several(expr: Expr) -> bool:
    """Is there a sum in it with two products in it?"""
    match expr:
        case Binary("+" | "-", at=None):
            return sum(isinstance(body, Binary) for _, body in terms_of(expr)) > 1 or any(
                _several(body) for _, body in terms_of(expr)
            )
        case Binary("*" | "/", left, right, None):
            return _several(left) or _several(right)
        case _:
            return False


def terms_of(expr: Expr) -> list[Term]:
    """The terms of a sum of ours, in order."""
    found: list[Term] = []
    pending = [(expr, False)]
    while pending:
        part, minus = pending.pop()
        body, sign = negative(part)
        minus = minus != sign
        if isinstance(body, Binary) and body.op in ("+", "-") and body.at is None:
            pending += [(body.right, minus != (body.op == "-")), (body.left, minus)]
        else:
            found.append((minus, body))
    return found


@dataclass(eq=False)
class _Worker:
    facts: Facts
    bound: Mapping[str, int] = None  # type: ignore[assignment]
    read: Mapping[str, int] = None  # type: ignore[assignment]

    def block(self, body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, self.block)
            ours = {id(e) for e in _ours(new)}
            new = with_expressions(new, lambda e: self.fewer(e) if id(e) in ours else e) if ours else new  # noqa: B023
            out.append(self.with_earlier(new, out) if ours and isinstance(new, Augment) else new)
        return tuple(out)

    def with_earlier(self, stmt: Augment, out: list[Stmt]) -> Stmt:
        """With what is added to the number before, if that shares a factor; which is then gone from ``out``."""
        if stmt.op not in ("+", "-") or not self.is_real(Name(stmt.target)):
            return stmt
        own = [(minus != (stmt.op == "-"), body) for minus, body in terms_of(stmt.value)]
        k = self.steady(out, lambda s: stmt.target in binds(s), stmt.target)
        first = None if k is None else out[k]
        match first:
            case Assign((_,), (value,)) if _ours(first):
                terms = [*terms_of(value), *own]
            case Augment(op="+" | "-" as op, value=value) if _ours(first):
                terms = [*((minus != (op == "-"), body) for minus, body in terms_of(value)), *own]
            case _:
                return stmt
        new = self.together(terms) if all(self.is_real(body) for _, body in terms) else None
        if new is None or k is None:
            return stmt
        del out[k]
        total = summed_up(new)
        if isinstance(first, Assign):
            return Assign((stmt.target,), (total,), None)
        body, sign = negative(total)
        return Augment(stmt.target, "-" if sign else "+", body, None)

    def steady(self, out: list[Stmt], found: Callable[[Stmt], bool], name: str) -> int | None:
        """Where the last statement is of which that holds, if it may as well stand at the end: ``name`` is its own."""
        bound: set[str] = set()
        for j in range(len(out) - 1, max(len(out) - FAR, 0) - 1, -1):
            stmt = out[j]
            if isinstance(stmt, Comment):
                continue
            if found(stmt):
                values = tuple(expressions(stmt)) if isinstance(stmt, Assign | Augment) else ()
                if len(values) != 1:  # names that change places, say
                    return None
                (value,) = values
                if any(not isinstance(e, Name | Const | Binary | Unary) for e in subexpressions(value)):
                    return None
                read = names(value)
                return j if not read & bound and all(map(self.facts.is_number, read)) else None
            does = self.facts.does(stmt)
            if name in does.reads or name in does.binds:
                return None
            bound |= does.binds
        return None

    def fewer(self, expr: Expr) -> Expr:
        """With common factors outside of the sums in it."""
        match expr:
            case Binary("+" | "-", at=None):
                terms = terms_of(expr)
                new = self.together(terms) if all(map(self.is_real, (body for _, body in terms))) else None
                return expr if new is None else summed_up(new)
            case Binary("*" | "/", left, right, None):
                a, b = self.fewer(left), self.fewer(right)
                return expr if a is left and b is right else Binary(expr.op, a, b)
            case _:
                return expr

    def is_real(self, expr: Expr) -> bool:
        """Is it a number in double precision, for which nothing is done but computing?"""
        look = self.facts.look(expr)
        return look.rank == 0 and look.type == "float64" and not any(map(acts, subexpressions(expr)))

    def together(self, terms: list[Term]) -> list[Term] | None:
        """The terms with those put together that share most; None where none do."""
        parts = [factors(body) for _, body in terms]
        best: tuple[int, list[int], list[Factor]] = 0, [], []
        for k, own in enumerate(parts):
            for factor in own:
                if not self.counts(factor):
                    continue
                those = [j for j, others in enumerate(parts) if any(_same(factor, f) for f in others)]
                if those[0] != k or len(those) < 2:
                    continue
                shared = [f for f in _once(own) if self.counts(f) and all(_has(parts[j], f) for j in those)]
                rests = [_without(parts[j], shared) for j in those]
                gain = (len(those) - 1) * len(shared)
                if gain > best[0] and all(any(op == "*" for op, _ in rest) for rest in rests) and self.real(rests):
                    best = gain, those, shared
        gain, those, shared = best
        if not gain:
            return None
        inner = [(terms[j][0], chained(_first_times(_without(parts[j], shared)))) for j in those]
        again = self.together(inner)
        flip = inner[0][0]  # the sign of the first in front
        total = summed_up([(minus != flip, body) for minus, body in (again or inner)])
        whole = chained([("*", total), *sorted(shared, key=lambda f: f[0] == "/")])
        left = [(flip, whole) if j == those[0] else terms[j] for j in range(len(terms)) if j not in those[1:]]
        return self.together(left) or left

    def counts(self, factor: Factor) -> bool:
        return not isinstance(factor[1], Const) and self.is_real(factor[1])

    def real(self, rests: list[list[Factor]]) -> bool:
        """Are they numbers in double precision each, or literal ones, and not these alone?"""
        literal = [all(isinstance(e, Const) for _, e in rest) for rest in rests]
        return not all(literal) and all(
            all(isinstance(e, Const) or self.is_real(e) for _, e in rest) for rest in rests
        )

    # -- two names that are read as one sum --

    def pairs(self, body: Block) -> Block:
        out = [change_blocks(stmt, self.pairs) for stmt in body]
        beside = _Beside()
        for k, stmt in enumerate(out):
            beside.note(k, stmt)
        k = 0
        while k < len(out):
            # as often as another of its partners is found
            k += not self.joined(k, out, beside)
        if all(a is b for a, b in zip(out, body, strict=True)):
            return body
        return tuple(s for s in out if s is not GONE)

    def joined(self, k: int, out: list[Stmt], beside: _Beside) -> bool:
        """Is what the statement binds now the sum of two names, of which the first is gone?"""
        second = self.one(out[k])
        if second is None:
            return False
        after = [(at, name, minus) for at, name, minus in beside.of(second) if at > k]
        found = self.partner(second, [(name, minus) for _, name, minus in after])
        if found is None:
            return False
        name, minus = found
        first = self.steady(out[:k], lambda s: self.one(s) == name, name)
        if first is None:
            return False
        made = out[first].values[0]  # type: ignore[union-attr]
        value = out[k].values[0]  # type: ignore[union-attr]
        terms = [*terms_of(made), *((m != minus, body) for m, body in terms_of(value))]
        if not all(self.is_real(body) for _, body in terms):
            return False
        out[k] = Assign((second,), (summed_up(self.together(terms) or terms),), None)
        out[first] = GONE
        for at in sorted({first, k, *(at for at, _, _ in after)}):
            out[at] = self.as_one(out[at], name, second) if at > k else out[at]
            beside.note(at, out[at])
        return True

    def one(self, stmt: Stmt) -> str | None:
        """The name of ours that it binds, and nobody else."""
        if not isinstance(stmt, Assign) or len(stmt.targets) != 1 or not _ours(stmt):
            return None
        name = stmt.targets[0]
        return name if self.bound[name] == 1 and self.is_real(Name(name)) else None

    def partner(self, second: str, after: list[tuple[str, bool]]) -> tuple[str, bool] | None:
        """The name that is read beside it wherever either is read, and whether one of them is taken away."""
        if len(set(after)) != 1 or len(after) < 2:
            return None
        name, minus = after[0]
        return (name, minus) if self.read[second] == self.read[name] == len(after) else None

    def as_one(self, stmt: Stmt, name: str, second: str) -> Stmt:
        ours = {id(e) for e in _ours(stmt)}

        def change(expr: Expr) -> Expr:
            match expr:
                case Binary("+" | "-" as op, Name(left), Name(right), None) if {left, right} == {name, second}:
                    return signed(Name(second), op == "-" and left == second)
                case _:
                    return rebuild(expr, change)

        return with_expressions(stmt, lambda e: change(e) if id(e) in ours else e)


@dataclass(eq=False)
class _Beside:
    """By statement: the sums of two names in it, and whether the second is taken away; by name: where it is in them."""

    sums: dict[int, list[tuple[str, str, bool]]] = field(default_factory=dict)
    places: dict[str, set[int]] = field(default_factory=dict)

    def note(self, at: int, stmt: Stmt) -> None:
        """Anew, where a statement has changed."""
        self.sums[at] = [one for expr in _ours(stmt) for one in _sums(expr) if one[0] != one[1]]
        for left, right, _ in self.sums[at]:
            self.places.setdefault(left, set()).add(at)
            self.places.setdefault(right, set()).add(at)

    def of(self, name: str) -> Iterator[tuple[int, str, bool]]:
        """At which statements it is read in a sum of two names, the other one, and whether one is taken away."""
        for at in sorted(self.places.get(name, ())):
            for left, right, minus in self.sums[at]:
                if name in (left, right):
                    yield at, right if left == name else left, minus


def _sums(expr: Expr) -> Iterator[tuple[str, str, bool]]:
    for part in subexpressions(expr):
        match part:
            case Binary("+" | "-" as op, Name(left), Name(right), None):
                yield left, right, op == "-"
            case _:
                pass


def summed_up(terms: list[Term]) -> Expr:
    first = next((k for k, (minus, _) in enumerate(terms) if not minus), 0)  # a sum does not begin with a sign
    (minus, body), *others = [terms[first], *terms[:first], *terms[first + 1 :]]
    total = signed(body, minus)
    for sign, term in others:
        total = Binary("-" if sign else "+", total, term)
    return total


def _same(one: Factor, other: Factor) -> bool:
    return one[0] == other[0] and same(one[1], other[1])


def _has(parts: list[Factor], factor: Factor) -> bool:
    return any(_same(factor, f) for f in parts)


def _once(parts: list[Factor]) -> list[Factor]:
    return [f for k, f in enumerate(parts) if not _has(parts[:k], f)]


def _without(parts: list[Factor], shared: list[Factor]) -> list[Factor]:
    """The factors less those, each taken out once."""
    left = list(parts)
    for factor in shared:
        del left[next(k for k, f in enumerate(left) if _same(factor, f))]
    return left


def _first_times(parts: list[Factor]) -> list[Factor]:
    """What is multiplied in front of what is divided by."""
    k = next(k for k, (op, _) in enumerate(parts) if op == "*")
    return [parts[k], *parts[:k], *parts[k + 1 :]]



