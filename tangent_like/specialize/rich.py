"""What of a function only ``specialize`` reads: where it is, and what to say where it cannot stand."""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.frontend.expressions import IN_PLACE_METHODS, METHODS
from tangent_like.ir.nodes import (
    Attribute,
    Bind,
    Call,
    Comprehension,
    Define,
    Dict,
    Expr,
    Function,
    Lambda,
    Loop,
    Origin,
    Ref,
    SetOf,
    Starred,
    Stmt,
    Walrus,
)
from tangent_like.ir.walk import expressions, statements, subexpressions

EXPRESSIONS: dict[type, tuple[str, str]] = {
    Lambda: ("a lambda", "write a def at the top of the module"),
    Dict: ("a dict display", "use names or an array"),
    SetOf: ("a set display", "use names or an array"),
    Starred: ("a starred expression", "write the items out"),
    Walrus: (":=", "assign before the statement"),
    Comprehension: ("a comprehension", "write a loop that fills an array"),
}
STATEMENTS: dict[type, tuple[str, str]] = {
    Bind: ("this assignment", "assign to a name"),
    Loop: ("a loop over this", "loop over range(len(...)) and index"),
    Define: ("a nested def", "move it to the top of the module"),
}


def rich_parts(function: Function) -> Iterator[tuple[Stmt | None, Expr | None, str, str]]:
    """The parts that the core does not know, with what they are called and a way out."""
    for param in function.params:
        if param.star:
            yield None, None, f"{param.star}{param.name}", "name the parameters"
    for stmt in statements(function.body):
        found = STATEMENTS.get(type(stmt))
        if found is not None:
            yield stmt, None, *found
        for top in expressions(stmt):
            for expr in subexpressions(top):
                known = EXPRESSIONS.get(type(expr))
                if known is not None:
                    yield stmt, expr, *known
                elif isinstance(expr, Call):
                    if isinstance(expr.func, Attribute) and expr.func.name in IN_PLACE_METHODS - METHODS:
                        what = f"the method .{expr.func.name}(), which writes in place,"
                        yield stmt, expr, what, "assign the result to a name"
                    elif not isinstance(expr.func, Ref | Attribute):
                        yield stmt, expr, "a call of this", "call a function by its name"


def is_rich(function: Function) -> bool:
    return any(True for _ in rich_parts(function))


def origin_of(stmt: Stmt | None, function: Function) -> Origin:
    return getattr(stmt, "origin", None) or function.origin
