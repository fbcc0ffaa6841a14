"""What both sweeps of one function know: the facts, the names of adjoints, where values are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.recorded import Records
from tangent_like.analysis.regions import Regions
from tangent_like.analysis.typing import Typing
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Block, Comment, Each, Expr, For, Origin, Stmt, Store, While
from tangent_like.ir.walk import base_name, names
from tangent_like.kinds.dims import ONE
from tangent_like.kinds.kind import UNKNOWN, Array, Kind, Scalar, dims_of, numeric
from tangent_like.transform.accumulate import State
from tangent_like.transform.plans import Plans


@dataclass(frozen=True, eq=False)
class Slot:
    """Where a value waits for the way back: a list in loops, a plain name outside."""

    name: str
    is_list: bool


@dataclass(eq=False)
class Sweep:
    """Facts about one function, shared by the two sweeps; the only thing that changes is the table of slots."""

    typing: Typing
    activity: Activity
    aliases: Aliases
    plans: Plans
    records: Records
    regions: Regions
    namer: Namer
    shadows: Mapping[str, str]
    forward: Callable[[Block, Sweep], Block]
    backward: Callable[[Block, State, Sweep], list[Stmt]]
    lists: dict[tuple[str, str], Slot] = field(default_factory=dict)
    singles: dict[tuple[Stmt, str, int], Slot] = field(default_factory=dict)
    depth_of: dict[Stmt, int] = field(default_factory=dict)
    bars: dict[str, str] = field(default_factory=dict)
    brought: dict[str, Kind] = field(default_factory=dict)  # of what reverse halves of calls return, by its names
    constants: frozenset[str] = frozenset()  # arrays of our own that were bound once, to constants
    turned: bool = False  # may arrays lie in memory in another order than that of their axes?
    flat: bool = False  # is the text to be differentiated again?
    _owners: dict[str, str] = field(default_factory=dict)

    def bar(self, name: str) -> str:
        if name in self.shadows:
            return self.shadows[name]
        if name not in self.bars:
            self.bars[name] = self.namer.fresh(f"{name}_bar")
        return self.bars[name]

    def kind(self, name: str) -> Kind:
        kind = numeric(self.typing.overall.get(name, UNKNOWN))  # of None nobody reads an adjoint
        return Array(kind.dims, kind.dtype) if isinstance(kind, Array) else kind

    def is_shadow(self, name: str) -> bool:
        return name in self.shadows

    def full(self, kind: Kind, place: Kind) -> bool:
        """Has a value of this kind all the entries of the place, not fewer to be broadcast?"""
        own, whole = dims_of(kind), dims_of(place)
        if whole is None or own is None:
            return not (isinstance(kind, Scalar) and isinstance(place, Array))
        if len(own) != len(whole):
            return False
        if any(a == ONE and b is None for a, b in zip(own, whole, strict=True)):
            return False
        return all(a == b or self.typing.sizes.spans(a, b) is not False for a, b in zip(own, whole, strict=True))

    def lives_on(self, expr: Expr, state: State) -> bool:
        """Is the memory of ``expr`` that of an adjoint still in use, or of a primal array that is restored?"""
        for name in names(expr):
            owner = self.owner_of(name)
            if owner is None:
                if self.aliases.is_written(name):
                    return True
            elif owner in self.shadows or owner in state.owned:
                return True
        return False

    def owner_of(self, bar: str) -> str | None:
        """The name whose adjoint is called ``bar``."""
        if len(self._owners) != len(self.bars):
            self._owners.update({b: n for n, b in self.bars.items()})
        return self._owners.get(bar)

    def is_local_constant(self, name: str) -> bool:
        """Is the name bound once, in the function, to what carries no derivative?"""
        return name in self.constants

    @cached_property
    def stored(self) -> frozenset[str | None]:
        """The names into which the function stores items."""
        return frozenset(base_name(s.target) for s in self.typing.before if isinstance(s, Store))

    # -- slots --

    def slot(self, stmt: Stmt, name: str, block: int = -1, what: str = "") -> Slot:
        """The slot for ``name`` kept at a statement (or at the end of one of its blocks)."""
        depth = self.depth_of[stmt] + (block >= 0 and self.is_loop(stmt))
        if depth:
            found = self.lists.get((name, what))
            if found is None:
                wanted = name if name.endswith("_saved") else f"{name}_saved"
                if wanted == name:
                    wanted = f"{name.removesuffix('_saved')}_kept"
                found = self.lists[name, what] = Slot(self.namer.fresh(wanted), True)
            return found
        return self.single((stmt, name, block), f"{name}_saved")

    def single(self, site: tuple[Stmt, str, int], wanted: str) -> Slot:
        if site not in self.singles:
            self.singles[site] = Slot(self.namer.fresh(wanted), False)
        return self.singles[site]

    def is_loop(self, stmt: Stmt) -> bool:
        return isinstance(stmt, For | Each | While)


def quoted(origin: Origin | None) -> list[Stmt]:
    """The comment that quotes a primal statement, on one line, shortened at 100 columns."""
    if origin is None or not origin.text:
        return []
    text = origin.text.replace("( ", "(").replace("[ ", "[")  # where it stood on several lines
    text = text.replace(", )", ")").replace(", ]", "]").replace(" )", ")").replace(" ]", "]")
    if len(text) > 90:
        text = text[:87] + "..."
    return [Comment(f"# {text}", origin)]
