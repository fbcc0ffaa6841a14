"""The texts of a user's rule as expressions over holes, as ``frontend.rule_text`` has those of our own.

A rule that is assignments and one ``return`` is written into the derivative. One that has more to say (an ``if``,
a loop) is called there, under its name.

Before                                           In the derivative

    @tl.rule.linear(smooth)                          x_bar = smooth(y_bar[::-1])[::-1]
    def smooth_rule(y_bar, y, x):
        return smooth(y_bar[::-1])[::-1]

    @tl.rule.linear(smooth)                          x_bar = smooth_rule(y_bar, y, x)
    def smooth_rule(y_bar, y, x):
        if len(x) < 2: ...
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tangent_like.errors import RuleError
from tangent_like.frontend.own_text import flat, inner_params, inner_text, params_of, unused
from tangent_like.frontend.rule_text import RuleText
from tangent_like.frontend.source import FunctionSource
from tangent_like.ir.holes import fill
from tangent_like.ir.nodes import Const, Expr, Hole, Index, Tuple
from tangent_like.ir.walk import rebuild
from tangent_like.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Heads:
    """The holes for the results of a function, and those for their adjoints."""

    results: tuple[str, ...]
    bars: tuple[str, ...]


def own_heads(rule: Rule) -> Heads:
    """Names that no operand has."""
    taken = set(rule.operands)

    def free(name: str) -> str:
        while name in taken:
            name += "_"
        taken.add(name)
        return name

    results = tuple(map(free, rule.results or ("result",)))
    return Heads(results, tuple(free(f"{name}_bar") for name in results))


@functools.cache
def own_reverse(rule: Rule) -> RuleText:
    """The partials (elementwise), or the adjoints of the differentiable operands."""
    assert rule.own is not None
    heads = own_heads(rule)
    texts = rule.own.texts
    match rule.form:
        case "elementwise":
            text = flat(texts[""], (*heads.results, *rule.operands))
        case "linear":
            text = flat(texts[""], (*heads.bars, *heads.results, *rule.operands))
        case _ if "" in texts:
            _has(rule, "vjp")
            text = inner_text(texts[""], "vjp", (*heads.results, *rule.operands), heads.bars)
        case _ if "vjp" in texts:
            text = flat(texts["vjp"], (*heads.bars, *heads.results, *rule.operands))
        case _:
            has = "has a jvp of its own and no vjp" if texts else "is under a decorator and has no derivative yet"
            raise RuleError(
                f"{rule.own.name} {has}: it is not differentiated in reverse",
                rule.own.place,
                f"write one: @{rule.own.name}.defvjp",
            )
    return _chosen(rule, text)


@functools.cache
def own_tangent(rule: Rule) -> RuleText:
    """The tangent of the result; the parameters are the holes for the tangents of the differentiable operands."""
    assert rule.own is not None
    heads = own_heads(rule)
    texts = rule.own.texts
    dots = tuple(f"{name}_dot" for name in rule.operands)
    if "" in texts:
        _has(rule, "jvp")
        text = inner_text(texts[""], "jvp", (*heads.results, *rule.operands), _dots(rule, texts[""], dots))
    elif "jvp" in texts:
        given = len(params_of(texts["jvp"])) - len(heads.results) - len(rule.operands)
        chosen = dots if given == len(dots) else tuple(f"{n}_dot" for n in rule.differentiable)
        text = flat(texts["jvp"], (*chosen, *heads.results, *rule.operands))
    else:
        has = "has a vjp of its own and no jvp" if texts else "is under a decorator and has no derivative yet"
        raise RuleError(
            f"{rule.own.name} {has}: it is not differentiated in forward mode",
            rule.own.place,
            f"write one: @{rule.own.name}.defjvp",
        )
    still = {f"{n}_dot": Const(0.0) for n in rule.operands if n not in rule.differentiable}
    value = substitute_holes(text.value, still)
    shared = tuple((n, substitute_holes(e, still)) for n, e in text.shared)
    return RuleText(tuple(f"{n}_dot" for n in rule.differentiable), value, shared)


def inlined(text: RuleText) -> RuleText:
    """With what is shared written out."""
    table: dict[str, Expr] = {}
    for name, value in text.shared:
        table[name] = fill(value, table)
    return replace(text, value=fill(text.value, table), shared=()) if table else text


def says_only(rule: Rule, mode: str) -> bool:
    """Is it a rule of the user's of one mode, this one?"""
    if rule.own is None or rule.form in ("elementwise", "linear"):
        return False
    texts = rule.own.texts
    said = {n for n in texts if n}
    if "" in texts:
        said = {n for n in ("jvp", "vjp") if inner_params(texts[""], n) is not None}
    return said == {mode}


def substitute_holes(expr: Expr, table: Mapping[str, Expr]) -> Expr:
    if isinstance(expr, Hole):
        return table.get(expr.name, expr)
    return rebuild(expr, lambda part: substitute_holes(part, table))


def _has(rule: Rule, name: str) -> None:
    assert rule.own is not None
    if inner_params(rule.own.texts[""], name) is None:
        other = "reverse" if name == "vjp" else "forward mode"
        what = f"the rule of {rule.own.name} has no {name}: it is not differentiated in {other}"
        raise RuleError(what, rule.own.place, f"write one beside the other: def {name}")


def _dots(rule: Rule, source: FunctionSource, dots: tuple[str, ...]) -> tuple[str, ...]:
    every = len(inner_params(source, "jvp") or ()) == len(dots)
    return dots if every else tuple(f"{n}_dot" for n in rule.differentiable)


def _chosen(rule: Rule, text: RuleText) -> RuleText:
    """The parts of the differentiable operands alone; of what is no display, taken out one by one."""
    assert rule.own is not None
    names, wanted = rule.own.parts, rule.differentiable
    if isinstance(text.value, Tuple):
        by_name = dict(zip(names, text.value.items, strict=True))
        chosen = tuple(by_name[n] for n in wanted)
        return replace(text, value=chosen[0] if len(wanted) == 1 else Tuple(chosen))
    if len(names) == 1:
        return text
    name = unused("bars", {*text.params, *(n for n, _ in text.shared)})
    parts = {n: Index(Hole(name), Const(k)) for k, n in enumerate(names)}
    value = parts[wanted[0]] if len(wanted) == 1 else Tuple(tuple(parts[n] for n in wanted))
    return replace(text, value=value, shared=(*text.shared, (name, text.value)))
