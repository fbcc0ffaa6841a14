"""``tangent-like check`` as a user types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from folder import MODEL, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "work"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def model(folder: Folder) -> Folder:
    return folder.put(model=MODEL)


# -- check --------------------------------------------------------------------------------------


def test_check_agrees(model: Folder) -> None:
    done = model.type("check", "model.py:loss", "--at", "x=np.ones(N)", "--at", "b=math.pi / 4", "--wrt", "x,b")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\nx  (shape (3,)" in done.stdout
    assert "\nb\n" in done.stdout
    assert done.stdout.count("largest relative difference") == 2
    assert "the gradient agrees" in done.stdout


def test_check_disagrees_at_a_kink(folder: Folder) -> None:
    folder.put(model="def loss(x: float):\n    return abs(x)\n")
    done = folder.type("check", "model.py:loss", "--at", "x=1e-7")
    assert (done.returncode, done.stderr) == (1, "")
    assert "DOES NOT AGREE" in done.stdout
    assert folder.type("check", "model.py:loss", "--at", "x=1.0").returncode == 0


def test_check_imports_as_a_script_would(folder: Folder) -> None:
    folder.put(
        pkg__init="",
        pkg__model="from .helpers import gain\n\ndef loss(x, *, k=2.0):\n    return gain(x) * k\n",
        pkg__helpers="def gain(x):\n    return x * x\n",
    )
    done = folder.type("check", "pkg/model.py:loss", "--at", "x=2.0", "--at", "k=3.0")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--at", "x"], "NAME=EXPRESSION"),
        (["--at", "=3"], "NAME=EXPRESSION"),
        (["--at", "x="], "NAME=EXPRESSION"),
        (["--at", "2x=1"], "NAME=EXPRESSION"),
        (["--at", "x=="], "NAME=EXPRESSION"),
        (["--at", "x=np.ones("], "syntax error"),
        (["--at", "x=np.onse(3)"], "AttributeError"),
        (["--at", "x=1/0"], "ZeroDivisionError"),
        (["--at", "z=1.0"], "no argument 'z'"),
        (["--at", "x=1.0", "--at", "x=2.0"], "given twice"),
        ([], "needs a value for 'x'"),
        (["--at", "x=np.ones(3)", "--wrt", "z"], "no argument 'z'"),
        (["--at", "x=np.ones(3)", "--wrt", "5"], "no argument number 5"),
        (["--at", "x=np.ones(3)", "--wrt", "steps"], "steps"),
        (["--at", "x=np.ones(3)", "--wrt", "x,0"], "twice"),
        (["--at", "x=np.ones(5)"], "ValueError"),
    ],
)
def test_check_wrong_input(model: Folder, argv: list[str], said: str) -> None:
    error = model.refused("check", "model.py:loss", *argv)
    assert said in error


def test_check_a_file_that_raises(folder: Folder) -> None:
    folder.put(
        model="import math\n\ndef loss(x):\n    return x\n\nmath.sqrt(-1)\n",
        quits="import sys\ndef loss(x):\n    return x\nsys.exit(3)\n",
    )
    error = folder.refused("check", "model.py:loss", "--at", "x=1.0")
    assert "model.py:6: importing it raised ValueError" in error
    assert len(error.splitlines()) == 1
    assert "SystemExit" in folder.refused("check", "quits.py:loss", "--at", "x=1.0")
