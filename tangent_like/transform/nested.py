"""``tl.grad(g)(x)`` within a function that is differentiated: the inner derivative comes first, as a function.

Its text is made for the kinds of the call's arguments, with names of its own, and is then a function of the
user's like any other: what is differentiated with respect to what cannot be confused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from tangent_like.errors import DifferentiationError, Place, UnsupportedError
from tangent_like.frontend.live import is_derivative, live_target
from tangent_like.ir.nodes import UserFunction
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind


def is_nested(target: UserFunction) -> bool:
    return is_derivative(target.source)


def may_write(changed_by: Callable[[UserFunction], frozenset[str]], target: UserFunction) -> bool:
    """Does a function write an argument, as far as its text tells? ``changed_by`` says which, where it has one."""
    with suppress(DifferentiationError):  # refused where it matters, with its place
        return bool(changed_by(target))
    return False


def is_gradient(target: UserFunction) -> bool:
    """Is it a gradient by the rules that all know, called by its name or made for a call?"""
    if is_nested(target):
        request: Any = target.source.request  # type: ignore[attr-defined]
        return request.mode in ("grad", "value_and_grad") and not request.rules
    made = target.owner.partition("|")[0]  # a clone for certain kinds, too
    return made.startswith("<tangent_like") and made.endswith(">")


def concrete(
    target: UserFunction, kinds: Mapping[str, Kind], sizes: Sizes, within: tuple[object, ...], place: Place
) -> UserFunction:
    """The derivative as a function, for arguments of these kinds; ``within``: of what others are being made."""
    derivative: Any = target.source
    if any(base is derivative.base for base in within):
        raise UnsupportedError(f"{target.qualname} is differentiated within itself", place, "write the inner one out")
    made = live_target("", target.qualname, derivative.nested(dict(kinds), sizes, (*within, derivative.base)))
    assert isinstance(made, UserFunction)
    return made
