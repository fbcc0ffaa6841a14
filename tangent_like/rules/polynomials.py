"""``numpy.polynomial``: series of the classical polynomials, and what is done with their coefficients.

A series is linear in its coefficients; its slope in ``x`` is the series that ``chebder`` and its like give.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev, hermite, hermite_e, laguerre, legendre, polynomial

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import Rule, at_least, definition, linear, rule
from tangent_like.runtime import left_inverse, unbroadcast

_Function = Callable[..., Any]

_VALUES = (
    case(draw(), draw(4)), case(draw(3), draw(4)), case(draw(2, 3), draw(1)), case(draw(3), draw(2)),
    case(draw(3), draw(4, 2)),
)  # fmt: skip
_TABLES = (case(draw(3), 3), case(draw(2, 3), 2), case(draw(3), 0), case(draw(), 2))
_SERIES = (case(draw(4)), case(draw(2)), case(draw(5), 2), case(draw(4), 1, 2.0))


def _values(value: _Function, slope: _Function, table: _Function) -> Rule:
    @at_least(c=1)
    @rule(value, kind="series", of=("x", "c"), accepts={"tensor": (True,)}, cases=_VALUES)
    def values(y, x, c, tensor=True):
        def jvp(x_dot, c_dot):
            return value(x, slope(c)) * x_dot + value(x, c_dot)

        def vjp(y_bar):
            powers = np.reshape(table(x, len(c) - 1), (-1, len(c)))
            return (
                unbroadcast(y_bar * value(x, slope(c)), x),
                np.reshape(
                    powers.T @ np.reshape(np.asarray(y_bar, np.result_type(y)), (-1, np.size(x))).T, np.shape(c)
                ),
            )

        return jvp, vjp

    return values


def _table(table: _Function, slope: _Function) -> Rule:
    @rule(table, kind="unknown", cases=_TABLES)
    def powers(y, x, deg):
        def jvp(x_dot):
            slopes = slope(np.eye(deg + 1, dtype=np.result_type(y)))
            return np.expand_dims(x_dot, -1) * (table(x, max(deg - 1, 0)) @ slopes)

        def vjp(y_bar):
            slopes = slope(np.eye(deg + 1, dtype=np.result_type(y)))
            return np.reshape(np.sum(y_bar * (table(x, max(deg - 1, 0)) @ slopes), axis=-1), np.shape(x))

        return jvp, vjp

    return powers


def _applied(function: _Function) -> Rule:
    """What is linear in coefficients: the matrix is what it makes of those of each polynomial."""

    @at_least(c=1)
    @linear(function, kind="unknown", cases=_SERIES)
    def applied(y_bar, y, c, m=1, scl=1):
        return np.tensordot(np.transpose(function(np.eye(len(c), dtype=np.result_type(y_bar)), m, scl)), y_bar, 1)

    return applied


def _integrated(function: _Function) -> Rule:
    @at_least(c=1)
    @linear(function, kind="unknown", cases=(*_SERIES[:3], case(draw(3), lbnd=0.5)))
    def integrated(y_bar, y, c, m=1, *, lbnd=0, scl=1):
        return np.tensordot(
            np.transpose(function(np.eye(len(c), dtype=np.result_type(y_bar)), m, lbnd=lbnd, scl=scl)), y_bar, 1
        )

    return integrated


chebval = _values(chebyshev.chebval, chebyshev.chebder, chebyshev.chebvander)
legval = _values(legendre.legval, legendre.legder, legendre.legvander)
hermval = _values(hermite.hermval, hermite.hermder, hermite.hermvander)
hermeval = _values(hermite_e.hermeval, hermite_e.hermeder, hermite_e.hermevander)
lagval = _values(laguerre.lagval, laguerre.lagder, laguerre.lagvander)
chebvander = _table(chebyshev.chebvander, chebyshev.chebder)
legvander = _table(legendre.legvander, legendre.legder)
hermvander = _table(hermite.hermvander, hermite.hermder)
hermevander = _table(hermite_e.hermevander, hermite_e.hermeder)
lagvander = _table(laguerre.lagvander, laguerre.lagder)
polyvander = _table(polynomial.polyvander, polynomial.polyder)
chebder, chebint = _applied(chebyshev.chebder), _integrated(chebyshev.chebint)
legder, legint = _applied(legendre.legder), _integrated(legendre.legint)
hermder, hermint = _applied(hermite.hermder), _integrated(hermite.hermint)
hermeder, hermeint = _applied(hermite_e.hermeder), _integrated(hermite_e.hermeint)
lagder, lagint = _applied(laguerre.lagder), _integrated(laguerre.lagint)
polyder, polyint = _applied(polynomial.polyder), _integrated(polynomial.polyint)

_TWO = (case(draw(4), draw(3)), case(draw(2), draw(4)), case(draw(3), draw(3)))


@definition(polynomial.polymul, of=("c1", "c2"), cases=_TWO)
def polymul(c1, c2):
    return np.convolve(c1, c2)


@definition(polynomial.polyadd, of=("c1", "c2"), cases=_TWO)
def polyadd(c1, c2):
    return np.flip(np.polyadd(np.flip(c1), np.flip(c2)))


@definition(polynomial.polysub, of=("c1", "c2"), cases=_TWO)
def polysub(c1, c2):
    return np.flip(np.polysub(np.flip(c1), np.flip(c2)))


@definition(polynomial.polyfromroots, cases=(case(draw(3)), case(draw(1))))
def polyfromroots(roots):
    return np.flip(np.poly(roots))


@definition(polynomial.polyfit, of=("x", "y"), cases=(case(draw(6), draw(6), 2), case(draw(5), draw(5, 2), 1)))
def polyfit(x, y, deg):
    return np.matmul(left_inverse(polynomial.polyvander(x, deg)), y)


@definition(chebyshev.chebfit, of=("x", "y"), cases=(case(draw(6), draw(6), 2),))
def chebfit(x, y, deg):
    return np.matmul(left_inverse(chebyshev.chebvander(x, deg)), y)


@definition(legendre.legfit, of=("x", "y"), cases=(case(draw(6), draw(6), 2),))
def legfit(x, y, deg):
    return np.matmul(left_inverse(legendre.legvander(x, deg)), y)
