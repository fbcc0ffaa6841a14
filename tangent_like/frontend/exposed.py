"""What a block reads as it was before it, and what it binds on every path."""

from __future__ import annotations

from collections.abc import Callable, Set

from tangent_like.ir.nodes import (
    Assign,
    Block,
    Break,
    Const,
    Continue,
    Define,
    Each,
    Expr,
    For,
    Function,
    If,
    Lambda,
    Loop,
    Raise,
    Return,
    Stmt,
    Try,
    While,
    With,
)
from tangent_like.ir.walk import binds, blocks, bound_in, expressions, names, reads, statements, subexpressions


def exposed(body: Block, read_by: Callable[[Stmt], Set[str]] = reads) -> set[str]:
    """The names that the block may read as they were before it; ``read_by``: what a statement itself reads."""
    found: set[str] = set()
    bound: set[str] = set()
    for stmt in body:
        found |= read_by(stmt) - bound
        for inner in blocks(stmt):
            found |= exposed(inner, read_by) - bound - set(binds(stmt))
        bound |= surely((stmt,))
    return found


def free_in(function: Function) -> set[str]:
    """The names that a function inside reads of what is around it."""
    found: set[str] = set()
    for stmt in statements(function.body):
        found |= reads(stmt) | (free_in(stmt.function) if isinstance(stmt, Define) else _free_in_lambdas(stmt))
    return found - own_names(function)


def own_names(function: Function) -> set[str]:
    return set(function.own or bound_in(function.body) - function.outer) | {p.name for p in function.params}


def _free_in_lambdas(stmt: Stmt) -> set[str]:
    return {n for f in lambdas_in(stmt) for n in free_in(f)}


def defaults(function: Function) -> tuple[Expr, ...]:
    return tuple(p.default for p in function.params if p.default is not None)


def lambdas_in(stmt: Stmt) -> list[Function]:
    if isinstance(stmt, Define):
        return []
    return [e.function for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Lambda)]


def with_what_runs(function: Function) -> Callable[[Stmt], Set[str]]:
    """What a statement reads where the functions that it says run: they read then, not where they are made."""
    made: dict[str, set[str]] = {}
    plain = True
    for stmt in statements(function.body):
        if isinstance(stmt, Define):
            made.setdefault(stmt.name, set()).update(free_in(stmt.function))
        elif inside := _free_in_lambdas(stmt):
            plain = False
            if isinstance(stmt, Assign) and len(stmt.targets) == 1:
                made.setdefault(stmt.targets[0], set()).update(inside)
    if not made and plain:
        return reads

    def runs(stmt: Stmt) -> Set[str]:
        here = isinstance(stmt, Assign) and len(stmt.targets) == 1
        found, pending = set(), set(reads(stmt)) | (set() if here else _free_in_lambdas(stmt))
        given = [stmt.function] if isinstance(stmt, Define) else lambdas_in(stmt)
        pending |= {n for f in given for d in defaults(f) for n in names(d)}
        while pending:
            found |= pending
            pending = {n for name in pending & made.keys() for n in made[name]} - found
        return found

    return runs


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
