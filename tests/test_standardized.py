"""What is divided by its own length or deviation: the way back is said with the quotient, and comes to the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def unit(x: Any, w: Any) -> Any:
    u = x / np.linalg.norm(x)
    return np.sum(np.sin(u) * w)


def unit_by_root(x: Any, w: Any) -> Any:
    u = x / np.sqrt(np.sum(x ** 2))
    return np.sum(u * w)


def unit_matrix(x: Any, w: Any) -> Any:
    u = x / np.linalg.norm(x)
    return np.sum(u ** 3 * w)


def unit_rows(x: Any, w: Any) -> Any:
    u = x / np.linalg.norm(x, axis=1)[:, None]
    return np.sum(u ** 2 * w)


def unit_rows_kept(x: Any, w: Any) -> Any:
    u = x / np.linalg.norm(x, axis=1, keepdims=True)
    return np.sum(np.exp(u) * w)


def unit_columns(x: Any, w: Any) -> Any:
    n = np.linalg.norm(x, axis=0)
    u = x / n
    return np.sum(u ** 2 * w) + np.sum(n)


def root_of_mean(x: Any, w: Any) -> Any:
    u = x / np.sqrt(np.mean(x ** 2, axis=1, keepdims=True) + 0.1)
    return np.sum(u * w) + np.sum(u)


def standard(x: Any, w: Any) -> Any:
    z = (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, keepdims=True)
    return np.sum(z ** 3 * w)


def by_variance(x: Any, w: Any) -> Any:
    mu = np.mean(x, axis=0)
    var = x.var(axis=0, ddof=1)
    z = (x - mu) / np.sqrt(var + 0.1)
    return np.sum(z ** 3 * w)


def other_length(x: Any, w: Any) -> Any:
    """The divisor is the length of something else, which is divided by it as well."""
    n = np.linalg.norm(x * w, axis=1, keepdims=True)
    u = x / n
    v = x * w / n
    return np.sum(u ** 2 * v)


def bound_anew(x: Any, w: Any) -> Any:
    """By the time of the sum the quotient's name holds something else."""
    n = np.linalg.norm(x, axis=1, keepdims=True)
    u = x / n
    s = np.sum(u ** 3 * w)
    u = u * w
    return s + np.sum(np.cos(u))


def read_later(x: Any, w: Any) -> Any:
    n = np.linalg.norm(x, axis=1, keepdims=True)
    u = x / n
    v = u / n
    return np.sum(v * w * u)


VECTORS = (unit, unit_by_root)
MATRICES = (
    unit_matrix, unit_rows, unit_rows_kept, unit_columns, root_of_mean, standard, by_variance, other_length,
    bound_anew, read_later,
)  # fmt: skip


@pytest.mark.parametrize("f", [*VECTORS, *MATRICES])
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:divide by zero:RuntimeWarning")
def test_values(f: Any) -> None:
    rng = np.random.default_rng(3)
    shape = (5,) if f in VECTORS else (4, 4)
    for k in (4, 3):
        shape = shape if f in VECTORS else (4, k)
        x, w = rng.normal(size=shape), rng.normal(size=shape)
        found = tl.grad(f)(x, w)
        assert found == pytest.approx(tl.numeric.grad(f)(x, w), rel=1e-5, abs=1e-7)
        if f not in VECTORS:  # a row of zeros spoils no other
            x[1] = 0.0
            whole, part = tl.grad(f)(x, w), tl.grad(f, argnums=(0, 1))(x, w)[0]
            np.testing.assert_allclose(whole, part, rtol=1e-12)  # texts that differ add in another order


@pytest.mark.parametrize(
    ("f", "ending"),
    [
        (unit, "return (u_bar - u_bar @ u * u) / a"),
        (unit_by_root, "return (w - w @ u * u) / r"),
        (unit_rows, "return x_bar - np.sum(x_bar * u, axis=1, keepdims=True) * u"),
        (unit_rows_kept, "return x_bar - np.sum(x_bar * u, axis=1, keepdims=True) * u"),
        (root_of_mean, "return x_bar - np.mean(x_bar * u, axis=1, keepdims=True) * u"),
        (standard, "return x_bar - np.mean(t_bar * z, axis=1, keepdims=True) * z"),
    ],
)
def test_said_with_the_quotient(f: Any, ending: str) -> None:
    rng = np.random.default_rng(3)
    shape = (5,) if f in VECTORS else (4, 3)
    assert tl.grad(f).source_for(rng.normal(size=shape), rng.normal(size=shape)).rstrip().endswith(ending)


def test_rows_of_zeros_stay_apart() -> None:
    rng = np.random.default_rng(4)
    x, w = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    expected = tl.grad(unit_rows_kept)(x, w)
    x[1] = 0.0
    with np.errstate(all="ignore"):
        found = tl.grad(unit_rows_kept)(x, w)
    assert np.delete(found, 1, 0) == pytest.approx(np.delete(expected, 1, 0), rel=1e-12)
    assert not np.any(np.isfinite(found[1]))


def test_masked_rows() -> None:
    """A row that is chosen not to be divided has a derivative all the same."""

    def safe(x: Any, w: Any) -> Any:
        n = np.linalg.norm(x, axis=1, keepdims=True)
        s = np.where(n > 0, n, 1.0)
        u = x / s
        return np.sum(u * w)

    rng = np.random.default_rng(5)
    x, w = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    x[2] = 0.0
    found = tl.grad(safe)(x, w)
    assert found[2] == pytest.approx(w[2])
    assert np.all(np.isfinite(found))
