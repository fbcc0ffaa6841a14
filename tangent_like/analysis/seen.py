"""The kinds of names at one place of a program, and what was found there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.ir.nodes import Expr, Stmt
from tangent_like.kinds.kind import Kind

Kinds = Mapping[str, Kind]


class Env(dict[str, Kind]):
    """The kinds of names at one place, with those of the expressions that were asked for there.

    ``carried``: the names through which they carry derivatives, where no call is idle (see ``carriers``).
    """

    def __init__(self, kinds: Mapping[str, Kind] | None = None) -> None:
        super().__init__(kinds or {})
        self.memo: dict[Expr, Kind] = {}
        self.carried: dict[Expr, set[str]] = {}
        if isinstance(kinds, Env):
            self.memo.update(kinds.memo)
            self.carried.update(kinds.carried)

    def __setitem__(self, name: str, kind: Kind) -> None:
        if name in self:
            self.memo.clear()
            self.carried.clear()
        super().__setitem__(name, kind)


@dataclass(frozen=True, eq=False)
class Earlier:
    """What was found of the same statements before: a function is looked at anew whenever a pass changed it.

    The numbers of turns and the names of lengths go on, so that no two of them are ever called the same.
    """

    reads: dict[Stmt, set[str]] = field(default_factory=dict)
    before: dict[Stmt, Env] = field(default_factory=dict)
    turns: dict[Stmt, str] = field(default_factory=dict)
    lengths: dict[Expr, str] = field(default_factory=dict)
