"""What NumPy does with functions that it is given, as programs that call them: they are differentiated as written."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def piecewise(x, condlist, funclist, *args):
    """Each function on the entries of its own; where several conditions hold the last wins, where none does zeros."""
    y = np.zeros_like(x)
    if len(funclist) > len(condlist):
        rest = np.logical_not(condlist[0])
        for condition in condlist[1:]:
            rest = np.logical_and(rest, np.logical_not(condition))
        last = funclist[len(condlist)]
        y[rest] = last(x[rest], *args) if callable(last) else last
    for condition, f in zip(condlist, funclist, strict=False):
        y[condition] = f(x[condition], *args) if callable(f) else f
    return y


def vectorized(f, x):
    """``np.vectorize(f)(x)``: entry by entry."""
    flat = np.ravel(x)
    y = np.zeros(len(flat))
    for k in range(len(flat)):
        y[k] = f(flat[k])
    return np.reshape(y, np.shape(x))


def vectorized_of_several(f, *given):
    arrays = np.broadcast_arrays(*given)
    flat = [np.ravel(a) for a in arrays]
    y = np.zeros(len(flat[0]))
    for k in range(len(flat[0])):
        y[k] = f(*[a[k] for a in flat])
    return np.reshape(y, np.shape(arrays[0]))


def along_rows(f, A, *args):
    """``np.apply_along_axis(f, 1, A)``: what ``f`` gives of each row, as rows."""
    return np.stack([f(A[k], *args) for k in range(len(A))])


def along_columns(f, A, *args):
    """``np.apply_along_axis(f, 0, A)``: what ``f`` gives of each column, as columns."""
    return np.stack([f(A[:, k], *args) for k in range(A.shape[1])], axis=-1)


def within(x, y, places):
    """``scipy.interpolate.interp1d(x, y)(places)``."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    if np.any(np.less(places, x[0])) or np.any(np.greater(places, x[-1])):
        raise ValueError("a value is outside of the range of interpolation")
    return np.interp(places, x, y)


def beyond(x, y, places):
    """``scipy.interpolate.interp1d(x, y, fill_value="extrapolate")(places)``: the lines at the ends go on."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    k = np.clip(np.searchsorted(x, places) - 1, 0, len(x) - 2)
    return y[k] + (y[k + 1] - y[k]) / (x[k + 1] - x[k]) * (places - x[k])


def beyond_by_weights(x, y, places):
    """The same as SciPy computes it from 1.18 on: the two ends weighed, not the slope from one of them."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    k = np.clip(np.searchsorted(x, places) - 1, 0, len(x) - 2)
    h = x[k + 1] - x[k]
    return (places - x[k]) / h * y[k + 1] + (x[k + 1] - places) / h * y[k]
