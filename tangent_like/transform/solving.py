"""Calls of solvers differentiated: halves of which the reverse one is what the rule of the solver says.

Before                                      After

    x = fixed_point(step, x0, a)                def fixed_point_forward(x0, a):
                                                    x = fixed_point(step, x0, a)
                                                    return x, (x, a)
                                                def fixed_point_reverse(saved, x_bar):
                                                    x, a = saved
                                                    ...what the rule says, with step_forward and step_reverse
                                                    return a_bar
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tangent_like.analysis.live import Memory, keep_live
from tangent_like.errors import Place, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.frontend.one_name import OneName
from tangent_like.frontend.source import FunctionSource
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import np_call
from tangent_like.ir.leaves import SOLUTION
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Binary,
    Block,
    Call,
    Compare,
    Const,
    Define,
    Dict,
    Emitted,
    Expr,
    Function,
    Index,
    Lambda,
    Library,
    List,
    Name,
    Origin,
    Param,
    Ref,
    Return,
    Stmt,
    Tuple,
    Unary,
    UserFunction,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, bound_in, reads, rebuild, statements, subexpressions
from tangent_like.kinds.kind import UNKNOWN, Array, Kind
from tangent_like.runtime.trajectories import MOST_CARRIED
from tangent_like.specialize.asked import Solution, Solved
from tangent_like.transform.call_plan import Half
from tangent_like.transform.lowered import Lowered
from tangent_like.transform.owned import returns_its_own
from tangent_like.transform.rerun import silent
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.widening import Widening


@dataclass(frozen=True, eq=False)
class Solving:
    """One call of a solver: ``emitted`` is what its function is called in the text."""

    solved: Solved
    emitted: str
    number: int

    @property
    def solver(self) -> str:
        return self.solved.rule.solver.__name__

    @property
    def target(self) -> UserFunction:
        return UserFunction(f"{SOLUTION}{self.number}", self.solver, None)

    @property
    def solution(self) -> Solution:
        of_runtime = helper(self.solver)
        helpers = tuple((n, emitted(r)) for n, r in self.solved.helpers)
        return Solution(Ref(self.solver, self.target, None, of_runtime.target), self.function, helpers)

    @property
    def function(self) -> Ref:
        return Ref(self.emitted, Emitted(self.emitted))

    @property
    def namer(self) -> Namer:
        function = self.solved.function
        taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))}
        return Namer(taken | {p.name for p in function.params} | {n for n, _ in self.solved.options})

    @property
    def names(self) -> tuple[str, str, str]:
        """The unknown, what it starts from, and the adjoint of the first."""
        namer = self.namer
        unknown = self.solved.function.params[0].name
        return unknown, namer.fresh("b" if self.solved.rule.carries else "start"), namer.fresh(f"{unknown}_bar")

    def lowered(self) -> Lowered:
        """What the analyses see: something of the kind of the solution, that depends on all arguments."""
        _, start, _ = self.names
        plain = (self.namer.fresh("function"), start, *self.solved.captured)
        named = (*(n for n, _ in self.solved.options), *(n for n, _ in self.solved.helpers))
        params = (*map(Param, plain), *(Param(n, None, "", True) for n in named))
        like: Expr = Name(start)
        if self.solver == "stepped":  # of another number of rows, which only the run tells
            like = np_call("compress", Compare(Index(like, Const(0)), (">",), (Const(0.0),)), like, Const(0))
        result = Return(Binary("*", like, Const(1.0)), self.solved.origin)
        return self.read(Function(self.solver, params, (result,), self.solved.origin))

    def read(self, function: Function) -> Lowered:
        origin = self.solved.origin
        source = FunctionSource(origin.file, origin.line, (), None, function.name, function.name, OneName())
        taken = self.namer.taken | {p.name for p in function.params}
        return Lowered(source, function, taken, function)

    def carrying(self, varied: tuple[str, ...]) -> tuple[str, ...]:
        """The arguments whose adjoints come back: the start of a search has none."""
        _, start, _ = self.names
        wanted = {*self.solved.captured, *([start] if self.solved.rule.carries else [])}
        return tuple(n for n in varied if n in wanted)

    def call(self) -> Assign:
        unknown, start, _ = self.names
        solution = self.solution
        options: tuple[tuple[str, Expr], ...] = tuple(
            (n, e if is_function(e) or is_constant(e) else Name(n)) for n, e in self.solved.options
        )
        given: tuple[Expr, ...] = (self.function, Name(start), *(Name(n) for n in self.solved.captured))
        called = Call(helper(self.solver), given, (*options, *solution.helpers))
        return Assign((unknown,), (called,), self.solved.origin)

    @property
    def params(self) -> tuple[Param, ...]:
        """Those of the halves: data, and no functions."""
        _, start, _ = self.names
        named = tuple(n for n, e in self.solved.options if not is_function(e))
        return (*map(Param, (start, *self.solved.captured)), *(Param(n, None, "", True) for n in named))

    # -- reverse mode --

    def half(
        self,
        bound: Mapping[str, Kind],
        order: tuple[str, ...],
        varied: tuple[str, ...],
        place: Place,
        wider: Widening,
        functions: list[Function],
    ) -> Half:
        """The halves for the active arguments, added to the functions of the program."""
        wrt = self.carrying(varied)
        forward, reverse = wider.namer.fresh(f"{self.solver}_forward"), wider.namer.fresh(f"{self.solver}_reverse")
        at = (place.line, place.column)
        functions.extend(self.halves(bound, wrt, forward, reverse, wider))
        own = returns_its_own(functions[-1], functions)
        refs = Ref(forward, Emitted(forward, order), at), Ref(reverse, Emitted(reverse), at)
        return Half(*refs, wrt, tuple(own for _ in wrt), 1, (True,))

    def halves(
        self, bound: Mapping[str, Kind], wrt: tuple[str, ...], forward: str, reverse: str, wider: Widening
    ) -> tuple[Function, Function]:
        unknown, start, bar = self.names
        solved = self.solved
        active = tuple(n for n in wrt if n != start)
        body, items = self.said(solved.rule.reverse, active, (Name(unknown), Name(bar)), (bar,), bound, wider)
        if solved.rule.carries and start not in wrt:
            items = items[1:]
        ending = Return(items[0] if len(items) == 1 else Tuple(items))
        live: set[str] = set()
        body = keep_live((*body, ending), live, Memory({}, {}), lambda _: False)
        named = (n for n, _ in solved.options)
        kept = [n for n in (unknown, start, *solved.captured, *named) if n in live]
        saved = Namer(self.namer.taken | {n for s in statements(body) for n in binds(s)}).fresh("saved")
        unpack: Block = ()
        if len(kept) == 1:
            unpack = (Assign((kept[0],), (Index(Name(saved), Const(0)),)),)
        elif kept:
            unpack = (Assign(tuple(kept), (Name(saved),)),)
        pack = Tuple(tuple(map(Name, kept)))
        first = Function(
            forward, self.params, (self.call(), Return(Tuple((Name(unknown), pack)))), solved.origin
        )
        second = Function(reverse, (Param(saved), Param(bar)), (*unpack, *body), solved.origin)
        return first, second

    # -- forward mode --

    def pushed(
        self, bound: Mapping[str, Kind], wrt: tuple[str, ...], name: str, wider: Widening
    ) -> tuple[Function, tuple[str, ...]]:
        unknown, start, _ = self.names
        namer = self.namer
        dots = {n: namer.fresh(f"{n}_dot") for n in (start, *self.solved.captured)}
        active = tuple(n for n in wrt if n != start)
        moved: Expr = Name(dots[start])
        if start not in wrt:  # where it carries one, that is zero
            moved = Binary("*", Name(start), Const(0.0))
        given = (Name(unknown), moved, Tuple(tuple(Name(dots[n]) for n in active)))
        own = tuple(dots[n] for n in wrt)
        body, items = self.said(self.solved.rule.forward, active, given, own, bound, wider)
        ending = Return(Tuple((Name(unknown), items[0])))
        body = keep_live((self.call(), *body, ending), set(), Memory({}, {}), lambda _: False)
        by_name = bool(self.solved.options)
        params = (*self.params, *(Param(n, None, "", by_name) for n in own))
        return Function(name, params, body, self.solved.origin), own

    # -- both --

    def said(
        self,
        rule: Callable[..., object] | None,
        active: tuple[str, ...],
        given: tuple[Expr, ...],
        more: tuple[str, ...],
        bound: Mapping[str, Kind],
        wider: Widening,
    ) -> tuple[Block, tuple[Expr, ...]]:
        """What a rule says for the active arguments: statements, and what it returns.

        ``given`` are its arguments behind the function, the start and the active ones; ``more`` names the adjoints
        or tangents among them.
        """
        unknown, start, _ = self.names
        solved = self.solved
        function = solved.function
        if rule is None:
            what = "a second derivative through the adjoint equation of a stiff method is not differentiated"
            raise UnsupportedError(what, place_of(solved.origin), solved.rule.hint)
        if not active and not solved.rule.carries:  # only where it starts moves: the solution does not
            return (), (Binary("*", Name(unknown), Const(0.0)),) if rule is solved.rule.forward else ()
        own = frozenset(bound_in(function.body)) | {unknown, *active}
        inner = silent(replace(function, params=(Param(unknown), *map(Param, active)), own=own))
        passed = (Lambda(inner), Name(start), Tuple(tuple(map(Name, active))), *given)
        wanted = inspect.signature(rule).parameters
        tools: tuple[tuple[str, Expr], ...] = tuple((t, tool(t)) for t in ("vjp", "jvp", "grad") if t in wanted)
        named = tuple(n for n, e in solved.options if n in wanted and not is_function(e))
        tools = (*tools, *((n, Name(n)) for n in named), *(few(bound[start]) if "few" in wanted else ()))
        said = wider.read_raw(rule_target(rule), place_of(solved.origin)).function
        called = Call(Lambda(at_origin(said, quiet(solved.origin), function.name)), passed, tools)
        params = (start, unknown, *solved.captured, *named, *more)
        driver = Function(
            function.name, tuple(map(Param, params)), (Return(called, solved.origin),), solved.origin,
            own=frozenset(params),
        )  # fmt: skip
        kind = wider.typing_of(self.lowered().function, bound)
        kinds = {start: bound[start], unknown: kind, **{n: bound[n] for n in solved.captured}}
        kinds |= {n: bound.get(n, UNKNOWN) for n in named}
        kinds |= {n: bound.get(n.removesuffix("_dot"), kind) for n in more}
        found = wider.specialize(self.read(driver), kinds)
        *body, last = found.function.body
        assert isinstance(last, Return) and last.value is not None
        items = last.value.items if isinstance(last.value, Tuple) else (last.value,)
        return tuple(body), items


def few(start: Kind) -> tuple[tuple[str, Expr], ...]:
    """Whether there are few states in each row, where it is known how many there are."""
    dims = start.dims if isinstance(start, Array) else None
    width = dims[1] if dims is not None and len(dims) == 2 else None
    count = None if width is None else width.known
    return () if count is None else (("few", Const(count <= MOST_CARRIED + 1)),)


def quiet(origin: Origin) -> Origin:
    return replace(origin, comments=(), blank=False)


def at_origin(function: Function, origin: Origin, name: str) -> Function:
    """A rule as if the call had been written so: what goes wrong in it went wrong there, in its function."""

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Lambda):
            return Lambda(replace(at_origin(expr.function, origin, name), name=name))
        return rebuild(expr, change)

    def block(body: Block) -> Block:
        return tuple(placed(with_blocks(s, block)) for s in body)

    def placed(stmt: Stmt) -> Stmt:
        if isinstance(stmt, Define):
            return replace(stmt, function=at_origin(stmt.function, origin, name), origin=origin)
        return replace(rewrite(stmt, change, lambda name: name), origin=origin)

    return replace(function, body=block(function.body), origin=origin)


def rule_target(rule: Callable[..., object]) -> UserFunction:
    return UserFunction(rule.__code__.co_filename, rule.__name__, rule)


def tool(name: str) -> Ref:
    target = Library("tangent_like", name, None)
    return Ref(name, target, None, target)


def emitted(ref: Ref) -> Ref:
    """A function of the text, as a value."""
    return Ref(ref.spelling, Emitted(ref.spelling))


def is_constant(expr: Expr) -> bool:
    """Is it made of literals and of names of libraries: the same wherever it stands?"""
    parts = list(subexpressions(expr))
    return all(isinstance(e, Const | Tuple | List | Dict | Unary) or is_number(e) for e in parts)


def is_number(expr: Expr) -> bool:
    return isinstance(expr, Ref) and isinstance(expr.target, Library) and isinstance(expr.target.obj, int | float)


def is_function(expr: Expr) -> bool:
    return isinstance(expr, Ref) and isinstance(expr.target, UserFunction | Emitted)


