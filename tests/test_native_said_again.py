"""Windows, and arrays of what is cheap to say, as Numba compiles them: nothing is said that has changed meanwhile."""

from __future__ import annotations

import math

import numpy as np
import pytest
from test_native_programs import agree

import tangent_like as tl

pytest.importorskip("numba")

RNG = np.random.default_rng(11)


def hold(f, *calls) -> None:
    ours, theirs = tl.grad(f, jit=True), tl.grad(f)
    for args in calls:
        assert np.allclose(ours(*args), theirs(*args), rtol=1e-11, atol=1e-13)


def lowest_paths(E: np.ndarray) -> float:
    h, w = E.shape
    M = np.zeros((h, w))
    M[0] = E[0]
    for i in range(1, h):
        for j in range(w):
            lo = max(j - 1, 0)
            hi = min(j + 2, w)
            M[i, j] = E[i, j] + np.min(M[i - 1, lo:hi])
    return np.min(M[h - 1]) + np.max(M[h - 1])


def test_windows_are_loops_without_memory_of_their_own() -> None:
    tied = np.ones((4, 5))
    odd = RNG.normal(size=(4, 5))
    odd[1, 2], odd[2, 3] = np.inf, -np.inf
    text = agree(lowest_paths, (0,), (RNG.normal(size=(5, 7)),), (tied,), (tied[:, :1],), (tied[:1],), (odd,))
    said = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert "np.min(" not in said and "np.empty(" not in said.partition("E_bar = ")[2]
    odd[1, 1] = np.nan
    with np.errstate(invalid="ignore"):
        found, expected = tl.grad(lowest_paths, jit=True)(odd), tl.grad(lowest_paths)(odd)
    np.testing.assert_array_equal(found, expected)


def windowed(x: np.ndarray, lo: int, hi: int) -> float:
    return np.max(x[lo:hi]) * 2 + np.min(x[lo:hi] * x[lo:hi])


def test_of_an_empty_window_there_is_no_largest() -> None:
    x = RNG.normal(size=6)
    hold(windowed, *((x, *ends) for ends in ((0, 6), (1, 9), (-3, -1), (-9, 2), (5, 6), (0, -1))))
    df = tl.grad(windowed, jit=True)
    for ends in ((3, 3), (4, 2), (6, 9), (-1, -3)):
        with pytest.raises(ValueError, match="zero-size array"):
            df(x, *ends)


def changed(x: np.ndarray) -> float:
    y = x.copy()
    w = np.where(y > 0.5, 1.0, 0.0)
    v = y[1:] - y[:-1]
    y *= 2.0
    y[0] = 3.0
    u = np.where(y > 0.5, y, -1.0)
    t = w[-1] * y[-1]
    for k in range(-2, 2):
        t += w[k] * y[k] * u[k]
    return np.sum(w * y) + np.sum(v * v) + t + np.sum(u * w * w)


def moved(x: np.ndarray, lo: int, hi: int) -> float:
    y = x.copy()
    a = x[lo:hi] * 2.0
    hi = hi + 3
    y[lo:hi] += a  # one number for all
    lo = lo + 1
    hi = lo + 1
    b = 1.0 - a
    y[lo:hi] *= b * a
    return np.sum(y * y)


def aliased(x: np.ndarray, turns: int) -> float:
    a, w = x * 1.0, np.cos(x)
    lo, hi = 0, 2
    b = a
    for k in range(turns):
        lo = (lo + 1) % 3
        a[lo:hi] += 0.3 * w[lo:hi] * b[lo:hi]
        hi = lo + k
    return np.sum(a * b * w)


def test_sizes_of_a_store_through_memory_of_its_own() -> None:
    hold(aliased, *((RNG.normal(size=n), turns) for n, turns in ((6, 4), (3, 2), (4, 0))))


def longer(x: np.ndarray, ends: np.ndarray) -> float:
    y = x.copy()
    for k in range(3):
        a = x[ends[k] : ends[k + 1]] * 3.0
        ends[0] = 0
        ends[k + 1] = 4
        y[ends[k] : ends[k + 1]] += a
    return np.sum(y * y)


def between(x: np.ndarray, n: int) -> float:
    y = x.copy()
    s = 0.0
    for k in range(n):
        a = np.where(x > y[0], 1.0, 0.5)
        y[0] += 0.25 * a[1] * x[k]
        b = a * y
        y[1] = b[0] * s
        s += y[k]
        z = b
        c = a * z - y
        y[2] += c[2] * c[k]
        s += np.sum(b * c)
    return s


def of_bools(x: np.ndarray) -> float:
    m = x > 0.3
    n = np.where(m, 2, 3)
    t = np.sum(m * x) + np.sum(n * x)
    p = np.where(x > 0.1, x, 0.0)
    q = p + p
    return t * np.sum(q * q * n) + np.sum(-q * m)


def none_taken(x: np.ndarray, lo: int, hi: int) -> float:
    a = np.where(x[lo:hi] > 0, 1.0, 2.0)
    b = a * x[lo:hi]
    c = np.zeros(len(a) + 1)
    c[1:] = b * a
    s = 0.0
    for k in range(len(a)):
        s += a[k] * c[k]
    return s + np.sum(c * c) + np.sum(a)


@pytest.mark.parametrize(
    ("f", "calls"),
    [
        (changed, ((6,), (4,))),
        (moved, ((6, 0, 1), (6, 1, 2))),
        (between, ((5, 4), (3, 0), (4, 1))),
        (of_bools, ((5,), (1,), (0,))),
        (none_taken, ((6, 1, 4), (6, 4, 1), (6, 0, 0), (6, -2, 9), (6, 8, 9))),
    ],
    ids=lambda f: getattr(f, "__name__", ""),
)
def test_what_has_changed_is_not_said_again(f, calls) -> None:
    hold(f, *((RNG.normal(size=n), *rest) for n, *rest in calls))


def test_ends_of_slices_that_are_items_may_change() -> None:
    x = RNG.normal(size=6)
    ours, theirs = (tl.grad(longer, jit=jit)(x, np.array([2, 3, 4, 4])) for jit in (True, False))
    assert np.allclose(ours, theirs)


def test_memory_of_single_precision_rounds() -> None:
    def rounded(x):
        a = np.where(x > 0, x, np.float32(0.1))
        return np.sum(a * a * x)

    x = RNG.normal(size=7).astype(np.float32)
    assert np.allclose(tl.grad(rounded, jit=True)(x), tl.grad(rounded)(x), rtol=1e-5)


def test_two_arguments_may_be_one_array() -> None:
    def stepped(x, y):
        w = np.where(x > 0.2, x, 1.0)
        z = w * y
        return np.sum(z * w * np.where(z > x, 1.0, 0.5))

    x = RNG.normal(size=7)
    for a, b in zip(tl.grad(stepped, (0, 1), jit=True)(x, x), tl.grad(stepped, (0, 1))(x, x), strict=True):
        assert np.allclose(a, b)


def weighted(x: np.ndarray) -> float:
    w = np.where(x > 0.2, x, 1.0)
    s = np.sum(w)
    w *= 2.0
    w[0] = s
    u = x - w
    t = np.sum(u * w)
    u[1:] += w[:-1]
    return s * t + np.sum(u * u * w)


def test_what_is_written_again_is_read_from_memory() -> None:
    hold(weighted, *((RNG.normal(size=n),) for n in (5, 2, 1)))


def bound_anew(X, n):
    B = X * 0.5
    for _ in range(n):
        B = B * 0.9
    return np.sum(X * B)


def bound_anew_after(X, n):
    B = X * 0.5
    s = np.sum(B * X)
    for _ in range(n):
        s += B[0]
        B = X * s
    return s


@pytest.mark.parametrize("f", [bound_anew, bound_anew_after], ids=lambda f: f.__name__)
def test_what_is_bound_anew_is_not_said_again(f):
    x = np.array([0.5, -1.0, 2.0])
    np.testing.assert_allclose(tl.grad(f, jit=True)(x, 3), tl.grad(f)(x, 3), rtol=1e-12)


def pull(dx: float, dy: float, m: float) -> float:
    r2 = dx * dx + dy * dy + 0.01
    return m / (r2 * math.sqrt(r2))


def orbits(pos: np.ndarray, vel: np.ndarray, mass: np.ndarray, steps: int, dt: float) -> float:
    n = pos.shape[0]
    x = pos.copy()
    v = vel.copy()
    acc = np.zeros_like(x)
    for _ in range(steps):
        acc[:] = 0.0
        for i in range(n):
            for j in range(n):
                if i != j:
                    dx = x[j, 0] - x[i, 0]
                    dy = x[j, 1] - x[i, 1]
                    f = pull(dx, dy, mass[j])
                    acc[i, 0] += f * dx
                    acc[i, 1] += f * dy
        for i in range(n):
            for d in range(2):
                v[i, d] += dt * acc[i, d]
                x[i, d] += dt * v[i, d]
    return np.sum(v * v) + np.sum(x)


def test_what_pairs_say_is_said_again_from_what_single_ones_keep() -> None:
    args = (RNG.normal(size=(4, 2)), RNG.normal(size=(4, 2)), RNG.random(4))
    text = agree(orbits, (0, 1, 2, 4), *((*args, steps, 0.01) for steps in (3, 1, 0)))
    kept = {name for name in ("dx", "dy", "r2", "f", "x", "acc") if f"{name}_saved" in text}
    assert kept == {"x", "acc"}  # the array of what is summed only at once, as it is cleared
    assert "acc_saved[" not in text


def squares_of_two(a: np.ndarray, n: int) -> float:
    s = 0.0
    y = a.copy()
    for k in range(n):
        for i in range(len(y)):
            d = a[i] * k - 0.5
            e = d * d + 0.5
            g = np.exp(e - 1.0)
            s += e * d / (g + e) * y[i]
        for i in range(len(y)):
            y[i] = y[i] * 0.5 + s
    return s


def test_one_that_is_said_again_is_computed_from_another() -> None:
    text = agree(squares_of_two, (0,), (RNG.normal(size=3), 3), (RNG.normal(size=1), 1), (RNG.normal(size=2), 0))
    assert "d_saved" not in text and "e_saved" not in text  # no exponential is taken twice
    assert "g_saved" in text
