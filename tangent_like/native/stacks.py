"""Lists of numbers that only grow and shrink at their end, as arrays and the number of items in use.

Before                                           After

    x_saved = []                                     x_saved_top = 0
    for i in range(n):                               x_saved = np.empty(max(n, 0))
        x_saved.append(x)                            for i in range(n):
        x = r * x * (1 - x)                              x_saved[x_saved_top] = x
    for i in range(n - 1, -1, -1):                       x_saved_top += 1
        x = x_saved.pop()                                x = r * x * (1 - x)
                                                     for i in range(n - 1, -1, -1):
                                                         x_saved_top -= 1
                                                         x = x_saved[x_saved_top]

How much there will be at most is told by the loops; where it is not, the array grows as it is filled: before each
innermost loop, for as many items as it may put there. Where nobody knows that, the list stays one (``roomy``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial, reduce

from tangent_like.analysis.seen import Env
from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import add, numpy_ref, sub
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Compare,
    Const,
    Expr,
    For,
    Function,
    If,
    Index,
    List,
    Name,
    Pop,
    Push,
    Stmt,
    Store,
)
from tangent_like.ir.walk import binds, blocks, bound_in, expressions, key, names, statements, subexpressions, with_body
from tangent_like.kinds.kind import INT, Array, Scalar
from tangent_like.kinds.operands import literal, step_of
from tangent_like.native.by_turns import Range, by_turns, is_plain, of_several, once_a_turn, range_of
from tangent_like.native.counted import Counting, counted, depends, turns_between
from tangent_like.native.nests import at_least_zero
from tangent_like.native.roomy import hot, pushed, turns_of
from tangent_like.native.upward import bound_first, sums_over
from tangent_like.transform.runtime_refs import helper

SMALL = 100  # numbers
DTYPES = {"float": "", "int": "int64", "bool": "bool_"}
KINDS = {"": "float64", "bool_": "bool", "int8": "int64"}  # of what is read from it


@dataclass(eq=False)
class Stack:
    name: str
    top: str
    dtype: str  # of NumPy; empty: float64
    first: int = 0  # the statement of the function in which the first item is put on
    size: Expr | None = None  # None: it grows
    counting: Block = ()  # what tells the size
    alone: bool = False  # one loop fills it, and another empties it, an item a turn
    mixed: bool = False  # of whole numbers and floats: a list would be of the first


def with_stacks(function: Function, typing: Typing, namer: Namer) -> Function:
    """The function with arrays for its lists of numbers."""
    found = _find(function, typing, namer)
    for stack in found.values():
        _measure(function.body, stack, namer)
    found = {n: s for n, s in found.items() if s.size is not None or s.mixed or not hot(function.body, n)}
    if not found:
        return function
    for stack in found.values():
        typing.overall[stack.name] = Array((None,), KINDS.get(stack.dtype, stack.dtype))
        typing.overall[stack.top] = INT
        stack.alone = stack.size is not None and _is_alone(function, stack.name)
    named = any("_" in names(e) for s in statements(function.body) for e in expressions(s))
    work = _Rewrite(typing, found, namer, named)
    out: list[Stmt] = []
    for k, stmt in enumerate(function.body):
        begun = [s for s in found.values() if s.size is not None and s.first == k]
        for stack in begun:
            out.extend(stack.counting)
            typing.overall.update(dict.fromkeys(bound_in(stack.counting), INT))
        out.extend(Assign((s.name,), (_empty(s, at_least_zero(s.size)),)) for s in begun if s.size is not None)
        out.extend(work.statement(stmt))
    return with_body(function, tuple(out))


def _is_alone(function: Function, name: str) -> bool:
    held = [s for s in statements(function.body) if isinstance(s, Push | Pop) and s.list == name]
    loops = [s for s in function.body if isinstance(s, For) and range_of(s) is not None]
    told = [one for loop in loops for one in once_a_turn(loop, lambda n: n == name)]
    return len(held) == len(told) == 2 and isinstance(told[0], Push) and isinstance(told[1], Pop)


def _empty(stack: Stack, size: Expr) -> Expr:
    return Call(numpy_ref("empty"), (size, *([numpy_ref(stack.dtype)] if stack.dtype else [])))


def _find(function: Function, typing: Typing, namer: Namer) -> dict[str, Stack]:
    """Lists that begin empty, once, and of which nothing is asked but their end."""
    begun: dict[str, int] = {}
    for stmt in function.body:
        if isinstance(stmt, Assign) and len(stmt.targets) == 1 and isinstance(stmt.values[0], List):
            if not stmt.values[0].items:
                begun[stmt.targets[0]] = begun.get(stmt.targets[0], 0) + 1
    types: dict[str, set[str]] = {n: set() for n, times in begun.items() if times == 1}
    for stmt in statements(function.body):
        for expr in expressions(stmt):
            for name in names(expr) & types.keys():
                del types[name]
        match stmt:
            case Push(list_, value) if list_ in types:
                env = typing.before.get(stmt)
                kind = typing.kind(value, env) if env is not None else None
                plain = isinstance(kind, Scalar) and (kind.dtype in (None, "float64", "int64", "bool"))
                types[list_].add(kind.type if plain and isinstance(kind, Scalar) else "other")
            case Pop():
                pass
            case _:
                for name in set(binds(stmt)) & types.keys():
                    if not (isinstance(stmt, Assign) and isinstance(stmt.values[0], List) and stmt in function.body):
                        del types[name]
    found: dict[str, Stack] = {}
    for name, held in types.items():
        mixed = held == {"int", "float"}
        held = {"float"} if mixed else held  # noqa: PLW2901 - Numba's numbers become one kind too
        if len(held) == 1 and held <= DTYPES.keys():
            dtype = "int8" if held == {"int"} and _are_small(function, name) else DTYPES[held.pop()]
            found[name] = Stack(name, namer.fresh(f"{name}_top"), dtype, mixed=mixed)
    return found


def _are_small(function: Function, name: str) -> bool:
    """Is each item a name that is only ever given small numbers: which of the arms of a branch was taken?"""
    held: set[str] = set()
    for stmt in statements(function.body):
        if isinstance(stmt, Push | Pop) and stmt.list == name:
            item = stmt.value if isinstance(stmt, Push) else stmt.target
            if not isinstance(item, Name):
                return False
            held.add(item.id)
    for stmt in statements(function.body):
        bound = held.intersection(binds(stmt))
        if not bound or (isinstance(stmt, Pop) and stmt.list == name):
            continue
        if not isinstance(stmt, Assign) or len(stmt.targets) != len(stmt.values):
            return False
        numbers = (literal(v) for t, v in zip(stmt.targets, stmt.values, strict=True) if t in bound)
        if not all(type(n) is int and 0 <= n < SMALL for n in numbers):
            return False
    return not held & {p.name for p in function.params}


# -- how much there will be ----------------------------------------------------------------------------


def _measure(body: Block, stack: Stack, namer: Namer) -> None:
    """Find where the array is made, and how large; it grows where the loops do not tell."""
    at = [k for k, s in enumerate(body) if any(isinstance(i, Push) and i.list == stack.name for i in statements((s,)))]
    if not at:
        return
    if any(depends(body[k]) for k in at):
        counting = Counting(stack.name, namer.fresh(f"{stack.name}_size"), namer.fresh, partial(_maybe, stack.name))
        found = counted(body, at, counting)
        if found is not None:
            stack.first, stack.size, stack.counting = at[0], Name(counting.size), found
            return
    sizes: list[Expr] = []
    for k in at:
        size = _count(body[k], stack.name, ())
        if size is None:
            return
        sizes.append(size)
    total = reduce(add, sizes)
    changing = bound_in(body[at[0] : at[-1] + 1])
    if names(total) & changing or literal(total) == 0:
        return
    stack.first, stack.size = at[0], total


def _count(stmt: Stmt, name: str, around: tuple[For, ...]) -> Expr | None:
    """How often a statement puts something on the list, at most."""
    match stmt:
        case Push(list_) if list_ == name:
            return Const(1)
        case For(target, args, body):
            if not any(isinstance(s, Push) and s.list == name for s in statements(body)):
                return Const(0)
            if target in bound_in(body):
                return None
            turns = _turns(args, around)
            inner = _total(body, name, (*around, stmt))
            if turns is None or inner is None:
                return None
            return turns if literal(inner) == 1 else Binary("*", turns, inner)
        case _:
            holds = any(isinstance(s, Push) and s.list == name for inner in blocks(stmt) for s in statements(inner))
            return None if holds else Const(0)


def _total(body: Block, name: str, around: tuple[For, ...]) -> Expr | None:
    total: Expr = Const(0)
    always = sum(isinstance(s, Push) and s.list == name for s in body)
    for stmt in body:
        count = _count(stmt, name, around)
        if count is None:
            maybe = _maybe(name, stmt, always)
            always -= maybe or 0
            count = None if maybe is None else Const(maybe)
        if count is None:
            return None
        if literal(count) != 0:
            total = count if literal(total) == 0 else add(total, count)
    return total


def _maybe(name: str, stmt: Stmt, always: int) -> int | None:
    """What a branch may put on the list, if that is no more than what every turn puts there."""
    every = sum(isinstance(s, Push) and s.list == name for s in statements((stmt,)))
    if not every:
        return 0
    maybe = sum(pushed((stmt,), name).values()) if isinstance(stmt, If) else 0
    return maybe if maybe == every and always >= maybe else None


def _turns(args: tuple[Expr, ...], around: tuple[For, ...]) -> Expr | None:
    step = step_of(args)
    first: Expr = args[0] if len(args) > 1 else Const(0)
    last = args[1] if len(args) > 1 else args[0]
    if not isinstance(step, int) or step == 0:
        return None
    if step < 0:
        first, last = last, first
    high, low = _bound(last, around, True), _bound(first, around, False)
    return None if high is None or low is None else turns_between(low, high, step)


def _bound(expr: Expr, around: tuple[For, ...], most: bool) -> Expr | None:
    """The most, or the least, that an expression comes to in loops, by what does not change in them."""
    match expr:
        case Name(id):
            for k in range(len(around) - 1, -1, -1):
                loop = around[k]
                if loop.target != id:
                    continue
                step = step_of(loop.args)
                first: Expr = loop.args[0] if len(loop.args) > 1 else Const(0)
                last = loop.args[1] if len(loop.args) > 1 else loop.args[0]
                if not isinstance(step, int) or step == 0:
                    return None
                if (step > 0) != most:
                    return _bound(first, around[:k], most)
                found = _bound(last, around[:k], most)
                return None if found is None else add(found, Const(-1 if most else 1))
            return expr
        case Const():
            return expr
        case Binary("+" | "-" as op, left, right):
            a, b = _bound(left, around, most), _bound(right, around, most == (op == "+"))
            return None if a is None or b is None else (add(a, b) if op == "+" else sub(a, b))
        case _:
            free = names(expr) & {n for loop in around for n in (loop.target, *bound_in(loop.body))}
            return None if free else expr


# -- rewriting -----------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Rewrite:
    typing: Typing
    found: dict[str, Stack]
    namer: Namer
    named: bool  # is ``_`` a name that is read, and not one of nothing?
    parts: list[str] = field(default_factory=list)  # names of parts of stacks
    roomy: set[Stmt] = field(default_factory=set)  # what is put where there is room for it

    def block(self, body: Block) -> Block:
        return tuple(new for stmt in body for new in self.statement(stmt))

    def statement(self, stmt: Stmt) -> list[Stmt]:
        if isinstance(stmt, For):
            ends, stmt = self.with_ends(stmt)
            room = self.room(stmt)
            return [*(self.known(s, stmt) for s in (*ends, *room)), *self.rewritten(stmt)]
        return self.rewritten(stmt)

    def with_ends(self, stmt: For) -> tuple[list[Stmt], For]:
        """Names for where a loop begins and ends, if that is more than names: ``range(w[i], n)``."""
        if range_of(stmt) is not None or not any(isinstance(s, Push | Pop) and s.list in self.found for s in stmt.body):
            return [], stmt
        ends: list[Stmt] = []

        def named(expr: Expr, wanted: str) -> Expr:
            if is_plain(expr) and not names(expr) & bound_in(stmt.body):
                return expr
            name = self.namer.fresh(wanted)
            self.typing.overall[name] = INT
            self.parts.append(name)
            ends.append(Assign((name,), (expr,), stmt.origin))
            return Name(name)

        if len(stmt.args) == 1:
            args: tuple[Expr, ...] = (named(stmt.args[0], "end"),)
        else:
            args = (named(stmt.args[0], "start"), named(stmt.args[1], "end"), *stmt.args[2:])
        made = replace(stmt, args=args)
        if range_of(made) is None:
            return [], stmt
        known = self.known(made, stmt)
        assert isinstance(known, For)
        return ends, known

    def room(self, stmt: For) -> list[Stmt]:
        """Room for all that the turns of a loop may put on stacks that grow."""
        turns = turns_of(stmt)
        if turns is None:
            return []
        out: list[Stmt] = []
        for stack in self.found.values():
            if stack.size is not None:
                continue
            put = pushed(stmt.body, stack.name)
            every = {s for s in statements(stmt.body) if isinstance(s, Push) and s.list == stack.name}
            if put.keys() == every and not self.roomy.issuperset(every):
                self.roomy.update(put)
                times = sum(put.values())
                count = turns if times == 1 else Binary("*", Const(times), turns)
                room = Call(helper("with_room"), (Name(stack.name), Binary("+", Name(stack.top), count)))
                out.append(Assign((stack.name,), (room,), stmt.origin))
        return out

    def rewritten(self, stmt: Stmt) -> list[Stmt]:
        match stmt:
            case Assign((name,), (List(),)) if name in self.found:
                stack = self.found[name]
                start: list[Stmt] = [] if stack.alone else [Assign((stack.top,), (Const(0),))]
                if stack.size is None:
                    start.append(Assign((name,), (_empty(stack, Const(64)),)))
                return start
            case Push(name, value) if name in self.found:
                stack = self.found[name]
                put = self.known(Store(_at(stack), "", value, stmt.origin), stmt)
                more: list[Stmt] = []
                if stack.size is None and stmt not in self.roomy:
                    full = Compare(Name(stack.top), ("==",), (Attribute(Name(name), "size"),))
                    grow = Assign((name,), (Call(helper("grown"), (Name(name),)),), stmt.origin)
                    more = [If((Arm(full, (grow,), stmt.origin),), (), stmt.origin)]
                return [*more, put, Augment(stack.top, "+", Const(1), stmt.origin)]
            case Pop(target, name) if name in self.found:
                stack = self.found[name]
                out: list[Stmt] = [Augment(stack.top, "-", Const(1), stmt.origin)]
                if isinstance(target, Name):
                    out.append(self.known(Assign((target.id,), (_at(stack),), stmt.origin), stmt))
                elif target is not None:
                    out.append(self.known(Store(target, "", _at(stack), stmt.origin), stmt))
                return out
            case For() if (turns := range_of(stmt)) is not None and (nest := self.nest(stmt, turns)):
                return nest
            case For() if (turns := range_of(stmt)) is not None and (ones := once_a_turn(stmt, self.has_room(stmt))):
                return self.loop(stmt, turns, ones)
            case _:
                inner = with_blocks(stmt, self.block)
                return [inner if inner is stmt else self.known(inner, stmt)]

    def has_room(self, stmt: For) -> Callable[[str], bool]:
        """Is there room on a stack for all that a loop puts there?"""
        grows = {s.list for s in statements(stmt.body) if isinstance(s, Push) and s not in self.roomy}
        return lambda name: name in self.found and (self.found[name].size is not None or name not in grows)

    def loop(self, stmt: For, turns: Range, ones: list[Push | Pop]) -> list[Stmt]:
        """A loop with stacks of which each turn has an item."""
        target = self.namer.fresh("k") if stmt.target == "_" and not self.named else stmt.target
        changes: dict[Stmt, Stmt] = {}
        before: list[Stmt] = []
        after: list[Stmt] = []
        for one in ones:
            stack = self.found[one.list]
            kept = one.list
            if not stack.alone:
                kept = self.namer.fresh(f"{one.list.removesuffix('_saved')}_kept")
                self.parts.append(kept)
                self.typing.overall[kept] = self.typing.overall[one.list]
            here = by_turns(stmt, target, turns, one, stack.top, kept, stack.alone)
            before += here.before
            after += here.after
            changes[one] = here.change
        body = (new for s in stmt.body for new in ([self.known(changes[s], s)] if s in changes else self.statement(s)))
        loop = replace(stmt, target=target, body=tuple(body))
        return [*(self.known(s, stmt) for s in before), self.known(loop, stmt), *(self.known(s, stmt) for s in after)]

    def nest(self, stmt: For, outermost: Range) -> list[Stmt] | None:
        """Loops one in the other with stacks of which each turn of all has an item, which get an axis for each."""
        loops, ranges = [stmt], [outermost]
        while (inner := _alone_in(loops[-1])) is not None:
            turns = range_of(inner)
            if turns is None or bound_in((stmt,)) & names(turns.turns):
                return None
            loops.append(inner)
            ranges.append(turns)
        if len(loops) < 2 or any(loop.target == "_" for loop in loops):
            return None
        last = loops[-1]
        if _in_sequence(last.body):
            return None  # no turns will be taken together, and rows are found faster one by one
        held = {s.list for s in statements(stmt.body) if isinstance(s, Push | Pop)} & self.found.keys()
        ones = once_a_turn(last, lambda name: name in held and self.found[name].size is not None)
        if not held or {one.list for one in ones} != held:
            return None
        changes: dict[Stmt, Stmt] = {}
        before: list[Stmt] = []
        after: list[Stmt] = []
        for one in ones:
            stack = self.found[one.list]
            kept = self.namer.fresh(f"{one.list.removesuffix('_saved')}_kept")
            self.parts.append(kept)
            self.typing.overall[kept] = Array((None,) * len(loops), KINDS.get(stack.dtype, stack.dtype))
            here = of_several(ranges, [loop.target for loop in loops], one, stack.top, kept, stmt)
            before += here.before
            after += here.after
            changes[one] = here.change
        body = (new for s in last.body for new in ([self.known(changes[s], s)] if s in changes else self.statement(s)))
        new: Stmt = self.known(replace(last, body=tuple(body)), last)
        for outer, old in zip(reversed(loops[:-1]), reversed(loops[1:]), strict=True):
            new = self.known(replace(outer, body=tuple(new if s is old else s for s in outer.body)), outer)
        return [*(self.known(s, stmt) for s in before), new, *(self.known(s, stmt) for s in after)]

    def known(self, new: Stmt, old: Stmt) -> Stmt:
        """The new statement with what is known of the old one."""
        if old in self.typing.before:
            held = (*(n for s in self.found.values() for n in (s.name, s.top)), *self.parts)
            kinds = {n: self.typing.overall[n] for n in held}
            self.typing.before[new] = Env({**self.typing.before[old], **kinds})
        return new


def _alone_in(loop: For) -> For | None:
    """The loop that is all of the body of another."""
    body = [s for s in loop.body if not isinstance(s, Comment)]
    return body[0] if len(body) == 1 and isinstance(body[0], For) else None


def _in_sequence(body: Block) -> bool:
    """Does a turn read what others bind, or places beside those that it writes?"""
    mine = {n for s in statements(body) for n in binds(s)} - sums_over(body)
    if not bound_first(body, mine, set()):
        return True
    stores = [s for s in statements(body) if isinstance(s, Store)]
    written: dict[str, set[object]] = {}
    for stmt in stores:
        if isinstance(stmt.target.value, Name):
            written.setdefault(stmt.target.value.id, set()).add(key(stmt.target))
    own = {id(s.target) for s in stores}
    wholes = (e for s in statements(body) for e in expressions(s) if id(e) not in own)
    every = (e for whole in wholes for e in subexpressions(whole))
    read = ((e.value.id, key(e)) for e in every if isinstance(e, Index) and isinstance(e.value, Name))
    return any(name in written and written[name] != {place} for name, place in read)


def _at(stack: Stack) -> Index:
    return Index(Name(stack.name), Name(stack.top))
