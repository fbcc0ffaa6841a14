"""What is done to things of the user's module, and read of them, as calls: once, where they stand, and in that order.

    setattr(wrapper, "calls", v)     wrapper.calls = v
    getattr(wrapper, "calls")        wrapper.calls
    setitem(STATS, "calls", v)       STATS["calls"] = v
    append(LOG, v)                   LOG.append(v)
    getitem(STATS, "calls")          STATS["calls"]
    contains(STATS, "calls")         "calls" in STATS
    length(LOG)                      len(LOG)
    call(fib, 6)                     fib(6)

As calls, of what nobody knows to be pure, they are neither moved nor said again; the text spells them as on the right.
"""

from __future__ import annotations

import keyword

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Attribute, Call, Compare, Const, Do, Expr, Index, Library, Ref, Stmt


def _ref(name: str) -> Ref:
    return Ref(name, Library("builtins", f"outside.{name}", None))


SETITEM, APPEND, CLEAR = _ref("setitem"), _ref("append"), _ref("clear")
GETITEM, CONTAINS, LENGTH, CALL = _ref("getitem"), _ref("contains"), _ref("length"), _ref("call")
WRITING = frozenset({"setattr", *(ref.target.qualname for ref in (SETITEM, APPEND, CLEAR))})  # type: ignore[union-attr]
READING = frozenset(ref.target.qualname for ref in (GETITEM, CONTAINS, LENGTH, CALL))  # type: ignore[union-attr]


def writes_outside(stmt: Stmt) -> bool:
    match stmt:
        case Do(Call(Ref(target=Library("builtins", name)))):
            return name in WRITING
        case _:
            return False


def asks_outside(expr: Expr) -> bool:
    """Is it read there what something else may write before, or after?"""
    match expr:
        case Call(Ref(target=Library("builtins", name))):
            return name in READING or name == "getattr"
        case _:
            return False


def calls_outside(expr: Expr) -> bool:
    """Is it a call of a function of the user's that runs as it is, and may write outside?"""
    return isinstance(expr, Call) and isinstance(expr.func, Ref) and expr.func.target == CALL.target


def of_table(expr: Expr) -> Call | None:
    """A call that asks or changes a table of the module; None for anything else."""
    match expr:
        case Call(Ref(target=Library("builtins", name))) if name in WRITING | READING and name != "setattr":
            return expr
        case _:
            return None


def is_object_called(ref: Ref) -> bool:
    """Is it what calls an object of a library, the first of the arguments: ``PPoly.__call__(spline, x)``?"""
    return isinstance(ref.target, Library) and ref.target.qualname.endswith(".__call__")


def is_said(name: str) -> bool:
    """May it stand behind a dot?"""
    return name.isidentifier() and not keyword.iskeyword(name)


def as_written(expr: Expr) -> Expr:
    """A call as the text spells it."""
    match expr:
        case Call(Ref() as func, (called, *given)) if is_object_called(func):
            return Call(called, tuple(given), expr.keywords)
        case Call(Ref(target=Library("builtins", "getattr")), (held, Const(str(name))), ()) if is_said(name):
            return Attribute(held, name)
        case _:
            pass
    call = of_table(expr)
    if call is None:
        return expr
    table, *rest = call.args
    match call.func:
        case Ref(target=Library(_, "outside.getitem")):
            return Index(table, rest[0])
        case Ref(target=Library(_, "outside.contains")):
            return Compare(rest[0], ("in",), (table,))
        case Ref(target=Library(_, "outside.call")):
            return Call(table, tuple(rest), call.keywords)
        case Ref(target=Library(_, "outside.length")):
            return Call(builtin_ref("len"), (table,))
        case Ref(spelling):
            return Call(Attribute(table, spelling), tuple(rest))
    return expr
