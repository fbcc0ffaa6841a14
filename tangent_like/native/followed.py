"""The way back of a loop follows each of its turns, where nothing else has to come before.

Before                                           After

    for i in range(n):                               t_bar = 1.0
        y = f(x[i])                                  for i in range(n):
        y_saved.append(y)                                y = f(x[i])
        t += y * y                                       t += y * y
    t_bar = 1.0                                          y_bar = 2 * t_bar * y
    for i in range(n - 1, -1, -1):                       x_bar[i] += df(x[i]) * y_bar
        y = y_saved.pop()
        y_bar = 2 * t_bar * y
        x_bar[i] += df(x[i]) * y_bar

Losses are sums over samples, paths, pixels. What a turn keeps is then needed until its own way back has run, and not
until those of all turns after it have: it stays in a number, or in the part of memory that was written last.

A turn that keeps items in loops of its own stays as it is: its chain of numbers would have to end before its way back
begins, and those of several turns would not run beside each other.

The way back may come in any order of the turns, and reads nothing that other turns compute but sums into which it adds
itself. What stands between the two loops goes before them if it asks nothing of the first, and else behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Comment,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    List,
    Name,
    Pass,
    Pop,
    Push,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.walk import binds, blocks, bound_in, expressions, key, names, statements, with_body
from tangent_like.kinds.operands import literal
from tangent_like.native.memory import Memory, turn_names
from tangent_like.native.nests import touches
from tangent_like.native.places import Around, linear
from tangent_like.native.raising import first_use
from tangent_like.native.sharing import alias_classes
from tangent_like.native.upward import bound_first, disturbs, names_in, pairs, plain, sums_over
from tangent_like.transform.statements.loop import reversed_range

PUT = "@put"  # what is put on a list


def with_followed_turns(function: Function, typing: Typing) -> Function:
    memory = Memory(typing, alias_classes(function, typing), turn_names(function.body))
    work = _Following(function, memory)
    body = work.block(function.body, (), Around())
    if not work.done:
        return function
    left = {s.list for s in statements(body) if isinstance(s, Push | Pop)}
    return with_body(function, tuple(s for s in body if not _begins(s, work.lists - left)))


def _begins(stmt: Stmt, lists: set[str]) -> bool:
    match stmt:
        case Assign((name,), (List(()),)):
            return name in lists
        case _:
            return False


@dataclass(eq=False)
class _Following:
    function: Function
    memory: Memory

    def __post_init__(self) -> None:
        self.done = False
        self.lists: set[str] = set()

    def block(self, body: Block, behind: Block, around: Around) -> Block:
        """``behind``: what may run after the block."""
        found = self.first(body, behind, around)
        while found is not None:
            body = found
            found = self.first(body, behind, around)
        out = []
        for k, stmt in enumerate(body):
            after = (*body[k + 1 :], *behind)
            if isinstance(stmt, For | Each | While):
                after = (*stmt.body, *after)
            within = around.within(stmt) if isinstance(stmt, For) else around
            out.append(with_blocks(stmt, lambda b, a=after, w=within: self.block(b, a, w)))  # type: ignore[misc]
        return tuple(out)

    def first(self, body: Block, behind: Block, around: Around) -> Block | None:
        """The block with two of its loops made one."""
        for k, one in enumerate(body):
            if not isinstance(one, For) or one.turns or one.slots:
                continue
            lists = {s.list for s in statements(one.body) if isinstance(s, Push)}
            if not lists:
                continue
            for m in range(k + 1, len(body)):
                two = body[m]
                if isinstance(two, For) and lists == {s.list for s in statements(two.body) if isinstance(s, Pop)}:
                    made = self.made_one(body, k, m, lists, behind, around)
                    if made is not None:
                        self.done = True
                        return made
        return None

    def made_one(
        self, body: Block, k: int, m: int, lists: set[str], behind: Block, around: Around
    ) -> Block | None:
        one, two = body[k], body[m]
        assert isinstance(one, For) and isinstance(two, For)
        if not _other_way(one, two) or not self.only_these(one, two, lists):
            return None
        there, back = _without_lists(one.body), _without_lists(two.body)
        if not all(plain(list(statements(b))) and not _keeps_on(b) for b in (there, back)):
            return None
        turns = {one.target, two.target}
        if turns & (bound_in(there) | bound_in(back)):
            return None
        sums = (sums_over(there), sums_over(back))
        mine = (bound_in(there) - sums[0] - {PUT}, bound_in(back) - sums[1])
        if set().union(*map(names, one.args)) & (bound_in(there) | bound_in(back)):
            return None
        if any(self.memory.is_array(n) for n in (*mine[0], *mine[1], *sums[0], *sums[1])):
            return None
        if not all(bound_first(b, own, set()) for b, own in zip((there, back), mine, strict=True)):
            return None
        said = (_said(there) | names_in([one]), _said(back) | names_in([two]))
        if sums[0] & said[1] or sums[1] & said[0]:
            return None
        after = (*body[m + 1 :], *behind)
        between = body[k + 1 : m]
        if any(first_use((*between, replace(two, body=back), *after), n) == "read" for n in (*mine[0], *turns)):
            return None
        if any(first_use(after, n) == "read" for n in (*mine[1], *turns)):
            return None
        if any(first_use((replace(one, body=there),), n) == "read" for n in mine[1]):
            return None
        wrote = (_stored(there), _stored(back))
        if self.meet(wrote[1], said[0]) or self.meet(wrote[0], said[1]):
            return None
        if not self.any_order(two, back, around):
            return None
        split = self.split(between, said, (wrote[0] | bound_in((one,)), wrote[1] | bound_in((two,))))
        if split is None:
            return None
        early, late = split
        whole = replace(one, body=self.joined(one.body, two.body, lists))
        whole = replace(whole, body=self.block(whole.body, (*whole.body, *late, *after), around.within(whole)))
        return (*body[:k], *early, whole, *late, *body[m + 1 :]) if _keeps_few(whole.body) else None

    def only_these(self, one: For, two: For, lists: set[str]) -> bool:
        """Are the lists of these two loops alone, but for where they begin?"""
        own = {s for loop in (one, two) for s in statements(loop.body)}
        for stmt in statements(self.function.body):
            if isinstance(stmt, Push | Pop) and stmt.list in lists and stmt not in own:
                return False
            if any(names(e) & lists for e in expressions(stmt)):
                return False
            if set(binds(stmt)) & lists and not _begins(stmt, lists):
                return False
        return True

    def any_order(self, loop: For, back: Block, around: Around) -> bool:
        inner = list(statements(back))
        steady = frozenset(names_in(inner) - bound_in((loop,)) - bound_in(back))
        found = list(touches(back, self.memory.is_array))
        within = around.within(replace(loop, body=back))
        return not any(disturbs(a, b, loop.target, self.memory, steady, within) for a, b in pairs(found))

    def meet(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Is memory, or a name, among both?"""
        return bool(set(map(self.memory.alias, some)) & set(map(self.memory.alias, others)))

    def split(
        self, between: Block, said: tuple[set[str], set[str]], wrote: tuple[set[str], set[str]]
    ) -> tuple[Block, Block] | None:
        """What goes before the loop, and what behind it."""
        early: list[Stmt] = []
        late: list[Stmt] = []
        for stmt in between:
            stmts = (stmt,)
            own, writes = _said(stmts), _stored(stmts) | bound_in(stmts)
            behind = _said(tuple(late))
            changed = wrote[0] | _stored(tuple(late)) | bound_in(tuple(late))
            if _simple(stmt) and not self.meet(own, changed) and not self.meet(writes, said[0] | behind):
                early.append(stmt)
            else:
                late.append(stmt)
        rest = tuple(late)
        if self.meet(_said(rest), wrote[1]) or self.meet(_stored(rest) | bound_in(rest), said[1] | said[0]):
            return None
        return tuple(early), rest

    def joined(self, there: Block, back: Block, lists: set[str]) -> Block:
        """One turn there and back; what is kept once, and taken once, is a number."""
        there, back = _unkept(there, back)
        tops = {n for n in lists if _once(there, n) and _once(back, n)}
        self.lists |= lists
        out: list[Stmt] = []
        for stmt in (*there, *back):
            match stmt:
                case Push(name, value) if name in tops:
                    out.append(Assign((name,), (value,), stmt.origin))
                case Pop(target, name) if name in tops:
                    out.extend(_given(target, Name(name), stmt))
                case _:
                    out.append(stmt)
        return tuple(out)


def _keeps_few(body: Block) -> bool:
    """Does a turn keep as many items as the text says? Long chains of several turns run beside each other otherwise."""
    for stmt in body:
        if isinstance(stmt, For) and not all(isinstance(literal(a), int) for a in stmt.args):
            inner = list(statements(stmt.body))
            if {s.list for s in inner if isinstance(s, Push)} - {s.list for s in inner if isinstance(s, Pop)}:
                return False
        if not all(map(_keeps_few, blocks(stmt))):
            return False
    return True


def _given(target: Name | Index | None, value: Expr, pop: Pop) -> list[Stmt]:
    if isinstance(target, Name):
        return [Assign((target.id,), (value,), pop.origin)]
    return [] if target is None else [Store(target, "", value, pop.origin)]


def _unkept(there: Block, back: Block) -> tuple[Block, Block]:
    """Without what is put on a list last and taken first, where the name still holds it."""
    first, second = list(there), list(back)
    for put in reversed(there):
        if not isinstance(put, Push) or not isinstance(put.value, Name):
            continue
        at = first.index(put)
        take = next((s for s in second if _of_list(s, put.list)), None)
        if not isinstance(take, Pop) or any(_of_list(s, put.list) for s in first[at + 1 :]):
            continue
        to = second.index(take)
        if put.value.id in bound_in((*first[at + 1 :], *second[:to])):
            continue
        same = isinstance(take.target, Name) and take.target.id == put.value.id
        second[to : to + 1] = [] if same else _given(take.target, put.value, take)
        del first[at]
    return tuple(first), tuple(second)


def _of_list(stmt: Stmt, name: str) -> bool:
    return any(isinstance(s, Push | Pop) and s.list == name for s in statements((stmt,)))


def _once(body: Block, name: str) -> bool:
    """Is a list touched once, in every turn?"""
    every = [s for s in statements(body) if isinstance(s, Push | Pop) and s.list == name]
    return len(every) == 1 and every[0] in body


def _other_way(one: For, two: For) -> bool:
    """Do two loops have the same turns, the second the other way round?"""
    reads = any(two.target in names(e) for s in statements(two.body) for e in expressions(s))
    if not reads and len(one.args) == 1 and len(two.args) == 1:
        return _same(one.args[0], two.args[0])
    if reads and two.target != one.target:
        return False
    wanted = reversed_range(one.args)
    return len(wanted) == len(two.args) and all(map(_same, wanted, two.args))


def _same(a: object, b: object) -> bool:
    if key(a) == key(b):  # type: ignore[arg-type]
        return True
    x, y = linear(a), linear(b)  # type: ignore[arg-type]
    return x is not None and y is not None and (x - y).known == 0


def _without_lists(body: Block) -> Block:
    """The statements with any number for what is taken from a list, and without what is put there."""

    def statement(stmt: Stmt) -> Stmt:
        match stmt:
            case Push(_, value):
                return Assign((PUT,), (value,), stmt.origin)
            case Pop(Name(id)):
                return Assign((id,), (Const(0.0),), stmt.origin)
            case Pop(Index() as target):
                return Store(target, "", Const(0.0), stmt.origin)
            case _:
                return with_blocks(stmt, _without_lists)

    return tuple(map(statement, body))


def _keeps_on(body: Block) -> bool:
    return any(isinstance(s, While | Each | Pop | Push) for s in statements(body))


def _said(body: Block) -> set[str]:
    """All names of statements."""
    inner = list(statements(body))
    lists = {s.list for s in inner if isinstance(s, Push | Pop)}
    return names_in(inner) | {n for s in inner for n in binds(s)} | _stored(body) | lists


def _stored(body: Block) -> set[str]:
    """The names of the arrays that statements write."""
    return {n for s in statements(body) if isinstance(s, Store) for n in names(s.target.value)}


def _simple(stmt: Stmt) -> bool:
    kinds = Assign | Augment | Store | For | If | Comment | Pass
    every = list(statements((stmt,)))
    return all(isinstance(s, kinds) for s in every) and not any(isinstance(s, Assign) and s.saved for s in every)
