"""Names that a function may read where it has not bound them: written out in a loop, or in a ``try``, it asks first.

Before                                   After

    for i in range(n):                       last_bound = False
        last = x[i]                          for i in range(n):
    return last * last                           last = x[i]
                                                 last_bound = True
                                             if not last_bound:
                                                 raise UnboundLocalError("...")
                                             return last * last

Else it would read, from the second turn on, what the call before has left there. What is read in a function inside
is asked for where that runs, and what a comprehension reads where it takes a turn:

    def weighted(u):                         def weighted(u):
        return u * last                          if not last_bound:
                                                     raise NameError("...")
                                                 return u * last

    return [u * last for u in x]             if not last_bound and any(True for u in x):
                                                 raise NameError("...")
                                             return [u * last for u in x]
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from tangent_like.frontend.exposed import defaults, exposed, goes_on, lambdas_in, own_names, surely, with_what_runs
from tangent_like.frontend.told_by_flags import Flag, Told, going_on, said, said_by_arms, told_by, told_everywhere
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
    Clause,
    Compare,
    Comprehension,
    Const,
    Define,
    Expr,
    For,
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
    Slice,
    Stmt,
    Try,
    Tuple,
    Unary,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    binds,
    blocks,
    bound_in,
    children,
    expressions,
    names,
    reads,
    rebuild,
    statements,
    subexpressions,
    target_names,
    with_body,
)

MESSAGE = "cannot access local variable {!r} where it is not associated with a value"
INSIDE = "cannot access free variable {!r} where it is not associated with a value in enclosing scope"
NOTHING_TOLD: Told = MappingProxyType({})
ASKED_TWICE = (Name, Const, Ref, Unary, Binary, Compare, Logic, Attribute, Index, Tuple, Slice)


def reads_unbound(function: Function) -> set[str]:
    """The names of its own that it may read before it has bound them: that of a loop of no turns."""
    caught = {n for s in statements(function.body) if isinstance(s, Try) for n in binds(s)}
    own = (bound_in(function.body) | bound_inside(function)) - {p.name for p in function.params} - caught
    return exposed(function.body, with_what_runs(function)) & own & (function.own or own)


def bound_inside(function: Function) -> set[str]:
    """The names that the functions inside it bind for it."""
    return {n for s in statements(function.body) if isinstance(s, Define) for n in s.function.outer}


def reads_unasked(function: Function) -> bool:
    """May it read such a name where nobody can ask, whenever that runs?"""
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
    made = with_body(function, (*begun, *_Asking(flags).block(function.body, set())))
    return replace(made, own=made.own | set(flags.values())) if made.own else made


def with_quiet_reads_asked_for(function: Function, empty: Collection[str], fresh: Callable[[str], str]) -> Function:
    """The function, asking for those names that would pass for bound, since they are bound to None at first.

    ``if hit`` would take None for false, and ``x[k]`` for a further axis: ``v * v`` raises by itself. Not names
    that a flag tells of (``result``, ``returned``), where it is asked: they are bound where they are read.
    """
    asked = reads_unbound(function) & set(empty) if empty else set()
    if not asked:
        return function
    told = told_everywhere(function, bound_inside(function))
    asking = _Asking(dict.fromkeys(asked, ""), quiet=True, told_of=told)
    asking.block(function.body, set())
    if not asking.met:
        return function
    flags = {n: fresh(f"{n}_bound") for n in asking.met}
    begun = tuple(Assign((flag,), (Const(False),)) for flag in flags.values())
    return with_body(function, (*begun, *_Asking(flags, quiet=True, told_of=told).block(function.body, set())))


def unlike(name: str, function: Function) -> str:
    """The name, longer where the function has it."""
    taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))} | {p.name for p in function.params}
    taken |= {n for s in statements(function.body) for n in names_inside(s)}
    return name if name not in taken else unlike(f"{name}_", function)


def names_inside(stmt: Stmt) -> set[str]:
    """Every name that the functions inside a statement say."""
    inside = [stmt.function] if isinstance(stmt, Define) else lambdas_in(stmt)
    found = {p.name for f in inside for p in f.params}
    for inner in (s for f in inside for s in statements(f.body)):
        found |= {*binds(inner), *reads(inner), *names_inside(inner)}
    return found


@dataclass(frozen=True)
class _Asking:
    flags: dict[str, str]
    met: dict[str, None] = field(default_factory=dict)  # the names that are asked for
    missed: set[str] = field(default_factory=set)  # those that are read where nobody asks
    inside: bool = False  # is it a function inside, whose names around it are asked for?
    quiet: bool = False  # is it asked only where None would pass for a value?
    told_of: Told = field(default_factory=dict)  # what is bound wherever a flag holds, or does not

    def block(self, block: Block, sure: set[str], first: tuple[str, ...] = (), told: Told = NOTHING_TOLD) -> Block:
        """``sure``: what is bound on every way here; ``first``: what the statement around has bound just now.

        ``told``: what flags tell of here.
        """
        out = [*self.told(first, sure)]
        sure = sure | set(first)
        for asking in block:
            out += self.asked(asking, sure, told)
            stmt = self.with_functions(asking, sure)
            own = () if isinstance(stmt, Try | If) else binds(stmt)
            has_blocks = bool(blocks(stmt))
            ways = [sure | set(surely_read(arm.test)) for arm in stmt.arms] if isinstance(stmt, If) else []
            ended: set[str] = set()
            flags_of: list[set[Flag]] = []
            bodies: list[Block] = []
            if self.quiet and isinstance(stmt, If):
                flags_of = said_by_arms(stmt)
                known = [told_by(flags, told, self.told_of) for flags in flags_of]
                ways = [way | names for way, names in zip([*ways, set(sure)], known, strict=True)]
                bodies = [*(arm.body for arm in stmt.arms), stmt.orelse]
                ends = [n | surely(b) for n, b in zip(known, bodies, strict=True) if goes_on(b)]
                ended = set.intersection(*ends) if ends else set()
            each = iter([*ways, *[set(sure)] * len(blocks(stmt))])
            inside = going_on(told, stmt)
            out.append(with_blocks(stmt, lambda inner: self.block(inner, next(each), own, inside)))  # noqa: B023
            if not has_blocks:
                out += self.told(own, sure)
            told = inside
            for flags, body in zip(flags_of, bodies, strict=True):
                still = [flag for flag in flags if len(flags) == 1 and flag[0] not in bound_in((stmt,))]
                told = {**told, **{f: told.get(f, frozenset()) | surely(body) for f in still}}
            sure |= surely((stmt,)) | ended
        return tuple(out)

    def told(self, names: tuple[str, ...], sure: set[str]) -> list[Stmt]:
        return [Assign((self.flags[n],), (Const(True),)) for n in names if n in self.flags and n not in sure]

    def asked(self, stmt: Stmt, sure: set[str], told: Told = NOTHING_TOLD) -> list[Stmt]:
        out: list[Stmt] = []
        asked: set[tuple[str, int]] = set()
        passing = read_quietly(stmt) if self.quiet else None
        for name, under in list(read_by(stmt)):  # a list: what is held by none might go by the same number
            if name not in self.flags or name in sure or (name, id(under)) in asked:
                continue
            if passing is not None and name not in passing:
                sure |= set() if under else {name}
                continue
            if self.quiet and name in told_by((f for test in under for f in said(test, True)), told, self.told_of):
                continue
            asked.add((name, id(under)))
            if not all(map(asked_twice, under)):
                self.missed.add(name)
                continue
            unbound = Unary("not", Name(self.flags[name]))
            turns = any(map(takes_turns, under))
            tests = (unbound, *under) if turns else (*under, unbound)  # what is gone through is asked last
            out.append(raising(name, tests, self.inside or turns, stmt.origin))
            self.met[name] = None
            sure |= set() if under else {name}
        return out

    def with_functions(self, stmt: Stmt, sure: set[str]) -> Stmt:
        """The statement, the functions inside it asking where they run."""
        if isinstance(stmt, Define):
            inner = self.function(stmt.function, sure)
            return stmt if inner is stmt.function else replace(stmt, function=inner)
        if all(self.function(f, sure) is f for f in lambdas_in(stmt)):
            return stmt
        each = iter(blocks(stmt))
        head = rewrite(with_blocks(stmt, lambda _: ()), lambda e: self.expression(e, sure), str)
        return with_blocks(head, lambda _: next(each))

    def expression(self, expr: Expr, sure: set[str]) -> Expr:
        if isinstance(expr, Lambda):
            inner = self.function(expr.function, sure)
            return expr if inner is expr.function else replace(expr, function=inner)
        hidden = expr.names if isinstance(expr, Comprehension) else frozenset()
        return rebuild(expr, lambda e: self.expression(e, sure | hidden))

    def function(self, function: Function, sure: set[str]) -> Function:
        hidden = own_names(function)
        flags = {n: flag for n, flag in self.flags.items() if n not in hidden and n not in sure}
        asking = _Asking(flags, self.met, self.missed, True)
        body = asking.block(function.body, set())
        if all(a is b for a, b in zip(body, function.body, strict=False)) and len(body) == len(function.body):
            return function
        told = {flags[n] for n in function.outer & flags.keys()}
        return replace(function, body=body, outer=function.outer | told)


def asked_twice(test: Expr) -> bool:
    """May it be evaluated once more? The turns of a comprehension may: if there are any, that raises."""
    return takes_turns(test) or all(isinstance(e, ASKED_TWICE) for e in subexpressions(test))


def takes_turns(test: Expr) -> bool:
    """Does it ask whether a comprehension has turns?"""
    return isinstance(test, Call) and test.at is None and any(isinstance(a, Comprehension) for a in test.args)


def raising(name: str, tests: tuple[Expr, ...], inside: bool, origin: Origin | None) -> If:
    kind, message = ("NameError", INSIDE) if inside else ("UnboundLocalError", MESSAGE)
    error = Call(builtin_ref(kind), (Const(message.format(name)),))
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
    own = () if isinstance(stmt, Try) else expressions(stmt)
    for expr in (*own, *defaults(stmt.function)) if isinstance(stmt, Define) else own:
        yield from ((n, under) for n, under in read_in(expr, ()) if n not in bound)


def read_quietly(stmt: Stmt) -> set[str]:
    """The names that a statement reads where None would do as well as a value does."""
    found: set[str] = set()

    def walk(expr: Expr, passes: bool) -> None:
        match expr:
            case Name(id):
                found.update((id,) if passes else ())
            case Binary() | Unary(op="-" | "+" | "~") | Attribute():
                for inner in children(expr):
                    walk(inner, False)
            case Compare(ops=ops) if not {"==", "!=", "is", "is not", "in", "not in"}.intersection(ops):
                for inner in children(expr):
                    walk(inner, False)
            case Index(value, index):
                walk(value, False)
                walk(index, True)
            case _:
                for inner in children(expr):
                    walk(inner, True)

    for expr in expressions(stmt):
        walk(expr, not isinstance(stmt, For | Augment))
    return found


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
            yield from read_in_turns(expr, under)
        case Lambda(function):
            for default in defaults(function):
                yield from read_in(default, under)
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


def read_in_turns(expr: Comprehension, under: tuple[Expr, ...]) -> Iterator[tuple[str, tuple[Expr, ...]]]:
    """Of a comprehension: what each part reads, if anything gets that far."""
    clauses: tuple[Clause, ...] = ()

    def inner(part: Expr | None) -> Iterator[tuple[str, tuple[Expr, ...]]]:
        if part is None:
            return
        some = (Call(builtin_ref("any"), (Comprehension("generator", Const(True), None, clauses, expr.names),)),)
        for name in sorted(names(part) - expr.names):
            yield name, (*under, *some)

    for clause in expr.clauses:
        yield from inner(clause.iterable) if clauses else read_in(clause.iterable, under)
        clauses = (*clauses, Clause(clause.target, clause.iterable))
        for condition in clause.conditions:
            yield from inner(condition)
            *before, last = clauses
            clauses = (*before, replace(last, conditions=(*last.conditions, condition)))
    yield from inner(expr.element)
    yield from inner(expr.value)
