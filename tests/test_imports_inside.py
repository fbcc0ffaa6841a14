"""Imports inside functions, those that may fail among them, and progress bars, which derivatives leave out."""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def there(a):
    try:
        from math import sin as f
    except ImportError:
        from math import cos as f
    return f(a) * a


def there_and_used(a):
    try:
        import math as m

        y = m.exp(a)
    except ImportError:
        y = 1.0 + a
    return y * a


def defined_instead(a):
    try:
        from math import sqrt as root
    except ImportError:

        def root(x):
            return x**0.5

    return root(a)


def number_instead(a):
    try:
        from math import pi as number
    except ImportError:
        number = 3.0
    return number * a * a


def missing(a):
    try:
        import no_such_module  # type: ignore[import-not-found] # noqa: F401

        return a * 3
    except ImportError:
        return a * a


def missing_name(a):
    try:
        from math import no_such_name as f  # type: ignore[attr-defined]
    except ImportError:
        f = math.cos
    return f(a)


def in_two_ways(a):
    if a > 0:
        from math import sin as f
    else:
        from math import cos as f
    return f(a)


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (there, 0.7 * math.cos(0.7) + math.sin(0.7)),
        (there_and_used, 1.7 * math.exp(0.7)),
        (defined_instead, 0.5 / 0.7**0.5),
        (number_instead, 1.4 * math.pi),
    ],
)
def test_what_can_be_imported_is(f: Any, slope: float) -> None:
    assert tl.grad(f)(0.7) == pytest.approx(slope)
    assert tl.jvp(f, (0.7,), (2.0,))[1] == pytest.approx(2.0 * slope)


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (missing, "what is done where no_such_module cannot be imported"),
        (missing_name, "what is done where math.no_such_name cannot be imported"),
        (in_two_ways, "imported in two ways"),
    ],
)
def test_what_only_the_run_tells_is_refused(f: Any, said: str) -> None:
    with pytest.raises(tl.UnsupportedError, match=said):
        tl.grad(f)(0.7)


BARS = """\
from tqdm import tqdm, trange


def squares(x):
    s = 0.0
    for i, v in enumerate(tqdm(x, desc="squares", leave=False)):
        s += v**2 * i
    for i in trange(len(x)):
        s += sum([x[i] * v for v in tqdm(x)])
    return s
"""


def test_progress_bars_are_gone_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bars: Any = ModuleType("tqdm")

    class Bar:
        def __init__(self, iterable: Any, **options: Any) -> None:
            self.iterable = iterable
            self.options = options

        def __iter__(self) -> Any:
            return iter(self.iterable)

    Bar.__module__, Bar.__qualname__ = "tqdm.std", "tqdm"
    bars.tqdm = Bar
    bars.trange = lambda *args: Bar(range(*args))
    bars.trange.__module__ = bars.trange.__qualname__ = "tqdm"
    bars.trange.__qualname__ = "trange"
    monkeypatch.setitem(sys.modules, "tqdm", bars)
    file = tmp_path / "barred.py"
    file.write_text(BARS, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("barred", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    x = np.array([0.3, -0.8, 1.1])
    np.testing.assert_allclose(tl.grad(module.squares)(x), 2.0 * x * np.arange(3) + 2.0 * np.sum(x))
    assert "tqdm" not in tl.grad(module.squares).source_for(x).partition("def ")[0]


PARTS = """\
RATE = 3.0

class Ruler:
    def __init__(self, x):
        self.x = x

    def length(self):
        return self.x**2

def cube(x):
    return x**3
"""
INSIDE = """\
def relative(x):
    from .parts import RATE, Ruler, cube
    from . import parts
    return cube(x) * RATE + Ruler(x).length() + parts.cube(x)

def absolute(x):
    from measures.parts import cube
    import measures.parts as p
    try:
        from .parts import RATE
    except ImportError:
        RATE = 0.0
    return cube(x) + p.RATE * x + RATE * x

def missing(x):
    from .parts import no_such_name
    return no_such_name(x)
"""


def test_files_of_the_user_are_imported_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "measures"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "parts.py").write_text(PARTS, encoding="utf-8")
    (package / "inside.py").write_text(INSIDE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("measures", "measures.parts", "measures.inside"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    module = importlib.import_module("measures.inside")
    assert tl.grad(module.relative)(0.7) == pytest.approx(9 * 0.49 + 1.4 + 3 * 0.49)
    assert tl.jvp(module.relative, (0.7,), (2.0,))[1] == pytest.approx(2 * (9 * 0.49 + 1.4 + 3 * 0.49))
    assert tl.grad(module.absolute)(0.7) == pytest.approx(3 * 0.49 + 6.0)
    with pytest.raises(tl.UnsupportedError, match=r"measures\.parts has no no_such_name"):
        tl.grad(module.missing)(0.7)
