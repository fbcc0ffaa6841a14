"""Values with structure: taken apart into their numbers and arrays, and put together again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tangent_like.errors import RequestError
from tangent_like.kinds.kind import is_float
from tangent_like.runtime import like_object
from tangent_like.specialize.entry import Branch, Part, Tree


def leaves_of(value: Any, tree: Tree, what: str) -> list[Any]:
    """The numbers and arrays of a value, in the order of the tree; None stands for any of its branches."""
    if isinstance(tree, Part):
        return [value]
    if tree is None or tree.form == "known":
        return []
    out: list[Any] = []
    for key, item in tree.items:
        out.extend(leaves_of(None if value is None else item_of(value, tree, key, what), item, what))
    return out


def item_of(value: Any, tree: Branch, key: Any, what: str) -> Any:
    try:
        if tree.form == "object" or (isinstance(key, str) and tree.form == "tuple"):
            return getattr(value, key)
        if tree.form in ("tuple", "list") and len(value) != len(tree.items):
            raise RequestError(f"{what} has {len(value)} items in place of {len(tree.items)}")
        return value[key]
    except (AttributeError, KeyError, IndexError, TypeError):
        raise RequestError(f"{what} has no {key!r}: it must have the structure of the value") from None


def together(tree: Tree, leaves: Iterator[Any], only_floats: bool = False) -> Any:
    """A value of the structure of the tree."""
    if tree is None:
        return None
    if isinstance(tree, Part):
        return next(leaves) if is_float(tree.kind) or not only_floats else None
    if tree.form == "known":
        return tree.items[0][0]
    return built(tree.form, tree.type, [(k, together(t, leaves, only_floats)) for k, t in tree.items])


def built(form: str, cls: type | None, items: list[tuple[Any, Any]]) -> Any:
    """A container or an object of these items."""
    if form == "dict":
        return dict(items)
    if form == "list":
        return [v for _, v in items]
    if form == "tuple":
        return tuple(v for _, v in items) if cls is None else cls(*(v for _, v in items))
    assert cls is not None
    return like_object(object.__new__(cls), **{str(k): v for k, v in items})


def float_leaves(value: Any, tree: Tree, what: str) -> list[Any]:
    """Those of the leaves that carry a derivative."""
    found = leaves_of(value, tree, what)
    kinds = [p.kind for p in _parts(tree)]
    return [v for v, kind in zip(found, kinds, strict=True) if is_float(kind)]


def _parts(tree: Tree) -> Iterator[Part]:
    if isinstance(tree, Part):
        yield tree
    elif tree is not None:
        for _, item in tree.items:
            yield from _parts(item)
