"""One name for what is never there at once: the numbers of our names do not count through the whole text.

Before                                   After

    # y = y * np.sin(x)                      # y = y * np.sin(x)
    t_bar = y_bar * x                        t_bar = y_bar * x
    x_bar = t_bar * t_bar                    x_bar = t_bar * t_bar
    # z = np.exp(y)                          # z = np.exp(y)
    t_bar_2 = x_bar * y                      t_bar = x_bar * y
    y_bar = t_bar_2 * t_bar_2                y_bar = t_bar * t_bar

Of the names that are ours and that one block alone uses, from the comment under which they are bound to the
last under which they are read, where it is known that they hold values of one kind. So an edit in one place
of the primal changes no name in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import heappop, heappush

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Comment,
    Do,
    Expr,
    Function,
    Name,
    Opaque,
    Pop,
    Push,
    Return,
    Stmt,
    Store,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, blocks, expressions, reads, subexpressions, substitute, with_body
from tangent_like.transform.tidy.facts import Facts

Group = list[Stmt]
NUMBERED = re.compile(r"(.+?)_\d+$")


def names(function: Function, facts: Facts) -> Function:
    worker = _Namer(function, facts)
    return with_body(function, worker.block(function.body, set())) if worker.homes else function


def groups(block: Block) -> Iterator[Group]:
    """The statements of a block under one comment each."""
    own: Group = []
    for stmt in block:
        if isinstance(stmt, Comment) and own:
            yield own
            own = []
        own.append(stmt)
    if own:
        yield own


class _Namer:
    def __init__(self, function: Function, facts: Facts) -> None:
        self.facts = facts
        self.group_of: dict[Stmt, int] = {}
        self.others: set[str] = {p.name for p in function.params} | set(facts.users)
        self.homes: dict[str, int] = {}  # by name: the group that binds it first, in the block that alone uses it
        self.last: dict[str, int] = {}  # and the last that uses it
        self.block_of: dict[int, int] = {}  # by group
        self.looks: dict[str, object] = {}  # by new name: what it holds
        self.seen: set[str] = set()
        self.count = self.blocks = 0
        self.find(function.body)
        self.homes = {n: g for n, g in self.homes.items() if n not in self.others}
        self.others |= {n for n in self.seen if n not in self.homes}

    def find(self, body: Block) -> None:
        self.blocks += 1
        own = self.blocks
        for group in groups(body):
            self.count += 1
            number = self.count
            self.block_of[number] = own
            for stmt in group:
                self.group_of[stmt] = number
                self.note(stmt, number)
            for stmt in group:
                for inner in blocks(stmt):
                    self.find(inner)

    def note(self, stmt: Stmt, group: int) -> None:
        used = {*reads(stmt), *binds(stmt)}
        used |= {n for e in expressions(stmt) for x in subexpressions(e) if isinstance(x, Opaque) for n in x.reads}
        simple = isinstance(stmt, Assign | Augment | Store | Pop | Push | Do | Return | Comment)
        for name in used:
            first = name not in self.seen
            self.seen.add(name)
            starts = isinstance(stmt, Assign | Pop) and name in binds(stmt) and name not in reads(stmt)
            if first and starts and simple:
                self.homes[name] = group
            elif name not in self.homes or self.block_of[self.homes[name]] != self.block_of[group] or not simple:
                self.others.add(name)
            self.last[name] = group
        if not simple or any(isinstance(x, Opaque) for e in expressions(stmt) for x in subexpressions(e)):
            self.others |= used

    def block(self, body: Block, taken: set[str]) -> Block:
        """``taken`` are the new names of the blocks around; as they were when the block is done."""
        out: list[Stmt] = []
        table: dict[str, str] = {}
        ends: list[tuple[int, str]] = []  # the names in the table, those that are done with first
        new: dict[str, Expr] = {}
        first: dict[str, int] = {}

        def change(expr: Expr) -> Expr:
            return substitute(expr, new)

        def rename(name: str) -> str:
            return table.get(name, name)

        for group in groups(body):
            number = self.group_of[group[0]]
            while ends and ends[0][0] < number:
                _, old = heappop(ends)
                taken.discard(gone := table.pop(old))
                new.pop(old, None)
                first[self.stem(gone)] = 1
            for old, name in self.table(group, taken, first).items():
                table[old] = name
                heappush(ends, (self.last[old], old))
                if old != name:
                    new[old] = Name(name)
            for stmt in group:
                if blocks(stmt):
                    # in a try, too: what is ours there must not keep a name given away here
                    out.append(with_blocks(stmt, lambda b: self.block(b, taken)))
                else:
                    out.append(rewrite(stmt, change, rename) if new else stmt)
        taken.difference_update(table.values())
        return tuple(out)

    def stem(self, name: str) -> str:
        """What our name was made of: ``t_bar`` of ``t_bar_2``."""
        found = NUMBERED.match(name)
        return found[1] if found and found[1] not in self.facts.users else name

    def table(self, group: Group, taken: set[str], first: dict[str, int]) -> dict[str, str]:
        """New names for those that the group alone uses, in the order of their first binding; ``taken`` from then on.

        ``first``: by stem, the first number that may be free.
        """
        table: dict[str, str] = {}
        own = [n for stmt in group if not blocks(stmt) for n in binds(stmt)]
        for name in dict.fromkeys(own):
            if self.homes.get(name) != self.group_of[group[0]]:
                continue
            stem = self.stem(name)
            look = self.facts.look_of(name)
            known = look.rank is not None and look.type is not None
            number = first.get(stem, 1)
            full = True  # are all up to this number taken?
            while True:
                wanted = stem if number == 1 else f"{stem}_{number}"
                free = wanted not in self.others and wanted not in taken
                full = full and not free
                if full:
                    first[stem] = number + 1
                if free and self.looks.setdefault(wanted, look if known else name) == (look if known else name):
                    break
                number += 1
            table[name] = wanted
            taken.add(wanted)
        return table
