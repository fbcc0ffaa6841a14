"""The inverse of a step, from its text: what was added is subtracted again, the newest first.

Before                                  After

    def step(q, p, dt):                     def step_inverse(q, p, dt):
        p = p - 0.5 * dt * force(q)             p = p + 0.5 * dt * force(q)
        q = q + dt * p                          q = q - dt * p
        p = p - 0.5 * dt * force(q)             p = p + 0.5 * dt * force(q)
        return q, p                             return q, p

Every value that a name has on the way is an unknown of its own, and every assignment an equation. Known are the
results, and what is handed on beside the state. An equation whose right-hand side is known gives its name; one whose
name is known gives the one unknown that stands in it once, under sums, differences, products and quotients alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tangent_like.analysis.live import Memory, keep_live
from tangent_like.analysis.typing import Typing
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assert,
    Assign,
    Augment,
    Binary,
    Comment,
    Do,
    Each,
    Expr,
    For,
    Function,
    If,
    Name,
    Origin,
    Param,
    Pass,
    Return,
    Stmt,
    Tuple,
    Unary,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import bound_in, names, rebuild, statements, stored_in
from tangent_like.ir.walk import reads as reads_of
from tangent_like.kinds.kind import Array, Scalar, Sequence, is_one_number

HINT = "give the inverse: @tl.reversible(inverse=back), where back(*new_state, *params) returns the old state"


@dataclass(frozen=True, eq=False)
class _Equation:
    """``stmt`` binds ``bound`` from what it reads; ``value``, where that is one expression."""

    stmt: tuple[Stmt, ...]
    bound: tuple[str, ...]
    reads: frozenset[str]
    value: Expr | None


def inverse_of(function: Function, state: int, typing: Typing, name: str) -> Function:
    """The inverse: of the results, in place of the first ``state`` parameters, and the others."""
    return inverse_with(function, state, typing, name)[0]


def inverse_with(function: Function, state: int, typing: Typing, name: str) -> tuple[Function, tuple[int | str, ...]]:
    """The inverse of a step that returns more than its state: it returns that, too, behind the old state.

    So a forward half gives what its reverse half reads with the old state, and the step is not run again. With it, what
    each of these is: the place of a parameter, which the caller has, or a name, where the inverse returns it.
    """
    return _Inverting(function, state, typing, Namer(_names_in(function))).inverse(name)


def _names_in(function: Function) -> set[str]:
    return bound_in(function.body) | {n for s in statements(function.body) for n in reads_of(s)} | {
        p.name for p in function.params
    }  # fmt: skip


@dataclass(eq=False)
class _Inverting:
    function: Function
    state: int
    typing: Typing
    namer: Namer
    env: dict[str, str] = field(default_factory=dict)  # by name: the value that it has, under a name of its own
    base: dict[str, str] = field(default_factory=dict)  # by value: what the user calls it
    equations: list[_Equation] = field(default_factory=list)
    more: list[str] = field(default_factory=list)  # what the step returns beside its state

    def inverse(self, name: str) -> tuple[Function, tuple[int | str, ...]]:
        params = [p.name for p in self.function.params]
        self.env = self.base = {p: p for p in params}
        self.env = dict(self.env)
        results = self.read()
        known = {*results, *params[self.state :]}
        out = self.solved(known)
        missing = [p for p in params[: self.state] if p not in known]
        if missing:
            raise self.refused(f"what {missing[0]!r} was is not told by sums and products of what is known by then")
        given = tuple(params.index(n) if n in params else n for n in self.more)
        wanted = tuple(map(Name, (*params[: self.state], *(n for n in given if isinstance(n, str)))))
        ending = Return(wanted[0] if len(wanted) == 1 else Tuple(wanted))
        body = keep_live((*out, ending), set(), Memory({}, {}), lambda _: False)
        taken = (*results, *params[self.state :])
        function = Function(name, tuple(map(Param, taken)), body, replace(self.function.origin, comments=()))
        return self.as_called(function), given

    # -- reading --

    def read(self) -> list[str]:
        """The equations of the step, and its results by name."""
        for stmt in self.function.body:
            match stmt:
                case Assign(targets, values) if len(targets) == len(values) and not stmt.writes:
                    new = [self.changed(v) for v in values]
                    for target, value in zip(targets, new, strict=True):
                        self.add((), (self.version(target),), value, stmt.origin)
                case Augment(target, op, value) if isinstance(self.typing.before[stmt].get(target), Scalar):
                    new_value = Binary(op, Name(self.env[target]), self.changed(value))
                    self.add((), (self.version(target),), new_value, stmt.origin)
                case Assign(targets) if not stmt.writes:
                    moved = rewrite(stmt, self.changed, lambda n: n)
                    assert isinstance(moved, Assign)
                    bound = tuple(map(self.version, targets))
                    self.add((replace(moved, targets=bound),), bound, None, stmt.origin)
                case If() | For() | Each() | While() if not self.writes(stmt):
                    self.compound(stmt)
                case Return(Tuple(items)):
                    found = self.results(items[: self.state], stmt.origin)
                    self.more = [self.named(self.changed(e), "kept", stmt.origin) for e in items[self.state :]]
                    return found
                case Return(value) if value is not None:
                    return self.results((value,), stmt.origin)
                case Do() | Assert() | Pass() | Comment():
                    continue
                case _:
                    raise self.refused("it does more than assign to names", stmt)
        raise self.refused("it returns nothing")

    def compound(self, stmt: Stmt) -> None:
        """A loop or a branch, as one equation: of what it binds, all is known behind it or nothing."""
        bound = sorted(bound_in((stmt,)))
        old = {n: self.env[n] for n in bound if n in self.env}
        new = {n: self.version(n) for n in bound}
        copies = tuple(Assign((new[n],), (Name(old[n]),)) for n in bound if n in old)
        moved = rewrite(stmt, self.changed, lambda n: self.env.get(n, n))
        self.add((*copies, moved), tuple(new.values()), None, None)

    def results(self, items: tuple[Expr, ...], origin: Origin | None) -> list[str]:
        found: list[str] = []
        for k, item in enumerate(items):
            value = self.changed(item)
            if isinstance(value, Name) and value.id not in found:
                found.append(value.id)
                continue
            name = self.named(value, f"{self.function.params[k].name}_new", origin)
            self.base[name] = self.function.params[k].name
            found.append(name)
        return found

    def named(self, value: Expr, wanted: str, origin: Origin | None) -> str:
        if isinstance(value, Name) and wanted == "kept":
            return value.id
        name = self.namer.fresh(wanted)
        self.base[name] = name
        self.add((), (name,), value, origin)
        return name

    def add(self, stmt: tuple[Stmt, ...], bound: tuple[str, ...], value: Expr | None, origin: Origin | None) -> None:
        if value is not None:
            stmt = (Assign(bound, (value,), origin and replace(origin, comments=(), blank=False)),)
        read = frozenset(n for s in statements(stmt) for n in reads_of(s)) - set(bound)
        self.equations.append(_Equation(stmt, bound, read, value))

    def changed(self, expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return Name(self.env.get(expr.id, expr.id), expr.at)
        return rebuild(expr, self.changed)

    def version(self, name: str) -> str:
        new = self.namer.fresh(name) if name in self.env else name
        self.env[name] = new
        self.base[new] = name
        return new

    def writes(self, stmt: Stmt) -> bool:
        """Does it write into arrays? ``v += e`` on a number does not."""
        kinds = self.typing.overall
        return any(not isinstance(kinds.get(n), Scalar) for n in stored_in((stmt,)))

    # -- solving --

    def solved(self, known: set[str]) -> list[Stmt]:
        """Statements that say more and more of what is not known; ``known`` grows by it."""
        out: list[Stmt] = []
        pending = list(reversed(self.equations))
        found = True
        while found:
            found = False
            for equation in pending:
                unknown = equation.reads - known
                if not unknown:
                    if any(n not in known for n in equation.bound):
                        out.extend(equation.stmt)
                        known.update(equation.bound)
                        found = True
                elif len(unknown) == 1 and equation.value is not None and equation.bound[0] in known:
                    (name,) = unknown
                    value = _peeled(equation.value, Name(equation.bound[0]), name)
                    if value is not None:
                        out.append(Assign((name,), (value,)))
                        known.add(name)
                        found = True
                else:
                    continue
                if found:
                    pending.remove(equation)
                    break
        return out

    def as_called(self, function: Function) -> Function:
        """With the names of the user's, where each of them is read while it has the value meant."""
        params = [p.name for p in function.params]
        if len({self.base[p] for p in params}) != len(params):
            return function
        held = {self.base[p]: p for p in params}
        for stmt in function.body:
            bound = bound_in((stmt,))
            if any(held.get(self.base.get(n, n)) != n for s in statements((stmt,)) for n in reads_of(s) - bound):
                return function
            held.update({self.base[n]: n for n in bound})

        def change(expr: Expr) -> Expr:
            return Name(self.base[expr.id]) if isinstance(expr, Name) else rebuild(expr, change)

        moved = (rewrite(s, change, lambda n: self.base[n]) for s in function.body)
        kept = tuple(s for s in moved if not _is_copy_of_itself(s))
        return replace(function, params=tuple(Param(self.base[p]) for p in params), body=kept)

    def refused(self, why: str, stmt: Stmt | None = None) -> UnsupportedError:
        origin = getattr(stmt, "origin", None) or self.function.origin
        what = f"{self.function.name}, which is to be reversible, has no derived inverse: {why}"
        return UnsupportedError(what, place_of(origin), HINT)


def _is_copy_of_itself(stmt: Stmt) -> bool:
    match stmt:
        case Assign((target,), (Name(id),)):
            return target == id
        case _:
            return False


def _peeled(value: Expr, result: Expr, name: str) -> Expr | None:
    """What ``name`` is where ``value`` is ``result``: operations undone from the outside; None where one cannot be."""
    while not isinstance(value, Name):
        match value:
            case Unary("+", operand):
                value = operand
            case Unary("-", operand):
                value, result = operand, Unary("-", result)
            case Binary("+" | "-" | "*" | "/" as op, left, right):
                if (name in names(left)) == (name in names(right)):
                    return None
                first = name in names(left)
                value, other = (left, right) if first else (right, left)
                result = _undone(op, result, other, first)
            case _:
                return None
    return result


def _undone(op: str, result: Expr, other: Expr, first: bool) -> Expr:
    """``x`` of ``x op other == result``, or of ``other op x == result``."""
    match op, first:
        case "+", _:
            return Binary("-", result, other)
        case "-", True:
            return Binary("+", result, other)
        case "*", _:
            return Binary("/", result, other)
        case "/", True:
            return Binary("*", result, other)
        case _:
            return Binary(op, other, result)


def refuse_other_states(function: Function, state: int, typing: Typing) -> None:
    """What a step returns has the shapes and dtypes of its state, as far as they are known."""
    found = typing.result[-1]
    new = found.items if isinstance(found, Sequence) and not found.is_list else (found,)
    for param, kind in zip(function.params[:state], new, strict=True):
        before = typing.params[param.name]
        if not isinstance(before, Array | Scalar) or not isinstance(kind, Array | Scalar):
            continue
        # an array of rank 0 is a number once it is computed with
        same = is_one_number(before) == is_one_number(kind)
        if same and isinstance(before, Array) and isinstance(kind, Array):
            same = before.dtype == kind.dtype or None in (before.dtype, kind.dtype)
            own, others = before.dims, kind.dims
            if own is not None and others is not None:
                sizes = zip(own, others, strict=False)
                same = same and len(own) == len(others) and all(typing.sizes.same(a, b) is not False for a, b in sizes)
        if not same:
            what = f"{function.name}, which is to be reversible, returns {param.name!r} in another shape or dtype"
            raise UnsupportedError(what, place_of(function.origin), "return the state as it was given")
