"""Which statements are worth running: those whose values are read later, and those with an effect.

Backward over a block, from the names that are live where it ends. What pure arithmetic computes for
no one disappears, whole loops included; ``assert``, ``raise``, ``print`` and stores into memory that
lives stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tangent_like.ir.leaves import plain
from tangent_like.ir.nodes import (
    Arm,
    Assert,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Comment,
    Do,
    Each,
    Expr,
    For,
    Handler,
    If,
    Library,
    Name,
    Pass,
    Pop,
    Push,
    Raise,
    Ref,
    Stmt,
    Store,
    Try,
    Tuple,
    UserFunction,
    While,
    With,
)
from tangent_like.ir.outside_calls import calls_outside
from tangent_like.ir.walk import (
    base_name,
    binds,
    blocks,
    bound_in,
    expressions,
    names,
    reads,
    statements,
    subexpressions,
)
from tangent_like.rules.draws import drawn_by

Effects = Callable[[UserFunction], bool]


@dataclass(frozen=True, eq=False)
class Memory:
    """Which names may share memory with a name, where that memory is written."""

    class_of: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    shared: frozenset[str] = frozenset()  # classes whose memory goes by more names than are known here
    # of a loop and what is live after it, of the names in it: what is kept of it, and what is live before. Each turn of
    # a fixed point around it asks again, and those of loops in loops multiply.
    loops: dict[tuple[Stmt, frozenset[str]], tuple[Stmt | None, frozenset[str]]] = field(default_factory=dict)
    _named: dict[Stmt, frozenset[str]] = field(default_factory=dict)

    def is_live(self, name: str, live: set[str]) -> bool:
        """May anything that is live be memory that a store through ``name`` writes?"""
        if self.class_of.get(name, name) in self.shared:
            return True
        return any(n in live for n in self.others(name))

    def others(self, name: str) -> tuple[str, ...]:
        return self.members.get(self.class_of.get(name, name), (name,))

    def named(self, loop: Stmt) -> frozenset[str]:
        """The names in a loop, and those that may share memory with one."""
        if loop not in self._named:
            own = {n for s in statements((loop,)) for n in (*reads(s), *binds(s))}
            self._named[loop] = frozenset(other for n in own for other in (n, *self.others(n)))
        return self._named[loop]


def keep_live(block: Block, live: set[str], memory: Memory, has_effects: Effects, breaks: bool = True) -> Block:
    """The block without what nobody needs. ``live`` is updated from after the block to before it.

    ``breaks``: is a ``break`` of the loop around the block of use to anyone?
    """
    out: list[Stmt] = []
    for stmt in reversed(block):
        kept = _statement(stmt, live, memory, has_effects, breaks)
        if kept is not None:
            out.append(kept)
    out.reverse()
    return tuple(out)


def _effect(expr: Expr, has_effects: Effects) -> bool:
    """Does it more than compute? What draws at random moves its generator: what is drawn next depends on it."""
    if any(drawn_by(e) or calls_outside(e) for e in subexpressions(expr)):
        return True
    called = (plain(e.func.target) for e in subexpressions(expr) if isinstance(e, Call) and isinstance(e.func, Ref))
    return any(isinstance(target, UserFunction) and has_effects(target) for target in called)


def _taken(stmt: Stmt) -> Iterator[str]:
    """The lists from which a statement takes an item within an expression, ``x_bar[0] += xs_bar.pop()``."""
    for expr in expressions(stmt):
        for part in subexpressions(expr):
            match part:
                case Call(Attribute(Name(list_), "pop"), ()):
                    yield list_


def _taking(stmt: Stmt, live: set[str], memory: Memory) -> Stmt | None:
    """What is left of a statement whose result nobody needs: what it takes from lists, it still takes."""
    lists = [n for n in _taken(stmt) if memory.is_live(n, live)]
    if not lists:
        return None
    live.update(lists)
    if len(lists) == 1:
        return Pop(None, lists[0], stmt.origin)
    return Do(Tuple(tuple(Call(Attribute(Name(n), "pop"), ()) for n in lists)), stmt.origin)


def _statement(stmt: Stmt, live: set[str], memory: Memory, has_effects: Effects, breaks: bool) -> Stmt | None:
    match stmt:
        case Assign(targets, values):
            bound = (*targets, stmt.saved) if stmt.saved else targets
            needed = any(t in live for t in bound) or any(_effect(v, has_effects) for v in values) or stmt.writes
            if not needed:
                return _taking(stmt, live, memory)
            if len(targets) == len(values) > 1 and not stmt.saved and not any(_taken(stmt)):
                pairs = [(t, v) for t, v in zip(targets, values, strict=True) if t in live or _effect(v, has_effects)]
                stmt = Assign(tuple(t for t, _ in pairs), tuple(v for _, v in pairs), stmt.origin)
            live.difference_update(bound)
            live |= reads(stmt)
            return stmt
        case Store(target):
            name = base_name(target)
            if name is not None and not memory.is_live(name, live):
                return _taking(stmt, live, memory)
            live |= reads(stmt)
            return stmt
        case Augment(target):
            if not memory.is_live(target, live):
                return _taking(stmt, live, memory)
            live |= reads(stmt)
            return stmt
        case Do(Call(Ref(target=Library("numpy", "add.at" | "subtract.at")), (place, *_))):
            name = base_name(place)
            if name is not None and not memory.is_live(name, live):
                return None
            live |= reads(stmt)
            return stmt
        case Push(list=list_):
            if not memory.is_live(list_, live):
                return None
            live |= reads(stmt)
            return stmt
        case Pop(target, list_):
            if isinstance(target, Name | None):
                wanted = target is not None and target.id in live
                live.difference_update(binds(stmt))
                if not wanted:
                    if not memory.is_live(list_, live):
                        return None
                    stmt = Pop(None, list_, stmt.origin) if target is not None else stmt
            live |= reads(stmt)
            return stmt
        case If():
            return _branch(stmt, live, memory, has_effects, breaks)
        case For() | Each() | While():
            own = memory.named(stmt)
            asked = (stmt, own & live)
            if asked not in memory.loops:
                found = _loop(stmt, live, memory, has_effects)
                memory.loops[asked] = found, own & live
                return found
            kept, before = memory.loops[asked]
            live -= own
            live |= before
            return kept
        case With():
            return _with(stmt, live, memory, has_effects, breaks)
        case Try():
            return _try(stmt, live, memory, has_effects, breaks)
        case Break():
            return stmt if breaks else None
        case Pass():
            return None
        case Comment():
            return stmt
        case _:
            live |= reads(stmt)
            return stmt


def _branch(stmt: If, live: set[str], memory: Memory, has_effects: Effects, breaks: bool) -> If | None:
    before: set[str] = set()
    arms: list[Arm] = []
    for arm in stmt.arms:
        inner = set(live)
        body = keep_live(arm.body, inner, memory, has_effects, breaks)
        arms.append(Arm(arm.test, body, arm.origin))
        before |= inner
    inner = set(live)
    orelse = keep_live(stmt.orelse, inner, memory, has_effects, breaks)
    before |= inner
    effect = any(_effect(a.test, has_effects) for a in arms)
    while arms and not _real(arms[-1].body) and not _real(orelse) and not effect:
        arms.pop()
    if not arms:
        return None
    live.clear()
    live |= before
    for arm in arms:
        live |= names(arm.test)
    filled = tuple(Arm(a.test, a.body or (Pass(),), a.origin) for a in arms)
    return If(filled, orelse, stmt.origin, stmt.path, stmt.early)


def _real(body: Block) -> bool:
    return any(not isinstance(s, Comment | Pass) for s in body)


def _loop(stmt: For | Each | While, live: set[str], memory: Memory, has_effects: Effects) -> Stmt | None:
    after = set(live)
    target = stmt.target if isinstance(stmt, For | Each) else None
    # is anything in the body needed at all? first without what the loop itself would need
    probe = set(live)
    body = keep_live(stmt.body, probe, memory, has_effects, breaks=False)
    if not _real(body) and (target is None or target not in after):
        return None
    top = set(live) | reads(stmt)
    while True:
        inner = set(top)
        body = keep_live(stmt.body, inner, memory, has_effects)
        if target is not None:
            inner.discard(target)
        grown = top | inner
        if grown == top:
            break
        top = grown
    live |= top
    body = body or (Pass(),)
    return replace(stmt, body=body)


def _with(stmt: With, live: set[str], memory: Memory, has_effects: Effects, breaks: bool) -> Stmt | None:
    """A context may do anything when it is entered and left; those that may be entered again do nothing else."""
    after = set() if stmt.sure else set(live)  # of what an exception in the body would not have bound
    body = keep_live(stmt.body, live, memory, has_effects, breaks)
    if stmt.again and not _real(body):
        return None
    live |= after
    live.difference_update(binds(stmt))
    live |= reads(stmt)
    return replace(stmt, body=body or (Pass(),))


def _try(stmt: Try, live: set[str], memory: Memory, has_effects: Effects, breaks: bool) -> Stmt | None:
    if stmt.failed:
        # which of its statements raises decides what follows: all of it stays, or nothing
        inside = [s for block in blocks(stmt) for s in statements(block)]
        wanted = any(n in live for s in inside for n in binds(s)) or any(
            isinstance(s, Do | Assert | Raise | With) or any(_effect(e, has_effects) for e in expressions(s))
            for s in inside
        )
        if not wanted:
            return None
        live.difference_update(binds(stmt))
        for inner in inside:
            live |= reads(inner)
        live |= reads(stmt)
        return stmt
    final = keep_live(stmt.final, live, memory, has_effects, breaks)
    handlers: list[Handler] = []
    before = set(live)
    for handler in stmt.handlers:
        inner_live = set(live)
        kept = keep_live(handler.body, inner_live, memory, has_effects, breaks)
        before |= inner_live - {handler.name}
        handlers.append(Handler(handler.type, handler.name, kept or (Pass(),), handler.origin))
    # wherever the body is left by an exception, what is behind it is read
    behind = [*stmt.final, *(s for h in stmt.handlers for s in h.body)]
    if stmt.handlers or {n for s in statements(tuple(behind)) for n in reads(s)} & bound_in(stmt.body):
        body = stmt.body  # whether it raises, and how far it came, is seen
        for inner in statements(body):
            live |= reads(inner)
    else:
        body = keep_live(stmt.body, live, memory, has_effects, breaks)
    live |= before | reads(stmt)
    if not _real(body) and not _real(final):
        return None
    return Try(body or (Pass(),), tuple(handlers), final, stmt.origin)
