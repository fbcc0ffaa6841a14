"""What Numba compiles is lowered to loops: the text says how, and the numbers are those of whole arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from native_functions import verdict

import tangent_like as tl

pytest.importorskip("numba")


def shifted(x):
    y = x * 1.0
    y[1:] = y[:-1] * y[:-1] + x[1:]
    y[:-1] += y[1:]
    return np.sum(y * y)


def smoothed(A, t):
    A = A.copy()
    B = np.zeros_like(A)
    for _ in range(t):
        B[1:-1, 1:-1] = 0.2 * (A[1:-1, 1:-1] + A[:-2, 1:-1] + A[2:, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:])
        A[1:-1, 1:-1] = B[1:-1, 1:-1] + 0.1 * B[1:-1, 2:]
    return np.sum(A * A)


def smoothed_by_hand(x, w, t):
    x = x.copy()
    y = np.zeros(len(x))
    for _ in range(t):
        for i in range(1, len(x) - 1):
            y[i] = w * x[i - 1] + x[i] - x[i + 1]
        for i in range(1, len(x) - 1):
            x[i] = y[i] * 0.5
    return np.sum(x * x)


def many(X, w, b, idx):
    Z = np.tanh(X @ w + b)
    norm = np.sqrt(np.sum(Z * Z, axis=1, keepdims=True) + 1.0)
    Z = np.where(Z > 0, Z / norm, 0.1 * Z)
    picked = w[idx] * np.mean(X, axis=0)[0]
    return np.sum(Z.T * 0.5) + np.sum(picked)


def quotients(x, a):
    y = x / x[0]
    return np.sum(y) / a + x[1] / x[2]


RNG = np.random.default_rng(3)


def agree(f: Any, argnums: Any, *args: Any) -> str:
    """Compiled and in Python the same; the text that was compiled."""
    ours = tl.grad(f, argnums, jit=True)
    theirs = tl.grad(f, argnums)(*args)
    for a, b in zip(np.atleast_1d(ours(*args)), np.atleast_1d(theirs), strict=True) if argnums == 0 else zip(
        ours(*args), theirs, strict=True
    ):
        assert np.allclose(a, b, rtol=1e-12, atol=1e-13)
    return ours.source_for(*args)


def test_a_store_that_reads_what_it_writes_goes_through_memory() -> None:
    assert "kept" in agree(shifted, 0, RNG.normal(size=6))


def test_the_adjoint_of_a_stencil_is_gathered() -> None:
    assert "padded" in agree(smoothed, 0, RNG.normal(size=(6, 5)), 3)
    df, plain = tl.grad(smoothed, jit=True), tl.grad(smoothed)
    for shape in ((3, 3), (2, 3), (1, 1), (0, 3)):
        A = RNG.normal(size=shape)
        assert np.allclose(df(A, 2), plain(A, 2))


def counted_with(x: Any, y: Any) -> Any:
    return (x > 0) @ (x * x) + np.arange(6) @ np.sin(x) + np.sum((np.arange(12).reshape(2, 6) @ x) * 0.5) + y @ x


def test_truths_and_whole_numbers_are_multiplied_with_floats() -> None:
    agree(counted_with, 0, RNG.normal(size=6), np.arange(6) % 2)


def with_a_parameter_jit(x: float, jit: float) -> float:
    return x * jit


def test_what_is_compiled_is_shown_and_specialized_of_any_derivative() -> None:
    df, x = tl.grad(shifted), RNG.normal(size=6)
    compiled = tl.grad(shifted, jit=True)
    assert df.source_for(x, jit=True) == compiled.source_for(x) != df.source_for(x)
    assert np.allclose(df.specialize(x, jit=True)(x), df(x), rtol=1e-12)
    assert tl.grad(with_a_parameter_jit).specialize(2.0, jit=3.0)(2.0, 3.0) == 3.0  # its own argument


def test_loops_by_hand_are_gathered_at_any_length() -> None:
    df, plain = tl.grad(smoothed_by_hand, jit=True), tl.grad(smoothed_by_hand)
    for n in (7, 3, 2, 1, 0):
        x = RNG.normal(size=n)
        assert np.allclose(df(x, 0.3, 3), plain(x, 0.3, 3))
    assert "padded" in df.source_for(RNG.normal(size=5), 0.3, 2)


def test_reductions_gathers_and_choices() -> None:
    args = (RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4), np.array([0, 2, 2]))
    text = agree(many, (0, 1, 2), *args)
    text = "\n".join(line for line in text.splitlines() if "# " not in line)
    assert "keepdims" not in text
    assert "np.where" not in text


def test_division_by_zero_is_numpys_between_its_numbers_and_pythons_between_its_own() -> None:
    df = tl.grad(quotients, 1, jit=True)
    x = np.array([1.0, 2.0, 0.0])
    assert df(x, 2.0) == pytest.approx(-0.75)
    with np.errstate(all="ignore"):
        assert np.isinf(tl.value_and_grad(quotients, 1, jit=True)(x, 2.0)[0])


def logistic(x: float, r: float, n: int) -> float:
    for _ in range(n):
        x = r * x * (1 - x)
    return x


def test_a_stack_that_one_loop_fills_is_filled_by_turns() -> None:
    text = tl.grad(logistic, jit=True).source_for(0.3, 3.5, 5)
    assert "x_saved[k] = x" in text and "_top" not in text
    assert "x_bar = x_bar * (" in text and text.count("x_bar *") == 1  # one product for the next turn to wait for
    assert tl.grad(logistic, jit=True)(0.3, 3.5, 9) == pytest.approx(tl.grad(logistic)(0.3, 3.5, 9), rel=1e-12)
    assert tl.grad(logistic, jit=True)(0.3, 3.5, 0) == 1.0


def in_place(x: np.ndarray, steps: int) -> float:
    y = x.copy()
    total = 0.5
    for k in range(steps, 0, -1):
        for i in range(len(y) - 1, k, -1):
            y[i] = y[i] * y[i - 1] + math.sin(y[i])
        total += y[k] * total
    return total + np.sum(y)


def test_stacks_in_loops_of_every_length() -> None:
    x = np.random.default_rng(3).uniform(0.2, 0.9, 6)
    for n in (0, 1, 4, 5):
        assert np.allclose(tl.grad(in_place, jit=True)(x, n), tl.grad(in_place)(x, n), rtol=1e-12)


def relaxed(a: np.ndarray, steps: int) -> float:
    a, b = a.copy(), a.copy()
    for _ in range(steps):
        for i in range(1, len(a) - 1):
            b[i] = 0.3 * (a[i - 1] + a[i] + a[i + 1])
        for i in range(1, len(a) - 1):
            a[i] = 0.3 * (b[i - 1] + b[i] + b[i + 1])
    return np.sum(a * a)


def test_two_loops_that_share_the_name_of_a_number_are_gathered() -> None:
    a = np.random.default_rng(4).normal(size=9)
    text = tl.grad(relaxed, jit=True).source_for(a, 3)
    assert text.count("np.zeros(max(len(a) + 2, 0))") == 2
    assert "saved" not in text and "append" not in tl.grad(relaxed).source_for(a, 3)  # len(a) is no value of a
    for n in (0, 1, 2, 3, 9):
        assert np.allclose(tl.grad(relaxed, jit=True)(a[:n], 3), tl.grad(relaxed)(a[:n], 3), rtol=1e-12)


def falling(x: float) -> float:
    y = x
    while y > 1.0:
        y = y * 0.5
    return y


def test_a_pullback_of_a_loop_without_turns() -> None:
    value, pull = tl.vjp(falling, 0.5, jit=True)  # what would be in its lists, Numba cannot tell
    assert value == 0.5 and pull(2.0) == (2.0,)


def solved(L: np.ndarray, b: np.ndarray) -> float:
    x = np.zeros(len(b))
    for i in range(len(b)):
        x[i] = b[i]
        for j in range(i):
            x[i] -= L[i, j] * x[j]
        x[i] = x[i] / L[i, i]
    return np.sum(x * x)


def mixed(x: np.ndarray, k: int, m: int, s: int) -> float:
    y = x.copy()
    for j in range(m):  # there may be no turn, and then no such place
        y[k] += x[j] * y[j]
        y[j] *= 0.5
    for j in range(len(x)):
        y[-1] -= y[j - s] * x[j]  # counted from the end
    for j in range(len(x) - 1, 0, -1):
        y[j - 1] += y[j] * y[j]  # each turn reads what the one before it wrote
    last = 0.0
    for j in range(2, -1, -1):
        last = y[j] * x[j]
        y[j] = 2.0 * last
    return np.sum(y * y) * last


def test_places_are_held_where_nothing_else_touches_them() -> None:
    text = agree(solved, 0, RNG.normal(size=(5, 5)) + 4 * np.eye(5), RNG.normal(size=5))
    assert "x_bar[j] -= x_bar_i * L[i, j]" in text and "range(i - 1, -1, -1)" not in text and "if " not in text
    compiled, plain = tl.grad(mixed, jit=True), tl.grad(mixed)
    x = RNG.normal(size=6)
    for k, m, s in ((2, 3, 1), (9, 0, 0), (0, 6, 2), (-1, 2, 6)):
        assert np.allclose(compiled(x, k, m, s), plain(x, k, m, s), rtol=1e-11)


def updated(A: np.ndarray, C: np.ndarray, k: int) -> float:
    A, C = A.copy(), C.copy()
    for i in range(len(A)):
        for m in range(A.shape[1]):
            for j in range(i + 1):
                C[i, j] += 1.3 * A[i, m] * A[j, m]
    for j in range(A.shape[1]):
        for i in range(k, len(A)):
            C[0, 0] += A[i, j] * C[i, 1]
            A[i, j] = A[i - k, j] * 2.0  # which rows come first matters
    for i in range(1, len(A)):
        for j in range(i, len(A)):
            C[k - j, 0] += C[i, 1] * C[j, 1]  # any of these may be C[i - 1, 0], and all are only added to
            C[i - 1, 0] += C[j, 1]
    return np.sum(C * C) + np.sum(A)


def test_loops_change_places_and_sums_are_added_behind_them() -> None:
    args = (RNG.normal(size=(5, 4)), RNG.normal(size=(5, 5)), 1)
    text = agree(updated, (0, 1), *args)
    first = text.index("C_bar_i_j = C_bar[i, j]")
    assert "for m in range(A.shape[1]):" in text[first : first + 80]  # along memory, the innermost


def constant_after_first_turn(x: float) -> float:
    y = x * x
    s = 0.0
    for i in range(3):
        s = s + y * (i + 1)
        y = 0.5
    return s


def softmax_twice(x: np.ndarray, w: np.ndarray) -> float:
    d = np.exp(x - np.max(x))
    total = np.zeros(len(x))
    for _ in range(2):
        total += d
        d = total * w / np.sum(d)
    return np.sum(total * d)


def test_loops_become_one_only_where_names_mean_the_same() -> None:
    assert tl.grad(constant_after_first_turn, jit=True)(0.7) == pytest.approx(1.4)
    for x in (RNG.normal(size=5), np.array([1.0, 3.0, 3.0])):
        agree(softmax_twice, (0, 1), x, RNG.normal(size=len(x)))


def overwritten(a: np.ndarray, b: np.ndarray) -> float:
    for i in range(len(a)):
        a[i] = a[i] * b[i]
        b[i] += a[i]
    return np.sum(a * b)


def listed(x: np.ndarray, y: np.ndarray, idx: np.ndarray, keep: np.ndarray) -> float:
    z = np.concatenate([x, y * x[0], x[[0, 2]]])
    z[[1, 0]] = y[:2]
    z[idx] += z[idx] * x[1]
    z[keep] = z[keep] ** 2
    with np.errstate(divide="ignore"):
        w = np.array(np.log(z * z))
    return np.sum(z * w) + np.sum(np.max(np.stack([x, x * x]), axis=1) ** 2)


def test_what_numba_lacks_is_said_otherwise() -> None:
    args = (RNG.normal(size=4), RNG.normal(size=3), np.array([2, 0, 2]), np.arange(9) % 3 == 0)
    agree(listed, (0, 1), *args)
    single = [a.astype(np.float32) if a.dtype == float else a for a in args]
    for found, wanted in zip(tl.grad(listed, (0, 1), jit=True)(*single), tl.grad(listed, (0, 1))(*single), strict=True):
        assert found.dtype == np.float32 and np.allclose(found, wanted, rtol=1e-4)


def test_arguments_that_are_written_may_not_share_memory_compiled_either() -> None:
    x = RNG.normal(size=6)
    agree(overwritten, (0, 1), x[:3], x[3:])
    with pytest.raises(ValueError, match="shares memory"):
        tl.grad(overwritten, jit=True)(x[:4], x[2:])


def both_ways(A: np.ndarray, x: np.ndarray) -> float:
    y, z = np.zeros(len(A)), np.zeros(A.shape[1])
    for i in range(len(A)):
        for j in range(A.shape[1]):
            y[i] += A[i, j] * x[j]
            z[j] += A[i, j] * y[i]
    total = 0.0
    for i in range(len(A)):
        s = 0.0
        for j in range(A.shape[1]):
            s += A[i, j] * z[j]
        total += s * s
    return total


def test_loops_run_over_threads_where_their_turns_share_nothing_that_is_written() -> None:
    args = (RNG.normal(size=(5, 4)), RNG.normal(size=4))
    df = tl.value_and_grad(both_ways, jit={"parallel": True})
    value, found = df(*args)
    assert value == pytest.approx(both_ways(*args), rel=1e-12)
    assert np.allclose(found, tl.grad(both_ways)(*args), rtol=1e-12)
    text = df.source_for(*args)
    assert text.count("numba.prange(len(A))") == 1  # the turns that only add to a number
    assert text.count("# in order, for ") == 3 and "# in order, for z_bar" in text


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("np.cumsum(a, axis=1)", "A"),
        ("np.einsum('ijk,k->ij', a, b)", "T, v"),
        ("np.diag(a)", "S"),
        ("a[b, c]", "A, i, j"),
        ("np.meshgrid(a, b)[1]", "x, v"),
    ],
)
def test_what_numba_lacks_of_numpy_is_ours(expression: str, names: str) -> None:
    assert verdict(expression, names) == ("compiled", "")


def test_what_else_numba_compiles_is_as_it_was() -> None:
    numba = pytest.importorskip("numba")
    with pytest.raises(numba.TypingError):
        numba.njit(lambda x: np.tile(x, 2))(np.ones(3))


def double_buffered(a: np.ndarray, steps: int) -> float:
    a, b = a.copy(), np.zeros_like(a)
    b[:] = a[::-1]
    k = 0
    while k < steps:
        for i in range(1, len(a) - 1):
            b[i] = 0.3 * (a[i - 1] + a[i] + a[1 + i])
        a, b = b, a
        k += 1
    for k in range(1, steps):
        a[k:] *= a[:-k]
        a[k] = a[k] * a[k - 1]
    return np.sum(a * b)


def test_arrays_that_change_places_are_never_one() -> None:
    a = RNG.normal(size=8)
    text = agree(double_buffered, 0, a, 3)
    assert "np.zeros(max(len(a_2) + 2, 0))" in text  # gathered, though it says 1 + i
    for n, steps in ((8, 2), (3, 1), (2, 0), (1, 1)):
        assert np.allclose(tl.grad(double_buffered, jit=True)(a[:n], steps), tl.grad(double_buffered)(a[:n], steps))


def in_lists(A: np.ndarray) -> float:
    C = [[0.0] * 2 for _ in range(2)]
    for i in range(2):
        for j in range(2):
            C[i][j] += A[i, j] * A[j, i]
    return C[0][1] * C[1][1] + C[0][0]


def test_stores_into_lists_within_lists_compile() -> None:
    agree(in_lists, 0, RNG.normal(size=(2, 2)))


def of_counts(a, n):
    total = math.comb(n, 2) * a + a**n / math.factorial(n) + math.isqrt(n) * a - math.lcm(n, 6) * a
    return total + math.perm(n, 2) * a * a if math.isclose(a, 0.7) else total


def of_distances(x, v):
    whole = math.modf(3.0 * x[0])[0]
    return math.dist(x, v) + math.hypot(x[0], x[1], v[2]) + math.prod(x) + math.prod([v[0], v[1], whole], start=2.0)


def eliminated(A, v):
    M = np.hstack([A, v.reshape(-1, 1)])
    n = len(v)
    for i in range(n):
        p = i + np.argmax(np.abs(M[i:, i]))
        if p != i:
            M[[i, p]] = M[[p, i]]
        M[i] = M[i] / M[i, i]
        for j in range(n):
            if j != i:
                M[j] -= M[j, i] * M[i]
    return np.sum(M[:, -1] ** 2)


LACKED: list[tuple[Any, tuple[Any, ...], tuple[int, ...]]] = [
    (of_counts, (0.7, 5), (0,)),
    (of_distances, (np.array([0.3, -0.8, 1.2]), np.array([1.0, 0.4, -0.5])), (0, 1)),
    (eliminated, (np.array([[0.1, 2.0, 1.0], [3.0, 0.2, 1.0], [1.0, 1.0, 0.5]]), np.array([1.0, 2.0, 3.0])), (0, 1)),
]


@pytest.mark.parametrize(("f", "args", "wrt"), LACKED, ids=[f.__name__ for f, _, _ in LACKED])
def test_what_numba_lacks_of_math_and_of_rows(f: Any, args: tuple[Any, ...], wrt: tuple[int, ...]) -> None:
    for ours, theirs in zip(tl.grad(f, wrt, jit=True)(*args), tl.grad(f, wrt)(*args), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_whole_numbers_that_compiled_code_cannot_hold_are_an_error() -> None:
    with pytest.raises(OverflowError, match="too large"):
        tl.grad(lambda a, n: math.factorial(n) * a, jit=True)(1.0, 25)


def of_parts(x, y, n):
    z = np.zeros(len(x))
    z[:n] = x[:n] * y[1 : n + 1]
    z[n:] = x[n:]
    return z @ z


@pytest.mark.parametrize("n", [0, 1, 3, -2])
def test_text_for_kinds_asks_how_long_a_slice_is(n: int) -> None:
    x, y = np.linspace(0.5, 1.5, 6), np.linspace(-1.0, 2.0, 6)
    df = tl.grad(of_parts, (0, 1), jit=True)
    assert any(asked in df.source_for(x, y, n) for asked in ("len(range(", ".shape[0] >= n", ".shape[0] >= 1 + n"))
    for ours, theirs in zip(df.specialize(x, y, n)(x, y, n), tl.grad(of_parts, (0, 1))(x, y, n), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    with pytest.raises(ValueError, match="this derivative is for"):
        df.specialize(x, y, 3)(x, y[:3], 3)
