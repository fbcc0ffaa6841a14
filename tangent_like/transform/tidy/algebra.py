"""Products without parentheses, and the folding around what the other passes put in the places of names.

Before                                   After

    x_bar = 2 * (y_bar * x)                  x_bar = 2 * y_bar * x
    a_bar = y_bar * (-(-a / b) / b)          a_bar = y_bar * (a / b / b)
    k_bar -= 0.5 * (y_bar / k)               k_bar -= 0.5 * y_bar / k
    m_bar = 2 * (k / 2) * y_bar              m_bar = k * y_bar
    z_bar = 3 * (y_bar * x)                  z_bar = 3 * (y_bar * x)
    w_bar = x * (y_bar + y_bar)              w_bar = x * (2 * y_bar)

No number changes by a bit. A power of two moves through products and quotients without rounding, and
so does a sign; a factor of one goes where what is left is of floating point all the same and nobody
could tell that the product was memory of its own. Other products keep their order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tangent_like.ir.build import is_number, neg, negative, signed
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Compare,
    Const,
    Dict,
    Expr,
    Function,
    Index,
    Library,
    List,
    Logic,
    Name,
    Opaque,
    Ref,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import base_name, rebuild, same, subexpressions, substitute
from tangent_like.transform.factors import factors
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import makes_new
from tangent_like.transform.tidy.facts import ANY, Facts
from tangent_like.transform.tidy.filled import filled, lifted
from tangent_like.transform.tidy.looks import WHOLE

FLOATS = ("float64", "float")


def products(function: Function, facts: Facts) -> Function:
    """The pass: in the statements that are ours."""

    def block(body: Block) -> Block:
        return tuple(one(stmt) for stmt in body)

    def one(stmt: Stmt) -> Stmt:
        if isinstance(stmt, Assign | Augment | Store) and stmt.origin is None:
            return with_expressions(stmt, lambda e: flattened(e, facts))
        return change_blocks(stmt, block)

    return with_body(function, block(function.body))


def flattened(expr: Expr, facts: Facts, loose: bool = False) -> Expr:
    """Sums, products and quotients, in arms of ``np.where`` too, without parentheses after a power of two.

    ``loose``: the value is read and done with.
    """
    match expr:
        case Binary("+" | "-" | "/") | Unary("-") | Call(Ref(target=Library("numpy", "where"))):
            new = rebuild(expr, lambda child: flattened(child, facts, True))
            match new:
                case Binary("+", Name(one), Name(two)) if one == two and facts.look_of(one).type in FLOATS:
                    return Binary("*", Const(2), Name(one))
            body, sign = negative(new.operand) if isinstance(new, Unary) else (new, False)
            return body if sign and isinstance(body, Binary) else new
        case Binary("*"):
            new = rebuild(expr, lambda child: flattened(child, facts, True))
            match new:
                case Binary("*", Const() as left, Const() as right) if is_number(left) and is_number(right):
                    return _times(left, right)
                case Binary("*", left, Binary("*" | "/") as right) if is_exact(left):
                    return product(left, right, facts, LOOSE if loose else ANYWHERE)
            return new
        case Index(Unary("-", value), index):
            return neg(Index(flattened(value, facts, True), index))
        case _:
            return expr


# -- expressions in the places of names ------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """Where a value goes."""

    loose: bool = False  # it is read and done with: whether it shares memory is all the same
    floating: Callable[[], bool] = lambda: (
        False
    )  # it meets floating point at once, and may be whole


ANYWHERE = Place()
LOOSE = Place(True)


def put_into(stmt: Stmt, table: Mapping[str, Expr], facts: Facts) -> Stmt:
    """The statement with names in its own expressions replaced, folded on the way from them to the top.

    What the user wrote is not folded.
    """
    if isinstance(stmt, Assign | Augment | Store) and stmt.origin is not None:
        return with_expressions(
            stmt, lambda e: substitute(e, {n: v for n, v in table.items() if stands(n, v, e)})
        )
    place = ANYWHERE
    if isinstance(stmt, Augment):
        place = Place(True, lambda: _adds(stmt, facts, stmt.target))
    elif isinstance(stmt, Store):
        name = base_name(stmt.target)
        # an array, and no list; or what is added to an adjoint, which is floating point whatever it is
        if facts.look_of(name or "").type is not None or _is_adjoint(name, stmt, facts):
            # ``a[1:] = a[:-1]`` is not for us to make: NumPy's copying may read what it has just written
            place = Place(bool(stmt.op), lambda: _adds(stmt, facts, name))
    target = stmt.target if isinstance(stmt, Store) else None
    new = with_expressions(
        stmt, lambda e: put(e, table, facts, ANYWHERE if e is target else place)
    )
    return turned(new) if new is not stmt else stmt


def turned(stmt: Stmt) -> Stmt:
    """``x -= a`` for ``x += -a``."""
    match stmt:
        case Augment(name, "+" | "-" as op, value):
            body, sign = negative(value)
            if sign:
                return Augment(name, "-" if op == "+" else "+", body, stmt.origin)
            return stmt
        case Store(target, "+" | "-" as op, value):
            body, sign = negative(value)
            if sign:
                return Store(target, "-" if op == "+" else "+", body, stmt.origin, stmt.each)
            return stmt
        case _:
            return stmt


def stands(name: str, value: Expr, expr: Expr) -> bool:
    """May the value be written wherever the name stands in the expression? ``1.0.copy()`` and ``f'{1.0}'`` may not."""
    if isinstance(value, Name):
        return True
    for node in subexpressions(expr):
        if isinstance(node, Opaque) and name in node.reads:
            return False
        if isinstance(value, Const) and isinstance(node, Attribute | Index):
            if isinstance(node.value, Name) and node.value.id == name:
                return False
    return True


def _adds(stmt: Augment | Store, facts: Facts, name: str | None) -> bool:
    known = facts.look_of(name or "").type in FLOATS and stmt.op in ("", "+", "-")
    return known or (isinstance(stmt, Store) and _is_adjoint(name, stmt, facts))


def _is_adjoint(name: str | None, stmt: Store, facts: Facts) -> bool:
    return name is not None and name.endswith("_bar") and name not in facts.users and stmt.op in ("+", "-")


def put(expr: Expr, table: Mapping[str, Expr], facts: Facts, place: Place = ANYWHERE) -> Expr:
    """``expr`` with the names in ``table`` replaced."""
    match expr:
        case Name(id):
            value = table.get(id, expr)
            if place.loose and isinstance(value, Binary) and is_number(value.left, 1):
                return fold(value, facts, place)
            return uncopied(value) if place.loose else value
        case Call(Attribute(Name(id), "copy"), (), ()) if is_new(table.get(id)):
            return table[id]  # new memory as it is
        case Opaque():
            return substitute(expr, {n: e for n, e in table.items() if isinstance(e, Name)})
        case Attribute(Name(id)) | Index(Name(id)) if isinstance(table.get(id), Const):
            table = {n: e for n, e in table.items() if n != id}
    places = iter(_inner(expr, facts, place))
    new = rebuild(expr, lambda child: put(child, table, facts, next(places)))
    return new if new is expr else fold(new, facts, place)


def is_new(value: Expr | None) -> bool:
    """Is it an array of its own, or a number of NumPy's, whatever goes into it?"""
    return isinstance(value, Binary | Unary) or (isinstance(value, Call) and makes_new(value))


def uncopied(value: Expr) -> Expr:
    """``x[0]`` for ``x[0].copy()``, where it is read and done with."""
    match value:
        case Call(Attribute(inner, "copy"), (), ()):
            return inner
        case _:
            return value


def _inner(expr: Expr, facts: Facts, place: Place) -> list[Place]:
    """The places of the children, in their order."""
    match expr:
        case Binary("*" | "/" | "+" | "-", left, right):
            return [
                Place(True, lambda: stays_float(right, facts)),
                Place(True, lambda: stays_float(left, facts)),
            ]
        case Binary():
            return [LOOSE, LOOSE]
        case Unary():
            return [LOOSE]
        case Compare():
            return [LOOSE] * (1 + len(expr.rights))
        case Call():
            rest = LOOSE if makes_new(expr) else ANYWHERE
            return [ANYWHERE] + [rest] * (len(expr.args) + len(expr.keywords))
        case Choose():
            return [LOOSE, ANYWHERE, ANYWHERE]
        case Index(_, index):
            return [Place(place.loose or takes_out(expr, index, facts)), LOOSE]
        case Logic(values=items) | Tuple(items) | List(items):
            return [ANYWHERE] * len(items)
        case Dict(keys, values):
            return [ANYWHERE] * (len(keys) + len(values))
        case Attribute(_, "T"):
            return [Place(place.loose)]
        case _:
            return [ANYWHERE] * 3


def takes_out(expr: Expr, index: Expr, facts: Facts) -> bool:
    """Does an index give a number, or entries that are an array of their own? That is no view."""
    items = index.items if isinstance(index, Tuple) else (index,)
    return facts.look(expr).rank == 0 or any((facts.look(i).rank or 0) > 0 for i in items if not isinstance(i, Slice))


def is_float(expr: Expr, facts: Facts) -> bool:
    return facts.look(expr).type in FLOATS


def stays_float(expr: Expr, facts: Facts) -> bool:
    """Is it floating point without a factor that may be a one to leave out? Of two truths ``+`` makes a truth."""
    if not isinstance(expr, Binary) or expr.op != "*":
        return is_float(expr, facts)
    parts = factors(expr, True)
    floats = [f for op, f in parts if op == "*" and is_float(f, facts)]
    quotient = any(op == "/" for op, _ in parts)
    return quotient or len(floats) > 1 or any(not isinstance(f, Name | Const) for f in floats)


def fold(expr: Expr, facts: Facts, place: Place = ANYWHERE) -> Expr:
    """One step, at the top of an expression whose parts are folded."""
    match expr:
        case Binary("*", left, right):
            return product(left, right, facts, place)
        case Binary("/", left, right):
            return quotient(left, right, facts, place)
        case Binary("+" | "-"):
            return total(expr, facts, place)
        case Unary("-", Unary("-", inner)):  # new memory, where somebody may write into it
            if is_number(inner) or bare(inner, Const(1.0), facts, place):
                return inner
            return Binary("*", Const(1.0), inner) if facts.look(inner).type == "float64" else expr
        case Unary("-", operand) if is_number(operand) or isinstance(operand, Unary | Binary):
            return neg(operand)
        case Index(Unary("-", value), index):
            return neg(Index(value, index))
        case Index(Call(Ref(target=Library("numpy", "sum")), (of,), keywords) as call, index):
            kept = tuple(pair for pair in keywords if pair[0] != "keepdims")
            column = len(kept) == 1 < len(keywords) and is_number(dict(kept).get("axis", index), 1)
            column = column and facts.look(of).rank == 2 and is_first_column(index)
            return replace(call, keywords=kept) if column else expr
        case Call(Ref(target=Library("numpy", "tril" | "triu")) as half, (Call(again, (_,), ()) as inner,), ()):
            return inner if same(half, again) else expr
        case _:
            return expr


def is_first_column(index: Expr) -> bool:
    """``[:, 0]``"""
    match index:
        case Tuple((Slice(None, None, None), last)):
            return is_number(last, 0)
        case _:
            return False


def bare(expr: Expr, one: Expr, facts: Facts, place: Place) -> bool:
    """May ``expr`` stand where ``one * expr`` or ``expr + zero`` stood?"""
    if not place.loose and not facts.is_fresh(expr):
        return False
    type_ = facts.look(expr).type
    if isinstance(one, Const) and isinstance(one.value, int) and type_ == "int":
        return True
    return type_ in FLOATS or place.floating()


def is_exact(expr: Expr) -> bool:
    """A literal by which anything is multiplied without rounding: a power of two."""
    if not is_number(expr) or not isinstance(expr, Const):
        return False
    value = expr.value
    return isinstance(value, int | float) and math.isfinite(value) and math.frexp(value)[0] == 0.5


def of_numbers(left: Expr, other: Expr, facts: Facts) -> Expr | None:
    """``np.ones_like(a) * c`` as ``c``, beside what has all entries of ``a``."""
    head, spine = _spine(left)
    if not spine or any(not isinstance(facts.look(e).rank, int) or facts.look(e).rank for _, e in spine):
        return None
    value = filled(head, other, facts)
    if value is None:
        return None
    if is_number(value, 1) and spine[-1][0] == "*":
        return _grown(spine[-1][1], spine[:-1])
    return _grown(value, spine)


def product(left: Expr, right: Expr, facts: Facts, place: Place) -> Expr:
    for like, other in ((left, right), (right, left)):
        bare_value = lifted(like, other, facts)
        if bare_value is not None:
            return product(*((bare_value, other) if like is left else (other, bare_value)), facts, place)
        value = filled(like, other, facts)
        if value is not None and is_number(value, 1):
            if bare(other, value, facts, Place(place.loose)):
                return other
        elif value is not None:
            return product(value, other, facts, place)
        number = of_numbers(like, other, facts)
        if number is not None:
            return product(*((number, other) if like is left else (other, number)), facts, place)
    a, a_sign = negative(left)
    b, b_sign = negative(right)
    sign = a_sign != b_sign
    if is_number(b) and not is_number(a):
        a, b = b, a
    if is_number(a) and is_number(b):
        return signed(_times(a, b), sign)
    if not is_exact(a):
        return signed(Binary("*", a, b), sign)
    head, spine = _spine(b)
    if is_number(head) and not is_number(head, 0):
        factor: Expr = _times(a, head)
    else:
        factor, spine = a, [*spine, ("*", head)]
    while (k := next((k for k, (op, e) in enumerate(spine) if op == "/" and is_exact(e)), None)) is not None:
        factor = _over(factor, spine[k][1])
        spine = [*spine[:k], *spine[k + 1 :]]
    if is_number(factor, 1) and spine[-1][0] == "*":
        rest = _grown(spine[-1][1], spine[:-1])
        if bare(rest, factor, facts, Place(True) if sign else place):  # a negative is new memory
            return signed(rest, sign)
    return signed(_grown(factor, spine), sign)


def _spine(expr: Expr) -> tuple[Expr, list[tuple[str, Expr]]]:
    """``a * b / c`` as ``a``, and what it is multiplied with and divided by, last first."""
    spine: list[tuple[str, Expr]] = []
    while isinstance(expr, Binary) and expr.op in "*/":
        spine.append((expr.op, expr.right))
        expr = expr.left
    return expr, spine


def _grown(expr: Expr, spine: list[tuple[str, Expr]]) -> Expr:
    for op, right in reversed(spine):
        expr = Binary(op, expr, right)
    return expr


def _times(a: Expr, b: Expr) -> Const:
    assert isinstance(a, Const) and isinstance(b, Const)
    return Const(a.value * b.value)  # type: ignore[operator]


def _over(a: Expr, b: Expr) -> Const:
    """``a / b``, whole where it comes to that."""
    assert isinstance(a, Const) and isinstance(b, Const)
    value = a.value / b.value  # type: ignore[operator]
    whole = isinstance(a.value, int) and isinstance(b.value, int) and value == int(value)
    return Const(int(value) if whole else value)


def quotient(left: Expr, right: Expr, facts: Facts, place: Place) -> Expr:
    value = filled(left, right, facts)
    if value is not None:
        return quotient(value, right, facts, place)
    a, a_sign = negative(left)
    b, b_sign = negative(right)
    sign = a_sign != b_sign
    if is_number(b, 1) and bare(a, Const(1.0), facts, place):
        return signed(a, sign)
    if is_number(a) and is_exact(b):
        assert isinstance(a, Const) and isinstance(b, Const)
        return signed(Const(a.value / b.value), sign)  # type: ignore[operator]
    if is_exact(b) and is_exact((found := _spine(a))[0]) and found[1][-1][0] == "*":
        return product(signed(_over(found[0], b), sign), _grown(found[1][-1][1], found[1][:-1]), facts, place)
    return signed(Binary("/", a, b), sign)


def _moved(expr: Expr, by: int) -> Binary:
    return Binary("+", expr, Const(by)) if by >= 0 else Binary("-", expr, Const(-by))


def total(expr: Binary, facts: Facts, place: Place = ANYWHERE) -> Expr:
    """A sum or a difference."""
    left, op, right = expr.left, expr.op, expr.right
    for like, other in ((left, right), (right, left)):
        value = filled(like, other, facts)
        if value is not None:
            pair = (value, other) if like is left else (other, value)
            return total(Binary(op, *pair), facts, place)
    if is_number(left) and is_number(right):
        assert isinstance(left, Const) and isinstance(right, Const)
        return Const(left.value + right.value if op == "+" else left.value - right.value)  # type: ignore[operator]
    match left, right:
        case Binary("+" | "-" as inner, first, Const(int(a))), Const(int(b)) if facts.look(first) == WHOLE:
            if not isinstance(a, bool) and not isinstance(b, bool):
                return total(_moved(first, (a if inner == "+" else -a) + (b if op == "+" else -b)), facts, place)
        case _:
            pass
    if is_number(right, 0) and bare(left, right, facts, place):
        return left
    if is_number(left, 0) and bare(right, left, facts, place if op == "+" else Place(place.loose)):
        return right if op == "+" else neg(right)
    body, sign = negative(right)
    if sign:
        return Binary("-" if op == "+" else "+", left, body)
    left_body, left_sign = negative(left)
    if left_sign and op == "+" and not is_number(left_body):
        return Binary("-", right, left_body)
    return expr


__all__ = ["ANY", "ANYWHERE", "Place", "flattened", "fold", "products", "put", "put_into"]
