"""The structure that annotations tell: of a class its fields, of ``tuple[float, np.ndarray]`` its items."""

from __future__ import annotations

import ast
import copy
import dataclasses
import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any

from tangent_like.frontend.live import is_library
from tangent_like.frontend.parsed import parsed
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.nodes import Global, Library
from tangent_like.kinds.annotation import kind_of_annotation, stated_sizes
from tangent_like.kinds.dims import Dim
from tangent_like.kinds.kind import UNKNOWN, Kind
from tangent_like.kinds.structure import Shape, Struct, step

DEEPEST = 6  # of classes that hold each other
TUPLES = ("builtins.tuple", "typing.Tuple")


def shape_of_text(text: str, name: str, scope: FileScope) -> Shape:
    """What the annotation of a parameter says in a file that is read."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return UNKNOWN
    return _of_node(node, name, scope, 0)


def _of_node(node: ast.expr | None, name: str, scope: FileScope, depth: int) -> Shape:
    if node is None or depth > DEEPEST:
        return UNKNOWN
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return shape_of_text(node.value, name, scope)
    node = _Written(scope, depth).visit(copy.deepcopy(node))
    kind = kind_of_annotation(ast.unparse(node), name)
    if kind != UNKNOWN:
        return kind
    if isinstance(node, ast.Subscript):
        target = scope.resolve(node.value)
        if isinstance(target, Library) and f"{target.module}.{target.qualname}" in TUPLES:
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if not any(isinstance(i, ast.Constant) and i.value is ... for i in items):
                shapes = (_of_node(item, f"{name}[{k}]", scope, depth + 1) for k, item in enumerate(items))
                return Struct("tuple", None, tuple(enumerate(shapes)))
        return UNKNOWN
    target = scope.resolve(node)
    if isinstance(target, Global) and isinstance(target.value, type):
        return shape_of_parsed(target.value, name, depth)
    return UNKNOWN


def shape_of_parsed(cls: type, name: str, depth: int = 0) -> Shape:
    """An object of a class of a file that is read."""
    form = "tuple" if issubclass(cls, tuple) else "object"
    notes: dict[str, tuple[ast.expr | None, FileScope]] = {}
    for base in reversed(cls.__mro__):
        about = parsed(base)
        if about is not None:
            notes.update((field, (note, about.scope)) for field, note in about.annotations.items())
    if form == "tuple":
        fields = list(getattr(cls, "_fields", ()))
    elif dataclasses.is_dataclass(cls):
        fields = [f.name for f in dataclasses.fields(cls)]
    else:
        made = _made_in_init(cls)
        fields = list(made)
        notes = {**made, **{field: note for field, note in notes.items() if field in made}}
    items = []
    for field in fields:
        note, scope = notes.get(field, (None, None))
        inner = name + step(form, field)
        items.append((field, UNKNOWN if scope is None else _of_node(note, inner, scope, depth + 1)))
    return Struct(form, cls, tuple(items))


def _made_in_init(cls: type) -> dict[str, tuple[ast.expr | None, FileScope]]:
    """The attributes that ``__init__`` gives, and what annotations say about them."""
    found: dict[str, tuple[ast.expr | None, FileScope]] = {}
    for base in cls.__mro__:
        about = parsed(base)
        init = None if about is None else about.scope.definition(f"{about.qualname}.__init__")
        if about is None or init is None or not init.args.args:
            continue
        own = init.args.args[0].arg
        params = {a.arg: a.annotation for a in [*init.args.args, *init.args.kwonlyargs]}
        further = False
        for stmt in init.body:
            targets = stmt.targets if isinstance(stmt, ast.Assign) else []
            if isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
                targets = [stmt.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == own:
                    value = getattr(stmt, "value", None)
                    note = stmt.annotation if isinstance(stmt, ast.AnnAssign) else None
                    if note is None and isinstance(value, ast.Name):
                        note = params.get(value.id)
                    found.setdefault(target.attr, (note, about.scope))
            further = further or "super().__init__" in ast.unparse(stmt)
        if not further:
            break
    return found


def written_out(text: str, scope: FileScope) -> str:
    """An annotation with the names in it as their own modules have them: aliases of types, other names of imports."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return written_out(node.value, scope)
    return ast.unparse(_Written(scope, 0).visit(node))


class _Written(ast.NodeTransformer):
    """``F[V, "n"]`` is ``Float[np.ndarray, "n"]``, with ``import Float as F`` and ``V = np.ndarray``."""

    def __init__(self, scope: FileScope, depth: int) -> None:
        self.scope, self.depth = scope, depth

    def visit_Name(self, node: ast.Name) -> ast.expr:
        found = self.scope.bindings.get(node.id, [])
        if len(found) != 1 or self.depth > DEEPEST:
            return node
        (binding,) = found
        if binding.kind == "import" and binding.source[1]:
            return ast.Name(binding.source[1], ast.Load())
        value = getattr(binding.node, "value", None)
        if binding.kind == "constant" and isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
            made: ast.expr = _Written(self.scope, self.depth + 1).visit(copy.deepcopy(value))
            return made
        return node


# -- live annotations --------------------------------------------------------------------------------


def shape_of_live(note: Any, name: str, hints: Callable[[Any], dict[str, Any]], depth: int = 0) -> Shape:
    """What a live annotation says; ``hints`` are those of a class or function."""
    if note is inspect.Parameter.empty or note is None or depth > DEEPEST:
        return UNKNOWN
    kind: Kind = kind_of_annotation(text_of_live(note), name)
    if kind != UNKNOWN or isinstance(note, str):
        return kind
    if typing.get_origin(note) is tuple and ... not in typing.get_args(note):
        args = typing.get_args(note)
        shapes = [shape_of_live(a, f"{name}[{k}]", hints, depth + 1) for k, a in enumerate(args)]
        return Struct("tuple", None, tuple(enumerate(shapes)))
    if not isinstance(note, type) or is_library(note.__module__) or note.__module__ == "builtins":
        return UNKNOWN
    fields: list[str] = []
    form = "tuple" if issubclass(note, tuple) and hasattr(note, "_fields") else "object"
    known = hints(note)
    if form == "tuple":
        fields = list(note._fields)  # type: ignore[attr-defined]
    elif dataclasses.is_dataclass(note):
        fields = [f.name for f in dataclasses.fields(note)]
    inner = ((f, shape_of_live(known.get(f), name + step(form, f), hints, depth + 1)) for f in fields)
    return Struct(form, note, tuple(inner))


def text_of_live(note: Any) -> str:
    """A live annotation as it would be written."""
    if isinstance(note, str):
        return note
    if typing.get_origin(note) is not None:  # NDArray[np.float64]: its name says less than it does
        return str(note)
    return getattr(note, "__name__", "") or str(note)


def live_sizes(notes: Mapping[str, Any]) -> dict[str, Dim]:
    """What live annotations say of the sizes of parameters, by symbol."""
    return stated_sizes({name: text_of_live(note) for name, note in notes.items()})


def type_hints(holder: Any) -> dict[str, Any]:
    """The annotations of a class or function, names in them resolved; none where one cannot be."""
    try:
        return typing.get_type_hints(holder)
    except Exception:  # noqa: BLE001 - whatever evaluating the user's annotations raises
        return {}
