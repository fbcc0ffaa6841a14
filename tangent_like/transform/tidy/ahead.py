"""What reads a second name of a number stands ahead of what binds the first anew: the second name goes.

Before                                   After

    r_bar = 1.0                              r_bar = 1.0
    for k in range(n):                       for k in range(n):
        a_bar = r_bar                            c_bar[k] += r_bar
        r_bar = 0.9 * r_bar                      r_bar = 0.9 * r_bar
        c_bar[k] += a_bar                        g_bar[k] = r_bar * x_saved.pop()
        t_bar = r_bar * x_saved.pop()            r_bar = r_bar * x
        r_bar = r_bar * x
        g_bar[k] = t_bar

And what is put into a place is put there where it is computed. Where neither reads what the other writes, and no
comment stands between them.
"""

from __future__ import annotations

from collections import Counter

from tangent_like.ir.nodes import Assign, Augment, Block, Function, Name, Stmt, Store
from tangent_like.ir.walk import binds, bound_in, names, reads, statements, substitute
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.facts import Facts

FAR = 4  # how many statements on


def ahead(function: Function, facts: Facts) -> Function:
    inside = list(statements(function.body))
    if not any(_is_copy(s, facts) or _is_put(s) for s in inside):
        return function
    uses = Counter(n for s in inside for n in {*reads(s), *binds(s)})

    def block(body: Block) -> Block:
        out = [change_blocks(stmt, block) for stmt in body]
        k = 0
        while k < len(out):
            moved = _moved(out, k, uses, facts) if _is_copy(out[k], facts) else None
            if moved is not None:
                at, place, stmt = moved
                del out[at]
                out.insert(place, stmt)
                del out[k]
            elif (later := _put_later(out, k, uses, facts)) is not None:
                put, value = out[later], out[k]
                assert isinstance(put, Store) and isinstance(value, Assign)
                out[k] = Store(put.target, "", value.values[0], put.origin)
                del out[later]
            k += 1
        return tuple(out)

    return with_body(function, block(function.body))


def _is_copy(stmt: Stmt, facts: Facts) -> bool:
    match stmt:
        case Assign((name,), (Name(id),), None, "") if facts.mine(stmt):
            return name != id and facts.is_number(name) and facts.is_number(id)
        case _:
            return False


def _is_put(stmt: Stmt) -> bool:
    match stmt:
        case Store(_, "", Name(), None):
            return not stmt.each
        case _:
            return False


def _put_later(body: list[Stmt], k: int, uses: Counter[str], facts: Facts) -> int | None:
    """Where what is computed at ``k`` is put into a place, which may as well be done at once."""
    match body[k]:
        case Assign((name,), (_,), None, "") as first if facts.mine(first) and uses[name] == 2:
            pass
        case _:
            return None
    between: list[Stmt] = []
    for at in range(k + 1, min(k + 1 + FAR, len(body))):
        stmt = body[at]
        if not isinstance(stmt, Assign | Augment | Store) or stmt.origin is not None:
            return None
        if name in reads(stmt):
            if not isinstance(stmt, Store) or not _is_put(stmt):
                return None
            whole = isinstance(stmt.value, Name) and stmt.value.id == name and name not in names(stmt.target)
            return at if whole and between and all(_apart(stmt, other, facts) for other in between) else None
        between.append(stmt)
    return None


def _moved(body: list[Stmt], k: int, uses: Counter[str], facts: Facts) -> tuple[int, int, Stmt] | None:
    """Where the one statement stands that reads the copy at ``k``, where it goes, and it with the first name.

    It goes to before what binds the first name anew.
    """
    copy = body[k]
    assert isinstance(copy, Assign) and isinstance(copy.values[0], Name)
    name, first = copy.targets[0], copy.values[0]
    if uses[name] != 2:
        return None
    place = next((at for at in range(k + 1, len(body)) if first.id in bound_in((body[at],))), len(body))
    between: list[Stmt] = []
    for at in range(place, min(place + FAR, len(body))):
        stmt = body[at]
        if not isinstance(stmt, Assign | Augment | Store) or stmt.origin is not None:
            return None
        if name in reads(stmt):
            apart = first.id not in {*reads(stmt), *binds(stmt)} and name not in binds(stmt)
            if not between or not apart or not all(_apart(stmt, other, facts) for other in between):
                return None
            return at, place, with_expressions(stmt, lambda e: substitute(e, {name: first}))
        between.append(stmt)
    return None


def _apart(one: Stmt, other: Stmt, facts: Facts) -> bool:
    """Does neither read or write what the other writes?"""
    a, b = facts.does(one), facts.does(other)
    if a.anything or b.anything or a.binds & (b.reads | b.binds) or b.binds & a.reads:
        return False
    return not (a.writes & (facts.classes(b.reads) | b.writes) or b.writes & facts.classes(a.reads))
