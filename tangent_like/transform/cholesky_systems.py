"""The way back through a Cholesky factor that only solves systems and gives a determinant: by one inverse.

Before                                                   After

    L = np.linalg.cholesky(K)                                K_inv = np.linalg.inv(K)
    w = np.linalg.solve(L, y)                                a = K_inv @ y
    a = np.linalg.solve(L.T, w)                              K_bar = 0.5 * (K_inv - np.outer(a, a))
    ...
    L_bar = np.diag(1.0 / np.diag(L))
    lam = np.linalg.solve(L, 0.5 * y)
    L_bar = L_bar - np.outer(a, lam) - np.outer(np.linalg.solve(L.T, lam), w)
    K_bar = onto_triangle(cholesky_adjoint(L_bar, L))

``L.T @ L_bar`` is a symmetric matrix then: the identity, from the determinant, and ``np.outer(w, w)``. Where ``K`` is
not seen to be symmetric, ``np.linalg.cholesky`` reads a triangle of it, and ``np.linalg.inv(L)`` does the same. What
the value of the function is made of is computed as the user wrote it.

Of one matrix in double precision, in straight lines; the numbers change by rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tangent_like.ir.build import mul, negative, np_call, signed
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Const,
    Expr,
    Function,
    Name,
    Return,
    Stmt,
)
from tangent_like.ir.walk import binds, names, reads, rebuild, statements
from tangent_like.kinds.kind import Array, Kind
from tangent_like.kinds.operands import literal
from tangent_like.transform.each_entry import called
from tangent_like.transform.forms import ADJOINT
from tangent_like.transform.symmetric import Lines
from tangent_like.transform.tidy.blocks import with_body, with_expressions
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import find_facts

Root = tuple[object, ...]  # what a vector is a multiple of


def cholesky_systems(function: Function, kinds: Mapping[str, Kind]) -> tuple[Function, Mapping[str, Kind]]:
    """The function with one inverse for each such factor, and the kinds of its names."""
    for k in range(len(function.body)):
        found = _adjoint(function.body[k])
        if found is not None:
            lines = _Lines(function.body, kinds, find_facts(function, frozenset(), kinds))
            changed = _System(lines, k, *found).changed(function)
            if changed is not None:
                taken = {n for s in statements(changed[0].body) for n in (*binds(s), *reads(s))}
                fresh = {n: kinds[of] for n, of in changed[1].items() if n in taken}
                return cholesky_systems(changed[0], {**kinds, **fresh})
    return function, kinds


def value_is_ours(body: Iterable[Stmt]) -> bool:
    """Are adjoints all that is returned, so that nobody asks for the value?"""
    returned = [s.value for s in body if isinstance(s, Return) and s.value is not None]
    return all(ADJOINT.search(n) for value in returned for n in names(value))


def _adjoint(stmt: Stmt) -> tuple[Call, str, str] | None:
    """What is the adjoint of a matrix, or is added to it; that of the factor, and the factor."""
    match stmt:
        case Assign((_,), (Call() as call,), None, "") | Augment(_, "+", Call() as call, None):
            pass
        case Assign((name,), (Binary("+", Name(first), Call() as call),), None, "") if name == first:
            pass
        case _:
            return None
    match call:
        case Call(args=(Call(args=(Name(bar), Name(low))) as inner,)) if _runtime(call) == "onto_triangle":
            return (call, bar, low) if _runtime(inner) == "cholesky_adjoint" else None
        case _:
            return None


def _runtime(call: Call) -> str:
    target = library(call)
    return origin_of(target)[1] if target is not None and origin_of(target)[0] == "runtime" else ""


@dataclass(frozen=True, eq=False)
class _Lines(Lines):
    def vector(self, expr: Expr, place: int, low: str) -> tuple[float, Root]:
        """A number, and what of it the vector is: of solutions with the factor or its transpose, what those solve."""
        body, sign = negative(expr)
        if sign:
            factor, root = self.vector(body, place, low)
            return -factor, root
        match expr:
            case Name(name):
                found = self.definition(name, place)
                if found is None or not self.is_kept(found[1], found[0], place):
                    return 1.0, ("name", name, self.last(name, place))
                factor, root = self.vector(found[1], found[0], low)
                return (1.0, ("name", name, found[0])) if root[0] == "other" else (factor, root)
            case Call(Attribute(held, "copy"), (), ()):
                return self.vector(held, place, low)
            case Binary("*", Const(int() | float() as number), other):
                factor, root = self.vector(other, place, low)
                return number * factor, root
            case Call(args=(matrix, side), keywords=()) if called(expr) == "linalg.solve":
                which = _which(matrix, low)
                if which:
                    factor, root = self.vector(side, place, low)
                    return factor, (which, root)
        return 1.0, ("other", expr)


def _which(matrix: Expr, low: str) -> str:
    match matrix:
        case Name(id) if id == low:
            return "low"
        case Attribute(Name(id), "T") if id == low:
            return "transposed"
        case _:
            return ""


@dataclass(eq=False)
class _System:
    """``call`` is the adjoint of a matrix that statement ``place`` makes of ``low_bar``, that of its factor ``low``."""

    lines: _Lines
    place: int
    call: Call
    low_bar: str
    low: str
    squares: dict[Root, float] = field(default_factory=dict)
    crossed: dict[tuple[Root, Root], float] = field(default_factory=dict)
    solved: dict[Root, tuple[str, float]] = field(default_factory=dict)  # by root, a name of what solves all of it

    def changed(self, function: Function) -> tuple[Function, Mapping[str, str]] | None:
        body = self.lines.body
        start = self.lines.definition(self.low, self.place)
        kind = self.lines.kinds.get(self.low)
        bound = sum(self.low in binds(s) for s in statements(function.body))
        match start:
            case (at, Call(args=(whole,), keywords=()) as call) if called(call) == "linalg.cholesky":
                matrix = whole.id if isinstance(whole, Name) else ""
            case _:
                return None
        if not isinstance(kind, Array) or kind.rank != 2 or kind.dtype != "float64" or bound != 1:
            return None
        made = self.lines.last(matrix, at) if matrix else at - 1
        terms = list(self.terms())
        gone = {k for k, _, _ in terms}
        mentions = {s for s in statements(function.body) if self.low_bar in {*reads(s), *binds(s)}}
        if not terms or mentions != {*(body[k] for k in gone), body[self.place]}:
            return None
        if matrix and self.lines.last(matrix, self.place) != made:
            return None
        determinant: list[Expr] = []
        for k, sign, term in terms:
            factor = self.of_determinant(term, k)
            if factor is not None:
                determinant.append(signed(factor, sign < 0))
            elif not self.of_solutions(term, k, sign):
                return None
        if any(self.crossed.get((b, a)) != factor for (a, b), factor in self.crossed.items()):
            return None
        symmetric = self.lines.is_symmetric(whole, at)
        taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))}
        namer = Namer(taken | {p.name for p in function.params})
        of = matrix if symmetric else self.low
        inverse = namer.fresh(f"{of}_inv" if of else "inverse")
        inverted: Expr = Name(inverse) if symmetric else Binary("@", Attribute(Name(inverse), "T"), Name(inverse))
        total = self.total(determinant, inverted)
        if total is None:
            return None
        new: list[Stmt] = list(body)
        if determinant:
            self.use(new, inverse, matrix, symmetric, at)
        value = total if symmetric else replace(self.call, args=(total,))

        def said(expr: Expr) -> Expr:
            return value if expr is self.call else rebuild(expr, said)

        new[self.place] = with_expressions(body[self.place], said)
        start_of = Assign((inverse,), (np_call("linalg.inv", whole if symmetric else Name(self.low)),), None)
        before = (at if made is None else made + 1) if symmetric else at + 1
        out: list[Stmt] = []
        for k, stmt in enumerate(new):
            if k == before and determinant:
                out.append(start_of)
            if k not in gone:
                out.append(stmt)
        return with_body(function, tuple(out)), {inverse: self.low}

    def terms(self) -> Iterator[tuple[int, int, Expr]]:
        """What the adjoint of the factor is the sum of: the statement that adds it, its sign, and what."""
        for k in range(self.place - 1, -1, -1):
            match self.lines.body[k]:
                case Assign((target,), (value,), None, "") if target == self.low_bar:
                    parts = list(_parts(value, 1))
                    own = [sign for sign, e in parts if isinstance(e, Name) and e.id == target]
                    yield from ((k, sign, e) for sign, e in parts if not isinstance(e, Name) or e.id != target)
                    if own != [1]:
                        return
                case Augment(target, "+" | "-" as op, value, None) if target == self.low_bar:
                    yield from ((k, sign, e) for sign, e in _parts(value, 1 if op == "+" else -1))
                case _:
                    pass

    def of_determinant(self, term: Expr, place: int) -> Expr | None:
        """``c`` of ``np.diag(c / np.diag(L))``."""
        match term:
            case Call(args=(inner,), keywords=()) if called(term) == "diag":
                pass
            case _:
                return None
        while isinstance(inner, Name):
            found = self.lines.definition(inner.id, place)
            if found is None or not self.lines.is_kept(found[1], found[0], place):
                return None
            place, inner = found
        body, sign = negative(inner)
        match body:
            case Binary("/", number, below) if self.lines.is_scalar(number) and self.is_diagonal(below, place):
                return signed(number, sign)
            case _:
                return None

    def is_diagonal(self, expr: Expr, place: int) -> bool:
        match expr:
            case Name(name):
                found = self.lines.definition(name, place)
                return found is not None and self.is_diagonal(found[1], found[0])
            case Call(args=(Name(id),), keywords=()):
                return called(expr) in ("diag", "diagonal") and id == self.low
            case _:
                return False

    def of_solutions(self, term: Expr, place: int, sign: int) -> bool:
        """``np.outer(p, q)``, where ``p`` solves the transposed system."""
        match term:
            case Call(args=(Name() as p, q), keywords=()) if called(term) == "outer":
                pass
            case _:
                return False
        first, (which, *rest) = self.lines.vector(p, place, self.low)
        second, other = self.lines.vector(q, place, self.low)
        if which != "transposed" or self.lines.last(p.id, place) != self.lines.last(p.id, self.place):
            return False
        (root,) = rest
        assert isinstance(root, tuple)
        if root not in self.solved or abs(first) == 1:
            self.solved[root] = (p.id, first)
        if root == other:
            self.squares[root] = self.squares.get(root, 0.0) + sign * first * second
        else:
            self.crossed[root, other] = self.crossed.get((root, other), 0.0) + sign * first * second
        return True

    def total(self, determinant: list[Expr], inverse: Expr) -> Expr | None:
        """The adjoint of the matrix: half of what the symmetric matrix comes to."""
        parts: list[tuple[float, Expr]] = []
        for expr in determinant:
            body, sign = negative(expr)
            half = -0.5 if sign else 0.5
            match literal(body):
                case int() | float() as number:
                    parts.append((half * number, inverse))
                case _:
                    parts.append((half, mul(body, inverse)))
        pairs = [*(((r, r), c) for r, c in self.squares.items()), *self.crossed.items()]
        for (a, b), factor in pairs:
            if a not in self.solved or b not in self.solved:
                return None
            (p, first), (q, second) = self.solved[a], self.solved[b]
            parts.append((0.5 * factor / (first * second), np_call("outer", Name(p), Name(q))))
        if not parts:
            return None
        size = abs(parts[0][0])
        if len(parts) > 1 and all(abs(c) == size for c, _ in parts):
            return mul(Const(size), _sum([(c / size, e) for c, e in parts]))
        return _sum(parts)

    def use(self, new: list[Stmt], inverse: str, matrix: str, symmetric: bool, at: int) -> None:
        """The inverse where systems are solved: that of the matrix where it is ``symmetric``, or of the factor."""
        ours = value_is_ours(new)
        for k in range(at + 1, len(new)):
            match new[k]:
                case Assign((name,), (Call(args=(which, side), keywords=()) as call,), origin, "") as stmt if (
                    called(call) == "linalg.solve"
                    and 1 in (self.lines.rank(Name(name)), self.lines.rank(side))
                    and (ours or origin is None)
                ):
                    value = self.by_factor(which, side, inverse)
                    if symmetric:
                        value = self.said(which, side, k, inverse, matrix)
                    if value is not None:
                        new[k] = replace(stmt, values=(value,))
                case _:
                    pass

    def by_factor(self, which: Expr, side: Expr, inverse: str) -> Expr | None:
        side_of = _which(which, self.low)
        whole: Expr = Name(inverse) if side_of == "low" else Attribute(Name(inverse), "T")
        return Binary("@", whole, side) if side_of else None

    def said(self, which: Expr, side: Expr, place: int, inverse: str, matrix: str) -> Expr | None:
        side_of = _which(which, self.low)
        if matrix and _which(which, matrix) and self.lines.last(matrix, place) == self.lines.last(matrix, self.place):
            return Binary("@", Name(inverse), side)
        factor = 1.0
        while side_of == "transposed":
            body, sign = negative(side)
            factor, side = -factor if sign else factor, body
            match side:
                case Name(name):
                    found = self.lines.definition(name, place)
                    if found is None or not self.lines.facts.steady(names(found[1]), self.lines.body[found[0] : place]):
                        return None
                    side = found[1]
                case Call(Attribute(held, "copy"), (), ()):
                    side = held
                case Binary("*", Const(int() | float() as number), other):
                    factor, side = factor * number, other
                case Call(args=(inner, given), keywords=()) if (
                    called(side) == "linalg.solve" and _which(inner, self.low) == "low"
                ):
                    return mul(Const(factor), Binary("@", Name(inverse), given))
                case _:
                    return None
        return None


def _parts(expr: Expr, sign: int) -> Iterator[tuple[int, Expr]]:
    """The terms of a sum, with their signs."""
    match expr:
        case Binary("+" | "-" as op, left, right):
            yield from _parts(left, sign)
            yield from _parts(right, sign if op == "+" else -sign)
        case _:
            body, minus = negative(expr)
            yield (-sign if minus else sign), body


def _sum(parts: list[tuple[float, Expr]]) -> Expr:
    parts = sorted(parts, key=lambda part: part[0] < 0)
    number, first = parts[0]
    total = mul(Const(number), first)
    for number, expr in parts[1:]:
        total = Binary("-" if number < 0 else "+", total, mul(Const(abs(number)), expr))
    return total
