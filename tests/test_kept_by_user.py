"""What the user keeps of each turn is not kept a second time: the text, and that the numbers stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from corpus import kept_by_user as programs

import tangent_like as tl

VECTOR = np.array([0.3, -0.7, 1.1])
MATRIX = np.array([[0.2, 0.1, -0.3], [0.5, -0.2, 0.4], [0.1, 0.3, 0.2]])

READ_AGAIN: dict[str, tuple[Callable[..., Any], tuple[int, ...], tuple[Any, ...], str]] = {
    "begins in the list": (programs.trajectory, (0, 1), (0.3, 0.4, 5), "vs[k]"),
    "begins with zeros": (programs.states, (0, 1), (VECTOR, MATRIX, 4), "h = hs[k - 1] if k else np.zeros(3)"),
    "begins with an argument": (programs.states_in_rows, (0, 1), (VECTOR, MATRIX, 4), "h = H[t - 1] if t else x"),
    "begins in the array": (programs.numbers_from_one, (0,), (0.6, 5), "v = y[t - 1]"),
    "the newest": (programs.newest_only, (0,), (VECTOR, 4), "xs.pop()"),
    "a part of a tuple": (programs.pairs, (0, 1), (VECTOR, VECTOR, 3), "path["),
    "before it changes": (programs.kept_before, (0,), (VECTOR, 4), "x = xs[k]"),
    "rows walked": (programs.rows_walked, (0, 1), (MATRIX, 0.3), "s = out[k - 1] if k else a"),
}

KEPT = {
    "changed later": (programs.changed_later, (VECTOR, 4)),
    "emptied later": (programs.emptied_later, (VECTOR, 4)),
    "written later": (programs.written_later, (0.6, 4)),
    "a row written later": (programs.row_written_later, (VECTOR, 4)),
    "by another name": (programs.by_another_name, (0.6, 4)),
    "changed after it is kept": (programs.changed_after_it_is_kept, (VECTOR, 3)),
    "changed before the loop": (programs.changed_before_the_loop, (0.6, 3)),
    "sometimes": (programs.sometimes, (VECTOR, 5)),
    "over the end": (programs.over_the_end, (0.6, 4)),
    "spread into rows": (programs.spread_into_rows, (0.6, 3)),
}


@pytest.mark.parametrize("name", READ_AGAIN)
def test_it_is_read_where_the_user_keeps_it(name: str) -> None:
    f, wrt, args, text = READ_AGAIN[name]
    assert text in tl.grad(f, wrt).source_for(*args)


@pytest.mark.parametrize("name", KEPT)
def test_it_is_kept_where_that_is_not_sure(name: str) -> None:
    f, args = KEPT[name]
    assert "saved" in tl.grad(f).source_for(*args)


@pytest.mark.parametrize("name", READ_AGAIN)
def test_the_numbers_are_those_of_what_is_kept(name: str) -> None:
    f, wrt, args, _ = READ_AGAIN[name]
    short, long = tl.grad(f, wrt)(*args), tl.grad(f, wrt, store="all")(*args)
    for a, b in zip(short, long, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13)
    assert "saved" in tl.grad(f, wrt, store="all").source_for(*args)


def gates(X: np.ndarray, W: np.ndarray, h: np.ndarray) -> Any:
    for x in X:
        z = 1 / (1 + np.exp(-(W @ np.concatenate([x, h]))))
        n = np.tanh(W @ np.concatenate([x, h]))
        h = (1 - z) * n + z * h
    return np.sum(h**2)


def test_one_operation_is_made_again_and_one_call_kept_once() -> None:
    X, W, h = np.linspace(-1, 1, 12).reshape(4, 3), np.linspace(-1, 1, 10).reshape(2, 5), np.ones(2)
    text = tl.grad(gates, (0, 1, 2)).source_for(X, W, h)
    assert "h = (1 - z) * n + z * h" in text
    assert text.count("= np.concatenate([x, h])") == 1
    for a, b in zip(tl.grad(gates, (0, 1, 2))(X, W, h), tl.grad(gates, (0, 1, 2), store="all")(X, W, h), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13)


def squares(x: np.ndarray, n: int) -> Any:
    xs = [x]
    for _ in range(n):
        x = np.sin(x)
        xs.append(x)
    return sum(np.sum(v**2) for v in xs[-2:])


def all_squares(x: float, n: int) -> Any:
    xs = [x]
    for _ in range(n):
        x = np.sin(x)
        xs.append(x)
    return sum(v**2 for v in xs)


def test_what_a_loop_adds_to_all_items_of_a_list_is_a_list() -> None:
    text = tl.grad(squares).source_for(VECTOR, 4)
    assert "xs_bar[-2:] = " in text and "added" not in text
    assert "xs_bar = [2.0 * v for v in xs]" in tl.grad(all_squares).source_for(0.3, 4)
    tl.check_grads(squares, (VECTOR, 4), modes=("rev",))
    tl.check_grads(all_squares, (0.3, 4), modes=("rev",))


def test_the_gradient_of_what_is_made_narrow_is_as_wide_as_the_argument() -> None:
    def narrow(x: np.ndarray) -> Any:
        x = x.astype(np.float32)
        return np.sum(x * x)

    assert tl.grad(narrow)(VECTOR).dtype == np.float64


def walked(xs: np.ndarray) -> Any:
    ys = [2 * x for x in xs]
    total = 0.0
    for y in ys:
        total += np.sum(y * np.exp(y))
    return total


def test_what_a_loop_over_a_list_computes_is_not_kept() -> None:
    text = tl.grad(walked).source_for(MATRIX)
    assert "saved" not in text
    tl.check_grads(walked, (MATRIX,), modes=("rev",))
