"""Systems of a matrix of which the way back takes the inverse anyway: solved by that.

Before                                                   After

    alpha = np.linalg.solve(K, y)                            K_inv = np.linalg.inv(K)
    ...                                                      alpha = K_inv @ y
    lam = np.linalg.solve(K.T, 0.5 * y)                      ...
    K_bar = 0.5 * np.linalg.inv(K).T - np.outer(lam, alpha)  K_bar = 0.5 * K_inv - np.outer(0.5 * alpha, alpha)

As of the likelihood of a Gaussian process with ``np.linalg.slogdet``. ``K`` is seen to be symmetric here; otherwise it
is ``K_inv.T`` behind. What the value of the function is made of is computed as the user wrote it.

Of one matrix in double precision, in straight lines, for one right-hand side each; the numbers change by rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.ir.build import mul, np_call
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Attribute, Augment, Binary, Call, Const, Expr, Function, Name, Stmt
from tangent_like.ir.walk import binds, expressions, names, reads, rebuild, same, statements, subexpressions, with_body
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.cholesky_systems import value_is_ours
from tangent_like.transform.each_entry import called
from tangent_like.transform.forms import is_adjoint
from tangent_like.transform.symmetric import Lines
from tangent_like.transform.tidy.blocks import with_expressions
from tangent_like.transform.tidy.facts import find_facts


def one_inverse(function: Function, kinds: Mapping[str, Kind]) -> tuple[Function, Mapping[str, Kind]]:
    """The function with one inverse of each such matrix, and the kinds of its names."""
    for place, stmt in enumerate(function.body):
        if _is_ours(stmt):
            for expr in (e for top in expressions(stmt) for e in subexpressions(top)):
                matrix = _inverted(expr)
                if matrix:
                    lines = Lines(function.body, kinds, find_facts(function, frozenset(), kinds))
                    changed = _Matrix(lines, matrix, place).changed(function)
                    if changed is not None:
                        return one_inverse(changed[0], {**kinds, changed[1]: kinds[matrix]})
    return function, kinds


def _inverted(expr: Expr) -> str:
    match expr:
        case Call(args=(Name(id),), keywords=()) if called(expr) == "linalg.inv":
            return id
        case _:
            return ""


@dataclass(eq=False)
class _Matrix:
    """``matrix`` is inverted in the adjoint's statement at ``place``."""

    lines: Lines
    matrix: str
    place: int
    solved: list[tuple[Expr, str, int]] = field(default_factory=list)  # what of, the name of what solves it, and where

    def changed(self, function: Function) -> tuple[Function, str] | None:
        body, kind = self.lines.body, self.lines.kinds.get(self.matrix)
        if not isinstance(kind, Array) or kind.rank != 2 or kind.dtype != "float64":
            return None
        made = self.lines.last(self.matrix, self.place)
        ours = value_is_ours(body)
        start = -1 if made is None else made
        systems = [k for k in range(start + 1, len(body)) if self.holds(k) and self.has_system(body[k], ours)]
        if not systems:
            return None
        first = min(*systems, self.place)
        taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))}
        inverse = Namer(taken | {p.name for p in function.params}).fresh(f"{self.matrix}_inv")
        symmetric = self.lines.is_symmetric(Name(self.matrix), self.place)
        turned: Expr = Name(inverse) if symmetric else Attribute(Name(inverse), "T")

        def change(expr: Expr, place: int) -> Expr:
            match expr:
                case Attribute(inner, "T") if _inverted(inner) == self.matrix:
                    return turned
                case _ if _inverted(expr) == self.matrix:
                    return Name(inverse)
                case Call(args=(which, side)) if self.is_system(expr):
                    plain = symmetric or isinstance(which, Name)
                    known = self.multiple(side, place, plain)
                    return Binary("@", Name(inverse) if plain else turned, side) if known is None else known
                case _:
                    return rebuild(expr, lambda e: change(e, place))

        out: list[Stmt] = [*body[:first], Assign((inverse,), (np_call("linalg.inv", Name(self.matrix)),), None)]
        for k, stmt in enumerate(body[first:], first):
            if k in systems or (self.holds(k) and _is_ours(stmt)):
                out.append(with_expressions(stmt, lambda e, k=k: change(e, k)))  # type: ignore[misc]
            else:
                out.append(stmt)
            match stmt:
                case Assign((name,), (Call(args=(which, side)) as call,)) if k in systems and self.is_system(call):
                    if symmetric or isinstance(which, Name):
                        self.solved.append((side, name, k))
                case _:
                    pass
        return with_body(function, tuple(out)), inverse

    def holds(self, place: int) -> bool:
        """Is the matrix there what it is where it is inverted?"""
        return self.lines.last(self.matrix, place) == self.lines.last(self.matrix, self.place)

    def has_system(self, stmt: Stmt, ours: bool) -> bool:
        """Is one solved in it, where that may be done in another way?"""
        if not _is_ours(stmt) and not (ours and isinstance(stmt, Assign) and len(stmt.targets) == 1 and not stmt.saved):
            return False
        return any(self.is_system(e) for top in expressions(stmt) for e in subexpressions(top))

    def is_system(self, expr: Expr) -> bool:
        match expr:
            case Call(args=(Name(id) | Attribute(Name(id), "T"), side), keywords=()) if called(expr) == "linalg.solve":
                return id == self.matrix and self.lines.rank(side) == 1
            case _:
                return False

    def multiple(self, side: Expr, place: int, plain: bool) -> Expr | None:
        """``c * alpha`` for ``c * y``, where ``alpha`` solves ``y``; ``plain``: for the matrix, or what equals it."""
        if not plain:
            return None
        factor: float = 1
        behind = place
        while True:
            match side:
                case Binary("*", Const(int() | float() as number), inner):
                    factor, side = factor * number, inner
                case Name(name) if (found := self.lines.definition(name, behind)) is not None:
                    if not isinstance(found[1], Binary | Name) or not self.lines.is_kept(found[1], found[0], place):
                        break
                    side, behind = found[1], found[0]
                case _:
                    break
        for known, name, bound in self.solved:
            since = self.lines.body[bound + 1 : place]
            if same(known, side) and self.lines.facts.steady({name, *names(known)}, since):
                return mul(Const(factor), Name(name))
        return None


def _is_ours(stmt: Stmt) -> bool:
    return isinstance(stmt, Assign | Augment) and stmt.origin is None and is_adjoint(stmt)
