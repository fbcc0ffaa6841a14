"""Text that leaves the cache is for the values of arguments that it was made for, and says so."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


class Side(enum.Enum):
    LEFT = 1
    RIGHT = 2


def weighted(x: Any, w: Any) -> Any:
    return np.average(x, weights=w)


def by_function(x: Any, f: Callable[[Any], Any]) -> Any:
    return np.sum(f(x))


def by_parts(x: Any, how: dict[str, Any]) -> Any:
    s = np.sum(x) if how["kind"] == "sum" else np.sum(x * x)
    return s if how["scale"] is None else s * how["scale"]


def by_member(x: Any, side: Side) -> Any:
    return np.sum(x) if side is Side.LEFT else np.sum(x * x)


def by_flag(x: Any, w: Any, use: bool) -> Any:
    return np.average(x, weights=w if use else None)


X, W = np.array([1.0, 2.0, 3.0]), np.array([0.2, 0.5, 0.3])


@pytest.mark.parametrize(
    ("f", "one", "two", "words"),
    [
        (weighted, (None,), (W,), "w that is None"),
        (by_function, (np.sin,), (np.cos,), "f named sin"),
        (by_parts, ({"kind": "sum", "scale": None},), ({"kind": "norm", "scale": None},), r"how\['kind'\] == 'sum'"),
        (by_parts, ({"kind": "sum", "scale": None},), ({"kind": "sum", "scale": 2.0},), r"how\['scale'\] that is None"),
        (by_member, (Side.LEFT,), (Side.RIGHT,), "side that is LEFT"),
        (by_flag, (W, True), (W, False), "use that is True"),
        (by_flag, (W, False), (W, True), "use that is False"),
    ],
)
def test_other_values_are_refused(f: Any, one: tuple[Any, ...], two: tuple[Any, ...], words: str) -> None:
    gradient = tl.grad(f)
    made = gradient.specialize(X, *one)
    np.testing.assert_allclose(made(X, *one), gradient(X, *one))
    with pytest.raises(ValueError, match=words):
        made(X, *two)
    assert not np.allclose(gradient(X, *two), gradient(X, *one))


def test_what_is_not_read_is_not_asked() -> None:
    def labelled(x: Any, how: dict[str, Any], label: str) -> Any:
        return np.sum(x) * how["scale"]

    made = tl.grad(labelled).specialize(X, {"scale": 2.0}, "one")
    np.testing.assert_allclose(made(X, {"scale": 2.0}, "two"), np.full(3, 2.0))
