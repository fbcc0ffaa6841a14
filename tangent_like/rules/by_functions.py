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
    return np.moveaxis(np.stack([f(A[:, k], *args) for k in range(A.shape[1])]), 0, -1)


def monotone_slopes(x, y):
    """Of ``PchipInterpolator(x, y)``: harmonic means of the slopes on both sides, 0 where these differ in sign.

    At the ends that of the parabola through three points, held back where it would not be monotone.
    """
    if len(y) < 3:
        raise ValueError("the interpolation of two points is not differentiated: write the line between them")
    h = np.diff(x)
    m = np.diff(y) / h
    w = 2 * h[1:] + h[:-1]
    v = h[1:] + 2 * h[:-1]
    turns = np.sign(m[1:]) * np.sign(m[:-1]) <= 0
    before = np.where(turns, 1.0, m[:-1])
    behind = np.where(turns, 1.0, m[1:])
    inner = np.where(turns, 0.0, 1.0 / ((w / before + v / behind) / (w + v)))
    own = m[[0, -1]]
    other = m[[1, -2]]
    near = h[[0, -1]]
    far = h[[1, -2]]
    ends = ((2 * near + far) * own - near * other) / (near + far)
    steep = np.logical_and(np.sign(own) != np.sign(other), np.abs(ends) > 3.0 * np.abs(own))
    ends = np.where(np.sign(ends) != np.sign(own), 0.0, np.where(steep, 3.0 * own, ends))
    return np.concatenate([ends[:1], inner, ends[1:]])


def akima_slopes(x, y, share):
    """Of ``Akima1DInterpolator(x, y)``: means of the slopes on each side, weighted by how little
    those on the other differ.
    """
    if len(y) < 3:
        raise ValueError("the interpolation of two points is not differentiated: write the line between them")
    inner = np.diff(y) / np.diff(x)
    left = 2.0 * inner[0] - inner[1]
    right = 2.0 * inner[-1] - inner[-2]
    m = np.concatenate([[2.0 * left - inner[0], left], inner, [right, 2.0 * right - inner[-1]]])
    weights = np.abs(np.diff(m)) + share * np.abs(m[1:] + m[:-1])
    ahead = weights[2:]
    behind = weights[:-2]
    both = ahead + behind
    told = both > 1e-9 * np.max(both)
    safe = np.where(told, both, 1.0)
    return np.where(told, m[1:-2] + behind / safe * (m[2:-1] - m[1:-2]), 0.5 * (m[3:] + m[:-3]))
