"""What is written reads as the user's file does to a type checker and to ruff: neither finds anything of its own."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import corpus
import pytest
from typed import annotated

from tangent_like.cli.main import main

pytest.importorskip("mypy")
pytest.importorskip("ruff")

# Files of the corpus, and of their programs every so many: a type checker reads NumPy's stubs but once.
FILES = ("straight", "loops", "calls", "stores", "broadcasting", "jumps")
EVERY = 10

# What `--strict` turns on, for the files whose names begin with strict: all are checked in one run.
SETTINGS = """
[mypy]
[mypy-strict_*]
disallow_any_generics = True
disallow_subclassing_any = True
disallow_untyped_calls = True
disallow_untyped_defs = True
disallow_incomplete_defs = True
check_untyped_defs = True
disallow_untyped_decorators = True
warn_return_any = True
warn_unused_ignores = True
strict_equality = True
extra_checks = True
"""

STRICT = '''
import math

import jaxtyping as jt
import numpy as np
from numpy.typing import NDArray

Mat = NDArray[np.float64]


def decay(x: float, k: float, n: int) -> float:
    for _ in range(n):
        x = x * math.exp(-k * x)
    return x


def wave(x: "jt.Float[np.ndarray, 'n']", w: NDArray[np.float64]) -> float:
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.5:
            s += float(x[i] ** 2 * np.sin(x[i]))
    return s * float(np.sum(w))


def block(h: "jt.Float[np.ndarray, 'n d']", W: "jt.Float[np.ndarray, 'd d']") -> Mat:
    return h + np.tanh(h @ W)


def residual(W: "jt.Float[np.ndarray, 'd d']", x: "jt.Float[np.ndarray, 'n d']", depth: int) -> float:
    h: Mat = x
    for _ in range(depth):
        h = block(block(block(h, W), W), W)
    return float(np.sum(h**2))
'''


def programs() -> Iterator[tuple[str, list[corpus.Case]]]:
    cases = [c for c in corpus.load()[0] if c.expect == "right" and not c.raises and not c.diverges]
    by_file = itertools.groupby(cases, key=lambda c: c.id.partition(":")[0])
    yield from ((name, list(found)[::EVERY]) for name, found in by_file if name in FILES)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Annotated programs of the corpus, and their derivatives beside them."""
    folder = tmp_path_factory.mktemp("typed")
    for name, cases in programs():
        source = folder / f"{name}.py"
        for function in annotated(cases, source):
            case = next(c for c in cases if c.f.__name__ == function)
            options = ("--value",) if len(function) % 2 else ("--mode", "forward") if len(function) % 3 == 0 else ()
            wrt = ",".join(case.f.__code__.co_varnames[k] for k in case.wrt)
            out = folder / f"{name}_{function}_grad.py"
            main(["grad", f"{source}:{function}", "--wrt", wrt, *options, "-o", str(out)])
    assert len(list(folder.glob("*_grad.py"))) > 25
    (folder / "mypy.ini").write_text(SETTINGS)
    (folder / "strict_.py").write_text(STRICT)
    for name, wrt in (("decay", "x,k"), ("wave", "x"), ("residual", "W,x")):
        for kind, more in (("grad", ()), ("value", ("--value",)), ("forward", ("--mode", "forward"))):
            out = folder / f"strict_{name}_{kind}.py"
            assert main(["grad", f"{folder / 'strict_.py'}:{name}", "--wrt", wrt, *more, "-o", str(out)]) == 0
    return folder


def found(folder: Path, *command: str) -> dict[str, set[str]]:
    """By file, the kinds of complaints."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    complaints: dict[str, set[str]] = {}
    for line in done.stdout.splitlines():
        ruff = re.match(r"(\w+)\.py:\d+:\d+: ([A-Z]+\d+|invalid-syntax)", line)
        mypy = re.match(r"(\w+)\.py:\d+: error: .*\[([a-z-]+)\]$", line)
        for match in (ruff, mypy):
            if match:
                complaints.setdefault(match[1], set()).add(match[2])
    return complaints


def assert_nothing_of_its_own(complaints: dict[str, set[str]]) -> None:
    for name, kinds in complaints.items():
        if name.endswith("_grad"):
            primal = next(p for p in FILES if name.startswith(f"{p}_"))
            assert kinds <= complaints.get(primal, set()), name


def test_ruff(written: Path) -> None:
    assert_nothing_of_its_own(found(written, "ruff", "check", "--isolated", "--output-format", "concise", "."))


def test_a_type_checker(written: Path) -> None:
    names = sorted(p.name for p in written.glob("*.py"))
    complaints = found(written, "mypy", "--cache-dir", str(written / "cache"), *names)
    assert_nothing_of_its_own(complaints)
    assert not {name: kinds for name, kinds in complaints.items() if name.startswith("strict_")}
    half = (written / "strict_residual_grad.py").read_text()
    assert "def block_forward(h: NDArray[np.float64], W: NDArray[np.float64]) -> tuple[NDArray[np.float64]," in half
