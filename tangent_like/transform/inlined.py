"""Short functions of the user's, written out in the loops that call them, where Numba compiles the derivative.

Before                                   After

    for i in range(n):                       for i in range(n):
        k, l = slope(x + h, y, p)                x_2 = x + h
        x += h * k                               k, l = p[0] * x_2, p[1] * x_2 * y
        y += h * l                               x += h * k
                                                 y += h * l

The halves of a function return an adjoint of each argument, an array of its own for each array, and keep their
arguments in a tuple for every call. In Python that is little beside the call. Compiled, it is most of the time: what
is written out keeps numbers alone, and adds to the adjoint that there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tangent_like.analysis.typing import Typing
from tangent_like.frontend.normalize import is_none
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Break,
    Call,
    Choose,
    Comment,
    Compare,
    Comprehension,
    Const,
    Continue,
    Do,
    Each,
    Expr,
    For,
    Function,
    If,
    Lambda,
    Logic,
    Name,
    Opaque,
    Return,
    Stmt,
    Store,
    Tuple,
    UserFunction,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    binds,
    called_by,
    expressions,
    names,
    reads,
    rebuild,
    statements,
    subexpressions,
    substitute,
    with_body,
)

# A function that may be written out, with what it calls written out; None for any other. Of a call, its place, and
# whether it is all that its statement computes: only there it may write its arguments.
BodyOf = Callable[[UserFunction, Call, Stmt, Typing, bool], "Function | None"]

# Statements of a function that may be written out. Where a turn or a loop ends, it is one of its own.
WRITTEN_OUT = Assign | Augment | Store | For | While | If | Break | Continue | Return | Comment | Do

NOTHING: Mapping[str, str] = {}
# How many statements may be written out, for all calls of one function.
MOST = 48


def inlined(function: Function, typing: Typing, namer: Namer, body_of: BodyOf, in_loop: bool = False) -> Function:
    """The function with calls in loops written out; itself where there is none. ``in_loop``: it is called in one."""
    calls = Counter(called_by(e) for s in statements(function.body) for x in expressions(s) for e in subexpressions(x))
    if not calls.keys() - {None}:
        return function
    own = {p.name for p in function.params}.union(*({*reads(s), *binds(s)} for s in statements(function.body)))
    work = _Inliner(typing, namer, body_of, calls, own)
    body = work.block(function.body, in_loop)
    return with_body(function, body) if work.changed else function


def may_be_written_out(function: Function) -> bool:
    """Is it numbers and arrays, calls of such functions, loops and branches, and one ``return`` at the end?"""
    if not function.body or not isinstance(function.body[-1], Return) or function.body[-1].value is None:
        return False
    for stmt in statements(function.body):
        if not isinstance(stmt, WRITTEN_OUT) or (isinstance(stmt, Do) and called_by(stmt.value) is None):
            return False
        if isinstance(stmt, Return) and stmt is not function.body[-1]:
            return False
        if isinstance(stmt, For) and (stmt.slots or stmt.walked):
            return False
        for expr in expressions(stmt):
            if any(isinstance(e, Opaque | Lambda | Comprehension) for e in subexpressions(expr)):
                return False
    return not any(p.star for p in function.params)


@dataclass(eq=False)
class _Inliner:
    typing: Typing
    namer: Namer
    body_of: BodyOf
    calls: Counter[UserFunction | None]
    own: set[str]  # the names of the function, and those of others that it has by now
    out: list[Stmt] = field(default_factory=list)
    changed: bool = False

    def block(self, block: Block, in_loop: bool) -> Block:
        made: list[Stmt] = []
        for stmt in block:
            inner = in_loop or isinstance(stmt, For | Each | While)
            new = with_blocks(stmt, lambda b, inner=inner: self.block(b, inner))  # type: ignore[misc]
            made.extend(self.statement(stmt, new) if in_loop else [new])
        return tuple(made)

    def statement(self, stmt: Stmt, new: Stmt) -> list[Stmt]:
        """The statement ``new``, which stood as ``stmt``, after what its calls do."""
        if not isinstance(stmt, Assign | Augment | Store | Return | Do) or stmt not in self.typing.before:
            return [new]
        calls = [e for x in expressions(stmt) for e in subexpressions(x) if called_by(e) is not None]
        bodies = {c: self.body(c, stmt) for c in calls if isinstance(c, Call)}
        if not bodies or None in bodies.values():
            return [new]  # another call might write what is read by one that would come before it
        self.out = []
        if isinstance(stmt, Do) and stmt.value in bodies:
            assert isinstance(stmt.value, Call)
            self.opened(stmt.value, bodies, stmt)
            return self.out
        if not all(body is not None and returns_value(body) for body in bodies.values()):
            return [new]
        if isinstance(stmt, Assign) and len(stmt.values) == 1 and stmt.values[0] in bodies:
            call = stmt.values[0]
            assert isinstance(call, Call)
            value = self.opened(call, bodies, stmt, _into(bodies[call], stmt.targets, call))
            if isinstance(value, Name) and stmt.targets == (value.id,) and self.out:
                return self.out
            if len(stmt.targets) == 1 and not isinstance(value, Tuple):
                return [*self.out, Assign(stmt.targets, (value,), stmt.origin)]
            if isinstance(value, Tuple) and len(value.items) == len(stmt.targets) > 1:
                if all(isinstance(v, Name) and v.id == t for t, v in zip(stmt.targets, value.items, strict=True)):
                    return self.out
                return [*self.out, Assign(stmt.targets, value.items, stmt.origin)]
            return [new]
        if any(isinstance(body.body[-1].value, Tuple) for body in bodies.values()):  # type: ignore[union-attr]
            return [new]
        done = rewrite(stmt, lambda e: self.expression(e, bodies, stmt), lambda n: n)
        return [*self.out, done]

    def body(self, call: Call, stmt: Stmt) -> Function | None:
        target = called_by(call)
        assert target is not None
        found = self.body_of(target, call, stmt, self.typing, is_whole(call, stmt))
        if found is None or bound_by(found, call) is None or not self.is_always_called(call, stmt):
            return None
        return found if sum(1 for _ in statements(found.body)) * self.calls[target] <= MOST else None

    def is_always_called(self, call: Call, stmt: Stmt) -> bool:
        """And from the place where it stands, not from within a function or by the items of a comprehension."""
        held = [e for x in expressions(stmt) for e in subexpressions(x)]
        maybe = [e for e in held if isinstance(e, Choose | Logic | Comprehension) or _is_chain(e)]
        return not any(e is call for m in maybe for e in subexpressions(m))

    def expression(self, expr: Expr, bodies: dict[Call, Function | None], stmt: Stmt) -> Expr:
        if isinstance(expr, Call) and expr in bodies:
            return self.opened(expr, bodies, stmt)
        return rebuild(expr, lambda e: self.expression(e, bodies, stmt))

    def opened(
        self, call: Call, bodies: dict[Call, Function | None], stmt: Stmt, into: Mapping[str, str] = NOTHING
    ) -> Expr:
        """What stands for the call; the statements of the function come before. ``into``: what its names are called."""
        self.changed = True
        function = bodies[call]
        assert function is not None
        given = bound_by(function, call)
        assert given is not None
        bound = {n for s in statements(function.body) for n in binds(s)}
        table: dict[str, Expr] = {}
        for name, arg in given.items():
            arg = self.expression(arg, bodies, stmt)  # noqa: PLW2901
            if name not in bound and isinstance(arg, Name | Const):
                table[name] = arg
                continue
            fresh = self.named(name)
            self.out.append(Assign((fresh,), (arg,), stmt.origin))
            table[name] = Name(fresh)
        for name in sorted(bound - table.keys()):
            if name in into:
                table[name] = Name(into[name])
                continue
            table[name] = Name(self.named(name))

        def rename(name: str) -> str:
            found = table.get(name)
            return found.id if isinstance(found, Name) else name

        *body, last = function.body
        self.out.extend(rewrite(s, lambda e: substitute(e, table), rename) for s in body)
        assert isinstance(last, Return) and last.value is not None
        return substitute(last.value, table)

    def named(self, name: str) -> str:
        """As it is, where no name of the function is the same."""
        found = self.namer.fresh(name) if name in self.own else name
        self.own.add(found)
        return found


def _into(function: Function | None, targets: tuple[str, ...], call: Call) -> dict[str, str]:
    """The names of results in the function, by which their targets are called: none of those is read by the call."""
    assert function is not None
    value = function.body[-1].value if isinstance(function.body[-1], Return) else None
    items = value.items if isinstance(value, Tuple) else ()
    results = [item.id for item in items if isinstance(item, Name)]
    bound = {n for s in statements(function.body) for n in binds(s)} - {p.name for p in function.params}
    apart = len(set(results)) == len(items) == len(targets) == len(set(targets)) and bound.issuperset(results)
    free = not {n for e in (call, *(v for _, v in call.keywords)) for n in names(e)} & set(targets)
    return dict(zip(results, targets, strict=True)) if apart and free else {}


def returns_value(function: Function) -> bool:
    last = function.body[-1]
    return isinstance(last, Return) and last.value is not None and not is_none(last.value)


def is_whole(call: Call, stmt: Stmt) -> bool:
    """Is a call all that a statement computes, which reads nothing before it? ``a[i] += f(a)`` reads ``a[i]``."""
    match stmt:
        case Do(value) | Augment(value=value):
            return value is call
        case Assign(values=(value,)):
            return value is call
        case _:
            return False


def _is_chain(expr: Expr) -> bool:
    return isinstance(expr, Compare) and len(expr.ops) > 1


def bound_by(function: Function, call: Call) -> dict[str, Expr] | None:
    """The arguments by parameter, as they are evaluated; literals where they are left out."""
    plain = [p for p in function.params if not p.keyword_only]
    if len(call.args) > len(plain):
        return None
    table: dict[str, Expr] = {p.name: a for p, a in zip(plain, call.args, strict=False)}
    known = {p.name for p in function.params}
    for name, value in call.keywords:
        if name in table or name not in known:
            return None
        table[name] = value
    for param in function.params:
        if param.name not in table:
            if not isinstance(param.default, Const):
                return None
            table[param.name] = param.default
    return table

