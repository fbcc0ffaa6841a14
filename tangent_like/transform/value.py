"""A function itself, as emitted text: what it calls is written out where it has no text or is to be compiled.

Before                                   After

    def vmap_f(x):                           def grad_f(x): ...
        ...
            y[k] = tl.grad(f)(x[k])          def vmap_f(x):
                                                 ...
                                                     y[k] = grad_f(x[k])
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tangent_like.analysis.inferred import infer
from tangent_like.analysis.typing import Typing
from tangent_like.errors import Place
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import Call, Emitted, Expr, Function, Ref, UserFunction
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import expressions, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.kind import Kind
from tangent_like.transform.nested import is_nested
from tangent_like.transform.program import Program


def with_functions(function: Function, typing: Typing, program: Program, every: bool) -> Function:
    """The function with calls of derivatives as calls of emitted functions; with ``every``, all calls of the user's."""
    return Writing(program, every).function(function, typing)


@dataclass(eq=False)
class Writing:
    program: Program
    every: bool
    done: dict[UserFunction, str] = field(default_factory=dict)

    def function(self, function: Function, typing: Typing) -> Function:
        table: dict[Expr, Ref] = {}
        for stmt in statements(function.body):
            env = typing.before.get(stmt)
            if env is None:
                continue  # it is never reached
            place = place_of(getattr(stmt, "origin", None) or function.origin)
            for call in (e for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Call)):
                if isinstance(call.func, Ref) and isinstance(call.func.target, UserFunction):
                    if self.is_written(call.func.target):
                        kinds = tuple(typing.kind(e, env) for e in (*call.args, *(v for _, v in call.keywords)))
                        table[call] = self.emitted(call.func.target, call, kinds, place)
        if not table:
            return function

        def change(expr: Expr) -> Expr:
            found = table.get(expr)
            made = rebuild(expr, change)
            return replace(made, func=found) if found is not None and isinstance(made, Call) else made

        return with_body(function, tuple(rewrite(stmt, change, lambda name: name) for stmt in function.body))

    def is_written(self, target: UserFunction) -> bool:
        if self.program.attached.rule_of(target) is not None:
            return False
        return self.every or is_nested(target)

    def emitted(self, target: UserFunction, call: Call, kinds: tuple[Kind, ...], place: Place) -> Ref:
        program = self.program
        bound = program.bind(target, call, kinds, place)
        target = program.concrete(target, call, kinds, place)
        lowered = program.read(target, place)
        name = self.done.get(target)
        if name is None:
            name = self.done[target] = program.namer.fresh(lowered.function.name)
            typing = infer(lowered.function, bound, program.sizes, program.callee_kind)
            program.functions.append(replace(self.function(lowered.function, typing), name=name))
        return Ref(name, Emitted(name, tuple(p.name for p in lowered.function.params)), call.at)
