"""A short product of numbers that two statements read, where they read it.

Before                                   After

    t_bar = y_bar * y                        w_bar += y_bar * y * x
    w_bar += t_bar * x                       x_bar += y_bar * y * w + z
    x_bar += t_bar * w + z

It costs one multiplication more, and the name of what is no variable of the user's less. Of two names, or a name and a
number, that are the same where it is read; and only where a product goes on with it, or a sum, so that the same is
computed in the same order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import Assign, Augment, Binary, Block, Call, Expr, Function, Name, Stmt, Store, Unary
from tangent_like.ir.walk import binds, bound_in, expressions, names, statements, subexpressions, substitute
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.width import COLUMNS, line_width

UNNAMED = "t_bar"  # what names begin with of what is no variable's adjoint
FAR = 12  # how many statements on


def restated(function: Function, facts: Facts) -> Function:
    found = [s for s in statements(function.body) if _said(s, facts) is not None]
    if not found:
        return function
    binding = Counter(n for s in statements(function.body) for n in binds(s))
    tops = [top for s in statements(function.body) for top in expressions(s)]
    reading = Counter(e.id for top in tops for e in subexpressions(top) if isinstance(e, Name))

    def block(body: Block, depth: int) -> Block:
        out = [change_blocks(stmt, lambda inner: block(inner, depth + 1)) for stmt in body]
        k = 0
        while k < len(out):
            said = _said(out[k], facts)
            if said is not None and binding[said[0]] == 1 and reading[said[0]] == 2:
                new = _with(out[k + 1 : k + 1 + FAR], *said, depth)
                if new is not None:
                    out[k : k + 1 + FAR] = new
                    continue
            k += 1
        return tuple(out)

    return with_body(function, block(function.body, 1))


def _said(stmt: Stmt, facts: Facts) -> tuple[str, Binary] | None:
    """The name and the product or quotient, if it is such a one."""
    match stmt:
        case Assign((name,), (Binary("*" | "/", left, right) as value,), None, "") if name.startswith(UNNAMED):
            parts = [left.operand if isinstance(left, Unary) and left.op == "-" else left, right]
            plain = all(isinstance(p, Name) and facts.is_number(p.id) for p in parts if not is_number(p))
            return (name, value) if plain and facts.mine(stmt) and facts.is_number(name) else None
        case _:
            return None


def _with(after: list[Stmt], name: str, value: Binary, depth: int) -> list[Stmt] | None:
    """What follows, with the value in it; None where that is not the same, or long."""
    given, left = names(value), 2
    out: list[Stmt] = []
    for stmt in after:
        places = [_places(e, name) for e in expressions(stmt)] if left else []
        if None in places:
            return None
        count = sum(p or 0 for p in places)
        new = stmt
        if count:
            if count > 1 or not isinstance(stmt, Assign | Augment | Store) or stmt.origin is not None:
                return None
            new = _put_into(stmt, name, value)
            if line_width(new, depth) > COLUMNS:
                return None
            left -= 1
        elif left and any(name in names(e) for s in statements((stmt,)) for e in expressions(s)):
            return None
        out.append(new)
        if left and given & bound_in((stmt,)):
            return None
    return None if left else out


def _put_into(stmt: Assign | Augment | Store, name: str, value: Binary) -> Stmt:
    """The statement with the value in the place of the name; what is negative is subtracted."""
    flipped = value
    if isinstance(value.left, Unary):
        flipped = Binary(value.op, value.left.operand, value.right)

    def put(expr: Expr) -> Expr:
        match expr:
            case Binary("+" | "-" as op, left, right) if flipped is not value and _leads(right, name):
                return Binary("-" if op == "+" else "+", put(left), substitute(right, {name: flipped}))
            case Binary("+" | "-" as op, left, right):
                return Binary(op, put(left), put(right))
            case _:
                return substitute(expr, {name: value})

    if isinstance(stmt, Assign) or stmt.op not in ("+", "-") or flipped is value:
        return with_expressions(stmt, put)
    if _leads(stmt.value, name):
        return replace(stmt, op="-" if stmt.op == "+" else "+", value=substitute(stmt.value, {name: flipped}))
    return with_expressions(stmt, put)


def _leads(expr: Expr, name: str) -> bool:
    """Does a product begin with it?"""
    while isinstance(expr, Binary) and expr.op in ("*", "/"):
        expr = expr.left
    return isinstance(expr, Name) and expr.id == name


def _places(expr: Expr, name: str, first: bool = True) -> int | None:
    """How often is it read at the beginning of a product, or as a term? None where it is read elsewhere."""
    match expr:
        case Name(id):
            return (1 if first else None) if id == name else 0
        case Binary("*" | "/", left, right):
            parts = [_places(left, name, first), _places(right, name, False)]
        case Binary("+" | "-", left, right):
            parts = [_places(left, name, first), _places(right, name, first)]
        case Call(_, args, ()):
            parts = [_places(a, name) for a in args]
        case _:
            return None if name in names(expr) else 0
    return None if None in parts else sum(p or 0 for p in parts)
