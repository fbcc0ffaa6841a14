"""What a block reads as it was before it, and what it binds on every path."""

from __future__ import annotations

from tangent_like.ir.nodes import (
    Block,
    Break,
    Const,
    Continue,
    Each,
    Expr,
    For,
    If,
    Loop,
    Raise,
    Return,
    Stmt,
    Try,
    While,
    With,
)
from tangent_like.ir.walk import binds, blocks, reads, statements


def exposed(body: Block) -> set[str]:
    """The names that the block may read as they were before it."""
    found: set[str] = set()
    bound: set[str] = set()
    for stmt in body:
        found |= reads(stmt) - bound
        for inner in blocks(stmt):
            found |= exposed(inner) - bound - set(binds(stmt))
        bound |= surely((stmt,))
    return found


def surely(body: Block) -> set[str]:
    """The names that every path to the end of the block binds."""
    found: set[str] = set()
    for stmt in body:
        match stmt:
            case If():
                paths = [surely(b) for b in blocks(stmt) if goes_on(b)]
                found |= set.intersection(*paths) if paths else set()
            case For(args=args) if takes_a_turn(args):
                found |= {stmt.target} | bound_in_a_turn(stmt.body)
            case While(test=Const(True)):
                found |= bound_in_a_turn(stmt.body)
            case For() | Each() | While() | Loop() | Try():
                pass
            case _:
                found |= set(binds(stmt)).union(*(surely(b) for b in blocks(stmt)))
    return found


def takes_a_turn(args: tuple[Expr, ...]) -> bool:
    """Is ``range`` of these known to be of a turn at least?"""
    known = [a.value for a in args if isinstance(a, Const) and isinstance(a.value, int)]
    return len(known) == len(args) and (len(known) < 3 or known[2] != 0) and len(range(*known)) > 0


def bound_in_a_turn(body: Block) -> set[str]:
    """The names that every path through the first turn of a loop binds, however the turn is left."""
    end, jumps = ways_out(body)
    ends = [*jumps, *([] if end is None else [end])]
    return set.intersection(*ends) if ends else set()


def ways_out(body: Block) -> tuple[set[str] | None, list[set[str]]]:
    """What is bound where a block comes to its end, None if it never does, and where a jump leaves the turn."""
    bound: set[str] = set()
    jumps: list[set[str]] = []
    for stmt in body:
        match stmt:
            case Break() | Continue():
                return None, [*jumps, bound]
            case Return() | Raise():
                return None, jumps
            case If() | With():
                ways = [ways_out(inner) for inner in blocks(stmt)]
                jumps += [bound | at for _, inner in ways for at in inner]
                ends = [end for end, _ in ways if end is not None]
                if not ends:
                    return None, jumps
                bound = bound | set(binds(stmt)) | set.intersection(*ends)
            case Try():
                jumps += [bound] if any(isinstance(s, Break | Continue) for s in statements((stmt,))) else []
            case _:
                bound = bound | surely((stmt,))
    return bound, jumps


def bound_before(block: Block, stmt: Stmt) -> set[str] | None:
    """The names that every path to a statement inside the block has bound; None if it is not there."""
    found: set[str] = set()
    for one in block:
        if one is stmt:
            return found
        for inner in blocks(one):
            further = bound_before(inner, stmt)
            if further is not None:
                return found | further
        found |= surely((one,))
    return None


def goes_on(body: Block) -> bool:
    """May anything of the function run behind the block?"""
    if body and isinstance(body[-1], If) and body[-1].orelse:
        return any(goes_on(b) for b in blocks(body[-1]))
    return not (body and isinstance(body[-1], Raise | Return))
