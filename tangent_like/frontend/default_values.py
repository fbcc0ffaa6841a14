"""What a parameter stands for where nothing is given: what the function holds, which its text need not say any more."""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable
from typing import Any

import gast

from tangent_like.ir.nodes import Const


def default_now(fn: Callable[..., Any], name: str, node: Any) -> Const | None:
    """The default that the function holds, where its text, which was read when it was made, says another by now.

    ``def f(x, rate=RATE)``: ``RATE`` may be something else; ``f.__defaults__`` may have been set. None where the text
    will do: of what is no plain number or text, it has to.
    """
    value = inspect.signature(fn, follow_wrapped=False).parameters[name].default
    if type(value) not in (int, bool, str) and not (type(value) is float and math.isfinite(value)):
        return None
    if all(isinstance(n, _OF_NUMBERS) for n in gast.walk(node)):
        said = eval(ast.unparse(gast.gast_to_ast(node)), {})  # noqa: S307 - numbers and texts, and signs between them
        if type(said) is type(value) and said == value:
            return None
    return Const(value)


_OF_NUMBERS = (gast.Constant, gast.UnaryOp, gast.BinOp, gast.unaryop, gast.operator)
