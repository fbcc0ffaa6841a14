"""What only whoever reads the text gains by, and last: no other pass knows of such statements.

Before                                               After

    if returned:                                         # return paid + x
        # return paid + x                                # return paid
        x_bar = 1.0                                      x_bar = 1.0 if returned else 0.0
    else:                                                h_bar, Ws_bar[k], bs_bar[k] = f_reverse(saved, h_bar)
        # return paid
        x_bar = 0.0
    h_bar, W_bar, b_bar = f_reverse(saved, h_bar)
    Ws_bar[k] = W_bar                                    s_bar[0], s_bar[1] = x_bar, v_bar
    bs_bar[k] = b_bar
    s_bar[0] = x_bar
    s_bar[1] = v_bar

Of what is brief; and where nobody else reads the names that a call brings. What has names goes in side by side.
Lists that a loop empties are gone through from their end (``from_the_end``), and names that begin at one number stand
in one statement (``chained_numbers``).
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
    Compare,
    Comprehension,
    Const,
    Emitted,
    Expr,
    Function,
    If,
    Index,
    Lambda,
    Logic,
    Name,
    Opaque,
    Ref,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import binds, expressions, names, statements, subexpressions, with_body
from tangent_like.transform.chained_numbers import chained_numbers
from tangent_like.transform.from_the_end import from_the_end
from tangent_like.transform.tidy.blocks import change_blocks
from tangent_like.transform.tidy.calls import takes
from tangent_like.transform.tidy.width import COLUMNS, line_width, width

BRIEF = 24  # columns of what stands on either side of a condition


def as_shown(function: Function) -> Function:
    return chained_numbers(from_the_end(_side_by_side(_into_places(_one_of_two(function)))))


def _one_of_two(function: Function) -> Function:
    def block(body: Block) -> Block:
        return tuple(s for stmt in body for s in _chosen(change_blocks(stmt, block)))

    return with_body(function, block(function.body)) if any(map(_choices, statements(function.body))) else function


def _chosen(stmt: Stmt) -> Block:
    choices = _choices(stmt)
    if not choices or not isinstance(stmt, If):
        return (stmt,)
    return (*(s for s in (*stmt.arms[0].body, *stmt.orelse) if isinstance(s, Comment)), *choices)


def _choices(stmt: Stmt) -> list[Assign]:
    """Of a branch that binds names to one value each or another, of which none reads another of the names."""
    match stmt:
        case If((Arm(test, body),), orelse, _, "", False):
            one, two = _bound(body), _bound(orelse)
        case _:
            return []
    if not one or not two or one.keys() != two.keys() or (len(one) > 1 and not isinstance(test, Name)):
        return []
    read = {n for v in (test, *one.values(), *two.values()) for n in names(v)}
    if len(one) > 1 and read & one.keys():
        return []
    return [Assign((name,), (Choose(test, one[name], two[name]),)) for name in two]


def _bound(body: Block) -> dict[str, Expr] | None:
    """By name: what is brief that a block binds to it, where it does no more."""
    found: dict[str, Expr] = {}
    for stmt in body:
        match stmt:
            case Comment():
                pass
            case Assign((name,), (value,), None, "", None, ()) if name not in found and _is_brief(value):
                found[name] = value
            case _:
                return None
    return found


def _is_brief(value: Expr) -> bool:
    parts = list(subexpressions(value))
    if any(isinstance(e, Choose | Logic | Compare | Opaque | Comprehension | Lambda) for e in parts):
        return False
    return is_number(value) or (width(value) <= BRIEF and not any(isinstance(e, Call) and takes(e) for e in parts))


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


def _side_by_side(function: Function) -> Function:
    def block(body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, lambda inner: block(inner, depth + 1))
            both = _beside(out[-1], new) if out else None
            if both is not None and line_width(both, depth) <= COLUMNS:
                out[-1] = both
            else:
                out.append(new)
        return tuple(out)

    if not any(_put_at(s) for s in statements(function.body)):
        return function
    return with_body(function, block(function.body, 1))


def _beside(first: Stmt, then: Stmt) -> Bind | None:
    """Both stores into one array in one statement: what goes there are names, and is read when it is stored."""
    last = _put_at(then)
    match first:
        case Bind(Tuple(places), "", Tuple(values), None) if all(isinstance(p, Index) for p in places):
            pass
        case Store(target, "", value) if _put_at(first):
            places, values = (target,), (value,)
        case _:
            return None
    own = {n.value.id for n in places if isinstance(n, Index) and isinstance(n.value, Name)}
    if not last or not isinstance(then, Store) or own != {last}:
        return None
    return Bind(Tuple((*places, then.target)), "", Tuple((*values, then.value)), None)


def _put_at(stmt: Stmt) -> str:
    """The array of which an entry, by its number, is set to what has a name."""
    match stmt:
        case Store(Index(Name(array), Const(int())), "", Name(id), None) if not stmt.each and id != array:
            return array
        case _:
            return ""


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
