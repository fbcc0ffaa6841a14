"""What ``grad`` asks of the result: to be one number."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def refuse_kept(whole):
    """Raise a ``RuntimeError`` if the body of a ``with`` did not come to its end, and yet nothing was raised."""
    if not whole:
        raise RuntimeError("a context manager kept an exception to itself: the rest of its body has no derivative")


def one_number(value):
    """Raise a ``TypeError`` if ``value`` is not one floating-point number."""
    if np.size(value) != 1 or np.asarray(value).dtype.kind != "f":
        raise TypeError(
            f"the result has shape {np.shape(value)} and dtype {np.asarray(value).dtype}, and a gradient is "
            "of one floating-point number: use vjp, or return a sum"
        )
