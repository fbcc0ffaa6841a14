"""Programs that Numba compiles with words of ours for what it lacks, held against those that are not compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl

pytest.importorskip("numba")

RNG = np.random.default_rng(11)


def agree(f: Any, wrt: tuple[int, ...], *calls: tuple[Any, ...]) -> str:
    """Compiled and in Python the same, for each tuple of arguments; the text that was compiled for the first."""
    ours, theirs = tl.grad(f, wrt, jit=True), tl.grad(f, wrt)
    for args in calls:
        for a, b in zip(ours(*args), theirs(*args), strict=True):
            assert np.shape(a) == np.shape(b)
            assert np.allclose(a, b, rtol=1e-11, atol=1e-13)
    return ours.source_for(*calls[0])


def ring(x: np.ndarray, w: np.ndarray, turns: int, s: int) -> float:
    x = x.copy()
    for _ in range(turns):
        force = np.zeros_like(x)
        for i in range(len(x) - 1):
            force[i] += max(x[i], w[i], 0.5)
        for i in range(len(x)):
            x[i] += 0.1 * force[i]
    pairs = np.outer(x, np.roll(w, 1))
    pairs[:] = np.roll(pairs, (1, -s), axis=(0, 1))
    return np.sum(pairs * pairs * x)


def test_rolled_arrays_outer_products_ties_and_sizes_that_no_turn_has_set() -> None:
    x, w = RNG.normal(size=(2, 5))
    w[2] = x[2] = 0.7  # a tie
    text = agree(ring, (0, 1), (x, w, 3, 2), (x, w, 0, -8), (x[:2], w[:2], 1, 0))
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert not any(said in line for line in lines for said in ("np.roll", "np.outer", "= None"))


def nested(x: np.ndarray, n: int, m: int) -> float:
    x = x.copy()
    s = 0.0
    for i in range(n):
        if x[i % 4] > 0:
            x[i % 4] = x[i % 4] * x[(i + 1) % 4]
            for j in range(m):
                if x[j % 4] < 0.5:
                    x[j % 4] = np.sin(x[j % 4]) * x[i % 4]
                    for k in range(3):
                        if k != 1:
                            x[k] = x[k] * 0.9 * x[(k + j) % 4]
        else:
            x[i % 4] = x[i % 4] ** 2 + 0.1
        if s > 50.0:
            break
        s += x[0] * x[1]
    return s + np.sum(x * x)


def test_there_is_room_for_what_loops_in_loops_keep_on_one_stack() -> None:
    calls = [(RNG.normal(size=4), n, m) for n, m in ((3, 4), (0, 3), (3, 0), (200, 100))]
    df, plain = tl.grad(nested, jit=True), tl.grad(nested)
    for args in calls:
        assert np.allclose(df(*args), plain(*args), rtol=1e-11)
    assert "= with_room(" in df.source_for(*calls[0])


def masked(X: np.ndarray, s: float) -> float:
    M = s < X
    t = X[M] ** 2
    Y = X * 1.0
    Y[M] = np.sin(t)
    Y[X + s < 0.0] *= 2.0
    Y[M] += 1.5 * X[M]
    return np.sum(t) + np.sum(Y * Y * X) + np.sum(X.T @ Y)


def test_masks_of_several_axes_and_products_that_are_summed() -> None:
    X = RNG.normal(size=(4, 3))
    df, plain = tl.grad(masked, jit=True), tl.grad(masked)
    for s in (0.1, 9.0, -9.0):
        assert np.allclose(df(X, s), plain(X, s), rtol=1e-12)
    text = df.source_for(X, 0.1)
    assert "put_masked(" in text and "matmul_left(" not in text


def swept(u: np.ndarray, p: np.ndarray, k: float, turns: int) -> float:
    u, p = u.copy(), p.copy()
    for _ in range(turns):
        un = u.copy()
        b = np.zeros(u.shape)
        b[1:-1, 1:-1] = k * (un[1:-1, 2:] - un[1:-1, :-2]) ** 2
        for _ in range(2):
            pn = p.copy()
            p[1:-1, 1:-1] = 0.25 * (pn[1:-1, 2:] * pn[2:, 1:-1] + pn[:-2, 1:-1]) - b[1:-1, 1:-1]
            p[:, 0] = p[:, 1]
        u[1:-1, 1:-1] = un[1:-1, 1:-1] * p[1:-1, 1:-1]
    return np.sum(u**2) + np.sum(p)


def test_arrays_that_no_turn_may_have_set_have_the_sizes_of_arguments() -> None:
    u, p = RNG.normal(size=(2, 5, 4))
    text = agree(swept, (0, 1, 2), (u, p, 0.3, 3), (u, p, 0.3, 0), (u[:, :2], p[:, :2], 0.3, 2), (u[:2], p[:2], 0.3, 2))
    assert "b = np.empty((u.shape[0], u.shape[1]))" in text
    back = [line.strip() for line in text.partition("# return")[2].splitlines()]
    assert not [line for line in back if "1:-1" in line and "_bar[" in line.partition("=")[0]]  # stores are loops


def shortest(W: np.ndarray, s: float) -> float:
    path = W * s
    n = len(path)
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if path[i, k] + path[k, j] < path[i, j]:
                    path[i, j] = path[i, k] + path[k, j]
    return np.sum(path * path)


def test_what_tests_take_from_lists_of_paths() -> None:
    W = np.abs(RNG.normal(size=(6, 6))) + 0.1
    text = agree(shortest, (0, 1), (W, 0.7), (W[:0, :0], 0.7), (W[:1, :1], 0.7))
    assert "np.bool_)" in text and "append(" not in text


def rotated(x: np.ndarray, k: float, turns: int) -> float:
    n = len(x)
    u, v = x.copy(), x * k
    for t in range(turns):
        new = np.zeros(n)
        for i in range(1, n - 1):
            new[i] = 0.3 * u[i - 1] + v[i] * u[i + 1] - k * u[i]
        if t == 1:
            v = u
        else:
            u = v
        v, u = u, new
    return np.sum(u * u) + np.sum(v * k)


def stepped(q: np.ndarray, k: float, turns: int) -> float:
    for _ in range(turns):
        new = np.zeros(len(q))
        for i in range(1, len(q) - 1):
            new[i] = q[i] - k * (q[i + 1] - q[i - 1])
        q = new
    return np.sum(q * q)


def test_arrays_that_go_from_name_to_name_are_gathered() -> None:
    x = RNG.normal(size=7)
    agree(rotated, (0, 1), (x, 0.7, 5), (x, 0.7, 1), (x, 0.7, 0), (x[:2], 0.7, 3))
    assert "_padded" in agree(stepped, (0, 1), (x, 0.7, 4), (x[:2], 0.7, 2))


def shallow(h: np.ndarray, u: np.ndarray, turns: int) -> float:
    h, u = h.copy(), u.copy()
    n = len(h)
    for _ in range(turns):
        h_new, u_new = h.copy(), u.copy()
        for i in range(1, n - 1):
            h_new[i] = h[i] - 0.01 * (h[i + 1] * u[i + 1] - h[i - 1] * u[i - 1])
            u_new[i] = u[i] - 0.01 * (u[i] * (u[i + 1] - u[i - 1]) + 9.81 * (h[i + 1] - h[i - 1]))
        h = h_new
        u = u_new
    return np.sum(h * h) + np.sum(u * u)


def test_sums_of_many_values_wait_in_memory() -> None:
    h, u = RNG.normal(size=(2, 8))
    text = agree(shallow, (0, 1), (h, u, 3), (h[:3], u[:3], 2), (h[:2], u[:2], 2), (h[:0], u[:0], 2))
    assert text.count("_padded = ") == 2


def waved(a: np.ndarray, turns: int) -> float:
    a, b = a.copy(), np.zeros(len(a), dtype=complex)
    for _ in range(turns):
        for i in range(1, len(a) - 1):
            b[i] = (0.5 + 1j) * (a[i - 1] + a[i + 1])
        for i in range(1, len(a) - 1):
            a[i] = b[i] * a[i]
    return np.sum(a.real * a.real + a.imag)


def test_complex_sums_stay_scattered() -> None:
    x = RNG.normal(size=6) + 0.3j
    df, plain = tl.grad(waved, jit=True), tl.grad(waved)
    assert np.allclose(df(x, 2), plain(x, 2)) and "_padded" not in df.source_for(x, 2)


def contracted(A: np.ndarray, C: np.ndarray) -> float:
    A = A.copy()
    r, n = A.shape
    s = np.zeros(n)
    for q in range(r):
        for p in range(n):
            s[p] = 0.0
            for t in range(n):
                s[p] += A[q, t] * C[t, p]
        for p in range(n):
            A[q, p] = s[p]
    return np.sum(A * A)


def test_loops_part_to_run_along_memory() -> None:
    A, C = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 4))
    text = agree(contracted, (1,), (A, C), (A[:0], C), (A[:, :0], C[:0, :0]))
    assert "C_bar[t, p] += s_bar[p] * A_q_t" in text and "A_bar[q, t]" not in text
    assert "A_bar_q_t" in agree(contracted, (0, 1), (A, C))


def cheapest(D: np.ndarray, k: float) -> float:
    D = D * k
    for m in range(len(D)):
        for i in range(len(D)):
            for j in range(len(D)):
                D[i, j] = min(D[i, j], D[i, m] + D[m, j])
    most = k
    for i in range(len(D)):
        most = max(most, D[i, 0])
    return np.sum(D * D) + most


def test_minima_add_where_they_took_the_other() -> None:
    D = np.abs(RNG.normal(size=(6, 6))) + 0.1
    text = agree(cheapest, (0, 1), (D, 0.7), (np.ones((3, 3)), 0.5), (D[:0, :0], 0.7))
    assert text.count("if not ") == 1 and "if most_bar != 0.0 and not " in text


def sliced(image: np.ndarray, kernel: np.ndarray) -> float:
    h, w = image.shape
    m = len(kernel)
    out = np.zeros((h - m + 1, w))
    for a in range(m):
        out += kernel[a] * image[a : a + h - m + 1]
    for i in range(h - 1):
        out[0] += np.sum(image[i : i + 2] * kernel[0], axis=0)
    for i in range(h):
        out[-1] += np.sum(image[i : i + 2] * kernel[1], axis=0)  # the last is shorter
    return np.sum(out * out)


def test_the_turns_of_a_loop_tell_how_much_a_slice_takes() -> None:
    image, kernel = RNG.normal(size=(6, 4)), RNG.normal(size=3)
    plain = tl.grad(sliced, (0, 1)).source_for(image, kernel)
    assert "image_bar[a:a + h - m + 1] += out_bar * kernel[a]" in plain
    agree(sliced, (0, 1), (image, kernel), (image[:3], kernel), (image[:5, :1], kernel[:2]))


def scaled(alpha: float, A: np.ndarray, B: np.ndarray) -> float:
    total = 0.0
    for i in range(len(A)):
        for j in range(len(B)):
            total += alpha * A[i] * B[j]
    return total * total


def test_only_sums_of_the_way_back_are_in_any_order() -> None:
    text = agree(scaled, (0, 1, 2), (0.3, RNG.normal(size=9), RNG.normal(size=30)), (0.3, np.ones(0), np.ones(3)))
    forward, _, back = text.partition("# total +=")
    assert "alpha_bar = in_any_order(alpha_bar, " in back
    assert "total += alpha" in forward


def turned(a: float, x: np.ndarray) -> float:
    c, s = np.cos(a), np.sin(a)
    R = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    y = np.array(x, dtype=float)
    y[0] *= 2
    in_order = sorted(y[i] * a for i in range(len(y)))
    return (np.array([R @ y, np.asarray(x)]) ** 2).sum() * in_order[0]


def test_arrays_of_arrays_of_mixed_numbers_and_of_what_is_sorted() -> None:
    agree(turned, (0, 1), (0.3, RNG.normal(size=3)), (-0.8, RNG.normal(size=3)))


RATE = 0.37


def slopes(x, y, p):
    return p[0] * x - p[1] * x * y, p[2] * x * y - p[3] * y


def rated(x):
    return RATE * x


def piecewise(x, k=2.0):
    if x > 1.0:
        y = x * k
    else:
        y = -x * x
    return y


def again(x):
    x = x + 1.0
    return rated(x) * piecewise(x, k=3.0)


def curvature(u, i):
    return u[i - 1] - 2 * u[i] * u[i] + u[i + 1]


def scaled_in_place(x, k):
    x[0] *= k
    return x[0]


def marched(x, y, p, n):
    for _ in range(n):
        k, l = slopes(x, y, p)
        m, o = slopes(x + 0.1 * k, y + 0.1 * l, p)
        x, y = x + 0.05 * (k + m), y + 0.05 * (l + o)
    return x * x + y


def with_own_names(x, y, p, n):
    RATE = 1.7  # not what `rated` reads
    k = 0.0
    for i in range(n):
        k = k * rated(p[i]) + again(x * i) - piecewise(y)
        k = k + rated(k)
    return k * RATE


def in_places(x, y, p, n):
    u = p * x
    for _ in range(n):
        v = u.copy()
        for i in range(1, len(u) - 1):
            v[i] = curvature(u, i) * rated(v[i])
        u = v
        y += scaled_in_place(u, 1.1) * y
    return np.sum(u * u) + y


@pytest.mark.parametrize("f", [marched, with_own_names, in_places], ids=lambda f: f.__name__)
def test_short_functions_are_written_out_in_loops(f):
    args = (1.1, 0.7, np.array([1.0, 0.5, 0.4, 0.9]), 4)
    df, plain = tl.grad(f, (0, 1, 2), jit=True), tl.grad(f, (0, 1, 2))
    for a, b in zip(df(*args), plain(*args), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)
    text = df.source_for(*args)
    assert not any(f"{g.__name__}_forward" in text for g in (slopes, rated, piecewise, again, curvature)), text


def filled(v, w, most):
    best = np.zeros(most + 1)
    for i in range(len(v)):
        for c in range(most, w[i] - 1, -1):
            best[c] = max(best[c], best[c - w[i]] + v[i])
    return best[most]


def test_loops_of_which_the_run_tells_the_ends_have_room_for_what_they_keep():
    args = (np.array([1.5, 2.25, 0.5, 3.0]), np.array([2, 3, 1, 4]), 7)
    df = tl.grad(filled, jit=True)
    np.testing.assert_array_equal(df(*args), tl.grad(filled)(*args))
    assert "best_kept[" in df.source_for(*args)


def shortened(D):
    D = D.copy()
    for k in range(len(D)):
        for i in range(len(D)):
            for j in range(len(D)):
                t = D[i, k] + D[k, j]
                if t < D[i, j]:
                    D[i, j] = t
                elif t > 3 * D[i, j]:
                    D[i, j] = t * D[i, j]
    return np.sum(D * D)


def test_which_of_three_arms_was_taken_is_kept_in_a_byte():
    D = np.random.default_rng(0).random((6, 6)) + 0.1
    df = tl.grad(shortened, jit=True)
    np.testing.assert_allclose(df(D), tl.grad(shortened)(D), rtol=1e-12)
    assert "np.int8" in df.source_for(D)


def of_stacks(A):
    S = np.stack([A @ A.T + 4 * np.eye(len(A)), A.T @ A + np.diag(np.arange(1.0, 5.0))])
    w, V = np.linalg.eigh(S)
    low = np.linalg.cholesky(S)
    solved = np.linalg.solve(S, low) + np.linalg.inv(S)
    return np.sum(solved**2) + np.sum(np.linalg.det(S)) + np.sum(w * w * V[:, 0] ** 2)


def of_lists(A):
    rows, columns, others, more, last = [], [], [], [], []
    for i in range(3):
        rows.append(A[i] * i)
        columns.append(A * A[i])
        others.append(A[i] ** 2)
        more.append(A * i)
        last.append(A[i] ** 3)
    t = np.sum(np.column_stack(rows) ** 2 * np.arange(3.0)) + np.sum(np.vstack(columns)[4] ** 2)
    return t + np.sum(np.hstack(others) * np.arange(12.0)) + np.sum(np.concatenate(more)[5] ** 2) * np.array(last)[1, 1]


@pytest.mark.parametrize("f", [of_stacks, of_lists], ids=lambda f: f.__name__)
def test_stacks_of_matrices_and_lists_of_arrays_compile(f):
    A = np.random.default_rng(1).normal(size=(4, 4))
    np.testing.assert_allclose(tl.grad(f, jit=True)(A), tl.grad(f)(A), rtol=1e-9)


def log_sum_exp(x):
    top = np.max(x, axis=-1)
    return top + np.log(np.sum(np.exp(x - top[..., None]), axis=-1))


def of_rows_and_of_one(A):
    return np.sum(log_sum_exp(A)) * log_sum_exp(A[0])


def test_a_number_is_given_axes():
    A = np.random.default_rng(1).normal(size=(3, 4))
    np.testing.assert_allclose(tl.grad(of_rows_and_of_one, jit=True)(A), tl.grad(of_rows_and_of_one)(A), rtol=1e-12)


def of_columns(A, c):
    y = A[:, c]
    return np.sum(y * np.cos(y))


def test_a_column_that_is_named_twice_gets_both():
    A, c = np.random.default_rng(1).normal(size=(3, 4)), np.array([1, 1, 3, 0])
    np.testing.assert_allclose(tl.grad(of_columns, jit=True)(A, c), tl.grad(of_columns)(A, c), rtol=1e-12)


def marched(g: np.ndarray, starts: np.ndarray, by: float) -> float:
    seen = 0.0
    for r in range(len(starts)):
        x = starts[r]
        left = 1.0
        while 0 <= x < len(g) - 1:
            i = int(x)
            w = x - i
            d = g[i] * (1 - w) + g[i + 1] * w
            seen += left * d * d
            left *= np.exp(-d * by)
            if left < 1e-2:
                break
            x += by
    return seen


def test_what_loops_of_unknown_turns_keep_stays_in_lists() -> None:
    g, starts = RNG.uniform(0.5, 1.5, 12), RNG.uniform(-1, 11, 7)
    text = agree(marched, (0,), (g, starts, 0.2), (g, starts[:1], 5.0), (g, starts + 20, 0.2))
    assert "grown" not in text
    assert "w_saved.append(w)" in text


def place(x: float, knots: np.ndarray) -> int:
    k = 0
    while k < len(knots) - 2 and x >= knots[k + 1]:
        k += 1
    return k


def blended(x: float, knots: np.ndarray, c: np.ndarray) -> float:
    k = place(x, knots)
    w = (x - knots[k]) / (knots[k + 1] - knots[k])
    for _ in range(3):
        w = w * (2 - w)
        if w > 0.9:
            break
    return (1 - w) * c[k] + w * c[k + 1]


def fitted(xs: np.ndarray, knots: np.ndarray, c: np.ndarray) -> float:
    s = 0.0
    for i in range(len(xs)):
        s += blended(xs[i], knots, c) ** 2
    return s


def test_helpers_with_while_and_break_are_written_out() -> None:
    knots = np.linspace(0, 1, 6)
    text = agree(fitted, (0, 1, 2), (RNG.uniform(0.01, 0.99, 20), knots, RNG.normal(size=6)))
    assert "def grad_fitted" in text
    assert "_reverse(" not in text


def aligned(S: np.ndarray, gap: float) -> float:
    n, m = S.shape
    L = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            L[i, j] = max(L[i - 1, j], L[i, j - 1] - gap)
            if S[i - 1, j - 1] > 0.5:
                L[i, j] = max(L[i, j], L[i - 1, j - 1] + S[i - 1, j - 1])
    return L[n, m]


def test_what_few_loads_give_is_not_kept() -> None:
    text = agree(aligned, (0, 1), (RNG.uniform(0, 1, (6, 5)), 0.1), (np.zeros((0, 3)), 0.1))
    assert "L_saved" in text
    assert text.count("np.empty(") == 1


def folded(S: np.ndarray) -> float:
    n = len(S)
    N = np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            N[i, j] = max(N[i, j], N[i, j - 1], 0.1 * S[j, i])
            N[i, j] = N[i, j] * N[i, j] + N[i + 1, j]
            if i < j - 1:
                N[i, j] = np.sin(N[i, j]) + S[i, j]
            for k in range(i + 1, j):
                N[i, j] = max(N[i, j], N[i, k] + N[k + 1, j])
    return N[0, n - 1]


def test_room_for_what_branches_keep_is_made_once() -> None:
    text = agree(folded, (0,), *((RNG.uniform(0, 1, (n, n)),) for n in (7, 2, 3)))
    assert "with_room" not in text and "grown" not in text
