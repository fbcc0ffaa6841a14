"""What names stand for at one place of a block, of adjoints above all: their definitions, sizes, and last readers.

    total = np.sum(e, axis=1)        # ``total`` stands for that sum, of the size ``len(e)``, as long as ``e`` does
    t_bar = p_bar / total            # ``t_bar`` can be taken for the quotient where it is read for the last time
    e_bar = t_bar * e
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    Index,
    Name,
    Stmt,
    Unary,
)
from tangent_like.ir.walk import binds, expressions, names, reads, rebuild, same, statements, subexpressions
from tangent_like.kinds.dims import Dim, symbol
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.each_entry import called, one_array
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import (
    Dims,
    names_in,
    size_said,
    sizes_left,
    spread_together,
    summed,
    turn,
    with_new_axes,
)
from tangent_like.transform.kept_quotients import Quotients
from tangent_like.transform.tidy.calls import FLOATING, acts, library, origin_of
from tangent_like.transform.tidy.facts import Facts

LONG = 400  # statements of a block
FAR = 60  # how many statements back a definition is looked for


@dataclass(eq=False)
class Surroundings:
    """What is known of the names of a function."""

    facts: Facts
    kinds: Mapping[str, Kind]
    uses: Counter[str]  # statements that read or bind a name
    equal: Classes  # sizes
    outer: bool = False
    live: set[str] = field(default_factory=set)  # names that somebody reads
    given: frozenset[str] = frozenset()  # arrays among the arguments that stay what they are
    eyes: Mapping[str, Expr] = field(default_factory=dict)  # identity matrices
    quotients: Quotients = field(default_factory=dict)  # that loops keep
    counted: bool = False  # is something said that is so for one count of the user's alone?
    known: dict[str, Dims | None] = field(default_factory=dict)  # by name: what ``dims`` has found

    def sized(self, expr: Expr) -> Expr:
        """The size of what has a name of ours, by an argument: ``len(x)`` and ``X.size``.

        Not where a size is only assumed to be that of another argument: then less would hold without the assumption.
        """
        match expr:
            case Attribute(Name(id), "size") if id not in self.given and isinstance(kind := self.kinds.get(id), Array):
                if kind.dims is None or any(d is None or self.assumed(d) for d in kind.dims):
                    return expr
                shapes = {n: self.kinds[n] for n in sorted(self.given)}
                first = next((n for n, k in shapes.items() if isinstance(k, Array) and k.dims == kind.dims), None)
                if kind.rank == 1:
                    long = next((n for n in shapes if kind.dims == (symbol(f"{n}.shape[0]"),)), None)
                    return expr if long is None else Call(builtin_ref("len"), (Name(long),))
                return expr if first is None else Attribute(Name(first), "size")
            case _:
                return rebuild(expr, self.sized)

    def assumed(self, dim: Dim) -> bool:
        return dim in self.equal.parent or dim in self.equal.parent.values()

    def shape(self, name: str) -> Dims | None:
        kind = self.kinds.get(name)
        if not isinstance(kind, Array) or kind.dims is None or None in kind.dims:
            return None
        return tuple(self.equal.find(d) for d in kind.dims if d is not None)

    def dims(self, name: str) -> Dims | None:
        if name not in self.known:
            self.known[name] = self._dims(name)
        return self.known[name]

    def _dims(self, name: str) -> Dims | None:
        kind = self.kinds.get(name)
        if isinstance(kind, Scalar):
            return () if kind.type == "float" and kind.dtype in (None, "float64") else None
        return self.shape(name) if isinstance(kind, Array) and kind.dtype == "float64" else None


@dataclass(eq=False)
class Standing:
    """One place in a block: the statements before it, as they are now, and those after it."""

    around: Surroundings
    before: list[Stmt]
    after: Block
    gone: list[Stmt] = field(default_factory=list)  # what is said where it is read, if it is
    # What ``found`` has found, for as many statements before as there are: here they only become fewer.
    known: tuple[int, dict[str, tuple[int, Expr | None]]] = (-1, {})

    def definition(self, name: str) -> Expr | None:
        """What a name was bound to in this block, if that still comes to the same."""
        return self.found(name)[1]

    def found(self, name: str) -> tuple[int, Expr | None]:
        """Where before a name was bound, and to what; -1 and None where it no longer comes to the same."""
        if self.known[0] != len(self.before):
            self.known = len(self.before), {}
        if name not in self.known[1]:
            self.known[1][name] = self._found(name)
        return self.known[1][name]

    def _found(self, name: str) -> tuple[int, Expr | None]:
        facts, before = self.around.facts, self.before
        for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
            stmt = before[k]
            if isinstance(stmt, Comment) or name not in facts.does(stmt).binds:
                continue
            if not isinstance(stmt, Assign) or stmt.targets != (name,) or stmt.saved or acts(stmt.values[0]):
                break
            value = stmt.values[0]
            read = names(value)
            since = [facts.does(s) for s in before[k + 1 :] if not isinstance(s, Comment)]
            if name in read or any(not does.binds.isdisjoint(read) for does in since):
                break
            held = facts.classes(read)
            if held and any(does.anything for does in since):
                break
            written = held | facts.classes({name})
            stays = not written or all(does.writes.isdisjoint(written) for does in since)
            return (k, value) if stays else (-1, None)
        return -1, None

    def sized(self, stmt: Stmt, expr: Expr) -> Expr:
        """``r.size`` for ``y.size``, where ``y = np.where(r > 0, r, 0.0)``: read for nothing else, it goes."""
        match expr:
            case Attribute(Name(id), "size"):
                k, value = self.found(id)
                root = None if value is None else one_array(value, self.definition, self.around.kinds)
                if value is not None and not root and (length := self.long(value)) is not None:
                    return length
                alone = self.around.uses[id] == 2 and self.count(id, stmt) == 1
                if not root or not (alone or any(root in reads(s) for s in (stmt, *self.after))):
                    return expr
                if alone:
                    del self.before[k]
                return Attribute(Name(root), "size")
            case _:
                asks = any(isinstance(e, Attribute) and e.name == "size" for e in subexpressions(expr))
                return rebuild(expr, partial(self.sized, stmt)) if asks else expr

    def long(self, value: Expr) -> Expr | None:
        """The size of what one matrix is summed to along its second axis."""
        match summed(value) if isinstance(value, Call) else None:
            case (inner, 1 | -1, False):
                root = one_array(inner, self.definition, self.around.kinds)
                rank_two = root and isinstance(kind := self.around.kinds.get(root), Array) and kind.rank == 2
                return Call(builtin_ref("len"), (Name(root),)) if root and rank_two else None
            case _:
                return None

    def count(self, name: str, stmt: Stmt) -> int:
        return sum(n.id == name for e in expressions(stmt) for n in names_in(e))

    def count_with_gone(self, name: str, stmt: Stmt) -> int:
        """How often the name stands in the statement, what is said in it now of others included."""
        return sum(self.count(name, s) for s in dict.fromkeys([stmt, *self.gone]))

    def first_name(self, expr: Expr) -> Expr:
        """Of what has two names, the first."""
        while isinstance(expr, Name) and isinstance(value := self.definition(expr.id), Name):
            expr = value
        return expr

    def with_sign(self, expr: Expr) -> Expr:
        """``-l_bar * p`` for ``a_bar * p`` where ``a_bar`` is ``-l_bar``."""
        match expr:
            case Binary("*" | "/" as op, left, right):
                inner = self.with_sign(left)
                return expr if inner is left else Binary(op, inner, right)
            case Name(id) if isinstance(value := self.definition(id), Unary) and isinstance(value.operand, Name):
                return value if value.op == "-" else expr
            case _:
                return expr

    def held(self, expr: Expr) -> Expr:
        """The name of what holds a product already, if one does."""
        for stmt in reversed(self.before[-FAR:]) if isinstance(expr, Binary) else ():
            match stmt:
                case Assign((name,), (value,), saved="") if same(value, expr) and self.definition(name) is value:
                    return Name(name)
                case _:
                    pass
        return expr

    def last(self, name: str, stmt: Stmt) -> bool:
        """Is ``stmt``, which stands here, the last to read what the name holds, and the first after its binding?"""
        k = self.found(name)[0]
        if k < 0 or (isinstance(stmt, Augment) and stmt.target == name):
            return False  # what adds to it reads it, too
        between = [s for s in self.before[k + 1 :] if s not in self.gone]
        if self.before[k] in self.gone or any(name in self.around.facts.does(s).reads for s in between):
            return False
        if name in binds(stmt) or self.around.uses[name] == 2:
            return True
        if len(self.before) + len(self.after) > LONG:
            return False  # to look through it all for each name takes too long
        for later in self.after:
            if name in self.around.facts.does(later).reads:
                return False
            if isinstance(later, Assign) and name in later.targets:
                return True
        here = (*self.before, stmt, *self.after)
        inside = [s for s in statements(here) if name in reads(s) or name in binds(s)]
        return len(inside) == self.around.uses[name] and isinstance(inside[0], Assign) and name not in reads(inside[0])

    def taken(self, expr: Expr, stmt: Stmt) -> Expr:
        """What a name stands for, where nobody else reads it."""
        while isinstance(expr, Name) and self.last(expr.id, stmt):
            value = self.definition(expr.id)
            if value is None or self.count_with_gone(expr.id, stmt) > 1:
                break
            k = self.found(expr.id)[0]
            bound = self.before[k]
            self.gone.append(bound)
            if isinstance(value, Name):
                rest = (*self.before[k + 1 :], stmt, *self.after)
                return Standing(self.around, self.before[:k], rest, self.gone).taken(value, bound)
            return value
        return expr

    def dims(self, expr: Expr) -> Dims | None:
        """The sizes of what is of double precision; of a number ()."""
        match expr:
            case Const(int() | float() as value):
                return None if isinstance(value, bool) else ()
            case Name(id):
                bound = None if id in self.around.kinds else self.definition(id)
                return self.around.dims(id) if bound is None else self.dims(bound)
            case Unary("-", operand):
                return self.dims(operand)
            case Attribute(_, "size"):
                return ()
            case Attribute(value, "T"):
                inner = self.dims(value)
                return None if inner is None else inner[::-1]
            case _ if size_said(expr, self.around.kinds) is not None:
                return ()
            case Call(Attribute(Name() as value, "sum"), (), ()):
                return None if self.dims(value) is None else ()
            case Call(args=(value,)) if (found := summed(expr)) is not None:
                inner = self.dims(value)
                return None if inner is None else sizes_left(inner, *found[1:])
            case Call(args=(long,), keywords=()) if called(expr) == "eye":
                size = size_said(long, self.around.kinds)
                return None if size is None else (self.around.equal.find(size),) * 2
            case Call(args=(value, *_)) if called(expr) == "cumsum":
                inner = self.dims(value)
                along = len(expr.args) == 2 or [name for name, _ in expr.keywords] == ["axis"]
                return inner if inner and (along or (len(inner) == len(expr.args) == 1 and not expr.keywords)) else None
            case Call(args=(value,), keywords=()) if (target := library(expr)) is not None:
                head, name = origin_of(target)
                elementwise = head == "numpy" and isinstance(target.obj, np.ufunc) and name in FLOATING
                return self.dims(value) if elementwise else None
            case Call(args=(_, value), keywords=()) if (target := library(expr)) is not None:
                return self.dims(value) if origin_of(target) == ("numpy", "linalg.solve") else None
            case Index(value, index) if turn(index):
                return self.dims(value)
            case Index(value, index) if (inner := self.dims(value)):
                return with_new_axes(inner, index)
            case Binary("@", left, right):
                a, b = self.dims(left), self.dims(right)
                return (*a[:-1], *b[1:]) if a and b and len(a) <= 2 and len(b) <= 2 else None
            case Binary("*" | "/" | "+" | "-", left, right):
                a, b = self.dims(left), self.dims(right)
                return None if a is None or b is None else spread_together(a, b)
            case _:
                return None
