"""The functions of one derivative in forward mode: ``g_jvp`` of each callee, once for each pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tangent_like.errors import Place
from tangent_like.ir.nodes import Call, Emitted, Expr, Ref, Tuple, UserFunction
from tangent_like.kinds.kind import Kind, Sequence, is_float
from tangent_like.transform.forward import Carrying, carry, dots_by_keyword, forward_function
from tangent_like.transform.program import Lowered, Program
from tangent_like.transform.tangents import Pushed

Pattern = tuple[UserFunction, tuple[Kind, ...], tuple[str, ...]]


@dataclass(eq=False)
class Pushes:
    program: Program
    made: dict[Pattern, Pushed] = field(default_factory=dict)

    def carry(self, lowered: Lowered, kinds: Mapping[str, Kind], wrt: tuple[str, ...]) -> Carrying:
        program = self.program
        namer = program.fresh_namer(lowered.taken)
        return carry(lowered.function, kinds, wrt, program.sizes, namer, program.outside(), self.push_call)

    def push_call(
        self,
        target: UserFunction,
        call: Call,
        kind_of: Callable[[Expr], Kind],
        active: frozenset[str],
        place: Place,
    ) -> Pushed:
        """What to call for the kinds and the active arguments of a call; made once."""
        program = self.program
        kinds = tuple(kind_of(a) for a in (*call.args, *(v for _, v in call.keywords)))
        bound = program.bind(target, call, kinds, place)
        lowered = program.read(target, place)
        order = tuple(p.name for p in lowered.function.params)
        chosen = {order[int(k)] if k.isdigit() else k for k in active}
        wrt = tuple(n for n in order if n in chosen and is_float(bound[n]))
        key = (target, tuple(bound.values()), wrt)
        if key in self.made:
            return self.made[key]
        name = program.namer.fresh(f"{lowered.function.name}_jvp")
        result = program.callee_kind(target, call, kinds, place)
        tupled = isinstance(result, Sequence) and not result.is_list
        items = result.items if isinstance(result, Sequence) and tupled else (result,)
        ref = Ref(name, Emitted(name, order), (place.line, place.column))
        carrying = self.carry(lowered, bound, wrt)
        tupled = isinstance(carrying.last.value, Tuple)
        dots = tuple(carrying.sweep.dot(n) for n in wrt)
        flowing = tuple(is_float(i) for i in items)
        pushed = Pushed(ref, order, wrt, dots, flowing, tupled, dots_by_keyword(lowered.function))
        self.made[key] = pushed  # a recursive call finds it here
        program.functions.append(forward_function(carrying, name, inner=True))
        return pushed
