"""Arrays made of a few numbers: filled, or evenly spaced between two."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_most, definition, linear, rule
from tangent_like.runtime import unbroadcast


@linear(
    np.full,
    kind="full",
    of=("fill_value",),
    cases=(case(3, draw()), case((2, 3), draw()), case(shape=(2, 3), fill_value=draw(3))),
)
def full(y_bar, y, shape, fill_value, dtype=None, order="C"):
    return unbroadcast(y_bar, fill_value)


@linear(
    np.full_like,
    kind="zeros_like",
    of=("fill_value",),
    inactive=("x",),
    cases=(case(draw(3), draw()), case(draw(2, 3), draw(3))),
)
def full_like(y_bar, y, x, fill_value, dtype=None, order="K"):
    return unbroadcast(y_bar, fill_value)


@linear(
    np.full_like,
    more=True,
    kind="unknown",
    of=("fill_value",),
    inactive=("x",),
    cases=(
        case(draw(3), draw(), shape=(2, 3)),
        case(draw(2, 3), draw(4), shape=(2, 4)),
        case(draw(2), draw(), shape=3),
    ),
)
def full_of_shape(y_bar, y, x, fill_value, dtype=None, order="K", *, shape):
    return unbroadcast(y_bar, fill_value)


@rule(
    np.arange,
    kind="arange",
    of=("start_or_stop", "step"),
    inactive=("stop",),
    aliases={"start": "start_or_stop"},
    cases=(case(draw(), 3.0), case(draw(), 4.0, 0.5), case(draw(), 5.0, step=draw(low=0.4))),
)
def arange(y, start_or_stop, stop, step=1, dtype=None):
    """Where it stops says how many numbers there are, and moves none of them."""

    def jvp(start_dot, step_dot):
        return np.full(len(y), start_dot) + np.arange(len(y)) * step_dot

    def vjp(y_bar):
        return np.sum(y_bar), np.arange(len(y)) @ y_bar

    return jvp, vjp


_GRID = {"endpoint": (True, False), "retstep": (False,), "axis": (0,)}


@linear(
    np.linspace,
    kind="spaced",
    of=("start", "stop"),
    accepts=_GRID,
    cases=(
        case(draw(), draw(), 4, endpoint=False),
        case(draw(), draw(), 4, False),
        case(draw(), draw()),
        case(draw(), draw(), 5),
        case(draw(), draw(), num=1),
        case(draw(2), draw(), 4),
    ),
)
def linspace(y_bar, y, start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    return (
        unbroadcast(np.tensordot(np.linspace(1.0, 0.0, num, endpoint=endpoint), y_bar, 1), start),
        unbroadcast(np.tensordot(np.linspace(0.0, 1.0, num, endpoint=endpoint), y_bar, 1), stop),
    )


@definition(
    np.linspace,
    more=True,
    of=("start", "stop"),
    accepts={"endpoint": (True, False), "retstep": (False,)},
    cases=(case(draw(2), draw(2), 4, axis=1), case(draw(2, 3), draw(3), num=3, endpoint=False, axis=-1)),
)
def linspace_along(start, stop, num=50, endpoint=True, retstep=False, dtype=None, *, axis):
    return np.moveaxis(np.linspace(start, stop, num, endpoint=endpoint, dtype=dtype), 0, axis)


@rule(
    np.linspace,
    more=True,
    kind="unknown",
    results=("y", "step"),
    of=("start", "stop"),
    inactive=("num",),
    accepts={**_GRID, "retstep": (True,)},
    cases=(
        case(draw(), draw(), 4, retstep=True),
        case(draw(), draw(), 4, False, True),
        case(draw(2), draw(), 4, retstep=True),
    ),
)
def linspace_and_step(y, step, start, stop, num=50, endpoint=True, retstep=True, dtype=None, axis=0):
    def jvp(start_dot, stop_dot):
        return np.linspace(start_dot, stop_dot, num, endpoint=endpoint), (stop_dot - start_dot) / (
            num - 1 if endpoint else num
        )

    def vjp(y_bar, step_bar):
        return (
            unbroadcast(np.tensordot(np.linspace(1.0, 0.0, num, endpoint=endpoint), y_bar, 1), start)
            - unbroadcast(step_bar / (num - 1 if endpoint else num), start),
            unbroadcast(np.tensordot(np.linspace(0.0, 1.0, num, endpoint=endpoint), y_bar, 1), stop)
            + unbroadcast(step_bar / (num - 1 if endpoint else num), stop),
        )

    return jvp, vjp


_ENDS = (
    case(draw(low=0.5), draw(low=0.5)),
    case(draw(low=0.5), draw(low=0.5), 5),
    case(draw(low=0.5), draw(low=0.5), 5, endpoint=False),
    case(draw(2, low=0.5), draw(low=0.5), num=4),
)


@at_most(base=0)
@definition(
    np.logspace,
    of=("start", "stop", "base"),
    accepts={"endpoint": (True, False), "axis": (0,)},
    cases=(*_ENDS, case(draw(), draw(), num=3, base=draw(low=1.5))),
)
def logspace(start, stop, num=50, endpoint=True, base=10.0, *, axis=0):
    return base ** np.linspace(start, stop, num, endpoint=endpoint)


@definition(
    np.geomspace,
    of=("start", "stop"),
    accepts={"endpoint": (True, False), "axis": (0,)},
    cases=(*_ENDS, case(draw(low=-3, high=-2), draw(low=-1, high=-0.5), 4)),
)
def geomspace(start, stop, num=50, endpoint=True, *, axis=0):
    """Of two ends of one sign."""
    return np.sign(start) * np.exp(
        np.linspace(np.log(np.abs(start)), np.log(np.abs(stop)), num, endpoint=endpoint)
    )


@definition(
    np.vander,
    cases=(case(draw(3, low=0.5)), case(draw(3, low=0.5), 4), case(draw(4, low=0.5), N=2, increasing=True)),
)
def vander(x, N=None, increasing=False):
    return np.expand_dims(x, 1) ** (
        np.arange(len(x) if N is None else N)
        if increasing
        else np.arange((len(x) if N is None else N) - 1, -1, -1)
    )


@definition(np.kaiser, of=("beta",), inactive=("M",), cases=(case(6, draw(low=1.0, high=9.0)), case(1, 2.0)))
def kaiser(M, beta):
    return np.i0(beta * np.sqrt(1 - ((np.arange(M) - 0.5 * (M - 1)) / (0.5 * max(M - 1, 1))) ** 2)) / np.i0(beta)


_SPACED = (case(6, draw(low=0.4)), case(5, d=draw(low=0.4)), case(1, draw(low=0.4)))


@rule(np.fft.fftfreq, kind="frequencies", of=("d",), inactive=("n",), cases=_SPACED)
def fftfreq(y, n, d=1.0):
    """Of times that stand ``d`` apart."""

    def jvp(d_dot):
        return y * (-d_dot / d)

    def vjp(y_bar):
        return -np.sum(y_bar * y) / d

    return jvp, vjp


rfftfreq = rule(np.fft.rfftfreq, kind="half_frequencies", of=("d",), inactive=("n",), cases=_SPACED)(fftfreq.fn)
