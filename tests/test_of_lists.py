"""Text without kinds for lists of numbers, where a program is refused for whatever else its arguments may be."""

from __future__ import annotations

import importlib.util
import textwrap
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.cli.main import main

PROGRAMS = textwrap.dedent(
    '''
    from itertools import accumulate, combinations


    def quick(x):
        if len(x) <= 1:
            return x
        p = x[len(x) // 2]
        return quick([v for v in x if v < p]) + [p] + quick([v for v in x if v > p])


    def ranked(xs):
        return sum((k + 1) * v * v for k, v in enumerate(quick(xs)))


    def sums(xs):
        return sum(s * s for s in accumulate(xs))


    def pairs(xs, a):
        return a * sum(p * q for p, q in combinations(xs, 2))


    def place(xs):
        k = xs.index(max(xs))
        return xs[k] * xs[k - 1]


    def windows(x):
        return sum(x[:2]) * x[0]


    def joined(c, t):
        if len(c) == 1:
            return c[0]
        return c[0] + t * joined(c[1:], t)


    def pushed(p, u):
        p.append(u * u)


    def longer(p, b):
        pushed(p, b)
        return b


    def shorter(p, b):
        del p[0]
        return b


    def another_key(p, b):
        p["new"] = b
        return b
    '''
)
XS = [0.4, 1.7, 0.9, 1.2]
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "ranked": (XS,), "sums": (XS,), "place": (XS,), "joined": (XS, 0.7), "windows": (XS,),
}  # fmt: skip


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("of_lists")
    (folder / "programs.py").write_text(PROGRAMS)
    return folder


def derived(folder: Path, name: str, mode: str) -> ModuleType:
    out = folder / f"{mode}_{name}.py"
    assert not main(["grad", "--mode", mode, f"{folder / 'programs.py'}:{name}", "-o", str(out)])
    return loaded(out)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_derivatives_by_lists_are_right(name: str, folder: Path) -> None:
    primal = getattr(loaded(folder / "programs.py"), name)
    xs, *rest = ARGUMENTS[name]
    assert isinstance(xs, list)
    gradient = getattr(derived(folder, name, "reverse"), f"grad_{name}")(list(xs), *rest)
    assert type(gradient) is list
    pushed = getattr(derived(folder, name, "forward"), f"jvp_{name}")
    for k in range(len(xs)):
        up, down = ([*xs[:k], xs[k] + h, *xs[k + 1 :]] for h in (1e-6, -1e-6))
        slope = (primal(up, *rest) - primal(down, *rest)) / 2e-6
        assert gradient[k] == pytest.approx(slope, rel=1e-6, abs=1e-7)
        dots = [1.0 if j == k else 0.0 for j in range(len(xs))]
        assert pushed(list(xs), *rest, dots)[1] == pytest.approx(slope, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("value", [np.array(XS), tuple(XS), [[0.4], [1.7]], [np.ones(2), np.ones(2)]])
@pytest.mark.parametrize("name", ["ranked", "place"])
def test_what_is_no_list_of_numbers_is_refused(name: str, value: object, folder: Path) -> None:
    with pytest.raises(ValueError, match="this derivative is for a list of numbers as xs"):
        getattr(derived(folder, name, "reverse"), f"grad_{name}")(value)


def test_what_is_read_item_by_item_may_be_an_array_as_well(folder: Path) -> None:
    gradient = derived(folder, "sums", "reverse").grad_sums
    by_array = gradient(np.array(XS))
    assert isinstance(by_array, np.ndarray)
    assert gradient(list(XS)) == pytest.approx(by_array.tolist(), rel=1e-15)
    with pytest.raises(ValueError, match="this derivative is for real numbers in xs"):
        gradient([[0.4], [1.7]])


def test_what_may_be_an_array_or_a_list_is_taken_for_an_array(folder: Path) -> None:
    primal, gradient = loaded(folder / "programs.py").pairs, derived(folder, "pairs", "reverse").grad_pairs
    x, h = np.array(XS), 1e-6
    slopes = [(primal(x + h * e, 0.7) - primal(x - h * e, 0.7)) / (2 * h) for e in np.eye(len(x))]
    np.testing.assert_allclose(gradient(x, 0.7), slopes, rtol=1e-6)
    with pytest.raises(ValueError, match="this derivative is for an array of one axis as xs"):
        gradient(list(XS), 0.7)


def test_what_works_for_arrays_asks_for_no_list(folder: Path) -> None:
    text = (folder / "reverse_joined.py").read_text() if derived(folder, "joined", "reverse") else ""
    assert "this derivative is for a list" not in text


@pytest.mark.parametrize(
    ("name", "given"), [("longer", [1.0, 2.0]), ("shorter", [1.0, 2.0]), ("another_key", {"a": 1.0, "n": 3})]
)
def test_what_is_written_and_not_read_has_the_zeros_of_what_was_given(
    name: str, given: list[float] | dict[str, float], folder: Path
) -> None:
    out = folder / f"both_{name}.py"
    assert not main(["grad", f"{folder / 'programs.py'}:{name}", "--wrt", "p,b", "-o", str(out)])
    found, slope = getattr(loaded(out), f"grad_{name}")(given, 0.5)
    assert found == ({"a": 0.0, "n": None} if isinstance(given, dict) else [0.0, 0.0]) and slope == 1.0


def two_buffers(u, k):
    a, b = u.copy(), np.empty_like(u)
    for _ in range(4):
        b[0], b[-1] = a[0], a[-1]
        b[1:-1] = a[1:-1] + k * (a[2:] - 2 * a[1:-1] + a[:-2])
        a, b = b, a
    return np.sum(a**2)


def test_arrays_that_share_memory_beside_numbers():
    """Only what is used as no number can be is an array: the text takes either for ``k``."""
    scope = dict(globals())
    exec(compile(tl.grad(two_buffers, (0, 1)).source, "<text>", "exec"), scope)
    u = np.random.default_rng(0).normal(size=6)
    for k in (0.2, np.linspace(0.1, 0.3, 4)):
        for one, other in zip(scope["grad_two_buffers"](u, k), tl.grad(two_buffers, (0, 1))(u, k), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12)
