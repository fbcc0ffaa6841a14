"""Whether arrays lie in the same memory, told by the addresses between which they lie, and what they hold."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

import numpy as np
from numba.core import types
from numba.extending import overload, register_jitable

from tangent_like import runtime
from tangent_like.backend.lacking.kinds import is_array, is_vector, stand_in

may_share_memory = stand_in(np.may_share_memory)

OF_MEMORY = (may_share_memory,)
WHOLE = "a value with a derivative is stored into an array of whole numbers: make it one of floats"
HELPERS = (runtime.refuse_smear, runtime.refuse_integers)


@register_jitable
def span(x):
    """The addresses between which the entries of an array lie; nothing lies between 0 and 0."""
    low = x.ctypes.data
    high = low + x.itemsize
    for k in range(x.ndim):
        if x.shape[k] == 0:
            return 0, 0
        reach = (x.shape[k] - 1) * x.strides[k]
        if reach < 0:
            low += reach
        else:
            high += reach
    return low, high


@register_jitable
def meet(a, b):
    low, high = span(a)
    first, last = span(b)
    return low < last and first < high


@overload(may_share_memory)
def _may_share_memory(a, b):
    return meet_as_they_run if is_array(a) and is_array(b) else lambda a, b: False


def meet_as_they_run(a, b):
    return meet(a, b)


@overload(runtime.refuse_smear)
def _refuse_smear(place, value):
    if not is_vector(place) or not is_vector(value):
        return lambda place, value: None

    def impl(place, value):
        apart = place.strides[0] != value.strides[0] and place.strides[0] * value.strides[0] > 0
        if apart and meet(place, value):
            raise ValueError("an array is assigned to an overlapping view of itself: call .copy() on the right")

    return impl


@overload(runtime.refuse_integers)
def _refuse_integers(x):
    if not is_array(x) or not isinstance(x.dtype, types.Integer | types.Boolean):
        return lambda x: None

    def impl(x):
        if x.size >= 0:  # Numba does not take what raises whatever it is given
            raise ValueError(WHOLE)

    return impl
