"""Every stage of the compiler can be looked at, of any program, and looking changes nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import corpus
import numpy as np
import pytest
from case import Case
from folder import MODEL, Folder

import tangent_like as tl
from tangent_like.show.stages import WHAT

CASES = [c for c in corpus.load()[0] if c.expect == "right" and not c.raises and not c.diverges][7::37]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_every_program_can_be_looked_at(case: Case) -> None:
    for driver in (tl.grad, tl.jacfwd):
        df: Any = driver(case.f, case.wrt)
        df = getattr(df, "driver", df)
        try:
            text = df.source_for(*case.make(0))
        except tl.DifferentiationError:
            continue  # a result that is no number
        shown = df.stages_for(*case.make(0))
        assert shown.endswith(text)
        assert shown == df.stages_for(*case.make(0))
        names = [line.split(" ")[1].rstrip(":") for line in shown.splitlines() if line.startswith("-- ")]
        assert {"lower", "infer", "aliases", "activity", "expose", "live", "tidy", "emit"} <= set(names)
        assert [n for k, n in enumerate(names) if n not in names[:k]] == [n for n in WHAT if n in names]


def helper(v: np.ndarray) -> np.ndarray:
    return v * np.tanh(v)


def program(x: np.ndarray, n: int) -> float:
    s = 0.0
    for i in range(n):
        if x[i] < 0:
            continue
        s += x[i] ** 3
    return s + np.sum(helper(x) + helper(2.0 * x) * helper(3.0 * x))


def test_each_function_has_its_stages_and_facts_stand_beside_their_lines() -> None:
    shown = tl.grad(program).stages_for(np.ones(3), 2)
    assert "-- infer of helper:" in shown
    assert "x: array (x.shape[0]) of float64\nn: int, n" in shown
    assert re.search(r"^s = 0\.0 +# s: float$", shown, re.MULTILINE)
    assert "-- normalize of program:" in shown
    assert "-- normalize of helper:" not in shown  # it changes nothing there
    assert "to the adjoint of x[i]: 3 * s_bar * x[i] ** 2" in shown
    assert "\n- s = 0.0\n" in shown
    assert shown.count("-- emit:") == 1


def test_from_annotations() -> None:
    shown = tl.grad(program).stages
    assert "x: array (x.shape[0])" in shown  # x[i] in a sum leaves no other rank
    assert shown.endswith(tl.grad(program).source)


def test_on_the_command_line(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put(model=MODEL)
    done = folder.type("grad", "model.py:loss", "--passes")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(folder.type("grad", "model.py:loss").stdout)
    assert "-- activity of loss:" in done.stdout
    assert "--passes" in folder.refused("grad", "model.py:loss", "--passes", "-o", "out.py")
