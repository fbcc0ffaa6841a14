"""The functions that emitted code calls: shapes, zeros, ties, repeats, views."""

from __future__ import annotations

import inspect
import math
from collections import namedtuple
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

import tangent_like.runtime as rt

SHAPES = [(), (1,), (3,), (2, 3), (2, 1, 4), (0,), (2, 0, 3)]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


# -- shapes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, bool])
def test_zeros_like(shape: tuple[int, ...], dtype: Any) -> None:
    zeros = rt.zeros_like(np.ones(shape, dtype))
    assert zeros.shape == shape
    assert zeros.dtype == (dtype if np.dtype(dtype).kind == "f" else np.float64)
    assert not zeros.any()


def test_zeros_like_a_number() -> None:
    assert type(rt.zeros_like(2)) is float
    assert type(rt.zeros_like(2.0)) is float
    assert rt.zeros_like(np.float32(2)).dtype == np.float32
    assert rt.zeros_like(np.asfortranarray(np.ones((2, 3)))).flags.f_contiguous


def test_gradients_of_whole_numbers_are_floats() -> None:
    for whole in (2, True, np.int64(2), np.uint8(2), np.bool_(True)):
        assert type(rt.like(0.75, whole)) is float
        assert rt.like(0.75, whole) == 0.75
    assert rt.like(0.75, np.float32(2)).dtype == np.float32


@pytest.mark.parametrize("x", SHAPES)
@pytest.mark.parametrize("other", [(), (3,), (2, 3), (2, 1, 4), (5, 1, 1, 1), (1, 3), (0,)])
def test_unbroadcast(x: tuple[int, ...], other: tuple[int, ...], rng: np.random.Generator) -> None:
    try:
        shape = np.broadcast_shapes(x, other)
    except ValueError:
        return
    operand = np.zeros(x)
    g = rng.normal(size=shape)
    summed = rt.unbroadcast(g, operand)
    assert np.shape(summed) == x
    # The adjoint of broadcasting: <g, broadcast(v)> = <unbroadcast(g), v>.
    v = rng.normal(size=x)
    assert math.isclose(np.sum(g * v), np.sum(summed * v), rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize(
    ("small", "large"), [((), (3,)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((), (0, 2))]
)
def test_unbroadcast_repeats_what_is_smaller(
    small: tuple[int, ...], large: tuple[int, ...]
) -> None:
    g = np.arange(1.0, 1 + math.prod(small)).reshape(small)
    repeated = rt.unbroadcast(g, np.zeros(large))
    np.testing.assert_array_equal(repeated, np.broadcast_to(g, large))
    assert repeated.flags.writeable
    assert not np.shares_memory(repeated, g)


def test_unbroadcast_between_numbers() -> None:
    assert rt.unbroadcast(2.0, 3.0) == 2.0
    assert rt.unbroadcast(2.0, 3) == 2.0
    total = rt.unbroadcast(np.ones((2, 3)), 4.0)
    assert total == 6.0
    assert type(total) is float
    assert rt.unbroadcast(np.ones(3, np.float32), np.float32(1)).dtype == np.float32
    assert rt.unbroadcast(1.5, np.zeros(3, np.float32)).dtype == np.float32


AXES = [
    ((3,), None), ((3,), 0), ((3,), -1), ((2, 3), None), ((2, 3), 0), ((2, 3), 1), ((2, 3), (0, 1)),
    ((2, 3, 4), (2, 0)), ((2, 3, 4), (-1, 1)), ((2, 3, 4), -2), ((0, 3), 1), ((2, 0), 1), ((2, 3), ()),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "axis"), AXES)
@pytest.mark.parametrize("keepdims", [False, True])
def test_spread(
    shape: tuple[int, ...], axis: Any, keepdims: bool, rng: np.random.Generator
) -> None:
    x = rng.normal(size=shape)
    y_bar = rng.normal(size=np.shape(np.sum(x, axis, keepdims=keepdims)))
    x_bar = rt.spread(y_bar, x, axis, keepdims)
    assert x_bar.shape == shape
    assert x_bar.flags.writeable
    v = rng.normal(size=shape)
    assert math.isclose(
        np.sum(x_bar * v), np.sum(y_bar * np.sum(v, axis, keepdims=keepdims)), abs_tol=1e-12
    )


def test_spread_of_what_is_smaller() -> None:
    x = np.zeros((2, 3, 4))
    np.testing.assert_array_equal(rt.spread(1.0, x, (0, 2)), np.ones(x.shape))
    np.testing.assert_array_equal(
        rt.spread(np.arange(4.0), x, 1), np.broadcast_to(np.arange(4.0), x.shape)
    )
    assert rt.spread(1.0, x.astype(np.float32)).dtype == np.float32
    assert rt.spread(2.0, 3.0) == 2.0


@pytest.mark.parametrize(("shape", "axis"), AXES)
def test_mean_count(shape: tuple[int, ...], axis: Any) -> None:
    x = np.ones(shape)
    np.testing.assert_array_equal(
        np.sum(x, axis), rt.mean_count(x, axis) * np.ones_like(np.sum(x, axis))
    )


# -- extrema and products --------------------------------------------------------------------------


@pytest.mark.parametrize(("shape", "axis"), [a for a in AXES if 0 not in a[0]])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("extremum", [np.max, np.min])
def test_ties(
    shape: Any, axis: Any, keepdims: bool, extremum: Any, rng: np.random.Generator
) -> None:
    x = rng.integers(0, 3, shape).astype(float)
    y = extremum(x, axis=axis, keepdims=keepdims)
    shares = rt.ties(x, y, axis, keepdims)
    assert shares.shape == shape
    np.testing.assert_allclose(np.sum(shares, axis=axis), 1.0)
    full = np.broadcast_to(extremum(x, axis=axis, keepdims=True), shape)
    np.testing.assert_array_equal(shares > 0, x == full)


def test_ties_of_nan_and_of_one_number() -> None:
    x = np.array([1.0, np.nan, np.nan, 5.0])
    np.testing.assert_array_equal(rt.ties(x, np.max(x)), [0.0, 0.5, 0.5, 0.0])
    assert rt.ties(2.0, 2.0) == 1.0


@pytest.mark.parametrize(("shape", "axis"), AXES)
@pytest.mark.parametrize("zeros", [0, 1, 2, 9])
def test_others_product(shape: Any, axis: Any, zeros: int, rng: np.random.Generator) -> None:
    x = rng.normal(size=shape)
    x.flat[:zeros] = 0.0
    others = rt.others_product(x, axis)
    assert np.shape(others) == shape
    for at in np.ndindex(shape):
        without = x.copy()
        without[at] = 1.0
        product = np.broadcast_to(np.prod(without, axis=axis, keepdims=True), shape)[at]
        assert math.isclose(others[at], product, rel_tol=1e-12)


# -- elementwise -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "points"),
    [
        (rt.sign, [(-2.0,), (0.0,), (3.5,)]),
        (rt.share, [(1.0, 2.0), (2.0, 2.0), (3.0, 2.0)]),
        (rt.quotient, [(1.0, 2.0), (1.0, 0.0), (0.0, 0.0), (-1.0, 4.0)]),
        (rt.lowered, [(0.0,), (1.0,), (2.5,), (-1.0,)]),
        (rt.safe_log, [(0.0,), (-1.0,), (2.0,)]),
        (rt.sinc_slope, [(0.0,), (1e-9,), (0.0999,), (0.1001,), (-1.5,)]),
    ],
)
def test_numbers_and_arrays_agree(function: Any, points: list[tuple[float, ...]]) -> None:
    expected = [function(*point) for point in points]
    for dtype in (np.float64, np.float32):
        arrays = [np.array(column, dtype) for column in zip(*points, strict=True)]
        found = function(*arrays)
        assert found.dtype == dtype
        np.testing.assert_allclose(found, expected, rtol=1e-6 if dtype is np.float32 else 1e-14)
        for point, value in zip(points, expected, strict=True):
            scalars = [dtype(p) for p in point]
            np.testing.assert_allclose(function(*scalars), value, rtol=1e-6, atol=1e-7)
            np.testing.assert_allclose(
                function(*map(np.array, scalars)), value, rtol=1e-6, atol=1e-7
            )


def test_elementwise_values() -> None:
    assert [rt.sign(x) for x in (-2, 0.0, 3.0)] == [-1.0, 0.0, 1.0]
    assert [rt.share(x, 1.0) for x in (0.0, 1.0, 2.0)] == [0.0, 0.5, 1.0]
    np.testing.assert_array_equal(rt.share(np.arange(3.0), 1), [0.0, 0.5, 1.0])
    assert rt.lowered(0) == 1
    assert rt.lowered(3) == 2
    assert rt.safe_log(math.e) == 1.0
    assert rt.quotient(1.0, 0.0) == 0.0
    # An integer array keeps nothing of its kind where halves and logarithms are meant.
    np.testing.assert_array_equal(rt.share(np.array([1, 2]), np.array([1, 1])), [0.5, 1.0])
    assert rt.safe_log(np.array([0, 1, 2])).dtype == np.float64


@pytest.mark.parametrize(
    "x", [0.1, 0.5, 1.0, 1.4616321449683622, 5.5, 40.0, 1e6, -0.5, -3.7, -20.25]
)
def test_digamma(x: float) -> None:
    assert math.isclose(rt.digamma(x), scipy.special.digamma(x), rel_tol=1e-12, abs_tol=1e-14)


@given(st.floats(-30, 30))
def test_sinc_slope(x: float) -> None:
    t = np.pi * x
    expected = -np.pi * (scipy.special.spherical_jn(1, t) if abs(t) > 1e-8 else t / 3)
    assert math.isclose(rt.sinc_slope(x), expected, rel_tol=1e-10, abs_tol=1e-12)


# -- memory ----------------------------------------------------------------------------------------


def test_pieces_and_unstack() -> None:
    arrays = [np.zeros((2, 1)), np.zeros((2, 3)), np.zeros((2, 0))]
    y_bar = np.arange(8.0).reshape(2, 4)
    parts = rt.pieces(y_bar, arrays, 1)
    assert [p.shape for p in parts] == [(2, 1), (2, 3), (2, 0)]
    np.testing.assert_array_equal(np.concatenate(parts, 1), y_bar)
    assert [np.shape(p) for p in rt.pieces(np.arange(9.0), [*arrays, 1.0], None)] == [
        (2, 1), (2, 3), (2, 0), (),
    ]  # fmt: skip
    np.testing.assert_array_equal(rt.unstack(y_bar, 1)[2], y_bar[:, 2])


def test_add_at() -> None:
    x_bar = np.zeros(3)
    rt.add_at(x_bar, [0, 0, 2], np.array([1.0, 2.0, 4.0]))
    np.testing.assert_array_equal(x_bar, [3.0, 0.0, 4.0])


INDICES = [
    np.array([0, 0, 2]),
    np.array([[1, 1], [2, 1]]),
    (np.array([0, 1, 0, 0]), np.array([2, 1, 2, -1])),
    (slice(None), np.array([1, 1, -2])),
    (np.array([1, -3, 1]), slice(0, 2)),
    (np.array([[0], [0]]), np.array([[1, 1, 2]])),
    (Ellipsis, np.array([0, 2, 0])),
    (np.array([0, 0]), None, np.array([1, 1])),
    np.array([True, False, True]),
    np.array([[1, 1, 2], [2, 1, 1]]).T,
    [2, 2],
    (1, 2),
    slice(0, 2),
    np.array([], int),
]


@pytest.mark.parametrize("index", INDICES, ids=str)
@pytest.mark.parametrize("order", ["C", "F"])
def test_stored(index: Any, order: str, rng: np.random.Generator) -> None:
    """Against the Jacobian of the store itself, which NumPy carries out: it is a choice of entries."""
    a = np.array(rng.normal(size=(3, 4)), order=order)
    a_bar = np.array(rng.normal(size=(3, 4)), order=order)
    v_bar = rt.stored(a_bar, index)
    assert np.shape(v_bar) == np.shape(a[index])
    for at in np.ndindex(np.shape(v_bar)):
        v = np.zeros(np.shape(v_bar))
        v[at] = 1.0
        b = np.zeros_like(a)
        b[index] = v
        assert v_bar[at] == np.sum(a_bar * b)


@given(st.lists(st.integers(-4, 3), max_size=12))
def test_stored_gives_each_element_to_one_store(index: list[int]) -> None:
    a_bar = np.array([1.0, 2.0, 4.0, 8.0])
    where = np.array(index, int)
    v_bar = rt.stored(a_bar, where)
    assert v_bar.sum() == a_bar[np.unique(where % 4)].sum()


Pair = namedtuple("Pair", "first second")


def test_isolate_keeps_what_shares_memory_sharing_it(rng: np.random.Generator) -> None:
    base = rng.normal(size=(4, 5))
    odd, even, turned, one = base[:, ::2], base[::-1, 1:], base.T, base[2, 3:4]
    other = rng.normal(size=3)
    values = {"views": (odd, even, turned), "pair": Pair(one, [other, other]), "n": 3, "f": 2.5}
    new = rt.isolate(values)
    assert isinstance(new["pair"], Pair)
    assert new["n"] == 3
    copies = [*new["views"], new["pair"].first]
    for before, after in zip((odd, even, turned, one), copies, strict=True):
        np.testing.assert_array_equal(before, after)
        assert before.strides == after.strides
        assert not np.shares_memory(before, after)
    assert new["pair"].second[0] is new["pair"].second[1]
    copies[2][...] = 0.0  # the transpose: every entry of the base
    assert not copies[0].any()
    assert not copies[1].any()
    assert not copies[3].any()
    assert odd.any()


def test_isolate_apart_stays_apart(rng: np.random.Generator) -> None:
    base = rng.normal(size=(4, 4))
    interleaved = [base[::2], base[1::2]]
    new = rt.isolate(interleaved)
    assert not np.shares_memory(*new)
    new[0][...] = 0.0
    np.testing.assert_array_equal(new[1], base[1::2])
    rows = rt.isolate([base[0], base[2]])
    assert all(row.flags.owndata for row in rows)


def test_isolate_of_everything_else() -> None:
    marker = object()
    items: list[Any] = [1, None, "text", marker, np.float32(2), np.array(3.0), np.zeros((0, 2))]
    items.append(np.array([marker], dtype=object))
    new = rt.isolate(items)
    assert new is not items
    assert new[:4] == [1, None, "text", marker]
    assert new[4] == np.float32(2)
    assert new[5].shape == ()
    assert new[5] is not items[5]
    assert new[6].shape == (0, 2)
    assert new[7][0] is marker
    assert new[7] is not items[7]
    circle: list[Any] = [np.ones(2)]
    circle.append(circle)
    copy = rt.isolate(circle)
    assert copy[1] is copy
    read_only = np.broadcast_to(1.0, (3,))
    assert rt.isolate(read_only).flags.writeable
    assert rt.isolate(np.ones((2, 3), order="F")).flags.f_contiguous


# -- what is promised of all -----------------------------------------------------------------------


def test_shape_only_parameters_are_read_for_shape_only(rng: np.random.Generator) -> None:
    """The same answer with NaN in place of the values."""
    x, y = rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    z_bar, g = rng.normal(size=(2, 4)), rng.normal(size=(2, 3))
    calls: dict[str, tuple[Any, ...]] = {
        "dot_left": (z_bar, x, y),
        "dot_right": (z_bar, x, y),
        "from_diagonal": (x, g[:, 0]),
        "inner_left": (z_bar, x, y.T),
        "inner_right": (z_bar, x, y.T),
        "matmul_adjoint": (z_bar, x, y),
        "matmul_left": (z_bar, x, y),
        "matmul_right": (z_bar, x, y),
        "mean_count": (x, 1),
        "filled": ([x, x], 1.5),
        "on_diagonal": (g[:, 0], x),
        "outer_left": (rng.normal(size=(6, 12)), x, y),
        "outer_right": (rng.normal(size=(6, 12)), x, y),
        "pieces": (g, [x[:1], x[1:]], 0),
        "each_item": (g[0], x),
        "joined_parts": (g, [x[0], x[1:]], 0, 2),
        "positions": (x,),
        "quantile_tangent": (x.copy(), g, x, 0),
        "scatter": (g, x, np.array([[0, 5, 0], [1, 2, -1]])),
        "trapezoid_weights": (x, None, 0.5, 0),
        "unblock": (g, [[x[:1]], [x[1:]]]),
        "unbroadcast_each": ([g, g], [x, x[:1]]),
        "ungradient": (g, x, (), 1),
        "unhstack": (g, [x[:, :1], x[:, 1:]]),
        "unmesh": ([g, g], [x[0], x[:, 0]]),
        "unpad": (np.ones((4, 5)), x, 1),
        "unpad_along": (np.ones((4, 5)), x, 1, "mean"),
        "one_band": (np.ones((3, 4)), np.ones((2, 4))),
        "unpad_edges": (np.ones((4, 5)), x, 1, x[0, :2].copy()),
        "bordered": (x, y[:2, :2].copy()),
        "unbordered": (np.ones((3, 4)), x, y[:2, :2].copy()),
        "unplace": (1.0, g, x, 0.3),
        "unpolyval": (g, x[0], x),
        "unpolyval_slope": (g, x[0], x),
        "unquantile": (1.0, g, x),
        "unzoomed": (g, x, 1, 1),
        "unselect": (g, np.array([0, 1, 1]), [x, x[:1]]),
        "untake": (g[0], x, np.array([3, 0, 3])),
        "untake_along": (g[:, :1], x, np.array([[1], [2]]), 1),
        "convolve_full": (np.ones(4), x[0], y[:2, 0]),
        "convolved_full": (np.ones(4), x[0], y[:2, 0]),
        "convolve_left": (np.ones(4), x[0], y[:2, 0]),
        "correlate_full": (np.ones(2), x[0], y[:2, 0]),
        "correlate_left": (np.ones(2), x[0], y[:2, 0]),
        "correlate_right": (np.ones(2), x[0], y[:2, 0]),
        "cross_adjoint": (g, x, x.copy()),
        "cut_or_padded": (np.ones((3, 2)), x),
        "unirfftn": (np.ones((4, 3)), x, (1, 0)),
        "unrfftn": (np.ones((3, 4)), x, (3, 6), (0, 1)),
        "kron_blocks": (np.ones((6, 12)), x, y),
        "kron_left": (np.ones((6, 12)), x, y),
        "kron_right": (np.ones((6, 12)), x, y),
        "tensordot_axes": (x, y, 1),
        "tensordot_left": (z_bar, x, y, 1),
        "tensordot_right": (z_bar, x, y, 1),
        "solve_left": (g[0], g[1], np.eye(len(g[0])), g[0]),
        "solve_tangent": (np.eye(4), rng.normal(size=(4, 4)), np.ones(4), np.ones(4)),
        "solve_transposed": (np.eye(4), np.ones(4), np.ones(4)),
        "placed": (g[0], x, 0),
        "of_shape": (g, x, "rule.py:1"),
        "spreads_to": (g[0], x, "rule.py:1"),
        "spread": (g[0], x, 0),
        "to_shape": (g[0], x),
        "unbroadcast": (g, x[:1]),
        "undiff": (g[:, 1:], x, 1, 1),
        "unrepeat": (np.ones((4, 3)), x, 2, 0),
        "untile": (np.ones((4, 3)), x, (2, 1)),
        "widen": (g[0], (2, 3), x),
        "zeros_like": (x,),
        "along_diagonals": (x[0], x),
        "broadcast_each": ([x[0], x[0, 0]], [x, y]),
        "convolved_part": (np.arange(4.0), x[0], y[:2, 0], "same"),
        "convolved_slices": (x, y, "full"),
        "fitting": (x > 0, x[:1], True),
        "interp_values": (g[0], np.array([0.3, 1.2, 1.9]), np.array([0.0, 1.0, 2.0]), x[0]),
        "rejoined": ([g[0], g[1:]], x, [x[0], x[1:]], 0, 2),
        "shaped_each": ([g[0], g[1:]], [x[0], x[1:]]),
        "slope_weights": (np.arange(5.0), np.arange(5.0) ** 2, np.array([0.5, 1.5])),
        "spline_weights": (np.arange(5.0), np.arange(5.0) ** 2, np.array([0.5, 1.5])),
        "value_weights": (np.arange(5.0), np.arange(5.0) ** 2, np.array([0.5, 1.5])),
        "each_quantile": (g[0], x, 0),
        "unresample": (g[:, :2], x, 2, 1),
        "unreduceat": (g[:, :2], x, [0, 2], 1),
        "an_eighth": (np.ones(20), "hann", 9, -1),
        "unshort": (np.ones((4, 5)), np.ones(14), 1.0, "hann", 6, 4, None, False, True, "density", -1),
        "unfrom_short": (np.ones(20), np.ones((5, 6)), 1.0, "hann", None, None, None, True, -1, -2, "spectrum"),
        "at_each": (np.ones((3, 2)), np.arange(3.0)),
        "beside": (np.ones(3), np.arange(3.0), np.arange(6.0).reshape(3, 2)),
        "uncubic_spline": (np.ones(2), np.arange(5.0), np.arange(5.0) ** 2, np.array([0.5, 1.5])),
    }
    assert calls.keys() == rt.SHAPE_ONLY.keys()

    def blank(value: Any) -> Any:
        if isinstance(value, list):
            return list(map(blank, value))
        return np.full_like(value, np.nan, dtype=np.result_type(value, 0.0))

    def flat(value: Any) -> list[Any]:
        if isinstance(value, list | tuple):
            return [leaf for item in value for leaf in flat(item)]
        return list(np.atleast_1d(value))

    for name, args in calls.items():
        function = getattr(rt, name)
        parameters = list(inspect.signature(function).parameters)
        changed = list(args)
        for parameter in rt.SHAPE_ONLY[name]:
            k = parameters.index(parameter)
            changed[k] = blank(changed[k])
        expected, found = function(*args), function(*changed)
        for a, b in zip(flat(expected), flat(found), strict=True):
            np.testing.assert_array_equal(a, b, err_msg=name)


def test_the_list_of_functions_is_complete() -> None:
    functions = {n for n, f in vars(rt).items() if inspect.isfunction(f)}
    assert functions == set(rt.__all__) - {"SHAPE_ONLY"}


def test_each_function_says_what_it_does_and_stands_alone() -> None:
    """A standalone module gets its text: it reads np, math and functions of the runtime, no more."""
    for name in set(rt.__all__) - {"SHAPE_ONLY"}:
        function = getattr(rt, name)
        assert function.__doc__, name
        for used in function.__code__.co_names:
            value = function.__globals__.get(used)
            if value is not None and not inspect.ismodule(value):
                assert used in rt.__all__, (name, used)


def test_to_shape_repeats_and_leaves_alone() -> None:
    x = np.arange(6.0).reshape(2, 3)
    assert rt.to_shape(x, x) is x
    grown = rt.to_shape(np.arange(3.0), x)
    assert grown.shape == (2, 3)
    assert grown.flags.writeable
    assert rt.to_shape(1.5, np.zeros(2, np.float32)).dtype == np.float32
    assert rt.to_shape(1.5, 2.0) == 1.5


def test_refuse_strided_knows_what_a_copy_would_be() -> None:
    rt.refuse_strided(np.zeros((2, 3)))
    rt.refuse_strided(1.0)
    with pytest.raises(ValueError, match="not contiguous"):
        rt.refuse_strided(np.zeros((2, 3)).T)


def test_zeros_like_of_a_dict() -> None:
    found = rt.zeros_like({"u": 1, "w": np.ones(2, np.float32), "v": [2.0, None]})
    assert found["u"] == 0.0 and found["v"] == [0.0, None]
    assert found["w"].dtype == np.float32 and not found["w"].any()
