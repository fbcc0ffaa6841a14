"""The helpers that cut what was joined, and those of slopes and areas along an axis: linear, to and fro."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import constant, linear, rule
from tangent_like.runtime import (
    along_diagonals,
    block_again,
    block_of,
    broadcast_each,
    convolved_full,
    convolved_part,
    each_item,
    from_axes,
    joined_parts,
    left_inverse,
    mesh,
    of_real,
    only_block,
    pivoted,
    quantile_ranks,
    quantile_slopes,
    rejoined,
    shaped_each,
    slopes_of,
    spread,
    tall,
    toeplitz_sums,
    trapezoid_gaps,
    trapezoid_weights,
    unblock,
    unbroadcast_each,
    ungradient,
    unhstack,
    unmesh,
    unpivoted,
    unreduceat,
    unselect,
    up_to_axes,
    with_all,
)

ranked = constant(
    quantile_ranks, quantile_slopes, reason="its result says which entries count, which jumps or stays", kind="unknown"
)

_ROWS = ([draw(3), draw(2, 3)], 0, 2)
_DEEP = ([draw(2, 3), draw(2, 3, 2)], 2, 3)


@linear(
    joined_parts,
    kind="pieces",
    inactive=("arrays",),
    cases=(case(draw(3, 3), *_ROWS), case(draw(2, 3, 3), *_DEEP), case(draw(3, 3), [draw(3), draw(3, 2)], 1, 2)),
)
def joined_parts_rule(z_bar, z, y_bar, arrays, axis, ndim):
    return rejoined(z_bar, y_bar, arrays, axis, ndim)


@linear(
    rejoined,
    kind="unknown",
    of=("bars",),
    inactive=("y_bar", "arrays"),
    cases=(case([draw(3), draw(2, 3)], np.zeros((3, 3)), *_ROWS),),
)
def rejoined_rule(z_bar, z, bars, y_bar, arrays, axis, ndim):
    return joined_parts(z_bar, arrays, axis, ndim)


@linear(
    unhstack,
    kind="pieces",
    inactive=("arrays",),
    cases=(case(draw(5), [draw(2), draw(3)]), case(draw(2, 4), [draw(2, 1), draw(2, 3)])),
)
def unhstack_rule(z_bar, z, y_bar, arrays):
    return np.hstack(z_bar)


_HALVES = [draw(2, 3), draw(2, 1)]


@linear(unblock, kind="blocks", inactive=("arrays",), cases=(case(draw(2, 4), _HALVES),))
def unblock_rule(z_bar, z, y_bar, arrays):
    return block_again(z_bar)


@linear(block_again, kind="unknown", of=("bars",), cases=(case(_HALVES), case([[draw(2), draw(3)], [draw(5)]])))
def block_again_rule(z_bar, z, bars):
    return unblock(z_bar, bars)


@linear(
    unselect,
    kind="chosen_parts",
    of=("y_bar",),
    inactive=("index", "choices"),
    cases=(
        case(draw(3), np.array([0, 1, 1]), [draw(3), draw(3)]),
        case(draw(2, 3), np.array([[0], [1]]), [draw(3), draw()]),
    ),
)
def unselect_rule(z_bar, z, y_bar, index, choices):
    return np.choose(index, z_bar)


@linear(
    unmesh,
    kind="pieces",
    of=("bars",),
    inactive=("arrays",),
    cases=(
        case([draw(2, 3), draw(2, 3)], [draw(3), draw(2)]),
        case([draw(3, 2), draw(3, 2)], [draw(3), draw(2)], "ij"),
    ),
)
def unmesh_rule(z_bar, z, bars, arrays, indexing="xy"):
    return mesh(z_bar, indexing)


@linear(mesh, kind="meshed", of=("arrays",), cases=(case([draw(3), draw(2)]), case([draw(3), draw(2)], "ij")))
def mesh_rule(z_bar, z, arrays, indexing="xy"):
    return unmesh(z_bar, arrays, indexing)


@linear(
    unbroadcast_each,
    kind="pieces",
    of=("bars",),
    inactive=("arrays",),
    cases=(case([draw(2, 3), draw(2, 3)], [draw(3), draw(2, 1)]),),
)
def unbroadcast_each_rule(z_bar, z, bars, arrays):
    return broadcast_each(z_bar, bars)


@linear(
    broadcast_each,
    kind="likenesses",
    of=("arrays",),
    inactive=("like",),
    cases=(case([draw(3), draw(2, 1)], [draw(2, 3), draw(2, 3)]),),
)
def broadcast_each_rule(z_bar, z, arrays, like):
    return unbroadcast_each(z_bar, arrays)


@linear(each_item, kind="unknown", inactive=("x",), cases=(case(draw(), draw(3)), case(draw(3), draw(2, 3))))
def each_item_rule(z_bar, z, y_bar, x):
    """Of the items of an array."""
    return np.sum(z_bar, axis=0)


@rule(
    trapezoid_weights,
    kind="unknown",
    of=("x", "dx"),
    inactive=("y",),
    cases=(
        case(draw(4), draw(4)),
        case(draw(2, 3), draw(3), 1.0, 1),
        case(draw(3, 2), draw(3, 2), 1.0, 0),
        case(draw(2, 3), None, draw(), -1),
    ),
)
def trapezoid_weights_rule(w, y, x=None, dx=1.0, axis=-1):
    def jvp(x_dot, dx_dot):
        return (0.0 if x is None else trapezoid_weights(y, x_dot, 1.0, axis)) + (
            trapezoid_weights(y, None, dx_dot, axis) if x is None else 0.0
        )

    def vjp(w_bar):
        return (
            0.0
            if x is None
            else trapezoid_gaps(1.0, np.ravel(w_bar), x)
            if np.ndim(x) == 1
            else trapezoid_gaps(1.0, w_bar, x, axis),
            np.sum(w_bar * trapezoid_weights(y, None, 1.0, axis)) if x is None else 0.0,
        )

    return jvp, vjp


@rule(
    trapezoid_gaps,
    kind="like_x",
    of=("y_bar", "y"),
    inactive=("x",),
    cases=(
        case(draw(), draw(4), draw(4)),
        case(draw(2), draw(2, 3), draw(3), 1),
        case(draw(2), draw(3, 2), draw(3, 2), 0),
    ),
)
def trapezoid_gaps_rule(g, y_bar, y, x, axis=-1):
    def jvp(y_bar_dot, y_dot):
        return trapezoid_gaps(y_bar_dot, y, x, axis) + trapezoid_gaps(y_bar, y_dot, x, axis)

    def vjp(g_bar):
        return np.trapezoid(y, g_bar, axis=axis), spread(y_bar, y, axis) * trapezoid_weights(y, g_bar, 1.0, axis)

    return jvp, vjp


_SLOPES = (
    case(draw(7), np.zeros(7)),
    case(draw(8), np.zeros(8), (0.5,), None, 2),
    case(draw(7, 2), np.zeros((7, 2)), (), 0),
    case([draw(6, 7), draw(6, 7)], np.zeros((6, 7))),
)


@linear(ungradient, kind="like_x", of=("bars",), inactive=("x",), cases=_SLOPES)
def ungradient_rule(z_bar, z, bars, x, spacing=(), axis=None, edge_order=1):
    """Of one slope, or of a list of them."""
    return slopes_of(z_bar, spacing, axis, edge_order)


@linear(slopes_of, kind="slopes", cases=(case(draw(7)), case(draw(8), (0.5,), None, 2), case(draw(7, 2), (), 0)))
def slopes_of_rule(z_bar, z, x, spacing=(), axis=None, edge_order=1):
    return ungradient(z_bar, x, spacing, axis, edge_order)


# -- matrices put together ---------------------------------------------------------------------------

_PLACES = np.array([1, 2, 2])


@linear(pivoted, kind="first", inactive=("piv",), cases=(case(draw(3, 2), _PLACES),))
def pivoted_rule(z_bar, z, x, piv):
    return unpivoted(z_bar, piv)


@linear(unpivoted, kind="first", inactive=("piv",), cases=(case(draw(3, 2), _PLACES),))
def unpivoted_rule(z_bar, z, x, piv):
    return pivoted(z_bar, piv)


@linear(
    up_to_axes,
    kind="first",
    inactive=("x", "most"),
    cases=(case(draw(3), np.ones((2, 2)), 2), case(draw(), np.ones(3), 1)),
)
def up_to_axes_rule(z_bar, z, x_bar, x, most):
    return up_to_axes(z_bar, x, most)


@linear(of_real, kind="first", inactive=("x",), cases=(case(draw(3), np.ones(3)), case(draw(), 1.0)))
def of_real_rule(z_bar, z, y_bar, x):
    return of_real(z_bar, x)


@linear(
    from_axes,
    kind="first",
    inactive=("x", "least"),
    cases=(case(draw(3), np.ones((2, 2)), 2), case(draw(), np.ones(3), 1)),
)
def from_axes_rule(z_bar, z, x_bar, x, least):
    return from_axes(z_bar, x, least)


@linear(
    shaped_each,
    kind="likenesses",
    inactive=("like",),
    cases=(case([draw(3, 1), draw(1, 2)], [np.zeros(3), np.zeros(2)]),),
)
def shaped_each_rule(z_bar, z, arrays, like):
    return shaped_each(z_bar, arrays)


@linear(
    unreduceat,
    kind="like_x",
    inactive=("x", "indices"),
    cases=(case(draw(3), np.zeros(5), np.array([0, 2, 4])), case(draw(2, 3), np.zeros((2, 4)), np.array([1, 3, 2]), 1)),
)
def unreduceat_rule(z_bar, z, y_bar, x, indices, axis=0):
    return np.add.reduceat(z_bar, indices, axis)


@linear(toeplitz_sums, kind="vector", cases=(case(draw(3, 3)),))
def toeplitz_sums_rule(z_bar, z, x):
    return along_diagonals(z_bar, x)


@linear(along_diagonals, kind="like_a", inactive=("a",), cases=(case(draw(3), np.zeros((3, 3))),))
def along_diagonals_rule(z_bar, z, x, a):
    return toeplitz_sums(z_bar)


@linear(block_of, kind="one_of_arrays", inactive=("arrays",), cases=(case(draw(3, 4), 0, [draw(2, 3), draw(1, 1)]),))
def block_of_rule(z_bar, z, y_bar, k, arrays):
    return only_block(z_bar, k, arrays)


@linear(only_block, kind="matrix", inactive=("arrays",), cases=(case(draw(1, 1), 1, [draw(2, 3), draw(1, 1)]),))
def only_block_rule(z_bar, z, x_dot, k, arrays):
    return block_of(z_bar, k, arrays)


_MODES = tuple(case(draw(size), draw(5), draw(3), m) for m, size in (("full", 7), ("same", 5), ("valid", 3)))


@linear(convolved_full, kind="convolution", of=("z_bar",), inactive=("x", "y"), cases=_MODES)
def convolved_full_rule(w_bar, w, z_bar, x, y, mode="full"):
    return convolved_part(w_bar, x, y, mode)


@linear(
    convolved_part,
    kind="convolution",
    inactive=("x", "y"),
    cases=tuple(case(draw(7), draw(5), draw(3), m) for m in ("full", "same", "valid")),
)
def convolved_part_rule(w_bar, w, full, x, y, mode="full"):
    return convolved_full(w_bar, x, y, mode)


@rule(with_all, kind="first", of=("a",), cases=(case(draw(4, 2), 1e-12), case(draw(2, 3, 3), 1e-12)))
def with_all_rule(z, a, rcond):
    def jvp(a_dot):
        return a_dot

    def vjp(z_bar):
        return z_bar

    return jvp, vjp


@rule(left_inverse, kind="transposed", cases=(case(draw(4, 2)), case(draw(3, 3))))
def left_inverse_rule(p, a):
    """Golub and Pereyra, 1973, without the terms that are 0 of independent columns, which ``p`` is not squared for."""

    def jvp(a_dot):
        h = a_dot @ p
        return p @ (np.transpose(h) - np.transpose(h) @ a @ p - h)

    def vjp(p_bar):
        q = np.transpose(p)
        h = q @ p_bar
        return (np.transpose(h) - a @ np.transpose(h @ q) - h) @ q

    return jvp, vjp


@linear(tall, kind="first", cases=(case(draw(4, 2)), case(draw(3, 3))))
def tall_rule(z_bar, z, a):
    return tall(z_bar)
