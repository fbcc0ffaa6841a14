"""``scipy.spatial.distance``: between points, and between all of two sets of them."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy.spatial import distance

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition

_SETS = (draw(4, 3), draw(2, 3))


@definition(
    distance.cdist,
    of=("x", "y"),
    accepts={"metric": ("euclidean",)},
    cases=(case(*_SETS), case(*_SETS, "euclidean")),
)
def euclidean_distances(x, y, metric="euclidean"):
    """0 where two points are one: the kink of a norm."""
    return np.linalg.norm(np.expand_dims(x, 1) - np.expand_dims(y, 0), axis=-1)


@definition(
    distance.cdist, more=True, of=("x", "y"), accepts={"metric": ("sqeuclidean",)}, cases=(case(*_SETS, "sqeuclidean"),)
)
def squared_distances(x, y, metric="euclidean"):
    return np.sum((np.expand_dims(x, 1) - np.expand_dims(y, 0)) ** 2, axis=-1)


@definition(
    distance.cdist, more=True, of=("x", "y"), accepts={"metric": ("cityblock",)}, cases=(case(*_SETS, "cityblock"),)
)
def city_distances(x, y, metric="euclidean"):
    return np.sum(np.abs(np.expand_dims(x, 1) - np.expand_dims(y, 0)), axis=-1)


@definition(distance.euclidean, of=("u", "v"), accepts={"w": (None,)}, cases=(case(draw(3), draw(3)),))
def euclidean(u, v, w=None):
    return np.linalg.norm(u - v)


@definition(distance.sqeuclidean, of=("u", "v"), accepts={"w": (None,)}, cases=(case(draw(3), draw(3)),))
def sqeuclidean(u, v, w=None):
    return np.sum((u - v) ** 2)


@definition(distance.cityblock, of=("u", "v"), accepts={"w": (None,)}, cases=(case(draw(3), draw(3)),))
def cityblock(u, v, w=None):
    return np.sum(np.abs(u - v))
