"""The way back through the logarithm of one entry of each row of a softmax: the softmax less those entries.

Before                                               After

    a = p[np.arange(n), y]                               a = p[np.arange(n), y]
    a_bar = -1.0 / n / a                                 z_bar = 1.0 / n * p
    p_bar = np.zeros_like(p)                             z_bar[np.arange(n), y] -= 1.0 / n
    p_bar[np.arange(n), y] = a_bar
    z_bar = (p_bar - np.sum(p_bar * p, axis=1, keepdims=True)) * p

or, in the memory of ``p`` where nobody reads it any more, ``p[np.arange(n), y] -= 1.0`` and ``z_bar = p / n``. So one
entry of a vector, ``p[k]``, with ``p_bar @ p`` for the sums.

In each row the one entry that counts is multiplied by what it was divided by. Where ``p`` is 0 there the first is no
number, and the second is the limit. Otherwise numbers change by rounding: this is none of the passes that ``tidy``
switches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tangent_like.ir.build import is_number, mul, neg, negative
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    Function,
    Index,
    Name,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import (
    binds,
    expressions,
    names,
    reads,
    rebuild,
    same,
    statements,
    subexpressions,
    with_body,
)
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import (
    is_adjoint,
    is_of_numbers,
    is_own_adjoint,
    is_zeros,
    names_in,
    size_said,
    summed,
)
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.memory import OUTSIDE

FAR = 40  # how many statements back the adjoint of the softmax is looked for


def entropies(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with the adjoints of cross-entropies at once; ``kinds`` are those of its names."""
    if not any(_picked(s) for s in statements(function.body)):
        return function
    classes = Classes.of(sizes.used)
    uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
    taken = frozenset(uses) | {p.name for p in function.params}
    finder = _Finder(find_facts(function, frozenset(), kinds), kinds, classes, Namer(taken), uses, sizes)
    return with_body(function, finder.block(function.body, True))


def _picked(stmt: Stmt) -> tuple[str, Expr, Expr] | None:
    """``p_bar``, where, and ``value`` of ``p_bar[rows, columns] = value``."""
    match stmt:
        case Store(Index(Name(bar), Tuple((Call(), Name())) as where), "", value, None) if is_adjoint(stmt):
            return bar, where, value
        case Store(Index(Name(bar), Name() | Index() | Const() as where), "", value, None) if is_adjoint(stmt):
            return bar, where, value
        case _:
            return None


def _counted(c: Expr, picked: Expr, where: Expr) -> Expr:
    """``c`` with the number of rows for the number of entries that are picked."""
    match where:
        case Tuple((Call(args=(count,)), _)) if not isinstance(count, Const):
            pass
        case _:
            return c

    def change(expr: Expr) -> Expr:
        size = isinstance(expr, Attribute) and expr.name == "size" and same(expr.value, picked)
        return count if size else rebuild(expr, change)

    return change(c)


def _through_softmax(expr: Expr) -> tuple[str, str] | None:
    """``p_bar`` and ``p`` of ``(p_bar - np.sum(p_bar * p, axis=1, keepdims=True)) * p``, or of ``p_bar @ p``."""
    match expr:
        case Binary("*", Binary("-", Name(bar), Binary("@", Name(one), Name(two))), Name(p)):
            return (bar, p) if {one, two} == {bar, p} and bar != p else None
        case Binary("*", Binary("-", Name(bar), Call() as total), Name(p)):
            match summed(total):
                case (Binary("*", Name(one), Name(two)), 1 | -1, True) if {one, two} == {bar, p} and bar != p:
                    return bar, p
                case _:
                    return None
        case _:
            return None


def one_in_each_row(where: Expr, p: str, kinds: Mapping[str, Kind], equal: Classes, sizes: Sizes) -> bool:
    """Is it one entry of each row of a matrix of double precision?"""
    kind = kinds.get(p)
    match where:
        case Tuple((Call(args=(count,), keywords=()) as rows, Name(columns))):
            target, labels, long = library(rows), kinds.get(columns), size_said(count, kinds)
        case _:
            return False
    if target is None or origin_of(target) != ("numpy", "arange") or long is None:
        return False
    if not isinstance(kind, Array) or kind.rank != 2 or kind.dtype != "float64" or kind.dims is None:
        return False
    if not isinstance(labels, Array) or labels.rank != 1 or kind.dims[0] is None:
        return False
    known = equal.find(kind.dims[0]) == equal.find(long)
    return known or (bool(sizes.values) and sizes.joins(kind.dims[0], long))


def one_entry(where: Expr, p: str, kinds: Mapping[str, Kind]) -> bool:
    """Is it one entry of a vector of double precision?"""
    kind = kinds.get(p)
    if not isinstance(kind, Array) or kind.rank != 1 or kind.dtype != "float64":
        return False
    match where:
        case Const(value):
            return type(value) is int
        case Name(id):
            number = kinds.get(id)
            return isinstance(number, Scalar) and number.type == "int"
        case Index(Name(id), Name() as place):
            labels = kinds.get(id)
            whole = isinstance(labels, Array) and labels.rank == 1 and (labels.dtype or "").startswith(("int", "uint"))
            return whole and one_entry(place, p, kinds)
        case _:
            return False


@dataclass(eq=False)
class _Finder:
    facts: Facts
    kinds: Mapping[str, Kind]
    equal: Classes  # sizes
    namer: Namer
    uses: Counter[str]  # statements that read or bind a name
    sizes: Sizes

    def block(self, body: Block, top: bool = False) -> Block:
        out: list[Stmt] = []
        for k, stmt in enumerate(body):
            new = change_blocks(stmt, self.block)
            if is_own_adjoint(new):
                there = (e for top in expressions(new) for e in subexpressions(top) if _through_softmax(e) is not None)
                new = self.through(new, next(there, None), out, body[k + 1 :] if top else None)
            out.append(new)
        return tuple(out)

    def through(self, stmt: Stmt, part: Expr | None, before: list[Stmt], after: Block | None) -> Stmt:
        """The statement without the way through the softmax, which is one of its own, or itself.

        ``after`` is all that is done after it, where that is known.
        """
        found = None if part is None else _through_softmax(part)
        alone = isinstance(stmt, Assign) and stmt.values == (part,) and len(stmt.targets) == 1
        z = stmt.targets[0] if alone and isinstance(stmt, Assign) else self.namer.fresh("t_bar")
        if found is None or part is None or not in_this_alone(found[0], part, stmt):
            return stmt
        made = self.made(z, *found, before, after is not None and self.is_free(found[1], stmt, part, after))
        if made is None:
            return stmt
        gone, (first, last) = made
        before[:] = [*(s for s in before if s not in gone), first]
        if alone:
            return last
        before.append(last)

        def change(expr: Expr) -> Expr:
            return Name(z) if expr is part else rebuild(expr, change)

        return with_expressions(stmt, change)

    def is_free(self, p: str, stmt: Stmt, part: Expr, after: Block) -> bool:
        """Is its memory nobody else's, and read by none but a part of a statement from there on?"""
        own = self.facts.class_of(p)
        sharing = {n for n, class_ in self.facts.memory.items() if class_ == own} | {p}
        others = sharing - {p}
        if OUTSIDE in sharing or others & reads(stmt) or any(sharing & self.facts.does(s).reads for s in after):
            return False
        return in_this_alone(p, part, stmt)

    def made(
        self, z: str, bar: str, p: str, before: list[Stmt], free: bool
    ) -> tuple[list[Stmt], tuple[Stmt, Stmt]] | None:
        """What goes, and what stands for the way through the softmax; ``free``: ``p`` may be written into."""
        stores = ((k, _picked(stmt)) for k, stmt in enumerate(before))
        k, found = next(((k, found) for k, found in stores if found is not None and found[0] == bar), (0, None))
        if self.uses[bar] != 3 or found is None or k == 0:
            return None
        _, where, value = found
        gone = [before[k - 1], before[k]]
        if isinstance(value, Name) and self.uses[value.id] == 2:
            bound = self.definition(value.id, before[:k])
            gone += [] if bound is None else [bound]
            value = value if bound is None else bound.values[0]
        match value:
            case Binary("/", c, Name(picked)):
                there = self.definition(picked, before)
                under = None if there is None else there.values[0]
            case Binary("/", c, under):
                pass
            case _:
                return None
        plain = under is not None and same(under, Index(Name(p), where)) and self.is_zero(before[k - 1], bar, p)
        c = _counted(c, value.right, where)
        rows = isinstance(where, Tuple)
        if not plain or not (rows or one_entry(where, p, self.kinds)):
            return None
        if rows and not one_in_each_row(where, p, self.kinds, self.equal, self.sizes):
            return None
        steady = self.facts.steady({*names(where), *names(c), p}, before[k + 1 :])
        if not steady or not is_of_numbers(c, self.kinds):
            return None
        if not free:
            return gone, self.said(z, p, where, c)
        share = neg(c)
        over = isinstance(share, Binary) and share.op == "/" and is_number(share.left, 1)
        whole = Binary("/", Name(p), share.right) if over and isinstance(share, Binary) else mul(share, Name(p))
        return gone, (Store(Index(Name(p), where), "-", Const(1.0), None), Assign((z,), (whole,), None))

    def definition(self, name: str, before: list[Stmt]) -> Assign | None:
        """The statement that binds a name, if its right-hand side still comes to the same."""
        for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
            stmt = before[k]
            if not isinstance(stmt, Comment) and name in self.facts.does(stmt).binds:
                match stmt:
                    case Assign((_,), (value,), saved="", guard=None) if name not in names(value):
                        return stmt if self.facts.steady({name, *names(value)}, before[k + 1 :]) else None
                    case _:
                        return None
        return None

    def said(self, z: str, p: str, where: Expr, c: Expr) -> tuple[Stmt, Stmt]:
        whole = mul(neg(c), Name(p))
        if isinstance(whole, Name):
            whole = Call(Attribute(whole, "copy"), ())  # it is written into
        body, sign = negative(c)
        return Assign((z,), (whole,), None), Store(Index(Name(z), where), "-" if sign else "+", body, None)

    def is_zero(self, stmt: Stmt, bar: str, p: str) -> bool:
        match stmt:
            case Assign((name,), (Call(args=(Name(like),), keywords=()) as call,), None) if (name, like) == (bar, p):
                return is_zeros(call)
            case _:
                return False


def in_this_alone(name: str, part: Expr, stmt: Stmt) -> bool:
    """Does the statement read a name in that part of it, and nowhere else?"""
    inside, here = (sum(n.id == name for e in tops for n in names_in(e)) for tops in ((part,), expressions(stmt)))
    return inside == here
