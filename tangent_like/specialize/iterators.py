"""``itertools``, ``np.ndindex`` and ``np.ndenumerate``: what they iterate over, in the order that they have.

Before                                      After

    for i, j in itertools.product(a, b):        for i in a:
        s += f(i, j)                                for j in b:
                                                        s += f(i, j)
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Assign, Attribute, Binary, Const, Expr, Index, List, Name, Push, Slice, Tuple, While
from tangent_like.kinds.kind import INT, Array, Scalar
from tangent_like.specialize import containers, rounds
from tangent_like.specialize.columns import columns, plus
from tangent_like.specialize.spec import MOST_UNROLLED, Spec
from tangent_like.specialize.turns import needs_turns, of_the_core
from tangent_like.specialize.values import Lazy, Leaf, Seq, Value, is_none

Turn = Callable[[Value], None]
Over = Callable[[Value, Turn], None]

FORMS = frozenset({
    "product", "chain", "combinations", "permutations", "with_replacement", "pairwise", "longest", "starmap", "repeat",
    "islice", "count", "cycle", "accumulate", "ndenumerate",
})  # fmt: skip
NESTED = frozenset({"product", "combinations", "chain", "ndenumerate"})


def items(s: Spec, value: Lazy) -> list[Value] | None:
    """The items, where those of what it is made of are known one by one."""
    form, parts = value.form, value.parts
    if form == "starmap":
        rows = containers.static_items(s, parts[1])
        spread = None if rows is None else [containers.sequence(s, row) for row in rows]
        if spread is None or any(row is None for row in spread):
            return None
        return [s.call(parts[0], list(row)) for row in spread if row is not None]
    if form in ("combinations", "permutations", "with_replacement"):
        found = containers.static_items(s, parts[0])
        count = containers.known_int(parts[1]) if len(parts) > 1 else None if found is None else len(found)
        if found is None or count is None:
            return None
        makers = {
            "combinations": itertools.combinations,
            "permutations": itertools.permutations,
            "with_replacement": itertools.combinations_with_replacement,
        }
        return few(Seq(row) for row in makers[form](found, count))
    if form == "repeat":
        count = containers.known_int(parts[1]) if len(parts) > 1 else None
        return None if count is None else [parts[0]] * count
    if form == "islice":
        inner = containers.static_items(s, parts[0]) if not is_endless(parts[0]) else None
        bounds = [None if is_none(p) else containers.known_int(p) for p in parts[1:]]
        known = all(is_none(p) or b is not None for p, b in zip(parts[1:], bounds, strict=True))
        return None if inner is None or not known else list(itertools.islice(inner, *bounds))
    rows_ = containers.static_columns(s, parts[1:] if form == "longest" else parts)
    if rows_ is None:
        return None
    match form:
        case "product":
            return few(Seq(row) for row in itertools.product(*rows_))
        case "chain":
            return [v for row in rows_ for v in row]
        case "pairwise":
            return [Seq(pair) for pair in zip(rows_[0], rows_[0][1:], strict=False)]
        case "longest":
            return [Seq(row) for row in itertools.zip_longest(*rows_, fillvalue=parts[0])]
        case _:
            return None


def few(found: object) -> list[Value] | None:
    """As many as are written out."""
    taken = list(itertools.islice(found, MOST_UNROLLED + 1))  # type: ignore[call-overload]
    return None if len(taken) > MOST_UNROLLED else taken


def is_endless(value: Value) -> bool:
    return isinstance(value, Lazy) and (
        value.form in ("count", "cycle") or (value.form == "repeat" and len(value.parts) == 1)
    )


# -- loops of the core ----------------------------------------------------------------------------


def nested(s: Spec, value: Lazy, turn: Turn, over: Over) -> None:
    """Loops in one another, and one after the other for ``chain``."""
    match value:
        case Lazy("product", parts):
            inside(parts, (), turn, over)
        case Lazy("chain", parts):
            for part in parts:
                over(part, turn)
        case Lazy("ndenumerate", (array,)):
            held = s.settled(array, "items")
            indices = tuple(Lazy("range", (size,)) for size in sizes(s, held))
            base = s.materialize(held)

            def element(place: Value) -> None:
                assert isinstance(place, Seq)
                at = tuple(s.materialize(k) for k in place.items)
                turn(Seq((place, Leaf(Index(base, at[0] if len(at) == 1 else Tuple(at))))))

            inside(indices, (), element, over)
        case Lazy("combinations", (part, size)):
            count = containers.known_int(size)
            if count is None or count < 1:
                raise needs_turns(s, "combinations of a number that only the run tells", "write the loops out")
            column = columns(s, s.settled(part, "items"))
            assert column.count is not None
            total = s.materialize(s.settled(Leaf(column.count), "count"))
            chosen(column.item, total, Const(0), count, (), turn, over)
        case _:
            raise AssertionError(f"{value.form} is no loop in loops")


def of_lists(s: Spec, value: Lazy) -> Lazy:
    """With lists of the program for what is known item by item, where there are too many ways to write each out."""

    def of_list(part: Value) -> Value:
        items = containers.static_items(s, part)
        if items is None:
            return part
        if not all(of_the_core(s, item) for item in items):
            raise s.refuse(f"itertools.{value.form} of so many items", "use fewer, or arrays")
        return s.settled(Leaf(List(tuple(s.materialize(item) for item in items))), "items")

    return Lazy(value.form, tuple(map(of_list, value.parts)))


def inside(parts: tuple[Value, ...], chosen_: tuple[Value, ...], turn: Turn, over: Over) -> None:
    if not parts:
        turn(Seq(chosen_))
        return
    over(parts[0], lambda item: inside(parts[1:], (*chosen_, item), turn, over))


def chosen(
    item: Callable[[Expr], Value],
    total: Expr,
    first: Expr,
    count: int,
    taken: tuple[Value, ...],
    turn: Turn,
    over: Over,
) -> None:
    """``count`` more of the items from ``first`` on, each behind the one before."""
    if count == 0:
        turn(Seq(taken))
        return
    stop = total if count == 1 else Binary("-", total, Const(count - 1))

    def one(k: Value) -> None:
        assert isinstance(k, Leaf)
        chosen(item, total, plus(Const(1), k.expr), count - 1, (*taken, item(k.expr)), turn, over)

    over(Lazy("range", (Leaf(first), Leaf(stop))), one)


def sizes(s: Spec, array: Value) -> list[Value]:
    kind = s.kind(array.expr) if isinstance(array, Leaf) else None
    if not isinstance(kind, Array) or kind.dims is None:
        raise s.refuse("np.ndenumerate of what is not known to be an array", "loop over the indices")
    base = s.materialize(array)
    return [Leaf(Index(Attribute(base, "shape"), Const(k))) for k in range(len(kind.dims))]


def endless(s: Spec, value: Value, turn: Turn) -> None:
    """``for k in itertools.count()``: a loop that only a ``break`` ends."""
    column = columns(s, value)
    index = s.fresh("k")
    s.unstable.add(index)
    s.assign(index, Const(0))
    number = s.fresh("turn")
    s.unstable.add(number)

    def body() -> None:
        s.assign(number, Name(index))
        s.state.kinds[number] = INT
        s.assign(index, Binary("+", Name(index), Const(1)))
        turn(column.item(Name(number)))

    rounds.loop(s, body, lambda block: While(Const(True), block, s.origin))


def accumulated(s: Spec, value: Lazy, over: Over) -> Value:
    """``accumulate(xs, f)`` as a list."""
    iterable, function, start = value.parts
    found = containers.static_items(s, iterable)
    if found is not None:
        rest = list(found)
        if not is_none(start):
            rest.insert(0, start)
        out: list[Value] = []
        for item in rest:
            out.append(s.settled(item if not out else added(s, function, out[-1], item), "total"))
        return containers.new_list(s, out, "totals")
    name, total = s.fresh("totals"), s.fresh("total")
    s.unstable.add(total)
    s.emit(Assign((name,), (List(()),), s.origin))
    if is_none(start):
        # made first, and asked then: items that calls make are made once
        whole = s.tools.as_list(s, iterable, "items") if isinstance(iterable, Lazy) else iterable
        base = s.materialize(s.settled(whole, "items"))
        first = s.materialize(columns(s, Leaf(base)).item(Const(0)))
        kind, of_rows = s.kind(first), isinstance(s.kind(base), Array)
        if not isinstance(kind, Scalar) and not (of_rows and isinstance(kind, Array)):
            raise s.refuse("accumulate of arrays in a list", "write the loop out, or make them an array: np.array(xs)")
        # of nothing nothing comes: the first item is asked for in a loop of one turn or none
        head = Leaf(Index(base, Slice(None, Const(1), None)))
        row = Index(Attribute(base, "shape"), Slice(Const(1), None, None))
        s.assign(total, np_call("zeros", row, Attribute(base, "dtype")) if isinstance(kind, Array) else Const(0.0))

        def begin(item: Value) -> None:
            s.assign(total, s.materialize(item))
            s.emit(Push(name, Name(total), s.origin))

        over(head, begin)
        iterable = Leaf(Index(base, Slice(Const(1), None, None)))
    else:
        s.assign(total, s.materialize(start))
        s.emit(Push(name, Name(total), s.origin))

    def turn(item: Value) -> None:
        s.assign(total, s.materialize(added(s, function, Leaf(Name(total)), item)))
        s.emit(Push(name, Name(total), s.origin))

    over(iterable, turn)
    return Leaf(Name(name))


def added(s: Spec, function: Value, total: Value, item: Value) -> Value:
    if is_none(function):
        return s.tools.binary(s, "+", total, item, Const(0))
    return s.call(function, [total, item])


def row(value: Value, s: Spec) -> list[Value]:
    """The arguments that ``starmap`` spreads out."""
    parts = containers.sequence(s, value)
    if parts is None:
        raise s.refuse("starmap over rows of arrays", "write the loop out")
    return list(parts)


