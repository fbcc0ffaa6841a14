"""A call of a step that is taken back: nothing of it is kept.

Before                              After

    q, p = step(q, p, k)                q, p = step(q, p, k)
                                        ...
                                        q, p = step_inverse(q, p, k)
                                        q_bar, p_bar, k_bar = step_vjp(q, p, k, q_bar, p_bar)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tangent_like.errors import Place
from tangent_like.ir.nodes import Function, Ref, UserFunction
from tangent_like.kinds.kind import Kind
from tangent_like.specialize.asked import Gradient, Inner
from tangent_like.transform.plans import Half
from tangent_like.transform.undo import Undo

Derive = Callable[[Function, Mapping[str, Kind], Gradient, Place], Inner]


@dataclass(frozen=True, eq=False)
class Reversible:
    """A step as it is emitted, and what takes it back."""

    function: Function
    emitted: Ref
    target: UserFunction
    undo: Undo

    def half(self, half: Half, bound: Mapping[str, Kind], derive: Derive, place: Place) -> Half:
        """The step itself, and its pullback, for what it was called with."""
        made = derive(self.function, bound, Gradient(half.active, False, "pull"), place)
        forward = replace(half.forward, spelling=self.emitted.spelling)
        return replace(half, forward=forward, reverse=made.refs[0], undo=self.undo)
