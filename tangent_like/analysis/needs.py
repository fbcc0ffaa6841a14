"""The marks in *need*: what the way back reads of a name, where that is not simply its present value."""

from __future__ import annotations


def binding(name: str) -> str:
    """The mark in *need* for what a name is bound to, whatever the memory there holds."""
    return f"binding of {name}"


def slots(name: str) -> str:
    """The mark in *need* for which items the lists of a class hold."""
    return f"slots of {name}"


def memory(name: str) -> str:
    """The mark in *need* for the memory of a class of names, whatever its names are bound to now."""
    return f"memory of {name}"
