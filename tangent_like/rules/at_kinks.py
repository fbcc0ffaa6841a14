"""Where a function is evaluated at a kink, a jump or a tie: asked by ``tl.diagnose``, of operands that are there.

What a derivative is at such a place says ``kinks``; here stands which places these are. Each entry takes the result
and the operands of a call, and returns what is true where the place is one (an array of any shape, or one bool).
"""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np


def _tip(y: Any, x: Any, *rest: Any, **more: Any) -> Any:
    return np.asarray(x) == 0


def _tip_of_result(y: Any, *operands: Any, **more: Any) -> Any:
    return np.asarray(y) == 0


def _origin(y: Any, a: Any, b: Any, **more: Any) -> Any:
    return (np.asarray(a) == 0) & (np.asarray(b) == 0)


def _tie_of_two(y: Any, a: Any, b: Any, *rest: Any, **more: Any) -> Any:
    return np.asarray(a) == np.asarray(b)


def _tie_of_several(y: Any, *operands: Any, **more: Any) -> Any:
    if len(operands) == 1:
        operands = tuple(operands[0])
    if not all(isinstance(v, int | float | np.number) for v in operands):
        return False
    return sum(v == y for v in operands) > 1


def _bound(y: Any, x: Any, low: Any = None, high: Any = None, **more: Any) -> Any:
    low, high = more.get("a_min", more.get("min", low)), more.get("a_max", more.get("max", high))
    at = np.zeros(np.shape(y), dtype=bool)
    for end in (low, high):
        if end is not None:
            at = at | (np.asarray(x) == np.asarray(end))
    return at


def _tie_in_reduction(y: Any, x: Any, axis: Any = None, *rest: Any, **more: Any) -> Any:
    x = np.asarray(x)
    axis = more.get("axis", axis)
    top = y if more.get("keepdims") or axis is None else np.expand_dims(y, axis)
    return np.sum(x == top, axis=axis) > 1


def _tie_in_order(y: Any, x: Any, axis: Any = -1, *rest: Any, **more: Any) -> Any:
    ordered = np.sort(np.asarray(x), axis=more.get("axis", axis))
    if ordered.ndim == 0:
        return False
    axis = more.get("axis", axis)
    return np.diff(ordered, axis=-1 if axis is None else axis) == 0


def _whole(y: Any, x: Any, *rest: Any, **more: Any) -> Any:
    x = np.asarray(x)
    return (x == np.floor(x)) if x.dtype.kind == "f" else np.zeros(x.shape, dtype=bool)


def _half(y: Any, x: Any, *rest: Any, **more: Any) -> Any:
    x = np.asarray(x)
    return np.abs(x - np.floor(x)) == 0.5


def _repeated(y: Any, *operands: Any, **more: Any) -> Any:
    """Of eigenvalues, or singular values, two that are one to half the digits."""
    values = y
    if isinstance(y, tuple):
        values = y[1] if len(y) == 3 else y[0]
    values = np.asarray(values)
    scale = np.max(np.abs(values), axis=-1, keepdims=True, initial=0.0)
    return np.abs(np.diff(np.sort(values, axis=-1), axis=-1)) <= 1e-8 * scale


TIP, TIE, JUMP = "the tip of an absolute value", "equal candidates", "a jump"
REPEATED = "values that coincide: their vectors have no derivative"
COMPARED = "a comparison of equal numbers: the other branch begins here"

Asks = Callable[..., Any]
AT_KINKS: Mapping[object, tuple[str, Asks]] = MappingProxyType(
    {
        **dict.fromkeys((builtins.abs, operator.abs, np.abs, np.fabs, math.fabs), (TIP, _tip)),
        **dict.fromkeys((np.copysign, math.copysign), (TIP, _tip)),
        **dict.fromkeys((np.linalg.norm, np.std, np.hypot, math.hypot, math.dist), (TIP, _tip_of_result)),
        **dict.fromkeys((np.arctan2, math.atan2), ("an angle of no direction", _origin)),
        **dict.fromkeys((np.maximum, np.minimum, np.fmax, np.fmin), (TIE, _tie_of_two)),
        **dict.fromkeys((builtins.max, builtins.min), (TIE, _tie_of_several)),
        np.clip: (TIE, _bound),
        **dict.fromkeys((np.max, np.min, np.nanmax, np.nanmin), (TIE, _tie_in_reduction)),
        **dict.fromkeys((np.sort, np.median, np.argsort), (TIE, _tie_in_order)),
        **dict.fromkeys((np.sign, np.heaviside), (JUMP, _tip)),
        **dict.fromkeys((np.floor, np.ceil, np.trunc, math.floor, math.ceil, math.trunc), (JUMP, _whole)),
        **dict.fromkeys((np.rint, np.round), (JUMP, _half)),
        **dict.fromkeys((operator.mod, np.mod, np.fmod, math.fmod), (JUMP, _tip_of_result)),
        **dict.fromkeys((np.linalg.eigh, np.linalg.eig, np.linalg.svd), (REPEATED, _repeated)),
    }
)

# The same of methods of an array, by their names.
AT_KINKS_OF_METHODS: Mapping[str, tuple[str, Asks]] = MappingProxyType(
    {
        "max": (TIE, _tie_in_reduction),
        "min": (TIE, _tie_in_reduction),
        "clip": (TIE, _bound),
        "std": (TIP, _tip_of_result),
        "round": (JUMP, _half),
    }
)
