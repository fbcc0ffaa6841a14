"""What a bound holds at zero, or between -1 and 1, and where it does not: of the operands of roots and arcs.

    vp = np.maximum(v, 0)          np.sqrt(vp * dt):        held, but where vp > 0
    c = np.clip(u @ w, -1, 1)      np.arccos(c):            held, but where np.abs(c) < 1

There the slope of the root is infinite and that of what is held 0, see ``tamed``.
"""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from tangent_like.ir.build import is_number, np_call
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Choose,
    Compare,
    Const,
    Each,
    Expr,
    If,
    Library,
    Name,
    Ref,
    Unary,
)
from tangent_like.ir.walk import binds, children, expressions, names, same, statements, stored_in, subexpressions
from tangent_like.kinds.kind import Kind, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.rules.apply import Application


def _ids(*functions: object) -> frozenset[int]:
    """Which objects these are, themselves: not every object can be compared, or hashed."""
    return frozenset(map(id, functions))


def _is_one(function: object, of: frozenset[int]) -> bool:
    return id(function) in of


ROOTS = _ids(np.sqrt, np.cbrt, math.sqrt)
POWERS = _ids(operator.pow, builtins.pow, math.pow, np.power, np.float_power)
ARCS = _ids(np.arccos, np.arcsin, math.acos, math.asin)
GREATER = _ids(np.maximum, np.fmax, builtins.max)
LESS = _ids(np.minimum, np.fmin, builtins.min)
STEEP = ROOTS | POWERS | ARCS
BOUNDS = GREATER | LESS
SCALED = frozenset({"*", "/"})

# What says, of a name that is bound once, where it is held by no bound: at 0 from below, or between -1 and 1.
Held = Mapping[str, tuple[str, Expr]]


def held_names(body: Block, passed: Iterable[str]) -> Held:
    """The names that are bound once, to what a bound holds, and whose memory nobody writes."""
    if not any(_has_steep(top) for s in statements(body) for top in expressions(s)):
        return {}
    assigned = [s for s in statements(body) if isinstance(s, Assign) and len(s.targets) == len(s.values)]
    counts: dict[str, int] = {}
    for stmt in statements(body):
        for name in binds(stmt):
            counts[name] = counts.get(name, 0) + 1
    written = _written(body) | set(passed)
    pairs = [pair for s in assigned for pair in zip(s.targets, s.values, strict=True)]
    once = {target: value for target, value in pairs if counts[target] == 1 and target not in written}
    found: dict[str, tuple[str, Expr]] = {}
    for target, value in once.items():
        if _above_zero(value, {}) is not None:
            found[target] = _at_zero(target)
        elif _clipped(value, {}, once) is not None:
            found[target] = "one", Name(target)
    for stmt in statements(body):
        if isinstance(stmt, If) and len(stmt.arms) == 1 and isinstance(stmt.arms[0].test, Compare):
            one, other = _given(stmt.arms[0].body), _given(stmt.orelse)
            for target in one.keys() & other.keys():
                choice = Choose(stmt.arms[0].test, one[target], other[target])
                if counts[target] == 2 and target not in written and _above_zero(choice, {}) is not None:
                    found[target] = _at_zero(target)
    return found


def _at_zero(name: str) -> tuple[str, Expr]:
    return "zero", Compare(Name(name), (">",), (Const(0),))


def _given(arm: Block) -> dict[str, Expr]:
    """What the arm of an ``if`` gives to names."""
    whole = [s for s in arm if isinstance(s, Assign) and len(s.targets) == len(s.values)]
    return {target: value for s in whole for target, value in zip(s.targets, s.values, strict=True)}


def _has_steep(top: Expr) -> bool:
    """Is there a root, a power or an arc in it?"""
    for expr in subexpressions(top):
        if isinstance(expr, Ref):
            if isinstance(expr.target, Library) and _is_one(expr.target.obj, STEEP):
                return True
        elif isinstance(expr, Binary) and expr.op == "**" and not isinstance(literal(expr.right), int):
            return True
    return False


def _written(body: Block) -> set[str]:
    """The names through which memory is written, and those that may name the same memory."""
    found = set(stored_in(body))
    while found:
        more: set[str] = set()
        for stmt in statements(body):
            match stmt:
                case Assign(targets, values) if not found.isdisjoint(targets):
                    more |= set().union(*map(_may_be, values))
                case Each() if stmt.target in found:
                    more |= names(stmt.iterable)
                case _:
                    pass
        if more <= found:
            break
        found |= more

    return found


def _may_be(expr: Expr) -> set[str]:
    """The names of what the value of an expression may share memory with."""
    if isinstance(expr, Name):
        return {expr.id}
    if isinstance(expr, Binary | Unary | Compare | Const):
        return set()
    return set().union(*map(_may_be, children(expr)))


def off_bound(found: Application, held: Held, kind_of: Callable[[Expr], Kind]) -> Expr | None:
    """Where the operand of a root is held by no bound; None where it is held nowhere, or the function is no root."""
    if found.rule.own is not None:
        return None
    targets = set(map(id, found.rule.targets))
    if targets & ROOTS or (targets & POWERS and _is_root(found)):
        return _above_zero(next(iter(found.operands.values())), held)
    if targets & ARCS:
        (operand,) = found.operands.values()
        clipped = _clipped(operand, held)
        if clipped is None:
            return None
        x, low, high = clipped
        if isinstance(kind_of(x), Scalar):
            return Compare(low, ("<", "<"), (x, high))
        return Compare(np_call("abs", x), ("<",), (Const(1),))
    return None


def _is_root(found: Application) -> bool:
    power = list(found.operands.values())[1] if len(found.operands) == 2 else None
    value = literal(power) if power is not None else None
    return isinstance(value, int | float) and 0 < value < 1


def _above_zero(expr: Expr, held: Held) -> Expr | None:
    """Where what is held at 0 from below is above it."""
    match expr:
        case Name(id) if id in held and held[id][0] == "zero":
            return held[id][1]
        case Binary(op, left, right) if op in SCALED:
            tests = [t for t in (_above_zero(left, held), _above_zero(right, held) if op == "*" else None) if t]
            return tests[0] if len(tests) == 1 else None
        case Call(Ref(target=Library(obj=f)), (a, b), ()) if _is_one(f, GREATER):
            for x, bound in ((a, b), (b, a)):
                if is_number(bound, 0):
                    return Compare(x, (">",), (bound,))
            return None
        case Call(Ref(target=Library(obj=np.clip)), (x, low, *_), ()) | Call(Attribute(x, "clip"), (low, *_), ()):
            return Compare(x, (">",), (low,)) if is_number(low, 0) else None
        case Call(Ref(target=Library(obj=np.where)), (Compare() as test, x, other), ()) | Choose(
            Compare() as test, x, other
        ):
            return test if is_number(other, 0) and _is_above(test, x) else None
        case _:
            return None


def _is_above(test: Compare, x: Expr) -> bool:
    """``x > 0``, or ``0 < x``."""
    if len(test.ops) != 1 or test.ops[0] not in (">", ">=", "<", "<="):
        return False
    more, less = (test.left, test.rights[0]) if test.ops[0][0] == ">" else (test.rights[0], test.left)
    return same(more, x) and is_number(less, 0)


def _clipped(expr: Expr, held: Held, once: Mapping[str, Expr] = {}) -> tuple[Expr, Expr, Expr] | None:
    """What is held between -1 and 1, before or by its name, and these. ``once``: what names are bound to, once."""
    match expr:
        case Name(id) if id in held and held[id][0] == "one":
            return expr, Const(-1.0), Const(1.0)
        case Call(Ref(target=Library(obj=np.clip)), (x, low, high), ()) | Call(Attribute(x, "clip"), (low, high), ()):
            return (x, low, high) if literal(low) == -1 and literal(high) == 1 else None
        case Call(Ref(target=Library(obj=f)), (a, b), ()) if _is_one(f, BOUNDS):
            less = _is_one(f, LESS)
            for outer, inner in ((a, b), (b, a)):
                match once.get(inner.id) if isinstance(inner, Name) else inner:
                    case Call(Ref(target=Library(obj=g)), (c, d), ()) if _is_one(g, GREATER if less else LESS):
                        for x, bound in ((c, d), (d, c)):
                            low, high = (bound, outer) if less else (outer, bound)
                            if literal(low) == -1 and literal(high) == 1:
                                return x, low, high
                    case _:
                        pass
            return None
        case _:
            return None
