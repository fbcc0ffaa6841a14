"""Adjoints of products of matrices whose sizes are not known beforehand, as Numba compiles them."""

# Numba asks that an overload has the parameters of what it stands for.
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from tangent_like import runtime

OF_PRODUCTS: frozenset[object] = frozenset({runtime.matmul_left, runtime.matmul_right})


def are_matrices(*given: Any) -> bool:
    return all(isinstance(a, types.Array) and a.ndim == 2 and a.dtype == types.float64 for a in given)


@overload(runtime.matmul_left)
def matmul_left(z_bar, x, y):
    if not are_matrices(x, y) or not (are_matrices(z_bar) or isinstance(z_bar, types.Float)):
        return None

    def impl(z_bar, x, y):
        whole = np.empty((x.shape[0], y.shape[1]))
        whole[:, :] = z_bar
        return whole @ y.T

    return impl


@overload(runtime.matmul_right)
def matmul_right(z_bar, x, y):
    if not are_matrices(x, y) or not (are_matrices(z_bar) or isinstance(z_bar, types.Float)):
        return None

    def impl(z_bar, x, y):
        whole = np.empty((x.shape[0], y.shape[1]))
        whole[:, :] = z_bar
        return x.T @ whole

    return impl
