"""A helper of the runtime, by its name, as emitted text calls it."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like import runtime
from tangent_like.ir.nodes import Library, Ref


def helper(name: str) -> Ref:
    obj: Callable[..., object] = getattr(runtime, name)
    target = Library("tangent_like.runtime", name, obj)
    return Ref(name, target, None, target)
