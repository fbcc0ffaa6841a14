"""Printed text stands beside the function that it is the derivative of: what it names means there what it meant."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import tangent_like as tl

RATES = '''
import functools

RATE = 0.5


def rated(fn):
    @functools.wraps(fn)
    def wrapped(v):
        return fn(v) + RATE
    return wrapped


def _inner(v, n):
    for _ in range(n):
        v = v * v * RATE
    return v


def powered(v, n):
    return _inner(v, n) + _inner(v + 1.0, n)
'''
PROGRAMS = '''
import numpy as np

import rates_elsewhere

RATE = 100.0  # the other module has another
like = "a name of ours"


def scaled(k):
    def inner(v):
        return v * k
    return inner


def shifted(fn):
    def wrapped(v):
        return fn(v) + 1.0
    return wrapped


@shifted
def square(v):
    return v * v


k = -7.0  # a name of a closure
double = scaled(2.0)
TABLE = {"a": scaled(3.0), "b": lambda v: v * v, "c": square, "d": double}
LISTED = [lambda v: v + 1.0, np.sin]


def f(x):
    s = 0.0
    for key in "abcd":
        s = s + TABLE[key](x[0])
    for g in LISTED:
        s = s * g(x[1])
    return s + double(x[2]) + square(x[0]) + RATE * rates_elsewhere.RATE


def far(x):
    return rates_elsewhere.powered(x[0], 3) * rates_elsewhere.powered(x[1], 2) * RATE


@rates_elsewhere.rated
def own_rate(v):
    return v * v * RATE


def of_two_modules(x):
    return RATE * own_rate(x[0]) ** 2


def made(RATE):
    def own(x):
        return np.sum(np.tanh(x * RATE) * double(x))
    return own


own = made(0.5)
'''

SHADOWS = '''
import numpy as np
from numpy import sum


def range(n):
    return np.arange(n)[::-1]


def len(x):
    return 2


reversed = zip = enumerate = isinstance = None


def backwards(x):
    y = 1.0
    for k in range(3):
        y = y * x[k] + k
    return y * len(x)


def rows(x):
    kept = []
    for v in x:
        kept.append(v * x[0])
    y = x[1]
    while y < 9.0:
        y = y * y + 1.0
    for v in kept:
        y = y * v + v * v
    return y * sum(x * x)
'''


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder: Path = tmp_path_factory.mktemp("beside")
    (folder / "rates_elsewhere.py").write_text(RATES)
    (folder / "programs_beside.py").write_text(PROGRAMS)
    (folder / "shadows.py").write_text(SHADOWS)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield importlib.import_module("programs_beside")
    finally:
        sys.path.remove(str(folder))
        for name in ("rates_elsewhere", "programs_beside", "shadows"):
            sys.modules.pop(name, None)


@pytest.mark.parametrize("name", ["f", "far"])
@pytest.mark.parametrize("known", [True, False])
def test_text_runs_in_the_module_of_its_function(programs: ModuleType, name: str, known: bool) -> None:
    function, x = getattr(programs, name), np.array([0.7, 1.3, 0.4])
    df = tl.grad(function)
    text = df.source_for(x) if known else df.source
    namespace = dict(vars(programs))
    exec(compile(text, "beside", "exec"), namespace)
    np.testing.assert_allclose(namespace[f"grad_{name}"](x.copy()), df(x), rtol=1e-12)
    before = {key: value for key, value in vars(programs).items() if not key.startswith("__")}
    changed = [key for key, value in before.items() if namespace[key] is not value]
    assert not changed, f"names that mean something else now: {changed}"


@pytest.mark.parametrize("name", ["backwards", "rows"])
@pytest.mark.parametrize("known", [True, False])
def test_names_of_python_that_the_module_has_for_itself(programs: ModuleType, name: str, known: bool) -> None:
    module = importlib.import_module("shadows")
    function, x = getattr(module, name), np.array([0.7, 1.3, 0.4])
    df = tl.grad(function)
    text = df.source_for(x) if known else df.source
    namespace = dict(vars(module))
    exec(compile(text, "beside", "exec"), namespace)
    np.testing.assert_allclose(namespace[f"grad_{name}"](x.copy()), df(x), rtol=1e-12)
    assert "import builtins" in text


def test_what_a_closure_holds_stands_above(programs: ModuleType) -> None:
    x = np.array([0.7, 1.3])
    namespace = dict(vars(programs))
    exec(compile(tl.grad(programs.own).source_for(x), "beside", "exec"), namespace)
    np.testing.assert_allclose(namespace["grad_own"](x), tl.grad(programs.own)(x), rtol=1e-12)


def test_what_is_wrapped_keeps_the_names_of_its_module(programs: ModuleType) -> None:
    x = np.array([0.7, 1.3])
    value, bar = tl.value_and_grad(programs.of_two_modules)(x)
    assert value == programs.of_two_modules(x)
    own = 100.0 * x[0] ** 2 + 0.5  # the rates are 100 in this module and 0.5 in the other
    np.testing.assert_allclose(bar, [100.0 * 2 * own * 200.0 * x[0], 0.0])
