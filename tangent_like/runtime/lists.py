"""Lists of numbers, of arrays, of lists: adjoints of the same structure."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.broadcast import like


def added(xs, ys):
    """Return the list of the sums of the items of two lists of one length, lists in lists too; else the sum.

    What is None has no adjoint, and None stays.
    """
    if not isinstance(xs, (list, tuple)):
        return None if xs is None else xs + ys
    return [added(x, y) for x, y in zip(xs, ys, strict=True)]


def filled(xs, g):
    """Return a list with a copy of ``g``, broadcast to the shape of the item, for each item of ``xs``."""
    return [
        filled(x, g)
        if isinstance(x, (list, tuple))
        else np.array(np.broadcast_to(g, np.shape(x)))
        if np.ndim(x)
        else g
        for x in xs
    ]


def like_list(xs_bar, xs):
    """Return the gradients of the items of ``xs``, as ``like`` does, in a list or tuple as ``xs`` is one."""
    pairs = zip(xs_bar, xs, strict=True)
    return type(xs)([like_list(b, x) if isinstance(x, (list, tuple)) else like(b, x) for b, x in pairs])


def grown(stack):
    """Return an array twice as long that begins with the items of ``stack``."""
    more = np.empty(2 * stack.size, stack.dtype)
    more[: stack.size] = stack
    return more


def with_room(stack, count):
    """Return ``stack``, or a longer array that begins with its items, of which there can be ``count``."""
    if count <= stack.size:
        return stack
    more = np.empty(max(count, 2 * stack.size), stack.dtype)
    more[: stack.size] = stack
    return more


def put_masked(a, mask, values):
    """Put ``values``, one after the other, where ``mask``, of the shape of ``a``, is true; or one everywhere."""
    a[mask] = values
