"""Python's functions of many numbers: a list of them, a tuple, a vector, or one argument each."""

# mypy: allow-untyped-defs, allow-untyped-calls

import builtins
import math

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, linear, rule
from tangent_like.runtime import (
    best_items,
    each_item,
    each_less,
    each_over,
    each_times,
    other_items,
    sum_of_products,
    unbroadcast,
)

_MANY = (case([draw(), draw(), draw()]), case([draw()]), case(draw(4)), case((draw(), draw())))


@linear(builtins.sum, kind="list_total", cases=(*_MANY, case(draw(2, 3)), case([draw(2), draw(2)])))
def sum_items(y_bar, y, values):
    return each_item(y_bar, values)


@linear(
    builtins.sum,
    kind="list_total",
    of=("values", "start"),
    more=True,
    cases=(case([draw(), draw()], draw()), case(draw(3), start=draw())),
)
def sum_from(y_bar, y, values, start):
    return each_item(y_bar, values), unbroadcast(y_bar, start)


@linear(math.fsum, kind="scalar", cases=_MANY)
def fsum(y_bar, y, values):
    return each_item(y_bar, values)


@rule(
    math.prod,
    kind="sum_of_items",
    of=("values", "start"),
    cases=(*_MANY, case([draw(), draw()], start=draw()), case([0.0, draw(), draw()]), case([0.0, draw(), 0.0])),
)
def prod_items(y, values, *, start=1):
    def jvp(values_dot, start_dot):
        return start_dot * math.prod(values) + sum_of_products(other_items(values, start), values_dot)

    def vjp(y_bar):
        return each_times(y_bar, other_items(values, start)), y_bar * math.prod(values)

    return jvp, vjp


# -- the extremum of several ---------------------------------------------------------------------------

_THREE = (case(draw(), draw(), draw()), case(draw(), draw(), draw(), draw()))


@rule(builtins.max, builtins.min, kind="one_of_items", more=True, cases=_MANY)
def extremum_of_items(y, values):
    def jvp(values_dot):
        return sum_of_products(best_items(y, values), values_dot)

    def vjp(y_bar):
        return each_times(y_bar, best_items(y, values))

    return jvp, vjp


@rule(builtins.max, builtins.min, kind="one_of_items", more=True, cases=_THREE)
def extremum_of_many(y, *values):
    """Those that tie share equally."""

    def jvp(values_dot):
        return sum_of_products(best_items(y, values), values_dot)

    def vjp(y_bar):
        return each_times(y_bar, best_items(y, values))

    return jvp, vjp


# -- distances -----------------------------------------------------------------------------------------


@rule(math.hypot, kind="scalar", more=True, cases=(*_THREE, case(draw())))
def hypot_of_many(r, *values):
    def jvp(values_dot):
        return sum_of_products(each_over(values, r), values_dot)

    def vjp(r_bar):
        return each_times(r_bar, each_over(values, r))

    return jvp, vjp


_PAIRS = (
    case([draw(), draw()], [draw(), draw()]),
    case((draw(),), (draw(),)),
    case(draw(3), draw(3)),
    case(draw(2), [draw(), draw()]),
)


@rule(math.dist, kind="scalar", of=("p", "q"), cases=_PAIRS)
def dist(r, p, q):
    """0 where both are one point."""

    def jvp(p_dot, q_dot):
        return sum_of_products(each_over(each_less(p, q), r), p_dot) - sum_of_products(
            each_over(each_less(p, q), r), q_dot
        )

    def vjp(r_bar):
        return (
            each_times(r_bar, each_over(each_less(p, q), r)),
            each_times(r_bar, each_over(each_less(q, p), r)),
        )

    return jvp, vjp


@rule(getattr(math, "sumprod", None), kind="unknown", of=("p", "q"), cases=_PAIRS)  # Python 3.12
def sumprod(y, p, q):
    def jvp(p_dot, q_dot):
        return sum_of_products(p_dot, q) + sum_of_products(p, q_dot)

    def vjp(y_bar):
        return each_times(y_bar, q), each_times(y_bar, p)

    return jvp, vjp


# -- several results -------------------------------------------------------------------------------------


@definition(
    builtins.divmod,
    kind="pair",
    of=("x", "y"),
    cases=(case(draw(), draw(low=0.5)), case(draw(3), draw(3, low=0.5)), case(draw(2, 1), draw(low=0.5))),
)
def divided(x, y):
    return x // y, x % y


@definition(
    np.divmod,
    kind="pair",
    of=("x", "y"),
    cases=(case(draw(), draw(low=0.5)), case(draw(3), draw(3, low=0.5)), case(draw(2, 1), draw(3, low=0.5))),
)
def divided_arrays(x, y):
    return np.floor_divide(x, y), np.remainder(x, y)


@definition(np.modf, kind="pair", cases=(case(draw()), case(draw(3)), case(draw(2, 3))))
def parted(x):
    return x - np.trunc(x), np.trunc(x)


@definition(math.modf, cases=(case(draw()),))
def parted_number(x):
    return x - math.trunc(x), float(math.trunc(x))


@definition(np.frexp, kind="apart", cases=(case(draw(3)), case(draw(2, 3))))
def mantissa(x):
    return x / np.exp2(np.frexp(x)[1]), np.frexp(x)[1]


@definition(math.frexp, kind="apart", cases=(case(draw()),))
def mantissa_of_number(x):
    return math.ldexp(x, -math.frexp(x)[1]), math.frexp(x)[1]
