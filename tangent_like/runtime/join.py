"""Joined arrays: to each its own part."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.broadcast import unbroadcast


def joined_parts(y_bar, arrays, axis, ndim):
    """Return the part of ``y_bar`` that each of ``arrays`` became, in its own shape.

    They were joined along ``axis``; those of fewer than ``ndim`` axes count one there. Of an array an array.
    """
    sizes = [np.shape(a)[axis] if np.ndim(a) >= ndim else 1 for a in arrays]
    cut = np.split(y_bar, np.cumsum(sizes)[:-1], axis)
    parts = [np.reshape(part, np.shape(a))[()] for part, a in zip(cut, arrays, strict=True)]
    return np.array(parts) if isinstance(arrays, np.ndarray) else parts


def rejoined(bars, y_bar, arrays, axis, ndim):
    """Return ``y_bar`` again from its ``bars = joined_parts(y_bar, arrays, axis, ndim)``: only its shape matters."""
    shape = np.shape(y_bar)
    sizes = [np.shape(a)[axis] if np.ndim(a) >= ndim else 1 for a in arrays]
    parts = [np.reshape(b, (*shape[:axis], n, *shape[axis + 1 :])) for b, n in zip(bars, sizes, strict=True)]
    return np.concatenate(parts, axis)


def unhstack(y_bar, arrays):
    """Return the adjoints of ``arrays`` in ``np.hstack(arrays)``: along the first axis if that is all."""
    return joined_parts(y_bar, arrays, 0, 1) if np.ndim(y_bar) == 1 else joined_parts(y_bar, arrays, 1, 2)


def unblock(y_bar, arrays):
    """Return the adjoints of ``arrays``, lists within lists, in ``np.block(arrays)``."""
    if not isinstance(arrays, list):
        return np.reshape(y_bar, np.shape(arrays))[()]
    sizes = [np.shape(np.block(a)) for a in arrays]
    depth = nesting(arrays)
    along = [shape[-depth] if len(shape) >= depth else 1 for shape in sizes]
    cut = np.split(y_bar, np.cumsum(along)[:-1], -depth)
    return [unblock(part, a) for part, a in zip(cut, arrays, strict=True)]


def nesting(arrays):
    """Return how many lists stand within each other."""
    return 1 + nesting(arrays[0]) if isinstance(arrays, list) else 0


def each_item(y_bar, x):
    """Return the adjoint of ``x`` in ``sum(x)``: ``y_bar`` for each item, a list for a list.

    The arrays of the list are memory of their own: they are added to one by one.
    """
    if isinstance(x, (list, tuple)):
        return [y_bar] * len(x) if isinstance(y_bar, float) else [np.copy(unbroadcast(y_bar, item))[()] for item in x]
    if np.ndim(y_bar) >= np.ndim(x) > 0 and len(x):  # a start of more axes than the items have
        y_bar = unbroadcast(y_bar, x[0])
    return np.array(np.broadcast_to(np.asarray(y_bar, np.result_type(y_bar, x, 0.0)), np.shape(x)))


def block_again(bars):
    """Return ``y_bar`` again from its ``bars = unblock(y_bar, arrays)``, which are tuples or lists."""
    return np.block(as_lists(bars))


def as_lists(items):
    """Return nested tuples as nested lists."""
    return [as_lists(item) for item in items] if isinstance(items, (list, tuple)) else items


def other_items(x, start=1):
    """Return for each item of ``x`` the product of the others and ``start``; nothing is divided."""
    before, after = [start], [1]
    for item in x:
        before.append(before[-1] * item)
    for item in x[::-1]:
        after.append(after[-1] * item)
    found = [b * a for b, a in zip(before[:-1], after[-2::-1], strict=True)]
    return found if isinstance(x, (list, tuple)) else np.array(found)


def best_items(y, x):
    """Return how much of the extremum ``y`` of the items of ``x`` is each: 1, or 0, or shares of a tie."""
    count = sum(item == y for item in x)
    found = [(item == y) / count for item in x]
    return found if isinstance(x, (list, tuple)) else np.array(found)


def each_times(y_bar, x):
    """Return ``y_bar`` times each item of ``x``, a list for a list."""
    return [y_bar * item for item in x] if isinstance(x, (list, tuple)) else y_bar * x


def each_over(x, y):
    """Return each item of ``x`` over ``y``, and 0 where that is 0: the slope of a norm."""
    found = [item / y if y else item * 0.0 for item in x]
    return found if isinstance(x, (list, tuple)) else np.array(found)


def each_less(x, y):
    """Return the differences of the items of ``x`` and ``y``, a list unless ``x`` is an array."""
    found = [a - b for a, b in zip(x, y, strict=True)]
    return found if isinstance(x, (list, tuple)) else np.array(found)


def sum_of_products(x, y):
    """Return the sum of the products of the items of ``x`` and ``y``."""
    return sum(a * b for a, b in zip(x, y, strict=True))
