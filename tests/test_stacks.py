"""Stacks of matrices in what SciPy solves: as differences say, or refused; also by text for arguments of any kinds."""

from __future__ import annotations

import itertools
import linecache
from typing import Any

import numpy as np
import pytest
import scipy.linalg as linalg
from scipy import signal

import tangent_like as tl

CALLS = [
    "linalg.solve_triangular(a, b, lower=True)", "linalg.solve_triangular(a, b, trans=1)", "linalg.solve(a, b)",
    "linalg.solve(a + np.swapaxes(a, -1, -2), b, assume_a='pos')", "linalg.cho_solve((a, True), b)",
    "linalg.cho_solve(linalg.cho_factor(a + np.swapaxes(a, -1, -2)), b)", "linalg.lu_solve(linalg.lu_factor(a), b)",
    "linalg.solve_banded((1, 1), a, b)", "linalg.solve_circulant(a[..., 0, :], b)", "np.linalg.solve(a, b)",
    "linalg.solve_sylvester(a, a, b)", "linalg.solve_continuous_lyapunov(a, b)",
    "linalg.solve_discrete_lyapunov(0.1 * a, b)", "linalg.cho_solve_banded((a[..., :2, :], True), b)",
    "linalg.solve_toeplitz(a[..., 0, :], b)", "linalg.solveh_banded(a[..., :2, :], b, lower=True)",
    "linalg.block_diag(a, b)", "linalg.toeplitz(b)", "linalg.circulant(b)",
]  # fmt: skip
SHAPES = [(left, right) for left in [(3, 3, 3), (3, 3)] for right in [(3,), (3, 3), (3, 2), (3, 3, 3)]]


def of_text(text: str, name: str) -> Any:
    world: dict[str, Any] = {}
    exec(compile(text, "<derivative>", "exec"), world)
    return world[name]


@pytest.mark.parametrize("call", CALLS)
def test_stacks(call: str) -> None:
    text = f"def solved(a, b):\n    c = np.sin(b)\n    return np.sum({call.replace('b)', 'c)')} ** 2)\n"
    linecache.cache[f"<{call}>"] = (len(text), None, text.splitlines(keepends=True), f"<{call}>")
    world = {"np": np, "linalg": linalg}
    exec(compile(text, f"<{call}>", "exec"), world)
    f: Any = world["solved"]
    rng = np.random.default_rng(3)
    right = 0
    for left, shape in SHAPES:
        a = 0.3 * rng.normal(size=left) + 4 * (np.eye(3) if "banded" not in call else np.array([[0, 0, 0], [1] * 3, [0, 0, 0]]))
        a, b = (a[..., [1, 0, 2], :] if "banded(a[" in call or "cho_solve_banded" in call else a), rng.normal(size=shape)
        try:
            f(a, b)
        except Exception:
            continue  # not by the SciPy that is here
        slopes = tl.numeric.grad(f, (0, 1))(a, b)
        for which in (0, 1, (0, 1)):
            wanted = [slopes[k] for k in np.atleast_1d(which)]
            for asked in ("called", "text"):
                derivative = tl.grad(f, which)
                try:
                    found = (derivative if asked == "called" else of_text(derivative.source, "grad_solved"))(a, b)
                except (ValueError, tl.DifferentiationError):
                    continue  # refused
                found = found if isinstance(found, tuple) else (found,)
                right += 1
                for one, slope in itertools.zip_longest(found, wanted):
                    assert np.shape(one) == np.shape(slope), (left, shape, which, asked)
                    np.testing.assert_allclose(one, slope, rtol=1e-4, atol=1e-5, err_msg=f"{left}{shape}{which}{asked}")
    assert right > 5


def lower_of_any_matrix(a: Any, b: Any) -> Any:
    return np.sum(linalg.solve(a, b, lower=True) ** 2)


def test_a_second_rule_is_not_for_what_is_left_away() -> None:
    """That of ``assume_a="pos"``, which knows ``lower``, is not for a matrix of which nothing is said."""
    with pytest.raises(tl.DifferentiationError):
        tl.grad(lower_of_any_matrix)(np.array([[4.0, 1.0], [2.0, 3.0]]), np.ones(2))


def of_product(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
    return np.sum(np.tanh(x @ y) * w)


def spread_over_product(x: np.ndarray, y: np.ndarray) -> float:
    return np.mean(x @ y)


@pytest.mark.parametrize(
    ("shapes", "text"),
    [
        (((5, 4, 3), (3, 2)), "np.tensordot(x, t_bar, ((0, 1), (0, 1)))"),
        (((5, 2, 1, 3), (3, 1)), "np.tensordot(x, t_bar, ((0, 1, 2), (0, 1, 2)))"),
        (((5, 4, 3), (3,)), "t_bar[..., None] * y"),
        (((4, 3), (5, 3, 2)), "x.T @ t_bar"),
        (((3,), (5, 3, 2)), "x[:, None] * t_bar[..., None, :]"),
        (((5, 4, 3), (5, 3, 2)), "t_bar @ np.swapaxes(y, -1, -2)"),
        (((1, 4, 3), (5, 3, 2)), "matmul_left(t_bar, x, y)"),  # which of the two is spread is the helper's to see
        (((2, 5, 4, 3), (5, 3, 2)), "matmul_right(t_bar, x, y)"),
    ],
)
def test_products_of_stacks(shapes: tuple[tuple[int, ...], ...], text: str) -> None:
    rng = np.random.default_rng(0)
    x, y = (rng.normal(size=shape) for shape in shapes)
    w = rng.normal(size=np.shape(x @ y))
    gradient = tl.grad(of_product, (0, 1))
    assert text in gradient.source_for(x, y, w)
    tl.check_grads(of_product, (x, y, w), order=2)
    tl.check_grads(spread_over_product, (x, y), order=2)


def of_a_root(x):
    return np.sum(linalg.sqrtm(x))


def of_a_solution(x):
    return np.sum(linalg.solve_sylvester(np.eye(2), np.eye(2), x))


def of_a_power(x):
    return np.abs((x - 2.0) ** 1.5)


def of_a_mirrored_power(x):
    z = (x - 2.0) ** 1.5
    return (z * np.conj(z)).real


@pytest.mark.parametrize("f", [of_a_root, of_a_solution])
def test_a_number_for_a_matrix_is_refused(f):
    for differentiated in (lambda: tl.grad(f)(1.3), lambda: tl.jvp(f, (1.3,), (1.0,))):
        with pytest.raises(tl.DifferentiationError, match="fewer than 2 axes"):
            differentiated()


def of_an_imaginary_part(x):
    return np.imag((x - 2.0) ** 1.5)


@pytest.mark.parametrize("f", [of_a_power, of_a_mirrored_power, of_an_imaginary_part])
def test_a_number_that_became_complex_is_refused(f):
    with pytest.raises(ValueError, match="for real numbers"):
        tl.grad(f)(1.3)


def of_counts(b):
    return np.sum(signal.lfilter(b, [1.0, 0.5], np.array([1, 2, 3, 4, 6])) * np.arange(5.0))


def test_weights_of_a_filter_of_whole_numbers():
    b, step = np.array([1.0, 0.3]), np.array([1e-6, 0.0])
    slope = (of_counts(b + step) - of_counts(b - step)) / 2e-6
    np.testing.assert_allclose(tl.grad(of_counts)(b)[0], slope, rtol=1e-6)


def of_stacked_columns(b):
    return np.sum(linalg.solve(np.diag([1.0, 2.0, 3.0]), b, assume_a="diagonal") ** 2)


def test_stacked_columns_beside_a_diagonal_are_refused():
    with pytest.raises(tl.DifferentiationError):
        tl.grad(of_stacked_columns)(np.arange(6.0).reshape(1, 3, 2))
