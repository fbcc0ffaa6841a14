"""Calls of libraries without the arguments that say no more than the defaults.

Before                                                After

    spread(y_bar, x, None, False)                         spread(y_bar, x)
    norm.pdf(x, 0, 1)                                     norm.pdf(x)
    linalg.solve_triangular(a, b, lower=False)            linalg.solve_triangular(a, b)
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from types import FunctionType

from tangent_like.ir.nodes import Call, Const, Expr

MISSING = object()
# The methods of SciPy's distributions that take a point, then shapes, place and scale; ``rvs`` and ``mean`` take no
# point, and ``fit`` is told where to begin.
OF_A_POINT = frozenset({"pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf"})


def without_defaults(expr: Call, obj: object) -> Call:
    """The call of ``obj``, as short as it can be said."""
    if not expr.keywords and not (expr.args and isinstance(expr.args[-1], Const)):
        return expr
    positional, named = _defaults(obj)
    keywords = tuple((n, e) for n, e in expr.keywords if not _is(e, named.get(n, MISSING)))
    args = expr.args
    while args and not keywords and len(args) <= len(positional) and _is(args[-1], positional[len(args) - 1]):
        args = args[:-1]
    if len(args) == len(expr.args) and len(keywords) == len(expr.keywords):
        return expr
    return Call(expr.func, args, keywords, expr.at)


def _is(expr: Expr, default: object) -> bool:
    return isinstance(expr, Const) and type(expr.value) is type(default) and expr.value == default


def _defaults(obj: object) -> tuple[tuple[object, ...], Mapping[str, object]]:
    """The defaults of the parameters in order, and by name."""
    shapes = getattr(getattr(obj, "__self__", None), "numargs", None)
    if isinstance(shapes, int):
        if getattr(obj, "__name__", "") not in OF_A_POINT:
            return (), {}
        return (*[MISSING] * (1 + shapes), 0, 1), {"loc": 0, "scale": 1}
    return _of_function(obj) if isinstance(obj, FunctionType) else _of_signature(obj)


def _of_signature(obj: object) -> tuple[tuple[object, ...], Mapping[str, object]]:
    try:
        params = inspect.signature(obj).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return (), {}
    named = {p.name: MISSING if p.default is p.empty else p.default for p in params}
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(named[p.name] for p in params if p.kind in kinds), named


_of_function = functools.cache(_of_signature)  # of a library; an object may be the user's, and is not held
