"""What one operation makes of values that a turn keeps is made again on the way back, and not kept beside them.

Before                                   After

    for x in X:                              for x in X:
        a = 1 - f                                f_saved.append(f)
        f_saved.append(f)                        c_saved.append(c)
        a_saved.append(a)                        c = f * c + (1 - f) * i
        c_saved.append(c)
        c = f * c + a * i
    for _ in range(len(X)):                  for _ in range(len(X)):
        c = c_saved.pop()                        c = c_saved.pop()
        a = a_saved.pop()                        f = f_saved.pop()
        f = f_saved.pop()                        i_bar = c_bar * (1 - f)
        i_bar = c_bar * a

The same operation on the same values: no number changes; and no line more. Of sums, differences, products and
quotients of two, squares, signs and further axes, whose operands are kept by that turn, too, or stay as they are to the
end. And of what two calls make of the same values, ``np.concatenate([x, h])`` for each gate, one is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tangent_like.ir.nodes import (
    Assign,
    Binary,
    Block,
    Break,
    Call,
    Const,
    Continue,
    Expr,
    Function,
    Index,
    Name,
    Pop,
    Push,
    Slice,
    Stmt,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import bound_in, names, reads, same, statements, substitute
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.kept_quotients import every_block
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.calls import Pure, acts
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.fused import used


@dataclass(frozen=True, eq=False)
class Kept:
    """A list that is added to in one place and taken from in one place."""

    push: Push
    there: Block  # of the push
    pop: Pop
    back: Block  # of the pop


def made_again(function: Function, kinds: Mapping[str, Kind], pure: Pure = frozenset()) -> Function:
    """``pure`` are the functions that do nothing but compute."""
    if not any(isinstance(s, Push) for s in statements(function.body)):
        return function
    while True:
        facts = find_facts(function, frozenset(), kinds, pure)
        table = kept_lists(function.body, used(function.body))
        again = next((a for kept in table.values() if (a := _again(kept, table, function, facts))), None)
        if again is None:
            return function
        function = with_body(function, _without(function.body, *again))


def kept_lists(body: Block, uses: Counter[str]) -> dict[str, Kept]:
    pushes: dict[str, tuple[Push, Block]] = {}
    pops: dict[str, tuple[Pop, Block]] = {}
    for block in every_block(body):
        for stmt in block:
            if isinstance(stmt, Push) and isinstance(stmt.value, Name) and stmt.origin is None:
                pushes[stmt.list] = stmt, block
            elif isinstance(stmt, Pop) and isinstance(stmt.target, Name):
                pops[stmt.list] = stmt, block
    alone = [n for n in pushes if n in pops and uses[n] == 3]
    return {n: Kept(*pushes[n], *pops[n]) for n in alone}


def _again(
    kept: Kept, table: Mapping[str, Kept], function: Function, facts: Facts
) -> tuple[Kept, dict[Stmt, Block]] | None:
    """What stands on the way back instead of some statements, to make the value again; None if it has to be kept."""
    assert isinstance(kept.push.value, Name) and isinstance(kept.pop.target, Name)
    name, target, block = kept.push.value.id, kept.pop.target.id, kept.there
    at = block.index(kept.push)
    made = next((k for k in reversed(range(at)) if name in bound_in((block[k],))), None)
    if made is None or any(isinstance(s, Break | Continue) for s in statements(block)):
        return None
    twin = _twin(kept, made, table, facts)
    if twin is not None:
        assert isinstance(twin.pop.target, Name)
        named = Assign((target,), (twin.pop.target,), None)
        late = kept.back.index(kept.pop) < kept.back.index(twin.pop)
        return kept, {kept.pop: (twin.pop, named), twin.pop: ()} if late else {kept.pop: (named,)}
    value = _operation(block[made], facts)
    read = _reads(target, kept.back, facts)
    if read > 1 and (block[made].origin is not None or _reads(name, block, facts) > 2):
        return None  # it would take a line of its own on the way back, and spare none before
    if value is None or not facts.steady({name}, block[made + 1 : at]):
        return None
    taken = operands_taken(value, kept, made, table, function, facts)
    if taken is None:
        return None
    given, pops = taken
    place = max((kept.pop, *pops), key=kept.back.index)
    start, end = kept.back.index(kept.pop), kept.back.index(place)
    for stmt in kept.back[start + 1 : end + 1]:
        if target in reads(stmt) or target in bound_in((stmt,)):
            return None
    for other in table.values():
        if other.back is kept.back and isinstance(other.pop.target, Name) and other.pop.target.id in given:
            since = kept.back[kept.back.index(other.pop) + 1 : end + 1]
            if not facts.steady({other.pop.target.id}, since):
                return None
    again = Assign((target,), (substitute(value, given),), None)
    return kept, {kept.pop: (again,)} if place is kept.pop else {kept.pop: (), place: (place, again)}


def operands_taken(
    value: Expr, kept: Kept, made: int, table: Mapping[str, Kept], function: Function, facts: Facts
) -> tuple[dict[str, Expr], tuple[Pop, ...]] | None:
    """The names that the way back has for the operands which a turn kept beside, and what takes these there.

    None if an operand is neither kept nor the same throughout. ``made`` is the place where the value is made.
    """
    given: dict[str, Expr] = {}
    pops: list[Pop] = []
    for operand in sorted(names(value)):
        if stays(operand, function, facts):
            continue
        other = next((k for k in table.values() if k is not kept and keeps(k, operand, kept, made, facts)), None)
        if other is None:
            return None
        assert isinstance(other.pop.target, Name)
        given[operand] = Name(other.pop.target.id)
        pops.append(other.pop)
    return given, tuple(pops)


def _twin(kept: Kept, made: int, table: Mapping[str, Kept], facts: Facts) -> Kept | None:
    """What the same turn keeps that the same call has made of the same values: ``np.concatenate([x, h])`` once more."""
    block, first = kept.there, kept.there[made]
    if not isinstance(first, Assign) or len(first.targets) != 1 or not isinstance(first.values[0], Call):
        return None
    (name,), (value,) = first.targets, first.values
    if acts(value, facts.pure) or first.writes or first.guard is not None:
        return None
    for other in table.values():
        if other is kept or other.there is not block or other.back is not kept.back:
            continue
        assert isinstance(other.push.value, Name) and isinstance(other.pop.target, Name)
        held = other.push.value.id
        at = next((k for k in reversed(range(made)) if held in bound_in((block[k],))), None)
        earlier = None if at is None else block[at]
        if held == name or not isinstance(earlier, Assign) or earlier.targets != (held,):
            continue
        ends = {held: block.index(other.push), name: block.index(kept.push)}
        begins = {held: (at or 0) + 1, name: made + 1}
        if not same(earlier.values[0], value) or not all(
            facts.steady(read, block[begin:end])
            for read, begin, end in [({*names(value)}, begins[held], made), *(({n}, begins[n], ends[n]) for n in ends)]
        ):
            continue
        ours, theirs = kept.back.index(kept.pop), kept.back.index(other.pop)
        taken = other.pop.target.id
        between = kept.back[min(ours, theirs) + 1 : max(ours, theirs)]
        if theirs < ours and facts.steady({taken}, between):
            return other
        if ours < theirs and not any(taken in reads(s) or taken in bound_in((s,)) for s in between):
            return other
    return None


def _reads(name: str, body: Block, facts: Facts) -> int:
    return sum(facts.own(s).reads.get(name, 0) for s in statements(body))


def _operation(stmt: Stmt, facts: Facts) -> Expr | None:
    """What a statement computes in one operation on names and numbers."""
    match stmt:
        case Assign((_,), (Binary("+" | "-" | "*" | "/", left, right) as value,), _, ""):
            operands = (left, right)
        case Assign((_,), ((Binary("**", operand, Const(2)) | Unary("-", operand)) as value,), _, ""):
            operands = (operand, Const(0))
        case Assign((_,), (Index(operand, index) as value,), _, "") if _has_all(index):
            operands = (operand, Const(0))
        case _:
            return None
    if stmt.writes or any(set(stmt.targets) & names(o) for o in operands):
        return None
    kinds = [facts.known.get(o.id) for o in operands if isinstance(o, Name)]
    simple = all(isinstance(o, Name | Const) for o in operands) and all(isinstance(k, Array | Scalar) for k in kinds)
    return value if simple and kinds else None


def _has_all(index: Expr) -> bool:
    """``[:, None]``: all the entries."""
    items = index.items if isinstance(index, Tuple) else (index,)
    return all((isinstance(i, Slice) and i.lower is i.upper is i.step is None) or _is_axis(i) for i in items)


def _is_axis(index: Expr) -> bool:
    return isinstance(index, Const) and (index.value is None or index.value is ...)


def keeps(other: Kept, operand: str, kept: Kept, made: int, facts: Facts) -> bool:
    """Does the same turn keep what the operand was, and the same turn of the way back take it?"""
    if other.there is not kept.there or other.back is not kept.back:
        return False
    if not isinstance(other.push.value, Name) or other.push.value.id != operand:
        return False
    first, last = sorted((made, kept.there.index(other.push)))
    return facts.steady({operand}, kept.there[first + 1 : last])


def stays(name: str, function: Function, facts: Facts) -> bool:
    """Is it an argument that nothing binds anew or writes into?"""
    return name in {p.name for p in function.params} and facts.steady({name}, function.body)


def _without(body: Block, kept: Kept, instead: Mapping[Stmt, Block]) -> Block:
    def block(inner: Block) -> Block:
        out: list[Stmt] = []
        for stmt in inner:
            begins = isinstance(stmt, Assign) and stmt.targets == (kept.push.list,)
            if stmt is not kept.push and not begins:
                out.extend(instead[stmt] if stmt in instead else (change_blocks(stmt, block),))
        return tuple(out)

    return block(body)
