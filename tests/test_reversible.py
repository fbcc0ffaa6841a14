"""Steps that are taken back: derivatives are those of the loop as it stands, and nothing of it is kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.cli.main import main

MODEL = '''
import math
from dataclasses import dataclass

import numpy as np

import tangent_like as tl


def force(q, k):
    return -k * np.sin(q)


@tl.reversible
def leapfrog(q, p, k, dt):
    p = p + 0.5 * dt * force(q, k)
    q = q + dt * p
    p = p + 0.5 * dt * force(q, k)
    return q, p


def orbit(q, p, k, n):
    """The pendulum's energy, after n steps."""
    for _ in range(n):
        q, p = leapfrog(q, p, k, 0.02)
    return np.sum(0.5 * p * p - k * np.cos(q))


@tl.reversible
def couple(x1, x2, W, V):
    y1 = x1 + np.tanh(W @ x2)
    y2 = x2 + np.tanh(V @ y1)
    return y2, y1


def network(x, W, V):
    n = len(x) // 2
    x1, x2 = x[:n], x[n:]
    for k in range(len(W)):
        x1, x2 = couple(x1, x2, W[k], V[k])
    return np.sum(x1 * x2 ** 2)


def log_by(y, a):
    return math.log(y) / a


@tl.reversible(inverse=log_by)
def exp_by(x, a):
    return math.exp(a * x)


def tower(x, a, n):
    for _ in range(n):
        x = exp_by(x, a)
    return x * a


@dataclass
class Phase:
    q: np.ndarray
    p: np.ndarray

    @tl.reversible
    def after(self, dt):
        q = self.q + dt * np.sin(self.p)
        return Phase(q, self.p - dt * q)


def phases(q, p, k, n):
    here = Phase(q, p)
    for _ in range(n):
        here = here.after(k)
    return np.sum(here.q * here.p)


def unmixed(new, k):
    s = new["s"]
    return {"s": {"x": s["x"], "y": s["y"] - k * np.sin(new["r"])}, "r": np.log(new["r"]) / k}


@tl.reversible(inverse=unmixed)
def mixed(state, k):
    r = np.exp(k * state["r"])
    return {"r": r, "s": {"x": state["s"]["x"], "y": state["s"]["y"] + k * np.sin(r)}}


def mixes(state, k, n):
    for _ in range(n):
        state = mixed(state, k)
    return np.sum(state["s"]["x"] * state["s"]["y"] * state["r"])
'''
space: dict[str, Any] = {}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("reversible") / "model.py"
    path.write_text(MODEL)
    found: dict[str, Any] = {"__name__": "model_of_steps", "__file__": str(path)}
    exec(compile(MODEL, str(path), "exec"), found)
    return path, found


Q, P = np.array([0.3, 0.9, -0.4]), np.array([1.0, -0.2, 0.5])
RNG = np.random.default_rng(0)
WEIGHTS = (RNG.normal(size=6), 0.4 * RNG.normal(size=(4, 3, 3)), 0.4 * RNG.normal(size=(4, 3, 3)))
PROGRAMS = {
    "orbit": ((Q, P, 1.3, 9), "q,p,k"),
    "network": (WEIGHTS, "x,W,V"),
    "tower": ((0.3, 0.5, 4), "x,a"),
    "phases": ((Q, P, 0.3, 4), "q,p,k"),
    "mixes": (({"r": Q + 1.0, "s": {"x": P, "y": Q}}, 0.2, 2), "state,k"),
}


def plain(name: str) -> Any:
    """The program as it would be without the decorator."""
    text = re.sub(r" *@tl.reversible.*\n", "", MODEL)
    found: dict[str, Any] = {}
    exec(text, found)
    return found[name]


@pytest.mark.parametrize("name", PROGRAMS)
def test_written_modules_keep_nothing_and_agree(name: str, model: Any, tmp_path: Path) -> None:
    path, _ = model
    args, wrt = PROGRAMS[name]
    out = tmp_path / "out.py"
    assert not main(["grad", f"{path}:{name}", "--wrt", wrt, "-o", str(out)])
    text = out.read_text()
    assert "append" not in text and "import tangent_like" not in text and "from tangent_like" not in text
    found: dict[str, Any] = {}
    exec(compile(text, str(out), "exec"), found)
    steps = tl.numeric.grad(plain(name), tuple(range(len(wrt.split(",")))))(*args)
    for ours, theirs in zip(parts(found[f"grad_{name}"](*args)), parts(steps), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-8)


def parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [part for key in sorted(value) for part in parts(value[key])]
    return [part for one in value for part in parts(one)] if isinstance(value, tuple) else [value]


def force(q: Any, k: Any) -> Any:
    return -k * np.sin(q)


@tl.reversible
def verlet(q: Any, p: Any, k: Any, dt: Any) -> Any:
    p_half = p + 0.5 * dt * force(q, k)
    q_new = q + dt * p_half
    return q_new, p_half + 0.5 * dt * force(q_new, k)


def along(q: Any, p: Any, k: Any, n: Any) -> Any:
    for t in range(n):
        q, p = verlet(q, p, k, 0.01 * (t + 1))
    return np.sum(q * p)


@tl.reversible
def affine(x: Any, y: Any, w: Any) -> Any:
    scale = np.exp(np.tanh(w * x))
    shift = 0.0
    for k in range(2):
        shift = shift + np.sin(w * x) / (k + 1)
    z = -(shift - y * scale) / 2.0
    return z, x


def flow(x: Any, y: Any, w: Any, n: Any) -> Any:
    total = 0.0
    for _ in range(n):
        x, y = affine(x, y, w)
        total += np.sum(x * y)
    return total


def several(q: Any, p: Any, k: Any) -> Any:
    """Steps one after the other, with names of their own, in branches, and what is read in between."""
    q, p = verlet(q, p, k, 0.1)
    early = np.sum(q * q)
    q2, p2 = verlet(q, p, k, 0.2)
    if early > 0.0:
        q2, p2 = verlet(p2, q2, k, 0.1)
    else:
        q2 = q2 * 2.0
    p, q = verlet(q, p + q2, early, 0.1)
    return np.sum(q * p) * early + np.sum(p2 * q2)


def swapped(q: Any, p: Any, k: Any, n: Any) -> Any:
    for _ in range(n):
        q, p = verlet(q, p, k, 0.1)
        q, p = p, q
    return np.sum(q * p * p)


def until(q: Any, p: Any, k: Any) -> Any:
    n = 0
    while np.sum(q) < 3.0 and n < 50:
        q, p = verlet(q, p, k, 0.1)
        n += 1
        if np.sum(p) < 0.0:
            break
    return np.sum(q * q) + n


def half_of(q: Any, p: Any, k: Any, n: Any) -> Any:
    for _ in range(n):
        q, p = verlet(q, p, k, 0.1)
    return q, p


def by_helper(q: Any, p: Any, k: Any, n: Any) -> Any:
    q, p = half_of(q, p, k, n)
    q, p = half_of(q + 1.0, p, k * k, n)
    return np.sum(q * p)


@tl.reversible
def in_a_tuple(state: Any, k: Any) -> Any:
    q, p = state
    p = p - 0.1 * k * q
    return q + 0.1 * p, p


def tupled(q: Any, p: Any, k: Any, n: Any) -> Any:
    state = q, p
    for _ in range(n):
        state = in_a_tuple(state, k)
    return np.sum(state[0] * state[1])


@tl.reversible
def coupled(a: Any, b: Any, w: Any) -> Any:
    a = [a[0] + np.sin(w["k"] * b.p), a[1]]
    return a, b._replace(p=b.p + np.tanh(a[0] * a[1]))


class Moment(NamedTuple):
    p: Any


def several_states(q: Any, p: Any, k: Any, n: Any) -> Any:
    a, b = [q, q * q], Moment(p)
    for _ in range(n):
        a, b = coupled(a, b, {"k": k})
    return np.sum(a[0] * a[1] * b.p)


class Layers:
    def __init__(self) -> None:
        self.w = np.array([0.5, 2.0, -1.0])

    @tl.reversible
    def mix(self, x: Any, y: Any) -> Any:
        x = x + np.tanh(self.w * y)
        return x, y + np.sin(self.w * x)

    def loss(self, x: Any, y: Any) -> Any:
        for _ in range(3):
            x, y = self.mix(x, y)
        return np.sum(x * y)


def closed(x: Any, k: Any) -> Any:
    step = tl.reversible(lambda v, w: (v + w * k, w), lambda v, w: (v - w * k, w))
    y = x * x
    for _ in range(3):
        x, y = step(x, y)
    return np.sum(x * y)


CASES: list[tuple[Any, tuple[Any, ...], int]] = [
    (along, (Q, P, 1.3, 0), 1),
    (flow, (Q, P, 0.4, 3), 1),
    (several, (Q, P, 0.4), 1),
    (until, (Q, P, 0.4), 1),
    (by_helper, (Q, P, 0.4, 3), 1),
    (tupled, (Q, P, 0.4, 3), 1),
    (several_states, (Q, P, 0.4, 3), 2),
    (Layers().loss, (Q, P), 1),
    (closed, (Q, 0.4), 1),
]


@pytest.mark.parametrize(("f", "args", "order"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_derivatives(f: Any, args: tuple[Any, ...], order: int) -> None:
    tl.check_grads(f, args, order=order)


@pytest.mark.parametrize("f", [along, swapped, flow, several_states])
def test_nothing_is_kept(f: Any) -> None:
    args = (Q, P, 0.4, 4)
    text = tl.grad(f, (0, 1, 2)).source_for(*args)
    assert "append" not in text[text.index("def grad_") :]


def fading(x: Any, n: Any) -> Any:
    step = tl.reversible(lambda u: 0.5 * u + 1.0)
    for _ in range(n):
        x = step(x)
    return np.sum(x)


def wrong(x: Any, n: Any) -> Any:
    step = tl.reversible(lambda u: 0.5 * u + 1.0, lambda u: 2.0 * (u - 1.001))
    for _ in range(n):
        x = step(x)
    return np.sum(x)


def test_a_way_back_that_does_not_arrive_is_an_error() -> None:
    tl.grad(fading)(Q, 10)
    with pytest.raises(ArithmeticError, match="does not arrive where it began"):
        tl.grad(fading)(Q, 60)  # errors of rounding are 2 ** 60 times as large
    with pytest.raises(ArithmeticError, match="inverse of"):
        tl.grad(wrong)(Q, 1)


@tl.reversible(inverse=np.sqrt)
def square(x: Any) -> Any:
    return x * x


def squares(x: Any) -> Any:
    x, y = x + 2.0, x
    return np.sum(square(x) * square(y))


def test_a_step_that_does_not_invert_is_found_and_named() -> None:
    for f, args, _ in CASES[2:4]:
        tl.check_reversible(f, *args)
    tl.check_reversible(square, abs(Q))
    line = square.__wrapped__.__code__.co_firstlineno + 1
    for check in (lambda: tl.check_reversible(squares, Q), lambda: tl.check_grads(squares, (Q,))):
        with pytest.raises(AssertionError, match=rf"test_reversible.py:{line}: square .* x comes back off by 0.8"):
            check()


@tl.reversible
def sine(x: Any) -> Any:
    return np.sin(x)


@tl.reversible
def wider(x: Any) -> Any:
    return x + np.zeros((2, 3))


@tl.reversible
def written(x: Any, k: Any) -> Any:
    x += k
    return x


@tl.reversible
def changed(state: Any) -> Any:
    state["x"] = state["x"] * 2.0
    return state


@tl.reversible
def grown(state: Any) -> Any:
    return {**state, "y": state["x"]}


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda x: np.sum(changed({"x": x})["x"]), "which is to be reversible and writes into its state"),
        (lambda x: np.sum(grown({"x": x})["x"]), "returns another structure than that of its first arguments"),
        (lambda x: np.sum(sine(x)), "no derived inverse: what 'x' was is not told"),
        (lambda x: np.sum(wider(x)), "returns 'x' in another shape"),
        (lambda x: np.sum(written(x, 0.1)), "does more than assign to names"),
    ],
    ids=["changed", "grown", "sine", "wider", "written"],
)
def test_refused(f: Any, said: str) -> None:
    with pytest.raises(tl.DifferentiationError, match=said):
        tl.grad(f)(Q)


def test_the_drift_of_leapfrog_is_rounding() -> None:
    """The figure of docs/beyond-backpropagation.md."""
    n, dt = 10_000, 0.02
    q, p = Q, P
    for _ in range(n):
        q, p = verlet(q, p, 1.3, dt)
    for _ in range(n):
        q_old = q - dt * (p - 0.5 * dt * force(q, 1.3))
        p = p - 0.5 * dt * force(q, 1.3) - 0.5 * dt * force(q_old, 1.3)
        q = q_old
    assert max(np.max(np.abs(q - Q)), np.max(np.abs(p - P))) < 1e-11
