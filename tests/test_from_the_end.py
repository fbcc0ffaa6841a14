# ruff: noqa: B007, A001 - counters that nobody reads, and a name of Python's own, are what is tested
"""Lists that a loop only empties are gone through from their end; what is read, counted or left otherwise stays."""

from __future__ import annotations

import math

import numpy as np
import pytest

import tangent_like as tl


def each_turn(x, k, n):
    for i in range(n):
        x = x * math.exp(-k * x) + x
    return x


def several(x, v, k, n):
    for _ in range(n):
        v = v - k * math.sin(x) * v
        x = x + v * math.cos(x)
    return x * v


def until(x, k):
    while x > 1.0:
        x = x - k * math.log(x) * x
    return x * k


def over_rows(A, x):
    for row in A:
        x = np.tanh(x * row)
    return np.sum(x)


def counted_by_another(x, tolerance):
    value = 0.0
    for _ in range(50):
        w = np.sin(x)
        new = np.sqrt(w @ w)
        x = w / new
        if abs(new - value) < tolerance:
            value = new
            break
        value = new
    return value


def the_counter_is_read(x, n):
    for i in range(1, n):
        x = x * x / i + x
    return x


def the_counter_is_read_later(x, n):
    i = 0
    for i in range(n):
        x = x * math.sin(x)
    return x * i


def the_name_is_taken(x, n):
    reversed = 2.0 * x
    for i in range(n):
        x = x * math.sin(x * reversed)
    return x


def some_turns(x, n):
    for i in range(n):
        if x > 0.4:
            x = x * math.sin(x)
    return x


def in_turns(x, n):
    for i in range(n):
        for j in range(3):
            x = x * math.sin(x)
        x = x * x
    return x


def left_early(xs, k):
    s = k
    for x in xs:
        s = s * math.sin(s * k)
        if s < 0.05:
            break
        s = s + 0.3 * s * s
    return s


A = np.array([[0.5, 1.2], [1.4, 0.7], [0.9, 1.6]])
THROUGH = [
    (each_turn, (0.8, 0.3, 4), "for x in reversed(x_saved):"),
    (several, (0.8, 0.5, 0.3, 4), "in reversed(x_saved):"),
    (until, (9.0, 1.6), "for x in reversed(x_saved):"),
    (over_rows, (A, np.array([0.3, 0.8])), ""),
    (counted_by_another, (np.array([0.3, 0.8]), 1e-3), "in reversed("),
]
STAYS = [
    (the_counter_is_read, (0.8, 4), ""),
    (the_counter_is_read_later, (0.8, 4), "saved.pop()"),
    (the_name_is_taken, (0.8, 4), "saved.pop()"),
    (some_turns, (0.8, 4), "saved.pop()"),
    (in_turns, (0.8, 2), "saved.pop()"),
    (left_early, (np.ones(5), 0.7), ""),
]


@pytest.mark.parametrize(("f", "args", "shown"), THROUGH, ids=lambda v: getattr(v, "__name__", ""))
def test_lists_that_each_turn_takes_from_are_gone_through(f, args, shown) -> None:
    text = tl.grad(f).source_for(*args)
    assert shown in text, text
    tl.check_grads(f, args)
    np.testing.assert_array_equal(tl.grad(f).specialize(*args)(*args), tl.grad(f, tidy=False)(*args))


@pytest.mark.parametrize(("f", "args", "shown"), STAYS, ids=lambda v: getattr(v, "__name__", ""))
def test_others_are_emptied_as_they_were(f, args, shown) -> None:
    text = tl.grad(f).source_for(*args)
    assert shown in text, text
    assert "reversed(saved)" not in text and "reversed(x_saved)" not in text, text
    tl.check_grads(f, args)
