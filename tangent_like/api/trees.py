"""Values with structure: taken apart into their numbers and arrays, and put together again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tangent_like.errors import RequestError
from tangent_like.kinds.kind import is_float
from tangent_like.kinds.structure import children_of, step
from tangent_like.runtime import like_object
from tangent_like.specialize.entry import Branch, Part, Tree


def leaves_of(value: Any, tree: Tree, what: str) -> list[Any]:
    """The numbers and arrays of a value, in the order of the tree; None stands for any of its branches."""
    if isinstance(tree, Part):
        return [value]
    if tree is None or tree.form == "known":
        return []
    out: list[Any] = []
    if tree.form == "dict" and isinstance(value, dict):
        for key in value.keys() - {k for k, _ in tree.items}:
            raise RequestError(f"{what} has {key!r}, which the value lacks: it must have the structure of the value")
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
        return dict(items) if cls is None else of_subclass(cls, dict, items)
    if form == "list":
        return [v for _, v in items] if cls is None else of_subclass(cls, list, [v for _, v in items])
    if form == "tuple":
        return tuple(v for _, v in items) if cls is None else cls(*(v for _, v in items))
    assert cls is not None
    try:
        empty: object = object.__new__(cls)
    except TypeError as error:
        hint = "pass np.asarray of it, or take the derivative with respect to its attributes"
        raise RequestError(f"an object of {cls.__name__} cannot be made of its attributes: {hint}") from error
    return like_object(empty, **{str(k): v for k, v in items})


def of_subclass(cls: type, base: type, items: list[Any]) -> Any:
    """A dict or a list of a class of the user's, past what that does when it is made or written."""
    made: Any = base.__new__(cls)  # type: ignore[call-overload]
    if base is dict:
        dict.update(made, items)
    else:
        list.extend(made, items)
    return made


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


def carries(leaf: Any) -> bool:
    """Is it a number or an array of floats, or of complex numbers?"""
    return np.asarray(leaf).dtype.kind in "fc"


def carriers(value: Any, beside: Any = ...) -> list[Any]:
    """The numbers and arrays of a value that carry a derivative, in order; or what stands there ``beside`` it."""
    found = children_of(value)
    if found is None:
        return [value if beside is ... else beside] if carries(value) else []
    apart = None if beside is ... or beside is None else children_of(beside)
    there = {} if apart is None else dict(apart[2])
    return [leaf for k, v in found[2] for leaf in carriers(v, ... if beside is ... else there.get(k))]


def refilled(value: Any, leaves: Iterator[Any]) -> Any:
    """The structure of a value, with these leaves for what carries a derivative and None for what does not."""
    found = children_of(value)
    if found is None:
        return next(leaves) if carries(value) else None
    form, cls, items = found
    return built(form, cls, [(k, refilled(v, leaves)) for k, v in items])


def tangent_like_value(tangent: Any, value: Any, name: str, held: bool = False) -> Any:
    """A tangent as the compiled function takes it: in the structure, shape and dtype of the argument.

    ``held``: it is in a container or an object, whose whole numbers move along nothing.
    """
    found = children_of(value)
    if found is not None:
        form, cls, items = found
        missing = object()
        apart = None if tangent is None else children_of(tangent)
        if tangent is not None and (apart is None or len(apart[2]) != len(items)):
            raise RequestError(f"the argument {name!r} has {len(items)} items, and so must its tangent")
        given = {k: None for k, _ in items} if apart is None else dict(apart[2])
        if any(given.get(k, missing) is missing for k, _ in items):
            raise RequestError(f"the tangent of {name!r} must have its structure")
        made = [(k, tangent_like_value(given[k], v, name + step(form, k), True)) for k, v in items]
        return built(form, cls, made)
    if isinstance(value, str | bool) or value is None or callable(value):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "fc":
        if tangent is None or (held and np.asarray(tangent).dtype.kind not in "fc"):
            return 0.0
        what = type(value).__name__ if not isinstance(value, np.ndarray) else f"array of {value.dtype}"
        raise RequestError(
            f"the argument {name!r} is of kind {what}, which has no tangent", hint="pass None for its tangent"
        )
    if tangent is None:
        tangent = np.zeros_like(array)
    if np.shape(tangent) != array.shape:
        raise RequestError(f"the tangent of {name!r} has shape {np.shape(tangent)}, the argument has {array.shape}")
    if np.asarray(tangent).dtype.kind not in ("fiubc" if array.dtype.kind == "c" else "fiub"):
        raise RequestError(f"the tangent of {name!r} is of dtype {np.asarray(tangent).dtype}", hint="pass floats")
    if isinstance(value, np.ndarray):
        return np.asarray(tangent, dtype=array.dtype)
    return type(value)(tangent) if type(value) in (float, complex) else array.dtype.type(tangent)
