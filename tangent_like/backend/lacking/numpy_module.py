"""NumPy as compiled text sees it: its own functions, and ours where Numba lacks something of them.

Nothing is told to Numba about NumPy's functions themselves: what else the user compiles is as it was.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload
from numba.np.ufunc.dufunc import DUFunc

from tangent_like.backend.lacking import (
    axes,
    distributions,
    grids,
    matrices,
    memory,
    orders,
    products,
    running,
    samples,
    scalars,
    schedules,
    shapes,
    special,
    stacked,
    sums,
)

Function = Callable[..., Any]

STANDING: Mapping[Function, Function] = MappingProxyType(
    {
        f.__wrapped__: f
        for f in (
            *axes.OF_AXES, *grids.OF_GRIDS, *matrices.OF_MATRICES, *memory.OF_MEMORY, *orders.OF_ORDERS,
            *products.OF_PRODUCTS, *running.OF_RUNNING, *samples.OF_SAMPLES, *shapes.OF_SHAPES,
            *scalars.OF_MATH, *stacked.OF_STACKS,
        )
    }
)  # fmt: skip
HELPERS: frozenset[object] = frozenset(
    {
        *axes.HELPERS, *grids.HELPERS, *matrices.HELPERS, *memory.HELPERS, *orders.HELPERS, *products.HELPERS,
        *running.HELPERS, *samples.HELPERS, *schedules.HELPERS, *shapes.HELPERS,
        *sums.HELPERS,
    }
)  # fmt: skip


def _twin(
    module: ModuleType, inner: Mapping[str, ModuleType], standing: Mapping[Any, Any] = STANDING
) -> ModuleType:
    twin = ModuleType(module.__name__, module.__doc__)
    for name, value in vars(module).items():
        ours = standing.get(value) if isinstance(value, Callable) and _hashable(value) else None  # type: ignore[arg-type]
        setattr(twin, name, inner.get(name, value if ours is None else ours))
    return twin


def _hashable(value: object) -> bool:
    return type(value).__hash__ is not None


def _with_numbas_own(original: Function, ours: Function) -> None:
    """What of complex numbers, and of arrays without axes, ours do not take is Numba's to take or to refuse."""

    def theirs(*args):  # type: ignore[no-untyped-def] # as the function that it makes
        kinds = [a.dtype if isinstance(a, types.Array) else a for a in args]
        without_axes = any(isinstance(a, types.Array) and a.ndim == 0 for a in args)
        if not without_axes and not any(isinstance(k, types.Complex) for k in kinds):
            return None
        return lambda *args: original(*args)  # noqa: PLW0108 - Numba wants the same parameters

    overload(ours)(theirs)


for _original, _ours in STANDING.items():
    _with_numbas_own(_original, _ours)
NUMPY = _twin(np, {"linalg": _twin(np.linalg, {})})
MATH = _twin(math, {})


def seen_compiled(value: object) -> object:
    """What a global of compiled text stands for: ours for NumPy, and for a function of it that we have."""
    if value is np:
        return NUMPY
    if value is math:
        return MATH
    if value is np.linalg:
        return NUMPY.linalg
    if "scipy.special" in sys.modules and _hashable(value) and value in _of_scipy():
        return _of_scipy()[value]
    return STANDING.get(value, value) if callable(value) and _hashable(value) else value


def _of_scipy() -> Mapping[object, object]:
    """What stands for SciPy's modules, functions and distributions, as far as a program has imported them."""
    return _scipy("scipy.stats" in sys.modules)


@functools.cache
def _scipy(with_stats: bool) -> Mapping[object, object]:
    import scipy.special

    functions = special.standing()
    modules = {"special": _twin(scipy.special, {}, functions)}
    found: dict[object, object] = {**functions, scipy.special: modules["special"]}
    if with_stats:
        import scipy.stats

        named = {f.__name__: f for f in functions.values() if isinstance(f, DUFunc)}
        twins = distributions.standing(frozenset(named.items()))
        modules["stats"] = _twin(scipy.stats, twins)
        found |= {scipy.stats: modules["stats"]} | {getattr(scipy.stats, name): twin for name, twin in twins.items()}
    return {**found, scipy: _twin(scipy, modules)}
