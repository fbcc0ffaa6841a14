"""What every arm of a branch begins with, before the branch.

Before                                   After

    if n > 0:                                x_saved.append(x)
        x_saved.append(x)                    if n > 0:
        x = x * 2                                x = x * 2
    else:                                    else:
        x_saved.append(x)                        x = x - 1
        x = x - 1                            x_new = x
    if n > 0:                                x = x_saved.pop()
        # x = x * 2                          if n > 0:
        x_new = x                                # x = x * 2
        x = x_saved.pop()                        y_bar = y_bar * x_new
        y_bar = y_bar * x_new                else:
    else:                                        # x = x - 1
        # x = x - 1                              y_bar = y_bar * x
        x = x_saved.pop()
        y_bar = y_bar * x

Only what is kept for the way back and taken from where it was kept: the user's statements stay in
their arms.
"""

from __future__ import annotations

from collections import Counter

from tangent_like.ir.nodes import Arm, Assign, Block, Comment, Function, If, Name, Pop, Push, Stmt
from tangent_like.ir.walk import same, statements
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts


def arms(function: Function, facts: Facts) -> Function:
    uses: Counter[str] = Counter()  # statements that read or bind a name
    for stmt in statements(function.body):
        own = facts.own(stmt)
        uses.update({*own.reads, *own.fixed, *_bound(stmt)})

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            if isinstance(new, If):
                out.extend(_hoisted(new, facts, uses))
            else:
                out.append(new)
        return tuple(out)

    return with_body(function, block(function.body))


def _bound(stmt: Stmt) -> tuple[str, ...]:
    return stmt.targets if isinstance(stmt, Assign) else ()


def _hoisted(stmt: If, facts: Facts, uses: Counter[str]) -> list[Stmt]:
    before: list[Stmt] = []
    while True:
        bodies = [arm.body for arm in stmt.arms] + [stmt.orelse]
        places = [_first(body) for body in bodies]
        found = [body[k] if k is not None else None for body, k in zip(bodies, places, strict=True)]
        if not _alike(found) or not _free(found[0], stmt, facts):
            return [*before, stmt]
        copies: list[Stmt] = []
        rest: list[Block] = []
        for body, k in zip(bodies, places, strict=True):
            assert k is not None
            held = [s for s in body[:k] if not isinstance(s, Comment)]
            if not all(_private(s, body, facts, uses) for s in held):
                return [*before, stmt]
            copies += held
            rest.append((*(s for s in body[:k] if isinstance(s, Comment)), *body[k + 1 :]))
        if not all(any(not isinstance(s, Comment) for s in body) for body in rest):
            return [*before, stmt]
        first = found[0]
        assert first is not None
        before += [*copies, first]
        pairs = zip(stmt.arms, rest, strict=False)
        stmt = If(
            tuple(Arm(a.test, body, a.origin) for a, body in pairs),
            rest[-1],
            stmt.origin,
            stmt.path,
        )


def _first(body: Block) -> int | None:
    """Where an arm keeps or takes something, with nothing but copies of names before."""
    for k, stmt in enumerate(body):
        if isinstance(stmt, Push | Pop):
            return k
        copy = isinstance(stmt, Assign) and stmt.origin is None and isinstance(stmt.values[0], Name)
        if not copy and not isinstance(stmt, Comment):
            return None
    return None


def _alike(found: list[Stmt | None]) -> bool:
    match found[0]:
        case Push(list=list_, value=value):
            return all(
                isinstance(s, Push) and s.list == list_ and same(s.value, value) for s in found
            )
        case Pop(Name() as target, list_):
            return all(
                isinstance(s, Pop) and s.list == list_ and same(s.target, target) for s in found
            )
        case _:
            return False


def _free(stmt: Stmt | None, branch: If, facts: Facts) -> bool:
    """May it run before the tests?"""
    own = facts.own(branch)
    asked = {*own.reads, *own.fixed}
    match stmt:
        case Push(list=list_, value=value):
            return list_ not in asked and not own.wild and isinstance(value, Name)
        case Pop(Name(id), list_):
            return not asked & {id, list_}
        case _:
            return False


def _private(stmt: Stmt, body: Block, facts: Facts, uses: Counter[str]) -> bool:
    """Is it a copy under a name of which the other arms, and all else, know nothing?"""
    if not isinstance(stmt, Assign) or len(stmt.targets) != 1 or not facts.mine(stmt):
        return False
    name = stmt.targets[0]
    inside = sum(
        name in {*facts.own(s).reads, *facts.own(s).fixed, *_bound(s)} for s in statements(body)
    )
    return uses[name] == inside
