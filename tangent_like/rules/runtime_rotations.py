"""Rotations, by the slopes of their matrices."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import rule
from tangent_like.runtime import rotation, rotation_slopes


@rule(
    rotation,
    kind="unknown",
    of=("given",),
    cases=(
        case(draw(4), "quat"),
        case(draw(3), "rotvec"),
        case(np.zeros(3), "rotvec"),
        case(draw(3), "xyz"),
        case(draw(3), "ZXZ"),
        case(draw(2), "yz"),
        case(draw(), "z"),
    ),
)
def rotation_rule(R, given, form):
    def jvp(given_dot):
        return np.tensordot(np.ravel(given_dot), rotation_slopes(given, form), 1)

    def vjp(R_bar):
        return np.reshape(np.tensordot(rotation_slopes(given, form), R_bar, 2), np.shape(given))

    return jvp, vjp
