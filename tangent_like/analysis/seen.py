"""The kinds of names at one place of a program, and what was found there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from tangent_like.ir.nodes import Expr, Name, Stmt
from tangent_like.ir.quick import quick
from tangent_like.kinds.kind import UNKNOWN, Kind
from tangent_like.rules.apply import Application, application

Kinds = Mapping[str, Kind]


class Holes(NamedTuple):
    """The holes in a rule's text: those of which values are read, and all, those read only for a shape too."""

    values: tuple[str, ...]
    all: tuple[str, ...]


class Env(dict[str, Kind]):
    """The kinds of names at one place, with those of the expressions that were asked for there.

    ``applied``: the rules that they call on. ``carried``: the names through which they carry derivatives, where no
    call is idle (see ``carriers``).
    """

    def __init__(self, kinds: Mapping[str, Kind] | None = None) -> None:
        super().__init__(kinds or {})
        self.memo: dict[Expr, Kind] = {}
        self.applied: dict[Expr, Application | None] = {}
        self.carried: dict[Expr, set[str]] = {}
        if isinstance(kinds, Env):
            self.memo.update(kinds.memo)
            self.applied.update(kinds.applied)
            self.carried.update(kinds.carried)

    def __setitem__(self, name: str, kind: Kind) -> None:
        if name in self:
            self.memo.clear()
            self.applied.clear()
            self.carried.clear()
        super().__setitem__(name, kind)


class Finds(Protocol):
    """What finds the kind of an expression that was not asked for before."""

    @property
    def earlier(self) -> Earlier: ...

    def kind_anew(self, expr: Expr, env: Kinds) -> Kind: ...


@quick
@dataclass(frozen=True, eq=False, slots=True)
class At:
    """What is known of expressions where the names have the kinds ``env``: called, it gives the kind of one."""

    typing: Finds
    env: Env

    def __call__(self, expr: Expr) -> Kind:
        env = self.env
        if type(expr) is Name:
            return env.get(expr.id, UNKNOWN)
        found = env.memo.get(expr)
        if found is None:
            found = env.memo[expr] = self.typing.kind_anew(expr, env)
        return found

    def application(self, expr: Expr) -> Application | None:
        """The rule that an expression calls on, and its operands."""
        applied = self.env.applied
        if expr not in applied:
            applied[expr] = application(expr, self)
        return applied[expr]


@dataclass(frozen=True, eq=False)
class Earlier:
    """What was found of the same statements before: a function is looked at anew whenever a pass changed it.

    The numbers of turns and the names of lengths go on, so that no two of them are ever called the same.
    """

    said: dict[tuple[Expr, tuple[Kind, ...]], Expr] = field(default_factory=dict)  # rules' texts said of numbers
    infinite: list[bool] = field(default_factory=list)  # does the function name infinity? Asked once
    again: bool = False  # is its derivative differentiated?
    holes: dict[Expr, Holes] = field(default_factory=dict)  # of rules' texts
    before: dict[Stmt, Env] = field(default_factory=dict)
    turns: dict[Stmt, str] = field(default_factory=dict)
    lengths: dict[Expr | Stmt, str] = field(default_factory=dict)
