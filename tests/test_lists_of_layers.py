"""Weights in lists: what is assumed of the sizes of their items, and what happens where that does not hold."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from corpus.lists_of_layers import dense, in_an_object

import tangent_like as tl


def layers(*widths: int) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(0)
    Ws = [rng.normal(size=(n, m)) for m, n in itertools.pairwise(widths)]
    return Ws, [rng.normal(size=n) for n in widths[1:]], rng.normal(size=widths[0])


@pytest.mark.parametrize("f", [dense, in_an_object])
def test_items_of_one_size_need_no_helper(f: object) -> None:
    text = tl.grad(f, (0, 1)).source_for(*layers(3, 4, 2))  # type: ignore[arg-type]
    assert "tangent_like" not in text
    assert "if [item.shape[0] for item in Ws] != [item.shape[0] for item in bs]:" in text


def test_another_call_is_asked_anew() -> None:
    df = tl.grad(dense, (0, 1))
    Ws, bs, x = layers(3, 4, 2)
    df(Ws, bs, x)
    bs[1] = bs[1][:1]
    step = 1e-6 * np.ones(1)
    more, less = (dense(Ws, [bs[0], bs[1] + s], x) for s in (step, -step))
    np.testing.assert_allclose(np.sum(df(Ws, bs, x)[1][1]), (more - less) / 2e-6, rtol=1e-6)
    assert [len(b) for b in df(*layers(3, 5, 4, 2))[1]] == [5, 4, 2]


def test_the_specialized_function_says_what_it_is_for() -> None:
    Ws, bs, x = layers(3, 4, 2)
    special = tl.grad(dense, (0, 1)).specialize(Ws, bs, x)
    bs[0] = bs[0][:1]
    with pytest.raises(ValueError, match="this derivative is for"):
        special(Ws, bs, x)


def against(Ws: list, bs: list, X: np.ndarray, y: np.ndarray) -> float:
    H = X
    for W, b in zip(Ws, bs, strict=True):
        H = np.tanh(H @ W + b)
    return np.mean((H - y) ** 2)


@pytest.mark.parametrize(("last", "columns"), [(2, 2), (1, 2), (2, 1)])
def test_the_last_layer_against_what_is_to_be_met_needs_no_helper(last: int, columns: int) -> None:
    rng = np.random.default_rng(0)
    Ws, bs = [rng.normal(size=s) for s in ((3, 4), (4, last))], [rng.normal(size=n) for n in (4, last)]
    X, y = rng.normal(size=(5, 3)), rng.normal(size=(5, columns))
    df = tl.grad(against, (0, 1))
    assert "tangent_like" not in df.source_for(Ws, bs, X, y)
    step = 1e-6 * rng.normal(size=(4, last))
    more, less = (against([Ws[0], Ws[1] + s], bs, X, y) for s in (step, -step))
    np.testing.assert_allclose(np.sum(df(Ws, bs, X, y)[0][1] * step), (more - less) / 2, rtol=1e-6)
