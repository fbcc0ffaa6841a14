"""Statements: run in order over the state, emitting what is left of them for the core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tangent_like.frontend.later import refusal
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    Augment,
    Bind,
    Block,
    Break,
    Call,
    Comment,
    Const,
    Define,
    Do,
    Each,
    Expr,
    For,
    GradOf,
    If,
    Index,
    Library,
    List,
    Loop,
    Name,
    Opaque,
    Pass,
    Pop,
    Push,
    Raise,
    Ref,
    Return,
    Slice,
    Starred,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
    While,
    With,
)
from tangent_like.ir.walk import bound_in, names, substitute
from tangent_like.kinds.kind import Array, Kind, Sequence
from tangent_like.specialize import (
    assume,
    augmented,
    checkpoints,
    collected,
    complex_parts,
    comprehensions,
    containers,
    contexts,
    flattened,
    groups,
    invoke,
    iterate,
    meet,
    methods,
    object_lists,
    paths,
    protocols,
    resumed,
    rounds,
    setting,
)
from tangent_like.specialize.attempts import context_of, try_
from tangent_like.specialize.conditions import tested
from tangent_like.specialize.evaluate import bind, constant_of, evaluate, leaf, materialize, spread_out, variable
from tangent_like.specialize.held_twice import given_away
from tangent_like.specialize.operands import is_left, operands
from tangent_like.specialize.spec import MOST_UNROLLED, LoopExit, Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.truth import truth_of
from tangent_like.specialize.turns import NotUnrolledError, leave
from tangent_like.specialize.values import (
    Fn,
    Frame,
    Handle,
    Lazy,
    Leaf,
    Longest,
    Seq,
    Value,
    is_function_ref,
)


def run(s: Spec, block: Block, frame: Frame) -> None:
    for k, stmt in enumerate(block):
        frame.later.append(block[k:])
        if s.state.pairs:
            object_lists.let_go(s, frame)
        with s.at(getattr(stmt, "origin", None)):
            statement(s, stmt, frame)
        frame.later.pop()


def statement(s: Spec, stmt: Stmt, frame: Frame) -> None:
    s.whole = stmt.value if isinstance(stmt, Do) else None
    match stmt:
        case Assign():
            outer, s.binding, s.whole = s.binding, frame, stmt.values[0]
            try:
                assign(s, stmt, frame)
            finally:
                s.binding = outer
        case Bind(target, op, value):
            if op:
                augmented.augment_place(s, target, op, value, frame)
            else:
                bind_target(s, target, evaluate(s, value, frame), frame)
        case Store():
            augmented.store(s, stmt, frame)
        case Augment():
            augmented.augment(s, stmt, frame)
        case If():
            branch(s, stmt, 0, frame)
        case For(target, args, body):
            # the arguments of range, evaluated once
            values = operands(s, len(args), lambda k: evaluate(s, args[k], frame))
            over(s, Name(target), Lazy("range", tuple(values)), body, frame)
        case Each() | Loop() if checkpoints.in_blocks(s, stmt, lambda one: statement(s, one, frame)):
            pass
        case Each(iterable=iterable, body=body) | Loop(iterable=iterable, body=body):
            items = Name(stmt.target) if isinstance(stmt, Each) else stmt.target
            with resumed.resumable(s, iterable, s.part(iterable, frame), body, frame) as rows:
                position, kinds = len(s.out), dict(s.state.kinds)
                checkpoints.over(s, rows, lambda turns: over(s, items, turns, body, frame))
            flattened.refuse_changed(s, iterable, position, kinds)
        case While():
            counted = checkpoints.as_for(stmt)
            while_(s, stmt, frame) if counted is None else statement(s, counted, frame)
        case Do(value):
            found = evaluate(s, value, frame)
            if isinstance(found, Leaf) and is_left(value, found.expr):
                s.assign(s.fresh("value"), found.expr)  # what a call gives whose result nobody takes
                return
            if isinstance(found, Leaf) and not isinstance(found.expr, Const | Name):
                s.emit(Do(found.expr, stmt.origin))
        case Assert(test, message):
            condition = evaluate(s, test, frame)
            if truth_of(s, condition) is not True:
                asserted(s, materialize(s, condition), message, stmt, frame)
        case Raise(value):
            refused = refusal(stmt)
            if refused is not None:
                raise refused
            s.emit(Raise(None if value is None else context_of(s, value, frame), stmt.origin))
        case Define():
            define(s, stmt, frame)
        case Push():
            push(s, stmt, frame)
        case Pop():
            pop(s, stmt, frame)
        case Pass() | Comment():
            s.out.append(stmt)
        case GradOf():
            surgery(s, stmt, frame)
        case Break():
            leave(s, stmt)
        case With():
            contexts.with_(s, stmt, frame)
        case Try():
            try_(s, stmt, frame)
        case Return():
            raise AssertionError("the last statement only")
        case _:
            raise s.refuse("this statement in a function of this kind")


def asserted(s: Spec, condition: Expr, message: Expr | None, stmt: Assert, frame: Frame) -> None:
    """What the message does is done where it is wanted alone."""
    mark, position = s.mark(), len(s.out)
    text = None if message is None else leaf(s, message, frame)
    if len(s.out) == position and s.state.same_as(mark.state):
        s.emit(Assert(condition, text, stmt.origin))
        return
    s.go_back(mark)
    del s.out[position:]

    def failed() -> None:
        assert message is not None
        s.emit(Assert(Const(False), leaf(s, message, frame), stmt.origin))

    meet.branches(s, [(Unary("not", condition), failed)])


def surgery(s: Spec, stmt: GradOf, frame: Frame) -> None:
    """``with tl.grad_of(x) as x_bar``, of a number or an array."""
    value = evaluate(s, Name(stmt.name), frame)
    if not isinstance(value, Leaf):
        raise s.refuse(f"grad_of of {stmt.name!r}, which has structure,", "take a number or an array out of it first")
    if isinstance(value.expr, Name):
        lines = materialize(s, evaluate(s, stmt.lines, frame))
        assert isinstance(lines, Opaque)
        own = {name: s.fresh(name) for name in stmt.own}
        changed = substitute(lines, {n: Name(new) for n, new in own.items()})
        assert isinstance(changed, Opaque)
        s.emit(replace(stmt, name=value.expr.id, lines=changed, own=tuple(own.values())))


# -- assignments ----------------------------------------------------------------------------------


def assign(s: Spec, stmt: Assign, frame: Frame) -> None:
    if len(stmt.targets) == len(stmt.values):
        hints = stmt.targets
        values = operands(s, len(stmt.values), lambda k: evaluate(s, stmt.values[k], frame, hints[k]))
        if len(values) == 1:
            bind(s, stmt.targets[0], values[0], frame)
            return
        bind_all(s, stmt, values, frame)
        return
    value = evaluate(s, stmt.values[0], frame)
    unpack(s, [Name(t) for t in stmt.targets], value, frame)


def bind_all(s: Spec, stmt: Assign, values: list[Value], frame: Frame) -> None:
    """``a, b = b, a``: all at once."""
    plain = [isinstance(v, Leaf) and not is_function_ref(v) for v in values]
    simple = [not isinstance(s.kind(v.expr), Sequence) for v in values if isinstance(v, Leaf)]
    if all(plain) and all(simple):
        own = tuple(s.name_of(frame.home(t) or frame, t) for t in stmt.targets)
        leaves = [v for v in values if isinstance(v, Leaf)]
        s.emit(Assign(own, tuple(v.expr for v in leaves), s.origin))
        for target, name, leaf_ in zip(stmt.targets, own, leaves, strict=True):
            s.state.vars[frame_key(frame.home(target) or frame, target)] = Leaf(Name(name), constant_of(leaf_))
        return
    # what the first targets overwrite, the later ones still read
    again = [t for t in stmt.targets if s.exits or frame_key(frame.home(t) or frame, t) in s.state.vars]
    s.unstable |= {s.name_of(frame.home(t) or frame, t) for t in again}
    held = [s.settled(v, f"{t}_new") for v, t in zip(values, stmt.targets, strict=True)]
    for target, value in zip(stmt.targets, held, strict=True):
        bind(s, target, value, frame)


def unpack(s: Spec, targets: list[Expr], value: Value, frame: Frame) -> None:
    """``a, (b, *c) = value``."""
    starred = [k for k, t in enumerate(targets) if isinstance(t, Starred)]
    match value:
        case Leaf(Call(Ref(target=Library("builtins", "list" | "tuple")), (listed,), ())):
            value = Leaf(listed)  # its items are those of the list
    value = protocols.iterable(s, value)
    items = containers.static_items(s, value)
    if items is None and isinstance(value, Lazy):
        made = comprehensions.as_list(s, value, "items")
        items = containers.static_items(s, made)
        value = made
    if items is None and isinstance(value, Leaf):
        plain = all(isinstance(t, Name) for t in targets)
        if value.part is not None and not starred and not s.facts.may_be_array(value.part, plain):
            assume.learn(s, value.part, "tuple", len(targets))
        whole = isinstance(value.expr, Name) or (isinstance(value.expr, Call) and is_flat(s.kind(value.expr), targets))
        spread = None if whole else spread_out(s, value, "held")
        if isinstance(spread, Seq):
            unpack(s, targets, spread, frame)
            return
        names_only = all(isinstance(t, Name) for t in targets)
        if names_only and len(targets) > 1:
            own = tuple(s.name_of(frame.home(t.id) or frame, t.id) for t in targets if isinstance(t, Name))
            s.emit(Assign(own, (value.expr,), s.origin))
            for target, name in zip(targets, own, strict=True):
                assert isinstance(target, Name)
                s.state.vars[frame_key(frame.home(target.id) or frame, target.id)] = Leaf(Name(name))
            return
        items = unpacked_array(s, value, targets, starred)
        starred, targets = [], [t.value if isinstance(t, Starred) else t for t in targets]
    if items is None:
        raise s.refuse("unpacking of this", "index what you need")
    if starred:
        at = starred[0]
        behind = len(targets) - at - 1
        if len(items) < len(targets) - 1:
            raise s.refuse("an assignment of unequal lengths")
        middle = containers.new_list(s, items[at : len(items) - behind])
        items = [*items[:at], middle, *items[len(items) - behind :]]
        targets = [t.value if isinstance(t, Starred) else t for t in targets]
    if len(items) != len(targets):
        raise s.refuse(f"an assignment of {len(items)} items to {len(targets)} targets")
    held = [s.settled(v, "held") if needs_holding(s, v, targets[:k], frame) else v for k, v in enumerate(items)]
    for target, item in zip(targets, held, strict=True):
        if isinstance(target, Name) and isinstance(item, Leaf) and isinstance(item.expr, Name | Const):
            home = frame.home(target.id) or frame
            if s.is_stable(item.expr):  # another name for a part
                s.state.vars[frame_key(home, target.id)] = item
                continue
        bind_target(s, target, item, frame)


def is_flat(kind: Kind, targets: list[Expr]) -> bool:
    """Is it a tuple of numbers and arrays, one for each of the names?"""
    names = {t.id for t in targets if isinstance(t, Name)}
    if not isinstance(kind, Sequence) or kind.is_list or not len(kind.items) == len(names) == len(targets):
        return False
    return not any(isinstance(k, Sequence) for k in kind.items)


def needs_holding(s: Spec, value: Value, before: list[Expr], frame: Frame) -> bool:
    """May binding the targets before it change what the value reads?"""
    if not before or (isinstance(value, Leaf) and s.is_stable(value.expr)):
        return False
    if not isinstance(value, Leaf) or not all(isinstance(t, Name) for t in before):
        return True
    bound = {s.name_of(frame.home(t.id) or frame, t.id) for t in before if isinstance(t, Name)}
    return bool(bound & names(value.expr))


def unpacked_array(s: Spec, value: Leaf, targets: list[Expr], starred: list[int]) -> list[Value] | None:
    """The rows of an array under nested targets; a starred one takes a slice."""
    base = s.held(value, "held").expr
    if not starred:
        return [Leaf(Index(base, Const(k))) for k in range(len(targets))]
    at = starred[0]
    behind = len(targets) - at - 1
    stop: Expr | None = Const(-behind) if behind else None
    rest = Index(base, Slice(Const(at) if at else None, stop, None))
    if isinstance(kind := s.kind(value.expr), Array) and kind.rank is None:  # a list of numbers, or of rows
        raise s.refuse("a starred assignment from an array", "take a slice")
    first = [Leaf(Index(base, Const(k))) for k in range(at)]
    last = [Leaf(Index(base, Const(k - behind))) for k in range(behind)]
    middle = Leaf(Call(builtin_ref("list"), (rest,)))
    return [*first, middle, *last]


def bind_target(s: Spec, target: Expr, value: Value, frame: Frame) -> None:
    match target:
        case Name(id):
            bind(s, id, value, frame)
        case Tuple(items) | List(items):
            unpack(s, list(items), value, frame)
        case Attribute(holder, name):
            held = evaluate(s, holder, frame)
            if not complex_parts.stored(s, held, name, "", value):
                setting.put(s, held, name, value, target, frame=frame)
        case Index(holder, index):
            place = (holder, index)
            found = operands(s, 2, lambda k: evaluate(s, place[k], frame))
            augmented.into(s, found[0], found[1], "", value, target)
        case _:
            raise s.refuse("an assignment to this", "assign to a name")


# -- control --------------------------------------------------------------------------------------


def branch(s: Spec, stmt: If, k: int, frame: Frame) -> None:
    """The arms from the ``k``-th on: those that cannot be taken are gone, the rest stays one chain."""
    arms: list[tuple[Expr | None, Callable[[], Value | None]]] = []
    for n in range(k, len(stmt.arms)):
        arm = stmt.arms[n]
        mark, position = s.mark(), len(s.out)
        test = tested(s, arm.test, frame)
        if arms and len(s.out) > position:  # the condition needs statements: they stand in the else
            s.go_back(mark)
            del s.out[position:]
            arms.append((None, lambda n=n: branch(s, stmt, n, frame)))  # type: ignore[misc]
            break
        truth = truth_of(s, test)
        if truth is False:
            continue
        if truth is True:
            if not arms:
                run(s, arm.body, frame)
                return
            arms.append((None, lambda arm=arm: run(s, arm.body, frame)))  # type: ignore[misc]
            break
        arms.append((materialize(s, test), lambda arm=arm: run(s, arm.body, frame)))  # type: ignore[misc]
    else:
        if not arms:
            run(s, stmt.orelse, frame)
            return
        arms.append((None, lambda: run(s, stmt.orelse, frame)))
    whole = k == 0 and len(arms) == len(stmt.arms) + 1
    meet.branches(s, arms, "", stmt.early and whole)


def over(s: Spec, target: Expr, value: Value, body: Block, frame: Frame) -> None:
    """A loop of the user's."""

    def turn(item: Value) -> None:
        with groups.of_turn(s, item):
            comprehensions.bind_item(s, target, item, frame)
            run(s, body, frame)

    value = protocols.in_parts(s, protocols.iterable(s, value))
    wanted = comprehensions.target_name(s, target, frame, value, bound_in(body))
    iterate.over(s, value, turn, wanted, leaves=paths.has_break(body))


def while_(s: Spec, stmt: While, frame: Frame) -> None:
    """A condition that needs statements is evaluated before the loop and at the end of each turn."""
    mark, position = s.mark(), len(s.out)
    test = tested(s, stmt.test, frame)
    if truth_of(s, test) is False:
        return
    needs = len(s.out) > position
    s.go_back(mark)
    del s.out[position:]
    try:
        while_of_the_core(s, stmt, frame, needs)
    except NotUnrolledError:
        if truth_of(s, test) is None:
            raise
        s.go_back(mark)
        del s.out[position:]
        while_written_out(s, stmt, frame)


def while_written_out(s: Spec, stmt: While, frame: Frame) -> None:
    """Turn by turn, as long as the condition is known: ``while node is not None: node = node.next``."""
    exit_ = LoopExit(start=(s.out, len(s.out)))
    s.exits.append(exit_)
    outer, s.repeated = s.repeated, s.frames
    turns = 0
    try:
        while True:
            truth = truth_of(s, tested(s, stmt.test, frame))
            if truth is False:
                return
            turns += 1
            if truth is None or exit_.going or turns > MOST_UNROLLED:
                raise s.refuse("a while whose turns differ in structure and whose end only the run tells")
            run(s, stmt.body, frame)
    finally:
        s.repeated = outer
        s.exits.pop()


def while_of_the_core(s: Spec, stmt: While, frame: Frame, needs: bool) -> None:
    """``needs``: does the condition need statements?"""
    found: list[Expr] = []
    emitted = [needs]
    mark, position = s.mark(), len(s.out)

    def asked() -> Expr:
        found_here = tested(s, stmt.test, frame)
        truth = truth_of(s, found_here)
        return materialize(s, found_here, stmt.test) if truth is None else Const(truth)

    def turn() -> None:
        found[:] = [asked()]
        emitted[:] = [bool(s.out)]
        run(s, stmt.body, frame)

    if not needs:
        rounds.loop(s, turn, lambda block: While(found[0], block, stmt.origin))
        if not emitted[0]:
            return
        s.go_back(mark)  # it is known before the first turn, and needs statements in the next
        del s.out[position:]
    flag = s.fresh("again")
    s.unstable.add(flag)
    s.assign(flag, asked())
    made, ask_again = lambda block: While(Name(flag), block, stmt.origin), lambda: s.assign(flag, asked())
    rounds.loop(s, lambda: run(s, stmt.body, frame), made, ask_again)


# -- the rest -------------------------------------------------------------------------------------


def define(s: Spec, stmt: Define, frame: Frame) -> None:
    fn: Value = Fn(stmt.function, frame, invoke.defaults_of(s, stmt.function, frame), frame.file)
    for decorator in reversed(stmt.decorators):
        fn = s.call(evaluate(s, decorator, frame), [fn])
    bind(s, stmt.name, fn, frame)


def push(s: Spec, stmt: Push, frame: Frame) -> None:
    holder = variable(s, stmt.list, frame, stmt.value)
    value = evaluate(s, stmt.value, frame)
    if isinstance(holder, Leaf) and isinstance(holder.expr, Name):
        s.emit(Push(holder.expr.id, given_away(s, value), stmt.origin))
        if isinstance(holder.known, Longest):
            collected.dropped(s, holder.expr.id, holder.known, False)
        return
    methods.append(s, holder, value, stmt.value)


def pop(s: Spec, stmt: Pop, frame: Frame) -> None:
    assert stmt.target is not None, "what is popped has a name"
    holder = variable(s, stmt.list, frame, stmt.target)
    if isinstance(holder, Leaf) and isinstance(holder.expr, Name) and isinstance(stmt.target, Name):
        home = frame.home(stmt.target.id) or frame
        own = s.name_of(home, stmt.target.id)
        s.emit(Pop(Name(own), holder.expr.id, stmt.origin))
        s.state.vars[frame_key(home, stmt.target.id)] = Leaf(Name(own))
        return
    if not isinstance(holder, Handle):
        raise s.refuse("pop from this")
    bind_target(s, stmt.target, methods.method(s, holder, "pop", [], [], None), frame)


