"""The adjoint of an array that a turn copies, and stores into the copy: the adjoint of the copy, and no new array.

Before                                       After

    new_bar = u_bar                              v_bar = u_bar[1:-1]
    v_bar = u_bar[1:-1]                          t_bar = k * v_bar
    t_bar = k * v_bar                            k_bar += v_bar @ a
    u_bar = np.zeros_like(u)                     u_bar[1:-1] = v_bar - 2 * t_bar
    u_bar[1:-1] = v_bar - 2 * t_bar              u_bar[2:] += t_bar
    u_bar[2:] += t_bar
    k_bar += v_bar @ a
    new_bar[1:-1] = 0
    u_bar += new_bar

Of ``new = u.copy()``, ``new[1:-1] = ...``, ``u = new``: what was not stored into is handed through. What reads the
places that were comes before; where they are still read behind that, they are copied. In double precision, of arrays
known to be as large. The numbers change by rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tangent_like.ir.build import is_number, method
from tangent_like.ir.nodes import Assign, Augment, Block, Comment, Const, Expr, Function, Index, Name, Pop, Stmt, Store
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, names, reads, same, statements, substitute, with_body
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.forms import begins_as_zeros, is_own_adjoint
from tangent_like.transform.tidy.blocks import change_blocks
from tangent_like.transform.tidy.facts import Facts, find_facts


def copied_along(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function without such arrays; ``kinds`` are those of its names."""
    if not any(_second(s, kinds) for s in statements(function.body)):
        return function
    uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
    work = _Worker(find_facts(function, frozenset(), kinds), kinds, uses)
    return with_body(function, work.block(function.body))


def _second(stmt: Stmt, kinds: Mapping[str, Kind]) -> str:
    """The second name that an adjoint gets, of an array as large."""
    match stmt:
        case Assign((new,), (Name(old),), None) if is_own_adjoint(stmt) and new != old:
            kind = kinds.get(new)
            known = isinstance(kind, Array) and kind.dims and None not in kind.dims and kind.dtype == "float64"
            return new if known and kind == kinds.get(old) else ""
        case _:
            return ""


@dataclass(frozen=True, eq=False)
class _Worker:
    facts: Facts
    kinds: Mapping[str, Kind]
    uses: Mapping[str, int]

    def block(self, body: Block) -> Block:
        out = tuple(change_blocks(s, self.block) for s in body)
        for k, stmt in enumerate(out):
            found = self.one(out, k, stmt) if _second(stmt, self.kinds) else None
            if found is not None:
                return self.block(found)
        return out if any(a is not b for a, b in zip(out, body, strict=True)) else body

    def one(self, body: Block, k: int, stmt: Stmt) -> Block | None:
        """The block without the second name that the statement at ``k`` gives; None where it has to stay."""
        assert isinstance(stmt, Assign) and isinstance(stmt.values[0], Name)
        new, old = stmt.targets[0], stmt.values[0].id
        begin = next((j for j in range(k + 1, len(body)) if old in binds(body[j])), len(body))
        end = next((j for j in range(begin + 1, len(body)) if _adds(body[j], old, new)), len(body))
        if end == len(body) or begins_as_zeros(body[begin]) != old:
            return None
        memory = self.facts.class_of(new)
        there = {n for s in body[k : end + 1] for n in {*reads(s), *binds(s)}}
        views = {n for n in there - {new, old} if memory is not None and self.facts.class_of(n) == memory}
        inside = Counter(n for s in body[k : end + 1] for n in {*reads(s), *binds(s)})
        if any(inside[n] != self.uses[n] for n in (*views, new)):
            return None  # read elsewhere
        parts = self.parted(body[begin + 1 : end], old, new, views)
        if parts is None or any(n in binds(s) for n in views for s in body[begin:end]):
            return None
        zeroed, first, stores = parts
        place = Index(Name(old), zeroed)
        lead = stores[0]
        at_once = same(lead.target, place) and lead.op in ("", "+")
        later = stores[1:] if at_once else [replace(lead, op=lead.op or "+"), *stores[1:]]
        if new in {n for s in later for n in reads(s)} or any(s.op == "" for s in later):
            return None
        copied = any(views & names(s.value) for s in later)
        if any(views & names(s.target) for s in stores) or (copied and not self.are_parts(views, body[k:end])):
            return None

        def renamed(stmt: Stmt) -> Stmt:
            match stmt:
                case Assign((name,), (Index() as value,)) if name in views and copied:
                    stmt = replace(stmt, values=(method(value, "copy"),))
                case _:
                    pass
            return rewrite(stmt, lambda e: substitute(e, {new: Name(old)}), lambda n: old if n == new else n)

        put = Store(place, "", lead.value if at_once else Const(0), None)
        before = tuple(renamed(s) for s in (*body[k + 1 : begin], *first))
        return (*body[:k], *before, *map(renamed, (put, *later)), *body[end + 1 :])

    def are_parts(self, views: set[str], there: Block) -> bool:
        """Is each of the names bound to a part of an array, and to nothing else?"""
        bound = [s for s in there if views.intersection(binds(s))]
        return all(isinstance(s, Assign) and len(s.targets) == 1 and isinstance(s.values[0], Index) for s in bound)

    def parted(
        self, between: Block, old: str, new: str, views: set[str]
    ) -> tuple[Expr, list[Stmt], list[Store]] | None:
        """What is zeroed of the copy, what may stand before all that is put into the new array, and what is."""
        zeroed: Expr | None = None
        first: list[Stmt] = []
        stores: list[Store] = []
        for stmt in between:
            does = self.facts.does(stmt)
            match stmt:
                case Comment():
                    first.append(stmt)
                case Store(Index(Name(name), index), "", value, None) if name == new and is_number(value, 0):
                    if zeroed is not None or {new, old, *views} & names(index):
                        return None
                    zeroed = index
                case Store(Index(Name(name)), "" | "+" | "-", _, None) if name == old and not self.facts.own(stmt).acts:
                    stores.append(stmt)
                case Assign() | Augment() | Pop() | Store(Index()) if not does.anything:
                    if old in does.reads | does.binds or new in does.binds or (zeroed and {new, *views} & does.reads):
                        return None
                    put = {n for s in stores for n in reads(s)}
                    if does.binds & put or does.writes & self.facts.classes(put - {old, new, *views}):
                        return None
                    if does.writes & self.facts.classes({new}):
                        return None
                    first.append(stmt)
                case _:
                    return None
        return None if zeroed is None or not stores else (zeroed, first, stores)


def _adds(stmt: Stmt, old: str, new: str) -> bool:
    match stmt:
        case Augment(target, "+", Name(value), None):
            return target == old and value == new
        case _:
            return False
