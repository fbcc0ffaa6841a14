"""Numbers and arrays in the tables and objects of the module: of what kind each is, which is asked again at each call.

Before                                          After

    x_bar = unbroadcast(                            x_bar = CONFIG["rate"] * y_bar
        y_bar * CONFIG["rate"], x)

Whoever writes ``CONFIG["rate"] = ...`` may put something of another kind there and leaves the table what it is: so a
text that took the kind for granted looks at it before it runs.
"""

from __future__ import annotations

import inspect
import types
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tangent_like.analysis.constants import text_kind
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.nodes import Attribute, Const, Expr, Global, Index, Ref
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import BOOL, FLOAT, UNKNOWN, Kind, Scalar, Sequence, as_list, class_of, kind_of_value

MISSING = object()
DICTS = (dict, OrderedDict, defaultdict)
KINDS = {bool: BOOL, int: Scalar("int"), float: FLOAT, complex: Scalar("complex")}
MOST_ITEMS = 64  # of a list, of which each is known by itself

Step = tuple[str, object]  # "attribute" or "index", and which


@dataclass(frozen=True, slots=True)
class Look:
    """Looks at one part of a table again: its type, of an array its shape and dtype, too."""

    table: int  # its identity: two that look at one part of one table are one
    path: tuple[Step, ...]
    read: Callable[[], object] = field(compare=False)

    def __call__(self) -> tuple[object, ...]:
        return form_of(part(self.read(), self.path))


@dataclass(frozen=True, slots=True)
class Contents:
    """Looks at a list again: what numbers are in it."""

    table: int
    read: Callable[[], object] = field(compare=False)

    def __call__(self) -> tuple[object, ...]:
        return (numbers_in(self.read()),)


def reader(target: Global) -> Callable[[], object]:
    return target.read if callable(target.read) else lambda: target.value


def part_kind(expr: Attribute | Index, sizes: Sizes, kind: Callable[[Expr, Mapping[str, Kind]], Kind]) -> Kind | None:
    """The kind of ``CONFIG.rate`` or ``TABLE["a"][2]``; None where it is no number and no array of the module's."""
    root: Expr = expr
    while isinstance(root, Attribute | Index):  # most begin with a variable, and are asked for often
        root = root.value
    target = root.target if isinstance(root, Ref) else None
    steps = _path(expr) if isinstance(target, Global) else None
    if not isinstance(target, Global) or steps is None:
        return None
    if isinstance(target.definition, FileScope):
        told = text_kind(target, steps, lambda e: kind(e, {}))
        return None if told == UNKNOWN else told
    if target.value is None:
        return None
    found = part(target.value, steps)
    form = form_of(found)
    if not form:
        return None
    sizes.looks[Look(id(target.value), steps, reader(target))] = form
    return KINDS.get(type(found)) or kind_of_value(found)


def _path(expr: Expr) -> tuple[Step, ...] | None:
    """The attributes and constant keys from the root on; None where there is another key among them."""
    path: list[Step] = []
    while True:
        match expr:
            case Attribute(expr, name):
                path.append(("attribute", name))
            case Index(expr, Const(int() | str() as key)):
                path.append(("index", key))
            case Index():
                return None
            case _:
                return tuple(reversed(path))


def list_kind(target: Global, sizes: Sizes) -> Kind | None:
    """The kind of a list of numbers of the module's, whose items may be replaced where it stands."""
    if type(target.value) is not list or isinstance(target.definition, FileScope) or target.stated is not None:
        return None
    kind = numbers_in(target.value)
    if kind is not None:
        sizes.looks[Contents(id(target.value), reader(target))] = (kind,)
    return kind


def numbers_in(value: object, room: int = MOST_ITEMS) -> Kind | None:
    """The kind of lists and tuples of numbers: of each by itself where they are few, what holds of all where not."""
    if type(value) not in (list, tuple):
        known = KINDS.get(type(value))
        other = kind_of_value(value) if known is None else None
        return other if other is not None and class_of(other) else known  # a sparse matrix, whose operators are its own
    assert isinstance(value, list | tuple)
    length = len(value)
    types_in = dict.fromkeys(map(type, value))  # first: most lists are long and hold numbers of one type
    if not length or (length > room and types_in.keys() <= KINDS.keys()):
        return as_list(Sequence(tuple(KINDS[t] for t in types_in), True)) if length else None
    items = [numbers_in(v, room // length) for v in value]
    kinds = tuple(kind for kind in items if kind is not None)
    if len(kinds) < length:
        return None
    few = length <= room or type(value) is tuple
    return Sequence(kinds, type(value) is list) if few else as_list(Sequence(tuple(dict.fromkeys(kinds)), True))


def part(table: object, path: tuple[Step, ...]) -> object:
    """What stands there, or ``MISSING``: no code of the user's runs to find it."""
    for how, key in path:
        if how == "attribute":
            table = _attribute(table, str(key))
        elif type(table) in DICTS or (isinstance(table, list | tuple) and _is_plain(table) and isinstance(key, int)):
            try:
                table = table[key]  # type: ignore[index]
            except (KeyError, IndexError):
                return MISSING
        else:
            return MISSING
    return table


def _is_plain(table: object) -> bool:
    """A list or a tuple, and no class of the user's that says for itself what an item is."""
    return getattr(type(table), "__getitem__", None) in (list.__getitem__, tuple.__getitem__)


def _attribute(holder: object, name: str) -> object:
    if isinstance(holder, np.ndarray | np.generic | types.ModuleType | str | int | float | complex):
        return MISSING
    if isinstance(type(holder).__getattribute__, types.FunctionType):  # the user's class says what an attribute is
        return MISSING
    found = inspect.getattr_static(holder, name, MISSING)
    if isinstance(found, types.MemberDescriptorType):  # of a class with slots
        return getattr(holder, name, MISSING)
    return MISSING if hasattr(type(found), "__get__") else found


def form_of(found: object) -> tuple[object, ...]:
    if type(found) is np.ndarray:
        return np.ndarray, found.shape, found.dtype
    return (type(found),) if type(found) in KINDS or isinstance(found, np.generic) else ()
