"""The structure of an argument: which numbers and arrays are in it, and where."""

from __future__ import annotations

import dataclasses
import enum
import types
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tangent_like.errors import RequestError
from tangent_like.kinds.kind import (
    BOOL,
    NONE,
    TEXT,
    Kind,
    ListOf,
    is_float,
    kind_of_value,
    sizes_of_value,
)


@dataclass(frozen=True, slots=True)
class Known:
    """None, a bool or a string: what the text is right for is this value."""

    value: object
    kind: Kind


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function, a class, a member of an enumeration, an object that is called: this very one."""

    value: object

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FunctionValue) and self.value is other.value


@dataclass(frozen=True, slots=True)
class Struct:
    """``form``: "tuple", "list", "dict" or "object"; ``type`` the class of a named tuple or an object."""

    form: str
    type: type | None
    items: tuple[tuple[object, Shape], ...]
    shared: bool = False  # the very container is in several places of the arguments


Shape: TypeAlias = "Kind | Known | FunctionValue | Struct"

# Known by themselves: each is this very one.
SINGLE = enum.Enum

SIMPLE = (int, float, complex, str, bytes, np.generic, np.ndarray, np.dtype, type(None), range, slice)


def is_structured(shape: Shape) -> bool:
    return isinstance(shape, Struct | FunctionValue)


def has_float(shape: Shape) -> bool:
    """Is anything in it that may carry a derivative?"""
    if isinstance(shape, Struct):
        return any(has_float(s) for _, s in shape.items)
    return not isinstance(shape, Known | FunctionValue) and is_float(shape)


def children_of(value: object) -> tuple[str, type | None, list[tuple[object, object]]] | None:
    """Form, class and items of a container or an object of the user's; None for a leaf."""
    if isinstance(value, SINGLE) or (isinstance(value, SIMPLE) and not hasattr(value, "_fields")):
        return None
    if isinstance(value, tuple):
        if hasattr(value, "_fields"):
            return "tuple", type(value), list(zip(value._fields, tuple.__iter__(value), strict=True))
        return "tuple", None, list(enumerate(value))
    if type(value) is list:
        return "list", None, list(enumerate(value))
    if type(value) is dict:
        return "dict", None, list(value.items())
    if callable(value) and isinstance(value, types.FunctionType | types.BuiltinFunctionType | type | np.ufunc):
        return None
    if isinstance(value, dict | list):
        return _of_subclass(value)
    module = type(value).__module__ or ""
    if dataclasses.is_dataclass(value) or _is_plain_object(value, module):
        return "object", type(value), list(_attributes(value).items())
    return None


# What a class may say of its items otherwise than the dict or list that it is a subclass of.
GIVES_ITEMS = ("__getitem__", "__iter__", "__len__", "__contains__", "keys", "items", "values", "get")


def _of_subclass(value: dict[object, object] | list[object]) -> tuple[str, type, list[tuple[object, object]]] | None:
    """Of an object of a subclass of dict or list, which says nothing of its own of its items, and has nothing else."""
    base, cls = (dict if isinstance(value, dict) else list), type(value)
    if cls.__module__.partition(".")[0] in ("builtins", "collections", "typing"):
        return None
    own = any(getattr(cls, name, None) is not getattr(base, name, None) for name in GIVES_ITEMS)
    attributes = getattr(value, "__dict__", None)
    if own or (attributes and attributes is not value):
        return None
    items = dict.items(value) if isinstance(value, dict) else enumerate(list.__iter__(value))
    return base.__name__, cls, list(items)


def _is_plain_object(value: object, module: str) -> bool:
    root = module.partition(".")[0]
    if root in ("builtins", "numpy", "scipy", "functools", "collections", "random", "threading", "_io", "io"):
        return root == "types" and isinstance(value, types.SimpleNamespace)
    return hasattr(value, "__dict__") or hasattr(type(value), "__slots__")


def _attributes(value: object) -> dict[str, object]:
    found = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in found and hasattr(value, name) and name not in ("__dict__", "__weakref__"):
                found[name] = getattr(value, name)
    return found


def step(form: str, key: object) -> str:
    """How an item is reached, as text after what holds it."""
    return f".{key}" if form == "object" or (isinstance(key, str) and form == "tuple") else f"[{key!r}]"


def repeated(values: tuple[object, ...]) -> frozenset[int]:
    """The lists, dicts and objects that are in several places of the arguments, by their id."""
    seen: set[int] = set()
    again: set[int] = set()
    around: set[int] = set()

    def visit(value: object) -> None:
        found = children_of(value)
        if found is None:
            return
        mutable = found[0] != "tuple"
        if id(value) in around:
            raise RequestError(f"an argument holds itself: {type(value).__name__}", hint="pass what it holds")
        if mutable:
            if id(value) in seen:
                again.add(id(value))
                return
            seen.add(id(value))
        around.add(id(value))
        for _, item in found[2]:
            visit(item)
        around.discard(id(value))

    for value in values:
        visit(value)
    return frozenset(again)


def shape_of_value(
    value: object, text: str, depth: int = 0, shared: frozenset[int] = frozenset(), opened: bool = False
) -> Shape:
    """The structure of a live argument; ``text`` is how it is reached. ``opened``: lists item by item, all of them."""
    if value is None:
        return Known(None, NONE)
    if isinstance(value, bool):
        return Known(value, BOOL) if depth else BOOL
    if isinstance(value, SINGLE):
        return FunctionValue(value)
    if isinstance(value, str):
        return Known(value, TEXT)
    found = children_of(value)
    if found is None or depth > 40:
        if is_one_of_a_kind(value):
            return FunctionValue(value)
        return kind_of_value(value, text)
    form, cls, items = found
    if form == "list" and cls is None and not opened and isinstance(kind := kind_of_value(value, text), ListOf):
        return kind  # of any length
    shapes = tuple((k, shape_of_value(v, text + step(form, k), depth + 1, shared, opened)) for k, v in items)
    as_one = form == "tuple" or (form == "list" and not (opened and items))
    if as_one and cls is None and not any(_matters(s) for _, s in shapes):
        return kind_of_value(value, text)
    return Struct(form, cls, shapes, form != "tuple" and id(value) in shared)


def is_one_of_a_kind(value: object) -> bool:
    """A function or a module: what is done depends on which it is."""
    return isinstance(value, types.ModuleType) or (callable(value) and not isinstance(value, np.ndarray))


def _matters(shape: Shape) -> bool:
    return isinstance(shape, Struct | FunctionValue) or (not isinstance(shape, Known) and is_float(shape))


def structure_sizes(value: object, text: str, opened: bool = False) -> dict[str, int]:
    """The symbols that ``shape_of_value(value, text)`` uses, with their sizes."""
    found = children_of(value)
    if found is None or not isinstance(shape_of_value(value, text, opened=opened), Struct):
        return sizes_of_value(value, text)
    sizes: dict[str, int] = {}
    for key, item in found[2]:
        sizes.update(structure_sizes(item, text + step(found[0], key), opened))
    return sizes


def listed_items(value: object) -> int:
    """How many items are in the lists of an argument that are taken for lists of any length."""
    found = children_of(value)
    if found is None:
        return 0
    own = found[:2] == ("list", None) and isinstance(kind_of_value(value, "x"), ListOf)
    return own * len(found[2]) + sum(listed_items(item) for _, item in found[2])


def opened_key(value: object) -> object:
    """As ``shape_key``, where lists are known item by item."""
    return shape_key(value, opened=True)


def shape_key(value: object, seen: dict[int, int] | None = None, opened: bool = False) -> object:
    """What of a value its structure and kinds depend on, sizes apart; ``seen`` are the containers so far."""
    if type(value) is np.ndarray:
        return (np.ndarray, value.ndim, value.dtype)
    if value is None or isinstance(value, bool | str | SINGLE):
        return (type(value), value)
    if isinstance(value, SIMPLE) and not isinstance(value, tuple):
        return type(value)
    found = children_of(value)
    if found is None:
        return (type(value), id(value)) if is_one_of_a_kind(value) else type(value)
    form, cls, items = found
    seen = {} if seen is None else seen
    if form != "tuple":
        before = seen.get(id(value))
        if before is not None:
            return (form, before)
        seen[id(value)] = len(seen)
    keys = tuple((k, shape_key(v, seen, opened)) for k, v in items)
    if form == "list" and cls is None and not opened and isinstance(kind_of_value(value, "x"), ListOf):
        keys = keys[:1]  # of any length, all alike
    return (form, cls, keys)
