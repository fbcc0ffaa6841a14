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
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Block, Call, Const, Do, Expr, Function, Name, Ref, Return, Tuple, UserFunction
from tangent_like.kinds.kind import Kind
from tangent_like.specialize.asked import Gradient, Inner
from tangent_like.transform.call_plan import Half
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.undo import Undo

Derive = Callable[[Function, Mapping[str, Kind], Gradient, Place], Inner]
# The inverse of an emitted function of this name, as it is called, and what it returns beside the state.
Back = Callable[[str, int, str], "tuple[Ref, tuple[int | str, ...]] | None"]


@dataclass(frozen=True, eq=False)
class Reversible:
    """A step as it is emitted, and what takes it back."""

    function: Function
    emitted: Ref
    target: UserFunction
    undo: Undo
    derived: bool  # is its inverse from its text?

    def half(self, half: Half, bound: Mapping[str, Kind], derive: Derive, back: Back, place: Place) -> Half:
        """The step itself, and what its reverse half is, for what it was called with.

        Where the inverse is derived, it is that of the forward half, and gives what the reverse half reads.
        """
        forward = replace(half.forward, spelling=self.emitted.spelling)
        if self.derived:
            made = derive(self.function, bound, Gradient(half.active, False, "vjp"), place)
            undo = self.back(made, back) if len(made.refs) == 2 else None
            if undo is not None:
                return replace(half, forward=forward, reverse=made.refs[1], undo=undo)
        made = derive(self.function, bound, Gradient(half.active, False, "pull"), place)
        return replace(half, forward=forward, reverse=made.refs[0], undo=self.undo)

    def back(self, made: Inner, back: Back) -> Undo | None:
        """The inverse with what the reverse half reads; None where it cannot be told so."""
        found = back(made.refs[0].spelling, self.undo.state, f"{self.undo.step}_back")
        if found is None or len(found[1]) != len(made.kept):
            return None
        return replace(self.undo, inverse=found[0], kept=found[1])


def held_against(function: Function, step: Ref, undo: Undo) -> Function:
    """The step, taken back at once and held against where it began.

    Before                              After

        q, p = step(q, p, k)                q_new, p_new = step(q, p, k)
                                            q_back, p_back = step_inverse(q_new, p_new, k)
                                            refuse_inverse(q_back, q, "step", "q", "model.py:12")
                                            refuse_inverse(p_back, p, "step", "p", "model.py:12")
    """
    params = [p.name for p in function.params]
    namer = Namer(params)
    state = params[: undo.state]
    new = tuple(namer.fresh(f"{n}_new") for n in state)
    back = tuple(namer.fresh(f"{n}_back") for n in state)
    origin = function.origin
    place = f"{origin.file}:{origin.line}"
    args = (*map(Name, new), *map(Name, params[undo.state :]))
    said = tuple(map(Const, (undo.step, place)))
    checks: Block = tuple(
        Do(Call(helper("refuse_inverse"), (Name(b), Name(n), Const(n), *said)))
        for b, n in zip(back, state, strict=True)
    )
    result: Expr = Name(new[0]) if len(new) == 1 else Tuple(tuple(map(Name, new)))
    body: Block = (
        Assign(new, (Call(step, tuple(map(Name, params))),)),
        Assign(back, (Call(undo.inverse, tuple(args[k] for k in undo.passed)),)),
        *checks,
        Return(result),
    )
    return replace(function, body=body)
