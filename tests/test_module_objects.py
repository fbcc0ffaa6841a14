"""What a file that is only read makes for its functions: configurations, models, partials, vectorized functions."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.cli.main import main

TEXT = '''\
import functools
import logging
import math
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import numpy as np


class Mode(Enum):
    FAST = 1
    EXACT = 2


class Point(NamedTuple):
    a: float
    b: float = 2.0


@dataclass
class Config:
    k: float = 2.0
    ws: list = field(default_factory=lambda: [1.0, 2.0])
    mode: Mode = Mode.FAST


@dataclass(frozen=True)
class Physics:
    g: float = 9.81
    length: float = 2.0

    @property
    def frequency(self):
        return math.sqrt(self.g / self.length)


class Layer:
    def __init__(self, W, b):
        self.W = np.asarray(W)
        self.b = b

    def __call__(self, x):
        return np.tanh(self.W @ x + self.b)


class Net:
    def __init__(self, *layers):
        self.layers = list(layers)

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Counter:
    def __init__(self):
        self.n = 0

    def step(self, a):
        self.n += 1
        return a * self.n


def leaky(v, c):
    return v * v * c if v > 0 else 0.1 * v


CONFIG = Config(3.0, mode=Mode.EXACT)
PHYSICS = Physics(length=3.0)
POINT = Point(1.5)
MODE = Mode.EXACT
NET = Net(Layer(np.eye(3), 0.1), Layer(0.5 * np.ones((2, 3)), np.zeros(2)))
COUNTER = Counter()
SHAPES = [Physics(1.0), Physics(2.0)]
N = 4
logger = logging.getLogger(__name__)
each = np.vectorize(leaky, otypes=[float])
half = functools.partial(leaky, c=0.5)


def fields(a):
    return CONFIG.k * a + sum(w * a for w in CONFIG.ws) + POINT.b * a * POINT.a


def members(a):
    if CONFIG.mode is Mode.EXACT and MODE is Mode.EXACT:
        return a * a * N
    return a


def properties(a):
    return PHYSICS.frequency * a + PHYSICS.g * math.sin(a)


def model(x):
    return np.sum(NET(x))


def in_a_loop(x):
    s = 0.0
    for i in range(3):
        s += x[i] * x[i] * CONFIG.k * CONFIG.ws[0]
    return s


def in_a_helper(a):
    return scaled(a) * scaled(2.0 * a)


def scaled(a):
    return a * a * PHYSICS.g


def passed_on(a):
    return used(CONFIG, a)


def used(config, a):
    return config.k * a * a


def listed(a):
    return sum(s.g * a for s in SHAPES)


def functions(x):
    return np.sum(each(x, 3.0)) + half(x[0])


def logged(a):
    logger.debug("a is %s", a)
    b = a * a
    logger.info(f"b is {b:.3f}")
    return b * a


def read_as_global(a):
    global N
    return a * N * a


def counted(a):
    return COUNTER.step(a)


def appended(a):
    config = CONFIG
    config.ws.append(a)
    return sum(config.ws) * a


def in_a_branch(a):
    config = CONFIG
    if a > 0:
        config.k = 5.0
    return config.k * a


def through_a_view(a):
    row = NET.layers[0].W[0]
    row[0] = a
    return np.sum(NET(np.ones(3))) * a


def by_a_helper(a):
    fill(NET.layers[0].W, a)
    return np.sum(NET(np.ones(3))) * a


def fill(W, a):
    W[0] = a
'''

RIGHT = (
    "fields", "members", "properties", "model", "in_a_loop", "in_a_helper", "passed_on", "listed", "functions",
    "logged", "read_as_global",
)  # fmt: skip
ARGS: dict[str, Any] = {"a": 0.7, "x": np.array([0.3, -0.8, 1.1])}


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", RIGHT)
def test_as_if_it_stood_there(name: str, tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    source.write_text(TEXT, encoding="utf-8")
    f = getattr(loaded(source), name)
    arg = ARGS[next(iter(inspect.signature(f).parameters))]
    for mode, prefix in (("reverse", "grad"), ("forward", "jvp")):
        out = tmp_path / f"{prefix}.py"
        assert main(["grad", "--mode", mode, f"{source}:{name}", "-o", str(out)]) == 0
        made = getattr(loaded(out), f"{prefix}_{name}")
        slope = tl.numeric.grad(f)(arg)
        if mode == "reverse":
            np.testing.assert_allclose(made(arg), slope, rtol=1e-6)
        else:
            value, dot = made(arg, 2.0 * arg)
            np.testing.assert_allclose([value, dot], [f(arg), np.sum(slope * 2.0 * arg)], rtol=1e-6)
    np.testing.assert_allclose(tl.grad(f)(arg), slope, rtol=1e-6)


@pytest.mark.parametrize("name", ["counted", "appended", "in_a_branch", "through_a_view", "by_a_helper"])
def test_what_is_written_into_them_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "source.py"
    source.write_text(TEXT, encoding="utf-8")
    assert main(["grad", f"{source}:{name}"]) == 2
    assert "an object of the module, is not differentiated" in capsys.readouterr().err


def set_mode(mode):
    global MODE
    MODE = mode


def tripled_if_asked(x):
    return 3.0 * x if MODE == "triple" else x * x


def by_a_mode(x):
    set_mode("triple")
    y = tripled_if_asked(x)
    set_mode("square")
    return y * tripled_if_asked(x)


MODE = "square"


def test_text_imports_the_module_whose_names_it_reads_anew() -> None:
    text = tl.grad(by_a_mode).source
    assert ".MODE" in text
    assert "getattr" not in text
    scope = dict(globals())
    exec(compile(text, "text", "exec"), scope)
    assert scope["grad_by_a_mode"](2.0) == 36.0
