"""Covariances, and polynomials."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_least, at_most, definition, known, linear, rule
from tangent_like.runtime import (
    into_bins,
    left_inverse,
    moved_edges,
    out_of_bins,
    polyval_slope,
    root_slopes,
    ties,
    unbroadcast,
    unmoved_edges,
    unpolyval,
)


@definition(
    np.cov,
    kind="covariance",
    of=("x", "y"),
    accepts={"rowvar": (True, False), "bias": (True, False)},
    cases=(
        case(draw(3, 4)),
        case(draw(3, 4), rowvar=False),
        case(draw(3, 4), bias=True),
        case(draw(3, 4), ddof=2),
        case(draw(4)),
        case(draw(4), draw(4)),
        case(draw(2, 4), draw(4)),
        case(draw(4, 2), draw(4, 3), rowvar=False),
        case(draw(4), draw(4, 2), rowvar=False),
        case(draw(4, 2), draw(4), rowvar=False),
    ),
)
def cov(x, y=None, rowvar=True, bias=False, ddof=None):
    """Of what varies, a row each, unless there is but one."""
    return (
        np.cov(np.vstack([x, y]), bias=bias, ddof=ddof)
        if not known(y is None) and (rowvar or known(np.ndim(x) == 1 and np.ndim(y) == 1))
        else np.cov(np.vstack([np.transpose(x), np.transpose(y)]), bias=bias, ddof=ddof)
        if not known(y is None)
        else np.cov(np.transpose(x), bias=bias, ddof=ddof)
        if not rowvar and known(np.ndim(x) == 2)
        else np.var(x, ddof=(0 if bias else 1) if ddof is None else ddof)
        if known(np.ndim(x) == 1)
        else np.squeeze(
            np.matmul(
                x - np.mean(x, axis=1, keepdims=True),
                np.transpose(x - np.mean(x, axis=1, keepdims=True)),
            )
            / (np.shape(x)[1] - ((0 if bias else 1) if ddof is None else ddof))
        )
        if known(np.ndim(x) == 2)
        else np.squeeze(
            np.matmul(
                np.atleast_2d(x if rowvar else np.transpose(x))
                - np.mean(np.atleast_2d(x if rowvar else np.transpose(x)), axis=1, keepdims=True),
                np.transpose(
                    np.atleast_2d(x if rowvar else np.transpose(x))
                    - np.mean(np.atleast_2d(x if rowvar else np.transpose(x)), axis=1, keepdims=True)
                ),
            )
            / (
                np.shape(np.atleast_2d(x if rowvar else np.transpose(x)))[1]
                - ((0 if bias else 1) if ddof is None else ddof)
            )
        )
    )


def _weighted(rng):
    return (rng.normal(size=(3, 4)),), {"aweights": rng.uniform(0.5, 2.0, 4)}


@definition(
    np.cov,
    kind="covariance",
    more=True,
    of=("x", "aweights"),
    accepts={"y": (None,), "rowvar": (True,), "bias": (True, False), "fweights": (None,)},
    cases=(_weighted, case(draw(4), aweights=np.array([0.5, 1.0, 2.0, 0.7]))),
)
def cov_by_weights(x, y=None, rowvar=True, bias=False, ddof=None, fweights=None, *, aweights):
    return np.squeeze(
        np.matmul(
            (np.atleast_2d(x) - np.expand_dims(np.matmul(np.atleast_2d(x), aweights) / np.sum(aweights), 1)) * aweights,
            np.transpose(
                np.atleast_2d(x) - np.expand_dims(np.matmul(np.atleast_2d(x), aweights) / np.sum(aweights), 1)
            ),
        )
        / (
            np.sum(aweights)
            - ((0 if bias else 1) if ddof is None else ddof) * np.dot(aweights, aweights) / np.sum(aweights)
        )
    )


@definition(
    np.cov,
    kind="covariance",
    more=True,
    of=("x",),
    accepts={"y": (None,), "rowvar": (True,), "bias": (True, False), "aweights": (None,)},
    cases=(
        case(draw(3, 4), fweights=np.array([1, 2, 1, 3])),
        case(draw(4), bias=True, fweights=np.array([1, 2, 1, 3])),
    ),
)
def cov_by_counts(x, y=None, rowvar=True, bias=False, ddof=None, *, fweights, aweights=None):
    return np.squeeze(
        np.matmul(
            (np.atleast_2d(x) - np.expand_dims(np.matmul(np.atleast_2d(x), fweights) / np.sum(fweights), 1)) * fweights,
            np.transpose(
                np.atleast_2d(x) - np.expand_dims(np.matmul(np.atleast_2d(x), fweights) / np.sum(fweights), 1)
            ),
        )
        / (np.sum(fweights) - ((0 if bias else 1) if ddof is None else ddof))
    )


@definition(
    np.corrcoef,
    kind="correlation",
    of=("x", "y"),
    accepts={"rowvar": (True, False)},
    cases=(
        case(draw(3, 4)),
        case(draw(3, 4), rowvar=False),
        case(draw(4), draw(4)),
        case(draw(4, 2), draw(4, 3), rowvar=False),
    ),
)
def corrcoef(x, y=None, rowvar=True):
    """Of one vector alone it is 1, and NaN where that does not vary."""
    return (
        np.var(x) / np.var(x)
        if y is None and known(np.ndim(x) == 1)
        else np.cov(x, y, rowvar=rowvar)
        / np.sqrt(np.outer(np.diagonal(np.cov(x, y, rowvar=rowvar)), np.diagonal(np.cov(x, y, rowvar=rowvar))))
    )


@rule(np.poly, kind="unknown", cases=(case(draw(3)), case(draw(1)), case(draw(4))))
def poly(p, roots):
    """Each coefficient is linear in each root."""

    def jvp(roots_dot):
        return roots_dot @ root_slopes(roots)

    def vjp(p_bar):
        return root_slopes(roots) @ p_bar

    return jvp, vjp


@rule(
    np.histogram,
    kind="histogram",
    results=("hist", "bin_edges"),
    of=("a",),
    accepts={"density": (None, False), "weights": (None,)},
    cases=(
        case(draw(4), 3, (-2.0, 3.0)),
        case(draw(4, sorted=True), np.array([-3.0, 0.0, 3.0])),
        case(draw(4, sorted=True), 2),
    ),
)
def histogram_of_values(hist, edges, a, bins=10, range=None, density=None, weights=None):
    """Counts jump or stay; edges lie evenly between the least value and the greatest, where nobody says more."""

    def jvp(a_dot):
        return (
            np.zeros(np.shape(hist)),
            moved_edges(a_dot, a, edges) if range is None and np.ndim(bins) == 0 else np.zeros(np.shape(edges)),
        )

    def vjp(hist_bar, edges_bar):
        return unmoved_edges(edges_bar, a) if range is None and np.ndim(bins) == 0 else np.zeros(np.shape(a))

    return jvp, vjp


@rule(
    np.histogram,
    more=True,
    kind="histogram",
    results=("hist", "bin_edges"),
    of=("a",),
    accepts={"density": (True,), "weights": (None,)},
    cases=(
        case(draw(4), 3, (-2.0, 3.0), density=True),
        case(draw(4, sorted=True), np.array([-3.0, 0.0, 3.0]), density=True),
        case(draw(4, sorted=True), 2, density=True),
    ),
)
def density_of_values(hist, edges, a, bins=10, range=None, density=None, weights=None):
    """The wider even bins are, the lower they stand."""

    def jvp(a_dot):
        moved = moved_edges(a_dot, a, edges)
        return (
            hist * ((moved[0] - moved[-1]) / (edges[-1] - edges[0]))
            if range is None and np.ndim(bins) == 0
            else np.zeros(np.shape(hist))
        ), (moved if range is None and np.ndim(bins) == 0 else np.zeros(np.shape(edges)))

    def vjp(hist_bar, edges_bar):
        return (
            (ties(a, np.min(a)) - ties(a, np.max(a))) * (hist @ hist_bar / (edges[-1] - edges[0]))
            if range is None and np.ndim(bins) == 0
            else np.zeros(np.shape(a))
        ) + (unmoved_edges(edges_bar, a) if range is None and np.ndim(bins) == 0 else np.zeros(np.shape(a)))

    return jvp, vjp


@rule(
    np.histogram,
    more=True,
    kind="histogram",
    results=("hist", "bin_edges"),
    of=("weights",),
    accepts={"density": (True,)},
    cases=(
        case(np.array([0.1, 0.2, 0.7, 0.9]), 3, density=True, weights=draw(4, low=0.5)),
        case(np.array([0.1, 0.2, 0.7, 0.9]), 2, (0.15, 0.7), True, draw(4, low=0.5)),
        case(np.array([[0.1, 0.2], [0.7, 0.9]]), np.array([0.1, 0.3, 0.9]), None, True, draw(2, 2, low=0.5)),
    ),
)
def density_by_weights(hist, edges, a, bins=10, range=None, density=None, weights=None):
    """Each bin over its width and over all that is weighed."""

    def jvp(weights_dot):
        return (
            into_bins(weights_dot, a, edges) / np.diff(edges) - hist * np.sum(into_bins(weights_dot, a, edges))
        ) / np.sum(into_bins(weights, a, edges)), np.zeros(np.shape(edges))

    def vjp(hist_bar, edges_bar):
        return out_of_bins(
            (hist_bar / np.diff(edges) - hist @ hist_bar) / np.sum(into_bins(weights, a, edges)), a, edges
        )

    return jvp, vjp


@rule(
    np.histogram,
    more=True,
    kind="histogram",
    results=("hist", "bin_edges"),
    of=("weights",),
    accepts={"density": (None, False)},
    cases=(
        case(np.array([0.1, 0.2, 0.7, 0.9]), 3, weights=draw(4)),
        case(np.array([0.1, 0.2, 0.7, 0.9]), 2, (0.15, 0.7), None, draw(4)),
        case(np.array([[0.1, 0.2], [0.7, 0.9]]), np.array([0.1, 0.3, 0.9]), weights=draw(2, 2)),
    ),
)
def histogram(hist, edges, a, bins=10, range=None, density=None, weights=None):
    def jvp(weights_dot):
        return into_bins(weights_dot, a, edges), np.zeros(np.shape(edges))

    def vjp(hist_bar, edges_bar):
        return out_of_bins(hist_bar, a, edges)

    return jvp, vjp


@at_most(p=1)
@rule(
    np.polyval,
    kind="polynomial",
    of=("p", "x"),
    cases=(
        case(draw(4), draw()),
        case(draw(4), draw(3)),
        case(draw(1), draw(2, 3)),
        case([1.0, 2.0, 3.0], draw(3)),
    ),
)
def polyval(y, p, x):
    def jvp(p_dot, x_dot):
        return np.polyval(p_dot, x) + polyval_slope(p, x) * x_dot

    def vjp(y_bar):
        return unpolyval(y_bar, p, x), y_bar * polyval_slope(p, x)

    return jvp, vjp


@at_least(c=1)
@at_most(c=1)
@definition(
    np.polynomial.polynomial.polyval,
    of=("x", "c"),
    accepts={"tensor": (True,)},
    cases=(case(draw(), draw(4)), case(draw(3), draw(4)), case(draw(2, 3), draw(1))),
)
def polyval_upwards(x, c, tensor=True):
    return np.polyval(np.flip(c), x)


@at_most(p=1)
@definition(np.polyder, accepts={"m": (1,)}, cases=(case(draw(4)), case(draw(2))))
def polyder(p, m=1):
    return np.delete(p, -1) * np.arange(len(p) - 1, 0, -1)


@at_most(p=1)
@definition(np.polyint, accepts={"m": (1,), "k": (None,)}, cases=(case(draw(3)), case(draw(1))))
def polyint(p, m=1, k=None):
    return np.append(p / np.arange(len(p), 0, -1), 0.0)


@at_most(p=1)
@definition(np.polyder, more=True, accepts={"m": (2,)}, cases=(case(draw(4), 2), case(draw(5), m=2)))
def polyder_twice(p, m=1):
    return np.polyder(np.polyder(p))


@at_most(p=1)
@definition(np.polyint, more=True, accepts={"m": (2,), "k": (None,)}, cases=(case(draw(3), 2),))
def polyint_twice(p, m=1, k=None):
    return np.polyint(np.polyint(p))


@at_most(p=1, k=0)
@definition(np.polyint, more=True, of=("p", "k"), accepts={"m": (1,)}, cases=(case(draw(3), k=draw()),))
def polyint_from(p, m=1, *, k):
    return np.append(p / np.arange(len(p), 0, -1), k)


@at_most(p=1)
@linear(
    np.polyint,
    more=True,
    kind="unknown",
    of=("p", "k"),
    cases=(
        case(draw(3), 2, draw(2)),
        case(draw(3), 2, [1.0, draw()]),
        case(draw(3), 3),
        case(draw(4), m=2, k=draw()),
        case(draw(2), 1, 3.0),
        case(draw(2), 1, draw(3)),
        case(draw(3), 0),
    ),
)
def polyint_of_order(y_bar, y, p, m=1, k=None):
    return (
        y_bar[: len(p)] * np.polyint(np.ones(len(p), np.result_type(y_bar)), m)[: len(p)],
        0.0
        if k is None
        else unbroadcast(
            np.append(
                y_bar[len(p) :] * np.polyint(np.zeros(len(p), np.result_type(y_bar)), m, 1.0)[len(p) :],
                np.zeros(np.maximum(np.size(k) - m, 0), np.result_type(y_bar)),
            ),
            k,
        ),
    )


@at_least(p=1, q=1)
@at_most(p=1, q=1)
@definition(
    np.polyadd,
    of=("p", "q"),
    cases=(case(draw(3), draw(3)), case(draw(4), draw(2)), case(draw(1), draw(3))),
)
def polyadd(p, q):
    """The shorter filled up with zeros in front."""
    return np.append(np.zeros(np.maximum(len(q) - len(p), 0)), p) + np.append(
        np.zeros(np.maximum(len(p) - len(q), 0)), q
    )


@at_least(p=1, q=1)
@at_most(p=1, q=1)
@definition(
    np.polysub,
    of=("p", "q"),
    cases=(case(draw(3), draw(3)), case(draw(4), draw(2)), case(draw(1), draw(3))),
)
def polysub(p, q):
    return np.append(np.zeros(np.maximum(len(q) - len(p), 0)), p) - np.append(
        np.zeros(np.maximum(len(p) - len(q), 0)), q
    )


@at_least(p=1, q=1)
@definition(
    np.polymul,
    of=("p", "q"),
    cases=(case(draw(3, low=0.5), draw(4, low=0.5)), case(draw(1), draw(3, low=0.5))),
)
def polymul(p, q):
    """Of leading coefficients that are not zero: NumPy leaves those away."""
    return np.convolve(p, q)


_POINTS = np.array([0.0, 0.4, 1.0, 1.7, 2.0])


@definition(
    np.polyfit,
    of=("x", "y", "w"),
    accepts={"full": (False,), "cov": (False,), "rcond": (None,)},
    cases=(
        case(_POINTS, draw(5), 1),
        case(draw(5, sorted=True), draw(5), 2),
        case(_POINTS, draw(5), 1, w=draw(5, low=0.5)),
        case(draw(5, sorted=True), draw(5), 2, w=draw(5, low=0.5)),
        case(_POINTS, draw(5, 5), 1, w=draw(5, low=0.5)),
    ),
)
def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Each equation as often as it weighs, by its square."""
    return (
        np.matmul(left_inverse(np.vander(x, deg + 1)), y)
        if known(w is None)
        else np.matmul(left_inverse(np.vander(x, deg + 1) * np.expand_dims(w, 1)), (w * np.asarray(y).T).T)
    )
