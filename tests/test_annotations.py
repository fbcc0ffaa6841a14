"""Kinds from annotations alone: the text is as plain as with arguments, and checks what it takes for granted."""

# ruff: noqa: F722, F821, UP037 - the texts in the annotations are sizes

from __future__ import annotations

import ast
import inspect
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from folder import Folder
from jaxtyping import Float, Float32, Float64, Int

import tangent_like as tl
from tangent_like.kinds.annotation import kind_of_annotation, stated_sizes
from tangent_like.kinds.dims import fixed, symbol
from tangent_like.kinds.kind import UNKNOWN, Array, ListOf, Scalar

Vec = Float[np.ndarray, "d"]


def ridge(
    w: Float[np.ndarray, "d"], b: float, X: Float[np.ndarray, "n d"], y: Float[np.ndarray, "n"], lam: float
) -> float:
    r = X @ w + b - y
    return np.mean(r**2) + lam * np.sum(w**2)


def net(W: "Float64[np.ndarray, 'h d']", c: Float64[np.ndarray, "h"], X: Float64[np.ndarray, "n d"]) -> float:
    Z = np.tanh(X @ W.T + c)
    return np.sum(Z**2)


def smooth(x: Vec, y: Vec, z: Float[np.ndarray, "d-1"]) -> float:
    return np.sum((x[1:] - x[:-1]) * z) + np.sum(x * y)


def lookup(t: Float[np.ndarray, "m"], k: Int[np.ndarray, "n"], s: Float[np.ndarray, "1 m"]) -> float:
    total = 0.0
    for i in range(len(t)):
        total += t[i] ** 3
    return total + np.sum(t[k]) + np.sum((s + t) ** 2)


def cubes(t: npt.NDArray[np.float64]) -> float:
    total = 0.0
    for i in range(len(t)):
        total += t[i] ** 3
    return total


def single(x: Float32[np.ndarray, "n"], k: Float[np.ndarray, "n"]) -> float:
    return np.sum(np.sin(x) * k)


rng = np.random.default_rng(3)
N = rng.normal
PROGRAMS: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "ridge": (ridge, ("w", "b"), (N(size=3), 0.2, N(size=(7, 3)), N(size=7), 0.1)),
    "net": (net, ("W", "c", "X"), (N(size=(2, 3)), N(size=2), N(size=(5, 3)))),
    "smooth": (smooth, ("x", "z"), (N(size=4), N(size=4), N(size=3))),
    "lookup": (lookup, ("t", "s"), (N(size=6), np.array([0, 2, 2]), N(size=(1, 6)))),
    "cubes": (cubes, "t", (N(size=6),)),
    "single": (single, ("x", "k"), (N(size=4).astype("float32"), N(size=4))),
}


def body(text: str) -> str:
    """The function without its checks."""
    tree = ast.parse(text)
    function = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("grad_"))
    checks = [s for s in function.body if isinstance(s, ast.If) and "this derivative is for" in ast.unparse(s)]
    return ast.unparse([s for s in function.body if s not in checks])  # type: ignore[arg-type]


def apart(found: Any) -> Any:
    return found if isinstance(found, tuple) else (found,)


def run(text: str) -> Any:
    space: dict[str, Any] = {}
    exec(text, space)
    return next(v for k, v in space.items() if k.startswith("grad_"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_text_is_that_of_the_arguments(name: str) -> None:
    f, wrt, args = PROGRAMS[name]
    text = tl.grad(f, wrt).source
    assert body(text) == body(tl.grad(f, wrt).source_for(*args))
    assert "tangent_like" not in text
    for mine, live in zip(apart(run(text)(*args)), apart(tl.grad(f, wrt)(*args)), strict=True):
        np.testing.assert_array_equal(mine, live)
        assert np.asarray(mine).dtype == np.asarray(live).dtype


@pytest.mark.parametrize("name", PROGRAMS)
def test_from_a_file_that_is_only_read(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tangent_like.cli.main import main

    f, wrt, args = PROGRAMS[name]
    head = "import jaxtyping as jt\nimport numpy as np\nimport numpy.typing as npt\nfrom jaxtyping import Float as F, Int\n"
    source = textwrap.dedent(inspect.getsource(f)).replace("Float32[", "jt.Float32[")
    source = source.replace("Float64[", "jt.Float64[")
    file = tmp_path / "model.py"
    file.write_text(f'{head}Vec = F[np.ndarray, "d"]\n\n\n{source.replace("(Float[", "(F[").replace(" Float[", " F[")}')
    assert main(["grad", f"{file}:{name}", "--wrt", ",".join(wrt) if isinstance(wrt, tuple) else wrt]) == 0
    text = capsys.readouterr().out
    assert "jaxtyping" not in text.partition("\n\n")[2]
    assert body(text) == body(tl.grad(f, wrt).source)
    for mine, live in zip(apart(run(text)(*args)), apart(tl.grad(f, wrt)(*args)), strict=True):
        np.testing.assert_array_equal(mine, live)


def test_what_is_taken_for_granted_is_checked() -> None:
    g = run(tl.grad(ridge, ("w", "b")).source)
    args = PROGRAMS["ridge"][2]
    g(*args)
    for k, wrong in ((0, np.ones((3, 1))), (0, np.ones(3, "float32")), (2, np.ones(3)), (3, np.ones(6))):
        with pytest.raises(ValueError, match=r"this derivative is for|could not be broadcast"):
            g(*args[:k], wrong, *args[k + 1 :])
    z = run(tl.grad(smooth, "z").source)
    with pytest.raises(ValueError, match="this derivative is for"):
        z(np.ones(4), np.ones(4), np.ones(4))
    other = (np.arange(3.0), np.array([1]), N(size=(2, 3)))  # rows that the annotation does not have
    for wrt in ("t", "s"):
        try:
            found = run(tl.grad(lookup, wrt).source)(*other)
        except ValueError as error:
            assert "this derivative is for" in str(error)  # noqa: PT017
        else:
            np.testing.assert_allclose(found, tl.grad(lookup, wrt)(*other))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("float", Scalar("float")),
        ("np.float32", Scalar("float", "float32")),
        ("'np.ndarray'", Array(None, None)),
        ("NDArray[np.float64]", Array(None, "float64")),
        ("numpy.typing.NDArray[np.floating]", Array(None, None)),
        ("np.ndarray[tuple[int], np.dtype[np.float32]]", Array((symbol("x.shape[0]"),), "float32")),
        ("np.ndarray[tuple[int, ...], np.dtype[np.float64]]", Array(None, "float64")),
        ("Float[Array, '']", Array((), "float64")),
        ("Float[np.ndarray, '... n']", Array(None, "float64")),
        ("Float[np.ndarray, '*batch n']", Array(None, "float64")),
        ("Num[np.ndarray, 'n']", Array((symbol("x.shape[0]"),), None)),
        ("Bool[np.ndarray, '#n']", Array((symbol("x.shape[0]"),), "bool")),
        ("list[float]", ListOf(Scalar("float"))),
        ("float | None", UNKNOWN),
        ("Float[np.ndarray, n]", UNKNOWN),
        ("dict[str, np.ndarray]", UNKNOWN),
        ("x y", UNKNOWN),
    ],
)
def test_one_annotation(text: str, kind: Any) -> None:
    assert kind_of_annotation(text, "x") == kind


def test_sizes_by_name() -> None:
    found = stated_sizes(
        {"a": "Float[A, 'n m']", "b": "Float[np.ndarray, 'n 3']", "c": "Float[Array, '_ #m m+1 rows=4']",
         "d": "Float[Array, 'n*2 m k-1']", "e": "Float[Array, '*n m']", "f": "float"}
    )  # fmt: skip
    assert found == {
        "b.shape[1]": fixed(3), "c.shape[3]": fixed(4), "c.shape[2]": symbol("d.shape[1]") + fixed(1),
    }  # fmt: skip


def test_on_the_command_line_the_header_says_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put(
        model="""\
            from jaxtyping import Float
            import numpy as np

            def loss(x: Float[np.ndarray, "n d"], y: np.ndarray, k: int) -> float:
                return np.sum(x) * k
        """
    )
    assert "# assumes: float64 array of rank 2 x; array y; int k\n" in folder.type("grad", "model.py:loss").stdout
