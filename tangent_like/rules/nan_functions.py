"""The functions that leave NaNs out: each says what it is of numbers alone."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import Draw, case, draw
from tangent_like.rules.rule import definition


def _holed(*shape: int) -> Draw:
    """A draw with a NaN in it."""
    return draw(*shape, holed=True)


_AXES = (
    case(draw(3)),
    case(_holed(4)),
    case(_holed(3, 4)),
    case(_holed(3, 4), axis=0),
    case(_holed(3, 4), axis=-1, keepdims=True),
    case(_holed(2, 3, 4), axis=(0, 2)),
)


@definition(np.nansum, cases=_AXES)
def nansum(x, axis=None, dtype=None, *, keepdims=False, initial=0, where=True):
    return np.sum(
        np.where(np.isnan(x), 0.0, x), axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where
    )


@definition(np.nanprod, cases=_AXES)
def nanprod(x, axis=None, dtype=None, *, keepdims=False, initial=1, where=True):
    return np.prod(
        np.where(np.isnan(x), 1.0, x), axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where
    )


@definition(np.nanmean, cases=_AXES)
def nanmean(x, axis=None, dtype=None, *, keepdims=False):
    return np.mean(x, axis=axis, dtype=dtype, keepdims=keepdims, where=~np.isnan(x))


@definition(np.nanmax, cases=_AXES)
def nanmax(x, axis=None, *, keepdims=False):
    return np.max(np.where(np.isnan(x), -np.inf, x), axis=axis, keepdims=keepdims)


@definition(np.nanmin, cases=_AXES)
def nanmin(x, axis=None, *, keepdims=False):
    return np.min(np.where(np.isnan(x), np.inf, x), axis=axis, keepdims=keepdims)


_SPREADS = (*_AXES, case(_holed(3, 4), axis=1, ddof=1))


@definition(np.nanvar, cases=_SPREADS, aliases={"correction": "ddof"})
def nanvar(x, axis=None, dtype=None, *, ddof=0, keepdims=False):
    return np.var(x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=~np.isnan(x))


@definition(np.nanstd, cases=_SPREADS, aliases={"correction": "ddof"})
def nanstd(x, axis=None, dtype=None, *, ddof=0, keepdims=False):
    return np.std(x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=~np.isnan(x))


# -- where=, initial= --------------------------------------------------------------------------------

_ROW = np.array([True, False, True, True])
_WHERE = (case(_holed(3, 4), where=_ROW), case(_holed(3, 4), axis=1, where=_ROW))


@definition(np.nanmean, more=True, cases=_WHERE)
def nanmean_where(x, axis=None, dtype=None, *, keepdims=False, where=True):
    return np.mean(x, axis=axis, dtype=dtype, keepdims=keepdims, where=np.logical_and(where, ~np.isnan(x)))


@definition(np.nanvar, more=True, cases=_WHERE, aliases={"correction": "ddof"})
def nanvar_where(x, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True):
    return np.var(
        x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=np.logical_and(where, ~np.isnan(x))
    )


@definition(np.nanstd, more=True, cases=_WHERE, aliases={"correction": "ddof"})
def nanstd_where(x, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True):
    return np.std(
        x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=np.logical_and(where, ~np.isnan(x))
    )


_FROM = (case(_holed(3, 4), initial=0.1), case(_holed(3, 4), axis=1, where=_ROW, initial=draw()))


@definition(np.nanmax, more=True, of=("x", "initial"), cases=_FROM)
def nanmax_where(x, axis=None, *, keepdims=False, initial, where=True):
    return np.max(
        np.where(np.isnan(x), -np.inf, x), axis=axis, keepdims=keepdims, initial=initial, where=where
    )


@definition(np.nanmin, more=True, of=("x", "initial"), cases=_FROM)
def nanmin_where(x, axis=None, *, keepdims=False, initial, where=True):
    return np.min(np.where(np.isnan(x), np.inf, x), axis=axis, keepdims=keepdims, initial=initial, where=where)


_RUNNING = (case(_holed(4)), case(_holed(3, 4)), case(_holed(3, 4), 0), case(_holed(3, 4), axis=-1))


@definition(np.nancumsum, cases=_RUNNING)
def nancumsum(x, axis=None, dtype=None):
    return np.cumsum(np.where(np.isnan(x), 0.0, x), axis=axis, dtype=dtype)


@definition(np.nancumprod, cases=_RUNNING)
def nancumprod(x, axis=None, dtype=None):
    return np.cumprod(np.where(np.isnan(x), 1.0, x), axis=axis, dtype=dtype)
