"""Copies of what would otherwise share memory with what the user holds, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tangent_like.runtime import isolate, rebuilt


def parts_of(value: Any) -> Iterator[Any]:
    """The arrays, lists and dicts that a value is made of, itself among them."""
    if isinstance(value, np.ndarray):
        yield value
    elif hasattr(value, "tocsc"):  # a sparse matrix
        yield from parts_of(tuple(vars(value).values()))
    elif isinstance(value, tuple | list | dict):
        if not isinstance(value, tuple):
            yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from parts_of(item)


def owners_of(value: Any) -> set[int]:
    """The memory that a value is made of, by identity."""
    if isinstance(value, np.ndarray):  # most are, and each call asks
        return {id(value if value.base is None else owner(value))}
    return {id(owner(part)) for part in parts_of(value)}


def apart(values: tuple[Any, ...], others: Any) -> tuple[Any, ...]:
    """``isolate(values)``, but for the items that nothing of ``others`` is a part of or shares memory with.

    What shares memory with an item that is copied is copied with it: memory of one stays memory of one.
    """
    theirs = owners_of(others)
    owners = [owners_of(v) for v in values]
    touched = [bool(own & theirs) for own in owners]
    while any(touched):
        theirs.update(*(own for own, copied in zip(owners, touched, strict=True) if copied))
        more = [bool(own & theirs) for own in owners]
        if more == touched:
            break
        touched = more
    if not any(touched):
        return values
    copies = iter(isolate(tuple(v for v, copied in zip(values, touched, strict=True) if copied)))
    return tuple(next(copies) if copied else v for v, copied in zip(values, touched, strict=True))


def to_be_changed(saved: Any, what: str) -> Any:
    """What was kept, for a reverse half that changes the "lists" in it, the "arrays" too, or "nothing"."""
    if what == "nothing":
        return saved
    return rebuilt(saved, {}) if what == "lists" else isolate(saved)


def _is_of_strides(part: Any) -> bool:
    """What stands between an array and its windows (``np.lib.stride_tricks``)."""
    return type(part).__module__.startswith("numpy") and hasattr(part, "__array_interface__")


def owner(part: Any) -> Any:
    """What holds the memory of an array: itself, another array, what it was made from; of others, themselves."""
    while getattr(part, "base", None) is not None and (isinstance(part, np.ndarray) or _is_of_strides(part)):
        part = part.base
    return part.obj if isinstance(part, memoryview) else part
