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
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Call, Comment, Function, Return, Stmt, Tuple, UserFunction
from tangent_like.ir.walk import binds, called_by, expressions, statements, subexpressions
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind, Scalar
from tangent_like.rules.attached import Attached
from tangent_like.transform.inlined import inlined, may_be_written_out
from tangent_like.transform.insides import Insides
from tangent_like.transform.lowered import Lowered
from tangent_like.transform.nested import is_nested
from tangent_like.transform.writing import Writings

FEW = 8  # statements of a function that is written out though nothing is compiled


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

    Elsewhere those that one call alone asks for several numbers, made of numbers: their halves would hand as many
    adjoints to and fro as an engineer writes statements.
    """
    if not (program.compiled or program.keeps_calls) or not program.calls(lowered.function):
        return lowered
    tops = (e for s in statements(lowered.function.body) for top in expressions(s) for e in subexpressions(top))
    often = Counter(called_by(e) for e in tops)
    choice = _Choice(program, namer, frozenset() if program.compiled else frozenset(c for c in often if often[c] > 1))
    typing = infer(lowered.function, kinds, program.sizes, program.callee_kind)
    return replace(lowered, function=inlined(lowered.function, typing, namer, choice.body_of))


@dataclass(frozen=True, eq=False)
class _Choice:
    program: Asked
    namer: Namer
    often: frozenset[UserFunction | None]  # those that several calls ask stay, where nothing is compiled

    def body_of(self, target: UserFunction, call: Call, stmt: Stmt, typing: Typing, alone: bool) -> Function | None:
        program, place = self.program, place_of(stmt.origin)
        if is_nested(target) or program.insides.of(target) is not None or program.insides.again_of(target) is not None:
            return None
        if program.attached.rule_of(target) is not None or program.is_recursive(target):
            return None
        lowered = program.read_or_none(target)
        if lowered is None or not may_be_written_out(lowered.function):
            return None
        if program.has_effects(target) and not alone:
            return None
        if not program.compiled and (target in self.often or not makes_several(lowered.function)):
            return None
        kind_of = typing.at(stmt)
        kinds = tuple(kind_of(a) for a in (*call.args, *(v for _, v in call.keywords)))
        try:
            bound = program.bind(target, call, kinds, place)
            written = program.writings.parameters(target, bound, place)
            if written and not (alone and self.keeps(target, lowered.function, written)):
                return None
        except DifferentiationError:
            return None  # refused where it is derived, with its place
        if not program.compiled and not all(isinstance(kind, Scalar) for kind in bound.values()):
            return None
        known = infer(lowered.function, bound, program.sizes, program.callee_kind)
        return inlined(lowered.function, known, self.namer, self.body_of, True)

    def keeps(self, target: UserFunction, function: Function, written: frozenset[str]) -> bool:
        """Are what it writes its arguments, by the names that they have, and nothing of them what it returns?"""
        again = {n for s in statements(function.body) for n in binds(s)}
        return not written & again and not self.program.returns_argument(target)


def makes_several(function: Function) -> bool:
    """Is it a few names for parts of several results?"""
    *body, last = function.body
    several = isinstance(last, Return) and isinstance(last.value, Tuple) and len(last.value.items) > 1
    return several and len(body) <= FEW and all(isinstance(s, Assign | Comment) for s in body)
