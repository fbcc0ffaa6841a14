"""What the commands take alike: ``FILE.py:FUNCTION``, and the names of arguments."""

from __future__ import annotations

import ast
import difflib
import os
import re
from collections.abc import Sequence

from tangent_like.errors import Place
from tangent_like.frontend.parsed import Decorated
from tangent_like.frontend.resolve import FileScope, load_file
from tangent_like.frontend.source import FunctionSource, calling
from tangent_like.ir.nodes import Global, Target, Unresolved, UserFunction
from tangent_like.transform.lowered import source_of


class UsageError(Exception):
    """What the user typed cannot be done; the message is one line."""


def split(target: str) -> tuple[str, str]:
    """The file and the function of ``FILE.py:FUNCTION``."""
    file, colon, name = target.rpartition(":")
    if not colon or not name or not file:
        if not colon and os.path.isfile(target):
            raise UsageError(f"{target}: which function? say {target}:FUNCTION")
        raise UsageError(f"{target!r} is not FILE.py:FUNCTION, for example model.py:loss")
    if os.path.isdir(file):
        raise UsageError(f"{file}: is a directory")
    if not file.endswith(".py"):
        raise UsageError(f"{file}: not a Python file (its name does not end in .py)")
    if not os.path.exists(file):
        raise UsageError(f"{file}: no such file")
    return file, name


def near(name: str, known: Sequence[str]) -> str:
    """What a mistyped name may have meant; else what there is."""
    close = difflib.get_close_matches(name, known, 1)
    if close:
        return f": do you mean {close[0]}?"
    return f"; it has {', '.join(known[:8])}{', ...' if len(known) > 8 else ''}" if known else ""


def find(file: str, name: str) -> FunctionSource:
    """The function of a file, which is read and not executed."""
    scope = load_file(file)
    if not all(part.isidentifier() for part in name.split(".")):
        raise UsageError(f"{name!r} is not the name of a function")
    if "." in name:
        target = scope.lookup(name.partition(".")[0])
        found = calling(scope, name)
        if found is None or isinstance(target, Unresolved):
            raise UsageError(_of_class(scope, name, target))
        return found
    target = scope.lookup(name)
    if isinstance(target, Global) and isinstance(target.value, Decorated):
        found = calling(target.value.scope, target.value.name)
        assert found is not None
        return found
    if isinstance(target, UserFunction) and isinstance(target.source, FileScope):
        node = target.source.definitions[target.qualname]
        place = Place(target.source.file, node.lineno, 1, target.source.lines[node.lineno - 1])
        return source_of(target, place)
    if name not in scope.bindings:
        raise UsageError(f"{file} has no function {name!r}{near(name, list(scope.definitions))}")
    line = scope.bindings[name][-1].line
    if isinstance(target, Unresolved):
        raise UsageError(f"{file}:{line}: {name!r} cannot be differentiated: {target.reason}")
    if isinstance(target, Global) and isinstance(target.value, type):
        raise UsageError(f"{file}:{line}: {name!r} is a class: name a method of it, {file}:{name}.method")
    raise UsageError(f"{file}:{line}: {name!r} is not a function defined with def")


def _of_class(scope: FileScope, name: str, target: Target) -> str:
    owner, _, method = name.rpartition(".")
    for node in ast.walk(scope.tree):
        if isinstance(node, ast.ClassDef) and node.name == owner.rpartition(".")[2]:
            if isinstance(target, Unresolved) and target.reason:
                return f"{scope.file}:{node.lineno}: {owner} is {target.reason}"
            methods = [s.name for s in node.body if isinstance(s, ast.FunctionDef)]
            return f"{scope.file}:{node.lineno}: the class {owner} has no method {method!r}{near(method, methods)}"
    return f"{scope.file} has no class {owner!r}"


def names_or_numbers(given: list[str] | None) -> tuple[int | str, ...]:
    """What ``--wrt W,b`` or ``--wrt 0,2`` asks for; the first argument if nothing is."""
    if given is None:
        return (0,)
    parts = [part.strip() for text in given for part in text.split(",")]
    for part in parts:
        if not part.isidentifier() and not re.fullmatch(r"-?\d+", part):
            raise UsageError(f"--wrt {','.join(given)}: {part!r} is neither a name nor a number")
    return tuple(int(p) if re.fullmatch(r"-?\d+", p) else p for p in parts)
