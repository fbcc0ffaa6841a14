"""Derivatives compiled by Numba: the same numbers as in Python, or refused with the user's line."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import tangent_like as tl

numba = pytest.importorskip("numba")

WEIGHTS = np.array([1.0, 2.0, 3.0])


def decay(x, k, n):
    for _i in range(n):
        x = x * math.exp(-k * x)
    return x


def weighted(x):
    total = 0.0
    for i in range(len(x)):
        total += WEIGHTS[i] * x[i] ** 2
    return total


def factor(u, k):
    return u * math.sin(k * u)


def by_helper(x, k):
    total = 0.0
    for i in range(len(x)):
        total += factor(x[i], k)
    return total


def layer(params, x):
    total = 0.0
    for i in range(len(x)):
        total += math.tanh(params["w"] * x[i] + params["b"])
    return total


def in_pairs(x):
    from numba import prange

    total = 0.0
    for i in numba.prange(1, len(x)):
        for j in prange(i):
            total += x[i] * math.sin(x[j])
    return total


def eigen(x):
    y = x * 2.0
    return np.sum(np.sort(y) ** 2)


def test_prange_is_a_range() -> None:
    x = np.array([0.3, -0.7, 1.1])
    expected = [np.cos(a) * sum(x[i + 1 :]) + sum(np.sin(x[:i])) for i, a in enumerate(x)]
    for compiled in (False, True, {"parallel": True}):
        df = tl.grad(in_pairs, jit=compiled)
        np.testing.assert_allclose(df(x), expected, rtol=1e-12)
    assert "prange" not in "".join(s for s in tl.grad(in_pairs).source_for(x).splitlines() if "#" not in s)


def test_a_loop_that_keeps_values() -> None:
    args = (0.9, 0.3, 7)
    assert tl.grad(decay, (0, 1), jit=True)(*args) == pytest.approx(tl.grad(decay, (0, 1))(*args), rel=1e-14)


def test_constants_of_the_module_are_read_anew() -> None:
    df = tl.grad(weighted, jit=True)
    x = np.array([0.5, 1.5, -1.0])
    assert np.allclose(df(x), 2 * WEIGHTS * x)
    old = WEIGHTS.copy()
    WEIGHTS[1] = 20.0
    try:
        assert np.allclose(df(x), 2 * WEIGHTS * x)
    finally:
        WEIGHTS[:] = old


def test_every_driver() -> None:
    x, k = np.array([0.3, 0.8, 1.7]), 1.3
    value, gradient = tl.value_and_grad(by_helper, jit=True)(x, k)
    assert value == pytest.approx(by_helper(x, k))
    assert np.allclose(gradient, tl.grad(by_helper)(x, k))
    _, pullback = tl.vjp(by_helper, x, k, jit=True)
    _, plain = tl.vjp(by_helper, x, k)
    for ours, theirs in zip(pullback(0.7), plain(0.7), strict=True):
        assert np.allclose(ours, theirs)
    dots = (np.array([1.0, -0.5, 0.25]), 2.0)
    assert np.allclose(tl.jvp(by_helper, (x, k), dots, jit=True), tl.jvp(by_helper, (x, k), dots))
    assert np.allclose(tl.hessian(by_helper, jit=True)(x, k), tl.hessian(by_helper)(x, k))


def test_structure_stays_in_python() -> None:
    params, x = {"w": 0.4, "b": -0.2}, np.array([0.3, 0.8])
    df = tl.grad(layer, jit=True)
    assert df(params, x) == pytest.approx(tl.grad(layer)(params, x))
    assert "_compiled(" in df.source_for(params, x)


def test_what_numba_does_not_take_has_its_line() -> None:
    def caught(x):
        try:
            y = math.log(x)
        except ValueError as error:
            raise ArithmeticError(f"{error}") from error
        return y * x

    with pytest.raises(tl.DifferentiationError, match="Numba does not compile this") as told:
        tl.grad(caught, jit=True)(2.0)
    assert told.value.file == __file__
    assert told.value.line > caught.__code__.co_firstlineno - 1
    with pytest.warns(RuntimeWarning, match="differentiated in Python") as seen:
        assert tl.grad(caught, jit="auto")(2.0) == pytest.approx(math.log(2.0) + 1)
    assert len(seen) == 1


def test_options_are_numbas_own() -> None:
    with pytest.raises(tl.RequestError):
        tl.grad(decay, jit="fast")
    assert tl.grad(decay, jit={"fastmath": True})(0.9, 0.3, 7) == pytest.approx(tl.grad(decay)(0.9, 0.3, 7))


def test_other_layouts_and_kinds_compile_anew() -> None:
    df = tl.grad(weighted, jit=True)
    x = np.arange(6.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.allclose(df(x[::2]), 2 * WEIGHTS * x[::2])
        x32 = np.arange(3, dtype=np.float32)
        assert df(x32).dtype == np.float32


def of_elements(x):
    total = 0.0
    for i in range(len(x)):
        total += x[i] * x[i]
    return total


def weighed(x, w):
    return w * np.sum(x * x), 0.5 * x


def test_values_of_single_precision_stay_so() -> None:
    x = np.array([0.3, 0.8, 1.7], np.float32)
    value, gradient = tl.value_and_grad(of_elements, jit=True)(x)
    value_too, tangent = tl.jvp(of_elements, (x,), (x,), jit=True)
    assert (value.dtype, gradient.dtype, value_too.dtype, tangent.dtype) == (np.float32,) * 4
    assert (value, tangent) == pytest.approx((of_elements(x), 2 * of_elements(x)), rel=1e-6)
    results, pullback = tl.vjp(weighed, x, 2.0, jit=True)
    assert [r.dtype for r in results] == [np.float32] * 2
    assert [np.asarray(bar).dtype for bar in pullback((1.0, x))] == [np.float32, np.float64]
    assert not hasattr(tl.value_and_grad(of_elements, jit=True)(x.astype(float))[0], "astype")


CACHED = """
import math, sys, time
import tangent_like as tl

def decay(x, k, n):
    for _i in range(n):
        x = x * math.exp(-k * x)
    return x

df = tl.grad(decay, jit={"cache": True})
print(df(0.9, 0.3, 7))
(compiled,) = next(iter(df._cache.by_types.values()))
print(sum(compiled.call.dispatcher.stats.cache_hits.values()))
"""


def test_the_cache_survives_the_process(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(CACHED)
    root = str(Path(__file__).resolve().parent.parent)
    env = {**os.environ, "TANGENT_LIKE_CACHE": str(tmp_path / "kept"), "PYTHONPATH": root}
    outs = [
        subprocess.run([sys.executable, str(program)], env=env, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    ]
    assert outs[0][0] == outs[1][0]
    assert (outs[0][1], outs[1][1]) == ("0", "1")
    assert not list((tmp_path / "kept").glob("*.part"))
