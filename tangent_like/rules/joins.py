"""Arrays joined, and split: to each part what became of it. All linear."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, linear
from tangent_like.runtime import (
    joined_parts,
    pieces,
    shaped_each,
    unblock,
    unbroadcast_each,
    unhstack,
    unmesh,
    unstack,
)


@linear(
    np.concatenate,
    kind="concatenate",
    cases=(
        case([draw(2), draw(3), draw(0)]),
        case([draw(2, 3), draw(1, 3)]),
        case([draw(2, 3), draw(2, 1)], axis=1),
        case([draw(2, 3), draw(2, 1)], axis=-1),
        case([draw(2, 3), draw(4), draw()], axis=None),
        case(draw(2, 2, 3), axis=1),
        case([draw(2)]),
    ),
)
def concatenate(y_bar, y, arrays, axis=0, *, dtype=None):
    return pieces(y_bar, arrays, axis)


@linear(
    np.stack,
    kind="stack",
    cases=(
        case([draw(), draw(), draw()]),
        case([draw(2), draw(2)]),
        case([draw(2, 3), draw(2, 3)], axis=1),
        case([draw(2, 3), draw(2, 3)], axis=-1),
        case([draw(0), draw(0)]),
    ),
)
def stack(y_bar, y, arrays, axis=0, *, dtype=None):
    return unstack(y_bar, axis)


@linear(
    np.vstack,
    kind="rows",
    cases=(
        case([draw(3), draw(3)]),
        case([draw(2, 3), draw(3), draw(1, 3)]),
        case([draw(), draw()]),
        case([draw(2, 3, 4), draw(1, 3, 4)]),
        case(draw(2, 3)),
    ),
)
def vstack(y_bar, y, arrays, *, dtype=None):
    return joined_parts(y_bar, arrays, 0, 2)


@linear(
    np.hstack,
    kind="side_by_side",
    cases=(
        case([draw(3), draw(2)]),
        case([draw(), draw(2), draw()]),
        case([draw(2, 3), draw(2, 1)]),
        case([draw(2, 3, 4), draw(2, 1, 4)]),
        case(draw(2, 3)),
    ),
)
def hstack(y_bar, y, arrays, *, dtype=None):
    return unhstack(y_bar, arrays)


@linear(
    np.dstack,
    kind="in_depth",
    cases=(
        case([draw(3), draw(3)]),
        case([draw(2, 3), draw(2, 3)]),
        case([draw(2, 3, 4), draw(2, 3)]),
        case([draw(), draw()]),
    ),
)
def dstack(y_bar, y, arrays):
    return joined_parts(y_bar, arrays, 2, 3)


@linear(
    np.column_stack,
    kind="columns",
    cases=(case([draw(3), draw(3)]), case([draw(3, 2), draw(3)]), case([draw(3, 2), draw(3, 1)])),
)
def column_stack(y_bar, y, arrays):
    return joined_parts(y_bar, arrays, 1, 2)


@linear(
    np.block,
    kind="blocked",
    cases=(
        case([[draw(2, 3), draw(2, 1)], [draw(1, 3), draw(1, 1)]]),
        case([draw(2), draw(), draw(3)]),
        case([[draw(2, 2), draw(2, 2)], [draw(4)]]),
        case([[draw(), draw()], [draw(), draw()]]),
    ),
)
def block(y_bar, y, arrays):
    return unblock(y_bar, arrays)


@definition(
    np.append,
    of=("x", "values"),
    cases=(
        case(draw(3), draw(2)),
        case(draw(2, 3), draw(2, 2)),
        case(draw(3), draw()),
        case(draw(2, 3), draw(1, 3), axis=0),
        case(draw(2, 3), draw(2, 2), 1),
    ),
)
def append(x, values, axis=None):
    return (
        np.concatenate([np.ravel(x), np.ravel(values)])
        if axis is None
        else np.concatenate([x, values], axis=axis)
    )


_CUTS = (case(draw(6), 3), case(draw(6), [2, 3]), case(draw(4, 3), 2, axis=0))


@linear(np.split, kind="split", cases=(*_CUTS, case(draw(2, 6), 3, axis=1), case(draw(2, 6), [1, 4], -1)))
def split(y_bar, y, x, indices_or_sections, axis=0):
    return np.concatenate(y_bar, axis)


@linear(np.array_split, kind="split", cases=(*_CUTS, case(draw(7), 3), case(draw(2, 5), 2, axis=-1)))
def array_split(y_bar, y, x, indices_or_sections, axis=0):
    return np.concatenate(y_bar, axis)


@linear(np.vsplit, kind="split", cases=(case(draw(4, 3), 2), case(draw(4, 3), [1, 3])))
def vsplit(y_bar, y, x, indices_or_sections):
    return np.concatenate(y_bar)


@linear(np.hsplit, kind="split_columns", cases=(case(draw(6), 3), case(draw(2, 6), 3), case(draw(2, 6), [1, 4])))
def hsplit(y_bar, y, x, indices_or_sections):
    return np.hstack(y_bar)


@linear(np.dsplit, kind="split_depth", cases=(case(draw(2, 3, 4), 2), case(draw(1, 2, 4), [1])))
def dsplit(y_bar, y, x, indices_or_sections):
    return np.concatenate(y_bar, 2)


@linear(
    getattr(np, "unstack", None),
    kind="unstacked",
    cases=(case(draw(3)), case(draw(2, 3)), case(draw(2, 3), axis=1), case(draw(2, 3, 4), axis=-1)),
)
def unstacked(y_bar, y, x, *, axis=0):
    return np.stack(y_bar, axis)


@linear(
    np.meshgrid,
    kind="meshed",
    accepts={"indexing": ("xy", "ij"), "sparse": (False,), "copy": (True,)},
    cases=(
        case(draw(3), draw(2)),
        case(draw(3), draw(2), indexing="ij"),
        case(draw(3), draw(2), draw(4)),
        case(draw(3), draw(2), draw(4), indexing="ij"),
    ),
)
def meshgrid(y_bar, y, *arrays, copy=True, sparse=False, indexing="xy"):
    return unmesh(y_bar, arrays, indexing)


@linear(
    np.meshgrid,
    more=True,
    kind="meshed",
    accepts={"indexing": ("xy", "ij"), "sparse": (True,), "copy": (True,)},
    cases=(
        case(draw(3), draw(2), sparse=True),
        case(draw(3), draw(2), draw(4), indexing="ij", sparse=True),
    ),
)
def open_meshgrid(y_bar, y, *arrays, copy=True, sparse=True, indexing="xy"):
    return shaped_each(y_bar, arrays)


@linear(np.ix_, kind="open_mesh", cases=(case(draw(3), draw(2)), case(draw(2), draw(3), draw(1)), case(draw(3))))
def open_index(y_bar, y, *arrays):
    """Of positions it carries nothing, but it shapes numbers too."""
    return shaped_each(y_bar, arrays)


@linear(
    np.broadcast_arrays,
    kind="broadcast_each",
    cases=(case(draw(3), draw(2, 1)), case(draw(), draw(2, 3)), case(draw(3), draw(3), draw(1))),
)
def broadcast_arrays(y_bar, y, *arrays):
    return unbroadcast_each(y_bar, arrays)
