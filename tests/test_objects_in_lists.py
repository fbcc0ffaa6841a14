"""Text without kinds for lists of objects: right for any number of them."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from corpus import lists_begun_empty, objects_in_lists
from corpus.objects_in_lists import RIGHT

import tangent_like as tl
from tangent_like.specialize import branching


@pytest.mark.parametrize("f", RIGHT, ids=lambda f: f.__name__)
def test_text_is_for_any_number(f):
    derivative = tl.grad(f, (0, 1))
    scope = dict(vars(objects_in_lists))
    exec(compile(derivative.source, f"<text of {f.__name__}>", "exec"), scope)
    text = scope[f"grad_{f.__name__}"]
    for x in (np.array([1.2, 0.1, 0.7]), np.array([1.2, 0.31, 0.7, 0.95, 0.4, 1.4])):
        given = x.tolist() if f.__name__ == "transported" else x
        found = text(copy.copy(given), 0.8)
        for one, other in zip(found, tl.grad(f, (0, 1))(x, 0.8), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12)


def test_objects_are_lists_of_what_they_hold():
    text = tl.grad(objects_in_lists.written_through_every_name, (0, 1)).source
    assert "ps_v.append(1.0)" in text
    assert "*= k" in text
    assert "P(" not in text


@pytest.mark.parametrize("f", lists_begun_empty.RIGHT, ids=lambda f: f.__name__)
def test_lists_that_begin_empty_and_merged_configurations_have_text(f):
    scope = dict(vars(lists_begun_empty))
    exec(compile(tl.grad(f, (0, 1)).source, f"<text of {f.__name__}>", "exec"), scope)
    x = np.array([1.2, 0.3, 0.7, 0.95])
    for one, other in zip(scope[f"grad_{f.__name__}"](x, 0.8), tl.grad(f, (0, 1))(x, 0.8), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


class Leaf:
    def __init__(self, key: float, value: float):
        self.key, self.value = key, value
        self.left: Leaf | None = None
        self.right: Leaf | None = None

    def insert(self, key: float, value: float) -> None:
        if key < self.key:
            if self.left is None:
                self.left = Leaf(key, value)
            else:
                self.left.insert(key, value)
        elif self.right is None:
            self.right = Leaf(key, value)
        else:
            self.right.insert(key, value)

    def total(self, w: float) -> float:
        found = self.value * w
        if self.left is not None:
            found += self.left.total(w * 0.5)
        if self.right is not None:
            found += self.right.total(w * 0.7)
        return found


def searched(keys: np.ndarray, values: np.ndarray) -> float:
    root = Leaf(keys[0], values[0])
    for key, value in zip(keys[1:], values[1:], strict=True):
        root.insert(key, value)
    return root.total(1.0)


def test_a_tree_of_many_paths_is_refused_before_it_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branching, "MOST_IN_BRANCHES", 100)
    few, many = np.random.default_rng(1).uniform(size=(2, 3)), np.random.default_rng(1).uniform(size=(2, 8))
    tl.check_grads(searched, tuple(few), argnums=1)
    with pytest.raises(tl.DifferentiationError, match="each way that objects may be linked"):
        tl.grad(searched, 1)(*many)
