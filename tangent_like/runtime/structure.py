"""Objects like others: gradients in the structure of what they are gradients of."""

from __future__ import annotations

from typing import Any


def like_object(x: Any, **bars: Any) -> Any:
    """An object of the class of ``x`` whose attributes are ``bars``; None for what carries no derivative."""
    if isinstance(x, tuple):
        return type(x)(**bars)
    y = object.__new__(type(x))
    for name, bar in bars.items():
        object.__setattr__(y, name, bar)
    return y
