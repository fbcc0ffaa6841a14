"""Checkpoints: the schedule is the best there is, and derivatives are those of the loop as it stands."""

from __future__ import annotations

import itertools
import math
import tracemalloc
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus.checkpointed import by_places_of_a_list, collected, fibonacci, numbers_written

import tangent_like as tl
from tangent_like.cli.main import main
from tangent_like.runtime import between, extra_turns, first_run, keep_online, revolve


@lru_cache(None)
def best(n: int, slots: int) -> int:
    """The least number of turns to run before the last one is reversed, by trying every schedule."""
    if n <= 1:
        return 0
    if slots == 1:
        return n * (n - 1) // 2
    return min(m + best(m, slots) + best(n - m, slots - 1) for m in range(1, n))


def followed(n: int, slots: int) -> tuple[int, int]:
    """The turns that a schedule runs again, and how many states it has at most."""
    kept = [int(t) for t in first_run(n, slots)[:-1]]
    return by_rows(revolve(n, slots).tolist(), kept, n)


def by_rows(rows: list[list[int]], kept: list[int], n: int) -> tuple[int, int]:
    most, again, wanted = len(kept), 0, n - 1
    for first, last, what in rows:
        assert kept[-1] == first
        again += last - first
        if what == 0:
            kept.append(last)
            most = max(most, len(kept))
        else:
            assert last == wanted
            wanted -= 1
            if what == 2:
                kept.pop()
    assert wanted == -1
    assert not kept
    return again, most


@pytest.mark.parametrize("slots", [1, 2, 3, 7])
def test_no_schedule_runs_less_again(slots: int) -> None:
    for n in range(1, 45):
        again, most = followed(n, slots)
        assert again == best(n, slots) - (n - 1) == extra_turns(n, slots)
        assert most <= slots + 1  # the state before the last turn is kept beside them


@pytest.mark.parametrize(("n", "slots"), [(1000, 10), (1000, 44), (10_000, 20), (100_000, 100)])
def test_long_schedules_are_the_binomial_ones(n: int, slots: int) -> None:
    assert followed(n, slots)[0] == extra_turns(n, slots)


def online(n: int, slots: int) -> tuple[int, int]:
    """As ``followed``, for a loop of which nobody knows the length."""
    kept = np.zeros((0, 3), int)
    for turn in range(n):
        kept = keep_online(kept, turn, slots)
        assert len(kept) <= slots + 1
        assert len(set(kept[:, 0].tolist())) == len(kept)
    return by_rows(between(kept[:, 1], n, slots + 1).tolist(), kept[:, 1].tolist(), n)


@pytest.mark.parametrize(("slots", "worst"), [(1, 1.0), (3, 1.18), (10, 1.5), (40, 1.05)])
def test_without_the_length_little_more_runs_again(slots: int, worst: float) -> None:
    for n in (1, 2, 5, 20, 50, 120, 300, 800):
        again, most = online(n, slots)
        assert most <= slots + 1
        assert again <= worst * extra_turns(n, slots) + 1


def decay(x: float, k: float, n: int) -> float:
    for t in tl.checkpointed(range(n), slots=3):
        x = x * math.exp(-k * x) + 0.01 * t
    return x


def recurrent(h, W, b, xs):
    total = 0.0
    for t in tl.checkpointed(range(1, len(xs)), slots=4):
        h = np.tanh(W @ h + xs[t] * b)
        total += np.sum(h) * xs[t - 1]
    return total * np.sum(h)


def strided(x, n):
    for t in tl.checkpointed(range(n, 0, -2), slots=2):
        x = x * 0.9 + np.sin(x) / t
    return np.sum(x)


def in_place(y, a):
    y = y * 1.0
    z = y
    for i in tl.checkpointed(range(7), 2):
        y[1:] = y[1:] * a + np.sin(y[:-1])
        if i % 2:
            y[0] = y[0] * y[1]
    return np.sum(y * z)


def over_pairs(xs, ys, a):
    s, found = 0.0, [a]
    for i, (v, w) in enumerate(tl.checkpointed(zip(xs, ys, strict=True), slots=2)):
        if i == 1:
            continue
        s = s * a + v * w
        found.append(s * found[-1])
        if s > 2.0:
            break
    return s * sum(found)


def structured(p, n):
    state = {"x": p["x"], "v": 0.0}
    for _ in tl.checkpointed(range(n), slots=3):
        state["v"] = state["v"] - 0.1 * p["k"] * state["x"]
        state["x"] = state["x"] + 0.1 * state["v"]
    return state["x"] * state["v"]


def nested(x, n):
    for _ in tl.checkpointed(range(n), slots=2):
        y = x
        for _ in tl.checkpointed(range(3), slots=2):
            y = np.sin(y) + 0.1 * x
        x = x * y
    return np.sum(x)


def layer(x, W):
    return np.tanh(W @ x) * x


def calls(x, W):
    y = tl.checkpoint(layer)(x, W)
    z = tl.checkpoint(lambda v: layer(v, W) * y)(y)
    return np.sum(z)


def leaves(x, n):
    for _ in tl.checkpointed(range(n), slots=2):
        x = x * x
        if np.sum(x) > 1:
            break
    return np.sum(x)


def until(x, k):
    y = 1.0
    n = 0
    while tl.checkpointed(np.sum(x) > 0.5, slots=3):
        x = x - 0.1 * k * np.sin(x)
        y *= x[1]
        n += 1
        if n > 20:
            break
    return np.sum(x * x) * y


def over_rows(A, w):
    s, h = 0.0, np.zeros(2)
    for row in tl.checkpointed(A, slots=2):
        h = np.tanh(w * h + row)
        s += np.sum(h)
        if s > 3.0:
            break
    return s * np.sum(h)


def counting(x, k):
    for t in tl.checkpointed(itertools.count(), slots=2):
        x = x * (1.0 - 0.1 * k) + 0.001 * k / (t + 1)
        if x < 1.0:
            break
    return x


def within(x, k):
    for t in tl.checkpointed(range(3), slots=2):
        while tl.checkpointed(np.sum(x) > 0.5 * (3 - t), 2):
            x = x * (1.0 - 0.1 * k * x)
    return np.sum(x)


def by_blocks(x, k, n, m):
    total = 0.0
    for t in tl.checkpointed(range(1, n), slots=2, block=m):
        x = x * np.exp(-k * x) + 0.01 * t
        total += np.sum(x)
    return np.sum(x * x) * total


def in_place_and_sums(y, dt):
    y, k = y * 1.0, np.zeros(3)
    z, total = np.zeros(3), 0.0
    for t in tl.checkpointed(range(5), 2):
        v = y[1:]
        k[:] = np.sin(y)
        z = z + k * dt
        y += dt * k
        assert np.all(y < 9.0)
        print("turn", t)
        total += np.sum(v)
    return np.sum(y * z) * total


def left_by_blocks(x):
    for t in tl.checkpointed(range(9), 2, 3):
        x = x * x
        if t > 4:
            break
    return np.sum(x)


def two_names(y):
    y = y * 1.0
    z = y[1:]
    for _ in tl.checkpointed(range(3), slots=2):
        y[0] = y[1] * 2.0
        z[0] = y[0]
    return np.sum(y)


def rows_of_a_list(x):
    rows = [x * 1.0]
    for _ in tl.checkpointed(range(3), slots=2):
        rows[-1][0] = rows[0][1]
        rows.append(np.sin(rows[-1]))
    return np.sum(rows[1])


def listed(x):
    return sum(np.sum(x * t) for t in tl.checkpointed(range(3), 2))


def by_large_numbers(x, n):
    s = 1.0
    for t in tl.checkpointed(range(n), slots=2):
        try:
            s = s + x * (t * 2**31 % 7) / (t - 1)
        except ZeroDivisionError:
            s = s * x
    return s


def leaks(x):
    for k in tl.checkpointed(range(3), slots=2):
        last = x * k
        x = x * 2.0
    return np.sum(last)


X = np.array([0.3, -0.7, 1.1])
W = np.array([[0.2, 0.5, -0.3], [0.4, -0.1, 0.6], [0.7, 0.2, 0.1]])


@pytest.mark.parametrize(
    ("f", "args", "order"),
    [
        (decay, (0.5, 0.3, 10), 2),
        (decay, (0.5, 0.3, 0), 2),
        (decay, (0.5, 0.3, 1), 2),
        (recurrent, (X, W, X + 1, np.linspace(0.2, 1, 7)), 2),
        (strided, (X, 9), 2),
        (in_place, (X, 0.7), 2),
        (over_pairs, (X, X + 1.0, 0.4), 1),
        (over_pairs, (X + 1.0, X + 1.0, 0.4), 1),
        (structured, ({"x": 1.0, "k": 2.0}, 5), 1),
        (nested, (X, 4), 2),
        (calls, (X, W), 2),
        (by_blocks, (X + 1.0, 0.3, 9, 3), 2),
        (by_blocks, (X + 1.0, 0.3, 2, 9), 2),
        (in_place_and_sums, (X, 0.1), 2),
        (by_large_numbers, (0.7, 4), 2),
        (leaves, (0.7 * X, 9), 2),
        (leaves, (X, 0), 2),
        (until, (np.full(3, 0.5), 0.3), 2),
        (over_rows, (np.linspace(0.1, 1, 20).reshape(10, 2), 0.4), 2),
        (counting, (2.0, 0.4), 2),
        (within, (np.full(3, 1.5), 0.4), 2),
        (collected, (X, 0.7, 5), 2),
        (fibonacci, (0.3, 0.4, 5), 2),
        (numbers_written, (X, 0.7, 4), 2),
        (by_places_of_a_list, (X, X + 1.0, 5), 2),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_derivatives(f: Any, args: tuple[Any, ...], order: int) -> None:
    tl.check_grads(f, args, order=order)


def test_the_text_names_the_schedule_and_a_pullback_can_be_called_again() -> None:
    assert "revolve(" in tl.grad(decay).source_for(0.5, 0.3, 10)
    _, pullback = tl.vjp(recurrent, X, W, X + 1, np.linspace(0.2, 1, 7))
    for one, two in zip(pullback(1.0), pullback(1.0), strict=True):
        np.testing.assert_array_equal(one, two)


def test_what_runs_again_computes_what_the_way_back_reads_and_says_nothing(capsys: Any) -> None:
    args = (X, W, X + 1, np.linspace(0.2, 1, 7))
    again = tl.grad(recurrent).source_for(*args).partition("def step_again(")[2].partition("\n\n")[0]
    assert "np.tanh" in again
    assert "total" not in again
    tl.grad(in_place_and_sums)(X, 0.1)
    assert capsys.readouterr().out == "".join(f"turn {t}\n" for t in range(5))


@pytest.mark.parametrize(
    ("f", "args", "said"),
    [
        (left_by_blocks, (X,), "a break in a loop that is checkpointed by blocks"),
        (two_names, (X,), "under the name"),
        (leaks, (X,), "which only a checkpointed loop binds"),
        (rows_of_a_list, (X,), "is written"),
        (listed, (X,), "elsewhere than at the head of a loop"),
    ],
)
def test_refused(f: Any, args: tuple[Any, ...], said: str) -> None:
    with pytest.raises(tl.DifferentiationError, match=said):
        tl.grad(f)(*args)


def test_no_slots() -> None:
    with pytest.raises(ValueError, match="1 is the least"):
        tl.checkpointed(range(3), slots=0)
    with pytest.raises(ValueError, match="1 is the least"):
        tl.checkpointed(range(3), slots=2, block=0)


def long(x, n, slots):
    for _ in tl.checkpointed(range(n), slots=slots):
        x = x - 0.001 * np.sin(x)
    return np.sum(x)


def long_by_blocks(x, n, slots):
    for _ in tl.checkpointed(range(n), slots=slots, block=20):
        x = x - 0.001 * np.sin(x)
    return np.sum(x)


def test_memory_is_that_of_the_slots() -> None:
    x = np.linspace(0, 1, 4000)
    peaks = []
    for f, slots in ((long, 8), (long_by_blocks, 19), (long, 400)):
        df = tl.grad(f)
        df(x, 44, slots)
        tracemalloc.start()
        df(x, 400, slots)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < 0.08 * peaks[2]
    assert peaks[0] < 20 * x.nbytes
    assert peaks[1] < 0.13 * peaks[2]


@tl.reversible
def turned(x: float, y: float, k: float) -> tuple[float, float]:
    x = x + math.sin(k * y)
    return x, y - 0.1 * x


def decay_and_turns(x: float, k: float, n: int) -> float:
    for t in tl.checkpointed(range(n), slots=3):
        x = x * math.exp(-k * x) + 0.01 * t
    y = k
    for _ in range(n):
        x, y = turned(x, y, k)
    return x * y


def test_compiled() -> None:
    pytest.importorskip("numba")
    compiled, plain = (tl.grad(decay_and_turns, (0, 1), jit=jit)(0.5, 0.3, 10) for jit in (True, False))
    assert compiled == pytest.approx(plain)


def until_small(x: float, k: float) -> float:
    while tl.checkpointed(x > 0.1, slots=3):
        x = x * k - 0.01 * math.sin(x)
    return x * x


def test_loops_of_unknown_length_compile() -> None:
    pytest.importorskip("numba")
    compiled, plain = (tl.grad(until_small, (0, 1), jit=jit)(1.0, 0.8) for jit in (True, False))
    assert np.allclose(compiled, plain, rtol=1e-12)



def test_standalone_module(tmp_path: Path) -> None:
    text = "import math\nimport tangent_like as tl\n\n\n"
    body = Path(__file__).read_text(encoding="utf-8")
    text += body[body.index("def decay") : body.index("def recurrent")]
    (tmp_path / "model.py").write_text(text)
    out = tmp_path / "out.py"
    assert not main(["grad", f"{tmp_path / 'model.py'}:decay", "--wrt", "x,k", "-o", str(out)])
    written = out.read_text()
    assert "import tangent_like" not in written and "from tangent_like" not in written
    namespace: dict[str, Any] = {}
    exec(compile(written, str(out), "exec"), namespace)
    assert namespace["grad_decay"](0.5, 0.3, 50) == pytest.approx(tl.grad(decay, (0, 1))(0.5, 0.3, 50))


UNKNOWN = """
import numpy as np
import tangent_like as tl


def recurrent(h, W, b, xs):
    total = 0.0
    for t in tl.checkpointed(range(1, len(xs)), slots=4):
        h = np.tanh(W @ h + xs[t] * b)
        total += np.sum(h) * xs[t - 1]
    return total * np.sum(h)
"""


def test_of_a_file_whose_kinds_are_not_known(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(UNKNOWN)
    out = tmp_path / "out.py"
    assert not main(["grad", f"{tmp_path / 'model.py'}:recurrent", "--wrt", "h,W,b", "-o", str(out)])
    namespace: dict[str, Any] = {}
    exec(compile(out.read_text(), str(out), "exec"), namespace)
    args = (X, W, X + 1, np.linspace(0.2, 1, 12))
    for ours, theirs in zip(namespace["grad_recurrent"](*args), tl.grad(recurrent, (0, 1, 2))(*args), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


# -- the decorator --


@tl.checkpoint
def decorated(x: Any, k: float = 2.0) -> Any:
    return np.sin(k * x) * x


def by_decorated(x: Any) -> Any:
    for _ in range(3):
        x = decorated(x, k=1.5)
    return np.sum(decorated(x))


class Layered:
    def __init__(self) -> None:
        self.w = np.array([0.5, 2.0])

    @tl.checkpoint
    def act(self, x: Any, k: Any = 1.0) -> Any:
        return {"x": np.tanh(self.w * x * k), "k": (k, 2)}

    def loss(self, x: Any) -> Any:
        for _ in range(3):
            found = self.act(x)
            x = found["x"] * found["k"][1]
        return np.sum(x)


@pytest.mark.parametrize("f", [by_decorated, Layered().loss])
def test_decorated_functions_keep_nothing(f: Any) -> None:
    x = np.array([0.4, 0.9])
    tl.check_grads(f, (x,))
    tl.check_grads(f, (x,), order=2)
    text = tl.grad(f).source_for(x)
    forward = text[text.index("_forward(") :].partition("\n\n")[0]
    assert "np." not in forward, "it calls, and keeps the arguments"
    assert decorated.__name__ == "decorated"
    assert np.array_equal(decorated(x), np.sin(2.0 * x) * x)
