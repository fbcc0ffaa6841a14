"""Calls find the compilation that is right for their arguments, with structure and bound objects in them."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.api.dispatch import ASKING, question
from tangent_like.api.structures import structure_tests
from tangent_like.kinds.structure import opened_key, shape_key

LEAVES = 8  # of the kinds of values below


def some_value(rng: np.random.Generator, depth: int = 0) -> object:
    """A number, an array, what carries no derivative, or something that holds such: lists with one item twice, too."""
    kind = rng.integers(LEAVES if depth == 3 else LEAVES + 6)
    leaves = (
        lambda: float(rng.normal()),
        lambda: rng.normal(size=rng.integers(1, 4)),
        lambda: rng.normal(size=(2, 2)).astype(rng.choice(["f4", "f8"])),
        lambda: bool(rng.integers(2)),
        lambda: str(rng.choice(["a", "b"])),
        lambda: None,
        lambda: int(rng.integers(5)),
        lambda: (np.sin, np.cos)[rng.integers(2)],
        lambda: [float(k) for k in range(rng.integers(4))],
        lambda: [some_value(rng, depth + 1) for _ in range(rng.integers(3))],
        lambda: tuple(some_value(rng, depth + 1) for _ in range(rng.integers(3))),
        lambda: {str(k): some_value(rng, depth + 1) for k in rng.permutation(3)[: rng.integers(3)]},
        lambda: SimpleNamespace(**{f"a{k}": some_value(rng, depth + 1) for k in rng.permutation(2)}),
        lambda: [some_value(rng, depth + 1)] * 2,
    )
    return leaves[kind]()


@pytest.mark.parametrize("opened", [False, True])
def test_what_is_asked_item_by_item_is_what_the_key_says(opened):
    rng = np.random.default_rng(7)
    key_of = opened_key if opened else shape_key
    values = [some_value(rng) for _ in range(80)]
    asked = 0
    for value in values:
        count, bound = itertools.count(), {"type": type}

        def hold(held, wanted, count=count, bound=bound):
            name = f"{wanted}{next(count)}"
            bound[name] = held
            return name

        tests = structure_tests([("x", value)], hold, lambda count=count: f"item{next(count)}", opened)
        if tests is None:
            continue
        asked += 1
        fits = question(["x"], tests, bound)
        for other in values:
            try:
                found = bool(fits(other))
            except ASKING:
                found = False
            assert found == (key_of(other) == key_of(value)), (value, other)
    assert asked > 60


class Line:
    def __init__(self, slope: float) -> None:
        self.slope = slope
        self.parts = [1.0, 2.0]

    def at(self, x, times=3.0):
        return self.slope * x * times + self.parts[0]


def test_methods_are_called_without_a_detour():
    one, two = Line(2.0), Line(5.0)
    by_one, by_two, unbound = tl.grad(one.at), tl.grad(two.at), tl.grad(Line.at, argnums="x")
    for _ in range(3):  # each time with what the other calls have compiled
        assert (by_one(1.0), by_two(1.0), unbound(one, 1.0), unbound(two, 1.0)) == (6.0, 15.0, 6.0, 15.0)
        assert by_one(1.0, 4.0) == by_one(x=1.0, times=4.0) == 8.0
    assert by_one.entered and by_two.entered and unbound.entered
    assert by_one.specialize(1.0)(1.0, 3.0) == 6.0
    one.slope = np.float32(4.0)
    one.parts.append(3.0)
    assert by_one(1.0) == 12.0
    one.parts = "none"
    with pytest.raises(tl.DifferentiationError):
        by_one(1.0)


def test_dtypes_of_one_name_are_compiled_once():
    def total(parts):
        return parts[0].sum() * parts[1].sum()

    values = [np.ones(2), np.ones(3, dtype=">f8")]
    df = tl.grad(total)
    df(values)
    made = df._cache.made
    df(values)
    assert df._cache.made == made
