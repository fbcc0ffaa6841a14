"""Methods that write lists, as statements of the small language.

Before                                   After

    xs.append(x * x)                         Push   xs, x * x
    y = f(xs.pop())                          Pop    popped = xs.pop()
                                             Assign y = f(popped)
    xs.insert(0, x)                          Store  xs[:] = xs[:0] + [x] + xs[0:]
    xs.extend(ys)                            Each   item in ys: Push xs, item

What is popped where Python might not come to it, in the second half of an ``and``, is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Compare,
    Comprehension,
    Const,
    Do,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Lambda,
    Library,
    List,
    Logic,
    Loop,
    Name,
    Origin,
    Pop,
    Push,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import base_name, children, names, rebuild

ALL = Slice(None, None, None)


def list_statements(function: Function, namer: Namer) -> Function:
    """The function with ``append``, ``pop`` and their like as statements."""
    worker = _Lister(namer)
    body = worker.block(function.body)
    own = function.own | frozenset(worker.made) if function.own else function.own
    return replace(function, body=body, own=own)


class _Lister:
    def __init__(self, namer: Namer) -> None:
        self.namer = namer
        self.made: list[str] = []

    def fresh(self, wanted: str) -> str:
        name = self.namer.fresh(wanted)
        self.made.append(name)
        return name

    def block(self, block: Block) -> Block:
        return tuple([new for stmt in block for new in self.statement(stmt)])

    def statement(self, stmt: Stmt) -> list[Stmt]:
        match stmt:
            case Do(Call(Attribute(value, method), args, ())) if base_name(value) is not None and not _deep(args):
                return self.method(stmt, value, method, args)
            case Assign((target,), (Call(Attribute(Name(id), "pop"), args, ()),)) if not _deep(args):
                return self.popped(target, id, args, stmt.origin) or [stmt]
            case If():
                return self.branch(stmt)
            case For():
                before, args = self.hoisted(stmt.args, stmt.origin)
                return [*before, replace(stmt, args=args, body=self.block(stmt.body))]
            case Each():
                before, (iterable,) = self.hoisted((stmt.iterable,), stmt.origin)
                return [*before, replace(stmt, iterable=iterable, body=self.block(stmt.body))]
            case Loop():
                return [replace(stmt, body=self.block(stmt.body))]
            case Assign():
                before, values = self.hoisted(stmt.values, stmt.origin)
                return [*before, replace(stmt, values=values)] if before else [stmt]
            case Store(target_, op, value):
                before, (value,) = self.hoisted((value,), stmt.origin, set(names(target_)) if op else set())
                return [*before, replace(stmt, value=value)] if before else [stmt]
            case Augment() | Do():
                before, (value,) = self.hoisted((stmt.value,), stmt.origin)
                return [*before, replace(stmt, value=value)] if before else [stmt]
            case Return(value) if value is not None:
                before, (value,) = self.hoisted((value,), stmt.origin)
                return [*before, replace(stmt, value=value)] if before else [stmt]
            case _:
                return [with_blocks(stmt, self.block)]

    def branch(self, stmt: If) -> list[Stmt]:
        """What the first condition pops is popped before; a later one becomes an ``if`` of its own."""
        first, *rest = stmt.arms
        before, (test,) = self.hoisted((first.test,), stmt.origin)
        for k, arm in enumerate(rest):
            if _pops(arm.test):
                orelse: Block = (If(tuple(rest[k:]), stmt.orelse, arm.origin),)
                rest = rest[:k]
                break
        else:
            orelse = stmt.orelse
        arms = [Arm(test, self.block(first.body), first.origin)]
        arms += [Arm(a.test, self.block(a.body), a.origin) for a in rest]
        return [*before, replace(stmt, arms=tuple(arms), orelse=self.block(orelse))]

    # -- methods called for their effect --

    def method(self, stmt: Do, value: Expr, method: str, args: tuple[Expr, ...]) -> list[Stmt]:
        origin = stmt.origin
        make = self.making(method, args, origin)
        if make is None:
            return [stmt]
        before, args = self.hoisted(args, origin)
        if isinstance(value, Name):
            return [*before, *make(value.id, args)]
        name = self.fresh(f"{base_name(value)}_item")
        return [Assign((name,), (value,), origin), *before, *make(name, args)]

    def making(
        self, method: str, args: tuple[Expr, ...], origin: Origin | None
    ) -> Callable[[str, tuple[Expr, ...]], list[Stmt]] | None:
        match method, args:
            case "append", (_,):
                return lambda xs, args: [Push(xs, args[0], origin)]
            case "extend", (_,):
                return lambda xs, args: self.extended(xs, args[0], origin)
            case "pop", () | (Const(0 | -1),) | (Unary("-", Const(1)),):
                return lambda xs, args: self.dropped(xs, args, origin)
            case "insert", (_, _):
                return lambda xs, args: self.inserted(xs, args[0], args[1], origin)
            case "reverse", ():
                backwards = Slice(None, None, Unary("-", Const(1)))
                return lambda xs, _: [Store(Index(Name(xs), ALL), "", Index(Name(xs), backwards), origin)]
            case "clear", ():
                return lambda xs, _: [Store(Index(Name(xs), ALL), "", List(()), origin)]
            case _:
                return None

    def extended(self, xs: str, value: Expr, origin: Origin | None) -> list[Stmt]:
        if isinstance(value, List | Tuple):
            held: list[Expr] = []
            out: list[Stmt] = []
            for item in value.items:
                held.append(item)
                if xs in names(item):  # all are evaluated before the first is put there
                    name = self.fresh("item")
                    held[-1] = Name(name)
                    out.append(Assign((name,), (item,), origin))
            return [*out, *(Push(xs, item, origin) for item in held)]
        item_name = self.fresh("item")
        body: Block = (Push(xs, Name(item_name), origin),)
        if isinstance(value, Call) and isinstance(value.func, Ref) and isinstance(value.func.target, Library):
            if value.func.target == Library("builtins", "range", None):
                return [For(item_name, value.args, body, origin)]
            if value.func.target.module == "builtins":
                return [Loop(Name(item_name), value, body, origin)]
        if not isinstance(value, Name | Index | Attribute | Binary | Ref | Call):
            return [Loop(Name(item_name), value, body, origin)]
        return [Each(item_name, value, body, origin)]

    def dropped(self, xs: str, args: tuple[Expr, ...], origin: Origin | None) -> list[Stmt]:
        return self.popped(self.fresh("popped"), xs, args, origin) or []

    def inserted(self, xs: str, at: Expr, value: Expr, origin: Origin | None) -> list[Stmt]:
        before: list[Stmt] = []
        if not isinstance(at, Const | Name) and not (isinstance(at, Unary) and isinstance(at.operand, Const)):
            name = self.fresh("place")
            before.append(Assign((name,), (at,), origin))
            at = Name(name)
        front = Index(Name(xs), Slice(None, at, None))
        new = Binary("+", Binary("+", front, List((value,))), Index(Name(xs), Slice(at, None, None)))
        return [*before, Store(Index(Name(xs), ALL), "", new, origin)]

    # -- pop --

    def popped(self, target: str, xs: str, args: tuple[Expr, ...], origin: Origin | None) -> list[Stmt] | None:
        """``target = xs.pop(...)``; None for a dict's, or a place that is not known."""
        match args:
            case () | (Const(-1),) | (Unary("-", Const(1)),):
                return [Pop(Name(target), xs, origin)]
            case (Const(int(at)),) if at is not True and at is not False and at >= 0:
                rest: Expr = Index(Name(xs), Slice(Const(at + 1), None, None))
                if at:
                    rest = Binary("+", Index(Name(xs), Slice(None, Const(at), None)), rest)
            case (Unary("-", Const(int(at))),) if at > 1:
                low, high = Unary("-", Const(at)), Unary("-", Const(at - 1))
                rest = Binary(
                    "+", Index(Name(xs), Slice(None, low, None)), Index(Name(xs), Slice(high, None, None))
                )
            case _:
                return None
        if target == xs:
            return None
        return [
            Assign((target,), (Index(Name(xs), args[0]),), origin),
            Store(Index(Name(xs), ALL), "", rest, origin),
        ]

    def hoisted(
        self, exprs: tuple[Expr, ...], origin: Origin | None, read: set[str] | None = None
    ) -> tuple[list[Stmt], tuple[Expr, ...]]:
        """The expressions with what they pop taken out, into statements before them."""
        if not any(map(_pops, exprs)):
            return [], exprs
        out: list[Stmt] = []
        seen: set[str] = set(read or ())  # names read before, in the order of evaluation

        def go(expr: Expr) -> Expr:
            match expr:
                case Name(id):
                    seen.add(id)
                    return expr
                case Call(Attribute(Name(id), "pop"), args, ()) if id not in seen and not _deep(args):
                    name = self.fresh("popped")
                    stmts = self.popped(name, id, args, origin)
                    if stmts is None:
                        return expr
                    out.extend(stmts)
                    return Name(name)
                case Logic(op, values):
                    seen.update(names(expr))
                    return Logic(op, (go(values[0]), *values[1:]), expr.at)
                case Choose(test, body, orelse):
                    new = go(test)
                    seen.update(names(expr))
                    return Choose(new, body, orelse, expr.at)
                case Compare(left, ops, rights):
                    new, one = go(left), go(rights[0])
                    seen.update(names(expr))
                    return Compare(new, ops, (one, *rights[1:]), expr.at)
                case Lambda() | Comprehension():
                    return expr
                case _:
                    return rebuild(expr, go)

        new = tuple([go(e) for e in exprs])
        return out, new


def _pops(expr: Expr) -> bool:
    pending = [expr]
    while pending:
        match pending.pop():
            case Call(Attribute(Name(), "pop"), _, ()):
                return True
            case Lambda() | Comprehension():
                continue
            case other:
                pending.extend(children(other))
    return False


def _deep(args: tuple[Expr, ...]) -> bool:
    """Do the arguments take from lists themselves, after the list that they are for has been looked up?"""
    return len(args) > 1 and any(map(_pops, args))
