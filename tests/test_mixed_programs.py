"""A sample of the programs of ``mixed_programs.py``: as many as a few seconds take; and what they found of text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mixed_programs import FULL, LIGHT, Judged, Refused, commanded, made

SEED = 5
FEW = [k for k in range(60) if k % 10 == 0]


def wrong(judged: Judged) -> dict[str, str]:
    return {mode: told for mode, told in judged.found.items() if not told.startswith("refused")}


@pytest.mark.parametrize("start", range(0, 60, 10))
def test_programs_of_pieces(start: int, tmp_path: Path) -> None:
    for k in range(start, start + 10):
        body = made(SEED, k, scipy=k % 3 == 1, more=k % 3 == 2)
        judged = Judged(body, tmp_path, f"mixed_{k}", SEED + k, FULL if k in FEW else LIGHT)
        assert not wrong(judged), "\n".join([*body, str(wrong(judged))])


PROGRAMS = '''
from collections import namedtuple
import numpy as np

Pair = namedtuple("Pair", "g h")


class Box:
    def __init__(self, w, h):
        self.w = w
        self.h = h

    @property
    def area(self):
        return self.w * self.h


def f(a, o):
    return a * o.%s
'''


def text_of(tmp_path: Path, body: str, wrt: list[str], mode: str = "reverse"):  # type: ignore[no-untyped-def]
    (tmp_path / "program.py").write_text(body)
    return commanded(tmp_path, "program", wrt, mode, f"text_{mode}")


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_text_refuses_what_a_class_computes(mode: str, tmp_path: Path) -> None:
    derivative = text_of(tmp_path, PROGRAMS % "area", ["a", "o"], mode)
    space: dict = {}
    exec(PROGRAMS % "area", space)
    o = space["Box"](2.0, 3.0)
    with pytest.raises(ValueError, match="annotate the argument"):
        derivative(0.5, o, *([1.0, o] if mode == "forward" else []))


def test_text_gives_all_of_an_object_that_is_read_in_part(tmp_path: Path) -> None:
    derivative = text_of(tmp_path, PROGRAMS % "g", ["a", "o"])
    space: dict = {}
    exec(PROGRAMS % "g", space)
    assert derivative(0.5, space["Pair"](2.0, 3.0)) == (2.0, (0.5, 0.0))
    box = space["Box"](2.0, [1.0, 2.0])
    box.g = 4.0
    bar = derivative(0.5, box)[1]
    assert (bar.g, bar.w, bar.h) == (0.5, 0.0, [0.0, 0.0])


def test_text_leaves_what_a_list_holds_alone(tmp_path: Path) -> None:
    derivative = text_of(tmp_path, "def f(a, q):\n    q[0][0] = 0.5\n    return a * a\n", ["a"])
    assert derivative(1.5, np.ones((2, 2))) == 3.0
    with pytest.raises(ValueError, match="annotate the argument"):
        derivative(1.5, [[1.0], [2.0]])


def test_text_asks_whether_lists_are_joined(tmp_path: Path) -> None:
    body = "def f(p, v, n):\n    q = p + [0.1] * n\n    q = q * v.T\n    return q[0]\n"
    with pytest.raises(Refused, match="joins lists or adds"):
        text_of(tmp_path, body, ["p", "v"], "forward")
