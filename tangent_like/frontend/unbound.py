"""Names that a function may read where it has not bound them: written out in a loop, or in a ``try``, it asks first.

Before                                   After

    for i in range(n):                       last_bound = False
        last = x[i]                          for i in range(n):
    return last * last                           last = x[i]
                                                 last_bound = True
                                             if not last_bound:
                                                 raise UnboundLocalError("...")
                                             return last * last

Else it would read, from the second turn on, what the call before has left there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tangent_like.frontend.attempts import read_inside
from tangent_like.frontend.exposed import exposed, surely
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Binary,
    Bind,
    Block,
    Call,
    Choose,
    Compare,
    Comprehension,
    Const,
    Define,
    Expr,
    Function,
    If,
    Index,
    Lambda,
    Logic,
    Name,
    Origin,
    Pop,
    Push,
    Raise,
    Ref,
    Stmt,
    Try,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import (
    binds,
    blocks,
    bound_in,
    children,
    expressions,
    names,
    reads,
    statements,
    subexpressions,
    target_names,
    with_body,
)

MESSAGE = "cannot access local variable {!r} where it is not associated with a value"
ASKED_TWICE = (Name, Const, Ref, Unary, Binary, Compare, Logic, Attribute, Index, Tuple)


def reads_unbound(function: Function) -> set[str]:
    """The names of its own that it may read before it has bound them: that of a loop of no turns."""
    caught = {n for s in statements(function.body) if isinstance(s, Try) for n in binds(s)}
    own = bound_in(function.body) - {p.name for p in function.params} - caught
    return exposed(function.body) & own & (function.own or own)


def reads_unasked(function: Function) -> bool:
    """May it read such a name in a comprehension or a function inside, whenever that runs?"""
    asking = _Asking(dict.fromkeys(reads_unbound(function), ""))
    if asking.flags:
        asking.block(function.body, set())
    return bool(asking.missed)


def with_names_asked_for(function: Function) -> Function:
    """The function, raising what Python raises where it reads a name that it has not bound."""
    asking = _Asking(dict.fromkeys(reads_unbound(function), ""))
    if asking.flags:
        asking.block(function.body, set())
    if not asking.met:
        return function
    flags = {n: unlike(f"{n}_bound", function) for n in asking.met}
    begun = tuple(Assign((flag,), (Const(False),)) for flag in flags.values())
    return with_body(function, (*begun, *_Asking(flags).block(function.body, set())))


def unlike(name: str, function: Function) -> str:
    """The name, longer where the function has it."""
    taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))} | {p.name for p in function.params}
    return name if name not in taken else unlike(f"{name}_", function)


@dataclass(frozen=True)
class _Asking:
    flags: dict[str, str]
    met: dict[str, None] = field(default_factory=dict)  # the names that are asked for
    missed: set[str] = field(default_factory=set)  # those that are read where nobody asks: in a function inside

    def block(self, block: Block, sure: set[str], first: tuple[str, ...] = ()) -> Block:
        """``sure``: what is bound on every way here; ``first``: what the statement around has bound just now."""
        out = [*self.told(first, sure)]
        sure = sure | set(first)
        for stmt in block:
            out += self.asked(stmt, sure)
            own = () if isinstance(stmt, Try | If) else binds(stmt)
            has_blocks = bool(blocks(stmt))
            ways = [sure | set(surely_read(arm.test)) for arm in stmt.arms] if isinstance(stmt, If) else []
            each = iter([*ways, *[set(sure)] * len(blocks(stmt))])
            out.append(with_blocks(stmt, lambda inner: self.block(inner, next(each), own)))  # noqa: B023
            if not has_blocks:
                out += self.told(own, sure)
            sure |= surely((stmt,))
        return tuple(out)

    def told(self, names: tuple[str, ...], sure: set[str]) -> list[Stmt]:
        return [Assign((self.flags[n],), (Const(True),)) for n in names if n in self.flags and n not in sure]

    def asked(self, stmt: Stmt, sure: set[str]) -> list[Stmt]:
        out: list[Stmt] = []
        asked: set[tuple[str, int]] = set()
        told = {name for name, _ in read_by(stmt)}
        inside = read_inside(stmt) if isinstance(stmt, Define) else {n for e in expressions(stmt) for n in names(e)}
        bound = set(target_names(stmt.target)) if isinstance(stmt, Bind) else set()
        self.missed.update((inside - told - sure - bound) & self.flags.keys())
        for name, under in list(read_by(stmt)):  # a list: what is held by none might go by the same number
            if name not in self.flags or name in sure or (name, id(under)) in asked:
                continue
            asked.add((name, id(under)))
            if all(isinstance(e, ASKED_TWICE) for test in under for e in subexpressions(test)):
                out.append(raising(name, (*under, Unary("not", Name(self.flags[name]))), stmt.origin))
                self.met[name] = None
                sure |= set() if under else {name}
        return out


def raising(name: str, tests: tuple[Expr, ...], origin: Origin | None) -> If:
    error = Call(builtin_ref("UnboundLocalError"), (Const(MESSAGE.format(name)),))
    test = tests[0] if len(tests) == 1 else Logic("and", tests)
    return If((Arm(test, (Raise(error, origin),), origin),), (), origin)


def read_by(stmt: Stmt) -> Iterator[tuple[str, tuple[Expr, ...]]]:
    """The names that a statement itself reads, each with what must hold for that: ``v if n > 0 else 0.0``."""
    if isinstance(stmt, If):
        yield from read_in_turn([arm.test for arm in stmt.arms], lambda test: Unary("not", test), ())
        return
    if isinstance(stmt, Augment | Push | Pop):
        yield stmt.target if isinstance(stmt, Augment) else stmt.list, ()
    bound = set(target_names(stmt.target)) if isinstance(stmt, Bind) and not stmt.op else set()
    for expr in () if isinstance(stmt, Define | Try) else expressions(stmt):
        yield from ((n, under) for n, under in read_in(expr, ()) if n not in bound)


def surely_read(test: Expr) -> Iterator[str]:
    """What has been read where a condition holds, whatever else it asks."""
    match test:
        case Logic("and", values):
            for value in values:
                yield from surely_read(value)
        case _:
            yield from (name for name, under in read_in(test, ()) if not under)


def read_in(expr: Expr, under: tuple[Expr, ...]) -> Iterator[tuple[str, tuple[Expr, ...]]]:
    match expr:
        case Name(id):
            yield id, under
        case Choose(test, body, orelse):
            yield from read_in(test, under)
            yield from read_in(body, (*under, test))
            yield from read_in(orelse, (*under, Unary("not", test)))
        case Logic("and", values):
            yield from read_in_turn(values, lambda test: test, under)
        case Logic(_, values):
            yield from read_in_turn(values, lambda test: Unary("not", test), under)
        case Compare(left, _, (first, *_)):  # those behind are asked only where the first holds
            yield from read_in(left, under)
            yield from read_in(first, under)
        case Comprehension():
            yield from read_in(expr.clauses[0].iterable, under)
        case Lambda():
            pass
        case _:
            for inner in children(expr):
                yield from read_in(inner, under)


def read_in_turn(
    tests: Iterable[Expr], goes_on: Callable[[Expr], Expr], under: tuple[Expr, ...]
) -> Iterator[tuple[str, tuple[Expr, ...]]]:
    """Of tests the next of which is asked only where those before it say so."""
    for test in tests:
        yield from read_in(test, under)
        under = (*under, goes_on(test))
