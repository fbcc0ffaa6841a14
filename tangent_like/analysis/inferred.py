"""The kinds in a function, from those of its parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set

from tangent_like.analysis.held_at_bounds import held_names
from tangent_like.analysis.infinities import names_infinity
from tangent_like.analysis.seen import At, Earlier, Env
from tangent_like.analysis.spread_sums import SpreadSums
from tangent_like.analysis.typing import CalleeKind, Typing
from tangent_like.ir.nodes import (
    Assign,
    Block,
    Const,
    Each,
    For,
    Function,
    If,
    Index,
    List,
    Name,
    Origin,
    Push,
    Slice,
    While,
    With,
)
from tangent_like.ir.walk import binds, blocks, statements
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import UNKNOWN, Kind, Unknown, as_complex, is_open
from tangent_like.kinds.lists import built_lists, grown_lists
from tangent_like.kinds.steps import CUT


def infer(
    function: Function,
    params: Mapping[str, Kind],
    sizes: Sizes,
    callee: CalleeKind,
    earlier: Earlier | None = None,
    forward: bool = False,
) -> Typing:
    """The kinds in a function whose parameters have the kinds ``params``; ``forward``: as tangents are made for it.

    A parameter of which nothing is known is a real number or an array of them, and so is what a call gives of which
    nothing is known. Only where the function asks for the conjugate or a part of what may come of one (``z.imag``) are
    all such parameters, and what such calls give, taken for complex ones.
    """
    spread = SpreadSums() if forward else SpreadSums.of(function)  # a tangent is as large as what it is made of
    typing = _inferred(function, params, sizes, callee, earlier, spread)
    if not typing.parts_of:
        return typing
    open_ones = {name: as_complex(kind) if is_open(kind) else kind for name, kind in params.items()}
    known = earlier or Earlier()
    known.before.clear()  # of the same names, other kinds
    typing = _inferred(function, open_ones, sizes, callee, known, spread, Unknown(complex=True))
    known.before.clear()
    return typing


def untold(sizes: Sizes, callee: CalleeKind) -> At:
    """The kinds of expressions where nothing is known of any name."""
    return At(infer(EMPTY, {}, sizes, callee), Env())


def _inferred(
    function: Function,
    params: Mapping[str, Kind],
    sizes: Sizes,
    callee: CalleeKind,
    earlier: Earlier | None,
    spread: SpreadSums,
    unseen: Unknown = UNKNOWN,
) -> Typing:
    grown, passed = grown_lists(function)
    known = earlier or Earlier()
    steady = steady_lists(function, grown | passed)
    own = {"turns": known.turns, "lengths": known.lengths, "unseen": unseen, "steady": steady, "spread": spread}
    typing = Typing(function.origin.file, sizes, callee, grown=grown, passed=passed, earlier=known, **own)  # type: ignore[arg-type]
    typing.built.update(built_lists(function))
    sizes.sometimes |= filled_sometimes(function)
    if not known.infinite:
        known.infinite.append(names_infinity(function))
    sizes.infinite |= known.infinite[0]
    typing.held.update(held_names(function.body, passed))
    params = {name: typing.of_list(name, kind) for name, kind in params.items()}
    env = dict(params)
    typing.params.update(params)
    typing.block(function.body, env)
    join_overall(typing, params)
    return typing


def filled_sometimes(function: Function) -> set[str]:
    """The lists that begin empty, and that only some paths put anything on: ``if u > 0: xs.append(u * a)``."""
    put = {s.list for s in statements(function.body) if isinstance(s, Push)}
    if not put:
        return put
    begun = {
        name
        for s in statements(function.body)
        if isinstance(s, Assign) and len(s.targets) == len(s.values)
        for name, value in zip(s.targets, s.values, strict=True)
        if not (isinstance(value, List) and not value.items)
    }
    return put - begun - surely_put(function.body) - {p.name for p in function.params}


def surely_put(block: Block) -> set[str]:
    """The lists that each path through a block puts something on, where its loops have turns."""
    found: set[str] = set()
    for stmt in block:
        match stmt:
            case Push():
                found.add(stmt.list)
            case If():
                found |= set.intersection(*(surely_put(b) for b in blocks(stmt)))
            case For() | Each() | While() | With():
                found |= surely_put(stmt.body)
            case _:
                pass
    return found


def steady_lists(function: Function, changed: Set[str]) -> dict[str, str]:
    """The parameters that hold the same to the end, and what is in them; by their other names, too.

    And of what the first items of them are in: the parameter, and that it is cut.
    """
    bound = Counter(n for s in statements(function.body) for n in binds(s))
    found = {p.name: p.name for p in function.params if p.name not in changed and not bound[p.name]}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
            for name, value in zip(stmt.targets, stmt.values, strict=True):
                if bound[name] != 1 or name in changed:
                    continue
                match value:
                    case Name(id) if id in found:
                        found[name] = found[id]
                    case Index(Name(id), Slice(None | Const(0), _, None)) if id in found:
                        found[name] = found[id].removesuffix(CUT) + CUT
                    case _:
                        pass
    return found


def join_overall(typing: Typing, params: Mapping[str, Kind]) -> None:
    """What holds of each name wherever it is bound, as the last look into each loop found it."""
    typing.overall.update(params)
    for after in typing.after.values():
        for name, kind in after.items():
            held = typing.overall.get(name)
            typing.overall[name] = kind if held is None else typing.join(held, kind)


EMPTY = Function("empty", (), (), Origin("<unknown>", 0, 0, ""), "", "")
