"""Committed derivatives: up to date, stale, edited by hand, or no longer to be made."""

from __future__ import annotations

from pathlib import Path

import pytest
from folder import MODEL, Folder

from tangent_like.cli.main import main

WRITTEN = {
    "plain_grad.py": (),
    "lib/both_grad.py": ("--wrt", "x,b", "--value", "--store", "all", "--no-comments"),
    "lib/pushed.py": ("--wrt", "b", "--mode", "forward"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    folder = Folder(tmp_path).put(model=MODEL, lib__other="def other():\n    return 1\n")
    monkeypatch.chdir(tmp_path)
    for out, options in WRITTEN.items():
        assert main(["grad", "model.py:loss", *options, "-o", out]) == 0
    return folder


def texts() -> dict[str, str]:
    return {name: Path(name).read_text() for name in WRITTEN}


def test_every_option_comes_back(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    before = texts()
    for argv in (["sync", "--check", "."], ["sync", "."], ["sync", "plain_grad.py", "lib"]):
        assert main(argv) == 0
        said = capsys.readouterr()
        assert (said.out.count("up to date"), said.err) == (3, "")
    assert texts() == before
    assert main(["sync", "--check", str(Path.cwd())]) == 0


def test_a_change_of_the_source_is_seen_and_mended(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.put(model=MODEL.replace("math.exp(b)", "math.sin(b)"))
    before = texts()
    assert main(["sync", "--check", "."]) == 1
    said = capsys.readouterr().out
    assert said.count(": stale: ") == 3
    assert "lib/pushed.py: stale: ../model.py:loss has changed\n" in said
    assert texts() == before
    assert main(["sync", "."]) == 0
    assert capsys.readouterr().out.count("rewritten (stale: ") == 3
    assert all("math.sin(b)" in text for text in texts().values())
    assert main(["sync", "--check", "."]) == 0


def test_what_the_derivative_does_not_depend_on_changes_nothing(folder: Folder) -> None:
    folder.put(model=MODEL + "\n\n    def more(x):\n        return x\n")
    assert main(["sync", "--check", "."]) == 0


def test_a_change_by_hand_is_told_apart(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("plain_grad.py")
    right = file.read_text()
    file.write_text(right.replace("DT = 1 / STEPS", "DT = 2 / STEPS"))
    assert main(["sync", "--check", "plain_grad.py"]) == 1
    assert capsys.readouterr().out == "plain_grad.py: edited by hand\n"
    folder.put(model=MODEL.replace("STEPS = 4", "STEPS = 5"))
    assert main(["sync", "--check", "plain_grad.py"]) == 1
    assert capsys.readouterr().out == "plain_grad.py: stale: model.py:loss has changed and edited by hand\n"
    folder.put(model=MODEL)
    assert main(["sync", "plain_grad.py"]) == 0
    assert capsys.readouterr().out == "plain_grad.py: rewritten (edited by hand)\n"
    assert file.read_text() == right


def test_another_version_is_stale_if_it_writes_another_text(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    file = Path("plain_grad.py")
    file.write_text(file.read_text().replace("by tangent-like 0.", "by tangent-like 99."))
    assert main(["sync", "--check", "plain_grad.py"]) == 1
    assert "stale: written by tangent-like 99." in capsys.readouterr().out


def test_what_cannot_be_made_again_stops_no_other(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.put(gone="def loss(x):\n    return x * x\n")
    assert main(["grad", "gone.py:loss", "-o", "a_grad.py"]) == 0
    Path("gone.py").unlink()
    assert main(["sync", "--check", "."]) == 2
    said = capsys.readouterr()
    assert said.err == "tangent-like: a_grad.py cannot be made again: gone.py: no such file\n"
    assert said.out.count("up to date") == 3
    folder.put(gone="def loss(x):\n    import os\n    return os.times(x)\n")
    assert main(["sync", "a_grad.py"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_wrong_paths(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    Path("empty").mkdir()
    for argv, said in (
        (["sync", "nowhere"], "nowhere: no such file or folder"),
        (["sync", "model.py"], "model.py: was not written by tangent-like grad -o"),
        (["sync", "empty"], "empty: no file there was written"),
        (["sync"], "required: PATH"),
    ):
        assert main(argv) == 2
        found = capsys.readouterr().err
        assert said in found
        assert len(found.splitlines()) == 1
    file = Path("plain_grad.py")
    file.write_text(file.read_text().replace("--wrt x", "--wrt x --fast"))
    assert main(["sync", "plain_grad.py"]) == 2
    assert "options that are not known: --wrt x --fast" in capsys.readouterr().err
