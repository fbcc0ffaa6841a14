"""What is brief and has a name of ours is said where it is read, if that takes no longer.

Before                                   After

    t_bar = 1.0 / len(X)                     P_bar = D / len(X)
    P_bar = t_bar * D                        E_bar = P / len(X) - k * P_bar
    E_bar = t_bar * P - k * P_bar
    z_bar = -event                           k_bar = -np.sum(event)
    k_bar = np.sum(z_bar)                    z_bar = np.exp(z) - event
    z_bar = z_bar + np.exp(z)
    a = v.T                                  S = u @ v.T
    S = u @ a                                u_bar = S_bar @ v
    u_bar = S_bar @ a.T

One number over another, the opposite of a name where a term or a factor takes its sign, and a matrix turned over.
Outside of loops, where few statements read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Comment,
    Const,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Return,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import binds, names, rebuild, subexpressions
from tangent_like.kinds.kind import Kind
from tangent_like.transform.tidy.blocks import with_body, with_expressions
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.width import COLUMNS, line_width

OFTEN = 3  # places that say it


def brief_values(function: Function, kinds: Mapping[str, Kind], users: frozenset[str]) -> Function:
    """The function without such names; ``kinds`` are those of its names, ``users`` the names of the user's."""
    if not any(_is_brief(s) for s in function.body):
        return function
    facts = find_facts(function, users, kinds)
    body = list(function.body)
    for k in range(len(body) - 1, -1, -1):
        stmt = body[k]
        if isinstance(stmt, Assign) and _is_brief(stmt) and facts.mine(stmt) and _is_right(stmt.values[0], facts):
            said = _said(stmt.targets[0], stmt.values[0], body[k + 1 :], facts)
            if said is not None:
                body[k:] = said
    return function if len(body) == len(function.body) else with_body(function, tuple(body))


def _is_brief(stmt: Stmt) -> bool:
    match stmt:
        case Assign((_,), (value,), _, "", None, ()):
            pass
        case _:
            return False
    match value:
        case Unary("-", Name()) | Attribute(Name(), "T"):
            return True
        case Binary("/", left, right):
            return _is_one(left) and _is_count(right)
        case _:
            return False


def _is_one(expr: Expr) -> bool:
    inner = expr.operand if isinstance(expr, Unary) and expr.op == "-" else expr
    return is_number(inner) and isinstance(inner, Const) and inner.value in (1.0, -1.0)


def _is_count(expr: Expr) -> bool:
    """``len(x)``, ``x.size``, ``x.shape[0]``, or what has a name."""
    parts = list(subexpressions(expr))
    return len(parts) <= 4 and len(names(expr)) == 1 and not any(isinstance(e, Binary) for e in parts)


def _is_right(value: Expr, facts: Facts) -> bool:
    """Is it a number that is divided by, and is what has the other sign of numbers in double precision?"""
    if isinstance(value, Binary):
        return facts.look(value.right).rank == 0
    return isinstance(value, Attribute) or facts.look(value).type in ("float64", "float")


def _said(name: str, value: Expr, after: Sequence[Stmt], facts: Facts) -> list[Stmt] | None:
    """The statements behind ``name = value`` with the value in its places; None if not all of them take it."""
    out = list(after)
    found = 0
    for k, stmt in enumerate(after):
        if isinstance(stmt, Comment):
            continue
        does = facts.does(stmt)
        if name in does.reads:
            own = facts.own(stmt)
            count = own.reads.get(name, 0)
            if name in own.fixed or not isinstance(stmt, Assign | Augment | Store | Return):
                return None
            if not count or not facts.steady(names(value), after[:k]):
                return None
            try:
                out[k] = with_expressions(stmt, lambda e: _put(e, name, value))
            except _StaysError:
                return None
            if line_width(out[k], 1) > max(COLUMNS, line_width(stmt, 1)):
                return None
            found += count
        if name in does.binds:
            if name not in binds(stmt) or not isinstance(stmt, Assign):
                return None  # some turns or arms bind it, or it is written in place
            break
    return out if 1 < found <= OFTEN else None


class _StaysError(Exception):
    """The value does not go where the name is read."""


def _put(expr: Expr, name: str, value: Expr) -> Expr:
    """With the value in the places of the name."""
    if name not in names(expr):
        return expr
    match value, expr:
        case Attribute(), _:
            return _turned(expr, name, value)
        case Unary("-", operand), Tuple(items):
            return Tuple(tuple(_put(item, name, value) for item in items), expr.at, expr.of)
        case Unary("-", operand), _:
            new, minus = _signed(expr, name, operand)
            if minus and not _is_shorter(new):
                raise _StaysError
            return Unary("-", new) if minus else new
        case _:
            return _multiplied(expr, name, value)


def _turned(expr: Expr, name: str, value: Attribute) -> Expr:
    """What is turned over twice is itself."""
    match expr:
        case Attribute(Name(id), "T") if id == name:
            return value.value
        case Name(id) if id == name:
            return value
        case _:
            return rebuild(expr, lambda e: _turned(e, name, value))


def _multiplied(expr: Expr, name: str, value: Expr) -> Expr:
    """A number over another, where it is an operand."""
    match expr:
        case Binary("+" | "-" | "*" as op, left, right):
            return Binary(op, _operand(left, name, value), _operand(right, name, value), expr.at)
        case Binary("/", left, right):
            return Binary("/", _operand(left, name, value), _multiplied(right, name, value), expr.at)
        case Name(id) if id == name:
            raise _StaysError
        case _:
            return rebuild(expr, lambda e: _multiplied(e, name, value))


def _operand(expr: Expr, name: str, value: Expr) -> Expr:
    return value if isinstance(expr, Name) and expr.id == name else _multiplied(expr, name, value)


def _signed(expr: Expr, name: str, operand: Expr) -> tuple[Expr, bool]:
    """With ``operand`` in the places of the name, which is its opposite; and is it the opposite of what it was?"""
    if name not in names(expr):
        return expr, False
    match expr:
        case Name():
            return operand, True
        case Unary("-", inner):
            new, minus = _signed(inner, name, operand)
            return (new, False) if minus else (Unary("-", new), False)
        case Binary("+" | "-" as op, left, right):
            (one, first), (two, second) = _signed(left, name, operand), _signed(right, name, operand)
            plus = (op == "+") != second
            if not first:
                return Binary("+" if plus else "-", one, two, expr.at), False
            return (Binary("-", two, one, expr.at), False) if plus else (Binary("+", one, two, expr.at), True)
        case Binary("*" | "/" | "@" as op, left, right):
            (one, first), (two, second) = _signed(left, name, operand), _signed(right, name, operand)
            return Binary(op, one, two, expr.at), first != second
        case Call(Ref(target=Library("numpy", "sum")), (whole, *others)) if name not in names(Tuple(tuple(others))):
            new, minus = _signed(whole, name, operand)
            return Call(expr.func, (new, *others), expr.keywords, expr.at), minus
        case Index(inner, index) if name not in names(index):
            new, minus = _signed(inner, name, operand)
            return Index(new, index, expr.at), minus
        case _:
            raise _StaysError


def _is_shorter(expr: Expr) -> bool:
    """Is it a sum, or a product of matrices: mostly fewer numbers than what has the sign?"""
    match expr:
        case Call(Ref(target=Library("numpy", "sum"))) | Binary("@"):
            return True
        case Binary("*" | "/", left, right):
            return _is_shorter(left) or _is_shorter(right)
        case _:
            return False
