"""A ``try`` around one step that says ahead whether it fails: a dict is asked for its key, a text whether it reads.

Before                                   After

    try:                                     if k in memo:
        y = memo[k]                              y = memo[k]
    except KeyError:                         else:
        y = math.sin(k * x)                      y = math.sin(k * x)
"""

from __future__ import annotations

import builtins
from collections.abc import Callable

import numpy as np

from tangent_like.frontend.attempts import told_kinds
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Binary,
    Bind,
    Call,
    Comment,
    Compare,
    Const,
    Expr,
    Handler,
    If,
    Index,
    Library,
    Name,
    Pass,
    Ref,
    Slice,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import expressions, subexpressions
from tangent_like.specialize.builtin_bases import as_held
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.tables import is_table
from tangent_like.specialize.values import UNSET, Frame, Handle, Leaf, Value, is_builtin

Parsers: dict[str, Callable[[str], object]] = {"float": float, "int": int}


def as_condition(s: Spec, stmt: Try, frame: Frame) -> If | None:
    """The ``try`` as a condition; None where no one step alone may fail, or nobody tells ahead."""
    takes = takes_attribute(s, stmt, frame)
    if takes is not None and not stmt.final:
        handler = next((h for h in stmt.handlers if catches(h, AttributeError)), None)
        if takes or (handler is not None and not handler.name):
            otherwise = handler.body if handler is not None else ()
            return If((Arm(Const(takes), stmt.body, stmt.origin),), otherwise, stmt.origin)
    steps = [one for one in stmt.body if not is_plain(s, one, frame)]
    if stmt.final or len(steps) != 1 or not isinstance(steps[0], Assign | Augment | Store | Bind):
        return None
    whole = tuple(e for value in expressions(steps[0]) for e in subexpressions(value))
    if isinstance(steps[0], Store | Bind) and not steps[0].op:
        whole = tuple(e for e in whole if e is not steps[0].target)  # a key is put in
    found = [(e, k) for e in whole if (k := fails_by(s, e, frame))]
    narrow = not any(catches(h, k) for h in stmt.handlers for k in (ValueError, IndexError, ArithmeticError, TypeError))
    if len(found) != 1 or not all(e is found[0][0] or is_harmless(s, e, frame, narrow) for e in whole):
        return None
    step, kind = found[0]
    if not stmt.failed and not is_told(s, step, frame):
        return None  # whose handlers but raise is left to the run
    handler = next((h for h in stmt.handlers if catches(h, kind)), None)
    if handler is None or handler.name:
        return None
    return If((Arm(asked(s, step, frame), stmt.body, stmt.origin),), handler.body, stmt.origin)


def takes_attribute(s: Spec, stmt: Try, frame: Frame) -> bool | None:
    """``try: y.name = "y"``: a number or an array takes no such attribute, a plain object does; None for more."""
    steps = [one for one in stmt.body if not isinstance(one, Comment | Pass)]
    holders = list(map(sets, steps))
    if not holders or holders[0] is None:
        return None
    held = [s.evaluate(h, frame) for h, _ in filter(None, holders)]
    if isinstance(held[0], Handle):
        objects = len(held) == len(steps) and all(isinstance(h, Handle) and s.content(h).form == "object" for h in held)
        return True if objects else None
    data = isinstance(held[0], Leaf) and held[0].known is UNSET and not isinstance(held[0].expr, Ref)
    return False if data and not hasattr(np.ndarray, holders[0][1]) else None


def sets(stmt: Stmt) -> tuple[Name, str] | None:
    """Of ``y.name = value``, of a value that is there: what has the attribute, and its name."""
    match stmt:
        case Bind(Attribute(Name() as holder, name), "", Const() | Name()):
            return holder, name
        case _:
            return None


def is_told(s: Spec, step: Expr, frame: Frame) -> bool:
    """Is it known by now whether the step fails?"""
    return not isinstance(step, Index) or s.tools.truth(s, s.evaluate(asked(s, step, frame), frame)) is not None


def is_plain(s: Spec, stmt: Stmt, frame: Frame) -> bool:
    """Does it only name what is there, or ask a text that is known?"""
    if not isinstance(stmt, Assign):
        return False
    return all(isinstance(v, Const | Name) or text_method(s, v, frame) for v in stmt.values)


def fails_by(s: Spec, expr: Expr, frame: Frame) -> type[Exception] | None:
    match expr:
        case Index(Name(id), key) if not isinstance(key, Slice):
            return KeyError if is_dict(s, id, frame) else None
        case Call(Ref() as ref, (value,), ()) if any(is_builtin(ref, n) for n in Parsers):
            known = s.evaluate(value, frame) if readable(s, value, frame) else None
            return ValueError if isinstance(known, Leaf) and isinstance(known.known, str) else None
        case _:
            return None


def readable(s: Spec, expr: Expr, frame: Frame) -> bool:
    return all(isinstance(e, Name | Const | Attribute) or text_method(s, e, frame) for e in subexpressions(expr))


def text_method(s: Spec, expr: Expr, frame: Frame) -> bool:
    """A method of a string that is known: it may be asked twice."""
    if not (isinstance(expr, Call) and isinstance(expr.func, Attribute) and not expr.keywords):
        return False
    if not all(isinstance(a, Const) for a in expr.args) or not isinstance(expr.func.value, Name):
        return False
    held = s.evaluate(expr.func.value, frame)
    return isinstance(held, Leaf) and isinstance(held.known, str)


def is_dict(s: Spec, name: str, frame: Frame) -> bool:
    held: Value = as_held(s, s.evaluate(Name(name), frame), "__getitem__", "__missing__", "__contains__")
    if not isinstance(held, Handle):
        return False
    content = s.content(held)
    return (is_table(held, s) or content.form == "dict") and content.default is None and content.cls is None


def is_harmless(s: Spec, expr: Expr, frame: Frame, narrow: bool) -> bool:
    """``narrow``: only a key that is missing is caught, or an iterator's end."""
    if isinstance(expr, Binary):
        return narrow or expr.op in ("+", "-", "*")
    if narrow and isinstance(expr, Index | Slice):
        return True
    if narrow and isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Library):
        return expr.func.target.module in ("math", "numpy")
    return isinstance(expr, Name | Const | Tuple | Attribute | Ref | Unary) or text_method(s, expr, frame)


def asked(s: Spec, step: Expr, frame: Frame) -> Expr:
    match step:
        case Index(base, key):
            return Compare(key, ("in",), (base,))
        case Call(Ref() as ref, (value,)):
            known = s.evaluate(value, frame)
            assert isinstance(known, Leaf) and isinstance(known.known, str)
            name = next(n for n in Parsers if is_builtin(ref, n))
            return Const(is_read(Parsers[name], known.known))
        case _:
            raise AssertionError("nothing tells whether this fails")


def is_read(parser: Callable[[str], object], text: str) -> bool:
    try:
        parser(text)
    except ValueError:
        return False
    return True


def catches(handler: Handler, kind: type[Exception]) -> bool:
    """Is the exception surely caught? No type catches all of them."""
    if handler.type is None:
        return True
    for ref in told_kinds(handler):
        if isinstance(ref, Ref) and isinstance(ref.target, Library):
            named = getattr(builtins, ref.target.qualname, None)
            if isinstance(named, type) and issubclass(kind, named):
                return True
    return False
