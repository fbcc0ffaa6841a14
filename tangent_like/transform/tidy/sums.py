"""A first contribution and the next ones in one statement.

Before                                   After

    x_bar = y * k                            x_bar = y * k + 2.0 * z - w
    y_bar = 0.0                              y_bar = x * k
    x_bar += 2.0 * z                         # y = np.sin(z)
    x_bar -= w                               y_bar += z
    y_bar += x * k                           k_bar = np.zeros_like(k)
    # y = np.sin(z)                          k_bar += z
    y_bar += z                               t = w * k
    k_bar = np.zeros_like(k)                 a_bar = w * y - t
    k_bar += z                               w = 3.0 * w
    a_bar = w * y
    t = w * k
    w = 3.0 * w
    a_bar -= t

Where nothing between them reads the sum or changes what the first reads, and no comment stands there. Or the next one
goes up to the first, where that comes to the same: up to where what it reads is there.
Numbers are added as they would be. Of arrays the first must be new memory, and all of double precision:
``+=`` keeps the type of the first. Or the first is new memory under a name of ours that nobody
reads any more: ``z_bar = p_bar - s`` for ``z_bar = p_bar`` and ``z_bar -= s``.
"""

from __future__ import annotations

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    Function,
    Name,
    Stmt,
)
from tangent_like.ir.walk import binds, names, reads, statements
from tangent_like.transform.tidy.algebra import total
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.width import COLUMNS, OTHERS, line_width, width

# What makes an array without axes, too, that may be written into: a sum of such is a number.
MADE = ("array", "asarray", "copy", "full", "full_like", "ones", "ones_like")
FAR = 40  # how many statements back a first contribution is looked for


def sums(function: Function, facts: Facts) -> Function:
    return summed(function, facts, False)


def summed(function: Function, facts: Facts, across: bool) -> Function:
    """``across``: a first that is short goes under the comment of the next, too, and a next one up to the first's."""

    def block(body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        wanted = {stmt.target for stmt in body if isinstance(stmt, Augment)}
        latest: dict[str, int] = {}  # where each of these was last bound or read, as far back as is looked

        def note(k: int) -> None:
            if wanted and not isinstance(out[k], Comment):
                does = facts.does(out[k])
                latest.update(dict.fromkeys(wanted & does.binds, k))
                latest.update(dict.fromkeys(wanted & does.reads, k))

        for stmt in body:
            new = change_blocks(stmt, lambda inner: block(inner, depth + 1))
            near = isinstance(new, Augment) and latest.get(new.target, -1) >= max(len(out) - FAR, 0)
            found = _first(out, new, facts, across, depth > 1) if near else None
            joined = None if found is None else joined_sum(out[found[0]], new, facts, depth)
            if joined is None and found is not None and found[1] == len(out):  # nothing is written there until then
                last = _is_last(function, out, out[found[0]], new, facts)
                joined = joined_sum(out[found[0]], new, facts, depth, True) if last else None
            if joined is not None and found is not None:
                first, place = found
                out.insert(place, joined)
                del out[first]
                latest.clear()
                for place in range(max(len(out) - FAR, 0), len(out)):
                    note(place)
            else:
                out.append(new)
                note(len(out) - 1)
        return tuple(out)

    return with_body(function, block(function.body, 1))


def _first(
    before: list[Stmt], then: Stmt, facts: Facts, across: bool, inside: bool
) -> tuple[int, int] | None:
    """Where the first contribution stands, and before which statement both may be made together.

    That is where the next one is; or, if what the first reads changes until then, where all is there that the next
    one reads: ``z_bar -= c`` goes up to behind ``c = h_bar * b`` if ``h_bar`` is bound anew after that.
    """
    if not isinstance(then, Augment):
        return None
    bound: set[str] = set()
    written: set[str] = set()
    anything = quoted = False
    given = names(then.value)
    memory = facts.classes(given)
    place: int | None = None  # before which the next one may be made, and what changes up to there
    earlier: tuple[set[str], set[str]] = set(), set()
    fixed = facts.own(then).acts
    for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
        stmt = before[k]
        if isinstance(stmt, Comment):
            quoted = True
            continue
        does = facts.does(stmt)
        if then.target not in does.binds and then.target not in does.reads:
            if facts.own(stmt).acts and not (isinstance(stmt, Assign) and len(stmt.targets) > 1):
                return None  # a call that may yet go into the sum
            bound |= does.binds
            written |= does.writes
            anything = anything or does.anything
            if place is None and (does.binds & given or does.writes & memory or does.anything):
                place = k + 1
            if place is not None:
                earlier[0].update(does.binds)
                earlier[1].update(does.writes)
                fixed = fixed or does.anything
            continue
        if k == len(before) - 1:
            return k, len(before)
        if not isinstance(stmt, Assign) or facts.own(stmt).acts:
            return None
        read = names(stmt.values[0])
        classes = facts.classes(read)
        if read & bound or classes & written or (classes and anything):
            changed = read & earlier[0] or classes & earlier[1]
            divided = quoted and not (across and width(then.value) <= OTHERS)
            return None if divided or fixed or changed else (k, k + 1 if place is None else place)
        parts = (stmt.values[0], then.value) if inside else stmt.values  # outside of loops the next goes into results
        short = any(width(part) <= OTHERS for part in parts)
        return (k, len(before)) if not quoted or (across and short) else None
    return None


def _is_last(function: Function, before: list[Stmt], first: Stmt, then: Stmt, facts: Facts) -> bool:
    """Is the first the value of another name of ours, which nobody reads any more, nor the memory behind it?"""
    match first:
        case Assign((name,), (Name(old),)) if facts.mine(first) and old not in facts.users and old != name:
            pass
        case _:
            return False
    own = facts.class_of(old)
    if own is None or {n for n, c in facts.memory.items() if c == own} != {name, old}:
        return False
    here = [s for s in before if old in reads(s) or old in binds(s)]
    every = [s for s in statements(function.body) if old in reads(s) or old in binds(s)]
    made = here[0]
    if not isinstance(made, Assign) or made.targets != (old,) or old in reads(made):
        return False
    return facts.is_fresh(made.values[0]) and len(every) == len(here) + (old in reads(then))


def joined_sum(first: Stmt, then: Stmt, facts: Facts, depth: int, last: bool = False) -> Stmt | None:
    """``last``: it is another name's, too, but nobody reads that any more."""
    match first, then:
        case Assign((name,), (value,)), Augment(target, "+" | "-" as op, more):
            if target != name or first.saved or first.origin is not None or then.origin is not None:
                return None
            if name in names(more) or not _alike(name, value, more, facts, last):
                return None
            match value:
                case Call(Attribute(held, "copy"), (), ()):
                    value = held  # the sum is new memory
                case Binary("*", Const(1.0), Name() as held) if facts.look(more).type in ("float", "float64"):
                    value = held  # and of floating point
                case _:
                    pass
            whole = total(Binary(op, value, more), facts)
            if is_number(value, 0) and isinstance(whole, Binary) and whole.left is value:
                return None
            new = Assign((name,), (whole,), None)
            return new if line_width(new, depth) <= COLUMNS else None
        case _:
            return None


def _alike(name: str, value: Expr, more: Expr, facts: Facts, last: bool) -> bool:
    if facts.is_number(name):
        return True
    if isinstance(value, Call):
        target = library(value)
        made = "" if target is None else origin_of(target)[1]
        if made in ("zeros_like", "zeros") or (made in MADE and not facts.look(value).rank):
            return False
    if facts.look(value).type != "float64" or facts.look(more).type not in ("float64", "int"):
        return False
    return last or facts.is_fresh(value)
