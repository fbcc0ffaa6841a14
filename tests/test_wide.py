"""Structure at the interface: methods, containers that are one, objects that hold themselves, who owns what."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import tangent_like as tl


class Box:
    def __init__(self, value, other=None):
        self.value = value
        self.other = other

    def loss(self, x):
        return np.sum(self.value * x * x)

    def writes(self, x):
        self.value = self.value * 2.0
        self.value[0] = x
        return np.sum(self.value * self.value)


def writes_first_reads_second(a, b):
    a["k"] = a["k"] * 3.0
    return b["k"] * b["k"]


def reads_both(a, b):
    return a["k"] * b["k"] * b["k"]


def reads_value(box):
    return box.value * 2.0


def test_a_method_by_its_argument_and_by_its_object() -> None:
    box, x = Box(np.array([1.0, 2.0])), np.array([3.0, 4.0])
    np.testing.assert_allclose(tl.grad(box.loss)(x), 2 * box.value * x)
    found = tl.grad(box.loss, argnums="self")(x)
    assert type(found) is Box
    np.testing.assert_allclose(found.value, x * x)
    assert not np.shares_memory(found.value, box.value)


def test_a_method_that_writes_leaves_its_object_as_it_was() -> None:
    box = Box(np.array([1.0, 2.0]))
    before, held = copy.deepcopy(vars(box)), box.value
    assert tl.value_and_grad(box.writes)(3.0) == (25.0, 6.0)
    assert box.value is held
    np.testing.assert_array_equal(box.value, before["value"])


def test_one_dict_as_two_arguments() -> None:
    d, e = {"k": 2.0}, {"k": 5.0}
    written = tl.grad(writes_first_reads_second, argnums=1)
    assert written(d, e) == {"k": 10.0}
    with pytest.raises(tl.DifferentiationError, match="several places"):
        written(d, d)
    assert written(d, e) == {"k": 10.0}
    assert tl.grad(reads_both, argnums=(0, 1))(d, d) == ({"k": 4.0}, {"k": 8.0})
    assert d == {"k": 2.0}


def test_what_holds_itself_is_refused() -> None:
    box = Box(2.0, Box(3.0))
    box.other.other = box
    with pytest.raises(tl.DifferentiationError, match="holds itself"):
        tl.grad(reads_value)(box)
    xs = [1.0]
    xs.append(xs)
    with pytest.raises(tl.DifferentiationError, match="holds itself"):
        tl.grad(lambda v: v[0] * 2.0)(xs)


def test_gradients_of_equal_parts_are_apart() -> None:
    def f(p):
        return np.sum(p["a"] + p["b"]) + np.sum(p["cs"][0] + p["cs"][1])

    shared = np.ones(3)
    g = tl.grad(f)({"a": shared, "b": shared, "cs": [shared, (shared)]})
    arrays = [g["a"], g["b"], *g["cs"]]
    for k, one in enumerate(arrays):
        np.testing.assert_array_equal(one, np.ones(3))
        assert not any(np.shares_memory(one, two) for two in [shared, *arrays[:k]])


class Lens:
    def __init__(self, f, g):
        self.__f = f
        self._g = g

    def at(self, x):
        return x / self.__f + self._g


def seen_through(f, g, x):
    lens = Lens(f, g)
    return lens.at(x) * lens.at(f)


def test_names_of_what_is_private_to_a_class_are_those_it_has_there() -> None:
    df = tl.grad(seen_through, argnums=(0, 1, 2))
    assert "_Lens__f" not in df.source_for(1.5, 2.0, 3.0)
    found = df(1.5, 2.0, 3.0)
    for k, step in enumerate(np.eye(3) * 1e-6):
        more, less = (seen_through(*(np.array([1.5, 2.0, 3.0]) + s * step)) for s in (1, -1))
        assert abs(found[k] - (more - less) / 2e-6) < 1e-6
