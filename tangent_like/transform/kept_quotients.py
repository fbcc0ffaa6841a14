"""Quotients that a loop keeps beside what they are made of: the way back takes all three out together.

    for i in range(n):                       for i in range(n - 1, -1, -1):
        p = e / total                            e = e_saved.pop()
        e_saved.append(e)                        total = total_saved.pop()
        p_saved.append(p)                        p = p_saved.pop()              # is e / total
        total_saved.append(total)

Each list is added to in one place, and taken from in one place, and each of these is reached as often as the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Break,
    Call,
    Continue,
    Expr,
    Function,
    Name,
    Pop,
    Push,
    Stmt,
)
from tangent_like.ir.walk import blocks, names, same, statements, substitute
from tangent_like.transform.forms import summed
from tangent_like.transform.tidy.facts import Facts

# By the list of a quotient: the list of what is divided, the name of that where it is kept, what it is divided by, and
# the list of that where it has a name.
Quotients = Mapping[str, tuple[str, str, Expr, str]]


def is_divisor(expr: Expr) -> bool:
    """A name, or the sum of all that a name stands for, which costs little to read again and has no name, maybe."""
    match expr:
        case Call(Attribute(Name(), "sum"), (), ()):
            return True
        case Call(args=(Name(),)):
            return summed(expr) is not None
        case _:
            return isinstance(expr, Name)


def kept_quotients(function: Function, facts: Facts) -> Quotients:
    """The quotients that one list holds beside those that hold their parts."""
    alone = _in_one_place(function)
    if len(alone) < 2:
        return {}
    every = list(every_block(function.body))
    popped = [{s.list for s in block if isinstance(s, Pop)} for block in every]
    found: dict[str, tuple[str, str, Expr, str]] = {}
    for block in every:
        for k, stmt in enumerate(block):
            match stmt:
                case Assign((p,), (Binary("/", Name(over), under),), _, "") if is_divisor(under):
                    parts = dict.fromkeys((p, over, *sorted(names(under))))
                    lists = _added(block[k + 1 :], tuple(parts), facts) if p not in names(stmt.values[0]) else None
                    if lists and alone.issuperset(lists) and any(there.issuperset(lists) for there in popped):
                        found[lists[0]] = lists[1], over, under, lists[-1]
                case _:
                    pass
    return found


def quotient_taken(quotients: Quotients, before: Sequence[Stmt], over: str, under: Expr, facts: Facts) -> str | None:
    """The name of a quotient of the two, all of them taken out of their lists in this block, and still the same."""
    taken = {s.list: s.target.id for s in before if isinstance(s, Pop) and isinstance(s.target, Name)}
    for list_, (dividend, name, divisor, divisors) in quotients.items():
        p, one, two = (taken.get(held) for held in (list_, dividend, divisors))
        if p is None or one != over or two is None:
            continue
        (kept,) = names(divisor)
        if same(under, substitute(divisor, {kept: Name(two)})) and (kept == name) == (two == one):
            places = [k for k, s in enumerate(before) if isinstance(s, Pop) and s.list in (list_, dividend, divisors)]
            others = [s for k, s in enumerate(before) if k > places[0] and k not in places]
            if p not in (one, two) and facts.steady({p, one, two}, others):
                return p
    return None


def _added(after: Block, parts: tuple[str, ...], facts: Facts) -> tuple[str, ...] | None:
    """The lists to which these names are added in each turn, as they are."""
    found: dict[str, tuple[int, str]] = {}
    for k, stmt in enumerate(after):
        match stmt:
            case Push(list_, Name(name)) if name in parts:
                found[name] = k, list_
            case _:
                pass
    if len(found) < len(parts):
        return None
    places = sorted(k for k, _ in found.values())
    if any(isinstance(s, Break | Continue) for s in statements(after[places[0] : places[-1] + 1])):
        return None
    return tuple(found[name][1] for name in parts) if facts.steady(set(parts), after[: places[-1] + 1]) else None


def _in_one_place(function: Function) -> set[str]:
    """Lists that are added to in one place, and taken from in one place."""
    every = statements(function.body)
    pushed = Counter(s.list for s in every if isinstance(s, Push))
    popped = Counter(s.list for s in every if isinstance(s, Pop))
    return {name for name, often in pushed.items() if often == 1 == popped[name]}


def every_block(body: Block) -> Iterator[Block]:
    yield body
    for stmt in body:
        for inner in blocks(stmt):
            yield from every_block(inner)
