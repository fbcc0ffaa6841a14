"""What is added where a maximum or minimum took the other operand is added only there.

Before                                           After

    v_bar = D_bar[i, j]                              if not E[k, j] > D[i, j]:
    t_bar = v_bar * (1.0 if E[k, j] > D[i, j]            v_bar = D_bar[i, j]
        else 0.5 if ... else 0.0)                        t_bar = v_bar * (1.0 if E[k, j] > D[i, j]
    D_bar[i, j] = t_bar                                      else 0.5 if ... else 0.0)
    D_bar[k, j] += v_bar - t_bar                         D_bar[i, j] = t_bar
                                                         D_bar[k, j] += v_bar - t_bar

With a factor of 1 the place keeps its number, and zeros are added. Where one turn touches in the same array what others
do, or hands a number on, no two are taken at once anyhow, and each sum waits for the one before: a branch that goes the
same way nearly always costs less. Elsewhere the turns are left as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Binary,
    Block,
    Choose,
    Compare,
    Const,
    Expr,
    Function,
    If,
    Index,
    Name,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import binds, names, same, with_body
from tangent_like.native.memory import Memory
from tangent_like.native.raising import Uses, find_uses, first_use
from tangent_like.native.upward import calls_others


@dataclass(eq=False)
class _Run:
    """``value`` is what the place holds, ``kept`` what is left of it, ``rest`` the names of what goes elsewhere."""

    place: Expr
    value: str
    kept: str
    rest: set[str] = field(default_factory=set)
    sums: list[Expr] = field(default_factory=list)

    def takes(self, stmt: Stmt) -> bool:
        """Does a statement change nothing where all is kept?"""
        match stmt:
            case Assign((name,), (Name(id),)) if isinstance(self.place, Name):
                return name == self.place.id and id == self.kept
            case Assign((name,), (value,)) if not stmt.saved and self.is_rest(value):
                self.rest.add(name)
                return name not in (self.value, self.kept)
            case Store(target, "", Name(id)):
                return id == self.kept and same(target, self.place)
            case Store(target, "+" | "-", value) if self.is_rest(value) and not stmt.each:
                self.sums.append(target)
                return True
            case Augment(target, "+" | "-", value) if self.is_rest(value):
                self.sums.append(Name(target))
                return target not in (self.value, self.kept, *self.rest)
            case _:
                return False

    def is_rest(self, expr: Expr) -> bool:
        match expr:
            case Name(id):
                return id in self.rest
            case Binary("-", Name(a), Name(b)):
                return (a, b) == (self.value, self.kept)
            case Unary("-", operand):
                return self.is_rest(operand)
            case Binary("*", left, right):
                pairs = ((left, right), (right, left))
                return any(self.is_rest(rest) and not calls_others(other) for rest, other in pairs)
            case _:
                return False


def unmoved(function: Function, memory: Memory) -> Function:
    uses = find_uses(function.body)

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        k = 0
        while k < len(body):
            found = _run(body, k, memory, uses)
            if found is None:
                out.append(with_blocks(body[k], block))
                k += 1
            else:
                count, test = found
                arm = Arm(Unary("not", test), body[k : k + count], body[k].origin)
                out.append(If((arm,), (), body[k].origin))
                k += count
        return tuple(out)

    return with_body(function, block(function.body))


def _run(body: Block, k: int, memory: Memory, uses: Uses) -> tuple[int, Expr] | None:
    """How many statements from the ``k``-th on change something only where the test fails."""
    first = body[k]
    split, place = first, None
    if isinstance(first, Assign) and len(first.targets) == 1 and isinstance(first.values[0], Index | Name):
        split, place = body[k + 1] if k + 1 < len(body) else first, first.values[0]
    found = _split(split)
    if found is None:
        return None
    value, kept, test = found
    if place is not None and (not isinstance(first, Assign) or first.targets != (value,)):
        return None
    run = _Run(Name(value) if place is None else place, value, kept)
    end = k + (1 if place is None else 2)
    while end < len(body) and run.takes(body[end]):
        end += 1
    if not run.sums or names(test) & {value, kept, *run.rest} or not _waits(run, memory):
        return None
    mine = {n for s in body[k:end] for n in binds(s) if not isinstance(s, Augment)}
    if isinstance(run.place, Name):
        mine.discard(run.place.id)
    if mine & uses.outside or any(first_use(body[end:], n) == "read" for n in mine):
        return None
    return end - k, test


def _split(stmt: Stmt) -> tuple[str, str, Expr] | None:
    """``v``, ``t`` and the test of ``t = v * (1.0 if test else ...)``."""
    match stmt:
        case Assign((kept,), (Binary("*", Name(value), Choose(Compare() as test, Const(one), _)),)):
            good = one == 1 and not stmt.saved and kept != value and not calls_others(test)
            return (value, kept, test) if good else None
        case _:
            return None


def _waits(run: _Run, memory: Memory) -> bool:
    """Does a turn wait for the one before, as the place is a number, or others in the same array are added to?"""
    if memory.is_array(run.value):
        return False
    if not isinstance(run.place, Index):
        return isinstance(run.place, Name) and not memory.is_array(run.place.id)
    if not isinstance(run.place.value, Name):
        return False
    own = memory.alias(run.place.value.id)
    return any(isinstance(s, Index) and isinstance(s.value, Name) and memory.alias(s.value.id) == own for s in run.sums)
