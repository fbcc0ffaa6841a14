"""Does a function return a tuple with a tuple in it? The core's functions do not: it is written out where it is called.

    def linear_forward(a, w, b):
        z = w.dot(a) + b
        cache = (a, w, b)
        return z, cache
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tangent_like.errors import DifferentiationError
from tangent_like.ir.nodes import Assign, Choose, Expr, Function, Name, Return, Tuple, UserFunction
from tangent_like.ir.walk import called_by, statements


@dataclass(eq=False)
class Nested:
    """What is known of the results of functions; ``read`` finds the functions that are called."""

    read: Callable[[UserFunction], Function]
    found: dict[UserFunction, tuple[bool, ...]] = field(default_factory=dict)

    def returns_nested(self, function: Function) -> bool:
        """Is an item of its result a tuple, as a forward half's is: ``return y, (x, h)``?

        Or is the result a tuple of one, which the core cannot tell from what is in it?
        """
        value = result_of(function)
        if not isinstance(value, Tuple):
            return False
        return len(value.items) == 1 or any(self.is_tuple(item, function, frozenset()) for item in value.items)

    def items(self, target: UserFunction) -> tuple[bool, ...]:
        """Which items of what a function returns are tuples; empty where it does not return so many by name."""
        if target not in self.found:
            self.found[target] = ()  # while it is found out: a recursive call alone shows nothing
            with suppress(DifferentiationError):  # refused where it matters, with its place
                function = self.read(target)
                value = result_of(function)
                if isinstance(value, Tuple):
                    self.found[target] = tuple(self.is_tuple(i, function, frozenset()) for i in value.items)
        return self.found[target]

    def is_tuple(self, expr: Expr, function: Function, seen: frozenset[str]) -> bool:
        match expr:
            case Tuple():
                return True
            case Choose(_, body, orelse):
                return self.is_tuple(body, function, seen) or self.is_tuple(orelse, function, seen)
            case Name(id) if id not in seen:
                return any(self.binds(s, id, function, seen | {id}) for s in statements(function.body))
            case _:
                return False

    def binds(self, stmt: object, name: str, function: Function, seen: frozenset[str]) -> bool:
        """Does a statement bind a name to a tuple?"""
        if not isinstance(stmt, Assign) or name not in stmt.targets:
            return False
        if len(stmt.targets) == len(stmt.values):
            pairs = zip(stmt.targets, stmt.values, strict=True)
            return any(t == name and self.is_tuple(v, function, seen) for t, v in pairs)
        target = called_by(stmt.values[0])
        items = self.items(target) if target is not None else ()
        return len(items) == len(stmt.targets) and items[stmt.targets.index(name)]


def result_of(function: Function) -> Expr | None:
    """What the ``return`` at the end of a function says."""
    last = function.body[-1] if function.body else None
    return last.value if isinstance(last, Return) else None
