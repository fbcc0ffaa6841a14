"""The reverse half of a rule's text: what flows back to each operand, over holes."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tangent_like.frontend.rule_text import read_rule
from tangent_like.ir.holes import fill
from tangent_like.ir.nodes import Binary, Expr, Hole, Tuple, Unary
from tangent_like.ir.walk import subexpressions
from tangent_like.rules.own_text import own_heads, own_reverse
from tangent_like.rules.rule import Rule


@dataclass(frozen=True, slots=True, eq=False)
class Transposed:
    """The reverse half of a rule over holes: partials (elementwise) or adjoints, by operand."""

    results: tuple[str, ...]  # the holes that stand for the results
    result_bars: tuple[str, ...]  # the holes for their adjoints; none for partials
    parts: Mapping[str, Expr]
    shared: tuple[tuple[str, Expr], ...] = ()  # what several parts share, each under the name of its hole
    position: str = ""  # where there is any number of operands: the hole for the number of one

    def without_shared(self) -> Transposed:
        """The same with what is shared written out in each part."""
        inline: dict[str, Expr] = {}
        for name, value in self.shared:
            inline[name] = fill(value, inline)
        return replace(self, parts={n: fill(e, inline) for n, e in self.parts.items()}, shared=()) if inline else self

    @property
    def result(self) -> str:
        return self.results[0]

    @property
    def result_bar(self) -> str:
        return self.result_bars[0] if self.result_bars else ""


@functools.cache
def transposed(rule: Rule) -> Transposed:
    """Read a rule's text once: what flows back to each differentiable operand."""
    if rule.own is not None:
        return _own(rule)
    texts = read_rule(rule.fn)
    if rule.form == "elementwise":
        text = texts[""]
        return Transposed(text.params[:1], (), _parts(rule, text.value))
    if rule.form == "linear":
        text = texts[""]
        return Transposed(text.params[1:2], text.params[:1], _parts(rule, text.value))
    outer = tuple(inspect.signature(rule.fn).parameters)
    text = texts["vjp"]
    count = max(1, len(rule.results))
    position = text.params[count] if rule.each else ""
    return Transposed(outer[:count], text.params[:count], _parts(rule, text.value), text.shared, position)


def _own(rule: Rule) -> Transposed:
    text = own_reverse(rule)
    heads = own_heads(rule)
    parts = _parts(rule, text.value)
    return Transposed(heads.results, () if rule.form == "elementwise" else heads.bars, parts, text.shared)


def without_terms(value: Expr, holes: Iterable[str]) -> Expr | None:
    """A sum without the terms that one of the holes stands in: those adjoints are zero. None: nothing is left."""
    missing = frozenset(holes)
    match value:
        case Binary("+" | "-" as op, left, right):
            kept_left, kept_right = without_terms(left, missing), without_terms(right, missing)
            if kept_left is not None and kept_right is not None:
                return Binary(op, kept_left, kept_right, value.at)
            if kept_right is not None and op == "-":
                return Unary("-", kept_right)
            return kept_left if kept_right is None else kept_right
        case Unary("-", operand):
            kept = without_terms(operand, missing)
            return None if kept is None else Unary("-", kept, value.at)
        case _:
            return None if any(isinstance(e, Hole) and e.name in missing for e in subexpressions(value)) else value


def beside(value: Expr, present: frozenset[str], holes: frozenset[str]) -> frozenset[str]:
    """The holes that stand in one term of a sum with those that are ``present``."""
    match value:
        case Binary("+" | "-", left, right):
            return beside(left, present, holes) | beside(right, present, holes)
        case Unary("-", operand):
            return beside(operand, present, holes)
        case _:
            found = holes & {e.name for e in subexpressions(value) if isinstance(e, Hole)}
            return found - present if found & present else frozenset()


def _parts(rule: Rule, value: Expr) -> Mapping[str, Expr]:
    values = value.items if isinstance(value, Tuple) and len(rule.differentiable) > 1 else (value,)
    if len(values) != len(rule.differentiable):
        raise ValueError(f"the rule {rule.fn.__qualname__} returns {len(values)} parts for {rule.differentiable}")
    return dict(zip(rule.differentiable, values, strict=True))
