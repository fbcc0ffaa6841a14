"""Text for a file that is read, beside the derivative of the same function where it is imported."""

from __future__ import annotations

import copy
import importlib.util
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus.met_outside import both, slope
from scipy.interpolate import CubicSpline, interp1d

import tangent_like as tl
from tangent_like.cli.main import main


def divided_differences(xs: np.ndarray, ys: np.ndarray, q: float) -> float:
    c = list(ys)
    for j in range(1, len(c)):
        for i in range(len(c) - 1, j - 1, -1):
            c[i] = (c[i] - c[i - 1]) / (xs[i] - xs[i - j])
    r = c[-1]
    for i in range(len(c) - 2, -1, -1):
        r = r * (q - xs[i]) + c[i]
    return r


def running(x: np.ndarray) -> float:
    return sum(s * s for s in itertools.accumulate(x, lambda a, b: a * 0.5 + b))


def of_rows(A: np.ndarray, w: np.ndarray) -> float:
    rows = [A @ w for _ in range(2)]
    head, *rest = sorted(w)
    return head * rest[0] + np.sum(rows[1] ** 2)


def joined(x: np.ndarray, q: float) -> float:
    w = np.r_[x[:2] * q, x[1:3]]
    return float(np.sum(w[2:] * w[:2]))


def decorated(x: float, y: float) -> float:
    value, (y_bar, x_bar) = both(x, y)
    return slope(x, y) * value + x_bar * y_bar


OPENING = np.linspace(0, 1, 6)
FLOW = CubicSpline(OPENING, [0.0, 0.05, 0.16, 0.37, 0.66, 1.0])
SQUARED = CubicSpline(OPENING, OPENING**2)  # of one value each or of several: as if it stood there
LOSS = interp1d([0.0, 0.5, 2.0], [4.0, 2.5, 1.0], fill_value="extrapolate")


def by_standing_curves(opening: float, pressure: float) -> float:
    for _ in range(2):
        pressure = pressure - LOSS(pressure) * FLOW(opening) ** 2
    return pressure + float(SQUARED(opening))


NEVER = float("-inf")


def from_nothing(x: np.ndarray) -> float:
    total = NEVER
    for v in x:
        total = np.logaddexp(total, v + x[0])
    return total


class Length:
    def __init__(self, size: float) -> None:
        self.size = size

    def __add__(self, other: Any) -> Length:
        return Length(self.size + other.size)

    def __radd__(self, other: Any) -> Length:
        return Length(other.size - self.size)


class Height(Length):
    def __radd__(self, other: Any) -> Length:
        return Length(self.size * other.size)


def asked_of_the_subclass_first(x: float, y: float) -> float:
    return (Length(x) + Height(y)).size + (Length(x) + Length(y)).size


ARGUMENTS: dict[Any, tuple[Any, ...]] = {
    divided_differences: (np.array([0.1, 0.9, 2.2]), np.array([1.0, -0.4, 0.6]), 1.3),
    running: (np.array([0.5, -1.0, 2.0]),),
    of_rows: (np.array([[0.5, 1.5, -1.0], [2.0, 0.3, 0.7]]), np.array([0.4, -0.6, 1.1])),
    joined: (np.array([0.5, 1.5, -1.0]), 0.7),
    decorated: (1.3, 0.8),
    from_nothing: (np.array([0.5, -1.0, 2.0]),),
    asked_of_the_subclass_first: (1.3, 0.8),
    by_standing_curves: (0.4, 1.7),
}


@pytest.mark.parametrize("f", ARGUMENTS, ids=lambda f: f.__name__)
def test_text_of_a_read_file_is_right(f: Any, tmp_path: Path) -> None:
    out = tmp_path / f"grad_{f.__name__}.py"
    assert not main(["grad", f"{__file__}:{f.__name__}", "--wrt", ",".join(tl.grad(f).signature.parameters), "-o", str(out)])
    spec = importlib.util.spec_from_file_location(out.stem, out)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    arguments = ARGUMENTS[f]
    tl.check_grads(f, arguments)
    live = tl.grad(f, tuple(range(len(arguments))))(*arguments)
    found = getattr(module, f"grad_{f.__name__}")(*arguments)
    for one, other in zip(found if len(arguments) > 1 else (found,), live, strict=True):
        np.testing.assert_allclose(one, other)


class Box:
    def __init__(self, value: float) -> None:
        self.value = value


def two_of_a_list(boxes: Any) -> float:
    boxes[0].value = boxes[0].value * 3.0
    return boxes[1].value * boxes[1].value


def two_parameters(a: Any, b: Any) -> float:
    a.value = a.value * 3.0
    return b.value * b.value * a.value


def two_of_a_class(a: Box, b: Box) -> float:
    a.value = a.value * 3.0
    return b.value * b.value * a.value


def in_tuples_and_dicts(p: Any, d: Any) -> float:
    (a, b), c = p
    a.value = a.value * c.value
    return b.value * d["k"].value * a.value


def asked_whether_they_are_one(a: Box, b: Box) -> float:
    return a.value * b.value if a is b else a.value + b.value


def two_dicts(p: Any, q: Any) -> float:
    p["a"] = 5.0 * q["a"]
    return q["a"] * p["a"]


def two_that_hold_an_array(a: Any, b: Any) -> float:
    a.value[0] = a.value[1] * 3.0
    return b.value[0] * a.value[1]


A, B, C = Box(1.5), Box(0.5), Box(2.0)
HOLDS = np.array([0.5, 2.0])
SEVERAL: list[tuple[Any, tuple[Any, ...], list[tuple[Any, ...]]]] = [
    (two_of_a_list, ([A, B],), [([A, A],)]),
    (two_parameters, (A, B), [(A, A)]),
    (two_of_a_class, (A, B), [(A, A)]),
    (in_tuples_and_dicts, (((A, B), B), {"k": B}), [(((A, A), B), {"k": B}), (((A, B), C), {"k": A})]),
    (asked_whether_they_are_one, (A, B), [(A, A)]),
    (two_dicts, ({"a": 1.5}, {"a": 0.5}), [({"a": 1.5},) * 2]),
    (two_that_hold_an_array, (Box(HOLDS), Box(HOLDS.copy())), [(Box(HOLDS), Box(HOLDS))]),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("f", "several", "ones"), SEVERAL, ids=lambda f: getattr(f, "__name__", ""))
def test_text_is_held_to_objects_that_are_several(f: Any, several: Any, ones: Any, tmp_path: Path) -> None:
    """Of arguments of which only their use is known, what is written is no other one: right, or an exception."""
    for mode in ("reverse", "forward"):
        out = tmp_path / f"{mode}.py"
        assert not main(["grad", f"{__file__}:{f.__name__}", "--mode", mode, "-o", str(out)])
        world: dict[str, Any] = {}
        exec(compile(out.read_text(), "<derivative>", "exec"), world)
        derivative = next(v for k, v in world.items() if k.endswith(f"_{f.__name__}") or k == f"{f.__name__}_jvp")
        dots = several[:1] if mode == "forward" else ()
        derivative(*copy.deepcopy(several), *copy.deepcopy(dots))
        for one in ones:
            with pytest.raises(ValueError, match=r"that is not|that is none of|shares memory"):
                derivative(*copy.deepcopy(one), *copy.deepcopy(dots))


def test_text_for_a_vector_asks_for_one() -> None:
    world: dict[str, Any] = {}
    exec(compile(tl.grad(running).source, "<derivative>", "exec"), world)
    with pytest.raises(ValueError, match=r"this derivative is for x\.ndim == 1"):
        world["grad_running"](np.ones((2, 2)))
