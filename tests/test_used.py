"""Kinds from use alone, in text that is written without annotations: plain, and held to on entry."""

from __future__ import annotations

import copy
import importlib.util
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tangent_like.cli.main import main

PROGRAMS = textwrap.dedent(
    '''
    import math

    import numpy as np


    def decay(a, b):
        s = 0.0
        for i in range(5):
            s += math.exp(-a * i) * b
        return s


    def pendulum(theta, omega, dt=0.01, n=20, g=9.81):
        for _ in range(n):
            omega -= dt * g * math.sin(theta)
            theta += dt * omega
        return 0.5 * omega**2 - g * math.cos(theta)


    def root(a, x0):
        x = x0
        for _ in range(50):
            dx = (x * x - a) / (2 * x)
            x -= dx
            if abs(dx) < 1e-12:
                break
        return x


    def babylonian(x, tolerance):
        for k in range(50):
            if abs(x * x - 2) < tolerance:
                return x * (k + 1)
            x = 0.5 * (x + 2 / x)
        return x


    def unpacked(x, c):
        angle, speed = x
        for _ in range(4):
            half = speed + 0.05 * c * math.sin(angle)
            angle = angle + 0.1 * half
            speed = half - 0.1 * speed
        return angle * speed


    def of_a_matrix(x, v):
        W, b = x
        return np.sum(W * v) * math.exp(b)


    def scaled_rows(t, p):
        x = p[0]
        return np.sum(t * x) * math.cos(p[1])


    def written_rows(t, p):
        y = p[0]
        y[1] = t * y[0]
        return np.sum(p[0] * p[1])


    def product(A, v):
        m, n = A.shape
        out = np.zeros(m)
        for i in range(m):
            for j in range(n):
                out[i] += A[i, j] * v[j]
        return out @ out


    def reduced(A):
        R = A.copy()
        m, n = R.shape
        for k in range(m - 1):
            R[k + 1 :, k:] -= np.outer(R[k + 1 :, k] / R[k, k], R[k, k:])
        return R[m - 1, n - 1] + R[0, 0]


    def sine(x, w):
        if isinstance(x, float):
            return math.sin(x) * w
        return np.sum(np.sin(x)) * w


    def named(x, how):
        if how == "square":
            return x * x * math.cos(x)
        return math.sin(x)


    def counted(x, n):
        y = x
        for _ in range(n):
            y = y * math.cos(y)
        return y * n + [1.0, 2.0, 3.0, 4.0][n]


    def ends(x):
        y = x
        y = y * 2.0
        y = y.sum()
        return y


    def listed(x):
        total = 0.0
        for i in range(len(x)):
            total += x[i] * x[i]
        return total


    def length(x):
        return math.sqrt(sum(v * v for v in x))


    def smoothed(x, w):
        s = 0.0
        out = []
        for a, b in zip(x, w):
            s = 0.9 * s + a * b
            out.append(s * s)
        return sum(out)


    def leading(X):
        if not isinstance(X.shape[:1], tuple):
            return 5.0 * np.sum(X)
        m, n = X.shape[:2]
        weights = np.ones(X.shape[1:])
        return np.sum((X @ weights) ** 2) * m


    def half_turn(axis):
        axis /= np.linalg.norm(axis)
        return np.array([math.cos(0.4), *(math.sin(0.4) * axis[k] for k in range(3))])


    def turned(v):
        return np.sum(half_turn(v[:3]) * np.arange(4.0)) + v[0] * v[3]


    def scaled(rows):
        if rows.ndim > 1:
            rows *= np.arange(1.0, 3.0)[:, None]
            return rows[:, 1] * 2.0
        rows *= 3.0
        return rows**2


    def grown(q, s):
        q *= s
        return np.sum(q) * s


    def whole(a):
        return grown(a, 2.0) + np.sum(a**2)


    def either_rank(v):
        return np.sum(scaled(v)) * v[0]
    '''
)


A = np.array([[2.0, 0.5], [0.3, 1.5], [0.7, 0.2]])
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "decay": (0.7, 1.3),
    "pendulum": (0.4, 0.2),
    "root": (2.0, 1.5),
    "babylonian": (0.3, 0.1),
    "unpacked": ((0.4, 0.2), 1.5),
    "of_a_matrix": ([0.4, 0.2], 1.5),
    "scaled_rows": (0.7, [0.3, 0.2]),
    "written_rows": (0.7, A.copy()),
    "product": (A, [0.5, -1.0]),
    "reduced": (A[:2].copy(),),
    "sine": (0.7, 1.5),
    "named": (0.7, "square"),
    "counted": (0.7, 3),
    "ends": (np.array([0.7, 0.2]),),
    "listed": ([0.7, 0.2],),
    "length": ((3.0, 4.0),),
    "smoothed": (np.array([0.7, 0.2, -0.4]), [1.0, 2.0]),
    "leading": (A,),
    "turned": (np.array([0.7, 0.2, -0.4, 1.1]),),
    "whole": (np.array([0.7, 0.2]),),
    "either_rank": (np.array([0.7, 0.2, -0.4]),),
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[ModuleType, str, ModuleType]]:
    folder = tmp_path_factory.mktemp("used")
    primal = folder / "programs.py"
    primal.write_text(PROGRAMS)
    found = {}
    for name in ARGUMENTS:
        out = folder / f"{name}_grad.py"
        assert main(["grad", f"{primal}:{name}", "-o", str(out)]) == 0
        found[name] = (loaded(primal), out.read_text(), loaded(out))
    return found


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Texts = dict[str, tuple[ModuleType, str, ModuleType]]


@pytest.mark.parametrize("name", ARGUMENTS)
def test_gradients_are_right(name: str, texts: Texts) -> None:
    primal, _, module = texts[name]
    first, *rest = copy.deepcopy(ARGUMENTS[name])
    found = getattr(module, f"grad_{name}")(first, *rest)
    assert type(found) is type(first) or isinstance(found, float)
    np.testing.assert_array_equal(first, ARGUMENTS[name][0])
    whole = np.asarray(first, dtype=float)
    for place in np.ndindex(whole.shape):
        ends = []
        for step in (1e-6, -1e-6):
            moved = whole.copy()
            moved[place] += step
            given: Any = moved if isinstance(first, np.ndarray) else moved.tolist()
            ends.append(getattr(primal, name)(given, *copy.deepcopy(rest)))
        assert np.asarray(found)[place] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("name", ["decay", "pendulum", "root", "babylonian"])
def test_programs_of_numbers_need_no_helper(name: str, texts: Texts) -> None:
    _, text, _ = texts[name]
    assert text.count("def ") == 1
    assert "import numpy" not in text


def test_entries_are_numbers_where_the_rank_is_known(texts: Texts) -> None:
    for name in ("product", "reduced"):
        assert "unbroadcast(" not in texts[name][1]
        assert "A.ndim != 2" in texts[name][1]


@pytest.mark.parametrize("value", [np.array(0.7), np.array([0.7]), [0.7], 0.7 + 0.1j, np.complex64(0.7 + 0.1j)])
@pytest.mark.parametrize("name", ["decay", "pendulum", "root", "babylonian"])
def test_what_is_no_real_number_is_refused(name: str, value: object, texts: Texts) -> None:
    with pytest.raises(ValueError, match=r"this derivative is for (one real number|real numbers) as"):
        getattr(texts[name][2], f"grad_{name}")(value, *ARGUMENTS[name][1:])


def test_other_ranks_and_whole_numbers_are_refused(texts: Texts) -> None:
    product = texts["product"][2].grad_product
    with pytest.raises(ValueError, match=r"A\.ndim == 2"):
        product(A[0], [0.5, 1.0])
    with pytest.raises(ValueError, match="one axis of v"):
        product(A, np.ones((2, 2)))
    with pytest.raises(ValueError, match=r"A\.dtype\.kind == 'f'"):
        product(np.ones((2, 2), np.int64), [0.5, 1.0])


@pytest.mark.parametrize("pair", [[np.ones(2), np.ones(2)], [0.5, np.ones(2)], [0.5, 0.1j], np.ones((2, 3))])
def test_what_is_unpacked_into_numbers_holds_no_arrays(pair: object, tmp_path: Path) -> None:
    source = tmp_path / "decaying.py"
    source.write_text("import math\n\n\ndef left(p, t):\n    a, b = p\n    b = b * t\n    return a + math.sin(b)\n")
    out = tmp_path / "decaying_grad.py"
    assert main(["grad", f"{source}:left", "--wrt", "t", "-o", str(out)]) == 0
    spec = importlib.util.spec_from_file_location("decaying_grad", out)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert np.isclose(module.grad_left([0.5, 0.3], 0.2), 0.3 * np.cos(0.06))
    with pytest.raises((TypeError, ValueError)):
        module.grad_left(pair, 0.2)


@pytest.mark.parametrize("name", ["listed", "length", "smoothed", "unpacked"])
def test_what_is_read_item_by_item_is_an_array_or_a_list(name: str, texts: Texts) -> None:
    _, text, module = texts[name]
    rest = ARGUMENTS[name][1:]
    gradient = getattr(module, f"grad_{name}")
    assert text.count("def ") == 2 and "unbroadcast" not in text
    in_list = gradient([1, 2], *rest)
    assert type(in_list) is list
    np.testing.assert_allclose(in_list, gradient(np.array([1.0, 2.0]), *rest))
    assert gradient(np.float32([1, 2]), *rest).dtype == np.float32
    for wrong in (A, [[1.0, 2.0], [3.0, 4.0]], [A[0], A[1]], [1.0j, 2.0]):
        with pytest.raises(ValueError, match="real numbers in x"):
            gradient(wrong, *rest)


def test_items_of_which_one_may_be_an_array_are_not_told(texts: Texts) -> None:
    W, v = A.copy(), np.array([1.0, 2.0])
    W_bar, b_bar = texts["of_a_matrix"][2].grad_of_a_matrix((W, 0.3), v)
    np.testing.assert_allclose(W_bar, np.exp(0.3) * np.ones_like(W) * v)
    assert b_bar == pytest.approx(np.sum(W * v) * np.exp(0.3))


def test_lists_of_arrays_have_no_numbers_in_them(texts: Texts) -> None:
    module = texts["scaled_rows"][2]
    with pytest.raises(ValueError, match="one axis of p"):
        module.grad_scaled_rows(0.7, [np.ones(2), 0.3])
    assert isinstance(module.grad_scaled_rows(0.7, (0.3, 0.2)), float)


def test_rows_that_are_written_are_no_numbers(texts: Texts) -> None:
    with pytest.raises(ValueError, match="an array of 2 axes as p"):
        texts["written_rows"][2].grad_written_rows(0.7, (np.ones(2), np.ones(2)))


def test_numbers_of_numpy_keep_their_precision(texts: Texts) -> None:
    assert texts["decay"][2].grad_decay(np.float32(0.7), np.float32(1.3)).dtype == np.float32
    assert texts["sine"][2].grad_sine(A[0], 1.5) == pytest.approx(1.5 * np.cos(A[0]))


def test_what_a_function_changes_as_a_whole_is_an_array(texts: Texts) -> None:
    with pytest.raises(ValueError, match="for an array here"):
        texts["turned"][2].grad_turned([0.7, 0.2, -0.4, 1.1])
    with pytest.raises(ValueError, match="for an array as a"):
        texts["whole"][2].grad_whole(0.7)
