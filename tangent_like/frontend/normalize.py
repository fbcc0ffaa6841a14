"""One way out: early returns in branches become one return at the end.

Before                                   After

    if n == 0:                               if n == 0:
        return x                                 result = x
    return x * f(n - 1, x)                   else:
                                                 result = x * f(n - 1, x)
                                             return result
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Block,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Name,
    Pass,
    Raise,
    Return,
    Stmt,
    Tuple,
    While,
)
from tangent_like.ir.walk import statements

# A statement that several paths share is written out once for each of them, up to this many.
MOST_COPIES = 60


def one_return(function: Function, namer: Namer) -> Function:
    """The function with exactly one ``return``, its last statement."""
    body = function.body
    returns = [s for s in statements(body) if isinstance(s, Return)]
    nothing = all(r.value is None or is_none(r.value) for r in returns)
    if not returns or not isinstance(body[-1], Return):
        # a function called for what it writes; where other paths return a value, it is refused below
        body = (*body, Return(Const(None), None)) if nothing else body
        returns = [s for s in statements(body) if isinstance(s, Return)]
    for last in returns:
        if last.value is None and not nothing:
            raise UnsupportedError("a path returns None", place_of(last.origin), "return a value on every path")
    for stmt in statements(body):
        if isinstance(stmt, For | Each | While):
            for inner in statements(stmt.body):
                if isinstance(inner, Return):
                    raise UnsupportedError(
                        "return inside a loop is not differentiated",
                        place_of(inner.origin),
                        "keep the value in a variable and return it after the loop",
                    )
    if len(returns) == 1 and body and body[-1] is returns[0]:
        return _with_body(function, (*body[:-1], Return(returns[0].value or Const(None), returns[0].origin)))
    width = _width(returns)
    if nothing:
        wanted: tuple[str, ...] = ()
    elif width is None:
        wanted = (namer.fresh("result"),)
    else:
        wanted = tuple(namer.fresh(f"result_{k}") for k in range(width))
    worker = _Ender(function, wanted, width)
    ended = worker.ended(body, ())
    if nothing:
        return _with_body(function, (*ended, Return(Const(None), None)))
    items = tuple(Name(n) for n in wanted)
    last = Return(items[0] if width is None else Tuple(items), None)
    return _with_body(function, (*ended, last))


def _with_body(function: Function, body: Block) -> Function:
    return replace(function, body=body)


def is_none(value: Expr) -> bool:
    return isinstance(value, Const) and value.value is None


def _width(returns: list[Return]) -> int | None:
    """The number of results, where every path returns a tuple display of that length."""
    widths = {len(r.value.items) if isinstance(r.value, Tuple) else None for r in returns}
    return widths.pop() if len(widths) == 1 else None


class _Ender:
    def __init__(self, function: Function, wanted: tuple[str, ...], width: int | None) -> None:
        self.function, self.wanted, self.width = function, wanted, width
        self.copies = 0

    def ended(self, block: Block, rest: Block) -> Block:
        """``block`` then ``rest``, ending on every path in an assignment to the result, or raising."""
        out: list[Stmt] = []
        for k, stmt in enumerate(block):
            if isinstance(stmt, Return):
                return (*out, self.result(stmt))
            if isinstance(stmt, Raise):
                return (*out, stmt)
            if isinstance(stmt, If) and _returns(stmt):
                return (*out, *self.branch(stmt, (*block[k + 1 :], *rest)))
            out.append(stmt)
        if rest:
            return (*out, *self.ended(rest, ()))
        raise UnsupportedError(
            f"{self.function.name} may end without returning a value",
            place_of(self.function.origin),
            "return a value on every path",
        )

    def result(self, stmt: Return) -> Stmt:
        if not self.wanted:
            return Pass(stmt.origin)
        assert stmt.value is not None
        if self.width is None:
            return Assign(self.wanted, (stmt.value,), stmt.origin)
        assert isinstance(stmt.value, Tuple)
        return Assign(self.wanted, stmt.value.items, stmt.origin)

    def branch(self, stmt: If, rest: Block) -> Block:
        falling = [a.body for a in stmt.arms if not _ends(a.body)]
        falling += [stmt.orelse] if not _ends(stmt.orelse) else []
        if len(falling) > 1:
            self.copies += (len(falling) - 1) * sum(1 for _ in statements(rest))
            if self.copies > MOST_COPIES:
                raise UnsupportedError(
                    "returns on some of several paths that meet again",
                    place_of(stmt.origin),
                    "keep the value in a variable and return it at the end",
                )
        arms = tuple(Arm(a.test, self.ended(a.body, rest), a.origin) for a in stmt.arms)
        orelse = self.ended(stmt.orelse, rest)
        if len(orelse) == 1 and isinstance(orelse[0], If) and not stmt.orelse:
            inner = orelse[0]  # guards one after the other read as a chain
            return (If((*arms, *inner.arms), inner.orelse, stmt.origin),)
        return (If(arms, orelse, stmt.origin),)


def _returns(stmt: Stmt) -> bool:
    return any(isinstance(s, Return) for s in statements((stmt,)))


def _ends(block: Block) -> bool:
    """Does every path through the block return or raise?"""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, Return | Raise):
        return True
    return isinstance(last, If) and bool(last.orelse) and all(_ends(a.body) for a in last.arms) and _ends(last.orelse)
