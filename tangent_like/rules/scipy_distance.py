"""``scipy.spatial.distance``: between points, and between all of two sets of them."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import special
from scipy.spatial import distance, distance_matrix

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import at_least, definition, linear
from tangent_like.runtime import length_of_square

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
    return length_of_square(np.dot(np.dot(u - v, VI), u - v))


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


def _metric(*names):
    return {"metric": names}


@definition(distance.cdist, more=True, of=("x", "y"), accepts=_metric("cosine"), cases=(case(*_SETS, "cosine"),))
def angles(x, y, metric):
    return 1 - np.matmul(x, np.transpose(y)) / (
        np.linalg.norm(x, axis=1, keepdims=True) * np.linalg.norm(y, axis=1)
    )


@definition(
    distance.cdist, more=True, of=("x", "y"), accepts=_metric("correlation"), cases=(case(*_SETS, "correlation"),)
)
def correlations(x, y, metric):
    return distance.cdist(
        x - np.mean(x, axis=1, keepdims=True), y - np.mean(y, axis=1, keepdims=True), "cosine"
    )


@definition(
    distance.cdist, more=True, of=("x", "y"), accepts=_metric("chebyshev"), cases=(case(*_SETS, "chebyshev"),)
)
def greatest_differences(x, y, metric):
    return np.max(np.abs(np.expand_dims(x, 1) - np.expand_dims(y, 0)), axis=-1)


@definition(
    distance.cdist,
    more=True,
    of=("x", "y"),
    accepts=_metric("minkowski"),
    cases=(case(*_SETS, "minkowski", p=3), case(*_SETS, "minkowski", p=1.5), case(*_SETS, "minkowski")),
)
def power_distances(x, y, metric, *, p=2):
    return np.linalg.norm(np.expand_dims(x, 1) - np.expand_dims(y, 0), p, axis=-1)


@definition(
    distance.cdist, more=True, of=("x", "y"), accepts=_metric("canberra"), cases=(case(*_SETS, "canberra"),)
)
def canberra_distances(x, y, metric):
    return np.sum(
        np.abs(np.expand_dims(x, 1) - np.expand_dims(y, 0))
        / (np.abs(np.expand_dims(x, 1)) + np.abs(np.expand_dims(y, 0))),
        axis=-1,
    )


@definition(
    distance.cdist, more=True, of=("x", "y"), accepts=_metric("braycurtis"), cases=(case(*_SETS, "braycurtis"),)
)
def braycurtis_distances(x, y, metric):
    return np.sum(np.abs(np.expand_dims(x, 1) - np.expand_dims(y, 0)), axis=-1) / np.sum(
        np.abs(np.expand_dims(x, 1) + np.expand_dims(y, 0)), axis=-1
    )


@definition(
    distance.cdist,
    more=True,
    of=("x", "y", "VI"),
    accepts=_metric("mahalanobis"),
    cases=(case(*_SETS, "mahalanobis", VI=positive(3)),),
)
def mahalanobis_distances(x, y, metric, *, VI):
    return length_of_square(
        np.einsum(
            "ijk,kl,ijl->ij",
            np.expand_dims(x, 1) - np.expand_dims(y, 0),
            VI,
            np.expand_dims(x, 1) - np.expand_dims(y, 0),
        )
    )


@definition(
    distance.cdist,
    more=True,
    of=("x", "y", "V"),
    accepts=_metric("seuclidean"),
    cases=(case(*_SETS, "seuclidean", V=draw(3, low=0.5)),),
)
def standardized_distances(x, y, metric, *, V):
    return distance.cdist(x / np.sqrt(V), y / np.sqrt(V))


_WEIGHED = {"w": draw(3, low=0.5)}


@definition(
    distance.cdist,
    more=True,
    of=("x", "y", "w"),
    accepts=_metric("euclidean"),
    cases=(case(*_SETS, **_WEIGHED), case(*_SETS, "euclidean", **_WEIGHED)),
)
def weighed_distances(x, y, metric="euclidean", *, w):
    return distance.cdist(x * np.sqrt(w), y * np.sqrt(w))


@definition(
    distance.cdist,
    more=True,
    of=("x", "y", "w"),
    accepts=_metric("sqeuclidean"),
    cases=(case(*_SETS, "sqeuclidean", **_WEIGHED),),
)
def weighed_squares(x, y, metric, *, w):
    return np.matmul((np.expand_dims(x, 1) - np.expand_dims(y, 0)) ** 2, w)


_POINTS = (draw(4, 3),)
_OF_PAIRS = ("sqeuclidean", "cityblock", "cosine", "correlation", "chebyshev", "canberra", "braycurtis")


@definition(
    distance.pdist,
    more=True,
    accepts=_metric(*_OF_PAIRS),
    cases=tuple(case(*_POINTS, metric) for metric in _OF_PAIRS),
)
def pairs_of_all(x, metric):
    """Of the distances of all from all those above the diagonal."""
    return np.take(distance.cdist(x, x, metric), np.flatnonzero(np.tri(len(x), k=-1).T))


_SYMMETRIC = np.array([[0.0, 1.5, 0.3], [1.5, 0.0, 0.8], [0.3, 0.8, 0.0]])


@at_least(x=1)
@linear(
    distance.squareform,
    kind="unknown",
    cases=(
        case(draw(6)), case(draw(3), "tomatrix"), case(_SYMMETRIC, checks=False), case(_SYMMETRIC, "tovector", False),
    ),
)
def squareform(y_bar, y, x, force="no", checks=True):
    """Of a matrix what stands above its diagonal is read."""
    return (
        distance.squareform(y_bar + np.transpose(y_bar), "tovector", False)
        if np.ndim(y) == 2
        else np.triu(distance.squareform(y_bar, "tomatrix"))
    )  # fmt: skip


@definition(
    distance_matrix, of=("x", "y"), cases=(case(*_SETS), case(*_SETS, 1), case(*_SETS, p=3))
)
def matrix_of_distances(x, y, p=2):
    return np.linalg.norm(np.expand_dims(x, 1) - np.expand_dims(y, 0), p, axis=-1)


@definition(distance.seuclidean, of=("u", "v", "V"), cases=(case(draw(3), draw(3), draw(3, low=0.5)),))
def seuclidean(u, v, V):
    return np.linalg.norm((u - v) / np.sqrt(V))


@definition(
    distance.jensenshannon,
    of=("p", "q"),
    cases=(
        case(draw(4, low=0.2), draw(4, low=0.2)),
        case(draw(4, low=0.2), draw(4, low=0.2), 2.0),
        case(draw(4, 3, low=0.2), draw(4, 3, low=0.2), axis=1),
    ),
)
def jensenshannon(p, q, base=None, *, axis=0):
    return np.sqrt(
        (
            np.sum(
                special.rel_entr(
                    p / np.sum(p, axis=axis, keepdims=True),
                    (p / np.sum(p, axis=axis, keepdims=True) + q / np.sum(q, axis=axis, keepdims=True)) / 2,
                ),
                axis=axis,
            )
            + np.sum(
                special.rel_entr(
                    q / np.sum(q, axis=axis, keepdims=True),
                    (p / np.sum(p, axis=axis, keepdims=True) + q / np.sum(q, axis=axis, keepdims=True)) / 2,
                ),
                axis=axis,
            )
        )
        / (2 if base is None else 2 * np.log(base))
    )


# With a weight for each coordinate.
_HEAVY = (case(draw(3), draw(3), draw(3, low=0.5)),)


@definition(distance.euclidean, more=True, of=("u", "v", "w"), cases=_HEAVY)
def weighed_euclidean(u, v, w):
    return np.sqrt(np.sum(w * (u - v) ** 2))


@definition(distance.sqeuclidean, more=True, of=("u", "v", "w"), cases=_HEAVY)
def weighed_sqeuclidean(u, v, w):
    return np.sum(w * (u - v) ** 2)


@definition(distance.cityblock, more=True, of=("u", "v", "w"), cases=_HEAVY)
def weighed_cityblock(u, v, w):
    return np.sum(w * np.abs(u - v))
