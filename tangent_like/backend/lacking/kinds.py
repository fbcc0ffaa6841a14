"""What Numba knows of the arguments of a function when it compiles a call of it; stand-ins for functions of NumPy."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg"

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numba import types
from numba.cpython.unsafe.tuple import tuple_setitem
from numba.extending import register_jitable


def stand_in(original: Any) -> Any:
    """A function that compiled text calls for ``original``: what is known of it to Numba is for our text alone."""

    @functools.wraps(original)
    def standing(*args: Any, **named: Any) -> Any:
        return original(*args, **named)

    return standing


def is_number(of: Any) -> bool:
    return isinstance(of, types.Float | types.Integer | types.Boolean)


def is_array(of: Any) -> bool:
    return isinstance(of, types.Array) and of.ndim > 0 and is_number(of.dtype)


def is_matrix(of: Any) -> bool:
    return is_array(of) and of.ndim == 2


def is_vector(of: Any) -> bool:
    return is_array(of) and of.ndim == 1


def is_index(of: Any) -> bool:
    return isinstance(of, types.Array) and of.ndim == 1 and isinstance(of.dtype, types.Integer)


def is_tuple(of: Any) -> bool:
    return isinstance(of, types.BaseTuple)


def is_none(of: Any) -> bool:
    return of is None or isinstance(of, types.NoneType) or (isinstance(of, types.Omitted) and of.value is None)


def is_whole(of: Any) -> bool:
    """An axis, or a count: a whole number, whether it is known when it is compiled or not."""
    if isinstance(of, types.Omitted):
        of = of.value
    return isinstance(of, types.Integer | int) and not isinstance(of, bool)


def dtype_of(*given: Any) -> Any:
    """The dtype of floats that arrays meet in: a number of Python's has none of its own."""
    wide = [t.dtype for t in given if isinstance(t, types.Array) and isinstance(t.dtype, types.Float)]
    return np.float32 if wide and all(w == types.float32 for w in wide) else np.float64


def own_dtype(of: Any) -> Any:
    """The dtype of an array, or of a number."""
    from numba.np.numpy_support import as_dtype

    return as_dtype(of.dtype if isinstance(of, types.Array) else of).type


def literal(of: Any) -> Any:
    """The value of an argument that is written out; NotImplemented for any other."""
    if of is None or isinstance(of, types.NoneType | types.Omitted):
        return getattr(of, "value", None)
    if isinstance(of, types.Literal):
        return of.literal_value
    if is_tuple(of):
        items = tuple(map(literal, of))
        return NotImplemented if NotImplemented in items else items
    return of if isinstance(of, bool | int | float | str | tuple) else NotImplemented


def made(head: str, lines: list[str], **names: Any) -> Any:
    """``def impl(head): lines``, for what depends on how many axes or items there are."""
    exec("\n    ".join([f"def impl({head}):", *lines]), names)  # noqa: S102 - our own text
    return names["impl"]


@register_jitable
def rows_along(x, axis):
    """``x`` with three axes, of which the second is the given one, in one piece of memory."""
    along = axis % x.ndim
    outer, inner = 1, 1
    for k in range(x.ndim):
        if k < along:
            outer *= x.shape[k]
        elif k > along:
            inner *= x.shape[k]
    return np.ascontiguousarray(x).reshape((outer, x.shape[along], inner))


@register_jitable
def with_length(shape, axis, n):
    """``shape`` with the length ``n`` along an axis."""
    return tuple_setitem(shape, axis % len(shape), n)


@register_jitable
def flat(x):
    """The entries of ``x`` in a row, in one piece of memory."""
    return np.ascontiguousarray(x).reshape(x.size)


def without_axis(rank: int) -> Any:
    """A function from a shape of ``rank`` axes to that without one of them."""
    if rank == 1:
        return register_jitable(lambda shape, axis: ())

    def left(shape, axis):
        along = axis % rank
        out = shape[1:]
        for k in range(along):
            out = tuple_setitem(out, k, shape[k])
        return out

    return register_jitable(left)
