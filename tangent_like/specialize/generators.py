"""Functions that yield: their bodies stand where what they give is taken, the turn in place of each ``yield``.

Before                                       After

    def times(n, h):
        for k in range(n):
            yield k * h

    for t in times(n, h):                        for k in range(n):
        y = y + h * f(t, y)                          t = k * h
                                                     y = y + h * f(t, y)

So both run by turns, as in Python, and each sees what the other has written. ``frontend.lower`` makes a condition of
each ``yield``: ``if (yield)(k * h): return``, which holds once the loop around has been left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.frontend.resolve import FileScope
from tangent_like.ir.nodes import (
    Binary,
    Block,
    Compare,
    Const,
    Expr,
    Function,
    Name,
    Push,
    Try,
    Unary,
    UserFunction,
    With,
)
from tangent_like.ir.walk import bound_in, names, reads, statements
from tangent_like.ir.walk import key as text_key
from tangent_like.ir.yields import YIELD, is_yield, yields
from tangent_like.specialize import changing, effects, meet
from tangent_like.specialize.columns import columns
from tangent_like.specialize.spec import LoopExit, Spec
from tangent_like.specialize.state import leaves_in
from tangent_like.specialize.turns import OnlyTheRun
from tangent_like.specialize.values import UNSET, Fn, Given, Keywords, Lazy, Leaf, Seq, Value, is_none

Turn = Callable[[Value], None]
IS_GENERATOR = 0x20  # of the flags of a code object


def is_generator(function: Function) -> bool:
    return YIELD in function.own


def refuse_generator(function: Function) -> None:
    """Only what takes its items can be differentiated."""
    if is_generator(function):
        place = place_of(function.origin)
        raise UnsupportedError("a generator is not differentiated", place, "return a list or an array")


def calls_generator(s: Spec, target: UserFunction) -> bool:
    """Is it a function that yields, which a call only begins?"""
    if isinstance(target.source, FileScope):
        return is_generator(s.library.read(target, s.place()))
    code = getattr(target.source, "__code__", None)
    return code is not None and bool(code.co_flags & IS_GENERATOR)


def begun(s: Spec, fn: Fn, args: list[Value], keywords: Keywords) -> Lazy:
    """What a call gives: nothing has run, but what it is given is what it is now."""
    given = [s.settled(v, "given") for v in args]
    named = tuple(Seq((Leaf(Const(n), n), s.settled(v, n))) for n, v in keywords)
    return Lazy("generator", (fn, Seq(tuple(given)), *named))


def is_begun(value: Value) -> bool:
    return isinstance(value, Lazy) and value.form == "generator" and value.comprehension is None


def run(s: Spec, value: Lazy, turn: Turn, written_out: int = 0, going: str = "", around: bool = False) -> None:
    """Emit the body, ``turn`` with each item in it; ``going`` is a variable that a turn may set to False, to leave.

    ``around``: of a context, whose exceptions go through it.
    """
    fn, given = value.parts[:2]
    assert isinstance(fn, Fn) and isinstance(given, Seq)
    if not around and stands_in(fn.function.body, (Try, With)):
        raise s.refuse("a yield inside of try or with", "yield behind it")
    out = s.out

    def item(found: Value) -> Value:
        if written_out and s.out is not out:
            raise OnlyTheRun
        with leaving(s, going):
            turn(found)
        return Leaf(Unary("not", Name(going))) if going else Leaf(Const(False), False)

    keywords = [(str(p.items[0].known), p.items[1]) for p in value.parts[2:] if isinstance(p, Seq)]  # type: ignore[union-attr]
    s.tools.inline(s, fn, list(given.items), keywords, "", Given(item))


def stands_in(block: Block, kinds: tuple[type, ...]) -> bool:
    """Does a ``yield`` stand in a statement of these kinds?"""
    return any(isinstance(stmt, kinds) and yields((stmt,)) for stmt in statements(block))


@contextmanager
def leaving(s: Spec, going: str) -> Iterator[None]:
    """A turn of loops that are not left at once: a ``break`` in it sets ``going`` to False."""
    if not going:
        yield
        return
    s.exits.append(LoopExit(start=(s.out, len(s.out)), going=going))
    try:
        yield
    finally:
        s.exits.pop()


def flag(s: Spec) -> str:
    """A variable that says that the loop goes on."""
    going = s.fresh("going")
    s.unstable.add(going)
    s.assign(going, Const(True))
    return going


# -- what goes through them -------------------------------------------------------------------------


def goes_through(value: Value) -> bool:
    """Does it take its items, one by one and no sooner, of a function that yields?"""
    match value:
        case Lazy("enumerate" | "iter" | "islice", (source, *_)) | Lazy("takewhile", (_, source)):
            return is_begun(source) or goes_through(source)
        case Lazy("map", (_, source)):
            return is_begun(source) or goes_through(source)
        case Lazy("zip", parts):
            return any(is_begun(p) or goes_through(p) for p in parts)
        case _:
            return False


def runs_one(value: Value) -> bool:
    """Does a function that yields run, somewhere inside, as its items are taken?"""
    return is_begun(value) or (isinstance(value, Lazy) and any(map(runs_one, value.parts)))


def inside(value: Value) -> list[Lazy]:
    """What runs code of the user's as its items are taken."""
    if not isinstance(value, Lazy):
        return []
    if value.form in ("generator", *ASKING) or (value.form == "accumulate" and not is_none(value.parts[1])):
        return [value]
    return [g for p in value.parts for g in inside(p)]


ASKING = ("filter", "filterfalse", "takewhile", "dropwhile")


def ahead(value: Value) -> list[Lazy]:
    """What of it a loop runs to its end before the first turn."""
    match value:
        case Lazy("generator"):
            return []
        case Lazy("starmap" | "filter" | "filterfalse" | "takewhile" | "dropwhile", (_, source)):
            return ahead(source)
        case Lazy("iter", (source,)):
            return ahead(source)
        case _:
            return inside(value)


def over(s: Spec, value: Value, turn: Turn, written_out: int = 0, going: str = "") -> None:
    """A loop over what such a function gives, or over what goes through it, until ``going`` is set to False."""
    if written_out and not is_begun(value):
        raise OnlyTheRun
    match value:
        case Lazy("generator"):
            s.tools.generate(s, value, turn, written_out, going)
        case Lazy("iter", (source,)):
            over(s, source, turn, 0, going)
        case Lazy("enumerate", (source, *first)):
            number = counter(s, first[0] if first else Leaf(Const(0), 0), "k")

            def numbered(item: Value) -> None:
                place = s.fresh("place")
                s.assign(place, Name(number))
                s.assign(number, Binary("+", Name(number), Const(1)))
                turn(Seq((Leaf(Name(place)), item)))

            over(s, source, numbered, 0, going)
        case Lazy("map", (function, source)):
            over(s, source, lambda item: turn(s.call(function, [item])), 0, going)
        case Lazy("takewhile", (function, source)):
            leads(s, function, source, turn, going or flag(s))
        case Lazy("islice", (source, *bounds)):
            sliced(s, source, bounds, turn, going or flag(s))
        case Lazy("zip", parts):
            zipped(s, list(parts), turn, going or flag(s))
        case _:
            what = "a loop over this, which reads a generator before its turns change what that reads,"
            raise s.refuse(what, "make a list of what the generator gives")


def leads(s: Spec, function: Value, source: Value, turn: Turn, going: str) -> None:
    """``takewhile(f, it)``: nothing is asked for behind the first item that ``f`` is false of."""

    def one(item: Value) -> None:
        held = s.settled(item, "item")
        test = s.materialize(s.call(function, [held]))
        meet.branches(s, [(test, lambda: turn(held)), (None, lambda: s.assign(going, Const(False)))])

    over(s, source, one, 0, going)


def counter(s: Spec, first: Value, wanted: str) -> str:
    number = s.fresh(wanted)
    s.unstable.add(number)
    s.assign(number, s.materialize(first))
    return number


def ended(s: Spec, going: str, test: Expr) -> None:
    meet.branches(s, [(test, lambda: s.assign(going, Const(False)))])


def only_if(s: Spec, first: Expr, op: str, second: Expr, what: Callable[[], None]) -> None:
    """What happens if the one number is so to the other."""
    if isinstance(first, Const) and isinstance(second, Const):
        if (first.value < second.value) == (op == "<"):  # type: ignore[operator]
            what()
        return
    meet.branches(s, [(Compare(first, (op,), (second,)), what)])


def sliced(s: Spec, source: Value, bounds: list[Value], turn: Turn, going: str) -> None:
    """``islice(it, stop)``: what lies behind is never asked for."""
    start, stop = (Leaf(Const(0), 0), bounds[0]) if len(bounds) == 1 else bounds[:2]
    if len(bounds) > 2 or is_none(stop) or is_none(start):
        raise s.refuse("itertools.islice without an end, or in steps, of a function that yields", "write the loop out")
    first = s.materialize(s.settled(start, "start"))
    last = s.materialize(s.settled(stop, "stop"))
    number = counter(s, Leaf(Const(0), 0), "taken")

    def one(item: Value) -> None:
        if isinstance(first, Const) and first.value == 0:
            turn(item)
        else:
            only_if(s, Name(number), ">=", first, lambda: turn(item))
        s.assign(number, Binary("+", Name(number), Const(1)))
        ended(s, going, Compare(Name(number), (">=",), (last,)))

    only_if(s, Const(0), "<", last, lambda: over(s, source, one, 0, going))


def zipped(s: Spec, parts: list[Value], turn: Turn, going: str) -> None:
    """``zip(it, xs)``: one of each, as long as there are, asked in order."""
    at = [k for k, p in enumerate(parts) if inside(p)]
    if len(at) > 1:
        raise s.refuse("zip of several generators", "make lists of what all but one give")
    others = {k: columns(s, s.settled(p, "items")) for k, p in enumerate(parts) if k != at[0]}
    number = counter(s, Leaf(Const(0), 0), "k")
    before = [c.count for k, c in others.items() if k < at[0] and c.count is not None]
    behind = [c.count for k, c in others.items() if k > at[0] and c.count is not None]
    counts = [s.materialize(s.settled(Leaf(c), "count")) for c in (*before, *behind)]

    def one(item: Value) -> None:
        place = s.fresh("place")
        s.assign(place, Name(number))
        s.assign(number, Binary("+", Name(number), Const(1)))

        def row() -> None:
            turn(Seq(tuple(item if k == at[0] else others[k].item(Name(place)) for k in range(len(parts)))))
            for count in counts[: len(before)]:
                ended(s, going, Compare(Name(number), (">=",), (count,)))

        def there(left: list[Expr]) -> None:
            if not left:
                row()
                return
            test = Compare(Name(place), ("<",), (left[0],))
            meet.branches(
                s, [(test, lambda: there(left[1:])), (None, lambda: s.assign(going, Const(False)))]
            )

        there(counts[len(before) :])

    def begin(left: list[Expr]) -> None:
        if not left:
            over(s, parts[at[0]], one, 0, going)
            return
        only_if(s, Const(0), "<", left[0], lambda: begin(left[1:]))

    begin(counts[: len(before)])


# -- generators that are read before the turns -------------------------------------------------------


def careful(s: Spec, value: Value, turn: Turn, eager: Callable[[], None], leaves: bool) -> None:
    """A loop that reads generators before its turns; by turns, where these change what the generators read."""
    mark, position = s.mark(), len(s.out)
    own = read_by(s, ahead(value))
    kinds, before = dict(s.state.kinds), s.state.copy()
    eager()
    made = tuple(s.out[position:])
    collected = {stmt.list for stmt in statements(made) if isinstance(stmt, Push)} - own  # the items, by whoever asks
    kinds = {n: k for n, k in kinds.items() if n not in collected}
    other = any(other_constant(v, s.state.vars.get(k)) for k, v in before.vars.items())
    if other or own & bound_in(made) or changing.may_change(made, kinds):
        pass
    elif not effects.changed(s, before.heap, position):
        return
    s.go_back(mark)
    del s.out[position:]
    over(s, value, turn, 0, flag(s) if leaves else "")


def read_by(s: Spec, found: list[Lazy]) -> set[str]:
    """The variables that generators read, apart from their own."""
    mark, position = s.mark(), len(s.out)
    given: list[Expr] = []
    outer, s.probing = s.probing, True
    try:
        for one in found:
            if one.form != "generator":
                s.tools.as_list(s, one, "items")
                continue
            s.tools.generate(s, one, lambda item: given.extend(leaf.expr for leaf in leaves_in(item, {})), 0, "")
        made = tuple(s.out[position:])
    finally:
        s.probing = outer
        s.go_back(mark)
        del s.out[position:]
    read = {n for stmt in statements(made) for n in reads(stmt)} | {n for e in given for n in names(e)}
    return read - bound_in(made)


def other_constant(old: Value, new: Value | None) -> bool:
    """Was it known, and is something else now?"""
    if not isinstance(old, Leaf) or (old.known is UNSET and not isinstance(old.expr, Const)):
        return False
    return new is not old and not (isinstance(new, Leaf) and text_key(new.expr) == text_key(old.expr))


def one_yield(function: Function) -> bool:
    """Does every way through it come by one ``yield``, once?"""
    plain: list[Block] = [function.body]
    found = 0
    while plain:
        for stmt in plain.pop():
            if is_yield(stmt):
                found += 1
            elif isinstance(stmt, Try) and not stmt.handlers:
                plain.extend((stmt.body, stmt.orelse, stmt.final))
            elif isinstance(stmt, With):
                plain.append(stmt.body)
    return found == 1 == sum(map(is_yield, statements(function.body)))


