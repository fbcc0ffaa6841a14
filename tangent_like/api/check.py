"""``check_grads``: derivatives against differences, and both modes against each other."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from tangent_like.api.derivative import Function
from tangent_like.api.products import vjp
from tangent_like.runtime import isolate


def check_grads(
    f: Function,
    args: tuple[Any, ...],
    argnums: Any = None,
    *,
    directions: int = 3,
    step: float = 1e-6,
    rtol: float = 1e-5,
    atol: float = 1e-7,
    seed: int = 0,
) -> None:
    """Compare ``vjp`` of ``f`` at ``args`` with central differences along random directions.

    Holds <value_bar, J x_dot> against <J^T value_bar, x_dot> for random ``value_bar`` and ``x_dot``, one
    argument at a time. Raises ``AssertionError`` naming the argument, the direction and both numbers.
    """
    rng = np.random.default_rng(seed)
    names = tuple(inspect.signature(f).parameters)
    value, pullback = vjp(f, *args)
    flat = _flat(value)
    bars = [rng.normal(size=np.shape(v)) for v in flat]
    value_bar = tuple(bars) if isinstance(value, tuple) else bars[0]
    adjoints = pullback(value_bar)
    chosen = range(len(args)) if argnums is None else _positions(argnums, names)
    for k in chosen:
        if adjoints[k] is None:
            continue
        for direction in range(directions):
            x_dot = rng.normal(size=np.shape(args[k]))
            sides = []
            for sign in (1.0, -1.0):
                moved = list(isolate(tuple(args)))  # f may write its arguments
                moved[k] = _moved(args[k], sign * step * x_dot)
                sides.append(_flat(f(*moved)))
            slope = sum(
                float(np.sum(bar * (np.asarray(up) - np.asarray(down)))) / (2 * step)
                for bar, up, down in zip(bars, *sides, strict=True)
            )
            found = float(np.sum(np.asarray(adjoints[k]) * x_dot))
            if not np.isclose(found, slope, rtol=rtol, atol=atol * max(1.0, abs(slope))):
                raise AssertionError(
                    f"argument {names[k] if k < len(names) else k!r}, direction {direction}: "
                    f"the derivative is {found!r}, central differences give {slope!r}"
                )


def _flat(value: Any) -> list[Any]:
    return [v for item in value for v in _flat(item)] if isinstance(value, tuple) else [value]


def _positions(argnums: Any, names: tuple[str, ...]) -> list[int]:
    wanted = argnums if isinstance(argnums, tuple | list) else (argnums,)
    return [names.index(w) if isinstance(w, str) else int(w) for w in wanted]


def _moved(value: Any, by: Any) -> Any:
    if isinstance(value, np.ndarray):
        return (value + by).astype(value.dtype)
    return type(value)(value + float(by))
