"""Where a function that is loaded stands in its file now: the file may have been edited since.

    def f(x):                # loaded            import math          # the file now
        return 2.0 * x                           def f(x):
                                                     return 5.0 * x

What is differentiated is the text, and what runs is the code. The file is compiled again, and the function is where
the same code comes out; where none does, it is refused.
"""

from __future__ import annotations

import linecache
import types
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from opcode import opmap

from tangent_like.errors import Place, SourceError


def line_of(fn: types.FunctionType, lines: Sequence[str]) -> int:
    """The line, from 1, of ``lines``, its file as it is now, at which the function begins.

    A ``SourceError`` if it has been edited. Where somebody else than Python's own importer compiled the file (pytest
    rewrites assertions), nobody can tell, and the code is believed.
    """
    code = fn.__code__
    if type(fn.__globals__.get("__loader__")) is not SourceFileLoader or fn.__globals__["__file__"] != code.co_filename:
        return code.co_firstlineno
    found = [c.co_firstlineno for c in _functions_in("".join(lines), code.co_filename) if _is_one(c, code)]
    if not found:
        raise SourceError(
            f"the file of {fn.__qualname__!r} has been edited since it was loaded: its text is not what runs",
            Place(code.co_filename, code.co_firstlineno, 1, linecache.getline(code.co_filename, code.co_firstlineno)),
            "load it again: importlib.reload, or start Python anew",
        )
    return min(found, key=lambda line: abs(line - code.co_firstlineno))


@lru_cache(maxsize=64)
def _functions_in(text: str, file: str) -> tuple[types.CodeType, ...]:
    """What the functions and lambdas of a file are compiled to, inner ones too; none of what does not compile."""
    try:
        return tuple(_inside(compile(text, file, "exec", dont_inherit=True)))
    except (SyntaxError, ValueError):
        return ()


def _inside(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _inside(constant)


def _is_one(new: types.CodeType, old: types.CodeType) -> bool:
    """Do both say the same? Profilers of lines put instructions that do nothing behind a function's own."""
    if new.co_name != old.co_name or _names(new) != _names(old) or len(new.co_consts) != len(old.co_consts):
        return False
    behind = old.co_code[len(new.co_code) :]
    if old.co_code[: len(new.co_code)] != new.co_code or set(behind[::2]) - {opmap["NOP"]}:
        return False
    return all(map(_is_one_constant, new.co_consts, old.co_consts))


def _names(code: types.CodeType) -> tuple[tuple[str, ...], ...]:
    return code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars


def _is_one_constant(new: object, old: object) -> bool:
    if isinstance(new, types.CodeType) and isinstance(old, types.CodeType):
        return _is_one(new, old)
    if isinstance(new, frozenset) and isinstance(old, frozenset):
        return sorted(map(repr, new)) == sorted(map(repr, old))
    return type(new) is type(old) and repr(new) == repr(old)  # -0.0 is not 0.0
