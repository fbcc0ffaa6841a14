"""``check_reversible``: is every step that is ``tl.reversible`` taken back by its inverse?"""

from __future__ import annotations

from typing import Any

from tangent_like.api.derivative import DerivativeFunction, Function
from tangent_like.request import Request
from tangent_like.runtime import isolate


def check_reversible(f: Function, *args: Any) -> None:
    """Run ``f`` once, take every step in it that is ``tl.reversible`` back at once, and hold it against its arguments.

    ``f`` is such a step, or any function that takes some. Raises ``AssertionError`` with file and line of the first
    step whose inverse does not give back the shapes and, to half the digits of their dtype, the values that the step
    was given: with the name of the step, the part of the state, and how far it is off. Raises
    ``tl.DifferentiationError`` where an inverse cannot be derived.
    """
    DerivativeFunction(f, Request((), "value", checks=True))(*isolate(args))
