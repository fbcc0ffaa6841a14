"""``scipy.integrate``: sums over samples."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import integrate

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_most, definition, linear, rule
from tangent_like.runtime import simpson_slopes, unbroadcast


@definition(
    integrate.trapezoid,
    of=("y", "x", "dx"),
    cases=(case(draw(5)), case(draw(5), draw(5)), case(draw(3, 5), dx=0.5, axis=0), case(draw(5), x=draw(5))),
)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    return np.trapezoid(y, x, dx, axis)


@definition(
    integrate.cumulative_trapezoid,
    of=("y", "x", "dx"),
    accepts={"axis": (-1,), "initial": (None, 0)},
    cases=(case(draw(5)), case(draw(5), draw(5)), case(draw(2, 5), dx=0.5), case(draw(5), x=draw(5), initial=0)),
)
def cumulative_trapezoid(y, x=None, dx=1.0, axis=-1, initial=None):
    return (
        np.cumsum((dx if x is None else np.diff(x)) * (y[..., 1:] + y[..., :-1]) / 2, axis=-1)
        if initial is None
        else np.concatenate(
            [
                np.zeros_like(y[..., :1]),
                np.cumsum((dx if x is None else np.diff(x)) * (y[..., 1:] + y[..., :-1]) / 2, axis=-1),
            ],
            axis=-1,
        )
    )


@at_most(x=1)
@definition(
    integrate.cumulative_trapezoid,
    more=True,
    of=("y", "x", "dx"),
    accepts={"initial": (None, 0)},
    cases=(
        case(draw(4, 3), axis=0),
        case(draw(4, 3), draw(4), axis=0, initial=0),
        case(draw(2, 4, 3), axis=1, dx=0.5),
    ),
)
def cumulative_trapezoid_along(y, x=None, dx=1.0, axis=-1, initial=None):
    """Over one grid along the axis, of one axis itself."""
    return (
        np.cumsum(
            np.moveaxis(
                (dx if x is None else np.diff(x))
                * np.moveaxis(np.delete(y, 0, axis) + np.delete(y, -1, axis), axis, -1),
                -1,
                axis,
            )
            / 2,
            axis=axis,
        )
        if initial is None
        else np.concatenate(
            [np.zeros_like(np.take(y, [0], axis=axis)), integrate.cumulative_trapezoid(y, x, dx, axis)],
            axis=axis,
        )
    )


@linear(
    integrate.romb,
    kind="integral_of_samples",
    of=("y",),
    accepts={"show": (False,)},
    cases=(case(draw(5)), case(draw(9), 0.5), case(draw(5, 2), axis=0)),
)
def romb(s_bar, s, y, dx=1.0, axis=-1, show=False):
    """As Simpson's rule: by the integrals of the unit vectors."""
    return np.asarray(
        np.moveaxis(np.expand_dims(s_bar, -1) * integrate.romb(np.eye(np.shape(y)[axis]), dx), -1, axis),
        dtype=np.result_type(y, np.float16),
    )


@rule(
    integrate.simpson,
    kind="wide_integral",
    of=("y", "x", "dx"),
    cases=(
        case(draw(5), draw(5, sorted=True)),
        case(draw(2, 6), draw(6, sorted=True)),
        case(draw(1, 4), np.array([[0.0, 0.5, 2.0, 2.5], [0.3, 0.4, 1.0, 2.0]])),
        case(draw(4, 2), np.array([[0.0], [0.5], [2.0], [2.5]]), axis=0),
        case(draw(2), x=draw(2, sorted=True)),
        case(draw(4, 2), np.cumsum(np.array([[0.3, 0.5], [0.2, 1.0], [0.6, 0.4], [0.5, 0.3]]), axis=0), axis=0),
        case(draw(5), dx=draw(low=0.4)),
        case(draw(3, 6), dx=draw(low=0.4), axis=0),
        case(draw(5)),
        case(draw(6)),
        case(draw(2, 5), dx=0.5, axis=0),
        case(draw(3, 4), x=np.array([0.0, 0.5, 2.0, 2.5])),
        case(draw(2, 3, 2), axis=1),
    ),
)
def simpson(s, y, x=None, *, dx=1.0, axis=-1):
    """The weights of the samples are the integrals of the unit vectors."""

    def jvp(y_dot, x_dot, dx_dot):
        return (
            integrate.simpson(y_dot, x=x, dx=dx, axis=axis)
            + (
                0.0
                if x is None
                else np.moveaxis(simpson_slopes(y, x, axis), axis, -1) @ x_dot
                if np.ndim(x) < np.ndim(y)
                else np.sum(simpson_slopes(y, x, axis) * x_dot, axis=axis)
            )
            + (integrate.simpson(y, axis=axis) * dx_dot if x is None else 0.0)
        )

    def vjp(s_bar):
        return (
            np.asarray(
                np.moveaxis(
                    np.expand_dims(s_bar, -1) * integrate.simpson(np.eye(np.shape(y)[axis]), x=x, dx=dx), -1, axis
                )
                if x is None or np.ndim(x) < np.ndim(y) or np.ndim(y) == 1
                else unbroadcast(
                    np.moveaxis(
                        np.expand_dims(s_bar, -1)
                        * integrate.simpson(
                            np.expand_dims(np.eye(np.shape(y)[axis]), tuple(range(np.ndim(y) - 1))),
                            x=np.expand_dims(np.moveaxis(x, axis, -1), -2),
                        ),
                        -1,
                        axis,
                    ),
                    y,
                ),
                dtype=np.result_type(y, np.float16),
            ),
            (
                0.0
                if x is None
                else np.asarray(
                    np.tensordot(s_bar, np.moveaxis(simpson_slopes(y, x, axis), axis, -1), np.ndim(s_bar))
                    if np.ndim(x) < np.ndim(y)
                    else unbroadcast(np.expand_dims(s_bar, axis) * simpson_slopes(y, x, axis), x),
                    dtype=np.result_type(x, np.float16),
                )
            ),
            (np.sum(s_bar * integrate.simpson(y, axis=axis)) if x is None else 0.0),
        )

    return jvp, vjp
