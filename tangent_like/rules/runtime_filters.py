"""The helpers of filters with a border: each is the transpose of the other."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import constant, linear
from tangent_like.runtime import bordered, laplace_weights, sobel_weights, unbordered

weights = constant(laplace_weights, sobel_weights, reason="its result is made of whole numbers", kind="unknown")


@linear(
    bordered,
    kind="same_rank",
    inactive=("weights",),
    cases=(
        case(draw(4, 5), np.zeros((2, 3))),
        case(draw(5), np.zeros(4), "nearest", True),
        case(draw(5), np.zeros(3), "constant"),
    ),
)
def with_border(y_bar, y, x, weights, mode="reflect", turned=False):
    return unbordered(y_bar, x, weights, mode, turned)


@linear(
    unbordered,
    kind="like_x",
    of=("y_bar",),
    inactive=("x", "weights"),
    cases=(case(draw(5, 7), np.zeros((4, 5)), np.zeros((2, 3))), case(draw(8), np.zeros(5), np.zeros(4), "wrap", True)),
)
def without_border(z_bar, z, y_bar, x, weights, mode="reflect", turned=False):
    return bordered(z_bar, weights, mode, turned)
