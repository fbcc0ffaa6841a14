"""The margin beside the user's lines: what it says is what the compiler does."""

from __future__ import annotations

import math
from pathlib import Path

import corpus
import numpy as np
import pytest
from case import Case
from folder import MODEL, Folder

import tangent_like as tl


def block(h: np.ndarray, W: np.ndarray) -> np.ndarray:
    z = np.tanh(h @ W)
    return h + z


def program(x: np.ndarray, W: np.ndarray, k: float, n: int) -> float:
    a = k * 2.0  # inactive: does not depend on x
    b = x * 3.0  # inactive: the result does not depend on it
    m = int(x[0])  # inactive: int(x[0]) is zero by rule (it is piecewise constant
    c = np.zeros(4, dtype=int)  # inactive: c is an array of int64
    c[0] = x[0]  # inactive: c holds no floats, and a store into it has derivative zero
    y = np.tanh(x)  # differentiated
    for i in range(n):  # run back, last turn first
        y = y * np.exp(-k * y)  # differentiated; keeps y: 24 bytes a turn, np.exp(-k * y): 24 bytes a turn
        y = y + np.floor(y) * a  # differentiated; np.floor(y) is zero by rule (it is piecewise constant
        j = i + 2  # inactive: j is an int
    if k > 0.0:  # gone back through the arm that was taken
        y = block(y, W)  # differentiated; keeps what the call keeps
        y = block(y, W)  # differentiated; keeps what the call keeps
        y = block(y, W)  # differentiated; keeps what the call keeps
        y = block(y, W)  # differentiated; keeps what the call keeps
    else:
        y = tl.stop_gradient(y)  # inactive: tl.stop_gradient(y) is zero by rule (stop_gradient makes a constant of it)
    print("seen", m, b[0], j)  # kept as it is: it may have an effect
    return np.sum(y * c[1])  # differentiated


AT = (np.array([0.3, -0.7, 1.1]), np.eye(3), 0.5, 4)


def test_each_line_says_what_its_comment_says() -> None:
    found = dict(tl.explain(program, *AT).functions)
    for line in found["program"]:
        code, mark, expected = line.text.partition("  # ")
        if mark:
            assert line.note.startswith(expected), (code, line.note)
        else:
            assert not line.note, line


def test_the_users_functions_are_explained_too() -> None:
    found = dict(tl.explain(program, *AT).functions)
    assert list(found) == ["program", "block"]
    assert [line.note for line in found["block"]] == ["", "differentiated; keeps z: 24 bytes a call", "differentiated"]


def decay(x: float, k: float, n: int) -> float:
    for _ in range(n):
        x = x * math.exp(-k * x)
    return x


def test_printed_and_in_all() -> None:
    text = str(tl.explain(decay, 0.9, 0.3, 5))
    assert text.splitlines()[1:] == [
        "    for _ in range(n):            | run back, last turn first",
        "        x = x * math.exp(-k * x)  | differentiated; keeps x: 8 bytes a turn",
        "    return x                      | differentiated",
        "",
        "Kept for the way back: 8 bytes a turn.",
    ]
    assert repr(tl.explain(decay, 0.9, 0.3, 5)) == text


def test_what_is_kept_is_what_the_text_keeps() -> None:
    for store in ("auto", "all", "none"):
        kept = "keeps" in str(tl.explain(shrink, 0.9, 5, store=store))
        assert kept == (".append(" in tl.grad(shrink, store=store).source_for(0.9, 5)) == (store == "all")


def shrink(x: float, n: int) -> float:
    s = 0.0
    for i in range(n):
        s += math.sin(x * x * i)
    return s


def test_sizes_that_are_not_known_are_symbols() -> None:
    def rough(x: np.ndarray, k: float) -> float:
        s = 0.0
        for i in range(len(x)):
            s += np.sin(k) * x[i]
        d = (x[1:] - x[:-1]) * k
        return s + np.sum(d**2)

    assert "keeps d: 8 * (max(x.shape[0] - 1, 0)) bytes" in str(tl.explain(rough))


def test_without_one_number_by_all_arguments() -> None:
    text = str(tl.explain(block, np.ones((2, 3)), np.eye(3)))
    assert "keeps z: 48 bytes" in text


class Model:
    def __init__(self) -> None:
        self.W = np.ones(3)

    def loss(self, x: np.ndarray) -> float:
        y = self.W * x
        return np.sum(y * y)


def test_a_method() -> None:
    ((name, lines),) = tl.explain(Model().loss, np.ones(3), argnums="self").functions
    assert name == "loss"
    assert [line.note for line in lines] == ["", "differentiated; keeps y: 24 bytes", "differentiated"]


CASES = [c for c in corpus.load()[0] if c.expect == "right" and not c.raises and not c.diverges][3::41]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_of_any_program_every_statement_has_a_note(case: Case) -> None:
    found = tl.explain(case.f, *case.make(0), argnums=case.wrt)
    assert found.functions
    notes = [line.note for _, lines in found.functions for line in lines if line.note]
    assert any("differentiated" in note for note in notes) or "inactive" in str(found)
    assert str(tl.explain(case.f, *case.make(0), argnums=case.wrt)) == str(found)


def test_on_the_command_line(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put(model=MODEL)
    done = folder.type("explain", "model.py:loss", "--wrt", "x,b", "--at", "x=np.ones(3)", "--at", "steps=2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "s += RATE * np.sum" in done.stdout
    assert "| run back, last turn first" in done.stdout
    assert "no function 'los': do you mean loss?" in folder.refused("explain", "model.py:los")
    assert "has no argument 'y'; it has x, b, steps" in folder.refused("explain", "model.py:loss", "--at", "y=2.0")
    assert "NameError" in folder.refused("explain", "model.py:loss", "--at", "x=nowhere")
