"""What reverse halves return for entries of arrays is put there by the call, under names of what it belongs to."""

from __future__ import annotations

import numpy as np

import tangent_like as tl


def cell(h, W, b, s):
    a = np.tanh(h @ W + b)
    if s > 1.0:  # of a function with a branch there are halves
        a = a * s
    return h + s * a


def deep(Ws, bs, x):
    h = x
    for k in range(len(Ws)):
        h = cell(h, Ws[k], bs[k], 0.5)
    return np.sum(h**2)


def twice(Ws, b, x):
    h = x
    for k in range(len(Ws)):
        h = cell(h, Ws[k], b, 0.5)
        h = cell(h, Ws[k], b, 0.25)
    return np.sum(h**2)


def test_entries_are_put_in_place_by_the_call() -> None:
    rng = np.random.default_rng(3)
    args = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
    df = tl.grad(deep, (0, 1, 2))
    assert "h_bar, Ws_bar[k], bs_bar[k] = cell_reverse(cell_kept.pop(), h_bar)" in df.source_for(*args)
    tl.check_grads(deep, args, argnums=(0, 1, 2))
    for one, other in zip(df.specialize(*args)(*args), df(*args), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_added_to_entries_has_the_name_of_the_parameter() -> None:
    rng = np.random.default_rng(4)
    args = rng.normal(size=(3, 2, 2)), rng.normal(size=2), rng.normal(size=(4, 2))
    text = tl.grad(twice, (0, 1)).source_for(*args)
    assert "Ws_bar[k] = cell_W_bar" in text or "Ws_bar[k] = cell_W_bar + cell_W_bar_2" in text, text
    tl.check_grads(twice, args, argnums=(0, 1))


def barrier(s, growth, level, rate):
    paid = 0.0
    for g in growth:
        s = s * (1 + g)
        paid += rate * s
        if s > level:
            return paid + s
    return paid


def test_one_number_or_another_is_one_line_and_entries_are_put_where_they_are_computed() -> None:
    growth = np.array([0.1, 0.3, 0.2, 0.1])
    df = tl.grad(barrier, (0, 1))
    text = df.source_for(1.0, growth, 1.6, 0.1)
    assert "    s_bar = 1.0 if returned else 0.0\n" in text, text
    assert "growth_bar[k] = s_bar * s_saved.pop()\n" in text, text
    for level in (1.3, 1.6, 5.0):
        tl.check_grads(barrier, (1.0, growth, level, 0.1), argnums=(0, 1))
        made = df.specialize(1.0, growth, level, 0.1)(1.0, growth, level, 0.1)
        for one, other in zip(made, df(1.0, growth, level, 0.1), strict=True):
            np.testing.assert_array_equal(one, other)


def swung(s, k, n):
    x, v = s[0], s[1]
    for _ in range(n):
        x, v = x + k * v, v - k * np.sin(x)
    return x * v


def test_what_has_names_goes_into_places_side_by_side() -> None:
    args = np.array([0.4, 0.7, 0.1]), 0.3, 4
    text = tl.grad(swung).source_for(*args)
    assert "    s_bar[0], s_bar[1] = x_bar, v_bar\n" in text, text
    tl.check_grads(swung, args)


def left(u, k, n):
    for _ in range(n):
        u = u * (1.0 - k * u)
        if np.max(u) > 1.5:
            return np.sum(u)
    return np.sum(u**2)


def test_one_array_or_another_is_one_line_where_both_are_brief() -> None:
    u = np.array([0.4, 0.7])
    df = tl.grad(left)
    assert " if returned else 2.0 * u\n" in df.source_for(u, 0.3, 4), df.source_for(u, 0.3, 4)
    for k in (0.3, -0.9):
        tl.check_grads(left, (u, k, 4))
