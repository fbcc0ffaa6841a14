"""What is read before something else is written: numbers that a helper hands back, items that a loop goes through."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from harness import time_limit

import tangent_like as tl


def pulled(p: Any, q: Any) -> Any:
    p[:-1] -= np.tanh(p[1:])
    return q


def both(p: Any, q: Any) -> Any:
    p[0] = 5.0 * p[1]
    return p, q


def times(p: Any, q: Any, k: int) -> Any:
    p[k] *= q
    return q


def a_number(A: np.ndarray) -> float:
    x = A[0] * 1.0
    return pulled(x, x[0]) * 1.7 + np.sum(x * x)


def a_number_beside_the_array(A: np.ndarray) -> float:
    y = A[1] * 1.0
    a, b = both(y, y[0])
    return b * np.sum(a) + y[1]


def numbers_in_turns(A: np.ndarray) -> float:
    y, t = A[0] * 1.0, 0.0
    for k in range(3):
        t += times(y, y[k], k)
    return t * np.sum(y)


def by_its_name(A: np.ndarray) -> float:
    B = A * 1.0
    r = pulled(B[0], q=B[0][0])
    return r * r + np.sum(B)


def entries(A: np.ndarray) -> float:
    B, i = A * 1.0, [0, 1]
    r = pulled(B, B[i])
    return np.sum(r * r) + np.sum(B)


def chosen_entries(A: np.ndarray) -> float:
    B = A * 1.0
    r = pulled(B, B[np.array([True, False, True])])
    return np.sum(r * r) + np.sum(B)


def a_view(A: np.ndarray) -> float:
    B = A * 1.0
    r = pulled(B, B[1:])
    return np.sum(r * r) + np.sum(B)


PROGRAMS = (
    a_number, a_number_beside_the_array, numbers_in_turns, by_its_name, entries, chosen_entries, a_view,
)  # fmt: skip


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_is_handed_back_is_what_it_was(f: Callable[[np.ndarray], float]) -> None:
    for seed in range(3):
        A, along = np.random.default_rng(seed).normal(size=(2, 3, 3))
        slope = (f(A + 1e-6 * along) - f(A - 1e-6 * along)) / 2e-6
        value, bar = tl.value_and_grad(f)(A)
        assert value == f(A)
        ours, ahead = tl.jvp(f, (A,), (along,))
        assert ours == value
        np.testing.assert_allclose([np.sum(bar * along), ahead], slope, rtol=1e-6, atol=1e-7)


def put_in_front_of_the_loop(x: np.ndarray, y: np.ndarray, items: list[np.ndarray]) -> float:
    for k, (e, _) in enumerate(zip(items, y)):  # noqa: B905
        items[-1] = x  # the second turn takes this one
        e[::2] = np.sin(0.3 * k)
    return sum(e * u for e, u in zip(items[-1], y))  # noqa: B905


def replaced_where_it_is(items: list[np.ndarray], y: np.ndarray) -> float:
    for k, (e, w) in enumerate(zip(items, y, strict=False)):
        items[k] = e * w
    return np.sum(items[0] * items[1])


def test_an_item_that_an_earlier_turn_replaced_is_the_new_one_or_refused() -> None:
    rng = np.random.default_rng(0)
    items, y = [rng.normal(size=3), rng.normal(size=3)], rng.normal(size=3)
    with contextlib.suppress(tl.DifferentiationError):
        value, _ = tl.value_and_grad(put_in_front_of_the_loop)(y * 2.0, y, [e.copy() for e in items])
        assert value == put_in_front_of_the_loop(y * 2.0, y, [e.copy() for e in items])
    ones = [np.ones(3), np.ones(3)]
    value, bars = tl.value_and_grad(replaced_where_it_is)([e.copy() for e in items], y)
    assert value == replaced_where_it_is([e.copy() for e in items], y)
    step = 1e-6
    ends = [replaced_where_it_is([e + t * d for e, d in zip(items, ones, strict=True)], y) for t in (step, -step)]
    np.testing.assert_allclose(sum(map(np.sum, bars)), (ends[0] - ends[1]) / (2 * step), rtol=1e-6)


def one_list_or_another(held: list[float], items: list[np.ndarray]) -> float:
    for k in range(len(items)):
        held = held if items[k][1] > 0.5 else [np.sin(sum(np.sum(r * r) for r in items))]
        held = [np.sin(held[0])]
    for k in range(len(held)):
        held[k] = held[k] * 2.0
    return held[0]


def test_what_one_path_computes_of_an_item_is_computed_there() -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        items = [rng.normal(size=3) for _ in range(3)]
        value, (bar,) = tl.value_and_grad(one_list_or_another)([0.3], items)
        assert value == one_list_or_another([0.3], items)
        ends = [one_list_or_another([0.3 + t], items) for t in (1e-6, -1e-6)]
        np.testing.assert_allclose(bar, (ends[0] - ends[1]) / 2e-6, rtol=1e-5, atol=1e-8)


def smeared_under_two_names(A: np.ndarray) -> float:
    B = A * 1.0
    C = B.T
    C[1:, 1] = B[:, 3]  # NumPy makes no copy: it reads what it has just written
    return np.sum(B[1] ** 2)


def moved_under_two_names(A: np.ndarray) -> float:
    B = A * 1.0
    C = B
    C[1, 1:] = B[1, :-1]
    return np.sum(B[1] ** 2) * C[1, 2]


def test_a_view_that_is_assigned_to_an_overlapping_one_of_another_name() -> None:
    A = np.random.default_rng(0).normal(size=(3, 4))
    with pytest.raises((tl.DifferentiationError, ValueError), match="overlapping view of itself"):
        tl.grad(smeared_under_two_names)(A)
    step = 1e-6 * np.ones_like(A)
    slope = (moved_under_two_names(A + step) - moved_under_two_names(A - step)) / 2e-6
    np.testing.assert_allclose(np.sum(tl.grad(moved_under_two_names)(A)), slope, rtol=1e-6)


def diagonal_into_what_follows(A: np.ndarray) -> float:
    A.reshape(-1)[2:5] = np.diag(A)  # A[1, 1] is read when A[0, 0] has replaced it
    return np.sum(A**2)


def diagonal_into_the_first_row(A: np.ndarray) -> float:
    A[0] = A.diagonal()  # both have A[0, 0], as their first
    return np.sum(A**2)


def test_a_view_made_by_a_function_that_is_assigned_to_an_overlapping_one() -> None:
    A = np.random.default_rng(0).normal(size=(3, 3))
    for derivative in (tl.grad(diagonal_into_what_follows), lambda A: tl.jvp(diagonal_into_what_follows, (A,), (A,))):
        with pytest.raises((tl.DifferentiationError, ValueError), match="overlapping view of itself"):
            derivative(A)
    tl.check_grads(diagonal_into_the_first_row, (A,))


def sum_of_slopes(x: np.ndarray) -> float:
    return np.sum(np.gradient(x)) + np.mean(np.gradient(np.sin(x)) ** 2)


def test_a_sum_of_all_slopes() -> None:
    for n in (2, 3, 5, 8):
        tl.check_grads(sum_of_slopes, (np.random.default_rng(n).normal(size=n),))


def given_twice_and_bound_anew(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> np.ndarray:
    r[:] = r * 2
    p = q  # noqa: F841 - nobody asks for it, yet it is no longer `r`
    q[0] = 3.0
    return r


def writes_by_a_helper(y: np.ndarray, A: np.ndarray) -> float:
    given_twice_and_bound_anew(A, y, A)
    return np.sum(y**2) + np.sum(A**3)


def test_a_parameter_that_is_bound_to_another_s_memory_and_not_read() -> None:
    rng = np.random.default_rng(0)
    tl.check_grads(writes_by_a_helper, (rng.normal(size=3), rng.normal(size=(3, 3))))


def less_the_greatest(q: np.ndarray, p: np.ndarray) -> None:
    q -= np.max(p)  # nothing here depends on it, but the caller sees it


def shifted_by_a_helper(x: np.ndarray, A: np.ndarray) -> float:
    for r in A:
        less_the_greatest(x, r)
    return np.sum(x**2)


def test_what_a_helper_shifts_in_place_the_caller_sees() -> None:
    rng = np.random.default_rng(0)
    tl.check_grads(shifted_by_a_helper, (rng.normal(size=3), rng.normal(size=(3, 3))))


def one_or_the_other(p: np.ndarray, q: np.ndarray, t: float) -> np.ndarray:
    q[0] = 2.0
    if t > 0.2:
        p = q
    return p


def of_one_or_the_other(x: np.ndarray, w: np.ndarray, t: float) -> float:
    v = one_or_the_other(w, x, t)
    return np.sum(v * v) * x[1]


def test_a_parameter_that_one_path_binds_to_another_and_that_is_returned() -> None:
    rng = np.random.default_rng(0)
    for t in (0.5, 0.0):
        tl.check_grads(of_one_or_the_other, (rng.normal(size=3), rng.normal(size=3), t))


def of_a_view(p: np.ndarray) -> None:
    q = p[:-1]
    q[:] = np.sin(q)


def of_a_view_backwards(p: np.ndarray) -> np.ndarray:
    q = p[:-1]
    q[::-1] = np.sin(q / (1.5 + q**2))
    return np.ones(4)


def by_a_view(x: np.ndarray) -> float:
    of_a_view(x)
    return np.sum(x**2)


def by_a_view_backwards(x: np.ndarray) -> float:
    of_a_view_backwards(x[::-1])
    return np.sum(x**2)


def test_views_that_a_helper_writes_and_keeps_are_written_by_its_reverse_half_at_order_two() -> None:
    rng = np.random.default_rng(0)
    x, v = rng.normal(size=(2, 4))
    for f in (by_a_view, by_a_view_backwards):
        gradient = tl.grad(f)
        slope = (gradient(x + 1e-5 * v) - gradient(x - 1e-5 * v)) / 2e-5
        np.testing.assert_allclose(tl.hvp(f)(x, v), slope, rtol=1e-6)


def swapped_on_one_path(x: np.ndarray, a: float, b: float) -> float:
    v = x[1:] + x[:-1]
    if x[0] < 0.3:
        v[-1] = np.sin(b)
        a, b = b, a
        try:  # noqa: SIM105 - as it was found
            b = np.sqrt(b - 0.0137) * np.cos(b)
        except ValueError:
            pass
    return b + np.sum(v * v) + a


def test_numbers_that_change_places_on_one_path() -> None:
    for first in (0.1, 0.5):
        tl.check_grads(swapped_on_one_path, (np.array([first, 0.7, -0.4]), 0.8, 0.6))


def counts_entries(x: np.ndarray, A: np.ndarray, a: float) -> float:
    return np.sum(A + (a + x))


def test_the_gradient_of_a_float_that_is_a_product_of_sizes_is_a_float() -> None:
    x, A = np.ones(3), np.ones((2, 3))
    gradient = tl.grad(counts_entries, (0, 1, 2))
    assert type(gradient(x, A, 0.5)[2]) is float
    assert gradient(x, A, 0.5)[2] == 6.0
    assert tl.jvp(gradient, (x, A, 0.5), (x, A, 0.5))[1][2] == 0.0


def smoothed_in_steps(p: np.ndarray, r: float, q: np.ndarray) -> None:
    for k in range(3):
        q[:, 0] = p[:, -1]
        p[1:-1, 1:-1] = r * np.minimum(p[1:-1, :-2], p[1:-1, 2:]) + q[1:-1, 1:-1] * p[:-2, 1:-1] ** 2
        p[:] *= 1.0 + 0.1 * k * r


def by_steps_in_place(p: np.ndarray, r: float, q: np.ndarray) -> float:
    smoothed_in_steps(p, r, q)
    return np.sum(p**2) + np.sum(q**2)


def test_copies_of_matrices_that_a_reverse_half_keeps_are_nobody_elses_at_order_two() -> None:
    rng = np.random.default_rng(0)
    p, q, v = rng.normal(size=(3, 5, 5))
    gradient = tl.grad(by_steps_in_place)
    slope = (gradient(p + 1e-6 * v, 0.7, q) - gradient(p - 1e-6 * v, 0.7, q)) / 2e-6
    np.testing.assert_allclose(tl.hvp(by_steps_in_place)(p, 0.7, q, v), slope, rtol=1e-5, atol=1e-6)


def deep(u: np.ndarray, c: float) -> np.ndarray:
    return (((((((((((((((((((u * c + u) * c + u) * c + u) * c + u) * c + u) * c + u) * c + u) * c + u) * c + u) * c + u) * c
             + u) * c + u) * c + u) * c + u) * c + u) * c + u) * c + u) * c + u) * c + u) * c  # fmt: skip


def by_deep_expressions(u: np.ndarray, c: float) -> float:
    return np.sum(deep(u, c))


def test_what_a_helper_returns_is_looked_at_once_however_deep_it_is() -> None:
    with time_limit(20):  # once a level, and not by powers of it
        tl.check_grads(by_deep_expressions, (np.array([0.3, 0.9]), 0.4))


def by_recursion(r: np.ndarray) -> float:
    y = np.empty_like(r)
    alpha, beta = -r[0], 1.0
    y[0] = -r[0]
    for k in range(1, r.shape[0]):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(np.flip(r[:k]), y[:k])) / beta
        y[:k] += alpha * np.flip(y[:k])
        y[k] = alpha
    M = np.outer(y, y) + r
    M[1:] *= np.swapaxes(M, 0, 1)[:-1] + np.rot90(M)[1:]
    return np.sum(M)


def test_views_by_functions_are_kept_as_copies_where_their_memory_is_written() -> None:
    r = np.array([0.1, 0.07, 0.02, -0.03])
    assert "bar_saved" not in tl.grad(by_recursion).source_for(r)
    tl.check_grads(by_recursion, (r,), order=2)


def in_the_type_of_the_data(x: np.ndarray, like: np.ndarray) -> float:
    c = np.eye(3, dtype=x.dtype)
    c[0] = x**2
    d = np.zeros(3, dtype=like.dtype)
    d[1:] = x[1:] * c[0, 1:]
    return np.sum(c * c) + np.sum(d)


def test_arrays_in_the_type_of_other_arrays_compile() -> None:
    x = np.array([0.5, 1.5, -2.0])
    assert "refuse_integers(c)" not in tl.grad(in_the_type_of_the_data).source_for(x, x)
    native = tl.grad(in_the_type_of_the_data, jit=True)
    np.testing.assert_allclose(native(x, x), tl.grad(in_the_type_of_the_data)(x, x))
    with pytest.raises(ValueError, match="whole numbers"):
        native(x, np.arange(3))


def of_parts_by_name(n: Any, d: Any) -> Any:
    B, C = n * np.exp(1j * d)
    total = np.abs(B * B + C + d) ** 2
    for z in n * 1j:
        total = total + np.abs(z * z + d * z) ** 2
    return total


def of_what_is_made_complex(n: Any, d: Any) -> Any:
    return np.sum(np.abs(np.sqrt(n.astype(complex) - 5) + d) ** 2)


def of_one_that_is_spread(n: Any, d: Any) -> Any:
    return np.sum(np.abs(np.broadcast_to(n[0] * 1j, (2,)) + d) ** 2)


@pytest.mark.parametrize("f", [of_parts_by_name, of_what_is_made_complex, of_one_that_is_spread])
def test_complex_numbers_in_text_for_arguments_of_any_kind(f: Callable[..., Any]) -> None:
    n, step = np.array([1.3, 0.4]), 1e-6
    world: dict[str, Any] = {}
    exec(compile(tl.grad(f, (0, 1)).source, "<derivative>", "exec"), world)
    n_bar, d_bar = world[f"grad_{f.__name__}"](n, 0.7)
    measured = [(f(n + step * e, 0.7) - f(n - step * e, 0.7)) / (2 * step) for e in np.eye(2)]
    np.testing.assert_allclose(n_bar, measured, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(d_bar, (f(n, 0.7 + step) - f(n, 0.7 - step)) / (2 * step), rtol=1e-7, atol=1e-8)


def filled_from_none(a: float, n: int) -> float:
    x: list[Any] = [None] * n
    x[0] = 1.0
    for k in range(1, n):
        x[k] = x[k - 1] * a + a
    return x[-1] * x[1]


def test_tangents_of_lists_that_begin_as_none() -> None:
    value, tangent = tl.jvp(filled_from_none, (0.7, 4), (1.0, None))
    assert value == filled_from_none(0.7, 4)
    np.testing.assert_allclose(tangent, tl.grad(filled_from_none)(0.7, 4))


def test_gradients_of_lists_are_no_whole_numbers() -> None:
    found = tl.grad(lambda xs, n: xs[1] * n)([1.0, 2.0], 3)
    assert found == [0.0, 3.0]
    assert all(type(v) is float for v in found)


def above_nothing(x: float) -> float:
    return max(x, -1e999) * x + x * (1e308 * 10)


def test_infinity_in_a_text_has_no_name() -> None:
    world: dict[str, Any] = {}
    exec(compile(tl.grad(above_nothing).source_for(2.0), "<derivative>", "exec"), world)
    assert world["grad_above_nothing"](2.0) == tl.grad(above_nothing)(2.0) == np.inf


def test_defaults_that_are_other_ones_by_now() -> None:
    def scaled(x: float, k: float = 2.0, *, m: float = 1.0) -> float:
        return x * k * m

    found = tl.grad(scaled)
    assert found(1.0) == 2.0
    scaled.__defaults__ = (5.0,)
    assert found(1.0) == 5.0
    assert scaled.__kwdefaults__ is not None
    scaled.__kwdefaults__["m"] = 3.0
    assert found(1.0) == 15.0


def shrunk(x: Any) -> Any:
    x *= 0.9
    return x


def shrunk_back_to_front(a: Any) -> Any:
    v = np.sin(a)
    u = shrunk(v[::-1])
    return np.sum(u * v**2)


def test_text_without_kinds_of_what_a_call_writes() -> None:
    """Refused for what is not known, each time that it is asked: the text asks for an array."""
    world = {"np": np, "shrunk": shrunk}
    exec(compile(tl.grad(shrunk_back_to_front).source, "<derivative>", "exec"), world)
    a = np.array([0.3, 0.2, -0.5])
    np.testing.assert_allclose(world["grad_shrunk_back_to_front"](a), tl.grad(shrunk_back_to_front)(a))  # type: ignore[operator]


def by_keys(x: Any, orders: Any) -> Any:
    total = 0.0
    for k in orders:
        total += np.sum(x**3) * k
    return total


def test_text_without_kinds_of_loops_over_dicts() -> None:
    """Their keys do not stand at their places."""
    world: dict[str, Any] = {}
    exec(compile(tl.grad(by_keys).source, "<derivative>", "exec"), world)
    x = np.array([0.3, 0.2, -0.5])
    np.testing.assert_allclose(world["grad_by_keys"](x, [1, 2]), 9 * x**2)
    with pytest.raises(ValueError, match="lists or arrays"):
        world["grad_by_keys"](x, {0: 1, 1: 2})
