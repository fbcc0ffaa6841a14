"""The kinds that a file's text tells: of its constants, and of a function's parameters."""

from __future__ import annotations

import ast
import weakref
from collections.abc import Callable, Mapping

from tangent_like.analysis.annotated import shape_of_text, written_out
from tangent_like.errors import DifferentiationError
from tangent_like.frontend.lower import lower_value
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.nodes import Const, Expr, Function, Global, Unary
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
    Sequence,
    kind_of_value,
)
from tangent_like.kinds.structure import Shape, Struct

_KNOWN: weakref.WeakKeyDictionary[FileScope, dict[str, Kind]] = weakref.WeakKeyDictionary()


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
    scope = target.definition
    if not isinstance(scope, FileScope) or scope.file != target.owner:
        return UNKNOWN
    known = _KNOWN.setdefault(scope, {})
    if target.name not in known:
        known[target.name] = UNKNOWN  # while it is found out: it may be defined by itself
        known[target.name] = _of_definition(scope, target.name, kind_of)
    return known[target.name]


def _of_definition(scope: FileScope, name: str, kind_of: Callable[[Expr], Kind]) -> Kind:
    bound = scope.bindings.get(name, [])
    if len(bound) != 1 or (scope.file, name) in scope.overwritten():
        return UNKNOWN
    node = bound[0].node
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    value = getattr(node, "value", None)
    if value is None or not all(targets):
        return UNKNOWN
    try:
        kind = kind_of(lower_value(scope, name, value))
    except DifferentiationError:  # not of our language: refused if it matters
        return UNKNOWN
    for target in targets:
        if isinstance(target, ast.Name) and target.id == name:
            return kind
        if isinstance(target, ast.Tuple | ast.List) and isinstance(kind, Sequence):
            names = [e.id if isinstance(e, ast.Name) else "" for e in target.elts]
            if name in names and len(names) == len(kind.items):
                return kind.items[names.index(name)]
    return UNKNOWN


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
