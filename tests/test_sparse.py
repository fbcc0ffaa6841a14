"""Sparse Jacobians and Hessians: equal to the full ones, in as few products as the pattern asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.api.colouring import coloured

sparse = pytest.importorskip("scipy.sparse")

RNG = np.random.default_rng(3)


def stencil(x: np.ndarray) -> np.ndarray:
    y = np.zeros_like(x)
    y[1:-1] = x[:-2] - 2 * x[1:-1] + x[2:] + np.sin(x[1:-1]) * x[2:]
    y[0] = x[0] ** 2
    y[-1] = x[-1] * x[-2]
    return y


def by_loops(x: np.ndarray) -> np.ndarray:
    y = np.zeros(len(x) - 1)
    for i in range(len(x) - 1):
        y[i] = x[i] * x[i + 1] if x[i] > 0 else x[i] ** 3
    return y


def arrow(x: np.ndarray) -> np.ndarray:
    return np.concatenate([2 * x * x, np.array([np.sum(x * x)])])


def plane(u: np.ndarray) -> np.ndarray:
    v = u * u
    return v[1:-1, 1:-1] * 4 - v[:-2, 1:-1] - v[2:, 1:-1] - v[1:-1, :-2] - u[1:-1, 2:] ** 3


def blocks(z: np.ndarray) -> np.ndarray:
    cameras, points = z[:33].reshape(3, 11), z[33:].reshape(20, 3)
    who, what = np.arange(60) % 3, np.arange(60) * 7 % 20
    c, p = cameras[who], points[what]
    r = np.cross(c[:, :3], p) + c[:, 3:6]
    u = r[:, :2] / (r[:, 2:] + 9.0)
    return np.ravel(u * c[:, 6:7] + c[:, 7:9] * np.sum(u * u, axis=1)[:, None] + c[:, 9:11])


def scaled(x: np.ndarray, k: float, shift: np.ndarray) -> np.ndarray:
    return k * stencil(x) + shift


def nothing(x: np.ndarray) -> np.ndarray:
    return np.ones_like(x) + 0.0 * np.sum(x)


CASES: list[tuple[Callable[..., Any], tuple[Any, ...], int]] = [
    (stencil, (RNG.normal(size=40),), 3),
    (by_loops, (RNG.normal(size=25),), 2),
    (arrow, (RNG.normal(size=40),), 2),
    (plane, (RNG.normal(size=(7, 8)),), 9),
    (blocks, (RNG.uniform(0.1, 1.0, 93),), 17),
    (scaled, (RNG.normal(size=20), 1.5, RNG.normal(size=20)), 3),
    (nothing, (RNG.normal(size=5),), 5),
]


@pytest.mark.parametrize(("f", "args", "most"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_against_the_full_one(f: Callable[..., Any], args: tuple[Any, ...], most: int) -> None:
    x = args[0]
    before = x.copy()
    full = tl.jacfwd(f)(*args)
    full = full.reshape(-1, x.size)
    jacobian = tl.jacobian(f, sparsity="auto")
    for _ in range(2):
        found = jacobian(*args)
        assert sparse.issparse(found)
        assert found.format == "csr"
        np.testing.assert_allclose(found.toarray(), full, rtol=1e-12, atol=1e-14)
    (plan,) = jacobian.sparse[0].plans.values()  # type: ignore[attr-defined]
    assert plan.count <= most
    given = tl.jacobian(f, sparsity=full != 0)(*args)
    np.testing.assert_allclose(given.toarray(), full, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(x, before)


def test_products_are_few() -> None:
    """A band of any length is found and computed in a number of products that does not grow with it."""
    x = RNG.normal(size=20_000)
    jacobian = tl.jacobian(stencil, sparsity="auto")
    found = jacobian(x)
    assert found.nnz <= 3 * len(x)
    (plan,) = jacobian.sparse[0].plans.values()  # type: ignore[attr-defined]
    assert plan.count == 3
    v = RNG.normal(size=len(x))
    np.testing.assert_allclose(found @ v, tl.jvp(stencil, (x,), (v,))[1])


def test_hessians() -> None:
    def rosenbrock(x: np.ndarray) -> float:
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    x = RNG.normal(size=30)
    full = tl.hessian(rosenbrock)(x)
    for sparsity in ("auto", full != 0, sparse.coo_array(full)):
        np.testing.assert_allclose(tl.hessian(rosenbrock, sparsity=sparsity)(x).toarray(), full, atol=1e-12)


def test_an_entry_that_is_zero_at_the_point_is_found() -> None:
    f = tl.jacobian(lambda x: x**2 + x[::-1] ** 3, sparsity="auto")
    np.testing.assert_array_equal(f(np.zeros(6)).toarray(), np.zeros((6, 6)))
    x = RNG.normal(size=6)
    want = np.diag(2 * x) + np.diag(3 * x[::-1] ** 2)[:, ::-1]
    np.testing.assert_allclose(f(x).toarray(), want)


def test_a_pattern_that_another_branch_makes_wrong() -> None:
    def switched(x: np.ndarray, far: bool) -> np.ndarray:
        return x * x + (x[::-1] if far else 0.0 * x)

    x = RNG.normal(size=8)
    jacobian = tl.jacobian(switched, sparsity="auto")
    for far in (False, True, False):
        np.testing.assert_allclose(jacobian(x, far).toarray(), tl.jacfwd(switched)(x, far), atol=1e-14)
    given = tl.jacobian(switched, sparsity=np.eye(8))
    np.testing.assert_allclose(given(x, False).toarray(), np.diag(2 * x))
    with pytest.raises(tl.ResultError, match="outside of the pattern"):
        given(x, True)


def test_out_of_the_domain_nearby() -> None:
    def root(x: np.ndarray) -> np.ndarray:
        if np.any(x > 1.0):
            raise ValueError("out of the domain")
        return np.sqrt(1.0 - x)

    x = np.full(5, 1.0 - 1e-3)
    np.testing.assert_allclose(tl.jacobian(root, sparsity="auto")(x).toarray(), tl.jacfwd(root)(x))


def test_several_arguments_and_dtypes() -> None:
    x, k = RNG.normal(size=6), 1.5
    by_x, by_shift = tl.jacobian(scaled, (0, "shift"), sparsity="auto")(x, k, np.zeros(6))
    np.testing.assert_allclose(by_x.toarray(), k * tl.jacfwd(stencil)(x))
    np.testing.assert_allclose(by_shift.toarray(), np.eye(6))
    narrow = tl.jacobian(stencil, sparsity="auto")(x.astype(np.float32))
    assert narrow.dtype == np.float32
    np.testing.assert_allclose(narrow.toarray(), tl.jacfwd(stencil)(x.astype(np.float32)), rtol=1e-5)


def test_refusals() -> None:
    with pytest.raises(tl.RequestError, match="pattern"):
        tl.jacobian(stencil, sparsity="tridiagonal")
    with pytest.raises(tl.RequestError, match="shape"):
        tl.jacobian(stencil, sparsity=np.eye(3))(RNG.normal(size=5))
    with pytest.raises(tl.ResultError, match="one array"):
        tl.jacobian(lambda x: (x, x), sparsity="auto")(RNG.normal(size=5))
    with pytest.raises(tl.RequestError, match="one argument"):
        tl.hessian(stencil, (0, 1), sparsity="auto")


def test_colours() -> None:
    """No two columns of one colour share a row; a full row takes a colour for each."""
    for density in (0.02, 0.2, 0.9):
        pattern = sparse.random_array((90, 150), density=density, rng=np.random.default_rng(1), format="csc")
        colours = coloured(pattern)
        kept = np.diff(pattern.indptr) > 0
        for c in range(colours.max() + 1):
            assert pattern[:, (colours == c) & kept].astype(bool).sum(axis=1).max(initial=0) <= 1
    assert coloured(sparse.csc_array(np.ones((1, 200)))).max() == 199
    assert coloured(sparse.csc_array((3, 0))).size == 0
