"""What runs again on the way back computes what the way back reads, and says nothing a second time.

Before                                          After

    def step(t, h, total, W):                       def step_again(h, W):
        h = np.tanh(W @ h)                              return np.tanh(W @ h)
        total = total + np.sum(h * h)
        print(total)
        return h, total
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import Assert, Block, Call, Do, Expr, Function, Library, Name, Pass, Ref, Return, Stmt, Tuple
from tangent_like.ir.outside_calls import WRITING
from tangent_like.ir.walk import reads, statements, with_body
from tangent_like.transform.outlined import March


@dataclass(frozen=True, eq=False)
class Again:
    """A turn as it is run again: the part of the state that is computed, and what it is called with."""

    function: Function
    state: tuple[str, ...]
    given: tuple[str, ...]


def again_of(
    march: March, step: Function, read: Iterable[str], useful: Callable[[Function], Function]
) -> Again:
    """A turn, without the parts of the state that neither a reverse half reads nor a later turn that has to be run.

    ``read`` are the parameters of the turn that its reverse half reads.
    """
    behind = dict(zip(march.given, march.state, strict=True))
    wanted = {behind[n] for n in read if n in behind} or {march.state[0]}  # with one to begin again from
    while True:
        state = tuple(n for n in march.state if n in wanted)
        ending = Return(Name(state[0]) if len(state) == 1 else Tuple(tuple(map(Name, state))), step.body[-1].origin)
        function = useful(replace(step, name=f"{step.name}_again", body=(*step.body[:-1], ending)))
        seen = {n for s in statements(function.body) for n in reads(s)}
        more = {behind[n] for n in seen if n in behind}
        if more <= wanted:
            break
        wanted |= more
    if step is march.step and len(state) == len(march.state) and not march.going:
        return Again(march.step, march.state, (march.target, *march.state, *march.params))
    params = tuple(p for p in step.params if p.name in seen)
    return Again(replace(function, params=params), state, tuple(behind.get(p.name, p.name) for p in params))


def silent(function: Function) -> Function:
    """The function without what it prints and asserts: the first run has done so."""

    def keeps(stmt: Stmt) -> bool:
        return not isinstance(stmt, Assert) and not (isinstance(stmt, Do) and prints(stmt.value))

    def block(body: Block) -> Block:
        kept = tuple(with_blocks(s, block) for s in body if keeps(s))
        return kept if kept or not body else (Pass(),)

    if all(map(keeps, statements(function.body))):
        return function
    return with_body(function, block(function.body))


def prints(expr: Expr) -> bool:
    match expr:
        case Call(Ref(target=Library("builtins", name))):
            return name == "print" or name in WRITING
        case _:
            return False
