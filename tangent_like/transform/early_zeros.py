"""Where all that is left to do on a path is to return zeros, they are returned there.

Before                                   After

    if x < 0:                                if x < 0:
        u_bar = 0.0                              return 0.0, 0.0
        k_bar = 0.0                          r = math.sqrt(x)
    else:                                    k_bar = r
        r = math.sqrt(x)                     u_bar = k * 0.5 / r
        k_bar = r                            return u_bar * 2 * x, k_bar
        u_bar = k * 0.5 / r
    u_bar = u_bar * 2
    return u_bar * x, k_bar

Zeros like the argument, where that is an array in double precision. So does whoever writes the derivative of what the
user left early. Not one of the passes that ``tidy`` switches: those, and every analysis, take it that nothing follows
a jump.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.ir.build import is_number, np_call
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    Function,
    If,
    Name,
    Return,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import binds, statements, subexpressions, substitute
from tangent_like.kinds.kind import Array, Kind
from tangent_like.request import Request
from tangent_like.transform.forms import is_zeros
from tangent_like.transform.tidy import tidied
from tangent_like.transform.tidy.blocks import same_items, with_body
from tangent_like.transform.tidy.calls import acts
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.width import OTHERS, width

# Of what is no longer in a branch.
AFTER = ("constants", "copies", "dead", "sums", "nest", "products", "comments", "across", "results")
GRADIENTS = ("grad", "value_and_grad")
NUMBERS = ("float", "float64", "int")
ZERO = Const(0.0)


def with_early_zeros(
    functions: tuple[Function, ...], kinds: Mapping[str, Kind], request: Request, wrt: tuple[str, ...] = ()
) -> tuple[Function, ...]:
    """The gradient among these, the last, with such returns; ``kinds`` are those of its parameters.

    ``wrt``: the arguments of which it returns the gradients in this order, where it returns those as they are.
    """
    if request.tidy is not True or request.flat or request.jit is not None or request.mode not in GRADIENTS:
        return functions
    return (*functions[:-1], _with_returns(functions[-1], kinds, wrt if request.mode == "grad" else ()))


def _with_returns(function: Function, kinds: Mapping[str, Kind], wrt: tuple[str, ...]) -> Function:
    end = function.body[-1]
    if not isinstance(end, Return) or not any(isinstance(s, If) for s in function.body):
        return function
    facts = find_facts(function, frozenset(), kinds)
    rebound = {n for s in statements(function.body) for n in binds(s)}
    doubles = tuple(n if _is_double(kinds.get(n)) and n not in rebound else "" for n in wrt)
    out: list[Stmt] = []
    left = list(reversed(function.body))
    while left:
        stmt = left.pop()
        found = _left(stmt, left, facts, doubles) if isinstance(stmt, If) and not stmt.path else None
        if found is None:
            out.append(stmt)
        else:
            out.append(found[0])
            left.extend(reversed(found[1]))
    if same_items(tuple(out), function.body):
        return function
    theirs = {n for s in statements(function.body) if getattr(s, "origin", None) is not None for n in binds(s)}
    users = frozenset({*theirs, *(p.name for p in function.params)})
    return tidied(with_body(function, tuple(out)), users, kinds, AFTER)


def _zeros(body: Block) -> bool:
    """Does a block bind nothing but names, and some of them to zero?"""
    bound = [s for s in body if not isinstance(s, Comment)]
    zero = (is_number(s.values[0], 0) or is_zeros(s.values[0]) for s in bound if isinstance(s, Assign))
    return all(map(_binds, bound)) and any(zero)


def _binds(stmt: Stmt) -> bool:
    return isinstance(stmt, Assign) and len(stmt.targets) == 1 and not stmt.saved and not stmt.writes


def _left(stmt: If, left: list[Stmt], facts: Facts, doubles: tuple[str, ...]) -> tuple[Stmt, Block] | None:
    """The branch that returns, and what then stands behind it."""
    arm, *others = stmt.arms
    returned = _returning(arm.body, left, facts, doubles)
    if returned is None:
        return None
    rest: Block = (If(tuple(others), stmt.orelse, stmt.origin),) if others else stmt.orelse
    return If((Arm(arm.test, returned, arm.origin),), (), stmt.origin), rest


def _is_double(kind: Kind | None) -> bool:
    return isinstance(kind, Array) and kind.dtype == "float64"


def _returning(body: Block, left: list[Stmt], facts: Facts, doubles: tuple[str, ...]) -> Block | None:
    """What an arm does if what is left, the newest last, comes to nothing but zeros behind it; else None.

    Where the user returned, and nothing else is left, it may be any numbers.
    """
    return _zeros_returned(body, left, facts, doubles) or _anything_returned(body, left, facts)


def _anything_returned(body: Block, left: list[Stmt], facts: Facts) -> Block | None:
    end = left[0]
    if not _theirs(body) or not isinstance(end, Return) or end.value is None:
        return None
    quoted = tuple(s for s in body if isinstance(s, Comment))
    if len(quoted) > 1 or not all(isinstance(s, Comment) for s in left[1:]):
        return None
    said = _said_at_once([s for s in body if not isinstance(s, Comment)], end.value, end, facts)
    return (*quoted, *said) if len(said) == 1 else None


def _zeros_returned(body: Block, left: list[Stmt], facts: Facts, doubles: tuple[str, ...]) -> Block | None:
    if not _zeros(body):
        return None
    known = _Known(facts, {})
    kept: list[Stmt] = []
    for stmt in body:
        if isinstance(stmt, Assign):
            (name,), (value,) = stmt.targets, stmt.values
            if is_number(value, 0):
                known.zeros[name] = value
                known.arrays.discard(name)
            else:
                known.zeros.pop(name, None)
                known.arrays.discard(name)
                known.arrays.update({name} if is_zeros(value) else ())
                kept.append(stmt)
    for stmt in reversed(left):
        match stmt:
            case Comment():
                continue
            case Return(value=back) if stmt is left[0]:
                result = None if back is None else known.results(back, doubles)
                return None if result is None else _said_at_once(kept, result, stmt, facts)
        if not known.stays_zero(stmt):
            return None
    return None


def _theirs(body: Block) -> bool:
    """Is it of an arm in which the user returned?"""
    texts = [s.text for s in body if isinstance(s, Comment)]
    texts += [s.origin.text for s in body if isinstance(s, Assign) and s.origin is not None]
    return any(text.startswith("return ") for text in texts)


def _said_at_once(kept: list[Stmt], result: Expr, end: Return, facts: Facts) -> Block:
    """The end of an arm, without names for what is only returned."""

    def fits(value: Expr, name: str, alone: int) -> bool:
        read = sum(isinstance(e, Name) and e.id == name for e in subexpressions(result))
        return width(value) <= OTHERS and read < 2 and (not isinstance(value, Const) or alone == read)

    while kept and not facts.own(kept[-1]).acts:
        match kept[-1]:
            case Assign((name,), (value,), saved="", writes=()) if fits(value, name, _alone(result).count(name)):
                kept, result = kept[:-1], substitute(result, {name: value})
            case _:
                break
    return (*kept, Return(result, end.origin))


def _alone(result: Expr) -> list[str]:
    """The names that are results by themselves."""
    if isinstance(result, Tuple):
        return [name for item in result.items for name in _alone(item)]
    return [result.id] if isinstance(result, Name) else []


@dataclass(frozen=True)
class _Known:
    """Which names hold zero."""

    facts: Facts
    zeros: dict[str, Expr]
    arrays: set[str] = field(default_factory=set)  # of arrays whose entries are all 0

    def stays_zero(self, stmt: Stmt) -> bool:
        """Does a statement only bind names to zero, or add zeros?"""
        if isinstance(stmt, Assign | Augment | Store) and self.facts.own(stmt).acts:
            return False
        match stmt:
            case Assign((name,), (value,), saved="", writes=()) if self.is_zero(value):
                self.zeros[name] = ZERO
                self.arrays.discard(name)
                return True
            case Assign((name,), (value,), saved="", writes=()) if self.are_zeros(value):
                self.zeros.pop(name, None)
                self.arrays.add(name)
                return True
            case Augment(name, "+" | "-", value) if name in self.arrays:
                return self.are_zeros(value)
            case Augment(name, "+" | "-", value) if name in self.zeros:
                return self.is_zero(value)
            case Augment(name, "*" | "/", value) if name in self.zeros:
                return self.is_one_number(value)
            case _:
                return False

    def is_zero(self, expr: Expr) -> bool:
        """Is it the number zero, if nothing that it is made of is infinite?"""
        match expr:
            case Const():
                return is_number(expr, 0)
            case Name(id):
                return id in self.zeros
            case Unary("-", operand):
                return self.is_zero(operand)
            case Binary("+" | "-", left, right):
                return self.is_zero(left) and self.is_zero(right)
            case Binary("*", left, right):
                one = (self.is_zero(left) and self.is_one_number(right))
                return one or (self.is_zero(right) and self.is_one_number(left))
            case Binary("/", left, right):
                return self.is_zero(left) and self.is_one_number(right)
            case _:
                return False

    def are_zeros(self, expr: Expr) -> bool:
        """Is it zero in each entry, if nothing that it is made of is infinite?"""
        match expr:
            case Name(id):
                return id in self.arrays or id in self.zeros
            case Unary("-", operand):
                return self.are_zeros(operand)
            case Binary("+" | "-", left, right):
                return self.are_zeros(left) and self.are_zeros(right)
            case Binary("*", left, right):
                return (self.are_zeros(left) and self.only(right)) or (self.are_zeros(right) and self.only(left))
            case Binary("/", left, right):
                return self.are_zeros(left) and self.only(right)
            case _:
                return self.is_zero(expr)

    def only(self, expr: Expr) -> bool:
        """Does it only compute numbers in double precision?"""
        return not any(isinstance(e, Call) and acts(e) for e in subexpressions(expr))

    def is_one_number(self, expr: Expr) -> bool:
        look = self.facts.look(expr)
        return look.rank == 0 and look.type in NUMBERS

    def results(self, expr: Expr, doubles: tuple[str, ...]) -> Expr | None:
        """What is returned, with zeros like the argument for the gradient of an array."""
        items = expr.items if isinstance(expr, Tuple) and len(doubles) > 1 else (expr,)
        if not any(doubles) or len(items) != len(doubles):
            return self.result(expr)
        new: list[Expr] = []
        for item, name in zip(items, doubles, strict=True):
            zeros = name and not isinstance(item, Const) and self.are_zeros(item)
            found = np_call("zeros_like", Name(name)) if zeros else self.result(item)
            if found is None:
                return None
            new.append(found)
        return Tuple(tuple(new), expr.at, expr.of) if isinstance(expr, Tuple) and len(doubles) > 1 else new[0]

    def result(self, expr: Expr) -> Expr | None:
        """What is returned: a zero for what is zero, names as they are."""
        match expr:
            case Tuple(items):
                found = [self.result(item) for item in items]
                new = tuple(item for item in found if item is not None)
                return Tuple(new, expr.at, expr.of) if len(new) == len(items) else None
            case _ if self.is_zero(expr):
                return ZERO
            case Name():
                return expr
            case _:
                return None
