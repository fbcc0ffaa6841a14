"""What a loop computes only to keep it, in the turns of the way back that read it: no loop, and no list.

Before                                   After

    e_saved = []                             for i in range(n - 1, -1, -1):
    for i in range(n):                           y = k[i]
        y = k[i]                                 e = np.exp(x * y)
        e = np.exp(x * y)                        # total += np.exp(x * y)
        e_saved.append(e)                        x_bar += e * y
    for i in range(n - 1, -1, -1):
        e = e_saved.pop()
        y = k[i]
        # total += np.exp(x * y)
        x_bar += e * y

Of loops in which no turn reads what another has computed, and if nothing that they read changes until the turn of
the way back; and of loops in such loops, turn by turn of both. What only one arm of a branch keeps is computed in
that arm on the way back. No more is computed than before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from tangent_like.errors import DifferentiationError
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    List,
    Name,
    Pass,
    Pop,
    Push,
    Return,
    Stmt,
    Store,
    Unary,
    UserFunction,
)
from tangent_like.ir.walk import (
    base_name,
    binds,
    blocks,
    bound_in,
    called_by,
    expressions,
    names,
    reads,
    same,
    statements,
    subexpressions,
)
from tangent_like.kinds.operands import literal
from tangent_like.kinds.turns import places_of
from tangent_like.transform.statements.loop import reversed_range
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.arms import same_statement
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.calls import Pure, acts, makes_new
from tangent_like.transform.tidy.facts import Facts


def fused(function: Function, facts: Facts) -> Function:
    """One loop at a time: what is left is another program."""
    loops = {k for k, s in enumerate(function.body) if isinstance(s, For | Each) and _lists_kept(s.body)}
    if not loops:
        return function
    uses = used(function.body)
    takers = _takers(function.body)
    starts: dict[str, list[Assign]] = {}
    for k, stmt in enumerate(function.body):
        if isinstance(stmt, Assign) and len(stmt.targets) == 1:
            starts.setdefault(stmt.targets[0], []).append(stmt)
        if k not in loops:
            continue
        assert isinstance(stmt, For | Each)
        lists = _lists_kept(stmt.body)
        back = min((q for name in lists for q in takers.get(name, ()) if q > k), default=None)
        found = None if back is None else _fused(function.body, k, back, stmt, facts, uses, starts)
        if found is not None:
            return with_body(function, found)
    return function


def _lists_kept(body: Block) -> set[str]:
    """The lists in which a turn keeps something, in loops and branches inside too."""
    found = {s.list for s in body if isinstance(s, Push)}
    return found.union(*(_lists_kept(inner) for s in body if isinstance(s, For | Each | If) for inner in blocks(s)))


def used(body: Block) -> Counter[str]:
    """By name: how many statements read or bind it."""
    found: Counter[str] = Counter()
    for stmt in statements(body):
        found.update({*reads(stmt), *binds(stmt)})
    return found


@dataclass(frozen=True, eq=False)
class _Kept:
    """A list that one loop fills with ``value`` and another empties, an item a turn."""

    start: Stmt
    value: Expr
    pop: Pop


def _fused(
    body: Block,
    k: int,
    back: int,
    loop: For | Each,
    facts: Facts,
    uses: Counter[str],
    starts: Mapping[str, list[Assign]],
) -> Block | None:
    """``back``: where in the body the next loop is that takes from a list of this one.

    ``starts``: the assignments before it, by name.
    """
    other = body[back]
    assert isinstance(other, For)
    work = (*(_item(loop, other) or ()), *_without_pushes(loop.body))
    kept = [s.value for s in statements(loop.body) if isinstance(s, Push)]
    if not only_computes(work, facts.pure, False, facts) or any(acts(e, facts.pure) for e in kept):
        return None
    if not _same_then(work, kept, loop, body, k, back, facts):
        return None
    found = _paired(loop, other, uses, starts, facts)
    if found is None:
        return None
    new, empty = found
    gone = {loop, *empty}
    return tuple(replace(other, body=new) if s is other else s for s in body if s not in gone)


def _paired(
    loop: For | Each, back: For, uses: Counter[str], starts: Mapping[str, list[Assign]], facts: Facts
) -> tuple[Block, list[Stmt]] | None:
    """The turn of the way back with what the loop's turn computes, and the statements that begin lists in vain."""
    item = _item(loop, back)
    inside = [s for s in loop.body if isinstance(s, For | Each) and _lists_kept(s.body)]
    if item is None or len(inside) > 1:
        return None
    turn = _without_pushes(loop.body)
    if Alive(facts).exposed_block(turn) & bound_in(turn):
        return None  # a turn reads what the one before has computed, though the loop around begins it anew
    if not inside:
        return _paired_blocks(item, loop.body, back.body, uses, starts)
    (inner,) = inside
    taking = [s for s in back.body if isinstance(s, For) and _lists_taken(s.body) & _lists_kept(inner.body)]
    found = _paired(inner, taking[0], uses, starts, facts) if len(taking) == 1 else None
    work = (*item, *(s for s in loop.body if s is not inner))
    if found is None or _lists_kept(work) or _reads_any(work, bound_in((inner,))):
        return None
    new, empty = found
    rest = _turn(work, [], tuple(replace(s, body=new) if s is taking[0] else s for s in back.body))
    asked = {n for s in statements((*work, *_without_pushes((inner,)))) for n in (*reads(s), *binds(s))}
    others = [s for s in (rest or ())[len(work) :] if not (isinstance(s, For) and s.body is new)]
    clash = any(bound_in((s,)) & asked for s in others)
    return None if rest is None or clash else (rest, empty)


def _paired_blocks(
    item: Block, block: Block, back: Block, uses: Counter[str], starts: Mapping[str, list[Assign]]
) -> tuple[Block, list[Stmt]] | None:
    """Of a block that keeps and one that takes: the second with what the first computes, arm by arm of branches."""
    kept = [one for one in _all_kept(starts, block, back, uses) if one is not None]
    branches = [s for s in block if isinstance(s, If) and _lists_kept((s,))]
    work = (*item, *(s for s in block if not isinstance(s, Push) and s not in branches))
    if len(kept) < sum(isinstance(s, Push) for s in block):
        return None
    empty = [one.start for one in kept]
    arms: dict[Stmt, If] = {}  # by the branch of the way back: what it is now
    for branch in branches:
        partner = next((s for s in back if isinstance(s, If) and s not in arms and _asks_same(branch, s)), None)
        if partner is None or _sees_others(branch, block, kept, back[: back.index(partner)], work):
            return None
        sides: list[Block] = []
        for own, other in zip(blocks(branch), blocks(partner), strict=True):
            found = _paired_blocks((), own, other, uses, starts)
            if found is None:
                return None
            sides.append(found[0])
            empty += found[1]
        pairs = zip(partner.arms, sides, strict=False)
        arms[partner] = replace(partner, arms=tuple(Arm(a.test, b, a.origin) for a, b in pairs), orelse=sides[-1])
    new = _turn(work, kept, tuple(arms.get(s, s) for s in back))
    return None if new is None else (new, empty)


def _asks_same(branch: If, other: If) -> bool:
    """Are the arms of the one taken where those of the other are?"""
    tests = list(zip(branch.arms, other.arms, strict=False))
    return len(branch.arms) == len(other.arms) and all(same(a.test, b.test) for a, b in tests)


def _sees_others(branch: If, block: Block, kept: list[_Kept], before: Block, work: Block) -> bool:
    """Would it come to something else on the way back, behind all of the work and ``before``, or do others read it?"""
    touched = {n for s in statements((branch,)) for n in (*reads(s), *binds(s))}
    later = block[block.index(branch) + 1 :]
    if bound_in(later) & touched or _reads_any(tuple(s for s in block if s is not branch), bound_in((branch,))):
        return True
    taken = {one.pop: one for one in kept}
    for stmt in before:
        one = taken.get(stmt) if isinstance(stmt, Pop) else None
        again = any(same_statement(stmt, done) for done in work) if one is None else _is_kept_as(one)
        if not again and bound_in((stmt,)) & touched:
            return True
    return False


def _reads_any(body: Block, found: set[str]) -> bool:
    return any(reads(s) & found for s in statements(body))


def _without_pushes(body: Block) -> Block:
    """The block, and those of loops and branches in it, without what it keeps."""
    out: list[Stmt] = []
    for stmt in body:
        if isinstance(stmt, For | Each):
            out.append(replace(stmt, body=_without_pushes(stmt.body) or (Pass(),)))
        elif isinstance(stmt, If) and _lists_kept((stmt,)):
            arms = tuple(Arm(a.test, _without_pushes(a.body) or (Pass(),), a.origin) for a in stmt.arms)
            out.append(replace(stmt, arms=arms, orelse=_without_pushes(stmt.orelse)))
        elif not isinstance(stmt, Push):
            out.append(stmt)
    return tuple(out)


def _lists_taken(body: Block) -> set[str]:
    found = {s.list for s in body if isinstance(s, Pop)}
    return found.union(*(_lists_taken(inner) for s in body if isinstance(s, For | If) for inner in blocks(s)))


def _takers(body: Block) -> dict[str, list[int]]:
    """By list: where in the body the loops are that take from it in each turn."""
    found: dict[str, list[int]] = {}
    for k, stmt in enumerate(body):
        if isinstance(stmt, For):
            for name in _lists_taken(stmt.body):
                found.setdefault(name, []).append(k)
    return found


def _item(loop: For | Each, back: For) -> Block | None:
    """What a turn begins with, if ``back`` has the turns of the loop from the last to the first."""
    asked = any(loop.target in reads(s) for s in statements(loop.body))
    if loop.turns or loop.target in bound_in(loop.body):
        return None
    if isinstance(loop, Each):
        found = places_of(loop.iterable)
        if found is None or not alike(reversed_range(found[1]), back.args):
            return None
        return (Assign((loop.target,), (found[2](Name(back.target)),), None),) if asked else ()
    if alike(reversed_range(loop.args), back.args) and (back.target == loop.target or not asked):
        return ()
    return () if alike(loop.args, back.args) and not asked else None


def alike(some: tuple[Expr, ...], others: tuple[Expr, ...]) -> bool:
    pairs = list(zip(some, others, strict=False))
    return len(some) == len(others) and all(
        same(a, b) or (literal(a) is not None and literal(a) == literal(b)) for a, b in pairs
    )


def _all_kept(
    before: Mapping[str, list[Assign]], block: Block, back: Block, uses: Counter[str]
) -> list[_Kept | None]:
    """What a block keeps; None for what is not kept in a list that the other empties, and that one alone."""
    pops: dict[str, list[Pop]] = {}
    for stmt in back:
        if isinstance(stmt, Pop):
            pops.setdefault(stmt.list, []).append(stmt)
    bound: set[str] = set()  # further on in the turn
    found: list[_Kept | None] = []
    for stmt in reversed(block):
        if isinstance(stmt, Push):
            alone = uses[stmt.list] == 3 and not names(stmt.value) & bound
            found.append(_kept(stmt, before.get(stmt.list, []), pops.get(stmt.list, [])) if alone else None)
        bound |= bound_in((stmt,))
    return found[::-1]


def _kept(push: Push, starts: list[Assign], pops: list[Pop]) -> _Kept | None:
    if (len(starts), len(pops)) != (1, 1) or not isinstance(pops[0].target, Name):
        return None
    value = starts[0].values[0]
    if not isinstance(value, List) or value.items:
        return None
    return _Kept(starts[0], push.value, pops[0])


def _is_kept_as(one: _Kept) -> bool:
    """Is it taken under the name that it was kept from?"""
    return isinstance(one.value, Name) and isinstance(one.pop.target, Name) and one.value.id == one.pop.target.id


def _same_then(
    work: Block, kept: list[Expr], loop: For | Each, body: Block, k: int, back: int, facts: Facts
) -> bool:
    """Does the work of a turn come to the same in the turn of the way back, and does nobody else read its names?

    And what is kept, which may be computed where it is put into its list.
    """
    alive = Alive(facts)
    bound = bound_in(work)
    asked = alive.exposed_block(work)
    header = {n for e in expressions(loop) for n in names(e)}
    if asked & bound:
        return False
    said = {n for e in kept for n in names(e)} - bound
    other = body[back]
    assert isinstance(other, For)
    if other.target in bound_in(other.body):
        return False
    free = (asked | header | said) - {loop.target, other.target}  # the item of a turn is found by the number of that
    classes = facts.classes(free | bound)
    for stmt in body[k + 1 : back + 1]:
        does = facts.does(stmt)
        if does.binds & free or does.writes & classes or (classes and does.anything):
            return False
    return not alive.exposed_block(body[k + 1 :]) & (bound | {loop.target})


def _turn(work: Block, kept: list[_Kept], body: Block) -> Block | None:
    """The turn of the way back, with the work before it, and what it came to where it was taken from a list."""
    taken = {one.pop: one for one in kept}
    times = [n for s in statements(body) for n in binds(s)]
    out: list[Stmt] = list(work)
    bound: set[str] = set()
    for stmt in body:
        one = taken.get(stmt) if isinstance(stmt, Pop) else None
        if one is not None:
            assert isinstance(one.pop.target, Name)
            if names(one.value) & bound:
                return None
            if not _is_kept_as(one):
                out.append(Assign((one.pop.target.id,), (one.value,), None))
                bound.add(one.pop.target.id)
        elif not any(_says_again(stmt, done, times) for done in work):
            out.append(stmt)
            bound |= bound_in((stmt,))
    return tuple(out)


def _says_again(stmt: Stmt, done: Stmt, times: list[str]) -> bool:
    """Is it what the work has done, and binds nobody else its name?"""
    once = isinstance(stmt, Assign) and all(times.count(n) == 1 for n in binds(stmt))
    return once and same_statement(stmt, done)


def only_computes(
    body: Block, pure: Pure, pushes: bool, facts: Facts | None, made: frozenset[str] = frozenset()
) -> bool:
    """Does a block bind names, and nothing else? ``pushes``: or keeps values, in statements of its own.

    ``made`` are names of memory that is nobody else's: what is written there shows nowhere else.
    """
    for stmt in body:
        match stmt:
            case Assign(writes=()) | Comment() | Pass() | For() | Each() | If():
                pass
            case Push() if pushes:
                pass
            case Augment(target) if target in made or (facts is not None and facts.is_number(target)):
                pass
            case Store(target) if base_name(target) in made:
                pass
            case _:
                return False
        if any(acts(e, pure) for e in expressions(stmt)):
            return False
        if not all(only_computes(inner, pure, False, facts, made) for inner in blocks(stmt)):
            return False
    return True


def pure_functions(
    functions: Sequence[Function], one_expression: Callable[[UserFunction], Function | None]
) -> Pure:
    """Those of the emitted functions that do nothing but compute their results; callers come last.

    And those of the user's that they call: of which ``one_expression`` says what they are, where they are no more.
    """
    found: Pure = frozenset()
    for callee in _called(functions):
        with suppress(DifferentiationError):  # what is not read is not told
            own = one_expression(callee)
            if own is not None and not any(acts(e) for s in own.body for e in expressions(s)):
                found |= {callee}
    for function in functions:
        *body, last = function.body or (Pass(),)
        end = isinstance(last, Return) and (last.value is None or not acts(last.value, found))
        if end and only_computes(tuple(body), found, False, None, _made_in(function)):
            found |= {function.name}
    return found


def _called(functions: Iterable[Function]) -> set[UserFunction]:
    """The functions of the user's that are called as they are."""
    found: set[UserFunction] = set()
    for stmt in (s for function in functions for s in statements(function.body)):
        for top in expressions(stmt):
            for node in subexpressions(top):
                if isinstance(node, Call) and (callee := called_by(node)) is not None:
                    found.add(callee)
    return found


def _made_in(function: Function) -> frozenset[str]:
    """The names that are bound to numbers and to memory that the function has made, and to nothing else."""
    made: set[str] = set()
    others = {p.name for p in function.params}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values) and not stmt.saved:
            for target, value in zip(stmt.targets, stmt.values, strict=True):
                new = isinstance(value, Const | Binary | Unary) or (isinstance(value, Call) and makes_new(value))
                (made if new else others).add(target)
        elif not isinstance(stmt, Augment):
            others.update(binds(stmt))
    return frozenset(made - others)
