"""A function's source: where it stands, its lines, its tree, its comments, and the scope it reads names from."""

from __future__ import annotations

import ast
import copy
import inspect
import io
import linecache
import sys
import tokenize
import types
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from tangent_like.errors import Place, SourceError, UnsupportedError
from tangent_like.frontend.live import cached_function
from tangent_like.frontend.loaded import line_of
from tangent_like.frontend.module_names import with_module_names
from tangent_like.frontend.private_names import class_around, with_private_names
from tangent_like.frontend.resolve import FileScope, LiveScope, Scope


@dataclass(frozen=True, eq=False)
class FunctionSource:
    """``first`` is the line in ``file`` of ``lines[0]``; ``tree`` counts its lines from ``lines[0]`` as 1."""

    file: str
    first: int
    lines: tuple[str, ...]
    tree: Any  # gast.FunctionDef or gast.Lambda
    name: str
    qualname: str
    scope: Scope
    obj: types.FunctionType | None = None
    comments: dict[int, str] = field(default_factory=dict)  # by line: the comments that stand alone

    def place(self, node: Any) -> Place:
        line = getattr(node, "lineno", 1)
        column = getattr(node, "col_offset", 0)
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Place(self.file, self.first + line - 1, column + 1, text)

    def segment(self, node: Any) -> str:
        """The text of a node as it was written."""
        first, last = node.lineno - 1, node.end_lineno - 1
        if first == last:
            return _columns(self.lines[first], node.col_offset, node.end_col_offset)
        parts = [
            _columns(self.lines[first], node.col_offset, None),
            *self.lines[first + 1 : last],
            _columns(self.lines[last], 0, node.end_col_offset),
        ]
        return "\n".join(parts)


def _columns(line: str, start: int, end: int | None) -> str:
    if line.isascii():
        return line[start:end]
    return line.encode()[start:end].decode()  # columns count bytes


def from_function(fn: Callable[..., object]) -> FunctionSource:
    """The source of a live function, or a ``SourceError`` that says how it could be had."""
    fn = cached_function(fn) or fn
    if not isinstance(fn, types.FunctionType):
        raise SourceError(
            f"{fn!r} is not a Python function with source",
            hint="differentiate a def or a lambda that calls it, or give it a rule",
        )
    code = fn.__code__
    try:
        raw, start = _file_of(fn)
    except (OSError, TypeError) as error:
        raise SourceError(
            f"the source of {fn.__qualname__!r} cannot be had ({error})",
            Place(code.co_filename, code.co_firstlineno, 1, ""),
            "put the function in a file; for text run by exec, register it with linecache first",
        ) from None
    first = start + 1
    scope = LiveScope(fn)
    if fn.__name__ == "<lambda>":
        tree, lines, first = _find_lambda(fn, raw, first)
        within = range(tree.lineno, tree.end_lineno + 1)  # its lines are those of the file
        comments = {line: text for line, text in _comments(lines).items() if line in within}
    else:
        lines, module = _block(raw, start, code.co_filename)
        first -= len(lines) > 1 and lines[0] == INSIDE
        tree, comments = _first_def(module), _comments(lines)
    tree = with_private_names(tree, "\n".join(lines), class_around(fn.__qualname__))
    tree = with_module_names(tree, fn)
    name = "f" if fn.__name__ == "<lambda>" else fn.__name__
    return FunctionSource(
        code.co_filename,
        first,
        tuple(lines),
        tree,
        name,
        fn.__qualname__,
        scope,
        fn,
        comments,
    )


def from_text(lines: tuple[str, ...], name: str, scope: Scope, file: str, first: int) -> FunctionSource:
    """A function that we write ourselves, to call something of the user's that stands at ``first`` in ``file``."""
    tree = gast.ast_to_gast(ast.parse("\n".join(lines)).body[0])
    return FunctionSource(file, first, lines, tree, name, name, scope)


def calling(scope: FileScope, qualname: str) -> FunctionSource | None:
    """A function that calls a method or a decorated function of a parsed file, with its parameters."""
    node = scope.definition(qualname)
    if node is None:
        return None
    owner, _, name = qualname.rpartition(".")
    args = copy.deepcopy(node.args)
    params = [*args.posonlyargs, *args.args]
    called = qualname
    if owner:
        marks = {ast.unparse(d) for d in node.decorator_list}
        if "staticmethod" not in marks and params:
            if "classmethod" in marks:
                (args.posonlyargs or args.args).pop(0)
                params = params[1:]
            else:
                called = f"{params[0].arg}.{name}"
                params[0].annotation = params[0].annotation or ast.parse(owner, mode="eval").body
                params = params[1:]
    given = [p.arg for p in params]
    given += [f"*{args.vararg.arg}"] if args.vararg is not None else []
    given += [f"{p.arg}={p.arg}" for p in args.kwonlyargs]
    given += [f"**{args.kwarg.arg}"] if args.kwarg is not None else []
    is_property = owner and any(ast.unparse(d).endswith("property") for d in node.decorator_list)
    value = called if is_property else f"{called}({', '.join(given)})"
    lines = (f"def {name}({ast.unparse(args)}):", f"    return {value}")
    made = from_text(lines, name, scope, scope.file, node.lineno)
    return replace(made, qualname=qualname)


def from_file(scope: FileScope, name: str) -> FunctionSource | None:
    """The function ``name`` (a qualified name) defined in a parsed file; None if there is none."""
    plainly = "." in name or name.endswith("@")  # what the decorators of a method make of it, its class says
    node = scope.definition(name)
    if node is None:
        return None
    for decorator in node.decorator_list if not plainly else ():
        if scope.is_transparent(decorator):
            continue
        line = decorator.lineno
        place = Place(scope.file, line, decorator.col_offset + 1, scope.lines[line - 1])
        reason = f"{name} is decorated: what the decorator does is not known"
        raise UnsupportedError(reason, place, "differentiate the undecorated function")
    start = node.lineno
    above = scope.lines[: start - 1]
    lines = ["" for _ in above] + list(scope.lines[start - 1 : node.end_lineno])
    tree = gast.ast_to_gast(node)
    tree.decorator_list = []
    return FunctionSource(
        scope.file,
        1,
        tuple(lines),
        tree,
        node.name,
        name,
        scope,
        None,
        _comments(lines[start - 1 :], start - 1),
    )


def _file_of(fn: types.FunctionType) -> tuple[list[str], int]:
    """The lines of its file, and the number, from 0, of that where the function begins (not one that it wraps).

    ``inspect`` says the same after it has looked through all modules that are loaded.
    """
    code = fn.__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename, fn.__globals__)
    start = line_of(fn, lines) - 1 if lines else code.co_firstlineno - 1
    if start < len(lines) and (fn.__name__ == "<lambda>" or lines[start].lstrip().startswith("def ")):
        return lines, start
    return inspect.findsource(code.replace(co_firstlineno=start + 1))


INSIDE = "if True:"  # stands before what is indented: inside a class, a function or an if


def _block(raw: list[str], start: int, file: str) -> tuple[list[str], ast.Module]:
    """The lines of the definition that begins at ``raw[start]``, and what they say.

    It goes as far as lines are indented, if that can be read: a string or a bracket may go on to the left of it.
    """
    before = [INSIDE] if raw[start][:1].isspace() else []
    first = start + 1 - len(before)
    if raw[start].lstrip().startswith("def "):
        lines = before + [line.rstrip("\n") for line in raw[start : _indented(raw, start)]]
        try:
            return lines, ast.parse("\n".join(lines))
        except SyntaxError:
            pass
    lines = before + [line.rstrip("\n") for line in inspect.getblock(raw[start:])]
    return lines, _parse("\n".join(lines), file, first)


def _indented(raw: list[str], start: int) -> int:
    """The number of the line behind the last that is indented more than ``raw[start]``."""
    margin = len(raw[start]) - len(raw[start].lstrip())
    end = start + 1
    for k in range(start + 1, len(raw)):
        text = raw[k].lstrip()
        if text:
            if len(raw[k]) - len(text) > margin:
                end = k + 1
            elif text[0] != "#":
                break
    return end


def _parse(text: str, file: str, first: int) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        line = first + (error.lineno or 1) - 1
        place = Place(file, line, error.offset or 1, error.text or "")
        raise SourceError(f"syntax error: {error.msg}", place) from None


def _first_def(module: ast.Module) -> Any:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return gast.ast_to_gast(node)
    raise SourceError("no function definition in the source")


def _find_lambda(fn: types.FunctionType, raw: list[str], first: int) -> tuple[Any, list[str], int]:
    """A lambda is found in its file by line, and among several on one line by its compiled code."""
    code = fn.__code__
    text = "".join(raw)
    module = _parse(text, code.co_filename, 1)
    here = [n for n in ast.walk(module) if isinstance(n, ast.Lambda) and n.lineno == first]
    placed = _at_columns(here, code, first - code.co_firstlineno)
    found = placed or [n for n in here if _compiles_to(n, code, module)] or here
    if len(found) != 1 and len({ast.dump(node) for node in found}) != 1:
        place = Place(
            code.co_filename,
            first,
            1,
            linecache.getline(code.co_filename, first),
        )
        raise SourceError(
            "which lambda of this line is meant cannot be told",
            place,
            "put it on a line of its own",
        )
    return gast.ast_to_gast(found[0]), text.splitlines(), 1


def _at_columns(lambdas: list[ast.Lambda], code: types.CodeType, down: int) -> list[ast.Lambda]:
    """The innermost lambda that what the code says of its columns lies in; none where it says nothing (Python 3.10).

    ``down``: how many lines further down than in the code they stand.
    """
    said = code.co_positions() if sys.version_info >= (3, 11) else ()
    spots = [(line + down, column) for line, _, column, _ in said if line is not None and column]
    bodies = ((node, node.body) for node in reversed(lambdas))
    around = [
        node
        for node, body in bodies
        if spots
        and (body.lineno, body.col_offset) <= min(spots)
        and max(spots) < (body.end_lineno or 0, body.end_col_offset or 0)
    ]
    return around[:1]


def _compiles_to(node: ast.Lambda, code: types.CodeType, module: ast.Module) -> bool:
    """Compiled beside the module's imports: what they bind is read by other instructions than what else is global."""
    imports = [s for s in module.body if isinstance(s, ast.Import | ast.ImportFrom)]
    around = ast.parse(f"def around({', '.join(code.co_freevars)}): return 0")
    for stmt in around.body:
        assert isinstance(stmt, ast.FunctionDef)
        stmt.body = [ast.fix_missing_locations(ast.Return(node))]
    compiled = compile(ast.Module([*imports, *around.body], []), code.co_filename, "exec")
    outer = next(c for c in compiled.co_consts if isinstance(c, types.CodeType))
    return any(isinstance(c, types.CodeType) and _says(c) == _says(code) for c in outer.co_consts)


def _says(code: types.CodeType) -> tuple[object, ...]:
    plain = [c for c in code.co_consts if not (isinstance(c, types.CodeType) or "<lambda>" in str(c))]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, repr(plain)


def _comments(lines: list[str], offset: int = 0) -> dict[int, str]:
    """Comments that stand on a line of their own, by line number (from 1)."""
    if not any(line.lstrip().startswith("#") for line in lines):
        return {}
    found: dict[int, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#"):
                found[token.start[0] + offset] = token.string
    except (
        tokenize.TokenError,
        IndentationError,
    ):  # the text ends inside an expression: a lambda's file
        return found
    return found


def on_one_line(text: str) -> str:
    """What stands on several lines, on one, without the comments between them."""
    if "\n" not in text:
        return text
    lines = text.split("\n")
    if "#" in text:
        try:
            for token in tokenize.generate_tokens(io.StringIO(text + "\n").readline):
                if token.type == tokenize.COMMENT:
                    row = token.start[0] - 1
                    lines[row] = lines[row][: token.start[1]]
        except (tokenize.TokenError, IndentationError):  # a header alone, or what brackets around it hold together
            pass
    return " ".join(stripped for line in lines if (stripped := line.strip()))
