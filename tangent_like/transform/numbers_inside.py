"""A number by which every reader multiplies an adjoint: multiplied once, where that leaves no number or one.

Before                                           After

    t_bar = lam * (0.5 / r)                          t_bar = lam / r
    x_bar = 2 * t_bar * dx                           x_bar = t_bar * dx
    y_bar -= 2 * t_bar * dy                          y_bar -= t_bar * dy

The numbers change by rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import Assign, Binary, Block, Const, Expr, Function, Name, Return, Stmt
from tangent_like.ir.walk import binds, children, expressions, names, reads, rebuild, statements
from tangent_like.kinds.kind import Kind, Scalar
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.forms import is_adjoint
from tangent_like.transform.simpler import numbers_together
from tangent_like.transform.tidy.blocks import change_blocks, may_stop, with_body, with_expressions

Number = int | float


def numbers_inside(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with fewer such numbers; ``kinds`` are what is known of its names."""
    said = _Said([], list(statements(function.body)))
    names_ = [n for n in said.places if said.product(n) is not None]
    if not names_:
        return function
    for k in range(len(said.now)):
        said.count(k, 1)
    for name in [n for n in names_ if said.number(n) is not None]:
        value, number = said.product(name), said.number(name)  # as they are by now
        if value is None or number is None:
            continue
        new = numbers_together([("*", Const(number)), *factors(value, True)])
        # a product is a new array; what it is a product of would be the memory of another name's
        if new is not None and (isinstance(new, Binary) or isinstance(kinds.get(name), Scalar)):
            said.put(name, new)
    return said.applied(function)


@dataclass(eq=False)
class _Said:
    """What the statements say by now, each by its place: ``first`` as they came, ``now`` with the changes so far."""

    first: list[Stmt]
    now: list[Stmt]
    places: dict[str, int] = field(default_factory=dict)  # of adjoints that are bound once
    readers: dict[str, list[int]] = field(default_factory=dict)
    numbers: dict[str, Counter[Number | None]] = field(default_factory=dict)  # how often each is multiplied by which

    def __post_init__(self) -> None:
        self.first = list(self.now)
        bound = Counter(n for s in self.now for n in binds(s))
        kept = [s for stmt in self.now if may_stop(stmt) for s in statements((stmt,))]  # as it is, all of it
        bound.update(n for s in kept for n in (*binds(s), *reads(s)) for _ in range(2))
        for k, stmt in enumerate(self.now):
            if isinstance(stmt, Assign) and len(stmt.targets) == 1 and bound[stmt.targets[0]] == 1:
                self.places[stmt.targets[0]] = k
            for name in reads(stmt):
                self.readers.setdefault(name, []).append(k)

    def product(self, name: str) -> Expr | None:
        """What an adjoint is bound to, if that is a product with a number in it."""
        match self.now[self.places[name]]:
            case Assign((_,), (Binary("*" | "/") as value,), None, "") as stmt if is_adjoint(stmt):
                return value if any(op == "*" and is_number(e) for op, e in factors(value, True)) else None
            case _:
                return None

    def number(self, name: str) -> Number | None:
        """The number that a name is multiplied by wherever it is read."""
        found: Mapping[Number | None, int] = self.numbers.get(name, {})
        return next(iter(found)) if len(found) == 1 else None

    def count(self, k: int, sign: int) -> None:
        """Note what the statement at a place says of names, or take that back."""
        stmt = self.now[k]
        ours = stmt.origin is None or isinstance(stmt, Return)
        said = [pair for expr in expressions(stmt) for pair in _numbers(expr)] if ours else []
        for name, number in (*said, *((n, None) for n in reads(stmt) - {n for n, _ in said})):
            counts = self.numbers.setdefault(name, Counter())
            counts[number] += sign
            if not counts[number]:
                del counts[number]

    def put(self, name: str, new: Expr) -> None:
        """The number from the readers of a name into what it is bound to."""
        own = self.places[name]
        for k in dict.fromkeys((own, *self.readers.get(name, ()))):
            self.count(k, -1)
            stmt: Stmt = Assign((name,), (new,), None) if k == own else self.now[k]
            reading = k != own and name in reads(stmt)
            self.now[k] = with_expressions(stmt, lambda e: _without(e, name)) if reading else stmt
            self.count(k, 1)

    def applied(self, function: Function) -> Function:
        table = {old: new for old, new in zip(self.first, self.now, strict=True) if new is not old}

        def block(body: Block) -> Block:
            return tuple(change_blocks(table.get(stmt, stmt), block) for stmt in body)

        return with_body(function, block(function.body)) if table else function


def _numbers(expr: Expr) -> Iterator[tuple[str, Number | None]]:
    """Each name in the expression, and what number it is multiplied with there; None of none."""
    if isinstance(expr, Binary) and expr.op in ("*", "/"):
        parts = factors(expr, True)
        literal = [e.value for op, e in parts if op == "*" and isinstance(e, Const) and is_number(e)]
        for op, part in parts:
            if op == "*" and isinstance(part, Name):
                yield part.id, literal[0] if len(literal) == 1 else None  # type: ignore[misc]
            else:
                yield from _numbers(part)
    elif isinstance(expr, Name):
        yield expr.id, None
    else:
        for child in children(expr):
            yield from _numbers(child)


def _without(expr: Expr, name: str) -> Expr:
    """The expression without the number that a name is multiplied by in it."""
    if isinstance(expr, Binary) and expr.op in ("*", "/"):
        parts = factors(expr, True)
        if any(op == "*" and isinstance(e, Name) and e.id == name for op, e in parts):
            rest: list[Factor] = [(op, _without(e, name)) for op, e in parts if op != "*" or not is_number(e)]
            return chained(rest)
    return rebuild(expr, lambda e: _without(e, name)) if name in names(expr) else expr
