"""What is written, taken or drawn within text that is kept as it is: it is done as everywhere else.

Before                                   After

    f"{xs.pop():.3f} left"                   "{:.3f} left".format(xs.pop())
    assert x > 0, xs.pop()                   if not x > 0: raise AssertionError(xs.pop())
    raise ValueError(xs.pop())               told = xs.pop(); raise ValueError(told)

Text that only reads stays text: it is the user's, and it is shown as it was written.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from tangent_like.frontend.method_calls import WRITING
from tangent_like.ir.nodes import Attribute, Call, Const, Expr, Global, Library, Target, UserFunction

GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)
DRAWING = frozenset(name for cls in GENERATORS for name in dir(cls) if not name.startswith("_"))
OF_PYTHON = frozenset({"next", "setattr", "delattr"})
OF_NUMPY = frozenset({"copyto", "place", "put", "put_along_axis", "putmask", "fill_diagonal"})
SPECIAL = frozenset({"__next__", "__setitem__", "__delitem__", "__setattr__", "send"})


def acts(node: Any, called: Callable[[Any], Target | None]) -> Any:
    """What, of an expression, does more than read; None where nothing does. ``called``: what a name stands for."""
    for inner in gast.walk(node):
        if isinstance(inner, gast.NamedExpr):
            return inner
        if isinstance(inner, gast.Call) and writes_or_draws(inner, called):
            return inner
    return None


def writes_or_draws(node: Any, called: Callable[[Any], Target | None]) -> bool:
    func = node.func
    target = called(func)
    match target:
        case Library(module, qualname):
            name = qualname.rpartition(".")[2]
            if module == "builtins":
                return qualname in OF_PYTHON or ("." in qualname and name in WRITING)
            return module in ("numpy.random", "random") or (module == "numpy" and name in OF_NUMPY)
        case UserFunction() | Global():
            return False  # read where it is called: see transform/writing.py
    return isinstance(func, gast.Attribute) and func.attr in WRITING | DRAWING | SPECIAL


def formatted(node: Any, lower: Callable[[Any], Expr], at: tuple[int, int]) -> Call:
    """An f-string as the call of ``format`` that gives the same."""
    parts: list[Any] = []
    text = _template(node, parts)
    return Call(Attribute(Const(text), "format", at), tuple(lower(p) for p in parts), (), at)


def _template(node: Any, parts: list[Any]) -> str:
    out = ""
    for piece in node.values:
        if isinstance(piece, gast.Constant):
            out += str(piece.value).replace("{", "{{").replace("}", "}}")
            continue
        parts.append(piece.value)
        conversion = "" if piece.conversion < 0 else f"!{chr(piece.conversion)}"
        spec = "" if piece.format_spec is None else f":{_template(piece.format_spec, parts)}"
        out += f"{{{conversion}{spec}}}"
    return out
