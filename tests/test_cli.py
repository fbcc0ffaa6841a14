"""The command line as a user types it: what is printed and written, and what is said to wrong input."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from folder import MODEL, REPO, Folder, differences


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "work"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def model(folder: Folder) -> Folder:
    return folder.put(model=MODEL)


X = np.array([0.3, -0.7, 1.1])


# -- what is printed and written ----------------------------------------------------------------


def test_prints_plain_python_in_a_pipe(model: Folder) -> None:
    done = model.type("grad", "model.py:loss", "--wrt", "x")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "def grad_loss(x: np.ndarray, b: float = 0.3, steps=3) -> np.ndarray:" in done.stdout
    assert "# one step after the other" in done.stdout
    assert done.stdout.isascii()
    compile(done.stdout, "printed", "exec")
    assert not (model.path / "model_grad.py").exists()


def test_written_module_runs_on_its_own(model: Folder) -> None:
    text = model.agrees(X, 0.2)
    assert "tangent_like" not in text
    assert "RATE, SHIFT = 0.5, 1.5  # per second\n" in text
    assert "DT = 1 / STEPS\n" in text
    assert "    1.0,  # the first\n" in text


def test_header_tells_how_to_make_it_again(model: Folder) -> None:
    from tangent_like.backend.module import read_header

    (model.path / "out").mkdir()
    done = model.type("grad", "model.py:loss", "--wrt", "1,x", "--value", "-o", "out/loss_grad.py")
    assert done.returncode == 0
    header = read_header((model.path / "out/loss_grad.py").read_text())
    assert header is not None
    assert header["source"] == "../model.py:loss"
    assert header["options"] == "--wrt b,x --value"
    assert header["assumes"] == "array x; float b; int steps"
    assert re.fullmatch("[0-9a-f]{64}", header["sha256"])
    assert re.fullmatch("[0-9a-f]{16}", header["text"])
    assert read_header("import numpy as np\n") is None


def test_hash_changes_with_what_the_derivative_can_depend_on_and_with_nothing_else(
    model: Folder,
) -> None:
    from tangent_like.backend.module import read_header

    def digest() -> str:
        header = read_header(model.type("grad", "model.py:loss").stdout)
        assert header is not None
        return header["sha256"]

    first = digest()
    model.put(model=MODEL + "\n\n    def other(x):\n        return x\n")
    assert digest() == first
    model.put(model=MODEL.replace("1 / STEPS", "2 / STEPS"))
    second = digest()
    assert second != first
    model.put(model=MODEL.replace("STEPS = 4", "STEPS = 5"))
    assert digest() not in (first, second)


def test_value_and_several_arguments(model: Folder) -> None:
    model.written("model.py:loss", "--wrt", "b,x", "--value")
    value, (b_bar, x_bar) = _split(
        model.run_alone(f"(lambda v: (v[0], *v[1]))(out.value_and_grad_loss(np.array({X.tolist()}), 0.2))")
    )
    f = model.primal()
    assert value == pytest.approx(f(X, 0.2))
    np.testing.assert_allclose(x_bar, differences(f, (X, 0.2)), rtol=1e-6)
    np.testing.assert_allclose(b_bar, differences(lambda b: f(X, b), (0.2,)), rtol=1e-6)


def _split(values: Any) -> Any:
    return values[0], values[1:]


def test_no_comments(model: Folder) -> None:
    text = model.type("grad", "model.py:loss", "--no-comments").stdout
    body = text[text.index("def grad_loss") :]
    assert "#" not in body


def test_same_text_whatever_the_hash_seed(model: Folder) -> None:
    texts = {model.type("grad", "model.py:loss", "--wrt", "x,b", PYTHONHASHSEED=seed).stdout for seed in "0123"}
    assert len(texts) == 1


def test_written_module_has_nothing_that_ruff_would_find(model: Folder) -> None:
    pytest.importorskip("ruff")
    model.written("model.py:loss")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "out.py"],
        cwd=model.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def on_a_terminal(model: Folder, *argv: str, **env: str) -> str:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tangent_like", *argv],
        cwd=model.path,
        env={**os.environ, "PYTHONPATH": str(REPO), "TERM": "xterm", **env},
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, b"")
    return shown.decode().replace("\r\n", "\n")


def test_colours_only_on_a_terminal_that_wants_them(model: Folder) -> None:
    shown = on_a_terminal(model, "grad", "model.py:loss", NO_COLOR="")
    assert "\x1b[" in shown
    plain = model.type("grad", "model.py:loss").stdout
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == plain
    assert on_a_terminal(model, "grad", "model.py:loss", NO_COLOR="1") == plain
    assert on_a_terminal(model, "grad", "model.py:loss", TERM="dumb", NO_COLOR="") == plain


def test_a_reader_that_leaves_early_is_no_error(model: Folder) -> None:
    command = f"{sys.executable} -m tangent_like grad model.py:loss | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=model.path,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] in ("0", "141")


# -- wrong input --------------------------------------------------------------------------------


def one_line(error: str) -> str:
    assert len(error.splitlines()) == 1, error
    return error


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "COMMAND"),
        (["nonsense"], "nonsense"),
        (["grad"], "FILE.py:FUNCTION"),
        (["grad", "model.py:loss", "--nonsense"], "--nonsense"),
        (["grad", "nothing.py:loss"], "nothing.py: no such file"),
        (["grad", "model.py"], "say model.py:FUNCTION"),
        (["grad", "model.py:"], "is not FILE.py:FUNCTION"),
        (["grad", ":loss"], "is not FILE.py:FUNCTION"),
        (["grad", "loss"], "is not FILE.py:FUNCTION"),
        (["grad", ".:loss"], "is a directory"),
        (["grad", "model.txt:loss"], "not a Python file"),
        (["grad", "model.py:los"], "do you mean loss?"),
        (["grad", "model.py:zzz"], "no function 'zzz'; it has loss"),
        (["grad", "model.py:lo ss"], "not the name of a function"),
        (["grad", "model.py:RATE"], "model.py:5: 'RATE' is not a function"),
        (["grad", "model.py:C.method"], "no class 'C'"),
        (["grad", "model.py:loss", "--wrt", ""], "neither a name nor a number"),
        (["grad", "model.py:loss", "--wrt", "x,,b"], "neither a name nor a number"),
        (["grad", "model.py:loss", "-o", "nowhere/out.py"], "the directory nowhere does not exist"),
        (["grad", "model.py:loss", "-o", "."], "is a directory"),
        (["grad", "model.py:loss", "-o", "/dev/null"], "not a regular file"),
        (["grad", "model.py:loss", "-o", "/dev/null", "--force"], "not a regular file"),
        (["grad", "model.py:loss", "-o", "model.py", "--force"], "is the source"),
        (["grad", "model.py:loss", "-o", "notes.txt"], "was not written by tangent-like"),
        (["grad", "model.py:loss", "-o", "binary"], "was not written by tangent-like"),
        (["check", "nothing.py:loss"], "nothing.py: no such file"),
    ],
)
def test_wrong_input_is_one_line(model: Folder, argv: list[str], said: str) -> None:
    (model.path / "notes.txt").write_text("mine\n")
    (model.path / "binary").write_bytes(b"\xff\xfe\x00")
    error = one_line(model.refused(*argv))
    assert said in error
    assert (model.path / "notes.txt").read_text() == "mine\n"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--wrt", "z"], "loss has no argument 'z'"),
        (["--wrt", "7"], "loss has no argument number 7"),
        (["--wrt", "x,x"], "asked for twice"),
    ],
)
def test_an_argument_that_is_not_there(model: Folder, argv: list[str], said: str) -> None:
    error = model.refused("grad", "model.py:loss", *argv)
    assert said in error
    assert error.startswith("model.py:16:")


def test_an_integer_is_refused_and_one_by_default_only_is_not(folder: Folder) -> None:
    folder.put(model="def loss(x: float, n: int, k=1):\n    return x * n * k\n")
    assert "'n' is of kind int" in folder.refused("grad", "model.py:loss", "--wrt", "n")
    assert folder.type("grad", "model.py:loss", "--wrt", "k").returncode == 0


def test_a_method_is_a_target_and_a_class_is_not(folder: Folder) -> None:
    folder.put(model="class Model:\n    def loss(self, x: float):\n        return self.w * x\n")
    assert "like_object(self, w=" in folder.written("model.py:Model.loss", "--wrt", "self")
    assert "no method 'lss'" in one_line(folder.refused("grad", "model.py:Model.lss"))
    assert "class" in one_line(folder.refused("grad", "model.py:Model"))


@pytest.mark.parametrize("command", ["grad", "check"])
def test_a_syntax_error_is_reported_with_its_line(folder: Folder, command: str) -> None:
    folder.put(model="import math\n\ndef loss(x):\n    return x +\n")
    error = folder.refused(command, "model.py:loss")
    assert error.startswith("model.py:4:")
    assert "syntax error" in error
    assert "return x +" in error


def test_a_syntax_error_in_a_sibling(folder: Folder) -> None:
    folder.put(model="from helper import f\n\ndef loss(x):\n    return f(x)\n", helper="def f(x:\n")
    assert re.search(r"helper\.py:1:\d+: syntax error", folder.refused("grad", "model.py:loss"))


def test_what_is_not_text(folder: Folder) -> None:
    (folder.path / "model.py").write_bytes(b"x = '\xff'\n")
    assert "cannot be read" in folder.refused("grad", "model.py:loss")
    (folder.path / "model.py").write_bytes(b"x = 1\x00\n")
    folder.refused("grad", "model.py:loss")


def test_what_is_not_differentiated_says_where_what_why_and_what_to_do(folder: Folder) -> None:
    folder.put(
        model="def loss(x: float):\n    while x < 3:\n        async def k():\n            pass\n        x = x * 2\n    return x\n"
    )
    error = folder.refused("grad", "model.py:loss", "-o", "out.py")
    first, text, hint = error.splitlines()
    assert first == "model.py:3:9: async is not differentiated"
    assert text.strip() == "async def k():"
    assert hint.strip().startswith("hint: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_no_permission(model: Folder) -> None:
    closed = model.path / "closed"
    closed.mkdir(mode=0o555)
    assert "permission" in one_line(model.refused("grad", "model.py:loss", "-o", "closed/out.py"))


# -- writing ------------------------------------------------------------------------------------


def test_replaces_what_it_wrote_and_else_only_by_force(model: Folder) -> None:
    first = model.written("model.py:loss")
    second = model.written("model.py:loss", "--wrt", "b")
    assert first != second
    out = model.path / "out.py"
    out.write_text("precious = 1\n")
    assert "--force" in one_line(model.refused("grad", "model.py:loss", "-o", "out.py"))
    assert out.read_text() == "precious = 1\n"
    assert model.written("model.py:loss", "--force") == first


def test_a_failure_leaves_what_was_there(model: Folder) -> None:
    before = model.written("model.py:loss")
    model.put(model=MODEL.replace("return s", "yield s"))
    model.refused("grad", "model.py:loss", "-o", "out.py")
    assert (model.path / "out.py").read_text() == before
    assert sorted(p.name for p in model.path.iterdir()) == ["model.py", "out.py"]


def test_permissions_and_links_stay(model: Folder) -> None:
    model.written("model.py:loss")
    out = model.path / "out.py"
    mask = os.umask(0)
    os.umask(mask)
    assert out.stat().st_mode & 0o777 == 0o666 & ~mask
    out.chmod(0o640)
    (model.path / "link.py").symlink_to("out.py")
    assert model.type("grad", "model.py:loss", "--wrt", "b", "-o", "link.py").returncode == 0
    assert (model.path / "link.py").is_symlink()
    assert out.stat().st_mode & 0o777 == 0o640
    assert "with respect to b" in out.read_text()


def test_help(model: Folder) -> None:
    for argv in (["--help"], ["grad", "--help"], ["check", "-h"]):
        done = model.type(*argv)
        assert (done.returncode, done.stderr) == (0, "")
        assert "examples:" in done.stdout
    assert model.type("--version").stdout.startswith("tangent-like ")


def test_the_readme_command() -> None:
    done = Folder(REPO).type("grad", "examples/heat_rod.py:misfit", "--wrt", "conductivity")
    assert (done.returncode, done.stderr) == (0, "")
    assert "def grad_misfit(\n    conductivity: np.ndarray,\n    measured: np.ndarray,\n" in done.stdout


def test_forward_mode_is_asked_for_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "model.py"
    model.write_text("def cube(x: float, n: int = 3):\n    return x**n\n")
    from tangent_like.cli.main import main

    assert main(["grad", f"{model}:cube", "--mode", "forward"]) == 0
    text = capsys.readouterr().out
    assert "def jvp_cube(x: float, n: int = 3, *, x_dot: float):" in text
    assert "# options: --wrt x --mode forward" in text
    assert main(["grad", f"{model}:cube", "--mode", "forward", "--value"]) == 2
    assert "the value comes with the tangent in any case" in capsys.readouterr().err


# -- what is known --------------------------------------------------------------------------------


def test_rules_tell_of_packages_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    from tangent_like.cli.main import main

    pytest.importorskip("scipy")
    assert main(["rules", "scipy.special.gammaln"]) == 0
    assert main(["rules", "gaussian_filter"]) == 0
    told = capsys.readouterr().out
    assert "differentiated in x: entry by entry" in told
    assert "scipy.ndimage.gaussian_filter(" in told
    for name, said in (
        ("stats.norm.logpdf", "differentiated in x, loc, scale"),
        ("np.piecewise", "said as calls of functions that have rules"),
        ("scipy.optimize.brentq", "by the equation that its result solves; its arguments: f, a, b, args"),
    ):
        assert main(["rules", name]) == 0
        assert said in capsys.readouterr().out
    assert main(["rules", "scipy.special.nothing"]) == 2
    assert "nothing is known about" in capsys.readouterr().err
