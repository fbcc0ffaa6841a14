"""The way back through the logarithm of a softmax that something is multiplied by: nothing is divided by the softmax.

Before

    p_bar = c * q / p
    z_bar = (p_bar - np.sum(p_bar * p, axis=1, keepdims=True)) * p

After

    t_bar = c * q
    z_bar = t_bar - np.sum(t_bar, axis=1, keepdims=True) * p

As of ``np.sum(q * np.log(p))``. Where ``p`` is 0 the first is no number, and the second is the limit. Otherwise numbers
change by rounding: this is none of the passes that ``tidy`` switches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.ir.build import np_call
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Expr,
    Function,
    Name,
    Stmt,
)
from tangent_like.ir.walk import binds, expressions, reads, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.enforced import Classes
from tangent_like.transform.entropies import FAR, in_this_alone
from tangent_like.transform.forms import is_adjoint, is_of_numbers, multiplied, summed
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.facts import Facts, find_facts


def cross_entropies(
    function: Function, kinds: Mapping[str, Kind], sizes: Sizes
) -> tuple[Function, Mapping[str, Kind]]:
    """The function with the adjoints of cross-entropies undivided, and the kinds of its names, with the new ones."""
    if not any(_divided(s) for s in statements(function.body)):
        return function, kinds
    uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
    namer = Namer(frozenset(uses) | {p.name for p in function.params})
    finder = _Finder(find_facts(function, frozenset(), kinds), kinds, Classes.of(sizes.used), namer, uses)
    return with_body(function, finder.block(function.body)), {**kinds, **finder.made}


def _divided(stmt: Stmt) -> tuple[str, Expr, str] | None:
    """``p_bar``, what is divided, and ``p`` of ``p_bar = c * q / p``."""
    match stmt:
        case Assign((bar,), (Binary("/", over, Name(p)),), _, "", None) if is_adjoint(stmt) and bar != p:
            return bar, over, p
        case _:
            return None


def _through(expr: Expr) -> tuple[str, str, Mapping[str, Expr]] | None:
    """``p_bar``, ``p`` and along what is summed of ``(p_bar - np.sum(p_bar * p)) * p``."""
    match expr:
        case Binary("*", Binary("-", Name(bar), Binary("@", Name(one), Name(two))), Name(p)):
            keywords: Mapping[str, Expr] = {}
        case Binary("*", Binary("-", Name(bar), Call() as total), Name(p)):
            match summed(total):
                case (Binary("*", Name(one), Name(two)), 1 | -1, True):
                    keywords = dict(total.keywords)
                case _:
                    return None
        case _:
            return None
    return (bar, p, keywords) if {one, two} == {bar, p} and bar != p else None


@dataclass(eq=False)
class _Finder:
    facts: Facts
    kinds: Mapping[str, Kind]
    equal: Classes  # sizes
    namer: Namer
    uses: Counter[str]  # statements that read or bind a name
    made: dict[str, Kind] = field(default_factory=dict)

    def block(self, body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, self.block)
            if isinstance(new, Assign | Augment) and new.origin is None and is_adjoint(new):
                parts = (e for top in expressions(new) for e in subexpressions(top))
                part = next((e for e in parts if _through(e) is not None), None)
                new = new if part is None else self.undivided(new, part, out)
            out.append(new)
        return tuple(out)

    def undivided(self, stmt: Stmt, part: Expr, before: list[Stmt]) -> Stmt:
        found = _through(part)
        assert found is not None
        bar, p, keywords = found
        k = self.definition(bar, before)
        divided = None if k is None else _divided(before[k])
        if k is None or divided is None or divided[2] != p:
            return stmt
        over = divided[1]
        alone = self.uses[bar] == 2 and in_this_alone(bar, part, stmt)
        if not alone or not self.as_large(over, p, 2 if keywords else 1):
            return stmt
        whole = self.namer.fresh("t_bar")
        self.made[whole] = self.kinds[p]
        before[k] = Assign((whole,), (over,), None)
        total = np_call("sum", Name(whole), **keywords)
        plain = Binary("-", Name(whole), Binary("*", total, Name(p)))

        def change(expr: Expr) -> Expr:
            return plain if expr is part else rebuild(expr, change)

        return with_expressions(stmt, change)

    def definition(self, name: str, before: list[Stmt]) -> int | None:
        """Where a name is bound, if what it is bound to still comes to the same."""
        for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
            if name in binds(before[k]):
                return k if self.facts.steady({name, *reads(before[k])}, before[k + 1 :]) else None
        return None

    def as_large(self, expr: Expr, p: str, rank: int) -> bool:
        """Is it a multiple of an array of the shape of ``p``, in double precision both?"""
        name, own = multiplied(expr, lambda e: is_of_numbers(e, self.kinds)), self.kinds.get(p)
        other = self.kinds.get(name) if name else None
        if not isinstance(own, Array) or not isinstance(other, Array) or own.rank != rank or other.rank != rank:
            return False
        if own.dtype != "float64" or other.dtype != "float64" or own.dims is None or other.dims is None:
            return False
        pairs = zip(own.dims, other.dims, strict=True)
        return all(a is not None and b is not None and self.equal.same(a, b) for a, b in pairs)
