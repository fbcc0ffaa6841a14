"""The adjoint of what is padded with its own entries: the margins are added to the entries that they show.

Before                                                     After

    x_bar += scatter(y_bar, x,                                 y_bar[1] += y_bar[0]
        np.pad(positions(x), ((1, 1), (0, 2)), "edge"))        y_bar[-2] += y_bar[-1]
                                                               y_bar[:, -3] += np.sum(y_bar[:, -2:], axis=1)
                                                               x_bar += y_bar[1:-1, :-2]

Of arrays in double precision whose axes are long enough for each entry of a margin to show one inside. Into ``y_bar``
itself where nobody else reads it, else into a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from tangent_like.ir.build import np_call
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Index,
    Name,
    Slice,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import binds, expressions, reads, rebuild, same, statements, subexpressions, with_body
from tangent_like.kinds.dims import Sizes, fixed
from tangent_like.kinds.kind import Array, Kind
from tangent_like.kinds.operands import literal
from tangent_like.transform.each_entry import called
from tangent_like.transform.forms import is_adjoint
from tangent_like.transform.plain_arranged import is_width
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.memory import OUTSIDE

NEEDED = {"edge": 0, "wrap": 0, "symmetric": 0, "reflect": 1}  # entries that no margin shows


def folded_margins(
    function: Function, kinds: Mapping[str, Kind], sizes: Sizes
) -> tuple[Function, Mapping[str, Kind]]:
    """The function with margins folded, and the kinds of its names."""
    if not any(_scattered(e) for s in statements(function.body) for top in expressions(s) for e in subexpressions(top)):
        return function, kinds
    taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))}
    namer = Namer(frozenset(taken) | {p.name for p in function.params})
    folder = _Folder(find_facts(function, frozenset(), kinds), kinds, sizes, namer)
    return with_body(function, folder.block(function.body, True)), {**kinds, **folder.made}


def _scattered(expr: Expr) -> tuple[Expr, Expr, object, str] | None:
    """What is scattered over what, by which margins, and how they are filled."""
    match expr:
        case Call(args=(bar, x, Call(args=(Call(args=(own,)) as places, width, mode), keywords=()) as padded)):
            pass
        case _:
            return None
    if _runtime(expr) != "scatter" or _runtime(places) != "positions" or called(padded) != "pad" or not same(own, x):
        return None
    margins, how = literal(width), mode.value if isinstance(mode, Const) else None
    return (bar, x, margins, how) if is_width(margins) and how in NEEDED else None


def _runtime(expr: Expr) -> str:
    target = library(expr) if isinstance(expr, Call) else None
    return origin_of(target)[1] if target is not None and origin_of(target)[0] == "runtime" else ""


@dataclass(eq=False)
class _Folder:
    facts: Facts
    kinds: Mapping[str, Kind]
    sizes: Sizes
    namer: Namer
    made: dict[str, Kind] = field(default_factory=dict)

    def block(self, body: Block, top: bool = False) -> Block:
        out: list[Stmt] = []
        for k, stmt in enumerate(body):
            new = change_blocks(stmt, self.block)
            if isinstance(new, Assign | Augment | Store) and new.origin is None and is_adjoint(new):
                parts = [e for whole in expressions(new) for e in subexpressions(whole) if _scattered(e)]
                for part in parts[:1]:
                    new = self.folded(new, part, out, body[k + 1 :] if top else None)
            out.append(new)
        return tuple(out)

    def folded(self, stmt: Stmt, part: Expr, before: list[Stmt], after: Block | None) -> Stmt:
        found = _scattered(part)
        assert found is not None
        bar, x, margins, how = found
        kind = self.kinds.get(x.id) if isinstance(x, Name) else None
        if not isinstance(kind, Array) or kind.dims is None or kind.dtype != "float64" or not kind.dims:
            return stmt
        pairs = np.broadcast_to(np.array(margins), (len(kind.dims), 2)).tolist()
        for dim, pair in zip(kind.dims, pairs, strict=True):
            least = max(pair) + NEEDED[how] if how != "edge" else 0
            if dim is None or (least and not self.sizes.never_negative(dim - fixed(least))):
                return stmt
        if isinstance(bar, Name) and after is not None and self.is_free(bar.id, stmt, after):
            name = bar.id
        else:
            name = self.namer.fresh("t_bar")
            self.made[name] = Array((None,) * len(pairs), "float64")
            before.append(Assign((name,), (Call(Attribute(bar, "copy"), ()),), None))
        for axis, (first, last) in enumerate(pairs):
            for target, source in _added(how, first, last):
                into = Index(Name(name), _at(axis, target))
                shown: Expr = Index(Name(name), _at(axis, source))
                if isinstance(source, Slice) and not isinstance(target, Slice):
                    shown = np_call("sum", shown, axis=Const(axis))
                before.append(Store(into, "+", shown, None))
        inside = [Slice(_const(first), _const(-last), None) for first, last in pairs]
        whole = Index(Name(name), inside[0] if len(inside) == 1 else Tuple(tuple(inside)))

        def change(expr: Expr) -> Expr:
            return whole if expr is part else rebuild(expr, change)

        return with_expressions(stmt, change)

    def is_free(self, name: str, stmt: Stmt, after: Block) -> bool:
        """Is its memory nobody else's, and read by this statement for the last time?"""
        own = self.facts.class_of(name)
        sharing = {n for n, class_ in self.facts.memory.items() if class_ == own} | {name}
        if OUTSIDE in sharing or not (self.kinds.get(name) is None or isinstance(self.kinds[name], Array)):
            return False
        here = sum(isinstance(e, Name) and e.id == name for top in expressions(stmt) for e in subexpressions(top))
        others = sharing - {name}
        return here == 1 and not others & reads(stmt) and not any(sharing & self.facts.does(s).reads for s in after)


def _added(how: str, first: int, last: int) -> Iterator[tuple[Expr, Expr]]:
    """Of one axis: where margins are added, and which; one entry by its place."""
    for width, end, (target, source) in zip((first, last), (0, -1), _slices(how, first, last), strict=True):
        if width == 1 and isinstance(target, Slice) and target.lower is not None:
            yield target.lower, Const(end)
        elif width:
            yield target, source


def _slices(how: str, first: int, last: int) -> Iterator[tuple[Expr, Expr]]:
    match how:
        case "edge":
            yield Const(first), Const(0) if first == 1 else Slice(None, Const(first), None)
            yield Const(-last - 1), Const(-1) if last == 1 else Slice(Const(-last), None, None)
        case "wrap":
            yield Slice(Const(-first - last), _const(-last), None), Slice(None, Const(first), None)
            yield Slice(Const(first), Const(first + last), None), Slice(Const(-last), None, None)
        case _:
            near, far = first + NEEDED[how], last + NEEDED[how]
            yield Slice(Const(near), Const(near + first), None), Slice(Const(first - 1), None, Const(-1))
            yield Slice(Const(-far - last), Const(-far), None), Slice(None, Const(-last - 1), Const(-1))


def _const(value: int) -> Expr | None:
    return Const(value) if value else None


def _at(axis: int, item: Expr) -> Expr:
    return Tuple((*(Slice(None, None, None) for _ in range(axis)), item)) if axis else item
