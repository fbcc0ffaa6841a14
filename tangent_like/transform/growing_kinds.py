"""Recursions that are given other kinds in every call, ``walk(v, n - 1, (*passed, v))``: they have no end here."""

from __future__ import annotations

from collections.abc import Iterable

from tangent_like.errors import UnsupportedError
from tangent_like.ir.nodes import UserFunction

MOST_KINDS = 40  # of the arguments of one recursive function


def refuse_growing(target: UserFunction, met: Iterable[tuple[UserFunction, tuple[object, ...]]], place: object) -> None:
    """``met``: the functions and the kinds of the arguments that have been asked for so far."""
    if sum(other == target for other, _ in met) > MOST_KINDS:
        raise UnsupportedError(
            f"a recursion of {target.qualname} whose arguments are of another kind in every call is not differentiated",
            place,  # type: ignore[arg-type]
            "collect what it passes on in an array, or in a list of its caller's",
        )
