"""What a loop makes of the kinds of the names that it binds, turn after turn, until they stay as they are."""

from __future__ import annotations

from typing import Protocol

from tangent_like.analysis.seen import Env, Kinds
from tangent_like.analysis.spread_sums import SpreadSums
from tangent_like.frontend.exposed import exposed
from tangent_like.ir.nodes import Block, For, Stmt
from tangent_like.ir.walk import statements
from tangent_like.kinds.by_turn import by_turn, moves
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind, Scalar, Unknown, is_complex
from tangent_like.kinds.steps import sized_anew, without

LENGTH = "items@"  # begins the names of the lengths of lists: another in every turn


class Types(Protocol):
    """What finds the kinds of names out."""

    @property
    def sizes(self) -> Sizes: ...
    @property
    def turns(self) -> dict[Stmt, str]: ...
    @property
    def heads(self) -> dict[Stmt, str]: ...
    @property
    def spread(self) -> SpreadSums: ...
    @property
    def after(self) -> dict[Stmt, dict[str, Kind]]: ...

    def bind(self, stmt: Stmt, name: str, kind: Kind, env: dict[str, Kind]) -> None: ...
    def block(self, block: Block, env: dict[str, Kind]) -> None: ...
    def join(self, a: Kind | None, b: Kind | None) -> Kind: ...
    def seen(self, stmt: Stmt, env: Kinds) -> Env: ...


def settle(
    types: Types, stmt: Stmt, body: Block, targets: dict[str, Kind], bound: set[str], env: dict[str, Kind]
) -> None:
    """Put into ``env`` what holds behind the loop; ``targets`` are its variables, ``bound`` what it binds."""
    own, heads = types.turns.get(stmt), types.heads.setdefault(stmt, f"@turn{len(types.heads)}.")
    moving = by_turn(own, stmt.args, types.sizes) if isinstance(stmt, For) else None
    for name, kind in begun(types, body, bound - env.keys() - targets.keys(), {**env, **targets}).items():
        env[name] = without(without(without(kind, LENGTH), own), heads)
    for turn in range(12):
        before = {name: env.get(name) for name in bound}
        inner = dict(env)
        for name, kind in targets.items():
            types.bind(stmt, name, sized_anew(kind, kind, f"{name}{heads}"), inner)
        types.seen(stmt, env)
        types.block(body, inner)
        if turn == 0 and moving is not None and moves(before, inner):
            first = {**env, **dict.fromkeys(targets, moving.variable)}
            moving.take(before, _first_turn(types, body, first), types.sizes)
        changed = False
        for name in bound & inner.keys():
            end = inner[name]
            inner[name] = without(without(without(end, LENGTH), own), heads)
            spread = types.spread.joined(stmt, name, env.get(name), inner[name], types.sizes)
            kind = sized_anew(spread or types.join(env.get(name), inner[name]), before[name], f"{name}{heads}")
            kind = kind if moving is None else moving.confirmed(name, end, kind, turn > 0, types.sizes)
            if turn > 6 and before[name] is not None and kind != before[name]:
                kind = Array(None, kind.dtype) if isinstance(kind, Array) else Unknown(complex=is_complex(kind))
            if kind != before[name]:
                env[name], changed = kind, True
        if not changed:
            break
    env.update({n: without(without(env[n], heads), own) for n in bound & env.keys()})


def begun(types: Types, body: Block, fresh: set[str], env: dict[str, Kind]) -> dict[str, Kind]:
    """Of names that a turn may read from the turn before, and nothing binds ahead of the loop: what they are bound to.

        for k in range(n):
            if k > 0:
                s += last * last         # of no kind yet: else nothing would be known of ``s``
            last = x[k]
    """
    read = fresh & exposed(body) if fresh else fresh
    if not read:
        return {}
    _first_turn(types, body, env)
    found: dict[str, Kind] = {}
    for stmt in statements(body):
        for name, kind in types.after.get(stmt, {}).items():
            if name in read and isinstance(kind, Scalar | Array):
                found[name] = types.join(found.get(name), kind)
    return found


def _first_turn(types: Types, body: Block, env: dict[str, Kind]) -> dict[str, Kind]:
    """The kinds behind the first turn; what it asks about sizes is asked again where it counts."""
    used = dict(types.sizes.used)
    types.block(body, env)
    types.sizes.used.clear()
    types.sizes.used.update(used)
    return env
