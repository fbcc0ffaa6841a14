"""``scipy.spatial.distance``: between points, and between all of two sets of them."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy.spatial import distance

from tangent_like.rules.cases import case, draw, positive
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


_PAIR = (case(draw(4), draw(4)),)


@definition(distance.cosine, of=("u", "v"), accepts={"w": (None,)}, cases=_PAIR)
def cosine(u, v, w=None):
    return 1 - np.dot(u, v) / (np.linalg.norm(u) * np.linalg.norm(v))


@definition(distance.correlation, of=("u", "v"), accepts={"w": (None,), "centered": (True,)}, cases=_PAIR)
def correlation(u, v, w=None, centered=True):
    return distance.cosine(u - np.mean(u), v - np.mean(v))


@definition(distance.chebyshev, of=("u", "v"), accepts={"w": (None,)}, cases=_PAIR)
def chebyshev(u, v, w=None):
    return np.max(np.abs(u - v))


@definition(
    distance.minkowski,
    of=("u", "v"),
    accepts={"w": (None,)},
    cases=(*_PAIR, case(draw(4), draw(4), 3), case(draw(4), draw(4), p=1.5)),
)
def minkowski(u, v, p=2, w=None):
    return np.linalg.norm(u - v, p)


@definition(distance.mahalanobis, of=("u", "v", "VI"), cases=(case(draw(3), draw(3), positive(3)),))
def mahalanobis(u, v, VI):
    return np.sqrt(np.dot(np.dot(u - v, VI), u - v))


@definition(distance.canberra, of=("u", "v"), accepts={"w": (None,)}, cases=_PAIR)
def canberra(u, v, w=None):
    return np.sum(np.abs(u - v) / (np.abs(u) + np.abs(v)))


@definition(distance.braycurtis, of=("u", "v"), accepts={"w": (None,)}, cases=_PAIR)
def braycurtis(u, v, w=None):
    return np.sum(np.abs(u - v)) / np.sum(np.abs(u + v))


@definition(
    distance.pdist, accepts={"metric": ("euclidean",)}, cases=(case(draw(4, 3)), case(draw(3, 2), "euclidean"))
)
def pair_distances(x, metric="euclidean"):
    return np.linalg.norm(
        np.repeat(x, np.arange(len(x) - 1, -1, -1), axis=0)
        - np.take(x, np.nonzero(np.tri(len(x), k=-1).T)[1], axis=0),
        axis=-1,
    )
