"""A pullback is not disturbed by what becomes of the arguments, of the value or of its own results."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.api.memory import apart
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Const,
    Function,
    Index,
    Name,
    Origin,
    Param,
    Pop,
    Push,
    Return,
    Store,
)
from tangent_like.transform.untouched import changed_in

CONSTANT = np.array([1.0, 2.0, 3.0])


def straight(x: Any) -> Any:
    a = x * x
    return np.sin(a) * x


def takes_from_lists(x: Any) -> Any:
    for _ in range(3):
        x = np.sin(x) * x
    return x


def takes_and_writes(x: Any) -> Any:
    a = x * 1.0
    for k in range(3):
        b = a * x
        b[k] = np.sin(b[0]) * b[1]
        a = b * b[::-1]
    return a


def keeps_lists_of_arrays(x: Any) -> Any:
    turns: list[Any] = []
    for k in range(3):
        turns.append(np.cos(x) * k)
        x = x * turns[-1] + turns[0]
    while turns:
        x = x * turns.pop()
    return x


def gives_its_argument(x: Any) -> Any:
    return x


def gives_a_view(x: Any) -> Any:
    y = x * 1.0
    y[0] = y[1] * y[2]
    return y[::-1]


def gives_what_it_keeps(x: Any) -> Any:
    y = np.exp(x)
    return y, y * x


def reads_a_global(x: Any) -> Any:
    return np.sum(CONSTANT * x)


@pytest.mark.parametrize(
    "f",
    [
        straight,
        takes_from_lists,
        takes_and_writes,
        keeps_lists_of_arrays,
        gives_its_argument,
        gives_a_view,
        gives_what_it_keeps,
        reads_a_global,
    ],
)
def test_pullback_is_left_alone(f: Any) -> None:
    x = np.array([0.3, 0.7, -0.4])
    given = x.copy()
    value, pullback = tl.vjp(f, given)
    seed = np.array([1.0, -2.0, 0.5])
    bar = (seed, 2 * seed) if isinstance(value, tuple) else seed if np.ndim(value) else 1.5
    (first,) = pullback(bar)
    (again,) = tl.vjp(f, x)[1](bar)
    np.testing.assert_array_equal(first, again)
    kept = first.copy()
    for array in (given, first, *(value if isinstance(value, tuple) else (value,))):
        if isinstance(array, np.ndarray):
            array[...] = 17.0
    (second,) = pullback(bar)
    np.testing.assert_array_equal(second, kept)
    np.testing.assert_array_equal(seed, [1.0, -2.0, 0.5])
    np.testing.assert_array_equal(CONSTANT, [1.0, 2.0, 3.0])


def test_only_what_is_shared_is_copied() -> None:
    x, own = np.arange(4.0), np.ones(2)
    numbers = [1.0]
    view, other, pair, text = apart((x[1:], own, [x], "s"), (x, numbers))
    assert other is own and text == "s"
    bound, pair_2 = apart((own, [own, x]), (x,))
    assert bound is not own and bound is pair_2[0]
    assert not np.shares_memory(view, x) and not np.shares_memory(pair[0], x)
    assert np.shares_memory(view, pair[0])
    assert apart((numbers,), (x, numbers))[0] is not numbers
    assert apart((own, "s"), (x, numbers))[0] is own


def test_what_a_pullback_keeps_is_freed_with_it() -> None:
    x = np.linspace(0.1, 1.0, 5)
    gc.collect()
    gc.disable()
    try:
        for f in (takes_from_lists, takes_and_writes, gives_what_it_keeps):
            value, pullback = tl.vjp(f, x)
            first = weakref.ref(pullback(value)[0])
            gone = weakref.ref(pullback)
            del value, pullback
            assert first() is None and gone() is None
        while gc.collect():  # of what was compiled, here and before: what a callback lets go is found a turn later
            pass
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.garbage.clear()
        value, pullback = tl.vjp(takes_and_writes, x)
        pullback(value)
        del value, pullback
        gc.collect()
        assert not [g for g in gc.garbage if isinstance(g, np.ndarray | list | dict)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


X, A, B, Y_BAR = Name("x"), Name("a"), Name("b"), Name("y_bar")
TAKEN = Call(Attribute(A, "pop"), ())


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ((Return(Binary("*", Y_BAR, A)),), "nothing"),
        ((Return(Binary("*", Y_BAR, TAKEN)),), "lists"),
        ((Assign(("b",), (Binary("*", TAKEN, X),)), Augment("b", "*", X), Return(B)), "lists"),
        ((Assign(("b",), (TAKEN,)), Augment("b", "*", X), Return(B)), "arrays"),
        ((Pop(B, "a"), Augment("b", "*", X), Return(B)), "arrays"),
        ((Push("c", A), Pop(B, "c"), Augment("b", "*", X), Return(B)), "arrays"),
        ((Pop(Index(X, Const(0)), "a"), Return(Y_BAR)), "arrays"),
        ((Push("a", Y_BAR), Return(TAKEN)), "lists"),
        ((Store(Index(X, Const(0)), "", Y_BAR), Return(Y_BAR)), "arrays"),
    ],
)
def test_what_a_reverse_half_changes(body: Any, changes: str) -> None:
    opened = Assign(("x", "a"), (Name("saved"),))
    function = Function("f", (Param("saved"), Param("y_bar")), (opened, *body), Origin("", 1, 1, ""))
    assert changed_in(function, "saved") == changes


COUNT_PAGES = """
import resource
import numpy as np
import tangent_like as tl

def f(x):
    a = x * x + 3.0 * x
    b = a * x - 0.5
    return np.sum(b * b + a * b - x)

x, gradient = np.linspace(0.0, 1.0, 100_000), tl.grad(f)
for _ in range(5):
    gradient(x)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    gradient(x)
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) * resource.getpagesize() // 10)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the thresholds are glibc's")
def test_memory_stays_with_the_process(tmp_path: Path) -> None:
    program = tmp_path / "count_pages.py"
    program.write_text(COUNT_PAGES)
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True, env=path)
    assert int(done.stdout) < 100_000  # bytes a call; one of the arrays has 800,000
