"""What is read backward, from its end: the adjoints are turned round no more often than they need to be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def sums_from_each_on(x: Any, w: Any) -> Any:
    risk = np.cumsum(np.exp(x)[::-1])[::-1]
    return np.sum(w * np.log(risk))


def twice(x: Any, w: Any) -> Any:
    a = np.cumsum(x[::-1])[::-1]
    b = np.cumsum((a * w)[::-1])[::-1]
    return np.sum(b ** 2) + np.sum(a)


def read_as_it_is_too(x: Any, w: Any) -> Any:
    a = np.cumsum(x[::-1])
    return np.sum(a[::-1] * w) + a[0] ** 2


def written_later(x: Any, w: Any) -> Any:
    y = x * w
    z = y[::-1] * 2.0
    z[0] = 0.0
    return np.sum(z ** 2) + np.sum(y[1:] * x[:-1])


def turned_alone(x: Any, w: Any) -> Any:
    return np.sum(x[::-1] * w)


def in_rows(x: Any, w: Any) -> Any:
    y = np.cumsum(x[:, ::-1], axis=1)[:, ::-1]
    return np.sum(np.sin(y) * w)


def along_both(x: Any, w: Any) -> Any:
    y = np.exp(x)[::-1, ::-1]
    z = np.cumsum(y, axis=0)[::-1]
    return np.sum(z[:, ::-1] ** 2 * w)


def flat_sums(x: Any, w: Any) -> Any:
    """All in one row: the sums have another shape than what is summed."""
    y = np.cumsum(x[::-1])
    return np.sum(y[::-1] ** 2) + np.sum(w)


VECTORS = (sums_from_each_on, twice, read_as_it_is_too, written_later, turned_alone)


@pytest.mark.parametrize("f", [*VECTORS, in_rows, along_both, flat_sums])
def test_values(f: Any) -> None:
    rng = np.random.default_rng(7)
    for shape in ((6,), (1,)) if f in VECTORS else ((4, 4), (3, 5)):
        x, w = rng.normal(size=shape), rng.normal(size=shape)
        given = x.copy()
        for wrt in (0, (0, 1)):
            found, expected = (d.grad(f, argnums=wrt)(x, w) for d in (tl, tl.numeric))
            for one, other in zip(found if wrt else [found], expected if wrt else [expected], strict=True):
                assert one == pytest.approx(other, rel=1e-5, abs=1e-7)
                assert not np.shares_memory(one, x) and not np.shares_memory(one, w)
        np.testing.assert_array_equal(x, given)


def test_no_zeros_are_filled() -> None:
    x = np.linspace(0.1, 1.0, 5)
    text = tl.grad(sums_from_each_on).source_for(x, x)
    assert "zeros" not in text
    assert "np.cumsum(w / risk) * e" in text
