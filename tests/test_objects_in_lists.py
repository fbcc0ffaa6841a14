"""Text without kinds for lists of objects: right for any number of them."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from corpus import lists_begun_empty, objects_in_lists
from corpus.objects_in_lists import RIGHT

import tangent_like as tl


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
