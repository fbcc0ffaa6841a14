"""What a text without kinds would refuse is not left to a handler of the user's."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def changed_in_place(vs: Any, c: Any) -> Any:
    s = c
    for v in vs:
        try:
            b = v * 1.0
            b *= s
            s += np.sum(b)
            if s > 0.7:
                raise ValueError("too much")
        except ValueError:
            s = s * 0.5
            b = v[:1]
    return s


def by_a_function(vs: Any, c: Any) -> Any:
    s = c
    for v in vs:
        try:
            s = s + doubled(v, c)
        except Exception:
            s = s * 0.5
    return s


def doubled(v: Any, c: Any) -> Any:
    b = v * c
    for _ in range(2):
        b += b * c
    if c > 5.0:
        raise ValueError("too much")
    return np.sum(b)


def hushed(vs: Any, c: Any) -> Any:
    s = c
    with contextlib.suppress(ValueError):
        b = vs * c
        b += c
        s = s + np.sum(b)
    return s


@pytest.mark.parametrize("f", [changed_in_place, by_a_function, hushed])
def test_it_is_refused_ahead_or_right(f: Any) -> None:
    args = [np.array([0.3, 0.2]), np.array([0.4])] if f is not hushed else np.array([0.3, 0.2]), 0.6
    try:
        text = tl.grad(f, "c").source
    except tl.DifferentiationError:
        return
    world: dict[str, Any] = {}
    exec(text, world)
    found = world[f"grad_{f.__name__}"](*args)
    assert found == pytest.approx((f(args[0], 0.6 + 1e-6) - f(args[0], 0.6 - 1e-6)) / 2e-6, rel=1e-6)


def test_the_handler_is_named() -> None:
    with pytest.raises(tl.DifferentiationError, match="would be caught by this handler") as caught:
        tl.grad(changed_in_place).source  # noqa: B018
    assert caught.value.line == changed_in_place.__code__.co_firstlineno + 3


def test_where_kinds_are_known_nothing_is_asked() -> None:
    args = [np.array([0.3, 0.2]), np.array([0.4])], 0.6
    assert tl.grad(by_a_function, 1)(*args) == pytest.approx(
        (by_a_function(args[0], 0.6 + 1e-6) - by_a_function(args[0], 0.6 - 1e-6)) / 2e-6, rel=1e-6
    )
