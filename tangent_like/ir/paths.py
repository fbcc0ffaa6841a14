"""What two paths of a program know apart, where they meet."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from operator import is_not
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def unlike(one: Mapping[K, V], other: Mapping[K, V]) -> list[K]:
    """The keys under which two tables do not hold the very same thing.

    The tables of the paths of one branch start as copies, may hold thousands of names, and differ in few: where the
    second has only more keys than the first, it is gone through without a line of Python for each.

    >>> a, b = "a", "b"
    >>> unlike({1: a, 2: b}, {1: a, 2: a, 3: b}), unlike({1: a, 2: b, 3: a}, {0: a, 1: a, 2: a})
    ([2, 3], [0, 2, 3])
    """
    keys, others = list(one), list(other)
    if others[: len(keys)] == keys:
        return [*compress(keys, map(is_not, one.values(), other.values())), *others[len(keys) :]]
    known = one.get
    found = [key for key, value in other.items() if known(key) is not value]
    return found + [key for key in keys if key not in other]
