"""What a program says of an event, ``hit.terminal = True``: found where the function is defined.

    def hit(t, y):                 hit = lambda t, y: y[0]
        return y[0]                hit.terminal = True
    hit.terminal = True

Right behind it, by the name that it has there: nothing between them may have asked the function yet.
"""

from __future__ import annotations

from tangent_like.ir.calls import said_in
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Bind,
    Block,
    Const,
    Define,
    Expr,
    Lambda,
    Name,
    Stmt,
    Unary,
)
from tangent_like.ir.walk import binds, blocks, names, reads, statements
from tangent_like.specialize.values import Fn, Frame

SAID_OF_EVENTS = ("terminal", "direction")


def by_its_name(fn: Fn, expr: Expr, frame: Frame | None) -> bool:
    """Is it said where the function is defined, by the name it has there? Others are not looked for."""
    own = frame is not None and fn.frame is not None and frame.id == fn.frame.id
    return own and isinstance(expr, Attribute) and isinstance(expr.value, Name) and expr.value.id == name_there(fn)


def name_there(fn: Fn) -> str:
    """The name that a function has where it is defined; "" for a lambda that an assignment gives none."""
    assert fn.frame is not None
    for stmt in statements(fn.frame.function.body):
        match stmt:
            case Define(function=function) if function is fn.function:
                return stmt.name
            case Assign((name,), (Lambda(function),)) if function is fn.function:
                return name
    return ""


def binds_of(body: Block, function: str, name: str) -> list[Bind]:
    return [
        stmt
        for stmt in statements(body)
        if isinstance(stmt, Bind) and not stmt.op and isinstance(stmt.target, Attribute)
        if stmt.target.name == name and isinstance(stmt.target.value, Name) and stmt.target.value.id == function
    ]


def said_before_use(around: Block, block: Block, said: Bind, function: str) -> bool:
    """Does nothing between the function and what is said of it read the function, or what was made of it?"""
    if said not in block:
        return False
    end = next(k for k, stmt in enumerate(block) if stmt is said)
    begin = next((k for k, stmt in enumerate(block) if defines((stmt,), function)), end)
    holding = reading(around, function)
    between = [s for s in statements(block[begin + 1 : end]) if not (of_function(s, function) or makes(s))]
    return begin < end and not any(holding & mentioned(s) for s in between)


def reading(block: Block, function: str) -> set[str]:
    """The function, and those of its names that a def or a lambda has which reads one of them."""
    made = [stmt for stmt in statements(block) if makes(stmt)]
    found = {function}
    while more := {n for s in made if found & mentioned(s) for n in binds(s)} - found:
        found |= more
    return found


def makes(stmt: Stmt) -> bool:
    """Does it make a function, and nothing else?"""
    match stmt:
        case Define(decorators=()):
            return True
        case Assign(values=values):
            return all(isinstance(v, Lambda) for v in values)
        case _:
            return False


def mentioned(stmt: Stmt) -> set[str]:
    """The names that it reads, now or when the functions in it are called."""
    found = set(reads(stmt))
    inner = [e.function for e in said_in((stmt,)) if isinstance(e, Lambda)]
    for function in (*inner, stmt.function) if isinstance(stmt, Define) else inner:
        defaults = [p.default for p in function.params if p.default is not None]
        found |= {n for s in statements(function.body) for n in mentioned(s)}.union(*map(names, defaults))
    return found


def of_function(stmt: Stmt, function: str) -> bool:
    """``function.name = constant``"""
    match stmt:
        case Bind(Attribute(Name(id)), _, Const()):
            return id == function
        case _:
            return False


def blocks_of(body: Block) -> list[Block]:
    found = [body]
    for stmt in body:
        for block in blocks(stmt):
            found.extend(blocks_of(block))
    return found


def defines(block: Block, function: str) -> bool:
    def made(stmt: Stmt) -> bool:
        return (isinstance(stmt, Define) and stmt.name == function) or (
            isinstance(stmt, Assign) and binds(stmt) == (function,)
        )

    return any(map(made, block))


def constant(expr: Expr) -> tuple[object] | None:
    match expr:
        case Const(value):
            return (value,)
        case Unary("-", Const(int() | float() as number)):
            return (-number,)
        case _:
            return None
