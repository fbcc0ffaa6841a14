"""``solve_ivp`` of SciPy, said by solvers of the runtime.

Before                                                  After

    sol = solve_ivp(f, (0.0, t1), y0, t_eval=ts)            y = trajectory(motion, rows)[1:, :-1].T
    sol = solve_ivp(f, (0.0, t1), y0, events=hit)           rows = stepped(motion, ends, marks=..., event0=hit)
                                                            ...the last row moved to where hit is 0
    sol.sol(ts)                                             trajectory(motion, rows, dense=True)[1:, :-1].T

Its steps stay where they are: the times between both ends are constants, that of an event is a root of the event.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    Index,
    Library,
    Ref,
    Slice,
    Tuple,
    UserFunction,
)
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.rules import flows
from tangent_like.rules.solutions import CUT, SOLUTIONS
from tangent_like.runtime.trajectories import each_at_event, ended_at_event
from tangent_like.specialize import containers
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.said_of_events import binds_of, blocks_of, constant, defines, name_there, said_before_use
from tangent_like.specialize.scipy_calls import (
    Given,
    functions,
    in_place,
    needed,
    options,
    params,
    vector,
)
from tangent_like.specialize.scipy_integrals import moving, times
from tangent_like.specialize.solutions import calling, solved
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Bound, Fn, Keywords, Leaf, Partial, Seq, Value, none, of_rules

SOLVE_IVP = ("method", "rtol", "atol", "max_step", "first_step", "min_step", "lband", "uband")
STATES = Tuple((Slice(None, None, None), Slice(None, Const(-1), None)))
BEHIND = Tuple((Slice(Const(1), None, None), Slice(None, Const(-1), None)))


class Solved(NamedTuple):
    """What of the result of ``solve_ivp`` has a derivative."""

    t: Any
    y: Any
    success: Any
    t_events: Any
    y_events: Any
    sol: Any


class Event(NamedTuple):
    function: Value
    terminal: bool
    direction: float


def solve_ivp(s: Spec, name: str, given: Given, expr: Expr | None) -> Value:
    at = getattr(expr, "at", None)
    span, y0 = needed(s, name, given, "t_span", expr), vector(s, needed(s, name, given, "y0", expr))
    items = containers.static_items(s, span) if not isinstance(span, Leaf) else None
    both = items or [Leaf(Index(s.materialize(span), Const(k))) for k in range(2)]
    if len(both) != 2:
        raise s.refuse(f"{name} without both ends of t_span", "t_span=(t0, t1)", at)
    first, end = (s.in_names(v, n) for v, n in zip(both, ("t0", "t1"), strict=True))
    events = [event_of(s, v, at) for v in asked_events(s, given)]
    marks = Const(" ".join(f"{e.direction:+g}{'!' if e.terminal else ''}" for e in events))
    of_event = of_rules(flows.of_event)
    happen: Keywords = [(f"event{k}", Partial(of_event, (e.function,), ())) for k, e in enumerate(events)]
    more: Keywords = [*([("marks", Leaf(marks, marks.value))] if events else []), *options(s, given, *SOLVE_IVP)]
    motion = Partial(of_rules(flows.of_row), (given["fun"],), ())
    jac: Keywords = [(n, Partial(of_rules(flows.of_row), (f,), ())) for n, f in functions(s, name, given, expr, "jac")]
    behind = params(given)

    def from_(*ts: Value) -> Value:
        every = times(s, Leaf(np_call("array", Tuple(tuple(s.materialize(t) for t in ts)))))
        return s.in_names(s.call(in_place(s, flows.rows_from), [y0, Leaf(every)]), "start")

    def steps(start: Value, asked: object, rule: Any = SOLUTIONS["stepped"], own: Keywords | None = None) -> Value:
        which = [] if asked == "steps" else [("asked", Leaf(Const(asked), asked))]
        args = [motion, start, *behind]
        return s.in_names(solved(s, rule, args, [*which, *(own or []), *more], expr, [*jac, *happen]), "rows")

    def gone_on(rows: Value) -> Value:
        """The rows, of which the last may be a terminal event's."""
        ending = [f for (_, f), e in zip(happen, events, strict=True) if e.terminal]
        if not ending:
            return rows
        g = ending[0]
        for other in ending[1:]:
            g = Partial(of_rules(flows.nearer), (g, other), ())
        return s.in_names(s.call(in_place(s, ended_at_event), [motion, g, rows, end, *behind]), "rows")

    ends = from_(first, end) if events or "t_eval" not in given else None
    if "t_eval" not in given:
        assert ends is not None
        rows = gone_on(steps(ends, "steps"))
        t, y = column(s, rows), transposed(s, rows, STATES)
    else:
        t = Leaf(times(s, needed(s, name, given, "t_eval", expr)))
        every = times(s, Leaf(np_call("append", s.materialize(first), t.expr)))
        if any(e.terminal for e in events):
            start = s.in_names(s.call(in_place(s, flows.rows_from), [y0, Leaf(every)]), "start")
            rows = steps(start, "times", CUT, [("end", end)])
            t = column(s, rows, BEHIND.items[0])
        else:
            own: Keywords = [("solver", Leaf(Const(name), name)), ("end", end), *options(s, given, *SOLVE_IVP)]
            slopes = functions(s, name, given, expr, "jac")
            rows = Leaf(moving(s, given["fun"], y0, every, own, slopes, given, expr))
        y = transposed(s, rows, BEHIND)
    each_t, each_y = [], []
    for k, event in enumerate(events):
        assert ends is not None
        if event.terminal and "t_eval" not in given and sum(e.terminal for e in events) == 1:
            place = Slice(Binary("-", length(rows), happened(s, rows, end)), None, None)
            each_t.append(Leaf(Index(s.materialize(rows), Tuple((place, Const(-1))))))
            each_y.append(Leaf(Index(s.materialize(rows), Tuple((place, Slice(None, Const(-1), None))))))
            continue
        found = s.call(in_place(s, each_at_event), [motion, happen[k][1], steps(ends, k), *behind])
        found = s.in_names(found, "events")
        each_t.append(column(s, found))
        each_y.append(Leaf(Index(s.materialize(found), STATES)))
    read: Value = none()
    if "dense_output" in given:
        dense: Keywords = [("dense", Leaf(Const("many"), "many")), *more]
        read = between(s, motion, from_(first, end), dense, expr, jac, happen, behind)
    happened_ = (Seq(tuple(each_t)), Seq(tuple(each_y))) if events else (none(), none())
    return Seq((t, y, Leaf(Const(True), True), *happened_, read), ClassInfo(Solved))


def column(s: Spec, rows: Value, which: Expr = STATES.items[0]) -> Leaf:
    return Leaf(np_call("copy", Index(s.materialize(rows), Tuple((which, Const(-1))))))


def transposed(s: Spec, rows: Value, which: Expr) -> Value:
    return s.in_names(Leaf(np_call("copy", Attribute(Index(s.materialize(rows), which), "T"))), "y")


def length(rows: Value) -> Expr:
    assert isinstance(rows, Leaf)
    target = Library("builtins", "len", len)
    return Call(Ref("len", target, None, target), (rows.expr,))


def happened(s: Spec, rows: Value, end: Value) -> Expr:
    """1 where the last row is an event's, else 0."""
    last = Index(s.materialize(rows), Tuple((Const(-1), Const(-1))))
    target = Library("builtins", "int", int)
    return Call(Ref("int", target, None, target), (Compare(last, ("!=",), (s.materialize(end),)),))


# -- events --


def asked_events(s: Spec, given: Given) -> list[Value]:
    found = given.get("events")
    if found is None:
        return []
    items = containers.static_items(s, found) if not isinstance(found, Leaf | Fn | Partial) else None
    return [found] if items is None else list(items)


def event_of(s: Spec, value: Value, at: tuple[int, int] | None) -> Event:
    """An event, with the attributes that say what it does."""
    terminal, direction = attribute(s, value, "terminal", at), attribute(s, value, "direction", at)
    if terminal not in (None, False, True, 0, 1):
        raise s.refuse("an event that ends when it happens for another time than the first", "terminal = True", at)
    if not isinstance(direction, int | float | None):
        raise s.refuse("this direction of an event", "write a number", at)
    return Event(value, bool(terminal), float(direction or 0.0))


def attribute(s: Spec, value: Value, name: str, at: tuple[int, int] | None) -> object:
    """What the program says of an event: where it defines it, or in its module. None where it says nothing."""
    match value:
        case Fn(frame=frame) if frame is not None:
            own = name_there(value)
            said = binds_of(frame.function.body, own, name)
            if not said:
                return None
            body = frame.function.body
            block = next((b for b in blocks_of(body) if defines(b, own)), None)
            behind = len(said) == 1 and block is not None and said_before_use(body, block, said[0], own)
            found = constant(said[0].value) if behind else None
            if found is not None:
                return found[0]
            raise s.refuse(f"this {name} of an event", "write a constant, right behind the function", at)
        case (
            Leaf(Ref(target=UserFunction(source=source)))
            | Fn(target=UserFunction(source=source))
            | Bound(Fn(target=UserFunction(source=source)))
        ) if callable(source):
            s.reads.append((lambda: getattr(source, name, None), getattr(source, name, None)))
            return getattr(source, name, None)
        case _:
            raise s.refuse("an event that is no function of the module, a class or this one", "write a def", at)


# -- between the rows --


def between(
    s: Spec,
    motion: Value,
    start: Value,
    more: Keywords,
    expr: Expr | None,
    jac: Keywords,
    happen: Keywords,
    behind: list[Value],
) -> Value:
    """``sol.sol``, to be called: what it depends on is held as it is now."""
    assert isinstance(start, Leaf)
    ends = s.held(start, "ends")
    own: Keywords = [("solver", Leaf(Const("solve_ivp"), "solve_ivp")), *more]
    own = [*own, ("end", Leaf(Index(s.materialize(ends), Tuple((Const(-1), Const(-1))))))]
    call, passed = calling(s, SOLUTIONS["trajectory"], [motion, ends, *behind], own, expr, [*jac, *happen])
    held = tuple(s.held(as_now(s, e), "given") for e in passed[1:])
    words = ((n, Leaf(e) if isinstance(e, Ref) else s.held(Leaf(e), n)) for n, e in call.keywords)
    named = tuple(Seq((Leaf(Const(n), n), v)) for n, v in words)
    target = Library("tangent_like", "read_between", None)
    pieces = (Leaf(call.func), Leaf(call.args[0]), Seq(named), ends, Seq(held))
    return Partial(Leaf(Ref("read_between", target, None, target)), pieces, ())


def as_now(s: Spec, expr: Expr) -> Leaf:
    kind = s.kind(expr)
    return Leaf(expr if isinstance(kind, Scalar) or not isinstance(kind, Array) else np_call("copy", expr))


def read_between(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``sol.sol(t)``: a state, or one in each column."""
    del hint
    at = getattr(expr, "at", None)
    if keywords or len(args) != 6:
        raise s.refuse("this call of a solution", "pass the times alone", at)
    function, motion, named, ends, held, asked = args
    assert isinstance(function, Leaf) and isinstance(motion, Leaf) and isinstance(named, Seq) and isinstance(held, Seq)
    first, last = (Index(s.materialize(ends), Tuple((Const(k), Const(-1)))) for k in (0, -1))
    asked = s.in_names(asked if isinstance(asked, Leaf) else Leaf(np_call("array", s.materialize(asked))), "times")
    assert isinstance(asked, Leaf)
    kind = s.kind(asked.expr)
    one = isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.rank == 0)
    if not one and not (isinstance(kind, Array) and kind.rank == 1):
        raise s.refuse("a solution at what is not known to be a number or a vector", "annotate it", at)
    ts, back = asked, None
    if not one:  # one after the other
        along = Binary("*", Binary("-", asked.expr, first), Binary("-", last, first))
        order = s.in_names(Leaf(np_call("argsort", along)), "order")
        assert isinstance(order, Leaf)
        ts, back = Leaf(Index(asked.expr, order.expr)), np_call("argsort", order.expr)
    every = s.in_names(Leaf(np_call("append", first, ts.expr)), "t")
    y0 = Index(s.materialize(ends), Tuple((Const(0), Slice(None, Const(-1), None))))
    start = s.in_names(s.call(in_place(s, flows.rows_from), [Leaf(y0), every]), "start")
    words = [v.items for v in named.items if isinstance(v, Seq)]
    pairs = tuple((str(getattr(n, "known", "")), s.materialize(v)) for n, v in words)
    if one:
        pairs = tuple((n, Const("one") if n == "dense" else e) for n, e in pairs)
    passed = (motion.expr, s.materialize(start), *(s.materialize(v) for v in held.items))
    rows = s.in_names(Leaf(Call(function.expr, passed, pairs, at)), "rows")
    if one:
        return Leaf(np_call("copy", Index(s.materialize(rows), Tuple((Const(1), Slice(None, Const(-1), None))))))
    assert back is not None
    there = Index(Index(s.materialize(rows), BEHIND), back)
    return Leaf(np_call("copy", Attribute(there, "T")))
