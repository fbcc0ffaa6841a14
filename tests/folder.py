"""A user's folder with files, and what the user types in it: a process of its own where it could matter."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

from tangent_like.cli.main import main

REPO = Path(__file__).resolve().parent.parent

MODEL = """\
    import math

    import numpy as np

    RATE, SHIFT = 0.5, 1.5  # per second
    STEPS = 4
    DT: float = 1 / STEPS
    TABLE = np.array([
        1.0,  # the first
        2.0,
        3.0,
    ])
    N = len(TABLE)


    def loss(x: np.ndarray, b: float = 0.3, steps=3) -> float:
        s = 0.0
        # one step after the other
        for i in range(steps):
            s += RATE * np.sum(np.sin(x * TABLE) * b) * DT + N * b * math.exp(b)
        return s
"""


def in_this_process(path: Path, argv: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """What the command line does with these words in a folder."""
    out, err = io.StringIO(), io.StringIO()
    here = Path.cwd()
    os.chdir(path)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(argv)
    finally:
        os.chdir(here)
    return subprocess.CompletedProcess(argv, status, out.getvalue(), err.getvalue())


class Folder:
    """A folder of a user's, and what the user types in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, **files: str) -> Folder:
        """Write files: ``pkg__mod="..."`` is ``pkg/mod.py``."""
        for name, text in files.items():
            file = self.path / (name.replace("__", "/").replace("/init/", "__init__") + ".py")
            if name.endswith("__init"):
                file = self.path / name.removesuffix("__init").replace("__", "/") / "__init__.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text), encoding="utf-8")
        return self

    def type(self, *argv: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A command; ``grad``, which executes nothing of the user's, in this process: that takes a tenth of the time."""
        return in_this_process(self.path, argv) if argv[:1] == ("grad",) and not env else self.type_apart(*argv, **env)

    def type_apart(self, *argv: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "tangent_like", *argv],
            cwd=self.path,
            env={**os.environ, "PYTHONPATH": str(REPO), "PYTHONDONTWRITEBYTECODE": "1", **env},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def written(self, *argv: str) -> str:
        """What ``-o out.py`` writes."""
        done = self.type("grad", *argv, "-o", "out.py")
        assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
        return (self.path / "out.py").read_text(encoding="utf-8")

    def refused(self, *argv: str, status: int = 2) -> str:
        """What standard error says."""
        before = sorted(self.path.rglob("*"))
        done = self.type(*argv)
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
        assert sorted(self.path.rglob("*")) == before  # nothing half-written
        return done.stderr

    def run_alone(self, expression: str, module: str = "out", **more: str) -> Any:
        """An expression's value in a process that has the written module, and neither us nor the source."""
        program = f"""
            import sys

            class Nothing:
                def find_spec(self, name, path=None, target=None):
                    if name.partition(".")[0] in ("tangent_like", {more.get("hidden", "'model'")}):
                        raise ImportError(name)

            sys.meta_path.insert(0, Nothing())
            sys.path.insert(0, {str(self.path)!r})
            import numpy as np
            import {module}
            def caught(f, *args):
                try:
                    return f(*args)
                except Exception as error:
                    return str(error)

            value = {expression}
            pairs = value if isinstance(value, tuple) else (value,)
            print([np.asarray(v).tolist() for v in pairs])
        """
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", textwrap.dedent(program)],
            cwd=self.path.parent,
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        values = eval(done.stdout)
        return values if len(values) > 1 else values[0]

    def primal(self, name: str = "loss", file: str = "model") -> Any:
        """The user's function, from its file run here."""
        sys.path.insert(0, str(self.path))
        try:
            for known in [n for n, m in sys.modules.items() if _below(m, self.path.parents[1])]:
                del sys.modules[known]
            importlib.invalidate_caches()
            return getattr(importlib.import_module(file), name)
        finally:
            sys.path.remove(str(self.path))

    def agrees(self, *points: Any, wrt: str | None = None, target: str = "model.py:loss") -> str:
        """Write the gradient, run it on its own, and hold it against differences of the source."""
        text = self.written(target, *(["--wrt", wrt] if wrt else []))
        file, _, name = target.rpartition(":")
        f = self.primal(name, file.removesuffix(".py").replace("/", "."))
        shown = ", ".join(f"np.array({p.tolist()})" if isinstance(p, np.ndarray) else repr(p) for p in points)
        hidden = repr(file.removesuffix(".py"))
        found = self.run_alone(f"out.grad_{name}({shown})", hidden=hidden)
        np.testing.assert_allclose(found, differences(f, points), rtol=1e-6, atol=1e-8)
        return text


def _below(module: Any, path: Path) -> bool:
    return str(getattr(module, "__file__", None) or "").startswith(str(path))


def differences(f: Any, points: tuple[Any, ...]) -> Any:
    """Central differences with respect to the first argument."""
    x = np.array(points[0], dtype=float)
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = 1e-5
        up, down = ((x + s * step) if x.ndim else float(x + s * step) for s in (1, -1))
        slopes[k] = (f(up, *points[1:]) - f(down, *points[1:])) / 2e-5
    return slopes.tolist()
