"""Objects like others: gradients in the structure of what they are gradients of."""

# No annotations in these files: their text is pasted into standalone modules, as a user writes it.
# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def like_object(x, /, **bars):
    """Return an object of the class of ``x`` whose attributes are ``bars``; None for what carries no derivative."""
    if isinstance(x, tuple):
        names = getattr(x, "_fields", ())
        return type(x)(*(bars[k] if k in bars else zeros_or_none(item) for k, item in zip(names, x, strict=True)))
    y = x.__new__(type(x))
    for name, item in getattr(x, "__dict__", {}).items():
        object.__setattr__(y, name, bars[name] if name in bars else zeros_or_none(item))
    for name, bar in bars.items():
        if isinstance(getattr(type(x), name, None), property):
            raise ValueError(f"'{name}' is computed by a class that was not known: annotate the argument")
        object.__setattr__(y, name, bar)
    return y


def like_sequence(x, *bars):
    """Return a tuple, named tuple or list, whichever ``x`` is, of ``bars``."""
    return type(x)(*bars) if hasattr(x, "_fields") else type(x)(bars)


def zeros_or_none(x):
    """Return zeros where ``x`` is a floating-point number or array; None for what carries no derivative."""
    if isinstance(x, float):
        return 0.0
    if isinstance(x, dict):
        return {key: zeros_or_none(item) for key, item in x.items()}
    if isinstance(x, (list, tuple)):
        items = [zeros_or_none(item) for item in x]
        return items if isinstance(x, list) else type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    return np.zeros_like(x) if np.asarray(x).dtype.kind == "f" else None
