"""What has a name already gets no second one: of the names that ``expose`` has given.

Before                                           After

    a = x - mu                                       a = x - mu
    var = np.mean(a ** 2)                            var = np.mean(a ** 2)
    a_2 = x - mu                                     y = a / np.sqrt(var)
    y = a_2 / np.sqrt(var)

In one block, where nothing in between binds what is read, and no memory is written. So the adjoint of the value is one,
and goes on from there once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import same_items, with_blocks
from tangent_like.ir.nodes import Assign, Binary, Block, Call, Expr, Function, Name, Stmt, Try, Unary
from tangent_like.ir.rewrite import guarding, rewrite
from tangent_like.ir.walk import binds, key, names, reads, statements, subexpressions, substitute
from tangent_like.kinds.kind import Kind
from tangent_like.transform.again import can_be_said_again
from tangent_like.transform.tidy.blocks import with_body


def not_anew(function: Function, made: Collection[str], typing: Typing, aliases: Aliases) -> Function:
    """The function with one name for each value; ``made`` are the names that may go."""
    if len(made) < 2:
        return function
    return with_body(function, _Merger(function, made, typing, aliases).block(function.body))


class _Merger:
    def __init__(self, function: Function, made: Collection[str], typing: Typing, aliases: Aliases) -> None:
        self.made, self.typing, self.aliases = made, typing, aliases
        self.bound: dict[str, int] = {p.name: 1 for p in function.params}
        for stmt in statements(function.body):
            for name in binds(stmt):
                self.bound[name] = self.bound.get(name, 0) + 1

    def block(self, body: Block) -> Block:
        known: dict[object, str] = {}  # by value: its name
        by_name: dict[str, list[object]] = {}  # where a name stands among them
        table: dict[str, Expr] = {}
        out: list[Stmt] = []
        for old in body:
            stmt = self.renamed(old, table)
            if not isinstance(stmt, Try):
                stmt = with_blocks(stmt, self.block)
            found = self.value(old, stmt)
            if found is not None:
                name, value = found
                held = known.get(key(value))
                if held is not None and name in self.made and held != name:
                    table[name] = Name(held)
                    continue
            for changed in self.binds_inside(stmt):
                for gone in by_name.pop(changed, ()):
                    known.pop(gone, None)
            if found is not None and found[0] not in names(found[1]) and key(found[1]) not in known:
                known[key(found[1])] = found[0]
                for name in (found[0], *names(found[1])):
                    by_name.setdefault(name, []).append(key(found[1]))
            out.append(stmt)
        return tuple(out) if len(out) < len(body) or not same_items(tuple(out), body) else body

    def value(self, old: Stmt, stmt: Stmt) -> tuple[str, Expr] | None:
        """The name that a statement binds, alone and once, and a value that is the same each time it is computed."""
        if not isinstance(stmt, Assign) or stmt.saved or stmt.guard is not None or stmt.writes:
            return None
        if len(stmt.targets) != 1 or len(stmt.values) != 1 or self.bound[stmt.targets[0]] != 1:
            return None
        (name,), (value,) = stmt.targets, stmt.values
        if not any(isinstance(e, Binary | Unary | Call) for e in subexpressions(value)):
            return None
        if not self.keeps((name, *names(value))):
            return None
        kind_of: Callable[[Expr], Kind] = self.typing.at(old)
        whole = old.values[0] if isinstance(old, Assign) else value
        return (name, value) if can_be_said_again(whole, kind_of) else None

    def keeps(self, read: Iterable[str]) -> bool:
        """Is no memory written that these names may share?"""
        return not any(self.aliases.is_written(n) or self.class_written(n) for n in read)

    def class_written(self, name: str) -> bool:
        return self.aliases.class_of.get(name, name) in self.aliases.written

    def binds_inside(self, stmt: Stmt) -> set[str]:
        return {n for s in statements((stmt,)) for n in binds(s)}

    def renamed(self, stmt: Stmt, table: dict[str, Expr]) -> Stmt:
        if not table or not any((reads(s) | guarding(s)) & table.keys() for s in statements((stmt,))):
            return stmt
        return rewrite(stmt, lambda e: substitute(e, table), lambda n: n)
