"""Heaps and sorted lists of the library, as lists that are kept in order.

Before                                   After

    heapq.heapify(q)                         q.sort()
    t, k = heapq.heappop(q)                  t, k = q.pop(0)
    heapq.heappush(q, (t + a, k))            item = (t + a, k)
                                             q.insert(bisect.bisect_right(q, item), item)
    bisect.insort(xs, v)                     xs.insert(bisect.bisect_right(xs, v), v)
    heapq.nsmallest(3, xs)                   sorted(xs)[:3]

A list in order is a heap, but not the one that ``heapq`` makes of it: so nothing of a heap may be read but its first
item and its length, it is made in this function, and it does not leave it. Else the calls stay, and are refused.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Call,
    Compare,
    Comprehension,
    Const,
    Define,
    Do,
    Expr,
    Function,
    If,
    Index,
    Lambda,
    Library,
    List,
    Logic,
    Name,
    Origin,
    Ref,
    Slice,
    Stmt,
    Unary,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, blocks, children, expressions, names, reads, rebuild, statements

PLACES = {"insort": "bisect_right", "insort_right": "bisect_right", "insort_left": "bisect_left"}
TAKES = {"heappop": 1, "heapify": 1, "heappush": 2, "heappushpop": 2, "heapreplace": 2}
BOTH = ("heappushpop", "heapreplace")


def with_lists_in_order(function: Function, namer: Namer) -> Function:
    """The function with its heaps as lists in order."""
    if not any(isinstance(e, Ref) and of_module(e) for e in said(function)):
        return function
    worker = _Ordering(namer, heaps(function))
    body = changed(worker.block(function.body), worker.expr)
    own = function.own | frozenset(worker.made) if function.own else function.own
    return replace(function, body=body, own=own)


def changed(block: Block, change: Callable[[Expr], Expr]) -> Block:
    """Every expression changed, but those of functions in the function."""
    out: list[Stmt] = []
    for stmt in block:
        if isinstance(stmt, Define):
            out.append(stmt)
            continue
        inside = [changed(inner, change) for inner in blocks(stmt)]
        bare = rewrite(with_blocks(stmt, lambda _: ()), change, lambda name: name)
        out.append(with_blocks(bare, partial(next_of, iter(inside))))
    return tuple(out)


def next_of(inside: Iterator[Block], _: Block) -> Block:
    return next(inside)


def of_module(ref: Ref) -> bool:
    target = ref.target
    return isinstance(target, Library) and target.module.lstrip("_") in ("heapq", "bisect")


def called(expr: Expr) -> tuple[str, str]:
    """The module and the name of the function of a library that is called, with nothing by keyword."""
    match expr:
        case Call(Ref(target=Library(module, name)), _, ()):
            return module.lstrip("_"), name
        case _:
            return "", ""


def of_heap(expr: Expr) -> tuple[str, str] | None:
    """The function of ``heapq`` that is called, and the heap; None for any other expression."""
    module, name = called(expr)
    if module != "heapq" or TAKES.get(name) != len(getattr(expr, "args", ())):
        return None
    assert isinstance(expr, Call)
    heap = expr.args[0]
    return (name, heap.id) if isinstance(heap, Name) else None


def said(function: Function) -> Iterator[Expr]:
    for stmt in statements(function.body):
        for top in expressions(stmt):
            pending = [top]
            while pending:
                expr = pending.pop()
                yield expr
                pending.extend(children(expr))


# -- which heaps can be lists in order ------------------------------------------------------------


def heaps(function: Function) -> frozenset[str]:
    """The names of heaps of which nothing is read but the first item and the length."""
    found = {heap[1] for e in said(function) if (heap := of_heap(e)) is not None}
    found -= {p.name for p in function.params} | function.outer
    bound = {n for s in statements(function.body) for n in binds(s)}
    inside = inner_names(function)
    return frozenset(n for n in found & bound if n not in inside and is_kept(n, function.body))


def inner_names(function: Function) -> set[str]:
    """What functions and comprehensions inside it read."""
    found: set[str] = set()
    for stmt in statements(function.body):
        if isinstance(stmt, Define):
            found |= {n for s in statements(stmt.function.body) for n in (*reads(s), *binds(s))} | inner_names(
                stmt.function
            )
    for expr in said(function):
        if isinstance(expr, Lambda):
            found |= {n for s in statements(expr.function.body) for n in reads(s)}
        elif isinstance(expr, Comprehension):
            found |= expr.names
    return found


def is_kept(name: str, block: Block) -> bool:
    """Is it only used as a heap is, in a block?"""
    for k, stmt in enumerate(block):
        if isinstance(stmt, Assign) and name in stmt.targets:
            if len(stmt.targets) != len(stmt.values) or any(name in names(v) for v in stmt.values):
                return False
            value = stmt.values[stmt.targets.index(name)]  # ``queue, seen = [], set()``
            if not is_short(value) and not made_a_heap(name, block[k + 1 :]):
                return False
        elif name in binds(stmt) or not all(as_a_heap(e, name) for e in asked(stmt)):
            if not is_append(stmt, name) or not made_a_heap(name, block[k + 1 :]):
                return False
        elif not all(is_kept(name, inner) for inner in blocks(stmt)):
            if not only_appends(stmt, name) or not made_a_heap(name, block[k + 1 :]):
                return False
    return True


def is_short(value: Expr) -> bool:
    """A list of one item, or none, is in order."""
    return isinstance(value, List) and len(value.items) < 2


def made_a_heap(name: str, block: Block) -> bool:
    """Is it made a heap before anything else is done with it than that items are added at its end?"""
    for stmt in block:
        if isinstance(stmt, Do) and of_heap(stmt.value) == ("heapify", name):
            return True
        if not is_append(stmt, name) and not only_appends(stmt, name):
            return False
    return False


def only_appends(stmt: Stmt, name: str) -> bool:
    """Does a statement add items to the list at most, those inside it included?"""
    if name in binds(stmt) or (not is_append(stmt, name) and any(name in names(e) for e in expressions(stmt))):
        return False
    return all(only_appends(s, name) for inner in blocks(stmt) for s in inner)


def is_append(stmt: Stmt, name: str) -> bool:
    match stmt:
        case Do(Call(Attribute(Name(id), "append"), (item,), ())):
            return id == name and name not in names(item)
        case _:
            return False


def asked(stmt: Stmt) -> Iterator[Expr]:
    """What a statement evaluates; of a condition that is a heap the question whether there is anything in it."""
    tests = [a.test for a in stmt.arms] if isinstance(stmt, If) else [stmt.test] if isinstance(stmt, While) else []
    for expr in expressions(stmt):
        yield from truths(expr) if any(expr is t for t in tests) else (expr,)


def truths(expr: Expr) -> Iterator[Expr]:
    match expr:
        case Name():
            return
        case Unary("not", operand):
            yield from truths(operand)
        case Logic(values=values):
            for value in values:
                yield from truths(value)
        case _:
            yield expr


def as_a_heap(expr: Expr, name: str) -> bool:
    """Is nothing read of a heap but its first item, its length, and what ``heapq`` takes from it?"""
    if name not in names(expr):
        return True
    match expr:
        case Index(Name(id), Const(0)) if id == name:
            return True
        case Call(Ref(target=Library("builtins", "len")), (Name(id),), ()) if id == name:
            return True
        case Name() | Lambda():
            return False
        case _:
            heap = of_heap(expr)
            rest = expr.args[1:] if isinstance(expr, Call) and heap is not None and heap[1] == name else children(expr)
            return all(as_a_heap(e, name) for e in rest)


# -- the lists in order -----------------------------------------------------------------------------


class _Ordering:
    def __init__(self, namer: Namer, heaps_: frozenset[str]) -> None:
        self.namer = namer
        self.heaps = heaps_
        self.made: list[str] = []

    def block(self, block: Block) -> Block:
        return tuple([new for stmt in block for new in self.statement(stmt)])

    def statement(self, stmt: Stmt) -> list[Stmt]:
        if isinstance(stmt, If):
            stmt = replace(stmt, arms=tuple(replace(a, test=self.truth(a.test)) for a in stmt.arms))
        elif isinstance(stmt, While):
            stmt = replace(stmt, test=self.truth(stmt.test))
        heap = of_heap(stmt.value) if isinstance(stmt, Do) else None
        heap = of_heap(stmt.values[0]) if isinstance(stmt, Assign) and len(stmt.values) == 1 else heap
        match stmt:
            case Do(Call(args=args)) if heap is not None and heap[1] in self.heaps:
                return self.changed(*heap, args, Do(first(heap[1]), stmt.origin), stmt.origin)
            case Assign(_, (Call(args=args),)) if heap is not None and heap[0] in BOTH and heap[1] in self.heaps:
                return self.changed(*heap, args, replace(stmt, values=(first(heap[1]),)), stmt.origin)
            case Do(Call(_, (Name(list_), item)) as call) if called(call)[0] == "bisect" and called(call)[1] in PLACES:
                return self.put(list_, item, PLACES[called(call)[1]], stmt.origin)
            case _:
                return [with_blocks(stmt, self.block)]

    def changed(
        self, function: str, heap: str, args: tuple[Expr, ...], popped: Stmt, origin: Origin | None
    ) -> list[Stmt]:
        """What a call of ``heapq`` does to a heap, where ``popped`` takes its first item."""
        match function:
            case "heapify":
                return [Do(Call(Attribute(Name(heap), "sort"), ()), origin)]
            case "heappop":
                return [popped]
            case "heappush":
                return self.put(heap, args[1], "bisect_right", origin)
            case "heappushpop":
                return [*self.put(heap, args[1], "bisect_right", origin), popped]
            case _:
                name = self.fresh()
                item = Assign((name,), (args[1],), origin)
                return [item, popped, *self.put(heap, Name(name), "bisect_right", origin)]

    def put(self, list_: str, item: Expr, where: str, origin: Origin | None) -> list[Stmt]:
        before: list[Stmt] = []
        if not isinstance(item, Name):
            name = self.fresh()
            before.append(Assign((name,), (item,), origin))
            item = Name(name)
        function = getattr(bisect, where)
        ref = Ref(f"bisect.{where}", Library("bisect", where, function), None, Library("bisect", "", bisect))
        place = Call(ref, (Name(list_), item))
        return [*before, Do(Call(Attribute(Name(list_), "insert"), (place, item)), origin)]

    def truth(self, test: Expr) -> Expr:
        """A condition, with the question how long a heap is for whether there is anything in it."""
        if not isinstance(test, Logic):
            return test
        values = tuple(self.truth(v) for v in test.values)
        return replace(test, values=tuple(map(self.any_left, values)))

    def any_left(self, value: Expr) -> Expr:
        if isinstance(value, Name) and value.id in self.heaps:
            return Compare(Call(builtin_ref("len"), (value,)), (">",), (Const(0),))
        return value

    def fresh(self) -> str:
        self.made.append(self.namer.fresh("item"))
        return self.made[-1]

    def expr(self, expr: Expr) -> Expr:
        """An expression with what it takes from heaps, and with the first of several in order."""
        expr = rebuild(expr, self.expr)
        heap = of_heap(expr)
        if heap is not None and heap[0] == "heappop" and heap[1] in self.heaps:
            return first(heap[1])
        match expr:
            case Call(Ref(target=Library(module, "nsmallest" | "nlargest" as name)), (count, items), keywords, at):
                if module.lstrip("_") == "heapq" and is_count(count) and all(n == "key" for n, _ in keywords):
                    turned = (("reverse", Const(True)),) if name == "nlargest" else ()
                    ordered = Call(builtin_ref("sorted"), (items,), (*keywords, *turned), at)
                    return Index(ordered, Slice(None, count, None), at)
        return expr


def is_count(expr: Expr) -> bool:
    """Below zero it would be another part of the list."""
    return isinstance(expr, Const) and type(expr.value) is int and expr.value >= 0


def first(heap: str) -> Call:
    return Call(Attribute(Name(heap), "pop"), (Const(0),))
