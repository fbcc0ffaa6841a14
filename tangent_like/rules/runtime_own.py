"""Rules about the helpers that hold users' rules against what they are for."""

from __future__ import annotations

# mypy: allow-untyped-defs, allow-untyped-calls
from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear
from tangent_like.runtime import of_shape, spreads_to


@linear(
    of_shape,
    kind="like_second",
    inactive=("x", "where"),
    cases=(case(draw(2, 3), draw(2, 3), "rule.py:1"), case(draw(), draw(), "rule.py:1")),
)
def of_shape_rule(y_bar, y, x_bar, x, where):
    return y_bar


@linear(
    spreads_to,
    kind="first",
    inactive=("y", "where"),
    cases=(case(draw(3), draw(2, 3), "rule.py:1"), case(draw(), draw(3), "rule.py:1"), case(draw(), draw(), "r.py:1")),
)
def spreads_to_rule(z_bar, z, partial, y, where):
    return z_bar
