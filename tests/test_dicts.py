"""Dicts whose keys only the run tells: their text, text without arguments, second derivatives, and what is refused."""

import importlib.util
import sys
from collections import defaultdict

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.cli.main import main

X = np.array([0.6, 1.3, 0.9, 1.7])


def histogram(x):
    bins = {}
    for v in x:
        k = int(v * 2)
        bins[k] = bins.get(k, 0.0) + v * v
    t = 0.0
    for k in sorted(bins):
        t += bins[k] ** 2
    return t


def table(x, n):
    m = {}
    for i in range(n):
        m[i, 0] = x[i]
        for j in range(1, n):
            m[i, j] = m[i, j - 1] * x[j] + x[i]
    return m[n - 1, n - 1]


def overwritten(x, n):
    d = {}
    k = 0
    for i in range(n):
        d[k] = d.get(k, 0.5) ** 2 * x[i]
        k = (k * 3 + 1) % 4
        d.pop(k, None)
    return sum(v * v for v in d.values()) * len(d)


def asked(x, n):
    d = defaultdict(float)
    t = 0.0
    for i in range(n):
        t += d[i % 5] * x[i]
        d[i % 3] += x[i] ** 2
    for v in d.values():
        t += (v - x[0]) ** 2
    return t


def lengths(x, n):
    d = {}
    before = len(d)
    for i in range(n):
        d[i % 3] = x[i]
    between = len(d)
    d[55] = x[0] ** 2
    return before * x[0] + between * x[1] + len(d) * x[2] ** 2 + d[55]


def test_the_text_reads_as_if_written_by_hand():
    assert tl.grad(histogram).source_for(X) == '''import collections

import numpy as np


def grad_histogram(x):
    """Gradient of histogram with respect to x."""
    k_saved = []
    bins = {}
    for v in x:
        k = int(v * 2)
        bins[k] = bins.get(k, 0.0) + v * v
        k_saved.append(k)
    keys = sorted(bins)
    bins_bar = collections.defaultdict(float)
    for k_2 in range(len(keys) - 1, -1, -1):
        k = keys[k_2]
        # t += bins[k] ** 2
        bins_bar[k] += 2.0 * bins[k]
    x_bar = np.zeros_like(x)
    for k_3 in range(len(x) - 1, -1, -1):
        # bins[k] = bins.get(k, 0.0) + v * v
        x_bar[k_3] += 2 * bins_bar[k_saved.pop()] * x[k_3]
    return x_bar
'''


def test_a_table_that_is_filled_once_keeps_nothing():
    text = tl.grad(table).source_for(X, 4)
    assert "saved" not in text
    tl.check_grads(lambda x: table(x, 4), (X,))


def test_what_was_not_there_is_taken_out_on_the_way_back():
    text = tl.grad(overwritten).source_for(X, 4)
    assert "old is None" in text
    assert "del d[k]" in text


@pytest.mark.parametrize("f", [histogram, table, overwritten, asked, lengths])
@pytest.mark.parametrize("store", ["all", "none"])
def test_what_is_kept_makes_no_difference(f, store):
    more = () if f is histogram else (4,)
    assert np.allclose(tl.grad(f, store=store)(X, *more), tl.grad(f)(X, *more))


@pytest.mark.parametrize("f", [histogram, table, overwritten, asked, lengths])
def test_second_derivatives(f):
    more = () if f is histogram else (4,)
    tl.check_grads(lambda x: f(x, *more), (X,), order=2)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("f", [histogram, table, overwritten, asked, lengths])
def test_text_without_arguments(f, mode, tmp_path):
    out = tmp_path / "made.py"
    assert not main(["grad", "--mode", mode, f"{__file__}:{f.__name__}", "--wrt", "x", "-o", str(out)])
    spec = importlib.util.spec_from_file_location(f"made_{f.__name__}_{mode}", out)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    more = () if f is histogram else (4,)
    expected = tl.grad(f)(X, *more)
    if mode == "reverse":
        assert np.allclose(getattr(module, f"grad_{f.__name__}")(X, *more), expected)
        return
    for k in range(4):
        _, dot = getattr(module, f"jvp_{f.__name__}")(X, *more, np.eye(4)[k])
        assert np.allclose(dot, expected[k])


def by_numbers(x):
    d = {}
    for v in x:
        d[v] = v * v
    t = 0.0
    for k in d:
        t += d[k] * k
    return t


def test_a_loop_over_keys_that_carry_derivatives_is_refused():
    with pytest.raises(tl.DifferentiationError, match="whose keys carry derivatives"):
        tl.grad(by_numbers)(X)


def test_numba_has_no_such_dicts():
    pytest.importorskip("numba")
    with pytest.raises(tl.DifferentiationError) as refused:
        tl.grad(histogram, jit=True)(X)
    assert refused.value.line == histogram.__code__.co_firstlineno + 4
    assert "leave jit out" in str(refused.value)
