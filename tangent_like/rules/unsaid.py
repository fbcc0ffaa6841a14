"""Arguments that no rule need know of: they say how NumPy computes and not what, or what holds without them.

    np.exp(x, casting="same_kind")      np.max(x, where=True)      np.asarray(x, like=None, device=None)
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping

import numpy as np

from tangent_like.ir.nodes import Call, Const, Expr, Library, Ref
from tangent_like.kinds.operands import literal

# Where the default of a function is a mark for "not given", this means the same.
_SAME: Mapping[str, object] = {"keepdims": False, "where": True}
# Of joins: whatever is not refused by NumPy.
_OF_JOINS = ("concatenate", "concat", "stack", "hstack", "vstack", "column_stack")


def says_nothing(expr: Expr, name: str, value: Expr) -> bool:
    """Is it an argument, not known to the rule, without which the call means the same?"""
    given = literal(value)
    if given is None and name in ("out", "where", "initial", "dtype"):
        return True
    if name == "check_finite" and isinstance(given, bool):
        return True
    if not isinstance(expr, Call) or not isinstance(expr.func, Ref) or not isinstance(expr.func.target, Library):
        return False
    if name == "workers" and expr.func.target.module.startswith("scipy.fft"):
        return given is None or isinstance(given, int)
    called = expr.func.target.obj
    if isinstance(called, np.ufunc):
        return name in ("casting", "order", "subok") or (name == "where" and given is True)
    if name == "casting" and getattr(called, "__name__", "") in _OF_JOINS:
        return isinstance(value, Const)
    defaults = library_defaults(called)
    if given is NotImplemented or name not in defaults:
        return False
    return is_default(name, given, defaults[name])


def is_default(name: str, given: object, default: object) -> bool:
    """Is an argument what it would be if it were not given?"""
    if type(given) is type(default):
        return bool(given == default)
    return name in _SAME and given is _SAME[name] and not isinstance(default, bool)


def named_behind(
    expr: Expr, args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...], count: int
) -> tuple[tuple[Expr, ...], tuple[tuple[str, Expr], ...]]:
    """The arguments behind so many by the names that the function has for them: ``np.sum(x, 0, None, None, True)``."""
    if not isinstance(expr, Call) or not isinstance(expr.func, Ref) or not isinstance(expr.func.target, Library):
        return args, keywords
    names = _by_position(expr.func.target.obj)
    if len(args) > len(names):
        return args, keywords
    return args[:count], (*zip(names[count:], args[count:], strict=False), *keywords)


@functools.cache
def _by_position(obj: object) -> tuple[str, ...]:
    """The arguments that a function takes by position, where it tells."""
    try:
        parameters = inspect.signature(obj).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ()
    return tuple(p.name for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD)


@functools.cache
def library_defaults(obj: object) -> Mapping[str, object]:
    """What the arguments of a function are where they are not given, as far as it tells."""
    try:
        parameters = inspect.signature(obj).parameters  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return {}
    return {n: p.default for n, p in parameters.items()}
