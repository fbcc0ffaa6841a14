"""Comprehensions and generators: loops that collect, or the items one by one where they are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tangent_like.ir.nodes import (
    Assign,
    Break,
    Call,
    Clause,
    Comprehension,
    Const,
    Expr,
    Lambda,
    Library,
    List,
    Name,
    Push,
    Ref,
    Tuple,
    Unary,
    Walrus,
)
from tangent_like.ir.walk import names, subexpressions
from tangent_like.specialize import (
    changing,
    columns,
    containers,
    effects,
    generators,
    iterate,
    meet,
    object_lists,
    protocols,
    sets,
    tables,
)
from tangent_like.specialize.every_item import every_item
from tangent_like.specialize.held_twice import given_away
from tangent_like.specialize.spec import MOST_UNROLLED, MOST_WRITTEN_OUT, Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.turns import NotUnrolledError, OnlyTheRun, leave, needs_turns, of_the_core
from tangent_like.specialize.values import (
    Content,
    Frame,
    Lazy,
    Leaf,
    Seq,
    Value,
    is_atomic,
)


def comprehension(s: Spec, expr: Comprehension, frame: Frame, hint: str) -> Value:
    """A list is made; a generator waits for what takes it."""
    inner = scope(s, expr, frame)
    first = protocols.in_parts(s, s.part(expr.clauses[0].iterable, frame))
    lazy = Lazy("generator", (first,), expr, inner)
    if expr.form == "generator":
        return lazy
    if expr.form == "dict":
        if expr in s.facts.dynamic:
            return tables.copied(s, [lazy], [], hint, expr, iterate.over)
        return as_dict(s, lazy, hint)
    if expr.form == "set":
        mark, position = s.mark(), len(s.out)
        found = static(s, lazy, MOST_UNROLLED)
        keys = None if found is None else [containers.constant_key(s, v) for v in found]
        if keys is not None and not any(k is containers.MISSING for k in keys):
            return sets.new(s, keys, hint, expr)
        s.go_back(mark)
        del s.out[position:]
        if not s.facts.tables:
            raise s.refuse("a set comprehension of what only the run tells", "use a list", expr.at)
        s.facts.learn_table(expr)
        table = tables.begin_set(s, [], hint, expr)
        iterate.over(s, lazy, lambda k: tables.put_in(s, table, k))
        return table
    home = frame.home(hint) if hint else None
    # what it was may be read as the new one is made: by name, or by a function of the user's that is called
    read = home is None or hint in names(expr) or (
        s.state.vars.get(frame_key(home, hint)) is not None and calls_users(expr)
    )
    own = "" if read or home is None else s.name_of(home, hint)
    return as_list(s, lazy, hint, own, expr)


def calls_users(expr: Comprehension) -> bool:
    """Is anything called in it that is no function of a library?"""
    parts = [expr.element, *([expr.value] if expr.value is not None else [])]
    parts += [e for clause in expr.clauses for e in (clause.iterable, *clause.conditions)]
    calls = [e for part in parts for e in subexpressions(part) if isinstance(e, Call | Comprehension)]
    return any(calls_users(e) if isinstance(e, Comprehension) else not is_plain(e) for e in calls)


def is_plain(call: Call) -> bool:
    """A function of a library, given no function to call."""
    target = call.func.target if isinstance(call.func, Ref) else None
    given = (*call.args, *(v for _, v in call.keywords))
    if not isinstance(target, Library) or target.qualname in ("map", "filter", "reduce"):
        return False
    return not any(isinstance(e, Lambda) for e in given) and all(n != "key" for n, _ in call.keywords)


def scope(s: Spec, expr: Comprehension, frame: Frame) -> Frame:
    """The names that a comprehension binds are its own."""
    s.frames += 1
    return Frame(s.frames, frame.function, frame, frame.file, expr.names, expr.names)


def run(s: Spec, value: Lazy, turn: iterate.Turn, written_out: int = 0, going: str = "") -> None:
    """Emit the loops of a generator, ``turn`` with the element inside of them, until ``going`` is set to False."""
    if value.comprehension is None:
        generators.run(s, value, turn, written_out, going)
        return
    expr, frame = value.comprehension, value.frame
    assert frame is not None

    def clause(k: int) -> None:
        if k == len(expr.clauses):
            element = s.part(expr.element, frame)
            if expr.value is not None:
                element = Seq((element, s.part(expr.value, frame)))
            with generators.leaving(s, going):
                turn(element)
            return
        one: Clause = expr.clauses[k]
        iterable = protocols.iterable(s, value.parts[0] if k == 0 else s.part(one.iterable, frame))

        def inside(item: Value) -> None:
            bind_item(s, one.target, item, frame)
            conditions(list(one.conditions), k)
            if going:
                meet.branches(s, [(Unary("not", Name(going)), lambda: leave(s, Break(s.origin)))])

        iterate.over(s, iterable, inside, target_name(s, one.target, frame, iterable), written_out, bool(going))

    def conditions(tests: list[Expr], k: int) -> None:
        if not tests:
            clause(k + 1)
            return
        test = s.evaluate(tests[0], frame)
        truth = s.tools.truth(s, test)
        if truth is not None:
            if truth:
                conditions(tests[1:], k)
            return
        if written_out:
            raise OnlyTheRun
        meet.branches(s, [(s.materialize(test), lambda: conditions(tests[1:], k))])

    clause(0)


def target_name(s: Spec, target: Expr, frame: Frame, value: Value | None = None, bound: Iterable[str] = ()) -> str:
    """The variable of the core that a loop may go by: ``i`` of ``for i, x in enumerate(xs)``, if nothing binds it."""
    if isinstance(target, Tuple) and isinstance(value, Lazy) and value.form == "enumerate" and len(value.parts) == 1:
        number = target.items[0]
        return target_name(s, number, frame) if isinstance(number, Name) and number.id not in bound else ""
    return s.name_of(frame.home(target.id) or frame, target.id) if isinstance(target, Name) else ""


def bind_item(s: Spec, target: Expr, item: Value, frame: Frame) -> None:
    """The item of a turn under its name: the variable of the loop itself where that is what it is."""
    if isinstance(target, Tuple) and isinstance(item, Seq) and len(target.items) == len(item.items):
        number = target.items[0]
        if isinstance(number, Name) and is_own(item.items[0], target_name(s, number, frame)):
            for one, part in zip(target.items, item.items, strict=True):
                bind_item(s, one, part, frame)
            return
    if isinstance(target, Name):
        home = frame.home(target.id) or frame
        plain = isinstance(item, Leaf) and not isinstance(item.expr, Ref) and is_atomic(item.expr)
        if is_own(item, s.name_of(home, target.id)) or (plain and isinstance(item, Leaf) and s.is_stable(item.expr)):
            s.state.vars[frame_key(home, target.id)] = item
            return
    s.tools.bind_target(s, target, item, frame)


def is_own(item: Value, name: str) -> bool:
    return isinstance(item, Leaf) and isinstance(item.expr, Name) and item.expr.id == name


def static(s: Spec, value: Lazy, most: int = MOST_WRITTEN_OUT) -> list[Value] | None:
    """The elements, where the loops are over what is known item by item and conditions are decided.

    ``most``: so many turns of a range at most; as many as the call at hand has, if more than a few may be.
    """
    mark, position = s.mark(), len(s.out)
    found: list[Value] = []
    if most <= MOST_WRITTEN_OUT and iterate.is_range(value.parts[0]):
        return None
    s.collecting.append(found)
    try:
        run(s, value, lambda v: found.append(s.settled(v, "item")), most)
    except OnlyTheRun:
        s.go_back(mark)
        del s.out[position:]
        return None
    finally:
        s.collecting.pop()
    return found


def as_list(s: Spec, value: Value, hint: str, own: str = "", site: object = None) -> Value:
    """What an iterable gives as a list: known item by item, or made by a loop of the core."""
    if site in s.facts.objects:
        return object_lists.collected(s, value, hint, site, iterate.over)
    if isinstance(value, Lazy) and site not in s.facts.dynamic:
        found = static(s, value) if value.form == "generator" else containers.static_items(s, value)
        if found is not None:
            return containers.new_list(s, found, hint, site)
    mark, position = s.mark(), len(s.out)
    name = own or s.fresh(hint or "items")
    s.emit(Assign((name,), (List(()),), s.origin))

    def turn(item: Value) -> None:
        if not of_the_core(s, item):
            what = "a list of objects whose number only the run tells"
            error = needs_turns(s, what, "make an array of what they hold")
            made = Content("list", (), site=site)
            raise object_lists.told(s, error, [made], [item])
        s.emit(Push(name, given_away(s, item), s.origin))

    try:
        iterate.over(s, value, turn)
    except NotUnrolledError:
        s.go_back(mark)
        del s.out[position:]
        found = every_item(s, value)
        if found is None:
            raise
        return containers.new_list(s, found, hint, site)
    return Leaf(Name(name))


def as_dict(s: Spec, value: Lazy, hint: str) -> Value:
    found = static(s, value, MOST_UNROLLED)
    table: dict[object, Value] = {}
    for pair in found or ():
        assert isinstance(pair, Seq)
        key = containers.constant_key(s, pair.items[0])
        if key is containers.MISSING:
            found = None
            break
        table[key] = pair.items[1]
    if found is None:
        if s.facts.tables:
            s.facts.learn_table(value.comprehension)
        raise s.refuse("a dict comprehension with keys that only the run tells", "use constant keys")
    return s.allocate(Content("dict", tuple(table.items()), None, hint, value.comprehension))


def fold(s: Spec, function: Value, iterable: Value, start: Value | None, hint: str) -> Value:
    """``reduce`` over what only the run tells the length of: a loop that hands on the total."""
    if start is None:
        if isinstance(iterable, Leaf):
            iterable = s.settled(iterable, "items")  # its first item is read, and a part of it
        column = columns.columns(s, iterable)
        start = s.settled(column.item(Const(0)), hint or "total")
        name = s.fresh(hint or "total")
        s.assign(name, s.materialize(start))
        s.unstable.add(name)
        whole = s.materialize(iterable)
        from tangent_like.ir.nodes import Index, Slice

        iterable = Leaf(Index(whole, Slice(Const(1), None, None)))
    else:
        name = s.fresh(hint or "total")
        s.assign(name, s.materialize(start))
        s.unstable.add(name)

    def turn(item: Value) -> None:
        s.assign(name, s.materialize(s.call(function, [Leaf(Name(name)), item])))

    iterate.over(s, iterable, turn)
    return Leaf(Name(name))


def quantified(s: Spec, name: str, value: Lazy) -> Value:
    """``any`` and ``all`` of a generator: a loop that keeps the answer, and is left with it where turns do more."""
    found = s.fresh("found" if name == "any" else "holds")
    s.unstable.add(found)
    s.assign(found, Const(name == "all"))
    mark, position, kinds, heap = s.mark(), len(s.out), dict(s.state.kinds), dict(s.state.heap)
    changed: list[bool] = []  # asked in each turn: two may undo each other
    seen = lambda: changed.append(effects.changed(s, heap, position))
    answered(s, name, value, found, generators.runs_one(value) or binds_outside(value), seen)
    kinds.pop(found)
    if any(changed) or effects.does_more(s, position, kinds, heap) or changing.has_effects(s, position):
        s.go_back(mark)
        del s.out[position:]
        answered(s, name, value, found, True, lambda: None)
    return Leaf(Name(found))


def binds_outside(value: Lazy) -> bool:
    """Is there a ``:=`` in it, whose name is read after it?"""
    written = value.comprehension
    if written is None:
        return False
    conditions = (test for clause in written.clauses for test in clause.conditions)
    return any(isinstance(e, Walrus) for top in (written.element, *conditions) for e in subexpressions(top))


def answered(s: Spec, name: str, value: Lazy, found: str, leaves: bool, seen: Callable[[], None]) -> None:
    def told() -> None:
        s.assign(found, Const(name == "any"))
        if leaves:
            leave(s, Break(s.origin))

    def turn(item: Value) -> None:
        seen()
        truth = s.tools.truth(s, item)
        if truth is not None:
            if truth == (name == "any"):
                told()
            return
        test = s.materialize(item)
        condition: Expr = test if name == "any" else Unary("not", test)
        meet.branches(s, [(condition, told)])

    iterate.over(s, value, turn, leaves=leaves)
