"""One branch for two in a row that ask the same.

Before                                   After

    if x > 20.0:                             if x > 20.0:
        y = x                                    y = x
    else:                                        x_bar = 1.0
        y = np.exp(x)                        else:
    if x > 20.0:                                 y = np.exp(x)
        x_bar = 1.0                              x_bar = 1.0 + y
    else:
        x_bar = 1.0 + y

Where the conditions only compute, and no arm of the first changes what they read. What an arm leaves by a jump is not
followed by an arm of the second.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Arm, Block, Break, Comment, Continue, Function, If, Pass, Raise, Stmt
from tangent_like.ir.walk import blocks, names, same
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts


def joined(function: Function, facts: Facts) -> Function:
    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            before = out[-1] if out else None
            if isinstance(new, If) and isinstance(before, If) and _ask_the_same(before, new, facts):
                out[-1] = _both(before, new)
            else:
                out.append(new)
        return tuple(out)

    return with_body(function, block(function.body))


def _ask_the_same(first: If, then: If, facts: Facts) -> bool:
    if len(first.arms) != len(then.arms) or facts.own(first).acts or first.path or then.path or then.early:
        return False
    if not all(same(a.test, b.test) for a, b in zip(first.arms, then.arms, strict=True)):
        return False
    asked = {n for arm in first.arms for n in names(arm.test)}
    memory = facts.classes(asked)
    for body in blocks(first):
        for stmt in body:
            does = facts.does(stmt)
            if does.binds & asked or does.writes & memory or (does.anything and memory):
                return False
    return True


def _both(first: If, then: If) -> If:
    pairs = zip(first.arms, then.arms, strict=True)
    arms = tuple(Arm(a.test, _follow(a.body, b.body), a.origin) for a, b in pairs)
    return If(arms, _follow(first.orelse, then.orelse), first.origin, "", first.early)


def _follow(first: Block, then: Block) -> Block:
    if first and isinstance(first[-1], Break | Continue | Raise):
        return first
    done = tuple(s for s in (*first, *then) if not isinstance(s, Pass))
    return done if any(not isinstance(s, Comment) for s in done) else (*done, Pass())
