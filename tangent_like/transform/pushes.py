"""The functions of one derivative in forward mode: ``g_jvp`` of each callee, once for each pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tangent_like.analysis.aliases import NOTHING_LENT, Lent
from tangent_like.errors import Place
from tangent_like.ir.nodes import Call, Emitted, Expr, Ref, Tuple, UserFunction
from tangent_like.kinds.kind import Kind, Sequence, is_float
from tangent_like.transform.forward import Carrying, carry, dots_by_keyword, forward_function
from tangent_like.transform.lent import Groups
from tangent_like.transform.lowered import Lowered
from tangent_like.transform.outlined import while_again
from tangent_like.transform.own_views import with_wholes_named
from tangent_like.transform.program import Program
from tangent_like.transform.signatures import items_of, together
from tangent_like.transform.stated import with_handed
from tangent_like.transform.tangents import Pushed

Pattern = tuple[UserFunction, tuple[Kind, ...], tuple[str, ...], Lent]


@dataclass(eq=False)
class Pushes:
    program: Program
    made: dict[Pattern, Pushed] = field(default_factory=dict)

    def carry(
        self,
        lowered: Lowered,
        kinds: Mapping[str, Kind],
        wrt: tuple[str, ...],
        lent: Lent = NOTHING_LENT,
        varied: tuple[str, ...] | None = None,
    ) -> Carrying:
        program = self.program
        namer = program.fresh_namer(lowered.taken)
        function = while_again(program.writings.stated(lowered, kinds, namer, varied is None))
        function = with_wholes_named(function, namer)
        return carry(function, kinds, wrt, program.sizes, namer, program.outside(), self.push_call, lent, varied)

    def push_call(
        self,
        target: UserFunction,
        call: Call,
        kind_of: Callable[[Expr], Kind],
        active: frozenset[str],
        groups: Groups,
        place: Place,
    ) -> Pushed:
        """What to call for the kinds and the active arguments of a call; made once."""
        program = self.program
        kinds = tuple(kind_of(a) for a in (*call.args, *(v for _, v in call.keywords)))
        target = program.concrete(target, call, kinds, place)
        bound = program.bind(target, call, kinds, place)
        lowered = program.read(target, place)
        order = tuple(p.name for p in lowered.function.params)
        chosen = {order[int(k)] if k.isdigit() else k for k in active}
        lent = Lent(tuple(tuple(order[int(k)] if k.isdigit() else k for k in group) for group in groups))
        varied = tuple(n for n in order if n in chosen and is_float(bound[n]))
        wrt = tuple(n for n in order if n in varied or (n in lent.names and is_float(bound[n])))
        key = (target, tuple(bound.values()), varied, lent)
        if key in self.made:
            return self.made[key]
        name = program.namer.fresh(f"{lowered.function.name}_jvp")
        solving = program.insides.of(target)
        if solving is not None:
            wrt = solving.carrying(varied)
            made, dots = solving.pushed(bound, wrt, name, program.wider)
            program.functions.append(made)
            ref = Ref(name, Emitted(name, order), (place.line, place.column))
            pushed = self.made[key] = Pushed(ref, order, wrt, dots, (True,), False, bool(solving.solved.options))
            return pushed
        result = program.callee_kind(target, call, kinds, place)
        tupled = isinstance(result, Sequence) and not result.is_list
        items = result.items if isinstance(result, Sequence) and tupled else (result,)
        ref = Ref(name, Emitted(name, order), (place.line, place.column))
        if groups:
            lowered = replace(lowered, function=with_handed(target, lowered.function, bound))
        carrying = self.carry(lowered, bound, wrt, lent, varied)
        tupled = isinstance(carrying.last.value, Tuple)
        dots = tuple(carrying.sweep.dot(n) for n in wrt)
        flowing = tuple(is_float(i) for i in items)
        pushed = Pushed(ref, order, wrt, dots, flowing, tupled, dots_by_keyword(lowered.function), lent.names)
        self.made[key] = pushed  # a recursive call finds it here
        made = forward_function(carrying, name, "push")
        if any(p.note for p in made.params):
            values = items_of(lowered.function.note, len(items))
            tangents = [n for n, flows in zip(values, flowing, strict=True) if flows]
            made = replace(made, note=together([*values, *tangents]))
        program.functions.append(made)
        return pushed
