"""Which functions of the user's are written out where they are called: see ``inlined``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from tangent_like.analysis.inferred import infer
from tangent_like.analysis.typing import Typing
from tangent_like.errors import DifferentiationError, Place
from tangent_like.frontend.lower import place_of
from tangent_like.frontend.unbound import reads_unbound
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Call,
    Comment,
    For,
    Function,
    Name,
    Return,
    Stmt,
    Store,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import binds, called_by, expressions, statements, subexpressions
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind, is_float
from tangent_like.rules.attached import Attached
from tangent_like.transform.inlined import bound_by, inlined, may_be_written_out
from tangent_like.transform.insides import Insides
from tangent_like.transform.lowered import Lowered
from tangent_like.transform.nested import is_nested
from tangent_like.transform.short_calls import is_one_expression, keeps_parts
from tangent_like.transform.writing import Writings

# Of functions that are written out though nothing is compiled: the lines of one that is called once, and the lines of
# one for all its calls; the results of one without names, for all its calls.
FEW, LINES, ALL = 8, 6, 12
TWICE = 2  # calls of one expression that would have halves


class Asked(Protocol):
    """What is asked of the program around."""

    compiled: bool
    keeps_calls: bool
    sizes: Sizes
    attached: Attached
    insides: Insides
    writings: Writings

    def calls(self, function: Function) -> list[UserFunction]: ...
    def callee_kind(self, target: UserFunction, call: Call, kinds: tuple[Kind, ...], place: Place) -> Kind: ...
    def bind(self, target: UserFunction, call: Call, kinds: tuple[Kind, ...], place: Place) -> dict[str, Kind]: ...
    def read_or_none(self, target: UserFunction) -> Lowered | None: ...
    def is_recursive(self, target: UserFunction) -> bool: ...
    def has_effects(self, target: UserFunction) -> bool: ...
    def returns_argument(self, target: UserFunction) -> bool: ...


def with_short_ones(program: Asked, lowered: Lowered, kinds: Mapping[str, Kind], namer: Namer) -> Lowered:
    """A function with the short ones that its loops call written out, where Numba compiles the derivative.

    Elsewhere those of a few names that are called once, and those that are several expressions: their halves would
    take more statements, and hand to and fro what an engineer has at hand.
    """
    if not (program.compiled or program.keeps_calls) or not program.calls(lowered.function):
        return lowered
    tops = (e for s in statements(lowered.function.body) for top in expressions(s) for e in subexpressions(top))
    often = Counter(called_by(e) for e in tops)
    choice = _Choice(program, namer, often)
    typing = infer(lowered.function, kinds, program.sizes, program.callee_kind)
    return replace(lowered, function=inlined(lowered.function, typing, namer, choice.body_of, not program.compiled))


@dataclass(frozen=True, eq=False)
class _Choice:
    program: Asked
    namer: Namer
    often: Counter[UserFunction | None]  # how many calls ask each

    def body_of(self, target: UserFunction, call: Call, stmt: Stmt, typing: Typing, alone: bool) -> Function | None:
        program, place = self.program, place_of(stmt.origin)
        if is_nested(target) or program.insides.of(target) is not None or program.insides.again_of(target) is not None:
            return None
        if program.attached.rule_of(target) is not None or program.is_recursive(target):
            return None
        lowered = program.read_or_none(target)
        if lowered is None or not may_be_written_out(lowered.function):
            return None
        if reads_unbound(lowered.function):
            return None  # written out, the name would have what the call before has left
        if program.has_effects(target) and not alone:
            return None
        if not (program.compiled or self.is_brief(lowered.function, target, call, stmt, typing)):
            return None
        kind_of = typing.at(stmt)
        kinds = tuple(kind_of(a) for a in (*call.args, *(v for _, v in call.keywords)))
        try:
            bound = program.bind(target, call, kinds, place)
            written = program.writings.parameters(target, bound, place)
            if written and not (alone and self.keeps(target, lowered.function, written, call, stmt)):
                return None
        except DifferentiationError:
            return None  # refused where it is derived, with its place
        known = infer(lowered.function, bound, program.sizes, program.callee_kind)
        return inlined(lowered.function, known, self.namer, self.body_of, True)

    def is_brief(self, function: Function, target: UserFunction, call: Call, stmt: Stmt, typing: Typing) -> bool:
        """Does it say no more, written out, than its halves would?"""
        often, kind_of = self.often[target], typing.at(stmt)
        moves = any(is_float(kind_of(a)) for a in (*call.args, *(v for _, v in call.keywords)))  # else it has no halves
        if is_short(function, often, moves):
            return True
        return often <= TWICE and is_one_expression(function) and keeps_parts(function, call, stmt, typing)

    def keeps(
        self, target: UserFunction, function: Function, written: frozenset[str], call: Call, stmt: Stmt
    ) -> bool:
        """Are what it writes its arguments, by the names that they have, and nothing of them what it returns?

        Or it returns what its caller calls the same: ``u = swept(u, k)``.
        """
        again = {n for s in statements(function.body) for n in binds(s)}
        returned = not self.program.returns_argument(target) or hands_back(function, call, stmt)
        return not written & again and returned


def hands_back(function: Function, call: Call, stmt: Stmt) -> bool:
    """Does a statement bind a name to what the call returns, the argument of that name?"""
    match function.body[-1], stmt:
        case Return(Name(id)), Assign((name,), (value,)) if value is call:
            given = (bound_by(function, call) or {}).get(id)
            return isinstance(given, Name) and given.id == name
        case _:
            return False


def is_short(function: Function, times: int, moves: bool) -> bool:
    """Is it a few lines without branches, or several results at once? ``times``: how many calls there are."""
    *body, last = function.body
    lines = list(statements(tuple(body)))
    if not isinstance(last, Return) or not all(isinstance(s, Assign | Augment | Store | For | Comment) for s in lines):
        return False
    made = len(last.value.items) if isinstance(last.value, Tuple) else 1
    if body:
        return (times <= 1 and len(lines) <= FEW) or (moves and times * (len(lines) + 1) <= LINES)
    return 1 < made <= ALL // max(times, 1)  # see ``short_calls`` of one result
