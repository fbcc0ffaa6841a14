"""Operands, evaluated one after the other: what came first keeps its value when a later one makes statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TypeGuard

from tangent_like.errors import DifferentiationError
from tangent_like.frontend.in_place import writes_array, written_in
from tangent_like.frontend.of_module import may_write_module
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Bind,
    Block,
    Call,
    Const,
    Do,
    Expr,
    Global,
    Index,
    Library,
    List,
    Name,
    Ref,
    Slice,
    Stmt,
    Tuple,
    Unary,
    UserFunction,
)
from tangent_like.ir.outside_calls import asks_outside, writes_outside
from tangent_like.ir.walk import (
    binds,
    called_by,
    expressions,
    key,
    names,
    rebuild,
    statements,
    stored_in,
    subexpressions,
)
from tangent_like.kinds.kind import Array, Scalar, Sequence
from tangent_like.rules.draws import drawn_by
from tangent_like.specialize import object_places
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Content, Either, Handle, Lazy, Leaf, Seq, Value


def operands(s: Spec, count: int, evaluate: Callable[[int], Value]) -> list[Value]:
    """The values in order."""
    found: list[Value] = []
    for k in range(count):
        mark, heap = len(s.out), dict(s.state.heap)
        value = evaluate(k)
        new = tuple(s.out[mark:])
        if new and found:
            later = later_of(s, new, heap)
            for j, earlier in enumerate(found):
                found[j], mark = kept(s, earlier, later, mark)
        found.append(value)
    return found


@dataclass(frozen=True)
class Later:
    """Statements that an operand made: what they write, do they do more than bind, what the heap held before.

    ``draws``: may they draw random numbers? Then what was to draw before them does.
    """

    written: frozenset[str]
    effects: bool
    heap: Mapping[int, Content]
    draws: bool
    may_draw: Callable[[Expr], bool]

    def disturbs(self, expr: Expr) -> bool:
        if isinstance(expr, Ref | Const):
            return False
        if names(expr) & self.written:
            return True
        if self.draws and self.may_draw(expr):
            return True
        return self.effects and not isinstance(expr, Name) and any(True for _ in subexpressions(expr))


def later_of(s: Spec, made: Block, heap: Mapping[int, Content]) -> Later:
    written = {n for stmt in statements(made) for n in binds(stmt)} | written_in(made)
    may_draw = partial(draws, s)
    drawing = any(may_draw(e) or asks_outside(e) for stmt in statements(made) for e in expressions(stmt))
    effects = any(not isinstance(stmt, Assign) for stmt in made) or acts(s, made)
    return Later(frozenset(written), effects, heap, drawing, may_draw)


def draws(s: Spec, expr: Expr) -> bool:
    """May it draw random numbers, or write outside of the program, itself or in a function that it calls?"""
    called = [stmt for body in called_bodies(s, [expr]) for stmt in statements(body)]
    if s.facts.outside.written and any(map(sets_attribute, called)):
        return True
    inside = (e for stmt in called for e in expressions(stmt))
    return any(drawn_by(part) for e in chain((expr,), inside) for part in subexpressions(e))


def sets_attribute(stmt: Stmt) -> bool:
    match stmt:
        case Bind(target=Attribute()):
            return True
        case _:
            return writes_outside(stmt) or may_write_module(stmt)


def acts(s: Spec, made: Block) -> bool:
    """May statements, or functions of the user's that are called in them, write memory that others hold?"""
    found = (e for stmt in statements(made) for e in expressions(stmt))
    return any(map(writes_others, chain((made,), called_bodies(s, found))))


def called_bodies(s: Spec, found: Iterable[Expr]) -> Iterator[Block]:
    """The bodies of the user's functions that are called in expressions, and of those that these call."""
    pending, seen = list(found), set[UserFunction]()
    while pending:
        for part in subexpressions(pending.pop()):
            called = called_by(part)
            if called is None or called in seen:
                continue
            seen.add(called)
            with suppress(DifferentiationError):  # refused where it matters, with its place
                body = s.library.read(called, s.place()).body
                yield body
                pending.extend(e for stmt in statements(body) for e in expressions(stmt))


def run_here(s: Spec, target: UserFunction, call: Call, expr: Expr | None) -> Leaf:
    """A call that writes what it is given runs where it stands, whoever reads its value, and once."""
    whole = expr is not None and expr is s.whole
    if whole or not s.library.may_write(target) or isinstance(s.kind(call), Sequence):
        return Leaf(call)  # a tuple is taken apart where it is read
    asked = id(expr), key(call)
    if any(stmt is s.ran.get(asked) for stmt in s.out):
        raise s.refuse(f"{target.qualname}, which writes its argument, where it may be asked twice", "write a loop")
    found = s.held(Leaf(call), "a")
    s.ran[asked] = s.out[-1]
    return found


def writes_others(body: Block) -> bool:
    """May anything be written in it, by ``out=`` too, that is not made in it, by arithmetic or a display?"""
    made: dict[str, bool] = {}
    for stmt in statements(body):
        for k, name in enumerate(binds(stmt)):
            value = stmt.values[k] if isinstance(stmt, Assign) and len(stmt.values) == len(stmt.targets) else None
            own = isinstance(value, Const | Binary | Unary | List) or isinstance(stmt, Augment)
            made[name] = made.get(name, True) and own
        if isinstance(stmt, Do) or any(writes_array(part) for e in expressions(stmt) for part in subexpressions(e)):
            return True
    return any(not made.get(name, False) for name in stored_in(body))


def kept(s: Spec, value: Value, later: Later, at: int) -> tuple[Value, int]:
    """The value as it was before the statements from ``at`` on, its leaves held there where they change it."""
    match value:
        case Leaf(expr, known) if later.disturbs(expr):
            mark = len(s.out)
            new_expr = kept_expr(s, expr, at)
            return Leaf(new_expr, known), at + len(s.out) - mark
        case Seq(items, cls):
            new: list[Value] = []
            for item in items:
                found, at = kept(s, item, later, at)
                new.append(found)
            return (value if all(a is b for a, b in zip(new, items, strict=True)) else Seq(tuple(new), cls)), at
        case Lazy(parts=parts):
            new = []
            for item in parts:
                found, at = kept(s, item, later, at)
                new.append(found)
            same = all(a is b for a, b in zip(new, parts, strict=True))
            return (value if same else replace(value, parts=tuple(new))), at
        case Either(which, options):
            both, at = kept(s, Seq((which, *options)), later, at)
            assert isinstance(both, Seq) and isinstance(both.items[0], Leaf)
            return value.again(both.items[0], both.items[1:]), at
        case Handle(id) if (row := s.state.heap[id].row) is not None:  # what it has is in the lists, by its place
            place, at = kept(s, row.place, later, at)
            if place is not row.place and isinstance(place, Leaf):
                s.state.heap[id] = object_places.moved_to(s.state, row, place)
            return value, at
        case Handle(id) if id not in s.settling:
            s.settling.add(id)
            before = later.heap.get(id)
            for key, item in s.state.heap[id].items:
                if isinstance(item, Leaf) and s.is_slot(item, id):
                    continue  # the place itself, which may change
                if before is not None and before.get(key) is not item:
                    continue  # put there since
                found, at = kept(s, item, later, at)
                if found is not item:
                    s.state.put(value, key, found)
            s.settling.discard(id)
            return value, at
        case _:
            return value, at


def kept_expr(s: Spec, expr: Expr, at: int) -> Expr:
    """The expression in a variable; of an index that is a slice, its bounds."""
    if isinstance(expr, Const | Ref):
        return expr
    if isinstance(expr, Slice | Tuple) or (isinstance(expr, Unary) and isinstance(expr.operand, Const)):
        return rebuild(expr, lambda e: kept_expr(s, e, at))
    name = s.fresh("held")
    s.out.insert(at, Assign((name,), (expr,), s.origin))
    s.state.kinds[name] = s.kind(expr)
    return Name(name)


def is_left(said: Expr, found: Expr) -> bool:
    """Is it a call of a method, for a value that nobody takes: by another name, or for what it draws?"""
    if not (isinstance(said, Call) and isinstance(found, Call) and isinstance(found.func, Attribute)):
        return False
    writes = found.func.name == "shuffle" or any(name == "out" for name, _ in found.keywords)
    return isinstance(said.func, Ref | Name) or (bool(drawn_by(found)) and not writes)


def is_data(s: Spec, ref: Ref) -> bool:
    """Is it an array, or a number, of the module: no function, class, module or structure?"""
    return isinstance(ref.target, Global) and isinstance(s.kind(ref), Array | Scalar)


def is_shape(expr: Expr) -> bool:
    """``A.shape``, a slice of it, or a name: nothing that may not be said again."""
    match expr:
        case Index(value, Slice()):
            return is_shape(value)
        case Attribute(Name(), "shape") | Name():
            return True
        case Call(Ref(target=Library("numpy", "shape")), (Name(),), ()):
            return True
        case _:
            return False


def known_slice(index: Value) -> slice | None:
    """``1:`` and ``:-2`` of constants; None of anything else."""
    if not isinstance(index, Leaf) or not isinstance(index.expr, Slice):
        return None
    bounds: list[int | None] = []
    for part in (index.expr.lower, index.expr.upper, index.expr.step):
        match part:
            case None:
                bounds.append(None)
            case Const(value) if type(value) is int:
                bounds.append(value)
            case Unary("-", Const(value)) if type(value) is int:
                bounds.append(-value)
            case _:
                return None
    return slice(*bounds)


def is_shape_of_numbers(value: object) -> TypeGuard[tuple[int, ...]]:
    """Is it a short tuple of whole numbers, as a shape of the module? What is made with it is then known."""
    return type(value) is tuple and len(value) <= MOST_AXES and all(type(n) is int for n in value)


MOST_AXES = 6
