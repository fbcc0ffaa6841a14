"""What a rule of the user's returns is held against what it is for: where kinds tell, now; else when it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from tangent_like.errors import NoRuleError, RuleError, UnsupportedError
from tangent_like.ir.holes import fill
from tangent_like.ir.nodes import Binary, Call, Const, Expr, Name
from tangent_like.ir.walk import names, subexpressions, substitute
from tangent_like.kinds.kind import Kind, Scalar, Sequence, dims_of
from tangent_like.rules.apply import Application
from tangent_like.rules.own_text import inlined, own_heads, own_tangent, says_only
from tangent_like.rules.rule import Rule
from tangent_like.transform.fitting import Knows, alike
from tangent_like.transform.reading import split_reads
from tangent_like.transform.runtime_refs import helper


class Reads(Knows, Protocol):
    """What the check asks of the plan that it is part of."""

    def want_shape(self, expr: Expr) -> None: ...


def checked_part(plan: Reads, rule: Rule, value: Expr, of: Expr, result: Expr | None = None) -> Expr:
    """``value``, an adjoint of the shape of ``of``; of an elementwise rule, a partial that spreads to it.

    Where that is not known, the text asks: ``of_shape(x_bar, x, "model.py:12")``. ``result``: where the value of
    ``of`` stands, of an elementwise rule.
    """
    assert rule.own is not None
    partial = rule.form == "elementwise"
    if isinstance(plan.kind_of(of), Sequence) or isinstance(value, Const):
        return value if not isinstance(value, Const) or partial else _asked(plan, rule, value, of)
    found = Binary("*", value, of) if partial else value
    own, wanted = dims_of(plan.kind_of(found)), dims_of(plan.kind_of(of))
    if own is not None and wanted is not None:
        sizes = plan.typing.sizes
        if len(own) != len(wanted):
            _refuse(rule, own, wanted)
        same = [sizes.same(a, b) for a, b in zip(own, wanted, strict=True)]
        if all(same):
            return value
        if any(s is False for s in same):
            _refuse(rule, own, wanted)
    return _asked(plan, rule, value, of, result)


def _asked(plan: Reads, rule: Rule, value: Expr, of: Expr, result: Expr | None = None) -> Expr:
    assert rule.own is not None
    like = alike(plan, of) if result is None else result
    if result is None:
        plan.want_shape(like)
    name = "spreads_to" if rule.form == "elementwise" else "of_shape"
    return Call(helper(name), (value, like, Const(rule.own.where)))


def _refuse(rule: Rule, own: tuple[object, ...], wanted: tuple[object, ...]) -> None:
    assert rule.own is not None
    what = {"elementwise": "a partial"}.get(rule.form, "an adjoint")
    raise RuleError(
        f"the rule of {rule.own.name} returns {what} of shape {_shown(own)} where the shape is {_shown(wanted)}",
        rule.own.place,
        "a partial spreads to the shape of the result; an adjoint has that of its operand",
    )


def checked_tangent(plan: Reads, rule: Rule, value: Expr, of: Expr, result: Expr | None) -> Expr:
    """``value``, a tangent of the shape of ``of``."""
    assert rule.own is not None
    own, wanted = dims_of(plan.kind_of(value)), dims_of(plan.kind_of(of))
    if is_number(plan.kind_of(value)) and is_number(plan.kind_of(of)):
        return value
    if own is not None and wanted is not None and None not in wanted:
        sizes = plan.typing.sizes
        if len(own) != len(wanted) or any(sizes.same(a, b) is False for a, b in zip(own, wanted, strict=True)):
            what = f"a tangent of shape {_shown(own)} where the result has shape {_shown(wanted)}"
            raise RuleError(f"the rule of {rule.own.name} returns {what}", rule.own.place)
        if all(sizes.same(a, b) for a, b in zip(own, wanted, strict=True)):
            return value
    if result is None:
        plan.want_shape(of)
    return Call(helper("of_shape"), (value, of if result is None else result, Const(rule.own.where)))


def back_tangent(plan: Any, expr: Expr, found: Application, g: Expr, result: Expr | None) -> None:
    """A rule of the user's that says the tangent alone, linear in those of the operands: taken backward.

    ``plan`` is the planner, and another like it goes down the tangent, with those of the operands for its variables.
    """
    dots = {n: f"{n}@dot" for n in found.differentiable if plan.is_varied(found.operands[n])}
    text = inlined(own_tangent(found.rule))
    table = plan.operand_table(found, expr, own_heads(found.rule).results[0], result, [text.value])
    for hole, name in zip(text.params, found.differentiable, strict=True):
        operand = found.operands[name]
        table[hole] = Name(dots[name]) if name in dots else Call(helper("zeros_like"), (operand,))
    shapes = {dot: found.operands[name] for name, dot in dots.items()}
    parts = _turned(plan, found.rule, [(fill(text.value, table), g)], shapes, found.operands.values())
    for name, dot in dots.items():
        if dot in parts:
            operand = found.operands[name]
            plan.back(operand, checked_part(plan, found.rule, parts[dot], operand))


def push_adjoint(plan: Any, expr: Expr, found: Application, result: Expr | None) -> Expr | None:
    """A rule of the user's that says the adjoints alone, linear in that of the result: the tangent that they make."""
    texts = found.transposed().without_shared()
    tangents = {n: plan.full(found.operands[n]) for n in found.differentiable if n in found.operands}
    moving = {n: t for n, t in tangents.items() if t is not None}
    if not moving:
        return None
    table = plan.operand_table(found, expr, texts.result, result, [texts.parts[n] for n in moving])
    bar = "result@bar"
    table[texts.result_bar] = Name(bar)
    flows = [(fill(texts.parts[n], table), t) for n, t in moving.items()]
    shape = expr if result is None else result
    if result is None:
        plan.want_shape(expr)
    return _turned(plan, found.rule, flows, {bar: shape}, [*found.operands.values(), expr]).get(bar)


def _turned(
    plan: Any, rule: Rule, flows: list[tuple[Expr, Expr]], shapes: Mapping[str, Expr], known: Iterable[Expr]
) -> dict[str, Expr]:
    """What flows back to the variables ``shapes`` of expressions that are linear in them; each has the shape given.

    ``known`` are the operands, as they stand in the user's statement.
    """
    inner = replace(plan, varied=frozenset(shapes), parts=[], mask=None, wanted={}, hoist={})
    inner.env = type(plan.env)(plan.env)
    inner.kind_of = type(plan.kind_of)(plan.typing, inner.env)
    inner.carried = {}
    for name, like in shapes.items():
        inner.env[name] = plan.kind_of(like)
    before = len(plan.temps)
    try:
        for value, g in flows:
            inner.back(value, g)
    except UnsupportedError as error:
        raise _one_way(rule, error.reason) from None
    except NoRuleError:
        raise _one_way(rule, "it is more than assignments and one return") from None
    if inner.hoist:
        raise _one_way(rule, "it calls what is not taken apart")
    own = {id(e) for part in known for e in subexpressions(part)}
    for wanted in inner.wanted:  # what the rule's text computes is said again
        if id(wanted) in own:
            plan.want(wanted)
    plan.env.update({n: k for n, k in inner.env.items() if n not in shapes})
    texts = [e for _, e in plan.temps[before:]] + [p.value for p in inner.parts]
    read = {leaf.id for e in texts for leaf in split_reads(e)[0] if isinstance(leaf, Name)}
    if read & set(shapes):
        raise _one_way(rule, "it is not linear")
    for name, like in shapes.items():
        if any(name in names(e) for e in texts):
            plan.want_shape(like)
    plan.temps[before:] = [(n, substitute(e, shapes)) for n, e in plan.temps[before:]]
    found: dict[str, Expr] = {}
    for part in inner.parts:
        if part.fancy is not None or not isinstance(part.path, Name):
            raise _one_way(rule, "it reads parts of what it is linear in")
        found[part.name] = substitute(part.value, shapes)
    return found


def _one_way(rule: Rule, why: str) -> RuleError:
    """A rule of one mode that is not turned round for the other."""
    assert rule.own is not None
    said, other, mode = ("vjp", "jvp", "forward mode") if says_only(rule, "vjp") else ("jvp", "vjp", "reverse")
    what = f"{rule.own.name} has a {said} of its own and no {other}: it is not differentiated in {mode}"
    reason = f"{what}, for the {said} is not turned round ({why})"
    return RuleError(reason, rule.own.place, f"write the {other} too: def{other}")


def is_number(kind: Kind) -> bool:
    return isinstance(kind, Scalar)


def _shown(dims: tuple[object, ...]) -> str:
    inner = ", ".join("?" if d is None else str(d) for d in dims)
    return f"({inner},)" if len(dims) == 1 else f"({inner})"
