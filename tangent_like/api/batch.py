"""Several tangents at once: an array with an axis behind its own, one entry a tangent.

``Batch`` says that it has the shape of one tangent, and does to each what is done to it: arithmetic, indices, sums and
products by one call of NumPy for all, any other function of NumPy one tangent after the other. What it is not asked for
by NumPy's protocols (a plain array that it is stored into, a float made of it) is a ``TypeError``, and the Jacobian
is then taken column by column.
"""

from __future__ import annotations

import operator
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from tangent_like.api.derivative import DerivativeFunction
from tangent_like.api.products import pushed, raw_push
from tangent_like.errors import DifferentiationError

# With fewer columns than these it is not worth while; of so many numbers an array of all tangents is made at most.
FEW = 4
MOST = 2**17
# The first pass of a kind is slower than those that follow.
SLACK = 3.0


# Methods that write nothing.
METHODS = frozenset(
    {"astype", "cumsum", "diagonal", "dot", "flatten", "mean", "ravel", "repeat", "squeeze", "swapaxes", "take"}
    | {"trace", "transpose"}
)


class Batch(NDArrayOperatorsMixin):
    """``data`` has the shape of one tangent, and then the number of tangents."""

    __slots__ = ("data",)

    def __init__(self, data: np.ndarray) -> None:
        self.data = data

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape[:-1]

    @property
    def ndim(self) -> int:
        return self.data.ndim - 1

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    @property
    def dtype(self) -> Any:
        return self.data.dtype

    @property
    def T(self) -> Batch:  # noqa: N802 - as NumPy calls it
        return Batch(np.transpose(self.data, (*range(self.ndim)[::-1], self.ndim)))

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("several tangents are no array of numbers")

    def __float__(self) -> float:
        raise TypeError("several tangents are no number")

    def __bool__(self) -> bool:
        raise TypeError("several tangents are neither true nor false")

    def __getitem__(self, index: Any) -> Batch:
        return Batch(self.data[_behind(index)])

    def __setitem__(self, index: Any, value: Any) -> None:
        self.data[_behind(index)] = _wide(value)

    def copy(self) -> Batch:
        return Batch(self.data.copy())

    def sum(self, axis: Any = None, keepdims: bool = False) -> Batch:
        return _sum(self, axis, keepdims)

    def reshape(self, *shape: Any) -> Batch:
        whole = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        return Batch(self.data.reshape(*_filled(whole, self.size), self.data.shape[-1]))

    def __getattr__(self, name: str) -> Any:
        if name not in METHODS:
            raise AttributeError(f"several tangents have no {name}")
        return lambda *args, **kwargs: each(lambda x, *a, **k: getattr(x, name)(*a, **k), (self, *args), kwargs)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        out = kwargs.pop("out", None)
        if method != "__call__" or kwargs:
            return NotImplemented
        if ufunc is np.matmul:
            made = _product(*inputs)
        elif ufunc.signature is None and ufunc.nout == 1:
            made = Batch(ufunc(*map(_wide, inputs)))
        else:
            made = each(ufunc, inputs, {})
        if out is None:
            return made
        (target,) = out
        if not isinstance(target, Batch):
            raise TypeError("several tangents go into no array of one")
        target.data[...] = made.data
        return target

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        del types
        known = FUNCTIONS.get(func)
        if known is not None:
            return known(*args, **kwargs)
        return each(func, args, kwargs)


def _wide(value: Any) -> Any:
    """Something plain beside tangents: the same for each."""
    if isinstance(value, Batch):
        return value.data
    return value if np.ndim(value) == 0 else np.asarray(value)[..., None]


def _behind(index: Any) -> Any:
    items = index if isinstance(index, tuple) else (index,)
    return (*items, slice(None)) if any(i is Ellipsis for i in items) else index


def _filled(shape: tuple[Any, ...], size: int) -> tuple[int, ...]:
    rest = int(np.prod([n for n in shape if n != -1]))
    return tuple(size // max(rest, 1) if n == -1 else operator.index(n) for n in shape)


def _sum(x: Batch, axis: Any = None, keepdims: bool = False) -> Batch:
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return Batch(np.sum(x.data, axis=tuple(a % max(x.ndim, 1) for a in axes), keepdims=keepdims))


def _product(a: Any, b: Any) -> Batch:
    """``a @ b`` of a matrix and vectors of tangents in one product."""
    if isinstance(b, Batch) and not isinstance(a, Batch) and b.ndim == 1:
        return Batch(np.asarray(a) @ b.data)
    if isinstance(a, Batch) and not isinstance(b, Batch) and a.ndim == 1 and np.ndim(b) == 2:
        return Batch(np.asarray(b).T @ a.data)
    return each(np.matmul, (a, b), {})


def _where(c: Any, a: Any, b: Any) -> Batch:
    return Batch(np.where(_wide(c), _wide(a), _wide(b)))


def _zeros(x: Batch, dtype: Any = None) -> Batch:
    return Batch(np.zeros_like(x.data, dtype=dtype))


def _broadcast(x: Any, shape: Any) -> Batch:
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    return Batch(np.broadcast_to(x.data, (*shape, x.data.shape[-1])))


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.sum: _sum, np.where: _where, np.zeros_like: _zeros, np.broadcast_to: _broadcast, np.dot: _product,
    np.shape: lambda x: x.shape, np.ndim: lambda x: x.ndim, np.size: lambda x: x.size, np.copy: Batch.copy,
    np.reshape: lambda x, shape: x.reshape(shape), np.ravel: lambda x: x.reshape(-1),
}  # fmt: skip


def each(func: Callable[..., Any], args: Any, kwargs: Any) -> Batch:
    """Any function, one tangent after the other."""
    count = next(_counts((args, kwargs)))
    made = [func(*_one(args, k), **_one(kwargs, k)) for k in range(count)]
    if not all(isinstance(m, np.ndarray | np.generic | float) for m in made):
        raise TypeError("several tangents of this are no array")
    return Batch(np.stack([np.asarray(m) for m in made], axis=-1))


def _counts(value: Any) -> Any:
    if isinstance(value, Batch):
        yield value.data.shape[-1]
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _counts(item)
    elif isinstance(value, dict):
        yield from _counts(list(value.values()))


def _one(value: Any, k: int) -> Any:
    """The tangent number ``k`` of all in a structure."""
    if isinstance(value, Batch):
        return value.data[..., k]
    if isinstance(value, tuple | list):
        return type(value)(_one(v, k) for v in value)
    if isinstance(value, dict):
        return {n: _one(v, k) for n, v in value.items()}
    return value


def columns_together(
    driver: DerivativeFunction, values: tuple[Any, ...], rest: dict[str, Any], name: str, value: np.ndarray
) -> tuple[Any, bool]:
    """The Jacobian of one array by another, many columns a pass, and whether that was the faster way.

    None where it has to be taken column by column. It is held against one product with a random vector, which says
    too what a column costs on its own.
    """
    n = value.size
    probe = np.random.default_rng(0).uniform(0.5, 1.5, n).astype(value.dtype)
    dot = {**rest, name: probe.reshape(value.shape)}
    try:
        driver.compiled(values)
    except DifferentiationError:  # a product of its own is tried the other way round
        return None, False
    began = time.perf_counter()
    wanted = pushed(driver, values, dot)[1]
    alone = (time.perf_counter() - began) * n
    wide = max(n, *(np.size(v) for v in (*values, wanted) if isinstance(v, np.ndarray)))
    count = int(max(FEW, min(n, MOST // wide)))
    parts: list[np.ndarray] = []
    outputs: Any = None
    began = time.perf_counter()
    for start in range(0, n, count):
        here = min(count, n - start)
        units = np.zeros((n, here), value.dtype)
        units[np.arange(start, start + here), np.arange(here)] = 1
        dots = {**rest, name: Batch(units.reshape(*value.shape, here))}
        try:
            outputs, tangent, special = raw_push(driver, values, dots)
        except Exception:  # noqa: BLE001 - what it cannot be asked for; an error of the program's own comes again
            return None, False
        if special is not None or not isinstance(outputs, np.ndarray | np.floating | float):
            return None, False
        if not isinstance(tangent, Batch) or tangent.shape != np.shape(outputs):
            return None, False
        parts.append(tangent.data)
    whole = np.concatenate(parts, axis=-1).astype(np.asarray(outputs).dtype, copy=False)
    faster = time.perf_counter() - began < SLACK * alone
    room = np.sqrt(np.finfo(whole.dtype).eps) * (np.abs(whole) @ probe)
    with np.errstate(invalid="ignore"):
        same = np.abs(whole @ probe - wanted) <= room
    if not np.all(same | ~np.isfinite(room)):
        return None, False
    return whole.reshape(np.shape(outputs) + value.shape), faster
