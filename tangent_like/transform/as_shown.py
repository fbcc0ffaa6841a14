"""What only whoever reads the text gains by, and last: no other pass knows of such statements.

Before                                               After

    if returned:                                         # return paid + x
        # return paid + x                                # return paid
        x_bar = 1.0                                      x_bar = 1.0 if returned else 0.0
    else:                                                h_bar, Ws_bar[k], bs_bar[k] = f_reverse(saved, h_bar)
        # return paid
        x_bar = 0.0
    h_bar, W_bar, b_bar = f_reverse(saved, h_bar)
    Ws_bar[k] = W_bar
    bs_bar[k] = b_bar

Of two numbers; and where nobody else reads the names that a call brings. Lists that a loop empties are gone through
from their end (``from_the_end``).
"""

from __future__ import annotations

from collections import Counter

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Bind,
    Block,
    Call,
    Choose,
    Comment,
    Emitted,
    Expr,
    Function,
    If,
    Name,
    Ref,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import binds, expressions, names, statements, subexpressions, with_body
from tangent_like.transform.from_the_end import from_the_end
from tangent_like.transform.tidy.blocks import change_blocks


def as_shown(function: Function) -> Function:
    return from_the_end(_into_places(_one_of_two(function)))


def _one_of_two(function: Function) -> Function:
    def block(body: Block) -> Block:
        return tuple(s for stmt in body for s in _chosen(change_blocks(stmt, block)))

    return with_body(function, block(function.body)) if any(map(_choice, statements(function.body))) else function


def _chosen(stmt: Stmt) -> Block:
    choice = _choice(stmt)
    if choice is None or not isinstance(stmt, If):
        return (stmt,)
    return (*(s for s in (*stmt.arms[0].body, *stmt.orelse) if isinstance(s, Comment)), choice)


def _choice(stmt: Stmt) -> Assign | None:
    """Of a branch that binds one name to one number or another."""
    match stmt:
        case If((Arm(test, body),), orelse, _, "", False):
            match [s for s in (*body, *orelse) if not isinstance(s, Comment)]:
                case [Assign((name,), (one,), None, "", None, ()), Assign((other,), (two,), None, "", None, ())] if (
                    name == other and is_number(one) and is_number(two) and _binds_one(body) and _binds_one(orelse)
                ):
                    return Assign((name,), (Choose(test, one, two),))
    return None


def _binds_one(body: Block) -> bool:
    return sum(isinstance(s, Assign) for s in body) == 1


def _into_places(function: Function) -> Function:
    if not any(_brings_several(s) for s in statements(function.body)):
        return function
    uses: Counter[str] = Counter()
    for stmt in statements(function.body):
        uses.update(binds(stmt))
        uses.update(e.id for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Name))

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        rest = [change_blocks(s, block) for s in body]
        while rest:
            stmt = rest.pop(0)
            if _brings_several(stmt):
                assert isinstance(stmt, Assign)
                places: dict[str, Expr] = {}
                while rest and (found := _put(rest[0], stmt.targets)) and uses[found[0]] == 2:
                    places[found[0]] = found[1]
                    rest.pop(0)
                if places:
                    items = tuple(places.get(t, Name(t)) for t in stmt.targets)
                    stmt = Bind(Tuple(items), "", stmt.values[0], stmt.origin)
            out.append(stmt)
        return tuple(out)

    return with_body(function, block(function.body))


def _brings_several(stmt: Stmt) -> bool:
    match stmt:
        case Assign(targets, (Call(Ref(target=Emitted())),), saved="", writes=()):
            return len(targets) > 1
        case _:
            return False


def _put(stmt: Stmt, targets: tuple[str, ...]) -> tuple[str, Expr] | None:
    """The name that a statement puts into a place, and that."""
    match stmt:
        case Store(target, "", Name(id)) if id in targets and not stmt.each and not names(target) & set(targets):
            return id, target
        case _:
            return None
