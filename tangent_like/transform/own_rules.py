"""What a rule of the user's returns is held against what it is for: where kinds tell, now; else when it runs."""

from __future__ import annotations

from typing import Protocol

from tangent_like.errors import RuleError
from tangent_like.ir.nodes import Binary, Call, Const, Expr
from tangent_like.kinds.kind import Kind, Scalar, Sequence, dims_of
from tangent_like.rules.rule import Rule
from tangent_like.transform.fitting import Knows, alike
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


def is_number(kind: Kind) -> bool:
    return isinstance(kind, Scalar)


def _shown(dims: tuple[object, ...]) -> str:
    inner = ", ".join("?" if d is None else str(d) for d in dims)
    return f"({inner},)" if len(dims) == 1 else f"({inner})"
