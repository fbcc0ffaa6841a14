"""The helpers of transforms by cosines and sines: each is the other's transpose."""

# mypy: allow-untyped-defs, allow-untyped-calls

from tangent_like.rules.rule import linear
from tangent_like.runtime import back_by_cosines, by_cosines


def _back(rng):
    return (rng.normal(size=(2, 5)), "dct", 2, 1, "forward"), {}


def _ends(rng):
    return (rng.normal(size=5), "idst", 3), {}


@linear(by_cosines, kind="first", inactive=("name", "sort", "axis", "norm", "orthogonalize"), cases=(_back, _ends))
def by_cosines_rule(y_bar, y, x, name, sort=2, axis=-1, norm=None, orthogonalize=None):
    return back_by_cosines(y_bar, name, sort, axis, norm, orthogonalize)


@linear(back_by_cosines, kind="first", inactive=("name", "sort", "axis", "norm", "orthogonalize"), cases=(_back, _ends))
def back_by_cosines_rule(z_bar, z, y_bar, name, sort=2, axis=-1, norm=None, orthogonalize=None):
    return by_cosines(z_bar, name, sort, axis, norm, orthogonalize)
