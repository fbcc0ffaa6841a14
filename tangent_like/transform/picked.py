"""An adjoint that is 0 but for picked entries, where it is added to another: only those entries are touched.

Before                                                     After

    a_bar = -1.0 / n                                       z_bar = 1.0 / n / total * e
    logp_bar = np.zeros_like(logp)                         z_bar[np.arange(n), y] -= 1.0 / n
    logp_bar[np.arange(n), y] = a_bar
    z_bar = logp_bar
    total_bar = -np.sum(logp_bar, axis=1, keepdims=True) / total
    z_bar += total_bar * e

The sum along each row of what has one entry there is that entry. The same numbers are added in another order, so that
this is none of the passes that ``tidy`` switches. In double precision only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tangent_like.ir.build import negative, signed
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Expr,
    Function,
    Index,
    Name,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import base_name, binds, bound_in, names, reads, rebuild, statements
from tangent_like.kinds.dims import ONE, Sizes
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.each_entry import called
from tangent_like.transform.enforced import Classes
from tangent_like.transform.entropies import one_in_each_row
from tangent_like.transform.forms import is_adjoint, summed
from tangent_like.transform.standing import FAR, Standing, Surroundings
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.dead import dead
from tangent_like.transform.tidy.facts import find_facts


def picked(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with what is picked added last; ``kinds`` are those of its names."""
    if not any(_picks(s) for s in statements(function.body)):
        return function
    classes = Classes.of(sizes.used)
    uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
    around = Surroundings(find_facts(function, frozenset(), kinds), kinds, uses, classes)
    bound = bound_in(function.body)
    around.given = frozenset(p.name for p in function.params if p.name not in bound and around.shape(p.name))
    changed = with_body(function, _block(around, function.body, sizes))
    # what the zeros had the shape of goes, too, where nobody else reads it
    return function if changed is function else dead(changed, find_facts(changed, frozenset(), kinds))


def _picks(stmt: Stmt) -> str:
    """The name of an adjoint into whose entries something is put, by arrays of positions or masks."""
    match stmt:
        case Store(Index(Name(bar), where), "", _, None) if is_adjoint(stmt):
            items = where.items if isinstance(where, Tuple) else (where,)
            return bar if all(isinstance(item, Name | Call) for item in items) else ""
        case _:
            return ""


def _block(around: Surroundings, body: Block, sizes: Sizes) -> Block:
    out: list[Stmt] = []
    for k, stmt in enumerate(body):
        new = change_blocks(stmt, lambda inner: _block(around, inner, sizes))
        if isinstance(new, Assign | Augment) and new.origin is None and is_adjoint(new):
            at = _At(around, out, body[k + 1 :])
            new = at.without_sums(new, sizes)
            last = at.added_last(new) if isinstance(new, Augment) else None
            if last is not None:
                out.append(last[0])
                new = last[1]
        out.append(new)
    return tuple(out) if len(out) != len(body) or any(a is not b for a, b in zip(out, body, strict=True)) else body


@dataclass(frozen=True)
class Picks:
    """``bar = np.zeros_like(...)`` and ``bar[where] = value``: the statements ``made`` and ``put`` of a block."""

    bar: str
    where: Expr
    value: Expr
    made: int
    put: int


class _At(Standing):
    def picks(self, bar: str) -> Picks | None:
        """How an adjoint was made that is 0 but for what was picked, if it still is."""
        facts = self.around.facts
        put: int | None = None
        for k in range(len(self.before) - 1, max(len(self.before) - FAR, 0) - 1, -1):
            stmt = self.before[k]
            if isinstance(stmt, Comment):
                continue
            match stmt:
                case Assign((name,), (Call() as call,), None, "") if name == bar and called(call) == "zeros_like":
                    store = None if put is None else self.before[put]
                    if not isinstance(store, Store) or put is None or call.keywords:
                        return None
                    found = Picks(bar, store.target.index, store.value, k, put)
                    return found if self.steady(found) else None
                case Store() if base_name(stmt.target) == bar:
                    if put is not None or _picks(stmt) != bar:
                        return None
                    put = k
                case _:
                    does = facts.does(stmt)
                    if bar in does.binds or does.anything or facts.classes({bar}) & does.writes:
                        return None
        return None

    def steady(self, picks: Picks) -> bool:
        """Is where it was put, and what, the same still?"""
        read = names(picks.where) | names(picks.value)
        return picks.bar not in read and self.around.facts.steady(read, self.before[picks.put + 1 :])

    def without_sums(self, stmt: Assign | Augment, sizes: Sizes) -> Assign | Augment:
        """``np.sum(bar, axis=1, keepdims=True) / total`` as what is picked in each row over ``total``."""

        def change(expr: Expr) -> Expr:
            match expr:
                case Binary("/" | "*" as op, left, right):
                    body, sign = negative(left)
                    entry = self.entry(body, right, sizes)
                    if entry is not None:
                        return signed(Binary(op, entry, rebuild(right, change)), sign)
                case _:
                    pass
            return rebuild(expr, change)

        new = with_expressions(stmt, change)
        assert isinstance(new, Assign | Augment)
        self.around.uses.subtract(reads(stmt) - reads(new))
        self.around.uses.update(reads(new) - reads(stmt))
        return new

    def entry(self, total: Expr, beside: Expr, sizes: Sizes) -> Expr | None:
        """The number that is the sum along each row of a matrix that has one entry there."""
        match summed(total) if isinstance(total, Call) else None:
            case (Name(bar), 1 | -1, True):
                picks = self.picks(bar)
            case _:
                return None
        dims = self.dims(beside)
        if picks is None or dims is None or len(dims) != 2 or self.dims(picks.value) != ():
            return None
        kind = self.around.kinds.get(bar)
        rows = kind.dims[0] if isinstance(kind, Array) and kind.dims else None
        if rows is None or ONE in (dims[0], self.around.equal.find(rows)) or dims[0] != self.around.equal.find(rows):
            return None
        return picks.value if one_in_each_row(picks.where, bar, self.around.kinds, self.around.equal, sizes) else None

    def added_last(self, stmt: Augment) -> tuple[Assign, Store] | None:
        """``z = bar`` and ``z += v`` as ``z = v`` and ``z[where] += value``."""
        if stmt.op not in ("+", "-") or not isinstance(stmt.value, Binary):
            return None
        alias = self.found(stmt.target)
        bar = alias[1].id if isinstance(alias[1], Name) else stmt.target
        picks = self.picks(bar)
        own = self.dims(Name(stmt.target))
        if picks is None or not own or self.dims(stmt.value) != own or self.dims(Name(bar)) != own:
            return None
        since = self.before[picks.put + 1 :]
        gone = {picks.made, picks.put} | ({alias[0]} if bar != stmt.target else set())
        read = [s for s in since if bar in reads(s) and self.before.index(s) not in gone]
        if read or (bar != stmt.target and self.around.uses[bar] != 3):
            return None
        between = self.before[alias[0] + 1 :] if bar != stmt.target else since
        if any(stmt.target in (*reads(s), *binds(s)) for s in between) or stmt.target in names(stmt.value):
            return None
        body, sign = negative(picks.value)
        self.before[:] = [s for k, s in enumerate(self.before) if k not in gone]
        first = Assign((stmt.target,), (signed(stmt.value, stmt.op == "-"),), None)
        return first, Store(Index(Name(stmt.target), picks.where), "-" if sign else "+", body, None)
