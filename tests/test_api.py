"""What a user calls: `grad`, `value_and_grad`, `vjp`, `check_grads`, and what can be asked of a derivative.

That the numbers are right is proved by the corpus; here they only tell which derivative was made.
"""

from __future__ import annotations

import functools
import gc
import importlib
import inspect
import io
import linecache
import math
import os
import pdb  # noqa: T100
import pickle
import re
import subprocess
import sys
import textwrap
import threading
import traceback
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

REPO = Path(__file__).resolve().parent.parent
HERE = __file__


def scaled(x, k=2.0, n=3):
    return k * x**n


def inner(a, b):
    return np.sum(a * b)


def line_of(f: Callable[..., Any], text: str) -> int:
    """The line of this file on which ``text`` stands in ``f``."""
    lines, first = inspect.getsourcelines(f)
    return next(first + k for k, line in enumerate(lines) if text in line)


class Folder:
    """A folder of modules of a user's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: set[str] = set()

    def put(self, name: str, text: str) -> None:
        (self.path / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        self.names.add(name)

    def load(self, name: str, text: str) -> ModuleType:
        self.put(name, text)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    def run(self, script: str, **env: str) -> str:
        """What a Python process of its own prints that runs the script here, warnings being errors."""
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", textwrap.dedent(script)],
            cwd=self.path,
            env={**os.environ, "PYTHONPATH": str(REPO), **env},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    monkeypatch.syspath_prepend(str(tmp_path))
    found = Folder(tmp_path)
    yield found
    for name in found.names:
        sys.modules.pop(name, None)


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The functions that were differentiated, one entry each time."""
    from tangent_like.api import derivative as api

    found: list[str] = []
    original = api.differentiate

    def counted(source: Any, *rest: Any) -> Any:
        found.append(source.name)
        return original(source, *rest)

    monkeypatch.setattr(api, "differentiate", counted)
    return found


# -- three ways to ask --------------------------------------------------------------------------------


@tl.grad
def decorated(x, k=2.0):
    """What it does."""
    return k * x * x


@tl.grad(argnums=("k", "x"))
def decorated_with_names(x, k=2.0):
    return k * x * x


@tl.value_and_grad(argnums=1)
def decorated_with_value(x, k=2.0):
    return k * x * x


def test_function_and_both_decorator_forms() -> None:
    assert tl.grad(scaled)(3.0) == 54.0
    assert tl.grad()(scaled)(3.0) == 54.0
    assert decorated(3.0) == 12.0
    assert decorated_with_names(3.0) == (9.0, 12.0)
    assert decorated_with_value(3.0) == (18.0, 9.0)


def test_derivative_looks_like_the_function_it_is_of() -> None:
    assert decorated.__name__ == "decorated"
    assert decorated.__doc__ == "What it does."
    assert decorated.__module__ == __name__
    assert decorated.__wrapped__(3.0) == 18.0
    assert inspect.signature(decorated) == inspect.signature(decorated.__wrapped__)
    assert "decorated" in repr(decorated)


def test_a_lambda_has_no_comments_of_other_lines() -> None:
    # this one belongs to the test
    outer = lambda x: np.sum(np.cos(np.sin(x) * x))
    derivative = tl.grad(outer)
    derivative(np.ones(3))
    assert "belongs to the test" not in derivative.source
    assert derivative.source.count("#") == 1


def test_lambda_and_local_function() -> None:
    k = 3.0

    def cubed(x):
        return k * x**3

    assert tl.grad(cubed)(2.0) == 36.0
    assert tl.grad(lambda x: k * x * x)(2.0) == 12.0


# -- argnums ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argnums", "expected"),
    [
        (0, 54.0),
        (1, 27.0),
        (-2, 27.0),
        (np.int64(1), 27.0),
        ("k", 27.0),
        ((1,), (27.0,)),
        ([0, 1], (54.0, 27.0)),
        ((1, 0), (27.0, 54.0)),
        (("k", 0), (27.0, 54.0)),
        ((-2, "x"), (27.0, 54.0)),
    ],
)
def test_argnums(argnums: Any, expected: Any) -> None:
    assert tl.grad(scaled, argnums=argnums)(3.0) == expected
    assert tl.grad(scaled, argnums)(3.0) == expected
    assert tl.value_and_grad(scaled, argnums)(3.0) == (54.0, expected)


@pytest.mark.parametrize(
    ("argnums", "says"),
    [
        ("z", "no argument 'z'.*\n.*\n.*x, k, n"),
        (3, "no argument number 3"),
        (-4, "no argument number -4"),
        ((0, 0), "'x' is asked for twice"),
        ((0, "x"), "'x' is asked for twice"),
        ((1, -2), "'k' is asked for twice"),
        ((), "names no argument"),
        (True, "indices and names, not True"),
        ((0, False), "indices and names, not False"),
        (None, "indices and names, not None"),
        (1.0, "indices and names, not 1.0"),
        ((0, (1,)), r"indices and names, not \(1,\)"),
    ],
)
def test_argnums_that_mean_nothing(argnums: Any, says: str) -> None:
    with pytest.raises(tl.RequestError, match=says) as caught:
        tl.grad(scaled, argnums)(3.0)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (3, "'x' is of kind int.*\n.*\n.*pass 2.0 and not 2"),
        (True, "'x' is of kind bool"),
        (np.int32(3), "'x' is of kind int"),
        (np.arange(3), "'x' is of kind array of int64.*\n.*\n.*floating"),
        ("3", "'x' is of kind str"),
        (None, "'x' is of kind None"),
    ],
)
def test_argument_without_derivative(value: Any, says: str) -> None:
    with pytest.raises(tl.RequestError, match=says) as caught:
        tl.grad(scaled)(value)
    assert (caught.value.file, caught.value.line) == (HERE, line_of(scaled, "def"))


class Owner:
    k = 3.0

    def method(self, x):
        return x * x

    @staticmethod
    def static(x):
        return x * x

    def __call__(self, x):
        return x * x


def doubled(f: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(f)
    def twice(x):
        return 2 * f(x)

    return twice


@doubled
def under_a_decorator(x):
    return x * x


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (3, "takes a function, not int"),
        ("f", "takes a function, not str"),
        (print, "not a Python function with source"),
        (np.busday_count, "not a Python function with source"),
        (Owner, "not a Python function with source"),
    ],
    ids=str,
)
def test_not_a_function_to_differentiate(f: Any, says: str) -> None:
    for ask in (tl.grad, tl.value_and_grad, lambda f: tl.vjp(f, 3.0)):
        with pytest.raises(tl.DifferentiationError, match=says):
            ask(f)


def test_function_in_a_class() -> None:
    assert tl.grad(Owner.static)(3.0) == 6.0


@pytest.mark.parametrize(
    ("f", "slope"),
    [(Owner().method, 6.0), (Owner(), 6.0), (under_a_decorator, 12.0), (functools.partial(scaled, k=3.0), 81.0)],
    ids=["method", "object", "decorated", "partial"],
)
def test_what_calls_a_function(f: Any, slope: float) -> None:
    assert tl.grad(f)(3.0) == slope
    assert tl.value_and_grad(f)(3.0) == (f(3.0), slope)
    value, pullback = tl.vjp(f, 3.0)
    assert (value, pullback(2.0)) == (f(3.0), (2.0 * slope,))


def test_function_without_source() -> None:
    scope: dict[str, Any] = {}
    exec("def f(x):\n    return x * x", scope)
    with pytest.raises(tl.SourceError, match="cannot be had"):
        tl.grad(scope["f"])(3.0)


# -- calling as the function is called ----------------------------------------------------------------


def keyword_only(x, *, k, n=2):
    return k * x**n


def position_only(x, k=2.0, /):
    return k * x * x


def test_keywords_and_defaults() -> None:
    df = tl.grad(scaled, argnums=("x", "k"))
    assert df(3.0) == (54.0, 27.0)
    assert df(x=3.0) == (54.0, 27.0)
    assert df(n=2, k=5.0, x=3.0) == (30.0, 9.0)
    assert df(3.0, 5.0, 2) == (30.0, 9.0)


def test_keyword_only_parameters() -> None:
    df = tl.grad(keyword_only, argnums=("k", 0))
    assert df(3.0, k=5.0) == (9.0, 30.0)
    assert df(3.0, n=3, k=5.0) == (27.0, 135.0)
    assert df.specialize(3.0, k=5.0)(3.0, k=5.0) == (9.0, 30.0)
    assert tl.vjp(keyword_only, 3.0, k=5.0)[1](1.0) == (30.0, 9.0)
    with pytest.raises(TypeError, match="positional"):
        df(3.0, 5.0, 2)


def test_position_only_parameters() -> None:
    assert tl.grad(position_only, argnums=1)(3.0, 5.0) == 9.0
    with pytest.raises(TypeError, match="positional"):
        tl.grad(position_only)(x=3.0)


@pytest.mark.parametrize(
    "call", [lambda f: f(), lambda f: f(1.0, 2.0, 3, 4), lambda f: f(1.0, z=2.0), lambda f: f(1.0, x=2.0)]
)
def test_wrong_call_is_an_error_as_of_the_function(call: Callable[[Any], Any]) -> None:
    for f in (scaled, tl.grad(scaled), functools.partial(tl.vjp, scaled)):
        with pytest.raises(TypeError):
            call(f)


# -- vjp ----------------------------------------------------------------------------------------------


def polar(r, phi, n, name="p"):
    return r * np.cos(phi), n, r * np.sin(phi)


def test_vjp_has_an_entry_for_each_argument() -> None:
    phi = np.array([0.1, 0.2])
    value, pullback = tl.vjp(polar, 2.0, phi, 3)
    assert len(value) == 3
    np.testing.assert_array_equal(value[0], 2.0 * np.cos(phi))
    bar = np.array([1.0, 10.0])
    r_bar, phi_bar, n_bar = pullback((bar, None, np.zeros(2)))
    assert n_bar is None
    assert np.isclose(r_bar, np.sum(bar * np.cos(phi)))
    np.testing.assert_allclose(phi_bar, -2.0 * bar * np.sin(phi))
    # a result whose adjoint is None counts for nothing, one that carries no derivative for nothing either
    again = pullback([bar, 7.0, None])
    assert np.isclose(again[0], r_bar)
    np.testing.assert_array_equal(again[1], phi_bar)
    assert len(tl.vjp(polar, 2.0, phi, 3, name="q")[1]((bar, None, None))) == 4


def test_vjp_adjoints_have_the_dtype_and_shape_of_the_arguments() -> None:
    a, b = np.ones((2, 3), np.float32), np.ones(3)
    _, pullback = tl.vjp(lambda a, b: a * b, a, b)
    a_bar, b_bar = pullback(np.ones((2, 3)))
    assert (a_bar.dtype, a_bar.shape) == (np.float32, (2, 3))
    assert (b_bar.dtype, b_bar.shape) == (np.float64, (3,))


@pytest.mark.parametrize("bar", [1.0, np.ones(3), np.ones((2, 1)), [[1.0, 2.0]]])
def test_vjp_adjoint_of_the_wrong_shape(bar: Any) -> None:
    _, pullback = tl.vjp(lambda x: 2 * x, np.ones(2))
    with pytest.raises(tl.RequestError, match=re.escape(f"shape {np.shape(bar)}")):
        pullback(bar)


@pytest.mark.parametrize("bar", [1.0, (1.0,), np.ones(3), (1.0, 2.0, 3.0, 4.0)])
def test_vjp_adjoint_of_another_structure(bar: Any) -> None:
    _, pullback = tl.vjp(polar, 2.0, 0.5, 1)
    with pytest.raises(tl.RequestError, match=r"tuple of 3|shape"):
        pullback(bar)


def test_vjp_is_not_disturbed_by_what_happens_meanwhile() -> None:
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    value, pullback = tl.vjp(lambda x, y: x * y, x, y)
    bar = np.ones(2)
    first = pullback(bar)
    for array in (x, y, value, bar, *first):
        array[:] = -9.0
    np.testing.assert_array_equal(pullback(np.ones(2)), [[3.0, 4.0], [1.0, 2.0]])


# -- looking ------------------------------------------------------------------------------------------


def annotated(x: float, n: int) -> float:
    for _i in range(n):
        x = x * math.sin(x)
    return x


def plus_bias(X, w, b):
    return np.sum((X @ w + b) ** 2)


def test_source_is_a_module_that_runs() -> None:
    for text in (tl.grad(annotated).source, tl.grad(annotated).source_for(0.5, 3)):
        scope: dict[str, Any] = {}
        exec(text, scope)
        assert scope["grad_annotated"](0.5, 3) == tl.grad(annotated)(0.5, 3)
    assert "def value_and_grad_annotated(x: float, n: int)" in tl.value_and_grad(annotated).source


def test_source_knows_what_annotations_say() -> None:
    plain, generic = tl.grad(annotated).source, tl.grad(lambda x, w: np.sum(x * w)).source
    assert "tangent_like" not in plain
    assert "unbroadcast" in generic
    assert "unbroadcast" not in tl.grad(scaled).source_for(3.0)


def test_specialize_is_the_bare_function() -> None:
    args = np.ones((4, 2)), np.ones(2), 0.5
    df = tl.grad(plus_bias, argnums=(1, 2))
    f = df.specialize(*args)
    assert inspect.isfunction(f)
    assert f.__name__ == "grad_plus_bias"
    assert inspect.getsource(f).strip() in df.source_for(*args)
    for claimed, true in zip(f(*args), df(*args), strict=True):
        np.testing.assert_array_equal(claimed, true)


def test_specialize_guards_what_it_assumes() -> None:
    def shifted(x, y):
        return np.sum(x[1:] * y)

    f = tl.grad(shifted, argnums=(0, 1)).specialize(np.ones(4), np.ones(3))
    x, y = np.arange(6.0), np.ones(5)
    for claimed, true in zip(f(x, y), tl.grad(shifted, (0, 1))(x, y), strict=True):
        np.testing.assert_array_equal(claimed, true)
    # of two elements one is left, which is broadcast against all of y
    with pytest.raises(ValueError, match="this derivative is for"):
        f(np.ones(2), np.ones(3))


# -- compiled once ------------------------------------------------------------------------------------


def test_compiled_on_the_first_call_and_for_another_kind(compilations: list[str]) -> None:
    def f(x, y):
        return np.sum(x * y)

    df = tl.grad(f)
    assert compilations == []
    df(np.ones(3), np.ones(3))
    df(np.ones(7), np.ones(7))  # another size is nothing new
    assert len(compilations) == 1
    df(np.ones((2, 3)), np.ones((2, 3)))  # another rank is
    df(np.ones(3, np.float32), np.ones(3))  # so is another dtype,
    df(1.0, np.ones(3))  # or no array at all
    assert len(compilations) == 4
    for args in ((np.ones(5), np.ones(5)), (np.ones((4, 1)), np.ones((4, 1))), (2.0, np.ones(3))):
        df(*args)
    tl.grad(f)(np.ones(3), np.ones(3))  # the same question asked again
    assert len(compilations) == 4
    tl.grad(f, argnums=1)(np.ones(3), np.ones(3))
    assert len(compilations) == 5


def test_size_that_breaks_an_assumption_compiles_again(compilations: list[str]) -> None:
    def f(x, y):
        return np.sum(x * y)

    df = tl.grad(f)
    np.testing.assert_array_equal(df(np.ones(3), np.arange(3.0)), [0, 1, 2])
    np.testing.assert_array_equal(df(np.ones(1), np.arange(3.0)), [3])  # x is broadcast
    assert len(compilations) == 2
    np.testing.assert_array_equal(df(np.ones(4), np.arange(4.0)), [0, 1, 2, 3])
    np.testing.assert_array_equal(df(np.ones(1), np.arange(4.0)), [6])
    assert len(compilations) == 2


def test_value_of_an_integer_does_not_compile_again(compilations: list[str]) -> None:
    def power(x, n, verbose=False):
        for _i in range(n):
            x = x * x
        return x

    df = tl.grad(power)
    assert [df(1.0, n) for n in range(5)] == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert len(compilations) == 1


def test_forgotten_with_the_function() -> None:
    def made() -> Callable[..., Any]:
        def power(x, n):
            return 1.0 if n == 0 else x * power(x, n - 1)

        return power

    f = made()
    assert tl.grad(f)(2.0, 3) == 12.0
    tl.vjp(f, 2.0, 3)
    gone = weakref.ref(f)
    del f
    gc.collect()
    assert gone() is None


# -- what the function finds outside may change -------------------------------------------------------

WORLD = """
    import math

    import numpy as np

    import {settings}

    FACTOR = 2.0
    shape = math.sin

    def helper(x):
        return FACTOR * x

    def by_global(x):
        return np.sum(FACTOR * x)

    def by_helper(x):
        return helper(x)

    def by_library_function(x):
        return shape(x)

    def by_module(x):
        return np.sum({settings}.RATE * x)

    def by_builtin(x):
        return abs(x)
"""


def test_changed_globals_are_noticed(folder: Folder) -> None:
    settings = folder.load("settings_of_world", "RATE = 2.0")
    world = folder.load("changing_world", WORLD.format(settings="settings_of_world"))
    dfs = {name: tl.grad(f) for name, f in vars(world).items() if name.startswith("by_")}

    def now() -> list[float]:
        return [float(df(1.0)) for df in dfs.values()]

    assert now() == [2.0, 2.0, math.cos(1.0), 2.0, 1.0]
    world.FACTOR = 3.0
    assert now() == [3.0, 3.0, math.cos(1.0), 2.0, 1.0]
    world.shape = math.exp
    assert now() == [3.0, 3.0, math.exp(1.0), 2.0, 1.0]
    settings.RATE = 5.0
    assert now() == [3.0, 3.0, math.exp(1.0), 5.0, 1.0]
    # a notebook cell that is run again: the derivative of the old helper is of no use
    exec("def helper(x):\n    return FACTOR * x * x", scope := {"FACTOR": 3.0})
    world.helper, world.abs = tl.grad, None
    with pytest.raises(Exception, match=r".") as caught:
        dfs["by_helper"](1.0)
    assert not isinstance(caught.value, AssertionError | KeyError)
    world.helper, world.abs = world.by_module, world.by_global
    assert now() == [3.0, 5.0, math.exp(1.0), 5.0, 3.0]
    # numbers become arrays
    world.FACTOR = settings.RATE = np.ones(4)
    assert now() == [4.0, 4.0, math.exp(1.0), 4.0, 4.0]
    assert scope["helper"](1.0) == 3.0


def test_changed_closure_is_noticed() -> None:
    k = 2.0

    def square(x):
        return x * x

    def cube(x):
        return x * x * x

    power = square

    def f(x):
        return k * power(x)

    df = tl.grad(f)
    assert df(3.0) == 12.0
    k = 5.0
    assert df(3.0) == 30.0

    power = cube
    assert df(3.0) == 135.0


def test_lambda_called_by_the_function() -> None:
    power = lambda x: x * x * x
    assert tl.grad(lambda x: 2 * power(x))(3.0) == 54.0


def test_closures_of_one_factory_are_kept_apart() -> None:
    def times(k):
        def f(x):
            return k * x

        return f

    two, three = times(2.0), times(3.0)
    assert [tl.grad(f)(1.0) for f in (two, three, two)] == [2.0, 3.0, 2.0]
    assert tl.grad(lambda x: two(x) * three(x))(1.0) == 12.0


def test_names_of_two_modules_are_kept_apart(folder: Folder) -> None:
    folder.put("one_of_two", "K = 2.0\ndef helper(x):\n    return K * x\ndef outer(x):\n    return helper(x)\n")
    two = folder.load(
        "two_of_two",
        """
        import one_of_two

        K = 5.0

        def helper(x):
            return K * x * x

        def both(x):
            return one_of_two.outer(x) + helper(x) * K
        """,
    )
    assert tl.grad(two.both)(3.0) == 2.0 + 2 * 5.0 * 3.0 * 5.0


# -- results and exceptions ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (lambda x: 3, "of kind int, not floating point"),
        (lambda x: x > 2, "of kind bool, not floating point"),
        (lambda x: x * np.ones(3), "is an array.*\n.*\n.*vjp"),
        (lambda x: (x, x), "is 2 values.*\n.*\n.*vjp"),
    ],
)
def test_result_that_is_not_one_number(f: Any, says: str) -> None:
    for driver in (tl.grad(f), tl.value_and_grad(f)):
        with pytest.raises(tl.ResultError, match=says) as caught:
            driver(3.0)
        assert caught.value.file == HERE


def test_result_of_one_element_is_one_number() -> None:
    assert tl.grad(lambda x: x * x)(np.array(3.0)) == 6.0
    np.testing.assert_array_equal(tl.grad(lambda x: x * x)(np.array([3.0])), [6.0])
    with pytest.raises(TypeError, match="vjp"):
        tl.grad(lambda x: x * x)(np.ones(2))


def guarded(x):
    if x < 0:
        raise ValueError(f"{x} is negative")
    y = math.sqrt(x)
    while x < 1:
        x = x * math.log(
            x - 0.5
        )
    return x * y


def returned(x):
    if x < 0:
        x = -x
    return math.log(x)


def test_exception_of_the_function_comes_through_with_its_line() -> None:
    df = tl.grad(guarded)
    for call in (df, functools.partial(tl.vjp, guarded), df.specialize(2.0)):
        with pytest.raises(ValueError, match="negative") as caught:
            call(-1.0)
        assert caught.value.args == ("-1.0 is negative",)
        with pytest.raises(ValueError, match="math domain error"):
            call(0.25)
    with pytest.raises(ValueError, match="math domain error") as caught:
        df(0.25)
    note = "\n".join(caught.value.__notes__)
    assert f"{HERE}:{line_of(guarded, 'math.log')}" in note
    assert "x = x * math.log(" in note
    for f, x, text in ((guarded, -1.0, "raise ValueError"), (returned, 0.0, "return math.log(x)")):
        with pytest.raises(ValueError, match=r".") as caught:
            tl.vjp(f, x)
        assert f"{HERE}:{line_of(f, text)}: {text}" in "\n".join(caught.value.__notes__)


def test_traceback_shows_the_emitted_line() -> None:
    f = tl.grad(guarded).specialize(2.0)
    try:
        f(0.25)
    except ValueError:
        shown = traceback.format_exc()
    assert "in grad_guarded" in shown
    assert "x = x * math.log(x - 0.5)" in shown
    file = f.__code__.co_filename
    assert linecache.getline(file, f.__code__.co_firstlineno).startswith("def grad_guarded(x")
    linecache.checkcache()  # as tools do that expect files to change
    assert inspect.getsource(f).startswith("def grad_guarded(x")


def test_refusals_are_told_in_a_short_traceback() -> None:
    @tl.grad
    def evaluated(x):
        return x * eval("2.0")

    with pytest.raises(tl.DifferentiationError) as caught:
        evaluated(2.0)
    inside = [f for f in traceback.extract_tb(caught.value.__traceback__) if "tangent_like" in f.filename]
    assert len(inside) <= 4


def test_steps_in_pdb() -> None:
    typed = io.StringIO("step\nlist\nnext\np y\nreturn\ncontinue\n")
    shown = io.StringIO()

    def chirp(x):
        y = math.sin(x)
        y = y * x * y
        return y

    debugger = pdb.Pdb(stdin=typed, stdout=shown, nosigint=True, readrc=False)
    debugger.use_rawinput = False
    old = sys.gettrace()
    try:
        value = debugger.runcall(tl.grad(chirp).specialize(0.5), 0.5)
    finally:
        sys.settrace(old)
    assert math.isclose(value, math.sin(0.5) ** 2 + 0.5 * math.sin(1.0))
    assert "-> y = math.sin(x)" in shown.getvalue()
    assert "# y = math.sin(x)" in shown.getvalue()  # the listing has the comments
    assert str(math.sin(0.5)) in shown.getvalue()


# -- refused, and where -------------------------------------------------------------------------------


def async_inside(x):
    async def k():
        pass

    return x * x


def unknown_name(x):
    y = x * x
    return y + nowhere(x)  # noqa: F821


def without_rule(x):
    return np.sum(
        np.nextafter(x, 2.0)
    )


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (async_inside, "async def k():"),
        (unknown_name, "return y + nowhere(x)"),
        (without_rule, "np.nextafter(x, 2.0)"),
    ],
)
def test_refusal_names_the_place_each_time(f: Any, text: str) -> None:
    x = np.ones((2, 2))
    said = []
    for ask in (tl.grad(f), tl.grad(f), tl.value_and_grad(f), tl.grad(f).source_for, tl.grad(f).specialize):
        for _ in range(2):  # the first call failing and the second succeeding would be the worst of answers
            with pytest.raises(tl.DifferentiationError) as caught:
                ask(x)
            said.append(str(caught.value))
    assert len(set(said)) == 1
    error = caught.value
    line = line_of(f, text)
    assert (error.file, error.line) == (HERE, line)
    assert error.text == error.source_line
    assert error.text in text or text in error.text
    assert linecache.getline(HERE, line)[error.column - 1 :].strip()
    assert str(error).startswith(f"{HERE}:{line}:{error.column}: ")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (type(error), str(error))


def test_errors_are_one_family() -> None:
    for name in tl.__all__:
        found = getattr(tl, name)
        if inspect.isclass(found) and issubclass(found, BaseException):
            assert issubclass(found, tl.DifferentiationError)


# -- processes, threads, hash seeds -------------------------------------------------------------------


def test_pickles_into_another_process(folder: Folder) -> None:
    folder.put(
        "model_to_pickle",
        """
        import numpy as np
        import tangent_like as tl

        def loss(x, k=2.0):
            return np.sum(k * x * x)

        gradient = tl.grad(loss, argnums=("k", 0))

        @tl.value_and_grad
        def decorated(x):
            return x ** 3
        """,
    )
    folder.run(
        """
        import pickle
        import model_to_pickle as m
        m.gradient(3.0)  # compiled or not, it travels as a question
        with open("sent", "wb") as file:
            pickle.dump([m.gradient, m.decorated, {"f": m.gradient}], file)
        """
    )
    shown = folder.run(
        """
        import pickle
        with open("sent", "rb") as file:
            gradient, decorated, inside = pickle.load(file)
        import model_to_pickle as m
        assert decorated is m.decorated
        print(*map(float, gradient(3.0)), *decorated(2.0), inside["f"](1.0, k=1.0) == (1.0, 2.0))
        """
    )
    assert shown.split() == ["9.0", "12.0", "8.0", "12.0", "True"]


def test_first_call_from_several_threads(compilations: list[str]) -> None:
    def f(x, y):
        s = 0.0
        for i in range(len(x)):
            s += math.sin(x[i]) * y
        return s

    df = tl.grad(f, argnums=(0, 1))
    n = 8
    start = threading.Barrier(n)
    found: list[Any] = [None] * n

    def run(k: int) -> None:
        start.wait()
        try:
            found[k] = df(np.full(3, float(k)), 2.0)
        except BaseException as error:
            found[k] = error

    threads = [threading.Thread(target=run, args=(k,)) for k in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, (x_bar, y_bar) in enumerate(found):
        np.testing.assert_allclose(x_bar, np.full(3, 2 * math.cos(k)))
        assert np.isclose(y_bar, 3 * math.sin(k))
    assert compilations == ["f"]


PRINTS = """
    import numpy as np
    import tangent_like as tl
    import model_to_print as m

    args = np.ones(4), np.ones(4), 0.5, 3
    print(tl.grad(m.f, argnums=(2, 0, 1)).source_for(*args))
    print(tl.value_and_grad(m.f, argnums="y").source_for(*args))
    print(tl.grad(m.f).source)
    print(tl.grad(m.f).specialize(*args).__code__.co_filename)
    try:
        tl.grad(m.refused)(*args)
    except tl.DifferentiationError as error:
        print(error)
"""


def test_same_text_in_every_run_and_no_warnings(folder: Folder) -> None:
    """With ``-W error`` too, from a cold start: what astor does wrong on recent Pythons stays inside."""
    folder.put(
        "model_to_print",
        """
        import numpy as np

        def g(a, b, c):
            d = a * b + c
            e = np.tanh(d) * a
            return d * e, e + c

        def f(x, y, z, n):
            u, v, w = x * y, y * z, x - z
            for i in range(n):
                if np.sum(u) > np.sum(v):
                    u, v = g(v, w, u)
                else:
                    v, w = w * u, v + y
                u[1:] += w[:-1] * z
            return np.sum(u * v * w)

        def refused(x, y, z, n):
            a = b = x * y
            a[0] = z
            class K:
                pass
            return np.sum(a * b)
        """,
    )
    one, two = (folder.run(PRINTS, PYTHONHASHSEED=seed) for seed in ("1", "77"))
    assert one == two
    assert "def grad_f(x, y, z, n):" in one
    again = folder.load("model_to_print", (folder.path / "model_to_print.py").read_text())
    args = np.ones(4), np.ones(4), 0.5, 3
    for _ in range(2):
        assert tl.grad(again.f, argnums=(2, 0, 1)).source_for(*args) in one


# -- check_grads --------------------------------------------------------------------------------------


def test_check_grads_passes_what_is_right() -> None:
    tl.check_grads(scaled, (1.5, 0.5, 3))
    tl.check_grads(inner, (np.arange(3.0), np.ones(3)), argnums="b")
    tl.check_grads(polar, (2.0, np.array([0.1, 0.2]), 3))
    tl.check_grads(lambda x: x * x, (np.arange(6.0).reshape(2, 3),), argnums=(0,))


def test_check_grads_names_what_differs() -> None:
    def in_steps(x, y):
        """Of ``np.round`` the derivative is zero; over steps much finer than a difference it is 1."""
        return y * y + np.round(x * 1e9) / 1e9

    tl.check_grads(in_steps, (0.3, 0.5), argnums="y")
    with pytest.raises(AssertionError, match=r"argument 'x', direction 0: the derivative is .*0\.0.*differences"):
        tl.check_grads(in_steps, (0.3, 0.5))
    with pytest.raises(AssertionError, match="argument 'x'"):
        tl.check_grads(in_steps, (0.3, 0.5), argnums=0)


def zipped_lengths(x: Any, y: Any) -> Any:
    s = 0.0
    for i, (u, v) in enumerate(zip(x, y, strict=False)):
        s = s + u * v * i
    return s


def test_zip_stops_with_the_shorter_also_in_the_second_call() -> None:
    g = tl.grad(zipped_lengths)
    for m, n, expected in [(3, 3, [0, 1, 2]), (3, 4, [0, 1, 2]), (3, 2, [0, 1, 0]), (4, 3, [0, 1, 2, 0])]:
        np.testing.assert_array_equal(g(np.ones(m), np.ones(n)), expected)


def scaled_twice(x: Any, k: Any = 2.0, *, twice: bool = False) -> Any:
    return np.sum(x * x) * k * (2.0 if twice else 1.0)


def weighed(x: Any, k: Any = 2.0, error: Any = 0.0) -> Any:
    return np.sum(x * x) * k + error


def test_calls_ask_what_is_compiled_in_a_function_of_their_own() -> None:
    df = tl.grad(weighed)
    one = np.ones(3)
    for _ in range(2):
        for x, k in ((1.0, 2.0), (1, 2), (np.float32(1), 2.0), (one, 2.0), (one[None], 2.0), (one, 2), (np.ones((3, 1)), 1)):
            if isinstance(x, int):
                with pytest.raises(tl.DifferentiationError):
                    df(x, k)
            else:
                np.testing.assert_array_equal(df(x, k), 2 * k * x)
    assert isinstance(df, tl.DerivativeFunction)
    assert tl.grad(weighed)._cache is df._cache
    np.testing.assert_array_equal(df(one), 4 * one)
    np.testing.assert_array_equal(df(k=3.0, x=one), 6 * one)
    np.testing.assert_array_equal(df(one, error=1.0), 4 * one)
    for wrong in (lambda: df(), lambda: df(one, 1.0, 0.0, 2.0), lambda: df(one, q=1), lambda: df(one, x=one)):  # type: ignore[call-overload]
        with pytest.raises(TypeError):
            wrong()
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(df))(one), 4 * one)
    np.testing.assert_array_equal(tl.grad(scaled_twice)(one, twice=True), 8 * one)
