"""Sums, products and quotients of adjoints in fewer steps.

Before                                           After

    p = e / total                                    p = e / total
    t_bar = p_bar / total                            total_bar = np.sum(-p_bar * p, axis=1, keepdims=True) / total
    e_bar = t_bar                                    e_bar = (p_bar - np.sum(p_bar * p, axis=1, keepdims=True)) / total
    total_bar = np.sum(-t_bar * p, axis=1, ...)      z_bar = (p_bar - np.sum(p_bar * p, axis=1, keepdims=True)) * p
    e_bar = e_bar + total_bar                        G_bar = np.outer(a, b)
    z_bar = e_bar * e                                w_bar += X @ a * (X @ b)
    G_bar = np.outer(a, b)                           k_bar += g_bar + h_bar
    w_bar += np.sum(X @ G_bar * X, axis=1)
    k_bar += g_bar
    k_bar += h_bar

What is left without a reader is no longer written, later. The numbers change by rounding, so that this is none of the
passes that ``tidy`` switches. Only in double precision, where ranks and sizes are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from tangent_like.ir.build import add, builtin_ref, is_number, mul, negative, np_call, signed, sub
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
    Function,
    Name,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import (
    binds,
    bound_in,
    expressions,
    names,
    reads,
    rebuild,
    same,
    statements,
    subexpressions,
)
from tangent_like.kinds.dims import ONE, Dim, Sizes, symbol
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.each_entry import one_array
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import (
    Dims,
    chosen,
    is_adjoint,
    names_in,
    sizes_left,
    spread_together,
    summed,
    without,
)
from tangent_like.transform.joined_numbers import joined
from tangent_like.transform.tidy.algebra import FLOATS
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import FLOATING, acts, library, origin_of
from tangent_like.transform.tidy.facts import Facts, find_facts

LONG = 400  # statements of a block
FAR = 60  # how many statements back a definition is looked for


def shortened(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with fewer steps; ``kinds`` are those of its names."""
    if not kinds:
        return function
    classes = Classes()
    for one in sizes.used:
        if one.op == "==":
            classes.join(one.left, one.right)
    facts = find_facts(function, frozenset(), kinds)
    for _ in range(4):
        uses: Counter[str] = Counter()
        for stmt in statements(function.body):
            uses.update({*reads(stmt), *binds(stmt)})
        before = function
        worker = _Shortener(facts, kinds, uses, classes)
        bound = bound_in(function.body)
        worker.given = frozenset(p.name for p in function.params if p.name not in bound and worker.shape(p.name))
        function = with_body(function, worker.block(function.body))
        if function is before:
            break
    return function


@dataclass(eq=False)
class _Shortener:
    facts: Facts
    kinds: Mapping[str, Kind]
    uses: Counter[str]  # statements that read or bind a name
    equal: Classes  # sizes
    given: frozenset[str] = frozenset()  # arrays among the arguments that stay what they are

    def block(self, body: Block) -> Block:
        out: list[Stmt] = []
        for k, stmt in enumerate(body):
            new = change_blocks(stmt, self.block)
            if isinstance(new, Assign | Augment | Store) and new.origin is None and is_adjoint(new):
                at = _At(self, out, body[k + 1 :])
                with_sizes = with_expressions(with_expressions(new, self.sized), partial(at.sized, new))
                assert isinstance(with_sizes, Assign | Augment | Store)
                new = at.changed(with_sizes)
            out.append(new)
        return tuple(out)

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
        kind = self.kinds.get(name)
        if isinstance(kind, Scalar):
            return () if kind.type == "float" and kind.dtype in (None, "float64") else None
        return self.shape(name) if isinstance(kind, Array) and kind.dtype == "float64" else None


@dataclass(eq=False)
class _At:
    """One place in a block: the statements before it, as they are now, and those after it."""

    around: _Shortener
    before: list[Stmt]
    after: Block
    gone: list[Stmt] = field(default_factory=list)  # what is said where it is read, if it is

    def definition(self, name: str) -> Expr | None:
        """What a name was bound to in this block, if that still comes to the same."""
        return self.found(name)[1]

    def found(self, name: str) -> tuple[int, Expr | None]:
        facts = self.around.facts
        bound: set[str] = set()
        written: set[str] = set()
        anything = False
        for k in range(len(self.before) - 1, max(len(self.before) - FAR, 0) - 1, -1):
            stmt = self.before[k]
            if isinstance(stmt, Comment):
                continue
            does = facts.does(stmt)
            if name in does.binds:
                if not isinstance(stmt, Assign) or stmt.targets != (name,) or stmt.saved or acts(stmt.values[0]):
                    return -1, None
                value = stmt.values[0]
                read = names(value)
                classes = facts.classes(read)
                fresh = not (read & bound or name in read or classes & written or (classes and anything))
                return (k, value) if fresh and not facts.classes({name}) & written else (-1, None)
            bound |= does.binds
            written |= does.writes
            anything = anything or does.anything
        return -1, None

    def sized(self, stmt: Stmt, expr: Expr) -> Expr:
        """``r.size`` for ``y.size``, where ``y = np.where(r > 0, r, 0.0)``: read for nothing else, it goes."""
        match expr:
            case Attribute(Name(id), "size"):
                k, value = self.found(id)
                root = None if value is None else one_array(value, self.definition, self.around.kinds)
                alone = self.around.uses[id] == 2 and self.count(id, stmt) == 1
                if not root or not (alone or any(root in reads(s) for s in (stmt, *self.after))):
                    return expr
                if alone:
                    del self.before[k]
                return Attribute(Name(root), "size")
            case _:
                asks = any(isinstance(e, Attribute) and e.name == "size" for e in subexpressions(expr))
                return rebuild(expr, partial(self.sized, stmt)) if asks else expr

    def count(self, name: str, stmt: Stmt) -> int:
        return sum(n.id == name for e in expressions(stmt) for n in names_in(e))

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
        if k < 0 or any(name in self.around.facts.does(s).reads for s in self.before[k + 1 :]):
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
            if value is None or self.count(expr.id, stmt) > 1:
                break
            k = self.found(expr.id)[0]
            bound = self.before[k]
            self.gone.append(bound)
            if isinstance(value, Name):
                rest = (*self.before[k + 1 :], stmt, *self.after)
                return _At(self.around, self.before[:k], rest, self.gone).taken(value, bound)
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
            case Attribute(value, "T"):
                inner = self.dims(value)
                return None if inner is None else inner[::-1]
            case Call(args=(value,)) if (found := summed(expr)) is not None:
                inner = self.dims(value)
                return None if inner is None else sizes_left(inner, *found[1:])
            case Call(args=(value,), keywords=()) if (target := library(expr)) is not None:
                head, name = origin_of(target)
                elementwise = head == "numpy" and isinstance(target.obj, np.ufunc) and name in FLOATING
                return self.dims(value) if elementwise else None
            case Call(args=(_, value), keywords=()) if (target := library(expr)) is not None:
                return self.dims(value) if origin_of(target) == ("numpy", "linalg.solve") else None
            case Binary("@", left, right):
                a, b = self.dims(left), self.dims(right)
                return (*a[:-1], *b[1:]) if a and b and len(a) <= 2 and len(b) <= 2 else None
            case Binary("*" | "/" | "+" | "-", left, right):
                a, b = self.dims(left), self.dims(right)
                return None if a is None or b is None else spread_together(a, b)
            case _:
                return None

    # -- statements --

    def changed(self, stmt: Assign | Augment | Store) -> Stmt:
        if isinstance(stmt, Assign):
            if len(stmt.targets) != 1 or stmt.saved or stmt.guard is not None or stmt.writes:
                return stmt
            value = self.value(stmt.values[0], stmt)
            return stmt if value is stmt.values[0] else Assign(stmt.targets, (value,), None)
        value = self.value(stmt.value, stmt)
        body, sign = (value, False) if value is stmt.value or stmt.op not in ("+", "-") else negative(value)
        op = stmt.op if not sign else "-" if stmt.op == "+" else "+"
        new = stmt if value is stmt.value else replace(stmt, op=op, value=body)
        if isinstance(new, Store):
            return new
        if (found := self.factored(new)) is not None:
            return found
        return joined(new, self.before, self.around.facts) if self.dims(Name(new.target)) == () else new

    def factored(self, stmt: Augment) -> Stmt | None:
        """``x = p * a`` and ``x -= p * b`` as ``x = p * (a - b)``, where ``p`` is computed; likewise ``a / n``."""
        if stmt.op not in ("+", "-"):
            return None
        k, first = self.found(stmt.target)
        body, sign = negative(self.taken(stmt.value, stmt))
        gone, self.gone = self.gone, []
        op = "-" if (stmt.op == "-") != sign else "+"
        if k < 0 or any(stmt.target in self.around.facts.does(s).reads for s in self.before[k + 1 :]):
            return None
        match first, body:
            case Binary("*", p, a), Binary("*", q, b) if same(p, q) and not isinstance(p, Name | Const):
                shape = self.dims(p)
                if shape is None or self.dims(a) != shape or self.dims(b) != shape:
                    return None
                whole: Expr = Binary("*", p, Binary(op, a, b))
            case Binary("/", a, Name(under)), Binary("/", b, Name(other)) if under == other:
                shape = self.dims(a)
                if not shape or self.dims(first) != shape or self.dims(b) not in (shape, ()):
                    return None
                whole = Binary("/", Binary(op, a, b), Name(under))
            case _:
                return None
        self.before[:] = [s for j, s in enumerate(self.before) if j != k and s not in gone]
        return Assign((stmt.target,), (whole,), None)

    def value(self, expr: Expr, stmt: Stmt) -> Expr:
        body, sign = negative(expr)
        match body:
            case Call() if (found := summed(body)) is not None:
                new = self.sum(body, *found, stmt)
            case Binary("+" | "-"):
                new = self.total(body, stmt)
            case Binary("*", left, right):
                new = self.product(left, right, stmt)
                if new is None:
                    self.gone.clear()
                    new = self.product(right, left, stmt)
                if new is None and isinstance(left, Binary) and left.op == "*":
                    self.gone.clear()
                    inner = self.value(left, stmt)
                    return expr if inner is left else signed(mul(inner, right), sign)
            case _:
                new = None
        if new is None:
            return expr
        self.before[:] = [s for s in self.before if s not in self.gone]
        return signed(new, sign)

    def sum(self, call: Call, whole: Expr, axis: int | None, keeps: bool, stmt: Stmt) -> Expr | None:
        """``np.sum(y / b * q)`` as ``np.sum(y * q) / b``; ``np.sum(np.outer(a, b) * X, 1)`` as ``a * (X @ b)``."""
        body, sign = negative(whole)
        match body:
            case Binary("*", left, right):
                for one, other in ((left, right), (right, left)):
                    outer = None if keeps else self.outer(one, stmt)
                    if outer is not None:
                        new = self.against(outer[0], outer[1], other, axis)
                        if new is not None:
                            return signed(new, sign != outer[2])
                    self.gone.clear()
                    over = self.divided(one, axis, keeps)
                    if over is not None:
                        y, divisor = over
                        product = mul(y, other) if one is left else mul(other, y)
                        return Binary("/", signed(replace(call, args=(product,)), sign), divisor)
            case _:
                pass
        return None

    def divided(self, factor: Expr, axis: int | None, keeps: bool) -> tuple[Expr, Expr] | None:
        """A factor that is divided by what is the same all along the axis: what is divided, and by what."""
        value = self.definition(factor.id) if isinstance(factor, Name) else None
        match value:
            case Binary("/", Name() as y, Name() as divisor):
                whole, top, under = self.dims(factor), self.dims(y), self.dims(divisor)
            case _:
                return None
        if whole is None or under is None or top != whole:
            return None
        if under == ():
            return y, divisor
        if axis is None:
            return None
        k = axis % len(whole)
        if keeps and len(under) == len(whole) and under[k] == ONE and without(under, k) == without(whole, k):
            return y, divisor
        return (y, divisor) if not keeps and k == 0 and under == whole[1:] else None

    def outer(self, expr: Expr, stmt: Stmt) -> tuple[Expr, Expr, bool] | None:
        """``a`` and ``b`` of ``X @ np.outer(a, b)`` as ``np.outer(X @ a, b)``, and whether the sign changes."""
        body, sign = negative(expr)
        match body:
            case Binary("@", left, Name() as right):
                found = self.outer(right, stmt)
                whole = self.dims(left)
                if found is None or whole is None or len(whole) != 2:
                    return None
                return Binary("@", left, found[0]), found[1], found[2] != sign
            case Name():
                value, flipped = negative(self.taken(body, stmt))
                target = library(value) if isinstance(value, Call) else None
                if target is None or origin_of(target) != ("numpy", "outer"):
                    return None
                assert isinstance(value, Call)
                a, b = (self.dims(e) for e in value.args)
                if a is None or b is None or len(a) != 1 or len(b) != 1:
                    return None
                return value.args[0], value.args[1], sign != flipped
            case _:
                return None

    def against(self, a: Expr, b: Expr, other: Expr, axis: int | None) -> Expr | None:
        """The sum of ``np.outer(a, b) * other`` along an axis."""
        first, second = self.dims(a), self.dims(b)
        if first is None or second is None or self.dims(other) != (*first, *second):
            return None
        match axis:
            case 1 | -1:
                return Binary("*", self.held(a), self.held(Binary("@", other, b)))
            case 0 | -2:
                return Binary("*", self.held(Binary("@", a, other)), self.held(b))
            case _:
                return Binary("@", Binary("@", a, other), b)

    def total(self, expr: Binary, stmt: Stmt) -> Expr | None:
        """``y / b + z / b`` as ``(y + z) / b``, and what one condition chooses in two parts as one choice."""
        if expr.op == "+" and not same(expr.left, expr.right):
            found = chosen(self.taken(expr.left, stmt), self.taken(expr.right, stmt))
            floats = found is not None and all(self.around.facts.look(e).type in FLOATS for e in found[1:])
            if found is not None and floats:
                return np_call("where", *found)
            self.gone.clear()
        match expr:
            case Binary(op, Name() as left, Name() as right) if left.id != right.id:
                one, two = self.taken(left, stmt), self.taken(right, stmt)
            case _:
                return None
        a, a_sign = negative(one)
        b, b_sign = negative(two)
        match a, b:
            case Binary("/", y, Name(under)), Binary("/", z, Name(other)) if under == other:
                shapes = [self.dims(e) for e in (left, right, Name(under))]
                if None in shapes or shapes[0] == ():
                    return None
                joined = (add if (op == "+") != b_sign else sub)(signed(y, a_sign), z)
                return Binary("/", joined, Name(under))
            case _:
                return None

    def product(self, left: Expr, right: Expr, stmt: Stmt) -> Expr | None:
        """``y / b * a`` as ``y * q`` where ``q`` is ``a / b``; ``1 / b * a`` as ``a / b``."""
        if not isinstance(left, Name) or self.dims(left) is None or self.dims(right) is None:
            return None
        match self.taken(left, stmt):
            case Binary("/", y, Name(under)) if isinstance(right, Name):
                if under == right.id:  # y / b * b
                    return y if self.dims(y) == self.dims(left) == self.dims(right) else None
                quotient = self.quotient(right.id, under)
                if quotient is not None and self.dims(Name(quotient)) == self.dims(right):
                    return mul(y, Name(quotient))
                return Binary("/", right, Name(under)) if is_number(y, 1) else None
            case Call() as made if (target := library(made)) is not None and isinstance(right, Name):
                if origin_of(target) != ("numpy", "full_like") or made.keywords or len(made.args) != 2:
                    return None
                like, value = made.args
                if self.dims(like) != self.dims(right) or self.dims(value) != ():
                    return None
                return mul(value, right)
            case _:
                return None

    def quotient(self, over: str, under: str) -> str | None:
        """The name of a quotient of the two, which still holds it."""
        for stmt in reversed(self.before[-FAR:]):
            match stmt:
                case Assign((name,), (Binary("/", Name(a), Name(b)),)) if (a, b) == (over, under):
                    value = self.definition(name)
                    return name if value is stmt.values[0] else None
                case _:
                    pass
        return None
