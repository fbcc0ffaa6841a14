"""A function cut short after one of its statements: which is the first that something is wrong with?"""

from __future__ import annotations

import ast
import copy
import inspect
import itertools
import linecache
import textwrap
import types
from collections.abc import Callable, Iterator
from typing import Any

from tangent_like.errors import Place

Function = Callable[..., Any]


def first_statement(f: Function, is_wrong: Callable[[Function], bool | None]) -> Place | None:
    """The first statement of ``f`` with which a function cut after it is wrong; None if that cannot be told.

    ``is_wrong`` says None of a function of which nothing can be said.

    A loop or a branch that is wrong is cut inside in its turn: its body ends with one statement after the other.
    """
    if not isinstance(f, types.FunctionType):
        return None
    try:
        lines, first = inspect.getsourcelines(f)
        node = ast.parse(textwrap.dedent("".join(lines))).body[0]
    except (OSError, SyntaxError):
        return None
    if not isinstance(node, ast.FunctionDef):
        return None
    cells = zip(f.__code__.co_freevars, f.__closure__ or (), strict=True)
    namespace = {**f.__globals__, **{n: c.cell_contents for n, c in cells}}

    unsaid: list[ast.stmt] = []

    def wrong(body: list[ast.stmt], names: Iterator[str]) -> bool:
        answers = [is_wrong(_cut(node, [*body, _return(name)], namespace)) for name in dict.fromkeys(names)]
        if None in answers:
            unsaid.extend(body[-1:])
        return True in answers

    def search(block: list[ast.stmt], around: Callable[[list[ast.stmt]], list[ast.stmt]]) -> ast.stmt | None:
        for k, stmt in enumerate(block):
            if isinstance(stmt, ast.Return):
                # all that it is made of was right
                return stmt if stmt is node.body[-1] and not unsaid else None
            if any(isinstance(inner, ast.Return) for inner in ast.walk(stmt)):
                return None
            if not wrong(around(block[: k + 1]), _bound(stmt)):
                continue
            return _inside(stmt, block[:k], around) or stmt
        return None

    def _inside(
        stmt: ast.stmt, before: list[ast.stmt], around: Callable[[list[ast.stmt]], list[ast.stmt]]
    ) -> ast.stmt | None:
        for name in ("body", "orelse") if isinstance(stmt, ast.For | ast.If | ast.With) else ():
            inner = getattr(stmt, name, [])

            def cut_here(part: list[ast.stmt], name: str = name) -> list[ast.stmt]:
                shorter = copy.copy(stmt)
                setattr(shorter, name, part or [ast.Pass()])
                return around([*before, shorter])

            found = search(inner, cut_here) if inner else None
            if found is not None:
                return found
        return None

    found = search(node.body, lambda part: part)
    if found is None:
        return None
    line = first + found.lineno - 1
    file = f.__code__.co_filename
    return Place(file, line, found.col_offset + 1, ast.unparse(found).partition("\n")[0])


_NUMBERS = itertools.count()


def _cut(node: ast.FunctionDef, body: list[ast.stmt], namespace: dict[str, Any]) -> Function:
    cut = ast.FunctionDef(node.name, node.args, body, [])
    cut.type_params = []  # type: ignore[attr-defined]
    return function_of(ast.unparse(ast.fix_missing_locations(ast.Module([cut], []))), node.name, namespace)


def _return(name: str) -> ast.stmt:
    return ast.Return(ast.Name(name, ast.Load()))


def function_of(text: str, name: str, namespace: dict[str, Any]) -> Function:
    """The function that a text defines, so that its source can be read."""
    file = f"<tangent_like cut {next(_NUMBERS)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    own = dict(namespace)
    exec(compile(text, file, "exec"), own)  # noqa: S102 - the user's own function, cut short
    found: Function = own[name]
    return found


def _bound(stmt: ast.stmt) -> Iterator[str]:
    for node in ast.walk(stmt):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            yield node.value.id
