"""What the rules of the user's return, held against what it is for. ``where`` is the line of the rule."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def of_shape(x_bar, x, where):
    """Return ``x_bar``, which must have the shape of ``x``; a ``ValueError`` if it has not."""
    if np.shape(x_bar) != np.shape(x):
        raise ValueError(f"{where}: the rule returns shape {np.shape(x_bar)} where the shape is {np.shape(x)}")
    return x_bar


def spreads_to(partial, y, where):
    """Return ``partial``, whose shape must broadcast to that of ``y``; a ``ValueError`` if it does not."""
    shape, whole = np.shape(partial), np.shape(y)
    if len(shape) > len(whole) or any(a not in (1, b) for a, b in zip(shape[::-1], whole[::-1], strict=False)):
        raise ValueError(f"{where}: the rule returns a partial of shape {shape} for a result of shape {whole}")
    return partial
