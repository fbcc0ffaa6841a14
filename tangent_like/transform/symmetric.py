"""Matrices that are symmetric whatever the arguments are, as straight lines make them.

    D = x[:, None] - x[None, :]
    K = s * np.exp(-0.5 * D ** 2) + t * np.eye(n)        # is
    K = K + np.sum((X[:, None, :] - X[None, :, :]) ** 2, axis=-1) + X @ X.T        # is
    K = K + D        # is not
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tangent_like.ir.nodes import Assign, Attribute, Augment, Binary, Call, Const, Expr, Index, Name, Slice, Stmt, Unary
from tangent_like.ir.walk import names
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array, Kind
from tangent_like.kinds.operands import literal
from tangent_like.transform.each_entry import FUNCTIONS, called
from tangent_like.transform.forms import is_of_numbers
from tangent_like.transform.tidy.facts import Facts


@dataclass(frozen=True, eq=False)
class Lines:
    """The statements of a function, outside of loops and branches; a place is before the statement of that number."""

    body: tuple[Stmt, ...]
    kinds: Mapping[str, Kind]
    facts: Facts

    def last(self, name: str, place: int) -> int | None:
        """Which statement says last what a name holds."""
        classes = self.facts.classes({name})
        for k in range(place - 1, -1, -1):
            does = self.facts.does(self.body[k])
            if name in does.binds or does.anything or does.writes & classes:
                return k
        return None

    def definition(self, name: str, place: int) -> tuple[int, Expr] | None:
        k = self.last(name, place)
        match None if k is None else self.body[k]:
            case Assign((target,), (value,), _, "") if target == name and k is not None:
                return k, value
            case _:
                return None

    def is_kept(self, value: Expr, since: int, place: int) -> bool:
        """Has nobody written into what an array is made of, where that may be the same memory?"""
        held = self.facts.classes(names(value))
        between = (self.facts.does(s) for s in self.body[since + 1 : place])
        return not any(does.anything or does.writes & held for does in between)

    def is_symmetric(self, expr: Expr, place: int) -> bool:
        """Is it, whatever the arguments are?"""
        match expr:
            case Name(name):
                kind = self.kinds.get(name)
                k = self.last(name, place)
                if not isinstance(kind, Array) or kind.rank == 0:
                    return True
                match None if k is None else self.body[k]:
                    case Assign((target,), (value,), _, "") if k is not None and target == name:
                        return self.is_symmetric(value, k)
                    case Augment(target, "+" | "-" | "*" | "/", value) if k is not None and target == name:
                        return self.is_symmetric(Name(name), k) and self.is_symmetric(value, k)
                    case _:
                        return False
            case Const():
                return True
            case Unary("-", inner):
                return self.is_symmetric(inner, place)
            case Binary("+" | "-" | "*" | "/" as op, left, right):
                if self.is_crossed(left, right, op, place):
                    return op in "+*"
                return self.is_symmetric(left, place) and self.is_symmetric(right, place)
            case Binary("**", base, exponent):
                power = literal(exponent)
                even = isinstance(power, int | float) and power % 2 == 0
                return self.is_symmetric(base, place) or (even and self.is_difference(base, place))
            case Binary("@", left, right):
                return self.is_product(left, right, place)
            case Call(args=(first, *others)) if called(expr) in ("abs", "absolute", "square", "fabs"):
                return not others and (self.is_symmetric(first, place) or self.is_difference(first, place))
            case Call(args=(first,), keywords=(("axis", axis),)) if called(expr) == "sum":
                # of the squares of ``X[:, None, :] - X[None, :, :]``
                return literal(axis) in (-1, 2) and self.rank(first) == 3 and self.is_symmetric(first, place)
            case Call(args=args, keywords=()) if called(expr) in ("eye", "identity"):
                return len(args) == 1
            case Call(args=(first, second), keywords=()) if called(expr) in ("outer", "add.outer", "multiply.outer"):
                return isinstance(first, Name) and isinstance(second, Name) and first.id == second.id
            case Call(args=args, keywords=()) if called(expr) in FUNCTIONS:
                return all(self.is_symmetric(a, place) for a in args)
            case _:
                return self.is_scalar(expr)

    def is_difference(self, expr: Expr, place: int) -> bool:
        """Is it ``x[:, None] - x[None, :]``, or a multiple of that?"""
        match expr:
            case Name(name):
                found = self.definition(name, place)
                return found is not None and self.is_difference(found[1], found[0])
            case Binary("-", left, right):
                return self.is_crossed(left, right, "-", place)
            case Binary("*" | "/", left, right):
                return self.is_difference(left, place) and self.is_scalar(right)
            case _:
                return False

    def is_crossed(self, left: Expr, right: Expr, op: str, place: int) -> bool:
        """``x[:, None]`` and ``x[None, :]`` of one ``x``, or such axes of one matrix of rows."""
        first, second = self.spread(left, place), self.spread(right, place)
        return op in "+-*" and first is not None and second is not None and first[0] == second[0] and (
            {first[1], second[1]} == {0, 1}
        )

    def spread(self, expr: Expr, place: int) -> tuple[object, int] | None:
        """Of what, and as which of the first two axes: ``x[:, None]`` is along the first."""
        match expr:
            case Name(name):
                kind = self.kinds.get(name)
                return ((name, self.last(name, place)), 1) if isinstance(kind, Array) and kind.rank == 1 else None
            case Index(Name() as held, index) if isinstance(kind := self.kinds.get(held.id), Array):
                items = index_items(index)
            case _:
                return None
        whole = [isinstance(i, Slice) and i.lower is i.upper is i.step is None for i in items]
        new = [isinstance(i, Const) and i.value is None for i in items]
        items_whole = sum(whole) + (len(items) == 2 and kind.rank == 2 and new == [False, True])
        if sum(new) != 1 or sum(whole) + 1 != len(items) or items_whole != kind.rank or new.index(True) > 1:
            return None
        return (held.id, self.last(held.id, place)), 1 - new.index(True)

    def is_product(self, left: Expr, right: Expr, place: int) -> bool:
        match left, right:
            case (Name(a), Attribute(Name(b), "T")) | (Attribute(Name(a), "T"), Name(b)) if a == b:
                return self.rank(Name(a)) == 2
            case (Name(a), _) if (found := self.definition(a, place)) is not None and isinstance(found[1], Binary):
                stays = self.facts.steady(names(found[1]), self.body[found[0] + 1 : place])
                return stays and self.is_product(found[1], right, place)
            case (Binary("*", scale, inner), _) if self.is_scalar(scale):
                return self.is_product(inner, right, place)
            case _:
                return False

    def is_scalar(self, expr: Expr) -> bool:
        return isinstance(expr, Const) or is_of_numbers(expr, self.kinds) or self.rank(expr) == 0

    def rank(self, expr: Expr) -> int | None:
        match expr:
            case Name(name):
                kind = self.kinds.get(name)
                return kind.rank if isinstance(kind, Array) else None if kind is None else 0
            case Binary("**", base, _):
                return self.rank(base)
            case Binary("+" | "-" | "*" | "/", left, right):
                ranks = self.rank(left), self.rank(right)
                return None if None in ranks else max(r for r in ranks if r is not None)
            case Const():
                return 0
            case Index(Name() as held, items):
                new = [isinstance(i, Const) and i.value is None for i in index_items(items)]
                rank = self.rank(held)
                one = [type(literal(i)) is int for i in index_items(items)]
                whole = all(n or isinstance(i, Slice) for n, i in zip(new, index_items(items), strict=True))
                if rank is None or not (whole or all(one)):
                    return None
                return rank + sum(new) - sum(one)
            case _:
                return None
