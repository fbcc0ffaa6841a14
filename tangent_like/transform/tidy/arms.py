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
        x = x_saved.pop()                    # y = z
        y_bar = y_bar * x                    z_bar = y_bar
    if n > 0:                                if n == 0 or n == 1:
        # y = z                                  x_bar = 0.0
        z_bar = y_bar
    else:
        # y = z
        z_bar = y_bar
    if n == 0:
        x_bar = 0.0
    elif n == 1:
        x_bar = 0.0

Only what is kept for the way back and taken from where it was kept, and what is the same on every path back: the
user's statements stay in their arms, and what is bound to one number in all of them. Arms of ours in a row that do the
same, by paths that were kept, are one.
"""

from __future__ import annotations

from collections import Counter

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Comment,
    Compare,
    Const,
    Expr,
    Function,
    If,
    Index,
    Logic,
    Name,
    Pop,
    Push,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, blocks, expressions, same, statements, substitute
from tangent_like.transform.tidy.blocks import change_blocks, may_stop, with_body
from tangent_like.transform.tidy.facts import Facts


def arms(function: Function, facts: Facts) -> Function:
    everything = list(statements(function.body))
    if not any(isinstance(stmt, If) for stmt in everything):
        return function
    uses: Counter[str] = Counter()  # statements that read or bind a name
    for stmt in everything:
        own = facts.own(stmt)
        uses.update({*own.reads, *own.fixed, *_bound(stmt)})

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            new = _with_fewer(new) if isinstance(new, If) else new
            if isinstance(new, If) and _is_one(new, facts):
                out.extend((*_asked(new), *new.orelse))
            elif isinstance(new, If):
                *before, new = _hoisted(new, facts, uses)
                out.extend((*before, *(_with_numbers_before(new, facts) if isinstance(new, If) else (new,))))
            else:
                out.append(new)
        return tuple(out)

    return with_body(function, block(function.body))


def _is_one(stmt: If, facts: Facts) -> bool:
    """Are the arms the same statements, none of them the user's, whatever the tests come to?"""
    if (facts.own(stmt).acts and not _asked(stmt)) or not stmt.orelse:
        return False
    bodies = [[s for s in body if not isinstance(s, Comment)] for body in blocks(stmt)]
    last = bodies[-1]
    if any(getattr(s, "origin", None) is not None for body in bodies for s in body):
        return False
    return all(len(body) == len(last) and all(map(same_statement, body, last)) for body in bodies[:-1])


def _with_fewer(stmt: If) -> If:
    """Two arms of ours in a row that do the same, by paths that were kept, are one."""
    out: list[Arm] = []
    for arm in stmt.arms:
        before = out[-1] if out else None
        if before is not None and _by_path(before.test) and _by_path(arm.test) and _same_block(before.body, arm.body):
            tests = before.test.values if isinstance(before.test, Logic) else (before.test,)
            out[-1] = Arm(Logic("or", (*tests, arm.test)), before.body, before.origin)
        else:
            out.append(arm)
    return stmt if len(out) == len(stmt.arms) else If(tuple(out), stmt.orelse, stmt.origin, stmt.path, stmt.early)


def _by_path(test: Expr) -> bool:
    """``path == 1``, or one of several of these."""
    match test:
        case Logic("or", values):
            return all(map(_by_path, values))
        case Compare(Name(), ("==",), (Const(),)):
            return True
        case _:
            return False


def _same_block(one: Block, other: Block) -> bool:
    first, second = ([s for s in body if not isinstance(s, Comment)] for body in (one, other))
    ours = all(getattr(s, "origin", None) is None for s in (*first, *second))
    return ours and 0 < len(first) == len(second) and all(map(same_statement, first, second))


def _asked(stmt: If) -> Block:
    """What a test that does more than compute does: it takes the path from its list."""
    match stmt.arms:
        case (Arm(Call(Attribute(Name(list_), "pop"), ())),):
            return (Pop(None, list_),)
        case _:
            return ()


def same_statement(a: Stmt, b: Stmt) -> bool:
    """Two statements without blocks that do the same."""
    match a, b:
        case (Assign(), Assign()) if a.targets != b.targets or a.saved or b.saved or a.writes or b.writes:
            return False
        case (Augment(), Augment()) if (a.target, a.op) != (b.target, b.op):
            return False
        case (Store(), Store()) if (a.op, a.each) != (b.op, b.each):
            return False
        case ((Assign(), Assign()) | (Augment(), Augment()) | (Store(), Store())):
            mine, other = expressions(a), expressions(b)
            return len(mine) == len(other) and all(map(same, mine, other))
        case _:
            return False


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
            for copy in held:
                if not _private(copy, body, facts, uses) and not _in_all(copy, bodies, places, stmt, facts):
                    return [*before, stmt]
            left = (*(s for s in body[:k] if isinstance(s, Comment)), *body[k + 1 :])
            for copy in held:
                one = next((c for c in copies if _is_one_copy(c, copy, left)), None)
                if one is None:
                    copies.append(copy)
                else:
                    left = tuple(_under(s, copy, one) for s in left)
            rest.append(left)
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


def _with_numbers_before(stmt: If, facts: Facts) -> list[Stmt]:
    """The branch, after what every arm binds to one number: an adjoint begins as 1 whatever was returned."""
    own = facts.own(stmt)
    bodies = [arm.body for arm in stmt.arms] + [stmt.orelse]
    before: list[Stmt] = []
    for one in () if own.wild else bodies[0]:
        if not isinstance(one, Assign) or one.origin is not None or not facts.mine(one):
            continue
        places = [_where_bound(one, body, facts) for body in bodies]
        left = [tuple(s for k, s in enumerate(b) if k != p) for b, p in zip(bodies, places, strict=True)]
        asked = one.targets[0] in {*own.reads, *own.fixed}
        if None not in places and not asked and all(any(not isinstance(s, Comment) for s in b) for b in left):
            before.append(one)
            bodies = left
    if not before:
        return [stmt]
    arms = tuple(Arm(a.test, body, a.origin) for a, body in zip(stmt.arms, bodies, strict=False))
    return [*before, If(arms, bodies[-1], stmt.origin, stmt.path)]


def _where_bound(one: Assign, body: Block, facts: Facts) -> int | None:
    """Where an arm binds the same number to the name, of which it knew nothing before."""
    if not is_number(one.values[0]):
        return None
    for k, stmt in enumerate(body):
        if same_statement(one, stmt) and getattr(stmt, "origin", None) is None:
            return k
        does = None if isinstance(stmt, Comment) else facts.does(stmt)
        if may_stop(stmt) or (does is not None and one.targets[0] in does.reads | does.binds):
            return None
    return None


def _first(body: Block) -> int | None:
    """Where an arm keeps or takes something, with nothing but copies of names before."""
    for k, stmt in enumerate(body):
        if isinstance(stmt, Push | Pop):
            return k
        copy = isinstance(stmt, Assign) and stmt.origin is None and _is_place(stmt.values[0])
        if not copy and not isinstance(stmt, Comment):
            return None
    return None


def _alike(found: list[Stmt | None]) -> bool:
    match found[0]:
        case Push(list=list_, value=value):
            return all(
                isinstance(s, Push) and s.list == list_ and same(s.value, value) for s in found
            )
        case Pop(Name() | Index() as target, list_):
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
            return list_ not in asked and not own.wild and _is_place(value)
        case Pop(Name(id), list_):
            return not asked & {id, list_}
        case Pop(Index(Name(array)) as target, list_):
            written = facts.classes({array})
            return _is_place(target) and list_ not in asked and not facts.classes(asked) & written
        case _:
            return False


def _is_one_copy(one: Stmt, copy: Stmt, body: Block) -> bool:
    """Are they copies of one place, of which the second need have no name in its arm?"""
    if not isinstance(one, Assign) or not isinstance(copy, Assign) or not same(one.values[0], copy.values[0]):
        return False
    changed = {n for s in statements(body) for n in binds(s)}
    return one.targets == copy.targets or not changed & {*one.targets, *copy.targets}


def _under(stmt: Stmt, copy: Stmt, one: Stmt) -> Stmt:
    assert isinstance(copy, Assign)
    assert isinstance(one, Assign)
    table: dict[str, Expr] = {copy.targets[0]: Name(one.targets[0])}
    return stmt if copy.targets == one.targets else rewrite(stmt, lambda e: substitute(e, table), lambda n: n)


def _is_place(expr: Expr) -> bool:
    """Is it a name, or an entry under names and numbers?"""
    match expr:
        case Index(Name(), index):
            parts = index.items if isinstance(index, Tuple) else (index,)
            return all(isinstance(p, Name | Const) for p in parts)
        case _:
            return isinstance(expr, Name)


def _in_all(stmt: Stmt, bodies: list[Block], places: list[int | None], branch: If, facts: Facts) -> bool:
    """Does every arm make this copy, of which the tests know nothing?"""
    own = facts.own(branch)
    if not isinstance(stmt, Assign) or {*own.reads, *own.fixed} & set(stmt.targets) or not facts.mine(stmt):
        return False
    pairs = zip(bodies, places, strict=True)
    return all(any(same_statement(stmt, s) for s in body[:k]) for body, k in pairs)


def _private(stmt: Stmt, body: Block, facts: Facts, uses: Counter[str]) -> bool:
    """Is it a copy under a name of which the other arms, and all else, know nothing?"""
    if not isinstance(stmt, Assign) or len(stmt.targets) != 1 or not facts.mine(stmt):
        return False
    name = stmt.targets[0]
    inside = sum(
        name in {*facts.own(s).reads, *facts.own(s).fixed, *_bound(s)} for s in statements(body)
    )
    return uses[name] == inside
