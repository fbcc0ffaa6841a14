"""What a program writes into things of its module is read nowhere but where that is done for the moment.

A function that only computes, and that the program calls, would take what it reads there for the constant that it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType

from tangent_like.errors import DifferentiationError, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.frontend.of_module import may_write_module
from tangent_like.ir.nodes import (
    Attribute,
    Bind,
    Call,
    Const,
    Do,
    Expr,
    Function,
    Global,
    Index,
    Library,
    Opaque,
    Origin,
    Ref,
    Stmt,
    Store,
    UserFunction,
)
from tangent_like.ir.outside_calls import GETITEM, of_table
from tangent_like.ir.walk import children, expressions, statements, subexpressions
from tangent_like.kinds.structure import children_of
from tangent_like.specialize.facts import Outside
from tangent_like.specialize.outside import module_of
from tangent_like.specialize.outside_tables import ITEMS, MISSING, held_by, names_of
from tangent_like.transform.lowered import functions_in

DEEPEST = 6
BY_NAME = ("getattr", "setattr", "hasattr")


def refuse_other_reads(
    functions: Iterable[Function], outside: Outside, read: Callable[[UserFunction], Function]
) -> None:
    """``read``: what is called by its own name, as it is written."""
    if not outside.written:
        return
    check = _Check({key for key, name in outside.written if name == ITEMS}, outside)
    pending, seen = list(functions), set[UserFunction]()
    while pending:
        function = pending.pop()
        check.function(function)
        for target in functions_in(function):
            if target not in seen:
                seen.add(target)
                with suppress(DifferentiationError):  # refused where it matters, with its place
                    pending.extend((read(target),) if callable(target.source) else ())


@dataclass(frozen=True, eq=False)
class _Check:
    tables: set[int]
    outside: Outside
    origin: Origin | None = None
    own: bool = False

    def function(self, function: Function) -> None:
        """``own``: a function that writes there runs once, as it is written, and what it reads is what is there."""
        own = any(map(may_write_module, statements(function.body)))
        inside = _Check(self.tables, self.outside, function.origin, own)
        for stmt in statements(function.body):
            if may_write_module(stmt):
                inside.written(stmt)
                continue
            for top in expressions(stmt):
                inside.expr(top, stmt)

    def written(self, stmt: Stmt) -> None:
        """What a statement of the user's reads to write there: not the place itself, if it only sets it."""
        match stmt:
            case Store(target, op, value) | Bind(target, op, value):
                if op and (self.is_varied(target)):
                    raise self.refusal(stmt, "which is given what may carry a derivative, and read,")
                for part in (value, *((target.index,) if isinstance(target, Index) else ())):
                    self.expr(part, stmt)
            case Do(Call(_, args, keywords)):
                for part in (*args, *(v for _, v in keywords)):
                    self.expr(part, stmt)

    def is_varied(self, place: Expr) -> bool:
        match place:
            case Index(table, index):
                return any(name in self.outside.varied for name in names_of(held_by(table), index))
            case Attribute(_, name):
                return name in self.outside.varied
            case _:
                return False

    def expr(self, expr: Expr, stmt: Stmt) -> None:
        match expr:
            case Call(Ref(target=Library("builtins", how)), (of, Const(str(name)), *rest)) if how in BY_NAME:
                if held_by(of) is not MISSING:
                    if how == "getattr" and name in self.outside.varied:
                        raise self.refusal(stmt, "which is given what may carry a derivative, and read,")
                    for part in rest:
                        self.expr(part, stmt)
                    return
            case Opaque(refs=refs):
                told = isinstance(stmt, Do)  # where it stands, and nowhere else
                for ref in refs if not told else (r for r in refs if writes_name(self.outside, r)):
                    self.expr(ref, stmt)
                return
        if (call := of_table(expr)) is not None:
            table, *rest = call.args
            for part in (*rest, *((table.index,) if isinstance(table, Index) else ())):
                self.expr(part, stmt)
            if isinstance(call.func, Ref) and call.func.target == GETITEM.target:
                if self.is_varied(Index(table, rest[0])):
                    raise self.refusal(stmt, "which is given what may carry a derivative, and read,")
            return
        held = held_by(expr)
        if held is MISSING:
            for part in children(expr):
                self.expr(part, stmt)
        elif (reaches(held, self.tables, DEEPEST) or self.is_written(expr)) and not (self.own and self.is_note(expr)):
            raise self.refusal(stmt, "which another function of the program writes,")

    def is_note(self, place: Expr) -> bool:
        """Is it an item, or an attribute, that is given nothing that may carry a derivative?"""
        if writes_name(self.outside, place):
            return place.target.name not in self.outside.varied  # type: ignore[union-attr]
        held = held_by(place)
        if id(held) in self.tables:  # as a whole: no item of it may carry a derivative
            return not any(name.startswith(f"{id(held)}[") for name in self.outside.varied)
        return isinstance(place, Index | Attribute) and not self.is_varied(place)

    def refusal(self, stmt: Stmt, what: str) -> UnsupportedError:
        place = place_of(getattr(stmt, "origin", None) or self.origin)
        what = f"something of the module, {what} is not differentiated"
        return UnsupportedError(what, place, "pass it as an argument")

    def is_written(self, expr: Expr) -> bool:
        """Is it, on the way to it, an attribute or an item that is written?"""
        while isinstance(expr, Attribute | Index):
            of = held_by(expr.value)
            if isinstance(expr, Attribute) and of is not MISSING and self.outside.may_write(of, expr.name):
                return True
            if isinstance(expr, Index) and id(of) in self.tables:
                return True
            expr = expr.value
        return writes_name(self.outside, expr)


def writes_name(outside: Outside, expr: Expr) -> bool:
    """Is it a name of the module, which a function of the program writes?"""
    target = expr.target if isinstance(expr, Ref) else None
    module = module_of(target) if isinstance(target, Global) else None
    return module is not None and outside.may_write(module, target.name)  # type: ignore[union-attr]


def reads_written_name(
    target: UserFunction, outside: Outside, read: Callable[[UserFunction], Function]
) -> bool:
    """Does a function, or one that it calls, read a name of the module that a function of the program writes?"""
    if not any(isinstance(held, ModuleType) for held in outside.written.values()):
        return False
    pending, seen = [target], {target}
    while pending:
        one = pending.pop()
        with suppress(DifferentiationError):  # refused where it matters, with its place
            function = read(one)
            for stmt in statements(function.body):
                for top in expressions(stmt):
                    if any(writes_name(outside, expr) for expr in subexpressions(top)):
                        return True
            pending += [t for t in functions_in(function) if t not in seen and callable(t.source)]
            seen.update(pending)
    return False


def reaches(held: object, tables: set[int], deep: int) -> bool:
    if id(held) in tables:
        return True
    parts = children_of(held) if deep else None
    return parts is not None and any(reaches(item, tables, deep - 1) for _, item in parts[2])
