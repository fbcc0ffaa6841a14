"""``with tl.grad_of(x) as x_bar``: the user's lines at their place on the way back, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

X = np.array([0.3, -1.2, 2.0])
SEEN: list[Any] = []
LIMIT = 0.5
X4 = np.array([0.3, -1.2, 2.0, 0.7])


def logged(x: np.ndarray) -> float:
    y = x * x
    with tl.grad_of(y) as dy:
        # what flows in
        SEEN.append(dy)
    return np.sum(y * y)


def clipped(x: np.ndarray) -> float:
    y = np.sin(x)
    with tl.grad_of(y) as y_bar:
        y_bar = np.clip(y_bar, -LIMIT, LIMIT)
    return np.sum(y**3)


def replaced_in_place(x: np.ndarray) -> float:
    y = 3.0 * x
    with tl.grad_of(y) as g:
        g[0] = 0.0
        g *= 2.0
    return np.sum(y * x)


def in_a_loop(x: np.ndarray, n: int) -> float:
    h = x
    for i in range(n):
        h = h * h + 0.1 * x
        with tl.grad_of(h) as h_bar:
            size = np.linalg.norm(h_bar)
            SEEN.append((i, float(size)))
            if size > 1.0:
                h_bar = h_bar / size
    return np.sum(h)


def by_hand(x: np.ndarray, n: int) -> np.ndarray:
    hs = [x]
    for _ in range(n):
        hs.append(hs[-1] * hs[-1] + 0.1 * x)
    h_bar, x_bar = np.ones_like(x), np.zeros_like(x)
    for i in range(n - 1, -1, -1):
        size = np.linalg.norm(h_bar)
        h_bar = h_bar / size if size > 1.0 else h_bar
        x_bar += 0.1 * h_bar
        h_bar = 2 * hs[i] * h_bar
    return x_bar + h_bar


def helper(u: np.ndarray, most: float) -> np.ndarray:
    v = u * u
    with tl.grad_of(v) as v_bar:
        v_bar = np.minimum(v_bar, most)
    return v * 2.0


def through_a_helper(x: np.ndarray) -> float:
    return np.sum(helper(x, 0.5) * helper(2.0 * x, 1.0))


def of_a_written_array(x: np.ndarray) -> float:
    y = x * 1.0
    y[0] = y[1] * y[2]
    with tl.grad_of(y) as y_bar:
        y_bar = 10.0 * y_bar
    y[1] = 2.0 * y[1]
    return np.sum(y * y)


def of_shared_memory(x: np.ndarray, here: bool) -> float:
    y = x if here else x.copy()
    y[0] = 3.0 * x[1]
    with tl.grad_of(y) as y_bar:
        y_bar = 2.0 * y_bar
    return np.sum(y * y)


def of_a_number(x: float) -> float:
    y = x * x
    with tl.grad_of(y) as y_bar:
        y_bar = min(y_bar, 1.0)
    return y * 5.0


def of_the_argument(x: np.ndarray) -> float:
    with tl.grad_of(x) as x_bar:
        x_bar = -x_bar
    return np.sum(x * x)


def in_a_branch(x: np.ndarray) -> float:
    y = x * 2.0
    if y[0] > 0:
        with tl.grad_of(y) as y_bar:
            y_bar = 0.0 * y_bar
    return np.sum(y * x)


def with_structure(p: dict[str, Any]) -> float:
    w = p["w"] * p["k"]
    with tl.grad_of(w) as w_bar:
        w_bar = np.clip(w_bar, -1, 1)
    return np.sum(w**3)


def not_used_after(x: np.ndarray) -> float:
    y = x * x
    with tl.grad_of(y) as y_bar:
        y_bar = np.ones_like(y_bar)
    return np.sum(x)


def test_the_function_itself_passes_the_lines_by() -> None:
    SEEN.clear()
    assert logged(X) == np.sum(X**4)
    assert in_a_loop(X, 2) == in_a_loop(X, 2)
    assert not SEEN
    assert sys.gettrace() is sys.gettrace()


def test_log() -> None:
    SEEN.clear()
    np.testing.assert_allclose(tl.grad(logged)(X), 4 * X**3)
    (seen,) = SEEN
    np.testing.assert_allclose(seen, 2 * X**2)
    assert "# what flows in\n    SEEN.append(y_bar)" in tl.grad(logged).source_for(X)


def test_clip_and_replace() -> None:
    np.testing.assert_allclose(tl.grad(clipped)(X), np.clip(3 * np.sin(X) ** 2, -0.5, 0.5) * np.cos(X))
    want = 3.0 * X + 2 * 3.0 * X
    want[0] = 3.0 * X[0]
    np.testing.assert_allclose(tl.grad(replaced_in_place)(X), want)
    assert tl.grad(of_a_number)(0.3) == pytest.approx(0.6)
    np.testing.assert_allclose(tl.grad(of_the_argument)(X), -2 * X)
    np.testing.assert_allclose(tl.grad(in_a_branch)(X), 2 * X)
    np.testing.assert_allclose(tl.grad(in_a_branch)(-X), -4 * X)
    np.testing.assert_allclose(tl.grad(not_used_after)(X), 1 + 2 * X)


def test_loops_and_helpers() -> None:
    SEEN.clear()
    np.testing.assert_allclose(tl.grad(in_a_loop)(X, 3), by_hand(X, 3))
    assert [i for i, _ in SEEN] == [2, 1, 0]
    u, w = X * X, 4 * X * X
    u_bar, w_bar = np.minimum(4 * w, 0.5), np.minimum(4 * u, 1.0)
    np.testing.assert_allclose(tl.grad(through_a_helper)(X), 2 * X * u_bar + 2 * (2 * 2 * X) * w_bar)


def test_written_and_shared_memory() -> None:
    y = np.array([X[1] * X[2], X[1], X[2]])
    bar = 10 * np.array([2 * y[0], 8 * y[1], 2 * y[2]])
    want = np.array([0.0, bar[1] + bar[0] * X[2], bar[2] + bar[0] * X[1]])
    np.testing.assert_allclose(tl.grad(of_a_written_array)(X), want)
    for here in (True, False):
        want = np.array([0.0, 4 * X[1] + 3 * 4 * 3 * X[1], 4 * X[2]])
        np.testing.assert_allclose(tl.grad(of_shared_memory)(X, here), want)


def test_structure() -> None:
    found = tl.grad(with_structure)({"w": X, "k": 1.5})
    np.testing.assert_allclose(found["w"], 1.5 * np.clip(3 * (1.5 * X) ** 2, -1, 1))


def test_second_order_goes_through_the_lines() -> None:
    def slope(x: np.ndarray) -> float:
        return np.sum(tl.grad(clipped)(x))

    inside = np.abs(3 * np.sin(X) ** 2) < 0.5
    s, c = np.sin(X), np.cos(X)
    want = np.where(inside, 6 * s * c * c - 3 * s**3, -0.5 * s)
    np.testing.assert_allclose(tl.grad(slope)(X), want)


def test_unknown_kinds() -> None:
    for f in (clipped, replaced_in_place, of_the_argument):
        names: dict[str, Any] = dict(f.__globals__)
        exec(tl.grad(f).source.replace("np.ndarray", "object"), names)
        np.testing.assert_allclose(names[f"grad_{f.__name__}"](X), tl.grad(f)(X))


def test_forward_mode() -> None:
    SEEN.clear()
    np.testing.assert_allclose(tl.jvp(logged, (X,), (X,))[1], 4 * np.sum(X**4))
    assert not SEEN
    with pytest.raises(tl.DifferentiationError, match="forward mode"):
        tl.jvp(clipped, (X,), (X,))


def test_the_shape_is_kept() -> None:
    def f(x: np.ndarray) -> float:
        y = x * x
        with tl.grad_of(y) as y_bar:
            y_bar = np.sum(y_bar)
        return np.sum(y)

    with pytest.raises(ValueError, match=r"test_grad_of\.py"):
        tl.grad(f)(X)


def test_refusals() -> None:
    def jump(x: np.ndarray) -> float:
        for _ in range(3):
            with tl.grad_of(x) as x_bar:  # noqa: F841
                break
        return np.sum(x)

    def taken(x: np.ndarray) -> float:
        t = x * x
        with tl.grad_of(t) as t_bar:
            x = t_bar
        return np.sum(t * x)

    def expression(x: np.ndarray) -> float:
        with tl.grad_of(x * x) as x_bar:
            print(x_bar)
        return np.sum(x)

    for f, what in ((jump, "a jump"), (taken, "'x'"), (expression, "no name")):
        with pytest.raises(tl.DifferentiationError, match=what):
            tl.grad(f)(X)


def test_a_standalone_module(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text('''
import numpy as np
import tangent_like as tl

LIMIT = 0.5


def loss(x: np.ndarray) -> float:
    y = np.sin(x)
    with tl.grad_of(y) as dy:
        dy = np.clip(dy, -LIMIT, LIMIT)
    return np.sum(y ** 3)
''')
    out = tmp_path / "out.py"
    command = [sys.executable, "-m", "tangent_like", "grad", f"{file}:loss", "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    assert "import tangent_like" not in out.read_text()
    names: dict[str, Any] = {}
    exec(out.read_text(), names)
    np.testing.assert_allclose(names["grad_loss"](X), tl.grad(clipped)(X))


def test_it_is_shown() -> None:
    assert "on the way back" in str(tl.explain(clipped, X))
    assert "with grad_of(y) as y_bar:" in str(tl.grad(clipped).stages_for(X))


# -- held against a function with the same rule -------------------------------------------------------


@tl.custom_vjp
def sc(x, k):  # type: ignore[no-untyped-def]
    return x * 1.0



@sc.defvjp
def sc_vjp(b, y, x, k):  # type: ignore[no-untyped-def]
    return (k * b, None)



def a1(x):  # type: ignore[no-untyped-def]
    y = x * 2
    with tl.grad_of(y) as d:
        d = d * 3
    y = np.sin(y) * x
    with tl.grad_of(y) as d:
        d = d * 5
    z = y
    with tl.grad_of(z) as d:
        d = d * 7
    return np.sum(y * z)



def b1(x):  # type: ignore[no-untyped-def]
    y = x * 2
    y = sc(y, 3.0)
    y = np.sin(y) * x
    y = sc(y, 5.0)
    z = sc(y, 7.0)
    return np.sum(y * z)



def a2(x, n):  # type: ignore[no-untyped-def]
    y = x.copy()
    k = 0
    while k < n:
        if k % 2:
            with tl.grad_of(y) as g:
                g = g * (k + 1.0)
        y = np.sin(y) + x
        k += 1
    return np.sum(y)



def b2(x, n):  # type: ignore[no-untyped-def]
    y = x.copy()
    k = 0
    while k < n:
        if k % 2:
            y = sc(y, k + 1.0)
        y = np.sin(y) + x
        k += 1
    return np.sum(y)



def a3(x):  # type: ignore[no-untyped-def]
    y = np.zeros(4)
    for i in range(4):
        t = x[i] * x[i]
        with tl.grad_of(t) as tb:
            tb = tb * 2.0
        y[i] = t
        with tl.grad_of(y) as yb:
            yb[i] *= 0.5
    return np.sum(y ** 2)



def b3(x):  # type: ignore[no-untyped-def]
    y = np.zeros(4)
    for i in range(4):
        y[i] = x[i] * x[i]
    return np.sum(y ** 2)



def a4(x):  # type: ignore[no-untyped-def]
    try:
        y = np.sqrt(np.abs(x))
        with tl.grad_of(y) as yb:
            yb = yb * 4.0
    except ValueError:
        y = x
    v = y[1:]
    with tl.grad_of(v) as vb:
        vb = vb * 2
    return np.sum(v * v) + np.sum(y)



def b4(x):  # type: ignore[no-untyped-def]
    y = sc(np.sqrt(np.abs(x)), 4.0)
    v = sc(y[1:], 2.0)
    return np.sum(v * v) + np.sum(y)



def a5(x):  # type: ignore[no-untyped-def]
    a, b = (x[:2], x[2:])
    with tl.grad_of(a) as ab:
        ab = ab * 2
    return np.sum(a * b)



def b5(x):  # type: ignore[no-untyped-def]
    a, b = (x[:2], x[2:])
    a = sc(a, 2.0)
    return np.sum(a * b)



def a6(x):  # type: ignore[no-untyped-def]
    xs = []
    for i in range(4):
        v = x[i] * 2
        with tl.grad_of(v) as vb:
            vb = vb * (i + 1)
        xs.append(v * v)
    return sum(xs)



def b6(x):  # type: ignore[no-untyped-def]
    s = 0.0
    for i in range(4):
        v = sc(x[i] * 2, i + 1.0)
        s += v * v
    return s


@pytest.mark.parametrize(
    ("f", "same", "args"),
    [(a1, b1, (X4,)), (a2, b2, (X4, 5)), (a3, b3, (X4,)), (a4, b4, (X4,)), (a5, b5, (X4,)), (a6, b6, (X4,))],
    ids=lambda p: getattr(p, "__name__", ""),
)
def test_as_an_identity_with_a_rule(f: Any, same: Any, args: tuple[Any, ...]) -> None:
    assert f(*args) == same(*args)
    np.testing.assert_allclose(tl.grad(f)(*args), tl.grad(same)(*args), rtol=1e-14)
    np.testing.assert_allclose(tl.vjp(f, *args)[1](0.5)[0], 0.5 * tl.grad(same)(*args), rtol=1e-14)
