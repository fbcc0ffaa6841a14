"""The kinds that a file's text tells: of its constants, and of a function's parameters."""

from __future__ import annotations

import ast
import weakref
from collections.abc import Callable, Mapping
from typing import TypeGuard

from tangent_like.analysis.annotated import shape_of_text, written_out
from tangent_like.errors import DifferentiationError
from tangent_like.frontend.lower import lower_value
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.nodes import Const, Expr, Function, Global, Library, Unary
from tangent_like.kinds.annotation import kind_of_annotation, stated_sizes
from tangent_like.kinds.dims import Dim
from tangent_like.kinds.kind import (
    BOOL,
    TEXT,
    UNKNOWN,
    Array,
    DictOf,
    Kind,
    ListOf,
    Scalar,
    Sequence,
    kind_of_value,
    without_sizes,
)
from tangent_like.kinds.structure import Shape, Struct

Steps = tuple[tuple[str, object], ...]  # "attribute" or "index", and which
_KNOWN: weakref.WeakKeyDictionary[FileScope, dict[tuple[str, Steps], Kind]] = weakref.WeakKeyDictionary()


def constant_kind(target: Global, kind_of: Callable[[Expr], Kind]) -> Kind:
    """The kind of a global variable, of a live module or of a file that is only read.

    Of a file, that of the expression that gives the constant its value, found by ``kind_of`` as
    for any expression; Unknown where the file does more with it than that.
    """
    if isinstance(target.stated, DictOf | ListOf | Sequence):
        return target.stated
    if target.value is not None and not isinstance(target.definition, FileScope):
        # what a list holds may be replaced in place, and no one would notice
        return UNKNOWN if isinstance(target.value, list) else kind_of_value(target.value)
    return text_kind(target, (), kind_of)


def text_kind(target: Global, steps: Steps, kind_of: Callable[[Expr], Kind]) -> Kind:
    """The kind of a constant of a file that is only read, or of a number or an array in it: ``CONFIG["rate"]``."""
    scope = target.definition
    if not isinstance(scope, FileScope) or scope.file != target.owner:
        return UNKNOWN
    known, asked = _KNOWN.setdefault(scope, {}), (target.name, steps)
    if asked not in known:
        known[asked] = UNKNOWN  # while it is found out: it may be defined by itself
        known[asked] = _of_definition(scope, target.name, steps, kind_of)
    return known[asked]


def _of_definition(scope: FileScope, name: str, steps: Steps, kind_of: Callable[[Expr], Kind]) -> Kind:
    bound = scope.bindings.get(name, [])
    if len(bound) != 1 or (scope.file, name) in scope.overwritten():
        return UNKNOWN
    node = bound[0].node
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    value = _inside(node, name, steps, scope) if steps else getattr(node, "value", None)
    if value is None or not (steps or all(targets)):
        return UNKNOWN
    try:
        kind = kind_of(lower_value(scope, name, value))
    except DifferentiationError:  # not of our language: refused if it matters
        return UNKNOWN
    if steps:
        part = without_sizes(kind)
        return part if isinstance(part, Scalar | Array) else UNKNOWN
    for target in targets:
        if isinstance(target, ast.Name) and target.id == name:
            return kind
        if isinstance(target, ast.Tuple | ast.List) and isinstance(kind, Sequence):
            names = [e.id if isinstance(e, ast.Name) else "" for e in target.elts]
            if name in names and len(names) == len(kind.items):
                return kind.items[names.index(name)]
    return UNKNOWN


def _inside(node: ast.AST, name: str, steps: Steps, scope: FileScope) -> ast.expr | None:
    """What stands in the value that a statement gives a name, or in a class."""
    if isinstance(node, ast.ClassDef):
        values = [n.value for n in node.body if _is_assigned(n, steps[0])]
        value, steps = (values[0] if len(values) == 1 else None), steps[1:]
    else:
        own = ("attribute", name)
        value = node.value if isinstance(node, ast.stmt) and _is_assigned(node, own) else None
    for step in steps:
        value = None if value is None else _part(value, step, scope)
    return value


def _is_assigned(node: ast.stmt, step: tuple[str, object]) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return len(targets) == 1 and isinstance(targets[0], ast.Name) and step == ("attribute", targets[0].id)


def _part(value: ast.expr, step: tuple[str, object], scope: FileScope) -> ast.expr | None:
    """What stands under a key in the display of a dict, at a place in that of a list, or under a name."""
    how, key = step
    match value:
        case ast.Dict(keys, values) if how == "index" and all(isinstance(k, ast.Constant) for k in keys):
            found = [v for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant) and k.value == key]
            return found[0] if len(found) == 1 else None
        case ast.List(items) | ast.Tuple(items) if how == "index" and type(key) is int:
            plain = not any(isinstance(item, ast.Starred) for item in items)
            return items[key] if plain and -len(items) <= key < len(items) else None
        case ast.Call(func, [], named):
            maker = scope.resolve(func)
            wanted = {"index": ("builtins", "dict"), "attribute": ("types", "SimpleNamespace")}[how]
            if isinstance(maker, Library) and (maker.module, maker.qualname) == wanted and all(k.arg for k in named):
                return {k.arg: k.value for k in named}.get(str(key))
            return None
        case _:
            return None


def parameter_kinds(
    function: Function, wanted: tuple[int | str, ...] = (), scope: FileScope | None = None
) -> dict[str, Shape]:
    """What annotations and defaults tell about the parameters; ``wanted`` are those asked for.

    A default that is an int, a bool or a string tells that, unless the parameter is asked for. A
    float may stand for an array, and None for anything.
    """
    found: dict[str, Shape] = {}
    for k, param in enumerate(function.params):
        kind: Shape = UNKNOWN
        if param.annotation:
            known = kind_of_annotation(param.annotation, param.name)
            kind = known if scope is None else shape_of_text(param.annotation, param.name, scope)
        asked = k in wanted or k - len(function.params) in wanted or param.name in wanted
        if kind == UNKNOWN and not param.annotation and not asked:
            kind = _of_default(param.default, param.name)
        found[param.name] = kind
    return found


def parameter_sizes(function: Function, scope: FileScope) -> dict[str, Dim]:
    """What annotations say of the sizes of the parameters, by symbol."""
    return stated_sizes({p.name: written_out(p.annotation, scope) for p in function.params if p.annotation})


def _of_default(default: Expr | None, name: str) -> Kind:
    if isinstance(default, Unary) and default.op == "-":
        default = default.operand
    value = default.value if isinstance(default, Const) else None
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return kind_of_annotation("int", name)
    return TEXT if isinstance(value, str) else UNKNOWN


def array_words(kind: Array) -> str:
    rank = "" if kind.rank is None else f" of rank {kind.rank}"
    return f"{kind.dtype or ''} array{rank}".strip()


def assumed(kinds: Mapping[str, Shape]) -> tuple[str, ...]:
    """What the text takes for granted about arguments of these kinds, in words."""
    found: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        word = array_words(kind) if isinstance(kind, Array) else getattr(kind, "type", "")
        if isinstance(kind, Struct):
            word = kind.form if kind.type is None else kind.type.__name__
        word = "string" if kind == TEXT else word
        if word:
            found.setdefault(word, []).append(name)
    return tuple(f"{word} {', '.join(names)}" for word, names in found.items())
